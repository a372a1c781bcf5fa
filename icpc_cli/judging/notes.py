"""Notes of an export into facts: each different note is read once, in as many processes as there are processors."""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from icpc_cli.errors import UsageError
from icpc_cli.files import end_workers
from icpc_cli.judging.database import Database, made, streamed
from icpc_cli.judging.ledger import Table
from icpc_cli.model import Said
from icpc_cli.notes.bulk import follow_parent, read_many
from icpc_cli.notes.reading import facts_of

_BATCH = 4000
_FEW = 3 * _BATCH
"""Notes that are read sooner than other processes have started."""


def read_notes(
    database: Database, notes: str, table: Table, progress: Callable[[int, int], None] | None = None
) -> list[Said]:
    """Make the table (note, fact) of the notes that a query gives: the place in the list returned of what each says.

    Notes that say nothing are not in the table; the first of the list says nothing. Without any note there is no table,
    and nothing in the list. ``progress`` is told how many of how many were read.
    """
    count = made(database, f"TABLE different_notes AS SELECT DISTINCT note FROM ({notes})")
    read: list[int] = []
    for said in _read(_batches(database), count):
        read += map(int, said.split())
        if progress is not None:
            progress(len(read), count)
    if len(read) != count:
        raise RuntimeError("notes were lost on the way")
    numbers = sorted({0, *read})
    if count:
        # Numbers in a text get into the database in half the time that a list of them takes.
        places = {number: place for place, number in enumerate(numbers)}
        facts = "SELECT unnest($1::INTEGER[]) AS fact, unnest(range($2)) AS row"
        values = str([places[number] for number in read]), count
        notes = f"SELECT note, fact FROM different_notes d JOIN ({facts}) ON d.rowid = row WHERE fact > 0"
        table.make(database, notes, values)
    database.execute("DROP TABLE different_notes")
    return [facts_of(number) for number in numbers] if count else []


def _batches(database: Database) -> Iterator[list[str]]:
    """The different notes in the order of their table."""
    notes = (note for (note,) in streamed(database, "SELECT note FROM different_notes"))
    while batch := list(islice(notes, _BATCH)):
        yield batch


def _read(batches: Iterable[list[str]], count: int) -> Iterator[str]:
    """What the notes say, in order; no more than a few batches are under way at a time."""
    workers = os.cpu_count() or 1
    if count <= _FEW or workers == 1:
        yield from map(read_many, batches)
        return
    import multiprocessing
    from concurrent.futures import Future, ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    # Fresh processes: the threads of the database do not survive a fork.
    spawning = multiprocessing.get_context("spawn")
    sys.warnoptions.append("ignore::UserWarning:multiprocessing.resource_tracker")  # what it says of ended runs
    with ProcessPoolExecutor(workers, mp_context=spawning, initializer=follow_parent) as pool:
        under_way: deque[Future[str]] = deque()
        try:
            for notes in batches:
                under_way.append(pool.submit(read_many, notes))
                if len(under_way) > 2 * workers:
                    yield under_way.popleft().result()
            for each in under_way:
                yield each.result()
        except BrokenProcessPool:
            raise UsageError("out-of-memory") from None  # what ends such a process is the system, for want of memory
        except BaseException:
            end_workers()  # or they would be waited for
            raise
