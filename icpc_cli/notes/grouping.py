"""A sentence's symbols as groups of words: expressions taken together, fillers left out, borders made commas."""

from collections.abc import Sequence
from itertools import islice

from icpc_cli.guideline.vocabulary import FIRST_EXPRESSION, NUMBERS
from icpc_cli.guideline.words import Trait
from icpc_cli.notes.lexicon import Lexicon

_FROM_MEASURE = 3
"""Groups from what is measured to its number: "CRP steget til 90"."""
Placed = tuple[int, int, str]
"""From which to which of the sentence's symbols (or of a text's characters) a group stands, and its symbol."""


def together(groups: list[Placed]) -> str:
    """The symbols of these groups."""
    return "".join([each[2] for each in groups])


class Grouping:
    """The expressions and borders of the guideline's words."""

    def __init__(self, lexicon: Lexicon) -> None:
        symbols = lexicon.symbols
        self._lexicon = lexicon
        self._beginning, self._named, self._anew = map(lexicon.of, (Trait.BEGINS, Trait.HAS_SIDE, Trait.ANEW))
        self._sides = lexicon.of(Trait.SIDE)
        self._small = lexicon.within | self._sides | {symbols["soft"]}
        self._skipped = "".join(self._small)
        self._single = frozenset((symbols["comma"], symbols["unknown"]))
        self._comma, self._soft, self._pause = (symbols[name] for name in ("comma", "soft", "pause"))
        self._numbers, self._old = frozenset(map(symbols.__getitem__, NUMBERS)), symbols["old"]
        self._borders = self._numbers | {self._soft, self._pause}
        self._measures, self._years = lexicon.of(Trait.MEASURE), lexicon.of(Trait.YEARS)

    def groups(self, symbols: str) -> list[Placed]:
        """The groups of a sentence with their places; unknown words in a row are one, and so are commas."""
        placed: list[Placed] = []
        start, length = 0, len(symbols)
        while start < length:
            symbol = symbols[start]
            if symbol < FIRST_EXPRESSION:
                end = start + 1
                placed.append((start, end, symbol))
            else:
                end, groups = self._longest(symbols, start)
                placed += [(start, end, group) for group in groups]
            start = end
        said = [each[2] for each in placed]
        if not self._borders.isdisjoint(said):
            if self._old not in said and self._measures.isdisjoint(said):
                placed = [each for each in placed if each[2] not in self._numbers]
                said = [each[2] for each in placed]
            settled = zip(placed, self._settled(said), strict=True)
            placed = [(start, end, group) for (start, end, _), group in settled if group]
        found: list[Placed] = []
        last = ""
        for each in placed:
            group = each[2]
            if group == last and group in self._single:
                found[-1] = (found[-1][0], each[1], group)
            else:
                found.append(each)
                last = group
        return found

    def _settled(self, groups: Sequence[str]) -> list[str]:
        """The groups with a comma for the dot of an abbreviation that ends a clause, "" for one that does not.

        So is a number "" that is neither that of a measure nor an age.
        """
        found: list[str] = []
        for place, group in enumerate(groups):
            settled = group
            if group == self._soft:
                settled = self._comma if self._ends_softly(found, groups[place + 1 : place + 2]) else ""
            elif group == self._pause:  # "pos. Lasègue": a value that begins a clause does not end one
                settled = self._comma if self._before(found[:-1]) != self._comma else ""
            elif group in self._numbers and not self._counts(group, found, groups[place + 1 : place + 2]):
                settled = ""
            found.append(settled)
        return found

    def _counts(self, number: str, before: Sequence[str], following: Sequence[str]) -> bool:
        """Whether a number is that of a measure, or an age."""
        measured = not self._measures.isdisjoint(before[-_FROM_MEASURE:])
        return measured or (number == self._old and not self._years.isdisjoint(following))

    def _before(self, groups: Sequence[str]) -> str:
        """The last of these groups; a comma for none."""
        return next(filter(None, reversed(groups)), self._comma)

    def _ends_softly(self, before: Sequence[str], following: Sequence[str]) -> bool:
        """Whether a clause begins behind the dot of a side, or of a word that is cut short."""
        last = self._before([group for group in before if group not in self._sides])
        begins = not self._beginning.isdisjoint(following)
        return last != self._comma and (begins or (last in self._named and not self._anew.isdisjoint(following)))

    def _longest(self, symbols: str, start: int) -> tuple[int, str]:
        """Where the longest expression or word that starts here ends, and its groups."""
        first, second = symbols[start], symbols[start + 1 : start + 2]
        known, small = self._lexicon.expressions[first], self._small
        likely = known.get(second, ())
        for text, group in likely:
            if symbols.startswith(text, start):
                return start + len(text), group
        if second in small:
            likely = known.get(symbols[start + 1 :].lstrip(self._skipped)[:1], ())
        if likely and not small.isdisjoint(symbols[start + 1 :]):
            others = (place for place in range(start + 1, len(symbols)) if symbols[place] not in small)
            places = [start, *islice(others, len(likely[0][0]) - 1)]  # the first is the longest
            whole = "".join([symbols[place] for place in places])
            for text, group in likely:
                if whole.startswith(text):
                    end = places[len(text) - 1] + 1
                    return end, group + "".join(filter(self._sides.__contains__, symbols[start:end]))
        return start + 1, self._lexicon.alone[first]
