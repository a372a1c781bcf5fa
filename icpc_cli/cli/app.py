"""The commands of ``icpc``. Each imports what it needs when it runs, so that the others start fast."""

import os
import sys
from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Any

import typer

from icpc_cli import __version__
from icpc_cli.cli.commands import Command, Group, in_english, wording
from icpc_cli.cli.session import Session, chosen_language, prepare_streams
from icpc_cli.errors import EXIT_BROKEN_PIPE, EXIT_FINE, EXIT_INTERRUPTED, IcpcError, UsageError
from icpc_cli.files import refuse_late_quotes
from icpc_cli.text import Language

if TYPE_CHECKING:
    from icpc_cli.cli.exports import Exports

app = typer.Typer(
    cls=Group,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_COMPLETE = "_ICPC_COMPLETE"
"""Set by a shell that asks how a line may go on."""

Lang = Annotated[str | None, typer.Option("--lang", metavar="da|en", help="icpc.lang")]
# How exports are read: the same for every command that reads them.
Today = Annotated[str | None, typer.Option(metavar="check.today-metavar", help="check.today")]
DutyFrom = Annotated[str | None, typer.Option("--duty-from", metavar="metavar.day", help="check.duty-from")]
Specialty = Annotated[str | None, typer.Option(metavar="metavar.number", help="check.specialty")]
Mapping = Annotated[list[str] | None, typer.Option("--map", metavar="check.map-metavar", help="check.map")]
Files = Annotated[list[str], typer.Argument(metavar="check.files-metavar", help="check.files")]
Sheet = Annotated[str | None, typer.Option(metavar="metavar.name", help="check.sheet")]
NoJoin = Annotated[bool, typer.Option("--no-join", help="check.no-join")]
Encoding = Annotated[str | None, typer.Option(metavar="metavar.name", help="check.encoding")]
Delimiter = Annotated[str | None, typer.Option(metavar="check.delimiter-metavar", help="check.delimiter")]
WithoutCodes = Annotated[bool, typer.Option("--without-codes", help="check.without-codes")]
Previous = Annotated[list[str] | None, typer.Option(metavar="check.file-metavar", help="check.previous")]
Clinic = Annotated[str | None, typer.Option(metavar="metavar.name", help="report.clinic")]
MinCount = Annotated[str | None, typer.Option("--min-count", metavar="metavar.number", help="network.share.min-count")]


@app.callback(invoke_without_command=True, help="icpc.help")
def root(
    ctx: typer.Context,
    lang: Lang = None,
    version: Annotated[bool, typer.Option("--version", "-V", help="icpc.version")] = False,
) -> int:
    """Ask the questions in a terminal; print help without one."""
    session: Session = ctx.obj
    if version:
        show_version(ctx)
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        if not session.interactive:
            session.write(ctx.get_help())
            return EXIT_FINE
        from icpc_cli.cli.suggest import interview

        return interview(session)
    return EXIT_FINE


@app.command(cls=Command, help="suggest.help")
def suggest(
    ctx: typer.Context,
    specialty: Annotated[str | None, typer.Option(metavar="metavar.number", help="suggest.specialty")] = None,
    course: Annotated[str | None, typer.Option(metavar="TYPE", help="suggest.course")] = None,
    condition: Annotated[list[str] | None, typer.Option(metavar="metavar.name", help="suggest.condition")] = None,
    nerve_root_signs: Annotated[
        str | None, typer.Option(metavar="metavar.answer", help="suggest.nerve-root-signs")
    ] = None,
    findings_certain: Annotated[
        str | None, typer.Option(metavar="metavar.answer", help="suggest.findings-certain")
    ] = None,
    consultation: Annotated[str | None, typer.Option(metavar="N", help="suggest.consultation")] = None,
    note: Annotated[str | None, typer.Option(metavar="metavar.text", help="suggest.note")] = None,
    output_format: Annotated[str, typer.Option("--format", metavar="text|json", help="suggest.format")] = "text",
    jsonl: Annotated[bool, typer.Option("--jsonl", help="suggest.jsonl")] = False,
    lang: Lang = None,
) -> int:
    """Advice for one course from options, or for many from standard input."""
    from icpc_cli.cli import suggest as door
    from icpc_cli.model import Fact

    words = {
        Fact.SPECIALTY: specialty,
        Fact.COURSE: course,
        Fact.NERVE_ROOT_SIGNS: nerve_root_signs,
        Fact.FINDINGS_CERTAIN: findings_certain,
    }
    if jsonl:
        return door.many(ctx.obj)
    return door.one(ctx.obj, words, condition or [], consultation, output_format, note)


@app.command(cls=Command, help="note.help")
def note(
    ctx: typer.Context,
    text: Annotated[str | None, typer.Argument(metavar="note.text-metavar", help="note.text")] = None,
    file: Annotated[str | None, typer.Option("--file", metavar="metavar.file", help="note.file")] = None,
    paste: Annotated[bool, typer.Option("--paste", help="note.paste")] = False,
    specialty: Annotated[str | None, typer.Option(metavar="metavar.number", help="suggest.specialty")] = None,
    course: Annotated[str | None, typer.Option(metavar="TYPE", help="suggest.course")] = None,
    consultation: Annotated[str | None, typer.Option(metavar="N", help="suggest.consultation")] = None,
    output_format: Annotated[str, typer.Option("--format", metavar="text|json", help="suggest.format")] = "text",
    jsonl: Annotated[bool, typer.Option("--jsonl", help="note.jsonl")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="note.explain")] = False,
    lang: Lang = None,
) -> int:
    """What a note says about the facts, and the advice that follows."""
    from icpc_cli.cli import note as door
    from icpc_cli.cli.options import given_text
    from icpc_cli.model import Fact

    if jsonl:
        return door.many(ctx.obj)
    if text is None and file is None and not (paste or ctx.obj.interactive):
        raise UsageError(
            "missing-argument", value=wording("note.text-metavar", ctx).strip("[]"), command=ctx.command_path
        )
    note_text = given_text(ctx.obj, text, file, clipboard=paste)
    if explain:
        return door.explained(ctx.obj, note_text)
    words = {Fact.SPECIALTY: specialty, Fact.COURSE: course}
    return door.one(ctx.obj, note_text, words, consultation, output_format)


