"""The rules of the checks: a cell, a record or a course in facts -> what is wrong with it, or nothing.

Which check a rule is of stands in :mod:`icpc_cli.checks.catalogue`; each is judged once per distinct value. Source:
specification of the checks, table "Checks".
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from icpc_cli.advice import is_symptom_code, obligation, suggestions
from icpc_cli.cases.words import read_day, read_specialty
from icpc_cli.checks.cells import Read, cpr_date_exists, serial_date
from icpc_cli.checks.codes import CodeCell, TokenKind, read_codes, tidied
from icpc_cli.guideline import Guideline, SuggestionRule, fold, plain
from icpc_cli.model import Answer, Basis, Case, CaveatId, Condition, Fact, Rank, Said, Status, Timing
from icpc_cli.outcomes import Detail, Standing
from icpc_cli.voice import cpr

_CPR_IN_TEXT = re.compile(cpr.IN_TEXT)
FIRST_AGREEMENTS = date(2025, 6, 1)
"""Before, no structured courses were agreed on; from when the duty holds is not public. Source: domain.md, S4."""
_SUM = r"(?:i[ -]*alt|(?:sub|grand|hoved)?[ -]*total[ -]*(?:sum|t)?|sum|samlet|antal)"
TOTALS = rf"(?i)(?:^|[^\pL]){_SUM}(?:$|[^\pL])"
"""A word that says that a row sums up others, in the syntax of RE2."""
_AMOUNT = re.compile(r"(?!\d{10})(?:kr\.? ?)?[-+]?\d[\d., ]*(?:kr\.?|%)?", re.IGNORECASE)
_SUMMED = re.compile(
    rf"[\W\d]*{_SUM}[\W\d]*"
    rf"|(?:[^\W\d]+[ -]+){{0,3}}{_SUM}\W*{_AMOUNT.pattern}"  # Antal i alt: 12
    rf"|{_SUM}(?:[ -]+[^\W\d]+){{1,3}} *[:=] *{_AMOUNT.pattern}"  # Total antal linjer: 12
    rf"|{_AMOUNT.pattern}(?: *[^\W\d]+){{1,2}} {_SUM}",  # 12 linjer i alt
    re.IGNORECASE,
)
"""A cell that says that it is a sum, with or without its number."""
_COUNT = re.compile(rf"{_AMOUNT.pattern}(?: *[^\W\d]+){{1,2}}", re.IGNORECASE)
"""What is counted beside a word for a sum: ``8 behandlinger``."""
_LABEL = re.compile(r"[^\W\d]+(?:[ -][^\W\d]+){0,2}[ :=.]*")
_COUNTED = frozenset(("code_text", "consultation"))
"""The roles of which a row that sums up others may hold a value all the same: a word and a number stand there."""


class Record(NamedTuple):
    """A record in facts: the case, and its valid codes. No rule looks at the specialty or the type of course.

    ``stated`` is the case without what only the note says; None: nothing comes from the note.
    """

    case: Case
    codes: tuple[str, ...] = ()
    stated: Case | None = None


class Titled(NamedTuple):
    """The valid codes of a record, and those of which its code text is the title."""

    codes: tuple[str, ...]
    titled: tuple[str, ...]


class WithNote(NamedTuple):
    """The facts of a record, and what its note says."""

    case: Case
    said: Said


class DateCell(NamedTuple):
    """A cell of the date column, as it stands there, and the day on which it is read."""

    raw: str
    today: date


class CourseFacts(NamedTuple):
    """A course in facts: the case that it ends with, the number of consultations, and what its valid codes are.

    ``coded``: some record has one; ``symptoms_only``: it has, and all of the course are symptom codes (01-29);
    ``early``: it began before there was a duty, as the clinic has it.
    """

    case: Case
    consultations: int
    coded: bool
    symptoms_only: bool = False
    early: bool = False
    stated: Case | None = None


def untidy_code(guideline: Guideline, cell: CodeCell) -> Detail | None:
    """R002."""
    return Detail(fix=tidied(cell.raw, guideline.diagnoses)) if cell.untidy else None


def malformed_code(_: Guideline, cell: CodeCell) -> Detail | None:
    """R003."""
    return Detail() if cell.malformed else None


def icd10_code(_: Guideline, cell: CodeCell) -> Detail | None:
    """R004."""
    return _codes_of(cell, TokenKind.ICD10)


def unknown_code(_: Guideline, cell: CodeCell) -> Detail | None:
    """R005."""
    return _codes_of(cell, TokenKind.UNKNOWN)


def _codes_of(cell: CodeCell, kind: TokenKind) -> Detail | None:
    codes = ", ".join(token.tidy for token in cell.of(kind))
    return Detail(facts=(("codes", codes),)) if codes else None


def unknown_value(_: Guideline, cell: Read) -> Detail | None:
    """R006 for a specialty (one that is blank may be stated by others of its course), R007 for type and answers."""
    return None if cell.understood else Detail()


def unknown_condition(_: Guideline, cell: Read) -> Detail | None:
    """R010: a part of a cell was not understood; light where it says nothing of a problem."""
    return None if cell.understood else Detail(facts=(("left", "; ".join(cell.left)),), light=cell.silent)


def invalid_date(_: Guideline, cell: DateCell) -> Detail | None:
    """R008."""
    if not plain(cell.raw).strip():
        return None
    day = read_day(cell.raw)
    if serial := serial_date(cell.raw):
        return Detail(facts=(("problem", "serial"), ("day", serial.strftime(" (%d-%m-%Y)"))))
    if day is None or day > cell.today:
        return Detail(facts=(("problem", "none" if day is None else "future"), ("day", "")))
    return None


def cpr_in_text(_: Guideline, cell: str) -> Detail | None:
    """P301 for a cell of words, where none belongs."""
    return Detail() if any(map(cpr_date_exists, _CPR_IN_TEXT.findall(cell))) else None


def doubtful_cpr(cell: str) -> bool:
    """P302: whether a patient's cell has the shape of a CPR number, no replacement, and its date does not exist."""
    return bool(re.fullmatch(cpr.SHAPE, cell)) and not re.search("[A-Z]", cell) and not cpr_date_exists(cell)


