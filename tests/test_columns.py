"""Which column plays which role: by header and cells together, near misses are asked about, nothing is guessed."""

import cProfile
import json
import pstats
import shlex
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from icpc_cli.checks.catalogue import BY_ID
from icpc_cli.checks.columns import (
    Claim,
    Likeness,
    Situation,
    assess,
    kind,
    match_columns,
    names_a_role,
    names_persons,
    recognised,
    roles,
    roles_by_name,
)
from icpc_cli.checks.contents import CellColumn, Contents, Speaks, numbers_of
from icpc_cli.cli import columns
from icpc_cli.cli.columns import ask_columns, column_sheet
from icpc_cli.cli.session import Session
from icpc_cli.errors import UsageError
from icpc_cli.guideline import Guideline, default_folder, fold, load_guideline
from icpc_cli.guideline.headers import load_headers
from icpc_cli.outcomes import ANNOTATIONS, Role
from icpc_cli.prompts import Keyboard
from icpc_cli.settings.proposal import Proposal
from icpc_cli.settings.sample import Sample
from icpc_cli.settings.values import Settings
from icpc_cli.text import Language
from icpc_cli.voice import Voice

NEEDED = {"code": "", "specialty": "51"}
"""Fixed values that let a file do without the columns that are needed."""


def bare(*headers: str) -> list[CellColumn]:
    """Columns of which every cell is blank."""
    return [CellColumn(header) for header in headers]


def filled(**cells: list[str]) -> list[CellColumn]:
    """Columns by header; underscores are spaces."""
    return [CellColumn.of(header.replace("_", " "), values) for header, values in cells.items()]


def headers_of_the_specification() -> list[tuple[str, str]]:
    import tomllib

    data = tomllib.loads((default_folder() / "columns.toml").read_text(encoding="utf-8"))["roles"]
    known = [(role, header) for role, headers in data.items() for header in (role, *headers)]
    return [(role, header) for role, header in known if len(load_headers().known[fold(header)]) == 1]


@pytest.mark.parametrize(("role", "header"), headers_of_the_specification(), ids=lambda value: value)
def test_every_known_header_is_used_however_it_is_spelled(role: str, header: str, guideline: Guideline) -> None:
    ways = (header, header.upper(), f" {header.lower()} ", header.replace(" ", "_"), header.replace("-", " ") + ".")
    plain = header.replace("ø", "oe").replace("æ", "ae").replace("å", "aa")
    for way in (*ways, plain):
        assert match_columns(guideline, bare("x", way), "a.csv", {}, NEEDED).places == {role: 1}, way


CELLS = {
    "patient": ["10401", "10402"], "date": ["2.3.2026", "9.3.2026"], "specialty": ["51", "57"],
    "course": ["Strukt.", "Alm."], "condition": ["Coxartrose dxt.", "Iskias"], "code": ["L89", "L86"],
    "therapist": ["AB", "KLM"], "nerve_root_signs": ["ja", "nej"], "findings_certain": ["ja", "usikker"],
    "consultation": ["1", "2"], "service": ["0110", "0111"], "note": ["God effekt af øvelser, fortsat.", "Som sidst"],
    "course_id": ["F-1", "F-2"], "provider": ["012345", "012345"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "header"),
    [
        ("patient", "Pt."), ("patient", "Pat.nr"), ("patient", "pt_nummer"), ("patient", "Klientnr."),
        ("patient", "Personnumer"), ("patient", "Client ID"), ("date", "Beh.dato"), ("date", "Konsult. dato"),
        ("date", "Visit date"), ("date", "Dato for besøg"), ("specialty", "Spec. nr."), ("specialty", "Specialty"),
        ("course", "Forl.type"), ("course", "Pakketype"), ("course", "Kategori af forløb"), ("condition", "Henv.årsag"),
        ("condition", "Diagn."), ("condition", "Reason"), ("code", "Dg.kode"), ("code", "ICPC2-code"),
        ("code", "Diagnosekoder"), ("therapist", "Beh."), ("therapist", "Fysioterapeutens initialer"),
        ("nerve_root_signs", "Rodtegn"), ("findings_certain", "Fund sikre?"), ("consultation", "Antal beh."),
        ("consultation", "Kons. nr."), ("service", "Yd.kode"), ("note", "Journ.notat"), ("course_id", "Forl.nr."),
        ("provider", "Yder-nr."),
    ],
)  # fmt: skip
def test_headers_are_understood_by_their_words_and_borne_out_by_their_cells(
    role: str, header: str, guideline: Guideline
) -> None:
    seen = [CellColumn("x"), CellColumn.of(header, CELLS[role])]
    assert match_columns(guideline, seen, "a.csv", {}, NEEDED).places == {role: 1}


@pytest.mark.parametrize(
    ("role", "cells"),
    [
        ("patient", ["010140-5001", "0201405002"]),
        ("specialty", ["51 Almen fysioterapi", "57 Ridefysioterapi"]),
        ("course", ["Struktureret forløb", "Alm. behandling"]),
        ("condition", ["Gonartrose sin.", "Lumbal stenose", "Tennisalbue"]),
        ("code", ["L86", "L90 Slidgigt i knæ", "L03"]),
    ],
)
def test_cells_alone_say_a_role_whatever_the_header_is(role: str, cells: list[str], guideline: Guideline) -> None:
    seen = [CellColumn("x"), CellColumn.of("Felt 7", cells)]
    assert match_columns(guideline, seen, "a.csv", {}, NEEDED).places == {role: 1}


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Sidst ændret", ["2.3.2026", "4.3.2026"]), ("Fødselsdag", ["1.1.2040", "2.1.2040"]),
        ("Betalt den", ["2.3.2026", "3.3.2026"]), ("Alder", ["51", "38"]), ("Rabat", ["ja", "nej"]),
        ("Udskrevet dato", ["2.3.2026", "5.3.2026"]), ("Fornavn", ["Anna", "Bo"]), ("Telefon priv.", ["20304050"]),
        ("Antal", ["1", "2"]), ("Egenandel kr.", ["126,40"]), ("Registreret", ["2.3.2026", "3.3.2026"]),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_not_used(header: str, cells: list[str], guideline: Guideline) -> None:
    seen = [CellColumn("x"), CellColumn.of(header, cells)]
    assert match_columns(guideline, seen, "a.csv", {}, NEEDED).places == {}


