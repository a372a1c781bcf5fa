"""A check of exports, from files to findings."""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from icpc_cli.checks.catalogue import BY_ID, CHECKS
from icpc_cli.checks.codes import tidied
from icpc_cli.exports.database import private_database
from icpc_cli.exports.judge import NUMBER, Judge
from icpc_cli.exports.load import VALUES, Input, Loaded, Loader, Progress, open_inputs
from icpc_cli.exports.rewrite import Repair, Repairs
from icpc_cli.guideline import Guideline
from icpc_cli.model import Case, Coverage, Finding, Source


@dataclass(frozen=True, slots=True)
class Options:
    """What the user chose: the day that counts as today, headers by role, values fixed for all rows, checks by id."""

    today: date
    mapping: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    shown: Collection[str] = tuple(BY_ID)


class Checked:
    """The outcome of a check, while its database is open."""

    def __init__(
        self, database: duckdb.DuckDBPyConnection, judge: Judge, loaded: Sequence[Loaded], coverage: Coverage
    ) -> None:
        self._database = database
        self._judge = judge
        self.loaded = tuple(loaded)
        self.coverage = coverage
        # A finding is made for every row of a long list, so what is the same for a whole file is looked up once.
        self._bases = [each.input.base for each in loaded]
        self._places = [(each.input.path, each.input.base, _headers(each.input)) for each in loaded]
        self.sources = tuple(_source(each) for each in loaded)

    def counts(self) -> dict[str, int]:
        """The number of findings by check id, for checks that found something, in the order of the ids."""
        rows = self._database.execute("SELECT number, count(*) FROM findings GROUP BY number ORDER BY number")
        return {CHECKS[number].id: count for number, count in rows.fetchall()}

    def findings(self, *, of: Loaded | None = None, check: str | None = None) -> Iterator[Finding]:
        """All findings in file order: by path as given, row, check id; or those of one file, of one check.

        They stream; nothing is held in memory.
        """
        records = (
            (of.input.base, of.input.base + of.outcome.last) if of else (0, self.loaded[-1].input.base + (1 << 40))
        )
        numbers = [NUMBER[check]] if check else list(NUMBER.values())
        rows = self._stream(
            "SELECT record, number, role, detail, value FROM findings WHERE record BETWEEN $1 AND $2 "
            "AND list_contains($3, number) ORDER BY record, number, role, detail",
            *records,
            numbers,
        )
        return (self._finding(*row) for row in rows)

    def repairs(self, of: Loaded) -> Repairs:
        """The code cells of a file that can be repaired (R002)."""
        found = self.findings(of=of, check="R002")
        return Repairs((Repair(each.row, each.value, each.detail.fix or "") for each in found), tidied)

    def findings_with_patients(self) -> Iterator[tuple[Finding, str, str]]:
        """All findings in file order, each with the patient and the date of its record as they stand in the file.

        Both are blank where there is no such column, and for a row that cannot be read.
        """
        rows = self._stream(
            f"SELECT f.record, number, role, detail, value, coalesce(patient, ''), coalesce(raw || time, '') "
            f"FROM findings f LEFT JOIN (SELECT record, patient, raw, coalesce(time_of_day, '') AS time FROM loaded "
            f"JOIN {self._judge.raws('date')} ON v.id = loaded.date) USING (record) "
            f"ORDER BY f.record, number, role, detail"
        )
        return ((self._finding(*row), patient, day) for *row, patient, day in rows)

    def examples(self, check: str, most: int) -> list[tuple[Finding, Case, str]]:
        """The first findings of one check, each with the facts of its record and the patient as in the file."""
        rows = self._database.execute(
            "SELECT f.record, number, role, detail, value, combination, coalesce(patient, '') FROM findings f "
            "LEFT JOIN facts USING (record) WHERE number = $1 ORDER BY f.record, role LIMIT $2",
            [NUMBER[check], most],
        )
        return [
            (self._finding(*row), Case() if combination is None else self._judge.record(combination).case, patient)
            for *row, combination, patient in rows.fetchall()
        ]

    def facts(self, row: int) -> Case:
        """What a row of the first file says, as the checks read it."""
        found = self._database.execute("SELECT combination FROM facts WHERE record = $1", [row]).fetchone()
        return self._judge.record(found[0]).case if found else Case()

    def _stream(self, query: str, *parameters: object) -> Iterator[tuple[Any, ...]]:
        """The rows of a query as they come; others can be asked meanwhile."""
        with self._database.cursor() as cursor:
            rows = cursor.execute(query, parameters)
            while batch := rows.fetchmany(10_000):
                yield from batch

    def _finding(self, record: int, number: int, role: int, detail: int, value: str) -> Finding:
        path, base, headers = self._places[bisect_right(self._bases, record) - 1]
        check = CHECKS[number]
        return Finding(path, record - base, check.id, check.severity, headers[role], value, self._judge.detail(detail))


def _headers(source: Input) -> dict[int, str | None]:
    """The header of each role by its number; a whole record has none."""
    return {-1: None, **{number: source.columns.header(role) for number, role in enumerate(VALUES)}}


def _source(loaded: Loaded) -> Source:
    dialect, columns = loaded.input.dialect, loaded.input.columns
    unreadable = len(loaded.outcome.unreadable)
    return Source(
        path=loaded.input.path,
        format="csv",
        encoding=dialect.encoding.name,
        delimiter=dialect.delimiter,
        columns=tuple((role, columns.headers[place]) for role, place in columns.places.items()),
        ignored_columns=columns.ignored,
        read=loaded.read,
        judged=loaded.read - unreadable,
        unreadable=unreadable,
    )


@contextmanager
def check_exports(
    guideline: Guideline, paths: Sequence[str], options: Options, progress: Progress | None = None
) -> Iterator[Checked]:
    """Read and judge the exports; what was found can be asked for until the context is left.

    ``progress`` is told the number of bytes read. Raises :class:`UsageError` for what cannot be read at all.
    """
    inputs = open_inputs(guideline, paths, options.mapping, options.fixed)
    with private_database([Path(each.path).resolve() for each in inputs]) as (database, folder):
        loader = Loader(database, folder, options.fixed)
        loaded = loader.load(inputs, progress)
        judge = Judge(guideline, database, loader, options.today)
        coverage = judge.judge(loaded)
        judge.forget(NUMBER[check] for check in BY_ID if check not in options.shown)
        yield Checked(database, judge, loaded, coverage)
