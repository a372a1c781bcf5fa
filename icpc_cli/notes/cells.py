"""A short cell of an export, such as "Hofteartrose hø", read as a note is."""

import re
from functools import cache
from typing import NamedTuple

from icpc_cli.guideline.vocabulary import folded
from icpc_cli.guideline.words import Does, Trait, Words
from icpc_cli.model import Condition
from icpc_cli.notes.reading import understand

_UNKNOWN = frozenset(("unknown", "unknown-part"))
_OPEN = re.compile(r"\b([^\W\d_]{3,})(?:-(?=\s*(?:og|eller|samt|el\.|[/,&+])\s*\w)|(?=/\w|\s(?:og|samt)\s\w))")
"""A word that shares the end of a later one: ``hofte- og knæartrose``, ``nakke og skuldergener``, ``lænde/nakke..``."""
_SHARED = re.compile(r"(?:og|eller|samt|el\.|[/,&+]|\s)+([^\W\d_]+)")
_APART = re.compile(r"(?<=[A-ZÆØÅ]):(?=[A-ZÆØÅ])|(?<=\bKL)[ -](?=[1-4]\b)")
"""What parts no words: ``GLA:D``, ``KL 3``."""


class Cell(NamedTuple):
    """What a cell of conditions says.

    ``conditions`` are those of the six, in table order; ``set_aside`` ones are named and do not count. ``elsewhere``:
    it plainly names a region, joint or diagnosis outside the six, now or in the ``past`` ("Status post THA"), which
    ``belongs_to`` these conditions where they are named as well. ``silent``: it only holds words that say nothing of a
    problem ("Kontrol"). ``vague``: it names a place in the body, or one of the six without what that needs
    ("Prolaps"). ``left`` are the words that no rule knows, as they stand. ``seats``: the places in it that one of the
    six sits in.
    """

    conditions: tuple[Condition, ...] = ()
    set_aside: frozenset[str] = frozenset()
    elsewhere: bool = False
    past: bool = False
    belongs_to: frozenset[str] = frozenset()
    silent: bool = False
    vague: bool = False
    left: tuple[str, ...] = ()
    seats: frozenset[str] = frozenset()
    only_place: bool = False

    @property
    def understood(self) -> bool:
        """Whether it says which problem it is about."""
        return bool(self.conditions) or self.elsewhere or self.past


def read_cell(words: Words, text: str) -> Cell:
    """The problem that a cell (or a part of one) names; what the reader of notes sets aside does not count."""
    note, named = understand(_for_cells(words), _APART.sub("", text))
    unsaid = note.names_without_saying
    others = note.others(None, Does.OTHER_REGION)
    past = bool(note.others(Does.PAST)) and not note.speaks_of(words.traits[Trait.SPINE])
    return Cell(
        note.conditions,
        note.set_aside,
        elsewhere=bool(others) and not unsaid,
        past=past and not unsaid,
        belongs_to=frozenset.intersection(*(each.find.belongs_to for each in others)) if others else frozenset(),
        silent=words.traits[Trait.SAYS_NOTHING].issuperset(name for _, name in named)
        and not any(map(str.isdigit, text)),
        vague=unsaid or not _places(words).isdisjoint(name for _, name in named),
        left=tuple(dict.fromkeys(word for word, name in named if name in _UNKNOWN)),
        seats=_seats(words).intersection(name for _, name in named),
        only_place=words.traits[Trait.HIGHER_IN_THE_SPINE].issuperset(name for _, name in named),
    )


def takes_back(words: Words, remark: str, *, affirmed: bool, strictly: bool) -> bool:
    """Whether a remark leaves open, or denies where it is ``affirmed``, what it stands beside.

    ``strictly``: words that no rule knows leave it open too.
    """
    denying = (Trait.POSTPONES, Trait.TAKES_BACK) if affirmed else ()
    return _names(words, remark, Trait.LEAVES_OPEN, *denying, more=_UNKNOWN if strictly else frozenset())


def postpones(words: Words, remark: str) -> bool:
    """Whether a remark says that what it stands beside is yet to come, or was declined: "tilbudt", "næste uge"."""
    return _names(words, remark, Trait.POSTPONES)


def _names(words: Words, text: str, *traits: Trait, more: frozenset[str] = frozenset()) -> bool:
    """Whether some words of a text are of groups with one of these traits, or of ``more``."""
    named = {name for _, name in understand(_for_cells(words), text)[1]}
    return not named.isdisjoint(more.union(*(words.traits[trait] for trait in traits)))


def spelled_out(words: Words, text: str) -> str:
    """The text with each word whole that shares the last part of the next: ``Hofteartrose og knæartrose``."""
    return _OPEN.sub(lambda match: match[1] + _shared_end(words, text, match), text)


def _shared_end(words: Words, text: str, word: re.Match[str]) -> str:
    """What the next word ends with that this one shares.

    One that means something by itself shares nothing, nor one that words stand before: "smerter i hofte og knæartrose".
    """
    following = _SHARED.match(text, word.end())
    alone = word[0] == word[1] and _places(words).isdisjoint(name for _, name in understand(words, word[1])[1])
    led = text[word.end()] == " " and text[: word.start()].rstrip()[-1:] not in ("", *",;/+")
    if following is None or alone or led:
        return ""
    ends = (following[1][cut:] for cut in range(3, len(following[1]) - 2))
    return next((end for end in ends if folded(end) in _heads(words)), "")


@cache
def _heads(words: Words) -> frozenset[str]:
    """The folded words that many compounds end with: ``smerter``, ``artrose``."""
    known = words.vocabulary
    return frozenset(form for head in known.heads for form in known.stems.get(head, "").split(","))


@cache
def _for_cells(words: Words) -> Words:
    limb_pain = {Trait.LIMB_PAIN: words.traits[Trait.LIMB_PAIN_IN_A_CELL]}
    leads = words.traits[Trait.LEADS_A_COMPOUND]
    return words._replace(whole=words, finds=words.cell_finds, leads=leads, traits={**words.traits, **limb_pain})


@cache
def _seats(words: Words) -> frozenset[str]:
    """The groups of words that name a place that one of the six sits in."""
    return frozenset[str]().union(*words.seats.values())


@cache
def _places(words: Words) -> frozenset[str]:
    """The groups of words that name a place that some condition of the six may be in."""
    return words.traits[Trait.SPINE].union(*(find.places for find in words.finds))
