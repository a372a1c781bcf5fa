"""How much disclosure control hides beyond the small counts, and how long it takes, for clinics of several sizes.

Run: ``python -m tests.bench.disclosure [quarters]``. Prints only; nothing here fails.

Per size: cells that are not zero in a quarter; of them those of few (they must be hidden); those hidden further so that
the others cannot be computed, in all, among the sums, and per hidden small count; how far the ranges of the further
ones leave their counts open, as a share of these counts; seconds for all quarters of the clinic.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterable
from time import process_time

from icpc_cli.guideline import load_guideline
from icpc_cli.network.disclosure import Range
from icpc_cli.network.share import Network, share
from icpc_cli.network.tables import Cell, Table, cells_of, kind_of
from icpc_cli.outcomes import CourseRow
from tests.attack import standings
from tests.test_disclosure import SPANS, course

SIZES = (25, 60, 120, 300, 800)
"""Courses that begin in a quarter."""
_CONDITIONS = {
    "cervical_nerve_root": (8, ("L83", "L01")),
    "lumbar_nerve_root": (14, ("L86", "L03")),
    "lumbar_stenosis": (10, ("L84", "L86", "L03")),
    "hip_osteoarthritis": (9, ("L89", "L13")),
    "knee_osteoarthritis": (20, ("L90", "L15")),
    "primary_low_back_pain": (22, ("L03", "L86")),
    "several": (3, ("L90", "L89")),
    "other": (12, ("none", "other", "L", "L20")),
    "unknown": (6, ("none",)),
}
_KINDS = {"51-structured": 42, "51-other": 24, "51-unknown": 4, "57": 4, "62": 12, "other": 6, "unknown": 1}


def courses(number: int, rng: random.Random) -> Iterable[CourseRow]:
    """Courses of a clinic: most on specialty 51, most coded as the guide says, some not."""
    for _ in range(number):
        condition = rng.choices(list(_CONDITIONS), [weight for weight, _ in _CONDITIONS.values()])[0]
        codes = _CONDITIONS[condition][1]
        code = "none" if rng.random() < 0.1 else rng.choices(codes, (6, 2, 1, 1)[: len(codes)])[0]
        kind = rng.choices(list(_KINDS), list(_KINDS.values()))[0]
        yield course((condition, code, kind, rng.choice(standings(condition, code, kind))))


def measured(size: int, quarters: int) -> str:
    """A line of figures for clinics of this size."""
    rng = random.Random(size)
    cells, few, further, sums, width, counted, seconds = 0, 0, 0, 0, 0, 0, 0.0
    for _ in range(quarters):
        rows = list(courses(size, rng))
        counts: Counter[Cell] = Counter(cell for row in rows for cell in cells_of(kind_of(row)))
        begun = process_time()
        told = _cells(share(load_guideline(), rows, [], "a" * 32, SPANS).network)
        seconds += process_time() - begun
        more = {cell: count for cell, count in told.items() if not count.exact and counts[cell] >= 5}
        cells += len(counts)
        few += sum(count < 5 for count in counts.values())
        further += len(more)
        sums += sum(len(values) < 2 for _, values in more)
        width += sum(count.high - count.low for count in more.values())
        counted += sum(counts[cell] for cell in more)
    return (
        f"{size:7} {cells / quarters:7.0f} {few / quarters:7.0f} {further / quarters:9.1f} {sums / quarters:7.1f} "
        f"{further / few:9.2f} {width / counted:8.0%} {seconds:8.2f}"
    )


def _cells(network: Network) -> dict[tuple[Table, tuple[str, ...]], Range]:
    return {cell: count for quarter in network.periods.values() for cell, count in quarter.cells.items()}


def main(quarters: int = 12) -> None:
    """Measure and print."""
    load_guideline()
    share(load_guideline(), list(courses(25, random.Random(0))), [], "a" * 32, SPANS)
    print("courses   cells     few   further  (sums)   per few    width  seconds")
    for size in SIZES:
        print(measured(size, quarters), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
