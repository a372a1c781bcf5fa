"""What has left a clinic, as it is kept in the user's own folder: the figures, and what tells their courses again.

A clinic is known by its name, however that is spelled, and by its courses: without the column of the clinic, or with
another name in it, the same courses are the same clinic. Where nobody says whose they are, other courses are nobody's.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from icpc_cli.errors import UsageError
from icpc_cli.guideline import Guideline
from icpc_cli.network.files import from_json, to_json
from icpc_cli.network.periods import Span, left
from icpc_cli.network.share import MIN_COUNT, Network, NetworkShare, Period, clinic_id, course_keys, share, spans_of
from icpc_cli.outcomes import CourseRow, ServiceRow

SCHEMA = "icpc-cli/left/3"
_SAME = 0.1
"""The part of the courses that two exports of one clinic have in common at least."""


class Wish(NamedTuple):
    """What a user asks for: of which clinic, for which period, with which limit; ``renew``: nothing was passed on."""

    clinic: str | None = None
    period: str | None = None
    least: int = MIN_COUNT
    name: str | None = None
    renew: bool = False


class LeftBefore(NamedTuple):
    """The figures that left, and the keys of their courses."""

    network: Network
    courses: frozenset[str]

    @property
    def clinic(self) -> str:
        """The pseudonym of the clinic."""
        return self.network.clinics[0]

    def knows(self, courses: frozenset[str]) -> bool:
        """Whether these are courses of this clinic."""
        fewer = min(len(courses), len(self.courses))
        return len(courses & self.courses) > fewer * _SAME


def to_text(memory: LeftBefore) -> str:
    """The text of the file."""
    content = {"schema": SCHEMA, "network": json.loads(to_json(memory.network)), "courses": sorted(memory.courses)}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def from_text(text: str, path: str) -> LeftBefore:
    """The memory that a file holds. Raises :class:`UsageError` for all else."""
    try:
        content = json.loads(text)
        known = content["schema"] == SCHEMA and all(isinstance(each, str) for each in content["courses"])
        memory = LeftBefore(from_json(json.dumps(content["network"]), path), frozenset(content["courses"]))
    except (ValueError, TypeError, LookupError, RecursionError, UsageError):
        raise UsageError("network-memory", path=path) from None
    if not known:
        raise UsageError("network-memory", path=path)
    return memory


def of_clinic(memories: Iterable[LeftBefore], pseudonym: str, courses: frozenset[str]) -> LeftBefore | None:
    """What has left the clinic of this pseudonym, or with these courses.

    Raises :class:`UsageError` where the courses are those of several clinics.
    """
    found = {each.clinic: each for each in memories if each.clinic == pseudonym or each.knows(courses)}
    if len(found) > 1:
        raise UsageError("network-mixed", count=len(found))
    return next(iter(found.values()), None)


def leave(
    guideline: Guideline,
    courses: Sequence[CourseRow],
    services: Iterable[ServiceRow],
    clinic: str,
    spans: Sequence[Span],
    wish: Wish,
    secret: bytes,
    memories: Iterable[LeftBefore],
) -> tuple[NetworkShare, LeftBefore]:
    """What leaves of these periods, and what has left then: what has not left yet is counted and protected, and what
    left before is as it was. ``clinic``: its name in the export.

    Every month leaves once. Were it counted anew - after a correction, with another limit, as part of another period,
    or by another version of this program - other counts might be hidden, and who has both files could compute many.

    Raises :class:`UsageError`.
    """
    # An export without a column of the clinic is known by the name that is given, and by its courses.
    name = clinic or wish.name or ""
    keys, pseudonym = course_keys(secret, courses, spans), clinic_id(secret, name)
    earlier = of_clinic(memories, pseudonym, keys)
    if not name and earlier and keys and not earlier.knows(keys):
        raise UsageError("network-unnamed")
    if earlier and earlier.network.min_count != wish.least and not wish.renew:
        raise UsageError("network-other-limit", value=wish.least, known=earlier.network.min_count)
    gone = {span: earlier.network.periods[span.name] for span in spans_of(earlier.network)} if earlier else {}
    fixed = {} if wish.renew else gone
    new = [part for span in spans for part in left(span, fixed)]
    made = share(guideline, courses, services, earlier.clinic if earlier else pseudonym, new, wish.least, wish.name)
    again = {span.name: each for span, each in fixed.items() if any(map(span.meets, spans))}
    network = made.network._replace(periods=_in_order({**made.network.periods, **again}))
    if not network.periods:
        raise UsageError("network-nothing", least=wish.least)
    # Those of another limit are forgotten, and those that meet what leaves now: they were not passed on.
    before = gone if earlier and earlier.network.min_count == wish.least else {}
    kept = {span.name: each for span, each in before.items() if not any(map(span.meets, spans_of(network)))}
    memory = network._replace(periods=_in_order({**kept, **network.periods}), name=None)
    known = earlier.courses if earlier else frozenset()
    return NetworkShare(network, made.remarks._replace(again=tuple(sorted(again)))), LeftBefore(memory, keys | known)


def _in_order(periods: Mapping[str, Period]) -> dict[str, Period]:
    return dict(sorted(periods.items()))
