"""The rules of the checks: a cell, a record or a course in facts -> what is wrong with it, or nothing.

Each rule is judged once per distinct value. Source: specification of the checks, table "Checks".
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from icpc_cli.advice import advise, obligation
from icpc_cli.checks.cells import Read, calendar_date
from icpc_cli.checks.codes import Kind, read_codes, tidied
from icpc_cli.guideline import Guideline, fold
from icpc_cli.model import Answer, Case, Condition, Detail, Obligation, Role, Status


@dataclass(frozen=True, slots=True)
class Record:
    """A record in facts: the case, its valid codes, and the codes of which its code text is the title."""

    case: Case
    codes: tuple[str, ...] = ()
    titled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """A course in facts: the case of its last record, the number of consultations, and what its valid codes are.

    ``coded``: some record has one; ``symptoms_only``: it has, and all of the course are symptom codes (01-29).
    """

    last: Case
    consultations: int
    coded: bool
    symptoms_only: bool = False


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
    """R006 for a specialty."""
    if not read.understood:
        yield "R006", Detail()


def named_cell(read: Read) -> Iterator[tuple[str, Detail]]:
    """R007 for a course type or an answer."""
    if not read.understood:
        yield "R007", Detail()


def date_cell(cell: str, today: date) -> Iterator[tuple[str, Detail]]:
    """R008 for the raw cell of the date column."""
    if not cell.strip():
        return
    day = calendar_date(cell)
    if day is None:
        yield "R008", Detail(facts=(("problem", "none"),))
    elif day > today:
        yield "R008", Detail(facts=(("problem", "future"),))


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
    return tuple(dict.fromkeys(s.code.code for s in suggestions if s.role is not Role.INTERIM))


def _interim(guideline: Guideline, case: Case) -> tuple[str, ...]:
    """What can stand while findings are uncertain."""
    suggestions = advise(guideline, replace(case, findings_certain=Answer.NO)).suggestions
    return tuple(dict.fromkeys(s.code.code for s in suggestions if s.role is Role.INTERIM))


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
