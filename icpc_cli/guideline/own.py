"""The clinic's own ICPC-2 list on this machine: kept in the user's data folder, for this user only."""

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from icpc_cli.errors import UsageError
from icpc_cli.files import data_folder, keep
from icpc_cli.guideline.rules import Guideline
from icpc_cli.model import CodeList

SCHEMA = "icpc-cli/code-list/1"


def own_file() -> Path:
    """Where the list is kept: under ``ICPC_DATA`` where that is set, else in the user's data folder."""
    return data_folder() / "codes.json"


def with_own(guideline: Guideline) -> Guideline:
    """``guideline`` with the clinic's own list, where there is one. Raises :class:`UsageError` for a broken one."""
    own = read_own()
    return replace(guideline, own=own) if own else guideline


def read_own() -> CodeList | None:
    """The clinic's own list, or None. Raises :class:`UsageError` where it is there and cannot be read."""
    path = own_file()
    try:
        if not path.exists():
            return None
        return _code_list(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError("own-list-broken", path=path) from None


def _code_list(data: Mapping[str, object]) -> CodeList:
    """The list as it was saved; a :class:`ValueError`, KeyError or TypeError says that it is not."""
    titles = data["codes"]
    if data["schema"] != SCHEMA or not isinstance(titles, dict) or not titles:
        raise ValueError(SCHEMA)
    if not all(len(code) == 3 and code[1:].isdecimal() and isinstance(titles[code], str) for code in titles):
        raise ValueError(SCHEMA)
    return CodeList(str(data["name"]), date.fromisoformat(str(data["imported"])), titles)


def save_own(own: CodeList) -> None:
    """Keep the list in the place of an earlier one: written beside and renamed, readable by this user only."""
    path = own_file()
    data = {"schema": SCHEMA, "name": own.name, "imported": own.imported.isoformat(), "codes": dict(own.titles)}
    keep(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def forget_own() -> bool:
    """Remove the list; whether there was one. A broken one goes as well."""
    path = own_file()
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise _unwritable(path, error) from None
    return True


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError("own-list-unwritable", path=path, problem=os.strerror(error.errno or 0))
