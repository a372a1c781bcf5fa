"""Charts as SVG: where lines, dots and words stand is counted out here, how they look is said by the style sheet.

A chart is 340 wide, so that it is read on a telephone as it is, and stands over a table of its numbers.
"""

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from math import ceil, floor, log10
from types import MappingProxyType
from typing import NamedTuple

from icpc_cli.voice import Voice

WIDTH = 340
_STEP, _LINE, _LETTER, _GAP = 26, 14, 6.9, 8
"""The height of a row and of a line of words; a letter, as wide as fonts have it; the space beside words."""
_LETTERS = 20
"""The letters of a line of a row's name; longer ones take two lines."""
_QUARTERS = (0.0, 25.0, 50.0, 75.0, 100.0)


Point = tuple[float, float]


class Shape(StrEnum):
    """What a mark looks like, by its class in the style sheet: broad or thin lines, and dots."""

    BAR = "bar"
    PART = "part"
    LACK = "lack"
    BAND = "band"
    REACH = "reach"
    LINE = "line"
    LIMIT = "limit"
    TARGET = "target"
    ZERO = "zero"
    DOT = "dot"
    RING = "ring"


class Mark(NamedTuple):
    """A line through points, or a dot at each of them; ``text`` stands right of the last one."""

    kind: Shape
    points: tuple[Point, ...]
    text: str = ""


class Axis(NamedTuple):
    """The values along a side, and what is said at some of them; ``grid``: with lines across the chart."""

    low: float
    high: float
    said: Mapping[float, str] = MappingProxyType({})
    grid: bool = False


class Row(NamedTuple):
    """A row of a chart: its name, what lies between two values in it, dots, and the text after the greatest of them."""

    name: str
    spans: Sequence[tuple[Shape, float, float]]
    dots: Sequence[tuple[Shape, float]] = ()
    text: str = ""


class Chart(NamedTuple):
    """A chart with its caption, as the template takes it: places in the units of its width."""

    id: str
    caption: str
    height: float
    lines: Sequence[tuple[str, str]]
    dots: Sequence[tuple[str, float, float]]
    words: Sequence[tuple[str, float, float, str]]
    key: Sequence[tuple[Shape, str]]


def percents(voice: Voice) -> Axis:
    """From none to all."""
    return Axis(0, 100, {each: voice.percent(each / 100) for each in _QUARTERS}, grid=True)


def scale(low: float, high: float, say: Callable[[float], str], *, whole: bool = False) -> Axis:
    """An axis that holds these values, with some four round ones named; ``whole``: only whole ones."""
    step = 10.0 ** floor(log10((high - low) / 4 or 1))
    step *= next(each for each in (1, 2, 5, 10) if (high - low) / (step * each) <= 5)
    step = max(step, 1) if whole else step
    at = [round(step * number, 9) for number in range(ceil(low / step), floor(high / step) + 1)]
    return Axis(low, high, {each: say(each) for each in at}, grid=True)


def rows(
    name: str,
    caption: str,
    of: Sequence[Row],
    across: Axis,
    *,
    rules: Sequence[tuple[Shape, float]] = (),
    key: Sequence[tuple[Shape, str]] = (),
    letters: int = 0,
) -> Chart:
    """A chart of named rows. ``rules`` go through all of them; ``key``: what the kinds of marks mean.

    ``letters``: that names have room for at least, so that charts of one scale are as wide.
    """
    marks = [Mark(kind, ((at, 0.5), (at, 0.5 - len(of)))) for kind, at in rules]
    least = (across.high - across.low) / 100  # of a band, so that one that is a single value is seen
    for place, row in enumerate(of):
        for kind, low, high in row.spans:
            marks.append(Mark(kind, ((low, -place), (max(high, low + least * (kind is Shape.BAND)), -place))))
        marks += [Mark(kind, ((at, -place),)) for kind, at in row.dots]
        if row.text:
            end = max([high for *_, high in row.spans] + [at for _, at in row.dots])
            marks.append(Mark(Shape.LINE, ((end, -place),), row.text))
    names: dict[float, str] = {-place: "\n".join(textwrap.wrap(row.name, _LETTERS)) for place, row in enumerate(of)}
    step = _STEP + 8 * any("\n" in each for each in names.values())
    return draw(name, caption, marks, across, Axis(0.5 - len(of), 0.5, names), len(of) * step, key=key, letters=letters)


def ranged(voice: Voice, name: str, count: tuple[int, int]) -> Row:
    """A row of a count that lies between two."""
    low, high = count
    return Row(name, [(Shape.BAR, 0, low), (Shape.PART, low, high)], text=voice.between(low, high))


def bars(name: str, caption: str, of: Sequence[Row], *, key: Sequence[tuple[Shape, str]] = ()) -> Chart:
    """Rows of counts from nothing up."""
    most = max((high for row in of for *_, high in row.spans), default=0)
    return rows(name, caption, of, Axis(0, most or 1), key=key)


def draw(
    name: str,
    caption: str,
    marks: Sequence[Mark],
    across: Axis,
    up: Axis,
    height: float = 150,
    *,
    key: Sequence[tuple[Shape, str]] = (),
    letters: int = 0,
) -> Chart:
    """A chart of marks over two axes; ``height`` is that of the field between them."""
    left = max(map(_width, ("_" * letters, *up.said.values()))) + _GAP
    last = max((_width(text) for x, text in across.said.items() if x == across.high), default=0) / 2
    width = WIDTH - left - max((last, *(_width(each.text) for each in marks))) - _GAP

    def at(x: float, y: float) -> Point:
        return (
            round(left + width * (x - across.low) / (across.high - across.low), 1),
            round(_GAP + height * (up.high - y) / (up.high - up.low), 1),
        )

    lines: list[tuple[str, Sequence[Point]]] = []
    lines += [("grid", ((x, up.low), (x, up.high))) for x in across.said if across.grid]
    lines += [("grid", ((across.low, y), (across.high, y))) for y in up.said if up.grid]
    lines += [(each.kind, each.points) for each in marks if len(each.points) > 1]
    dots = [(each.kind, *at(*point)) for each in marks if each.kind in (Shape.DOT, Shape.RING) for point in each.points]
    words = [each for y, text in up.said.items() for each in _lines("end", left - _GAP, at(across.low, y)[1], text)]
    for each in marks:
        if each.text:
            x, y = at(*each.points[-1])
            words += _lines("start", x + _GAP, y, each.text)
    # Where there is no room for all that is said below, every second or third is.
    some = ceil(max(map(_width, across.said.values()), default=0) * len(across.said) / width) or 1
    deep = max((1 + text.count("\n") for text in across.said.values()), default=0)
    bottom = height + 2 * _GAP + _LINE * deep / 2
    for x, text in list(across.said.items())[::some]:
        words += _lines("middle", at(x, up.low)[0], bottom - _LINE * (deep - 1 - text.count("\n")) / 2, text)
    return Chart(
        name,
        caption,
        bottom + _LINE * deep / 2,
        [(kind, " ".join(f"{x},{y}" for x, y in (at(*each) for each in points))) for kind, points in lines],
        dots,
        words,
        key,
    )


def _lines(side: str, x: float, middle: float, text: str) -> Iterator[tuple[str, float, float, str]]:
    """Words in lines around a height; ``side``: which end of them stands at the place."""
    parts = text.split("\n")
    for number, part in enumerate(parts):
        yield side, x, round(middle + 4 + _LINE * (number - (len(parts) - 1) / 2), 1), part


def _width(text: str) -> float:
    return _LETTER * max(map(len, text.split("\n"))) + (_GAP if text else 0)
