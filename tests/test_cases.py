"""Exports that went wrong elsewhere, each standing for its kind: what comes of them, and of others like them.

The files of ``tests/cases`` are invented; nobody is born in 2040.
"""

import json
import random
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from icpc_cli.checks.columns import recognised
from icpc_cli.guideline import load_guideline
from icpc_cli.reading.dialect import detect
from tests.conftest import Ended, Icpc

CASES = Path(__file__).parent / "cases"
TODAY = ("--today", "2026-11-26")
HEADER = "Dato;CPR-nr;Speciale;Problemstilling;Sikre fund;ICPC-kode;ICPC-tekst;Notat"
ROW = "{day:02}-03-2026;{day:02}0140-5234;57;Artrose i knæ;ja;L90;Artrose i knæ;Ondt"


def rows(count: int, **changed: str) -> list[str]:
    """Records of one day and one patient each."""
    cells = dict(zip(HEADER.split(";"), ROW.split(";"), strict=True)) | changed
    return [";".join(cells.values()).format(day=number % 28 + 1) for number in range(count)]


def written(path: Path, *lines: str, encoding: str = "utf-8") -> str:
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding))
    return str(path)


def found(icpc: Icpc, *arguments: str) -> dict[str, Any]:
    ended = icpc("check", *arguments, "--format", "json", *TODAY)
    assert ended.status in (0, 1), ended.err
    result: dict[str, Any] = json.loads(ended.out)
    return result


def notices(result: dict[str, Any]) -> list[tuple[str, int, int | None]]:
    return [(each["id"], each["count"], each["row"]) for each in result["sources"][0].get("notices", ())]


def checks(result: dict[str, Any]) -> list[tuple[int, str, str]]:
    return [(each["row"], each["check"], each["value"]) for each in result["findings"]]


def refused(ended: Ended, expected: str, *secrets: str) -> None:
    assert (ended.status, ended.out) == (2, ""), ended.out
    assert expected in " ".join(ended.err.split())
    assert "Traceback" not in ended.err
    for secret in secrets:
        assert secret not in ended.err


DOORS = (
    ("check",),
    ("report",),
    ("check", "--sheet", "Eksport"),
    ("init", "--yes"),
    ("check", str(CASES / "totals3.csv"), "--previous"),
)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", ["w_badref.xlsx", "w_nosheet.xlsx", "w_truncated_sheet.xlsx"])
def test_a_damaged_workbook_is_one_message_through_every_door(icpc, name, door):
    refused(icpc(*door, str(CASES / name)), "beskadiget")


def test_one_bit_that_changed_in_a_part_is_seen_by_its_checksum(tmp_path, icpc):
    content = bytearray((CASES / "hidden_sheet_first.xlsx").read_bytes())
    with (
        zipfile.ZipFile(CASES / "hidden_sheet_first.xlsx") as archive,
        zipfile.ZipFile(tmp_path / "flat.xlsx", "w") as flat,
    ):
        for name in archive.namelist():
            flat.writestr(name, archive.read(name))
    content = bytearray((tmp_path / "flat.xlsx").read_bytes())
    place = content.index(b"<t>L8</t>") + 4
    content[place] ^= 1
    (tmp_path / "flat.xlsx").write_bytes(content)
    refused(icpc("check", str(tmp_path / "flat.xlsx")), "beskadiget")


def test_whatever_bytes_of_a_workbook_are_changed_it_is_read_or_refused(tmp_path, icpc):
    original, rng = (CASES / "excel_error_cells.xlsx").read_bytes(), random.Random(12)
    path = tmp_path / "k.xlsx"
    for _ in range(60):
        content = bytearray(original)
        for _ in range(rng.choice((1, 3, 20))):
            content[rng.randrange(len(content))] = rng.randrange(256)
        path.write_bytes(content[: rng.choice((len(content), rng.randrange(4, len(content))))])
        ended = icpc("check", str(path), *TODAY)
        assert ended.status in (0, 1, 2)
        assert "Traceback" not in ended.err


@pytest.mark.parametrize("name", ["html_table_one_line_20rows.xls", "html_table_many_lines.xls"])
def test_a_web_page_is_refused_for_what_it_is(icpc, name):
    refused(icpc("check", str(CASES / name)), "webside", "<", "010140")


