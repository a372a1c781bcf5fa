"""The third stage: headings, and what kind of statement follows them."""

from collections.abc import Iterable, Iterator, Mapping

from icpc_cli.guideline.words import Does, Words, Zone
from icpc_cli.notes.said import Mention, Sentence

_LONGEST = 5
"""Words to the colon of a heading with words of its own."""


class Headings:
    """The headings of the guideline's zones, by the symbols of their groups."""

    def __init__(self, words: Words, symbols: Mapping[str, str]) -> None:
        self._zones = {symbols[name]: zone for zone in words.zones for name in zone.headings}
        self._colon = symbols["colon"]

    def opened(self, text: str) -> Zone | None:
        """The zone that a sentence of these symbols opens: its heading stands before a colon, or alone.

        Words may stand with the heading of what is taught: "Rygskole modul 2: ...".
        """
        zone = self._zones.get(text[:1])
        if zone and (zone.bare or len(text) == 1):
            return zone
        longest = _LONGEST if zone and zone.does is Does.ADVISED else 1
        return zone if self._colon in text[: 1 + longest] else None


def in_zones(sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """The sentences, with what stands in a zone of nothing found set aside."""
    zone: Zone | None = None
    for sentence in sentences:
        zone = sentence.zone or (None if zone and zone.one_sentence else zone)
        yield sentence if zone is None or zone.does is Does.NOTHING else _within(sentence, zone)


def _within(sentence: Sentence, zone: Zone) -> Sentence:
    def aside(mention: Mention) -> Mention:
        holds = mention.aside or mention.find.topic not in zone.topics
        return mention if holds else mention._replace(aside=zone.does, rule=zone.id)

    return sentence._replace(
        signs=tuple((aside(mention), value, zone.does) for mention, value, _ in sentence.signs),
        conditions=tuple(map(aside, sentence.conditions)),
        alarms=tuple(map(aside, sentence.alarms)),
        remarks=(),
        answers=(),
        settles=(),
    )
