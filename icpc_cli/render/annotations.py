"""Findings as cells beside the rows of an export, for the people who mend it."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

from icpc_cli.checks.wording import message
from icpc_cli.guideline import load_wording
from icpc_cli.model import Finding, Severity
from icpc_cli.render.findings import Remembered
from icpc_cli.render.safe import no_formula, printable, without_cpr
from icpc_cli.render.terminal import spelling

HEADERS = ("icpc_status", "icpc_checks", "icpc_suggestion", "icpc_message")


class Annotations:
    """The cells in one language, in letters that ``encoding`` has as far as there is another spelling."""

    def __init__(self, language: str, encoding: str) -> None:
        self._words = load_wording("findings")
        self._language = language
        self._spelling = spelling(encoding)
        self.fine = (load_wording("outputs")["status.fine"][language], "", "", "")
        """The cells of a row of which nothing was found."""
        self._made = Remembered(self._texts)

    def rows(self, findings: Iterable[Finding]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The number and the cells of every row of which something was found; the findings are of one file, in order.

        The status is that of the gravest finding; there can be several checks, suggestions and messages.
        """
        for row, group in groupby(findings, key=attrgetter("row")):
            found = list(group)
            gravest = min((finding.severity for finding in found), key=list(Severity).index)
            made = [self._made.of(finding) for finding in found]
            suggestions = "; ".join(dict.fromkeys(target for target, _ in made if target))
            yield (
                row,
                (
                    self._words[f"severity.{gravest}"][self._language],
                    " ".join(dict.fromkeys(finding.check for finding in found)),
                    no_formula(suggestions),
                    no_formula(" ".join(text for _, text in made)),
                ),
            )

    def _texts(self, finding: Finding) -> tuple[str, str]:
        """What belongs there, and the message."""
        target = finding.detail.fix or " ".join(finding.detail.suggestions)
        return self._safe(target), self._safe(message(finding, self._language))

    def _safe(self, text: str) -> str:
        return without_cpr(printable(text.strip())).translate(self._spelling)
