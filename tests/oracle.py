"""A second implementation of the checks, small and naive: plain Python over the csv module, from the specification.

It shares nothing with the program. Names of values are those that the tests write; it knows no others.
"""

import csv
import io
import re
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

CONDITIONS = {
    "nerverodspåvirkning i nakke": "neck", "iskias": "root", "lumbal stenose": "stenosis", "coxartrose": "hip",
    "artrose i knæ": "knee", "lændesmerter": "back",
}  # fmt: skip
TITLES = {
    "artrose i knæ": "L90", "artrose i hofteled": "L89", "cervikalsyndrom": "L83", "symptom/klage fra lænd": "L03",
    "rygsyndrom med smerteudstråling": "L86", "rygsyndrom uden smerteudstråling": "L84",
}  # fmt: skip
ACCEPTABLE = {
    "neck": {"L83", "L01"}, "root": {"L86", "L03"}, "stenosis": {"L84", "L86", "L03"}, "hip": {"L89", "L13"},
    "knee": {"L90", "L15"}, "back": {"L03"},
}  # fmt: skip
CODES = {"neck": "L83", "root": "L86", "stenosis": "L84", "hip": "L89", "knee": "L90", "back": "L03"}
INTERIM = {"L83": "L01", "L84": "L03", "L86": "L03", "L89": "L13", "L90": "L15"}
UNKNOWN = {"", "ved ikke", "?"}
SEVERITIES = {
    "error": {"H201", "K101", "K108", "R001", "R003", "R004"},
    "warning": {"H202", "K103", "K104", "K105", "K106", "P301", "R005", "R006", "R007", "R008"},
    "info": {"K102", "K107", "P302", "R002", "R009"},
}

Found = dict[str, Any]


def finding(row: int, check: str, cells: dict[str, str] | None = None, column: str | None = None, **more: Any) -> Found:
    """A finding on a cell, or on a whole record; what is empty is left out."""
    (severity,) = [name for name, checks in SEVERITIES.items() if check in checks]
    found: Found = {"row": row, "check": check, "severity": severity}
    if column is not None:
        shown = cells is not None and check not in ("P301", "P302")
        found |= {"column": column, "value": cells[column] if shown and cells else ""}
    return found | {key: value for key, value in more.items() if value}


def tokens_of(cell: str) -> list[tuple[str, str, str]]:
    """The codes of a cell: the check that it fails or "", as it stands, and as it should be written."""
    tokens = []
    for part in re.split("[,;/+]", cell):
        rest = part.strip()
        while rest:
            icd = re.match(r"(?i)D?([A-Z]\d\d\.\d+|[CEGIJMOQV]\d\d+)(?![\w.])", rest)
            icpc = re.match(r"(?i)([ABDFHKLNPRSTUWXYZ])([ .-]?)(\d\d)(?!\w|\.\d)", rest)
            if icd:
                tokens.append(("R004", icd[0], icd[0].upper()))
            elif icpc:
                code, number = icpc[1].upper() + icpc[3], int(icpc[3])
                in_l = 1 <= number <= 5 or 7 <= number <= 20 or 26 <= number <= 29 or number >= 70
                exists = in_l if code[0] == "L" else number != 0 and not 30 <= number <= 69
                tokens.append(("" if exists else "R005", icpc[0], code))
            else:
                break
            rest = rest[(icd or icpc).end() :].strip()  # type: ignore[union-attr] # one of them matched
    return tokens


def codes_of(cell: str) -> list[str]:
    """The valid codes of a cell."""
    return list(dict.fromkeys(code for failed, _, code in tokens_of(cell) if not failed))


def code_checks(row: int, cells: dict[str, str]) -> list[Found]:
    """R002-R005 of a code cell."""
    column = "Diagnosekode"
    cell = cells[column]
    tokens = tokens_of(cell)
    found = []
    fix = cell
    for failed, raw, code in tokens:
        if not failed:
            fix = fix.replace(raw, code)
    if fix != cell:
        found.append(finding(row, "R002", cells, column, fix=fix))
    if cell.strip() and not tokens:
        found.append(finding(row, "R003", cells, column))
    for check in ("R004", "R005"):
        codes = [code for failed, _, code in tokens if failed == check]
        if codes:
            found.append(finding(row, check, cells, column, facts={"codes": ", ".join(codes)}))
    return found


def suggested(facts: dict[str, Any]) -> list[str]:
    """The recommended and alternative codes for the conditions, as the guide's table has them."""
    codes = []
    for condition, code in CODES.items():
        if condition not in facts["conditions"]:
            continue
        both = [code]
        if condition == "stenosis" and facts["signs"] != "nej":
            both = ["L86", "L84"] if facts["signs"] == "ja" else ["L84", "L86"]
        if condition == "back" and facts["signs"] == "ja":
            both = ["L86"] if facts["certain"] == "nej" else ["L86", "L03"]
        codes += both
    return list(dict.fromkeys(codes))


