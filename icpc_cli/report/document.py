"""A report in words and tables, of which every format is made: terminal, page and workbook show the same cells."""

from datetime import date
from typing import NamedTuple

from icpc_cli.report.figures import Interval, Share

Cell = str | int | float | date | Share | Interval | None
"""What stands in a table: text, a count, a mean, a day, a share, a mean with its interval, or nothing."""


class Column(NamedTuple):
    """A column by its heading.

    ``numeric`` ones are set to the right, ``bar`` ones have a bar where there is room, ``whole`` ones are not broken.
    """

    title: str
    numeric: bool = True
    bar: bool = False
    whole: bool = False


class Grid(NamedTuple):
    """A table with a caption, and a remark under it."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    remark: str = ""


class Section(NamedTuple):
    """A part of the report: what it asks, what the answer is, what is counted, and the tables."""

    id: str
    title: str
    question: str
    lead: str
    remarks: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()


class Document(NamedTuple):
    """The whole report.

    ``headline``: are we doing better, in sentences; ``summary``: a number and what it is; ``actions``: what to do next,
    each with the command that lists it.
    """

    title: str
    facts: tuple[str, ...]
    private: str
    headline: tuple[str, ...]
    actions: tuple[tuple[str, str], ...]
    summary: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    methods: tuple[str, ...] = ()
