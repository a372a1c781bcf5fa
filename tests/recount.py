"""A second count of all that the report says in JSON: naive, over the records and findings of :mod:`tests.oracle`.

It shares nothing with the program but the titles of codes and the form of instruments.
"""

import json
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from math import exp, lgamma, pi, sqrt
from typing import Any

from icpc_cli.guideline import load_guideline
from icpc_cli.outcomes import Better, Instrument
from tests.oracle import (
    IDS,
    SEVERITIES,
    clinic_of,
    courses_of,
    judged,
    with_history,
)

Course = dict[str, Any]
Period = tuple[date | None, date | None]
STANDINGS = ("mandatory_coded", "mandatory_pending", "mandatory_missing", "voluntary_coded", "voluntary_uncoded",
             "undetermined")  # fmt: skip
Z = 1.959963984540054
FAULTS = ("not-a-number", "out-of-range")
SCORE = Instrument("Smerte", "Før", "Efter", 0, 10, Better.LOWER, 2, "alle", "opdigtet", ("L03", "L90"))


def recount(
    text: str,
    path: str,
    today: date,
    instruments: Sequence[Instrument],
    period: Period = (None, None),
    clinic: str | None = None,
    network: str | None = None,
) -> Any:
    """The whole object for an export with ``;`` that is read from a path, beside a network where its text is given.

    None where no course is in the period.
    """
    every = [each for each in _courses(text, today) if clinic is None or each["clinic"] == clinic]
    courses = [each for each in every if _inside(each["first"], period)]
    if not courses:
        return None
    found, _, counts = judged(text, today)
    undated = sum(each["first"] is None for each in every)
    patients = len({(each["clinic"], each["who"]) for each in courses})
    days = [day for each in courses for day in (each["first"], each["last"]) if day]
    dates = [*period, min(days, default=None), max(days, default=None)]
    return {
        "schema": "icpc-cli/report/2",
        "clinics": sorted({each["clinic"] for each in every}),
        "period": dict(zip(("from", "to", "first_record", "last_record"), map(_day, dates), strict=True)),
        "sources": [{"path": path, "rows": counts}],
        "courses": len(courses),
        "patients": patients if any(each["patient"] for each in every) else None,
        "undated_courses": undated,
        "repeated_rows": sum(each["check"] == "R009" for each in found),
        "conditions_stated": any(each["conditions"] for each in every),
        "methods": {"share": "Wilson", "mean_change": "Student's t", "level": 0.95},
        "coverage": _coverage(every, courses, period),
        "codes": _codes(courses),
        "services": _services(every, courses, period),
        "over_time": _over_time(courses),
        "results": _results(courses, instruments, path),
        "to_do": _to_do(found, courses, path),
        "comparison": None if network is None else _comparison(courses, json.loads(network)["periods"], period),
        "target": None,
    }


def _courses(text: str, today: date) -> Iterator[Course]:
    """Every course with its records in order, and what figures need of it."""
    for (records, _), told in zip(with_history(text, today, "")[1], courses_of(text, today), strict=True):
        _, patient, first, last, specialty, _, conditions, standing, codes, consultations = told
        yield {
            "clinic": clinic_of(records[0]["cells"]), "patient": patient, "who": patient or id(records),
            "first": first, "last": last, "specialty": specialty or "", "conditions": conditions,
            "standing": standing, "codes": codes, "consultations": consultations, "records": records,
            "month": first.isoformat()[:7] if first else "",
        }  # fmt: skip


def _inside(day: date | None, period: Period) -> bool:
    first, last = period
    return (day or date.min) >= (first or date.min) and (day or date.max) <= (last or date.max)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _share(part: int, whole: int) -> dict[str, Any]:
    low = high = None
    if whole:
        middle, room = part + Z * Z / 2, Z * (part * (whole - part) / whole + Z * Z / 4) ** 0.5
        low, high = (max(middle - room, 0) / (whole + Z * Z), min((middle + room) / (whole + Z * Z), 1))
    return {"numerator": part, "denominator": whole, "unit": "course", "low": low, "high": high}


