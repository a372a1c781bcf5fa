"""How long a report takes beside a check of the same file: whole processes in turns, medians, peak memory.

Run: ``python -m tests.bench.report [records] [runs]``; 0 records: the example's year. Prints only; nothing here fails.
"""

import os
import statistics
import sys
import tempfile
from pathlib import Path

from tests.bench.check import make, measured

YEAR = Path(__file__).parents[2] / "data/examples/aar/aar.csv"
FORMATS = ("json", "text", "html")


def main(records: int = 0, runs: int = 5) -> None:
    """Make the file if it is not the year's, time the commands in turns, print the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(make(Path(folder) / "million.csv", records) if records else YEAR)
        icpc = [sys.executable, "-m", "icpc_cli"]
        commands = {
            f"icpc check --format {form}": [*icpc, "check", path, "--format", form, "--fail-on", "never"]
            for form in ("json", "text")
        }
        commands |= {f"icpc report --format {form}": [*icpc, "report", path, "--format", form] for form in FORMATS}
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for turn in range(runs + 1):
            for name, command in commands.items():
                figures = measured(command)
                if turn:  # the first turn warms up
                    taken[name].append(figures)
    print(f"{f'{records:,}' if records else 'the year: 6,269'} records, {os.cpu_count()} cores, {runs} runs in turns")
    for name, all_figures in taken.items():
        # Beside the check that writes the same; a page beside the one on the screen.
        check = [seconds for seconds, _ in taken[f"icpc check --format {'json' if 'json' in name else 'text'}"]]
        mine = [seconds for seconds, _ in all_figures]
        ratio = statistics.median(one / its for one, its in zip(mine, check, strict=True))
        peak = max(memory for _, memory in all_figures)
        spread = f"({min(mine):.2f}-{max(mine):.2f})"
        print(f"{name:28} {statistics.median(mine):6.2f} s {spread}  {ratio:5.2f} x  {peak:5.0f} MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
