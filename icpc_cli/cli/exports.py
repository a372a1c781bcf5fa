"""The one door to exports: what the options say, then the clinic's ``icpc.toml``, then what a person answers."""

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from importlib import import_module
from pathlib import Path

from icpc_cli.cases import read_value
from icpc_cli.checks.catalogue import BY_ID
from icpc_cli.checks.columns import names_persons, roles, roles_by_name
from icpc_cli.checks.telling import skipped_text
from icpc_cli.cli.asked import HowToRead
from icpc_cli.cli.options import one_of, typed_day
from icpc_cli.cli.session import Session
from icpc_cli.errors import UsageError
from icpc_cli.files import kept_files, refuse_overwriting
from icpc_cli.guideline import Guideline, fold, load_guideline
from icpc_cli.guideline.own import with_own
from icpc_cli.judging.check import Checked, check_exports
from icpc_cli.judging.options import Options
from icpc_cli.model import Fact
from icpc_cli.outcomes import OWN_OUTPUT, Role, State
from icpc_cli.reading.dialect import Wanted, known_encoding
from icpc_cli.reading.inputs import Begun, Choice, found_files, joined_files, passed_over
from icpc_cli.screens.progress import reading_bar
from icpc_cli.settings.finding import find_one
from icpc_cli.settings.reading import load
from icpc_cli.settings.values import Settings

_DELIMITERS = {"tab": "\t", "\\t": "\t", "semicolon": ";", "semikolon": ";", "comma": ",", "komma": ",", "pipe": "|"}

_BY_THE_ENGINE = ("decimal",)
"""What DuckDB loads with the first value that it is given."""


@dataclass(frozen=True)
class Exports(HowToRead):
    """The exports of a command, and how to read them; ``one_file``: an option that takes one file."""

    paths: Sequence[str]
    one_file: str | None = field(default=None, kw_only=True)

    @cached_property
    def files(self) -> list[str]:
        """The files that the paths name. Raises :class:`UsageError`, as all of these do for what was typed wrong."""
        return found_files(self.paths)

    @cached_property
    def older(self) -> list[str]:
        """The files of the older exports; what is also given as new is none."""
        return found_files(self.previous, self.files)

    @cached_property
    def settings(self) -> Path | None:
        """The ``icpc.toml`` of these exports."""
        return find_one((*self.files, *self.older))

    def refuse_overwriting(self, targets: Sequence[str], *others: str) -> None:
        """Refuse to write what is read: the exports, ``others``, settings, what is kept, and what a folder holds."""
        read: list[str | Path] = [*self.files, *self.older, *others, *kept_files()]
        read += [each.path for each in passed_over((*self.paths, *self.previous)) if each.reason != OWN_OUTPUT]
        refuse_overwriting(targets, read if self.settings is None else [*read, self.settings])

    @property
    def day(self) -> date:
        """The day that counts as today."""
        return typed_day("--today", self.today) or date.today()  # noqa: DTZ011 - the clinic's own day is meant

    def detected(self, named: Collection[str] = ()) -> Choice:
        """What the options say of the files alone; columns are left to what is known or ``named``."""
        stdin = getattr(sys.stdin, "buffer", None)
        return Choice(named=frozenset(named), wanted=self._wanted(), sheet=self.sheet, stdin=stdin)

    def choice(self, session: Session, guideline: Guideline, settings: Settings, *, ask: bool) -> Choice:
        """What the files are to be read with. What is unclear about columns is asked in a terminal, if at all."""
        mapping = self._mapping() | ({"code": ""} if self.without_codes else {})
        fixed = dict(settings.fixed) | ({"code": ""} if settings.without_codes or self.without_codes else {})
        if self.specialty is not None:
            fixed["specialty"] = read_value(guideline, Fact.SPECIALTY, self.specialty, "--specialty")

        def columns(begun: Begun) -> Mapping[str, Mapping[str, str]]:
            headers = {path: [each.name for each in columns] for path, columns in begun.items()}
            known = {path: settings.mapping(of) | self._mapped(mapping, of, headers) for path, of in headers.items()}
            if not ask or not session.interactive:
                return known
            from icpc_cli.cli.columns import ask_columns

            elsewhere = frozenset() if self.no_join else joined_files(guideline, begun, known).roles
            return ask_columns(session, guideline, begun, known, {**fixed, **dict.fromkeys(elsewhere, "")})

        detected = self.detected((*mapping.values(), *settings.headers))
        return detected._replace(columns=columns, fixed=fixed, join=not self.no_join, one_file=self.one_file)

    def _mapped(
        self, mapping: Mapping[str, str], headers: Sequence[str], all_headers: Mapping[str, Sequence[str]]
    ) -> dict[str, str]:
        """What was said of columns, for one file: of several that may be joined, a header that another one has is its
        alone.
        """
        there, elsewhere = set(map(fold, headers)), {fold(each) for of in all_headers.values() for each in of}
        return {
            role: header
            for role, header in mapping.items()
            if self.no_join or not header or fold(header) in there or fold(header) not in elsewhere
        }

    def _mapping(self) -> dict[str, str]:
        mapping = {}
        known = roles_by_name()
        for pair in self.mapping:
            name, equals, header = pair.partition("=")
            role = known.get(fold(name))
            if not equals or not header.strip() or role is None:
                raise UsageError("bad-mapping", value=pair, known=roles())
            mapping[role] = header
        return mapping

    def _wanted(self) -> Wanted:
        """The encoding and the delimiter, where they are not to be detected."""
        delimiter = self.delimiter
        if delimiter is not None:
            delimiter = _DELIMITERS.get(delimiter.strip().lower(), delimiter)
            if len(delimiter) != 1 or delimiter in '"\r\n' or not delimiter.isascii() or delimiter.isalnum():
                raise UsageError("bad-delimiter", value=delimiter)
        return Wanted(None if self.encoding is None else known_encoding(self.encoding), delimiter)


