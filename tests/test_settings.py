"""``icpc.toml``: where it is found, what it says, and what is wrong in it, by line."""

import os
import pickle
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpc_cli.checks.catalogue import BY_ID
from icpc_cli.cli.session import Session
from icpc_cli.errors import InvalidValueError, UsageError
from icpc_cli.guideline import Guideline
from icpc_cli.model import Condition, Course
from icpc_cli.outcomes import Better, Instrument, Severity
from icpc_cli.settings.finding import find, find_one
from icpc_cli.settings.lines import LinesOfFile
from icpc_cli.settings.parts import quoted
from icpc_cli.settings.reading import load
from icpc_cli.settings.values import Service, Settings
from icpc_cli.text import Language

WHOLE = """
clinic = "Klinik Øst"

[columns]
code = "Diag."
date = ["Dato", 'Besøg']
note = []

[fixed]
specialty = "51 Almen fysioterapi"
condition = ["lumbal stenose", "knæartrose"]

[services]
"0110" = { course = "struktureret", condition = "coxartrose" }
0120.course = "andet"

[values.course]
"STR" = "struktureret"
"Diverse" = "ved ikke"
[values.condition]
"Ryg & nakke" = ["lumbal stenose", "cervikal radikulopati"]
"Rygprobl." = "lændesmerter"
"Skulder" = "andet"
"-?-" = "ved ikke"
[values.nerve_root_signs]
"+" = "ja"
[values.specialty]
"FYS" = "51"

[severity]
K104 = "info"
untidy-code = "off"

[[instruments]]
name = "NRS"
start = "Smerte start"
follow_up = "Smerte slut"
min = 0
max = 10
better = "lower"
important_change = 2
population = "voksne med lændesmerter"
source = "klinikkens egen kilde"
codes = ["L03", "L86"]
"""


def load_text(tmp_path: Path, guideline: Guideline, text: str | bytes) -> Settings:
    path = tmp_path / "icpc.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(path, guideline)


def refused(tmp_path: Path, guideline: Guideline, text: str | bytes) -> str:
    """What the user reads in Danish, less the folder."""
    with pytest.raises(UsageError) as raised:
        load_text(tmp_path, guideline, text)
    assert Session(Language.EN).message(raised.value)
    return Session(Language.DA).message(raised.value).replace(str(tmp_path) + os.sep, "")


# What it says


def test_everything_that_the_file_says_is_read_with_any_known_name(tmp_path: Path, guideline: Guideline) -> None:
    assert load_text(tmp_path, guideline, WHOLE) == Settings(
        clinic="Klinik Øst",
        columns=(("code", ("Diag.",)), ("date", ("Dato", "Besøg")), ("note", ())),
        fixed=(("specialty", "51"), ("condition", "lumbar_stenosis+knee_osteoarthritis")),
        services=(
            Service("0110", Course.STRUCTURED, (Condition.HIP_OSTEOARTHRITIS,)),
            Service("0120", Course.OTHER),
        ),
        values=(
            ("course", "STR", "structured"),
            ("course", "Diverse", "unknown"),
            ("condition", "Ryg & nakke", "lumbar_stenosis+cervical_nerve_root"),
            ("condition", "Rygprobl.", "primary_low_back_pain"),
            ("condition", "Skulder", "other"),
            ("condition", "-?-", "unknown"),
            ("nerve_root_signs", "+", "yes"),
            ("specialty", "FYS", "51"),
        ),
        severities=(("K104", Severity.INFO), ("R002", None)),
        instruments=(
            Instrument(
                name="NRS",
                start="Smerte start",
                follow_up="Smerte slut",
                minimum=0,
                maximum=10,
                better=Better.LOWER,
                important_change=2,
                population="voksne med lændesmerter",
                source="klinikkens egen kilde",
                codes=("L03", "L86"),
            ),
        ),
    )


def test_an_empty_file_says_nothing(tmp_path: Path, guideline: Guideline) -> None:
    assert load_text(tmp_path, guideline, "") == Settings()


