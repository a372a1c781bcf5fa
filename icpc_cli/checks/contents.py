"""What stands in the columns of an export's beginning, and which roles the cells of a column speak for."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import NamedTuple, Self

from icpc_cli.cases.words import read_day
from icpc_cli.checks import cells
from icpc_cli.checks.codes import read_codes
from icpc_cli.checks.rules import titled_codes
from icpc_cli.guideline import Guideline, fold, plain
from icpc_cli.guideline.cellwords import Meaning, key, load_cell_words
from icpc_cli.guideline.headers import legend
from icpc_cli.model import LISTED, Course, Fact
from icpc_cli.voice import cpr
from icpc_cli.voice.safe import holds_cpr

_CPR = re.compile(f"{cpr.SHAPE}|[0-9]{{9}}")
_ID = re.compile(r"(?=.*[0-9])[\w./-]{1,24}")
_SERVICE = re.compile(r"[0-9]{2,6}\b.*")
_MEASURED = re.compile(r"(?:kr\.? *)?-?\d{1,3}(?:[.: ]?\d{3})*[.,:]\d{2}(?: *kr\.?)?")
"""A time or an amount."""
_NEGATIVE = re.compile(r"[-−]\d{1,3}")
_SERVICE_NUMBER = re.compile(r"[0-9]{4,6}")
"""What is a service, and nobody writes for a diagnosis or specialty."""
_CODE_BEFORE = re.compile(r"^[0-9]{2,6}\b[\s.:–-]*(?=\D)")
_PARTS = re.compile(r"[,;:()–]")
_COURSE = "forloeb"
"""The word, folded, without which "ordinary" in the text of a service speaks of the treatment, not of the course."""
_PROVIDER = re.compile(r"[0-9]{3,7}")
_SPECIALTY = re.compile("5[17]1?|6[25][14]?")
"""The specialties of physiotherapy, and the numbers that referrals have for them."""
_LOUD = ("code", "specialty", "course", "nerve_root_signs", "findings_certain", "date")
"""The roles of which each cell that is not understood is a finding."""
_LOOKED_AT = 50
"""Different values of a column that are looked at, the most frequent first."""
_MOSTLY = 0.6
"""The share of a column's cells that must speak for a role."""
_SOME = 0.2
"""The share that is enough where the header says the role, or the values name conditions: clinics treat much else."""
_ANSWERS = 12
"""The most different values of a column that is answered with a few words."""
_PROSE = 30
"""From this mean length of its values on, a column holds prose."""


def numbered(header: str, number: int) -> str:
    """The name of the column that is the first, second ... with this header: ``ICPC-kode``, ``ICPC-kode (2)``."""
    return header if number == 1 else f"{header} ({number})"


def numbers_of(headers: Sequence[str]) -> list[int]:
    """For each header a number from 1 that tells it from those before that are like it, and from all other headers."""
    known, found = {fold(header) for header in headers}, []
    last: dict[str, int] = {}
    for header in headers:
        number = last.get(fold(header), 0) + 1
        while number > 1 and fold(numbered(header, number)) in known:
            number += 1
        last[fold(header)] = number
        found.append(number if header else 1)
    return found


class CellColumn(NamedTuple):
    """A column: its header, its different values and how often they stand there, most often first, and blank cells.

    ``number``: which it is of those with this header.
    """

    header: str
    values: tuple[tuple[str, int], ...] = ()
    blank: int = 0
    number: int = 1

    @property
    def name(self) -> str:
        """What it is called, as no other column is."""
        return numbered(self.header, self.number)

    @classmethod
    def of(cls, header: str, cells_of: Sequence[str], number: int = 1) -> Self:
        """The column of these cells; spaces around values are left out."""
        counts = Counter[str]()
        for cell, count in Counter(cells_of).items():
            counts[cell.strip()] += count
        blank = counts.pop("", 0)
        return cls(header, tuple(counts.most_common()), blank, number)

    @property
    def prose(self) -> bool:
        """Whether its values are as long as sentences."""
        total = sum(count for _, count in self.values)
        return bool(total) and sum(len(value) * count for value, count in self.values) >= _PROSE * total

    @property
    def sentences(self) -> bool:
        """Whether its values are as long as sentences, and most of them different, as those of a list are not."""
        return self.prose and 2 * len(self.values) > sum(count for _, count in self.values)

    def share(self, speaks: Callable[[str], bool]) -> float:
        """The share of the cells that are not blank and speak for something; 0 where all are blank."""
        said = legend(self.header)
        looked = [(said.get(fold(value), value), count) for value, count in self.values[:_LOOKED_AT]]
        total = sum(count for _, count in looked)
        return sum(count for value, count in looked if speaks(plain(value))) / total if total else 0.0


