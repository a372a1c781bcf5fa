"""``icpc network``: what leaves the clinic, and adding clinics together."""

from collections.abc import Sequence

from icpc_cli.cli.exports import Exports
from icpc_cli.cli.leaving import leaving
from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINE, UsageError
from icpc_cli.files import data_folder, fitting, kept_files, new_text, one_fitting, real_path, refuse_overwriting
from icpc_cli.guideline import load_guideline
from icpc_cli.network.files import read_network, to_json
from icpc_cli.network.memory import Wish
from icpc_cli.network.merge import alike, merge_files
from icpc_cli.voice.safe import shown


def share(session: Session, exports: Exports, output: str, wish: Wish, *, yes: bool) -> int:
    """Show what will be in the file, and write it after a yes."""
    from icpc_cli.screens.network import NetworkPage

    exports.refuse_overwriting([output])
    if not yes and not session.interactive:
        raise UsageError("network-no-answer")
    made = leaving(session, exports, wish)
    page = NetworkPage(session.terminal, made.guideline)
    page.write_share(made.share, output, data_folder(), whole=made.whole)
    if not yes and not _said_yes(session):
        session.say("network", "screen.not-written")
        return EXIT_FINE
    made.remember()
    _write(output, to_json(made.share.network))
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
    guideline = load_guideline()
    networks = {path: read_network(path) for path in paths}
    network = merge_files(guideline, networks)
    for first, second, period in alike(networks):
        told = {"first": shown(first), "second": shown(second), "period": session.side_voice.period(period)}
        session.note(session.side_voice.say("network", "screen.alike", **told))
    _write(output, to_json(network))
    page = NetworkPage(session.terminal, guideline)
    page.write_merged(network)
    session.write(page.written(output))
    return EXIT_FINE


def page(session: Session, path: str, output: str, before: str | None) -> int:
    """Write the page of the network's meeting; ``before``: the network of the period when the last plan was made."""
    from icpc_cli.network.meeting import meeting_of
    from icpc_cli.pages.network import network_page
    from icpc_cli.screens.network import NetworkPage

    paths = [one_fitting(each) for each in (path, before) if each is not None]
    refuse_overwriting([output], [*paths, *kept_files()])
    _different(paths)
    now, *then = [meeting_of(read_network(each), each) for each in paths]
    guideline = load_guideline()
    _write(output, network_page(session.voice.in_full, now, then[0] if then else None, guideline))
    session.write(NetworkPage(session.terminal, guideline).written(output))
    return EXIT_FINE


def _different(paths: Sequence[str]) -> None:
    seen = set()
    for path in paths:
        if (real := real_path(path)) in seen:
            raise UsageError("file-twice", path=path)
        seen.add(real)


def _said_yes(session: Session) -> bool:
    session.write("")
    answer = input(session.voice.say("network", "screen.ask")).strip().casefold()
    return answer in session.voice.say("network", "screen.yes").split()


def _write(output: str, text: str) -> None:
    with new_text(output) as file:
        file.write(text)
