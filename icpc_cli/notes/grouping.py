"""A sentence's symbols as groups of words: expressions taken together, fillers left out, borders made commas."""

import re

from icpc_cli.guideline.vocabulary import FIRST_EXPRESSION
from icpc_cli.guideline.words import Trait
from icpc_cli.notes.lexicon import Lexicon

_WITHIN = 8
"""Words of the longest expression, with those that mean nothing within it."""
Placed = tuple[int, int, str]
"""From which to which of the sentence's symbols a group stands, and the symbol of the group."""


class Grouping:
    """The expressions and borders of the guideline's words."""

    def __init__(self, lexicon: Lexicon) -> None:
        symbols = lexicon.symbols
        self._lexicon = lexicon
        self._beginning, self._named, self._anew = map(lexicon.of, (Trait.BEGINS, Trait.HAS_SIDE, Trait.ANEW))
        self._single = frozenset((symbols["comma"], symbols["unknown"]))
        self._comma, self._soft, self._pause = (symbols[name] for name in ("comma", "soft", "pause"))
        self._in_a_row = re.compile(f"([{self._comma}{symbols['unknown']}])\\1+")
        self._borders = frozenset((self._soft, self._pause))

    def groups(self, symbols: str) -> list[Placed]:
        """The groups of a sentence with their places; unknown words in a row are one, and so are commas."""
        found: list[Placed] = []
        last, start = "", 0
        while start < len(symbols):
            end, groups = self._longest(symbols, start)
            for group in groups:
                if last == self._soft:
                    self._settle(found, group)
                    last = found[-1][2] if found else ""
                symbol = self._border(found, group) if group in self._borders else group
                if symbol and symbol == last and symbol in self._single:
                    found[-1] = (found[-1][0], end, symbol)
                elif symbol:
                    found.append((start, end, symbol))
                    last = symbol
            start = end
        if last == self._soft:
            found.pop()
        return found

    def text(self, symbols: str) -> str:
        """The symbols of the groups of a sentence, without their places."""
        if not self._borders.isdisjoint(symbols):
            return "".join([symbol for _, _, symbol in self.groups(symbols)])
        text, place = "", 0
        while place < len(symbols):
            if symbols[place] < FIRST_EXPRESSION:
                text += symbols[place]
                place += 1
            else:
                place, groups = self._longest(symbols, place)
                text += groups
        return self._in_a_row.sub(r"\1", text)

    def _longest(self, symbols: str, start: int) -> tuple[int, str]:
        """Where the longest expression or word that starts here ends, and its groups."""
        first = symbols[start]
        if first < FIRST_EXPRESSION:
            return start + 1, first
        known, small = self._lexicon.expressions[first], self._lexicon.within
        for text, group in known.get(symbols[start : start + 2], ()):
            if symbols.startswith(text, start):
                return start + len(text), group
        if known and not small.isdisjoint(symbols[start + 1 : start + _WITHIN]):
            places = [start, *(place for place in range(start + 1, len(symbols)) if symbols[place] not in small)]
            whole = "".join([symbols[place] for place in places[:_WITHIN]])
            for text, group in known.get(whole[:2], ()):
                if whole.startswith(text):
                    return places[len(text) - 1] + 1, group
        return start + 1, self._lexicon.alone(first)

    def _settle(self, found: list[Placed], following: str) -> None:
        """Make the dot behind a side a comma where a clause begins behind it, else nothing."""
        start, end, _ = found.pop()
        before = found[-2][2] if len(found) > 1 else self._comma
        begins = following in self._beginning or (before in self._named and following in self._anew)
        if before != self._comma and begins:
            found.append((start, end, self._comma))

    def _border(self, found: list[Placed], border: str) -> str:
        """A comma for the end of an abbreviation, where it is a border; "" where it is not."""
        if border == self._soft:
            return border
        # "pos. Lasègue": a value that begins a clause does not end one
        return self._comma if len(found) > 1 and found[-2][2] != self._comma else ""