@pytest.mark.parametrize(
    "header",
    [
        "Navn",
        "Efternavn",
        "Mobilnr.",
        "Tlf. privat",
        "E-mail",
        "Adresse 2",
        "Postnr.",
        "Beløb i alt",
        "Betalingsfrist",
    ],
)
def test_columns_of_persons_and_payments_are_left_alone(header: str, guideline: Guideline) -> None:
    assert kind(load_headers(), header) == "alone"
    seen = [*filled(ICPC=["L86"], Speciale=["51"]), CellColumn(header)]
    assert assess(guideline, seen, "a.csv", {}).questions({}) == {}


@pytest.mark.parametrize(
    ("cells", "role"),
    [
        (["Iskias", "Knæartrose", "Skulder"], "condition"),
        (["Rygsyndrom med smerteudstråling", "Lændesmertesyndrom"], "code_text"),
        (["L86", "L03", ""], "code"),
    ],
)
def test_a_diagnosis_is_what_its_cells_are(cells: list[str], role: str, guideline: Guideline) -> None:
    titles = {title for code, title in ((each.code, each.title.da) for each in guideline.codes.values()) if code}
    cells = sorted(titles)[:3] if role == "code_text" else cells
    for header in ("Diagnose", "Aktionsdiagnose", "Henv.diagnose"):
        seen = [CellColumn("x"), CellColumn.of(header, cells)]
        assert match_columns(guideline, seen, "a.csv", {}, NEEDED).places == {role: 1}, header


def test_a_header_that_asks_whether_a_course_is_structured_is_answered_with_yes_and_no(guideline: Guideline) -> None:
    found = match_columns(guideline, filled(**{"Struktureret (j/n)": ["j", "n"]}), "a.csv", {}, NEEDED)
    assert (found.places, found.asked) == ({"course": 0}, True)


def test_cells_settle_which_of_two_headers_plays_a_role(guideline: Guideline) -> None:
    seen = filled(Forløb=["F-101", "F-102"], Pakke=["Struktureret", "Andet"])
    assert match_columns(guideline, seen, "a.csv", {}, NEEDED).places["course"] == 1
    seen = filled(Patient=["Anna A.", "Bo B."], CPR=["010140-5001", "020140-5002"])
    assert match_columns(guideline, seen, "a.csv", {}, NEEDED).places == {"patient": 1}


def test_two_columns_that_are_as_good_are_told_and_neither_is_used(guideline: Guideline) -> None:
    seen = filled(Kons_dato=["2.3.2026"], Beh_dato=["3.3.2026"])
    found = match_columns(guideline, seen, "a.csv", {}, NEEDED)
    assert found.places == {}
    assert found.likely == (("date", "Kons dato"),)
    assert "date" in found.missing


def test_a_role_that_has_a_column_is_not_guessed_again(guideline: Guideline) -> None:
    assert "code" not in assess(guideline, bare("ICPC", "ICPC kode (2)", "Spec"), "a.csv", {}).guesses


def test_what_is_likely_is_told_with_the_role(guideline: Guideline) -> None:
    seen = [*filled(ICPC=["L86"], Spec=["51"]), CellColumn.of("Pt. i spor", ["17", "18"]), CellColumn("Telefon")]
    found = match_columns(guideline, seen, "a.csv", {}, {})
    assert found.likely == (("patient", "Pt. i spor"),)
    assert found.ignored == ("Pt. i spor", "Telefon")


SENTENCES = ["Tager trappen igen, styrketræning x 3 pr. uge.", "Smerter i hø. knæ efter løb, hviler ikke.", "Uændret."]


@pytest.mark.parametrize("header", ["Journal (50 tegn)", "Tekst", "Opfølgning"])
def test_sentences_that_no_role_is_read_from_may_be_notes_whatever_their_header(
    guideline: Guideline, header: str
) -> None:
    found = match_columns(guideline, [CellColumn.of(header, SENTENCES)], "a.csv", {}, NEEDED)
    assert (found.places, found.likely) == ({}, (("note", header),))


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Adr.", SENTENCES),
        ("Ydelsestekst", SENTENCES),
        (
            "Tekst",
            ["Individuel behandling, normalydelse, fys."] * 4 + ["Individuel behandling, førstegangskonsultation"],
        ),
        ("Tekst", ["Uændret", "Bedre", "Skulder"]),
    ],
)
def test_addresses_lists_and_short_words_are_not_taken_for_notes(
    guideline: Guideline, header: str, cells: list[str]
) -> None:
    assert not match_columns(guideline, [CellColumn.of(header, cells)], "a.csv", {}, NEEDED).likely


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        ((), ("course", "condition", "date", "patient", "course_id")),
        (("Forløbsnr", "Dato"), ("course", "condition")),
        (("CPR", "Dato", "Forløbstype", "Tilstand"), ()),
    ],
)
def test_roles_without_which_something_cannot_be_judged_are_said(
    there: tuple[str, ...], missing: tuple[str, ...], guideline: Guideline
) -> None:
    assert match_columns(guideline, bare("ICPC", "Spec", *there), "a.csv", {}, {}).missing == missing


@pytest.mark.parametrize(
    ("headers", "nearest"),
    [
        (["Dato", "Spec", "Diag."], "Diag."),
        (["Dato", "Spec", "Diagnose"], "Diagnose"),
        (["Spec", "Kode fra lægen"], "Kode fra lægen"),
    ],
)
def test_without_a_code_column_the_nearest_is_named_with_the_ways_out(
    headers: list[str], nearest: str, guideline: Guideline
) -> None:
    with pytest.raises(UsageError) as raised:
        match_columns(guideline, bare(*headers), "maj 2026.csv", {}, {})
    said = Session(Language.DA).message(raised.value)
    assert f'Nærmest er "{nearest}". Prøv:  icpc check "maj 2026.csv" --map code="{nearest}"' in said
    assert ", ".join(headers) in said
    assert 'icpc init "maj 2026.csv"' in said


def test_without_anything_like_a_code_column_the_headers_are_named(guideline: Guideline) -> None:
    with pytest.raises(UsageError) as raised:
        match_columns(guideline, bare("Spec", "Køn", "Alder"), "a.csv", {}, {})
    said = Session(Language.DA).message(raised.value)
    assert "Spec, Køn, Alder" in said
    assert "--without-codes" in said
    assert "Nærmest" not in said


