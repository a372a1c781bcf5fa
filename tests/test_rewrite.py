"""An export written again: every byte that is not added or repaired is the original's, in every dialect and damage."""

import csv
import io
import re
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icpc_cli.checks.codes import tidied
from icpc_cli.cli import run
from icpc_cli.errors import UsageError
from icpc_cli.guideline import load_guideline
from icpc_cli.judging.check import Checked, check_exports
from icpc_cli.judging.options import Options
from icpc_cli.outcomes import ANNOTATIONS
from icpc_cli.reading import chunks
from icpc_cli.text import Language
from icpc_cli.voice import Voice
from icpc_cli.writing import rewrite
from icpc_cli.writing.annotations import Annotations
from icpc_cli.writing.rewrite import Addition, Repair, Repairs
from icpc_cli.writing.sheets import rewrite_workbook
from tests.conftest import posix, room_for

TODAY = date(2026, 6, 1)
HEADER = ("Patient", "Speciale", "Fritekst", "Diagnosekode")
STATUS = {"ok", "bemærkning", "advarsel", "fejl"}


@contextmanager
def checked(*paths: Path, **options):
    with check_exports(load_guideline(), [str(path) for path in paths], Options(TODAY, **options)) as outcome:
        yield outcome


def annotate(outcome: Checked, target: Path) -> None:
    (loaded,) = outcome.loaded
    cells = Annotations(Voice(Language.DA, loaded.input.dialect.encoding.name))
    rewrite.annotate(loaded, Addition(ANNOTATIONS, cells.rows(outcome.findings()), cells.fine), target)


def fix(outcome: Checked, target: Path) -> int:
    (loaded,) = outcome.loaded
    return rewrite.fix(loaded, rewrite.Repairs.found(outcome, loaded), target)


# Any export: records of known text, each with its line end

LETTERS = st.sampled_from("abcæøåÅé§½ ;,|\t\"'x0-=")
CODES = st.sampled_from(
    ["L86", "l86", "L 86", "l-86 rygsyndrom", "l.03; L90", "L8", "", "DM54.5", "ryg", 'l90 "knæ"', "l86\nl 90", "Æ l86"]
)


@dataclass(frozen=True)
class Export:
    """An export in pieces: what stands before the records, each record's text and cells, and all line ends."""

    delimiter: str
    encoding: str
    mark: str
    head: list[str]
    texts: list[str]
    cells: list[tuple[str, ...] | None]
    ends: list[str]

    def content(self) -> bytes:
        lines = [*self.head, *self.texts]
        text = "".join(line + end for line, end in zip(lines, self.ends, strict=True))
        return (self.mark + text).encode(self.encoding)

    def parsed(self, text: str) -> list[str]:
        (row,) = csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter, strict=True)
        return row


