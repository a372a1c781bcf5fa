"""The list of what there is to mend: one row a course, the gravest first, ready for Excel and for paper."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

HEADER = "Dato;CPR-nr;Forløb ID;Behandler;Speciale;Forløbstype;Problemstilling;Nerverodstegn;Sikre fund;ICPC-kode"
ROWS = (
    "01-05-2026;0101490001;F1;ÅB;51;struktureret;lumbal stenose;ja;ja;L84",  # K104: a warning
    "01-05-2026;0202490002;F2;=1+1;51;struktureret;artrose i knæ;nej;ja;",
    "15-05-2026;0202490002;F2;=1+1;51;struktureret;artrose i knæ;nej;ja;",  # K101: an error
    "01-05-2026;0303490003;F3;CC;51;struktureret;artrose i hofte;nej;ja;",
    "08-05-2026;0303490003;F3;CC;51;struktureret;artrose i hofte;nej;ja;L8",  # K101 and R003, waiting longer
    "01-05-2026;0404490004;F4;CC;51;struktureret;artrose i knæ;nej;ja;l90",  # only a note
    "01-05-2026;0505490005;F5;CC;51;struktureret;qqx;nej;ja;L90",  # R010
    "for;få;felter",
    "01-05-2026;0606490006;F6;CC;51;struktureret;artrose i knæ;nej;ja;L90",  # fine
)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "maj.csv"
    path.write_text("\n".join((HEADER, *ROWS)) + "\n", encoding="utf-8")
    return path


def listed(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_one_row_a_course_the_gravest_first_then_what_has_waited_longest(
    icpc: Any, export: Path, tmp_path: Path
) -> None:
    target = tmp_path / "liste.csv"
    ended = icpc("check", str(export), "--worklist", str(target), "--today", "2026-06-01")
    assert ended.status == 1
    rows = listed(target)
    assert [(row["Patient"], row["Kontroller"]) for row in rows] == [
        ("0303490003", "K101 R003"), ("0202490002", "K101"), ("", "R001"), ("0101490001", "K104"),
        ("0505490005", "R010"),
    ]  # fmt: skip
    assert rows[0] == {
        "Behandler": "CC", "Patient": "0303490003", "Forløbsnr.": "F3", "Sidste dato": "08-05-2026",
        "Problemstilling": "Artrose i hofte", "Kode nu": "L8", "Kode": "L89", "Kontroller": "K101 R003",
        "Hvad skal gøres": 'Sæt en kode (linje 6: "L8") · Skriv en ICPC-2-kode (linje 6: "L8")',
        "Gjort": "", "Bemærkning": "",
    }  # fmt: skip
    assert rows[1]["Behandler"] == "'=1+1"
    assert (rows[3]["Kode nu"], rows[3]["Kode"]) == ("L84", "L86")
    assert rows[4]["Problemstilling"] == "qqx"
    assert target.stat().st_mode & 0o777 == 0o600
    assert "5 forløb" in ended.err
    assert "kun til klinikkens egen brug" in ended.err


def test_the_workbook_is_ready_to_filter_and_to_print_in_the_language_that_was_chosen(
    icpc: Any, export: Path, tmp_path: Path
) -> None:
    target = tmp_path / "list.xlsx"
    icpc("check", str(export), "--worklist", str(target), "--lang", "en", "--today", "2026-06-01")
    sheet = load_workbook(target).active
    assert [cell.value for cell in sheet[1]][:4] == ["Therapist", "Patient", "Course no.", "Last date"]
    assert sheet["G2"].value == 'Give a code (row 6: "L8") · Write an ICPC-2 code (row 6: "L8")'
    assert sheet["A3"].value == "=1+1"
    assert sheet["A3"].data_type == "s"
    assert sheet.auto_filter.ref == "A1:K6"
    assert (sheet.page_setup.orientation, sheet.freeze_panes) == ("landscape", "A2")
    assert sheet.print_title_rows == "$1:$1"


@pytest.mark.parametrize("count", [1, 5, 6])
def test_of_many_rows_five_are_named(count: int, icpc: Any, tmp_path: Path) -> None:
    export, target = tmp_path / "maj.csv", tmp_path / "liste.csv"
    rows = [
        f"{day:02}-05-2026;0303490003;F3;CC;51;struktureret;artrose i hofte;nej;ja;L8{day}9"
        for day in range(1, count + 1)
    ]
    export.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    icpc("check", str(export), "--worklist", str(target), "--select", "R003", "--today", "2026-06-01")
    named = [f'{day + 1}: "L8{day}9"' for day in range(1, count + 1)[:5]] + ["..."] * (count > 5)
    assert listed(target)[0]["Hvad skal gøres"].endswith(f" {', '.join(named)})")


def test_patients_can_be_masked(icpc: Any, export: Path, tmp_path: Path) -> None:
    target = tmp_path / "liste.csv"
    ended = icpc("check", str(export), "--worklist", str(target), "--mask-patients", "--today", "2026-06-01")
    assert {row["Patient"] for row in listed(target)} == {"••••••••03", "••••••••02", "", "••••••••01", "••••••••05"}
    assert "egen brug" not in ended.err


def test_a_worklist_is_known_again_and_never_written_over_what_is_read(icpc: Any, export: Path, tmp_path: Path) -> None:
    for name, language in (("liste.csv", "da"), ("list.csv", "en"), ("liste.xlsx", "da")):
        target = tmp_path / name
        icpc("check", str(export), "--worklist", str(target), "--lang", language, "--today", "2026-06-01")
    ended = icpc("check", str(tmp_path), "--format", "json", "--today", "2026-06-01")
    assert [source["path"] for source in json.loads(ended.out)["sources"]] == [str(export)]
    before = export.read_bytes()
    assert icpc("check", str(export), "--worklist", str(export)).status == 2
    assert export.read_bytes() == before


def test_another_ending_is_refused(icpc: Any, export: Path, tmp_path: Path) -> None:
    ended = icpc("check", str(export), "--worklist", str(tmp_path / "liste.docx"))
    assert (ended.status, ended.out) == (2, "")
    assert ".xlsx eller .csv" in " ".join(ended.err.split())


def test_the_gravest_findings_stand_last_on_the_screen_with_what_to_do(icpc: Any, export: Path) -> None:
    shown = icpc("check", str(export), "--today", "2026-06-01").out
    places = [shown.index(f"  {check}  ") for check in ("R002", "R010", "K104", "R003", "K101")]
    assert places == sorted(places)
    assert shown.rstrip().splitlines()[-2].endswith("--worklist arbejdsliste.xlsx")
