"""The program and a naive second implementation agree on random exports: every finding whole, and every count.

``-m slow`` runs many more of them.
"""

import csv
import io
from collections import Counter
from dataclasses import asdict, fields
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icpc_cli.outcomes import CourseCounts, CourseRow, State
from tests.conftest import some
from tests.doors import TODAY, stated
from tests.doors import judged as judged_by_the_program
from tests.oracle import ALARM, CONDITIONS, TITLES, courses_of, judged, services_of, since, understood_of

YES_NO = ["ja", "nej", "", "ved ikke", "?", "delvist"]
POOLS = {
    "Speciale": ["51", "51", "57", "62", "51 Almen fysioterapi", "051", "", "almen"],
    "Forløbstype": ["struktureret", "struktureret", "Struktureret forløb", "andet", "ved ikke", "", "måske"],
    "Problemstilling": [*CONDITIONS, *CONDITIONS, "skulder", "hovedpine", "", "ved ikke", "lumbal stenose + iskias",
                        "artrose i knæ; skulder", "coxartrose/artrose i knæ", "lumbal stenose, ?",
                        "xyz", "qqx", "xyz; iskias", "skulder, xyz", "kontrol", ""],
    "Nerverodstegn": YES_NO,
    "Sikre fund": YES_NO,
    "Diagnosekode": [
        *("L83", "L84", "L86", "L89", "L90", "L03", "L15", "L13", "L01", "L20", "K99", "D86", "", "", " L90 "),
        *("l86", "L 84", "L-90", "L.03", "L8", "L866", "86", "ryg", "L06", "L45", "A30", "L06 L90"),
        *("M54.5", "L40.0", "M54", "DM545", "dm54.5", "L90; M17.1"),
        *("L86, L90", "l03/L15", "L84 L86", "L90 Artrose i knæ"),
    ],
    "Diagnosetekst": [*TITLES, "ARTROSE I KNÆ", "noget andet", "", "", "se 010190-1234"],
    "Notat": ["", "Øvelser", "ringet til 0101901234.", "tlf. 45 32 10 90 11", "kl. 3102901234",
              "990190-1234 og 12345678901", ALARM],
    "Dato": ["01-05-2026", "08.05.2026", "2026-05-15", "15/05/26", "01-05-2026 10:30", "01-05-2026 25:00", "31-02-2026",
             "02-06-2026", "02-06-2026 10:30", "", "i går", "46143", "03-05-2026 23:59",
             "31-03-2026", "01-04-2026", "01-01-0001", "02-01-0001", "2025-12-31"],
    "Konsultation": ["1", "2", "3", "", "x"],
    "Patient": ["a", "b", "c", "", "290200-1234", "2902004234", "310690 1234", "010190-1234", "0101901234x",
                "0101901234", "010190–1234"],
    "Forløb ID": ["1", "2", ""],
    "Klinik": ["Nord", "NORD ", "Syd", ""],
    "Ydelse": ["0110", "0111 Øvelser", " 0110 ", "", "A"],
}  # fmt: skip


OF_A_RECORD = ("Dato", "Konsultation", "Diagnosekode", "Diagnosetekst", "Notat", "Ydelse")
"""What differs from record to record; the rest is mostly as the course has it."""


CODED = (None, ("", "", "L8", "M17.1", "L06"), ("L15", "L13", "L03 L15", "", "x"), ("L90", "L89", "L15", "L13", ""))
"""What the records of a course have for codes: any, none that is valid, symptom codes, or those and disease codes."""

Course = tuple[dict[str, str], dict[str, list[str]]]
"""What the records of a course mostly state, and what each states anew of what."""


def some_course(random: Random) -> Course:
    anew = {name: POOLS[name] for name in OF_A_RECORD}
    if codes := random.choice(CODED):
        anew["Diagnosekode"] = list(codes)
    return {name: random.choice(pool) for name, pool in POOLS.items()}, anew


def some_record(random: Random, course: Course) -> dict[str, str]:
    stated, anew = course
    changed = {name: pool for name, pool in POOLS.items() if random.random() < 0.03} | anew
    return stated | {name: random.choice(pool) for name, pool in changed.items()}


