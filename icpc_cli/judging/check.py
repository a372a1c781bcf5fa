"""A check of exports, from files to findings."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path

from icpc_cli.checks.catalogue import BY_ID, CHECKS
from icpc_cli.checks.codes import tidied
from icpc_cli.files import private_folder
from icpc_cli.guideline import Guideline, fold
from icpc_cli.judging.courses import course_rows, service_rows, therapists
from icpc_cli.judging.coursewise import CourseJudge, course_columns, measured_headers
from icpc_cli.judging.damage import notices
from icpc_cli.judging.database import Database, batches, open_database, private_database, streamed
from icpc_cli.judging.errands import errands
from icpc_cli.judging.joining import joined_rows, notices_of
from icpc_cli.judging.judge import NUMBER, Judge
from icpc_cli.judging.ledger import (
    FACTS,
    FINDINGS,
    FOUND,
    JOINED,
    LOADED,
    LOADED_BEFORE,
    PLACES,
    SHARED,
    WHOLE,
    WHOSE,
)
from icpc_cli.judging.load import Loader, Progress
from icpc_cli.judging.options import Options
from icpc_cli.judging.since import Comparable
from icpc_cli.model import Case
from icpc_cli.outcomes import (
    CourseCounts,
    CourseRow,
    Errand,
    Example,
    Finding,
    Found,
    Role,
    ServiceRow,
    Severity,
    Since,
    Skipped,
    Source,
)
from icpc_cli.reading.inputs import Input, Loaded, open_inputs, passed_over
from icpc_cli.settings.values import Settings
from icpc_cli.voice.safe import holds_cpr, without_cpr

_LETTER = re.compile(r"[^\W\d_]")
_NAMES = re.compile(r"\b[A-ZÆØÅ][a-zæøå]+ [A-ZÆØÅ][a-zæøå]+")
"""Two words with capitals."""
_REMEMBERED = 1 << 14
"""Different things found more than once that are made once, to be shared by findings."""
_LONG = 200
_LISTED = "record, shared, number, role, detail, if(shared IS NULL, value, NULL)"
"""Letters of a cell that is too long for that."""


class Checked:
    """The outcome of a check, while its database is open."""

    def __init__(
        self,
        judge: Judge,
        course_judge: CourseJudge,
        loaded: Sequence[Loaded],
        before: Sequence[Loaded],
        coverage: CourseCounts,
        severities: Mapping[str, Severity],
        options: Options,
    ) -> None:
        self.judge, self.course_judge = judge, course_judge
        self.guideline, self.database = judge.guideline, judge.database
        self.loaded = tuple(loaded)
        self.coverage = coverage
        self.severities: Mapping[str, Severity] = severities
        self.options = options
        self.skipped: tuple[Skipped, ...] = ()
        self.since: Since | None = None
        """What has become of the findings of the newest of the earlier exports."""
        self._before = before
        self._shared: list[tuple[int, Found]] = []
        self._bases = [each.input.base for each in loaded]
        self._places = [(each.input.path, each.input.base, _headers(each.input)) for each in loaded]
        self.sources = tuple(_source(judge, each, options.settings) for each in loaded)

    def flag(self) -> None:
        """Mark the findings on records whose note holds red flags."""
        self.judge.flag()

    def comparison(self) -> Comparable:
        """What is found, as it can be compared with another check."""
        return Comparable(self.judge, self.course_judge)

    def compare(self, folder: Path) -> None:
        """Judge the newest of the earlier exports with the others before it, and compare what is found now.

        Needs a private ``folder`` of its own, which it makes.
        """
        # Of files that are joined, the newest of each side.
        by_side: dict[int | None, list[Loaded]] = {}
        for each in self._before:
            by_side.setdefault(each.input.side, []).append(each)
        newest = [max(files, key=self.judge.latest_day).input for files in by_side.values()]
        older = [each.input for each in self._before if each.input not in newest]
        options = self.options._replace(figures=False)
        folder.mkdir()
        with _judged(self.guideline, newest, older, options, folder, partial(open_database, folder)) as then:
            was = then.comparison().identities()
        now = self.comparison()
        self.since = now.since(was)
        if self.options.only_new:
            now.keep_new()

    @property
    def early(self) -> int:
        """Courses that must be coded and began before there were agreements, where nobody said from when it holds."""
        return self.course_judge.early

    @cached_property
    def counts(self) -> dict[str, int]:
        """The number of findings by check id, for checks that found something, in the order of the ids."""
        rows = self.database.execute("SELECT number, count(*) FROM findings GROUP BY number ORDER BY number")
        return {CHECKS[number].id: count for number, count in rows.fetchall()}

    def findings(self, *, of: Loaded | None = None, check: str | None = None) -> Iterator[Finding]:
        """All findings in file order: by path as given, row, check id; or those of one file, of one check.

        They stream; nothing is held in memory.
        """
        records = (of.input.base, of.input.base + of.outcome.last) if of else (0, PLACES)
        numbers = [NUMBER[check]] if check else list(NUMBER.values())
        rows = streamed(
            self.database,
            f"SELECT {_LISTED} FROM {self._listed} WHERE record BETWEEN $1 AND $2 "
            "AND list_contains($3, number) ORDER BY record, number, role, detail",
            (*records, numbers),
        )
        return (self._listed_finding(*row) for row in rows)

    def lines(self, parts: Callable[[Finding], tuple[str, str]]) -> Iterator[list[str]]:
        """All findings in file order, some at a time, as texts: the row between the two ``parts`` of what was found."""
        query = f"SELECT {_LISTED} FROM {self._listed} ORDER BY record, number, role, detail"
        bases = [base for base, _ in self._shared]
        told = [parts(Finding(0, found)) for _, found in self._shared]

        def line(finding: Finding) -> str:
            before, after = parts(finding)
            return f"{before}{finding.row}{after}"

        for batch in batches(self.database, query):
            yield [
                f"{told[shared][0]}{record - bases[shared]}{told[shared][1]}"
                if shared is not None
                else line(self.finding(record, number, role, detail, value))
                for record, shared, number, role, detail, value in batch
            ]

    def tidied(self, cell: str) -> str:
        """A raw code cell with its untidy codes repaired, by the codes that exist for this clinic."""
        return tidied(cell, self.guideline.diagnoses)

    def findings_with_patients(self) -> Iterator[tuple[Finding, str, str]]:
        """All findings in file order, each with the patient and the date of its record as they stand in the file.

        Both are blank where there is no such column, and for a row that cannot be read.
        """
        rows = streamed(
            self.database,
            f"SELECT {_LISTED}, coalesce(patient, ''), coalesce(day, '') FROM {self._listed} LEFT JOIN ("
            f"SELECT record, patient, raw || coalesce(time_of_day, '') AS day FROM {LOADED} "
            f"JOIN {self.judge.raws('date')} ON v.id = loaded.date) USING (record) "
            "ORDER BY record, number, role, detail",
        )
        return ((self._listed_finding(*row), patient, _without_name(day, date=True)) for *row, patient, day in rows)

    def examples(self, most: int) -> dict[str, list[Example]]:
        """The first findings of each check, each with the facts of its record and the patient as in the file.

        Of a check by value: the values that most rows have, each with the first of them and their number.
        """
        found: dict[str, list[Example]] = {check: [] for check in self.counts}
        by_value = [NUMBER[check] for check in found if BY_ID[check].by_value]
        firsts = f"QUALIFY row_number() OVER (PARTITION BY number ORDER BY {{}}) <= {most}"
        rows = self.database.execute(
            "SELECT min(record) AS first, number, role, arg_min(detail, record), arg_min(value, record), "
            "count(*) AS rows FROM findings WHERE list_contains($1::INTEGER[], number) "
            f"GROUP BY number, role, lower(trim(value)) {firsts.format('rows DESC, first')} ORDER BY rows DESC, first",
            [by_value],
        )
        for *row, count in rows.fetchall():
            found[CHECKS[row[1]].id].append((self.finding(*row), Case(), "", count))
        rows = self.database.execute(
            f"SELECT f.record, number, role, detail, value, coalesce(patient, ''), {', '.join(FACTS)} FROM ("
            f"SELECT * FROM {FOUND} WHERE NOT list_contains($1::INTEGER[], number) {firsts.format('record, role')}) f "
            f"LEFT JOIN facts ON facts.record = whole LEFT JOIN {WHOSE} w ON w.record = whole ORDER BY f.record, role",
            [by_value],
        )
        for *row, patient, facts in ((*each[:6], each[6:]) for each in rows.fetchall()):
            case = Case() if None in facts else self.judge.case(facts)[0]
            found[CHECKS[row[1]].id].append((self.finding(*row), case, patient, None))
        return found

    def courses(self) -> Iterator[CourseRow]:
        """All courses, as figures are made of them."""
        return course_rows(self.judge, self.course_judge)

    def errands(self) -> Iterator[Errand]:
        """What there is to mend, course by course, the most urgent first."""
        return errands(self.judge, self.course_judge, self.severities, self.finding)

    def note(self, errand: Errand) -> str:
        """The note of the last record of a course, as it stands in the file."""
        found = self.database.execute(f"SELECT note FROM {WHOLE} WHERE record = $1", [errand.record]).fetchone()
        return (found and found[0]) or ""

    def services(self) -> Iterator[ServiceRow]:
        """Consultations by clinic, quarter and service code."""
        return service_rows(self.judge)

    def therapists(self) -> dict[str, int]:
        """How many different therapists each clinic names; none that names none."""
        return therapists(self.judge)

    def facts(self, row: int) -> Case:
        """What a row of the first file says, as the checks read it."""
        query = f"SELECT {', '.join(FACTS)} FROM facts WHERE record = $1"
        found = self.database.execute(query, [row]).fetchone()
        return self.judge.case(found)[0] if found else Case()

    @cached_property
    def _listed(self) -> str:
        """The findings, joined with the table of what is found most often, which is made here."""
        files = " ".join(f"WHEN record >= {base} THEN {place}" for place, base in reversed([*enumerate(self._bases)]))
        findings = f"(SELECT *, CASE {files} END AS place FROM {FINDINGS})"
        what = "place, number, role, detail, value"
        found = self.database.execute(
            f"SELECT {what} FROM {findings} WHERE length(value) < {_LONG} GROUP BY ALL HAVING count(*) > 1 "
            f"ORDER BY count(*) DESC LIMIT {_REMEMBERED}"
        ).fetchall()
        self._shared = [(self._bases[each[0]], self._what(*each)) for each in found]
        SHARED.hold(self.database, [range(len(found)), *zip(*found, strict=True)])
        return f"{findings} LEFT JOIN {SHARED} USING ({what})"

    def _listed_finding(
        self, record: int, shared: int | None, number: int, role: int, detail: int, value: str
    ) -> Finding:
        if shared is None:
            return self.finding(record, number, role, detail, value)
        base, found = self._shared[shared]
        return Finding(record - base, found)

    def finding(self, record: int, number: int, role: int, detail: int, value: str) -> Finding:
        """A finding of its row in the table."""
        place = bisect_right(self._bases, record) - 1
        return Finding(record - self._bases[place], self._what(place, number, role, detail, value))

    def _what(self, place: int, number: int, role: int, detail: int, value: str) -> Found:
        path, _, headers = self._places[place]
        check, said = CHECKS[number], self.judge.details.values[detail]
        if number == NUMBER["R009"]:
            said, value = said._replace(facts=self._same(int(value), place)), ""
        severity = Severity.INFO if said.light else self.severities[check.id]
        if check.id != "R002":  # what can be repaired is told as it stands, since that is what is repaired
            date = check.id == "R008"
            facts = tuple([(name, _without_name(each, date=date)) for name, each in said.facts])
            said, value = said._replace(facts=facts), _without_name(value, date=date)
        return Found(path, check.id, severity, headers[role], value, said)

    def place(self, record: int, header: str) -> tuple[str, int]:
        """The file and the row of a cell under a header; of a joined record, in the file that has it."""
        found = self.database.execute(f"SELECT record FROM {JOINED} WHERE head = $1 ORDER BY record", [record])
        rows = [row for (row,) in found.fetchall()] or [record]
        files = {row: bisect_right(self._bases, row) - 1 for row in rows}
        row = next((row for row, file in files.items() if self._has(file, header)), record)
        path, base, _ = self._places[files[row]]
        return path, row - base

    def _has(self, file: int, header: str) -> bool:
        return fold(header) in map(fold, self.loaded[file].input.columns.headers)

    def _same(self, first: int, place: int) -> tuple[tuple[str, str], ...]:
        """The place of the record that a finding R009 repeats; it carries that record's number as its value."""
        where = bisect_right(self._bases, first) - 1
        path, base, _ = self._places[where]
        return ("path", "" if where == place else f"{path} "), ("first", str(first - base))