def _tally(courses: Iterable[Course]) -> dict[str, Any]:
    found = Counter(each["standing"] for each in courses)
    coded, voluntary = found["mandatory_coded"], found["voluntary_coded"]
    return {
        "courses": found.total(),
        **{each: found[each] for each in STANDINGS},
        "coded": _share(coded, coded + found["mandatory_pending"] + found["mandatory_missing"]),
        "voluntary": _share(voluntary, voluntary + found["voluntary_uncoded"]),
    }


def _coverage(every: Sequence[Course], courses: Sequence[Course], period: Period) -> dict[str, Any]:
    newest = max((each["last"] for each in every if each["last"]), default=date.max)

    def is_ripe(course: Course) -> bool:
        return course["first"] is None or course["first"] <= newest - timedelta(days=30)

    def by(keys: Callable[[Course], Iterable[str]]) -> dict[str, Any]:
        found: dict[str, list[Course]] = defaultdict(list)
        for each in courses:
            for key in keys(each):
                found[key].append(each)
        return {key: _tally(of) for key, of in found.items()}

    ripe = [each for each in courses if is_ripe(each)]
    months = by(lambda course: [course["month"]])
    for month, told in months.items():
        told["ripe"] = all(map(is_ripe, (each for each in courses if each["month"] == month)))
    stretch = _latest(sorted(month for month, told in months.items() if month and told["ripe"]), period, newest)
    before = stretch and _before(*stretch)
    told = any(each["conditions"] for each in every)
    return {
        "total": _tally(courses),
        "ripe": _tally(ripe),
        "latest": _stretch(stretch, filter(is_ripe, every)),
        "before": _stretch(before, filter(is_ripe, every)),
        "by_month": months,
        "by_condition": by(lambda course: course["conditions"] or ["unknown"]) if told else {},
        "by_specialty": by(lambda course: [course["specialty"]]),
    }


def _latest(months: Sequence[str], period: Period, newest: date) -> tuple[date, date] | None:
    """The period that is asked for, else the last three ripe months, or half of them where there are fewer than six."""
    if period[0] and newest != date.max:
        return (period[0], period[1] or newest) if period[0] <= (period[1] or newest) else None
    if period[0] or len(months) < 2:
        return None
    first, last = months[-min(3, len(months) // 2)], date.fromisoformat(f"{months[-1]}-01")
    return date.fromisoformat(f"{first}-01"), _next_month(last) - timedelta(days=1)


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _before(first: date, last: date) -> tuple[date, date]:
    """As many months before whole months, else as many days."""
    start = first - (last - first) - timedelta(days=1)
    if first.day == 1 and (last + timedelta(days=1)).day == 1:
        month, start = first, first
        while month <= last:
            month, start = _next_month(month), (start - timedelta(days=1)).replace(day=1)
    return start, first - timedelta(days=1)


def _stretch(days: tuple[date, date] | None, ripe: Iterable[Course]) -> dict[str, Any] | None:
    tally = _tally(each for each in ripe if days and each["first"] and days[0] <= each["first"] <= days[1])
    if days is None or not tally["coded"]["denominator"]:
        return None
    return {"from": _day(days[0]), "to": _day(days[1]), **tally}


def _by_code(courses: Iterable[Course]) -> list[tuple[str, list[Course]]]:
    """Courses by their codes now, most first."""
    found: dict[str, list[Course]] = {}
    for course in courses:
        for code in course["codes"]:
            found.setdefault(code, []).append(course)
    return sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))


def _codes(courses: Sequence[Course]) -> list[dict[str, Any]]:
    titles, named = load_guideline().codes, any(each["patient"] for each in courses)
    coded = sum(bool(each["codes"]) for each in courses)
    return [
        {
            "code": code,
            "title": titles[code].title["da"] if code in titles else None,
            "courses": _share(len(of), coded),
            "patients": len({(each["clinic"], each["who"]) for each in of}) if named else None,
            "final": sum(IDS["back"] in each["conditions"] for each in of) if code == "L03" else None,
            "interim": sum(bool(each["conditions"]) and IDS["back"] not in each["conditions"] for each in of)
            if code == "L03" else None,
            "by_month": dict(Counter(each["month"] for each in of)),
        }
        for code, of in _by_code(courses)
    ]  # fmt: skip


