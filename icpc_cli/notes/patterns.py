"""Patterns of groups of words, as regular expressions over the symbols of a sentence."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from icpc_cli.guideline.words import GAPS, Context, Find, Mode, Trait
from icpc_cli.notes.lexicon import Lexicon
from icpc_cli.notes.memory import Memory

_CHECKED = 3
"""How many of the groups that a pattern needs are looked for before the pattern is tried."""
_NOT_NEEDED = ("?", GAPS[0][-1])
"""How the elements of a pattern end that may be missing, and those that are gaps."""
_NONE = ""
"""What a pattern needs that has no more of them."""

Rule = Mode | Find | Context


class _Pattern:
    """A pattern of a rule; compiled when a sentence first has what it needs. One group alone needs no expression."""

    def __init__(self, rule: Rule, source: str, translate: Callable[[str], str]) -> None:
        self.rule, self.source, self._translate = rule, source, translate
        self._alone = " " not in source

    @cached_property
    def expression(self) -> re.Pattern[str]:
        return re.compile(self._translate(self.source))

    @cached_property
    def _groups(self) -> str:
        return self._translate(self.source).strip("()[]")

    def matches(self, text: str) -> list[tuple[int, ...]]:
        """The places of the pattern's groups at every match, overlapping ones too."""
        if self._alone:
            return sorted([(place,) for group in self._groups for place in _places(text, group)])
        found: list[tuple[int, ...]] = []
        expression = self.expression
        match = expression.search(text)
        while match:
            numbers = range(1, expression.groups + 1)
            found.append(tuple([place for place in map(match.start, numbers) if place >= 0]))
            match = expression.search(text, match.start() + 1)
        return found


def _places(text: str, group: str) -> list[int]:
    """Where a group stands in a sentence."""
    places, place = [], text.find(group)
    while place >= 0:
        places.append(place)
        place = text.find(group, place + 1)
    return places


class Patterns:
    """All patterns of some rules, found by the symbols that each cannot do without.

    A set of patterns is a number with a bit for each, in the order of the file; ``of_each`` are the rules with theirs.
    For each symbol there are three sets, one behind the other: the patterns whose first, second and third needed group
    it is. A pattern is possible where all three are there.
    """

    def __init__(self, rules: Iterable[Rule], lexicon: Lexicon) -> None:
        self._symbols = lexicon.symbols
        self._skipped = "[" + "".join(sorted(lexicon.of(Trait.SKIPPED))) + "]{0,2}"
        parts = "".join(sorted(lexicon.of(Trait.BUT))) + self._symbols["stop"]
        crossed = lexicon.of(Trait.RESULT) | lexicon.of(Trait.EXAMINATION)
        borders = parts + self._symbols["comma"] + "".join(sorted(crossed))
        gaps = (f"[^{borders}]{{0,6}}?", f"[^{parts}]{{0,14}}?")
        self._gaps = dict(zip(GAPS, gaps, strict=True))
        self._sources: list[tuple[Rule, str]] = []
        self.of_each: list[tuple[Rule, int]] = []
        for rule in rules:
            start = 1 << len(self._sources)
            self._sources += [(rule, source) for source in rule.patterns]
            self.of_each.append((rule, (1 << len(self._sources)) - start))
        width = len(self._sources)
        self._patterns = Memory(self._pattern, width + 1)
        needing: defaultdict[str, int] = defaultdict(int)
        for number, (_, source) in enumerate(self._sources):
            elements = [each for each in source.split() if each[-1] not in _NOT_NEEDED][:_CHECKED]
            for place in range(_CHECKED):
                bit = 1 << number + place * width
                for name in elements[place].split("|") if place < len(elements) else (_NONE,):
                    needing[name] |= bit
        self._short = needing.pop(_NONE)
        self._with = {self._symbols[name]: patterns for name, patterns in needing.items()}

    def _expression(self, source: str) -> str:
        parts: list[str] = []
        after_gap = True
        for element in source.split():
            if element in GAPS:
                parts.append(self._gaps[element])
                after_gap = True
                continue
            names = element.removesuffix("?").split("|")
            group = ("" if after_gap else self._skipped) + "([" + "".join(self._symbols[name] for name in names) + "])"
            parts.append(f"(?:{group})?" if element[-1] == "?" else group)
            after_gap = False
        return "".join(parts)

    def _pattern(self, number: int) -> _Pattern:
        """The pattern with this number, made when it is first possible."""
        return _Pattern(*self._sources[number], self._expression)

    def matches(self, text: str, possible: int) -> Iterator[tuple[Rule, tuple[int, ...]]]:
        """Each match of each of these patterns in the sentence ``text``: the rule, and the places of its groups."""
        while possible:
            bit = possible & -possible
            possible ^= bit
            pattern = self._patterns[bit.bit_length() - 1]
            for places in pattern.matches(text):
                yield pattern.rule, places

    def possible(self, text: str) -> int:
        """The set of the patterns that have the groups they need in the sentence ``text``; 0 for none."""
        sets, known, width = self._short, self._with, len(self._sources)
        for symbol in known.keys() & text:
            sets |= known[symbol]
        return sets & sets >> width & sets >> 2 * width
