"""Workbooks (Excel) as the CSV text that everything else reads: one sheet, every cell as the text that it shows."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from icpc_cli.errors import UsageError

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How workbooks begin: a zip archive, or what older ones and protected ones are kept in."""
DELIMITER = ";"
_LOOKED_AT = 20
_Cell = int | float | str | bool | time | date | datetime | timedelta

Recognised = Callable[[Sequence[str]], int]


def write_csv(file: Path, path: str, target: Path, recognised: Recognised, sheet: str | None = None) -> str:
    """Write the sheet of a workbook that holds the export to ``target`` and return its name.

    The text is UTF-8 with :data:`DELIMITER`; line n of it is row n of the sheet (a cell may hold line breaks). Where no
    ``sheet`` is named it is the one with known headers. Raises :class:`UsageError` when that is not one, or when the
    file (called ``path``) is no workbook that can be read.
    """
    workbook = _open(file, path)
    name = _chosen(workbook, path, recognised, sheet)
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=DELIMITER, lineterminator="\n")
        for row in _rows(workbook.get_sheet_by_name(name)):
            if any(row):
                writer.writerow(row)
            else:
                out.write("\n")
    return name


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a sheet, from its first row and column on; ``left`` is the first column that is not empty."""

    name: str
    hidden: bool
    left: int
    rows: list[list[Any]]


def values(path: str | Path) -> Iterator[Values]:
    """The sheets of a workbook as they hold their values, charts left out."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

    with load_workbook(io.BytesIO(Path(path).read_bytes())) as source:
        for each in source.sheets_metadata:
            if each.typ == SheetTypeEnum.WorkSheet:
                sheet = source.get_sheet_by_name(each.name)
                left = sheet.start[1] if sheet.start else 0
                hidden = each.visible != SheetVisibleEnum.Visible
                yield Values(each.name, hidden, left, sheet.to_python(skip_empty_area=False))


def _open(file: Path, path: str) -> "CalamineWorkbook":
    from python_calamine import CalamineError, load_workbook

    try:
        return load_workbook(io.BytesIO(file.read_bytes()))
    except CalamineError:
        raise UsageError("workbook-unreadable", path=path) from None


def _chosen(workbook: "CalamineWorkbook", path: str, recognised: Recognised, sheet: str | None) -> str:
    names = list(workbook.sheet_names)
    if sheet is not None:
        found = [name for name in names if name.casefold() == sheet.strip().casefold()]
        if not found:
            raise UsageError("no-such-sheet", path=path, value=sheet, known=names)
        return found[0]
    known = {name: _known_headers(workbook.get_sheet_by_name(name), recognised) for name in names}
    exports = [name for name in names if known[name] >= 2]
    if len(exports) > 1:
        raise UsageError("several-sheets", path=path, known=exports, first=exports[0])
    filled = [name for name in names if known[name] >= 0]
    if not filled:
        raise UsageError("empty-file", path=path)
    return exports[0] if exports else filled[0]


def _known_headers(sheet: "CalamineSheet", recognised: Recognised) -> int:
    """The most known headers in one of the first rows; -1 for an empty sheet."""
    return max((recognised(row) for row in islice(_rows(sheet), _LOOKED_AT) if any(row)), default=-1)


def _rows(sheet: "CalamineSheet") -> Iterator[list[str]]:
    """The rows of a sheet as texts, from its first row on, empty ones too; without columns empty on its left."""
    for row in sheet.iter_rows():
        yield [as_text(cell) for cell in row]


def as_text(cell: _Cell) -> str:
    """A cell as a clinic reads it: whole numbers without a decimal point, dates as dd-mm-yyyy, yes and no in words."""
    match cell:
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
        case _:
            return str(cell)