def _services(every: Sequence[Course], courses: Sequence[Course], period: Period) -> list[dict[str, Any]]:
    def used(code: str | None) -> Counter[str]:
        return Counter(
            service
            for each in every
            if code in (None, *each["codes"])
            for record in each["records"]
            if (service := record["cells"].get("Ydelse", "").strip()) and _inside(record["day"], period)
        )

    shown = [name for name, _ in sorted(used(None).items(), key=lambda each: (-each[1], each[0]))][:8]
    made = []
    for code, of in [(None, list(courses)), *_by_code(courses)]:
        counts = sorted(each["consultations"] for each in of)
        quartiles = statistics.quantiles(counts, n=4, method="inclusive") if len(counts) > 1 else counts * 3
        names = ("courses", "first_quartile", "median", "third_quartile")
        held = Counter(name if name in shown else "*" for name in used(code).elements())
        spread = dict(zip(names, (len(of), *quartiles), strict=True))
        made.append({"code": code, "consultations_per_course": spread, "service_codes": dict(held)})
    return made


def _is_disease(record: dict[str, Any]) -> bool:
    return any(int(code[1:]) >= 70 for code in record["codes"])


def _over_time(courses: Iterable[Course]) -> dict[str, Any]:
    kinds, after = Counter[str](), Counter[str]()
    for course in courses:
        coded = [record for record in course["records"] if record["codes"]]
        diseases = [record for record in coded if _is_disease(record)]
        if not coded:
            continue
        l03 = "L03" in course["codes"] and all(int(code[1:]) < 70 for code in course["codes"])
        if diseases and diseases[0] is coded[0]:
            kind = "disease_code_first"
        elif l03 and IDS["back"] in course["conditions"]:
            kind = "l03_in_primary_low_back_pain"
        elif l03 and not course["conditions"]:
            kind = "condition_not_stated"
        else:
            kind = "symptom_to_disease" if diseases else "symptom_code"
        kinds[kind] += 1
        if kind == "symptom_to_disease":
            day, number = diseases[0]["day"], diseases[0]["number"]
            days = {each["day"] for each in course["records"] if each["day"] and day and each["day"] <= day}
            after[str(len(days) or (number if number.isdigit() else "unknown"))] += 1
    names = ("disease_code_first", "symptom_to_disease", "symptom_code", "l03_in_primary_low_back_pain",
             "condition_not_stated")  # fmt: skip
    return {"unit": "course", **{name: kinds[name] for name in names}, "disease_code_at_consultation": dict(after)}


def _comparison(courses: Sequence[Course], told: dict[str, Any], period: Period) -> dict[str, Any] | None:
    """The courses begun in periods that three clinics told and that were asked for as a whole, beside theirs."""
    spans = {name: _days(name) for name, of in sorted(told.items()) if len(of.get("clinics", [])) >= 3}
    spans = {name: days for name, days in spans.items() if all(_inside(day, period) for day in days)}
    begun = {
        name: [each for each in courses if each["first"] and _inside(each["first"], spans[name])] for name in spans
    }
    names = [name for name, of in begun.items() if of]
    own = [each for name in names for each in begun[name]]

    def theirs(table: str, value: str) -> tuple[int, int]:
        counts = [str(told[name].get(table, {}).get(value, 0)).split("-") for name in names]
        return sum(int(each[0]) for each in counts), sum(int(each[-1]) for each in counts)

    def line(topic: str, key: str, mine: int, among: int, part: Sequence[int], rest: Sequence[int]) -> dict[str, Any]:
        least, most = part[0] / ((part[0] + rest[1]) or 1), part[1] / ((part[1] + rest[0]) or 1)
        clinic, network = _share(mine, among), {"low": least, "high": most}
        seen = among and part[1] + rest[1] and (mine or part[1])
        return {"topic": topic, "key": key, "clinic": clinic, "network": network} if seen else {}

    lines = []
    for topic, duty in (("coded", "mandatory"), ("voluntary", "voluntary")):
        mine = [each["standing"] == f"{duty}_coded" for each in own if each["standing"].startswith(duty)]
        both = [theirs("standing", f"{duty}_{each}") for each in ("coded", "uncoded")]
        lines.append(line(topic, "", sum(mine), len(mine), *both))
    titles = load_guideline().codes
    codes = [each["codes"][0] for each in own if each["codes"]]
    first = Counter(code if code in titles else "L" if code[0] == "L" else "other" for code in codes)
    courses_, without = sum(told[name]["courses"] for name in names), theirs("code", "none")
    for code in sorted((*titles, "L", "other"), key=lambda each: -first[each]):
        part = theirs("code", code)
        rest = [max(courses_ - without[1 - end] - part[1 - end], 0) for end in (0, 1)]
        lines.append(line("code", code, first[code], len(codes), part, rest))
    clinics = max((len(told[name]["clinics"]) for name in names), default=0)
    return {"clinics": clinics, "periods": names, "lines": [each for each in lines if each]} if names else None


