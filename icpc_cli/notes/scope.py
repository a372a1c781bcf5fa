"""How far the words of a context reach: the small grammar of Danish clauses and lists that the rules stand on."""

from collections.abc import Mapping
from typing import NamedTuple

from icpc_cli.guideline.words import Context, Direction, Does, Reach, Trait, Words

_OF_A_SUBJECT = (Does.PAST, Does.FAMILY)
"""What does not go on behind a "now"."""


class Trigger(NamedTuple):
    """Words of a context in a sentence: the ``places`` of the words themselves, and the first and past the last one."""

    context: Context
    places: tuple[int, ...]
    start: int
    end: int


class Scope:
    """Reaches in sentences whose groups have these symbols."""

    def __init__(self, words: Words, symbols: Mapping[str, str]) -> None:
        def of(*traits: Trait) -> frozenset[str]:
            return frozenset(symbols[name] for trait in traits for name in words.traits[trait])

        self._comma, self._colon, self._relative, self._unknown, stop = (
            symbols[name] for name in ("comma", "colon", "relative", "unknown", "stop")
        )
        self._or, self._and, self._now, self._but = of(Trait.OR), of(Trait.AND), of(Trait.NOW), of(Trait.BUT)
        self._not, self._again, self._denials = of(Trait.DENIES_A_VERB), of(Trait.AGAIN), of(Trait.DENIES)
        self._sides = of(Trait.SIDE)
        self._joints = self._or | self._and | {self._comma}
        self._borders = self._but | {stop}
        self._clause_ends = self._borders | {self._comma}
        self._nothing = self._clause_ends | of(Trait.CAUSE) | {"", self._colon}
        self._nearest_ends = self._clause_ends | of(Trait.STOPS_NEXT)
        self._new_subject = self._borders | self._now
        ends = {Reach.NEXT: self._nearest_ends, Reach.CLAUSE: self._clause_ends}
        ends = {reach: ends.get(reach, frozenset()) for reach in Reach}
        self._reach_ends = (ends, {reach: each | self._new_subject for reach, each in ends.items()})
        self._prepositions = of(Trait.PREPOSITION)
        self._complaint = of(Trait.COMPLAINT)
        self._firm_breaks = of(Trait.SAYS_MORE)
        self._breaks = self._firm_breaks | of(Trait.DOUBT)
        self._values = of(Trait.VALUE)
        self._new_test = self._values | of(Trait.ROOT_TEST)
        self._strange, self._verbs = of(Trait.STRANGE), of(Trait.VERB)
        self._passed = self._joints | self._prepositions | self._now | self._again | of(Trait.SKIPPED)
        self._passed = (self._passed | {self._relative}) - self._sides
        self._empty = self._prepositions | of(Trait.EMPTY)
        """Groups that speak of no part of the body and no complaint: a clause of them is about what stands before."""
        self._what_kind = self._empty | of(Trait.WHAT_KIND)
        self._listed = of(Trait.LISTED)
        self._things, self._weakness = of(Trait.SIGN), of(Trait.WEAKNESS)
        self._joined = self._things | self._prepositions | of(Trait.WITH_SIGN)
        self._diagnosed_at = self._joined | of(Trait.WITH_DIAGNOSIS)
        self._diagnoses = of(Trait.DIAGNOSIS)

    def reach(self, text: str, trigger: Trigger, found: set[int]) -> range:
        """The places of the sentence ``text`` that the trigger reaches; ``found`` are the places of conditions."""
        direction = trigger.context.direction
        clause = self.clause(text, trigger.start, trigger.end) if self._is_remark(trigger) else ""
        if clause and self._what_kind.issuperset(clause) and self._follows_comma(text, trigger):
            return self._clauses_before(text, trigger.start, found)
        if trigger.context.image and self._denies(text, trigger):
            return self._in_the_image(text, trigger)
        after = self._after(text, trigger)
        if trigger.context.does is Does.PAST and direction is Direction.AFTER and not after:
            direction = Direction.BEFORE  # "iskias tidligere."
        if direction is Direction.AFTER or (
            direction is Direction.EITHER and self._says_something(text, trigger, after, found)
        ):
            return after
        before = self._before(text, trigger)
        return range(before.start, after.stop) if direction is Direction.BOTH else before

    def _is_remark(self, trigger: Trigger) -> bool:
        """Whether these are words of doubt, the opposite, or an end, that reach over their clause."""
        context = trigger.context
        return context.reach is Reach.CLAUSE and context.does in (Does.SUSPECTED, Does.CERTAIN, Does.GONE)

    def is_alone(self, text: str, trigger: Trigger) -> bool:
        """Whether nothing stands in the clause with a doubt or its opposite: "coxartrose, kan ikke udelukkes"."""
        return self._empty.issuperset(self.clause(text, trigger.start, trigger.end))

    def other_side_behind_but(self, text: str, start: int) -> int:
        """The place of a side behind a "but", if nothing is named there; 0 for none."""
        border = first(text, start, self._but)
        behind = text[border + 1 : first(text, border + 1, self._clause_ends)]
        place = first(behind, 0, self._sides)
        states = place < len(behind) and self._empty.issuperset(behind) and self._denials.isdisjoint(behind)
        return border + 1 + place if states else 0

    def clause(self, text: str, start: int, end: int) -> str:
        """What stands from ``start`` to ``end``, and around it to the next comma or border."""
        return text[self._clause_start(text, start) : first(text, end, self._clause_ends)]

    def _denies(self, text: str, trigger: Trigger) -> bool:
        """Whether the clause says what an image does not show, which makes nothing else certain."""
        return not self._denials.isdisjoint(self.clause(text, trigger.start, trigger.end))

    def _in_the_image(self, text: str, trigger: Trigger) -> range:
        """The clause of an image that denies something, and what it shows instead: "MR uden prolaps, men stenose"."""
        end = first(text, trigger.end, self._clause_ends)
        border = end + text.startswith(self._comma, end)
        if border < len(text) and text[border] in self._but:
            last = first(text, border + 1, self._clause_ends)
            end = end if self._complaint.intersection(text[border:last]) else last
        return range(self._clause_start(text, trigger.start), end)

    def _clause_start(self, text: str, place: int) -> int:
        while place and text[place - 1] not in self._clause_ends:
            place -= 1
        return place

    def _follows_comma(self, text: str, trigger: Trigger) -> bool:
        start = self._clause_start(text, trigger.start)
        return text[:start].endswith(self._comma)

    def _clauses_before(self, text: str, stop: int, found: set[int]) -> range:
        """From the last clause before ``stop`` that names a condition."""
        start = stop
        while start and text[start - 1] not in self._borders:
            start -= 1
            if start in found and text[start - 1 : start] in ("", self._comma):
                break
        return range(start, stop)

    def _says_something(self, text: str, trigger: Trigger, after: range, found: set[int]) -> bool:
        """Whether what comes after is what the words are about: for a "no" anything at all, for others a condition."""
        if trigger.context.does is Does.NEGATED:
            behind = text[trigger.end :].lstrip("".join(self._now))
            answers = text[: trigger.start].endswith(self._colon)  # "udfald: ingen oplyst"
            if answers and not behind[: first(behind, 0, self._clause_ends)].strip(self._unknown):
                return False
            return behind[:1] not in self._nothing
        return text[trigger.end : trigger.end + 1] not in self._joints and not found.isdisjoint(after)

    def _after(self, text: str, trigger: Trigger) -> range:
        if trigger.context.reach is Reach.LIST:
            return range(trigger.end, self._list_end(text, trigger.end, nouns=text[trigger.start] not in self._not))
        return range(trigger.end, first(text, trigger.end, self._ends(trigger)))

    def _before(self, text: str, trigger: Trigger) -> range:
        if trigger.context.reach is Reach.LIST:
            over_doubt = trigger.context.does is Does.RULED_OUT  # "coxartrose mistænkt, afkræftet"
            breaks = self._firm_breaks if over_doubt else self._breaks
            if trigger.context.does is Does.NEGATED:  # "en parese, der ikke var der sidst"
                breaks = breaks | {self._relative}
            return range(
                self._list_start(text, trigger.start, breaks, verb=text[trigger.start] in self._not), trigger.start
            )
        place, ends = trigger.start, self._ends(trigger)
        while place and text[place - 1] not in ends:
            place -= 1
        return range(place, trigger.start)

    def _ends(self, trigger: Trigger) -> frozenset[str]:
        return self._reach_ends[trigger.context.does in _OF_A_SUBJECT][trigger.context.reach]

    def _list_end(self, text: str, start: int, *, nouns: bool) -> int:
        """Where a list that begins at ``start`` ends: things joined by commas and "or", with what belongs to each.

        A list of ``nouns`` goes on at a comma; "ikke" denies a verb, so its list does so only before an "or".
        """
        head = ""
        for place in range(start, len(text)):
            symbol = text[place]
            if self._ends_list(text, place, head, nouns=nouns):
                return place
            if symbol not in self._passed:
                head = symbol
        return len(text)

    def _ends_list(self, text: str, place: int, head: str, *, nouns: bool) -> bool:
        """Whether the list ends before ``place``; ``head`` is the last thing in it so far."""
        symbol = text[place]
        if symbol in self._now or symbol in self._again:  # "ingen kendt udstråling"
            return bool(head)
        if symbol in self._breaks or symbol in self._new_subject:
            return True
        if symbol == self._comma:
            return not head or not self._goes_on(text, place, nouns=nouns)
        if symbol in self._and:
            return bool(head) and not (self._is_another(text, place, head) or self._goes_on(text, place, nouns=True))
        if symbol in self._prepositions:  # "ingen effekt på ...": what follows is not denied
            return head in self._strange
        return bool(head) and symbol in self._new_test and text[place - 1] not in self._joints

    def _is_another(self, text: str, joint: int, head: str) -> bool:
        """Whether one diagnosis is joined to another by "and": "MR udelukker prolaps og stenose"."""
        item = text[joint + 1 : first(text, joint + 1, self._joints | self._borders)]
        named = set(item) - self._diagnosed_at
        return head in self._diagnoses and bool(named) and named <= self._diagnoses

    def _goes_on(self, text: str, joint: int, *, nouns: bool) -> bool:
        """Whether a list goes on behind a comma or "and": an "or" follows, or the next thing is a plain noun."""
        rest = text[joint + 1 : first(text, joint + 1, self._new_subject)]
        item = rest[: first(rest, 0, self._joints)]
        if not item or not self._plain(item):
            return False
        first_or = first(rest, 0, self._or)
        if first_or < len(rest) and self._plain(rest[:first_or]):
            return True
        if nouns and item in self._listed and rest[len(item) :]:  # "dobbeltsyn, svimmelhed og feber"
            return self._goes_on(text, joint + 1 + len(item), nouns=True)
        joined = self._joined | self._weakness if text[joint] in self._and else self._joined
        return nouns and joined.issuperset(item) and not (self._things | self._weakness).isdisjoint(item)

    def _plain(self, words: str) -> bool:
        """Whether there is no value, and no context that has a say of its own."""
        return self._values.isdisjoint(words) and self._breaks.isdisjoint(words)

    def _list_start(self, text: str, stop: int, breaks: frozenset[str], *, verb: bool) -> int:
        """Where a list that ends before ``stop`` begins; a comma is crossed in a list, or where nothing is behind.

        A colon is crossed where nothing is behind: "iskias: nej", not "coxartrose: IR 0". What denies a ``verb`` does
        not cross an "and" before another one: "tabte urin og mærkede det ikke".
        """
        head = False
        listed = self._colon in text[max(stop - 1, 0) : stop + 1]  # "feber, nattesved: nej"
        for place in range(stop - 1, -1, -1):
            symbol = text[place]
            if symbol in self._borders or symbol in breaks or (symbol in self._now and head):
                return place + 1
            if head and (symbol == self._colon or (symbol == self._comma and not listed)):
                return place + 1
            if verb and head and symbol in self._and and self._verbs.issuperset(text[place + 1 : stop]):
                return place + 1
            listed = listed or symbol in self._or or symbol in self._and
            head = head or (symbol not in self._joints and symbol not in self._now)
        return 0


def first(text: str, start: int, ends: frozenset[str]) -> int:
    """The first place from ``start`` on with one of ``ends``, or the end of the text."""
    place = start
    while place < len(text) and text[place] not in ends:
        place += 1
    return place