def test_settings_can_be_hashed_and_sent_to_another_process(tmp_path: Path, guideline: Guideline) -> None:
    settings = load_text(tmp_path, guideline, WHOLE)
    assert pickle.loads(pickle.dumps(settings)) == settings
    assert hash(settings) == hash(load_text(tmp_path, guideline, WHOLE))
    assert settings.path == str(tmp_path / "icpc.toml")


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(tmp_path: Path, guideline: Guideline) -> None:
    windows = b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode()
    assert load_text(tmp_path, guideline, windows) == load_text(tmp_path, guideline, WHOLE)


@pytest.mark.parametrize(
    ("headers", "mapping"),
    [
        (["Dato", "Diag.", "Notat"], {"date": "Dato", "code": "Diag.", "note": ""}),
        (["besoeg", "DIAG"], {"date": "besoeg", "code": "DIAG", "note": ""}),
        (["Besøg", "Dato"], {"date": "Dato", "note": ""}),
        (["Diag.", "diag"], {"code": "Diag.", "note": ""}),
        ([], {"note": ""}),
    ],
    ids=["as named", "folded", "the first of a list", "the first of two", "none"],
)
def test_a_role_gets_the_first_of_its_headers_that_the_file_has(
    headers: list[str], mapping: dict[str, str], tmp_path: Path, guideline: Guideline
) -> None:
    assert load_text(tmp_path, guideline, WHOLE).mapping(headers) == mapping


@pytest.mark.parametrize(
    ("role", "cell", "meaning"),
    [
        ("course", "str", "structured"),
        ("course", "Andet", "Andet"),
        ("condition", "ryg & nakke", "lumbar_stenosis+cervical_nerve_root"),
        ("condition", "Rygprobl. + Knæartrose", "primary_low_back_pain+ Knæartrose"),
        ("condition", "-?-", "unknown"),
        ("condition", "Skulder", "other"),
        ("nerve_root_signs", " + ", "yes"),
        ("findings_certain", "+", "+"),
        ("specialty", "Fys.", "51"),
        ("note", "STR", "STR"),
        ("course", "", ""),
    ],
)
def test_what_the_system_writes_is_put_in_known_words(
    role: str, cell: str, meaning: str, tmp_path: Path, guideline: Guideline
) -> None:
    assert load_text(tmp_path, guideline, WHOLE).translated(role, cell) == meaning


@pytest.mark.parametrize(
    ("codes", "cell", "found"),
    [
        (["0110", "0111"], "0110", "0110"),
        (["0110", "0111"], "110", "0110"),
        (["0110", "0111"], " 0110  Første konsultation ", "0110"),
        (["110", "0110"], "0110", "0110"),
        (["110", "0110"], "110", "110"),
        (["110", "0110"], "00110", None),
        (["0110 Hold", "0110"], "0110 hold", "0110"),
        (["0110 Hold", "0110"], "0110 Hold", "0110 Hold"),
        (["000", "0110"], "0", "000"),
        (["0110"], "1100", None),
        (["0110"], "", None),
        ([], "0110", None),
    ],
)
def test_a_service_code_is_found_exactly_or_without_the_zeros_that_were_lost(
    codes: list[str], cell: str, found: str | None
) -> None:
    service = Settings(services=tuple(Service(code, Course.STRUCTURED) for code in codes)).service(cell)
    assert (service.code if service else None) == found


def test_severities_replace_those_of_the_catalogue(tmp_path: Path, guideline: Guideline) -> None:
    settings = load_text(tmp_path, guideline, WHOLE)
    assert [settings.severity(BY_ID[check]) for check in ("K104", "R002", "K101")] == ["info", None, "error"]


# Where it is found


def test_the_nearest_file_beside_the_export_or_above_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "klinik" / "2026"
    inner.mkdir(parents=True)
    (tmp_path / "icpc.toml").touch()
    (tmp_path / "klinik" / "icpc.toml").touch()
    monkeypatch.chdir(inner)
    assert find("maj.csv") == tmp_path / "klinik" / "icpc.toml"
    assert find(tmp_path / "maj.csv") == tmp_path / "icpc.toml"
    assert find("-") == tmp_path / "klinik" / "icpc.toml"
    monkeypatch.chdir(tmp_path)
    assert find("klinik/2026/maj.csv") == Path("klinik/icpc.toml")
    assert find("maj.csv") == Path("icpc.toml")


