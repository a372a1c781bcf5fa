"""What a check writes, and where: findings in a format, the export with the findings beside it, the export repaired.

All that can be refused is refused before the check begins; files are whole or not written at all.
"""

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from icpc_cli.cli.session import Session
from icpc_cli.errors import UsageError
from icpc_cli.files import new_text, refuse_overwriting
from icpc_cli.guideline import Guideline
from icpc_cli.judging.check import Checked
from icpc_cli.voice.safe import shown

if TYPE_CHECKING:
    from icpc_cli.checks.telling import Outcome

FORMATS = ("text", "concise", "json", "jsonl", "csv", "xlsx", "html")
_ENDINGS = {f".{name}": name for name in FORMATS if name not in ("text", "concise")} | {".txt": "text", ".htm": "html"}
_SAYING_WHAT_WAS_READ = ("text", "json", "html")
"""Formats that say it themselves."""
_STANDARD = "-"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user asked for. No ``output`` is standard output; the copies stand in the order of the inputs."""

    format: str
    output: str | None = None
    annotated: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    patients: bool = False
    worklist: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the outputs, as they were typed."""

    format: str | None = None
    output: str | None = None
    annotate: str | None = None
    fix: str | None = None
    patients: bool = False

    @property
    def for_people(self) -> bool:
        """Whether a person will read what comes, so that something can be asked."""
        return self.format in (None, "text", "html", "xlsx")


def wanted(asked: Asked, paths: Sequence[str], others: Sequence[str] = ()) -> Wanted:
    """The outputs that are asked for, of these inputs; ``others`` are read as well.

    Raises :class:`UsageError` for what could not be written.
    """
    output = None if asked.output == _STANDARD else asked.output
    chosen = asked.format or _by_ending(output)
    if chosen not in FORMATS:
        raise UsageError("unknown-choice", where="--format", value=chosen, known=list(FORMATS))
    if chosen == "xlsx" and output is None:
        raise UsageError("workbook-needs-output")
    annotated, fixed = _copies("--annotate", asked.annotate, paths), _copies("--fix", asked.fix, paths)
    targets = [*annotated, *fixed, *([output] if output is not None else [])]
    refuse_overwriting(targets, [path for path in (*paths, *others) if path != _STANDARD])
    return Wanted(chosen, output, annotated, fixed, asked.patients, "" if targets else _worklist(paths))


def _by_ending(output: str | None) -> str:
    """The format that a file's name ends in; text for standard output."""
    if output is None:
        return "text"
    ending = Path(output).suffix.lower()
    if ending not in _ENDINGS:
        raise UsageError("unknown-ending", path=output, known=list(_ENDINGS))
    return _ENDINGS[ending]


def _copies(option: str, target: str | None, paths: Sequence[str]) -> tuple[str, ...]:
    """Where the copy of each input goes: to the file that is named, or under its own name into the folder."""
    if target is None:
        return ()
    if target == _STANDARD:
        raise UsageError("copy-needs-file", where=option)
    if not Path(target).is_dir():
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
    name = "eksport.csv" if path == _STANDARD else Path(path).name
    return str(Path(name).with_suffix(".xlsx")) if _is_workbook(name) else name


def _is_workbook(path: str) -> bool:
    return Path(path).suffix.lower() in (".xlsx", ".xlsm", ".xls")


def _worklist(paths: Sequence[str]) -> str:
    """The option that is proposed for a list to work through."""
    if len(paths) > 1:
        return "--output fund.xlsx"
    copy = Path(_copy_name(paths[0]))
    name = f"{copy.stem}-rettet{copy.suffix}"
    return f'--annotate "{name}"' if set(name) & NEEDS_QUOTES else f"--annotate {name}"


NEEDS_QUOTES = frozenset(" &;()[]{}<>|*?'!$`")
"""What a shell would take for something else."""


def write(session: Session, guideline: Guideline, checked: Checked, wanted: Wanted, command: str) -> None:
    """Write all that is wanted; ``command`` is the check as it can be typed again, with none of them."""
    from icpc_cli.checks.tables import read_lines

    if wanted.output is not None or wanted.format not in _SAYING_WHAT_WAS_READ:
        for line in read_lines(session.voice.in_full, checked.sources):
            session.note(line)
    written = [*_annotate(session, checked, wanted), *_fix(session, checked, wanted)]
    _FORMAT[wanted.format](_Task(session, guideline, checked, wanted, command))
    if wanted.output is not None:
        written.append(_written(session, "findings", wanted.output, sum(checked.counts().values())))
    sys.stdout.flush()
    for line in written:  # last, where it is seen after a long page
        session.note(line)


def _written(session: Session, what: str, path: str, count: int) -> str:
    return session.voice.in_full.counted("outputs", f"written.{what}", count, path=shown(path))


