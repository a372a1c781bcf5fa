"""How a run ends that does not come to its own end: a signal, a closed window, a bug, streams that take no more."""

import errno
import io
import os
import platform
import signal
import stat
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from icpc_cli import __version__
from icpc_cli.errors import EXIT_BUG, EXIT_INTERRUPTED, EXIT_SIGNALLED, IcpcError, Lines, UsageError
from icpc_cli.files import tidy_up

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_ENDING = ("SIGTERM", "SIGHUP", "SIGBREAK")
_HANGUP = 1
_CLOSED, _LOGGED_OFF, _SHUT_DOWN = 2, 5, 6
_SHOW_CURSOR = "\x1b[?25h"
_PACKAGE = Path(__file__).parent.parent
_FRAMES = 12
_interrupts: list[int] = []
_called_back: list[object] = []
"""The function that Windows calls; it must not be forgotten while the program runs."""


def main(arguments: list[str]) -> int:
    """Run the program as a process of its own; returns its exit status, whatever happens."""
    _open_streams()
    _heed_signals()
    from icpc_cli.cli.app import run, session_of

    try:
        status = run(arguments)
    except KeyboardInterrupt:
        status = EXIT_INTERRUPTED
    except Exception as error:  # a bug, unless it is what became of Ctrl-C on its way through a library
        status = EXIT_BUG
        if not _interrupts:
            session_of(arguments).fail(IcpcError("bug", trace=Lines(described(error))))
    _heed_no_signals()
    tidy_up()
    leave_streams()
    return EXIT_INTERRUPTED if _interrupts else status


def described(error: BaseException) -> list[str]:
    """Where a bug is, by names and numbers of lines; what it says may be a patient's, and is left out."""
    system = f"{platform.system()} {platform.release()}"
    lines = [f"icpc {__version__} · Python {platform.python_version()} · {system}"]
    each: BaseException | None = error
    while each is not None:
        frames = traceback.extract_tb(each.__traceback__)
        lines += [type(each).__name__, *(f"{_named(frame)}:{frame.lineno} {frame.name}" for frame in frames[-_FRAMES:])]
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return lines


def _named(frame: traceback.FrameSummary) -> str:
    """The file of a frame: in the package from there on, elsewhere its last two names, never a user's folders."""
    path = Path(frame.filename)
    if path.is_relative_to(_PACKAGE):
        return path.relative_to(_PACKAGE.parent).as_posix()
    return "/".join(path.parts[-2:])


def _end(number: int, _frame: FrameType | None = None) -> None:
    """End here and now, with nothing left behind. What waits for others, or writes, is not waited for."""
    _heed_no_signals()
    tidy_up()
    _restore_terminal()
    os._exit(EXIT_SIGNALLED + number)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    _interrupts.append(number)
    sys.unraisablehook = lambda _: None  # what half-written archives say when they are let go is nobody's concern
    raise KeyboardInterrupt


def _heed_no_signals() -> None:
    """Let nothing come between while the run tidies up."""
    for name in (*_ENDING, "SIGINT"):
        if hasattr(signal, name):
            with suppress(ValueError):  # not in the main thread
                signal.signal(getattr(signal, name), signal.SIG_IGN)


def _heed_signals() -> None:
    """Tidy up when the run is ended from outside; what the caller has set aside (``nohup``) stays so."""
    for name in _ENDING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    _remember_terminal()
    if sys.platform == "win32":
        _heed_windows()


if sys.platform == "win32":

    def _heed_windows() -> None:
        """Windows asks for the end of a console's programs in a thread of its own, and ends them when it is back."""
        import ctypes

        def closed(event: int) -> bool:
            if event in (_CLOSED, _LOGGED_OFF, _SHUT_DOWN):
                _end(_HANGUP)
            return False

        _called_back.append(ctypes.WINFUNCTYPE(ctypes.c_int, ctypes.c_uint)(closed))
        ctypes.windll.kernel32.SetConsoleCtrlHandler(_called_back[0], 1)

    def _remember_terminal() -> None:
        """Nothing needs to be put right in a console of Windows."""

    def _restore_terminal() -> None:
        """Nothing needs to be put right in a console of Windows."""

else:
    import termios

    _terminal: list[object] = []

    def _remember_terminal() -> None:
        """Note how the terminal is, before questions read keys from it one by one."""
        with suppress(termios.error, OSError, ValueError):
            _terminal[:] = termios.tcgetattr(0)

    def _restore_terminal() -> None:
        """Leave the terminal as it was found; a run that ends in the background may not touch it."""
        with suppress(termios.error, OSError, ValueError):
            if _terminal and os.tcgetpgrp(0) == os.getpgrp():
                termios.tcsetattr(0, termios.TCSANOW, _terminal)  # type: ignore[arg-type]  # as it was given
                os.write(0, _SHOW_CURSOR.encode())


def _open_streams() -> None:
    """Give streams that are closed a place, so that no file that is opened later takes theirs."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            # Standard output is opened so that it takes nothing: what was to be read there must not vanish unsaid.
            os.open(os.devnull, os.O_RDWR if number == 2 else os.O_RDONLY)
        if getattr(sys, name) is None:
            mode = "r" if number == 0 else "w"
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - for the whole run
    out = sys.stdout
    if isinstance(out, io.TextIOWrapper) and type(getattr(out.buffer, "raw", out.buffer)) is io.FileIO:
        settings: dict[str, Any] = {
            "encoding": out.encoding,
            "errors": out.errors,
            "line_buffering": out.line_buffering,
        }
        taken = _Output(1, "wb", closefd=False)
        buffer = taken if out.write_through else io.BufferedWriter(taken)
        sys.stdout = io.TextIOWrapper(buffer, write_through=out.write_through, **settings)


class _Output(io.FileIO):
    """Standard output, whose refusals are said in words that a user can act on."""

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write as much as can be; returns the number of bytes."""
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            # Windows calls a pipe whose reader has gone invalid.
            if error.errno == errno.EINVAL and stat.S_ISFIFO(os.fstat(self.fileno()).st_mode):
                raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE)) from None
            raise UsageError("output-refused", problem=os.strerror(error.errno or 0)) from None


def leave_streams() -> None:
    """What a stream does not take goes nowhere, so that Python does not complain about it on its way out."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, UsageError):
            with suppress(OSError, ValueError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream.fileno())
                os.close(nowhere)
