"""Adding what clinics share, and sums over a network.

Merging uses nothing but the shares, which are protected, so whatever could be computed from a merged file could be
computed from them: it needs no protection of its own against finding patients. What it has to guard is the clinics:
with two, each could subtract itself and have the other's figures; so sums are shown for periods of at least three.
"""

from collections.abc import Mapping, Sequence
from functools import reduce

from icpc_cli.errors import UsageError
from icpc_cli.network.disclosure import Range
from icpc_cli.network.share import Network, Period
from icpc_cli.network.tables import Cell
from icpc_cli.voice.safe import typed

FEWEST_CLINICS = 3
"""Clinics that a period needs for its sums to be shown to others."""
ZERO = Range(0, 0)


def merge_files(networks: Mapping[str, Network]) -> Network:
    """All these networks, by the files they come from, added together; names of clinics are dropped.

    Raises :class:`UsageError`, which names both files, when a clinic is in two of them.
    """
    owner: dict[str, str] = {}
    for path, network in networks.items():
        for clinic in network.clinics:
            if clinic in owner:
                raise UsageError("network-clinic-twice", first=owner[clinic], second=path)
            owner[clinic] = path
    return reduce(merge, networks.values())


def merge(first: Network, second: Network) -> Network:
    """Both added together: counts add up, hidden ones as ranges. Commutative and associative.

    A period of only one of them stays as it is. Raises ValueError when a clinic is in both.
    """
    if set(first.clinics) & set(second.clinics):
        raise ValueError("a clinic is in both")
    periods = {
        period: _added([each.periods[period] for each in (first, second) if period in each.periods])
        for period in sorted({*first.periods, *second.periods})
    }
    clinics = tuple(sorted((*first.clinics, *second.clinics)))
    return Network(clinics, min(first.min_count, second.min_count), periods)


def _added(periods: Sequence[Period]) -> Period:
    services = sorted({service for period in periods for service in period.consultations})
    return Period(
        sum(period.clinics for period in periods),
        _sums([period.cells for period in periods]),
        {each: reduce(Range.__add__, (one.consultations.get(each, ZERO) for one in periods)) for each in services},
    )


def _sums(tables: Sequence[Mapping[Cell, Range]]) -> dict[Cell, Range]:
    cells = sorted({cell for table in tables for cell in table})
    return {cell: reduce(Range.__add__, (table.get(cell, ZERO) for table in tables)) for cell in cells}


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
    return _sums([period.cells for period in periods.values()])


def proportion(part: Range, rest: Range) -> tuple[float, float]:
    """The least and the greatest share (0-1) that ``part`` can be of itself and the rest.

    Both are counts of other courses, so what is open of one is not open of the other once more.
    """
    least = part.low / (part.low + rest.high) if part.low else 0.0
    greatest = part.high / (part.high + rest.low) if part.high else 0.0
    return least, greatest
