"""The clinic's own courses beside a network, over the periods that both have."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from icpc_cli.errors import UsageError
from icpc_cli.network.disclosure import ZERO, Range
from icpc_cli.network.merge import FEWEST_CLINICS, proportion, shown_periods, totals
from icpc_cli.network.periods import Span, named
from icpc_cli.network.share import Network
from icpc_cli.network.tables import NONE, Cell, Kind, Table, all_codes, cells_of
from icpc_cli.report.figures import Compared, Comparison
from icpc_cli.report.statistics import share

_CODED = {
    "coded": ("mandatory_coded", ("mandatory_coded", "mandatory_pending", "mandatory_missing")),
    "voluntary": ("voluntary_coded", ("voluntary_coded", "voluntary_uncoded")),
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


def _lines(own: Mapping[Cell, int], theirs: Mapping[Cell, Range]) -> Iterator[Compared]:
    for topic, (part, whole) in _CODED.items():
        yield from _line(topic, "", Table.STANDING, [part], whole, own, theirs)
    coded = [code for code in all_codes() if code != NONE]
    # Most frequent first, at the clinic.
    for code in sorted(coded, key=lambda each: (-own.get((Table.CODE, (each,)), 0), coded.index(each))):
        yield from _line("code", code, Table.CODE, [code], coded, own, theirs)


def _line(
    topic: str,
    key: str,
    table: Table,
    part: Iterable[str],
    whole: Iterable[str],
    own: Mapping[Cell, int],
    theirs: Mapping[Cell, Range],
) -> Iterator[Compared]:
    """The share of ``part`` in ``whole``, both sums of values of one table; nothing where either side has none."""
    parts, wholes = [(table, (each,)) for each in part], [(table, (each,)) for each in whole]
    rest = sum((theirs.get(cell, ZERO) for cell in wholes if cell not in parts), ZERO)
    mine = sum(own.get(cell, 0) for cell in parts)
    among = sum(own.get(cell, 0) for cell in wholes)
    network_part = sum((theirs.get(cell, ZERO) for cell in parts), ZERO)
    if topic == "code":  # all that have one are all courses but those without, which is told more narrowly
        courses, without = theirs[Table.COURSES, ()], theirs.get((table, (NONE,)), ZERO)
        low, high = courses.low - without.high - network_part.high, courses.high - without.low - network_part.low
        rest = Range(max(rest.low, low), min(rest.high, high))
    if among and network_part.high + rest.high and (mine or network_part.high):
        yield Compared(topic, key, share(mine, among), *proportion(network_part, rest))


def _is_inside(span: Span, asked: tuple[date | None, date | None]) -> bool:
    """Whether a whole period was asked for."""
    (first, last), (start, end) = span.days, asked
    return (start is None or start <= first) and (end is None or last <= end)
