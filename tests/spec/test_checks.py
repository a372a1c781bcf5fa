"""Every check fires where it should and nowhere else, and carries all its parts."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from icpc_cli.checks.catalogue import CHECKS
from icpc_cli.checks.wording import message
from icpc_cli.guideline import load_checks, load_guideline
from icpc_cli.judging.check import Options, check_exports
from icpc_cli.text import Language
from icpc_cli.voice import Voice

CASES = tomllib.loads((Path(__file__).parent / "check_cases.toml").read_text(encoding="utf-8"))
TODAY = date(2026, 6, 1)


def export(path, case, rows):
    path.write_text("\n".join([case.get("header", CASES["header"]), *rows]) + "\n", encoding="utf-8")
    return str(path)


def check(case, folder):
    """The export of a case, checked, beside its older one where it has one."""
    previous = [export(folder / "før.csv", case, case["before"])] if "before" in case else []
    path = export(folder / "klinik.csv", case, case["rows"])
    return check_exports(load_guideline(), [path], Options(TODAY, previous=previous))


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["name"])
def test_an_export_gives_exactly_the_findings_of_its_case(case, tmp_path):
    with check(case, tmp_path) as checked:
        findings = list(checked.findings())
        assert [f"{finding.row} {finding.check}" for finding in findings] == case["expect"]
        assert sum(checked.counts().values()) == len(findings)
        (source,) = checked.sources
        assert source.read == source.judged + source.unreadable == sum(map(bool, case["rows"])) - case.get("hollow", 0)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_check_has_a_case_that_fires_it_and_one_that_does_not(check):
    assert any(each.endswith(check.id) for case in CASES["case"] for each in case["expect"])
    assert any(check.id in case.get("about", ()) for case in CASES["case"])


def test_every_check_has_its_wording_and_no_wording_is_left_over():
    assert sorted(load_checks()) == [check.id for check in CHECKS]


def test_checks_stand_in_the_order_of_their_ids_and_names_are_unique():
    assert [check.id for check in CHECKS] == sorted({check.id for check in CHECKS})
    assert len({check.name for check in CHECKS}) == len(CHECKS)


def test_every_message_is_filled_in_both_languages(tmp_path):
    found = set()
    for case in CASES["case"]:
        with check(case, tmp_path) as checked:
            for finding in checked.findings():
                found.add(finding.check)
                for language in Language:
                    said = message(Voice(language), finding)
                    assert said.endswith(".")
                    assert not set("{}") & set(said)
                    assert "None" not in said
    assert found == {check.id for check in CHECKS}
