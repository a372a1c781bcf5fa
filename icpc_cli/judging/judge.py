"""Loaded records into findings and coverage: every distinct value, combination and kind of course is judged once."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from icpc_cli.advice import is_symptom_code
from icpc_cli.cases.words import read_day
from icpc_cli.checks import cells, rules
from icpc_cli.checks.catalogue import BY_ID, CHECKS, findings
from icpc_cli.checks.codes import read_codes
from icpc_cli.guideline import Guideline, fold
from icpc_cli.guideline.headers import legend
from icpc_cli.judging import ledger
from icpc_cli.judging.database import Database, made, quoted
from icpc_cli.judging.joining import Joiner
from icpc_cli.judging.ledger import (
    COURSE_IDS,
    FACTS,
    FINDINGS,
    HISTORY,
    LOADED,
    MEANT,
    NEW,
    NOTE_FACT,
    OLD,
    ORDER,
    SAYS,
    WHOLE,
    WHOSE,
    Table,
    meant,
)
from icpc_cli.judging.load import OWNERS, VALUES, Loader, Progress
from icpc_cli.judging.memberships import gather_courses
from icpc_cli.judging.noted import Noted
from icpc_cli.judging.options import Options
from icpc_cli.model import Answer, Case, Condition, Course, Fact
from icpc_cli.outcomes import Detail, Role
from icpc_cli.reading.inputs import Loaded
from icpc_cli.settings.values import Service
from icpc_cli.voice import cpr

_TOLD = (*FACTS[2:], "code")
"""What the rules of records look at; what differs in nothing of it is judged once."""
_ANSWERS = tuple(Answer[name] for name in ("UNKNOWN", "YES", "NO"))
_FIRST_CONSULTATION = re.compile(r"(?:^\s*0?|(?<![0-9])0)110(?![0-9])")
"""The service of a first consultation, which takes a new referral. Source: the collective agreement (domain.md)."""
_MOSTLY = 0.5
_IN_WORDS = ("specialty", "course", "condition", "nerve_root_signs", "findings_certain")
"""The roles whose cells state a fact in words."""
_LONGEST_CPR = 11
"""Characters of a CPR number as it is mostly written; a longer cell may hold a name beside it."""
NUMBER = {check.id: place for place, check in enumerate(CHECKS)}
"""The number by which a check is known in the database."""
_RARE_DATE = (
    "(patient < '01' OR patient >= '29' OR substr(patient, 3, 2) NOT BETWEEN '01' AND '12') "
    "AND length(patient) IN (10, 11) AND substr(patient, 1, 4) NOT IN ("
    "'2901', '2903', '2904', '2905', '2906', '2907', '2908', '2909', '2910', '2911', '2912', '3001', '3003', '3004', "
    "'3005', '3006', '3007', '3008', '3009', '3010', '3011', '3012', '3101', '3103', '3105', '3107', '3108', '3110', "
    "'3112')"
)
"""Patients whose number does not begin with a date that exists in every year: few, and looked at one by one."""
_UNUSUAL: dict[str, str] = {
    **{
        role: f"strlen({role}) <> length({role}) OR ({role} >= '#' AND {role} < '0') OR "
        f"({role} >= '=' AND {role} < 'A') OR ({role} >= '_' AND {role} < 'a') OR right({role}, 2) IN ('.0', ',0')"
        for role in OWNERS
    },
    "nine": "length(patient) = 9",
    "scientific": "contains(patient, 'E+') OR contains(course_id, 'E+')",
    "nameless": "course_id = ''",
    "nobody": "patient = '' AND course_id = ''",
    "P301": "cpr_in_note IS NOT NULL",
    "P302": _RARE_DATE,
}
"""What many files have none of, in SQL: it is looked for more closely where it is met at all."""
_OF_A_CASE = [NUMBER[each.id] for each in CHECKS if each.sees in (rules.Record, rules.CourseFacts)]
"""What is found by the facts of a course, not by a cell."""
_NOT_UNDERSTOOD = frozenset(NUMBER[check] for check in ("R006", "R007", "R010"))
"""The checks of cells that state a fact and were not understood, or not all of them."""
NONE, SYMPTOMS, DISEASES = range(3)
"""What the valid codes of a record are; the greatest of a course's records says what those of the course are."""


