"""What a code cell holds. Source: specification of the checks, "Cell values" and R002-R005."""

import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import NamedTuple

from icpc_cli.guideline import plain
from icpc_cli.guideline.cellwords import Meaning, key, load_cell_words
from icpc_cli.model import CHAPTERS, NO_DIAGNOSES

_CHAPTER_L = frozenset((*range(1, 6), *range(7, 21), *range(26, 30), *range(70, 100)))

_ICD = re.compile(
    r"""D?(?: [A-Z][0-9]{2}\.[0-9]+          # decimals behind a dot: M54.5, L40.0, DM54.5
          | [CEGIJMOQV][0-9]{2,} )                   # a letter that is no chapter of ICPC-2: M54, M545, DM545
         (?![\w.])""",
    re.VERBOSE | re.IGNORECASE,
)
_ICPC = re.compile(
    rf"(?P<letter>[{CHAPTERS}])(?P<between>\ ?[-.]?\ ?)(?P<number>[0-9]{{2}})(?![\w]|\.[0-9])", re.IGNORECASE
)
_SEPARATORS = re.compile(r"[,;/+\s]*")
_SEGMENTS = re.compile(r"[,;/+]")
_DOUBT = "?"
_WORD = re.compile(rf"[^\W_]+|(?<!\w)\{_DOUBT}(?!\w)")
"""A word, or a question mark that stands for no letter of one."""


class TokenKind(StrEnum):
    """What a token of a code cell is."""

    VALID = "valid"
    UNKNOWN = "unknown"
    ICD10 = "icd10"


class Token(NamedTuple):
    """A code as it stands in the cell, at ``start``; ``tidy`` is how it should be written."""

    raw: str
    tidy: str
    kind: TokenKind
    start: int


class CodeCell(NamedTuple):
    """A code cell taken apart, and as it stands (``raw``).

    ``codes`` are the valid ICPC-2 codes, tidied, in order, without repeats.
    """

    tokens: tuple[Token, ...]
    raw: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The valid ICPC-2 codes."""
        return tuple(dict.fromkeys(token.tidy for token in self.tokens if token.kind is TokenKind.VALID))

    @property
    def malformed(self) -> bool:
        """Whether the cell holds something, and neither an ICPC-2 nor an ICD-10 code."""
        return not self.tokens and bool(plain(self.raw).strip())

    def of(self, kind: TokenKind) -> tuple[Token, ...]:
        """The tokens of one kind."""
        return tuple(token for token in self.tokens if token.kind is kind)

    @property
    def untidy(self) -> tuple[Token, ...]:
        """Valid codes that are not written as one capital letter and two digits."""
        return tuple(token for token in self.of(TokenKind.VALID) if token.raw != token.tidy)


def read_codes(cell: str, diagnoses: Collection[str] | None = None) -> CodeCell:
    """Take a code cell apart: codes at the start of each part (parts end at ``, ; / +``), with any text after them.

    Where no part starts with a code, a tidy code that stands alone anywhere counts (``Artrose i knæ (L90)``). One that
    is denied, in doubt or does not stand (``ikke L86``, ``L86?``, ``L90 slettet``) is none, nor is anything in a
    formula without a value.
    ``diagnoses`` are the codes that exist (:attr:`Guideline.diagnoses`); without them ICPC-2's structure decides.
    """
    text = plain(cell)
    if text.lstrip().startswith("="):
        return CodeCell((), cell)
    tokens = tuple(_leading(text, diagnoses))
    if not tokens:
        tokens = tuple(
            _token(match, match.start(), diagnoses)
            for match in _ICPC.finditer(text)
            if not match["between"] and match["letter"].isupper() and not text[: match.start()][-1:].isalnum()
        )
    return CodeCell(tuple(token for token in tokens if not _is_denied(text, token)), cell)


def _is_denied(text: str, token: Token) -> bool:
    """Whether the words beside a code, in its part of the cell, say that it does not stand."""
    words, end = load_cell_words(), token.start + len(token.raw)
    parts = (_SEGMENTS.split(text[: token.start])[-1], _SEGMENTS.split(text[end:])[0])
    before, after = (
        [each for each in map(key, _WORD.findall(part)) if each not in words.words[Meaning.ABOUT_CODE]]
        for part in parts
    )
    if not set(words.words[Meaning.NO_CODE]).isdisjoint((*before, *after)):
        return True
    # "ikke L86", "L90 kan ikke bruges", "L86 iskias ?"; not so "L90 (uden røntgen)".
    beside = (*before[-1:], *(after if len(after) == 1 or _DOUBT in after else ()))
    return not {*words.words[Meaning.NOT], *words.words[Meaning.DENIED_CODE]}.isdisjoint(beside)


def tidied(cell: str, diagnoses: Collection[str] | None = None) -> str:
    """The cell with its untidy codes repaired and nothing else changed, if nothing invisible stands inside a code."""
    text = meant = plain(cell)
    for token in sorted(read_codes(meant, diagnoses).untidy, key=lambda token: -token.start):
        text = text[: token.start] + token.tidy + text[token.start + len(token.raw) :]
    return cell.replace(meant, text, 1) if meant in cell else text


def _leading(cell: str, diagnoses: Collection[str] | None) -> Iterator[Token]:
    place = 0
    while place < len(cell):
        place = _after_separators(cell, place)
        match = _ICD.match(cell, place) or _ICPC.match(cell, place)
        if match:
            yield _token(match, place, diagnoses)
            place = match.end()
            continue
        following = _SEGMENTS.search(cell, place)
        if not following:
            return
        place = following.end()


def _after_separators(cell: str, place: int) -> int:
    match = _SEPARATORS.match(cell, place)
    return match.end() if match else place


def _token(match: re.Match[str], start: int, diagnoses: Collection[str] | None) -> Token:
    raw = match[0]
    if match.re is _ICD:
        return Token(raw, raw.upper(), TokenKind.ICD10, start)
    tidy = match["letter"].upper() + match["number"]
    return Token(raw, tidy, TokenKind.VALID if _exists(tidy, diagnoses) else TokenKind.UNKNOWN, start)


def _exists(code: str, diagnoses: Collection[str] | None) -> bool:
    if diagnoses is not None:
        return code in diagnoses
    number = int(code[1:])
    return number in _CHAPTER_L if code[0] == "L" else number not in NO_DIAGNOSES
