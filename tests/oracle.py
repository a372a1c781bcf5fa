"""A second implementation of the checks, small and naive: plain Python over the csv module, from the specification.

It shares nothing with the program. Names of values are those that the tests write; it knows no others.
"""

import csv
import io
import re
from collections import defaultdict
from datetime import date
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
UNKNOWN = {"", "ved ikke", "?"}


def codes_of(cell: str) -> tuple[list[str], set[str]]:
    """The valid codes of a cell, and the checks R002-R005 that it fails."""
    valid, failed, tokens = [], set(), 0
    for part in re.split("[,;/+]", cell):
        rest = part.strip()
        while rest:
            icd = re.match(r"(?i)D?([A-Z]\d\d\.\d+|[CEGIJMOQV]\d\d+)(?![\w.])", rest)
            icpc = re.match(r"(?i)([ABDFHKLNPRSTUWXYZ])([ .-]?)(\d\d)(?!\w|\.\d)", rest)
            if icd:
                failed.add("R004")
            elif icpc:
                code = icpc[1].upper() + icpc[3]
                number = int(icpc[3])
                in_l = 1 <= number <= 5 or 7 <= number <= 20 or 26 <= number <= 29 or number >= 70
                exists = in_l if code[0] == "L" else number != 0 and not 30 <= number <= 69
                if not exists:
                    failed.add("R005")
                else:
                    valid.append(code)
                    if icpc[0] != code:
                        failed.add("R002")
            else:
                break
            tokens += 1
            rest = rest[(icd or icpc).end() :].strip()  # type: ignore[union-attr] # one of them matched
    if cell.strip() and not tokens:
        failed.add("R003")
    return valid, failed


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
            return date(year if year > 99 else 2000 + year, int(danish[3]), int(danish[1]))
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
    codes, _ = codes_of(cells.get("Diagnosekode", ""))
    return {
        "specialty": specialty[1] if specialty else None,
        "course": course if course in ("struktureret", "andet") else None,
        "conditions": conditions_of(cells.get("Problemstilling", "")),
        "signs": cells.get("Nerverodstegn", "") if cells.get("Nerverodstegn") in ("ja", "nej") else None,
        "certain": cells.get("Sikre fund", "") if cells.get("Sikre fund") in ("ja", "nej") else None,
        "codes": codes,
        "day": day_of(cells.get("Dato", "")),
    }


def row_checks(cells: dict[str, str], facts: dict[str, Any], today: date) -> list[str]:
    """The checks that a record fails by itself, R007 once for each cell."""
    _, found_set = codes_of(cells.get("Diagnosekode", ""))
    found = list(found_set)
    conditions, codes, signs = set(facts["conditions"]), set(facts["codes"]), facts["signs"]
    listed = conditions - {"other"}
    if facts["specialty"] is None:
        found.append("R006")
    if facts["course"] is None and cells.get("Forløbstype", "") not in UNKNOWN:
        found.append("R007")
    found += ["R007" for name in ("Nerverodstegn", "Sikre fund")
              if cells.get(name, "") not in {"ja", "nej"} | UNKNOWN]  # fmt: skip
    if cells.get("Dato", "").strip() and (facts["day"] is None or facts["day"] > today):
        found.append("R008")
    prefers = signs == "ja" and "L86" not in codes and (
        ("stenosis" in conditions and "L84" in codes) or ("back" in conditions and "L03" in codes)
    )  # fmt: skip
    fine = set().union(
        *(ACCEPTABLE[each] | ({"L86"} if each == "back" and signs != "nej" else set()) for each in listed)
    )
    if prefers:
        found.append("K104")
    elif codes and listed and not codes & fine:
        found.append("K103")
    if "stenosis" in conditions and signs == "nej" and "L86" in codes and "root" not in conditions:
        found.append("K105")
    if facts["certain"] == "nej" and codes & {"L83", "L84", "L86", "L89", "L90"}:
        found.append("K106")
    titled = TITLES.get(cells.get("Diagnosetekst", "").lower())
    if codes and titled and titled not in codes:
        found.append("K108")
    found += ["P301" for name in ("Notat", "Diagnosetekst") if holds_cpr(cells.get(name, ""))]
    if re.fullmatch(r"\d{6}[- ]?\d{4}", cells.get("Patient", "")) and not cpr_exists(cells["Patient"]):
        found.append("P302")
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


