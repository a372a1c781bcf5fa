"""What Windows does otherwise, as rules and bytes that hold everywhere; ``tests/windows`` runs the program there."""

import codecs
import errno
import io
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from rich.box import ROUNDED
from rich.panel import Panel

from icpc_cli.cli.session import expected_on_windows, is_terminal, letters
from icpc_cli.decoding import guessed
from icpc_cli.files import fitting
from icpc_cli.screens.terminal import Terminal, bar
from icpc_cli.voice import Voice
from icpc_cli.voice.calling import called_as
from icpc_cli.voice.safe import typed
from tests.conftest import Icpc, posix
from tests.test_holds import EXPORT, TODAY, clinic

__all__ = ["clinic"]  # the fixture

NOTE = "Lændesmerter med udstråling på højre side. Lasègue pos. Artrose i knæ."
LETTERS = (
    "Lumbal stenose på ve. side", "Knæ", "KNÆ", "ØVRE LÆND", "ømhed, øvre ryg", "ældre kvinde", "årsag ukendt",
    "fleksion 90°", "Lasègue negativ", "LÆNDESMERTER", "Forløb;Ydelse", "Åben sag", "sø",
)  # fmt: skip


@pytest.mark.parametrize("text", [NOTE, *LETTERS])
def test_a_text_is_read_in_the_code_page_of_a_console_and_in_that_of_windows(text):
    for encoding in ("cp850", "windows-1252"):
        content = text.encode(encoding)
        guess = guessed(content)
        read = content.decode(guess.name)
        assert read == text or not guess.sure


@pytest.mark.parametrize(
    "text",
    [
        "‘citat’ af Hansen – færdig",
        "patient’s knee",
        "“lænd”",
        "O’Brien",
        "Ca. 5 µg",
        "90° fleksion",
        "½ time…",
    ],
)
def test_the_signs_of_windows_are_no_letters_of_a_console(text):
    assert guessed(text.encode("windows-1252")) == ("windows-1252", True)


@pytest.mark.parametrize("encoding", ["cp850", "cp865", "utf-16", "utf-16-le"])
def test_a_note_an_export_and_json_lines_come_through_a_pipe_of_cmd(tmp_path, icpc: Icpc, encoding):
    note = icpc("note", "-", "--format", "json", stdin=NOTE.encode(encoding))
    assert (note.out, note.err) == (icpc("note", NOTE, "--format", "json").out, "")
    (tmp_path / "n.txt").write_bytes(NOTE.encode(encoding))
    assert icpc("note", "--file", str(tmp_path / "n.txt"), "--format", "json").out == note.out
    found = [
        json.loads(icpc("check", "-", "--format", "json", *TODAY, stdin=EXPORT.encode(each)).out)
        for each in (encoding, "utf-8")
    ]
    assert found[0]["findings"] == found[1]["findings"]
    line = json.dumps({"note": NOTE}, ensure_ascii=False) + "\r\n"
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    lines = icpc("note", "--jsonl", stdin=(mark + 2 * line).encode(encoding))
    assert lines.out == 2 * icpc("note", "--jsonl", stdin=line).out


def test_letters_that_may_be_others_or_are_lost_are_said(icpc: Icpc):
    unclear = b"Smerter ved \x9b-leje."
    assert "ikke sikkert" in icpc("note", "-", stdin=unclear).err
    line = icpc("note", "--jsonl", stdin=b'{"note": "' + unclear + b'"}')
    assert (line.status, json.loads(line.out)["schema"]) == (1, "icpc-cli/error/1")
    assert "$OutputEncoding" in icpc("note", "-", stdin="L?ndesmerter, udstr?ling").err
    assert icpc("note", "-", stdin="Iskias? Lasègue pos.".encode("cp1252")).err == ""


# Names and quotes


@pytest.mark.parametrize(("name", "windows", "sh"), [
    ("maj.csv", "maj.csv", "maj.csv"),
    ("æøå.csv", "æøå.csv", "æøå.csv"),
    ("min fil.csv", '"min fil.csv"', '"min fil.csv"'),
    ("min mappe\\", '"min mappe"', "'min mappe\\'"),
    ("mappe\\maj.csv", "mappe\\maj.csv", "'mappe\\maj.csv'"),
    ("C:\\", "C:\\.", "'C:\\'"),
    ("a^b.csv", '"a^b.csv"', "a^b.csv"),
    ("a,b.csv", '"a,b.csv"', "a,b.csv"),
    ("@a.csv", '"@a.csv"', "@a.csv"),
    ("#1.csv", '"#1.csv"', '"#1.csv"'),
    ("a&b(1).csv", '"a&b(1).csv"', '"a&b(1).csv"'),
    ("100%.csv", '"100%.csv"', "100%.csv"),
    ("%TEMP%.csv", '"?TEMP?.csv"', "%TEMP%.csv"),
    ("a$b [1].csv", '"a?b ?1].csv"', "'a$b [1].csv'"),
])  # fmt: skip
def test_a_proposed_command_can_be_typed_where_the_user_is(name, windows, sh):
    assert (typed(name, windows=True), typed(name, windows=False)) == (windows, sh)
    assert shlex.split(sh) == [name]