def test_a_folder_of_that_name_is_no_settings(tmp_path: Path) -> None:
    (tmp_path / "icpc.toml").mkdir()
    assert find(tmp_path / "maj.csv") is None or find(tmp_path / "maj.csv") != tmp_path / "icpc.toml"


def test_exports_of_one_call_have_one_file_of_settings(tmp_path: Path) -> None:
    for name in ("øst", "vest", "uden"):
        (tmp_path / name).mkdir()
    (tmp_path / "øst" / "icpc.toml").touch()
    exports = [tmp_path / "uden" / "a.csv", tmp_path / "øst" / "a.csv", tmp_path / "øst" / "b.csv"]
    assert find_one(exports) == tmp_path / "øst" / "icpc.toml"
    assert find_one([]) is None
    (tmp_path / "vest" / "icpc.toml").touch()
    with pytest.raises(UsageError) as raised:
        find_one([*exports, tmp_path / "vest" / "c.csv"])
    said = Session(Language.DA).message(raised.value)
    assert f"{tmp_path / 'øst' / 'icpc.toml'} ({tmp_path / 'øst' / 'a.csv'})" in said
    assert f"{tmp_path / 'vest' / 'icpc.toml'} ({tmp_path / 'vest' / 'c.csv'})" in said


# What is wrong in it

CASES: dict[str, list[dict[str, str]]] = tomllib.loads(
    (Path(__file__).parent / "spec" / "settings_cases.toml").read_text(encoding="utf-8")
)
ENDLESS = {"deep brackets": "[" * 5000, "a very long number": "9" * 5000}


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["name"])
def test_what_is_wrong_is_named_by_file_line_and_key_with_what_was_meant(
    case: dict[str, str], tmp_path: Path, guideline: Guideline
) -> None:
    message = refused(tmp_path, guideline, case["text"])
    assert message.startswith("icpc.toml, linje ")
    assert case["says"] in message


@pytest.mark.parametrize("value", ENDLESS.values(), ids=ENDLESS)
def test_what_stops_the_parser_itself_is_one_message(value: str, tmp_path: Path, guideline: Guideline) -> None:
    assert refused(tmp_path, guideline, f"clinic = {value}").startswith("icpc.toml, linje 1 kan ikke læses")


GOOD_INSTRUMENT = {
    "name": '"NRS"', "start": '"Før"', "follow_up": '"Efter"', "min": "0", "max": "10", "better": '"lower"',
    "important_change": "2.5", "population": '"voksne"', "source": '"egen"', "codes": '["L03"]',
}  # fmt: skip


@pytest.mark.parametrize("case", CASES["instrument"], ids=lambda case: case["name"])
def test_what_is_wrong_with_an_instrument_is_named(case: dict[str, str], tmp_path: Path, guideline: Guideline) -> None:
    assert case["says"] in refused(tmp_path, guideline, instrument(**{case["key"]: case["value"]}))


def instrument(**changes: str) -> str:
    """A good instrument but for these changes; an empty one leaves the key out."""
    pairs = (GOOD_INSTRUMENT | changes).items()
    return "\n[[instruments]]\n" + "".join(f"{key} = {value}\n" for key, value in pairs if value)


def test_an_instrument_without_an_important_change_needs_no_source(tmp_path: Path, guideline: Guideline) -> None:
    (read,) = load_text(
        tmp_path, guideline, instrument(important_change="", population="", source="", codes="")
    ).instruments
    assert (read.important_change, read.source, read.codes) == (None, "", ())


def test_a_number_that_no_float_holds_is_no_number(tmp_path: Path, guideline: Guideline) -> None:
    assert "linje 7: instruments[1].max skal være et tal" in refused(
        tmp_path, guideline, instrument(max="1" + "0" * 400)
    )


def test_two_instruments_need_two_names_and_errors_count_them_from_one(tmp_path: Path, guideline: Guideline) -> None:
    text = instrument() + instrument()
    assert 'linje 15: instruments[2].name: "NRS" er det samme' in refused(tmp_path, guideline, text)


def test_an_instrument_is_valid_once_built() -> None:
    with pytest.raises(InvalidValueError):
        Instrument("NRS", "a", "b", 10, 0, Better.LOWER)


