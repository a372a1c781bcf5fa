"""A second implementation of joining, small and naive: what the records of several files of a clinic are together.

From the specification; it shares nothing with the program. Files are ``(name, header, rows of fields)``; rows count
from 2, and those with another number of fields are no records.
"""

import csv
import io
import re
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from tests.oracle import TITLES, clinic_of, facts_of, patient_of, states

TOLD_APART = {"Diagnosekode", "Problemstilling", "Forløbstype", "Speciale", "Ydelse", "Notat"}
File = tuple[str, list[str], list[list[str]]]


@dataclass(eq=False)
class Row:
    """A record of one file."""

    file: int
    row: int
    header: list[str]
    cells: dict[str, str]
    side: int = 0
    fits: dict[int, list["Row"]] = field(default_factory=dict)

    @property
    def facts(self) -> dict[str, Any]:
        """What it states by itself."""
        return facts_of({"Diagnosekode": "", **self.cells})

    def states(self, column: str) -> Any:
        """What a cell states, in a form that can be compared; nothing where it states none."""
        cell, facts = self.cells.get(column, ""), self.facts
        number = int(cell) if cell.isdigit() else None
        meant = {
            "Konsultation": number, "Diagnosetekst": TITLES.get(cell.lower()), "Klinik": clinic_of(self.cells),
            "Ydelse": cell, "Problemstilling": states(facts, "conditions"), "Diagnosekode": tuple(facts["codes"]),
            "Speciale": facts["specialty"], "Forløbstype": facts["course"], "Nerverodstegn": facts["signs"],
            "Sikre fund": facts["certain"],
        }  # fmt: skip
        return meant[column] or None

    def whose(self) -> tuple[Any, ...]:
        """Patient, course id, and the time of day."""
        time = re.search(r"(\d\d):(\d\d)$", self.cells["Dato"])
        minutes = int(time[1]) * 60 + int(time[2]) if time else 0
        return patient_of(self.cells) or None, self.cells.get("Forløb ID") or None, minutes or None


def same(one: Row, other: Row, shared: set[str]) -> bool:
    """Whether two rows are of one patient and day, and contradict each other in nothing that both state."""
    if one.facts["day"] is None or one.facts["day"] != other.facts["day"]:
        return False
    pairs = list(zip(one.whose(), other.whose(), strict=True))
    pairs += [(one.states(column), other.states(column)) for column in shared]
    agree = all(not mine or not theirs or mine == theirs for mine, theirs in pairs)
    return agree and any(mine and mine == theirs for mine, theirs in pairs[:2])


@dataclass
class Joined:
    """The records of the files together: groups of rows, and how many files there are of each kind."""

    groups: list[list[Row]]
    shared: set[str]
    columns: list[str]
    alone: dict[tuple[int, int], str]

    def place(self, group: list[Row], column: str) -> Row | None:
        """The row in which the cell of a column stands: one that states something, else one with something in it."""
        having = [row for row in group if column in row.header]
        key = column in self.shared and column != "Notat"
        rank = {id(row): ((key and row.states(column) is None), not row.cells[column].strip()) for row in having}
        return min(having, key=lambda row: (*rank[id(row)], row.file, row.row), default=None)

    def text(self) -> str:
        """The records as one export, in the order of the first row of each."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";", lineterminator="\n")
        writer.writerow([*self.columns, "Fil", "Kodefelt"])
        for group in self.groups:
            cells = []
            for column in self.columns:
                row = self.place(group, column)
                mine = max((each.cells.get(column, "") for each in group), default="")
                if column == "Notat":
                    mine = "\n".join(each.cells[column] for each in group if each.cells.get(column, "").strip())
                elif row and column not in ("Patient", "Forløb ID"):
                    mine = row.cells[column]
                cells.append(mine or (self.owner(group, column) if len(group) == 1 else ""))
            coded = "ja" if self.place(group, "Diagnosekode") else "nej"
            writer.writerow([*cells, "+".join(",".join(row.header) for row in group), coded])
        return text.getvalue()

    def owner(self, group: list[Row], column: str) -> str:
        """The clinic or course id of a lone row's patient, where its file has no such column and there is but one."""
        (row,) = group
        who = patient_of(row.cells)
        if column not in ("Klinik", "Forløb ID") or column in row.header or not who:
            return ""
        of_patient = [each.cells[column] for other in self.groups for each in other
                      if patient_of(each.cells) == who and each.cells.get(column)]  # fmt: skip
        known = {" ".join(each.split()).lower() for each in of_patient}
        return of_patient[0] if len(known) == 1 else ""


def joined(files: list[File]) -> Joined:
    """The records of these files, joined."""
    kinds = list(dict.fromkeys(frozenset(TOLD_APART & set(header)) for _, header, _ in files))
    sides = [kinds.index(frozenset(TOLD_APART & set(header))) for _, header, _ in files]
    rows = [
        Row(file, number, header, dict(zip(header, fields, strict=True)), sides[file])
        for file, (_, header, records) in enumerate(files)
        for number, fields in enumerate(records, start=2)
        if any(fields) and len(fields) == len(header)
    ]  # fmt: skip
    columns = list(dict.fromkeys(column for _, header, _ in files for column in header))
    of_sides = {column: {row.side for row in rows if column in row.header} for column in columns}
    shared = {column for column in columns if len(of_sides[column]) > 1} - {"Dato", "Patient", "Forløb ID"}
    for one, other in combinations(rows, 2):
        if one.side != other.side and same(one, other, shared - {"Notat"}):
            one.fits.setdefault(other.side, []).append(other)
            other.fits.setdefault(one.side, []).append(one)
    paired = {id(row): [many[0] for many in row.fits.values()
                        if len(many) == 1 and len(many[0].fits[row.side]) == 1] for row in rows}  # fmt: skip
    groups, seen = [], set()
    for row in rows:
        if id(row) in seen:
            continue
        group = [row]
        for each in group:
            group += [other for other in paired[id(each)] if other not in group]
        whole = all(other in paired[id(one)] for one, other in combinations(group, 2))
        groups += [group] if whole else [[each] for each in group]
        seen |= set(map(id, group))
    for group in groups:
        group.sort(key=lambda row: (row.file, row.row))
    groups.sort(key=lambda group: (group[0].file, group[0].row))
    alone = {(row.file, row.row): "several" if row.fits else "none"
             for group in groups if len(group) == 1 for row in group}  # fmt: skip
    return Joined(groups, shared, columns, alone)
