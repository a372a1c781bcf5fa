"""Raw cells of an export into facts. Everything else compares facts, never raw cells."""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from functools import cache, partial
from typing import NamedTuple

from icpc_cli.cases import understood
from icpc_cli.cases.words import read_specialty
from icpc_cli.guideline import Guideline, fold, plain
from icpc_cli.guideline.cellwords import Meaning, load_cell_words
from icpc_cli.guideline.wordfile import load_words
from icpc_cli.model import Condition, Fact
from icpc_cli.notes.cells import Cell, read_cell, spelled_out
from icpc_cli.voice import cpr

_SEVERAL = re.compile(r"[,;+]|/(?!(?<=[1-8]/)[CLTSclts]?[1-8](?!\w))")
"""What parts a cell; not the ``/`` of two levels: ``L4/L5``."""
_AND = re.compile(r"\s*\+\s*(?=\w)")
_JOINED = re.compile(r"\s+(?:og|samt)\s+|\s*&\s*")
_LEADING = re.compile(r"(.*\s(?:i|af|fra|på|omkring)\s)[^\W\d_]+(?:\s[^\W\d_]+)*$")
"""What stands before a place: ``smerter i skulder``."""
_IN_BRACKETS = re.compile(r"\s*\(([^()]*)\)")
_CODE = re.compile(r"^(?:D?[A-Z][0-9]{2}\.[0-9]+|D[A-Z][0-9]{2,4}|[A-Z][0-9]{3,4})\W+(?=\w)")
"""An ICD-10 code before a problem: ``DM480 Spinalstenose``."""
_TIDY = re.compile(r"(?<!\w)[A-Z][0-9]{2}(?![\w.])")
"""An ICPC-2 code in the place of a problem: "L90" says what its title says."""
_COUNTED = re.compile(r"([^\W\d_. ]*[. ]*)([0-9]{1,4})(?:[.,]0+)?(\.? ?[^\W\d_]*\.?)")
"""A number with a word before or behind it, at most."""
_WORD = re.compile(r"[^\W\d_]+\.?")
_DECIMAL = re.compile(r"^(\d+)[.,]0$")
"""A number as a spreadsheet writes one that is whole: ``1101401000.0``."""
_MOST = 300
_EPOCH = date(1899, 12, 30)
"""Day 0 of spreadsheets, from March 1900 on."""


class Read(NamedTuple):
    """What a cell says: its ``value``, whether it was ``understood``, and the ``key`` that tells courses apart.

    ``left`` are the parts of a cell of conditions that were not understood; ``silent``: they say nothing of a problem
    ("Kontrol"), as good as blank.
    """

    value: object
    understood: bool
    key: str
    left: tuple[str, ...] = ()
    silent: bool = False


def stated(guideline: Guideline, fact: Fact, cell: str, *, asked: bool = False) -> Read:
    """What a cell says of the specialty, the course type, or an answer. Blank says nothing, and is understood.

    ``asked``: the header of the column asks whether the course is structured.
    """
    nothing = None if fact is Fact.SPECIALTY else "unknown"
    cell = plain(cell)
    if not cell.strip():
        return Read(nothing, understood=True, key="")
    value = understood(guideline, fact, cell, asked=asked)
    if value is None and fact is Fact.COURSE and any(map(str.isalpha, cell)) and read_specialty(cell):
        value = "unknown"  # where one column says both, "Vederlagsfri fysioterapi" says nothing of the course
    if value is None:
        return Read(nothing, understood=False, key="")
    return Read(value, understood=True, key="" if value == "unknown" else value)


@cache
def conditions(guideline: Guideline, cell: str) -> Read:
    """The conditions of a cell, in table order; several may stand there, separated by ``, ; / +``.

    By their names, else as a note is read; what plainly is something else is other. A part that is none of these is not
    understood: what the others say counts, but other beside it is unknown. What was filled in and says nothing of a
    condition keeps its own words as its key.
    """
    cell = plain(cell)
    if not cell.strip() or _is_unknown(guideline, cell):
        return Read((), understood=True, key="")
    text = spelled_out(load_words(), cell)
    parts = [part for part in map(str.strip, _SEVERAL.split(text)) if part]
    whole = _read_part(guideline, _AND.sub(" og ", text))
    each = list(_with_shared(guideline, (half for given in parts for half in _read_halves(guideline, given))))
    if any(read.only_place for _, read in each) and any(read.conditions for _, read in each):
        placed = _read_part(guideline, ", ".join(parts))
        if placed.set_aside and not placed.conditions:  # "Spinalstenose; nakke"
            return Read((Condition.OTHER,), understood=True, key=Condition.OTHER)
    # What the whole sets aside does not count for standing alone in its part: "Spinalstenose, opereret 2020".
    said = set(whole.conditions).union(*(read.conditions for _, read in each)) - whole.set_aside
    # As a whole it may be understood where a part alone is not: "nerverodspåvirkning, nakke", "knæ, ej artrose men X".
    together = bool(whole.conditions or (whole.set_aside and whole.elsewhere)) and not whole.left
    seats = (load_words().seats.get(condition, frozenset()) for condition in said | whole.set_aside)
    taken = frozenset[str]().union(*seats) if together else None
    left = tuple(part for part, read in each if _is_left(read, taken))
    # What a part says beside a condition belongs to that: "Prolaps L5/S1 m. udstråling til fod".
    others = [
        part
        for part in (whole, *(read for _, read in each))
        if not part.conditions and part.belongs_to.isdisjoint(said)
    ]
    if not left and any(part.elsewhere or (part.past and not said) for part in others):
        said.add(Condition.OTHER)
    value = tuple(condition for condition in Condition if condition in said)
    if value:
        return Read(value, understood=not left, key="+".join(value), left=left)
    if (apart := _IN_BRACKETS.sub(r", \1", cell)) != cell and (read := conditions(guideline, apart)).understood:
        return read
    silent = whole.silent
    key = "" if silent else f"?{fold(cell)}"
    return Read((), understood=False, key=key, left=left or (cell.strip(),), silent=silent)


