"""Which header plays which role. Source: specification of the checks, "Columns"."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from icpc_cli.checks.guesses import SURE, Guess, guess, guess_needed
from icpc_cli.errors import UsageError
from icpc_cli.guideline import Guideline, fold, load_columns

NEEDED = ("code", "specialty")
"""The roles that a check cannot do without."""
_NEEDS_QUOTES = frozenset(" &;()[]{}<>|*?'!$`")


@dataclass(frozen=True, slots=True)
class Columns:
    """The place of each role in a header row, the headers that play none, and what roles those may be meant for.

    ``likely``: (role, header) of headers that are not used and look like a role that has none; to be told, not used.
    """

    places: Mapping[str, int]
    headers: tuple[str, ...]
    ignored: tuple[str, ...]
    likely: tuple[tuple[str, str], ...] = ()

    def header(self, role: str) -> str | None:
        """The header of a role as it stands in the file."""
        return self.headers[self.places[role]] if role in self.places else None


@dataclass(frozen=True, slots=True)
class Situation:
    """What a header row says about roles: who plays which, who claims the same one, and who may play one without.

    ``ambiguous``: the places of the headers that claim a role, two or more. ``guesses`` hold roles that nobody claims,
    for each the headers that may be meant, best first.
    """

    headers: tuple[str, ...]
    places: Mapping[str, int]
    ambiguous: Mapping[str, tuple[int, ...]]
    guesses: Mapping[str, tuple[Guess, ...]]

    def questions(self, fixed: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        """Role -> headers between which a person should choose: those that claim it, or that are likely."""
        asked = {role: tuple(self.headers[place] for place in places) for role, places in self.ambiguous.items()}
        for role, guesses in self.guesses.items():
            needed = role in NEEDED and role not in fixed
            headers = tuple(each.header for each in guesses if needed or each.score >= SURE)
            if headers:
                asked[role] = headers
        return asked


def known_headers(guideline: Guideline) -> dict[str, str]:
    """Role by folded header."""
    return load_columns(guideline.folder)


def assess(guideline: Guideline, headers: Sequence[str], path: str, mapping: Mapping[str, str]) -> Situation:
    """What these headers say. ``mapping`` (role -> header) goes before what is known; no header: there is no column.

    Raises :class:`UsageError` when a mapped header is not there.
    """
    known = known_headers(guideline)
    mapped = {role: _place(headers, header, role, path) for role, header in mapping.items() if header}
    claims: dict[str, list[int]] = {}
    for place, header in enumerate(headers):
        role = known.get(fold(header))
        if role and role not in mapping and place not in mapped.values():
            claims.setdefault(role, []).append(place)
    places = mapped | {role: claim[0] for role, claim in claims.items() if len(claim) == 1}
    ambiguous = {role: tuple(claim) for role, claim in claims.items() if len(claim) > 1}
    settled = {*places, *ambiguous, *mapping}
    return Situation(tuple(headers), places, ambiguous, _guesses(known, headers, places, ambiguous, settled))


def _guesses(
    known: Mapping[str, str],
    headers: Sequence[str],
    places: Mapping[str, int],
    ambiguous: Mapping[str, tuple[int, ...]],
    settled: set[str],
) -> dict[str, tuple[Guess, ...]]:
    """Guesses for the roles that are not settled. A role that is needed may also be meant by one that can be spared."""
    taken = {*places.values(), *(place for claim in ambiguous.values() for place in claim)}
    free = [place for place, header in enumerate(headers) if place not in taken and fold(header) not in known]
    roles = [role for role in dict.fromkeys(known.values()) if role not in settled]
    found = guess(known, headers, free, roles)
    for role in NEEDED:
        if role not in settled:
            spared = [place for other, place in places.items() if other not in NEEDED]
            better = guess_needed(known, headers, free, spared, role)
            found = {role: better} | {other: found[other] for other in found if other != role} if better else found
    return found


def match_columns(
    guideline: Guideline, headers: Sequence[str], path: str, mapping: Mapping[str, str], fixed: Mapping[str, str]
) -> Columns:
    """Roles for these headers; ``mapping`` (role -> header, or nothing: no column) goes before what is known.

    Raises :class:`UsageError` when two headers claim a role, a mapped header is not there, or a needed role is missing
    and not ``fixed``. A guess is never used.
    """
    situation = assess(guideline, headers, path, mapping)
    for role, (first, second, *_) in situation.ambiguous.items():
        raise UsageError("two-columns", path=path, role=role, first=headers[first], second=headers[second])
    for role in NEEDED:
        if role not in situation.places and role not in fixed:
            raise _missing(role, situation, path)
    used = set(situation.places.values())
    ignored = tuple(header for place, header in enumerate(headers) if place not in used and header)
    likely = tuple((role, asked[0]) for role, asked in situation.questions(fixed).items() if asked[0] in ignored)
    return Columns(situation.places, tuple(headers), ignored, likely)


def _place(headers: Sequence[str], header: str, role: str, path: str) -> int:
    for place, each in enumerate(headers):
        if fold(each) == fold(header):
            return place
    raise UsageError("mapped-column-missing", path=path, role=role, header=header, headers=list(headers))


def _missing(role: str, situation: Situation, path: str) -> UsageError:
    shown = list(situation.headers)
    typed = f'"{path}"' if set(path) & _NEEDS_QUOTES else path
    guesses = situation.guesses.get(role)
    if not guesses:
        return UsageError(f"no-{role}-column", path=path, headers=shown, typed=typed)
    return UsageError(f"no-{role}-column-nearest", path=path, headers=shown, typed=typed, nearest=guesses[0].header)


def recognised(guideline: Guideline, headers: Sequence[str], named: Iterable[str]) -> int:
    """How many of the headers are known, or among those that the user ``named``."""
    known = known_headers(guideline).keys() | {fold(header) for header in named}
    return sum(fold(header) in known for header in headers)


def roles() -> list[str]:
    """The ids of all roles."""
    return list(dict.fromkeys(load_columns().values()))
