"""Loaded records into findings and coverage: every distinct value, combination and kind of course is judged once."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb

from icpc_cli.advice import is_symptom_code
from icpc_cli.checks import cells, rules
from icpc_cli.checks.catalogue import CHECKS
from icpc_cli.checks.codes import read_codes, tidied
from icpc_cli.exports.database import fill
from icpc_cli.exports.load import OWNERS, ROLES, VALUES, Loaded, Loader, Progress
from icpc_cli.guideline import Guideline
from icpc_cli.model import NOTHING_SAID, Answer, Case, Course, Fact, Said
from icpc_cli.outcomes import Detail
from icpc_cli.settings.values import Service, Settings

FACTS = (*VALUES[:8], "note", "silent")
"""The roles that make up a record's facts; a combination of them is judged once."""
_NOTED_FACTS = (Fact.CONDITIONS, Fact.NERVE_ROOT_SIGNS, Fact.FINDINGS_CERTAIN)
NUMBER = {check.id: place for place, check in enumerate(CHECKS)}
"""The number by which a check is known in the database."""
_RARE_DATE = (
    "length(patient) IN (10, 11) AND (substr(patient, 1, 2) NOT BETWEEN '01' AND '28' "
    "OR substr(patient, 3, 2) NOT BETWEEN '01' AND '12') AND substr(patient, 1, 4) NOT IN ("
    "'2901', '2903', '2904', '2905', '2906', '2907', '2908', '2909', '2910', '2911', '2912', '3001', '3003', '3004', "
    "'3005', '3006', '3007', '3008', '3009', '3010', '3011', '3012', '3101', '3103', '3105', '3107', '3108', '3110', "
    "'3112')"
)
"""Patients whose number does not begin with a date that exists in every year: few, and looked at one by one."""
NONE, SYMPTOMS, DISEASES = range(3)
"""What the valid codes of a record are; the greatest of a course's records says what those of the course are."""


