"""How well notes are read, and how fast: ``python -m tests.bench.notes``.

Each set of notes was written or given before its errors were looked at, and mended by general rules after. What counts
is the first look (conditions F1, signs right, certainty right), with the reader as it stood then:

    held-out half  0.982 0.933 0.967      final notes    0.906 0.938 0.875
    other notes    0.918 0.937 0.952      seventh notes  0.893 0.944 0.944
    fresh notes    0.861 0.883 0.900      eighth notes   0.949 0.944 0.944
    last notes     0.951 0.952 0.929          ninth notes    0.960 0.900 0.833
    tenth notes    0.959 0.883 0.850          eleventh notes 0.893 0.975 0.875
    twelfth notes  0.984 0.925 0.950          thirteenth     0.966 0.900 0.825
    fourteenth     0.981 0.967 0.967          fifteenth      0.957 0.992 0.950
    sixteenth      0.957 0.967 0.942          seventeenth    0.959 0.950 0.887

The eighth to the fourteenth are written in the style of the given notes, the three last by others who had not seen
the words; the other sets were meant to be harder.
"""

import random
import re
import time
from itertools import islice

from icpc_cli.guideline.words import load_words
from icpc_cli.notes import facts
from icpc_cli.notes.bulk import read_many
from tests.bench.check import numbered_notes
from tests.notes import Score, annotated, halves, score

WORDS = 20
NOTES = 20_000
BATCH = 4000
BY_OTHERS = ("fifteenth", "sixteenth", "seventeenth")
LATER = (
    "last",
    "final",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    *BY_OTHERS,
)
_SEED = 7


def main() -> None:
    """Print the scores with every error, then notes a second."""
    _speed()
    worked, held = halves()
    for title, notes in (
        ("worked half", worked),
        ("held-out half", held),
        ("other notes", annotated("notes_other")),
        ("fresh notes", annotated("notes_fresh")),
        *((f"{name} notes", annotated(f"notes_{name}")) for name in LATER),
    ):
        _show(title, score(notes))


def _show(title: str, found: Score) -> None:
    print(
        f"{title:14} {found.notes} notes  conditions P {found.precision:.3f} R {found.recall:.3f} F1 {found.f1:.3f}"
        f"  signs {found.signs:.3f}  certain {found.certain:.3f}"
    )
    for note, (conditions, signs, certain) in found.errors:
        print(f"  {note.id} {note.note}")
        print(f"    wanted {sorted(note.conditions)} {note.nerve_root_signs} {note.findings_certain}")
        print(f"    got    {sorted(conditions)} {signs} {certain}")


def _speed() -> None:
    """Seconds of one core for new notes: sentences of the test notes put together, numbers and some words changed."""
    started = time.perf_counter()
    words = load_words()
    loaded = time.perf_counter()
    facts(words, "Lænd")
    ready = time.perf_counter()
    print(f"words loaded in {1000 * (loaded - started):.0f} ms, reader ready in {1000 * (ready - loaded):.0f} ms")
    _timed("known words", _made(NOTES, strange=0))
    notes = _made(NOTES, strange=0.3)
    _timed("strange words", notes)
    _timed("the same again", notes)
    _timed("as from templates", list(islice(numbered_notes(), NOTES)))


def _timed(title: str, notes: list[str]) -> None:
    """As a check reads them: some thousand at a time."""
    count = sum(len(note.split()) for note in notes)
    started = time.process_time()
    for start in range(0, len(notes), BATCH):
        read_many(notes[start : start + BATCH])
    seconds = time.process_time() - started
    print(f"{title}: {count / WORDS / seconds:,.0f} notes of {WORDS} words a second, {len(set(notes)):,} different")


def _made(number: int, strange: float) -> list[str]:
    chance = random.Random(_SEED)
    notes = [note.note for name in ("notes", "notes_other") for note in annotated(name)]
    sentences = [sentence for note in notes for sentence in re.split(r"(?<=[a-zæøå]{4}\.)\s+", note)]
    made = []
    for _ in range(number):
        text = ""
        while len(text.split()) < WORDS:
            text += _changed(chance, chance.choice(sentences), strange) + " "
        made.append(text.strip())
    return made


def _changed(chance: random.Random, sentence: str, strange: float) -> str:
    """Other numbers, and in this share of sentences a word that no rule knows, at any place."""
    text = re.sub(r"\b\d{1,3}\b", lambda _: str(chance.randrange(2, 99)), sentence)
    if chance.random() < strange:
        pieces = text.split(" ")
        pieces.insert(chance.randrange(len(pieces) + 1), f"ord{chance.randrange(3000)}")
        text = " ".join(pieces)
    return text


if __name__ == "__main__":
    main()