def refuse_persons(checked: Checked) -> None:
    """Refuse, for what leaves the clinic, a column of clinics whose header says that persons stand in it."""
    for source in checked.sources:
        header = dict(source.columns).get(Role.CLINIC)
        if header is not None and names_persons(checked.guideline, header):
            raise UsageError("clinic-is-persons", path=source.path, header=header)


@contextmanager
def judged(
    session: Session,
    exports: Exports,
    *,
    ask: bool = True,
    shown: Collection[str] = tuple(BY_ID),
    named: Collection[str] = (),
    notes: bool = True,
    figures: bool = False,
    later: Sequence[str] = ("icpc_cli.writing",),
) -> Iterator[Checked]:
    """The exports, read with the clinic's settings and judged; what was found can be asked for inside the context.

    ``ask``: a person reads what comes, and may be asked. ``shown``, ``named``, ``notes`` and ``figures`` are
    those of :class:`Options`. ``later``: modules that are needed afterwards; they are loaded while the records are.
    """
    guideline = with_own(load_guideline())
    files = (*exports.files, *exports.older)
    settings = Settings() if exports.settings is None else load(exports.settings, guideline)
    choice = exports.choice(session, guideline, settings, ask=ask)
    duty_from = typed_day("--duty-from", exports.duty_from) or settings.duty_from
    if exports.only is not None:
        one_of("--only", exports.only, [State.NEW])
        if not exports.older:
            raise UsageError("only-without-previous")
    options = Options(
        exports.day,
        choice,
        shown,
        exports.previous,
        notes,
        settings,
        figures,
        named,
        duty_from,
        exports.only is not None,
        lambda: [import_module(each) for each in (*later, *_BY_THE_ENGINE)],
    )
    with (
        reading_bar(sys.stderr, session.side_voice, files) as bar,
        check_exports(guideline, exports.paths, options, bar.read, bar.notes) as checked,
    ):
        bar.close()
        for skipped in checked.skipped:
            session.note(skipped_text(session.voice.in_full, skipped))
        yield checked
