"""What a check writes, and where: findings in a format, the export with the findings beside it, the export repaired.

All that can be refused is refused before the check begins; files are whole or not written at all.
"""

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

from icpc_cli.cli.asked import Asked
from icpc_cli.cli.exports import Exports
from icpc_cli.cli.options import one_of
from icpc_cli.cli.session import Session
from icpc_cli.errors import UsageError
from icpc_cli.files import STANDARD, is_folder, new_text
from icpc_cli.judging.check import Checked
from icpc_cli.voice import Voice
from icpc_cli.voice.calling import command_on
from icpc_cli.voice.safe import shown
from icpc_cli.work.memory import remembered
from icpc_cli.writing.findings import Lines, write_concise, write_csv, write_json, write_json_lines

if TYPE_CHECKING:
    from icpc_cli.checks.telling import Outcome


class Outputs(NamedTuple):
    """What is to be written, of what was ``asked``. No ``output`` is standard output; copies are in the inputs' order.

    ``paths`` are the exports as they were named.
    """

    asked: Asked
    format: "Format"
    output: str | None
    annotated: tuple[str, ...]
    fixed: tuple[str, ...]
    paths: Sequence[str]


def for_people(asked: Asked) -> bool:
    """Whether a person will read what comes, so that something can be asked."""
    return asked.output_format is None or _FORMATS[asked.output_format].for_people


def wanted(asked: Asked, exports: Exports) -> Outputs:
    """The outputs that are asked for, of these exports. Raises :class:`UsageError` for what could not be written."""
    output = None if asked.output == STANDARD else asked.output
    if asked.output_format is not None:
        one_of("--format", asked.output_format, list(_FORMATS))
    chosen = _by_ending(output) if asked.output_format is None else _FORMATS[asked.output_format]
    if chosen.needs_file and output is None:
        raise UsageError("workbook-needs-output")
    annotated = _copies("--annotate", asked.annotate, exports.files)
    fixed = _copies("--fix", asked.fix, exports.files)
    if asked.worklist is not None and Path(asked.worklist).suffix.lower() not in (".xlsx", ".csv"):
        raise UsageError("worklist-ending", path=asked.worklist)
    targets = [*annotated, *fixed, *(each for each in (output, asked.worklist) if each is not None)]
    exports.refuse_overwriting(targets)
    return Outputs(asked, chosen, output, annotated, fixed, exports.paths)


def _by_ending(output: str | None) -> "Format":
    """The format that a file's name ends in; text for standard output."""
    endings = {ending: each for each in _FORMATS.values() for ending in each.endings}
    if output is None:
        return _FORMATS["text"]
    ending = Path(output).suffix.lower()
    if ending not in endings:
        raise UsageError("unknown-ending", path=output, known=list(endings))
    return endings[ending]


def _copies(option: str, target: str | None, paths: Sequence[str]) -> tuple[str, ...]:
    """Where the copy of each input goes: to the file that is named, or under its own name into the folder."""
    if target is None:
        return ()
    if target == STANDARD:
        raise UsageError("copy-needs-file", where=option)
    if not is_folder(target):
        if len(paths) > 1:
            raise UsageError("copies-need-folder", where=option, path=target)
        if _is_workbook(paths[0]) != (Path(target).suffix.lower() == ".xlsx"):
            raise UsageError(
                "copy-of-workbook" if _is_workbook(paths[0]) else "copy-of-text", where=option, path=target
            )
        return (target,)
    names = [_copy_name(path) for path in paths]
    for name in names:
        if [each.casefold() for each in names].count(name.casefold()) > 1:
            raise UsageError("copies-of-one-name", where=option, name=name)
    return tuple(str(Path(target) / name) for name in names)


def _copy_name(path: str) -> str:
    """What the copy of an input is called; a workbook of any age is written as one of today."""
    name = "eksport.csv" if path == STANDARD else Path(path).name
    return str(Path(name).with_suffix(".xlsx")) if _is_workbook(name) else name


