"""The clinic's report as one page."""

from collections.abc import Iterator

from icpc_cli.guideline import Guideline
from icpc_cli.outcomes import Better, Standing
from icpc_cli.pages.charts import Chart, Draw, in_lines, trusted
from icpc_cli.pages.page import page
from icpc_cli.report.document import Document
from icpc_cli.report.figures import Report, Results, Tally
from icpc_cli.report.words import ReportWords
from icpc_cli.voice import Voice

_MOST = 8
"""The rows of a chart; the table under it has all of them."""
_MONTHS = 24
_PARTS = {
    Standing.MANDATORY_CODED: "chart.coded",
    Standing.MANDATORY_PENDING: "column.pending",
    Standing.MANDATORY_MISSING: "column.missing",
}


def report_page(voice: Voice, document: Document, report: Report, guideline: Guideline, *, brief: bool = False) -> str:
    """The whole page as HTML text; ``brief``: one sheet of it, for a staff meeting."""
    words = ReportWords(voice, guideline)
    charts = _Charts(report, words)
    drawn: dict[str, list[Chart]] = {section.id: [] for section in document.sections}
    with trusted():
        for section, chart in charts.brief() if brief else charts.all():
            drawn[section].append(chart)
    return page(
        "report",
        voice,
        cell=words.cell,
        title=document.title,
        document=document,
        charts=drawn,
        brief=brief,
        contents=words.say("contents"),
        numbers=words.say("chart.numbers"),
        actions_title=words.say("actions.title"),
        summary_title=words.say("summary.title"),
        methods_title=words.say("methods.title"),
    )


class _Charts:
    def __init__(self, report: Report, words: ReportWords) -> None:
        self._report, self._words, self._voice, self._say = report, words, words.voice, words.say
        self._draw = Draw(words.voice, words.say("chart.said"))

    def brief(self) -> Iterator[tuple[str, Chart]]:
        """The charts of the sheet for a staff meeting."""
        if self._report.coverage.total.coded.denominator:
            yield "coverage", self._months()
        if self._report.codes:
            yield "codes", self._codes()

    def all(self) -> Iterator[tuple[str, Chart]]:
        """Every chart with the id of its section."""
        coverage = self._report.coverage
        if coverage.total.coded.denominator:
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

    def _parts(self, name: str, tally: Tally) -> Iterator[dict[str, object]]:
        for place, (standing, key) in enumerate(_PARTS.items()):
            yield {"name": name, "kind": self._say(key), "count": tally.counts[standing], "place": place}

    def _stacked(self, id_: str, key: str, rows: list[dict[str, object]]) -> Chart:
        kinds = [self._say(name) for name in _PARTS.values()]
        return self._draw.stacked(id_, self._say(key), rows, kinds)

    def _months(self) -> Chart:
        tallies = [(month, each) for month, each in self._report.coverage.by_month.items() if month][-_MONTHS:]
        several = len({month[:4] for month, _ in tallies}) > 1
        rows = []
        for month, tally in tallies:
            name, coded = self._voice.month(int(month[5:])), tally.coded
            if coded.value is not None:
                mark = "*" if month in self._report.coverage.unripe else ""
                rows.append(
                    {
                        "name": (f"{name} {month[2:4]}" if several else name) + mark,
                        "mean": 100 * coded.value,
                        "low": 100 * (coded.low or 0),
                        "high": 100 * (coded.high or 0),
                        "ripe": not mark,
                    }
                )
        return self._draw.run("chart-months", self._say("coverage.chart"), rows, self._report.target)

    def _conditions(self) -> Chart:
        rows: list[dict[str, object]] = []
        for key, tally in self._report.coverage.by_condition.items():
            if tally.coded.denominator:
                rows += self._parts(in_lines(self._words.condition(key)), tally)
        return self._stacked("chart-conditions", "coverage.chart-condition", rows)

    def _codes(self) -> Chart:
        rows = [
            {
                "name": each.code,
                "count": each.courses.numerator,
                "text": f"{self._voice.number(each.courses.numerator)} ({self._voice.percent(each.courses.value)})",
            }
            for each in self._report.codes[:_MOST]
        ]
        return self._draw.bars("chart-codes", self._say("codes.chart"), rows)

    def _services(self) -> Chart:
        rows = [
            {
                "name": each.code or self._say("words.all"),
                "low": each.consultations.first_quartile,
                "middle": each.consultations.median,
                "high": each.consultations.third_quartile,
            }
            for each in self._report.services[: _MOST + 1]
        ]
        return self._draw.spreads("chart-services", self._say("services.chart"), rows)

    def _pathways(self) -> Chart:
        ways = self._report.pathways
        waiting = ways.changed + ways.symptom
        counts = [(self._words.at_consultation(number), count) for number, count in ways.after.items()][:_MOST]
        counts.append((self._say("pathways.symptom"), ways.symptom))
        rows = [
            {
                "name": in_lines(name),
                "count": count,
                "text": f"{self._voice.number(count)} ({self._voice.percent(count / waiting)})",
            }
            for name, count in counts
        ]
        return self._draw.bars("chart-pathways", self._say("pathways.chart"), rows)

    def _result(self, number: int, results: Results) -> Chart:
        one = results.instrument
        rows = [
            {
                "name": f"{row.code or self._say('words.all')} (n={self._voice.number(row.pairs)})",
                "mean": row.change.mean,
                "low": row.change.mean if row.change.low is None else row.change.low,
                "high": row.change.mean if row.change.high is None else row.change.high,
            }
            for row in results.rows
            if row.change is not None
        ][: _MOST + 1]
        axis = [self._say("results.chart-axis", better=self._say(f"results.better-{one.better}"))]
        important = one.important_change
        if important is not None:
            axis.append(self._say("results.chart-important", change=self._voice.short(important)))
            important = -important if one.better is Better.LOWER else important
        caption = self._say("results.chart", name=one.name)
        return self._draw.changes(f"chart-result-{number}", caption, rows, axis, important)

    def _comparison(self) -> Chart:
        comparison = self._report.comparison
        lines = () if comparison is None else comparison.lines
        rows = [
            {
                "name": in_lines(self._words.compared_short(each.topic, each.key)),
                "mean": 100 * (each.clinic.value or 0),
                "low": 100 * (each.clinic.low or 0),
                "high": 100 * (each.clinic.high or 0),
                "least": 100 * each.low,
                "greatest": 100 * each.high,
            }
            for each in lines
            if each.clinic.denominator
        ]
        return self._draw.compared("chart-comparison", self._say("comparison.chart"), rows)
