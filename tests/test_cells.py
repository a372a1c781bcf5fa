"""Cells and options as clinics write them: what is understood means what it says, and the rest is not guessed at."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from icpc_cli.cases.words import read_course, read_day
from icpc_cli.checks import cells
from icpc_cli.errors import GuidelineError
from icpc_cli.guideline import Guideline, default_folder
from icpc_cli.guideline.cellwords import Meaning, load_cell_words
from icpc_cli.model import Condition, Fact

WRITTEN = json.loads((Path(__file__).parent / "spec" / "cells.json").read_text(encoding="utf-8"))
CASES = [
    (Fact(fact), cell, meaning)
    for fact, meanings in WRITTEN["facts"].items()
    for meaning, written in meanings.items()
    for cell in written
]
CONDITIONS = [
    json.loads(line)
    for line in (Path(__file__).parent / "spec" / "cells_of_a_clinic.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(each, id=each["cell"], marks=[pytest.mark.xfail(reason="not yet")] if "open" in each else [])
        for each in CONDITIONS
    ],
)
def test_a_cell_of_conditions_means_what_a_clinic_means_by_it(guideline: Guideline, given: dict[str, Any]) -> None:
    """Written before any was tried. ``also``: readings that are as good; an empty list is not understood."""
    read = cells.conditions(guideline, given["cell"])
    assert isinstance(read.value, tuple)
    assert [str(each) for each in read.value] in (given["want"], *given.get("also", ()))
    assert read.value or not read.understood


@pytest.mark.parametrize(
    "name",
    [
        "Cervikal diskusprolaps",
        "Lumbago",
        "Spinalstenose",
        "Iskias",
        "Rodpåvirkning",
        "Lændeprolaps",
        "Lave rygsmerter",
        "Prolaps",
    ],
)
def test_a_cell_that_names_one_of_the_six_is_never_silently_something_else(guideline: Guideline, name: str) -> None:
    separators = (" og ", ", ", " m. ", " + ", " / ", " - ", " efter ", " ", " samt ", ". ")
    others = (
        "skuldersmerter",
        "KOL",
        "fodsmerter",
        "nakkesmerter",
        "THA",
        "skoliose",
        "ankelfraktur",
        "inkontinens",
        "thorakale smerter",
        "ac.",
        "genopt.",
        "gravid",
        "GLA:D",
        "status post op.",
    )
    for number, separator in enumerate(separators):
        for other in others[number % 3 :: 3]:
            for cell in (name + separator + other, other + separator + name.lower()):
                assert cells.conditions(guideline, cell).value != (Condition.OTHER,), cell


NAMED = {
    Condition.HIP_OSTEOARTHRITIS: ("hofteartrose", "coxarthrosis", "artrose i hofteled"),
    Condition.KNEE_OSTEOARTHRITIS: ("gonartrose", "slidgigt i knæ", "knæledsartrose"),
    Condition.LUMBAR_STENOSIS: ("lumbal spinalstenose", "spinalstenose"),
    Condition.LUMBAR_NERVE_ROOT: ("lumbal radikulopati", "ischias", "rodpåvirkning L5"),
    Condition.CERVICAL_NERVE_ROOT: ("nerverodspåvirkning i nakken", "brachialgi"),
    Condition.PRIMARY_LOW_BACK_PAIN: ("lænderygsmerter", "lumbago", "hold i lænden"),
}


def slips(name: str) -> list[str]:
    """The name with each letter left out, doubled, and exchanged with the next."""
    return [
        written
        for at in range(len(name))
        for written in (
            name[:at] + name[at + 1 :],
            name[:at] + name[at : at + 1] + name[at:],
            name[:at] + name[at : at + 2][::-1] + name[at + 2 :],
        )
    ]


@pytest.mark.parametrize("condition", NAMED)
def test_one_slip_never_makes_another_condition_or_something_else_of_a_name(
    guideline: Guideline, condition: Condition
) -> None:
    read = [cells.conditions(guideline, written).value for name in NAMED[condition] for written in slips(name)]
    assert set(read) <= {(condition,), ()}
    assert read.count((condition,)) >= len(read) / 2


@pytest.mark.parametrize(("fact", "cell", "meaning"), CASES, ids=str)
def test_a_cell_means_what_it_says_and_what_is_not_understood_is_said(
    guideline: Guideline, fact: Fact, cell: str, meaning: str
) -> None:
    read = cells.stated(guideline, fact, cell)
    assert (read.value if read.understood else "not understood") == meaning


@pytest.mark.parametrize(
    ("cell", "meaning"), [("ja", "structured"), ("0", "other"), ("x", "structured"), ("?", "unknown")]
)
def test_yes_and_no_are_a_course_type_only_under_a_header_that_asks(
    guideline: Guideline, cell: str, meaning: str
) -> None:
    assert cells.stated(guideline, Fact.COURSE, cell, asked=True).value == meaning
    assert cells.stated(guideline, Fact.COURSE, cell).value == "unknown"


@pytest.mark.parametrize("other", ["ikke struktureret", "ej strukt.", "uden strukt. forløb", "andet", "alm. forløb"])
@pytest.mark.parametrize("joint", [" ", ", ", " - "])
def test_what_is_taken_back_in_the_same_cell_is_not_understood(joint: str, other: str) -> None:
    for cell in WRITTEN["facts"]["course"]["structured"]:
        assert read_course(cell + joint + other) is None, cell


def test_two_ways_of_writing_one_thing_are_one_key(guideline: Guideline) -> None:
    for fact, meanings in WRITTEN["facts"].items():
        for meaning, written in meanings.items():
            if meaning != "not understood":
                assert len({cells.stated(guideline, Fact(fact), cell).key for cell in written}) == 1


@pytest.mark.parametrize(("cell", "day"), WRITTEN["days"].items())
def test_a_day_is_read_in_every_danish_order_and_never_in_the_american(cell: str, day: str | None) -> None:
    assert read_day(cell) == (day and date.fromisoformat(day))


@pytest.mark.parametrize("meaning", list(Meaning))
def test_a_group_of_words_that_is_missing_is_refused_when_loading(tmp_path: Path, meaning: Meaning) -> None:
    text = (default_folder() / "cells.toml").read_text(encoding="utf-8")
    (tmp_path / "cells.toml").write_text(text.replace(f"[{meaning}]", f"[{meaning}-gone]"), encoding="utf-8")
    with pytest.raises(GuidelineError, match=meaning):
        load_cell_words(tmp_path)


@pytest.mark.parametrize(
    ("cell", "value", "left"),
    [
        ("Astma og lænd", "", "lænd"),
        ("Tennisalbue samt nakke", "", "nakke"),
        ("Skulder og hofte", "", "hofte"),
        ("Hofteartrose, nakke", "hip_osteoarthritis", "nakke"),
        ("Knæartrose & hofte", "knee_osteoarthritis", "hofte"),
        ("Iskias / knæ", "lumbar_nerve_root", "knæ"),
        ("Spinalstenose, ryg", "lumbar_stenosis", ""),
        ("Slidgigt, hofte", "hip_osteoarthritis", ""),
        ("Smerter i skulder/nakke", "other", ""),
        ("Gener i skulder, nakke", "other", ""),
        ("Nakke og skulderspændinger", "other", ""),
        ("Hofte og knæartrose", "hip_osteoarthritis knee_osteoarthritis", ""),
        ("Artrose i hofte samt knæ", "hip_osteoarthritis knee_osteoarthritis", ""),
        ("TKA i 2021, hofte", "", "hofte"),
    ],
)
def test_a_place_beside_a_problem_is_one_that_nothing_is_said_of_unless_it_shares_that(
    guideline: Guideline, cell: str, value: str, left: str
) -> None:
    read = cells.conditions(guideline, cell)
    assert isinstance(read.value, tuple)
    assert (" ".join(sorted(read.value)), ", ".join(read.left), read.understood) == (value, left, not left)
