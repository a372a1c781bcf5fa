"""Which notes of an export are read, when, and what came of it: facts that no cell states, and red flags."""

from collections.abc import Sequence
from pathlib import Path

from icpc_cli.judging.database import Database
from icpc_cli.judging.ledger import FLAGGED, FOUND, NOTE_FACT, WHOLE, Table
from icpc_cli.judging.load import Progress
from icpc_cli.judging.notes import read_notes
from icpc_cli.model import Said

_SILENT = "(l.silent > 0 OR fact_condition.silent = 1)"
"""Some fact is not stated by a cell of the record, so that the note may state it."""


class Noted:
    """The notes of an export. What they say stands in the table ``note_fact``, by its place in :attr:`said`."""

    def __init__(self, database: Database, folder: Path, progress: Progress | None, *, every: bool) -> None:
        """``every``: all notes are read, those too from which no fact is wanted."""
        self._database, self._folder, self._progress = database, folder, progress
        self._which = "true" if every else _SILENT
        self.said: list[Said] = []
        """What the notes say; empty where none was read."""

    def read(self, views: Sequence[str]) -> None:
        """Read the notes of these views from which something is wanted."""
        self.said = self._read(" UNION ALL ".join(_notes(view, self._which) for view in views), NOTE_FACT)

    def flagged(self) -> list[int]:
        """The records with findings of which the note holds red flags.

        The notes of such records that were not read yet are read now.
        """
        with_findings = f"record IN (SELECT whole FROM {FOUND})"
        more = self._read(_notes(WHOLE, f"NOT {self._which} AND {with_findings}"), FLAGGED)
        return sorted({*self._alarming(NOTE_FACT, self.said), *self._alarming(FLAGGED, more)})

    def _read(self, notes: str, table: Table) -> list[Said]:
        return read_notes(self._database, self._folder, notes, table, self._progress)

    def _alarming(self, table: Table, said: Sequence[Said]) -> list[int]:
        flags = [number for number, each in enumerate(said) if each.red_flags]
        if not flags:
            return []
        found = self._database.execute(
            f"SELECT f.record FROM {FOUND} f JOIN {WHOLE} w ON w.record = whole JOIN {table} USING (note) "
            "WHERE list_contains($1::INTEGER[], fact)",
            [flags],
        )
        return [record for (record,) in found.fetchall()]


def _notes(view: str, where: str) -> str:
    """A query for notes of a view; the condition may ask what the cells of their records state."""
    return (
        f"SELECT note FROM {view} l JOIN fact_condition ON fact_condition.id = l.condition "
        f"WHERE note IS NOT NULL AND {where}"
    )
