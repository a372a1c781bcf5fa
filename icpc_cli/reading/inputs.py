"""What is to be read: files, folders, patterns and standard input, as inputs with their dialects and columns."""

import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from glob import glob, has_magic
from pathlib import Path
from typing import Self

from icpc_cli.checks.columns import Columns, match_columns, recognised
from icpc_cli.errors import UsageError
from icpc_cli.files import disk_errors
from icpc_cli.guideline import Guideline
from icpc_cli.reading import workbook
from icpc_cli.reading.dialect import Dialect, Wanted, detect
from icpc_cli.reading.records import Outcome

STDIN = "-"
_EXPORTS = frozenset((".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls"))


Headers = Mapping[str, Sequence[str]]
"""The headers of each input by its path."""


def _known_columns(headers: Headers) -> Mapping[str, Mapping[str, str]]:
    return {path: {} for path in headers}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user says of the inputs.

    ``columns`` gives for each input, by its headers, the header of every role that is not left to what is known;
    ``named`` are headers that it may give; ``fixed`` values are for all rows of an input without such a column.
    """

    columns: Callable[[Headers], Mapping[str, Mapping[str, str]]] = _known_columns
    named: frozenset[str] = frozenset()
    fixed: Mapping[str, str] = field(default_factory=dict)
    wanted: Wanted = field(default_factory=Wanted)
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """One export, ready to be read.

    ``path`` is what the user calls it, ``file`` where its bytes are as CSV (a private copy for workbooks and standard
    input), ``original`` where they are as they came; ``sheet`` is None for CSV. ``base`` plus a row number is the
    record's number over all inputs.
    """

    path: str
    file: Path
    original: Path
    dialect: Dialect
    columns: Columns
    fixed: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    base: int = 0

    @property
    def format(self) -> str:
        """``csv`` or ``xlsx``."""
        return "csv" if self.sheet is None else "xlsx"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file after reading. ``read`` counts its records; the outcome lists the rows that are none or unreadable."""

    input: Input
    outcome: Outcome
    read: int


def found_files(paths: Sequence[str]) -> list[str]:
    """The files that the paths name: of a folder the exports in it, of a pattern those it fits, ordered by name.

    A path that exists is never a pattern. Raises :class:`UsageError` for a file given twice and for what names nothing.
    """
    files: list[str] = []
    seen: set[str] = set()
    for path in paths:
        for file in _expanded(path):
            real = file if file == STDIN else os.path.normcase(os.path.realpath(file))
            if real in seen:
                raise UsageError("file-twice", path=file)
            seen.add(real)
            files.append(file)
    return files


def _expanded(path: str) -> list[str]:
    if Path(path).is_dir():
        inside = sorted(str(file) for file in Path(path).iterdir() if _is_export(file))
        if not inside:
            raise UsageError("empty-folder", path=path)
        return inside
    if path != STDIN and has_magic(path) and not Path(path).exists():
        fitting = sorted(file for file in glob(path) if Path(file).is_file())  # noqa: PTH207 - a whole path is a pattern
        if not fitting:
            raise UsageError("nothing-fits", path=path)
        return fitting
    return [path]


def _is_export(file: Path) -> bool:
    return file.is_file() and file.suffix.lower() in _EXPORTS and not file.name.startswith((".", "~$"))


def open_inputs(guideline: Guideline, paths: Sequence[str], choice: Choice, folder: Path) -> list[Input]:
    """The files with their dialects and columns.

    ``folder`` is private and gets copies of what cannot be read where it is. Raises :class:`UsageError` for what cannot
    be read at all.
    """
    files = {path: OpenFile.found(guideline, path, choice, folder) for path in found_files(paths)}
    mappings = choice.columns({path: file.dialect.header for path, file in files.items()})
    return [
        Input(
            path,
            file.place,
            file.original,
            file.dialect,
            match_columns(guideline, file.dialect.header, path, mappings[path], choice.fixed),
            choice.fixed,
            file.sheet,
        )
        for path, file in files.items()
    ]


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file whose dialect is known: where it is read, where it came from, and the sheet of a workbook."""

    place: Path
    original: Path
    dialect: Dialect
    sheet: str | None

    @classmethod
    def found(cls, guideline: Guideline, path: str, choice: Choice, folder: Path) -> Self:
        """A file that the user calls ``path``; ``folder`` is private and gets a copy of what cannot be read there."""

        def known(headers: Sequence[str]) -> int:
            return recognised(guideline, headers, choice.named)

        original = _spooled(folder / os.urandom(16).hex()) if path == STDIN else Path(path)
        place, sheet, wanted = original, None, choice.wanted
        if _beginning(original, path).startswith(workbook.MAGIC):
            place = folder / os.urandom(16).hex()
            with disk_errors():
                sheet = workbook.write_csv(original, path, place, known, choice.sheet)
            wanted = Wanted("utf-8", workbook.DELIMITER)
        return cls(place, original, detect(place, path, known, wanted), sheet)


def _spooled(target: Path) -> Path:
    """Standard input as a file: it is read more than once."""
    with disk_errors(), target.open("wb") as out:
        shutil.copyfileobj(sys.stdin.buffer, out)
    return target


def _beginning(file: Path, path: str) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(8)
    except FileNotFoundError:
        raise UsageError("file-missing", path=path) from None
    except OSError as error:
        raise UsageError("file-unreadable", path=path, problem=os.strerror(error.errno or 0)) from None