def interim(facts: dict[str, Any]) -> list[str]:
    """The codes that can stand while findings are uncertain."""
    firsts = [suggested({**facts, "conditions": [each]})[0] for each in CODES if each in facts["conditions"]]
    return list(dict.fromkeys(INTERIM[code] for code in firsts if code in INTERIM))


def day_of(cell: str) -> date | None:
    """The date of a cell, if it is one."""
    day = re.fullmatch(r"(.*?)(?:[ T](\d\d):(\d\d))?", cell.strip())
    assert day
    if day[2] and (int(day[2]) > 23 or int(day[3]) > 59):
        return None
    danish = re.fullmatch(r"(\d\d)([-./])(\d\d)\2(\d\d\d\d|\d\d)", day[1])
    iso = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", day[1])
    try:
        if danish:
            year = int(danish[4])
            return date(year if len(danish[4]) == 4 else 2000 + year, int(danish[3]), int(danish[1]))
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
    except ValueError:
        pass
    return None


def conditions_of(cell: str) -> list[str]:
    """The conditions of a cell; anything outside the table is other."""
    parts = [part.strip() for part in re.split("[,;/+]", cell) if part.strip() not in UNKNOWN]
    return [CONDITIONS.get(part, "other") for part in parts]


def facts_of(cells: dict[str, str]) -> dict[str, Any]:
    """What a record says."""
    specialty = re.match(r"0*(\d+)", cells.get("Speciale", ""))
    course = cells.get("Forløbstype", "").lower().removesuffix(" forløb")
    return {
        "specialty": specialty[1] if specialty else None,
        "course": course if course in ("struktureret", "andet") else None,
        "conditions": conditions_of(cells.get("Problemstilling", "")),
        "signs": cells.get("Nerverodstegn", "") if cells.get("Nerverodstegn") in ("ja", "nej") else None,
        "certain": cells.get("Sikre fund", "") if cells.get("Sikre fund") in ("ja", "nej") else None,
        "codes": codes_of(cells["Diagnosekode"]),
        "cells": cells,
        "day": day_of(cells.get("Dato", "")),
    }


def date_problem(cell: str, today: date) -> dict[str, str]:
    """What is wrong with a date: nothing, that it is none, that it is a spreadsheet's number, or that it lies ahead."""
    day = day_of(cell)
    if not cell.strip() or (day and day <= today):
        return {}
    if day:
        return {"problem": "future", "day": ""}
    if re.fullmatch(r"4\d{4}", cell):
        return {"problem": "serial", "day": f" ({date(1899, 12, 30) + timedelta(days=int(cell)):%d-%m-%Y})"}
    return {"problem": "none", "day": ""}


def row_checks(row: int, cells: dict[str, str], facts: dict[str, Any], today: date) -> list[Found]:
    """The checks that a record fails by itself, R007 once for each cell."""
    found = code_checks(row, cells)
    conditions, codes, signs = set(facts["conditions"]), set(facts["codes"]), facts["signs"]
    listed = conditions - {"other"}
    code, text = "Diagnosekode", "Diagnosetekst"
    if facts["specialty"] is None:
        found.append(finding(row, "R006", cells, "Speciale"))
    if facts["course"] is None and cells.get("Forløbstype", "") not in UNKNOWN:
        found.append(finding(row, "R007", cells, "Forløbstype"))
    found += [finding(row, "R007", cells, name) for name in ("Nerverodstegn", "Sikre fund")
              if cells.get(name, "") not in {"ja", "nej"} | UNKNOWN]  # fmt: skip
    if problem := date_problem(cells.get("Dato", ""), today):
        found.append(finding(row, "R008", cells, "Dato", facts=problem))
    prefers = signs == "ja" and "L86" not in codes and (
        ("stenosis" in conditions and "L84" in codes) or ("back" in conditions and "L03" in codes)
    )  # fmt: skip
    fine = set().union(
        *(ACCEPTABLE[each] | ({"L86"} if each == "back" and signs != "nej" else set()) for each in listed)
    )
    if prefers:
        found.append(finding(row, "K104", cells, code, suggestions=["L86"]))
    elif codes and listed and not codes & fine:
        found.append(finding(row, "K103", cells, code, suggestions=suggested(facts)))
    if "stenosis" in conditions and signs == "nej" and "L86" in codes and "root" not in conditions:
        found.append(finding(row, "K105", cells, code, suggestions=suggested(facts)))
    early = [each for each in facts["codes"] if each in INTERIM]
    if facts["certain"] == "nej" and early:
        early_codes = {"codes": ", ".join(early)}
        found.append(finding(row, "K106", cells, code, suggestions=interim(facts), facts=early_codes))
    titled = TITLES.get(cells.get(text, "").lower())
    if codes and titled and titled not in codes:
        stated = {"codes": ", ".join(facts["codes"])}
        found.append(finding(row, "K108", cells, text, suggestions=[titled], facts=stated))
    found += [finding(row, "P301", cells, name) for name in (text, "Notat") if holds_cpr(cells.get(name, ""))]
    if re.fullmatch(r"\d{6}[- ]?\d{4}", cells.get("Patient", "")) and not cpr_exists(cells["Patient"]):
        found.append(finding(row, "P302", cells, "Patient"))
    return found


