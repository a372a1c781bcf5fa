"""From a guideline and a case to advice. Pure: same guideline and case, same advice. Source: spec of the advice."""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from typing import Any

from icpc_cli.guideline import Guideline, SuggestionRule
from icpc_cli.model import (
    LISTED,
    Advice,
    Answer,
    Case,
    CaveatId,
    Condition,
    Course,
    Fact,
    Obligation,
    Rank,
    Status,
    Suggestion,
    Timing,
)

_TIMING = {Answer.YES: Timing.NOW, Answer.UNKNOWN: Timing.CONFIRM, Answer.NO: Timing.WAIT}
_SYMPTOMS = range(1, 30)


def is_symptom_code(code: str) -> bool:
    """Whether an ICPC-2 code (a letter and two digits) is a symptom or complaint: numbers 01-29."""
    return int(code[1:]) in _SYMPTOMS


def advise(guideline: Guideline, case: Case) -> Advice:
    """What the case must lead to: obligation, codes with rank and timing, caveats, and what is worth asking."""
    suggested = suggestions(guideline, case)
    # Some go with a code of the table whenever it stands there.
    of_table = (guideline.suggestions.get((condition, case.nerve_root_signs), ()) for condition in case.conditions)
    of_codes = (caveat for rules in of_table for rule in rules for caveat in rule.caveats)
    caveats = sorted({*of_codes, *_caveat_ids(guideline, case, suggested)})
    return Advice(
        case=case,
        obligation=obligation(guideline, case.specialty, case.course, case.conditions),
        suggestions=suggested,
        caveats=tuple(guideline.caveats[caveat] for caveat in caveats),
        open_questions=open_questions(guideline, case),
    )


def suggestions(guideline: Guideline, case: Case) -> tuple[Suggestion, ...]:
    """The codes for the conditions of the case, with rank and timing."""
    said = case.nerve_root_signs, case.findings_certain, case.red_flags
    return tuple(s for condition in case.conditions for s in _suggestions(guideline, condition, *said))


def obligation(
    guideline: Guideline, specialty: str | None, course: Course, conditions: tuple[Condition, ...]
) -> Obligation:
    """Whether such a course must be coded. The guideline holds exactly one rule for every combination."""
    return _obligation(guideline, _specialty_class(specialty), course, _conditions_class(conditions))


def open_questions(guideline: Guideline, case: Case, declined: frozenset[Fact] = frozenset()) -> tuple[Fact, ...]:
    """The unknown facts of which two answers can lead to a different obligation or different suggestions.

    The other unknown facts may be answered in any way, except those ``declined`` ("don't know"), which stay unknown.
    """
    specialty = _specialty_class(case.specialty)
    said = case.nerve_root_signs, case.findings_certain, case.red_flags
    return _open_questions(guideline, specialty, case.course, case.conditions, *said, declined)


def _specialty_class(specialty: str | None) -> str:
    if specialty is None:
        return "none"
    return specialty if specialty in ("51", "57") else "other"


def _conditions_class(conditions: tuple[Condition, ...]) -> str:
    if not conditions:
        return "none"
    return "unlisted" if conditions == (Condition.OTHER,) else "listed"


@cache
def _obligation(guideline: Guideline, specialty: str, course: Course, which: str) -> Obligation:
    return next(
        rule.obligation
        for rule in guideline.obligations
        if specialty in rule.specialties and course in rule.courses and which in rule.conditions
    )


@cache
def _suggestions(
    guideline: Guideline,
    condition: Condition,
    signs: Answer,
    certain: Answer,
    red_flags: bool,  # noqa: FBT001 - a fact
) -> tuple[Suggestion, ...]:
    """The codes for one condition: from the table, with timing, and with a symptom code while a disease code waits."""
    if condition is Condition.OTHER:
        return ()
    rules = [(rule, rule.rank, _timing(rule, certain, red_flags)) for rule in guideline.suggestions[condition, signs]]
    recommended = rules[0]
    if recommended[2] is Timing.WAIT:
        interim = guideline.interim[recommended[0].code.code]
        rules = [entry for entry in rules if entry[0].code is not interim.code]
        rules.append((interim, Rank.INTERIM, Timing.NOW))
    return tuple(
        Suggestion(
            condition,
            rule.code,
            rank,
            timing,
            () if rank is Rank.INTERIM else _footnotes(rule, certain),
            rule.reason,
            rule.source.basis,
            rule.source.text,
        )
        for rule, rank, timing in rules
    )


