"""Typer's command and group, with help in the user's language. Options carry ids; the words are in ``help.toml``."""

from typing import Any

from typer._click import Context
from typer._click.formatting import HelpFormatter
from typer.core import TyperCommand, TyperGroup, TyperOption

from icpc_cli.cli.session import Session
from icpc_cli.guideline import load_wording


def _words(ctx: Context) -> Any:
    session: Session = ctx.find_root().obj
    wording = load_wording("help")
    return lambda key: wording[key][session.language]


class Command(TyperCommand):
    """A command whose help is found by the ids of its texts."""

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        _format_help(self, ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        return self.help or ""


class Group(TyperGroup):
    """A group whose help is found by the ids of its texts."""

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        _format_help(self, ctx, formatter)


def _format_help(command: Command | Group, ctx: Context, formatter: HelpFormatter) -> None:
    words = _words(ctx)
    arguments = [param for param in command.params if not isinstance(param, TyperOption)]
    options = [param for param in command.params if isinstance(param, TyperOption) and not param.hidden]
    metavars = [(param.metavar or "").upper() for param in arguments]
    pieces = [words("words.options-metavar"), *metavars]
    if isinstance(command, Group):
        pieces.append(words("words.command-metavar"))
    formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=words("words.usage"))
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(words(command.help))
    if arguments:
        with formatter.section(words("words.arguments")):
            formatter.write_dl(
                [(metavar, words(param.help)) for metavar, param in zip(metavars, arguments, strict=True)]  # type: ignore[attr-defined]
            )
    rows = [(_names(param), words(param.help)) for param in options]
    with formatter.section(words("words.options")):
        formatter.write_dl([*rows, ("-h, --help", words("words.help"))])
    if isinstance(command, Group):
        with formatter.section(words("words.commands")):
            formatter.write_dl(
                [(name, _first_line(words(sub.help))) for name, sub in command.commands.items() if not sub.hidden]
            )


def _names(option: TyperOption) -> str:
    names = ", ".join(option.opts)
    return names if option.is_flag else f"{names} {option.metavar}"


def _first_line(text: str) -> str:
    return text.split("\n", 1)[0]
