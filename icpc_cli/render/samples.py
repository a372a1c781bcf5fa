"""What ``icpc init`` saw in an export, for the terminal."""

import re
import sys
from collections.abc import Mapping

from rich.cells import cell_len
from rich.console import Group
from rich.table import Table
from rich.text import Text

from icpc_cli.checks.columns import Situation
from icpc_cli.guideline import fold, load_wording
from icpc_cli.render.safe import masked, shortened
from icpc_cli.render.terminal import width, write
from icpc_cli.settings.sample import Column, Sample

_SHOWN = 3
_LONGEST = 22
_LONGEST_HEADER = 28
_PROSE = 30
"""From this mean length of its values on, a column holds prose, which is not shown."""
_PERSONAL = re.compile("navn|name|adresse|address|tele|phone|tlf|mobil|mail|paaroerende")
"""Headers of columns that tell who a patient is; what stands in those is not shown either."""


def print_sample(sample: Sample, situation: Situation, asked: Mapping[str, tuple[str, ...]], language: str) -> None:
    """How the file was read, and a line for each column: header, role, and what stands in it.

    ``asked`` has the headers that may play a role, by role.
    """
    words = load_wording("settings")
    head = Text(shortened(sample.path, 60), style="bold")
    facts = words["screen.read"][language].format(columns=len(sample.columns), records=sample.records)
    head.append(f" · {sample.encoding}\n{facts}\n", style="not bold")
    roles = {place: role for role, place in situation.places.items()}
    rows = []
    for place, column in enumerate(sample.columns):
        role = roles.get(place)
        may_be = [each for each, headers in asked.items() if column.header in headers]
        contents = shown(column, role or may_be[0], language) if role or may_be else ""
        rows.append((shortened(column.header, _LONGEST_HEADER), _role(role, may_be, language), contents))
    titles = [words[f"screen.{each}"][language] for each in ("header", "role", "values")]
    room = width() - sum(max(cell_len(str(row[each])) + 2 for row in (titles, *rows)) for each in (0, 1))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for title in titles:
        table.add_column(title, no_wrap=True)
    for header, used_as, values in rows:
        line = Text(values, "dim")
        line.truncate(max(room, _LONGEST), overflow="ellipsis")
        table.add_row(header, used_as, line)
    write(Group(head, table))
    sys.stdout.write("\n")


def _role(role: str | None, asked: list[str], language: str) -> Text:
    words = load_wording("findings")
    if role:
        return Text(words[f"role.{role}"][language], style="green")
    return Text("/".join(words[f"role.{each}"][language] for each in asked) + "?" if asked else "-", style="yellow")


def shown(column: Column, role: str | None, language: str) -> str:
    """Some values of a column in one line: patients masked; names, notes and other prose not shown."""
    words = load_wording("settings")
    if not column.values:
        return words["screen.empty"][language]
    total = sum(count for _, count in column.values)
    mean = sum(len(value) * count for value, count in column.values) / total
    if role == "note" or mean >= _PROSE or _PERSONAL.search(fold(column.header)):
        return words["screen.prose"][language]
    hide = masked if role in ("patient", "course_id") or column.looks_like("patient") else shortened
    values = [shortened(hide(value), _LONGEST) for value, _ in column.values[:_SHOWN]]
    return ", ".join(values) + (" …" if len(column.values) > _SHOWN else "")
