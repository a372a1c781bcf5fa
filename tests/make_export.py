"""Write a synthetic export of a physiotherapy clinic. The same arguments give the same bytes: fixed seed, no clock.

    python -m tests.make_export --courses 150 --faults 1 --out data/examples/klinik.csv
    python -m tests.make_export --records 1000000 --out million.csv
    python -m tests.make_export --records 1000000 --unfriendly --out unfriendly.csv

Everything is invented. The CPR numbers are of people born from 2037 to 2057 (seventh digit 5-8), so they are nobody's.
With ``--faults`` every check is made to fire at least so many times; all other courses are as they should be.
``--unfriendly`` is an export as clinics have them: cells say anything, notes have line breaks, not all courses an id.
"""

import argparse
import csv
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Literal

COLUMNS = (
    "Dato", "CPR-nr", "Forløb ID", "Speciale", "Ydelseskode", "Behandler", "Forløbstype", "Problemstilling",
    "Nerverodstegn", "Sikre fund", "ICPC-kode", "ICPC-tekst", "Konsultation", "Klinik", "Notat",
)  # fmt: skip
TITLES = {
    "L01": "Symptom/klage fra cervikalregion",
    "L03": "Symptom/klage fra lænd",
    "L13": "Symptom/klage fra hofte",
    "L15": "Symptom/klage fra knæ",
    "L83": "Cervikalsyndrom",
    "L84": "Rygsyndrom uden smerteudstråling",
    "L86": "Rygsyndrom med smerteudstråling",
    "L89": "Artrose i hofteled",
    "L90": "Artrose i knæ",
}
CONDITIONS = {
    "Nerverodspåvirkning i nakke": ("L83", "L01"),
    "Nerverodspåvirkning i lænd": ("L86", "L03"),
    "Lumbal stenose": ("L84", "L03"),
    "Artrose i hofte": ("L89", "L13"),
    "Artrose i knæ": ("L90", "L15"),
    "Primære smerter i lænderyggen": ("L03", "L03"),
}
THERAPISTS = ("AB", "MØL", "ÅSM", "KT", "PÆR")
CLINICS = ("Klinik Østerbro", "Fysioterapien i Åbyhøj", "Klinik Næstved")
NOTES = (
    "Øvelser gennemgået, hjemmeprogram udleveret.",
    "Fremgang siden sidst; går længere uden pause.",
    "Smerter om morgenen, bedre efter træning; fortsætter.",
    'Patienten siger "det går den rigtige vej", plan uændret.',
    "Holdtræning to gange om ugen, god effekt.",
    "Undersøgt på ny: øget bevægelighed, færre smerter ved gang på trapper.",
)
OFTEN = {"K101": 5, "K104": 2, "K102": 2, "R002": 2}
"""How many times more often than others some checks fire."""
Row = dict[str, str]


@dataclass
class Course:
    """The rows of one course, in order; every row has all columns."""

    rows: list[Row] = field(default_factory=list)


def courses(rng: random.Random) -> Iterator[Course]:
    """Courses without fault, one patient each, for ever."""
    number = 0
    while True:
        number += 1
        condition = rng.choice(list(CONDITIONS))
        specialty, kind = rng.choices(
            (("51", "Struktureret"), ("51", "Andet"), ("57", "Andet"), ("62", "Andet")), (70, 18, 4, 8)
        )[0]
        if kind == "Andet" and rng.random() < 0.4:
            condition = rng.choice(("Skulder", "Hovedpine", "Forstuvet ankel"))
        yield _course(rng, number, condition, specialty, kind)


