"""New files: written beside their place, and moved into it when they are whole.

Whatever happens on the way - a full disk, Ctrl-C, a loss of power - there is the old file or the new one, never half of
one. What is written can hold patients' data, so only the owner can read it; on Windows a file is for those for whom its
folder is, as it is with all files there.
"""

import errno
import io
import os
import shutil
import stat
import sys
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from functools import cache
from glob import glob, has_magic
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

from icpc_cli.errors import DiskError, UsageError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

STANDARD = "-"
"""What users call standard input and standard output."""
_OUTPUT = 1
"""The descriptor of standard output."""
_FOLDER, _LOCK = "icpc-", "lock"
"""How private folders begin, before the number of their run, and the file that it holds there as long as it lives."""
_left: set[Path] = set()
"""What this run must not leave behind."""
MOST = 20 << 20
"""Bytes of a file that is read as a whole: a note, a list of codes, settings, figures of a network."""
_KEY = 32
"""Bytes of a key."""
_KEPT = ("network.key", "codes.json", "shared-*.json", "interview.json", "work.json", "work.key")
_FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
_OPEN = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


def refuse_overwriting(targets: Sequence[str | Path], inputs: Sequence[str | Path]) -> None:
    """Make sure that what is read is never written, and that every target can become a file, before any work is done.

    An input is the file behind it, by whatever name, link or descriptor it was reached (``-`` is standard input), and
    standard output is a target as well: a shell may have opened it on an input. Raises :class:`UsageError` for a target
    that is one of the inputs, another target, a folder or no ordinary file, or whose folder is not there. Names that
    differ in case only, or in how an accent is written, count as the same: on many computers they are.
    """
    output = _behind(_OUTPUT)
    for each in inputs if output else ():
        if output and (state := _behind(each)) and os.path.samestat(state, output):
            raise UsageError("output-is-input", path=each)
    seen: set[str] = set()
    for target in targets:
        _refuse(target)
        for each in inputs:
            if _is_same(target, each):
                raise UsageError("output-is-input", path=target)
        key = _key(target)
        if key in seen:
            raise UsageError("output-twice", path=target)
        seen.add(key)


@contextmanager
def new_file(target: str | Path, *, first: bool = False) -> Iterator[BinaryIO]:
    """A file to write bytes to, which takes the place of ``target`` when the context is left without an exception.

    ``first``: what another run has put there in the meantime stays.

    Raises :class:`UsageError` when it cannot be written; then, and after any other exception, ``target`` is as before.
    """
    _refuse(target)
    real = Path(real_path(target))
    mark = marked(real.name)
    beside = real.with_name(f"{mark}{os.urandom(3).hex()}")
    raw: _Raw | None = None
    _left.add(beside)
    try:
        with _said_of(target):
            for dead in filter(_is_dead, real.parent.glob(f"{mark}{'[0-9a-f]' * 6}")):
                dead.unlink()
            raw = _Raw(os.open(beside, _OPEN, 0o600), target)
            _hold(raw.fileno())
        buffered = io.BufferedWriter(raw, 1 << 20)
        yield buffered
        buffered.flush()
        with _said_of(target):
            os.fsync(raw.fileno())
            raw.close()
            _place(beside, real, first=first)
    finally:
        if raw is not None:
            raw.close()  # itself, not the buffer before it: that would try to write what is left
        _remove(beside)


def marked(name: str) -> str:
    """How the files begin that are written beside the place of this name.

    With six letters more they have twelve, for which Windows leaves room in every folder, however long its path is.
    """
    return f".~{zlib.crc32(name.encode(errors='surrogateescape')) & 0xFFFF:04x}"


def _place(beside: Path, real: Path, *, first: bool) -> None:
    """Move a whole file to its place."""
    if not first:
        beside.replace(real)
        return
    with suppress(FileExistsError):
        if sys.platform == "win32":
            beside.rename(real)
        else:
            real.hardlink_to(beside)


@contextmanager
def new_text(target: str | Path, *, first: bool = False) -> Iterator[TextIO]:
    """Like :func:`new_file`, for text in UTF-8; halves of letters, which it lacks, are written as escapes."""
    with new_file(target, first=first) as file:
        text = io.TextIOWrapper(file, "utf-8", errors="backslashreplace", newline="\n")
        yield text
        text.detach()


