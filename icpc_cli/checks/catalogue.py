"""The checks, in one explicit tuple. Ids are never reused; wording lives in ``data/guideline/checks.toml`` by id."""

from dataclasses import dataclass
from enum import StrEnum

from icpc_cli.guideline import load_checks
from icpc_cli.model import Basis
from icpc_cli.outcomes import Role, Severity


class Level(StrEnum):
    """What a finding stands on: a row, or a whole course (reported on its last record)."""

    ROW = "row"
    COURSE = "course"


@dataclass(frozen=True, slots=True)
class Check:
    """One check. ``roles``: the columns that its findings can stand on; none: they stand on whole records.

    ``shows_value``: what is in the cell may be shown. ``fixable`` when the repair is sure to be right.
    ``on_request``: only made when it is named in full, or has a severity in the clinic's settings. ``by_value``: many
    rows have the same value, so screens show each value once.
    """

    id: str
    name: str
    severity: Severity
    roles: tuple[Role, ...] = (Role.CODE,)
    level: Level = Level.ROW
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
    Check("H201", "code-withdrawn", Severity.ERROR, level=Level.COURSE),
    Check("H202", "disease-to-symptom", Severity.WARNING),
    Check("H203", "code-replaced", Severity.INFO, level=Level.COURSE),
    Check("K101", "code-missing", Severity.ERROR, level=Level.COURSE),
    Check("K102", "code-pending", Severity.INFO, level=Level.COURSE),
    Check("K103", "code-not-recommended", Severity.WARNING),
    Check("K104", "prefer-l86", Severity.WARNING),
    Check("K105", "l86-without-signs", Severity.WARNING),
    Check("K106", "certain-findings-missing", Severity.WARNING),
    Check("K107", "symptom-code-kept", Severity.INFO, level=Level.COURSE),
    Check("K108", "text-mismatch", Severity.ERROR, (Role.CODE_TEXT,)),
    Check("K109", "root-without-signs", Severity.INFO),
    Check("K110", "note-contradicts", Severity.INFO, (Role.NOTE,), shows_value=False, on_request=True),
    Check("P301", "cpr-in-text", Severity.WARNING, _IN_WORDS, shows_value=False),
    Check("P302", "doubtful-cpr", Severity.INFO, (Role.PATIENT,), shows_value=False),
    Check("R001", "unreadable-row", Severity.ERROR, ()),
    Check("R002", "untidy-code", Severity.INFO, fixable=True),
    Check("R003", "malformed-code", Severity.ERROR),
    Check("R004", "icd10-code", Severity.ERROR),
    Check("R005", "unknown-code", Severity.WARNING),
    Check("R006", "unknown-specialty", Severity.WARNING, (Role.SPECIALTY,), by_value=True),
    Check(
        "R007",
        "unknown-value",
        Severity.WARNING,
        (Role.COURSE, Role.NERVE_ROOT_SIGNS, Role.FINDINGS_CERTAIN),
        by_value=True,
    ),
    Check("R008", "invalid-date", Severity.WARNING, (Role.DATE,)),
    Check("R009", "duplicate-row", Severity.INFO, ()),
    Check("R010", "unknown-condition", Severity.WARNING, (Role.CONDITION,), by_value=True),
)
"""In the order of their ids, which is the order of the findings of one row."""

BY_ID = {check.id: check for check in CHECKS}
