"""The rules of the checks: a cell, a record or a course in facts -> what is wrong with it, or nothing.

Each rule is judged once per distinct value. Source: specification of the checks, table "Checks".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from icpc_cli.advice import advise, obligation
from icpc_cli.cases.words import read_day, read_specialty
from icpc_cli.checks.cells import Read, cpr_date_exists, serial_date
from icpc_cli.checks.codes import Kind, read_codes, tidied
from icpc_cli.guideline import Guideline, fold
from icpc_cli.model import Answer, Case, Condition, Obligation, Rank, Status
from icpc_cli.outcomes import Detail

CPR_IN_TEXT = r"(?:^|[^0-9])(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2}[- ]?[0-9]{4}(?:[^0-9]|$)"
"""Ten digits that begin with a day and a month, in the syntax that ``re`` and RE2 share."""
_CPR_IN_TEXT = re.compile(CPR_IN_TEXT)
CPR_SHAPE = "[0-9]{6}[- ]?[0-9]{4}"
_TOTALS = frozenset(("ialt", "total", "totalt", "sum", "subtotal", "grandtotal", "samlet"))


@dataclass(frozen=True, slots=True)
class Record:
    """A record in facts: the case, its valid codes, and the codes of which its code text is the title.

    ``stated`` is the case without what only the note says; None: nothing comes from the note.
    """

    case: Case
    codes: tuple[str, ...] = ()
    titled: tuple[str, ...] = ()
    stated: Case | None = None


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """A course in facts: the case of its last record, the number of consultations, and what its valid codes are.

    ``coded``: some record has one; ``symptoms_only``: it has, and all of the course are symptom codes (01-29).
    """

    last: Case
    consultations: int
    coded: bool
    symptoms_only: bool = False
    stated: Case | None = None


def code_cell(guideline: Guideline, cell: str) -> Iterator[tuple[str, Detail]]:
    """R002-R005 for the raw cell of the code column."""
    codes = read_codes(cell, guideline.diagnoses)
    if codes.untidy:
        yield "R002", Detail(fix=tidied(cell, guideline.diagnoses))
    if codes.malformed:
        yield "R003", Detail()
    if foreign := codes.of(Kind.ICD10):
        yield "R004", Detail(facts=(("codes", ", ".join(token.tidy for token in foreign)),))
    if unknown := codes.of(Kind.UNKNOWN):
        yield "R005", Detail(facts=(("codes", ", ".join(token.tidy for token in unknown)),))


def specialty_cell(read: Read) -> Iterator[tuple[str, Detail]]:
    """R006 for a specialty: one that is blank, or not understood."""
    if read.value is None:
        yield "R006", Detail()


def named_cell(read: Read) -> Iterator[tuple[str, Detail]]:
    """R007 for a course type or an answer."""
    if not read.understood:
        yield "R007", Detail()


def date_cell(cell: str, today: date) -> Iterator[tuple[str, Detail]]:
    """R008 for the raw cell of the date column."""
    if not cell.strip():
        return
    day = read_day(cell)
    if serial := serial_date(cell):
        yield "R008", Detail(facts=(("problem", "serial"), ("day", serial.strftime(" (%d-%m-%Y)"))))
    elif day is None:
        yield "R008", Detail(facts=(("problem", "none"), ("day", "")))
    elif day > today:
        yield "R008", Detail(facts=(("problem", "future"), ("day", "")))


def text_cell(cell: str) -> Iterator[tuple[str, Detail]]:
    """P301 for the text beside a code."""
    if _CPR_IN_TEXT.search(cell):
        yield "P301", Detail()


def doubtful_cpr(cell: str) -> bool:
    """P302: whether a patient's cell has the shape of a CPR number and its date does not exist."""
    return bool(re.fullmatch(CPR_SHAPE, cell)) and not cpr_date_exists(cell)


def is_totals_line(fields: Sequence[str], places: Mapping[str, int]) -> bool:
    """Whether the last row of an export sums up those above it: it says so, and has no date, specialty or code."""
    if not any(fold(field).strip(":=") in _TOTALS for field in fields):
        return False
    cells = {role: fields[place] for role, place in places.items() if place < len(fields)}
    return (
        read_day(cells.get("date", "")) is None
        and not read_codes(cells.get("code", "")).tokens
        and ("date" in cells or read_specialty(cells.get("specialty", "")) is None)
    )


def titled_codes(guideline: Guideline, text: str) -> tuple[str, ...]:
    """The known codes of which ``text`` is the title, in Danish or English, with or without the code before it.

    Titles of the clinic's own list count as well.
    """
    return guideline.titled.get(fold(text), ())


