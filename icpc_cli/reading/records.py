"""Lines of a CSV file into records, exactly: every record is either well formed or listed as unreadable.

DuckDB reads CSV fast and forgives silently: an unclosed quote swallows the rest of the file without a word, an extra
delimiter at the end of a line vanishes, blank lines lose their number. So records are settled here first. What comes
out are blocks of UTF-8 with ``\\n`` between records in which every record has the header's number of fields; records
that cannot be read, and blank lines, leave an empty record in their place, so that counting rows is numbering them.

Almost every line is settled by counting delimiters at C speed; only lines whose quotes are not plainly fields are
parsed one by one, by the csv module in strict mode. Source of the grammar: RFC 4180 as the csv module reads it.
"""

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from icpc_cli.reading import chunks as limits

_PEEK = 1 << 14
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

    def add(self, text: bytes, rows: int, *, altered: bool = False) -> None:
        """Append complete records, each with its line end; ``altered`` when they do not stand so in the file."""
        self.text.append(text)
        self.size += len(text)
        self.rows += rows

    def took(self, lines: int) -> None:
        """Note how many lines of the file the last record takes; only told when it stood by itself."""


class _Tally(Block):
    """A block that only counts, and refuses what does not stand in the file as it would be written."""

    def add(self, text: bytes, rows: int, *, altered: bool = False) -> None:
        if altered:
            raise NotPlainError
        self.rows += rows


