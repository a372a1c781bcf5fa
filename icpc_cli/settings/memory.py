"""What the interview fills in for the next patient: specialty and course type of the last answer. No patient's data."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from icpc_cli.errors import UsageError
from icpc_cli.files import keep, read_bytes, settings_folder
from icpc_cli.guideline import Guideline
from icpc_cli.model import Case, Fact
from icpc_cli.settings.finding import STDIN, find

KEPT = (Fact.SPECIALTY, Fact.COURSE)


@dataclass(slots=True)
class FilledIn:
    """``fixed`` by ``icpc.toml``, else from the ``last`` answer, which is kept in the file ``path``, if any."""

    fixed: Mapping[Fact, str] = field(default_factory=dict)
    last: Mapping[Fact, str] = field(default_factory=dict)
    path: Path | None = None

    def answer(self, fact: Fact, case: Case) -> str | None:
        """What is filled in for a fact of the case; a course type only where the specialty is that of last time."""
        if fact in self.fixed:
            return self.fixed[fact]
        if fact is Fact.COURSE and case.specialty != self.last.get(Fact.SPECIALTY):
            return None
        return self.last.get(fact)

    def learn(self, case: Case) -> None:
        """Keep what was answered last. Where nothing can be written, it is kept for this run alone."""
        if case.specialty is None:
            return
        told = {fact: str(getattr(case, fact.value)) for fact in KEPT if case.knows(fact)}
        if self.path and told != self.last:
            with suppress(UsageError):
                keep(self.path, json.dumps({fact.value: answer for fact, answer in told.items()}) + "\n")
        self.last = told


def remembered(guideline: Guideline) -> FilledIn:
    """What the nearest ``icpc.toml`` fixes, and what was answered last. Raises :class:`UsageError` for a broken one."""
    fixed: dict[Fact, str] = {}
    if path := find(STDIN):
        from icpc_cli.settings.reading import (
            load,  # reads the words of checks, too; most who are asked have no such file
        )

        fixed = {Fact(name): value for name, value in load(path, guideline).interview}
    file = settings_folder() / "interview.json"
    return FilledIn(fixed, _last(file), file)


def _last(file: Path) -> dict[Fact, str]:
    """What was kept; nothing where that cannot be read any more."""
    try:
        said = json.loads(read_bytes(file))
        case = Case(**{fact.value: said[fact.value] for fact in KEPT if fact.value in said})
    except (UsageError, ValueError, RecursionError, TypeError):
        return {}
    return {fact: str(getattr(case, fact.value)) for fact in KEPT if case.knows(fact)}
