"""``icpc`` in a process of its own that need not start from nothing: forked of one that has loaded the program.

It runs the same ``main`` with streams, environment and folder of its own; ``Icpc.process`` starts as a user does.
"""

import os
import sys
import warnings
from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import _duckdb
import questionary
import rich.console

from icpc_cli.__main__ import main
from icpc_cli.cli import app, interview, note
from icpc_cli.guideline import load_guideline

__all__ = ["_duckdb", "app", "interview", "note", "questionary", "rich"]  # loaded for the processes to have them

_SERVER = get_context("forkserver")
_SERVER.set_forkserver_preload([__name__])
load_guideline()


def started(
    arguments: tuple[str, ...], terminal: int, environment: Mapping[str, str], folder: Path | None
) -> ForkServerProcess:
    """Run ``icpc`` with a terminal, of which the descriptor is closed here."""
    stream = Connection(terminal)  # which knows the way of a descriptor into another process
    process = _SERVER.Process(target=_run, args=(arguments, stream, dict(environment), folder or Path.cwd()))
    process.start()
    stream.close()
    return process


def _run(arguments: tuple[str, ...], stream: Connection, environment: dict[str, str], folder: Path) -> None:
    import fcntl
    import termios

    warnings.simplefilter("error")
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    os.setsid()
    fcntl.ioctl(stream.fileno(), termios.TIOCSCTTY, 0)
    for descriptor in range(3):
        os.dup2(stream.fileno(), descriptor)
    stream.close()
    encoding = environment["PYTHONIOENCODING"]
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        errors = "backslashreplace" if number == 2 else "strict"  # all as Python itself opens them
        opened = open(number, mode, 1 if number else -1, encoding=encoding, errors=errors, closefd=False)  # noqa: SIM115 - for the whole run
        setattr(sys, name, opened)
    sys.argv = ["icpc", *arguments]
    main()
