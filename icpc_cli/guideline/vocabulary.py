"""The words of the guideline by the symbols of their groups: what a note's words are looked up in."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

NUMBERS = ("number", "large-number", "old")
"""From 11 on, from 30 on, and from 65 to 99: they mean nothing but behind what is measured, or as an age."""
BUILT_IN = (
    "level-neck",
    "level-lumbar",
    "level-thoracic",
    "year",
    "fever",
    "fever-decimal",
    *NUMBERS,
    "unknown",
    "unknown-part",
    "comma",
    "stop",
    "colon",
    "line",
    "capital",
    "pause",
    "soft",
    "short",
    "begun",
    "relative",
)
"""Groups that no list of words can hold: vertebral levels, years, 38 to 41, 38.0 to 42.9, other numbers, other words,
and the signs of the text."""
RELATIVE = "⸴"
"""How the comma of a relative clause is written, which goes on with what stands before it."""

TOKEN = re.compile(
    r"[^\W\d_](?:\.[^\W\d_])++\b\.?"  # i.a.
    r"|(?<!\w)(?i:gla:d)(?!\w)"
    r"|(?<![\w)])\?[^\W\d_]++\.?"  # ?artrose
    r"|[0-5][+-]?/5(?!\d)|[0-4][+-](?![\w/+-])"  # 4/5, 4+
    r"|(?<![\w.,/])(?:3[89]|4[0-2])[.,]\d(?![\w/%°]|[.,]\d)\.?"  # a fever
    r"|(?<!\w)\d++[°%]"  # no "0"
    r"|(?<!\w)[SOAPsoap]:"
    r"|\d{1,3}+\.[ \t]++(?=[A-ZÆØÅ][a-zæøåA-ZÆØÅ])"  # a number that ends a sentence
    r"|[^\W_]++(?:-[ \t]*\r?\n[ \t]*[^\W\d_]++)?\.?"  # a word, also one that is cut at the end of a line
    r"|(?:\r?\n[ \t]*){2,}|[\n\x1d]"
    r"|(?:(?<=:)|(?<=: ))-(?!\w)"  # none, behind what is asked for
    r"|(?<!\w)-(?!\w)(?:[ \t]*(?=\w))?"
    r"|(?<![^\s(:])[\"»“”](?=\w|$)"  # the beginning of what somebody said
    r"|[^\w\s\-()\"'»«“”\[\]*_•]"
)
"""A word with the dot behind it, or one sign. What it skips (spaces, brackets, hyphens) means nothing to a rule."""

_SPELLINGS = {
    "æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "é": "e", "è": "e", "ê": "e", "ü": "u", "á": "a",
    "\u00ad": "",
}  # fmt: skip
_LETTERS = str.maketrans(_SPELLINGS)
_SAME_ENDINGS = ("erne", "ene", "en", "er", "et", "ne", "e", "n", "r", "t")
_SHORTEST_IN_EXPRESSION = 5
_SHORTEST_STEM = 3
_SHORTEST_INFLECTED = 4
_OWN = 0xF0000
"""The first symbol: of characters so far out regular expressions make no tables, which take longer than to match."""
_EXPRESSIONS = 0xF0400
FIRST_EXPRESSION = chr(_EXPRESSIONS)
"""Symbols from here on stand for a word of longer expressions."""


def folded(word: str) -> str:
    """The form in which words are compared: no case, no dot at the end, æ as ae, ø oe, å aa, no accents."""
    return word.casefold().translate(_LETTERS).rstrip(".")


class Group(NamedTuple):
    """Words that mean the same to a rule.

    ``exact`` ones are not compounded or mended, nor inflected unless they are ``inflected``; a compound that ends in a
    ``head`` is one.
    """

    id: str
    forms: tuple[str, ...]
    exact: bool
    inflected: bool
    head: bool


class Vocabulary(NamedTuple):
    """The ``symbols`` of groups by name, and the folded words of each symbol, with commas between.

    ``exact`` words stand as they are, ``inflected`` ones may have an ending, ``stems`` may be compounded and mended
    too, and compounds may end in ``heads``. Each of the ``pieces`` of longer expressions has a symbol of its own, in
    this order; some of their words are ``other`` forms of these. ``by_first`` are the symbols of expressions by their
    first one, a line each, the longest first, with a tab before that of their group. Words ``within`` mean nothing and
    may stand in any of them. All is text: so it is quick to keep.
    """

    symbols: Mapping[str, str]
    exact: Mapping[str, str]
    inflected: Mapping[str, str]
    stems: Mapping[str, str]
    abbreviations: str
    heads: str
    pieces: str
    other: Mapping[str, str]
    within: str
    by_first: Mapping[str, str]

    def expressed(self) -> dict[str, str]:
        """The words of longer expressions by their symbols."""
        pieces = self.pieces.split(",")
        return dict(zip(map(chr, range(_EXPRESSIONS, _EXPRESSIONS + len(pieces))), pieces, strict=True))


def by_word(words: Mapping[str, str]) -> dict[str, str]:
    """The symbol of each word, given the words of each symbol."""
    return {word: symbol for symbol, text in words.items() for word in text.split(",")}


def vocabulary(
    groups: Iterable[Group],
    same: Mapping[str, str],
    turned: Mapping[str, str],
    aside: Collection[str],
    within: Collection[str],
    ordinary: Collection[str],
) -> Vocabulary:
    """The vocabulary of these groups; those ``aside`` mean nothing, ``ordinary`` ones are unknown words.

    The words that are the ``same`` as others stand for them within expressions, and those ``within`` may stand there.
    Expressions that begin with words that are ``turned`` are known in the other order too.
    """
    groups = tuple(groups)
    making = _Making(groups, same, turned, aside, ordinary)
    making.within.update(folded(form) for group in groups if group.id in within for form in group.forms)
    for group in groups:
        making.add(group)
    return making.made()


class _Making:
    def __init__(
        self,
        groups: Iterable[Group],
        same: Mapping[str, str],
        turned: Mapping[str, str],
        aside: Collection[str],
        ordinary: Collection[str],
    ) -> None:
        names = (*BUILT_IN, *(group.id for group in groups))
        self.symbols = {name: chr(_OWN + number) for number, name in enumerate(names)}
        self.same, self.turned, self.aside, self.ordinary = same, turned, aside, ordinary
        self.exact: dict[str, str] = {}
        self.inflected: dict[str, str] = {}
        self.stems: dict[str, str] = {}
        self.abbreviations: dict[str, None] = {}
        self.heads: list[str] = []
        self.within: set[str] = set()
        self.longer: list[tuple[str, str]] = []

    def add(self, group: Group) -> None:
        symbol = "" if group.id in self.aside else self.symbols[group.id]
        symbol = self.symbols["unknown"] if group.id in self.ordinary else symbol
        if group.head:
            self.heads.append(self.symbols[group.id])
        text = ",".join(group.forms).casefold()
        for letter, spelled in _SPELLINGS.items():  # faster than a translation of a long text
            text = text.replace(letter, spelled)
        plain = text.split(",")
        self.exact.update(dict.fromkeys([word for word in plain if word.isalpha()], symbol))
        if group.inflected:
            long = [word for word in plain if word.isalpha() and len(word) >= _SHORTEST_INFLECTED]
            self.inflected.update(dict.fromkeys(long, symbol))
        if not group.exact:
            words = [word for form, word in zip(group.forms, plain, strict=True) if not form.isupper()]
            long = [word for word in words if word.isalpha() and len(word) >= _SHORTEST_STEM]
            self.stems.update(dict.fromkeys(long, symbol))
        for form in [form for form in plain if not form.isalpha()]:
            self._add_compounded(form, symbol, inflected=not group.exact)

    def _add_compounded(self, form: str, symbol: str, *, inflected: bool) -> None:
        """Add a folded form that is more than one word, or that is an abbreviation or holds a sign."""
        if form.replace(" ", "").isalpha():
            self.longer.append((form, symbol))
            self.longer += [
                (form.replace(words, other, 1), symbol)
                for words, other in self.turned.items()
                if form.startswith(f"{words} ")
            ]
            return
        pieces = [piece.rstrip(".") for piece in TOKEN.findall(form)]
        if len(pieces) > 1:
            self.longer.append((" ".join(pieces), symbol))
            return
        self.exact[pieces[0]] = symbol
        if form[-1] == ".":
            self.abbreviations[pieces[0]] = None
        elif inflected and len(pieces[0]) >= _SHORTEST_STEM:
            self.stems[pieces[0]] = symbol

    def made(self) -> Vocabulary:
        """The vocabulary, with a symbol of its own for each word of the longer expressions, in their order."""
        words = " \n ".join([expression for expression, _ in self.longer]).split(" ")  # all at once: faster
        words = list(map(self.same.get, words, words))
        expressions = " ".join(words).split(" \n ")
        found = dict.fromkeys(words)
        found.pop("\n", None)
        other = {word: stem for word in found if (stem := self._stem(word, found))}
        pieces = [word for word in found if word not in other]
        own = dict(zip(pieces, map(chr, range(_EXPRESSIONS, _EXPRESSIONS + len(pieces))), strict=True))
        longest = sorted(zip(expressions, self.longer, strict=True), key=lambda each: -each[0].count(" "))
        by_first: dict[str, list[str]] = {}
        for expression, (_, symbol) in longest:
            symbols = "".join([own[other.get(word, word)] for word in expression.split(" ")])
            by_first.setdefault(symbols[0], []).append(f"{symbols}\t{symbol}")
        return Vocabulary(
            self.symbols,
            _by_symbol(self.exact),
            _by_symbol(self.inflected),
            _by_symbol(self.stems),
            ",".join(self.abbreviations),
            "".join(self.heads),
            ",".join(pieces),
            other,
            "".join([symbol for word, symbol in own.items() if word in self.within]),
            {first: "\n".join(lines) for first, lines in by_first.items()},
        )

    def _stem(self, word: str, known: Collection[str]) -> str:
        """The word of expressions of which this is another form, "" for none; both mean the same alone."""
        for stem in other_forms(word):
            bent = stem in self.stems or stem in self.inflected or stem not in self.exact
            same = self.exact[word] == self.exact.get(stem) if word in self.exact else bent
            if stem in known and same:
                return self._stem(stem, known) or stem
        return ""


def other_forms(word: str) -> list[str]:
    """What this word is without an ending that changes nothing of what it means in an expression."""
    return [
        word[: -len(ending)]
        for ending in _SAME_ENDINGS
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_IN_EXPRESSION
    ]


def _by_symbol(words: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for word, symbol in words.items():
        found.setdefault(symbol, []).append(word)
    return {symbol: ",".join(each) for symbol, each in found.items()}
