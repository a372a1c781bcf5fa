"""What is put to the user: sheets with a question, pages with a text, and who may show them."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

from icpc_cli.cases import understood
from icpc_cli.cases.words import SPECIALTIES, read_specialty
from icpc_cli.guideline import Guideline, fold
from icpc_cli.guideline.names import fold_bare
from icpc_cli.model import Answers, Condition, Fact, Question, Value
from icpc_cli.voice import Voice

LONGEST_LINE = 100
"""Columns that text is spread over at most, however wide the window is."""
LABEL_WIDTH = 15
"""Columns for the label of an answer."""
LONGEST_NUMBER = 3
"""Digits of the number of a specialty."""


class Move(Enum):
    """What a user may do instead of answering."""

    BACK = "back"


BACK: Final = Move.BACK


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: the key that names it, its name and meaning, and whether a typed number takes its place.

    ``names`` are the other names that it goes by.
    """

    key: str
    label: str
    value: Value
    number: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A question with all that stands around it.

    ``chosen`` holds the earlier answer, if any: it is pointed at or ticked from the start. Where ``several`` may be
    ticked, the last option is "don't know" and stands alone. ``reads`` understands words that are no name of an option.
    """

    text: str
    help: str
    options: tuple[Option, ...]
    above: tuple[tuple[str, str], ...] = ()
    chosen: tuple[Value, ...] = ()
    several: bool = False
    can_go_back: bool = False
    reads: Callable[[str], str | None] = lambda _: None

    @property
    def number(self) -> bool:
        """Whether a number may be typed."""
        return any(option.number for option in self.options)

    @property
    def kind(self) -> str:
        """Which hint belongs to the question."""
        if self.several:
            return "several"
        if self.number:
            return "number"
        first = self.options[0].key
        return "keys" if first == "0" else "menu" if first == "1" else "one"

    def earlier(self) -> tuple[tuple[int, ...], str]:
        """The places of the options that were chosen before, and the number that was typed for one."""
        for value in self.chosen:
            several = set(value) if self.several and isinstance(value, tuple) else set()
            for number in (False, True):
                places = tuple(
                    place
                    for place, option in enumerate(self.options)
                    if option.number is number
                    and (number or option.value == value or several & set(option.value or ()))
                )
                if places:
                    return places, str(value) if number else ""
        return (), ""

    def keys_of(self, place: int) -> tuple[str, ...]:
        """What chooses an option: the sign before it, and its place where the signs are letters."""
        key = self.options[place].key
        return (key, str(place + 1)) if self.kind == "one" else (key,)


@dataclass(frozen=True, slots=True)
class Page:
    """A text to read, drawn for a width and a height, and what can be done from there: (key, name, id)."""

    draw: Callable[[int, int], str]
    actions: tuple[tuple[str, str, str], ...]
    status: str = ""


class Asker(Protocol):
    """Someone who puts sheets and pages to the user."""

    @property
    def leaves_text(self) -> bool:
        """Whether what was shown stays in the terminal."""

    def ask(self, sheet: Sheet) -> Value | Move:
        """The value of the chosen option, or BACK."""

    def show(self, page: Page) -> str | Move:
        """The id of the chosen action, or BACK."""


def say(voice: Voice, key: str, /, **facts: object) -> str:
    """A text of the screens."""
    return voice.say("screens", key, **facts)


def put(voice: Voice, file: str, key: str, options: Iterable[Option], /, **facts: object) -> Sheet:
    """A question of ``data/guideline/<file>.toml``, with its help at ``<key>-help``."""
    return Sheet(voice.say(file, key, **facts), voice.say(file, f"{key}-help"), tuple(options))


def numbered(choices: Iterable[tuple[str, Value]]) -> list[Option]:
    """Options of these names and meanings, chosen by their numbers."""
    return [Option(str(number), label, value) for number, (label, value) in enumerate(choices, start=1)]


def sheet(voice: Voice, guideline: Guideline, fact: Fact) -> Sheet:
    """The question about a fact with its options; what stands around it is added by who asks."""
    question = guideline.questions[fact]
    named = [(key, voice.of(label)) for key, label in question.choices if key != "unknown"]
    label = say(voice, "choice.unknown")
    # Where letters are names that are typed, only digits choose.
    unknown = Option("0" if question.several else label[0].lower(), label, UNKNOWN[fact])
    return Sheet(
        text=voice.of(question.text),
        help=f"{voice.of(question.help)}\n[{voice.of(guideline.cited(question.basis, question.source))}]",
        options=(*_options(voice, guideline, question, named), unknown),
        several=question.several,
        reads=lambda text: understood(guideline, fact, text, asked=True),
    )


def ask_specialty(asker: Asker, voice: Voice, guideline: Guideline, question: Sheet) -> Value | Move:
    """The answer to a question about a specialty; a number that is none of physiotherapy's is asked about once."""
    while True:
        reply = asker.ask(question)
        if not isinstance(reply, str) or not reply.isdigit() or reply in SPECIALTIES:
            return reply
        settled = asker.ask(_doubt(voice, guideline, reply))
        if isinstance(settled, str):
            return settled