@pytest.mark.parametrize("header", ["A;B", "Navn;Adresse"])
def test_a_file_of_which_no_column_is_known_is_refused_with_a_way_out(header: str, tmp_path, icpc) -> None:
    export = tmp_path / "ukendt.csv"
    export.write_text(f"{header}\nx;y\n", encoding="utf-8")
    ended = icpc("check", str(export), "--without-codes", "--specialty", "51")
    assert ended.status == 2
    assert header.replace(";", ", ") in ended.err
    assert "icpc init" in ended.err


@pytest.mark.parametrize("rows", ["CPR\n0101401000\n", "Notat\nKnæartrose\n"])
def test_a_column_whose_values_are_not_numbered_may_be_the_only_one(rows: str, tmp_path, icpc) -> None:
    (export := tmp_path / "alene.csv").write_text(rows, encoding="utf-8")
    assert icpc("check", str(export), "--without-codes", "--specialty", "51").status == 0


def test_two_headers_for_one_role_are_both_named(guideline: Guideline) -> None:
    seen = filled(ICPC=["L86"], Diagnosekode=["L86"], Spec=["51"])
    assert assess(guideline, seen, "a.csv", {}).ambiguous == {"code": (0, 1)}
    with pytest.raises(UsageError) as raised:
        match_columns(guideline, seen, "a.csv", {}, {})
    assert (raised.value.id, raised.value.facts["first"], raised.value.facts["second"]) == (
        "two-columns",
        "ICPC",
        "Diagnosekode",
    )


@pytest.mark.parametrize(
    ("mapping", "places"),
    [
        ({"code": "Diagnosekode"}, {"code": 1, "specialty": 2, "note": 3}),
        ({"code": "ICPC", "note": ""}, {"code": 0, "specialty": 2}),
        ({"code": "ICPC", "patient": "Notat"}, {"code": 0, "specialty": 2, "patient": 3}),
        ({"code": "ICPC", "code_text": "icpc"}, {"code": 0, "code_text": 0, "specialty": 2, "note": 3}),
    ],
    ids=["one of two", "no column", "another role", "one column for two"],
)
def test_a_mapping_goes_before_what_is_known(
    mapping: dict[str, str], places: dict[str, int], guideline: Guideline
) -> None:
    seen = bare("ICPC", "Diagnosekode", "Spec", "Notat")
    assert match_columns(guideline, seen, "a.csv", mapping, {}).places == places


@pytest.mark.parametrize(
    ("typed", "role"),
    [("code", "code"), ("Kode", "code"), ("forløbstype", "course"), ("Tilstand", "condition"), ("CPR", "patient"),
     ("certain findings", "findings_certain"), ("ydernummer", "provider"), ("SPECIALE", "specialty")],
)  # fmt: skip
def test_roles_are_understood_by_what_people_call_them(typed: str, role: str) -> None:
    assert roles_by_name()[fold(typed)] == role


HEADERS = st.lists(
    st.one_of(st.text(max_size=12), st.sampled_from(["ICPC", "Diag.", "Dato", "Spec", "CPR", "Dato 2", "Diagnose"]))
)


@given(HEADERS, st.lists(st.sampled_from(["L86", "51", "2.3.2026", "Iskias", "ja", "010140-5001", "Struktureret"])))
def test_no_columns_stop_the_search_and_each_has_one_part_to_play(headers: list[str], cells: list[str]) -> None:
    seen = [CellColumn.of(header, cells) for header in headers]
    situation = assess(load_guideline(), seen, "a.csv", {})
    places = dict(situation.places)
    if places.get("course") == places.get("specialty"):  # one column may say both
        places.pop("course", None)
    claimed = [*places.values(), *(place for claim in situation.ambiguous.values() for place in claim)]
    assert len(claimed) == len(set(claimed))
    assert set(situation.guesses).isdisjoint({*situation.places, *situation.ambiguous})
    for guesses in situation.guesses.values():
        assert all(headers[each.place] == each.header for each in guesses)


@pytest.mark.parametrize(
    "headers",
    [
        lambda size: [" ".join(f"ord{n}" for n in range(size)), "ICPC", "Spec"],
        lambda size: ["nr" * size, "ICPC", "Spec"],
        lambda size: ["beh" * size + ".", "ICPC", "Spec"],
        lambda size: [f"Kolonne {n}" for n in range(size)],
        lambda size: [f"forløbsdagsnummerkodetekst{n}" for n in range(size)],
    ],
    ids=["words", "a word of parts", "a shortened word", "headers", "compounds"],
)
def test_the_work_grows_no_faster_than_the_headers(headers, guideline: Guideline) -> None:
    small, large = (operations(guideline, headers(size)) for size in (200, 800))
    assert large <= 5 * small


def operations(guideline: Guideline, headers: list[str]) -> int:
    """How many calls it takes to read these headers, with three cells under each."""
    seen = [CellColumn.of(header, ["Iskias", "L86", "x"]) for header in headers]
    load_headers().parsed("warm")
    profile = cProfile.Profile()
    profile.enable()
    assess(guideline, seen, "a.csv", {})
    recognised(guideline, headers, ())
    profile.disable()
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


# Columns that hold each other's cells

KINDS = {
    "Dato": ["01-05-2026", "2/5-26", "2026-05-03"],
    "CPR-nr": ["0101405234", "020240-5234", "030340-5234"],
    "Speciale": ["51", "57", "62"],
    "Problemstilling": ["Knæartrose", "Lumbal stenose", "Iskias"],
    "ICPC": ["L90", "L84", "L86"],
    "Forløbstype": ["Struktureret", "Andet forløb", "Struktureret"],
}


def mistaken(guideline: Guideline, cells: Mapping[str, list[str]]) -> set[tuple[str, str]]:
    return set(match_columns(guideline, filled(**cells), "a.csv", {}, {}).mistaken)


