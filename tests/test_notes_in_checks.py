"""Notes count in a check where no cell states the fact, and only there; findings that rest on them say so."""

import io
import json
import sys
from datetime import date
from pathlib import Path

import pytest

from icpc_cli.guideline import load_guideline
from icpc_cli.judging import notes
from icpc_cli.judging.check import check_exports
from icpc_cli.judging.options import Options
from icpc_cli.screens.progress import reading_bar
from icpc_cli.voice import Voice
from tests.conftest import Icpc

HEADER = "Dato;Patient;Speciale;Forløbstype;Problemstilling;Nerverodstegn;Sikre fund;Notat;Diagnosekode"
STENOSIS = "Lumbal spinalstenose, positiv Lasègue"


def export(folder: Path, *rows: str, header: str = HEADER) -> str:
    path = folder / "maj.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return str(path)


def findings(icpc: Icpc, path: str, *arguments: str) -> list[tuple[int, str, list[str]]]:
    ended = icpc("check", path, "--format", "json", "--today", "2026-06-01", *arguments)
    assert ended.status in (0, 1), ended.err
    return [(each["row"], each["check"], each["suggestions"]) for each in json.loads(ended.out)["findings"]]


def test_a_note_says_what_no_column_says(tmp_path, icpc: Icpc):
    header = "Dato;Patient;Speciale;Forløbstype;Notat;Diagnosekode"
    path = export(tmp_path, f"01-05-2026;a;51;struktureret;{STENOSIS};L84", header=header)
    assert findings(icpc, path) == [(2, "K104", ["L86"])]
    assert findings(icpc, path, "--no-notes") == []


@pytest.mark.parametrize(("cells", "expected"), [
    (";;", [(2, "K104", ["L86"])]),
    ("lumbal stenose;;", [(2, "K104", ["L86"])]),
    ("artrose i knæ;;", [(2, "K103", ["L90"])]),
    (";nej;", []),
    (";ved ikke;", []),
    ("?;;", []),
    (";måske;", [(2, "R007", [])]),
])  # fmt: skip
def test_a_cell_that_is_filled_in_wins_over_the_note_fact_by_fact(tmp_path, icpc: Icpc, cells, expected):
    path = export(tmp_path, f"01-05-2026;a;51;struktureret;{cells};{STENOSIS};L84")
    assert findings(icpc, path) == expected


@pytest.mark.parametrize(("certain", "expected"), [("", ["K106"]), ("ved ikke", []), ("nej", ["K106"]), ("ja", [])])
def test_a_certainty_that_nobody_knows_is_not_taken_from_the_note(tmp_path, icpc: Icpc, certain, expected):
    path = export(tmp_path, f"01-05-2026;a;51;struktureret;knæartrose;;{certain};Knæartrose, afventer sikre fund.;L90")
    assert [check for _, check, _ in findings(icpc, path)] == expected


def test_a_course_takes_what_the_note_of_its_last_record_says(tmp_path, icpc: Icpc):
    rows = [f"0{day}-05-2026;a;57;andet;;;;{note};" for day, note in enumerate(("Hofteartrose", "Gonartrose"), 1)]
    header = HEADER.replace("Patient", "Forløb ID")
    path = export(tmp_path, *rows, header=header)
    assert findings(icpc, path) == [(3, "K101", ["L90"])]
    assert findings(icpc, path, "--no-notes") == []


def test_findings_say_that_they_rest_on_a_note_and_never_quote_it(tmp_path, icpc: Icpc):
    path = export(
        tmp_path,
        f"01-05-2026;a;51;struktureret;;;;{STENOSIS} hemmeligt;L84",
        "01-05-2026;b;51;struktureret;lumbal stenose;ja;;hemmeligt;L84",
    )
    said = icpc("check", path, "--format", "concise", "--today", "2026-06-01").out.splitlines()
    assert ["notatet" in line for line in said] == [True, False]
    for output_format in ("text", "json", "concise"):
        ended = icpc("check", path, "--format", output_format, "--today", "2026-06-01")
        assert "hemmeligt" not in ended.out + ended.err
        assert "Lasègue" not in ended.out + ended.err


def test_a_cpr_number_in_a_note_is_found_unless_notes_are_left_alone(tmp_path, icpc: Icpc):
    path = export(tmp_path, "01-05-2026;a;62;andet;skulder;;;Ringet til 010190-1234;L92")
    assert findings(icpc, path) == [(2, "P301", [])]
    assert findings(icpc, path, "--no-notes") == []


def test_many_different_notes_are_read_side_by_side_to_the_same_end(tmp_path, icpc: Icpc, monkeypatch):
    monkeypatch.setattr(notes, "_BATCH", 7)
    monkeypatch.setattr(notes, "_FEW", 20)
    said = [STENOSIS, "Gonartrose", "Ingen udstråling", "Øvelser"]
    rows = [f"01-05-2026;p{n};51;struktureret;;;;{said[n % 4]}. Aftale {n + 10}.;L84" for n in range(60)]
    path = export(tmp_path, *rows, *rows[:1])
    expected = [(n + 2, "K104" if n % 4 == 0 else "K103") for n in range(60) if n % 4 < 2]
    found = [(row, check) for row, check, _ in findings(icpc, path, "--ignore", "R009")]
    assert found == [*expected, (62, "K104")]


def test_in_a_terminal_the_bar_goes_on_from_bytes_to_notes_and_leaves_no_trace(tmp_path, monkeypatch):
    rows = [f"01-05-2026;p{n};51;struktureret;;;;{STENOSIS}. Aftale {n}.;L84" for n in range(2000)]
    path = export(tmp_path, *rows)
    screen = io.StringIO()
    screen.isatty = lambda: True  # type: ignore[method-assign]  # a terminal in memory
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr("icpc_cli.screens.progress.WORTH_SHOWING", 0)
    with (
        reading_bar(screen, Voice(), [path]) as bar,
        check_exports(load_guideline(), [path], Options(date(2026, 6, 1)), bar.read, bar.notes) as checked,
    ):
        bar.close()
        assert checked.counts == {"K104": 2000}
    shown = screen.getvalue()
    assert "Læser notater" in shown
    assert "2.000/2.000" in shown


def test_the_screen_says_beside_a_code_that_the_note_is_to_be_settled_first(tmp_path, icpc):
    (path := tmp_path / "noter.csv").write_text(
        "Dato;CPR;Speciale;Forløbstype;Problemstilling;ICPC-kode;Notat\n"
        "03-03-2026;020150-1234;51;Struktureret;Iskias;;Uændret\n"
        "04-03-2026;020150-1234;51;Struktureret;Iskias;;Kan ikke tisse siden i morges\n",
        encoding="utf-8",
    )
    screen = icpc("check", str(path), "--today", "2026-11-26").out
    assert "L86 ! afklar notatet først" in screen
    assert "morges" not in screen
