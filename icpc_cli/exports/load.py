"""Files into one table: of every record the number of each cell's value, and whom it belongs to.

A column of a million records holds few different values, so a value is kept once, by number, and judged once.
"""

import csv
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Lock

import duckdb

from icpc_cli.checks.cells import TIME_OF_DAY, without_time
from icpc_cli.checks.columns import Columns, match_columns, recognised
from icpc_cli.errors import UsageError
from icpc_cli.exports.database import csv_scan, fill, quoted, write_block
from icpc_cli.exports.dialect import Dialect, Lines, detect, reconsidered
from icpc_cli.exports.records import NotPlainError, NotUtf8Error, Outcome, Settler
from icpc_cli.guideline import Guideline

VALUES = (
    "specialty", "course", "condition", "nerve_root_signs", "findings_certain", "code", "code_text",
    "date", "consultation", "clinic",
)  # fmt: skip
"""The roles of which the different values are few: kept by number."""
OWNERS = ("patient", "course_id")
"""The roles that tell courses apart: kept as they are."""

_SAMPLES, _SAMPLE = 16, 1 << 16
_FEW = 64
_LOADERS = 2

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Input:
    """One file, ready to be read. ``base`` plus a row number is the record's number over all files."""

    path: str
    dialect: Dialect
    columns: Columns
    base: int = 0


