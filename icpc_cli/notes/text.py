"""The first stage: a note's letters, lines, boxes and signs, put in the order in which the others read them."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from icpc_cli.guideline import plain
from icpc_cli.notes.batch import Batch
from icpc_cli.notes.memory import expression

_USUAL = re.compile(r"[ -Z\\^`-~æøåÆØÅéÉèüöä°§½→≥≤·…]*+")
"""Letters and signs of most notes."""
_UNUSUAL = r"[\r\n\[☐☑☒□■✓✔\ufffdÃ]|(?<!\w)_+:"
_FORMS = (
    r"\((?:[ xX]\)|(?<=[ .]\()[^\W\d_]{3,}[^()\n]* [^()\n]*\)\s*(?:[.,;\0]|$))"
    r"|\?(?:(?<=[^\W\d_]\?)[^\W\d_]| *(?i:ja|nej)\b)|nej\b(?<= nej)|NEJ\b(?<= NEJ)"
    r"|-(?:(?<=[\w.)] -)(?!\w)| *(?i:ja|nej)\b)|–(?:(?<=[\w.)] –)(?!\w)| *(?i:ja|nej)\b)"
)
"""What there is to do something about: signs, and what usual ones may form. Most notes have none of it."""
_OF_FORMS = re.compile(r"[(?–-]|nej|NEJ")
"""What it needs at least: most notes have none, and the other takes long to make."""
_FORMS_OR_KEPT = rf"{_FORMS}|=(?<=\0=)|'(?<=\0')"
"""The same among many texts; and how a cell begins that a spreadsheet was told to keep as text."""
_LEFT_OUT = frozenset("='\" ")
"""What may stand around a text that a spreadsheet was told to keep as such."""
_READ_AS = ("cp1252", "latin-1", "cp850", "mac_roman")
_BROKEN = r"[^\W\d_]*(?:\ufffd|[^\W\d_]\?(?=[^\W\d_])|Ã[\w\W]?)[^\W\d_\ufffd?]*(?:[\ufffd?][^\W\d_]+)*"
"""A word of which letters are lost: a sign of replacement, a question mark inside it, or two letters made of one."""
_OF_BOXES = ("[", "( )", "(x)", "(X)", "x:", "X:", "_:", *"☐□☑☒■✓✔")
"""What a text with boxes holds."""
_LOST = frozenset("\ufffd?Ã")
_BOX = r"\[(?P<a>[ \t xXvV✓✔]?)\]|\((?P<b>[ xX])\)|(?P<c>[☐□])|(?P<d>[☑☒■✓✔])|(?<!\w)(?P<e>[xX]|_+):(?!\w)"
_ENDS_WITH_BOX = rf"(?:{_BOX})[ \t]*$"
_ANEW_BEHIND_A_BOX = (
    r"(?<=\w) ?[.;–—-]? +(?=[A-ZÆØÅ][\w ./-]{2,25}:)"
    r"|(?:(?<=[^\W\dA-ZÆØÅ_]{4})|(?<=[ \]][Nn]ej)|(?<=[ \]][Jj]a))\. +(?=[A-ZÆØÅ])"
)
"""What ends the words of a box: a heading behind them, or the end of a sentence."""
_OPTION = r" *(?:[a-zæøå][\w/-]*(?: [\w/-]+)?|(?i:ja|nej)) *(?:[.,;[(☐-☒□■✓✔]|$)"
"""What stands behind each box of a line if they are answers to what stands before all of them: "Fund [x] sikre"."""
_CUT_BOX = r"(?<=\[)\n(?=\])"
_TICKS = frozenset("xXvV✓✔☑☒■")
_SIGN = r"(?<=[\w.)]) [-–](?=[ \t]*(?:$|\n|[,;)]|\.(?:\s|$))|[ \t]{2,}|[ \t]+[^\W\d_][^-+\n,.;]{0,30} [-–+](?:\s|$))"
"""A minus behind a word, at the end of its statement or in a row of such signs: "Parese -  Lasègue +"."""
_MINUS = " ⊖"
"""How a minus is written that is a sign; a group of words of the guideline holds it."""
_BETWEEN_SIGNS = r"(?<= [+⊖])[ \t](?=[ \t]+[^\W\d_]|[^\W\d_][^-+⊖\n,.;]{0,30} [+⊖])"
"""Behind a sign in a row of them: each is a statement of its own."""
_ADDED = r"(?<=[ .])\((?=[^\W\d_]{3,}[^()\n]* [^()\n]*\)(?:\s*[.,;]|\s*$|[ \t]*\n))"
"""A bracket at the end of a clause, with more than a word: "nerverod lumbalt (stenose udelukket)"."""
_ANSWER = r"(?i)(?<=[\w)])(?: ?[?–-])? +(?=(?:ja|nej)\b(?! til))"
"""What stands between what is asked for and the answer: "Sikre fund - nej", "Fund sikre? Ja"."""
_PARAGRAPH = r"\n[ \t]*\n"
_LONG_LINE = 30
"""Characters of the shortest line that may have been wrapped."""
_SHORT_LINE = 25
"""Characters of the shortest that may go on in small letters."""
_MOST = 0.6
_ITEM = (
    r"(?i:\s*(?:[-*•·] (?! )|\[|\( ?[xX]?\)|[☐-☒□■]|(?![0-5][+-]?/5[.,;])"
    r"(?:d\. ?|den )?\d{1,2}[./-]\d{1,2}[:\s/.-]|\d{4}-\d"
    r"|\d{1,2}\. [a-z]{3}|$))"
)
"""How a line begins that is never the rest of another: as an item of a list, or with a date."""
_REST = r"\(?[^\W\dA-ZÆØÅ_]|\d|[-–+](?:  |[.,;)]|$)"
"""How a line begins that is: in small letters, with a number, or with the sign of what stands before it."""
_HEADING = r"[^\W\d_][\w/-]*(?: us\.?)?:"


class Prepared(NamedTuple):
    """A text as the other stages read it; ``origins`` are the places of its characters in the text as given.

    None: each stands where it stood. ``broken`` are the places (start, end) of words that have lost letters.
    """

    text: str
    origins: tuple[int, ...] | None = None
    broken: tuple[tuple[int, int], ...] = ()

    def given(self, start: int, end: int) -> tuple[int, int]:
        """The place in the text as given of the characters from ``start`` to ``end``."""
        if self.origins is None:
            return start, end
        return self.origins[start], max(self.origins[end], self.origins[start] + 1)


def odd(texts: Batch) -> set[int]:
    """The texts about which there is something to do."""
    unusual = {number for number, usual in enumerate(map(_USUAL.fullmatch, texts)) if not usual}
    return unusual | texts.holding(_FORMS_OR_KEPT)


def prepare(text: str) -> Prepared:
    """Read letters as what they are meant to be, join wrapped lines, leave out what no box ticks, read signs as signs.

    Everything that reads a note, one or a million, begins here.
    """
    meant = plain(text)
    origins = None if meant == text else _origins(text, meant)
    usual = _USUAL.fullmatch(meant) or not expression(_UNUSUAL).search(meant)
    if usual and not (_OF_FORMS.search(meant) and expression(_FORMS).search(meant)):
        return Prepared(meant, origins)
    lost = not _LOST.isdisjoint(meant)
    broken = tuple(match.span() for match in expression(_BROKEN).finditer(meant)) if lost else ()
    for start, end in broken:
        meant = meant[:start] + "x" * (end - start) + meant[end:]
    meant = expression(_CUT_BOX).sub(" ", meant.replace("\r", " "))
    meant = expression(_ANSWER).sub(lambda match: ":".ljust(len(match[0])), _ticked(_unwrapped(meant)))
    meant = expression(_ADDED).sub(",", expression(_SIGN).sub(_MINUS, meant))
    return Prepared(expression(_BETWEEN_SIGNS).sub("\n", meant), origins, broken)


def _origins(text: str, meant: str) -> tuple[int, ...]:
    """The place in ``text`` of each character of what it is meant to be, and one for its end."""
    origins: list[int] = []
    place = 0
    for letter in meant:
        while place < len(text) - 1 and text[place] != letter and (text[place] in _LEFT_OUT or not plain(text[place])):
            place += 1
        origins.append(min(place, len(text) - 1))
        place += next((len(form) for form in _forms(letter) if text.startswith(form, place)), 1)
    return (*origins, len(text))


@cache
def _forms(letter: str) -> tuple[str, ...]:
    """How a letter may stand in a text: as it is, taken apart, or as UTF-8 that was read in another encoding."""
    apart = {unicodedata.normalize("NFD", letter), unicodedata.normalize("NFD", letter)[:1]}
    read = {letter.encode("utf-8", "replace").decode(encoding, "replace") for encoding in _READ_AS}
    return (letter, *sorted(apart | read, key=len, reverse=True))


# Lines


def _unwrapped(text: str) -> str:
    """Line breaks that only wrap made spaces; as long as the text."""
    if "\n" not in text:
        return text
    pieces, start = [], 0
    for match in expression(_PARAGRAPH).finditer(text):
        pieces += [_joined(text[start : match.start()]), match[0]]
        start = match.end()
    return "".join((*pieces, _joined(text[start:])))


def _joined(paragraph: str) -> str:
    lines = paragraph.split("\n")
    wraps = _wraps(lines)
    joined = lines[0]
    for wrap, line in zip(wraps, lines[1:], strict=True):
        joined += (" " if wrap else "\n") + line
    return joined


def _wraps(lines: list[str]) -> list[bool]:
    """For each line but the last, whether it is wrapped: the first word of the next would not have had room in it.

    In a text of which most lines are full they are wrapped, if some go on in small letters; else only those that do,
    and those that end with the box of what follows.
    """
    longest = max(map(len, lines))
    full = [
        longest >= _LONG_LINE and len(line.rstrip()) + 1 + len(following.split(" ")[0]) > longest
        for line, following in pairwise(lines)
    ]
    capitals = any(line[:1].isupper() for line in lines)
    rest, heading, item = map(expression, (_REST, _HEADING, _ITEM))
    rests = [bool(rest.match(line)) and (capitals or not heading.match(line)) for line in lines[1:]]
    anew = [bool(item.match(line) or (line[:1].isupper() and heading.match(line))) for line in lines[1:]]
    mostly = sum(full) >= max(2, _MOST * len(full)) and (any(rests) or "".join(lines).isupper())
    return [
        not new
        and (
            (each and mostly)
            or line.rstrip().endswith(",")
            or (len(line) >= _SHORT_LINE and goes_on)
            or bool(expression(_BOX).match(line) and expression(_ENDS_WITH_BOX).search(line))
        )
        for line, each, goes_on, new in zip(lines, full, rests, anew, strict=False)
    ]


# Boxes


def _ticked(text: str) -> str:
    """The text without what stands at empty boxes; as long as it was, each box a line of its own."""
    boxes = list(expression(_BOX).finditer(text)) if any(sign in text for sign in _OF_BOXES) else []
    if len({match.lastgroup == "e" and match[0][0] == "_" for match in boxes}) == 1:
        boxes = [match for match in boxes if match.lastgroup != "e"]  # "x:" is a box beside "_:" only
    if not boxes:
        return text
    letters = list(text)
    for start, end, run in _runs(text, boxes):
        _clear(letters, text, start, end, run)
    return "".join(letters)


def _runs(text: str, boxes: list[re.Match[str]]) -> Iterator[tuple[int, int, list[re.Match[str]]]]:
    """The boxes of each line with its start and end; a heading ("Neurologi:") begins anew."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        run = [box for box in boxes if start <= box.start() < end]
        if run:
            yield start, end, run
        start = end + 1