def _without_name(value: str, *, date: bool) -> str:
    """What is told of a cell, without what may be a name: letters beside a CPR number, or names in place of a date."""
    names = holds_cpr(value) or (date and _NAMES.search(value))
    return _LETTER.sub("•", without_cpr(value)) if names else value


def _headers(source: Input) -> dict[int, str | None]:
    """The header of each role by its number; a whole record has none."""
    return {-1: None, **{number: source.columns.header(role) for number, role in enumerate(Role)}}


def _source(judge: Judge, loaded: Loaded, settings: Settings) -> Source:
    source, dialect = loaded.input, loaded.input.dialect
    unreadable = len(loaded.outcome.unreadable)
    joined, none, several = (None, (), ()) if source.side is None else joined_rows(judge.database, loaded)
    return Source(
        path=source.path,
        format=source.format,
        encoding=None if source.sheet is not None else dialect.encoding.name,
        delimiter=None if source.sheet is not None else dialect.delimiter,
        columns=tuple((role, source.columns.headers[place]) for role, place in source.columns.places.items()),
        ignored_columns=source.columns.ignored,
        likely=source.columns.likely,
        telling=tuple(header for header in source.columns.telling if not settings.leaves_out(header)),
        missing_roles=tuple(role for role in source.columns.missing if role not in judge.told),
        read=loaded.read,
        judged=loaded.read - unreadable - (joined or 0),
        unreadable=unreadable,
        sheet=source.sheet.name if source.sheet else None,
        notices=(*notices(judge, loaded), *notices_of(none, several)),
        understood=tuple(judge.understood(loaded)),
        joined=joined,
        alone=(none, several),
    )


