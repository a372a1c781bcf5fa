"""The annotated notes of the tests, and how well the reader does on them."""

import json
import random
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from icpc_cli.guideline.wordfile import load_words
from icpc_cli.model import Said
from icpc_cli.notes import facts

SPEC = Path(__file__).parent / "spec"
_SEED = 2026


@dataclass(frozen=True)
class Annotated:
    """A note, and what a reader of it alone must find.

    ``either`` are the facts that may go either way. Of a ``lenient`` one, nothing said is right as well.
    """

    id: str
    note: str
    conditions: frozenset[str]
    nerve_root_signs: str
    findings_certain: str
    red_flags: bool | None = None
    either: frozenset[str] = frozenset()
    lenient: bool = False
    kind: str = ""

    def wrong(self, found: Said) -> list[str]:
        """The facts that were not read as they should be."""
        return [name for name in Said._fields if name not in self.either and not self._is_right(name, found)]

    def _is_right(self, name: str, found: Said) -> bool:
        wanted, got = getattr(self, name), getattr(found, name)
        if name == "conditions":
            return self.conditions == set(got) or (self.lenient and self.conditions >= set(got))
        return wanted is None or wanted == got or (self.lenient and got == "unknown")


@dataclass(frozen=True)
class Score:
    """How well some notes were read, and which ones wrongly."""

    notes: int
    precision: float
    recall: float
    f1: float
    signs: float
    certain: float
    all_three: float
    red_flags: float
    errors: tuple[tuple[Annotated, Said], ...]


def annotated(name: str) -> list[Annotated]:
    """The notes of ``tests/spec/<name>.jsonl``."""
    rows = [json.loads(line) for line in (SPEC / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    return [
        Annotated(
            row["id"],
            row["note"],
            frozenset(row["conditions"]),
            row["nerve_root_signs"],
            row["findings_certain"],
            row.get("red_flags"),
            frozenset(row.get("ambiguous", ())),
            row.get("lenient", False),
            row.get("kind", ""),
        )
        for row in rows
    ]


def halves(name: str = "notes") -> tuple[list[Annotated], list[Annotated]]:
    """The notes of a set in two: those worked with, and those looked at when a version was done."""
    notes = annotated(name)
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
    """Conditions by precision, recall and F1 over all notes; the other facts by the share of right notes."""
    words = load_words()
    read = [(note, facts(words, note.note)) for note in notes]
    counted = [(note, found) for note, found in read if "conditions" not in note.either and not note.lenient]
    right = sum(len(note.conditions.intersection(found.conditions)) for note, found in counted)
    said = sum(len(found.conditions) for _, found in counted)
    wanted = sum(len(note.conditions) for note, _ in counted)
    wrong = [set(note.wrong(found)) for note, found in read]

    def share(*names: str) -> float:
        return sum(each.isdisjoint(names) for each in wrong) / len(read)

    return Score(
        notes=len(read),
        precision=right / said,
        recall=right / wanted,
        f1=2 * right / (said + wanted),
        signs=share("nerve_root_signs"),
        certain=share("findings_certain"),
        all_three=share(*Said._fields[:3]),
        red_flags=share("red_flags"),
        errors=tuple((note, found) for note, found in read if note.wrong(found)),
    )
