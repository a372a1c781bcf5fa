"""Excel workbooks: tables of text and numbers, and an export's workbook written again.

Nothing in them is a formula, but for the errors of an export, which can be written in no other way.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from icpc_cli.errors import DiskError, UsageError
from icpc_cli.files import new_file, new_text, private_folder
from icpc_cli.reading.archive import MARK, ErrorText
from icpc_cli.reading.inputs import Loaded
from icpc_cli.reading.workbook import values
from icpc_cli.writing.findings import write_table
from icpc_cli.writing.rewrite import Addition, Ordered, Repairs, as_read, refuse_annotated

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

ROWS = 1 << 20
"""The rows that a sheet can hold."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FORMATS = {date: "dd-mm-yyyy", datetime: "dd-mm-yyyy hh:mm:ss", time: "hh:mm:ss", timedelta: "[h]:mm:ss"}
_FIRST_YEAR = 1900
_A4 = 9


class Percent(float):
    """A share from 0 to 1, which a sheet shows in percent."""


Cell = str | int | float | date | None
_NUMBERS = {float: "0.0", Percent: "0.0%"}


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A sheet: its name, its headers (none: no header row), the widths of its columns, and rows of cells."""

    name: str
    headers: Sequence[str]
    widths: Sequence[int]
    rows: Iterable[Sequence[Cell]]


def write_list(target: str, table: SheetTable) -> None:
    """Write a table of texts as CSV or as a workbook, as the name ends. Raises :class:`UsageError`."""
    if target.lower().endswith(".csv"):
        with new_text(target) as file:
            write_table(file, table.headers, table.rows)
    else:
        write_tables(target, [table])


def write_tables(target: str | Path, tables: Iterable[SheetTable]) -> None:
    """Write a workbook of tables, one after the other, each row as it comes.

    A table with more rows than a sheet can hold goes on in further sheets, ``name 2`` and so on.
    Raises :class:`UsageError` when it cannot be written.
    """
    with _workbook(target) as workbook:
        workbook.set_custom_property(MARK, "1")
        bold = workbook.add_format({"bold": True})
        cells = _Cells(workbook, _NUMBERS | _FORMATS)
        for table in tables:
            for number, rows in enumerate(_sheets(table), start=1):
                sheet = workbook.add_worksheet(table.name if number == 1 else f"{table.name} {number}")
                for place, width in enumerate(table.widths):
                    sheet.set_column(place, place, width)
                for place, header in enumerate(table.headers):
                    sheet.write_string(0, place, header, bold)
                last = cells.fill(sheet, rows, first=1 if table.headers else 0)
                if table.headers:
                    sheet.freeze_panes(1, 0)
                    sheet.autofilter(0, 0, last, len(table.headers) - 1)
                    sheet.repeat_rows(0)
                sheet.set_landscape()
                sheet.set_paper(_A4)
                sheet.fit_to_pages(1, 0)


def _sheets(table: SheetTable) -> Iterator[Iterator[Sequence[Cell]]]:
    """The rows of a table by sheets; there is one even when there are no rows."""
    rows = iter(table.rows)
    room = ROWS - bool(table.headers)
    yield islice(rows, room)
    for row in rows:
        yield islice(chain((row,), rows), room)


class _Cells:
    """Writes values of every kind that a sheet can hold, each kind in its format.

    Text is text; what begins like a formula is marked so that it stays text when the cell is edited.
    """

    def __init__(self, workbook: "Workbook", formats: Mapping[type, str]) -> None:
        self._quoted = workbook.add_format({"quote_prefix": True})
        self._formats = {kind: workbook.add_format({"num_format": shown}) for kind, shown in formats.items()}

    def fill(self, sheet: "Worksheet", rows: Iterable[Sequence[Any]], *, first: int = 0) -> int:
        """Write rows; returns the number of the last, from 0."""
        number = 0
        for number, row in enumerate(rows, start=first):
            for place, value in enumerate(row):
                if value is not None and value != "":
                    self._write(sheet, number, place, value)
        return number

    def _write(self, sheet: "Worksheet", row: int, place: int, value: Any) -> None:
        if isinstance(value, ErrorText):
            sheet.write_formula(row, place, f"={value}", None, str(value))
        elif isinstance(value, bool):
            sheet.write_boolean(row, place, value)
        elif isinstance(value, int | float):
            sheet.write_number(row, place, value, self._formats.get(type(value)))
        elif isinstance(value, time | timedelta) or (isinstance(value, date) and value.year >= _FIRST_YEAR):
            sheet.write_datetime(row, place, value, self._formats[type(value)])
        else:
            text = str(value)
            sheet.write_string(row, place, text, self._quoted if text.startswith(_FORMULA) else None)


class _Whole(BytesIO):
    """The bytes of a workbook. An archive that is broken off writes its end at some later time, so they stay open."""

    def close(self) -> None:
        """Nothing: memory goes by itself."""


@contextmanager
def _workbook(target: str | Path) -> Iterator["Workbook"]:
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    try:
        # What does not fit in memory stands in this folder for a while: patients' text, for the owner only.
        with new_file(target) as file, private_folder() as folder:
            whole = _Whole()
            workbook = Workbook(whole, {**_OPTIONS, "tmpdir": str(folder)})
            workbook.use_zip64()
            try:
                yield workbook
                workbook.close()
                file.write(whole.getbuffer())
            finally:
                with ExitStack() as closing:  # all of them, also where closing one is refused by a full disk
                    for sheet in workbook.worksheets():
                        closing.callback(sheet._opt_close)  # noqa: SLF001 - nothing else closes it when the writing is broken off
    except (OSError, FileCreateError) as error:
        raise DiskError("disk", problem=str(error)) from None


def annotate_workbook(loaded: Loaded, addition: Addition, target: str | Path) -> None:
    """Write the workbook with the cells added to the sheet that was read; see :func:`rewrite_workbook`."""
    refuse_annotated(loaded, addition)
    _rewritten(loaded, target, addition=addition)


def fix_workbook(loaded: Loaded, repairs: Repairs, target: str | Path) -> int:
    """Write the workbook with these code cells repaired, and return how many they were."""
    cells = list(repairs.cells)
    _rewritten(loaded, target, repairs=Repairs(cells, repairs.tidy))
    return len(cells)


def _rewritten(
    loaded: Loaded, target: str | Path, *, addition: Addition | None = None, repairs: Repairs | None = None
) -> None:
    source = loaded.input
    if source.sheet and source.sheet.formulas:
        raise UsageError("copy-of-formulas", path=source.path)
    if Path(target).suffix.lower() != ".xlsx":
        raise UsageError("copy-of-workbook", where=str(target), path=target)
    rewrite_workbook(
        source.original,
        source.sheet.name if source.sheet else "",
        source.dialect.header_row,
        target,
        addition=addition,
        untouched={*loaded.outcome.blank, *(row for row, _ in loaded.outcome.unreadable)},
        repairs=repairs,
        code_place=source.columns.places["code"],
    )


def rewrite_workbook(
    path: str | Path,
    sheet: str,
    header_row: int,
    target: str | Path,
    *,
    addition: Addition | None = None,
    untouched: Collection[int] = (),
    repairs: Repairs | None = None,
    code_place: int = 0,
) -> None:
    """Write a workbook's values again: of ``sheet`` with cells added or codes repaired, the other sheets as they are.

    Text stays text, numbers numbers, dates dates; formulas become their values, and colours and widths are not kept.
    Rows count from 1, ``code_place`` from 0 at the first column that is not empty. Cells are added to the header and to
    every later row that is not ``untouched``, behind the widest row. Raises :class:`UsageError` when the target cannot
    be written.
    """
    with _workbook(target) as workbook:
        cells = _Cells(workbook, _FORMATS)
        for each in values(path):
            written = workbook.add_worksheet(each.name)
            if each.name == sheet:
                _repair(each.rows, each.left + code_place, repairs)
                _add(each.rows, header_row, addition, untouched)
                written.activate()
            elif each.hidden:
                written.hide()
            cells.fill(written, each.rows)


def _repair(rows: list[list[Any]], place: int, repairs: Repairs | None) -> None:
    if repairs is None:
        return
    for repair in repairs.cells:
        cell = str(rows[repair.row - 1][place])
        if (as_read(cell), as_read(repairs.tidy(cell))) != (repair.raw, repair.fix):
            raise RuntimeError(f"the code cell of row {repair.row} is not the one that was judged")
        rows[repair.row - 1][place] = repairs.tidy(cell)


def _add(rows: list[list[Any]], header_row: int, addition: Addition | None, untouched: Collection[int]) -> None:
    if addition is None:
        return
    added = Ordered(addition.rows)
    rows[header_row - 1].extend(addition.headers)
    for number, row in enumerate(rows[header_row:], start=header_row + 1):
        cells = added.at(number)
        if number not in untouched:
            row.extend(addition.fine if cells is None else cells)
    added.close()
