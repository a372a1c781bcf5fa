"""``icpc check``: what is wrong with an export."""

from collections.abc import Sequence

from icpc_cli.checks.catalogue import BY_ID
from icpc_cli.cli import outputs
from icpc_cli.cli.asked import Asked
from icpc_cli.cli.exports import Exports, judged
from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINDINGS, EXIT_FINE, UsageError
from icpc_cli.guideline import fold, ids_by_name
from icpc_cli.judging.check import Checked
from icpc_cli.outcomes import Severity

_FAIL_ON = (*Severity, "never")


def check(
    session: Session,
    exports: Exports,
    *,
    asked: Asked,
    fail_on: str,
    notes: bool,
    shown: tuple[Sequence[str], Sequence[str]],
) -> int:
    """Check the exports and show what was found; the status says whether anything weighs as much as ``fail_on``.

    ``shown`` are the beginnings of the ids to select, and to ignore.
    """
    fail_on = _meant("--fail-on", fail_on, _FAIL_ON)
    select, ignore = map(_listed, shown)
    wanted, ids = outputs.wanted(asked, exports), _shown(select, ignore)
    named = set(select) & BY_ID.keys()
    if wanted.fixed and "R002" not in ids:
        raise UsageError("fix-without-r002")
    ask, later = outputs.for_people(asked), (wanted.format.drawing, "icpc_cli.checks.tables")
    with judged(session, exports, ask=ask, shown=ids, named=named, notes=notes, later=later) as checked:
        outputs.write(session, checked, wanted)
        return EXIT_FINDINGS if _weighs(checked, fail_on) else EXIT_FINE


def _meant(where: str, value: str, known: Sequence[str]) -> str:
    """The severity that was typed, or never, by any name."""
    meant = ids_by_name("findings", "severity", known).get(fold(value))
    if meant is None:
        raise UsageError("unknown-choice", where=where, value=value, known=list(known))
    return meant


def _listed(given: Sequence[str]) -> list[str]:
    """What an option was given, once or several times, with commas between or not: ``K,R00``."""
    return [each.strip().upper() for text in given for each in text.split(",")]


def _shown(select: Sequence[str], ignore: Sequence[str]) -> frozenset[str]:
    """The ids of the checks that are asked for, by id or by the beginning of one."""
    chosen = _begin_with("--select", select) if select else frozenset(BY_ID)
    return chosen - _begin_with("--ignore", ignore)


def _begin_with(where: str, beginnings: Sequence[str]) -> frozenset[str]:
    found: set[str] = set()
    for beginning in beginnings:
        matching = {check for check in BY_ID if check.startswith(beginning)}
        if not matching or not beginning:
            raise UsageError("unknown-check", where=where, value=beginning, known=list(BY_ID))
        found |= matching
    return frozenset(found)


def _weighs(checked: Checked, fail_on: str) -> bool:
    if fail_on == "never":
        return False
    heavy = list(Severity)[: list(Severity).index(Severity(fail_on)) + 1]
    return any(checked.severities[check] in heavy for check in checked.counts)
