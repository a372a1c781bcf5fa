"""The nouns, frozen and valid once built. Nobody downstream checks them again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

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


class Rank(StrEnum):
    """What a suggested code is for its condition."""

    RECOMMENDED = "recommended"
    ALTERNATIVE = "alternative"
    INTERIM = "interim"


class Timing(StrEnum):
    """When a suggested code can be used."""

    NOW = "now"
    CONFIRM = "confirm"
    WAIT = "wait"


class Basis(StrEnum):
    """Who says so: the guide, ekm.dk, the structure of ICPC-2, or only this program's reading of them."""

    GUIDE = "guide"
    EKM = "ekm"
    ICPC2 = "icpc2"
    PROGRAM = "program"


class CaveatId(StrEnum):
    """The remarks that can go with advice."""

    FIRST_CONSULTATION = "first-consultation"
    FOOTNOTE_1 = "footnote-1"
    FOOTNOTE_2 = "footnote-2"
    INTERIM_L03 = "interim-l03"
    KEEP_HISTORY = "keep-history"
    NO_NERVE_ROOT_SIGNS = "no-nerve-root-signs"
    OUTSIDE_TABLE = "outside-table"
    PREFER_L86 = "prefer-l86"
    RED_FLAGS = "red-flags"
    SIGNS_OPEN = "signs-open"


_Enum = TypeVar("_Enum", bound=StrEnum)


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
    ids, kept without repeats in table order; ``consultation`` counts from 1, or None; ``red_flags``: a note holds words
    of alarm. Plain ids are accepted for all enums. Raises :class:`InvalidValueError` for anything else. Source: spec,
    table "Words".
    """

    specialty: str | None = None
    course: Course = Course.UNKNOWN
    conditions: tuple[Condition, ...] = ()
    nerve_root_signs: Answer = Answer.UNKNOWN
    findings_certain: Answer = Answer.UNKNOWN
    consultation: int | None = None
    red_flags: bool = False

    def __post_init__(self) -> None:
        if not _is_specialty(self.specialty):
            raise InvalidValueError("not-a-specialty", where="specialty", value=self.specialty)
        if self.consultation is not None and (type(self.consultation) is not int or self.consultation < 1):
            raise InvalidValueError("not-a-consultation", where="consultation", value=self.consultation)
        flags: object = self.red_flags
        if not isinstance(flags, bool):
            raise InvalidValueError("not-true-or-false", where="red_flags")
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


class Said(NamedTuple):
    """What a note says; ``red_flags``: it holds words of alarm."""

    conditions: tuple[Condition, ...]
    nerve_root_signs: Answer
    findings_certain: Answer
    red_flags: bool


class Code(NamedTuple):
    """An ICPC-2 code that the program itself shows, with its short title."""

    code: str
    title: Text
    source: Text


CHAPTERS = "ABDFHKLNPRSTUWXYZ"
"""The letters of ICPC-2's chapters."""

NO_DIAGNOSES = frozenset((0, *range(30, 70)))
"""Numbers that are no diagnosis in any chapter: 00, and what is done rather than found (process codes, 30-69)."""


class CodeList(NamedTuple):
    """The clinic's own licensed ICPC-2 list: ``titles`` by code, in one language; it stays on this machine."""

    name: str
    imported: date
    titles: Mapping[str, str]


class Obligation(NamedTuple):
    """Whether the course must be coded, and why."""

    status: Status
    reason: Text
    basis: Basis
    source: Text


class Suggestion(NamedTuple):
    """A code for one condition of the case; ``footnotes`` are the guide's that bear on it."""

    condition: Condition
    code: Code
    rank: Rank
    timing: Timing
    footnotes: tuple[int, ...]
    reason: Text
    basis: Basis
    source: Text


class Caveat(NamedTuple):
    """A remark that goes with the advice."""

    id: CaveatId
    text: Text
    basis: Basis
    source: Text


class Advice(NamedTuple):
    """What a case leads to. Caveats are sorted by id; suggestions stand in table order, then by role."""

    case: Case
    obligation: Obligation
    suggestions: tuple[Suggestion, ...]
    caveats: tuple[Caveat, ...]
    open_questions: tuple[Fact, ...]


class Question(NamedTuple):
    """What to ask about a fact: the question, what counts, and the answers on offer (id and label)."""

    fact: Fact
    text: Text
    help: Text
    basis: Basis
    source: Text
    choices: tuple[tuple[str, Text], ...]
    several: bool = False


Value = str | tuple[str, ...] | None


class Answers(NamedTuple):
    """The answers given so far: a case, and the facts that were answered with "don't know"."""

    case: Case = Case()
    declined: frozenset[Fact] = frozenset()

    def with_answer(self, fact: Fact, value: Value) -> "Answers":
        """These answers and one more; an unknown value (None, empty, "unknown") counts as "don't know"."""
        changed: dict[str, Any] = {fact.value: value}
        case = replace(self.case, **changed)
        declined = self.declined - {fact} if case.knows(fact) else self.declined | {fact}
        return Answers(case, declined)
