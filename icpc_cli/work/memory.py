"""What was decided about courses, kept without saying whose they are: keyed hashes, states, times and reasons.

``work.json`` in the user's data folder holds for each course that was decided a hash of what it is called and a hash of
what the export said of it; the key of both lies in ``work.key``. Neither file tells anything without the other.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from icpc_cli.errors import UsageError
from icpc_cli.files import data_folder, keep, new_key, read_bytes, read_key
from icpc_cli.outcomes import Errand, Severity

_SCHEMA = "icpc-cli/decisions/1"


class Done(StrEnum):
    """What was done about a course."""

    CODED = "coded"
    LATER = "later"
    ASIDE = "aside"


class Reason(StrEnum):
    """Why a course was set aside."""

    ANOTHER_CLINIC = "another-clinic"
    OVER = "over"
    NO_CODE = "no-code"
    ELSEWHERE = "elsewhere"
    OTHER = "other"


class Decision(NamedTuple):
    """What was done about a course, when, and why; ``codes`` are those of this run alone, they are not kept."""

    done: Done
    when: datetime
    reason: Reason | None = None
    codes: tuple[str, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do."""
        return self.done is not Done.LATER

    @property
    def dated(self) -> bool:
        """Whether a later visit speaks against it: then the course was not over, or its new record is not coded."""
        return self.done is not Done.ASIDE or self.reason is Reason.OVER


class Decisions:
    """The decisions in the user's data folder; without a key there are none, and nothing can be kept."""

    def __init__(self, key: bytes | None) -> None:
        self._file, self._key = data_folder() / "work.json", key
        self._kept = self._read() if key else {}

    def decision(self, errand: Errand) -> Decision | None:
        """What was decided about a course of which the export still says the same."""
        found = self._kept.get(self._course(errand)) if self._kept else None
        return found[0] if found and found[1] == self._facts(errand, found[0]) else None

    def outdated(self, errand: Errand) -> Decision | None:
        """What was decided about a course when the export said something else of it."""
        found = self._kept.get(self._course(errand)) if self._kept else None
        return found[0] if found and found[1] != self._facts(errand, found[0]) else None

    def set_aside(self, errand: Errand) -> bool:
        """Whether a course was set aside, and the export still says the same of it."""
        decision = self.decision(errand)
        return decision is not None and decision.done is Done.ASIDE

    def __bool__(self) -> bool:
        """Whether anything was decided."""
        return bool(self._kept)

    def keep(self, errand: Errand, decision: Decision | None) -> None:
        """Remember a decision, or that there is none any more; what another run has kept meanwhile stays."""
        self._kept = self._read()
        course = self._course(errand)
        if decision:
            self._kept[course] = decision, self._facts(errand, decision)
        else:
            self._kept.pop(course, None)
        decisions = {
            name: {"facts": facts, "done": each.done, "when": each.when.isoformat()}
            | ({"reason": each.reason} if each.reason else {})
            for name, (each, facts) in self._kept.items()
        }
        keep(self._file, json.dumps({"schema": _SCHEMA, "decisions": decisions}, indent=1) + "\n")

    def _read(self) -> dict[str, tuple[Decision, str]]:
        """What was kept; nothing where that cannot be read any more."""
        try:
            said = json.loads(read_bytes(self._file))
            if said["schema"] != _SCHEMA:
                return {}
            return {str(name): (_decision(each), str(each["facts"])) for name, each in said["decisions"].items()}
        except (UsageError, ValueError, RecursionError, TypeError, KeyError, AttributeError):
            return {}

    def _course(self, errand: Errand) -> str:
        """A course by what it is called in every export; a row that belongs to none by its place and what is wrong."""
        first = errand.findings[0]
        row = ("row", Path(first.path).name, first.row, *sorted(each.check for each in errand.findings))
        return self._hash("course", *(errand.name or row))

    def _facts(self, errand: Errand, decision: Decision) -> str:
        """What the export says of a course, as far as it matters to a decision: its facts, codes and findings."""
        case = errand.case
        heavy = {
            (each.check, each.column or "", each.value.strip())
            for each in errand.findings
            if each.severity is not Severity.INFO
        }
        return self._hash(
            "facts",
            self._course(errand),
            (case.specialty, case.course, case.conditions, case.nerve_root_signs, case.findings_certain),
            (errand.condition.strip(), errand.codes or errand.code.strip()),
            sorted(heavy),
            errand.last.strip() if decision.dated else "",
        )

    def _hash(self, *parts: object) -> str:
        if self._key is None:
            raise RuntimeError("nothing can be named without the key")
        import hmac

        return hmac.digest(self._key, json.dumps(parts).encode(), "sha256").hex()


def _decision(said: Mapping[str, Any]) -> Decision:
    reason = Reason(said["reason"]) if "reason" in said else None
    return Decision(Done(said["done"]), datetime.fromisoformat(said["when"]), reason)


def now() -> datetime:
    """The time of a decision, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def remembered() -> Decisions:
    """What this user has decided, if anything."""
    return Decisions(_key())


def begun() -> Decisions:
    """The same, able to keep more: the key is made when it is first needed. Raises :class:`UsageError`."""
    if _key() is None:
        keep(_key_file(), new_key(), first=not _key_file().exists())
    return remembered()


def _key_file() -> Path:
    return data_folder() / "work.key"


def _key() -> bytes | None:
    try:
        return read_key(_key_file())
    except UsageError:
        return None