class _Runs(Block):
    """A block that holds no text, only how its records lie in the file: runs of so many records in so many lines."""

    def __init__(self, first: int) -> None:
        super().__init__(first)
        self.runs: list[tuple[int, int]] = []

    def add(self, text: bytes, rows: int, *, altered: bool = False) -> None:
        self.rows += rows
        if rows:
            self.runs.append((rows, rows))

    def took(self, lines: int) -> None:
        self.runs[-1] = (1, lines)


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
        self._plain = re.compile(
            re.escape(self._delimiter) + rb'"[^"\n]*(?:""[^"\n]*)*"(?=[' + self._delimiter + rb"\n])"
        )
        self._plain_first = re.compile(rb'\n"[^"\n]*(?:""[^"\n]*)*"(?=[' + self._delimiter + rb"\n])")
        field = rb'(?:[^"\n' + self._delimiter + rb']*|"[^"]*(?:""[^"]*)*")'
        self._strict = re.compile(field + rb"(?:" + re.escape(self._delimiter) + field + rb")*")
        self._between = b'"' + self._delimiter + b'"'
        self._empty = self._delimiter * (width - 1) + b"\n" if width > 1 else b'""\n'
        self._ordinary = bytes(byte for byte in range(256) if byte not in self._delimiter + b'"\n')
        self._skeleton = self._delimiter * (width - 1) + b"\n"
        self._carry = b""
        self.outcome = Settled()

    @property
    def row(self) -> int:
        """The number of the row that comes next."""
        return self._row

    def blocks(self, chunks: Iterator[bytes], size: int = 32 << 20) -> Iterator[Block]:
        """The records of all chunks in blocks of about ``size`` bytes."""
        block = Block(self._row)
        for chunk in chunks:
            self._settle(self._carry + chunk, block, last=False)
            if block.size >= size:
                yield block
                block = Block(self._row)
        if self._carry:
            self._settle(self._carry, block, last=True)
        if block.rows:
            yield block
        self.outcome.last = self._row - 1

    def verify(self, chunks: Iterator[bytes]) -> int:
        """The number of records, when all are good and stand in the file as DuckDB reads them; else NotPlainError."""
        tally = _Tally(self._row)
        for chunk in chunks:
            if b"\r" in chunk:
                raise NotPlainError
            self._settle(self._carry + chunk, tally, last=False)
        if self._carry:
            self._settle(self._carry, tally, last=True)
        self.outcome.last = self._row - 1
        return tally.rows

    def runs(self, chunks: Iterator[bytes]) -> Iterator[tuple[int, int]]:
        """How all records lie in the file, in order: so many records in so many lines.

        Either several records of one line each, or one record of any number of lines.
        """
        for chunk in chunks:
            runs = _Runs(self._row)
            self._settle(self._carry + chunk, runs, last=False)
            yield from runs.runs
        if self._carry:
            runs = _Runs(self._row)
            self._settle(self._carry, runs, last=True)
            yield from runs.runs
        self.outcome.last = self._row - 1

    def _settle(self, chunk: bytes, block: Block, *, last: bool) -> None:
        self._carry = b""
        suspects, rows = self._suspects(chunk)
        if not suspects:
            self._keep(block, chunk, rows)
            return
        lines = chunk.split(b"\n")
        lines.pop()
        done = 0
        for suspect in suspects:
            if suspect < done:
                continue
            if suspect > done:
                self._keep(block, b"\n".join(lines[done:suspect]) + b"\n", suspect - done)
            used = self._settle_record(lines, suspect, block, last=last)
            if not used:
                self._carry = b"\n".join(lines[suspect:]) + b"\n"
                return
            block.took(used)
            done = suspect + used
        if done < len(lines):
            self._keep(block, b"\n".join(lines[done:]) + b"\n", len(lines) - done)

    def _keep(self, block: Block, text: bytes, rows: int, *, altered: bool = False) -> None:
        block.add(text, rows, altered=altered)
        self._row += rows

    def _holds_odd_line(self, chunk: bytes) -> bool:
        """Whether there may be a row of delimiters alone, or a byte order mark."""
        return any(chunk.startswith(line + b"\n") or b"\n" + line + b"\n" in chunk for line in self._hollow) or (
            b"\xef" in chunk and _BOM in chunk
        )

    def _is_odd_line(self, line: bytes) -> bool:
        """Whether a line with the right number of fields may be no good record all the same."""
        return (
            line in self._hollow
            or line.startswith(_BOM)
            or b"\0" in line
            or not _is_utf8(line)
            or (self._width == 1 and not line.strip(_SPACES))
        )

    def _suspects(self, chunk: bytes) -> tuple[list[int], int]:
        """The lines that are not plainly one good record, most often none; and how many lines there are in all."""
        encoded = _is_utf8(chunk)
        if not encoded and not self._tolerant:
            raise NotUtf8Error
        reduced = self._without_plain_fields(chunk)
        skeleton = reduced.translate(None, self._ordinary)
        rows = len(skeleton) // self._width
        # A blank line has as many delimiters as a record of one field.
        blank = self._width == 1 and _BLANK.search(chunk)
        odd = self._holds_odd_line(chunk)
        if encoded and skeleton == self._skeleton * rows and b"\0" not in chunk and not blank and not odd:
            return [], rows
        skeletons = skeleton.split(b"\n")
        skeletons.pop()
        good = self._skeleton[:-1]
        suspects = {i for i, each in enumerate(skeletons) if each != good}
        if not encoded or odd or blank or b"\0" in chunk:
            suspects.update(i for i, line in enumerate(chunk.split(b"\n")[:-1]) if self._is_odd_line(line))
        return sorted(suspects), len(skeletons)

    def _without_plain_fields(self, chunk: bytes) -> bytes:
        """The chunk less every quoted field that stands whole between delimiters.

        Each match starts at the first quotation mark of a line that is left, and ends where the csv module would end
        the field; so a line that has no quotation marks left was well formed.
        """
        if b'"' not in chunk:
            return chunk
        if chunk.count(b'"', 0, _PEEK) > chunk.count(b"\n", 0, _PEEK) * self._width:
            chunk = b"\n".join(map(self._without_quoting_of_all, chunk.split(b"\n")))
        reduced = self._plain.sub(self._delimiter, chunk)
        if b'"' in reduced:
            # Some are left: take those at the beginning of lines first, and then again the others.
            reduced = self._plain.sub(self._delimiter, self._plain_first.sub(b"\n", b"\n" + chunk)[1:])
        return reduced

    def _without_quoting_of_all(self, line: bytes) -> bytes:
        """A line with every field quoted and no other quotation marks becomes its delimiters; others stay."""
        if (
            line.count(self._between) == self._width - 1
            and line.count(b'"') == 2 * self._width
            and line[:1] == line[-1:] == b'"'
        ):
            return self._empty[:-1] if self._width > 1 else b"x"
        return line

    def _settle_record(self, lines: list[bytes], start: int, block: Block, *, last: bool) -> int:
        """Settle the record that starts at this line; returns how many lines it has, 0 when more lines are needed."""
        line = lines[start]
        if line.startswith(_BOM):
            line = lines[start] = line[len(_BOM) :]
            block.add(b"", 0, altered=True)
        if self._is_blank(line):
            return self._drop(block, None)
        if len(line) > limits.RECORD_LIMIT:
            return self._drop(block, RecordFault.LONG)
        if b'"' not in line:
            fault = self._plain_fault(line)
            return (
                self._drop(block, fault) if fault else self._settle_fields(line, line.count(self._delimiter) + 1, block)
            )
        fields, used = self._parse(lines, start)
        if not fields:
            return self._drop(block, RecordFault.QUOTE) if used or last else 0
        record = b"\n".join(lines[start : start + used])
        if len(fields) == self._width:
            return self._settle_quoted(record, fields, used, block)
        if any(self._is_plain_record(each) for each in lines[start + 1 : start + used]):
            # Whole records inside a quoted field: it was opened by mistake, and only its own line is lost.
            return self._drop(block, RecordFault.QUOTE)
        return self._settle_fields(record, len(fields), block, used)

    def _settle_fields(self, record: bytes, fields: int, block: Block, used: int = 1) -> int:
        """Settle a record that has nothing against it but, perhaps, its number of fields."""
        missing = self._width - fields
        if missing == 0 or (missing > 0 and self._row in self._short):
            self._keep(block, record + self._delimiter * missing + b"\n", 1, altered=missing > 0)
            return used
        if missing > 0:
            self.outcome.few[self._row] = fields
        return self._drop(block, RecordFault.FEW if missing > 0 else RecordFault.MANY, used)

    def _settle_quoted(self, record: bytes, fields: list[str], used: int, block: Block) -> int:
        """Settle a record that has its fields and quoting in order."""
        if b"\0" in record or not _is_utf8(record):
            return self._drop(block, RecordFault.NUL if b"\0" in record else RecordFault.ENCODING, used)
        if self._strict.fullmatch(record):
            self._keep(block, record + b"\n", 1)
        else:
            # A quotation mark inside an unquoted field is a letter to the csv module, but not always to DuckDB.
            text = io.StringIO()
            writer = csv.writer(text, delimiter=self._text_delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
            writer.writerow(fields)
            self._keep(block, text.getvalue().encode(), 1, altered=True)
        return used

    def _is_blank(self, line: bytes) -> bool:
        hollow = line in self._hollow
        self.outcome.hollow += hollow
        return hollow or not line.strip(_SPACES)

    def _plain_fault(self, line: bytes) -> RecordFault | None:
        if b"\0" in line:
            return RecordFault.NUL
        return None if _is_utf8(line) else RecordFault.ENCODING

    def _is_plain_record(self, line: bytes) -> bool:
        return b'"' not in line and line.count(self._delimiter) == self._width - 1

    def _parse(self, lines: list[bytes], start: int) -> tuple[list[str], int]:
        """The fields of the record and its number of lines; no fields when its quoting is broken.

        No fields and no lines: the lines ran out within the limit, so the record may go on in the next chunk.
        """
        given = 0
        ran_out = False

        def feed() -> Iterator[str]:
            nonlocal given, ran_out
            for place in range(start, len(lines)):
                given += len(lines[place]) + 1
                if given > limits.RECORD_LIMIT:
                    return
                yield lines[place].decode("utf-8", "surrogateescape") + "\n"
            ran_out = True

        reader = csv.reader(feed(), delimiter=self._text_delimiter, strict=True)
        try:
            fields = next(reader)
        except csv.Error:
            return [], 0 if ran_out else 1
        return fields, reader.line_num

    def _drop(self, block: Block, fault: RecordFault | None, lines: int = 1) -> int:
        """Put an empty record in the place of an unreadable one, or of a blank line (no fault)."""
        if fault is None:
            self.outcome.blank.append(self._row)
        else:
            self.outcome.unreadable.append((self._row, fault))
        self._keep(block, self._empty, 1, altered=True)
        return lines


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


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
