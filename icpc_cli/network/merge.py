"""Adding what clinics share, and sums over a network.

Merging uses nothing but the shares, which are protected, so whatever could be computed from a merged file could be
computed from them: it needs no protection of its own against finding patients. What it has to guard is the clinics:
with two, each could subtract itself and have the other's figures; so sums are shown for quarters of at least three.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import reduce

from icpc_cli.errors import UsageError
from icpc_cli.network.disclosure import Range
from icpc_cli.network.share import Network, Quarter
from icpc_cli.network.tables import Cell
from icpc_cli.voice.safe import typed

FEWEST_CLINICS = 3
"""Clinics that a quarter needs for its sums to be shown to others."""
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

    A quarter of only one of them stays as it is. Raises ValueError when a clinic is in both.
    """
    if set(first.clinics) & set(second.clinics):
        raise ValueError("a clinic is in both")
    quarters = {
        quarter: _added([each.quarters[quarter] for each in (first, second) if quarter in each.quarters])
        for quarter in sorted({*first.quarters, *second.quarters})
    }
    clinics = tuple(sorted((*first.clinics, *second.clinics)))
    return Network(clinics, min(first.min_count, second.min_count), quarters)


def _added(quarters: Sequence[Quarter]) -> Quarter:
    consultations: Counter[str] = Counter()
    for quarter in quarters:
        consultations.update(quarter.consultations)
    return Quarter(
        sum(quarter.clinics for quarter in quarters),
        _sums([quarter.cells for quarter in quarters]),
        dict(sorted(consultations.items())),
    )


def _sums(tables: Sequence[Mapping[Cell, Range]]) -> dict[Cell, Range]:
    cells = sorted({cell for table in tables for cell in table})
    return {cell: reduce(Range.__add__, (table.get(cell, ZERO) for table in tables)) for cell in cells}


def shown_quarters(network: Network) -> dict[str, Quarter]:
    """The quarters that a clinic may be compared with: those of at least three clinics."""
    return {name: quarter for name, quarter in network.quarters.items() if quarter.clinics >= FEWEST_CLINICS}


def compared(network: Network, path: str) -> dict[str, Quarter]:
    """Like :func:`shown_quarters`. Raises :class:`UsageError`, which names the file, where there is none."""
    quarters = shown_quarters(network)
    if not quarters:
        raise UsageError("network-few-clinics", path=path, typed=typed(path), least=FEWEST_CLINICS)
    return quarters


def totals(quarters: Mapping[str, Quarter]) -> dict[Cell, Range]:
    """Every cell over all these quarters; what is not in it is zero."""
    return _sums([quarter.cells for quarter in quarters.values()])


def proportion(part: Range, whole: Range) -> tuple[float, float]:
    """The least and the greatest share (0-1) that ``part`` can be of ``whole``, of which it is a part, not zero."""
    rest = Range(max(whole.low - part.high, 0), max(whole.high - part.low, 0))
    least = part.low / (part.low + rest.high) if part.low else 0.0
    greatest = part.high / (part.high + rest.low) if part.high else 0.0
    return least, greatest
