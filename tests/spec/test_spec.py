"""One spec, every door: each case of the files beside this one leads to the same advice through every way in."""

import json
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from icpc_cli import Case, advise, load_guideline
from icpc_cli.interview import next_question
from icpc_cli.judging.check import check_exports
from icpc_cli.judging.options import Options
from icpc_cli.model import Answers, Fact, Status
from icpc_cli.prompts.sheets import UNKNOWN
from icpc_cli.text import Language
from icpc_cli.writing.json import advice_object

_FILES = ("advice_cases.toml", "more_advice_cases.toml")
_FACTS = ("specialty", "course", "conditions", "nerve_root_signs", "findings_certain", "consultation", "red_flags")

Outcome = dict[str, Any]


def _read() -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = []
    for file in _FILES:
        cases += tomllib.loads((Path(__file__).parent / file).read_text(encoding="utf-8"))["case"]
    return cases


CASES = {case["name"]: case for case in _read()}


def facts_of(case: dict[str, Any]) -> dict[str, Any]:
    """What the case states; a fact left out is unknown."""
    return {fact: case[fact] for fact in _FACTS if fact in case}


def outcome_of_json(answer: dict[str, Any]) -> Outcome:
    """The outcome that a JSON advice holds, in the shape of the spec."""
    return {
        "obligation": answer["obligation"]["status"],
        "suggestions": [[s["condition"], s["code"], s["role"], s["timing"]] for s in answer["suggestions"]],
        "caveats": [caveat["id"] for caveat in answer["caveats"]],
        "open_questions": answer["open_questions"],
    }


# The names in which a case can be said. From the specification, not from the program's data.

_IDS: dict[str, list[str]] = {}
_DANISH = {
    "cervical_nerve_root": ["nerverodspåvirkning i nakke", "cervikal nerverodspåvirkning", "cervikal radikulopati"],
    "lumbar_nerve_root": ["nerverodspåvirkning i lænd", "lumbal nerverodspåvirkning", "iskias"],
    "lumbar_stenosis": ["lumbal stenose", "lumbal spinalstenose", "lumbal spinal stenose", "spinalstenose"],
    "hip_osteoarthritis": ["artrose i hofte", "hofteartrose", "coxartrose", "slidgigt i hoften"],
    "knee_osteoarthritis": ["artrose i knæ", "knæartrose", "gonartrose", "slidgigt i knæ"],
    "primary_low_back_pain": ["primære smerter i lænderyggen", "primære lændesmerter", "lændesmerter"],
    "other": ["andet", "øvrige"],
    "structured": ["struktureret", "struktureret forløb"],
    "other course": ["andet", "andet forløb", "ikke-struktureret", "almindeligt forløb"],
    "yes": ["ja"],
    "no": ["nej"],
    "unknown": ["ved ikke", "uafklaret", "?"],
}
_ENGLISH = {
    "cervical_nerve_root": ["cervical nerve root"],
    "lumbar_nerve_root": ["lumbar nerve root"],
    "lumbar_stenosis": ["lumbar stenosis"],
    "hip_osteoarthritis": ["hip osteoarthritis"],
    "knee_osteoarthritis": ["knee osteoarthritis"],
    "primary_low_back_pain": ["primary low back pain"],
    "other": ["Other"],
    "structured": ["Structured"],
    "other course": ["Other"],
    "yes": ["Yes"],
    "no": ["No"],
    "unknown": ["Unknown"],
}


def _hyphens(name: str) -> str:
    return name.replace(" ", "-")


def _odd_case(name: str) -> str:
    return "".join(letter.upper() if place % 3 else letter.lower() for place, letter in enumerate(name))


def _two_letters(name: str) -> str:
    return name.replace("æ", "ae").replace("ø", "oe").replace("å", "aa").upper()


def _without_nordic(name: str) -> str:
    return name.replace("æ", "a").replace("ø", "o").replace("å", "a")


# Doors: a function from a case and the runner of the program to an outcome.

Door = Callable[[dict[str, Any], Any], Outcome]


def through_the_api(case: dict[str, Any], icpc: Any) -> Outcome:
    advice = advise(load_guideline(), Case(**facts_of(case)))
    return {
        "obligation": advice.obligation.status,
        "suggestions": [[s.condition, s.code.code, s.rank, s.timing] for s in advice.suggestions],
        "caveats": [caveat.id for caveat in advice.caveats],
        "open_questions": list(advice.open_questions),
    }


def options_of(case: dict[str, Any], say: Callable[[str], str], *, unknowns: bool) -> Iterator[str]:
    """The options that state the case, each value said by ``say``; ``unknowns`` states what is unknown as well."""
    facts = facts_of(case)
    for fact, option in (
        ("course", "--course"),
        ("nerve_root_signs", "--nerve-root-signs"),
        ("findings_certain", "--findings-certain"),
    ):
        value = facts.get(fact, "unknown" if unknowns else None)
        if value is not None:
            yield from (option, say("other course" if (fact, value) == ("course", "other") else value))
    for condition in facts.get("conditions", []):
        yield from ("--condition", say(condition))
    for fact in ("specialty", "consultation"):
        if fact in facts:
            yield from (f"--{fact}", str(facts[fact]))


