"""What it takes to add a condition with its code: its name in the model, and data. A place left out is refused."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import icpc_cli
from icpc_cli.guideline import default_folder

MODEL = ('    OTHER = "other"\n\n\nLISTED', '    SHOULDER = "shoulder"\n    OTHER = "other"\n\n\nLISTED')

# Each place in the data: the file, what stands there, and what is put before it.
PLACES = {
    "codes": ("codes.csv", "L13,", "L08,Symptom/klage fra skulder,Shoulder symptom/complaint,icpc2\n"),
    "the code": ("codes.csv", "L03,", "L92,Skuldersyndrom,Shoulder syndrome,row-shoulder\n"),
    "statement": (
        "sources.toml",
        "[statement.first-consultation]",
        """[statement.row-shoulder]
place = "guide-table"
where = { da = "tabellen, rækken skulder", en = "the table, the row of the shoulder" }
da = "Skulder: L92."
en = "Shoulder: L92."

""",
    ),
    "name": (
        "names.toml",
        "[condition.other]",
        """[condition.shoulder]
da = "Skulder"
en = "Shoulder"
source = "row-shoulder"

""",
    ),
    "suggestion": (
        "rules.toml",
        "# Which symptom code can stand",
        """[suggestion.shoulder]
condition = "shoulder"
code = "L92"
rank = "recommended"
source = "row-shoulder"
da = "Guidens kode ved skulder."
en = "The guide's code for a shoulder."


""",
    ),
    "interim": ("rules.toml", 'L89 = "L13"', 'L92 = "L08", '),
    "acceptable": (
        "rules.toml",
        "[provisional]",
        """[[acceptable]]
condition = "shoulder"
codes = ["L92", "L08"]
source = "reading"


""",
    ),
    "provisional": ("rules.toml", "cervical_nerve_root = [", "shoulder = []\n"),
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the program in which the condition is named and stands nowhere else."""
    package = Path(icpc_cli.__file__).parent
    shutil.copytree(package, tmp_path / "icpc_cli", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(default_folder(), tmp_path / "icpc_cli" / "data" / "guideline", dirs_exist_ok=True)
    put(tmp_path / "icpc_cli" / "model.py", *MODEL)
    return tmp_path


def put(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"{path.name} no longer holds {old!r}: mend this test"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def add(house: Path, *left_out: str) -> None:
    for name, (file, before, text) in PLACES.items():
        if name not in left_out:
            put(house / "icpc_cli" / "data" / "guideline" / file, before, text + before)


def icpc(house: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(house), "PYTHONUTF8": "1", "ICPC_DATA": str(house / "none")}
    command = [sys.executable, "-m", "icpc_cli", *arguments]
    return subprocess.run(command, cwd=house, env=environment, capture_output=True, text=True, check=False)


def test_a_new_condition_is_advised_checked_and_shared_with_its_code_once_the_data_has_it(house: Path) -> None:
    add(house)
    known = ("--specialty", "57", "--condition", "skulder", "--findings-certain", "nej", "--consultation", "2")
    advice = json.loads(icpc(house, "suggest", *known, "--format", "json").stdout)
    assert advice["obligation"]["status"] == "mandatory"
    assert [(each["code"], each["role"], each["timing"], each["basis"]) for each in advice["suggestions"]] == [
        ("L92", "recommended", "wait", "guide"),
        ("L08", "interim", "now", "ekm"),
    ]
    assert [each["id"] for each in advice["caveats"]] == ["footnote-1", "keep-history"]

    rows = [f"{day:02}-01-2025;p{day};57;andet;Skulder;{code}" for day, code in enumerate(["L92"] * 20 + ["L90"], 1)]
    header = "Dato;Patient;Speciale;Forløbstype;Problemstilling;Diagnosekode"
    export = house / "klinik.csv"
    export.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    found = json.loads(icpc(house, "check", "klinik.csv", "--today", "2026-06-01", "--format", "json").stdout)
    assert [(each["row"], each["check"], each["suggestions"]) for each in found["findings"]] == [(22, "K103", ["L92"])]

    shared = icpc(house, "network", "share", "klinik.csv", "--output", "delt.json", "--yes")
    assert shared.returncode == 0, shared.stderr
    assert "L92" in (house / "delt.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("forgotten", PLACES)
def test_a_place_that_is_forgotten_is_refused(house: Path, forgotten: str) -> None:
    add(house, forgotten)
    ended = icpc(house, "suggest", "--specialty", "57", "--format", "json")
    assert (ended.returncode, ended.stdout) == (3, "")
    assert "regelfiler" in ended.stderr
