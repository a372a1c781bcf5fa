"""``icpc network``: what leaves the clinic, and adding clinics together."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from icpc_cli.cli.exports import Exports, judged, refuse_persons
from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINE, UsageError
from icpc_cli.files import data_folder, fitting, keep, kept_files, new_text, read_bytes, refuse_overwriting
from icpc_cli.guideline import load_guideline
from icpc_cli.network.files import read_network, to_json
from icpc_cli.network.merge import merge_files
from icpc_cli.network.share import (
    Network,
    Share,
    as_shared_before,
    clinic_id,
    clinic_name,
    least_count,
    of_one_clinic,
    remembered,
)
from icpc_cli.network.share import share as shared

_SECRET = 32


def share(
    session: Session,
    exports: Exports,
    output: str,
    *,
    name: str | None,
    clinic: str | None,
    min_count: str | None,
    yes: bool,
    renew: bool,
) -> int:
    """Show what will be in the file, and write it after a yes."""
    from icpc_cli.screens.network import NetworkPage

    exports.refuse_overwriting([output])
    least, name = least_count(min_count), clinic_name(name)
    if not yes and not session.interactive:
        raise UsageError("network-no-answer")
    with judged(session, exports) as checked:
        refuse_persons(checked)
        courses, chosen = of_one_clinic(checked.courses(), clinic)
        services = [row for row in checked.services() if row.clinic == chosen]
    pseudonym = clinic_id(_secret(), [chosen])
    earlier = _shared_before(pseudonym)
    if earlier and earlier.min_count != least and not renew:
        raise UsageError("network-other-limit", value=least, known=earlier.min_count)
    made = shared(checked.guideline, courses, services, pseudonym, exports.day, least, name)
    if not made.network.quarters:
        raise UsageError("network-nothing", least=least)
    if earlier and not renew:
        network, again = as_shared_before(made.network, earlier)
        made = Share(network, replace(made.remarks, again=again))
    page = NetworkPage(session.terminal, checked.guideline)
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

    paths = [file for path in paths for file in fitting(path)]
    refuse_overwriting([output], [*paths, *kept_files()])
    _different(paths)
    if len(paths) < 2:
        raise UsageError("network-one-file")
    network = merge_files({path: read_network(path) for path in paths})
    _write(output, to_json(network))
    page = NetworkPage(session.terminal, load_guideline())
    page.write_merged(network)
    session.write(page.written(output))
    return EXIT_FINE


def _different(paths: Sequence[str]) -> None:
    seen = set()
    for path in paths:
        if (real := os.path.realpath(path)) in seen:
            raise UsageError("file-twice", path=path)
        seen.add(real)


def _said_yes(session: Session) -> bool:
    session.write("")
    answer = input(session.voice.say("network", "screen.ask")).strip().casefold()
    return answer in session.voice.say("network", "screen.yes").split()


def _secret() -> bytes:
    """The clinic's secret, made when it is first needed and kept where only the user can read it."""
    path = data_folder() / "network.key"
    if not path.exists():
        keep(path, secrets.token_hex(_SECRET) + "\n", first=True)
    try:
        secret = bytes.fromhex(read_bytes(path).decode("ascii").strip())
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
        return read_network(path)
    except UsageError:
        raise UsageError("network-memory", path=path) from None


def _write(output: str, text: str) -> None:
    with new_text(output) as file:
        file.write(text)
