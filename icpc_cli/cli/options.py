"""What is typed for options that several commands have."""

import codecs
import sys
from collections.abc import Sequence
from datetime import date

from icpc_cli.cases.words import read_day
from icpc_cli.errors import UsageError
from icpc_cli.files import read_bytes

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


def given_text(text: str | None, path: str | None) -> str:
    """The note from the command line, from standard input (``-``) or from a file. Raises :class:`UsageError`."""
    if text is not None and path is not None:
        raise UsageError("note-twice")
    if path is not None:
        note = _decoded(read_bytes(path), path)
    elif text == "-":
        note = _decoded(sys.stdin.buffer.read(), "-")
    else:
        note = text or ""
    if not note.strip():
        raise UsageError("note-empty")
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
