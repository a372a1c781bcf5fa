"""The facts of many notes: a function that another process can be asked to run."""

import gc
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from icpc_cli.guideline.words import load_words
from icpc_cli.notes.reading import Facts, facts


def leave_interrupts() -> None:
    """Let Ctrl-C be for the process that asked: it ends this one, which has nothing to say of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def read_many(notes: Sequence[str]) -> list[Facts]:
    """What each of the notes says, by the shipped words."""
    words = load_words()
    with _no_collection():
        return [facts(words, note) for note in notes]


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
