"""No record is lost: what was written in any dialect, with any damage, is judged or listed as unreadable."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icpc_cli.errors import UsageError
from icpc_cli.guideline import load_guideline
from icpc_cli.judging.check import check_exports
from icpc_cli.judging.options import Options
from icpc_cli.outcomes import Finding, Source
from icpc_cli.reading import chunks
from icpc_cli.reading.dialect import _encoding_of_all
from icpc_cli.reading.inputs import Choice
from tests.conftest import some

TODAY = date(2026, 6, 1)
HEADER = ["Patient", "Speciale", "Fritekst", "Diagnosekode"]

LETTERS = st.sampled_from("abcæøåÆØÅé§ ;,|\t\"'x0-=")
TEXT = st.text(LETTERS | st.just("\n"), max_size=12)
BAD_CODES = st.text(LETTERS, max_size=8).map(lambda text: f"kode?{text}!")
"""Cells that hold no code, so that each is given back as the value of one finding R003."""


def found(path: Path, **chosen) -> tuple[Source, list[Finding]]:
    with check_exports(load_guideline(), [str(path)], Options(TODAY, Choice(**chosen))) as checked:
        return checked.sources[0], list(checked.findings())


def values(findings: Sequence[Finding]) -> dict[int, str]:
    return {finding.row: finding.value for finding in findings if finding.check == "R003"}


def line(cells: Sequence[str], delimiter: str, quoting: int) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\n").writerow(cells)  # type: ignore[arg-type]
    return text.getvalue().removesuffix("\n")


@st.composite
def exports(draw):
    """The bytes of an export, the code cell of every good row by number, and the numbers of the broken ones."""
    delimiter = draw(st.sampled_from(";,\t|"))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "windows-1252", "utf-16"]))
    lines, good, broken = [line(HEADER, delimiter, quoting)], {}, []
    for row in range(2, 2 + draw(st.integers(1, 12))):
        kind = draw(st.sampled_from(["good", "good", "good", "blank", "few", "many", "nul"]))
        code = draw(BAD_CODES)
        text = draw(TEXT)
        if kind == "good":
            lines.append(line(["p", "51", text, code], delimiter, quoting))
            good[row] = code
        elif kind == "blank":
            lines.append("")
        else:
            cells = {"few": ["p", "51"], "many": ["p", "51", "x", "y", "z"], "nul": ["p\0", "51", "x", "y"]}[kind]
            lines.append(line(cells, delimiter, quoting))
            broken.append(row)
    last = end if draw(st.booleans()) else ""
    return (end.join(lines) + last).encode(encoding), good, broken, encoding, delimiter


@settings(max_examples=40)
@given(exports(), st.sampled_from([64, 1000, chunks.CHUNK]))
def test_every_record_of_any_dialect_is_judged_or_listed_with_its_row_number(tmp_path_factory, export, chunk):
    content, good, broken, encoding, delimiter = export
    path = tmp_path_factory.mktemp("export") / "klinik.csv"
    path.write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "CHUNK", chunk)
        if not good and not broken:
            with pytest.raises(UsageError, match="no-records"):
                found(path)
            return
        source, findings = found(path)
    assert values(findings) == good
    assert [finding.row for finding in findings if finding.check == "R001"] == broken
    assert (source.read, source.judged, source.unreadable) == (len(good) + len(broken), len(good), len(broken))
    assert source.delimiter == delimiter
    if not content.isascii():
        assert source.encoding == encoding


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize("stray", ['p;51;"x;a!', 'p;51;x;"a!', '"p;51;x;a!', 'p;51;"x"y;a!', 'p;51;"x" ;a!'])
def test_broken_quoting_costs_its_own_row_and_no_other(tmp_path, stray):
    rows = [f"p;51;t;kode?{number}" for number in range(40)]
    rows[7:7] = [stray]
    rows[20] = 'p;51;"helt; fint";kode?20'
    path = write(tmp_path / "k.csv", "\n".join([";".join(HEADER), *rows]) + "\n")
    source, findings = found(path)
    assert [finding.row for finding in findings if finding.check == "R001"] == [9]
    assert (source.read, source.judged, source.unreadable) == (41, 40, 1)
    assert len(values(findings)) == 40


def test_where_every_field_is_quoted_a_doubled_mark_does_not_pass_for_two_fields(tmp_path):
    rows = [f'"p";"51";"t";"kode?{number}"' for number in range(5)]
    source, findings = found(write(tmp_path / "k.csv", "\n".join([";".join(HEADER), *rows, '";""x!";"51";"t"'])))
    assert [finding.row for finding in findings if finding.check == "R001"] == [7]
    assert (source.judged, len(values(findings))) == (5, 5)


def test_where_every_field_is_quoted_and_no_mark_is_single_only_rows_of_other_widths_are_lost(tmp_path):
    rows = [f'"p";"";"a ""b"" c;\n""d""";"kode?{number}"' for number in range(5)]
    broken = ['"p";"51";"t";"kode?";"x"', '"p";"51";"kode?"', '"p";"51";"x""";""y";"kode?"']
    text = "\n".join([";".join(HEADER), *rows, *broken, *rows, ""])
    source, findings = found(write(tmp_path / "k.csv", text))
    assert [finding.row for finding in findings if finding.check == "R001"] == [7, 8, 9]
    assert (source.judged, len(values(findings))) == (10, 10)


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_a_long_file(tmp_path, monkeypatch):
    monkeypatch.setattr(chunks, "RECORD_LIMIT", 2000)
    monkeypatch.setattr(chunks, "CHUNK", 500)
    rows = ['p;51;"x;a!', *(f"p;51;t;kode?{number}" for number in range(2000))]
    source, findings = found(write(tmp_path / "k.csv", "\n".join([";".join(HEADER), *rows])))
    assert (source.read, source.judged, source.unreadable) == (2001, 2000, 1)
    assert len(values(findings)) == 2000


