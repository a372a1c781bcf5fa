"""Raw cells of an export into facts. Everything else compares facts, never raw cells."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from icpc_cli.cases import read_specialty
from icpc_cli.guideline import Guideline, fold, plain
from icpc_cli.model import Condition

_SEVERAL = re.compile(r"[,;/+]")
TIME_OF_DAY = (
    r"(?:T| +)(?:[01]?[0-9]|2[0-3])[:.][0-5][0-9](?:[:.][0-5][0-9](?:[.,][0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?$"
)
"""A time of day after a date, in the syntax that ``re`` and RE2 share, so that the database can cut it off."""
_EPOCH = date(1899, 12, 30)
"""Day 0 of spreadsheets, from March 1900 on."""
_DANISH = re.compile(r"([0-9]{1,2})([-./])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


@dataclass(frozen=True, slots=True)
class Read:
    """What a cell says: its ``value``, whether it was ``understood``, and the ``key`` that tells courses apart."""

    value: object
    understood: bool
    key: str


def specialty(cell: str) -> Read:
    """A number, or a text that starts with one. Blank and everything else is not understood."""
    number = read_specialty(plain(cell))
    return Read(number, number is not None, number or fold(cell))


def named(guideline: Guideline, kind: str, cell: str) -> Read:
    """A course or an answer by any of its names; blank is unknown, and understood."""
    if not plain(cell).strip():
        return Read("unknown", understood=True, key="")
    value = guideline.understand(kind, cell)
    if value is None:
        return Read("unknown", understood=False, key=fold(cell))
    return Read(value, understood=True, key=value)


def conditions(guideline: Guideline, cell: str) -> Read:
    """The conditions of a cell, several separated by ``, ; / +``, in table order.

    What is not blank and not one of the six counts as other; an explicit "ved ikke" is unknown. The key keeps unknown
    problems apart: two problems outside the table are not one course.
    """
    found, keys = set(), set()
    cell = plain(cell)
    whole = guideline.understand("condition", cell)
    for part in [cell] if whole else _SEVERAL.split(cell):
        if not part.strip() or guideline.understand("answer", part) == "unknown":
            continue
        condition = Condition(guideline.understand("condition", part) or Condition.OTHER)
        found.add(condition)
        keys.add(condition.value if condition is not Condition.OTHER else fold(part))
    value = tuple(condition for condition in Condition if condition in found)
    return Read(value, understood=True, key="+".join(sorted(keys)))


def without_time(cell: str) -> str:
    """A cell less the time of day at its end."""
    return re.sub(TIME_OF_DAY, "", cell)


def calendar_date(cell: str) -> date | None:
    """The date of a cell, in Danish or ISO order, with or without a time of day; None when it is none.

    Two-digit years from 70 on are 19xx, others 20xx. US order is never guessed.
    """
    text = without_time(plain(cell).strip())
    if match := _DANISH.fullmatch(text):
        year = int(match[4])
        if len(match[4]) == 2:
            year += 1900 if year >= 70 else 2000
        return _date(year, int(match[3]), int(match[1]))
    if match := _ISO.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    return None


def serial_date(cell: str) -> date | None:
    """The day that a spreadsheet has turned into a number (``45123``), where it is one of the years 1990 to 2064."""
    text = plain(cell).strip().removesuffix(",0").removesuffix(".0")
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
    return _date(century + year, int(digits[2:4]), int(digits[:2])) is not None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def consultation(cell: str) -> int | None:
    """The number of a consultation from 1, or None."""
    text = plain(cell).strip()
    if text.isascii() and text.isdigit() and len(text) <= 4 and int(text) >= 1:
        return int(text)
    return None
