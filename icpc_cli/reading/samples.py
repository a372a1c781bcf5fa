"""The beginning of an export, column by column: the different values and how often each stands there."""

from icpc_cli.files import private_folder
from icpc_cli.guideline import Guideline
from icpc_cli.reading.beginning import beginning, columns_of
from icpc_cli.reading.inputs import Choice, OpenFile
from icpc_cli.settings.sample import Sample


def samples(guideline: Guideline, path: str, choice: Choice | None = None) -> Sample:
    """What stands in the first records of an export. Raises :class:`UsageError` for what cannot be read at all.

    Records that cannot be read are passed over; spaces around values are left out, blank cells are counted apart.
    """
    with private_folder() as folder:
        found = OpenFile.found(guideline, path, choice or Choice(), folder)
        dialect, rows = beginning(guideline, found.place, path, found.dialect)
    columns = columns_of(dialect.header, rows)
    return Sample(path, found.sheet or dialect.encoding.name, dialect.delimiter, len(rows), columns, rows)
