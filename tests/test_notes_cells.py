"""Cells of conditions, read as notes are: what they name, what they plainly are not, and what says nothing."""

import json
from typing import Any

import pytest

from icpc_cli.guideline.wordfile import load_words
from icpc_cli.notes.cells import read_cell, spelled_out
from tests.notes import SPEC

WORDS = load_words()
CELLS = [json.loads(line) for line in (SPEC / "condition_cells.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("given", CELLS, ids=lambda given: given["cell"])
def test_a_cell_says_which_problem_it_is_about_or_is_not_understood(given: dict[str, Any]) -> None:
    cell = read_cell(WORDS, given["cell"])
    found = [condition.value for condition in cell.conditions] or (["other"] if cell.elsewhere else [])
    assert found in (given["want"], *given.get("also", ()))
    assert cell.understood == bool(found)


@pytest.mark.parametrize("text", ["Kontrol", "Se notat", "Fortsat", "Ny henvisning", ""])
def test_words_that_say_nothing_of_a_problem_are_told_apart(text: str) -> None:
    cell = read_cell(WORDS, text)
    assert cell.silent
    assert not cell.understood


@pytest.mark.parametrize("text", ["Ikke knæartrose", "Tidl. iskias", "Mor har coxartrose"])
def test_what_is_set_aside_in_a_cell_is_no_problem_and_nothing_else_either(text: str) -> None:
    assert not read_cell(WORDS, text).understood


def test_the_words_that_no_rule_knows_are_named() -> None:
    assert read_cell(WORDS, "Xylose zyx").left == ("Xylose zyx",)
    assert not read_cell(WORDS, "Xylose zyx").silent


@pytest.mark.parametrize("text", ["Rygsmerter", "Ondt i ryggen", "Nerverodspåvirkning", "Artrose", "Knæsmerter"])
def test_a_word_without_its_level_or_joint_is_not_understood(text: str) -> None:
    assert not read_cell(WORDS, text).understood


def test_every_word_of_longer_expressions_and_every_beginning_of_one_can_stand_alone() -> None:
    words = [word for word in WORDS.vocabulary.expressed().values() if word.isalpha()]
    beginnings = [word[:end] for word in words for end in range(8, len(word))]
    assert len(words) > 1000
    for word in dict.fromkeys((*words, *beginnings)):
        read_cell(WORDS, f"{word} lænd")


@pytest.mark.parametrize("joint", ["- og ", "- eller ", "- samt ", "-/", "- & ", "/"])
def test_a_word_takes_the_end_of_the_next_that_it_shares(joint: str) -> None:
    assert spelled_out(WORDS, f"Hofte{joint}knæartrose").startswith("Hofteartrose")
    assert spelled_out(WORDS, f"Lænde{joint}nakkesmerter").startswith("Lændesmerter")


@pytest.mark.parametrize("joint", ["- og ", "- eller ", "-/", "/", " og "])
@pytest.mark.parametrize("word", ["Muskel", "Menisk", "Gigt", "Fald"])
def test_a_word_that_is_no_place_shares_an_end_only_where_a_dash_says_so(word: str, joint: str) -> None:
    shared = f"{word}smerter" if joint[0] == "-" else f"{word}{joint}"
    assert spelled_out(WORDS, f"{word}{joint}lændesmerter").startswith(shared)