def _exports(ctx: typer.Context, **more: object) -> "Exports":
    """The files of a command, to be read as its options say: those of them that it has, and that were given."""
    from icpc_cli.cli.exports import Exports

    given = {each.name: ctx.params.get(each.name) for each in fields(Exports)}
    typed: dict[str, Any] = {name: value for name, value in given.items() if value is not None} | more
    return Exports(ctx.params["files"], **typed)


@app.command(cls=Command, help="check.help")
def check(
    ctx: typer.Context,
    files: Files,
    output_format: Annotated[
        str | None, typer.Option("--format", metavar="check.format-metavar", help="check.format")
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="check.target-metavar", help="check.output")
    ] = None,
    annotate: Annotated[str | None, typer.Option(metavar="check.target-metavar", help="check.annotate")] = None,
    fix: Annotated[str | None, typer.Option(metavar="check.target-metavar", help="check.fix")] = None,
    worklist: Annotated[str | None, typer.Option(metavar="check.target-metavar", help="check.worklist")] = None,
    mask_patients: Annotated[bool, typer.Option("--mask-patients", help="check.mask-patients")] = False,
    show_patients: Annotated[bool, typer.Option("--show-patients", help="check.show-patients")] = False,
    fail_on: Annotated[
        str, typer.Option("--fail-on", metavar="error|warning|info|never", help="check.fail-on")
    ] = "error",
    specialty: Specialty = None,
    mapping: Mapping = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    no_join: NoJoin = False,
    without_codes: WithoutCodes = False,
    previous: Previous = None,
    duty_from: DutyFrom = None,
    only: Annotated[str | None, typer.Option(metavar="new", help="check.only")] = None,
    no_notes: Annotated[bool, typer.Option("--no-notes", help="check.no-notes")] = False,
    select: Annotated[list[str] | None, typer.Option(metavar="check.ids-metavar", help="check.select")] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="check.ids-metavar", help="check.ignore")] = None,
    today: Today = None,
    lang: Lang = None,
) -> int:
    """What an export lacks, and what in it does not follow the guide."""
    from icpc_cli.cli import check as door
    from icpc_cli.cli import outputs

    return door.check(
        ctx.obj,
        _exports(ctx, one_file="--annotate" if annotate else "--fix" if fix else None),
        asked=outputs.Asked(output_format, output, annotate, fix, show_patients, worklist, mask_patients),
        fail_on=fail_on,
        notes=not no_notes,
        shown=(select or [], ignore or []),
    )


