"""A note that is pasted, as a person does it: in a real terminal."""

import sys
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals on Windows", allow_module_level=True)

from tests.terminal import CTRL_C, CTRL_D, ENTER, Terminal

NOTE = "Obj.: lumbal spinalstenose på MR.\nq\n\n1. j n\nLasègue neg., ingen udfald."
HERE = "Indsæt eller skriv notatet her:"
COURSE = "Er det et struktureret forløb"
ANSWER = "[q] slut"


def pasted(text: str) -> str:
    """A text as a terminal hands it on that marks what is pasted."""
    return "\x1b[200~" + text.replace("\n", "\r") + "\x1b[201~"


def clipboard(folder: Path, text: str) -> str:
    """A clipboard that holds a text: the PATH on which it is found."""
    (folder / "text").write_text(text, encoding="utf-8")
    (folder / "xclip").write_text(f"#!/bin/sh\ncat {folder / 'text'}\n", encoding="utf-8")
    (folder / "xclip").chmod(0o755)
    return f"{folder}:/usr/bin:/bin"


def test_a_pasted_note_is_read_and_what_it_leaves_open_is_asked_at_once() -> None:
    with Terminal("note", "--specialty", "51", rows=50) as terminal:
        terminal.wait_for(HERE, "Ctrl-D: læs notatet")
        terminal.press(pasted(NOTE), "1. j n", "ingen udfald.", "Ctrl-D: læs notatet")
        screen = terminal.press(CTRL_D, COURSE, "Læst i notatet", "[spinalstenose]")
        assert HERE not in screen
        screen = terminal.press("s", ANSWER, "SKAL KODES", "Til journalen L84")
        terminal.send("q")
        assert terminal.ended() == 0


def test_the_next_patient_is_the_next_note() -> None:
    with Terminal("note", "--specialty", "51", "--course", "struktureret", rows=60) as terminal:
        terminal.wait_for(HERE)
        terminal.press(pasted(NOTE) + CTRL_D, ANSWER)
        terminal.press("n", HERE)
        terminal.press(pasted("Gonartrose på rtg.") + CTRL_D, COURSE, "(som sidst;", "» s", "[Gonartrose]")
        screen = terminal.press(ENTER, ANSWER, "Til journalen L90")
        assert "Lumbal stenose │" not in screen
        assert "SKAL KODES  Speciale 51 i struktureret forløb." in screen  # as last time


def test_a_note_can_be_typed_and_an_empty_one_is_not_taken() -> None:
    with Terminal("note", "--format", "json") as terminal:
        terminal.wait_for(HERE)
        terminal.press(CTRL_D, "Der er ikke noget notat endnu")
        terminal.press("Coxartrose" + ENTER + "på rtg.", "Ctrl-D: læs notatet")
        terminal.send(CTRL_D)
        assert terminal.ended() == 0
        assert '"hip_osteoarthritis"' in terminal.screen
        assert "Indsæt" not in terminal.screen


def test_breaking_off_while_pasting_leaves_nothing() -> None:
    with Terminal("note") as terminal:
        terminal.wait_for(HERE)
        terminal.press(pasted(NOTE), "udfald")
        terminal.send(CTRL_C)
        assert terminal.ended() == 130
        assert not terminal.screen


@pytest.mark.parametrize(("columns", "rows"), [(80, 10), (40, 6)])
def test_however_long_the_note_the_question_and_the_end_stay_on_the_screen(columns: int, rows: int) -> None:
    with Terminal("note", "--lang", "en", columns=columns, rows=rows) as terminal:
        terminal.wait_for("Paste or type the note here:", "Ctrl-D: read")
        terminal.press(pasted("\n".join(map(str, range(1000, 1100)))), "1099", "Paste or type", "Ctrl-D: read")


def test_the_clipboard_is_read_where_asked_for(tmp_path: Path) -> None:
    path = clipboard(tmp_path, NOTE)
    with Terminal("note", "--paste", "--specialty", "51", rows=50, DISPLAY=":99", PATH=path) as terminal:
        terminal.wait_for(COURSE, "[spinalstenose]")
        terminal.press("s", ANSWER)
        terminal.press("n", HERE)  # the clipboard still holds the note of the patient before


def test_without_a_clipboard_the_other_door_is_named(icpc: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("icpc_cli.cli.clipboard.pasted", lambda: None)
    ended = icpc("note", "--paste")
    assert (ended.status, ended.out) == (2, "")
    assert "Her er ingen udklipsholder" in ended.err
    assert "icpc note" in ended.err


def test_an_empty_clipboard_is_an_empty_note(icpc: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("icpc_cli.cli.clipboard.pasted", lambda: " \n")
    assert "Notatet er tomt" in icpc("note", "--paste").err


def test_a_note_is_given_in_one_way_only(icpc: Any) -> None:
    assert "Brug kun det ene" in icpc("note", "Iskias", "--paste").err


@pytest.mark.parametrize("arguments", [("note", "-"), ("suggest", "--note", "-")])
def test_standard_input_in_a_terminal_says_what_it_waits_for(arguments: tuple[str, ...]) -> None:
    with Terminal(*arguments, rows=60) as terminal:
        terminal.wait_for("Indsæt eller skriv notatet, og slut med Ctrl-D på en ny linje")
        terminal.send("Gonartrose.\n" + CTRL_D)
        terminal.wait_for("[Gonartrose]", "Hvilket speciale")
        terminal.press("51" + ENTER, COURSE)


def test_where_no_keys_can_be_read_lines_are_taken() -> None:
    with Terminal("note", TERM="dumb", rows=80) as terminal:
        terminal.wait_for("slut med Ctrl-D på en ny linje")
        terminal.send(NOTE + "\n" + CTRL_D)
        terminal.wait_for("[spinalstenose]", "Hvilket speciale", "slut):")
        terminal.answer("51", COURSE)
        terminal.answer("struktureret", "Til journalen L84", "Tast:")
        terminal.answer("n", "slut med Ctrl-D på en ny linje")
        terminal.send("Gonartrose på rtg.\n" + CTRL_D)
        terminal.wait_for("51 Almen fysioterapi (som sidst; gå tilbage for at rette)")
        terminal.answer("1", "Til journalen L90")


def test_a_note_is_kept_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for name in ("ICPC_DATA", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    with Terminal("note", "--specialty", "51", folder=home, HOME=str(home), TMPDIR=str(home)) as terminal:
        terminal.wait_for(HERE)
        terminal.press(pasted(NOTE) + CTRL_D, COURSE)
        terminal.press("s", ANSWER)
        terminal.send("q")
        assert terminal.ended() == 0
    files = [path for path in home.rglob("*") if path.is_file()]
    assert [path.name for path in files] == ["interview.json"]
    assert files[0].read_text(encoding="utf-8") == '{"specialty": "51", "course": "structured"}\n'
    assert {path.stat().st_mode & 0o077 for path in (files[0], files[0].parent)} == {0}


def test_bare_note_without_a_terminal_asks_for_the_text(icpc: Any) -> None:
    assert "TEKST mangler" in icpc("note", stdin="Iskias").err
