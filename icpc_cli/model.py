"""The nouns, frozen and valid once built. Nobody downstream checks them again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from math import isfinite
from typing import Any, TypeVar

from icpc_cli.errors import InvalidValueError
from icpc_cli.text import Text


class Fact(StrEnum):
    """What may be unknown about a case, in the order in which it is asked."""

    SPECIALTY = "specialty"
    COURSE = "course"
    CONDITIONS = "conditions"
    NERVE_ROOT_SIGNS = "nerve_root_signs"
    FINDINGS_CERTAIN = "findings_certain"


class Course(StrEnum):
    """The type of a course."""

    STRUCTURED = "structured"
    OTHER = "other"
    UNKNOWN = "unknown"


class Condition(StrEnum):
    """What a course is about, in the order of the guide's table; ``OTHER`` is everything outside it."""

    CERVICAL_NERVE_ROOT = "cervical_nerve_root"
    LUMBAR_NERVE_ROOT = "lumbar_nerve_root"
    LUMBAR_STENOSIS = "lumbar_stenosis"
    HIP_OSTEOARTHRITIS = "hip_osteoarthritis"
    KNEE_OSTEOARTHRITIS = "knee_osteoarthritis"
    PRIMARY_LOW_BACK_PAIN = "primary_low_back_pain"
    OTHER = "other"


LISTED = tuple(condition for condition in Condition if condition is not Condition.OTHER)
"""The six conditions of the guide's table."""


class Answer(StrEnum):
    """Yes, no, or not known."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """Whether a course must be coded."""

    MANDATORY = "mandatory"
    VOLUNTARY = "voluntary"
    UNDETERMINED = "undetermined"


class Role(StrEnum):
    """What a suggested code is for its condition."""

    RECOMMENDED = "recommended"
    ALTERNATIVE = "alternative"
    INTERIM = "interim"


class Timing(StrEnum):
    """When a suggested code can be used."""

    NOW = "now"
    CONFIRM = "confirm"
    WAIT = "wait"


class CaveatId(StrEnum):
    """The remarks that can go with advice."""

    FIRST_CONSULTATION = "first-consultation"
    FOOTNOTE_1 = "footnote-1"
    FOOTNOTE_2 = "footnote-2"
    KEEP_HISTORY = "keep-history"
    NO_NERVE_ROOT_SIGNS = "no-nerve-root-signs"
    OUTSIDE_TABLE = "outside-table"
    PREFER_L86 = "prefer-l86"


class Severity(StrEnum):
    """How much a finding of a check weighs, heaviest first."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


_Enum = TypeVar("_Enum", bound=StrEnum)


class Better(StrEnum):
    """Which way of an instrument is the better one."""

    HIGHER = "higher"
    LOWER = "lower"


def _member(kind: type[_Enum], fact: str, value: object) -> _Enum:
    try:
        return kind(str(value))
    except ValueError:
        raise InvalidValueError("unknown-value", where=fact, value=value, known=list(kind)) from None


def _is_specialty(value: object) -> bool:
    """Whether it is None or a number as text, written in one way only: no sign, no zeros before it."""
    return value is None or (
        isinstance(value, str) and value.isascii() and value.isdigit() and (value == "0" or value[0] != "0")
    )


@dataclass(frozen=True, slots=True)
class Case:
    """What is known about a patient's course.

    ``specialty`` is a number as text (``"51"``) or None; ``conditions`` any iterable of :class:`Condition` or of their
    ids, kept without repeats in table order; ``consultation`` counts from 1, or None. Plain ids are accepted for all
    enums. Raises :class:`InvalidValueError` for anything else. Source: spec, table "Words".
    """

    specialty: str | None = None
    course: Course = Course.UNKNOWN
    conditions: tuple[Condition, ...] = ()
    nerve_root_signs: Answer = Answer.UNKNOWN
    findings_certain: Answer = Answer.UNKNOWN
    consultation: int | None = None

    def __post_init__(self) -> None:
        if not _is_specialty(self.specialty):
            raise InvalidValueError("not-a-specialty", where="specialty", value=self.specialty)
        if self.consultation is not None and (type(self.consultation) is not int or self.consultation < 1):
            raise InvalidValueError("not-a-consultation", where="consultation", value=self.consultation)
        given: object = self.conditions
        if isinstance(given, str):
            raise InvalidValueError("not-a-list", where=Fact.CONDITIONS.value)
        chosen = {_member(Condition, Fact.CONDITIONS, condition) for condition in self.conditions}
        for name, value in (
            ("course", _member(Course, Fact.COURSE, self.course)),
            ("conditions", tuple(condition for condition in Condition if condition in chosen)),
            ("nerve_root_signs", _member(Answer, Fact.NERVE_ROOT_SIGNS, self.nerve_root_signs)),
            ("findings_certain", _member(Answer, Fact.FINDINGS_CERTAIN, self.findings_certain)),
        ):
            object.__setattr__(self, name, value)

    def knows(self, fact: Fact) -> bool:
        """Whether the fact is stated."""
        return getattr(self, fact.value) not in (None, (), "unknown")


