"""Which figures of a period leave a clinic: five properties of a course, and the tables made of them.

Every course has one value of each property. The properties, their values and the tables are part of the format
``icpc-cli/network/3``: whoever changes them changes its number.

A table of all of them at once would consist of ones and twos, and a small count that one clinic hides makes a range of
the sum of a whole network. So the tables are few and coarse: each property by itself, and how the courses of each
condition are coded: with a code that the guide has for it, with another, with none. They are linked: all of them count
the same courses, so they are protected together (:mod:`icpc_cli.network.disclosure`).
"""

import math
from collections.abc import Collection, Iterator
from enum import StrEnum
from functools import cache
from itertools import product

from icpc_cli.advice import obligation
from icpc_cli.guideline import Guideline, load_guideline
from icpc_cli.model import LISTED, Condition, Course, Status
from icpc_cli.outcomes import CourseRow, Standing


class Table(StrEnum):
    """The tables, by their name in a file."""

    COURSES = "courses"
    CONDITION = "condition"
    CODE = "code"
    KIND = "kind"
    STANDING = "standing"
    CONDITION_CODING = "condition_coding"


SEVERAL, UNKNOWN, OTHER, NONE = "several", "unknown", "other", "none"
CONDITIONS = (*map(str, LISTED), SEVERAL, OTHER, UNKNOWN)
"""One of the guide's conditions, several of them, something else, or nothing stated."""
KINDS = ("51-structured", "51-other", "51-unknown", "57", "62", OTHER, UNKNOWN)
"""Specialty, and for 51 the course type: where that matters for the duty to code."""
MANDATORY_UNCODED = "mandatory_uncoded"
STANDINGS = (
    *map(str, (Standing.MANDATORY_CODED, MANDATORY_UNCODED, Standing.VOLUNTARY_CODED, Standing.VOLUNTARY_UNCODED)),
    str(Standing.UNDETERMINED),
)
"""Courses that must be coded, those that may, and those of which that is not known."""
GUIDE = "guide"
CODINGS = (GUIDE, OTHER, NONE)
"""A code that the guide has for the condition as a final one, another code, none."""

Kind = tuple[str, str, str, str, str]
"""The values of a course: condition, code, kind, standing, coding."""
Cell = tuple[Table, tuple[str, ...]]
"""A place in a table, by the values that it counts."""

_PROPERTIES: dict[Table, tuple[int, ...]] = {
    Table.COURSES: (),
    Table.CONDITION: (0,),
    Table.CODE: (1,),
    Table.KIND: (2,),
    Table.STANDING: (3,),
    Table.CONDITION_CODING: (0, 4),
}


@cache
def all_codes() -> tuple[str, ...]:
    """The codes that the program has titles for, any other of chapter L, any of another chapter, and no valid code."""
    return (*load_guideline().codes, "L", OTHER, NONE)


def dimensions(table: Table) -> tuple[tuple[str, ...], ...]:
    """The values along each side of a table."""
    if table is Table.CONDITION_CODING:
        return tuple(map(str, LISTED)), CODINGS
    values = (CONDITIONS, all_codes(), KINDS, STANDINGS)
    return tuple(values[place] for place in _PROPERTIES[table])


def cells_of(kind: Kind) -> tuple[Cell, ...]:
    """The cells that a course with these values is counted in: one of each table, but for what is outside the guide."""
    return tuple(
        (table, tuple(kind[place] for place in places))
        for table, places in _PROPERTIES.items()
        if table is not Table.CONDITION_CODING or kind[0] in LISTED
    )


def worth(cell: Cell) -> float:
    """What it costs to hide a cell that need not be hidden; without end: only where there is no other way.

    The cheapest are small in many clinics anyhow. Where all clinics hide these, the sums of the others are exact.
    """
    table, values = cell
    if not values:
        return math.inf
    if values[-1] in _OFTEN_SMALL[table]:
        return 1.0
    return 10.0 if table is Table.CONDITION_CODING else 40.0


_OFTEN_SMALL: dict[Table, Collection[str]] = {
    Table.CONDITION: (SEVERAL, OTHER, UNKNOWN),
    Table.CODE: ("L01", "L02", "L13", "L14", "L15", "L20", "L91", "L", OTHER),
    Table.KIND: ("51-unknown", "62", OTHER, UNKNOWN),
    Table.STANDING: (Standing.UNDETERMINED,),
    Table.CONDITION_CODING: (OTHER, NONE),
}


@cache
def possible_kinds(guideline: Guideline) -> tuple[Kind, ...]:
    """All combinations of values that a course can have: its standing follows from the guide and from its code.

    Whoever attacks the tables knows the guide, so what protects them has to know it as well.
    """
    return tuple(_possible(guideline))


def _possible(guideline: Guideline) -> Iterator[Kind]:
    for condition, code, kind in product(CONDITIONS, all_codes(), KINDS):
        specialty, course = _SAMPLES[kind]
        status = obligation(guideline, specialty, course, _sample_conditions(condition)).status
        yield condition, code, kind, _standing(status, coded=code != NONE), coding(condition, code)


_SAMPLES: dict[str, tuple[str | None, Course]] = {
    "51-structured": ("51", Course.STRUCTURED),
    "51-other": ("51", Course.OTHER),
    "51-unknown": ("51", Course.UNKNOWN),
    "57": ("57", Course.OTHER),
    "62": ("62", Course.OTHER),
    OTHER: ("65", Course.OTHER),
    UNKNOWN: (None, Course.UNKNOWN),
}


def _sample_conditions(condition: str) -> tuple[Condition, ...]:
    if condition == SEVERAL:
        return LISTED[:2]
    return () if condition == UNKNOWN else (Condition(condition),)


def _standing(status: Status, *, coded: bool) -> str:
    if status is Status.UNDETERMINED:
        return Standing.UNDETERMINED.value
    if status is Status.VOLUNTARY:
        return Standing.VOLUNTARY_CODED.value if coded else Standing.VOLUNTARY_UNCODED.value
    return Standing.MANDATORY_CODED.value if coded else MANDATORY_UNCODED


@cache
def coding(condition: str, code: str) -> str:
    """How a course of this condition is coded."""
    if code == NONE:
        return NONE
    return GUIDE if condition in LISTED and code in load_guideline().finals[Condition(condition)] else OTHER


def kind_of(course: CourseRow) -> Kind:
    """The values of a course."""
    condition, code = condition_of(course.case.conditions), code_of(course.codes)
    uncoded = course.standing in (Standing.MANDATORY_PENDING, Standing.MANDATORY_MISSING)
    standing = MANDATORY_UNCODED if uncoded else course.standing.value
    return condition, code, _kind(course.case.specialty, course.case.course), standing, coding(condition, code)


def condition_of(conditions: tuple[Condition, ...]) -> str:
    """The condition that a course is counted under; one of the guide's goes before something else."""
    listed = [condition for condition in conditions if condition is not Condition.OTHER]
    if len(listed) > 1:
        return SEVERAL
    return listed[0].value if listed else OTHER if conditions else UNKNOWN


def code_of(codes: tuple[str, ...]) -> str:
    """The code that a course is counted under: the first of its current ones."""
    if not codes:
        return NONE
    return codes[0] if codes[0] in all_codes() else "L" if codes[0].startswith("L") else OTHER


def _kind(specialty: str | None, course: Course) -> str:
    if specialty == "51":
        return f"51-{course}"
    return UNKNOWN if specialty is None else specialty if specialty in KINDS else OTHER
