"""The nouns of exports and of what comes of them: findings, files that were read, courses and figures. Frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from math import isfinite
from typing import NamedTuple

from icpc_cli.errors import InvalidValueError
from icpc_cli.model import Basis, Case, Fact

ANNOTATIONS = ("icpc_status", "icpc_checks", "icpc_suggestion", "icpc_message")
"""The headers of what is added to a copy of an export."""
FINDING_COLUMNS = (
    "path",
    "row",
    "check",
    "severity",
    "column",
    "value",
    "message",
    "suggestions",
    "fix",
    "basis",
    "red_flags",
)
"""The headers of findings as CSV."""
FEWEST_CLINICS = 3
"""Clinics that a period needs for its sums to be shown to others."""


class Severity(StrEnum):
    """How much a finding of a check weighs, heaviest first."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Role(StrEnum):
    """What a column of an export is for."""

    SPECIALTY = "specialty"
    COURSE = "course"
    CONDITION = "condition"
    NERVE_ROOT_SIGNS = "nerve_root_signs"
    FINDINGS_CERTAIN = "findings_certain"
    CODE = "code"
    CODE_TEXT = "code_text"
    SERVICE = "service"
    DATE = "date"
    CONSULTATION = "consultation"
    CLINIC = "clinic"
    THERAPIST = "therapist"
    PATIENT = "patient"
    COURSE_ID = "course_id"
    NOTE = "note"
    PROVIDER = "provider"

    @property
    def number(self) -> int:
        """What it is called in the database."""
        return tuple(Role).index(self)


class Better(StrEnum):
    """Which way of an instrument is the better one."""

    HIGHER = "higher"
    LOWER = "lower"


class State(StrEnum):
    """Whether there was a finding in the earlier export already."""

    NEW = "new"
    OPEN = "open"


class Since(NamedTuple):
    """What has become of findings since an earlier export; ``gone``: their courses, or days, are not in this one.

    ``open`` and ``new`` are those of now, ``open``, ``mended`` and ``gone`` those of then; H201 and H203 aside.
    """

    new: int
    open: int
    mended: int
    gone: int


class Detail(NamedTuple):
    """What a check says beyond its name: codes to use, the repaired cell, and the facts that fill its message.

    ``noted``: it rests on what a note says; ``light``: it weighs little, whatever the check does; ``basis``: who says
    so, where that is not the same for all findings of the check; ``red_flags``: the note of the record holds some;
    ``state``: compared with an earlier export.
    """

    suggestions: tuple[str, ...] = ()
    fix: str | None = None
    facts: tuple[tuple[str, str], ...] = ()
    noted: bool = False
    light: bool = False
    basis: Basis | None = None
    red_flags: bool = False
    state: State | None = None


class Found(NamedTuple):
    """What one check found, in whichever row: one value for all findings of a file that are otherwise the same."""

    path: str
    check: str
    severity: Severity
    column: str | None
    value: str
    detail: Detail


class Finding(NamedTuple):
    """What one check found in one place. Holds no note text, and no CPR number.

    ``row`` is the number that a spreadsheet shows; ``column`` the header of the cell, None for a whole record.
    """

    row: int
    found: Found

    @property
    def path(self) -> str:
        """The file, as it was named."""
        return self.found.path

    @property
    def check(self) -> str:
        """The id of the check."""
        return self.found.check

    @property
    def severity(self) -> Severity:
        """How grave it is here."""
        return self.found.severity

    @property
    def column(self) -> str | None:
        """The header of the cell."""
        return self.found.column

    @property
    def value(self) -> str:
        """The cell as it stands in the file."""
        return self.found.value

    @property
    def detail(self) -> Detail:
        """What the check says of it."""
        return self.found.detail


Example = tuple[Finding, Case, str, int | None]
"""A finding to show, with the facts of its record and its patient; or the first of those of a value, and their number.
"""


class Errand(NamedTuple):
    """A course to mend, or a row that belongs to none: who and what it is about, and its findings, the gravest first.

    Cells are as they stand in the export. ``codes`` are its valid codes; where there are none, ``code`` is the cell.
    ``record`` is its last record in this run; ``name`` is what the course is called in every run, and names the
    patient: clinic, and course id or else patient and what it is about. A row that belongs to no course has none.
    """

    therapist: str
    patient: str
    course_id: str
    last: str
    case: Case
    condition: str
    codes: tuple[str, ...]
    code: str
    findings: tuple[Finding, ...]
    record: int
    name: tuple[str, ...]


class NoticeId(StrEnum):
    """What is worth knowing of a file that was read: what a spreadsheet or joining did to it."""

    HEADER_ROW = "header-row"
    REPEATED_HEADER = "repeated-header"
    TOTALS_LINE = "totals-line"
    EMPTY_ROWS = "empty-rows"
    SCIENTIFIC = "scientific-number"
    LOST_ZERO_CPR = "lost-zero-cpr"
    LOST_ZERO_SERVICE = "lost-zero-service"
    LEFT_OUT_CELLS = "left-out-cells"
    FORMULAS = "formulas-without-values"
    MERGED_CELLS = "merged-cells"
    HIDDEN_ROWS = "hidden-rows"
    CONSULTATIONS = "consultations-not-read"
    SHARED_COURSES = "shared-courses"
    NOBODY = "nobody-named"
    OTHER_KIND = "other-kind"
    REPAIRED_LETTERS = "repaired-letters"
    BROKEN_LETTERS = "broken-letters"
    OTHER_ENCODING = "other-encoding"
    FITS_NONE = "fits-none"
    FITS_SEVERAL = "fits-several"


