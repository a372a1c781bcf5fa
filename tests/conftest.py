"""What every test stands on: the shipped guideline, a terminal that is the same everywhere, a way to run ``icpc``."""

import io
import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main
from hypothesis import Phase, settings

import icpc_cli
from icpc_cli.cli import run
from icpc_cli.guideline import Guideline, load_guideline

settings.register_profile("icpc", derandomize=True, deadline=None, database=None)
# For tests.mutations: what fails is not made smaller first.
settings.register_profile("once", settings.get_profile("icpc"), phases=[Phase.explicit, Phase.generate])
settings.load_profile("icpc")

# What runs in the background of a script is deaf to Ctrl-C, and under nohup to a terminal that closes; and so would be
# the processes that tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def some(values: Iterable[Any], quick: int) -> list[Any]:
    """Parameters of a test: the first ones for every run, the rest for ``-m slow``."""
    return [
        value if place < quick else pytest.param(value, marks=pytest.mark.slow) for place, value in enumerate(values)
    ]


posix = pytest.mark.skipif(
    sys.platform == "win32", reason="limits, signals, links, permissions and descriptors of POSIX systems"
)


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """A disk on which no file grows beyond ``size`` bytes, for this process; POSIX systems only."""
    import resource

    limits, compiled = resource.getrlimit(resource.RLIMIT_FSIZE), sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # Python itself would keep the first bytes of what it compiles
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        sys.dont_write_bytecode = compiled


# Python, when a test starts it, finds what it compiled the time before, as it does for users.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# To tell the parser all options of all commands takes 20 times as long as to read a line: once a process is enough.
typer.main.get_command = cache(typer.main.get_command)

# A process started by a test must find the package that this process tests, whatever its working folder.
_PACKAGE_PARENT = str(Path(icpc_cli.__file__).parent.parent)


_TESTS = itertools.count()


@dataclass(frozen=True)
class Ended:
    """How a run of ``icpc`` ended, and what it said."""

    status: int
    out: str
    err: str


class _Terminal(io.TextIOWrapper):
    """A stream that says it is, or is not, a terminal."""

    def __init__(self, content: bytes = b"", *, terminal: bool = False, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(content), encoding=encoding, newline="\n", write_through=True)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def content(self) -> str:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode(self.encoding)


class Icpc:
    """Runs ``icpc``: called in this process, :meth:`process` in one of its own."""

    def __call__(
        self, *arguments: str, stdin: str | bytes = b"", encoding: str = "utf-8", terminal: bool = False
    ) -> Ended:
        content = stdin.encode() if isinstance(stdin, str) else stdin
        out, err = _Terminal(encoding=encoding, terminal=terminal), _Terminal(encoding=encoding)
        before, sys.stdin = sys.stdin, _Terminal(content, terminal=terminal)
        try:
            with redirect_stdout(out), redirect_stderr(err):
                status = run(list(arguments))
        finally:
            sys.stdin = before
        return Ended(status, out.content(), err.content())

    def process(self, *arguments: str, stdin: str | bytes = b"", **environment: str) -> Ended:
        content = stdin.encode() if isinstance(stdin, str) else stdin
        command = [sys.executable, "-m", "icpc_cli", *arguments]
        done = subprocess.run(
            command, input=content, capture_output=True, env=self.environment(**environment), check=False
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    def modules(self, *arguments: str) -> set[str]:
        """The top-level modules that a run of its own has loaded at its end; unmeasured, for that loads more."""
        report = "import sys; from icpc_cli.cli import run; run(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
        done = subprocess.run(
            [sys.executable, "-c", report, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={name: value for name, value in self.environment().items() if not name.startswith("COVERAGE_")},
            check=True,
        )
        return {name.partition(".")[0] for name in done.stderr.decode().split()}

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a process of its own."""
        return {**os.environ, "PYTHONPATH": _PACKAGE_PARENT, "PYTHONUTF8": "1", "PYTHONWARNINGS": "error", **more}


@pytest.fixture(scope="session")
def guideline() -> Guideline:
    """The shipped guideline."""
    return load_guideline()


@pytest.fixture(scope="session")
def icpc() -> Icpc:
    """``icpc("suggest", "--course", "andet", stdin=...)`` gives status, out and err; so does ``icpc.process(...)``."""
    return Icpc()


@pytest.fixture(autouse=True)
def _same_terminal_everywhere(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """80 columns, no colour, Danish unless a test says otherwise; and nothing of the user's own data."""
    for name in ("ICPC_LANG", "FORCE_COLOR", "CLICOLOR_FORCE", "PYTHONIOENCODING"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "ICPC_CALLED": "icpc",
        "COLUMNS": "80",
        "LINES": "24",
        "NO_COLOR": "1",
        "TERM": "xterm",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ICPC_DATA", str(tmp_path_factory.getbasetemp() / f"no-data-{next(_TESTS)}"))
