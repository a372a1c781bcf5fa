"""Which course each record belongs to. Source: specification of the checks, "Courses"."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

import duckdb

from icpc_cli.judging.ledger import MEMBERS, OLD, ORDER, Table

_BATCH = 50_000
_PARTS = ("specialty", "course", "condition_key")
"""The facts in which records of one course do not contradict each other."""


def gather_courses(database: duckdb.DuckDBPyConnection, stated: Table) -> Table:
    """Fill the table of members: by course id; without one by patient, parted where facts contradict; else one each.

    A course has the number of the first of its records in the file. Most patients contradict themselves in nothing, so
    that the database can settle them; the others are gone through record by record.
    """
    MEMBERS.make(
        database,
        f"""SELECT record, min(record) OVER (PARTITION BY clinic, course_id) AS member FROM {stated}
            WHERE course_id <> ''
            UNION ALL SELECT record, record FROM {stated} WHERE course_id = '' AND who = ''""",
    )
    if not database.execute(f"SELECT 1 FROM {stated} WHERE course_id = '' AND who <> '' LIMIT 1").fetchone():
        return MEMBERS
    differ = " OR ".join(f"min(nullif({part}, 0)) <> max(nullif({part}, 0))" for part in _PARTS)
    patients = Table("patients", {"clinic": "INTEGER", "who": "VARCHAR", "member": "BIGINT", "several": "BOOLEAN"})
    patients.make(
        database,
        f"""SELECT clinic, who, min(record) AS member,
                   coalesce({differ}, false) OR coalesce(max(if(first, day, 0)) > min(nullif(day, 0)), false) AS several
            FROM {stated} WHERE course_id = '' AND who <> '' GROUP BY clinic, who""",
    )
    whole = f"{stated} JOIN {patients} USING (clinic, who) WHERE course_id = ''"
    MEMBERS.add(database, f"SELECT record, member FROM {whole} AND NOT several")
    with database.cursor() as cursor:
        rows = cursor.execute(
            f"SELECT clinic, who, record, day, era, first, {', '.join(_PARTS)} FROM {whole} AND several "
            f"ORDER BY clinic, who, {ORDER}"
        )
        settled = (each for _, records in groupby(_rows(rows), key=lambda row: row[:2]) for each in _members(records))
        while batch := list(islice(settled, _BATCH)):
            MEMBERS.fill(database, list(zip(*batch, strict=True)))
    return MEMBERS


def _rows(found: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while batch := found.fetchmany(_BATCH):
        yield from batch


@dataclass(slots=True)
class _Course:
    """A course as far as it has been gone through."""

    member: int
    facts: list[int]
    latest: int
    touched: int = 0

    def takes(self, facts: tuple[int, ...], day: int, *, first: bool) -> bool:
        """Whether a record contradicts it in nothing, and is no first consultation of a later day."""
        agree = all(not mine or not theirs or mine == theirs for mine, theirs in zip(self.facts, facts, strict=True))
        return agree and not (first and day > self.latest > 0)


def _members(records: Iterator[tuple[Any, ...]]) -> Iterator[tuple[int, int]]:
    """Each record of a patient, in order, with the course that it joins: the one last touched that takes it.

    Records of an earlier export that is compared only (era OLD) join last, and change nothing.
    """
    courses: list[_Course] = []
    compared = []
    for touched, (_, _, record, day, era, first, *facts) in enumerate(records, start=1):
        if era == OLD:
            compared.append((record, tuple(facts)))
            continue
        course = _last_touched(courses, tuple(facts), day, first=first)
        if course is None:
            course = _Course(record, [0] * len(facts), day)
            courses.append(course)
        course.facts = [new or old for new, old in zip(facts, course.facts, strict=True)]
        course.latest, course.touched = max(course.latest, day), touched
        yield record, course.member
    for record, facts_of_it in compared:
        course = _last_touched(courses, facts_of_it, 0, first=False)
        yield record, course.member if course else record


def _last_touched(courses: list[_Course], facts: tuple[int, ...], day: int, *, first: bool) -> _Course | None:
    fitting = (course for course in courses if course.takes(facts, day, first=first))
    return max(fitting, key=lambda each: each.touched, default=None)
