"""What was found, in every format: the same findings, safe for the medium, to the screen or whole into a file."""

import base64
import csv
import hashlib
import html
import io
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from zipfile import ZipFile

import pytest

from icpc_cli.cli import run
from icpc_cli.pages import check as page_of_check
from icpc_cli.voice.safe import masked, no_formula
from icpc_cli.writing import sheets
from tests import golden
from tests.conftest import posix

EXAMPLE = Path(__file__).parent.parent / "data" / "examples" / "klinik.csv"
EXPORT = golden.EXPORT.encode("windows-1252", "replace")
FORMATS = ("text", "concise", "json", "jsonl", "csv", "xlsx", "html")


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The export of the reviewed outputs, in the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "maj.csv").write_bytes(EXPORT)
    return tmp_path / "maj.csv"


def icpc(capfdbinary, *arguments: object) -> tuple[int, str, str]:
    status = run(["check", *map(str, arguments), "--today", "2026-06-01"])
    sys.stdout.flush()
    said = capfdbinary.readouterr()
    return status, said.out.decode(), said.err.decode()


def test_every_output_is_as_it_was_reviewed(tmp_path):
    made = golden.made(tmp_path)
    kept = {path.name: path.read_bytes().decode() for path in golden.FOLDER.iterdir()}
    assert made.keys() == kept.keys()
    for name, text in made.items():
        assert text == kept[name], f"{name}: if this is meant, run python -m tests.golden and review the difference"


def test_all_formats_hold_the_same_findings(capfdbinary, export):
    found = json.loads(icpc(capfdbinary, "maj.csv", "--format", "json")[1])["findings"]
    assert len(found) == 13
    _, lines, _ = icpc(capfdbinary, "maj.csv", "--format", "jsonl")
    assert [json.loads(line) for line in lines.splitlines()] == found
    _, table, _ = icpc(capfdbinary, "maj.csv", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"), newline=""), delimiter=";"))
    places = [(str(each["row"]), each["check"]) for each in found]
    assert [(row["row"], row["check"]) for row in rows] == places
    assert list(rows[0]) == list(found[0])
    _, concise, _ = icpc(capfdbinary, "maj.csv", "--format", "concise")
    assert [tuple(re.findall(r":(\d+): (\w+)", line)[0]) for line in concise.splitlines()] == places
    icpc(capfdbinary, "maj.csv", "--output", "fund.xlsx")
    rows_of_sheet = workbook(Path("fund.xlsx"))["Fund"][1:]
    assert [(str(row[0]), row[2]) for row in rows_of_sheet] == places
    _, page, _ = icpc(capfdbinary, "maj.csv", "--format", "html")
    parsed = re.findall(r'<tr><th scope="row" class="row">(\d+)</th>.*?<td class="check">(\w+)</td>', page)
    assert parsed == places


def workbook(path: Path) -> dict[str, list[list[object]]]:
    from openpyxl import load_workbook

    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in load_workbook(path)}


READ = """\
maj.csv · windows-1252 · semikolon · 9 linjer læst · 8 vurderet · 1 ulæselig
! forstået: speciale 7 af 8, nerverodstegn 0 af 3; resten tæller som ukendt.
"""


@pytest.mark.parametrize("output_format", FORMATS)
def test_the_same_stands_on_the_screen_and_in_a_file(capfdbinary, export, output_format):
    status, out, err = icpc(capfdbinary, "maj.csv", "--format", output_format, "--output", "fund.ud")
    assert (status, out) == (1, "")
    assert err == f"{READ}Skrevet: fund.ud (13 fund)\n"
    if output_format != "xlsx":
        written = Path("fund.ud").read_bytes().decode()
        shown = icpc(capfdbinary, "maj.csv", "--format", output_format)[1]
        # A list to work through is only proposed where nothing was written.
        assert written == re.sub(r"  Gå fundene igennem .*\n  icpc work .*\n  icpc check .*\n", "", shown)


def test_what_was_read_is_always_said(capfdbinary, export):
    for output_format in ("concise", "jsonl", "csv"):
        _, out, err = icpc(capfdbinary, "maj.csv", "--format", output_format)
        assert err == READ
        assert "windows-1252" not in out
    for output_format in ("text", "json", "html"):
        _, out, err = icpc(capfdbinary, "maj.csv", "--format", output_format)
        assert err == ""
        assert "windows-1252" in out


