"""Advice as a person reads it: the answer on one screen, and the whole explanation with every source."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from rich.box import ROUNDED
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text as Line

from icpc_cli.guideline import Guideline
from icpc_cli.model import Advice, Answer, Basis, Caveat, CaveatId, Condition, Obligation, Rank, Suggestion, Timing
from icpc_cli.screens.terminal import LABEL_WIDTH, LONGEST_LINE, Terminal, indented, labelled
from icpc_cli.text import Text
from icpc_cli.voice import Voice

# What is kept on the screen longest when not everything has room; the first is never hidden.
_WEIGHT = (
    CaveatId.RED_FLAGS,
    CaveatId.FOOTNOTE_1,
    CaveatId.SIGNS_OPEN,
    CaveatId.NO_NERVE_ROOT_SIGNS,
    CaveatId.PREFER_L86,
    CaveatId.OUTSIDE_TABLE,
    CaveatId.INTERIM_L03,
    CaveatId.FIRST_CONSULTATION,
    CaveatId.FOOTNOTE_2,
    CaveatId.KEEP_HISTORY,
)
_COLOURS = {Timing.NOW: "green", Timing.CONFIRM: "yellow", Timing.WAIT: "yellow"}
_CODE_WIDTH = 6


def code_to_use(suggestions: tuple[Suggestion, ...]) -> Suggestion:
    """Of one condition's codes, the one to use today: the recommended one, or the interim one while that waits."""
    return next((each for each in suggestions if each.rank is Rank.INTERIM), suggestions[0])


def record_line(voice: Voice, advice: Advice) -> str:
    """The line for the record: the codes to use now with their titles, each once; empty where there is none."""
    return "; ".join(dict.fromkeys(_named(voice, each) for each in _to_use_now(advice)))


def code_line(advice: Advice) -> str:
    """The codes of that line alone, as a code field wants them."""
    return "; ".join(dict.fromkeys(each.code.code for each in _to_use_now(advice)))


def _to_use_now(advice: Advice) -> Iterator[Suggestion]:
    used = (code_to_use(suggestions) for _, suggestions in _by_condition(advice))
    return (each for each in used if each.timing is Timing.NOW)


def later_line(voice: Voice, advice: Advice) -> str:
    """What belongs in the record once the findings are certain; both codes, where signs are still to decide."""
    either = f" {voice.say('findings', 'or')} "
    found = []
    for _, suggestions in _by_condition(advice):
        later = [each for each in suggestions if each.rank is not Rank.INTERIM and each.timing is not Timing.NOW]
        undecided = advice.case.nerve_root_signs is Answer.UNKNOWN
        found.append(either.join(_named(voice, each) for each in (later if undecided else later[:1])))
    return "; ".join(dict.fromkeys(filter(None, found)))


def _named(voice: Voice, suggestion: Suggestion) -> str:
    return f"{suggestion.code.code} {voice.of(suggestion.code.title)}"


def print_advice(terminal: Terminal, guideline: Guideline, advice: Advice) -> None:
    """Write the whole explanation."""
    terminal.write(_AdviceWriter(guideline, advice, terminal.voice, terminal.width).whole())


def print_answer(terminal: Terminal, guideline: Guideline, advice: Advice) -> None:
    """Write the answer as it stood on the screen, with all its caveats."""
    terminal.write(_AdviceWriter(guideline, advice, terminal.voice, terminal.width).answer())


@dataclass(frozen=True, slots=True)
class Drawing:
    """The advice drawn for a screen that someone else owns."""

    terminal: Terminal
    guideline: Guideline
    advice: Advice

    def brief(self, width: int, height: int) -> str:
        """The answer in ``height`` lines, airy where there is room; what has no room is counted and left to the whole.

        Where even the shortest form is too long (several conditions), nothing is hidden and it is left to scroll.
        """
        writer = self._writer(width)
        for roomy, hidden in [(True, 0), *((False, hidden) for hidden in range(len(self.advice.caveats)))]:
            text = self.terminal.drawn(writer.answer(roomy=roomy, hidden=hidden), width)
            if text.count("\n") < height:
                return text
        return self.terminal.drawn(writer.answer(record_first=True), width)

    def whole(self, width: int, _height: int) -> str:
        """The whole explanation, however long."""
        return self.terminal.drawn(self._writer(width).whole(), width)

    def _writer(self, width: int) -> "_AdviceWriter":
        return _AdviceWriter(self.guideline, self.advice, self.terminal.voice, min(width, LONGEST_LINE))


def _by_condition(advice: Advice) -> Iterator[tuple[Condition, tuple[Suggestion, ...]]]:
    for condition, suggestions in groupby(advice.suggestions, key=lambda each: each.condition):
        yield condition, tuple(suggestions)


