"""The command line from outside: help, languages, wrong use, bad input, pipes and Ctrl-C. Advice itself is in spec/."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from icpc_cli import __version__
from icpc_cli.cli import app as cli_app
from icpc_cli.errors import GuidelineError
from icpc_cli.guideline import fold, load_wording
from icpc_cli.guideline.aliases import load_aliases

COMMANDS = [name for name, command in typer.main.get_command(cli_app.app).commands.items() if not command.hidden]  # type: ignore[attr-defined] # a group
PAGES = [[], *([name] for name in COMMANDS)]
GOOD = {"specialty": "57", "conditions": ["hip_osteoarthritis"]}


def of(pages: list[list[str]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", pages, ids=[" ".join(["icpc", *page]) for page in pages])


# Version, help and language


def test_the_version_is_one_line(icpc: Any) -> None:
    ended = icpc("--version")
    assert (ended.status, ended.out, ended.err) == (0, f"icpc {__version__}\n", "")


@pytest.mark.parametrize("asked", ["-V", "version", "version --lang en", "--lang en --version"])
def test_the_version_may_be_asked_for_in_any_way(asked: str, icpc: Any) -> None:
    assert icpc(*asked.split()).out == icpc("--version").out


@of([*PAGES, ["network", "share"]])
def test_help_may_be_asked_for_as_a_command(page: list[str], icpc: Any) -> None:
    assert icpc("help", *page) == icpc(*page, "--help")
    assert icpc("hjælp", *page, "--lang", "en") == icpc("--lang", "en", *page, "--help")


def test_every_output_has_the_short_option() -> None:
    every = _every(typer.main.get_command(cli_app.app))
    outputs = [param.opts for each in every for param in each.params if "--output" in param.opts]
    assert outputs
    assert all("-o" in names for names in outputs)


def test_help_about_nothing_names_what_there_is(icpc: Any) -> None:
    assert 'Mente du "check"?' in icpc("help", "chek").err


# Danish names of commands and options


def _every(command: Any) -> list[Any]:
    return [command, *(each for sub in getattr(command, "commands", {}).values() for each in _every(sub))]


def test_every_command_and_option_has_its_wording_and_none_is_unused() -> None:
    every = _every(typer.main.get_command(cli_app.app))
    ids = [text for each in every for text in (each.help, *(param.help for param in each.params))]
    ids += [param.metavar for each in every for param in each.params if not _flag(param)]
    known, used = load_wording("help"), set[str]()
    for text in ids:
        if text.startswith(("Install", "Show")):  # typer's own
            continue
        shared = f"option.{text.rpartition('.')[2]}"
        used.add(text if text in known else shared)
        assert used <= set(known)
    assert {each for each in known if not each.startswith("words.")} - used == {
        "icpc.install-completion",
        "icpc.show-completion",
    }


def _flag(param: Any) -> bool:
    return bool(getattr(param, "is_flag", False))


def test_every_command_and_option_has_a_danish_name_or_is_the_same_word_in_danish() -> None:
    every = _every(typer.main.get_command(cli_app.app))
    commands = {each.name for each in every[1:]}
    options = {name[2:] for each in every for param in each.params for name in param.opts if name.startswith("--")}
    same = {"version", "format", "jsonl", "install-completion", "show-completion"}
    assert set(load_aliases("command").values()) == commands - same
    assert set(load_aliases("option").values()) == (options | {"help"}) - same
    assert not {fold(name) for name in commands} & set(load_aliases("command"))
    assert not {fold(name) for name in options} & set(load_aliases("option"))


@pytest.mark.parametrize(
    ("danish", "english"),
    [
        (
            "forslag --speciale 51 --forløb=andet --problem iskias",
            "suggest --specialty 51 --course=other --condition iskias",
        ),
        ("Foreslaa --sikre-fund ja --format json", "suggest --findings-certain ja --format json"),
        ("notat Iskias --forklar --sprog en", "note Iskias --explain --lang en"),
        ("--sprog en regler", "--lang en rules"),
        ("netværk del --hjælp", "network share --help"),
        ("suggest --forlob andet", "suggest --forlob andet"),
        ("suggest --specialet 51", "suggest --specialet 51"),
    ],
)
def test_danish_names_are_understood(danish: str, english: str, icpc: Any) -> None:
    assert icpc(*danish.split()) == icpc(*english.split())


def test_danish_names_are_not_shown_and_not_read_in_values(icpc: Any) -> None:
    assert "tjek" not in icpc("--help").out
    assert "--speciale" not in icpc("check", "--help").out
    assert "tjek" in icpc("note", "tjek").out
    assert "--speciale" in icpc("note", "--", "--speciale").out


def test_an_alias_of_two_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "aliases.toml").write_text('[option]\na = ["x"]\nb = ["X"]\n', encoding="utf-8")
    with pytest.raises(GuidelineError, match="name of a as well"):
        load_aliases("option", tmp_path)


# Completion, as typer gives it


def _completed(icpc: Any, line: str, **environment: str) -> str:
    asked = {"_ICPC_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
    ended = icpc.process(**asked | {"_TYPER_COMPLETE_ARGS": line} | environment)
    assert ended.status == 0
    return str(ended.out)


def test_a_shell_can_ask_how_a_line_goes_on(icpc: Any) -> None:
    assert _completed(icpc, "icpc re") == "report\n"
    assert _completed(icpc, "icpc tjek --spec") == "--specialty\n"
    assert _completed(icpc, "icpc nothing such --") is not None
    said = _completed(icpc, "icpc suggest --spec", _ICPC_COMPLETE="complete_zsh", ICPC_LANG="en")
    assert "51, 57 or another number." in said


@pytest.mark.parametrize("flag", ["--help", "-h"])
@of(PAGES)
def test_help_in_danish_has_no_english_word_of_typer(page: list[str], flag: str, icpc: Any) -> None:
    ended = icpc(*page, flag)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("Brug: icpc")
    assert "Tilvalg:\n" in ended.out
    for word in ("Usage", "Options", "Arguments", "Commands", "COMMAND", "ARGS", "Show this", "default", "required"):
        assert word not in ended.out


@of(PAGES)
def test_help_in_english_has_no_danish(page: list[str], icpc: Any) -> None:
    ended = icpc(*page, "--help", "--lang", "en")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("Usage: icpc")
    assert "Options:\n" in ended.out
    for word in ("Brug", "Tilvalg", "Kommando", "NAVN", "JA|NEJ", "FIL ", "Vis ", " eller ", " og ", "æ", "ø", "å"):
        assert word not in ended.out


@of(PAGES)
@pytest.mark.parametrize("columns", ["80", "200"])
@pytest.mark.parametrize("language", ["da", "en"])
def test_help_keeps_to_80_columns(
    page: list[str], columns: str, language: str, icpc: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert max(map(len, icpc(*page, "--help", "--lang", language).out.splitlines())) <= 80


@of(PAGES)
def test_help_says_no_id_of_a_text_in_its_place(page: list[str], icpc: Any) -> None:
    out = icpc(*page, "--help").out
    assert [key for key in load_wording("help") if key in out] == []


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_example_in_the_help_stands_on_one_line_and_works(language: str, icpc: Any) -> None:
    import shlex

    out = icpc("suggest", "--help", "--lang", language).out
    example = next(line for line in out.splitlines() if line.startswith("  icpc "))
    ended = icpc(*shlex.split(example)[1:], "--format", "json")
    assert ended.status == 0
    assert [each["code"] for each in json.loads(ended.out)["suggestions"]] == ["L84", "L86"]


def test_the_overview_names_every_command_with_one_sentence(icpc: Any) -> None:
    words = load_wording("help")
    out = " ".join(icpc("--help").out.split())
    for command in COMMANDS:
        assert f"{command} {words[f'{command}.help'].da.partition('.')[0]}." in out


def test_without_a_terminal_the_bare_command_prints_the_help(icpc: Any) -> None:
    assert icpc() == icpc("--help")
    assert icpc().status == 0
    assert icpc.process().out == icpc("--help").out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--lang", "en", "suggest", "--help"],
        ["suggest", "--lang", "en", "--help"],
        ["suggest", "--help", "--lang", "en"],
        ["suggest", "--lang=en", "--help"],
        ["--lang=EN", "suggest", "--help"],
        ["--lang", "da", "suggest", "--lang", "en", "--help"],
    ],
    ids=" ".join,
)
def test_the_language_is_chosen_before_or_after_the_command(arguments: list[str], icpc: Any) -> None:
    assert icpc(*arguments).out.startswith("Usage: icpc suggest")


@pytest.mark.parametrize(
    ("value", "language"),
    [("en", "en"), ("EN", "en"), ("en_GB.UTF-8", "en"), ("da", "da"), ("da_DK.UTF-8", "da"), ("", "da")],
)
def test_the_environment_chooses_the_language(
    value: str, language: str, icpc: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ICPC_LANG", value)
    assert icpc("--help").out == icpc("--help", "--lang", language).out


def test_the_option_counts_more_than_the_environment(icpc: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICPC_LANG", "en")
    assert icpc("--help", "--lang", "da").out.startswith("Brug:")


@pytest.mark.parametrize(
    ("arguments", "environment", "where"), [(["--lang", "sv"], "", "--lang"), ([], "sv_SE.UTF-8", "ICPC_LANG")]
)
def test_a_language_that_is_not_there_is_refused_with_those_that_are(
    arguments: list[str], environment: str, where: str, icpc: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ICPC_LANG", environment)
    ended = icpc(*arguments, "suggest", "--format", "json")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == f'Fejl: {where}: "sv" kendes ikke.\n  Vælg mellem: da, en\n'


def test_json_says_its_words_in_the_chosen_language(icpc: Any) -> None:
    danish, english = (
        json.loads(icpc("suggest", "--condition", "iskias", "--format", "json", "--lang", language).out)
        for language in ("da", "en")
    )
    assert danish["suggestions"][0]["title"] == "Rygsyndrom med smerteudstråling"
    assert english["suggestions"][0]["title"] == "Back syndrome with radiating pain"
    assert danish["case"] == english["case"]


# Wrong use: one message, nothing on standard output, status 2

WRONG = {
    "suggest --cours x": (
        "Fejl: Tilvalget --cours findes ikke. Mente du --course?\n  Se hvilke der findes:  icpc suggest --help\n"
    ),
    "suggest --zzz": "Fejl: Tilvalget --zzz findes ikke.\n  Se hvilke der findes:  icpc suggest --help\n",
    "--versoin": "Fejl: Tilvalget --versoin findes ikke. Mente du --version?\n  Se hvilke der findes:  icpc --help\n",
    "-x": "Fejl: Tilvalget -x findes ikke.\n  Se hvilke der findes:  icpc --help\n",
    "sugest": 'Fejl: Kommandoen "sugest" findes ikke. Mente du "suggest"?\n  Se hvilke der findes:  icpc --help\n',
    "SUGGEST": 'Fejl: Kommandoen "SUGGEST" findes ikke. Mente du "suggest"?\n  Se hvilke der findes:  icpc --help\n',
    "zzz": 'Fejl: Kommandoen "zzz" findes ikke.\n  Se hvilke der findes:  icpc --help\n',
    "suggest --course": "Fejl: --course skal efterfølges af en værdi.\n  Se hvordan:  icpc suggest --help\n",
    "suggest --lang": "Fejl: --lang skal efterfølges af en værdi.\n  Se hvordan:  icpc suggest --help\n",
    "--lang": "Fejl: --lang skal efterfølges af en værdi.\n  Se hvordan:  icpc --help\n",
    "suggest --jsonl=ja": "Fejl: --jsonl skal stå alene, uden en værdi.\n  Se hvordan:  icpc suggest --help\n",
    "suggest --condition lumbal stenose": (
        "Fejl: stenose kan ikke forstås på dette sted. Sæt anførselstegn om værdier med\n"
        "  mellemrum.\n  Se hvordan:  icpc suggest --help\n"
    ),
    "suggest --format xml": 'Fejl: --format: "xml" kendes ikke.\n  Vælg mellem: text, json\n',
    "suggest --course strukkeret": (
        'Fejl: --course: "strukkeret" kendes ikke. Mente du "Struktureret forløb"?\n'
        "  Kendte værdier: Struktureret forløb, Andet forløb, Ved ikke\n"
    ),
    "suggest --nerve-root-signs måske": (
        'Fejl: --nerve-root-signs: "måske" kendes ikke.\n  Kendte værdier: Ja, Nej, Ved ikke\n'
    ),
    "suggest --findings-certain jaa": (
        'Fejl: --findings-certain: "jaa" kendes ikke. Mente du "Ja"?\n  Kendte værdier: Ja, Nej, Ved ikke\n'
    ),
    "suggest --specialty almen": (
        'Fejl: --specialty: "almen" er ikke et speciale. Skriv nummeret, for eksempel 51\n  eller 57.\n'
    ),
}


@pytest.mark.parametrize("line", WRONG)
def test_wrong_use_is_one_message_that_says_what_and_what_next(line: str, icpc: Any) -> None:
    ended = icpc(*line.split())
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == WRONG[line]


@pytest.mark.parametrize("line", WRONG)
def test_wrong_use_is_said_in_english_too(line: str, icpc: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICPC_LANG", "en")
    ended = icpc(*line.split())
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("Error: ")
    assert not any(word in ended.err for word in ("Fejl", "Mente du", "kendes ikke", "Se hv", "Skriv", "skal"))


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_missing_argument_is_named_as_the_help_names_it(language: str, icpc: Any) -> None:
    ended = icpc("check", "--lang", language)
    usage = icpc("check", "--help", "--lang", language).out.splitlines()[0]
    named = usage.rpartition("] ")[2].rstrip(" .")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.splitlines()[0].split(": ")[1].startswith(f"{named} ")
    assert ended.err.endswith("  icpc check --help\n")


@pytest.mark.parametrize("course", ["strukkeret", "zzz"])
def test_the_values_that_an_english_message_names_are_english(course: str, icpc: Any) -> None:
    err = icpc("suggest", "--course", course, "--lang", "en").err
    assert "Structured course, Other course, Unknown" in " ".join(err.split())
    assert "forløb" not in err


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lumbal stenos", "Lumbal stenose"),
        ("knæ", "Artrose i knæ"),
        ("hofteatrose", "Artrose i hofte"),
        ("isckias", "Nerverodspåvirkning i lænd"),
        ("lumbar stenosys", "Lumbal stenose"),
    ],
)
def test_an_unknown_condition_is_refused_with_the_nearest_and_all_that_are_known(
    typed: str, meant: str, icpc: Any
) -> None:
    ended = icpc("suggest", "--condition", typed, "--format", "json")
    assert (ended.status, ended.out) == (2, "")
    assert f'--condition: "{typed}" kendes ikke. Mente du "{meant}"?' in ended.err
    known = " ".join(ended.err.partition("Kendte værdier: ")[2].split())
    assert known == (
        "Nerverodspåvirkning i nakke, Nerverodspåvirkning i lænd, Lumbal stenose, Artrose i hofte, "
        "Artrose i knæ, Primære smerter i lænderyggen, Andet"
    )


@pytest.mark.parametrize("columns", ["50", "80", "200"])
def test_a_long_list_of_values_is_broken_between_values_within_the_terminal(
    columns: str, icpc: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    lines = icpc("suggest", "--condition", "zzz").err.splitlines()
    assert max(map(len, lines)) <= min(int(columns), 80)
    assert all(line.startswith("    ") and line.endswith((",", "Andet")) for line in lines[2:])


@pytest.mark.parametrize("typed", ["0", "-1", "x", "1.5", "", "99999", "²"])
def test_what_is_no_number_of_a_consultation_is_refused(typed: str, icpc: Any) -> None:
    ended = icpc("suggest", "--consultation", typed, "--format", "json")
    assert (ended.status, ended.out) == (2, "")
    assert f'--consultation: "{typed}" er ikke et konsultationsnummer.' in ended.err


def test_a_value_is_shown_without_its_control_characters(icpc: Any) -> None:
    ended = icpc("suggest", "--condition", "knæ\x1b[31m\x07\u202egrøn\nny linje\udcff\x9b")
    assert ended.status == 2
    assert "\\x1b[31m\\x07\\u202egrøn⏎ny linje\\udcff\\x9b" in ended.err
    assert not any(ord(letter) < 32 and letter != "\n" for letter in ended.err)


@pytest.mark.parametrize(
    "arguments",
    [
        ["suggest", "--condition", "010190-1234"],
        ["suggest", "--course", "0101901234 Hansen"],
        ["suggest", "--consultation", "010190-1234"],
        ["suggest", "010190-1234"],
        ["suggest", "--010190-1234"],
        ["suggest", "--format", "010190 1234"],
        ["010190-1234"],
    ],
    ids=" ".join,
)
def test_a_cpr_number_is_masked_in_the_message(arguments: list[str], icpc: Any) -> None:
    ended = icpc(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert "••••••" in ended.err
    assert "0101" not in ended.err
    assert "1234" not in ended.err


@pytest.mark.parametrize("typed", ["010190-1234", "0101901234", "51-57", "5 1", "51.5", "2026-05-31"])
def test_what_is_no_specialty_is_refused(typed: str, icpc: Any) -> None:
    assert icpc("suggest", "--specialty", typed, "--format", "json").status == 2


def test_a_specialty_may_stand_with_zeros_and_its_name(icpc: Any) -> None:
    for typed in ("51", "051", " 51 ", "51 Almen fysioterapi"):
        assert json.loads(icpc("suggest", "--specialty", typed, "--format", "json").out)["case"]["specialty"] == "51"


def test_a_bug_keeps_its_traceback(icpc: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("icpc_cli.cli.suggest.one", broken)
    with pytest.raises(RuntimeError, match="a bug"):
        icpc("suggest")


# Cases as JSON lines

BAD_LINES: dict[str, tuple[bytes, str]] = {
    "not JSON": (b"{", "Linjen er ikke gyldig JSON (tegn 2)."),
    "unclear letters": ('{"course": "ukendt æ"}'.encode("latin-1"), "kan ikke læses med sikkerhed"),
    "a list": (b"[]", "Linjen skal være ét JSON-objekt"),
    "a number": (b"51", "Linjen skal være ét JSON-objekt"),
    "null": (b"null", "Linjen skal være ét JSON-objekt"),
    "two objects": (b"{} {}", "Linjen er ikke gyldig JSON (tegn 4)."),
    "an unknown key": (b'{"speciale": "51"}', 'Nøglen "speciale" kendes ikke.'),
    "conditions that are no list": (b'{"conditions": "other"}', "conditions skal være en liste"),
    "a condition that is no text": (b'{"conditions": [1]}', "conditions skal være en tekst"),
    "a condition that is not known": (b'{"conditions": ["lumbar_stenosys"]}', 'Mente du "Lumbal stenose"?'),
    "a course that is no text": (b'{"course": true}', "course skal være en tekst"),
    "a specialty that is a fraction": (b'{"specialty": 51.5}', "specialty skal være en tekst"),
    "a specialty that is negative": (b'{"specialty": -51}', '"-51" er ikke et speciale'),
    "signs that are true": (b'{"nerve_root_signs": true}', "nerve_root_signs skal være en tekst"),
    "a consultation that is text": (b'{"consultation": "1"}', "er ikke et konsultationsnummer"),
    "a consultation that is 0": (b'{"consultation": 0}', "er ikke et konsultationsnummer"),
    "a consultation that is true": (b'{"consultation": true}', "er ikke et konsultationsnummer"),
    "a consultation that is a fraction": (b'{"consultation": 1.0}', "er ikke et konsultationsnummer"),
    "a number of 5,000 digits": (b'{"consultation": ' + b"9" * 5000 + b"}", "Linjen er ikke gyldig JSON"),
    "too deep": (b"[" * 100_000, "Linjen er ikke gyldig JSON"),
    "half a letter": (rb'{"course": "\ud800"}', '"\\ud800" kendes ikke'),
    "a CPR number": (b'{"course": "010190-1234"}', '"••••••-••••" kendes ikke'),
    "a control character": (rb'{"course": "\u001b[1m"}', '"\\x1b[1m" kendes ikke'),
}


@pytest.mark.parametrize("what", BAD_LINES)
def test_a_bad_line_has_its_error_in_its_place_and_the_others_are_answered(what: str, icpc: Any) -> None:
    line, message = BAD_LINES[what]
    good = json.dumps(GOOD).encode()
    ended = icpc("suggest", "--jsonl", stdin=b"\n".join([good, line, good, b"", b""]))
    first, error, last = map(json.loads, ended.out.splitlines())
    assert (ended.status, ended.err) == (1, "")
    assert first == last
    assert first["obligation"]["status"] == "mandatory"
    assert list(error) == ["schema", "line", "message"]
    assert (error["schema"], error["line"]) == ("icpc-cli/error/1", 2)
    assert message in error["message"]


def test_all_bad_lines_at_once_keep_their_order_and_numbers(icpc: Any) -> None:
    ended = icpc("suggest", "--jsonl", stdin=b"\n".join(line for line, _ in BAD_LINES.values()))
    assert [json.loads(line)["line"] for line in ended.out.splitlines()] == list(range(1, len(BAD_LINES) + 1))


def test_blank_lines_at_the_end_a_byte_order_mark_and_windows_line_ends_do_no_harm(icpc: Any) -> None:
    good = json.dumps(GOOD).encode()
    ended = icpc("suggest", "--jsonl", stdin=b"\xef\xbb\xbf" + good + b"\r\n" + good + b"\r\n\r\n  \r\n")
    assert (ended.status, ended.err, len(ended.out.splitlines())) == (0, "", 2)
    assert icpc("suggest", "--jsonl").out == ""


def test_a_blank_line_among_others_has_an_error_in_its_place(icpc: Any) -> None:
    good = json.dumps(GOOD).encode()
    ended = icpc("suggest", "--jsonl", stdin=good + b"\n\n" + good + b"\n")
    assert ended.status == 1
    assert [json.loads(line)["schema"].split("/")[1] for line in ended.out.splitlines()] == [
        "advice",
        "error",
        "advice",
    ]


def test_missing_keys_and_null_are_unknown_and_names_are_understood(icpc: Any) -> None:
    lines = [{}, dict.fromkeys(["specialty", "course", "conditions", "consultation"]), {"specialty": 51}]
    named = {"course": "Struktureret forløb", "conditions": ["knaeartrose", "ØVRIGE"], "findings_certain": "ja"}
    ended = icpc("suggest", "--jsonl", stdin="\n".join(map(json.dumps, [*lines, named])))
    nothing, nulls, number, names = (json.loads(line)["case"] for line in ended.out.splitlines())
    assert nothing == nulls == {**nothing, "specialty": None, "course": "unknown", "conditions": []}
    assert number["specialty"] == "51"
    assert names["course"] == "structured"
    assert names["conditions"] == ["knee_osteoarthritis", "other"]
    assert names["findings_certain"] == "yes"


def test_json_is_plain_ascii_where_the_output_is_not_utf_8(icpc: Any) -> None:
    plain = icpc("suggest", "--condition", "iskias", "--format", "json", encoding="cp1252")
    assert plain.out.isascii()
    assert json.loads(plain.out) == json.loads(icpc("suggest", "--condition", "iskias", "--format", "json").out)


# The world outside: pipes and Ctrl-C


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise on Windows")
@pytest.mark.parametrize(
    ("arguments", "lines"),
    [(["--version"], 0), (["suggest", "--format", "json"], 0), (["suggest", "--jsonl"], 500), (["sugest"], 0)],
    ids=["at the end", "with an answer", "in the middle", "with an error"],
)
def test_a_pipe_that_nobody_reads_ends_the_program_quietly(arguments: list[str], lines: int, icpc: Any) -> None:
    read, write = os.pipe()
    os.close(read)
    with subprocess.Popen(
        [sys.executable, "-m", "icpc_cli", *arguments],
        stdin=subprocess.PIPE,
        stdout=write,
        stderr=write if arguments == ["sugest"] else subprocess.PIPE,
        env=icpc.environment(),
    ) as process:
        os.close(write)
        _, err = process.communicate(b"{}\n" * lines)
    assert (process.returncode, err or b"") == (141, b"")


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent otherwise on Windows")
def test_ctrl_c_ends_the_program_quietly_with_status_130(icpc: Any) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "icpc_cli", "suggest", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=icpc.environment(PYTHONUNBUFFERED="1"),
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"{}\n")
        process.stdin.flush()
        assert process.stdout.readline().startswith(b'{"schema"')
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, out, err) == (130, b"", b"")


# What is proposed can be typed as it stands


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with exports that are read only as they are told to be."""
    from openpyxl import Workbook

    header = ["Dato", "CPR", "Spec. nr", "Forløbstype", "Problemstilling", "Diag."]
    rows = [[f"{1 + n % 28:02}-03-2026", f"F{n}", "51", ("Struktureret", "ditto")[n % 2], "Artrose i knæ", ""]
            for n in range(40)]  # fmt: skip
    monkeypatch.chdir(tmp_path)
    workbook = Workbook()
    for name in ("Marts", "April"):
        sheet = workbook.create_sheet(name)
        for cells in (header, *rows):
            sheet.append(cells)
    workbook.save("to ark.xlsx")
    lines = "\n".join("~".join(row) for row in (header, *rows)) + "\n"
    Path("tilde.csv").write_bytes(lines.encode("cp850"))


