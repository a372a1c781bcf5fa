"""The clinic's report for the terminal, with bars."""

from collections.abc import Iterator

from rich.segment import Segment, Segments
from rich.style import Style

from icpc_cli.guideline import Guideline
from icpc_cli.report.document import Cell, Document, Grid, Section
from icpc_cli.report.figures import Interval, Share
from icpc_cli.report.words import ReportWords
from icpc_cli.screens.table import DIM, Pieces, TableColumn, paragraph, room, table
from icpc_cli.screens.terminal import LONGEST_LINE, Terminal, kept, plain
from icpc_cli.voice import HANDFUL, Voice
from icpc_cli.voice.safe import printable

_ROWS = 15
"""The rows of a table that are shown; of the others there is the page or the workbook."""
_BOLD = Style(bold=True)


def print_report(terminal: Terminal, guideline: Guideline, document: Document) -> None:
    """Write the report."""
    terminal.write(_ReportScreen(terminal.voice, guideline, terminal.width).document(document))


def report_text(voice: Voice, guideline: Guideline, document: Document) -> str:
    """The report as it is written to a file: without colours, in UTF-8."""
    return plain(_ReportScreen(voice.in_full, guideline, LONGEST_LINE).document(document), LONGEST_LINE)


class _ReportScreen:
    def __init__(self, voice: Voice, guideline: Guideline, width: int) -> None:
        self._voice, self._words, self._width = voice, ReportWords(voice, guideline), width

    def _plain(self, text: str) -> str:
        """Text in letters that the terminal has, before it is laid out in lines."""
        return self._voice.spell(printable(text))

    def _set(self, text: str, style: Style | None = None, *, indent: int = 2) -> list[Pieces]:
        return paragraph(self._plain(text), self._width, style, indent)

    def document(self, document: Document) -> Segments:
        """All of it."""
        return Segments(piece for line in self._lines(document) for piece in (*line, Segment.line()))

    def _lines(self, document: Document) -> Iterator[Pieces]:
        yield from self._set(document.title, _BOLD, indent=0)
        for fact in document.facts:
            yield from self._set(fact, indent=0)
        yield from self._set(document.private, DIM, indent=0)
        yield []
        for line in document.headline:
            yield from self._set(line.replace("\u00a0", " "), _BOLD)
        numbers = [self._plain(number) for number, _ in document.summary]
        widest = max(map(len, numbers), default=0)
        for number, (_, what) in zip(numbers, document.summary, strict=True):
            first, *more = self._set(what.replace("\u00a0", " "), indent=widest + 4)
            yield [Segment(f"  {number:>{widest}}  ", _BOLD), *first[1:]]
            yield from more
        for what, command in document.actions:
            yield from self._set(what)
            yield from paragraph(kept(self._plain(command)), self._width, DIM, 4)
        yield []
        for section in document.sections:
            yield from self._section(section)
        for line in document.methods:
            yield from self._set(line, DIM, indent=0)

    def _section(self, section: Section) -> Iterator[Pieces]:
        title = self._plain(f"{section.title}: ")
        first, *more = self._set(f"{section.title}: {section.question}", indent=0)
        yield [Segment(title, _BOLD), *(Segment(each.text.removeprefix(title)) for each in first)]
        yield from more
        yield from self._set(section.lead.replace("\u00a0", " "))
        for remark in section.remarks:
            yield from self._set(remark, DIM)
        yield []
        for grid in section.grids:
            yield from self._set(grid.caption, _BOLD)
            if grid.rows:
                yield from self._grid(grid)
            more_rows = len(grid.rows) - _ROWS
            if more_rows > 0:
                yield from self._set(f"… +{more_rows}", DIM)
            if grid.remark:
                yield from paragraph(kept(self._plain(grid.remark)), self._width, DIM, 2)
            yield []

    def _grid(self, grid: Grid) -> Iterator[Pieces]:
        width = self._width - 2
        columns = self._columns(grid, intervals=True)
        columns = columns if room(columns) <= width else self._columns(grid, intervals=False)
        for line in table(self._voice, columns, width):
            yield [Segment("  "), *line]

    def _columns(self, grid: Grid, *, intervals: bool) -> list[TableColumn]:
        columns = []
        for column, cells in zip(grid.columns, zip(*grid.rows[:_ROWS], strict=True), strict=True):
            shares = [each.value if isinstance(each, Share) else None for each in cells] if column.bar else ()
            texts = [self._plain(self._cell(each, intervals=intervals)) for each in cells]
            blank = min(len(text) - len(text.rstrip()) for text in texts)  # where no row has an interval
            texts = [text[: len(text) - blank] for text in texts]
            columns.append(
                TableColumn(self._plain(column.title), texts, column.numeric, column.numeric or column.whole, shares)
            )
        return columns

    def _cell(self, cell: Cell, *, intervals: bool) -> str:
        if isinstance(cell, Share) and cell.denominator:
            counts = f"{self._voice.number(cell.numerator)}/{self._voice.number(cell.denominator)}"
            handful = cell.denominator < HANDFUL
            said = f"{counts} {'' if handful else self._voice.percent(cell.value):>5}"
            return f"{said} {self._words.between(cell):>7}".replace(" ", "\u00a0") if intervals else said
        said = self._words.cell(cell)
        return said.replace(" ", "\u00a0") if isinstance(cell, Interval) else said
