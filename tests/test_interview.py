"""The interview as a person meets it, in a real terminal; and, quickly and in this process, which questions it asks."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals on Windows", allow_module_level=True)

from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from icpc_cli import Case
from icpc_cli.advice import open_questions
from icpc_cli.guideline import Guideline, load_guideline
from icpc_cli.model import Condition, Fact, Value
from icpc_cli.prompts import Keyboard, Plain, asker
from icpc_cli.prompts.sheets import found, sheet
from icpc_cli.settings.memory import remembered
from icpc_cli.text import Language
from icpc_cli.voice import Voice
from tests.conftest import some
from tests.terminal import (
    BACKSPACE,
    CTRL_C,
    CTRL_D,
    DOWN,
    ENTER,
    LEFT,
    PAGE_DOWN,
    UP,
    Terminal,
    interviewed,
)

SPECIALTY = "Hvilket speciale"
COURSE = "Er det et struktureret forløb"
CONDITIONS = "Hvad handler forløbet om"
SIGNS = "Er der tegn på nerverodspåvirkning"
CERTAIN = "Er de kliniske fund sikre"
ANSWER = "[q] slut"
CODE = re.compile(rb"L\d\d")
COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-7]|4[0-7]|9[0-7]|10[0-7]|[34]8;)[\d;]*m")

# From the first question to the answer about lumbar stenosis: what stands on the screen, and the keys that answer it.
_WAY = ((SPECIALTY, ENTER), (COURSE, "s"), (CONDITIONS, "3" + ENTER), (SIGNS, "j"), (CERTAIN, "j"))
_QUICK = ("suggest", "--specialty", "51", "--course", "struktureret", "--condition", "gonartrose")


def _walk(terminal: Terminal, until: str) -> str:
    for question, keys in _WAY:
        terminal.wait_for(question)
        if question == until:
            return terminal.screen
        terminal.send(keys)
    return terminal.wait_for(ANSWER)


def _shows(terminal: Terminal, screen: str) -> bool:
    return terminal.screen == screen


def test_bare_icpc_asks_and_answers_with_arrow_keys() -> None:
    with Terminal() as terminal:
        terminal.wait_for(SPECIALTY)
        terminal.press(DOWN, "» 57")
        terminal.press(UP + ENTER, COURSE)
        terminal.press(ENTER, CONDITIONS)
        terminal.press(DOWN * 2 + " ", "● 3")
        terminal.press(ENTER, SIGNS)
        terminal.press(ENTER, CERTAIN)
        screen = terminal.press(ENTER, ANSWER)
        assert "SKAL KODES  Speciale 51 i struktureret forløb." in screen
        assert re.search(r"L86  Rygsyndrom med smerteudstråling +anbefalet · kan kodes nu", screen)
        assert "Til journalen L86 Rygsyndrom med smerteudstråling" in screen


def test_digits_answer_as_well() -> None:
    with Terminal() as terminal:
        terminal.wait_for(SPECIALTY)
        terminal.press("51" + ENTER, COURSE)
        terminal.press("1", CONDITIONS)
        terminal.press("46", "● 4", "● 6")
        terminal.press("6", "○ 6")
        terminal.press("5" + ENTER, CERTAIN)
        screen = terminal.press("2", ANSWER)
        assert "Til journalen L13 Symptom/klage fra hofte; L15 Symptom/klage fra knæ" in screen


def test_another_specialty_is_typed() -> None:
    with Terminal() as terminal:
        terminal.wait_for(SPECIALTY)
        terminal.press("a", "Skriv specialets nummer")
        terminal.press("6", "Andet speciale: 6")
        terminal.press(ENTER, "Skriv specialets nummer")
        terminal.press("25", "Andet speciale: 625")
        terminal.press(BACKSPACE, "» ", "Andet speciale: 62\n")
        assert "Speciale       62" in terminal.press(ENTER, CONDITIONS)
        assert "Andet speciale: 62" in terminal.press(LEFT, SPECIALTY)
        terminal.press(BACKSPACE * 2 + "57", "» 57")
        assert "Speciale       57 Ridefysioterapi" in terminal.press(ENTER, CONDITIONS)


def test_a_number_that_is_no_specialty_of_physiotherapy_is_asked_about_once() -> None:
    with Terminal() as terminal:
        terminal.wait_for(SPECIALTY)
        terminal.press("511" + ENTER, "Er det speciale 51? 511", "Ja, speciale 51 Almen fysioterapi")
        assert "Speciale       51 Almen fysioterapi" in terminal.press("j", COURSE)
        terminal.press(LEFT, SPECIALTY)
        terminal.press(BACKSPACE * 3 + "83" + ENTER, "Er specialet 83?", "51, 57, 62 og 65")
        terminal.press("n", SPECIALTY)
        terminal.press(BACKSPACE * 2 + "83" + ENTER, "Er specialet 83?")
        assert "Speciale       83" in terminal.press("j", CONDITIONS)


def test_answers_given_stand_above_the_question() -> None:
    with Terminal("suggest", "--consultation", "2") as terminal:
        screen = _walk(terminal, until=CERTAIN)
        assert [line.split(maxsplit=1) for line in screen.split("\n")[2:7]] == [
            ["Speciale", "51 Almen fysioterapi"],
            ["Forløb", "Struktureret forløb"],
            ["Problem", "Lumbal stenose"],
            ["Nerverodstegn", "Ja"],
            ["Konsultation", "2"],
        ]


def test_nothing_ticked_is_no_answer() -> None:
    with Terminal() as terminal:
        _walk(terminal, until=CONDITIONS)
        terminal.press("9", "Tasten 9 vælger ikke noget")
        terminal.press(ENTER, "Sæt mindst ét kryds, eller tryk 0 for ved ikke", CONDITIONS)
        terminal.press(UP + ENTER, ANSWER, "problemet er ikke oplyst")


def test_typing_leaves_the_conditions_of_that_name() -> None:
    with Terminal() as terminal:
        _walk(terminal, until=CONDITIONS)
        screen = terminal.press("ste", "» ○ 3  Lumbal stenose", 'Skrevet: "ste"')
        assert "Artrose" not in screen
        terminal.press(BACKSPACE * 3, "7  Andet")
        terminal.press("artrose", "4  Artrose i hofte", "5  Artrose i knæ")
        assert "●" not in terminal.press(ENTER, "Det passer på 2")
        terminal.press(DOWN + ENTER, "● 5  Artrose i knæ", "○ 6")
        terminal.press("ved", "» ", "0  Ved ikke")
        terminal.press(BACKSPACE * 3 + "ryg", "○ 6  Primære smerter i lænderyggen")
        terminal.press(ENTER, "● 5", "● 6")
        terminal.press(ENTER, SIGNS)


def test_words_tick_nothing_that_they_do_not_name() -> None:
    with Terminal() as terminal:
        _walk(terminal, until=CONDITIONS)
        screen = terminal.press("lumbal stenose", "» ○ 3  Lumbal stenose")
        assert "nakke" not in screen
        terminal.press(ENTER, "● 3", "○ 1")
        assert "●" not in terminal.press("skulder 5", "Intet på listen svarer til", "Tasten 5 vælger ikke noget")
        terminal.press(ENTER, "Intet på listen svarer til")
        terminal.press(BACKSPACE * 8, "● 3")
        assert "Lumbal stenose" in terminal.press(ENTER, SIGNS)


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        *(
            (typed, "3")
            for typed in ("ste", "stenose lumbal", "spinalst", "lumbalsten", "lumbal-ste", "spinal stenosis")
        ),
        *((typed, "5") for typed in ("knæ", "knae", "kna", "gon", "slidgigt i k", "osteoarthritis of the knee")),
        *((typed, "6") for typed in ("lændes", "landes", "laendes", "low", "ryg")),
        ("artrose", "45"),
        ("isk", "2"),
        ("ved", "0"),
        ("skulder", ""),
        ("xæ", ""),
    ],
)
def test_conditions_are_found_by_any_of_their_names(guideline: Guideline, typed: str, places: str) -> None:
    options = sheet(Voice(), guideline, Fact.CONDITIONS).options
    assert "".join(options[place].key for place in found(options, typed)) == places


def test_a_word_that_is_typed_answers_one_question_only() -> None:
    with Terminal("suggest", "--condition", "lumbal stenose") as terminal:
        terminal.wait_for(SPECIALTY)
        terminal.press("51" + ENTER, COURSE)
        terminal.press("struktureret" + ENTER, SIGNS)
        terminal.press("nej" + ENTER, CERTAIN, "Nerverodstegn  Nej", "» j")
        terminal.press("ved ikke" + ENTER, ANSWER, "bekræft fundene først")


def test_a_key_that_does_nothing_says_so() -> None:
    with Terminal(*_QUICK, "--nerve-root-signs", "ja") as terminal:
        terminal.wait_for(CERTAIN)
        terminal.press("x", "Tasten x vælger ikke noget")
        terminal.press("9", "Tasten 9 vælger ikke noget")
        terminal.press(DOWN, "» n", "1-3")
        terminal.press(" ", "Den tast gør ikke noget")
        terminal.press("\x1bOP", "Den tast gør ikke noget")
        terminal.press(LEFT, "ikke noget at gå tilbage til")
        terminal.press("\x1b[200~j\x1b[201~", "Her kan intet indsættes", CERTAIN)
        terminal.press("j", ANSWER)
        terminal.press("x", "Den tast gør ikke noget")
        terminal.press(DOWN, "ikke mere at rulle til")


@pytest.mark.parametrize(("columns", "rows"), [(80, 10), (40, 8), (40, 5)])
def test_in_a_small_window_the_question_goes_last(columns: int, rows: int) -> None:
    with Terminal("suggest", "--specialty", "51", columns=columns, rows=rows) as terminal:
        terminal.wait_for("? Er det et struktureret", "» s")
        screen = terminal.press("s", "Hvad handler forløbet om", "» ○ 1", "... ")
        assert len(screen.split("\n")) <= rows
        terminal.press(UP * 2, "» ○ 7  Andet", "Hvad handler forløbet om", "... ")
        terminal.press("ste", "» ○ 3  Lumbal stenose", "Hvad handler forløbet om")
        terminal.press(ENTER * 2, "Er der tegn på", "» j")
        terminal.press("?", "Er der tegn på", "» j" if rows > 5 else "?")
        terminal.press("?j", "kliniske fund", "» j")
        terminal.press("j", "slut")


def test_help_for_every_question_is_one_key_away_and_goes_again(guideline: Guideline) -> None:
    with Terminal() as terminal:
        for question, keys in _WAY:
            before = terminal.wait_for(question)
            asked = next(q for q in guideline.questions.values() if q.text.da.startswith(question))
            words, source = asked.help.da.split(), guideline.cited(asked.basis, asked.source).da
            terminal.press("?", " ".join(words[:4]), words[-1], f"[{source[:40]}")
            terminal.send("?")
            terminal.wait_until(partial(_shows, terminal, before))
            terminal.send(keys)
        terminal.wait_for(ANSWER)


def test_one_can_go_back_and_answers_are_pointed_at() -> None:
    with Terminal() as terminal:
        _walk(terminal, until=SIGNS)
        terminal.press("n", CERTAIN)
        terminal.press(LEFT, SIGNS, "» n  Nej")
        terminal.press(BACKSPACE, CONDITIONS, "● 3")
        terminal.press(LEFT, COURSE, "» s")
        assert "tilbage" not in terminal.press(LEFT, SPECIALTY, "» 51")
        terminal.press(LEFT + BACKSPACE + DOWN, "» 57")
        screen = terminal.press(ENTER, CONDITIONS)
        assert "Forløb" not in screen
        assert "● 3" in screen


def test_what_was_said_of_another_condition_is_not_pointed_at() -> None:
    with Terminal() as terminal:
        _walk(terminal, until=SIGNS)
        terminal.press("n", CERTAIN)
        terminal.press("n", ANSWER)
        terminal.press(LEFT, CERTAIN, "» n")
        terminal.press(LEFT, SIGNS, "» n")
        terminal.press(LEFT, CONDITIONS)
        terminal.press("35" + ENTER, CERTAIN, "» j")


def test_dont_know_leaves_a_fact_open_and_asks_no_more() -> None:
    with Terminal() as terminal:
        _walk(terminal, until=SIGNS)
        assert "Nerverodstegn  Ved ikke" in terminal.press("v", CERTAIN)
        screen = terminal.press("v", ANSWER)
        assert "Endnu åbent   tegn på nerverodspåvirkning, sikre fund" in screen
        assert "bekræft fundene først" in screen


def test_an_option_that_says_dont_know_is_not_asked() -> None:
    with Terminal(*_QUICK, "--findings-certain", "ved ikke") as terminal:
        terminal.wait_for(ANSWER, "bekræft fundene først", "Endnu åbent   sikre fund")


def test_given_options_are_kept_and_only_the_open_is_asked() -> None:
    with Terminal("suggest", "--specialty", "57", "--condition", "gonartrose") as terminal:
        assert "tilbage" not in terminal.wait_for(CERTAIN, "57 Ridefysioterapi", "Artrose i knæ")
        terminal.send(LEFT + BACKSPACE)
        terminal.press("j", ANSWER, "SKAL KODES  Speciale 57")
        terminal.press(LEFT, CERTAIN)


def test_the_next_patient_is_asked_about_anew() -> None:
    with Terminal(*_QUICK) as terminal:
        terminal.wait_for(CERTAIN)
        terminal.press("j", ANSWER)
        screen = terminal.press("n", CONDITIONS, "51 Almen fysioterapi (som sidst)")
        assert "●" not in screen
        assert "L90" not in screen
        terminal.press(LEFT, COURSE, "» s")
        terminal.press(LEFT, SPECIALTY, "» 51")
        terminal.press(DOWN, "» 57")
        assert "som sidst" not in terminal.press(ENTER, CONDITIONS)
        terminal.press("4" + ENTER, CERTAIN)
        terminal.press("j", ANSWER, "L89")
        terminal.send("q")
        assert terminal.ended() == 0
        assert "L89  Artrose i hofteled" in terminal.screen
        assert "[q]" not in terminal.screen


_KNEE = ("5", ENTER, "j")


def _pressed(terminal: Terminal, keys: Iterable[str], until: str) -> int:
    """Press one key after the other, each when the screen is whole; says how many they were."""
    for count, key in enumerate(keys, start=1):
        terminal.press(key, until if count == len(list(keys)) else "?")
    return len(list(keys))


def test_the_commonest_case_takes_eight_keys_with_the_command_and_each_next_patient_four() -> None:
    with Terminal() as terminal:
        terminal.wait_for(SPECIALTY)
        _pressed(terminal, (ENTER, "s", *_KNEE), ANSWER)
    command = "icpc" + ENTER
    with Terminal() as terminal:
        terminal.wait_for(CONDITIONS, "51 Almen fysioterapi (som sidst)", "Struktureret forløb (som sidst; gå tilbage")
        keys = len(command) + _pressed(terminal, _KNEE, "anbefalet · kan kodes nu")
        assert "SKAL KODES  Speciale 51 i struktureret forløb." in terminal.screen
        assert keys <= 8
        for _ in range(3):
            terminal.press("n", CONDITIONS, "som sidst")
            assert 1 + _pressed(terminal, _KNEE, "anbefalet · kan kodes nu") <= 4


def test_no_answer_rests_on_what_was_filled_in_and_not_seen() -> None:
    with Terminal(*_QUICK, "--findings-certain", "ja") as terminal:
        terminal.wait_for(ANSWER)
    with Terminal("suggest", "--condition", "gonartrose", "--findings-certain", "ja") as terminal:
        terminal.wait_for(COURSE, "51 Almen fysioterapi (som sidst; gå tilbage for at rette)", "» s")
        terminal.press(ENTER, ANSWER, "SKAL KODES")
    with Terminal("suggest", "--course", "andet", "--condition", "gonartrose", "--findings-certain", "ja") as terminal:
        terminal.wait_for(SPECIALTY, "» 51")


def test_what_was_given_as_an_option_is_kept_for_the_next_patient_and_the_next_start() -> None:
    with Terminal("suggest", "--specialty", "51", "--course", "andet", "--condition", "gonartrose") as terminal:
        terminal.wait_for(CERTAIN)
        terminal.press("j", ANSWER)
        terminal.press("n", CONDITIONS, "Andet forløb (som sidst")
        terminal.press("5" + ENTER, CERTAIN, "Andet forløb (som sidst)")
    with Terminal("suggest", "--specialty", "57") as terminal:
        assert "sidst" not in terminal.wait_for(CONDITIONS, "57 Ridefysioterapi")
        terminal.press("5" + ENTER, CERTAIN)
        terminal.press("j", ANSWER)
        terminal.press("n", CONDITIONS, "57 Ridefysioterapi (som sidst; gå tilbage for at rette)")
        terminal.press(LEFT, SPECIALTY, "» 57")
        terminal.press("51" + ENTER, COURSE)  # a course type belongs to its specialty


def test_only_specialty_and_course_type_are_kept_and_only_for_the_user() -> None:
    with Terminal() as terminal:
        _walk(terminal, until=ANSWER)
        terminal.send("q")
        assert terminal.ended() == 0
    (file,) = Path(os.environ["ICPC_DATA"]).iterdir()
    assert file.read_text(encoding="utf-8") == '{"specialty": "51", "course": "structured"}\n'
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "kept", ["{", "[]", '{"specialty": 51}', '{"course": "x"}', "null", "\0", '{"specialty": null}']
)
def test_what_cannot_be_read_any_more_is_as_if_nothing_was_kept(kept: str) -> None:
    folder = Path(os.environ["ICPC_DATA"])
    folder.mkdir()
    (folder / "interview.json").write_text(kept, encoding="utf-8")
    assert remembered(load_guideline()).last == {}


def test_where_nothing_can_be_kept_the_interview_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with Terminal(*_QUICK, ICPC_DATA=str(tmp_path / "file" / "folder")) as terminal:
        terminal.wait_for(CERTAIN)
        terminal.press("j", ANSWER)
        terminal.press("n", CONDITIONS, "som sidst")


def test_the_clinics_settings_fix_what_is_filled_in(tmp_path: Path) -> None:
    (tmp_path / "icpc.toml").write_text('[interview]\nspeciale = "57"\n', encoding="utf-8")
    (tmp_path / "below").mkdir()
    for _ in range(2):
        with Terminal(folder=tmp_path / "below") as terminal:
            terminal.wait_for(CONDITIONS, "57 Ridefysioterapi (fra icpc.toml; gå tilbage for at rette)")
            terminal.press(LEFT, SPECIALTY, "» 57")
            terminal.press("51" + ENTER, COURSE)
            terminal.press("s", CONDITIONS)
            _pressed(terminal, _KNEE, ANSWER)
            terminal.press("n", CONDITIONS, "57 Ridefysioterapi (fra icpc.toml")


def test_without_a_terminal_nothing_is_filled_in(icpc: Any) -> None:
    with Terminal(*_QUICK, "--findings-certain", "ja") as terminal:
        terminal.wait_for(ANSWER)
    assert "KAN IKKE AFGØRES ENDNU" in icpc("suggest", "--condition", "gonartrose").out


def test_an_answer_can_be_corrected() -> None:
    with Terminal() as terminal:
        _walk(terminal, until=ANSWER)
        terminal.press("r", "Hvilket svar vil du rette", "3  Problem: Lumbal stenose")
        terminal.press("?", "Rettes problemstillingen")
        terminal.press("5", CERTAIN, "» j")
        terminal.press("n", ANSWER, "midlertidig · kan kodes nu")
        terminal.press("r", "5  Sikre fund: Nej")
        terminal.press("3", CONDITIONS, "● 3")
        terminal.press(LEFT, ANSWER, "midlertidig")
        terminal.press("r3", CONDITIONS)
        terminal.press("35" + ENTER, CERTAIN)
        screen = terminal.press("j", ANSWER)
        assert "L90  Artrose i knæ" in screen
        assert "SKAL KODES  Speciale 51" in screen
        terminal.press("r", "Hvilket svar vil du rette")
        terminal.press(LEFT, ANSWER)


def test_an_option_can_be_corrected_too() -> None:
    with Terminal(*_QUICK, "--findings-certain", "ja") as terminal:
        terminal.wait_for(ANSWER, "SKAL KODES")
        terminal.press("r2", COURSE, "» s")
        terminal.press("a", ANSWER, "FRIVILLIGT")


def test_the_whole_explanation_is_one_key_away_and_scrolls() -> None:
    with Terminal(*_QUICK, "--findings-certain", "nej") as terminal:
        terminal.wait_for(ANSWER)
        terminal.press("h", "Skal det kodes?", "[h] kort svar", "linje 1-22 af")
        terminal.press(PAGE_DOWN * 9, "Om svaret", "ICPC-2 © WONCA", "https://ekm.dk")
        terminal.press("h", "[h] forklaring", "Til journalen")
        terminal.press("h", "[h] kort svar")
        terminal.press(LEFT, "[h] forklaring")


@pytest.mark.parametrize(
    ("question", "keys"), [*((question, CTRL_C) for question, _ in _WAY), (SPECIALTY, CTRL_D), (CONDITIONS, CTRL_D)]
)
def test_breaking_off_at_a_question_gives_no_advice(question: str, keys: str) -> None:
    with Terminal() as terminal:
        _walk(terminal, until=question)
        terminal.send(keys)
        assert terminal.ended() == 130
        assert not CODE.search(terminal.raw)
        assert not terminal.screen


@pytest.mark.parametrize("keys", [CTRL_C, CTRL_D, "hc" + CTRL_C])
def test_breaking_off_at_the_answer_leaves_it_on_the_screen(keys: str) -> None:
    with Terminal(*_QUICK, "--findings-certain", "ja") as terminal:
        terminal.wait_for(ANSWER)
        terminal.send(keys)
        assert terminal.ended() == 130
        assert "L90  Artrose i knæ" in terminal.screen
        assert "Til journalen L90 Artrose i knæ" in terminal.screen
        assert "[q]" not in terminal.screen


def test_a_signal_breaks_off_as_well() -> None:
    with Terminal() as terminal:
        _walk(terminal, until=CERTAIN)
        terminal.interrupt()
        assert terminal.ended() == 130
        assert not CODE.search(terminal.raw)
    with Terminal(*_QUICK, "--findings-certain", "ja") as terminal:
        terminal.wait_for(ANSWER)
        terminal.interrupt()
        assert terminal.ended() == 130
        assert "Til journalen L90 Artrose i knæ" in terminal.screen


def test_breaking_off_while_correcting_gives_no_advice() -> None:
    with Terminal(*_QUICK, "--findings-certain", "ja") as terminal:
        terminal.wait_for(ANSWER)
        terminal.press("r", "Hvilket svar")
        before = len(terminal.raw)
        terminal.send(CTRL_C)
        assert terminal.ended() == 130
        assert not CODE.search(terminal.raw[before:])


@pytest.mark.parametrize("columns", [60, 200])
def test_narrow_and_wide_windows_are_used_well(columns: int) -> None:
    with Terminal(*_QUICK, columns=columns) as terminal:
        screen = terminal.wait_for(CERTAIN)
        assert "struktureret forløb" in screen.lower()
        screen = terminal.press("n", ANSWER, "[k] kopiér", "[h] forklaring")
        assert max(map(len, screen.split("\n"))) <= min(columns, 100)
        assert re.search(r"^╭─ Artrose i knæ ─+╮$", screen, re.MULTILINE)
        assert "midlertidig · kan kodes nu" in screen
        assert "anbefalet · vent til fundene er sikre" in screen


def test_the_window_may_change_its_size() -> None:
    with Terminal(*_QUICK, "--findings-certain", "ja") as terminal:
        terminal.wait_for(ANSWER)
        terminal.resize(64, 20)
        terminal.wait_for(ANSWER, "╭─ Artrose i knæ " + "─" * 46 + "╮")


def test_no_color_means_no_colour() -> None:
    with Terminal(*_QUICK) as coloured:
        coloured.wait_for(CERTAIN)
        coloured.press("n", ANSWER)
        assert COLOUR.search(coloured.raw)
    with Terminal(*_QUICK, NO_COLOR="1") as terminal:
        terminal.wait_for(CERTAIN)
        terminal.press("n", ANSWER)
        terminal.send("q")
        assert terminal.ended() == 0
        assert not COLOUR.search(terminal.raw)


def test_a_dumb_terminal_gets_plain_questions() -> None:
    with Terminal(TERM="dumb", rows=300) as terminal:  # plain text scrolls away; here all of it stays on the screen
        terminal.wait_for(SPECIALTY, "Ctrl-C slut):")
        terminal.answer("?", "Specialet afgør")
        terminal.answer("x", "Svaret blev ikke forstået")
        terminal.answer("51", COURSE)
        terminal.answer("<")
        terminal.answer("51")
        terminal.answer("s", CONDITIONS, "7  Andet")
        terminal.answer("3,9")
        terminal.answer("3, 5", SIGNS, "Lumbal stenose, Artrose i knæ")
        terminal.answer("v", CERTAIN)
        terminal.answer("j", "Tast:", "Til journalen L90")
        terminal.answer("h", "Om svaret")
        terminal.answer("k", "Her er ingen udklipsholder")
        terminal.answer("r", "2  Forløb: Struktureret forløb")
        terminal.answer("2")
        terminal.answer("a", "FRIVILLIGT")
        terminal.answer("n", "51 Almen fysioterapi (som sidst)", "Andet forløb (som sidst; gå tilbage for at rette)")
        terminal.answer("<", "» a  Andet forløb", "Enter alene beholder")
        terminal.answer("<", "»51  Almen fysioterapi")
        terminal.answer("v")
        terminal.answer("v", "Svaret blev ikke forstået")
        terminal.answer("ved ikke", "KAN IKKE AFGØRES ENDNU")
        terminal.answer("q")
        assert terminal.ended() == 0
        assert b"\x1b" not in terminal.raw
        asked = [terminal.screen.count(question) for question in (SPECIALTY, COURSE, CONDITIONS, SIGNS, CERTAIN)]
        assert asked == [3, 4, 3, 2, 1]  # the whole explanation names the question that is open
        assert terminal.screen.count("Svaret blev ikke forst") == 3


def test_plain_questions_take_words_and_digits_too() -> None:
    with Terminal(TERM="dumb", rows=300) as terminal:
        terminal.wait_for(SPECIALTY, "slut):")
        terminal.answer("almen fysioterapi", COURSE)
        terminal.answer("struktureret", CONDITIONS)
        terminal.answer("skulder", "Svaret blev ikke forstået")
        terminal.answer("spinalstenose, knæartrose", SIGNS, "Lumbal stenose, Artrose i knæ")
        terminal.answer("ingen udfald", CERTAIN, "Nerverodstegn  Nej")
        terminal.answer("1", "Tast:", "Til journalen L84")
        terminal.answer("slut")
        assert terminal.ended() == 0


@pytest.mark.parametrize("keys", [CTRL_C, CTRL_D])
def test_breaking_off_plain_questions_gives_no_advice(keys: str) -> None:
    with Terminal(TERM="dumb") as terminal:
        terminal.wait_for(SPECIALTY, "slut):")
        terminal.answer("51", COURSE)
        terminal.send(keys)
        assert terminal.ended() == 130
        assert not CODE.search(terminal.raw)


_OWN_SIGNS = re.compile("[╭╮╰╯│─»●○←·]")


@pytest.mark.parametrize(("encoding", "letters"), [("cp1252", "æø"), ("cp850", "æø"), ("ascii", "aeoe")])
def test_other_encodings_get_plain_signs_and_keep_danish_letters(encoding: str, letters: str) -> None:
    ae, oe = letters[: len(letters) // 2], letters[len(letters) // 2 :]
    with Terminal("suggest", "--specialty", "51", encoding=encoding) as terminal:
        terminal.wait_for("Ctrl-C slut")
        terminal.press("s", "Hvad handler")
        screen = terminal.press("6", f"> [x] 6  Prim{ae}re smerter i l{ae}nderyggen", "<- tilbage")
        assert screen.count("?") == 3  # the question's two, and the key for help
        terminal.press(ENTER, "Er der tegn")
        terminal.press("j", "kliniske fund")
        screen = terminal.press("n", f"+- Prim{ae}re smerter", "midlertidig - kan kodes nu", ANSWER)
        assert f"f{oe}rste" in screen
        assert "?" not in screen
        terminal.press("h", "Oplyst")
        assert not _OWN_SIGNS.search(terminal.raw.decode(encoding))
        terminal.send("q")
        assert terminal.ended() == 0


@pytest.mark.parametrize("encoding", ["cp1252", "cp850"])
def test_other_encodings_in_a_dumb_terminal(encoding: str) -> None:
    with Terminal(
        "suggest", "--specialty", "57", "--condition", "gonartrose", encoding=encoding, TERM="dumb"
    ) as terminal:
        terminal.wait_for("kliniske fund")
        screen = terminal.answer("n", "[q] slut", "Til journalen L15 Symptom/klage fra knæ")
        assert not _OWN_SIGNS.search(screen)
        assert "?" not in screen.split("Tidspunkt")[1]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_without_a_terminal_the_whole_explanation_is_written(encoding: str) -> None:
    command = [sys.executable, "-m", "icpc_cli", *_QUICK, "--findings-certain", "nej", "--format", "text"]
    done = subprocess.run(
        command,
        capture_output=True,
        check=True,
        stdin=subprocess.DEVNULL,
        env=os.environ | {"PYTHONIOENCODING": encoding},
    )
    text = done.stdout.decode(encoding)
    assert "Forbehold og fodnoter" in text
    assert "anbefalet - vent" in text or encoding == "utf-8"
    assert "[q]" not in text
    assert not re.search(r"\x1b| $", text, re.MULTILINE)


def test_the_line_for_the_record_and_the_code_alone_are_copied(tmp_path: Path) -> None:
    clipboard = tmp_path / "clipboard"
    xclip = tmp_path / "xclip"
    xclip.write_text(f'#!/bin/sh\ncase "$*" in *-o*) cat {clipboard};; *) cat > {clipboard};; esac\n')
    xclip.chmod(0o755)
    with Terminal(*_QUICK, DISPLAY=":99", PATH=f"{tmp_path}:/usr/bin:/bin") as terminal:
        terminal.wait_for(CERTAIN)
        terminal.press("n", ANSWER)
        terminal.press("k", "Kopieret: L15 Symptom/klage fra knæ")
        assert clipboard.read_text(encoding="utf-8") == "L15 Symptom/klage fra knæ"
        terminal.press("c", "Kopieret: L15\n")
        assert clipboard.read_text(encoding="utf-8") == "L15"


@pytest.mark.parametrize("failing", ["exit 1", "echo broken >&2"])
def test_a_clipboard_that_fails_is_owned_up_to(tmp_path: Path, failing: str) -> None:
    (tmp_path / "xclip").write_text(f'#!/bin/sh\ncase "$*" in *-o*) ;; *) cat > /dev/null;; esac\n{failing}\n')
    (tmp_path / "xclip").chmod(0o755)
    with Terminal(*_QUICK, "--findings-certain", "ja", DISPLAY=":99", PATH=f"{tmp_path}:/usr/bin:/bin") as terminal:
        terminal.wait_for(ANSWER)
        assert "broken" not in terminal.press("k", "Her er ingen udklipsholder")
        assert b"broken" not in terminal.raw


def test_without_a_clipboard_it_says_so() -> None:
    with Terminal(*_QUICK, "--findings-certain", "ja") as terminal:
        terminal.wait_for(ANSWER)
        terminal.press("k", "Her er ingen udklipsholder", "[k] kopiér")


def test_nothing_to_copy_means_no_key_for_it() -> None:
    with Terminal("suggest", "--specialty", "62", "--condition", "andet") as terminal:
        assert "[k]" not in terminal.wait_for(ANSWER, "Guiden anbefaler ingen bestemt kode")


def test_it_speaks_english() -> None:
    with Terminal(ICPC_LANG="en") as terminal:
        terminal.wait_for("Which specialty", "? help")
        terminal.press(ENTER, "Is it a structured course?", "← back")
        terminal.press("s", "What is the course about?")
        terminal.press("5" + ENTER, "Are the clinical findings certain?")
        screen = terminal.press("n", "MUST BE CODED", "interim · code now", "[c] code only", "[q] quit")
        assert not re.search("[æøåÆØÅ]", screen)


class _NoConsole:
    """A session as prompt_toolkit has it in Git Bash on Windows."""

    @property
    def input(self) -> None:
        raise OSError("no console")


def test_no_console_means_plain_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        assert isinstance(asker(Voice(), sys.stdout), Keyboard)
        monkeypatch.setattr("icpc_cli.prompts.get_app_session", _NoConsole)
        assert isinstance(asker(Voice(), sys.stdout), Plain)


_ANSWERS: dict[Fact, Value] = {
    Fact.SPECIALTY: "51",
    Fact.COURSE: "structured",
    Fact.CONDITIONS: (Condition.LUMBAR_STENOSIS, Condition.KNEE_OSTEOARTHRITIS),
    Fact.NERVE_ROOT_SIGNS: "yes",
    Fact.FINDINGS_CERTAIN: "no",
}
_CHANGES: tuple[Mapping[Fact, Value], ...] = (
    {},
    {Fact.SPECIALTY: "57"},
    {Fact.SPECIALTY: "65"},
    {Fact.SPECIALTY: None},
    {Fact.COURSE: "unknown"},
    {Fact.CONDITIONS: (Condition.OTHER,)},
    {Fact.CONDITIONS: ()},
    {Fact.CONDITIONS: tuple(Condition)},
    {Fact.NERVE_ROOT_SIGNS: "unknown", Fact.FINDINGS_CERTAIN: "unknown"},
)


@pytest.mark.parametrize("language", some(Language, 1))
@pytest.mark.parametrize("arrows", [False, True], ids=["keys", "arrows"])
@pytest.mark.parametrize("change", _CHANGES)
def test_exactly_the_open_questions_are_asked(
    guideline: Guideline, change: Mapping[Fact, Value], arrows: bool, language: Language
) -> None:
    answers = {**_ANSWERS, **change}
    came = interviewed(Case(), answers, language=language, arrows=arrows)
    assert came.advice
    for fact in came.asked:
        assert getattr(came.advice.case, fact.value) == answers[fact]
    declined = frozenset(fact for fact in came.asked if not came.advice.case.knows(fact))
    assert open_questions(guideline, came.advice.case, declined) == ()
    assert came.asked == sorted(came.asked, key=list(Fact).index)
