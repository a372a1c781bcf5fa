"""Figures of a clinic, counted by the database over courses; Python sees kinds of courses and sums, never a course.

A course is in the period by the day on which it began, and so is its month; a consultation with its service by its own
day. The codes of a course are the valid ones of its last record that has some; the facts are those of its last record,
as in the checks.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from icpc_cli.advice import is_symptom_code
from icpc_cli.checks.catalogue import CHECKS
from icpc_cli.errors import UsageError
from icpc_cli.guideline import Guideline
from icpc_cli.judging.coursewise import CourseJudge
from icpc_cli.judging.database import Database, fill
from icpc_cli.judging.judge import DISEASES, NONE, NUMBER, SYMPTOMS, Judge
from icpc_cli.judging.ledger import FINDINGS, FOUND, ORDER, WHOLE, Table
from icpc_cli.judging.results import gather_results, measured_columns
from icpc_cli.network.tables import UNKNOWN, Kind, condition_of, kind_of
from icpc_cli.outcomes import CourseRow, Finding, Instrument, Role, Severity, Source, Standing
from icpc_cli.report import figures as report
from icpc_cli.report.statistics import share, tally
from icpc_cli.report.words import OTHER_SERVICES
from icpc_cli.text import Text

_ALWAYS = ("K107",)
"""Checks whose findings are worth a look though they weigh little."""
_STANDINGS = list(Standing)
_SERVICES = 8
"""The service codes that are counted by themselves, most used first; others together."""

_RIPE = 30
"""Days that a course has had before it is in a headline."""
_MONTHS = 3
"""Months that are compared with as many before, where there are so many."""

_MONTH = "coalesce(strftime(DATE '0001-01-01' + (first_day - 1)::INTEGER, '%Y-%m'), '')"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which courses, and how what comes from cells is to be shown.

    ``period``: first and last day, either may be None. ``clean`` makes any text from a file safe to show, ``patient``
    the id of a patient. ``tasks``: how many courses behind each check are listed.
    """

    clean: Callable[[str], str]
    patient: Callable[[str], str]
    period: tuple[date | None, date | None] = (None, None)
    clinic: str | None = None
    tasks: int = 100
    instruments: Sequence[Instrument] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What a check has left in the database, and how to name a place in it."""

    guideline: Guideline
    database: Database
    judge: Judge
    courses: CourseJudge
    severities: Mapping[str, Severity]
    sources: Sequence[Source]
    finding: Callable[[int, int, int, int, str], Finding]
    place: Callable[[int, str], tuple[str, int]]
    headers: frozenset[str]
    """The headers of all files, folded."""


def course_columns(instruments: Sequence[Instrument]) -> dict[str, str]:
    """The columns of a course that figures need besides those of the checks, as aggregates of its records."""
    return {
        "first_coding": f"arg_min(coding, {ORDER}) FILTER (coding > {NONE})",
        "disease_day": f"arg_min(day, {ORDER}) FILTER (coding = {DISEASES})",
        "disease_consultation": f"arg_min(consultation, {ORDER}) FILTER (coding = {DISEASES})",
        "day_list": "list(nullif(day, 0))",
        "services": "list(service)",
        **measured_columns(instruments),
    }


class Figures:
    """The courses that are wanted, as a table ``figure`` of the database, and what is counted of them."""

    def __init__(self, judged: Judged, wanted: Selection) -> None:
        self._guideline, self._database, self._judge = judged.guideline, judged.database, judged.judge
        self._judged, self._wanted = judged, wanted
        for table in ("own", "figure", "kind_figure", "kind_condition", "code_of", "task", "found", "heavy"):
            self._database.execute(f"DROP TABLE IF EXISTS {table}")
        self._newest: int | None = None
        self._choose()
        self._tell_codes()

    def counted(self) -> report.Report:
        """All figures but those of a network."""
        first, last, courses, patients, undated = self._rows(
            "SELECT min(first_day), max(last_day), count(*), count(DISTINCT who), count(*) - count(last_day) "
            "FROM figure"
        )[0]
        repeated = self._rows(f"SELECT count(*) FROM {FINDINGS} WHERE number = $1", [NUMBER["R009"]])[0][0]
        results, unusable, unusable_count = gather_results(self._judged, self._wanted.instruments, self._wanted.clean)
        return report.Report(
            clinics=tuple(sorted(map(self._clean, self._clinics.values()))),
            files=tuple(
                report.File(self._clean(each.path), each.read, each.unreadable) for each in self._judged.sources
            ),
            asked=self._wanted.period,
            first=date.fromordinal(first) if first else None,
            last=date.fromordinal(last) if last else None,
            courses=courses,
            patients=patients if self._patients else None,
            conditions=self._told,
            undated=self._left_out if any(self._wanted.period) else undated,
            repeated=repeated,
            coverage=self._coverage(),
            codes=self._codes(),
            services=tuple(self._services()),
            pathways=self._pathways(),
            results=results,
            unusable=unusable,
            unusable_count=unusable_count,
            tasks=tuple(self._tasks()),
        )

    def kinds(self) -> dict[date, Counter[Kind]]:
        """Courses by the month they began in and by kind, as a network counts them."""
        rows = self._rows(
            "SELECT date_trunc('month', day)::DATE, kind, current, count(*) FROM ("
            "SELECT *, DATE '0001-01-01' + (first_day - 1)::INTEGER AS day FROM figure WHERE first_day IS NOT NULL) "
            "GROUP BY ALL"
        )
        found: dict[date, Counter[Kind]] = {}
        for month, kind, current, count in rows:
            said = self._judged.courses.kinds[kind]
            course = CourseRow("", None, None, None, said.facts.case, said.standing, self._current(current), 1)
            found.setdefault(month, Counter())[kind_of(course)] += count
        return found

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        return self._database.execute(query, list(values)).fetchall()

    def _clean(self, text: str) -> str:
        return self._wanted.clean(text)

    @cached_property
    def _clinics(self) -> dict[int, str]:
        """The clinics that are wanted, by number."""
        found = {number: self._judge.clinic(number) for (number,) in self._rows("SELECT DISTINCT clinic FROM courses")}
        if self._wanted.clinic is None:
            return found
        chosen = {number: name for number, name in found.items() if name == self._wanted.clinic}
        if not chosen:
            raise UsageError("network-unknown-clinic", value=self._wanted.clinic, known=sorted(found.values()))
        return chosen

    def _choose(self) -> None:
        """The table ``own`` of all courses of the clinic, and ``figure`` of those that began in the period."""
        numbers = list(self._clinics)
        self._tell_kinds(
            f"SELECT * FROM ({self._judged.courses.owned}) WHERE clinic IN ({', '.join(map(str, numbers))})"
        )
        self._database.execute(f"CREATE TABLE figure AS SELECT * FROM own WHERE {self._begun()}")
        if not self._rows("SELECT 1 FROM figure LIMIT 1"):
            raise UsageError("report-nothing")
        self._newest, self._left_out, patients = self._rows(
            "SELECT max(last_day), count(*) FILTER (last_day IS NULL), bool_or(named) FROM own"
        )[0]
        self._patients = bool(patients)

    def _begun(self, day: str = "first_day") -> str:
        """Whether a day lies in the period."""
        first, last = (each and each.toordinal() for each in self._wanted.period)
        limits = [f"{day} >= {first}"] if first else []
        return " AND ".join([*limits, f"{day} <= {last}"] if last else limits) or "true"

    def _tell_kinds(self, courses: str) -> None:
        """Where each course stands, and what it is about: each kind of course is judged once."""
        kinds = [kind for (kind,) in self._rows(f"SELECT DISTINCT kind FROM ({courses})")]
        rows, about = [], []
        for kind in kinds:
            said = self._judged.courses.kinds[kind]
            stated = said.facts.case.conditions
            facts = (condition_of(stated), said.facts.case.specialty or "")
            rows.append((kind, _STANDINGS.index(said.standing), *facts))
            about += [(kind, each) for each in dict.fromkeys(map(str, stated or (UNKNOWN,)))]
        self._told = any(each != UNKNOWN for _, each in about)
        told = Table(
            "kind_figure", {"kind": "INTEGER", "standing": "INTEGER", "condition": "VARCHAR", "specialty": "VARCHAR"}
        )
        told.hold(self._database, list(zip(*rows, strict=True)))
        Table("kind_condition", {"kind": "INTEGER", "about": "VARCHAR"}).hold(
            self._database, list(zip(*about, strict=True))
        )
        self._database.execute(
            f"CREATE TABLE own AS SELECT c.* EXCLUDE (who), standing, k.condition, k.specialty, who <> '' AS named, "
            f"clinic || if(who <> '', 'p' || who, 'c' || last) AS who FROM ({courses}) c JOIN {told} k USING (kind)"
        )

    def _tell_codes(self) -> None:
        found = [number for (number,) in self._rows("SELECT DISTINCT current FROM own WHERE current IS NOT NULL")]
        codes = [(number, code) for number in found for code in self._current(number)]
        self._database.execute("CREATE TABLE code_of (current INTEGER, code VARCHAR)")
        fill(self._database, "code_of", list(zip(*codes, strict=True)))

    def _current(self, number: int | None) -> tuple[str, ...]:
        return () if number is None else self._judge.codes[number]

    def _coverage(self) -> report.Coverage:
        conditions = self._tallies("about", "figure JOIN kind_condition USING (kind)") if self._told else {}
        months = self._tallies(_MONTH)
        unripe = self._rows(f"SELECT DISTINCT {_MONTH} FROM figure WHERE NOT ({self._ripe()})")
        latest, before = self._stretches([each for each in months if each and (each,) not in unripe])
        return report.Coverage(
            self._tallies("''")[""],
            self._tallies("''", where=self._ripe()).get("", tally({})),
            months,
            _ordered(conditions),
            _ordered(self._tallies("specialty")),
            frozenset(month for (month,) in unripe),
            latest,
            before,
        )

    def _ripe(self) -> str:
        return f"first_day IS NULL OR first_day <= {(self._newest or 0) - _RIPE}"

    def _stretches(self, months: Sequence[str]) -> tuple[report.Stretch | None, report.Stretch | None]:
        """The period that was asked for, or the last ripe months, and as much time before."""
        first, last = self._wanted.period
        if first is not None and self._newest:
            last = last or date.fromordinal(self._newest)
        elif len(months) > 1:
            size = min(len(months) // 2, _MONTHS)
            first = date.fromisoformat(f"{months[-size]}-01")
            last = date.fromisoformat(f"{months[-1]}-01")
            last = (last.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        if first is None or last is None or first > last:
            return None, None
        earlier = first - (last - first) - timedelta(days=1)
        if first.day == 1 and (last + timedelta(days=1)).day == 1:
            count = (last.year - first.year) * 12 + last.month - first.month + 1
            year, month = divmod(first.year * 12 + first.month - 1 - count, 12)
            earlier = date(year, month + 1, 1)
        return self._stretch(first, last), self._stretch(earlier, first - timedelta(days=1))

    def _stretch(self, first: date, last: date) -> report.Stretch | None:
        where = f"first_day BETWEEN {first.toordinal()} AND {last.toordinal()} AND ({self._ripe()})"
        counted = self._tallies("''", "own", where).get("")
        return report.Stretch(first, last, counted) if counted and counted.coded.denominator else None

    def _tallies(self, side: str, courses: str = "figure", where: str = "true") -> dict[str, report.Tally]:
        found: dict[str, dict[Standing, int]] = {}
        for name, standing, count in self._rows(
            f"SELECT {side} AS side, standing, count(*) FROM {courses} WHERE {where} GROUP BY ALL "
            "ORDER BY side, standing"
        ):
            found.setdefault(name, {})[_STANDINGS[standing]] = count
        return {name: tally(counts) for name, counts in found.items()}

    def _codes(self) -> tuple[report.CodeFigures, ...]:
        coded = self._rows("SELECT count(current) FROM figure")[0][0]
        rows = self._rows(
            "SELECT code, count(*) AS courses, count(DISTINCT who) FROM figure JOIN code_of USING (current) "
            "GROUP BY code ORDER BY courses DESC, code"
        )
        months: dict[str, dict[str, int]] = {}
        for code, month, count in self._rows(
            f"SELECT code, {_MONTH} AS month, count(*) FROM figure JOIN code_of USING (current) "
            "GROUP BY ALL ORDER BY code, month"
        ):
            months.setdefault(code, {})[month] = count
        return tuple(
            report.CodeFigures(
                code,
                self._title(code),
                share(courses, coded),
                patients if self._patients else None,
                *self._ends(code),
                months[code],
            )
            for code, courses, patients in rows
        )

    def _ends(self, code: str) -> tuple[int | None, int | None]:
        """Of a symptom code that some condition ends with: the courses of that condition, and those of others."""
        if not is_symptom_code(code) or not any(code in finals for finals in self._guideline.finals.values()):
            return None, None
        final = interim = 0
        for kind, count in self._rows(
            "SELECT kind, count(*) FROM figure JOIN code_of USING (current) WHERE code = $1 GROUP BY ALL", [code]
        ):
            conditions = self._judged.courses.kinds[kind].facts.case.conditions
            if any(code in self._guideline.finals.get(each, ()) for each in conditions):
                final += count
            elif conditions:
                interim += count
        return final, interim

    def _title(self, code: str) -> Text | None:
        if code in self._guideline.codes:
            return self._guideline.codes[code].title
        own = self._guideline.own.titles.get(code) if self._guideline.own else None
        return Text(self._clean(own), self._clean(own)) if own else None

    def _services(self) -> Iterator[report.ServiceFigures]:
        spread = "count(*) AS courses, quantile_cont(consultations, [0.25, 0.5, 0.75])"
        used = self._used_services()
        for count, quartiles in self._rows(f"SELECT {spread} FROM figure"):
            yield report.ServiceFigures(None, report.Spread(count, *quartiles), used.get("", {}))
        for code, count, quartiles in self._rows(
            f"SELECT code, {spread} FROM figure JOIN code_of USING (current) GROUP BY code ORDER BY courses DESC, code"
        ):
            yield report.ServiceFigures(code, report.Spread(count, *quartiles), used.get(code, {}))

    def _used_services(self) -> dict[str, dict[str, int]]:
        """Records by code ("": all courses) and service code, the most used ones first."""
        named = {number: self._clean(raw.strip()) for raw, number in self._judge.values["service"].items()}
        counts: dict[str, Counter[str]] = {}
        for code, number, count in self._rows(
            f"WITH held AS (SELECT current, service, count(*) AS times FROM ("
            f"SELECT current, unnest(services) AS service, unnest(day_list) AS day FROM own) "
            f"WHERE {self._begun('day')} GROUP BY ALL) "
            "SELECT '' AS code, service, sum(times)::BIGINT FROM held GROUP BY ALL "
            "UNION ALL SELECT code, service, sum(times)::BIGINT FROM held JOIN code_of USING (current) GROUP BY ALL"
        ):
            if name := named[number]:
                counts.setdefault(code, Counter())[name] += count
        shown = [name for name, _ in sorted(counts.get("", {}).items(), key=lambda each: (-each[1], each[0]))]
        return {code: _with_others(counted, shown[:_SERVICES]) for code, counted in counts.items()}

    def _pathways(self) -> report.Pathways:
        after: Counter[int] = Counter()
        kinds: Counter[str] = Counter()
        for of, current, first, coding, consultation, count in self._rows(
            f"""SELECT kind, current, first_coding, coding,
                  if(first_coding = {SYMPTOMS} AND coding = {DISEASES},
                     coalesce(nullif(if(disease_day > 0,
                                        list_unique(list_filter(day_list, lambda day: day <= disease_day)), 0), 0),
                              disease_consultation, 0), 0) AS consultation, count(*)
                FROM figure WHERE current IS NOT NULL GROUP BY ALL"""
        ):
            kind = self._pathway(of, current, first, coding)
            kinds[kind] += count
            if kind == "changed":
                after[consultation] += count
        return report.Pathways(
            kinds["disease_first"],
            kinds["changed"],
            kinds["symptom"],
            kinds["low_back"],
            kinds["untold"],
            dict(sorted(after.items())),
        )

    def _pathway(self, kind: int, current: int, first: int, coding: int) -> str:
        if first == DISEASES:
            return "disease_first"
        conditions = self._judged.courses.kinds[kind].facts.case.conditions
        codes = self._current(current)
        finals = {code for each in conditions for code in self._guideline.finals.get(each, ())}
        if finals & set(codes) and all(map(is_symptom_code, codes)):
            return "low_back"
        may_end = frozenset[str]().union(*self._guideline.finals.values())
        if not conditions and may_end & set(codes) and all(map(is_symptom_code, codes)):
            return "untold"
        return "changed" if coding == DISEASES else "symptom"

    def _tasks(self) -> Iterator[report.Tasks]:
        heavy = (Severity.ERROR, Severity.WARNING)
        checks = [check for check, weight in self._judged.severities.items() if weight in heavy or check in _ALWAYS]
        # Tables of their own, so that the database knows how few they are when it joins them to others.
        self._database.execute(
            f"CREATE TABLE heavy AS SELECT * FROM {FOUND} WHERE number IN (SELECT unnest($1))",
            [[NUMBER[check] for check in checks]],
        )
        self._database.execute(
            f"""CREATE TABLE found AS SELECT number, record, whole, role, detail, value, member,
                   record * {len(Role) + 1} + role AS place
            FROM heavy JOIN (SELECT record AS whole, member FROM {self._judge.facts}) USING (whole)"""
        )
        self._database.execute(
            """CREATE TABLE task AS
            SELECT number, min(record) AS record, arg_min(whole, place) AS whole,
                   arg_min(role, place) AS role, arg_min(detail, place) AS detail,
                   arg_min(value, place) AS value, any_value(condition) AS condition, any_value(patient) AS patient
            FROM found JOIN figure USING (member) GROUP BY number, last"""
        )
        listed: dict[int, list[report.Task]] = {}
        therapists = self._judge.raws("therapist").removesuffix(" v")
        for number, record, role, detail, value, condition, patient, day, course, therapist in self._rows(
            "SELECT number, task.record, role, detail, value, task.condition, task.patient, f.day, l.course_id, raw "
            f"FROM task LEFT JOIN {self._judge.facts} f ON f.record = whole LEFT JOIN {WHOLE} l ON l.record = whole "
            f"LEFT JOIN {therapists} t ON t.id = l.therapist "
            "QUALIFY row_number() OVER (PARTITION BY number ORDER BY task.record) <= $1 ORDER BY number, task.record",
            [self._wanted.tasks],
        ):
            finding = self._judged.finding(record, number, role, detail, value)
            listed.setdefault(number, []).append(
                report.Task(
                    therapist=self._clean((therapist or "").strip()),
                    day=date.fromordinal(day) if day else None,
                    course=self._clean((course or "").strip()),
                    patient=self._wanted.patient(patient) if patient else "",
                    path=self._clean(finding.path),
                    row=finding.row,
                    condition=condition,
                    found=self._clean(finding.value.strip()),
                    suggestions=finding.detail.suggestions,
                )
            )
        whose: dict[int, dict[str, int]] = {}
        for number, therapist, count in self._rows(
            "SELECT number, coalesce(trim(raw), ''), count(*) AS courses FROM task LEFT JOIN "
            f"{WHOLE} l ON l.record = whole LEFT JOIN {therapists} t ON t.id = l.therapist "
            "GROUP BY ALL ORDER BY number, courses DESC, 2"
        ):
            whose.setdefault(number, {})[self._clean(therapist)] = count
        for number, counts in whose.items():
            yield report.Tasks(CHECKS[number].id, sum(counts.values()), counts, tuple(listed.get(number, ())))


def _ordered(tallies: Mapping[str, report.Tally]) -> dict[str, report.Tally]:
    """The largest first."""
    return dict(sorted(tallies.items(), key=lambda each: (-each[1].courses, each[0])))


def _with_others(counted: Mapping[str, int], shown: Sequence[str]) -> dict[str, int]:
    kept = {name: counted[name] for name in shown if counted.get(name)}
    rest = sum(counted.values()) - sum(kept.values())
    return kept | ({OTHER_SERVICES: rest} if rest else {})
