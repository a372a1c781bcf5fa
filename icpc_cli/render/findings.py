"""The outcome of a check for programs: JSON, JSON lines, CSV, one line a finding. Findings are written as they come.

A list of findings can be long and most of its lines differ in little: what is made of a finding, but for its place, is
remembered and used again.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Generic, TextIO, TypeVar

from icpc_cli.checks.wording import message
from icpc_cli.guideline import load_wording
from icpc_cli.outcomes import Coverage, Finding, Found, Notice, Source
from icpc_cli.render.json import dumps
from icpc_cli.render.safe import no_formula, printable, without_cpr

CHECK_SCHEMA = "icpc-cli/check/1"
CSV_COLUMNS = ("path", "row", "check", "severity", "column", "value", "message", "suggestions", "fix")

_REMEMBERED = 1 << 14
_LONG = 200
_BLOCK = 1000
"""Lines that are written at once."""

Made = TypeVar("Made")


class Remembered(Generic[Made]):
    """What ``make`` makes of a finding, whatever its row; made once for findings that share what was found."""

    def __init__(self, make: Callable[[Finding], Made]) -> None:
        self._make = make
        # By identity, for what was found is long to compare; kept beside what was made, so it stays the only one.
        self._known: dict[int, tuple[Found, Made]] = {}

    def of(self, finding: Finding) -> Made:
        """What belongs to this finding."""
        known = self._known.get(id(finding.found))
        if known is not None:
            return known[1]
        made = self._make(finding)
        if len(self._known) < _REMEMBERED and len(finding.value) < _LONG:
            self._known[id(finding.found)] = finding.found, made
        return made


def finding_object(finding: Finding, language: str) -> dict[str, Any]:
    """A finding with the keys of the specification; CPR numbers in the cell are masked."""
    return {
        "path": finding.path,
        "row": finding.row,
        "check": finding.check,
        "severity": finding.severity,
        "column": finding.column and without_cpr(finding.column),
        "value": without_cpr(finding.value),
        "message": without_cpr(message(finding, language)),
        "suggestions": list(finding.detail.suggestions),
        "fix": None if finding.detail.fix is None else without_cpr(finding.detail.fix),
    }


def finding_lines(findings: Iterable[Finding], language: str, encoding: str | None) -> Iterator[str]:
    """Each finding as a JSON object on one line, without the line's end."""

    def parts(finding: Finding) -> tuple[str, str]:
        whole = finding_object(finding, language)
        place = {"path": whole.pop("path")}
        del whole["row"]
        return dumps(place, encoding=encoding)[:-1] + ', "row": ', ", " + dumps(whole, encoding=encoding)[1:]

    made = Remembered(parts)
    for finding in findings:
        before, after = made.of(finding)
        yield f"{before}{finding.row}{after}"


def write_json_lines(out: TextIO, findings: Iterable[Finding], language: str) -> None:
    """One finding a line, with the keys of the ``findings`` of ``icpc-cli/check/1``."""
    lines = finding_lines(findings, language, out.encoding)
    while block := list(islice(lines, _BLOCK)):
        out.write("\n".join(block) + "\n")


def write_json(
    out: TextIO,
    sources: Sequence[Source],
    coverage: Coverage,
    counts: Mapping[str, int],
    findings: Iterable[Finding],
    language: str,
) -> None:
    """One ``icpc-cli/check/1`` object; findings are written as they come."""
    head = {
        "schema": CHECK_SCHEMA,
        "sources": [_source_object(source, language) for source in sources],
        "courses": {name: getattr(coverage, name) for name in Coverage.__slots__},
        "findings_by_check": dict(counts),
    }
    text = dumps(head, encoding=out.encoding, indent=2)
    out.write(text.removesuffix("\n}") + ',\n  "findings": [')
    before = "\n    "
    lines = finding_lines(findings, language, out.encoding)
    while block := list(islice(lines, _BLOCK)):
        out.write(before + ",\n    ".join(block))
        before = ",\n    "
    out.write("]\n}\n" if before == "\n    " else "\n  ]\n}\n")


def notice_text(notice: Notice, language: str) -> str:
    """What a notice says, with thousands marked."""
    count = f"{notice.count:,}".replace(",", "." if language == "da" else ",")
    words = load_wording("findings")
    key = f"notice.{notice.id}"
    text = (words.get(f"{key}-one", words[key]) if notice.count == 1 else words[key])[language]
    return without_cpr(printable(text.format(column=notice.column, count=count, row=notice.row)))


def _source_object(source: Source, language: str) -> dict[str, Any]:
    return {
        "path": source.path,
        "format": source.format,
        "encoding": source.encoding,
        "delimiter": source.delimiter,
        "columns": {role: without_cpr(header) for role, header in source.columns},
        "ignored_columns": [without_cpr(header) for header in source.ignored_columns],
        "rows": {"read": source.read, "judged": source.judged, "unreadable": source.unreadable},
        **({"sheet": source.sheet} if source.sheet is not None else {}),
        **({"notices": [_notice_object(notice, language) for notice in source.notices]} if source.notices else {}),
    }


def _notice_object(notice: Notice, language: str) -> dict[str, Any]:
    return {
        "id": notice.id,
        "column": notice.column and without_cpr(notice.column),
        "count": notice.count,
        "row": notice.row,
        "message": notice_text(notice, language),
    }


def write_csv(out: TextIO, findings: Iterable[Finding], language: str) -> None:
    """A table that Danish Excel opens rightly: a byte order mark, semicolons, CRLF, and nothing that is a formula."""

    def cells(finding: Finding) -> tuple[list[str], list[str]]:
        found = finding_object(finding, language) | {"suggestions": " ".join(finding.detail.suggestions)}
        safe = [no_formula(_text(found[name])) for name in CSV_COLUMNS if name != "row"]
        return safe[:1], safe[1:]

    out.write("\ufeff")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    made = Remembered(cells)
    for finding in findings:
        before, after = made.of(finding)
        writer.writerow((*before, finding.row, *after))


def _text(value: str | None) -> str:
    """A cell of a table: letters that are no text become escapes, line breaks stay."""
    return "" if value is None else "\n".join(map(printable, value.split("\n")))


def write_concise(out: TextIO, findings: Iterable[Finding], language: str) -> None:
    """A line for each finding: ``file:row: K101 message``."""

    def parts(finding: Finding) -> tuple[str, str]:
        said = without_cpr(printable(f"{finding.check} {message(finding, language)}"))
        return without_cpr(printable(finding.path)), said

    made = Remembered(parts)
    for finding in findings:
        path, said = made.of(finding)
        out.write(f"{path}:{finding.row}: {said}\n")
