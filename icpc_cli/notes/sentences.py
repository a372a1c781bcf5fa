"""Finds in a sentence, each with what its modes and contexts make of it. Pure, and remembered by its symbols."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from operator import attrgetter

from icpc_cli.guideline.words import Context, Direction, Does, Find, Mode, Reach, Topic, Trait, Words
from icpc_cli.model import Condition
from icpc_cli.notes.lexicon import Lexicon
from icpc_cli.notes.memory import Memory
from icpc_cli.notes.modes import Modes, ModeStretch
from icpc_cli.notes.patterns import Patterns, Rule
from icpc_cli.notes.places import Places, value_from_around
from icpc_cli.notes.said import Groups, Mention, Remark, Sentence
from icpc_cli.notes.scope import Scope, Trigger
from icpc_cli.notes.zones import Headings

_MEMORY = 100_000
"""Different sentences that are remembered; then the memory is begun anew."""
_SET_ASIDE = (
    Does.OTHER_REGION, Does.FAMILY, Does.PLANNED, Does.NOT_DONE, Does.DIFFUSE, Does.RULED_OUT,
    Does.GONE, Does.NEGATED, Does.PAST, Does.STABLE, Does.OTHER_CAUSE,
)  # fmt: skip
"""Reasons of contexts to set something aside, the one that counts first."""
_START = attrgetter("start")
_DENIES = (Does.NEGATED, Does.RULED_OUT, Does.GONE)
_DOUBTS = (Does.SUSPECTED, Does.PROPOSED)
_JUDGES = (Does.SUSPECTED, Does.CERTAIN)


_Reached = list[tuple[Trigger, range]]
"""The triggers of a sentence with their reaches."""


class Grammar:
    """The finds and contexts of the guideline, ready: ``memory`` gives what a sentence says, by its groups."""

    def __init__(self, words: Words, lexicon: Lexicon) -> None:
        symbols = lexicon.symbols
        self.memory = Memory(self._analyse, _MEMORY)
        self.names = {symbol: name for name, symbol in symbols.items()}
        self._headings = Headings(words, symbols)
        self._modes = Modes(lexicon)
        self._patterns = Patterns((*words.modes, *words.finds, *words.contexts), lexicon)
        self._of_modes = self._of_finds = self._of_contexts = self._of_the_note = 0
        self._of_its_contexts: defaultdict[str, int] = defaultdict(int)
        for rule, patterns in self._patterns.of_each:
            self._add(rule, patterns)
        self._scope = Scope(words, symbols)
        self._places = Places(words)
        self._asked = _asked(words)
        self._placed = [find for find in words.finds if find.places]
        looked_for = frozenset().union(*self._asked, *(find.unless.union(find.places) for find in self._placed))
        self._looked_for = frozenset(symbols[name] for name in looked_for)
        self._tells = Memory(self._telling, _MEMORY)

    def _add(self, rule: Rule, patterns: int) -> None:
        """Add the patterns of a rule to what they are for: those of the note say something where there are no finds."""
        if isinstance(rule, Mode):
            self._of_modes |= patterns
        elif isinstance(rule, Find):
            self._of_finds |= patterns
        else:
            of_the_note = rule.reach is Reach.NOTE
            self._of_contexts |= patterns if of_the_note or not rule.finds else 0
            self._of_the_note |= patterns if of_the_note or _judges(rule) else 0
            for find in rule.finds:
                self._of_its_contexts[find] |= patterns

    def essence(self, sentence: Sentence) -> Hashable:
        """All of it that a note's facts can depend on: equal for sentences that say the same, none for nothing."""
        signs = [
            (value, mention.find.along, mention.find.spine, mention.find.only_spine)
            for mention, value, aside in sentence.signs
            if value and aside is None
        ]
        conditions, remarks, answers = sentence.conditions, sentence.remarks, sentence.answers
        settles = answers or [each for each in conditions if each.proposed or each.concluded]
        placed = [*remarks, *answers, *[each.certain for each in conditions if each.certain]]
        order = sorted({each.places[0] for each in placed} | {each.places[0] for each in conditions if settles})
        said = [
            (
                each.find.id if each.find.value != Condition.OTHER else each.find.explains,
                each.values,
                each.aside,
                each.certain and _ranked(each.certain, order),
                (each.proposed, each.concluded, bool(each.side)),
                order.index(each.places[0]) if settles else 0,
            )
            for each in conditions
        ]
        essence = (
            frozenset(signs),
            tuple(said),
            frozenset([each.find.id for each in sentence.alarms if each.aside is None]),
            frozenset([each.id for each in sentence.settles]),
            tuple([_ranked(each, order) for each in remarks]),
            tuple([_ranked(each, order) for each in answers]),
            self._tells[sentence.named],
            sentence.zone,
        )
        return essence if any(essence) else None

    def _telling(self, named: Groups) -> Hashable:
        """What these groups answer to other sentences; none for nothing."""
        asked = [number for number, groups in enumerate(self._asked) if not groups.isdisjoint(named)]
        placed = [value_from_around(find, [named]) for find in self._placed]
        return (tuple(asked), tuple(placed)) if asked or any(placed) else None

    def _analyse(self, text: str) -> Sentence:
        possible = self._patterns.possible(text)
        found = list(self._found(text, possible & self._of_finds)) if possible & self._of_finds else []
        worth = found or possible & self._of_the_note
        contexts = self._of_contexts
        for find, _ in found:
            contexts |= self._of_its_contexts[find.id]
        triggers = self._triggers(text, possible & contexts) if worth else []
        anchors = {place for find, places in found if find.topic is Topic.CONDITIONS for place in places}
        modes = self._patterns.matches(text, possible & self._of_modes) if possible & self._of_modes else ()
        stretches = self._modes.stretches(text, [(mode, places) for mode, places in modes if isinstance(mode, Mode)])
        if stretches:
            triggers = [each for each in triggers if not any(stretch.swallows(each.start) for stretch in stretches)]
        mentions = self._mentions(text, found, stretches, triggers, anchors) if found else []
        named = dict.fromkeys(filter(self._looked_for.__contains__, reversed(text)))
        return Sentence(
            signs=tuple([(each, *_said(each)) for each in mentions if _is_sign(each)]),
            conditions=tuple([each for each in mentions if each.find.topic is Topic.CONDITIONS]),
            alarms=tuple([each for each in mentions if each.find.topic is Topic.RED_FLAGS]),
            remarks=tuple([_remark(each) for each in triggers if self._is_of_the_note(text, each, anchors)]),
            answers=tuple([_remark(each) for each in triggers if each.context.does is Does.REFUTED]),
            settles=tuple(
                [each.context for each in triggers if each.context.finds and each.context.reach is Reach.NOTE]
            ),
            named=tuple([self.names[symbol] for symbol in reversed(named)]),
            zone=self._headings.opened(text),
            modes=tuple(stretches),
        )

    def _mentions(
        self,
        text: str,
        found: list[tuple[Find, tuple[int, ...]]],
        stretches: list[ModeStretch],
        triggers: list[Trigger],
        anchors: set[int],
    ) -> list[Mention]:
        reached = _of_the_patient([(trigger, self._scope.reach(text, trigger, anchors)) for trigger in triggers])
        groups = tuple([self.names[symbol] for symbol in text])
        mentions = [self._mention(groups, find, places, stretches, reached) for find, places in found]
        if any(each.aside is Does.NEGATED and each.side for each in mentions):
            mentions += self._of_the_other_side(text, groups, mentions, reached)
        return mentions

    def _of_the_other_side(
        self, text: str, groups: Groups, mentions: list[Mention], reached: _Reached
    ) -> Iterator[Mention]:
        """What is denied of one side and stated of the other: "ingen artrose i hø. hofte, men tydelig i ve."."""
        for denied in mentions:
            place = self._scope.other_side_behind_but(text, denied.places[-1])
            if place and denied.aside is Does.NEGATED and denied.side not in ("", groups[place]):
                over = [trigger for trigger, reach in reached if place in reach or trigger.start >= place - 1]
                certain = _certainty(over)
                remark = _remark(certain) if certain else None
                yield denied._replace(
                    places=(place,), aside=None, rule=denied.find.id, certain=remark, side=groups[place]
                )

    def _mention(
        self, groups: Groups, find: Find, anchors: tuple[int, ...], stretches: list[ModeStretch], reached: _Reached
    ) -> Mention:
        """The find with what the modes and contexts that reach it make of it."""
        values = self._places.values(find, groups, anchors)
        over = [
            trigger
            for trigger, reach in reached
            if any(map(reach.__contains__, anchors))
            and self._concerns(groups, trigger, find, values, anchors)
            and not (_is_of_the_find(trigger, find) and set(trigger.places).issubset(anchors))
        ]
        modes = [each.mode for each in stretches if each.holds(find, anchors[0])]
        said = {trigger.context.does for trigger in over}
        context = _aside(find, anchors, over, said) if over else None
        if context and find.places:
            left = tuple([value for value in values if value and value not in context.context.conditions])
            values, context = (left, None) if left else (values, context)  # of "THA og knæartrose", the hip is past
        aside = modes[0] if modes else context.context if context else None
        certain = None if said.isdisjoint(_JUDGES) else _certainty(over)
        elsewhere = Does.OTHER_REGION if values == ("",) else None
        return Mention(
            find,
            values,
            anchors,
            aside=aside.does if aside else elsewhere,
            rule=aside.id if aside else find.id,
            certain=_remark(certain) if certain else None,
            proposed=not said.isdisjoint(_DOUBTS),
            concluded=Does.CONCLUDED in said,
            side=self._places.side(groups, anchors) if find.topic is Topic.CONDITIONS else "",
        )

    def _concerns(
        self, groups: Groups, trigger: Trigger, find: Find, values: tuple[str, ...], anchors: tuple[int, ...]
    ) -> bool:
        """Whether the context is about such a topic, such a condition, and the same side of the body."""
        context = trigger.context
        if find.topic not in context.topics or (context.finds and find.id not in context.finds):
            return False
        if find.function and context.does in _DENIES and not context.finds:
            return False
        if find.topic is not Topic.CONDITIONS or len(context.conditions) == len(Condition):
            return True
        if context.conditions.isdisjoint(values or (find.value, *find.places.values())):
            return False
        return not self._places.sides_differ(groups, trigger.places, anchors)

    def _is_of_the_note(self, text: str, trigger: Trigger, anchors: set[int]) -> bool:
        """Whether words of certainty are about the whole note: by their rule, or alone where no condition is named."""
        if trigger.context.reach is Reach.NOTE:
            return trigger.context.does in _JUDGES
        return not anchors and _judges(trigger.context) and self._scope.is_alone(text, trigger)

    # Patterns

    def _found(self, text: str, possible: int) -> Iterator[tuple[Find, tuple[int, ...]]]:
        """Finds, for each rule the fullest and shortest matches that do not share a word."""
        by_rule: dict[str, tuple[Find, list[tuple[int, ...]]]] = {}
        for find, places in self._patterns.matches(text, possible):
            if isinstance(find, Find) and not (find.alone and self._has_beside(text, find, places)):
                by_rule.setdefault(find.id, (find, []))[1].append(places)
        for find, matches in by_rule.values():
            taken: set[int] = set()
            if len(matches) > 1:
                matches.sort(key=lambda each: (-len(each), each[-1] - each[0]))
            for places in matches:
                if taken.isdisjoint(places):
                    taken.update(places)
                    yield find, places

    def _has_beside(self, text: str, find: Find, places: tuple[int, ...]) -> bool:
        """Whether something in the clause of a find explains it."""
        return not find.alone.isdisjoint(
            [self.names[each] for each in self._scope.clause(text, places[0], places[-1] + 1)]
        )

    def _triggers(self, text: str, possible: int) -> list[Trigger]:
        """Contexts in their order in the sentence; where they share words, the fullest one is meant."""
        found = [
            Trigger(context, places, places[0], places[-1] + 1)
            for context, places in self._patterns.matches(text, possible)
            if isinstance(context, Context)
        ]
        kept: list[Trigger] = []
        for trigger in sorted(found, key=_fullest_first) if len(found) > 1 else found:
            if not [other for other in kept if _overlap(trigger, other)]:
                kept.append(trigger)
        says = [each for each in kept if each.context.does is not Does.NOTHING]
        return sorted(says, key=_START) if len(says) > 1 else says


