"""The clinic's report as a JSON object: the figures as they are, some under names that say more to others."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from icpc_cli.outcomes import Instrument
from icpc_cli.report.figures import (
    Compared,
    Coverage,
    File,
    Pathways,
    Report,
    ResultFigures,
    Results,
    ServiceFigures,
    Share,
    Stretch,
    Tally,
    Task,
)
from icpc_cli.text import Language, Text

SCHEMA = "icpc-cli/report/2"
_NAMES: dict[type, dict[str, str]] = {
    Instrument: {"minimum": "min", "maximum": "max"},
    ServiceFigures: {"consultations": "consultations_per_course", "services": "service_codes"},
    Task: {"day": "date"},
    ResultFigures: {
        "pairs": "with_start_and_follow_up",
        "start": "mean_start",
        "follow_up": "mean_follow_up",
        "change": "mean_change",
        "reached": "reached_important_change",
        "unmeasured": "not_measured",
        "days": "median_days",
    },
}
"""What fields are called that are called otherwise."""


def report_object(report: Report, language: Language) -> dict[str, Any]:
    """The figures as ``icpc-cli/report/2``; titles in one language."""
    first, last = report.asked
    whole = {
        "schema": SCHEMA,
        "clinics": report.clinics,
        "period": {"from": first, "to": last, "first_record": report.first, "last_record": report.last},
        "sources": report.files,
        "courses": report.courses,
        "patients": report.patients,
        "undated_courses": report.undated,
        "repeated_rows": report.repeated,
        "conditions_stated": report.conditions,
        "methods": {"share": "Wilson", "mean_change": "Student's t", "level": 0.95},
        "coverage": _coverage(report.coverage),
        "codes": report.codes,
        "services": report.services,
        "over_time": report.pathways,
        "results": {
            "instruments": report.results,
            "unusable_values": {"count": report.unusable_count, "first": report.unusable},
        },
        "to_do": report.tasks,
        "comparison": report.comparison,
        "target": report.target,
    }
    plain: dict[str, Any] = _plain(whole, language)
    return plain


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "total": coverage.total,
        "ripe": coverage.ripe,
        "latest": coverage.latest,
        "before": coverage.before,
        "by_month": {
            key: {"ripe": key not in coverage.unripe, **_parts(each)} for key, each in coverage.by_month.items()
        },
        "by_condition": coverage.by_condition,
        "by_specialty": coverage.by_specialty,
    }


def _plain(value: Any, language: Language) -> Any:
    """A value in nothing but what JSON has."""
    match value:
        case Text():
            return value[language]
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(each, language) for key, each in value.items()}
        case tuple() | list() if not hasattr(value, "_fields"):
            return [_plain(each, language) for each in value]
        case Share() | Instrument() | tuple():
            return _plain(_parts(value), language)
        case _:
            return value


def _parts(value: Any) -> dict[str, Any]:
    """What is in a figure, by the names that others see."""
    match value:
        case Share():
            return {"numerator": value.numerator, "denominator": value.denominator, "unit": "course",
                    "low": value.low, "high": value.high}  # fmt: skip
        case Tally():
            return {
                "courses": value.courses,
                **_plain(value.counts, Language.DA),
                "coded": value.coded,
                "voluntary": value.voluntary_coded,
            }
        case Stretch():
            return {"from": value.first, "to": value.last, **_parts(value.tally)}
        case Pathways():
            return {
                "unit": "course",
                "disease_code_first": value.disease_first,
                "symptom_to_disease": value.changed,
                "symptom_code": value.symptom,
                "l03_in_primary_low_back_pain": value.low_back,
                "condition_not_stated": value.untold,
                "disease_code_at_consultation": {number or "unknown": count for number, count in value.after.items()},
            }
        case Results():
            return {**_parts(value.instrument), "missing_columns": value.missing, "by_code": value.rows}
        case File():
            return {"path": value.path, "rows": {"read": value.read, "unreadable": value.unreadable}}
        case Compared():
            network = {"low": value.low, "high": value.high}
            return {"topic": value.topic, "key": value.key, "clinic": value.clinic, "network": network}
        case _:
            names = _NAMES.get(type(value), {})
            fields = value.__slots__ if isinstance(value, Instrument) else value._fields
            return {names.get(name, name): getattr(value, name) for name in fields}
