"""The figures of a clinic as values. Every share has a numerator, a denominator and a unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from icpc_cli.outcomes import Instrument, Standing
from icpc_cli.text import Text


@dataclass(frozen=True, slots=True)
class Share:
    """So many courses of so many; ``low`` and ``high`` are the 95 % confidence interval (0-1), None of nothing."""

    numerator: int
    denominator: int
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.numerator <= self.denominator:
            raise ValueError(f"{self.numerator} of {self.denominator}")

    @property
    def value(self) -> float | None:
        """The share from 0 to 1; None of nothing."""
        return self.numerator / self.denominator if self.denominator else None


class Interval(NamedTuple):
    """A mean with its 95 % confidence interval, None where there are too few values."""

    mean: float
    low: float | None
    high: float | None


class Spread(NamedTuple):
    """Median and quartiles of so many courses."""

    courses: int
    first_quartile: float
    median: float
    third_quartile: float


class Tally(NamedTuple):
    """Courses by where they stand with their code."""

    counts: Mapping[Standing, int]
    coded: Share
    """Of the courses that must be coded."""
    voluntary_coded: Share
    """Of those that may be coded."""

    @property
    def courses(self) -> int:
        """All of them."""
        return sum(self.counts.values())


class Coverage(NamedTuple):
    """Who is coded. Months are ``2026-05``, in which a course began; "" for courses without a date.

    ``ripe``: without the courses that began less than 30 days before the newest day of the export; ``unripe``: the
    months that have some of those. ``latest`` and ``before`` are equally long. A course with several conditions is in
    each of their rows; where no course states one there are none.
    """

    total: Tally
    ripe: Tally
    by_month: Mapping[str, Tally]
    by_condition: Mapping[str, Tally]
    by_specialty: Mapping[str, Tally]
    unripe: frozenset[str]
    latest: "Stretch | None"
    before: "Stretch | None"


class Stretch(NamedTuple):
    """The ripe courses that began between two days."""

    first: date
    last: date
    tally: Tally


class CodeFigures(NamedTuple):
    """A code: the courses that have it now, of all coded courses, and their patients; None where no file names any.

    ``final`` and ``interim``: of a symptom code that some condition ends with, how many courses are of that condition,
    and how many are not; the others do not state it. None of other codes. ``by_month``: when the courses began.
    """

    code: str
    title: Text | None
    courses: Share
    patients: int | None
    final: int | None
    interim: int | None
    by_month: Mapping[str, int]


class ServiceFigures(NamedTuple):
    """What courses with a code get; ``code`` None: all courses.

    ``consultations`` are of the courses that began in the period; ``services`` the rows of the export with a day in it,
    by service code, whenever their course began.
    """

    code: str | None
    consultations: Spread
    services: Mapping[str, int]


class Pathways(NamedTuple):
    """How the codes of coded courses went.

    ``changed`` began with symptom codes and got a disease code; ``after`` says at which consultation, 0 where that is
    not known. ``low_back`` have L03 for primary low-back pain, which is the code of that course and waits for nothing;
    of ``untold`` nobody knows, because their condition is not stated.
    """

    disease_first: int
    changed: int
    symptom: int
    low_back: int
    untold: int
    after: Mapping[int, int]

    @property
    def coded(self) -> int:
        """All coded courses."""
        return self.disease_first + self.changed + self.symptom + self.low_back + self.untold


class ResultFigures(NamedTuple):
    """The results of courses with a code on one instrument; ``code`` None: with any of the instrument's codes.

    Means are of the ``pairs``: courses with a start and a follow-up that can be used. ``change`` is follow-up minus
    start, in the unit of the instrument. ``unusable`` have a start or follow-up that cannot be used. ``days``: the
    median from start to follow-up.
    """

    code: str | None
    courses: int
    pairs: int
    start: float | None
    follow_up: float | None
    change: Interval | None
    reached: Share | None
    without_follow_up: int
    without_start: int
    unusable: int
    unmeasured: int
    days: float | None


class Results(NamedTuple):
    """One instrument; ``missing`` are those of its columns that no file has."""

    instrument: Instrument
    rows: tuple[ResultFigures, ...]
    missing: tuple[str, ...] = ()


OTHER_SERVICES = "*"
"""Stands for all service codes that are not counted by themselves."""


class Fault(StrEnum):
    """Why a value of an instrument cannot be used."""

    NOT_A_NUMBER = "not-a-number"
    OUT_OF_RANGE = "out-of-range"


class Unusable(NamedTuple):
    """A value that is not averaged: where it stands, and why."""

    path: str
    row: int
    column: str
    value: str
    fault: Fault
    instrument: str


class Task(NamedTuple):
    """A course to look at: its patient as it may be shown, where, what it is about, and what can stand there."""

    therapist: str
    day: date | None
    course: str
    patient: str
    path: str
    row: int
    condition: str
    found: str
    suggestions: tuple[str, ...]


class Tasks(NamedTuple):
    """The courses behind a check: how many, how many of each therapist, and the first of them."""

    check: str
    courses: int
    by_therapist: Mapping[str, int]
    first: tuple[Task, ...]


class File(NamedTuple):
    """A file that the figures come from: records read, and those that could not be read."""

    path: str
    read: int
    unreadable: int


class Compared(NamedTuple):
    """One line of a comparison: a share of the clinic, and the least and greatest share it can be in the network."""

    topic: str
    key: str
    clinic: Share
    low: float
    high: float


class Comparison(NamedTuple):
    """The clinic beside a network, over the periods that both have; courses by when they began."""

    clinics: int
    periods: tuple[str, ...]
    lines: tuple[Compared, ...]


class Report(NamedTuple):
    """All parts. ``asked`` is the period that was chosen; ``first`` and ``last`` the days of the records in it."""

    clinics: tuple[str, ...]
    files: tuple[File, ...]
    asked: tuple[date | None, date | None]
    first: date | None
    last: date | None
    courses: int
    patients: int | None
    """None where no file names any."""
    undated: int
    """Courses without a valid date; left out where a period was chosen."""
    repeated: int
    """Records that equal an earlier one (R009) and are counted all the same."""
    conditions: bool
    """Whether any course states its condition."""
    coverage: Coverage
    codes: tuple[CodeFigures, ...]
    services: tuple[ServiceFigures, ...]
    pathways: Pathways
    results: tuple[Results, ...]
    unusable: tuple[Unusable, ...]
    unusable_count: int
    tasks: tuple[Tasks, ...]
    comparison: Comparison | None = None
    target: float | None = None
    """The coverage in percent that the clinic aims at, where it has said so."""
