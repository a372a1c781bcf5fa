"""Services in one file, the journal in another: what a user types and sees. The screens were reviewed."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

SERVICES = """Dato;CPR-nr;Speciale;Ydelse;Forløbstype;Diagnosegruppe
01-05-2026;010140-5234;51;0110;Struktureret;Artrose i knæ
08-05-2026;010140-5234;51;0111;Struktureret;Artrose i knæ
02-05-2026;020240-5235;51;0110;Struktureret;Lumbal stenose
09-05-2026;020240-5235;51;0111;Struktureret;Lumbal stenose
09-05-2026;020240-5235;51;0113;Struktureret;Lumbal stenose
"""
JOURNAL = """Personnummer;Dato;ICPC-kode;Notat
0101405234;1. maj 2026;L90;Øvelser
0101405234;8. maj 2026;l86;Øvelser
0202405235;2. maj 2026;;Øvelser
0202405235;9. maj 2026;;Øvelser
0303405235;9. maj 2026;L84;Øvelser
"""
SCREEN = """\
ydelser.csv · utf-8 · semikolon
5 linjer læst · 5 vurderet · 0 føjet til en linje i en anden fil · 0 ulæselige
kolonner: Dato, CPR-nr → patient, Speciale, Ydelse, Forløbstype, Diagnosegruppe
→ problemstilling
! 2 linjer passer til flere linjer i en anden fil (samme patient og dag) og er
vurderet alene: linje 5, 6. Hele listen: --format json.
journal.csv · utf-8 · semikolon
5 linjer læst · 2 vurderet · 3 føjet til en linje i en anden fil · 0 ulæselige
kolonner: Personnummer → patient, Dato, ICPC-kode → kode, Notat
! Linje 6 passer ikke til nogen linje i de andre filer og er vurderet alene.
! Linje 5 passer til flere linjer i en anden fil og er vurderet alene.
"""


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("ydelser.csv", SERVICES), ("journal.csv", JOURNAL)):
        Path(name).write_text(text, encoding="utf-8")
    return tmp_path


def checked(icpc: Any, *arguments: str) -> Any:
    return json.loads(icpc("check", *arguments, "--today", "2026-06-01", "--format", "json").out)


def found(whole: Any) -> list[tuple[Any, ...]]:
    return [(each["path"], each["row"], each["check"], each["column"]) for each in whole["findings"]]


def test_the_screen_says_what_was_joined_and_what_stayed_alone(icpc):
    assert icpc("check", "ydelser.csv", "journal.csv", "--today", "2026-06-01").out.startswith(SCREEN)


def test_findings_stand_in_the_file_that_has_the_cell_to_mend(icpc):
    for order in (["ydelser.csv", "journal.csv"], ["journal.csv", "ydelser.csv"]):
        whole = checked(icpc, *order)
        assert found(whole) == [("journal.csv", row, check, "ICPC-kode")
                                for row, check in ((3, "K103"), (3, "R002"), (5, "K101"))]  # fmt: skip
        assert whole["courses"]["mandatory_coded"] == 1
        first, second = whole["sources"]
        assert first["rows"] == {"read": 5, "judged": 5, "joined": 0, "unreadable": 0}
        assert second["rows"] == {"read": 5, "judged": 2, "joined": 3, "unreadable": 0}
        alone = {each["path"]: each["alone"] for each in (first, second)}
        assert alone["ydelser.csv"] == {"none": [], "several": [5, 6]}
        assert alone["journal.csv"] == {"none": [6], "several": [5]}


def test_files_of_the_same_roles_are_read_one_after_the_other(icpc):
    Path("maj.csv").write_text("Dato;CPR-nr;Speciale;ICPC-kode\n01-05-2026;010140-5234;62;L90\n", encoding="utf-8")
    Path("juni.csv").write_text("CPR-nr;Dato;Spec;ICPC;Konto\n010140-5234;01-05-2026;62;L90;7\n", encoding="utf-8")
    for source in checked(icpc, "maj.csv", "juni.csv")["sources"]:
        assert source["rows"] == {"read": 1, "judged": 1, "unreadable": 0}
        assert "alone" not in source


def test_each_side_may_be_several_files(icpc):
    Path("ydelser2.csv").write_text(SERVICES.replace("-05-", "-04-"), encoding="utf-8")
    Path("journal2.csv").write_text(JOURNAL.replace("maj", "april"), encoding="utf-8")
    sources = checked(icpc, "journal2.csv", "ydelser.csv", "ydelser2.csv", "journal.csv")["sources"]
    assert [each["rows"]["joined"] for each in sources] == [0, 0, 3, 3]


def test_without_joining_each_file_must_be_whole(icpc):
    ended = icpc("check", "ydelser.csv", "journal.csv", "--no-join")
    assert ended.status == 2
    assert "ydelser.csv: der er ikke fundet en kolonne med diagnosekoder" in ended.err
    ended = icpc("check", "ydelser.csv", "journal.csv", "--no-join", "--without-codes", "--specialty", "51")
    assert "føjet" not in ended.out
    assert "icpc check ydelser.csv journal.csv --specialty 51 --no-join --without-codes" in ended.out


def test_a_role_that_no_file_has_is_lacking(icpc):
    Path("journal.csv").write_text("CPR-nr;Dato;Notat\n010140-5234;01-05-2026;Øvelser\n", encoding="utf-8")
    ended = icpc("check", "ydelser.csv", "journal.csv")
    assert ended.status == 2
    assert "er ikke fundet en kolonne med diagnosekoder" in ended.err
    Path("journal.csv").write_text(JOURNAL.replace("ICPC-kode", "Kode 7"), encoding="utf-8")
    whole = checked(icpc, "ydelser.csv", "journal.csv", "--map", "code=Kode 7")
    assert ("journal.csv", 3, "K103", "Kode 7") in found(whole)


def test_a_fixed_value_is_for_what_no_file_has(icpc):
    for option in ("57", "51"):
        assert checked(icpc, "journal.csv", "ydelser.csv", "--specialty", option)["courses"]["mandatory"] == 2
    Path("ydelser.csv").write_text(SERVICES.replace("Speciale", "Rabat"), encoding="utf-8")
    whole = checked(icpc, "ydelser.csv", "journal.csv", "--specialty", "62")
    assert whole["courses"]["voluntary"] == 3


@pytest.mark.parametrize("option", ["--annotate", "--fix"])
def test_copies_are_of_one_file(icpc, option):
    Path("ud").mkdir()
    ended = icpc("check", "ydelser.csv", "journal.csv", option, "ud")
    assert ended.status == 2
    assert f"{option} gælder én fil, og disse filer samles" in " ".join(ended.err.split())
    assert not list(Path("ud").iterdir())


def test_an_earlier_export_may_be_in_two_files_as_well(icpc):
    for name in ("ydelser", "journal"):
        Path(f"foer-{name}.csv").write_text(Path(f"{name}.csv").read_text(encoding="utf-8"), encoding="utf-8")
    Path("journal.csv").write_text(JOURNAL.replace("L90", "").replace("l86", ""), encoding="utf-8")
    earlier = ("--previous", "foer-ydelser.csv", "--previous", "foer-journal.csv")
    whole = checked(icpc, "ydelser.csv", "journal.csv", *earlier)
    (gone,) = [each for each in whole["findings"] if each["check"] == "H201"]
    assert (gone["path"], gone["row"]) == ("journal.csv", 3)
    assert "L86, L90" in gone["message"]


def test_a_workbook_and_a_text_file_are_joined_and_midnight_is_no_time_of_day(icpc):
    book = xlsxwriter.Workbook("ydelser.xlsx")
    sheet = book.add_worksheet()
    for row, line in enumerate(SERVICES.splitlines()):
        sheet.write_row(row, 0, line.split(";"))
        if row:
            day = date(2026, 5, int(line[:2]))
            sheet.write_datetime(row, 0, day, book.add_format({"num_format": "dd-mm-yyyy hh:mm"}))
    book.close()
    Path("journal.csv").write_text(JOURNAL.replace(" 2026;", " 2026 kl. 10.30;"), encoding="utf-8")
    assert [each["rows"]["joined"] for each in checked(icpc, "ydelser.xlsx", "journal.csv")["sources"]] == [0, 3]


def test_the_time_of_day_tells_rows_of_one_day_apart(icpc):
    rows = ("09-05-2026 09:30;020240-5235;51;0111", "09-05-2026 14:00;020240-5235;51;0113")
    Path("ydelser.csv").write_text("\n".join(("Dato;CPR-nr;Speciale;Ydelse", *rows)), encoding="utf-8")
    notes = "Dato;CPR-nr;ICPC-kode\n2026-05-09T14:00:00;0202405235;L84\n2026-05-09 9:30;0202405235;L03\n"
    Path("journal.csv").write_text(notes, encoding="utf-8")
    assert [each["rows"]["joined"] for each in checked(icpc, "ydelser.csv", "journal.csv")["sources"]] == [0, 2]
    Path("journal.csv").write_text(notes.replace(" 9:30", ""), encoding="utf-8")
    (_, journal) = checked(icpc, "ydelser.csv", "journal.csv")["sources"]
    assert journal["alone"] == {"none": [], "several": [2, 3]}


def test_rows_that_contradict_each_other_are_not_one(icpc):
    Path("journal.csv").write_text(JOURNAL.replace("Notat", "Speciale").replace("Øvelser", "57"), encoding="utf-8")
    sources = checked(icpc, "ydelser.csv", "journal.csv")["sources"]
    assert [each["alone"]["none"] for each in sources] == [[2, 3, 4, 5, 6]] * 2


def test_of_three_files_each_must_fit_each(icpc):
    text = "Dato;CPR-nr;Forløb ID;Speciale\n01-05-2026;010140-5234;{};51\n"
    for name, course in (("a", "1"), ("b", ""), ("c", "1")):
        roles = text.format(course).replace("Speciale", {"a": "Speciale", "b": "ICPC", "c": "Ydelse"}[name])
        Path(f"{name}.csv").write_text(roles, encoding="utf-8")
    sources = checked(icpc, "a.csv", "b.csv", "c.csv")["sources"]
    assert [each["rows"]["joined"] for each in sources] == [0, 1, 1]
    Path("c.csv").write_text("Dato;CPR-nr;Forløb ID;Ydelse\n01-05-2026;010140-5234;2;0110\n", encoding="utf-8")
    sources = checked(icpc, "a.csv", "b.csv", "c.csv")["sources"]
    assert [each["alone"]["several"] for each in sources] == [[2], [2], [2]]


def test_a_lone_row_of_the_journal_is_of_the_course_and_clinic_of_its_patient(icpc):
    text = SERVICES.replace("Speciale", "Speciale;Forløbsnr;Ydernr").replace(";51;", ";51;7;012345;")
    Path("ydelser.csv").write_text(text, encoding="utf-8")
    journal = JOURNAL.replace("0202405235;9. maj 2026;", "0202405235;9. maj 2026;L84")
    Path("journal.csv").write_text(journal, encoding="utf-8")
    whole = checked(icpc, "ydelser.csv", "journal.csv")
    assert "K101" not in whole["findings_by_check"]


def test_red_flags_in_the_note_of_one_file_are_told_at_the_code_of_another(icpc):
    Path("ydelser.csv").write_text(
        "Dato;CPR-nr;Speciale;Forløbstype;Tilstand;ICPC\n01-05-2026;010140-5234;51;struktureret;knæartrose;L83\n",
        encoding="utf-8",
    )
    Path("journal.csv").write_text(
        "CPR-nr;Dato;Notat\n0101405234;01-05-2026;Ridebukseanæstesi og nyopstået urinretention.\n", encoding="utf-8"
    )
    (finding,) = checked(icpc, "journal.csv", "ydelser.csv")["findings"]
    assert (finding["path"], finding["check"], finding["red_flags"]) == ("ydelser.csv", "K103", True)


@pytest.mark.parametrize(
    ("command", "status", "said"),
    [(["report", "--format", "json"], 0, ""), (["partner", "--output", "ud.html"], 2, "mindst 5 patienter")],
    ids=["report", "partner"],
)
def test_all_commands_that_take_exports_join_them(icpc, command, status, said):
    ended = icpc(command[0], "ydelser.csv", "journal.csv", *command[1:])
    assert ended.status == status, ended.err
    assert said in " ".join(ended.err.split())
    ended = icpc(command[0], "ydelser.csv", "journal.csv", *command[1:], "--no-join")
    assert ended.status == 2
    assert "patienter" not in ended.err


def test_the_report_names_the_place_in_the_file_with_the_code(icpc):
    out = icpc("report", "ydelser.csv", "journal.csv", "--format", "text").out
    assert re.search(r"journal\.csv +3 +Artrose i knæ +l86 → L90", out)


def test_what_was_found_last_time_is_the_same_now_where_both_are_in_two_files(icpc):
    Path("foer").mkdir()
    for name in ("ydelser.csv", "journal.csv"):
        Path("foer", name).write_text(Path(name).read_text(encoding="utf-8"), encoding="utf-8")
    assert checked(icpc, "ydelser.csv", "journal.csv", "--previous", "foer")["since"] == {
        "new": 0, "open": 3, "mended": 0, "gone": 0,
    }  # fmt: skip
    Path("journal.csv").write_text(JOURNAL.replace("l86", "L90"), encoding="utf-8")
    assert checked(icpc, "journal.csv", "ydelser.csv", "--previous", "foer")["since"] == {
        "new": 0, "open": 1, "mended": 2, "gone": 0,
    }  # fmt: skip


def test_the_worklist_has_what_both_files_say_of_a_course(icpc):
    icpc("check", "journal.csv", "ydelser.csv", "--worklist", "liste.csv", "--today", "2026-06-01")
    lines = Path("liste.csv").read_text(encoding="utf-8-sig").splitlines()
    assert ["0202405235" in lines[1], "Lumbal stenose" in lines[1], "L84" in lines[1]] == [True] * 3
    assert ["l86" in lines[2], "Artrose i knæ" in lines[2], len(lines)] == [True, True, 3]
