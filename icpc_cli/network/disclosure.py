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
whatever the product, the limit and the name of the clinic (:func:`icpc_cli.network.share.not_left`), and why whatever
else leaves is made from that table (:mod:`icpc_cli.network.partner`).
What remains possible for a hidden count is at least two values, not always the whole block. As zeros stay, it is told
when all of a group, small or not, have something in common. Which counts are hidden further depends on all counts; who
runs this program on every possible table might exclude some of them.

Literature: cell suppression with linear programs is described in the handbook on statistical disclosure control
(sdctools.github.io/HandbookSDC, chapters 4 and 5); fixed intervals in place of blanks in Cohen and Li, "A comparison of
data utility between publishing fixed intervals versus traditional cell suppression".
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

LEAST = 3
"""No ``min_count`` is smaller."""

Cell = TypeVar("Cell", bound=Hashable)
Kind = TypeVar("Kind", bound=Hashable)
_Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """A count, or what is said of it: at least ``low`` and at most ``high``."""

    low: int
    high: int

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    def __add__(self, other: "Range") -> "Range":
        return Range(self.low + other.low, self.high + other.high)


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
    tables = _Tables(courses, possible, cells_of)
    few = {cell for cell, count in tables.counts.items() if min(patients[cell], count) < min_count}
    search = _Search(tables, few, weight, min_count)
    search.run()
    return {cell: search.said(cell) for cell in tables.counts}


class _Tables:
    """Cells, the kinds that can be in them, and which kind is counted where.

    A kind that is counted in a cell of zero cannot occur in any witness, so it is left out. Cells of the same kinds say
    the same and are one row.
    """

    def __init__(
        self, courses: Mapping[Kind, int], possible: Iterable[Kind], cells_of: Callable[[Kind], Sequence[Cell]]
    ) -> None:
        self.counts: dict[Any, int] = {}
        for kind in sorted(courses, key=repr):  # the same courses give the same file, in whatever order they come
            for cell in cells_of(kind):
                self.counts[cell] = self.counts.get(cell, 0) + courses[kind]
        kinds = [kind for kind in possible if all(self.counts.get(cell) for cell in cells_of(kind))]
        if not courses.keys() <= set(kinds):
            raise ValueError("a course is of a kind that is not possible")
        members: dict[Any, list[int]] = {cell: [] for cell in self.counts}
        for place, kind in enumerate(kinds):
            for cell in cells_of(kind):
                members[cell].append(place)
        rows: dict[tuple[int, ...], int] = {}
        self.row_of = {cell: rows.setdefault(tuple(places), len(rows)) for cell, places in members.items()}
        self.members = list(rows)
        self.courses: _Ints = np.array([courses.get(kind, 0) for kind in kinds])


