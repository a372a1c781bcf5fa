"""The synthetic year and the network of clinics: made by the script, of nobody, with all that a report has to show."""

import csv
import re
import tomllib
from collections import defaultdict
from itertools import groupby
from pathlib import Path

import pytest

from icpc_cli.checks.codes import read_codes
from tests import make_year

EXAMPLES = Path(__file__).parent.parent / "data" / "examples"
YEAR = make_year.CLINICS[0]
Courses = dict[str, list[make_year.Row]]


@pytest.fixture(scope="module")
def courses() -> Courses:
    """The records of the year by course, in order."""
    found = defaultdict(list)
    for row in make_year.rows(YEAR, 2025):
        found[row["Forløb ID"]].append(row)
    return found


def test_the_files_are_exactly_what_the_script_writes(tmp_path):
    for number, clinic in enumerate(make_year.CLINICS):
        make_year.write(clinic, tmp_path, 2025 + number)
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.csv"))
    assert made == sorted(path.relative_to(EXAMPLES) for path in EXAMPLES.glob("*/*.csv"))
    for path in made:
        assert (tmp_path / path).read_bytes() == (EXAMPLES / path).read_bytes(), path


def test_the_files_are_small():
    for clinic in make_year.CLINICS:
        assert (EXAMPLES / clinic.path).stat().st_size < (1_500_000 if clinic is YEAR else 150_000)


@pytest.mark.parametrize("clinic", make_year.CLINICS, ids=lambda clinic: clinic.name)
def test_the_patients_are_nobody(clinic):
    """Seventh digit 5-8 and years 37-57: born from 2037 on (the Danish rule of the century)."""
    for row in make_year.rows(clinic, 1):
        assert re.fullmatch(r"\d{4}(3[7-9]|4\d|5[0-7])-[5-8]\d{3}", row["CPR-nr"])


def test_every_code_is_a_code_and_nothing_lies_outside_the_year(courses):
    for row in (row for rows in courses.values() for row in rows):
        assert not row["ICPC-kode"] or read_codes(row["ICPC-kode"]).codes == (row["ICPC-kode"],)
        assert row["Dato"].endswith("-2025")


def test_a_symptom_code_comes_before_the_disease_code_and_never_after(courses):
    orders = set()
    for rows in courses.values():
        stages = [row["ICPC-kode"][1] >= "7" for row in rows if row["ICPC-kode"]]
        assert stages == sorted(stages)
        orders.add(tuple(stage for stage, _ in groupby(stages)))
    assert orders == {(), (False,), (True,), (False, True)}


def test_coverage_rises_through_the_year(courses):
    counts = {half: [0, 0] for half in (False, True)}
    for rows in courses.values():
        if rows[0]["Forløbstype"] == "Struktureret":
            half = int(rows[0]["Dato"][3:5]) > 6
            counts[half][0] += any(row["ICPC-kode"] for row in rows)
            counts[half][1] += 1
    shares = {half: coded / total for half, (coded, total) in counts.items()}
    assert 0.6 < shares[False] < shares[True] - 0.08 < 0.9


def test_the_instruments_of_the_settings_are_in_the_export_with_two_values_out_of_range(courses):
    settings = tomllib.loads((EXAMPLES / "aar/icpc.toml").read_text(encoding="utf-8"))
    with (EXAMPLES / YEAR.path).open(encoding="utf-8-sig", newline="") as file:
        headers = next(csv.reader(file, delimiter=";"))
    outside, started, missing = set(), 0, 0
    for instrument in settings["instruments"]:
        start, end = instrument["start"], instrument["follow_up"]
        assert {start, end} <= set(headers)
        assert instrument["population"]
        assert instrument["source"]
        for rows in courses.values():
            values = {name: [row[name] for row in rows if row[name]] for name in (start, end)}
            assert all(len(each) <= 1 for each in values.values())
            started += bool(values[start])
            missing += bool(values[start]) and not values[end]
            outside |= {
                (rows[0]["Forløb ID"], value)
                for each in values.values()
                for value in each
                if not instrument["min"] <= float(value.replace(",", ".")) <= instrument["max"]
            }
    assert sorted(value for _, value in outside) == ["33", "527"]
    assert 0.06 < missing / started < 0.1
