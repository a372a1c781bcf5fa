"""What a sentence says, as the later stages take it."""

from typing import NamedTuple

from icpc_cli.guideline.words import Context, Does, Find, Zone
from icpc_cli.notes.modes import ModeStretch

Groups = tuple[str, ...]


class Remark(NamedTuple):
    """What the context says about certainty, or (``sure`` is False) against what was proposed; by a rule, at places."""

    sure: bool
    rule: str
    places: tuple[int, ...]


class Mention(NamedTuple):
    """A find in a sentence, with words at these ``places``, which count its groups.

    ``values`` are what it says; none where the place in the body must come from other sentences, "" for another region.
    ``aside`` says why it does not count, by ``rule``; else ``rule`` is the find's own. ``proposed``: suspected, or a
    referral's. ``concluded``: named as what it is after all. ``side`` is the side it is said of, "" for none.
    """

    find: Find
    values: tuple[str, ...]
    places: tuple[int, ...]
    aside: Does | None
    rule: str
    certain: Remark | None
    proposed: bool
    concluded: bool
    side: str


class Sentence(NamedTuple):
    """What a sentence says about signs, conditions and red flags, and what it says of the note as a whole.

    Each sign has with it what it says (yes, no, or "" for nothing), and why that does not count. ``answers`` speak
    against what was proposed before. ``settles`` are the contexts that also reach the red flags of earlier sentences.
    ``named`` are the groups that other sentences may look for in this one, each once,
    in the order in which they stand last. ``zone`` is the one that its heading opens;
    ``modes`` are its stretches in a mode.
    """

    signs: tuple[tuple[Mention, str, Does | None], ...]
    conditions: tuple[Mention, ...]
    alarms: tuple[Mention, ...]
    remarks: tuple[Remark, ...]
    answers: tuple[Remark, ...]
    settles: tuple[Context, ...]
    named: Groups
    zone: Zone | None
    modes: tuple[ModeStretch, ...]

    @property
    def foreign(self) -> bool:
        """Whether it is not Danish."""
        return any(each.mode.does is Does.FOREIGN for each in self.modes)
