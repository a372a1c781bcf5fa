"""The outcome of a check as tables for people: the cells of a workbook or a page, safe to show."""

from collections.abc import Iterable, Iterator, Sequence

from icpc_cli.checks.wording import codes, message
from icpc_cli.guideline import load_checks, load_wording
from icpc_cli.outcomes import Coverage, Finding, Severity, Source
from icpc_cli.render.findings import Remembered
from icpc_cli.render.safe import masked, printable, shortened
from icpc_cli.render.words import Outcome, Words

LONGEST = 500
"""Characters of a text that a table shows; a cell that holds more is named by its row anyway."""

_WIDTHS = {
    "path": 20, "row": 8, "severity": 12, "check": 8, "title": 32, "patient": 15, "date": 12, "column": 18,
    "value": 24, "message": 60, "target": 24,
}  # fmt: skip

Cell = str | int


def shown(text: str | None) -> str:
    """A text as a table shows it: on one line, without CPR numbers, not too long."""
    return shortened((text or "").strip(), LONGEST)


class FindingTable:
    """The findings as rows. Columns that would be empty or the same throughout are left out."""

    def __init__(self, language: str, sources: Sequence[Source], *, show_patients: bool = False) -> None:
        words = load_wording("outputs")
        self._language, self._words = language, Words(language)
        self._show_patients = show_patients
        roles = {role for source in sources for role, _ in source.columns}
        left_out = {role for role in ("patient", "date") if role not in roles}
        if len(sources) == 1:
            left_out.add("path")
        self.columns = [name for name in _WIDTHS if name not in left_out]
        self.headers = [words[f"header.{name}"][language] for name in self.columns]
        self.widths = [_WIDTHS[name] for name in self.columns]
        self._made = Remembered(self._cells)

    def rows(self, findings: Iterable[tuple[Finding, str, str]]) -> Iterator[tuple[Severity, list[Cell]]]:
        """The severity and the cells of each finding, given with its patient and date as they stand in the file."""
        for finding, patient, day in findings:
            cells: dict[str, Cell] = {
                **self._made.of(finding),
                "row": finding.row,
                "patient": shown_patient(patient, in_full=self._show_patients),
                "date": shown(day),
            }
            yield finding.severity, [cells[name] for name in self.columns]

    def _cells(self, finding: Finding) -> dict[str, Cell]:
        return {
            "path": shown(finding.path),
            "severity": self._words.severity(finding.severity),
            "check": finding.check,
            "title": load_checks()[finding.check].title[self._language],
            "column": shown(finding.column),
            "value": shown(finding.value),
            "message": shown(message(finding, self._language)),
            "target": shown(finding.detail.fix or codes(finding.detail.suggestions, self._language)),
        }


def shown_patient(patient: str, *, in_full: bool) -> str:
    """A patient as the file has it, or masked."""
    return (printable(patient) if in_full else masked(patient))[:LONGEST]


def source_rows(words: Words, sources: Sequence[Source]) -> list[list[str]]:
    """A row for each file: what it is, how much was read, which columns."""
    return [
        [" · ".join(words.file(source)), " · ".join(words.rows(source)), words.columns(source, "→")]
        + ([words.ignored(source)] if source.ignored_columns else [])
        + list(words.hints(source))
        for source in sources
    ]


def coverage_rows(words: Words, coverage: Coverage) -> list[tuple[str, str]]:
    """A row for each kind of course: what it is, and how many are coded."""
    return [(label, text) for label, _, text in words.coverage(coverage)]


def count_rows(words: Words, outcome: Outcome) -> list[tuple[str, str, str, int]]:
    """A row for each check that found something, the gravest first: id, title, severity, how many."""
    return [
        (
            check,
            load_checks()[check].title[words.language],
            words.severity(outcome.severities[check]),
            outcome.counts[check],
        )
        for check in outcome.by_weight()
    ]


def overview_rows(language: str, outcome: Outcome) -> Iterator[Sequence[Cell]]:
    """What was read, the coverage and the counts, as rows of a sheet."""
    words, say = Words(language), load_wording("outputs")
    for row in source_rows(words, outcome.sources):
        yield from ([line] for line in row)
    yield []
    if coverage := coverage_rows(words, outcome.coverage):
        yield [say["page.courses"][language]]
        yield from coverage
        yield []
    if outcome.counts:
        yield [say["page.counts"][language]]
        yield [say[f"header.{name}"][language] for name in ("check", "title", "severity", "count")]
        yield from count_rows(words, outcome)
    else:
        yield [words.say("nothing")]
    yield []
    yield [words.say("disclaimer")]


def read_lines(language: str, sources: Sequence[Source]) -> list[str]:
    """One short line a file: what was detected, and how much was read; then what is worth knowing of it."""
    words = Words(language)
    return [
        line
        for source in sources
        for line in (
            " · ".join((*words.file(source), *words.rows(source))),
            *(f"! {hint}" for hint in words.hints(source)),
        )
    ]