@dataclass(frozen=True, slots=True)
class _Part:
    """A table of consecutive records, of which the first has this number over all files."""

    table: str
    first: int
    rows: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file after reading. ``read`` counts its records; the outcome lists the rows that are none or unreadable."""

    input: Input
    outcome: Outcome
    read: int


def open_inputs(
    guideline: Guideline, paths: Sequence[str], mapping: Mapping[str, str], fixed: Mapping[str, str]
) -> list[Input]:
    """The files with their dialects and columns. Raises :class:`UsageError` for what cannot be read at all."""
    seen = set()
    inputs = []
    for path in paths:
        real = os.path.realpath(path)
        if real in seen:
            raise UsageError("file-twice", path=path)
        seen.add(real)
        dialect = _dialect(guideline, path)
        inputs.append(Input(path, dialect, match_columns(guideline, dialect.header, path, mapping, fixed)))
    return inputs


def _dialect(guideline: Guideline, path: str) -> Dialect:
    if Path(path).is_dir():
        raise UsageError("is-a-folder", path=path)
    try:
        return detect(Path(path), lambda headers: recognised(guideline, headers))
    except FileNotFoundError:
        raise UsageError("file-missing", path=path) from None
    except OSError as error:
        raise UsageError("file-unreadable", path=path, problem=os.strerror(error.errno or 0)) from None


class Loader:
    """Loads files, in parts that are tables of their own, behind a view ``loaded`` of all good records.

    The view has the number of each record, for every role of :data:`VALUES` the number of its value (by ``values``; 0
    is the value of a role without a column), the owners, and the time of day that followed the date.
    """

    def __init__(self, database: duckdb.DuckDBPyConnection, folder: Path, fixed: Mapping[str, str]) -> None:
        self._database = database
        self._folder = folder
        self._fixed = fixed
        self.values: dict[str, dict[str, int]] = {role: {fixed.get(role, ""): 0} for role in VALUES}
        self._parts: list[_Part] = []
        self._cast: set[str] = set()
        self._numbering = Lock()
        database.execute("CREATE TABLE gone (record BIGINT)")

    def load(self, inputs: Sequence[Input], progress: Progress | None) -> list[Loaded]:
        """Load every good record of the files, in order."""
        loaded: list[Loaded] = []
        base = 0
        for each in inputs:
            loaded.append(self._load_file(replace(each, base=base), progress))
            base += loaded[-1].outcome.last + 1
        columns = ", ".join((*VALUES, *OWNERS, "time_of_day"))
        # A table keeps the order in which it was filled: the place of a row in it is its place in the file.
        parts = " UNION ALL ".join(
            f"SELECT {part.first} + rowid AS record, {columns} FROM {part.table}" for part in self._parts
        )
        self._database.execute(f"CREATE VIEW loaded AS SELECT * FROM ({parts}) ANTI JOIN gone USING (record)")
        return loaded

    def _add(self, role: str, raws: Iterable[str]) -> None:
        known = self.values[role]
        for raw in raws:
            known.setdefault(raw, len(known))

    def _load_file(self, source: Input, progress: Progress | None) -> Loaded:
        self._add_samples(source)
        self._enumerate(source)
        try:
            parts, outcome = self._settle_and_load(source, progress)
        except NotUtf8Error:
            source = replace(source, dialect=reconsidered(Path(source.path), source.dialect))
            parts, outcome = self._settle_and_load(source, None)
        read = outcome.last - source.dialect.header_row - len(outcome.blank)
        if read <= 0:
            raise UsageError("no-records", path=source.path)
        for part in parts:
            self._verify(part)
        self._parts += parts
        rows = (*outcome.blank, *(row for row, _ in outcome.unreadable))
        fill(self._database, "gone", [[source.base + row for row in rows]])
        return Loaded(source, outcome, read)

    def _enumerate(self, source: Input) -> None:
        """Make the enumerations of the values that are known when the file is loaded."""
        self._cast = {role for role in _numbered(source) if len(self.values[role]) <= _FEW}
        for role in self._cast:
            literals = ", ".join(map(quoted, self.values[role]))
            self._database.execute(f"CREATE TYPE {role}_{source.base} AS ENUM ({literals})")

    def _verify(self, part: "_Part") -> None:
        held = self._database.execute(f"SELECT count(*), coalesce(max(rowid), -1) + 1 FROM {part.table}").fetchone()
        if held != (part.rows, part.rows):
            raise RuntimeError(f"{part.rows} records were settled and {held} are held")

    def _add_samples(self, source: Input) -> None:
        """Number the values that samples of the file hold, so that most are known when it is loaded.

        A guess that costs nothing when wrong: values that are not met have a number too many, others get theirs later.
        """
        rows = list(_sample_rows(source))
        for role, place in _numbered(source).items():
            self._add(role, {without_time(row[place]) if role == "date" else row[place] for row in rows})

    def _settle_and_load(self, source: Input, progress: Progress | None) -> tuple[list["_Part"], Outcome]:
        """Settle the records of a file and load them, the one while the other.

        A file that turns out to be plain throughout is read by the database as it is; any other is written anew in
        blocks, with an empty record in the place of each unreadable and blank one.
        """
        if source.dialect.plain:
            try:
                return self._load_as_it_is(source, progress)
            except NotPlainError:
                progress = None
        settler = new_settler(source.dialect)
        parts: list[_Part] = []
        with Path(source.path).open("rb") as file, ThreadPoolExecutor(_LOADERS) as loader:
            loading: deque[Future[None]] = deque()
            for block in settler.blocks(source.dialect.record_lines(file, progress)):
                path = write_block(self._folder, block)
                parts.append(_Part(f"part_{source.base}_{len(parts)}", source.base + block.first, block.rows))
                if len(loading) == _LOADERS:
                    loading.popleft().result()
                loading.append(loader.submit(partial(self._load_block, source, parts[-1], path)))
            for each in loading:
                each.result()
        return parts, settler.outcome

    def _load_as_it_is(self, source: Input, progress: Progress | None) -> tuple[list["_Part"], Outcome]:
        """Load the file while its lines are verified; at the first that is not plain, stop both."""
        dialect, path = source.dialect, Path(source.path)
        settler, table = new_settler(dialect), f"whole_{source.base}"
        with path.open("rb") as file, ThreadPoolExecutor(1) as loader:
            scan = csv_scan(path.resolve(), dialect.delimiter, len(dialect.header), dialect.header_lines)
            loading = loader.submit(partial(self._create, self._database, source, table, scan))
            try:
                rows = settler.verify(dialect.record_lines(file, progress, mend_ends=False))
            except (NotPlainError, NotUtf8Error):
                while not loading.done():
                    self._database.interrupt()
                    wait([loading], timeout=0.05)
                raise
            try:
                if loading.result() == rows:
                    self._number_new_values(self._database, source, table)
                    return [_Part(table, source.base + dialect.header_row + 1, rows)], settler.outcome
            except duckdb.Error:
                # What the database and the csv module do not agree on is written anew for it.
                pass
        raise NotPlainError

    def _load_block(self, source: Input, part: "_Part", path: Path) -> None:
        scan = csv_scan(path, source.dialect.delimiter, len(source.dialect.header))
        try:
            with self._database.cursor() as cursor:
                self._create(cursor, source, part.table, scan)
                self._number_new_values(cursor, source, part.table)
        except duckdb.Error as error:
            # The database's own words quote the patient's line.
            raise RuntimeError(f"DuckDB refused settled records: {type(error).__name__}") from None
        path.unlink()

    def _create(self, database: duckdb.DuckDBPyConnection, source: Input, table: str, scan: str) -> int:
        """Make a table of the records of a scan, in their order, and return how many they are.

        A value is numbered by casting it to an enumeration of those that are known; one that is not known yet stays as
        it is, beside the number. (A join would number it as well, but joins do not keep the order of records.) A cast
        that fails takes the longer the more values there are, so a role of many values is not cast at all.
        """
        raws = {role: self._sql(source, role) for role in (*VALUES, *OWNERS)}
        numbered = _numbered(source)
        numbers = dict.fromkeys(VALUES, "0")
        numbers |= {
            role: f"enum_code(try_cast({role} AS {role}_{source.base}))::INTEGER" if role in self._cast else "NULL"
            for role in numbered
        }
        new = {role: f"if(id_{role} IS NULL, {role}, NULL)" if role in numbered else "NULL" for role in VALUES}
        row = database.execute(
            f"CREATE OR REPLACE TABLE {table} AS "
            f"SELECT {', '.join(f'id_{role}::INTEGER AS {role}, {new[role]} AS {role}_new' for role in VALUES)}, "
            f"trim(patient) AS patient, trim(course_id) AS course_id, time_of_day FROM ("
            f"SELECT *, {', '.join(f'{number} AS id_{role}' for role, number in numbers.items())} FROM ("
            f"SELECT {', '.join(f'{raw} AS {role}' for role, raw in raws.items())}, "
            f"{_time_of_day(source)} AS time_of_day FROM {scan}))"
        ).fetchone()
        return int(row[0]) if row else 0

    def _sql(self, source: Input, role: str) -> str:
        """A role's raw cell in SQL; of a date the day alone, so that times of day do not multiply its values."""
        place = _place(source, role)
        if place is None:
            return quoted(self._fixed.get(role, ""))
        cell = f"c{place}"
        return (
            f"if(length({cell}) > 10, regexp_replace({cell}, '{TIME_OF_DAY}', ''), {cell})" if role == "date" else cell
        )

    def _number_new_values(self, database: duckdb.DuckDBPyConnection, source: Input, table: str) -> None:
        """Give a number to the values that no sample held."""
        roles = list(_numbered(source))
        counts = database.execute(f"SELECT {', '.join(f'count({role}_new)' for role in roles)} FROM {table}")
        for role, count in zip(roles, counts.fetchone() or (), strict=True):
            if not count:
                continue
            found = database.execute(f"SELECT DISTINCT {role}_new FROM {table} WHERE {role}_new IS NOT NULL")
            raws = [raw for (raw,) in found.fetchall()]
            with self._numbering:
                self._add(role, raws)
            database.execute("CREATE OR REPLACE TEMP TABLE late (id INTEGER, raw VARCHAR)")
            fill(database, "late", [[self.values[role][raw] for raw in raws], raws])
            database.execute(f"UPDATE {table} SET {role} = late.id FROM late WHERE late.raw = {role}_new")