@st.composite
def exports(draw):
    """Exports in any dialect, with records that cannot be read among the others."""
    delimiter = draw(st.sampled_from(";,\t|"))
    quote_all = draw(st.booleans())
    ends = draw(st.sampled_from([("\n",), ("\r\n",), ("\r",), ("\n", "\r\n", "\r")]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "windows-1252", "iso-8859-1", "utf-16-le", "utf-16-be"]))

    def cell(text: str) -> str:
        needed = not {delimiter, "\n", "\r"}.isdisjoint(text) or text.startswith('"')
        inner = text.replace("\n", draw(st.sampled_from(ends)))
        return '"' + inner.replace('"', '""') + '"' if needed or quote_all or draw(st.booleans()) else inner

    # Every file has letters that prove its encoding.
    proof = "blåbær\x81" if encoding == "iso-8859-1" else "blåbær½"
    lines: list[tuple[tuple[str, ...] | None, str]] = [(("p", "51", proof, "L86"), "")]
    for _ in range(draw(st.integers(1, 9))):
        kind = draw(st.sampled_from(["good", "good", "good", "good", "blank", "few", "many", "nul", "quote"]))
        text, code = draw(st.text(LETTERS | st.just("\n"), max_size=9)), draw(CODES)
        broken = {
            "blank": draw(st.sampled_from(["", "  "])),
            "few": delimiter.join(["p", "51"]),
            "many": delimiter.join("pqrstuvwxyz"),
            "nul": delimiter.join(["p\0", "51", "x", "y"]),
            "quote": delimiter.join(["p", "51", '"x"y', "l86"]),
        }
        lines.append((("p", "51", text, code), "") if kind == "good" else (None, broken[kind]))

    before = draw(st.sampled_from(["", f"sep={delimiter}", " "]))
    head = [before] if before else []
    head.append(delimiter.join(f'"{name}"' if quote_all else name for name in HEADER))
    texts = [broken if cells is None else delimiter.join(map(cell, cells)) for cells, broken in lines]
    mark = "\ufeff" if encoding.startswith("utf-16") else ""
    line_ends = [draw(st.sampled_from(ends)) for _ in (*head, *texts)]
    if draw(st.booleans()):
        line_ends[-1] = ""
    return Export(delimiter, encoding, mark, head, texts, [cells for cells, _ in lines], line_ends)


@settings(max_examples=15)
@given(exports(), st.sampled_from([64, 1000, chunks.CHUNK]))
def test_a_copy_differs_only_in_what_is_added_and_what_is_repaired(tmp_path_factory, export, chunk):
    folder = tmp_path_factory.mktemp("export")
    path = folder / "klinik.csv"
    path.write_bytes(export.content())
    with pytest.MonkeyPatch.context() as patch, checked(path) as outcome:
        patch.setattr(chunks, "CHUNK", chunk)
        patch.setattr(rewrite, "_PIECE", chunk)
        annotate(outcome, folder / "annotated.csv")
        repaired = fix(outcome, folder / "fixed.csv")
        found = [(finding.row, finding.check) for finding in outcome.findings()]
    assert path.read_bytes() == export.content()
    check_annotated(export, (folder / "annotated.csv").read_bytes(), found)
    check_fixed(export, folder / "fixed.csv", found, repaired)


def check_annotated(export: Export, content: bytes, found: list[tuple[int, str]]) -> None:
    """Original text, then the four cells, then the original line end; other lines as they were."""
    text = content.decode(export.encoding).removeprefix(export.mark)
    place = 0
    named = any(line.startswith("sep=") for line in export.head)
    all_quoted = export.head[-1].startswith('"')
    for number, (line, end) in enumerate(zip([*export.head, *export.texts], export.ends, strict=True)):
        assert text.startswith(line, place)
        place += len(line)
        record = number - len(export.head)
        cells = HEADER if record == -1 else export.cells[record] if record >= 0 else None
        if cells is not None:
            tail = re.compile(r"[^\r\n]*").match(text, place)
            assert tail
            place = tail.end()
            first, *added = export.parsed(tail[0])
            assert first == ""
            assert (tail[0].count('"') >= 8) or not all_quoted
            row = number + 1 - named
            checks = [check for at, check in found if at == row]
            assert added[1].split(" ") == (["icpc_checks"] if record == -1 else checks or [""])
            assert record == -1 or (added[0] in STATUS and (added[0] == "ok") == (not checks))
            whole = export.parsed(line + tail[0])
            assert [re.sub(r"\r\n?", "\n", cell) for cell in whole] == [*cells, *added]
        assert text.startswith(end, place)
        place += len(end)
    assert place == len(text)