def test_what_stands_for_a_sign_in_a_proposal_finds_the_file(tmp_path):
    (tmp_path / "a$b [1].csv").touch()
    assert fitting(str(tmp_path / "a?b ?1].csv")) == [str(tmp_path / "a$b [1].csv")]


@pytest.mark.parametrize("command", [
    'check {}', "report {}", "partner {}", "init {}", "note --file={}", "codes import {}", "check april.csv -o {}",
    "network merge {}", "check april.csv --previous {}",
])  # fmt: skip
def test_a_backslash_before_the_last_quotation_mark_is_recognised(clinic, icpc: Icpc, command):
    (clinic / "under mappe").mkdir()
    swallowed = 'under mappe" --format json'
    ended = icpc(*(word.format(swallowed) for word in command.split()))
    assert (ended.status, ended.out) == (2, "")
    assert 'Skriv "under mappe"' in " ".join(ended.err.split())


@pytest.mark.parametrize("command", [
    "note --file {}.txt", "codes import {}.txt", "report april.csv --compare {}.txt",
])  # fmt: skip
def test_a_pattern_stands_for_the_one_file_that_it_fits(clinic, icpc: Icpc, command):
    named, fits = (icpc(*command.format(name).split()) for name in ("noter", "n*"))
    assert (fits.status, fits.out, fits.err) == (named.status, named.out, named.err)
    (clinic / "nye.txt").touch()
    assert "flere filer passer: noter.txt, nye.txt" in " ".join(icpc(*command.format("n*").split()).err.split())


def test_clinics_are_added_together_by_a_pattern(clinic, icpc: Icpc):
    assert "ingen filer passer" in icpc("network", "merge", "n-*.json", "-o", "m.json").err
    for name in ("n-1.json", "n-2.json"):
        (clinic / name).write_text("{}")
    assert "n-1.json" in icpc("network", "merge", "n-*.json", "-o", "m.json").err


# Streams


@posix
@pytest.mark.parametrize("command", ["check april.csv --format html", "guide"])
def test_a_reader_that_goes_away_is_no_error_though_windows_calls_the_pipe_invalid(clinic, icpc: Icpc, command):
    invalid = (
        "import errno, io, sys\nfrom icpc_cli.cli import ending\nclass Gone(io.FileIO):\n    def write(self, data):\n"
        "        raise OSError(errno.EINVAL, 'Invalid argument')\n"
        "ending._Output.__bases__ = (Gone,)\nsys.exit(ending.main(sys.argv[1:]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", invalid, *command.split()], capture_output=True, env=icpc.environment(), check=False
    )
    assert (run.returncode, run.stdout) == (141, b"")
    assert b"Fejl" not in run.stderr
    assert b"Traceback" not in run.stderr


