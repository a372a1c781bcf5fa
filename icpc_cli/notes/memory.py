"""What was worked out once, kept for the next time it is asked for."""

import re
from collections.abc import Callable, Hashable
from functools import cache
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Memory(dict[Key, Value]):
    """What was found for each key, found when it is first asked for; begun anew when it has grown too large."""

    def __init__(self, find: Callable[[Key], Value], largest: int) -> None:
        super().__init__()
        self._find, self._largest = find, largest

    def __missing__(self, key: Key) -> Value:
        if len(self) >= self._largest:
            self.clear()
        value = self[key] = self._find(key)
        return value


@cache
def expression(source: str) -> re.Pattern[str]:
    """A regular expression, compiled when it is first needed: most notes need few of them."""
    return re.compile(source)
