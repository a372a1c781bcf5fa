"""Finding codes by number or word: titles, names of conditions, parts of words, and words with typing errors."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from icpc_cli.guideline.names import fold, fold_bare
from icpc_cli.guideline.rules import Guideline
from icpc_cli.model import NO_DIAGNOSES, Answer, Condition, Role
from icpc_cli.text import Text

_CODE = re.compile(r"[a-z]?[0-9]{1,2}|[a-z]")
_WORDS = re.compile(r"[^\W_]+")
_ROLES = list(Role)
_OWN_CHAPTER = "L"
"""The musculoskeletal chapter, where most of what physiotherapists look for is: before the others, all else equal."""
_LEAST_LIKENESS = 75
"""How alike two words of four letters or more must be, in percent, for one to be the other with a typing error."""
_ENDING = 3
"""Letters that Danish may add to a word: knæ, knæet; hofte, hofterne."""


@dataclass(frozen=True, slots=True)
class Use:
    """What a code is for a condition of the guide, under these answers about nerve-root signs."""

    condition: Condition
    role: Role
    signs: tuple[Answer, ...]

    @property
    def always(self) -> bool:
        """Whether the nerve-root signs do not matter."""
        return len(self.signs) == len(Answer)


@dataclass(frozen=True, slots=True)
class Entry:
    """A code that the program knows, from the guide or from the clinic's own list, and what the guide uses it for."""

    code: str
    title: Text
    uses: tuple[Use, ...]
    own_title: str | None = None

    @property
    def titled_otherwise(self) -> bool:
        """Whether the clinic's list has a title that is none of the program's own for the code."""
        return self.own_title is not None and fold(self.own_title) not in (fold(self.title.da), fold(self.title.en))

    @property
    def process(self) -> bool:
        """Whether it is a process code, which is no diagnosis."""
        return int(self.code[1:]) in NO_DIAGNOSES


@dataclass(frozen=True, slots=True)
class Found:
    """The codes for a query, best first; ``near`` when only words that resemble it were found."""

    entries: tuple[Entry, ...]
    near: bool = False


class CodeSearch:
    """The codes of a guideline and its clinic's own list, to be searched."""

    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All codes, in order."""
        own = self._guideline.own.titles if self._guideline.own else {}
        uses = _uses(self._guideline)
        return tuple(
            Entry(code, known.title if known else Text(own[code], own[code]), tuple(uses.get(code, ())), own.get(code))
            for code in sorted({*own, *self._guideline.codes})
            for known in [self._guideline.codes.get(code)]
        )

    def find(self, query: str) -> Found:
        """The codes that every word of ``query`` leads to: by number, by title, or by the names of a condition."""
        if _CODE.fullmatch(number := fold(query)):
            return Found(tuple(entry for entry in self.entries if number in entry.code.casefold()))
        words = _words(query)
        for near in (False, True):
            scored = [(score, entry) for entry in self.entries if (score := self._score(entry, words, near=near))]
            if scored:
                best = sorted(
                    scored, key=lambda hit: (-hit[0][0], hit[0][1], hit[1].code[0] != _OWN_CHAPTER, hit[1].code)
                )
                return Found(tuple(entry for _, entry in best), near)
        return Found(())

    def _score(self, entry: Entry, words: list[tuple[str, str]], *, near: bool) -> tuple[int, int] | None:
        """How well the best text of a code matches all words (percent), and how far its role stands from recommended.

        A code that was found by the name of a condition goes before one found by its title alone.
        """
        hits = [
            (score, place)
            for place, text in self._texts(entry)
            if (score := min((_likeness(word, _words(text), near=near) for word in words), default=0))
        ]
        return max(hits, key=lambda hit: (hit[0], -hit[1]), default=None)

    def _texts(self, entry: Entry) -> Iterator[tuple[int, str]]:
        """What a code is called, each text with the place of its role."""
        for use in entry.uses:
            for name in self._guideline.called[use.condition]:
                yield _ROLES.index(use.role), f"{entry.code} {name}"
        for title in (entry.title.da, entry.title.en, entry.own_title):
            if title:
                yield len(_ROLES), f"{entry.code} {title}"


def _uses(guideline: Guideline) -> dict[str, list[Use]]:
    """Uses by code, in the order of the guide's table, then by role."""
    signs: dict[tuple[str, Condition, Role], list[Answer]] = {}
    for (condition, answer), rules in guideline.suggestions.items():
        recommended = rules[0].code.code
        for rule in rules:
            signs.setdefault((rule.code.code, condition, rule.role), []).append(answer)
        interim = guideline.interim.get(recommended)
        if interim and interim.code.code not in [rule.code.code for rule in rules]:
            signs.setdefault((interim.code.code, condition, Role.INTERIM), []).append(answer)
    uses: dict[str, list[Use]] = {}
    for (code, condition, role), answers in signs.items():
        uses.setdefault(code, []).append(Use(condition, role, tuple(each for each in Answer if each in answers)))
    for each in uses.values():
        each.sort(key=lambda use: (list(Condition).index(use.condition), _ROLES.index(use.role)))
    return uses


def _words(text: str) -> list[tuple[str, str]]:
    """The words of a text, each with æ as ae and with æ as a."""
    return [(fold(word), fold_bare(word)) for word in _WORDS.findall(text)]


def _likeness(word: tuple[str, str], others: list[tuple[str, str]], *, near: bool) -> int:
    """How like the most similar of ``others`` is to ``word``, in percent; 0 when none is like it."""
    pairs = [(written, other) for both in others for written in set(word) for other in set(both)]
    best = max((_alike(written, other) for written, other in pairs), default=0)
    if not best and any(_compounded(written, [both[form] for both in others]) for form, written in enumerate(word)):
        best = 85
    if not best and near:
        best = max((_resembling(written, other) for written, other in pairs), default=0)
    return best


def _alike(word: str, other: str) -> int:
    """The same word, its beginning, the word with an ending, or a part of it."""
    if word == other:
        return 100
    if other.startswith(word):
        return 90
    if len(other) >= 3 and word.startswith(other) and len(word) - len(other) <= _ENDING:
        return 88
    return 80 if len(word) >= 3 and word in other else 0


def _compounded(word: str, others: list[str]) -> bool:
    """Whether two of the words make ``word`` up, but for a letter between them: knæslidgigt, hofteartrose."""
    parts = [other for other in others if len(other) >= 3 and other in word]
    rest = word
    for part in sorted(parts, key=len, reverse=True):
        rest = rest.replace(part, "", 1)
    return len(parts) >= 2 and len(rest) <= 2


def _resembling(word: str, other: str) -> int:
    from rapidfuzz.distance import OSA

    if min(len(word), len(other)) < 4:
        return 0
    likeness = round(100 * OSA.normalized_similarity(word, other))
    return likeness if likeness >= _LEAST_LIKENESS else 0
