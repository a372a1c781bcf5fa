"""The clinic's report for the terminal, with bars, and as JSON."""

import io
import sys
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, OverflowMethod, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from icpc_cli.outcomes import Standing
from icpc_cli.render.letters import is_unicode, spelling
from icpc_cli.render.safe import printable
from icpc_cli.render.terminal import LONGEST_LINE, drawn, width
from icpc_cli.report.document import Cell, Document, Grid, Section
from icpc_cli.report.figures import Interval, Report, ResultFigures, Share, Spread, Tally
from icpc_cli.report.forms import Forms

SCHEMA = "icpc-cli/report/1"
_ROWS = 15
"""The rows of a table that are shown; of the others there is the page or the workbook."""
_BAR, _SHORTEST_BAR = 10, 4
_LABEL = 20
"""Columns that a label has at least, where it is as long; the longest words of the guide's conditions fit in."""


def print_report(document: Document, language: str) -> None:
    """Write the report to standard output."""
    page = _Page(language, sys.stdout.encoding)
    sys.stdout.write(drawn(page.document(document), width()) + "\n")


def report_text(document: Document, language: str) -> str:
    """The report as it is written to a file: without colours, in UTF-8."""
    console = Console(file=io.StringIO(), width=LONGEST_LINE, highlight=False, markup=False, emoji=False)
    with console.capture() as captured:
        console.print(_Page(language, "utf-8").document(document))
    return "\n".join(line.rstrip() for line in captured.get().split("\n"))


class _Page:
    def __init__(self, language: str, encoding: str) -> None:
        self._forms = Forms(language)
        self._unicode = is_unicode(encoding)
        self._spelling = spelling(encoding)

    def _text(self, text: str, style: str = "", overflow: OverflowMethod | None = None) -> Text:
        """Text in letters that the terminal has, before it is laid out in lines."""
        return Text(self._plain(text), style, overflow=overflow)

    def _plain(self, text: str) -> str:
        return printable(text).translate(self._spelling)

    def document(self, document: Document) -> RenderableType:
        """All of it."""
        parts: list[RenderableType] = [self._text(document.title, "bold")]
        parts += [self._text(fact) for fact in document.facts]
        parts += [self._text(document.private, "dim"), ""]
        summary = Table.grid(padding=(0, 2))
        summary.add_column(justify="right", style="bold")
        for number, what in document.summary:
            summary.add_row(self._plain(number), self._text(what))
        parts += [Padding(summary, (0, 0, 0, 2)), ""]
        for section in document.sections:
            parts += self._section(section)
        parts += [self._text(line, "dim") for line in document.methods]
        return Group(*parts)

    def _section(self, section: Section) -> Iterator[RenderableType]:
        yield self._text(f"{section.title}: ", "bold").append(self._plain(section.question), "not bold")
        yield Padding(self._text(section.lead.replace("\u00a0", " ")), (0, 0, 0, 2))
        for remark in section.remarks:
            yield Padding(self._text(remark, "dim"), (0, 0, 0, 2))
        yield ""
        for grid in section.grids:
            yield Padding(self._text(grid.caption, "bold"), (0, 0, 0, 2))
            if grid.rows:
                yield Padding(self._grid(grid), (0, 0, 0, 1))
            more = len(grid.rows) - _ROWS
            if more > 0:
                yield Padding(self._text(f"… +{more}", "dim"), (0, 0, 0, 2))
            if grid.remark:
                yield Padding(self._text(grid.remark, "dim", "fold"), (0, 0, 0, 2))
            yield ""

    def _grid(self, grid: Grid) -> RenderableType:
        table = Table(
            box=SIMPLE_HEAD if self._unicode else None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim"
        )
        rows = [[self._plain(self._cell(cell)) for cell in row] for row in grid.rows[:_ROWS]]
        widths, bar = _widths([self._plain(column.title) for column in grid.columns], grid, rows)
        for column, columns in zip(grid.columns, widths, strict=True):
            if column.bar and bar:
                table.add_column("", no_wrap=True, width=bar)
            side: Literal["left", "right"] = "right" if column.numeric else "left"
            table.add_column(self._text(column.title), justify=side, width=columns, overflow="fold")
        for row, cells in zip(grid.rows, rows, strict=False):
            table.add_row(*self._with_bars(grid, row, cells, bar))
        return table

    def _with_bars(self, grid: Grid, row: tuple[Cell, ...], cells: Sequence[str], columns: int) -> Iterator[Text]:
        for column, cell, text in zip(grid.columns, row, cells, strict=True):
            if column.bar and columns:
                yield self._bar(cell.value if isinstance(cell, Share) else None, columns)
            yield Text(text)

    def _cell(self, cell: Cell) -> str:
        forms = self._forms
        match cell:
            case None:
                return forms.say("words.none")
            case Share():
                if not cell.denominator:
                    return forms.say("words.none")
                counts = f"{forms.number(cell.numerator)}/{forms.number(cell.denominator)}"
                return f"{counts}\u00a0{forms.percent(cell.value):>5}"
            case Interval():
                return _unbroken(forms.interval(cell))
            case int():
                return forms.number(cell)
            case float():
                return forms.number(cell, 1)
            case str():
                return cell

    def _bar(self, value: float | None, columns: int) -> Text:
        """A share in eighths of a column; never full while something is missing, never empty when there is some."""
        if value is None:
            return Text("")
        eighths = round(value * columns * 8)
        eighths = max(eighths, 1) if value > 0 else eighths
        eighths = min(eighths, columns * 8 - 1) if value < 1 else eighths
        whole, part = divmod(eighths, 8)
        if not self._unicode:
            whole = min(whole + (part > 3), columns - (value < 1))
            return Text("#" * whole + "-" * (columns - whole))
        bar = Text("█" * whole + (" ▏▎▍▌▋▊▉"[part] if part else ""), style="cyan")
        return bar.append("─" * (columns - len(bar)), style="dim")


