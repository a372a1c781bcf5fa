"""From the words of a note to symbols: one character for each group of words that the rules know.

Each different word is looked up once and remembered, so that reading is mostly one dictionary access a word. Words that
take part in longer expressions (``kan ikke udelukkes``) have a symbol of their own until the sentence is analysed.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import suppress
from functools import cache, cached_property
from itertools import product

from icpc_cli.guideline.vocabulary import FIRST_EXPRESSION, NUMBERS, RELATIVE, TOKEN, by_word, folded, other_forms
from icpc_cli.guideline.words import Trait, Words
from icpc_cli.notes.memory import Memory, expression

_ANEW = r"(?:\n[ \t]*){2,}|(?<!-)\n(?=[ \t]*[A-ZÆØÅ][a-zæøå])"
_NONE, _ALSO_NONE = "÷", ("Ø", "ø")
"""How it is written that there is none, and which letters alone mean it too."""
_CAPITAL = "\x1d"
"""How the end of a line is written that a word with a capital letter follows."""
_GOES_ON = r"-(?<!\w-) *$|\.(?<=\d\.)(?<![^\W_]\d\d\d\.)(?<![^\W\d_]\d\d\.)(?<![^\W\d_]\d\.) *$"
"""What may be the beginning of a token that goes on behind a space: a dash, or a number that may end a sentence.

