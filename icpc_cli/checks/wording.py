"""What a finding says. Messages are made here, after judging and only for findings that are shown."""

from functools import lru_cache

from icpc_cli.checks.catalogue import BY_ID
from icpc_cli.guideline import load_checks, load_guideline
from icpc_cli.model import Basis
from icpc_cli.outcomes import Detail, Finding
from icpc_cli.voice import Voice


def message(voice: Voice, finding: Finding) -> str:
    """The message of a finding. The value stands in it as it is; make it safe where it is shown."""
    facts = dict(_facts(voice, finding.check, finding.detail))
    wording, filled = load_checks()[finding.check], finding.value.strip()
    text = wording.message if filled or wording.blank is None else wording.blank
    said = voice.fill(text, value=filled, column=finding.column, **facts)
    besides = [key for key in ("noted", "red_flags") if getattr(finding.detail, key)]
    return " ".join((said, *(voice.say("findings", key) for key in besides)))


def basis(finding: Finding) -> Basis:
    """Who says what a finding says: as the finding has it, or as its check does."""
    return finding.detail.basis or BY_ID[finding.check].basis


def basis_word(voice: Voice, who: Basis) -> str:
    """The word for who says so, the same wherever it is shown."""
    return voice.of(load_guideline().label("basis", who))


def codes(voice: Voice, suggestions: tuple[str, ...]) -> str:
    """Codes in a sentence: ``L84 eller L86``."""
    return f" {voice.say('findings', 'or')} ".join(suggestions)


@lru_cache(maxsize=4096)
def _facts(voice: Voice, check: str, detail: Detail) -> tuple[tuple[str, str], ...]:
    """What fills the message of a check besides the value: the finding's facts in words, codes, the repair."""
    facts = {key: voice.known("findings", f"{key}.{value}") or value for key, value in detail.facts}
    suggested = codes(voice, detail.suggestions)
    facts["titled"] = suggested
    facts["suggestions"] = voice.say("findings", "suggestions", codes=suggested) if suggested else ""
    facts["fix"] = detail.fix or ""
    facts["ask"] = voice.say("findings", "ask") if detail.basis is Basis.PROGRAM else ""
    return tuple(facts.items())