def _owner(role: Role, view: str, named: Collection[Role]) -> tuple[str, str]:
    """What a cell of a view means that names a patient or a course, in SQL, and what has to be joined for it."""
    if role not in named:
        return f"{view}.{role}", ""
    return f"coalesce(named_{role}.name, {view}.{role})", f" LEFT JOIN named_{role} ON named_{role}.raw = {view}.{role}"


def _coding(codes: Sequence[str]) -> int:
    if not codes:
        return NONE
    return SYMPTOMS if all(map(is_symptom_code, codes)) else DISEASES


def _legend(role: str, files: Iterable[Loaded]) -> dict[str, str]:
    """What the headers of a role say that its cells mean; a value of which they do not say the same means nothing."""
    places = [(file.input.columns.headers, file.input.columns.places.get(role)) for file in files]
    legends = [legend(headers[place]) for headers, place in places if place is not None]
    words = {value: {each.get(value, value) for each in legends} for each in legends for value in each}
    return {
        value: said.pop() if len(said) == 1 else " = ".join((value, *sorted(said))) for value, said in words.items()
    }


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


FACT_ROLES = tuple(Role)[: Role.CODE.number]
"""The roles whose cells state a fact of a course."""
_SAID = Table("said", {"id": "INTEGER", "condition": "INTEGER", "signs": "TINYINT", "certain": "TINYINT"})


