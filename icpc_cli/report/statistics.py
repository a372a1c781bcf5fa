"""Intervals by named methods, from scipy: Wilson's for shares, Student's t for mean changes. Both at 95 %."""

from collections.abc import Mapping
from functools import lru_cache
from math import sqrt

from icpc_cli.model import Standing
from icpc_cli.report.figures import Interval, Share, Tally, Unit

LEVEL = 0.95
_MANDATORY = (Standing.MANDATORY_CODED, Standing.MANDATORY_PENDING, Standing.MANDATORY_MISSING)
_VOLUNTARY = (Standing.VOLUNTARY_CODED, Standing.VOLUNTARY_UNCODED)


def share(numerator: int, denominator: int, unit: Unit = Unit.COURSE) -> Share:
    """A share with Wilson's interval."""
    if not denominator:
        return Share(numerator, denominator, unit)
    return Share(numerator, denominator, unit, *_wilson(numerator, denominator))


@lru_cache(maxsize=4096)
def _wilson(numerator: int, denominator: int) -> tuple[float, float]:
    from scipy.stats import binomtest  # type: ignore[import-untyped]  # scipy comes without types

    found = binomtest(numerator, denominator).proportion_ci(LEVEL, method="wilson")
    return max(float(found.low), 0.0), min(float(found.high), 1.0)


def mean_change(pairs: int, mean: float, deviation: float | None) -> Interval:
    """A mean of so many differences with their standard deviation (of a sample); at least two have an interval."""
    if pairs < 2 or deviation is None:
        return Interval(mean, None, None)
    if deviation == 0:
        return Interval(mean, mean, mean)
    from scipy.stats import t

    low, high = t.interval(LEVEL, pairs - 1, loc=mean, scale=deviation / sqrt(pairs))
    return Interval(mean, float(low), float(high))


def tally(counts: Mapping[Standing, int]) -> Tally:
    """Courses by standing, with the two shares that are asked for."""
    mandatory = sum(counts.get(each, 0) for each in _MANDATORY)
    voluntary = sum(counts.get(each, 0) for each in _VOLUNTARY)
    return Tally(
        {each: counts.get(each, 0) for each in Standing},
        share(counts.get(Standing.MANDATORY_CODED, 0), mandatory),
        share(counts.get(Standing.VOLUNTARY_CODED, 0), voluntary),
    )
