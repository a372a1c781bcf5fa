"""``icpc note`` and ``icpc suggest --note``: what a note says, and the advice that follows."""

from typing import Any

from icpc_cli.cli.asked import Told
from icpc_cli.cli.options import TEXT_OR_JSON, answered, given_text, one_of, with_note
from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINE, InvalidValueError
from icpc_cli.guideline.wordfile import load_words
from icpc_cli.model import Answers
from icpc_cli.notes import read
from icpc_cli.writing.json import note_object


def one(session: Session, text: str, told: Told, output_format: str) -> int:
    """What one note says, and (as text) the advice for the course that the options and the note describe.

    In a terminal, what both leave open is asked first, and the next patient is the next note.
    """
    one_of("--format", output_format, TEXT_OR_JSON)
    if output_format == "json":
        if told != Told():
            answered(told)  # wrong options are refused; without any, the guide need not be loaded
        session.write_json(note_object(None, read(load_words(), text)), indent=2)
        return EXIT_FINE
    from icpc_cli.advice import advise
    from icpc_cli.guideline import load_guideline
    from icpc_cli.screens.advice import print_answer

    answers = with_note(session, answered(told), text)
    if session.interactive:
        from icpc_cli.cli.interview import run

        run(session, answers, lambda: with_note(session, Answers(), given_text(session, None)))
    else:
        print_answer(session.terminal, load_guideline(), advise(load_guideline(), answers.case))
    return EXIT_FINE


def explained(session: Session, text: str) -> int:
    """What each stage of reading made of a note."""
    from icpc_cli.notes.explain import explain
    from icpc_cli.screens.note import print_steps

    print_steps(session.terminal, text, explain(load_words(), text))
    return EXIT_FINE


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
