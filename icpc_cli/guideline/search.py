"""Finding codes by number or word: titles, names of conditions, parts of words, and words with typing errors."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from icpc_cli.guideline.names import fold, fold_bare
from icpc_cli.guideline.rules import Guideline
from icpc_cli.model import NO_DIAGNOSES, Answer, Condition, Rank
from icpc_cli.text import Text

_CODE = re.compile(r"[a-z]?[0-9]{1,2}|[a-z]")
_Word = tuple[str, str]
"""A word with æ as ae, and with æ as a."""
_Score = tuple[int, int]
"""How well a code fits (the more the better), and how far its rank stands from recommended (the less the better)."""
_WORDS = re.compile(r"[^\W_]+")
_RANKS = list(Rank)
_OWN_CHAPTER = "L"
"""The musculoskeletal chapter, where most of what physiotherapists look for is: before the others, all else equal."""
_LITTLE = frozenset(map(fold, ("i", "på", "af", "og", "fra", "in", "of", "and", "the")))
"""Words of a query that say nothing of what is looked for."""
_COMPLAINTS = frozenset(map(fold, ("ondt", "smerte", "smerter", "gener", "problem", "problemer", "pain", "problems")))
"""Words that say that something is wrong and not where: left out where not all words are found."""
_ENDING = 3
"""Letters that Danish may add to a word: knæ, knæet; hofte, hofterne."""


@dataclass(frozen=True, slots=True)
class Use:
    """What a code is for a condition of the guide, under these answers about nerve-root signs."""

    condition: Condition
    rank: Rank
    signs: tuple[Answer, ...]

    @property
    def always(self) -> bool:
        """Whether the nerve-root signs do not matter."""
        return len(self.signs) == len(Answer)


@dataclass(frozen=True, slots=True)
class CodeEntry:
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
class CodesFound:
    """The codes for a query, best first; ``near`` when only words that resemble it were found."""

    entries: tuple[CodeEntry, ...]
    near: bool = False


class CodeSearch:
    """The codes of a guideline and its clinic's own list, to be searched."""

    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline

    @cached_property
    def entries(self) -> tuple[CodeEntry, ...]:
        """All codes, in order."""
        own = self._guideline.own.titles if self._guideline.own else {}
        uses = _uses(self._guideline)
        return tuple(
            CodeEntry(
                code, known.title if known else Text(own[code], own[code]), tuple(uses.get(code, ())), own.get(code)
            )
            for code in sorted({*own, *self._guideline.codes})
            for known in [self._guideline.codes.get(code)]
        )

    def find(self, query: str) -> CodesFound:
        """The codes that every word of ``query`` leads to: by number, by title, or by the names of a condition.

        Where there is none, those that most of the words lead to, be it with a typing error.
        """
        if _CODE.fullmatch(number := fold(query)):
            return CodesFound(tuple(entry for entry in self.entries if number in entry.code.casefold()))
        words = _without(_LITTLE, _words(query))
        if found := _ranked((entry, self._exact(entry, words)) for entry in self.entries):
            return CodesFound(found)
        words = _without(_COMPLAINTS, words)
        near = [(entry, self._near(entry, words)) for entry in self.entries]
        most = max((len(scores) for _, scores in near), default=0)
        found = _ranked((entry, _summed(scores)) for entry, scores in near if most and len(scores) == most)
        return CodesFound(found, near=bool(found))

    def _exact(self, entry: CodeEntry, words: list[_Word]) -> _Score | None:
        """The best of the texts that hold all words: how well it does, and the place of its rank."""
        scores = [
            (min((_likeness(word, text) for word in words), default=0), place) for place, text in self._texts(entry)
        ]
        return max((each for each in scores if each[0]), key=lambda each: (each[0], -each[1]), default=None)

    def _near(self, entry: CodeEntry, words: list[_Word]) -> list[_Score]:
        """Of each word that some text resembles: how much at best, and the place of the text's rank."""
        scores = []
        for word in words:
            likeness = [
                (_likeness(word, text) or _resemblance(word, text), place) for place, text in self._texts(entry)
            ]
            best = max(likeness, key=lambda each: (each[0], -each[1]))
            scores += [best] if best[0] else []
        return scores

    def _texts(self, entry: CodeEntry) -> Iterator[tuple[int, list[_Word]]]:
        """What a code is called, in words, each time with the place of its rank; names of conditions before titles."""
        for use in entry.uses:
            for name in self._guideline.called[use.condition]:
                yield _RANKS.index(use.rank), _words(f"{entry.code} {name}")
        for title in (entry.title.da, entry.title.en, entry.own_title):
            if title:
                yield len(_RANKS), _words(f"{entry.code} {title}")


