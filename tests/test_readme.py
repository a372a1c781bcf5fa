"""The README tells the truth: its outputs are what the program prints, and no command is left out."""

import re
import sys

import pytest

from tests import readme

TEXT = readme.README.read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="the examples are written for a POSIX shell and terminal")
def test_every_output_in_the_readme_is_what_is_printed_now():
    assert readme.refreshed(TEXT) == TEXT, "run: python -m tests.readme"


def test_every_command_has_an_example_in_the_readme():
    from icpc_cli.cli.app import app

    names = {command.callback.__name__ for command in app.registered_commands if command.callback}
    assert names
    for name in names:
        assert re.search(rf"^\$ .*icpc {name} ", TEXT, re.MULTILINE), name


def test_the_readme_says_whose_icpc_2_is():
    for name in ("WONCA", "DSAM", "MIT"):
        assert name in TEXT
