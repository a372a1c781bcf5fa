"""Exports as practice systems write them can be judged after ``icpc init --yes`` alone, and nothing is passed over."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from icpc_cli.guideline import Guideline
from icpc_cli.settings.reading import load
from tests.conftest import some
from tests.practices import PRACTICES, Practice, export
from tests.practices.odd import SPEC, odd

GIVEN = Path(__file__).parent / "practices" / "given"
HELD = {"id": "patient", "no_code": "code"}
PLAYED = ("patient", "date", "specialty", "course", "condition", "code", "consultation", "service", "therapist")


def judged(icpc: Any, path: Path) -> Mapping[str, Any]:
    """What a check finds after the settings were written without a question."""
    assert icpc("init", "--yes", str(path)).status == 0
    ended = icpc("check", str(path), "--format", "json", "--today", "2026-11-26")
    assert ended.status in (0, 1), ended.err
    found: Mapping[str, Any] = json.loads(ended.out)
    return found


def rows(found: Mapping[str, Any], check: str) -> set[int]:
    return {each["row"] for each in found["findings"] if each["check"] == check}


@pytest.mark.parametrize("practice", PRACTICES, ids=lambda practice: practice.name)
def test_each_column_plays_its_role_and_no_course_without_its_code_is_passed_over_or_blamed_falsely(
    practice: Practice, tmp_path: Path, guideline: Guideline, icpc: Any
) -> None:
    path, made = tmp_path / "a.csv", export(practice, guideline)
    path.write_text(made.text, encoding="utf-8")
    found = judged(icpc, path)
    roles = {role: headers[0] for role, headers in load(tmp_path / "icpc.toml", guideline).columns if headers}
    held = {HELD.get(each, each): header for header, each in practice.columns}
    assert roles == {role: header for role, header in held.items() if role in PLAYED}
    assert rows(found, "K101") == made.uncoded
    assert rows(found, "K103") == set()
    assert found["courses"]["undetermined"] == 0


@pytest.mark.parametrize("name", some(SPEC["practice"], 8))
def test_in_odd_exports_what_is_not_found_is_counted_as_undetermined(name: str, tmp_path: Path, icpc: Any) -> None:
    path, made = tmp_path / "a.csv", odd(name)
    path.write_bytes(made.data)
    found = judged(icpc, path)
    assert rows(found, "K101") <= made.uncoded
    assert rows(found, "K103") <= made.wrong
    courses = found["courses"]
    assert courses["total"] == 60
    assert courses["undetermined"] >= len(made.uncoded - rows(found, "K101"))
    assert sum(courses["undetermined_because"].values()) == courses["undetermined"]
    # Some services do not say which course they are for, and a blank where others have an x says nothing.
    assert (courses["undetermined_because"]["course"] > 0) == (name in ("ydelser", "flag"))
    if name not in ("ydelser", "flag"):
        assert rows(found, "K101") == made.uncoded
        assert rows(found, "K103") == made.wrong


@pytest.mark.parametrize("name", ["bred", "foerste", "uden_kode"])
def test_what_others_wrote_is_judged_as_its_truth_says(name: str, tmp_path: Path, icpc: Any) -> None:
    truth = json.loads((GIVEN / f"{name}.truth.json").read_text(encoding="utf-8"))
    path = tmp_path / f"{name}.csv"
    shutil.copy(GIVEN / path.name, path)
    found = judged(icpc, path)
    roles = {header: role for role, header in found["sources"][0]["columns"].items()}
    differing = {header for header, role in truth["mapping"].items() if role != roles.get(header)}
    assert differing <= {"Ansv. fys."}  # told as a likely therapist
    uncoded = {int(each["rows"][-1].split(":")[1]) for each in truth["courses"] if each["state"] == "missing"}
    wrong = {int(row.split(":")[1]) for each in truth["wrong"] for row in each["rows"] if each["check"] == "K103"}
    assert rows(found, "K101") == uncoded
    assert rows(found, "K103") == wrong


@pytest.mark.parametrize(
    ("name", "missing"), [("parA_ydelser.csv", "diagnosekoder"), ("parA_journal.csv", "specialet")]
)
def test_half_of_what_belongs_together_is_refused_and_blames_nobody(
    name: str, missing: str, tmp_path: Path, icpc: Any
) -> None:
    path = tmp_path / name
    shutil.copy(GIVEN / name, path)
    assert "Eksporten kan ikke kontrolleres endnu" in icpc("init", "--yes", str(path)).out
    ended = icpc("check", str(path))
    assert ended.status == 2
    assert f"ikke fundet en kolonne med {missing}" in " ".join(ended.err.split())