def check_fixed(export: Export, path: Path, found: list[tuple[int, str]], repaired: int) -> None:
    """Only code characters in code cells differ, and the check finds what it found before, but for R002."""
    assert repaired == sum(check == "R002" for _, check in found)
    content = path.read_bytes().decode(export.encoding).removeprefix(export.mark)
    place = 0
    for number, (line, end) in enumerate(zip([*export.head, *export.texts], export.ends, strict=True)):
        record = number - len(export.head)
        cells = export.cells[record] if record >= 0 else None
        if cells is not None and tidied(cells[3]) != cells[3]:
            expected = repaired_line(export, line) + end
        else:
            expected = line + end
        assert content.startswith(expected, place)
        place += len(expected)
    assert place == len(content)
    with checked(path) as outcome:
        assert [(finding.row, finding.check) for finding in outcome.findings()] == [
            (row, check) for row, check in found if check != "R002"
        ]


def repaired_line(export: Export, line: str) -> str:
    """A record with its last cell as it should be written."""
    field = rf'"(?:[^"]|"")*"|[^{re.escape(export.delimiter)}]*'
    last: str = re.findall(rf"(?:^|{re.escape(export.delimiter)})({field})", line)[-1]
    tidy = last
    for untidy in ("l86", "L 86", "l-86", "l.03", "l90", "l 90"):
        tidy = tidy.replace(untidy, "L" + untidy[-2:])
    return line.removesuffix(last) + tidy


