"""``icpc note`` and ``icpc suggest --note``: what a note says, and the advice that follows."""

from collections.abc import Mapping
from typing import Any

from icpc_cli.cli.options import given_text, one_of
from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINE, InvalidValueError
from icpc_cli.guideline.wordfile import load_words
from icpc_cli.model import Answers, Case, Fact
from icpc_cli.notes import Reading, read
from icpc_cli.writing.json import note_object

_FORMATS = ("text", "json")


def one(
    session: Session, text: str, given: Mapping[Fact, str | None], consultation: str | None, output_format: str
) -> int:
    """What one note says, and (as text) the advice for the course that the options and the note describe.

    In a terminal, what both leave open is asked first, and the next patient is the next note.
    """
    one_of("--format", output_format, _FORMATS)
    reading = read(load_words(), text)
    if output_format == "json":
        if consultation is not None or any(given.values()):
            _case(given, consultation)  # wrong options are refused; without any, the guide need not be loaded
        session.write_json(note_object(None, reading), indent=2)
        return EXIT_FINE
    from icpc_cli.advice import advise
    from icpc_cli.guideline import load_guideline
    from icpc_cli.screens.advice import print_answer

    case = _case(given, consultation)
    declined = frozenset(fact for fact, words in given.items() if words and not case.knows(fact))
    answers = Answers(_shown(session, text, reading).added_to(case, declined), declined)
    if session.interactive:
        from icpc_cli.cli.interview import run

        run(session, answers, lambda: _next(session))
    else:
        guideline = load_guideline()
        print_answer(session.terminal, guideline, advise(guideline, answers.case))
    return EXIT_FINE


def _shown(session: Session, text: str, reading: Reading) -> Reading:
    """Show what was read in a note."""
    from icpc_cli.guideline import load_guideline
    from icpc_cli.screens.note import print_reading

    print_reading(session.terminal, load_guideline(), text, reading)
    session.write("")
    return reading


def _next(session: Session) -> Answers:
    """What the note of the next patient says, which is pasted."""
    text = given_text(session, None)
    return Answers(_shown(session, text, read(load_words(), text)).added_to(Case()))


def explained(session: Session, text: str) -> int:
    """What each stage of reading made of a note."""
    from icpc_cli.notes.explain import explain
    from icpc_cli.screens.note import print_steps

    print_steps(session.terminal, text, explain(load_words(), text))
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
