"""Tables of figures and paragraphs for the terminal.

Rich takes longer to draw a report's than it takes to count what is in them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, zip_longest
from textwrap import wrap
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from icpc_cli.screens.terminal import bar
from icpc_cli.voice import Voice

_BAR, _SHORTEST_BAR = 10, 4
_LABEL = 20
"""TableColumns that a label has at least, where it is as long; the longest words of the guide's conditions fit in."""
_GAP = 2


@dataclass(frozen=True)
class TableColumn:
    """A column: set to the ``right``; its cells ``firm``, never broken; ``shares`` are drawn as bars before it."""

    title: str
    cells: Sequence[str]
    right: bool
    firm: bool
    shares: Sequence[float | None] = ()

    @cached_property
    def whole(self) -> int:
        """The width in which nothing of it is broken."""
        return max(_widest(self.cells), cell_len(self.title))

    @cached_property
    def fair(self) -> int:
        """The width in which no firm cell is broken, nor a label, unless it is long."""
        cells = _widest(self.cells)
        return max(cells if self.firm else min(cells, _LABEL), _widest(self.title.split(" ")))

    @cached_property
    def least(self) -> int:
        """The width in which no firm cell is broken, nor a word that is not very long."""
        words = [word for cell in self.cells for word in cell.split(" ")]
        return self.fair if self.firm else max(min(_widest(words), _LABEL), _widest(self.title.split(" ")))


Pieces = list[Segment]
"""What stands in a line, piece by piece: Rich would look at every letter of a text once more to break it."""
DIM, _CYAN = Style(dim=True), Style(color="cyan")


class _Beside(NamedTuple):
    """What stands side by side: lines of its width, of a heading and of each cell."""

    width: int
    right: bool
    title: Sequence[Pieces]
    cells: Sequence[Sequence[Pieces]]


def room(columns: Sequence[TableColumn]) -> int:
    """The width that a table needs, without bars, so that no label is broken."""
    return sum(column.fair + _GAP for column in columns) - _GAP


def table(voice: Voice, columns: Sequence[TableColumn], width: int) -> list[Pieces]:
    """The columns with their headings; what has no room comes below, beside the first column once more."""
    left = width - room(columns)
    bars = min(left - _GAP, _BAR) if left - _GAP >= _SHORTEST_BAR and any(column.shares for column in columns) else 0
    parts = list(_parts(voice, columns, _widths(columns, width - (bars and bars + _GAP)), bars))
    lines: list[Pieces] = []
    while parts:
        shown = parts[: max(_fitting(parts, width), 2)]
        parts = parts[len(shown) :]
        height = max(len(part.title) for part in shown)
        lines += [[], *_beside(shown, [[[]] * (height - len(part.title)) + list(part.title) for part in shown])]
        longest = max(map(_length, lines[-height:]))
        lines[-height:] = [list(Segment.apply_style(line, DIM)) for line in lines[-height:]]
        lines.append([Segment(("─" if voice.unicode else "-") * longest)])
        for row in range(len(columns[0].cells)):
            lines += _beside(shown, [part.cells[row] for part in shown])
        parts = [shown[0], *parts] if parts else []
    return lines


def _widths(columns: Sequence[TableColumn], width: int) -> list[int]:
    """The width of each column: texts get what is left, then headings."""
    left = width - room(columns)
    widths = [column.least if left < 0 else column.fair for column in columns]
    left = width - sum(widths) - _GAP * (len(widths) - 1)
    for place in sorted(range(len(columns)), key=lambda place: columns[place].right):
        more = max(min(columns[place].whole - widths[place], left), 0)
        widths[place] += more
        left -= more
    return widths


def _parts(voice: Voice, columns: Sequence[TableColumn], widths: Sequence[int], bars: int) -> Iterator[_Beside]:
    for column, width in zip(columns, widths, strict=True):
        if column.shares and bars:
            drawn = (("", "") if share is None else bar(voice, share, bars) for share in column.shares)
            cells = [[[Segment(done, _CYAN), Segment(left, DIM)]] for done, left in drawn]
            yield _Beside(bars, right=False, title=[], cells=cells)
        yield _Beside(width, column.right, _set(column.title, width), [_set(cell, width) for cell in column.cells])


def _fitting(parts: Sequence[_Beside], width: int) -> int:
    """How many have room beside each other."""
    ends = accumulate(part.width + _GAP for part in parts)
    return sum(end - _GAP <= width for end in ends)


def paragraph(text: str, width: int, style: Style | None = None, indent: int = 0) -> list[Pieces]:
    """A text set in lines of this width, set in by so many columns."""
    return [[Segment(" " * indent), Segment(line, style)] for line in _broken(text, width - indent)]


def _set(text: str, width: int) -> list[Pieces]:
    return [[Segment(line)] for line in _broken(text, width)]


def _broken(text: str, width: int) -> list[str]:
    if cell_len(text) <= width:
        return [text]
    # A word that is longer than a line begins one of its own.
    return wrap(re.sub(rf"(\S{{{width}}})(?=\S)", r"\1 ", text), width, break_on_hyphens=False)


def _beside(parts: Sequence[_Beside], cells: Sequence[Sequence[Pieces]]) -> Iterator[Pieces]:
    """Cells of several lines side by side."""
    for texts in zip_longest(*cells, fillvalue=[]):
        line: Pieces = []
        for part, text in zip(parts, texts, strict=True):
            blank = part.width - _length(text)
            before = (_GAP if line else 0) + (blank if part.right else 0)
            line += [Segment(" " * before), *text, Segment("" if part.right else " " * blank)]
        yield list(Segment.simplify(line))


def _length(line: Pieces) -> int:
    return sum(cell_len(each.text) for each in line)


def _widest(texts: Sequence[str]) -> int:
    return max(map(cell_len, texts), default=0)