Said = tuple[tuple[Condition, ...], Answer, Answer]
"""What a note says: conditions, nerve-root signs, certain findings."""
NOTHING_SAID: Said = ((), Answer.UNKNOWN, Answer.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Code:
    """An ICPC-2 code that the program itself shows, with its short title."""

    code: str
    title: Text
    source: Text


CHAPTERS = "ABDFHKLNPRSTUWXYZ"
"""The letters of ICPC-2's chapters."""

NO_DIAGNOSES = frozenset((0, *range(30, 70)))
"""Numbers that are no diagnosis in any chapter: 00, and what is done rather than found (process codes, 30-69)."""


@dataclass(frozen=True, slots=True)
class CodeList:
    """The clinic's own licensed ICPC-2 list: ``titles`` by code, in one language; it stays on this machine."""

    name: str
    imported: date
    titles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Obligation:
    """Whether the course must be coded, and why."""

    status: Status
    reason: Text
    source: Text


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A code for one condition of the case; ``footnotes`` are the guide's that bear on it."""

    condition: Condition
    code: Code
    role: Role
    timing: Timing
    footnotes: tuple[int, ...]
    reason: Text
    source: Text


@dataclass(frozen=True, slots=True)
class Caveat:
    """A remark that goes with the advice."""

    id: CaveatId
    text: Text
    source: Text


@dataclass(frozen=True, slots=True)
class Advice:
    """What a case leads to. Caveats are sorted by id; suggestions stand in table order, then by role."""

    case: Case
    obligation: Obligation
    suggestions: tuple[Suggestion, ...]
    caveats: tuple[Caveat, ...]
    open_questions: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask about a fact: the question, what counts, and the answers on offer (id and label)."""

    fact: Fact
    text: Text
    help: Text
    source: Text
    choices: tuple[tuple[str, Text], ...]
    several: bool = False


Value = str | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers given so far: a case, and the facts that were answered with "don't know"."""

    case: Case = field(default_factory=Case)
    declined: frozenset[Fact] = frozenset()

    def with_answer(self, fact: Fact, value: Value) -> "Answers":
        """These answers and one more; an unknown value (None, empty, "unknown") counts as "don't know"."""
        changed: dict[str, Any] = {fact.value: value}
        case = replace(self.case, **changed)
        declined = self.declined - {fact} if case.knows(fact) else self.declined | {fact}
        return Answers(case, declined)


@dataclass(frozen=True, slots=True)
class Detail:
    """What a check says beyond its name: codes to use, the repaired cell, and the facts that fill its message.

    ``noted``: it rests on what a note says.
    """

    suggestions: tuple[str, ...] = ()
    fix: str | None = None
    facts: tuple[tuple[str, str], ...] = ()
    noted: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found in one place. Holds no note text, and no CPR number.

    ``row`` is the number that a spreadsheet shows; ``column`` the header of the cell, None for a whole record.
    """

    path: str
    row: int
    check: str
    severity: Severity
    column: str | None
    value: str
    detail: Detail


class NoticeId(StrEnum):
    """What is worth knowing of a file that was read: what a spreadsheet or joining did to it."""

    HEADER_ROW = "header-row"
    REPEATED_HEADER = "repeated-header"
    TOTALS_LINE = "totals-line"
    EMPTY_ROWS = "empty-rows"
    SCIENTIFIC = "scientific-number"
    LOST_ZERO_CPR = "lost-zero-cpr"
    LOST_ZERO_SERVICE = "lost-zero-service"


@dataclass(frozen=True, slots=True)
class Notice:
    """One such thing: in which column (its header, None for rows), in how many rows, and the first of them."""

    id: NoticeId
    column: str | None
    count: int
    row: int | None


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read, and how: ``columns`` maps roles to headers; ``read`` is ``judged`` and ``unreadable``.

    Encoding and delimiter are None for a workbook, which has a ``sheet`` instead. ``likely``: roles, and headers that
    look like them and are not used.
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


@dataclass(frozen=True, slots=True)
class Coverage:
    """Courses by obligation, and how many of them are coded. Unit: courses."""

    total: int = 0
    mandatory: int = 0
    mandatory_coded: int = 0
    mandatory_pending: int = 0
    mandatory_missing: int = 0
    voluntary: int = 0
    voluntary_coded: int = 0
    undetermined: int = 0


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
    last record that has some, ``first_codes`` of the first. Unit of ``consultations``: as in the checks.
    """

    clinic: str
    patient: int | None
    first: date | None
    last: date | None
    case: Case
    standing: Standing
    codes: tuple[str, ...]
    first_codes: tuple[str, ...]
    consultations: int


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """Consultations of one clinic with one service code in one quarter (year, 1-4), and of how many patients."""

    clinic: str
    quarter: tuple[int, int]
    service: str
    consultations: int
    patients: int
