"""What a code cell holds. Source: specification of the checks, "Cell values" and R002-R005."""

import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from icpc_cli.guideline import plain
from icpc_cli.guideline.cellwords import Meaning, key, load_cell_words
from icpc_cli.guideline.wordfile import load_words
from icpc_cli.model import CHAPTERS, NO_DIAGNOSES
from icpc_cli.notes.cells import takes_back

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
_SEGMENTS = re.compile(r"[,;/+&]|\b(?:og|samt|and)\b", re.IGNORECASE)
_BETWEEN = 2
"""Words at most between a code and what it has become: "ændret til"."""
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
    """Take a code cell apart: codes at the start of each part, with any text after them.

    Parts end at ``, ; / + &`` and at "og". In one that does not start with a code, a tidy one that stands alone
    anywhere counts (``Artrose i knæ (L90)``). A code that is denied, in doubt or does not stand (``ikke L86``,
    ``L86?``, ``L90 slettet``) is none, nor is one that has become another (``L15 → L90``), or anything in a formula
    without a value.

    ``diagnoses`` are the codes that exist (:attr:`Guideline.diagnoses`); without them ICPC-2's structure decides.
    """
    text = plain(cell)
    if text.lstrip().startswith("="):
        return CodeCell((), cell)
    tokens = [_token(match, diagnoses) for match in _found(_last(text))]
    return CodeCell(tuple(token for token in tokens if not _is_denied(text, token)), cell)


def _last(text: str) -> str:
    """The cell with spaces for what has become another code, as long as it was."""
    becomes = load_cell_words().words[Meaning.BECOMES]
    for one, other in reversed([*pairwise(_ICPC.finditer(text))]):
        between = text[one.end() : other.start()].split()
        if between and key(between[0]) in becomes and len(between) <= _BETWEEN:
            return " " * other.start() + text[other.start() :]
    return text


def _is_denied(text: str, token: Token) -> bool:
    """Whether the words beside a code, in its part of the cell, say that it does not stand, or is but one of two."""
    words, end = load_cell_words(), token.start + len(token.raw)
    behind = _SEGMENTS.split(text[end:])[0]
    another = _ICPC.search(behind)
    before, after = map(
        _beside, (_SEGMENTS.split(text[: token.start])[-1], behind[: another.start() if another else None])
    )
    if not set(words.words[Meaning.NOT_YET]).isdisjoint((*before, *after)):
        return True
    # "ikke L86", "L90 kan ikke bruges", "L90 hvis MR viser", "L86 iskias ?", "L89 eller L90"; not so
    # "L90 (uden røntgen)", "L84 evt. L86".
    own = after if another is None and (len(after) == 1 or _DOUBT in after) else []
    denied = {*words.words[Meaning.EITHER], *words.words[Meaning.DENIED_CODE]}
    beside = [*before[-1:], *own, *denied.intersection(after[:1])]
    return any(each in denied or takes_back(load_words(), each, affirmed=True, strictly=False) for each in beside)


def _beside(part: str) -> list[str]:
    """The words of a part of a cell, but for those that stand between a code and what denies it."""
    about = load_cell_words().words[Meaning.ABOUT_CODE]
    return [each for each in map(key, _WORD.findall(_ICPC.sub("", part))) if each not in about]


def tidied(cell: str, diagnoses: Collection[str] | None = None) -> str:
    """The cell with its untidy codes repaired and nothing else changed, if nothing invisible stands inside a code."""
    text = meant = plain(cell)
    for token in sorted(read_codes(meant, diagnoses).untidy, key=lambda token: -token.start):
        text = text[: token.start] + token.tidy + text[token.start + len(token.raw) :]
    return cell.replace(meant, text, 1) if meant in cell else text


def _found(cell: str) -> Iterator[re.Match[str]]:
    """Whatever looks like a code where codes stand."""
    start = 0
    for separator in (*_SEGMENTS.finditer(cell), None):
        end = separator.start() if separator else len(cell)
        yield from list(_leading(cell, start, end)) or [
            match
            for match in _ICPC.finditer(cell, start, end)
            if not match["between"] and match["letter"].isupper() and not cell[: match.start()][-1:].isalnum()
        ]
        start = separator.end() if separator else end


def _leading(cell: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The codes that a part of the cell begins with, spaces between them."""
    place = start
    while match := _code_at(cell, len(cell) - len(cell[place:].lstrip()), end):
        yield match
        place = match.end()


def _code_at(cell: str, place: int, end: int) -> re.Match[str] | None:
    return _ICD.match(cell, place, end) or _ICPC.match(cell, place, end)


def _token(match: re.Match[str], diagnoses: Collection[str] | None) -> Token:
    raw = match[0]
    if match.re is _ICD:
        return Token(raw, raw.upper(), TokenKind.ICD10, match.start())
    tidy = match["letter"].upper() + match["number"]
    return Token(raw, tidy, TokenKind.VALID if _exists(tidy, diagnoses) else TokenKind.UNKNOWN, match.start())


def _exists(code: str, diagnoses: Collection[str] | None) -> bool:
    if diagnoses is not None:
        return code in diagnoses
    number = int(code[1:])
    return number in _CHAPTER_L if code[0] == "L" else number not in NO_DIAGNOSES