def _uses(guideline: Guideline) -> dict[str, list[Use]]:
    """Uses by code, in the order of the guide's table, then by rank."""
    signs: dict[tuple[str, Condition, Rank], list[Answer]] = {}
    for (condition, answer), rules in guideline.suggestions.items():
        recommended = rules[0].code.code
        for rule in rules:
            signs.setdefault((rule.code.code, condition, rule.rank), []).append(answer)
        interim = guideline.interim.get(recommended)
        if interim and interim.code.code not in [rule.code.code for rule in rules]:
            signs.setdefault((interim.code.code, condition, Rank.INTERIM), []).append(answer)
    uses: dict[str, list[Use]] = {}
    for (code, condition, rank), answers in signs.items():
        uses.setdefault(code, []).append(Use(condition, rank, tuple(each for each in Answer if each in answers)))
    for each in uses.values():
        each.sort(key=lambda use: (list(Condition).index(use.condition), _RANKS.index(use.rank)))
    return uses


def _ranked(scored: Iterable[tuple[CodeEntry, _Score | None]]) -> tuple[CodeEntry, ...]:
    """The codes with a score, best first; of equals the recommended one, then the musculoskeletal chapter."""
    hits = [(-score[0], score[1], entry.code[0] != _OWN_CHAPTER, entry.code, entry) for entry, score in scored if score]
    return tuple(hit[-1] for hit in sorted(hits, key=lambda hit: hit[:-1]))


def _summed(scores: list[_Score]) -> _Score:
    return sum(score for score, _ in scores), min(place for _, place in scores)


def _without(little: frozenset[str], words: list[_Word]) -> list[_Word]:
    """The words that say something, or all where none does."""
    return [word for word in words if word[0] not in little] or words


def _words(text: str) -> list[_Word]:
    """The words of a text, each with æ as ae and with æ as a."""
    return [(fold(word), fold_bare(word)) for word in _WORDS.findall(text)]


def _likeness(word: _Word, text: list[_Word]) -> int:
    """How well a word is found in a text, in percent; 0 when it is not."""
    best = max((_alike(written, other) for written, other in _pairs(word, text)), default=0)
    if not best and any(_compounded(written, [both[form] for both in text]) for form, written in enumerate(word)):
        return 85
    return best


def _resemblance(word: _Word, text: list[_Word]) -> int:
    """How much the most similar word of a text resembles ``word``, in percent; 0 when none does."""
    return max((_resembling(written, other) for written, other in _pairs(word, text)), default=0)


def _pairs(word: _Word, text: list[_Word]) -> list[tuple[str, str]]:
    return [(written, other) for both in text for written in set(word) for other in set(both)]


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
    """The same word with one wrong letter in five, or a word that begins with the other: knæsmerter, knæ."""
    from rapidfuzz.distance import OSA

    if len(other) >= 3 and other not in _LITTLE and word.startswith(other):
        return 70
    if min(len(word), len(other)) < 4:
        return 0
    errors = OSA.distance(word, other, score_cutoff=max(1, len(word) // 5))
    return 75 - 5 * errors if errors <= max(1, len(word) // 5) else 0
