"""The first records of an export."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from icpc_cli.checks.columns import kind
from icpc_cli.checks.contents import CellColumn, numbers_of
from icpc_cli.guideline import Guideline
from icpc_cli.guideline.headers import load_headers
from icpc_cli.reading.dialect import Dialect, reconsidered
from icpc_cli.reading.records import NotUtf8Error

RECORDS = 2000
"""The records that are looked at."""
_BLOCK = 1 << 17

Rows = Sequence[Sequence[str]]


def beginning(guideline: Guideline, place: Path, path: str, dialect: Dialect) -> tuple[Dialect, Rows]:
    """The first records that can be read, and the dialect they are in; cells that are left alone are blank.

    ``place`` is where the file is, ``path`` what the user calls it.
    """
    try:
        rows = list(islice(_records(place, dialect), RECORDS))
    except NotUtf8Error:
        dialect = reconsidered(place, path, dialect)
        rows = list(islice(_records(place, dialect), RECORDS))
    known = load_headers(guideline.folder)
    alone = {at for at, header in enumerate(dialect.header) if kind(known, header) == "alone"}
    if alone:
        rows = [["" if at in alone else cell for at, cell in enumerate(row)] for row in rows]
    return dialect, rows


def columns_of(headers: Sequence[str], rows: Rows) -> tuple[CellColumn, ...]:
    """The records column by column."""
    columns = zip(*rows, strict=True) if rows else [()] * len(headers)
    return tuple(map(CellColumn.of, headers, columns, numbers_of(headers)))


def _records(path: Path, dialect: Dialect) -> Iterator[Sequence[str]]:
    with path.open("rb") as file:
        for block in dialect.settler().blocks(dialect.record_lines(file), _BLOCK):
            text = io.StringIO(b"".join(block.text).decode(), newline="")
            yield from filter(any, csv.reader(text, delimiter=dialect.delimiter, strict=True))