def _is_workbook(path: str) -> bool:
    return Path(path).suffix.lower() in (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


def write(session: Session, checked: Checked, outputs: Outputs) -> None:
    """Write all that is wanted."""
    from icpc_cli.checks.tables import read_lines

    if outputs.output is not None or not outputs.format.says_what_was_read:
        for line in read_lines(session.voice.in_full, checked.sources, _aside(checked)):
            session.note(line)
    written = [*_annotate(session, checked, outputs), *_fix(session, checked, outputs)]
    if outputs.asked.worklist is not None:
        written += _list(session, checked, outputs.asked.worklist, mask=outputs.asked.mask_patients)
    outputs.format.write(session, checked, outputs)
    if outputs.output is not None:
        written.append(_written(session, "findings", outputs.output, sum(checked.counts.values())))
    sys.stdout.flush()
    for line in written:  # last, where it is seen after a long page
        session.note(line)


def _written(session: Session, what: str, path: str, count: int) -> str:
    return session.voice.in_full.counted("outputs", f"written.{what}", count, path=shown(path))


def _annotate(session: Session, checked: Checked, outputs: Outputs) -> Iterator[str]:
    if not outputs.annotated:
        return
    from icpc_cli.outcomes import ANNOTATIONS
    from icpc_cli.writing.annotations import Annotations
    from icpc_cli.writing.rewrite import Addition, annotate
    from icpc_cli.writing.sheets import annotate_workbook

    for loaded, target in zip(checked.loaded, outputs.annotated, strict=True):
        cells = Annotations(session.voice.to(loaded.input.dialect.encoding.name))
        addition = Addition(ANNOTATIONS, cells.rows(checked.findings(of=loaded)), cells.fine)
        if loaded.input.sheet is None:
            annotate(loaded, addition, target)
        else:
            annotate_workbook(loaded, addition, target)
        yield _written(session, "annotated", target, loaded.read)


def _fix(session: Session, checked: Checked, outputs: Outputs) -> Iterator[str]:
    if not outputs.fixed:
        return
    from icpc_cli.writing.rewrite import Repairs, fix
    from icpc_cli.writing.sheets import fix_workbook

    for loaded, target in zip(checked.loaded, outputs.fixed, strict=True):
        rewritten = fix if loaded.input.sheet is None else fix_workbook
        yield _written(session, "fixed", target, rewritten(loaded, Repairs.found(checked, loaded), target))


def _list(session: Session, checked: Checked, target: str, *, mask: bool) -> Iterator[str]:
    """Write what there is to mend, but for what was set aside."""
    from icpc_cli.checks.worklist import COLUMNS, Worklist
    from icpc_cli.writing.sheets import SheetTable, write_list

    voice, memory = session.voice.in_full, remembered()
    made = Worklist(voice, checked.guideline, mask=mask)
    errands = list(checked.errands())
    left = [errand for errand in errands if not memory.set_aside(errand)]
    name = voice.say("outputs", "sheet.worklist")
    write_list(target, SheetTable(name, made.headers, list(COLUMNS.values()), made.rows(left)))
    yield _written(session, "worklist", target, len(left))
    if aside := len(errands) - len(left):
        yield voice.counted("work", "aside", aside)
    if not mask:
        yield voice.say("outputs", "worklist.private")


def _outcome(checked: Checked) -> "Outcome":
    """The outcome without the findings."""
    from icpc_cli.checks.telling import Outcome

    return Outcome(
        checked.sources,
        checked.coverage,
        checked.counts,
        checked.severities,
        checked.options.settings.path,
        checked.skipped,
        checked.early,
        checked.since,
        _aside(checked),
    )


def _aside(checked: Checked) -> int:
    """The courses that were set aside with ``icpc work``."""
    memory = remembered()
    return sum(map(memory.set_aside, checked.errands())) if memory else 0


@contextmanager
def _out(outputs: Outputs, *, utf8: bool = False) -> Iterator[TextIO]:
    """The place for text: the file that was named, or standard output, there in UTF-8 if it has to be."""
    if outputs.output is not None:
        with new_text(outputs.output) as file:
            yield file
    elif utf8:
        sys.stdout.flush()
        out = io.TextIOWrapper(sys.stdout.buffer, "utf-8", errors="backslashreplace", newline="\n")
        try:
            yield out
        finally:
            out.detach()
    else:
        yield sys.stdout


def _text(session: Session, checked: Checked, outputs: Outputs) -> None:
    from icpc_cli.screens.check import SHOWN, CheckScreen
    from icpc_cli.screens.terminal import plain

    alone = not (outputs.output or outputs.asked.worklist or outputs.annotated or outputs.fixed)
    voice = session.voice if outputs.output is None else session.voice.in_full
    screen = CheckScreen(voice, checked.guideline, outputs.paths, outputs.asked.show_patients, alone)
    drawn = screen.draw(_outcome(checked), checked.examples(SHOWN))
    if outputs.output is None:
        session.terminal.write(drawn)
    else:
        with _out(outputs) as out:
            out.write(plain(drawn))


def _json(session: Session, checked: Checked, outputs: Outputs) -> None:
    with _out(outputs) as out:
        write_json(out, session.voice, _outcome(checked), checked.lines)


def _lines(write: Callable[[TextIO, Voice, Lines], None], *, utf8: bool = False) -> "Writing":
    """A format of a line a finding."""

    def written(session: Session, checked: Checked, outputs: Outputs) -> None:
        with _out(outputs, utf8=utf8) as out:
            write(out, session.voice, checked.lines)

    return written


def _html(session: Session, checked: Checked, outputs: Outputs) -> None:
    from icpc_cli.pages.check import check_page

    page = check_page(
        session.voice.in_full,
        _outcome(checked),
        checked.findings_with_patients(),
        command=command_on("check", outputs.paths, "--format", "xlsx", "--output", "fund.xlsx"),
        show_patients=outputs.asked.show_patients,
    )
    with _out(outputs, utf8=True) as out:
        out.writelines(page)


def _workbook(session: Session, checked: Checked, outputs: Outputs) -> None:
    from icpc_cli.checks.tables import FindingTable, overview_rows
    from icpc_cli.writing.sheets import SheetTable, write_tables

    voice, outcome = session.voice.in_full, _outcome(checked)
    table = FindingTable(voice, outcome, show_patients=outputs.asked.show_patients)
    rows = (cells for _, cells in table.rows(checked.findings_with_patients()))
    assert outputs.output is not None
    write_tables(
        outputs.output,
        [
            SheetTable(voice.say("outputs", "sheet.findings"), table.headers, table.widths, rows),
            SheetTable(voice.say("outputs", "sheet.overview"), (), (34, 60, 16, 12), overview_rows(voice, outcome)),
        ],
    )


Writing = Callable[[Session, Checked, Outputs], None]


class Format(NamedTuple):
    """A format of findings: how it is written, and which names of files end in it.

    ``for_people``: a person reads it. ``says_what_was_read``: it says so itself. ``drawing``: the module
    that makes it, which takes long to load.
    """

    name: str
    write: Writing
    endings: tuple[str, ...] = ()
    for_people: bool = False
    says_what_was_read: bool = False
    needs_file: bool = False
    drawing: str = "icpc_cli.writing"


_FORMATS = {
    each.name: each
    for each in (
        Format("text", _text, (".txt",), for_people=True, says_what_was_read=True, drawing="icpc_cli.screens.check"),
        Format("concise", _lines(write_concise)),
        Format("json", _json, (".json",), says_what_was_read=True),
        Format("jsonl", _lines(write_json_lines), (".jsonl",)),
        Format("csv", _lines(write_csv, utf8=True), (".csv",)),
        Format("xlsx", _workbook, (".xlsx",), for_people=True, needs_file=True, drawing="icpc_cli.writing.sheets"),
        Format("html", _html, (".html", ".htm"), for_people=True, says_what_was_read=True),
    )
}
