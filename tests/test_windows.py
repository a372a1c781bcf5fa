"""What Windows does otherwise, as rules and bytes that hold everywhere; ``tests/windows`` runs the program there."""

import json

import pytest

from icpc_cli.decoding import guessed
from tests.conftest import Icpc
from tests.test_holds import EXPORT, TODAY

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
