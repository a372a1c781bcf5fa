"""Findings as cells beside the rows of an export, for the people who mend it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from icpc_cli.checks.tables import Remembered
from icpc_cli.checks.wording import message
from icpc_cli.outcomes import Finding, Severity
from icpc_cli.voice import Voice
from icpc_cli.voice.safe import no_formula, shown


class Annotations:
    """The cells in a voice of the file's encoding."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self.fine = (voice.say("outputs", "status.fine"), "", "", "")
        """The cells of a row of which nothing was found."""
        self._of_one = Remembered(lambda finding: self._cells([finding]))
        self._texts = Remembered(self._safe_texts)

    def rows(self, findings: Iterable[Finding]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The number and the cells of every row of which something was found; the findings are of one file, in order.

        The status is that of the gravest finding; there can be several checks, suggestions and messages.
        """
        for row, group in groupby(findings, key=attrgetter("row")):
            first, *others = group
            yield row, self._cells([first, *others]) if others else self._of_one.of(first)

    def _cells(self, found: Sequence[Finding]) -> tuple[str, ...]:
        gravest = min((finding.severity for finding in found), key=list(Severity).index)
        texts = [self._texts.of(finding) for finding in found]
        return (
            self._voice.say("findings", f"severity.{gravest}"),
            " ".join(dict.fromkeys(finding.check for finding in found)),
            no_formula("; ".join(dict.fromkeys(target for target, _ in texts if target))),
            no_formula(" ".join(said for _, said in texts)),
        )

    def _safe_texts(self, finding: Finding) -> tuple[str, str]:
        """What belongs there, and the message."""
        target = finding.detail.fix or " ".join(finding.detail.suggestions)
        return self._safe(target), self._safe(message(self._voice, finding))

    def _safe(self, text: str) -> str:
        return self._voice.spell(shown(text.strip()))
