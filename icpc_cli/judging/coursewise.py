"""Records into courses: each distinct kind of course is judged once; coverage, and the checks that need the order."""

from collections.abc import Iterator, Mapping, Sequence

import duckdb

from icpc_cli.checks import rules
from icpc_cli.guideline import Guideline
from icpc_cli.judging.database import fill
from icpc_cli.judging.judge import DISEASES, NONE, NUMBER, SYMPTOMS, Judge
from icpc_cli.judging.load import OWNERS, VALUES
from icpc_cli.model import Status
from icpc_cli.outcomes import Coverage, Detail

_PLACES = 1 << 40
"""More than the records of any export: a day and a record's number make one number that orders a course."""


ORDER = f"day::BIGINT * {_PLACES} + record"
"""What orders the records of a course: by day, then by place; those without a valid day first."""
_KEY = ("k_clinic", "k_course_id", "k_patient", "k_specialty", "k_course", "k_condition", "k_record")
"""What records of one course share; where all have course ids, the first two say it."""


_DAYS = "bit_count(bit_or(if(day > 0, 1::BIGINT << (day % 62)::INTEGER, 0::BIGINT)))"
"""How many different days there are at least: as many as dated records, mostly, and then there are no more."""


class CourseJudge:
    """Judges the courses of the records that a :class:`Judge` has judged, into the same table of findings."""

    def __init__(
        self,
        guideline: Guideline,
        database: duckdb.DuckDBPyConnection,
        judge: Judge,
        more: Mapping[str, str] | None = None,
    ) -> None:
        """``more``: further columns of the table of courses, by name, as aggregates of the records of a course."""
        self._more = more or {}
        self._guideline = guideline
        self._database = database
        self._judge = judge
        self.key: tuple[str, ...] = _KEY

    def judge(self, *, before: bool = False) -> Coverage:
        """Findings of courses; returns the coverage. ``before``: there is an older export to compare with."""
        tables = ["facts", "facts_before"] if before else ["facts"]
        if all(self._all_have_ids(table) for table in tables):
            self.key = _KEY[:2]
        coverage = self._courses()
        self._steps_back()
        self._repeated()
        if before:
            self._withdrawn()
        return coverage

    def _courses(self) -> Coverage:
        """Courses from their records, each distinct kind judged once; findings on the last record, and the coverage."""
        more = "".join(f"{aggregate} AS {name}, " for name, aggregate in self._more.items())
        self._database.execute(
            f"""CREATE TABLE grouped AS
            SELECT max({ORDER}) AS last, arg_max(combination, {ORDER}) AS combination, max(coding) AS coding,
                   {_DAYS} AS days, count(nullif(day, 0)) AS dated, max(consultation) AS consultation,
                   count(*) AS records,
                   max(if(coding = {SYMPTOMS}, {ORDER}, NULL)) AS last_symptoms,
                   min(if(coding = {DISEASES}, {ORDER}, NULL)) AS first_disease,
                   {more} {self.course_key()}
            FROM facts JOIN coded USING (combination)
            GROUP BY {", ".join(self.key)}"""
        )
        # Counting different days takes long, so it is left to the courses of which two records may have the same.
        self._database.execute(
            f"""CREATE TABLE courses AS
            SELECT last % {_PLACES} AS last, combination, coding,
                   coalesce(nullif(different, 0), nullif(consultation, 0), records) AS consultations,
                   coalesce(last_symptoms > first_disease, false) AS back, records > different AS crowded,
                   {", ".join((*self._more, *self.key))}
            FROM (SELECT grouped.*, if(grouped.days = dated, dated, counted.days) AS different
                  FROM grouped LEFT JOIN (
                    SELECT {", ".join(self.key)}, count(DISTINCT nullif(day, 0)) AS days
                    FROM (SELECT day, {self.course_key()} FROM facts)
                    SEMI JOIN (SELECT * FROM grouped WHERE days <> dated) USING ({", ".join(self.key)})
                    GROUP BY {", ".join(self.key)}) counted USING ({", ".join(self.key)}))"""
        )
        self._database.execute("DROP TABLE grouped")
        kinds = self._database.execute(
            "SELECT combination, coding, consultations, count(*) FROM courses GROUP BY ALL"
        ).fetchall()
        counts = dict.fromkeys(Coverage.__slots__, 0)
        hits: list[tuple[int, int, int, int, int]] = []
        for combination, coding, consultations, number in kinds:
            last = self._judge.record(combination)
            facts_of_course = rules.CourseFacts(
                last.case, consultations, coding > NONE, coding == SYMPTOMS, stated=last.stated
            )
            found = list(rules.noted_course(self._guideline, facts_of_course))
            for each in _counted(
                rules.course_obligation(self._guideline, facts_of_course.last).status, facts_of_course.coded, found
            ):
                counts[each] += number
            hits += [
                (combination, coding, consultations, NUMBER[check], self._judge.detail_number(detail))
                for check, detail in found
            ]
        if hits:
            columns = (
                f"combination {self._judge.number_type}, coding UTINYINT, consultations BIGINT, "
                "number UTINYINT, detail INTEGER"
            )
            self._database.execute(f"CREATE TABLE kind ({columns})")
            fill(self._database, "kind", list(zip(*hits, strict=True)))
            self._database.execute(
                f"INSERT INTO findings SELECT last, number, {VALUES.index('code')}, detail, raw "
                "FROM courses JOIN kind USING (combination, coding, consultations) "
                f"JOIN loaded ON record = last JOIN {self._judge.raws('code')} ON v.id = loaded.code"
            )
        return Coverage(**counts)

    def _steps_back(self) -> None:
        """H202: among coded records of a course in their order, symptom codes only right after a disease code."""
        found = self._database.execute(
            f"""SELECT record, combination FROM (
              SELECT record, combination, coding, lag(coding) OVER (PARTITION BY course ORDER BY place) AS before FROM (
                SELECT f.record, f.combination, coded.coding, course.last AS course,
                       f.day::BIGINT * {_PLACES} + f.record AS place
                FROM (SELECT *, {self.course_key()} FROM facts) f JOIN coded USING (combination)
                JOIN courses course USING ({", ".join(self.key)}) WHERE course.back AND coded.coding > {NONE}))
            WHERE coding = {SYMPTOMS} AND before = {DISEASES}"""
        ).fetchall()
        records = [
            record for record, combination in found if rules.back_to_symptom(self._judge.record(combination).case)
        ]
        self._database.execute(
            f"INSERT INTO findings SELECT record, {NUMBER['H202']}, {VALUES.index('code')}, "
            f"{self._judge.detail_number(Detail())}, raw FROM (SELECT unnest($1::BIGINT[]) AS record) "
            f"JOIN loaded USING (record) JOIN {self._judge.raws('code')} ON v.id = loaded.code",
            [records],
        )

    def _repeated(self) -> None:
        """R009, with the number of the first record of its like as the value.

        Records that are equal are of one course and one day; or nothing says whose they are.
        """
        same = ", ".join(("fingerprint", *VALUES, *OWNERS, "time_of_day"))
        nobodys = (
            "" if self.key == _KEY[:2] else "UNION ALL SELECT record FROM facts WHERE course_id = '' AND patient = ''"
        )
        self._database.execute(
            f"""INSERT INTO findings SELECT record, {NUMBER["R009"]}, -1, {self._judge.detail_number(Detail())}, first
            FROM (SELECT record, min(record) OVER (PARTITION BY {same}) AS first FROM loaded SEMI JOIN (
              SELECT record FROM (SELECT record, {self.course_key()} FROM facts)
              SEMI JOIN (SELECT * FROM courses WHERE crowded) USING ({", ".join(self.key)}) {nobodys}) USING (record))
            WHERE record > first"""
        )

    def _withdrawn(self) -> None:
        """H201: valid codes that a course had in the older export and has on no record now."""
        combinations = self._database.execute(
            "SELECT combination FROM facts UNION SELECT combination FROM facts_before"
        )
        codes = [(each, code) for (each,) in combinations.fetchall() for code in self._judge.record(each).codes]
        self._database.execute(f"CREATE TABLE valid (combination {self._judge.number_type}, code VARCHAR)")
        fill(self._database, "valid", list(zip(*codes, strict=True)))
        keys = ", ".join(self.key)
        gone = self._database.execute(
            f"""SELECT last, list_sort(list(code)) FROM courses JOIN (
              SELECT DISTINCT {keys}, code FROM (SELECT combination, {self.course_key()} FROM facts_before)
                JOIN valid USING (combination)
              EXCEPT SELECT {keys}, code FROM (SELECT combination, {self.course_key()} FROM facts)
                JOIN valid USING (combination)
            ) USING ({keys}) GROUP BY last"""
        ).fetchall()
        details = [self._judge.detail_number(Detail(facts=(("codes", ", ".join(found)),))) for _, found in gone]
        self._database.execute(
            f"INSERT INTO findings SELECT record, {NUMBER['H201']}, {VALUES.index('code')}, detail, raw "
            "FROM (SELECT unnest($1::BIGINT[]) AS record, unnest($2::INTEGER[]) AS detail) "
            f"JOIN loaded USING (record) JOIN {self._judge.raws('code')} ON v.id = loaded.code",
            [[last for last, _ in gone], details],
        )

    def _all_have_ids(self, table: str) -> bool:
        (all_have_ids,) = self._database.execute(f"SELECT bool_and(course_id <> '') FROM {table}").fetchone() or (None,)
        return bool(all_have_ids)

    def course_key(self) -> str:
        """What records of one course share, as columns of SQL; what does not matter is the same for all.

        Clinic and course id; without a course id clinic, patient, specialty, course and condition; without a patient
        either, each record is a course.
        """
        if self.key == _KEY[:2]:
            return "clinic AS k_clinic, course_id AS k_course_id"
        owned = "course_id <> '' OR patient = ''"
        facts = ", ".join(f"if({owned}, -1, {role}) AS k_{role}" for role in ("specialty", "course", "condition"))
        return (
            f"clinic AS k_clinic, course_id AS k_course_id, if(course_id <> '', '', patient) AS k_patient, {facts}, "
            f"if(course_id <> '' OR patient <> '', -1, record) AS k_record"
        )


def _counted(status: Status, coded: bool, found: Sequence[tuple[str, Detail]]) -> Iterator[str]:  # noqa: FBT001 - a fact
    yield "total"
    yield status.value
    if coded and status is not Status.UNDETERMINED:
        yield f"{status.value}_coded"
    counted = {"K101": "mandatory_missing", "K102": "mandatory_pending"}
    yield from (counted[check] for check, _ in found if check in counted)
