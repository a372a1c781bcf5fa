"""The second stage: the dated entries of a pasted journal."""

import re
from itertools import pairwise
from typing import NamedTuple

from icpc_cli.notes.memory import expression

_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_DAY = (
    r"(?:(?P<y1>[0-9]{4})-(?P<m1>[0-9]{2})-(?P<d1>[0-9]{2})"
    r"|(?P<d2>[0-9]{1,2})[./-](?P<m2>[0-9]{1,2})(?:[./-](?P<y2>[0-9]{4}|[0-9]{2}))?"
    rf"|(?P<d3>[0-9]{{1,2}})\. ?(?P<m3>{'|'.join(_MONTHS)})[a-z]*\.?(?: (?P<y3>[0-9]{{4}}))?)"
)
_MARK = (
    r"(?i:(?:(?:^|(?<=\n))[ \t]*(?P<line>[-*•] )?|(?<=[.!?\]] )|(?<=[.!?]  ))"
    rf"(?:d\. ?|den |dato:? )?(?P<open>[\[(])?{_DAY}(?(open)[\])])"
    r"(?: (?:kl\. ?)?[0-9]{1,2}[.:][0-9]{2})?(?:,? (?-i:[A-ZÆØÅ]{2,4})\b)?[ \t]*(?P<sign>[:–—-](?=\s)|\n|(?=\s)|$))"
)
GOES_ON_AS_DATE = rf"(?:[./-][0-9]|\. ?(?i:{'|'.join(_MONTHS)}))"
"""What is behind the first digit of a date, and of few other things: quick, since most notes have no two of them."""
_DATE = f"[0-9]{GOES_ON_AS_DATE}"
_HEAD = 60
"""Characters that may stand before the first entry: a title."""
_HALF_YEAR = 183


class Entry(NamedTuple):
    """One entry of a journal: characters ``start`` to ``end`` of the note, without its date."""

    start: int
    end: int


def entries(text: str) -> tuple[Entry, ...]:
    """The dated entries of a note, the oldest first; the whole note where it has no two of them."""
    if len(expression(_DATE).findall(text)) < 2:
        return (Entry(0, len(text)),)
    marks = [mark for mark in expression(_MARK).finditer(text) if _exists(mark)]
    sure = [mark for mark in marks if _begins_line(text, mark) or not _is_grade(mark)]
    if len(sure) < 2 or sure[0].start() > _HEAD or all(map(_is_grade, sure)):
        return (Entry(0, len(text)),)
    days = [_days(mark) for mark in marks]
    marks = marks if days == sorted(days) else sure  # of "12/3 ... 19/3 ... 2/5 ..." the last is a day too
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    found = [Entry(mark.end(), end) for mark, end in zip(marks, ends, strict=True)]
    return tuple(found if _rises([_days(mark) for mark in marks]) else found[::-1])


def _exists(mark: re.Match[str]) -> bool:
    _, month, day = _parts(mark)
    return 1 <= month <= 12 and 1 <= day <= 31


def _begins_line(text: str, mark: re.Match[str]) -> bool:
    return mark.start() == 0 or text[mark.start() - 1] == "\n"


def _is_plain(mark: re.Match[str]) -> bool:
    """Whether nothing but two numbers makes it a date."""
    bare = mark["d2"] and not mark["y2"] and not mark["sign"] and not mark["open"]
    return bool(bare) and mark.end() - mark.end("m2") < 2


def _is_grade(mark: re.Match[str]) -> bool:
    """Whether it may be a muscle's strength, as all are where lines begin so: "4/5 for EHL"."""
    return _is_plain(mark) and mark["m2"] == "5" and mark["d2"] in tuple("012345") and "/" in mark[0]


def _parts(mark: re.Match[str]) -> tuple[int, int, int]:
    year = mark["y1"] or mark["y2"] or mark["y3"] or 0
    month = mark["m1"] or mark["m2"] or _MONTHS.index(mark["m3"].lower()) + 1
    return int(year), int(month), int(mark["d1"] or mark["d2"] or mark["d3"])


def _days(mark: re.Match[str]) -> tuple[int, int]:
    year, month, day = _parts(mark)
    return year % 100, 31 * month + day


def _rises(days: list[tuple[int, int]]) -> bool:
    """Whether the dates go forward; without years, a step of more than half a year is one over New Year."""
    forward = 0
    for (year, day), (next_year, next_day) in pairwise(days):
        step = 372 * (next_year - year if year and next_year else 0) + next_day - day
        if not (year and next_year) and abs(step) > _HALF_YEAR:
            step = -step
        forward += (step > 0) - (step < 0)
    return forward >= 0
