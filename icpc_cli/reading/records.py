"""Lines of a CSV file into records, exactly: every record is either well formed or listed as unreadable.

DuckDB reads CSV fast and forgives silently: an unclosed quote swallows the rest of the file without a word, an extra
delimiter at the end of a line vanishes, blank lines lose their number. So records are settled here first. What comes
out are blocks of UTF-8 with ``\\n`` between records in which every record has the header's number of fields; records
that cannot be read, and blank lines, leave an empty record in their place, so that counting rows is numbering them.

Almost all records are settled many at a time, at C speed: what stands between a first and a second quotation mark is
inside a field, what is left shows whether each mark opens or ends one, and its delimiters are counted. Only a record
where that is not plain is parsed by the csv module in strict mode, whose reading of RFC 4180 is the grammar.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, TypeVar

from icpc_cli.reading import chunks as limits

_WINDOW = 1 << 12
"""Bytes looked at together after marks that are not in order; twice as many each time that all is well."""
_ROWS_AT_A_TIME = 16
_SPACES = b" \t\x1a"
_BOM = b"\xef\xbb\xbf"
_BLANK = re.compile(rb"^[ \t\x1a]*$(?!\Z)", re.MULTILINE)

csv.field_size_limit(limits.RECORD_LIMIT * 4)


class RecordFault(StrEnum):
    """Why a record cannot be read."""

    FEW = "few"
    MANY = "many"
    QUOTE = "quote"
    NUL = "nul"
    ENCODING = "encoding"
    LONG = "long"
    HEADER = "header"
    TOTALS = "totals"


@dataclass(slots=True)
class Block:
    """Some consecutive records as CSV text: ``rows`` records of which the first has number ``first``."""

    first: int
    rows: int = 0
    text: list[bytes] = field(default_factory=list)
    size: int = 0
    apart: ClassVar[bool] = False
    """Whether a record of several lines has to be added by itself."""
    decoded: ClassVar[bool] = False
    """Whether someone else sees to it that the file is UTF-8."""

    def add(self, text: bytes, rows: int, *, altered: bool = False) -> None:
        """Append complete records, each with its line end; ``altered`` when they do not stand so in the file."""
        self.text.append(text)
        self.size += len(text)
        self.rows += rows

    def took(self, lines: int) -> None:
        """Note how many lines of the file the last record takes; only told when it stood by itself."""


class _RowCount(Block):
    """A block that only counts, and refuses what does not stand in the file as it would be written.

    DuckDB reads the file meanwhile, and refuses what is no UTF-8.
    """

    decoded = True

    def add(self, text: bytes, rows: int, *, altered: bool = False) -> None:
        if altered:
            raise NotPlainError
        self.rows += rows


class _Runs(Block):
    """A block that holds no text, only how its records lie in the file: runs of so many records in so many lines."""

    apart = True

    def __init__(self, first: int) -> None:
        super().__init__(first)
        self.runs: list[tuple[int, int]] = []

    def add(self, text: bytes, rows: int, *, altered: bool = False) -> None:
        self.rows += rows
        if rows:
            self.runs.append((rows, rows))

    def took(self, lines: int) -> None:
        self.runs[-1] = (1, lines)


Kind = TypeVar("Kind", bound=Block)


class NotPlainError(Exception):
    """The file cannot be given to the database as it is: some line has to be dropped or written anew."""


class NotUtf8Error(Exception):
    """A line is not UTF-8 although the beginning of the file was: the encoding has to be considered anew."""


@dataclass(slots=True)
class Settled:
    """What became of the lines that are no good records, by row number; complete once the last block is out.

    ``blank`` rows hold nothing: empty lines, and rows of delimiters alone (``hollow`` counts these). ``few`` is
    the number of fields of rows that have too few.
    """

    unreadable: list[tuple[int, RecordFault]] = field(default_factory=list)
    blank: list[int] = field(default_factory=list)
    hollow: int = 0
    last: int = 0
    few: dict[int, int] = field(default_factory=dict)


class Settler:
    """Settles record after record of one file.

    ``width`` is the number of fields, ``first`` the row number of the first record. Rows in ``short`` may have fewer
    fields: the last ones are empty. ``tolerant`` when lines that are not UTF-8 are unreadable records; otherwise the
    first one raises :class:`NotUtf8Error`.
    """

    def __init__(
        self, delimiter: str, width: int, first: int, short: Collection[int] = (), *, tolerant: bool = False
    ) -> None:
        self._text_delimiter = delimiter
        self._delimiter = delimiter.encode()
        self._width = width
        self._short = short
        self._hollow = tuple(self._delimiter.join([cell] * width) for cell in (b"", b'""')) if width > 1 else ()
        self._row = first
        self._tolerant = tolerant
        self._empty = self._delimiter * (width - 1) + b"\n" if width > 1 else b'""\n'
        self._skeleton = self._delimiter * (width - 1) + b"\n"
        ordinary = bytes(byte for byte in range(256) if byte not in self._delimiter + b'"\n')
        self._ordinary = ordinary + b'"'
        self._ends = {b"", self._delimiter, b"\n"}
        self._hidden = bytes.maketrans(self._delimiter + b"\n", bytes(len(self._delimiter) + 1))
        self._carry = b""
        self.outcome = Settled()

    @property
    def row(self) -> int:
        """The number of the row that comes next."""
        return self._row

    def blocks(self, chunks: Iterable[bytes], size: int = 32 << 20) -> Iterator[Block]:
        """The records of all chunks in blocks of about ``size`` bytes."""
        return self._blocks(chunks, size, Block)

    def verify(self, chunks: Iterable[bytes]) -> int:
        """The number of records, when all are good and stand in the file as DuckDB reads them; else NotPlainError."""
        return sum(block.rows for block in self._blocks(map(_without_returns, chunks), 1, _RowCount))

    def runs(self, chunks: Iterable[bytes]) -> Iterator[tuple[int, int]]:
        """How all records lie in the file, in order: so many records in so many lines.

        Either several records of one line each, or one record of any number of lines.
        """
        for block in self._blocks(chunks, 0, _Runs):
            yield from block.runs

    def _blocks(self, chunks: Iterable[bytes], size: int, kind: type[Kind]) -> Iterator[Kind]:
        block = kind(self._row)
        for chunk in chunks:
            self._settle(self._carry + chunk, block, last=False)
            if block.size >= size:
                yield block
                block = kind(self._row)
        if self._carry:
            self._settle(self._carry, block, last=True)
        if block.rows:
            yield block
        self.outcome.last = self._row - 1

    def _settle(self, chunk: bytes, block: Block, *, last: bool) -> None:
        """Settle the records of whole lines; one that may go on in the next is carried over, unless these are the last.

        After one that did not end where it seemed to, little is looked at together, and then more and more.
        """
        self._carry = b""
        start, window = 0, len(chunk)
        while start < len(chunk):
            stop = chunk.index(b"\n", min(start + window, len(chunk)) - 1) + 1
            end = self._settle_lines(chunk, start, stop, block, last=last)
            if not end:
                return
            start, window = end, window * 2 if end == stop else _WINDOW

    def _settle_lines(self, chunk: bytes, start: int, stop: int, block: Block, *, last: bool) -> int:
        """Settle lines of the chunk, up to the first record that does not end where it seems to.

        Returns where that one ended, or ``stop``; 0 where it may go on in the next chunk.
        """
        text = chunk[start:stop]
        encoded = block.decoded or _is_utf8(text)
        if not encoded and not self._tolerant:
            raise NotUtf8Error
        odd = not encoded or self._may_hold_odd_record(text)
        quoted = -1 if odd or block.apart or not text.startswith(b'"') else text.rfind(b'"\n"') + 2
        if quoted > 2 and (rows := self._all_quoted(text[:quoted])):
            self._keep(block, text[:quoted], rows)
            return start + quoted
        parts = text.split(b'"')
        outside = b'"'.join(parts[::2])
        mark = self._odd_mark(parts, len(text))
        skeleton = outside.translate(None, self._ordinary)
        rows = len(skeleton) // len(self._skeleton)
        plain = skeleton == self._skeleton * rows and mark == len(text) <= limits.RECORD_LIMIT and not odd
        if plain and not (block.apart and rows < text.count(b"\n")):
            self._keep(block, text, rows)
            return stop
        kept = end = start
        rows = 0
        for length, good in self._records(parts, mark):
            begin, end = end, end + length
            line = chunk[begin : end - 1]
            if good and not (odd and self._is_odd_record(line)) and not (block.apart and b"\n" in line):
                rows += 1
                continue
            self._keep(block, chunk[kept:begin], rows)
            kept, rows = self._settle_record(chunk, begin, block, last=last), 0
            if kept:
                block.took(chunk.count(b"\n", begin, kept))
            else:
                self._carry = chunk[begin:]
            if kept != end:
                return kept
        self._keep(block, chunk[kept:end], rows)
        return stop

    def _all_quoted(self, text: bytes) -> int:
        """The number of records where all fields are quoted, are as many as they should be, and hold marks in twos.

        For what stands so is read so: a mark that is not followed by another ends the field.
        """
        between, delimiters = b'"' + self._delimiter + b'"', self._width - 1
        records = text[1:-2].split(b'"\n"')
        if len(text) > limits.RECORD_LIMIT or {each.count(between) for each in records} != {delimiters}:
            return 0
        marked = b"\n".join([each for each in records if each.count(b'"') != 2 * delimiters])
        return 0 if b'"' in marked.replace(between, self._delimiter).replace(b'""', b"") else len(records)

    def _odd_mark(self, parts: Sequence[bytes], length: int) -> int:
        """Where the first quotation mark is that neither begins nor ends a field, and is not doubled in one.

        ``parts`` are a text of whole records, of such a length, between its marks: every other is in no field that has
        some. Where there is no such mark it is the last, if nothing ends what it begins, or else that length.
        """
        ends = self._ends
        last = len(parts) - 1
        between = {*parts[2:last:2]}
        edges = {each[:1] for each in between} | {each[-1:] for each in between} | {parts[0][-1:]}
        if not last or edges | {b"" if last % 2 else parts[last][:1]} <= ends:
            return length - (len(parts[last]) + 1) * (last % 2)
        odd = next(
            at + (at == 0 or each[:1] in ends)
            for at, each in enumerate(parts)
            if at % 2 == 0 and ((at and each[:1] not in ends) or (at < last and each[-1:] not in ends))
        )
        return sum(map(len, parts[:odd])) + odd - 1

    def _records(self, parts: list[bytes], mark: int) -> Iterator[tuple[int, bool]]:
        """The length of each record with its line end, and whether it has the right number of fields.

        From the one with the odd ``mark`` on they cannot be told apart: all that is left comes as one.
        """
        if len(parts) > 1:
            parts[1::2] = b'"'.join(parts[1::2]).translate(self._hidden).split(b'"')
        text = b'"'.join(parts)
        sound = text.rfind(b"\n", 0, mark) + 1
        records, skeletons = (
            each.split(b"\n")[:-1] for each in (text[:sound], text[:sound].translate(None, self._ordinary))
        )
        for record, skeleton in zip(records, skeletons, strict=True):
            yield len(record) + 1, skeleton == self._skeleton[:-1] and len(record) < limits.RECORD_LIMIT
        if sound < len(text):
            yield len(text) - sound, False

    def _keep(self, block: Block, text: bytes, rows: int, *, altered: bool = False) -> None:
        if rows:
            block.add(text, rows, altered=altered)
            self._row += rows

    def _may_hold_odd_record(self, text: bytes) -> bool:
        """Whether some record may be a row of delimiters alone, begin with a byte order mark or be no text."""
        return (
            b"\0" in text
            or any(text.startswith(line + b"\n") or b"\n" + line + b"\n" in text for line in self._hollow)
            or (b"\xef" in text and _BOM in text)
            or (self._width == 1 and bool(_BLANK.search(text)))
        )

    def _is_odd_record(self, line: bytes) -> bool:
        """Whether a record with the right number of fields may be no good one all the same."""
        return (
            line in self._hollow
            or line.startswith(_BOM)
            or b"\0" in line
            or not _is_utf8(line)
            or (self._width == 1 and not line.strip(_SPACES))
        )

    def _settle_record(self, chunk: bytes, start: int, block: Block, *, last: bool) -> int:
        """Settle the record that starts there in the chunk; returns where it ends, 0 when more lines are needed."""
        if chunk.startswith(_BOM, start):
            start += len(_BOM)
            block.add(b"", 0, altered=True)
        end = chunk.index(b"\n", start) + 1
        line = chunk[start : end - 1]
        if self._is_blank(line):
            self._drop(block, None)
        elif end - start > limits.RECORD_LIMIT:
            self._drop(block, RecordFault.LONG)
        elif b'"' not in line:
            if fault := _fault(line):
                self._drop(block, fault)
            else:
                self._settle_fields(line, line.count(self._delimiter) + 1, block)
        else:
            return self._settle_marked(chunk, start, block, last=last)
        return end

    def _settle_marked(self, chunk: bytes, start: int, block: Block, *, last: bool) -> int:
        """The same of a record with quotation marks."""
        fields, end = self._parse(chunk, start)
        if not fields and not end and not last:
            return 0
        record = chunk[start : end - 1]
        if len(fields) == self._width:
            self._settle_quoted(record, fields, block)
        elif not fields or any(self._is_plain_record(each) for each in record.split(b"\n")[1:]):
            # Whole records inside a quoted field: it was opened by mistake, and only its own line is lost.
            self._drop(block, RecordFault.QUOTE)
            return chunk.index(b"\n", start) + 1
        else:
            self._settle_fields(record, len(fields), block)
        return end

    def _settle_fields(self, record: bytes, fields: int, block: Block) -> None:
        """Settle a record that has nothing against it but, perhaps, its number of fields."""
        missing = self._width - fields
        if missing == 0 or (missing > 0 and self._row in self._short):
            self._keep(block, record + self._delimiter * missing + b"\n", 1, altered=missing > 0)
            return
        if missing > 0:
            self.outcome.few[self._row] = fields
        self._drop(block, RecordFault.FEW if missing > 0 else RecordFault.MANY)

    def _settle_quoted(self, record: bytes, fields: list[str], block: Block) -> None:
        """Settle a record that has its fields and quoting in order."""
        if fault := _fault(record):
            self._drop(block, fault)
            return
        record += b"\n"
        plain = self._odd_mark(record.split(b'"'), len(record)) == len(record)
        if not plain:
            # A quotation mark inside an unquoted field is a letter to the csv module, but not always to DuckDB.
            text = io.StringIO()
            writer = csv.writer(text, delimiter=self._text_delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
            writer.writerow(fields)
            record = text.getvalue().encode()
        self._keep(block, record, 1, altered=not plain)

    def _is_blank(self, line: bytes) -> bool:
        hollow = line in self._hollow
        self.outcome.hollow += hollow
        return hollow or not line.strip(_SPACES)

    def _is_plain_record(self, line: bytes) -> bool:
        return b'"' not in line and line.count(self._delimiter) == self._width - 1

    def _parse(self, chunk: bytes, start: int) -> tuple[list[str], int]:
        """The fields of the record that starts there in the chunk, and where it ends; no fields: its quoting is broken.

        No fields and no end: the lines ran out within the limit, so the record may go on in the next chunk.
        """
        end, ran_out = start, False

        def feed() -> Iterator[str]:
            nonlocal end, ran_out
            while end < len(chunk):
                line, end = end, chunk.index(b"\n", end) + 1
                if end - start > limits.RECORD_LIMIT:
                    return
                yield chunk[line:end].decode("utf-8", "surrogateescape")
            ran_out = True

        reader = csv.reader(feed(), delimiter=self._text_delimiter, strict=True)
        try:
            return next(reader), end
        except csv.Error:
            return [], 0 if ran_out else end

    def _drop(self, block: Block, fault: RecordFault | None) -> None:
        """Put an empty record in the place of an unreadable one, or of a blank line (no fault)."""
        if fault is None:
            self.outcome.blank.append(self._row)
        else:
            self.outcome.unreadable.append((self._row, fault))
        self._keep(block, self._empty, 1, altered=True)


def left_out(outcome: Settled) -> frozenset[int]:
    """The rows that are short because a spreadsheet left out the delimiters before their empty last cells.

    A spreadsheet does so for sixteen rows at a time, counted from the header or from the first record, and for all of
    them alike; a row that is short by itself has lost something.
    """
    found: list[int] = []
    for run in _runs_of_equal(outcome.few):
        whole = len(run) % _ROWS_AT_A_TIME == 0 or (run[-1] == outcome.last and len(run) > 1)
        if whole and run[0] % _ROWS_AT_A_TIME in (1, 2):
            found += run
    return frozenset(found)


def _runs_of_equal(fields: Mapping[int, int]) -> Iterator[list[int]]:
    """Rows that follow each other and have the same number of fields."""
    run: list[int] = []
    for row, count in fields.items():
        if run and (row != run[-1] + 1 or count != fields[run[0]]):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _without_returns(chunk: bytes) -> bytes:
    """The chunk, which holds no carriage return."""
    if b"\r" in chunk:
        raise NotPlainError
    return chunk


def _fault(record: bytes) -> RecordFault | None:
    """Whether a record is no text."""
    if b"\0" in record:
        return RecordFault.NUL
    return None if _is_utf8(record) else RecordFault.ENCODING


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
