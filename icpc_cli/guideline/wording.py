"""Wording by id, and the words of the checks."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from icpc_cli.guideline.names import fold
from icpc_cli.guideline.rules import load_guideline
from icpc_cli.guideline.sources import RuleSource
from icpc_cli.guideline.tables import TomlTable, default_folder
from icpc_cli.text import Text


@cache
def load_wording(name: str, folder: Path | None = None) -> Mapping[str, Text]:
    """All wording of ``data/guideline/<name>.toml`` by dotted key. Raises :class:`GuidelineError`."""
    return dict(_wording(TomlTable.read(folder or default_folder(), f"{name}.toml")))


def ids_by_name(name: str, prefix: str, ids: Iterable[str]) -> dict[str, str]:
    """Ids by what users may type for them, folded: the id itself, and its name in every language, ``prefix.<id>``."""
    wording = load_wording(name)
    found: dict[str, str] = {}
    for each in ids:
        text = wording.get(f"{prefix}.{each}")
        for said in (each, *((text.da, text.en) if text else ())):
            found.setdefault(fold(said), each)
    return found


class CheckWording(NamedTuple):
    """What a check is called, why it matters, what its findings say, what to do, an example of bad and good, source.

    ``reading`` says what of the check is this program's reading of the guide, if anything; ``blank`` is the message of
    a blank cell, where that is another.
    """

    title: Text
    why: Text
    message: Text
    todo: Text
    bad: Text
    good: Text
    source: RuleSource
    reading: Text | None
    blank: Text | None


@cache
def load_checks(folder: Path | None = None) -> Mapping[str, CheckWording]:
    """The wording of the checks by id. Raises :class:`GuidelineError`."""
    sources = load_guideline(folder).sources
    file = TomlTable.read(folder or default_folder(), "checks.toml")
    checks: dict[str, CheckWording] = {}
    for key in list(file.data):
        entry = file.table(key)
        source = entry.among("source", sources)
        own = source is sources["reading"] or "reading" in entry.data
        reading = entry.wording("reading") if own else None
        texts = {part: entry.wording(part) for part in ("title", "why", "message", "todo", "bad", "good")}
        blank = entry.wording("blank") if "blank" in entry.data else None
        entry.close()
        checks[key] = CheckWording(source=source, reading=reading, blank=blank, **texts)
    return checks


def _wording(table: TomlTable) -> Iterator[tuple[str, Text]]:
    for key in list(table.data):
        entry = table.table(key)
        if {"da", "en"} & entry.data.keys():
            yield entry.key, entry.text()
            entry.close()
        else:
            yield from _wording(entry)
