"""Combinations of values that have more numbers than 64 bits can tell apart are judged as all others are."""

import math

import pytest

from tests.doors import judged

HEADER = "Dato;Patient;Speciale;Forløbstype;Problemstilling;Nerverodstegn;Sikre fund;Diagnosekode"
ROWS = [f"01-05-2026;p{n};51;andet;lumbal stenose;{'ja' if n % 5 == 0 else 'nej'};ja;L84" for n in range(20)]


@pytest.mark.parametrize(("combinations", "number_type"), [((1 << 62) - 1, "BIGINT"), (1 << 62, "HUGEINT")])
def test_what_is_found_does_not_depend_on_how_wide_the_numbers_are(tmp_path, monkeypatch, combinations, number_type):
    """It would take a million rows to have so many, so the program is told that there are."""
    path = tmp_path / "klinik.csv"
    path.write_text("\n".join([HEADER, *ROWS]) + "\n", encoding="utf-8")
    monkeypatch.setattr(math, "prod", lambda _: combinations)
    with judged([path]) as checked:
        assert checked._judge.number_type == number_type
        found = [(finding.row, finding.check) for finding in checked.findings()]
    assert found == [(row, "K104") for row in range(2, 22, 5)]
