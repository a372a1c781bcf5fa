"""``icpc check`` as a user meets it: what it prints, its exit status, and what it says of files it cannot read."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from icpc_cli.checks.catalogue import BY_ID
from icpc_cli.cli import run

EXAMPLES = Path(__file__).parent.parent / "data" / "examples"
HEADER = "Dato;CPR-nr;Speciale;Forløbstype;Problemstilling;Nerverodstegn;Sikre fund;Diagnosekode;Telefon"
MISSING = [
    "01-05-2026;010149-5678;51;struktureret;lumbal stenose;;ja;;12345678",
    "08-05-2026;010149-5678;51;struktureret;lumbal stenose;;ja;;12345678",
]
FINE = ["01-05-2026;020249-5678;51;struktureret;artrose i knæ;;ja;L90;12345678"]


def export(folder: Path, rows: list[str], header: str = HEADER, name: str = "maj.csv") -> str:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return str(path)


def icpc(capsys, *arguments: str) -> tuple[int, str, str]:
    status = run(["check", *arguments, "--today", "2026-11-01"])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_json_has_exactly_the_keys_of_the_specification(capsys, tmp_path):
    path = export(tmp_path, MISSING + FINE)
    status, out, err = icpc(capsys, path, "--format", "json")
    assert (status, err) == (1, "")
    assert json.loads(out) == {
        "schema": "icpc-cli/check/2",
        "sources": [
            {
                "path": path,
                "format": "csv",
                "encoding": "utf-8",
                "delimiter": ";",
                "columns": {
                    "date": "Dato",
                    "patient": "CPR-nr",
                    "specialty": "Speciale",
                    "course": "Forløbstype",
                    "condition": "Problemstilling",
                    "nerve_root_signs": "Nerverodstegn",
                    "findings_certain": "Sikre fund",
                    "code": "Diagnosekode",
                },
                "ignored_columns": ["Telefon"],
                "missing_roles": [],
                "rows": {"read": 3, "judged": 3, "unreadable": 0},
                "understood": {
                    role: {"filled": filled, "understood": filled}
                    for role, filled in (
                        ("specialty", 3),
                        ("course", 3),
                        ("condition", 3),
                        ("nerve_root_signs", 0),
                        ("findings_certain", 3),
                    )
                },
            }
        ],
        "skipped": [],
        "courses": {
            "total": 2,
            "mandatory": 2,
            "mandatory_coded": 1,
            "mandatory_pending": 0,
            "mandatory_missing": 1,
            "voluntary": 0,
            "voluntary_coded": 0,
            "undetermined": 0,
            "undetermined_because": {"specialty": 0, "course": 0, "conditions": 0},
        },
        "findings_by_check": {"K101": 1},
        "findings": [
            {
                "path": path,
                "row": 3,
                "check": "K101",
                "severity": "error",
                "column": "Diagnosekode",
                "value": "",
                "message": "Forløbet skal kodes og har efter 2 konsultationer ingen gyldig kode"
                " (foreslået: L84 eller L86).",
                "suggestions": ["L84", "L86"],
                "fix": None,
                "basis": "guide",
                "red_flags": False,
            }
        ],
    }


def test_json_without_findings_is_valid_and_ends_well(capsys, tmp_path):
    status, out, _ = icpc(capsys, export(tmp_path, FINE), "--format", "json")
    assert status == 0
    assert json.loads(out)["findings"] == []


def test_concise_is_a_line_for_each_finding(capsys, tmp_path):
    path = export(tmp_path, MISSING)
    _, out, _ = icpc(capsys, path, "--format", "concise", "--lang", "en")
    assert out == (
        f"{path}:3: K101 The course must be coded and has no valid code after 2 consultations"
        " (suggested: L84 or L86).\n"
    )


@pytest.mark.parametrize(
    ("rows", "fail_on", "status"),
    [
        (MISSING, "error", 1),
        (MISSING, "never", 0),
        (MISSING[:1], "error", 0),
        (MISSING[:1], "warning", 0),
        (MISSING[:1], "info", 1),
        (["01-05-2026;a;51;andet;andet;måske;;;"], "error", 0),
        (["01-05-2026;a;51;andet;andet;måske;;;"], "warning", 1),
        (FINE, "info", 0),
    ],
)
def test_the_status_says_whether_anything_weighs_that_much(capsys, tmp_path, rows, fail_on, status):
    assert icpc(capsys, export(tmp_path, rows), "--fail-on", fail_on)[0] == status


def test_the_page_says_what_was_read_what_is_covered_and_what_to_mend(capsys, tmp_path):
    path = export(tmp_path, [*MISSING, *FINE, "01-05-2026;a"])
    _, out, _ = icpc(capsys, path)
    text = " ".join(out.split())
    assert "· utf-8 · semikolon 4 linjer læst · 3 vurderet · 1 ulæselig" in text
    assert "CPR-nr → patient" in text
    assert "ikke brugt: Telefon" in text
    assert "1 af 2 forløb kodet · 1 mangler" in text
    assert "K101 kode mangler 1 forløb fejl" in text
    assert "linje 3 → L84 eller L86 51 · struktureret · Lumbal stenose" in text
    assert "R001 linjen kan ikke læses 1 linje fejl" in text
    assert "Næste skridt: Ret det ene forløb" in text
    assert "den kliniske vurdering er din" in text
    assert "010149" not in text
    assert "12345678" not in text


def test_the_page_says_so_when_there_is_nothing_to_mend(capsys, tmp_path):
    status, out, _ = icpc(capsys, export(tmp_path, FINE))
    assert status == 0
    assert "Ingen fejl, advarsler eller bemærkninger." in out


@pytest.mark.parametrize("header", ["Neurologiske udfald", "Sikker diagnose"])
@pytest.mark.parametrize("format_", ["text", "html"])
def test_nothing_is_only_said_of_what_was_read_where_a_column_that_may_matter_was_not(
    capsys, tmp_path, header, format_
):
    path = tmp_path / "k.csv"
    path.write_text(f"Speciale;Forløb;Problem;ICPC;{header}\n51;struktureret;spinalstenose;L86;falsk\n", "utf-8")
    _, out, _ = icpc(capsys, str(path), "--format", format_)
    said = " ".join(out.split())
    assert "Ingen fejl i det, der er læst." in said
    assert f"kan have betydning: {header}." in said
    assert "Ingen fejl, advarsler eller bemærkninger" not in said


def test_only_the_first_rows_of_each_check_are_shown_and_the_rest_counted(capsys, tmp_path):
    rows = [f"01-05-2026;p{number};51;andet;andet;;;L8;" for number in range(1200)]
    _, out, _ = icpc(capsys, export(tmp_path, rows))
    assert len(re.findall(r"linje \d", out)) == 3
    assert "1.200 linjer" in out
    assert "... 1.197 mere:" in out


def test_the_page_is_at_most_eighty_columns_wide_without_a_terminal_but_for_what_is_copied(capsys):
    _, out, _ = icpc(capsys, str(EXAMPLES / "klinik.csv"))
    assert {line.strip()[:5] for line in out.splitlines() if len(line) > 80} <= {"icpc "}


def test_the_example_export_holds_every_check_and_is_mostly_fine(capsys):
    from icpc_cli.checks.catalogue import CHECKS

    _, out, _ = icpc(capsys, str(EXAMPLES / "klinik.csv"), "--format", "json")
    found = json.loads(out)
    assert sorted(found["findings_by_check"]) == [
        check.id for check in CHECKS if check.id not in ("H201", "H203", "K110")
    ]
    assert found["courses"]["total"] == 150
    assert 380 <= found["sources"][0]["rows"]["read"] <= 440
    assert found["sources"][0]["encoding"] == "windows-1252"
    assert len(found["findings"]) < 40


def test_the_clean_example_is_clean(capsys):
    assert icpc(capsys, str(EXAMPLES / "uden-fejl.csv"), "--fail-on", "info")[0] == 0


@pytest.mark.parametrize(("name", "arguments"), [
    ("klinik.csv", ["--courses", "150", "--faults", "1", "--encoding", "cp1252"]),
    ("uden-fejl.csv", ["--courses", "12", "--seed", "7"]),
])  # fmt: skip
def test_the_examples_are_what_the_script_makes(tmp_path, name, arguments):
    made = tmp_path / name
    command = [sys.executable, "-m", "tests.make_export", *arguments, "--out", str(made)]
    subprocess.run(command, check=True, cwd=EXAMPLES.parent.parent)
    assert made.read_bytes() == (EXAMPLES / name).read_bytes()


@pytest.mark.parametrize(("arguments", "expected"), [
    (["--select", "K101"], {"K101"}),
    (["--select", "k10", "--select", "R008"], {*(f"K{n}" for n in range(101, 110)), "R008"}),
    (["--select", "R", "--ignore", "R00"], {"R010"}),
    (["--select", "k101, R008"], {"K101", "R008"}),
    (["--select", "R", "--ignore", "R00,R01"], set()),
    (["--ignore", "K", "--ignore", "R001", "--ignore", "P", "--ignore", "H2"], {f"R{n:03}" for n in range(2, 11)}),
])  # fmt: skip
def test_checks_can_be_selected_and_ignored_by_the_beginning_of_their_ids(capsys, arguments, expected):
    status, out, _ = icpc(capsys, str(EXAMPLES / "klinik.csv"), "--format", "json", *arguments)
    found = json.loads(out)
    assert set(found["findings_by_check"]) == expected == {finding["check"] for finding in found["findings"]}
    assert found["courses"]["mandatory_missing"] == 5
    assert status == (1 if expected & {"K101", "K108", "R003"} else 0)


def test_rules_are_listed_and_explained(capsys):
    assert run(["rules"]) == 0
    listed = capsys.readouterr().out
    assert [line.split()[0] for line in listed.splitlines()] == sorted(BY_ID)
    for given in ("K104", "k104", "prefer-l86"):
        assert run(["rules", given]) == 0
        text = " ".join(capsys.readouterr().out.split())
        assert text.startswith("K104 L86 er mere korrekt prefer-l86 · advarsel Ved tegn på nerverodspåvirkning")
        assert "Forkert lumbal stenose, nerverodstegn ja, L84" in text
        assert "Kilde guiden · fodnote 2, ved L86 i rækken lumbal stenose" in text
    assert run(["rules", "K999"]) == 2
    assert "K101" in capsys.readouterr().err


def test_hostile_cells_are_shown_as_text(capsys, tmp_path):
    rows = ["01-05-2026;a;51;andet;andet;[red]rød[/];;\x1b[31mryg\x07\u202e;"]
    for output_format in ("text", "concise"):
        _, out, _ = icpc(capsys, export(tmp_path, rows), "--format", output_format)
        assert "[red]rød[/]" in out
        assert "\\x1b[31mryg\\x07\\u202e" in out
        assert not set("\x1b\x07\u202e") & set(out)


def test_a_cpr_number_in_a_cell_is_masked_everywhere(capsys, tmp_path):
    rows = ["01-05-2026;a;51;andet;andet;;;010149-5678 ryg;", "01-05-2026;a;51;andet;andet;0101495678;;L90;"]
    for output_format in ("text", "concise", "json"):
        _, out, err = icpc(capsys, export(tmp_path, rows), "--format", output_format)
        assert "5678" not in out + err


def test_the_specialty_can_be_given_for_a_file_without_it(capsys, tmp_path):
    path = export(tmp_path, ["01-05-2026;a;andet;L90"], "Dato;Patient;Forløbstype;ICPC")
    assert icpc(capsys, path, "--specialty", "51 Almen")[0] == 0
    status, _, err = icpc(capsys, path, "--specialty", "almen")
    assert status == 2
    assert "er ikke et speciale" in err


def test_the_commands_on_the_page_can_be_typed_as_they_stand(capsys, tmp_path):
    path = export(tmp_path, ["01-05-2026;a;l86"], "Dato;Patient;Diag. nr", name="maj 1.csv")
    _, out, _ = icpc(capsys, path, "--specialty", "62", "--map", "code=Diag. nr")
    assert f'icpc check "{path}" --specialty 62 --map "code=Diag. nr" --worklist arbejdsliste.xlsx' in " ".join(
        out.split()
    )


def test_a_column_can_be_named_for_a_role(capsys, tmp_path):
    path = export(tmp_path, ["01-05-2026;a;51;L90"], "Dato;Patient;Speciale;Diag.")
    status, out, _ = icpc(capsys, path, "--map", "code=Diag.", "--format", "json")
    assert status == 0
    assert json.loads(out)["sources"][0]["columns"]["code"] == "Diag."


BAD_FILES = {
    "empty": (b"", "filen er tom"),
    "only a byte order mark": (b"\xef\xbb\xbf\r\n", "filen er tom"),
    "header only": (b"Dato;Speciale;ICPC\n\n", "ingen linjer under dem"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "ikke en tekstfil"),
    "random bytes": (bytes((i * 37 + 11) % 256 for i in range(4000)), "ikke en tekstfil"),
    "no code column": (b"Dato;Speciale;Diag.\n1;2;3\n", 'Nærmest er "Diag."'),
    "two code columns": (b"ICPC;Speciale;Diagnosekode\n1;2;3\n", '"ICPC" og "Diagnosekode"'),
    "no specialty": (b"Dato;ICPC\n1;2\n", "kolonne med specialet"),
    "no known header": (b"a;b;c\n1;2;3\n", "kolonne med diagnosekoder"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_file_that_cannot_be_read_gets_one_clear_message(capsys, tmp_path, kind):
    content, expected = BAD_FILES[kind]
    path = tmp_path / "maj.csv"
    path.write_bytes(content)
    status, out, err = icpc(capsys, str(path))
    assert (status, out) == (2, "")
    assert err.startswith("Fejl: ")
    assert "maj.csv" in err
    assert expected in " ".join(err.split())
    assert "Traceback" not in err


@pytest.mark.parametrize(("arguments", "expected"), [
    (["findes-ikke.csv"], "filen findes ikke"),
    (["tom"], "ingen eksporter"),
    (["*.xlsx"], "ingen filer passer"),
    (["maj.csv", "./maj.csv"], "angivet to gange"),
    (["maj.csv", "--format", "xml"], "text, concise, json, jsonl, csv, xlsx, html"),
    (["maj.csv", "--fail-on", "alt"], "error, warning, info, never"),
    (["maj.csv", "--select", "X1"], "Kendte kontroller"),
    (["maj.csv", "--select", "K,,R"], "Kendte kontroller"),
    (["maj.csv", "--ignore", ""], "Kendte kontroller"),
    (["maj.csv", "--map", "kodde=ICPC"], "Kendte roller"),
    (["maj.csv", "--map", "code"], "Kendte roller"),
    (["maj.csv", "--encoding", "klingon"], "tegnsættet kendes ikke"),
    (["maj.csv", "--encoding", "utf-16"], "ser ud til at være utf-8"),
    (["maj.csv", "--delimiter", ","], 'ser ud til at bruge ";"'),
    (["maj.csv", "--delimiter", "xx"], "skriv ét tegn"),
    (["maj.csv", "--previous", "findes-ikke.csv"], "filen findes ikke"),
    (["maj.csv", "--map", "code=Findes ikke"], 'ingen kolonne "Findes ikke"'),
    ([], "mangler"),
])  # fmt: skip
def test_wrong_use_gets_one_clear_message(capsys, tmp_path, monkeypatch, arguments, expected):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tom").mkdir()
    export(tmp_path, FINE)
    status, out, err = icpc(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith("Fejl: ")
    assert expected in " ".join(err.split())


def test_a_day_that_is_none_is_refused(capsys, tmp_path):
    assert run(["check", export(tmp_path, FINE), "--today", "i går"]) == 2
    assert "ikke en dato" in capsys.readouterr().err


def test_a_file_without_permission_gets_one_clear_message(capsys, tmp_path, monkeypatch):
    path = export(tmp_path, FINE)

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    status, _, err = icpc(capsys, path)
    assert status == 2
    assert "kan ikke åbnes" in err


def test_a_full_disk_gets_one_clear_message_and_nothing_is_left(capsys, tmp_path, monkeypatch):
    path = Path(export(tmp_path, FINE))
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("icpc_cli.judging.database._write", full)
    status, _, err = icpc(capsys, str(path))
    assert status == 2
    assert "Er disken fuld?" in " ".join(err.split())
    assert not list(folder.iterdir())


SETTINGS = """
[columns]
code = ["Diag.", "Diagnosekode"]
[fixed]
specialty = "51"
[services]
"0111" = { course = "structured", condition = "artrose i knæ" }
[values.findings_certain]
"JA TAK" = "ja"
[severity]
K101 = "info"
K106 = "off"
R003 = "warning"
"""


def test_the_clinics_settings_beside_the_export_are_used(capsys, tmp_path):
    (tmp_path / "icpc.toml").write_text(SETTINGS, encoding="utf-8")
    header = "Dato;Patient;Ydelse;Forløbstype;Problemstilling;Sikre fund;Diag."
    rows = ["01-05-2026;a;0111;;;JA TAK;",
            "02-05-2026;a;111;;;ja;", "02-05-2026;b;0112;;;ja;L8", "02-05-2026;c;0111;andet;;nej;L90"]  # fmt: skip
    (tmp_path / "eksporter").mkdir()
    path = Path(export(tmp_path / "eksporter", rows, header))
    status, out, _ = icpc(capsys, str(path), "--format", "json")
    found = json.loads(out)
    findings = [(each["row"], each["check"], each["severity"], each["suggestions"]) for each in found["findings"]]
    assert findings == [(3, "K101", "info", ["L90"]), (4, "R003", "warning", [])]
    assert found["courses"] | {"total": 3, "mandatory": 1, "voluntary": 1, "undetermined": 1} == found["courses"]
    assert status == 0
    assert icpc(capsys, str(path), "--fail-on", "warning")[0] == 1
    assert icpc(capsys, str(path), "--specialty", "62", "--format", "concise")[1].count("K101") == 0


def test_an_error_in_the_settings_names_file_line_and_key(capsys, tmp_path):
    (tmp_path / "icpc.toml").write_text('clinic = "Øst"\n[colums]\ncode = "x"\n', encoding="utf-8")
    status, out, err = icpc(capsys, export(tmp_path, FINE))
    assert (status, out) == (2, "")
    assert "icpc.toml" in err
    assert "2" in err
    assert "columns" in err


UNCODED = [
    "01-03-2025;010149-5678;51;struktureret;lumbal stenose;;ja;;12345678",
    "08-05-2026;010149-5678;51;struktureret;lumbal stenose;;ja;;12345678",
]


def test_a_course_from_before_the_duty_is_voluntary_and_asked_about_where_nobody_said_from_when(capsys, tmp_path):
    path = export(tmp_path, UNCODED)
    status, out, _ = icpc(capsys, path)
    assert status == 1
    assert "Før juni 2025 1 forløb, der skal kodes, begyndte før." in " ".join(out.split())
    for day, early in (("31-05-2025", True), ("01-06-2025", False)):
        on_day = export(tmp_path, [each.replace("01-03-2025", day) for each in UNCODED])
        assert ("Før juni 2025" in icpc(capsys, on_day)[1]) is early
    path = export(tmp_path, UNCODED)
    for day in ("01-03-2025", "2025-03-01"):
        assert icpc(capsys, path, "--duty-from", day)[0] == 1
    for day in ("02-03-2025", "2. marts 2025"):
        status, out, _ = icpc(capsys, path, "--duty-from", day)
        assert status == 0
        assert "--duty-from" not in out
        assert "0 af 1 forløb kodet" in out
    (tmp_path / "icpc.toml").write_text("duty_from = 2025-06-01\n", encoding="utf-8")
    assert icpc(capsys, path)[0] == 0
    assert icpc(capsys, path, "--duty-from", "2025-01-01")[0] == 1
    status, _, err = icpc(capsys, path, "--duty-from", "i går")
    assert status == 2
    assert '--duty-from "i går" er ikke en dato.' in err


def test_the_command_that_is_proposed_keeps_the_day_of_the_duty(capsys, tmp_path):
    path = export(tmp_path, [f"01-05-2026;a{row};51;struktureret;lumbal stenose;;ja;ryg;1" for row in range(9)])
    _, out, _ = icpc(capsys, path, "--duty-from", "2026-01-01")
    assert "--duty-from 2026-01-01 --select R003" in " ".join(out.split())


def test_a_check_on_request_is_only_made_when_it_is_named_in_full(capsys, tmp_path):
    header = HEADER.replace("Telefon", "Notat")
    path = export(tmp_path, ["01-05-2026;a;51;struktureret;artrose i knæ;;ja;L90;Lumbal stenose."], header)
    for asked in ([], ["--select", "K"], ["--select", "K11"], ["--ignore", "R"]):
        assert "K110" not in icpc(capsys, path, *asked)[1]
    assert "K110" in icpc(capsys, path, "--select", "k110", "--format", "concise")[1]
    (tmp_path / "icpc.toml").write_text('[severity]\nK110 = "warning"\n', encoding="utf-8")
    assert "K110" in icpc(capsys, path, "--format", "concise")[1]
    assert icpc(capsys, path, "--format", "concise", "--no-notes")[1] == ""


def test_a_course_that_is_not_decided_says_for_want_of_what(capsys, tmp_path):
    rows = ["01-05-2026;a;;struktureret;artrose i knæ;;ja;L90;1", "01-05-2026;b;51;;artrose i knæ;;ja;L90;1",
            "01-05-2026;c;57;;;;;;1", "01-05-2026;d;51;måske;;;;;1"]  # fmt: skip
    _, out, _ = icpc(capsys, export(tmp_path, rows))
    said = " ".join(out.split())
    assert "4 forløb · speciale ukendt i 1 · forløbstype ukendt i 2 · problemstilling ukendt i 1" in said
    assert "! forstået: forløbstype 1 af 2; resten tæller som ukendt." in said


def test_what_was_not_understood_is_shown_once_a_value_with_its_rows(capsys, tmp_path):
    words = ["qqx", "xyz", "qqx", "Kontrol", "QQX ", "xyz", "zzy", "yyz"]
    rows = [f"01-05-2026;p{row};62;;{word};;;;1" for row, word in enumerate(words)]
    _, out, _ = icpc(capsys, export(tmp_path, rows))
    shown = [line.split("  ") for line in out.splitlines() if line.strip().startswith("linje ")]
    assert [[part.strip() for part in line if part.strip()] for line in shown] == [
        ["linje 2", '"qqx"', "3 linjer"], ["linje 3", '"xyz"', "2 linjer"], ["linje 5", '"Kontrol"', "1 linje"],
    ]  # fmt: skip
    assert "... 2 mere:" in out


def test_a_code_that_has_gone_is_named_on_the_screen(capsys, tmp_path):
    old = export(tmp_path, ["01-05-2026;a;51;struktureret;artrose i knæ;;ja;L15;1"], name="april.csv")
    new = export(tmp_path, ["01-05-2026;a;51;struktureret;artrose i knæ;;ja;L90;1"])
    assert "L15 er væk" in icpc(capsys, new, "--previous", old)[1]


def test_where_courses_cannot_be_decided_the_last_lines_say_what_to_do(capsys, tmp_path):
    blank = export(tmp_path, ["01-05-2026;a;51;;artrose i knæ;;ja;L90;1", *FINE])
    said = " ".join(icpc(capsys, blank)[1].split())
    assert "Ingen fejl i det ene forløb, der kunne afgøres; 1 kunne ikke. Næste skridt: Udfyld speciale," in said
    assert "icpc init" not in said
    unread = export(tmp_path, ["01-05-2026;a;51;hver uge;artrose i knæ;;ja;L90;1"])
    said = " ".join(icpc(capsys, unread)[1].split())
    assert "så 1 forløb kan afgøres: icpc init " in said
    lacking = export(tmp_path, ["01-05-2026;a;51;L90"], "Dato;CPR-nr;Speciale;Diagnosekode")
    said = " ".join(icpc(capsys, lacking)[1].split())
    assert "Det ene forløb kunne ikke afgøres. Næste skridt: Sig, hvad kolonner og ord betyder" in said


def test_a_patient_written_with_an_unusual_dash_is_found_once_a_row(capsys, tmp_path):
    rows = [f"0{day}-05-2026;010149–5678;51;struktureret;artrose i knæ;;ja;L83;12345678" for day in (1, 8)]
    _, out, _ = icpc(capsys, export(tmp_path, rows), "--format", "concise", "--select", "K103")
    assert out.count("K103") == 2


def test_a_check_of_several_columns_counts_cells_as_a_row_may_have_more_than_one(capsys, tmp_path):
    row = "01-05-2026;020249-5678;51;struktureret;artrose i knæ;måske;måske;L90;12345678"
    _, out, _ = icpc(capsys, export(tmp_path, [row]), "--select", "R007")
    assert re.search(r"R007  ukendt værdi +2 felter", out)


def test_a_patient_is_the_same_with_a_name_beside_the_cpr_number(capsys, tmp_path):
    header = "Dato;Patient;Speciale;Forløb;ICPC;Problem"
    patients = ["200350-1234 Ida Lund", "Lund, Ida (200350 1234)", "2003501234", "200350-1234, Ida L."]
    others = ["Ida Lund", "200350-1234 og 010260-1111", "Kort 20035012345 Ida"]
    rows = [f"0{day}-03-2026;{who};51;struktureret;;knæartrose" for day, who in enumerate(patients + others, 1)]
    _, out, _ = icpc(capsys, export(tmp_path, rows, header), "--format", "json")
    found = json.loads(out)
    assert found["courses"]["total"] == 1 + len(others)
    assert [(each["row"], each["check"]) for each in found["findings"] if each["check"] == "K101"] == [(5, "K101")]
    assert "Lund" not in out


def test_names_that_stand_where_they_do_not_belong_are_not_shown(capsys, tmp_path):
    rows = ["120150-1234 Bo Berg;;;;;", "Ib Holm, Vejen 3;1;51;struktureret;spinalstenose;L84",
            "02-03-2026;1;51;struktureret;Else Lund 120150-1234;L84"]  # fmt: skip
    path = export(tmp_path, rows, "Dato;Patient;Speciale;Forløb;Problem;ICPC")
    for format_ in ("text", "json", "concise", "html"):
        _, out, err = icpc(capsys, path, "--format", format_)
        assert not any(name in out + err for name in ("Berg", "Holm", "Vejen", "Lund", "120150"))
        assert "R008" in out


def test_a_header_may_say_itself_which_problem_its_numbers_are(capsys, tmp_path):
    path = export(
        tmp_path, ["1;51;struktureret;1;L90", "2;51;struktureret;2;L90"],
        "Patient;Speciale;Forløb;Problem (1=knæartrose 2=hofteartrose);ICPC",
    )  # fmt: skip
    _, out, _ = icpc(capsys, path, "--format", "json")
    assert [(each["row"], each["check"], each["suggestions"]) for each in json.loads(out)["findings"]] == [
        (3, "K103", ["L89"])
    ]


@pytest.mark.parametrize(("legend", "yes", "no"), [
    ("(0=ja, 1=nej)", "0", "1"), ("(1=nej, 2=ja)", "2", "1"), ("[J = ja / N = nej]", "J", "N"),
    ("1 = ja; 0 = nej", "1", "0"),
])  # fmt: skip
def test_a_header_may_say_itself_what_its_cells_mean(capsys, tmp_path, legend, yes, no):
    header = f'Patient,Speciale,Forløb,Problem,ICPC,"Nerverodstegn {legend}"'
    rows = [f"{who},51,struktureret,spinalstenose,{code},{says}" for who, code, says in
            (("a", "L84", yes), ("b", "L86", no), ("c", "L86", yes), ("d", "L84", "7"))]  # fmt: skip
    _, out, _ = icpc(capsys, export(tmp_path, rows, header), "--format", "json")
    found = {(each["row"], each["check"]) for each in json.loads(out)["findings"]}
    assert found == {(2, "K104"), (3, "K105"), (5, "R007")}


def test_a_value_of_which_two_headers_say_different_things_means_nothing(capsys, tmp_path):
    legends = {"a.csv": "(0=ja, 1=nej)", "b.csv": "(1=ja, 0=nej)"}
    paths = [
        export(tmp_path, ["1;51;struktureret;spinalstenose;L84;0", "2;51;struktureret;spinalstenose;L84;ja"],
               f"Patient;Speciale;Forløb;Problem;ICPC;Nerverodstegn {legend}", name)
        for name, legend in legends.items()
    ]  # fmt: skip
    _, out, _ = icpc(capsys, *paths, "--format", "json", "--select", "R007,K104")
    found = [(Path(each["path"]).name, each["row"], each["check"]) for each in json.loads(out)["findings"]]
    assert sorted(found) == [(name, row, check) for name in legends for row, check in ((2, "R007"), (3, "K104"))]
