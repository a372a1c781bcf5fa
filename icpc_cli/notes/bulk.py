"""The facts of many notes: a function that another process can be asked to run."""

import gc
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Thread

from icpc_cli.guideline.wordfile import load_words
from icpc_cli.notes.reading import numbers


def follow_parent() -> None:
    """Let Ctrl-C be for the process that asked, and end when that ends, however it does: it alone needs these notes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import connection, parent_process

    if parent := parent_process():
        connection.wait([parent.sentinel])
        os._exit(1)


def read_many(notes: Sequence[str]) -> str:
    """What each of the notes says by the shipped words: a number for ``facts_of``, a line each.

    A text of numbers is the fastest that can pass between processes and into a database.
    """
    words = load_words()
    with _no_collection():
        return "\n".join(map(str, numbers(words, notes))) + "\n"


@contextmanager
def _no_collection() -> Iterator[None]:
    """No search for cycles meanwhile: what is remembered of sentences has none, and to look for some takes a fifth."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