def test_a_line_without_end_is_one_unreadable_row(tmp_path, monkeypatch):
    monkeypatch.setattr(chunks, "RECORD_LIMIT", 2000)
    monkeypatch.setattr(chunks, "CHUNK", 500)
    text = "\n".join([";".join(HEADER), "p;51;t;kode?1", "p;51;" + "x" * 20_000 + ";kode?2", "p;51;t;kode?3"])
    source, findings = found(write(tmp_path / "k.csv", text))
    assert values(findings) == {2: "kode?1", 4: "kode?3"}
    assert (source.read, source.unreadable) == (3, 1)


def test_a_quotation_mark_inside_a_field_is_a_letter(tmp_path):
    rows = ['p;51;5" bold;kode?1"', 'p;51; "x";kode?2', 'p;51;a "b; c";kode?3']
    source, findings = found(write(tmp_path / "k.csv", "\n".join([";".join(HEADER), *rows])))
    assert values(findings) == {2: 'kode?1"', 3: "kode?2"}
    assert source.unreadable == 1


def test_bytes_that_are_not_in_the_encoding_make_their_row_unreadable(tmp_path):
    good = "".join(f"p;51;blåbærgrød;kode?{number}\n" for number in range(5)).encode()
    path = write(tmp_path / "k.csv", ";".join(HEADER).encode() + b"\n" + good + b"p;51;bl\xe5;kode?x\n" + good)
    source, findings = found(path)
    assert source.encoding == "utf-8"
    assert [finding.row for finding in findings if finding.check == "R001"] == [7]
    assert len(values(findings)) == 10


@pytest.mark.parametrize("cell", [b"%s", b"a long text before it %s", b'"%s"', b'"""%s"""'])
@pytest.mark.parametrize(
    "bad", [b"\x80", b"\xe5", b"\xc0\xaf", b"\xe2\x82", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"]
)
def test_what_is_no_utf_8_far_into_a_plain_file_makes_its_row_unreadable(tmp_path, bad, cell):
    good = "p;51;blåbærgrød;\n".encode() * 9000
    path = write(tmp_path / "k.csv", ";".join(HEADER).encode() + b"\n" + good + b"p;51;" + cell % bad + b";\n" + good)
    source, findings = found(path)
    assert (source.encoding, source.judged) == ("utf-8", 18_000)
    assert [finding.row for finding in findings if finding.check == "R001"] == [9002]


def test_danish_letters_far_into_the_file_decide_the_encoding(tmp_path):
    plain = b"p;51;tekst;kode?1\n" * 20_000
    path = write(tmp_path / "k.csv", ";".join(HEADER).encode() + b"\n" + plain + "p;51;grød;kode?ø\n".encode("cp1252"))
    source, findings = found(path)
    assert source.encoding == "windows-1252"
    assert values(findings)[20_002] == "kode?ø"
    assert source.unreadable == 0


def test_bytes_that_windows_1252_lacks_make_it_iso_8859_1(tmp_path):
    path = write(tmp_path / "k.csv", ";".join(HEADER).encode() + b"\np;51;bl\xe5\x81;kode?\xf8\n")
    source, findings = found(path)
    assert source.encoding == "iso-8859-1"
    assert values(findings) == {2: "kode?ø"}


def test_mixed_line_ends_and_old_macintosh_ones_are_line_ends(tmp_path):
    head = ";".join(HEADER)
    _, findings = found(write(tmp_path / "a.csv", head + "\r\np;51;t;kode?1\np;51;t;kode?2\r\np;51;t;kode?3\r"))
    assert values(findings) == {2: "kode?1", 3: "kode?2", 4: "kode?3"}
    _, findings = found(write(tmp_path / "b.csv", head + "\rp;51;t;kode?1\rp;51;t;kode?2"))
    assert values(findings) == {2: "kode?1", 3: "kode?2"}


@pytest.mark.parametrize("end", some(["\r\n", "\n"], 1), ids=["written anew", "read as it is"])
def test_the_order_of_a_file_of_many_parts_is_kept(tmp_path, end):
    lines = (f"p{number};51;{'tekst ' * 60};kode?{number}" for number in range(2, 60_002))
    _, findings = found(write(tmp_path / "k.csv", end.join([";".join(HEADER), *lines])))
    assert all(finding.value == f"kode?{finding.row}" for finding in findings)
    assert [finding.row for finding in findings] == list(range(2, 60_002))


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["read as it is", "written anew"])
def test_a_file_of_one_column_keeps_its_row_numbers_over_blank_lines(tmp_path, end):
    lines = ["Diagnosekode", "kode?2", "", "kode?4", '"kode?5"', "  ", "kode;7", "", ""]
    source, findings = found(write(tmp_path / "k.csv", end.join(lines)), fixed={"specialty": "51"})
    assert values(findings) == {2: "kode?2", 4: "kode?4", 5: "kode?5"}
    assert [finding.row for finding in findings if finding.check == "R001"] == [7]
    assert (source.read, source.judged, source.unreadable) == (4, 3, 1)