@pytest.mark.parametrize("options", [
    '"to ark.xlsx" --sheet April', "tilde.csv --delimiter ~ --encoding cp850",
    '"to ark.xlsx" --sheet April --map specialty="Spec. nr" --map code=Diag.',
    "tilde.csv --delimiter ~ --encoding cp850 --map code=Diag. --specialty 51",
])  # fmt: skip
@pytest.mark.parametrize("command", ["check", "report", "init --yes", "init", "work"])
def test_what_is_proposed_can_be_typed_as_it_stands(
    command: str, options: str, clinic: None, icpc: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    ended = icpc(*command.split(), *shlex.split(options.partition(" --map")[0] if "init" in command else options))
    said = ended.out + ended.err
    proposed = re.findall(r"(?:^ *|  )icpc (\w+ (?:\"to ark|tilde).*?)(?=  |$)", said, re.MULTILINE)
    assert proposed
    for each in proposed:
        Path("icpc.toml").unlink(missing_ok=True)
        words = shlex.split(each.replace("OVERSKRIFT", "Diag."))
        again = icpc(*words, *["--yes"] * (words[0] == "init" and "--yes" not in words))
        assert again.status < 2 or re.search("kræver et vindue|der er ikke fundet", again.err), (each, again.err)


def test_what_came_in_by_standard_input_is_proposed_as_a_file(clinic: None, icpc: Any) -> None:
    reading = ("--delimiter", "~", "--specialty", "51", "--map", "code=Diag.")
    ended = icpc("check", "-", *reading, stdin=Path("tilde.csv").read_bytes())
    assert "icpc work eksport.csv --specialty 51 --map code=Diag. --delimiter" in ended.out
    assert not re.search(r"icpc \w+ -( |$)", ended.out)
