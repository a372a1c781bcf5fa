"""Words of a cell or an option into a fact: specialty, course type, answer, day. None: not understood, never guessed.

Source: specification of the checks, "Cell values"; the words are data (``cells.toml``).
"""

import re
from datetime import date
from functools import cache

from icpc_cli.guideline import plain
from icpc_cli.guideline.cellwords import Meaning, key, load_cell_words
from icpc_cli.model import Answer, Course, Fact

_BREAK = re.compile(r"\s+[-–—]\s+|[(\[,;:/]")
"""Where what a cell says may end and a remark begin."""
_NUMBER = re.compile(r"(?:(?<![0-9.,/-])|(?<=[^\W\d][.-]))0*([1-9][0-9]{1,2})(?:[.,]0+)?(?![0-9]|[-./,:]\s?[0-9])")
"""Two or three digits that are no part of a longer number, of a date or of a CPR number."""
_IN_BRACKETS = re.compile(r"\(0*[1-9][0-9]\)\s*$")
"""A number that stands alone behind a name: ``vdf. fys (62)``."""
_REFERRALS = {"511": "51", "571": "57", "621": "62", "624": "62", "651": "65", "654": "65"}
"""The numbers of referrals, by specialty. Source: MedCom's physiotherapy referral (domain.md)."""
_SPECIALTY_NUMBERS = frozenset(_REFERRALS) | frozenset(_REFERRALS.values())
SPECIALTIES = ("51", "57", "62", "65")
"""The specialties of physiotherapy; any other number is asked about where somebody can answer."""
_SPECIALTIES = {(False, False): "51", (True, False): "57", (False, True): "62", (True, True): "65"}
"""The specialties by whether they are about riding, and whether they are free of charge."""
_COURSE = (Meaning.STRUCTURED, Meaning.ORDINARY, Meaning.FILLER, Meaning.NOT)
_NAMES = (Meaning.GENERAL, Meaning.RIDING, Meaning.FREE, Meaning.PHYSIOTHERAPY, Meaning.SPECIALTY)
_BESIDE_NAMES = (*_NAMES, Meaning.STRUCTURED, Meaning.FILLER)
"""What may stand in a specialty's name: the course type beside it is another matter."""
_WORD = re.compile(r"[^\s()\[\],;:/]+")
_ANSWERS = {Answer.YES: Meaning.YES, Answer.NO: Meaning.NO}
_KNOWN = {answer: answer for answer in _ANSWERS}
_SHORT = 4
"""Letters of a cell that is a word of its own, and nothing to be read as a note is."""
_COURSE_FOR = re.compile(r"\Bforloeb(?:et)?$")
"""How a word ends that is a course for something: ``artroseforløb``."""
_JOINED_LETTER = re.compile(r"[^\W\d_]-")
"""A letter that may turn round what it is joined to: ``i-str``."""
_TURNED = re.compile(r"(?:ikke|non|un|u)(?=struk|struc)")


def read_specialty(text: str) -> str | None:
    """The number of a specialty that a text is, begins with or names: ``51 Almen fysioterapi``, ``057``, ``511``.

    Any other number of two digits is a specialty of its own; a name that contradicts the number is not understood.
    """
    numbers = {_REFERRALS.get(each, each) for each in _NUMBER.findall(text)}
    if len(numbers) > 1 or any(len(each) > 2 for each in numbers):
        return None
    number, named = next(iter(numbers), None), _named_specialty(_NUMBER.sub(" ", text), strict=not numbers)
    if number is None:
        return named
    before = _NUMBER.split(text, maxsplit=1)[0]
    plain = all(_meanings(before, _NAMES)) or _IN_BRACKETS.search(text)
    return number if plain and named in (None, number) else None


