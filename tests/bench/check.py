"""How long big checks take beside DuckDB copying the same file: whole processes in turns, medians, peak memory.

Run: ``python -m tests.bench.check [records] [runs]``. Prints only; nothing here fails. Ten million records take some
10 GB of disk in the folder of temporary files: ``python -m tests.bench.check 10000000 1``.
"""

import csv
import itertools
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

SPEC = Path(__file__).parent.parent / "spec"
COPY = """
import sys, duckdb
duckdb.sql(f"COPY (SELECT * FROM read_csv('{sys.argv[1]}', all_varchar=true)) TO '{sys.argv[2]}' (FORMAT csv)")
"""
NOTE_COLUMNS = (0, 1, 2, 3, 4, 5, 6, 10, 12, 13)
"""The columns of the export but for those that state a condition, signs or certain findings."""


@dataclass
class Figures:
    """Seconds and peak megabytes of a command's runs."""

    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)


def measured(command: Sequence[str]) -> tuple[float, float]:
    """Seconds and peak megabytes of a process of its own; its output is thrown away."""
    start = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if not hasattr(os, "wait4"):
        process.wait()
        return perf_counter() - start, float("nan")
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"ended with {status}: {' '.join(command)}")
    return perf_counter() - start, usage.ru_maxrss / (1 << (20 if sys.platform == "darwin" else 10))


def in_turns(commands: Mapping[str, Sequence[str]], runs: int) -> dict[str, Figures]:
    """Every command ``runs`` times, one after the other; a first turn only warms up, unless there is but one."""
    taken = {name: Figures() for name in commands}
    for turn in range(runs + (runs > 1)):
        for name, command in commands.items():
            seconds, megabytes = measured(command)
            if turn or runs == 1:
                taken[name].seconds.append(seconds)
                taken[name].megabytes.append(megabytes)
    return taken


def printed(taken: Mapping[str, Figures]) -> None:
    """A line each: median, least and most seconds, the median ratio to the first command, the peak."""
    first = next(iter(taken.values())).seconds
    for name, figures in taken.items():
        ratio = statistics.median(one / its for one, its in zip(figures.seconds, first, strict=True))
        median, least, most = statistics.median(figures.seconds), min(figures.seconds), max(figures.seconds)
        print(f"{name:44} {median:7.2f} s ({least:.2f}-{most:.2f}) {ratio:6.2f} x {max(figures.megabytes):6.0f} MB")


def make(path: Path, records: int, *arguments: str) -> Path:
    """An export of so many records."""
    script = [sys.executable, "-m", "tests.make_export", "--records", str(records)]
    subprocess.run([*script, *arguments, "--out", str(path)], check=True)
    return path


def broken(path: Path, source: Path) -> Path:
    """The export with every thousandth record cut short."""
    with source.open("rb") as lines, path.open("wb") as file:
        for number, line in enumerate(lines):
            file.write(line if number % 1000 != 500 else line[: len(line) // 2].rstrip(b"\n") + b"\n")
    return path


def with_notes(path: Path, source: Path, notes: Iterator[str]) -> Path:
    """The export without the columns that notes can stand for, with these notes."""
    with source.open(encoding="utf-8", newline="") as text, path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        rows = csv.reader(text, delimiter=";")
        header = next(rows)
        writer.writerow([*(header[place] for place in NOTE_COLUMNS), "Notat"])
        for row, note in zip(rows, notes, strict=False):
            writer.writerow([*(row[place] for place in NOTE_COLUMNS), note])
    return path


def numbered_notes() -> Iterator[str]:
    """The annotated notes over and over, each time with another number: as where clinics write from templates."""
    given = _annotated()
    rng = random.Random(3)
    for number in itertools.count():
        yield f"{rng.choice(given)} Kontrol om {number} dage."


def mixed_notes() -> Iterator[str]:
    """Three sentences of the annotated notes put together anew, with a number: hardly two say the same."""
    sentences = [
        f"{part.strip()}."
        for note in _annotated()
        for part in re.split(r"(?<=[a-zæøå]{5})\. |\.$", note)
        if 3 <= len(part.split()) <= 12 and re.search("[a-zæøå]{5}$", part)
    ]
    rng = random.Random(5)
    for number in itertools.count():
        yield f"{' '.join(rng.sample(sentences, 3))} Kontrol om {number} dage."


def _annotated() -> list[str]:
    return [json.loads(line)["note"] for line in (SPEC / "notes.jsonl").read_text(encoding="utf-8").splitlines()]


def main(records: int = 1_000_000, runs: int = 5) -> None:
    """Measure and print."""
    check = [sys.executable, "-m", "icpc_cli", "check", "--format", "jsonl"]
    with tempfile.TemporaryDirectory() as folder:
        odd = make(Path(folder) / "odd.csv", records, "--unfriendly", "--newline", "lf")
        quoted = make(Path(folder) / "quoted.csv", records, "--unfriendly", "--quoted", "--newline", "crlf")
        utf8 = make(Path(folder) / "utf8.csv", records, "--newline", "lf")
        windows = make(Path(folder) / "windows.csv", records, "--encoding", "cp1252")
        print(f"{records:,} records, {utf8.stat().st_size / 1e6:.0f} MB, {os.cpu_count()} cores, {runs} runs in turns")
        commands = {
            "DuckDB, copy to the null device": [sys.executable, "-c", COPY, str(utf8), os.devnull],
            "icpc check, UTF-8, notes not read": [*check, "--no-notes", str(utf8)],
            "the same in Windows-1252": [*check, "--no-notes", str(windows)],
            "the same, 0.1 % of the records broken": [*check, "--no-notes", str(broken(Path(folder) / "b.csv", utf8))],
        }
        printed(in_turns(commands, runs))
        print("as clinics have them: line breaks in notes, every fact varied, half a million findings in a million")
        commands = {
            "DuckDB, copy to the null device": [sys.executable, "-c", COPY, str(odd), os.devnull],
            "icpc check, notes not read": [*check, "--no-notes", str(odd)],
            "icpc check": [*check, str(odd)],
            "the same, every field quoted, CRLF": [*check, "--no-notes", str(quoted)],
        }
        printed(in_turns(commands, runs))
        print("notes of some 20 words, all different, in place of three columns")
        numbered = str(with_notes(Path(folder) / "numbered.csv", utf8, numbered_notes()))
        mixed = str(with_notes(Path(folder) / "mixed.csv", utf8, mixed_notes()))
        commands = {
            "icpc check --no-notes": [*check, "--no-notes", numbered],
            "icpc check, annotated notes with numbers": [*check, numbered],
            "icpc check, sentences put together anew": [*check, mixed],
        }
        printed(in_turns(commands, max(1, runs // 2)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