def _widths(titles: Sequence[str], grid: Grid, rows: Sequence[Sequence[str]]) -> tuple[list[int], int]:
    """The width of each column, and of the bars, 0 where there is no room for any.

    Numbers are never broken. Bars get what is left beyond that, then texts and headings.
    """
    least, most = [], []
    for place, column in enumerate(grid.columns):
        longest = max(len(row[place]) for row in rows)
        word = max(map(len, titles[place].split()), default=0)
        least.append(max(longest if column.numeric else min(longest, _LABEL), word))
        most.append(max(longest, len(titles[place])))
    bars = sum(column.bar for column in grid.columns)
    left = width() - 2 - sum(least) - 2 * (len(least) + bars)
    bar = min(left, _BAR) if bars and left >= _SHORTEST_BAR else 0
    left -= bar if bar else -2 * bars
    for place in sorted(range(len(least)), key=lambda place: grid.columns[place].numeric):
        more = max(min(most[place] - least[place], left), 0)
        least[place] += more
        left -= more
    return least, bar


def _unbroken(text: str) -> str:
    return text.replace(" ", "\u00a0")


def report_object(report: Report, language: str) -> dict[str, Any]:
    """The figures as ``icpc-cli/report/1``; titles in one language."""
    return {
        "schema": SCHEMA,
        "clinics": list(report.clinics),
        "period": {
            "from": _day(report.asked[0]),
            "to": _day(report.asked[1]),
            "first_record": _day(report.first),
            "last_record": _day(report.last),
        },
        "sources": [
            {"path": each.path, "rows": {"read": each.read, "unreadable": each.unreadable}} for each in report.files
        ],
        "courses": report.courses,
        "patients": report.patients,
        "undated_courses": report.undated,
        "methods": {"share": "Wilson", "mean_change": "Student's t", "level": 0.95},
        "coverage": {
            "total": _tally(report.coverage.total),
            "by_month": {key: _tally(each) for key, each in report.coverage.by_month.items()},
            "by_condition": {key: _tally(each) for key, each in report.coverage.by_condition.items()},
            "by_specialty": {key: _tally(each) for key, each in report.coverage.by_specialty.items()},
        },
        "codes": [
            {
                "code": each.code,
                "title": each.title[language] if each.title else None,
                "courses": _share(each.courses),
                "patients": each.patients,
            }
            for each in report.codes
        ],
        "services": [
            {
                "code": each.code,
                "consultations_per_course": _spread(each.consultations),
                "service_codes": dict(each.services),
            }
            for each in report.services
        ],
        "over_time": {
            "unit": "course",
            "disease_code_first": report.pathways.disease_first,
            "symptom_to_disease": report.pathways.changed,
            "symptom_code": report.pathways.symptom,
            "l03_in_primary_low_back_pain": report.pathways.low_back,
            "disease_code_at_consultation": {
                str(number or "unknown"): count for number, count in report.pathways.after.items()
            },
        },
        "results": _results(report),
        "to_do": [
            {
                "check": each.check,
                "courses": each.courses,
                "first": [
                    {
                        "patient": task.patient,
                        "path": task.path,
                        "row": task.row,
                        "condition": task.condition,
                        "found": task.found,
                        "suggestions": list(task.suggestions),
                    }
                    for task in each.first
                ],
            }
            for each in report.tasks
        ],
        "comparison": _comparison(report),
    }


