"""From a guideline and a case to advice. Pure: same guideline and case, same advice. Source: spec of the advice."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import product

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
    caveats = sorted({*_standing_caveats(guideline, case), *_caveat_ids(guideline, case, suggested)})
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


def _standing_caveats(guideline: Guideline, case: Case) -> Iterator[CaveatId]:
    """Those that go with a code of the table, whenever it stands there."""
    for condition in case.conditions:
        for rule in guideline.suggestions.get((condition, case.nerve_root_signs), ()):
            yield from rule.caveats


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
    red_flags: bool,  # noqa: FBT001 - a fact
    declined: frozenset[Fact],
) -> tuple[Fact, ...]:
    given: dict[Fact, object] = dict(zip(Fact, (specialty, course, conditions, signs, certain), strict=True))
    unknown = [fact for fact in Fact if given[fact] in ("none", "unknown", ()) and fact not in declined]
    possible = {fact: _ANSWERS[fact] if fact in unknown else (given[fact],) for fact in Fact}
    outcomes = (
        ((Fact.SPECIALTY, Fact.COURSE, Fact.CONDITIONS), partial(_status_for, guideline)),
        ((Fact.CONDITIONS, Fact.NERVE_ROOT_SIGNS, Fact.FINDINGS_CERTAIN), partial(_codes_for, guideline, red_flags)),
    )
    return tuple(fact for fact in unknown if _matters(fact, possible, outcomes))


def _matters(
    fact: Fact,
    possible: dict[Fact, tuple[object, ...]],
    outcomes: tuple[tuple[tuple[Fact, ...], Callable[..., object]], ...],
) -> bool:
    """Whether two answers to ``fact`` differ in the obligation or in the suggestions, the other facts being equal."""
    for facts, outcome in outcomes:
        if fact not in facts:
            continue
        place = facts.index(fact)
        seen: dict[tuple[object, ...], object] = {}
        for combination in product(*(possible[each] for each in facts)):
            others = combination[:place] + combination[place + 1 :]
            result = outcome(*combination)
            if seen.setdefault(others, result) != result:
                return True
    return False


def _status_for(guideline: Guideline, specialty: str, course: Course, conditions: tuple[Condition, ...]) -> Status:
    return _obligation(guideline, specialty, course, _conditions_class(conditions)).status


def _codes_for(
    guideline: Guideline,
    red_flags: bool,  # noqa: FBT001 - a fact
    conditions: tuple[Condition, ...],
    signs: Answer,
    certain: Answer,
) -> list[tuple[Condition, str, Rank, Timing]]:
    return [
        (s.condition, s.code.code, s.rank, s.timing)
        for condition in conditions
        for s in _suggestions(guideline, condition, signs, certain, red_flags)
    ]
