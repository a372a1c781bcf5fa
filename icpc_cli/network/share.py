"""What a clinic shares: its courses of a period, under disclosure control. A share is a network of one clinic."""

import hashlib
import hmac
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from icpc_cli.errors import UsageError
from icpc_cli.guideline import Guideline, fold
from icpc_cli.model import LISTED
from icpc_cli.network.disclosure import LEAST, Range, protect
from icpc_cli.network.periods import Span, named
from icpc_cli.network.tables import (
    ALL_COURSES,
    FEWEST_COURSES,
    Cell,
    CountTable,
    Kind,
    cells_of,
    kind_of,
    possible_kinds,
    worth,
)
from icpc_cli.outcomes import CourseRow, ServiceRow
from icpc_cli.voice.safe import holds_cpr

LONGEST_NAME = 100
_MOST = 100
_COUNT = re.compile("[0-9]{1,3}")
MIN_COUNT = 5
_INITIALS = re.compile(r"[^\W\d_]{1,4}")
_SERVICE = re.compile(r"\s*([0-9]{3,4})(?![\w.,/-])")
BANDS = (0, 20, 50, 100, 200, 500, *(each * 10**power for power in range(3, 9) for each in (1, 2, 5)))
"""Where the bands begin that consultations are given in."""


_Begun = tuple[Kind, tuple[str, int]]
"""A course: its values, and its patient; where that is not known, the course stands for one of its own."""


class Member(NamedTuple):
    """What a network keeps of one clinic, without its name: the band of the number of courses that must be coded, and
    between how many per cent of them are; by condition between how many per cent have the guide's code.
    """

    courses: Range
    coded: Range
    guide: tuple[tuple[str, Range], ...] = ()


class Period(NamedTuple):
    """The figures of a period: every cell that is not zero, consultations by service code, the clinics of a network.

    A service code is listed where at least ``min_count`` patients of a clinic had it in a month. ``members`` are in the
    order of their figures, and none in what a single clinic shares.
    """

    cells: Mapping[Cell, Range]
    consultations: Mapping[str, Range]
    members: tuple[Member, ...] = ()

    @property
    def clinics(self) -> int:
        """How many clinics it is of."""
        return max(len(self.members), 1)


class Network(NamedTuple):
    """What one or more clinics share. ``clinics`` are their pseudonyms, sorted; only one clinic can have a ``name``."""

    clinics: tuple[str, ...]
    min_count: int
    periods: Mapping[str, Period]
    name: str | None = None


class Remarks(NamedTuple):
    """Courses that are not shared: without a date, begun outside the periods; periods with few patients.

    ``again``: periods that left before, and leave as they were then.
    """

    undated: int
    outside: int
    few: tuple[str, ...]
    again: tuple[str, ...] = ()


class NetworkShare(NamedTuple):
    """A clinic's share, and what there is to say of it."""

    network: Network
    remarks: Remarks


def clinic_id(secret: bytes, clinic: str) -> str:
    """A pseudonym of a clinic: a hash of its name, however that is spelled, keyed with a secret of the clinic's own.

    Who does not have the secret can neither compute it nor try names. Raises ValueError for a short secret.
    """
    return _keyed(secret, fold(clinic))


def course_keys(secret: bytes, courses: Iterable[CourseRow], spans: Sequence[Span]) -> frozenset[str]:
    """What tells the courses of these periods again in another export: hashes of patient and of course id, each with
    the day on which the course began.
    """
    return frozenset(
        _keyed(secret, f"{course.first} {key}")[:16]
        for course in courses
        if course.first is not None and any(course.first in span for span in spans)
        for key in course.keys
    )


def _keyed(secret: bytes, text: str) -> str:
    if len(secret) < 16:
        raise ValueError("the secret has fewer than 16 bytes")
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:32]


def share(
    guideline: Guideline,
    courses: Iterable[CourseRow],
    services: Iterable[ServiceRow],
    clinic: str,
    spans: Sequence[Span],
    min_count: int = MIN_COUNT,
    name: str | None = None,
) -> NetworkShare:
    """Count the courses that began in each of these periods, and hide what must be hidden.

    Periods have ended and do not meet: one that grows from file to file would tell what came in between. ``clinic`` is
    the clinic's pseudonym. Raises ValueError for a ``min_count`` below 3.
    """
    if min_count < LEAST:
        raise ValueError(f"min_count {min_count} is less than {LEAST}")
    begun: dict[Span, list[_Begun]] = {span: [] for span in sorted(spans)}
    undated = outside = 0
    for place, course in enumerate(courses):
        if span := next((each for each in begun if course.first in each), None):
            patient = ("course", place) if course.patient is None else ("patient", course.patient)
            begun[span].append((kind_of(course), patient))
        elif course.first is None:
            undated += 1
        else:
            outside += 1
    listed = _listed_services(services, spans, min_count)
    cells = {span: _protected(guideline, each, min_count) for span, each in begun.items() if each}
    periods = {span.name: Period(of, listed.get(span, {})) for span, of in cells.items() if of}
    few = tuple(span.name for span, of in cells.items() if not of)
    return NetworkShare(Network((clinic,), min_count, periods, name), Remarks(undated, outside, few))