@dataclass(frozen=True, slots=True)
class Notice:
    """One such thing: in which column (its header, None for rows), in how many rows, and the first of them.

    ``value``: what repairs it (an encoding), or the first of several rows.
    """

    id: NoticeId
    column: str | None
    count: int
    row: int | None
    value: str | None = None


OWN_OUTPUT = "own-output"
"""Why a file is passed over that this program wrote."""


class Skipped(NamedTuple):
    """A file of a folder that was passed over, and why: :data:`OWN_OUTPUT`, or what is wrong with it as an export."""

    path: str
    reason: str


class Source(NamedTuple):
    """A file that was read, and how: ``columns`` maps roles to headers; ``read`` is ``judged``, ``joined`` and
    ``unreadable``.

    Encoding and delimiter are None for a workbook, which has a ``sheet`` instead. ``likely``: roles, and headers that
    look like them and are not used; ``telling``: others whose cells may matter all the same. ``missing_roles``: those
    without which something cannot be judged. ``understood``: a role that states a fact, how many of its cells are
    filled in, and how many of these were understood. ``joined``: records that were judged as one with a record of a
    file before this one, None where files are not joined; ``alone``: then the rows that fit none, and several, of the
    other files.
    """

    path: str
    format: str
    encoding: str | None
    delimiter: str | None
    columns: tuple[tuple[str, str], ...]
    ignored_columns: tuple[str, ...]
    read: int
    judged: int
    unreadable: int
    sheet: str | None = None
    notices: tuple[Notice, ...] = ()
    likely: tuple[tuple[str, str], ...] = ()
    telling: tuple[str, ...] = ()
    missing_roles: tuple[str, ...] = ()
    understood: tuple[tuple[Role, int, int], ...] = ()
    joined: int | None = None
    alone: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())


OBLIGING = (Fact.SPECIALTY, Fact.COURSE, Fact.CONDITIONS)
"""The facts that decide whether a course must be coded."""


@dataclass(frozen=True, slots=True)
class CourseCounts:
    """Courses by obligation, and how many of them are coded. Unit: courses.

    ``undetermined_because``: undetermined ones by the fact that is not known.
    """

    total: int = 0
    mandatory: int = 0
    mandatory_coded: int = 0
    mandatory_pending: int = 0
    mandatory_missing: int = 0
    voluntary: int = 0
    voluntary_coded: int = 0
    undetermined: int = 0
    undetermined_because: Mapping[Fact, int] = field(default_factory=lambda: dict.fromkeys(OBLIGING, 0))


@dataclass(frozen=True, slots=True)
class Instrument:
    """A measure of results, as a clinic describes it: the headers of its columns at start and follow-up, and its range.

    ``important_change`` is a positive number in the unit of the instrument, and comes with the ``population`` it was
    found in and its ``source``, or is None. ``codes``: the ICPC-2 codes it is used for; none: all. Raises
    :class:`InvalidValueError` that names the field as ``icpc.toml`` does.
    """

    name: str
    start: str
    follow_up: str
    minimum: float
    maximum: float
    better: Better
    important_change: float | None = None
    population: str = ""
    source: str = ""
    codes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (isfinite(self.minimum) and isfinite(self.maximum) and self.minimum < self.maximum):
            raise InvalidValueError("instrument-range", where="max")
        if self.start.strip().casefold() == self.follow_up.strip().casefold():
            raise InvalidValueError("instrument-columns", where="follow_up")
        if self.important_change is None:
            return
        if not 0 < self.important_change <= self.maximum - self.minimum:
            raise InvalidValueError("instrument-change", where="important_change")
        if not (self.population.strip() and self.source.strip()):
            raise InvalidValueError("instrument-origin", where="important_change")


class Standing(StrEnum):
    """Where a course stands with its code. Pending: mandatory, one consultation yet; missing: two or more."""

    MANDATORY_CODED = "mandatory_coded"
    MANDATORY_PENDING = "mandatory_pending"
    MANDATORY_MISSING = "mandatory_missing"
    VOLUNTARY_CODED = "voluntary_coded"
    VOLUNTARY_UNCODED = "voluntary_uncoded"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course as figures are made of it: what its last record says, and how it went.

    ``patient`` is a number that stands for the patient in this export alone, None where the export names none. Days are
    those of the first and the last record with a valid date, None without any. ``codes`` are the valid codes of the
    last record that has some. Unit of ``consultations``: as in the checks. ``keys`` tell the course again in another
    export, by its patient and its id; they are never shown or written as they are.
    """

    clinic: str
    patient: int | None
    first: date | None
    last: date | None
    case: Case
    standing: Standing
    codes: tuple[str, ...]
    consultations: int
    keys: tuple[str, ...] = field(default=(), repr=False)


class ServiceRow(NamedTuple):
    """Consultations of one clinic with one service code in one month (year, 1-12), and of how many patients."""

    clinic: str
    month: tuple[int, int]
    service: str
    consultations: int
    patients: int
