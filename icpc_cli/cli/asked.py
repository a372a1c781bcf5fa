"""What can be asked of a command: options that go together, each declared once, as they were typed."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is told of a course."""

    specialty: str | None = None
    course: str | None = None
    condition: Sequence[str] = ()
    nerve_root_signs: str | None = None
    findings_certain: str | None = None
    consultation: str | None = None


@dataclass(frozen=True, kw_only=True)
class HowToRead:
    """How exports are to be read.

    ``no_join``: files that belong together are read one after the other; ``without_codes``: nothing is coded yet;
    ``previous`` are older exports to compare with; ``duty_from``: the day from which courses must be coded; ``only``:
    ``new``, for findings that the older exports did not have; ``today``: the day that counts as today.
    """

    specialty: str | None = None
    mapping: Sequence[str] = ()
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    no_join: bool = False
    without_codes: bool = False
    previous: Sequence[str] = ()
    duty_from: str | None = None
    only: str | None = None
    today: str | None = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a check is to write, and where."""

    output_format: str | None = None
    output: str | None = None
    annotate: str | None = None
    fix: str | None = None
    worklist: str | None = None
    mask_patients: bool = False
    show_patients: bool = False


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What a report is about, and how it is written."""

    output_format: str | None = None
    output: str | None = None
    first: str | None = None
    last: str | None = None
    clinic: str | None = None
    compare: str | None = None
    show_patients: bool = False
    brief: bool = False
    open_it: bool = False
