"""Figures put into words and tables, in one language."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from icpc_cli import __version__
from icpc_cli.guideline import Guideline, load_checks
from icpc_cli.outcomes import FEWEST_CLINICS, Standing
from icpc_cli.report.document import Cell, Column, Document, Grid, Section
from icpc_cli.report.figures import (
    OTHER_SERVICES,
    CodeFigures,
    Comparison,
    Fault,
    Interval,
    Report,
    Results,
    ServiceFigures,
    Share,
    Stretch,
    Tally,
    Tasks,
)
from icpc_cli.report.statistics import beyond_chance, share
from icpc_cli.voice import HANDFUL, Voice
from icpc_cli.voice.calling import command_on

_SERVICES = 5
"""Service codes that have a column of their own."""
_ACTIONS = 3


def document(voice: Voice, guideline: Guideline, report: Report, made: date) -> Document:
    """The report in words. ``made``: the day it is made on."""
    return _DocumentWriter(voice, guideline, report).document(made)


class ReportWords:
    """What the things that are counted are called, and what the cells of tables say."""

    def __init__(self, voice: Voice, guideline: Guideline) -> None:
        self.voice, self._guideline = voice, guideline

    def say(self, key: str, **facts: object) -> str:
        """A text of the report."""
        return self.voice.say("report", key, **facts)

    def cell(self, cell: Cell) -> str:
        """What a cell of a table says."""
        match cell:
            case None:
                return self.voice.say("voice", "none")
            case Share():
                said = self.voice.share(cell.numerator, cell.denominator)
                return f"{said} {self.between(cell)}".rstrip()
            case Interval():
                return self.interval(cell)
            case int():
                return self.voice.number(cell)
            case float():
                return self.voice.number(cell, 1)
            case date():
                return self.voice.day(cell)
            case str():
                return cell

    def percent(self, share: Share) -> str:
        """The share in percent; of a handful the numbers."""
        if share.denominator < HANDFUL:
            return self.voice.share(share.numerator, share.denominator)
        return self.voice.percent(share.value)

    def between(self, share: Share) -> str:
        """``[77-82]``, in percents; nothing of a handful."""
        if share.low is None or share.high is None or share.denominator < HANDFUL:
            return ""
        return f"[{self.voice.number(100 * share.low)}-{self.voice.number(100 * share.high)}]"

    def shares(self, low: float, high: float) -> str:
        """A share, or the two that it lies between: ``80 %`` or ``78 % til 83 %``."""
        least, greatest = self.voice.percent(low), self.voice.percent(high)
        return least if least == greatest else self.voice.say("report", "comparison.range", low=least, high=greatest)

    def interval(self, interval: Interval) -> str:
        """``-2,2 (-2,4 til -2,0)``."""
        mean = self.voice.number(interval.mean, 1, signed=True)
        if interval.low is None or interval.high is None:
            return mean
        low, high = (self.voice.number(each, 1, signed=True) for each in (interval.low, interval.high))
        return self.say("words.interval", mean=mean, low=low, high=high)

    def month(self, month: str) -> str:
        """``2026-05`` as ``maj 2026``."""
        if not month:
            return self.say("words.undated")
        year, number = month.split("-")
        return f"{self.voice.month(int(number))} {year}"

    def condition(self, key: str) -> str:
        """What a condition is called."""
        if key in ("several", "unknown"):
            return self.say(f"condition.{key}")
        return self.voice.of(self._guideline.label("condition", key))

    def in_sentence(self, key: str) -> str:
        """A condition in the middle of a sentence."""
        name = self.condition(key)
        return name[:1].lower() + name[1:]

    def at_consultation(self, number: int) -> str:
        """``2. konsultation``; 0: it is not known which."""
        return self.say("pathways.at", number=number) if number else self.say("pathways.at-unknown")

    def compared(self, topic: str, key: str, *, short: bool = False) -> str:
        """What a line of the comparison is about; ``short``: in a few letters, for a chart."""
        form = "short-" if short else ""
        if topic != "code":
            return self.say(f"comparison.{form}{topic}")
        if key in ("L", "other"):
            return self.say(f"comparison.{form}code-{key.lower()}")
        return key if short else self.say("comparison.code", code=key)


class _DocumentWriter(ReportWords):
    def __init__(self, voice: Voice, guideline: Guideline, report: Report) -> None:
        super().__init__(voice, guideline)
        self._report = report

    def document(self, made: date) -> Document:
        """All parts in their order."""
        parts = [self._coverage(), self._codes(), self._services(), self._pathways(), self._results()]
        if self._report.comparison:
            parts.append(self._comparison())
        return Document(
            self.say("title"),
            tuple(self._facts(made)),
            self.say("private"),
            tuple(self._headline()),
            tuple(self._actions()),
            tuple(self._summary()),
            (*parts, self._tasks()),
            (self.say("methods.course"), self.say("methods.wilson"), self.voice.of(self._guideline.licence)),
        )

    def _facts(self, made: date) -> Iterator[str]:
        report, clinics = self._report, tuple(filter(None, self._report.clinics))
        if clinics:
            yield self.say("subtitle.clinic" if len(clinics) == 1 else "subtitle.clinics", clinics=", ".join(clinics))
        first, last = report.asked[0] or report.first, report.asked[1] or report.last
        if first and last:
            yield self.say("subtitle.period", first=first, last=last)
        else:
            yield self.say("subtitle.undated")
        yield self.say(
            "subtitle.files",
            files=", ".join(each.path for each in report.files),
            read=sum(each.read for each in report.files),
            unreadable=sum(each.unreadable for each in report.files),
        )
        if report.repeated:
            yield self.voice.counted("report", "subtitle.repeated", report.repeated)
        yield self.say("subtitle.made", day=made, version=__version__)

    def _headline(self) -> Iterator[str]:
        """Are we doing better? The latest ripe courses beside as much time before, and the target."""
        coverage, target = self._report.coverage, self._report.target
        latest, before = coverage.latest, coverage.before
        if latest is None:
            ripe, due = coverage.ripe.coded, coverage.total.coded.denominator
            if ripe.denominator:
                yield self.say("headline.all", share=self.cell(ripe))
            else:
                yield self.say("headline.unripe", count=due) if due else self._none_must()
        elif before is None:
            yield self.say("headline.alone", share=self.cell(latest.tally.coded), period=self._stretch(latest))
        else:
            way = {1: "better", -1: "worse", 0: "same"}[beyond_chance(latest.tally.coded, before.tally.coded)]
            yield self.say(
                f"headline.{way}",
                share=self.cell(latest.tally.coded),
                period=self._stretch(latest),
                before=self.cell(before.tally.coded),
                earlier=self._stretch(before),
            )
        coded = latest.tally.coded if latest else coverage.ripe.coded
        if target is not None and coded.value is not None:
            reached = "reached" if 100 * coded.value >= target else "below"
            yield self.say(f"headline.target-{reached}", target=self.voice.short(target))

    def _none_must(self) -> str:
        """That no course must be coded, or that of some it cannot be decided."""
        undetermined = self._report.coverage.total.counts[Standing.UNDETERMINED]
        return self.say("coverage.none-decided", count=undetermined) if undetermined else self.say("coverage.none")

    def _stretch(self, stretch: Stretch) -> str:
        if stretch.first.day == 1 and (stretch.last + timedelta(days=1)).day == 1:
            return self.say("headline.months", months=self.voice.period(f"{stretch.first:%Y-%m}/{stretch.last:%Y-%m}"))
        return self.say("headline.period", first=stretch.first, last=stretch.last)

    def _actions(self) -> Iterator[tuple[str, str]]:
        """The three lists with the most courses, each with the command that writes it."""
        for tasks in sorted(self._report.tasks, key=lambda each: -each.courses)[:_ACTIONS]:
            title = self.voice.of(load_checks()[tasks.check].title)
            yield self.say("actions.one", count=tasks.courses, title=title), self._listing(tasks)

    def _listing(self, tasks: Tasks) -> str:
        """The command that writes the whole list of a check."""
        files = (each.path for each in self._report.files)
        return command_on("check", files, "--select", tasks.check, "--worklist", f"{tasks.check}.xlsx")

    def _summary(self) -> Iterator[tuple[str, str]]:
        report, total = self._report, self._report.coverage.total
        if (ripe := report.coverage.ripe.coded).denominator:
            yield self.percent(ripe), self.say("summary.coded", share=self.cell(ripe))
        said = {} if report.patients is None else {"patients": report.patients}
        yield (
            self.voice.number(report.courses),
            self.say("summary.courses" if said else "summary.only-courses", **said),
        )
        missing = total.counts[Standing.MANDATORY_MISSING]
        if total.coded.denominator:
            yield self.voice.number(missing), self.say("summary.missing", whole=total.coded.denominator)
        ways = report.pathways
        if ways.changed + ways.symptom:
            changed = share(ways.changed, ways.changed + ways.symptom)
            yield self.percent(changed), self.say("summary.certain", share=self.cell(changed))

    def _grid(
        self, name: str, caption: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], remark: str = ""
    ) -> Grid:
        """A table with its columns by their names; one without a name is left out, and what rows have of it.

        ``<`` behind a name: text, ``!``: text that is not broken, ``|``: with a bar, ``=``: said as it stands.
        """
        titles = []
        for each in filter(None, columns):
            mark = each[-1]
            title = each[:-1] if mark == "=" else self.say(f"column.{each.rstrip('<!|')}")
            titles.append(Column(title, numeric=mark not in "<!", bar=mark == "|", whole=mark == "!"))
        there = (tuple(cell for cell, key in zip(row, columns, strict=True) if key) for row in rows)
        return Grid(name, caption, tuple(titles), tuple(there), remark)

    def _specialty(self, key: str) -> str:
        return self.voice.of(self._guideline.specialty_name(key)) if key else self.say("words.unknown")

    def _coverage(self) -> Section:
        coverage, total = self._report.coverage, self._report.coverage.total
        lead = self._none_must()
        if total.coded.denominator:
            lead = self.say(
                "coverage.lead",
                share=self.cell(total.coded),
                pending=total.counts[Standing.MANDATORY_PENDING],
                missing=total.counts[Standing.MANDATORY_MISSING],
            )
        if total.voluntary_coded.denominator:
            lead += " " + self.say("coverage.voluntary", share=self.cell(total.voluntary_coded))
        remarks = [self.say("coverage.count")]
        if undetermined := total.counts[Standing.UNDETERMINED]:
            remarks.append(self.say("coverage.undetermined", count=undetermined))
        if coverage.unripe:
            remarks.append(self.say("coverage.unripe", months=", ".join(map(self.month, sorted(coverage.unripe)))))
        if not self._report.conditions:
            remarks.append(self.say("coverage.no-condition"))
        if self._report.undated and any(self._report.asked):
            remarks.append(self.say("coverage.undated", count=self._report.undated))
        grids = [self._tallies("month", coverage.by_month, self._month)]
        if coverage.by_condition:
            grids.append(self._tallies("condition", coverage.by_condition, self.condition))
        grids.append(self._tallies("specialty", coverage.by_specialty, self._specialty))
        return self._section("coverage", lead, remarks, grids)

    def _month(self, month: str) -> str:
        return f"{self.month(month)} *" if month in self._report.coverage.unripe else self.month(month)

    def _tallies(self, side: str, tallies: Mapping[str, Tally], label: Callable[[str], str]) -> Grid:
        undetermined = "undetermined" if self._report.coverage.total.counts[Standing.UNDETERMINED] else ""
        columns = f"{side}<", "coded|", "pending", "missing", "voluntary", undetermined
        rows: list[list[Cell]] = []
        for key, each in tallies.items():
            waiting, lacking = each.counts[Standing.MANDATORY_PENDING], each.counts[Standing.MANDATORY_MISSING]
            unknown = each.counts[Standing.UNDETERMINED]
            rows.append([label(key), each.coded, waiting, lacking, each.voluntary_coded, unknown])
        return self._grid(f"by-{side}", self.say(f"coverage.by-{side}"), columns, rows)

    def _section(self, name: str, lead: str, remarks: Sequence[str] = (), grids: Sequence[Grid] = ()) -> Section:
        return Section(
            name, self.say(f"{name}.title"), self.say(f"{name}.question"), lead, tuple(remarks), tuple(grids)
        )

    def _title(self, figures: CodeFigures) -> str:
        return self.voice.of(figures.title) if figures.title else ""

    def _codes(self) -> Section:
        codes = self._report.codes
        if not codes:
            return self._section("codes", self.say("codes.none"))
        first = f"{codes[0].code} {self._title(codes[0])}".strip()
        lead = self.say("codes.lead", coded=codes[0].courses.denominator, codes=len(codes), first=first)
        patients = self._report.patients is not None
        columns = "code<", "title<", "courses|", "patients" * patients
        rows = [(each.code, self._title(each), each.courses, each.patients) for each in codes]
        remarks = [self.say("codes.count")]
        for each in codes:
            if each.final is not None and each.interim is not None:
                untold = each.courses.numerator - each.final - each.interim
                facts = {"code": each.code, "final": each.final, "interim": each.interim, "untold": untold}
                remarks.append(self.say("codes.final", **facts))
        caption = self.say("codes.grid" if patients else "codes.grid-courses")
        return self._section("codes", lead, remarks, [self._grid("codes", caption, columns, rows)])

    def _services(self) -> Section:
        everything, *_ = self._report.services
        spread = everything.consultations
        short = partial(self.voice.short, most=1)
        lead = self.say(
            "services.lead",
            median=short(spread.median),
            low=short(spread.first_quartile),
            high=short(spread.third_quartile),
        )
        columns = "code<", "courses", "median", "quartiles"
        rows = [
            (
                each.code or self.say("words.all"),
                each.consultations.courses,
                each.consultations.median,
                f"{short(each.consultations.first_quartile)}–{short(each.consultations.third_quartile)}",
            )
            for each in self._report.services
        ]
        grids = [self._grid("consultations", self.say("services.grid"), columns, rows)]
        if everything.services:
            grids.append(self._used(everything))
        return self._section("services", lead, [self.say("services.count")], grids)

    def _used(self, everything: ServiceFigures) -> Grid:
        shown = [name for name in everything.services if name != OTHER_SERVICES][:_SERVICES]
        others = len(everything.services) > len(shown)
        rest = f"{self.say('words.others')}=" if others else ""
        columns = "code<", *(f"{name}=" for name in shown), rest, "service-all"
        rows: list[list[Cell]] = []
        for each in self._report.services:
            counts = [each.services.get(name, 0) for name in shown]
            total = sum(each.services.values())
            rows.append([each.code or self.say("words.all"), *counts, total - sum(counts), total])
        return self._grid("services", self.say("services.used"), columns, rows)

    def _pathways(self) -> Section:
        ways = self._report.pathways
        waiting = ways.changed + ways.symptom
        lead = self.say("pathways.none")
        if waiting:
            lead = self.say("pathways.lead", share=self.cell(share(ways.changed, waiting)))
        if not ways.coded:
            return self._section("pathways", self.say("codes.none"))
        counts = {"disease-first": ways.disease_first, "changed": ways.changed, "symptom": ways.symptom}
        counts |= {"low-back": ways.low_back} | ({"untold": ways.untold} if ways.untold else {})
        rows = [(self.say(f"pathways.{kind}"), share(count, ways.coded)) for kind, count in counts.items()]
        grids = [self._grid("pathways", self.say("pathways.grid"), ("pathway<", "courses|"), rows)]
        if waiting:
            at = [(self.at_consultation(number), share(count, waiting)) for number, count in ways.after.items()]
            at.append((self.say("pathways.symptom"), share(ways.symptom, waiting)))
            grids.append(self._grid("after", self.say("pathways.after"), ("consultation<", "courses|"), at))
        return self._section("pathways", lead, [self.say("pathways.count")], grids)

    def _results(self) -> Section:
        results = self._report.results
        if not results:
            return self._section("results", self.say("results.none"))
        grids = [self._result(number, each) for number, each in enumerate(results)]
        if self._report.unusable:
            grids.append(self._unusable())
        return self._section("results", self.say("results.lead"), [self.say("results.caution")], grids)

    def _result(self, number: int, results: Results) -> Grid:
        reached = "" if results.instrument.important_change is None else "reached"
        columns = "code<", "pairs", "start", "follow-up", "change", reached, "without"
        rows: list[list[Cell]] = []
        for each in results.rows:
            means = each.start, each.follow_up, each.change
            rows.append([each.code or self.say("words.all"), each.pairs, *means, each.reached, each.without_follow_up])
        caption = self.say("results.grid", name=results.instrument.name)
        return self._grid(f"result-{number + 1}", caption, columns, rows, " ".join(self._remarks(results)))

    def _remarks(self, results: Results) -> Iterator[str]:
        """What belongs to an instrument: range and direction, the important change, what is missing."""
        one, short = results.instrument, self.voice.short
        better = self.say(f"results.better-{one.better}")
        yield self.say(
            "results.range", name=one.name, minimum=short(one.minimum), maximum=short(one.maximum), better=better
        )
        if one.important_change is not None:
            change = short(one.important_change)
            yield self.say("results.important", change=change, population=one.population, source=one.source)
        if results.missing:
            yield self.say("results.missing-column", columns='", "'.join(results.missing))
        elif not results.rows:
            yield self.say("results.no-values")
        if results.rows and results.rows[0].unmeasured:
            row = results.rows[0]
            yield self.say("results.unmeasured", count=row.unmeasured, courses=row.courses)
        if results.rows and (days := results.rows[0].days) is not None:
            yield self.say("results.days", days=short(days))
        if results.rows and results.rows[0].without_start:
            yield self.say("results.without-start", count=results.rows[0].without_start)

    def _unusable(self) -> Grid:
        ranges = {each.instrument.name: each.instrument for each in self._report.results}
        columns = "file<", "row", "header<", "value<", "why<"
        rows = []
        for each in self._report.unusable:
            one, short = ranges[each.instrument], self.voice.short
            limits = {"minimum": short(one.minimum), "maximum": short(one.maximum)}
            why = self.say(f"results.fault-{each.fault}", **(limits if each.fault is Fault.OUT_OF_RANGE else {}))
            rows.append((each.path, each.row, each.column, each.value, why))
        caption = self.say("results.unusable", count=self._report.unusable_count)
        return self._grid("unusable", caption, columns, rows)

    def _comparison(self) -> Section:
        comparison = self._report.comparison
        if comparison is None:
            raise ValueError("there is no network to compare with")
        lead = self.say(
            "comparison.lead",
            clinics=comparison.clinics,
            periods=", ".join(map(self.voice.period, comparison.periods)),
        )
        columns = "what<", "clinic|", "network"
        rows = [
            (self.compared(each.topic, each.key), each.clinic, self.shares(each.low, each.high))
            for each in comparison.lines
        ]
        remarks = [*self._differences(comparison), self.say("comparison.count", least=FEWEST_CLINICS)]
        return self._section(
            "comparison", lead, remarks, [self._grid("comparison", self.say("comparison.grid"), columns, rows)]
        )

    def _differences(self, comparison: Comparison) -> Iterator[str]:
        """In words where the clinic differs from all that the network can be, by more than chance."""
        found = False
        for each in comparison.lines:
            if each.clinic.low is None or each.clinic.high is None or each.clinic.denominator < HANDFUL:
                continue
            side = "above" if each.clinic.low > each.high else "below" if each.clinic.high < each.low else ""
            if side:
                found = True
                what, network = self.compared(each.topic, each.key), self.shares(each.low, each.high)
                yield self.say(f"comparison.{side}", what=what, share=self.cell(each.clinic), network=network)
        if not found:
            yield self.say("comparison.alike")

    def _tasks(self) -> Section:
        tasks = self._report.tasks
        if not tasks:
            return self._section("tasks", self.say("tasks.none"))
        grids = [self._task(each) for each in tasks]
        if any(filter(None, (name for each in tasks for name in each.by_therapist))):
            grids.insert(0, self._therapists(tasks))
        return self._section("tasks", self.say("tasks.lead", count=len(tasks)), grids=grids)

    def _therapists(self, tasks: Sequence[Tasks]) -> Grid:
        """How many courses each therapist has to look at, by check."""
        names = sorted({name for each in tasks for name in each.by_therapist}, key=lambda name: (not name, name))
        columns = "therapist<", *(f"{each.check}=" for each in tasks)
        rows: list[list[Cell]] = [
            [name or self.say("words.unknown"), *(each.by_therapist.get(name, 0) for each in tasks)] for name in names
        ]
        return self._grid("therapists", self.say("tasks.therapists"), columns, rows)

    def _task(self, tasks: Tasks) -> Grid:
        first = sorted(tasks.first, key=lambda task: task.therapist)
        columns = (
            "therapist<" * any(each.therapist for each in first),
            "date!" * any(each.day for each in first),
            "course!" * any(each.course for each in first),
            "patient!" * (self._report.patients is not None),
            "file<" * (len(self._report.files) > 1),
            *("row", "condition<", "found<"),
        )
        rows: list[list[Cell]] = []
        for each in first:
            found = " → ".join(filter(None, (each.found or "–", ", ".join(each.suggestions))))
            place = each.day or "", each.course, each.patient, each.path, each.row
            rows.append([each.therapist or "–", *place, self.condition(each.condition), found])
        title = self.voice.of(load_checks()[tasks.check].title)
        caption = self.say("tasks.grid", check=tasks.check, title=title, count=tasks.courses)
        rest = tasks.courses - len(first)
        remark = self.say("tasks.more", count=rest, command=self._listing(tasks)) if rest else ""
        return self._grid(f"task-{tasks.check}", caption, columns, rows, remark)