def _named_specialty(text: str, *, strict: bool) -> str | None:
    """The specialty that words name; ``strict``: where every word is understood and physiotherapy is among them."""
    found = _meanings(text, _BESIDE_NAMES)
    said = set(found)
    # Without its noun, "almindelig" beside other words speaks of those: "62 Almindelig behandling".
    general = Meaning.GENERAL in said and (
        Meaning.PHYSIOTHERAPY in said or said <= {Meaning.GENERAL, Meaning.SPECIALTY}
    )
    if not (general or said & {Meaning.RIDING, Meaning.FREE}):
        return None
    if strict and (None in said or not said & {Meaning.PHYSIOTHERAPY, Meaning.RIDING}):
        return None
    return _SPECIALTIES[Meaning.RIDING in said, Meaning.FREE in said]


def read_course(text: str, *, asked: bool = False) -> Course | None:
    """The course type that a text says; ``asked``: it answers whether the course is structured.

    Words before the type must be known; what follows it must not speak of a type as well.
    """
    behind = _behind_a_specialty(text)
    if any(_meanings(behind, (Meaning.STRUCTURED, Meaning.ORDINARY))):
        text = behind
    if _is_unknown(text):
        return Course.UNKNOWN
    if asked and (answer := _yes_or_no(text)):
        return Course.STRUCTURED if answer is Answer.YES else Course.OTHER
    head, rest = _parted(text)
    answer = _yes_or_no(head) if rest else None
    if answer or (all(each is Meaning.FILLER for each in _course_words(head)) and rest):
        head, rest = _parted(rest)  # "Forløb: struktureret", "Ja, struktureret"
    found = _course_words(head)
    said = [place for place, each in enumerate(found) if each in (Meaning.STRUCTURED, Meaning.ORDINARY)]
    if not said or None in found[: said[0]] or len({found[place] for place in said}) > 1:
        return None
    if "?" in text or any(each not in (None, Meaning.FILLER) for each in _course_words(rest)):
        return None
    answered = _yes_or_no(rest or head.split()[-1])  # "Struktureret: nej", "Struktureret nej"
    course = _turned(found, said[0], back=answered is Answer.NO)
    if course is not Course.STRUCTURED:
        return course
    from icpc_cli.guideline.wordfile import load_words
    from icpc_cli.notes.cells import postpones

    others = " ".join(word for word in _words(text) if not any(_meanings(word, _COURSE)))
    return None if answer is Answer.NO or (others and postpones(load_words(), others)) else course


def _behind_a_specialty(text: str) -> str:
    """What stands behind the name of a specialty, as in "Almen fysioterapi - struktureret forløb"; else all."""
    end = 0
    for word in _WORD.finditer(text):
        meaning = load_cell_words().meaning(word[0], _NAMES)
        if meaning is None:
            break
        end = word.end() if meaning in (Meaning.PHYSIOTHERAPY, Meaning.RIDING) else end
    return text[end:].lstrip(" -–—,;:/)")


def _turned(found: list[Meaning | None], place: int, *, back: bool) -> Course | None:
    """The course type at this place among words, turned round once by "ikke" before it or by a no behind it."""
    structured, denied = found[place] is Meaning.STRUCTURED, Meaning.NOT in found
    if not (denied or back):
        return Course.STRUCTURED if structured else Course.OTHER
    return Course.OTHER if structured and denied is not back and Meaning.NOT not in found[place:] else None


def _course_words(text: str) -> list[Meaning | None]:
    """What each word says of the type of a course. A specialty's number, and a course for something, say nothing."""
    found: list[Meaning | None] = []
    for word in _words(text):
        folded = key(word)
        if match := _TURNED.match(folded):  # "ikke-strukt." turns itself round
            turned = load_cell_words().meaning(folded[match.end() :], (Meaning.STRUCTURED,))
            found.append(Meaning.ORDINARY if turned else None)
        elif any(parts := _meanings(word, _COURSE)) and not _JOINED_LETTER.match(word):
            found += parts
        else:
            silent = folded in _SPECIALTY_NUMBERS or _COURSE_FOR.search(folded)
            found.append(Meaning.FILLER if silent else None)
    return found


