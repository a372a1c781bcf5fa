"""What ``icpc init`` saw in an export, for the terminal."""

from collections.abc import Mapping

from rich.cells import cell_len
from rich.console import Group
from rich.table import Table
from rich.text import Text

from icpc_cli.checks.columns import Situation
from icpc_cli.checks.contents import CellColumn
from icpc_cli.screens.terminal import Terminal
from icpc_cli.settings.sample import Sample
from icpc_cli.voice import Voice
from icpc_cli.voice.safe import holds_cpr, masked, shortened

_SHOWN = 3
_LONGEST = 22
_LONGEST_HEADER = 28


def print_sample(
    terminal: Terminal, sample: Sample, situation: Situation, asked: Mapping[str, tuple[str, ...]]
) -> None:
    """How the file was read, and a line for each column: header, role, and what stands in it.

    ``asked`` has the headers that may play a role, by role.
    """
    voice = terminal.voice
    head = Text(voice.spell(shortened(sample.path, 60)) + f" + {sample.others}" * bool(sample.others), style="bold")
    facts = voice.say("settings", "screen.read", columns=len(sample.columns), records=sample.records)
    head.append(voice.spell(f" · {sample.encoding}\n{facts}\n"), style="not bold")
    roles: dict[int, list[str]] = {}
    for role, place in situation.places.items():
        roles.setdefault(place, []).append(role)
    rows = []
    for place, column in enumerate(sample.columns):
        plays = roles.get(place, [])
        may_be = [each for each, headers in asked.items() if column.name in headers]
        contents = voice.spell(shown(voice, column, (plays or may_be)[0])) if plays or may_be else ""
        rows.append((voice.spell(shortened(column.name, _LONGEST_HEADER)), _role(voice, plays, may_be), contents))
    titles = [voice.say("settings", f"screen.{each}") for each in ("header", "role", "values")]
    room = terminal.width - sum(max(cell_len(str(row[each])) + 2 for row in (titles, *rows)) for each in (0, 1))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for title in titles:
        table.add_column(title, no_wrap=True)
    for header, used_as, values in rows:
        line = Text(values, "dim")
        if line.cell_len > (most := max(room, _LONGEST)):
            line.truncate(most - 1)
            line = Text(f"{line.plain.rstrip(' ,…')}…", "dim")
        table.add_row(header, used_as, line)
    terminal.write(Group(head, table), "")


def _role(voice: Voice, plays: list[str], asked: list[str]) -> Text:
    names = "/".join(voice.say("findings", f"role.{each}") for each in plays or asked)
    return Text(names, style="green") if plays else Text(f"{names}?" if asked else "-", style="yellow")


def shown(voice: Voice, column: CellColumn, role: str | None) -> str:
    """Some values of a column in one line: patients masked; names, notes and other prose not shown."""
    if not column.values:
        return voice.say("settings", "screen.empty")
    if role == "note" or column.prose:
        return voice.say("settings", "screen.prose")
    personal = role in ("patient", "course_id") or any(holds_cpr(value) for value, _ in column.values)
    hide = masked if personal else shortened
    values = [shortened(hide(value), _LONGEST) for value, _ in column.values[:_SHOWN]]
    return ", ".join(values) + (" …" if len(column.values) > _SHOWN else "")
