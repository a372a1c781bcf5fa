"""The guide to read: pages of sections of statements, each with its sources. Codes come from the rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from icpc_cli.guideline.rules import Guideline, load_guideline
from icpc_cli.guideline.sources import Listed
from icpc_cli.guideline.tables import TomlTable, default_folder
from icpc_cli.guideline.wording import load_checks, load_wording
from icpc_cli.model import Basis
from icpc_cli.text import Text


class Show(StrEnum):
    """What a section shows besides its statements, or how it shows them."""

    LIST = "list"
    STEPS = "steps"
    TABLE = "table"
    INTERIM = "interim"
    READINGS = "readings"


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that is said, with its sources; ``address`` is where to go for it."""

    text: Text
    sources: tuple[Listed, ...]
    term: Text | None
    address: str


@dataclass(frozen=True, slots=True)
class GuideSection:
    """A heading and what stands under it."""

    title: Text
    show: Show
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class GuidePage:
    """A page of the guide; ``next`` says which other page there is."""

    title: Text
    next: Text
    sections: tuple[GuideSection, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """All pages by name, and the words around them."""

    pages: Mapping[str, GuidePage]
    words: Mapping[str, Text]


@cache
def load_guide(folder: Path | None = None) -> Guide:
    """The validated ``guide.toml``. Raises :class:`GuidelineError`."""
    folder = folder or default_folder()
    guideline = load_guideline(folder)
    file = TomlTable.read(folder, "guide.toml")
    words = file.table("words")
    said = {key: words.wording(key) for key in list(words.data)}
    pages = {name: _page(guideline, page) for name, page in file.tables("page")}
    file.close()
    return Guide(pages, said)


def _page(guideline: Guideline, page: TomlTable) -> GuidePage:
    sections = tuple(_section(guideline, section) for section in page.rows("section"))
    return GuidePage(page.wording("title"), page.wording("next"), sections)


def _section(guideline: Guideline, section: TomlTable) -> GuideSection:
    title = section.wording("title")
    show = section.member("show", Show) if "show" in section.data else Show.LIST
    statements = [_statement(guideline, entry) for entry in section.rows("statement")]
    if show is Show.READINGS:
        statements += _readings(guideline)
    return GuideSection(title, show, tuple(statements))


def _readings(guideline: Guideline) -> Iterator[Statement]:
    """What rules, remarks and checks read beyond the guide, each by what it is about; so none can be forgotten here."""
    about = load_wording("screens", guideline.folder)
    said = [
        (guideline.label("condition", condition), rule.reason)
        for (condition, _), rules in guideline.suggestions.items()
        for rule in rules
        if rule.source.basis is Basis.PROGRAM
    ]
    for caveat in guideline.caveats.values():
        if caveat.basis is Basis.PROGRAM:
            said.append((about[f"caveat.{caveat.id}"], caveat.text))
    for check, wording in load_checks(guideline.folder).items():
        if wording.reading is not None:
            said.append((Text(check, check), wording.reading))
    for term, text in dict.fromkeys(said):
        yield Statement(text, (guideline.sources["reading"].listed,), term, "")


def _statement(guideline: Guideline, entry: TomlTable) -> Statement:
    text, default = _wording(guideline, entry)
    known, sources = guideline.listed, entry.strings("sources", default)
    for source in sources:
        if source not in known:
            raise entry.error("sources", f"{source!r} is not among {', '.join(known)}")
    if not sources:
        raise entry.error("sources", "is empty")
    term = entry.wording("term") if "term" in entry.data else None
    address = entry.string("address") if "address" in entry.data else ""
    if address and not address.startswith("https://"):
        raise entry.error("address", f"{address!r} does not begin with https://")
    return Statement(text, tuple(known[source] for source in sources), term, address)


def _wording(guideline: Guideline, entry: TomlTable) -> tuple[Text, list[str] | None]:
    """What the guide says (its own source), what a caveat says, or wording of its own."""
    if "statement" in entry.data:
        said = {name: (source.statement, [name]) for name, source in guideline.sources.items() if source.statement}
        return entry.among("statement", said)
    if "caveat" in entry.data:
        return entry.among("caveat", {key.value: caveat.text for key, caveat in guideline.caveats.items()}), None
    return entry.text(), None
