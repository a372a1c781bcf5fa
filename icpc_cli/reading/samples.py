"""The beginning of an export, column by column: the different values and how often each stands there."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from icpc_cli.files import private_folder
from icpc_cli.guideline import Guideline
from icpc_cli.reading.dialect import Dialect, Wanted, reconsidered
from icpc_cli.reading.inputs import Choice, OpenFile
from icpc_cli.reading.records import NotUtf8Error
from icpc_cli.settings.sample import Column, Sample

RECORDS = 5000
"""The records that are looked at."""
_BLOCK = 1 << 20


def samples(
    guideline: Guideline, path: str, wanted: Wanted | None = None, sheet: str | None = None, named: Iterable[str] = ()
) -> Sample:
    """What stands in the first records of an export. Raises :class:`UsageError` for what cannot be read at all.

    ``wanted`` and ``sheet`` are the user's choice; ``named`` are headers to be expected besides those that are known.
    Records that cannot be read are passed over; spaces around values are left out, blank cells are counted apart.
    """
    choice = Choice(wanted=wanted or Wanted(), sheet=sheet, named=frozenset(named))
    with private_folder() as folder:
        found = OpenFile.found(guideline, path, choice, folder)
        dialect = found.dialect
        try:
            rows = list(islice(_records(found.place, dialect), RECORDS))
        except NotUtf8Error:
            dialect = reconsidered(found.place, path, dialect)
            rows = list(islice(_records(found.place, dialect), RECORDS))
    columns = tuple(_column(header, place, rows) for place, header in enumerate(dialect.header))
    return Sample(path, found.sheet or dialect.encoding.name, dialect.delimiter, len(rows), columns)


def _records(path: Path, dialect: Dialect) -> Iterator[Sequence[str]]:
    with path.open("rb") as file:
        for block in dialect.settler().blocks(dialect.record_lines(file), _BLOCK):
            text = io.StringIO(b"".join(block.text).decode(), newline="")
            yield from filter(any, csv.reader(text, delimiter=dialect.delimiter, strict=True))


def _column(header: str, place: int, rows: Sequence[Sequence[str]]) -> Column:
    counts = Counter(row[place].strip() for row in rows)
    blank = counts.pop("", 0)
    return Column(header, tuple(counts.most_common()), blank)
