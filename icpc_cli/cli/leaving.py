"""What leaves a clinic, whichever command lets it out: one protected table a period, and every month once."""

from collections.abc import Sequence
from dataclasses import dataclass

from icpc_cli.cli.exports import Exports, judged, refuse_persons
from icpc_cli.cli.options import one_of
from icpc_cli.cli.session import Session
from icpc_cli.errors import UsageError
from icpc_cli.files import data_folder, keep, new_key, read_bytes, read_key
from icpc_cli.guideline import Guideline
from icpc_cli.network.memory import LeftBefore, Wish, from_text, leave, to_text
from icpc_cli.network.periods import LENGTHS, Span, chosen, covered
from icpc_cli.network.share import NetworkShare, of_one_clinic, spans_of
from icpc_cli.outcomes import CourseRow
from icpc_cli.settings.values import Settings


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is about to leave. It is remembered before it is written: the other way round would be a leak.

    ``whole``: the periods are those that were asked for, or whole years.
    """

    share: NetworkShare
    guideline: Guideline
    settings: Settings
    memory: LeftBefore
    whole: bool

    def remember(self) -> None:
        """Note that it has left."""
        keep(data_folder() / f"shared-{self.memory.clinic}.json", to_text(self.memory))


def leaving(session: Session, exports: Exports, wish: Wish) -> Leaving:
    """Count and protect what has not left yet, and add what left before as it was. Raises :class:`UsageError`."""
    if wish.period is not None:
        one_of("--period", wish.period, LENGTHS)
    with judged(session, exports) as checked:
        refuse_persons(checked)
        courses, clinic = of_one_clinic(checked.courses(), wish.clinic, checked.therapists())
        services = [row for row in checked.services() if row.clinic == clinic]
    spans = _spans(courses, exports, wish)
    made, memory = leave(checked.guideline, courses, services, clinic, spans, wish, _secret(), _memories())
    whole = wish.period is not None or all(each.last - each.first == 11 for each in spans_of(made.network))
    return Leaving(made, checked.guideline, checked.options.settings, memory, whole)


def _spans(courses: Sequence[CourseRow], exports: Exports, wish: Wish) -> list[Span]:
    days = [day for each in courses for day in (each.first, each.last) if day]
    months = covered(min(days), max(days), exports.day) if days else None
    return chosen(wish.period, months) if months else []


def _memories() -> list[LeftBefore]:
    """All that has left from this computer."""
    found = []
    for path in sorted(data_folder().glob("shared-*.json")):
        try:
            text = read_bytes(path).decode("utf-8")
        except (UsageError, UnicodeDecodeError):
            raise UsageError("network-memory", path=path) from None
        found.append(from_text(text, str(path)))
    return found


def _secret() -> bytes:
    """The clinic's secret, made when it is first needed and kept where only the user can read it."""
    path = data_folder() / "network.key"
    if not path.exists():
        keep(path, new_key(), first=True)
    secret = read_key(path)
    if secret is None:
        raise UsageError("network-secret", path=path)
    return secret
