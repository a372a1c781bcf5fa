"""Kinds of cells by kind of workbook: what is no text is read as it shows, and what cannot be read is said."""

import shutil
import struct
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from icpc_cli.reading.workbook import SheetRead, write_csv
from tests.conftest import Icpc
from tests.test_cases import CASES, checks, found, notices, open_document

HEADER = ("Dato", "CPR-nr", "Speciale", "Forløbstype", "ICPC-kode")
_NAMES = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


class Code(int):
    """The code of an error, in a cell of its own."""


class Formula(int):
    """The code of an error that a formula gave."""


def binary(
    path: Path,
    *lines: tuple[Any, ...],
    merged: tuple[tuple[int, int, int, int], ...] = (),
    hidden: tuple[int, ...] = (),
) -> str:
    """A binary workbook (MS-XLSB) of one sheet, ``Ark 1``; ``merged``: first and last row, first and last column."""
    area = struct.pack("<4I", 0, len(lines) - 1, 0, len(lines[0]) - 1)
    sheet = [_record(129), _record(148, area), _record(145)]
    for number, line in enumerate(lines):
        sheet.append(_record(0, struct.pack("<I7xB5x", number, 0x10 * (number in hidden))))
        sheet += [_cell(column, value) for column, value in enumerate(line) if value != ""]
    sheet += [_record(146), *(_record(176, struct.pack("<4I", *each)) for each in merged), _record(130)]
    book = _record(131) + _record(143) + _record(156, bytes(8) + _text("rId1") + _text("Ark 1"))
    linked = f'<Relationships {_NAMES}><Relationship Id="rId1" Type="{{}}" Target="{{}}"/></Relationships>'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/_rels/workbook.bin.rels", linked.format(kind, "worksheets/sheet1.bin"))
        archive.writestr("xl/workbook.bin", book + _record(144) + _record(132))
        archive.writestr("xl/worksheets/sheet1.bin", b"".join(sheet))
    return str(path)


def _record(kind: int, content: bytes = b"") -> bytes:
    return _number(kind) + _number(len(content)) + content


def _number(value: int) -> bytes:
    return bytes([value]) if value < 0x80 else bytes([value & 0x7F | 0x80, value >> 7])


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _cell(column: int, value: str | bool | float) -> bytes:
    match value:
        case str():
            kind, content = 6, _text(value)
        case bool():
            kind, content = 4, bytes([value])
        case Code():
            kind, content = 3, bytes([value])
        case Formula():
            kind, content = 11, bytes([value]) + bytes(10)
        case _:
            kind, content = 5, struct.pack("<d", value)
    return _record(kind, struct.pack("<II", column, 0) + content)


ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def test_an_error_of_a_binary_workbook_is_its_text(tmp_path: Path, icpc: Icpc) -> None:
    lines = [("01-05-2026", "b", 62.0, "", kind(code)) for code in ERRORS for kind in (Code, Formula)]
    path = binary(tmp_path / "k.xlsb", HEADER, ("01-05-2026", "a", 62.0, "", "L90" * 60), *lines)
    values = [value for _, check, value in checks(found(icpc, path)) if check == "R003"]
    assert values[1:] == [text for text in ERRORS.values() for _ in (Code, Formula)]


def test_a_copy_of_a_binary_workbook_keeps_its_errors(tmp_path: Path, icpc: Icpc) -> None:
    path = binary(tmp_path / "k.xlsb", HEADER, ("01-05-2026", "a", Code(0x17), True, Formula(0x2A)))
    assert icpc("check", path, "--annotate", str(tmp_path / "k.xlsx")).status == 1
    copy = openpyxl.load_workbook(tmp_path / "k.xlsx", data_only=True).active
    assert [copy[place].value for place in ("C2", "D2", "E2")] == ["#REF!", True, "#N/A"]


