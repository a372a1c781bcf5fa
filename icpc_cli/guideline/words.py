"""How Danish notes are read, as one validated value: groups of words, what is found, and what the context changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from icpc_cli.guideline.rules import default_folder
from icpc_cli.guideline.tables import Table
from icpc_cli.model import Condition, Fact

READ = (Fact.CONDITIONS, Fact.NERVE_ROOT_SIGNS, Fact.FINDINGS_CERTAIN)
"""The facts that a note can say something about."""

BUILT_IN = (
    "level-neck",
    "level-lumbar",
    "year",
    "unknown",
    "unknown-part",
    "comma",
    "stop",
    "colon",
    "line",
    "pause",
    "soft",
)
"""Groups that no list of words can hold: vertebral levels, years, other words, and the signs of the text."""

GAPS = ("..", "...")
"""Elements of patterns that stand for other words between: within a clause, and also across commas."""


class Does(StrEnum):
    """What a context does to what it reaches: a reason to set it aside, how certain it is, that it is current."""

    NEGATED = "negated"
    PAST = "past"
    GONE = "gone"
    FAMILY = "family"
    RULED_OUT = "ruled_out"
    OTHER_REGION = "other_region"
    PLANNED = "planned"
    NOT_DONE = "not_done"
    DIFFUSE = "diffuse"
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
    ``vague`` ones say too little; ``only_cell`` ones are looked for nowhere else.
    """

    id: str
    fact: Fact
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


class Context(NamedTuple):
    """Words that change what stands around them: what they do, where and how far, and to which facts and conditions."""

    id: str
    does: Does
    patterns: tuple[str, ...]
    direction: Direction
    reach: Reach
    facts: frozenset[Fact]
    conditions: frozenset[str]


class Inference(NamedTuple):
    """Pain along a root that has no name is ``value``: by a level, or where trunk and limb are both spoken of."""

    value: str
    levels: frozenset[str]
    trunk: frozenset[str]
    limb: frozenset[str]


@dataclass(frozen=True, eq=False)
class Words:
    """Everything that reading a note rests on. Compared and hashed by identity."""

    groups: tuple[Group, ...]
    finds: tuple[Find, ...]
    cell_finds: tuple[Find, ...]
    contexts: tuple[Context, ...]
    inferences: tuple[Inference, ...]
    spine: frozenset[str]
    elsewhere: frozenset[str]
    limb_pain: frozenset[str]
    says_nothing: frozenset[str]


@cache
def load_words(folder: Path | None = None) -> Words:
    """The validated ``words.toml`` in ``folder`` (the shipped one by default). Raises :class:`GuidelineError`."""
    return _Loader(Table.read(folder or default_folder(), "words.toml")).words()


class _Loader:
    def __init__(self, file: Table) -> None:
        self.file = file
        self.known = set(BUILT_IN)

    def words(self) -> Words:
        groups = tuple(self._groups())
        about = self.file.table("about")
        finds = [self._find(name, entry) for name, entry in self.file.tables("find")]
        words = Words(
            groups=groups,
            finds=tuple(find for find in finds if not find.only_cell),
            cell_finds=tuple(find for find in finds if not find.vague),
            contexts=tuple(self._context(name, entry) for name, entry in self.file.tables("context")),
            inferences=tuple(self._inference(entry) for _, entry in self.file.tables("infer")),
            spine=self._named(about, "spine"),
            elsewhere=self._named(about, "elsewhere"),
            limb_pain=self._named(about, "limb_pain"),
            says_nothing=self._named(about, "says_nothing"),
        )
        about.close()
        self.file.close()
        return words

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

    def _find(self, name: str, entry: Table) -> Find:
        fact = entry.among("fact", {fact.value: fact for fact in READ[:2]})
        values = dict.fromkeys(Condition if fact is Fact.CONDITIONS else ("yes", "no", "open"))
        find = Find(
            id=name,
            fact=fact,
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
        )
        entry.close()
        for value in (*find.places.values(), *filter(None, [find.value])):
            if value not in values:
                raise entry.error("value", f"{value!r} is not among {', '.join(values)}")
        return find

    def _places(self, entry: Table) -> dict[str, str]:
        if "places" not in entry.data:
            return {}
        table = entry.table("places")
        return {group: value for value in list(table.data) for group in self._named(table, value)}

    def _context(self, name: str, entry: Table) -> Context:
        does = entry.among("does", {does.value: does for does in Does})
        idle = does is Does.NOTHING
        context = Context(
            id=name,
            does=does,
            patterns=self._patterns(entry),
            direction=Direction.AFTER if idle else entry.among("direction", {each.value: each for each in Direction}),
            reach=Reach.LIST if idle else entry.among("reach", {each.value: each for each in Reach}),
            facts=frozenset(self._members(entry, "facts", READ)),
            conditions=frozenset(self._members(entry, "conditions", tuple(Condition))),
        )
        entry.close()
        return context

    def _inference(self, entry: Table) -> Inference:
        value = entry.among("value", {value.value: value.value for value in Condition})
        inference = Inference(value, *(self._named(entry, key) for key in ("levels", "trunk", "limb")))
        entry.close()
        return inference

    def _members(self, entry: Table, key: str, known: tuple[StrEnum, ...]) -> Iterator[Any]:
        """The named ones of ``known``; all of them where none are named."""
        by_name = {member.value: member for member in known}
        for name in entry.strings(key, list(by_name)):
            if name not in by_name:
                raise entry.error(key, f"{name!r} is not among {', '.join(by_name)}")
            yield by_name[name]

    def _named(self, entry: Table, key: str) -> frozenset[str]:
        """Groups of words by name, with commas between; none where the key is missing."""
        if key not in entry.data:
            return frozenset()
        names = frozenset(name.strip() for name in entry.string(key).split(","))
        for name in names - self.known:
            raise entry.error(key, f"{name!r} is not a known group of words")
        return names

    def _patterns(self, entry: Table) -> tuple[str, ...]:
        patterns = tuple(entry.strings("patterns"))
        for pattern in patterns:
            elements = [element for element in pattern.split() if element not in GAPS]
            if all(element.endswith("?") for element in elements):
                raise entry.error("patterns", f"{pattern!r} needs a group that may not be missing")
            for element in elements:
                for name in element.removesuffix("?").split("|"):
                    if name not in self.known:
                        raise entry.error("patterns", f"{name!r} is not a known group of words")
        return patterns
