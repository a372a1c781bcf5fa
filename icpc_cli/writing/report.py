"""The clinic's report as a JSON object."""

from typing import Any

from icpc_cli.outcomes import Standing
from icpc_cli.report.figures import Report, ResultFigures, Share, Spread, Stretch, Tally
from icpc_cli.text import Language

SCHEMA = "icpc-cli/report/2"


def report_object(report: Report, language: Language) -> dict[str, Any]:
    """The figures as ``icpc-cli/report/2``; titles in one language."""
    return {
        "schema": SCHEMA,
        "clinics": list(report.clinics),
        "period": {
            "from": _day(report.asked[0]),
            "to": _day(report.asked[1]),
            "first_record": _day(report.first),
            "last_record": _day(report.last),
        },
        "sources": [
            {"path": each.path, "rows": {"read": each.read, "unreadable": each.unreadable}} for each in report.files
        ],
        "courses": report.courses,
        "patients": report.patients,
        "undated_courses": report.undated,
        "conditions_stated": report.conditions,
        "methods": {"share": "Wilson", "mean_change": "Student's t", "level": 0.95},
        "coverage": {
            "total": _tally(report.coverage.total),
            "ripe": _tally(report.coverage.ripe),
            "latest": _stretch(report.coverage.latest),
            "before": _stretch(report.coverage.before),
            "by_month": {
                key: {"ripe": key not in report.coverage.unripe, **_tally(each)}
                for key, each in report.coverage.by_month.items()
            },
            "by_condition": {key: _tally(each) for key, each in report.coverage.by_condition.items()},
            "by_specialty": {key: _tally(each) for key, each in report.coverage.by_specialty.items()},
        },
        "codes": [
            {
                "code": each.code,
                "title": each.title[language] if each.title else None,
                "courses": _share(each.courses),
                "patients": each.patients,
                "final": each.final,
                "interim": each.interim,
                "by_month": dict(each.by_month),
            }
            for each in report.codes
        ],
        "services": [
            {
                "code": each.code,
                "consultations_per_course": _spread(each.consultations),
                "service_codes": dict(each.services),
            }
            for each in report.services
        ],
        "over_time": {
            "unit": "course",
            "disease_code_first": report.pathways.disease_first,
            "symptom_to_disease": report.pathways.changed,
            "symptom_code": report.pathways.symptom,
            "l03_in_primary_low_back_pain": report.pathways.low_back,
            "condition_not_stated": report.pathways.untold,
            "disease_code_at_consultation": {
                str(number or "unknown"): count for number, count in report.pathways.after.items()
            },
        },
        "results": _results(report),
        "to_do": [
            {
                "check": each.check,
                "courses": each.courses,
                "by_therapist": dict(each.by_therapist),
                "first": [
                    {
                        "therapist": task.therapist,
                        "date": _day(task.day),
                        "course": task.course,
                        "patient": task.patient,
                        "path": task.path,
                        "row": task.row,
                        "condition": task.condition,
                        "found": task.found,
                        "suggestions": list(task.suggestions),
                    }
                    for task in each.first
                ],
            }
            for each in report.tasks
        ],
        "comparison": _comparison(report),
        "target": report.target,
    }


def _results(report: Report) -> dict[str, Any]:
    return {
        "instruments": [
            {
                "name": each.instrument.name,
                "start": each.instrument.start,
                "follow_up": each.instrument.follow_up,
                "min": each.instrument.minimum,
                "max": each.instrument.maximum,
                "better": each.instrument.better,
                "important_change": each.instrument.important_change,
                "population": each.instrument.population,
                "source": each.instrument.source,
                "missing_columns": list(each.missing),
                "by_code": [_result(row) for row in each.rows],
            }
            for each in report.results
        ],
        "unusable_values": {
            "count": report.unusable_count,
            "first": [
                {
                    "path": each.path,
                    "row": each.row,
                    "column": each.column,
                    "value": each.value,
                    "fault": each.fault,
                    "instrument": each.instrument,
                }
                for each in report.unusable
            ],
        },
    }


def _result(row: ResultFigures) -> dict[str, Any]:
    change = row.change
    return {
        "code": row.code,
        "courses": row.courses,
        "with_start_and_follow_up": row.pairs,
        "mean_start": row.start,
        "mean_follow_up": row.follow_up,
        "mean_change": {"mean": change.mean, "low": change.low, "high": change.high} if change else None,
        "reached_important_change": _share(row.reached) if row.reached else None,
        "without_follow_up": row.without_follow_up,
        "without_start": row.without_start,
        "unusable": row.unusable,
        "not_measured": row.unmeasured,
        "median_days": row.days,
    }


def _comparison(report: Report) -> dict[str, Any] | None:
    comparison = report.comparison
    if comparison is None:
        return None
    return {
        "clinics": comparison.clinics,
        "periods": list(comparison.periods),
        "lines": [
            {
                "topic": each.topic,
                "key": each.key,
                "clinic": _share(each.clinic),
                "network": {"low": each.low, "high": each.high},
            }
            for each in comparison.lines
        ],
    }


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _stretch(stretch: Stretch | None) -> dict[str, Any] | None:
    if stretch is None:
        return None
    return {"from": _day(stretch.first), "to": _day(stretch.last), **_tally(stretch.tally)}


def _share(share: Share) -> dict[str, Any]:
    return {
        "numerator": share.numerator,
        "denominator": share.denominator,
        "unit": "course",
        "low": share.low,
        "high": share.high,
    }


def _spread(spread: Spread) -> dict[str, Any]:
    return {
        "courses": spread.count,
        "first_quartile": spread.first_quartile,
        "median": spread.median,
        "third_quartile": spread.third_quartile,
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "courses": tally.courses,
        **{standing.value: tally.counts[standing] for standing in Standing},
        "coded": _share(tally.coded),
        "voluntary": _share(tally.voluntary_coded),
    }
