"""Workbooks, standard input, folders, encodings that are asked for, and what spreadsheets and joining do to exports."""

import io
import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TextIO

import pytest
import xlsxwriter

from icpc_cli.guideline import load_guideline
from icpc_cli.judging.check import check_exports
from icpc_cli.judging.options import Options
from icpc_cli.outcomes import Finding, Source
from icpc_cli.screens.progress import ReadingBar, reading_bar
from icpc_cli.voice import Voice
from tests.conftest import Icpc

TODAY = date(2026, 6, 1)
HEADER = ["Dato", "CPR-nr", "Speciale", "Ydelseskode", "Forløbstype", "Problemstilling", "Sikre fund", "ICPC-kode"]
ROW = ["01-05-2026", "010145-5678", "62", "0110", "Struktureret", "Artrose i knæ", "ja", "L90"]
TODAY_OPTION = ("--today", "2026-06-01")


def checked(*paths: Path) -> tuple[list[Source], list[Finding]]:
    with check_exports(load_guideline(), [str(path) for path in paths], Options(TODAY)) as outcome:
        return list(outcome.sources), list(outcome.findings())


def lines(*rows: list[str], delimiter: str = ";") -> str:
    return "".join(delimiter.join(row) + "\n" for row in rows)


def changed(**cells: str) -> list[str]:
    """The good row with other cells, by the place in words."""
    names = ["day", "patient", "specialty", "service", "course", "condition", "certain", "code"]
    return [cells.get(name, cell) for name, cell in zip(names, ROW, strict=True)]


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False})
    day = book.add_format({"num_format": "dd-mm-yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(place, column, cell, day)
                elif cell is not None:
                    sheet.write(place, column, cell)
    book.close()
    return path


def test_a_workbook_is_read_like_the_same_export_as_csv(tmp_path):
    rows: list[list[object]] = [
        list(HEADER),
        [
            datetime(2026, 5, 1, tzinfo=UTC).replace(tzinfo=None),
            "010145-5678",
            62,
            "0110",
            "Struktureret",
            "Artrose i knæ",
            True,
            "l 90",
        ],
        [],
        [date(2026, 5, 2), "010145-5678", 62.0, 111, "Struktureret", "Artrose i\nknæ; hofte", "ja", "L8"],
    ]
    (source,), findings = checked(workbook(tmp_path / "maj.xlsx", {"Ark1": rows, "Tom": []}))
    assert (source.format, source.sheet, source.encoding, source.delimiter) == ("xlsx", "Ark1", None, None)
    assert (source.read, source.judged, source.unreadable) == (2, 2, 0)
    assert [(finding.row, finding.check, finding.value) for finding in findings] == [
        (2, "R002", "l 90"),
        (4, "R003", "L8"),
    ]
    assert [(notice.id, notice.row) for notice in source.notices] == [("lost-zero-service", 4)]


def test_headers_below_a_row_that_names_groups_of_them_are_the_headers(tmp_path):
    groups: list[object] = ["Patient", *[""] * (len(HEADER) - 2), "Diagnose"]
    (source,), findings = checked(workbook(tmp_path / "k.xlsx", {"Data": [groups, list(HEADER), list(ROW)]}))
    (plain,), _ = checked(workbook(tmp_path / "l.xlsx", {"Data": [list(HEADER), list(ROW)]}))
    assert (source.read, source.columns, findings) == (1, plain.columns, [])
    assert [(notice.id, notice.row) for notice in source.notices] == [("header-row", 2)]


def test_the_sheet_with_the_export_is_found_behind_others_and_below_a_title(tmp_path):
    title: list[list[object]] = [["Eksport fra journalen, maj 2026"], [], list(HEADER), list(ROW)]
    (source,), findings = checked(workbook(tmp_path / "k.xlsx", {"Forside": [["Klinik Øst"]], "Data": title}))
    assert (source.sheet, source.read, findings) == ("Data", 1, [])
    assert [(notice.id, notice.row) for notice in source.notices] == [("header-row", 3)]


def test_of_several_sheets_with_exports_one_has_to_be_named(tmp_path, icpc: Icpc):
    path = workbook(
        tmp_path / "k.xlsx", {"Maj": [list(HEADER), list(ROW)], "Juni": [list(HEADER), list(ROW), list(ROW)]}
    )
    ended = icpc("check", str(path))
    assert ended.status == 2
    assert "flere ark" in ended.err
    assert '--sheet "Maj"' in ended.err
    ended = icpc("check", str(path), "--sheet", "juni", "--format", "json")
    assert json.loads(ended.out)["sources"][0]["rows"]["read"] == 2
    assert "intet ark" in icpc("check", str(path), "--sheet", "Juli").err


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 protected"])
def test_a_workbook_that_cannot_be_read_gets_one_clear_message(tmp_path, content, icpc: Icpc):
    path = tmp_path / "k.xlsx"
    path.write_bytes(content)
    ended = icpc("check", str(path))
    assert (ended.status, ended.out) == (2, "")
    assert "kan ikke læses" in ended.err


def test_standard_input_is_read_like_a_file(tmp_path, icpc: Icpc):
    text = lines(HEADER, changed(code="L8"))
    ended = icpc("check", "-", "--format", "json", *TODAY_OPTION, stdin=text.encode("cp1252"))
    found = json.loads(ended.out)
    assert found["sources"][0]["path"] == "-"
    assert found["sources"][0]["encoding"] == "windows-1252"
    assert [(finding["row"], finding["check"]) for finding in found["findings"]] == [(2, "R003")]


def test_a_folder_and_a_pattern_stand_for_the_exports_in_them(tmp_path):
    for name in ("b.csv", "a.CSV", "skjult/.gemt.csv", "noter.md", "~$a.xlsx"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(lines(HEADER, changed(patient=name)), encoding="utf-8")
    for given in (tmp_path, tmp_path / "?.[cC][sS][vV]"):
        sources, findings = checked(given)
        assert [Path(source.path).name for source in sources] == ["a.CSV", "b.csv"]
        assert findings == []


@pytest.mark.parametrize("encoding", ["cp865", "cp850", "mac_roman"])
def test_an_old_encoding_can_be_asked_for(tmp_path, encoding, icpc: Icpc):
    path = tmp_path / "k.csv"
    path.write_bytes(lines(HEADER, changed(code="kode?ø")).encode(encoding))
    ended = icpc("check", str(path), "--encoding", encoding, "--format", "json", *TODAY_OPTION)
    found = json.loads(ended.out)
    assert [finding["value"] for finding in found["findings"]] == ["kode?ø"]


def test_an_encoding_that_the_file_is_not_in_is_refused_also_when_that_shows_late(tmp_path, icpc: Icpc):
    path = tmp_path / "k.csv"
    plain = [[cell.replace("æ", "ae").replace("ø", "oe") for cell in row] for row in (HEADER, ROW)]
    content = lines(plain[0]) + lines(plain[1]) * 10_000 + lines(changed(condition="Knæ"))
    path.write_bytes(content.encode("cp1252"))
    ended = icpc("check", str(path), "--encoding", "utf-8")
    assert (ended.status, ended.out) == (2, "")
    assert "ser ud til at være windows-1252" in " ".join(ended.err.split())


def test_bytes_that_the_encoding_asked_for_lacks_make_their_row_unreadable(tmp_path):
    path = tmp_path / "k.csv"
    path.write_bytes(lines(HEADER, ROW).encode("cp1252") + b"\x81" + lines(ROW).encode("cp1252"))
    ended = Icpc()("check", str(path), "--encoding", "windows-1252", "--format", "json", *TODAY_OPTION)
    assert json.loads(ended.out)["sources"][0]["rows"] == {"read": 2, "judged": 1, "unreadable": 1}


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_utf_16_that_ends_in_the_middle_of_a_letter_loses_no_row_in_silence(tmp_path, order):
    path = tmp_path / "k.csv"
    path.write_bytes(("\ufeff" + lines(HEADER, ROW, ROW)).encode(order)[:-3])
    (source,), findings = checked(path)
    assert (source.encoding, source.read, source.unreadable) == ("utf-16", 2, 1)
    assert [finding.check for finding in findings] == ["R001"]


def test_a_lone_surrogate_in_utf_16_makes_its_row_unreadable(tmp_path):
    path = tmp_path / "k.csv"
    text = "\ufeff" + lines(HEADER, changed(condition="\ud800"), ROW)
    path.write_bytes(text.encode("utf-16-le", "surrogatepass"))
    (source,), _ = checked(path)
    assert (source.read, source.unreadable) == (2, 1)


def test_joined_files_with_byte_order_marks_and_headers_lose_nothing(tmp_path):
    one = lines(HEADER, changed(patient="a"), changed(patient="b", code="L8"))
    path = tmp_path / "k.csv"
    path.write_text(
        "\ufeff" + one + "\ufeff" + one.replace("010145", "a") + "\ufeff" + lines(changed(patient="c")), "utf-8"
    )
    (source,), findings = checked(path)
    assert (source.read, source.judged, source.unreadable) == (6, 5, 1)
    assert [(finding.row, finding.check) for finding in findings] == [
        (3, "R003"), (4, "R001"), (5, "R009"), (6, "R003"), (6, "R009"),
    ]  # fmt: skip
    assert [(notice.id, notice.row) for notice in source.notices] == [("repeated-header", 4)]


def test_what_excel_does_to_numbers_is_named(tmp_path):
    rows = [
        changed(patient="1,01E+09"), changed(patient="1,01E+10", day="02-05-2026"),
        changed(patient="101455678", service="110"), changed(patient="123456789", day="46143"),
    ]  # fmt: skip
    path = tmp_path / "k.csv"
    path.write_text(lines([*HEADER, "", ""], *([*row, "", ""] for row in [*rows, ["I alt", "4", *[""] * 6], [""] * 8])))
    (source,), findings = checked(path)
    assert [(notice.id, notice.column, notice.count, notice.row) for notice in source.notices] == [
        ("totals-line", None, 1, 6),
        ("empty-rows", None, 1, None),
        ("scientific-number", "CPR-nr", 2, 2),
        ("lost-zero-cpr", "CPR-nr", 1, 4),
        ("lost-zero-service", "Ydelseskode", 1, 4),
    ]
    assert [(finding.row, finding.check) for finding in findings] == [(5, "R008"), (6, "R001")]
    assert (source.read, source.judged, source.unreadable, source.ignored_columns) == (5, 4, 1, ())


def test_damage_is_said_on_the_page_and_in_json_without_cpr_numbers(tmp_path, icpc: Icpc):
    path = tmp_path / "k.csv"
    path.write_text(
        lines(["Patient 0101455678" if name == "CPR-nr" else name for name in HEADER], changed(patient="101455678"))
    )
    arguments = ("check", str(path), "--map", "patient=Patient 0101455678", *TODAY_OPTION)
    page, found = icpc(*arguments).out, icpc(*arguments, "--format", "json").out
    assert "mistet det første nul" in " ".join(page.split())
    assert "0101455678" not in page
    (notice,) = json.loads(found)["sources"][0]["notices"]
    assert notice["id"] == "lost-zero-cpr"
    assert "0101455678" not in found


def test_a_missing_zero_in_front_changes_no_cell_that_is_read(tmp_path):
    path = tmp_path / "k.csv"
    path.write_text(lines(HEADER, changed(specialty="051", service="0110")))
    (source,), findings = checked(path)
    assert (findings, source.notices) == ([], ())


def test_a_total_above_other_rows_is_none_and_a_patient_called_total_is_a_record(tmp_path):
    path = tmp_path / "k.csv"
    path.write_text(lines(HEADER, ["I alt", "1", *[""] * 6], changed(patient="Total")))
    (source,), _ = checked(path)
    assert (source.read, source.judged) == (2, 1)


def test_an_input_that_is_read_from_a_pipe_does_not_wait_for_more(icpc: Icpc):
    ended = icpc.process("check", "-", stdin=b"")
    assert (ended.status, ended.out) == (2, "")
    assert "tom" in ended.err
    assert io.StringIO(ended.err).readline().startswith("Fejl: ")


@pytest.mark.parametrize(
    "command", [("check",), ("report",), ("partner", "-o", "{out}"), ("network", "share", "--yes", "-o", "{out}")]
)
def test_the_bar_of_every_command_counts_the_files_of_a_folder(command, tmp_path, monkeypatch, icpc: Icpc):
    (tmp_path / "ind").mkdir()
    for name in ("a.csv", "b.csv"):
        (tmp_path / "ind" / name).write_text(lines(HEADER, changed(patient=name)), encoding="utf-8")
    counted: list[list[str]] = []

    def bar(stream: TextIO, voice: Voice, files: Sequence[str]) -> AbstractContextManager[ReadingBar]:
        counted.append([Path(file).name for file in files])
        return reading_bar(stream, voice, files)

    monkeypatch.setenv("ICPC_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("icpc_cli.cli.exports.reading_bar", bar)
    icpc(*(word.format(out=tmp_path / "ud") for word in command), str(tmp_path / "ind"), *TODAY_OPTION)
    assert counted == [["a.csv", "b.csv"]]
