"""Disclosure control: which counts of linked tables are hidden, so that none of them can be computed.

The rule

1. A count is hidden when it stems from fewer than ``min_count`` patients or courses, and from at least one; zeros
   stay. ``min_count`` is 5, or what the user chose, never less than 3. Source: Danmarks Statistik asks for at least 3
   units behind a figure, and researchers who cite its rules blank counts below 5 (domain notes, 6.1).
2. What is hidden is given as the block of ``min_count`` it lies in: 1-4, 5-9, 10-14, ...
3. So many further counts are hidden, in the same way, that for every hidden count there is a **witness**: other
   courses, possible under the guide, that would have given exactly the same file, but have another value for that
   count. Where blocks do not allow one (a total of 4 in four parts can only be four ones), a block is joined with its
   neighbours.

A witness is the proof: as long as there is one, nobody can compute the count from everything that the file and this
rule say, because all of it is true of the witness as well. It takes all tables together, their sums, the zeros, the
blocks, and what the guide says about who must be coded. It is found by a linear program (which moves as little as
possible of what is not hidden yet; that is then hidden further), and checked in whole numbers.

What it does not do: it looks at one table of one period. There are no sums over periods, and periods do not meet; two
different tables of one month, put together, may tell hidden counts. That is why every month leaves the clinic once,
whatever the product, the limit and the name of the clinic (:func:`icpc_cli.network.memory.leave`), and why whatever
else leaves is made from that table (:mod:`icpc_cli.network.partner`).
What remains possible for a hidden count is at least two values, not always the whole block. As zeros stay, it is told
when all of a group, small or not, have something in common. Which counts are hidden further depends on all counts; who
runs this program on every possible table might exclude some of them.

Literature: cell suppression with linear programs is described in the handbook on statistical disclosure control
(sdctools.github.io/HandbookSDC, chapters 4 and 5); fixed intervals in place of blanks in Cohen and Li, "A comparison of
data utility between publishing fixed intervals versus traditional cell suppression".
"""

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Generic, TypeVar

from icpc_cli.network.solver import NEAR, Program

LEAST = 3
"""No ``min_count`` is smaller."""

Cell = TypeVar("Cell", bound=Hashable)
Kind = TypeVar("Kind", bound=Hashable)


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """A count, or what is said of it: at least ``low`` and at most ``high``."""

    low: int
    high: int

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    @property
    def ends(self) -> tuple[int, int]:
        """Both."""
        return self.low, self.high

    def holds(self, count: int) -> bool:
        """Whether it may be this number."""
        return self.low <= count <= self.high

    def __add__(self, other: "Range") -> "Range":
        return Range(self.low + other.low, self.high + other.high)


ZERO = Range(0, 0)


def block(count: int, min_count: int) -> Range:
    """The block of ``min_count`` that a hidden count lies in; the first starts at 1."""
    first = count - count % min_count
    return Range(max(first, 1), first + min_count - 1)


def protect(
    courses: Mapping[Kind, int],
    patients: Mapping[Cell, int],
    possible: Iterable[Kind],
    cells_of: Callable[[Kind], Sequence[Cell]],
    weight: Callable[[Cell], float],
    min_count: int,
) -> dict[Cell, Range]:
    """What may be said of every cell that is not zero.

    ``courses`` counts the courses of each kind, ``patients`` the different patients of each cell; ``possible`` are the
    kinds that a course can be of, and ``cells_of`` says in which cells a course of a kind is counted. ``weight`` is how
    much it costs to hide a cell that need not be hidden; one that costs infinitely much is hidden only where there is
    no other way.
    """
    if min_count < LEAST:
        raise ValueError(f"min_count {min_count} is less than {LEAST}")
    counts: Counter[Cell] = Counter()
    for kind in sorted(courses, key=repr):  # the same courses give the same file, in whatever order they come
        counts.update(dict.fromkeys(cells_of(kind), courses[kind]))
    tables = Tables(counts, possible, cells_of)
    if not courses.keys() <= set(tables.kinds):
        raise ValueError("a course is of a kind that is not possible")
    few = {cell for cell, count in counts.items() if min(patients[cell], count) < min_count}
    search = _Search(tables, [courses.get(kind, 0) for kind in tables.kinds], few, weight, min_count)
    search.run()
    return {cell: search.said(cell) for cell in counts}


class Tables(Generic[Kind, Cell]):
    """Cells that are not zero, the kinds that can be in them, and which kind is counted where.

    A kind that is counted in a cell of zero cannot occur, so it is left out. Cells of the same kinds say the same and
    are one row. ``columns``: the rows of each kind; ``members``: the places in ``kinds`` that each row counts.
    """

    def __init__(
        self, cells: Iterable[Cell], possible: Iterable[Kind], cells_of: Callable[[Kind], Sequence[Cell]]
    ) -> None:
        members: dict[Cell, list[int]] = {cell: [] for cell in cells}
        self.kinds = [kind for kind in possible if all(cell in members for cell in cells_of(kind))]
        for place, kind in enumerate(self.kinds):
            for cell in cells_of(kind):
                members[cell].append(place)
        rows: dict[tuple[int, ...], int] = {}
        self.row_of = {cell: rows.setdefault(tuple(places), len(rows)) for cell, places in members.items()}
        self.members = list(rows)
        self.columns: list[list[int]] = [[] for _ in self.kinds]
        for row, places in enumerate(self.members):
            for place in places:
                self.columns[place].append(row)

    def counted(self, courses: Sequence[int]) -> list[int]:
        """The rows, when there are so many courses of each kind."""
        return [sum(courses[place] for place in places) for places in self.members]


