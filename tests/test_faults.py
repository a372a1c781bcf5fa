"""Hostile input and a hostile machine, as data: one message at most, statuses of the table, inputs as they were.

A short seeded run stands in the suite; ``-m slow`` runs all of it, many times over.
"""

import errno
import gc
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from icpc_cli import files
from tests.conftest import Ended, Icpc, posix, room_for, some
from tests.test_holds import EXPORT, TODAY, clinic, contents

__all__ = ["clinic"]  # the fixture

CASES = Path(__file__).parent / "cases"
STATUSES = (0, 1, 2)
READING = (
    "check {file} --format json", "check {file} --annotate ud{ending}", "check {file} --fix ud{ending}",
    "check {file} --output fund.xlsx", "check {file} --format html", "check {file} --format csv", "report {file}",
    "report {file} --output r.xlsx", "report {file} --format json", "partner {file} -o p.html",
    "network share {file} --yes -o s.json", "init {file} --yes", "check april.csv --previous {file}",
    "codes import {file}", "note --file {file}", "network merge {file} april.csv -o m.json",
    "report april.csv --compare {file}", "check {file} --format concise", "check {file} --specialty 51 --without-codes",
)  # fmt: skip
"""All that reads a file, in every format."""
FILES = sorted(each.name for each in CASES.iterdir() if each.suffix in (".csv", ".xls", ".xlsx"))
EVERYTHING = [
    pytest.param(file, command, marks=[] if (3 * n + k) % 9 == 0 else pytest.mark.slow)
    for n, file in enumerate(FILES)
    for k, command in enumerate(READING)
]
"""Every file with every command; in the suite each file with two of them."""


def holds(icpc: Icpc, folder: Path, command: str, file: str, stdin: bytes = b"") -> None:
    """Run a command on a file: no traceback (it would be raised), a status of the table, the input as it was."""
    before = (folder / file).read_bytes()
    (folder / "icpc.toml").unlink(missing_ok=True)
    ending = ".xlsx" if file.endswith(("xls", "xlsx")) else ".csv"
    ended = icpc(*command.format(file=file, ending=ending).split(), *(TODAY if "check" in command else ()), stdin=stdin)
    assert ended.status in STATUSES
    assert ended.err.count("Fejl:") == (ended.status == 2)
    assert (folder / file).read_bytes() == before
    if command.endswith("json") and ended.status < 2 and "check" in command:
        for source in json.loads(ended.out)["sources"]:
            assert source["rows"]["read"] == source["rows"]["judged"] + source["rows"]["unreadable"]


@pytest.mark.parametrize(("file", "command"), EVERYTHING)
def test_no_bad_file_is_more_than_a_message(clinic, icpc, file, command):
    shutil.copyfile(CASES / file, clinic / file)
    holds(icpc, clinic, command, file)


# Files that no one has thought of


def _bytes(chance: random.Random, content: bytes) -> bytes:
    """A text with some bytes changed, lost, repeated or put in."""
    spoiled = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(spoiled) + 1)
        match chance.randrange(4):
            case 0:
                spoiled[at : at + chance.randint(1, 40)] = b""
            case 1:
                spoiled[at:at] = chance.choice(
                    [b'"', b"\0", b"\r", b"\xff", b";", b"\n\n", b"\xef\xbb\xbf", b"\x1a", b"'="]
                )
            case 2:
                spoiled[at:at] = spoiled[at : at + chance.randint(1, 400)]
            case _ if at < len(spoiled):
                spoiled[at] ^= 1 << chance.randrange(8)
    return bytes(spoiled)


