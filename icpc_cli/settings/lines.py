"""On which line each key of a TOML text stands. :mod:`tomllib` knows and does not say, so it is given line by line."""

import tomllib
from bisect import bisect_left
from typing import Any, NamedTuple

Path = tuple[str | int, ...]
"""The way to a value: keys of tables, and places in lists from 0."""

_CLOSING = ("", '\n"""', "\n'''", "\n]", '\n"""]', "\n'''\n]", "\n]]", "\n]]]")
"""What may be open at the end of a line."""


class Twice(NamedTuple):
    """A key that stands on two lines."""

    key: str | int
    first: int
    line: int


class LinesOfFile:
    """The line of every key of a text, as far as it is TOML."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")

    def of(self, path: Path) -> int:
        """The line of the key, or of the nearest table around it that has a line of its own."""
        while path:
            lines = range(1, len(self._lines) + 1)
            found = bisect_left(lines, 1, key=lambda number: _holds(self._until(number), path))
            if found < len(lines):
                return lines[found]
            path = path[:-1]
        return 1

    def twice(self, line: int) -> Twice | None:
        """What is wrong on a line that cannot be read, where that is a key that stood before."""
        done = next(number for number in range(line - 1, -1, -1) if _read(self._lines[:number]) is not None)
        header = next((each for each in reversed(self._lines[:done]) if each.lstrip().startswith("[")), "")
        wrong = self._lines[done:line]
        inside = [] if wrong[0].lstrip().startswith("[") else [header]
        path = _only(_read([*inside, *wrong]), _read(self._lines[:done]))
        return Twice(path[-1], self.of(path), done + 1) if path else None

    def _until(self, number: int) -> Any:
        """What the text says up to a line, or as far before it as it can be read."""
        while (data := _read(self._lines[:number], _CLOSING)) is None:
            number -= 1
        return data


def _read(lines: list[str], closing: tuple[str, ...] = ("",)) -> Any:
    for end in closing:
        try:
            return tomllib.loads("\n".join(lines) + end)
        except (ValueError, RecursionError):
            continue
    return None


def _holds(data: Any, path: Path) -> bool:
    for key in path:
        if not (
            key in data
            if isinstance(data, dict)
            else isinstance(data, list) and isinstance(key, int) and key < len(data)
        ):
            return False
        data = data[key]
    return True


def _only(data: Any, before: Any) -> Path:
    """The way to the only value of ``data``, in ``before``, where it leads to one; of lists of tables to the last."""
    path: Path = ()
    while isinstance(data, dict) and len(data) == 1 and isinstance(before, dict):
        ((key, data),) = data.items()
        if key not in before:
            return ()
        path, before = (*path, key), before[key]
        if isinstance(data, list) and isinstance(before, list) and data and isinstance(data[0], dict) and data[0]:
            path, data, before = (*path, len(before) - 1), data[0], before[-1]
    return path