def _days(name: str) -> tuple[date, date]:
    """The first and last day of ``2025``, ``2025-H1``, ``2025-Q1`` or ``2025-03/2025-08``."""
    if "/" in name:
        first, last = (date.fromisoformat(f"{each}-01") for each in name.split("/"))
    else:
        year, _, part = name.partition("-")
        length = {"": 12, "H": 6, "Q": 3}[part[:1]]
        end = length * int(part[1:] or 1)
        first, last = date(int(year), end - length + 1, 1), date(int(year), end, 1)
    return first, _next_month(last) - timedelta(days=1)


def _value(cell: str, one: Instrument) -> float | str:
    try:
        value = float(cell.replace(",", "."))
    except ValueError:
        return "not-a-number"
    return value if one.minimum <= value <= one.maximum else "out-of-range"


def _ends(course: Course, one: Instrument) -> list[tuple[dict[str, Any], str] | None]:
    """The first start and the last follow-up of a course: the record, and its cell."""
    starts = [(each, cell) for each in course["records"] if (cell := each["cells"].get(one.start))]
    ends = [(each, cell) for each in course["records"] if (cell := each["cells"].get(one.follow_up))]
    return [starts[0] if starts else None, ends[-1] if ends else None]


def _results(courses: Sequence[Course], instruments: Sequence[Instrument], path: str) -> dict[str, Any]:
    made, headers = [], {each for course in courses for each in course["records"][0]["cells"]}
    for one in instruments:
        measured = [each for each in courses if {*one.codes} & {*each["codes"]}]
        by_code = [(code, of) for code, of in _by_code(measured) if code in one.codes]
        rows = [*([(None, measured)] if len(by_code) > 1 else []), *by_code]
        made.append(
            {
                "name": one.name, "start": one.start, "follow_up": one.follow_up, "min": one.minimum,
                "max": one.maximum, "better": one.better, "important_change": one.important_change,
                "population": one.population, "source": one.source, "codes": [*one.codes],
                "missing_columns": [each for each in (one.start, one.follow_up) if each not in headers],
                "by_code": [_result(code, of, one) for code, of in rows if any(any(_ends(each, one)) for each in of)],
            }
        )  # fmt: skip
    unusable = _unusable(courses, instruments, path)
    return {"instruments": made, "unusable_values": {"count": len(unusable), "first": unusable}}


def _unusable(courses: Sequence[Course], instruments: Sequence[Instrument], path: str) -> list[dict[str, Any]]:
    """Cells that an instrument of the course cannot use; where the course has none, that no instrument can use."""
    found = []
    columns = list(dict.fromkeys(name for one in instruments for name in (one.start, one.follow_up)))
    for course in courses:
        for place, column in enumerate(columns):
            using = [one for one in instruments if column in (one.start, one.follow_up)]
            of_course = [one for one in using if {*one.codes} & {*course["codes"]}]
            end = _ends(course, using[0])[column == using[0].follow_up]
            faults = [
                (one.name, fault) for one in of_course or using if end and (fault := _value(end[1], one)) in FAULTS
            ]
            if end and faults and (of_course or len(faults) == len(using)):
                names = {"column": column, "value": end[1], "fault": faults[0][1], "instrument": faults[0][0]}
                found.append((end[0]["row"], place, {"path": path, "row": end[0]["row"], **names}))
    return [each for *_, each in sorted(found, key=lambda each: each[:2])]


