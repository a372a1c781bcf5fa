"""The outcome of a check as one HTML page: a table that can be read on a phone and on paper, and needs nothing else."""

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import islice

from icpc_cli.guideline import load_wording
from icpc_cli.outcomes import Finding, Source
from icpc_cli.render.safe import printable, without_cpr
from icpc_cli.render.tables import FindingTable, count_rows, coverage_rows, source_rows
from icpc_cli.render.words import Outcome, Words

MOST = 10_000
"""Findings that a page shows; all of them are counted."""

_STYLE = """
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1b1f;--dim:#55555e;--line:#c9c9d1;--head:#f0f0f4;
--error:#a4161a;--warning:#7a5200;--info:#14557b}
@media (prefers-color-scheme:dark){:root{--paper:#17171a;--ink:#ececf0;--dim:#b4b4be;--line:#46464f;--head:#26262b;
--error:#ff9a94;--warning:#f0c060;--info:#8fcdf5}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:90rem;background:var(--paper);color:var(--ink);
font:1rem/1.45 system-ui,sans-serif}
h1{font-size:1.5rem;margin:.5rem 0;overflow-wrap:anywhere}
p{margin:.25rem 0;overflow-wrap:anywhere}
.dim{color:var(--dim)}
.left-out{border:2px solid var(--warning);padding:.5rem .75rem;margin:.75rem 0;font-weight:600}
code{font-family:ui-monospace,monospace}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.9rem;margin-top:1.25rem}
caption{text-align:left;font-weight:600;font-size:1.1rem;padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid var(--line)}
thead th{background:var(--head);position:sticky;top:0}
th.row,td.count{text-align:right;font-variant-numeric:tabular-nums}td.check,td.patient,td.date,td.severity{white-space:nowrap}
td.value,td.target,td.message{overflow-wrap:anywhere;min-width:7rem}td.message{min-width:17rem}
.error{color:var(--error);font-weight:600}.warning{color:var(--warning);font-weight:600}.info{color:var(--info)}
.scroll:focus-visible{outline:3px solid var(--info)}
@media (max-width:32rem){body{padding:.6rem}th,td{padding:.25rem .35rem}}
@media print{:root{--paper:#fff;--ink:#000;--dim:#333;--head:#eee;--line:#999;--error:#000;--warning:#000;--info:#000}
body{padding:0;max-width:none;font-size:9pt}.scroll{overflow:visible}thead{display:table-header-group}
thead th{position:static}tr{break-inside:avoid}@page{margin:12mm;size:A4 landscape}}
"""


class Page:
    """The page in one language; ``command`` gives all findings of a list that is too long for it."""

    def __init__(self, language: str, *, command: str, show_patients: bool = False) -> None:
        self._words = Words(language)
        self._wording = {key: text[language] for key, text in load_wording("outputs").items()}
        self._language, self._command, self._show_patients = language, command, show_patients

    def write(self, outcome: Outcome, findings: Iterable[tuple[Finding, str, str]]) -> Iterator[str]:
        """The page in pieces; the findings come with patient and date."""
        sources, words = outcome.sources, self._words
        yield from self._head(sources)
        for first, *rest in source_rows(words, sources):
            yield f"<p>{escape(first)}</p>\n" + "".join(f'<p class="dim">{escape(line)}</p>\n' for line in rest)
        if coverage := coverage_rows(words, outcome.coverage):
            yield from self._table("courses", [], coverage)
        total = sum(outcome.counts.values())
        if total:
            headers = [self._wording[f"header.{name}"] for name in ("check", "title", "severity", "count")]
            counts = [(*row, words.number(count)) for *row, count in count_rows(words, outcome)]
            yield from self._table("counts", headers, counts)
            table = FindingTable(self._language, sources, show_patients=self._show_patients)
            yield from self._findings(total, table, findings)
        else:
            yield f"<p>{escape(words.say('nothing'))}</p>\n"
        yield f'<p class="dim">{escape(words.say("disclaimer"))}</p>\n</main>\n</body>\n</html>\n'

    def _head(self, sources: Sequence[Source]) -> Iterator[str]:
        path = without_cpr(printable(sources[0].path))
        key = "page.title" if len(sources) == 1 else "page.title-several"
        title = escape(self._wording[key].format(path=path, count=len(sources)))
        digest = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
        yield (
            f'<!DOCTYPE html>\n<html lang="{self._language}">\n<head>\n<meta charset="utf-8">\n'
            '<meta http-equiv="Content-Security-Policy" '
            f"content=\"default-src 'none'; style-src 'sha256-{digest}'\">\n"
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f'<meta name="referrer" content="no-referrer">\n<title>{title}</title>\n<style>{_STYLE}</style>\n'
            f"</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        )

    def _table(self, name: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
        """A small table, under its caption; the first cell of a row is its header."""
        yield f"<table>\n<caption>{escape(self._wording[f'page.{name}'])}</caption>\n"
        if headers:
            yield (
                "<thead><tr>" + "".join(f'<th scope="col">{escape(each)}</th>' for each in headers) + "</tr></thead>\n"
            )
        yield "<tbody>\n"
        for first, *rest in rows:
            cells = "".join(f"<td>{escape(each)}</td>" for each in rest)
            yield f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>\n'
        yield "</tbody>\n</table>\n"

    def _findings(self, total: int, table: FindingTable, findings: Iterable[tuple[Finding, str, str]]) -> Iterator[str]:
        caption = self._wording["page.findings"]
        if total > MOST:
            facts = {"shown": self._words.number(MOST), "total": self._words.number(total)}
            facts["left"] = self._words.number(total - MOST)
            text = escape(self._wording["page.left-out"].format(**facts))
            yield f'<p class="left-out">{text}<br><code>{escape(printable(self._command))}</code></p>\n'
        yield f'<div class="scroll" role="region" aria-label="{escape(caption)}" tabindex="0">\n<table>\n'
        heads = zip(table.columns, table.headers, strict=True)
        yield f"<caption>{escape(caption)}</caption>\n<thead><tr>" + "".join(
            f'<th scope="col" class="{name}">{escape(header)}</th>' for name, header in heads
        )
        yield "</tr></thead>\n<tbody>\n"
        for severity, cells in table.rows(islice(findings, MOST)):
            yield "<tr>"
            for name, cell in zip(table.columns, cells, strict=True):
                kind = f"{name} {severity}" if name == "severity" else name
                yield (
                    f'<th scope="row" class="{kind}">{cell}</th>'
                    if name == "row"
                    else f'<td class="{kind}">{escape(str(cell))}</td>'
                )
            yield "</tr>\n"
        yield "</tbody>\n</table>\n</div>\n"