class _Search(Generic[Kind, Cell]):
    """Hides rows until each hidden one has a witness."""

    def __init__(
        self,
        tables: Tables[Kind, Cell],
        courses: Sequence[int],
        few: set[Cell],
        weight: Callable[[Cell], float],
        min_count: int,
    ) -> None:
        self._tables = tables
        self._counts = tables.counted(courses)
        self._size = size = len(tables.members)
        # Besides the kinds: what each row moves beyond the range given, so much more or so much less.
        beyond = [[(row, step)] for step in (-1.0, 1.0) for row in range(size)]
        self._program = Program([*([(row, 1.0) for row in rows] for rows in tables.columns), *beyond], size)
        blocks = [block(count, min_count) for count in self._counts]
        wider = [Range(max(each.low - min_count, 1), each.high + min_count) for each in blocks]
        self._ranges = [[Range(count, count) for count in self._counts], blocks, wider]
        self._few = sorted({tables.row_of[cell] for cell in few}, key=lambda row: -self._counts[row])
        self._reach = [0] * size
        """How each row is given: 0 exact, 1 as its block, 2 with the neighbouring blocks."""
        for row in self._few:
            self._reach[row] = 1
        self._proven = [False] * size
        self._weights = [0.0] * size
        for cell, row in tables.row_of.items():
            self._weights[row] += weight(cell)
        most = sum(each for each in self._weights if each < math.inf) + 1
        self._dear = [each == math.inf for each in self._weights]
        self._weights = [min(each, most) for each in self._weights]

    def said(self, cell: Cell) -> Range:
        """What may be said of a cell."""
        return self._given_to(self._tables.row_of[cell])

    def run(self) -> None:
        """Find a witness for each row; one often proves others as well."""
        for row in self._few:
            if not self._proven[row]:
                self._prove(row)
        if any(reach and not proven for reach, proven in zip(self._reach, self._proven, strict=True)):
            raise AssertionError("a hidden count has no witness")

    def _given(self) -> list[Range]:
        return [self._ranges[reach][row] for row, reach in enumerate(self._reach)]

    def _prove(self, row: int) -> None:
        """The cheapest witness in which this row is one more or one less."""
        for reach, keep in ((1, True), (2, True), (2, False)):
            steps = [self._step(row, self._counts[row] + step, reach, keep=keep) for step in (1, -1)]
            found = [each for each in steps if each is not None]
            if found:
                self._accept(min(found, key=lambda each: each[0])[1])
                return
        raise AssertionError("one more course of a kind that there is moves no row beyond the neighbouring blocks")

    def _step(self, row: int, target: int, reach: int, *, keep: bool) -> tuple[float, list[float]] | None:
        """Courses that count ``target`` in a row, with what it costs to hide what else they change; None: impossible.

        Rows may move as far as ``reach`` allows; moving them further than they are given so far costs their weight.
        ``keep``: those that cost infinitely much do not move.
        """
        given = self._given()
        if not self._widest(row, given, reach, keep=keep).holds(target):
            return None
        more, less = [0.0] * self._size, [0.0] * self._size
        for each, now in enumerate(given):
            widest = self._widest(each, given, reach, keep=keep)
            more[each], less[each] = widest.high - now.high, now.low - widest.low
        given[row], more[row], less[row] = Range(target, target), 0, 0
        kinds = len(self._tables.kinds)
        costs = [*[0.0] * kinds, *self._weights, *self._weights]
        between = [each.low for each in given], [each.high for each in given]
        for whole in (0, kinds):  # whole numbers mostly come by themselves, and much faster
            found = self._program.least(costs, between, [*[math.inf] * kinds, *more, *less], whole=whole)
            if found is None:
                return None
            if all(abs(each - round(each)) < NEAR for each in found[:kinds]):
                return sum(cost * each for cost, each in zip(costs, found, strict=True)), found
        return None

    def _widest(self, row: int, given: Sequence[Range], reach: int, *, keep: bool) -> Range:
        """How far a row may move."""
        now, then = given[row], self._ranges[reach][row]
        return now if self._dear[row] and keep else Range(min(now.low, then.low), max(now.high, then.high))

    def _accept(self, found: Sequence[float]) -> None:
        """Take a witness: hide what it changes, as far as it changes it, and call proven what it moves."""
        courses = [round(each) for each in found[: len(self._tables.kinds)]]
        counts = self._tables.counted(courses)
        for reach, (row, count) in product((1, 2), enumerate(counts)):
            if not self._given_to(row).holds(count):
                self._reach[row] = reach
            self._proven[row] |= count != self._counts[row]
        if min(courses) < 0 or not all(self._given_to(row).holds(count) for row, count in enumerate(counts)):
            raise AssertionError("the solver's witness is none")

    def _given_to(self, row: int) -> Range:
        return self._ranges[self._reach[row]][row]
