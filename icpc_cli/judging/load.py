"""Files into one table: of every record the number of each cell's value, and whom it belongs to.

A column of a million records holds few different values, so a value is kept once, by number, and judged once.
"""

import codecs
import csv
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from icpc_cli.cases.words import TIME_OF_DAY, without_time
from icpc_cli.checks.rules import TOTALS, is_totals_line
from icpc_cli.errors import UsageError
from icpc_cli.guideline import fold
from icpc_cli.judging.database import (
    Database,
    EngineError,
    csv_scan,
    fill,
    made,
    quoted,
    refuse_full_disk,
    streamed,
    write_block,
)
from icpc_cli.outcomes import Role
from icpc_cli.reading.dialect import reconsidered
from icpc_cli.reading.inputs import Input, Loaded
from icpc_cli.reading.records import NotPlainError, NotUtf8Error, RecordFault, Settler, left_out
from icpc_cli.voice import cpr

VALUES = tuple(Role)[: Role.PATIENT.number]
"""The roles of which the different values are few: kept by number."""
OWNERS = (Role.PATIENT, Role.COURSE_ID)
"""The roles that tell courses apart: kept as they are."""

NOTED = (Role.CONDITION, Role.NERVE_ROOT_SIGNS, Role.FINDINGS_CERTAIN)
"""The roles whose facts a note can say as well."""
_SEPARATOR = "\x1f"
_SAMPLES, _SAMPLE, _SMALL = 16, 1 << 16, 2 << 20
"""How many samples of how many bytes; of a file of so many bytes all is the sample."""
_ORDERS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_BATCH = 100
"""Rows of a sample that are counted at once: few enough to stay near the processor."""
_SHORTEST_DAY = 5
"""Characters of the shortest cell that tells a day: Excel's number of it."""
_FEW = 64
_FEW_FAIL = 5
"""A role of more values is cast where so little is expected to fail: values, times the share of a new one in a row."""
_LOADERS = 2

Progress = Callable[[int, int], None]
"""Is told how many more bytes and records were read."""


class _RecordTable(NamedTuple):
    """A table of consecutive records, of which the first has this number over all files."""

    table: str
    first: int
    rows: int


