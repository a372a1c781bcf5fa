"""What is to be read: files, folders, patterns and standard input, as inputs with their dialects and columns."""

import os
import shutil
import stat
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Self

from icpc_cli.checks.columns import Columns, assess, match_columns, recognised
from icpc_cli.checks.contents import CellColumn
from icpc_cli.errors import UsageError
from icpc_cli.files import STANDARD, disk_errors, fitting, real_path
from icpc_cli.guideline import Guideline
from icpc_cli.outcomes import Role, Skipped
from icpc_cli.reading.beginning import beginning, columns_of
from icpc_cli.reading.dialect import WORKBOOKS, Dialect, Wanted, detect
from icpc_cli.reading.records import Settled
from icpc_cli.voice.calling import command_on

if TYPE_CHECKING:
    from icpc_cli.reading.workbook import SheetRead

_OWNERS = (Role.PATIENT, Role.COURSE_ID)
_TOLD_APART = frozenset((Role.CODE, Role.CONDITION, Role.COURSE, Role.SPECIALTY, Role.SERVICE, Role.NOTE))
"""The roles of which one that some file lacks makes files worth joining."""

Begun = Mapping[str, Sequence[CellColumn]]
"""The columns of each input by its path, with what stands in its first records."""


def _known_columns(begun: Begun) -> Mapping[str, Mapping[str, str]]:
    return {path: {} for path in begun}


class Choice(NamedTuple):
    """What the user says of the inputs.

    ``columns`` gives for each input, by its columns, the header of every role that is not left to what is known;
    ``named`` are headers that it may give; ``fixed`` values are for all rows of an input without such a column.
    ``stdin`` is what is read for the path ``-``. ``join``: files that belong together are joined; ``one_file`` is an
    option that is refused then.
    """

    columns: Callable[[Begun], Mapping[str, Mapping[str, str]]] = _known_columns
    named: frozenset[str] = frozenset()
    fixed: Mapping[str, str] = MappingProxyType({})
    wanted: Wanted = Wanted()
    sheet: str | None = None
    stdin: BinaryIO | None = None
    join: bool = True
    one_file: str | None = None