def _coding(codes: Sequence[str]) -> int:
    if not codes:
        return NONE
    return SYMPTOMS if all(map(is_symptom_code, codes)) else DISEASES


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

    def __init__(
        self,
        guideline: Guideline,
        database: duckdb.DuckDBPyConnection,
        loader: Loader,
        today: date,
        settings: Settings,
        note_progress: Progress | None = None,
    ) -> None:
        self._note_progress = note_progress
        self._settings = settings
        self._guideline = guideline
        self._database = database
        self._loader = loader
        self._today = today
        self._facts = {role: _Interned() for role in FACTS}
        for each in range(1 << len(_NOTED_FACTS)):
            self._facts["silent"].number(each)
        self._clinics = _Interned()
        self._columns: set[str] = set()
        self._listed: set[str] = set()
        self._only: dict[str, int | None] = {}
        self._sizes: list[int] = []
        self.number_type = "BIGINT"
        self._details = _Interned()
        self._records: dict[int, rules.Record] = {}
        database.execute(
            "CREATE TABLE findings (record BIGINT, number UTINYINT, role TINYINT, detail INTEGER, value VARCHAR)"
        )

    @property
    def values(self) -> Mapping[str, Mapping[str, int]]:
        """The raw values of each role by number."""
        return self._loader.values

    def detail_number(self, detail: Detail) -> int:
        """The number of a finding's detail."""
        return self._details.number(detail)

    def detail(self, number: int) -> Detail:
        """The detail of a finding by its number."""
        detail: Detail = self._details.values[number]
        return detail

    def clinic(self, number: int) -> str:
        """The clinic that a number stands for."""
        name: str = self._clinics.values[number]
        return name

    def tidied(self, cell: str) -> str:
        """A raw code cell with its untidy codes repaired, by the codes that exist for this clinic."""
        return tidied(cell, self._guideline.diagnoses)

    def record(self, combination: int) -> rules.Record:
        """The facts that a combination's number stands for."""
        if combination not in self._records:
            self._records[combination] = self._decode(combination)
        return self._records[combination]

    def judge(self, loaded: Sequence[Loaded], *, before: bool = False) -> None:
        """Findings of rows, cells and records.

        ``before``: an older export was loaded as well, behind the view ``loaded_before``.
        """
        for each in loaded:
            self._judge_unreadable(each)
        self._columns = {role for each in loaded for role in each.input.columns.places}
        for role in VALUES:
            self._judge_values(role)
        views = {"facts": "loaded"} | ({"facts_before": "loaded_before"} if before else {})
        self._read_notes(list(views.values()))
        for table, view in views.items():
            self._combine(table, view)
        self._judge_records()
        self._judge_cpr()

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
        self._only[role] = facts[0] if len(set(facts)) == 1 else None
        if self._only[role] is None:
            self._database.execute(f"CREATE TABLE fact_{role} (id INTEGER, fact INTEGER)")
            fill(self._database, f"fact_{role}", [values.values(), facts])
        hits = [
            (id_, NUMBER[check], self._details.number(detail), "" if check == "P301" else raw)
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
        match role:
            case "code":
                return read_codes(raw, self._guideline.diagnoses).codes
            case "code_text":
                return rules.titled_codes(self._guideline, raw)
            case "service":
                return self._settings.service(raw)
            case _:
                return self._read(role, raw)

    def _read(self, role: str, raw: str) -> cells.Read:
        """A cell that states a fact, with the clinic's own words put in those of the program."""
        guideline, cell = self._guideline, self._settings.translated(role, raw)
        match role:
            case "specialty":
                return cells.specialty(cell)
            case "course":
                return cells.named(guideline, "course", cell)
            case "condition":
                return cells.conditions(guideline, cell)
            case _:
                return cells.named(guideline, "answer", cell)

    def _cell(self, role: str, raw: str) -> Iterator[tuple[str, Detail]]:
        match role:
            case "code":
                return rules.code_cell(self._guideline, raw)
            case "specialty":
                return rules.specialty_cell(self._read(role, raw))
            case "course" | "nerve_root_signs" | "findings_certain":
                return rules.named_cell(self._read(role, raw))
            case "date":
                return rules.date_cell(raw, self._today)
            case "code_text":
                return rules.text_cell(raw)
            case _:
                return iter(())

    def _read_notes(self, views: Sequence[str]) -> None:
        """What the notes say where no cell does."""
        any_note = " UNION ALL ".join(f"SELECT note FROM {view} WHERE note IS NOT NULL" for view in views)
        self._only["note"] = self._facts["note"].number(NOTHING_SAID)
        if self._database.execute(f"SELECT * FROM ({any_note}) LIMIT 1").fetchone():
            from icpc_cli.exports.notes import read_notes

            for said in read_notes(self._database, self._loader.folder, views, self._note_progress):
                self._facts["note"].number(said)
            self._only["note"] = None

    def _combine(self, table: str, view: str) -> None:
        """A table: of every record one number for the combination of its facts, and what makes its course."""
        several = [role for role in VALUES if self._only[role] is None]
        fact = {role: f"{role}.fact" if role in several else str(self._only[role]) for role in VALUES}
        fact["note"], fact["silent"] = (
            ("0", "0") if self._only["note"] is not None else ("coalesce(note.fact, 0)", "silent")
        )
        self._sizes = [len(self._facts[role].values) for role in FACTS]
        self.number_type = "HUGEINT" if math.prod(self._sizes) >= 1 << 62 else "BIGINT"
        combination = f"0::{self.number_type}"
        for role, size in zip(FACTS, self._sizes, strict=True):
            combination = f"({combination} * {size} + {fact[role]})"
        columns = [f"{combination} AS combination", f"{fact['date']} AS day", *OWNERS]
        columns += [
            f"{fact[role]} AS {role}" for role in ("consultation", "clinic", "specialty", "course", "condition")
        ]
        columns += [f"{view}.{name} AS {name}" for name in self._loader.kept]
        joins = " ".join(f"JOIN fact_{role} {role} ON {role}.id = {view}.{role}" for role in several)
        if self._only["note"] is None:
            joins += f" LEFT JOIN note_fact note ON note.note = {view}.note"
        self._database.execute(f"CREATE TABLE {table} AS SELECT record, {', '.join(columns)} FROM {view} {joins}")

    def _decode(self, combination: int) -> rules.Record:
        values: dict[str, Any] = {}
        for role, size in reversed(list(zip(FACTS, self._sizes, strict=True))):
            combination, number = divmod(combination, size)
            values[role] = self._facts[role].values[number]
        service = values["service"] or Service("")
        course = Course(values["course"].value)
        case = Case(
            specialty=values["specialty"].value,
            course=service.course or course if course is Course.UNKNOWN else course,
            conditions=values["condition"].value or service.conditions,
            nerve_root_signs=Answer(values["nerve_root_signs"].value),
            findings_certain=Answer(values["findings_certain"].value),
        )
        return rules.Record(
            _with_note(case, values["note"], values["silent"]), values["code"], values["code_text"], case
        )

    def _judge_records(self) -> None:
        """Findings of records, each distinct combination once; and which combinations hold a valid code."""
        combinations = [row[0] for row in self._database.execute("SELECT DISTINCT combination FROM facts").fetchall()]
        self._database.execute(f"CREATE TABLE coded (combination {self.number_type}, coding UTINYINT)")
        fill(self._database, "coded", [combinations, [_coding(self.record(each).codes) for each in combinations]])
        hits = [
            (combination, NUMBER[check], _column(check), self._details.number(detail))
            for combination in combinations
            for check, detail in rules.noted_record(self._guideline, self.record(combination))
        ]
        if not hits:
            return
        columns = f"combination {self.number_type}, number UTINYINT, role TINYINT, detail INTEGER"
        self._database.execute(f"CREATE TABLE hit ({columns})")
        fill(self._database, "hit", list(zip(*hits, strict=True)))
        for role in ("code", "code_text"):
            self._database.execute(
                f"INSERT INTO findings SELECT record, number, role, detail, raw "
                f"FROM hit JOIN facts USING (combination) JOIN loaded USING (record) JOIN {self.raws(role)} "
                f"ON v.id = loaded.{role} WHERE role = {VALUES.index(role)}"
            )

    def _judge_cpr(self) -> None:
        """P301 in notes (in code texts it is judged with their values), and P302."""
        nothing = self._details.number(Detail())
        if "note" in self._columns:
            self._database.execute(
                f"INSERT INTO findings SELECT record, {NUMBER['P301']}, {ROLES.index('note')}, {nothing}, '' "
                "FROM loaded WHERE cpr_in_note"
            )
        if "patient" in self._columns:
            possible = self._database.execute(f"SELECT DISTINCT patient FROM loaded WHERE {_RARE_DATE}")
            doubtful = [patient for (patient,) in possible.fetchall() if rules.doubtful_cpr(patient)]
            if not doubtful:
                return
            self._database.execute(
                f"INSERT INTO findings SELECT record, {NUMBER['P302']}, {ROLES.index('patient')}, {nothing}, '' "
                "FROM loaded WHERE patient IN (SELECT unnest($1::VARCHAR[]))",
                [doubtful],
            )

    def raws(self, role: str) -> str:
        """A table ``v`` of the raw values of a role by number, made when it is first asked for."""
        values = self._loader.values[role]
        if role not in self._listed:
            self._listed.add(role)
            self._database.execute(f"CREATE TABLE value_{role} (id INTEGER, raw VARCHAR)")
            fill(self._database, f"value_{role}", [values.values(), values.keys()])
        return f"value_{role} v"


def _with_note(case: Case, said: Said, silent: int) -> Case:
    """A case with what the note says of the facts that no cell states; a service that says the condition states it."""
    noted: dict[str, Any] = {
        fact.value: value
        for place, (fact, value) in enumerate(zip(_NOTED_FACTS, said[: len(_NOTED_FACTS)], strict=True))
        if silent & 1 << place and not case.knows(fact)
    }
    return replace(case, **noted) if noted else case


def _column(check: str) -> int:
    """The role whose cell a finding of a record shows."""
    return VALUES.index("code_text" if check == "K108" else "code")
