"""Words of cells and options by what they mean: :class:`CellWords`, and how ``cells.toml`` is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path

from icpc_cli.guideline.names import fold
from icpc_cli.guideline.tables import TomlTable, default_folder

_ABBREVIATED = 3
"""Letters of a word's beginning that stand for it; with a dot behind, two do."""
_LETTERS_A_SLIP = 8
_ENDINGS = ("t", "e", "en", "et", "er", "s")
"""What Danish adds to a word."""


def key(text: str) -> str:
    """The form in which words of cells are compared; a sign that folding would take away stays."""
    return fold(text) or text.strip()


class Meaning(StrEnum):
    """The groups of words that the reading of cells knows."""

    STRUCTURED = "structured"
    ORDINARY = "ordinary"
    FILLER = "filler"
    NOT = "not"
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


@dataclass(frozen=True, eq=False)
class CellWords:
    """The folded words of each meaning, in the order of the data."""

    words: Mapping[Meaning, tuple[str, ...]]

    def meaning(self, word: str, among: tuple[Meaning, ...]) -> Meaning | None:
        """What a word means ``among`` these: as it is, shortened or inflected, or with a slip.

        None where it means nothing, or several things.
        """
        folded, dotted = key(word), word.endswith(".")
        for alike in (self._same, self._begun, self._slipped):
            found = {each for each in among if any(alike(folded, known, dotted=dotted) for known in self.words[each])}
            if found:
                return found.pop() if len(found) == 1 else None
        return None

    @staticmethod
    def _same(word: str, known: str, *, dotted: bool) -> bool:
        return word == known

    @staticmethod
    def _begun(word: str, known: str, *, dotted: bool) -> bool:
        shortened = len(word) >= (2 if dotted else _ABBREVIATED) and known.startswith(word)
        return shortened or (len(known) > _ABBREVIATED and word.removeprefix(known) in _ENDINGS)

    @staticmethod
    def _slipped(word: str, known: str, *, dotted: bool) -> bool:
        if min(len(word), len(known)) < _LETTERS_A_SLIP or word[0] != known[0]:
            return False
        from rapidfuzz.distance import OSA

        return OSA.distance(word, known, score_cutoff=len(known) // _LETTERS_A_SLIP) <= len(known) // _LETTERS_A_SLIP

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
