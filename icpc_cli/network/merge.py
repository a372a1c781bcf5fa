"""Adding what clinics share, and sums over a network.

Merging uses nothing but the shares, which are protected, so whatever could be computed from a merged file could be
computed from them: it needs no protection of its own against finding patients. What it has to guard is the clinics:
with two, each could subtract itself and have the other's figures; so sums are shown for periods of at least three.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import partial, reduce
from itertools import combinations
from typing import NamedTuple, TypeVar

from icpc_cli.errors import UsageError
from icpc_cli.guideline import Guideline
from icpc_cli.model import LISTED
from icpc_cli.network.disclosure import ZERO, Range, Tables
from icpc_cli.network.share import Member, Network, Period, band
from icpc_cli.network.solver import NEAR, Program
from icpc_cli.network.tables import MANDATORY_UNCODED, Cell, CountTable, cells_of, possible_kinds, told_in
from icpc_cli.outcomes import FEWEST_CLINICS, Standing
from icpc_cli.voice.safe import typed

_Key = TypeVar("_Key", str, Cell)
_TELLING = 10
"""Counts above none that two clinics do not have in common by chance."""


class Part(NamedTuple):
    """Some courses and the rest of them, as far as is known: what is open of one is not open of the other once more."""

    part: Range
    rest: Range

    @classmethod
    def of(cls, part: Range, whole: Range) -> "Part":
        """Some courses out of all of them."""
        return cls(part, Range(max(whole.low - part.high, 0), max(whole.high - part.low, 0)))

    @property
    def share(self) -> tuple[float, float]:
        """The least and the greatest share (0-1) that they can be."""
        low, high = self.part.ends
        return low / ((low + self.rest.high) or 1), high / ((high + self.rest.low) or 1)

    @property
    def per_cent(self) -> Range:
        """The same in whole per cents."""
        low, high = self.share
        return Range(round(100 * low), round(100 * high))


def coded(cells: Mapping[Cell, Range]) -> Part:
    """The courses that must be coded and are."""
    both = Standing.MANDATORY_CODED.value, MANDATORY_UNCODED
    return Part(*(cells.get((CountTable.STANDING, each), ZERO) for each in both))


def by_guide(cells: Mapping[Cell, Range], condition: str) -> Part:
    """The courses of a condition that have the guide's code, at the clinics that tell it."""
    return Part(*(cells.get((table, condition), ZERO) for table in (CountTable.GUIDE_CODE, CountTable.NO_GUIDE_CODE)))


def merge_files(guideline: Guideline, networks: Mapping[str, Network]) -> Network:
    """All these networks, by the files they come from, added together; names of clinics are dropped.

    Raises :class:`UsageError`, which names the file, when a clinic is in two of them, or when its figures contradict
    each other.
    """
    owner: dict[str, str] = {}
    for path, network in networks.items():
        for clinic in network.clinics:
            if clinic in owner:
                raise UsageError("network-clinic-twice", first=owner[clinic], second=path)
            owner[clinic] = path
    return reduce(merge, (as_member(guideline, network, path) for path, network in networks.items()))


def alike(networks: Mapping[str, Network]) -> Iterator[tuple[str, str, str]]:
    """Two files with the same figures of a period, and the first such period: one clinic by two names, it seems."""
    for (first, one), (second, other) in combinations(networks.items(), 2):
        for name in sorted(one.periods.keys() & other.periods.keys()):
            cells = one.periods[name].cells
            told = sum(each.exact and each.low > 0 for each in cells.values())
            if cells == other.periods[name].cells and told >= _TELLING:
                yield first, second, name
                break


def as_member(guideline: Guideline, network: Network, path: str = "") -> Network:
    """What one clinic shares as a network of one; a network as it is.

    Every range becomes as narrow as all figures of the period together force it to be.
    """
    if any(period.members for period in network.periods.values()):
        return network
    periods = {}
    for name, period in network.periods.items():
        cells = forced(guideline, period.cells)
        if cells is None:
            raise UsageError("network-sums", path=path, place=name)
        periods[name] = period._replace(cells=cells, members=(_member(cells),))
    return network._replace(periods=periods, name=None)


def forced(guideline: Guideline, cells: Mapping[Cell, Range]) -> dict[Cell, Range] | None:
    """Each cell between the least and the greatest number that all cells together leave possible; None: there is none.

    By linear programs over how many courses there are of each kind.
    """
    tables = Tables(cells, possible_kinds(guideline), partial(cells_of, told=told_in(cells)))
    size = len(tables.members)
    given = [Range(0, 10**9)] * size
    for cell, row in tables.row_of.items():
        given[row] = Range(max(given[row].low, cells[cell].low), min(given[row].high, cells[cell].high))
    if any(each.low > each.high for each in given):
        return None
    program = Program([[(row, 1.0) for row in rows] for rows in tables.columns], size)
    between = [each.low for each in given], [each.high for each in given]
    found = list(given)
    for row, places in enumerate(tables.members):
        ends = []
        for step in (1.0, -1.0) if not given[row].exact else ():
            costs = [0.0] * len(tables.kinds)
            for place in places:
                costs[place] = step
            courses = program.least(costs, between)
            if courses is None:
                return None
            ends.append(sum(courses[place] for place in places))
        if ends:
            found[row] = Range(math.ceil(ends[0] - NEAR), math.floor(ends[1] + NEAR))
    return {cell: found[row] for cell, row in tables.row_of.items()}


def _member(cells: Mapping[Cell, Range]) -> Member:
    must, told = coded(cells), told_in(cells)
    low, high = must.part.low + must.rest.low, must.part.high + must.rest.high
    guide = [(each, by_guide(cells, each).per_cent) for each in map(str, LISTED) if each in told]
    courses = Range(band(low, 0).low, band(high, 0).high) if high else ZERO
    return Member(courses, must.per_cent, tuple(guide))


def merge(first: Network, second: Network) -> Network:
    """Two networks added together: counts add up, ranges as well. Commutative and associative.

    A period of only one of them stays as it is. Raises ValueError when a clinic is in both.
    """
    if set(first.clinics) & set(second.clinics):
        raise ValueError("a clinic is in both")
    periods = {}
    for name in sorted({*first.periods, *second.periods}):
        added = [each.periods[name] for each in (first, second) if name in each.periods]
        members = sorted(member for period in added for member in period.members)
        consultations = _sums(period.consultations for period in added)
        periods[name] = Period(_sums(period.cells for period in added), consultations, tuple(members))
    clinics = tuple(sorted((*first.clinics, *second.clinics)))
    return Network(clinics, min(first.min_count, second.min_count), periods)


def _sums(tables: Iterable[Mapping[_Key, Range]]) -> dict[_Key, Range]:
    found: dict[_Key, Range] = {}
    for table in tables:
        for key, count in table.items():
            found[key] = found.get(key, ZERO) + count
    return dict(sorted(found.items()))


def shown_periods(network: Network) -> dict[str, Period]:
    """The periods that a clinic may be compared with: those of at least three clinics."""
    return {name: period for name, period in network.periods.items() if period.clinics >= FEWEST_CLINICS}


def compared(network: Network, path: str) -> dict[str, Period]:
    """Like :func:`shown_periods`. Raises :class:`UsageError`, which names the file, where there is none."""
    periods = shown_periods(network)
    if not periods:
        raise UsageError("network-few-clinics", path=path, typed=typed(path), least=FEWEST_CLINICS)
    return periods


def totals(periods: Mapping[str, Period]) -> dict[Cell, Range]:
    """Every cell over all these periods; what is not in it is zero."""
    return _sums(period.cells for period in periods.values())
