"""``icpc suggest`` and the interview: advice for one course, or for many."""

from typing import Any

from icpc_cli.advice import advise
from icpc_cli.cases import case_from_json
from icpc_cli.cli.asked import Told
from icpc_cli.cli.lines import answer_lines
from icpc_cli.cli.options import TEXT_OR_JSON, answered, given_text, one_of, with_note
from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINE
from icpc_cli.guideline import load_guideline
from icpc_cli.writing.json import advice_object


def one(session: Session, told: Told, output_format: str, note: str | None = None) -> int:
    """Advice for the course that the options, and a note, describe; in a terminal, what is open is asked first."""
    one_of("--format", output_format, TEXT_OR_JSON)
    guideline = load_guideline()
    answers = answered(told)
    if note is not None:
        text = given_text(session, note)
        answers = with_note(session, answers, text, shown=output_format == "text", gap=session.interactive)
    if output_format == "json":
        session.write_json(advice_object(advise(guideline, answers.case), session.language), indent=2)
        return EXIT_FINE
    if session.interactive:
        from icpc_cli.cli.interview import run

        run(session, answers)
    else:
        from icpc_cli.screens.advice import print_advice

        print_advice(session.terminal, guideline, advise(guideline, answers.case))
    return EXIT_FINE


def many(session: Session) -> int:
    """Cases as JSON, one a line on standard input; one advice a line, in the same order. Blank lines end the input."""
    guideline = load_guideline()

    def answer(data: Any) -> dict[str, Any]:
        return advice_object(advise(guideline, case_from_json(guideline, data)), session.language)

    return answer_lines(session, answer)