def test_a_file_in_windows_1252_is_told_to_be_utf_8(tmp_path: Path, guideline: Guideline) -> None:
    message = refused(tmp_path, guideline, '\nclinic = "Klinik Øst"'.encode("cp1252"))
    assert message == (
        "icpc.toml, linje 2: filen er ikke gemt som UTF-8.\n  Gem den igen i et tekstprogram, og vælg tegnsættet UTF-8."
    )


def test_a_cpr_number_in_a_wrong_line_is_not_shown(tmp_path: Path, guideline: Guideline) -> None:
    assert "010190-1234" not in refused(tmp_path, guideline, "[columns]\ncode = 010190-1234 x")


def test_a_file_that_is_gone_or_a_folder_is_one_message(tmp_path: Path, guideline: Guideline) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(UsageError):
            load(path, guideline)


# On which line


def test_every_key_has_its_line() -> None:
    text = (
        "a = 1 # x = 2\n"  # 1
        "b.c = '''\n"  # 2
        "[no]\n"  # 3
        "'''\n"  # 4
        '"d e" = { f = [1, "]"], g = { "h\\u00e6" = 2 } }\n'  # 5
        "[ i . 'j.k' ]\n"  # 6
        'l = """\n'  # 7
        '\\""" = 1\n'  # 8
        '"""\n'  # 9
        "m = [ # one\n"  # 10
        "  1979-05-27 07:32:00,\n"  # 11
        "  { n = 1 },\n"  # 12
        "]\n"  # 13
        "[[o]]\n"  # 14
        "p = 1\n"  # 15
        "[[o]]\n"  # 16
        "p = 2\n"  # 17
        "[o.q]\n"  # 18
        "r = ''\n"  # 19
    )
    tomllib.loads(text)
    lines = LinesOfFile(text)
    wanted: dict[tuple[Any, ...], int] = {
        ("a",): 1, ("b",): 2, ("b", "c"): 2, ("d e",): 5, ("d e", "f"): 5, ("d e", "f", 1): 5, ("d e", "g", "hæ"): 5,
        ("i", "j.k"): 6, ("i", "j.k", "l"): 7, ("i", "j.k", "m"): 10, ("i", "j.k", "m", 0): 11,
        ("i", "j.k", "m", 1, "n"): 12, ("o", 0): 14, ("o", 0, "p"): 15, ("o", 1): 16, ("o", 1, "p"): 17,
        ("o", 1, "q", "r"): 19, ("o", 1, "q", "none"): 18, ("none",): 1,
    }  # fmt: skip
    assert {path: lines.of(path) for path in wanted} == wanted


KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
LEAVES = st.one_of(st.integers(-9, 9), st.text(max_size=5), st.booleans(), st.lists(st.integers(0, 9), max_size=3))


def _leaves(data: dict[str, Any], path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    found: dict[tuple[str, ...], Any] = {}
    for key, value in data.items():
        found |= _leaves(value, (*path, key)) if isinstance(value, dict) else {(*path, key): value}
    return found


@given(st.dictionaries(KEYS, st.dictionaries(KEYS, LEAVES, max_size=4), max_size=4))
def test_the_line_of_each_key_of_any_text_is_the_one_it_was_written_on(data: dict[str, dict[str, Any]]) -> None:
    lines: list[str] = []
    written: dict[tuple[str, str], int] = {}
    for table, pairs in data.items():
        lines += ["", f"[{quoted(table)}]  # a [comment] = 1"]
        for key, value in pairs.items():
            shown = quoted(value) if isinstance(value, str) else str(value).lower()
            lines.append(f"{quoted(key)} = {shown}")
            written[table, key] = len(lines)
    text = "\n".join(lines)
    assert _leaves(tomllib.loads(text)) == _leaves(data)
    found = LinesOfFile(text)
    assert {path: found.of(path) for path in written} == written


@given(st.text("[]{}=\"'#.\n ab1\\", max_size=40))
def test_no_text_stops_the_search_for_lines(text: str) -> None:
    assert LinesOfFile(text).of(("a", 0, "b")) <= text.count("\n") + 1
