"""``icpc note`` and ``icpc suggest --note`` from outside: what is shown, JSON, files, wrong use."""

import json
from pathlib import Path
from typing import Any

import pytest

NOTE = "Lumbal spinalstenose på MR. Neurologisk i.a. Mor har hofteartrose."


def test_a_note_is_shown_with_the_words_that_decided_and_the_advice(icpc: Any) -> None:
    ended = icpc("note", NOTE, "--specialty", "51", "--course", "struktureret")
    assert (ended.status, ended.err) == (0, "")
    assert "Lumbal [spinalstenose] på [MR]. [Neurologisk i.a.] Mor har {hofteartrose}." in ended.out
    assert 'Problem       Lumbal stenose  "spinalstenose"' in ended.out
    assert '"hofteartrose"  Artrose i hofte: om en anden person' in ended.out
    assert "SKAL KODES" in ended.out
    assert "L84" in ended.out


def test_what_a_note_leaves_open_is_named(icpc: Any) -> None:
    ended = icpc("note", "Ankeldistorsion.", "--specialty", "51", "--course", "struktureret")
    assert ended.out.count("Fremgår ikke") == 3
    assert "Endnu åbent" in ended.out


def test_a_denied_sign_is_not_marked_where_another_one_decides(icpc: Any) -> None:
    ended = icpc("note", "Iskias. Lasègue pos., ingen parese.")
    assert "[Iskias]. [Lasègue pos.], ingen parese." in ended.out


def test_cpr_numbers_and_control_characters_of_a_note_are_not_shown(icpc: Any) -> None:
    ended = icpc("note", "CPR 010203-1234, Iskias\x1b[31m hø.\nLasègue pos.")
    assert "010203" not in ended.out
    assert "1234" not in ended.out
    assert "\x1b" not in ended.out
    assert "[Iskias]" in ended.out


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
def test_a_file_is_read_in_the_encodings_of_clinics(encoding: str, tmp_path: Path, icpc: Any) -> None:
    file = tmp_path / "notat.txt"
    file.write_bytes("Slidgigt i knæ.\r\nIngen udstråling på ve. side.".encode(encoding))
    (answer,) = [json.loads(icpc("note", "--file", str(file), "--format", "json").out)]
    assert answer["conditions"] == ["knee_osteoarthritis"]
    assert answer["nerve_root_signs"] == "no"


def test_standard_input_is_read_where_asked_for(icpc: Any) -> None:
    ended = icpc("note", "-", "--format", "json", stdin="Coxartrose på rtg.")
    assert json.loads(ended.out) == {
        "schema": "icpc-cli/note/2",
        "id": None,
        "conditions": ["hip_osteoarthritis"],
        "nerve_root_signs": "unknown",
        "findings_certain": "yes",
        "language": "da",
        "entries": 1,
        "red_flags": [],
        "evidence": [
            {"fact": "conditions", "value": "hip_osteoarthritis", "start": 0, "end": 10, "rule": "hip-osteoarthritis"},
            {"fact": "findings_certain", "value": "yes", "start": 14, "end": 18, "rule": "imaging"},
        ],
    }


def test_json_lines_are_answered_in_their_places(icpc: Any) -> None:
    lines = [
        '{"id": "n1", "note": "Mor havde coxartrose."}',
        '{"id": 2}',
        "",
        "[1]",
        '{"note": 3}',
        '{"id": 6, "note": ""}',
    ]
    ended = icpc("note", "--jsonl", stdin="\n".join(lines))
    answers = [json.loads(line) for line in ended.out.splitlines()]
    assert ended.status == 1
    assert [answer["schema"] for answer in answers] == ["icpc-cli/note/2", *["icpc-cli/error/1"] * 4, "icpc-cli/note/2"]
    assert [answer.get("line") for answer in answers] == [None, 2, 3, 4, 5, None]
    assert answers[0]["evidence"] == [
        {
            "fact": "conditions",
            "value": "hip_osteoarthritis",
            "start": 10,
            "end": 20,
            "rule": "family",
            "set_aside": "family",
        }
    ]
    assert "coxartrose" not in ended.out
    assert "findes" not in answers[1]["message"]
    assert '"note"' in answers[1]["message"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "TEKST mangler"),
        (["  "], "Notatet er tomt"),
        (["Iskias", "--file", "x.txt"], "Brug kun det ene"),
        (["--file", "findes-ikke.txt"], "findes-ikke.txt: filen findes ikke"),
        (["--file", "."], "er en mappe"),
        (["Iskias", "--format", "xml"], "Vælg mellem: text, json"),
        (["Iskias", "--course", "forkert"], "kendes ikke"),
    ],
)
def test_wrong_use_is_said_in_one_message(arguments: list[str], said: str, icpc: Any) -> None:
    ended = icpc("note", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err
    assert ended.err.startswith("Fejl: ")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path, icpc: Any) -> None:
    file = tmp_path / "notat.docx"
    file.write_bytes(b"PK\x03\x04\x00\x00Iskias")
    ended = icpc("note", "--file", str(file))
    assert ended.status == 2
    assert "ikke en tekstfil" in ended.err


