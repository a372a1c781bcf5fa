"""The beginning of an export, column by column: the different values and how often each stands there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from icpc_cli.checks.columns import assess
from icpc_cli.files import private_folder
from icpc_cli.guideline import Guideline
from icpc_cli.reading.beginning import beginning, columns_of
from icpc_cli.reading.inputs import Choice, OpenFile, joined_files
from icpc_cli.settings.sample import Sample


def samples(guideline: Guideline, paths: Sequence[str], choice: Choice | None = None) -> list[Sample]:
    """What stands in the first records of exports; files with the same headers are one.

    Raises :class:`UsageError` for what cannot be read at all. Records that cannot be read are passed over; spaces
    around values are left out, blank cells are counted apart.
    """
    found: dict[tuple[str, ...], Sample] = {}
    with private_folder() as folder:
        for path in paths:
            file = OpenFile.found(guideline, path, choice or Choice(), folder)
            dialect, rows = beginning(guideline, file.place, path, file.dialect)
            earlier = found.get(tuple(dialect.header))
            if earlier:
                rows = (*earlier.rows, *rows)
            columns = columns_of(dialect.header, rows)
            encoding = file.sheet.name if file.sheet else dialect.encoding.name
            seen = Sample(path, encoding, dialect.delimiter, len(rows), columns, rows)
            found[tuple(dialect.header)] = (
                seen
                if earlier is None
                else replace(earlier, records=len(rows), columns=columns, rows=rows, others=earlier.others + 1)
            )
    return list(found.values())


def elsewhere(
    guideline: Guideline,
    samples: Sequence[Sample],
    mapping: Callable[[Sequence[str]], Mapping[str, str]],
    *,
    join: bool,
) -> list[frozenset[str]]:
    """For each of the samples the roles that others play with which it is to be joined."""
    begun = {each.path: each.columns for each in samples}
    mappings = {each.path: mapping(each.headers) for each in samples}
    roles = joined_files(guideline, begun, mappings).roles if join else frozenset()
    own = (frozenset(assess(guideline, each.columns, each.path, mappings[each.path]).places) for each in samples)
    return [roles - each for each in own]
