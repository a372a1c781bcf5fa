"""``icpc codes``: finding codes, and the clinic's own list from import to what the checks make of it."""

import json
import os
import stat
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpc_cli.advice import advise
from icpc_cli.checks import rules
from icpc_cli.checks.codes import read_codes
from icpc_cli.errors import UsageError
from icpc_cli.guideline import Guideline, load_guideline, load_wording
from icpc_cli.guideline.codelist import parse_code_list
from icpc_cli.guideline.own import own_file, read_own, save_own, with_own
from icpc_cli.guideline.search import CodeSearch
from icpc_cli.judging.check import check_exports
from icpc_cli.judging.options import Options
from icpc_cli.model import Answer, Case, CodeList, Condition, Rank

TODAY = date(2026, 11, 25)
ROWS = ["L03;Lænd, klage", "L86;Ryg med udstråling", "L92;Skuldersyndrom", "N01;Hovedpine", "A45;Råd og vejledning"]


def list_file(folder: Path, rows: list[str], header: str = "kode;titel", encoding: str = "utf-8") -> str:
    path = folder / "icpc2.csv"
    path.write_bytes(("\r\n".join([header, *rows]) + "\r\n").encode(encoding))
    return str(path)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of this test's own, not there yet."""
    folder = tmp_path / "data" / "icpc"
    monkeypatch.setenv("ICPC_DATA", str(folder))
    return folder


@pytest.fixture
def own(guideline: Guideline, data: Path) -> Guideline:
    """The guideline with a clinic's list of five codes."""
    save_own(CodeList("icpc2.csv", TODAY, dict(row.split(";") for row in ROWS)))
    return with_own(guideline)


# Finding


@pytest.mark.parametrize(("query", "first"), [
    ("L90", ["L90"]),
    ("l 90", ["L90"]),
    ("84", ["L84"]),
    ("L8", ["L83", "L84", "L86", "L89"]),
    ("slidgigt knæ", ["L90", "L15"]),
    ("knæ slidgigt", ["L90", "L15"]),
    ("slidgigt knae", ["L90", "L15"]),
    ("knæslidgigt", ["L90", "L15"]),
    ("slidgigten i knæet", ["L90", "L15"]),
    ("slitgigt knæ", ["L90", "L15"]),
    ("KNÆARTROSE", ["L90", "L15"]),
    ("iskias", ["L86", "L03"]),
    ("sciatica", ["L86", "L03"]),
    ("rygsyndrom uden", ["L84"]),
    ("uden rygsyndrom", ["L84"]),
    ("radiating pain", ["L84", "L86"]),
    ("lænd", ["L86", "L03"]),
    ("laend", ["L86", "L03"]),
    ("land", ["L86", "L03"]),
    ("lår", ["L14"]),
    ("coxatrose", ["L89", "L13"]),
    ("spinalstenose", ["L84", "L86", "L03"]),
    ("nakke", ["L83", "L01"]),
    ("L90 slidgigt", ["L90"]),
    ("knæsmerter", ["L90", "L15"]),
    ("ondt i knæet", ["L90", "L15"]),
    ("hoftesmerter", ["L89", "L13"]),
    ("stenose i ryggen", ["L03", "L86"]),
    ("hip pain", ["L89", "L13"]),
    ("nakkesmerter", ["L83", "L01"]),
    ("fraktur", []),
    ("hjertestop", []),
    ("?", []),
])  # fmt: skip
def test_codes_are_found_by_number_and_word_the_best_first(guideline, query, first):
    assert [entry.code for entry in CodeSearch(guideline).find(query).entries] == first


@pytest.mark.parametrize(("query", "near"), [("slidgigt knæ", False), ("slitgigt knæ", True), ("hjertestop", False)])
def test_what_only_resembles_the_word_is_said_to(guideline, query, near):
    assert CodeSearch(guideline).find(query).near is near


def test_every_code_is_found_by_its_number_and_by_each_of_its_titles(guideline):
    search = CodeSearch(guideline)
    for code, known in guideline.codes.items():
        for query in (code, code.lower(), known.title.da, known.title.en):
            found = search.find(query)
            assert code in [entry.code for entry in found.entries], query
            assert not found.near


def test_every_name_of_a_condition_leads_to_its_recommended_code_first(guideline):
    search = CodeSearch(guideline)
    for condition, codes in guideline.table.items():
        for name in guideline.called[condition]:
            assert search.find(name).entries[0].code in codes, name


@given(st.text(max_size=30))
def test_no_query_breaks_the_search_and_what_is_found_stands_once(query):
    codes = [entry.code for entry in CodeSearch(load_guideline()).find(query).entries]
    assert len(codes) == len(set(codes))


