"""What a whole run promises whatever happens: it never writes what it reads, and leaves nothing behind."""

import errno
import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from icpc_cli import __version__
from icpc_cli.files import keep, marked, private_folder
from icpc_cli.reading.records import Settler
from icpc_cli.voice.safe import holds_cpr, shown
from icpc_cli.writing.json import dumps
from tests.conftest import Ended, Icpc, posix

HEADER = "Dato;CPR;Speciale;Forløbstype;Problemstilling;ICPC;Klinik"
EXPORT = HEADER + "\n" + "".join(
    f"0{n % 9 + 1}-0{1 + n % 3}-2026;01014{n % 10}-52{n:02};51;Struktureret;Artrose i knæ;{'L90' * (n % 4 > 0)};Øst\n"
    for n in range(60)
)  # fmt: skip
TODAY = ("--today", "2026-11-26")


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an export, settings, and what is kept for the user, as the working folder."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "network.key").write_text("ab" * 32)
    monkeypatch.setenv("ICPC_DATA", str(tmp_path / "mine"))
    folder = tmp_path / "klinik"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "april.csv").write_text(EXPORT, encoding="utf-8")
    (folder / "noter.txt").write_text("En huskeseddel", encoding="utf-8")
    (folder / "icpc.toml").write_text('clinic = "Øst"\n', encoding="utf-8")
    for name, link in (("blød.csv", os.symlink), ("hård.csv", os.link)):
        link(folder / "april.csv", tmp_path / name)
    return folder


def contents(*folders: Path) -> dict[Path, bytes]:
    return {each: each.read_bytes() for folder in folders for each in sorted(folder.rglob("*")) if each.is_file()}


def through_shell(icpc: Icpc, command: str) -> Ended:
    run = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m icpc_cli {command}"],
        capture_output=True,
        env=icpc.environment(),
        check=False,
    )
    return Ended(run.returncode, run.stdout.decode(), run.stderr.decode())


WRITING = (
    "check {read} --format csv --output {target}", "check {read} --annotate {target}", "check {read} --fix {target}",
    "check {read} --worklist {target}",
    "check noget.csv --previous {read} --output {target}", "report {read} --format json --output {target}",
    "partner {read} -o {target}", "network share {read} --yes -o {target}", "network merge {read} x.json -o {target}",
)  # fmt: skip


@posix
@pytest.mark.parametrize("target", ["april.csv", "../blød.csv", "../hård.csv", "../klinik/april.csv"])
@pytest.mark.parametrize(("command", "read"), [
    (command, read)
    for command in WRITING
    for read in ("april.csv", "apr*.csv", "./", "../blød.csv", "../hård.csv")
    if "merge" not in command or read.endswith("l.csv")
])  # fmt: skip
def test_what_is_read_is_not_written_by_whatever_name_it_was_reached(clinic, icpc, command, read, target):
    if "noget.csv" in command:
        (clinic / "noget.csv").write_text(EXPORT, encoding="utf-8")
    before = contents(clinic.parent)
    ended = icpc(*command.format(read=read, target=target).split(), *(() if "merge" in command else TODAY))
    assert (ended.status, ended.out) == (2, "")
    assert "overskrives ikke" in ended.err
    assert contents(clinic.parent) == before


@pytest.mark.parametrize("target", ["icpc.toml", "noter.txt", "../mine/network.key"])
@pytest.mark.parametrize("command", ["report", "partner", "network share --yes"])
def test_neither_settings_nor_bystanders_nor_what_is_kept_is_written(clinic, icpc, command, target):
    before = contents(clinic.parent)
    ended = icpc(*command.split(), ".", "--output", target, *TODAY)
    assert ended.status == 2
    assert "overskrives ikke" in ended.err
    assert contents(clinic.parent) == before


@posix
@pytest.mark.parametrize("command", [
    "check - --annotate april.csv < april.csv", "check - --format csv --output ../hård.csv < ../blød.csv",
    "check /dev/stdin --fix april.csv < april.csv", "report april.csv >> april.csv",
    "suggest --jsonl < april.csv >> april.csv",
])  # fmt: skip
def test_a_descriptor_is_a_name_as_well(clinic, icpc, command):
    before = contents(clinic.parent)
    assert through_shell(icpc, command).status == 2
    assert contents(clinic.parent) == before


