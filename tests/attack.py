"""An attack on what clinics share. It knows the file, the published rule and the guide; nothing of the program's code.

Unknown is how many courses there are of each combination of condition, code, kind, standing and coding. A solver
(scipy's, in whole numbers) asks of each hidden count how small and how large it can be. If that is one number, the
attack has won.
"""

import json
from collections.abc import Iterator, Mapping
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
    "courses": (),
    "condition": (0,),
    "code": (1,),
    "kind": (2,),
    "standing": (3,),
    "condition_coding": (0, 4),
}
GUIDE = {
    "cervical_nerve_root": {"L83"}, "lumbar_nerve_root": {"L86"}, "lumbar_stenosis": {"L84", "L86"},
    "hip_osteoarthritis": {"L89"}, "knee_osteoarthritis": {"L90"}, "primary_low_back_pain": {"L03", "L86"},
}  # fmt: skip

Cell = tuple[str, tuple[str, ...]]
Given = Mapping[Cell, tuple[int, int]]


def standing(condition: str, code: str, kind: str) -> str:
    """What the guide makes of such a course: whether it must be coded, and whether it is."""
    duty = {"51-structured": "mandatory", "51-unknown": "undetermined", "unknown": "undetermined"}.get(
        kind, "voluntary"
    )
    if kind == "57":
        duty = {"unknown": "undetermined", "other": "voluntary"}.get(condition, "mandatory")
    return duty if duty == "undetermined" else f"{duty}_{'uncoded' if code == 'none' else 'coded'}"


def coding(condition: str, code: str) -> str:
    """Whether the code is one that the guide has for the condition."""
    return "none" if code == "none" else "guide" if code in GUIDE.get(condition, ()) else "other"


COURSES = [
    (condition, code, kind, standing(condition, code, kind), coding(condition, code))
    for condition, code, kind in product(CONDITIONS, CODES, KINDS)
]


def cells(course: tuple[str, ...]) -> Iterator[Cell]:
    """Where such a course is counted."""
    for table, places in TABLES.items():
        if table != "condition_coding" or course[0] in GUIDE:
            yield table, tuple(course[place] for place in places)


def read(text: str) -> dict[str, Given]:
    """By period, of every cell in a file its least and greatest value; what is not in it is zero."""
    periods = json.loads(text)["periods"]
    return {name: {cell: bounds(value) for cell, value in leaves(period)} for name, period in periods.items()}


def leaves(period: Mapping[str, Any]) -> Iterator[tuple[Cell, Any]]:
    for table, places in TABLES.items():
        if not places:
            yield (table, ()), period[table]
        elif len(places) == 1:
            yield from (((table, (value,)), count) for value, count in period.get(table, {}).items())
        else:
            for value, inner in period.get(table, {}).items():
                yield from (((table, (value, other)), count) for other, count in inner.items())


def bounds(value: int | str) -> tuple[int, int]:
    if isinstance(value, int):
        return value, value
    low, high = value.split("-")
    return int(low), int(high)


class Attack:
    """Everything that follows from what is given of a period; ``given`` may come from several files."""

    def __init__(self, given: Given) -> None:
        self.given = {cell: between for cell, between in given.items() if between != (0, 0)}
        self.courses = [course for course in COURSES if all(cell in self.given for cell in cells(course))]
        self.rows = {cell: number for number, cell in enumerate(self.given)}
        at = [(self.rows[cell], place) for place, course in enumerate(self.courses) for cell in cells(course)]
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
