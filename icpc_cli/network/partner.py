"""What a clinic tells partners such as GPs: which groups of patients it treats, and how many courses they have.

The page is made from the protected table of the share and from nothing else, so whoever has both knows no more than
whoever has the share.
"""

from typing import NamedTuple

from icpc_cli.network.disclosure import ZERO, Range
from icpc_cli.network.merge import totals
from icpc_cli.network.periods import Span
from icpc_cli.network.share import Network, spans_of
from icpc_cli.network.tables import ALL_COURSES, NONE, UNKNOWN, CountTable, counts


class Groups(NamedTuple):
    """The groups of a period, largest first, each with its courses.

    ``by``: condition or code; ``unstated``: courses that are in none.
    """

    span: Span
    courses: Range
    by: CountTable
    groups: tuple[tuple[str, Range], ...]
    unstated: Range


def groups_of(shared: Network) -> Groups:
    """The groups of what a clinic shares; where it tells no conditions, by code."""
    spans, cells = spans_of(shared), totals(shared.periods)
    by, without = CountTable.CONDITION, UNKNOWN
    if not counts(cells, by).keys() - {without}:
        by, without = CountTable.CODE, NONE
    groups = [(key, count) for key, count in counts(cells, by).items() if key != without]
    return Groups(
        Span(min(spans)[0], max(each.last for each in spans)),
        cells[ALL_COURSES],
        by,
        tuple(sorted(groups, key=lambda each: (-each[1].low, -each[1].high))),
        cells.get((by, without), ZERO),
    )