@app.command(cls=Command, help="work.help")
def work(
    ctx: typer.Context,
    files: Files,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="check.target-metavar", help="work.output")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="work.all")] = False,
    specialty: Specialty = None,
    mapping: Mapping = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    no_join: NoJoin = False,
    without_codes: WithoutCodes = False,
    previous: Previous = None,
    duty_from: DutyFrom = None,
    today: Today = None,
    lang: Lang = None,
) -> int:
    """The worklist, one course at a time."""
    from icpc_cli.cli import work as door

    return door.work(ctx.obj, _exports(ctx), output, every=every)


@app.command(cls=Command, help="init.help")
def init(
    ctx: typer.Context,
    export: Annotated[str, typer.Argument(metavar="init.file-metavar", help="init.file")],
    yes: Annotated[bool, typer.Option("--yes", help="init.yes")] = False,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    lang: Lang = None,
) -> int:
    """Write the settings of a clinic by asking."""
    from icpc_cli.cli import init as door
    from icpc_cli.cli.exports import Exports
    from icpc_cli.files import one_fitting

    export = one_fitting(export)
    exports = Exports([export], encoding=encoding, delimiter=delimiter, sheet=sheet)
    return door.init(ctx.obj, export, exports, yes=yes)


@app.command(cls=Command, help="report.help")
def report(
    ctx: typer.Context,
    files: Files,
    output_format: Annotated[
        str | None, typer.Option("--format", metavar="html|text|json|xlsx", help="report.format")
    ] = None,
    output: Annotated[str | None, typer.Option("--output", "-o", metavar="metavar.file", help="report.output")] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="metavar.day", help="report.from")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="metavar.day", help="report.to")] = None,
    clinic: Clinic = None,
    compare: Annotated[str | None, typer.Option(metavar="metavar.file", help="report.compare")] = None,
    show_patients: Annotated[bool, typer.Option("--show-patients", help="report.show-patients")] = False,
    brief: Annotated[bool, typer.Option("--brief", help="report.brief")] = False,
    open_it: Annotated[bool, typer.Option("--open", help="report.open")] = False,
    specialty: Specialty = None,
    mapping: Mapping = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    no_join: NoJoin = False,
    duty_from: DutyFrom = None,
    today: Today = None,
    lang: Lang = None,
) -> int:
    """The clinic's own quality report."""
    from icpc_cli.cli import report as door

    chosen = door.Chosen(output_format, output, first, last, clinic, compare, show_patients, brief, open_it)
    return door.report(ctx.obj, _exports(ctx), chosen)


@app.command(cls=Command, help="partner.help")
def partner(
    ctx: typer.Context,
    files: Files,
    output: Annotated[str, typer.Option("--output", "-o", metavar="metavar.file", help="partner.output")],
    name: Annotated[str | None, typer.Option(metavar="metavar.name", help="partner.name")] = None,
    clinic: Clinic = None,
    min_count: MinCount = None,
    specialty: Specialty = None,
    mapping: Mapping = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    no_join: NoJoin = False,
    today: Today = None,
    lang: Lang = None,
) -> int:
    """One page for partners."""
    from icpc_cli.cli import partner as door
    from icpc_cli.cli.leaving import Wish
    from icpc_cli.network.share import clinic_name, least_count

    return door.partner(ctx.obj, _exports(ctx), output, Wish(clinic, None, least_count(min_count), clinic_name(name)))


@app.command(cls=Command, help="rules.help")
def rules(
    ctx: typer.Context,
    check_id: Annotated[str | None, typer.Argument(metavar="rules.id-metavar", help="rules.id")] = None,
    lang: Lang = None,
) -> int:
    """What the checks are."""
    from icpc_cli.cli import rules as door

    return door.rules(ctx.obj, check_id)


@app.command(cls=Command, help="codes.help")
def codes(
    ctx: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(metavar="codes.words-metavar", help="codes.words")] = None,
    output_format: Annotated[str, typer.Option("--format", metavar="text|json", help="codes.format")] = "text",
    lang: Lang = None,
) -> int:
    """Codes by number or word, and the clinic's own list of them."""
    from icpc_cli.cli import codes as door

    return door.codes(ctx.obj, words or [], output_format)


