"""The beginning of an export as ``icpc init`` looks at it, and what its columns look like by what stands in them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from icpc_cli.cases.words import read_day
from icpc_cli.checks import cells
from icpc_cli.checks.codes import read_codes
from icpc_cli.guideline import Guideline
from icpc_cli.model import Fact

_CPR = re.compile(r"[0-9]{6}[- ]?[0-9]{4}")
_MOSTLY = 0.6
"""The share of a column's cells that must look like a role before its header is of no account."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, its different values and how often they stand there, most often first, and blank cells."""

    header: str
    values: tuple[tuple[str, int], ...] = ()
    blank: int = 0

    def looks_like(self, role: str) -> bool:
        """Whether most cells that are not blank hold what a role is about: codes, CPR numbers, or days."""
        total = sum(count for _, count in self.values)
        return bool(total) and sum(count for value, count in self.values if _SHAPES[role](value)) >= _MOSTLY * total


@dataclass(frozen=True, slots=True)
class Sample:
    """The first ``records`` records of an export, column by column; ``encoding`` is of a workbook the sheet's name."""

    path: str
    encoding: str
    delimiter: str
    records: int
    columns: tuple[Column, ...]

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers of the columns."""
        return tuple(column.header for column in self.columns)


_SHAPES: dict[str, Callable[[str], bool]] = {
    "code": lambda value: bool(read_codes(value).codes),
    "patient": lambda value: bool(_CPR.fullmatch(value)),
    "date": lambda value: read_day(value) is not None,
}
SHAPED = tuple(_SHAPES)
"""The roles that a column's cells can tell."""


def holds_cpr(text: str) -> bool:
    """Whether something in a text looks like a CPR number."""
    return bool(re.search(rf"(?<!\d){_CPR.pattern}(?!\d)", text))


def understood(guideline: Guideline, role: str, cell: str) -> bool:
    """Whether a check knows what a cell of a role means. A condition outside the guide's is not known by itself."""
    if role != "condition":
        return cells.stated(guideline, Fact(role), cell).understood
    if guideline.understand("condition", cell) or guideline.understand("answer", cell) == "unknown":
        return True
    parts = [part for part in re.split(r"[,;/+]", cell) if part.strip()]
    return len(parts) > 1 and all(understood(guideline, role, part) for part in parts)
