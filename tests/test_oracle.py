"""The program and a naive second implementation agree on random exports: every finding, count and row number.

``-m slow`` runs many more of them.
"""

import csv
import io
from dataclasses import asdict, fields
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icpc_cli.guideline import load_guideline
from icpc_cli.judging.check import Options, check_exports
from icpc_cli.outcomes import Coverage
from tests.oracle import CONDITIONS, TITLES, judged

TODAY = date(2026, 6, 1)
YES_NO = ["ja", "nej", "", "ved ikke", "?", "delvist"]
POOLS = {
    "Speciale": ["51", "51", "57", "62", "51 Almen fysioterapi", "051", "", "almen"],
    "Forløbstype": ["struktureret", "struktureret", "Struktureret forløb", "andet", "ved ikke", "", "måske"],
    "Problemstilling": [*CONDITIONS, *CONDITIONS, "skulder", "hovedpine", "", "ved ikke", "lumbal stenose + iskias",
                        "artrose i knæ; skulder", "coxartrose/artrose i knæ", "lumbal stenose, ?"],
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
              "990190-1234 og 12345678901"],
    "Dato": ["01-05-2026", "08.05.2026", "2026-05-15", "15/05/26", "01-05-2026 10:30", "01-05-2026 25:00", "31-02-2026",
             "02-06-2026", "", "i går", "03-05-2026 23:59"],
    "Konsultation": ["1", "2", "3", "", "x"],
    "Patient": ["a", "b", "c", "", "290200-1234", "2902004234", "310690 1234", "010190-1234", "0101901234x"],
    "Forløb ID": ["1", "2", ""],
    "Klinik": ["Nord", "Syd", ""],
}  # fmt: skip


@st.composite
def exports(draw: st.DrawFn) -> str:
    needed = ["Speciale", "Diagnosekode"]
    others = [name for name in POOLS if name not in needed]
    header = draw(st.permutations(needed + draw(st.lists(st.sampled_from(others), unique=True))))
    kinds = st.sampled_from(["good"] * 12 + ["blank", "short", "long"])
    cells_of_a_row = st.tuples(*(st.sampled_from(POOLS[name]) for name in header))
    rows = draw(st.lists(st.tuples(kinds, cells_of_a_row), min_size=1, max_size=25))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator=draw(st.sampled_from(["\n", "\r\n"])))
    writer.writerow(header)
    for kind, cells in rows:
        if kind == "blank":
            writer.writerow([])
        elif kind == "short":
            writer.writerow(["x"])
        elif kind == "long":
            writer.writerow([*cells, "y"])
        else:
            writer.writerow(cells)
    writer.writerow([POOLS[name][0] for name in header])
    return text.getvalue()


def agree(text: str, before: str, folder: pytest.TempPathFactory) -> None:
    path = folder.mktemp("export") / "klinik.csv"
    path.write_text(text, encoding="utf-8", newline="")
    old = path.with_name("før.csv")
    old.write_text(before, encoding="utf-8", newline="")
    with check_exports(load_guideline(), [str(path)], Options(TODAY, previous=[str(old)])) as checked:
        mine = [f"{finding.row} {finding.check}" for finding in checked.findings()]
        courses = asdict(checked.coverage)
        (source,) = checked.sources
    found, counted, rows = judged(text, TODAY, before)
    assert mine == found
    assert courses == counted
    assert courses.keys() == {each.name for each in fields(Coverage)}
    assert {"read": source.read, "unreadable": source.unreadable} == rows


@settings(max_examples=60)
@given(exports(), exports())
def test_the_program_and_the_naive_implementation_agree(tmp_path_factory, text, before):
    agree(text, before, tmp_path_factory)


@pytest.mark.slow
@settings(max_examples=2000, derandomize=False)
@given(exports(), exports())
def test_they_agree_on_thousands(tmp_path_factory, text, before):
    agree(text, before, tmp_path_factory)
