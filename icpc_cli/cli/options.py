"""What is typed for options that several commands have."""

import re
import sys
from collections.abc import Sequence
from datetime import date

from icpc_cli.cli.asked import Told
from icpc_cli.cli.session import Session, fitted, is_terminal
from icpc_cli.decoding import guessed
from icpc_cli.errors import UsageError
from icpc_cli.files import STANDARD, one_fitting, read_bytes, refuse_overwriting
from icpc_cli.model import Answers, Fact

TEXT_OR_JSON = ("text", "json")
_LOST = re.compile(r"[^\W\d_]\?[a-z]")
"""A letter within a word that was made a question mark, as PowerShell does on the way to a program."""


def one_of(where: str, value: str, known: Sequence[str]) -> None:
    """Refuse a value that is none of those that are known."""
    if value not in known:
        raise UsageError("unknown-choice", where=where, value=value, known=list(known))


def typed_day(where: str, value: str | None) -> date | None:
    """The day that was typed for an option, as people write days. Raises :class:`UsageError`."""
    if value is None:
        return None
    from icpc_cli.cases.words import read_day

    day = read_day(value)
    if day is None:
        raise UsageError("not-a-day", where=where, value=value)
    return day


def answered(told: Told) -> Answers:
    """What is told of a course; whoever says "don't know" has answered. Raises :class:`InvalidValueError`."""
    from icpc_cli.cases import case_from_words
    from icpc_cli.guideline import load_guideline

    words: dict[Fact, str | None] = {fact: getattr(told, fact) for fact in Fact if fact is not Fact.CONDITIONS}
    case = case_from_words(load_guideline(), words, told.condition, told.consultation)
    return Answers(case, frozenset(fact for fact, text in words.items() if text and not case.knows(fact)))


def with_note(session: Session, answers: Answers, text: str, *, shown: bool = True, gap: bool = True) -> Answers:
    """The answers with what a note says where they say nothing; how it was read is shown, with a ``gap`` below."""
    from icpc_cli.guideline.wordfile import load_words
    from icpc_cli.notes import read

    reading = read(load_words(), text)
    if shown:
        from icpc_cli.guideline import load_guideline
        from icpc_cli.screens.note import print_reading

        print_reading(session.terminal, load_guideline(), text, reading)
        if gap:
            session.write("")
    return Answers(reading.added_to(answers.case, answers.declined), answers.declined)


def given_text(session: Session, text: str | None, path: str | None = None, *, clipboard: bool = False) -> str:
    """The note from the command line, standard input (``-``), a file, the clipboard, or else pasted into the terminal.

    Raises :class:`UsageError`.
    """
    if (text is not None) + (path is not None) + clipboard > 1:
        raise UsageError("note-twice")
    path = None if path is None else one_fitting(path)
    refuse_overwriting([], [path or STANDARD])
    if path is not None:
        note = _decoded(session, read_bytes(path), path)
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
    if is_terminal(sys.stdin):
        keys = session.voice.say("screens", "paste.enter") if sys.platform == "win32" else "Ctrl-D"
        session.note(fitted(session.voice.say("screens", "paste.lines", keys=keys)))
    return _decoded(session, read_bytes(STANDARD), STANDARD)


def _from_clipboard() -> str:
    from icpc_cli.cli.clipboard import pasted

    note = pasted()
    if note is None:
        raise UsageError("no-clipboard")
    return note


def _decoded(session: Session, content: bytes, path: str) -> str:
    """The text of a note; where its letters may be others, or are lost, a person is told."""
    guess = guessed(content)
    note = content.decode(guess.name, errors="replace")
    if "\0" in note:
        raise UsageError("note-not-text", path=path)
    if not guess.sure:
        session.note(fitted(session.voice.say("screens", "note.letters", encoding=guess.name)))
    elif note.isascii() and _LOST.search(note):
        session.note(fitted(session.voice.say("screens", "note.letters-lost")))
    return note
