"""``icpc codes``: codes by number or word, and the clinic's own list of them."""

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from icpc_cli.cli.options import TEXT_OR_JSON, one_of
from icpc_cli.cli.session import Session, fitted
from icpc_cli.errors import EXIT_FINE, UsageError
from icpc_cli.files import is_folder, one_fitting, read_bytes, refuse_overwriting
from icpc_cli.guideline import load_guideline
from icpc_cli.guideline.codelist import parse_code_list
from icpc_cli.guideline.own import forget_own, read_own, save_own, with_own
from icpc_cli.guideline.search import CodeSearch, CodesFound
from icpc_cli.model import CodeList
from icpc_cli.text import Text
from icpc_cli.voice.calling import command
from icpc_cli.voice.safe import shown, without_cpr


def codes(session: Session, words: Sequence[str], output_format: str) -> int:
    """Find codes; or, where the first word says so, import the clinic's own list or forget it."""
    one_of("--format", output_format, TEXT_OR_JSON)
    match words:
        case ["import"]:
            raise UsageError("missing-argument", value=Text("import FIL", "import FILE"), command=command("codes"))
        case ["import", path]:
            return _import(session, path)
        case ["forget"]:
            return _forget(session)
        case ["import", _, extra, *_] | ["forget", extra, *_]:
            raise UsageError("extra-argument", value=extra, command=command("codes"))
        case _:
            return _find(session, " ".join(words).strip(), output_format)


def _find(session: Session, query: str, output_format: str) -> int:
    guideline = with_own(load_guideline())
    search = CodeSearch(guideline)
    found = search.find(query) if query else CodesFound(search.entries)
    if output_format == "json":
        from icpc_cli.writing.json import codes_object

        session.write_json(codes_object(guideline, found, session.language), indent=2)
    else:
        from icpc_cli.screens.codes import print_codes

        print_codes(session.terminal, guideline, found, query)
    return EXIT_FINE


def _import(session: Session, path: str) -> int:
    if is_folder(path):
        raise UsageError("list-is-a-folder", path=path, example=os.path.join(path, "icpc2.csv"))  # noqa: PTH118 - as typed
    path = one_fitting(path)
    refuse_overwriting([], [path])
    own, passed_over = parse_code_list(read_bytes(path), path, without_cpr(Path(path).name), date.today())  # noqa: DTZ011 - the clinic's own day
    before = _before()
    save_own(own)
    _say(session, "imported", name=own.name, count=len(own.titles))
    if before:
        _say(session, "replaced", name=before.name)
    if passed_over:
        _say(session, "passed-over", count=passed_over)
    if lacking := sorted(load_guideline().codes.keys() - own.titles.keys()):
        _say(session, "lacking", codes=", ".join(lacking))
    return EXIT_FINE


def _before() -> CodeList | None:
    """The list that a new one takes the place of; a broken one is replaced without a word."""
    try:
        return read_own()
    except UsageError:
        return None


def _forget(session: Session) -> int:
    _say(session, "forgotten" if forget_own() else "nothing")
    return EXIT_FINE


def _say(session: Session, key: str, **facts: object) -> None:
    safe = {name: shown(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
    session.write(fitted(session.voice.say("codes", f"screen.{key}", **safe)))
