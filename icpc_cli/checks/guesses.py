"""Which header may play which role although it is not written as expected. A guess is asked about, never acted upon."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from icpc_cli.guideline import fold

SURE = 80
"""From this score on a guess is worth mentioning for a role that can be done without."""
POSSIBLE = 60
"""From this score on a guess is worth mentioning for a role that is needed."""

_FAINT = 75
_MISTYPED = 82
_NUMBERED = re.compile(r"[\s\d()\[\]:*#?!.]+$")
_PARTS = re.compile(r"[/|,;:()\[\]+&]| og | eller ", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+")
_ENDINGS = frozenset(("r", "er", "e", "s", "n", "en", "et", "ne", "rne", "erne"))
_SHORTEST = 4
"""Letters that a name, or what is left of it, needs to have for its likeness to say something."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A header that may play a role, and how much speaks for it: 100 at most."""

    place: int
    header: str
    score: float


def guess(
    known: Mapping[str, str], headers: Sequence[str], free: Iterable[int], roles: Sequence[str]
) -> dict[str, tuple[Guess, ...]]:
    """The headers among the ``free`` places that may play one of ``roles``, best first; each for its likeliest role.

    ``known`` is the role of each folded header that is expected.
    """
    names = {role: [name for name, each in known.items() if each == role] for role in roles}
    found: dict[str, list[Guess]] = {}
    for place in free:
        scores = {role: likeness(headers[place], names[role]) for role in roles}
        role = max(scores, key=lambda each: scores[each], default="")
        if role and scores[role] >= POSSIBLE:
            found.setdefault(role, []).append(Guess(place, headers[place], scores[role]))
    return {role: best_first(found[role]) for role in roles if role in found}


def guess_needed(
    known: Mapping[str, str], headers: Sequence[str], free: Iterable[int], spared: Iterable[int], role: str
) -> tuple[Guess, ...]:
    """The headers that may play a role that is needed, best first.

    Those of ``spared`` places play a role that can be done without. Only where nothing else is like the role, the
    faintest likeness of a free one counts.
    """
    from rapidfuzz import fuzz, process

    names = [name for name, each in known.items() if each == role]
    places = (*free, *spared)
    alike = [Guess(place, headers[place], likeness(headers[place], names)) for place in places]
    if found := best_first(each for each in alike if each.score >= POSSIBLE):
        return found
    faint = {
        place: process.extractOne(fold(headers[place]), names, scorer=fuzz.WRatio, score_cutoff=_FAINT)
        for place in free
        if len(fold(headers[place])) >= _SHORTEST
    }
    return best_first(Guess(place, headers[place], POSSIBLE) for place, best in faint.items() if best)[:1]


def best_first(guesses: Iterable[Guess]) -> tuple[Guess, ...]:
    """Guesses by score, then as they stand in the file."""
    return tuple(sorted(guesses, key=lambda each: (-each.score, each.place)))


def likeness(header: str, names: Iterable[str]) -> float:
    """How much a header is like one of the folded names: 0 to 100."""
    whole, words = fold(header), [fold(word) for word in _WORDS.findall(header)]
    parts = [fold(_NUMBERED.sub("", part)) for part in _PARTS.split(header)]
    trimmed = fold(_NUMBERED.sub("", header))
    return max((_likeness(name, whole, trimmed, parts, words) for name in names), default=0)


def _likeness(name: str, whole: str, trimmed: str, parts: Sequence[str], words: Sequence[str]) -> float:
    """The strongest of what speaks for a name: it is there with a number, as a part, inflected, or mistyped."""
    if name in (whole, trimmed):
        return 95
    if name in parts:
        return 92 - parts.index(name)
    if len(name) < _SHORTEST or len(whole) < _SHORTEST:
        return 78 if name in words else 0
    if whole.startswith(name) and whole[len(name) :] in _ENDINGS:
        return 90
    return _mistyped(name, whole) or _faint_likeness(name, whole, words)


def _mistyped(name: str, whole: str) -> float:
    """How much the letters agree, in their order, if they do so nearly all."""
    shared = sum((Counter(name) & Counter(whole)).values())
    if 200 * shared < _MISTYPED * (len(name) + len(whole)):  # no order of the letters could help
        return 0
    from rapidfuzz import fuzz

    return fuzz.ratio(whole, name, score_cutoff=_MISTYPED)


def _faint_likeness(name: str, whole: str, words: Sequence[str]) -> float:
    """What speaks for a name less strongly: its words are there among others, it ends the header, it is shortened."""
    runs = {"".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)}
    if name in runs:
        return 78
    return 72 if whole.endswith(name) or name.startswith(whole) else 0
