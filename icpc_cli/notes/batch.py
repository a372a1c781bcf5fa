"""Many texts that are looked through together."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from icpc_cli.notes.memory import expression

_BETWEEN = "\0"
"""Stands before and behind each text: no space and no letter to an expression."""


class Batch:
    """Many texts: one search through all of them takes half the time of a search in each."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._joined = _BETWEEN.join(("", *texts, ""))
        self._ends = list(accumulate([len(text) + len(_BETWEEN) for text in texts]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def holding(self, source: str) -> set[int]:
        """The texts, by their numbers, that a match of this expression begins in; it may look a text too far."""
        found: set[int] = set()
        search = expression(source).search
        match = search(self._joined)
        while match:
            number = bisect_right(self._ends, match.start() - len(_BETWEEN))
            found.add(number)
            match = search(self._joined, self._ends[number] + len(_BETWEEN))
        return found
