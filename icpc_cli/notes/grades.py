"""Part of the first stage: of two grades of strength, the later one is marked where it is the lower one."""

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from icpc_cli.guideline.words import Grades
from icpc_cli.notes.memory import expression

_MARK = "▼"
"""Stands for the space or sign before such a grade; a group of words of the guideline holds it."""
_FARTHEST = 45
"""Characters between two grades of one muscle."""
_WRAPPED = r"\n(?=[a-zæøå\d])"
"""The end of a line in the middle of a sentence."""
_DIGITS = frozenset("012345")
_DAY = r"\b(?i:d\.|den) ?\d+[/.]\d+"
_DATE = rf"\(\d+[/.]\d+\)|{_DAY}"
_GRADE = (
    r"(?<![\w/.,+-])[0-5][+-]?(?:/5)?(?![\w/%°]|[.,]\d"
    r"| ?(?:(?:km|kg|cm|m|x)\b|(?:min|time|uge|dag|md|mån|maan|år|aar|gang|grader)\w*))"
)
"""A grade, alone or of five; not what is counted or measured in something else."""
GOES_ON_TO_ANOTHER = (
    r"(?<=[ (>→\n][0-5])(?:/5|[+-])?(?:[ \n](?:\(|(?i:d\.|den)[ \n]?)\d+[/.]\d+\)?)?"
    rf"[^.\d]{{1,{_FARTHEST}}}[ >→\n][0-5](?!\d)"
)
"""What is behind the digit of a grade that there may be something to mark about: most notes have nothing."""
_TWO = f"[0-5]{GOES_ON_TO_ANOTHER}"


class Falls:
    """The words that tell which of two grades is the later one."""

    def __init__(self, grades: Grades) -> None:
        self._words = grades

    @cached_property
    def _expressions(self) -> tuple[re.Pattern[str], ...]:
        """A grade, and what makes it the later of two, or the earlier: long, and few notes have two."""
        later, earlier, ago = map(_any, self._words)
        sources = (
            _GRADE,
            rf"(?<!\w)(?:{later})[^\w,]*(?:grad|gr\.?)? ?$|^ (?:{ago}|\(\d+[/.])",
            rf"(?<!\w)(?:{earlier})\W*(?:grad|gr\.?)? ?$|^ (?:{later}), $",
        )
        return tuple(re.compile(each, re.IGNORECASE) for each in sources)

    def marked(self, text: str) -> str:
        """The text with its falls marked; as long as it was."""
        if _DIGITS.isdisjoint(text) or not expression(_TWO).search(text):
            return text
        flowing = expression(_WRAPPED).sub(" ", text) if "\n" in text else text
        flowing = expression(_DAY).sub(lambda day: " " * len(day[0]), flowing)
        letters = list(text)
        for place in self._places(flowing):
            letters[place] = _MARK
        return "".join(letters)

    def _places(self, text: str) -> Iterator[int]:
        grade, later, earlier = self._expressions
        for one, other in pairwise(grade.finditer(text)):
            between = text[one.end() : other.start()]
            if len(between) <= _FARTHEST and not re.search(r"[.\n\d]", expression(_DATE).sub("", between)):
                if later.search(between):
                    falls = _strength(other[0]) < _strength(one[0])
                else:
                    falls = bool(earlier.search(between)) and _strength(one[0]) < _strength(other[0])
                if falls:
                    yield other.start() - 1


def _strength(grade: str) -> float:
    return int(grade[0]) + {"+": 0.3, "-": -0.3}.get(grade[1:2], 0)


def _any(words: tuple[str, ...]) -> str:
    """An expression for one of these words, however their letters are spelled."""
    spelled = "|".join(map(re.escape, words))
    for letter, other in (("æ", "ae"), ("ø", "oe"), ("å", "aa")):
        spelled = spelled.replace(letter, f"(?:{letter}|{other})")
    return spelled
