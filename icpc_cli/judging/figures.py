"""Figures of a clinic, counted by the database over courses; Python sees kinds of courses and sums, never a course.

A course is in the period by the day on which it began, and so is its month; a consultation with its service by its own
day. The codes of a course are the valid ones of its last record that has some; the facts are those of its last record,
as in the checks.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from icpc_cli.advice import is_symptom_code
from icpc_cli.checks.catalogue import CHECKS
from icpc_cli.errors import UsageError
from icpc_cli.judging.check import Checked
from icpc_cli.judging.coursewise import STANDINGS
from icpc_cli.judging.judge import DISEASES, NUMBER, SYMPTOMS
from icpc_cli.judging.ledger import FINDINGS, FOUND, PLACES, WHOLE, Table
from icpc_cli.judging.results import gather_results
from icpc_cli.model import Condition
from icpc_cli.network.tables import UNKNOWN, Kind, condition_of, kind_of
from icpc_cli.outcomes import CourseRow, Instrument, Role, Severity, Standing
from icpc_cli.report import figures as report
from icpc_cli.report.statistics import share, tally
from icpc_cli.text import Text

_ALWAYS = ("K107",)
"""Checks whose findings are worth a look though they weigh little."""
_SERVICES = 8
"""The service codes that are counted by themselves, most used first; others together."""

_RIPE = 30
"""Days that a course has had before it is in a headline."""
_MONTHS = 3
"""Months that are compared with as many before, where there are so many."""

_WHO = "clinic || if(who <> '', 'p' || who, 'c' || last)"
"""A patient; of courses without one, the course."""
_QUARTILES = "quantile_cont(consultations, [0.25, 0.5, 0.75])"
_MONTH = "coalesce(strftime(DATE '0001-01-01' + (first_day - 1)::INTEGER, '%Y-%m'), '')"


class Selection(NamedTuple):
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


class _Overall(NamedTuple):
    """What is true of the clinic's courses: the first five of all, the others of those that began in the period."""

    newest: int | None
    left_out: int
    named: bool
    kinds: Sequence[int]
    currents: Sequence[int]
    first: int | None
    last: int | None
    courses: int
    patients: int
    undated: int
    coded: int
    quartiles: Sequence[float]


_Standings = Counter[Standing]
"""Courses by where they stand."""


