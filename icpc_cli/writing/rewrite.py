"""An export written again, byte for byte, but for what is added to its records or repaired in them.

The original's bytes are copied line by line; where its records begin and end, and which of them can be read, is settled
by the same :class:`Settler` that settled them for the check. At the end both must have found the same, or there is no
copy.
"""

import codecs
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Generic, Self, TypeVar

from icpc_cli.errors import UsageError
from icpc_cli.files import new_file
from icpc_cli.judging.check import Checked
from icpc_cli.reading.inputs import Loaded
from icpc_cli.reading.records import RecordFault

_PIECE = 1 << 20
_NO_RECORDS = (RecordFault.HEADER, RecordFault.TOTALS)
"""What is no record although it can be read as one."""
_BEFORE_HEADER = re.compile(rb"\A(?:(?:sep=.|\s*)(?:\r\n|\r|\n))+", re.IGNORECASE)

Cells = tuple[str, ...]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Addition:
    """Cells to add to an export: the ``headers``, those of the ``rows`` that have some, and those of all others.

    ``rows`` come in the order of the file; what they say of rows that cannot be read is passed over.
    """

    headers: Cells
    rows: Iterable[tuple[int, Cells]]
    fine: Cells


@dataclass(frozen=True, slots=True)
class Repair:
    """The raw code cell of a row, and what belongs there."""

    row: int
    raw: str
    fix: str


@dataclass(frozen=True, slots=True)
class Repairs:
    """Code cells to repair, in the order of the file; ``tidy`` turns a raw cell into what belongs there."""

    cells: Iterable[Repair]
    tidy: Callable[[str], str]

    @classmethod
    def found(cls, checked: Checked, of: Loaded) -> Self:
        """Those of a file, as the check found them (R002)."""
        cells = (Repair(each.row, each.value, each.detail.fix or "") for each in checked.findings(of=of, check="R002"))
        return cls(cells, checked.tidied)


def annotate(loaded: Loaded, addition: Addition, target: str | Path) -> None:
    """Write the export with the cells added at the end of the header and of every record that was judged.

    Records that cannot be read, blank lines and what stands before the header stay as they are, where they are.
    Raises :class:`UsageError` for an export that has such headers, and for a target that cannot be written.
    """
    refuse_annotated(loaded, addition)
    rows = Ordered(addition.rows)
    with _copy(loaded, target) as copy:
        head = copy.head()
        tail = _tail(loaded, quoted=_is_all_quoted(copy, head))
        fine = tail(addition.fine)
        copy.write(_with_tail(head, copy.left_out(0) + tail(addition.headers)))
        for row, text, good in copy.records():
            cells = rows.at(row)
            if good:
                copy.write(_with_tail(text, copy.left_out(row, text) + (fine if cells is None else tail(cells))))
            else:
                copy.write(text)
        rows.close()


def refuse_annotated(loaded: Loaded, addition: Addition) -> None:
    """Refuse an export that has such headers."""
    if set(loaded.input.dialect.header) & set(addition.headers):
        raise UsageError("already-annotated", path=loaded.input.path, column=addition.headers[0])


def fix(loaded: Loaded, repairs: Repairs, target: str | Path) -> int:
    """Write the export with these code cells repaired; every other byte is the original's. Returns how many they were.

    Raises :class:`UsageError` for a target that cannot be written.
    """
    place = loaded.input.columns.places["code"]
    rows = Ordered((each.row, each) for each in repairs.cells)
    repaired = 0
    with _copy(loaded, target) as copy:
        copy.write(copy.head())
        for row, text, _ in copy.records():
            repair = rows.at(row)
            repaired += repair is not None
            copy.write(text if repair is None else copy.repaired(text, place, repair, repairs.tidy))
        rows.close()
    return repaired


