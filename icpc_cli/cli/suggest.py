"""``icpc suggest`` and the interview: advice for one course, or for many."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping

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
        # Whoever gives "don't know" as an option has answered.
        declined = frozenset(fact for fact, text in words.items() if text and not case.knows(fact))
        return interview(session, Answers(case, declined))
    from icpc_cli.render.advice import print_advice

    print_advice(guideline, advise(guideline, case), session.language)
    return EXIT_FINE


def many(session: Session) -> int:
    """Cases as JSON, one a line on standard input; one advice a line, in the same order. Blank lines end the input."""
    guideline = load_guideline()
    wrong = False
    encoding = sys.stdout.encoding
    for number, line in _without_blank_end(sys.stdin.buffer):
        try:
            answer = advice_object(advise(guideline, _case(guideline, line)), session.language)
        except InvalidValueError as error:
            answer, wrong = error_object(number, session.message(error)), True
        session.write(dumps(answer, encoding=encoding))
    return EXIT_FINDINGS if wrong else EXIT_FINE


def _without_blank_end(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Numbered lines; blank ones only where others follow, so that answers stay in their places."""
    blank: list[tuple[int, bytes]] = []
    for numbered in enumerate(lines, start=1):
        blank.append(numbered)
        if numbered[1].strip():
            yield from blank
            blank.clear()


def _case(guideline: Guideline, line: bytes) -> Case:
    try:
        data = json.loads(line.rstrip().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InvalidValueError("not-utf8") from None
    except json.JSONDecodeError as error:
        raise InvalidValueError("not-json", column=error.pos + 1) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, or brackets as deep
        raise InvalidValueError("not-json", column=1) from None
    return case_from_json(guideline, data)


def interview(session: Session, start: Answers | None = None) -> int:
    """Ask what is open, show the advice, and go on with the next patient until the user leaves."""
    from icpc_cli.cli.interview import run

    run(start or Answers(), session.language)
    return EXIT_FINE
