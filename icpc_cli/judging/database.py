"""One private, locked-down DuckDB: it reads what this program wrote and nothing else."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from icpc_cli.errors import UsageError
from icpc_cli.files import disk_errors
from icpc_cli.reading.chunks import RECORD_LIMIT
from icpc_cli.reading.records import Block

MEMORY = "1400MB"
_BUFFER = 8 * RECORD_LIMIT
"""No record is longer; small enough that the parts of a block are read side by side."""


@contextmanager
def private_database(folder: Path, readable: Sequence[Path] = ()) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that spills to the private ``folder``.

    It can read the files named and that folder, and nothing else.
    """
    with duckdb.connect(":memory:", config={"memory_limit": MEMORY, "temp_directory": str(folder)}) as database:
        for setting in (
            "SET autoinstall_known_extensions=false",
            "SET autoload_known_extensions=false",
            "SET python_enable_replacements=false",
            f"SET allowed_paths=[{', '.join(quoted(str(path)) for path in readable)}]",
            f"SET allowed_directories=[{quoted(str(folder))}]",
            "SET enable_external_access=false",
            "SET lock_configuration=true",
        ):
            database.execute(setting)
        try:
            yield database
        except duckdb.Error as error:
            refuse_full_disk(error)
            raise


def refuse_full_disk(error: duckdb.Error) -> None:
    """Say in one message that the database could not spill; its own words may quote a patient's text."""
    if isinstance(error, duckdb.OutOfMemoryException | duckdb.IOException):
        raise UsageError("disk", problem=type(error).__name__) from None


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


def fill(database: duckdb.DuckDBPyConnection, table: str, columns: Sequence[Collection[Any]]) -> None:
    """Add rows to a table, given column by column."""
    if columns and len(columns[0]):
        places = ", ".join(f"unnest(${place + 1})" for place in range(len(columns)))
        database.execute(f"INSERT INTO {table} SELECT {places}", [list(column) for column in columns])
