"""What a clinic shares: its courses by quarter, under disclosure control. A share is a network of one clinic."""

import hashlib
import hmac
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from icpc_cli.errors import UsageError
from icpc_cli.guideline import Guideline
from icpc_cli.network.disclosure import LEAST, Range, protect
from icpc_cli.network.tables import Cell, Kind, Table, cells_of, kind_of, possible_kinds, quarter_of
from icpc_cli.outcomes import CourseRow, ServiceRow
from icpc_cli.voice.safe import holds_cpr

LONGEST_NAME = 100
_MOST = 100
MIN_COUNT = 5
_SERVICE = re.compile(r"\s*([0-9]{3,4})(?![\w.,/-])")
_WEIGHTS = {Table.COURSES: math.inf, Table.CONDITION: 4.0, Table.CODE: 4.0, Table.KIND: 4.0, Table.STANDING: 4.0}
"""What it costs to hide a sum that need not be hidden; a cell inside a table costs 1."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """The figures of a quarter: of how many clinics, every cell that is not zero, consultations by service code.

    A service code is listed where at least ``min_count`` patients of a clinic had it, and none where the number of
    courses is hidden.
    """

    clinics: int
    cells: Mapping[Cell, Range]
    consultations: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Network:
    """What one or more clinics share. ``clinics`` are their pseudonyms, sorted; only one clinic can have a ``name``."""

    clinics: tuple[str, ...]
    min_count: int
    quarters: Mapping[str, Quarter]
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Remarks:
    """Courses that are not shared: without a date, begun in a quarter that has not ended, in one with few patients.

    ``again``: quarters that were shared before, and are shared as they were then.
    """

    undated: int = 0
    unfinished: int = 0
    few: tuple[str, ...] = ()
    again: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """A clinic's share, and what there is to say of it."""

    network: Network
    remarks: Remarks


def clinic_id(secret: bytes, clinics: Iterable[str]) -> str:
    """A pseudonym of a clinic: a hash of the clinic's name as in its export, keyed with a secret of the clinic's own.

    Who does not have the secret can neither compute it nor try names. Raises ValueError for a short secret.
    """
    if len(secret) < 16:
        raise ValueError("the secret has fewer than 16 bytes")
    return hmac.new(secret, "\n".join(sorted(clinics)).encode(), hashlib.sha256).hexdigest()[:32]


def share(
    guideline: Guideline,
    courses: Iterable[CourseRow],
    services: Iterable[ServiceRow],
    clinic: str,
    today: date,
    min_count: int = MIN_COUNT,
    name: str | None = None,
) -> Share:
    """Count courses by the quarter they began in, and hide what must be hidden.

    Only quarters that ended before ``today`` are shared: a quarter that grows from file to file would tell what came in
    between. ``clinic`` is the clinic's pseudonym. Raises ValueError for a ``min_count`` below 3.
    """
    if min_count < LEAST:
        raise ValueError(f"min_count {min_count} is less than {LEAST}")
    counting = _Counting(quarter_of(today))
    for place, course in enumerate(courses):
        counting.add(course, place)
    listed = _listed_services(services, min_count)
    quarters, few = {}, []
    for quarter in sorted(counting.kinds):
        cells = _protected(guideline, counting.kinds[quarter], counting.patients[quarter], min_count)
        if cells:
            # Every course has a first consultation, so a service code may tell a hidden number of courses.
            told = listed.get(quarter, {}) if cells[Table.COURSES, ()].exact else {}
            quarters[quarter] = Quarter(1, cells, told)
        else:
            few.append(quarter)
    remarks = Remarks(counting.undated, counting.unfinished, tuple(few))
    return Share(Network((clinic,), min_count, quarters, name), remarks)


def as_shared_before(made: Network, earlier: Network) -> tuple[Network, tuple[str, ...]]:
    """``made`` with the figures of ``earlier`` for every quarter in both, and these quarters.

    A quarter leaves the clinic once. Were it counted anew - after a correction, from an export that begins at another
    time, with another limit or another version of this program - other counts might be hidden, and who has both files
    could compute many of them.
    """
    again = tuple(quarter for quarter in made.quarters if quarter in earlier.quarters)
    quarters = {**made.quarters, **{quarter: earlier.quarters[quarter] for quarter in again}}
    return replace(made, quarters=quarters), again


