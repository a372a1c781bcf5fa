"""The worklist in the terminal: a course at a time, on from where it stopped; what is remembered names nobody."""

import csv
import io
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals on Windows", allow_module_level=True)

from tests.terminal import CTRL_C, ENTER, LEFT, Terminal

HEADER = (
    "Dato;CPR-nr;Forløb ID;Behandler;Klinik;Speciale;Forløbstype;Problemstilling;Nerverodstegn;Sikre fund;"
    "ICPC-kode;Notat"
)
SPINE = "{};0101490001;F1001;Ågot;Nordklinik;51;struktureret;lumbal stenose;;ja;;{}"
KNEE = "{};0202490002;F2002;Bente;Nordklinik;51;struktureret;artrose i knæ;nej;ja;;{}"
HIP = "{};0303490003;F3003;Carlo;Nordklinik;51;struktureret;artrose i hofte;nej;ja;{};"
ROWS = (
    SPINE.format("01-05-2026", "Kirsten Mortensen ringede"),
    SPINE.format("02-05-2026", "Går zebrafisk med Kirsten Mortensen, 010149-0001, født 1. januar 1949"),
    KNEE.format("01-05-2026", ""),
    KNEE.format("09-05-2026", ""),
    HIP.format("01-05-2026", ""),
    HIP.format("16-05-2026", "l8"),
)
PLACE = "Forløb {} af 3"
SIGNS = "Er der tegn på nerverodspåvirkning"
MENU, REASON, CODE = "Hvad er der gjort", "Hvorfor skal forløbet", "Koden, for eksempel"
ADVICE, END = "[r] ret", "Det var det sidste forløb"
Work = Callable[..., Any]


def wrote(path: Path, *rows: str) -> Path:
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return wrote(tmp_path / "maj.csv", *ROWS)


@pytest.fixture
def work(icpc: Any, export: Path, monkeypatch: pytest.MonkeyPatch) -> Work:
    """``work("g 4 2 q")`` answers the lines one after the other, in a terminal that takes only whole lines."""

    def worked(lines: str, *options: str, file: Path = export) -> Any:
        monkeypatch.setenv("TERM", "dumb")
        stdin = "".join(f"{line}\n" for line in lines.split())
        return icpc("work", str(file), "--today", "2026-06-01", *options, stdin=stdin, terminal=True)

    return worked


def in_terminal(export: Path, *options: str) -> Terminal:
    return Terminal("work", str(export), "--today", "2026-06-01", *options)


def kept() -> dict[str, Any]:
    file = Path(os.environ["ICPC_DATA"]) / "work.json"
    found: dict[str, Any] = json.loads(file.read_bytes())["decisions"] if file.exists() else {}
    return found


def listed(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";"))


# In a terminal


def test_courses_are_gone_through_with_the_interview_and_the_list_stays(export: Path, tmp_path: Path) -> None:
    target = tmp_path / "afgørelser.csv"
    with in_terminal(export, "--output", str(target)) as terminal:
        screen = terminal.wait_for(PLACE.format(1), "[q] slut")
        for said in ("0101490001", "F1001", "02-05-2026", "Ågot", "K101 fejl · linje 3", "zebrafisk"):
            assert said in screen
        assert "ringede" not in screen
        terminal.press("f", SIGNS, "Lumbal stenose")
        terminal.press(LEFT, PLACE.format(1), "zebrafisk")
        terminal.press("f", SIGNS)
        terminal.press("j", ADVICE, "L86")
        terminal.press("g", MENU, "1  Kodet: L86 Rygsyndrom", "2  Kodet: L84")
        terminal.press(LEFT, ADVICE)
        terminal.press("g", MENU)
        terminal.press("3", CODE)
        terminal.press("M54.5" + ENTER, '"M54.5" er ikke en ICPC-2-kode')
        terminal.press(ENTER, MENU)
        terminal.press("1", PLACE.format(2), "0202490002")
        terminal.press(LEFT, PLACE.format(1), "Kodet L86")
        terminal.press("n", PLACE.format(2))
        terminal.press("g", MENU)
        terminal.press("4", REASON)
        terminal.press(LEFT, MENU)
        terminal.press("4", REASON)
        terminal.press("4", PLACE.format(3))
        terminal.press("g", MENU)
        terminal.press("2", CODE)
        terminal.press("l 90" + ENTER, END, "Kodet L90 i stedet for l8")
        terminal.press("t", PLACE.format(3))
        terminal.press("n", END)
        terminal.send("q")
        assert terminal.ended() == 0
        assert "Sat til side: kodet et andet sted" in terminal.screen
        assert "zebrafisk" not in terminal.screen
        assert "nævner patienter" in " ".join(terminal.screen.split())
    assert [row[1:4] + row[5:] for row in listed(target)[1:]] == [
        ["0101490001", "F1001", "02-05-2026", "", "Kodet", "L86"],
        ["0202490002", "F2002", "09-05-2026", "", "Sat til side: kodet et andet sted", ""],
        ["0303490003", "F3003", "16-05-2026", "l8", "Kodet", "L90"],
    ]
    assert target.stat().st_mode & 0o777 == 0o600


