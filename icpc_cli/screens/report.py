"""The clinic's report for the terminal, with bars."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.segment import Segment, Segments
from rich.table import Table
from rich.text import Text

from icpc_cli.guideline import Guideline
from icpc_cli.report.document import Cell, Document, Grid, Section
from icpc_cli.report.figures import Interval, Share
from icpc_cli.report.words import ReportWords
from icpc_cli.screens.table import TableColumn, room, table
from icpc_cli.screens.terminal import LONGEST_LINE, Terminal, indented, kept, plain
from icpc_cli.voice import HANDFUL, Voice
from icpc_cli.voice.safe import printable

_ROWS = 15
"""The rows of a table that are shown; of the others there is the page or the workbook."""


def print_report(terminal: Terminal, guideline: Guideline, document: Document) -> None:
    """Write the report."""
    terminal.write(_ReportScreen(terminal.voice, guideline, terminal.width).document(document))


def report_text(voice: Voice, guideline: Guideline, document: Document) -> str:
    """The report as it is written to a file: without colours, in UTF-8."""
    return plain(_ReportScreen(voice.in_full, guideline, LONGEST_LINE).document(document), LONGEST_LINE)


class _ReportScreen:
    def __init__(self, voice: Voice, guideline: Guideline, width: int) -> None:
        self._voice, self._words, self._width = voice, ReportWords(voice, guideline), width

    def _text(self, text: str, style: str = "") -> Text:
        """Text in letters that the terminal has, before it is laid out in lines."""
        return Text(self._plain(text), style)

    def _plain(self, text: str) -> str:
        return self._voice.spell(printable(text))

    def document(self, document: Document) -> RenderableType:
        """All of it."""
        parts: list[RenderableType] = [self._text(document.title, "bold")]
        parts += [self._text(fact) for fact in document.facts]
        parts += [self._text(document.private, "dim"), ""]
        parts += [indented(self._text(line.replace("\u00a0", " "), "bold")) for line in document.headline]
        summary = Table.grid(padding=(0, 2))
        summary.add_column(justify="right", style="bold")
        for number, what in document.summary:
            summary.add_row(self._plain(number), self._text(what.replace("\u00a0", " ")))
        parts += [indented(summary)]
        for what, command in document.actions:
            parts += [indented(self._text(what)), indented(Text(kept(self._plain(command)), "dim"), 4)]
        parts.append("")
        for section in document.sections:
            parts += self._section(section)
        parts += [self._text(line, "dim") for line in document.methods]
        return Group(*parts)

    def _section(self, section: Section) -> Iterator[RenderableType]:
        yield self._text(f"{section.title}: ", "bold").append(self._plain(section.question), "not bold")
        yield indented(self._text(section.lead.replace("\u00a0", " ")))
        for remark in section.remarks:
            yield indented(self._text(remark, "dim"))
        yield ""
        for grid in section.grids:
            yield indented(self._text(grid.caption, "bold"))
            if grid.rows:
                yield self._grid(grid)
            more = len(grid.rows) - _ROWS
            if more > 0:
                yield indented(self._text(f"… +{more}", "dim"))
            if grid.remark:
                yield indented(self._text(grid.remark, "dim"))
            yield ""

    def _grid(self, grid: Grid) -> Segments:
        width = self._width - 2
        columns = self._columns(grid, intervals=True)
        columns = columns if room(columns) <= width else self._columns(grid, intervals=False)
        lines = table(self._voice, columns, width)
        return Segments(piece for line in lines for piece in (Segment("  "), *line, Segment.line()))

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
