"""Every check fires where it should and nowhere else, and carries all its parts through every way out."""

import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest

from icpc_cli.checks.catalogue import BY_ID, CHECKS
from icpc_cli.guideline import load_checks
from icpc_cli.guideline.headers import load_headers
from icpc_cli.outcomes import Role
from icpc_cli.text import Language
from tests.doors import DOORS, judged, said

CASES = tomllib.loads((Path(__file__).parent / "check_cases.toml").read_text(encoding="utf-8"))


def export(path, case, rows):
    path.write_text("\n".join([case.get("header", CASES["header"]), *rows]) + "\n", encoding="utf-8")
    return path


def check(case, folder):
    """The export of a case, checked, beside its older one and its settings where it has them."""
    previous = [export(folder / "før.csv", case, case["before"])] if "before" in case else []
    settings = None
    if "settings" in case:
        settings = folder / "icpc.toml"
        settings.write_text(case["settings"], encoding="utf-8")
    return judged([export(folder / "klinik.csv", case, case["rows"])], previous, settings)


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["name"])
def test_an_export_gives_exactly_the_findings_of_its_case_through_every_way_out(case, tmp_path):
    with check(case, tmp_path) as checked:
        for name, door in DOORS.items():
            try:
                door(checked, case["expect"])
            except AssertionError as difference:
                difference.add_note(f"through {name}")
                raise
        (source,) = checked.sources
        assert source.read == source.judged + source.unreadable == sum(map(bool, case["rows"])) - case.get("hollow", 0)
        assert source.unreadable == sum(each["check"] == "R001" for each in case["expect"])
        roles = {header: Role(role) for role, header in source.columns}
        for finding in checked.findings():  # on a column that its check names, and showing the cell only where it may
            stands_on = BY_ID[finding.check].roles
            assert roles[finding.column] in stands_on if finding.column else not stands_on
            assert BY_ID[finding.check].shows_value or not finding.value
        if "courses" in case:
            assert _counted(asdict(checked.coverage)) == case["courses"]


def _counted(counts):
    """Counts without those that are nothing."""
    inner = {name: _counted(count) if isinstance(count, dict) else count for name, count in counts.items()}
    return {name: count for name, count in inner.items() if count}


def test_the_roles_of_known_headers_are_those_of_the_program():
    assert set(load_headers().roles) == set(Role)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_check_has_a_case_that_fires_it_and_one_that_does_not(check):
    assert any(each["check"] == check.id for case in CASES["case"] for each in case["expect"])
    assert any(check.id in case.get("about", ()) for case in CASES["case"])


def test_every_check_has_its_wording_and_no_wording_is_left_over():
    assert sorted(load_checks()) == [check.id for check in CHECKS]


def test_checks_stand_in_the_order_of_their_ids_and_names_are_unique():
    assert [check.id for check in CHECKS] == sorted({check.id for check in CHECKS})
    assert len({check.name for check in CHECKS}) == len(CHECKS)


def test_every_message_is_filled_in_both_languages():
    for case in CASES["case"]:
        for finding in case["expect"]:
            for language in Language:
                message = said(finding, language)
                assert message.endswith(".")
                assert not set("{}") & set(message)
                assert "None" not in message


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_the_first_finding_of_a_check_says_what_was_reviewed(check):
    first = next(each for case in CASES["case"] for each in case["expect"] if each["check"] == check.id)
    assert {language: said(first, language) for language in Language} == CASES["says"][check.id]
