"""How long services and journal in two files take beside the same content in one: whole processes in turns, medians.

Run: ``python -m tests.bench.joined [records] [runs]``. Prints only; nothing here fails.
"""

import csv
import os
import sys
import tempfile
from pathlib import Path

from tests.bench.check import in_turns, make, printed

SERVICES = ("Dato", "CPR-nr", "Forløb ID", "Speciale", "Ydelseskode", "Behandler", "Forløbstype", "Problemstilling",
            "Konsultation", "Klinik")  # fmt: skip
JOURNAL = ("Dato", "CPR-nr", "Nerverodstegn", "Sikre fund", "ICPC-kode", "ICPC-tekst", "Notat")


def cut(source: Path, path: Path, columns: tuple[str, ...]) -> str:
    """Some columns of an export as a file of its own."""
    with source.open(encoding="utf-8", newline="") as text, path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([row[name] for name in columns] for row in csv.DictReader(text, delimiter=";"))
    return str(path)


def main(records: int = 1_000_000, runs: int = 5) -> None:
    """Measure and print, with as many records in each of the two files."""
    check = [sys.executable, "-m", "icpc_cli", "check", "--format", "jsonl"]
    with tempfile.TemporaryDirectory() as folder:
        whole = make(Path(folder) / "whole.csv", records, "--newline", "lf")
        files = [cut(whole, Path(folder) / "services.csv", SERVICES), cut(whole, Path(folder) / "journal.csv", JOURNAL)]
        print(f"{records:,} records, {os.cpu_count()} cores, {runs} runs in turns")
        commands = {
            "icpc check, one file": [*check, str(whole)],
            "services and journal, joined": [*check, *files],
            "one file, notes not read": [*check, "--no-notes", str(whole)],
            "joined, notes not read": [*check, "--no-notes", *files],
        }
        taken = in_turns(commands, runs)
        for one, other in (list(taken)[:2], list(taken)[2:]):
            printed({name: taken[name] for name in (one, other)})


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