class Judge:
    """Judges what a loader loaded, into the table ``findings`` (record, number of the check, role, detail, value)."""

    def __init__(
        self,
        guideline: Guideline,
        database: Database,
        loader: Loader,
        options: Options,
        note_progress: Progress | None = None,
    ) -> None:
        self._today, self._settings = options.today, options.settings
        self._every_note = options.severity("K110") is not None
        """The notes are read of all records, not only of those of which a cell states nothing."""
        self.guideline = guideline
        self.database = database
        self._loader = loader
        self.values: Mapping[str, Mapping[str, int]] = loader.values
        """The raw values of each role by number."""
        # Of every role the blank cell is read first, so that 0 is what states nothing.
        self._meanings = {name: _Interned() for name in ("specialty", "course", "condition", "code", "code_text")}
        self.codes: Sequence[tuple[str, ...]] = self._meanings["code"].values
        """The valid codes of records by number."""
        self.conditions: Sequence[tuple[Condition, ...]] = self._meanings["condition"].values
        """The conditions of records by number."""
        self._unread = _Interned()
        self._clinic_numbers: dict[str, int] = {}
        self.clinics: list[str] = []
        """The names of the clinics by number."""
        self._columns: set[str] = set()
        self._not_understood: dict[Role, set[int]] = {}
        self._asked = False
        self._legends: dict[str, dict[str, str]] = {}
        """What headers say that cells mean, by role."""
        self.met: set[str] = set()
        """What there is of what many files have none of."""
        self._listed: set[str] = set()
        self._noted = Noted(database, note_progress, every=self._every_note)
        self.facts = ledger.facts(())
        self.has_code_cell = "true"
        """A condition in SQL on a record: a finding on its code has a cell to stand on, where files are joined."""
        self.details = _Interned()
        """What is said of findings beside their check, by number."""
        self._cases: dict[tuple[int, ...], tuple[Case, Case]] = {}
        for table in (FINDINGS, ledger.JOINED, ledger.AMBIGUOUS):
            table.create(database)

    @property
    def told(self) -> frozenset[str]:
        """The roles that the clinic's service codes state."""
        services = self._settings.services
        course, condition = any(each.course for each in services), any(each.conditions for each in services)
        return frozenset(("course",) * course + ("condition",) * condition)

    @property
    def stated(self) -> Sequence[str]:
        """The facts that some record may state: those of notes only where a note says something."""
        return FACTS if self._noted.said else [name for name in FACTS if not name.startswith("noted")]

    def judge(self, loaded: Sequence[Loaded], before: Sequence[Loaded]) -> None:
        """Findings of rows, cells and records.

        ``before``: an older export that was loaded as well, behind the view ``loaded_before``.
        """
        for each in loaded:
            self._judge_unreadable(each)
        self._columns = {role for each in loaded for role in each.input.columns.places}
        asking = {each.input.columns.asked for each in loaded if "course" in each.input.columns.places}
        self._asked = asking == {True}
        self._legends = {role: _legend(role, (*loaded, *before)) for role in _IN_WORDS}
        for role in VALUES:
            self._judge_values(role)
        says = (zip(*(self._fact(role, raw) for raw in self.values[role]), strict=True) for role in SAYS)
        lists = (str(list(numbers)) for of_role in says for numbers in of_role)
        said = ", ".join(f"'{each}'::INTEGER[] AS {name}" for name, each in zip(MEANT.columns, lists, strict=True))
        MEANT.make(self.database, f"SELECT {said}")
        exports = [(loaded, LOADED, WHOLE)]
        if before:
            exports.append((before, ledger.LOADED_BEFORE, ledger.WHOLE_BEFORE))
        self.met = self._meet([view for _, view, _ in exports])
        named = self._name_owners([view for _, view, _ in exports])
        for files, view, whole in exports:
            self._join(files, view, whole, named)
        views = [whole for *_, whole in exports]
        self._read_notes(views)
        self.facts = self._state(views, named)
        if not self.met.isdisjoint(("nameless", Role.COURSE_ID)):
            gather_courses(self.database, self.facts)
        self._complete(self.facts)
        self._judge_records()
        self._judge_specialties(loaded)
        self._judge_cpr()
        if self._every_note and self._noted.said:
            self._judge_contradictions()

    def latest_day(self, before: Loaded) -> int:
        """The latest day of a file of an earlier export, by number; 0 without any."""
        base = before.input.base
        (day,) = self.database.execute(
            f"SELECT coalesce(max({meant('date', 'l')}), 0) FROM {ledger.LOADED_BEFORE} l, {MEANT} "
            "WHERE record BETWEEN $1 AND $2",
            [base, base + before.outcome.last],
        ).fetchone() or (0,)
        return int(day)

    def _join(self, loaded: Sequence[Loaded], view: str, whole: str, named: Collection[Role]) -> None:
        """Make the records of several files that belong together one, where the files are to be joined."""
        joiner = Joiner(self.database, loaded, self._loader.kept)
        if joiner.keys is not None:
            stated = self._stating(view, str(NEW), named, joiner.columns(view))
            whose = self._owning([view], named)
            joiner.keys.make(self.database, f"SELECT s.*, w.who FROM ({stated}) s JOIN ({whose}) w USING (record)")
        joiner.join(view, whole)
        if joiner.keys is not None and whole == WHOLE:
            without = f"SELECT record FROM {WHOLE} WHERE NOT ({joiner.having(Role.CODE, 'code_at')})"
            self.has_code_cell = f"record NOT IN ({without})"

    def understood(self, loaded: Loaded) -> Iterator[tuple[Role, int, int]]:
        """Of each role of a file that states a fact: how many cells are filled in, and how many are understood."""
        source = loaded.input
        roles = [role for role in FACT_ROLES if role in source.columns.places]
        if not roles:
            return
        found = self.database.execute(
            f"SELECT place, number, sum(rows) FROM (SELECT unnest([{', '.join(roles)}]) AS number, "
            f"unnest(range({len(roles)})) AS place, rows FROM (SELECT {', '.join(roles)}, count(*) AS rows "
            f"FROM {LOADED} WHERE record BETWEEN $1 AND $2 GROUP BY ALL)) GROUP BY ALL",
            [source.base, source.base + loaded.outcome.last],
        ).fetchall()
        for place, role in enumerate(roles):
            blank = {number for raw, number in self.values[role].items() if not raw.strip()}
            counts = {number: count for at, number, count in found if at == place and number not in blank}
            unread = sum(count for number, count in counts.items() if number in self._not_understood[role])
            yield role, sum(counts.values()), sum(counts.values()) - unread

    def forget(self, numbers: Iterable[int]) -> None:
        """Take the findings of these checks away: they were not asked for. What was counted stays."""
        if forgotten := list(numbers):
            self.database.execute("DELETE FROM findings WHERE number IN (SELECT unnest($1))", [forgotten])

    def _judge_unreadable(self, loaded: Loaded) -> None:
        unreadable = loaded.outcome.unreadable
        rows = [loaded.input.base + row for row, _ in unreadable]
        details = [self.details.number(Detail(facts=(("fault", fault.value),))) for _, fault in unreadable]
        number = [NUMBER["R001"]] * len(rows)
        FINDINGS.fill(self.database, [rows, number, [-1] * len(rows), details, [""] * len(rows)])

    def _judge_values(self, role: Role) -> None:
        """The findings of a role's cells."""
        values = self._loader.values[role]
        hits = [
            (id_, NUMBER[check], self.details.number(detail), raw if BY_ID[check].shows_value else "")
            for raw, id_ in values.items()
            for check, detail in self._cell(role, raw)
        ]
        self._not_understood[role] = {id_ for id_, number, *_ in hits if number in _NOT_UNDERSTOOD}
        if not hits or role not in self._columns:
            return
        hit = Table("hit", {"id": "INTEGER", "number": "UTINYINT", "detail": "INTEGER", "raw": "VARCHAR"})
        rest = " || coalesce(time_of_day, '')" if role == "date" else ""
        FINDINGS.add(
            self.database,
            f"SELECT record, number, {role.number} AS role, detail, raw{rest} AS value "
            f"FROM {LOADED} JOIN {hit.given} ON hit.id = {role}",
            list(map(list, zip(*hits, strict=True))),
        )

    def _fact(self, role: str, raw: str) -> tuple[int, ...]:
        """What a raw cell means, by numbers in the order of :data:`SAYS`; 0 where it states nothing."""
        match role:
            case "condition":
                return self._condition(raw)
            case "service":
                return self._service(raw)
            case "code":
                codes = read_codes(raw, self.guideline.diagnoses).codes
                return self._meanings[role].number(codes), _coding(codes)
            case _:
                return (self._single_fact(role, raw),)

    def _single_fact(self, role: str, raw: str) -> int:
        match role:
            case "date":
                day = read_day(raw)
                return day.toordinal() if day else 0
            case "consultation":
                return cells.consultation(raw) or 0
            case "clinic":
                return self._clinic(raw)
            case "nerve_root_signs" | "findings_certain":
                return _ANSWERS.index(Answer(str(self._read(role, raw).value)))
            case "code_text":
                return self._meanings[role].number(rules.titled_codes(self.guideline, raw))
            case _:
                return self._meanings[role].number(self._read(role, raw).value)

    def _clinic(self, raw: str) -> int:
        """The number of a clinic, whatever its capitals and spaces; it is called as it is written first."""
        name = " ".join(raw.split())
        number = self._clinic_numbers.setdefault(name.casefold(), len(self.clinics))
        if number == len(self.clinics):
            self.clinics.append(name)
        return number

    def _service(self, raw: str) -> tuple[int, int, int]:
        """What a service says of the course by the clinic's settings, and whether it is a first consultation."""
        service = self._settings.service(raw) or Service("")
        course = self._meanings["course"].number(service.course or Course.UNKNOWN)
        condition = self._meanings["condition"].number(service.conditions)
        return course, condition, int(bool(_FIRST_CONSULTATION.search(raw)))

    def _condition(self, raw: str) -> tuple[int, int, int]:
        """Conditions of a cell; what tells them apart, below 0 where it says none; whether it is as good as blank."""
        read = self._read("condition", raw)
        fact = self._meanings["condition"].number(read.value)
        return fact, fact or (-1 - self._unread.number(read.key) if read.key else 0), int(read.silent)

    def _read(self, role: str, raw: str) -> cells.Read:
        """A cell that states a fact, with the clinic's own words put in those of the program."""
        guideline, cell = self.guideline, self._settings.translated(role, raw)
        if cell == raw:  # the clinic's own words go before those of a header
            cell = self._legends.get(role, {}).get(fold(raw), raw)
        match role:
            case "condition":
                return cells.conditions(guideline, cell)
            case _:
                return cells.stated(guideline, Fact(role), cell, asked=self._asked and role == "course")

    def _cell(self, role: str, raw: str) -> Iterator[tuple[str, Detail]]:
        """The findings of a cell, by its value alone."""
        yield from findings(self.guideline, raw, role)
        match role:
            case "code":
                yield from findings(self.guideline, read_codes(raw, self.guideline.diagnoses), role)
            case "date":
                yield from findings(self.guideline, rules.DateCell(raw, self._today), role)
            case "specialty" | "course" | "nerve_root_signs" | "findings_certain" | "condition":
                yield from findings(self.guideline, self._read(role, raw), role)
            case _:
                pass

    def _read_notes(self, views: Sequence[str]) -> None:
        """What the notes say where no cell does: the table ``said``, by the number of what a note says."""
        self._noted.read(views if self._loader.noted else ())
        if not self._noted.said:
            return
        rows = [
            (number, self._meanings["condition"].number(said.conditions), *map(_ANSWERS.index, said[1:3]))
            for number, said in enumerate(self._noted.said)
        ]
        _SAID.hold(self.database, list(zip(*rows, strict=True)))

    def flag(self) -> None:
        """Say of every finding on a record whose note holds red flags that it does; after all findings.

        So does what is found of the case, where the note is that of an earlier record of the course.
        """
        own, behind = self._noted.flagged(self.facts)
        for records, numbers in ((own, list(NUMBER.values())), (behind, _OF_A_CASE)):
            if not records:
                continue
            where = f"record IN ({records}) AND number IN (SELECT unnest($1::INTEGER[]))"
            found = self.database.execute(f"SELECT DISTINCT detail FROM {FINDINGS} WHERE {where}", [numbers])
            details = [number for (number,) in found.fetchall()]
            flagged = [self.details.number(self.details.values[number]._replace(red_flags=True)) for number in details]
            told = "(SELECT unnest($2::INTEGER[]) AS plain, unnest($3::INTEGER[]) AS flagged)"
            self.database.execute(
                f"UPDATE {FINDINGS} SET detail = flagged FROM {told} WHERE detail = plain AND {where}",
                [numbers, details, flagged],
            )

    def _state(self, views: Sequence[str], named: Collection[Role]) -> Table:
        """What each record states by itself; those of an earlier export before the first day of this are history."""
        table = ledger.facts(self._loader.kept)
        queries = [self._stating(WHOLE, str(NEW), named)]
        if len(views) > 1:
            first = f"(SELECT min(nullif({meant('date', WHOLE)}, 0)) FROM {WHOLE}, {MEANT})"
            day = meant("date", ledger.WHOLE_BEFORE)
            era = f"if({day} > 0 AND {day} < {first}, {HISTORY}, {OLD})"
            queries.append(self._stating(ledger.WHOLE_BEFORE, era, named))
        self.database.execute(f"CREATE VIEW {WHOSE} AS {self._owning(views, named)}")
        COURSE_IDS.make(
            self.database,
            "SELECT clinic, course_id, min(record) AS member, min(nullif(patient, '')) <> max(patient) AS differ "
            f"FROM {WHOSE} WHERE course_id <> '' GROUP BY clinic, course_id",
        )
        stated = f"({' UNION ALL '.join(queries)}) LEFT JOIN {COURSE_IDS} USING (clinic, course_id)"
        held = table.make(self.database, f"SELECT * REPLACE (coalesce(member, record) AS member) FROM {stated}")
        counts = " + ".join(f"(SELECT count(*) FROM {each})" for each in views)
        (loaded,) = self.database.execute(f"SELECT {counts}").fetchone() or (0,)
        if held != loaded:
            raise RuntimeError(f"{loaded} records were loaded and {held} are judged")
        return table

    def _owning(self, views: Sequence[str], named: Collection[Role]) -> str:
        """A query for the columns of ``whose``, for the records of these views.

        A patient of nine digits among CPR numbers is one whose first zero a spreadsheet has taken away.
        """
        queries = []
        for view in views:
            (patient, joined), (course_id, also_joined) = (_owner(role, view, named) for role in OWNERS)
            queries.append(
                f"SELECT record, {meant('clinic', view)} AS clinic, {course_id} AS course_id, {view}.patient, "
                f"{patient} AS named FROM {MEANT}, {view}{joined}{also_joined}"
            )
        owned = f"({' UNION ALL '.join(queries)})"
        bare = "regexp_replace({}, '[^" + cpr.SIGNS + "]', '', 'g')"
        numbers = f"regexp_extract_all(named, {quoted(cpr.IN_TEXT)}, 1)"
        who = (
            f"CASE WHEN regexp_full_match(named, '{cpr.SHAPE}') THEN {bare.format('named')} "
            f"WHEN length(named) > {_LONGEST_CPR} AND len({numbers}) = 1 THEN {bare.format(f'{numbers}[1]')} "
            "ELSE named END"  # "120150-1234 Jens Jensen"
        )
        nine = "(length(named) = 9 AND regexp_full_match(named, '[1-9][0-9]{8}'))"
        if "nine" in self.met or Role.PATIENT in named:
            whole, filled = self.database.execute(
                f"SELECT count(*) FILTER (regexp_full_match({who}, '[0-9]{{10}}')), count(nullif(named, '')) "
                f"FROM {owned}"
            ).fetchone() or (0, 0)
            who = f"if({nine}, '0' || named, {who})" if whole >= _MOSTLY * filled else who
        return f"SELECT record, clinic, course_id, patient, {who} AS who FROM {owned}"

    def _stating(self, view: str, era: str, named: Collection[Role], more: Mapping[str, str] | None = None) -> str:
        """A query for ``facts`` but for the course, for the course id, and for ``more``, of the records of a view."""
        noted = {"noted": "0", "noted_signs": "0", "noted_certain": "0"}
        said = {name: meant(name, view) for names in SAYS.values() for name in names}
        course_id, joins = _owner(Role.COURSE_ID, view, named)
        if self._noted.said:
            joins += (
                f" LEFT JOIN {NOTE_FACT} note ON note.note = {view}.note LEFT JOIN {_SAID} said ON said.id = note.fact"
            )
            silent = f"{view}.silent & {{}} > 0"
            noted = {
                "noted": f"if({silent.format(1)} OR {said['condition_silent']} = 1, coalesce(said.condition, 0), 0)",
                "noted_signs": f"if({silent.format(2)}, coalesce(said.signs, 0), 0)",
                "noted_certain": f"if({silent.format(4)}, coalesce(said.certain, 0), 0)",
            }
        key, from_service = said["condition_key"], said["service_condition"]
        columns = {
            "record": "record", "era": era, "day": said["date"], "consultation": said["consultation"],
            "clinic": said["clinic"], "course_id": course_id, "first": f"{said['service_first']} = 1",
            "condition_key": f"if({key} = 0, {from_service}, {key})", "specialty": said["specialty"],
            "course": f"if({said['course']} = 0, {said['service_course']}, {said['course']})",
            "condition": f"if({key} = 0, {from_service}, {said['condition']})",
            **{name: said[name] for name in ("nerve_root_signs", "findings_certain")}, **noted,
            **{name: said[name] for name in ("code", "coding", "code_text")},
            **{name: f"{view}.{name}" for name in self._loader.kept}, **(more or {}),
        }  # fmt: skip
        return f"SELECT {', '.join(f'{each} AS {name}' for name, each in columns.items())} FROM {MEANT}, {view}{joins}"

    def _meet(self, views: Sequence[str]) -> set[str]:
        """What there is of what many files have none of: all is asked at once."""
        records = " UNION ALL ".join(f"SELECT patient, course_id, cpr_in_note FROM {view}" for view in views)
        met = ", ".join(f"bool_or({where})" for where in _UNUSUAL.values())
        found = self.database.execute(f"SELECT {met} FROM ({records})").fetchone() or ()
        return {each for each, is_met in zip(_UNUSUAL, found, strict=True) if is_met}

    def _name_owners(self, views: Sequence[str]) -> list[Role]:
        """The owners of which some cells mean another text than is written, each with a table of those; mostly none."""
        found = []
        for role in (each for each in OWNERS if each in self.met):
            query = " UNION ".join(f"SELECT DISTINCT {role} FROM {view} WHERE {_UNUSUAL[role]}" for view in views)
            raws = [raw for (raw,) in self.database.execute(query).fetchall()]
            named = Table(f"named_{role}", {"raw": "VARCHAR", "name": "VARCHAR"})
            named.hold(self.database, [raws, list(map(cells.owner, raws))])
            found.append(role)
        return found

    def _complete(self, facts: Table) -> None:
        """Facts of records: where a record states none, those of the nearest earlier of its course, else a later one.

        Of a condition that was filled in and not understood none is taken; notes come after all cells.
        """
        gaps = " OR ".join(f"(min({name}) = 0 AND max({name}) > 0)" for name in ("specialty", "course"))
        gaps += " OR (bool_or(condition_key = 0) AND (max(condition) > 0 OR max(noted) > 0))"
        found = made(
            self.database,
            f"OR REPLACE TEMP TABLE gap AS SELECT member FROM {facts} WHERE era <> {OLD} "
            f"GROUP BY member HAVING count(*) > 1 AND ({gaps})",
        )
        if found:
            filled = [name for name in ("specialty", "course", "condition", "noted") if name in self.stated]
            order = f"PARTITION BY member ORDER BY {ORDER}"
            nearest = ", ".join(
                f"coalesce(last_value(nullif({name}, 0) IGNORE NULLS) OVER before, "
                f"first_value(nullif({name}, 0) IGNORE NULLS) OVER behind, 0) AS near_{name}"
                for name in filled
            )
            near = (
                f"SELECT rowid AS place, condition_key, {nearest} "
                f"FROM {facts} SEMI JOIN gap USING (member) WHERE era <> {OLD} "
                f"WINDOW before AS ({order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), "
                f"behind AS ({order} ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)"
            )
            taken = {name: f"near_{name}" for name in filled}
            taken["condition"] = f"if(near.condition_key = 0, near_condition, {facts}.condition)"
            columns = ", ".join(f"{name} = {said}" for name, said in taken.items())
            self.database.execute(f"UPDATE {facts} SET {columns} FROM ({near}) near WHERE {facts}.rowid = place")
        if self._noted.said:
            stated = "condition_key <> 0 OR condition > 0"
            self.database.execute(f"UPDATE {facts} SET noted = 0 WHERE noted > 0 AND ({stated})")
        self.database.execute("DROP TABLE gap")

    def case(self, facts: Sequence[int]) -> tuple[Case, Case]:
        """The case that :data:`FACTS` by number make, with what notes say and without; made once."""
        key = tuple(facts)
        if key not in self._cases:
            specialty, course, condition, noted, signs, certain, noted_signs, noted_certain = key

            def made(condition: int, signs: int, certain: int) -> Case:
                return Case(
                    specialty=self._meanings["specialty"].values[specialty],
                    course=self._meanings["course"].values[course],
                    conditions=self.conditions[condition],
                    nerve_root_signs=_ANSWERS[signs],
                    findings_certain=_ANSWERS[certain],
                )

            stated = made(condition, signs, certain)
            said = made(condition or noted, signs or noted_signs, certain or noted_certain)
            self._cases[key] = said, stated
        return self._cases[key]

    def _judge_records(self) -> None:
        """Findings of records: each distinct set of what rules look at is judged once."""
        self._judge_distinct(_TOLD, self._told_of_record)
        self._judge_distinct(("code", "code_text"), self._told_of_title)

    def _told_of_record(self, *told: int) -> Iterator[tuple[str, Detail]]:
        *facts, code = told
        case, stated = self.case((0, 0, *facts))
        return findings(self.guideline, rules.Record(case, self.codes[code], stated))

    def _told_of_title(self, code: int, text: int) -> Iterator[tuple[str, Detail]]:
        return findings(self.guideline, rules.Titled(self.codes[code], self._meanings["code_text"].values[text]))

    def _judge_distinct(self, told: Sequence[str], judged: Callable[..., Iterator[tuple[str, Detail]]]) -> None:
        """Findings of records with valid codes, of what is ``judged`` of these columns by number."""
        names = ", ".join(told)
        coded = f"{self.facts} WHERE coding > {NONE} AND era = {NEW}"
        hits = [
            (*numbers, NUMBER[check], BY_ID[check].roles[0].number, self.details.number(detail))
            for numbers in self.database.execute(f"SELECT DISTINCT {names} FROM {coded}").fetchall()
            for check, detail in judged(*numbers)
        ]
        if not hits:
            return
        columns = {"number": "UTINYINT", "role": "TINYINT", "detail": "INTEGER"}
        hit = Table("hit", dict.fromkeys(told, "INTEGER") | columns)
        given = list(map(list, zip(*hits, strict=True)))
        for role in (each for each in (Role.CODE, Role.CODE_TEXT) if any(hit[-2] == each.number for hit in hits)):
            FINDINGS.add(
                self.database,
                f"SELECT place AS record, number, role, detail, raw AS value "
                f"FROM (SELECT record, {names} FROM {coded}) JOIN {hit.given} USING ({names}) "
                f"JOIN {self.cells(role)} USING (record) WHERE role = {role.number}",
                given,
            )

    def _judge_contradictions(self) -> None:
        """K110: what each distinct pair of facts and note says, once."""
        whole = f"{self.facts} f JOIN {WHOLE} l USING (record) JOIN {NOTE_FACT} n USING (note)"
        found = self.database.execute(
            f"SELECT f.condition, f.nerve_root_signs, fact, list(note_at) FROM {whole} WHERE era = {NEW} GROUP BY ALL"
        )
        for condition, signs, fact, records in found.fetchall():
            case = Case(conditions=self._meanings["condition"].values[condition], nerve_root_signs=_ANSWERS[signs])
            for check, detail in findings(self.guideline, rules.WithNote(case, self._noted.said[fact])):
                many = [
                    [number] * len(records) for number in (NUMBER[check], Role.NOTE.number, self.details.number(detail))
                ]
                FINDINGS.fill(self.database, [records, *many, [""] * len(records)])

    def _judge_specialties(self, loaded: Sequence[Loaded]) -> None:
        """R006 for records without a specialty, of courses in which none states one; where there is a cell for it."""
        cells = " OR ".join(f"place BETWEEN {each.input.base} AND {each.input.base + each.outcome.last}"
                            for each in loaded if Role.SPECIALTY in each.input.columns.places)  # fmt: skip
        nothing = self.details.number(Detail())
        FINDINGS.add(
            self.database,
            f"SELECT place AS record, {NUMBER['R006']} AS number, {Role.SPECIALTY.number} AS role, "
            f"{nothing} AS detail, raw AS value FROM {self.facts} f JOIN {self.cells(Role.SPECIALTY)} USING (record) "
            f"WHERE f.specialty = 0 AND era = {NEW} AND trim(raw) = '' AND ({cells or 'false'})",
        )

    def _judge_cpr(self) -> None:
        """P301 in notes (in other cells it is judged with their values), and P302."""
        if "P301" in self.met:
            numbers = f"unnest(cpr_in_note) FROM {LOADED}"
            self._found_in("P301", Role.NOTE, numbers, cells.cpr_date_exists, "list_has_any(cpr_in_note, $1)")
        if "P302" in self.met:
            patients = f"patient FROM {LOADED} WHERE {_RARE_DATE}"
            self._found_in("P302", Role.PATIENT, patients, rules.doubtful_cpr, "list_contains($1, patient)")

    def _found_in(self, check: str, role: Role, texts: str, wrong: Callable[[str], bool], having: str) -> None:
        """Findings on the records ``having`` one of the different ``texts`` that are wrong."""
        found = self.database.execute(f"SELECT DISTINCT {texts}").fetchall()
        if those := [text for (text,) in found if wrong(text)]:
            FINDINGS.add(
                self.database,
                f"SELECT record, {NUMBER[check]} AS number, {role.number} AS role, "
                f"{self.details.number(Detail())} AS detail, '' AS value FROM {LOADED} WHERE {having}",
                [those],
            )

    def cells(self, role: Role) -> str:
        """A query for each record's raw value of a role, with the ``place`` of it: the record of its file."""
        raws = f"{WHOLE} JOIN {self.raws(role)} ON v.id = {WHOLE}.{role}"
        return f"(SELECT record, {role}_at AS place, raw FROM {raws}) cell"

    def raws(self, role: str) -> str:
        """A table ``v`` of the raw values of a role by number, made when it is first asked for."""
        values = self._loader.values[role]
        if role not in self._listed:
            self._listed.add(role)
            Table(f"value_{role}", {"id": "INTEGER", "raw": "VARCHAR"}).hold(self.database, [values.values(), values])
        return f"value_{role} v"
