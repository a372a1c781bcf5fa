"""How exports are to be read: what the options say, then the clinic's ``icpc.toml``, then what a person answers."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from icpc_cli.cases import read_value
from icpc_cli.checks.columns import roles
from icpc_cli.cli.session import Session
from icpc_cli.errors import UsageError
from icpc_cli.guideline import Guideline
from icpc_cli.judging.check import Checked, Options, check_exports
from icpc_cli.model import Fact
from icpc_cli.reading.dialect import Wanted, known_encoding
from icpc_cli.reading.inputs import Choice, Headers, found_files
from icpc_cli.screens.progress import reading_bar
from icpc_cli.settings.reading import find_one, load
from icpc_cli.settings.values import Settings

_DELIMITERS = {"tab": "\t", "\\t": "\t", "semicolon": ";", "semikolon": ";", "comma": ",", "komma": ",", "pipe": "|"}


@dataclass(frozen=True, slots=True)
class Reading:
    """The options of every command that reads exports, as they were typed."""

    specialty: str | None = None
    mapping: Sequence[str] = ()
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None

    def choice(self, session: Session, guideline: Guideline, settings: Settings, *, ask: bool = True) -> Choice:
        """What the inputs are to be read with. What is unclear about columns is asked in a terminal, if at all."""
        mapping = _mapping(self.mapping)
        fixed = dict(settings.fixed)
        if self.specialty is not None:
            fixed["specialty"] = read_value(guideline, Fact.SPECIALTY, self.specialty, "--specialty")

        def columns(headers: Headers) -> Mapping[str, Mapping[str, str]]:
            known = {path: settings.mapping(each) | mapping for path, each in headers.items()}
            if not ask or not session.interactive:
                return known
            from icpc_cli.cli.columns import ask_columns

            return ask_columns(session, guideline, headers, known, fixed)

        named = frozenset((*mapping.values(), *(header for _, headers in settings.columns for header in headers)))
        return Choice(columns, named, fixed, self.wanted(), self.sheet)

    def wanted(self) -> Wanted:
        """The encoding and the delimiter, where they are not to be detected."""
        return _wanted(self.encoding, self.delimiter)


@contextmanager
def judged(
    session: Session, guideline: Guideline, paths: Sequence[str], reading: Reading, today: date
) -> Iterator[Checked]:
    """The exports, read with the clinic's settings and judged, for a command that makes figures of them."""
    settings = clinic_settings(guideline, paths)
    options = Options(today, reading.choice(session, guideline, settings), settings=settings)
    with (
        reading_bar(session.side_terminal, found_files(paths)) as progress,
        check_exports(guideline, paths, options, progress.read, progress.notes) as checked,
    ):
        progress.close()
        yield checked


def clinic_settings(guideline: Guideline, paths: Sequence[str]) -> Settings:
    """What the ``icpc.toml`` beside the exports, or above them, says; nothing where there is none."""
    path = find_one(found_files(paths))
    return Settings() if path is None else load(path, guideline)


def _mapping(pairs: Sequence[str]) -> dict[str, str]:
    mapping = {}
    known = roles()
    for pair in pairs:
        role, equals, header = pair.partition("=")
        if not equals or not header.strip() or role not in known:
            raise UsageError("bad-mapping", value=pair, known=known)
        mapping[role] = header
    return mapping


def _wanted(encoding: str | None, delimiter: str | None) -> Wanted:
    if delimiter is not None:
        delimiter = _DELIMITERS.get(delimiter.strip().lower(), delimiter)
        if len(delimiter) != 1 or delimiter in '"\r\n' or not delimiter.isascii() or delimiter.isalnum():
            raise UsageError("bad-delimiter", value=delimiter)
    return Wanted(None if encoding is None else known_encoding(encoding), delimiter)
