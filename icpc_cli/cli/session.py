"""What a command knows of the world outside: the language, the streams, and how to say something."""

import io
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from icpc_cli.errors import GuidelineError, IcpcError, Lines, UsageError
from icpc_cli.render.safe import printable, without_cpr
from icpc_cli.text import Language, Text


@dataclass(frozen=True, slots=True)
class Session:
    """One run of the program."""

    language: Language

    @property
    def interactive(self) -> bool:
        """Whether there is a person at a terminal, on both ends."""
        return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()

    def write(self, text: str) -> None:
        """Write one line to standard output."""
        sys.stdout.write(text + "\n")

    def note(self, text: str) -> None:
        """Write one line to standard error, for people: what was read, what was written."""
        from icpc_cli.render.letters import spelling

        sys.stderr.write(text.translate(spelling(sys.stderr.encoding)) + "\n")

    def fail(self, error: IcpcError) -> int:
        """Show an error on standard error; returns its exit status."""
        word = {"da": "Fejl", "en": "Error"}[self.language]
        try:
            said = self._said(error)
        except GuidelineError as broken:  # what errors say is itself broken
            error, said = broken, printable(str(broken))
        sys.stderr.write(fitted(f"{word}:{_GLUE}{said}") + "\n")
        return error.exit_code

    def message(self, error: IcpcError) -> str:
        """What an error says in the session's language, without control characters and CPR numbers."""
        return self._said(error).replace(_GLUE, " ")

    def _said(self, error: IcpcError) -> str:
        from icpc_cli.guideline import load_wording

        facts = {key: _safe(value, self.language) for key, value in error.facts.items()}
        return load_wording("errors")[error.id][self.language].format(**facts)


_GLUE = "\u00a0"
"""Between the words of one of several values, and before the message, so that a line is not broken there."""


def _safe(value: object, language: Language) -> str:
    """A fact in words, without control characters and CPR numbers."""
    if isinstance(value, Lines):
        return "\n  ".join(_safe(each, language) for each in value)
    return without_cpr(printable(_shown(value, language)))


def _shown(value: object, language: Language) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_shown(each, language).replace(" ", _GLUE) for each in value)
    return value[language] if isinstance(value, Text) else str(value)


def fitted(message: str) -> str:
    """``message`` in lines of the terminal's width, 80 at most. A command to copy keeps its line."""
    import shutil
    import textwrap

    width = min(shutil.get_terminal_size().columns, 80)
    lines: list[str] = []
    for line in message.split("\n"):
        if "  icpc " in line:
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


def prepare_streams() -> None:
    """Let no letter stop the program: UTF-8 on Windows, elsewhere the terminal's encoding with ``?`` for the rest."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            forced = bool(os.environ.get("PYTHONIOENCODING"))
            encoding = "utf-8" if sys.platform == "win32" and not forced else None
            stream.reconfigure(encoding=encoding, errors="replace")
