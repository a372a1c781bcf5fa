"""The settings of a clinic as one value, and what they say about headers, cells and checks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from icpc_cli.checks.catalogue import Check
from icpc_cli.guideline import fold
from icpc_cli.model import Condition, Course
from icpc_cli.outcomes import Instrument, Severity

SEVERAL = re.compile(r"([,;/+])")
"""What stands between the conditions of one cell."""


class Service(NamedTuple):
    """A service code that says what a course is: its type, its conditions, or both."""

    code: str
    course: Course | None = None
    conditions: tuple[Condition, ...] = ()


class Partner(NamedTuple):
    """What a clinic tells partners in its own words: what it offers to whom, and how it is reached."""

    offers: tuple[str, ...] = ()
    contact: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``icpc.toml`` says. Pairs instead of mappings, so that it can be hashed, compared and sent elsewhere.

    ``columns``: role -> headers of which the first that is in a file is used; none at all: the role has no column.
    ``unused``: headers of columns that say nothing of coding, whatever stands in them.
    ``fixed``: role -> the value of all rows of files without such a column. ``values``: (role, what the clinic's
    system writes, what it means). ``without_codes``: files without a column of codes have nothing coded yet.
    ``duty_from``: courses that began before this day are voluntary. ``target``: the coverage aimed at, in percent.
    ``partner``: what the page for partners says besides numbers.
    ``severities``: check id -> severity; None: the check is off. ``interview``: what is filled in for every patient
    who is asked about. ``path`` is where it was read.
    """

    clinic: str | None = None
    columns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unused: tuple[str, ...] = ()
    fixed: tuple[tuple[str, str], ...] = ()
    services: tuple[Service, ...] = ()
    values: tuple[tuple[str, str, str], ...] = ()
    severities: tuple[tuple[str, Severity | None], ...] = ()
    instruments: tuple[Instrument, ...] = ()
    without_codes: bool = False
    duty_from: date | None = None
    target: float | None = None
    partner: Partner = field(default_factory=Partner)
    interview: tuple[tuple[str, str], ...] = ()
    path: str | None = field(default=None, compare=False)

    @property
    def headers(self) -> tuple[str, ...]:
        """All headers that are named for a role."""
        return tuple(header for _, headers in self.columns for header in headers)

    def leaves_out(self, header: str) -> bool:
        """Whether the clinic has said that this column says nothing of coding."""
        return fold(header) in map(fold, self.unused)

    def mapping(self, headers: Sequence[str]) -> dict[str, str]:
        """Role -> header for a file with these headers; an empty header says that the role has no column.

        A role whose headers are not in the file is left to what is known of headers.
        """
        present = {fold(header): header for header in reversed(headers)}
        found: dict[str, str] = {}
        for role, names in self.columns:
            here = [present[fold(name)] for name in names if fold(name) in present]
            if here or not names:
                found[role] = here[0] if here else ""
        return found

    def translated(self, role: str, cell: str) -> str:
        """A cell with what the clinic's system writes put in words that the program knows; others stay as they are.

        The whole cell is looked up first, then, of conditions, each part between ``, ; / +``.
        """
        known = {fold(raw): meaning for each, raw, meaning in self.values if each == role}
        if not known:
            return cell
        if (whole := known.get(fold(cell))) or role != "condition":
            return whole or cell
        return "".join(known.get(fold(part), part) for part in SEVERAL.split(cell))

    def service(self, cell: str) -> Service | None:
        """What the service of a record says about its course, if anything.

        The whole cell is compared, then its first word; each exactly, then without the leading zeros that spreadsheets
        take away (``0110`` is ``110``), where that leaves one code only.
        """
        words = cell.split()
        for text in dict.fromkeys((" ".join(words), *words[:1])):
            same = [each for each in self.services if each.code == text]
            alike = same or [each for each in self.services if _bare(each.code) == _bare(text)]
            if len(alike) == 1:
                return alike[0]
        return None

    def severity(self, check: Check, *, named: bool = False) -> Severity | None:
        """How much findings of a check weigh here; None when it is off. ``named``: it was asked for by its full id."""
        chosen: Mapping[str, Severity | None] = dict(self.severities)
        return chosen.get(check.id, check.severity if named or not check.on_request else None)


def _bare(code: str) -> str:
    return code.lstrip("0") or code[-1:]