def _doubt(voice: Voice, guideline: Guideline, number: str) -> Sheet:
    """A number that is no specialty of physiotherapy: the one it stands for on referrals, or the number itself?"""
    meant = read_specialty(number) or number
    name = voice.of(guideline.specialty_name(meant))
    key = "doubt.number" if meant == number else "doubt.referral"
    yes, no = (say(voice, f"doubt.{each}", name=name) for each in ("yes", "no"))
    return Sheet(
        say(voice, key, number=number, meant=meant),
        say(voice, "doubt.help", number=number),
        (_by_letter(yes, meant), _by_letter(no, None)),
        can_go_back=True,
    )


UNKNOWN: Mapping[Fact, Value] = dict.fromkeys(Fact, "unknown") | {Fact.SPECIALTY: None, Fact.CONDITIONS: ()}
"""What a fact is after "don't know"."""


def _options(
    voice: Voice, guideline: Guideline, question: Question, named: list[tuple[str, str]]
) -> tuple[Option, ...]:
    if question.several:
        return tuple(
            Option(str(number), label, (Condition(key),), names=guideline.called[key])
            for number, (key, label) in enumerate(named, start=1)
        )
    if question.fact is Fact.SPECIALTY:
        label = say(voice, "choice.other-specialty")
        return (*(Option(key, label, key) for key, label in named), Option(label[0].lower(), label, None, number=True))
    return tuple(_by_letter(label, key) for key, label in named)


def _by_letter(label: str, value: Value) -> Option:
    return Option(label[0].lower(), label, value)


def found(options: Sequence[Option], typed: str) -> tuple[int, ...]:
    """The places of the options that a typed text names: by the beginnings of words, else by any part of a name."""
    for fits in (_begins, _holds):
        places = [n for n, each in enumerate(options) if any(fits(name, typed) for name in (each.label, *each.names))]
        if places:
            return tuple(places)
    return ()


def _begins(name: str, typed: str) -> bool:
    """Whether words of the name begin with the typed ones, or go on as these do: ``lumbal ste``, ``stenose lumbal``."""
    words = re.split(r"[\s-]+", name)
    ends = ["".join(words[place:]) for place in range(len(words))]

    def begun(text: str) -> bool:
        return any(form(end).startswith(fold(text)) for end in ends for form in (fold, fold_bare))

    return begun(typed) or all(map(begun, typed.split()))


def _holds(name: str, typed: str) -> bool:
    return any(fold(typed) in form(name) for form in (fold, fold_bare))


def so_far(voice: Voice, guideline: Guideline, answers: Answers) -> dict[Fact, tuple[str, str]]:
    """What is known or was answered with "don't know": label and answer of each fact."""
    facts = [fact for fact in Fact if answers.case.knows(fact) or fact in answers.declined]
    return {fact: (say(voice, f"label.{fact}"), _answer(voice, guideline, answers, fact)) for fact in facts}


def _answer(voice: Voice, guideline: Guideline, answers: Answers, fact: Fact) -> str:
    case = answers.case
    if not case.knows(fact):
        return say(voice, "choice.unknown")
    if fact is Fact.SPECIALTY:
        return voice.of(guideline.specialty_name(str(case.specialty)))
    if fact is Fact.CONDITIONS:
        return ", ".join(voice.of(guideline.label("condition", condition)) for condition in case.conditions)
    kind = "course" if fact is Fact.COURSE else "answer"
    return voice.of(guideline.label(kind, getattr(case, fact.value)))


def as_number(text: str) -> str | None:
    """The specialty that was typed, without leading zeros. One digit is no specialty but a slip for a choice."""
    return str(int(text)) if re.fullmatch(r"0*[1-9][0-9]{1,2}", text) else None


def key_lines(voice: Voice, page: Page, columns: int) -> str:
    """``[k] kopiér  [n] næste patient`` and so on, in as many lines as it takes; nothing is broken in two."""
    lines = [""]
    for item in (voice.spell(f"[{key}] {name}") for key, name, _ in page.actions):
        if len(lines[-1]) + 2 + len(item) > columns:
            lines.append("")
        lines[-1] += ("  " if lines[-1] else " ") + item
    return "\n".join(lines)
