"""``icpc report``: the clinic's own quality report."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from icpc_cli.cli.asked import Chosen
from icpc_cli.cli.exports import Exports, judged
from icpc_cli.cli.options import one_of, typed_day
from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINE, UsageError
from icpc_cli.files import new_file, one_fitting
from icpc_cli.guideline import Guideline
from icpc_cli.voice import Voice
from icpc_cli.voice.safe import masked, printable, shortened, shown

if TYPE_CHECKING:
    from icpc_cli.report.document import Document
    from icpc_cli.report.figures import Report

_FORMATS = {
    "text": (3, "icpc_cli.screens.report"),
    "html": (10, "icpc_cli.pages.report"),
    "json": (10_000, "icpc_cli.writing.report"),
    "xlsx": (10_000, "icpc_cli.writing.report_book"),
}
"""The formats: how many courses behind each check they list, and the module that makes them."""
_LONGEST = 120
"""Letters of a cell that are shown."""


def report(session: Session, exports: Exports, chosen: Chosen) -> int:
    """Count, and write the report in the format that is wanted."""
    if chosen.compare is not None:
        chosen = replace(chosen, compare=one_fitting(chosen.compare))
    form, period = _format(chosen), _period(chosen)
    exports.refuse_overwriting(
        [] if chosen.output is None else [chosen.output], *([] if chosen.compare is None else [chosen.compare])
    )
    network = None
    if chosen.compare is not None:
        from icpc_cli.network.files import read_network

        network = read_network(chosen.compare)
    tasks, drawing = _FORMATS[form]
    with judged(session, exports, figures=True, later=("icpc_cli.judging.figures", drawing)) as checked:
        from icpc_cli.judging.figures import Figures, Selection

        settings = checked.options.settings
        figures = Figures(
            checked,
            Selection(
                clean=lambda text: shortened(text, _LONGEST),
                patient=printable if chosen.show_patients else masked,
                period=period,
                clinic=chosen.clinic,
                tasks=tasks,
                instruments=settings.instruments,
            ),
        )
        counted = figures.counted()
        if network is not None:
            from icpc_cli.cli.comparing import compared

            counted = counted._replace(comparison=compared(figures.kinds(), network, chosen.compare or "", period))
    counted = _named(counted, settings.clinic)._replace(target=settings.target)
    _write(session, checked.guideline, counted, checked.options.today, form, chosen)
    return EXIT_FINE


def _named(report: "Report", name: str | None) -> "Report":
    """The clinic's name of ``icpc.toml``, where the export names none."""
    return report._replace(clinics=(shortened(name, _LONGEST),)) if name and not any(report.clinics) else report


def _format(chosen: Chosen) -> str:
    """The format that is named, or that the name of the output tells; text where neither does."""
    ending = (chosen.output or "").rpartition(".")[2].lower()
    told = {"html": "html", "htm": "html", "json": "json", "xlsx": "xlsx", "txt": "text"}.get(ending, "text")
    form = chosen.output_format or told
    one_of("--format", form, list(_FORMATS))
    if chosen.output is None and form == "xlsx":
        raise UsageError("report-needs-output", value=form)
    if chosen.brief and form != "html":
        raise UsageError("report-brief")
    if chosen.open_it and (chosen.output is None or form != "html"):
        raise UsageError("report-open")
    return form


def _period(chosen: Chosen) -> tuple[date | None, date | None]:
    first, last = typed_day("--from", chosen.first), typed_day("--to", chosen.last)
    if first and last and first > last:
        raise UsageError("report-period", first=chosen.first, last=chosen.last)
    return first, last


def _write(session: Session, guideline: Guideline, counted: "Report", today: date, form: str, chosen: Chosen) -> None:
    if form == "json":
        _out(chosen.output, lambda: _json(counted, session.voice if chosen.output is None else session.voice.in_full))
    else:
        from icpc_cli.report.words import document

        on_screen = form == "text" and chosen.output is None
        voice = session.voice if on_screen else session.voice.in_full
        words = document(voice, guideline, counted, today)
        if on_screen:
            from icpc_cli.screens.report import print_report

            print_report(session.terminal, guideline, words)
            return
        if form == "xlsx" and chosen.output is not None:
            from icpc_cli.writing.report_book import report_tables
            from icpc_cli.writing.sheets import write_tables

            write_tables(chosen.output, report_tables(voice, words))
        else:
            _out(chosen.output, lambda: _made(form, words, counted, guideline, voice, brief=chosen.brief))
    if chosen.output is not None:
        session.say("report", "open", path=shown(chosen.output))
        if chosen.open_it:
            _open(chosen.output)


def _json(counted: "Report", voice: Voice) -> bytes:
    from icpc_cli.writing.json import dumps
    from icpc_cli.writing.report import report_object

    # A line for each part: indented throughout it would be written by Python, letter by letter.
    parts = report_object(counted, voice.language).items()
    lines = (f' "{part}": {dumps(figures, encoding=voice.encoding)}' for part, figures in parts)
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _made(form: str, words: "Document", counted: "Report", guideline: Guideline, voice: Voice, *, brief: bool) -> bytes:
    if form == "html":
        from icpc_cli.pages.report import report_page

        return report_page(voice, words, counted, guideline, brief=brief).encode()
    from icpc_cli.screens.report import report_text

    return report_text(voice, guideline, words).encode()


def _out(output: str | None, make: Callable[[], bytes]) -> None:
    """Write to a private file, or to standard output."""
    content = make()
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        return
    with new_file(output) as file:
        file.write(content)


def _open(path: str) -> None:
    """Show the page in the user's browser."""
    import webbrowser
    from pathlib import Path

    webbrowser.open(Path(path).resolve().as_uri())
