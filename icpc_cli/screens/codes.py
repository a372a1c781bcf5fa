"""Codes that were found, for the terminal."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text as Line

from icpc_cli.guideline import Guideline
from icpc_cli.guideline.search import CodeEntry, CodesFound, Use
from icpc_cli.screens.terminal import Terminal, indented
from icpc_cli.voice import Voice
from icpc_cli.voice.safe import shown

_MOST, _MOST_NEAR = 60, 12
"""The codes of a search that are shown: all of a chapter, and fewer where they only resemble what was asked for."""


def print_codes(terminal: Terminal, guideline: Guideline, found: CodesFound, query: str) -> None:
    """Write the codes with what the guide uses them for, which list is in use, and whose ICPC-2 is."""
    voice = terminal.voice
    writer = _CodeWriter(guideline, voice)
    parts: list[RenderableType] = []
    most = len(found.entries) if not query else _MOST_NEAR if found.near else _MOST
    if not found.entries:
        parts.append(writer.text("none", word=shown(query)))
    elif found.near:
        parts.append(writer.text("nearest", word=shown(query)))
    if found.entries:
        parts.append(writer.table(found.entries[:most]))
    if len(found.entries) > most:
        parts.append(writer.text("more", count=len(found.entries) - most))
    parts += ["", writer.list_in_use(), Line(voice.of(guideline.licence), "dim")]
    terminal.write(indented(Group(*parts)))


class _CodeWriter:
    def __init__(self, guideline: Guideline, voice: Voice) -> None:
        self._guideline, self._voice = guideline, voice

    def text(self, key: str, **facts: object) -> Line:
        return Line(self._voice.say("codes", f"screen.{key}", **facts))

    def table(self, entries: Sequence[CodeEntry]) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        for entry in entries:
            table.add_row(Line(entry.code, "bold"), Group(*self._code(entry)))
        return table

    def _code(self, entry: CodeEntry) -> list[RenderableType]:
        lines: list[RenderableType] = [Line(shown(self._voice.of(entry.title)))]
        if entry.titled_otherwise:
            lines.append(self.text("own-title", title=shown(entry.own_title or "")))
        lines += [Line(self._use(use), "dim") for use in entry.uses]
        if entry.process:
            lines.append(Line(self._voice.say("codes", "screen.process"), "dim"))
        return lines

    def _use(self, use: Use) -> str:
        said = (self._guideline.label(*each) for each in (("condition", use.condition), ("rank", use.rank)))
        when = "" if use.always else " " + self._voice.say("codes", f"signs.{'-'.join(use.signs)}")
        return ": ".join(map(self._voice.of, said)) + when

    def list_in_use(self) -> Line:
        own = self._guideline.own
        if own is None:
            return self.text("shipped", count=len(self._guideline.codes))
        return self.text("own", name=shown(own.name), count=len(own.titles), date=own.imported)
