"""How Danish notes are read, as one validated value: groups of words, what is found, and what the context changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from icpc_cli.guideline.rules import default_folder
from icpc_cli.guideline.tables import Table
from icpc_cli.model import Condition, Fact

READ = (Fact.CONDITIONS, Fact.NERVE_ROOT_SIGNS, Fact.FINDINGS_CERTAIN)
"""The facts that a note can say something about."""

BUILT_IN = ("level-neck", "level-lumbar", "year", "unknown", "unknown-part", "comma", "stop", "colon", "line", "pause")
"""Groups that no list of words can hold: vertebral levels, years, other words, and the signs of the text."""


class Does(StrEnum):
    """What a context does to what it reaches: sets it aside for a reason, makes it certain or suspected, or nothing."""

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
    NOTHING = "nothing"


class Direction(StrEnum):
    """Which side of its own words a context looks at; ``EITHER`` is after, or before where nothing comes after."""

    BEFORE = "before"
    AFTER = "after"
    BOTH = "both"
    EITHER = "either"


class Reach(StrEnum):
    """How far a context reaches: things joined in a list, to a comma or border, the sentence, the note."""

    LIST = "list"
    CLAUSE = "clause"
    SENTENCE = "sentence"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Group:
    """Words that mean the same to a rule; ``exact`` ones are not inflected, compounded or mended."""

    id: str
    forms: tuple[str, ...]
    exact: bool
    head: bool


@dataclass(frozen=True, slots=True)
class Find:
    """What patterns of groups say about a fact.

    ``value`` is a condition's id, or yes, no or open (counts only when denied). ``places`` gives the value by the place
    in the body that stands nearest; ``unless`` names places that make it another region. ``weak`` conditions need a
    nerve-root sign or pain in the limb; ``spine`` signs count only in notes about the spine.
    """

    id: str
    fact: Fact
    value: str
    patterns: tuple[str, ...]
    places: Mapping[str, str]
    unless: frozenset[str]
    weak: bool
    spine: bool


@dataclass(frozen=True, slots=True)
class Context:
    """Words that change what stands around them: what they do, where and how far, and to which facts and conditions."""

    id: str
    does: Does
    patterns: tuple[str, ...]
    direction: Direction
    reach: Reach
    facts: frozenset[Fact]
    conditions: frozenset[str]


@dataclass(frozen=True, eq=False)
class Words:
    """Everything that reading a note rests on. Compared and hashed by identity."""

    groups: tuple[Group, ...]
    finds: tuple[Find, ...]
    contexts: tuple[Context, ...]


@cache
def load_words(folder: Path | None = None) -> Words:
    """The validated ``words.toml`` in ``folder`` (the shipped one by default). Raises :class:`GuidelineError`."""
    file = Table.read(folder or default_folder(), "words.toml")
    groups = tuple(_groups(file))
    known = {group.id for group in groups}.union(BUILT_IN)
    finds = tuple(_find(name, entry, known) for name, entry in file.tables("find"))
    contexts = tuple(_context(name, entry, known) for name, entry in file.tables("context"))
    file.close()
    return Words(groups, finds, contexts)


def _groups(file: Table) -> list[Group]:
    groups: list[Group] = []
    homes: dict[str, str] = {}
    for name, entry in file.tables("word"):
        group = Group(name, tuple(entry.strings("forms")), entry.flag("exact"), entry.flag("head"))
        entry.close()
        if name in BUILT_IN:
            raise entry.error("", "is a group of the program's own")
        for form in group.forms:
            key = form.casefold().removesuffix(".")
            if homes.setdefault(key, name) != name:
                raise entry.error("forms", f"{form!r} already stands in {homes[key]}")
        groups.append(group)
    return groups


def _find(name: str, entry: Table, known: set[str]) -> Find:
    fact = entry.among("fact", {fact.value: fact for fact in READ})
    values = set(Condition) if fact is Fact.CONDITIONS else {"yes", "no", "open"}
    find = Find(
        id=name,
        fact=fact,
        value=entry.string("value") if "value" in entry.data else "",
        patterns=_patterns(entry, known),
        places=entry.names("places"),
        unless=frozenset(entry.strings("unless", [])),
        weak=entry.flag("weak"),
        spine=entry.flag("spine"),
    )
    entry.close()
    for value in (*find.places.values(), *filter(None, [find.value])):
        if value not in values:
            raise entry.error("value", f"{value!r} is not among {', '.join(sorted(values))}")
    for group in (*find.places, *find.unless):
        if group not in known:
            raise entry.error("places", f"{group!r} is not a known group of words")
    return find


def _context(name: str, entry: Table, known: set[str]) -> Context:
    does = entry.among("does", {does.value: does for does in Does})
    idle = does is Does.NOTHING
    context = Context(
        id=name,
        does=does,
        patterns=_patterns(entry, known),
        direction=Direction.AFTER if idle else entry.among("direction", {each.value: each for each in Direction}),
        reach=Reach.LIST if idle else entry.among("reach", {each.value: each for each in Reach}),
        facts=frozenset(Fact(fact) for fact in entry.strings("facts", list(READ))),
        conditions=frozenset(Condition(each) for each in entry.strings("conditions", list(Condition))),
    )
    entry.close()
    return context


def _patterns(entry: Table, known: set[str]) -> tuple[str, ...]:
    patterns = tuple(entry.strings("patterns"))
    for pattern in patterns:
        for element in pattern.split():
            for group in () if element in ("..", "...") else element.removesuffix("?").split("|"):
                if group not in known:
                    raise entry.error("patterns", f"{group!r} is not a known group of words")
    return patterns
