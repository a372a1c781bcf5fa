"""What a single cell means: days, consultations, conditions, CPR numbers, codes; and what lies just beside it."""

from datetime import date

import pytest

from icpc_cli.advice import is_symptom_code
from icpc_cli.cases.words import read_day
from icpc_cli.checks.catalogue import findings
from icpc_cli.checks.cells import conditions, consultation, cpr_date_exists, serial_date
from icpc_cli.checks.codes import read_codes, tidied
from icpc_cli.checks.rules import is_totals_line
from icpc_cli.outcomes import Role


@pytest.mark.parametrize(("cell", "day"), [
    ("1-5-2026", date(2026, 5, 1)), ("01.05.2026", date(2026, 5, 1)), ("01/05/2026", date(2026, 5, 1)),
    ("01-05-69", date(2069, 5, 1)), ("01-05-70", date(1970, 5, 1)), ("01-05-00", date(2000, 5, 1)),
    ("2026-5-1", date(2026, 5, 1)), (" 2026-05-01 ", date(2026, 5, 1)), ("2026-12-31", date(2026, 12, 31)),
    ("29-02-2024", date(2024, 2, 29)), ("29-02-2026", None), ("31-04-2026", None), ("00-05-2026", None),
    ("05/13/2026", None), ("01-05/2026", date(2026, 5, 1)), ("01-05-026", None), ("01-05", None), ("", None),
    ("2026/05/01", date(2026, 5, 1)),
    ("01-05-2026 10:30", date(2026, 5, 1)), ("01-05-2026 23.59.59", date(2026, 5, 1)), ("01-05-2026 24:00", None),
    ("2026-05-01T08:15:00Z", date(2026, 5, 1)), ("2026-05-01T08:15:00.123+02:00", date(2026, 5, 1)),
    ("01-05-2026 10:60", None), ("01-05-2026 kl. 10", None), ("01-05-0000", None),
])  # fmt: skip
def test_a_day_is_read_in_danish_or_iso_order_or_not_at_all(cell, day):
    assert read_day(cell) == day


@pytest.mark.parametrize(("cell", "day"), [
    ("32874", date(1990, 1, 1)), ("32873", None), ("60267", date(2064, 12, 31)), ("60268", None),
    ("46143,0", date(2026, 5, 1)), (" 46143.0 ", date(2026, 5, 1)), ("4614", None), ("461430", None), ("4614x", None),
    ("46143.5", None), ("²6143", None),
])  # fmt: skip
def test_a_number_of_a_spreadsheet_is_a_day_of_1990_to_2064(cell, day):
    assert serial_date(cell) == day


@pytest.mark.parametrize(("cpr", "exists"), [
    # The CPR Office's table: the seventh digit and the year say the century, and so whether there is a 29 February.
    ("290200-0001", False), ("290200-3999", False), ("290200-4000", True), ("290200-5000", True), ("290200-9000", True),
    ("290236-4000", True), ("290236-3000", True), ("290237-4000", False), ("290240-4000", True), ("290240-9000", True),
    ("290256-5000", True), ("290256-8000", True), ("290258-5000", False), ("290260-5000", True), ("290296-5000", True),
    ("290257-8000", False), ("290297-8000", False), ("300200 4000", False), ("3102904000", False), ("2902044000", True),
    ("010000-4000", False), ("001200-4000", False), ("311299-1000", True), ("310499-1000", False),
    # A replacement number has no seventh digit that says a century.
    ("290200-1AB2", True), ("290201-AB12", False), ("0101901AB2", True), ("310290-7AB2", False),
])  # fmt: skip
def test_the_day_of_a_cpr_number_exists_in_its_century(cpr, exists):
    assert cpr_date_exists(cpr) is exists


@pytest.mark.parametrize(("cpr", "year"), [
    ("010100-0000", 1900), ("010100-3999", 1900), ("010136-4000", 2036), ("010137-4000", 1937), ("010157-5000", 2057),
    ("010158-5000", 1858), ("010158-8000", 1858), ("010157-8000", 2057), ("010136-9000", 2036), ("010137-9000", 1937),
    ("010158-9000", 1958), ("010158-6000", 1858), ("010199-7000", 1899), ("010158-4000", 1958),
])  # fmt: skip
def test_the_century_follows_from_the_seventh_digit_and_the_year(cpr, year, monkeypatch):
    asked: list[int] = []
    monkeypatch.setattr("icpc_cli.checks.cells.date", lambda *day: asked.append(day[0]))
    cpr_date_exists(cpr)
    assert asked == [year]


