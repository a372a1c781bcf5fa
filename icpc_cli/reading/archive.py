"""What the zip archive of a workbook holds that its reader does not tell: damage, errors, formulas, who wrote it."""

import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from io import StringIO
from pathlib import Path
from typing import IO
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from icpc_cli.errors import UsageError
from icpc_cli.reading.dialect import ARCHIVE

MARK = "icpc-cli"
"""The property by which a workbook of the program's own is known."""
_OPEN_DOCUMENT = "content.xml"
_OFFICE, _TABLE = (f"{{urn:oasis:names:tc:opendocument:xmlns:{each}:1.0}}" for each in ("office", "table"))
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_PROPERTIES = "docProps/custom.xml"
_BOOK, _BINARY_BOOK = "xl/workbook.xml", "xl/workbook.bin"
_ROW_BEGINS, _SHEET_NAMED, _MERGED, _ERRORS = 0, 156, 176, (3, 11)
"""Kinds of records of a binary workbook; a cell or a formula is an error. Source: MS-XLSB, 2.3."""
_NOT_SHOWN = 0x10
_PIECE, _OVERLAP = 1 << 20, 32
_LARGE, _PACKED = 100 << 20, 100
"""A part of more bytes than this, of which so many were packed into one, was never written by a spreadsheet."""
_AREA, _SPARSE = 50_000_000, 100
"""A sheet of more cells than this, of which one in so many is filled, would fill the memory with nothing."""
_ALIKE = 1 << 20
"""No column is longer, so no more cells with one error or formula stand in one place."""
_WIDEST = ((re.compile(rb' r="[A-Z]{2,3}[0-9]'), 702), (re.compile(rb' r="[A-Z]{3}[0-9]'), 16_384))
_LAST_ROWS = re.compile(rb' r="[A-Z]*([1-9][0-9]{5,6})"')
_ROW = re.compile(rb' r="[A-Z]*([0-9]+)"')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row [^>]*\bhidden="(?:1|true)"[^>]*>')
_ODD = ((b"e", b't="e"'), (b"h", b"hidden="), (b"f", b"<f>"), (b"f", b"<f "), (b"f", b":f>"), (b"f", b":f "))
"""What stands where a sheet has odd cells, each with a letter of it: one that a sheet lacks is soon looked for."""
_SHEET = re.compile(r"<(?:\w+:)?sheet (?P<attributes>[^>]*)>")
_LINK = re.compile(r"<(?:\w+:)?Relationship (?P<attributes>[^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CELL = re.compile(rb"<(?:\w+:)?c ([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]+)"')
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>([^<]*)<)")


class _Merged(str):
    """Stands in the second row of a cell of several rows."""

    __slots__ = ()


class _Hidden(str):
    """Stands in a row that the spreadsheet does not show."""

    __slots__ = ()