def export(random: Random, courses: list[Course], header: list[str]) -> str:
    """Records of these courses in any order, some twice, some lines that are none, with these columns.

    In some exports every course has an id.
    """
    if random.random() < 0.4:
        courses = [(stated | {"Forløb ID": str(number)}, anew) for number, (stated, anew) in enumerate(courses)]
    records = [some_record(random, course) for course in courses for _ in range(random.randint(1, 5))]
    random.shuffle(records)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator=random.choice(["\n", "\r\n"]))
    writer.writerow(header)
    for record in records:
        cells = [record[name] for name in header]
        odd: dict[int, list[str]] = {0: [], 1: ["x"], 2: [*cells, "y"], 3: [""] * len(header), 4: cells}
        for row in (odd.get(random.randrange(40)), cells):
            if row is not None:
                writer.writerow(row)
    writer.writerow([POOLS.get(name, [""])[0] for name in header])
    return text.getvalue()


def two_exports(random: Random, courses: int) -> tuple[str, str]:
    """An export and an older one of mostly the same courses."""
    left_out = random.sample(sorted({*POOLS} - {"Speciale", "Diagnosekode"}), random.choice([0, 1, 2, 5]))
    if random.random() < 0.3:
        left_out.append("Dato")
    header = [name for name in POOLS if name not in left_out]
    random.shuffle(header)
    known = [some_course(random) for _ in range(courses)]
    older = [*random.sample(known, len(known) // 2), some_course(random)]
    return export(random, known, header), export(random, older, random.sample(header, len(header)))


def agree(text: str, before: str, folder: pytest.TempPathFactory, duty_from: date | None = None) -> None:
    path = folder.mktemp("export") / "klinik.csv"
    path.write_text(text, encoding="utf-8", newline="")
    old = path.with_name("før.csv")
    old.write_text(before, encoding="utf-8", newline="")
    with judged_by_the_program([path], [old] if before else [], duty_from=duty_from) as checked:
        listed = list(checked.findings())
        mine = [stated(finding) for finding in listed]
        courses = asdict(checked.coverage)
        (source,) = checked.sources
        of_courses, of_services = list(checked.courses()), list(checked.services())
    found, counted, rows = judged(text, TODAY, before, duty_from)
    assert mine == found
    assert courses == counted
    told = checked.since
    assert (told is None) == (not before)
    if told is not None:
        assert told._asdict() == since(text, TODAY, before, duty_from)
        states = Counter(finding.detail.state for finding in listed if finding.check not in ("H201", "H203"))
        assert (states[State.NEW], states[State.OPEN]) == (told.new, told.open)
    assert courses.keys() == {each.name for each in fields(CourseCounts)}
    agree_on_courses(text, before, of_courses, duty_from)
    headers = dict(source.columns)
    understood = {headers[role]: (filled, understood) for role, filled, understood in source.understood}
    assert understood == understood_of(text, TODAY)
    services = [
        (each.clinic.lower(), each.month, each.service, each.consultations, each.patients) for each in of_services
    ]
    assert sorted(services) == services_of(text, TODAY)
    assert {"read": source.read, "unreadable": source.unreadable} == rows


def agree_on_courses(text: str, before: str, courses: list[CourseRow], duty_from: date | None) -> None:
    mine = [
        (row.clinic.lower(), row.first, row.last, row.case.specialty, row.case.course.value,
         tuple(each.value for each in row.case.conditions), row.standing.value, row.codes,
         row.consultations)
        for row in courses
    ]  # fmt: skip
    expected = courses_of(text, TODAY, before, duty_from)
    assert sorted(map(repr, mine)) == sorted(repr((clinic, *rest)) for clinic, _, *rest in expected)
    # Patients are numbers that stand for no one: the same person has the same, and two have two.
    people = Counter((clinic, patient) for clinic, patient, *_ in expected if patient)
    numbered = Counter((row.clinic.lower(), row.patient) for row in courses if row.patient is not None)
    assert len({row.patient for row in courses} - {None}) == len(people)
    assert sorted((clinic, count) for (clinic, _), count in people.items()) == sorted(
        (clinic, count) for (clinic, _), count in numbered.items()
    )


@pytest.mark.parametrize("seed", some(range(16), 10))
def test_the_program_and_the_naive_implementation_agree(tmp_path_factory, seed):
    agree(*two_exports(Random(seed), 60), tmp_path_factory, (None, None, date(2026, 4, 1), date(2026, 5, 8))[seed % 4])


@pytest.mark.parametrize("seed", range(16, 20))
def test_they_agree_without_an_older_export(tmp_path_factory, seed):
    agree(two_exports(Random(seed), 60)[0], "", tmp_path_factory)


@pytest.mark.slow
@settings(max_examples=2000, derandomize=False)
@given(st.randoms(use_true_random=False), st.integers(1, 30))
def test_they_agree_on_thousands(tmp_path_factory, random, courses):
    agree(*two_exports(random, courses), tmp_path_factory, random.choice((None, date(2026, 4, 1), date(2026, 5, 8))))
