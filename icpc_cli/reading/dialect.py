"""What a CSV file is written in: encoding, delimiter and header, detected from its bytes."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, NamedTuple

from icpc_cli.cases.words import read_day
from icpc_cli.checks.codes import read_codes
from icpc_cli.decoding import CONSOLE, WINDOWS, evidence, order_without_mark
from icpc_cli.errors import UsageError
from icpc_cli.guideline import plain
from icpc_cli.reading.chunks import CHUNK, Utf16, lines_of, recoder, utf8
from icpc_cli.reading.records import Settler
from icpc_cli.voice.safe import holds_cpr

DELIMITERS = (";", ",", "\t", "|")
_SAMPLE = 1 << 18
_ENOUGH = 1000
_PREAMBLE = 20
"""Rows among which the header is looked for, when the first one has no known header in it."""
_NOT_IN_1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARKUP = re.compile(r"\s*(?:<(?:!|\?xml|/?[a-z][a-z0-9]*[\s>/])|MIME-Version:)", re.IGNORECASE)
_NAMED_DELIMITER = re.compile(r"sep=(.) *(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
COLUMNS = 2000
"""The most columns that an export can have; a spreadsheet with more has been filled by mistake."""
_LONGEST_HEADER = 1000
"""Letters from which on a cell is no header."""
_OTHER_DELIMITERS = "^~:!#$%&*+/\\<=>?@`"
_NEXT_ROWS = 50
"""Rows after the header that show how many fields records have."""
ARCHIVE = b"PK\x03\x04"
WORKBOOKS = (ARCHIVE, b"\xd0\xcf\x11\xe0")
"""How workbooks begin: a zip archive, or what older ones and protected ones are kept in."""
_MAGIC = (*WORKBOOKS, b"\x89PNG", b"%PDF", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\x7fELF")


_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252", "iso-8859-1", "cp850")
_NAMES = {
    "utf8": "utf-8", "utf8sig": "utf-8-sig", "utf8bom": "utf-8-sig", "utf16": "utf-16", "utf16le": "utf-16-le",
    "utf16be": "utf-16-be", "unicode": "utf-16", "cp1252": "windows-1252", "windows1252": "windows-1252",
    "ansi": "windows-1252", "latin1": "iso-8859-1", "iso88591": "iso-8859-1", "l1": "iso-8859-1",
}  # fmt: skip


class Certainty(StrEnum):
    """Whether all lines of a file are known to be in its encoding."""

    GOOD = "good"
    UNSEEN = "unseen"
    BROKEN = "broken"


class Encoding(NamedTuple):
    """The encoding by Python's name, and what is known of the lines that are not in it."""

    name: str
    lines: Certainty = Certainty.GOOD

    def recode(self) -> Callable[[bytes], bytes]:
        """A fresh function that turns the file's bytes, in order, into UTF-8."""
        if self.name.startswith("utf-8"):
            return utf8
        return Utf16(self.name) if self.name.startswith("utf-16") else recoder(self.name)


class Dialect(NamedTuple):
    """How a file is to be read: the header stands on the last of the first ``header_lines`` lines, in ``header_row``.

    ``header`` are its cells as they are meant, as many as the records have; ``dangling`` is how many blank ones more
    (less, where negative) stand in the file. ``line_feeds``: no carriage return was seen in the file's beginning;
    ``asked``: the encoding is the user's choice. ``short``: rows of which a spreadsheet left out the delimiters before
    empty last cells.
    """

    encoding: Encoding
    delimiter: str
    header: tuple[str, ...]
    header_row: int
    header_lines: int
    line_feeds: bool
    asked: bool = False
    dangling: int = 0
    short: frozenset[int] = frozenset()

    @property
    def plain(self) -> bool:
        """Whether the file may be one that the database can read as it is: UTF-8 by all that is seen so far."""
        return (
            self.encoding.name.startswith("utf-8") and self.encoding.lines is not Certainty.BROKEN and self.line_feeds
        )

    def record_lines(
        self, file: BinaryIO, progress: Callable[[int], None] | None = None, *, mend_ends: bool = True
    ) -> Iterator[bytes]:
        """Chunks of the whole lines after the header, in UTF-8, with ``\\n`` as line ends unless told to leave them."""
        left = self.header_lines
        for chunk in lines_of(file, self.encoding.recode(), progress, mend_ends=mend_ends):
            start = 0
            while left and start < len(chunk):
                start = chunk.index(b"\n", start) + 1
                left -= 1
            if start < len(chunk):
                yield chunk[start:]

    def settler(self) -> Settler:
        """What settles the records of a file in this dialect."""
        tolerant = self.encoding.lines is Certainty.BROKEN
        return Settler(self.delimiter, len(self.header), self.header_row + 1, self.short, tolerant=tolerant)