def _course(rng: random.Random, number: int, condition: str, specialty: str, kind: str) -> Course:
    day = date(2025, 6, 2) + timedelta(days=rng.randrange(560) * 3 // 4)
    patient = f"{rng.randrange(1, 29):02d}{rng.randrange(1, 13):02d}{rng.randrange(37, 58)}-{rng.randrange(5000, 9000)}"
    signs = "ja" if condition.startswith("Nerverod") else "nej" if condition in CONDITIONS else ""
    disease, symptom = CONDITIONS.get(condition, ("", ""))
    therapist, clinic = rng.choice(THERAPISTS), CLINICS[0]
    course = Course()
    consultations = rng.choices((1, 2, 3, 4, 5), (10, 30, 30, 20, 10))[0]
    for consultation in range(1, consultations + 1):
        certain = consultation > 1 or rng.random() < 0.6
        code = disease if certain else symptom
        cells = (
            day.strftime("%d-%m-%Y"),
            patient,
            f"F{number:06d}",
            specialty,
            "0110" if consultation == 1 else "0111",
            therapist,
            kind,
            condition,
            signs,
            ("ja" if certain else "nej") if condition in CONDITIONS else "",
            code,
            TITLES.get(code, ""),
            str(consultation),
            clinic,
            rng.choice(NOTES),
        )
        course.rows.append(dict(zip(COLUMNS, cells, strict=True)))
        day += timedelta(days=rng.randrange(3, 15))
    return course


def _set(place: int, **cells: str) -> Callable[[Course], None]:
    names = {"code": "ICPC-kode", "text": "ICPC-tekst", "signs": "Nerverodstegn", "certain": "Sikre fund",
             "condition": "Problemstilling", "course": "Forløbstype", "specialty": "Speciale", "day": "Dato",
             "note": "Notat", "patient": "CPR-nr"}  # fmt: skip

    def change(course: Course) -> None:
        course.rows[place].update({names[key]: value for key, value in cells.items()})

    return change


def _everywhere(**cells: str) -> Callable[[Course], None]:
    def change(course: Course) -> None:
        for place in range(len(course.rows)):
            _set(place, **cells)(course)

    return change


def _twice(course: Course) -> None:
    course.rows.append(dict(course.rows[-1]))


def _back_to_symptom(course: Course) -> None:
    _set(0, code="L90", text=TITLES["L90"], certain="ja")(course)
    _set(-1, code="L15", text=TITLES["L15"])(course)


STENOSIS = "Lumbal stenose"
KNEE = "Artrose i knæ"
FAULTS: dict[str, tuple[str, int, Callable[[Course], None]]] = {
    "K101": (STENOSIS, 2, _everywhere(code="", text="")),
    "K102": (KNEE, 1, _everywhere(code="", text="")),
    "K103": (KNEE, 2, _set(-1, code="L20", text="")),
    "K104": (STENOSIS, 2, _everywhere(signs="ja")),
    "K105": (STENOSIS, 2, _set(-1, code="L86", text=TITLES["L86"])),
    "K106": (KNEE, 2, _set(-1, certain="nej")),
    "K107": ("Artrose i hofte", 3, _everywhere(code="L13", text=TITLES["L13"])),
    "K108": (KNEE, 2, _set(-1, text=TITLES["L89"])),
    "K109": ("Nerverodspåvirkning i lænd", 2, _set(-1, signs="nej")),
    "H202": (KNEE, 2, _back_to_symptom),
    "P301": (KNEE, 2, _set(-1, note="Ringet til datteren, 010145-5678, om træningen.")),
    "P302": ("Artrose i hofte", 2, _everywhere(patient="310245-5678")),
    "R002": (KNEE, 2, _set(-1, code="l 90")),
    "R003": (KNEE, 2, _set(-1, code="L8", text="")),
    "R004": (KNEE, 2, _set(-1, code="DM17.1", text="")),
    "R005": (KNEE, 2, _set(-1, code="L66", text="")),
    "R006": ("Artrose i hofte", 2, _set(0, specialty="almen")),
    "R007": ("Artrose i hofte", 2, _set(0, signs="måske")),
    "R008": ("Artrose i hofte", 2, _set(0, day="31-02-2026")),
    "R009": ("Artrose i hofte", 2, _twice),
    "R010": ("Artrose i hofte", 2, _set(0, condition="Artrose")),
}
"""By check: the condition of the course, its least number of consultations, and what is done to it."""


def export(wanted: int, *, by_records: bool, faults: int, seed: int) -> Iterator[Row | str]:
    """Rows of courses, faulty ones among them; a text stands for a row that cannot be read (R001)."""
    rng = random.Random(seed)
    waiting = [fault for fault in FAULTS for _ in range(faults * OFTEN.get(fault, 1))]
    rng.shuffle(waiting)
    broken = faults
    made = 0
    for number, course in enumerate(courses(rng), start=1):
        if made >= wanted:
            return
        first = course.rows[0]
        for fault in waiting:
            condition, least, change = FAULTS[fault]
            fits = first["Problemstilling"] == condition and len(course.rows) >= least
            if fits and first["Forløbstype"] == "Struktureret" and (fault != "K102" or len(course.rows) == 1):
                change(course)
                waiting.remove(fault)
                break
        else:
            if broken and number > 20:
                broken -= 1
                yield ";".join(list(first.values())[:9])
        yield from course.rows
        made += len(course.rows) if by_records else 1


ODD = {
    "Speciale": ("51", "Fysioterapi", "62", ""),
    "Forløbstype": ("Struktureret", "Andet", ""),
    "Problemstilling": (*CONDITIONS, "Skulder", "Hovedpine", "Artrose i knæ og hofte", "Artrose", "Lænderyg", ""),
    "Nerverodstegn": ("ja", "nej", ""),
    "Sikre fund": ("ja", "nej", ""),
    "ICPC-kode": (*TITLES, "l 90", "L20", "DM17.1", ""),
}
"""What stands in the cells of an unfriendly export."""


def unfriendly(wanted: int, seed: int) -> Iterator[Row]:
    """So many records: some 42,000 different combinations of facts and half a million findings in a million records.

    One note in five has a line break, one course in five no id, two records in five say anything at all.
    """
    rng = random.Random(seed)
    rows = (row for course in courses(rng) for row in _odd(rng, course))
    return islice(rows, wanted)


def _odd(rng: random.Random, course: Course) -> Iterator[Row]:
    without_id = rng.random() < 0.2
    for row in course.rows:
        if without_id:
            row["Forløb ID"] = ""
        if rng.random() < 0.4:
            row.update({name: rng.choice(cells) for name, cells in ODD.items()})
            row["ICPC-tekst"] = rng.choice((TITLES.get(row["ICPC-kode"], ""), "", "Gonartrose"))
        if rng.random() < 0.2:
            row["Notat"] = row["Notat"].replace(" ", "\n", 1) + "\n- ny tid"
        yield row


def write(
    path: Path,
    rows: Iterable[Row | str],
    *,
    encoding: str,
    delimiter: str = ";",
    newline: str = "\r\n",
    quoted: bool = False,
) -> None:
    """Write rows with their header; ``quoted``: every cell in quotation marks."""
    quoting: Literal[0, 1] = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator=newline, quoting=quoting)
        writer.writerow(COLUMNS)
        for row in rows:
            if isinstance(row, str):
                file.write(row + newline)
            else:
                writer.writerow(row.values())


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    size = parser.add_mutually_exclusive_group(required=True)
    size.add_argument("--courses", type=int)
    size.add_argument("--records", type=int)
    parser.add_argument("--faults", type=int, default=0, help="how often every check fires, at least")
    parser.add_argument("--unfriendly", action="store_true", help="records as clinics have them, without --faults")
    parser.add_argument("--quoted", action="store_true", help="every cell in quotation marks")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--encoding", default="utf-8")
    parser.add_argument("--newline", choices=("lf", "crlf"), default="crlf")
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    rows: Iterable[Row | str] = export(
        chosen.courses or chosen.records, by_records=bool(chosen.records), faults=chosen.faults, seed=chosen.seed
    )
    if chosen.unfriendly:
        rows = unfriendly(chosen.records, chosen.seed)
    newline = {"lf": "\n", "crlf": "\r\n"}[chosen.newline]
    write(chosen.out, rows, encoding=chosen.encoding, newline=newline, quoted=chosen.quoted)


if __name__ == "__main__":
    main()
