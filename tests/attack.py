"""An attack on what clinics share. It knows the file, the published rule and the guide; nothing of the program's code.

Unknown is how many courses there are of each combination of condition, code, kind and standing. A solver
(scipy's, in whole numbers) asks of each hidden count how small and how large it can be. If that is one number, the
attack has won.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp  # type: ignore[import-untyped]  # scipy comes without types
from scipy.sparse import csr_array  # type: ignore[import-untyped]  # as above

CONDITIONS = (
    "cervical_nerve_root", "lumbar_nerve_root", "lumbar_stenosis", "hip_osteoarthritis", "knee_osteoarthritis",
    "primary_low_back_pain", "several", "other", "unknown",
)  # fmt: skip
CODES = (
    "L01", "L02", "L03", "L13", "L14", "L15", "L20", "L83", "L84", "L86", "L89", "L90", "L91", "L", "other", "none",
)  # fmt: skip
KINDS = ("51-structured", "51-other", "51-unknown", "57", "62", "other", "unknown")
TABLES = {
    "condition": 0,
    "code": 1,
    "kind": 2,
    "standing": 3,
}
FEWEST = 30
GUIDE = {
    "cervical_nerve_root": {"L83"}, "lumbar_nerve_root": {"L86"}, "lumbar_stenosis": {"L84", "L86"},
    "hip_osteoarthritis": {"L89"}, "knee_osteoarthritis": {"L90"}, "primary_low_back_pain": {"L03", "L86"},
}  # fmt: skip

Cell = tuple[str, str]
Given = Mapping[Cell, tuple[int, int]]


def standing(condition: str, code: str, kind: str) -> str:
    """What the guide makes of such a course: whether it must be coded, and whether it is."""
    duty = {"51-structured": "mandatory", "51-unknown": "undetermined", "unknown": "undetermined"}.get(
        kind, "voluntary"
    )
    if kind == "57":
        duty = {"unknown": "undetermined", "other": "voluntary"}.get(condition, "mandatory")
    return duty if duty == "undetermined" else f"{duty}_{'uncoded' if code == 'none' else 'coded'}"


COURSES = [
    (condition, code, kind, standing(condition, code, kind))
    for condition, code, kind in product(CONDITIONS, CODES, KINDS)
]


def cells(course: tuple[str, ...], told: Collection[str] = GUIDE) -> Iterator[Cell]:
    """Where such a course is counted, when it is told of these conditions how they are coded."""
    yield "courses", ""
    for table, place in TABLES.items():
        yield table, course[place]
    if course[0] in told:
        yield "guide_code" if course[1] in GUIDE[course[0]] else "no_guide_code", course[0]


def coded(cells_: Iterable[Cell]) -> set[str]:
    """The conditions of which it is told how they are coded."""
    return {value for table, value in cells_ if table.endswith("guide_code")}


def shown(counted: Iterable[Cell], told: Iterable[Cell]) -> set[Cell]:
    """The cells that are told: all but how those conditions are coded of which that is not told."""
    coding = coded(told)
    return {(table, value) for table, value in counted if value in coding or not table.endswith("guide_code")}


def read(text: str) -> dict[str, Given]:
    """By period, of every cell in a file its least and greatest value; what is not in it is zero."""
    return {name: dict(leaves(period)) for name, period in json.loads(text)["periods"].items()}


def leaves(period: Mapping[str, Any]) -> Iterator[tuple[Cell, tuple[int, int]]]:
    yield ("courses", ""), bounds(period["courses"])
    for table in (*TABLES, "guide_code", "no_guide_code"):
        yield from (((table, value), bounds(count)) for value, count in period.get(table, {}).items())


def bounds(value: int | str) -> tuple[int, int]:
    if isinstance(value, int):
        return value, value
    low, high = value.split("-")
    return int(low), int(high)


class Attack:
    """Everything that follows from what is given of a period; ``given`` may come from several files."""

    def __init__(self, given: Given) -> None:
        self.given = {cell: between for cell, between in given.items() if between != (0, 0)}
        told = coded(self.given)
        self.courses = [course for course in COURSES if all(cell in self.given for cell in cells(course, told))]
        self.rows = {cell: number for number, cell in enumerate(self.given)}
        at = [(self.rows[cell], place) for place, course in enumerate(self.courses) for cell in cells(course, told)]
        shape = (len(self.rows), len(self.courses))
        self.matrix = csr_array((np.ones(len(at)), tuple(zip(*at, strict=True))), shape=shape)
        self.seen: list[np.ndarray] = []

    def solve(self, cell: Cell, direction: int) -> int:
        """The least value (1) or the greatest (-1) that a cell can have."""
        low, high = np.array(list(self.given.values())).T
        objective = direction * self.matrix[[self.rows[cell]]].toarray()[0]
        found = milp(
            objective,
            integrality=np.ones(len(objective)),
            bounds=Bounds(0, np.inf),
            constraints=LinearConstraint(self.matrix, low, high),
        )
        assert found.x is not None, "what is given contradicts itself"
        values = np.rint(self.matrix @ np.rint(found.x)).astype(int)
        assert (values >= low).all()
        assert (values <= high).all()
        self.seen.append(values)
        return int(values[self.rows[cell]])

    def pinned(self, hidden: list[Cell]) -> list[Cell]:
        """Those of the cells that can have one value only."""
        return [cell for cell in hidden if not self._varies(cell)]

    def _varies(self, cell: Cell) -> bool:
        # Tables found before may already have two different values for this cell.
        return len({int(values[self.rows[cell]]) for values in self.seen}) > 1 or self.solve(cell, 1) < self.solve(
            cell, -1
        )


def hidden(given: Given) -> list[Cell]:
    """The cells of which the value is not told."""
    return [cell for cell, (low, high) in given.items() if low < high]