def through_options(names: dict[str, list[str]], change: Callable[[str], str] = str, *, unknowns: bool = True) -> Door:
    """The door of ``icpc suggest`` with options, said with ``names``, each name being used in turn."""
    turns: dict[str, int] = {}

    def say(value: str) -> str:
        known = names.get(value, [value.removesuffix(" course")])
        turns[value] = turns.get(value, -1) + 1
        return change(known[turns[value] % len(known)])

    def door(case: dict[str, Any], icpc: Any) -> Outcome:
        ended = icpc("suggest", *options_of(case, say, unknowns=unknowns), "--format", "json")
        assert (ended.status, ended.err) == (0, "")
        return outcome_of_json(json.loads(ended.out))

    return door


def through_jsonl(say: Callable[[str], str] = str) -> Door:
    """The door of ``icpc suggest --jsonl``: all cases in one run, at the first one asked for."""
    answers: dict[str, Outcome] = {}

    def line(case: dict[str, Any]) -> str:
        facts = facts_of(case)
        if "conditions" in facts:
            facts["conditions"] = [say(condition) for condition in facts["conditions"]]
        return json.dumps(facts, ensure_ascii=False)

    def door(case: dict[str, Any], icpc: Any) -> Outcome:
        if not answers:
            ended = icpc("suggest", "--jsonl", stdin="".join(line(each) + "\n" for each in CASES.values()))
            assert (ended.status, ended.err) == (0, "")
            lines = ended.out.splitlines()
            assert len(lines) == len(CASES)
            answers.update({name: outcome_of_json(json.loads(text)) for name, text in zip(CASES, lines, strict=True)})
        return answers[case["name"]]

    return door


def _open(given: Case, answers: dict[Fact, Any]) -> list[Fact]:
    """The facts that are asked for, one after the other."""
    so_far, asked = Answers(given), []
    while question := next_question(load_guideline(), so_far):
        asked.append(question.fact)
        so_far = so_far.with_answer(question.fact, answers.get(question.fact, UNKNOWN[question.fact]))
    return asked


def through_the_interview(*, arrows: bool = False) -> Door:
    """The door of the interview, with real key presses.

    It asks only what can change the outcome; what it does not ask and the case states is given beforehand, as options
    give it.
    """

    def door(case: dict[str, Any], icpc: Any) -> Outcome:
        from tests.terminal import interviewed

        whole = Case(**facts_of(case))
        answers = {fact: getattr(whole, fact) for fact in Fact if whole.knows(fact)}
        asked = _open(Case(red_flags=whole.red_flags), answers)
        unasked = {fact.value: value for fact, value in answers.items() if fact not in asked}
        given = Case(consultation=whole.consultation, red_flags=whole.red_flags, **unasked)
        found = interviewed(given, answers, arrows=arrows)
        assert found.asked == asked
        assert found.advice is not None
        assert found.advice.case == whole
        return outcome_of_json(advice_object(found.advice, Language.DA))

    return door


def through_an_export() -> Door:
    """The door of an export: each case a row, its facts as cells; what is found and counted, read once for all rows.

    A course that has to be coded and is not names the codes (K102); the rest of the advice is that of the record's
    facts as the check read them. Records do not number their consultation for the advice, so that is put back.
    """
    rows: dict[str, tuple[Case, Status, list[list[str]]]] = {}

    def read() -> None:
        told = [case for case in CASES.values() if not case.get("red_flags")]
        lines = [";".join(_cells(case, str(number))) for number, case in enumerate(told)]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "klinik.csv"
            path.write_text("\n".join((_HEADER, *lines, "")), encoding="utf-8")
            with check_exports(load_guideline(), [str(path)], Options(date(2026, 6, 1))) as checked:
                status = {each.clinic: Status(each.standing.partition("_")[0]) for each in checked.courses()}
                found: dict[int, list[list[str]]] = {}
                for each in checked.findings():
                    if each.check == "K102":
                        found.setdefault(each.row, []).append(list(each.detail.suggestions))
                for number, case in enumerate(told):
                    row = number + 2
                    rows[case["name"]] = (checked.facts(row), status[str(number)], found.get(row, []))

    def door(case: dict[str, Any], icpc: Any) -> Outcome:
        if not rows:
            read()
        facts, status, pending = rows[case["name"]]
        whole = Case(**facts_of(case))
        expected = list(dict.fromkeys(code for _, code, _, timing in case["expect"]["suggestions"] if timing != "wait"))
        assert pending == ([expected] if status == "mandatory" else [])
        assert facts == replace(whole, consultation=None)
        advice = advise(load_guideline(), replace(facts, consultation=whole.consultation))
        return outcome_of_json(advice_object(advice, Language.DA)) | {"obligation": status}

    return door