class ErrorText(str):
    """The text of a cell that holds an error, as ``#N/A``."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class OddCells:
    """Cells that a reader leaves blank, by row and column from 0: errors, and formulas that have no stored value.

    ``merged``: the second row of each cell of several rows, where the reader does not tell them; ``hidden``: the rows
    that the spreadsheet does not show.
    """

    texts: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    formulas: tuple[int, ...] = ()
    merged: tuple[int, ...] = ()
    hidden: tuple[int, ...] = ()


def refuse_damaged(file: Path, path: str) -> None:
    """Read all parts of the archive and compare their checksums.

    Raises :class:`UsageError` for a part that is damaged, and for what would fill the memory.
    """
    with _opened(file, path) as archive:
        for part in archive.infolist():
            if part.file_size > _LARGE and part.file_size > _PACKED * part.compress_size:
                raise UsageError("workbook-too-large", path=path)
            with archive.open(part) as stream:
                if _is_too_sparse(stream):
                    raise UsageError("workbook-too-large", path=path)


def is_own(file: Path) -> bool:
    """Whether the program wrote this workbook itself, as a list of findings or a report."""
    try:
        with ZipFile(file) as archive:
            return MARK.encode() in archive.read(_PROPERTIES)
    except (BadZipFile, KeyError, OSError, zlib.error):
        return False


def odd_cells(file: Path, path: str, sheet: str) -> OddCells:
    """The odd cells of a sheet: of ``.xlsx`` and ``.ods``, and the errors and hidden rows of ``.xlsb`` and ``.xls``."""
    texts: dict[int, dict[int, str]] = {}
    formulas: dict[int, None] = {}
    merged: list[int] = []
    hidden: list[int] = []
    for row, column, text in _odd_cells(file, path, sheet):
        if isinstance(text, _Merged | _Hidden):
            (merged if isinstance(text, _Merged) else hidden).append(row)
            continue
        texts.setdefault(row, {})[column] = text
        if not isinstance(text, ErrorText):
            formulas[row] = None
    return OddCells(texts, tuple(formulas), tuple(merged), tuple(hidden))


def is_archive(file: Path) -> bool:
    """Whether a workbook is a zip archive, as all but the oldest are."""
    with file.open("rb") as stream:
        return stream.read(4) == ARCHIVE


def _odd_cells(file: Path, path: str, sheet: str) -> Iterator[tuple[int, int, str]]:
    if not is_archive(file):
        yield from _odd_old(file, path, sheet)
        return
    with _opened(file, path) as archive:
        if _OPEN_DOCUMENT in archive.namelist():
            yield from _odd_open(archive.read(_OPEN_DOCUMENT), path, sheet)
        elif part := _parts(archive).get(sheet):
            if part.endswith(".bin"):
                yield from _odd_binary(archive.read(part))
                return
            with archive.open(part) as stream:
                odd = any(sign in piece and each in piece for piece in _pieces(stream) for sign, each in _ODD)
            if odd:
                yield from _odd(archive.read(part))


def _error(code: int) -> ErrorText:
    from xlrd import error_text_from_code

    return ErrorText(error_text_from_code.get(code, f"#{code}"))


def _odd_old(file: Path, path: str, sheet: str) -> Iterator[tuple[int, int, str]]:
    """The errors and hidden rows of a workbook of before 2007."""
    import xlrd

    try:
        with xlrd.open_workbook(str(file), logfile=StringIO(), on_demand=True, formatting_info=True) as book:
            table = book.sheet_by_name(sheet)
    except (xlrd.XLRDError, xlrd.compdoc.CompDocError, struct.error, LookupError, ValueError, AssertionError):
        raise UsageError("workbook-unreadable", path=path) from None
    for row in range(table.nrows):
        for column, kind in enumerate(table.row_types(row)):
            if kind == xlrd.XL_CELL_ERROR:
                yield row, column, _error(table.cell_value(row, column))
    yield from ((row, 0, _Hidden()) for row, told in sorted(table.rowinfo_map.items()) if told.hidden)


def _odd_open(content: bytes, path: str, sheet: str) -> Iterator[tuple[int, int, str]]:
    """The odd cells of an OpenDocument sheet, in which a row or cell stands once for all that are alike."""
    if not any(each in content for each in (b"formula=", b"rows-spanned=", b"visibility=")):
        return
    whole = ElementTree.fromstring(content)  # noqa: S314 - expat limits what entities may grow to
    for table in whole.iter(f"{_TABLE}table"):
        row = 0
        for line in table.iter(f"{_TABLE}table-row") if table.get(f"{_TABLE}name") == sheet else ():
            rows = int(line.get(f"{_TABLE}number-rows-repeated", "1"))
            if line.get(f"{_TABLE}visibility", "visible") != "visible":
                yield from ((row + n, 0, _Hidden()) for n in range(min(rows, _ALIKE)))
            yield from _odd_line(line, row, rows, path)
            row += rows


def _odd_line(line: ElementTree.Element, row: int, rows: int, path: str) -> Iterator[tuple[int, int, str]]:
    column = 0
    for cell in line:
        cells = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        if cell.get(f"{_TABLE}number-rows-spanned", "1") != "1":
            yield row + 1, column, _Merged()
        if text := _odd_text(cell):
            if rows * cells > _ALIKE:
                raise UsageError("workbook-too-large", path=path)
            yield from ((row + n, column + m, text) for n in range(rows) for m in range(cells))
        column += cells


def _odd_text(cell: ElementTree.Element) -> str:
    formula = cell.get(f"{_TABLE}formula")
    if cell.get(f"{_CALC}value-type") == "error":
        return ErrorText("".join(cell.itertext()).strip())
    return f"={formula}" if formula and cell.get(f"{_OFFICE}value-type") is None else ""


@contextmanager
def _opened(file: Path, path: str) -> Iterator[ZipFile]:
    try:
        with ZipFile(file) as archive:
            yield archive
    except (
        BadZipFile,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        SyntaxError,
        LookupError,
        zlib.error,
        struct.error,
    ):
        raise UsageError("workbook-unreadable", path=path) from None


def _is_too_sparse(part: IO[bytes]) -> bool:
    """Read a part to its end; whether it is a sheet that has few cells over a vast area."""
    cells, last, width = 0, 0, 26
    for piece in _pieces(part):
        cells += piece.count(b"<c ") + piece.count(b":c ")
        for letters, most in _WIDEST:
            if most > width:
                if not letters.search(piece):
                    break
                width = most
        place = piece.rfind(b' r="')
        for row in (_LAST_ROWS.search(piece), _ROW.match(piece, place) if place >= 0 else None):
            last = max(last, int(row[1]) if row else 0)
    return last * width > max(_AREA, _SPARSE * cells)


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    """A part to its end; each piece begins with the end of the one before."""
    rest = b""
    while piece := part.read(_PIECE):
        yield rest + piece
        rest = (rest + piece)[-_OVERLAP:]


def _parts(archive: ZipFile) -> dict[str, str]:
    """The part of each sheet by its name."""
    names = set(archive.namelist())
    book = _BINARY_BOOK if _BINARY_BOOK in names else _BOOK
    linked = book.replace("xl/", "xl/_rels/") + ".rels"
    if not {book, linked} <= names:
        return {}
    links = {each.get("Id"): each.get("Target", "") for each in _tags(_LINK, archive.read(linked))}
    named = _named if book == _BOOK else _named_binary
    found = {}
    for name, link in named(archive.read(book)):
        target = links.get(link, "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if part in names:
            found[name] = part
    return found


def _named(book: bytes) -> Iterator[tuple[str, str]]:
    """The name of each sheet, and of the link to its part."""
    for sheet in _tags(_SHEET, book):
        yield sheet.get("name", ""), next((value for key, value in sheet.items() if key.endswith(":id")), "")


def _named_binary(book: bytes) -> Iterator[tuple[str, str]]:
    for kind, start, end in _records(book):
        if kind == _SHEET_NAMED:
            link, rest = _text(book[start + 8 : end])
            yield _text(rest)[0], link


def _text(content: bytes) -> tuple[str, bytes]:
    """A text of a binary record, and what stands behind it."""
    end = 4 + 2 * int.from_bytes(content[:4], "little")
    return content[4:end].decode("utf-16-le"), content[end:]


def _records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """The kind of each record of a part of a binary workbook, and where its content begins and ends."""
    end = 0
    while end < len(part):
        kind, start = _number(part, end)
        size, start = _number(part, start)
        end = start + size
        yield kind, start, end


def _number(part: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and where it ends."""
    value = shift = 0
    while (byte := part[at]) > 0x7F:
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
    return value | byte << shift, at + 1