# After the first course was put off: the keys to each screen, each with what stands there. The two screens that are not
# here are broken off in the test below.
_SCREENS: dict[str, list[tuple[str, str]]] = {
    "question": [(LEFT, PLACE.format(1)), ("f", SIGNS)],
    "advice": [("f", ADVICE)],
    "menu": [("g", MENU)],
    "code": [("g", MENU), ("2", CODE)],
    "end": [("g", MENU), ("1", PLACE.format(3)), ("n", END)],
}


@pytest.mark.parametrize("screen", _SCREENS)
def test_ctrl_c_at_every_screen_ends_and_what_was_answered_is_kept(export: Path, screen: str) -> None:
    with in_terminal(export) as terminal:
        terminal.wait_for(PLACE.format(1), "[q] slut")
        terminal.press("g", MENU)
        terminal.press("4", PLACE.format(2), "[q] slut")
        for keys, shown in _SCREENS[screen]:
            terminal.press(keys, shown)
        terminal.send(CTRL_C)
        assert terminal.ended() == 130
        assert "zebrafisk" not in terminal.screen
        assert ("Kodet L90" in terminal.screen) is (screen == "end")
    assert [each["done"] for each in kept().values()] == ["later", *["coded"] * (screen == "end")]


def test_it_goes_on_where_it_stopped_and_shows_again_what_has_changed(export: Path, work: Work) -> None:
    with in_terminal(export) as terminal:
        terminal.wait_for(PLACE.format(1), "[q] slut")
        terminal.press("g", MENU)
        terminal.press("5", REASON)
        terminal.press("3", PLACE.format(2), "[q] slut")
        terminal.press("g", MENU)
        terminal.press("4", REASON)
        terminal.send(CTRL_C)
        assert terminal.ended() == 130
        assert "2 forløb mangler stadig" in terminal.screen
    assert len(kept()) == 1
    assert "Forløb 1 af 2" in work("q").out
    wrote(export, *(row.replace("lumbal stenose;;ja", "lumbal stenose;ja;ja") for row in ROWS))
    with in_terminal(export) as terminal:
        screen = terminal.wait_for(PLACE.format(1), "[q] slut")
        assert "Sat til side: ingen af guidens koder passer. Siden da har" in screen
        terminal.send(CTRL_C)
        assert terminal.ended() == 130
    assert len(kept()) == 1


# What is remembered


def test_without_a_terminal_one_message_says_what_to_do(icpc: Any, export: Path) -> None:
    ended = icpc("work", str(export))
    assert (ended.status, ended.out) == (2, "")
    assert f"icpc check {export} --worklist arbejdsliste.xlsx" in " ".join(ended.err.split())
    assert kept() == {}


def test_nothing_of_a_patient_is_remembered(work: Work) -> None:
    assert work("g 5 5 g 1 g 3 q").status == 0
    assert work("g 1 q").status == 0
    folder = Path(os.environ["ICPC_DATA"])
    assert len(kept()) == 3
    assert folder.stat().st_mode & 0o777 == 0o700
    text = ""
    for file in folder.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
        text += file.name + file.read_text(encoding="utf-8")
    cells = {word for row in ROWS for word in re.split(r"[;\s,.]+", row)}
    days = {f"{word[:2]}{between}{word[2:4]}" for word in cells if word.isdigit() for between in ("", "-", "/")}
    words = {word for word in cells | days if len(word) > 3 or re.fullmatch("[A-Z][0-9]+", word)} | {"L84", "L90"}
    assert len(words) > 30
    # What is left of the file without the hashes, in which four digits may stand by chance.
    left = re.sub("[0-9a-f]{64}", "", text).casefold()
    assert [word for word in words if word.casefold() in left] == []
    assert re.sub("[0-9T:.+-]", "", "".join(each["when"] for each in kept().values())) == ""


def test_the_hashes_mean_nothing_without_the_key(work: Work) -> None:
    work("g 5 1 q")
    first = set(kept())
    (Path(os.environ["ICPC_DATA"]) / "work.key").unlink()
    assert "Forløb 1 af 3" in work("g 5 1 q").out
    assert first.isdisjoint(set(kept()) - first)


def test_check_says_what_was_set_aside_and_finds_the_same(icpc: Any, work: Work, export: Path, tmp_path: Path) -> None:
    def checked() -> tuple[int, Any]:
        ended = icpc("check", str(export), "--format", "json", "--today", "2026-06-01")
        return ended.status, json.loads(ended.out)

    before = checked()
    work("g 5 4 g 1 q")  # one is set aside, one is coded
    after = checked()
    assert after[1].pop("set_aside") == 1
    assert after == before
    for form in ("csv", "concise", "jsonl"):
        said = icpc("check", str(export), "--format", form, "--today", "2026-06-01").err
        assert "Sat til side: 1 forløb med icpc work; fundene tælles stadig med\n" in said
    ended = icpc("check", str(export), "--worklist", str(tmp_path / "liste.csv"), "--today", "2026-06-01")
    assert "Sat til side" in ended.out
    assert "1 forløb med icpc work" in ended.out
    assert [row[2] for row in listed(tmp_path / "liste.csv")[1:]] == ["F2002", "F3003"]
    assert "1 forløb er sat til side" in ended.err
    assert ended.status == before[0]


