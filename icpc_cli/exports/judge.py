"""Loaded records into findings and coverage: every distinct value, combination and kind of course is judged once."""

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import duckdb

from icpc_cli.advice import is_symptom_code
from icpc_cli.checks import cells, rules
from icpc_cli.checks.catalogue import CHECKS
from icpc_cli.checks.codes import read_codes
from icpc_cli.exports.database import fill
from icpc_cli.exports.load import OWNERS, VALUES, Loaded, Loader
from icpc_cli.guideline import Guideline
from icpc_cli.model import Answer, Case, Course, Coverage, Detail, Status

FACTS = VALUES[:7]
"""The roles that make up a record's facts; a combination of them is judged once."""
NUMBER = {check.id: place for place, check in enumerate(CHECKS)}
"""The number by which a check is known in the database."""
_PLACES = 1 << 40
"""More than the records of any export: a day and a record's number make one number that orders a course."""


_NONE, _SYMPTOMS, _DISEASES = range(3)
"""What the valid codes of a record are; the greatest of a course's records says what those of the course are."""


def _coding(codes: Sequence[str]) -> int:
    if not codes:
        return _NONE
    return _SYMPTOMS if all(map(is_symptom_code, codes)) else _DISEASES


class _Interned:
    """Values by small numbers."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._numbers: dict[Any, int] = {}

    def number(self, value: Any) -> int:
        found = self._numbers.get(value)
        if found is None:
            found = self._numbers[value] = len(self.values)
            self.values.append(value)
        return found


class Judge:
    """Judges what a loader loaded, into the table ``findings`` (record, number of the check, role, detail, value)."""

    def __init__(self, guideline: Guideline, database: duckdb.DuckDBPyConnection, loader: Loader, today: date) -> None:
        self._guideline = guideline
        self._database = database
        self._loader = loader
        self._today = today
        self._facts = {role: _Interned() for role in FACTS}
        self._clinics = _Interned()
        self._columns: set[str] = set()
        self._listed: set[str] = set()
        self._only: dict[str, int | None] = {}
        self._sizes: list[int] = []
        self._number = "BIGINT"
        self._details = _Interned()
        self._records: dict[int, rules.Record] = {}
        database.execute(
            "CREATE TABLE findings (record BIGINT, number UTINYINT, role TINYINT, detail INTEGER, value VARCHAR)"
        )

    def detail(self, number: int) -> Detail:
        """The detail of a finding by its number."""
        detail: Detail = self._details.values[number]
        return detail

    def record(self, combination: int) -> rules.Record:
        """The facts that a combination's number stands for."""
        if combination not in self._records:
            self._records[combination] = self._decode(combination)
        return self._records[combination]

    def judge(self, loaded: Sequence[Loaded]) -> Coverage:
        """Findings of rows, cells, records and courses; returns the coverage."""
        for each in loaded:
            self._judge_unreadable(each)
        self._columns = {role for each in loaded for role in each.input.columns.places}
        for role in VALUES:
            self._judge_values(role)
        self._combine()
        self._judge_records()
        return self._judge_courses()

    def forget(self, numbers: Iterable[int]) -> None:
        """Take the findings of these checks away: they were not asked for. What was counted stays."""
        self._database.execute("DELETE FROM findings WHERE number IN (SELECT unnest($1))", [list(numbers)])

    def _judge_unreadable(self, loaded: Loaded) -> None:
        unreadable = loaded.outcome.unreadable
        rows = [loaded.input.base + row for row, _ in unreadable]
        details = [self._details.number(Detail(facts=(("fault", fault.value),))) for _, fault in unreadable]
        number = [NUMBER["R001"]] * len(rows)
        fill(self._database, "findings", [rows, number, [-1] * len(rows), details, [""] * len(rows)])

    def _judge_values(self, role: str) -> None:
        """What the values of a role mean, and the findings of its cells.

        The table ``fact_<role>`` has it by the value's number; where there is one value only, ``_only`` has it.
        """
        values = self._loader.values[role]
        facts = [self._fact(role, raw) for raw in values]
        self._only[role] = facts[0] if len(facts) == 1 else None
        if len(facts) > 1:
            self._database.execute(f"CREATE TABLE fact_{role} (id INTEGER, fact INTEGER)")
            fill(self._database, f"fact_{role}", [values.values(), facts])
        hits = [
            (id_, NUMBER[check], self._details.number(detail), raw)
            for raw, id_ in values.items()
            for check, detail in self._cell(role, raw)
        ]
        if not hits or role not in self._columns:
            return
        self._database.execute(f"CREATE TABLE hit_{role} (id INTEGER, number UTINYINT, detail INTEGER, raw VARCHAR)")
        fill(self._database, f"hit_{role}", list(zip(*hits, strict=True)))
        rest = " || coalesce(time_of_day, '')" if role == "date" else ""
        self._database.execute(
            f"INSERT INTO findings SELECT record, number, {VALUES.index(role)}, detail, raw{rest} "
            f"FROM loaded JOIN hit_{role} h ON h.id = {role}"
        )

    def _fact(self, role: str, raw: str) -> int:
        """The number of what a raw cell means; a day and a consultation are numbers themselves."""
        if role == "date":
            day = cells.calendar_date(raw)
            return day.toordinal() if day else 0
        if role == "consultation":
            return cells.consultation(raw) or 0
        if role == "clinic":
            return self._clinics.number(raw.strip())
        return self._facts[role].number(self._meaning(role, raw))

    def _meaning(self, role: str, raw: str) -> object:
        guideline = self._guideline
        match role:
            case "specialty":
                return cells.specialty(raw)
            case "course":
                return cells.named(guideline, "course", raw)
            case "condition":
                return cells.conditions(guideline, raw)
            case "code":
                return read_codes(raw).codes
            case "code_text":
                return rules.titled_codes(guideline, raw)
            case _:
                return cells.named(guideline, "answer", raw)

    def _cell(self, role: str, raw: str) -> Iterator[tuple[str, Detail]]:
        match role:
            case "code":
                return rules.code_cell(raw)
            case "specialty":
                return rules.specialty_cell(cells.specialty(raw))
            case "course":
                return rules.named_cell(cells.named(self._guideline, "course", raw))
            case "nerve_root_signs" | "findings_certain":
                return rules.named_cell(cells.named(self._guideline, "answer", raw))
            case "date":
                return rules.date_cell(raw, self._today)
            case _:
                return iter(())

    def _combine(self) -> None:
        """A table ``facts``: of every record one number for the combination of its facts, and what makes its course."""
        several = [role for role in VALUES if self._only[role] is None]
        fact = {role: f"{role}.fact" if role in several else str(self._only[role]) for role in VALUES}
        self._sizes = [len(self._facts[role].values) for role in FACTS]
        self._number = "HUGEINT" if math.prod(self._sizes) >= 1 << 62 else "BIGINT"
        combination = f"0::{self._number}"
        for role, size in zip(FACTS, self._sizes, strict=True):
            combination = f"({combination} * {size} + {fact[role]})"
        columns = [f"{combination} AS combination", f"{fact['date']} AS day", *OWNERS]
        columns += [
            f"{fact[role]} AS {role}" for role in ("consultation", "clinic", "specialty", "course", "condition")
        ]
        joins = " ".join(f"JOIN fact_{role} {role} ON {role}.id = loaded.{role}" for role in several)
        self._database.execute(f"CREATE TABLE facts AS SELECT record, {', '.join(columns)} FROM loaded {joins}")

    def _decode(self, combination: int) -> rules.Record:
        values: dict[str, Any] = {}
        for role, size in reversed(list(zip(FACTS, self._sizes, strict=True))):
            combination, number = divmod(combination, size)
            values[role] = self._facts[role].values[number]
        case = Case(
            specialty=values["specialty"].value,
            course=Course(values["course"].value),
            conditions=values["condition"].value,
            nerve_root_signs=Answer(values["nerve_root_signs"].value),
            findings_certain=Answer(values["findings_certain"].value),
        )
        return rules.Record(case, values["code"], values["code_text"])

    def _judge_records(self) -> None:
        """Findings of records, each distinct combination once; and which combinations hold a valid code."""
        combinations = [row[0] for row in self._database.execute("SELECT DISTINCT combination FROM facts").fetchall()]
        self._database.execute(f"CREATE TABLE coded (combination {self._number}, coding UTINYINT)")
        fill(self._database, "coded", [combinations, [_coding(self.record(each).codes) for each in combinations]])
        hits = [
            (combination, NUMBER[check], _column(check), self._details.number(detail))
            for combination in combinations
            for check, detail in rules.record(self._guideline, self.record(combination))
        ]
        if not hits:
            return
        columns = f"combination {self._number}, number UTINYINT, role TINYINT, detail INTEGER"
        self._database.execute(f"CREATE TABLE hit ({columns})")
        fill(self._database, "hit", list(zip(*hits, strict=True)))
        for role in ("code", "code_text"):
            self._database.execute(
                f"INSERT INTO findings SELECT record, number, role, detail, raw "
                f"FROM hit JOIN facts USING (combination) JOIN loaded USING (record) JOIN {self.raws(role)} "
                f"ON v.id = loaded.{role} WHERE role = {VALUES.index(role)}"
            )

    def raws(self, role: str) -> str:
        """A table ``v`` of the raw values of a role by number, made when it is first asked for."""
        values = self._loader.values[role]
        if role not in self._listed:
            self._listed.add(role)
            self._database.execute(f"CREATE TABLE value_{role} (id INTEGER, raw VARCHAR)")
            fill(self._database, f"value_{role}", [values.values(), values.keys()])
        return f"value_{role} v"

    def _judge_courses(self) -> Coverage:
        """Courses from their records, each distinct kind judged once; findings on the last record, and the coverage."""
        order = f"day::BIGINT * {_PLACES} + record"
        self._database.execute(
            f"""CREATE TABLE courses AS
            SELECT last % {_PLACES} AS last, combination, coding,
                   coalesce(nullif(days, 0), nullif(consultation, 0), records) AS consultations
            FROM (SELECT max({order}) AS last, arg_max(combination, {order}) AS combination, max(coding) AS coding,
                         list_unique(list(nullif(day, 0))) AS days, max(consultation) AS consultation,
                         count(*) AS records
                  FROM facts JOIN coded USING (combination)
                  GROUP BY {self._course_key()})"""
        )
        kinds = self._database.execute(
            "SELECT combination, coding, consultations, count(*) FROM courses GROUP BY ALL"
        ).fetchall()
        counts = dict.fromkeys(Coverage.__slots__, 0)
        hits: list[tuple[int, int, int, int, int]] = []
        for combination, coding, consultations, number in kinds:
            last = self.record(combination).case
            facts_of_course = rules.CourseFacts(last, consultations, coding > _NONE, coding == _SYMPTOMS)
            found = list(rules.course(self._guideline, facts_of_course))
            for each in _counted(
                rules.course_obligation(self._guideline, facts_of_course.last).status, facts_of_course.coded, found
            ):
                counts[each] += number
            hits += [
                (combination, coding, consultations, NUMBER[check], self._details.number(detail))
                for check, detail in found
            ]
        if hits:
            columns = (
                f"combination {self._number}, coding UTINYINT, consultations BIGINT, number UTINYINT, detail INTEGER"
            )
            self._database.execute(f"CREATE TABLE kind ({columns})")
            fill(self._database, "kind", list(zip(*hits, strict=True)))
            self._database.execute(
                f"INSERT INTO findings SELECT last, number, {VALUES.index('code')}, detail, raw "
                "FROM courses JOIN kind USING (combination, coding, consultations) "
                f"JOIN loaded ON record = last JOIN {self.raws('code')} ON v.id = loaded.code"
            )
        return Coverage(**counts)

    def _course_key(self) -> str:
        """What records of one course share, as SQL to group by.

        Clinic and course id; without a course id clinic, patient, specialty, course and condition; without a patient
        either, each record is a course.
        """
        (all_have_ids,) = self._database.execute("SELECT bool_and(course_id <> '') FROM facts").fetchone() or (False,)
        if all_have_ids:
            return "clinic, course_id"
        facts = ("patient", "specialty", "course", "condition")
        by_facts = ", ".join(f"if(course_id <> '' OR patient = '', NULL, {fact})" for fact in facts)
        return f"clinic, course_id, {by_facts}, if(course_id <> '' OR patient <> '', NULL, record)"


def _column(check: str) -> int:
    """The role whose cell a finding of a record shows."""
    return VALUES.index("code_text" if check == "K108" else "code")


def _counted(status: Status, coded: bool, found: Sequence[tuple[str, Detail]]) -> Iterator[str]:  # noqa: FBT001 - a fact
    yield "total"
    yield status.value
    if coded and status is not Status.UNDETERMINED:
        yield f"{status.value}_coded"
    counted = {"K101": "mandatory_missing", "K102": "mandatory_pending"}
    yield from (counted[check] for check, _ in found if check in counted)
