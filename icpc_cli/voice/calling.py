"""How the program was called: what it proposes can be typed in the same place, in the same way."""

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from functools import cache
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from types import MappingProxyType

from icpc_cli.voice.safe import shown, typed

_COMMAND = re.compile(r"\bicpc (?!for\b)(?=[a-z-])")
"""The program with a command or an option after it, in wording; "icpc for klinikken" is the program itself."""
_READING: ContextVar[Mapping[str, Sequence[str]]] = ContextVar("reading", default=MappingProxyType({}))
"""How this call reads exports: the words of each option that was given. Kept for the call alone."""
_TAKEN_BY_INIT = ("--encoding", "--delimiter", "--sheet", "--no-join")
_NOT_OF_WORK = ("--only",)
_NAMES = ("icpc", "icpc.exe", "icpc.cmd")


def called_as(
    script: str,
    python: str,
    here: str,
    found: Callable[[str], str | None],
    *,
    installed: bool = True,
    windows: bool = False,
) -> str:
    """The words that call the program again.

    ``script`` is what runs (``sys.argv[0]``), ``python`` what runs it, as it was typed; ``here`` is the working folder;
    ``found`` says where a name is found on the path. ``installed``: not in an environment of its own, where ``py``
    would not find it.
    """
    form: Callable[[str], PurePath] = PureWindowsPath if windows else PurePosixPath
    path = form(script)
    if path.name.lower() in _NAMES:
        return _shortest(script, form, here, found)
    if path.name != "__main__.py" or path.parent.name != "icpc_cli":
        return "icpc"
    if windows and installed and form(python).is_absolute() and found("py"):
        return "py -m icpc_cli"
    return f"{_shortest(python, form, here, found)} -m icpc_cli"


def _shortest(called: str, form: Callable[[str], PurePath], here: str, found: Callable[[str], str | None]) -> str:
    """A program by its name where that finds it, else by its place: from here, if it is below, as a shell wants it."""
    path, windows = form(called), form is PureWindowsPath
    if path.suffix.lower() in (".exe", ".cmd"):
        path, called = path.with_suffix(""), called[:-4]
    if not path.is_absolute():
        return typed(called, windows=windows)
    there = form(found(path.name) or "-").with_suffix("")
    if there == path and there.parent != form(here):
        return path.name
    if path.is_relative_to(here):
        path = path.relative_to(here)
    alone = not path.is_absolute() and len(path.parts) == 1  # a name that is not on the path
    return typed((".\\" if windows else "./") * alone + str(path), windows=windows)


@cache
def program() -> str:
    """The words that call this program; ``ICPC_CALLED`` names a script that called it for the user."""
    script = os.environ.get("ICPC_CALLED") or sys.argv[0]
    return called_as(
        script,
        sys.orig_argv[0],
        str(Path.cwd()),
        shutil.which,
        installed=sys.prefix == sys.base_prefix,
        windows=sys.platform == "win32",
    )


def command(*words: str) -> str:
    """A command of the program as it can be typed."""
    return " ".join((program(), *map(typed, words)))


def reads_with(options: Mapping[str, Sequence[str]]) -> None:
    """Keep how this call reads exports, for what it proposes; by option the words that were typed."""
    _READING.set(options)


def command_on(name: str, files: Iterable[str], *words: str) -> str:
    """A command on exports that reads them as this call does, as it can be typed on another day.

    What came in by standard input is not there again, so a file stands in its place.
    """
    told = (
        words_of
        for option, words_of in _READING.get().items()
        if (name != "init" or option in _TAKEN_BY_INIT) and (name != "work" or option not in _NOT_OF_WORK)
    )
    given = ("eksport.csv" if file == "-" else file for file in files)
    return shown(command(name, *given, *(word for each in told for word in each), *words))


def as_called(text: str) -> str:
    """Wording with the program called as it was."""
    return text if program() == "icpc" else _COMMAND.sub(lambda _: f"{program()} ", text)