class Figures:
    """The courses that are wanted, and what is counted of them."""

    def __init__(self, checked: Checked, wanted: Selection) -> None:
        self._guideline, self._database, self._judge = checked.guideline, checked.database, checked.judge
        self._courses, self._kinds = checked.course_judge.courses, checked.course_judge.kinds
        self._checked, self._wanted = checked, wanted
        self._whole = self._choose()
        self._tell_codes()

    def counted(self) -> report.Report:
        """All figures but those of a network."""
        whole = self._whole
        codes = self._codes()
        repeated = self._rows(f"SELECT count(*) FROM {FINDINGS} WHERE number = $1", [NUMBER["R009"]])[0][0]
        results, unusable, unusable_count = gather_results(
            self._checked, self._began, self._wanted.instruments, self._wanted.clean
        )
        return report.Report(
            clinics=tuple(sorted(map(self._clean, self._clinics.values()))),
            files=tuple(
                report.File(self._clean(each.path), each.read, each.unreadable) for each in self._checked.sources
            ),
            asked=self._wanted.period,
            first=date.fromordinal(whole.first) if whole.first else None,
            last=date.fromordinal(whole.last) if whole.last else None,
            courses=whole.courses,
            patients=whole.patients if whole.named else None,
            conditions=self._told,
            undated=whole.left_out if any(self._wanted.period) else whole.undated,
            repeated=repeated,
            coverage=self._coverage(),
            codes=tuple(figures for figures, _ in codes),
            services=tuple(self._services(codes)),
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
            "SELECT kind, current, DATE '0001-01-01' + (first_day - 1)::INTEGER AS day "
            f"FROM {self._began} WHERE first_day IS NOT NULL) "
            "GROUP BY ALL"
        )
        found: dict[date, Counter[Kind]] = {}
        for month, kind, current, count in rows:
            said = self._kinds[kind]
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
        found = {
            number: self._judge.clinics[number]
            for (number,) in self._rows(f"SELECT DISTINCT clinic FROM {self._courses}")
        }
        if self._wanted.clinic is None:
            return found
        chosen = {number: name for number, name in found.items() if name == self._wanted.clinic}
        if not chosen:
            raise UsageError("network-unknown-clinic", value=self._wanted.clinic, known=sorted(found.values()))
        return chosen

    def _choose(self) -> "_Overall":
        """What queries take the courses of the clinic from, and those begun in the period; and what is true of them."""
        begun, courses, clinics = self._begun(), self._courses, ", ".join(map(str, self._clinics))
        # A table itself where that will do: each query is planned anew through a view.
        self._own = (
            str(courses) if self._wanted.clinic is None else f"(SELECT * FROM {courses} WHERE clinic IN ({clinics}))"
        )
        self._began = self._own if begun == "true" else f"(SELECT * FROM {self._own} WHERE {begun})"
        rows = self._rows(
            "SELECT max(last_day), count(*) FILTER (last_day IS NULL), bool_or(who <> ''), list(DISTINCT kind), "
            "list(DISTINCT current), "
            f"min(first_day) FILTER ({begun}), max(last_day) FILTER ({begun}), "
            f"count(*) FILTER ({begun}), count(DISTINCT {_WHO}) FILTER ({begun}), "
            f"count(*) FILTER (last_day IS NULL AND {begun}), count(current) FILTER ({begun}), "
            f"{_QUARTILES} FILTER ({begun}) FROM {self._own}"
        )
        whole = _Overall(*rows[0])
        if not whole.courses:
            raise UsageError("report-nothing")
        self._told = any(self._conditions(kind) for kind in whole.kinds)
        return whole

    def _conditions(self, kind: int) -> tuple[Condition, ...]:
        return self._kinds[kind].facts.case.conditions

    def _begun(self, day: str = "first_day") -> str:
        """Whether a day lies in the period."""
        first, last = (each and each.toordinal() for each in self._wanted.period)
        limits = [f"{day} >= {first}"] if first else []
        return " AND ".join([*limits, f"{day} <= {last}"] if last else limits) or "true"

    def _tell_codes(self) -> None:
        codes = [(number, code) for number in self._whole.currents for code in self._current(number)]
        Table("code_of", {"current": "INTEGER", "code": "VARCHAR"}).hold(self._database, list(zip(*codes, strict=True)))

    def _current(self, number: int | None) -> tuple[str, ...]:
        return () if number is None else self._judge.codes[number]

    def _coverage(self) -> report.Coverage:
        whole, ripe, unripe = _Standings(), _Standings(), set[str]()
        by_month, by_condition, by_specialty = (defaultdict[str, _Standings](_Standings) for _ in range(3))
        for kind, month, is_ripe, standing, count in self._rows(
            f"SELECT kind, month, ripe, standing, count(*) FROM "
            f"(SELECT kind, {_MONTH} AS month, {self._ripe()} AS ripe, standing FROM {self._began}) "
            "GROUP BY GROUPING SETS ((kind), (month, ripe, standing)) ORDER BY ALL"
        ):
            if kind is not None:
                said = self._kinds[kind]
                by_specialty[said.facts.case.specialty or ""][said.standing] += count
                for each in dict.fromkeys(map(str, said.facts.case.conditions or (UNKNOWN,))) if self._told else ():
                    by_condition[each][said.standing] += count
                continue
            for counts in (whole, by_month[month], *([ripe] if is_ripe else [])):
                counts[STANDINGS[standing]] += count
            unripe |= set() if is_ripe else {month}
        months = {month: tally(by_month[month]) for month in sorted(by_month)}
        latest, before = self._stretches([each for each in months if each and each not in unripe])
        return report.Coverage(
            tally(whole), tally(ripe), months, _ordered(by_condition), _ordered(by_specialty), frozenset(unripe),
            latest, before,
        )  # fmt: skip

    def _ripe(self) -> str:
        return f"first_day IS NULL OR first_day <= {(self._whole.newest or 0) - _RIPE}"

    def _stretches(self, months: Sequence[str]) -> tuple[report.Stretch | None, report.Stretch | None]:
        """The period that was asked for, or the last ripe months, and as much time before."""
        first, last = self._wanted.period
        if first is not None and self._whole.newest:
            last = last or date.fromordinal(self._whole.newest)
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
        counts = dict(
            self._rows(
                f"SELECT standing, count(*) FROM {self._own} WHERE "
                f"first_day BETWEEN {first.toordinal()} AND {last.toordinal()} AND ({self._ripe()}) GROUP BY standing"
            )
        )
        counted = tally({STANDINGS[standing]: count for standing, count in counts.items()})
        return report.Stretch(first, last, counted) if counted.coded.denominator else None

    def _codes(self) -> list[tuple[report.CodeFigures, report.Spread]]:
        """The codes, most courses first, each with the consultations of its courses."""
        months, kinds = (defaultdict[str, dict[Any, int]](dict) for _ in range(2))
        for code, month, kind, count in self._rows(
            f"SELECT code, month, kind, count(*) FROM (SELECT kind, current, {_MONTH} AS month FROM {self._began}) "
            "JOIN code_of USING (current) GROUP BY GROUPING SETS ((code, month), (code, kind)) ORDER BY ALL"
        ):
            if kind is None:
                months[code][month] = count
            else:
                kinds[code][kind] = count
        found = []
        for code, courses, patients, quartiles in self._rows(
            f"SELECT code, count(*) AS courses, count(DISTINCT {_WHO}), {_QUARTILES} "
            f"FROM {self._began} JOIN code_of USING (current) GROUP BY code ORDER BY courses DESC, code"
        ):
            named = patients if self._whole.named else None
            ends = self._ends(code, kinds[code])
            of = share(courses, self._whole.coded)
            figures = report.CodeFigures(code, self._title(code), of, named, *ends, months[code])
            found.append((figures, report.Spread(courses, *quartiles)))
        return found

    def _ends(self, code: str, kinds: Mapping[int, int]) -> tuple[int | None, int | None]:
        """Of a symptom code that some condition ends with: the courses of that condition, and those of others."""
        if not is_symptom_code(code) or not any(code in finals for finals in self._guideline.finals.values()):
            return None, None
        final = interim = 0
        for kind, count in kinds.items():
            conditions = self._conditions(kind)
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

    def _services(self, codes: Sequence[tuple[report.CodeFigures, report.Spread]]) -> Iterator[report.ServiceFigures]:
        used = self._used_services()
        yield report.ServiceFigures(None, report.Spread(self._whole.courses, *self._whole.quartiles), used.get("", {}))
        for figures, spread in codes:
            yield report.ServiceFigures(figures.code, spread, used.get(figures.code, {}))

    def _used_services(self) -> dict[str, dict[str, int]]:
        """Records by code ("": all courses) and service code, the most used ones first."""
        named = {number: self._clean(raw.strip()) for raw, number in self._judge.values["service"].items()}
        counts: dict[str, Counter[str]] = {}
        for code, number, count in self._rows(
            f"WITH held AS (SELECT current, service, count(*) AS times FROM ("
            f"SELECT current, unnest(services) AS service, unnest(day_list) AS day FROM {self._own}) "
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
                     coalesce(nullif(list_unique(list_filter(day_list, lambda day: day <= first_disease // {PLACES})),
                                     0), disease_consultation, 0), 0) AS consultation, count(*)
                FROM {self._began} WHERE current IS NOT NULL GROUP BY ALL"""
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
        conditions = self._conditions(kind)
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
        checks = [check for check, weight in self._checked.severities.items() if weight in heavy or check in _ALWAYS]
        # A table of its own, so that the database knows how few they are when it joins them to others.
        self._database.execute(
            f"CREATE OR REPLACE TABLE heavy AS SELECT * FROM {FOUND} WHERE number IN (SELECT unnest($1))",
            [[NUMBER[check] for check in checks]],
        )
        self._database.execute(
            f"""CREATE OR REPLACE TABLE task AS
            WITH found AS (SELECT *, record * {len(Role) + 1} + role AS place
                           FROM heavy JOIN (SELECT record AS whole, member, day FROM {self._judge.facts}) USING (whole)
                           JOIN (SELECT record AS whole, course_id, therapist FROM {WHOLE}) USING (whole))
            SELECT number, min(record) AS record, arg_min(role, place) AS role, arg_min(detail, place) AS detail,
                   arg_min(value, place) AS value, any_value(kind) AS kind, any_value(patient) AS patient,
                   arg_min(day, place) AS day, arg_min(course_id, place) AS course_id,
                   arg_min(therapist, place) AS therapist
            FROM found JOIN (SELECT member, last, kind, patient FROM {self._began}) USING (member)
            GROUP BY number, last"""
        )
        listed: dict[int, list[report.Task]] = {}
        names = {number: self._clean(raw.strip()) for raw, number in self._judge.values["therapist"].items()}
        for number, record, role, detail, value, kind, patient, day, course, therapist in self._rows(
            "SELECT number, record, role, detail, value, kind, patient, day, course_id, therapist FROM task "
            "QUALIFY row_number() OVER (PARTITION BY number ORDER BY record) <= $1 ORDER BY number, record",
            [self._wanted.tasks],
        ):
            finding = self._checked.finding(record, number, role, detail, value)
            listed.setdefault(number, []).append(
                report.Task(
                    therapist=names[therapist],
                    day=date.fromordinal(day) if day else None,
                    course=self._clean((course or "").strip()),
                    patient=self._wanted.patient(patient) if patient else "",
                    path=self._clean(finding.path),
                    row=finding.row,
                    condition=condition_of(self._conditions(kind)),
                    found=self._clean(finding.value.strip()),
                    suggestions=finding.detail.suggestions,
                )
            )
        whose = defaultdict[int, Counter[str]](Counter)
        for number, therapist, count in self._rows("SELECT number, therapist, count(*) FROM task GROUP BY ALL"):
            whose[number][names[therapist]] += count
        for number, counts in sorted(whose.items()):
            by_name = dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
            yield report.Tasks(CHECKS[number].id, counts.total(), by_name, tuple(listed.get(number, ())))


def _ordered(counted: Mapping[str, _Standings]) -> dict[str, report.Tally]:
    """The largest first."""
    tallies = {name: tally(counts) for name, counts in counted.items()}
    return dict(sorted(tallies.items(), key=lambda each: (-each[1].courses, each[0])))


def _with_others(counted: Mapping[str, int], shown: Sequence[str]) -> dict[str, int]:
    kept = {name: counted[name] for name in shown if counted.get(name)}
    rest = sum(counted.values()) - sum(kept.values())
    return kept | ({report.OTHER_SERVICES: rest} if rest else {})