def _result(code: str | None, courses: Sequence[Course], one: Instrument) -> dict[str, Any]:
    ends = [_ends(each, one) for each in courses]
    said = [[_value(end[1], one) if end else None for end in both] for both in ends]
    pairs = [
        (start, end, a[0]["day"], b[0]["day"])
        for (a, b), (start, end) in zip(ends, said, strict=True)
        if a and b and isinstance(start, float) and isinstance(end, float)
    ]
    changes = [end - start for start, end, *_ in pairs]
    days = [(last - first).days for *_, first, last in pairs if first and last]
    sign = -1 if one.better is Better.LOWER else 1
    reached = sum(sign * each >= (one.important_change or 0) - 1e-9 for each in changes)
    return {
        "code": code,
        "courses": len(courses),
        "with_start_and_follow_up": len(pairs),
        "mean_start": statistics.mean(start for start, *_ in pairs) if pairs else None,
        "mean_follow_up": statistics.mean(end for _, end, *_ in pairs) if pairs else None,
        "mean_change": _mean(changes) if pairs else None,
        "reached_important_change": _share(reached, len(pairs)) if pairs else None,
        "without_follow_up": sum(bool(a and not b) for a, b in ends),
        "without_start": sum(bool(b and not a) for a, b in ends),
        "unusable": sum(any(each in FAULTS for each in both) for both in said),
        "not_measured": sum(not any(both) for both in ends),
        "median_days": statistics.median(days) if days else None,
    }


def _mean(changes: Sequence[float]) -> dict[str, Any]:
    mean, low, high = statistics.mean(changes), None, None
    if len(changes) > 2 and len(set(changes)) > 1:
        half = student(len(changes) - 1) * statistics.stdev(changes) / len(changes) ** 0.5
        low, high = mean - half, mean + half
    return {"mean": mean, "low": low, "high": high}


@cache
def student(freedom: int) -> float:
    """The half width in which Student's t is found at 95 %, by halving until Simpson's sum of the density fits."""
    scale = exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2)) / sqrt(freedom * pi)
    low, high = 0.0, 20.0
    for _ in range(45):
        end = (low + high) / 2
        heights = [(1 + (end * n / 500) ** 2 / freedom) ** (-(freedom + 1) / 2) for n in range(501)]
        area = heights[0] + heights[-1] + 4 * sum(heights[1:-1:2]) + 2 * sum(heights[2:-1:2])
        low, high = (end, high) if 2 * scale * area * end / 1500 < 0.95 else (low, end)
    return low


def _to_do(found: Sequence[dict[str, Any]], courses: Sequence[Course], path: str) -> list[dict[str, Any]]:
    whose = {record["row"]: course for course in courses for record in course["records"]}
    made = []
    for check in sorted({*SEVERITIES["error"], *SEVERITIES["warning"], "K107"}):
        first: dict[int, dict[str, Any]] = {}
        for each in found:  # in the order of rows, so that the first of a course comes first
            if each["check"] == check and each["row"] in whose:
                first.setdefault(id(whose[each["row"]]), each)
        tasks = [_task(each, whose[each["row"]], path) for each in first.values()]
        if tasks:
            therapists = dict(Counter(task["therapist"] for task in tasks))
            made.append({"check": check, "courses": len(tasks), "by_therapist": therapists, "first": tasks})
    return made


def _task(found: dict[str, Any], course: Course, path: str) -> dict[str, Any]:
    (record,) = (each for each in course["records"] if each["row"] == found["row"])
    of_guide = [each for each in course["conditions"] if each != "other"]
    patient = max(each["cells"].get("Patient", "") for each in course["records"])
    hidden = "".join("•" if char.isalnum() else char for char in patient[:-2]) if len(patient) > 2 else ""
    return {
        "therapist": record["cells"].get("Behandler", "").strip(),
        "date": _day(record["day"]),
        "course": record["cells"].get("Forløb ID", ""),
        "patient": hidden + (patient[-2:] if len(patient) > 2 else "•" * len(patient)),
        "path": path,
        "row": found["row"],
        "condition": "several" if len(of_guide) > 1 else (*of_guide, *course["conditions"], "unknown")[0],
        "found": found.get("value", "").strip(),
        "suggestions": found.get("suggestions", []),
    }
