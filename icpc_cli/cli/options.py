"""What is typed for options that several commands have."""

import codecs
import sys
from collections.abc import Sequence

from icpc_cli.errors import UsageError
from icpc_cli.files import read_bytes
from icpc_cli.voice.safe import without_cpr

_MOST = 100
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def one_of(where: str, value: str, known: Sequence[str]) -> None:
    """Refuse a value that is none of those that are known."""
    if value not in known:
        raise UsageError("unknown-choice", where=where, value=value, known=list(known))


def least_count(text: str | None) -> int:
    """The ``--min-count`` that is typed, or the usual one. Raises :class:`UsageError`."""
    from icpc_cli.network.disclosure import LEAST
    from icpc_cli.network.share import MIN_COUNT

    if text is None:
        return MIN_COUNT
    if not (text.isascii() and text.isdigit() and LEAST <= int(text) <= _MOST):
        raise UsageError("network-min-count", value=text, least=LEAST, most=_MOST)
    return int(text)


def clinic_name(text: str | None) -> str | None:
    """A name that a clinic may be called by outside. Raises :class:`UsageError` for none, or one with a CPR number."""
    from icpc_cli.network.files import LONGEST_NAME

    if text is None:
        return None
    name = text.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or without_cpr(name) != name:
        raise UsageError("network-name", most=LONGEST_NAME)
    return name


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
