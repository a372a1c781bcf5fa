"""The guide to read: pages of sections of statements, each with its sources. Codes come from the rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from icpc_cli.guideline.rules import Guideline, default_folder, load_guideline
from icpc_cli.guideline.tables import Table
from icpc_cli.text import Text


class Show(StrEnum):
    """What a section shows besides its statements, or how it shows them."""

    LIST = "list"
    STEPS = "steps"
    TABLE = "table"
    INTERIM = "interim"


@dataclass(frozen=True, slots=True)
class Statement:
    """Something the guide says. ``sources`` are ids of :attr:`Guideline.sources`; ``address`` is where to go for it."""

    text: Text
    sources: tuple[str, ...]
    term: Text | None
    address: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    title: Text
    show: Show
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class GuidePage:
    """A page of the guide; ``next`` says which other page there is."""

    title: Text
    next: Text
    sections: tuple[Section, ...]


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
    file = Table.read(folder, "guide.toml")
    words = file.table("words")
    said = {key: words.wording(key) for key in list(words.data)}
    pages = {name: _page(guideline, page) for name, page in file.tables("page")}
    file.close()
    return Guide(pages, said)


def _page(guideline: Guideline, page: Table) -> GuidePage:
    title, following = page.wording("title"), page.wording("next")
    sections = tuple(_section(guideline, section) for section in page.rows("section"))
    page.close()
    return GuidePage(title, following, sections)


def _section(guideline: Guideline, section: Table) -> Section:
    title = section.wording("title")
    show = section.among("show", {show.value: show for show in Show}) if "show" in section.data else Show.LIST
    statements = tuple(_statement(guideline, entry) for entry in section.rows("statement"))
    section.close()
    return Section(title, show, statements)


def _statement(guideline: Guideline, entry: Table) -> Statement:
    """A statement with wording of its own, or with that of a caveat."""
    sources = tuple(entry.strings("sources"))
    for source in sources:
        if source not in guideline.sources:
            raise entry.error("sources", f"{source!r} is not among {', '.join(guideline.sources)}")
    if not sources:
        raise entry.error("sources", "is empty")
    term = entry.wording("term") if "term" in entry.data else None
    address = entry.string("address") if "address" in entry.data else ""
    if address and not address.startswith("https://"):
        raise entry.error("address", f"{address!r} does not begin with https://")
    if "caveat" in entry.data:
        text = entry.among("caveat", {key.value: caveat.text for key, caveat in guideline.caveats.items()})
    else:
        text = entry.text()
    entry.close()
    return Statement(text, sources, term, address)
