"""The outcome of a check as one HTML page: a table that can be read on a phone and on paper, and needs nothing else."""

from collections.abc import Iterable, Iterator
from itertools import islice

from icpc_cli.checks.tables import FindingTable, count_rows, coverage_rows, source_rows
from icpc_cli.checks.telling import Outcome, Telling, skipped_text
from icpc_cli.outcomes import Finding
from icpc_cli.pages.page import pieces
from icpc_cli.voice import Voice
from icpc_cli.voice.safe import printable, shown

MOST = 10_000
"""Findings that a page shows; all of them are counted."""


def check_page(
    voice: Voice,
    outcome: Outcome,
    findings: Iterable[tuple[Finding, str, str]],
    *,
    command: str,
    show_patients: bool = False,
) -> Iterator[str]:
    """The page in pieces; the findings come with patient and date.

    ``command`` gives all findings of a list that is too long for the page.
    """
    telling = Telling(voice)
    table = FindingTable(voice, outcome, show_patients=show_patients)
    sources, total = outcome.sources, sum(outcome.counts.values())
    key = "page.title" if len(sources) == 1 else "page.title-several"
    return pieces(
        "check",
        voice,
        "outputs",
        title=voice.say("outputs", key, path=shown(sources[0].path), count=len(sources)),
        read=[*source_rows(telling, sources), *([skipped_text(voice, each)] for each in outcome.skipped)],
        coverage=coverage_rows(telling, outcome),
        counts=[(*row, voice.number(count)) for *row, count in count_rows(telling, outcome)],
        total=total,
        most=MOST,
        command=printable(command),
        columns=list(zip(table.columns, table.headers, strict=True)),
        rows=(
            (severity, zip(table.columns, cells, strict=True)) for severity, cells in table.rows(islice(findings, MOST))
        ),
        nothing="" if total else telling.nothing(outcome),
        purpose=telling.say("purpose"),
    )
