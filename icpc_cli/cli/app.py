"""The commands of ``icpc``. Each imports what it needs when it runs, so that the others start fast."""

import os
import sys
from typing import Annotated

import typer
from typer._click import exceptions

from icpc_cli import __version__
from icpc_cli.cli.commands import Command, Group
from icpc_cli.cli.session import Session, chosen_language, prepare_streams
from icpc_cli.errors import EXIT_FINE, EXIT_INTERRUPTED, IcpcError, UsageError
from icpc_cli.model import Language

app = typer.Typer(
    cls=Group,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Lang = Annotated[str | None, typer.Option("--lang", metavar="da|en", help="icpc.lang")]


@app.callback(invoke_without_command=True, help="icpc.help")
def root(
    ctx: typer.Context,
    lang: Lang = None,
    version: Annotated[bool, typer.Option("--version", help="icpc.version")] = False,
) -> int:
    """Ask the questions in a terminal; print help without one."""
    session: Session = ctx.obj
    if version:
        session.write(f"icpc {__version__}")
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
    specialty: Annotated[str | None, typer.Option(metavar="NR", help="suggest.specialty")] = None,
    course: Annotated[str | None, typer.Option(metavar="TYPE", help="suggest.course")] = None,
    condition: Annotated[list[str] | None, typer.Option(metavar="NAVN", help="suggest.condition")] = None,
    nerve_root_signs: Annotated[str | None, typer.Option(metavar="JA|NEJ|?", help="suggest.nerve-root-signs")] = None,
    findings_certain: Annotated[str | None, typer.Option(metavar="JA|NEJ|?", help="suggest.findings-certain")] = None,
    consultation: Annotated[str | None, typer.Option(metavar="N", help="suggest.consultation")] = None,
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
    return door.one(ctx.obj, words, condition or [], consultation, output_format)


def run(arguments: list[str]) -> int:
    """Run ``icpc`` with these arguments and return its exit status; errors of the user's are shown, bugs are raised."""
    prepare_streams()
    session = Session(Language.DA)
    try:
        session = Session(chosen_language(arguments, os.environ))
        status = app(arguments, prog_name="icpc", standalone_mode=False, obj=session)
    except IcpcError as error:
        return session.fail(error)
    except exceptions.UsageError as error:
        return session.fail(_as_usage_error(error))
    except (KeyboardInterrupt, typer.Abort):
        return EXIT_INTERRUPTED
    finally:
        sys.stdout.flush()
    return int(status or EXIT_FINE)


def _as_usage_error(error: exceptions.UsageError) -> UsageError:
    """The same error with an id, so that it is said in the user's language."""
    command = error.ctx.command_path if error.ctx else "icpc"
    if isinstance(error, exceptions.NoSuchOption):
        nearest = error.possibilities[0] if error.possibilities else None
        if nearest:
            return UsageError("no-such-option-nearest", value=error.option_name, nearest=nearest, command=command)
        return UsageError("no-such-option", value=error.option_name, command=command)
    if isinstance(error, exceptions.BadOptionUsage):
        return UsageError("missing-option-value", value=error.option_name, command=command)
    if isinstance(error, exceptions.MissingParameter) and error.param is not None:
        return UsageError("missing-argument", value=error.param.metavar or error.param.name, command=command)  # type: ignore[attr-defined]
    return UsageError("wrong-use", command=command)
