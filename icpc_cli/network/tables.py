"""Which figures of a period leave a clinic: four properties of a course, and the tables made of them.

Every course has one value of each property. The properties, their values and the tables are part of the format
``icpc-cli/network/4``: whoever changes them changes its number.

A table of all of them at once would consist of ones and twos, and a small count that one clinic hides makes a range of
the sum of a whole network. So the tables are few and have one side: each property by itself; and of the conditions that
a clinic has enough courses of, how many have a code that the guide has for it as a final one, and how many have not.
They are linked: all of them count the same courses, so they are protected together
(:mod:`icpc_cli.network.disclosure`).
"""

import math
from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import cache
from itertools import product
from typing import TypeVar

from icpc_cli.advice import obligation
from icpc_cli.guideline import Guideline, load_guideline
from icpc_cli.model import LISTED, Condition, Course, Status
from icpc_cli.outcomes import CourseRow, Standing


class CountTable(StrEnum):
    """The tables, by their name in a file."""

    COURSES = "courses"
    CONDITION = "condition"
    CODE = "code"
    KIND = "kind"
    STANDING = "standing"
    GUIDE_CODE = "guide_code"
    NO_GUIDE_CODE = "no_guide_code"


FEWEST_COURSES = 30
"""Courses of a condition that a clinic has before it is told how they are coded."""
SEVERAL, UNKNOWN, OTHER, NONE = "several", "unknown", "other", "none"
CONDITIONS = (*map(str, LISTED), SEVERAL, OTHER, UNKNOWN)
"""One of the guide's conditions, several of them, something else, or nothing stated."""
KINDS = ("51-structured", "51-other", "51-unknown", "57", "62", OTHER, UNKNOWN)
"""Specialty, and for 51 the course type: where that matters for the duty to code."""
MANDATORY_UNCODED = "mandatory_uncoded"
STANDINGS = ("mandatory_coded", MANDATORY_UNCODED, "voluntary_coded", "voluntary_uncoded", "undetermined")
"""Courses that must be coded, those that may, and those of which that is not known."""

Kind = tuple[str, str, str, str]
"""The values of a course: condition, code, kind, standing."""
Cell = tuple[CountTable, str]
"""A place in a table, by the value that it counts."""
T = TypeVar("T")
ALL_COURSES: Cell = (CountTable.COURSES, "")
PROPERTIES = (CountTable.CONDITION, CountTable.CODE, CountTable.KIND, CountTable.STANDING)
"""The tables that count every course, in the order of a course's values."""


@cache
def all_codes() -> tuple[str, ...]:
    """The codes that the program has titles for, any other of chapter L, any of another chapter, and no valid code."""
    return (*load_guideline().codes, "L", OTHER, NONE)


@cache
def values(table: CountTable) -> tuple[str, ...]:
    """The values that a table counts."""
    known = dict(zip(PROPERTIES, (CONDITIONS, all_codes(), KINDS, STANDINGS), strict=True))
    return ("",) if table is CountTable.COURSES else known.get(table, tuple(map(str, LISTED)))


def counts(cells: Mapping[Cell, T], table: CountTable) -> dict[str, T]:
    """What is told of a table, by its values and in their order."""
    return {value: cells[table, value] for value in values(table) if (table, value) in cells}


def cells_of(kind: Kind, told: Collection[str] = ()) -> tuple[Cell, ...]:
    """The cells that a course with these values is counted in; ``told``: conditions of which the coding is told."""
    condition, code, *_ = kind
    cells = ALL_COURSES, *zip(PROPERTIES, kind, strict=True)
    if condition not in told:
        return cells
    guided = code in load_guideline().finals[Condition(condition)]
    return *cells, (CountTable.GUIDE_CODE if guided else CountTable.NO_GUIDE_CODE, condition)


def told_in(cells: Collection[Cell]) -> frozenset[str]:
    """The conditions of which the coding is told."""
    return frozenset(value for table, value in cells if table in (CountTable.GUIDE_CODE, CountTable.NO_GUIDE_CODE))


def worth(cell: Cell, told: Collection[str]) -> float:
    """What it costs to hide a cell that need not be hidden; without end: only where there is no other way.

    The cheapest are small in many clinics anyhow. Where all clinics hide these, the sums of the others are exact.
    """
    table, value = cell
    if cell == ALL_COURSES or (table is CountTable.CONDITION and value in told):
        return math.inf
    if value in _often_small():
        return 1.0
    return 40.0 if table in PROPERTIES else 10.0


@cache
def _often_small() -> frozenset[str]:
    final = set().union(*load_guideline().finals.values())
    small = {SEVERAL, OTHER, UNKNOWN, "51-unknown", "62", Standing.UNDETERMINED, *all_codes()}
    return frozenset(small - {NONE, *final})


@cache
def possible_kinds(guideline: Guideline) -> tuple[Kind, ...]:
    """All combinations of values that a course can have: its standing follows from the guide and from its code.

    Whoever attacks the tables knows the guide, so what protects them has to know it as well.
    """
    found = []
    for condition, code, kind in product(CONDITIONS, all_codes(), KINDS):
        specialty, course = _SAMPLES[kind]
        status = obligation(guideline, specialty, course, _sample_conditions(condition)).status
        coded = "uncoded" if code == NONE else "coded"
        standing = Standing.UNDETERMINED.value if status is Status.UNDETERMINED else f"{status}_{coded}"
        found.append((condition, code, kind, standing))
    return tuple(found)


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


def kind_of(course: CourseRow) -> Kind:
    """The values of a course."""
    uncoded = course.standing in (Standing.MANDATORY_PENDING, Standing.MANDATORY_MISSING)
    standing = MANDATORY_UNCODED if uncoded else course.standing.value
    specialty = course.case.specialty or UNKNOWN
    kind = f"51-{course.case.course}" if specialty == "51" else specialty
    kind = kind if kind in KINDS else OTHER
    return condition_of(course.case.conditions), code_of(course.codes), kind, standing


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
