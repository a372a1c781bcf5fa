"""Which notes of an export are read, when, and what came of it: facts that no cell states, and red flags."""

from collections.abc import Sequence

from icpc_cli.judging.database import Database
from icpc_cli.judging.ledger import ALARMING, FLAGGED, FOUND, MEANT, NOTE_FACT, OLD, ORDER, Table, meant
from icpc_cli.judging.load import Progress
from icpc_cli.judging.notes import read_notes
from icpc_cli.model import Said

_SILENT = f"(l.silent > 0 OR {meant('condition_silent', 'l')} = 1)"
"""Some fact is not stated by a cell of the record, so that the note may state it."""


class Noted:
    """The notes of an export. What they say stands in the table ``note_fact``, by its place in :attr:`said`."""

    def __init__(self, database: Database, progress: Progress | None, *, every: bool) -> None:
        """``every``: all notes are read, those too from which no fact is wanted."""
        self._database, self._progress = database, progress
        self._which = "true" if every else _SILENT
        self._views: Sequence[str] = ()
        self.said: list[Said] = []
        """What the notes say; empty where none was read."""

    def read(self, views: Sequence[str]) -> None:
        """Read the notes of these views, if there are any, from which something is wanted."""
        self._views = views
        self.said = self._read(self._which, NOTE_FACT)

    def flagged(self, facts: Table) -> tuple[str, str]:
        """Queries for the records with findings of which the note holds red flags; and for those it precedes.

        The latter are of the same course. Without any such note there are no queries.
        The notes of courses with findings that were not read yet are read now.
        """
        course = f"SELECT member FROM {facts} JOIN {FOUND} ON {facts}.record = whole"
        wanted = f"record IN (SELECT record FROM {facts} WHERE era <> {OLD} AND member IN ({course}))"
        more = self._read(f"NOT {self._which} AND {wanted}", FLAGGED)
        if not any(each.red_flags for each in (*self.said, *more)):
            return "", ""
        ALARMING.create(self._database)
        for table, said in ((NOTE_FACT, self.said), (FLAGGED, more)):
            if flags := [number for number, each in enumerate(said) if each.red_flags]:
                for view in self._views:
                    notes = f"SELECT record FROM {view} JOIN {table} USING (note)"
                    ALARMING.add(self._database, f"{notes} WHERE list_contains($1::INTEGER[], fact)", [flags])
        placed = f"(SELECT record, member, {ORDER} AS place FROM {facts} WHERE era <> {OLD})"
        since = f"SELECT member, min(place) AS since FROM {placed} JOIN {ALARMING} USING (record) GROUP BY member"
        return (
            f"SELECT f.record FROM {FOUND} f JOIN {ALARMING} a ON a.record = whole",
            f"SELECT f.record FROM {FOUND} f JOIN {placed} p ON p.record = whole JOIN ({since}) USING (member) "
            "WHERE since < place",
        )

    def _read(self, where: str, table: Table) -> list[Said]:
        notes = " UNION ALL ".join(_notes(view, where) for view in self._views)
        return read_notes(self._database, notes, table, self._progress) if notes else []


def _notes(view: str, where: str) -> str:
    """A query for notes of a view; the condition may ask what the cells of their records state."""
    return f"SELECT note FROM {view} l, {MEANT} WHERE note IS NOT NULL AND {where}"
