"""Which place in the body a find is about."""

from collections.abc import Iterable, Sequence

from icpc_cli.guideline.words import Find, Trait, Words

_PART = "unknown-part"
"""An unknown first part of a compound says only of that compound that it is about another place."""
_FARTHEST_SIDE = 4


def value_from_around(find: Find, sentences: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The value by the first place that any of these sentences names, given the nearest first."""
    relevant = find.unless.union(find.places) - {_PART}
    for groups in sentences:
        named = [group for group in groups if group in relevant]
        if named:
            return (find.places.get(named[-1], ""),)
    return ()


class Places:
    """Places and sides in sentences of groups."""

    def __init__(self, words: Words) -> None:
        self._sides, self._other_side = words.traits[Trait.SIDE], words.traits[Trait.OTHER_SIDE]
        self._passed = self._sides | words.traits[Trait.BETWEEN_PLACES]
        self._aches, self._and = words.traits[Trait.ACHES], words.traits[Trait.AND]
        self._back = words.traits[Trait.BACK]
        self._side_ends = words.traits[Trait.BUT] | words.traits[Trait.AND] | {"comma", "stop"}

    def values(self, find: Find, groups: Sequence[str], anchors: tuple[int, ...]) -> tuple[str, ...]:
        """What the find says, by the places that the sentence names: "" for another region, none if it names none."""
        if find.places:
            named = self._named(groups, anchors, find.unless.union(find.places))
            return tuple(dict.fromkeys(find.places.get(name, "") for name in named))
        beside = (*groups[max(anchors[0] - 1, 0) : anchors[0]], *groups[anchors[-1] + 1 : anchors[-1] + 2])
        sure = not find.unless or not self._back.isdisjoint(beside)
        return (find.value,) if sure or find.unless.isdisjoint(self._named(groups, anchors, find.unless)) else ("",)

    def sides_differ(self, groups: Sequence[str], one: tuple[int, ...], other: tuple[int, ...]) -> bool:
        """Whether these words are about different sides of the body."""
        first, second = self.side(groups, one), self.side(groups, other)
        return first in self._other_side or bool(first and second and first != second)

    def _named(self, groups: Sequence[str], anchors: tuple[int, ...], relevant: frozenset[str]) -> list[str]:
        """The relevant places named with the find, right before or behind it, or nearest to it in the sentence."""
        first, last = anchors[0], anchors[-1]
        if not first or groups[first - 1] != _PART:
            relevant = relevant - {_PART}
        inside = [groups[place] for place in anchors if groups[place] in relevant]
        if inside:
            return inside
        before = self._joined(groups, first - 1, -1, relevant)
        if before and groups[first - 1] in relevant:
            return before
        joined = self._joined(groups, last + 1, 1, relevant) or before
        if joined:
            return joined
        ahead = next((place for place in range(first - 1, -1, -1) if groups[place] in relevant), None)
        if ahead is not None:
            return [groups[ahead]]
        for place in range(last + 1, len(groups)):
            if groups[place] in relevant and groups[place - 1] not in self._and:
                return self._joined(groups, place, 1, relevant)
        return []

    def _joined(self, groups: Sequence[str], start: int, step: int, relevant: frozenset[str]) -> list[str]:
        """Relevant places in a row from ``start`` on, with nothing but small words between."""
        found: list[str] = []
        place = start
        while 0 <= place < len(groups) and (groups[place] in relevant or groups[place] in self._passed):
            if not found and (groups[place] == "comma" or (step > 0 and groups[place] in self._and)):
                break  # "Artrose og skuldersmerter": the shoulder is another problem
            if found and step > 0 and not self._aches.isdisjoint(groups[place + 1 : place + 2]):
                break
            if groups[place] in relevant:
                found.append(groups[place])
            place += step
        return found

    def side(self, groups: Sequence[str], anchors: tuple[int, ...]) -> str:
        """The side that is named with these words, behind them or else before; "" for none."""
        if self._sides.isdisjoint(groups):
            return ""
        behind = range(anchors[-1] + 1, min(anchors[-1] + _FARTHEST_SIDE, len(groups)))
        before = range(anchors[0] - 1, max(anchors[0] - _FARTHEST_SIDE, -1), -1)
        for places in (behind, before):
            for place in places:
                if groups[place] in self._sides:
                    return groups[place]
                if groups[place] in self._side_ends:
                    break
        return ""
