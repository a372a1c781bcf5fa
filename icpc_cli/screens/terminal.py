"""The terminal that is written to: how wide, which letters and colours, and how Rich is set up for it."""

import io
import re
from collections.abc import Iterable
from typing import NamedTuple, TextIO

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from icpc_cli.voice import Voice
from icpc_cli.voice.calling import program

LONGEST_LINE = 100
"""Columns that text is spread over at most, however wide the window is."""
LABEL_WIDTH = 14
"""Columns for the label before a line."""
_EIGHTHS = " ▏▎▍▌▋▊▉"
_WORD, _END = 0xF0000, 0x100000
"""Where the letters of a proposal, and its last one, stand while Rich sets lines: letters for private use."""
_STYLE = r"(?:\x1b\[[0-9;]*m)*"
_CUT = re.compile(rf"(?<=[\U000F0000-\U000FFFFF])({_STYLE}) *\n{_STYLE} *{_STYLE}(?=[\U000F0000-\U0010FFFF])")
_STANDING_IN = re.compile("[\U000f0000-\U0010ffff]")


class Terminal(NamedTuple):
    """A stream that people read, and the voice to speak with there."""

    stream: TextIO
    voice: Voice

    @property
    def width(self) -> int:
        """Columns to write in, at most :data:`LONGEST_LINE`."""
        return min(self._real().width, LONGEST_LINE)

    def drawn(self, renderable: RenderableType, columns: int | None = None) -> str:
        """What ``renderable`` looks like here, with its colours, as lines without spaces at their ends."""
        real = self._real()
        coloured = real.is_terminal and not real.legacy_windows
        paper = _Paper(self.voice.encoding)
        on_paper = Console(
            file=paper,
            force_terminal=coloured,
            color_system=real.color_system if coloured else None,  # type: ignore[arg-type]  # a plain str in Rich's types
            legacy_windows=False,
            width=self.width if columns is None else min(columns, LONGEST_LINE),
            highlight=False,
            markup=False,
            emoji=False,
        )
        on_paper.print(renderable)
        return "\n".join(paper.lines())

    def write(self, *renderables: RenderableType) -> None:
        """Write to the stream, one below the other."""
        for each in renderables:
            self.stream.write(self.drawn(each) + "\n")

    def _real(self) -> Console:
        return Console(file=self.stream)


def plain(renderable: RenderableType, width: int = 80) -> str:
    """What ``renderable`` looks like in a file: every letter, no colours, lines without spaces at their ends."""
    paper = _Paper("utf-8")
    Console(file=paper, color_system=None, width=width, highlight=False, markup=False, emoji=False).print(renderable)
    return "".join(f"{line}\n" for line in paper.lines())


def kept(text: str) -> str:
    """``text`` in which what can be typed, an option or a command, is never broken over lines, so it can be copied."""
    return re.sub(rf"(?:(?<=  )--[a-z]|{re.escape(program())} [a-z]).*?(?=  |$)", _stand_in, text, flags=re.MULTILINE)


def _stand_in(proposal: re.Match[str]) -> str:
    *letters, last = map(ord, proposal[0])
    # A letter beyond the first 65,536 has no place to stand, and needs none: lines are broken at spaces.
    return "".join(chr(each if each > 0xFFFF else _WORD + each) for each in letters) + chr(_END + last % 0x10000)


def bar(voice: Voice, share: float, columns: int) -> tuple[str, str]:
    """A share from 0 to 1 in eighths of a column, and what is left of the columns.

    It is never full while something is missing, and never empty when not.
    """
    eighths = round(share * columns * 8)
    eighths = max(eighths, 1) if share > 0 else eighths
    eighths = min(eighths, columns * 8 - 1) if share < 1 else eighths
    whole, part = divmod(eighths, 8)
    if not voice.unicode:
        whole = min(whole + (part > 3), columns - (share < 1))
        return "#" * whole, "-" * (columns - whole)
    done = "█" * whole + (_EIGHTHS[part] if part else "")
    return done, "─" * (columns - len(done))


def indented(what: RenderableType, columns: int = 2) -> Padding:
    """Something set in by so many columns."""
    return Padding(what, (0, 0, 0, columns))


def labelled(rows: Iterable[tuple[str, Line]]) -> Padding:
    """Lines with a bold label before each, set in."""
    table = Table.grid(padding=(0, 0))
    table.add_column(width=LABEL_WIDTH)
    table.add_column()
    for label, text in rows:
        table.add_row(Line(label, "bold"), text)
    return indented(table)


class _Paper(io.StringIO):
    """Text in memory that answers for the encoding of the terminal, so that Rich draws boxes the terminal can show."""

    encoding = "utf-8"

    def __init__(self, encoding: str | None) -> None:
        super().__init__()
        self.encoding = encoding or "utf-8"

    def lines(self) -> list[str]:
        """What was drawn, without spaces at the ends of lines."""
        drawn = _STANDING_IN.sub(lambda each: chr(ord(each[0]) % 0x10000), _CUT.sub(r"\1", self.getvalue()))
        return [line.rstrip() for line in drawn.rstrip("\n").split("\n")]
