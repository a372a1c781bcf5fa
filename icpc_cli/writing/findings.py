"""The outcome of a check for programs: JSON, JSON lines, CSV, one line a finding. Findings are written as they come.

A list of findings can be long and most of its lines differ in little: all but the row is made once for those that share
it, and lines come some at a time.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, TextIO

from icpc_cli.checks.telling import Outcome, notice_text
from icpc_cli.checks.wording import basis, message
from icpc_cli.outcomes import FINDING_COLUMNS, Finding, Notice, Source
from icpc_cli.voice import Voice
from icpc_cli.voice.safe import no_formula, printable, shown, without_cpr
from icpc_cli.writing.json import dumps

CHECK_SCHEMA = "icpc-cli/check/2"

Parts = Callable[[Finding], tuple[str, str]]
"""What a line says of a finding before its row, and after it."""
Lines = Callable[[Parts], Iterator[list[str]]]
"""All findings as lines, some at a time."""


def finding_object(voice: Voice, finding: Finding) -> dict[str, Any]:
    """A finding with the keys of the specification; CPR numbers in the cell are masked."""
    return {
        "path": without_cpr(finding.path),
        "row": finding.row,
        "check": finding.check,
        "severity": finding.severity,
        "column": finding.column and without_cpr(finding.column),
        "value": without_cpr(finding.value),
        "message": without_cpr(message(voice, finding)),
        "suggestions": list(finding.detail.suggestions),
        "fix": None if finding.detail.fix is None else without_cpr(finding.detail.fix),
        "basis": basis(finding),
        "red_flags": finding.detail.red_flags,
        **({"state": finding.detail.state} if finding.detail.state else {}),
    }


def _json_parts(voice: Voice, encoding: str | None) -> Parts:
    """A finding as a JSON object on one line, without the line's end."""

    def parts(finding: Finding) -> tuple[str, str]:
        whole = finding_object(voice.in_full, finding)
        place = {"path": whole.pop("path")}
        del whole["row"]
        return dumps(place, encoding=encoding)[:-1] + ', "row": ', ", " + dumps(whole, encoding=encoding)[1:]

    return parts


def write_json_lines(out: TextIO, voice: Voice, lines: Lines) -> None:
    """One finding a line, with the keys of the ``findings`` of ``icpc-cli/check/2``."""
    for block in lines(_json_parts(voice, out.encoding)):
        out.write("\n".join(block) + "\n")


def write_json(out: TextIO, voice: Voice, outcome: Outcome, lines: Lines) -> None:
    """One ``icpc-cli/check/2`` object; findings are written as they come."""
    head = {
        "schema": CHECK_SCHEMA,
        "sources": [_source_object(voice.in_full, source) for source in outcome.sources],
        "skipped": [{"path": without_cpr(each.path), "reason": each.reason} for each in outcome.skipped],
        "courses": asdict(outcome.coverage),
        **({"since": outcome.since._asdict()} if outcome.since else {}),
        **({"set_aside": outcome.aside} if outcome.aside else {}),
        "findings_by_check": dict(outcome.counts),
    }
    text = dumps(head, encoding=out.encoding, indent=2)
    out.write(text.removesuffix("\n}") + ',\n  "findings": [')
    before = "\n    "
    for block in lines(_json_parts(voice, out.encoding)):
        out.write(before + ",\n    ".join(block))
        before = ",\n    "
    out.write("]\n}\n" if before == "\n    " else "\n  ]\n}\n")


def _source_object(voice: Voice, source: Source) -> dict[str, Any]:
    """A source with the keys of the specification; of joined files, the rows too that were judged alone."""
    joined = {} if source.joined is None else {"joined": source.joined}
    none, several = source.alone
    return {
        "path": without_cpr(source.path),
        "format": source.format,
        "encoding": source.encoding,
        "delimiter": source.delimiter,
        "columns": {role: without_cpr(header) for role, header in source.columns},
        "ignored_columns": [without_cpr(header) for header in source.ignored_columns],
        "missing_roles": list(source.missing_roles),
        "rows": {"read": source.read, "judged": source.judged, **joined, "unreadable": source.unreadable},
        **({"alone": {"none": list(none), "several": list(several)}} if joined else {}),
        "understood": {role: {"filled": filled, "understood": said} for role, filled, said in source.understood},
        **({"sheet": source.sheet} if source.sheet is not None else {}),
        **({"notices": [_notice_object(voice, notice) for notice in source.notices]} if source.notices else {}),
    }


def _notice_object(voice: Voice, notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "column": notice.column and without_cpr(notice.column),
        "count": notice.count,
        "row": notice.row,
        "message": notice_text(voice, notice),
    }


def write_csv(out: TextIO, voice: Voice, lines: Lines) -> None:
    """A table that Danish Excel opens rightly: a byte order mark, semicolons, CRLF, and nothing that is a formula."""

    def parts(finding: Finding) -> tuple[str, str]:
        found = finding_object(voice.in_full, finding) | {"suggestions": " ".join(finding.detail.suggestions)}
        cells = [no_formula(_text(found[name])) for name in FINDING_COLUMNS if name != "row"]
        return _row(cells[:1]) + ";", ";" + _row(cells[1:])

    _write_rows(out, FINDING_COLUMNS, ())
    for block in lines(parts):
        out.write("\r\n".join(block) + "\r\n")


def _row(cells: Sequence[str]) -> str:
    """Cells as they stand in a row, without its end."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="").writerow(cells)
    return text.getvalue()


def write_table(out: TextIO, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows of texts as Danish Excel opens them, and nothing that is a formula."""
    _write_rows(out, headers, ([no_formula(_text(cell)) for cell in row] for row in rows))


def _write_rows(out: TextIO, headers: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    out.write("\ufeff")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows(rows)


def _text(value: object) -> str:
    """A cell of a table: letters that are no text become escapes, line breaks stay; yes and no as in JSON."""
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return "\n".join(map(printable, text.split("\n")))


def write_concise(out: TextIO, voice: Voice, lines: Lines) -> None:
    """A line for each finding: ``file:row: K101 message``, in letters that the stream has."""
    voice = voice.to(out.encoding)

    def parts(finding: Finding) -> tuple[str, str]:
        return f"{shown(finding.path)}:", f": {shown(f'{finding.check} {message(voice, finding)}')}\n"

    for block in lines(parts):
        out.write("".join(block))
