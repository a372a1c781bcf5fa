"""What a clinic tells partners such as GPs: which groups of patients it treats, and about how many."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from icpc_cli.network.disclosure import LEAST
from icpc_cli.network.share import MIN_COUNT
from icpc_cli.network.tables import CONDITIONS, UNKNOWN, condition_of, quarter_of
from icpc_cli.outcomes import CourseRow

_STEP = 5


@dataclass(frozen=True, slots=True)
class PatientGroup:
    """A group of patients by its condition. ``about``: how many, to the nearest 5; None: fewer than ``min_count``."""

    condition: str
    about: int | None


@dataclass(frozen=True, slots=True)
class PatientGroups:
    """The groups of a period of whole quarters, largest first, those with few patients last; patients in all."""

    first: str
    last: str
    patients: int | None
    groups: tuple[PatientGroup, ...]
    min_count: int


def patient_groups(courses: Iterable[CourseRow], today: date, min_count: int = MIN_COUNT) -> PatientGroups | None:
    """The groups that a clinic treated in the quarters that have ended, or None where there are none.

    A patient with two conditions is in two groups. Groups without patients, and courses of which the condition is not
    stated, are left out. Numbers are rounded to the nearest 5, so that neither two pages of different periods nor a
    page and a shared file can be subtracted to a small number. Raises ValueError for a ``min_count`` below 3.
    """
    if min_count < LEAST:
        raise ValueError(f"min_count {min_count} is less than {LEAST}")
    running = quarter_of(today)
    everyone: set[tuple[str, int]] = set()
    found: defaultdict[str, set[tuple[str, int]]] = defaultdict(set)
    quarters = set()
    for place, course in enumerate(courses):
        if course.first is None or quarter_of(course.first) >= running:
            continue
        quarters.add(quarter_of(course.first))
        patient = ("course", place) if course.patient is None else ("patient", course.patient)
        everyone.add(patient)
        found[condition_of(course.case.conditions)].add(patient)
    if not quarters:
        return None
    groups = [
        PatientGroup(condition, _about(len(found[condition]), min_count))
        for condition in CONDITIONS
        if condition != UNKNOWN and found[condition]
    ]
    groups.sort(key=lambda group: -(group.about or 0))
    return PatientGroups(min(quarters), max(quarters), _about(len(everyone), min_count), tuple(groups), min_count)


def _about(patients: int, min_count: int) -> int | None:
    return None if patients < min_count else max(round(patients / _STEP), 1) * _STEP