def test_what_the_program_wrote_itself_may_be_written_again(clinic, icpc):
    for _ in range(2):
        assert icpc("check", ".", "--format", "csv", "--output", "fund.csv", *TODAY).status == 0
        assert icpc("report", ".", "--output", "rapport.html", *TODAY).status == 0


# How runs end

WORDS = tuple("smerter knæ hø lænd iskias Lasègue pos neg artrose ben styrke nedsat refleks gang stivhed i".split())  # noqa: SIM905 - reads better
NOTED = "Dato;CPR;Speciale;Forløbstype;Problemstilling;Notat;ICPC\n" + "".join(
    f"01-03-2026;010140-{5000 + n};62;Struktureret;;{' '.join(WORDS[(n * k) % 16] for k in range(1, 30))} {n};\n"
    for n in range(4000)
)
STARTED = """
import sys
from icpc_cli.judging import notes
notes._FEW, notes._BATCH = 0, 25
from icpc_cli.cli.ending import main
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""
"""The program as it is, but for notes that are read by other processes however few they are."""
AT_WORK = """
import os, sys, time
from pathlib import Path
from icpc_cli.judging import notes
def reads_for_good(batch):
    Path(sys.argv[0]).with_name(f"{os.getpid()}.at-work").touch()
    time.sleep(600)
notes._FEW, notes._BATCH, notes.read_many = 0, 25, reads_for_good
from icpc_cli.cli.ending import main
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""
"""The same with notes that take for ever, so that it is at work whenever it is ended; each process leaves its name."""


@dataclass
class Run:
    """A run in its own process, with a folder of its own for temporary files."""

    process: subprocess.Popen[bytes]
    temporary: Path

    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(each) for each in listed.read_text().split()] if listed.exists() else []

    def workers_at_work(self) -> list[int]:
        """Wait until two other processes read notes; returns all that were started."""
        for _ in range(3000):
            if len(list(self.temporary.parent.glob("*.at-work"))) > 1:
                return self.children()
            time.sleep(0.02)
        raise AssertionError("no workers were started")

    def folders(self) -> list[str]:
        return [each.name for each in self.temporary.iterdir()]


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def holding(folder: Path) -> list[int]:
    """The processes that have a file in a folder open: workers, and what was about to become one."""
    found = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if link.readlink().is_relative_to(folder):
                found.add(int(link.parts[2]))
    return sorted(found)


def wait_for_the_end(workers: list[int]) -> None:
    for _ in range(3000):
        if not any(map(is_alive, workers)):
            return
        time.sleep(0.02)
    raise AssertionError("somebody is still at work")


