"""What has become of the findings of an earlier export. Source: specification "The week's work", once a month."""

from collections.abc import Sequence

from icpc_cli.checks.catalogue import CHECKS
from icpc_cli.judging.coursewise import CourseJudge
from icpc_cli.judging.judge import NUMBER, Judge
from icpc_cli.judging.ledger import FINDINGS, FOUND, NEW, WHOLE, WHOSE, Table
from icpc_cli.model import Case
from icpc_cli.outcomes import Since, State

Identity = tuple[int | None, int | None]
"""A finding by what makes it the same in another export, and where it stands; None: it is never the same."""
_OF_COURSES = [number for number, check in enumerate(CHECKS) if check.of_course]
_ONLY_BETWEEN = (NUMBER["H201"], NUMBER["H203"])
"""The checks that only this comparison makes."""
_IDENTITY = {"identity": "UBIGINT", "place": "UBIGINT"}
_WAS = Table("was", _IDENTITY | {"n": "BIGINT"})
_NOW = Table("now_found", {"finding": "BIGINT", "number": "UTINYINT"} | _IDENTITY | {"n": "BIGINT"})
_COURSE = Table("course_name", {"member": "BIGINT", "named": "UBIGINT"})
_STATES = Table("state", {"was": "INTEGER", "open": "INTEGER", "new": "INTEGER"})
"""Details by number, as they are and as they are with each state."""
_PRESENT = Table("present", {"place": "UBIGINT"})


class Comparable:
    """The findings of one run, as another run can compare them: by hashes that mean the same in both."""

    def __init__(self, judge: Judge, courses: CourseJudge) -> None:
        self._database, self._judge = judge.database, judge
        self._name_courses(courses)

    def identities(self) -> list[Identity]:
        """Every finding but those that only a comparison makes."""
        rows = self._database.execute(f"SELECT identity, place, number FROM ({self._found()})").fetchall()
        return [(identity, place) for identity, place, number in rows if number not in _ONLY_BETWEEN]

    def since(self, was: Sequence[Identity]) -> Since:
        """Say of each finding whether it is new, and of those that there were what has become of them."""
        numbered = "row_number() OVER (PARTITION BY identity ORDER BY {}) AS n"
        given = Table("given", _IDENTITY)
        given.hold(self._database, list(zip(*was, strict=True)) or [[], []])
        _WAS.make(self._database, f"SELECT *, {numbered.format('rowid')} FROM {given}")
        _NOW.make(self._database, f"SELECT *, {numbered.format('record, role, finding')} FROM ({self._found()})")
        same = f"{_NOW} JOIN {_WAS} w USING (identity, n)"
        self._database.execute(f"CREATE TEMP TABLE still_open AS SELECT finding FROM {same}")
        self._mark()
        _PRESENT.make(
            self._database,
            f"SELECT hash(named) AS place FROM {_COURSE} UNION SELECT hash(named, day) AS place "
            f"FROM {self._judge.facts} JOIN {_COURSE} USING (member) WHERE era = {NEW}",
        )
        still = self._count("still_open")
        left = f"{_WAS} ANTI JOIN {_NOW} USING (identity, n)"
        mended = self._count(f"{left} WHERE place IN (SELECT place FROM {_PRESENT})")
        now = self._count(f"{_NOW} WHERE number NOT IN {_ONLY_BETWEEN}")
        return Since(now - still, still, mended, len(was) - still - mended)

    def keep_new(self) -> None:
        """Take the findings away that there were already."""
        self._database.execute(f"DELETE FROM {FINDINGS} WHERE detail IN (SELECT open FROM {_STATES})")

    def _count(self, rows: str) -> int:
        (count,) = self._database.execute(f"SELECT count(*) FROM {rows}").fetchone() or (0,)
        return int(count)

    def _mark(self) -> None:
        found = self._database.execute(f"SELECT DISTINCT detail FROM {FINDINGS}").fetchall()
        numbers = [number for (number,) in found]
        marked = [
            [self._judge.details.number(self._judge.details.values[number]._replace(state=state)) for number in numbers]
            for state in (State.OPEN, State.NEW)
        ]
        _STATES.hold(self._database, [numbers, *marked])
        self._database.execute(
            f"UPDATE {FINDINGS} SET detail = if({FINDINGS}.rowid IN (SELECT finding FROM still_open), open, new) "
            f"FROM {_STATES} WHERE was = detail"
        )

    def _name_courses(self, courses: CourseJudge) -> None:
        """Courses by what they are called in any run: clinic, and course id or else patient and what it is about."""
        judge, database = self._judge, self._database
        names = {
            "clinic": [name.casefold() for name in judge.clinics],
            "kind": [about(kind.facts.case) for kind in courses.kinds],
        }
        for each, texts in names.items():
            Table(f"name_{each}", {"id": "INTEGER", "name": "VARCHAR"}).hold(database, [range(len(texts)), texts])
        joins = " ".join(f"JOIN name_{each} ON name_{each}.id = c.{each}" for each in names)
        _COURSE.make(
            database,
            f"""SELECT c.member, CASE WHEN s.course_id <> '' THEN hash('id', name_clinic.name, s.course_id)
                  WHEN s.who <> '' THEN hash('patient', name_clinic.name, s.who, name_kind.name) END AS named
                FROM {courses.courses} c {joins} JOIN {WHOSE} s ON s.record = c.last""",
        )

    def _found(self) -> str:
        """A query for the findings: record, role, place in the table, number of the check, identity and place."""
        of_course = f"number IN ({', '.join(map(str, _OF_COURSES))})"
        code = self._judge.raws("code")
        return (
            f"SELECT f.record, f.role, finding, number, if({of_course}, hash(named), hash(named, day)) AS "
            f"where_it_is, if(named IS NULL, NULL, where_it_is) AS place, if(named IS NULL, NULL, "
            f"hash(number, f.role, where_it_is, if({of_course}, '', trim(raw)))) AS identity FROM {FOUND} f "
            f"LEFT JOIN {self._judge.facts} s ON s.record = whole "
            f"LEFT JOIN {_COURSE} USING (member) LEFT JOIN {WHOLE} l ON l.record = whole "
            f"LEFT JOIN {code} ON v.id = l.code"
        )


def about(last: Case) -> str:
    """What a course is about, where nothing else tells it from others of its patient."""
    return "/".join((last.specialty or "", last.course, *last.conditions))
