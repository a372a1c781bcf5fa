"""Which header plays which role. Source: specification of the checks, "Columns"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from icpc_cli.errors import UsageError
from icpc_cli.guideline import Guideline, fold, load_columns


@dataclass(frozen=True, slots=True)
class Columns:
    """The place of each role in a header row, and the headers that play none."""

    places: Mapping[str, int]
    headers: tuple[str, ...]
    ignored: tuple[str, ...]

    def header(self, role: str) -> str | None:
        """The header of a role as it stands in the file."""
        return self.headers[self.places[role]] if role in self.places else None


def known_headers(guideline: Guideline) -> dict[str, str]:
    """Role by folded header."""
    return load_columns(guideline.folder)


def match_columns(
    guideline: Guideline, headers: Sequence[str], path: str, mapping: Mapping[str, str], fixed: Mapping[str, str]
) -> Columns:
    """Roles for these headers; ``mapping`` (role -> header) goes before what is known.

    Raises :class:`UsageError` when two headers claim a role, a mapped header is not there, or a needed role is missing
    and not ``fixed``.
    """
    known = known_headers(guideline)
    places = {role: _place(headers, header, role, path) for role, header in mapping.items()}
    for place, header in enumerate(headers):
        role = known.get(fold(header))
        if role is None or place in places.values() or role in mapping:
            continue
        if role in places:
            first = headers[places[role]]
            raise UsageError("two-columns", path=path, role=role, first=first, second=header)
        places[role] = place
    for role in ("code", "specialty"):
        if role not in places and role not in fixed:
            raise _missing(role, headers, path, known, places)
    used = set(places.values())
    ignored = tuple(header for place, header in enumerate(headers) if place not in used and header)
    return Columns(places, tuple(headers), ignored)


def _place(headers: Sequence[str], header: str, role: str, path: str) -> int:
    for place, each in enumerate(headers):
        if fold(each) == fold(header):
            return place
    raise UsageError("mapped-column-missing", path=path, role=role, header=header, headers=list(headers))


def _missing(
    role: str, headers: Sequence[str], path: str, known: Mapping[str, str], places: Mapping[str, int]
) -> UsageError:
    from rapidfuzz import fuzz, process

    free = [header for place, header in enumerate(headers) if place not in places.values() and header]
    names = [name for name, each in known.items() if each == role]
    scores = [
        (best[1], header)
        for header in free
        if (best := process.extractOne(fold(header), names, scorer=fuzz.WRatio, score_cutoff=60))
    ]
    shown = list(headers)
    if not scores:
        return UsageError(f"no-{role}-column", path=path, headers=shown)
    return UsageError(f"no-{role}-column-nearest", path=path, headers=shown, nearest=max(scores)[1])


def recognised(guideline: Guideline, headers: Sequence[str], mapping: Mapping[str, str]) -> int:
    """How many of the headers are known, or named by a ``mapping`` from roles."""
    known = known_headers(guideline).keys() | {fold(header) for header in mapping.values()}
    return sum(fold(header) in known for header in headers)


def roles() -> list[str]:
    """The ids of all roles."""
    return list(dict.fromkeys(load_columns().values()))