@pytest.mark.parametrize(("name", "begins"), [
    ("f.txt", b"maj.csv \xc2\xb7"), ("f.json", b"{\n"), ("f.jsonl", b'{"path"'), ("f.csv", b"\xef\xbb\xbfpath;row;"),
    ("f.xlsx", b"PK"), ("f.HTML", b"<!doctype html>"), ("f.htm", b"<!doctype html>"),
])  # fmt: skip
def test_the_name_of_the_file_decides_the_format(capfdbinary, export, name, begins):
    icpc(capfdbinary, "maj.csv", "--output", name)
    assert Path(name).read_bytes().startswith(begins)


def test_a_dash_is_standard_output(capfdbinary, export):
    _, out, _ = icpc(capfdbinary, "maj.csv", "--format", "jsonl", "--output", "-")
    assert len(out.splitlines()) == 13
    assert not Path("-").exists()


@pytest.mark.parametrize(("arguments", "expected"), [
    (["--format", "xlsx"], "--output fund.xlsx"),
    (["--format", "xlsx", "--output", "-"], "--output fund.xlsx"),
    (["--output", "fund.docx"], ".jsonl"),
    (["--output", "fund"], "--format"),
    (["--output", "findes/ikke.csv"], "mappen findes ikke"),
    (["--format", "csv", "--output", "."], "er en mappe"),
])  # fmt: skip
def test_an_output_that_cannot_be_is_refused_before_the_check(capfdbinary, export, arguments, expected):
    status, out, err = icpc(capfdbinary, "maj.csv", *arguments)
    assert (status, out) == (2, "")
    assert err.startswith("Fejl: ")
    assert expected in err
    assert [path.name for path in export.parent.iterdir()] == ["maj.csv"]


# Safe for the medium


def test_patients_are_masked_where_they_are_shown_and_nowhere_else(capfdbinary, export):
    for output_format in ("json", "jsonl", "csv", "concise"):
        for more in ((), ("--show-patients",)):
            out = icpc(capfdbinary, "maj.csv", "--format", output_format, *more)[1]
            assert not re.search(r"5678|5679|•78|A17", out)
    for output_format in ("text", "html"):
        assert "5679" not in icpc(capfdbinary, "maj.csv", "--format", output_format)[1]
        assert "020250-5679" in icpc(capfdbinary, "maj.csv", "--format", output_format, "--show-patients")[1]
    for more, shown in (((), "••••••-••79"), (("--show-patients",), "020250-5679")):
        icpc(capfdbinary, "maj.csv", "--output", "fund.xlsx", *more)
        assert workbook(Path("fund.xlsx"))["Fund"][2][4] == shown


@pytest.mark.parametrize(("patient", "shown"), [
    ("010150-5678", "••••••-••78"), ("0101505678", "••••••••78"), ("A17", "•17"), ("17", "••"), ("7", "•"), ("", ""),
    ("Anne Bæk", "•••• •æk"),
])  # fmt: skip
def test_all_but_the_last_two_characters_of_a_patient_are_masked(patient, shown):
    assert masked(patient) == shown


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r1", " =1", "\n=1", "\uff1d1"])
def test_no_text_starts_a_formula(text):
    assert no_formula(text) == "'" + text
    assert no_formula("a" + text) == "a" + text


