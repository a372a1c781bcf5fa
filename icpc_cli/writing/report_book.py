"""The clinic's report as a workbook: what it says on the first sheet, then a sheet for each table."""

from collections.abc import Iterator, Sequence

from icpc_cli.report.document import Cell, Document, Grid
from icpc_cli.report.figures import Interval, Share
from icpc_cli.voice import Voice
from icpc_cli.writing import sheets

_LEAST, _WIDEST = 8, 48
"""Letters of a column."""
_LONGEST = 31
"""Letters of a sheet's name."""
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_PARTS: dict[type, tuple[str, ...]] = {
    Share: ("part", "whole", "percent", "low", "high"),
    Interval: ("", "low", "high"),
}
"""What stands in columns of its own of what is one cell elsewhere."""


def report_tables(voice: Voice, document: Document) -> Iterator[sheets.SheetTable]:
    """The sheets; numbers, shares and days are values that Excel can count with."""
    names: dict[str, Grid] = {}
    for section in document.sections:
        for grid in section.grids:
            if grid.rows:
                names[_name(grid.caption, names)] = grid
    yield sheets.SheetTable(_name(document.title, names), (), (16, 90), list(_front(document, names)))
    for name, grid in names.items():
        yield _table(voice, name, grid)


def _name(caption: str, taken: dict[str, Grid]) -> str:
    """A name that a sheet can have, and no other one has."""
    whole = " ".join(caption.translate(_FORBIDDEN).split())
    tries = (whole[: _LONGEST - len(end)] + end for end in ("", *(f" {number}" for number in range(2, 1000))))
    return next(each for each in tries if each.casefold() not in map(str.casefold, taken))


def _front(document: Document, names: dict[str, Grid]) -> Iterator[tuple[str, ...]]:
    """The words of the report, and on which sheet a table stands."""
    for line in (document.title, *document.facts, document.private, "", *document.headline):
        yield (line,)
    yield from document.summary
    yield from ((what, command) for what, command in document.actions)
    for section in document.sections:
        for line in ("", section.title, section.question, section.lead, *section.remarks):
            yield (line,)
        for name, grid in names.items():
            if grid in section.grids:
                yield name, " ".join(filter(None, (grid.caption, grid.remark)))
    for line in ("", *document.methods):
        yield (line,)


def _table(voice: Voice, name: str, grid: Grid) -> sheets.SheetTable:
    columns = list(zip(*grid.rows, strict=True))
    parts = [next((_PARTS[type(cell)] for cell in cells if type(cell) in _PARTS), ("",)) for cells in columns]
    headers = [
        f"{column.title}: {voice.say('report', f'words.{part}')}" if part else column.title
        for column, of in zip(grid.columns, parts, strict=True)
        for part in of
    ]
    rows = [
        [value for cell, of in zip(row, parts, strict=True) for value in _values(cell, len(of))] for row in grid.rows
    ]
    widths = []
    for header, *cells in zip(headers, *rows, strict=True):
        longest = max(map(len, (*header.split(), *(each for each in cells if isinstance(each, str)))))
        widths.append(min(max(longest, _LEAST) + 3, _WIDEST))
    return sheets.SheetTable(name, headers, widths, rows)


def _values(cell: Cell, columns: int) -> Sequence[sheets.Cell]:
    """What stands in so many columns."""
    match cell:
        case Share():
            ends = (cell.value, cell.low, cell.high)
            return (cell.numerator, cell.denominator, *(None if end is None else sheets.Percent(end) for end in ends))
        case Interval():
            return cell.mean, cell.low, cell.high
        case None:
            return (None,) * columns
        case _:
            return (cell,)
