"""Every output of one small export, as it was reviewed: ``python -m tests.golden`` writes them anew, a test compares.

The export holds what must not come out as it is: formulas, markup, control characters, CPR numbers. All is invented.
"""

import contextlib
import io
import os
import sys
from pathlib import Path

from icpc_cli.cli import run

FOLDER = Path(__file__).parent / "golden" / "check"
EXPORT = """sep=;
Dato;CPR-nr;Speciale;Forløbstype;Problemstilling;Nerverodstegn;Sikre fund;Diagnosekode;Telefon
01-05-2026;010150-5678;51;struktureret;lumbal stenose;;ja;;12345678
08-05-2026;010150-5678;51;struktureret;lumbal stenose;;ja;;12345678
01-05-2026;020250-5679;51;andet;artrose i knæ;;ja;"l 90 ""knæ""; L-15";
01-05-2026;030350-5680;57;andet;artrose i knæ;måske;nej;L90;

01-05-2026;ødelagt
31-02-2026;040450-5681;=2+5;andet;andet;;;@SUM(A1:A9);
01-05-2026;050550-5682;51;andet;andet;<b>ja</b>;;"<script>alert(""1"")</script>";
01-05-2026;A17;51;andet;andet;[red]nej[/];;\x1b[31m010150-5678 \u202eryg;
01-05-2026;060650-5683;51;andet;andet;;;L03;
""".replace("\n", "\r\n")
OUTPUTS = ("fund.txt", "fund.json", "fund.jsonl", "fund.csv", "fund.html", "fund.xlsx")


def made(folder: Path) -> dict[str, str]:
    """The outputs by name, written to a folder that is empty before; of the workbook its cells."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        Path("maj.csv").write_bytes(EXPORT.encode("windows-1252", "replace").replace(b"?ryg", b"ryg"))
        for name in OUTPUTS:
            _run("--output", name)
        outputs = {"concise.txt": _run("--format", "concise"), "english.html": _run("--format", "html", "--lang", "en")}
        _run("--annotate", "maj-annotated.csv", "--fix", "maj-fixed.csv")
        _run("--worklist", "liste.xlsx")
    finally:
        os.chdir(before)
    for path in folder.iterdir():
        if path.suffix == ".xlsx":
            outputs[f"{path.name}.txt"] = _cells(path)
        else:
            encoding = "windows-1252" if path.name.startswith("maj") else "utf-8"
            outputs[path.name] = path.read_bytes().decode(encoding)
    return outputs


def _run(*arguments: str) -> str:
    out = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        assert run(["check", "maj.csv", "--today", "2026-06-01", *arguments]) == 1
        out.flush()
    return out.buffer.getvalue().decode()


def _cells(path: Path) -> str:
    from openpyxl import load_workbook

    book = load_workbook(path)
    lines = []
    for sheet in book.worksheets:
        widths = [round(sheet.column_dimensions[each].width) for each in sorted(sheet.column_dimensions)]
        lines.append(f"# {sheet.title}: columns of {widths}")
        lines += [
            " | ".join("" if cell.value is None else repr(cell.value) for cell in row) for row in sheet.iter_rows()
        ]
    return "\n".join(lines) + "\n"


def refresh() -> None:
    """Write all outputs."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        outputs = made(Path(folder))
    for old in FOLDER.iterdir():
        old.unlink()
    for name, text in outputs.items():
        (FOLDER / name).write_bytes(text.encode())


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    refresh()
    sys.stdout.write(f"{FOLDER}: {len(list(FOLDER.iterdir()))} files; review them: git diff {FOLDER}\n")
