"""What one sentence says: finds, each with what its context makes of it. Pure, and remembered by the sentence's symbols."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from icpc_cli.guideline.words import Context, Direction, Does, Find, Reach, Words
from icpc_cli.model import Fact
from icpc_cli.notes.lexicon import Lexicon

_MEMORY = 100_000
_SET_ASIDE = (
    Does.OTHER_REGION,
    Does.FAMILY,
    Does.PLANNED,
    Does.NOT_DONE,
    Does.DIFFUSE,
    Does.RULED_OUT,
    Does.GONE,
    Does.NEGATED,
    Does.PAST,
)
"""Reasons to set something aside, the one that counts first."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A find in a sentence. ``start`` and ``end`` count the sentence's symbols.

    ``values`` is empty where the place in the body must come from the sentences around. ``aside`` says why it does not
    count, by the rule ``aside_by``; ``certain`` is what its context says of certainty, by ``certain_by``.
    """

    find: Find
    values: tuple[str, ...]
    start: int
    end: int
    aside: Does | None
    aside_by: str
    certain: Does | None
    certain_by: "Trigger | None"


@dataclass(frozen=True, slots=True)
class Trigger:
    """Words of a context at a place of a sentence; ``anchors`` are the places of the words themselves."""

    context: Context
    anchors: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a sentence says: its mentions, what it says of the whole note's certainty, and the places it names."""

    mentions: tuple[Mention, ...]
    remarks: tuple[Trigger, ...]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence as groups: their symbols as text, and for each where it stood, counted in symbols of the note."""

    text: str
    spans: tuple[tuple[int, int], ...]


class Grammar:
    """The finds and contexts of the guideline, ready for sentences."""

    def __init__(self, words: Words, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        symbols = lexicon.symbols
        self._names = {symbol: name for name, symbol in symbols.items()}
        compiler = _Patterns(symbols)
        self._finds = [(find, compiler.compile(find.patterns)) for find in words.finds]
        self._contexts = [(context, compiler.compile(context.patterns)) for context in words.contexts]
        self._scope = Scope(symbols)
        self._memory: dict[str, Sentence] = {}
        self._joins = {
            symbols[name]
            for name in (
                "no",
                "sign-of",
                "suspicion",
                "in",
                "to",
                "with",
                "from",
                "fits",
                "certain",
                "weak",
                "and",
                "or",
                "hip",
                "knee",
                "at",
                "deny",
            )
        }

    def sentence(self, symbols: str) -> Sentence:
        """What the sentence with these symbols says."""
        known = self._memory.get(symbols)
        if known is None:
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            known = self._memory[symbols] = self._analyse(symbols)
        return known

    def _analyse(self, symbols: str) -> Sentence:
        line = self._line(symbols)
        triggers = self._triggers(line.text)
        found = list(self._found(line.text))
        anchors = {place for _, places in found for place in places}
        reached = [(trigger, self._scope.reach(line.text, trigger, anchors)) for trigger in triggers]
        mentions = tuple(self._mention(line, find, places, reached) for find, places in found)
        remarks = tuple(trigger for trigger in triggers if trigger.context.reach is Reach.NOTE)
        spanned = tuple(
            Trigger(each.context, each.anchors, line.spans[each.anchors[0]][0], line.spans[each.anchors[-1]][1])
            for each in remarks
        )
        return Sentence(mentions, spanned, tuple(self._names[symbol] for symbol in line.text))

    # Groups

    def _line(self, symbols: str) -> _Line:
        text: list[str] = []
        spans: list[tuple[int, int]] = []
        unknown, line, comma, pause = (self._lexicon.symbols[name] for name in ("unknown", "line", "comma", "pause"))
        for start, end, groups in self._groups(symbols):
            for group in groups:
                symbol = group
                if symbol == pause:
                    if len(text) < 2 or text[-2] == comma:
                        continue  # "pos. Lasègue": what begins a clause belongs to what follows
                    symbol = comma
                if symbol == line:
                    if not text or text[-1] in self._joins:
                        continue
                    symbol = comma
                if symbol in (unknown, comma) and text and text[-1] == symbol:
                    continue
                text.append(symbol)
                spans.append((start, end))
        return _Line("".join(text), tuple(spans))

    def _groups(self, symbols: str) -> Iterator[tuple[int, int, str]]:
        """Expressions of several words taken together, the longest first; other words by themselves."""
        place, alone, expressions = 0, self._lexicon.alone, self._lexicon.expressions
        while place < len(symbols):
            first = symbols[place]
            for text, group in expressions.get(first, ()):
                if symbols.startswith(text, place):
                    yield place, place + len(text), group
                    place += len(text)
                    break
            else:
                yield place, place + 1, alone.get(first, first)
                place += 1

    # Patterns

    def _found(self, text: str) -> Iterator[tuple[Find, tuple[int, ...]]]:
        for find, patterns in self._finds:
            seen: set[int] = set()
            for anchors in sorted(_matches(patterns, text), key=lambda each: (-len(each), each[-1] - each[0])):
                if seen.isdisjoint(anchors):
                    seen.update(anchors)
                    yield find, anchors

    def _triggers(self, text: str) -> list[Trigger]:
        found = [
            Trigger(context, anchors, anchors[0], anchors[-1] + 1)
            for context, patterns in self._contexts
            for anchors in _matches(patterns, text)
        ]
        found.sort(key=lambda each: (-len(each.anchors), each.context.does is not Does.NOTHING))
        taken: set[int] = set()
        kept = []
        for trigger in found:
            if taken.isdisjoint(trigger.anchors):
                taken.update(trigger.anchors)
                kept.append(trigger)
        kept.sort(key=lambda each: each.start)
        return [trigger for trigger in kept if trigger.context.does is not Does.NOTHING]

    # What the context makes of a find

    def _mention(
        self, line: _Line, find: Find, anchors: tuple[int, ...], reached: list[tuple[Trigger, range]]
    ) -> Mention:
        values = self._values(line.text, find, anchors)
        over = [
            trigger
            for trigger, places in reached
            if find.fact in trigger.context.facts
            and (find.fact is not Fact.CONDITIONS or not values or trigger.context.conditions.intersection(values))
            and any(place in places for place in anchors)
            and not self._other_side(line.text, trigger, anchors)
        ]
        aside = self._aside(find, anchors, over)
        certain = _certainty(over)
        return Mention(
            find,
            values,
            line.spans[anchors[0]][0],
            line.spans[anchors[-1]][1],
            aside.context.does if aside else Does.OTHER_REGION if values == ("",) else None,
            aside.context.id if aside else "",
            certain.context.does if certain else None,
            _on_note(line, certain) if certain else None,
        )

    def _aside(self, find: Find, anchors: tuple[int, ...], over: list[Trigger]) -> Trigger | None:
        for reason in _SET_ASIDE:
            for trigger in over:
                if trigger.context.does is not reason:
                    continue
                if reason is Does.OTHER_REGION and not find.spine:
                    continue
                if find.value == "no" and reason is Does.NEGATED and trigger.end not in anchors:
                    continue
                return trigger
        return None

    def _other_side(self, text: str, trigger: Trigger, anchors: tuple[int, ...]) -> bool:
        """Whether a joint was replaced on the other side than the one spoken of."""
        if trigger.context.conditions.issuperset(("knee_osteoarthritis", "hip_osteoarthritis", "other")):
            return False
        theirs, ours = self._side(text, trigger.anchors), self._side(text, anchors)
        return theirs == "side-other" or bool(theirs and ours and theirs != ours)

    def _side(self, text: str, anchors: tuple[int, ...]) -> str:
        for place in (
            *range(anchors[-1] + 1, min(anchors[-1] + 4, len(text))),
            *range(anchors[0] - 1, max(anchors[0] - 3, -1), -1),
        ):
            name = self._names[text[place]]
            if name.startswith("side-"):
                return name
            if name in ("comma", "but", "and", "stop"):
                break
        return ""

    def _values(self, text: str, find: Find, anchors: tuple[int, ...]) -> tuple[str, ...]:
        if find.value or not find.places:
            values: tuple[str, ...] = (find.value,)
            if find.unless and self._near(text, find, anchors):
                values = ("",)
            return values
        named = self._named_places(text, find, anchors)
        return tuple(dict.fromkeys(find.places.get(name, "") for name in named))

    def _near(self, text: str, find: Find, anchors: tuple[int, ...]) -> bool:
        return bool(set(self._named_places(text, find, anchors)) & find.unless)

    def _named_places(self, text: str, find: Find, anchors: tuple[int, ...]) -> list[str]:
        """The places in the body that a find is about: named with it, right behind or before it, or nearest."""
        names = [self._names[symbol] for symbol in text]
        relevant = set(find.places) | find.unless
        inside = [names[place] for place in anchors if names[place] in relevant]
        if inside:
            return inside
        before = _joined(names, anchors[0] - 1, -1, relevant)
        if before and anchors[0] and names[anchors[0] - 1] in relevant:
            return before
        after = _joined(names, anchors[-1] + 1, 1, relevant)
        if after:
            return after
        if before:
            return before
        for place in (*range(anchors[0] - 1, -1, -1), *range(anchors[-1] + 1, len(names))):
            if names[place] in relevant:
                return [names[place]]
        return []


_PASSED = {"side-left", "side-right", "side-both", "side-other", "in", "with", "from", "or", "and", "comma", "shows"}


def _joined(names: list[str], start: int, step: int, relevant: set[str]) -> list[str]:
    """Places in a row from ``start`` on, with nothing but small words between."""
    found: list[str] = []
    place = start
    while 0 <= place < len(names) and (names[place] in relevant or names[place] in _PASSED):
        if names[place] == "comma" and not found:
            break
        if names[place] in relevant:
            found.append(names[place])
        place += step
    return found


def _on_note(line: _Line, trigger: Trigger) -> Trigger:
    start, end = line.spans[trigger.anchors[0]][0], line.spans[trigger.anchors[-1]][1]
    return Trigger(trigger.context, trigger.anchors, start, end)


def _certainty(over: Iterable[Trigger]) -> Trigger | None:
    """Of what is said about certainty, what counts: a doubt, unless a plain word of certainty comes after it."""
    doubts = [trigger for trigger in over if trigger.context.does is Does.SUSPECTED]
    sure = [trigger for trigger in over if trigger.context.does is Does.CERTAIN]
    if doubts and not any(each.context.id.startswith("certain") and each.start > doubts[-1].start for each in sure):
        return doubts[-1]
    return sure[-1] if sure else None


def _matches(patterns: re.Pattern[str] | list[re.Pattern[str]], text: str) -> Iterator[tuple[int, ...]]:
    """The anchors of every match of every pattern, also of overlapping ones."""
    for pattern in patterns if isinstance(patterns, list) else [patterns]:
        start = 0
        while match := pattern.search(text, start):
            yield tuple(match.start(number) for number in range(1, (pattern.groups or 0) + 1) if match[number])
            start = match.start() + 1


class _Patterns:
    """Patterns of group names made into regular expressions over symbols."""

    _SKIPPED = ("side-left", "side-right", "side-both")
    _BORDERS = ("comma", "but", "stop", "now")

    def __init__(self, symbols: dict[str, str]) -> None:
        self._symbols = symbols
        self._skipped = "[" + "".join(symbols[name] for name in self._SKIPPED) + "]{0,2}"
        borders = "".join(symbols[name] for name in self._BORDERS)
        values = "".join(symbols[name] for name in ("positive", "negative", "normal", "weak"))
        self._gaps = {
            "..": f"[^{borders}{values}]{{0,6}}?",
            "...": f"[^{symbols['but']}{symbols['stop']}]{{0,8}}?",
        }

    def compile(self, patterns: Iterable[str]) -> list[re.Pattern[str]]:
        """One expression for each pattern, with a capturing group for each element that is no gap; longest first."""
        return [re.compile(self._one(pattern)) for pattern in sorted(patterns, key=lambda each: -len(each.split()))]

    def _one(self, pattern: str) -> str:
        parts: list[str] = []
        for element in pattern.split():
            if element in self._gaps:
                parts.append(self._gaps[element])
                continue
            names = element.removesuffix("?").split("|")
            group = "([" + "".join(self._symbols[name] for name in names) + "])"
            optional = element.endswith("?")
            between = self._skipped if parts and parts[-1] not in self._gaps.values() else ""
            parts.append(f"(?:{between}{group})?" if optional else between + group)
        return "".join(parts)


class Scope:
    """How far the words of a context reach."""

    def __init__(self, symbols: dict[str, str]) -> None:
        def of(*names: str) -> frozenset[str]:
            return frozenset(symbols[name] for name in names)

        self._comma, self._or, self._and = symbols["comma"], symbols["or"], symbols["and"]
        self._unknown, self._now, self._no = symbols["unknown"], symbols["now"], symbols["no"]
        self._borders = of("but", "stop")
        self._clause_ends = of("but", "stop", "comma")
        self._new_subject = of("now", "but", "stop")
        self._prepositions = of("in", "to", "with", "from", "at")
        self._breaks_list = of("cause", "family", "suspicion", "again", "certain", "imaging", "fits")
        self._values = of("positive", "normal", "negative", "grade-weak", "grade-normal")
        self._exams = of("root-test")
        self._strange = of("unknown", "relief", "heavy", "walk", "sit")
        self._plain = of(
            "radiating", "deficit", "drop-foot", "root-signs", "radicular", "leg-pain", "arm-pain", "leg", "arm",
            "distal-leg", "hand", "thigh", "in", "to", "from", "side-left", "side-right", "side-both", "neurology",
        )  # fmt: skip
        self._things = self._plain - self._prepositions - of("side-left", "side-right", "side-both")

    def reach(self, text: str, trigger: Trigger, anchors: set[int]) -> range:
        """The places of ``text`` that the trigger reaches; ``anchors`` are places where something is found."""
        before, after = self._before(text, trigger), self._after(text, trigger)
        direction = trigger.context.direction
        if direction is Direction.BOTH:
            return range(before.start, after.stop)
        if direction is Direction.BEFORE:
            return before
        if direction is Direction.AFTER:
            return after
        if trigger.context.does is Does.NEGATED:
            return after if any(symbol != self._comma for symbol in text[after.start : after.stop]) else before
        return after if anchors.intersection(after) else before

    def _after(self, text: str, trigger: Trigger) -> range:
        start, reach = trigger.end, trigger.context.reach
        if reach is Reach.LIST:
            return range(start, self._list_end(text, start))
        return range(start, self._end(text, start, self._ends(trigger)))

    def _before(self, text: str, trigger: Trigger) -> range:
        stop, reach = trigger.start, trigger.context.reach
        if reach is Reach.LIST:
            return range(self._list_start(text, stop), stop)
        place = stop
        ends = self._ends(trigger)
        while place and text[place - 1] not in ends:
            place -= 1
        return range(place, stop)

    def _ends(self, trigger: Trigger) -> frozenset[str]:
        if trigger.context.reach is Reach.CLAUSE:
            ends = self._clause_ends
        else:
            ends = frozenset()
        if trigger.context.does in (Does.PAST, Does.FAMILY):
            ends = ends | self._new_subject
        return ends

    def _end(self, text: str, start: int, ends: frozenset[str]) -> int:
        place = start
        while place < len(text) and text[place] not in ends:
            place += 1
        return place

    def _list_end(self, text: str, start: int) -> int:
        """Where a list that begins at ``start`` ends: things joined by commas and "or", with what belongs to each."""
        head = unknown = False
        for place in range(start, len(text)):
            symbol = text[place]
            if (symbol in self._new_subject and (head or symbol != self._now)) or symbol in self._breaks_list:
                return place
            if symbol == self._no:
                return place
            joined = place > start and text[place - 1] in (self._comma, self._or, self._and)
            if symbol == self._comma or (symbol == self._and and head):
                if not head or not self._goes_on(text, place):
                    return place
            elif symbol in self._prepositions:
                if unknown:
                    return place
            elif head and not joined and (symbol in self._values or symbol in self._exams):
                return place
            elif symbol not in (self._or, self._now):
                head, unknown = True, symbol in self._strange
        return len(text)

    def _goes_on(self, text: str, comma: int) -> bool:
        """Whether a list goes on behind this comma or "and": an "or" follows, or the next thing is a plain noun."""
        end = self._end(text, comma + 1, self._new_subject)
        rest = text[comma + 1 : end]
        item = rest[: self._end(rest, 0, frozenset((self._comma, self._or, self._and)))]
        if not item or any(
            symbol in self._values or symbol in self._breaks_list or symbol == self._no for symbol in item
        ):
            return False
        if self._or in rest and not any(
            symbol in self._values or symbol == self._no for symbol in rest[: rest.index(self._or)]
        ):
            return True
        return all(symbol in self._plain for symbol in item) and any(symbol in self._things for symbol in item)

    def _list_start(self, text: str, stop: int) -> int:
        """Where a list that ends before ``stop`` begins; commas are crossed in a list, or where nothing stands behind."""
        head = listed = False
        for place in range(stop - 1, -1, -1):
            symbol = text[place]
            if symbol in self._borders or symbol == self._no or symbol in self._breaks_list:
                return place + 1
            if symbol == self._comma and head and not listed:
                return place + 1
            if symbol == self._now and head:
                return place + 1
            if symbol in (self._or, self._and):
                listed = True
            elif symbol not in (self._comma, self._now):
                head = True
        return 0
