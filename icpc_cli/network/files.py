"""What clinics share as JSON, ``icpc-cli/network/4``: written one way, read strictly.

```json
{
 "schema": "icpc-cli/network/4", "program": "icpc 0.1.0", "period": ["2025-01", "2025-12"], "min_count": 5,
 "clinics": ["5f0c..."], "name": "Klinik Vest",
 "periods": {
  "2025": {
   "courses": 120,
   "condition": {"knee_osteoarthritis": 31, "other": "1-4"},
   "guide_code": {"knee_osteoarthritis": "25-29"},
   "no_guide_code": {"knee_osteoarthritis": "1-4"},
   "consultations": {"0110": "100-199"}
  }
 },
 "checksum": "sha256:..."
}
```

A number is a count, ``"1-4"`` a hidden one, what is not there is 0 (but for consultations: those of few patients are
not there either, and the others are bands). How a condition is coded is told by clinics that have at least 30 courses
of it, and tell that number; in a network it is the sum of theirs.

A network also has, by period, what it keeps of each clinic, in the order
of the figures: ``"clinics": [{"courses": "100-199", "coded": "71-72", "guide": {"knee_osteoarthritis": "80-86"}}]``,
the last two in per cent. The checksum tells an accident from an intact file: a byte lost, a number
mended by hand. It is no signature; whoever wants to deceive can compute it anew.
"""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from icpc_cli import __version__
from icpc_cli.errors import UsageError
from icpc_cli.files import read_bytes
from icpc_cli.model import LISTED
from icpc_cli.network.disclosure import LEAST, ZERO, Range
from icpc_cli.network.periods import named
from icpc_cli.network.share import LONGEST_NAME, Member, Network, Period
from icpc_cli.network.tables import ALL_COURSES, FEWEST_COURSES, PROPERTIES, Cell, CountTable, counts, told_in, values

SCHEMA = "icpc-cli/network/4"

_SCHEMAS = re.compile(r"icpc-cli/network/[0-9]+")
_PROGRAM = re.compile(r"icpc [0-9]+\.[0-9]+\.[0-9]+\S*")
_CLINIC = re.compile(r"[0-9a-f]{32}")
_SERVICE = re.compile(r"[0-9]{4}")
_RANGE = re.compile(r"(0|[1-9][0-9]{0,8})-(0|[1-9][0-9]{0,8})")
_MOST = 10**9


def to_json(network: Network) -> str:
    """The text of the file."""
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "program": f"icpc {__version__}",
        "period": _period(network.periods),
        "min_count": network.min_count,
        "clinics": list(network.clinics),
        "periods": {name: _period_object(period) for name, period in sorted(network.periods.items())},
    }
    if network.name is not None:
        content["name"] = network.name
    content["checksum"] = _checksum(content)
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _period(periods: Collection[str]) -> list[str]:
    """The first and the last month of them all."""
    spans = [span for name in periods if (span := named(name))]
    return [f"{day:%Y-%m}" for day in (min(each.days[0] for each in spans), max(each.days[1] for each in spans))]


def _checksum(content: Mapping[str, Any]) -> str:
    plain = json.dumps({key: value for key, value in content.items() if key != "checksum"}, sort_keys=True)
    return "sha256:" + hashlib.sha256(plain.encode()).hexdigest()


def _period_object(period: Period) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if period.members:
        content["clinics"] = [_member_object(member) for member in period.members]
    for table in CountTable:
        found = counts(period.cells, table).items()
        told = {value: count.low if count.exact else _range(count) for value, count in found}
        if told:
            content[table.value] = told[""] if table is CountTable.COURSES else told
    content["consultations"] = {service: _range(count) for service, count in sorted(period.consultations.items())}
    return content


def _member_object(member: Member) -> dict[str, Any]:
    guide = {condition: _range(share) for condition, share in member.guide}
    return {"courses": _range(member.courses), "coded": _range(member.coded), "guide": guide}


def _range(count: Range) -> str:
    return f"{count.low}-{count.high}"


def read_network(path: str | Path) -> Network:
    """The network in a file. Raises :class:`UsageError` for a file that is none."""
    content = read_bytes(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("network-not-json", path=path) from None
    return from_json(text, str(path))


def from_json(text: str, path: str) -> Network:
    """The network that a file holds. Raises :class:`UsageError`, which names ``path`` and the reason, for all else."""
    content = _parsed(text, path)
    schema = content.get("schema")
    if not isinstance(schema, str) or not _SCHEMAS.fullmatch(schema):
        raise UsageError("network-foreign", path=path)
    if schema != SCHEMA:
        raise UsageError("network-version", path=path, value=schema, known=SCHEMA)
    if content.get("checksum") != _checksum(content):
        raise UsageError("network-changed", path=path)
    return _NetworkReader(path).network(content)


def _parsed(text: str, path: str) -> dict[str, Any]:
    try:
        content = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refused)
    except (ValueError, RecursionError):
        begins = text.lstrip().startswith("{")
        raise UsageError("network-not-json" if begins else "network-foreign", path=path) from None
    if not isinstance(content, dict):
        raise UsageError("network-foreign", path=path)
    return content


