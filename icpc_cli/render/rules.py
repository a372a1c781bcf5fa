"""The catalogue of checks for the terminal: all in a list, one explained."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from icpc_cli.checks.catalogue import CHECKS, Check
from icpc_cli.guideline import load_checks, load_wording
from icpc_cli.render.terminal import write


def print_rules(language: str) -> None:
    """A line for each check: id, title, severity."""
    grid = Table.grid(padding=(0, 2))
    for check in CHECKS:
        title = load_checks()[check.id].title[language]
        grid.add_row(Text(check.id, style="bold"), title, _severity(check, language))
    write(Padding(grid, (0, 0, 0, 2)))


def print_rule(check: Check, language: str) -> None:
    """What a check finds and why, with an example of bad and good, and its source."""
    words, wording = load_wording("findings"), load_checks()[check.id]
    head = Text(f"{check.id}  {wording.title[language]}", style="bold")
    head.append(f"  {check.name} · {_severity(check, language)}", style="not bold")
    examples = Table.grid(padding=(0, 2))
    examples.add_row(words["rules.bad"][language], wording.bad[language])
    examples.add_row(words["rules.good"][language], wording.good[language])
    examples.add_row(words["rules.source"][language], wording.source[language])
    body: list[RenderableType] = [Text(wording.why[language]), ""]
    if check.fixable:
        body += [Text(words["rules.fixable"][language]), ""]
    write(Group(head, "", Padding(Group(*body, examples), (0, 0, 0, 2))))


def _severity(check: Check, language: str) -> str:
    return load_wording("findings")[f"severity.{check.severity}"][language]
