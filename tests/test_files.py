"""Files that are written: whole or not at all, only the owner's, and never in the place of what is read."""

import errno
import os
from pathlib import Path

import pytest

from icpc_cli.errors import UsageError
from icpc_cli.files import new_file, new_text, refuse_overwriting
from tests.conftest import posix, room_for


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_stands_in_its_place_when_it_is_whole(tmp_path):
    target = tmp_path / "ny æ.csv"
    target.write_bytes(b"old")
    with new_file(target) as file:
        file.write(b"new" * 1_000_000)
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new" * 1_000_000
    assert names(tmp_path) == ["ny æ.csv"]


@posix
def test_only_the_owner_can_read_it_before_and_after(tmp_path):
    target = tmp_path / "ny.csv"
    target.write_bytes(b"old")
    target.chmod(0o644)
    with new_file(target) as file:
        file.write(b"x")
        (beside,) = tmp_path.glob(".~*")
        assert beside.stat().st_mode & 0o777 == 0o600
    assert target.stat().st_mode & 0o777 == 0o600


def test_text_is_utf8_and_what_is_no_text_is_written_as_an_escape(tmp_path):
    with new_text(tmp_path / "ny.txt") as file:
        file.write("blåbær \udcff\n")
    assert (tmp_path / "ny.txt").read_bytes() == b"bl\xc3\xa5b\xc3\xa6r \\udcff\n"


@pytest.mark.parametrize("raised", [KeyboardInterrupt, RuntimeError, SystemExit, OSError])
@pytest.mark.parametrize("opened", [new_file, new_text])
def test_whatever_happens_leaves_the_old_file_and_nothing_beside_it(tmp_path, raised, opened):
    (tmp_path / "ny.csv").write_bytes(b"old")

    def write() -> None:
        with opened(tmp_path / "ny.csv") as file:
            file.write("x" * 3_000_000 if opened is new_text else b"x" * 3_000_000)
            raise raised

    with pytest.raises(raised):
        write()
    assert names(tmp_path) == ["ny.csv"]
    assert (tmp_path / "ny.csv").read_bytes() == b"old"


@posix
@pytest.mark.parametrize("size", [100, 5_000_000], ids=["at the end", "on the way"])
def test_a_full_disk_is_one_error_and_leaves_the_old_file(tmp_path, size):
    (tmp_path / "ny.csv").write_bytes(b"old")
    with room_for(50), pytest.raises(UsageError, match="disk-full"), new_file(tmp_path / "ny.csv") as file:
        file.write(b"x" * size)
    assert names(tmp_path) == ["ny.csv"]
    assert (tmp_path / "ny.csv").read_bytes() == b"old"


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENAMETOOLONG])
def test_a_folder_that_is_not_writable_is_one_error(tmp_path, monkeypatch, number):
    def refused(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(UsageError, match="output-unwritable") as raised, new_file(tmp_path / "ny.csv"):
        pass
    assert raised.value.facts["problem"] == os.strerror(number)
    assert names(tmp_path) == []


def test_a_file_that_another_program_holds_is_one_error(tmp_path, monkeypatch):
    def refused(*_: object) -> None:
        raise PermissionError(errno.EACCES, "sharing violation")

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(UsageError, match="output-unwritable"), new_file(tmp_path / "ny.csv"):
        pass
    assert names(tmp_path) == []


def test_a_link_is_followed_and_stays_a_link(tmp_path):
    folder = tmp_path / "andet sted"
    folder.mkdir()
    link = tmp_path / "ny.csv"
    link.symlink_to(folder / "rigtig.csv")
    with new_file(link) as file:
        file.write(b"x")
    assert link.is_symlink()
    assert (folder / "rigtig.csv").read_bytes() == b"x"


def test_what_is_read_and_what_is_no_file_is_never_written_over(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    export = tmp_path / "maj.csv"
    export.write_bytes(b"x")
    (tmp_path / "link.csv").symlink_to(export)
    (tmp_path / "hard.csv").hardlink_to(export)
    for target in ("maj.csv", "./maj.csv", "link.csv", "hard.csv", export):
        with pytest.raises(UsageError, match="output-is-input"):
            refuse_overwriting([target], ["maj.csv"])
    with pytest.raises(UsageError, match="output-is-folder"):
        refuse_overwriting([tmp_path], [export])
    with pytest.raises(UsageError, match="output-folder-missing"):
        refuse_overwriting(["findes/ikke.csv"], [export])
    with pytest.raises(UsageError, match="output-unwritable"):
        refuse_overwriting(["maj.csv/ny.csv"], [])
    with pytest.raises(UsageError, match="output-is-input"):
        refuse_overwriting(["Ny.csv"], ["ny.CSV"])
    refuse_overwriting(["ny.csv", "ny.xlsx"], [export])


@pytest.mark.parametrize("other", ["ny.csv", "./ny.csv", "NY.csv"])
def test_two_results_do_not_go_to_one_file(tmp_path, monkeypatch, other):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="output-twice"):
        refuse_overwriting(["ny.csv", other], [])


@posix
def test_a_device_is_no_file(tmp_path):
    with pytest.raises(UsageError, match="output-not-a-file"):
        refuse_overwriting([os.devnull], [])


def test_a_protected_file_stays_and_so_does_one_that_is_open_in_excel(tmp_path, monkeypatch):
    (tmp_path / "ny.csv").write_bytes(b"old")
    opened = os.open

    def refused(path: str, flags: int, *more: int) -> int:
        if Path(path).name == "ny.csv":
            raise PermissionError(errno.EACCES, "sharing violation")
        return opened(path, flags, *more)

    monkeypatch.setattr(os, "open", refused)
    for ask in (
        lambda: refuse_overwriting([tmp_path / "ny.csv"], []),
        lambda: new_file(tmp_path / "ny.csv").__enter__(),
    ):
        with pytest.raises(UsageError, match="output-unwritable"):
            ask()
    assert (tmp_path / "ny.csv").read_bytes() == b"old"


@pytest.mark.parametrize("name", ["a.csv", "x" * 250 + ".csv"])
def test_what_is_written_beside_a_place_has_a_name_for_which_there_is_room(tmp_path, name):
    with new_file(tmp_path / name) as file:
        file.write(b"new")
        (beside,) = names(tmp_path)
        assert len(beside) <= 12
    assert names(tmp_path) == [name]