def steps_back(records: list[dict[str, Any]]) -> list[int]:
    """The rows of a course (records in order) with symptom codes only, right after one with a disease code."""
    rows, disease_before = [], False
    for record in records:
        numbers = [int(code[1:]) for code in record["codes"]]
        if not numbers:
            continue
        if disease_before and max(numbers) < 30 and "back" not in record["conditions"]:
            rows.append(record["row"])
        disease_before = max(numbers) >= 70
    return rows


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
        problems = frozenset(
            part.strip() for part in re.split("[,;/+]", cells.get("Problemstilling", "")) if part.strip() not in UNKNOWN
        )
        course = facts["course"] or cells.get("Forløbstype", "").replace("ved ikke", "").replace("?", "")
        specialty = facts["specialty"] or cells.get("Speciale", "")
        return (clinic, "patient", cells["Patient"], specialty, course, problems)
    return (clinic, "row", row)


def course_check(records: list[dict[str, Any]]) -> tuple[str, bool, str | None]:
    """Status, whether coded, and the check that a course (records in order) fails."""
    last, codes = records[-1], [code for record in records for code in record["codes"]]
    days = {record["day"] for record in records if record["day"]}
    numbers = [int(record["number"]) for record in records if record["number"].isdigit()]
    consultations = len(days) or (max(numbers) if numbers else 0) or len(records)
    status = status_of(last)
    if status == "mandatory" and not codes:
        return status, False, "K101" if consultations >= 2 else "K102"
    symptoms = bool(codes) and all(int(code[1:]) < 30 for code in codes)
    upgrade = (
        symptoms and consultations >= 3 and last["certain"] == "ja" and set(last["conditions"]) - {"other", "back"}
    )
    return status, bool(codes), "K107" if upgrade else None


def read(text: str, today: date) -> tuple[list[tuple[int, str]], dict[tuple[Any, ...], list[dict[str, Any]]], Any]:
    """Findings of rows, the records of each course, and the counts of rows, of an export with ``;``."""
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    found: list[tuple[int, str]] = []
    courses: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    counts = {"read": 0, "unreadable": 0}
    seen: set[tuple[str, ...]] = set()
    for row, fields in enumerate(rows, start=2):
        if not any(fields) and len(fields) in (0, len(header)):
            continue
        counts["read"] += 1
        if len(fields) != len(header):
            counts["unreadable"] += 1
            found.append((row, "R001"))
            continue
        if tuple(fields) in seen:
            found.append((row, "R009"))
        seen.add(tuple(fields))
        cells = dict(zip(header, fields, strict=True))
        facts = facts_of(cells) | {"row": row, "number": cells.get("Konsultation", "")}
        found += [(row, check) for check in row_checks(cells, facts, today)]
        courses[key_of(row, cells, facts)].append(facts)
    return found, courses, counts


def judged(text: str, today: date, before: str = "") -> tuple[list[str], dict[str, int], dict[str, int]]:
    """Findings as ``row check``, the counts of courses, and the counts of rows, of an export and an older one."""
    found, courses, counts = read(text, today)
    old = read(before, today)[1] if before else {}
    total = dict.fromkeys(
        ("total", "mandatory", "mandatory_coded", "mandatory_pending", "mandatory_missing", "voluntary",
         "voluntary_coded", "undetermined"), 0,
    )  # fmt: skip
    for key, records in courses.items():
        ordered = sorted(records, key=lambda record: (record["day"] or date.min, record["row"]))
        status, coded, check = course_check(ordered)
        total["total"] += 1
        total[status] += 1
        found += [(row, "H202") for row in steps_back(ordered)]
        now = {code for record in records for code in record["codes"]}
        if key[1] != "row" and {code for record in old.get(key, []) for code in record["codes"]} - now:
            found.append((ordered[-1]["row"], "H201"))
        if coded and status != "undetermined":
            total[f"{status}_coded"] += 1
        if check:
            found.append((ordered[-1]["row"], check))
            if check != "K107":
                total[{"K101": "mandatory_missing", "K102": "mandatory_pending"}[check]] += 1
    return [f"{row} {check}" for row, check in sorted(found)], total, counts
