"""Raw cells of an export into facts. Everything else compares facts, never raw cells."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from icpc_cli.cases import understood
from icpc_cli.guideline import Guideline, fold
from icpc_cli.model import Condition, Fact

_SEVERAL = re.compile(r"[,;/+]")
_EPOCH = date(1899, 12, 30)
"""Day 0 of spreadsheets, from March 1900 on."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a cell says: its ``value``, whether it was ``understood``, and the ``key`` that tells courses apart."""

    value: object
    understood: bool
    key: str


def stated(guideline: Guideline, fact: Fact, cell: str, *, asked: bool = False) -> Read:
    """What a cell says of the specialty, the course type, or an answer. Blank says nothing, and is understood.

    ``asked``: the header of the column asks whether the course is structured.
    """
    nothing = None if fact is Fact.SPECIALTY else "unknown"
    if not cell.strip():
        return Read(nothing, understood=True, key="")
    value = understood(guideline, fact, cell, asked=asked)
    if value is None:
        return Read(nothing, understood=False, key=fold(cell))
    return Read(value, understood=True, key="" if value == "unknown" else value)


def conditions(guideline: Guideline, cell: str) -> Read:
    """The conditions of a cell, several separated by ``, ; / +``, in table order.

    What is not blank and not one of the six counts as other; an explicit "ved ikke" is unknown. The key keeps unknown
    problems apart: two problems outside the table are not one course.
    """
    found, keys = set(), set()
    whole = guideline.understand("condition", cell)
    for part in [cell] if whole else _SEVERAL.split(cell):
        if not part.strip() or guideline.understand("answer", part) == "unknown":
            continue
        condition = Condition(guideline.understand("condition", part) or Condition.OTHER)
        found.add(condition)
        keys.add(condition.value if condition is not Condition.OTHER else fold(part))
    value = tuple(condition for condition in Condition if condition in found)
    return Read(value, understood=True, key="+".join(sorted(keys)))


def serial_date(cell: str) -> date | None:
    """The day that a spreadsheet has turned into a number (``45123``), where it is one of the years 1990 to 2064."""
    text = cell.strip().removesuffix(",0").removesuffix(".0")
    if len(text) != 5 or not (text.isascii() and text.isdigit()) or not 32874 <= int(text) < 60268:
        return None
    return _EPOCH + timedelta(days=int(text))


def cpr_date_exists(cpr: str) -> bool:
    """Whether the date of birth in a CPR number (``ddmmyy-nnnn``) exists, in the century that the seventh digit says.

    Source: the CPR Office's table of the seventh digit.
    """
    digits = cpr.replace("-", "").replace(" ", "")
    year, seventh = int(digits[4:6]), int(digits[6])
    if seventh <= 3 or (seventh in (4, 9) and year >= 37):
        century = 1900
    else:
        century = 1800 if seventh in (5, 6, 7, 8) and year >= 58 else 2000
    try:
        date(century + year, int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return False
    return True


def consultation(cell: str) -> int | None:
    """The number of a consultation from 1, or None."""
    text = cell.strip()
    if text.isascii() and text.isdigit() and len(text) <= 4 and int(text) >= 1:
        return int(text)
    return None
