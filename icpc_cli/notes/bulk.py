"""The facts of many notes: a function that another process can be asked to run."""

import gc
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from icpc_cli.guideline.wordfile import load_words
from icpc_cli.notes.reading import numbers


def leave_interrupts() -> None:
    """Let Ctrl-C be for the process that asked: it ends this one, which has nothing to say of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


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
