"""Write the synthetic exports that reports are shown on. The same arguments give the same bytes: fixed seeds, no clock.

    python -m tests.make_year --out data/examples

``aar/aar.csv`` is a year of one clinic, with two instruments at start and follow-up (``aar/icpc.toml``, written by
hand, says which); ``netvaerk/`` holds three smaller clinics, each with its own mix of patients, headers and encoding.
Everything is invented. The CPR numbers are of people born from 2037 to 2057 (seventh digit 5-8), so they are nobody's.
"""

import argparse
import csv
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from tests.make_export import COLUMNS, CONDITIONS, NOTES, TITLES

FIRST, LAST = date(2025, 1, 2), date(2025, 12, 30)
BACK = ("Nerverodspåvirkning i lænd", "Lumbal stenose", "Primære smerter i lænderyggen")
NECK, KNEE, HIP = "Nerverodspåvirkning i nakke", "Artrose i knæ", "Artrose i hofte"
OTHERS = {"Skulder": ("L92", "L08"), "Hovedpine": ("N01", "N01"), "Ankel, forstuvet": ("L77", "L16")}
"""Problems outside the guide, with a disease and a symptom code. Their titles are not the project's to ship."""
INSTRUMENTS = ("NRS start", "NRS slut", "KOOS smerte start", "KOOS smerte slut")
BETTERMENT = {BACK[0]: 2.6, BACK[1]: 1.3, BACK[2]: 2.4, NECK: 2.2, KNEE: 13.0}
"""How much better patients get, on average, on the instrument of their condition."""
KINDS = (("51", "Struktureret"), ("51", "Andet"), ("57", "Andet"), ("62", "Andet"), ("65", "Andet"))
Row = dict[str, str]


@dataclass(frozen=True)
class Clinic:
    """A clinic: where its file goes, how it is written, and whom it treats (weights of CONDITIONS and of KINDS)."""

    path: str
    name: str
    courses: int
    conditions: tuple[int, ...]
    kinds: tuple[int, ...]
    therapists: tuple[str, ...]
    encoding: str = "utf-8-sig"
    delimiter: str = ";"
    instruments: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ("Notat",)


CLINICS = (
    Clinic("aar/aar.csv", "Klinik Østerbro", 2000, (9, 12, 11, 14, 26, 28), (62, 20, 3, 12, 3),
           ("AB", "MØL", "ÅSM", "KT", "PÆR", "JH"), instruments=True, without=()),
    Clinic("netvaerk/nord.csv", "Fysioterapi Nord", 210, (4, 6, 8, 28, 44, 10), (70, 20, 1, 9, 0),
           ("LN", "SØ"), encoding="utf-8"),
    Clinic("netvaerk/syd.csv", "Fysioterapi Syd", 170, (14, 24, 14, 6, 8, 34), (64, 26, 0, 10, 0),
           ("BÅ", "HK", "TR"), encoding="cp1252"),
    Clinic("netvaerk/oest.csv", "Fysioterapi Øst", 230, (9, 10, 20, 14, 22, 25), (50, 18, 14, 12, 6),
           ("DV", "ÆR"), delimiter=",",
           headers={"CPR-nr": "Patient", "Forløb ID": "Sagsnr", "Problemstilling": "Tilstand", "ICPC-kode": "ICPC"}),
)  # fmt: skip


def rows(clinic: Clinic, seed: int) -> Iterator[Row]:
    """The records of a clinic in the order of their days, as a practice system lists them."""
    rng = random.Random(seed)
    found: list[tuple[date, int, Row]] = []
    patients: list[str] = []
    for number in range(1, clinic.courses + 1):
        patient = rng.choice(patients) if patients and rng.random() < 0.08 else _patient(rng)
        patients.append(patient)
        found += [(day, number, row) for day, row in _course(rng, clinic, number, patient)]
    found.sort(key=lambda each: each[:2])
    if clinic.instruments:
        _mistype([row for _, _, row in found])
    for _, _, row in found:
        yield row


def _patient(rng: random.Random) -> str:
    return f"{rng.randrange(1, 29):02d}{rng.randrange(1, 13):02d}{rng.randrange(37, 58)}-{rng.randrange(5000, 9000)}"


def _course(rng: random.Random, clinic: Clinic, number: int, patient: str) -> Iterator[tuple[date, Row]]:
    """One course: it becomes certain as it goes; what falls after the year is not in the export yet."""
    specialty, kind = rng.choices(KINDS, clinic.kinds)[0]
    condition = rng.choices(list(CONDITIONS), clinic.conditions)[0]
    if kind == "Andet" and specialty != "57" and rng.random() < 0.55:
        condition = rng.choice(list(OTHERS))
    signs = _signs(rng, condition)
    day = _weekday(FIRST + timedelta(days=rng.randrange(0, 350)))
    coding = _Coding(rng, condition, signs, coded=rng.random() < _coverage(day, kind, specialty, condition))
    wanted = rng.choices((1, 2, 3, 4, 5, 6), (3, 27, 35, 21, 10, 4))[0]
    days = [day]
    while len(days) < wanted:
        days.append(_weekday(days[-1] + timedelta(days=rng.randrange(4, 15))))
    days = [each for each in days if each <= LAST]
    measured = _measured(rng, condition, len(days)) if clinic.instruments and kind == "Struktureret" else {}
    therapist = rng.choice(clinic.therapists)
    for consultation, each in enumerate(days, start=1):
        certain, code, text = coding.at(consultation)
        cells = (
            each.strftime("%d-%m-%Y"), patient, f"F25{number:05d}", specialty,
            "0110" if consultation == 1 else rng.choices(("0111", "0112"), (80, 20))[0], therapist, kind, condition,
            signs, certain, code, text, str(consultation), clinic.name, rng.choice(NOTES),
        )  # fmt: skip
        row = dict(zip(COLUMNS, cells, strict=True)) | dict.fromkeys(INSTRUMENTS if clinic.instruments else (), "")
        yield each, row | measured.get(consultation, {})


