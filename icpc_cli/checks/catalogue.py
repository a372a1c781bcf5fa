"""The checks, in one explicit tuple. Ids are never reused; wording lives in ``data/guideline/checks.toml`` by id."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from icpc_cli.checks import rules
from icpc_cli.checks.cells import Read
from icpc_cli.checks.codes import CodeCell
from icpc_cli.guideline import Guideline, load_checks
from icpc_cli.model import Basis, Case
from icpc_cli.outcomes import Detail, Role, Severity


class Check(NamedTuple):
    """One check. ``roles``: the columns that its findings can stand on; none: they stand on whole records.

    ``of_course``: they are of a whole course, and reported on its last record; else of a row.
    ``shows_value``: what is in the cell may be shown. ``fixable`` when the repair is sure to be right.
    ``on_request``: only made when it is named in full, or has a severity in the clinic's settings. ``by_value``: many
    rows have the same value, so screens show each value once. ``rule`` says what is wrong with facts of the kind that
    the check ``sees``; none: it compares records, which is done where they are (:mod:`icpc_cli.judging`).
    """

    id: str
    name: str
    severity: Severity
    rule: Callable[[Guideline, Any], Detail | None] | None = None
    sees: type = object
    roles: tuple[Role, ...] = (Role.CODE,)
    of_course: bool = False
    shows_value: bool = True
    fixable: bool = False
    on_request: bool = False
    by_value: bool = False

    @property
    def basis(self) -> Basis:
        """Who says so, where a finding does not know better."""
        return load_checks()[self.id].source.basis


_IN_WORDS = (
    Role.CODE_TEXT, Role.NOTE, Role.CODE, Role.SPECIALTY, Role.COURSE, Role.CONDITION, Role.NERVE_ROOT_SIGNS,
    Role.FINDINGS_CERTAIN,
)  # fmt: skip
"""Where no number of a patient belongs; what stands behind a code or a specialty is read by no other check."""

CHECKS = (
    Check("H201", "code-withdrawn", Severity.ERROR, of_course=True),
    Check("H202", "disease-to-symptom", Severity.WARNING),
    Check("H203", "code-replaced", Severity.INFO, of_course=True),
    Check("K101", "code-missing", Severity.ERROR, rules.code_missing, rules.CourseFacts, of_course=True),
    Check("K102", "code-pending", Severity.INFO, rules.code_pending, rules.CourseFacts, of_course=True),
    Check("K103", "code-not-recommended", Severity.WARNING, rules.code_not_recommended, rules.Record),
    Check("K104", "prefer-l86", Severity.WARNING, rules.preferred_code, rules.Record),
    Check("K105", "l86-without-signs", Severity.WARNING, rules.code_without_signs, rules.Record),
    Check("K106", "certain-findings-missing", Severity.WARNING, rules.findings_missing, rules.Record),
    Check("K107", "symptom-code-kept", Severity.INFO, rules.symptom_code_kept, rules.CourseFacts, of_course=True),
    Check("K108", "text-mismatch", Severity.ERROR, rules.other_title, rules.Titled, (Role.CODE_TEXT,)),
    Check("K109", "root-without-signs", Severity.INFO, rules.root_without_signs, rules.Record),
    Check(
        "K110",
        "note-contradicts",
        Severity.INFO,
        rules.contradiction,
        rules.WithNote,
        (Role.NOTE,),
        shows_value=False,
        on_request=True,
    ),
    Check("P301", "cpr-in-text", Severity.WARNING, rules.cpr_in_text, str, _IN_WORDS, shows_value=False),
    Check("P302", "doubtful-cpr", Severity.INFO, roles=(Role.PATIENT,), shows_value=False),
    Check("R001", "unreadable-row", Severity.ERROR, roles=()),
    Check("R002", "untidy-code", Severity.INFO, rules.untidy_code, CodeCell, fixable=True),
    Check("R003", "malformed-code", Severity.ERROR, rules.malformed_code, CodeCell),
    Check("R004", "icd10-code", Severity.ERROR, rules.icd10_code, CodeCell),
    Check("R005", "unknown-code", Severity.WARNING, rules.unknown_code, CodeCell),
    Check("R006", "unknown-specialty", Severity.WARNING, rules.unknown_value, Read, (Role.SPECIALTY,), by_value=True),
    Check(
        "R007",
        "unknown-value",
        Severity.WARNING,
        rules.unknown_value,
        Read,
        (Role.COURSE, Role.NERVE_ROOT_SIGNS, Role.FINDINGS_CERTAIN),
        by_value=True,
    ),
    Check("R008", "invalid-date", Severity.WARNING, rules.invalid_date, rules.DateCell, (Role.DATE,)),
    Check("R009", "duplicate-row", Severity.INFO, roles=()),
    Check(
        "R010", "unknown-condition", Severity.WARNING, rules.unknown_condition, Read, (Role.CONDITION,), by_value=True
    ),
)
"""In the order of their ids, which is the order of the findings of one row."""

BY_ID = {check.id: check for check in CHECKS}
_SEEING: dict[type, tuple[Check, ...]] = {
    facts: tuple(check for check in CHECKS if check.sees is facts) for facts in {check.sees for check in CHECKS}
}


def findings(guideline: Guideline, facts: Any, role: str | None = None) -> Iterator[tuple[str, Detail]]:
    """What the checks that see such facts find in them, by id; ``role``: only those on its column.

    Of a record or a course: what would be otherwise, or not found, without the note says that it rests on it.
    """
    found = [
        (check.id, detail)
        for check in _SEEING[type(facts)]
        if check.rule and (role is None or role in check.roles) and (detail := check.rule(guideline, facts))
    ]
    stated: Case | None = getattr(facts, "stated", None)
    if not found or stated is None or stated == facts.case:
        yield from found
        return
    without = set(findings(guideline, facts._replace(case=stated, stated=None)))
    for check, detail in found:
        yield check, detail if (check, detail) in without else detail._replace(noted=True)
