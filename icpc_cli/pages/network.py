"""The page of a network's meeting: two sheets of paper, with room for one plan."""

from collections.abc import Iterator
from itertools import groupby
from math import floor, log10

from icpc_cli.guideline import Guideline
from icpc_cli.network.disclosure import Range
from icpc_cli.network.meeting import Meeting
from icpc_cli.network.merge import Part
from icpc_cli.network.share import BANDS
from icpc_cli.network.tables import FEWEST_COURSES, NONE, CountTable
from icpc_cli.pages.charts import Axis, Chart, Mark, Row, Shape, bars, draw, percents, ranged, rows, scale
from icpc_cli.pages.page import page
from icpc_cli.report.figures import Share
from icpc_cli.report.statistics import beyond_chance, share
from icpc_cli.report.words import ReportWords
from icpc_cli.voice import Voice

_CODES = 8
_ROOF = 90
"""No chart of per cents begins higher."""
_FEWEST = 5
"""Where the first band begins on a chart."""
_STEPS = 40
"""Points of a curve."""


def network_page(voice: Voice, meeting: Meeting, before: Meeting | None, guideline: Guideline) -> str:
    """The whole page as HTML text; ``before``: the period that the last plan was made in."""
    told = _MeetingPage(voice, guideline, meeting)
    return page(
        "network",
        voice,
        "network",
        title=told.say("page.title", period=voice.period(meeting.period)),
        network=told,
        meeting=meeting,
        before=before,
        licence=voice.of(guideline.licence),
    )