class Wanted(NamedTuple):
    """What the user says of a file, instead of having it detected."""

    encoding: str | None = None
    delimiter: str | None = None


_NOTHING = Wanted()


def detect(file: Path, path: str, recognised: Callable[[Sequence[str]], int], wanted: Wanted = _NOTHING) -> Dialect:
    """The dialect of a ``file`` that is called ``path``; ``recognised`` says how many headers of a row are known.

    Raises :class:`UsageError` for a file that is empty, no text, or not what is ``wanted``.
    """
    with file.open("rb") as stream:
        sample = stream.read(_SAMPLE)
        if not sample.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00\x1a"):
            raise UsageError("empty-file", path=path)
        if sample.startswith(_MAGIC):
            raise UsageError("binary-file", path=path)
        detected = _encoding(stream, sample)
        encoding = _wanted_encoding(stream, path, wanted.encoding, detected) if wanted.encoding else detected
    text = sample.decode("utf-8-sig" if encoding.name == "utf-8" else encoding.name, "replace")
    if _MARKUP.match(text):
        raise UsageError("xml-spreadsheet" if _SPREADSHEET in text else "web-page", path=path)
    found = _header(text, wanted.delimiter, recognised)
    if _CONTROL.search("".join(found.cells)):
        raise UsageError("binary-file", path=path)
    if len(found.cells) == 1:
        _refuse_other_delimiter(path, wanted, found, text, recognised)
    _refuse_no_header(path, found.cells, recognised(found.cells))
    return Dialect(
        encoding=encoding,
        delimiter=found.delimiter,
        header=tuple(map(plain, found.cells)),
        header_row=found.row,
        header_lines=found.lines,
        line_feeds=b"\r" not in sample,
        asked=bool(wanted.encoding),
        dangling=found.dangling,
    )


def reconsidered(file: Path, path: str, dialect: Dialect) -> Dialect:
    """The dialect after reading the whole file, when a line turned out not to be in the encoding of its beginning."""
    with file.open("rb") as stream:
        encoding = _encoding_of_all(stream, dialect.encoding.name)
    if encoding.name.startswith("utf-8"):
        return dialect._replace(encoding=encoding)
    if dialect.asked:
        raise UsageError("not-in-encoding", path=path, value=dialect.encoding.name, detected=encoding.name)
    header = tuple(plain(cell.encode().decode(encoding.name, "replace")) for cell in dialect.header)
    return dialect._replace(encoding=encoding, header=header)


def known_encoding(name: str) -> str:
    """The encoding that a user names, by Python's name. Raises :class:`UsageError` for one that is not known."""
    folded = name.strip().lower().replace("_", "-")
    folded = _NAMES.get(folded.replace("-", "").replace(" ", ""), folded)
    if folded in _ENCODINGS:
        return folded
    try:
        codec = codecs.lookup(folded)
        every_byte = bytes(range(128)).decode(folded)
    except (LookupError, UnicodeError, ValueError):
        every_byte, codec = "", None
    if codec is None or every_byte != bytes(range(128)).decode("ascii") or len("æ".encode(folded, "replace")) != 1:
        raise UsageError("unknown-encoding", value=name, known=list(_ENCODINGS))
    return codec.name


def _wanted_encoding(stream: BinaryIO, path: str, name: str, detected: Encoding) -> Encoding:
    """The encoding asked for, unless the file is plainly in another."""
    wide = {each.startswith("utf-16") for each in (name, detected.name)}
    if True in wide:
        if False in wide or ("utf-16" not in (name, detected.name) and name != detected.name):
            raise UsageError("not-in-encoding", path=path, value=name, detected=detected.name)
        return detected
    if not name.startswith("utf-8"):
        return Encoding(name, Certainty.BROKEN)
    if not detected.name.startswith("utf-8"):
        raise UsageError("not-in-encoding", path=path, value=name, detected=detected.name)
    return Encoding(detected.name, detected.lines)


