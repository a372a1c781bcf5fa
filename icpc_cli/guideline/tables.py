"""A TOML file taken apart strictly: what is missing, of another kind or not known is refused by file and key."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeVar

from icpc_cli.errors import GuidelineError
from icpc_cli.guideline.compiled import Compiled
from icpc_cli.text import Language, Text

_Known = TypeVar("_Known")
_Member = TypeVar("_Member", bound=StrEnum)
_Text = TypeVar("_Text", bound=str)


@cache
def default_folder() -> Path:
    """Where the data is: inside the installed package, or at the top of the checkout."""
    package = Path(__file__).parent.parent
    inside = package / "data" / "guideline"
    return inside if inside.is_dir() else package.parent / "data" / "guideline"


class TomlTable:
    """A TOML table that is taken apart key by key; what is left over at :meth:`close` is refused."""

    def __init__(self, file: str, key: str, data: dict[str, Any]) -> None:
        self.file, self.key, self.data = file, key, data

    @classmethod
    def read(cls, folder: Path, name: str) -> Self:
        """The table that is the whole file; of the shipped ones what was read is kept, for TOML is slow to read."""
        compiled = Compiled.of(folder / name, ()) if folder == default_folder() else None
        data = compiled.read() if compiled else None
        if data is None:
            data = _parsed(folder, name)
            if compiled:
                compiled.keep(data)
        return cls(name, "", data)

    def error(self, key: str, problem: str) -> GuidelineError:
        """An error at a key of this table."""
        return GuidelineError(self.file, ".".join(filter(None, (self.key, key))), problem)

    def _take(self, key: str, kind: type, default: Any = None) -> Any:
        value = self.data.pop(key, default)
        if value is None:
            raise self.error(key, "is missing")
        if not isinstance(value, kind):
            raise self.error(key, f"must be a {kind.__name__}")
        return value

    def string(self, key: str) -> str:
        """Take a text."""
        return str(self._take(key, str))

    def flag(self, key: str) -> bool:
        """Take true or false; false where it is missing."""
        return key in self.data and bool(self._take(key, bool))

    def strings(self, key: str, default: list[str] | None = None) -> list[str]:
        """Take a list of texts."""
        return list(self._list(key, str, default))

    def lists(self, key: str) -> dict[str, list[str]]:
        """Take a table of lists of texts."""
        table = self.table(key)
        return {name: table.strings(name) for name in list(table.data)}

    def _list(self, key: str, kind: type, default: Any = None) -> Any:
        values = self._take(key, list, default)
        for value in values:
            if not isinstance(value, kind):
                raise self.error(key, f"must hold only {kind.__name__}, not {value!r}")
        return values

    def among(self, key: str, known: Mapping[str, _Known]) -> _Known:
        """Take the name of one of ``known``, and give what it names."""
        return self._known(key, self.string(key), known)

    def _known(self, key: str, value: str, known: Mapping[str, _Known]) -> _Known:
        if value not in known:
            raise self.error(key, f"{value!r} is not among {', '.join(known)}")
        return known[value]

    def member(self, key: str, known: type[_Member] | tuple[_Member, ...]) -> _Member:
        """Take the value of one of these members of an enum."""
        named: dict[str, _Member] = _by_value(known)
        return self.among(key, named)

    def some(
        self, key: str, known: type[_Text] | tuple[_Text, ...], default: Iterable[_Text] | None = None
    ) -> frozenset[_Text]:
        """Take some of ``known``; all of them, or ``default``, where the key is missing."""
        by_value = _by_value(known)
        if key not in self.data:
            return frozenset(by_value.values() if default is None else default)
        return frozenset(self._known(key, value, by_value) for value in self.strings(key))

    def table(self, key: str) -> "TomlTable":
        """Take a table."""
        return TomlTable(self.file, ".".join(filter(None, (self.key, key))), self._take(key, dict))

    def tables(self, key: str) -> "Iterator[tuple[str, TomlTable]]":
        """Take a table of tables; each is closed when the next is asked for."""
        parent = self.table(key)
        for name in list(parent.data):
            table = parent.table(name)
            yield name, table
            table.close()

    def rows(self, key: str) -> "Iterator[TomlTable]":
        """Take an array of tables; each is closed when the next is asked for."""
        for number, data in enumerate(self._list(key, dict), start=1):
            table = TomlTable(self.file, ".".join(filter(None, (self.key, f"{key}[{number}]"))), dict(data))
            yield table
            table.close()

    def text(self) -> Text:
        """Take the wording in every language."""
        da, en = (self.string(language.value) for language in Language)
        for language, wording in zip(Language, (da, en), strict=True):
            if not wording.strip():
                raise self.error(language.value, "is empty")
        return Text(da, en)

    def wording(self, key: str) -> Text:
        """The wording that a table under ``key`` holds, and nothing else."""
        table = self.table(key)
        text = table.text()
        table.close()
        return text

    def close(self) -> None:
        """Refuse whatever was not taken."""
        if self.data:
            raise self.error(next(iter(self.data)), "is not a known key")


@cache
def _by_value(known: Iterable[_Text]) -> dict[str, _Text]:
    return {each: each for each in known}


def _parsed(folder: Path, name: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise GuidelineError(name, "", "the file is missing") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GuidelineError(name, "", f"not valid TOML: {error}") from None
