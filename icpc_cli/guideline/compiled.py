"""What was made of a file of data, kept beside it so that it is not made at every start.

It lies where Python keeps what it made of the modules beside it, and is as safe to read as the file itself: JSON, which
does nothing but be read. It counts only where its hash is that of the file and of the modules that make it, and
where it is whole; else it is made anew, without a word.
"""

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import cache_from_source, source_hash
from pathlib import Path
from typing import Any, NamedTuple


class Compiled(NamedTuple):
    """What is kept at ``path`` of the contents with this ``key``."""

    path: Path
    key: bytes

    @classmethod
    def of(cls, source: Path, makers: Sequence[Path]) -> "Compiled | None":
        """What these modules made of the file ``source``; None where nothing can be kept."""
        try:
            contents = [path.read_bytes() for path in (source, *makers)]
            path = Path(cache_from_source(str(source))).with_suffix(".json")
        except (OSError, NotImplementedError):
            return None
        return cls(path, source_hash(b"\0".join((sys.version.encode(), *contents))))

    def read(self) -> Any:
        """What was kept, None where that is nothing, old, or not whole."""
        try:
            kept = self.path.read_bytes()
        except OSError:
            return None
        start = 2 * len(self.key)
        if kept[:start] != self.key + source_hash(kept[start:]):
            return None
        return json.loads(kept[start:])

    def keep(self, value: Any) -> None:
        """Keep this value, whole or not at all; where it cannot be kept, that is no matter."""
        from icpc_cli.errors import UsageError
        from icpc_cli.files import new_file

        content = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        with suppress(OSError, UsageError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with new_file(self.path) as file:
                file.write(self.key + source_hash(content) + content)
