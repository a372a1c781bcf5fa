"""Values as JSON objects, each with its schema name and version; wording in the run's language, with every letter."""

import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from icpc_cli.model import Advice
from icpc_cli.text import Language

if TYPE_CHECKING:
    from icpc_cli.guideline import Guideline
    from icpc_cli.guideline.search import CodesFound
    from icpc_cli.notes import Evidence, Reading

ADVICE_SCHEMA = "icpc-cli/advice/2"
CODES_SCHEMA = "icpc-cli/codes/1"
NOTE_SCHEMA = "icpc-cli/note/2"
ERROR_SCHEMA = "icpc-cli/error/1"

_ACTED_ON = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""What a terminal or an editor acts on: C1, line separators, marks of direction; JSON need not escape them."""


def dumps(value: object, *, encoding: str | None = "utf-8", indent: int | None = None) -> str:
    """JSON text; letters beyond ASCII are escaped where the stream is not UTF-8, so that it is valid either way."""
    plain = (encoding or "").lower().replace("-", "") not in ("utf8", "utf8sig")
    return _ACTED_ON.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=plain, indent=indent))


def advice_object(advice: Advice, language: Language) -> dict[str, Any]:
    """Advice as ``icpc-cli/advice/2``, with wording in one language."""
    return {
        "schema": ADVICE_SCHEMA,
        "case": {**asdict(advice.case), "conditions": list(advice.case.conditions)},
        "obligation": {
            "status": advice.obligation.status,
            "reason": advice.obligation.reason[language],
            "basis": advice.obligation.basis,
            "source": advice.obligation.source[language],
        },
        "suggestions": [
            {
                "condition": suggestion.condition,
                "code": suggestion.code.code,
                "title": suggestion.code.title[language],
                "role": suggestion.rank,
                "timing": suggestion.timing,
                "footnotes": list(suggestion.footnotes),
                "reason": suggestion.reason[language],
                "basis": suggestion.basis,
                "source": suggestion.source[language],
            }
            for suggestion in advice.suggestions
        ],
        "caveats": [
            {
                "id": caveat.id,
                "text": caveat.text[language],
                "basis": caveat.basis,
                "source": caveat.source[language],
            }
            for caveat in advice.caveats
        ],
        "open_questions": list(advice.open_questions),
    }


def note_object(note_id: object, reading: "Reading") -> dict[str, Any]:
    """What a note says as ``icpc-cli/note/2``; places count the characters of the note as it was given."""
    return {
        "schema": NOTE_SCHEMA,
        "id": note_id,
        "conditions": list(reading.conditions),
        "nerve_root_signs": reading.nerve_root_signs,
        "findings_certain": reading.findings_certain,
        "language": reading.language,
        "entries": reading.entries,
        "red_flags": [
            {"start": each.start, "end": each.end, "rule": each.rule}
            for each in reading.evidence
            if each.fact == "red_flags" and each.set_aside is None
        ],
        "evidence": [_evidence_object(each) for each in reading.evidence if each.fact != "red_flags" or each.set_aside],
    }


def _evidence_object(evidence: "Evidence") -> dict[str, Any]:
    """One place in a note; ``set_aside`` only where it does not count."""
    place = {key: getattr(evidence, key) for key in ("fact", "value", "start", "end", "rule")}
    return place if evidence.set_aside is None else {**place, "set_aside": evidence.set_aside}


def error_object(line: int, message: str) -> dict[str, Any]:
    """What stands in the place of an input line that could not be read; ``line`` counts from 1."""
    return {"schema": ERROR_SCHEMA, "line": line, "message": message}


def codes_object(guideline: "Guideline", found: "CodesFound", language: Language) -> dict[str, Any]:
    """What was found as one ``icpc-cli/codes/1`` object."""
    own = guideline.own
    return {
        "schema": CODES_SCHEMA,
        "list": own and {"name": own.name, "imported": own.imported.isoformat(), "codes": len(own.titles)},
        "near": found.near,
        "codes": [
            {
                "code": entry.code,
                "title": entry.title[language],
                "diagnosis": not entry.process,
                "uses": [
                    {"condition": use.condition, "role": use.rank, "nerve_root_signs": list(use.signs)}
                    for use in entry.uses
                ],
            }
            for entry in found.entries
        ],
        "licence": guideline.licence[language],
    }
