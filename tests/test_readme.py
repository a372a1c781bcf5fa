"""The papers tell the truth: their outputs are what the program prints, and no command is left out."""

import re
import sys
from pathlib import Path

import pytest

from tests import readme

TEXTS = {page.relative_to(readme.ROOT): page.read_text(encoding="utf-8") for page in readme.PAGES}


@pytest.mark.skipif(sys.platform == "win32", reason="the examples are written for a POSIX shell and terminal")
@pytest.mark.parametrize("page", TEXTS, ids=str)
def test_every_output_in_the_papers_is_what_is_printed_now(page):
    assert readme.refreshed(TEXTS[page]) == TEXTS[page], "run: python -m tests.readme"


def test_every_command_has_an_example():
    from icpc_cli.cli.app import app

    names = {command.name for command in app.registered_commands if not command.hidden}
    assert names
    for name in names:
        assert any(re.search(rf"^\$ .*icpc {name} ", text, re.MULTILINE) for text in TEXTS.values()), name


def test_the_readme_says_whose_icpc_2_is():
    for name in ("WONCA", "DSAM", "MIT"):
        assert name in TEXTS[Path("README.md")]


def test_the_paper_of_the_data_names_every_file():
    paper = (readme.ROOT / "data" / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([\w.]+)` \|", paper, re.MULTILINE)
    assert sorted(named) == sorted(
        file.name for file in (readme.ROOT / "data" / "guideline").iterdir() if file.is_file()
    )
