"""``icpc check``: what is wrong with an export."""

from collections.abc import Sequence
from datetime import date

from icpc_cli.cases import read_value
from icpc_cli.checks.catalogue import BY_ID
from icpc_cli.checks.columns import roles
from icpc_cli.cli.outputs import NEEDS_QUOTES, Wanted, write
from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINDINGS, EXIT_FINE, UsageError
from icpc_cli.exports.check import Checked, Options, check_exports
from icpc_cli.guideline import Guideline, load_guideline
from icpc_cli.model import Fact, Severity
from icpc_cli.render.progress import reading

_FAIL_ON = (*Severity, "never")


def check(
    session: Session,
    paths: Sequence[str],
    *,
    wanted: Wanted,
    fail_on: str,
    specialty: str | None,
    mapping: Sequence[str],
    shown: tuple[Sequence[str], Sequence[str]],
    today: str | None,
) -> int:
    """Check the exports and show what was found; the status says whether anything weighs as much as ``fail_on``.

    ``shown`` are the beginnings of the ids to select, and to ignore.
    """
    _known("--fail-on", fail_on, _FAIL_ON)
    guideline = load_guideline()
    options = Options(_today(today), _mapping(mapping), _fixed(guideline, specialty), _shown(*shown))
    if wanted.fixed and "R002" not in options.shown:
        raise UsageError("fix-without-r002")
    with (
        reading(paths, session.language) as progress,
        check_exports(guideline, paths, options, progress.read) as checked,
    ):
        progress.close()
        write(session, guideline, checked, wanted, _typed(paths, specialty, mapping))
        return EXIT_FINDINGS if _weighs(checked, fail_on) else EXIT_FINE


def _known(where: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise UsageError("unknown-choice", where=where, value=value, known=list(known))


def _today(text: str | None) -> date:
    if text is None:
        return date.today()  # noqa: DTZ011 - the clinic's own day is meant
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError("not-a-day", value=text) from None


def _mapping(pairs: Sequence[str]) -> dict[str, str]:
    mapping = {}
    known = roles()
    for pair in pairs:
        role, equals, header = pair.partition("=")
        if not equals or not header.strip() or role not in known:
            raise UsageError("bad-mapping", value=pair, known=known)
        mapping[role] = header
    return mapping


def _shown(select: Sequence[str], ignore: Sequence[str]) -> frozenset[str]:
    """The ids of the checks that are asked for, by id or by the beginning of one."""
    chosen = _begin_with("--select", select) if select else frozenset(BY_ID)
    return chosen - _begin_with("--ignore", ignore)


def _begin_with(where: str, beginnings: Sequence[str]) -> frozenset[str]:
    found: set[str] = set()
    for beginning in beginnings:
        matching = {check for check in BY_ID if check.startswith(beginning.strip().upper())}
        if not matching or not beginning.strip():
            raise UsageError("unknown-check", where=where, value=beginning, known=list(BY_ID))
        found |= matching
    return frozenset(found)


def _fixed(guideline: Guideline, specialty: str | None) -> dict[str, str]:
    if specialty is None:
        return {}
    return {"specialty": read_value(guideline, Fact.SPECIALTY, specialty, "--specialty")}


def _weighs(checked: Checked, fail_on: str) -> bool:
    if fail_on == "never":
        return False
    heavy = list(Severity)[: list(Severity).index(Severity(fail_on)) + 1]
    return any(BY_ID[check].severity in heavy for check in checked.counts())


def _typed(paths: Sequence[str], specialty: str | None, mapping: Sequence[str]) -> str:
    """The command as it can be typed again, without the options of the output."""
    words = [*paths, *(("--specialty", specialty) if specialty else ())]
    for pair in mapping:
        words += ["--map", pair]
    return " ".join(("icpc check", *(f'"{word}"' if set(word) & NEEDS_QUOTES else word for word in words)))