class _Stream(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


class _WindowsConsoleIO(io.BytesIO):
    """Called as the class of consoles is."""


def test_nul_is_no_terminal_though_it_says_so():
    with _Stream(Path(os.devnull).open("rb")) as nul:
        assert not is_terminal(nul, windows=True)
    console = _Stream(_WindowsConsoleIO())
    assert is_terminal(console, windows=True)
    assert is_terminal(_Stream(io.BytesIO()), windows=False)
    assert not is_terminal(None, windows=True)
    assert letters(console, {}, windows=True) == "cp850"
    assert (
        letters(console, {"WT_SESSION": "1"}, windows=True) == letters(console, {}, windows=False) == console.encoding
    )


def test_an_old_console_gets_signs_that_its_font_has():
    voice = Voice(encoding="cp850")
    terminal = Terminal(io.StringIO(), voice)
    drawn = terminal.drawn(Panel("Lændesmerter →", box=ROUNDED), 30) + "".join(bar(voice, 0.4, 10))
    assert "Lændesmerter" in drawn
    assert not set(drawn) & set("╭╮╰╯─│█▊")


def test_a_pipe_gets_what_programs_of_the_console_read_and_a_file_utf8(tmp_path, monkeypatch):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe, (tmp_path / "f.txt").open("w") as file:
        asked = [(each, page) for each in (pipe, file) for page in (850, 65001, 0)]
        expected = [expected_on_windows(each, page) for each, page in asked]
        assert [codecs.lookup(each).name for each in expected] == ["cp850", "utf-8", "utf-8"] + ["utf-8"] * 3


@pytest.mark.parametrize(
    "command", ["check april.csv --format json", "report april.csv --format json", "codes knæ --format json"]
)
def test_json_is_whole_in_the_code_page_of_a_console(clinic, icpc: Icpc, command):
    in_full, plain = (icpc(*command.split(), encoding=each) for each in ("utf-8", "cp850"))
    assert json.loads(plain.out) == json.loads(in_full.out)
    assert plain.out.isascii()


@pytest.mark.parametrize("command", ["check april.csv --format csv", "report april.csv --format html"])
def test_pages_and_tables_are_utf8_whatever_the_console_is(clinic, icpc: Icpc, command):
    in_full, plain = (icpc(*command.split(), encoding=each) for each in ("utf-8", "cp850"))
    assert plain.out.encode("cp850").decode() == in_full.out


@pytest.mark.parametrize("command", [
    "check {0}", "check {0}/maj.csv", "check {0}/*.csv", "report {0}",
    "check april.csv --previous {0}", "note --file {0}", "codes import {0}", "init {0} --yes",
    "network merge {0} april.csv -o m.json", "report april.csv --compare {0}",
    "check april.csv -o {0}/a.html", "check april.csv --annotate {0}", "partner april.csv -o {0}/p.html",
    "network share april.csv --yes -o {0}",
])  # fmt: skip
def test_a_device_a_strangers_folder_and_a_drive_that_is_gone_are_one_message(clinic, icpc, monkeypatch, command):
    def refused(function):
        def call(path, *more, **named):
            if isinstance(path, str | Path) and "CON" in str(path):
                raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
            return function(path, *more, **named)

        return call

    for module, name in (
        (os, "stat"), (os, "lstat"), (os, "open"), (os, "scandir"), (os, "listdir"), (os.path, "realpath"), (io, "open")
    ):  # fmt: skip
        monkeypatch.setattr(module, name, refused(getattr(module, name)))
    ended = icpc(*command.format("CON").split())
    assert (ended.status, ended.err.count("Fejl:")) == (2, 1)


# What the program proposes is what calls it here

WINDOWS, LINUX = r"C:\Users\Ida Holm\Journal", "/srv/ida/journal"
VENV, PIPX = rf"{WINDOWS}\.venv\Scripts", r"C:\Users\Ida\.local\bin"


@pytest.mark.parametrize(
    ("script", "python", "on_path", "installed", "said"),
    [
        (rf"{PIPX}\icpc.exe", rf"{PIPX}\python.exe", PIPX, False, "icpc"),
        (rf"{VENV}\icpc.exe", rf"{VENV}\python.exe", "", False, r".venv\Scripts\icpc"),
        (rf"{VENV}\icpc", rf"{VENV}\python.exe", VENV, False, "icpc"),
        (rf"{WINDOWS}\icpc_cli\__main__.py", r"C:\Python313\python.exe", r"C:\Windows", True, "py -m icpc_cli"),
        (rf"{WINDOWS}\icpc_cli\__main__.py", "python", "", True, "python -m icpc_cli"),
        (rf"{WINDOWS}\icpc_cli\__main__.py", rf"{VENV}\python.exe", "", False, r".venv\Scripts\python -m icpc_cli"),
        (rf"{WINDOWS}\icpc.cmd", "", WINDOWS, True, r".\icpc"),
        (r"D:\Mine programmer\icpc.cmd", "", "", True, r'"D:\Mine programmer\icpc"'),
    ],
)
def test_on_windows_a_proposal_begins_as_the_program_was_called(script, python, on_path, installed, said):
    def found(name: str) -> str | None:
        return rf"{on_path}\{name}.exe" if on_path else None

    assert called_as(script, python, WINDOWS, found, installed=installed, windows=True) == said


@pytest.mark.parametrize(
    ("script", "python", "said"),
    [
        ("/usr/bin/icpc", "/usr/bin/python3", "icpc"),
        (f"{LINUX}/.venv/bin/icpc", f"{LINUX}/.venv/bin/python3", ".venv/bin/icpc"),
        (".venv/bin/icpc", ".venv/bin/python", ".venv/bin/icpc"),
        ("/opt/mine egne/icpc", "/usr/bin/python3", '"/opt/mine egne/icpc"'),
        ("/opt/icpc_cli/__main__.py", "python3", "python3 -m icpc_cli"),
        ("/opt/icpc_cli/__main__.py", "/usr/bin/python3", "python3 -m icpc_cli"),
        ("/opt/pytest/__main__.py", "python3", "icpc"),
        ("-c", "python3", "icpc"),
    ],
)
def test_elsewhere_a_proposal_begins_as_the_program_was_called(script, python, said):
    assert called_as(script, python, LINUX, lambda name: f"/usr/bin/{name}") == said


def test_all_that_is_proposed_begins_so(icpc: Icpc, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a b.csv").write_text("Spec;Dato\n51;1.2.2026\n", encoding="utf-8")
    refused = icpc.process("check", "a b.csv", ICPC_CALLED=r"./icpc").err
    assert './icpc check "a b.csv" --map code="OVERSKRIFT"\n' in refused
    assert './icpc init "a b.csv"\n' in refused
    assert icpc.process("check", "--help", ICPC_CALLED="./icpc").out.startswith("Brug: ./icpc check ")
    assert " icpc " not in icpc.process("--help", ICPC_CALLED="./icpc").out + refused
