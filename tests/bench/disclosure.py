"""How much disclosure control hides beyond the small counts, what a network tells all the same, and how long it takes.

Run: ``python -m tests.bench.disclosure [periods]``. Prints only; nothing here fails.

Per size of a clinic: cells that are not zero; of them those of few (they must be hidden); those hidden further so that
the others cannot be computed, in all and per hidden small count; how far the ranges of the further
ones leave their counts open, as a share of these counts; seconds for a period.

Per size of a network, of clinics with 150 to 2,000 courses a year (made by ``tests.make_year``, each with a mix of its
own): its cells; those that are ranges; those that at least one clinic must hide, as they are of few there; how much of
the courses the ranges of a table leave open, on average; coverage.
"""

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import reduce
from pathlib import Path
from time import process_time

from icpc_cli.guideline import load_guideline
from icpc_cli.judging.check import check_exports
from icpc_cli.judging.options import Options
from icpc_cli.network.disclosure import Range
from icpc_cli.network.merge import as_member, coded, merge
from icpc_cli.network.periods import named
from icpc_cli.network.share import Network, share
from icpc_cli.network.tables import ALL_COURSES, Cell, cells_of, kind_of, told_in
from icpc_cli.outcomes import CourseRow
from tests.attack import standing
from tests.make_year import Clinic, write
from tests.test_disclosure import SPANS, course

SIZES = (25, 60, 120, 300, 800)
"""Courses that begin in a period."""
NETWORKS = (3, 10, 30)
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
        yield course((condition, code, kind, standing(condition, code, kind)))


def measured(size: int, periods: int) -> str:
    """A line of figures for clinics of this size."""
    rng = random.Random(size)
    cells, few, further, width, counted, seconds = 0, 0, 0, 0, 0, 0.0
    for _ in range(periods):
        rows = list(courses(size, rng))
        begun = process_time()
        told = _cells(share(load_guideline(), rows, [], "a" * 32, SPANS).network)
        seconds += process_time() - begun
        counts = _counts(rows, told)
        more = {cell: count for cell, count in told.items() if not count.exact and counts[cell] >= 5}
        cells += len(counts)
        few += sum(count < 5 for count in counts.values())
        further += len(more)
        width += sum(count.high - count.low for count in more.values())
        counted += sum(counts[cell] for cell in more)
    return (
        f"{size:7} {cells / periods:7.0f} {few / periods:7.0f} {further / periods:9.1f} "
        f"{further / (few or 1):9.2f} {width / (counted or 1):8.0%} {seconds / periods:8.2f}"
    )


def years(number: int, seed: int = 15) -> Iterator[list[CourseRow]]:
    """The courses of a year of so many clinics."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        for place in range(number):
            conditions = tuple(max(1, round(each * rng.lognormvariate(0, 0.5))) for each in (9, 12, 11, 14, 26, 28))
            kinds = tuple(round(each * rng.lognormvariate(0, 0.4)) for each in (60, 20, 4, 10, 3))
            size = round(150 * (2000 / 150) ** rng.random())
            write(Clinic(f"{place}.csv", f"K{place}", size, conditions, kinds, ("A", "B")), Path(folder), place)
            with check_exports(load_guideline(), [f"{folder}/{place}.csv"], Options(date(2026, 2, 1))) as checked:
                yield list(checked.courses())


def network_lines(numbers: Iterable[int]) -> Iterator[str]:
    """A line of figures for each network."""
    guideline, span = load_guideline(), named("2025")
    assert span
    rows = list(years(max(numbers)))
    shares = [share(guideline, each, [], f"{place:032x}", [span]).network for place, each in enumerate(rows)]
    for number in numbers:
        begun = process_time()
        merged = reduce(merge, (as_member(guideline, each) for each in shares[:number])).periods["2025"].cells
        seconds = process_time() - begun
        made = zip(rows[:number], shares, strict=False)
        few = {cell for each, told in made for cell, count in _counts(each, _cells(told)).items() if count < 5}
        ranges = [count for count in merged.values() if not count.exact]
        tables = {table for table, _ in merged}
        open_ = sum(count.high - count.low for count in ranges) / len(tables) / merged[ALL_COURSES].low
        coverage = coded(merged).share
        yield (
            f"{number:7} {len(merged):7} {len(ranges) / len(merged):7.0%} {len(few) / len(merged):9.0%} {open_:7.1%} "
            f"{'-'.join(f'{each:.1%}' for each in coverage):>15} {seconds:8.2f}"
        )


def _counts(rows: Iterable[CourseRow], told: Collection[Cell]) -> Counter[Cell]:
    """The true counts of the cells that are told."""
    return Counter(cell for row in rows for cell in cells_of(kind_of(row), told_in(told)))


def _cells(network: Network) -> dict[Cell, Range]:
    return {cell: count for period in network.periods.values() for cell, count in period.cells.items()}


def main(periods: int = 12) -> None:
    """Measure and print."""
    share(load_guideline(), list(courses(25, random.Random(0))), [], "a" * 32, SPANS)
    print("courses   cells     few   further   per few    width  seconds")
    for size in SIZES:
        print(measured(size, periods), flush=True)
    print("\nclinics   cells  ranges  few at one   open        coverage  seconds")
    for line in network_lines(NETWORKS):
        print(line, flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