def remembered(shared: Network, earlier: Network | None) -> Network:
    """All that a clinic has shared: what it shares now, and other quarters that it shared ``earlier``.

    Those of another limit are forgotten: whoever changes it has said that they were not passed on.
    """
    before = earlier.quarters if earlier and earlier.min_count == shared.min_count else {}
    return replace(shared, quarters=dict(sorted({**before, **shared.quarters}.items())), name=None)


@dataclass(slots=True)
class _Counting:
    """Courses by quarter and kind, and the different patients of each cell."""

    running: str
    undated: int = 0
    unfinished: int = 0
    kinds: defaultdict[str, Counter[Kind]] = field(default_factory=lambda: defaultdict(Counter))
    patients: defaultdict[str, defaultdict[Kind, set[tuple[str, int]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )

    def add(self, course: CourseRow, place: int) -> None:
        """Count a course; where the patient is not known, the course stands for one of its own."""
        if course.first is None:
            self.undated += 1
            return
        quarter = quarter_of(course.first)
        if quarter >= self.running:
            self.unfinished += 1
            return
        kind = kind_of(course)
        self.kinds[quarter][kind] += 1
        patient = ("course", place) if course.patient is None else ("patient", course.patient)
        self.patients[quarter][kind].add(patient)


def _protected(
    guideline: Guideline,
    kinds: Mapping[Kind, int],
    patients_of_kind: Mapping[Kind, set[tuple[str, int]]],
    min_count: int,
) -> dict[Cell, Range]:
    """The cells of a quarter; none at all when fewer than ``min_count`` patients came in it."""
    patients: defaultdict[Cell, set[tuple[str, int]]] = defaultdict(set)
    for kind, of_kind in patients_of_kind.items():
        for cell in cells_of(kind):
            patients[cell] |= of_kind
    if len(patients[Table.COURSES, ()]) < min_count:
        return {}
    numbers = {cell: len(each) for cell, each in patients.items()}
    return protect(
        kinds, numbers, possible_kinds(guideline), cells_of, lambda cell: _WEIGHTS.get(cell[0], 1.0), min_count
    )


def _listed_services(services: Iterable[ServiceRow], min_count: int) -> dict[str, dict[str, int]]:
    """Consultations by quarter and service code, where enough patients had them.

    Only a number of four digits is a service code (three, where a spreadsheet took the zero before it away): the column
    may hold anything. How many different patients two spellings of a code have together is not known, but it is at
    least as many as one of them has.
    """
    consultations: Counter[tuple[str, str]] = Counter()
    patients: defaultdict[tuple[str, str], int] = defaultdict(int)
    for row in services:
        if match := _SERVICE.match(row.service):
            key = f"{row.quarter[0]:04d}-Q{row.quarter[1]}", match[1].zfill(4)
            consultations[key] += row.consultations
            patients[key] = max(patients[key], row.patients)
    listed: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for (quarter, service), count in sorted(consultations.items()):
        if patients[quarter, service] >= min_count:
            listed[quarter][service] = count
    return dict(listed)


def of_one_clinic(courses: Iterable[CourseRow], wanted: str | None) -> tuple[list[CourseRow], str]:
    """The courses of the clinic that is meant, and its name in the export. Raises :class:`UsageError`."""
    every = list(courses)
    clinics = sorted({course.clinic for course in every})
    known = [clinic or '""' for clinic in clinics]
    if wanted is None and len(clinics) > 1:
        raise UsageError("network-several-clinics", known=known)
    if wanted is not None and wanted not in clinics:
        raise UsageError("network-unknown-clinic", value=wanted, known=known)
    chosen = clinics[0] if wanted is None else wanted
    return [course for course in every if course.clinic == chosen], chosen


def least_count(text: str | None) -> int:
    """The ``--min-count`` that is typed, or the usual one. Raises :class:`UsageError`."""
    if text is None:
        return MIN_COUNT
    if not (text.isascii() and text.isdigit() and LEAST <= int(text) <= _MOST):
        raise UsageError("network-min-count", value=text, least=LEAST, most=_MOST)
    return int(text)


def clinic_name(text: str | None) -> str | None:
    """A name that a clinic may be called by outside. Raises :class:`UsageError` for none, or one with a CPR number."""
    if text is None:
        return None
    name = text.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or holds_cpr(name):
        raise UsageError("network-name", most=LONGEST_NAME)
    return name
