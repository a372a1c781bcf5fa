"""Intervals by named methods: Wilson's for shares, Student's t for mean changes. Both at 95 %.

The distributions are those of the standard library and of ``scipy.special``. ``scipy.stats`` has the intervals ready,
but takes as long to load as a report of a year takes to count; the tests hold these against it.
"""

from collections.abc import Mapping
from functools import lru_cache
from math import sqrt
from statistics import NormalDist

from icpc_cli.outcomes import Standing
from icpc_cli.report.figures import Interval, Share, Tally

LEVEL = 0.95
_MANDATORY = (Standing.MANDATORY_CODED, Standing.MANDATORY_PENDING, Standing.MANDATORY_MISSING)
_VOLUNTARY = (Standing.VOLUNTARY_CODED, Standing.VOLUNTARY_UNCODED)


def share(numerator: int, denominator: int) -> Share:
    """A share with Wilson's interval."""
    if not denominator:
        return Share(numerator, denominator)
    return Share(numerator, denominator, *_wilson(numerator, denominator))


def beyond_chance(one: Share, other: Share) -> int:
    """Whether a share differs from another by more than chance (Newcombe): 1 greater, -1 smaller, 0 not."""
    if None in (one.value, other.value):
        return 0
    ends = [(each.value or 0.0, each.low or 0.0, each.high or 0.0) for each in (one, other)]
    (p, low, high), (q, least, most) = ends
    if p - q > sqrt((p - low) ** 2 + (most - q) ** 2):
        return 1
    return -1 if q - p > sqrt((high - p) ** 2 + (q - least) ** 2) else 0


@lru_cache(maxsize=4096)
def _wilson(numerator: int, denominator: int) -> tuple[float, float]:
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    value, scale = numerator / denominator, 1 + z * z / denominator
    centre = (value + z * z / (2 * denominator)) / scale
    half = z / scale * sqrt(value * (1 - value) / denominator + (z / (2 * denominator)) ** 2)
    return 0.0 if not numerator else centre - half, 1.0 if numerator == denominator else centre + half


def mean_change(pairs: int, mean: float, deviation: float | None) -> Interval:
    """A mean of so many differences with their standard deviation (of a sample); at least three have an interval.

    Changes that are all the same have none either: one of no width would promise what no sample can.
    """
    if pairs < 3 or not deviation:
        return Interval(mean, None, None)
    from scipy.special import stdtrit  # type: ignore[import-untyped]  # scipy comes without types

    half = float(stdtrit(pairs - 1, (1 + LEVEL) / 2)) * deviation / sqrt(pairs)
    return Interval(mean, mean - half, mean + half)


def tally(counts: Mapping[Standing, int]) -> Tally:
    """Courses by standing, with the two shares that are asked for."""
    mandatory = sum(counts.get(each, 0) for each in _MANDATORY)
    voluntary = sum(counts.get(each, 0) for each in _VOLUNTARY)
    return Tally(
        {each: counts.get(each, 0) for each in Standing},
        share(counts.get(Standing.MANDATORY_CODED, 0), mandatory),
        share(counts.get(Standing.VOLUNTARY_CODED, 0), voluntary),
    )