def _timing(rule: SuggestionRule, certain: Answer, red_flags: bool) -> Timing:  # noqa: FBT001 - a fact
    """When a code of the table can be used: a symptom code at any time, unless something is to be settled first."""
    timing = Timing.NOW if is_symptom_code(rule.code.code) else _TIMING[certain]
    unsettled = red_flags or CaveatId.SIGNS_OPEN in rule.caveats
    return Timing.CONFIRM if timing is Timing.NOW and unsettled else timing


def _footnotes(rule: SuggestionRule, certain: Answer) -> tuple[int, ...]:
    """Footnote 1 stands at the head of the guide's column of codes, so it bears on each until findings are certain."""
    first = () if certain is Answer.YES else (1,)
    return (*first, 2) if CaveatId.FOOTNOTE_2 in rule.caveats else first


def _caveat_ids(guideline: Guideline, case: Case, suggestions: tuple[Suggestion, ...]) -> Iterator[CaveatId]:
    """Those that depend on the rest of the case."""
    if suggestions and case.findings_certain is not Answer.YES:
        yield CaveatId.FOOTNOTE_1
    if any(_is_final_elsewhere(guideline, suggestion) for suggestion in suggestions):
        yield CaveatId.INTERIM_L03
    if case.red_flags:
        yield CaveatId.RED_FLAGS
    if any(suggestion.timing is Timing.WAIT for suggestion in suggestions):
        yield CaveatId.KEEP_HISTORY
        if case.consultation in (None, 1):
            yield CaveatId.FIRST_CONSULTATION
    if Condition.OTHER in case.conditions:
        yield CaveatId.OUTSIDE_TABLE


def _is_final_elsewhere(guideline: Guideline, suggestion: Suggestion) -> bool:
    """Whether an interim code is the final one of another condition, so that it would pass for final here as well."""
    code = suggestion.code.code
    of_others = (codes for condition, codes in guideline.finals.items() if condition is not suggestion.condition)
    return (
        suggestion.rank is Rank.INTERIM
        and code not in guideline.finals[suggestion.condition]
        and any(code in codes for codes in of_others)
    )


_ANSWERS: dict[Fact, tuple[Any, ...]] = {
    Fact.SPECIALTY: ("51", "57", "other"),
    Fact.COURSE: (Course.STRUCTURED, Course.OTHER),
    # One condition at a time is enough: suggestions of several are those of each, and only "is one listed" obliges.
    Fact.CONDITIONS: tuple((condition,) for condition in (*LISTED, Condition.OTHER)),
    Fact.NERVE_ROOT_SIGNS: (Answer.YES, Answer.NO),
    Fact.FINDINGS_CERTAIN: (Answer.YES, Answer.NO),
}


@cache
def _open_questions(
    guideline: Guideline,
    specialty: str,
    course: Course,
    conditions: tuple[Condition, ...],
    signs: Answer,
    certain: Answer,
    red_flags: bool,  # noqa: FBT001 - a fact
    declined: frozenset[Fact],
) -> tuple[Fact, ...]:
    given: dict[Fact, Any] = dict(zip(Fact, (specialty, course, conditions, signs, certain), strict=True))
    unknown = [fact for fact in Fact if given[fact] in ("none", "unknown", ()) and fact not in declined]
    possible = [_ANSWERS[fact] if fact in unknown else (given[fact],) for fact in Fact]
    outcomes = {answers: _outcome(guideline, red_flags, *answers) for answers in product(*possible)}
    return tuple(fact for place, fact in enumerate(Fact) if fact in unknown and _matters(place, outcomes))


def _matters(place: int, outcomes: Mapping[tuple[Any, ...], object]) -> bool:
    """Whether two answers to the fact at this place differ in what they lead to, the other facts being equal."""
    led_to: dict[tuple[Any, ...], object] = {}
    return any(
        led_to.setdefault(answers[:place] + answers[place + 1 :], outcome) != outcome
        for answers, outcome in outcomes.items()
    )


def _outcome(
    guideline: Guideline,
    red_flags: bool,  # noqa: FBT001 - a fact
    specialty: str,
    course: Course,
    conditions: tuple[Condition, ...],
    *said: Answer,
) -> tuple[Status, list[tuple[Condition, str, Rank, Timing]]]:
    """What matters of the advice for these answers: the duty to code, and the codes."""
    status = _obligation(guideline, specialty, course, _conditions_class(conditions)).status
    found = (s for condition in conditions for s in _suggestions(guideline, condition, *said, red_flags))
    return status, [(s.condition, s.code.code, s.rank, s.timing) for s in found]