_HEADER = "Klinik;Speciale;Forløbstype;Problemstilling;Nerverodstegn;Sikre fund;Diagnosekode"


def _cells(case: dict[str, Any], clinic: str) -> tuple[str, ...]:
    whole = Case(**facts_of(case))
    return (
        clinic,
        whole.specialty or "",
        {"structured": "Struktureret forløb", "other": "andet"}.get(whole.course, ""),
        " + ".join(_DANISH[condition][0] for condition in whole.conditions),
        {"yes": "ja", "no": "Nej"}.get(whole.nerve_root_signs, "ved ikke"),
        {"yes": "JA", "no": "nej"}.get(whole.findings_certain, ""),
        "",
    )


# A new way in joins here: name -> function.
DOORS: dict[str, Door] = {
    "API": through_the_api,
    "options, ids": through_options(_IDS),
    "options, ids, only what is known": through_options(_IDS, unknowns=False),
    "options, Danish": through_options(_DANISH),
    "options, English": through_options(_ENGLISH),
    "options, hyphens": through_options(_DANISH, _hyphens),
    "options, odd case": through_options(_DANISH, _odd_case),
    "options, ae oe aa": through_options(_DANISH, _two_letters),
    "options, without æøå": through_options(_DANISH, _without_nordic),
    "jsonl, ids": through_jsonl(),
    "interview, letters and numbers": through_the_interview(),
    "interview, arrows": through_the_interview(arrows=True),
    "export": through_an_export(),
    "jsonl, Danish": through_jsonl(lambda condition: _DANISH[condition][0]),
}
# Cases that a door cannot express, as (door, name of the case), each with the reason.
NOT_EXPRESSIBLE: dict[tuple[str, str], str] = {
    (door, name): "words of alarm are read in a note, and never an option or a column"
    for door in DOORS
    for name, case in CASES.items()
    if case.get("red_flags") and door.startswith(("options", "export"))
}


def _ways() -> Iterator[Any]:
    """Every case through every door; through the interview, which takes long, by turns letters and arrows."""
    for place, name in enumerate(CASES):
        for number, door in enumerate(DOORS):
            if (door, name) not in NOT_EXPRESSIBLE:
                later = door.startswith("interview") and (place + number) % 2
                yield pytest.param(door, name, marks=pytest.mark.slow if later else ())


@pytest.mark.parametrize(("door", "name"), list(_ways()))
def test_the_case_leads_to_its_advice_through_the_door(door: str, name: str, icpc: Any) -> None:
    assert DOORS[door](CASES[name], icpc) == CASES[name]["expect"]


@pytest.mark.parametrize(
    "name",
    [
        "lumbar stenosis with nerve-root signs prefers L86",
        "stenosis and knee osteoarthritis, uncertain",
        "nothing known asks from the beginning",
    ],
)
def test_the_program_as_a_process_of_its_own_gives_the_same_advice(name: str, icpc: Any) -> None:
    def say(value: str) -> str:
        return _DANISH[value][0]

    ended = icpc.process("suggest", *options_of(CASES[name], say, unknowns=True), "--format", "json")
    assert (ended.status, ended.err) == (0, "")
    assert outcome_of_json(json.loads(ended.out)) == CASES[name]["expect"]


def test_every_case_has_its_own_name_and_only_known_keys() -> None:
    assert len(CASES) == len(_read())
    for case in _read():
        assert case.keys() <= {*_FACTS, "name", "expect"}, case["name"]
        assert case["expect"].keys() == {"obligation", "suggestions", "caveats", "open_questions"}, case["name"]


def test_no_case_is_told_twice() -> None:
    seen: dict[str, str] = {}
    for name, case in CASES.items():
        assert seen.setdefault(json.dumps(facts_of(case), sort_keys=True), name) == name


@pytest.mark.parametrize("what", ["obligation", "suggestions", "caveats", "open_questions"])
def test_every_rule_of_the_guideline_decides_a_case_and_leaves_another_alone(what: str) -> None:
    """Every outcome that the specification names is expected by some case, and not by some other."""
    guideline = load_guideline()
    expected = [case["expect"][what] for case in CASES.values()]
    possible: list[tuple[str, ...]]
    if what == "obligation":
        possible = [(value,) for value in guideline.labels["status"]]
        found = [{(value,)} for value in expected]
    elif what == "suggestions":
        possible = [
            (condition, rule.code.code, rule.rank.value)
            for (condition, _), rules in guideline.suggestions.items()
            for rule in rules
        ]
        found = [{tuple(suggestion[:3]) for suggestion in value} for value in expected]
    elif what == "caveats":
        possible = [(value,) for value in guideline.caveats]
        found = [{(each,) for each in value} for value in expected]
    else:
        possible = [(value,) for value in guideline.labels["fact"]]
        found = [{(each,) for each in value} for value in expected]
    for each in possible:
        assert any(each in value for value in found), f"no case expects {each}"
        assert any(each not in value for value in found), f"every case expects {each}"
