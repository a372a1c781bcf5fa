"""``icpc network``: what leaves the clinic, and adding clinics together."""

import contextlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from icpc_cli.cli.check import read_today
from icpc_cli.cli.reading import Reading, judged
from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINE, UsageError
from icpc_cli.files import data_folder, keep, new_text, refuse_overwriting
from icpc_cli.guideline import load_guideline
from icpc_cli.guideline.own import with_own
from icpc_cli.judging.check import Checked
from icpc_cli.network.disclosure import LEAST
from icpc_cli.network.files import LONGEST_FILE, LONGEST_NAME, from_json, to_json
from icpc_cli.network.merge import merge_files
from icpc_cli.network.share import MIN_COUNT, Network, Share, as_shared_before, clinic_id, remembered
from icpc_cli.network.share import share as shared
from icpc_cli.outcomes import CourseRow
from icpc_cli.voice.safe import without_cpr

_MOST = 100
_SECRET = 32


def share(
    session: Session,
    paths: Sequence[str],
    output: str,
    *,
    name: str | None,
    clinic: str | None,
    min_count: str | None,
    yes: bool,
    renew: bool,
    reading: Reading,
    today: str | None,
) -> int:
    """Show what will be in the file, and write it after a yes."""
    from icpc_cli.screens.network import NetworkPage

    refuse_overwriting([output], paths)
    least, name = least_count(min_count), clinic_name(name)
    if not yes and not session.interactive:
        raise UsageError("network-no-answer")
    guideline = with_own(load_guideline())
    day = read_today(today)
    with judged(session, guideline, paths, reading, day) as checked:
        courses, chosen = courses_of_one_clinic(checked, clinic)
        services = [row for row in checked.services() if row.clinic == chosen]
    pseudonym = clinic_id(_secret(), [chosen])
    earlier = _shared_before(pseudonym)
    if earlier and earlier.min_count != least and not renew:
        raise UsageError("network-other-limit", value=least, known=earlier.min_count)
    made = shared(guideline, courses, services, pseudonym, day, least, name)
    if not made.network.quarters:
        raise UsageError("network-nothing", least=least)
    if earlier and not renew:
        network, again = as_shared_before(made.network, earlier)
        made = Share(network, replace(made.remarks, again=again))
    page = NetworkPage(session.terminal, guideline)
    page.write_share(made, output)
    if not yes and not _said_yes(session):
        session.say("network", "screen.not-written")
        return EXIT_FINE
    # First what is remembered: figures that nobody has got can be shared later, the other way round would be a leak.
    keep(_memory(pseudonym), to_json(remembered(made.network, earlier)))
    _write(output, to_json(made.network))
    session.write(page.written(output))
    return EXIT_FINE


def merge(session: Session, paths: Sequence[str], output: str) -> int:
    """Add the clinics of the files together."""
    from icpc_cli.screens.network import NetworkPage

    refuse_overwriting([output], paths)
    _different(paths)
    if len(paths) < 2:
        raise UsageError("network-one-file")
    network = merge_files({path: read_network(path) for path in paths})
    _write(output, to_json(network))
    page = NetworkPage(session.terminal, load_guideline())
    page.write_merged(network)
    session.write(page.written(output))
    return EXIT_FINE


def read_network(path: str) -> Network:
    """The network in a file. Raises :class:`UsageError` for a file that is none."""
    if Path(path).is_dir():
        raise UsageError("is-a-folder", path=path)
    try:
        with Path(path).open("rb") as file:
            content = file.read(LONGEST_FILE + 1)
    except FileNotFoundError:
        raise UsageError("file-missing", path=path) from None
    except OSError as error:
        raise UsageError("file-unreadable", path=path, problem=os.strerror(error.errno or 0)) from None
    if len(content) > LONGEST_FILE:
        raise UsageError("network-foreign", path=path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("network-not-json", path=path) from None
    return from_json(text, path)


def _different(paths: Sequence[str]) -> None:
    seen = set()
    for path in paths:
        if (real := os.path.realpath(path)) in seen:
            raise UsageError("file-twice", path=path)
        seen.add(real)


def courses_of_one_clinic(checked: Checked, wanted: str | None) -> tuple[list[CourseRow], str]:
    """The courses of the clinic that is meant, and its name in the export."""
    courses = list(checked.courses())
    clinics = sorted({course.clinic for course in courses})
    known = [clinic or '""' for clinic in clinics]
    if wanted is None and len(clinics) > 1:
        raise UsageError("network-several-clinics", known=known)
    if wanted is not None and wanted not in clinics:
        raise UsageError("network-unknown-clinic", value=wanted, known=known)
    chosen = clinics[0] if wanted is None else wanted
    return [course for course in courses if course.clinic == chosen], chosen


def least_count(text: str | None) -> int:
    """The ``--min-count`` that is typed, or the usual one. Raises :class:`UsageError`."""
    if text is None:
        return MIN_COUNT
    if not (text.isascii() and text.isdigit() and LEAST <= int(text) <= _MOST):
        raise UsageError("network-min-count", value=text, least=LEAST, most=_MOST)
    return int(text)


def clinic_name(text: str | None) -> str | None:
    """A name that a clinic may be called by outside. Raises :class:`UsageError` for none, or one with a CPR number."""
    if text is None:
        return None
    name = text.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or without_cpr(name) != name:
        raise UsageError("network-name", most=LONGEST_NAME)
    return name


def _said_yes(session: Session) -> bool:
    session.write("")
    answer = input(session.voice.say("network", "screen.ask")).strip().casefold()
    return answer in session.voice.say("network", "screen.yes").split()


def _secret() -> bytes:
    """The clinic's secret, made when it is first needed and kept where only the user can read it."""
    path = data_folder() / "network.key"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(_SECRET) + "\n")
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise UsageError("output-unwritable", path=path, problem=os.strerror(error.errno or 0)) from None
    except ValueError:
        raise UsageError("network-secret", path=path) from None
    if len(secret) != _SECRET:
        raise UsageError("network-secret", path=path)
    return secret


def _memory(pseudonym: str) -> Path:
    """Where it is kept what a clinic has shared."""
    return data_folder() / f"shared-{pseudonym}.json"


def _shared_before(pseudonym: str) -> Network | None:
    path = _memory(pseudonym)
    if not path.exists():
        return None
    try:
        return read_network(str(path))
    except UsageError:
        raise UsageError("network-memory", path=path) from None


def _write(output: str, text: str) -> None:
    with new_text(output) as file:
        file.write(text)
