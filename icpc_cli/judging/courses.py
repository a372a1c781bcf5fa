"""Courses out of the judged records, for a network: one row a course, and consultations by service code."""

from collections.abc import Iterator
from datetime import date
from functools import cache

from icpc_cli.judging.coursewise import CourseJudge
from icpc_cli.judging.database import streamed
from icpc_cli.judging.judge import Judge
from icpc_cli.judging.ledger import NEW, WHOLE, WHOSE
from icpc_cli.outcomes import CourseRow, ServiceRow


def course_rows(judge: Judge, course_judge: CourseJudge) -> Iterator[CourseRow]:
    """Every course once."""
    found = streamed(
        judge.database,
        f"SELECT clinic, who, course_id, first_day, last_day, current, kind, consultations "
        f"FROM ({course_judge.owned}) c LEFT JOIN (SELECT record, course_id FROM {WHOSE}) s ON s.record = c.last",
    )
    patients: dict[tuple[int, str], int] = {}
    for clinic, patient, id_, first, last, current, kind, consultations in found:
        course = course_judge.kinds[kind]
        yield CourseRow(
            judge.clinics[clinic],
            patients.setdefault((clinic, patient), len(patients)) if patient else None,
            _day(first),
            _day(last),
            course.facts.case,
            course.standing,
            () if current is None else judge.codes[current],
            consultations,
            tuple(f"{side}{key}" for side, key in (("p", patient), ("c", id_)) if key),
        )


@cache
def _day(number: int | None) -> date | None:
    return None if number is None else date.fromordinal(number)


def therapists(judge: Judge) -> dict[str, int]:
    """How many different therapists each clinic names; none that names none."""
    found = judge.database.execute(
        f"""SELECT clinic, count(DISTINCT lower(trim(raw)))
            FROM (SELECT record, clinic FROM {judge.facts} WHERE era = {NEW})
            JOIN (SELECT record, therapist FROM {WHOLE}) l USING (record)
            JOIN {judge.raws("therapist")} ON v.id = l.therapist WHERE trim(raw) <> '' GROUP BY clinic"""
    )
    return {judge.clinics[clinic]: count for clinic, count in found.fetchall()}


def service_rows(judge: Judge) -> Iterator[ServiceRow]:
    """Records with a service code and a valid date, counted by clinic, month and service as it stands in the cell.

    Patients are the different ones; where none is named, a course id stands for one, and without that a record.
    """
    found = streamed(
        judge.database,
        f"""SELECT clinic, year(date), month(date), raw, count(*), count(DISTINCT whose) FROM (
              SELECT clinic, DATE '0001-01-01' + (day - 1)::INTEGER AS date, trim(raw) AS raw,
                     CASE WHEN who <> '' THEN 'p' || who
                          WHEN course_id <> '' THEN 'c' || course_id ELSE 'r' || record END AS whose
              FROM (SELECT record, clinic, day FROM {judge.facts} WHERE era = {NEW})
              JOIN (SELECT record, who, course_id FROM {WHOSE}) USING (record)
              JOIN (SELECT record, service FROM {WHOLE}) l USING (record)
              JOIN {judge.raws("service")} ON v.id = l.service
              WHERE day > 0 AND trim(raw) <> '')
            GROUP BY ALL ORDER BY ALL""",
    )
    for clinic, year, month, service, consultations, patients in found:
        yield ServiceRow(judge.clinics[clinic], (year, month), service, consultations, patients)
