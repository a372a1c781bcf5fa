"""A course to mend as a person reads it, and the list of what was decided."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from rich.console import Group, RenderableType
from rich.text import Text as Line

from icpc_cli.checks.telling import Telling
from icpc_cli.checks.wording import message
from icpc_cli.checks.worklist import ROWS, Worklist
from icpc_cli.guideline import Guideline
from icpc_cli.outcomes import Errand, Finding
from icpc_cli.screens.check import COLOURS
from icpc_cli.screens.terminal import Terminal, indented, labelled
from icpc_cli.voice import Voice
from icpc_cli.voice.safe import printable, shown
from icpc_cli.work.decisions import Decided, rows

_FACTS = ("patient", "course_id", "last", "therapist", "condition", "code")


@dataclass(frozen=True, slots=True)
class CourseDrawing:
    """What the export says of a course, drawn for a screen that someone else owns. It holds the patient and the note.

    ``place`` says which course of how many it is, ``decided`` what was decided about it before, if anything;
    ``several``: rows of several files are shown.
    """

    terminal: Terminal
    guideline: Guideline
    errand: Errand
    note: str
    place: str
    decided: str
    several: bool

    @property
    def voice(self) -> Voice:
        """The voice of the terminal."""
        return self.terminal.voice

    def draw(self, width: int, _height: int) -> str:
        """All of it, however long."""
        return self.terminal.drawn(Group(*self._parts()), width)

    def _parts(self) -> Iterator[RenderableType]:
        yield indented(Line(self.place, "bold"))
        if self.decided:
            yield indented(Line(self.decided, "yellow"))
        facts = Worklist(self.voice, self.guideline, mask=False).facts(self.errand)
        yield ""
        yield labelled((self._label(name), Line(self.voice.spell(facts[name]))) for name in _FACTS if facts[name])
        yield ""
        same = groupby(self.errand.findings, key=lambda each: (each.check, each.path, message(self.voice, each)))
        for _, found in same:
            yield self._finding(list(found))
        if self.note.strip():
            yield ""
            yield labelled([(self.voice.say("work", "note"), Line(self.voice.spell(_lines(self.note))))])

    def _label(self, name: str) -> str:
        """The name of a column, in the short form that screens have where there is one."""
        return self.voice.known("work", f"label.{name}") or self.voice.say("outputs", f"worklist.{name}")

    def _finding(self, found: Sequence[Finding]) -> RenderableType:
        """A finding with its rows: those of a check that say the same are one."""
        first, telling = found[0], Telling(self.voice)
        rows = ", ".join([*(str(each.row) for each in found[:ROWS]), *["..."][: len(found) > ROWS]])
        where = f"{telling.counted('rows-named', len(found))} {rows}"
        if self.several:
            where = f"{shown(Path(first.path).name)}, {where}"
        line = Line.assemble((f"{first.check} ", "bold"), (telling.severity(first.severity), COLOURS[first.severity]))
        line.append(self.voice.spell(f" · {where}\n"))
        return indented(line.append(self.voice.spell(shown(message(self.voice, first)))))


def _lines(note: str) -> str:
    """A note without what a terminal would act on; its lines stay."""
    return "\n".join(printable(line) for line in note.strip().splitlines() if line.strip())


def decisions(voice: Voice, guideline: Guideline, decided: Sequence[Decided], end: str = "") -> RenderableType:
    """The list of what was decided, for typing into the practice system, and a line after it. It names patients."""
    parts: list[RenderableType] = [indented(Line(voice.counted("work", "decided", len(decided)), "bold"))]
    for _, patient, course_id, last, condition, code, decision, target in rows(voice, guideline, decided):
        who = " · ".join(filter(None, (patient, course_id, last, condition)))
        done = Line(voice.spell(decision)).append(f" {target}", "bold")
        if code and target and code != target:
            done.append(" " + voice.say("work", "instead", code=voice.spell(code)))
        parts += [indented(Line(voice.spell(who))), indented(done, 6)]
    if end:
        parts += ["", indented(Line(end))]
    return Group(*parts)
