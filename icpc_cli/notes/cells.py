"""A short cell of an export, such as "Hofteartrose hø", read as a note is."""

from dataclasses import dataclass, replace
from functools import cache

from icpc_cli.guideline.words import Trait, Words
from icpc_cli.model import Answer, Condition
from icpc_cli.notes.reading import understand

_UNKNOWN = frozenset(("unknown", "unknown-part"))


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell of conditions says.

    ``conditions`` are those of the six, in table order. ``elsewhere``: it plainly names a region, joint or diagnosis
    outside the six. ``silent``: it only holds words that say nothing of a problem ("Kontrol"). ``vague``: it names a
    place in the body. ``left`` are the words that no rule knows, as they stand.
    """

    conditions: tuple[Condition, ...]
    nerve_root_signs: Answer
    findings_certain: Answer
    elsewhere: bool
    silent: bool
    vague: bool
    left: tuple[str, ...]

    @property
    def understood(self) -> bool:
        """Whether it says which problem it is about."""
        return bool(self.conditions) or self.elsewhere


def read_cell(words: Words, text: str) -> Cell:
    """The problem that a cell (or a part of one) names; what the reader of notes sets aside does not count."""
    note, named = understand(_for_cells(words), text)
    return Cell(
        note.conditions,
        note.signs,
        note.certain,
        elsewhere=note.elsewhere,
        silent=words.traits[Trait.SAYS_NOTHING].issuperset(name for _, name in named)
        and not any(map(str.isdigit, text)),
        vague=not _places(words).isdisjoint(name for _, name in named),
        left=tuple(dict.fromkeys(word for word, name in named if name in _UNKNOWN)),
    )


@cache
def _for_cells(words: Words) -> Words:
    return replace(words, finds=words.cell_finds)


@cache
def _places(words: Words) -> frozenset[str]:
    """The groups of words that name a place that some condition of the six may be in."""
    return words.traits[Trait.SPINE].union(*(find.places for find in words.finds))
