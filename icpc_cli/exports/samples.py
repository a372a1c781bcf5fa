"""The beginning of an export, column by column: the different values and how often each stands there."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from icpc_cli.exports.dialect import Dialect, Lines, reconsidered
from icpc_cli.exports.load import _dialect
from icpc_cli.exports.records import NotUtf8Error, Settler
from icpc_cli.guideline import Guideline
from icpc_cli.settings import Column, Sample

RECORDS = 5000
"""The records that are looked at."""
_BLOCK = 1 << 20


def samples(guideline: Guideline, path: str) -> Sample:
    """What stands in the first records of an export. Raises :class:`UsageError` for what cannot be read at all."""
    return sample_of(path, Path(path), _dialect(guideline, path))


def sample_of(path: str, file: Path, dialect: Dialect) -> Sample:
    """The same of a ``file`` of a known dialect that the user calls ``path``.

    Records that cannot be read are passed over; spaces around values are left out, blank cells are counted apart.
    """
    try:
        rows = list(islice(_records(file, dialect), RECORDS))
    except NotUtf8Error:
        dialect = reconsidered(file, dialect)
        rows = list(islice(_records(file, dialect), RECORDS))
    columns = tuple(_column(header, place, rows) for place, header in enumerate(dialect.header))
    return Sample(path, dialect.encoding.name, dialect.delimiter, len(rows), columns)


def _records(path: Path, dialect: Dialect) -> Iterator[Sequence[str]]:
    tolerant = dialect.encoding.lines is Lines.BROKEN
    settler = Settler(dialect.delimiter, len(dialect.header), dialect.header_row + 1, tolerant=tolerant)
    with path.open("rb") as file:
        for block in settler.blocks(dialect.record_lines(file), _BLOCK):
            text = io.StringIO(b"".join(block.text).decode(), newline="")
            yield from filter(any, csv.reader(text, delimiter=dialect.delimiter, strict=True))


def _column(header: str, place: int, rows: Sequence[Sequence[str]]) -> Column:
    counts = Counter(row[place].strip() for row in rows)
    blank = counts.pop("", 0)
    return Column(header, tuple(counts.most_common()), blank)
