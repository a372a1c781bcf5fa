"""Which header plays which role: known ones are used, near misses are asked about, nothing is guessed in silence."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from icpc_cli.checks.columns import assess, match_columns
from icpc_cli.cli import columns
from icpc_cli.cli.columns import ask_columns, column_sheet
from icpc_cli.cli.session import Session
from icpc_cli.errors import UsageError
from icpc_cli.guideline import Guideline, default_folder, load_columns, load_guideline
from icpc_cli.prompts import Keyboard
from icpc_cli.text import Language
from icpc_cli.voice import Voice

NEEDED = {"code": "", "specialty": "51"}
"""Fixed values that let a file do without the columns that are needed."""


def headers_of_the_specification() -> list[tuple[str, str]]:
    import tomllib

    data = tomllib.loads((default_folder() / "columns.toml").read_text(encoding="utf-8"))
    return [(role, header) for role, headers in data.items() for header in (role, *headers)]


@pytest.mark.parametrize(("role", "header"), headers_of_the_specification(), ids=lambda value: value)
def test_every_known_header_is_used_however_it_is_spelled(role: str, header: str, guideline: Guideline) -> None:
    ways = (header, header.upper(), f" {header.lower()} ", header.replace(" ", "_"), header.replace("-", " ") + ".")
    plain = header.replace("ø", "oe").replace("æ", "ae").replace("å", "aa")
    for way in (*ways, plain):
        assert match_columns(guideline, ["x", way], "a.csv", {}, NEEDED).places == {role: 1}, way


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Diagnosekoder", "code"),
        ("ICPC kode (2)", "code"),
        ("ICPC-kode 1", "code"),
        ("Diagnosekde", "code"),
        ("Diagnose kode/tekst", "code"),
        ("CPR nummer:", "patient"),
        ("Personnumer", "patient"),
        ("Patienter", "patient"),
        ("Tilstand/diagnose", "condition"),
        ("Problemstiling", "condition"),
        ("Forløbstyper", "course"),
        ("Konsultations dato (dd-mm-åååå)", "date"),
        ("Specialenummer", "specialty"),
        ("Ydelseskoder", "service"),
        ("Nerverodstegn?", "nerve_root_signs"),
        ("Sikre fund (ja/nej)", "findings_certain"),
        ("Behandlerens initialer", "therapist"),
        ("Ydernumer", "provider"),
    ],
)
def test_a_near_miss_is_a_guess_and_is_not_used(header: str, role: str, guideline: Guideline) -> None:
    situation = assess(guideline, ["x", header], "a.csv", {})
    assert situation.guesses[role][0].header == header
    assert situation.places == {}
    assert match_columns(guideline, ["x", header], "a.csv", {}, NEEDED).places == {}


@pytest.mark.parametrize(
    "header",
    [
        "Telefon",
        "Navn",
        "E-mail",
        "Adresse",
        "Postnr",
        "Alder",
        "Køn",
        "Pris",
        "Status",
        "Fødselsdato",
        "Henviser",
        "x",
        "",
    ],
)
def test_what_is_unlike_every_role_is_neither_asked_nor_told(header: str, guideline: Guideline) -> None:
    assert assess(guideline, ["ICPC", "Speciale", header], "a.csv", {}).questions({}) == {}
    assert match_columns(guideline, ["ICPC", "Speciale", header], "a.csv", {}, {}).likely == ()


def test_a_role_that_has_a_column_is_not_guessed_again(guideline: Guideline) -> None:
    assert "code" not in assess(guideline, ["ICPC", "ICPC kode (2)", "Spec"], "a.csv", {}).guesses


def test_guesses_for_what_can_be_spared_are_told_with_the_role(guideline: Guideline) -> None:
    found = match_columns(guideline, ["ICPC", "Spec", "Patienter", "Telefon"], "a.csv", {}, {})
    assert found.likely == (("patient", "Patienter"),)
    assert found.ignored == ("Patienter", "Telefon")


@pytest.mark.parametrize(
    ("headers", "nearest"),
    [
        (["Dato", "Spec", "Diag."], "Diag."),
        (["Dato", "Spec", "Diagnose"], "Diagnose"),
        (["Spec", "Kode"], "Kode"),
        (["Spec", "Diagnosekoder", "Diagnose"], "Diagnosekoder"),
    ],
)
def test_without_a_code_column_the_nearest_is_named_with_the_ways_out(
    headers: list[str], nearest: str, guideline: Guideline
) -> None:
    with pytest.raises(UsageError) as raised:
        match_columns(guideline, headers, "maj 2026.csv", {}, {})
    said = Session(Language.DA).message(raised.value)
    assert f'Nærmest er "{nearest}". Prøv:  icpc check "maj 2026.csv" --map code="{nearest}"' in said
    assert ", ".join(headers) in said
    assert 'icpc init "maj 2026.csv"' in said


def test_without_anything_like_a_code_column_the_headers_are_named(guideline: Guideline) -> None:
    with pytest.raises(UsageError) as raised:
        match_columns(guideline, ["Spec", "Køn", "Beløb"], "a.csv", {}, {})
    said = Session(Language.DA).message(raised.value)
    assert "Spec, Køn, Beløb" in said
    assert "Nærmest" not in said


def test_two_headers_for_one_role_are_both_named(guideline: Guideline) -> None:
    headers = ["ICPC", "Diagnosekode", "Spec"]
    assert assess(guideline, headers, "a.csv", {}).ambiguous == {"code": (0, 1)}
    with pytest.raises(UsageError) as raised:
        match_columns(guideline, headers, "a.csv", {}, {})
    assert (raised.value.id, raised.value.facts["first"], raised.value.facts["second"]) == (
        "two-columns",
        "ICPC",
        "Diagnosekode",
    )


@pytest.mark.parametrize(
    ("mapping", "places"),
    [
        ({"code": "Diagnosekode"}, {"code": 1, "specialty": 2, "note": 3}),
        ({"code": "ICPC", "note": ""}, {"code": 0, "specialty": 2}),
        ({"code": "ICPC", "patient": "Notat"}, {"code": 0, "specialty": 2, "patient": 3}),
        ({"code": "ICPC", "code_text": "icpc"}, {"code": 0, "code_text": 0, "specialty": 2, "note": 3}),
    ],
    ids=["one of two", "no column", "another role", "one column for two"],
)
def test_a_mapping_goes_before_what_is_known(
    mapping: dict[str, str], places: dict[str, int], guideline: Guideline
) -> None:
    headers = ["ICPC", "Diagnosekode", "Spec", "Notat"]
    assert match_columns(guideline, headers, "a.csv", mapping, {}).places == places


@given(st.lists(st.one_of(st.text(max_size=12), st.sampled_from(["ICPC", "Diag.", "Dato", "Spec", "CPR", "Dato 2"]))))
def test_no_headers_stop_the_search_and_each_column_has_one_part_to_play(headers: list[str]) -> None:
    situation = assess(load_guideline(), headers, "a.csv", {})
    claimed = [*situation.places.values(), *(place for claim in situation.ambiguous.values() for place in claim)]
    assert len(claimed) == len(set(claimed))
    assert set(situation.guesses).isdisjoint({*situation.places, *situation.ambiguous})
    for guesses in situation.guesses.values():
        assert all(headers[each.place] == each.header and 60 <= each.score <= 100 for each in guesses)


# Asking


class _Interactive(Session):
    @property
    def interactive(self) -> bool:
        return True


def asked(
    keys: str, headers: Mapping[str, Sequence[str]], monkeypatch: pytest.MonkeyPatch, **mapping: str
) -> dict[str, dict[str, str]]:
    """What comes of pressing these keys at the questions that the headers raise."""
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        monkeypatch.setattr(columns, "_asker", lambda session: Keyboard(session.voice))
        pipe.send_text(keys)
        session = _Interactive(Language.DA)
        return ask_columns(session, load_guideline(), headers, dict.fromkeys(headers, mapping), {})


def test_in_a_terminal_a_guess_is_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {"a.csv": ["Spec", "Diag."]}
    assert asked("j", headers, monkeypatch) == {"a.csv": {"code": "Diag."}}
    assert asked("n", headers, monkeypatch) == {"a.csv": {"code": ""}}


def test_of_several_columns_one_is_chosen_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {"a.csv": ["Spec", "ICPC", "Diagnosekode"]}
    assert asked("2", headers, monkeypatch) == {"a.csv": {"code": "Diagnosekode"}}
    assert asked("0", headers, monkeypatch) == {"a.csv": {"code": ""}}


def test_what_several_files_leave_open_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {"a.csv": ["Spec", "Diag."], "b.csv": ["Diag.", "Spec"], "c.csv": ["ICPC", "Spec"]}
    assert asked("j", headers, monkeypatch) == {"a.csv": {"code": "Diag."}, "b.csv": {"code": "Diag."}, "c.csv": {}}


def test_a_mapping_that_is_given_is_not_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {"a.csv": ["Spec", "Diag.", "Patienter"]}
    assert asked("j", headers, monkeypatch, code="Diag.") == {"a.csv": {"code": "Diag.", "patient": "Patienter"}}


def test_without_a_terminal_nothing_is_asked(monkeypatch: pytest.MonkeyPatch, guideline: Guideline) -> None:
    monkeypatch.setattr(columns, "_asker", None)
    asked = ask_columns(Session(Language.DA), guideline, {"a.csv": ["Diag."]}, {"a.csv": {"date": ""}}, {})
    assert asked == {"a.csv": {"date": ""}}


def test_ctrl_c_at_the_question_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt):
        asked("\x03", {"a.csv": ["Spec", "Diag."]}, monkeypatch)


def test_a_header_is_shown_short_and_without_what_a_terminal_obeys() -> None:
    question = column_sheet(Voice(), "a.csv", "code", ["Diag\x1b[2J" + "x" * 99])
    assert "\x1b" not in question.text
    assert len(question.text) < 100


def test_all_roles_can_be_named_in_a_question() -> None:
    for role in load_columns().values():
        for language in Language:
            assert column_sheet(Voice(language), "a.csv", role, ["x"]).text
