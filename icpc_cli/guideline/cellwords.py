"""Words of cells and options by what they mean: :class:`CellWords`, and how ``cells.toml`` is loaded."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path

from icpc_cli.guideline.names import fold, unlike
from icpc_cli.guideline.tables import TomlTable, default_folder

_ABBREVIATED = 3
"""Letters of a word's beginning that stand for it."""
_DOTTED = 2
"""Letters that do with a dot behind them."""
_LETTERS_A_SLIP = 8
_SHORTEST_HALF = 4
"""Letters of a word that another may be joined to."""
_ENDINGS = ("t", "e", "en", "et", "er", "s")
"""What Danish adds to a word."""
_OF_VERBS = ("", "e", "er", "es")
"""What it adds to a verb of which something is not done yet."""


def key(text: str) -> str:
    """The form in which words of cells are compared; a sign that folding would take away stays."""
    return fold(text) or text.strip()


class Meaning(StrEnum):
    """The groups of words that the reading of cells knows."""

    STRUCTURED = "structured"
    ORDINARY = "ordinary"
    FILLER = "filler"
    NOT = "not"
    NOT_YET = "not_yet"
    DENIED_CODE = "denied_code"
    EITHER = "either"
    BECOMES = "becomes"
    ABOUT_CODE = "about_code"
    CANCELLED = "cancelled"
    COUNTED = "counted"
    YES = "yes"
    NO = "no"
    SIGNS = "signs"
    NO_SIGNS = "no_signs"
    UNKNOWN = "unknown"
    CERTAIN = "certain"
    UNCERTAIN = "uncertain"
    GENERAL = "general"
    RIDING = "riding"
    FREE = "free"
    PHYSIOTHERAPY = "physiotherapy"
    SPECIALTY = "specialty"
    MONTHS = "months"
    WEEKDAYS = "weekdays"


class CellWords:
    """The folded words of each meaning, in the order of the data."""

    def __init__(self, words: Mapping[Meaning, tuple[str, ...]]) -> None:
        self.words = words

    def meaning(self, word: str, among: tuple[Meaning, ...]) -> Meaning | None:
        """What a word means ``among`` these: as it is, shortened or inflected, or with a slip.

        None where it means nothing, or several things.
        """
        folded = key(word)
        if folded in self._to_be_done and not word.endswith("."):
            return None
        for found in (self._same, self._begun, self._slipped):
            if meanings := found(folded, dotted=word.endswith(".")).intersection(among):
                return meanings.pop() if len(meanings) == 1 else None
        return None

    def compound(self, word: str, among: tuple[Meaning, ...]) -> list[Meaning | None]:
        """What the two known words mean that one is joined of (``almenfysioterapi``); none where it is not."""
        folded = key(word)
        halves = ((folded[:cut], folded[cut:]) for cut in range(_SHORTEST_HALF, len(folded) - _SHORTEST_HALF + 1))
        joined = next((pair for pair in halves if all(half in self._whole for half in pair)), ())
        return [self.meaning(half, among) for half in joined]

    def _same(self, word: str, *, dotted: bool) -> set[Meaning]:
        return self._whole.get(word, set())

    def _begun(self, word: str, *, dotted: bool) -> set[Meaning]:
        long = len(word) >= (_DOTTED if dotted else _ABBREVIATED)
        return self._inflected.get(word, set()) | (self._beginnings.get(word, set()) if long else set())

    def _slipped(self, word: str, *, dotted: bool) -> set[Meaning]:
        if len(word) < _LETTERS_A_SLIP:
            return set()
        near = [
            (known, meaning, slips)
            for known, meaning in self._long.get(word[0], ())
            if (slips := len(known) // _LETTERS_A_SLIP) >= max(abs(len(word) - len(known)), unlike(word, known) / 2)
        ]
        if not near:  # mostly, and what counts slips takes long to load
            return set()
        from rapidfuzz.distance import OSA

        return {meaning for known, meaning, slips in near if OSA.distance(word, known, score_cutoff=slips) <= slips}

    @cached_property
    def _whole(self) -> Mapping[str, set[Meaning]]:
        return _by_form(self._each())

    @cached_property
    def _beginnings(self) -> Mapping[str, set[Meaning]]:
        return _by_form(
            (known[:end], meaning) for known, meaning in self._each() for end in range(_DOTTED, len(known) + 1)
        )

    @cached_property
    def _inflected(self) -> Mapping[str, set[Meaning]]:
        long = ((known, meaning) for known, meaning in self._each() if len(known) > _ABBREVIATED)
        return _by_form((known + ending, meaning) for known, meaning in long for ending in _ENDINGS)

    @cached_property
    def _long(self) -> Mapping[str, list[tuple[str, Meaning]]]:
        """Those long enough for a slip, by their first letter."""
        found: dict[str, list[tuple[str, Meaning]]] = {}
        for known, meaning in self._each():
            if len(known) >= _LETTERS_A_SLIP:
                found.setdefault(known[0], []).append((known, meaning))
        return found

    @cached_property
    def _to_be_done(self) -> frozenset[str]:
        """What is yet to be what a participle says it is: "bekræftes" of "bekræftet"."""
        done = [known.removesuffix("et") for known, _ in self._each() if known.endswith("et")]
        return frozenset(stem + ending for stem in done for ending in _OF_VERBS) - self._whole.keys()

    def _each(self) -> Iterator[tuple[str, Meaning]]:
        return ((known, meaning) for meaning, words in self.words.items() for known in words)

    @cached_property
    def unknown(self) -> frozenset[str]:
        """Whole cells, folded, that say that something is not known."""
        return frozenset(self.words[Meaning.UNKNOWN])

    def month(self, word: str) -> int | None:
        """The number of a month by its name or beginning, in Danish or English."""
        folded = fold(word)
        found = (name for name in self.words[Meaning.MONTHS] if len(folded) >= _ABBREVIATED and name.startswith(folded))
        name = next(found, None)
        return None if name is None else self.months[name]

    @cached_property
    def months(self) -> Mapping[str, int]:
        """The number of each month by its folded names: the first twelve in their order, then others like them."""
        names = self.words[Meaning.MONTHS]
        return {name: place % 12 + 1 for place, name in enumerate(names)}


def _by_form(forms: Iterable[tuple[str, Meaning]]) -> Mapping[str, set[Meaning]]:
    found: dict[str, set[Meaning]] = {}
    for form, meaning in forms:
        found.setdefault(form, set()).add(meaning)
    return found


@cache
def load_cell_words(folder: Path | None = None) -> CellWords:
    """The validated ``cells.toml``. Raises :class:`GuidelineError`."""
    file = TomlTable.read(folder or default_folder(), "cells.toml")
    words: dict[Meaning, tuple[str, ...]] = {}
    for meaning in Meaning:
        entry = file.table(meaning)
        words[meaning] = tuple(map(key, entry.strings("words")))
        entry.close()
        if not all(words[meaning]):
            raise entry.error("words", "one is blank")
    file.close()
    return CellWords(words)
