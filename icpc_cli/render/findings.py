"""The outcome of a check as JSON, and as one line a finding."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

from icpc_cli.checks.wording import message
from icpc_cli.guideline import load_wording
from icpc_cli.model import Coverage, Finding, Notice, Source
from icpc_cli.render.json import dumps
from icpc_cli.render.safe import printable, without_cpr

CHECK_SCHEMA = "icpc-cli/check/1"


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
        "fix": finding.detail.fix,
    }


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
    for finding in findings:
        out.write(before + dumps(finding_object(finding, language), encoding=out.encoding))
        before = ",\n    "
    out.write("]\n}\n" if before == "\n    " else "\n  ]\n}\n")


def notice_text(notice: Notice, language: str) -> str:
    """What a notice says, with thousands marked."""
    count = f"{notice.count:,}".replace(",", "." if language == "da" else ",")
    text = load_wording("findings")[f"notice.{notice.id}"][language]
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


def concise(finding: Finding, language: str) -> str:
    """``file:row: K101 message``."""
    return without_cpr(printable(f"{finding.path}:{finding.row}: {finding.check} {message(finding, language)}"))
