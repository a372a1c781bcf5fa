"""Patterns of groups of words, as regular expressions over the symbols of a sentence."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from icpc_cli.guideline.words import GAPS

_SKIPPED = ("side-left", "side-right", "side-both", "clear")
_VALUES = ("positive", "provokes", "negative", "normal", "weak")
_BORDERS = ("comma", "but", "stop", "now")
_SMALL = frozenset(("in", "to", "with", "from", "and", "or", "no", "not", "comma", "colon", "pain"))
_EXAMS = ("root-test", "reflex", "strength", "sensation")

Rule = TypeVar("Rule")


@dataclass(eq=False)
class _Pattern(Generic[Rule]):
    """A pattern of a rule; compiled when a sentence first has what it needs. ``number`` keeps the order of the file."""

    number: int
    rule: Rule
    source: str
    translate: Callable[[str], str]

    @cached_property
    def expression(self) -> re.Pattern[str]:
        return re.compile(self.translate(self.source))

    def matches(self, text: str) -> Iterator[tuple[int, ...]]:
        """The places of the pattern's groups at every match, overlapping ones too."""
        start = 0
        while match := self.expression.search(text, start):
            yield tuple(match.start(number) for number in range(1, self.expression.groups + 1) if match[number])
            start = match.start() + 1


class Patterns(Generic[Rule]):
    """All patterns of some rules, found by a symbol that each cannot do without."""

    def __init__(self, rules: Iterable[tuple[Rule, tuple[str, ...]]], symbols: Mapping[str, str]) -> None:
        self._symbols = symbols
        self._skipped = "[" + "".join(symbols[name] for name in _SKIPPED) + "]{0,2}"
        borders = "".join(symbols[name] for name in (*_BORDERS, *_VALUES, *_EXAMS))
        gaps = (f"[^{borders}]{{0,6}}?", f"[^{symbols['but']}{symbols['stop']}]{{0,8}}?")
        self._gaps = dict(zip(GAPS, gaps, strict=True))
        self._by_symbol: dict[str, list[_Pattern[Rule]]] = {}
        number = 0
        for rule, patterns in rules:
            for source in patterns:
                number += 1
                self._add(_Pattern(number, rule, source, self._expression))

    def _add(self, pattern: _Pattern[Rule]) -> None:
        needed = [
            element.split("|") for element in pattern.source.split() if element not in GAPS and element[-1] != "?"
        ]
        for name in min(needed, key=_commonness):
            self._by_symbol.setdefault(self._symbols[name], []).append(pattern)

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

    def matches(self, text: str) -> Iterator[tuple[Rule, tuple[int, ...]]]:
        """Each match of each pattern in the sentence ``text``: the rule, and the places of its groups."""
        for pattern in sorted(self.possible(text), key=_number):
            for places in pattern.matches(text):
                yield pattern.rule, places

    def possible(self, text: str) -> set[_Pattern[Rule]]:
        """The patterns of which a group that they need stands in the sentence ``text``."""
        by_symbol = self._by_symbol
        return {pattern for symbol in by_symbol.keys() & text for pattern in by_symbol[symbol]}


def _commonness(names: list[str]) -> int:
    """How often about one of these groups stands in a sentence: small words most often."""
    return len(names) + 10 * len(_SMALL.intersection(names))


def _number(pattern: _Pattern[Rule]) -> int:
    return pattern.number
