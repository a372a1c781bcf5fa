"""What becomes of findings from export to export: counts that hold, and a year that is told alike however it is cut."""

import csv
import io
import json
from collections import defaultdict
from pathlib import Path
from random import Random

import pytest

from icpc_cli.cases.words import read_day
from tests import make_export
from tests.conftest import some
from tests.doors import judged

HEADER = "Dato;CPR;Speciale;Forløbstype;Problemstilling;Diagnosekode"
KNEE = "51;struktureret;artrose i knæ"


def written(folder: Path, name: str, *rows: str) -> str:
    path = folder / name
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return str(path)


def test_each_finding_says_whether_it_is_new_and_the_counts_say_what_became_of_the_others(icpc, tmp_path):
    april = written(
        tmp_path, "april.csv",
        f"01-04-2026;a;{KNEE};", f"08-04-2026;a;{KNEE};", f"01-04-2026;b;{KNEE};", f"08-04-2026;b;{KNEE};",
        f"02-04-2026;c;{KNEE};L8", "for;få;felter",
    )  # fmt: skip
    may = written(
        tmp_path, "maj.csv", f"01-05-2026;a;{KNEE};", f"08-05-2026;b;{KNEE};L90", f"02-05-2026;e;{KNEE};L8", "for;få"
    )
    ended = icpc("check", may, "--previous", april, "--format", "json", "--today", "2026-06-01")
    result = json.loads(ended.out)
    # The uncoded a is open, b is mended, nothing of c is here, and a row that cannot be read is never the same.
    assert result["since"] == {"new": 3, "open": 1, "mended": 1, "gone": 3}
    assert {(each["row"], each["check"]): each["state"] for each in result["findings"]} == {
        (2, "K101"): "open", (4, "K102"): "new", (4, "R003"): "new", (5, "R001"): "new",
    }  # fmt: skip
    screen = icpc("check", may, "--previous", april, "--today", "2026-06-01").out
    assert "3 nye · 1 stadig åbne · 1 rettet · 3 ikke i denne eksport" in " ".join(screen.split())
    only = icpc("check", may, "--previous", april, "--only", "new", "--format", "concise", "--today", "2026-06-01")
    assert [line.split(" ")[1] for line in only.out.splitlines()] == ["K102", "R003", "R001"]
    assert "state" not in json.loads(icpc("check", may, "--format", "json").out)["findings"][0]


def test_only_new_needs_something_to_compare_with(icpc, tmp_path):
    ended = icpc("check", written(tmp_path, "maj.csv", f"01-05-2026;a;{KNEE};"), "--only", "new")
    assert (ended.status, ended.out) == (2, "")
    assert "--previous" in ended.err


@pytest.mark.parametrize("named", ["folder", "pattern", "file"])
def test_what_is_also_given_as_new_is_no_earlier_export_however_it_is_named(icpc, tmp_path, named):
    april = written(tmp_path, "april.csv", f"01-04-2026;a;{KNEE};L8", f"01-04-2026;b;{KNEE};L8")
    may = written(tmp_path, "maj.csv", f"01-05-2026;a;{KNEE};L8", f"02-05-2026;e;{KNEE};L8")
    earlier = {"folder": (str(tmp_path),), "pattern": (str(tmp_path / "*.csv"),), "file": (may, april)}[named]
    previous = [word for path in earlier for word in ("--previous", path)]
    result = json.loads(icpc("check", may, *previous, "--format", "json", "--today", "2026-06-01").out)
    alone = json.loads(icpc("check", may, "--previous", april, "--format", "json", "--today", "2026-06-01").out)
    assert (result["since"], result["courses"]) == (alone["since"], alone["courses"])
    assert icpc("check", may, "--previous", may, "--only", "new").status == 2


def test_of_several_earlier_exports_the_newest_is_compared_with_whatever_its_name(icpc, tmp_path):
    older = written(tmp_path, "z.csv", f"01-03-2026;a;{KNEE};L8", f"02-03-2026;b;{KNEE};L8")
    newest = written(tmp_path, "a.csv", f"01-04-2026;a;{KNEE};L8")
    now = written(tmp_path, "m.csv", f"01-05-2026;c;{KNEE};L90")
    for given in ((older, newest), (newest, older)):
        previous = [word for path in given for word in ("--previous", path)]
        result = json.loads(icpc("check", now, *previous, "--format", "json").out)
        assert result["since"] == {"new": 0, "open": 0, "mended": 0, "gone": 2}


def monthly(folder: Path, seed: int, courses: int, *, ids: bool) -> list[Path]:
    """A year of a clinic in one file a month, in which some courses wait for their code."""
    random = Random(seed)
    months = defaultdict(list)
    for row in make_export.export(courses, by_records=False, faults=0, seed=seed):
        assert isinstance(row, dict)
        day = read_day(row["Dato"])
        assert day is not None
        late = random.random() < 0.3 and not row["ICPC-kode"].startswith(" ")
        code = {"ICPC-kode": "", "ICPC-tekst": ""} if late else {}
        months[day.year, day.month].append(row | code | ({} if ids else {"Forløb ID": ""}))
    files = []
    for (year, month), rows in sorted(months.items()):
        path = folder / f"{year}-{month:02}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, make_export.COLUMNS, delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
        files.append(path)
    return files


@pytest.mark.parametrize("ids", some([True, False], 1))
def test_monthly_slices_and_growing_snapshots_tell_the_same_story_of_every_course(tmp_path, ids):
    files = monthly(tmp_path, 5, 200, ids=ids)
    texts = (file.read_bytes().decode() for file in files)
    tables = [list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";")) for text in texts]
    who = "Forløb ID" if ids else "CPR-nr"
    coded: set[str] = set()
    told = 0
    for place, file in enumerate(files):
        coded |= {row[who] for row in tables[place] if row["ICPC-kode"]}
        if place % 4 != 3:
            continue
        with judged([file], files[:place]) as slices:
            uncoded = {tables[place][each.row - 2][who]: each.check for each in slices.findings()
                       if each.check in ("K101", "K102")}  # fmt: skip
            assert not {"H201", "H203"} & slices.counts.keys()
        assert not coded & uncoded.keys()
        whole = tmp_path / "snapshot.csv"
        rows = [row for table in tables[: place + 1] for row in table]
        with whole.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, make_export.COLUMNS, delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
        with judged([whole]) as snapshot:
            here = {row[who] for row in tables[place]}
            found = {rows[each.row - 2][who]: each.check for each in snapshot.findings()
                     if each.check in ("K101", "K102")}  # fmt: skip
        assert {course: check for course, check in found.items() if course in here} == uncoded
        told += len(uncoded)
    assert told >= 4
