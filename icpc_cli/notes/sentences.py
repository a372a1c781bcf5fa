"""What one sentence says: finds, each with what its context makes of it. Pure, and remembered by its symbols."""

from collections.abc import Hashable, Iterable, Iterator
from typing import NamedTuple

from icpc_cli.guideline.words import Context, Direction, Does, Find, Reach, Words
from icpc_cli.model import Condition, Fact
from icpc_cli.notes.grouping import Grouping
from icpc_cli.notes.lexicon import Lexicon
from icpc_cli.notes.memory import Memory
from icpc_cli.notes.patterns import Patterns
from icpc_cli.notes.places import side, value_from_around, values_by_place
from icpc_cli.notes.scope import Scope, Trigger

Groups = tuple[str, ...]

_MEMORY = 100_000
"""Different sentences that are remembered; then the memory is begun anew."""
_SET_ASIDE = (
    Does.OTHER_REGION, Does.FAMILY, Does.PLANNED, Does.NOT_DONE, Does.DIFFUSE, Does.RULED_OUT, Does.GONE, Does.NEGATED,
    Does.PAST,
)  # fmt: skip
"""Reasons to set something aside, the one that counts first."""
LIMB_PAIN = frozenset(("leg-pain", "arm-pain"))
"""Pain in a limb by a word of its own."""
PERIPHERAL = "peripheral"
"""Illnesses that give the signs of a nerve root without one."""
_DENIES = (Does.NEGATED, Does.RULED_OUT, Does.GONE)


class Remark(NamedTuple):
    """What the context says about certainty, by a rule, with words at these places of the sentence."""

    sure: bool
    rule: str
    places: tuple[int, ...]


class Mention(NamedTuple):
    """A find in a sentence, with words at these ``places``, which count its groups.

    ``values`` are what it says; none where the place in the body must come from other sentences, "" for another region.
    ``aside`` says why it does not count, by ``rule``; else ``rule`` is the find's own.
    """

    find: Find
    values: tuple[str, ...]
    places: tuple[int, ...]
    aside: Does | None
    rule: str
    certain: Remark | None


class Sentence(NamedTuple):
    """What a sentence says about signs and about conditions, and what it says of the whole note's certainty.

    Each sign has with it what it says (yes, no, or "" for nothing), and why that does not count. ``named`` are the
    groups that other sentences may look for in this one, each once, in the order in which they stand last.
    """

    signs: tuple[tuple[Mention, str, Does | None], ...]
    conditions: tuple[Mention, ...]
    remarks: tuple[Remark, ...]
    named: tuple[str, ...]


