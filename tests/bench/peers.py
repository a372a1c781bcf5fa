"""How long tools take that people check tables with today, beside ``icpc check`` on the same file.

They are not part of this project. Install them in an environment of their own, and run with its interpreter:

    python -m venv peers && peers/bin/pip install frictionless csvkit sqlite-utils 'pandera[pandas]' pandas
    python -m tests.bench.peers peers/bin/python [records]

Each does what it does for such a file: read all of it and check its shape, or ten columns by pattern or list; only icpc
knows courses and the guide. Whole processes in turns, medians of three; prints only.
"""

import os
import sys
import tempfile
from pathlib import Path

from tests.bench.check import in_turns, make, printed

READ = "import csv, sys; sum(1 for _ in csv.reader(open(sys.argv[1])))"
PANDERA = r"""
import sys, warnings
warnings.filterwarnings("ignore")
import pandas, pandera.pandas as pa
table = pandas.read_csv(sys.argv[1], sep=";", dtype=str, keep_default_na=False)
column = lambda *checks: pa.Column(str, list(checks))
matches, among = pa.Check.str_matches, pa.Check.isin
schema = pa.DataFrameSchema({
    "Dato": column(matches(r"^\d\d-\d\d-\d{4}$")), "CPR-nr": column(matches(r"^\d{6}-\d{4}$")),
    "Speciale": column(among(["51", "57", "62", "65"])), "Ydelseskode": column(matches(r"^\d{4}$")),
    "Behandler": column(matches("^[A-ZÆØÅ]{2,4}$")), "Forløbstype": column(among(["Struktureret", "Andet"])),
    "Nerverodstegn": column(among(["ja", "nej", ""])), "Sikre fund": column(among(["ja", "nej", ""])),
    "ICPC-kode": column(matches(r"^([A-Z]\d\d)?$")), "Konsultation": column(matches(r"^\d{1,3}$")),
})
try:
    schema.validate(table, lazy=True)
except pa.errors.SchemaErrors as error:
    print(len(error.failure_cases))
"""


def main(python: str, records: int = 1_000_000) -> None:
    """Measure and print."""
    bin_ = Path(python).parent
    with tempfile.TemporaryDirectory() as folder:
        export = str(make(Path(folder) / "export.csv", records, "--faults", str(records // 5000), "--newline", "lf"))
        commands = {
            "icpc check": [sys.executable, "-m", "icpc_cli", "check", "--format", "jsonl", export],
            "csv module, read only": [python, "-c", READ, export],
            "pandas + pandera, ten columns": [python, "-c", PANDERA, export],
            "csvkit csvclean, shape of rows": [str(bin_ / "csvclean"), "-d", ";", "-a", export],
            "frictionless validate": [str(bin_ / "frictionless"), "validate", "--trusted",
                                      "--limit-errors", "1000000000", export],
            "sqlite-utils insert": [str(bin_ / "sqlite-utils"), "insert", f"{folder}/x.db", "t", export,
                                    "--csv", "--delimiter", ";"],
        }  # fmt: skip
        there = {name: command for name, command in commands.items() if Path(command[0]).exists()}
        print(f"{records:,} records, {Path(export).stat().st_size / 1e6:.0f} MB, {os.cpu_count()} cores")
        printed(in_turns(there, 3))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1], *map(int, sys.argv[2:]))
    else:
        print("name the interpreter of an environment that has them")