def is_totals_line(fields: Sequence[str], places: Mapping[str, int]) -> bool:
    """Whether a row sums up others: without a date and a code, it says so, or has no more than a word and a number."""
    cells = {role: plain(fields[place]).strip() for role, place in places.items() if place < len(fields)}
    if read_day(cells.get("date", "")) is not None or read_codes(cells.get("code", "")).tokens:
        return False
    filled = [field.strip() for field in fields if field.strip()]
    says = [field for field in filled if _SUMMED.fullmatch(field)]
    amounts, labels = ([each for each in filled if shape.fullmatch(each)] for shape in (_AMOUNT, _LABEL))
    counted = {field for field in filled if says and _COUNT.fullmatch(field)}
    if {*filled} - {*says, *amounts, *labels} - counted:
        return False
    if says:
        return "date" in cells or read_specialty(cells.get("specialty", "")) is None
    stated = any(cell for role, cell in cells.items() if role not in _COUNTED) or not {"date", "patient"} & cells.keys()
    return bool(amounts and labels) and not stated


def titled_codes(guideline: Guideline, text: str) -> tuple[str, ...]:
    """The known codes of which ``text`` is the title, in Danish or English, with or without the code before it.

    Titles of the clinic's own list count as well.
    """
    return guideline.titled.get(fold(text), ())


def code_not_recommended(guideline: Guideline, facts: Record) -> Detail | None:
    """K103; where another code of the condition is preferred, that says it all."""
    listed = [condition for condition in facts.case.conditions if condition is not Condition.OTHER]
    acceptable = {code for each in listed for code in guideline.acceptable[each, facts.case.nerve_root_signs]}
    if facts.case.findings_certain is not Answer.YES:
        acceptable.update(code for each in listed for code in guideline.provisional[each])
    if not (facts.codes and listed) or acceptable & set(facts.codes) or _preferred(guideline, facts):
        return None
    return Detail(suggested(guideline, facts.case))


def preferred_code(guideline: Guideline, facts: Record) -> Detail | None:
    """K104."""
    preferred = _preferred(guideline, facts)
    return Detail((preferred.code.code,), basis=preferred.source.basis) if preferred else None


def code_without_signs(guideline: Guideline, facts: Record) -> Detail | None:
    """K105: a disease code would do for a condition, were its signs not denied, and serves no other of the record."""
    conditions = facts.case.conditions
    listed = {rule.code.code for each in conditions for rule in _with_denied_signs(guideline, each)}
    unserved = set(_acceptable_without_signs(guideline, facts)) - listed
    found = any(code in unserved and not is_symptom_code(code) for code in facts.codes)
    return Detail(suggested(guideline, facts.case)) if found and _denies_signs(facts) else None


def findings_missing(guideline: Guideline, facts: Record) -> Detail | None:
    """K106."""
    early = [code for code in facts.codes if code in guideline.interim]
    if facts.case.findings_certain is not Answer.NO or not early:
        return None
    return Detail(_interim(guideline, facts.case), facts=(("codes", ", ".join(early)),))


def root_without_signs(guideline: Guideline, facts: Record) -> Detail | None:
    """K109: the code of a nerve-root condition serves no other condition of the record, and signs are denied."""
    codes = [
        rule.code.code
        for condition in facts.case.conditions
        for rule in _with_denied_signs(guideline, condition)
        if CaveatId.NO_NERVE_ROOT_SIGNS in rule.caveats and rule.code.code in facts.codes
    ]
    serving = _acceptable_without_signs(guideline, facts)
    return Detail() if _denies_signs(facts) and any(serving.count(code) == 1 for code in codes) else None


def other_title(_: Guideline, facts: Titled) -> Detail | None:
    """K108."""
    if not facts.codes or not facts.titled or set(facts.titled) & set(facts.codes):
        return None
    return Detail(facts.titled, facts=(("codes", ", ".join(facts.codes)),))