@pytest.mark.parametrize(("one", "other", "expected"), [
    ("Dato", "CPR-nr", {("patient", "Dato"), ("date", "CPR-nr")}),
    ("ICPC", "Dato", {("date", "ICPC"), ("code", "Dato")}),
    ("Speciale", "ICPC", {("code", "Speciale"), ("specialty", "ICPC")}),
    ("Speciale", "CPR-nr", {("patient", "Speciale")}),
    ("Dato", "Forløbstype", {("course", "Dato"), ("date", "Forløbstype")}),
])  # fmt: skip
def test_columns_that_are_swapped_are_told(
    guideline: Guideline, one: str, other: str, expected: set[tuple[str, str]]
) -> None:
    assert mistaken(guideline, KINDS | {one: KINDS[other], other: KINDS[one]}) == expected


def test_columns_that_hold_their_own_or_nothing_known_are_not_told(guideline: Guideline) -> None:
    assert mistaken(guideline, KINDS) == set()
    assert mistaken(guideline, KINDS | {"Dato": ["i går", "?", "45123"], "CPR-nr": ["x y", "", "Hansen"]}) == set()
    assert mistaken(guideline, KINDS | {header: ["", "", ""] for header in KINDS}) == set()


def test_the_head_of_the_screen_says_how_to_swap_back(tmp_path, icpc) -> None:
    swapped = KINDS | {"Dato": KINDS["CPR-nr"], "CPR-nr": KINDS["Dato"]}
    rows = (";".join(cells) for cells in zip(*swapped.values(), strict=True))
    file = tmp_path / "k.csv"
    file.write_text("\n".join([";".join(KINDS), *rows]), encoding="utf-8")
    out = " ".join(icpc("check", str(file)).out.split())
    assert out.index('--map patient="Dato"') < out.index("R008")
    assert '--map date="CPR-nr"' in out


# Two columns with one header


@pytest.mark.parametrize(("headers", "numbers"), [
    (["Diag.", "Dato", "Diag.", "DIAG", ""], [1, 1, 2, 3, 1]),
    (["Diag.", "Diag. (2)", "Diag.", "Diag."], [1, 1, 3, 4]),
    (["", "", ""], [1, 1, 1]),
])  # fmt: skip
def test_columns_of_one_header_are_told_apart_by_a_number(headers: list[str], numbers: list[int]) -> None:
    assert numbers_of(headers) == numbers


TWICE = "Dato;Speciale;Kode;ICPC;Kode\n01-05-2026;62;L15;x;L90\n"


@pytest.mark.parametrize(("mapped", "unused"), [("Kode", "Kode (2)"), ("kode (2)", "Kode"), ("ICPC", "Kode")])
def test_a_mapping_names_one_of_two_columns_with_one_header(tmp_path, icpc, mapped, unused) -> None:
    file = tmp_path / "k.csv"
    file.write_text(TWICE, encoding="utf-8")
    by_option = icpc("check", str(file), "--map", f"code={mapped}", "--format", "json")
    file.with_name("icpc.toml").write_text(f'[columns]\ncode = "{mapped}"\n', encoding="utf-8")
    by_settings = icpc("check", str(file), "--format", "json")
    for ended in (by_option, by_settings):
        source = json.loads(ended.out)["sources"][0]
        assert fold(source["columns"]["code"]) == fold(mapped)
        assert unused in source["ignored_columns"]


def test_the_advice_names_two_columns_with_one_header_apart(tmp_path, icpc) -> None:
    file = tmp_path / "k.csv"
    file.write_text(TWICE.replace(";ICPC;Kode", ";x;ICPC-kode").replace("Kode;", "ICPC-kode;"), encoding="utf-8")
    ended = icpc("check", str(file))
    assert ended.status == 2
    assert '"ICPC-kode" og "ICPC-kode (2)"' in " ".join(ended.err.split())


def test_headers_are_recognised_whether_they_are_used_or_left_alone(guideline: Guideline) -> None:
    headers = ["tlf", "Dato", "Xyl", "Beløb", "Navn"]
    assert recognised(guideline, headers, ()) == 4
    assert recognised(guideline, headers, ["xyl"]) == 5
    assert [header for header in headers if names_a_role(guideline, [header])] == ["Dato"]


@pytest.mark.parametrize(
    ("headers", "persons"),
    [
        (["Patient", "CPR-nr", "Borger", "Patientens navn"], True),
        (["Behandler", "Fysioterapeut", "Initialer", "Navn"], True),
        (["Dato", "Kode", "Speciale", "Notat", "Ydelse"], False),
    ],
)
def test_a_header_says_whether_persons_stand_below_it(headers: list[str], persons: bool, guideline: Guideline) -> None:
    assert {header: names_persons(guideline, header) for header in headers} == dict.fromkeys(headers, persons)


def test_what_a_check_goes_by_is_asked_for_on_less_than_a_header_in_words() -> None:
    decide = {"code", "specialty", "course", "condition", "patient", "course_id", "date"}
    decide |= {"nerve_root_signs", "findings_certain"}
    for role in Role:
        for likeness in Likeness:
            guess = Claim(1, "Andet", role, likeness, Speaks.ALONE)
            asked = Situation(("Dato", "Andet"), {}, {}, {role: (guess,)}).questions({})
            assert asked == ({role: ("Andet",)} if role in decide or likeness >= Likeness.WORDS else {}), (
                role,
                likeness,
            )
            assert Situation(("Dato", "Andet"), {}, {}, {role: (guess,)}).questions({role: "51"}) == {}
    assert Situation(("Kode", "Dg"), {}, {"code": (1, 0)}, {}).questions({}) == {"code": ("Dg", "Kode")}


@pytest.mark.parametrize(
    ("likeness", "role", "speaks"),
    [
        *((each, Role.CODE, "alone") for each in ("none", "part", "among")),
        *((each, Role.CODE, "nothing for alone") for each in ("words", "shared")),
        ("known", Role.CODE, "against nothing for alone"),
        *((each, Role.DATE, "") for each in ("none", "part")),
        ("among", Role.DATE, "for"),
        ("words", Role.DATE, "nothing for"),
    ],
)
def test_header_and_cells_together_leave_no_doubt(likeness: str, role: Role, speaks: str) -> None:
    for each in Speaks:
        claim = Claim(1, "Andet", role, Likeness[likeness.upper()], each)
        if role is not Role.DATE or each is not Speaks.ALONE:  # no cell of a date says so by itself
            assert claim.certain == (each.name.lower() in speaks.split())


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        (["Knæartrose"] * 5, True),
        (["Knæartrose"] * 9 + ["Artrose i knæ"] * 2, True),
        (["Knæartrose"] * 8 + ["Artrose i knæ"] * 2, False),
        (["Knæartrose"] * 99 + ["010190-1234"], False),
        (["Knæartrose"] * 2 + ["Skulder"] * 8, True),
        (["Knæartrose"] * 1 + ["Skulder"] * 9, True),
        (["Knæartrose"] + [f"Skulder {'abcdefghi'[:number]}" for number in range(1, 10)], False),
        (["Skulder"] * 3, False),
    ],
)
def test_texts_beside_codes_are_problems_where_few_are_titles(
    cells: list[str],
    problems: bool,
    guideline: Guideline,
) -> None:
    assert Contents(guideline).problems(CellColumn.of("Tekst", cells)) is problems