Here and elsewhere what is looked for begins with a sign and looks back from there, for that is quickest.
"""

_YEAR = r"(?:19[3-9]|20[0-4])\d"
_BUILT_IN = {
    "level-neck": r"c[1-8]|t[h]?1",
    "level-lumbar": r"l[1-6]|s[1-3]",
    "level-thoracic": r"th?(?:[2-9]|1[0-2])",
    "year": _YEAR,
    "fever": r"3[89]|4[01]",
    "fever-decimal": r"(?:3[89]|4[0-2])[.,]\d",
    "number": r"1[1-9]|2\d",
    "large-number": r"3[0-7]|4[2-9]|5\d|6[0-4]|[1-9]\d\d",
    "old": r"6[5-9]|[7-9]\d",
}
"""What no list of words can hold, by the name of its group."""
_ENDINGS = frozenset((*map("".join, product(("", "e"), ("", "n", "r", "t"), ("", "ne"), ("", "s"))), "de", "ede"))
"""Endings of nouns, adjectives and verbs."""
_LONGEST_ENDING = 5
_SHORTEST_PART = 3
_SHORTEST_EMPTY = 6
_SHORTEST_LEAD = 5
"""Letters of the first part of a compound that may be understood by that alone."""
_SHORTEST_MENDED = 7
_SHORTEST_MENDED_PLACE = 5
"""Letters of a word that may have a typing error, and of a place that a compound begins with: "hotfeartrose"."""
_SHORTEST_CUT = 4
_SHORTEST_CUT_BARE = 8
"""Letters of an abbreviation, and of one without its dot: "nerverodspåvirkn"."""
_LONGEST_WORD = 50
_LONGEST_NUMBER = 4
"""Digits of a number that may mean something: a year."""
_VOWELS = tuple("aeiouy")
_CONSONANT = "[b-df-hj-np-tv-xz]"
_CUT = (
    rf"(?!s|.h){_CONSONANT}{{3}}.."
    rf"|.*(?:[bcfghjkpqtwxz]{_CONSONANT}{{2}}(?<!st)(?<!ts)(?<!cks)|[bcdfghkpstv][lr]|[bdfgmpt]k)$"
)
"""No word begins or ends so, but for one that is cut: "sfinkterfkt.", "indl."."""
_LATIN = (
    (r"ch|c(?![eiy]|ae)", "k"),
    (r"(?<=[tr])h", ""),
    ("ph", "f"),
    ("x", "ks"),
    (r"itis\b", "it"),
    (r"sis\b", "se"),
    (r"alis\b", "al"),
    (r"ia\b", "i"),
    (r"io\b", "ion"),
    (r"ura\b", "ur"),
)
"""What Latin and Greek are written with, and what Danish writes for it."""
_FOREIGN = "[chx]|is\\b|i[ao]\\b|ura\\b"
_SIGNS = {
    RELATIVE: "relative",
    ",": "comma",
    "–": "comma",
    "—": "comma",
    ":": "colon",
    ";": "stop",
    ".": "stop",
    "!": "stop",
}
_MEMORY = 200_000
"""Different words that are remembered; then the memory is begun anew."""

_LONGER = "\uf8ff"
"""Stands for a piece of a text that cannot be understood by itself."""
BETWEEN = "\x1e"
"""Stands between texts, and between their symbols, where many are looked up at once. No symbol of a text is this."""


def with_capitals(text: str) -> str:
    """The text with the ends of lines marked that a word with a capital letter follows; as long as it was."""
    return (
        expression(_ANEW).sub(lambda match: match[0] if len(match[0]) > 1 else _CAPITAL, text) if "\n" in text else text
    )


class _Pieces(Memory[str, str]):
    """The symbols of pieces between spaces. Long numbers, of which there is no end, mean nothing and take no place."""

    def __missing__(self, text: str) -> str:
        return "" if len(text) > _LONGEST_NUMBER and text.isdecimal() else super().__missing__(text)


class _Forms:
    """The words of a vocabulary by their forms; made once for the readers of notes and of cells, as it takes long."""

    def __init__(self, words: Words) -> None:
        self._known = known = words.vocabulary
        self.exact = by_word(known.exact)
        self.expressed = known.expressed()
        self.own = {word: symbol for symbol, word in self.expressed.items()}
        self.own.update({word: self.own[stem] for word, stem in known.other.items()})
        self.own.update({short: self.own[word] for short, word in words.same.items() if word in self.own})

    @cached_property
    def stems(self) -> dict[str, str]:
        """The words that may be compounded and mended; a note of plain words needs none."""
        return by_word(self._known.stems)

    @cached_property
    def inflecting(self) -> dict[str, str]:
        """Those that may have an ending only."""
        return by_word(self._known.inflected)

    @cached_property
    def alphabet(self) -> list[tuple[str, str]]:
        """The words of expressions and those with endings by the alphabet, each with its symbol; these go before."""
        return sorted({**self.own, **self.inflecting, **self.stems}.items())

    @cached_property
    def _spelled(self) -> list[tuple[str, str, str]]:
        """The stems, each as Danish spells it, and its symbol; all are spelled at once, which is quicker."""
        return list(zip(self.stems, _in_danish(",".join(self.stems)).split(","), self.stems.values(), strict=True))

    @cached_property
    def danish(self) -> dict[str, set[str]]:
        """The symbols of the long words that are spelled alike in Danish."""
        found: dict[str, set[str]] = {}
        for _, danish, symbol in self._spelled:
            if len(danish) >= _SHORTEST_MENDED - 1:
                found.setdefault(danish, set()).add(symbol)
        return found

    @cached_property
    def index(self) -> dict[str, list[tuple[str, str]]]:
        """The words that typing errors are mended to, by how they begin and by how they end."""
        index: dict[str, list[tuple[str, str]]] = {}
        for word, danish, symbol in self._spelled:
            for form in {word, _written(word), danish} if len(word) >= _SHORTEST_MENDED else ():
                for key in _ends(form):
                    index.setdefault(key, []).append((form, symbol))
        return index


_forms = cache(_Forms)


class Lexicon:
    """The words of the guideline, ready for looking up: ``memory`` gives the symbols of each token of a note."""

    def __init__(self, words: Words) -> None:
        known = words.vocabulary
        forms = self._forms = _forms(words.whole or words)
        self.symbols, self._by_first = known.symbols, known.by_first
        self._exact, self._expressed, self._own = forms.exact, forms.expressed, forms.own
        self._empty = {word for word in known.exact.get("", "").split(",") if len(word) >= _SHORTEST_EMPTY}
        self.within = frozenset((*known.within, *map(self.symbols.__getitem__, NUMBERS)))
        self._abbreviations, self._heads = frozenset(known.abbreviations.split(",")), frozenset(known.heads)
        self.expressions = Memory(self._beginning, _MEMORY)
        self.alone = Memory(self._by_itself, _MEMORY)
        self._traits = words.traits
        self._sides = self.of(Trait.SIDE) - self.of(Trait.OTHER_SIDE)
        self._ends_clause = self.of(Trait.ENDS_CLAUSE)
        self._open_ended = self.of(Trait.OPEN_ENDED) | self.of(Trait.NEVER_LAST)
        self._never_last = self.of(Trait.NEVER_LAST)
        self._named_by_end = self.of(Trait.NAMED_BY_ITS_END)
        self._capital, self._stop = self.symbols["capital"], self.symbols["stop"]
        self._lines = frozenset((self.symbols["line"], self._capital))
        self._short, self._begun, soft = (self.symbols[name] for name in ("short", "begun", "soft"))
        begins = "".join((*self._lines, self._begun, self._stop, self.symbols["colon"], BETWEEN))
        dot = f"[{self._short}{soft}]"
        self._sentence_ends = re.compile(f"{dot}(?={self._begun})(?<=[^{begins}].{dot})")
        self._marks = frozenset((self._short, self._begun))
        self._never_short = self._never_last | {"", self.symbols["unknown"]}
        self._names = self.of(Trait.ROOT_TEST) | self.of(Trait.DIAGNOSIS)
        self._doubt = "".join(self.of(Trait.DOUBT))
        self._cut_ends = words.cut_ends
        self._seats = frozenset(self.symbols[name] for seat in words.seats.values() for name in seat)
        self._leads = frozenset(self.symbols[name] for name in words.leads or words.traits[Trait.LEADS_IN_A_NOTE])
        self._bare = bool(words.leads)  # in a cell
        self.memory = Memory(self._look_up, _MEMORY)
        self._pieces = _Pieces(self._piece, _MEMORY)

    def of(self, trait: Trait) -> frozenset[str]:
        """The symbols of the groups that have a trait."""
        return frozenset(self.symbols[name] for name in self._traits[trait])

    def _beginning(self, first: str) -> dict[str, list[tuple[str, str]]]:
        """The expressions that begin with this symbol, by their second, the longest first; each with its group's."""
        found: dict[str, list[tuple[str, str]]] = {}
        for line in self._by_first.get(first, "").splitlines():
            symbols, _, group = line.partition("\t")
            found.setdefault(symbols[1], []).append((symbols, group))
        return found

    def ended(self, symbols: str) -> list[str]:
        """The symbols, with the end of a line as that of a sentence where nothing is left open before it, else ""."""
        stopped = self._stopped(symbols)
        kept = [place for place, symbol in enumerate(stopped) if symbol not in self._marks]
        text = "".join([stopped[place] for place in kept])
        found = [""] * len(symbols)
        for number, place in enumerate(kept):
            ends = text[number] in self._lines
            found[place] = text[number] if not ends else "" if self._is_open(text, number) else self._stop
        return found

    def _stopped(self, symbols: str) -> str:
        """The symbols with the end of a sentence for the dot of an abbreviation that a word with a capital follows."""
        return self._sentence_ends.sub(self._stop, symbols)

    def _without_marks(self, symbols: str) -> str:
        return self._stopped(symbols).replace(self._short, "").replace(self._begun, "")

    def _with_ends(self, symbols: str) -> str:
        return symbols if self._lines.isdisjoint(symbols) else "".join(self.ended(symbols))

    def _is_open(self, symbols: str, end: int) -> bool:
        """Whether words are missing at the end of a line; "Udstråling: nej" is whole, and so may be "mistænkes"."""
        if not end or symbols[end - 2 : end - 1] == self.symbols["colon"]:
            return False
        opens = self._never_last if symbols[end] == self._capital else self._open_ended
        return self.alone[symbols[end - 1]][-1:] in opens

    # Looking up

    def symbols_of(self, texts: Sequence[str]) -> list[str]:
        """The symbols of each text.

        All texts of one line are looked up at once by their pieces between spaces.
        """
        lined = ["\n" in text or "\t" in text or _CAPITAL in text or BETWEEN in text for text in texts]
        joined = BETWEEN.center(3).join(["" if alone else text for text, alone in zip(texts, lined, strict=True)])
        marked = "".join(self._of_pieces([*joined.split(" "), BETWEEN]))
        return [
            self._with_ends(self._without_marks(self._symbols(text))) if alone else symbols
            for text, alone, symbols in zip(texts, lined, self._without_marks(marked).split(BETWEEN), strict=False)
        ]

    def _of_pieces(self, pieces: list[str]) -> list[str]:
        """The symbols of each piece; one that cannot be understood by itself goes with the next of its text."""
        found = list(map(self._pieces.__getitem__, pieces))
        place = 0
        with suppress(ValueError):  # there is no more
            while True:
                place = found.index(_LONGER, place)
                if pieces[place + 1] == BETWEEN or (pieces[place] == "-" and pieces[place - 1][-1:] == ":"):
                    found[place] = self._symbols(pieces[place])
                else:
                    pieces[place + 1] = f"{pieces[place]} {pieces[place + 1]}"
                    found[place : place + 2] = "", self._pieces[pieces[place + 1]]
        return found

    def _piece(self, text: str) -> str:
        if text == BETWEEN:
            return BETWEEN
        return _LONGER if expression(_GOES_ON).search(text) else self._symbols(text)

    def _symbols(self, text: str) -> str:
        return "".join(map(self.memory.__getitem__, TOKEN.findall(with_capitals(text))))

    def _by_itself(self, symbol: str) -> str:
        """The groups that a symbol stands for outside a longer expression."""
        return symbol if symbol < FIRST_EXPRESSION else self._meaning(self._expressed[symbol])

    def _look_up(self, token: str) -> str:
        symbols = self._of_token(_NONE if token in _ALSO_NONE else token)
        begins = token[:1].isupper() and token[1:2].islower()
        return self._begun + symbols if begins and self.alone[symbols[:1]][:1] not in self._names else symbols

    def _of_token(self, token: str) -> str:
        if token[0] == "?" and len(token) > 1:
            return self._doubt + self.memory[token[1:]]
        if not token[0].isalnum():
            return self._sign(token)
        if "\n" in token:
            return self._cut(token)
        if token[-1] == ":":
            return self._stop + self._exact.get(token.casefold(), "") + self.symbols["colon"]
        if token[-1] in " \t":
            number = token.rstrip(". \t")
            return (self._exact.get(number) or self._special(number) or "") + self._stop
        word = folded(token)
        symbols = self._own.get(word) or self._in_expressions(word) or self._meaning(word)
        if token[-1] == "." and len(word) >= _SHORTEST_CUT and self._is_half_known(word, symbols):
            whole = None if word in self._abbreviations else self._cut_short(word)
            if whole:
                return whole + (self._short if word.endswith(self._cut_ends) else self.symbols["soft"])
        return symbols + self._border(token, word, symbols)

    def _is_half_known(self, word: str, symbols: str) -> bool:
        """Whether a word is unknown, or known by its beginning only: "fæcesinkont."."""
        return symbols == self.symbols["unknown"] or (symbols in self._leads and symbols == self._led(word))

    def _sign(self, sign: str) -> str:
        """The symbols of something that is no word."""
        if sign == _CAPITAL:
            return self._capital
        if sign[0] in "\r\n":
            return self.symbols["stop" if sign.count("\n") > 1 else "line"]
        if sign[0] == "-" and len(sign) > 1:
            return self.symbols["comma"]  # a dash between words
        known = self._own.get(sign) or self._exact.get(sign) or self.symbols.get(_SIGNS.get(sign, ""), "")
        return known + self.symbols["stop"] if sign == "?" else known

    def _cut(self, token: str) -> str:
        first, _, second = (piece.strip() for piece in token.partition("\n"))
        word = first.removesuffix("\r").rstrip("- \t") + second
        whole = self._look_up(word)
        return (
            whole
            if whole[:1] != self.symbols["unknown"]
            else self._look_up(first.rstrip("- \t")) + self._look_up(second)
        )

    def _border(self, token: str, word: str, symbols: str) -> str:
        """What the dot behind a word means: nothing behind an abbreviation or number, else the end of a sentence."""
        if token[-1] != ".":
            return ""
        if word in self._abbreviations and self.alone[symbols[-1:]] in self._sides:
            return self.symbols["soft"]
        cut = word in self._abbreviations or word.endswith(self._cut_ends) or expression(_CUT).match(word)
        if len(word) == 1 or cut or "." in word:
            return self.symbols["pause"] if self._ends(symbols) else self._short if self._may_end(word, symbols) else ""
        return "" if word.isdigit() and not expression(_YEAR).fullmatch(word) else self.symbols["stop"]

    def _may_end(self, word: str, symbols: str) -> bool:
        """Whether a sentence may end with this abbreviation: not with a letter, or one that what follows belongs to."""
        return len(word) > 1 and self.alone[symbols[-1:]][-1:] not in self._never_short

    def _ends(self, symbols: str) -> bool:
        return bool(symbols) and self.alone[symbols[-1]][-1:] in self._ends_clause

    def _meaning(self, word: str) -> str:
        """The symbols of a folded word by itself."""
        exact = self._exact.get(word)
        if exact is not None:
            return exact
        if len(word) > _LONGEST_WORD:
            return self.symbols["unknown"]
        special = self._special(word)
        if special is not None:
            return special
        return (
            self._inflected(word)
            or self._ended(word)
            or self._compound(word, mend=False)
            or self._mended(word)
            or self._compound(word, mend=True)
            or self._headed(word)
            or self._led(word)
            or (self._bare and self._cut_bare(word))
            or self.symbols["unknown"]
        )

    def _special(self, word: str) -> str | None:
        if any(map(str.isdigit, word)):
            for name, source in _BUILT_IN.items():
                if expression(source).fullmatch(word):
                    return self.symbols[name]
            if word[:1].isdigit():
                return ""
        return None

    def _inflected(self, word: str) -> str | None:
        found = self._forms.stems.get(word)
        if found is not None:
            return found
        for stem in _without_endings(word):
            found = self._forms.stems.get(stem) or (
                self._forms.stems.get(stem[:-1]) if stem[-2:-1] == stem[-1:] else None
            )
            if found is not None:
                return found
        return None

    def _ended(self, word: str) -> str | None:
        """The symbol of a word that is not compounded, with an ending."""
        return next(filter(None, map(self._forms.inflecting.get, _without_endings(word))), None)

    def _in_expressions(self, word: str) -> str | None:
        """The symbol in expressions of the word of which this is another form, if both mean the same alone."""
        for stem in other_forms(word) if word not in self._exact else ():
            if stem in self._own:
                return self._own[stem] if self._meaning(word) == self.alone[self._own[stem]] else None
        return None

    def _compound(self, word: str, *, mend: bool) -> str | None:
        """The symbols of the parts of a compound, if its last part is known and its first.

        A long last part may be one that means nothing: "iskiaspatient".
        """
        for cut in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
            last = self._part(word[cut:], mend=mend)
            if last is None and word[cut:] in self._empty:
                last = ""
            first = self._first_part(word[:cut], mend=mend) if last is not None else None
            if first and last is not None:
                return first + last
        return None

    def _headed(self, word: str) -> str | None:
        """The symbols of a compound of which only the last part is known, if that is a head."""
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART):
            last = self._inflected(word[cut:])
            if last and last in self._heads:
                return last if last in self._named_by_end else self.symbols["unknown-part"] + last
        return None

    def _led(self, word: str) -> str | None:
        """The symbol of what a compound begins with, where that alone tells what it is about."""
        for cut in range(len(word) - _SHORTEST_PART, _SHORTEST_LEAD - 1, -1):
            first = self._inflected(word[:cut])
            if first in self._leads:
                return first
        return None

    def _cut_bare(self, word: str) -> str | None:
        """The symbols of what begins so, without the dot of an abbreviation: "nerverodspåvirkn" in a cell."""
        symbols = self._cut_short(word) if len(word) >= _SHORTEST_CUT_BARE else None
        return symbols if symbols and max(symbols) < FIRST_EXPRESSION else None

    def _part(self, part: str, *, mend: bool) -> str | None:
        return self._inflected(part) or (self._mended(part) if mend else None)

    def _first_part(self, part: str, *, mend: bool) -> str | None:
        """The symbols of what stands before the last part; -s- and -e- may bind them, and -e be left out."""
        for form in (part, part.removesuffix("s"), part.removesuffix("e"), part + "e"):
            found = self._part(form, mend=mend) or (self._mended_place(form) if mend else None)
            if found:
                return found
            if form in self._exact:
                return None  # "lægekontakt" is no calf
        for cut in range(_SHORTEST_PART, len(part) - _SHORTEST_PART + 1):
            first, last = self._forms.stems.get(part[:cut]), self._inflected(part[cut:])
            if first and last:
                return first + last
        return None

    def _cut_short(self, word: str) -> str | None:
        """The symbol of the one group, or the one word of expressions, with words that begin so: ``anmærkn.``.

        Abbreviations are cut before a vowel. The last part of a compound may be a known one.
        """
        if word in self._abbreviations:
            return self._exact[word]
        if len(word) < _SHORTEST_CUT or word[-1] in _VOWELS:
            return None
        known = self._forms.alphabet
        start, end = (bisect_left(known, (each,)) for each in (word, word + "~"))
        found = {each: symbol for each, symbol in known[start:end] if each[len(word) :][:1] in _VOWELS}
        shortest = min(found, key=len, default="")
        if found and (len(set(found.values())) == 1 or all(known.startswith(shortest) for known in found)):
            return found[shortest]
        for cut in range(_SHORTEST_PART, len(word) - 1):
            first = self._inflected(word[:cut])
            last = self._cut_short(word[cut:]) if first else None
            if first and last:
                return first + last
        return None

    def _mended(self, word: str) -> str | None:
        """The symbol of the one group that has a long word spelled otherwise, or one typing error from this one."""
        if len(word) < _SHORTEST_MENDED - 1:
            return None
        danish = _in_danish(word)
        spelled = filter(None, map(self._forms.danish.get, (danish, *_without_endings(danish))))
        found = next(spelled, None) or next(
            filter(None, map(self._one_error_away, dict.fromkeys((word, _written(word), danish)))), ()
        )
        return next(iter(found)) if len(found) == 1 else None

    def _mended_place(self, part: str) -> str | None:
        """The symbol of the one place of the six that is one typing error from this part of a word."""
        found = {symbol for place, symbol in self._places if place[:1] == part[:1] and _one_error(place, part)}
        return found.pop() if len(found) == 1 else None

    def _one_error_away(self, word: str) -> set[str]:
        lengths = range(len(word) - 1, len(word) + 2)
        return {
            symbol
            for key in _ends(word)
            for known, symbol in self._forms.index.get(key, ())
            if len(known) in lengths and _one_error(known, word)
        }

    @cached_property
    def _places(self) -> list[tuple[str, str]]:
        """The longer words for places that one of the six sits in, each with its symbol."""
        return [
            (stem, symbol)
            for stem, symbol in self._forms.stems.items()
            if symbol in self._seats and len(stem) >= _SHORTEST_MENDED_PLACE
        ]


