"""A clinic's own ICPC-2 list: a CSV file with code and title into a :class:`CodeList`, or every line that is wrong."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from icpc_cli.decoding import guessed
from icpc_cli.errors import Lines, UsageError
from icpc_cli.guideline.names import fold
from icpc_cli.guideline.wording import load_wording
from icpc_cli.model import CHAPTERS, CodeList
from icpc_cli.text import Text

LONGEST_TITLE = 200
SHOWN = 12
"""The bad lines of a list that are named; the others are counted."""

_CODE = re.compile(r"([A-Z])\s?([0-9]{2})", re.IGNORECASE)
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_PROCESS_OF_ALL = re.compile(r"[-*–][3-6][0-9]")
"""A process code as the international list writes it, for all chapters at once: it is no diagnosis, and passed over."""
_CODE_HEADERS = frozenset(map(fold, ("kode", "code", "ICPC", "ICPC2", "ICPC-kode", "ICPC2 kode", "ICPC code")))
_TITLE_HEADERS = frozenset(
    map(fold, ("titel", "title", "tekst", "text", "betegnelse", "ICPC-tekst", "ICPC2 tekst", "kodetekst", "korttekst"))
)


class _ListRow(NamedTuple):
    """A line of the file that holds something: its number, and the cells of code and title (None: not there)."""

    number: int
    code: str | None
    title: str | None


class ParsedList(NamedTuple):
    """A list as it was read, and how many lines with a process code of all chapters were passed over."""

    codes: CodeList
    passed_over: int


def parse_code_list(content: bytes, path: str, name: str, imported: date) -> ParsedList:
    """The list in a CSV file's bytes: in any encoding of clinics; ``;``, ``,`` or tab; headers for code and title.

    Raises :class:`UsageError` that names every bad line; then nothing of the list is used.
    """
    text = _decoded(content, path)
    titles: dict[str, str] = {}
    places: dict[str, int] = {}
    problems: list[Text] = []
    passed_over = 0
    for row in _rows(text, path):
        if row.code is not None and _PROCESS_OF_ALL.fullmatch(row.code):
            passed_over += 1
            continue
        code = _tidy(row.code)
        if problem := _problem(row, code, places):
            problems.append(problem)
        else:
            titles[code], places[code] = row.title or "", row.number
    if problems:
        shown = problems[:SHOWN]
        if len(problems) > SHOWN:
            shown.append(_said("more", count=len(problems) - SHOWN))
        raise UsageError("bad-code-list", path=path, problems=Lines(shown))
    if not titles:
        raise UsageError("no-codes-in-list", path=path)
    return ParsedList(CodeList(name, imported, dict(sorted(titles.items()))), passed_over)


def _decoded(content: bytes, path: str) -> str:
    try:
        text = content.decode(guessed(content).name)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise UsageError("binary-file", path=path)
    return text


def _rows(text: str, path: str) -> Iterator[_ListRow]:
    """The lines that hold something, under the first such line, which is the header."""
    lines = list(enumerate(_LINE_ENDS.split(text), start=1))
    filled = [(number, line) for number, line in lines if line.strip(' \t;,"\ufeff')]
    if filled and filled[0][1].casefold().startswith("sep="):  # names the delimiter to a spreadsheet
        del filled[0]
    if not filled:
        raise UsageError("empty-file", path=path)
    _, header = filled[0]
    delimiter, code, title = _columns(header, path)
    for number, line in filled[1:]:
        cells = _cells(line, delimiter)
        yield _ListRow(number, _at(cells, code), _at(cells, title))


def _columns(header: str, path: str) -> tuple[str, int, int]:
    """The delimiter, and the places of code and title: those of the first delimiter that shows both."""
    for delimiter in ";,\t":
        folded = [fold(cell) for cell in _cells(header, delimiter)]
        codes = [place for place, cell in enumerate(folded) if cell in _CODE_HEADERS]
        titles = [place for place, cell in enumerate(folded) if cell in _TITLE_HEADERS]
        if codes and titles:
            return delimiter, codes[0], titles[0]
    raise UsageError("no-list-columns", path=path, headers=header[:LONGEST_TITLE])


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), delimiter=delimiter, strict=True))
    except csv.Error:  # a stray quotation mark: no cell can be told from the next
        return []


def _at(cells: list[str], place: int) -> str | None:
    return cells[place].strip() if place < len(cells) else None


def _tidy(cell: str | None) -> str:
    """The code of a cell as it is written, or as it stands where it is none."""
    match = _CODE.fullmatch(cell or "")
    return match[1].upper() + match[2] if match else cell or ""


def _problem(row: _ListRow, code: str, places: dict[str, int]) -> Text | None:
    """What is wrong with a line, or None. Titles are never quoted: the file may be the wrong one."""
    number, shown = row.number, code[:12]
    if row.code is None or row.title is None:
        return _said("cells", number=number)
    if not _CODE.fullmatch(code) or code.endswith("00"):
        return _said("shape", number=number, code=shown)
    if code[0] not in CHAPTERS:
        return _said("chapter", number=number, code=shown, letter=code[0])
    if not row.title:
        return _said("title", number=number, code=shown)
    if len(row.title) > LONGEST_TITLE or not row.title.isprintable():
        return _said("long", number=number, code=shown, longest=LONGEST_TITLE)
    if code in places:
        return _said("twice", number=number, code=shown, first=places[code])
    return None


def _said(key: str, **facts: object) -> Text:
    wording = load_wording("codes")[f"problem.{key}"]
    return Text(wording.da.format(**facts), wording.en.format(**facts))