@pytest.mark.parametrize(("cell", "number"), [
    ("1", 1), (" 12 ", 12), ("300", 300), ("0", None), ("301", None), ("8810", None), ("-1", None),
    ("1.", 1), ("", None),
    ("6,0", 6), ("12 gange", 12), ("3. besøg", 3), ("nr. 4", 4), ("2+", None), ("3 af 6", None), ("3 uger", None),
    ("²", None), ("x", None),
])  # fmt: skip
def test_a_consultation_is_a_number_from_1_to_300_and_no_id_of_a_visit(cell, number):
    assert consultation(cell) == number


def test_a_condition_cell_keeps_the_order_of_the_table_and_is_known_by_what_it_means(guideline):
    several = conditions(guideline, "skulder, artrose i knæ; Iskias/iskias + ?")
    assert several.value == ("lumbar_nerve_root", "knee_osteoarthritis", "other")
    assert several.key == conditions(guideline, "gonartrose + ALBUE + lumbal nerverodspåvirkning").key
    for nothing in ("", "ved ikke", "?"):
        assert (conditions(guideline, nothing).value, conditions(guideline, nothing).key) == ((), "")
    assert conditions(guideline, "xyz").key != conditions(guideline, "zyx").key


@pytest.mark.parametrize(("cell", "codes", "fix"), [
    ("Artrose i knæ (L90)", ("L90",), "Artrose i knæ (L90)"),
    ("Artrose i knæ (L90, l89)", ("L90", "L89"), "Artrose i knæ (L90, L89)"),
    ("L86 og L84", ("L86", "L84"), "L86 og L84"), ("l86 & L84", ("L86", "L84"), "L86 & L84"),
    ("L86, tidligere L84", ("L86",), "L86, tidligere L84"),
    ("artrose L90 og L89", ("L90", "L89"), "artrose L90 og L89"),
    ("artrose l90", (), "artrose l90"),
    ("Diagnosen er L86", ("L86",), "Diagnosen er L86"),  # a word that is but an ending of others denies nothing
    ("Diagnosen er ikke L86", (), "Diagnosen er ikke L86"),
    *((cell, (), cell) for cell in (
        "L90 mangler", "L90 slettet", "mangler L90", "skal kodes L90", "L90 kan ikke bruges", "L90 nej",
        "ingen kode (L90?)", "L90 annulleres", "afventer L86", '=IF(A1="x";"L90";"")',
        "L86?", "L90 ?", "?L89", "L86 (?)", "evt. L89", "L03 måske", "mistanke om L83", "L86 iskias ?", "L90 - obs",
        "L90 afkræftet", "udelukket: L89", "L89 fejlkodet", "L90 ej ok", "skal have L90", "formodet L86",
        "L89 eller L90", "L90 rettes til L89", "L84 afventer",
        "L86 fra egen læge", "Lægens: L84", "L90 ved næste besøg", "Ikke kodet (L86)",
        "L89 er ikke sat", "overvej L84", "L86 ophævet", "L86 skal verificeres", "L89 når røntgen er set",
        "L90 hvis fundene holder", "L84 såfremt MR viser det",
    )),
    *((cell, ("L89",), cell) for cell in (
        "L15 -> L89", "L15 → L90 → L89", "L90 rettet til L89", "L14 omkodet til L89 1/3", "før L13 nu L89",
    )),
    ("L13 → l 89", ("L89",), "L13 → L89"),
    *((cell, ("L84",), cell) for cell in (
        "L84 evt. L86", "L84, L86?", "L84 Rygsyndrom uden smerteudstr?ling", "L84 ondt i kn?",
    )),
    *((cell, ("L84",), cell) for cell in (
        "Rygsyndrom uden smerteudstråling (L84)", "L84 Rygsyndrom uden udstråling", "L84 (ikke opereret)",
        "L84 uden røntgen",
    )),
    ("artrose L 90", (), "artrose L 90"),
    ("xL90", (), "xL90"),
    ("L90.1", (), "L90.1"),
    ("L90x", (), "L90x"),
    ("L - 90", ("L90",), "L90"),
    ("l86 l 86,L86", ("L86",), "L86 L86,L86"),
    ("  l86 ", ("L86",), "  L86 "),
    (";;L86", ("L86",), ";;L86"),
])  # fmt: skip
def test_codes_stand_at_the_start_of_a_part_or_tidy_anywhere(guideline, cell, codes, fix):
    assert read_codes(cell, guideline.diagnoses).codes == codes
    assert tidied(cell, guideline.diagnoses) == fix


