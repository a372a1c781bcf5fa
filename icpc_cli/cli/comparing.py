"""The clinic's own courses beside a network, over the quarters that both have."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from icpc_cli.errors import UsageError
from icpc_cli.network.disclosure import Range
from icpc_cli.network.merge import FEWEST_CLINICS, ZERO, proportion, shown_quarters, totals
from icpc_cli.network.share import Network
from icpc_cli.network.tables import NONE, Cell, Kind, Table, all_codes, cells_of
from icpc_cli.report.figures import Compared, Comparison
from icpc_cli.report.statistics import share

_CODED = {
    "coded": ("mandatory_coded", ("mandatory_coded", "mandatory_pending", "mandatory_missing")),
    "voluntary": ("voluntary_coded", ("voluntary_coded", "voluntary_uncoded")),
}


def compared(
    kinds: Mapping[str, Mapping[Kind, int]], network: Network, path: str, period: tuple[date | None, date | None]
) -> Comparison:
    """Shares of the clinic, with the least and the greatest that they can be in the network.

    ``kinds`` counts the clinic's courses by the quarter they began in. Quarters outside the period, and those that
    fewer than three clinics shared, are left out; :class:`UsageError` where none is left.
    """
    shown = shown_quarters(network)
    quarters = sorted(quarter for quarter in shown.keys() & kinds.keys() if _is_inside(quarter, period))
    if not quarters:
        raise UsageError("report-no-quarters", path=path, least=FEWEST_CLINICS, known=sorted(network.quarters))
    own: Counter[Cell] = Counter()
    for quarter in quarters:
        for kind, count in kinds[quarter].items():
            own.update(dict.fromkeys(cells_of(kind), count))
    theirs = totals({quarter: shown[quarter] for quarter in quarters})
    clinics = max(shown[quarter].clinics for quarter in quarters)
    return Comparison(clinics, tuple(quarters), tuple(_lines(own, theirs)))


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
    network = sum((theirs.get(cell, ZERO) for cell in wholes), ZERO)
    mine = sum(own.get(cell, 0) for cell in parts)
    among = sum(own.get(cell, 0) for cell in wholes)
    network_part = sum((theirs.get(cell, ZERO) for cell in parts), ZERO)
    if among and network.high and (mine or network_part.high):
        yield Compared(topic, key, share(mine, among), *proportion(network_part, network))


def _is_inside(quarter: str, period: tuple[date | None, date | None]) -> bool:
    """Whether a whole quarter lies in the period."""
    year, number = int(quarter[:4]), int(quarter[-1])
    first = date(year, 3 * number - 2, 1)
    following = date(year + 1, 1, 1) if number == 4 else date(year, 3 * number + 1, 1)
    start, end = period
    return (start is None or start <= first) and (end is None or end.toordinal() + 1 >= following.toordinal())
