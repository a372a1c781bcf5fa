"""The tables of the database, each declared once: its columns, and by which step it is filled.

A table stands for its own name in SQL. Steps take what they read and give what they filled, in the order of this page.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from icpc_cli.judging.database import Database, fill, made

PLACES, MEANINGS = 1 << 32, 1 << 9
"""More than the records of any export, and than the numbers of any fact: a day and a record's number make one number
that orders a course, and with a fact one that is the greatest where the fact is the last; all in 63 bits.
"""
ORDER = f"day::BIGINT * {PLACES} + record"
"""What orders the records of a course: by day, then by place; those without a valid day first."""


class Table(NamedTuple):
    """A table: its name, and its columns with their SQL types; where there are none, the query that fills it says."""

    name: str
    columns: Mapping[str, str]

    def __str__(self) -> str:
        return self.name

    def create(self, database: Database) -> None:
        """Make it, empty."""
        columns = ", ".join(f"{name} {kind}" for name, kind in self.columns.items())
        database.execute(f"CREATE OR REPLACE TABLE {self.name} ({columns})")

    def fill(self, database: Database, columns: Sequence[Collection[Any]]) -> None:
        """Add rows, given column by column."""
        fill(database, self.name, columns)

    def hold(self, database: Database, columns: Sequence[Collection[Any]]) -> None:
        """Make it of these rows, given column by column."""
        if not (columns and len(columns[0])):
            self.create(database)
            return
        rows = f"CREATE OR REPLACE TABLE {self.name} AS SELECT * FROM {self.given}"
        database.execute(rows, list(map(list, columns)))

    @property
    def given(self) -> str:
        """Its rows, in a query that is given them column by column: quicker than a table that is asked for once."""
        rows = (f"unnest(${place})::{kind} AS {name}" for place, (name, kind) in enumerate(self.columns.items(), 1))
        return f"(SELECT {', '.join(rows)}) {self.name}"

    def make(self, database: Database, query: str, values: Sequence[Any] = ()) -> int:
        """Make it of a query with just its columns, by name; how many rows it has."""
        chosen = ", ".join(f"{name}::{kind} AS {name}" if kind else name for name, kind in self.columns.items())
        return made(database, f"OR REPLACE TABLE {self.name} AS SELECT {chosen} FROM ({query})", values)

    def add(self, database: Database, query: str, values: Sequence[Any] = ()) -> None:
        """Add the rows of a query that gives its columns, by name."""
        database.execute(f"INSERT INTO {self.name} BY NAME {query}", list(values))


# Filled by the loader.
LOADED, LOADED_BEFORE = "loaded", "loaded_before"
"""Views of all good records of the export, and of an earlier one, file by file; see :class:`Loader`."""

# Filled by the judge.
FINDINGS = Table(
    "findings", {"record": "BIGINT", "number": "UTINYINT", "role": "TINYINT", "detail": "INTEGER", "value": "VARCHAR"}
)
"""What was found: record, number of the check, the role whose cell it stands on (-1: none), number of the detail."""

SAYS = {
    "specialty": ("specialty",),
    "course": ("course",),
    "condition": ("condition", "condition_key", "condition_silent"),
    "nerve_root_signs": ("nerve_root_signs",),
    "findings_certain": ("findings_certain",),
    "code": ("code", "coding"),
    "code_text": ("code_text",),
    "service": ("service_course", "service_condition", "service_first"),
    "date": ("date",),
    "consultation": ("consultation",),
    "clinic": ("clinic",),
}
"""What a value of a role says, each by number."""
_ROLE = {name: role for role, names in SAYS.items() for name in names}
MEANT = Table("meant", dict.fromkeys((f"of_{name}" for name in _ROLE), ""))
"""One row: what all values of each role say, in the order of their numbers. To look there takes less than a join."""


def meant(name: str, view: str) -> str:
    """What the cell of a record of this view says, in a query of the view and ``MEANT``."""
    return f"{MEANT}.of_{name}[{view}.{_ROLE[name]} + 1]"


def keys(told: Sequence[str]) -> Table:
    """By what records of several files are matched; ``told`` must not differ where both state it (not 0)."""
    whose = {"day": "INTEGER", "who": "VARCHAR", "course_id": "VARCHAR", "side": "TINYINT", "clinic_id": "INTEGER"}
    return Table("keys", {"record": "BIGINT", "clinic": "INTEGER"} | whose | dict.fromkeys(told, "INTEGER"))


def alike(told: Sequence[str]) -> Table:
    """The records of one side that are alike in all that they are matched by: how many, and the first of them."""
    columns = ("day", "who", "course_id", "side", *told, "rows", "record")
    return Table("alike", dict.fromkeys(columns, ""))


FITS = Table("fits", dict.fromkeys(("record", "side", "rows", "other", "beside", "others"), ""))
"""Records of two sides (one for all that are alike) that fit each other, with how many they stand for."""
PAIRS = Table("pairs", {"record": "", "other": ""})
"""Those that fit no others of the other side, the first of the two first."""
HEADS = Table("heads", {"record": "", "head": ""})
"""The first of the records that each of these is paired with; only where there are more than two sides."""
JOINED = Table("joined", {"record": "BIGINT", "head": "BIGINT"})
"""The records of several files that are one: each with the first of them, which stands for all."""
AMBIGUOUS = Table("ambiguous", {"record": "BIGINT"})
"""The records that fit several of another file, so that they are judged alone."""
WHOLE, WHOLE_BEFORE = "whole", "whole_before"
"""The records of those views, joined: ``..._at`` is the record in whose file the cell of a role stands."""
SHARED = Table("shared_found", {"shared": "INTEGER", "place": "INTEGER", **dict(list(FINDINGS.columns.items())[1:])})
"""What is found most often, by number, whichever the record of a file (``place``) it is found in."""
FOUND = (
    f"(SELECT f.*, f.rowid AS finding, coalesce(head, record) AS whole "
    f"FROM {FINDINGS} f LEFT JOIN {JOINED} USING (record))"
)
"""The findings, each with its place in the table, and with the joined record that its own belongs to."""
_STATED = {
    "specialty": "INTEGER", "course": "INTEGER", "condition": "INTEGER", "noted": "INTEGER",
    "nerve_root_signs": "TINYINT", "findings_certain": "TINYINT", "noted_signs": "TINYINT", "noted_certain": "TINYINT",
}  # fmt: skip
"""Facts by number, 0: not stated; ``noted...`` are what a note says where no cell does."""
FACTS = tuple(_STATED)
"""The facts of a record, and those that a course ends with."""
_WHEN = {"record": "BIGINT", "era": "TINYINT", "day": "INTEGER", "consultation": "INTEGER", "clinic": "INTEGER"}
_CODES = {"code": "INTEGER", "coding": "UTINYINT", "code_text": "INTEGER"}
"""The valid codes of a record by number, what they are, and the codes of which its code text is the title."""
NEW, HISTORY, OLD = range(3)
"""Eras: records that are judged; those of an earlier export before them, which complete their courses; the others."""


WHOSE = "whose"
"""A view of all records, those of an earlier export too: record, clinic, course id, patient, and ``who``: the patient
however the number is written."""
COURSE_IDS = Table("course_ids", {"clinic": "INTEGER", "course_id": "VARCHAR", "member": "BIGINT", "differ": "BOOLEAN"})
"""The courses that have an id, each with the first of its records, and whether they name patients differently."""


def facts(kept: Sequence[str]) -> Table:
    """Of every record the course that it belongs to, by the number of one of its records, and its facts.

    They are first those that its own cells and its note state, then completed by those of its course. ``first``: a
    service that begins a course; ``condition_key`` tells conditions apart, those that were not understood too (below
    0). ``kept``: further columns, for figures.
    """
    own = {"member": "BIGINT", "first": "BOOLEAN", "condition_key": "INTEGER"}
    return Table("facts", _WHEN | own | _STATED | _CODES | dict.fromkeys(kept, ""))


NOTE_FACT = Table("note_fact", {"note": "VARCHAR", "fact": "INTEGER"})
"""What a note says, by number; a note that says nothing is not in it."""
FLAGGED = Table("flagged", {"note": "VARCHAR", "fact": "INTEGER"})
"""The same of notes that were only read for their red flags."""
ALARMING = Table("alarming", {"record": "BIGINT"})
"""The records whose notes hold red flags."""


LONE = Table("lone", {"clinic": "INTEGER", "who": "VARCHAR", "record": "BIGINT"})
"""The records that name a patient and no course id."""
MEMBERS = Table("members", {"record": "BIGINT", "member": "BIGINT"})
"""The course that each of those belongs to."""


# Filled by the judge of courses.
KIND = (*FACTS, "coding", "consultations", "early")
"""What makes courses alike: the facts that they end with, what their codes are, how many consultations."""
KINDS = Table("kinds", dict.fromkeys((*KIND, "courses", "kind"), ""))
"""The kinds of courses by number, and how many courses are of each."""