def record(guideline: Guideline, facts: Record) -> Iterator[tuple[str, Detail]]:
    """K103-K106 and K108 for a record."""
    if _prefers_l86(facts):
        yield "K104", Detail(suggestions=("L86",))
    elif _not_acceptable(guideline, facts):
        yield "K103", Detail(suggestions=suggested(guideline, facts.case))
    if _l86_without_signs(facts):
        yield "K105", Detail(suggestions=suggested(guideline, facts.case))
    if facts.case.findings_certain is Answer.NO and (early := _disease_codes_of_the_guide(guideline, facts.codes)):
        yield "K106", Detail(suggestions=_interim(guideline, facts.case), facts=(("codes", ", ".join(early)),))
    if facts.codes and facts.titled and not set(facts.titled) & set(facts.codes):
        yield "K108", Detail(suggestions=facts.titled, facts=(("codes", ", ".join(facts.codes)),))


def noted_record(guideline: Guideline, facts: Record) -> Iterator[tuple[str, Detail]]:
    """The findings of a record; those that would be others, or none, without the note say that they rest on it."""
    found = record(guideline, facts)
    if facts.stated in (None, facts.case):
        return found
    return _resting(found, set(record(guideline, replace(facts, case=facts.stated))))


def noted_course(guideline: Guideline, facts: CourseFacts) -> Iterator[tuple[str, Detail]]:
    """The findings of a course; those that would be others, or none, without the note say that they rest on it."""
    found = course(guideline, facts)
    if facts.stated in (None, facts.last):
        return found
    return _resting(found, set(course(guideline, replace(facts, last=facts.stated))))


def _resting(found: Iterator[tuple[str, Detail]], without: set[tuple[str, Detail]]) -> Iterator[tuple[str, Detail]]:
    for check, detail in found:
        yield check, detail if (check, detail) in without else replace(detail, noted=True)


def back_to_symptom(case: Case) -> bool:
    """H202 for a record with symptom codes only, of which the nearest coded one before has a disease code."""
    return Condition.PRIMARY_LOW_BACK_PAIN not in case.conditions


def course(guideline: Guideline, facts: CourseFacts) -> Iterator[tuple[str, Detail]]:
    """K101, K102 and K107 for a course."""
    detail = Detail(suggested(guideline, facts.last), facts=(("consultations", str(facts.consultations)),))
    if not facts.coded and course_obligation(guideline, facts.last).status is Status.MANDATORY:
        yield "K101" if facts.consultations >= 2 else "K102", detail
    if _keeps_symptom_code(facts):
        yield "K107", detail


def course_obligation(guideline: Guideline, last: Case) -> Obligation:
    """The obligation of a course is that of its last record."""
    return obligation(guideline, last.specialty, last.course, last.conditions)


def suggested(guideline: Guideline, case: Case) -> tuple[str, ...]:
    """The recommended and alternative codes of the advice, without repeats."""
    suggestions = advise(guideline, case).suggestions
    return tuple(dict.fromkeys(s.code.code for s in suggestions if s.rank is not Rank.INTERIM))


def _interim(guideline: Guideline, case: Case) -> tuple[str, ...]:
    """What can stand while findings are uncertain."""
    suggestions = advise(guideline, replace(case, findings_certain=Answer.NO)).suggestions
    return tuple(dict.fromkeys(s.code.code for s in suggestions if s.rank is Rank.INTERIM))


def _keeps_symptom_code(facts: CourseFacts) -> bool:
    final_as_symptom = {Condition.PRIMARY_LOW_BACK_PAIN, Condition.OTHER}
    return (
        facts.symptoms_only
        and facts.consultations >= 3
        and facts.last.findings_certain is Answer.YES
        and bool(set(facts.last.conditions) - final_as_symptom)
    )


def _prefers_l86(facts: Record) -> bool:
    pairs = ((Condition.LUMBAR_STENOSIS, "L84"), (Condition.PRIMARY_LOW_BACK_PAIN, "L03"))
    return (
        facts.case.nerve_root_signs is Answer.YES
        and "L86" not in facts.codes
        and any(condition in facts.case.conditions and code in facts.codes for condition, code in pairs)
    )


def _not_acceptable(guideline: Guideline, facts: Record) -> bool:
    listed = [condition for condition in facts.case.conditions if condition is not Condition.OTHER]
    acceptable = {code for each in listed for code in guideline.acceptable[each, facts.case.nerve_root_signs]}
    return bool(facts.codes and listed) and not acceptable & set(facts.codes)


def _l86_without_signs(facts: Record) -> bool:
    conditions = facts.case.conditions
    return (
        facts.case.nerve_root_signs is Answer.NO
        and "L86" in facts.codes
        and Condition.LUMBAR_STENOSIS in conditions
        and Condition.LUMBAR_NERVE_ROOT not in conditions
    )


def _disease_codes_of_the_guide(guideline: Guideline, codes: tuple[str, ...]) -> list[str]:
    return [code for code in codes if code in guideline.interim]
