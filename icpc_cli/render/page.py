"""The outcome of a check as a page for the terminal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from icpc_cli.checks.wording import codes, message
from icpc_cli.guideline import Guideline, load_checks
from icpc_cli.model import Case, Fact
from icpc_cli.outcomes import Coverage, Finding, Severity, Source
from icpc_cli.render.letters import is_unicode
from icpc_cli.render.safe import masked, printable, without_cpr
from icpc_cli.render.words import Outcome, Words

SHOWN = 3
"""The rows of each check that are shown."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the user chose: whether patients are named, and the option that writes a worklist, where one is proposed."""

    patients: bool = False
    worklist: str = ""


_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_NAMING_THE_COLUMN = ("R007",)


class Page:
    """What was read, the coverage, and the findings by check, in one language."""

    def __init__(self, guideline: Guideline, language: str, encoding: str, command: str, *, shown: Shown) -> None:
        """``command`` is what was asked for, as it can be typed again with other options after it."""
        self._guideline = guideline
        self._command = printable(command)
        self._language = language
        self._unicode = is_unicode(encoding)
        self._words = Words(language)
        self._shown = shown

    def draw(
        self,
        outcome: Outcome,
        examples: Mapping[str, Sequence[tuple[Finding, Case, str]]],
    ) -> RenderableType:
        """What was read, the coverage, the findings by check with their first rows, and what to do next.

        ``examples`` are a check's first findings, each with the facts of its record and the patient.
        """
        parts: list[RenderableType] = []
        for source in outcome.sources:
            parts += [self._read(source), *self._columns(source)]
            parts += [Text(f"! {hint}", style="yellow") for hint in self._words.hints(source)]
        if outcome.settings is not None:
            parts.append(Text(self._words.say("settings", path=printable(outcome.settings)), style="dim"))
        parts += ["", self._coverage(outcome.coverage), ""]
        for check in outcome.by_weight():
            parts += [self._check(check, outcome, examples[check]), ""]
        parts.append(self._next(outcome.counts))
        return Group(*parts)

    def _read(self, source: Source) -> Text:
        path, *dialect = self._words.file(source)
        line = Text(path, style="bold")
        line.append("".join(f" · {each}" for each in dialect) + "\n", style="not bold")
        return line.append(" · ".join(self._words.rows(source)), style="not bold")

    def _columns(self, source: Source) -> Iterator[Text]:
        yield Text(self._words.columns(source, "→" if self._unicode else "->"), style="dim")
        if source.ignored_columns:
            yield Text(self._words.ignored(source), style="dim")

    def _coverage(self, coverage: Coverage) -> RenderableType:
        grid = Table.grid(padding=(0, 2))
        for label, share, text in self._words.coverage(coverage):
            grid.add_row(label, self._bar(*share) if share else "", text)
        return Padding(grid, (0, 0, 0, 2))

    def _bar(self, done: int, total: int, columns: int = 16) -> Text:
        """``done`` of ``total`` in eighths of a column; never full while something is missing, never empty when not."""
        eighths = round(done / total * columns * 8)
        if done:
            eighths = max(eighths, 1)
        if done < total:
            eighths = min(eighths, columns * 8 - 1)
        whole, part = divmod(eighths, 8)
        if not self._unicode:
            whole = min(whole + (part > 3), columns - (done < total))
            return Text("#" * whole + "-" * (columns - whole))
        bar = Text("█" * whole + (" ▏▎▍▌▋▊▉"[part] if part else ""), style="green")
        return bar.append("─" * (columns - len(bar)), style="dim")

    def _check(self, check: str, outcome: Outcome, examples: Sequence[tuple[Finding, Case, str]]) -> RenderableType:
        wording, severity, count = load_checks()[check], outcome.severities[check], outcome.counts[check]
        title = Text()
        title.append(f"{check}  ", style="bold").append(wording.title[self._language], style="bold")
        label = Text(self._words.severity(severity), style=_COLOURS[severity])
        head = Table.grid(padding=(0, 2), expand=True)
        head.add_column(ratio=1)
        head.add_column(justify="right")
        head.add_column(justify="right", min_width=10)
        head.add_row(title, self._words.found(check, count), label)
        rows = Table.grid(padding=(0, 2))
        rows.add_column(no_wrap=True)
        for finding, case, patient in examples:
            place = self._words.say("row", row=self._words.number(finding.row))
            if len(outcome.sources) > 1:
                place = f"{without_cpr(printable(finding.path))} {place}"
            rows.add_row(Text(place), self._value(finding), Text(self._facts(case, patient), style="dim"))
        body: list[RenderableType] = [Text(wording.why[self._language], style="dim"), rows]
        if count > len(examples):
            rest = self._words.number(count - len(examples))
            more = self._words.say("more", count=rest, command=self._command, check=check)
            body.append(Text(more, style="dim", overflow="fold"))
        return Padding(Group(head, Padding(Group(*body), (0, 0, 0, 6))), (0, 0, 0, 2))

    def _value(self, finding: Finding) -> Text:
        """The value in question, and what belongs there."""
        value = without_cpr(printable(finding.value.strip()))
        text = Text()
        if finding.column is None:
            text.append(message(finding, self._language))
        elif value:
            named = finding.check in _NAMING_THE_COLUMN
            text.append(f'{printable(finding.column)}: "{value}"' if named else f'"{value}"')
        target = finding.detail.fix or codes(finding.detail.suggestions, self._language)
        if target:
            text.append((" " if text else "") + ("→ " if self._unicode else "-> "))
            text.append(without_cpr(printable(target.strip())), style="bold")
        return text

    def _facts(self, case: Case, patient: str) -> str:
        """What the row is about, for people to recognise it by."""
        course = self._words.word(f"course.{case.course}") if case.knows(Fact.COURSE) else ""
        conditions = [self._guideline.label("condition", condition)[self._language] for condition in case.conditions]
        return " · ".join(filter(None, (case.specialty or "", course, *conditions, self._patient(patient))))

    def _patient(self, patient: str) -> str:
        if self._shown.patients:
            return printable(patient)
        return masked(patient).replace("•", "•" if self._unicode else "*")

    def _next(self, counts: Mapping[str, int]) -> RenderableType:
        if not counts:
            return Padding(Text(self._words.say("nothing") + " " + self._words.say("disclaimer")), (0, 0, 0, 2))
        missing = counts.get("K101", 0)
        key = "next-findings" if not missing else "next-course" if missing == 1 else "next-courses"
        lines = Text().append(self._words.say("next") + ": ", style="bold")
        lines.append(self._words.say(key, count=self._words.number(missing)) + "\n")
        if self._shown.worklist:
            lines.append(self._words.say("next-list") + "\n")
            lines.append(f"{self._command} {printable(self._shown.worklist)}\n", style="bold")
        return Padding(lines.append(self._words.say("disclaimer"), style="dim"), (0, 0, 0, 2))