class Loader:
    """Loads files, in parts that are tables of their own, behind a view of all good records.

    The view has the number of each record, for every role of :data:`VALUES` the number of its value (by ``values``),
    the owners, the time of day that followed the date, a ``fingerprint`` of the headers and of all fields that are
    not kept by number, and whether a CPR number stands in the note.
    """

    def __init__(
        self,
        database: Database,
        folder: Path,
        meanwhile: Callable[[], object],
        *,
        notes: bool = True,
        measures: Sequence[str] | None = None,
    ) -> None:
        """``meanwhile`` is done while the database loads.

        ``measures``: headers of columns that figures are made of; None: no figures are wanted, nothing is kept."""
        self._database = database
        self.folder = folder
        self._meanwhile = meanwhile
        self._notes = notes
        self._measures = measures or ()
        self.kept = () if measures is None else ("service", *map(measure_column, range(len(self._measures))))
        """The columns of the view that stay with each record through judging, for figures."""
        self.noted = False
        """Whether any file has notes that are looked into."""
        self.values: dict[str, dict[str, int]] = {role: {"": 0} for role in VALUES}
        self._parts: list[_RecordTable] = []
        self._cast: set[Role] = set()
        self._numbering = Lock()
        self._base = 0
        database.execute("CREATE TABLE gone (record BIGINT)")

    def load(self, inputs: Sequence[Input], progress: Progress | None, view: str = "loaded") -> list[Loaded]:
        """Load every good record of the files, in order, behind a view of that name."""
        loaded: list[Loaded] = []
        self._parts = []
        for each in inputs:
            with each.unchanged():
                loaded.append(self._load_file(each._replace(base=self._base), progress))
            self._base += loaded[-1].outcome.last + 1
        columns = ", ".join(
            (*VALUES, *OWNERS, "time_of_day", "fingerprint", "cpr_in_note", "note", "silent", *self.kept[1:])
        )
        # A table keeps the order in which it was filled: the place of a row in it is its place in the file.
        parts = " UNION ALL ".join(
            f"SELECT {part.first} + rowid AS record, {columns} FROM {part.table}" for part in self._parts
        )
        gone = any(each.outcome.blank or each.outcome.unreadable for each in loaded)
        good = "ANTI JOIN gone USING (record)" if gone else ""
        self._database.execute(f"CREATE VIEW {view} AS SELECT * FROM ({parts}) {good}")
        return loaded

    def _add(self, role: str, raws: Iterable[str]) -> None:
        known = self.values[role]
        for raw in raws:
            known.setdefault(raw, len(known))

    def _load_file(self, source: Input, progress: Progress | None) -> Loaded:
        self.noted |= self._notes and Role.NOTE in source.columns.places
        for role in VALUES:
            self._add(role, [source.fixed.get(role, "")])
        self._enumerate(source)
        try:
            parts, settler = self._settle_and_load(source, progress)
        except NotUtf8Error:
            source = source._replace(dialect=reconsidered(source.file, source.path, source.dialect))
            parts, settler = self._settle_and_load(source, progress)
        if short := left_out(settler.outcome):
            if progress:
                progress(-source.file.stat().st_size, source.dialect.header_row + 1 - settler.row)
            source = source._replace(dialect=source.dialect._replace(short=short))
            parts, settler = self._settle_and_load(source, progress)
        outcome = settler.outcome
        outcome.unreadable += self._no_records(source, parts)
        outcome.unreadable.sort()
        read = outcome.last - source.dialect.header_row - len(outcome.blank)
        if read <= 0:
            raise UsageError("no-records", path=source.path)
        self._parts += parts
        rows = (*outcome.blank, *(row for row, _ in outcome.unreadable))
        fill(self._database, "gone", [[source.base + row for row in rows]])
        return Loaded(source, outcome, read)

    def _no_records(self, source: Input, parts: Sequence["_RecordTable"]) -> Iterator[tuple[int, RecordFault]]:
        """The rows that are the header again, however it is written, or that sum up others."""
        again = {
            role: [number for raw, number in self.values[role].items() if fold(raw) == header]
            for role, place in _numbered(source).items()
            for header in [fold(source.dialect.header[place])]
        }
        for part in parts:
            row = f"{part.first - source.base} + rowid"
            if again and all(again.values()):
                where = " AND ".join(f"{role} IN ({', '.join(map(str, ids))})" for role, ids in again.items())
                for (found,) in self._database.execute(f"SELECT {row} FROM {part.table} WHERE {where}").fetchall():
                    yield found, RecordFault.HEADER
            sums = f"SELECT {row}, sums FROM {part.table} WHERE sums IS NOT NULL"
            for found, fields in streamed(self._database, sums) if self._verified(part) else ():
                if is_totals_line(fields.split(_SEPARATOR), source.columns.places):
                    yield found, RecordFault.TOTALS

    def _enumerate(self, source: Input) -> None:
        """Number the values that samples of the file hold, and enumerate them: most are known when it is loaded.

        A guess that costs nothing when wrong: values that are not met have a number too many, others get theirs later.
        """
        self._cast = set()
        rows, places = _sample_rows(source), _numbered(source)
        counted = {role: Counter[str]() for role in places}
        while batch := list(islice(rows, _BATCH)):
            columns = list(zip(*batch, strict=True))
            for role, place in places.items():
                counted[role].update(columns[place])
        whole = source.file.stat().st_size <= _SMALL
        types = ""
        for role, seen in counted.items():
            self._add(role, map(without_time, seen) if role == "date" else seen)
            known = self.values[role]
            if whole or len(known) <= _FEW or len(known) * list(seen.values()).count(1) <= _FEW_FAIL * seen.total():
                self._cast.add(role)
                types += f"CREATE TYPE {role}_{source.base} AS ENUM ({', '.join(map(quoted, known))});"
        self._database.execute(types)

    def _verified(self, part: "_RecordTable") -> bool:
        """Whether some of its records, which are all that were settled, may sum up others."""
        counts = f"SELECT count(*), coalesce(max(rowid), -1) + 1, count(sums) FROM {part.table}"
        *held, sums = self._database.execute(counts).fetchone() or ()
        if held != [part.rows, part.rows]:
            raise RuntimeError(f"{part.rows} records were settled and {held} are held")
        return bool(sums)

    def _settle_and_load(self, source: Input, progress: Progress | None) -> tuple[list["_RecordTable"], Settler]:
        """Settle the records of a file and load them, the one while the other.

        A file that turns out to be plain throughout is read by the database as it is; any other is written anew in
        blocks, with an empty record in the place of each unreadable and blank one.
        """
        if source.dialect.plain:
            try:
                return self._load_as_it_is(source, progress)
            except NotPlainError:
                pass
        settler = source.dialect.settler()
        told = _ToProgress(progress, settler)
        parts: list[_RecordTable] = []
        with source.file.open("rb") as file, ThreadPoolExecutor(_LOADERS) as loader:
            loading: deque[Future[None]] = deque()
            for block in settler.blocks(source.dialect.record_lines(file, told)):
                path = write_block(self.folder, block)
                parts.append(_RecordTable(f"part_{source.base}_{len(parts)}", source.base + block.first, block.rows))
                if len(loading) == _LOADERS:
                    loading.popleft().result()
                loading.append(loader.submit(partial(self._load_block, source, parts[-1], path)))
            self._meanwhile()
            for each in loading:
                each.result()
        return parts, settler

    def _load_as_it_is(self, source: Input, progress: Progress | None) -> tuple[list["_RecordTable"], Settler]:
        """Load the file while its lines are verified; at the first that is not plain, stop both."""
        dialect, path = source.dialect, source.file
        settler, table = dialect.settler(), f"whole_{source.base}"
        told = _ToProgress(progress, settler)
        with path.open("rb") as file, ThreadPoolExecutor(1) as loader:
            scan = csv_scan(path.resolve(), dialect.delimiter, len(dialect.header), dialect.header_lines)
            loading = loader.submit(partial(self._create, self._database, source, table, scan))
            try:
                rows = settler.verify(dialect.record_lines(file, told, mend_ends=False))
                self._meanwhile()
                if loading.result() == rows:
                    self._number_new_values(self._database, source, table)
                    return [_RecordTable(table, source.base + dialect.header_row + 1, rows)], settler
            except EngineError as error:
                # What the database and the csv module do not agree on is written anew for it.
                refuse_full_disk(error)
            except BaseException:
                while not loading.done():
                    self._database.interrupt()
                    wait([loading], timeout=0.05)
                told.take_back()
                raise
        told.take_back()
        raise NotPlainError

    def _load_block(self, source: Input, part: "_RecordTable", path: Path) -> None:
        scan = csv_scan(path, source.dialect.delimiter, len(source.dialect.header))
        try:
            with self._database.cursor() as cursor:
                self._create(cursor, source, part.table, scan)
                self._number_new_values(cursor, source, part.table)
        except EngineError as error:
            refuse_full_disk(error)
            # The database's own words quote the patient's line.
            raise RuntimeError(f"DuckDB refused settled records: {type(error).__name__}") from None
        path.unlink()

    def _create(self, database: Database, source: Input, table: str, scan: str) -> int:
        """Make a table of the records of a scan, in their order, and return how many they are.

        A value is numbered by casting it to an enumeration of those that are known; one that is not known yet stays as
        it is, beside the number. (A join would number it as well, but joins do not keep the order of records.) A cast
        that fails takes the longer the more values there are, so a role of which many values are new is not cast, but
        in a file of which all was sampled.
        """
        raws = {role: self._sql(source, role) for role in (*VALUES, *OWNERS)}
        numbered = _numbered(source)
        numbers = {role: str(self.values[role][source.fixed.get(role, "")]) for role in VALUES}
        numbers |= {role: f"enum_code(try_cast({role} AS {role}_{source.base}))" for role in self._cast}
        kept = {role: f"{role} AS {role}_new" for role in numbered if role not in self._cast}
        numbers |= dict.fromkeys(kept, "NULL")
        new = " OR ".join(f"id_{role} IS NULL" for role in self._cast) or "false"
        fields = ", ".join(f"if(id_{role} IS NULL, {role}, NULL)" if role in self._cast else "NULL" for role in VALUES)
        return made(
            database,
            f"OR REPLACE TABLE {table} AS "
            f"SELECT {', '.join(f'id_{role}::INTEGER AS {role}' for role in VALUES)}, "
            f"CASE WHEN {new} THEN [{fields}]::VARCHAR[] END AS new, {''.join(f'{each}, ' for each in kept.values())}"
            f"trim(patient) AS patient, trim(course_id) AS course_id, time_of_day, fingerprint, cpr_in_note, "
            f"{', '.join(('note', 'silent', 'sums', *self.kept[1:]))} FROM ("
            f"SELECT *, {', '.join(f'{number} AS id_{role}' for role, number in numbers.items())} FROM ("
            f"SELECT {', '.join(f'{raw} AS {role}' for role, raw in raws.items())}, "
            f"{_time_of_day(source)} AS time_of_day, {_fingerprint(source)} AS fingerprint, "
            f"{self._cpr_in_note(source)} AS cpr_in_note, {self._note(source)} AS note, "
            f"{self._silent(source) if self._notes else 0} AS silent, {_sums(source)} AS sums"
            f"{self._measured(source)} FROM {scan}))",
        )

    def _sql(self, source: Input, role: str) -> str:
        """A role's raw cell in SQL; of a date the day alone, so that times of day do not multiply its values."""
        place = _place(source, role)
        if place is None:
            return quoted(source.fixed.get(role, ""))
        cell = f"c{place}"
        return (
            f"if(length({cell}) > 10, regexp_replace({cell}, '{TIME_OF_DAY}', ''), {cell})" if role == "date" else cell
        )

    def _cpr_in_note(self, source: Input) -> str:
        place = source.columns.places.get("note")
        if place is None or not self._notes:
            return "NULL::VARCHAR[]"
        found = f"regexp_extract_all(c{place}, {quoted(cpr.IN_TEXT)}, 1)"
        return f"if(regexp_matches(c{place}, {quoted(cpr.IN_TEXT)}), {found}, NULL)"

    def _note(self, source: Input) -> str:
        place = source.columns.places.get("note")
        if place is None or not self._notes:
            return "NULL::VARCHAR"
        return f"if(ltrim(c{place}) <> '', c{place}, NULL)"

    def _silent(self, source: Input) -> str:
        """Which facts no cell states, as the sum of 1, 2 and 4 in the order of :data:`NOTED`."""
        blank = (f"(ltrim({self._sql(source, role)}) = '')::UTINYINT * {1 << n}" for n, role in enumerate(NOTED))
        return f"({' + '.join(blank)})"

    def _measured(self, source: Input) -> str:
        """The cells of measures as they are, without the blank ones."""
        places = {fold(header): place for place, header in reversed(list(enumerate(source.columns.headers)))}
        blanks = quoted(" \t\u00a0")
        cells = ["NULL::VARCHAR"] * len(self._measures)
        for number, header in enumerate(self._measures):
            if (place := places.get(fold(header))) is not None:
                cells[number] = f"nullif(trim(c{place}, {blanks}), '')"
        return "".join(f", {cell} AS {measure_column(number)}" for number, cell in enumerate(cells))

    def _number_new_values(self, database: Database, source: Input, table: str) -> None:
        """Give a number to the values that no sample held."""
        if not (roles := list(_numbered(source))):
            return
        counts = database.execute(f"SELECT {', '.join(f'count(*) - count({role})' for role in roles)} FROM {table}")
        for role, count in zip(roles, counts.fetchone() or (), strict=True):
            if not count:
                continue
            kept = f"new[{VALUES.index(role) + 1}]" if role in self._cast else f"{role}_new"
            found = database.execute(f"SELECT DISTINCT {kept} FROM {table} WHERE {role} IS NULL")
            raws = [raw for (raw,) in found.fetchall()]
            with self._numbering:
                self._add(role, raws)
            database.execute("CREATE OR REPLACE TEMP TABLE late (id INTEGER, raw VARCHAR)")
            fill(database, "late", [[self.values[role][raw] for raw in raws], raws])
            database.execute(
                f"UPDATE {table} SET {role} = late.id FROM late WHERE {role} IS NULL AND late.raw = {kept}"
            )


