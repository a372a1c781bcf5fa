"""Courses out of the judged records, for figures: one row a course, and consultations by service code."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache

import duckdb

from icpc_cli.checks import rules
from icpc_cli.guideline import Guideline
from icpc_cli.judging.coursewise import ORDER, CourseJudge
from icpc_cli.judging.judge import Judge
from icpc_cli.model import Case, Status
from icpc_cli.outcomes import CourseRow, ServiceRow, Standing

_BATCH = 10_000


def course_rows(
    guideline: Guideline, database: duckdb.DuckDBPyConnection, judge: Judge, course_judge: CourseJudge
) -> Iterator[CourseRow]:
    """Every course once. Reads the tables ``facts`` and ``coded`` that the judge made."""
    found = database.cursor().execute(
        f"""SELECT clinic, max(patient), min(nullif(day, 0)), nullif(max(day), 0), arg_max(combination, {ORDER}),
                   arg_max(combination, {ORDER}) FILTER (coding > 0),
                   arg_min(combination, {ORDER}) FILTER (coding > 0),
                   coalesce(nullif(list_unique(list(nullif(day, 0))), 0), nullif(max(consultation), 0), count(*))
            FROM (SELECT *, {course_judge.course_key()} FROM facts) JOIN coded USING (combination)
            GROUP BY clinic, {", ".join(course_judge.key)}"""
    )
    standing = standings(guideline)
    patients: dict[tuple[int, str], int] = {}
    while batch := found.fetchmany(_BATCH):
        for clinic, patient, first, last, combination, coded, first_coded, consultations in batch:
            case = judge.record(combination).case
            yield CourseRow(
                judge.clinic(clinic),
                patients.setdefault((clinic, patient), len(patients)) if patient else None,
                _day(first),
                _day(last),
                case,
                standing(case, consultations, coded is not None),
                () if coded is None else judge.record(coded).codes,
                () if coded is None else judge.record(first_coded).codes,
                consultations,
            )


@cache
def _day(number: int | None) -> date | None:
    return None if number is None else date.fromordinal(number)


def standings(guideline: Guideline) -> Callable[[Case, int, bool], Standing]:
    """Where a course stands, by its last record, its consultations and whether it is coded; each kind judged once."""

    @cache
    def standing(last: Case, consultations: int, coded: bool) -> Standing:  # noqa: FBT001 - a fact
        status = rules.course_obligation(guideline, last).status
        if status is Status.UNDETERMINED:
            return Standing.UNDETERMINED
        if coded:
            return Standing(f"{status}_coded")
        if status is Status.VOLUNTARY:
            return Standing.VOLUNTARY_UNCODED
        found = {check for check, _ in rules.course(guideline, rules.CourseFacts(last, consultations, coded))}
        return Standing.MANDATORY_MISSING if "K101" in found else Standing.MANDATORY_PENDING

    return standing


def service_rows(database: duckdb.DuckDBPyConnection, judge: Judge) -> Iterator[ServiceRow]:
    """Records with a service code and a valid date, counted by clinic, quarter and service as it stands in the cell.

    Patients are the different ones; where none is named, a course id stands for one, and without that a record.
    """
    found = database.cursor().execute(
        f"""SELECT clinic, year(date), quarter(date), raw, count(*), count(DISTINCT who) FROM (
              SELECT facts.clinic, DATE '0001-01-01' + (day - 1)::INTEGER AS date, trim(raw) AS raw,
                     CASE WHEN facts.patient <> '' THEN 'p' || facts.patient
                          WHEN facts.course_id <> '' THEN 'c' || facts.course_id ELSE 'r' || record END AS who
              FROM facts JOIN loaded USING (record) JOIN {judge.raws("service")} ON v.id = loaded.service
              WHERE day > 0 AND trim(raw) <> '')
            GROUP BY ALL ORDER BY ALL"""
    )
    while batch := found.fetchmany(_BATCH):
        for clinic, year, quarter, service, consultations, patients in batch:
            yield ServiceRow(judge.clinic(clinic), (year, quarter), service, consultations, patients)
