"""The clinic's report for the terminal, with bars."""

from collections.abc import Iterator, Sequence
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from icpc_cli.guideline import Guideline
from icpc_cli.report.document import Cell, Document, Grid, Section
from icpc_cli.report.figures import Interval, Share
from icpc_cli.report.words import ReportWords
from icpc_cli.screens.terminal import LONGEST_LINE, Terminal, bar, indented, kept, plain
from icpc_cli.voice import HANDFUL, Voice
from icpc_cli.voice.safe import printable

_ROWS = 15
"""The rows of a table that are shown; of the others there is the page or the workbook."""
_BAR, _SHORTEST_BAR = 10, 4
_LABEL = 20
"""Columns that a label has at least, where it is as long; the longest words of the guide's conditions fit in."""


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
                yield indented(self._grid(grid), 1)
            more = len(grid.rows) - _ROWS
            if more > 0:
                yield indented(self._text(f"… +{more}", "dim"))
            if grid.remark:
                yield indented(self._text(grid.remark, "dim"))
            yield ""

    def _grid(self, grid: Grid) -> RenderableType:
        table = Table(
            box=SIMPLE_HEAD if self._voice.unicode else None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim"
        )
        titles = [self._plain(column.title) for column in grid.columns]
        rows = [[self._plain(self._cell(cell, intervals=True)) for cell in row] for row in grid.rows[:_ROWS]]
        widths, bars = _widths(titles, grid, rows, self._width)
        if sum(widths) + len(widths) + 2 > self._width:  # then intervals would break numbers
            rows = [[self._plain(self._cell(cell, intervals=False)) for cell in row] for row in grid.rows[:_ROWS]]
            widths, bars = _widths(titles, grid, rows, self._width)
        for column, columns in zip(grid.columns, widths, strict=True):
            if column.bar and bars:
                table.add_column("", no_wrap=True, width=bars)
            side: Literal["left", "right"] = "right" if column.numeric else "left"
            table.add_column(self._text(column.title), justify=side, width=columns, overflow="fold")
        for row, cells in zip(grid.rows, rows, strict=False):
            table.add_row(*self._with_bars(grid, row, cells, bars))
        return table

    def _with_bars(self, grid: Grid, row: tuple[Cell, ...], cells: Sequence[str], columns: int) -> Iterator[Text]:
        for column, cell, text in zip(grid.columns, row, cells, strict=True):
            if column.bar and columns:
                value = cell.value if isinstance(cell, Share) else None
                yield Text("") if value is None else bar(self._voice, value, columns, "cyan")
            yield Text(text)

    def _cell(self, cell: Cell, *, intervals: bool) -> str:
        if isinstance(cell, Share) and cell.denominator:
            counts = f"{self._voice.number(cell.numerator)}/{self._voice.number(cell.denominator)}"
            handful = cell.denominator < HANDFUL
            said = f"{counts} {'' if handful else self._voice.percent(cell.value):>5}"
            return f"{said} {self._words.between(cell):>7}".replace(" ", "\u00a0") if intervals else said
        said = self._words.cell(cell)
        return said.replace(" ", "\u00a0") if isinstance(cell, Interval) else said


def _widths(titles: Sequence[str], grid: Grid, rows: Sequence[Sequence[str]], width: int) -> tuple[list[int], int]:
    """The width of each column, and of the bars, 0 where there is no room for any.

    Numbers are never broken. Bars get what is left beyond that, then texts and headings.
    """
    least, most = [], []
    for place, column in enumerate(grid.columns):
        longest = max(len(row[place]) for row in rows)
        word = max(map(len, titles[place].split()), default=0)
        least.append(max(longest if column.numeric or column.whole else min(longest, _LABEL), word))
        most.append(max(longest, len(titles[place])))
    bars = sum(column.bar for column in grid.columns)
    left = width - 2 - sum(least) - 2 * (len(least) + bars)
    bar = min(left, _BAR) if bars and left >= _SHORTEST_BAR else 0
    left -= bar if bar else -2 * bars
    for place in sorted(range(len(least)), key=lambda place: grid.columns[place].numeric):
        more = max(min(most[place] - least[place], left), 0)
        least[place] += more
        left -= more
    return least, bar