class Ordered(Generic[Value]):
    """Values by row number, asked for in the order of the rows."""

    def __init__(self, values: Iterable[tuple[int, Value]]) -> None:
        self._values = iter(values)
        self._next = next(self._values, None)

    def at(self, row: int) -> Value | None:
        """The value of a row, or None."""
        if self._next is None or self._next[0] != row:
            return None
        value = self._next[1]
        self._next = next(self._values, None)
        return value

    def close(self) -> None:
        """Make sure that every value was asked for."""
        if self._next is not None:
            raise RuntimeError(f"row {self._next[0]} was not met in the export")


class _Copy:
    """An export's records as they stand in the file, in bytes in which ASCII stands for itself, and a place for them.

    UTF-16 is turned into UTF-8 and back, with the same byte order; every other encoding is left as it is.
    """

    def __init__(self, loaded: Loaded, original: BinaryIO, settled: BinaryIO, target: BinaryIO) -> None:
        self._loaded, self._original, self._settled, self._target = loaded, original, settled, target
        self._dialect = loaded.input.dialect
        name = self._dialect.encoding.name
        self._wide = self._byte_order(name) if name.startswith("utf-16") else ""
        self._encoding = "utf-8" if self._wide or name == "utf-8-sig" else name
        self._left_over = b""
        self._lines, self._missing = self._read_lines(), 0
        delimiter = re.escape(self._dialect.delimiter.encode())
        self._field = re.compile(rb'"[^"]*(?:""[^"]*)*"|[^' + delimiter + rb"]*")

    def head(self) -> bytes:
        """What stands before the first record: the header, and lines before it."""
        return b"".join(islice(self._lines, self._dialect.header_lines))

    def records(self) -> Iterator[tuple[int, bytes, bool]]:
        """Every record and blank line after the header: row number, text with its line end, whether it was judged."""
        outcome = self._loaded.outcome
        others = {*outcome.blank, *(row for row, _ in outcome.unreadable)}
        settler, row = self._dialect.settler(), self._dialect.header_row
        for records, lines in settler.runs(self._dialect.record_lines(self._settled)):
            for _ in range(records):
                row += 1
                text = self._next_line()
                if records != lines:
                    text += b"".join(self._next_line() for _ in range(lines - 1))
                yield row, text, row not in others
        # Half a character at the end of a file is all that can be a line to the check and none here.
        too_few = self._missing > bool(self._left_over)
        read = replace(outcome, unreadable=[each for each in outcome.unreadable if each[1] not in _NO_RECORDS])
        if settler.outcome != read or too_few or next(self._lines, None) is not None:
            raise RuntimeError(f"{row} rows were copied and {outcome.last} were read")

    def _next_line(self) -> bytes:
        line = next(self._lines, None)
        self._missing += line is None
        return line or b""

    def write(self, text: bytes) -> None:
        """Write such bytes in the encoding of the file."""
        if self._wide:
            text = text.decode("utf-8", "surrogatepass").encode(self._wide, "surrogatepass")
        self._target.write(text)

    def close(self) -> None:
        """Write what is left of half a character at the end of the file."""
        self._target.write(self._left_over)

    def left_out(self, row: int, text: bytes = b"") -> bytes:
        """The delimiters that a row (0: the header) lacks before its empty last cells, so that columns stay in line."""
        dialect = self._dialect
        missing = max(-dialect.dangling if row == 0 else dialect.dangling, 0)
        if row in dialect.short:
            missing += len(dialect.header) - len(self.fields(_without_end(text)))
        return dialect.delimiter.encode() * missing

    def fields(self, text: bytes) -> list[tuple[int, int]]:
        """Where the fields of a record that is in order begin and end."""
        spans, start = [], len(codecs.BOM_UTF8) if text.startswith(codecs.BOM_UTF8) else 0
        while match := self._field.match(text, start):
            spans.append(match.span())
            if match.end() >= len(text):
                break
            start = match.end() + 1
        return spans

    def repaired(self, text: bytes, place: int, repair: Repair, tidy: Callable[[str], str]) -> bytes:
        """The record with its code cell repaired."""
        start, end = self.fields(_without_end(text))[place]
        quoted = text[start : start + 1] == b'"'
        if quoted:
            start, end = start + 1, end - 1
        cell = text[start:end].decode(self._encoding, "surrogatepass")
        raw = cell.replace('""', '"') if quoted else cell
        fixed = tidy(raw)
        if (as_read(raw), as_read(fixed)) != (repair.raw, repair.fix):
            raise RuntimeError(f"the code cell of row {repair.row} is not the one that was judged")
        new = (fixed.replace('"', '""') if quoted else fixed).encode(self._encoding, "surrogatepass")
        return text[:start] + new + text[end:]

    def _byte_order(self, name: str) -> str:
        """The encoding with the byte order of the mark at the beginning, which is copied, where there is one."""
        mark = self._original.read(2)
        if mark not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            self._original.seek(0)
            return name if name != "utf-16" else f"utf-16-{sys.byteorder[0]}e"
        self._target.write(mark)
        return "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"

    def _read_lines(self) -> Iterator[bytes]:
        """The lines with their ends: CRLF, LF or CR."""
        decoder = codecs.getincrementaldecoder(self._wide)("surrogatepass") if self._wide else None
        begun: list[bytes] = []
        held = b""
        while read := self._original.read(_PIECE):
            piece = held + (decoder.decode(read).encode("utf-8", "surrogatepass") if decoder else read)
            held = piece[-1:] if piece.endswith(b"\r") else b""  # a line feed may follow
            for line in piece[: len(piece) - len(held)].splitlines(keepends=True):
                begun.append(line)
                if line.endswith((b"\n", b"\r")):
                    yield b"".join(begun)
                    begun.clear()
        if held or begun:
            yield b"".join((*begun, held))
        self._left_over = decoder.getstate()[0] if decoder else b""


