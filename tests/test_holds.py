"""What a whole run promises whatever happens: it never writes what it reads, and leaves nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Ended, Icpc

HEADER = "Dato;CPR;Speciale;Forløbstype;Problemstilling;ICPC;Klinik"
EXPORT = HEADER + "\n" + "".join(
    f"0{n % 9 + 1}-0{1 + n % 3}-2026;01014{n % 10}-52{n:02};51;Struktureret;Artrose i knæ;{'L90' * (n % 4 > 0)};Øst\n"
    for n in range(60)
)  # fmt: skip
TODAY = ("--today", "2026-11-26")
posix = pytest.mark.skipif(sys.platform == "win32", reason="links, descriptors and signals of POSIX systems")


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
    "check /dev/stdin --fix april.csv < april.csv", "check april.csv >> april.csv", "report - < april.csv >> april.csv",
    "note --file noter.txt >> noter.txt", "suggest --jsonl < april.csv >> april.csv",
    "init april.csv --yes >> april.csv", "codes import april.csv >> april.csv",
])  # fmt: skip
def test_a_descriptor_is_a_name_as_well(clinic, icpc, command):
    before = contents(clinic.parent)
    assert through_shell(icpc, command).status == 2
    assert contents(clinic.parent) == before


def test_what_the_program_wrote_itself_may_be_written_again(clinic, icpc):
    for _ in range(2):
        assert icpc("check", ".", "--format", "csv", "--output", "fund.csv", *TODAY).status == 0
        assert icpc("report", ".", "--output", "rapport.html", *TODAY).status == 0
