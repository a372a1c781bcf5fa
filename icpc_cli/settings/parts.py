"""The tables of ``icpc.toml``, taken apart strictly: what is wrong is named by file, line and key."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

from icpc_cli.cases import read_value
from icpc_cli.cases.words import read_day
from icpc_cli.errors import InvalidValueError, UsageError
from icpc_cli.guideline import Guideline, fold, load_wording
from icpc_cli.model import Fact
from icpc_cli.settings.lines import LinesOfFile, Path

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_Value = TypeVar("_Value")


class SettingsFile(NamedTuple):
    """The file that is read: its name, the guideline whose words it uses, and where its keys stand."""

    name: str
    guideline: Guideline
    lines: LinesOfFile


class SettingsSection:
    """A table of the file."""

    def __init__(
        self, file: SettingsFile, path: Path, data: Mapping[str, Any], written: Mapping[str, str] | None = None
    ) -> None:
        """``written``: keys as they stand in the file, where that is under another name."""
        self.file, self.path, self.data = file, path, data
        self._written = written or {}

    def opened(
        self, names: Mapping[str, str], known: Sequence[str], elsewhere: Mapping[str, str] | None = None
    ) -> "SettingsSection":
        """The same table with its keys put under their ids (``names``: these by folded name), which must be ``known``.

        ``elsewhere`` says where a key belongs that is known, but not here.
        """
        data: dict[str, Any] = {}
        written: dict[str, str] = {}
        for key, value in self.data.items():
            meant = names.get(fold(key), key)
            if meant in data:
                raise UsageError("settings-same", **self.at(key), value=key, first=written[meant])
            data[meant], written[meant] = value, key
        part = SettingsSection(self.file, self.path, data, written)
        for key in [key for key in data if key not in known]:
            if nearest := (elsewhere or {}).get(key) or nearest_of(key, known):
                raise UsageError("settings-key-nearest", **part.at(key), nearest=nearest, known=list(known))
            raise UsageError("settings-key", **part.at(key), known=list(known))
        return part

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def at(self, *keys: str | int) -> dict[str, object]:
        """Where a key of this table stands: the facts that every error about it has."""
        path = (*self.path, *(self._written.get(str(key), key) for key in keys[:1]), *keys[1:])
        return {"path": self.file.name, "line": self.file.lines.of(path), "key": dotted(path)}

    def kind(self, name: str, *keys: str | int) -> UsageError:
        """The error that a key holds something of another kind."""
        return UsageError("settings-kind", **self.at(*keys), kind=load_wording("settings")[f"kind.{name}"])

    def table(self, key: str) -> "SettingsSection":
        """The table under a key; empty where there is none."""
        data = self.data.get(key, {})
        if not isinstance(data, dict):
            raise self.kind("table", key)
        return SettingsSection(self.file, (*self.path, self._written.get(key, key)), data)

    def tables(self, key: str) -> "Iterator[SettingsSection]":
        """The tables of a list of tables."""
        data = self.data.get(key, [])
        if not isinstance(data, list) or not all(isinstance(each, dict) for each in data):
            raise self.kind("tables", key)
        for number, each in enumerate(data):
            yield SettingsSection(self.file, (*self.path, self._written.get(key, key), number), each)

    def _needed(self, key: str) -> Any:
        if key not in self.data:
            raise UsageError("settings-missing", **self.at(), missing=key)
        return self.data[key]

    def text(self, key: str) -> str:
        """The text under a key, which must be there and not be blank."""
        return self._text(self._needed(key), key)

    def _text(self, value: object, *keys: str | int) -> str:
        if not isinstance(value, str):
            raise self.kind("text", *keys)
        if not value.strip():
            raise UsageError("settings-blank", **self.at(*keys))
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts under a key: one text, or a list of them."""
        value = self.data.get(key, [])
        if isinstance(value, list):
            return tuple(self._text(each, key, number) for number, each in enumerate(value))
        if not isinstance(value, str):
            raise self.kind("texts", key)
        return (self._text(value, key),)

    def number(self, key: str) -> float:
        """The number under a key, which must be there."""
        value = self._needed(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.kind("number", key)
        try:
            return float(value)
        except OverflowError:
            raise self.kind("number", key) from None

    def flag(self, key: str) -> bool:
        """Yes or no under a key; no where it is missing."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self.kind("flag", key)
        return value

    def day(self, key: str) -> date | None:
        """The day under a key, as a date of TOML or as people write it; None where it is missing."""
        value = self.data.get(key)
        day = read_day(value) if isinstance(value, str) else value
        if value is not None and type(day) is not date:
            raise self.kind("day", key)
        return day if type(day) is date else None

    def among(self, key: str, known: Mapping[str, _Value], names: Mapping[str, str]) -> _Value:
        """What the text under a key names. ``names``: the keys of ``known`` by folded name."""
        value = names.get(fold(self.text(key)), "")
        if value not in known:
            raise unknown(self.at(key), self.data[key], list(known))
        return known[value]

    def fact(self, key: str, fact: Fact) -> str:
        """The id that the text under a key names for a fact, by any known name."""
        return self._fact(self.text(key), fact, key)

    def conditions(self, key: str) -> tuple[str, ...]:
        """The ids of the conditions that a text, or a list of texts, names; none for "don't know"."""
        texts = self.texts(key)
        if len(texts) == 1 and self.file.guideline.understand("answer", texts[0]) == "unknown":
            return ()
        return tuple(dict.fromkeys(self._fact(text, Fact.CONDITIONS, key) for text in texts))

    def _fact(self, text: str, fact: Fact, key: str) -> str:
        try:
            return read_value(self.file.guideline, fact, text, key)
        except InvalidValueError as error:
            facts = error.facts
        if fact is Fact.SPECIALTY:
            raise UsageError("settings-specialty", **self.at(key), value=text)
        raise unknown(self.at(key), text, facts["known"], facts.get("nearest"))


def unknown(at: Mapping[str, object], value: object, known: Any, nearest: object = None) -> UsageError:
    """The error that a value is not known; without a ``nearest`` one it is looked for."""
    names = [each for each in known if isinstance(each, str)]
    nearest = nearest or nearest_of(str(value), names)
    if nearest:
        return UsageError("settings-value-nearest", **at, value=value, known=known, nearest=nearest)
    return UsageError("settings-value", **at, value=value, known=known)


def nearest_of(text: str, known: Iterable[str], score: float = 55) -> str | None:
    """The one of ``known`` that is most like the text, if any is."""
    from rapidfuzz import fuzz, process

    by_fold = {fold(name): name for name in known}
    best = process.extractOne(fold(text), list(by_fold), scorer=fuzz.ratio, score_cutoff=score)
    return by_fold[best[0]] if best else None


def dotted(path: Path) -> str:
    """A path as it is written in the file: ``services."0110".course``; tables of a list are counted from 1."""
    text = ""
    for key in path:
        if isinstance(key, int):
            text += f"[{key + 1}]"
        else:
            text += ("." if text else "") + (key if _BARE.fullmatch(key) else quoted(key))
    return text


def quoted(text: str) -> str:
    """A text in quotation marks, as TOML reads it back; what does not print is written by number."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if char.isprintable():
        return char
    return f"\\u{ord(char):04X}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08X}"
