"""The outputs in the papers: run every example anew, and write them (``python -m tests.readme``) or compare them.

A ``console`` block is a command line that starts with ``$`` and what it prints; the block after "prints" is what the
Python example prints; the table of checks is made from the catalogue; the session is the interview's last screen.
"""

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from unittest import mock

from icpc_cli.checks.catalogue import CHECKS
from icpc_cli.cli import run
from icpc_cli.guideline import load_checks

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", ROOT / "icpc_cli/cli/README.md", ROOT / "icpc_cli/README.md")
"""For users; the commands one by one; for those who build on it."""
LONGEST, LAST = 30, 18
"""Lines of an output that are shown, and how many of them are its last ones; what is left out between is counted."""


def printed(command: str) -> str:
    """What a command line prints, ``icpc`` being this checkout's; what needs no shell is run in this process."""
    word, *arguments = shlex.split(command)
    if word == "icpc" and "|" not in arguments:
        return _printed(arguments)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ICPC_", "COV"))}
    environment |= {"PYTHONUTF8": "1", "COLUMNS": "80", "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}
    environment |= {"ICPC_DATA": str(ROOT / "no-data")}
    line = re.sub(r"\bicpc (?=\w)", lambda _: f"{sys.executable} -m icpc_cli ", command)
    done = subprocess.run(
        line, shell=True, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    # What was read and written is said on standard error, for people; an error would be too, with status 2.
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def _printed(arguments: list[str]) -> str:
    out, err = io.StringIO(), io.StringIO()
    changed = {"COLUMNS": "80", "NO_COLOR": "1", "ICPC_DATA": str(ROOT / "no-data")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ICPC_")}
    with (
        mock.patch.dict(os.environ, kept | changed, clear=True),
        contextlib.chdir(ROOT),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        assert run(arguments) in (0, 1), err.getvalue()
    return out.getvalue()


def shortened(output: str) -> str:
    """The first and the last lines of an output."""
    lines = output.rstrip("\n").split("\n")
    if len(lines) > LONGEST:
        lines = [*lines[: LONGEST - LAST], f"[... {len(lines) - LONGEST} lines more]", *lines[-LAST:]]
    return "\n".join(line.rstrip() for line in lines)


def checks() -> str:
    """The catalogue as rows of a table."""
    wording = load_checks()
    return "\n".join(
        f"| {check.id} | {check.name} | {check.severity} | {wording[check.id].title.en}. {wording[check.id].why.en} |"
        for check in CHECKS
    )


def python_example(text: str) -> str:
    """What the Python example prints."""
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    environment = os.environ | {"PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def session() -> str:
    """The last screen of an interview."""
    from tests.terminal import Terminal

    with Terminal("suggest", "--specialty", "51", "--course", "struktureret") as terminal:
        terminal.wait_for("Hvad handler forløbet om?")
        terminal.send("3\r")
        terminal.wait_for("Er der tegn på nerverodspåvirkning?")
        terminal.send("1")
        terminal.wait_for("Er de kliniske fund sikre?")
        terminal.send("1")
        terminal.wait_for("Til journalen")
        return terminal.screen


def refreshed(text: str) -> str:
    """A page with all outputs as they are now."""
    text = re.sub(
        r"```console\n\$ (.*?)\n.*?```",
        lambda block: f"```console\n$ {block[1]}\n{shortened(printed(block[1]))}\n```",
        text,
        flags=re.DOTALL,
    )
    text = re.sub(
        r"prints\n\n```text\n.*?```", lambda _: f"prints\n\n```text\n{python_example(text)}```", text, flags=re.DOTALL
    )
    text = re.sub(
        r"<!-- session -->\n```text\n.*?```",
        lambda _: f"<!-- session -->\n```text\n{shortened(session())}\n```",
        text,
        flags=re.DOTALL,
    )
    return re.sub(
        r"(\| --- \|\n)(?:\| [A-Z]\d{3} .*\n|<!-- /?checks -->\n)+", lambda found: f"{found[1]}{checks()}\n", text
    )


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(refreshed(page.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