def test_uses_say_exactly_what_the_advice_suggests(guideline):
    uses = {
        (use.condition, answer, entry.code, use.rank)
        for entry in CodeSearch(guideline).entries
        for use in entry.uses
        for answer in use.signs
    }
    suggested = {
        (suggestion.condition, answer, suggestion.code.code, suggestion.rank)
        for condition in Condition
        for answer in Answer
        for certain in Answer
        for suggestion in advise(
            guideline, Case(conditions=(condition,), nerve_root_signs=answer, findings_certain=certain)
        ).suggestions
    }
    lasting = {each[:3] for each in suggested if each[3] is not Rank.INTERIM}
    assert uses == {each for each in suggested if each[3] is not Rank.INTERIM or each[:3] not in lasting}


def test_all_signs_that_a_use_can_hold_under_have_words(own):
    wording = load_wording("codes")
    for entry in CodeSearch(own).entries:
        for use in entry.uses:
            assert use.always or f"signs.{'-'.join(use.signs)}" in wording


# On the screen


def test_a_code_is_shown_with_title_use_list_and_whose_it_is(icpc):
    ended = icpc("codes", "slidgigt", "knæ")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "  L90  Artrose i knæ",
        "       Artrose i knæ: anbefalet",
        "  L15  Symptom/klage fra knæ",
        "       Artrose i knæ: midlertidig",
        "",
        "  Programmets egne 13 koder. Har klinikken en licenseret liste, så tilføj den:",
        "    icpc codes import FIL",
        "  ICPC-2 © WONCA. De danske rettigheder til ICPC-2-DK forvaltes af DSAM.",
    ]


def test_without_a_word_all_codes_are_shown_and_in_english_with_english_titles(icpc, guideline):
    out = icpc("codes", "--lang", "en").out
    assert [line.split()[0] for line in out.splitlines() if line.startswith("  L")] == sorted(guideline.codes)
    assert "L86  Back syndrome with radiating pain" in out
    assert "Lumbar stenosis: recommended with nerve-root signs" in out


def test_where_nothing_fits_that_is_said(icpc):
    assert 'Ingen koder passer til "hjertestop".' in icpc("codes", "hjertestop").out
    assert 'Ingen koder passer helt til "slitgigt".' in icpc("codes", "slitgigt").out


def test_of_very_many_codes_the_first_are_shown_and_the_rest_counted(icpc, data):
    titles = {f"{chapter}{number}": "Smerteklage" for chapter in "AL" for number in range(10, 99)}
    save_own(CodeList("x", TODAY, titles))
    lines = icpc("codes", "smerteklage").out.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["L10", "L11", "L12"]
    assert "  ... og 118 koder mere. Tilføj et ord for at indsnævre." in lines
    assert "  ... og 166 koder mere. Tilføj et ord for at indsnævre." in icpc("codes", "smerteklagge").out.splitlines()
    assert len(json.loads(icpc("codes", "smerteklage", "--format", "json").out)["codes"]) == 178
    assert "koder mere" not in icpc("codes").out


def test_a_title_of_the_list_that_is_not_the_programs_own_is_shown_beside_it(icpc, own):
    assert "Klinikkens liste: Lænd, klage" in icpc("codes", "L03").out
    assert "Klinikkens liste" not in icpc("codes", "L92").out


def test_json_has_codes_with_uses_and_the_list_in_use(icpc, own):
    found = json.loads(icpc("codes", "L86", "--format", "json").out)
    assert found == {
        "schema": "icpc-cli/codes/1",
        "list": {"name": "icpc2.csv", "imported": "2026-11-25", "codes": 5},
        "near": False,
        "codes": [
            {
                "code": "L86",
                "title": "Rygsyndrom med smerteudstråling",
                "diagnosis": True,
                "uses": [
                    {
                        "condition": "lumbar_nerve_root",
                        "role": "recommended",
                        "nerve_root_signs": ["yes", "no", "unknown"],
                    },
                    {"condition": "lumbar_stenosis", "role": "recommended", "nerve_root_signs": ["yes"]},
                    {"condition": "lumbar_stenosis", "role": "alternative", "nerve_root_signs": ["unknown"]},
                    {"condition": "primary_low_back_pain", "role": "recommended", "nerve_root_signs": ["yes"]},
                ],
            }
        ],
        "licence": "ICPC-2 © WONCA. De danske rettigheder til ICPC-2-DK forvaltes af DSAM.",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "ascii", "cp850"])