def _results(report: Report) -> dict[str, Any]:
    return {
        "instruments": [
            {
                "name": each.instrument.name,
                "start": each.instrument.start,
                "follow_up": each.instrument.follow_up,
                "min": each.instrument.minimum,
                "max": each.instrument.maximum,
                "better": each.instrument.better,
                "important_change": each.instrument.important_change,
                "population": each.instrument.population,
                "source": each.instrument.source,
                "missing_columns": list(each.missing),
                "by_code": [_result(row) for row in each.rows],
            }
            for each in report.results
        ],
        "unusable_values": {
            "count": report.unusable_count,
            "first": [
                {
                    "path": each.path,
                    "row": each.row,
                    "column": each.column,
                    "value": each.value,
                    "fault": each.fault,
                    "instrument": each.instrument,
                }
                for each in report.unusable
            ],
        },
    }


def _result(row: ResultFigures) -> dict[str, Any]:
    change = row.change
    return {
        "code": row.code,
        "courses": row.courses,
        "with_start_and_follow_up": row.pairs,
        "mean_start": row.start,
        "mean_follow_up": row.follow_up,
        "mean_change": {"mean": change.mean, "low": change.low, "high": change.high} if change else None,
        "reached_important_change": _share(row.reached) if row.reached else None,
        "without_follow_up": row.without_follow_up,
        "without_start": row.without_start,
        "unusable": row.unusable,
    }


def _comparison(report: Report) -> dict[str, Any] | None:
    comparison = report.comparison
    if comparison is None:
        return None
    return {
        "clinics": comparison.clinics,
        "quarters": list(comparison.quarters),
        "lines": [
            {
                "topic": each.topic,
                "key": each.key,
                "clinic": _share(each.clinic),
                "network": {"low": each.low, "high": each.high},
            }
            for each in comparison.lines
        ],
    }


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _share(share: Share) -> dict[str, Any]:
    return {
        "numerator": share.numerator,
        "denominator": share.denominator,
        "unit": share.unit,
        "low": share.low,
        "high": share.high,
    }


def _spread(spread: Spread) -> dict[str, Any]:
    return {
        "courses": spread.count,
        "first_quartile": spread.first_quartile,
        "median": spread.median,
        "third_quartile": spread.third_quartile,
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "courses": tally.courses,
        **{standing.value: tally.counts[standing] for standing in Standing},
        "coded": _share(tally.coded),
        "voluntary": _share(tally.voluntary_coded),
    }
