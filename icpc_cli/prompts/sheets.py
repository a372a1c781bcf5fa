"""What is put to the user: sheets with a question, pages with a text, and who may show them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

from icpc_cli.guideline import Guideline, load_wording
from icpc_cli.model import Answers, Condition, Fact, Question, Value
from icpc_cli.text import Language

LONGEST_LINE = 100
"""Columns that text is spread over at most, however wide the window is."""
LABEL_WIDTH = 15
"""Columns for the label of an answer."""


class Move(Enum):
    """What a user may do instead of answering."""

    BACK = "back"


BACK: Final = Move.BACK
Words = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: the key that names it, its name and meaning, and whether a typed number takes its place."""

    key: str
    label: str
    value: Value
    number: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A question with all that stands around it.

    ``chosen`` holds the earlier answer, if any: it is pointed at or ticked from the start. Where ``several`` may be
    ticked, the last option is "don't know" and stands alone.
    """

    text: str
    help: str
    options: tuple[Option, ...]
    above: tuple[tuple[str, str], ...] = ()
    chosen: tuple[Value, ...] = ()
    several: bool = False
    can_go_back: bool = False

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
        return "menu" if self.options[0].key == "1" else "one"


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


def words_for(language: Language) -> Words:
    """The wording of the screens by id, filled in."""
    wording = load_wording("screens")
    return lambda key, /, **facts: wording[key][language].format(**facts)


def sheet(question: Question, language: Language) -> Sheet:
    """The question with its options; what stands around it is added by who asks."""
    words = words_for(language)
    named = [(key, label[language]) for key, label in question.choices if key != "unknown"]
    return Sheet(
        text=question.text[language],
        help=f"{question.help[language]}\n[{question.source[language]}]",
        options=(*_options(question, named, words), _by_letter(words("choice.unknown"), UNKNOWN[question.fact])),
        several=question.several,
    )


UNKNOWN: Mapping[Fact, Value] = dict.fromkeys(Fact, "unknown") | {Fact.SPECIALTY: None, Fact.CONDITIONS: ()}
"""What a fact is after "don't know"."""


def _options(question: Question, named: list[tuple[str, str]], words: Words) -> tuple[Option, ...]:
    if question.several:
        return tuple(Option(str(n), label, (Condition(key),)) for n, (key, label) in enumerate(named, start=1))
    if question.fact is Fact.SPECIALTY:
        label = words("choice.other-specialty")
        return (*(Option(key, label, key) for key, label in named), Option(label[0].lower(), label, None, number=True))
    return tuple(_by_letter(label, key) for key, label in named)


def _by_letter(label: str, value: Value) -> Option:
    return Option(label[0].lower(), label, value)


def so_far(guideline: Guideline, answers: Answers, language: Language) -> dict[Fact, tuple[str, str]]:
    """What is known or was answered with "don't know": label and answer of each fact."""
    words = words_for(language)
    facts = [fact for fact in Fact if answers.case.knows(fact) or fact in answers.declined]
    return {fact: (words(f"label.{fact}"), _answer(guideline, answers, fact, words, language)) for fact in facts}


def _answer(guideline: Guideline, answers: Answers, fact: Fact, words: Words, language: Language) -> str:
    case = answers.case
    if not case.knows(fact):
        return words("choice.unknown")
    if fact is Fact.SPECIALTY:
        return guideline.specialty_name(str(case.specialty), language)
    if fact is Fact.CONDITIONS:
        return ", ".join(guideline.label("condition", condition)[language] for condition in case.conditions)
    kind = "course" if fact is Fact.COURSE else "answer"
    return guideline.label(kind, getattr(case, fact.value))[language]


def as_number(text: str) -> str | None:
    """The specialty that was typed, without leading zeros. One digit is no specialty but a slip for a choice."""
    return str(int(text)) if re.fullmatch(r"0*[1-9][0-9]{1,2}", text) else None


def key_lines(page: Page, columns: int, spelling: Mapping[int, str]) -> str:
    """``[k] kopiér  [n] næste patient`` and so on, in as many lines as it takes; nothing is broken in two."""
    lines = [""]
    for item in (f"[{key}] {name}".translate(spelling) for key, name, _ in page.actions):
        if len(lines[-1]) + 2 + len(item) > columns:
            lines.append("")
        lines[-1] += ("  " if lines[-1] else " ") + item
    return "\n".join(lines)
