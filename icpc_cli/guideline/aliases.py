"""Other names of commands and options, which are understood and not shown."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from icpc_cli.guideline.names import fold
from icpc_cli.guideline.tables import TomlTable, default_folder


@cache
def load_aliases(kind: str, folder: Path | None = None) -> Mapping[str, str]:
    """Names by folded alias, of commands or options (without ``--``). Raises :class:`GuidelineError`."""
    file = TomlTable.read(folder or default_folder(), "aliases.toml")
    found: dict[str, str] = {}
    for name, aliases in file.lists(kind).items():
        for alias in aliases:
            if found.setdefault(fold(alias), name) != name:
                raise file.error(f"{kind}.{name}", f"{alias!r} is a name of {found[fold(alias)]} as well")
    return found


def real_option(option: str) -> str:
    """The option that an argument names: itself, or the one that it is another name of."""
    return f"--{name}" if (name := load_aliases("option").get(fold(option))) else option