def _refuse_other_delimiter(
    path: str, wanted: Wanted, found: "_Header", text: str, recognised: Callable[[Sequence[str]], int]
) -> None:
    """Refuse a header of one cell in which several are meant, and say what parts them."""
    named = wanted.delimiter or _named_delimiter(text)
    if named:
        best = _best_header(text, DELIMITERS, recognised)
        if len(best.cells) > 1:
            raise UsageError(
                "not-the-delimiter" if wanted.delimiter else "not-the-named-delimiter",
                path=path,
                value=named,
                detected=best.delimiter,
            )
    header = found.cells[0]
    if found.quoted and any(recognised(header.split(mark)) >= 2 for mark in DELIMITERS):
        raise UsageError("whole-lines-quoted", path=path)
    for mark in _OTHER_DELIMITERS:
        if recognised(header.split(mark)) >= 2:
            raise UsageError("other-delimiter", path=path, detected=mark)


def _refuse_no_header(path: str, cells: Sequence[str], known: int) -> None:
    """Refuse a file whose first row is a record, as its cells show, without showing any of it."""
    if len(cells) > COLUMNS:
        raise UsageError("too-many-columns", path=path, count=len(cells), most=COLUMNS)
    for cell in map(plain, cells):
        is_fact = read_day(cell) is not None or holds_cpr(cell)
        is_value = cell.strip().isdecimal() or bool(read_codes(cell).tokens)
        if len(cell) > _LONGEST_HEADER or (is_fact and known < 3) or (is_value and known < 2):
            raise UsageError("no-header", path=path)


def _encoding(file: BinaryIO, sample: bytes) -> Encoding:
    """A byte order mark decides; else UTF-8 as long as the beginning is; else what the whole file says."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding("utf-16", Certainty.BROKEN)
    if order := order_without_mark(sample):
        return Encoding(f"utf-16-{order}", Certainty.BROKEN)
    name = "utf-8-sig" if sample.startswith(codecs.BOM_UTF8) else "utf-8"
    if not _utf8_lines(sample[: sample.rfind(b"\n") + 1])[1]:
        return Encoding(name, Certainty.UNSEEN)
    return _encoding_of_all(file, name)


def _encoding_of_all(file: BinaryIO, name: str) -> Encoding:
    """UTF-8 unless more lines break it than prove it, then what the letters of all lines say."""
    file.seek(0)
    proving = breaking = 0
    seen = _OneByte()
    for chunk in _whole_lines(file):
        if not proving and breaking >= _ENOUGH:
            seen.look_at(chunk)
            continue
        good, bad = _utf8_lines(chunk)
        proving, breaking = proving + good, breaking + len(bad)
        seen.look_at(b"\n".join(bad))
    if name == "utf-8-sig" or breaking <= proving:
        return Encoding(name, Certainty.BROKEN if breaking else Certainty.GOOD)
    return Encoding(seen.name)


def _whole_lines(file: BinaryIO) -> Iterator[bytes]:
    """A file from where it stands, in pieces that end with a line's end."""
    rest = b""
    while chunk := file.read(CHUNK):
        chunk = rest + chunk
        end = chunk.rfind(b"\n") + 1 or len(chunk)
        yield chunk[:end]
        rest = chunk[end:]
    yield rest


@dataclass(slots=True)
class _OneByte:
    """What is seen of a text with one byte a letter: places that speak for an encoding, bytes that 1252 lacks."""

    console: int = 0
    windows: int = 0
    beyond: bool = False

    def look_at(self, chunk: bytes) -> None:
        """Look at some whole lines."""
        self.beyond = self.beyond or any(byte in chunk for byte in _NOT_IN_1252)
        if self.console + self.windows < _ENOUGH and not chunk.isascii():
            console, windows = evidence(chunk)
            self.console, self.windows = self.console + console, self.windows + windows

    @property
    def name(self) -> str:
        """The encoding by Python's name."""
        if self.console > self.windows:
            return CONSOLE
        return "iso-8859-1" if self.beyond else WINDOWS


def _utf8_lines(chunk: bytes) -> tuple[int, list[bytes]]:
    """How many lines prove UTF-8 (letters beyond ASCII, validly; all together count once), and those that break it."""
    if chunk.isascii():
        return 0, []
    try:
        chunk.decode()
    except UnicodeDecodeError:
        good, bad = 0, []
        for line in chunk.splitlines():
            try:
                line.decode()
                good += not line.isascii()
            except UnicodeDecodeError:
                bad.append(line)
        return good, bad
    return 1, []


