"""How Danish notes are read, as one validated value: groups of words, what is found, and what the context changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from icpc_cli.guideline.rules import default_folder
from icpc_cli.guideline.tables import TomlTable
from icpc_cli.model import Condition, Fact

READ = (Fact.CONDITIONS, Fact.NERVE_ROOT_SIGNS, Fact.FINDINGS_CERTAIN)
"""The facts that a note can say something about."""


class Topic(StrEnum):
    """What words of a note are about: a fact that is read, or a red flag."""

    CONDITIONS = "conditions"
    NERVE_ROOT_SIGNS = "nerve_root_signs"
    FINDINGS_CERTAIN = "findings_certain"
    RED_FLAGS = "red_flags"


BUILT_IN = (
    "level-neck",
    "level-lumbar",
    "year",
    "fever",
    "unknown",
    "unknown-part",
    "comma",
    "stop",
    "colon",
    "line",
    "capital",
    "pause",
    "soft",
)
"""Groups that no list of words can hold: vertebral levels, years, 38 to 41, other words, and the signs of the text."""

GAPS = ("..", "...")
"""Elements of patterns that stand for other words between: within a clause, and also across commas."""


class Does(StrEnum):
    """What a zone, a mode or a context does to what it reaches.

    A reason to set it aside; how certain it is; that it was only proposed (by a referral); that it is current. NOTHING
    holds other contexts back; REFUTED is the whole note's answer to what was only proposed.
    """

    NEGATED = "negated"
    PAST = "past"
    GONE = "gone"
    FAMILY = "family"
    RULED_OUT = "ruled_out"
    OTHER_REGION = "other_region"
    PLANNED = "planned"
    NOT_DONE = "not_done"
    DIFFUSE = "diffuse"
    OTHER_CAUSE = "other_cause"
    STABLE = "stable"
    ADVISED = "advised"
    EXPLAINED = "explained"
    BELIEVED = "believed"
    FOREIGN = "foreign"
    REFUTED = "refuted"
    PROPOSED = "proposed"
    CONCLUDED = "concluded"
    SUSPECTED = "suspected"
    CERTAIN = "certain"
    CURRENT = "current"
    NOTHING = "nothing"


class Direction(StrEnum):
    """Which side of its own words a context looks at; ``EITHER`` is after, or before where nothing comes after."""

    BEFORE = "before"
    AFTER = "after"
    BOTH = "both"
    EITHER = "either"


class Reach(StrEnum):
    """How far a context reaches: the nearest thing, things joined in a list, to a comma or border, further."""

    NEXT = "next"
    LIST = "list"
    CLAUSE = "clause"
    SENTENCE = "sentence"
    NOTE = "note"


class Trait(StrEnum):
    """What the grammar asks of groups of words. The data says which groups have it; each must be there."""

    ASIDE = "aside"  # left out of a sentence: "er", "den"
    ORDINARY = "ordinary"  # looks like another group and is an unknown word
    DOUBT = "doubt"  # what a question mark before a word means
    DENIES = "denies"
    DENIES_A_VERB = "denies_a_verb"
    AND = "and"
    OR = "or"
    BUT = "but"
    NOW = "now"
    AGAIN = "again"
    CAUSE = "cause"
    PREPOSITION = "preposition"
    SIDE = "side"
    OTHER_SIDE = "other_side"
    SKIPPED = "skipped"  # may always stand between the groups of a pattern
    RESULT = "result"  # of an examination: a pattern's gap does not cross it
    EXAMINATION = "examination"
    VALUE = "value"  # ends a list where it stands behind a thing of its own
    ROOT_TEST = "root_test"
    NEVER_LAST = "never_last"  # no clause ends with it: the end of a line behind it means nothing
    OPEN_ENDED = "open_ended"  # nor with this one, if the next line does not begin with a capital letter
    BEGINS = "begins"  # begins a clause behind the dot of "hø."
    HAS_SIDE = "has_side"  # a side behind it belongs to it
    ANEW = "anew"  # begins a clause behind a side that belongs to something
    ENDS_CLAUSE = "ends_clause"  # with the dot of an abbreviation behind it
    BACK = "back"  # beside a find with a value of its own, leaves no doubt where it is
    BETWEEN_PLACES = "between_places"
    COMPLAINT = "complaint"  # behind "but", not what an image shows
    STOPS_NEXT = "stops_next"  # the reach "next" does not cross it
    SAYS_MORE = "says_more"  # a context of its own: ends a list
    STRANGE = "strange"  # in a denied list, a preposition behind it ends the list
    EMPTY = "empty"  # speaks of no part of the body and no complaint
    SIGN = "sign"  # a plain noun that a denied list goes on with
    WEAKNESS = "weakness"
    WITH_SIGN = "with_sign"  # may stand beside a sign in a list
    DIAGNOSIS = "diagnosis"
    WITH_DIAGNOSIS = "with_diagnosis"
    REASON = "reason"  # ends what is explained: "da", "fordi"
    SPINE = "spine"
    NOT_SPINE = "not_spine"
    PERIPHERAL = "peripheral"  # gives the signs of a nerve root without one
    LIMB_PAIN = "limb_pain"
    LIMB_PAIN_IN_A_WORD = "limb_pain_in_a_word"
    SAYS_NOTHING = "says_nothing"  # of a problem, in a cell
    NEW_PROBLEM = "new_problem"
    COURSE_ENDS = "course_ends"


class Kind(StrEnum):
    """What putting a note together asks of the six conditions. The data says which are of each kind."""

    ROOT = "root"  # one that was only proposed gives way where the signs of a nerve root are denied
    EXPLAINS_ROOT_PAIN = "explains_root_pain"  # no other one is inferred from pain along a root
    EXPLAINS_PAIN = "explains_pain"  # the pain without a cause has one
    WITHOUT_CAUSE = "without_cause"


class Stage(StrEnum):
    """The stages of reading, in their order."""

    TEXT = "text"
    ENTRIES = "entries"
    ZONES = "zones"
    MODES = "modes"
    FINDS = "finds"
    SCOPE = "scope"
    WHOLE = "whole"
    FACTS = "facts"


class Group(NamedTuple):
    """Words that mean the same to a rule.

    ``exact`` ones are not inflected, compounded or mended; a compound that ends in a ``head`` is one.
    """

    id: str
    forms: tuple[str, ...]
    exact: bool
    head: bool


class Find(NamedTuple):
    """What patterns of groups say about a fact.

    ``value`` is a condition's id, or yes, no or open (counts only when denied). ``places`` gives it by the place in the
    body that stands nearest, and ``unless`` names places that make it another region. Flags: ``weak`` conditions need a
    nerve-root sign or pain in the limb, ``firm`` ones stand beside pain along a root, to deny ``is_sign`` ones denies
    the signs; ``spine`` signs do not count in notes about something else, ``only_spine`` ones only in notes about the
    spine, and ``along`` ones are pain along a root. ``explains`` ones leave no back pain without a cause. In a cell,
    ``vague`` ones say too little; ``only_cell`` ones are looked for nowhere else. A red flag may count only in a note
    that speaks of one of the groups ``among``, or in which one of the finds it ``needs`` counts as well; where its
    ``history`` matters, what is past counts too.
    """

    id: str
    topic: Topic
    value: str
    patterns: tuple[str, ...]
    places: Mapping[str, str]
    unless: frozenset[str]
    weak: bool
    firm: bool
    is_sign: bool
    spine: bool
    only_spine: bool
    along: bool
    explains: bool
    vague: bool
    only_cell: bool
    history: bool
    among: frozenset[str]
    needs: tuple[str, ...]


class Context(NamedTuple):
    """Words that change what stands around them: what they do, where and how far, to which topics and conditions.

    ``plainly`` ones say outright that something is certain; ``image`` ones speak of what an image shows.
    """

    id: str
    does: Does
    patterns: tuple[str, ...]
    direction: Direction
    reach: Reach
    topics: frozenset[Topic]
    conditions: frozenset[str]
    plainly: bool
    image: bool


class Inference(NamedTuple):
    """Pain along a root that has no name is ``value``: by a level, or where trunk and limb are both spoken of."""

    value: str
    levels: frozenset[str]
    trunk: frozenset[str]
    limb: frozenset[str]


class Mode(NamedTuple):
    """A form of sentence that states nothing found (advice, education, belief ...), for these topics.

    ``whole``: all of the sentence; else from these words on, to its end or to a reason ("da ..."); ``clause``: no
    further than to the end of their clause. ``begins``: these words begin the sentence.
    """

    id: str
    does: Does
    patterns: tuple[str, ...]
    whole: bool
    clause: bool
    begins: bool
    topics: frozenset[Topic]


class Zone(NamedTuple):
    """What stands behind a heading of these groups; to the next heading, or only to the end of its sentence.

    ``bare`` headings need no colon: "Aktuelt lændesmerter."
    """

    id: str
    does: Does
    headings: frozenset[str]
    one_sentence: bool
    bare: bool


@dataclass(frozen=True, eq=False)
class Words:
    """Everything that reading a note rests on. Compared and hashed by identity."""

    groups: tuple[Group, ...]
    zones: tuple[Zone, ...]
    modes: tuple[Mode, ...]
    finds: tuple[Find, ...]
    cell_finds: tuple[Find, ...]
    contexts: tuple[Context, ...]
    inferences: tuple[Inference, ...]
    traits: Mapping[Trait, frozenset[str]]
    kinds: Mapping[Kind, frozenset[str]]
    same: Mapping[str, str]
    cut_ends: tuple[str, ...]
    off: frozenset[Stage] = frozenset()

    def without(self, stage: Stage) -> "Words":
        """These words with one stage of reading switched off."""
        rules: dict[Stage, dict[str, Any]] = {
            Stage.ZONES: {"zones": ()},
            Stage.MODES: {"modes": ()},
            Stage.FINDS: {"finds": (), "cell_finds": ()},
            Stage.SCOPE: {"contexts": ()},
        }
        return replace(self, off=self.off | {stage}, **rules.get(stage, {}))


@cache
def load_words(folder: Path | None = None) -> Words:
    """The validated ``words.toml`` in ``folder`` (the shipped one by default). Raises :class:`GuidelineError`."""
    return _Loader(TomlTable.read(folder or default_folder(), "words.toml")).words()


class _Loader:
    def __init__(self, file: TomlTable) -> None:
        self.file = file
        self.known = set(BUILT_IN)

    def words(self) -> Words:
        groups = tuple(self._groups())
        finds = [self._find(name, entry) for name, entry in self.file.tables("find")]
        spelling = self.file.table("spelling")
        words = Words(
            groups=groups,
            zones=tuple(self._zone(name, entry) for name, entry in self.file.tables("zone")),
            modes=tuple(self._mode(name, entry) for name, entry in self.file.tables("mode")),
            finds=tuple(find for find in finds if not find.only_cell),
            cell_finds=tuple(find for find in finds if not find.vague),
            contexts=tuple(self._context(name, entry) for name, entry in self.file.tables("context")),
            inferences=tuple(self._inference(entry) for _, entry in self.file.tables("infer")),
            traits=self._traits(),
            kinds=self._kinds(),
            same=self._same(spelling.table("same")),
            cut_ends=tuple(_listed(spelling.string("cut_ends"))),
        )
        spelling.close()
        self.file.close()
        self._refuse_idle(words)
        return words

    def _traits(self) -> dict[Trait, frozenset[str]]:
        table = self.file.table("grammar")
        traits = {trait: self._named(table, trait.value, needed=True) for trait in Trait}
        table.close()
        return traits

    def _kinds(self) -> dict[Kind, frozenset[str]]:
        table = self.file.table("conditions")
        kinds = {kind: frozenset(self._members(table, kind.value, tuple(Condition))) for kind in Kind}
        table.close()
        return kinds

    def _same(self, table: TomlTable) -> dict[str, str]:
        """Each short form with the word that it stands for."""
        return {short: word for word in list(table.data) for short in _listed(table.string(word))}

    def _refuse_idle(self, words: Words) -> None:
        """Refuse a group that no rule uses."""
        known = {find.id for find in words.finds}
        for find in words.finds:
            for name in set(find.needs) - known:
                raise self.file.error(f"find.{find.id}.needs", f"{name!r} is not a known find")
        used = set().union(*words.traits.values(), *(zone.headings for zone in words.zones))
        for rules in (words.modes, words.finds, words.cell_finds, words.contexts):
            used.update(name for rule in rules for pattern in rule.patterns for name in _groups_of(pattern))
        for find in words.finds:
            used |= find.unless | find.among | set(find.places)
        for each in words.inferences:
            used |= each.levels | each.trunk | each.limb
        for group in words.groups:
            if group.id not in used:
                raise self.file.error(f"word.{group.id}", "is used by no rule")

    def _groups(self) -> Iterator[Group]:
        homes: dict[str, str] = {}
        for name, entry in self.file.tables("word"):
            if name in BUILT_IN:
                raise self.file.error(f"word.{name}", "is a group of the program's own")
            text = " ".join(entry.string("forms").split()).replace(" ,", ",").replace(", ", ",")
            group = Group(name, tuple(text.split(",")), entry.flag("exact"), entry.flag("head"))
            entry.close()
            keys = [form.removesuffix(".") for form in text.casefold().split(",")]
            if "" in keys:
                raise entry.error("forms", "two commas stand together, or one at the end")
            for key in homes.keys() & keys:
                raise entry.error("forms", f"{key!r} already stands in {homes[key]}")
            homes.update(dict.fromkeys(keys, name))
            self.known.add(name)
            yield group

    def _find(self, name: str, entry: TomlTable) -> Find:
        topic = entry.among("fact", {each.value: each for each in Topic if each is not Topic.FINDINGS_CERTAIN})
        values = dict.fromkeys(Condition if topic is Topic.CONDITIONS else ("yes", "no", "open"))
        find = Find(
            id=name,
            topic=topic,
            value=entry.string("value") if "value" in entry.data else "",
            patterns=self._patterns(entry),
            places=self._places(entry),
            unless=self._named(entry, "unless"),
            weak=entry.flag("weak"),
            firm=entry.flag("firm"),
            is_sign=entry.flag("is_sign"),
            spine=entry.flag("spine"),
            only_spine=entry.flag("only_spine"),
            along=entry.flag("along"),
            explains=entry.flag("explains"),
            vague=entry.flag("vague"),
            only_cell=entry.flag("only_cell"),
            history=entry.flag("history"),
            among=self._named(entry, "among"),
            needs=tuple(entry.strings("needs", [])),
        )
        entry.close()
        for value in (*find.places.values(), *filter(None, [find.value])):
            if value not in values:
                raise entry.error("value", f"{value!r} is not among {', '.join(values)}")
        return find

    def _places(self, entry: TomlTable) -> dict[str, str]:
        if "places" not in entry.data:
            return {}
        table = entry.table("places")
        return {group: value for value in list(table.data) for group in self._named(table, value)}

    def _context(self, name: str, entry: TomlTable) -> Context:
        does = entry.among("does", {does.value: does for does in Does})
        idle = does is Does.NOTHING
        context = Context(
            id=name,
            does=does,
            patterns=self._patterns(entry),
            direction=Direction.AFTER if idle else entry.among("direction", {each.value: each for each in Direction}),
            reach=Reach.LIST if idle else entry.among("reach", {each.value: each for each in Reach}),
            topics=frozenset(self._members(entry, "facts", tuple(Topic))),
            conditions=frozenset(self._members(entry, "conditions", tuple(Condition))),
            plainly=entry.flag("plainly"),
            image=entry.flag("image"),
        )
        entry.close()
        return context

    def _mode(self, name: str, entry: TomlTable) -> Mode:
        mode = Mode(
            id=name,
            does=entry.among("does", {does.value: does for does in Does}),
            patterns=self._patterns(entry),
            whole=entry.flag("whole"),
            clause=entry.flag("clause"),
            begins=entry.flag("begins"),
            topics=frozenset(self._members(entry, "facts", tuple(Topic))),
        )
        entry.close()
        return mode

    def _zone(self, name: str, entry: TomlTable) -> Zone:
        does = entry.among("does", {does.value: does for does in Does})
        zone = Zone(
            name, does, self._named(entry, "headings", needed=True), entry.flag("one_sentence"), entry.flag("bare")
        )
        entry.close()
        return zone

    def _inference(self, entry: TomlTable) -> Inference:
        value = entry.among("value", {value.value: value.value for value in Condition})
        inference = Inference(value, *(self._named(entry, key) for key in ("levels", "trunk", "limb")))
        entry.close()
        return inference

    def _members(self, entry: TomlTable, key: str, known: tuple[StrEnum, ...]) -> Iterator[Any]:
        """The named ones of ``known``; all of them where none are named."""
        by_name = {member.value: member for member in known}
        for name in entry.strings(key, list(by_name)):
            if name not in by_name:
                raise entry.error(key, f"{name!r} is not among {', '.join(by_name)}")
            yield by_name[name]

    def _named(self, entry: TomlTable, key: str, *, needed: bool = False) -> frozenset[str]:
        """Groups of words by name, with commas between; none where the key is missing and not needed."""
        if key not in entry.data and not needed:
            return frozenset()
        names = frozenset(_listed(entry.string(key)))
        for name in names - self.known:
            raise entry.error(key, f"{name!r} is not a known group of words")
        return names

    def _patterns(self, entry: TomlTable) -> tuple[str, ...]:
        patterns = tuple(entry.strings("patterns"))
        for pattern in patterns:
            elements = [element for element in pattern.split() if element not in GAPS]
            if all(element.endswith("?") for element in elements):
                raise entry.error("patterns", f"{pattern!r} needs a group that may not be missing")
            for name in _groups_of(pattern):
                if name not in self.known:
                    raise entry.error("patterns", f"{name!r} is not a known group of words")
        return patterns


def _listed(text: str) -> list[str]:
    return [each.strip() for each in text.split(",")]


def _groups_of(pattern: str) -> list[str]:
    """The groups that a pattern names."""
    elements = [element.removesuffix("?") for element in pattern.split() if element not in GAPS]
    return [name for element in elements for name in element.split("|")]
