"""The format of ``words.toml``: read strictly, or taken from what was made of it before."""

import copy
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from icpc_cli.guideline import vocabulary as vocabularies
from icpc_cli.guideline.compiled import Compiled
from icpc_cli.guideline.tables import TomlTable, default_folder
from icpc_cli.guideline.vocabulary import BUILT_IN, Group, Vocabulary, folded, vocabulary
from icpc_cli.guideline.words import (
    GAPS,
    Context,
    Direction,
    Does,
    Find,
    Grades,
    Inference,
    Kind,
    Mode,
    Reach,
    Relative,
    Topic,
    Trait,
    Words,
    Zone,
)  # fmt: skip
from icpc_cli.model import LISTED, Condition


@cache
def load_words(folder: Path | None = None) -> Words:
    """The validated ``words.toml`` in ``folder`` (the shipped one by default). Raises :class:`GuidelineError`."""
    path = (folder or default_folder()) / "words.toml"
    compiled = Compiled.of(path, (Path(__file__), Path(vocabularies.__file__)))
    kept = compiled.read() if compiled else None
    if kept is not None:
        return _WordLoader(TomlTable(path.name, "", kept["rules"])).words(Vocabulary(*kept["vocabulary"]))
    file = TomlTable.read(path.parent, path.name)
    rules = copy.deepcopy({key: table for key, table in file.data.items() if key != "word"})
    words = _WordLoader(file).words()
    if compiled:
        compiled.keep({"rules": rules, "vocabulary": words.vocabulary})
    return words


_FLAGS = (
    "weak", "firm", "is_sign", "spine", "only_spine", "along", "explains", "vague", "only_cell", "history", "function",
)  # fmt: skip
_CONDITIONS = tuple(Condition)
_FOUND = tuple(each for each in Topic if each is not Topic.FINDINGS_CERTAIN)


