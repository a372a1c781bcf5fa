"""``icpc note`` and ``icpc suggest --note``: what a note says, and the advice that follows."""

import codecs
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINE, InvalidValueError, UsageError
from icpc_cli.guideline.words import READ, load_words
from icpc_cli.model import Case, Fact
from icpc_cli.notes import Reading, read
from icpc_cli.writing.json import note_object

_FORMATS = ("text", "json")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def one(
    session: Session, text: str, given: Mapping[Fact, str | None], consultation: str | None, output_format: str
) -> int:
    """What one note says, and (as text) the advice for the course that the options and the note describe."""
    if output_format not in _FORMATS:
        raise UsageError("unknown-choice", where="--format", value=output_format, known=_FORMATS)
    reading = read(load_words(), text)
    if output_format == "json":
        if consultation is not None or any(given.values()):
            _case(given, consultation)  # wrong options are refused; without any, the guide need not be loaded
        session.write_json(note_object(None, reading), indent=2)
        return EXIT_FINE
    from icpc_cli.advice import advise
    from icpc_cli.guideline import load_guideline
    from icpc_cli.screens.advice import print_answer
    from icpc_cli.screens.note import print_reading

    guideline, case = load_guideline(), _case(given, consultation)
    print_reading(session.terminal, guideline, text, reading)
    session.write("")
    print_answer(session.terminal, guideline, advise(guideline, with_note(case, reading)))
    return EXIT_FINE


def _case(given: Mapping[Fact, str | None], consultation: str | None) -> Case:
    """The case that the options describe. Raises :class:`InvalidValueError`."""
    from icpc_cli.cases import case_from_words
    from icpc_cli.guideline import load_guideline

    return case_from_words(load_guideline(), given, consultation=consultation)


def many(session: Session) -> int:
    """Notes as JSON, one a line on standard input: ``{"id": ..., "note": "..."}``; one answer a line."""
    from icpc_cli.cli.lines import answer_lines

    words = load_words()

    def answer(data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise InvalidValueError("note-not-an-object")
        note = data.get("note")
        if note is None:
            raise InvalidValueError("note-without-text")
        if not isinstance(note, str):
            raise InvalidValueError("not-a-text", where="note")
        return note_object(data.get("id"), read(words, note))

    return answer_lines(session, answer)


def with_note(case: Case, reading: Reading, given: frozenset[Fact] = frozenset()) -> Case:
    """The case with what the note says, where the case is silent; facts in ``given`` stay as they are."""
    read_facts = {
        fact.value: getattr(reading, fact.value) for fact in READ if not case.knows(fact) and fact not in given
    }
    return replace(case, **read_facts)


def given_text(text: str | None, path: str | None) -> str:
    """The note from the command line, from standard input (``-``) or from a file. Raises :class:`UsageError`."""
    if text is not None and path is not None:
        raise UsageError("note-twice")
    if path is not None:
        note = _decoded(_content(path), path)
    elif text == "-":
        note = _decoded(sys.stdin.buffer.read(), "-")
    else:
        note = text or ""
    if not note.strip():
        raise UsageError("note-empty")
    return note


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise UsageError("file-missing", path=path) from None
    except IsADirectoryError:
        raise UsageError("is-a-folder", path=path) from None
    except (OSError, ValueError) as error:
        if Path(path).is_dir():  # Windows says "permission denied"
            raise UsageError("is-a-folder", path=path) from None
        problem = getattr(error, "strerror", None) or type(error).__name__
        raise UsageError("file-unreadable", path=path, problem=problem) from None


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
