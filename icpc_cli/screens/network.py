"""What is shared, for the terminal: every number of the file, period by period."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from icpc_cli.guideline import Guideline
from icpc_cli.network.disclosure import ZERO, Range, block
from icpc_cli.network.files import SCHEMA
from icpc_cli.network.merge import totals
from icpc_cli.network.share import Network, NetworkShare, Period, Remarks
from icpc_cli.network.tables import ALL_COURSES, FEWEST_COURSES, Cell, CountTable, counts, told_in
from icpc_cli.outcomes import FEWEST_CLINICS
from icpc_cli.screens.terminal import Terminal
from icpc_cli.voice.safe import printable, shown

_BESIDE_TITLES, _BESIDE_LABELS = 12, 44
"""Columns that stand before a list of counts."""


class NetworkPage:
    """Shows shared figures."""

    def __init__(self, terminal: Terminal, guideline: Guideline) -> None:
        self._terminal, self._voice, self._guideline = terminal, terminal.voice, guideline

    def _say(self, key: str, **facts: object) -> str:
        return self._voice.say("network", f"screen.{key}", **facts)

    def write_share(self, share: NetworkShare, path: str, folder: object, *, whole: bool = True) -> None:
        """Show all that will be in a clinic's file, and what will not.

        ``folder``: where it is remembered; ``whole``: of the periods that are usual.
        """
        network = share.network
        parts: list[RenderableType] = [Text(self._say("title", path=shown(path)), style="bold"), ""]
        parts += [Padding(self._head(network), (0, 0, 0, 2)), ""]
        for name, period in network.periods.items():
            parts += [self._period(name, period), ""]
        parts += self._remarks(share.remarks, network.min_count)
        counts = [count for each in network.periods.values() for count in each.cells.values()]
        hidden = self._say("hidden", hidden=sum(not each.exact for each in counts), count=len(counts))
        parts.append(Text(hidden if whole else f"{self._say('not-whole')} {hidden}"))
        parts += ["", Text(self._say("remembered", folder=shown(str(folder))))]
        self._terminal.write(Group(*parts))

    def write_merged(self, network: Network) -> None:
        """Say in a line or two what a network holds."""
        periods = list(network.periods)
        courses = totals(network.periods)[ALL_COURSES]
        text = self._say(
            "merged",
            clinics=len(network.clinics),
            courses=self._range(courses),
            first=self._voice.period(periods[0]),
            last=self._voice.period(periods[-1]),
        )
        few = [self._voice.period(name) for name, each in network.periods.items() if each.clinics < FEWEST_CLINICS]
        if few:
            text += "\n" + self._say("few-clinics", least=FEWEST_CLINICS, periods=", ".join(few))
        self._terminal.write(Text(text))

    def written(self, path: str) -> str:
        """That the file is there."""
        return self._say("written", path=shown(path))

    def _head(self, network: Network) -> RenderableType:
        grid = _grid()
        names = [network.name] if network.name else []
        periods = list(network.periods)
        example = block(1, network.min_count)
        grid.add_row(self._say("clinic"), self._say("pseudonym", id=network.clinics[0]))
        grid.add_row(self._say("name"), *map(printable, names) if names else [self._say("no-name")])
        grid.add_row(self._say("period"), ", ".join(map(self._voice.period, periods)))
        grid.add_row(self._say("made-by"), SCHEMA)
        grid.add_row(
            self._say("rule"),
            self._say("rule-text", least=network.min_count, example=self._range(example), fewest=FEWEST_COURSES),
        )
        return grid

    def _period(self, name: str, period: Period) -> RenderableType:
        courses = self._range(period.cells[ALL_COURSES])
        title = Text(self._voice.period(name), style="bold").append(
            f" · {self._say('courses', count=courses)}", "not bold"
        )
        parts: list[RenderableType] = [title]
        grid, told = _grid(), told_in(period.cells)
        grid.add_row(Text(self._say("condition"), style="dim"))
        for condition, count in counts(period.cells, CountTable.CONDITION).items():
            coding = self._listed(
                (self._say(table), period.cells.get((table, condition), ZERO))
                for table in (CountTable.GUIDE_CODE, CountTable.NO_GUIDE_CODE)
                if condition in told
            )
            grid.add_row(
                self._condition(condition), self._range(count), Text(self._filled(coding, _BESIDE_LABELS), style="dim")
            )
        grid.add_row(Text(self._say("kind"), style="dim"))
        for kind, count in counts(period.cells, CountTable.KIND).items():
            grid.add_row(self._label(CountTable.KIND, kind), self._range(count))
        parts.append(Padding(grid, (0, 0, 0, 2)))
        sums = _grid()
        for key, listed in (
            ("codes", self._labelled(period.cells, CountTable.CODE)),
            ("standing", self._labelled(period.cells, CountTable.STANDING)),
            ("consultations", self._listed(period.consultations.items())),
        ):
            if listed:
                sums.add_row(self._say(key), self._filled(listed))
        parts.append(Padding(sums, (0, 0, 0, 2)))
        return Group(*parts)

    def _labelled(self, cells: Mapping[Cell, Range], table: CountTable) -> str:
        return self._listed((self._label(table, value), count) for value, count in counts(cells, table).items())

    def _listed(self, named: Iterable[tuple[str, Range]]) -> str:
        """Counts as one line; none is parted from what it counts."""
        return " · ".join(f"{label} {self._range(count)}".replace(" ", "\u00a0") for label, count in named)

    def _label(self, table: CountTable, value: str) -> str:
        return self._voice.known("network", f"{table}.{value}") or value

    def _condition(self, value: str) -> str:
        own = self._voice.known("network", f"condition.{value}")
        return own or self._voice.of(self._guideline.label("condition", value))

    def _remarks(self, remarks: Remarks, least: int) -> Iterator[RenderableType]:
        said = [
            self._say(key, count=count)
            for key, count in (("undated", remarks.undated), ("outside", remarks.outside))
            if count
        ]
        if remarks.few:
            said.append(self._say("few", least=least, periods=", ".join(map(self._voice.period, remarks.few))))
        if said:
            yield Text("\n  ".join((self._say("left-out"), *said)))
            yield ""
        if remarks.again:
            yield Text(self._say("again", periods=", ".join(map(self._voice.period, remarks.again))))
            yield ""

    def _range(self, count: Range) -> str:
        return self._voice.between(count.low, count.high)

    def _filled(self, listed: str, before: int = _BESIDE_TITLES) -> str:
        """A list of counts in lines that part no count from what it counts."""
        columns = self._terminal.width - before
        lines = textwrap.wrap(listed, columns, break_long_words=False, break_on_hyphens=False)
        return "\n".join(lines).replace("\u00a0", " ")


def _grid() -> Grid:
    grid = Grid.grid(padding=(0, 2))
    grid.add_column()
    return grid