def test_a_workbook_holds_text_and_numbers_only(capfdbinary, export):
    icpc(capfdbinary, "maj.csv", "--output", "fund.xlsx")
    with ZipFile("fund.xlsx") as book:
        parts = {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xml")}
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert "=2+5" in sheet
    assert "@SUM" in sheet
    assert not re.search(r"<f[ >]|<hyperlink", "".join(parts.values()))
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet


def test_findings_that_one_sheet_cannot_hold_go_on_in_the_next(capfdbinary, export, monkeypatch):
    monkeypatch.setattr(sheets, "ROWS", 6)
    icpc(capfdbinary, "maj.csv", "--output", "fund.xlsx")
    book = workbook(Path("fund.xlsx"))
    assert list(book)[:3] == ["Fund", "Fund 2", "Fund 3"]
    found = [row for name in ("Fund", "Fund 2", "Fund 3") for row in book[name][1:]]
    assert len(found) == 13
    assert [row[0] for row in found] == sorted(row[0] for row in found)  # type: ignore[type-var]  # numbers


class Tags(HTMLParser):
    """The tags of a page, in order, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_needs_nothing_and_runs_nothing(capfdbinary, export):
    page = icpc(capfdbinary, "maj.csv", "--format", "html", "--lang", "en")[1]
    tags = Tags(page)
    assert tags.open == []
    assert " ".join(dict.fromkeys(tags.seen)) == (
        "html head meta title style body main h1 p table caption tbody tr th td thead div"
    )
    assert tags.seen.count("h1") == 1
    assert '<html lang="en">' in page
    assert not re.search(r"https?:|src=|url\(|@import|\son\w+=", page)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"content=\"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'" in html.unescape(page)
    assert '<script>alert("1")</script>' in tags.text


def test_a_page_of_too_many_findings_says_how_many_are_left_out_and_where_all_are(capfdbinary, export, monkeypatch):
    monkeypatch.setattr(page_of_check, "MOST", 5)
    page = icpc(capfdbinary, "maj.csv", "--format", "html")[1]
    text = " ".join(Tags(page).text.split())
    assert page.count('<th scope="row" class="row">') == 5
    assert "Her vises de første 5 af 13 fund; 8 er udeladt." in text
    assert "icpc check maj.csv --format xlsx --output fund.xlsx" in text
    assert '<th scope="row">R007</th><td>ukendt værdi</td><td>advarsel</td><td>3</td>' in page


def test_several_files_are_told_apart(capfdbinary, export):
    Path("juni.csv").write_bytes(EXPORT)
    icpc(capfdbinary, "maj.csv", "juni.csv", "--output", "fund.xlsx")
    rows = workbook(Path("fund.xlsx"))["Fund"]
    assert rows[0][0] == "Fil"
    assert {row[0] for row in rows[1:]} == {"maj.csv", "juni.csv"}
    _, out, _ = icpc(capfdbinary, "maj.csv", "juni.csv")
    assert "icpc check maj.csv juni.csv --worklist arbejdsliste.xlsx" in " ".join(out.split())


def test_without_patients_and_dates_there_are_no_empty_columns(capfdbinary, export):
    export.write_text("Speciale;ICPC\n51;L8\n", encoding="utf-8")
    icpc(capfdbinary, "maj.csv", "--output", "fund.xlsx", "--lang", "en")
    book = workbook(Path("fund.xlsx"))
    assert book["Findings"][0] == [
        "Row",
        "Severity",
        "Check",
        "What",
        "Column",
        "It says",
        "Explanation",
        "Suggestion",
        "According to",
    ]
    assert list(book) == ["Findings", "Overview"]


def test_a_check_without_findings_is_said_in_every_format(capfdbinary, export):
    export.write_text("Speciale;Forløbstype;ICPC\n51;andet;L86\n", encoding="utf-8")
    for output_format, expected in (
        ("text", "Ingen fejl, advarsler eller bemærkninger."),
        ("html", "Ingen fejl, advarsler eller bemærkninger."),
        ("jsonl", ""),
        ("concise", ""),
        ("csv", "path;row;check"),
    ):
        status, out, _ = icpc(capfdbinary, "maj.csv", "--format", output_format)
        assert status == 0
        assert expected in out
    assert icpc(capfdbinary, "maj.csv", "--output", "f.xlsx")[0] == 0
    book = workbook(Path("f.xlsx"))
    assert len(book["Fund"]) == 1
    assert ["Ingen fejl, advarsler eller bemærkninger."] in [[cell for cell in row if cell] for row in book["Overblik"]]


@pytest.mark.parametrize(("rows", "said"), [
    ("51;andet;\n51;andet;L86\n51;;L86\n", "Ingen fejl i de 2 forløb, der kunne afgøres; 1 kunne ikke."),
    ("62;andet;\n51;;L86\n;;L86\n51;ved ikke;\n", "Ingen fejl i det ene forløb, der kunne afgøres; 3 kunne ikke."),
    ("51;;\n51;;L03\n", "Ingen af de 2 forløb kunne afgøres."),
])  # fmt: skip
def test_no_errors_is_only_said_of_what_could_be_judged(capfdbinary, export, rows, said):
    export.write_text(f"Speciale;Forløbstype;ICPC\n{rows}", encoding="utf-8")
    chosen = ("maj.csv", "--ignore", "R006")
    for output_format in ("text", "html"):
        assert said in " ".join(icpc(capfdbinary, *chosen, "--format", output_format)[1].split())
    assert icpc(capfdbinary, *chosen, "--output", "f.xlsx")[0] == 0
    assert [said] in [[cell for cell in row if cell] for row in workbook(Path("f.xlsx"))["Overblik"]]


@posix
@pytest.mark.parametrize("output_format", ["csv", "jsonl", "html"])
def test_a_reader_that_goes_away_is_no_error(icpc, tmp_path, output_format):
    path = tmp_path / "maj.csv"
    path.write_text("Speciale;ICPC\n" + "51;L8\n" * 20_000, encoding="utf-8")
    command = [sys.executable, "-m", "icpc_cli", "check", str(path), "--format", output_format]
    with subprocess.Popen(command, env=icpc.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(100)
        process.stdout.close()
        err = process.stderr.read().decode()
    assert process.returncode == 141
    assert "Traceback" not in err