def _odd_binary(content: bytes) -> Iterator[tuple[int, int, str]]:
    """The errors, merged cells and hidden rows of a sheet of a binary workbook."""
    row = 0
    for kind, start, end in _records(content):
        if kind == _ROW_BEGINS:
            row = int.from_bytes(content[start : start + 4], "little")
            if end > start + 11 and content[start + 11] & _NOT_SHOWN:
                yield row, 0, _Hidden()
        elif kind in _ERRORS:
            yield row, int.from_bytes(content[start : start + 4], "little"), _error(content[start + 8])
        elif kind == _MERGED:
            first, last, column, _ = struct.unpack_from("<4I", content, start)
            if first < last:
                yield first + 1, column, _Merged()


def _tags(tag: re.Pattern[str], content: bytes) -> Iterator[dict[str, str]]:
    for match in tag.finditer(content.decode(errors="replace")):
        yield {key: unescape(one or other) for key, one, other in _ATTRIBUTE.findall(match["attributes"])}


def _odd(content: bytes) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of every odd cell; a formula without a value is shown as it is."""
    for row in _HIDDEN_ROW.finditer(content):
        if place := _ROW.search(row[0]):
            yield int(place[1]) - 1, 0, _Hidden()
    for cell in _CELL.finditer(content):
        place = _PLACE.search(cell[1])
        value = _VALUE.search(cell[2])
        if place is None:
            continue
        column = sum(26**n * (letter - 64) for n, letter in enumerate(reversed(place[1])))
        where = int(place[2]) - 1, column - 1
        if value and b't="e"' in cell[1]:
            yield *where, ErrorText(unescape(value[1].decode(errors="replace")))
        elif not value and b't="str"' not in cell[1] and (formula := _FORMULA.search(cell[2])):
            yield *where, "=" + unescape((formula[1] or b"").decode(errors="replace"))