def read_bytes(path: str | Path) -> bytes:
    """What is in a file of at most :data:`MOST` bytes, or in standard input (``-``).

    Raises :class:`UsageError` for what cannot be read, and for what is longer or has no end.
    """
    try:
        with Path(path).open("rb") if path != STANDARD else nullcontext(sys.stdin.buffer) as file:
            content = file.read(MOST + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError("file-missing", path=path) from None
    except (OSError, ValueError) as error:
        if os.path.isdir(path):  # noqa: PTH112 - False, not an error, for a name with a NUL; Windows says "permission denied"
            raise UsageError("is-a-folder", path=path) from None
        problem = getattr(error, "strerror", None) or type(error).__name__
        raise UsageError("file-unreadable", path=path, problem=problem) from None
    if len(content) > MOST:
        raise UsageError("file-too-large", path=path, most=MOST >> 20)
    return content


def fitting(path: str) -> list[str]:
    """The files that a name means: of a pattern those it fits, by name; a name that exists is never a pattern.

    Raises :class:`UsageError` where none fits, and for a pattern in a folder that cannot be looked into.
    """
    if path == STANDARD or not has_magic(path):
        return [path]
    try:
        if Path(path).exists():
            return [path]
        found = sorted(file for file in glob(path) if Path(file).is_file())  # noqa: PTH207 - a whole path
    except OSError as error:
        raise UsageError("file-unreadable", path=path, problem=os.strerror(error.errno or 0)) from None
    if not found:
        raise UsageError("nothing-fits", path=path)
    return found


def one_fitting(path: str) -> str:
    """The one file that a name means. Raises :class:`UsageError` where a pattern fits several."""
    files = fitting(path)
    if len(files) > 1:
        raise UsageError("several-fit", path=path, known=[Path(each).name for each in files])
    return files[0]


def refuse_late_quotes(arguments: Sequence[str]) -> None:
    r"""Refuse what becomes of ``"my folder\" ...`` on Windows: ``\"`` is a mark in the name, which swallows the rest.

    It shows by a folder of the name before the mark; raises :class:`UsageError` then.
    """
    for argument in arguments:
        for word in (argument, argument.partition("=")[2]):
            folder, mark, _ = word.partition('"')
            if mark and folder.strip() and is_folder(folder) and not _behind(Path(word)):
                raise UsageError("quote-too-late", folder=folder)


class _Raw(io.FileIO):
    """An open file whose refusals are said in words that a user can act on."""

    def __init__(self, descriptor: int, target: str | Path) -> None:
        super().__init__(descriptor, "wb")
        self._target = target

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write as much as can be; returns the number of bytes."""
        with _said_of(self._target):
            return super().write(data)


@contextmanager
def _said_of(target: str | Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskError("disk-full", path=target) from None
        raise UsageError("output-unwritable", path=target, problem=os.strerror(error.errno or 0)) from None


def _refuse(target: str | Path) -> None:
    """Refuse what cannot become a file, or should not: a folder, a device, a file that is protected."""
    with _said_of(target):
        try:
            mode = Path(target).stat().st_mode
        except FileNotFoundError:
            if not Path(real_path(target)).parent.is_dir():
                raise UsageError("output-folder-missing", path=target) from None
            return
    if stat.S_ISDIR(mode):
        raise UsageError("output-is-folder", path=target)
    if not stat.S_ISREG(mode):
        raise UsageError("output-not-a-file", path=target)
    with _said_of(target):
        os.close(os.open(target, os.O_WRONLY))  # asked by opening it: what Excel has open on Windows cannot be


def _behind(place: str | Path | int) -> os.stat_result | None:
    """The ordinary file behind a name, a descriptor or standard input; None where there is none."""
    try:
        state = os.stat(0 if place == STANDARD else place)  # noqa: PTH116 - a descriptor has no path
    except (OSError, ValueError):
        return None
    return state if stat.S_ISREG(state.st_mode) else None


def _is_same(target: str | Path, each: str | Path) -> bool:
    one, other = _behind(Path(target)), _behind(each)
    if one and other:
        return os.path.samestat(one, other)
    return each != STANDARD and _key(target) == _key(each)  # one is not there, so names are all there is to compare


def _key(path: str | Path) -> str:
    return unicodedata.normalize("NFC", real_path(path)).casefold()


def real_path(path: str | Path) -> str:
    """The name behind all links; on Windows a device has none but its own."""
    try:
        return os.path.realpath(path)
    except OSError:
        return os.path.abspath(path)  # noqa: PTH100 - what pathlib makes of it asks again


def is_folder(path: str | Path) -> bool:
    """Whether there is a folder of that name; of a name that cannot be there is none."""
    return os.path.isdir(path)  # noqa: PTH112 - pathlib raises for a name that is too long


def data_folder() -> Path:
    """Where what belongs to this user alone is kept: ``ICPC_DATA`` where that is set, else the user's data folder."""
    if folder := os.environ.get("ICPC_DATA"):
        return Path(folder)
    from platformdirs import user_data_path

    return user_data_path("icpc", appauthor=False)


def settings_folder() -> Path:
    """Where what this user likes is kept: ``ICPC_DATA`` where that is set, else the user's settings folder."""
    if folder := os.environ.get("ICPC_DATA"):
        return Path(folder)
    from platformdirs import user_config_path

    return user_config_path("icpc", appauthor=False)


def kept_files() -> list[Path]:
    """What the program keeps for this user: no command that reads exports may write there."""
    return [path for folder in (data_folder(), settings_folder()) for each in _KEPT for path in folder.glob(each)]


def new_key() -> str:
    """The text of a file that holds a random key."""
    return os.urandom(_KEY).hex() + "\n"


def read_key(path: Path) -> bytes | None:
    """The key in a file; None where it holds none. Raises :class:`UsageError` for a file that cannot be read."""
    try:
        key = bytes.fromhex(read_bytes(path).decode("ascii").strip())
    except ValueError:
        return None
    return key if len(key) == _KEY else None


def keep(path: Path, text: str, *, first: bool = False) -> None:
    """Write a file in the user's data folder, which is made when it is first needed; ``first`` as in `new_file`."""
    with _said_of(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with new_text(path, first=first) as file:
        file.write(text)


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder that only the user can read, gone afterwards: spilled data and copies hold patients' text.

    Those of earlier runs that were killed go as well.
    """
    place = _temporary()
    _clear(place)
    folder = place / f"{_FOLDER}{os.getpid():08x}{os.urandom(4).hex()}"
    lock: int | None = None
    _left.add(folder)
    try:
        with disk_errors():
            folder.mkdir(mode=0o700)
            lock = os.open(folder / _LOCK, _OPEN, 0o600)
            _hold(lock)
        yield folder
    finally:
        if lock is not None:
            os.close(lock)
        _remove(folder)


def _temporary() -> Path:
    """Where temporary files may lie. ``tempfile`` would try it with a file, which stays where that is broken off."""
    named = [os.environ.get(name, "") for name in ("TMPDIR", "TEMP", "TMP")]
    usual = map(os.path.expandvars, _USUAL)
    places = [Path(each).absolute() for each in (*named, *usual) if each]
    return next((each for each in places if each.is_dir() and os.access(each, os.W_OK | os.X_OK)), places[0])


def end_workers() -> None:
    """End the processes that work for this one."""
    if multiprocessing := sys.modules.get("multiprocessing"):
        for each in multiprocessing.active_children():
            each.kill()


def tidy_up() -> None:
    """Remove all that this run would leave behind; for a run that ends here and now, wherever it is."""
    end_workers()
    while _left:
        _remove(next(iter(_left)))


def _remove(path: Path) -> None:
    """Remove a file or a folder of the run's own, if it is there."""
    if path.is_dir():
        # Under another name first: what still runs beside this cannot put anything there.
        gone = path.with_name(f"{path.name}-")
        _left.add(gone)
        with suppress(OSError):
            path.rename(gone)
        for each in (path, gone):
            shutil.rmtree(each, ignore_errors=True)
        _left.discard(gone)
    else:
        with suppress(OSError):
            path.unlink()
    _left.discard(path)


@cache
def _clear(place: Path) -> None:
    """Remove the private folders that dead runs of the same user have left; once in a run."""
    user = os.getuid() if sys.platform != "win32" else 0
    for folder in place.glob(f"{_FOLDER}{'[0-9a-f]' * 16}*"):
        with suppress(OSError):
            state = folder.lstat()
            if stat.S_ISDIR(state.st_mode) and state.st_uid == user and not _runs(int(folder.name[5:13], 16)):
                if _is_dead(folder / _LOCK):
                    shutil.rmtree(folder, ignore_errors=True)
                else:
                    folder.rmdir()  # of a run that was killed before it held anything


if sys.platform == "win32":
    _USUAL = (r"%LOCALAPPDATA%\Temp", r"%SYSTEMROOT%\Temp")
    """Where temporary files lie when the user says nothing."""

    def _hold(_descriptor: int) -> None:
        """Keep a file as long as the run lives: an open file cannot be removed here."""

    def _runs(_process: int) -> bool:
        """Not asked here, where what a run holds cannot be removed."""
        return False

    def _is_dead(file: Path) -> bool:
        """Whether the run that held a file has ended."""
        with suppress(OSError):
            file.unlink()
            return True
        return False

else:
    import fcntl

    _USUAL = ("/tmp", "/var/tmp")  # noqa: S108 - each folder that is made there is for its user alone

    def _hold(descriptor: int) -> None:
        """Keep a file as long as the run lives, however it ends; where that is not possible the file stays after it."""
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _runs(process: int) -> bool:
        """Whether another process has this number: its folder may be about to be held."""
        if process == os.getpid():
            return False  # in containers all runs may have the same
        try:
            os.kill(process, 0)
        except (ProcessLookupError, OverflowError):
            return False
        except PermissionError:  # somebody else's
            pass
        return True

    def _is_dead(file: Path) -> bool:
        """Whether the run that held a file has ended."""
        with suppress(OSError):
            descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            finally:
                os.close(descriptor)
            return True
        return False


@contextmanager
def disk_errors() -> Iterator[None]:
    """Say in one message that the disk would not take a temporary file."""
    try:
        yield
    except OSError as error:
        raise DiskError("disk", problem=os.strerror(error.errno or 0)) from None
