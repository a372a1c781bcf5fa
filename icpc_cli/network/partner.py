"""What a clinic tells partners such as GPs: which groups of patients it treats, and how many courses they have.

The page is made from the protected table of the share and from nothing else, so whoever has both knows no more than
whoever has the share.
"""

from dataclasses import dataclass

from icpc_cli.network.disclosure import ZERO, Range
from icpc_cli.network.merge import totals
from icpc_cli.network.periods import Span
from icpc_cli.network.share import Network, spans_of
from icpc_cli.network.tables import ALL_COURSES, NONE, UNKNOWN, Table, counts


@dataclass(frozen=True, slots=True)
class Group:
    """A group of courses by its condition or code, and how many those are."""

    key: str
    courses: Range


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of a period, largest first. ``by``: condition or code; ``unstated``: courses that are in none."""

    span: Span
    courses: Range
    by: Table
    groups: tuple[Group, ...]
    unstated: Range


def groups_of(shared: Network) -> Groups:
    """The groups of what a clinic shares; where it tells no conditions, by code."""
    spans = spans_of(shared)
    cells = totals(shared.periods)

    def found(table: Table, without: str) -> tuple[Group, ...]:
        groups = [Group(key, count) for key, count in counts(cells, table).items() if key != without]
        return tuple(sorted(groups, key=lambda each: (-each.courses.low, -each.courses.high)))

    by, without = Table.CONDITION, UNKNOWN
    if not (groups := found(by, without)):
        by, without = Table.CODE, NONE
        groups = found(by, without)
    return Groups(
        Span(min(spans)[0], max(each.last for each in spans)),
        cells[ALL_COURSES],
        by,
        groups,
        cells.get((by, without), ZERO),
    )