class _Search:
    """Hides rows until each hidden one has a witness."""

    def __init__(self, tables: _Tables, few: set[Any], weight: Callable[[Any], float], min_count: int) -> None:
        from scipy.sparse import csr_array, eye_array, hstack  # type: ignore[import-untyped]  # scipy comes without types

        self._row_of = tables.row_of
        self._courses = tables.courses
        size = len(tables.members)
        at = [(row, place) for row, places in enumerate(tables.members) for place in places]
        self._matrix = csr_array((np.ones(len(at)), tuple(zip(*at, strict=True))), shape=(size, len(tables.courses)))
        # And what a row moves beyond the range given: that much less, that much more.
        self._with_beyond = hstack([self._matrix, -eye_array(size), eye_array(size)], format="csc")
        self._counts = self._counted(tables.courses)
        blocks = [block(int(count), min_count) for count in self._counts]
        self._low = [self._counts, np.array([each.low for each in blocks])]
        self._high = [self._counts, np.array([each.high for each in blocks])]
        self._low.append(np.maximum(self._low[1] - min_count, 1))
        self._high.append(self._high[1] + min_count)
        self._reach = np.zeros(size, int)
        """How each row is given: 0 exact, 1 as its block, 2 with the neighbouring blocks."""
        self._few = sorted({tables.row_of[cell] for cell in few}, key=lambda row: -int(self._counts[row]))
        self._reach[self._few] = 1
        self._proven = np.zeros(size, bool)
        self._weights = np.zeros(size)
        for cell, row in tables.row_of.items():
            self._weights[row] += weight(cell)
        self._dear = np.isinf(self._weights)
        self._weights[self._dear] = self._weights[~self._dear].sum() + 1

    def said(self, cell: Any) -> Range:
        """What may be said of a cell."""
        row = self._row_of[cell]
        low, high = self._given()
        return Range(int(low[row]), int(high[row]))

    def run(self) -> None:
        """Find witnesses: first for as many rows as possible at once, then for each that is left."""
        for direction in (1.0, -1.0):
            self._move_together(direction)
        for row in self._few:
            if not self._proven[row]:
                self._prove(row)
        if ((self._reach > 0) & ~self._proven).any():
            raise AssertionError("a hidden count has no witness")

    def _given(self) -> tuple[_Ints, _Ints]:
        return np.choose(self._reach, self._low), np.choose(self._reach, self._high)

    def _counted(self, courses: Any) -> _Ints:
        counted: _Ints = np.rint(self._matrix @ courses).astype(int)
        return counted

    def _move_together(self, direction: float) -> None:
        """A witness that moves all hidden rows up, or down, as far as they go together; nothing more is hidden."""
        from scipy.optimize import LinearConstraint  # type: ignore[import-untyped]  # as above

        waiting = (self._reach > 0) & ~self._proven
        objective = -direction * (self._matrix.T @ waiting.astype(float))
        inside = LinearConstraint(self._matrix, *self._given())
        found = _solved(objective, np.ones(len(objective)), inside, gap=0.3)
        if found is not None:
            self._accept(found)

    def _prove(self, row: int) -> None:
        """The cheapest witness in which this row is one more or one less."""
        for reach, keep in ((1, True), (2, True), (2, False)):
            steps = [self._step(row, int(self._counts[row]) + step, reach, keep=keep) for step in (1, -1)]
            found = [each for each in steps if each is not None]
            if found:
                self._accept(min(found, key=lambda each: each[0])[1])
                return
        raise AssertionError("one more course of a kind that there is moves no row beyond the neighbouring blocks")

    def _step(self, row: int, target: int, reach: int, *, keep: bool) -> tuple[float, Any] | None:
        """Courses that count ``target`` in a row, with what it costs to hide what else they change; None: impossible.

        Rows may move as far as ``reach`` allows; moving them further than they are given so far costs their weight.
        ``keep``: those that cost infinitely much do not move.
        """
        from scipy.optimize import Bounds, LinearConstraint

        low, high = self._given()
        free = ~(self._dear & keep)
        floor = np.where(free, np.minimum(low, self._low[reach]), low)
        roof = np.where(free, np.maximum(high, self._high[reach]), high)
        if not floor[row] <= target <= roof[row]:
            return None
        low[row] = high[row] = floor[row] = roof[row] = target
        number = len(self._courses)
        bounds = Bounds(0, np.r_[np.full(number, np.inf), roof - high, low - floor])
        costs = np.r_[np.zeros(number), self._weights, self._weights]
        whole = np.r_[np.ones(number), np.zeros(2 * len(low))]
        limits = LinearConstraint(self._with_beyond, low, high)
        for integrality in (np.zeros_like(whole), whole):  # whole numbers mostly come by themselves, and much faster
            found = _solved(costs, integrality, limits, bounds)
            if found is None:
                return None
            courses = found[:number]
            if np.abs(courses - np.rint(courses)).max() < 1e-6:
                return float(costs @ found), courses
        return None

    def _accept(self, courses: Any) -> None:
        """Take a witness: hide what it changes, as far as it changes it, and call proven what it moves."""
        whole: _Ints = np.rint(courses).astype(int)
        counts = self._counted(whole)
        for reach in (1, 2):
            beyond = (counts < self._given()[0]) | (counts > self._given()[1])
            self._reach[beyond] = reach
        low, high = self._given()
        if whole.min() < 0 or (counts < low).any() or (counts > high).any():
            raise AssertionError("the solver's witness is none")
        self._proven |= counts != self._counts


def _solved(objective: Any, integrality: Any, limits: Any, bounds: Any = None, gap: float = 0.0) -> Any:
    """The variables that make the objective least, or None where the limits leave nothing."""
    from scipy.optimize import milp

    # Simplifying such small programs first takes longer than solving them.
    options = {"presolve": False, "mip_rel_gap": gap}
    return milp(objective, integrality=integrality, constraints=limits, bounds=bounds, options=options).x