# Asking


class _Interactive(Session):
    @property
    def interactive(self) -> bool:
        return True


def asked(
    keys: str, headers: Mapping[str, Sequence[str]], monkeypatch: pytest.MonkeyPatch, **mapping: str
) -> dict[str, dict[str, str]]:
    """What comes of pressing these keys at the questions that the headers raise."""
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        monkeypatch.setattr(columns, "_asker", lambda session: Keyboard(session.voice))
        pipe.send_text(keys)
        session = _Interactive(Language.DA)
        begun = {path: bare(*each) for path, each in headers.items()}
        return ask_columns(session, load_guideline(), begun, dict.fromkeys(headers, mapping), {})


def test_in_a_terminal_a_guess_is_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {"a.csv": ["Spec", "Diag."]}
    assert asked("j", headers, monkeypatch) == {"a.csv": {"code": "Diag."}}
    assert asked("n", headers, monkeypatch) == {"a.csv": {"code": ""}}


def test_of_several_columns_one_is_chosen_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {"a.csv": ["Spec", "ICPC", "Diagnosekode"]}
    assert asked("2", headers, monkeypatch) == {"a.csv": {"code": "Diagnosekode"}}
    assert asked("0", headers, monkeypatch) == {"a.csv": {"code": ""}}


def test_what_several_files_leave_open_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {"a.csv": ["Spec", "Diag."], "b.csv": ["Diag.", "Spec"], "c.csv": ["ICPC", "Spec"]}
    assert asked("j", headers, monkeypatch) == {"a.csv": {"code": "Diag."}, "b.csv": {"code": "Diag."}, "c.csv": {}}


def test_a_mapping_that_is_given_is_not_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {"a.csv": ["Spec", "Diag.", "Patienter i spor"]}
    assert asked("j", headers, monkeypatch, code="Diag.") == {"a.csv": {"code": "Diag.", "patient": "Patienter i spor"}}


def test_without_a_terminal_nothing_is_asked(monkeypatch: pytest.MonkeyPatch, guideline: Guideline) -> None:
    monkeypatch.setattr(columns, "_asker", None)
    asked = ask_columns(Session(Language.DA), guideline, {"a.csv": bare("Diag.")}, {"a.csv": {"date": ""}}, {})
    assert asked == {"a.csv": {"date": ""}}


def test_ctrl_c_at_the_question_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt):
        asked("\x03", {"a.csv": ["Spec", "Diag."]}, monkeypatch)


def test_a_header_is_shown_short_and_without_what_a_terminal_obeys() -> None:
    question = column_sheet(Voice(), "a.csv", "code", ["Diag\x1b[2J" + "x" * 99])
    assert "\x1b" not in question.text
    assert len(question.text) < 100


def test_all_roles_can_be_named_in_a_question() -> None:
    for role in roles():
        for language in Language:
            assert column_sheet(Voice(language), "a.csv", role, ["x"]).text


KNOWN = {"CPR": ["a1", "a2"], "Speciale": ["51", "57"], "Tilstand": ["Iskias", "LBP"]}


@pytest.mark.parametrize(
    ("role", "columns"),
    [
        ("code", KNOWN | {"ICPC-2-DK": ["L86", "L03"]}),
        ("code", KNOWN | {"Faktureret kode": ["L86", "L03"]}),
        ("date", KNOWN | {"Behandlet": ["man 02-03-2026", "09-03-2026"]}),
        ("condition", KNOWN | {"Tilstand": [], "Diagnosetekst": ["Coxartrose", "Iskias"]}),
    ],
)
def test_what_cells_say_goes_before_a_header_that_says_little(
    role: str, columns: dict[str, list[str]], guideline: Guideline
) -> None:
    given = {header: cells for header, cells in columns.items() if cells}
    found = assess(guideline, filled(**given), "a.csv", {})
    assert found.headers[found.places[role]] == list(given)[-1]
    assert "code_text" not in found.places


@pytest.mark.parametrize(
    ("mapping", "role"),
    [({}, "condition"), ({"code_text": "Diagnosetekst"}, "code_text"), ({"condition": ""}, "code_text")],
)
def test_texts_that_are_problems_stay_texts_of_codes_where_the_clinic_says_so(
    mapping: dict[str, str], role: str, guideline: Guideline
) -> None:
    seen = filled(Speciale=["51", "57"], Diagnosetekst=["Coxartrose", "Iskias"])
    assert assess(guideline, seen, "a.csv", mapping).places == {"specialty": 0, role: 1}


def test_words_that_nobody_knows_speak_against_a_role_unless_each_would_be_a_finding(guideline: Guideline) -> None:
    column = CellColumn.of("x", ["op", "ned", "midt"])
    told = {role for each in ("R003", "R006", "R007", "R008") for role in BY_ID[each].roles}
    for role in set(roles()) - {"condition", "note", "clinic", "therapist"}:
        speaks = Contents(guideline).speak(role, column)
        assert speaks is (Speaks.NOTHING if role in told else Speaks.AGAINST), role


def test_one_column_may_say_specialty_and_course_type(guideline: Guideline) -> None:
    both = {"Spec.": ["51 Struktureret forløb", "51 Almindelig behandling", "57"]}
    assert assess(guideline, filled(**both), "a.csv", {}).places == {"specialty": 0, "course": 0}
    assert assess(guideline, filled(**both), "a.csv", {"course": ""}).places == {"specialty": 0}
    named = {"Aftale": ["Almen fysioterapi - struktureret", "Vederlagsfri fysioterapi", "Ridefysioterapi", "62 fys."]}
    assert assess(guideline, filled(**named), "a.csv", {}).places == {"specialty": 0, "course": 0}
    just = {"Spec.": ["51 Almen fysioterapi", "57 Ridefysioterapi"]}
    assert assess(guideline, filled(**just), "a.csv", {}).places == {"specialty": 0}


