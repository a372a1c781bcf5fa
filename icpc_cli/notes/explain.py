"""What each stage made of a note, one line a step: for whoever wants to see why it was read as it was."""

from collections.abc import Iterator
from typing import NamedTuple

from icpc_cli.guideline.words import Stage, Words
from icpc_cli.notes.reading import Taken, read, taken_apart
from icpc_cli.notes.text import Prepared


class Step(NamedTuple):
    """What a stage made of the characters ``start`` to ``end``: by this rule, with this outcome ("" for none)."""

    stage: Stage
    start: int
    end: int
    rule: str
    outcome: str


def explain(words: Words, text: str) -> list[Step]:
    """Every step of every stage, in their order, each in the order of the text."""
    prepared, parts, sentences = taken_apart(words, text)
    steps = [
        *_text(prepared, text),
        *_entries(prepared, parts),
        *(step for each in sentences for step in _sentence(each)),
    ]
    reading = read(words, text)
    settled = {"refuted", "superseded", "contested"}
    steps += [
        Step(Stage.WHOLE, each.start, each.end, each.rule, each.set_aside)
        for each in reading.evidence
        if each.set_aside in settled
    ]
    steps += [
        Step(Stage.FACTS, each.start, each.end, each.rule, f"{each.fact}: {each.value}")
        for each in reading.evidence
        if each.set_aside is None
    ]
    return sorted(dict.fromkeys(steps), key=_order)


_STAGES = tuple(Stage)


def _order(step: Step) -> tuple[int, int, int]:
    return _STAGES.index(step.stage), step.start, step.end


def _text(prepared: Prepared, text: str) -> Iterator[Step]:
    """The stretches of the text that were changed, and the words that have lost letters."""
    for start, end in prepared.broken:
        yield Step(Stage.TEXT, *prepared.given(start, end), "broken", "")
    start = -1
    for place, letter in enumerate((*prepared.text, "")):
        at, after = prepared.given(place, place + 1) if letter else (len(text), len(text))
        changed = text[at:after] != letter
        if changed and start < 0:
            start = at
        elif not changed and start >= 0:
            yield Step(Stage.TEXT, start, at, "rewritten", "")
            start = -1


def _entries(prepared: Prepared, parts: tuple[tuple[int, int], ...]) -> Iterator[Step]:
    for number, part in enumerate(parts, start=1):
        if len(parts) > 1:
            yield Step(Stage.ENTRIES, *prepared.given(*part), "entry", "latest" if number == len(parts) else "earlier")


def _sentence(taken: Taken) -> Iterator[Step]:
    """What zones, modes, finds and scope make of one sentence."""
    sentence = taken.sentence
    if sentence.zone:
        yield Step(Stage.ZONES, *taken.span((0,)), sentence.zone.id, sentence.zone.does)
    for stretch in sentence.modes:
        yield Step(Stage.MODES, *taken.span((stretch.start, stretch.end - 1)), stretch.mode.id, stretch.mode.does)
    mentions = (*(each for each, _, _ in sentence.signs), *sentence.conditions, *sentence.alarms)
    modes = {stretch.mode.id for stretch in sentence.modes}
    for mention in mentions:
        value = ", ".join(filter(None, mention.values)) or mention.find.value
        yield Step(Stage.FINDS, *taken.span(mention.places), mention.find.id, f"{mention.find.topic}: {value}")
        if mention.aside and mention.rule not in modes:
            yield Step(Stage.SCOPE, *taken.span(mention.places), mention.rule, mention.aside)
        if mention.certain:
            sure = "certain" if mention.certain.sure else "suspected"
            yield Step(Stage.SCOPE, *taken.span(mention.places), mention.certain.rule, sure)
