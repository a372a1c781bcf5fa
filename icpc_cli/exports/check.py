"""A check of exports, from files to findings."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from icpc_cli.checks.catalogue import BY_ID, CHECKS
from icpc_cli.exports.courses import course_rows, service_rows
from icpc_cli.exports.database import private_database
from icpc_cli.exports.judge import NUMBER, Judge
from icpc_cli.exports.load import VALUES, Loaded, Loader, Progress, open_inputs
from icpc_cli.guideline import Guideline
from icpc_cli.model import Case, CourseRow, Coverage, Finding, ServiceRow, Source


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
        self,
        guideline: Guideline,
        database: duckdb.DuckDBPyConnection,
        judge: Judge,
        loaded: Sequence[Loaded],
        coverage: Coverage,
    ) -> None:
        self._guideline = guideline
        self._database = database
        self._judge = judge
        self._loaded = loaded
        self.coverage = coverage
        self.sources = tuple(_source(each) for each in loaded)

    def counts(self) -> dict[str, int]:
        """The number of findings by check id, for checks that found something, in the order of the ids."""
        rows = self._database.execute("SELECT number, count(*) FROM findings GROUP BY number ORDER BY number")
        return {CHECKS[number].id: count for number, count in rows.fetchall()}

    def findings(self) -> Iterator[Finding]:
        """All findings in file order: by path as given, row, check id. They stream; nothing is held in memory."""
        rows = self._database.execute(
            "SELECT record, number, role, detail, value FROM findings ORDER BY record, number, role, detail"
        )
        while batch := rows.fetchmany(10_000):
            for row in batch:
                yield self._finding(*row)

    def examples(self, check: str, most: int) -> list[tuple[Finding, Case]]:
        """The first findings of one check, each with the facts of its record."""
        rows = self._database.execute(
            "SELECT f.record, number, role, detail, value, combination FROM findings f LEFT JOIN facts USING (record) "
            "WHERE number = $1 ORDER BY f.record, role LIMIT $2",
            [NUMBER[check], most],
        )
        return [
            (self._finding(*row), Case() if combination is None else self._judge.record(combination).case)
            for *row, combination in rows.fetchall()
        ]

    def courses(self) -> Iterator[CourseRow]:
        """All courses, as figures are made of them."""
        return course_rows(self._guideline, self._database, self._judge)

    def services(self) -> Iterator[ServiceRow]:
        """Consultations by clinic, quarter and service code."""
        return service_rows(self._database, self._judge)

    def facts(self, row: int) -> Case:
        """What a row of the first file says, as the checks read it."""
        found = self._database.execute("SELECT combination FROM facts WHERE record = $1", [row]).fetchone()
        return self._judge.record(found[0]).case if found else Case()

    def _finding(self, record: int, number: int, role: int, detail: int, value: str) -> Finding:
        source = next(each.input for each in reversed(self._loaded) if record >= each.input.base)
        check = CHECKS[number]
        column = None if role < 0 else source.columns.header(VALUES[role])
        return Finding(
            source.path, record - source.base, check.id, check.severity, column, value, self._judge.detail(detail)
        )


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
        yield Checked(guideline, database, judge, loaded, coverage)
