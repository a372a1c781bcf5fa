"""Which course each record belongs to. Source: specification of the checks, "Courses"."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from icpc_cli.judging.database import Database, streamed
from icpc_cli.judging.ledger import LONE, MEMBERS, OLD, ORDER, WHOSE, Table

_BATCH = 50_000
_PARTS = ("specialty", "course", "condition_key")
"""The facts in which records of one course do not contradict each other."""


def gather_courses(database: Database, facts: Table) -> None:
    """Say of records that name a patient and no course id which course is theirs: the patient's, parted where facts
    contradict.

    A course has the number of the first of its records in the file. Most patients contradict themselves in nothing, so
    that the database can settle them; the others are gone through record by record.
    """
    if not LONE.make(database, f"SELECT clinic, who, record FROM {WHOSE} WHERE course_id = '' AND who <> ''"):
        return
    differ = " OR ".join(f"min(nullif({part}, 0)) <> max(nullif({part}, 0))" for part in _PARTS)
    patients = Table("patients", {"clinic": "INTEGER", "who": "VARCHAR", "member": "BIGINT", "several": "BOOLEAN"})
    whole = f"{LONE} l JOIN {facts} f USING (record, clinic)"
    patients.make(
        database,
        f"""SELECT clinic, who, min(record) AS member,
                   coalesce({differ}, false) OR coalesce(max(if(first, day, 0)) > min(nullif(day, 0)), false) AS several
            FROM {whole} GROUP BY clinic, who""",
    )
    MEMBERS.make(database, f"SELECT record, member FROM {LONE} JOIN {patients} USING (clinic, who) WHERE NOT several")
    rows = streamed(
        database,
        f"SELECT p.member, record, day, era, first, {', '.join(_PARTS)} "
        f"FROM {whole} JOIN {patients} p USING (clinic, who) WHERE several ORDER BY p.member, {ORDER}",
    )
    settled = (each for _, records in groupby(rows, key=itemgetter(0)) for each in _members(records))
    while batch := list(islice(settled, _BATCH)):
        # Numbers in a text get into the database in half the time that a list of them takes.
        columns = [str(list(each)) for each in zip(*batch, strict=True)]
        MEMBERS.add(database, "SELECT unnest($1::BIGINT[]) AS record, unnest($2::BIGINT[]) AS member", columns)
    database.execute(f"UPDATE {facts} SET member = m.member FROM {MEMBERS} m WHERE m.record = {facts}.record")


@dataclass(slots=True, eq=False)
class _Gathered:
    """A course as far as it has been gone through: its facts by number, 0 where none is stated yet."""

    member: int
    specialty: int
    course: int
    condition: int
    latest: int

    def takes(self, specialty: int, course: int, condition: int) -> bool:
        """Whether a record contradicts it in nothing."""
        return (
            (self.condition == condition or not condition or not self.condition)
            and (self.specialty == specialty or not specialty or not self.specialty)
            and (self.course == course or not course or not self.course)
        )

    def join(self, specialty: int, course: int, condition: int, day: int) -> None:
        """Take a record in."""
        self.specialty, self.course = specialty or self.specialty, course or self.course
        self.condition, self.latest = condition or self.condition, max(self.latest, day)


def _members(records: Iterator[tuple[Any, ...]]) -> Iterator[tuple[int, int]]:
    """Each record of a patient, in order, with the course that it joins: the one last touched that takes it.

    No course takes a first consultation of a later day. Records of an earlier export that is compared only (era OLD)
    join last, and change nothing.
    """
    touched: list[_Gathered] = []
    """The courses, the one last touched first."""
    compared = []
    for _, record, day, era, first, specialty, course, condition in records:
        facts = specialty, course, condition
        if era == OLD:
            compared.append((record, facts))
            continue
        for each in touched:
            if each.takes(*facts) and not (first and day > each.latest > 0):
                touched.remove(each)
                each.join(*facts, day)
                break
        else:
            each = _Gathered(record, *facts, day)
        touched.insert(0, each)
        yield record, each.member
    for record, facts in compared:
        yield record, next((each.member for each in touched if each.takes(*facts)), record)
