"""What a command knows of the world outside: the language, the streams, and how to say something."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

from icpc_cli.errors import EXIT_USAGE, GuidelineError, IcpcError, UsageError
from icpc_cli.guideline import load_wording
from icpc_cli.model import Language


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

    def fail(self, error: IcpcError) -> int:
        """Show an error on standard error; returns its exit status."""
        word = {"da": "Fejl", "en": "Error"}[self.language]
        sys.stderr.write(f"{word}: {self.message(error)}\n")
        return error.exit_code

    def message(self, error: IcpcError) -> str:
        """What an error says in the session's language, without control characters and CPR numbers."""
        from icpc_cli.render.safe import printable, without_cpr

        facts = {key: without_cpr(printable(_shown(value))) for key, value in error.facts.items()}
        if isinstance(error, GuidelineError):
            try:
                return load_wording("errors")[error.id][self.language].format(**facts)
            except GuidelineError:
                return str(error)
        return load_wording("errors")[error.id][self.language].format(**facts)


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def chosen_language(arguments: list[str], environment: Mapping[str, str]) -> Language:
    """The language named by ``--lang`` anywhere, else by ``ICPC_LANG`` (``en_GB`` is en), else Danish."""
    chosen, where = environment.get("ICPC_LANG", "")[:2].lower(), "ICPC_LANG"
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        name, equals, value = argument.partition("=")
        if name == "--lang":
            following = arguments[place + 1] if place + 1 < len(arguments) else ""
            chosen, where = (value if equals else following).lower(), "--lang"
    if not chosen:
        return Language.DA
    if chosen not in list(Language):
        raise UsageError("unknown-choice", where=where, value=chosen, known=list(Language))
    return Language(chosen)


def prepare_streams() -> None:
    """Let no letter stop the program: UTF-8 on Windows, elsewhere the terminal's own encoding with ``?`` for the rest."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIO) or hasattr(stream, "reconfigure"):
            forced = bool(os.environ.get("PYTHONIOENCODING"))
            encoding = "utf-8" if sys.platform == "win32" and not forced else None
            stream.reconfigure(encoding=encoding, errors="replace")


__all__ = ["EXIT_USAGE", "Session", "chosen_language", "prepare_streams"]
