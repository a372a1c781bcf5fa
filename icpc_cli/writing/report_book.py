"""The clinic's report as a workbook: a sheet for each part, numbers as numbers, text never as formulas."""

import io
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from icpc_cli.reading.archive import MARK
from icpc_cli.report.document import Cell, Column, Document, Grid, Section
from icpc_cli.report.figures import Interval, Share
from icpc_cli.voice import Voice

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_WIDEST = 48
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def report_book(voice: Voice, document: Document) -> bytes:
    """The bytes of the workbook."""
    from xlsxwriter import Workbook

    content = io.BytesIO()
    # Text is text: nothing in a cell becomes a formula, a link or a number by its looks.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(content, options) as book:
        book.set_custom_property(MARK, "1")
        writer = _Writer(book, voice)
        writer.front(document)
        for section in document.sections:
            writer.section(section)
    return content.getvalue()


class _Writer:
    def __init__(self, book: "Workbook", voice: Voice) -> None:
        self._book = book
        self._voice = voice
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._bold = book.add_format({"bold": True})
        self._head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._formats = {
            "percent": book.add_format({"num_format": "0.0%"}),
            "count": book.add_format({"num_format": "#,##0"}),
            "mean": book.add_format({"num_format": "0.0"}),
        }

    def front(self, document: Document) -> None:
        """The sheet with what the report is, and its main numbers."""
        sheet = self._sheet(document.title)
        sheet.write_string(0, 0, document.title, self._title)
        row = 1
        for line in (*document.facts, document.private):
            sheet.write_string(row, 0, line)
            row += 1
        for line in document.headline:
            sheet.write_string(row, 0, line, self._bold)
            row += 1
        for number, what in document.summary:
            row += 1
            sheet.write_string(row, 0, f"{number}  {what}", self._bold)
        row += 2
        for line in document.methods:
            sheet.write_string(row, 0, line)
            row += 1

    def section(self, section: Section) -> None:
        """A sheet with the tables of a part, one below the other."""
        sheet = self._sheet(section.title)
        sheet.write_string(0, 0, section.question, self._title)
        row = 1
        for line in (section.lead, *section.remarks):
            sheet.write_string(row, 0, line)
            row += 1
        widths: dict[int, int] = {}
        for grid in section.grids:
            row = self._grid(sheet, row + 1, grid, widths)
        for place, width in widths.items():
            sheet.set_column(place, place, min(width + 2, _WIDEST))
        sheet.freeze_panes(1, 0)

    def _sheet(self, title: str) -> Any:
        sheet = self._book.add_worksheet(title.translate(_FORBIDDEN)[:31])
        sheet.set_paper(9)  # A4
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def _grid(self, sheet: Any, row: int, grid: Grid, widths: dict[int, int]) -> int:
        """Write a table; returns the row below it."""
        sheet.write_string(row, 0, grid.caption, self._bold)
        row += 1
        kinds = [_kind([cells[place] for cells in grid.rows]) for place in range(len(grid.columns))]
        for place, title in enumerate(self._titles(grid.columns, kinds)):
            sheet.write_string(row, place, title, self._head)
            longest = max(map(len, title.split()), default=0)
            widths[place] = max(widths.get(place, 0), longest)
        for cells in grid.rows:
            row += 1
            parts = (part for cell, kind in zip(cells, kinds, strict=True) for part in _parts(cell, kind))
            for place, (form, value) in enumerate(parts):
                if isinstance(value, str):
                    sheet.write_string(row, place, value)
                    widths[place] = max(widths.get(place, 0), len(value))
                elif value is not None:
                    sheet.write_number(row, place, value, self._formats[form])
        if grid.remark:
            row += 1
            sheet.write_string(row, 0, grid.remark)
        return row + 1

    def _titles(self, columns: Sequence[Column], kinds: Sequence[type]) -> Iterator[str]:
        """The headings: shares and intervals take several columns."""
        say = partial(self._voice.say, "report")
        for column, kind in zip(columns, kinds, strict=True):
            if kind is Share:
                yield from (f"{column.title}: {say(f'words.{part}')}" for part in ("part", "whole", "percent"))
            elif kind is Interval:
                yield column.title
                yield from (f"{column.title}: {say(f'words.{part}')}" for part in ("low", "high"))
            else:
                yield column.title


def _kind(cells: Sequence[Cell]) -> type:
    """What a column holds."""
    for kind in (Share, Interval):
        if any(isinstance(cell, kind) for cell in cells):
            return kind
    return str


def _parts(cell: Cell, kind: type) -> Iterator[tuple[str, str | float | None]]:
    """What a cell is written as, part by part: the form of its numbers, and its value."""
    match cell:
        case Share():
            yield from (("count", cell.numerator), ("count", cell.denominator), ("percent", cell.value))
        case Interval():
            yield from (("mean", cell.mean), ("mean", cell.low), ("mean", cell.high))
        case None:
            yield from (("", None) for _ in range(1 if kind is str else 3))
        case int():
            yield "count", cell
        case float():
            yield "mean", cell
        case str():
            yield "", cell
