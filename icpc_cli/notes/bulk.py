"""The facts of many notes: a function that another process can be asked to run."""

from collections.abc import Sequence

from icpc_cli.guideline.words import load_words
from icpc_cli.notes.reading import Facts, facts


def read_many(notes: Sequence[str]) -> list[Facts]:
    """What each of the notes says, by the shipped words."""
    words = load_words()
    return [facts(words, note) for note in notes]
