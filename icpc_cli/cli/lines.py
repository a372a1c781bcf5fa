"""JSON lines on standard input: one answer a line, in the same order."""

import codecs
import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import Any, BinaryIO

from icpc_cli.cli.session import Session
from icpc_cli.decoding import guessed
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
    for numbered in enumerate(_lines(lines), start=1):
        if len(numbered[1]) > _LONGEST:
            raise UsageError("line-too-long", number=numbered[0], most=_LONGEST >> 20)
        blank.append(numbered)
        if numbered[1].strip():
            yield from blank
            blank.clear()


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream; those of UTF-16, which PowerShell writes into files, as UTF-8."""
    read = iter(partial(stream.readline, _LONGEST + 1), b"")
    first = next(read, b"")
    if not first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield from chain((first,) if first else (), read)
        return
    decoder, rest = codecs.getincrementaldecoder("utf-16")(errors="replace"), ""
    for part in chain((first,), read):
        *whole, rest = (rest + decoder.decode(part)).split("\n")
        yield from (line.encode() for line in (*whole, *((rest,) if len(rest) > _LONGEST else ())))
    if rest:
        yield rest.encode()


def _parsed(line: bytes) -> Any:
    guess = guessed(line.rstrip())
    if not guess.sure:
        raise InvalidValueError("letters-unclear")
    try:
        return json.loads(line.rstrip().decode(guess.name))
    except UnicodeDecodeError:
        raise InvalidValueError("letters-unclear") from None
    except json.JSONDecodeError as error:
        raise InvalidValueError("not-json", column=error.pos + 1) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, or brackets as deep
        raise InvalidValueError("not-json", column=1) from None
