"""One private, locked-down DuckDB: it reads what this program wrote and nothing else."""

import errno
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import _duckdb

from icpc_cli.errors import DiskError, UsageError
from icpc_cli.files import disk_errors
from icpc_cli.reading.chunks import RECORD_LIMIT
from icpc_cli.reading.records import Block

# The engine itself: ``duckdb`` puts a language of queries in Python around it, which takes longer to load.
Database = _duckdb.DuckDBPyConnection
EngineError = _duckdb.Error
LEAST_MEMORY, MEMORY, MOST_MEMORY = 450, 740, 2000
"""Megabytes that the database may take: between the first two twice what is read, then three tenths of it up to the
third, and no more than half of the machine's. With less it works from the disk, which takes longer.
"""
IN_MEMORY = 1 << 30
"""Bytes of exports from which on the database lives on the disk: in memory it is faster, as long as all fits there."""
_SMALL = 1 << 22
"""Bytes of exports, several years of a clinic, up to which one thread is done sooner than several have begun."""
_PAYING = ("filter_pushdown", "join_order", "build_side_probe_side", "unused_columns", "column_lifetime", "in_clause")
"""What makes queries better by more than it takes, where little is read."""
_ASKED = f"""SELECT current_setting('memory_limit'), (
    SELECT string_agg(name, ',') FROM duckdb_optimizers() WHERE name NOT IN {_PAYING})"""
_DUCKDB_TAKES = 0.8
"""The share of the machine's memory, or of what a container may use, that DuckDB would take by itself."""
_DISK = tuple(map(os.strerror, (errno.ENOSPC, errno.EFBIG, errno.EROFS, errno.EIO)))
_UNITS = {"KiB": 1 / 1024, "MiB": 1, "GiB": 1024, "TiB": 1024**2}
_ROWS = 10_000
"""Rows that are fetched at once."""
_BUFFER = 8 * RECORD_LIMIT
"""No record is longer; small enough that the parts of a block are read side by side."""


def open_database(folder: Path, place: str | Path = ":memory:") -> Database:
    """A database in memory, or at another place, that spills to the private ``folder``.

    It has just been asked about itself: its first answer takes long, and may be waited for elsewhere.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(folder),
        "checkpoint_threshold": "1TB",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
    }
    return _duckdb.connect(place, config=config).execute(_ASKED)


@contextmanager
def private_database(folder: Path, readable: Sequence[Path], opened: Callable[[], Database]) -> Iterator[Database]:
    """The database that was ``opened`` in memory, or one in the private ``folder`` where much is to be read.

    It can read the files named and that folder, and nothing else.
    """
    size = sum(path.stat().st_size for path in readable)
    database = opened() if size <= IN_MEMORY else open_database(folder, folder / "database")
    try:
        limit, not_paying = database.fetchone() or ("", "")
        settings = (
            f"memory_limit='{_memory(limit, size)}MB'",
            f"allowed_paths=[{', '.join(quoted(str(path)) for path in readable)}]",
            f"allowed_directories=[{quoted(str(folder))}]",
            "enable_external_access=false",
            *(["threads=1", f"disabled_optimizers='{not_paying}'"] if size <= _SMALL else []),
            "lock_configuration=true",
        )
        database.execute("".join(f"SET {setting};" for setting in settings))
        yield database
    except EngineError as error:
        refuse_full_disk(error)
        raise
    finally:
        closing = Thread(target=database.close)
        closing.start()
        if size > _SMALL:  # a smaller one has no files, and the run need not wait for it to give memory back
            closing.join()


def _memory(limit: str, size: int) -> int:
    """How many megabytes the database may take for so many bytes of exports: what fits the machine."""
    number, _, unit = limit.partition(" ")
    read = size / (1 << 20)
    wanted = int(min(max(LEAST_MEMORY, min(2 * read, MEMORY), 0.3 * read), MOST_MEMORY))
    return min(wanted, int(float(number) * _UNITS.get(unit, 1) / _DUCKDB_TAKES / 2))


def refuse_full_disk(error: EngineError) -> None:
    """Say in one message that the disk, or the memory, is full; the database's own words may quote a patient's text."""
    said = str(error)
    if isinstance(error, _duckdb.IOException) or "temp_directory" in said or any(each in said for each in _DISK):
        raise DiskError("disk", problem=type(error).__name__) from None
    if isinstance(error, _duckdb.OutOfMemoryException):
        raise UsageError("out-of-memory") from None


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def write_block(folder: Path, block: Block) -> Path:
    """The block as a file in the private folder."""
    path = folder / f"{block.first}.csv"
    with disk_errors():
        _write(path, block.text)
    return path


def _write(path: Path, text: Sequence[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(text)


def csv_scan(path: Path, delimiter: str, width: int, skip: int = 0) -> str:
    """The table function that reads such a file after ``skip`` lines: all fields as text, as ``c0``, ``c1``, ..."""
    names = [f"c{place}" for place in range(width)]
    columns = ", ".join(f"{name}: 'VARCHAR'" for name in names)
    return (
        f"read_csv({quoted(_escaped(str(path)))}, auto_detect=false, header=false, skip={skip}, "
        f"delim={quoted(delimiter)}, quote='\"', escape='\"', new_line='\\n', columns={{{columns}}}, "
        f"strict_mode=true, max_line_size={_BUFFER}, buffer_size={_BUFFER}, "
        f"force_not_null=[{', '.join(map(quoted, names))}])"
    )


def _escaped(path: str) -> str:
    """DuckDB takes a path for a pattern: ``[``, ``*`` and ``?`` have to be set apart."""
    return "".join(f"[{char}]" if char in "[*?" else char for char in path)


def streamed(database: Database, query: str, parameters: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
    """The rows of a query as they come; others can be asked meanwhile."""
    for batch in batches(database, query, parameters):
        yield from batch


def batches(database: Database, query: str, parameters: Sequence[object] = ()) -> Iterator[list[tuple[Any, ...]]]:
    """The same, some rows at a time."""
    with database.cursor() as cursor:
        rows = cursor.execute(query, parameters)
        while batch := rows.fetchmany(_ROWS):
            yield batch


def made(database: Database, table: str, values: Sequence[object] = ()) -> int:
    """Create a table as it is said, of a query; how many rows it has."""
    (rows,) = database.execute(f"CREATE {table}", list(values)).fetchone() or (0,)
    return int(rows)


def fill(database: Database, table: str, columns: Sequence[Collection[Any]]) -> None:
    """Add rows to a table, given column by column."""
    if columns and len(columns[0]):
        places = ", ".join(f"unnest(${place + 1})" for place in range(len(columns)))
        database.execute(f"INSERT INTO {table} SELECT {places}", [list(column) for column in columns])
