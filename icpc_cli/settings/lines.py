"""On which line each key of a TOML text stands. :mod:`tomllib` knows, and does not say."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field

Path = tuple[str | int, ...]
"""The way to a value: keys of tables, and places in lists from 0."""

_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_STRING = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}(?!")|\'\'\'.*?'{3,5}(?!')|"(?:[^"\\\n]|\\.)*"|'[^'\n]*\'''', re.DOTALL
)
_PLAIN = re.compile(r"[^,\]}\n#]+")


class _UnreadableError(Exception):
    """The text is not TOML from here on."""


@dataclass
class LinesOfFile:
    """The line of every key of a text, as far as it is TOML. ``twice``: (path, line) of a key that stood before."""

    text: str
    found: dict[Path, int] = field(default_factory=dict)
    twice: list[tuple[Path, int]] = field(default_factory=list)
    _place: int = 0

    def __post_init__(self) -> None:
        try:
            self._scan()
        except (_UnreadableError, RecursionError):
            return

    def of(self, path: Path) -> int:
        """The line of the key, or of the nearest table around it that has a line of its own."""
        while path and path not in self.found:
            path = path[:-1]
        return self.found.get(path, 1)

    def _scan(self) -> None:
        table: Path = ()
        counts: dict[Path, int] = {}
        while self._skip(_BLANK) < len(self.text):
            if self._take("[["):
                table = self._header(counts)
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
                self.found[table] = self._line()
                self._expect("]]")
            elif self._take("["):
                table = self._header(counts)
                self._note(table)
                self._expect("]")
            else:
                self._pair(table)

    def _header(self, counts: dict[Path, int]) -> Path:
        """The name of a table; a list of tables on the way stands for its last one."""
        path: Path = ()
        for key in self._keys():
            path = (*path, counts[path]) if path in counts else path
            path = (*path, key)
        return path

    def _pair(self, table: Path) -> None:
        path = table
        for key in self._keys():
            path = (*path, key)
            self.found.setdefault(path[:-1], self._line())
        self._note(path)
        self._expect("=")
        self._value(path)

    def _note(self, path: Path) -> None:
        if path in self.found:
            self.twice.append((path, self._line()))
        self.found.setdefault(path, self._line())

    def _keys(self) -> Iterator[str]:
        while True:
            self._skip(_SPACE)
            match = _KEY.match(self.text, self._place)
            if not match:
                raise _UnreadableError
            yield _unquoted(match[0])
            self._place = match.end()
            self._skip(_SPACE)
            if not self._take("."):
                return

    def _value(self, path: Path) -> None:
        self._skip(_SPACE)
        if match := _STRING.match(self.text, self._place):
            self._place = match.end()
        elif self._take("["):
            self._list(path)
        elif self._take("{"):
            self._inline(path)
        elif match := _PLAIN.match(self.text, self._place):
            self._place = match.end()
        else:
            raise _UnreadableError

    def _list(self, path: Path) -> None:
        number = 0
        while self._skip(_BLANK) and not self._take("]"):
            self.found[(*path, number)] = self._line()
            self._value((*path, number))
            self._skip(_BLANK)
            self._take(",")
            number += 1

    def _inline(self, path: Path) -> None:
        while self._skip(_BLANK) and not self._take("}"):
            self._pair(path)
            self._skip(_BLANK)
            self._take(",")

    def _skip(self, pattern: re.Pattern[str]) -> int:
        """Go past what the pattern matches; returns the place."""
        match = pattern.match(self.text, self._place)
        self._place = match.end() if match else self._place
        return self._place

    def _take(self, sign: str) -> bool:
        if not self.text.startswith(sign, self._place):
            return False
        self._place += len(sign)
        return True

    def _expect(self, sign: str) -> None:
        self._skip(_SPACE)
        if not self._take(sign):
            raise _UnreadableError

    def _line(self) -> int:
        return self.text.count("\n", 0, self._place) + 1


def _unquoted(key: str) -> str:
    try:
        return str(tomllib.loads(f"key = {key}")["key"]) if key[0] in "\"'" else key
    except tomllib.TOMLDecodeError:
        raise _UnreadableError from None
