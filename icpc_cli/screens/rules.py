"""The catalogue of checks for the terminal: all in a list, one explained."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from icpc_cli.checks.catalogue import CHECKS, Check
from icpc_cli.checks.wording import basis_word
from icpc_cli.guideline import load_checks, load_guideline
from icpc_cli.model import Basis
from icpc_cli.screens.terminal import Terminal, indented
from icpc_cli.voice import Voice


def print_rules(terminal: Terminal) -> None:
    """A line for each check: id, title, severity."""
    grid = Table.grid(padding=(0, 2))
    for check in CHECKS:
        title = terminal.voice.of(load_checks()[check.id].title)
        grid.add_row(Text(check.id, style="bold"), title, _severity(terminal.voice, check))
    terminal.write(indented(grid))


def print_rule(terminal: Terminal, check: Check) -> None:
    """What a check finds and why, with an example of bad and good, and its source."""
    voice, wording = terminal.voice, load_checks()[check.id]
    head = Text(f"{check.id}  {voice.of(wording.title)}", style="bold")
    head.append(voice.spell(f"  {check.name} · {_severity(voice, check)}"), style="not bold")
    examples = Table.grid(padding=(0, 2))
    for key, text in (("bad", wording.bad), ("good", wording.good)):
        examples.add_row(voice.say("findings", f"rules.{key}"), voice.of(text))
    source = load_guideline().cited(check.basis, wording.source.text)
    examples.add_row(voice.say("findings", "rules.source"), voice.of(source))
    if wording.reading:
        examples.add_row(basis_word(voice, Basis.PROGRAM).capitalize(), voice.of(wording.reading))
    body: list[RenderableType] = [Text(voice.of(wording.why)), ""]
    if check.fixable:
        body += [Text(voice.say("findings", "rules.fixable")), ""]
    terminal.write(Group(head, "", indented(Group(*body, examples))))


def _severity(voice: Voice, check: Check) -> str:
    return voice.say("findings", f"severity.{check.severity}")
