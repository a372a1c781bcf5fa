"""``icpc suggest`` and the interview: advice for one course, or for many."""

import json
import sys
from collections.abc import Mapping

from icpc_cli.advice import advise
from icpc_cli.cases import case_from_json, case_from_words
from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINDINGS, EXIT_FINE, InvalidValueError, UsageError
from icpc_cli.guideline import Guideline, load_guideline
from icpc_cli.model import Answers, Case, Fact
from icpc_cli.render.json import advice_object, dumps, error_object

_FORMATS = ("text", "json")


def one(
    session: Session,
    words: Mapping[Fact, str | None],
    conditions: list[str],
    consultation: str | None,
    output_format: str,
) -> int:
    """Advice for the course that the options describe; in a terminal, what is open is asked first."""
    if output_format not in _FORMATS:
        raise UsageError("unknown-choice", where="--format", value=output_format, known=_FORMATS)
    guideline = load_guideline()
    case = case_from_words(guideline, words, conditions, consultation)
    if output_format == "json":
        advice = advise(guideline, case)
        session.write(dumps(advice_object(advice, session.language), encoding=sys.stdout.encoding, indent=2))
        return EXIT_FINE
    if session.interactive:
        return interview(session, case)
    from icpc_cli.render.advice import print_advice

    print_advice(guideline, advise(guideline, case), session.language)
    return EXIT_FINE


def many(session: Session) -> int:
    """Cases as JSON, one a line on standard input; one advice a line, in the same order. Blank lines are passed over."""
    guideline = load_guideline()
    wrong = False
    encoding = sys.stdout.encoding
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        try:
            answer = advice_object(advise(guideline, _case(guideline, line)), session.language)
        except InvalidValueError as error:
            answer, wrong = error_object(number, session.message(error)), True
        session.write(dumps(answer, encoding=encoding))
    return EXIT_FINDINGS if wrong else EXIT_FINE


def _case(guideline: Guideline, line: bytes) -> Case:
    try:
        return case_from_json(guideline, json.loads(line.decode("utf-8-sig")))
    except UnicodeDecodeError:
        raise InvalidValueError("not-utf8") from None
    except json.JSONDecodeError as error:
        raise InvalidValueError("not-json", column=error.colno) from None
    except RecursionError:
        raise InvalidValueError("not-json", column=1) from None


def interview(session: Session, case: Case | None = None) -> int:
    """Ask what is open, show the advice, and go on with the next patient until the user leaves."""
    from icpc_cli.prompts import hold

    return hold(load_guideline(), Answers(case or Case()), session.language)