def _is_left(part: Cell, taken: Collection[str] | None) -> bool:
    """Whether a part was not understood: a place without a problem, or words that nothing is known of.

    Where the whole was understood (``taken``: the places of what it says), only a place that is not of that.
    """
    if part.understood or part.silent:
        return False
    return (part.vague or bool(part.left)) if taken is None else _is_bare(part) and part.seats.isdisjoint(taken)


def _read_halves(guideline: Guideline, part: str) -> list[tuple[str, Cell]]:
    """A part; or the halves that "og" joins: where each is understood, "THA og iskias", or one is but a place."""
    read, joined = _read_part(guideline, part), _JOINED.split(part)
    halves = [(half, _read_part(guideline, half)) for half in joined] if len(joined) > 1 else []
    if halves and not read.conditions and all(half.understood for _, half in halves):
        return halves
    return [(part, read), *(half for half in halves[1:] if _is_bare(half[1]))]


def _is_bare(part: Cell) -> bool:
    """Whether it is but a place that one of the six sits in."""
    return bool(part.seats) and not part.understood


def _with_shared(guideline: Guideline, parts: Iterable[tuple[str, Cell]]) -> Iterator[tuple[str, Cell]]:
    """Each bare place with the problem of the place that stands before it: "smerter i skulder, nakke"."""
    before = ""
    for part, read in parts:
        leading = _LEADING.match(before) if _is_bare(read) else None
        yield part, _read_part(guideline, leading[1] + part) if leading else read
        before = part


def _read_part(guideline: Guideline, part: str) -> Cell:
    """A cell, or a part of one, by its name or as a note is read; "ved ikke" says nothing."""
    if known := guideline.understand("condition", part):
        return Cell(elsewhere=True) if known == Condition.OTHER else Cell((Condition(known),))
    if _is_unknown(guideline, part):
        return Cell(silent=True)
    read = read_cell(load_words(), _CODE.sub("", part))
    if read.understood or read.silent or (titled := _TIDY.sub(partial(_title, guideline), part)) == part:
        return read
    return read_cell(load_words(), titled)


def _title(guideline: Guideline, code: re.Match[str]) -> str:
    if known := guideline.codes.get(code[0]):
        return known.title.da
    return guideline.own.titles.get(code[0], code[0]) if guideline.own else code[0]


def _is_unknown(guideline: Guideline, text: str) -> bool:
    """Whether it says "ved ikke". Signs would be looked for as in a note, certainty is not."""
    return understood(guideline, Fact.FINDINGS_CERTAIN, text) == "unknown"


def serial_date(cell: str) -> date | None:
    """The day that a spreadsheet has turned into a number (``45123``), where it is one of the years 1990 to 2064."""
    text = cell.strip().removesuffix(",0").removesuffix(".0")
    if len(text) != 5 or not (text.isascii() and text.isdigit()) or not 32874 <= int(text) < 60268:
        return None
    return _EPOCH + timedelta(days=int(text))


def owner(cell: str) -> str:
    """Which patient or course a cell names, without a spreadsheet's decimal.

    Dashes and stars alone name nobody, nor does a formula without a value.
    """
    name = _DECIMAL.sub(r"\1", plain(cell).strip())
    return name if any(map(str.isalnum, name)) and not name.startswith("=") else ""


def cpr_date_exists(number: str) -> bool:
    """Whether the date of birth in a CPR number, however it is parted, exists in the century of the seventh digit.

    Source: the CPR Office's table of the seventh digit. That of a replacement number says nothing of the century.
    """
    digits = re.sub(f"[^{cpr.SIGNS}]", "", number)
    year, seventh = int(digits[4:6]), int(digits[6]) if digits.isdecimal() else 4
    if seventh <= 3 or (seventh in (4, 9) and year >= 37):
        century = 1900
    else:
        century = 1800 if seventh in (5, 6, 7, 8) and year >= 58 else 2000
    try:
        date(century + year, int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return False
    return True


def consultation(cell: str) -> int | None:
    """The number of a consultation from 1, alone or with what is counted: ``6,0``, ``12 gange``, ``3. besøg``."""
    found = _COUNTED.fullmatch(cell.strip()) if cell.isprintable() else None
    if found is None or any(_counted(word) is None for word in _WORD.findall(found[1] + found[3])):
        return None
    number = int(found[2])
    return number if 1 <= number <= _MOST else None


def _counted(word: str) -> Meaning | None:
    return load_cell_words().meaning(word, (Meaning.COUNTED,))