@app.command(cls=Command, help="guide.help")
def guide(
    ctx: typer.Context,
    topic: Annotated[str | None, typer.Argument(metavar="guide.topic-metavar", help="guide.topic")] = None,
    output_format: Annotated[str, typer.Option("--format", metavar="text|markdown", help="guide.format")] = "text",
    lang: Lang = None,
) -> int:
    """The guide, or how to get started with Sentinel."""
    from icpc_cli.cli import guide as door

    return door.guide(ctx.obj, topic, output_format)


@app.command(cls=Command, name="help", hidden=True, help="words.help")
def show_help(
    ctx: typer.Context, words: Annotated[list[str] | None, typer.Argument()] = None, lang: Lang = None
) -> int:
    """Print the help of the program, or of the command that is named."""
    root = ctx.find_root()
    with root.command.make_context("icpc", [*(words or []), "--help"], obj=root.obj) as asked:
        root.command.invoke(asked)
    return EXIT_FINE


@app.command(cls=Command, name="version", hidden=True, help="icpc.version")
def show_version(ctx: typer.Context, lang: Lang = None) -> int:
    """Print the version."""
    session: Session = ctx.obj
    session.write(f"icpc {__version__}")
    return EXIT_FINE


network = typer.Typer(cls=Group, add_completion=False, rich_markup_mode=None, invoke_without_command=True)
app.add_typer(network, name="network")


@network.callback(help="network.help")
def network_root(ctx: typer.Context, lang: Lang = None) -> int:
    """Say which commands there are, when none is named."""
    if ctx.invoked_subcommand is None:
        session: Session = ctx.obj
        session.write(ctx.get_help())
    return EXIT_FINE


@network.command(cls=Command, name="share", help="network.share.help")
def network_share(
    ctx: typer.Context,
    files: Files,
    output: Annotated[str, typer.Option("--output", "-o", metavar="metavar.file", help="network.share.output")],
    name: Annotated[str | None, typer.Option(metavar="metavar.name", help="network.share.name")] = None,
    clinic: Annotated[str | None, typer.Option(metavar="metavar.name", help="network.share.clinic")] = None,
    period: Annotated[str | None, typer.Option(metavar="year|half|quarter", help="network.share.period")] = None,
    min_count: MinCount = None,
    yes: Annotated[bool, typer.Option("--yes", help="network.share.yes")] = False,
    renew: Annotated[bool, typer.Option("--renew", help="network.share.renew")] = False,
    specialty: Specialty = None,
    mapping: Mapping = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    no_join: NoJoin = False,
    today: Today = None,
    lang: Lang = None,
) -> int:
    """What may leave the clinic."""
    from icpc_cli.cli import network as door
    from icpc_cli.cli.leaving import Wish
    from icpc_cli.network.share import clinic_name, least_count

    wish = Wish(clinic, period, least_count(min_count), clinic_name(name), renew)
    return door.share(ctx.obj, _exports(ctx), output, wish, yes=yes)


@network.command(cls=Command, name="merge", help="network.merge.help")
def network_merge(
    ctx: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="check.files-metavar", help="network.merge.files")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="metavar.file", help="network.merge.output")],
    lang: Lang = None,
) -> int:
    """Clinics added together."""
    from icpc_cli.cli import network as door

    return door.merge(ctx.obj, files, output)


def run(arguments: list[str]) -> int:
    """Run ``icpc`` with these arguments and return its exit status; errors of the user's are shown, bugs are raised."""
    prepare_streams()
    try:
        return _answer(arguments)
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
        command = typer.main.get_command(app)
        arguments = in_english(command, arguments)
        session = Session(chosen_language(arguments, os.environ))
        refuse_late_quotes(arguments)
        status = _status(session, command, arguments)
        sys.stdout.flush()
    except IcpcError as error:
        return session.fail(error)
    except MemoryError:
        return session.fail(UsageError("out-of-memory"))
    except (KeyboardInterrupt, EOFError, typer.Abort):
        return EXIT_INTERRUPTED
    return status


def _status(session: Session, command: Any, arguments: list[str]) -> int:
    try:
        if _COMPLETE in os.environ:
            command.main(arguments, "icpc", _COMPLETE, obj=session)
        with command.make_context("icpc", list(arguments), obj=session) as ctx:
            return int(command.invoke(ctx) or EXIT_FINE)
    except typer.Exit as stop:
        return stop.exit_code
