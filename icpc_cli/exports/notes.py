"""Notes of an export into facts: each different note is read once, in as many processes as there are processors."""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor

import duckdb

from icpc_cli.exports.database import fill
from icpc_cli.model import NOTHING_SAID, Said
from icpc_cli.notes.bulk import leave_interrupts, read_many

_BATCH = 4000
_FEW = 3 * _BATCH
"""Notes that are read sooner than other processes have started."""


def read_notes(
    database: duckdb.DuckDBPyConnection, views: Sequence[str], progress: Callable[[int, int], None] | None = None
) -> list[Said]:
    """Make a table ``note_fact`` (note, fact): the place in the list returned of what each different note says.

    Notes that say nothing are not in the table; the first of the list says nothing. ``progress`` is told how many of
    how many were read.
    """
    notes = " UNION ALL ".join(f"SELECT note FROM {view} WHERE note IS NOT NULL" for view in views)
    database.execute(f"CREATE TABLE different_notes AS SELECT DISTINCT note FROM ({notes})")
    database.execute("CREATE TABLE note_read (id BIGINT, fact INTEGER)")
    (count,) = database.execute("SELECT count(*) FROM different_notes").fetchone() or (0,)
    done = 0
    known: dict[Said, int] = {NOTHING_SAID: 0}
    for ids, found in _read(_batches(database), count):
        done += len(ids)
        if progress is not None:
            progress(done, count)
        numbers = [known.setdefault(each, len(known)) for each in found]
        told = [(id_, number) for id_, number in zip(ids, numbers, strict=True) if number]
        fill(database, "note_read", list(zip(*told, strict=True)))
    database.execute(
        "CREATE TABLE note_fact AS SELECT note, fact FROM different_notes d JOIN note_read ON d.rowid = note_read.id"
    )
    database.execute("DROP TABLE different_notes")
    return list(known)


def _batches(database: duckdb.DuckDBPyConnection) -> Iterator[tuple[Sequence[int], Sequence[str]]]:
    """Row ids and notes."""
    with database.cursor() as cursor:
        rows = cursor.execute("SELECT rowid, note FROM different_notes")
        while batch := rows.fetchmany(_BATCH):
            ids, notes = zip(*batch, strict=True)
            yield ids, notes


def _read(
    batches: Iterable[tuple[Sequence[int], Sequence[str]]], count: int
) -> Iterator[tuple[Sequence[int], list[Said]]]:
    """Row ids and what the notes say, in order; no more than a few batches are under way at a time."""
    workers = os.cpu_count() or 1
    if count <= _FEW or workers == 1:
        yield from ((ids, read_many(notes)) for ids, notes in batches)
        return
    # Fresh processes: the threads of the database do not survive a fork.
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawning, initializer=leave_interrupts) as pool:
        under_way: deque[tuple[Sequence[int], Future[list[Said]]]] = deque()
        for ids, notes in batches:
            under_way.append((ids, pool.submit(read_many, notes)))
            if len(under_way) > 2 * workers:
                first, found = under_way.popleft()
                yield first, found.result()
        for ids, found in under_way:
            yield ids, found.result()