@dataclass(frozen=True, slots=True)
class _AdviceWriter:
    guideline: Guideline
    advice: Advice
    voice: Voice
    width: int

    def say(self, text: Text) -> str:
        return self.voice.of(text)

    def word(self, key: str, /, **facts: object) -> str:
        return self.voice.say("screens", key, **facts)

    def label(self, kind: str, key: str) -> str:
        return self.say(self.guideline.label(kind, key))

    # The answer on one screen

    def answer(self, *, roomy: bool = False, hidden: int = 0, record_first: bool = False) -> RenderableType:
        gap = [Line("")] if roomy else []
        record = list(self.record())
        parts: list[RenderableType] = [*gap, self.obligation(), *(record if record_first else []), *gap]
        parts += [*self.panels(roomy=roomy), *gap]
        if rows := list(self.remarks(hidden)):
            parts += [labelled(rows), *gap]
        parts.append(indented(Line(self.say(self.guideline.purpose), "dim")))
        return Group(*parts, *([] if record_first else [*gap, *record]))

    def record(self) -> Iterator[RenderableType]:
        """The line for the record, and what waits: last in the answer, but first where the end must be scrolled to."""
        if record := record_line(self.voice, self.advice):
            yield labelled([(self.word("answer.record"), Line(record, "bold"))])
        if later := later_line(self.voice, self.advice):
            yield indented(Line.assemble((f"{self.word('answer.later')}: ", "bold"), later))

    def obligation(self) -> RenderableType:
        found = self.advice.obligation
        line = Line.assemble((self.label("status", found.status).upper(), "bold"), "  ", self.say(found.reason))
        return indented(line)

    def panels(self, *, roomy: bool) -> Iterator[RenderableType]:
        if not self.advice.case.conditions:
            yield indented(Line(self.word("answer.no-condition")))
        found = dict(_by_condition(self.advice))
        for condition in self.advice.case.conditions:
            yield Panel(
                Group(*self.codes(found.get(condition, ()), roomy=roomy)),
                box=ROUNDED,
                title=Line(self.label("condition", condition), "bold"),
                title_align="left",
                subtitle=self.subtitle(found.get(condition, ())),
                subtitle_align="left",
                padding=(1, 1) if roomy else (0, 1),
                width=self.width,
            )

    def subtitle(self, suggestions: tuple[Suggestion, ...]) -> Line | None:
        """Who says so, of all codes of a condition."""
        bases = dict.fromkeys(self.label("basis", each.basis) for each in suggestions)
        return Line(f"{self.word('answer.source')}: {', '.join(bases)}", "dim") if bases else None

    def codes(self, suggestions: tuple[Suggestion, ...], *, roomy: bool) -> Iterator[RenderableType]:
        if not suggestions:
            yield Line(self.word("answer.no-code"))
            return
        use = code_to_use(suggestions)
        first = [use, *(each for each in suggestions if each is not use)]
        for number, suggestion in enumerate(first):
            if roomy and number:
                yield Line("")
            yield from self.code(suggestion, self.reason(suggestion), use=suggestion is use)

    def reason(self, suggestion: Suggestion) -> Line:
        return Line.assemble(self.say(suggestion.reason), (f" [{self.basis(suggestion)}]", "dim"))

    def code(self, suggestion: Suggestion, reason: Line, *, use: bool) -> Iterator[RenderableType]:
        """The code with title, rank and timing, then why, which begins with the timing where the title is too long."""
        style = "dim" if suggestion.timing is Timing.WAIT else "bold" if use else ""
        code = Line(f" {suggestion.code.code} ", "bold reverse" if use else style)
        title = Line(" " + self.say(suggestion.code.title), style)
        timing = Line.assemble(
            (self.label("rank", suggestion.rank) + self.voice.spell(" · "), style),
            (self.label("timing", suggestion.timing), f"{style} {_COLOURS[suggestion.timing]}"),
        )
        room = self.width - 4 - len(code) - len(title) - len(timing)
        if room >= 1:
            yield Line.assemble(code, title, " " * room, timing)
        else:
            yield Line.assemble(code, title)
            reason = Line.assemble(timing, ". ", reason)
        yield Padding(reason, (0, 0, 0, _CODE_WIDTH))

    def basis(self, suggestion: Suggestion) -> str:
        """Who says so, in a word, and the guide's footnotes that bear on it."""
        if not suggestion.footnotes:
            return self.label("basis", suggestion.basis)
        numbers = self.word("answer.and").join(map(str, suggestion.footnotes))
        key = "answer.footnotes" if len(suggestion.footnotes) > 1 else "answer.footnote"
        return f"{self.label('basis', suggestion.basis)}, {self.word(key, numbers=numbers)}"

    def remarks(self, hidden: int) -> Iterator[tuple[str, Line]]:
        """Caveats by weight without the last ``hidden``, then what is open."""
        caveats = sorted(self.advice.caveats, key=lambda caveat: _WEIGHT.index(caveat.id))
        shown = caveats[: len(caveats) - hidden]
        for caveat in shown:
            yield self.word(f"caveat.{caveat.id}"), self.remark(caveat)
        if hidden:
            count = self.word("answer.hidden", count=hidden, key=self.word("key.whole"))
            yield self.word("answer.more"), Line(count)
        if self.advice.open_questions:
            facts = ", ".join(self.label("fact", fact) for fact in self.advice.open_questions)
            yield self.word("answer.open"), Line(facts)

    def remark(self, caveat: Caveat) -> Line:
        return Line.assemble(self.say(caveat.text), (f" [{self.label('basis', caveat.basis)}]", "dim"))

    # The whole explanation

    def whole(self) -> RenderableType:
        parts: list[RenderableType] = [self.heading("given"), labelled(self.given())]
        parts += [self.heading("obligation"), *self.whole_obligation(self.advice.obligation)]
        parts.append(self.heading("codes"))
        if not self.advice.case.conditions:
            parts.append(indented(Line(self.word("answer.no-condition"))))
        found = dict(_by_condition(self.advice))
        for condition in self.advice.case.conditions:
            parts += self.whole_codes(condition, found.get(condition, ()))
        if self.advice.caveats:
            parts += [self.heading("caveats"), *self.whole_caveats()]
        if self.advice.open_questions:
            parts += [self.heading("open"), *self.whole_open()]
        if record := record_line(self.voice, self.advice):
            parts += [self.heading("record"), indented(Line(record, "bold"))]
        if later := later_line(self.voice, self.advice):
            parts += [self.headed(self.word("answer.later")), indented(Line(later))]
        return Group(*parts, self.heading("about"), *self.about())

    def heading(self, key: str) -> RenderableType:
        return self.headed(self.word(f"whole.{key}"))

    def headed(self, title: str) -> RenderableType:
        return Line.assemble("\n", (title, "bold underline"))

    def given(self) -> Iterator[tuple[str, Line]]:
        case = self.advice.case
        unknown = self.word("choice.unknown")
        number = self.voice.of(self.guideline.specialty_name(case.specialty)) if case.specialty else unknown
        conditions = ", ".join(self.label("condition", condition) for condition in case.conditions)
        yield self.word("label.specialty"), Line(number)
        yield self.word("label.course"), Line(self.label("course", case.course))
        yield self.word("label.conditions"), Line(conditions or unknown)
        yield self.word("label.nerve_root_signs"), Line(self.label("answer", case.nerve_root_signs))
        yield self.word("label.findings_certain"), Line(self.label("answer", case.findings_certain))
        if case.consultation:
            yield self.word("label.consultation"), Line(str(case.consultation))

    def whole_obligation(self, obligation: Obligation) -> Iterator[RenderableType]:
        yield self.obligation()
        yield self.source(obligation.basis, obligation.source, 2)

    def whole_codes(self, condition: Condition, suggestions: tuple[Suggestion, ...]) -> Iterator[RenderableType]:
        yield indented(Line(self.label("condition", condition), "bold"))
        if not suggestions:
            yield indented(Line(self.word("answer.no-code")))
            return
        use = code_to_use(suggestions)
        for suggestion in suggestions:
            for line in self.code(suggestion, self.reason(suggestion), use=suggestion is use):
                yield indented(line)
            yield self.source(suggestion.basis, suggestion.source, 2 + _CODE_WIDTH)

    def whole_caveats(self) -> Iterator[RenderableType]:
        for caveat in sorted(self.advice.caveats, key=lambda caveat: _WEIGHT.index(caveat.id)):
            yield labelled([(self.word(f"caveat.{caveat.id}"), Line(self.say(caveat.text)))])
            yield self.source(caveat.basis, caveat.source, 2 + LABEL_WIDTH)

    def whole_open(self) -> Iterator[RenderableType]:
        for fact in self.advice.open_questions:
            question = self.guideline.questions[fact]
            yield labelled([(self.word(f"label.{fact}"), Line(f"{self.say(question.text)} {self.say(question.help)}"))])

    def source(self, basis: Basis, source: Text, indent: int) -> RenderableType:
        address = self.guideline.addresses[source]
        line = f"{self.word('answer.source')}: {self.say(self.guideline.cited(basis, source))}"
        return Padding(Line(f"{line} <{address}>" if address else line, "dim"), (0, 0, 0, indent))

    def about(self) -> Iterator[RenderableType]:
        edition = self.word("whole.edition", edition=self.guideline.edition)
        for text in (self.say(self.guideline.purpose), self.say(self.guideline.licence), edition):
            yield indented(Line(text))