def measure_column(number: int) -> str:
    """What the column of a measure is called in the database."""
    return f"measure_{number}"


def _numbered(source: Input) -> dict[Role, int]:
    """The roles of :data:`VALUES` that have a column, with its place."""
    places = {role: _place(source, role) for role in VALUES}
    return {role: place for role, place in places.items() if place is not None}


class _ToProgress:
    """What was told of one reading of a file: every chunk of bytes, and the records settled since the last."""

    def __init__(self, progress: Progress | None, settler: Settler) -> None:
        self._progress, self._settler = progress, settler
        self._first = self._row = settler.row
        self._bytes = 0

    def __call__(self, count: int) -> None:
        """Tell of so many more bytes."""
        if self._progress is not None:
            self._progress(count, self._settler.row - self._row)
            self._row = self._settler.row
            self._bytes += count

    def take_back(self) -> None:
        """The file will be read anew: what was told does not count."""
        if self._progress is not None:
            self._progress(-self._bytes, self._first - self._row)


def _fingerprint(source: Input) -> str:
    """What is equal where the headers, and all fields that are not kept by number, are equal; hardly ever elsewhere."""
    numbered = set(_numbered(source).values())
    others = [f"c{place}" for place in range(len(source.dialect.header)) if place not in numbered]
    return f"hash({', '.join((quoted(_SEPARATOR.join(source.columns.headers)), *others))})"


