"""A note as it was read: the words that decided marked in it, what was set aside and why, and the facts."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text as Line

from icpc_cli.guideline import Guideline
from icpc_cli.guideline.words import READ, Stage, Topic
from icpc_cli.model import Answer, Fact
from icpc_cli.notes import Evidence, Reading
from icpc_cli.notes.explain import Step
from icpc_cli.screens.terminal import Terminal, indented, labelled
from icpc_cli.voice import Voice
from icpc_cli.voice.safe import printable, without_cpr

_KINDS = {Fact.CONDITIONS: "condition", Fact.NERVE_ROOT_SIGNS: "answer", Fact.FINDINGS_CERTAIN: "answer"}
_COUNTED = ("[", "]", "bold")
_ASIDE = ("{", "}", "dim")
_QUOTED = 40
"""Characters of an entry that tell which one it is."""


def print_reading(terminal: Terminal, guideline: Guideline, text: str, reading: Reading) -> None:
    """Write the note with its marks, the facts read from it, and what was set aside."""
    terminal.write(_NoteScreen(guideline, text, reading, terminal.voice).whole())


def print_steps(terminal: Terminal, text: str, steps: Sequence[Step]) -> None:
    """Write what each stage made of the note: the words, the rule and what came of it."""
    voice, text = terminal.voice, without_cpr(text)
    for stage in Stage:
        lines = dict.fromkeys(
            voice.spell(printable(f"{_shortened(text[each.start : each.end])}  {each.rule}  {each.outcome}".rstrip()))
            for each in steps
            if each.stage is stage
        )
        terminal.write(Line(voice.say("notes", f"stage.{stage}"), "bold underline"))
        terminal.write(indented(Line("\n".join(lines) or voice.say("notes", "stage.nothing"), "dim")))


def _shortened(words: str) -> str:
    flat = " ".join(words.split())
    return f'"{flat}"' if len(flat) <= _QUOTED else f'"{flat[:_QUOTED]} ..."'


class _NoteScreen:
    def __init__(self, guideline: Guideline, text: str, reading: Reading, voice: Voice) -> None:
        self.guideline, self.reading, self.voice = guideline, reading, voice
        self.text = without_cpr(text)  # as long as the text, so that places stay right

    def whole(self) -> RenderableType:
        aside = [evidence for evidence in self.reading.evidence if evidence.set_aside]
        parts: list[RenderableType] = [self.heading("note"), indented(self.marked())]
        if self.reading.evidence:
            parts.append(indented(Line(self.legend(aside=bool(aside)), "dim")))
        parts += [self.heading("read"), self.facts(), *map(indented, self.remarks())]
        if aside:
            parts += [self.heading("aside"), self.set_aside(aside)]
        return Group(*parts)

    def word(self, key: str) -> str:
        return self.voice.say("notes", key)

    def label(self, evidence_fact: Fact, value: str) -> str:
        return self.voice.of(self.guideline.label(_KINDS[evidence_fact], value))

    def heading(self, key: str) -> RenderableType:
        return Line.assemble("\n", (self.word(f"heading.{key}"), "bold underline"))

    def legend(self, *, aside: bool) -> str:
        signs = [self.word("legend.counted")] + ([self.word("legend.aside")] if aside else [])
        return self.voice.spell(" · ".join((*signs, self.word("check"))))

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
        lines = "\n".join(printable(line) for line in text.splitlines() or [""])
        return self.voice.spell(lines + ("\n" if text.endswith("\n") else ""))

    def facts(self) -> RenderableType:
        return labelled(self.fact_lines())

    def remarks(self) -> Iterator[Line]:
        """What there is to know of the reading beside the facts, a line each."""
        if self.reading.entries > 1:
            start, end = self.reading.latest
            quote = self.safe(" ".join(self.text[start:end].split())[:_QUOTED])
            yield Line(self.voice.say("notes", "entries", count=self.reading.entries, quote=quote), "dim")
        if self.reading.language != "da":
            yield Line(self.word("language"), "dim")
        if self.reading.broken:
            yield Line(self.voice.say("notes", "broken", count=len(self.reading.broken)), "dim")
        if self.reading.vague_radiation and self.reading.nerve_root_signs is Answer.UNKNOWN:
            yield Line(self.word("radiation"), "dim")

    def fact_lines(self) -> Iterator[tuple[str, Line]]:
        for fact in READ:
            value = getattr(self.reading, fact.value)
            named = [str(each) for each in value] if fact is Fact.CONDITIONS else [str(value)]
            label = self.voice.say("screens", f"label.{fact}")
            for each in named or [""]:
                unknown = each in ("", "unknown")
                said = self.word("unknown") if unknown else self.label(fact, each)
                yield label, Line.assemble(said, ("" if unknown else self.quoted(Topic(fact), each), "dim"))
                label = ""
        if self.reading.red_flags:
            quotes = self.quoted(Topic.RED_FLAGS, "yes")
            yield self.word("red_flags"), Line.assemble(self.word("red_flags_mean"), (quotes, "dim"))

    def quoted(self, fact: Topic, value: str) -> str:
        """The words that said so, each once."""
        said = (self.words_of(each) for each in self.reading.evidence if _says(each, fact, value))
        quotes = ", ".join(f'"{words}"' for words in dict.fromkeys(said))
        return f"  {quotes}" if quotes else ""

    def words_of(self, evidence: Evidence) -> str:
        return self.voice.spell(printable(" ".join(self.text[evidence.start : evidence.end].split())))

    def set_aside(self, aside: list[Evidence]) -> RenderableType:
        rows = dict.fromkeys(
            (f'"{self.words_of(each)}"', self.what(each), self.word(f"aside.{each.set_aside}")) for each in aside
        )
        lines = [Line(f"{words}  {what}: {why}", "dim") for words, what, why in rows]
        return indented(Group(*lines))

    def what(self, evidence: Evidence) -> str:
        if evidence.fact is Topic.CONDITIONS:
            return self.label(Fact.CONDITIONS, evidence.value)
        if evidence.fact is Topic.RED_FLAGS:
            return self.word("red_flags")
        return self.voice.say("screens", f"label.{evidence.fact}")


def _says(evidence: Evidence, fact: Topic, value: str) -> bool:
    return evidence.fact is fact and evidence.value == value and evidence.set_aside is None
