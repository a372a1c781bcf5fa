"""Stretches of whole months: which of them a clinic shares, and which have left it already."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

_NAME = re.compile(r"([0-9]{4})(?:-(H[12]|Q[1-4])|-([0-9]{2})/([0-9]{4})-([0-9]{2}))?")
_LENGTHS = {"year": 12, "half": 6, "quarter": 3}
LENGTHS = tuple(_LENGTHS)
"""What a user can ask for."""


class Span(NamedTuple):
    """From the first to the last month, both counted from year 0."""

    first: int
    last: int

    def __contains__(self, day: object) -> bool:
        """Whether a day lies in it."""
        return isinstance(day, date) and self.first <= _month(day) <= self.last

    @property
    def name(self) -> str:
        """``2025``, ``2025-H1``, ``2025-Q1``, or ``2025-03/2025-08``: first and last month."""
        year, month = divmod(self.first, 12)
        length = self.last - self.first + 1
        for letter, of in (("", 12), ("-H", 6), ("-Q", 3)):
            if length == of and not month % of:
                return f"{year:04d}{letter}{month // of + 1 if letter else ''}"
        return "/".join(f"{each // 12:04d}-{each % 12 + 1:02d}" for each in self)

    @property
    def days(self) -> tuple[date, date]:
        """Its first and last day."""
        (begins, first), (ends, last) = (divmod(each, 12) for each in self)
        return date(begins, first + 1, 1), date(ends, last + 1, monthrange(ends, last + 1)[1])

    def meets(self, other: "Span") -> bool:
        """Whether they have a month in common."""
        return self.first <= other.last and other.first <= self.last


def named(name: str) -> Span | None:
    """The span of a name, None for what is none."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    start = int(match[1]) * 12
    if part := match[2]:
        length = 6 if part[0] == "H" else 3
        start += (int(part[1]) - 1) * length
        span = Span(start, start + length - 1)
    elif match[3]:
        span = Span(start + int(match[3]) - 1, int(match[4]) * 12 + int(match[5]) - 1)
    else:
        span = Span(start, start + 11)
    # A span has one name only, so that no period can be in a file twice.
    return span if span.first <= span.last and span.first >= 12 and span.name == name else None


def covered(first: date, last: date, today: date) -> Span | None:
    """The months that an export covers and that have ended before today."""
    span = Span(_month(first), min(_month(last), _month(today) - 1))
    return span if span.first <= span.last else None


def chosen(length: str | None, whole: Span) -> list[Span]:
    """The periods of a length in what is covered; by default the last calendar year, or all where no year is whole."""
    size = _LENGTHS[length or "year"]
    starts = range(whole.first + -whole.first % size, whole.last - size + 2, size)
    found = [Span(start, start + size - 1) for start in starts]
    if length is not None:
        return found
    return found[-1:] or [whole]


def left(span: Span, gone: Iterable[Span]) -> Iterator[Span]:
    """The parts of a span that are in none of the others."""
    taken = {month for each in gone for month in range(each.first, each.last + 1)}
    free = (month for month in range(span.first, span.last + 1) if month not in taken)
    for _, run in groupby(enumerate(free), lambda each: each[1] - each[0]):
        months = [month for _, month in run]
        yield Span(months[0], months[-1])


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
