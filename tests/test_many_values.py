"""An export of so many different values that their combinations have more numbers than 64 bits can tell apart."""

from tests.doors import judged

HEADER = (
    "Dato;Patient;Speciale;Forløbstype;Problemstilling;Nerverodstegn;Sikre fund;Diagnosekode;Diagnosetekst;Ydelse;Notat"
)
TITLES = ("Artrose i knæ", "Artrose i hofteled", "Cervikalsyndrom", "Rygsyndrom med smerteudstråling")
NOTES = ("Lumbal spinalstenose", "Gonartrose", "Coxartrose, positiv Lasègue", "Iskias", "")
CHAPTERS = "ABDFHKNPRSTUWXYZ"
ROWS, SERVICES, EVERY = 2000, 99, 500


def row_of(number: int) -> str:
    """A row that nothing else equals in any of its facts; each of a few states what makes K104."""
    first, rest = divmod(number, 29 * len(CHAPTERS))
    what = [f"problem {number}", f"svar {number}", f"{CHAPTERS[rest // 29]}{rest % 29 + 1:02} L{first + 70}"]
    if number % EVERY == 0:
        what = ["lumbal stenose", "ja", "L84"]
    problem, signs, code = what
    return ";".join(
        ("01-05-2026", f"p{number}", str(100 + number), f"type {number}", problem, signs, f"fund {number}", code,
         "andet", str(number % SERVICES + 1), NOTES[number % len(NOTES)])
    )  # fmt: skip


def test_every_combination_keeps_its_own_meaning_beyond_64_bits(tmp_path):
    titled = [f"01-05-2026;t{number};62;andet;skulder;;;;{title};;" for number, title in enumerate(TITLES)]
    rows = [*map(row_of, range(ROWS)), *titled]
    path, settings = tmp_path / "klinik.csv", tmp_path / "icpc.toml"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    meant = [f'"{n}" = {{ condition = "{("iskias", "coxartrose")[n % 2]}" }}\n' for n in range(1, SERVICES + 1)]
    settings.write_text("[services]\n" + "".join(meant), encoding="utf-8")
    with judged([path], settings=settings) as checked:
        assert checked._judge.number_type == "HUGEINT", "these are not that many"
        found = [finding.row for finding in checked.findings() if finding.check == "K104"]
    assert found == [number + 2 for number in range(0, ROWS, EVERY)]