def contradiction(_: Guideline, facts: WithNote) -> Detail | None:
    """K110: the note names other conditions only, or says of the signs the opposite."""
    case, said = facts.case, facts.said
    listed = set(case.conditions) - {Condition.OTHER}
    other_conditions = bool(listed and said.conditions) and not set(case.conditions) & set(said.conditions)
    other_signs = {case.nerve_root_signs, said.nerve_root_signs} == {Answer.YES, Answer.NO}
    what = "-and-".join(("conditions",) * other_conditions + ("signs",) * other_signs)
    return Detail(facts=(("contradiction", what),)) if what else None


def code_missing(guideline: Guideline, facts: CourseFacts) -> Detail | None:
    """K101."""
    return _advised(guideline, facts) if standing(guideline, facts) is Standing.MANDATORY_MISSING else None


def code_pending(guideline: Guideline, facts: CourseFacts) -> Detail | None:
    """K102."""
    return _advised(guideline, facts) if standing(guideline, facts) is Standing.MANDATORY_PENDING else None


def symptom_code_kept(guideline: Guideline, facts: CourseFacts) -> Detail | None:
    """K107."""
    if not (facts.symptoms_only and facts.consultations >= 3 and facts.case.findings_certain is Answer.YES):
        return None
    listed = [condition for condition in facts.case.conditions if condition in guideline.finals]
    kept = any(not _symptom_is_final(guideline, condition) for condition in listed)
    return _advised(guideline, facts) if kept else None


def _advised(guideline: Guideline, facts: CourseFacts) -> Detail:
    return Detail(suggested(guideline, facts.case), facts=(("consultations", str(facts.consultations)),))


def back_to_symptom(guideline: Guideline, conditions: tuple[Condition, ...]) -> bool:
    """H202 for a record with symptom codes only, of which the nearest coded one before has a disease code."""
    return not any(_symptom_is_final(guideline, condition) for condition in conditions)


def standing(guideline: Guideline, facts: CourseFacts) -> Standing:
    """Where a course stands with its code, by the facts that it ends with."""
    case = facts.case
    status = obligation(guideline, case.specialty, case.course, case.conditions).status
    if facts.early or status is Status.VOLUNTARY:
        return Standing.VOLUNTARY_CODED if facts.coded else Standing.VOLUNTARY_UNCODED
    if status is Status.UNDETERMINED:
        return Standing.UNDETERMINED
    if facts.coded:
        return Standing.MANDATORY_CODED
    return Standing.MANDATORY_MISSING if facts.consultations >= 2 else Standing.MANDATORY_PENDING


def lacking(last: Case) -> Fact:
    """For want of which fact a course that ends with these cannot be decided."""
    if last.specialty is None:
        return Fact.SPECIALTY
    return Fact.COURSE if last.specialty == "51" else Fact.CONDITIONS


def suggested(guideline: Guideline, case: Case) -> tuple[str, ...]:
    """The codes of the advice that need not wait, without repeats: what the interview would say."""
    found = suggestions(guideline, case)
    return tuple(dict.fromkeys(s.code.code for s in found if s.timing is not Timing.WAIT))


def _interim(guideline: Guideline, case: Case) -> tuple[str, ...]:
    """What can stand while findings are uncertain."""
    found = suggestions(guideline, replace(case, findings_certain=Answer.NO))
    return tuple(dict.fromkeys(s.code.code for s in found if s.rank is Rank.INTERIM))


def _symptom_is_final(guideline: Guideline, condition: Condition) -> bool:
    """Whether a symptom code can be the condition's final one, as L03 is for primary low-back pain."""
    return any(map(is_symptom_code, guideline.finals.get(condition, ())))


def _preferred(guideline: Guideline, facts: Record) -> SuggestionRule | None:
    """The code that signs speak for, where the record has the other code of the condition; the guide's own first."""
    if facts.case.nerve_root_signs is not Answer.YES or facts.case.findings_certain is Answer.NO:
        return None
    found = []
    for condition in facts.case.conditions:
        rules = guideline.suggestions.get((condition, Answer.YES), ())
        stated = [rule.code.code in facts.codes for rule in rules]
        if any(stated[1:]) and not stated[0]:
            found.append(rules[0])
    return min(found, key=lambda rule: list(Basis).index(rule.source.basis), default=None)


def _denies_signs(facts: Record) -> bool:
    """Whether a cell, not only a note, says that there are no nerve-root signs."""
    return (facts.stated or facts.case).nerve_root_signs is Answer.NO


def _with_denied_signs(guideline: Guideline, condition: Condition) -> tuple[SuggestionRule, ...]:
    return guideline.suggestions.get((condition, Answer.NO), ())


def _acceptable_without_signs(guideline: Guideline, facts: Record) -> list[str]:
    """The codes of each condition of a record where signs are denied."""
    return [code for each in facts.case.conditions for code in guideline.acceptable.get((each, Answer.NO), ())]
