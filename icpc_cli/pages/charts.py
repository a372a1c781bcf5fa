"""Charts as SVG that takes its colours from the page: Altair draws, vl-convert renders, without a browser.

Charts are 340 wide, so that they are read on a telephone as they are; every chart stands over a table of its numbers.
"""

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
import vl_convert
from altair.utils.schemapi import debug_mode

from icpc_cli.text import Language
from icpc_cli.voice import Voice

WIDTH = 340
_STEP, _AXIS, _LEGEND = 27, 44, 26
"""Heights: of a row, of an axis with its title, of a legend."""
_LETTERS = 20
"""The letters of a line of a label; longer ones take two lines."""
_MEASURED, _SHOWN = "13.7px", "12px"
"""Letters are measured larger than they are shown: readers' fonts may be broader than the one that is measured with."""

# Colours that occur nowhere else, each replaced by the variable of the style sheet that it stands for.
_COLOURS = {
    "ink": "#010203", "line": "#020304", "good": "#030405", "wait": "#040506", "lack": "#050607", "soft": "#060708",
    "paper": "#070809",
}  # fmt: skip
INK, LINE, GOOD, WAIT, LACK, SOFT, PAPER = _COLOURS.values()
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its caption, and what a screen reader adds to it: the SVG's field of view, and what is inside."""

    id: str
    caption: str
    said: str
    view: str
    inside: str


@dataclass(frozen=True, slots=True)
class Draw:
    """Draws the charts of one page in one voice. ``said``: what a screen reader adds to the caption.

    ``checked``: against the schema of Vega-Lite, which takes longer than drawing. Charts differ in nothing but numbers
    and names, so it is the tests that do it.
    """

    voice: Voice
    said: str
    checked: bool = False

    def stacked(self, id_: str, caption: str, rows: Rows, kinds: Sequence[str]) -> Chart:
        """Counts in parts: ``rows`` have name, kind and count; three kinds at most, good, waiting and lacking."""
        colour = alt.Color("kind:N", title=None, sort=list(kinds)).scale(
            domain=list(kinds), range=[GOOD, WAIT, LACK][: len(kinds)]
        )
        names = _names(rows)
        legend = colour.legend(orient="top", direction="horizontal", columns=3, symbolType="square")
        base = alt.Chart(_data(rows)).mark_bar(stroke=PAPER, strokeWidth=0.7).encode(legend, order="place:Q")
        count = alt.X("sum(count):Q", title=None).axis(tickMinStep=1, tickCount=4, format=",d")
        chart = base.encode(count, alt.Y("name:N", sort=names, title=None))
        return self._chart(id_, caption, chart, _height(names) + _AXIS + _LEGEND)

    def run(self, id_: str, caption: str, rows: Rows, target: float | None) -> Chart:
        """Percents in the order of time, each with its interval, and the target as a dashed line.

        ``rows``: name, low, mean, high, and whether it is ripe; what is not is a ring.
        """
        names = _names(rows)
        percent = alt.Axis(labelExpr="datum.value + ' %'", values=[0, 25, 50, 75, 100], grid=True)
        base = alt.Chart(_data(rows)).encode(
            alt.X("name:N", sort=names, title=None).axis(labelAngle=-90 if len(names) > 6 else 0),
            alt.Y("mean:Q", title=None, axis=percent).scale(domain=[0, 100]),
        )
        whiskers = base.mark_rule(color=SOFT, strokeWidth=3).encode(y="low:Q", y2="high:Q")
        line = base.mark_line(color=GOOD, strokeWidth=2).transform_filter("datum.ripe")
        points = base.mark_point(color=GOOD, opacity=1, size=60).encode(
            fill=alt.condition("datum.ripe", alt.value(GOOD), alt.value(PAPER))
        )
        layers: list[Any] = [whiskers, line, points]
        if target is not None:
            mark = alt.Chart(_data([{"at": target}])).mark_rule(color=LACK, strokeWidth=1.6, strokeDash=[5, 4])
            layers.append(mark.encode(y="at:Q"))
        return self._chart(id_, caption, alt.layer(*layers), 210)

    def bars(self, id_: str, caption: str, rows: Rows) -> Chart:
        """One bar for each of ``rows``: name, count, and the text at its end."""
        names = _names(rows)
        most = max((row["count"] for row in rows), default=0)
        base = alt.Chart(_data(rows)).encode(
            alt.X("count:Q", title=None).axis(None).scale(domain=[0, most * 1.6 or 1]),
            alt.Y("name:N", sort=names, title=None),
        )
        labels = base.mark_text(align="left", dx=5, color=INK).encode(text="text:N")
        return self._chart(id_, caption, base.mark_bar(color=GOOD) + labels, _height(names) + 12)

    def spreads(self, id_: str, caption: str, rows: Rows) -> Chart:
        """The middle half as a broad line, the median as a point: name, low, middle, high."""
        names = _names(rows)
        base = alt.Chart(_data(rows)).encode(alt.Y("name:N", sort=names, title=None))
        lines = base.mark_rule(color=SOFT, strokeWidth=9, strokeCap="round").encode(
            alt.X("low:Q", title=None).axis(tickMinStep=1, format="d").scale(zero=True, nice=True), x2="high:Q"
        )
        points = base.mark_point(color=GOOD, fill=GOOD, opacity=1, size=70).encode(x="middle:Q")
        return self._chart(id_, caption, lines + points, _height(names) + _AXIS)

    def changes(self, id_: str, caption: str, rows: Rows, axis: Sequence[str], important: float | None) -> Chart:
        """Means with their intervals beside no change and the important one: name, low, mean, high."""
        names = _names(rows)
        base = alt.Chart(_data(rows)).encode(alt.Y("name:N", sort=names, title=None))
        marks = [0.0] if important is None else [0.0, important]
        reach = [*marks, *(row[key] for row in rows for key in ("low", "mean", "high"))]
        space = (max(reach) - min(reach)) * 0.08 or 1
        across = alt.X("low:Q", title=list(axis)).scale(domain=[min(reach) - space, max(reach) + space], nice=False)
        across = across.axis(tickCount=4)
        lines = base.mark_rule(color=INK, strokeWidth=2).encode(across, x2="high:Q")
        points = base.mark_point(color=GOOD, fill=GOOD, opacity=1, size=75).encode(x="mean:Q")
        zero = alt.Chart(_data([{"at": 0}])).mark_rule(color=INK, strokeWidth=1).encode(x="at:Q")
        layers = [zero]
        if important is not None:
            mark = alt.Chart(_data([{"at": important}]))
            layers.append(mark.mark_rule(color=LACK, strokeWidth=1.6, strokeDash=[5, 4]).encode(x="at:Q"))
        return self._chart(id_, caption, alt.layer(*layers, lines, points), _height(names) + _AXIS + 40)

    def compared(self, id_: str, caption: str, rows: Rows) -> Chart:
        """Percents of the clinic on the range of a network: name, low, mean, high, least, greatest."""
        names = _names(rows)
        base = alt.Chart(_data(rows)).encode(alt.Y("name:N", sort=names, title=None))
        percent = alt.Axis(labelExpr="datum.value + ' %'", values=[0, 25, 50, 75, 100])
        across = alt.X("least:Q", title=None, axis=percent).scale(domain=[0, 100])
        network = base.mark_rule(color=SOFT, strokeWidth=13).encode(across, x2="greatest:Q")
        lines = base.mark_rule(color=INK, strokeWidth=2).encode(x="low:Q", x2="high:Q")
        points = base.mark_point(color=GOOD, fill=GOOD, opacity=1, size=75).encode(x="mean:Q")
        return self._chart(id_, caption, network + lines + points, _height(names) + _AXIS)

    def _chart(self, id_: str, caption: str, chart: Any, height: int) -> Chart:
        sized = chart.properties(
            width=WIDTH,
            height=height,
            background="transparent",
            padding=2,
            autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        )
        spec = _configured(sized).to_dict(validate=self.checked)
        danish = self.voice.language is Language.DA
        svg = vl_convert.vegalite_to_svg(spec, vl_version=_version(), format_locale="da-DK" if danish else "en-US")
        return Chart(id_, caption, self.said, *_inline(svg, id_))


