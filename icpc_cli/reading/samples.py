"""The beginning of an export, column by column: the different values and how often each stands there."""

from collections.abc import Iterable

from icpc_cli.files import private_folder
from icpc_cli.guideline import Guideline
from icpc_cli.reading.beginning import beginning, columns_of
from icpc_cli.reading.dialect import Wanted
from icpc_cli.reading.inputs import Choice, OpenFile
from icpc_cli.settings.sample import Sample


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
        dialect, rows = beginning(guideline, found.place, path, found.dialect)
    columns = columns_of(dialect.header, rows)
    return Sample(path, found.sheet or dialect.encoding.name, dialect.delimiter, len(rows), columns, rows)
