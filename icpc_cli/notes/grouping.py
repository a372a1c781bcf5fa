"""A sentence's symbols as groups of words: expressions taken together, fillers left out, borders made commas."""

import re

from icpc_cli.guideline.vocabulary import FIRST_EXPRESSION
from icpc_cli.guideline.words import Trait
from icpc_cli.notes.lexicon import Lexicon

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
        last = ""
        for start, end, groups in self._words(symbols):
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
        if last == self._soft:
            found.pop()
        return found

    def text(self, symbols: str) -> str:
        """The symbols of the groups of a sentence, without their places."""
        if self._borders.isdisjoint(symbols):
            return self._in_a_row.sub(r"\1", "".join([groups for _, _, groups in self._words(symbols)]))
        return "".join([symbol for _, _, symbol in self.groups(symbols)])

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

    def _words(self, symbols: str) -> list[Placed]:
        """Expressions of several words taken together, the longest first; other words by themselves."""
        found: list[Placed] = []
        place, alone, expressions = 0, self._lexicon.alone, self._lexicon.expressions
        while place < len(symbols):
            first = symbols[place]
            if first < FIRST_EXPRESSION:
                found.append((place, place + 1, first))
                place += 1
                continue
            for text, group in expressions[first].get(symbols[place : place + 2], ()):
                if symbols.startswith(text, place):
                    found.append((place, place + len(text), group))
                    place += len(text)
                    break
            else:
                found.append((place, place + 1, alone(first)))
                place += 1
        return found
