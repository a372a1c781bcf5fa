"""The beginning of an export as ``icpc init`` looks at it."""

import re
from dataclasses import dataclass, field

from icpc_cli.checks import cells
from icpc_cli.checks.contents import Column
from icpc_cli.guideline import Guideline


@dataclass(frozen=True, slots=True)
class Sample:
    """The first ``records`` records of an export, column by column; ``encoding`` is of a workbook the sheet's name.

    ``rows`` are the same, record by record.
    """

    path: str
    encoding: str
    delimiter: str
    records: int
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...] = field(default=(), repr=False, compare=False)

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers of the columns."""
        return tuple(column.header for column in self.columns)

    def beside(self, place: int, other: int) -> dict[str, set[str]]:
        """What stands in another column beside each value of a column."""
        found: dict[str, set[str]] = {}
        for row in self.rows:
            if row[place].strip():
                found.setdefault(row[place].strip(), set()).add(row[other].strip())
        return found


def understood(guideline: Guideline, role: str, cell: str) -> bool:
    """Whether a check knows what a cell of a role means. A condition outside the guide's is not known by itself."""
    if role == "specialty":
        return cells.specialty(cell).understood
    if role != "condition":
        return cells.named(guideline, role if role in guideline.names else "answer", cell).understood
    if guideline.understand("condition", cell) or guideline.understand("answer", cell) == "unknown":
        return True
    parts = [part for part in re.split(r"[,;/+]", cell) if part.strip()]
    return len(parts) > 1 and all(understood(guideline, role, part) for part in parts)