class Speaks(IntEnum):
    """How the cells of a column speak for a role: not, not against it (or they are blank), or by themselves."""

    AGAINST, NOTHING, FOR, ALONE = range(4)


class Contents(NamedTuple):
    """Reads columns with the words of a guideline."""

    guideline: Guideline

    def speak(self, role: str, column: CellColumn, *, asked: bool = False, known: bool = False) -> Speaks:
        """How the cells of a column speak for a role.

        ``asked``: its header asks whether the course is structured; ``known``: it says the role, so that little bears
        it out.
        """
        if not column.values:
            return Speaks.NOTHING
        if role == "condition":
            return self._condition(column)
        if role == "course" and asked and column.share(self._answers) >= _MOSTLY:
            return Speaks.ALONE
        if role == "clinic" and column.share(lambda value: bool(_MEASURED.fullmatch(value))) >= _MOSTLY:
            return Speaks.AGAINST
        if role in ("note", "clinic", "therapist"):
            other = column.share(self._is_other) >= _MOSTLY
            return Speaks.AGAINST if other else Speaks.FOR if role == "note" and column.sentences else Speaks.NOTHING
        share = column.share(self._test(role))
        if share < (_SOME if known else _MOSTLY):
            other = self._something_else(column) or (
                role in ("code", "specialty")
                and column.share(lambda value: bool(_SERVICE_NUMBER.fullmatch(value))) >= _MOSTLY
            )
            loud = role in _LOUD and not (known and share == 0) and not other
            return Speaks.NOTHING if loud else Speaks.AGAINST
        return Speaks.ALONE if self._alone(role, column) else Speaks.FOR

    def holds(self, role: str, column: CellColumn) -> bool:
        """Whether the cells of a column are plainly those of a role, whatever its header says."""
        return self.speak(role, column) is (Speaks.FOR if role == "date" else Speaks.ALONE)

    def matters(self, column: CellColumn, *, clinical: bool) -> bool:
        """Whether cells under a header without a role may matter all the same: codes, problems, what was cancelled.

        So do numbers that take something back, and answers where the header is ``clinical``.
        """
        values = {key(value) for value, _ in column.values}
        if len(values) <= _ANSWERS and not values.isdisjoint(load_cell_words().words[Meaning.CANCELLED]):
            return True
        if column.share(lambda value: bool(_NEGATIVE.fullmatch(value))):
            return True
        answered = clinical and column.share(self._answers) >= _MOSTLY
        return answered or any(self.holds(role, column) for role in ("code", "condition"))

    def _test(self, role: str) -> Callable[[str], bool]:
        """Whether one cell is such as a column of the role holds."""
        tests: dict[str, Callable[[str], bool]] = {
            "code": lambda cell: bool(read_codes(cell, self.guideline.diagnoses).codes),
            "code_text": lambda cell: bool(titled_codes(self.guideline, cell)),
            "patient": self._is_id,
            "course_id": self._is_id,
            "date": self._is_day,
            "specialty": self._is_specialty,
            "course": self._is_course,
            "nerve_root_signs": self._answers,
            "findings_certain": self._answers,
            "consultation": lambda cell: cells.consultation(cell) is not None,
            "service": lambda cell: bool(_SERVICE.fullmatch(cell)) and not self._is_day(cell),
            "provider": lambda cell: bool(_PROVIDER.fullmatch(cell)),
        }
        return tests[role]

    def _alone(self, role: str, column: CellColumn) -> bool:
        """Whether the cells of a column say the role whatever its header says."""
        match role:
            case "code" | "code_text":
                return True
            case "patient":
                return column.share(lambda value: bool(_CPR.fullmatch(value)) and len(value) > 9) >= _MOSTLY
            case "specialty":
                named = column.share(lambda value: bool(re.search(r"[^\W\d]", value))) >= _MOSTLY
                return named or len(column.values) > 1
            case "course":
                return self.says_course(column)
            case _:
                return False

    def says_course(self, column: CellColumn) -> bool:
        """Whether some of the cells say that a course is structured."""
        return any(self._course_of(value) is Course.STRUCTURED for value, _ in column.values[:_LOOKED_AT])

    def _condition(self, column: CellColumn) -> Speaks:
        """By the conditions of the guide that are among the values; what else clinics treat says nothing."""
        if self._something_else(column):
            return Speaks.AGAINST
        names = [value for value, _ in column.values[:_LOOKED_AT] if self.names_condition(value)]
        if len(names) >= _SOME * min(len(column.values), _LOOKED_AT) or column.share(self.names_condition) >= _SOME:
            return Speaks.ALONE
        return Speaks.FOR if names else Speaks.NOTHING

    def problems(self, column: CellColumn) -> bool:
        """Whether texts beside codes are problems, not titles. Texts with numbers of people in them are notes."""
        numbers = any(holds_cpr(value) for value, _ in column.values)
        titles = self.speak("code_text", column, known=True) > Speaks.NOTHING
        return not (numbers or titles) and self.speak("condition", column) is Speaks.ALONE

    def names_condition(self, value: str) -> bool:
        """Whether a cell names one of the guide's conditions."""
        found = cells.conditions(self.guideline, value).value
        return isinstance(found, tuple) and any(condition in LISTED for condition in found)

    def course_in(self, text: str) -> Course | None:
        """The course that a service is for, where its text, which its code may stand before, says so."""
        found = {self._course_of(part) for part in _PARTS.split(_CODE_BEFORE.sub("", text))} - {None}
        return found.pop() if len(found) == 1 else None

    def _course_of(self, part: str) -> Course | None:
        value = cells.stated(self.guideline, Fact.COURSE, part).value
        says = value == Course.STRUCTURED or (value == Course.OTHER and _COURSE in fold(part))
        return Course(str(value)) if says else None

    def _is_id(self, value: str) -> bool:
        return bool(_CPR.fullmatch(value) or (_ID.fullmatch(value) and not self._is_day(value)))

    def _is_day(self, value: str) -> bool:
        return read_day(value) is not None

    def _is_specialty(self, value: str) -> bool:
        return bool(_SPECIALTY.fullmatch(str(cells.stated(self.guideline, Fact.SPECIALTY, value).value)))

    def _is_course(self, value: str) -> bool:
        read = cells.stated(self.guideline, Fact.COURSE, value)
        return read.understood and read.value != "unknown"

    def _answers(self, value: str) -> bool:
        read = cells.stated(self.guideline, Fact.NERVE_ROOT_SIGNS, value)
        return read.understood and read.value != "unknown"

    def _something_else(self, column: CellColumn) -> bool:
        """Whether the cells are plainly no short words: days, numbers of people, codes, sentences, or all different."""
        different = len(column.values) > _LOOKED_AT and column.values[0][1] == 1
        return column.prose or different or column.share(self._is_other) >= _MOSTLY

    def _is_other(self, value: str) -> bool:
        """Whether a cell is a day, a CPR number, a code or a number: no words."""
        codes = read_codes(value, self.guideline.diagnoses).codes
        return self._is_day(value) or bool(codes or _CPR.fullmatch(value))