class _MeetingPage(ReportWords):
    """What the figures of a network say, in words and in charts."""

    def __init__(self, voice: Voice, guideline: Guideline, meeting: Meeting) -> None:
        super().__init__(voice, guideline)
        self._meeting = meeting

    def say(self, key: str, **facts: object) -> str:
        """A text of the networks."""
        return self.voice.say("network", key, **facts)

    def part(self, part: Part) -> str:
        """``80 % (8.799 af 10.990)``."""
        said, whole = (self.voice.between(*each.ends) for each in (part.part, part.part + part.rest))
        return self.say("page.part", share=self.shares(*part.share), part=said, whole=whole)

    def name(self, table: CountTable, value: str) -> str:
        """What a condition or a code is called."""
        known = self.voice.known("network", f"{table.value}.{value}")
        if known:
            return known[:1].upper() + known[1:]
        return self.condition(value) if table is CountTable.CONDITION else value

    def spread(self) -> str:
        """How many clinics lie further from the whole than chance explains."""
        sides = [self._meeting.side(each) for each in self._meeting.members]
        high, low = sides.count(1), sides.count(-1)
        key = "page.spread" if high or low else "page.no-spread"
        return self.say(key, high=high, low=low, clinics=len(sides))

    def clinics(self) -> Iterator[tuple[str, str, str]]:
        """A line of the table for the clinics of each band, the highest share first."""
        for courses, members in groupby(self._meeting.members, lambda each: each.courses):
            shares = [
                self.say(f"page.side{self._meeting.side(each)}", share=self.shares(low / 100, high / 100))
                for each in sorted(members, key=lambda each: each.coded, reverse=True)
                for low, high in (each.coded.ends,)
            ]
            yield self.voice.between(*courses.ends), self.voice.number(len(shares)), ", ".join(shares)

    def since(self, before: Meeting) -> Iterator[tuple[str, str, str, str]]:
        """What became of the figures since the period before: coverage, and the guide's code by condition."""
        yield self._since(self.say("page.coded"), before.coded, self._meeting.coded)
        earlier = {gap.condition: gap.network for gap in before.gaps}
        for gap in self._meeting.gaps:
            if gap.network and (then := earlier.get(gap.condition)):
                what = self.say("page.with-guide", condition=self.in_sentence(gap.condition))
                yield self._since(what, then, gap.network)

    def _since(self, what: str, then: Part, now: Part) -> tuple[str, str, str, str]:
        # What is open counts against a change: the nearest ends of both are compared.
        (least, most), (was_least, was_most) = ((_end(each, 0), _end(each, 1)) for each in (now, then))
        up, down = beyond_chance(least, was_most) > 0, beyond_chance(most, was_least) < 0
        said = self.say("page.up" if up else "page.down" if down else "page.same")
        return what, self.shares(*then.share), self.shares(*now.share), said

    def differs(self) -> str:
        """Where clinics differ most, in a sentence."""
        return self._widest("page.differs") or self.say("page.alike")

    def _widest(self, key: str) -> str | None:
        """The condition that sets clinics furthest apart, None where none does for certain."""
        gap = next(iter(self._meeting.gaps), None)
        return self._apart(key, gap.least, gap.most, self.in_sentence(gap.condition)) if gap and gap.certain else None

    def _apart(self, key: str, least: Range, most: Range, condition: str = "") -> str:
        """How far two clinics lie apart at least."""
        low, high = (self.voice.percent(each / 100) for each in sorted((least.high, most.low)))
        return self.say(key, condition=condition, low=low, high=high)

    def questions(self) -> Iterator[str]:
        """Three of them, from what the figures show."""
        ends = sorted(each.coded for each in self._meeting.members)
        if ends:
            apart = any(map(self._meeting.side, self._meeting.members))
            key = "page.ask-coded" if apart else "page.ask-alike"
            yield self._apart(key, ends[0], ends[-1])
        yield self._widest("page.ask-gap") or self.say("page.ask-mix")
        yield self.say("page.ask-lacking", count=self.voice.between(*self._meeting.coded.rest.ends))

    def funnel(self) -> Chart:
        """The clinics by how many courses they must code. Where in its band one lies is not known: they are spread."""
        bands: dict[Range, list[Range]] = {}
        for each in self._meeting.members:
            bands.setdefault(Range(max(each.courses.low, _FEWEST), each.courses.high), []).append(each.coded)
        low, high = min(each.low for each in bands), max(each.high for each in bands) + 1
        said = {log10(each): self.voice.number(each) for each in BANDS if low <= each <= high}
        across = Axis(log10(low), log10(high), said)
        at = [across.low + (across.high - across.low) * step / _STEPS for step in range(_STEPS + 1)]
        curves = [self._meeting.limits(10**each) for each in at]
        middle = 50 * sum(self._meeting.coded.share)
        marks = [Mark(Shape.LIMIT, tuple(zip(at, (each[side] for each in curves), strict=True))) for side in (0, 1)]
        marks.append(Mark(Shape.TARGET, ((across.low, middle), (across.high, middle))))
        for band, shares in bands.items():
            # Neighbours in height stand apart.
            for place, coded in enumerate([*shares[::2], *shares[1::2]]):
                x = log10(band.low) + (log10(band.high + 1) - log10(band.low)) * (place + 1) / (len(shares) + 1)
                marks.append(Mark(Shape.REACH, ((x, coded.low), (x, coded.high))))
                marks.append(Mark(Shape.DOT, ((x, sum(coded.ends) / 2),)))
        key = [(Shape.DOT, self.say("page.key-clinic")), (Shape.TARGET, self.say("page.key-network"))]
        key.append((Shape.LIMIT, self.say("page.key-chance")))
        least = floor(min(_ROOF, *(each for mark in marks for _, each in mark.points)) / 10) * 10
        up = scale(least, 100, lambda each: self.voice.percent(each / 100))
        return draw("funnel", self.say("page.funnel"), marks, across, up, 190, key=key)

    def counts(self, key: str) -> Chart:
        """How many courses the network has of each condition (``mix``) or of each of the ``codes``, most first."""
        table = CountTable.CONDITION if key == "mix" else CountTable.CODE
        found = [each for each in self._meeting.counts(table) if (table, each[0]) != (CountTable.CODE, NONE)][:_CODES]
        of = [ranged(self.voice, self.name(table, value), count.ends) for value, count in found]
        return bars(f"chart-{key}", self.say(f"page.{key}"), of)

    def gaps(self) -> Chart:
        """From the clinic with the least to the one with the most, and the network."""
        of = [
            Row(
                self.condition(gap.condition),
                [(Shape.BAND, gap.least.low, gap.most.high)],
                [(Shape.DOT, 50 * sum(gap.network.share))] if gap.network else [],
            )
            for gap in self._meeting.gaps
        ]
        key = [(Shape.BAND, self.say("page.key-clinics"))]
        if any(gap.network for gap in self._meeting.gaps):
            key.append((Shape.DOT, self.say("page.key-network")))
        return rows("chart-gaps", self.say("page.gaps", least=FEWEST_COURSES), of, percents(self.voice), key=key)


def _end(part: Part, side: int) -> Share:
    """The least (0) or the greatest (1) share that a part can be."""
    count = part.part.ends[side]
    return share(count, count + part.rest.ends[1 - side])
