"""A short cell of an export, such as "Hofteartrose hø", read as a note is."""

import re
from dataclasses import dataclass, replace
from functools import cache

from icpc_cli.guideline.words import Does, Trait, Words
from icpc_cli.model import Answer, Condition
from icpc_cli.notes.reading import understand

_UNKNOWN = frozenset(("unknown", "unknown-part"))
_COLON = re.compile("(?<=[A-ZÆØÅ]):(?=[A-ZÆØÅ])")
"""What parts no words: ``GLA:D``."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell of conditions says.

    ``conditions`` are those of the six, in table order; ``set_aside`` ones are named and do not count. ``elsewhere``:
    it plainly names a region, joint or diagnosis outside the six, now or in the ``past`` ("Status post THA"), which
    ``belongs_to`` these conditions where they are named as well. ``silent``: it only holds words that say nothing of a
    problem ("Kontrol"). ``vague``: it names a place in the body, or one of the six without what that needs
    ("Prolaps"). ``left`` are the words that no rule knows, as they stand.
    """

    conditions: tuple[Condition, ...]
    set_aside: frozenset[str]
    nerve_root_signs: Answer
    findings_certain: Answer
    elsewhere: bool
    past: bool
    belongs_to: frozenset[str]
    silent: bool
    vague: bool
    left: tuple[str, ...]

    @property
    def understood(self) -> bool:
        """Whether it says which problem it is about."""
        return bool(self.conditions) or self.elsewhere or self.past


def read_cell(words: Words, text: str) -> Cell:
    """The problem that a cell (or a part of one) names; what the reader of notes sets aside does not count."""
    note, named = understand(_for_cells(words), _COLON.sub("", text))
    unsaid = note.names_without_saying
    others = note.others(None, Does.OTHER_REGION)
    past = bool(note.others(Does.PAST)) and not note.speaks_of(words.traits[Trait.SPINE])
    return Cell(
        note.conditions,
        note.set_aside,
        note.signs,
        note.certain,
        elsewhere=bool(others) and not unsaid,
        past=past and not unsaid,
        belongs_to=frozenset.intersection(*(each.find.belongs_to for each in others)) if others else frozenset(),
        silent=words.traits[Trait.SAYS_NOTHING].issuperset(name for _, name in named)
        and not any(map(str.isdigit, text)),
        vague=unsaid or not _places(words).isdisjoint(name for _, name in named),
        left=tuple(dict.fromkeys(word for word, name in named if name in _UNKNOWN)),
    )


@cache
def _for_cells(words: Words) -> Words:
    limb_pain = {Trait.LIMB_PAIN: words.traits[Trait.LIMB_PAIN_IN_A_CELL]}
    leads = words.traits[Trait.LEADS_A_COMPOUND]
    return replace(words, finds=words.cell_finds, leads=leads, traits={**words.traits, **limb_pain})


@cache
def _places(words: Words) -> frozenset[str]:
    """The groups of words that name a place that some condition of the six may be in."""
    return words.traits[Trait.SPINE].union(*(find.places for find in words.finds))
