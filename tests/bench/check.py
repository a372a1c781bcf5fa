"""How long a big check takes beside DuckDB copying the same file: whole processes in turns, medians, peak memory.

Run: ``python -m tests.bench.check [records] [runs]``. Prints only; nothing here fails.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

COPY = """
import sys, duckdb
duckdb.sql(f"COPY (SELECT * FROM read_csv('{sys.argv[1]}', all_varchar=true)) TO '{sys.argv[2]}' (FORMAT csv)")
"""


def measured(command: Sequence[str]) -> tuple[float, float]:
    """Seconds and peak megabytes of a process of its own; its output is thrown away."""
    start = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    if not hasattr(os, "wait4"):
        process.wait()
        return perf_counter() - start, float("nan")
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"ended with {status}: {' '.join(command)}")
    return perf_counter() - start, usage.ru_maxrss / (1 << (20 if sys.platform == "darwin" else 10))


def make(path: Path, records: int, *arguments: str) -> Path:
    """An export of so many records, every check firing in about 0.3 % of them."""
    faults = str(max(1, records // 5000))
    script = [sys.executable, "-m", "tests.make_export", "--records", str(records), "--faults", faults]
    subprocess.run([*script, *arguments, "--out", str(path)], check=True)
    return path


def main(records: int = 1_000_000, runs: int = 5) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        utf8 = make(Path(folder) / "utf8.csv", records, "--newline", "lf")
        windows = make(Path(folder) / "windows.csv", records, "--encoding", "cp1252")
        check = [sys.executable, "-m", "icpc_cli", "check", "--format", "json"]
        commands = {
            "DuckDB, copy to the null device": [sys.executable, "-c", COPY, str(utf8), os.devnull],
            "icpc check --format json, UTF-8": [*check, str(utf8)],
            "icpc check --format json, Windows-1252": [*check, str(windows)],
        }
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for turn in range(runs + 1):
            for name, command in commands.items():
                figures = measured(command)
                if turn:  # the first turn warms up
                    taken[name].append(figures)
        size = utf8.stat().st_size / 1e6
    print(f"{records:,} records, {size:.0f} MB, {os.cpu_count()} cores, {runs} runs in turns")
    copy = [seconds for seconds, _ in taken["DuckDB, copy to the null device"]]
    for name, all_figures in taken.items():
        mine = sorted(seconds for seconds, _ in all_figures)
        ratio = statistics.median(one / its for (one, _), its in zip(all_figures, copy, strict=True))
        peak = max(memory for _, memory in all_figures)
        print(
            f"{name:40} {statistics.median(mine):6.2f} s ({mine[0]:.2f}-{mine[-1]:.2f})  {ratio:5.2f} x  {peak:5.0f} MB"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
