"""Results on instruments: start and follow-up of each course; the database counts which there are, Python averages.

The start of a course is the first cell of its column that is not blank, in the order of days; the follow-up is the last
one. A cell that cannot be used is named and not averaged; no other cell takes its place.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import fsum, sqrt
from typing import NamedTuple

from icpc_cli.guideline import fold
from icpc_cli.judging.check import Checked
from icpc_cli.judging.coursewise import measured_ends, measured_headers
from icpc_cli.judging.ledger import PLACES, Table
from icpc_cli.outcomes import Better, Instrument
from icpc_cli.report.figures import Fault, ResultFigures, Results, Unusable
from icpc_cli.report.measures import read_measure
from icpc_cli.report.statistics import mean_change, share

_NAMED = 200
"""Unusable values that are named; the others are counted."""
_FAULTY = Table("faulty", {"of": "VARCHAR", "header": "INTEGER", "current": "BIGINT", "raw": "VARCHAR",
                           "fault": "VARCHAR", "instrument": "INTEGER"})  # fmt: skip
"""What cannot be used: of which end and header, of courses with which codes, for which instrument and why."""
_CLOSE = 1e-9
"""So much rounding of decimals is overlooked where a change is compared with the important one."""


class _Alike(NamedTuple):
    """So many courses with the same codes, cells, and days between them (None: not known)."""

    current: int | None
    codes: tuple[str, ...]
    start: str | None
    follow_up: str | None
    days: int | None
    courses: int

    def is_for(self, one: Instrument) -> bool:
        """Whether an instrument is for these courses."""
        return bool(set(self.codes).intersection(one.codes)) if one.codes else bool(self.codes)


def gather_results(
    checked: Checked, courses: str, instruments: Sequence[Instrument], clean: Callable[[str], str]
) -> tuple[tuple[Results, ...], tuple[Unusable, ...], int]:
    """Results by instrument, the first of the values that cannot be used, and how many those are in all.

    ``courses``: what a query takes them from.
    """
    ends = measured_ends(instruments)
    by_ends = {each: _kinds(checked, courses, *each) for each in dict.fromkeys(ends)}
    kinds = [by_ends[each] for each in ends]
    headers = {fold(header) for each in checked.loaded for header in each.input.columns.headers}
    results = []
    for one, of in zip(instruments, kinds, strict=True):
        missing = tuple(clean(each) for each in (one.start, one.follow_up) if fold(each) not in headers)
        results.append(Results(_cleaned(one, clean), tuple(_rows(one, of)), missing))
    faulty = list(_faulty(instruments, ends, kinds))
    return tuple(results), *(_named(checked, courses, instruments, faulty, clean) if faulty else ((), 0))


def _kinds(checked: Checked, courses: str, start: int, follow_up: int) -> list[_Alike]:
    begun, ended = (f"nullif({end} // {PLACES}, 0)" for end in (f"first_{start}_at", f"last_{follow_up}_at"))
    rows = checked.database.execute(
        f"SELECT current, first_{start}, last_{follow_up}, {ended} - {begun} AS days, count(*) "
        f"FROM {courses} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    codes = {current: () if current is None else checked.judge.codes[current] for current, *_ in rows}
    return [_Alike(current, codes[current], *rest) for current, *rest in rows]


class _Measured(NamedTuple):
    """What the two cells of so many courses say, None where there is none, and the days between them."""

    start: float | Fault | None
    follow_up: float | Fault | None
    days: int | None
    courses: int


def _rows(one: Instrument, kinds: Sequence[_Alike]) -> Iterator[ResultFigures]:
    """By code, most courses first, and before that of all of them where there are several; none without any cell."""
    whole: list[_Measured] = []
    by_code: dict[str, list[_Measured]] = {}
    for each in kinds:
        if each.is_for(one):
            start, follow_up = (None if raw is None else read_measure(raw, one) for raw in (each.start, each.follow_up))
            whole.append(_Measured(start, follow_up, each.days, each.courses))
            for code in each.codes:
                if not one.codes or code in one.codes:
                    by_code.setdefault(code, []).append(whole[-1])
    rows = [_row(code, of, one) for code, of in by_code.items()]
    rows.sort(key=lambda row: (-row.courses, row.code))
    for row in [_row(None, whole, one), *rows] if len(rows) > 1 else rows:
        if row.courses > row.unmeasured:
            yield row


def _row(code: str | None, measured: Sequence[_Measured], one: Instrument) -> ResultFigures:
    unusable, lacking = 0, Counter[tuple[bool, bool]]()
    starts, ends, changes = (list[tuple[float, int]]() for _ in range(3))
    days = Counter[int]()
    for start, follow_up, between, courses in measured:
        lacking[start is None, follow_up is None] += courses
        if isinstance(start, float) and isinstance(follow_up, float):
            starts.append((start, courses))
            ends.append((follow_up, courses))
            changes.append((follow_up - start, courses))
            if between is not None:
                days[between] += courses
        elif isinstance(start, Fault) or isinstance(follow_up, Fault):
            unusable += courses
    number = sum(courses for _, courses in changes)
    sign = -1 if one.better is Better.LOWER else 1
    reached = sum(courses for change, courses in changes if sign * change >= (one.important_change or 0) - _CLOSE)
    return ResultFigures(
        code,
        lacking.total(),
        number,
        _mean(starts),
        _mean(ends),
        None if (mean := _mean(changes)) is None else mean_change(number, mean, _deviation(changes, mean)),
        share(reached, number) if changes and one.important_change is not None else None,
        lacking[False, True],
        lacking[True, False],
        unusable,
        lacking[True, True],
        _median(days),
    )


def _mean(values: Sequence[tuple[float, int]]) -> float | None:
    """The mean of values, each so many times."""
    return fsum(value * times for value, times in values) / sum(times for _, times in values) if values else None


def _median(days: Counter[int]) -> float | None:
    """The middle one of these days, or between the middle two."""
    ordered = sorted(days.elements())
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2 if ordered else None


def _deviation(values: Sequence[tuple[float, int]], mean: float) -> float | None:
    """Their standard deviation, of a sample; none of one value."""
    number = sum(times for _, times in values)
    if number < 2 or max(values)[0] - min(values)[0] < _CLOSE:
        return None
    return sqrt(fsum(times * (value - mean) ** 2 for value, times in values) / (number - 1))


def _faulty(
    instruments: Sequence[Instrument], ends: Sequence[tuple[int, int]], kinds: Sequence[Sequence[_Alike]]
) -> Iterator[tuple[str, int, int | None, str, Fault, int]]:
    """What cannot be used: of which end and header, of courses with which codes, for which instrument and why.

    A cell is for the instruments of its course; where those have none, it is named if no instrument can use it.
    """
    for place, (end, of) in enumerate((("first", "start"), ("last", "follow_up"))):
        for header in dict.fromkeys(each[place] for each in ends):
            using = [number for number, each in enumerate(ends) if each[place] == header]
            cells = {(each.current, getattr(each, of)): each for number in using for each in kinds[number]}
            for (current, raw), kind in cells.items():
                its = [number for number in using if kind.is_for(instruments[number])]
                said = [(number, read_measure(raw, instruments[number])) for number in its or using if raw is not None]
                faults = [(number, one) for number, one in said if isinstance(one, Fault)]
                if faults and (its or len(faults) == len(said)):
                    yield end, header, current, raw, faults[0][1], faults[0][0]


def _named(
    checked: Checked,
    courses: str,
    instruments: Sequence[Instrument],
    faulty: Sequence[tuple[str, int, int | None, str, Fault, int]],
    clean: Callable[[str], str],
) -> tuple[tuple[Unusable, ...], int]:
    """The first values that cannot be used, each with its place, and how many there are."""
    _FAULTY.hold(checked.database, list(zip(*faulty, strict=True)))
    ends = [
        f"SELECT {end}_{header}_at % {PLACES} AS record, header, raw, fault, instrument "
        f"FROM {courses} g JOIN {_FAULTY} f ON of = '{end}' AND header = {header} AND raw = {end}_{header} "
        "AND g.current IS NOT DISTINCT FROM f.current"
        for end, header in dict.fromkeys(each[:2] for each in faulty)
    ]
    rows = checked.database.execute(
        "SELECT record, min(instrument), header, any_value(raw), arg_min(fault, instrument), count(*) OVER () "
        f"FROM ({' UNION ALL '.join(ends)}) GROUP BY record, header ORDER BY record, header LIMIT {_NAMED}"
    ).fetchall()
    unusable = []
    for record, number, header, raw, fault, _ in rows:
        column = measured_headers(instruments)[header]
        path, row = checked.place(record, column)
        name = clean(instruments[number].name)
        unusable.append(Unusable(clean(path), row, clean(column), clean(raw), Fault(fault), name))
    return tuple(unusable), rows[0][-1]


def _cleaned(instrument: Instrument, clean: Callable[[str], str]) -> Instrument:
    """The instrument with its texts safe to show; they come from a file as well."""
    return replace(
        instrument,
        name=clean(instrument.name),
        start=clean(instrument.start),
        follow_up=clean(instrument.follow_up),
        population=clean(instrument.population),
        source=clean(instrument.source),
    )
