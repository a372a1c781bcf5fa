"""Words, cells and JSON into a case: every door that reads a word of a person or of an export meets here."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from icpc_cli.cases.words import read_answer, read_course, read_specialty
from icpc_cli.errors import InvalidValueError
from icpc_cli.guideline import Guideline, fold
from icpc_cli.model import Case, Fact

_KINDS = {
    Fact.COURSE: "course",
    Fact.CONDITIONS: "condition",
    Fact.NERVE_ROOT_SIGNS: "answer",
    Fact.FINDINGS_CERTAIN: "answer",
}
_KEYS = tuple(field.name for field in fields(Case))


def understood(guideline: Guideline, fact: Fact, text: str, *, asked: bool = False) -> str | None:
    """The id that ``text`` says for ``fact``, by a known name or in words as clinics write them; None: not understood.

    A specialty is its number. ``asked``: what is read answers whether a course is structured.
    """
    if fact is Fact.SPECIALTY:
        return read_specialty(text)
    if known := guideline.understand(_KINDS[fact], text):
        return known
    match fact:
        case Fact.COURSE:
            return read_course(text, asked=asked)
        case Fact.NERVE_ROOT_SIGNS | Fact.FINDINGS_CERTAIN:
            return read_answer(text, fact)
        case _:
            return None


def read_value(guideline: Guideline, fact: Fact, text: str, where: str) -> str:
    """The id that ``text`` names for ``fact``; raises with the known values and the nearest one, naming ``where``."""
    key = understood(guideline, fact, text)
    if key is not None:
        return str(key)
    if fact is Fact.SPECIALTY:
        raise InvalidValueError("not-a-specialty", where=where, value=text)
    raise _unknown(guideline, _KINDS[fact], text, where)


def _unknown(guideline: Guideline, kind: str, text: str, where: str) -> InvalidValueError:
    from rapidfuzz import fuzz, process

    known = list(guideline.labels[kind].values())
    names = list(guideline.names[kind])
    best = process.extractOne(fold(text), names, scorer=fuzz.WRatio, score_cutoff=60)
    if best is None:
        return InvalidValueError("unknown-value", where=where, value=text, known=known)
    nearest = guideline.label(kind, guideline.names[kind][best[0]])
    return InvalidValueError("unknown-value-nearest", where=where, value=text, known=known, nearest=nearest)


def case_from_words(
    guideline: Guideline,
    words: Mapping[Fact, str | None],
    conditions: Iterable[str] = (),
    consultation: str | None = None,
) -> Case:
    """A case from what was typed as options: any known name for every fact; None or blank is unknown."""
    read: dict[str, Any] = {
        fact.value: read_value(guideline, fact, text, _option(fact)) for fact in Fact if (text := words.get(fact))
    }
    number = None
    if consultation is not None:
        if not re.fullmatch(r"\s*[0-9]{1,4}\s*", consultation) or int(consultation) < 1:
            raise InvalidValueError("not-a-consultation", where="--consultation", value=consultation)
        number = int(consultation)
    read["conditions"] = [read_value(guideline, Fact.CONDITIONS, each, "--condition") for each in conditions]
    return Case(consultation=number, **read)


def _option(fact: Fact) -> str:
    return "--" + fact.value.replace("_", "-")


def case_from_json(guideline: Guideline, data: Any) -> Case:
    """A case from one JSON object with the keys of a case; missing keys and null are unknown. Raises on all else."""
    if not isinstance(data, dict):
        raise InvalidValueError("not-an-object")
    for key in data:
        if key not in _KEYS:
            raise InvalidValueError("unknown-key", value=key, known=list(_KEYS))
    given = {key: value for key, value in data.items() if value is not None and value != ""}
    conditions = given.pop(Fact.CONDITIONS.value, [])
    consultation, red_flags = given.pop("consultation", None), given.pop("red_flags", False)
    if not isinstance(conditions, list):
        raise InvalidValueError("not-a-list", where=Fact.CONDITIONS.value)
    if consultation is not None and (type(consultation) is not int or consultation < 1):
        raise InvalidValueError("not-a-consultation", where="consultation", value=consultation)
    if type(given.get("specialty")) is int:
        given["specialty"] = str(given["specialty"])
    values: dict[str, Any] = {key: _json_value(guideline, Fact(key), value) for key, value in given.items()}
    values["conditions"] = tuple(_json_value(guideline, Fact.CONDITIONS, value) for value in conditions)
    return Case(consultation=consultation, red_flags=red_flags, **values)


def _json_value(guideline: Guideline, fact: Fact, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidValueError("not-a-text", where=fact.value)
    return read_value(guideline, fact, value, fact.value)
