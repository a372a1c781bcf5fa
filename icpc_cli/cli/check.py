"""``icpc check``: what is wrong with an export."""

from collections.abc import Sequence
from datetime import date

from icpc_cli.checks.catalogue import BY_ID
from icpc_cli.cli import outputs
from icpc_cli.cli.outputs import NEEDS_QUOTES, Asked
from icpc_cli.cli.reading import Reading, clinic_settings
from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINDINGS, EXIT_FINE, UsageError
from icpc_cli.guideline import load_guideline
from icpc_cli.guideline.own import with_own
from icpc_cli.judging.check import Checked, Options, check_exports
from icpc_cli.outcomes import Severity
from icpc_cli.reading.inputs import found_files
from icpc_cli.screens.progress import reading_bar

_FAIL_ON = (*Severity, "never")


def check(
    session: Session,
    paths: Sequence[str],
    *,
    asked: Asked,
    fail_on: str,
    reading: Reading,
    previous: Sequence[str],
    notes: bool,
    shown: tuple[Sequence[str], Sequence[str]],
    today: str | None,
) -> int:
    """Check the exports and show what was found; the status says whether anything weighs as much as ``fail_on``.

    ``shown`` are the beginnings of the ids to select, and to ignore.
    """
    _known("--fail-on", fail_on, _FAIL_ON)
    typed = paths
    paths, previous = found_files(paths), found_files(previous)
    wanted = outputs.wanted(asked, paths, previous)
    guideline = with_own(load_guideline())
    settings = clinic_settings(guideline, (*paths, *previous))
    choice = reading.choice(session, guideline, settings, ask=asked.for_people)
    options = Options(read_today(today), choice, _shown(*shown), previous, notes, settings)
    if wanted.fixed and "R002" not in options.shown:
        raise UsageError("fix-without-r002")
    with (
        reading_bar(session.side_terminal, (*paths, *previous)) as progress,
        check_exports(guideline, paths, options, progress.read, progress.notes) as checked,
    ):
        progress.close()
        outputs.write(session, guideline, checked, wanted, _typed(typed, reading))
        return EXIT_FINDINGS if _weighs(checked, fail_on) else EXIT_FINE


def _known(where: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise UsageError("unknown-choice", where=where, value=value, known=list(known))


def read_today(text: str | None) -> date:
    """The day that counts as today."""
    if text is None:
        return date.today()  # noqa: DTZ011 - the clinic's own day is meant
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError("not-a-day", value=text) from None


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


def _weighs(checked: Checked, fail_on: str) -> bool:
    if fail_on == "never":
        return False
    heavy = list(Severity)[: list(Severity).index(Severity(fail_on)) + 1]
    return any(checked.severities[check] in heavy for check in checked.counts())


def _typed(paths: Sequence[str], reading: Reading) -> str:
    """The command as it can be typed again, without the options of the output."""
    words = list(paths)
    for option in ("specialty", "encoding", "delimiter", "sheet"):
        if value := getattr(reading, option):
            words += [f"--{option}", value]
    for pair in reading.mapping:
        words += ["--map", pair]
    return " ".join(("icpc check", *(f'"{word}"' if set(word) & NEEDS_QUOTES else word for word in words)))