def _fullest_first(trigger: Trigger) -> tuple[int, bool]:
    return -len(trigger.places), trigger.context.does is not Does.NOTHING


def _overlap(one: Trigger, other: Trigger) -> bool:
    """Whether two contexts share words and topics, and are about the same finds.

    Two that only hold others back do not mind each other.
    """
    if one.context.does is other.context.does is Does.NOTHING or one.context.finds != other.context.finds:
        return False
    return not (set(one.places).isdisjoint(other.places) or one.context.topics.isdisjoint(other.context.topics))


def _of_the_patient(reached: _Reached) -> _Reached:
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
    inferred = [
        groups for each in words.inferences for groups in (each.levels, each.trunk, each.limb, each.trunk - each.levels)
    ]
    traits = (
        *(Trait.SPINE, Trait.NOT_SPINE, Trait.PERIPHERAL, Trait.LIMB_PAIN, Trait.LIMB_PAIN_IN_A_WORD),
        *(Trait.NEW_PROBLEM, Trait.COURSE_ENDS, Trait.NONE_OF_THESE),
    )
    return frozenset((*(words.traits[trait] for trait in traits), *(find.among for find in words.finds), *inferred))


def _ranked(remark: Remark, order: list[int]) -> tuple[bool, int]:
    return remark.sure, order.index(remark.places[0])