def _numbered(source: Input) -> dict[str, int]:
    """The roles of :data:`VALUES` that have a column, with its place."""
    places = {role: _place(source, role) for role in VALUES}
    return {role: place for role, place in places.items() if place is not None}


def _time_of_day(source: Input) -> str:
    place = _place(source, "date")
    return "NULL" if place is None else f"if(length(c{place}) > 10, regexp_extract(c{place}, '{TIME_OF_DAY}'), NULL)"


def new_settler(dialect: Dialect) -> Settler:
    """What settles the records of a file in this dialect."""
    tolerant = dialect.encoding.lines is Lines.BROKEN
    return Settler(dialect.delimiter, len(dialect.header), dialect.header_row + 1, tolerant=tolerant)


def _place(source: Input, role: str) -> int | None:
    """The column of a role; a provider number serves as the clinic where there is no clinic."""
    places = source.columns.places
    if role == "clinic" and role not in places:
        role = "provider"
    return places.get(role)


def _sample_rows(source: Input) -> Iterator[list[str]]:
    """Rows from places spread over the file, as far as they can be read there."""
    path, dialect = Path(source.path), source.dialect
    size = path.stat().st_size
    encoding = dialect.encoding.name
    if encoding == "utf-16":
        return
    with path.open("rb") as file:
        for number in range(_SAMPLES):
            file.seek(size * number // _SAMPLES)
            lines = file.read(_SAMPLE).decode(encoding, "replace").splitlines()[1:-1]
            try:
                yield from (
                    row for row in csv.reader(lines, delimiter=dialect.delimiter) if len(row) == len(dialect.header)
                )
            except csv.Error:
                continue