class Grammar:
    """The finds and contexts of the guideline, ready: ``memory`` gives what a sentence says, by its symbols."""

    def __init__(self, words: Words, lexicon: Lexicon) -> None:
        symbols = lexicon.symbols
        self.memory = Memory(self._sentence, _MEMORY)
        self._by_groups = Memory(self._analyse, _MEMORY)
        self._grouping = Grouping(lexicon)
        self._names = {symbol: name for name, symbol in symbols.items()}
        self._finds = Patterns(((find, find.patterns) for find in words.finds), symbols)
        self._contexts = Patterns(((context, context.patterns) for context in words.contexts), symbols)
        remarks = (context for context in words.contexts if context.reach is Reach.NOTE or _judges(context))
        self._remarks = Patterns(((context, context.patterns) for context in remarks), symbols)
        self._scope = Scope(symbols)
        self._asked = _asked(words)
        self._placed = [find for find in words.finds if find.places]
        self._looked_for = frozenset().union(*self._asked, *(find.unless.union(find.places) for find in self._placed))
        self._tells = Memory(self._telling, _MEMORY)

    def _sentence(self, symbols: str) -> Sentence:
        return self._by_groups[self._grouping.text(symbols)]

    def spans(self, symbols: str) -> list[tuple[int, int]]:
        """For each group of the sentence, from which to which of these symbols it stands."""
        return [(start, end) for start, end, _ in self._grouping.groups(symbols)]

    def named(self, symbols: str) -> list[tuple[int, int, str]]:
        """The groups of the sentence by name, each with from which to which of these symbols it stands."""
        return [(start, end, self._names[group]) for start, end, group in self._grouping.groups(symbols)]

    def essence(self, sentence: Sentence) -> Hashable:
        """All of it that a note's facts can depend on: equal for sentences that say the same, none for nothing."""
        signs = frozenset(
            (value, find.along, find.spine, find.only_spine)
            for (find, *_), value, aside in sentence.signs
            if value and aside is None
        )
        sure = [each.certain for each in sentence.conditions if each.certain] + list(sentence.remarks)
        order = sorted({remark.places[0] for remark in sure})
        said = [
            (each.find.id, each.values, each.aside, each.certain and _ranked(each.certain, order))
            for each in sentence.conditions
        ]
        remarks = [_ranked(each, order) for each in sentence.remarks]
        essence = (signs, tuple(said), tuple(remarks), self._tells[sentence.named])
        return essence if any(essence) else None

    def _telling(self, named: Groups) -> Hashable:
        """What these groups answer to other sentences; none for nothing."""
        asked = [number for number, groups in enumerate(self._asked) if not groups.isdisjoint(named)]
        placed = [value_from_around(find, [named]) for find in self._placed]
        return (tuple(asked), tuple(placed)) if asked or any(placed) else None

    def _analyse(self, text: str) -> Sentence:
        groups = tuple(map(self._names.__getitem__, text))
        found = list(self._found(text))
        triggers = self._triggers(text) if found or self._remarks.possible(text) else []
        anchors = {place for find, places in found if find.fact is Fact.CONDITIONS for place in places}
        reached = _of_the_patient([(trigger, self._scope.reach(text, trigger, anchors)) for trigger in triggers])
        mentions = [_mention(groups, find, places, reached) for find, places in found]
        return Sentence(
            tuple([(each, *_said(each)) for each in mentions if _is_sign(each)]),
            tuple([each for each in mentions if each.find.fact is Fact.CONDITIONS]),
            tuple([_remark(each) for each in triggers if self._is_of_the_note(text, each, anchors)]),
            tuple(dict.fromkeys(group for group in reversed(groups) if group in self._looked_for))[::-1],
        )

    def _is_of_the_note(self, text: str, trigger: Trigger, anchors: set[int]) -> bool:
        """Whether words of certainty are about the whole note: by their rule, or alone where no condition is named."""
        if trigger.context.reach is Reach.NOTE:
            return True
        return not anchors and _judges(trigger.context) and self._scope.is_alone(text, trigger)

    # Patterns

    def _found(self, text: str) -> Iterator[tuple[Find, tuple[int, ...]]]:
        """Finds, for each rule the fullest and shortest matches that do not share a word."""
        by_rule: dict[str, tuple[Find, list[tuple[int, ...]]]] = {}
        for find, places in self._finds.matches(text):
            by_rule.setdefault(find.id, (find, []))[1].append(places)
        for find, matches in by_rule.values():
            taken: set[int] = set()
            for places in sorted(matches, key=lambda each: (-len(each), each[-1] - each[0])):
                if taken.isdisjoint(places):
                    taken.update(places)
                    yield find, places

    def _triggers(self, text: str) -> list[Trigger]:
        """Contexts in their order in the sentence; where they share words, the fullest one is meant."""
        found = [
            Trigger(context, places, places[0], places[-1] + 1) for context, places in self._contexts.matches(text)
        ]
        found.sort(key=lambda each: (-len(each.places), each.context.does is not Does.NOTHING))
        taken: set[int] = set()
        kept = []
        for trigger in found:
            if taken.isdisjoint(trigger.places):
                taken.update(trigger.places)
                kept.append(trigger)
        return sorted((each for each in kept if each.context.does is not Does.NOTHING), key=lambda each: each.start)


def _of_the_patient(reached: list[tuple[Trigger, range]]) -> list[tuple[Trigger, range]]:
    """Without what a relative has behind them: "gonartrose hø., søster fik nyt knæ"."""
    theirs = [reach for trigger, reach in reached if trigger.context.does is Does.FAMILY]
    if not theirs:
        return reached
    return [
        (trigger, reach)
        for trigger, reach in reached
        if trigger.context.does is not Does.PAST or not any(trigger.start in each for each in theirs)
    ]