def test_values_that_were_kept_as_text_are_read_as_that_text(guideline: Guideline) -> None:
    found = assess(guideline, filled(Patient_CPR=['="010140-5001"', '="020140-5002"']), "a.csv", {})
    assert found.places == {"patient": 0}


SAYING = {
    "code": "L90", "date": "01-05-2026", "specialty": "51", "course": "struktureret", "nerve_root_signs": "ja",
    "findings_certain": "nej", "consultation": "2", "service": "0110", "provider": "12345", "course_id": "A17",
    "patient": "010190-1234", "code_text": "Artrose i knæ",
}  # fmt: skip


@pytest.mark.parametrize(("known", "least"), [(False, 6), (True, 2)])
@pytest.mark.parametrize("role", SAYING)
def test_most_cells_must_speak_for_a_role_or_some_where_the_header_does(
    role: str, known: bool, least: int, guideline: Guideline
) -> None:
    for said in range(11):
        column = CellColumn.of("x", [SAYING[role]] * said + ["ost"] * (10 - said))
        speaks = Contents(guideline).speak(role, column, known=known)
        assert (speaks >= Speaks.FOR) == (said >= least), said


@pytest.mark.parametrize(
    ("cells", "prose"),
    [(["a" * 30], True), (["a" * 29], False), (["a" * 40, "b" * 20], True), (["a" * 40, "b" * 19], False), ([], False)],
)
def test_prose_is_as_long_as_sentences_are(cells: list[str], prose: bool) -> None:
    assert CellColumn.of("x", cells).prose is prose


