"""Codes that were found, for the terminal and as JSON."""

import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from icpc_cli.guideline import Guideline, load_wording
from icpc_cli.guideline.search import Entry, Found, Use
from icpc_cli.model import Answer
from icpc_cli.render.json import dumps
from icpc_cli.render.letters import spelling
from icpc_cli.render.safe import printable, without_cpr
from icpc_cli.render.terminal import write
from icpc_cli.text import Text

CODES_SCHEMA = "icpc-cli/codes/1"
_MOST, _MOST_NEAR = 60, 12
"""The codes of a search that are shown: all of a chapter, and fewer where they only resemble what was asked for."""


def say(key: str, language: str, encoding: str, /, **facts: object) -> str:
    """A text of ``icpc codes`` with its facts, in letters that the terminal has."""
    safe = {name: _number(fact) if isinstance(fact, int) else printable(str(fact)) for name, fact in facts.items()}
    return without_cpr(load_wording("codes")[f"screen.{key}"][language].format(**safe)).translate(spelling(encoding))


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".") if count >= 1000 else str(count)


def when(signs: tuple[Answer, ...]) -> Text:
    """Under which nerve-root signs something holds, as it stands after a role."""
    return load_wording("codes")[f"signs.{'-'.join(signs)}"]


def print_codes(guideline: Guideline, found: Found, query: str, language: str) -> None:
    """Write the codes with what the guide uses them for, which list is in use, and whose ICPC-2 is."""
    writer = _Writer(guideline, language, sys.stdout.encoding)
    parts: list[RenderableType] = []
    most = len(found.entries) if not query else _MOST_NEAR if found.near else _MOST
    if not found.entries:
        parts.append(writer.text("none", word=query))
    elif found.near:
        parts.append(writer.text("nearest", word=query))
    if found.entries:
        parts.append(writer.table(found.entries[:most]))
    if len(found.entries) > most:
        parts.append(writer.text("more", count=len(found.entries) - most))
    parts += ["", writer.list_in_use(), Line(writer.plain(guideline.licence[language]), "dim")]
    write(Padding(Group(*parts), (0, 0, 0, 2)))


class _Writer:
    def __init__(self, guideline: Guideline, language: str, encoding: str) -> None:
        self._guideline, self._language, self._encoding = guideline, language, encoding
        self._spelling = spelling(encoding)

    def plain(self, text: str) -> str:
        return text.translate(self._spelling)

    def text(self, key: str, **facts: object) -> Line:
        return Line(say(key, self._language, self._encoding, **facts))

    def table(self, entries: Sequence[Entry]) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        for entry in entries:
            table.add_row(Line(entry.code, "bold"), Group(*self._code(entry)))
        return table

    def _code(self, entry: Entry) -> list[RenderableType]:
        lines: list[RenderableType] = [Line(self.plain(printable(entry.title[self._language])))]
        if entry.titled_otherwise:
            lines.append(self.text("own-title", title=entry.own_title))
        lines += [Line(self._use(use), "dim") for use in entry.uses]
        if entry.process:
            lines.append(Line(say("process", self._language, self._encoding), "dim"))
        return lines

    def _use(self, use: Use) -> str:
        label = self._guideline.label
        condition, role = label("condition", use.condition)[self._language], label("role", use.role)[self._language]
        return self.plain(f"{condition}: {role}{self._when(use)}")

    def _when(self, use: Use) -> str:
        return "" if use.always else " " + when(use.signs)[self._language]

    def list_in_use(self) -> Line:
        own = self._guideline.own
        if own is None:
            return self.text("shipped", count=len(self._guideline.codes))
        day = own.imported.strftime("%d-%m-%Y")
        return self.text("own", name=own.name, count=len(own.titles), date=day)


def json_text(guideline: Guideline, found: Found, language: str, encoding: str) -> str:
    """What was found as one ``icpc-cli/codes/1`` object."""
    own = guideline.own
    data = {
        "schema": CODES_SCHEMA,
        "list": own and {"name": own.name, "imported": own.imported.isoformat(), "codes": len(own.titles)},
        "near": found.near,
        "codes": [_object(entry, language) for entry in found.entries],
        "licence": guideline.licence[language],
    }
    return dumps(data, encoding=encoding, indent=2)


def _object(entry: Entry, language: str) -> dict[str, Any]:
    return {
        "code": entry.code,
        "title": entry.title[language],
        "diagnosis": not entry.process,
        "uses": [
            {"condition": use.condition, "role": use.role, "nerve_root_signs": list(use.signs)} for use in entry.uses
        ],
    }