def _aside(find: Find, anchors: tuple[int, ...], over: list[Trigger], said: set[Does]) -> Trigger | None:
    current = find.history or Does.CURRENT in said
    for reason in [each for each in _SET_ASIDE if each in said]:
        for trigger in () if current and reason in (Does.PAST, Does.GONE) else over:
            if trigger.context.does is reason and _bears(trigger, find, anchors):
                return trigger
    return None


def _is_of_the_find(trigger: Trigger, find: Find) -> bool:
    """Whether such words may be those of the find itself, which they do not set aside: "kan ikke løfte foden"."""
    return find.topic is Topic.RED_FLAGS or (find.value == "yes" and trigger.context.does in _DENIES)


def _bears(trigger: Trigger, find: Find, anchors: tuple[int, ...]) -> bool:
    """Whether the reason applies: another muscle to signs that need a place, "no" to "normal" only right before it."""
    if trigger.context.does in (Does.OTHER_REGION, Does.OTHER_CAUSE):
        return (find.spine or find.only_spine) and not (find.along and trigger.context.does is Does.OTHER_CAUSE)
    if find.value == "no" and trigger.context.does is Does.NEGATED:
        return trigger.end in anchors and trigger.start not in anchors
    if trigger.context.does is Does.DIFFUSE:
        return find.value != "no"
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
    return context.does is Does.SUSPECTED or context.plainly


def _plainly(sure: Trigger, doubt: Trigger) -> bool:
    return sure.context.plainly and sure.start > doubt.start


def _remark(trigger: Trigger) -> Remark:
    return Remark(trigger.context.does is Does.CERTAIN, trigger.context.id, trigger.places)


def _is_sign(mention: Mention) -> bool:
    """Whether it is about signs; to deny some conditions denies the signs: "ingen tegn på rodpåvirkning"."""
    if mention.find.topic is Topic.NERVE_ROOT_SIGNS:
        return True
    return mention.find.is_sign and mention.aside in (Does.NEGATED, Does.GONE)


def _said(mention: Mention) -> tuple[str, Does | None]:
    """What a mention says about signs (yes, no, or "" for nothing), and why that does not count."""
    find, aside = mention.find, mention.aside
    if mention.values == ("",):
        return "", aside
    if find.value == "no":
        return ("yes", None) if aside is Does.NEGATED else ("no", aside)
    if aside in _DENIES:
        return "no", None
    return ("" if find.value == "open" else "yes"), aside
