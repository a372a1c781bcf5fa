"""Where everything comes from: the statements of the guide, and the other sources, by the ids that rules name."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from icpc_cli.guideline.tables import TomlTable
from icpc_cli.model import Basis
from icpc_cli.text import Text


class Listed(NamedTuple):
    """A source as a list of sources has it. ``basis`` is None where no rule can rest on it."""

    basis: Basis | None
    title: Text
    address: str


class RuleSource(NamedTuple):
    """What a rule, a name or a check rests on. Only a statement of the guide has the basis ``GUIDE``.

    ``text`` says where exactly; ``statement`` is what the guide says there.
    """

    basis: Basis
    text: Text
    listed: Listed
    statement: Text | None = None


class Sources(NamedTuple):
    """What rules name, and what is only cited, by id; with the edition of this reading and the licence of ICPC-2."""

    edition: str
    licence: Text
    named: Mapping[str, RuleSource]
    elsewhere: Mapping[str, Listed]

    @property
    def listed(self) -> Mapping[str, Listed]:
        """All of them as a list has them."""
        return {name: source.listed for name, source in self.named.items()} | dict(self.elsewhere)


def load_sources(folder: Path) -> Sources:
    """The validated ``sources.toml``. Raises :class:`GuidelineError`."""
    file = TomlTable.read(folder, "sources.toml")
    places = {name: _listed(entry, Basis.GUIDE) for name, entry in file.tables("place")}
    named = {name: _statement(entry, places) for name, entry in file.tables("statement")}
    for name, entry in file.tables("sources"):
        if name in named:
            raise entry.error("", "is a statement of the guide already")
        named[name] = _other(entry)
    elsewhere = {name: _listed(entry, None) for name, entry in file.tables("elsewhere")}
    edition, licence = file.string("edition"), file.wording("licence")
    file.close()
    return Sources(edition, licence, named, elsewhere)


def _listed(entry: TomlTable, basis: Basis | None) -> Listed:
    return Listed(basis, entry.text(), entry.string("address"))


def _statement(entry: TomlTable, places: Mapping[str, Listed]) -> RuleSource:
    return RuleSource(Basis.GUIDE, entry.wording("where"), entry.among("place", places), entry.text())


def _other(entry: TomlTable) -> RuleSource:
    basis = entry.member("basis", tuple(each for each in Basis if each is not Basis.GUIDE))
    listed = _listed(entry, basis)
    return RuleSource(basis, listed.title, listed)
