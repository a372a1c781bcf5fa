"""Rules of the house that no linter holds: what the repository may contain, and what a start may load."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
TOP_LEVEL = {"icpc_cli", "tests", "data", "pyproject.toml", "README.md", "LICENSE"}
HEAVY = (
    "_duckdb", "rich", "questionary", "prompt_toolkit", "rapidfuzz", "pyperclip", "python_calamine", "xlsxwriter",
    "jinja2", "highsbox", "platformdirs",
)  # fmt: skip


def texts() -> Iterator[tuple[str, str]]:
    """The text files of the project, by path; not what tools leave behind in dot folders."""
    for top in (*sorted(TOP_LEVEL), ".ci", ".gitignore"):
        path = ROOT / top
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                yield str(file.relative_to(ROOT)), file.read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize(
    "command", ["-m pytest", "icpc check data/examples/klinik.csv --fail-on never"], ids=["tests", "example"]
)
def test_the_commands_of_the_readme_are_those_that_ci_runs(command: str) -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    (line,) = re.findall(rf"python3 -m venv \.venv && .*{re.escape(command)}(?=\)?$)", script, re.MULTILINE)
    assert line in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_top_level_holds_only_what_belongs_there() -> None:
    present = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert present - {"__pycache__", "build", "dist"} == TOP_LEVEL


def test_no_file_names_a_package_registry_or_a_place_of_one_machine() -> None:
    # In pieces, so that this file does not name them either.
    registries = ["pypi.~org", "pythonhosted.~org", "npmjs.~org", "yarnpkg.~com", "crates.~io", "anaconda.~org"]
    registries += ["proxy.golang.~org", "rubygems.~org", "index~-url", "--~index"]
    places = ["/work~/", "/tmp~/w", "/root~/", "/home~/", "..~/shared"]
    forbidden = [name.replace("~", "") for name in (*registries, *places)]
    for file, text in texts():
        assert [piece for piece in forbidden if piece in text] == [], file


def test_every_exception_to_a_linter_has_its_reason_beside_it() -> None:
    marks = 0
    for file, text in texts():
        if not (file.startswith("icpc_cli") and file.endswith(".py")):
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            for mark in re.finditer(r"#\s*(noqa|type:\s*ignore|pragma)", line):
                marks += 1
                reasoned = re.match(r"#\s*(noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\])(.*)", line[mark.start() :])
                assert reasoned, f"{file}:{number}: names no rule"
                assert len(re.sub(r"\W", "", reasoned[2])) >= 5, f"{file}:{number}: says no reason"
    assert marks < 25, "so many exceptions are a rule: change the setting"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["--help"],
        ["suggest", "--specialty", "51", "--course", "struktureret", "--condition", "knæartrose", "--format", "json"],
        ["suggest", "--jsonl"],
        ["note", "Lumbal stenose, Lasègue positiv", "--format", "json"],
    ],
    ids=" ".join,
)
def test_what_costs_time_is_not_loaded_where_it_is_not_used(arguments: list[str], icpc: Any) -> None:
    loaded = icpc.modules(*arguments)
    assert "icpc_cli" in loaded
    assert "typer" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_a_check_loads_the_engine_alone_and_nothing_that_a_report_or_a_workbook_needs(icpc: Any) -> None:
    loaded = icpc.modules("check", str(ROOT / "data" / "examples" / "klinik.csv"))
    assert "_duckdb" in loaded
    assert loaded.isdisjoint({"duckdb", "multiprocessing", "statistics", "hmac", "xml", "zipfile", "email", "jinja2"})
    assert loaded.isdisjoint({"python_calamine", "xlsxwriter", "questionary", "prompt_toolkit", "highsbox"})


def test_a_start_loads_nothing_of_the_network(icpc: Any) -> None:
    assert icpc.modules("suggest", "--format", "json").isdisjoint(
        {"ssl", "http", "asyncio", "requests", "socketserver"}
    )


def test_the_package_says_that_it_is_typed() -> None:
    assert (ROOT / "icpc_cli" / "py.typed").is_file()


def test_a_name_of_a_class_stands_for_one_thing() -> None:
    places: dict[str, set[str]] = {}
    for file, text in texts():
        if file.startswith("icpc_cli") and file.endswith(".py"):
            for name in re.findall(r"^ *class _?([A-Z]\w*)", text, re.MULTILINE):
                places.setdefault(name, set()).add(file)
    assert {name: sorted(files) for name, files in places.items() if len(files) > 1} == {}
