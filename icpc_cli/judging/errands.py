"""What there is to mend, course by course, the most urgent first. Source: specification "The week's work"."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from icpc_cli.judging.coursewise import CourseJudge
from icpc_cli.judging.database import streamed
from icpc_cli.judging.judge import NUMBER, Judge
from icpc_cli.judging.ledger import FOUND, WHOLE, WHOSE
from icpc_cli.judging.since import about
from icpc_cli.model import Case
from icpc_cli.outcomes import Errand, Finding, Severity

_SHOWN = ("therapist", "date", "condition", "code")
"""The cells of the last record that are shown."""

Make = Callable[[int, int, int, int, str], Finding]
"""A finding of its row in the table: record, check, role, detail, value."""


def errands(judge: Judge, courses: CourseJudge, severities: Mapping[str, Severity], finding: Make) -> Iterator[Errand]:
    """Every course with an error or a warning, and every row with one that belongs to no course.

    By gravity, then by how long the course has waited; all findings of a course come with it.
    """
    gravity = {NUMBER[check]: list(Severity).index(severity) for check, severity in severities.items()}
    weighs = " ".join(f"WHEN {number} THEN {weight}" for number, weight in gravity.items())
    heavy = list(Severity).index(Severity.WARNING)
    raws = {role: judge.raws(role).removesuffix(" v") for role in _SHOWN}
    cells = ", ".join(f"coalesce({role}_raw.raw, '')" for role in raws)
    joins = " ".join(f"LEFT JOIN {table} {role}_raw ON {role}_raw.id = l.{role}" for role, table in raws.items())
    rows = streamed(
        judge.database,
        f"""WITH weighed AS (
              SELECT f.*, coalesce(member, -1 - whole) AS whose, CASE number {weighs} ELSE {heavy + 1} END AS weight
              FROM {FOUND} f LEFT JOIN {judge.facts} m ON m.record = whole),
            grave AS (
              SELECT whose, min(weight) AS gravest, max(whole) AS latest,
                     list((weight, record, number, role, detail, value) ORDER BY weight, number, record) AS found
              FROM weighed GROUP BY whose HAVING gravest <= {heavy})
            SELECT found, kind, current, l.record, c.clinic, coalesce(s.who, ''), coalesce(s.course_id, ''),
                   coalesce(l.patient, ''), coalesce(l.course_id, ''), {cells}
            FROM grave LEFT JOIN {courses.courses} c ON c.member = whose
            LEFT JOIN {WHOLE} l ON l.record = coalesce(c.last, latest) {joins}
            LEFT JOIN {WHOSE} s ON s.record = c.last
            ORDER BY gravest, last_day NULLS LAST, latest""",
    )
    for found, kind, current, record, clinic, who, known_as, patient, course_id, *shown in rows:
        therapist, day, condition, code = shown
        last = Case() if kind is None else courses.kinds[kind].facts.case
        owner = ("id", known_as) if known_as else ("patient", who, about(last)) if who else ()
        yield Errand(
            therapist,
            patient,
            course_id,
            day,
            last,
            condition,
            () if current is None else judge.codes[current],
            code,
            tuple(_finding(finding, each) for each in found),
            -1 if record is None else record,
            (judge.clinics[clinic].casefold(), *owner) if owner else (),
        )


def _finding(finding: Make, row: Mapping[str, Any] | tuple[Any, ...]) -> Finding:
    _, record, number, role, detail, value = row.values() if isinstance(row, Mapping) else row
    return finding(record, number, role, detail, value)
