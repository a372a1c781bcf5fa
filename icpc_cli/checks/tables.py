"""The outcome of a check as tables for people: the cells of a workbook or a page, safe to show."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from icpc_cli.checks.telling import Outcome, Telling
from icpc_cli.checks.wording import basis, basis_word, codes, message
from icpc_cli.guideline import load_checks
from icpc_cli.outcomes import Finding, Found, Severity, Source
from icpc_cli.voice import Voice
from icpc_cli.voice.safe import masked, printable, shortened

LONGEST = 500
"""Characters of a text that a table shows; a cell that holds more is named by its row anyway."""

_WIDTHS = {
    "path": 20, "row": 8, "severity": 12, "check": 8, "state": 10, "title": 32, "patient": 15, "date": 12, "column": 18,
    "value": 24, "message": 60, "target": 24, "basis": 14,
}  # fmt: skip

_REMEMBERED = 1 << 14
_LONG = 200

Cell = str | int
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


def cell_text(text: str | None) -> str:
    """A text as a table shows it: on one line, without CPR numbers, not too long."""
    return shortened((text or "").strip(), LONGEST)


class FindingTable:
    """The findings as rows. Columns that would be empty or the same throughout are left out."""

    def __init__(self, voice: Voice, outcome: Outcome, *, show_patients: bool = False) -> None:
        sources = outcome.sources
        self._voice, self._telling = voice, Telling(voice)
        self._show_patients = show_patients
        roles = {role for source in sources for role, _ in source.columns}
        left_out = {role for role in ("patient", "date") if role not in roles}
        if len(sources) == 1:
            left_out.add("path")
        if outcome.since is None:
            left_out.add("state")
        self.columns = [name for name in _WIDTHS if name not in left_out]
        self.headers = [voice.say("outputs", f"header.{name}") for name in self.columns]
        self.widths = [_WIDTHS[name] for name in self.columns]
        self._made = Remembered(self._cells)

    def rows(self, findings: Iterable[tuple[Finding, str, str]]) -> Iterator[tuple[Severity, list[Cell]]]:
        """The severity and the cells of each finding, given with its patient and date as they stand in the file."""
        for finding, patient, day in findings:
            cells: dict[str, Cell] = {
                **self._made.of(finding),
                "row": finding.row,
                "patient": shown_patient(patient, in_full=self._show_patients),
                "date": cell_text(day),
            }
            yield finding.severity, [cells[name] for name in self.columns]

    def _cells(self, finding: Finding) -> dict[str, Cell]:
        return {
            "path": cell_text(finding.path),
            "severity": self._telling.severity(finding.severity),
            "check": finding.check,
            "state": self._telling.word(f"state.{finding.detail.state}") if finding.detail.state else "",
            "title": self._voice.of(load_checks()[finding.check].title),
            "column": cell_text(finding.column),
            "value": cell_text(finding.value),
            "message": cell_text(message(self._voice, finding)),
            "target": cell_text(finding.detail.fix or codes(self._voice, finding.detail.suggestions)),
            "basis": basis_word(self._voice, basis(finding)),
        }


def shown_patient(patient: str, *, in_full: bool) -> str:
    """A patient as the file has it, or masked."""
    return (printable(patient) if in_full else masked(patient))[:LONGEST]


def source_rows(telling: Telling, sources: Sequence[Source]) -> list[list[str]]:
    """A row for each file: what it is, how much was read, which columns."""
    return [
        [" · ".join(telling.file(source)), " · ".join(telling.rows(source)), telling.columns(source)]
        + ([telling.ignored(source)] if source.ignored_columns else [])
        + list(telling.hints(source))
        for source in sources
    ]


def coverage_rows(telling: Telling, outcome: Outcome) -> list[tuple[str, str]]:
    """A row for each kind of course: what it is, and how many are coded."""
    return [(label, text) for label, _, text in telling.coverage(outcome)]


def count_rows(telling: Telling, outcome: Outcome) -> list[tuple[str, str, str, int]]:
    """A row for each check that found something, the gravest first: id, title, severity, how many."""
    return [
        (
            check,
            telling.voice.of(load_checks()[check].title),
            telling.severity(outcome.severities[check]),
            outcome.counts[check],
        )
        for check in outcome.by_weight()
    ]


def overview_rows(voice: Voice, outcome: Outcome) -> Iterator[Sequence[Cell]]:
    """What was read, the coverage and the counts, as rows of a sheet."""
    telling = Telling(voice)
    for row in source_rows(telling, outcome.sources):
        yield from ([line] for line in row)
    yield []
    if coverage := coverage_rows(telling, outcome):
        yield [voice.say("outputs", "page.courses")]
        yield from coverage
        yield []
    if outcome.counts:
        yield [voice.say("outputs", "page.counts")]
        yield [voice.say("outputs", f"header.{name}") for name in ("check", "title", "severity", "count")]
        yield from count_rows(telling, outcome)
    else:
        yield [telling.nothing(outcome)]
    yield []
    yield [telling.say("purpose")]


def read_lines(voice: Voice, sources: Sequence[Source], aside: int) -> list[str]:
    """One short line a file: what was detected, and how much was read; then what is worth knowing of it.

    ``aside`` courses were set aside; where there are any, a line says so at the end.
    """
    telling = Telling(voice)
    lines = [
        line
        for source in sources
        for line in (
            " · ".join((*telling.file(source), *telling.rows(source))),
            *(f"! {hint}" for hint in telling.hints(source)),
        )
    ]
    return [*lines, f"{telling.say('aside')}: {telling.counted('aside-courses', aside)}"] if aside else lines