def test_a_line_naming_the_separator_is_no_row(tmp_path):
    _, findings = found(
        write(tmp_path / "k.csv", "sep=|\nPatient|Speciale|Fritekst|Diagnosekode\np|51|a;b;c;d|kode?1\n")
    )
    assert values(findings) == {2: "kode?1"}


def test_a_file_name_that_looks_like_a_pattern_is_read_itself(tmp_path):
    head = ";".join(HEADER)
    write(tmp_path / "eks 1.csv", head + "\np;51;t;kode?forkert\n")
    _, findings = found(write(tmp_path / "eks [1].csv", head + "\np;51;t;kode?rigtig\n"))
    assert values(findings) == {2: "kode?rigtig"}
    _, findings = found(write(tmp_path / "it's æ*.csv", head + "\np;51;t;kode?rigtig\n"))
    assert values(findings) == {2: "kode?rigtig"}


def test_files_are_read_together_and_courses_span_them(tmp_path):
    head = "Dato;Patient;Speciale;Forløbstype;Problemstilling;Diagnosekode"
    may = write(tmp_path / "maj.csv", head + "\n01-05-2026;a;51;struktureret;artrose i knæ;\n")
    june = write(tmp_path / "juni.csv", head + "\n01-06-2026;a;51;struktureret;artrose i knæ;\n")
    with check_exports(load_guideline(), [str(may), str(june)], Options(TODAY)) as checked:
        (finding,) = checked.findings()
        assert (finding.path, finding.row, finding.check) == (str(june), 2, "K101")
        assert checked.coverage.total == 1


def test_nothing_of_the_patients_is_left_on_the_disk(tmp_path, monkeypatch):
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    path = write(tmp_path / "k.csv", (";".join(HEADER) + "\r\np;51;t;kode?1\r\n").encode("utf-16"))
    with check_exports(load_guideline(), [str(path)], Options(TODAY)):
        (private,) = folder.iterdir()
        assert private.stat().st_mode & 0o077 == 0
    assert not list(folder.iterdir())


def test_the_input_is_never_changed(tmp_path):
    content = (";".join(HEADER) + '\r\np;51;"t\n";l90\r\n\r\nødelagt\r\n').encode("cp1252")
    path = write(tmp_path / "k.csv", content)
    found(path)
    assert path.read_bytes() == content


def test_of_a_text_in_utf_8_only_lines_that_break_it_are_asked_for_another_encoding(tmp_path, monkeypatch):
    (path := tmp_path / "afbrudt.csv").write_bytes(
        b"Dato;CPR;Notat\n" + "".join(f"01-03-2026;{n};lænd på ny\n" for n in range(9000)).encode() + b"x;y;\xc3\n"
    )
    seen: list[bytes] = []

    def evidence(text: bytes) -> tuple[int, int]:
        seen.append(text)
        return 0, 0

    monkeypatch.setattr("icpc_cli.reading.dialect.evidence", evidence)
    with path.open("rb") as file:
        assert _encoding_of_all(file, "utf-8").name == "utf-8"
    assert b"".join(seen) == b"x;y;\xc3"
