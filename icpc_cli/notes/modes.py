"""The fourth stage: sentences whose form says that nothing was found: advice, education, plans, beliefs."""

from collections.abc import Iterable
from typing import NamedTuple

from icpc_cli.guideline.words import Does, Find, Mode, Topic, Trait
from icpc_cli.notes.lexicon import Lexicon
from icpc_cli.notes.scope import first


class ModeStretch(NamedTuple):
    """The places of a sentence, from ``start`` to ``end``, that stand in a mode."""

    mode: Mode
    start: int
    end: int

    def holds(self, find: Find, place: int) -> bool:
        """Whether what is found at this place is set aside; not so a lost function that is only asked about."""
        asked = find.function and self.mode.does is Does.BELIEVED
        return find.topic in self.mode.topics and not asked and self.start <= place < self.end

    def swallows(self, place: int) -> bool:
        """Whether nothing at this place has a say about the rest: the mode is about everything."""
        return len(self.mode.topics) == len(Topic) and self.start <= place < self.end


class Modes:
    """How far the modes of a sentence go."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._reasons = lexicon.of(Trait.REASON)
        self._begins = frozenset((lexicon.symbols["comma"], lexicon.symbols["colon"]))
        self._clause_ends = self._reasons | lexicon.of(Trait.BUT) | self._begins

    def stretches(self, text: str, found: Iterable[tuple[Mode, tuple[int, ...]]]) -> list[ModeStretch]:
        """The stretches of a sentence of these symbols, each from the words of its mode to the end or to a reason."""
        return [
            ModeStretch(
                mode,
                0 if mode.whole else places[0],
                first(text, places[-1] + 1, self._clause_ends if mode.clause else self._reasons),
            )
            for mode, places in found
            if not (mode.begins and places[0] and text[places[0] - 1] not in self._begins)
        ]