@settings(max_examples=20)
@given(
    st.lists(st.text(st.sampled_from('ab;"\n\r\0 øl8'), max_size=14), max_size=14),
    st.sampled_from(["utf-8", "windows-1252", "utf-16"]),
    st.sampled_from([16, chunks.CHUNK]),
)
def test_whatever_stands_in_a_file_the_copy_is_the_file_when_the_marks_are_taken_out(
    tmp_path_factory, lines, encoding, chunk
):
    folder = tmp_path_factory.mktemp("export")
    text = "Speciale;Fritekst;Diagnosekode\n51;blåbær;L86\n51;½;l86\n" + "\n".join(lines)
    (folder / "k.csv").write_bytes(text.encode(encoding, "replace"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "CHUNK", chunk)
        patch.setattr(chunks, "RECORD_LIMIT", 60)
        with checked(folder / "k.csv") as outcome:
            (loaded,), (source,) = outcome.loaded, outcome.sources
            rewrite.annotate(loaded, Addition(("MARK",), (), ("MARK",)), folder / "a.csv")
    copy = (folder / "a.csv").read_bytes().decode(encoding)
    assert copy.count(";MARK") == source.judged + 1
    assert copy.replace(";MARK", "") == (folder / "k.csv").read_bytes().decode(encoding)


# One thing at a time


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_lines_that_are_no_records_stay_where_they_are(tmp_path):
    lines = ["sep=;", "", '"Patient";"Speciale";"Diagnosekode"', '"p";"51";"l86"', "", '"p";"51"', '"p";"51";"L86"']
    path = write(tmp_path / "k.csv", "\r\n".join(lines))
    with checked(path) as outcome:
        annotate(outcome, tmp_path / "a.csv")
    head = ',"icpc_status","icpc_checks","icpc_suggestion","icpc_message"'.replace(",", ";")
    assert (tmp_path / "a.csv").read_bytes().decode().split("\r\n") == [
        "sep=;",
        "",
        lines[2] + head,
        '"p";"51";"l86";"bemærkning";"R002";"L86";"""l86"" skrives L86."',
        "",
        '"p";"51"',
        '"p";"51";"L86";"ok";"";"";""',
    ]


def test_several_findings_of_a_row_stand_together_and_the_gravest_counts(tmp_path):
    row = "31-02-2026;p;almen;andet;knæartrose;måske;l90, DM17.1"
    path = write(tmp_path / "k.csv", f"Dato;Patient;Speciale;Forløbstype;Problem;Nerverodstegn;ICPC\n{row}\n")
    with checked(path) as outcome:
        annotate(outcome, tmp_path / "a.csv")
    text = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()[1].removeprefix(row)
    (cells,) = csv.reader([text], delimiter=";")
    assert cells[1:4] == ["fejl", "R002 R004 R006 R007 R008", "L90, DM17.1"]
    assert cells[4].startswith('"l90, DM17.1" skrives L90, DM17.1. DM17.1 er en ICD-10-kode')


def test_letters_that_the_encoding_lacks_are_spelled_otherwise(tmp_path):
    path = write(tmp_path / "k.csv", "Patient;Speciale;ICPC\np;51;010149-5678\x81 å\n".encode("iso-8859-1"))
    with checked(path) as outcome:
        annotate(outcome, tmp_path / "a.csv")
    row = (tmp_path / "a.csv").read_bytes().decode("iso-8859-1").splitlines()[1]
    assert row.startswith("p;51;010149-5678\x81 å;fejl;P301 R003;;")
    assert "******-****\\x81 *" in row


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\uff1d1"])
def test_an_added_cell_cannot_start_a_formula(tmp_path, start):
    path = write(tmp_path / "k.csv", f"Patient;Speciale;ICPC\np;51;{start};l86 \np;51;{start} / l86\n")
    with checked(path) as outcome:
        annotate(outcome, tmp_path / "a.csv")
    cells = list(csv.reader((tmp_path / "a.csv").read_text(encoding="utf-8").splitlines(), delimiter=";"))[2]
    assert cells[2] == f"{start} / l86"
    is_formula = start.strip().startswith("=")  # nothing in it is a code
    assert ("R003" if is_formula else "R002") in cells[4]
    assert all(not cell.lstrip().startswith(("=", "+", "-", "@", "\uff1d")) for cell in cells[3:])
    assert is_formula or cells[5] == f"'{start.strip()} / L86".replace("'\uff1d", "'\uff1d")


def test_an_export_that_is_annotated_already_is_refused(tmp_path):
    path = write(tmp_path / "k.csv", "Speciale;ICPC;icpc_status\n51;L86;ok\n")
    with checked(path) as outcome, pytest.raises(UsageError, match="already-annotated"):
        annotate(outcome, tmp_path / "a.csv")
    assert not (tmp_path / "a.csv").exists()


def test_an_export_that_changes_meanwhile_gives_no_copy(tmp_path):
    path = write(tmp_path / "k.csv", "Speciale;ICPC\n51;L86\n51;l86\n")
    for changed in ("51;L86\n51;l86\n51;L86\n", "51;L86\n51;l90\n"):
        write(path, "Speciale;ICPC\n51;L86\n51;l86\n")
        with checked(path) as outcome:
            write(path, "Speciale;ICPC\n" + changed)
            with pytest.raises(UsageError, match="file-changed"):
                fix(outcome, tmp_path / "f.csv")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["k.csv"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", [b"", b"\x00", b"\x3d\xd8"], ids=["whole", "half a unit", "half a character"])
def test_utf16_keeps_its_order_and_what_is_no_text(tmp_path, encoding, end):
    text = "\ufeffSpeciale;Fritekst;ICPC\r\n51;\ud83d;L03\r\n51;å \U0001f600;l86\r\n51;x;L86"
    end = end if encoding == "utf-16-le" else end[::-1]
    content = text.encode(encoding, "surrogatepass")
    path = write(tmp_path / "k.csv", content + end)
    with checked(path) as outcome:
        assert fix(outcome, tmp_path / "f.csv") == 1
        annotate(outcome, tmp_path / "a.csv")
    fixed = text.replace("l86", "L86").encode(encoding, "surrogatepass") + end
    assert (tmp_path / "f.csv").read_bytes() == fixed
    copy = (tmp_path / "a.csv").read_bytes()
    assert copy.endswith(end)
    lines = copy[: len(copy) - len(end)].decode(encoding, "surrogatepass").split("\r\n")
    assert [line.startswith(before) for line, before in zip(lines, text.split("\r\n"), strict=True)] == [True] * 4
    assert lines[2].startswith("51;å \U0001f600;l86;bemærkning;R002;L86;")


# Through the program


def icpc(capsys, *arguments: str | Path) -> tuple[int, str, str]:
    status = run(["check", *map(str, arguments), "--today", "2026-06-01"])
    said = capsys.readouterr()
    return status, said.out, " ".join(said.err.split())


EXPORT = "Dato;Patient;Speciale;Forløbstype;ICPC\n01-05-2026;a;51;andet;l86\n01-05-2026;b;51;andet;L86\n"


def test_copies_of_several_files_go_into_a_folder_under_their_own_names(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("maj.csv", "juni.csv"):
        write(tmp_path / name, EXPORT)
    (tmp_path / "rettet").mkdir()
    status, _, err = icpc(capsys, "maj.csv", "juni.csv", "--annotate", "rettet", "--select", "R002")
    assert status == 0
    assert "Skrevet: rettet/maj.csv (2 linjer med fundene ud for dem)" in err
    for name in ("maj.csv", "juni.csv"):
        copy = (tmp_path / "rettet" / name).read_text(encoding="utf-8").splitlines()
        assert [line.split(";")[5:7] for line in copy[1:]] == [["bemærkning", "R002"], ["ok", ""]]
        assert (tmp_path / name).read_text(encoding="utf-8") == EXPORT


def test_one_file_is_copied_to_a_file_or_into_a_folder(capsys, tmp_path):
    path = write(tmp_path / "maj.csv", EXPORT)
    (tmp_path / "rettet").mkdir()
    for target, written in (("ny.csv", "ny.csv"), ("rettet", "rettet/maj.csv")):
        _, _, err = icpc(capsys, path, "--fix", tmp_path / target)
        assert "(1 kode rettet, resten uændret)" in err
        assert (tmp_path / written).read_text(encoding="utf-8") == EXPORT.replace("l86", "L86")


@pytest.mark.parametrize(("arguments", "expected"), [
    (["maj.csv", "--annotate", "maj.csv"], "overskrives ikke"),
    (["maj.csv", "--fix", "./maj.csv"], "overskrives ikke"),
    (["maj.csv", "--output", "maj.csv"], "overskrives ikke"),
    (["maj.csv", "--annotate", "."], "overskrives ikke"),
    (["maj.csv", "--annotate", "ny.csv", "--fix", "ny.csv"], "den samme fil"),
    (["maj.csv", "--annotate", "-"], "Skriv navnet på en fil"),
    (["maj.csv", "--annotate", "ny.xlsx"], "selv en tekstfil"),
    (["maj.xlsx", "--annotate", "ny.csv"], "ender på .xlsx"),
    (["maj.csv", "--annotate", "findes/ikke/ny.csv"], "mappen findes ikke"),
    (["maj.csv", "juni.csv", "--fix", "ny.csv"], "ved flere filer"),
    (["maj.csv", "sub/maj.csv", "--fix", "sub"], "to af filerne hedder maj.csv"),
    (["maj.csv", "--fix", "ny.csv", "--select", "K"], "R002"),
    (["maj.csv", "--fix", "ny.csv", "--ignore", "R002"], "R002"),
])  # fmt: skip
def test_a_copy_that_cannot_be_written_is_refused_before_the_check(capsys, tmp_path, monkeypatch, arguments, expected):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    for name in ("maj.csv", "juni.csv", "sub/maj.csv"):
        write(tmp_path / name, EXPORT)
    status, out, err = icpc(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith("Fejl: ")
    assert expected in err
    assert sorted(each.name for each in tmp_path.rglob("*.csv")) == ["juni.csv", "maj.csv", "maj.csv"]
    assert (tmp_path / "maj.csv").read_text(encoding="utf-8") == EXPORT


@posix
@pytest.mark.parametrize("option", ["--annotate", "--fix", "--output"])
def test_a_full_disk_on_the_way_leaves_nothing(capsys, tmp_path, option):
    path = write(tmp_path / "maj.csv", EXPORT + "01-05-2026;b;51;andet;L8\n" * 1000)
    with room_for(2000):
        status, _, err = icpc(capsys, path, option, tmp_path / "ny.csv")
    assert status == 2
    assert "ikke plads på disken" in err
    assert [each.name for each in tmp_path.iterdir()] == ["maj.csv"]


# Workbooks


def workbook(path: Path) -> list[list[object]]:
    """An export as a workbook, made by another library; returns its cells."""
    from openpyxl import Workbook

    book = Workbook()
    front = book.active
    assert front is not None
    front.title = "Forside"
    front.append(["=1+1 er tekst?", 7])
    sheet = book.create_sheet("Eksport æ")
    rows: list[list[object]] = [
        ["Klinik X"],
        ["Dato", "CPR-nr", "Speciale", "Beløb", "Kode", "Tid"],
        [
            datetime.fromisoformat("2026-05-01"),
            "0101495678",
            51,
            12.5,
            "l86",
            datetime.fromisoformat("2026-05-01 13:45"),
        ],
        [],
        ["01-05-2026", "00070", "51", True, " =L 86", timedelta(hours=30)],
        [datetime.fromisoformat("1900-03-01"), "x" * 3000, 51, -3, "L86", "  æ\n "],
    ]
    for row in rows:
        sheet.append(row)
    sheet.cell(5, 5).data_type = "s"
    front.cell(1, 1).data_type = "s"
    book.save(path)
    return rows


def cells_of(path: Path, sheet: str) -> list[list[object]]:
    from openpyxl import load_workbook

    return [[cell.value for cell in row] for row in load_workbook(path)[sheet].iter_rows()]


def test_a_workbook_is_written_again_with_its_values_and_the_cells_added(tmp_path):
    workbook(tmp_path / "k.xlsx")
    before = cells_of(tmp_path / "k.xlsx", "Eksport æ")
    addition = Addition(("icpc_status", "icpc_message"), [(3, ("fejl", "=1+1")), (4, ("fejl", "ulæselig"))], ("ok", ""))
    rewrite_workbook(tmp_path / "k.xlsx", "Eksport æ", 2, tmp_path / "a.xlsx", addition=addition, untouched={4})
    after = cells_of(tmp_path / "a.xlsx", "Eksport æ")
    assert [row[:6] for row in after] == before
    assert [row[6:] for row in after] == [
        [None, None],
        ["icpc_status", "icpc_message"],
        ["fejl", "=1+1"],
        [None, None],
        ["ok", None],
        ["ok", None],
    ]
    assert cells_of(tmp_path / "a.xlsx", "Forside") == [["=1+1 er tekst?", 7]]
    assert no_formulas(tmp_path / "a.xlsx")
    assert (tmp_path / "a.xlsx").stat().st_mode & 0o077 == 0 or sys.platform == "win32"


def test_in_a_workbook_only_the_code_is_repaired(tmp_path):
    workbook(tmp_path / "k.xlsx")
    before = cells_of(tmp_path / "k.xlsx", "Eksport æ")
    repairs = Repairs([Repair(3, "l86", "L86")], tidied)
    rewrite_workbook(tmp_path / "k.xlsx", "Eksport æ", 2, tmp_path / "f.xlsx", repairs=repairs, code_place=4)
    before[2][4] = "L86"
    assert cells_of(tmp_path / "f.xlsx", "Eksport æ") == before
    repairs = Repairs([Repair(5, "x", "L86")], tidied)
    with pytest.raises(RuntimeError, match="row 5"):
        rewrite_workbook(tmp_path / "k.xlsx", "Eksport æ", 2, tmp_path / "f.xlsx", repairs=repairs, code_place=4)
    assert cells_of(tmp_path / "f.xlsx", "Eksport æ") == before


def no_formulas(path: Path) -> bool:
    from zipfile import ZipFile

    with ZipFile(path) as book:
        sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    return bool(sheets) and not any(re.search(rb"<f[ >]|<hyperlink", sheet) for sheet in sheets)