@pytest.mark.parametrize("name", ["k.xls", "k.csv", "k.txt"])
@pytest.mark.parametrize(("content", "expected"), [
    ("<!DOCTYPE html>\n<p>Dato;CPR;ICPC", "webside"),
    ("\n\n  <TABLE border=1><tr><td>Dato", "webside"),
    ("<!-- Excel --><div>Dato;Speciale;ICPC</div>", "webside"),
    ("MIME-Version: 1.0\nContent-Type: multipart/related", "webside"),
    ('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "XML-regneark"),
])  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_markup_is_known_by_its_content(tmp_path, icpc, name, content, expected, encoding):
    (tmp_path / name).write_text(content, encoding=encoding)
    refused(icpc("check", str(tmp_path / name)), expected)


def test_a_long_web_page_costs_no_more_than_a_short_one(tmp_path, icpc):
    path = tmp_path / "k.xls"
    path.write_text("<table><tr>" + "<td>Pt. har ondt i knæet</td>" * 40_000)
    refused(icpc("check", str(path)), "webside")


def test_a_file_without_headers_is_refused_without_its_first_record(icpc):
    refused(icpc("check", str(CASES / "no_header_long_note.csv")), "overskrifter", "ord1", "5234", "Struktureret")


@pytest.mark.parametrize("record", [
    "03-03-2026;Jens Hansen;51;Konsultation;",
    "Jens Hansen;010140 5234;Notat;Fund",
    "Jens Hansen;0101405234;L84",
    "Jens Hansen;Struktureret;L84;ja",
    "Jens Hansen;" + "Klager over smerter " * 100,
])  # fmt: skip
@pytest.mark.parametrize("command", [("check",), ("init", "--yes"), ("report",)])
def test_no_first_record_is_taken_for_headers_and_shown(tmp_path, icpc, record, command):
    refused(icpc(*command, written(tmp_path / "k.csv", record, record)), "overskrifter", "Jens", "Klager", "L84")


@pytest.mark.parametrize(("name", "expected"), [
    ("s57_mojibake.csv", ("repaired-letters", 4, 2)),
    ("s57_cp850.csv", ("other-encoding", 2, 2)),
    ("s57_repl.csv", ("broken-letters", 2, 2)),
])  # fmt: skip
def test_broken_letters_are_said_with_their_count_and_first_row(icpc, name, expected):
    as_1252 = ("--encoding", "windows-1252") if "cp850" in name else ()
    assert notices(found(icpc, str(CASES / name), *as_1252)) == [expected]


def test_utf8_that_was_read_twice_is_judged_as_it_was_meant(icpc):
    result = found(icpc, str(CASES / "s57_mojibake.csv"))
    assert {check for _, check, _ in checks(result)} == {"K102"}
    assert result["courses"]["mandatory"] == 4


def test_the_encoding_that_is_named_repairs_the_letters_and_is_found_without(icpc):
    screen = icpc("check", str(CASES / "s57_cp850.csv"), "--encoding", "windows-1252", *TODAY)
    assert "--encoding cp850" in " ".join(screen.out.split())
    result = found(icpc, str(CASES / "s57_cp850.csv"))
    assert result["sources"][0]["encoding"] == "cp850"
    assert (notices(result), checks(result)) == ([], [(3, "K101", "")])


WORDS = [
    "Lændesmerter på højre side",
    "Nerverodspåvirkning i lænd",
    "Artrose i hofte og knæ",
    "Ømhed, årsag ukendt",
    "Blå mærker",
]


@pytest.mark.parametrize("read_as", ["cp1252", "latin-1", "cp850", "mac_roman"])
def test_utf8_that_was_read_in_any_encoding_is_repaired(tmp_path, icpc, read_as):
    word = "Artrose i knæ, højre"
    broken = word.encode().decode(read_as)
    path = written(tmp_path / "k.csv", HEADER, *rows(3, Problemstilling=broken, **{"ICPC-kode": ""}))
    result = found(icpc, path)
    assert notices(result) == [("repaired-letters", 3, 2)]
    assert [check for _, check, _ in checks(result)] == ["K102"] * 3


@pytest.mark.parametrize("true", ["cp850", "cp865", "mac_roman"])
@pytest.mark.parametrize("word", WORDS)
def test_letters_of_dos_are_read_and_those_of_mac_named_with_an_encoding_that_reads_them(tmp_path, icpc, true, word):
    path = written(tmp_path / "k.csv", HEADER.replace("æ", "ae"), *rows(5, Problemstilling=word), encoding=true)
    out = " ".join(icpc("check", path, *TODAY).out.split())
    (named,) = {each for each in ("cp850", "mac_roman") if f"--encoding {each}" in out or f"· {each} ·" in out}
    assert word.encode(true).decode(named) == word


@pytest.mark.parametrize("word", ["h?fteartrose", "l\ufffdndesmerter", "Artrose i kn?", "nerverodsp?virkning"])
def test_letters_that_are_lost_are_named(tmp_path, icpc, word):
    path = written(tmp_path / "k.csv", HEADER, *rows(4), *rows(2, Problemstilling=word))
    assert notices(found(icpc, path)) == [("broken-letters", 2, 6)]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_ordinary_text_is_not_called_broken(tmp_path, icpc, encoding):
    words = (
        "Artrose i knæ?", "Lasègue’s test", "‘Ondt’ i lænd", "20° fleksion", "L5/S1, venstre", "pt.?", "½ år",
        "Ondt – værst om natten", "Müller, café",
    )  # fmt: skip
    lines = [line for word in words for line in rows(3, Problemstilling=word)]
    assert notices(found(icpc, written(tmp_path / "k.csv", HEADER, *lines, encoding=encoding))) == []


def test_a_broken_cell_stays_what_it_is_in_every_copy(tmp_path, icpc):
    for name in ("s57_mojibake.csv", "s57_repl.csv", "equals_quoted_values.csv", "zero_width_headers.csv"):
        icpc(
            "check",
            str(CASES / name),
            "--annotate",
            str(tmp_path / name),
            "--fix",
            str(tmp_path / f"fix-{name}"),
            *TODAY,
        )
        assert (tmp_path / f"fix-{name}").read_bytes() == (CASES / name).read_bytes()
        annotated = (tmp_path / name).read_bytes().splitlines()
        assert all(
            new.startswith(old) for new, old in zip(annotated, (CASES / name).read_bytes().splitlines(), strict=True)
        )


@pytest.mark.parametrize("name", ["s57_zw.csv", "equals_quoted_values.csv", "zero_width_headers.csv"])
def test_what_is_invisible_or_wraps_a_value_means_nothing(icpc, name):
    expected = [(3, "K101", "")] if name == "s57_zw.csv" else []
    result = found(icpc, str(CASES / name))
    assert (checks(result), result["courses"]["mandatory"]) == (expected, 1)


@pytest.mark.parametrize("wrap", [
    "\u200b{}", "{}\ufeff", "\u00ad{}", "\u2060{}\u200d", "\u202a{}\u202c", "\u00a0{}\u2009", "\u3000{}",
    '"=""{}"""', "'{}",
])  # fmt: skip
def test_a_cell_is_what_it_is_meant_to_be(tmp_path, icpc, wrap):
    header = ";".join(wrap.format(each) for each in HEADER.split(";"))
    cells = [wrap.format(each) for each in ROW.format(day=3).split(";")[2:]]
    record = ";".join(["03-03-2026", "030140-5234", *cells])
    result = found(icpc, written(tmp_path / "k.csv", header, record))
    assert (checks(result), result["courses"]["mandatory_coded"]) == ([], 1)


def test_letters_are_compared_after_normalisation(tmp_path, icpc):
    apart = ROW.format(day=3).replace("æ", "\u00e6").replace("å", "a\u030a")
    path = written(
        tmp_path / "k.csv",
        HEADER.replace("Problemstilling", "Forløbstype"),
        apart.replace("Artrose i knæ", "A\u030aben"),
    )
    assert found(icpc, path)["findings_by_check"].get("R001") is None


def test_only_what_is_untidy_is_repaired_in_a_wrapped_code(tmp_path, icpc):
    path = written(
        tmp_path / "k.csv", HEADER, *rows(1, **{"ICPC-kode": '"=""l90"""'}), *rows(1, **{"ICPC-kode": "l90\u200b"})
    )
    result = found(icpc, path, "--fix", str(tmp_path / "f.csv"))
    assert [check for _, check, _ in checks(result)] == ["R002", "R002"]
    assert (tmp_path / "f.csv").read_text("utf-8") == Path(path).read_bytes().decode().replace("l90", "L90").replace(
        "\r\n", "\n"
    )


def test_an_error_in_a_cell_is_its_value(tmp_path, icpc):
    copy = tmp_path / "k.xlsx"
    result = found(icpc, str(CASES / "excel_error_cells.xlsx"), "--annotate", str(copy))
    assert {(4, "R003", "#N/A"), (5, "R006", "#VALUE!"), (6, "R008", "#REF!")} <= set(checks(result))
    sheet = openpyxl.load_workbook(copy, data_only=True).active
    assert (sheet["I4"].value, sheet["D5"].value, sheet["A6"].value) == ("#N/A", "#VALUE!", "#REF!")


def test_every_error_in_any_column_is_kept(tmp_path, icpc):
    errors = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"]
    book = openpyxl.Workbook()
    book.active.append([None, *HEADER.split(";")])
    for error in errors:
        book.active.append([None, *ROW.format(day=3).split(";")[:5], error, "", ""])
    book.save(tmp_path / "k.xlsx")
    result = found(icpc, str(tmp_path / "k.xlsx"))
    assert [value for _, check, value in checks(result) if check == "R003"] == errors


def test_a_formula_without_a_value_is_named_and_not_blank(tmp_path, icpc):
    path = str(CASES / "formulas_without_values.xlsx")
    result = found(icpc, path)
    assert notices(result) == [("formulas-without-values", 1, 2)]
    assert (2, "R003", '=UPPER("l84")') in checks(result)
    refused(icpc("check", path, "--annotate", str(tmp_path / "k.xlsx")), "formler")
    assert not (tmp_path / "k.xlsx").exists()


_COURSES = "Dato;CPR;Forløbsnr;Speciale;Forløbstype;Problemstilling;Konsultation;ICPC\n"


@pytest.mark.parametrize(
    ("rows", "notice", "counts"),
    [
        # One number for two patients is one course; stars and dashes name nobody; a decimal of Excel's is nothing.
        (("010140-1000;1;;L90", "020240-2000;1;;"), ("shared-courses", 1, 2), (1, 1)),
        (("010140-1000;1;;L90", "010140-1000;1;;", "******-****;2;;"), ("nobody-named", 1, 4), (2, 1)),
        (("******-****;;;L90", "******-****;;;"), ("nobody-named", 2, 2), (2, 1)),
        (("010140-1000;-;;L90", "020240-2000;-;;"), ("nobody-named", 2, 2), (2, 1)),
        (("110140-1000;;;L90", "1101401000.0;;;"), None, (1, 1)),
        (("010140-1000;;2+;", "020240-2000;;6,0;"), ("consultations-not-read", 1, 2), (2, 0)),
    ],
)
def test_whose_records_are_and_how_many_is_said_where_it_is_not_understood(icpc, tmp_path, rows, notice, counts):
    path, full = tmp_path / "k.csv", (row.split(";") for row in rows)
    lines = (f"01-04-2026;{cpr};{id_};51;Struktureret;Knæartrose;{times};{code}\n" for cpr, id_, times, code in full)
    path.write_text(_COURSES + "".join(lines), encoding="utf-8")
    result = found(icpc, str(path))
    assert notices(result) == ([notice] if notice else [])
    assert (result["courses"]["total"], result["courses"]["mandatory_coded"]) == counts


def test_the_visible_sheet_is_read_before_a_hidden_one(icpc):
    result = found(icpc, str(CASES / "hidden_sheet_first.xlsx"))
    assert (result["sources"][0]["sheet"], result["sources"][0]["rows"]["read"]) == ("Eksport", 2)
    result = found(icpc, str(CASES / "hidden_sheet_first.xlsx"), "--sheet", "Gammel")
    assert result["sources"][0]["rows"]["read"] == 1


@pytest.mark.parametrize("options", [(), ("--encoding", "utf-16-le"), ("--encoding", "utf-16")])
def test_utf16_without_a_mark_is_read(icpc, options):
    result = found(icpc, str(CASES / "utf16le_nobom.csv"), *options)
    assert (result["sources"][0]["rows"]["read"], checks(result)) == (2, [(3, "R003", "L8")])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_of_either_order_is_read_and_copied(tmp_path, icpc, encoding):
    path = written(tmp_path / "k.csv", HEADER, *rows(3, **{"ICPC-kode": "l90"}), encoding=encoding)
    result = found(icpc, path, "--fix", str(tmp_path / "f.csv"))
    assert result["sources"][0]["encoding"] == encoding
    assert (tmp_path / "f.csv").read_bytes().decode(encoding) == Path(path).read_bytes().decode(encoding).replace(
        "l90", "L90"
    )


def test_an_option_goes_before_the_line_that_names_a_delimiter(icpc):
    path = str(CASES / "sep_line_wrong.csv")
    refused(icpc("check", path), '--delimiter ";"')
    assert found(icpc, path, "--delimiter", ";")["sources"][0]["rows"]["read"] == 1


@pytest.mark.parametrize("mark", list("^~:#*"))
def test_a_fifth_delimiter_is_named_and_works_when_typed(tmp_path, icpc, mark):
    path = written(tmp_path / "k.csv", *(line.replace(";", mark) for line in (HEADER, *rows(2))))
    refused(icpc("check", path), f'--delimiter "{mark}"', "5234")
    assert found(icpc, path, "--delimiter", mark)["sources"][0]["rows"]["read"] == 2


def test_lines_that_stand_in_quotes_as_a_whole_are_named(icpc):
    refused(icpc("check", str(CASES / "whole_line_quoted.csv")), "hele linjen står i anførselstegn", "--map")


@pytest.mark.parametrize(
    ("mark", "name"), [(";", "semikolon"), (",", "komma"), ("\t", "tabulator"), ("|", "lodret streg")]
)
def test_a_file_is_named_with_its_delimiter(tmp_path, icpc, mark, name):
    path = written(tmp_path / "k.csv", *(line.replace(";", mark) for line in (HEADER, *rows(2))))
    assert f"k.csv · utf-8 · {name} 2 linjer" in " ".join(icpc("check", path).out.split())


@pytest.mark.parametrize("delimiter", [",", "\t", "|"])
def test_whole_lines_in_quotes_are_named_with_any_delimiter(tmp_path, icpc, delimiter):
    path = written(tmp_path / "k.csv", *(f'"{line}"'.replace(";", delimiter) for line in (HEADER, *rows(2))))
    refused(icpc("check", path), "hele linjen står i anførselstegn", "--map", "5234")


def test_delimiters_that_a_spreadsheet_left_out_are_read_as_empty_cells(icpc):
    result = found(icpc, str(CASES / "excel_dropped_last_delimiters.csv"))
    assert (notices(result), result["findings_by_check"]) == ([("left-out-cells", 12, 18)], {})
    result = found(icpc, str(CASES / "trailing_hdr_only.csv"))
    assert (notices(result), checks(result)) == ([("left-out-cells", 2, 2)], [(3, "R003", "L8")])


@pytest.mark.parametrize("header_counts", [False, True])
@pytest.mark.parametrize("left_out", [1, 2])
def test_sixteen_rows_at_a_time_may_lack_their_last_cells(tmp_path, icpc, header_counts, left_out):
    full, short = rows(15 if header_counts else 16), [line.rsplit(";", left_out)[0] for line in rows(16)]
    path = written(tmp_path / "k.csv", HEADER, *full, *short, *rows(16), *short[:5])
    result = found(icpc, path, "--annotate", str(tmp_path / "a.csv"))
    assert result["sources"][0]["rows"] == {"read": len(full) + 37, "judged": len(full) + 37, "unreadable": 0}
    assert notices(result) == [("left-out-cells", 21, len(full) + 2)]
    assert {line.count(";") for line in (tmp_path / "a.csv").read_text("utf-8").splitlines()} == {11}


@pytest.mark.parametrize("place", [0, 5, 15, 16, 17, 30])
def test_a_row_that_is_short_by_itself_cannot_be_read(tmp_path, icpc, place):
    lines = rows(40)
    lines[place] = lines[place].rsplit(";", 1)[0]
    result = found(icpc, written(tmp_path / "k.csv", HEADER, *lines), "--ignore", "R009")
    assert [(row, check) for row, check, _ in checks(result)] == [(place + 2, "R001")]


def test_records_with_one_delimiter_more_than_the_header_are_read(tmp_path, icpc):
    path = written(tmp_path / "k.csv", HEADER, *(f"{line};" for line in rows(3)))
    result = found(icpc, path, "--annotate", str(tmp_path / "a.csv"))
    assert (result["sources"][0]["rows"]["judged"], notices(result)) == (3, [("left-out-cells", 1, 1)])
    assert {line.count(";") for line in (tmp_path / "a.csv").read_text("utf-8").splitlines()} == {12}


@pytest.mark.parametrize("name", ["joined_quoted.csv", "joined_ws.csv"])
def test_the_header_again_is_no_record(icpc, name):
    result = found(icpc, str(CASES / name))
    assert (notices(result), result["courses"]["total"]) == ([("repeated-header", 1, 3)], 1)


@pytest.mark.parametrize(
    "again",
    [
        HEADER.upper(),
        HEADER.replace(";", " ; "),
        ";".join(f'"{each}"' for each in HEADER.lower().split(";")),
        f"\ufeff{HEADER}",
        HEADER.replace("-", ""),
    ],
)
def test_the_header_again_is_known_however_it_is_written(tmp_path, icpc, again):
    path = written(tmp_path / "k.csv", HEADER, *rows(3), again, *rows(2), again)
    result = found(icpc, path, "--annotate", str(tmp_path / "a.csv"))
    assert (notices(result), result["sources"][0]["rows"]["judged"]) == ([("repeated-header", 2, 5)], 5)


@pytest.mark.parametrize("total", [
    ";;;;;;Antal;2", ";;;;;;I alt;", "I alt;;;;;;;7", ";;;;;;;Total: 7", ";Sum;;;;;;", "Subtotal:;;;;;;12;",
    "Antal forløb i alt: 7;;;;;;;", "7 besøg;;;;;;I alt;", "I alt;;;;;;7 linjer;3", "7;I alt;;;;;;", "312;;;;;;Total;",
])  # fmt: skip
@pytest.mark.parametrize("place", [1, 2, 4])
def test_a_row_that_sums_up_others_is_no_course(tmp_path, icpc, total, place):
    lines = [HEADER.replace("Notat", "Antal"), *(line.replace("Ondt", "1") for line in rows(3))]
    lines.insert(place, total)
    result = found(icpc, written(tmp_path / "k.csv", *lines))
    assert (notices(result), result["courses"]["total"]) == ([("totals-line", 1, place + 1)], 3)


def test_a_row_of_a_word_and_a_number_is_no_course(icpc):
    result = found(icpc, str(CASES / "totals3.csv"))
    assert (notices(result), result["courses"]["total"]) == ([("totals-line", 1, 4)], 1)


@pytest.mark.parametrize("record", [
    ";010140-5234;57;Artrose i knæ;ja;;Total;1", "03-03-2026;Total;57;Artrose i knæ;ja;L90;;",
    ";;57;Artrose i knæ;;;;2", ";;;;;L90;I alt;2",
])  # fmt: skip
def test_a_row_that_states_something_of_a_course_is_a_record(tmp_path, icpc, record):
    result = found(icpc, written(tmp_path / "k.csv", HEADER.replace("Notat", "Antal"), *rows(1), record))
    assert result["sources"][0]["rows"]["judged"] == 2


def test_a_folder_passes_over_what_is_no_export_and_says_why(tmp_path, icpc, monkeypatch):
    monkeypatch.chdir(tmp_path)
    export = written(tmp_path / "maj.csv", HEADER, *rows(2, **{"ICPC-kode": "l90"}))
    for option, name in (
        ("--annotate", "klinik-rettet.csv"),
        ("--output", "fund.csv"),
        ("--output", "fund.xlsx"),
        ("--output", "x.json"),
        ("--output", "fund.html"),
    ):
        icpc("check", export, option, str(tmp_path / name), *TODAY)
    icpc("report", export, "--output", str(tmp_path / "rapport.xlsx"), *TODAY)
    written(tmp_path / "noter.txt", "Husk at ringe til Jens")
    written(tmp_path / "budget.csv", "Konto;Beløb", "Husleje;7000")
    (tmp_path / "laast.xlsx").write_bytes((CASES / "w_badref.xlsx").read_bytes())
    (tmp_path / "side.xls").write_bytes((CASES / "html_table_many_lines.xls").read_bytes())
    result = found(icpc, str(tmp_path))
    assert [Path(each["path"]).name for each in result["sources"]] == ["maj.csv"]
    assert {Path(each["path"]).name: each["reason"] for each in result["skipped"]} == {
        "budget.csv": "not-an-export", "fund.csv": "own-output", "fund.html": "own-output", "fund.xlsx": "own-output",
        "klinik-rettet.csv": "own-output", "laast.xlsx": "workbook-unreadable", "noter.txt": "not-an-export",
        "rapport.xlsx": "own-output", "side.xls": "web-page", "x.json": "own-output",
    }  # fmt: skip
    for command in (("check", ".", *TODAY), ("report", ".", *TODAY)):
        ended = icpc(*command)
        assert "klinik-rettet.csv er sprunget over: programmet har selv skrevet den" in " ".join(
            (ended.out + ended.err).split()
        )


def test_what_a_folder_of_older_exports_passes_over_is_said_too(tmp_path, icpc):
    (tmp_path / "før").mkdir()
    export = written(tmp_path / "maj.csv", HEADER, *rows(2))
    written(tmp_path / "før" / "april.csv", HEADER, *rows(2))
    written(tmp_path / "før" / "noter.txt", "Husk at ringe til Jens")
    result = found(icpc, export, "--previous", str(tmp_path / "før"))
    assert [Path(each["path"]).name for each in result["skipped"]] == ["noter.txt"]


def test_an_output_that_is_named_itself_is_read(tmp_path, icpc):
    export = written(tmp_path / "maj.csv", HEADER, *rows(2))
    icpc("check", export, "--annotate", str(tmp_path / "klinik.csv"), *TODAY)
    assert found(icpc, str(tmp_path / "klinik.csv"))["skipped"] == []


def test_a_folder_in_which_nothing_is_an_export_is_refused(tmp_path, icpc):
    written(tmp_path / "noter.txt", "Husk at ringe")
    refused(icpc("check", str(tmp_path)), "noter.txt")


def test_what_is_absurdly_large_is_refused(tmp_path, icpc):
    columns = ";".join([*HEADER.split(";"), *(f"Svar {number}" for number in range(20_000))])
    refused(icpc("check", written(tmp_path / "k.csv", columns, columns)), "kolonner")
    path = tmp_path / "k.xlsx"
    with (
        zipfile.ZipFile(CASES / "excel_error_cells.xlsx") as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b"Lumbal stenose", b"x" * (150 << 20), 1)
            target.writestr(name, content)
    refused(icpc("check", str(path)), "langt mere")


def test_a_sheet_of_few_cells_over_a_vast_area_is_refused(tmp_path, icpc):
    book = openpyxl.Workbook()
    for place, cell in enumerate(HEADER.split(";"), start=1):
        book.active.cell(1, place, cell)
    book.active.cell(1_048_576, 16_384, "x")
    book.save(tmp_path / "k.xlsx")
    refused(icpc("check", str(tmp_path / "k.xlsx")), "langt mere")


@pytest.mark.parametrize("name", ["x" * 300 + ".csv", "mappe/" + "y" * 300])
@pytest.mark.parametrize(
    "command", [("check",), ("report",), ("note", "--file"), ("check", str(CASES / "totals3.csv"), "--previous")]
)
def test_a_name_that_is_too_long_is_one_message(icpc, name, command):
    ended = icpc(*command, name)
    assert ended.status == 2
    assert "Traceback" not in ended.err


def calls(task: Callable[[], object]) -> int:
    """How many functions are called on the way."""
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        task()
    finally:
        sys.setprofile(None)
    return count


def read(path: str) -> None:
    """Read an export as far as its records."""
    guideline = load_guideline()
    dialect = detect(Path(path), path, lambda headers: recognised(guideline, headers, ()))
    with Path(path).open("rb") as file:
        for block in dialect.settler().blocks(dialect.record_lines(file)):
            assert block.rows


def _grown(kind: str, size: int) -> Sequence[str]:
    word = "ord "
    match kind:
        case "words of a header":
            return [f"{HEADER};{word * (size // 20)}", *(f"{line};x" for line in rows(20))]
        case "columns":
            return [
                f"{HEADER};" + ";".join(f"Svar {n}" for n in range(size)),
                *(line + ";x" * size for line in rows(20)),
            ]
        case "words of a note":
            return [HEADER, *rows(20, Notat=word * size)]
        case "records":
            return [HEADER, *rows(size)]
        case "records with quotes":
            return [HEADER, *rows(size, Notat='"Ondt; ""meget"""')]
        case "broken quotes":
            return [HEADER, *rows(size, Notat='"Ondt')]
        case "short records":
            return [HEADER, *(line.rsplit(";", 1)[0] if n % 3 else line for n, line in enumerate(rows(size)))]
        case _:
            return [HEADER, *rows(size, Problemstilling=f"{kind} {{day}}")]


GROWING = (
    "words of a header", "columns", "words of a note", "records", "records with quotes", "broken quotes",
    "short records", "names",
)  # fmt: skip


@pytest.mark.parametrize("kind", GROWING)
def test_reading_never_costs_more_than_a_multiple_of_the_size(tmp_path, kind):
    small, large = (written(tmp_path / f"{size}.csv", *_grown(kind, size)) for size in (400, 1600))
    read(small)
    assert calls(lambda: read(large)) <= 5 * calls(lambda: read(small))


@pytest.mark.parametrize("kind", GROWING[2:])
def test_a_check_never_costs_more_than_a_multiple_of_the_size(tmp_path, icpc, kind):
    small, large = (written(tmp_path / f"{size}.csv", *_grown(kind, size)) for size in (400, 1600))
    found(icpc, small)
    assert calls(lambda: found(icpc, large)) <= 5 * calls(lambda: found(icpc, small))


def test_an_error_in_a_cell_of_an_old_workbook_is_its_value(icpc, tmp_path):
    """``errors_old.xls`` was written by xlwt 1.3: row 2 has the error #N/A for a code."""
    path = str(CASES / "errors_old.xls")
    assert checks(found(icpc, path)) == [(2, "R003", "#N/A")]
    assert icpc("check", path, "--annotate", str(tmp_path / "k.xlsx")).status == 1
    assert openpyxl.load_workbook(tmp_path / "k.xlsx", data_only=True).active["F2"].value == "#N/A"


_SPACES = (
    " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    + ' xmlns:x="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def open_document(path, *rows_of_cells):
    """A workbook as LibreOffice writes it: cells are texts, or the attributes and the text of one that is not."""
    made = ""
    for repeated, cells in rows_of_cells:
        made += f'<table:table-row table:number-rows-repeated="{repeated}">'
        for cell in cells:
            attributes, text = cell if isinstance(cell, tuple) else ('office:value-type="string"', cell)
            made += f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"
        made += "</table:table-row>"
    table = f'<table:table table:name="Ark1">{made}</table:table>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", f"<office:document-content {_SPACES}><office:body><office:spreadsheet>{table}"
                         "</office:spreadsheet></office:body></office:document-content>")  # fmt: skip
    return str(path)


def test_errors_and_formulas_without_a_value_of_an_open_document_are_named(icpc, tmp_path):
    error = 'table:formula="of:=NA()" office:value-type="string" office:string-value="" x:value-type="error"'
    zero = 'table:formula="of:=1/0" office:value-type="float" office:value="0" x:value-type="error"'
    path = open_document(
        tmp_path / "k.ods",
        (1, ["Dato", "CPR-nr", "Speciale", "Forløbstype", "ICPC-kode"]),
        (
            2,
            ["01-05-2026", ('table:number-columns-repeated="2" office:value-type="string"', "62"), "", (error, "#N/A")],
        ),
        (1, ["01-05-2026", "b", "62", "", (zero, "#DIV/0!")]),
        (1, ["01-05-2026", "c", "62", "", ('table:formula="of:=UPPER([.A1])"', "")]),
    )
    result = found(icpc, path, "--ignore", "R009")
    assert checks(result) == [(2, "R003", "#N/A"), (3, "R003", "#N/A"), (4, "R003", "#DIV/0!"),
                              (5, "R003", "=of:=UPPER([.A1])")]  # fmt: skip
    assert ("formulas-without-values", 1, 5) in notices(result)


def test_an_open_document_with_a_world_of_errors_in_one_cell_is_refused_at_once(icpc, tmp_path):
    error = 'table:formula="of:=NA()" x:value-type="error" table:number-columns-repeated="16384"'
    path = open_document(tmp_path / "k.ods", (1, ["Dato", "Speciale", "ICPC-kode"]), (200, [(error, "#N/A")]))
    refused(icpc("check", path), "fylder")