@pytest.fixture
def start(tmp_path: Path, icpc: Icpc) -> Iterator[Callable[..., Run]]:
    """Starts runs, and sees to it that none outlives the test."""
    runs: list[Run] = []
    temporary = tmp_path / "midlertidig"
    temporary.mkdir()

    def started(*arguments: str, program: str = STARTED) -> Run:
        (tmp_path / "program.py").write_text(program)
        process = subprocess.Popen(
            [sys.executable, str(tmp_path / "program.py"), *arguments],
            env=icpc.environment(TMPDIR=str(temporary)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        runs.append(Run(process, temporary))
        return runs[-1]

    yield started
    for each in runs:
        each.process.kill()
        each.process.communicate()


linux = pytest.mark.skipif(not sys.platform.startswith("linux") or (os.cpu_count() or 1) < 2, reason="looks in /proc")


@linux
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_run_that_is_ended_leaves_nothing_behind_and_nobody_at_work(tmp_path, start, number, status):
    (tmp_path / "noter.csv").write_text(NOTED, encoding="utf-8")
    target = tmp_path / "fund.csv"
    target.write_text("før")
    run = start("check", str(tmp_path / "noter.csv"), "--output", str(target), program=AT_WORK)
    workers = run.workers_at_work()
    run.process.send_signal(number)
    out, err = run.process.communicate(timeout=60)
    assert (run.process.returncode, out, err) == (status, b"", b"")
    assert run.folders() == []
    assert [each.name for each in tmp_path.glob(".*")] == []
    assert target.read_text() == "før"
    wait_for_the_end(workers)


@linux
def test_of_a_run_that_was_killed_nothing_is_left_after_the_next(tmp_path, start, monkeypatch):
    (tmp_path / "noter.csv").write_text(NOTED, encoding="utf-8")
    killed = start("check", str(tmp_path / "noter.csv"), program=AT_WORK)
    workers = killed.workers_at_work()
    assert len(killed.folders()) == 1
    os.kill(killed.process.pid, signal.SIGKILL)
    killed.process.communicate()
    wait_for_the_end(workers)
    (tmp_path / "lille.csv").write_text(EXPORT, encoding="utf-8")
    (killed.temporary / "icpc-7fffffff00000000").mkdir()  # killed before it held anything
    (killed.temporary / f"icpc-{os.getppid():08x}00000000").mkdir()  # about to be held
    (killed.temporary / "icpc-0123456789abcdef" / "of another program").mkdir(parents=True)
    monkeypatch.setenv("TMPDIR", str(killed.temporary))
    (beside := tmp_path / f"{marked('ud.csv')}0123ab").write_text("halvt")
    with private_folder() as living:
        following = start("check", str(tmp_path / "lille.csv"), "--output", str(tmp_path / "ud.csv"))
        assert following.process.wait() == 0
        assert set(following.folders()) == {
            "icpc-0123456789abcdef",
            f"icpc-{os.getppid():08x}00000000",
            living.name,
        }
    assert not beside.exists()


@pytest.mark.slow
@linux
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
def test_runs_that_are_ended_at_any_moment_leave_the_old_file_or_the_new_and_nothing_else(tmp_path, start, number):
    for name, content in (("noter.csv", NOTED), ("lille.csv", EXPORT)):
        (tmp_path / name).write_text(content, encoding="utf-8")
    target = tmp_path / "ud"
    small = ("check", str(tmp_path / "lille.csv"), "--format", "csv", "--output", str(target))
    moments = random.Random(number)
    for command in ("check --format csv", "check --annotate", "report --format html", "report --format json"):
        what, option, *form = command.split()
        into = [option, str(target)] if option == "--annotate" else [option, *form, "--output", str(target)]
        arguments = [what, str(tmp_path / "noter.csv"), *into, *TODAY]
        began = time.monotonic()
        whole = start(*arguments)
        whole.process.communicate()
        lasts, content = time.monotonic() - began, target.read_bytes()
        ended_early = 0
        for _ in range(25):
            target.write_text("før")
            run = start(*arguments)
            time.sleep(moments.uniform(0, lasts))
            workers = run.children()
            run.process.send_signal(number)
            run.process.communicate(timeout=60)
            ended_early += run.process.returncode != whole.process.returncode
            wait_for_the_end(workers)
            assert target.read_bytes() in ("før".encode(), content)
            if number == signal.SIGKILL:
                wait_for_the_end(holding(run.temporary))
                following = start(*small).process
                following.communicate()
                assert following.returncode < 2
            assert run.folders() == []
            assert list(tmp_path.glob(".*")) == []
        assert ended_early > 10


@posix
@pytest.mark.parametrize(("into", "status"), [("> /dev/full", 2), (">&-", 2), (">&- 2>&- <&-", 2), ("2> /dev/full", 0)])
@pytest.mark.parametrize("command", ["check april.csv", "guide"])
def test_streams_that_take_nothing_are_one_message(clinic, icpc, command, into, status):
    ended = through_shell(icpc, f"{command} {into}")
    assert (ended.status, ended.err.count("Fejl:")) == (status, int(status == 2 and "2>&-" not in into))
    assert "kan ikke skrives til skærmen" in ended.err or not ended.err.count("Fejl:")


@posix
@pytest.mark.parametrize("command", ["check -", "note -", "suggest --jsonl"])
def test_a_standard_input_that_is_closed_is_an_empty_one(clinic, icpc, command):
    ended = through_shell(icpc, f"{command} <&-")
    assert ended.status == (0 if "jsonl" in command else 2)
    assert "Traceback" not in ended.err


def test_a_bug_has_a_status_of_its_own_and_says_nothing_of_patients(clinic, icpc):
    broken = "import sys, icpc_cli.cli.rules as r\nfrom icpc_cli.cli.ending import main\n" + (
        "def broken(*_):\n    try:\n        raise KeyError('Knud, 010140-5234')\n"
        "    except KeyError as error:\n        raise RuntimeError('Knud Hansen') from error\n"
        "r.rules = broken\nsys.exit(main(sys.argv[1:]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", broken, "rules", "K101"], capture_output=True, env=icpc.environment(), check=False
    )
    err = run.stderr.decode()
    assert (run.returncode, run.stdout) == (70, b"")
    assert err.startswith("Fejl: Der er en fejl i programmet.")
    assert "Knud" not in err
    assert all(part in err for part in ("icpc_cli/cli/app.py:", "RuntimeError", "KeyError", f"icpc {__version__}"))


# What a CPR number looks like

GAPS = [
    "", "-", "–", "—", "\u2010", "\u2011", "\u2012", "−", "\u00ad", "\uff0d", " ", "\u00a0", "\u2009", "\u202f", ".",
    "/", " - ", " – ", "_", "\u200b-", "·", ". ",
]  # fmt: skip
FORMS = [f"150143{gap}5123" for gap in GAPS] + ["15-01-43-5123", "15.01.43 5123", "15 01 43 – 5123", "15/01/43/5123"]


@pytest.mark.parametrize("form", FORMS)
def test_a_cpr_number_is_one_in_every_written_form(form):
    for text in (form, f"Se {form}.", f"({form})", f"eksport-{form}.csv"):
        assert holds_cpr(text)
        assert not any(digit in shown(text).replace("\\u200b", "").replace("\\xad", "") for digit in "15432")
    assert not holds_cpr(f"1{form}")
    assert not holds_cpr(f"{form}0")


def test_no_cpr_number_is_seen_in_days_and_amounts():
    for text in (
        "01-02-2026",
        "2026-02-01 12:30",
        "12345678",
        "123456789",
        "01-02-2026 – 28-02-2026",
        "+45 12 34 56 78",
    ):
        assert not holds_cpr(text)


REPLACEMENTS = [
    "010190-1AB2", "0101901AB2", "01.01.90 7XY4", "010190 5QZ1", "010190-AB12", "010190AB12", "010190 – HAK1",
    "010190-12B4", "311299-123A",
]  # fmt: skip


@pytest.mark.parametrize("form", REPLACEMENTS)
def test_a_replacement_number_is_one_with_letters_among_its_last_four(form):
    for text in (form, f"Se {form}.", f"({form})", f"eksport-{form}_2.csv", f"Cpr: {form} tlf 22334455"):
        assert holds_cpr(text)
        assert not any(sign in shown(text) for sign in re.split(r"\W+", form))
    assert not holds_cpr(f"1{form}")
    assert not holds_cpr(f"{form}0")
    assert not holds_cpr(f"{form}x")


def test_a_number_that_lost_its_first_zero_is_masked_wherever_it_stands():
    assert shown("pt 101401000, 806431037.0") == "pt •••••••••, •••••••••.0"


def test_no_replacement_number_is_seen_in_days_codes_words_and_numbers_of_records():
    for text in (
        "010226 M543",
        "01-02-26 M543",
        "01.02.26 L90 og L84",
        "010226 VAS 7",
        "01-02-2026 L90",
        "2026-02-01T12:30",
        "01-02-26 kl. 10",
        "01-02-2026T1030",
        "010226-ALLE.csv",
        "010226-plan",
        "DM480 DM170A",
        "M19.9 L84",
        "J2026-00123",
        "JN 2026-000123",
        "2026-AB12",
        "20260102-A1B2",
        "F1234567",
        "Sag 450190-AB12",
        "019990-AB12",
        "Ydelse 5115",
        "123456789",
        "+45 12 34 56 78",
        "TUG 12,5 s",
        "L5/S1 3/10",
        "10MWT 0,9",
        "COPM 6",
        "01-02-26 HOOS 45",
    ):
        assert shown(text) == text


def test_every_form_is_found_in_a_note_and_makes_one_patient_and_leaves_no_screen_or_file(clinic, icpc):
    lines = "".join(
        f'0{1 + n % 9}-03-2026;"{form}";51;Struktureret;Artrose i knæ;;"Ringer til {form} i dag";{form}\n'
        for n, form in enumerate(FORMS)
    )
    header = "Dato;CPR;Speciale;Forløbstype;Problemstilling;ICPC;Notat;ICPC-tekst\n"
    (clinic / "150143 – 5123.csv").write_text(header + lines, encoding="utf-8")
    told = []
    for form in ("json", "jsonl", "csv", "concise", "text", "html", "xlsx"):
        chosen = ("--output", "fund.xlsx") if form == "xlsx" else ()
        ended = icpc("check", "150143 – 5123.csv", "--format", form, *chosen, *TODAY)
        told.append(ended.out + ended.err)
        assert ended.status == 1
    found = json.loads(told[0])
    assert (found["courses"]["total"], found["findings_by_check"]["K101"]) == (1, 1)
    assert found["findings_by_check"]["P301"] == 2 * len(FORMS)
    assert not re.search("150143|15.01.43|5123", "".join(told))


def test_replacement_numbers_and_lost_zeros_leave_no_screen_or_file(clinic, icpc):
    columns = "Dato;CPR;Speciale;Ydelseskode;Forløbstype;Problemstilling;ICPC-kode;Klinik;Notat"
    numbers = ["010190-AB12", "0101901AB2", "101901234"]
    rows = [
        ";".join(f"obs {number}" if place == changed else "51" if place == 2 else "x" for place in range(9))
        for number in numbers
        for changed in range(9)
    ]
    Path("april.csv").write_text("\n".join((columns, *rows)) + "\n", encoding="utf-8")
    Path("icpc.toml").unlink()
    told = [icpc("check", "april.csv", "--format", each, *TODAY) for each in ("json", "csv", "concise", "text", "html")]
    told += [icpc("report", "april.csv", "--format", each, *TODAY) for each in ("json", "text", "html")]
    told += [icpc("network", "share", "april.csv", "-o", "delt.json", "--yes", *TODAY)]
    told += [icpc("init", "april.csv", "--yes")]
    said = "".join(each.out + each.err for each in told) + Path("icpc.toml").read_text(encoding="utf-8")
    assert "obs ••••••-••••" in said
    assert not re.search("0190|AB12|1AB2", said)
    assert json.loads(told[0].out)["findings_by_check"]["P301"] == 2 * 5  # in each cell of words, and in the note


def test_a_file_that_begins_with_a_replacement_number_is_refused_without_showing_it(clinic, icpc):
    Path("uden.csv").write_text("Hanne Jensen 010190-AB12;Vestergade 3\n" * 5, encoding="utf-8")
    ended = icpc("check", "uden.csv")
    assert ended.status == 2
    assert "Overskrifter i filen" not in ended.err
    assert not re.search("Hanne|AB12|Vestergade", ended.err)


def test_json_holds_nothing_that_a_terminal_acts_on():
    text = "a\x9b\x7f\u2028\u2029\u202e\u2066\u200f\ufeff\udcffæ–"
    assert json.loads(dumps(text)) == text
    assert dumps(text) == '"a\\u009b\\u007f\\u2028\\u2029\\u202e\\u2066\\u200f\\ufeff\\udcffæ–"'


# Files that are there and odd


@posix
def test_a_name_that_is_no_text_is_a_name_like_any_other(clinic, icpc):
    name = os.fsdecode(b"maj\xff.csv")
    (clinic / name).write_text(EXPORT, encoding="utf-8")
    for command in (
        ["check", name],
        ["report", name],
        ["init", name, "--yes"],
        ["check", name, "--annotate", "ny.csv"],
    ):
        (clinic / "icpc.toml").unlink(missing_ok=True)
        ended = icpc(*command)
        assert (ended.status, "Fejl:" in ended.err) == (0, False), ended.err


@pytest.mark.parametrize("command", ["check", "check --annotate ny.csv", "report", "partner -o p.html"])
def test_a_file_that_changes_while_it_is_read_is_one_message(clinic, icpc, monkeypatch, command):
    settle = Settler.verify

    def grown(self, chunks):
        with (clinic / "april.csv").open("a", encoding="utf-8") as file:
            file.write(EXPORT)
        return settle(self, chunks)

    monkeypatch.setattr(Settler, "verify", grown)
    ended = icpc(*command.split(), "april.csv", *TODAY)
    assert (ended.status, ended.out) == (2, "")
    assert "blev ændret, mens den blev læst" in " ".join(ended.err.split())
    assert not {"ny.csv", "p.html"} & {each.name for each in clinic.iterdir()}


# What has no end, and what is kept


@posix
@pytest.mark.parametrize("command", [
    "note --file /dev/zero", "codes import /dev/zero", "report april.csv --compare /dev/zero", "note -",
    "suggest --jsonl",
    "network merge /dev/zero april.csv -o ny.json", "init /dev/zero --yes", "check april.csv",
])  # fmt: skip
def test_what_has_no_end_is_one_message(clinic, icpc, command):
    if command == "check april.csv":
        (clinic / "icpc.toml").unlink()
        (clinic / "icpc.toml").symlink_to("/dev/zero")
    ended = icpc(*command.split(), stdin=bytes(21 << 20))
    if command == "check april.csv":  # a device is no file of settings
        assert ended.status == 0
    else:
        assert (ended.status, ended.out, ended.err.count("Fejl:")) == (2, "", 1)
        assert "Traceback" not in ended.err


@pytest.mark.parametrize("header", ["Behandler", "Behandlerinitialer", "Fysioterapeut", "CPR", "Navn", "Efternavn"])
@pytest.mark.parametrize("command", ["partner ud.csv -o ud.html", "network share ud.csv --yes -o ud.json"])
def test_figures_of_single_persons_do_not_leave_the_clinic(clinic, icpc, command, header):
    lines = EXPORT.replace(";Klinik\n", ";Behandler 2;Sted\n").replace(
        "Behandler 2", header if header != "CPR" else "Pt."
    )
    (clinic / "ud.csv").write_text(lines.replace(";Øst\n", ";TJ;Øst\n"), encoding="utf-8")
    ended = icpc(*command.split(), "--map", f"clinic={header}", *TODAY)
    assert ended.status == 2
    assert "må ikke forlade klinikken" in " ".join(ended.err.split())
    assert not [*clinic.glob("ud.html"), *clinic.glob("ud.json")]
    assert icpc(*command.split(), "--map", "clinic=Sted", *TODAY).status == 0


def test_the_key_of_a_clinic_is_whole_or_not_there_and_the_first_one_stays(clinic, icpc, monkeypatch):
    key = clinic.parent / "mine" / "network.key"
    key.unlink()
    with monkeypatch.context() as broken:
        broken.setattr("icpc_cli.files._place", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        assert icpc("network", "share", "april.csv", "--yes", "-o", "ny.json", *TODAY).status == 130
    assert sorted(each.name for each in key.parent.iterdir()) == []
    keep(key, "ab" * 32, first=True)
    keep(key, "cd" * 32, first=True)
    assert key.read_text() == "ab" * 32
    assert [each.name for each in key.parent.iterdir()] == ["network.key"]
    assert key.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["x" * 300 + ".csv", "lukket", "lukket/maj.csv"])
@pytest.mark.parametrize("command", [
    "check {name}", "report {name}", "check april.csv --previous {name}", "note --file {name}", "codes import {name}",
    "init {name} --yes", "network merge {name} april.csv -o m.json", "report april.csv --compare {name}",
])  # fmt: skip
def test_a_name_that_is_too_long_and_a_folder_that_is_closed_are_one_message(clinic, icpc, monkeypatch, command, name):
    listed, opened = Path.iterdir, io.open
    (clinic / "lukket").mkdir()

    def refused(function):
        def call(path, *more, **named):
            if isinstance(path, str | Path) and "lukket" in str(path):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            return function(path, *more, **named)

        return call

    monkeypatch.setattr(Path, "iterdir", refused(listed))
    monkeypatch.setattr(io, "open", refused(opened))
    ended = icpc(*command.format(name=name).split(), *(TODAY if "check" in command else ()))
    assert (ended.status, ended.err.count("Fejl:")) == (2, 1)
