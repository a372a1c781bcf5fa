"""What a CSV file is written in: encoding, delimiter and header, detected from its bytes."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from icpc_cli.errors import UsageError
from icpc_cli.exports.records import CHUNK, lines_of, recoder, utf8

DELIMITERS = (";", ",", "\t", "|")
_SAMPLE = 1 << 18
_ENOUGH = 1000
_NOT_IN_1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MAGIC = (b"PK\x03\x04", b"\x89PNG", b"%PDF", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"\x7fELF")


class Lines(StrEnum):
    """Whether all lines of a file are known to be in its encoding."""

    GOOD = "good"
    UNSEEN = "unseen"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding by Python's name, and what is known of the lines that are not in it."""

    name: str
    lines: Lines = Lines.GOOD

    def recode(self) -> Callable[[bytes], bytes]:
        """A fresh function that turns the file's bytes, in order, into UTF-8."""
        if self.name.startswith("utf-8"):
            return utf8
        if self.name == "utf-16":
            decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
            return lambda chunk: decoder.decode(chunk).encode()
        return recoder(self.name)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is to be read: the header stands on the last of the first ``header_lines`` lines, in ``header_row``.

    ``line_feeds``: no carriage return was seen in the file's beginning.
    """

    encoding: Encoding
    delimiter: str
    header: tuple[str, ...]
    header_row: int
    header_lines: int
    line_feeds: bool

    @property
    def plain(self) -> bool:
        """Whether the file may be one that the database can read as it is: UTF-8 by all that is seen so far."""
        return self.encoding.name.startswith("utf-8") and self.encoding.lines is not Lines.BROKEN and self.line_feeds

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


def detect(path: Path, recognised: Callable[[Sequence[str]], int]) -> Dialect:
    """The dialect of the file; ``recognised`` says how many headers of a row are known.

    Raises :class:`UsageError` for a file that is empty or no text.
    """
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
        if not sample.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00\x1a"):
            raise UsageError("empty-file", path=path)
        if sample.startswith(_MAGIC):
            raise UsageError("binary-file", path=path)
        encoding = _encoding(file, sample)
    text = sample.decode("utf-8-sig" if encoding.name == "utf-8" else encoding.name, "replace")
    row, lines, delimiter, header = _header(io.StringIO(text, newline=""), recognised)
    if _CONTROL.search("".join(header)):
        raise UsageError("binary-file", path=path)
    return Dialect(encoding, delimiter, header, row, lines, line_feeds=b"\r" not in sample)


def reconsidered(path: Path, dialect: Dialect) -> Dialect:
    """The dialect after reading the whole file, when a line turned out not to be in the encoding of its beginning."""
    with path.open("rb") as file:
        encoding = _encoding_of_all(file, dialect.encoding.name)
    header = tuple(cell.encode().decode(encoding.name, "replace") for cell in dialect.header)
    return replace(dialect, encoding=encoding, header=header if encoding.name != "utf-8" else dialect.header)


def _encoding(file: BinaryIO, sample: bytes) -> Encoding:
    """A byte order mark decides; else UTF-8 as long as the beginning is; else what the whole file says."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding("utf-16")
    name = "utf-8-sig" if sample.startswith(codecs.BOM_UTF8) else "utf-8"
    if _utf8_lines(sample[: sample.rfind(b"\n") + 1])[1] == 0:
        return Encoding(name, Lines.UNSEEN)
    return _encoding_of_all(file, name)


def _encoding_of_all(file: BinaryIO, name: str) -> Encoding:
    """UTF-8 unless more lines break it than prove it, then Windows-1252, or ISO-8859-1 by bytes that 1252 lacks."""
    file.seek(0)
    proving = breaking = 0
    beyond_1252 = False
    rest = b""
    while chunk := file.read(CHUNK):
        chunk = rest + chunk
        end = chunk.rfind(b"\n") + 1 or len(chunk)
        chunk, rest = chunk[:end], chunk[end:]
        beyond_1252 = beyond_1252 or any(byte in chunk for byte in _NOT_IN_1252)
        if proving or breaking < _ENOUGH:
            good, bad = _utf8_lines(chunk)
            proving, breaking = proving + good, breaking + bad
    good, bad = _utf8_lines(rest)
    proving, breaking = proving + good, breaking + bad
    if name == "utf-8-sig" or breaking <= proving:
        return Encoding(name, Lines.BROKEN if breaking else Lines.GOOD)
    beyond_1252 = beyond_1252 or any(byte in rest for byte in _NOT_IN_1252)
    return Encoding("iso-8859-1" if beyond_1252 else "windows-1252")


def _utf8_lines(chunk: bytes) -> tuple[int, int]:
    """How many lines prove UTF-8 (letters beyond ASCII, validly; all together count once) and how many break it."""
    if chunk.isascii():
        return 0, 0
    try:
        chunk.decode()
    except UnicodeDecodeError:
        good = bad = 0
        for line in chunk.splitlines():
            try:
                line.decode()
                good += not line.isascii()
            except UnicodeDecodeError:
                bad += 1
        return good, bad
    return 1, 0


def _header(text: io.StringIO, recognised: Callable[[Sequence[str]], int]) -> tuple[int, int, str, tuple[str, ...]]:
    """Row number of the header, number of lines up to it, delimiter, and the headers.

    A first line ``sep=;`` names the delimiter and is no row, as in a spreadsheet.
    """
    first = text.readline()
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        named: tuple[str, ...] = (first.strip()[4],)
        row, lines = 0, 1
    elif first.rstrip("\r\n").lower() == "sep=\t":
        named, row, lines = ("\t",), 0, 1
    else:
        named, row, lines = DELIMITERS, 0, 0
        text.seek(0)
    start = text.tell()
    while (line := text.readline()) and not line.strip():
        row, lines, start = row + 1, lines + 1, text.tell()
    candidates = {}
    for delimiter in named:
        text.seek(start)
        candidates[delimiter] = _fields(text, delimiter)
    best = max(candidates, key=lambda mark: (recognised(candidates[mark][0]), len(candidates[mark][0])))
    header, used = candidates[best]
    return row + 1, lines + used, best, header


def _fields(text: io.StringIO, delimiter: str) -> tuple[tuple[str, ...], int]:
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        return tuple(cell.strip() for cell in next(reader)), reader.line_num
    except csv.Error:
        return ("",), 1
