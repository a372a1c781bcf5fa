"""JSON lines on standard input: one answer a line, in the same order."""

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO

from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINDINGS, EXIT_FINE, InvalidValueError, UsageError
from icpc_cli.files import STANDARD, refuse_overwriting
from icpc_cli.writing.json import error_object

_LONGEST = 20 << 20
"""Bytes of a line; none that holds a case or a note is as long."""


def answer_lines(session: Session, answer: Callable[[Any], dict[str, Any]]) -> int:
    """Answer each line of standard input; an error object stands where a line cannot be. Blank lines end the input."""
    refuse_overwriting([], [STANDARD])
    wrong = False
    for number, line in _without_blank_end(sys.stdin.buffer):
        try:
            said = answer(_parsed(line))
        except InvalidValueError as error:
            said, wrong = error_object(number, session.message(error)), True
        session.write_json(said)
    return EXIT_FINDINGS if wrong else EXIT_FINE


def _without_blank_end(lines: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Numbered lines; blank ones only where others follow, so that answers stay in their places."""
    blank: list[tuple[int, bytes]] = []
    for numbered in enumerate(iter(partial(lines.readline, _LONGEST + 1), b""), start=1):
        if len(numbered[1]) > _LONGEST:
            raise UsageError("line-too-long", number=numbered[0], most=_LONGEST >> 20)
        blank.append(numbered)
        if numbered[1].strip():
            yield from blank
            blank.clear()


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line.rstrip().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InvalidValueError("not-utf8") from None
    except json.JSONDecodeError as error:
        raise InvalidValueError("not-json", column=error.pos + 1) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, or brackets as deep
        raise InvalidValueError("not-json", column=1) from None