def _sums(source: Input) -> str:
    """All fields of a record that may sum up others, else NULL.

    Such a record has no day (no specialty, where there are no days), no code, and either no patient and course or a
    word that says so. Hardly any record is one, so what costs least is asked first: a day begins and ends with digits.
    """
    places = source.columns.places
    fields = [f"c{place}" for place in range(len(source.dialect.header))]
    first = next((f"c{places[role]}" for role in ("date", "specialty") if role in places), "''")
    short = f"length({first}) < {_SHORTEST_DAY} OR " if "date" in places else ""  # the sum itself
    code = f"c{places['code']}" if "code" in places else "''"
    owners = " AND ".join(f"trim(c{places[role]}) = ''" for role in OWNERS if role in places) or "true"
    joined = f"concat_ws({quoted(_SEPARATOR)}, {', '.join(fields)})"
    return (
        f"CASE WHEN {short}{first} < '0' OR {first} >= ':' OR right({first}, 1) >= 'A' THEN "
        f"CASE WHEN regexp_matches({code}, '[A-Za-z][-. ]*[0-9]') THEN NULL "
        f"WHEN ({owners}) OR regexp_matches({joined}, {quoted(TOTALS)}) THEN {joined} END END"
    )


def _time_of_day(source: Input) -> str:
    place = _place(source, "date")
    return "NULL" if place is None else f"if(length(c{place}) > 10, regexp_extract(c{place}, '{TIME_OF_DAY}'), NULL)"


def _place(source: Input, role: str) -> int | None:
    """The column of a role; a provider number serves as the clinic where there is no clinic."""
    places = source.columns.places
    if role == Role.CLINIC and role not in places:
        role = Role.PROVIDER
    return places.get(role)


def _sample_rows(source: Input) -> Iterator[list[str]]:
    """Rows from places spread over the file, as far as they can be read there; all of a small one."""
    path, dialect = source.file, source.dialect
    size = path.stat().st_size
    places, length = (1, size) if size <= _SMALL else (_SAMPLES, _SAMPLE)
    with path.open("rb") as file:
        encoding = _ORDERS.get(file.read(2), dialect.encoding.name)
        for number in range(places):
            file.seek(size * number // places & ~1)
            lines = file.read(length).decode(encoding, "replace").splitlines()[1:]
            try:
                yield from (
                    row for row in csv.reader(lines, delimiter=dialect.delimiter) if len(row) == len(dialect.header)
                )
            except csv.Error:
                continue