def holds_cpr(text: str) -> bool:
    """Whether ten digits that begin with a day and a month stand alone somewhere."""
    return any(
        1 <= int(digits[:2]) <= 31 and 1 <= int(digits[2:4]) <= 12
        for digits in re.findall(r"(?<!\d)\d{6}[- ]?\d{4}(?!\d)", text)
    )


def cpr_exists(cpr: str) -> bool:
    """Whether the day exists, in the century of the seventh digit."""
    digits = re.sub(r"\D", "", cpr)
    year, seventh = int(digits[4:6]), int(digits[6])
    century = {"4": (2000 if year < 37 else 1900), "9": (2000 if year < 37 else 1900)}.get(
        digits[6], 1900 if seventh < 4 else 2000 if year < 58 else 1800
    )
    try:
        date(century + year, int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return False
    return True


def steps_back(records: list[dict[str, Any]]) -> list[Found]:
    """The records of a course (in order) with symptom codes only, right after one with a disease code."""
    found, disease_before = [], False
    for record in records:
        numbers = [int(code[1:]) for code in record["codes"]]
        if not numbers:
            continue
        if disease_before and max(numbers) < 30 and "back" not in record["conditions"]:
            found.append(finding(record["row"], "H202", record["cells"], "Diagnosekode"))
        disease_before = max(numbers) >= 70
    return found


def status_of(facts: dict[str, Any]) -> str:
    """Whether a course with such a last record must be coded."""
    if facts["specialty"] is None:
        return "undetermined"
    if facts["specialty"] == "51":
        return {"struktureret": "mandatory", "andet": "voluntary", None: "undetermined"}[facts["course"]]
    if facts["specialty"] == "57":
        if not facts["conditions"]:
            return "undetermined"
        return "mandatory" if set(facts["conditions"]) - {"other"} else "voluntary"
    return "voluntary"


def key_of(row: int, cells: dict[str, str], facts: dict[str, Any]) -> tuple[Any, ...]:
    """What records of one course share."""
    clinic = cells.get("Klinik", "")
    if cells.get("Forløb ID"):
        return (clinic, "id", cells["Forløb ID"])
    if cells.get("Patient"):
        problems = frozenset(facts["conditions"])
        course = facts["course"] or cells.get("Forløbstype", "").replace("ved ikke", "").replace("?", "")
        specialty = facts["specialty"] or cells.get("Speciale", "")
        return (clinic, "patient", cells["Patient"], specialty, course, problems)
    return (clinic, "row", row)


def in_order(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By day, then by row; those without a day first."""
    return sorted(records, key=lambda record: (record["day"] is not None, record["day"] or date.min, record["row"]))


def consultations_of(records: list[dict[str, Any]]) -> int:
    """Different days; without any the largest number of a consultation; without that the records."""
    days = {record["day"] for record in records if record["day"]}
    numbers = [int(record["number"]) for record in records if record["number"].isdigit()]
    return len(days) or (max(numbers) if numbers else 0) or len(records)


def course_check(records: list[dict[str, Any]]) -> tuple[str, bool, list[Found]]:
    """Status, whether coded, and the findings of a course (records in order), on its last record."""
    last, codes = records[-1], [code for record in records for code in record["codes"]]
    consultations = consultations_of(records)
    status = status_of(last)
    check = None
    if status == "mandatory" and not codes:
        check = "K101" if consultations >= 2 else "K102"
    symptoms = bool(codes) and all(int(code[1:]) < 30 for code in codes)
    if symptoms and consultations >= 3 and last["certain"] == "ja" and set(last["conditions"]) - {"other", "back"}:
        check = "K107"
    if not check:
        return status, bool(codes), []
    facts = {"consultations": str(consultations)}
    found = finding(last["row"], check, last["cells"], "Diagnosekode", suggestions=suggested(last), facts=facts)
    return status, bool(codes), [found]


def read(text: str, today: date) -> tuple[list[Found], dict[tuple[Any, ...], list[dict[str, Any]]], Any]:
    """Findings of rows, the records of each course, and the counts of rows, of an export with ``;``."""
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    found: list[Found] = []
    courses: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    counts = {"read": 0, "unreadable": 0}
    seen: dict[tuple[str, ...], int] = {}
    for row, fields in enumerate(rows, start=2):
        if not any(fields) and len(fields) in (0, len(header)):
            continue
        counts["read"] += 1
        if len(fields) != len(header):
            counts["unreadable"] += 1
            found.append(finding(row, "R001", facts={"fault": "few" if len(fields) < len(header) else "many"}))
            continue
        first = seen.setdefault(tuple(fields), row)
        if first < row:
            found.append(finding(row, "R009", facts={"path": "", "first": str(first)}))
        cells = dict(zip(header, fields, strict=True))
        facts = facts_of(cells) | {"row": row, "number": cells.get("Konsultation", "")}
        found += row_checks(row, cells, facts, today)
        courses[key_of(row, cells, facts)].append(facts)
    return found, courses, counts


IDS = {
    "neck": "cervical_nerve_root", "root": "lumbar_nerve_root", "stenosis": "lumbar_stenosis",
    "hip": "hip_osteoarthritis", "knee": "knee_osteoarthritis", "back": "primary_low_back_pain", "other": "other",
}  # fmt: skip


def courses_of(text: str, today: date) -> list[tuple[Any, ...]]:
    """Every course as figures are made of it: clinic, patient, days, what its last record says, how it went."""
    rows = []
    for records in read(text, today)[1].values():
        ordered = in_order(records)
        last, days = ordered[-1], [record["day"] for record in ordered if record["day"]]
        status, coded, found = course_check(ordered)
        missing = {"K101": "_missing", "K102": "_pending"}
        standing = {
            "undetermined": "undetermined",
            "voluntary": "voluntary_coded" if coded else "voluntary_uncoded",
            "mandatory": "mandatory" + ("_coded" if coded else missing[found[0]["check"]] if found else "?"),
        }[status]
        codes = [record["codes"] for record in ordered if record["codes"]] or [[]]
        rows.append(
            (
                last["cells"].get("Klinik", ""),
                max(record["cells"].get("Patient", "") for record in records),
                days[0] if days else None,
                days[-1] if days else None,
                last["specialty"],
                {"struktureret": "structured", "andet": "other", None: "unknown"}[last["course"]],
                tuple(name for condition, name in IDS.items() if condition in last["conditions"]),
                standing,
                tuple(codes[-1]),
                tuple(codes[0]),
                consultations_of(records),
            )
        )
    return rows


def services_of(text: str, today: date) -> list[tuple[Any, ...]]:
    """Consultations and patients by clinic, quarter and service code, of records that have a code and a date."""
    groups: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for records in read(text, today)[1].values():
        for record in records:
            cells, day = record["cells"], record["day"]
            service = cells.get("Ydelse", "").strip()
            if day and service:
                who = ("p", cells["Patient"]) if cells.get("Patient") else ("r", record["row"])
                if not cells.get("Patient") and cells.get("Forløb ID"):
                    who = ("c", cells["Forløb ID"])
                groups[cells.get("Klinik", ""), (day.year, (day.month + 2) // 3), service].append(who)
    return sorted((*key, len(people), len(set(people))) for key, people in groups.items())


def judged(text: str, today: date, before: str = "") -> tuple[list[Found], dict[str, int], dict[str, int]]:
    """Findings in the order of the file, the counts of courses, and of rows, of an export and an older one."""
    found, courses, counts = read(text, today)
    old = read(before, today)[1] if before else {}
    total = dict.fromkeys(
        ("total", "mandatory", "mandatory_coded", "mandatory_pending", "mandatory_missing", "voluntary",
         "voluntary_coded", "undetermined"), 0,
    )  # fmt: skip
    for key, records in courses.items():
        ordered = in_order(records)
        last = ordered[-1]
        status, coded, of_course = course_check(ordered)
        total["total"] += 1
        total[status] += 1
        found += steps_back(ordered)
        now = {code for record in records for code in record["codes"]}
        gone = {code for record in old.get(key, []) for code in record["codes"]} - now
        if key[1] != "row" and gone:
            codes = {"codes": ", ".join(sorted(gone))}
            found.append(finding(last["row"], "H201", last["cells"], "Diagnosekode", facts=codes))
        if coded and status != "undetermined":
            total[f"{status}_coded"] += 1
        found += of_course
        for each in of_course:
            if each["check"] != "K107":
                total[{"K101": "mandatory_missing", "K102": "mandatory_pending"}[each["check"]]] += 1
    return sorted(found, key=lambda each: (each["row"], each["check"])), total, counts
