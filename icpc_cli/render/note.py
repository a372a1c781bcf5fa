"""A note as it was read: the words that decided marked in it, what was set aside and why, and the facts."""

import sys
from collections.abc import Iterator, Mapping

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from icpc_cli.guideline import Guideline, load_wording
from icpc_cli.guideline.words import READ, Topic
from icpc_cli.model import Fact
from icpc_cli.notes import Evidence, Reading
from icpc_cli.render import terminal
from icpc_cli.render.letters import spelling
from icpc_cli.render.safe import printable, without_cpr
from icpc_cli.text import Language

_LABEL_WIDTH = 14
_KINDS = {Fact.CONDITIONS: "condition", Fact.NERVE_ROOT_SIGNS: "answer", Fact.FINDINGS_CERTAIN: "answer"}
_COUNTED = ("[", "]", "bold")
_ASIDE = ("{", "}", "dim")


def print_reading(guideline: Guideline, text: str, reading: Reading, language: Language) -> None:
    """Write the note with its marks, the facts read from it, and what was set aside, to standard output."""
    terminal.write(_Page(guideline, text, reading, language).whole())


class _Page:
    def __init__(self, guideline: Guideline, text: str, reading: Reading, language: Language) -> None:
        self.guideline, self.reading, self.language = guideline, reading, language
        self.text = without_cpr(text)  # as long as the text, so that places stay right
        self.spelling: Mapping[int, str] = spelling(sys.stdout.encoding)

    def whole(self) -> RenderableType:
        aside = [evidence for evidence in self.reading.evidence if evidence.set_aside]
        parts: list[RenderableType] = [self.heading("note"), _indented(self.marked())]
        if self.reading.evidence:
            parts.append(_indented(Line(self.legend(aside=bool(aside)), "dim")))
        parts += [self.heading("read"), self.facts()]
        if aside:
            parts += [self.heading("aside"), self.set_aside(aside)]
        return Group(*parts)

    def word(self, key: str) -> str:
        return load_wording("notes")[key][self.language].translate(self.spelling)

    def label(self, evidence_fact: Fact, value: str) -> str:
        return self.guideline.label(_KINDS[evidence_fact], value)[self.language].translate(self.spelling)

    def heading(self, key: str) -> RenderableType:
        return Line.assemble("\n", (self.word(f"heading.{key}"), "bold underline"))

    def legend(self, *, aside: bool) -> str:
        signs = [self.word("legend.counted")] + ([self.word("legend.aside")] if aside else [])
        return " · ".join((*signs, self.word("check"))).translate(self.spelling)

    def marked(self) -> Line:
        line = Line()
        for start, end, mark in self.pieces():
            piece = self.safe(self.text[start:end])
            if mark:
                opening, closing, style = mark
                line.append(opening + piece + closing, style)
            else:
                line.append(piece)
        return line

    def pieces(self) -> Iterator[tuple[int, int, tuple[str, str, str] | None]]:
        """The note in pieces of one mark each; where places overlap, what counted goes before what was set aside."""
        marks: list[tuple[str, str, str] | None] = [None] * len(self.text)
        for mark, counted in ((_ASIDE, False), (_COUNTED, True)):
            for evidence in self.reading.evidence:
                if (evidence.set_aside is None) is counted and (not counted or self.decides(evidence)):
                    marks[evidence.start : evidence.end] = [mark] * (evidence.end - evidence.start)
        start = 0
        for end in range(1, len(marks) + 1):
            if end == len(marks) or marks[end] is not marks[start]:
                yield start, end, marks[start]
                start = end

    def decides(self, evidence: Evidence) -> bool:
        """Whether the answer is what these words say: a denied sign does not decide where another one is stated."""
        if evidence.fact is Topic.RED_FLAGS:
            return True
        answer = getattr(self.reading, evidence.fact.value)
        return evidence.value == answer or (evidence.fact is Topic.CONDITIONS and evidence.value in answer)

    def safe(self, text: str) -> str:
        """Words of the note, without what could harm a terminal; its lines stay lines."""
        return "\n".join(printable(line) for line in text.splitlines() or [""]).translate(self.spelling) + (
            "\n" if text.endswith("\n") else ""
        )

    def facts(self) -> RenderableType:
        table = _grid()
        words = load_wording("screens")
        for fact in READ:
            value = getattr(self.reading, fact.value)
            named = [str(each) for each in value] if fact is Fact.CONDITIONS else [str(value)]
            label = words[f"label.{fact}"][self.language].translate(self.spelling)
            for each in named or [""]:
                unknown = each in ("", "unknown")
                shown = self.word("unknown") if unknown else self.label(fact, each)
                table.add_row(
                    Line(label, "bold"), Line.assemble(shown, ("" if unknown else self.quoted(fact, each), "dim"))
                )
                label = ""
        return _indented(table)

    def quoted(self, fact: Fact, value: str) -> str:
        """The words that said so, each once."""
        said = (self.words_of(each) for each in self.reading.evidence if _says(each, fact, value))
        quotes = ", ".join(f'"{words}"' for words in dict.fromkeys(said))
        return f"  {quotes}" if quotes else ""

    def words_of(self, evidence: Evidence) -> str:
        return printable(" ".join(self.text[evidence.start : evidence.end].split())).translate(self.spelling)

    def set_aside(self, aside: list[Evidence]) -> RenderableType:
        rows = dict.fromkeys(
            (f'"{self.words_of(each)}"', self.what(each), self.word(f"aside.{each.set_aside}")) for each in aside
        )
        lines = [Line(f"{words}  {what}: {why}", "dim") for words, what, why in rows]
        return _indented(Group(*lines))

    def what(self, evidence: Evidence) -> str:
        if evidence.fact is Topic.CONDITIONS:
            return self.label(Fact.CONDITIONS, evidence.value)
        if evidence.fact is Topic.RED_FLAGS:
            return self.word("red_flags")
        label = load_wording("screens")[f"label.{evidence.fact}"][self.language]
        return label.translate(self.spelling)


def _says(evidence: Evidence, fact: Fact, value: str) -> bool:
    return evidence.fact.value == fact.value and evidence.value == value and evidence.set_aside is None


def _grid() -> Table:
    table = Table.grid(padding=(0, 0))
    table.add_column(width=_LABEL_WIDTH)
    table.add_column()
    return table


def _indented(what: RenderableType) -> RenderableType:
    return Padding(what, (0, 0, 0, 2))