def _weekday(day: date) -> date:
    return day + timedelta(days=(0, 0, 0, 0, 0, 2, 1)[day.weekday()])


def _signs(rng: random.Random, condition: str) -> str:
    if condition in OTHERS:
        return ""
    if condition.startswith("Nerverod"):
        return "ja"
    return "ja" if condition == "Lumbal stenose" and rng.random() < 0.3 else "nej"


def _coverage(day: date, kind: str, specialty: str, condition: str) -> float:
    """The share of courses that are coded: it rises through the year, and is higher where coding is a duty."""
    duty = kind == "Struktureret" or (specialty == "57" and condition in CONDITIONS)
    return (0.62 + 0.03 * day.month) if duty else (0.18 + 0.025 * day.month)


class _Coding:
    """What stands in the columns of certainty and code from one consultation to the next."""

    def __init__(self, rng: random.Random, condition: str, signs: str, *, coded: bool) -> None:
        self.coded = coded
        self.listed = condition in CONDITIONS
        self.disease, self.symptom = CONDITIONS.get(condition) or OTHERS[condition]
        self.certain_from = rng.choices((1, 2, 3), (52, 38, 10))[0]
        if condition == "Lumbal stenose" and signs == "ja" and rng.random() < 0.85:
            self.disease = "L86"
        self.kept = rng.random() < 0.03
        """Some go on with the symptom code though the findings have become certain (K107)."""
        self.late = rng.random() < 0.25
        """Some set no code at all before the findings are certain."""

    def at(self, consultation: int) -> tuple[str, str, str]:
        """Certainty, code and text at a consultation."""
        certain = consultation >= self.certain_from
        code = self.disease if certain and not self.kept else self.symptom
        if not self.coded or (not certain and self.late):
            code = ""
        return ("ja" if certain else "nej") if self.listed else "", code, TITLES.get(code, "")


def _measured(rng: random.Random, condition: str, consultations: int) -> dict[int, Row]:
    """The cells of the instruments by consultation: the start at the first, the follow-up at the last.

    Some 5 in 100 have no follow-up besides those who came once.
    """
    if condition not in BETTERMENT or rng.random() < 0.05:
        return {}
    if condition == KNEE:
        start = min(max(rng.gauss(52, 14), 8.3), 91.7)
        end = min(max(start + rng.gauss(BETTERMENT[condition], 13), 0), 100)
        names, shown = INSTRUMENTS[2:], (_koos(start), _koos(end))
    else:
        start = min(max(rng.gauss(6.2, 1.7), 2), 10)
        end = min(max(start - rng.gauss(BETTERMENT[condition], 2), 0), 10)
        names, shown = INSTRUMENTS[:2], (str(round(start)), str(round(end)))
    cells = {1: {names[0]: shown[0]}}
    if consultations > 1 and rng.random() > 0.05:
        cells[consultations] = {names[1]: shown[1]}
    return cells


def _koos(score: float) -> str:
    """A score that nine items of five answers can give, with the decimal comma of a Danish export."""
    return f"{round(score * 36 / 100) * 100 / 36:.1f}".replace(".", ",").removesuffix(",0")


def _mistype(found: list[Row]) -> None:
    """Two values that no patient can have, as they come about at a keyboard."""
    ends = [row for row in found if row["NRS slut"]]
    starts = [row for row in found if row["KOOS smerte start"]]
    ends[len(ends) // 3]["NRS slut"] = "33"
    starts[len(starts) // 2]["KOOS smerte start"] = "527"


def write(clinic: Clinic, folder: Path, seed: int) -> None:
    """Write the export of a clinic into its place in ``folder``."""
    path = folder / clinic.path
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = [name for name in (*COLUMNS, *(INSTRUMENTS if clinic.instruments else ())) if name not in clinic.without]
    with path.open("w", encoding=clinic.encoding, newline="") as file:
        writer = csv.writer(file, delimiter=clinic.delimiter, lineterminator="\r\n")
        writer.writerow([clinic.headers.get(name, name) for name in columns])
        writer.writerows([row[name] for name in columns] for row in rows(clinic, seed))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    folder = parser.parse_args().out
    for number, clinic in enumerate(CLINICS):
        write(clinic, folder, 2025 + number)


if __name__ == "__main__":
    main()