class _WordLoader:
    def __init__(self, file: TomlTable) -> None:
        self.file = file
        self.known = set(BUILT_IN)
        self.in_cells: dict[str, frozenset[str]] = {}
        """The places that make a find another region in a cell, by its id, where they are others than in a note."""
        self.is_kept = False
        """Whether the file was found right before, when what is made of it was kept."""

    def words(self, kept: Vocabulary | None = None) -> Words:
        """The words; with a vocabulary that was kept, the file need not hold any."""
        self.is_kept = kept is not None
        groups = tuple(self._groups()) if kept is None else ()
        self.known.update(kept.symbols if kept else ())
        finds = [self._find(name, entry) for name, entry in self.file.tables("find")]
        spelling, traits = self.file.table("spelling"), self._traits()
        same, turned = self._same(spelling.table("same")), self._same(spelling.table("turned"))
        words = Words(
            vocabulary=kept
            or vocabulary(groups, same, turned, *map(traits.__getitem__, (Trait.ASIDE, Trait.WITHIN, Trait.ORDINARY))),
            zones=tuple(self._zone(name, entry) for name, entry in self.file.tables("zone")),
            modes=tuple(self._mode(name, entry) for name, entry in self.file.tables("mode")),
            finds=tuple(find for find in finds if not find.only_cell),
            cell_finds=tuple(self._in_cell(find) for find in finds if not find.vague),
            contexts=tuple(self._context(name, entry) for name, entry in self.file.tables("context")),
            inferences=tuple(self._inference(entry) for _, entry in self.file.tables("infer")),
            traits=traits,
            kinds=self._kinds(),
            seats=self._seats(),
            grades=Grades(*self._lists("grades", Grades._fields)),
            relative=Relative(*self._lists("relative", Relative._fields)),
            same=same,
            cut_ends=tuple(_listed(spelling.string("cut_ends"))),
        )
        spelling.close()
        self.file.close()
        if kept is None:
            self._refuse_idle(words, groups)
        return words

    def _traits(self) -> dict[Trait, frozenset[str]]:
        table = self.file.table("grammar")
        traits = {trait: self._named(table, trait.value, needed=True) for trait in Trait}
        table.close()
        return traits

    def _kinds(self) -> dict[Kind, frozenset[Condition]]:
        table = self.file.table("conditions")
        kinds = {kind: table.some(kind.value, Condition) for kind in Kind}
        table.close()
        return kinds

    def _seats(self) -> dict[str, frozenset[str]]:
        table = self.file.table("seats")
        seats: dict[str, frozenset[str]] = {each: self._named(table, each) for each in LISTED}
        table.close()
        return seats

    def _lists(self, name: str, keys: Iterable[str]) -> list[tuple[str, ...]]:
        table = self.file.table(name)
        lists = [tuple(_listed(table.string(key))) for key in keys]
        table.close()
        return lists

    def _same(self, table: TomlTable) -> dict[str, str]:
        """Each word that stands for another, with that one, folded."""
        return {folded(each): folded(word) for word in list(table.data) for each in _listed(table.string(word))}

    def _refuse_idle(self, words: Words, groups: tuple[Group, ...]) -> None:
        """Refuse a group that no rule uses."""
        known = {find.id for find in words.finds}
        asked = [(f"find.{find.id}.needs", find.needs) for find in words.finds]
        asked += [(f"context.{context.id}.finds", tuple(context.finds)) for context in words.contexts]
        for where, names in asked:
            for name in set(names) - known:
                raise self.file.error(where, f"{name!r} is not a known find")
        used = set().union(*words.traits.values(), *(zone.headings for zone in words.zones))
        for rules in (words.modes, words.finds, words.cell_finds, words.contexts):
            used.update(name for rule in rules for pattern in rule.patterns for name in _groups_of(pattern))
        for find in words.finds:
            used |= find.unless | find.alone | find.among | set(find.places)
        for each in words.inferences:
            used |= each.levels | each.trunk | each.limb
        for group in groups:
            if group.id not in used:
                raise self.file.error(f"word.{group.id}", "is used by no rule")

    def _groups(self) -> Iterator[Group]:
        homes: dict[str, str] = {}
        for name, entry in self.file.tables("word"):
            if name in BUILT_IN:
                raise self.file.error(f"word.{name}", "is a group of the program's own")
            text = " ".join(entry.string("forms").split()).replace(" ,", ",").replace(", ", ",")
            group = Group(
                name, tuple(text.split(",")), entry.flag("exact"), entry.flag("inflected"), entry.flag("head")
            )
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
        topic = entry.member("fact", _FOUND)
        values = _CONDITIONS if topic is Topic.CONDITIONS else ("yes", "no", "open")
        flags: dict[str, Any] = {name: entry.flag(name) for name in _FLAGS}
        find = Find(
            id=name,
            topic=topic,
            value=entry.string("value") if "value" in entry.data else "",
            patterns=self._patterns(entry),
            places=self._places(entry),
            unless=self._named(entry, "unless"),
            belongs_to=entry.some("belongs_to", Condition) if "belongs_to" in entry.data else frozenset(),
            alone=self._named(entry, "alone"),
            among=self._named(entry, "among"),
            needs=tuple(entry.strings("needs", [])),
            **flags,
        )
        if "unless_in_cell" in entry.data:
            self.in_cells[name] = self._named(entry, "unless_in_cell")
        entry.close()
        for value in (*find.places.values(), *filter(None, [find.value])):
            if value not in values:
                raise entry.error("value", f"{value!r} is not among {', '.join(values)}")
        return find

    def _in_cell(self, find: Find) -> Find:
        return find._replace(unless=self.in_cells[find.id]) if find.id in self.in_cells else find

    def _places(self, entry: TomlTable) -> dict[str, str]:
        if "places" not in entry.data:
            return {}
        table = entry.table("places")
        return {group: value for value in list(table.data) for group in self._named(table, value)}

    def _context(self, name: str, entry: TomlTable) -> Context:
        does = entry.member("does", Does)
        idle = does is Does.NOTHING
        context = Context(
            id=name,
            does=does,
            patterns=self._patterns(entry),
            direction=Direction.AFTER if idle else entry.member("direction", Direction),
            reach=Reach.LIST if idle else entry.member("reach", Reach),
            topics=entry.some("facts", Topic),
            conditions=entry.some("conditions", Condition),
            finds=frozenset(entry.strings("finds", [])),
            plainly=entry.flag("plainly"),
            image=entry.flag("image"),
        )
        entry.close()
        return context

    def _mode(self, name: str, entry: TomlTable) -> Mode:
        mode = Mode(
            id=name,
            does=entry.member("does", Does),
            patterns=self._patterns(entry),
            whole=entry.flag("whole"),
            clause=entry.flag("clause"),
            begins=entry.flag("begins"),
            topics=entry.some("facts", Topic),
        )
        entry.close()
        return mode

    def _zone(self, name: str, entry: TomlTable) -> Zone:
        does = entry.member("does", Does)
        zone = Zone(
            name,
            does,
            self._named(entry, "headings", needed=True),
            entry.flag("one_sentence"),
            entry.flag("bare"),
            entry.some("facts", Topic),
        )
        entry.close()
        return zone

    def _inference(self, entry: TomlTable) -> Inference:
        value = entry.among("value", {value.value: value.value for value in Condition})
        inference = Inference(value, *(self._named(entry, key) for key in ("levels", "trunk", "limb")))
        entry.close()
        return inference

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
        for pattern in () if self.is_kept else patterns:
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
