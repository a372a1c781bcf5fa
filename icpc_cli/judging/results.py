"""Results on instruments: start and follow-up of each course, averaged by the database.

The start of a course is the first cell of its column that is not blank, in the order of days; the follow-up is the last
one. A cell that cannot be used is named and not averaged; no other cell takes its place.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from icpc_cli.guideline import fold
from icpc_cli.judging.database import fill
from icpc_cli.judging.ledger import ORDER
from icpc_cli.judging.load import measure_column
from icpc_cli.outcomes import Better, Instrument
from icpc_cli.report.figures import Fault, ResultFigures, Results, Unusable
from icpc_cli.report.measures import read_measure
from icpc_cli.report.statistics import mean_change, share

if TYPE_CHECKING:
    from icpc_cli.judging.figures import Judged

_NAMED = 200
"""Unusable values that are named; the others are counted."""
_CLOSE = 1e-9
"""So much rounding of decimals is overlooked where a change is compared with the important one."""


def measured_headers(instruments: Sequence[Instrument]) -> tuple[str, ...]:
    """The headers of all columns of the instruments, each once."""
    return tuple({fold(each): each for one in instruments for each in (one.start, one.follow_up)}.values())


def measured_columns(instruments: Sequence[Instrument]) -> dict[str, str]:
    """Of each measure the first and the last cell of a course, and the records they are in, as aggregates."""
    columns = {}
    for number in range(len(measured_headers(instruments))):
        cell = measure_column(number)
        for place, aggregate in (("first", "arg_min"), ("last", "arg_max")):
            columns[f"{place}_{number}"] = f"{aggregate}({cell}, {ORDER})"
            columns[f"{place}_at_{number}"] = f"{aggregate}(record, {ORDER}) FILTER ({cell} IS NOT NULL)"
            columns[f"{place}_day_{number}"] = f"{aggregate}(day, {ORDER}) FILTER ({cell} IS NOT NULL)"
    return columns


def gather_results(
    judged: "Judged", instruments: Sequence[Instrument], clean: Callable[[str], str]
) -> tuple[tuple[Results, ...], tuple[Unusable, ...], int]:
    """Results by instrument, the first of the values that cannot be used, and how many those are in all."""
    headers = [fold(each) for each in measured_headers(instruments)]
    judged.database.execute(
        "CREATE OR REPLACE TABLE unusable "
        "(record BIGINT, header INTEGER, raw VARCHAR, fault VARCHAR, instrument INTEGER)"
    )
    results = [
        _InstrumentResults(judged, number, each, headers, clean).results() for number, each in enumerate(instruments)
    ]
    for header in range(len(headers)):
        _name_others(judged, instruments, headers, header)
    found = (
        "SELECT record, min(instrument), any_value(header), any_value(raw), arg_min(fault, instrument) FROM unusable "
        "GROUP BY record, header ORDER BY record, header"
    )
    counted = judged.database.execute(f"SELECT count(*) FROM ({found})").fetchone()
    unusable = []
    for record, number, header, raw, fault in judged.database.execute(f"{found} LIMIT {_NAMED}").fetchall():
        column = measured_headers(instruments)[header]
        path, row = judged.place(record, column)
        name = clean(instruments[number].name)
        unusable.append(Unusable(clean(path), row, clean(column), clean(raw), Fault(fault), name))
    return tuple(results), tuple(unusable), counted[0] if counted else 0


class _InstrumentResults:
    """One instrument over the courses of the table ``figure``."""

    def __init__(
        self,
        judged: "Judged",
        number: int,
        instrument: Instrument,
        headers: Sequence[str],
        clean: Callable[[str], str],
    ) -> None:
        self._judged, self._number, self._instrument, self._clean = judged, number, instrument, clean
        start, follow_up = headers.index(fold(instrument.start)), headers.index(fold(instrument.follow_up))
        self._headers = (start, follow_up)
        self._cells = (f"first_{start}", f"last_{follow_up}")
        self._places = (f"first_at_{start}", f"last_at_{follow_up}")
        self._days = (f"first_day_{start}", f"last_day_{follow_up}")

    def results(self) -> Results:
        """By code, and of all of them where there are several."""
        headers = (self._instrument.start, self._instrument.follow_up)
        missing = tuple(self._clean(each) for each in headers if fold(each) not in self._judged.headers)
        self._measured()
        rows = [self._row(*each) for each in self._sums("code", "JOIN code_of c USING (current)")]
        if len(rows) > 1:
            rows = [self._row(*each) for each in self._sums("NULL", "")] + rows
        self._name()
        return Results(_cleaned(self._instrument, self._clean), tuple(row for row in rows if row.courses), missing)

    def _measured(self) -> None:
        """The table ``measured``: the courses that the instrument is for, with their cells and what those say."""
        database, codes = self._judged.database, list(self._instrument.codes)
        start, follow_up = self._cells
        database.execute(
            f"""CREATE OR REPLACE TABLE measured AS
            SELECT last, current, {start} AS start_raw, {follow_up} AS end_raw,
                   {self._places[0]} AS start_at, {self._places[1]} AS end_at,
                   {self._days[0]} AS start_day, {self._days[1]} AS end_day
            FROM figure WHERE current IN (SELECT current FROM code_of WHERE code IN (SELECT unnest($1)) OR $2)""",
            [codes or [""], not codes],
        )
        raws = database.execute(
            "SELECT start_raw FROM measured WHERE start_raw IS NOT NULL UNION "
            "SELECT end_raw FROM measured WHERE end_raw IS NOT NULL"
        ).fetchall()
        said = [(raw, read_measure(raw, self._instrument)) for (raw,) in raws]
        database.execute("CREATE OR REPLACE TABLE measure (raw VARCHAR, value DOUBLE, fault VARCHAR)")
        rows = [(raw, None, str(one)) if isinstance(one, Fault) else (raw, one, None) for raw, one in said]
        fill(database, "measure", list(zip(*rows, strict=True)))

    def _sums(self, code: str, join: str) -> list[tuple[Any, ...]]:
        sign = "-" if self._instrument.better is Better.LOWER else ""
        codes = list(self._instrument.codes)
        among = "WHERE code IN (SELECT unnest($2)) OR $3 GROUP BY code ORDER BY count(*) DESC, code" if join else ""
        values = [self._instrument.important_change or 0.0, *([codes or [""], not codes] if join else [])]
        return self._judged.database.execute(
            f"""SELECT {code}, count(*), count(e.value - s.value),
                  avg(s.value) FILTER (e.value IS NOT NULL), avg(e.value) FILTER (s.value IS NOT NULL),
                  avg(e.value - s.value), stddev_samp(e.value - s.value),
                  count(*) FILTER ({sign}(e.value - s.value) >= $1 - {_CLOSE}),
                  count(*) FILTER (start_raw IS NOT NULL AND end_raw IS NULL),
                  count(*) FILTER (start_raw IS NULL AND end_raw IS NOT NULL),
                  count(*) FILTER (s.fault IS NOT NULL OR e.fault IS NOT NULL),
                  count(*) FILTER (start_raw IS NULL AND end_raw IS NULL),
                  median(end_day - start_day) FILTER (e.value - s.value IS NOT NULL AND least(start_day, end_day) > 0)
                FROM measured m LEFT JOIN measure s ON s.raw = start_raw LEFT JOIN measure e ON e.raw = end_raw
                {join} {among}""",
            values,
        ).fetchall()

    def _row(self, code: str | None, courses: int, pairs: int, *sums: Any) -> ResultFigures:
        start, follow_up, change, deviation, reached, without_follow_up, without_start, unusable, unmeasured, days = (
            sums
        )
        return ResultFigures(
            code,
            courses if courses > unmeasured else 0,
            pairs,
            start,
            follow_up,
            mean_change(pairs, change, deviation) if pairs else None,
            share(reached, pairs) if pairs and self._instrument.important_change is not None else None,
            without_follow_up,
            without_start,
            unusable,
            unmeasured,
            days,
        )

    def _name(self) -> None:
        """Note the cells of its courses that cannot be used."""
        for header, cell in zip(self._headers, ("start", "end"), strict=True):
            self._judged.database.execute(
                f"INSERT INTO unusable SELECT {cell}_at, {header}, {cell}_raw, fault, {self._number} "
                f"FROM measured JOIN measure ON raw = {cell}_raw WHERE fault IS NOT NULL"
            )


def _name_others(judged: "Judged", instruments: Sequence[Instrument], headers: Sequence[str], header: int) -> None:
    """Note the cells of a column that no instrument can use, of courses that none of its instruments is for."""
    for kind, of in (("first", "start"), ("last", "follow_up")):
        using = [n for n, each in enumerate(instruments) if fold(getattr(each, of)) == headers[header]]
        codes = [code for number in using for code in instruments[number].codes]
        everything = any(not instruments[number].codes for number in using)
        where = (
            f"{kind}_{header} IS NOT NULL AND (current IS NULL OR current NOT IN "
            "(SELECT current FROM code_of WHERE $1 OR code IN (SELECT unnest($2::VARCHAR[]))))"
        )
        raws = judged.database.execute(
            f"SELECT DISTINCT {kind}_{header} FROM figure WHERE {where}", [everything, codes]
        )
        for (raw,) in raws.fetchall() if using else ():
            said = [read_measure(raw, instruments[number]) for number in using]
            faults = [each for each in said if isinstance(each, Fault)]
            if len(faults) == len(using):
                judged.database.execute(
                    f"INSERT INTO unusable SELECT {kind}_at_{header}, {header}, $3, $4, $5 FROM figure "
                    f"WHERE {where} AND {kind}_{header} = $3",
                    [everything, codes, raw, str(faults[0]), using[0]],
                )


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