@contextmanager
def check_exports(
    guideline: Guideline,
    paths: Sequence[str],
    options: Options,
    progress: Progress | None = None,
    note_progress: Progress | None = None,
) -> Iterator[Checked]:
    """Read and judge the exports; what was found can be asked for until the context is left.

    ``progress`` is told how many more bytes and records were read, ``note_progress`` how many notes of how many.
    Raises :class:`UsageError` for what cannot be read.
    """
    with private_folder() as folder, ThreadPoolExecutor(1) as opener:
        opening = opener.submit(open_database, folder)
        inputs = open_inputs(guideline, paths, options.choice, folder)
        new = [each.path for each in inputs]
        choice = options.choice._replace(one_file=None)
        previous = open_inputs(guideline, options.previous, choice, folder, but=new)
        with _judged(guideline, inputs, previous, options, folder, opening.result, progress, note_progress) as checked:
            checked.flag()
            if previous:
                checked.compare(folder / "then")
            checked.skipped = passed_over([*paths, *options.previous])
            yield checked


@contextmanager
def _judged(
    guideline: Guideline,
    inputs: Sequence[Input],
    previous: Sequence[Input],
    options: Options,
    folder: Path,
    opened: Callable[[], Database],
    progress: Progress | None = None,
    note_progress: Progress | None = None,
) -> Iterator[Checked]:
    """The inputs judged; those of an earlier export complete their courses and are compared with."""
    readable = [each.file.resolve() for each in (*inputs, *previous)]
    with private_database(folder, readable, opened) as database:
        instruments, measures, more = options.settings.instruments, None, None
        if options.figures:
            measures, more = measured_headers(instruments), course_columns(instruments)
        loader = Loader(database, folder, options.meanwhile, notes=options.notes, measures=measures)
        loaded = loader.load(inputs, progress)
        before = loader.load(previous, progress, LOADED_BEFORE) if previous else []
        severities = {check: severity for check in BY_ID if (severity := options.severity(check))}
        judge = Judge(guideline, database, loader, options, note_progress)
        judge.judge(loaded, before)
        course_judge = CourseJudge(judge, more, options.duty_from)
        coverage = course_judge.judge(before=bool(before))
        judge.forget(NUMBER[check] for check in BY_ID if check not in severities)
        yield Checked(judge, course_judge, loaded, before, coverage, severities, options)