def _without_endings(word: str) -> list[str]:
    """What stands before each ending that the word may have, the longest ending first; and its other forms."""
    stems = [word[:-length] for length in range(_LONGEST_ENDING, 0, -1) if word[-length:] in _ENDINGS]
    return [*stems, word[:-2] + "t"] if word.endswith("ede") else stems  # "reducerede" of "reduceret"


def _written(word: str) -> str:
    """A folded word with the Danish letters, each of which may be the one that is wrong: "nerverodspvirkning"."""
    return word.replace("ae", "æ").replace("oe", "ø").replace("aa", "å")


def _in_danish(words: str) -> str:
    """Folded words of Latin or Greek as Danish spells them: "capsulitis" as "kapsulit", "fractura" as "fraktur"."""
    for latin, danish in _LATIN if expression(_FOREIGN).search(words) else ():
        words = expression(latin).sub(danish, words)
    return words


def _ends(word: str) -> tuple[str, str]:
    """Three letters of a word's beginning, and the first with the two last: one error leaves the one or the other."""
    return word[:3], f"{word[0]}-{word[-2:]}"


def _one_error(known: str, word: str) -> bool:
    """Whether one letter more, less or other, or two exchanged, make ``word`` of ``known``."""
    place = next((i for i, (a, b) in enumerate(zip(known, word, strict=False)) if a != b), min(len(known), len(word)))
    left, right = known[place:], word[place:]
    return (
        left[1:] == right[1:]
        or left[1:] == right
        or left == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:])
    )