class Input(NamedTuple):
    """One export, ready to be read.

    ``path`` is what the user calls it, ``file`` where its bytes are as CSV (a private copy for workbooks and standard
    input), ``original`` where they are as they came; ``sheet`` is None for CSV.
    ``base`` plus a row number is the record's number over all inputs; ``state`` is how the original was when it began.
    ``side``: a number that files of the same roles share, None where files are read one after the other.
    """

    path: str
    file: Path
    original: Path
    dialect: Dialect
    columns: Columns
    fixed: Mapping[str, str] = MappingProxyType({})
    sheet: "SheetRead | None" = None
    base: int = 0
    state: tuple[int, int] = (0, 0)
    side: int | None = None

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Read it meanwhile; whatever came of that, it is a :class:`UsageError` where the file was changed."""
        try:
            yield
        finally:
            if _state(self.original) != self.state:
                raise UsageError("file-changed", path=self.path) from None

    @property
    def format(self) -> str:
        """``csv`` or ``xlsx``."""
        return "csv" if self.sheet is None else "xlsx"


class Loaded(NamedTuple):
    """A file after reading. ``read`` counts its records; the outcome lists the rows that are none or unreadable."""

    input: Input
    outcome: Settled
    read: int


def found_files(paths: Sequence[str], but: Collection[str] = ()) -> list[str]:
    """The files that the paths name: of a folder the exports in it, of a pattern those it fits, ordered by name.

    A path that exists is never a pattern; the files in ``but`` are left out, however they are named. Raises
    :class:`UsageError` for a file given twice and for what names nothing.
    """
    files: list[str] = []
    seen: set[str] = set()
    left_out = set(map(_real, but))
    for path in paths:
        for file in _expanded(path):
            real = _real(file)
            if real in seen:
                raise UsageError("file-twice", path=file)
            seen.add(real)
            if real not in left_out:
                files.append(file)
    return files


def _real(file: str) -> str:
    return file if file == STANDARD else os.path.normcase(real_path(file))


def _expanded(path: str) -> list[str]:
    try:
        if path != STANDARD and Path(path).is_dir():
            return _exports_in(path)
    except OSError as error:
        raise UsageError("file-unreadable", path=path, problem=os.strerror(error.errno or 0)) from None
    return fitting(path)


def _exports_in(path: str) -> list[str]:
    exports, skipped = _sorted_out(Path(path))
    if exports:
        return exports
    if skipped:
        raise UsageError("no-exports-in-folder", path=path, skipped=[Path(each.path).name for each in skipped])
    raise UsageError("empty-folder", path=path)


def passed_over(paths: Sequence[str]) -> tuple[Skipped, ...]:
    """The files that are passed over in those of the paths that are folders."""
    folders = (Path(path) for path in paths if path != STANDARD and Path(path).is_dir())
    return tuple(dict.fromkeys(each for folder in folders for each in _sorted_out(folder)[1]))


def _sorted_out(folder: Path) -> tuple[list[str], list[Skipped]]:
    from icpc_cli.reading.folder import sorted_out

    return sorted_out(folder)


def open_inputs(
    guideline: Guideline, paths: Sequence[str], choice: Choice, folder: Path, but: Sequence[str] = ()
) -> list[Input]:
    """The files with their dialects and columns; those in ``but`` are left out.

    ``folder`` is private and gets copies of what cannot be read where it is. Raises :class:`UsageError` for what cannot
    be read at all.
    """
    files = {path: OpenFile.found(guideline, path, choice, folder) for path in found_files(paths, but)}
    begun = {path: _begun(guideline, path, file) for path, file in files.items()}
    mappings = choice.columns(begun)
    together = joined_files(guideline, begun, mappings) if choice.join else Together()
    if together.sides and choice.one_file is not None:
        raise UsageError("one-file-of-joined", where=choice.one_file)
    known = {**choice.fixed, **dict.fromkeys(together.roles, "")}
    fixed = {role: value for role, value in choice.fixed.items() if role not in together.roles}
    return [
        Input(
            path,
            file.place,
            file.original,
            file.dialect,
            _matched(guideline, begun[path], path, mappings[path], known),
            fixed,
            file.sheet,
            state=file.state,
            side=together.sides.get(path),
        )
        for path, file in files.items()
    ]


def _matched(
    guideline: Guideline, begun: Sequence[CellColumn], path: str, mapping: Mapping[str, str], fixed: Mapping[str, str]
) -> Columns:
    """The columns by their roles, of which at least one must be known: else there is nothing to judge."""
    columns = match_columns(guideline, begun, path, mapping, fixed)
    if not columns.places:
        raise UsageError("no-column-known", path=path, headers=list(columns.headers), init=command_on("init", [path]))
    return columns


class Together(NamedTuple):
    """Which files are to be joined: by path, a number that those with the same roles share; and all their roles."""

    sides: Mapping[str, int] = MappingProxyType({})
    roles: frozenset[str] = frozenset()


def joined_files(guideline: Guideline, begun: Begun, mappings: Mapping[str, Mapping[str, str]]) -> Together:
    """The files that belong together: each has the day, and an owner that all have, and they differ in their roles."""
    if len(begun) < 2:
        return Together()
    places = {path: frozenset(assess(guideline, begun[path], path, mappings[path]).places) for path in begun}
    kinds = list(dict.fromkeys(_TOLD_APART & there for there in places.values()))
    common = frozenset(Role).intersection(*places.values())
    if len(kinds) == 1 or Role.DATE not in common or common.isdisjoint(_OWNERS):
        return Together()
    sides = {path: kinds.index(_TOLD_APART & there) for path, there in places.items()}
    return Together(sides, frozenset().union(*places.values()))


def _begun(guideline: Guideline, path: str, file: "OpenFile") -> tuple[CellColumn, ...]:
    dialect, rows = beginning(guideline, file.place, path, file.dialect)
    return columns_of(dialect.header, rows)


class OpenFile(NamedTuple):
    """A file whose dialect is known: where it is read, where it came from, and the sheet of a workbook."""

    place: Path
    original: Path
    dialect: Dialect
    sheet: "SheetRead | None"
    state: tuple[int, int] = (0, 0)

    @classmethod
    def found(cls, guideline: Guideline, path: str, choice: Choice, folder: Path) -> Self:
        """A file that the user calls ``path``; ``folder`` is private and gets a copy of what cannot be read there."""

        def known(headers: Sequence[str]) -> int:
            return recognised(guideline, headers, choice.named)

        original = _as_file(path, choice.stdin, folder / os.urandom(16).hex())
        place, sheet, wanted = original, None, choice.wanted
        state = _state(original)
        if _beginning(original, path).startswith(WORKBOOKS):
            from icpc_cli.reading import workbook

            place = folder / os.urandom(16).hex()
            with disk_errors():
                sheet = workbook.write_csv(original, path, place, known, choice.sheet)
            wanted = Wanted("utf-8", workbook.DELIMITER)
        return cls(place, original, detect(place, path, known, wanted), sheet, state)


def _state(file: Path) -> tuple[int, int]:
    """What is another once a file has been written to."""
    try:
        state = file.stat()
    except OSError:
        return 0, 0
    return state.st_size, state.st_mtime_ns


def _beginning(file: Path, path: str) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(8)
    except OSError as error:
        raise UsageError("file-unreadable", path=path, problem=os.strerror(error.errno or 0)) from None


def _is_text(path: str) -> bool:
    """Whether a name can be given to the database; names may be any bytes."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _as_file(path: str, stdin: BinaryIO | None, spooled: Path) -> Path:
    """The input as a file that can be read more than once: standard input and pipes are copied to ``spooled``."""
    try:
        mode = stat.S_IFIFO if path == STANDARD and stdin else Path(path).stat().st_mode
    except FileNotFoundError:
        raise UsageError("file-missing", path=path) from None
    except OSError as error:
        raise UsageError("file-unreadable", path=path, problem=os.strerror(error.errno or 0)) from None
    if not stat.S_ISREG(mode) and not stat.S_ISFIFO(mode):
        raise UsageError("is-a-folder" if stat.S_ISDIR(mode) else "not-a-file", path=path)
    if stat.S_ISREG(mode) and _is_text(path):
        return Path(path)
    given = Path(path).open("rb") if stdin is None or path != STANDARD else nullcontext(stdin)  # noqa: SIM115 - just below
    with given as stream, disk_errors(), spooled.open("wb") as out:
        shutil.copyfileobj(stream, out)
    return spooled
