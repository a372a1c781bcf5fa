"""Records into courses: each distinct kind of course is judged once; coverage, and the checks that need the order."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from icpc_cli.checks import rules
from icpc_cli.checks.catalogue import findings
from icpc_cli.checks.rules import CourseFacts
from icpc_cli.guideline import fold
from icpc_cli.judging.judge import DISEASES, NONE, NUMBER, SYMPTOMS, Judge
from icpc_cli.judging.ledger import (
    FACTS,
    FINDINGS,
    KIND,
    KINDS,
    LOADED,
    MEANINGS,
    NEW,
    OLD,
    ORDER,
    PLACES,
    WHOSE,
    Table,
)
from icpc_cli.judging.load import OWNERS, VALUES, measure_column
from icpc_cli.outcomes import OBLIGING, CourseCounts, Detail, Instrument, Role, Standing

STANDINGS = tuple(Standing)
"""Where a course stands, by the number it has in the database."""
_DAYS = "bit_count(bit_or(if(day > 0, 1::BIGINT << (day % 62)::INTEGER, 0::BIGINT)))"
"""How many different days there are at least: as many as dated records, mostly, and then there are no more."""
_COUNTED = {
    Standing.MANDATORY_CODED: ("mandatory", "mandatory_coded"),
    Standing.MANDATORY_PENDING: ("mandatory", "mandatory_pending"),
    Standing.MANDATORY_MISSING: ("mandatory", "mandatory_missing"),
    Standing.VOLUNTARY_CODED: ("voluntary", "voluntary_coded"),
    Standing.VOLUNTARY_UNCODED: ("voluntary",),
    Standing.UNDETERMINED: ("undetermined",),
}
"""What of the coverage each standing counts in."""


class KindOfCourse(NamedTuple):
    """What courses of one kind have in common: their facts, and where they stand."""

    facts: CourseFacts
    standing: Standing


class CourseJudge:
    """Judges the courses of the records that a :class:`Judge` has judged, into the same table of findings."""

    def __init__(self, judge: Judge, more: Mapping[str, str] | None = None, duty_from: date | None = None) -> None:
        """``more``: further columns of the table of courses, by name, as aggregates of a course's records, which
        ``placed`` orders.

        ``duty_from``: courses that began before are voluntary.
        """
        self._more = more or {}
        self._duty_from = duty_from
        self.early = 0
        """Courses that must be coded and began before there were agreements, where no ``duty_from`` is given."""
        self._guideline, self._database = judge.guideline, judge.database
        self._judge = judge
        self.kinds: list[KindOfCourse] = []
        self.courses = Table(
            "courses",
            dict.fromkeys(
                ("member", "last", "clinic", "first_day", "last_day", "current", "coding",
                 "consultations", "first_disease", "back", "crowded", "kind", "standing", *self._more), "",
            ),
        )  # fmt: skip

    def judge(self, *, before: bool) -> CourseCounts:
        """Findings of courses; returns the coverage. ``before``: there is an older export to compare with."""
        coverage = self._judge_kinds(self._group())
        some = f"SELECT bool_or(back), bool_or(crowded) FROM {self.courses}"
        back, crowded = self._database.execute(some).fetchone() or (True, True)
        if back:
            self._steps_back()
        if crowded or self._judge.met.intersection(("nobody", *OWNERS)):
            self._repeated()
        if before:
            self._withdrawn()
        return coverage

    @property
    def owned(self) -> str:
        """A query for the courses, each with its patient, as written and as ``who``."""
        if "who" in self._more:
            return f"SELECT * FROM {self.courses}"
        whose = (
            f"SELECT member, max(patient) AS patient, max(who) AS who FROM {self._judge.facts} "
            f"JOIN {WHOSE} USING (record) WHERE era <> {OLD} GROUP BY member"
        )
        return f"SELECT c.*, patient, who FROM {self.courses} c JOIN ({whose}) USING (member)"

    def _group(self) -> str:
        """A query for courses, of their records, those of an earlier export before them too: what makes their kinds."""
        facts, judge = self._judge.facts, self._judge
        last = ", ".join(
            f"coalesce(max(if({name} > 0, placed * {MEANINGS} + {name}, NULL)) % {MEANINGS}, 0) AS {name}"
            if name in judge.stated
            else f"0 AS {name}"
            for name in FACTS
        )
        more = "".join(f"{aggregate} AS {name}, " for name, aggregate in self._more.items())
        duty = (self._duty_from or rules.FIRST_AGREEMENTS).toordinal()
        self._database.execute(
            f"""CREATE TABLE grouped AS
            SELECT member, coalesce(max(placed) FILTER (era = {NEW} AND {judge.has_code_cell}),
                                    max(placed) FILTER (era = {NEW})) % {PLACES} AS last, any_value(clinic) AS clinic,
                   min(nullif(day, 0)) AS first_day, nullif(max(day), 0) AS last_day,
                   coalesce(min(nullif(day, 0)) < {duty}, false) AS early,
                   arg_max(code, placed) FILTER (coding > {NONE}) AS current, max(coding) AS coding,
                   {_DAYS} AS days, count(nullif(day, 0)) AS dated, max(consultation) AS consultation,
                   count(*) AS records, max(if(coding = {SYMPTOMS}, placed, NULL)) AS last_symptoms,
                   min(if(coding = {DISEASES}, placed, NULL)) AS first_disease, {more} {last}
            FROM (SELECT *, {ORDER} AS placed FROM {facts}
                  {f"JOIN (SELECT record, patient, who FROM {WHOSE}) USING (record)" if more else ""}
                  WHERE era <> {OLD})
            GROUP BY member HAVING last IS NOT NULL"""
        )
        # Counting different days takes long, so it is left to the courses of which two records may have the same.
        self._database.execute(
            f"""CREATE TABLE counted AS SELECT member, count(DISTINCT nullif(day, 0)) AS days
            FROM {judge.facts} SEMI JOIN (SELECT * FROM grouped WHERE days <> dated) USING (member)
            WHERE era <> {OLD} GROUP BY member"""
        )
        return """(SELECT g.* EXCLUDE (days, consultation), different,
                           coalesce(nullif(greatest(different, consultation), 0), records) AS consultations
            FROM (SELECT grouped.*, if(grouped.days = dated, dated, counted.days) AS different
                  FROM grouped LEFT JOIN counted USING (member)) g)"""

    def _judge_kinds(self, grouped: str) -> CourseCounts:
        """Each distinct kind of course judged once; findings on the last record, and the coverage."""
        names = ", ".join(KIND)
        KINDS.make(
            self._database,
            f"SELECT {names}, count(*) AS courses, row_number() OVER (ORDER BY {names}) - 1 AS kind "
            f"FROM {grouped} GROUP BY {names}",
        )
        kinds = self._database.execute(f"SELECT {names}, courses FROM {KINDS} ORDER BY kind").fetchall()
        counts: Counter[str] = Counter()
        because = dict.fromkeys(OBLIGING, 0)
        hits: list[tuple[int, int, int]] = []
        for number, (*kind, count) in enumerate(kinds):
            numbers = dict(zip(KIND, kind, strict=True))
            case, stated = self._judge.case(kind[: len(FACTS)])
            coding = numbers["coding"]
            early = numbers["early"] and self._duty_from is not None
            facts = CourseFacts(case, numbers["consultations"], coding > NONE, coding == SYMPTOMS, early, stated)
            standing = rules.standing(self._guideline, facts)
            self.kinds.append(KindOfCourse(facts, standing))
            for each in ("total", *_COUNTED[standing]):
                counts[each] += count
            if standing is Standing.UNDETERMINED:
                because[rules.lacking(case)] += count
            elif numbers["early"] and "mandatory" in _COUNTED[standing]:
                self.early += count
            for check, detail in findings(self._guideline, facts):
                hits.append((number, NUMBER[check], self._judge.details.number(detail)))
        self.courses.make(
            self._database,
            f"SELECT *, coalesce(last_symptoms > first_disease, false) AS back, records > different AS crowded, "
            f"list_extract($1::TINYINT[], kind + 1) AS standing FROM {grouped} JOIN {KINDS} USING ({names})",
            [[STANDINGS.index(each.standing) for each in self.kinds]],
        )
        self._database.execute("DROP TABLE grouped; DROP TABLE counted")
        if hits:
            found = Table("hit", {"kind": "INTEGER", "number": "UTINYINT", "detail": "INTEGER"})
            courses = f"SELECT last AS record, number, detail FROM {self.courses} JOIN {found.given} USING (kind)"
            self._report(courses, *map(list, zip(*hits, strict=True)))
        return CourseCounts(**counts, undetermined_because=because)

    def _report(self, query: str, *values: object) -> None:
        """Add findings on the code cells of records, given by record, number and detail."""
        FINDINGS.add(
            self._database,
            f"SELECT place AS record, number, {Role.CODE.number} AS role, detail, raw AS value FROM ({query}) "
            f"JOIN {self._judge.cells(Role.CODE)} USING (record)",
            values,
        )

    def _steps_back(self) -> None:
        """H202: among coded records of a course in their order, symptom codes only right after a disease code."""
        going_back = [
            number for number, each in enumerate(self._judge.conditions) if rules.back_to_symptom(self._guideline, each)
        ]
        self._report(
            f"""SELECT record, {NUMBER["H202"]} AS number, {self._judge.details.number(Detail())} AS detail FROM (
              SELECT record, coding, era, if(condition = 0, noted, condition) AS condition,
                     lag(coding) OVER (PARTITION BY member ORDER BY {ORDER}) AS before
              FROM {self._judge.facts} SEMI JOIN (SELECT member FROM {self.courses} WHERE back) USING (member)
              WHERE coding > {NONE} AND era <> {OLD})
            WHERE coding = {SYMPTOMS} AND before = {DISEASES} AND era = {NEW} AND list_contains($1, condition)""",
            going_back,
        )

    def _repeated(self) -> None:
        """R009, with the number of the first record of its like as the value.

        Records that are equal are of one course and one day; or nothing says whose they are.
        """
        same = ", ".join(("fingerprint", *VALUES, *OWNERS, "time_of_day"))
        FINDINGS.add(
            self._database,
            f"""SELECT record, {NUMBER["R009"]} AS number, -1 AS role, {self._judge.details.number(Detail())} AS detail,
                       first::VARCHAR AS value
            FROM (SELECT record, min(record) OVER (PARTITION BY {same}) AS first FROM {LOADED} SEMI JOIN (
              SELECT record FROM {self._judge.facts}
              SEMI JOIN (SELECT * FROM {self.courses} WHERE crowded) USING (member)
              WHERE era = {NEW}
              UNION ALL SELECT record FROM {WHOSE} WHERE course_id = '' AND who = '') USING (record))
            WHERE record > first""",
        )

    def _withdrawn(self) -> None:
        """H201 and H203: valid codes that a course had in the older export, on days that the new one covers, and lost.

        H203 where it has a valid code now that it did not have.
        """
        facts = self._judge.facts
        codes = [(number, code) for number, codes in enumerate(self._judge.codes) for code in codes]
        valid = Table("valid", {"code": "INTEGER", "name": "VARCHAR"})
        valid.hold(self._database, list(zip(*codes, strict=True)))

        def had(where: str) -> str:
            return f"SELECT member, name FROM {facts} JOIN {valid} USING (code) WHERE {where}"

        now, before = had(f"era <> {OLD}"), had(f"era = {OLD}")
        gone = self._database.execute(
            f"""SELECT last, list_sort(list(name)), any_value(member IN (SELECT member FROM (
                  SELECT * FROM ({had(f"era = {NEW}")}) EXCEPT ({before}))))
            FROM {self.courses} JOIN ({before} EXCEPT ({now})) USING (member) GROUP BY last"""
        ).fetchall()
        details = [self._judge.details.number(Detail(facts=(("gone", ", ".join(found)),))) for _, found, _ in gone]
        numbers = [NUMBER["H203" if replaced else "H201"] for *_, replaced in gone]
        self._report(
            "SELECT unnest($1::BIGINT[]) AS record, unnest($2::INTEGER[]) AS number, unnest($3::INTEGER[]) AS detail",
            [last for last, *_ in gone],
            numbers,
            details,
        )


def measured_headers(instruments: Sequence[Instrument]) -> tuple[str, ...]:
    """The headers of all columns of the instruments, each once."""
    return tuple({fold(each): each for one in instruments for each in (one.start, one.follow_up)}.values())


def measured_ends(instruments: Sequence[Instrument]) -> list[tuple[int, int]]:
    """Of each instrument the numbers of its headers, of the start and of the follow-up."""
    headers = [fold(each) for each in measured_headers(instruments)]
    return [(headers.index(fold(one.start)), headers.index(fold(one.follow_up))) for one in instruments]


def course_columns(instruments: Sequence[Instrument]) -> dict[str, str]:
    """The columns of a course that figures need besides those of the checks, as aggregates of its records."""
    return {
        "first_coding": f"arg_min(coding, placed) FILTER (coding > {NONE})",
        "patient": "max(patient)",
        "who": "max(who)",
        "disease_consultation": f"arg_min(consultation, placed) FILTER (coding = {DISEASES})",
        "day_list": "list(nullif(day, 0))",
        "services": "list(service)",
        **_measured_columns(instruments),
    }


def _measured_columns(instruments: Sequence[Instrument]) -> dict[str, str]:
    """The first cell of each start and the last of each follow-up in a course, and where they stand, as aggregates."""
    columns = {}
    for start, follow_up in measured_ends(instruments):
        for place, number, aggregate in (("first", start, "min"), ("last", follow_up, "max")):
            cell = measure_column(number)
            columns[f"{place}_{number}"] = f"arg_{aggregate}({cell}, placed)"
            columns[f"{place}_{number}_at"] = f"{aggregate}(placed) FILTER ({cell} IS NOT NULL)"
    return columns