def read_answer(text: str, fact: Fact) -> Answer | None:
    """Yes or no to nerve-root signs or to certain findings: a word of its own, or one with a remark behind it."""
    text = text.strip().rstrip("!")
    if _is_unknown(text):
        return Answer.UNKNOWN
    if fact is Fact.FINDINGS_CERTAIN:
        return _certainty(text) or _yes_or_no(text)
    if key(text) in load_cell_words().words[Meaning.SIGNS]:
        return Answer.YES
    if key(text) in load_cell_words().words[Meaning.NO_SIGNS]:
        return Answer.NO
    answer, noted = _yes_or_no(text), _noted_signs(text)
    if answer is None:
        taken_back = _answer_before(_parted(text)[0])  # "ja, ingen parese"
        return noted if taken_back in (None, noted) else None
    return answer if noted in (None, answer) else None


def _noted_signs(text: str) -> Answer | None:
    """What a cell says of nerve-root signs as a note would (``Ingen udfald``, ``nedsat kraft L5``), if anything.

    Radiation of which nobody says where it goes is no sign, and leaves open what is denied beside it. So does a doubt
    what is affirmed.
    """
    if len(text) <= _SHORT:
        return None
    from icpc_cli.guideline.wordfile import load_words
    from icpc_cli.notes import read
    from icpc_cli.notes.cells import takes_back

    reading = read(load_words(), text, of_spine=True)
    signs = _KNOWN.get(reading.nerve_root_signs)
    if signs is Answer.YES:  # "evt. rodtegn"
        return None if takes_back(load_words(), text, affirmed=False, strictly=False) else signs
    return None if reading.vague_radiation else signs


def _certainty(text: str) -> Answer | None:
    """What is said of certain findings in words (``Klinisk sikre fund``), where each of them is understood."""
    head, rest = _parted(text)
    among = (Meaning.CERTAIN, Meaning.UNCERTAIN, Meaning.NOT, Meaning.YES, Meaning.NO, Meaning.FILLER)
    if not any(_meanings(head.partition(" ")[0], among)):  # "næsten sikre"
        return None
    left = " ".join(word for word in _words(head) if not any(_meanings(word, among)))
    if "?" in text or _taken_back(left, Answer.YES, strictly=True):
        return None
    match [each for each in _meanings(head, among) if each not in (None, Meaning.FILLER)]:
        case [Meaning.CERTAIN] if _yes_or_no(rest) is Answer.NO:  # "Sikre fund: nej"
            return Answer.NO
        case [Meaning.CERTAIN] | [Meaning.YES, Meaning.CERTAIN] if not _taken_back(rest, Answer.YES):
            return Answer.YES
        case [Meaning.NOT | Meaning.NO, Meaning.CERTAIN] | [Meaning.UNCERTAIN]:
            return Answer.NO
        case _:
            return None


def _yes_or_no(text: str) -> Answer | None:
    """A yes or no alone, or before a remark that does not take it back. ``Ingen udfald`` is read as a note is."""
    if answer := _answer_before(text):
        return answer
    head, rest = _parted(text)
    answer = _answer_before(head) if rest else None
    return None if answer is None or _taken_back(rest, answer) else answer


def _answer_before(text: str) -> Answer | None:
    return next((answer for answer, meaning in _ANSWERS.items() if key(text) in load_cell_words().words[meaning]), None)


def _taken_back(remark: str, answer: Answer, *, strictly: bool = False) -> bool:
    """Whether what stands beside an answer takes it back, or doubts it (``ja, afventer MR``), as a note would say it.

    ``strictly``: so does a word that nothing is known of.
    """
    if not remark:
        return False
    said = set(map(key, _words(remark)))
    other = load_cell_words().words[_ANSWERS[Answer.NO if answer is Answer.YES else Answer.YES]]
    if "?" in remark or _is_unknown(remark) or key(_parted(remark)[0]) in other:  # "nej, ikke undersøgt"
        return True
    not_yet = answer is Answer.YES and not said.isdisjoint(load_cell_words().words[Meaning.NOT_YET])
    if not_yet or any(load_cell_words().meaning(word, (Meaning.UNCERTAIN,)) for word in said):
        return True
    from icpc_cli.guideline.wordfile import load_words
    from icpc_cli.notes.cells import takes_back

    return takes_back(load_words(), remark, affirmed=answer is Answer.YES, strictly=strictly)


