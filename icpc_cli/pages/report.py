"""The clinic's report as one page."""

import re
from collections.abc import Iterator, Sequence
from functools import partial

from icpc_cli.guideline import Guideline
from icpc_cli.outcomes import Better, Standing
from icpc_cli.pages.charts import Axis, Chart, Mark, Point, Row, Shape, bars, draw, percents, rows, scale
from icpc_cli.pages.page import page
from icpc_cli.report.document import Document
from icpc_cli.report.figures import Interval, Report, ResultFigures, Results, Share
from icpc_cli.report.words import ReportWords
from icpc_cli.voice import Voice

_RANGE = re.compile(r"(?<=\d)-(?=\d+\])")
"""Where a line would be broken inside an interval."""
_MOST = 8
"""The rows of a chart; the table under it has all of them."""
_MONTHS = 24
_BRIEF = ("chart-months", "chart-codes")
"""The charts of the sheet for a staff meeting."""
_PARTS = {
    Standing.MANDATORY_CODED: (Shape.BAR, "chart.coded"),
    Standing.MANDATORY_PENDING: (Shape.PART, "column.pending"),
    Standing.MANDATORY_MISSING: (Shape.LACK, "column.missing"),
}


def report_page(voice: Voice, document: Document, report: Report, guideline: Guideline, *, brief: bool = False) -> str:
    """The whole page as HTML text; ``brief``: one sheet of it, for a staff meeting."""
    charts = _Charts(voice, guideline, report)
    drawn: dict[str, list[Chart]] = {section.id: [] for section in document.sections}
    for section, chart in charts.all():
        if not brief or chart.id in _BRIEF:
            drawn[section].append(chart)
    return page(
        "report",
        voice,
        "report",
        cell=lambda cell: _RANGE.sub("-\u2060", charts.cell(cell)),
        title=document.title,
        document=document,
        charts=drawn,
        brief=brief,
    )


