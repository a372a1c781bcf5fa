"""Patterns of groups of words, as regular expressions over the symbols of a sentence."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Generic, TypeVar

from icpc_cli.guideline.words import GAPS, Trait
from icpc_cli.notes.lexicon import Lexicon

_CHECKED = 3
"""How many of the groups that a pattern needs are looked for before the pattern is tried."""
_NONE = ""
"""What a pattern needs that has no more of them."""

Rule = TypeVar("Rule")


class _Pattern(Generic[Rule]):
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


class Patterns(Generic[Rule]):
    """All patterns of some rules, found by the symbols that each cannot do without.

    A set of patterns is a number with a bit for each, in the order of the file; ``of_each`` are the rules with theirs.
    For each symbol there are three sets, one behind the other: the patterns whose first, second and third needed group
    it is. A pattern is possible where all three are there.
    """

    def __init__(self, rules: Iterable[tuple[Rule, tuple[str, ...]]], lexicon: Lexicon) -> None:
        self._symbols = lexicon.symbols
        self._skipped = "[" + "".join(sorted(lexicon.of(Trait.SKIPPED))) + "]{0,2}"
        parts = "".join(sorted(lexicon.of(Trait.BUT))) + self._symbols["stop"]
        crossed = lexicon.of(Trait.RESULT) | lexicon.of(Trait.EXAMINATION)
        borders = parts + self._symbols["comma"] + "".join(sorted(crossed))
        gaps = (f"[^{borders}]{{0,6}}?", f"[^{parts}]{{0,14}}?")
        self._gaps = dict(zip(GAPS, gaps, strict=True))
        self._patterns: list[_Pattern[Rule]] = []
        self.of_each: list[tuple[Rule, int]] = []
        for rule, sources in rules:
            start = 1 << len(self._patterns)
            self._patterns += [_Pattern(rule, source, self._expression) for source in sources]
            self.of_each.append((rule, (1 << len(self._patterns)) - start))
        needed: list[defaultdict[str, int]] = [defaultdict(int) for _ in range(_CHECKED)]
        for number, pattern in enumerate(self._patterns):
            elements = [each for each in pattern.source.split() if each not in GAPS and each[-1] != "?"]
            for groups, element in zip(needed, [*elements, *[_NONE] * _CHECKED], strict=False):
                for name in element.split("|"):
                    groups[name] |= 1 << number
        self._with: defaultdict[str, int] = defaultdict(int)
        for place, groups in enumerate(needed):
            for name, patterns in groups.items():
                self._with[self._symbols.get(name, name)] |= patterns << place * len(self._patterns)
        self._short = self._with.pop(_NONE)

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
        sets, known, width = self._short, self._with, len(self._patterns)
        for symbol in known.keys() & text:
            sets |= known[symbol]
        return sets & sets >> width & sets >> 2 * width
