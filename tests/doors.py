"""Every way in which findings leave the program, read back: what each can express of them. What tests import of it.

A finding is a mapping as ``tests/spec/check_cases.toml`` writes it: what does not apply is left out.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

from icpc_cli.checks.telling import Outcome
from icpc_cli.checks.wording import message
from icpc_cli.guideline import load_guideline
from icpc_cli.judging.check import Checked, check_exports
from icpc_cli.judging.options import Options
from icpc_cli.model import Basis
from icpc_cli.outcomes import ANNOTATIONS, Detail, Finding, Found, Severity
from icpc_cli.settings import reading
from icpc_cli.settings.values import Settings
from icpc_cli.text import Language
from icpc_cli.voice import Voice
from icpc_cli.writing import findings as formats
from icpc_cli.writing import rewrite
from icpc_cli.writing.annotations import Annotations

TODAY = date(2026, 6, 1)

Stated = Mapping[str, Any]


# Who says what a check says, where its findings do not: what is not named here is the program's own.
BASES = dict.fromkeys(("K101", "K102", "K103", "K104", "K106"), "guide")
BASES |= dict.fromkeys(("K107", "H201", "H203"), "ekm") | dict.fromkeys(
    ("K108", "R002", "R003", "R004", "R005"), "icpc2"
)


def judged(
    paths: Sequence[Path],
    previous: Sequence[Path] = (),
    settings: Path | None = None,
    duty_from: date | None = None,
) -> AbstractContextManager[Checked]:
    """The exports checked on the day of the tests."""
    stated = reading.load(settings, load_guideline()) if settings else Settings()
    duty_from = duty_from or stated.duty_from
    options = Options(TODAY, previous=[str(path) for path in previous], settings=stated, duty_from=duty_from)
    return check_exports(load_guideline(), [str(path) for path in paths], options)


def stated(finding: Finding) -> dict[str, Any]:
    """All that the API says of a finding, but for its path."""
    whole = {
        "row": finding.row,
        "check": finding.check,
        "severity": finding.severity.value,
        "column": finding.column,
        "value": None if finding.column is None and finding.value == "" else finding.value,
        "suggestions": list(finding.detail.suggestions) or None,
        "fix": finding.detail.fix,
        "facts": dict(finding.detail.facts) or None,
        "noted": finding.detail.noted or None,
        "basis": finding.detail.basis and finding.detail.basis.value,
        "red_flags": finding.detail.red_flags or None,
    }
    return {key: value for key, value in whole.items() if value is not None}


def said(finding: Stated, language: Language = Language.DA) -> str:
    """The message of a stated finding."""
    detail = Detail(
        suggestions=tuple(finding.get("suggestions", ())),
        fix=finding.get("fix"),
        facts=tuple(finding.get("facts", {}).items()),
        noted=finding.get("noted", False),
        basis=Basis(finding["basis"]) if "basis" in finding else None,
        red_flags=finding.get("red_flags", False),
    )
    severity = Severity(finding["severity"])
    column, value = finding.get("column"), finding.get("value", "")
    return message(
        Voice(language), Finding(finding["row"], Found("", finding["check"], severity, column, value, detail))
    )


def _as_object(finding: Stated, path: str) -> dict[str, Any]:
    """A stated finding with the keys of JSON."""
    keys = ("row", "check", "severity", "column")
    return {
        "path": path,
        **{key: finding.get(key) for key in keys},
        "value": finding.get("value", ""),
        "message": said(finding),
        "suggestions": finding.get("suggestions", []),
        "fix": finding.get("fix"),
        "basis": finding.get("basis", BASES.get(finding["check"], "program")),
        "red_flags": finding.get("red_flags", False),
    }


def _stateless(finding: dict[str, Any]) -> dict[str, Any]:
    """A finding but for what a comparison says of it, which ``tests/test_since.py`` looks at."""
    return {key: value for key, value in finding.items() if key != "state"}


# Doors: a function that asserts that the findings of one export, however they leave, are those that were stated.

Door = Callable[[Checked, Sequence[Stated]], None]


def _by_the_api(checked: Checked, expected: Sequence[Stated]) -> None:
    assert [stated(finding) for finding in checked.findings()] == expected
    counts: dict[str, int] = {}
    for finding in sorted(expected, key=lambda each: each["check"]):
        counts[finding["check"]] = counts.get(finding["check"], 0) + 1
    assert list(checked.counts.items()) == list(counts.items())


def _by_json(checked: Checked, expected: Sequence[Stated]) -> None:
    out = io.StringIO()
    outcome = Outcome(checked.sources, checked.coverage, checked.counts, checked.severities)
    formats.write_json(out, Voice(), outcome, checked.lines)
    written = json.loads(out.getvalue())
    assert [_stateless(each) for each in written["findings"]] == [
        _as_object(each, checked.sources[0].path) for each in expected
    ]
    assert written["findings_by_check"] == checked.counts


def _by_json_lines(checked: Checked, expected: Sequence[Stated]) -> None:
    out = io.StringIO()
    formats.write_json_lines(out, Voice(), checked.lines)
    lines = [_stateless(json.loads(line)) for line in out.getvalue().splitlines()]
    assert lines == [_as_object(each, checked.sources[0].path) for each in expected]


def _by_csv(checked: Checked, expected: Sequence[Stated]) -> None:
    out = io.StringIO()
    formats.write_csv(out, Voice(), checked.lines)
    rows = list(csv.DictReader(io.StringIO(out.getvalue().removeprefix("\ufeff"), newline=""), delimiter=";"))
    wanted = [_as_object(each, checked.sources[0].path) for each in expected]
    for each in wanted:
        each |= {"row": str(each["row"]), "suggestions": " ".join(each["suggestions"])}
        each["red_flags"] = str(each["red_flags"]).lower()
    assert rows == [{key: value or "" for key, value in each.items()} for each in wanted]


def _by_concise(checked: Checked, expected: Sequence[Stated]) -> None:
    out = io.StringIO()
    formats.write_concise(out, Voice(), checked.lines)
    path = checked.sources[0].path
    assert out.getvalue().splitlines() == [f"{path}:{each['row']}: {each['check']} {said(each)}" for each in expected]


def _copy(checked: Checked) -> tuple[Any, Path]:
    (loaded,) = checked.loaded
    return loaded, Path(loaded.input.path).with_name("kopi.csv")


def _by_annotations(checked: Checked, expected: Sequence[Stated]) -> None:
    loaded, target = _copy(checked)
    cells = Annotations(Voice())
    rewrite.annotate(loaded, rewrite.Addition(ANNOTATIONS, cells.rows(checked.findings()), cells.fine), target)
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    words = {"error": "fejl", "warning": "advarsel", "info": "bemærkning"}
    wanted: list[list[str]] = []
    unreadable = {each["row"] for each in expected if each["check"] == "R001"}
    for row in sorted({each["row"] for each in expected} - unreadable):
        found = [each for each in expected if each["row"] == row]
        targets = [each.get("fix") or " ".join(each.get("suggestions", ())) for each in found]
        wanted.append(
            [
                next(word for name, word in words.items() if any(each["severity"] == name for each in found)),
                " ".join(dict.fromkeys(each["check"] for each in found)),
                "; ".join(dict.fromkeys(filter(None, targets))),
                " ".join(map(said, found)),
            ]
        )
    width = len(rows[0])
    marked = [row[-len(ANNOTATIONS) :] for row in rows[1:] if len(row) == width]
    assert [cells for cells in marked if cells[0] != "ok"] == wanted


def _by_repairs(checked: Checked, expected: Sequence[Stated]) -> None:
    loaded, target = _copy(checked)
    before = Path(loaded.input.path).read_text(encoding="utf-8")
    repairs = [each for each in expected if each["check"] == "R002"]
    assert rewrite.fix(loaded, rewrite.Repairs.found(checked, loaded), target) == len(repairs)
    place = 0
    for each in repairs:  # in the order of the file, so each is the first of its like behind the one before
        place = before.index(each["value"], place)
        before = before[:place] + each["fix"] + before[place + len(each["value"]) :]
        place += len(each["fix"])
    assert target.read_text(encoding="utf-8") == before


DOORS: dict[str, Door] = {
    "API": _by_the_api,
    "JSON": _by_json,
    "JSON lines": _by_json_lines,
    "CSV": _by_csv,
    "concise": _by_concise,
    "annotations": _by_annotations,
    "repairs": _by_repairs,
}
"""A new way out joins here."""
