"""What a command knows of the world outside: the language, the streams, and how to say something."""

import codecs
import io
import os
import stat
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, TextIO

from icpc_cli.errors import GuidelineError, IcpcError, Lines, UsageError
from icpc_cli.text import Language, Text
from icpc_cli.voice import Voice
from icpc_cli.voice.calling import program
from icpc_cli.voice.safe import printable, shown

if TYPE_CHECKING:
    from icpc_cli.screens.terminal import Terminal


_WINDOWS = sys.platform == "win32"
_NEW_CONSOLES = frozenset(("WT_SESSION", "TERM_PROGRAM", "ConEmuANSI"))
"""Variables of the environment by which consoles of Windows are known that find every sign in some font."""


class Session(NamedTuple):
    """One run of the program: its language, and who reads what it writes."""

    language: Language

    @property
    def voice(self) -> Voice:
        """How to speak on standard output."""
        return Voice(self.language, letters(sys.stdout, os.environ))

    @property
    def terminal(self) -> "Terminal":
        """Standard output, for what Rich draws."""
        from icpc_cli.screens.terminal import Terminal

        return Terminal(sys.stdout, self.voice)

    @property
    def side_voice(self) -> Voice:
        """How to speak on standard error."""
        return self.voice.to(letters(sys.stderr, os.environ))

    @property
    def interactive(self) -> bool:
        """Whether there is a person at a terminal, on both ends."""
        return is_terminal(sys.stdin) and is_terminal(sys.stdout)

    def write(self, text: str) -> None:
        """Write one line to standard output."""
        sys.stdout.write(text + "\n")

    def say(self, file: str, key: str, /, **facts: object) -> None:
        """Write a text of ``data/guideline/<file>.toml`` to standard output."""
        self.write(self.voice.say(file, key, **facts))

    def write_json(self, value: object, indent: int | None = None) -> None:
        """Write a value as JSON to standard output."""
        from icpc_cli.writing.json import dumps

        self.write(dumps(value, encoding=sys.stdout.encoding, indent=indent))

    def note(self, text: str) -> None:
        """Write one line to standard error, for people: what was read, what was written."""
        _write_aside(self.side_voice.spell(text))

    def fail(self, error: IcpcError) -> int:
        """Show an error on standard error; returns its exit status."""
        word = {Language.DA: "Fejl", Language.EN: "Error"}[self.language]
        try:
            said = self._said(error, self.side_voice)
        except GuidelineError as broken:  # what errors say is itself broken
            error, said = broken, printable(str(broken))
        _write_aside(fitted(f"{word}:{_GLUE}{said}"))
        return error.exit_code

    def message(self, error: IcpcError) -> str:
        """What an error says in the session's language, without control characters and CPR numbers."""
        return self._said(error, self.voice.in_full).replace(_GLUE, " ")

    def _said(self, error: IcpcError, voice: Voice) -> str:
        facts = {key: _safe(value, voice) for key, value in error.facts.items()}
        return voice.say("errors", error.id, **facts)


def _write_aside(text: str) -> None:
    """Write one line to standard error. Where that takes no more, the work goes on all the same."""
    try:
        sys.stderr.write(text + "\n")
    except BrokenPipeError:
        raise
    except OSError:
        pass


_GLUE = "\u00a0"
"""Between the words of one of several values, and before the message, so that a line is not broken there."""


def _safe(value: object, voice: Voice) -> str:
    """A fact in words, without control characters and CPR numbers."""
    if isinstance(value, Lines):
        return "\n  ".join(_safe(each, voice) for each in value)
    return shown(_in_words(value, voice))


def _in_words(value: object, voice: Voice) -> str:
    match value:
        case list() | tuple():
            return ", ".join(_in_words(each, voice).replace(" ", _GLUE) for each in value)
        case Text():
            return voice.of(value)
        case int():
            return voice.number(value)
        case _:
            return str(value)


def fitted(message: str) -> str:
    """``message`` in lines of the terminal's width, 80 at most. A command to copy keeps its line."""
    import shutil
    import textwrap

    width = min(shutil.get_terminal_size().columns, 80)
    lines: list[str] = []
    for line in message.split("\n"):
        if f"  {program()} " in line:
            lines.append(line)
            continue
        indent = line[: len(line) - len(line.lstrip())] + "  "
        lines += textwrap.wrap(
            line, max(width, 40), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        )
    return "\n".join(lines).replace(_GLUE, " ")


def chosen_language(arguments: list[str], environment: Mapping[str, str]) -> Language:
    """The language named by ``--lang`` anywhere, else by ``ICPC_LANG`` (``en_GB`` is en), else Danish."""
    chosen, where = environment.get("ICPC_LANG", "")[:2].lower(), "ICPC_LANG"
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        name, equals, value = argument.partition("=")
        if name == "--lang":
            following = arguments[place + 1] if place + 1 < len(arguments) else ""
            if named := value if equals else following:
                chosen, where = named.lower(), "--lang"
    if not chosen:
        return Language.DA
    if chosen not in list(Language):
        raise UsageError("unknown-choice", where=where, value=chosen, known=list(Language))
    return Language(chosen)


def is_terminal(stream: TextIO | None, *, windows: bool = _WINDOWS) -> bool:
    """Whether a person is behind a stream. On Windows ``NUL`` says so as well, but only consoles have this class."""
    if stream is None or not stream.isatty():
        return False
    buffer = getattr(stream, "buffer", None)
    return not windows or type(getattr(buffer, "raw", buffer)).__name__ == "_WindowsConsoleIO"


def letters(stream: TextIO, environment: Mapping[str, str], *, windows: bool = _WINDOWS) -> str | None:
    """The encoding of which a stream's reader has all letters. Windows' old consoles have those of their code page."""
    if is_terminal(stream, windows=windows) and windows and not environment.keys() & _NEW_CONSOLES:
        from icpc_cli.decoding import CONSOLE

        return CONSOLE
    return getattr(stream, "encoding", None)


def prepare_streams() -> None:
    """Let no letter stop the program: what the stream's encoding lacks becomes ``?``."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = None
            if sys.platform == "win32" and not os.environ.get("PYTHONIOENCODING"):
                import ctypes

                encoding = expected_on_windows(stream, ctypes.windll.kernel32.GetConsoleOutputCP())
            stream.reconfigure(encoding=encoding, errors="replace")


def expected_on_windows(stream: TextIO, code_page: int) -> str:
    """The encoding that is expected there: of a pipe (``more``, ``clip``, PowerShell) the console's code page.

    Consoles and files get UTF-8, and so does a pipe where there is no console, or where Python is told to (PYTHONUTF8).
    """
    try:
        is_pipe = stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode)
        return codecs.lookup(f"cp{code_page}").name if is_pipe and not sys.flags.utf8_mode else "utf-8"
    except (OSError, LookupError):
        return "utf-8"
