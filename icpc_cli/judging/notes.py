"""Notes of an export into facts: each different note is read once, in as many processes as there are processors."""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from icpc_cli.errors import UsageError
from icpc_cli.files import disk_errors, end_workers
from icpc_cli.judging.database import Database, csv_scan, made, streamed
from icpc_cli.judging.ledger import Table
from icpc_cli.model import Said
from icpc_cli.notes.bulk import follow_parent, read_many
from icpc_cli.notes.reading import facts_of

_BATCH = 4000
_FEW = 3 * _BATCH
"""Notes that are read sooner than other processes have started."""


def read_notes(
    database: Database,
    folder: Path,
    notes: str,
    table: Table,
    progress: Callable[[int, int], None] | None = None,
) -> list[Said]:
    """Make the table (note, fact) of the notes that a query gives: the place in the list returned of what each says.

    Notes that say nothing are not in the table; the first of the list says nothing. Without any note there is no table,
    and nothing in the list. ``progress`` is told how many of how many were read. What they say is gathered in a file of
    numbers in ``folder``, which takes less than inserting.
    """
    count = made(database, f"TABLE different_notes AS SELECT DISTINCT note FROM ({notes})")
    done, path, found = 0, folder / "notes.csv", set[str]()
    if not count:
        database.execute("DROP TABLE different_notes")
        return []
    with disk_errors(), path.open("w", encoding="ascii", newline="") as file:
        for read, said in _read(_batches(database), count):
            file.write(said)
            found.update(said.split())
            done += read
            if progress is not None:
                progress(done, count)
    if made(database, f"TABLE note_read AS SELECT c0::INTEGER AS number FROM {csv_scan(path, ',', 1)}") != count:
        raise RuntimeError("notes were lost on the way")
    path.unlink()
    numbers = sorted({0, *map(int, found)})
    table.make(
        database,
        "SELECT note, fact FROM different_notes d JOIN note_read r ON d.rowid = r.rowid "
        "JOIN (SELECT unnest($1) AS number, unnest(range(len($1))) AS fact) USING (number) WHERE number <> 0",
        [numbers],
    )
    database.execute("DROP TABLE different_notes; DROP TABLE note_read")
    return [facts_of(number) for number in numbers]


def _batches(database: Database) -> Iterator[list[str]]:
    """The different notes in the order of their table."""
    notes = (note for (note,) in streamed(database, "SELECT note FROM different_notes"))
    while batch := list(islice(notes, _BATCH)):
        yield batch


def _read(batches: Iterable[list[str]], count: int) -> Iterator[tuple[int, str]]:
    """How many notes were read and what they say, in order; no more than a few batches are under way at a time."""
    workers = os.cpu_count() or 1
    if count <= _FEW or workers == 1:
        yield from ((len(notes), read_many(notes)) for notes in batches)
        return
    import multiprocessing
    from concurrent.futures import Future, ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    # Fresh processes: the threads of the database do not survive a fork.
    spawning = multiprocessing.get_context("spawn")
    sys.warnoptions.append("ignore::UserWarning:multiprocessing.resource_tracker")  # what it says of ended runs
    with ProcessPoolExecutor(workers, mp_context=spawning, initializer=follow_parent) as pool:
        under_way: deque[tuple[int, Future[str]]] = deque()
        try:
            for notes in batches:
                under_way.append((len(notes), pool.submit(read_many, notes)))
                if len(under_way) > 2 * workers:
                    read, said = under_way.popleft()
                    yield read, said.result()
            for read, said in under_way:
                yield read, said.result()
        except BrokenProcessPool:
            raise UsageError("out-of-memory") from None  # what ends such a process is the system, for want of memory
        except BaseException:
            end_workers()  # or they would be waited for
            raise