def _asked(words: Words) -> frozenset[frozenset[str]]:
    """The sets of groups that notes are asked for as a whole."""
    inferred = [groups for each in words.inferences for groups in (each.levels, each.trunk, each.limb)]
    return frozenset((words.spine, words.elsewhere, words.limb_pain, LIMB_PAIN, frozenset((PERIPHERAL,)), *inferred))


def _ranked(remark: Remark, order: list[int]) -> tuple[bool, int]:
    return remark.sure, order.index(remark.places[0])


def _mention(groups: Groups, find: Find, anchors: tuple[int, ...], reached: list[tuple[Trigger, range]]) -> Mention:
    """The find with what the contexts that reach it make of it."""
    values = values_by_place(find, groups, anchors)
    over = [
        trigger
        for trigger, reach in reached
        if any(place in reach for place in anchors) and _concerns(groups, trigger, find, values, anchors)
    ]
    aside = _aside(find, anchors, over)
    certain = _certainty(over)
    return Mention(
        find,
        values,
        anchors,
        aside.context.does if aside else Does.OTHER_REGION if values == ("",) else None,
        aside.context.id if aside else find.id,
        _remark(certain) if certain else None,
    )


def _concerns(groups: Groups, trigger: Trigger, find: Find, values: tuple[str, ...], anchors: tuple[int, ...]) -> bool:
    """Whether the context is about such a fact, such a condition, and the same side of the body."""
    context = trigger.context
    if find.fact not in context.facts:
        return False
    if find.fact is not Fact.CONDITIONS or len(context.conditions) == len(Condition):
        return True
    if values and context.conditions.isdisjoint(values):
        return False
    theirs, ours = side(groups, trigger.places), side(groups, anchors)
    return theirs != "side-other" and not (theirs and ours and theirs != ours)


def _aside(find: Find, anchors: tuple[int, ...], over: list[Trigger]) -> Trigger | None:
    current = any(trigger.context.does is Does.CURRENT for trigger in over)
    for reason in _SET_ASIDE:
        for trigger in () if current and reason in (Does.PAST, Does.GONE) else over:
            if trigger.context.does is reason and _bears(trigger, find, anchors):
                return trigger
    return None


def _bears(trigger: Trigger, find: Find, anchors: tuple[int, ...]) -> bool:
    """Whether the reason applies: another muscle to signs that need a place, "no" to "normal" only right before it."""
    if trigger.context.does is Does.OTHER_REGION:
        return find.spine or find.only_spine
    if find.value == "no" and trigger.context.does is Does.NEGATED:
        return trigger.end in anchors and trigger.start not in anchors
    return True


def _certainty(over: Iterable[Trigger]) -> Trigger | None:
    """Of what is said about certainty, what counts: a doubt, unless a plain word of certainty comes after it."""
    doubts = [trigger for trigger in over if trigger.context.does is Does.SUSPECTED]
    sure = [trigger for trigger in over if trigger.context.does is Does.CERTAIN]
    if doubts and not any(each.context.direction is Direction.BOTH and _plainly(each, doubts[-1]) for each in sure):
        return doubts[-1]
    return sure[-1] if sure else None


def _judges(context: Context) -> bool:
    """Whether these are words of doubt or plain words of certainty."""
    return context.does is Does.SUSPECTED or context.id.startswith("certain")


def _plainly(sure: Trigger, doubt: Trigger) -> bool:
    return sure.context.id.startswith("certain") and sure.start > doubt.start


def _remark(trigger: Trigger) -> Remark:
    return Remark(trigger.context.does is Does.CERTAIN, trigger.context.id, trigger.places)


def _is_sign(mention: Mention) -> bool:
    """Whether it is about signs; to deny some conditions denies the signs: "ingen tegn på rodpåvirkning"."""
    if mention.find.fact is Fact.NERVE_ROOT_SIGNS:
        return True
    return mention.find.is_sign and mention.aside in (Does.NEGATED, Does.GONE)


def _said(mention: Mention) -> tuple[str, Does | None]:
    """What a mention says about signs (yes, no, or "" for nothing), and why that does not count."""
    find, aside = mention.find, mention.aside
    if find.value == "no":
        return ("yes", None) if aside is Does.NEGATED else ("no", aside)
    if aside in _DENIES:
        return "no", None
    return ("" if find.value == "open" else "yes"), aside