def _modern(path: Path) -> str:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Ark1")
        formats = [book.add_format({"num_format": each}) for each in ("dd-mm-yyyy", "[h]:mm:ss")]
        sheet.write_row(0, 0, HEADER)
        sheet.write_datetime(1, 0, date(2026, 5, 1), formats[0])
        sheet.merge_range(1, 2, 2, 2, 62)
        sheet.write(1, 3, True)
        sheet.write_datetime(1, 4, timedelta(hours=36), formats[1])
        sheet.merge_range(3, 0, 3, 1, "på tværs")
    return str(path)


def _open(path: Path) -> str:
    day, number, yes, lasts = (
        f'office:value-type="{kind}" office:{name}="{value}"'
        for kind, name, value in (
            ("date", "date-value", "2026-05-01"),
            ("float", "value", "62"),
            ("boolean", "boolean-value", "true"),
            ("time", "time-value", "PT36H00M00S"),
        )
    )
    spans = f'{number} table:number-rows-spanned="2"'
    open_document(
        path,
        (1, HEADER),
        (1, [(day, "1/5"), "", (spans, "62"), (yes, "SAND"), (lasts, "36:00")]),
        (1, ["", ""]),
        (
            1,
            [('office:value-type="string" table:number-columns-spanned="2" table:number-rows-spanned="1"', "på tværs")],
        ),
    )
    return str(path)


def _binary(path: Path) -> str:
    lines = (HEADER, ("01-05-2026", "", 62.0, True, "36:00:00"), ("",), ("på tværs",))
    return binary(path, *lines, merged=((1, 2, 2, 2), (3, 3, 0, 1)))


@pytest.mark.parametrize(("make", "name"), [(_modern, "k.xlsx"), (_open, "k.ods"), (_binary, "k.xlsb")])
def test_days_times_and_yes_are_read_as_they_show_and_cells_of_several_rows_are_told(
    tmp_path: Path, icpc: Icpc, make: Callable[[Path], str], name: str
) -> None:
    path, text = make(tmp_path / name), tmp_path / "text.csv"
    sheet = write_csv(Path(path), path, text, lambda row: sum(each in HEADER for each in row))
    assert (sheet.formulas, sheet.merged) == ((), (3,))
    _, first, _, across = text.read_text("utf-8").split("\n")[:4]
    assert first == "01-05-2026;;62;ja;36:00:00"
    assert across.rstrip(";") == "på tværs"
    assert ("merged-cells", 1, 3) in notices(found(icpc, path))


def _filtered(path: Path, rows: list[tuple[str, ...]]) -> str:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Ark1")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        sheet.set_column(1, 1, None, None, {"hidden": True})
        for number in (2, 3):
            sheet.set_row(number, None, None, {"hidden": True})
    return str(path)


def _folded(path: Path, rows: list[tuple[str, ...]]) -> str:
    hidden = '2" table:visibility="filter'
    return str(open_document(path, (1, rows[0]), (1, rows[1]), (hidden, rows[2])))


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (_filtered, "k.xlsx"),
        (_folded, "k.ods"),
        (lambda path, rows: binary(path, *rows, hidden=(2, 3)), "k.xlsb"),
        (lambda path, _: str(shutil.copy(CASES / "hidden_rows_old.xls", path)), "k.xls"),
    ],
    ids=["xlsx", "ods", "xlsb", "xls"],
)
def test_rows_that_a_sheet_does_not_show_are_read_and_told(
    tmp_path: Path, icpc: Icpc, make: Callable[[Path, list[tuple[str, ...]]], str], name: str
) -> None:
    rows = [("01-05-2026", "010140-5001", "62", "", "L90"), *2 * [("01-05-2026", "020140-5002", "62", "", "L90")]]
    result = found(icpc, make(tmp_path / name, [HEADER, *rows]))
    assert ("hidden-rows", 2, 3) in notices(result)
    assert result["sources"][0]["rows"]["judged"] == 3


def test_a_sheet_without_oddities_is_a_name(tmp_path: Path) -> None:
    path = binary(tmp_path / "k.xlsb", HEADER)
    assert write_csv(Path(path), path, tmp_path / "text.csv", len) == SheetRead("Ark 1", (), ())
