"""Intervals by named methods: Wilson's for shares, Student's t for mean changes. Both at 95 %."""

from collections.abc import Mapping
from functools import cache, lru_cache
from math import cos, pi, sin, sqrt, tan

from icpc_cli.outcomes import Standing
from icpc_cli.report.figures import Interval, Share, Tally

LEVEL = 0.95
_Z = 1.959963984540054
"""Where the normal distribution has half of what is left above it."""
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
    value, scale = numerator / denominator, 1 + _Z**2 / denominator
    centre = (value + _Z**2 / (2 * denominator)) / scale
    half = _Z / scale * sqrt(value * (1 - value) / denominator + (_Z / (2 * denominator)) ** 2)
    return 0.0 if not numerator else centre - half, 1.0 if numerator == denominator else centre + half


def mean_change(pairs: int, mean: float, deviation: float | None) -> Interval:
    """A mean of so many differences with their standard deviation (of a sample); at least three have an interval.

    Changes that are all the same have none either: one of no width would promise what no sample can.
    """
    if pairs < 3 or not deviation:
        return Interval(mean, None, None)
    half = student(pairs - 1) * deviation / sqrt(pairs)
    return Interval(mean, mean - half, mean + half)


@cache
def student(freedom: int) -> float:
    """What Student's t with so many degrees of freedom, at least two, stays within at 95 %.

    Abramowitz & Stegun 1964: the expansion 26.7.5 where it is exact to eight digits, else the sums 26.7.3-4, halved.
    """
    if freedom > 100:
        terms = (
            (_Z**3 + _Z) / 4,
            (5 * _Z**5 + 16 * _Z**3 + 3 * _Z) / 96,
            (3 * _Z**7 + 19 * _Z**5 + 17 * _Z**3 - 15 * _Z) / 384,
        )
        return _Z + sum(term * (1 / freedom) ** power for power, term in enumerate(terms, start=1))
    low, high = 0.0, pi / 2
    for _ in range(60):
        angle = (low + high) / 2
        low, high = (angle, high) if _within(angle, freedom) < LEVEL else (low, angle)
    return sqrt(freedom) * tan(low)


def _within(angle: float, freedom: int) -> float:
    """The chance that t is within the square root of its freedom times the tangent of the angle."""
    odd = freedom % 2
    term = total = cos(angle) if odd else 1.0
    for number in range(2 + odd, freedom, 2):
        term *= cos(angle) ** 2 * (number - 1) / number
        total += term
    return (angle + sin(angle) * total) * 2 / pi if odd else sin(angle) * total


def tally(counts: Mapping[Standing, int]) -> Tally:
    """Courses by standing, with the two shares that are asked for."""
    mandatory = sum(counts.get(each, 0) for each in _MANDATORY)
    voluntary = sum(counts.get(each, 0) for each in _VOLUNTARY)
    return Tally(
        {each: counts.get(each, 0) for each in Standing},
        share(counts.get(Standing.MANDATORY_CODED, 0), mandatory),
        share(counts.get(Standing.VOLUNTARY_CODED, 0), voluntary),
    )
