"""The annotated notes of the tests, and how well the reader does on them."""

import json
import random
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from icpc_cli.guideline.words import load_words
from icpc_cli.notes import Facts, facts

SPEC = Path(__file__).parent / "spec"
_SEED = 2026


@dataclass(frozen=True)
class Annotated:
    """A note, and what a reader of it alone must find."""

    id: str
    note: str
    conditions: frozenset[str]
    nerve_root_signs: str
    findings_certain: str

    def wrong(self, found: Facts) -> list[str]:
        """The facts that were not read as they should be."""
        conditions, signs, certain = found
        wanted = {"conditions": self.conditions, "signs": self.nerve_root_signs, "certain": self.findings_certain}
        got = {"conditions": frozenset(conditions), "signs": signs, "certain": certain}
        return [name for name in wanted if wanted[name] != got[name]]


@dataclass(frozen=True)
class Score:
    """How well some notes were read, and which ones wrongly."""

    notes: int
    precision: float
    recall: float
    f1: float
    signs: float
    certain: float
    errors: tuple[tuple[Annotated, Facts], ...]


def annotated(name: str) -> list[Annotated]:
    """The notes of ``tests/spec/<name>.jsonl``."""
    rows = [json.loads(line) for line in (SPEC / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    return [
        Annotated(
            row["id"], row["note"], frozenset(row["conditions"]), row["nerve_root_signs"], row["findings_certain"]
        )
        for row in rows
    ]


def halves() -> tuple[list[Annotated], list[Annotated]]:
    """The given notes in two: those worked with, and those looked at when a version was done."""
    notes = annotated("notes")
    ids = sorted(note.id for note in notes)
    random.Random(_SEED).shuffle(ids)
    worked = set(ids[: len(ids) // 2])
    return [note for note in notes if note.id in worked], [note for note in notes if note.id not in worked]


def cases() -> Iterator[tuple[str, Annotated]]:
    """The short sentences of ``note_cases.toml``, each with its phenomenon."""
    tables = tomllib.loads((SPEC / "note_cases.toml").read_text(encoding="utf-8"))
    for phenomenon, table in tables.items():
        for text, conditions, signs, certain in table["cases"]:
            named = frozenset(filter(None, conditions.split(",")))
            yield phenomenon, Annotated(text, text, named, signs or "unknown", certain or "unknown")


def score(notes: Iterable[Annotated]) -> Score:
    """Conditions by precision, recall and F1 over all notes; signs and certainty by the share of right notes."""
    words = load_words()
    read = [(note, facts(words, note.note)) for note in notes]
    right = sum(len(note.conditions.intersection(found[0])) for note, found in read)
    said, wanted = sum(len(found[0]) for _, found in read), sum(len(note.conditions) for note, _ in read)
    return Score(
        notes=len(read),
        precision=right / said,
        recall=right / wanted,
        f1=2 * right / (said + wanted),
        signs=sum(note.nerve_root_signs == found[1] for note, found in read) / len(read),
        certain=sum(note.findings_certain == found[2] for note, found in read) / len(read),
        errors=tuple((note, found) for note, found in read if note.wrong(found)),
    )