@pytest.mark.parametrize(("different", "twice", "speaks"), [(50, 0, True), (51, 0, False), (51, 1, True)])
def test_where_all_of_many_cells_are_different_they_are_no_problems(
    different: int, twice: int, speaks: bool, guideline: Guideline
) -> None:
    cells = ["gonartrose " + "abcdefghijklmnopqrstuvwxyz"[place % 26] * (place // 26 + 1) for place in range(different)]
    assert (
        Contents(guideline).speak("condition", CellColumn.of("x", cells + cells[:twice])) > Speaks.AGAINST
    ) is speaks


@pytest.mark.parametrize(("cell", "speaks"), [("0101901234", Speaks.ALONE), ("101901234", Speaks.FOR)])
def test_nine_digits_are_a_patient_only_where_the_header_says_so(
    cell: str, speaks: Speaks, guideline: Guideline
) -> None:
    assert Contents(guideline).speak("patient", CellColumn.of("x", [cell])) is speaks


# Headers that say something beside a role, and columns that are as good as another


ASIDE = [
    ("code", "Forslag ICPC"), ("code", "Foreslået ICPC-kode"), ("code", "Tidligere ICPC"), ("code", "Manglende ICPC"),
    ("code", "ICPC (henvisning)"), ("code", "ICPC kodet af læge"), ("code", "Henvisers ICPC"),
    ("code", "Bidiagnosekode"), ("code", "Kirurgens kode"), ("code", "ICPC mgl."), ("code", "Tillægskode"),
    ("code", "Gl. ICPC"), ("code", "Kodeforslag"), ("condition", "Arbejdsdiagnose"), ("patient", "Værges CPR"),
    ("code", "Lægens diagnosekode"), ("code", "Evt. ICPC"), ("code", "Tidl. diagnosekode"), ("code", "Henv. ICPC"),
    ("code", "Lægehuskode"), ("code", "Kode fra sygehuset"), ("code", "Gammel ICPC-kode"), ("code", "ICPC, slettet"),
    ("code", "Ønsket diagnosekode"), ("code", "Suggested ICPC"), ("code", "Code not used"), ("code", "ICPC-forslag"),
    ("specialty", "Henvisers speciale"), ("specialty", "Tidligere spec."), ("condition", "Tidligere problemstilling"),
    ("condition", "Udelukket diagnose"), ("condition", "Sekundær problemstilling"), ("condition", "Tidl. tilstand"),
    ("course", "Tidligere forløbstype"), ("course", "Anbefalet forløb"), ("patient", "Henvisers CPR"),
    ("patient", "Ægtefælles CPR-nr."), ("date", "Planlagt dato"), ("date", "Tidligere besøgsdato"),
]  # fmt: skip


@pytest.mark.parametrize(("role", "header"), ASIDE, ids=lambda value: value)
def test_a_header_that_speaks_of_another_fact_is_asked_about_and_never_used(
    role: str, header: str, guideline: Guideline
) -> None:
    plain = CELLS | {"patient": ["010140-5001", "020140-5002"], "specialty": ["51 Almen fysioterapi", "57 Rid"]}
    seen = [CellColumn("x"), CellColumn.of(header, plain[role])]
    situation = assess(guideline, seen, "a.csv", {})
    assert situation.places == {}
    assert header in situation.questions({}).get(role, ())
    assert assess(guideline, seen, "a.csv", {role: header}).places == {role: 1}


@pytest.mark.parametrize(
    "header",
    [
        "Ikke struktureret", "Ej struktureret", "Ustruktureret", "Ustrukt. forløb", "Uden struktureret forløb",
        "Ikke-struktureret forløb", "Afslået struktureret forløb", "Tidligere struktureret", "Struktureret nej",
        "Egnet til struktureret forløb", "Struktureret forløb tilbudt", "Struktureret forløb (drøftet)",
        "Ikke struktureret (ja/nej)", "Not structured", "Unstructured", "Fravalgt struktureret",
    ],
)  # fmt: skip
def test_yes_and_no_below_a_header_that_does_not_just_ask_say_no_course(header: str, guideline: Guideline) -> None:
    seen = filled(**{"CPR": ["010140-5001", "020140-5002"], header: ["Ja", "Nej"]})
    found = match_columns(guideline, seen, "a.csv", {}, NEEDED)
    assert "course" not in found.places
    assert header in found.ignored


def test_a_mapped_header_that_denies_is_not_read_the_wrong_way_round(guideline: Guideline) -> None:
    seen = filled(Ikke_struktureret=["Ja", "Nej"])
    found = match_columns(guideline, seen, "a.csv", {"course": "Ikke struktureret"}, NEEDED)
    assert (found.places, found.asked) == ({"course": 0}, False)


@pytest.mark.parametrize("header", [
    "Struktureret j/n", "Struktureret (ja/nej)", "Er strukt. forløb", "Struktureret? (yes/no)", "Struktureret (nej/ja)",
])  # fmt: skip
def test_a_header_that_asks_is_answered(header: str, guideline: Guideline) -> None:
    assert match_columns(guideline, filled(**{header: ["Ja", "Nej"]}), "a.csv", {}, NEEDED).asked


@pytest.mark.parametrize("header", [
    "Usikre fund", "Usikker", "Fund usikre", "Ikke sikre fund", "Sikre fund mangler", "Tvivl om fund", "Uncertain",
    "Ingen nerverodstegn", "Uden nerverodstegn", "Nerverodstegn fraværende", "Neuro u.a.", "Tidligere nerverodstegn",
    "Negative nerverodstegn", "Normal neurologi", "Utilstrækkelige fund",
])  # fmt: skip
def test_yes_and_no_are_neither_read_nor_offered_below_a_header_that_denies(header: str, guideline: Guideline) -> None:
    situation = assess(guideline, filled(x=["a"], **{header: ["Ja", "Nej"]}), "a.csv", {})
    assert (situation.places, situation.questions(NEEDED)) == ({}, {})


@pytest.mark.parametrize(
    ("role", "one", "other"),
    [
        ("condition", {"Hoveddiagnose": "Knæartrose"}, {"Bidiagnose": "Skulder"}),
        ("condition", {"Primær problemstilling": "Skulder"}, {"Sekundær problemstilling": "Knæartrose"}),
        ("condition", {"Problemstilling 1": "Knæartrose"}, {"Problemstilling 2": "Skulder"}),
        ("condition", {"Problemstilling": "Knæartrose"}, {"Problemstilling 2": "Skulder"}),
        ("condition", {"1. problem": "Skulder"}, {"2. problem": "Iskias"}),
        ("condition", {"Årsag A": "Iskias"}, {"Årsag B": "Skulder"}),
        ("code", {"ICPC 1": "L90"}, {"ICPC 2": ""}),
        ("code", {"Primær ICPC": "L90"}, {"Sekundær ICPC": "L86"}),
        ("code", {"Diagnosekode": "L90"}, {"Bidiagnosekode": "L86"}),
        ("code", {"Hoveddiagnose": "L90"}, {"Bidiagnose": "L86"}),
    ],
    ids=str,
)
def test_columns_that_differ_by_a_number_or_rank_are_both_named(
    role: str, one: dict[str, str], other: dict[str, str], tmp_path, icpc
) -> None:
    for number, (headers, cells) in enumerate(
        (zip(*(one | other).items(), strict=True), zip(*(other | one).items(), strict=True))
    ):
        file = tmp_path / f"{number}.csv"
        file.write_text(f"Speciale;{';'.join(headers)}\n51;{';'.join(cells)}\n", encoding="utf-8")
        options = ("--without-codes",) if role == "condition" else ()
        ended = icpc("check", str(file), *options)
        assert ended.status == 2
        assert all(f'"{header}"' in " ".join(ended.err.split()) for header in (*one, *other))
        assert icpc("init", "--yes", str(file)).status == 0
        assert icpc("check", str(file), *options).status == 2
        (tmp_path / "icpc.toml").unlink()
        proposed = shlex.split(ended.err.split("--map")[1])[0]
        assert number or proposed.split("=")[1] in one
        assert icpc("check", str(file), *options, "--map", proposed).status in (0, 1)


@pytest.mark.parametrize(
    ("role", "wins", "columns"),
    [
        ("code", "Diagnose", {"Kode": ["0110", "0111"], "Tekst": ["Første", "Normal"], "Diagnose": ["L90", "L86"]}),
        ("code", "Diagnose", {"Kode": ["Normal", "Første"], "Diagnose": ["L90", "L86"]}),
        ("code", "Felt 7", {"Dg.kode": ["010140-5001", "020140-5002"], "Felt 7": ["L90", "L86"]}),
        ("code", "Diagnose", {"ICPC": ["0110", "0111"], "Diagnose": ["L90", "L86"]}),
        ("code", None, {"Kode": ["0110", "0111"]}),
        ("specialty", "Felt 7", {"Spec. nr.": ["0110", "0111"], "Felt 7": ["51 Almen fysioterapi", "57 Rid"]}),
        ("code", "Diagnose", {"Diagnose": ["L90", "L86"], "Diagnose 2": ["Knæartrose", "Iskias"]}),
    ],
)
def test_a_header_does_not_win_over_a_column_that_plainly_is_the_role(
    role: str, wins: str | None, columns: dict[str, list[str]], guideline: Guideline
) -> None:
    for headers in (list(columns), list(reversed(columns))):
        found = assess(guideline, filled(**{each: columns[each] for each in headers}), "a.csv", {})
        assert role not in found.ambiguous
        assert (headers[found.places[role]] if role in found.places else None) == wins


def test_columns_that_the_program_wrote_are_never_offered(guideline: Guideline) -> None:
    written = {header: ["L90", "51 Almen fysioterapi"] for header in ANNOTATIONS}
    own = tuple(CellColumn.of(header, cells) for header, cells in written.items())
    situation = assess(guideline, own, "a.csv", {})
    assert (situation.places, situation.guesses) == ({}, {})
    seen = (*own, CellColumn.of("Problemstilling", ["Knæartrose", "Iskias"]), CellColumn.of("Felt", ["x", "y"]))
    remarks = Proposal(guideline, Sample("a.csv", "utf-8", ";", 2, seen), Settings()).remarks({})
    assert remarks.unused == ("Felt",)
    assert remarks.columns == ()


@pytest.mark.parametrize(("header", "cells"), [
    ("Radikulære symptomer?!", ("ja", "nej", "ja")), ("Udfald", ("x", "", "x")), ("Lasègue", ("pos", "neg", "neg")),
    ("Fund endnu ikke sikre", ("1", "0", "1")), ("Ingen nerverodstegn", ("ja", "ja", "nej")),
    ("Antal", ("1", "-1", "3")),
    ("Status", ("Mødt", "Udeblevet", "Mødt")), ("Mødte", ("ja", "afbud", "ja")), ("Felt 7", ("L90", "L86", "")),
    ("Vurderet til", ("Hofteartrose", "iskias", "iskias")),
])  # fmt: skip
def test_a_column_that_is_not_used_and_may_matter_is_told(tmp_path, icpc, header, cells):
    rows = [f"{n};2026-03-0{n};51;struktureret;spinalstenose;L86;{cell}" for n, cell in enumerate(cells, 1)]
    path = tmp_path / "k.csv"
    path.write_text("\n".join([f"Patient;Dato;Speciale;Forløb;Problem;ICPC;{header}", *rows]) + "\n", "utf-8")
    out = " ".join(icpc("check", str(path)).out.split())
    assert f'"{header}" bruges ikke, selv om det, der står i kolonnen, kan have betydning' in out
    assert "Ingen fejl, advarsler eller bemærkninger" not in out


@pytest.mark.parametrize("own", ["Fysioterapeutisk diagnose", "Behandlers problem", "Diagnosegruppe"])
@pytest.mark.parametrize("referral", ["Henvisningsdiagnose", "Henvisningsårsag"])
def test_what_a_referral_says_gives_way_to_the_physiotherapists_own(guideline: Guideline, own, referral) -> None:
    cells = ["Knæartrose", "Iskias", "Hofteartrose"]
    columns = [CellColumn.of(header, cells) for header in (referral, own)]
    assert assess(guideline, columns, "a.csv", {}).places == {"condition": 1}
    assert assess(guideline, columns[:1], "a.csv", {}).places == {"condition": 0}


@pytest.mark.parametrize("referral", ["Henvisningsdiagnose", "Henvisningsårsag"])
def test_a_referral_is_the_problem_where_no_other_column_holds_any(guideline: Guideline, referral) -> None:
    cells = {referral: ["Knæartrose", "Iskias"], "Fysioterapeutisk diagnose": ["ja", "nej"]}
    columns = [CellColumn.of(header, values) for header, values in cells.items()]
    assert assess(guideline, columns, "a.csv", {}).places == {"condition": 0}


@pytest.mark.parametrize(("header", "cells"), [
    ("Kl.", ["08:30", "09:15", "10:00"]), ("Pr.", ["412,50", "280,00", "1.280,00"]),
    ("Klin.", ["08.30", "09.15", "8.45"]),
])  # fmt: skip
def test_times_and_amounts_are_no_clinics(guideline: Guideline, header, cells) -> None:
    assert "clinic" not in assess(guideline, [CellColumn.of(header, cells)], "a.csv", {}).places
    assert assess(guideline, [CellColumn.of("Klin.", ["Nord", "Syd"])], "a.csv", {}).places == {"clinic": 0}


def test_a_referrals_code_is_not_proposed_as_the_clinics(tmp_path, icpc):
    (tmp_path / "k.csv").write_text(
        "Patient;Dato;Speciale;Forløb;Problem;Henvist med ICPC-kode\n1;2026-03-01;51;struktureret;iskias;L86\n", "utf-8"
    )
    said = " ".join(icpc("check", str(tmp_path / "k.csv")).err.split())
    assert "ikke fundet en kolonne med diagnosekoder" in said
    assert 'code="Henvist' not in said
    assert "--without-codes" in said


def test_one_of_which_the_settings_say_that_it_says_nothing_is_no_longer_told(tmp_path, icpc):
    (tmp_path / "k.csv").write_text(
        "Patient;Dato;Speciale;Forløb;Problem;ICPC;Status;Udfald\n1;2026-03-01;51;struktureret;spinalstenose;L86;Afbud;ja\n",
        "utf-8",
    )
    (tmp_path / "icpc.toml").write_text('[columns]\nunused = ["status"]\n', "utf-8")
    out = " ".join(icpc("check", str(tmp_path / "k.csv")).out.split())
    assert '"Status" bruges ikke' not in out
    assert '"Udfald" bruges ikke, selv om' in out
    (tmp_path / "icpc.toml").write_text('[columns]\nunused = ["Status", "Udfald"]\n', "utf-8")
    out = " ".join(icpc("check", str(tmp_path / "k.csv")).out.split())
    assert "Ingen fejl, advarsler eller bemærkninger" in out
    assert "ikke brugt: Status, Udfald" in out


@pytest.mark.parametrize(("header", "cells"), [
    ("SMS-samtykke", ("ja", "nej", "ja")), ("Køn", ("K", "M", "K")), ("Rum", ("1", "2", "1")),
    ("Status", ("Mødt", "Mødt", "")),
    ("Betalt", ("ja", "ja", "nej")), ("Henvist fra", ("læge", "læge", "egen")), ("Telefon", ("L9012345", "", "")),
])  # fmt: skip
def test_one_that_cannot_matter_is_not(tmp_path, icpc, header, cells):
    rows = [f"{n};2026-03-0{n};51;struktureret;spinalstenose;L86;{cell}" for n, cell in enumerate(cells, 1)]
    path = tmp_path / "k.csv"
    path.write_text("\n".join([f"Patient;Dato;Speciale;Forløb;Problem;ICPC;{header}", *rows]) + "\n", "utf-8")
    out = " ".join(icpc("check", str(path)).out.split())
    assert "kan have betydning" not in out
    assert "Ingen fejl, advarsler eller bemærkninger" in out


@pytest.mark.parametrize(("header", "proposed"), [
    ("Nakke nerverod", False), ("Rodpåvirkning lænd", False), ("Nerverodstegn i benet", True),
    ("Nerverod symptomer", True),
])  # fmt: skip
def test_a_ticked_problem_is_not_proposed_as_an_answer_about_signs(tmp_path, icpc, header, proposed):
    path = tmp_path / "k.csv"
    path.write_text(f"Patient;Dato;Speciale;Forløb;ICPC;{header};x\n1;2026-03-01;51;strukt;L86;x;7\n", "utf-8")
    asked = icpc("check", str(path))
    assert (f'nerve_root_signs="{header}"' in " ".join(asked.out.split()) or "nerverodstegn" in asked.out) is proposed
