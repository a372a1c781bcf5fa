"""What was worked out once, kept for the next time it is asked for."""

from collections.abc import Callable, Hashable
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
