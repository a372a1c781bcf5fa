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
REGION = {
    "neck": {"L09"}, "root": {"L02", "L14"}, "stenosis": {"L02", "L14"}, "hip": {"L14", "L20"}, "knee": {"L14", "L20"},
    "back": {"L02"},
}  # fmt: skip
ELSEWHERE = {"skulder", "hovedpine"}
SAYS_NOTHING = {"kontrol"}
CODES = {"neck": "L83", "root": "L86", "stenosis": "L84", "hip": "L89", "knee": "L90", "back": "L03"}
INTERIM = {"L83": "L01", "L84": "L03", "L86": "L03", "L89": "L13", "L90": "L15"}
UNKNOWN = {"", "ved ikke", "?"}
ALARM = "Ridebukseanæstesi."
"""The one note with red flags that this implementation knows."""
OF_A_CASE = {"K101", "K102", "K103", "K104", "K105", "K106", "K107", "K109"}
SEVERITIES = {
    "error": {"H201", "K101", "K108", "R001", "R003", "R004"},
    "warning": {"H202", "K103", "K104", "K105", "K106", "P301", "R005", "R006", "R007", "R008", "R010"},
    "info": {"H203", "K110", "K102", "K107", "K109", "P302", "R002", "R009"},
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


def advised(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """The recommended and alternative codes for the conditions, as the guide has them, each with its condition."""
    codes = []
    for condition, code in CODES.items():
        if condition not in facts["conditions"]:
            continue
        both = [code]
        if condition == "stenosis" and facts["signs"] != "nej":
            both = ["L86", "L84"] if facts["signs"] == "ja" else ["L84", "L86"]
        if condition == "back" and facts["signs"] == "ja":
            both = ["L86", "L03"]
        codes += [(condition, each) for each in both]
    return codes


def suggested(facts: dict[str, Any]) -> list[str]:
    """The codes that need not wait; where the recommended one waits, the symptom code that stands first instead."""
    codes = []
    for condition in CODES:
        of_it = [code for each, code in advised(facts) if each == condition]
        waits = [code for code in of_it if code in INTERIM and facts["certain"] == "nej"]
        codes += [code for code in of_it if code not in waits]
        codes += [INTERIM[code] for code in waits[:1] if code == of_it[0]]
    return list(dict.fromkeys(codes))


def interim(facts: dict[str, Any]) -> list[str]:
    """The codes that can stand while findings are uncertain."""
    firsts = [advised({**facts, "conditions": [each]})[0][1] for each in CODES if each in facts["conditions"]]
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


def conditions_of(cell: str) -> tuple[list[str], list[str]]:
    """The conditions of a cell, and its parts that are not understood; other beside one of those is unknown."""
    parts = [part.strip() for part in re.split("[,;/+]", cell) if part.strip() not in UNKNOWN]
    found = [CONDITIONS[part] for part in parts if part in CONDITIONS]
    left = [part for part in parts if part not in CONDITIONS and part not in ELSEWHERE | SAYS_NOTHING]
    if not left and any(part in ELSEWHERE for part in parts):
        found.append("other")
    return found, left


def facts_of(cells: dict[str, str]) -> dict[str, Any]:
    """What a record states by itself."""
    specialty = re.match(r"0*(\d+)", cells.get("Speciale", ""))
    course = cells.get("Forløbstype", "").lower().removesuffix(" forløb")
    problem = cells.get("Problemstilling", "")
    conditions, left = conditions_of(problem)
    return {
        "specialty": specialty[1] if specialty else None,
        "course": course if course in ("struktureret", "andet") else None,
        "conditions": conditions,
        "left": left,
        "problem": None if conditions or problem in UNKNOWN | SAYS_NOTHING else problem,
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
    cell = cells.get("Speciale", "")
    if facts["specialty"] is None if not cell.strip() else not re.match(r"0*(\d+)", cell):
        found.append(finding(row, "R006", cells, "Speciale"))
    problem = cells.get("Problemstilling", "")
    if facts["left"] or problem in SAYS_NOTHING:
        facts_left = {"left": "; ".join(facts["left"] or [problem])}
        found.append(finding(row, "R010", cells, "Problemstilling", facts=facts_left))
        if problem in SAYS_NOTHING:
            found[-1]["severity"] = "info"
    kind = cells.get("Forløbstype", "")
    if kind.lower().removesuffix(" forløb") not in {"struktureret", "andet"} | UNKNOWN:
        found.append(finding(row, "R007", cells, "Forløbstype"))
    found += [finding(row, "R007", cells, name) for name in ("Nerverodstegn", "Sikre fund")
              if cells.get(name, "") not in {"ja", "nej"} | UNKNOWN]  # fmt: skip
    if wrong := date_problem(cells.get("Dato", ""), today):
        found.append(finding(row, "R008", cells, "Dato", facts=wrong))
    prefers = signs == "ja" and facts["certain"] != "nej" and "L86" not in codes and (
        ("stenosis" in conditions and "L84" in codes) or ("back" in conditions and "L03" in codes)
    )  # fmt: skip
    fine = set().union(
        *(ACCEPTABLE[each] | ({"L86"} if each == "back" and signs != "nej" else set())
          | (REGION[each] if facts["certain"] != "ja" else set()) for each in listed)
    )  # fmt: skip
    if prefers:
        basis = "guide" if "stenosis" in conditions and "L84" in codes else "program"
        found.append(finding(row, "K104", cells, code, suggestions=["L86"], basis=basis))
    elif codes and listed and not codes & fine:
        found.append(finding(row, "K103", cells, code, suggestions=suggested(facts)))
    if "stenosis" in conditions and signs == "nej" and "L86" in codes and "root" not in conditions:
        found.append(finding(row, "K105", cells, code, suggestions=suggested(facts)))
    neck, root = "neck" in conditions and "L83" in codes, "root" in conditions and "L86" in codes
    if signs == "nej" and (neck or (root and "stenosis" not in conditions)):
        found.append(finding(row, "K109", cells, code))
    early = [each for each in facts["codes"] if each in INTERIM]
    if facts["certain"] == "nej" and early:
        early_codes = {"codes": ", ".join(early)}
        found.append(finding(row, "K106", cells, code, suggestions=interim(facts), facts=early_codes))
    titled = TITLES.get(cells.get(text, "").lower())
    if codes and titled and titled not in codes:
        stated = {"codes": ", ".join(facts["codes"])}
        found.append(finding(row, "K108", cells, text, suggestions=[titled], facts=stated))
    words = (text, "Notat", code, "Speciale", "Forløbstype", "Problemstilling", "Nerverodstegn", "Sikre fund")
    found += [finding(row, "P301", cells, name) for name in words if holds_cpr(cells.get(name, ""))]
    if re.fullmatch(r"\d{6}[- ]?\d{4}", cells.get("Patient", "")) and not cpr_exists(cells["Patient"]):
        found.append(finding(row, "P302", cells, "Patient"))
    return found


def holds_cpr(text: str) -> bool:
    """Whether ten digits with a date that exists stand alone somewhere."""
    return any(cpr_exists(digits) for digits in re.findall(r"(?<!\d)\d{6}[-– ]?\d{4}(?!\d)", text))


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
        if record["era"] == "new" and disease_before and max(numbers) < 30 and "back" not in record["conditions"]:
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


FACTS = ("specialty", "course", "conditions")


def states(record: dict[str, Any], fact: str) -> Any:
    """What a record states of a fact, in a form that can be compared; nothing where it states none."""
    if fact == "conditions":
        return ("not understood", record["problem"]) if record["problem"] else frozenset(record["conditions"]) or None
    return record[fact]


def clinic_of(cells: dict[str, str]) -> str:
    """Clinics are the same whatever their capitals and spaces."""
    return " ".join(cells.get("Klinik", "").split()).lower()


def patient_of(cells: dict[str, str]) -> str:
    """Patients are the same when their CPR numbers are, in whatever form."""
    patient = cells.get("Patient", "")
    digits = re.sub(r"\D", "", patient)
    return digits if len(digits) == 10 and not re.search("[a-z]", patient) else patient


def parted(records: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """A patient's records without course id, in order, in courses whose facts do not contradict each other."""
    courses: list[dict[str, Any]] = []
    for record in sorted(in_order(records), key=lambda each: each["era"] == "old"):
        fitting = []
        for course in courses:
            agrees = all(
                not states(record, fact) or not course["states"][fact] or states(record, fact) == course["states"][fact]
                for fact in FACTS
            )
            days = [each["day"] for each in course["records"] if each["day"]]
            anew = bool(record["first"] and record["day"] and days and record["day"] > max(days))
            if agrees and (not anew or record["era"] == "old"):
                fitting.append(course)
        if fitting:
            course = max(fitting, key=lambda each: each["touched"])
        else:
            course = {"records": [], "states": dict.fromkeys(FACTS), "touched": 0}
            if record["era"] == "old":
                continue
            courses.append(course)
        if record["era"] != "old":
            course["touched"] = max(each["touched"] for each in courses) + 1
            course["states"] |= {fact: states(record, fact) for fact in FACTS if states(record, fact)}
        course["records"].append(record)
    return [course["records"] for course in courses]


def completed(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records of a course in order, each with what the nearest earlier one states, else the nearest later one."""
    ordered = in_order(records)
    made = []
    for place, record in enumerate(ordered):
        filled = dict(record)
        for fact in FACTS:
            if states(record, fact):
                continue
            near = [*reversed(ordered[:place]), *ordered[place + 1 :]]
            stating = [each for each in near if each[fact]]
            if stating:
                filled[fact] = stating[0][fact]
        made.append(filled)
    return made


def gathered(records: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Records into courses, each in order and completed."""
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        cells = record["cells"]
        if cells.get("Forløb ID"):
            groups[clinic_of(cells), "id", cells["Forløb ID"]].append(record)
        elif cells.get("Patient"):
            groups[clinic_of(cells), "patient", patient_of(cells)].append(record)
        else:
            groups[clinic_of(cells), "row", record["era"], record["row"]].append(record)
    courses: list[list[dict[str, Any]]] = []
    for key, of_one in groups.items():
        courses += parted(of_one) if key[1] == "patient" else [of_one]
    return courses


def in_order(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By day, then by file and row; those without a day first."""
    return sorted(
        records, key=lambda each: (each["day"] or date.min, each["day"] is not None, each["era"] != "new", each["row"])
    )


def consultations_of(records: list[dict[str, Any]]) -> int:
    """The larger of the number of different days and the largest consultation; without either the records."""
    days = {record["day"] for record in records if record["day"]}
    numbers = [int(record["number"]) for record in records if record["number"].isdigit()]
    return max(len(days), *numbers, 0) or len(records)


def ends_with(records: list[dict[str, Any]]) -> dict[str, Any]:
    """The facts of a course (records in order): each the last that a record states."""
    last: dict[str, Any] = {"specialty": None, "course": None, "conditions": [], "signs": None, "certain": None}
    for record in records:
        last |= {fact: record[fact] for fact in last if record[fact]}
    return last


def last_new(records: list[dict[str, Any]]) -> dict[str, Any]:
    """The record of a course (in order) that its findings stand on: the last with a cell for a code, if any."""
    new = [record for record in records if record["era"] == "new"]
    return ([record for record in new if record["cells"].get("Kodefelt") != "nej"] or new)[-1]


def course_check(records: list[dict[str, Any]], duty_from: date | None = None) -> tuple[str, bool, list[Found]]:
    """Status, whether coded, and the findings of a course (records in order), on the last record that is new."""
    facts, codes = ends_with(records), [code for record in records for code in record["codes"]]
    last = last_new(records)
    consultations = consultations_of(records)
    days = [record["day"] for record in records if record["day"]]
    early = duty_from and days and min(days) < duty_from
    status = "voluntary" if early else status_of(facts)
    check = None
    if status == "mandatory" and not codes:
        check = "K101" if consultations >= 2 else "K102"
    symptoms = bool(codes) and all(int(code[1:]) < 30 for code in codes)
    if symptoms and consultations >= 3 and facts["certain"] == "ja" and set(facts["conditions"]) - {"other", "back"}:
        check = "K107"
    if not check:
        return status, bool(codes), []
    said = {"consultations": str(consultations)}
    found = finding(last["row"], check, last["cells"], "Diagnosekode", suggestions=suggested(facts), facts=said)
    return status, bool(codes), [found]


def read(text: str, today: date, era: str = "new") -> tuple[list[Found], list[dict[str, Any]], Any]:
    """Findings of rows that stand alone, the records in facts, and the counts of rows, of an export with ``;``."""
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    found: list[Found] = []
    records: list[dict[str, Any]] = []
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
        number = cells.get("Konsultation", "")
        service = bool(re.match(r"0?110(?!\d)", cells.get("Ydelse", "").strip()))
        records.append(facts_of(cells) | {"row": row, "number": number, "era": era, "first": service})
    return found, records, counts


def with_history(text: str, today: date, before: str) -> tuple[list[Found], list[tuple[Any, Any]], Any]:
    """The same, with the records of an older export, in courses: those before the first new day complete them."""
    found, records, counts = read(text, today)
    days = [record["day"] for record in records if record["day"]]
    older = read(before, today, "old")[1] if before else []
    for record in older:
        if record["day"] and days and record["day"] < min(days):
            record["era"] = "history"
    courses = []
    for course in gathered([*records, *older]):
        if any(record["era"] == "new" for record in course):
            old = [record for record in course if record["era"] == "old"]
            courses.append((completed([record for record in course if record["era"] != "old"]), old))
    return found, courses, counts


IDS = {
    "neck": "cervical_nerve_root", "root": "lumbar_nerve_root", "stenosis": "lumbar_stenosis",
    "hip": "hip_osteoarthritis", "knee": "knee_osteoarthritis", "back": "primary_low_back_pain", "other": "other",
}  # fmt: skip


def courses_of(text: str, today: date, before: str = "", duty_from: date | None = None) -> list[tuple[Any, ...]]:
    """Every course as figures are made of it: clinic, patient, days, the facts it ends with, how it went."""
    rows = []
    for ordered, _ in with_history(text, today, before)[1]:
        facts, days = ends_with(ordered), [record["day"] for record in ordered if record["day"]]
        status, coded, found = course_check(ordered, duty_from)
        missing = {"K101": "_missing", "K102": "_pending"}
        standing = {
            "undetermined": "undetermined",
            "voluntary": "voluntary_coded" if coded else "voluntary_uncoded",
            "mandatory": "mandatory" + ("_coded" if coded else missing[found[0]["check"]] if found else "?"),
        }[status]
        codes = [record["codes"] for record in ordered if record["codes"]] or [[]]
        rows.append(
            (
                clinic_of(ordered[0]["cells"]),
                max(patient_of(record["cells"]) for record in ordered),
                days[0] if days else None,
                days[-1] if days else None,
                facts["specialty"],
                {"struktureret": "structured", "andet": "other", None: "unknown"}[facts["course"]],
                tuple(name for condition, name in IDS.items() if condition in facts["conditions"]),
                standing,
                tuple(codes[-1]),
                consultations_of(ordered),
            )
        )
    return rows


def services_of(text: str, today: date) -> list[tuple[Any, ...]]:
    """Consultations and patients by clinic, month and service code, of records that have a code and a date."""
    groups: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for record in read(text, today)[1]:
        cells, day = record["cells"], record["day"]
        service = cells.get("Ydelse", "").strip()
        if day and service:
            who = ("p", patient_of(cells)) if cells.get("Patient") else ("r", record["row"])
            if not cells.get("Patient") and cells.get("Forløb ID"):
                who = ("c", cells["Forløb ID"])
            groups[clinic_of(cells), (day.year, day.month), service].append(who)
    return sorted((*key, len(people), len(set(people))) for key, people in groups.items())


def judged(
    text: str, today: date, before: str = "", duty_from: date | None = None
) -> tuple[list[Found], dict[str, Any], dict[str, int]]:
    """Findings in the order of the file, the counts of courses, and of rows, of an export and an older one."""
    found, courses, counts = with_history(text, today, before)
    total = dict.fromkeys(
        ("total", "mandatory", "mandatory_coded", "mandatory_pending", "mandatory_missing", "voluntary",
         "voluntary_coded", "undetermined"), 0,
    )  # fmt: skip
    because = dict.fromkeys(("specialty", "course", "conditions"), 0)
    for ordered, old in courses:
        for record in ordered:
            if record["era"] == "new":
                found += row_checks(record["row"], record["cells"], record, today)
        last = last_new(ordered)
        status, coded, of_course = course_check(ordered, duty_from)
        total["total"] += 1
        total[status] += 1
        if status == "undetermined":
            lacks = {None: "specialty", "51": "course", "57": "conditions"}[ends_with(ordered)["specialty"]]
            because[lacks] += 1
        found += steps_back(ordered)
        now = {code for record in ordered for code in record["codes"]}
        before_codes = {code for record in old for code in record["codes"]}
        if gone := before_codes - now:
            codes = {"gone": ", ".join(sorted(gone))}
            added = {code for record in ordered if record["era"] == "new" for code in record["codes"]} - before_codes
            check = "H203" if added else "H201"
            found.append(finding(last["row"], check, last["cells"], "Diagnosekode", facts=codes))
        if coded and status != "undetermined":
            total[f"{status}_coded"] += 1
        found += of_course
        for each in of_course:
            if each["check"] != "K107":
                total[{"K101": "mandatory_missing", "K102": "mandatory_pending"}[each["check"]]] += 1
    flag(found, [ordered for ordered, _ in courses])
    return (
        sorted(found, key=lambda each: (each["row"], each["check"])),
        total | {"undetermined_because": because},
        counts,
    )


def flag(found: list[Found], courses: list[list[dict[str, Any]]]) -> None:
    """Mark what is found on a record whose note holds red flags, and of a case behind such a note of its course."""
    own: set[int] = set()
    behind: set[int] = set()
    for ordered in courses:
        alarmed = False
        for record in ordered:
            rows = {record["row"]} if record["era"] == "new" else set()
            if alarmed:
                behind |= rows
            if record["cells"].get("Notat") == ALARM:
                alarmed, own = True, own | rows
    for each in found:
        if each["row"] in own or (each["row"] in behind and each["check"] in OF_A_CASE):
            each["red_flags"] = True


def understood_of(text: str, today: date) -> dict[str, tuple[int, int]]:
    """By column: how many cells of the facts are filled in, and how many of these are understood."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for record in read(text, today)[1]:
        cells = record["cells"]
        known = {
            "Speciale": record["specialty"],
            "Forløbstype": record["course"] or cells.get("Forløbstype", "").strip() in UNKNOWN,
            "Problemstilling": not record["left"] and cells.get("Problemstilling") not in SAYS_NOTHING,
            "Nerverodstegn": record["signs"] or cells.get("Nerverodstegn") in UNKNOWN,
            "Sikre fund": record["certain"] or cells.get("Sikre fund") in UNKNOWN,
        }
        for name, understood in known.items():
            if name in cells:
                filled = bool(cells[name].strip())
                found[name][0] += filled
                found[name][1] += filled and bool(understood)
    return {name: (filled, understood) for name, (filled, understood) in found.items()}


def identities(found: list[Found], courses: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Of each finding what makes it the same elsewhere, and where it stands; not of those that only this makes."""
    places = {}
    for ordered, _ in courses:
        facts, cells = ends_with(ordered), ordered[-1]["cells"]
        about = (facts["specialty"], facts["course"], *sorted(set(facts["conditions"])))
        for record in ordered:
            if record["era"] == "new":
                cells = record["cells"]
                who = ("id", cells["Forløb ID"]) if cells.get("Forløb ID") else ("patient", patient_of(cells), about)
                named = cells.get("Forløb ID") or cells.get("Patient")
                places[record["row"]] = (clinic_of(cells), who) if named else None, record["day"], cells["Diagnosekode"]
    made = []
    for each in found:
        course, day, code = places.get(each["row"], (None, None, None))
        of_course = each["check"] in ("K101", "K102", "K107")
        place = course and ((course,) if of_course else (course, day))
        same = place and (each["check"], each.get("column"), place, "" if of_course else (code or "").strip())
        if each["check"] not in ("H201", "H203"):
            made.append((same, place))
    return made


def since(text: str, today: date, before: str, duty_from: date | None = None) -> dict[str, int]:
    """What has become of the findings of the older export."""
    now_found, now_courses = judged(text, today, before, duty_from)[0], with_history(text, today, before)[1]
    then_found, then_courses = judged(before, today, "", duty_from)[0], with_history(before, today, "")[1]
    now, then = identities(now_found, now_courses), identities(then_found, then_courses)
    left = [same for same, _ in now if same]
    still = mended = 0
    present = set()
    for ordered, _ in now_courses:
        new = [record for record in ordered if record["era"] == "new"]
        rows = {each["row"] for each in new}
        for found in rows:
            fake = [{"row": found, "check": "K101"}, {"row": found, "check": "R002"}]
            present |= {place for _, place in identities(fake, [(ordered, [])]) if place}
    for same, place in then:
        if same and same in left:
            left.remove(same)
            still += 1
        elif place in present:
            mended += 1
    return {"new": len(now) - still, "open": still, "mended": mended, "gone": len(then) - still - mended}
