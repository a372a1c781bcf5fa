"""Which figures of a period leave a clinic: four properties of a course, and the tables made of them.

Every course has one value of each property. The properties, their values and the tables are part of the format
``icpc-cli/network/2``: whoever changes them changes its number.

A table of all four at once would consist of ones and twos. These serve the users: each property by itself, the codes
used for each condition, and coverage by condition and by specialty with course type. They are linked: all of them count
the same courses, so they are protected together (:mod:`icpc_cli.network.disclosure`).
"""

from collections.abc import Iterator
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
    CONDITION_CODE = "condition_code"
    CONDITION_STANDING = "condition_standing"
    KIND_STANDING = "kind_standing"


SEVERAL, UNKNOWN, OTHER, NONE = "several", "unknown", "other", "none"
CONDITIONS = (*map(str, LISTED), SEVERAL, OTHER, UNKNOWN)
"""One of the guide's conditions, several of them, something else, or nothing stated."""
KINDS = ("51-structured", "51-other", "51-unknown", "57", "62", OTHER, UNKNOWN)
"""Specialty, and for 51 the course type: where that matters for the duty to code."""
STANDINGS = tuple(map(str, Standing))

Kind = tuple[str, str, str, str]
"""The values of a course: condition, code, kind, standing."""
Cell = tuple[Table, tuple[str, ...]]
"""A place in a table, by the values that it counts."""

_PROPERTIES: dict[Table, tuple[int, ...]] = {
    Table.COURSES: (),
    Table.CONDITION: (0,),
    Table.CODE: (1,),
    Table.KIND: (2,),
    Table.STANDING: (3,),
    Table.CONDITION_CODE: (0, 1),
    Table.CONDITION_STANDING: (0, 3),
    Table.KIND_STANDING: (2, 3),
}


@cache
def all_codes() -> tuple[str, ...]:
    """The codes that the program has titles for, any other of chapter L, any of another chapter, and no valid code."""
    return (*load_guideline().codes, "L", OTHER, NONE)


def dimensions(table: Table) -> tuple[tuple[str, ...], ...]:
    """The values along each side of a table."""
    values = (CONDITIONS, all_codes(), KINDS, STANDINGS)
    return tuple(values[place] for place in _PROPERTIES[table])


def cells_of(kind: Kind) -> tuple[Cell, ...]:
    """The cells that a course with these values is counted in, one of each table."""
    return tuple((table, tuple(kind[place] for place in places)) for table, places in _PROPERTIES.items())


def margins(table: Table) -> tuple[Table, ...]:
    """The tables that the sums along each side of a table of two properties stand in."""
    single = {places: each for each, places in _PROPERTIES.items() if len(places) == 1}
    return tuple(single[place,] for place in _PROPERTIES[table])


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
        for standing in _standings(status, coded=code != NONE):
            yield condition, code, kind, standing


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


def _standings(status: Status, *, coded: bool) -> tuple[str, ...]:
    if status is Status.UNDETERMINED:
        return (Standing.UNDETERMINED,)
    if status is Status.VOLUNTARY:
        return (Standing.VOLUNTARY_CODED if coded else Standing.VOLUNTARY_UNCODED,)
    return (Standing.MANDATORY_CODED,) if coded else (Standing.MANDATORY_PENDING, Standing.MANDATORY_MISSING)


def kind_of(course: CourseRow) -> Kind:
    """The values of a course."""
    return (
        condition_of(course.case.conditions),
        code_of(course.codes),
        _kind(course.case.specialty, course.case.course),
        course.standing.value,
    )


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
