"""The terminal that is written to: how wide, which letters and colours, and how Rich is set up for it."""

import io
import sys

from rich.console import Console, RenderableType

LONGEST_LINE = 100
"""Columns that text is spread over at most, however wide the window is."""


def width() -> int:
    """Columns to write in on standard output, at most :data:`LONGEST_LINE`."""
    return min(_real().width, LONGEST_LINE)


def drawn(renderable: RenderableType, columns: int) -> str:
    """What ``renderable`` looks like on this terminal, with its colours, as lines without spaces at their ends."""
    real = _real()
    coloured = real.is_terminal and not real.legacy_windows
    paper = _Paper(sys.stdout.encoding)
    on_paper = Console(
        file=paper,
        force_terminal=coloured,
        color_system=real.color_system if coloured else None,  # type: ignore[arg-type]  # a plain str in Rich's types
        legacy_windows=False,
        width=min(columns, LONGEST_LINE),
        highlight=False,
        markup=False,
        emoji=False,
    )
    on_paper.print(renderable)
    return "\n".join(line.rstrip() for line in paper.getvalue().rstrip("\n").split("\n"))


def write(renderable: RenderableType) -> None:
    """Write ``renderable`` to standard output."""
    sys.stdout.write(drawn(renderable, width()) + "\n")


def plain(renderable: RenderableType) -> str:
    """What ``renderable`` looks like in a file: 80 columns, every letter, no colours."""
    paper = _Paper("utf-8")
    Console(file=paper, color_system=None, width=80, highlight=False, markup=False, emoji=False).print(renderable)
    return "".join(line.rstrip() + "\n" for line in paper.getvalue().rstrip("\n").split("\n"))


class _Paper(io.StringIO):
    """Text in memory that answers for the encoding of the terminal, so that Rich draws boxes the terminal can show."""

    encoding = "utf-8"

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self.encoding = encoding


def _real() -> Console:
    return Console(file=sys.stdout)
