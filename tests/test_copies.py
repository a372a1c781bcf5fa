"""Copies of every kind of input: workbooks, standard input, folders; and checks that weigh otherwise."""

import json
from pathlib import Path

import pytest

from icpc_cli.cli import run
from icpc_cli.guideline import own

EXPORT = "Dato;Patient;Speciale;Forløbstype;ICPC\n01-05-2026;a;51;andet;l86\n02-05-2026;b;51;andet;L86\n"


def check(*arguments: object) -> int:
    return run(["check", *map(str, arguments), "--today", "2026-06-01", "--select", "R00"])


def workbook(path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    front = book.active
    assert front is not None
    front.append(["Kære klinik"])
    sheet = book.create_sheet("Data")
    sheet.append([])
    sheet.append([None, "Klinik X"])
    for line in EXPORT.splitlines():
        sheet.append([None, *line.split(";")])
    sheet.append([])
    sheet.append([None, "03-05-2026", "c", 51, "andet", " L-86 ryg"])
    book.save(path)


def cells(path: Path) -> list[list[object]]:
    from openpyxl import load_workbook

    return [[cell.value for cell in row][1:] for row in load_workbook(path)["Data"].iter_rows()]


def test_the_copies_of_a_workbook_are_workbooks_with_the_same_cells(tmp_path, capsys):
    workbook(tmp_path / "k.xlsx")
    assert check(tmp_path / "k.xlsx", "--annotate", tmp_path / "a.xlsx", "--fix", tmp_path / "f.xlsx") == 0
    assert "2 koder rettet" in capsys.readouterr().err
    before, annotated, fixed = (cells(tmp_path / name) for name in ("k.xlsx", "a.xlsx", "f.xlsx"))
    assert [row[:5] for row in annotated] == before
    assert [row[5:7] for row in annotated] == [
        [None, None],
        [None, None],
        ["icpc_status", "icpc_checks"],
        ["bemærkning", "R002"],
        ["ok", None],
        [None, None],
        ["bemærkning", "R002"],
    ]
    before[3][4], before[6][4] = "L86", " L86 ryg"
    assert fixed == before
    assert check(tmp_path / "a.xlsx", "--annotate", tmp_path / "b.xlsx") == 2
    assert "har allerede kolonnen icpc_status" in " ".join(capsys.readouterr().err.split())


def test_what_comes_on_standard_input_is_copied_too(icpc, tmp_path):
    ended = icpc.process("check", "-", "--fix", str(tmp_path / "f.csv"), stdin=EXPORT.encode("windows-1252"))
    assert ended.status == 0
    assert (tmp_path / "f.csv").read_bytes() == EXPORT.replace("l86", "L86").encode("windows-1252")


def test_the_exports_of_a_folder_are_copied_into_another(tmp_path, capsys):
    (tmp_path / "ind").mkdir()
    (tmp_path / "ud").mkdir()
    (tmp_path / "ind" / "a.csv").write_text(EXPORT, encoding="utf-8")
    workbook(tmp_path / "ind" / "b.xlsx")
    assert check(tmp_path / "ind", "--annotate", tmp_path / "ud") == 0
    assert sorted(path.name for path in (tmp_path / "ud").iterdir()) == ["a.csv", "b.xlsx"]
    assert check(tmp_path / "ind", "--annotate", tmp_path / "ind") == 2
    assert "overskrives ikke" in capsys.readouterr().err


def test_an_older_export_is_not_written_over(tmp_path, capsys):
    (tmp_path / "maj.csv").write_text(EXPORT, encoding="utf-8")
    (tmp_path / "april.csv").write_text(EXPORT, encoding="utf-8")
    status = check(tmp_path / "maj.csv", "--previous", tmp_path / "april.csv", "--annotate", tmp_path / "april.csv")
    assert status == 2
    assert "overskrives ikke" in capsys.readouterr().err


def test_a_line_of_totals_and_a_repeated_header_stay_as_they_are(tmp_path):
    content = EXPORT + EXPORT + "I alt;;;;4\n"
    (tmp_path / "k.csv").write_text(content, encoding="utf-8")
    assert check(tmp_path / "k.csv", "--annotate", tmp_path / "a.csv", "--fix", tmp_path / "f.csv") in (0, 1)
    lines = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()
    assert lines[3] == content.splitlines()[0]
    assert lines[6] == "I alt;;;;4"
    assert (tmp_path / "f.csv").read_text(encoding="utf-8") == content.replace("l86", "L86")


@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_a_mark_before_the_code_of_a_joined_file_is_kept(tmp_path, mark):
    content = f"ICPC;Speciale\nL86;51\n{mark}l86;51\nL03;51\n"
    (tmp_path / "k.csv").write_text(content, encoding="utf-8")
    check(tmp_path / "k.csv", "--fix", tmp_path / "f.csv")
    assert (tmp_path / "f.csv").read_text(encoding="utf-8") == content.replace("l86", "L86")


@pytest.mark.parametrize("output_format", ["text", "html", "csv"])
def test_a_check_shows_the_weight_that_the_clinic_gave_it(tmp_path, capsys, output_format):
    (tmp_path / "k.csv").write_text(EXPORT, encoding="utf-8")
    (tmp_path / "icpc.toml").write_text('[severity]\nR002 = "error"\n', encoding="utf-8")
    assert check(tmp_path / "k.csv", "--format", output_format) == 1
    out = capsys.readouterr().out
    assert ("error" if output_format == "csv" else "fejl") in out
    assert "bemærkning" not in out.replace("fejl, advarsler eller bemærkninger", "")


def test_what_is_repaired_follows_the_clinics_own_list(tmp_path, monkeypatch):
    codes = {"schema": own.SCHEMA, "name": "x", "imported": "2026-01-01", "codes": {"L86": "Ryg"}}
    (tmp_path / "codes.json").write_text(json.dumps(codes), encoding="utf-8")
    monkeypatch.setenv("ICPC_DATA", str(tmp_path))
    (tmp_path / "k.csv").write_text("Speciale;ICPC\n51;l 86, k 03\n", encoding="utf-8")
    check(tmp_path / "k.csv", "--fix", tmp_path / "f.csv")
    assert (tmp_path / "f.csv").read_text(encoding="utf-8") == "Speciale;ICPC\n51;L86, k 03\n"