# suggest --note


def test_suggest_starts_from_the_note_and_options_go_before_it(icpc: Any) -> None:
    given = ["suggest", "--note", "Spinalstenose på MR, Lasègue pos.", "--format", "json"]
    case = json.loads(icpc(*given).out)["case"]
    assert (case["conditions"], case["nerve_root_signs"], case["findings_certain"]) == (
        ["lumbar_stenosis"],
        "yes",
        "yes",
    )
    case = json.loads(icpc(*given, "--nerve-root-signs", "nej", "--condition", "gonartrose").out)["case"]
    assert (case["conditions"], case["nerve_root_signs"]) == (["knee_osteoarthritis"], "no")


def test_an_option_of_dont_know_goes_before_the_note_too(icpc: Any) -> None:
    given = ["suggest", "--note", "Spinalstenose, Lasègue pos.", "--nerve-root-signs", "?", "--format", "json"]
    assert json.loads(icpc(*given).out)["case"]["nerve_root_signs"] == "unknown"


def test_suggest_shows_what_was_read_before_the_advice(icpc: Any) -> None:
    ended = icpc("suggest", "--note", NOTE, "--lang", "en")
    assert ended.status == 0
    assert ended.out.index("Read from the note") < ended.out.index("Must it be coded?")
    assert "about another person" in ended.out


def test_an_empty_note_is_refused_by_suggest_too(icpc: Any) -> None:
    ended = icpc("suggest", "--note", " ")
    assert ended.status == 2
    assert "Notatet er tomt" in ended.err


def test_a_note_loads_nothing_that_costs_time_for_json(icpc: Any) -> None:
    heavy = {"_duckdb", "rich", "questionary", "prompt_toolkit", "rapidfuzz", "xlsxwriter"}
    assert icpc.modules("note", NOTE, "--format", "json").isdisjoint(heavy)


def test_red_flags_are_quoted_and_no_code_is_one_to_give_now(icpc: Any) -> None:
    note = "Gonartrose hø. påvist på rtg. Feber 39 siden i går."
    answer = json.loads(icpc("note", note, "--format", "json").out)
    assert [note[each["start"] : each["end"]] for each in answer["red_flags"]] == ["Feber"]
    said = icpc("note", note, "--specialty", "51", "--course", "struktureret").out
    assert '"Feber"' in said
    assert "kan kodes nu" not in said
    assert "kan kodes nu" in icpc("note", note.replace("Feber", "Ingen feber"), "--specialty", "51").out


def test_a_journal_says_how_many_entries_it_has_and_which_was_read(icpc: Any) -> None:
    note = "1/5 AB: Iskias ve., Lasègue pos.\n3/6 AB: Knæartrose hø."
    answer = json.loads(icpc("note", note, "--format", "json").out)
    assert (answer["entries"], answer["conditions"], answer["nerve_root_signs"]) == (
        2,
        ["knee_osteoarthritis"],
        "unknown",
    )
    assert 'det seneste er læst: "Knæartrose hø. ..."' in icpc("note", note).out.replace("\n  ", " ")


def test_what_is_not_danish_and_what_lost_its_letters_is_said(icpc: Any) -> None:
    german = json.loads(icpc("note", "Keine Parese, Lasègue negativ.", "--format", "json").out)
    assert (german["language"], german["nerve_root_signs"]) == ("other", "unknown")
    assert "ikke på dansk" in icpc("note", "Keine Parese, Lasègue negativ.").out
    assert "1 ord mangler bogstaver" in icpc("note", "L\ufffdndesmerter.").out


def test_radiation_that_is_not_described_closely_enough_is_said(icpc: Any) -> None:
    assert "ikke beskrevet nøje nok" in " ".join(icpc("note", "Lændesmerter m. udstråling til ben.").out.split())


def test_explain_shows_what_each_stage_made_of_the_text(icpc: Any) -> None:
    note = "1/5 AB: Iskias.\n3/6 AB: Plan: MR. Aktuelt coxartrose, ingen dropfod. Søg læge ved lammelser. [x] rask"
    said = icpc("note", "--explain", note).out
    for words in (
        "rewritten",
        "earlier",
        "latest",
        "planned",
        "advised",
        "hip-osteoarthritis",
        "negated",
        "conditions",
    ):
        assert words in said, words
