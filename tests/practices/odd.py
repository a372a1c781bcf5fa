"""Exports that are odder than those beside: encodings, forms of days and persons, codes with text, unused columns.

What the systems and their clinics write is data (``tests/spec/practices.toml``). Persons are nobody's.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from icpc_cli.guideline.cellwords import load_cell_words
from tests.practices import CODES, NAMES

SPEC = tomllib.loads((Path(__file__).parents[1] / "spec" / "practices.toml").read_text(encoding="utf-8"))
CODE_OF = {condition.value: code for condition, code in CODES.items()} | {"unknown": "L18"}
WRONG = ("hip_osteoarthritis", "knee_osteoarthritis")
"""Conditions whose code is wrong for all the others."""
TITLES = {"L83": "Cervikalt rygsyndrom", "L86": "Rygsyndrom med smerteudstråling", "L89": "Hofteartrose"}
SPECIALTIES = {
    "51": "51 Almen fysioterapi", "57": "57 Ridefysioterapi",
    "62": "62 Vederlagsfri fysioterapi", "65": "65 Vederlagsfri ridefysioterapi",
}  # fmt: skip
DAYS = {
    "dk": "%d-%m-%Y", "dot": "%d.%m.%y", "iso": "%Y-%m-%d", "time": "%d-%m-%Y 10:15", "slash": "%d/%m/%Y",
    "isot": "%Y-%m-%dT08:30:00", "plain": "%Y%m%d",
}  # fmt: skip


@dataclass(frozen=True)
class Odd:
    """An export's bytes, the last rows of courses that must be coded and are not, and rows with a wrong code."""

    data: bytes
    uncoded: frozenset[int]
    wrong: frozenset[int]


def _day(form: str, day: date) -> str:
    if form == "named":
        return f"{day.day}. {list(load_cell_words().months)[day.month - 1]} {day.year}"
    if form == "short":
        return f"{day.day}/{day.month}-{day.year % 100:02}"
    if form == "week":
        return f"{('man', 'tir', 'ons', 'tor', 'fre', 'lør', 'søn')[day.weekday()]} {day:%d-%m-%Y}"
    return day.strftime(DAYS[form])


def _person(form: str, number: int, random: Random) -> str:
    raw = f"{1 + number % 28:02}0140{5000 + number}"
    if form == "mix":
        form = random.choice("hnsz")
    written = {"h": f"{raw[:6]}-{raw[6:]}", "n": raw, "s": f"{raw[:6]} {raw[6:]}", "z": raw.lstrip("0")}
    return written.get(form, f'="{raw[:6]}-{raw[6:]}"')


def odd(name: str) -> Odd:
    """An export of the system: the same for the same name."""
    system: dict[str, Any] = SPEC["practice"][name]
    random, rows, courses = Random(name), list[tuple[date, int, dict[str, str], bool]](), list[tuple[bool, bool]]()
    for number in range(60):
        specialty, condition = random.choice(["51"] * 6 + ["57", "62", "65"]), random.choice(list(SPEC["words"]))
        structured, visits, chance = random.random() < 0.6, random.randint(1, 5), random.random()
        listed = condition not in ("other", "unknown")
        mandatory = (specialty == "51" and structured) or (specialty == "57" and listed)
        wrong = listed and chance > 0.9
        code = "" if chance < 0.35 else CODE_OF[WRONG[condition == WRONG[0]] if wrong else condition]
        courses.append((mandatory and not code and visits > 1, wrong))
        word, who, begun = random.choice(SPEC["words"][condition]), random.choice(NAMES), random.randrange(visits)
        first = date(2026, 3, 2) + timedelta(days=random.randint(0, 40))
        days = [first + timedelta(days=5 * visit) for visit in range(visits)]
        of_course = "Struktureret forløb, {}" if structured else "{}"
        for visit, day in enumerate(days[:1] if system.get("by_course") else days):
            coded = bool(code) and (visit >= begun or "by_course" in system)
            written = system["structured" if structured else "ordinary"] if "structured" in system else ""
            shown = SPECIALTIES[specialty] if system["specialty"] == "named" else system["specialty"].format(specialty)
            kind = "Første konsultation" if visit == 0 else "Individuel konsultation"
            cells = {
                "date": _day(system["day"], day), "end": _day(system["day"], days[-1]), "spec": shown,
                "date2": _day(system["day"], first) if coded else "", "cpr": _person(system["cpr"], number, random),
                "id": str(20311 + number * 7), "cid": f"F{1000 + number}", "name": who, "course": written,
                "first": who.split()[0], "last": who.split()[1], "th": random.choice(("AB", "KLM", "TJ")),
                "joined": f"{specialty} {'Struktureret forløb' if structured else 'Almindelig behandling'}",
                "cond": word, "amt": f"{random.randint(90, 400)},50", "inv": str(88000 + len(rows)), "n": str(visits),
                "code": system.get("code", "{0}").format(code, TITLES.get(code, "Syndrom")) if coded else "",
                "status": "Afregnet", "dur": "30", "no": "Nej", "room": "Sal", "one": "1", "doc": "Læge Testrup",
                "svc": f"{'013' if structured else '011'}{visit > 0:d}", "svc2": f"011{visit > 0:d}",
                "svctxt": of_course.format(kind.lower() if structured else kind),
                "svctext": f"011{visit > 0:d} {kind}", "cert": random.choice(("ja", "")),
                "signs": {"cervical_nerve_root": "ja", "lumbar_nerve_root": "ja"}.get(condition, ""),
                "note": random.choice(("", "Øvelser instrueret.")), "addr": "Testvej 1", "zip": "8000",
                "clinic": "Fysioterapi Testby", "yder": "061234", "phone": "20000000", "mail": "a@example.dk",
            }  # fmt: skip
            rows.append((day, number, cells | (dict.fromkeys(system.get("first", ()), "") if visit else {}), coded))
    rows.sort(key=lambda row: row[:2])
    lines, last, coded_rows = [system["delimiter"].join(header for header, _ in system["columns"])], {}, set()
    for place, (_, number, cells, coded) in enumerate(rows, start=2):
        last[number] = place
        if coded and courses[number][1]:
            coded_rows.add(place)
        held = [cells[each] for _, each in system["columns"]]
        lines.append(system["delimiter"].join(_quoted(each) if "quoted" in system else each for each in held))
    uncoded = frozenset(last[number] for number, (missing, _) in enumerate(courses) if missing)
    return Odd(("\r\n".join(lines) + "\r\n").encode(system["encoding"]), uncoded, frozenset(coded_rows))


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'
