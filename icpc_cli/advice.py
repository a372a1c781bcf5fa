"""From a guideline and a case to advice. Pure: same guideline and case, same advice. Source: spec of the advice."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import product

from icpc_cli.guideline import Guideline
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
    signs, certain = case.nerve_root_signs, case.findings_certain
    suggestions = tuple(s for c in case.conditions for s in _suggestions(guideline, c, signs, certain))
    caveats = sorted(_caveat_ids(case, suggestions))
    return Advice(
        case=case,
        obligation=obligation(guideline, case.specialty, case.course, case.conditions),
        suggestions=suggestions,
        caveats=tuple(guideline.caveats[caveat] for caveat in caveats),
        open_questions=open_questions(guideline, case),
    )


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
    signs, certain = case.nerve_root_signs, case.findings_certain
    return _open_questions(guideline, specialty, case.course, case.conditions, signs, certain, declined)


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
def _suggestions(guideline: Guideline, condition: Condition, signs: Answer, certain: Answer) -> tuple[Suggestion, ...]:
    """The codes for one condition: from the table, with timing, and with a symptom code while a disease code waits."""
    if condition is Condition.OTHER:
        return ()
    rules = [(rule, rule.rank, _timing(rule.code.code, certain)) for rule in guideline.suggestions[condition, signs]]
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
            _footnotes(condition, signs, rank, timing),
            rule.reason,
            rule.source,
        )
        for rule, rank, timing in rules
    )


def _timing(code: str, certain: Answer) -> Timing:
    return Timing.NOW if is_symptom_code(code) else _TIMING[certain]


def _footnotes(condition: Condition, signs: Answer, rank: Rank, timing: Timing) -> tuple[int, ...]:
    if rank is Rank.INTERIM:
        return ()
    first = (1,) if timing is not Timing.NOW else ()
    return (*first, 2) if _footnote_2_applies(condition, signs) else first


def _footnote_2_applies(condition: Condition, signs: Answer) -> bool:
    return condition is Condition.LUMBAR_STENOSIS or _prefers_l86(condition, signs)


def _prefers_l86(condition: Condition, signs: Answer) -> bool:
    return condition is Condition.PRIMARY_LOW_BACK_PAIN and signs is Answer.YES


def _caveat_ids(case: Case, suggestions: tuple[Suggestion, ...]) -> Iterator[CaveatId]:
    conditions, signs = case.conditions, case.nerve_root_signs
    roots = {Condition.CERVICAL_NERVE_ROOT, Condition.LUMBAR_NERVE_ROOT}
    if any(suggestion.timing is not Timing.NOW for suggestion in suggestions):
        yield CaveatId.FOOTNOTE_1
    if any(_footnote_2_applies(condition, signs) for condition in conditions):
        yield CaveatId.FOOTNOTE_2
    if any(_prefers_l86(condition, signs) for condition in conditions):
        yield CaveatId.PREFER_L86
    if signs is Answer.NO and roots.intersection(conditions):
        yield CaveatId.NO_NERVE_ROOT_SIGNS
    if any(suggestion.timing is Timing.WAIT for suggestion in suggestions):
        yield CaveatId.KEEP_HISTORY
        if case.consultation in (None, 1):
            yield CaveatId.FIRST_CONSULTATION
    if Condition.OTHER in conditions:
        yield CaveatId.OUTSIDE_TABLE


_ANSWERS: dict[Fact, tuple[object, ...]] = {
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
    declined: frozenset[Fact],
) -> tuple[Fact, ...]:
    given: dict[Fact, object] = dict(zip(Fact, (specialty, course, conditions, signs, certain), strict=True))
    unknown = [fact for fact in Fact if given[fact] in ("none", "unknown", ()) and fact not in declined]
    possible = {fact: _ANSWERS[fact] if fact in unknown else (given[fact],) for fact in Fact}
    return tuple(fact for fact in unknown if _matters(guideline, fact, possible))


def _matters(guideline: Guideline, fact: Fact, possible: dict[Fact, tuple[object, ...]]) -> bool:
    """Whether two answers to ``fact`` differ in the obligation or in the suggestions, the other facts being equal."""
    outcomes: tuple[tuple[tuple[Fact, ...], Callable[..., object]], ...] = (
        ((Fact.SPECIALTY, Fact.COURSE, Fact.CONDITIONS), _status_for),
        ((Fact.CONDITIONS, Fact.NERVE_ROOT_SIGNS, Fact.FINDINGS_CERTAIN), _codes_for),
    )
    for facts, outcome in outcomes:
        if fact not in facts:
            continue
        place = facts.index(fact)
        seen: dict[tuple[object, ...], object] = {}
        for combination in product(*(possible[each] for each in facts)):
            others = combination[:place] + combination[place + 1 :]
            result = outcome(guideline, *combination)
            if seen.setdefault(others, result) != result:
                return True
    return False


def _status_for(guideline: Guideline, specialty: str, course: Course, conditions: tuple[Condition, ...]) -> Status:
    return _obligation(guideline, specialty, course, _conditions_class(conditions)).status


def _codes_for(
    guideline: Guideline, conditions: tuple[Condition, ...], signs: Answer, certain: Answer
) -> list[tuple[Condition, str, Rank, Timing]]:
    return [
        (s.condition, s.code.code, s.rank, s.timing)
        for condition in conditions
        for s in _suggestions(guideline, condition, signs, certain)
    ]
