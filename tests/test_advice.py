"""All cases of up to two conditions, against the written rules told a second time: plainly, and on their own.

Nothing of ``naive_*`` comes from the program; it restates the specification of the advice, table by table.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations, product
from typing import Any

import pytest

from icpc_cli import Case, advise
from icpc_cli.errors import InvalidValueError
from icpc_cli.guideline import Guideline, default_folder, rules
from icpc_cli.interview import next_question
from icpc_cli.model import Advice, Answers, Basis, Fact, Rank, Status, Timing
from icpc_cli.text import Language
from icpc_cli.writing.json import advice_object

ORDER = [
    "cervical_nerve_root",
    "lumbar_nerve_root",
    "lumbar_stenosis",
    "hip_osteoarthritis",
    "knee_osteoarthritis",
    "primary_low_back_pain",
    "other",
]
FACTS = ["specialty", "course", "conditions", "nerve_root_signs", "findings_certain"]
SETS = [()] + [chosen for size in (1, 2) for chosen in combinations(ORDER, size)]
ALL_SETS = [chosen for size in range(1, 8) for chosen in combinations(ORDER, size)]

# The rules, told a second time

TABLE = {
    ("cervical_nerve_root", "yes"): ["L83"],
    ("cervical_nerve_root", "no"): ["L83"],
    ("cervical_nerve_root", "unknown"): ["L83"],
    ("lumbar_nerve_root", "yes"): ["L86"],
    ("lumbar_nerve_root", "no"): ["L86"],
    ("lumbar_nerve_root", "unknown"): ["L86"],
    ("lumbar_stenosis", "yes"): ["L86", "L84"],
    ("lumbar_stenosis", "no"): ["L84"],
    ("lumbar_stenosis", "unknown"): ["L84", "L86"],
    ("hip_osteoarthritis", "yes"): ["L89"],
    ("hip_osteoarthritis", "no"): ["L89"],
    ("hip_osteoarthritis", "unknown"): ["L89"],
    ("knee_osteoarthritis", "yes"): ["L90"],
    ("knee_osteoarthritis", "no"): ["L90"],
    ("knee_osteoarthritis", "unknown"): ["L90"],
    ("primary_low_back_pain", "yes"): ["L86", "L03"],
    ("primary_low_back_pain", "no"): ["L03"],
    ("primary_low_back_pain", "unknown"): ["L03"],
    ("other", "yes"): [],
    ("other", "no"): [],
    ("other", "unknown"): [],
}
TIMING = {"yes": "now", "unknown": "confirm", "no": "wait"}
INTERIM = {"L83": "L01", "L84": "L03", "L86": "L03", "L89": "L13", "L90": "L15"}


def naive_obligation(specialty: str | None, course: str, conditions: tuple[str, ...]) -> str:
    if specialty is None:
        return "undetermined"
    if specialty == "51":
        return {"structured": "mandatory", "other": "voluntary", "unknown": "undetermined"}[course]
    if specialty == "57":
        if conditions == ():
            return "undetermined"
        return "voluntary" if conditions == ("other",) else "mandatory"
    return "voluntary"


@cache
def naive_suggestions(
    conditions: tuple[str, ...], signs: str, certain: str, red_flags: bool = False
) -> tuple[tuple[str, str, str, str], ...]:
    found = []
    for condition in conditions:
        codes = TABLE[condition, signs]
        waits = False
        for place, code in enumerate(codes):
            role = "recommended" if place == 0 else "alternative"
            timing = "now" if code == "L03" else TIMING[certain]
            if timing == "now" and condition == "lumbar_stenosis" and signs == "unknown":
                timing = "confirm"
            if role == "recommended" and timing == "wait":
                waits = True
            if role == "alternative" and waits and code == INTERIM[codes[0]]:
                role = "interim"
            if timing == "now" and role != "interim" and red_flags:
                timing = "confirm"
            found.append((condition, code, role, timing))
        if waits and INTERIM[codes[0]] not in codes:
            found.append((condition, INTERIM[codes[0]], "interim", "now"))
    return tuple(found)


def naive_footnotes(condition: str, role: str, signs: str, certain: str) -> list[int]:
    if role == "interim":
        return []
    second = condition == "lumbar_stenosis" or (condition == "primary_low_back_pain" and signs == "yes")
    return ([1] if certain != "yes" else []) + ([2] if second else [])


def naive_caveats(
    consultation: int | None, conditions: tuple[str, ...], signs: str, certain: str, red_flags: bool = False
) -> list[str]:
    suggestions = naive_suggestions(conditions, signs, certain, red_flags)
    something_waits = any(timing == "wait" for _, _, _, timing in suggestions)
    low_back_with_signs = "primary_low_back_pain" in conditions and signs == "yes"
    root = "cervical_nerve_root" in conditions or "lumbar_nerve_root" in conditions
    when = {
        "footnote-1": bool(set(conditions) - {"other"}) and certain != "yes",
        "footnote-2": "lumbar_stenosis" in conditions or low_back_with_signs,
        "prefer-l86": low_back_with_signs,
        "signs-open": "lumbar_stenosis" in conditions and signs == "unknown",
        "interim-l03": any(
            code == "L03" and role == "interim" and condition != "primary_low_back_pain"
            for condition, code, role, _ in suggestions
        ),
        "red-flags": red_flags,
        "no-nerve-root-signs": root and signs == "no",
        "keep-history": something_waits,
        "first-consultation": something_waits and consultation in (None, 1),
        "outside-table": "other" in conditions,
    }
    return sorted(caveat for caveat, applies in when.items() if applies)


@cache
def naive_outcome(
    specialty: str | None, course: str, conditions: tuple[str, ...], signs: str, certain: str, red_flags: bool
) -> tuple[str, tuple[tuple[str, str, str, str], ...]]:
    return naive_obligation(specialty, course, conditions), naive_suggestions(conditions, signs, certain, red_flags)


UNKNOWN: dict[str, Any] = {
    "specialty": None,
    "course": "unknown",
    "conditions": (),
    "nerve_root_signs": "unknown",
    "findings_certain": "unknown",
}
ANSWERS: dict[str, list[Any]] = {
    "specialty": ["51", "57", "62"],
    "course": ["structured", "other"],
    "conditions": ALL_SETS,
    "nerve_root_signs": ["yes", "no"],
    "findings_certain": ["yes", "no"],
}


@cache
def naive_open(
    known: tuple[Any, ...],
    declined: frozenset[str] = frozenset(),
    *,
    others_may_stay_unknown: bool = False,
    red_flags: bool = False,
) -> list[str]:
    """By brute force: every answer to a fact, for every way of answering the others, over all sets of conditions."""
    unknown = [fact for fact, value in zip(FACTS, known, strict=True) if value == UNKNOWN[fact]]
    return [
        fact
        for fact in unknown
        if fact not in declined and _matters(fact, known, declined, others_may_stay_unknown, red_flags)
    ]


def _matters(
    fact: str, known: tuple[Any, ...], declined: frozenset[str], others_may_stay_unknown: bool, red_flags: bool
) -> bool:
    place = FACTS.index(fact)
    ways = []
    for other, value in zip(FACTS, known, strict=True):
        if other == fact:
            ways.append([None])
        elif value != UNKNOWN[other] or other in declined:
            ways.append([value])
        else:
            ways.append(ANSWERS[other] + ([UNKNOWN[other]] if others_may_stay_unknown else []))
    for way in product(*ways):
        outcomes = {naive_outcome(*way[:place], answer, *way[place + 1 :], red_flags) for answer in ANSWERS[fact]}
        if len(outcomes) > 1:
            return True
    return False


# What the program says, beside it

KNOWN: list[tuple[Any, ...]] = list(
    product([None, "51", "57", "62"], ["structured", "other", "unknown"], SETS, *[["yes", "no", "unknown"]] * 2)
)
CONSULTATIONS = [None, 1, 2]


def every_advice(
    guideline: Guideline, *, red_flags: bool = False
) -> Iterator[tuple[tuple[Any, ...], int | None, Advice]]:
    for known in KNOWN:
        for consultation in CONSULTATIONS:
            case = replace(Case(*known), consultation=consultation, red_flags=red_flags)
            yield known, consultation, advise(guideline, case)


def test_every_case_gets_the_obligation_of_the_written_rules(guideline: Guideline) -> None:
    for known, _, advice in every_advice(guideline):
        assert advice.obligation.status == naive_obligation(*known[:3]), known


with_and_without_red_flags = pytest.mark.parametrize("red_flags", [False, True], ids=["plain", "red flags"])


@with_and_without_red_flags
def test_every_case_gets_the_suggestions_of_the_written_rules_in_their_order(
    guideline: Guideline, red_flags: bool
) -> None:
    for known, _, advice in every_advice(guideline, red_flags=red_flags):
        found = tuple((s.condition, s.code.code, s.rank, s.timing) for s in advice.suggestions)
        assert found == naive_suggestions(*known[2:], red_flags), known


@with_and_without_red_flags
def test_every_suggestion_carries_the_footnotes_of_the_written_rules(guideline: Guideline, red_flags: bool) -> None:
    for known, _, advice in every_advice(guideline, red_flags=red_flags):
        for each in advice.suggestions:
            assert list(each.footnotes) == naive_footnotes(each.condition, each.rank, *known[3:]), known


@with_and_without_red_flags
def test_every_case_gets_the_caveats_of_the_written_rules_sorted(guideline: Guideline, red_flags: bool) -> None:
    for known, consultation, advice in every_advice(guideline, red_flags=red_flags):
        found = [caveat.id.value for caveat in advice.caveats]
        _, _, conditions, signs, certain = known
        assert found == naive_caveats(consultation, conditions, signs, certain, red_flags), (known, consultation)


@with_and_without_red_flags
def test_every_case_has_the_open_questions_that_brute_force_finds(guideline: Guideline, red_flags: bool) -> None:
    for known, _, advice in every_advice(guideline, red_flags=red_flags):
        assert list(advice.open_questions) == naive_open(known, red_flags=red_flags), known


def test_with_red_flags_nothing_of_the_table_is_to_be_coded_now(guideline: Guideline) -> None:
    for known, _, advice in every_advice(guideline, red_flags=True):
        assert all(each.rank is Rank.INTERIM or each.timing is not Timing.NOW for each in advice.suggestions), known


def test_leaving_another_fact_unknown_opens_no_further_question() -> None:
    """So it does not matter whether "don't know" counts among the ways of answering the other facts."""
    for known in KNOWN:
        assert naive_open(known) == naive_open(known, others_may_stay_unknown=True), known


@pytest.mark.parametrize("specialty", ["62", "65", "0", "510"])
def test_any_other_specialty_is_like_62(guideline: Guideline, specialty: str) -> None:
    for known in KNOWN:
        if known[0] == "62":
            advice = advise(guideline, Case(specialty, *known[1:]))
            assert advice.obligation == advise(guideline, Case(*known)).obligation
            assert list(advice.open_questions) == naive_open(known)


def test_sets_of_more_conditions_are_the_sum_of_their_conditions(guideline: Guideline) -> None:
    for chosen in ALL_SETS:
        for signs, certain in product(["yes", "no", "unknown"], repeat=2):
            advice = advise(guideline, Case("57", "other", chosen, signs, certain))  # type: ignore[arg-type] # plain ids
            found = tuple((s.condition, s.code.code, s.rank, s.timing) for s in advice.suggestions)
            assert found == naive_suggestions(chosen, signs, certain)
            assert [caveat.id.value for caveat in advice.caveats] == naive_caveats(None, chosen, signs, certain)
            assert list(advice.open_questions) == naive_open(("57", "other", chosen, signs, certain))


def test_a_footnote_is_a_caveat_exactly_when_a_suggestion_carries_it(guideline: Guideline) -> None:
    for known, _, advice in every_advice(guideline):
        carried = {f"footnote-{number}" for suggestion in advice.suggestions for number in suggestion.footnotes}
        shown = {caveat.id.value for caveat in advice.caveats if caveat.id.startswith("footnote-")}
        assert carried == shown, known


def test_the_same_case_gets_the_same_advice_from_a_guideline_loaded_anew(guideline: Guideline) -> None:
    anew = rules._loaded.__wrapped__(default_folder())
    for known in KNOWN:
        turned = (*known[:2], tuple(reversed(known[2])) * 2, *known[3:])
        assert advise(guideline, Case(*known)) == advise(anew, Case(*turned)), known


def test_a_condition_is_coded_once_and_has_one_recommended_code(guideline: Guideline) -> None:
    for known, _, advice in every_advice(guideline):
        for condition in known[2]:
            of_it = [suggestion for suggestion in advice.suggestions if suggestion.condition == condition]
            assert [s.rank for s in of_it].count(Rank.RECOMMENDED) == (condition != "other")
            assert len({s.code.code for s in of_it}) == len(of_it)


def test_every_reason_and_source_says_something_in_both_languages(guideline: Guideline) -> None:
    for _, _, advice in every_advice(guideline):
        texts = [advice.obligation.reason, advice.obligation.source]
        texts += [text for suggestion in advice.suggestions for text in (suggestion.reason, suggestion.source)]
        texts += [text for caveat in advice.caveats for text in (caveat.text, caveat.source)]
        assert all(text.da.strip() and text.en.strip() for text in texts)


def test_what_the_guide_does_not_say_is_never_shown_as_the_guides(guideline: Guideline) -> None:
    """The list of the specification: what is a reading, and what is from elsewhere, in every advice that there is."""
    for _, _, advice in every_advice(guideline, red_flags=True):
        if advice.obligation.status is Status.UNDETERMINED:
            assert advice.obligation.basis is Basis.PROGRAM
        for each in advice.suggestions:
            low_back_as_root = each.condition == "primary_low_back_pain" and each.code.code == "L86"
            interim = each.rank is Rank.INTERIM
            assert each.basis is (Basis.PROGRAM if low_back_as_root else Basis.EKM if interim else Basis.GUIDE)
        for caveat in advice.caveats:
            assert (caveat.basis is Basis.GUIDE) == (caveat.id in GUIDES_OWN), caveat.id


GUIDES_OWN = ["footnote-1", "footnote-2", "signs-open", "first-consultation"]


def test_an_interim_code_says_that_it_is_not_from_the_table_of_the_guide(guideline: Guideline) -> None:
    interim = [s for _, _, advice in every_advice(guideline) for s in advice.suggestions if s.rank is Rank.INTERIM]
    assert interim
    for suggestion in set(interim):
        for text in (suggestion.reason, suggestion.source):
            assert "ikke" in text.da.casefold()
            assert "guidens tabel" in text.da
            assert "not" in text.en.casefold()
            assert "guide's table" in text.en


# A case that cannot be is refused when it is built


@pytest.mark.parametrize(
    "facts",
    [
        {"specialty": ""},
        {"specialty": "general"},
        {"specialty": "-51"},
        {"specialty": "\u0665\u0661"},
        {"specialty": 51},
        {"specialty": "051"},
        {"course": "Structured"},
        {"course": None},
        {"conditions": "other"},
        {"conditions": ["back"]},
        {"conditions": [None]},
        {"nerve_root_signs": "maybe"},
        {"nerve_root_signs": True},
        {"findings_certain": ""},
        {"consultation": 0},
        {"consultation": "1"},
        {"consultation": 1.0},
        {"consultation": True},
        {"red_flags": 1},
        {"red_flags": "yes"},
        {"red_flags": None},
    ],
    ids=str,
)
def test_a_case_with_an_impossible_value_is_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(InvalidValueError):
        Case(**facts)


# The JSON object

SHAPE: dict[str, Any] = {
    "schema": str,
    "case": {
        "specialty": (str, type(None)),
        "course": str,
        "conditions": [str],
        "nerve_root_signs": str,
        "findings_certain": str,
        "consultation": (int, type(None)),
        "red_flags": bool,
    },
    "obligation": {"status": str, "reason": str, "basis": str, "source": str},
    "suggestions": [
        {
            "condition": str,
            "code": str,
            "title": str,
            "role": str,
            "timing": str,
            "footnotes": [int],
            "reason": str,
            "basis": str,
            "source": str,
        }
    ],
    "caveats": [{"id": str, "text": str, "basis": str, "source": str}],
    "open_questions": [str],
}


def assert_shape(value: Any, shape: Any, place: str = "") -> None:
    """Exactly these keys in this order, and these types."""
    if isinstance(shape, dict):
        assert list(value) == list(shape), place
        for key in shape:
            assert_shape(value[key], shape[key], f"{place}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), place
        for each in value:
            assert_shape(each, shape[0], f"{place}[]")
    else:
        assert isinstance(value, shape), place


@pytest.mark.parametrize("language", list(Language))
def test_the_json_object_has_exactly_the_keys_and_types_of_its_schema(guideline: Guideline, language: Language) -> None:
    for known, consultation, advice in every_advice(guideline):
        value = advice_object(advice, language)
        assert_shape(value, SHAPE)
        assert value["schema"] == "icpc-cli/advice/2"
        assert tuple(value["case"].values()) == (*known[:2], list(known[2]), *known[3:], consultation, False)


def test_the_json_object_says_its_words_in_the_language_asked_for(guideline: Guideline) -> None:
    advice = advise(guideline, Case("51", "structured", ["lumbar_stenosis"]))  # type: ignore[arg-type] # plain ids
    danish, english = (advice_object(advice, language)["suggestions"][0] for language in Language)
    assert danish["title"] == "Rygsyndrom uden smerteudstråling"
    assert english["title"] == "Back syndrome without radiating pain"
    assert danish["reason"] != english["reason"]


# The interview

WALK: dict[str, list[Any]] = {
    "specialty": ["51", "57", "62", None],
    "course": ["structured", "other", "unknown"],
    "conditions": [*[(condition,) for condition in ORDER], ("hip_osteoarthritis", "other"), ()],
    "nerve_root_signs": ["yes", "no", "unknown"],
    "findings_certain": ["yes", "no", "unknown"],
}


def answers_of(known: tuple[Any, ...], declined: frozenset[str]) -> Answers:
    return Answers(Case(*known), frozenset(map(Fact, declined)))


def test_from_every_start_and_with_all_answers_the_interview_asks_what_is_open_and_ends(guideline: Guideline) -> None:
    """At every step the first open fact that was not declined; never one twice; at most five questions."""
    ends: dict[tuple[tuple[Any, ...], frozenset[str]], int] = {}

    def longest(known: tuple[Any, ...], declined: frozenset[str], asked: tuple[str, ...]) -> int:
        if (known, declined) in ends:
            return ends[known, declined]
        question = next_question(guideline, answers_of(known, declined))
        open_facts = naive_open(known, declined)
        assert (question.fact.value if question else None) == next(iter(open_facts), None), (known, declined)
        steps = 0
        if question:
            fact = question.fact.value
            assert fact not in declined
            assert fact not in asked
            for answer in WALK[fact]:
                after = answers_of(known, declined).with_answer(question.fact, answer)
                place = FACTS.index(fact)
                now_known = (*known[:place], answer, *known[place + 1 :])
                now_declined = declined | {fact} if answer == UNKNOWN[fact] else declined
                assert after == answers_of(now_known, now_declined)
                steps = max(steps, 1 + longest(now_known, now_declined, (*asked, fact)))
        ends[known, declined] = steps
        return steps

    starts = [known for known in KNOWN if len(known[2]) < 2]
    assert max(longest(known, frozenset(), ()) for known in starts) == 5


def test_a_question_offers_its_own_answers_and_is_asked_in_both_languages(guideline: Guideline) -> None:
    for fact in Fact:
        question = guideline.questions[fact]
        assert question.fact is fact
        assert question.several == (fact is Fact.CONDITIONS)
        assert all(text.da.strip() and text.en.strip() for text in (question.text, question.help, question.source))
    assert [key for key, _ in guideline.questions[Fact.CONDITIONS].choices] == ORDER
    assert [key for key, _ in guideline.questions[Fact.NERVE_ROOT_SIGNS].choices] == ["yes", "no", "unknown"]


def test_an_answer_changed_to_a_known_one_is_no_longer_declined() -> None:
    answers = Answers().with_answer(Fact.COURSE, "unknown")
    assert answers.declined == {Fact.COURSE}
    assert answers.with_answer(Fact.COURSE, "other").declined == frozenset()