def _dialect(chance: random.Random, _: bytes) -> bytes:
    """An export of any grammar: delimiters, quoting, line ends, encodings, marks, lines before the header."""
    delimiter, end = chance.choice(";,\t|^"), chance.choice(["\n", "\r\n", "\r", "\n\r"])
    cells = ["51", "57", "", "Artrose i knæ", 'a"b', "x\ny", "L90", "l90 ", "=1+1", "150143–5123", "\u2028", "ja", "0"]
    rows = [["Speciale", "ICPC", "Forløbstype", "CPR", "Dato"][: chance.randint(1, 5)]]
    rows += [[chance.choice(cells) for _ in range(len(rows[0]) + chance.choice([0, 0, 0, 1, -1]))] for _ in range(30)]
    quote: Callable[[str], str] = chance.choice([lambda cell: cell, lambda cell: '"' + cell.replace('"', '""') + '"'])
    text = chance.choice(["", "sep=;" + end, end, "Klinik X" + end]) + end.join(
        delimiter.join(map(quote, row)) for row in rows
    )
    return text.encode(chance.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp850"]), "replace")


def _workbook(chance: random.Random, content: bytes) -> bytes:
    """A workbook with a part changed, its checksum with it, or lost."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = chance.choice(old.namelist())
        for name in old.namelist():
            if name != chosen or chance.random() < 0.8:
                new.writestr(name, _bytes(chance, old.read(name)) if name == chosen else old.read(name))
    return out.getvalue() if chance.random() < 0.7 else _bytes(chance, out.getvalue())


_TOML = b"""clinic = "X"
without_codes = false
[columns]
code = "ICPC"
[fixed]
specialty = "51"
[services.0110]
course = "structured"
[values.condition]
"Kn\xc3\xa6" = "knee_osteoarthritis"
[severity]
R001 = "warning"
"""
_LINES = b'{"specialty": "51", "course": "structured", "conditions": ["lumbar_stenosis"]}\n{"note": "Iskias"}\n'
_NOTE = "Pt. henv. med iskias hø., Lasègue pos. 40°, nedsat kraft S1. Sikker på fund.\n".encode()
_LIST = "kode;titel\nL90;Knæ\nL86;Ryg\n".encode()
KINDS: dict[str, tuple[Callable[[random.Random, bytes], bytes], bytes, str, tuple[str, ...]]] = {
    "bytes": (_bytes, EXPORT.encode(), "f.csv", READING[:3]),
    "dialects": (_dialect, b"", "f.csv", (*READING[:3], READING[6])),
    "workbooks": (_workbook, (CASES / "excel_error_cells.xlsx").read_bytes(), "f.xlsx", READING[:2]),
    "settings": (_bytes, _TOML, "icpc.toml", ("check april.csv --format json",)),
    "lines": (_bytes, _LINES * 3, "f.jsonl", ("suggest --jsonl", "note --jsonl")),
    "shares": (_bytes, b"", "f.json", ("network merge {file} s2.json -o m.json", "report april.csv --compare {file}")),
    "code lists": (_bytes, _LIST, "f.csv", ("codes import {file}",)),
    "notes": (_bytes, _NOTE, "f.txt", ("note --file {file}", "note --file {file} --explain")),
}


def fuzzed(icpc: Icpc, folder: Path, kind: str, seed: int) -> None:
    spoil, content, name, commands = KINDS[kind]
    chance = random.Random(f"{kind} {seed}")
    if kind == "shares":
        content = (folder / "s.json").read_bytes()
    spoiled = spoil(chance, content)
    (folder / name).write_bytes(spoiled)
    command = chance.choice(commands)
    if kind == "settings":
        ended = icpc(*command.split(), *TODAY)
        assert (ended.status in STATUSES, (folder / name).read_bytes()) == (True, spoiled)
    else:
        holds(icpc, folder, command, name, spoiled if kind == "lines" else b"")


_SHARED: dict[Path, bytes] = {}
"""What a share leaves in the folders of a clinic, once it has been made."""


@pytest.fixture
def shared(clinic: Path, icpc: Icpc) -> Path:
    folder = clinic.parent
    if not _SHARED:
        before = contents(folder)
        assert icpc("network", "share", "april.csv", "--yes", "-o", "s.json", *TODAY).status == 0
        left = contents(folder)
        _SHARED.update({path.relative_to(folder): left[path] for path in left.keys() - before.keys()})
    for path, made in _SHARED.items():
        (folder / path).write_bytes(made)
    (clinic / "s2.json").write_bytes((clinic / "s.json").read_bytes())
    return clinic


@pytest.mark.parametrize("kind", KINDS)
def test_no_file_is_more_than_a_message(shared, icpc, kind):
    for seed in range(6):
        fuzzed(icpc, shared, kind, seed)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
@pytest.mark.parametrize("kind", KINDS)
def test_of_a_thousand_files_none_is_more_than_a_message(shared, icpc, kind, part):
    for seed in range(100 + 100 * part, 200 + 100 * part):
        fuzzed(icpc, shared, kind, seed)


# A machine that does not do as it is told

WRITES = (
    "check april.csv --annotate ud.csv", "check april.csv --format csv --output ud.csv",
    "check april.csv --output ud.xlsx", "check april.csv --output ud.html", "check april.csv --fix ud.csv",
    "check april.csv --worklist ud.csv",
    "check april.xlsx --annotate ud.xlsx", "report april.csv --output ud.html", "report april.csv --output ud.json",
    "report april.csv --output ud.xlsx", "partner april.csv -o ud.html", "network share april.csv --yes -o ud.json",
    "network merge s.json s3.json -o ud.json", "codes import liste.csv", "init sub/april.csv --yes",
)  # fmt: skip
"""Every command that writes, with what it writes named ``ud``, or kept for the user."""
KILLED = """
import os, sys
from icpc_cli import files
from icpc_cli.cli.ending import main
write, number = files._Raw.write, int(sys.argv[1])
def ended(self, data):
    os.kill(os.getpid(), number)
    return write(self, data)
files._Raw.write = ended
sys.exit(main(sys.argv[2:]))
"""
"""The program, ended at the first bytes that it writes."""


@pytest.fixture
def written(shared: Path, icpc: Icpc) -> Path:
    """A folder with what all of :data:`WRITES` read, and an old file wherever they write."""
    other = EXPORT.replace("-52", "-62")
    (shared / "vest.csv").write_text(other, encoding="utf-8")
    (shared / "sub").mkdir()
    (shared / "sub" / "april.csv").write_text(EXPORT, encoding="utf-8")
    (shared / "liste.csv").write_bytes(_LIST)
    shutil.copyfile(CASES / "excel_error_cells.xlsx", shared / "april.xlsx")
    share = json.loads((shared / "s.json").read_text())
    share["clinics"] = ["ab" * 16]
    from icpc_cli.network.files import _checksum

    share["checksum"] = _checksum(share)
    (shared / "s3.json").write_text(json.dumps(share), encoding="utf-8")
    for ending in ("csv", "xlsx", "html", "json"):
        (shared / f"ud.{ending}").write_text("gammel")
    return shared


@pytest.fixture
def thrown_away() -> Iterator[None]:
    """What the library of workbooks leaves open when it is broken off goes here, not in a later test."""
    yield
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "unclosed file", ResourceWarning)
        gc.collect()


def same_but_kept(before: dict[Path, bytes], after: dict[Path, bytes]) -> bool:
    """Whether nothing has changed; what a clinic has shared is remembered before it is written."""
    return before == {
        path: before.get(path, content) for path, content in after.items() if "shared-" not in path.name
    } | {path: content for path, content in before.items() if "shared-" in path.name}


@posix
@pytest.mark.parametrize("limit", some([500, 1300, 5000, 8000], 1))
def test_a_workbook_that_is_broken_off_says_nothing_more_when_it_is_thrown_away(written, icpc, monkeypatch, limit):
    late: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda said: late.append(said.exc_value))
    gc.collect()
    gc.disable()
    late.clear()
    try:
        with room_for(limit):
            assert icpc("check", "april.xlsx", "--annotate", "ud.xlsx", *TODAY).status in (1, 2)
    finally:
        gc.enable()
    gc.collect()
    # The library leaves a part of the workbook open, which Python says of it only where it was asked to.
    assert [each for each in late if not isinstance(each, ResourceWarning)] == []


@posix
@pytest.mark.parametrize("command", WRITES)
@pytest.mark.parametrize("trouble", some(["full", "read-only"], 1))
@pytest.mark.usefixtures("thrown_away")
def test_a_disk_that_takes_nothing_is_one_message_and_changes_nothing(written, icpc, monkeypatch, command, trouble):
    before, opened = contents(written.parent), os.open

    def refused(path, flags, *more, **named):
        if flags & os.O_CREAT and Path(path).name.startswith(".~"):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return opened(path, flags, *more, **named)

    if trouble == "read-only":
        monkeypatch.setattr(os, "open", refused)
    with room_for(20) if trouble == "full" else nullcontext():
        ended = icpc(*command.split(), *(TODAY if command[:2] not in ("co", "in") and "merge" not in command else ()))
    assert (ended.status, ended.err.count("Fejl:")) == (2, 1), ended
    assert same_but_kept(before, contents(written.parent))


class Disk:
    """A disk that is full from its n-th touch on: a file or folder made, moved or linked, bytes written or kept."""

    def __init__(self) -> None:
        self.folder, self.touches, self.takes = "", 0, 0
        sys.addaudithook(self._asked)

    def _asked(self, event: str, details: tuple[Any, ...]) -> None:
        if not self.folder or event not in ("open", "os.mkdir", "os.rename", "os.link"):
            return
        made = details[0] if event in ("open", "os.mkdir") else details[1]
        makes = event != "open" or details[2] & os.O_CREAT
        if makes and not isinstance(made, int) and self.folder in (name := os.fsdecode(made)) and name[-1] != "-":
            self.touch()  # a folder that goes is called by another name first, which takes no place

    def touch(self) -> None:
        self.touches += 1
        if self.touches > self.takes:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture(scope="session")
def disk() -> Disk:
    """The one disk of a session: what Python is asked to tell of files is asked for good."""
    return Disk()


@pytest.mark.parametrize("command", [
    pytest.param(each, marks=() if "merge" in each else pytest.mark.slow) for each in WRITES
])  # fmt: skip
@pytest.mark.usefixtures("thrown_away")
def test_a_disk_that_is_full_at_any_touch_is_one_message_and_changes_nothing(written, icpc, disk, monkeypatch, command):
    write, kept = files._Raw.write, os.fsync

    def written_to(self, data):
        with files._said_of(self._target):
            disk.touch()
        return write(self, data)

    monkeypatch.setattr(files._Raw, "write", written_to)
    monkeypatch.setattr(os, "fsync", lambda descriptor: (disk.touch(), kept(descriptor))[1])
    monkeypatch.setenv("TMPDIR", str(written.parent))
    today = TODAY if command[:2] not in ("co", "in") and "merge" not in command else ()
    before = contents(written.parent)

    def until(takes: int) -> Ended:
        files._clear.cache_clear()
        disk.touches, disk.takes, disk.folder = 0, takes, str(written.parent)
        try:
            ended: Ended = icpc(*command.split(), *today)
        finally:
            disk.folder = ""
        return ended

    takes = 0
    while (ended := until(takes)).status == 2:
        assert (ended.err.count("Fejl:"), contents(written.parent).keys() - before.keys()) == (1, set()), takes
        assert same_but_kept(before, contents(written.parent)), takes
        takes += 1
    assert (takes == disk.touches > 3, ended.status < 2) == (True, True)


ENDS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
"""Ctrl-C, the end of a session, a terminal closed; and the statuses of the runs."""


@posix
@pytest.mark.parametrize(("command", "end"), [
    pytest.param(each, end, marks=() if each == WRITES[0] and end == ENDS[0] else pytest.mark.slow)
    for each in WRITES for end in ENDS
])  # fmt: skip
def test_a_signal_at_the_first_write_changes_nothing(written, icpc, command, end):
    number, status = end
    (written.parent / "killed.py").write_text(KILLED)
    temporary = written.parent / "midlertidig"
    temporary.mkdir()
    before = contents(written.parent)
    run = subprocess.run(
        [sys.executable, str(written.parent / "killed.py"), str(int(number)), *command.split()],
        env=icpc.environment(TMPDIR=str(temporary)), capture_output=True, check=False,
    )  # fmt: skip
    assert (run.returncode, b"Traceback" in run.stderr) == (status, False)
    assert same_but_kept(before, contents(written.parent))
    assert list(temporary.iterdir()) == []