@pytest.mark.parametrize(("code", "exists"), [
    *((f"L{n:02}", n in {*range(1, 6), *range(7, 21), *range(26, 30), *range(70, 100)}) for n in range(100)),
    *((f"A{n:02}", 1 <= n <= 29 or n >= 70) for n in range(100)),
])  # fmt: skip
def test_the_numbers_of_a_chapter_are_those_of_icpc_2(code, exists):
    assert bool(read_codes(code).codes) is exists


@pytest.mark.parametrize("chapter", "ABDFHKLNPRSTUWXYZ")
def test_the_symptoms_of_every_chapter_are_01_to_29(chapter):
    symptoms = [number for number in range(100) if is_symptom_code(f"{chapter}{number:02}")]
    assert symptoms == list(range(1, 30))


@pytest.mark.parametrize(("fields", "places", "sums_up"), [
    (["I alt", "51", ""], {"specialty": 1, "code": 2}, False),
    (["I alt", "", ""], {"specialty": 1, "code": 2}, True),
    (["Total:", "51", ""], {"date": 0, "specialty": 1, "code": 2}, True),
    (["= SUM", "", "L90"], {"specialty": 1, "code": 2}, False),
    (["sum", "01-05-2026", ""], {"date": 1, "code": 2}, False),
    (["summen", "", ""], {"specialty": 1, "code": 2}, False),
    (["subtotal"], {"date": 1, "code": 2}, True),
    (["", "", "samlet"], {"date": 0, "specialty": 1, "code": 2}, True),
    (["Antal konsultationer i alt: 1.204", "", ""], {"date": 0, "specialty": 1, "code": 2}, True),
    (["Totalt antal linjer = 33", "", ""], {"date": 0, "specialty": 1, "code": 2}, True),
    (["", "17 patienter i alt", ""], {"date": 0, "specialty": 2, "code": 1}, True),
    (["Hovedtotal kr. 12.300,50", "", ""], {"date": 0, "specialty": 1, "code": 2}, True),
    (["Antal", "12", ""], {"date": 0, "specialty": 1, "code": 2}, True),
    (["", "Total hoftealloplastik 2024", ""], {"date": 0, "condition": 1, "code": 2}, False),
    (["Summen i alt er 12 og derfor høj", "", ""], {"date": 0, "specialty": 1, "code": 2}, False),
    (["I alt", "8 behandlinger", ""], {"date": 1, "code": 2}, True),
    (["Sum", "", "12 besøg", "1.204,00"], {"date": 1, "code": 0}, True),
    (["Hansen", "8 behandlinger", ""], {"date": 1, "code": 2}, False),
    (["Antal i alt: 12", "", "L90"], {"date": 0, "specialty": 1, "code": 2}, False),
    (["", "Behandlinger", "12"], {"date": 0, "code_text": 1, "consultation": 2}, True),
    (["", "Behandlinger", "12"], {"date": 0, "condition": 1, "consultation": 2}, False),
    (["", "Behandlinger", "12"], {"patient": 0, "code_text": 1, "consultation": 2}, True),
    (["", "Behandlinger", "12"], {"course_id": 0, "code_text": 1, "consultation": 2}, False),
])  # fmt: skip
def test_a_row_that_sums_up_says_so_and_is_no_record(fields, places, sums_up):
    assert is_totals_line(fields, places) is sums_up


def test_a_number_of_a_patient_is_found_wherever_words_are_expected(guideline):
    words = {"note", "code_text", "code", "specialty", "course", "condition", "nerve_root_signs", "findings_certain"}
    assert {role for role in Role if dict(findings(guideline, "ja 010190-1234", role)).get("P301")} == words
    assert not any(dict(findings(guideline, "ja 310290-1234", role)) for role in words)
