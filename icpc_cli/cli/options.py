"""What is typed for options that several commands have."""

import codecs
import sys
from collections.abc import Sequence
from datetime import date

from icpc_cli.cases.words import read_day
from icpc_cli.cli.session import Session, fitted
from icpc_cli.errors import UsageError
from icpc_cli.files import STANDARD, read_bytes, refuse_overwriting

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def one_of(where: str, value: str, known: Sequence[str]) -> None:
    """Refuse a value that is none of those that are known."""
    if value not in known:
        raise UsageError("unknown-choice", where=where, value=value, known=list(known))


def typed_day(where: str, value: str | None) -> date | None:
    """The day that was typed for an option, as people write days. Raises :class:`UsageError`."""
    day = None if value is None else read_day(value)
    if value is not None and day is None:
        raise UsageError("not-a-day", where=where, value=value)
    return day


def given_text(session: Session, text: str | None, path: str | None = None, *, clipboard: bool = False) -> str:
    """The note from the command line, standard input (``-``), a file, the clipboard, or else pasted into the terminal.

    Raises :class:`UsageError`.
    """
    if (text is not None) + (path is not None) + clipboard > 1:
        raise UsageError("note-twice")
    refuse_overwriting([], [path or STANDARD])
    if path is not None:
        note = _decoded(read_bytes(path), path)
    elif clipboard:
        note = _from_clipboard()
    elif text == STANDARD:
        note = _from_stdin(session)
    else:
        note = pasted_text(session) if text is None else text
    if not note.strip():
        raise UsageError("note-empty")
    return note


def pasted_text(session: Session) -> str:
    """The note that is pasted into the terminal. Raises KeyboardInterrupt when the user breaks off."""
    from icpc_cli.prompts import Keyboard, asker

    who = asker(session.voice, session.terminal.stream)
    return who.paste() if isinstance(who, Keyboard) else _from_stdin(session)


def _from_stdin(session: Session) -> str:
    """What standard input holds; somebody who types it is told how to end."""
    if sys.stdin.isatty():
        keys = session.voice.say("screens", "paste.enter") if sys.platform == "win32" else "Ctrl-D"
        session.note(fitted(session.voice.say("screens", "paste.lines", keys=keys)))
    return _decoded(read_bytes(STANDARD), STANDARD)


def _from_clipboard() -> str:
    from icpc_cli.cli.clipboard import pasted

    note = pasted()
    if note is None:
        raise UsageError("no-clipboard")
    return note


def _decoded(content: bytes, path: str) -> str:
    """By byte order mark, then as UTF-8, then as Windows-1252."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _checked(content.decode(encoding, errors="replace"), path)
    try:
        return _checked(content.decode("utf-8"), path)
    except UnicodeDecodeError:
        return _checked(content.decode("windows-1252", errors="replace"), path)


def _checked(text: str, path: str) -> str:
    if "\0" in text:
        raise UsageError("note-not-text", path=path)
    return text
