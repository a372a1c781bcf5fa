"""``icpc.toml``: where it is."""

import os
from collections.abc import Sequence
from pathlib import Path

from icpc_cli.errors import UsageError

NAME = "icpc.toml"
STDIN = "-"


def find(export: str | Path) -> Path | None:
    """The ``icpc.toml`` beside an export or in the nearest folder above it; for ``-`` from the working folder on."""
    here = Path.cwd()
    folder = here if str(export) == STDIN else Path(os.path.abspath(export)).parent  # noqa: PTH100  # links are not followed
    for each in (folder, *folder.parents):
        if os.path.isfile(each / NAME):  # noqa: PTH113  # False, not an error, where a folder cannot be looked into
            return (each / NAME).relative_to(here) if each.is_relative_to(here) else each / NAME
    return None


def find_one(exports: Sequence[str | Path]) -> Path | None:
    """The one ``icpc.toml`` of all exports of a call. Raises :class:`UsageError` where two exports have different ones.

    Exports in a folder without one go with the others: all files of a call are one clinic's.
    """
    found: dict[Path, str | Path] = {}
    for export in exports:
        if path := find(export):
            found.setdefault(path, export)
    if len(found) > 1:
        (first, one), (second, other) = list(found.items())[:2]
        raise UsageError("settings-two", first=first, second=second, one=one, other=other)
    return next(iter(found), None)
