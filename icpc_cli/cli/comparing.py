"""The clinic's own courses beside a network, over the periods that both have."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from icpc_cli.errors import UsageError
from icpc_cli.network.disclosure import ZERO, Range
from icpc_cli.network.merge import Part, shown_periods, totals
from icpc_cli.network.periods import Span, named
from icpc_cli.network.share import Network
from icpc_cli.network.tables import ALL_COURSES, MANDATORY_UNCODED, NONE, Cell, CountTable, Kind, all_codes, cells_of
from icpc_cli.outcomes import FEWEST_CLINICS, Standing
from icpc_cli.report.figures import Compared, Comparison
from icpc_cli.report.statistics import share

_CODED = {
    "coded": (Standing.MANDATORY_CODED, MANDATORY_UNCODED),
    "voluntary": (Standing.VOLUNTARY_CODED, Standing.VOLUNTARY_UNCODED),
}


def compared(
    kinds: Mapping[date, Mapping[Kind, int]], network: Network, path: str, asked: tuple[date | None, date | None]
) -> Comparison:
    """Shares of the clinic, with the least and the greatest that they can be in the network.

    ``kinds`` counts the clinic's courses by the month they began in. Periods that are not wholly ``asked`` for, and
    those that fewer than three clinics shared, are left out; :class:`UsageError` where none is left.
    """
    shown = shown_periods(network)
    spans = [span for name in sorted(shown) if (span := named(name)) and _is_inside(span, asked)]
    spans = [span for span in spans if any(month in span for month in kinds)]
    if not spans:
        raise UsageError("report-no-periods", path=path, least=FEWEST_CLINICS, known=sorted(network.periods))
    own: Counter[Cell] = Counter()
    for month, counts in kinds.items():
        for kind, count in counts.items() if any(month in span for span in spans) else ():
            own.update(dict.fromkeys(cells_of(kind), count))
    theirs = totals({span.name: shown[span.name] for span in spans})
    clinics = max(shown[span.name].clinics for span in spans)
    return Comparison(clinics, tuple(span.name for span in spans), tuple(_lines(own, theirs)))


def _lines(own: Counter[Cell], theirs: Mapping[Cell, Range]) -> Iterator[Compared]:
    for topic, standings in _CODED.items():
        cells = [(CountTable.STANDING, str(standing)) for standing in standings]
        of = Part(*(theirs.get(cell, ZERO) for cell in cells))
        yield from _line(topic, "", own[cells[0]], sum(own[cell] for cell in cells), of)
    without = CountTable.CODE, NONE
    mine = own[ALL_COURSES] - own[without]
    courses, uncoded = theirs[ALL_COURSES], theirs.get(without, ZERO)
    whole = Range(courses.low - uncoded.high, courses.high - uncoded.low)
    # Most frequent first, at the clinic.
    for code in sorted(all_codes(), key=lambda each: -own[CountTable.CODE, each]):
        if code != NONE:
            of = Part.of(theirs.get((CountTable.CODE, code), ZERO), whole)
            yield from _line("code", code, own[CountTable.CODE, code], mine, of)


def _line(topic: str, key: str, mine: int, among: int, theirs: Part) -> Iterator[Compared]:
    """The share of the clinic and that of the network; nothing where either side has none."""
    if among and theirs.part.high + theirs.rest.high and (mine or theirs.part.high):
        yield Compared(topic, key, share(mine, among), *theirs.share)


def _is_inside(span: Span, asked: tuple[date | None, date | None]) -> bool:
    """Whether a whole period was asked for."""
    (first, last), (start, end) = span.days, asked
    return (start is None or start <= first) and (end is None or last <= end)