@contextmanager
def _copy(loaded: Loaded, target: str | Path) -> Iterator[_Copy]:
    path = loaded.input.original
    with path.open("rb") as original, path.open("rb") as settled, new_file(target) as file, loaded.input.unchanged():
        copy = _Copy(loaded, original, settled, file)
        yield copy
        copy.close()


def _tail(loaded: Loaded, *, quoted: bool) -> Callable[[Cells], bytes]:
    """How added cells follow a record, each after a delimiter; a letter that the file's encoding lacks becomes "?".

    ``quoted`` when every cell of the file is, else only where it is needed.
    """
    delimiter, name = loaded.input.dialect.delimiter, loaded.input.dialect.encoding.name
    special = {'"', "\r", "\n", delimiter}

    def written(cell: str) -> str:
        if quoted or not special.isdisjoint(cell):
            return '"' + cell.replace('"', '""') + '"'
        return cell

    @lru_cache(1 << 14)
    def tail(cells: Cells) -> bytes:
        text = delimiter.join(("", *map(written, cells)))
        return text.encode("utf-8" if name.startswith("utf") else name, "replace")

    return tail


def _is_all_quoted(copy: _Copy, head: bytes) -> bool:
    """Whether every header is in quotation marks; what stands before the header does not count."""
    text = _without_end(_BEFORE_HEADER.sub(b"", head.removeprefix(codecs.BOM_UTF8)))
    return all(text[start:end].startswith(b'"') for start, end in copy.fields(text))


def as_read(cell: str) -> str:
    """A cell as the check reads it: line feeds as line ends, half characters as what stands for them."""
    return re.sub("[\ud800-\udfff]", "\ufffd", cell.replace("\r\n", "\n").replace("\r", "\n"))


def _without_end(text: bytes) -> bytes:
    return text[: len(text) - _length_of_end(text)]


def _with_tail(text: bytes, tail: bytes) -> bytes:
    """The record with more before its line end."""
    place = len(text) - _length_of_end(text)
    return text[:place] + tail + text[place:]


def _length_of_end(text: bytes) -> int:
    return 2 if text.endswith(b"\r\n") else 1 if text.endswith((b"\n", b"\r")) else 0
