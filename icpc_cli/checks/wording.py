"""What a finding says. Messages are made here, after judging and only for findings that are shown."""

from functools import lru_cache

from icpc_cli.guideline import load_checks, load_wording
from icpc_cli.outcomes import Detail, Finding


def message(finding: Finding, language: str) -> str:
    """The message of a finding in one language. The value stands in it as it is; make it safe where it is shown."""
    facts = dict(_facts(finding.check, finding.detail, language))
    text = load_checks()[finding.check].message[language]
    said = text.format(value=finding.value.strip(), column=finding.column, **facts)
    return f"{said} {load_wording('findings')['noted'][language]}" if finding.detail.noted else said


def codes(suggestions: tuple[str, ...], language: str) -> str:
    """Codes in a sentence: ``L84 eller L86``."""
    return f" {load_wording('findings')['or'][language]} ".join(suggestions)


@lru_cache(maxsize=4096)
def _facts(check: str, detail: Detail, language: str) -> tuple[tuple[str, str], ...]:
    """What fills the message of a check besides the value: the finding's facts in words, codes, the repair."""
    words = load_wording("findings")
    known = {f"{key}.{value}": (key, value) for key, value in detail.facts}
    facts = {key: words[name][language] if name in words else value for name, (key, value) in known.items()}
    suggested = codes(detail.suggestions, language)
    facts["titled"] = suggested
    facts["suggestions"] = words["suggestions"][language].format(codes=suggested) if suggested else ""
    facts["fix"] = detail.fix or ""
    return tuple(facts.items())