@pytest.mark.parametrize("language", ["da", "en"])
def test_every_terminal_can_show_it_in_eighty_columns(icpc, own, language, encoding):
    out = icpc("codes", "--lang", language, encoding=encoding).out
    assert "?" not in out
    assert max(map(len, out.splitlines())) <= 80


def test_hostile_titles_and_words_are_shown_as_text(icpc, data):
    save_own(CodeList("\x1b[31mliste", TODAY, {"N01": "Ho\x1b[31mvedpine [red]"}))
    out = icpc("codes", "N01").out + icpc("codes", "\x1b[2J010149-5678").out
    assert "\x1b" not in out
    assert "[red]" in out
    assert "5678" not in out


# The clinic's own list


def test_a_list_is_imported_used_and_forgotten(icpc, data, tmp_path):
    ended = icpc("codes", "import", list_file(tmp_path, ROWS))
    assert (ended.status, ended.err) == (0, "")
    assert "icpc2.csv: 5 koder er importeret." in ended.out
    assert "Listen mangler koder, som programmet selv bruger" in ended.out
    kept = read_own()
    assert kept
    assert (kept.name, kept.titles) == ("icpc2.csv", dict(row.split(";") for row in ROWS))
    out = icpc("codes", "skulder").out
    assert "L92  Skuldersyndrom" in out
    assert "Klinikkens egen liste: icpc2.csv · 5 koder · importeret " in out
    assert "proceskode, ikke en diagnose" in icpc("codes", "vejledning").out
    assert "Den tidligere liste, icpc2.csv, er erstattet." in icpc("codes", "import", list_file(tmp_path, ROWS)).out
    assert "er fjernet" in icpc("codes", "forget").out
    assert read_own() is None
    assert not list(data.iterdir())
    assert "Klinikken har ingen egen liste at fjerne." in icpc("codes", "forget").out


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_the_list_can_be_read_by_its_owner_only(own, data):
    assert stat.S_IMODE((data / "codes.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert [path.name for path in data.iterdir()] == ["codes.json"]


@pytest.mark.parametrize(("header", "delimiter"), [
    ("kode;titel", ";"),
    ("Code,Title", ","),
    ("ICPC-2;Tekst", ";"),
    ("nr;ICPC kode;dato;Betegnelse", ";"),
    ("ICPC\ttekst", "\t"),
    ('"Kode";"Titel"', ";"),
])  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_lists_of_many_shapes_are_read(header, delimiter, encoding):
    cells = {"kode": "l 84", "titel": "Smerter, lænd; øvrige", "nr": "1", "dato": ""}
    places = [name.strip('"').casefold() for name in header.split(delimiter)]
    known = {"icpc-2": "kode", "icpc kode": "kode", "icpc": "kode", "code": "kode"}
    titles = {"title": "titel", "tekst": "titel", "betegnelse": "titel"}
    row = delimiter.join(f'"{cells[(known | titles).get(place, place)]}"' for place in places)
    content = f"sep={delimiter}\r\n\r\n{header}\r\n{row}\r\n\r\n".encode(encoding)
    assert parse_code_list(content, "x.csv", "x.csv", TODAY).codes.titles == {"L84": "Smerter, lænd; øvrige"}


def test_of_a_list_of_hundreds_of_codes_the_process_codes_are_passed_over_and_counted(icpc, data, tmp_path):
    rows = [
        f"{chapter}{number:02d};Titel {number}" for chapter in "ABDFHKLNPRSTUWXYZ" for number in (1, *range(60, 99))
    ]
    rows += [f"-{number};Proces {number}" for number in range(30, 70)]
    out = icpc("codes", "import", list_file(tmp_path, rows)).out
    assert "icpc2.csv: 680 koder er importeret." in out
    assert "sprunget over: 40." in out


def test_every_bad_line_is_named_and_nothing_is_imported(icpc, own, tmp_path):
    rows = [
        "L90;Artrose",
        "L8;Kort",
        "C50;Kapitel",
        "L91;",
        "L92",
        "L90;Igen",
        'L93;"skæv',
        "L00;Nul",
        f"L94;{'x' * 201}",
    ]
    ended = icpc("codes", "import", list_file(tmp_path, rows))
    assert (ended.status, ended.out) == (2, "")
    text = " ".join(ended.err.split())
    for said in (
        'Linje 3: "L8" er ikke en ICPC-2-kode',
        "Linje 4: C50 er ikke en ICPC-2-kode; kapitel C findes ikke.",
        "Linje 5: L91 har ingen titel.",
        "Linje 6: der mangler et felt",
        "Linje 7: L90 står også i linje 2.",
        "Linje 8: der mangler et felt, eller et anførselstegn er placeret forkert.",
        'Linje 9: "L00" er ikke en ICPC-2-kode',
        "Linje 10: titlen på L94 er længere end 200 tegn",
        "Ret linjerne, og importér listen igen.",
    ):
        assert said in text
    assert [line.split(":")[0].strip() for line in ended.err.splitlines() if " Linje " in line] == [
        f"Linje {number}" for number in range(3, 11)
    ]
    assert read_own() == own.own


def test_of_very_many_bad_lines_the_first_are_named_and_the_rest_counted(icpc, data, tmp_path):
    ended = icpc("codes", "import", list_file(tmp_path, [f"X;{number}" for number in range(500)]), "--lang", "en")
    assert ended.err.count("Line ") == 12
    assert "... and 488 lines more." in ended.err
    assert not data.exists()


def test_a_wrong_file_shows_nothing_of_what_stands_in_it(icpc, data, tmp_path):
    rows = ["010149-5678;Karen Hansen", "L90;020250-1234 Per", "L90;Ole Olsen"]
    ended = icpc("codes", "import", list_file(tmp_path, rows, "ICPC;tekst"))
    assert ended.status == 2
    assert not any(secret in ended.err for secret in ("5678", "Karen", "Per", "1234", "Ole"))


BAD_FILES = {
    "empty": (b"", "filen er tom"),
    "blank": (b"\xef\xbb\xbf\r\n;;\r\n", "filen er tom"),
    "headers only": (b"kode;titel\r\n", "ingen koder under overskrifterne"),
    "other headers": (b"a;b\r\nL90;Artrose\r\n", 'skal være "kode" og "titel"'),
    "no header": (b"L90;Artrose\r\nL89;Artrose i hofte\r\n", "Første linje i filen: L90;Artrose"),
    "a workbook": (b"PK\x03\x04\0\0\0\0", "ikke en tekstfil"),
    "broken UTF-16": (b"\xff\xfea", "ikke en tekstfil"),
    "in no encoding": (b"kode;titel\nL90;\x81\xe6\n", "ikke en tekstfil"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_file_that_is_no_list_gets_one_clear_message(icpc, data, tmp_path, kind):
    content, expected = BAD_FILES[kind]
    path = tmp_path / "liste.csv"
    path.write_bytes(content)
    ended = icpc("codes", "import", str(path))
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("Fejl: ")
    assert expected in " ".join(ended.err.split())
    assert not data.exists()


@pytest.mark.parametrize(("arguments", "expected"), [
    (["import"], "import FIL mangler"),
    (["import", "findes-ikke.csv"], "filen findes ikke"),
    (["import", "."], "er en mappe"),
    (["import", "a.csv", "b.csv"], "b.csv kan ikke forstås"),
    (["forget", "nu"], "nu kan ikke forstås"),
    (["L90", "--format", "xml"], "text, json"),
])  # fmt: skip
def test_wrong_use_gets_one_clear_message(icpc, data, tmp_path, monkeypatch, arguments, expected):
    monkeypatch.chdir(tmp_path)
    ended = icpc("codes", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert expected in " ".join(ended.err.split())


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reading_of_a_list(content):
    try:
        found = parse_code_list(b"kode;titel\n" + content, "x.csv", "x.csv", TODAY).codes
    except UsageError:
        return
    assert found.titles
    assert all(len(code) == 3 and title.isprintable() for code, title in found.titles.items())


@pytest.mark.parametrize("content", [
    b"", b"{", b"[]", b'{"schema": "icpc-cli/code-list/1"}', b"\xff",
    b'{"schema": "icpc-cli/code-list/2", "name": "x", "imported": "2026-11-25", "codes": {"L90": "x"}}',
    b'{"schema": "icpc-cli/code-list/1", "name": "x", "imported": "i dag", "codes": {"L90": "x"}}',
    b'{"schema": "icpc-cli/code-list/1", "name": "x", "imported": "2026-11-25", "codes": {"L9": "x"}}',
    b'{"schema": "icpc-cli/code-list/1", "name": "x", "imported": "2026-11-25", "codes": {"L90": 1}}',
])  # fmt: skip
def test_a_broken_list_is_named_with_what_to_do_and_can_be_forgotten_or_replaced(icpc, data, tmp_path, content):
    data.mkdir(parents=True)
    (data / "codes.json").write_bytes(content)
    export = tmp_path / "maj.csv"
    export.write_text("Speciale;ICPC\n51;L90\n", encoding="utf-8")
    for command in (["codes", "L90"], ["check", str(export)]):
        ended = icpc(*command)
        assert (ended.status, ended.out) == (2, "")
        assert "icpc codes forget" in ended.err
    assert icpc("codes", "import", list_file(tmp_path, ROWS)).status == 0
    (data / "codes.json").write_bytes(content)
    assert icpc("codes", "forget").status == 0
    assert icpc("check", str(export)).status == 0


def test_a_list_that_cannot_be_kept_is_one_message_and_leaves_the_old_one(icpc, own, data, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    path = list_file(tmp_path, ["L90;Ny"])
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        ended = icpc("codes", "import", path)
    assert ended.status == 2
    assert "disken" in ended.err
    assert [each.name for each in data.iterdir()] == ["codes.json"]
    assert read_own() == own.own


def test_a_list_that_cannot_be_removed_is_one_message(icpc, own, monkeypatch):
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refused)
    ended = icpc("codes", "forget")
    assert (ended.status, ended.out) == (2, "")
    assert "mangler du adgang til mappen" in " ".join(ended.err.split())


def test_a_file_that_may_not_be_read_is_one_message(icpc, data, tmp_path, monkeypatch):
    path, opened = list_file(tmp_path, ROWS), Path.open

    def refused(file: Path, *how: Any, **more: Any) -> Any:
        if str(file) == path:  # the program's own files, read when they are first needed, may be
            raise PermissionError(13, "Permission denied")
        return opened(file, *how, **more)

    monkeypatch.setattr(Path, "open", refused)
    assert "kan ikke åbnes" in icpc("codes", "import", path).err


def test_without_a_folder_named_the_list_is_kept_in_the_users_own(tmp_path, monkeypatch):
    import platformdirs

    monkeypatch.delenv("ICPC_DATA")
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *name, **_: tmp_path.joinpath(*name))
    assert own_file() == tmp_path / "icpc" / "codes.json"


# What the checks make of it


def findings(guideline: Guideline, folder: Path, *rows: str) -> list[str]:
    path = folder / "klinik.csv"
    path.write_text("\n".join(["Speciale;ICPC;ICPC-tekst", *rows]) + "\n", encoding="utf-8")
    with check_exports(guideline, [str(path)], Options(TODAY)) as checked:
        return [f"{finding.row} {finding.check}" for finding in checked.findings()]


def test_with_a_list_a_code_exists_when_it_is_listed_or_the_guides_and_process_codes_never(own, guideline, tmp_path):
    rows = ["62;L92;", "62;L93;", "62;N01;", "62;N02;", "62;A45;", "62;L90;", "62;l86;"]
    assert findings(guideline, tmp_path, *rows) == ["6 R005", "8 R002"]
    assert findings(own, tmp_path, *rows) == ["3 R005", "5 R005", "6 R005", "8 R002"]


def test_with_a_list_its_titles_count_as_texts_of_codes_beside_the_programs_own(own, guideline, tmp_path):
    rows = ["62;L90;Skuldersyndrom", "62;L90;L92 skulder-syndrom", "62;L92;Skuldersyndrom", "62;L90;Artrose i hofteled"]
    assert findings(guideline, tmp_path, *rows) == ["5 K108"]
    assert findings(own, tmp_path, *rows) == ["2 K108", "3 K108", "5 K108"]
    assert findings(own, tmp_path, "62;L90;Råd og vejledning") == []


def test_two_codes_that_share_a_title_are_both_right(guideline, data):
    save_own(CodeList("x", TODAY, {"N01": "Smerte", "A01": "Smerte"}))
    assert rules.titled_codes(with_own(guideline), "smerte") == ("N01", "A01")


def test_the_codes_that_the_program_suggests_exist_whatever_the_list_lacks(own):
    suggested = {rule.code.code for rules in own.suggestions.values() for rule in rules}
    suggested |= {rule.code.code for rule in own.interim.values()}
    assert all(read_codes(code, own.diagnoses).codes == (code,) for code in suggested)


def test_nothing_of_the_clinics_list_is_in_the_guideline_without_it(own, guideline):
    assert load_guideline().own is None
    assert guideline.own is None
    assert rules.titled_codes(guideline, "Skuldersyndrom") == ()


def test_check_uses_the_list_of_this_computer(icpc: Any, own, tmp_path):
    export = tmp_path / "maj.csv"
    export.write_text("Speciale;ICPC\n62;L93\n", encoding="utf-8")
    assert "R005" in icpc("check", str(export), "--format", "concise").out
    assert icpc("codes", "forget").status == 0
    assert icpc("check", str(export), "--format", "concise").out == ""
