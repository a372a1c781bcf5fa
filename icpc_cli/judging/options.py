"""What is asked of a check."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import NamedTuple

from icpc_cli.checks.catalogue import BY_ID
from icpc_cli.outcomes import Severity
from icpc_cli.reading.inputs import Choice
from icpc_cli.settings.values import Settings


class Options(NamedTuple):
    """What the user chose: the day that counts as today, how to read the inputs, checks by id, an older export.

    ``notes`` says whether notes are looked into at all; ``settings`` are the clinic's; ``figures`` whether
    those of the clinic's report will be asked for. ``named`` are the checks that were asked for by their full id;
    ``duty_from``: courses that began before are voluntary; ``only_new``: only findings that the newest of the earlier
    exports did not have. ``meanwhile`` is done while the database loads records.
    """

    today: date
    choice: Choice = Choice()
    shown: Collection[str] = tuple(BY_ID)
    previous: Sequence[str] = ()
    notes: bool = True
    settings: Settings = Settings()
    figures: bool = False
    named: Collection[str] = ()
    duty_from: date | None = None
    only_new: bool = False
    meanwhile: Callable[[], object] = lambda: None

    def severity(self, check: str) -> Severity | None:
        """How much findings of a check weigh; None where they are not asked for."""
        return self.settings.severity(BY_ID[check], named=check in self.named) if check in self.shown else None
