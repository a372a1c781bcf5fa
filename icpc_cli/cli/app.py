"""The commands of ``icpc``. Each imports what it needs when it runs, so that the others start fast."""

import os
import sys
from collections.abc import Callable, Collection, Sequence
from contextvars import copy_context
from copy import copy
from typing import TYPE_CHECKING, Any

import typer

from icpc_cli import __version__
from icpc_cli.cli.asked import Asked, Chosen, HowToRead, Told
from icpc_cli.cli.commands import Command, CommandGroup, Taking, in_english, typed_options
from icpc_cli.cli.session import Session, chosen_language, prepare_streams
from icpc_cli.errors import EXIT_BROKEN_PIPE, EXIT_FINE, EXIT_INTERRUPTED, IcpcError, UsageError
from icpc_cli.files import refuse_late_quotes
from icpc_cli.text import Language
from icpc_cli.voice.calling import command, program, reads_with

if TYPE_CHECKING:
    from icpc_cli.cli.exports import Exports

app = typer.Typer(
    cls=CommandGroup,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
network = typer.Typer(cls=CommandGroup, add_completion=False, rich_markup_mode=None, invoke_without_command=True)
app.add_typer(network, name="network")
_COMPLETE = "_ICPC_COMPLETE"
"""Set by a shell that asks how a line may go on."""

_Declared = Callable[..., int]


def _command(
    path: str, *, of: typer.Typer = app, without: Collection[str] = (), hidden: bool = False
) -> Callable[[_Declared], _Declared]:
    """Declare a function as the command of this path; it goes without some of the options of its groups."""

    def declared(function: _Declared) -> _Declared:
        taken = Taking(path, function, without)
        of.command(path.rpartition(".")[2], cls=Command, help=f"{path}.help", hidden=hidden)(taken)
        return function

    return declared


def _exports(files: Sequence[str], reading: HowToRead, one_file: str | None = None) -> "Exports":
    from icpc_cli.cli.exports import Exports

    reads_with(typed_options(reading, without=("today",)))
    return Exports(files, **vars(reading), one_file=one_file)


def root(ctx: typer.Context, *, version: bool = False) -> int:
    """Ask the questions in a terminal; print help without one."""
    session: Session = ctx.obj
    if version:
        show_version(session)
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        if not session.interactive:
            session.write(ctx.get_help())
            return EXIT_FINE
        from icpc_cli.cli.interview import run

        run(session)
    return EXIT_FINE


def network_root(ctx: typer.Context) -> int:
    """Say which commands there are, when none is named."""
    if ctx.invoked_subcommand is None:
        session: Session = ctx.obj
        session.write(ctx.get_help())
    return EXIT_FINE


app.callback(invoke_without_command=True, help="icpc.help")(Taking("icpc", root))
network.callback(help="network.help")(Taking("network", network_root))


@_command("suggest")
def suggest(
    session: Session, *, told: Told, note: str | None = None, output_format: str = "text", jsonl: bool = False
) -> int:
    """Advice for one course from options, or for many from standard input."""
    from icpc_cli.cli import suggest as door

    return door.many(session) if jsonl else door.one(session, told, output_format, note)


@_command("note", without=("condition", "nerve_root_signs", "findings_certain"))
def note(
    session: Session,
    text: str | None = None,
    *,
    file: str | None = None,
    paste: bool = False,
    told: Told,
    output_format: str = "text",
    jsonl: bool = False,
    explain: bool = False,
) -> int:
    """What a note says about the facts, and the advice that follows."""
    from icpc_cli.cli import note as door
    from icpc_cli.cli.options import given_text

    if jsonl:
        return door.many(session)
    if text is None and file is None and not (paste or session.interactive):
        value = session.voice.say("help", "note.text-metavar").strip("[]")
        raise UsageError("missing-argument", value=value, command=command("note"))
    note_text = given_text(session, text, file, clipboard=paste)
    return door.explained(session, note_text) if explain else door.one(session, note_text, told, output_format)


@_command("check")
def check(
    session: Session,
    files: Sequence[str],
    *,
    asked: Asked,
    fail_on: str = "error",
    reading: HowToRead,
    no_notes: bool = False,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
) -> int:
    """What an export lacks, and what in it does not follow the guide."""
    from icpc_cli.cli import check as door

    exports = _exports(files, reading, "--annotate" if asked.annotate else "--fix" if asked.fix else None)
    return door.check(session, exports, asked=asked, fail_on=fail_on, notes=not no_notes, shown=(select, ignore))


@_command("work", without=("only",))
def work(
    session: Session, files: Sequence[str], *, output: str | None = None, every: bool = False, reading: HowToRead
) -> int:
    """The worklist, one course at a time."""
    from icpc_cli.cli import work as door

    return door.work(session, _exports(files, reading), output, every=every)


@_command("init", without=("specialty", "mapping", "without_codes", "previous", "duty_from", "only", "today"))
def init(session: Session, files: Sequence[str], *, yes: bool = False, reading: HowToRead) -> int:
    """Write the settings of a clinic by asking."""
    from icpc_cli.cli import init as door

    return door.init(session, _exports(files, reading), yes=yes)


@_command("report", without=("without_codes", "previous", "only"))
def report(session: Session, files: Sequence[str], *, chosen: Chosen, reading: HowToRead) -> int:
    """The clinic's own quality report."""
    from icpc_cli.cli import report as door

    return door.report(session, _exports(files, reading), chosen)


_LEAVING = ("without_codes", "previous", "duty_from", "only")


@_command("partner", without=_LEAVING)
def partner(
    session: Session,
    files: Sequence[str],
    *,
    output: str,
    name: str | None = None,
    clinic: str | None = None,
    min_count: str | None = None,
    reading: HowToRead,
) -> int:
    """One page for partners."""
    from icpc_cli.cli import partner as door
    from icpc_cli.network.memory import Wish
    from icpc_cli.network.share import clinic_name, least_count

    wish = Wish(clinic, None, least_count(min_count), clinic_name(name))
    return door.partner(session, _exports(files, reading), output, wish)


@_command("rules")
def rules(session: Session, check_id: str | None = None) -> int:
    """What the checks are."""
    from icpc_cli.cli import rules as door

    return door.rules(session, check_id)


@_command("codes")
def codes(session: Session, words: Sequence[str] = (), *, output_format: str = "text") -> int:
    """Codes by number or word, and the clinic's own list of them."""
    from icpc_cli.cli import codes as door

    return door.codes(session, words, output_format)


@_command("guide")
def guide(session: Session, topic: str | None = None, *, output_format: str = "text") -> int:
    """The guide, or how to get started with Sentinel."""
    from icpc_cli.cli import guide as door

    return door.guide(session, topic, output_format)


@_command("help", hidden=True)
def show_help(ctx: typer.Context, words: Sequence[str] = ()) -> int:
    """Print the help of the program, or of the command that is named."""
    root = ctx.find_root()
    with root.command.make_context(str(root.info_name), [*words, "--help"], obj=root.obj) as asked:
        root.command.invoke(asked)
    return EXIT_FINE


@_command("version", hidden=True)
def show_version(session: Session) -> int:
    """Print the version."""
    session.write(f"icpc {__version__}")
    return EXIT_FINE


@_command("network.share", of=network, without=_LEAVING)
def network_share(
    session: Session,
    files: Sequence[str],
    *,
    output: str,
    name: str | None = None,
    clinic: str | None = None,
    period: str | None = None,
    min_count: str | None = None,
    yes: bool = False,
    renew: bool = False,
    reading: HowToRead,
) -> int:
    """What may leave the clinic."""
    from icpc_cli.cli import network as door
    from icpc_cli.network.memory import Wish
    from icpc_cli.network.share import clinic_name, least_count

    wish = Wish(clinic, period, least_count(min_count), clinic_name(name), renew)
    return door.share(session, _exports(files, reading), output, wish, yes=yes)


@_command("network.merge", of=network)
def network_merge(session: Session, files: Sequence[str], *, output: str) -> int:
    """Clinics added together."""
    from icpc_cli.cli import network as door

    return door.merge(session, files, output)


@_command("network.page", of=network)
def network_page(session: Session, file: str, *, output: str, compare: str | None = None) -> int:
    """The page of a network's meeting."""
    from icpc_cli.cli import network as door

    return door.page(session, file, output, compare)


def run(arguments: list[str]) -> int:
    """Run ``icpc`` with these arguments and return its exit status; errors of the user's are shown, bugs are raised."""
    prepare_streams()
    try:
        return copy_context().run(_answer, arguments)
    except BrokenPipeError:
        return EXIT_BROKEN_PIPE


def session_of(arguments: list[str]) -> Session:
    """A session in the language that is asked for, or else in Danish."""
    try:
        return Session(chosen_language(arguments, os.environ))
    except UsageError:
        return Session(Language.DA)


def _answer(arguments: list[str]) -> int:
    session = Session(Language.DA)
    try:
        root_command = typer.main.get_command(_with_named_only(arguments))
        arguments = in_english(root_command, arguments)
        session = Session(chosen_language(arguments, os.environ))
        refuse_late_quotes(arguments)
        status = _status(session, root_command, arguments)
        sys.stdout.flush()
    except IcpcError as error:
        return session.fail(error)
    except MemoryError:
        return session.fail(UsageError("out-of-memory"))
    except (KeyboardInterrupt, EOFError, typer.Abort):
        return EXIT_INTERRUPTED
    return status


def _with_named_only(arguments: list[str]) -> typer.Typer:
    """The program with no other command than the first argument names, if it does: to build all takes half a start.

    Hidden commands may speak of the others.
    """
    for each in app.registered_commands:
        if arguments and not each.hidden and arguments[0] == (each.name or getattr(each.callback, "__name__", None)):
            alone = copy(app)
            alone.registered_commands, alone.registered_groups = [each], []
            return alone
    return app


def _status(session: Session, root_command: Any, arguments: list[str]) -> int:
    try:
        if _COMPLETE in os.environ:
            root_command.main(arguments, "icpc", _COMPLETE, obj=session)
        with root_command.make_context(program(), list(arguments), obj=session) as ctx:
            return int(root_command.invoke(ctx) or EXIT_FINE)
    except typer.Exit as stop:
        return stop.exit_code