@contextmanager
def trusted() -> Iterator[None]:
    """Build charts without checking each of their pieces, as :class:`Draw` does not check the whole."""
    with debug_mode(arg=False):
        yield


def prepare() -> None:
    """Draw a chart for nobody: the first one takes many times as long as the others."""
    with trusted():
        rows = [{"name": "", "kind": "", "count": 1, "place": 0}]
        Draw(Voice(), "").stacked("first", "", rows, [""])


def _names(rows: Rows) -> list[str]:
    return list(dict.fromkeys(row["name"] for row in rows))


def _height(names: Sequence[str]) -> int:
    """The height of rows with these names."""
    return len(names) * (_STEP if max(map(len, names), default=0) <= _LETTERS else _STEP + 8)


def in_lines(name: str) -> str:
    """A long name in lines."""
    return "\n".join(textwrap.wrap(name, _LETTERS)) if len(name) > _LETTERS else name


def _data(rows: Rows) -> Any:
    return alt.InlineData(values=[dict(row) for row in rows])


def _configured(chart: Any) -> Any:
    return (
        chart.configure(aria=False, font="system-ui, sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK, titleColor=INK, gridColor=LINE, domainColor=LINE, tickColor=LINE,
            labelFontSize=12, titleFontSize=12, titleFontWeight="normal", labelLimit=WIDTH, labelPadding=6,
            domain=False, ticks=False,
        )
        .configure_axisY(grid=False, labelFontSize=13.7, labelExpr="split(datum.label, '\\n')", labelLineHeight=14)
        .configure_legend(labelColor=INK, labelFontSize=13.7, labelLimit=WIDTH, symbolSize=90, columnPadding=4)
        .configure_text(fontSize=12)
    )  # fmt: skip


@cache
def _version() -> str:
    """The version of Vega-Lite that Altair writes, as vl-convert calls it."""
    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


def _inline(svg: str, id_: str) -> tuple[str, str]:
    """Field of view and inside of SVG that can stand in a page: colours of the page, ids of its own, nothing styled."""
    view = re.search(r'viewBox="([^"]+)"', svg)
    inside = svg[svg.index(">") + 1 :]
    if view is None or 'style="' in inside or "href" in inside:
        raise AssertionError("vl-convert writes SVG that the page does not allow")
    for name, colour in _COLOURS.items():
        inside = re.sub(re.escape(colour), f"var(--{name})", inside, flags=re.IGNORECASE)
    inside = inside.replace(f'font-size="{_MEASURED}"', f'font-size="{_SHOWN}"')
    # To a screen reader a chart is one picture; its parts are read in the table.
    inside = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", inside)
    inside = re.sub(r'\bid="([^"]+)"', rf'id="{id_}-\1"', inside)
    inside = re.sub(r"url\(#([^)]+)\)", rf"url(#{id_}-\1)", inside)
    return view[1], inside