def _without_repeats(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a key stands twice")
    return content


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON")


class _NetworkReader:
    """Takes the content of a file apart and refuses what is not known, not there or not possible."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._least = LEAST
        self._clinics = 1

    def _wrong(self, *place: str) -> UsageError:
        return UsageError("network-wrong-value", path=self._path, place=" > ".join(place))

    def _taken(self, content: dict[str, Any], key: str, possible: Callable[[Any], bool]) -> Any:
        if key not in content:
            raise UsageError("network-missing-key", path=self._path, key=key)
        if not possible(content[key]):
            raise self._wrong(key)
        return content.pop(key)

    def _done(self, content: Mapping[str, Any], *place: str) -> None:
        for key in content:
            raise UsageError("network-unknown-key", path=self._path, key=" > ".join((*place, key)))

    def network(self, content: dict[str, Any]) -> Network:
        """The whole file."""
        for key in ("schema", "checksum"):
            del content[key]
        self._taken(content, "program", lambda value: _matches(_PROGRAM, value))
        self._least = self._taken(content, "min_count", lambda value: _is_count(value) and value >= LEAST)
        clinics = tuple(self._taken(content, "clinics", _are_clinics))
        name = content.pop("name", None)
        if name is not None and not (len(clinics) == 1 and _is_name(name)):
            raise self._wrong("name")
        self._clinics = len(clinics)
        objects = self._taken(content, "periods", _is_filled)
        periods = {key: self._period(key, value) for key, value in objects.items()}
        self._taken(content, "period", lambda value: value == _period(periods))
        self._done(content)
        return Network(clinics, self._least, periods, name)

    def _period(self, name: str, content: Any) -> Period:
        if named(name) is None or not _is_filled(content):
            raise self._wrong(name)
        held = self._taken(content, "clinics", lambda value: _is_filled(value, list)) if self._clinics > 1 else []
        members = [self._member(each, name, "clinics") for each in held]
        if members != sorted(members) or len(members) > self._clinics:
            raise self._wrong(name, "clinics")
        listed = self._taken(content, "consultations", lambda value: isinstance(value, dict))
        consultations = {}
        for service, count in listed.items():
            if not _SERVICE.fullmatch(service) or self._is_shown(count):
                raise self._wrong(name, "consultations", service)
            consultations[service] = self._count(count, name, "consultations", service)
        cells: dict[Cell, Range] = {}
        for table in CountTable:
            held = content.pop(table.value, {})
            cells.update(self._counts(table, {"": held} if table is CountTable.COURSES else held, name, table.value))
        self._done(content, name)
        self._check_sums(name, cells)
        return Period(cells, consultations, tuple(members))

    def _member(self, held: Any, *place: str) -> Member:
        """What a network keeps of a clinic."""
        match held:
            case {"courses": courses, "coded": coded, "guide": dict(guide)} if len(held) == 3:
                shares = [self._range(value, *place) for value in (coded, *guide.values())]
                in_order = list(guide) == [each for each in map(str, LISTED) if each in guide]
                if in_order and all(share.high <= 100 for share in shares):
                    return Member(self._range(courses, *place), shares[0], tuple(zip(guide, shares[1:], strict=True)))
        raise self._wrong(*place)

    def _range(self, value: Any, *place: str) -> Range:
        match = _RANGE.fullmatch(value) if isinstance(value, str) else None
        if match is None or int(match[1]) > int(match[2]):
            raise self._wrong(*place)
        return Range(int(match[1]), int(match[2]))

    def _counts(self, table: CountTable, held: Any, *place: str) -> Iterator[tuple[Cell, Range]]:
        """The cells of a table."""
        if not isinstance(held, dict):
            raise self._wrong(*place)
        for value, count in held.items():
            if value not in values(table):
                raise UsageError("network-unknown-key", path=self._path, key=" > ".join((*place, value)))
            yield (table, value), self._count(count, *place, *filter(None, (value,)))

    def _count(self, value: Any, *place: str) -> Range:
        if self._is_shown(value):
            return Range(value, value)
        count = self._range(value, *place)
        # A hidden count is a block; only the first, which lacks its zero, is one shorter. A network has narrower ones.
        narrow = 1 if self._clinics > 1 else self._least - 2
        if not count.low or count.high - count.low < narrow:
            raise self._wrong(*place)
        return count

    def _is_shown(self, value: Any) -> bool:
        return _is_count(value) and value >= self._least

    def _check_sums(self, name: str, cells: Mapping[Cell, Range]) -> None:
        """The sums of a table must be possible where they stand by themselves as well."""
        whole = cells.get(ALL_COURSES, ZERO)
        for table in PROPERTIES:
            added = sum(counts(cells, table).values(), ZERO)
            if added.low > whole.high or added.high < whole.low:
                raise UsageError("network-sums", path=self._path, place=f"{name} > {table}")
        for condition in told_in(cells):
            added = sum(
                (cells.get((table, condition), ZERO) for table in (CountTable.GUIDE_CODE, CountTable.NO_GUIDE_CODE)),
                ZERO,
            )
            whole = cells.get((CountTable.CONDITION, condition), ZERO)
            # A network tells it of some of its clinics.
            known = self._clinics > 1 or (whole.exact and added.high >= whole.low >= FEWEST_COURSES)
            if added.low > whole.high or not known:
                raise UsageError("network-sums", path=self._path, place=f"{name} > {condition}")


def _is_count(value: Any) -> bool:
    return type(value) is int and value < _MOST  # True is an int as well


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_filled(value: Any, kind: type = dict) -> bool:
    return isinstance(value, kind) and bool(value)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME and value.isprintable()


def _are_clinics(value: Any) -> bool:
    """Pseudonyms in order, each once."""
    return _is_filled(value, list) and all(_matches(_CLINIC, each) for each in value) and (value == sorted(set(value)))