class _Charts(ReportWords):
    def __init__(self, voice: Voice, guideline: Guideline, report: Report) -> None:
        super().__init__(voice, guideline)
        self._report = report

    def all(self) -> Iterator[tuple[str, Chart]]:
        """Every chart with the id of its section."""
        if self._report.coverage.total.coded.denominator:
            yield "coverage", self._months()
            yield "coverage", self._conditions()
        if self._report.codes:
            yield "codes", self._codes()
            yield "services", self._services()
        if self._report.pathways.changed + self._report.pathways.symptom:
            yield "pathways", self._pathways()
        for number, results in enumerate(self._report.results, start=1):
            if any(row.pairs for row in results.rows):
                yield "results", self._result(number, results)
        if self._report.comparison:
            yield "comparison", self._comparison()

    def _months(self) -> Chart:
        """The shares in the order of time, each with its interval; what is not ripe is a ring, and in no line."""
        unripe, target = self._report.coverage.unripe, self._report.target
        months = [
            (month, each.coded)
            for month, each in self._report.coverage.by_month.items()
            if month and each.coded.denominator
        ][-_MONTHS:]
        marks, line, said, years = [], list[Point](), dict[float, str](), {month[:4] for month, _ in months}
        for place, (month, coded) in enumerate(months):
            low, value, high = _percents(coded)
            marks.append(Mark(Shape.REACH, ((place, low), (place, high))))
            marks.append(Mark(Shape.RING if month in unripe else Shape.DOT, ((place, value),)))
            if month not in unripe:
                line.append((place, value))
            said[place] = self.voice.month(int(month[5:])) + ("" if place and len(years) == 1 else f"\n{month[:4]}")
        if line:
            marks.append(Mark(Shape.LINE, tuple(line)))
        key = [(Shape.DOT, self.say("chart.ripe"))]
        key += [(Shape.RING, self.say("chart.unripe"))] * bool(unripe)
        if target is not None:
            marks.insert(0, Mark(Shape.TARGET, ((-0.5, target), (len(months) - 0.5, target))))
            key.append((Shape.TARGET, self.say("chart.target", target=self.voice.short(target))))
        across = Axis(-0.5, len(months) - 0.5, said)
        return draw("chart-months", self.say("coverage.chart"), marks, across, percents(self.voice), key=key)

    def _conditions(self) -> Chart:
        """How many are coded, wait and lack a code, with the share that is coded."""
        found = []
        for name, tally in self._report.coverage.by_condition.items():
            if tally.coded.denominator:
                ends, spans = 0, []
                for standing, (kind, _) in _PARTS.items():
                    spans.append((kind, ends, ends + tally.counts[standing]))
                    ends += tally.counts[standing]
                found.append(Row(self.condition(name), spans, text=self.percent(tally.coded)))
        key = [(kind, self.say(name)) for kind, name in _PARTS.values()]
        return bars("chart-conditions", self.say("coverage.chart-condition"), found, key=key)

    def _codes(self) -> Chart:
        counts = [(each.code, each.courses) for each in self._report.codes[:_MOST]]
        caption = self._commonest("codes.chart", counts, len(self._report.codes))
        return bars("chart-codes", caption, [self._counted(*each) for each in counts])

    def _commonest(self, key: str, shown: Sequence[object], count: int) -> str:
        """What a chart is called; where it has no room for all, it says so."""
        caption = self.say(key)
        if count == len(shown):
            return caption
        return self.say("chart.commonest", chart=caption, shown=len(shown), count=count)

    def _counted(self, name: str, share: Share) -> Row:
        text = f"{self.voice.number(share.numerator)} ({self.voice.percent(share.value)})"
        return Row(name, [(Shape.BAR, 0, share.numerator)], text=text)

    def _services(self) -> Chart:
        """The middle half as a broad line, the median as a point."""
        spreads = [(each.code, each.consultations) for each in self._report.services[: _MOST + 1]]
        of = [
            Row(
                code or self.say("words.all"),
                [(Shape.BAND, spread.first_quartile, spread.third_quartile)],
                [(Shape.DOT, spread.median)],
            )
            for code, spread in spreads
        ]
        most = max(spread.third_quartile for _, spread in spreads)
        across = scale(0, most + 1, self.voice.number, whole=True)
        caption = self._commonest("services.chart", spreads, len(self._report.services))
        return rows("chart-services", caption, of, across)

    def _pathways(self) -> Chart:
        ways = self._report.pathways
        counts = [(self.at_consultation(number), count) for number, count in ways.after.items()][:_MOST]
        counts.append((self.say("pathways.symptom"), ways.symptom))
        found = [self._counted(name, Share(count, ways.changed + ways.symptom)) for name, count in counts]
        return bars("chart-pathways", self.say("pathways.chart"), found)

    def _result(self, number: int, results: Results) -> Chart:
        """Mean changes with their intervals, beside no change and the important one."""
        one = results.instrument
        of = []
        for row, change in _changed(results):
            reach = [] if change.low is None or change.high is None else [(Shape.REACH, change.low, change.high)]
            of.append(Row(self._sample(row), reach, [(Shape.DOT, change.mean)]))
        rules, key = [(Shape.ZERO, 0.0)], []
        if (important := _important(results)) is not None:
            rules.append((Shape.TARGET, important))
            said = self.say("results.chart-important", change=self.voice.short(abs(important)))
            key.append((Shape.TARGET, said))
        caption = self.say("results.chart", name=one.name, better=self.say(f"results.better-{one.better}"))
        letters = max(len(self._sample(row)) for each in self._report.results for row, _ in _changed(each))
        name, across = f"chart-result-{number}", self._changes(results)
        return rows(name, caption, of, across, rules=rules, key=key, letters=letters)

    def _sample(self, row: ResultFigures) -> str:
        return f"{row.code or self.say('words.all')} (n={self.voice.number(row.pairs)})"

    def _changes(self, results: Results) -> Axis:
        """One scale for all instruments that have the same range."""
        one, reach = results.instrument, [0.0]
        for each in self._report.results:
            if (each.instrument.minimum, each.instrument.maximum) == (one.minimum, one.maximum):
                reach += filter(None, (_important(each),))
                reach += [at for _, of in _changed(each) for at in (of.low, of.mean, of.high) if at is not None]
        space = (max(reach) - min(reach)) * 0.08 or 1
        return scale(min(reach) - space, max(reach) + space, partial(self.voice.short, most=1))

    def _comparison(self) -> Chart:
        """The clinic's shares with their intervals on the ranges of the network."""
        comparison = self._report.comparison
        of = []
        for each in () if comparison is None else comparison.lines:
            if each.clinic.denominator:
                low, value, high = _percents(each.clinic)
                spans = [(Shape.BAND, 100 * each.low, 100 * each.high), (Shape.REACH, low, high)]
                of.append(Row(self.compared(each.topic, each.key, short=True), spans, [(Shape.DOT, value)]))
        key = [(Shape.DOT, self.say("column.clinic")), (Shape.BAND, self.say("column.network"))]
        return rows("chart-comparison", self.say("comparison.grid"), of, percents(self.voice), key=key)


def _percents(share: Share) -> tuple[float, float, float]:
    return 100 * (share.low or 0), 100 * (share.value or 0), 100 * (share.high or 0)


def _changed(results: Results) -> list[tuple[ResultFigures, Interval]]:
    """The rows that a chart has, with their changes."""
    return [(row, row.change) for row in results.rows if row.change is not None][: _MOST + 1]


def _important(results: Results) -> float | None:
    """The important change, with its sign."""
    change = results.instrument.important_change
    return -change if change is not None and results.instrument.better is Better.LOWER else change
