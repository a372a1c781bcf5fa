"""The outcome of a check as a page for the terminal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from icpc_cli.checks.catalogue import BY_ID
from icpc_cli.checks.telling import Outcome, Telling, skipped_text
from icpc_cli.checks.wording import basis, basis_word, codes, message
from icpc_cli.guideline import Guideline, load_checks
from icpc_cli.model import Case, Fact
from icpc_cli.outcomes import Example, Finding, Severity, Source
from icpc_cli.screens.terminal import bar, kept
from icpc_cli.voice import Voice
from icpc_cli.voice.calling import command_on
from icpc_cli.voice.safe import masked, printable, shown

_BAR = 16
SHOWN = 3
"""The rows of each check that are shown."""


COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_NAMING_THE_COLUMN = ("R007",)


@dataclass(frozen=True)
class CheckScreen:
    """What was read, the coverage, and the findings by check.

    ``paths`` are the exports as they were named. ``patients`` are named, and a list to work through is proposed
    (``proposing``), where the user chose so.
    """

    _voice: Voice
    _guideline: Guideline
    paths: Sequence[str]
    patients: bool = False
    proposing: bool = False

    @cached_property
    def _telling(self) -> Telling:
        return Telling(self._voice)

    def draw(self, outcome: Outcome, examples: Mapping[str, Sequence[Example]]) -> RenderableType:
        """What was read, the coverage, the findings by check with their first rows, and what to do next.

        ``examples`` are a check's first findings, each with the facts of its record and the patient; or of a check of
        which many rows have the same value, each value with the number of its rows.
        """
        parts: list[RenderableType] = []
        for source in outcome.sources:
            parts += [self._read(source), *self._columns(source)]
            parts += [
                Text(kept(self._voice.spell(f"! {hint}")), style="yellow") for hint in self._telling.hints(source)
            ]
        parts += [Text(self._voice.spell(f"! {skipped_text(self._voice, each)}")) for each in outcome.skipped]
        if outcome.settings is not None:
            parts.append(Text(self._telling.say("settings", path=printable(outcome.settings)), style="dim"))
        parts += ["", self._coverage(outcome), ""]
        # The gravest come last, where the reader's eye is when the page has run through.
        for check in reversed(outcome.by_weight()):
            parts += [self._check(check, outcome, examples[check]), ""]
        parts.append(self._next(outcome))
        return Group(*parts)

    def _read(self, source: Source) -> Text:
        path, *dialect = self._telling.file(source)
        line = Text(self._voice.spell(path), style="bold")
        line.append(self._voice.spell("".join(f" · {each}" for each in dialect)) + "\n", style="not bold")
        return line.append(self._voice.spell(" · ".join(self._telling.rows(source))), style="not bold")

    def _columns(self, source: Source) -> Iterator[Text]:
        yield Text(self._telling.columns(source), style="dim")
        if source.ignored_columns:
            yield Text(self._telling.ignored(source), style="dim")

    def _coverage(self, outcome: Outcome) -> RenderableType:
        grid = Table.grid(padding=(0, 2))
        for label, share, text in self._telling.coverage(outcome):
            done, left = bar(self._voice, share[0] / share[1], _BAR) if share else ("", "")
            grid.add_row(label, Text(done, "green").append(left, "dim"), self._voice.spell(text))
        return Padding(grid, (0, 0, 0, 2))

    def _check(self, check: str, outcome: Outcome, examples: Sequence[Example]) -> RenderableType:
        wording, severity, count = load_checks()[check], outcome.severities[check], outcome.counts[check]
        title = Text()
        title.append(f"{check}  ", style="bold").append(self._voice.of(wording.title), style="bold")
        label = Text(self._telling.severity(severity), style=COLOURS[severity])
        head = Table.grid(padding=(0, 2), expand=True)
        head.add_column(ratio=1)
        head.add_column(justify="right")
        head.add_column(justify="right", min_width=10)
        head.add_row(title, self._telling.found(check, count), label)
        rows = Table.grid(padding=(0, 2))
        rows.add_column(no_wrap=True)
        for finding, case, patient, times in examples:
            place = self._telling.say("row", row=finding.row)
            if len(outcome.sources) > 1:
                place = f"{self._voice.spell(shown(finding.path))} {place}"
            about = self._facts(case, patient) if times is None else self._telling.counted("rows-found", times)
            rows.add_row(Text(place), self._value(finding), Text(about, style="dim"))
        why = f"{self._voice.of(wording.why)} [{basis_word(self._voice, BY_ID[check].basis)}]"
        body: list[RenderableType] = [Text(why, style="dim"), rows]
        left = count - sum(times or 1 for *_, times in examples)
        if left:
            more = self._telling.say("more", count=left, command=command_on("check", self.paths), check=check)
            body.append(Text(kept(more), style="dim"))
        return Padding(Group(head, Padding(Group(*body), (0, 0, 0, 6))), (0, 0, 0, 2))

    def _value(self, finding: Finding) -> Text:
        """The value in question, and what belongs there."""
        value = self._voice.spell(shown(finding.value.strip()))
        text = Text()
        if finding.column is None:
            text.append(message(self._voice, finding))
        elif gone := dict(finding.detail.facts).get("gone"):
            text.append(self._telling.say("gone", codes=gone), style="bold")
        elif value:
            named = finding.check in _NAMING_THE_COLUMN
            text.append(f'{self._voice.spell(shown(finding.column))}: "{value}"' if named else f'"{value}"')
        if target := finding.detail.fix or codes(self._voice, finding.detail.suggestions):
            text.append((" " if text else "") + self._voice.spell("→ "))
            text.append(self._voice.spell(shown(target.strip())), style="bold")
        if (who := basis(finding)) is not BY_ID[finding.check].basis:
            text.append(f" [{basis_word(self._voice, who)}]", style="dim")
        if finding.detail.red_flags and finding.column is not None:
            text.append(f" ! {self._voice.say('findings', 'red_flags_short')}", style="bold")
        return text

    def _facts(self, case: Case, patient: str) -> str:
        """What the row is about, for people to recognise it by."""
        course = self._telling.word(f"course.{case.course}") if case.knows(Fact.COURSE) else ""
        conditions = [self._voice.of(self._guideline.label("condition", condition)) for condition in case.conditions]
        who = printable(patient) if self.patients else masked(patient)
        return self._voice.spell(" · ".join(filter(None, (case.specialty or "", course, *conditions, who))))

    def _next(self, outcome: Outcome) -> RenderableType:
        lines, decide = Text(), self._telling.to_decide(outcome)
        if not outcome.counts:
            lines.append(f"{self._telling.nothing(outcome)} ")
        if outcome.counts or decide[0]:
            lines.append(self._telling.say("next") + ": ", style="bold")
        # Of what was not understood at all nothing is to be corrected.
        if outcome.counts and (outcome.coverage.undetermined < outcome.coverage.total or not decide[1]):
            missing = outcome.counts.get("K101", 0)
            key = "next-findings" if not missing else "next-course" if missing == 1 else "next-courses"
            lines.append(self._telling.say(key, count=missing) + "\n")
        if decide[0]:
            lines.append(decide[0] + "\n").append(kept(decide[1]) + "\n" * bool(decide[1]), style="bold")
        if outcome.counts and self.proposing:
            lines.append(self._telling.say("next-list") + "\n")
            listed = command_on("check", self.paths, "--worklist", self._telling.say("worklist-file"))
            lines.append(kept(f"{command_on('work', self.paths)}\n{listed}\n"), style="bold")
        return Padding(lines.append(self._telling.say("purpose"), style="dim"), (0, 0, 0, 2))
