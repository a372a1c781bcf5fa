"""Which place in the body a find is about."""

from collections.abc import Iterable, Sequence

from icpc_cli.guideline.words import Find

_SIDES = ("side-left", "side-right", "side-both", "side-other")
_PASSED = frozenset((*_SIDES, "in", "with", "from", "or", "and", "comma", "shows", "clear"))
_BACK = frozenset(("lumbar", "level-lumbar"))
"""Right beside a find that has a value of its own, these leave no doubt that it is in no other region."""
_PART = "unknown-part"
"""An unknown first part of a compound says only of that compound that it is about another place."""
_REPLACED_SIDE = 4


def values_by_place(find: Find, groups: Sequence[str], anchors: tuple[int, ...]) -> tuple[str, ...]:
    """What the find says, by the places that the sentence names: "" for another region, none if it names none."""
    if find.places:
        named = named_places(groups, anchors, find.unless.union(find.places))
        return tuple(dict.fromkeys(find.places.get(name, "") for name in named))
    beside = (*groups[max(anchors[0] - 1, 0) : anchors[0]], *groups[anchors[-1] + 1 : anchors[-1] + 2])
    sure = not find.unless or not _BACK.isdisjoint(beside)
    return (find.value,) if sure or find.unless.isdisjoint(named_places(groups, anchors, find.unless)) else ("",)


def value_from_around(find: Find, sentences: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The value by the first place that any of these sentences names, given the nearest first."""
    relevant = find.unless.union(find.places)
    for groups in sentences:
        named = [group for group in groups if group in relevant]
        if named:
            return (find.places.get(named[-1], ""),)
    return ()


def named_places(groups: Sequence[str], anchors: tuple[int, ...], relevant: frozenset[str]) -> list[str]:
    """The relevant places named with the find, right before or behind it, or nearest to it in the sentence."""
    first, last = anchors[0], anchors[-1]
    if not first or groups[first - 1] != _PART:
        relevant = relevant - {_PART}
    inside = [groups[place] for place in anchors if groups[place] in relevant]
    if inside:
        return inside
    before = _joined(groups, first - 1, -1, relevant)
    if before and groups[first - 1] in relevant:
        return before
    joined = _joined(groups, last + 1, 1, relevant) or before
    if joined:
        return joined
    nearest = (groups[place] for place in (*range(first - 1, -1, -1), *range(last + 1, len(groups))))
    return [group for group in nearest if group in relevant][:1]


def _joined(groups: Sequence[str], start: int, step: int, relevant: frozenset[str]) -> list[str]:
    """Relevant places in a row from ``start`` on, with nothing but small words between."""
    found: list[str] = []
    place = start
    while 0 <= place < len(groups) and (groups[place] in relevant or groups[place] in _PASSED):
        if groups[place] == "comma" and not found:
            break
        if groups[place] in relevant:
            found.append(groups[place])
        place += step
    return found


def side(groups: Sequence[str], anchors: tuple[int, ...]) -> str:
    """The side that is named with these words, behind them or else before; "" for none."""
    behind = range(anchors[-1] + 1, min(anchors[-1] + _REPLACED_SIDE, len(groups)))
    before = range(anchors[0] - 1, max(anchors[0] - _REPLACED_SIDE, -1), -1)
    for places in (behind, before):
        for place in places:
            if groups[place].startswith("side-"):
                return groups[place]
            if groups[place] in ("comma", "but", "and", "stop"):
                break
    return ""
