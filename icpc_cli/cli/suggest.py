"""``icpc suggest`` and the interview: advice for one course, or for many."""

from collections.abc import Mapping
from typing import Any

from icpc_cli.advice import advise
from icpc_cli.cases import case_from_json, case_from_words
from icpc_cli.cli.lines import answer_lines
from icpc_cli.cli.options import one_of
from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINE
from icpc_cli.guideline import Guideline, load_guideline
from icpc_cli.model import Answers, Case, Fact
from icpc_cli.writing.json import advice_object

_FORMATS = ("text", "json")


def one(
    session: Session,
    words: Mapping[Fact, str | None],
    conditions: list[str],
    consultation: str | None,
    output_format: str,
    note: str | None = None,
) -> int:
    """Advice for the course that the options, and a note, describe; in a terminal, what is open is asked first."""
    one_of("--format", output_format, _FORMATS)
    guideline = load_guideline()
    case = case_from_words(guideline, words, conditions, consultation)
    # Whoever gives "don't know" as an option has answered.
    declined = frozenset(fact for fact, text in words.items() if text and not case.knows(fact))
    if note is not None:
        case = _with_note(session, guideline, case, declined, note, shown=output_format == "text")
    if output_format == "json":
        session.write_json(advice_object(advise(guideline, case), session.language), indent=2)
        return EXIT_FINE
    if session.interactive:
        return interview(session, Answers(case, declined))
    from icpc_cli.screens.advice import print_advice

    print_advice(session.terminal, guideline, advise(guideline, case))
    return EXIT_FINE


def _with_note(
    session: Session, guideline: Guideline, case: Case, declined: frozenset[Fact], note: str, *, shown: bool
) -> Case:
    """The case with what the note says where the options say nothing; how it was read is shown first."""
    from icpc_cli.cli.options import given_text
    from icpc_cli.guideline.wordfile import load_words
    from icpc_cli.notes import read

    text = given_text(session, note)
    reading = read(load_words(), text)
    if shown:
        from icpc_cli.screens.note import print_reading

        print_reading(session.terminal, guideline, text, reading)
        if session.interactive:
            session.write("")
    return reading.added_to(case, declined)


def many(session: Session) -> int:
    """Cases as JSON, one a line on standard input; one advice a line, in the same order. Blank lines end the input."""
    guideline = load_guideline()

    def answer(data: Any) -> dict[str, Any]:
        return advice_object(advise(guideline, case_from_json(guideline, data)), session.language)

    return answer_lines(session, answer)


def interview(session: Session, start: Answers | None = None) -> int:
    """Ask what is open, show the advice, and go on with the next patient until the user leaves."""
    from icpc_cli.cli.interview import run

    run(session, start or Answers())
    return EXIT_FINE