def _clear(letters: list[str], text: str, start: int, end: int, run: list[re.Match[str]]) -> None:
    """Clear the boxes of a line and the words of empty ones: those behind a box, or before it."""
    answers = all(expression(_OPTION).match(text[box.end() : end]) for box in run)
    before = _stand_behind(text, start, run) and not answers
    for number, box in enumerate(run):
        ticked = any(each in _TICKS for each in box[0])
        if before:
            label = range(_label_start(text, run[number - 1].end() if number else start, box.start()), box.start())
        else:
            following = run[number + 1].start() if number + 1 < len(run) else end
            label = range(box.end(), _label_end(text, box.end(), following))
            if label.stop < following and text[label.stop] != ")":
                letters[label.stop] = "\n"  # what is headed behind a box is of other boxes
        for place in (*range(*box.span()), *(() if ticked else label)):
            letters[place] = " "
        follows_heading = "".join(letters[start : box.start()]).rstrip(" \n").endswith(":")
        if not follows_heading and (ticked if before else not answers):
            letters[box.end() - 1 if before else box.start()] = "\n"


def _stand_behind(text: str, start: int, run: list[re.Match[str]]) -> bool:
    """Whether the boxes of a line stand behind their words: "Prolaps [ ] Andet [x]", not "[ ] prolaps [x] andet"."""
    first = text[start : run[0].start()]
    words = re.split(r"[.:(\n]", first)[-1]
    alone = not text[run[-1].end() :].partition("\n")[0].strip(" .:") and first.strip(" -*•")
    return bool(words.strip(" -*•")) or bool(alone)


def _label_start(text: str, start: int, end: int) -> int:
    """Where the words before a box begin: behind the last end of a sentence or heading, if words are left."""
    label = text[start:end]
    cut = max(label.rfind(". "), label.rfind("\n"), label.rstrip(" :").rfind(":"))
    answer = re.search(r"(?i)\b(?:ja|nej)[ :]*$", label)
    return start + max(cut + 1, answer.start() if answer else 0)


def _label_end(text: str, start: int, end: int) -> int:
    """Where the words behind a box end: at a bracket that closes what the box stands in, or at the next box."""
    label = text[start:end]
    depth = 0
    for place, letter in enumerate(label):
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            return start + place
    heading = re.search(_ANEW_BEHIND_A_BOX, label)
    return start + (heading.start() if heading else len(label))