def spans_of(network: Network) -> list[Span]:
    """The periods of a network."""
    return [span for name in network.periods if (span := named(name))]


def _protected(
    guideline: Guideline,
    begun: Sequence[_Begun],
    min_count: int,
) -> dict[Cell, Range]:
    """The cells of a period; none at all when fewer than ``min_count`` patients came in it.

    How a condition is coded is told where the number of its courses is told and large. So whether it is told says
    nothing of a number that is hidden.
    """
    patients: defaultdict[Cell, set[tuple[str, int]]] = defaultdict(set)
    for kind, patient in set(begun):
        for cell in cells_of(kind, LISTED):
            patients[cell].add(patient)
    if len(patients[ALL_COURSES]) < min_count:
        return {}
    numbers = {cell: len(each) for cell, each in patients.items()}
    kinds = Counter(kind for kind, _ in begun)
    courses = Counter(condition for (condition, *_), _ in begun)
    told = {str(condition) for condition in LISTED if courses[condition] >= FEWEST_COURSES}
    while True:
        tables, cost = partial(cells_of, told=told), partial(worth, told=told)
        cells = protect(kinds, numbers, possible_kinds(guideline), tables, cost, min_count)
        if not (hidden := {each for each in told if not cells[CountTable.CONDITION, each].exact}):
            return cells
        told -= hidden


def _listed_services(
    services: Iterable[ServiceRow], spans: Sequence[Span], min_count: int
) -> dict[Span, dict[str, Range]]:
    """Consultations by period and service code, where enough patients had them, each as the broad band it lies in.

    A first consultation is one a course, so an exact number would tell how many courses there are of a kind that is
    hidden. Only a number of four digits is a service code (three, where a spreadsheet took the zero before it away):
    the column may hold anything. How many different patients two months, or two spellings of a code, have together is
    not known, but it is at least as many as one of them has.
    """
    consultations: Counter[tuple[Span, str]] = Counter()
    patients: defaultdict[tuple[Span, str], int] = defaultdict(int)
    for row in services:
        month = row.month[0] * 12 + row.month[1] - 1
        span = next((each for each in spans if each.first <= month <= each.last), None)
        if span and (match := _SERVICE.match(row.service)):
            key = span, match[1].zfill(4)
            consultations[key] += row.consultations
            patients[key] = max(patients[key], row.patients)
    listed: defaultdict[Span, dict[str, Range]] = defaultdict(dict)
    for (span, service), count in sorted(consultations.items()):
        if patients[span, service] >= min_count:
            listed[span][service] = band(count, min_count)
    return dict(listed)


def band(count: int, least: int) -> Range:
    """The broad band that a count lies in: 1-2-5, the first from ``least``."""
    place = bisect_right(BANDS, max(count, least))
    return Range(max(BANDS[place - 1], least), BANDS[place] - 1)


def of_one_clinic(
    courses: Iterable[CourseRow], wanted: str | None, therapists: Mapping[str, int]
) -> tuple[list[CourseRow], str]:
    """The courses of the clinic that is meant, and its name in the export; ``therapists``: how many each clinic names.

    Raises :class:`UsageError`, also where one of several clinics would be one therapist: whatever the column is called.
    """
    every = list(courses)
    clinics = sorted({course.clinic for course in every})
    known = [clinic or '""' for clinic in clinics]
    if wanted is None and len(clinics) > 1:
        raise UsageError("network-several-clinics", known=known)
    chosen = next((each for each in clinics if wanted is None or fold(each) == fold(wanted)), None)
    if chosen is None:
        raise UsageError("network-unknown-clinic", value=wanted, known=known)
    if len(clinics) > 1 and (therapists.get(chosen) == 1 or all(map(_INITIALS.fullmatch, filter(None, clinics)))):
        raise UsageError("network-therapist", value=chosen)
    return [course for course in every if course.clinic == chosen], chosen


def least_count(text: str | None) -> int:
    """The ``--min-count`` that is typed, or the usual one. Raises :class:`UsageError`."""
    if text is None:
        return MIN_COUNT
    if not (_COUNT.fullmatch(text) and LEAST <= int(text) <= _MOST):
        raise UsageError("network-min-count", value=text, least=LEAST, most=_MOST)
    return int(text)


def clinic_name(text: str | None) -> str | None:
    """A name that a clinic may be called by outside. Raises :class:`UsageError` for none, or one with a CPR number."""
    if text is None:
        return None
    name = text.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or holds_cpr(name):
        raise UsageError("network-name", most=LONGEST_NAME)
    return name