def _annotate(session: Session, checked: Checked, wanted: Wanted) -> Iterator[str]:
    from icpc_cli.writing.annotations import HEADERS, Annotations
    from icpc_cli.writing.rewrite import Addition, annotate
    from icpc_cli.writing.sheets import annotate_workbook

    for loaded, target in zip(checked.loaded, wanted.annotated, strict=bool(wanted.annotated)):
        cells = Annotations(session.voice.to(loaded.input.dialect.encoding.name))
        addition = Addition(HEADERS, cells.rows(checked.findings(of=loaded)), cells.fine)
        if loaded.input.sheet is None:
            annotate(loaded, addition, target)
        else:
            annotate_workbook(loaded, addition, target)
        yield _written(session, "annotated", target, loaded.read)


def _fix(session: Session, checked: Checked, wanted: Wanted) -> Iterator[str]:
    from icpc_cli.writing.rewrite import Repairs, fix
    from icpc_cli.writing.sheets import fix_workbook

    for loaded, target in zip(checked.loaded, wanted.fixed, strict=bool(wanted.fixed)):
        rewritten = fix if loaded.input.sheet is None else fix_workbook
        yield _written(session, "fixed", target, rewritten(loaded, Repairs.found(checked, loaded), target))


@dataclass(frozen=True, slots=True)
class _Task:
    """Findings to be written."""

    session: Session
    guideline: Guideline
    checked: Checked
    wanted: Wanted
    command: str


def _outcome(checked: Checked) -> "Outcome":
    from icpc_cli.checks.telling import Outcome

    return Outcome(checked.sources, checked.coverage, checked.counts(), checked.severities, checked.settings)


@contextmanager
def _out(wanted: Wanted, *, utf8: bool = False) -> Iterator[TextIO]:
    """The place for text: the file that was named, or standard output, there in UTF-8 if it has to be."""
    if wanted.output is not None:
        with new_text(wanted.output) as file:
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


def _text(task: _Task) -> None:
    from icpc_cli.screens.check import SHOWN, CheckScreen, Shown
    from icpc_cli.screens.terminal import plain

    checked, wanted, voice = task.checked, task.wanted, task.session.voice
    examples = {check: checked.examples(check, SHOWN) for check in checked.counts()}
    chosen = Shown(patients=wanted.patients, worklist=wanted.worklist)
    screen = CheckScreen(voice if wanted.output is None else voice.in_full, task.guideline, task.command, chosen=chosen)
    drawn = screen.draw(_outcome(checked), examples)
    if wanted.output is None:
        task.session.terminal.write(drawn)
    else:
        with _out(wanted) as out:
            out.write(plain(drawn))


def _json(task: _Task) -> None:
    from icpc_cli.writing.findings import write_json

    with _out(task.wanted) as out:
        write_json(out, task.session.voice, _outcome(task.checked), task.checked.findings())


def _json_lines(task: _Task) -> None:
    from icpc_cli.writing.findings import write_json_lines

    with _out(task.wanted) as out:
        write_json_lines(out, task.session.voice, task.checked.findings())


def _concise(task: _Task) -> None:
    from icpc_cli.writing.findings import write_concise

    with _out(task.wanted) as out:
        write_concise(out, task.session.voice.to(out.encoding), task.checked.findings())


def _csv(task: _Task) -> None:
    from icpc_cli.writing.findings import write_csv

    with _out(task.wanted, utf8=True) as out:
        write_csv(out, task.session.voice, task.checked.findings())


def _html(task: _Task) -> None:
    from icpc_cli.pages.check import check_page

    checked = task.checked
    page = check_page(
        task.session.voice.in_full,
        _outcome(checked),
        checked.findings_with_patients(),
        command=f"{task.command} --format xlsx --output fund.xlsx",
        show_patients=task.wanted.patients,
    )
    with _out(task.wanted, utf8=True) as out:
        out.writelines(page)


def _workbook(task: _Task) -> None:
    from icpc_cli.checks.tables import FindingTable, overview_rows
    from icpc_cli.writing.sheets import Table, write_tables

    checked, voice = task.checked, task.session.voice.in_full
    outcome = _outcome(checked)
    table = FindingTable(voice, checked.sources, show_patients=task.wanted.patients)
    rows = (cells for _, cells in table.rows(checked.findings_with_patients()))
    assert task.wanted.output is not None
    write_tables(
        task.wanted.output,
        [
            Table(voice.say("outputs", "sheet.findings"), table.headers, table.widths, rows),
            Table(voice.say("outputs", "sheet.overview"), (), (34, 60, 16, 12), overview_rows(voice, outcome)),
        ],
    )


_FORMAT: dict[str, Callable[[_Task], None]] = {
    "text": _text,
    "concise": _concise,
    "json": _json,
    "jsonl": _json_lines,
    "csv": _csv,
    "xlsx": _workbook,
    "html": _html,
}