def test_a_course_is_known_in_the_next_export_until_it_changes(work: Work, export: Path, tmp_path: Path) -> None:
    work("g 5 4 g 1 g 4 2 q q")  # coded elsewhere; coded; over
    assert "1 kodet, 2 sat til side" in " ".join(work("").out.split())
    # A month later all have been there again: who is coded elsewhere still is, the others are seen again.
    later = [row.replace("-05-2026", "-06-2026") for row in ROWS]
    said = work("q", "--today", "2026-07-01", file=wrote(tmp_path / "juni.csv", *later)).out
    assert "Forløb 1 af 2" in said
    assert "F2002" in said
    assert "1 sat til side" in said
    # In another clinic the same number is somebody else.
    other = [row.replace("Nordklinik", "Sydklinik") for row in ROWS]
    assert "Forløb 1 af 3" in work("q", file=wrote(export, *other)).out


def test_what_was_put_off_comes_last(work: Work) -> None:
    work("g 4 q")
    said = work("n n q").out
    places = [said.index(each) for each in ("F2002", "F3003", "F1001")]
    assert places == sorted(places)


def test_a_decision_can_be_taken_back(work: Work) -> None:
    work("g 5 1 q")
    assert "Sat til side: hører til en anden klinik" in work("g 6 q", "--all").out
    assert kept() == {}
    assert PLACE.format(1) in work("q").out


def test_a_row_of_no_course_is_remembered_as_long_as_it_stands_there(work: Work, export: Path) -> None:
    wrote(export, "for;få;felter", HIP.format("01-05-2026", "L89"))
    assert "R001" in work("g 3 5 q").out
    assert "Alle forløb er afgjort" in work("").out
    wrote(export, HIP.format("01-05-2026", "L89"), "for;få;felter")
    assert "Forløb 1 af 1" in work("q").out


def test_rows_of_several_files_are_named_with_their_file(work: Work, export: Path, tmp_path: Path) -> None:
    other = wrote(tmp_path / "april.csv", *(HIP.format(f"{day:02}-04-2026", "") for day in range(1, 9)))
    wrote(export, *(HIP.format(f"{day:02}-05-2026", "l8") for day in range(1, 9)))
    said = work("q", str(other)).out
    assert "maj.csv, linje 2, 3, 4, 5, 6, ..." in " ".join(said.split())


def test_services_and_journal_of_two_files_are_one_course(work: Work, tmp_path: Path) -> None:
    services, journal = tmp_path / "ydelser.csv", tmp_path / "journal.csv"
    days = ("01-05-2026", "08-05-2026")
    lines = [f"{day};0303490003;51;Carlo" for day in days]
    services.write_text("\n".join(["Dato;CPR-nr;Speciale;Behandler", *lines]) + "\n", encoding="utf-8")
    lines = [f"{day};0303490003;struktureret;artrose i hofte;nej;ja;;Går pænt {day[:2]}" for day in days]
    header = "Dato;CPR-nr;Forløbstype;Problemstilling;Nerverodstegn;Sikre fund;ICPC-kode;Notat"
    journal.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    said = work("g 4 2 q", str(journal), file=services).out
    for part in ("Forløb 1 af 1", "Carlo", "Går pænt 08", "journal.csv, linje 3"):
        assert part in said
    assert "Alle forløb er afgjort" in work("", str(journal), file=services).out


def test_the_list_is_not_lost_to_a_second_one(work: Work, icpc: Any, export: Path, tmp_path: Path) -> None:
    target = tmp_path / "list.xlsx"
    ended = work("d 1 b b q", "--output", str(target), "--lang", "en")
    assert "For the practice system: 1 decision" in ended.out
    assert "names patients" in " ".join(ended.err.split())
    assert work("q", "--output", str(target)).status == 2
    assert work("q", "--output", str(export)).status == 2
    assert work("q", "--output", str(tmp_path / "list.docx")).status == 2
    assert "Intet er afgjort" in work("q", "--output", str(tmp_path / "ny.csv")).err
    assert not (tmp_path / "ny.csv").exists()
    work("g 1 q", "--output", str(tmp_path / "ny.csv"))
    ended = icpc("check", str(tmp_path), "--format", "json", "--today", "2026-06-01")
    assert [source["path"] for source in json.loads(ended.out)["sources"]] == [str(export)]


def test_nothing_to_mend_is_said(work: Work, export: Path) -> None:
    wrote(export, HIP.format("01-05-2026", "L89"))
    ended = work("")
    assert (ended.status, ended.out) == (0, "Der er ingen forløb at rette.\n")
