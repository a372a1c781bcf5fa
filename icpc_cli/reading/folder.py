"""What of a folder are exports: its other files are passed over, and it is said of each why."""

from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

from icpc_cli.checks.columns import names_a_role, recognised
from icpc_cli.checks.worklist import headers
from icpc_cli.errors import UsageError
from icpc_cli.files import private_folder
from icpc_cli.guideline import load_guideline
from icpc_cli.outcomes import ANNOTATIONS, FINDING_COLUMNS, OWN_OUTPUT, Skipped
from icpc_cli.reading import archive, workbook
from icpc_cli.reading.dialect import WORKBOOKS, Wanted, detect
from icpc_cli.text import Language
from icpc_cli.voice import Voice
from icpc_cli.work import decisions

NO_EXPORT, UNREADABLE = "not-an-export", "file-unreadable"
_TOLD = ("workbook-password", "workbook-unreadable", "workbook-too-large", "web-page", "xml-spreadsheet")
"""Messages that say more than that a file is no export."""
_TO_CHOOSE = "several-sheets"
_EXPORTS = frozenset((".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"))
_SETTINGS = "icpc.toml"
_OWN_MARKS = (b'"schema": "icpc-cli/', b'name="generator" content="icpc-cli"')
"""What stands in the beginning of what the program wrote, but for tables: JSON and pages."""
_BEGINNING = 1 << 12


def sorted_out(folder: Path) -> tuple[list[str], list[Skipped]]:
    """The exports in a folder and the files in it that are passed over, both by name; hidden ones are not looked at."""
    exports, skipped = [], []
    for file in sorted(folder.iterdir()):
        if file.name.startswith((".", "~$")) or file.name == _SETTINGS or not file.is_file():
            continue
        state = file.stat()
        if reason := _reason(file, state.st_size, state.st_mtime_ns):
            skipped.append(Skipped(str(file), reason))
        else:
            exports.append(str(file))
    return exports, skipped


@cache
def _own_headers() -> tuple[tuple[str, ...], ...]:
    """The headers of the tables that the program writes: findings; worklists and decisions in every language."""
    lists = (each(Voice(language)) for language in Language for each in (headers, decisions.headers))
    return FINDING_COLUMNS, *map(tuple, lists)


@lru_cache
def _reason(file: Path, _size: int, _changed: int) -> str | None:
    """Why a file is passed over; None for an export. Looked into once, as long as it does not change."""
    try:
        with file.open("rb") as stream:
            beginning = stream.read(_BEGINNING)
    except OSError:
        return UNREADABLE
    tables = (";".join(own).encode() for own in _own_headers())
    if any(mark in beginning for mark in (*_OWN_MARKS, *tables)):
        return OWN_OUTPUT
    if file.suffix.lower() not in _EXPORTS:
        return NO_EXPORT
    if beginning.startswith(WORKBOOKS) and archive.is_own(file):
        return OWN_OUTPUT
    try:
        header = _header(file, beginning)
    except UsageError as error:
        return None if error.id == _TO_CHOOSE else error.id if error.id in _TOLD else NO_EXPORT
    if header in _own_headers() or set(ANNOTATIONS) <= set(header):
        return OWN_OUTPUT
    return None if len(header) > 1 and names_a_role(load_guideline(), header) else NO_EXPORT


def _header(file: Path, beginning: bytes) -> tuple[str, ...]:
    if not beginning.startswith(WORKBOOKS):
        return detect(file, file.name, _known).header
    with private_folder() as folder:
        target = folder / "sheet"
        workbook.write_csv(file, file.name, target, _known)
        return detect(target, file.name, _known, Wanted("utf-8", workbook.DELIMITER)).header


def _known(headers: Sequence[str]) -> int:
    return recognised(load_guideline(), headers, ())