def _is_unknown(text: str) -> bool:
    """Whether it is said not to be known, whatever the word for not: ``ej undersøgt``."""
    plainly = " ".join("ikke" if key(each) in load_cell_words().words[Meaning.NOT] else each for each in text.split())
    return not load_cell_words().unknown.isdisjoint((key(text), key(plainly)))


def _parted(text: str) -> tuple[str, str]:
    """What a cell says, and the remark behind it."""
    parts = _BREAK.split(text.strip(), maxsplit=1)
    return parts[0].strip(), parts[1].rstrip(")]").strip() if len(parts) > 1 else ""


def _meanings(text: str, among: tuple[Meaning, ...]) -> list[Meaning | None]:
    """What each word means; one that means nothing as a whole by its parts (``Strukt.forl.``, ``MR-verificeret``)."""
    words, found = load_cell_words(), list[Meaning | None]()
    for word in _words(text):
        meaning, parts = words.meaning(word, among), re.findall(r"[^.-]+\.?", word)
        if meaning is None and len(parts) > 1:
            found += [words.meaning(part, among) for part in parts]
        else:
            found += [meaning] if meaning else words.compound(word, among) or [None]
    return found


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if key(word) not in ("", "-", "–", "—")]


TIME_OF_DAY = (
    r"(?:T| +)(?:kl\.? *)?(?:[01]?[0-9]|2[0-3])[:.][0-5][0-9](?:[:.][0-5][0-9](?:[.,][0-9]+)?)?"
    r"(?: *Z| *[+-][0-9]{2}:?[0-9]{2}| +[A-Z]{3,4})?$"
)
"""A time of day after a date, in the syntax that ``re`` and RE2 share, so that the database can cut it off."""
_DANISH = re.compile(r"([0-9]{1,2})[-./ ]{1,2}([0-9]{1,2})[-./ ]{1,2}([0-9]{4}|[0-9]{2})\.?")
_ISO = re.compile(r"([0-9]{4})([-./]?)([0-9]{1,2})\2([0-9]{1,2})")
_NAMED = re.compile(r"([0-9]{1,2})[-. ]*([^\W\d_]{3,})[-. ]*([0-9]{4}|[0-9]{2})")
_CENTURY = 70
"""Two-digit years from here on are of the last century."""


def without_time(cell: str) -> str:
    """A cell less the time of day at its end."""
    return re.sub(TIME_OF_DAY, "", cell)


@cache
def read_day(cell: str) -> date | None:
    """The day of a cell, in Danish or ISO order, with or without a weekday before it and a time of day behind it.

    Two-digit years from 70 on are 19xx, others 20xx. US order is never guessed.
    """
    text = _without_weekday(without_time(plain(cell).strip()))
    if match := _DANISH.fullmatch(text):
        return _day(match[3], match[2], match[1])
    if (match := _ISO.fullmatch(text)) and (match[2] or len(match[3]) == len(match[4]) == 2):
        return _day(match[1], match[3], match[4])
    if (match := _NAMED.fullmatch(text)) and (month := load_cell_words().month(match[2])):
        return _day(match[3], str(month), match[1])
    return None


def _without_weekday(text: str) -> str:
    head, space, rest = text.partition(" ")
    if space and head[0].isalpha() and load_cell_words().meaning(head.rstrip(","), (Meaning.WEEKDAYS,)):
        return _without_weekday(rest.strip())
    return text


def _day(year: str, month: str, day: str) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 1900 if number >= _CENTURY else 2000
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None
