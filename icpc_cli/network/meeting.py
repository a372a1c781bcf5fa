"""What a meeting of a network talks about: how the clinics spread, and where they differ most."""

from math import sqrt
from typing import NamedTuple

from icpc_cli.model import LISTED
from icpc_cli.network.disclosure import Range
from icpc_cli.network.merge import Part, by_guide, coded, compared
from icpc_cli.network.share import Member, Network, Period
from icpc_cli.network.tables import ALL_COURSES, CountTable, counts
from icpc_cli.outcomes import FEWEST_CLINICS

CHANCE = 3.09
"""Standard deviations that 998 of 1,000 clinics keep within by chance: a funnel plot's outer limits."""
_ROUNDED = 0.5
"""Per cents that whole ones may be off."""


class Gap(NamedTuple):
    """A condition: which part has the guide's code, in the network and at the two clinics furthest from each other.

    Of fewer than three clinics there is no ``network``: each of two could subtract itself.
    """

    condition: str
    network: Part | None
    least: Range
    most: Range

    @property
    def certain(self) -> int:
        """Percentage points that lie between them at least, whatever was rounded away."""
        return max(self.most.low - self.least.high - 1, 0)


class Meeting(NamedTuple):
    """The newest period of a network that enough clinics share. ``gaps``: the widest first."""

    period: str
    figures: Period

    @property
    def coded(self) -> Part:
        """The courses that must be coded and are."""
        return coded(self.figures.cells)

    @property
    def members(self) -> list[Member]:
        """The clinics that have courses that must be coded."""
        return [each for each in self.figures.members if each.courses.high]

    @property
    def courses(self) -> Range:
        """All courses of the network."""
        return self.figures.cells[ALL_COURSES]

    def counts(self, table: CountTable) -> list[tuple[str, Range]]:
        """The figures of a table with one side, the greatest first."""
        return sorted(counts(self.figures.cells, table).items(), key=lambda each: (-each[1].high, each[0]))

    def limits(self, courses: float) -> tuple[float, float]:
        """The per cents that clinics with so many courses keep within by chance."""
        low, high = self.coded.share
        wide = [CHANCE * sqrt(each * (1 - each) / courses) for each in (low, high)]
        return 100 * max(low - wide[0], 0), 100 * min(high + wide[1], 1)

    def side(self, member: Member) -> int:
        """1: a clinic lies higher than chance explains; -1: lower; 0: neither, whatever its band leaves open."""
        low, high = self.limits(max(member.courses.low, 1))
        return (member.coded.low - _ROUNDED > high) - (member.coded.high + _ROUNDED < low)

    @property
    def gaps(self) -> list[Gap]:
        """The conditions that at least two clinics have enough courses of."""
        found = []
        for condition in map(str, LISTED):
            shares = [share for member in self.figures.members for key, share in member.guide if key == condition]
            if len(shares) > 1:
                enough = len(shares) >= FEWEST_CLINICS
                network = by_guide(self.figures.cells, condition) if enough else None
                found.append(Gap(condition, network, min(shares), max(shares)))
        return sorted(found, key=lambda gap: -gap.certain)


def meeting_of(network: Network, path: str) -> Meeting:
    """What there is to talk about. Raises :class:`UsageError`, which names the file, where too few clinics share."""
    return Meeting(*max(compared(network, path).items()))
