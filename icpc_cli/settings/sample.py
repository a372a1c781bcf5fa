"""The beginning of an export as ``icpc init`` looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from icpc_cli.cases.words import SPECIALTIES
from icpc_cli.checks import cells
from icpc_cli.checks.contents import CellColumn
from icpc_cli.guideline import Guideline
from icpc_cli.model import Fact


@dataclass(frozen=True, slots=True)
class Sample:
    """The first ``records`` records of an export, column by column; ``encoding`` is of a workbook the sheet's name.

    ``rows`` are the same, record by record; ``others`` is the number of further files with these headers.
    """

    path: str
    encoding: str
    delimiter: str
    records: int
    columns: tuple[CellColumn, ...]
    rows: Sequence[Sequence[str]] = field(default=(), repr=False, compare=False)
    others: int = 0

    @property
    def headers(self) -> tuple[str, ...]:
        """What the columns are called."""
        return tuple(column.name for column in self.columns)

    def beside(self, place: int, other: int) -> dict[str, set[str]]:
        """What stands in another column beside each value of a column."""
        found: dict[str, set[str]] = {}
        for row in self.rows:
            if row[place].strip():
                found.setdefault(row[place].strip(), set()).add(row[other].strip())
        return found


def understood(guideline: Guideline, role: str, cell: str, *, asked: bool = False) -> bool:
    """Whether it is known what a cell of a role means, or that it says nothing; ``asked`` as in :func:`stated`.

    A check takes any number for a specialty; one that is none of physiotherapy's is asked about where somebody answers.
    """
    if role != "condition":
        stated = cells.stated(guideline, Fact(role), cell, asked=asked)
        return stated.understood and (role != "specialty" or stated.value in (None, *SPECIALTIES))
    read = cells.conditions(guideline, cell)
    return read.understood or read.silent
