"""Files that belong together give the findings of the whole, and every row is accounted for.

Random exports are cut by columns into files with missing, double and surplus rows; what the program finds in them is
what the naive implementations of joining and of the checks find. ``-m slow`` runs many more.
"""

import csv
import io
from dataclasses import asdict
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import some
from tests.doors import TODAY, stated
from tests.doors import judged as judged_by_the_program
from tests.joined import TOLD_APART, File, Joined, joined
from tests.oracle import ALARM, facts_of, finding, judged, row_checks
from tests.test_oracle import POOLS, agree_on_courses, some_course, some_record

OWNERS = ("Patient", "Forløb ID")
OF_CELLS = ("R002", "R003", "R004", "R005", "R007", "R008", "R010", "P301", "P302")


def headers(random: Random) -> list[list[str]]:
    """Columns of two or three files that belong together: the day and an owner in each, all others in one or more."""
    while True:
        owner = random.choice(OWNERS)
        files = [["Dato", owner] for _ in range(random.choice((2, 2, 3)))]
        for column in random.sample(sorted({*POOLS} - {"Dato", owner}), random.choice((8, 10, 12))):
            for header in random.sample(files, 2 if random.random() < 0.15 else 1):
                header.append(column)
        there = set().union(*files)
        kinds = {frozenset(TOLD_APART & set(header)) for header in files}
        if {"Speciale", "Diagnosekode"} <= there and len(kinds) > 1:
            return [random.sample(header, len(header)) for header in files]


def cut(random: Random, courses: list[Any], of_files: list[list[str]], name: str) -> list[File]:
    """Records of these courses in such files: some missing, double, surplus, and lines that are none."""
    records = [some_record(random, course) for course in courses for _ in range(random.randint(1, 3))]
    files: list[File] = []
    for number, header in enumerate(of_files):
        rows = [[record[column] for column in header] for record in records if random.random() < 0.95]
        if random.random() < 0.5:
            random.shuffle(rows)
        for row in rows:
            if "Patient" in header and random.random() < 0.1:
                row[header.index("Patient")] = row[header.index("Patient")].replace("-", " ")
            if random.random() < 0.05:
                place = random.randrange(len(header))
                row[place] = random.choice(POOLS[header[place]])
        for _ in range(random.randint(0, 4)):
            surplus = [random.choice(POOLS[column]) for column in header]
            odd = [*surplus, "x"], [], surplus, *rows[:1]
            rows.insert(random.randint(0, len(rows)), list(random.choice(odd)))
        # Of one kind there may be several files, as for two months.
        parts = [rows[: len(rows) // 2], rows[len(rows) // 2 :]] if random.random() < 0.2 else [rows]
        files += [(f"{name}{number}{part}.csv", header, some) for part, some in enumerate(parts) if some]
    random.shuffle(files)
    return files


def written(files: list[File], folder: Any) -> list[Any]:
    """The files on disk."""
    paths = []
    for name, header, rows in files:
        text = io.StringIO()
        csv.writer(text, delimiter=";", lineterminator="\n").writerows([header, *rows])
        paths.append(folder / name)
        paths[-1].write_text(text.getvalue(), encoding="utf-8")
    return paths


def expected(
    whole: Joined, files: list[File], before: str, paths: list[Any]
) -> tuple[list[tuple[int, dict[str, Any]]], Any, str]:
    """The findings by file, the counts of courses, and the joined export."""
    text = whole.text()
    found, counts, _ = judged(text, TODAY, before)
    made: list[tuple[int, dict[str, Any]]] = []
    for each in found:
        group = whole.groups[each["row"] - 2]
        if each["check"] in OF_CELLS or (each["check"] == "R006" and each["value"].strip()):
            continue
        row = group[0]
        if each["check"] == "R009":
            first = whole.groups[int(each["facts"]["first"]) - 2][0]
            path = "" if first.file == group[0].file else f"{paths[first.file]} "
            each["facts"] = {"path": path, "first": str(first.row)}
        elif place := whole.place(group, each["column"]):
            row = place
        elif each["check"] == "R006":
            continue
        else:
            del each["column"], each["value"]
        made.append((row.file, {**each, "row": row.row}))
    notes = [record.get("Notat") for record in csv.DictReader(io.StringIO(text), delimiter=";")]
    for row, note in ((row, note) for group, note in zip(whole.groups, notes, strict=True) for row in group):
        cells = {"Diagnosekode": "", "Speciale": "", **row.cells}
        made += [
            (row.file, each | ({"red_flags": True} if note == ALARM else {}))
            for each in row_checks(row.row, cells, facts_of(cells), TODAY)
            if each["check"] in OF_CELLS or (each["check"] == "R006" and each["value"].strip())
        ]
    for file, (_, header, rows) in enumerate(files):
        made += [(file, finding(number, "R001", facts={"fault": "many"}))
                 for number, fields in enumerate(rows, start=2) if fields and len(fields) != len(header)]  # fmt: skip
    return made, counts, text


def agree(random: Random, courses: int, folder: Any) -> None:
    known = [some_course(random) for _ in range(courses)]
    if random.random() < 0.4:
        known = [(said | {"Forløb ID": str(number)}, anew) for number, (said, anew) in enumerate(known)]
    if random.random() < 0.6:  # mostly records that can be matched
        known = [(said | {"Patient": f"p{number}"}, anew | {"Dato": ["01-05-2026", "08.05.2026", "2026-05-15 10:30"]})
                 for number, (said, anew) in enumerate(known)]  # fmt: skip
    of_files = headers(random)
    files = cut(random, known, of_files, "nu")
    older = cut(random, random.sample(known, len(known) // 2 + 1), of_files, "foer") if random.random() < 0.3 else []
    if len({frozenset(TOLD_APART & set(header)) for _, header, _ in files}) < len(of_files):
        return
    if not all(any(map(any, rows)) for _, _, rows in (*files, *older)):
        return  # a file of no records is refused
    whole = joined(files)
    before = joined(older).text() if older else ""
    paths = written(files, folder)
    findings, counts, text = expected(whole, files, before, paths)
    with judged_by_the_program(paths, written(older, folder)) as checked:
        mine = [(paths.index(type(paths[0])(each.path)), stated(each)) for each in checked.findings()]
        assert sorted(map(repr, map(sorted_items, mine))) == sorted(map(repr, map(sorted_items, findings)))
        assert asdict(checked.coverage) == counts
        agree_on_courses(text, before, list(checked.courses()), None)
        for number, source in enumerate(checked.sources):
            rows = [row for group in whole.groups for row in group if row.file == number]
            heads = [group[0] for group in whole.groups if group[0].file == number]
            assert (source.judged, source.joined) == (len(heads), len(rows) - len(heads))
            assert source.read == len(rows) + source.unreadable
            of_file = [(row, why) for (file, row), why in whole.alone.items() if file == number]
            for alone, reason in zip(source.alone, ("none", "several"), strict=True):
                assert alone == tuple(row for row, why in of_file if why == reason)


def sorted_items(found: tuple[int, dict[str, Any]]) -> tuple[int, list[tuple[str, Any]]]:
    return found[0], sorted(found[1].items())


@pytest.mark.parametrize("seed", some(range(24), 8))
def test_files_cut_by_columns_give_the_findings_of_the_whole(tmp_path, seed):
    agree(Random(seed), 20, tmp_path)


@pytest.mark.slow
@settings(max_examples=1000, derandomize=False)
@given(st.integers(0, 1 << 32), st.integers(1, 12))
def test_so_do_thousands(tmp_path_factory, seed, courses):
    agree(Random(seed), courses, tmp_path_factory.mktemp("files"))
