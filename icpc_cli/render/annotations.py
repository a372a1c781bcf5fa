"""Findings as cells beside the rows of an export, for the people who mend it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from icpc_cli.checks.wording import message
from icpc_cli.guideline import load_wording
from icpc_cli.outcomes import Finding, Severity
from icpc_cli.render.findings import Remembered
from icpc_cli.render.letters import spelling
from icpc_cli.render.safe import no_formula, printable, without_cpr

HEADERS = ("icpc_status", "icpc_checks", "icpc_suggestion", "icpc_message")


class Annotations:
    """The cells in one language, in letters that ``encoding`` has as far as there is another spelling."""

    def __init__(self, language: str, encoding: str) -> None:
        self._words = load_wording("findings")
        self._language = language
        self._spelling = spelling(encoding)
        self.fine = (load_wording("outputs")["status.fine"][language], "", "", "")
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
            self._words[f"severity.{gravest}"][self._language],
            " ".join(dict.fromkeys(finding.check for finding in found)),
            no_formula("; ".join(dict.fromkeys(target for target, _ in texts if target))),
            no_formula(" ".join(said for _, said in texts)),
        )

    def _safe_texts(self, finding: Finding) -> tuple[str, str]:
        """What belongs there, and the message."""
        target = finding.detail.fix or " ".join(finding.detail.suggestions)
        return self._safe(target), self._safe(message(finding, self._language))

    def _safe(self, text: str) -> str:
        return without_cpr(printable(text.strip())).translate(self._spelling)