class _Header(NamedTuple):
    """A header found: row number, number of lines up to its end, the last line's text, delimiter and cells.

    ``dangling`` as in :class:`Dialect`.
    """

    row: int
    lines: int
    line: str
    delimiter: str
    cells: tuple[str, ...]
    dangling: int = 0

    @property
    def quoted(self) -> bool:
        """Whether the line begins with a quotation mark."""
        return self.line.startswith('"')


def _named_delimiter(sample: str) -> str:
    """The delimiter that a first line ``sep=;`` names, as for a spreadsheet; that line is no row."""
    named = _NAMED_DELIMITER.match(sample)
    return named[1] if named else ""


def _header(sample: str, wanted: str | None, recognised: Callable[[Sequence[str]], int]) -> _Header:
    """The header, by the delimiter that is ``wanted``, or named by the file, or else the likeliest."""
    delimiter = wanted or _named_delimiter(sample)
    return _best_header(sample, (delimiter,) if delimiter else DELIMITERS, recognised)


def _best_header(sample: str, delimiters: Sequence[str], recognised: Callable[[Sequence[str]], int]) -> _Header:
    """The first row that is not blank; where no header in it is known, the first row that has two of them."""
    named = _NAMED_DELIMITER.match(sample)
    lines = io.StringIO(sample[named.end() :] if named else sample, newline="").readlines()
    rows = {mark: list(islice(_rows(lines, mark), _PREAMBLE)) for mark in delimiters}
    widths = {mark: max((len(row.cells) for row in rows[mark]), default=1) for mark in delimiters}
    found: dict[str, tuple[int, _Header]] = {}
    most = 0
    for mark in sorted(delimiters, key=lambda each: -widths[each]):
        if widths[mark] >= most:  # else no row parted by it can have as many known headers
            found[mark] = _first_header(rows[mark], mark, recognised)
            most = max(most, found[mark][0])
    tried = (found[mark] for mark in delimiters if mark in found)
    _, best = max(tried, key=lambda each: (each[0], len(each[1].cells)))
    best = _as_wide_as_records(lines, best)
    return best._replace(lines=best.lines + bool(named))


def _as_wide_as_records(lines: Sequence[str], header: _Header) -> _Header:
    """The header without blank cells at its end that no record has, or with those that all records have more."""
    rows = [
        row.cells for row in islice(_rows(lines, header.delimiter), header.row + _NEXT_ROWS) if row.row > header.row
    ]
    width = len(header.cells)
    fields = len(rows[0]) if rows else width
    if any(len(row) != fields for row in rows) or any(any((*header.cells[fields:], *row[width:])) for row in rows):
        return header
    cells = header.cells[:fields] + ("",) * (fields - width)
    return header._replace(cells=cells, dangling=width - fields)


def _first_header(
    rows: Sequence[_Header], delimiter: str, recognised: Callable[[Sequence[str]], int]
) -> tuple[int, _Header]:
    """The header among the first rows, after the number of its cells that are known."""
    for place, header in enumerate(rows):
        known = recognised(header.cells)
        if known >= (2 if place else 1):
            # It may name groups of columns, whose headers stand below: "Patient;;Forløb;;".
            below = [(recognised(each.cells), each) for each in rows[place + 1 : place + 2] if "" in header.cells]
            return max(((known, header), *below), key=itemgetter(0))
    return 0, rows[0] if rows else _Header(1, 1, "", delimiter, ("",))


def _rows(lines: Sequence[str], delimiter: str) -> Iterator[_Header]:
    """The rows of a text that are not blank, as far as their quoting is in order."""
    row = place = 0
    while place < len(lines):
        row += 1
        if not lines[place].strip(" \t\r\n" + delimiter):
            place += 1
            continue
        reader = csv.reader(islice(lines, place, None), delimiter=delimiter, strict=True)
        try:
            cells = tuple(cell.strip() for cell in next(reader))
        except csv.Error:
            cells = ("",)
        place += max(reader.line_num, 1)
        line = lines[place - 1].rstrip("\r\n") if reader.line_num == 1 else ""
        yield _Header(row, place, line, delimiter, cells)
