"""Workbooks (Excel) as the CSV text that everything else reads: one sheet, every cell as the text that it shows."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from icpc_cli.errors import UsageError
from icpc_cli.reading.archive import OddCells, is_archive, odd_cells, refuse_damaged

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

DELIMITER = ";"
_LOOKED_AT = 20
_LASTS = re.compile(r"PT([0-9]{2,})H([0-9]{2})M([0-9]{2})S")
"""A time of a day or longer, as the reader hands over that of an OpenDocument sheet."""
_Cell = int | float | str | bool | time | date | datetime | timedelta

Recognised = Callable[[Sequence[str]], int]


class SheetRead(NamedTuple):
    """The sheet of a workbook that was written as text.

    ``formulas``: the rows, from 1, in which formulas have no stored value; such a formula stands as text. ``merged``:
    the second row of each cell of several rows, which holds its value in the first one only. ``hidden``: the rows that
    the spreadsheet does not show, as where it is filtered.
    """

    name: str
    formulas: tuple[int, ...]
    merged: tuple[int, ...]
    hidden: tuple[int, ...] = ()


def write_csv(file: Path, path: str, target: Path, recognised: Recognised, sheet: str | None = None) -> SheetRead:
    """Write the sheet of a workbook that holds the export to ``target``.

    The text is UTF-8 with :data:`DELIMITER`; line n of it is row n of the sheet (a cell may hold line breaks). Where no
    ``sheet`` is named it is the one with known headers. Raises :class:`UsageError` when that is not one, or when the
    file (called ``path``) is no workbook that can be read.
    """
    with opened(file, path) as workbook, target.open("w", encoding="utf-8", newline="") as out:
        chosen = _chosen(workbook, path, recognised, sheet)
        odd = odd_cells(file, path, chosen.name)
        writer = csv.writer(out, delimiter=DELIMITER, lineterminator="\n")
        for row in _rows(chosen, odd):
            text = DELIMITER.join(row)
            if '"' in text or "\n" in text or text.count(DELIMITER) != len(row) - 1:
                writer.writerow(row)
            else:
                out.write(f"{text}\n" if any(row) else "\n")
    merged = [first + 1 for (first, _), (last, _) in chosen.merged_cell_ranges or () if first < last]
    rows = (tuple(row + 1 for row in found) for found in (odd.formulas, sorted((*odd.merged, *merged)), odd.hidden))
    return SheetRead(chosen.name, *rows)


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a sheet, from its first row and column on; ``left`` is the first column that is not empty."""

    name: str
    hidden: bool
    left: int
    rows: list[list[Any]]


def values(path: str | Path) -> Iterator[Values]:
    """The sheets of a workbook as they hold their values, charts left out; cells with an error hold its text.

    Raises :class:`UsageError` where a formula has no value: it could not be written again.
    """
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    with opened(Path(path), str(path)) as source:
        for each in source.sheets_metadata:
            if each.typ == SheetTypeEnum.WorkSheet:
                sheet = source.get_sheet_by_name(each.name)
                left, rows = sheet.start[1] if sheet.start else 0, sheet.to_python(skip_empty_area=False)
                _put_odd_cells(Path(path), each.name, rows)
                yield Values(each.name, each.visible != SheetVisibleEnum.Visible, left, rows)


def _put_odd_cells(path: Path, sheet: str, rows: list[list[Any]]) -> None:
    odd = odd_cells(path, str(path), sheet)
    if odd.formulas:
        raise UsageError("copy-of-formulas", path=path)
    for number, texts in odd.texts.items():
        for column, text in texts.items():
            rows[number][column] = text


@contextmanager
def opened(file: Path, path: str) -> Iterator["CalamineWorkbook"]:
    """A workbook; whatever is found wrong with it on the way is a :class:`UsageError` that names ``path``."""
    from python_calamine import CalamineError, PasswordError, load_workbook

    if is_archive(file):
        refuse_damaged(file, path)
    try:
        with load_workbook(io.BytesIO(file.read_bytes())) as workbook:
            yield workbook
    except PasswordError:
        raise UsageError("workbook-password", path=path) from None
    except (CalamineError, OverflowError):
        raise UsageError("workbook-unreadable", path=path) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what the reader, which is written in Rust, did not foresee
            raise
        raise UsageError("workbook-unreadable", path=path) from None


def _chosen(workbook: "CalamineWorkbook", path: str, recognised: Recognised, sheet: str | None) -> "CalamineSheet":
    """The sheet that is asked for, or the one that looks like an export; hidden ones only where no other does."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    names = [each.name for each in workbook.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    if sheet is not None:
        found = [name for name in names if name.casefold() == sheet.strip().casefold()]
        if not found:
            raise UsageError("no-such-sheet", path=path, value=sheet, known=names)
        return workbook.get_sheet_by_name(found[0])
    sheets = {name: workbook.get_sheet_by_name(name) for name in names}
    known = {name: _known_headers(each, recognised) for name, each in sheets.items()}
    hidden = {each.name for each in workbook.sheets_metadata if each.visible != SheetVisibleEnum.Visible}
    names.sort(key=lambda name: name in hidden)
    exports = [name for name in names if known[name] >= 2]
    exports = [name for name in exports if name not in hidden] or exports
    if len(exports) > 1:
        raise UsageError("several-sheets", path=path, known=exports, first=exports[0])
    filled = [name for name in names if known[name] >= 0]
    if not filled:
        raise UsageError("empty-file", path=path)
    return sheets[(exports or filled)[0]]


def _known_headers(sheet: "CalamineSheet", recognised: Recognised) -> int:
    """The most known headers in one of the first rows; -1 for an empty sheet."""
    return max((recognised(row) for row in islice(_rows(sheet, OddCells()), _LOOKED_AT) if any(row)), default=-1)


def _rows(sheet: "CalamineSheet", odd: OddCells) -> Iterator[list[str]]:
    """The rows of a sheet as texts, from its first row on, empty ones too; without columns empty on its left."""
    left = sheet.start[1] if sheet.start else 0
    for number, row in enumerate(sheet.iter_rows()):
        cells = [cell if type(cell) is str else as_text(cell) for cell in row]
        # Hardly any text is to be changed, so a row is looked through as a whole.
        if "\r" in (whole := "".join(cells)) or "\0" in whole or "PT" in whole:
            cells = [as_text(cell) for cell in cells]
        for column, text in odd.texts.get(number, {}).items():
            cells[column - left] = text
        yield cells


def as_text(cell: _Cell) -> str:
    """A cell as a clinic reads it: whole numbers without a point, days as dd-mm-yyyy, times as hh:mm:ss, yes and no."""
    match cell:
        case str() if lasts := _LASTS.fullmatch(cell):
            return ":".join(lasts.groups())
        case str():
            return cell.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        case bool():
            return "ja" if cell else "nej"
        case float():
            return str(int(cell)) if cell.is_integer() else str(cell).replace(".", ",")
        case datetime():
            return cell.strftime("%d-%m-%Y" if cell.time() == time() else "%d-%m-%Y %H:%M:%S")
        case date():
            return cell.strftime("%d-%m-%Y")
        case timedelta():
            hours, rest = divmod(round(cell.total_seconds()), 3600)
            return f"{hours:02}:{rest // 60:02}:{rest % 60:02}"
        case _:
            return str(cell)
