"""Functions as commands of typer's, in the user's language. Options carry ids; the words are in ``help.toml``."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from functools import cached_property
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer._click import Command as AnyCommand
from typer._click import Context, exceptions
from typer._click.formatting import HelpFormatter
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from icpc_cli.errors import UsageError
from icpc_cli.voice.calling import program

if TYPE_CHECKING:
    from typer._click.shell_completion import CompletionItem

    from icpc_cli.cli.session import Session

_TYPERS = {"install_completion": "icpc.install-completion", "show_completion": "icpc.show-completion"}
"""The help of options that typer adds."""
_CALLED = {
    "check_id": "id",
    "every": "all",
    "first": "from",
    "last": "to",
    "mapping": "map",
    "open_it": "open",
    "output_format": "format",
}
"""Parameters that are called otherwise on the command line: the names there mean something else in Python."""
_SHORT = {"output": ["-o"], "version": ["-V"]}
_LAST = ("today", "lang", "version")
_TAKEN = {bool: bool, Sequence[str]: list[str] | None, str: str, str | None: str | None}
"""The types that parameters have, and what typer calls them."""
_LANG = Parameter("lang", Parameter.KEYWORD_ONLY, default=None, annotation=str | None)
"""Read before the command is, see ``chosen_language``."""


def called(name: str) -> str:
    """What a parameter is called on the command line, without dashes before it."""
    return _CALLED.get(name, name.replace("_", "-"))


def typed_options(group: Any, without: Collection[str] = ()) -> dict[str, list[str]]:
    """The options of a dataclass that were given, each with its words as they can be typed again."""
    options = {}
    for name in (each.name for each in fields(group) if each.name not in without):
        option, value = f"--{called(name)}", getattr(group, name)
        values = [value] if isinstance(value, str) else value or ()
        options[option] = [option] if value is True else [word for one in values for word in (option, one)]
    return options


class Taking:
    """A function as typer takes it: parameters are arguments, and those by keyword alone options.

    A parameter that is a dataclass stands for options of its fields, ``without`` some. The first parameter gets the
    session, or typer's context. What is not given is left to the defaults here. Ids of help begin with ``path``. What
    it takes is worked out when typer asks, which it does of the command alone that was named.
    """

    def __init__(self, path: str, function: Callable[..., int], without: Collection[str] = ()) -> None:
        self.__annotations__: dict[str, Any] = {}
        self._path, self._function, self._without = path, function, without

    @cached_property
    def _parameters(self) -> list[Parameter]:
        return list(signature(self._function).parameters.values())

    @cached_property
    def __signature__(self) -> Signature:
        _, *rest = self._parameters
        declared = [part for each in rest for part in _parts(each) if part.name not in self._without]
        declared = sorted([*declared, _LANG], key=lambda each: each.name in _LAST and _LAST.index(each.name) + 1)
        context = Parameter("ctx", Parameter.KEYWORD_ONLY, annotation=typer.Context)
        return Signature([context, *(_typed(self._path, each) for each in declared)])

    def __call__(self, ctx: typer.Context, **given: Any) -> int:
        """Call the function with what was given."""
        first, *rest = self._parameters
        typed = {name: value for name, value in given.items() if value is not None and name != "lang"}
        groups: dict[str, Any] = {each.name: each.annotation for each in rest if is_dataclass(each.annotation)}
        made = {
            name: group(**{each.name: typed.pop(each.name) for each in fields(group) if each.name in typed})
            for name, group in groups.items()
        }
        return self._function(ctx if first.annotation is typer.Context else ctx.obj, **typed, **made)


def _parts(parameter: Parameter) -> Iterator[Parameter]:
    """The parameter, or one for each field of the dataclass that it is."""
    if not is_dataclass(parameter.annotation):
        yield parameter
        return
    for each in fields(parameter.annotation):
        yield Parameter(each.name, Parameter.KEYWORD_ONLY, default=each.default, annotation=each.type)


def _typed(path: str, parameter: Parameter) -> Parameter:
    """A parameter as typer declares it."""
    name, kind, needed = called(parameter.name), _TAKEN[parameter.annotation], parameter.default is Parameter.empty
    words: dict[str, Any] = {"help": f"{path}.{name}", "metavar": f"{path}.{name}-metavar"}
    argument = parameter.kind is Parameter.POSITIONAL_OR_KEYWORD
    option = typer.Argument(**words) if argument else typer.Option(f"--{name}", *_SHORT.get(name, ()), **words)
    default = Parameter.empty if needed else parameter.default if kind in (bool, str) else None
    return Parameter(parameter.name, Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, option])


def wording(text: str, ctx: Context) -> str:
    """The wording of ``help.toml`` with the id ``text``, or for options at large; what is no id stands for itself."""
    session: Session = ctx.find_root().obj
    known = session.voice.known
    return known("help", text) or known("help", f"option.{text.rpartition('.')[2]}") or text


class _InOurWords(AnyCommand):
    """What commands and groups have in common: their help is found by the ids of its texts."""

    def shell_complete(self, ctx: Context, incomplete: str) -> "list[CompletionItem]":
        """How what was typed may go on, with help in the user's language."""
        return _explained(ctx, super().shell_complete(ctx, incomplete))

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the help page."""
        _format_help(self, ctx, formatter)


class Command(_InOurWords, TyperCommand):
    """A command whose help is found by the ids of its texts, and that names what it did not expect."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read the arguments; one too many is named."""
        ctx.allow_extra_args = True
        with _named(ctx):
            rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise UsageError("extra-argument", value=rest[0], command=ctx.command_path)
        return rest


class CommandGroup(_InOurWords, TyperGroup):
    """A group whose help is found by the ids of its texts, and that names the command nearest to an unknown one."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read the arguments up to the command's name."""
        with _named(ctx):
            return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, AnyCommand | None, list[str]]:
        """The command that the first argument names, perhaps by another name, and the other arguments."""
        name = args[0]
        if self.get_command(ctx, name) is None:
            from icpc_cli.guideline.aliases import load_aliases
            from icpc_cli.guideline.names import fold

            args = [load_aliases("command").get(fold(name), name), *args[1:]]
        if self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            raise _no_such_command(name, [name for name, command in self.commands.items() if not command.hidden])
        return super().resolve_command(ctx, args)


def in_english(command: AnyCommand, arguments: list[str]) -> list[str]:
    """The arguments with the real names of options for their other ones."""
    commands, known = [command], {"--help"}
    for each in commands:
        known.update(name for param in each.params for name in param.opts)
        commands += each.commands.values() if isinstance(each, CommandGroup) else ()
    last = arguments.index("--") if "--" in arguments else len(arguments)
    return [_real(argument, known) for argument in arguments[:last]] + arguments[last:]


def _real(argument: str, known: set[str]) -> str:
    name, equals, value = argument.partition("=")
    if not argument.startswith("--") or name in known:
        return argument
    from icpc_cli.guideline.aliases import real_option

    return real_option(name) + equals + value


@contextmanager
def _named(ctx: Context) -> Iterator[None]:
    """Give errors of the parser an id, so that they are said in the user's language and name the command's help."""
    try:
        yield
    except exceptions.UsageError as error:
        raise _as_usage_error(error, error.ctx or ctx) from None


def _as_usage_error(error: exceptions.UsageError, ctx: Context) -> UsageError:
    command = ctx.command_path
    if isinstance(error, exceptions.NoSuchOption):
        if error.possibilities:
            nearest = error.possibilities[0]
            return UsageError("no-such-option-nearest", value=error.option_name, nearest=nearest, command=command)
        return UsageError("no-such-option", value=error.option_name, command=command)
    if isinstance(error, exceptions.BadOptionUsage):
        known = {name: param for param in ctx.command.params for name in param.opts}
        takes_value = not getattr(known.get(error.option_name), "is_flag", True)
        return UsageError(
            "missing-option-value" if takes_value else "needless-option-value", value=error.option_name, command=command
        )
    if isinstance(error, exceptions.MissingParameter) and error.param:
        value = metavar(error.param, ctx).rstrip(" .")
        if error.param.param_type_name == "option":
            value = f"{error.param.opts[0]} {value}"
        return UsageError("missing-argument", value=value, command=command)
    return UsageError("wrong-use", command=command)


def _no_such_command(name: str, known: list[str]) -> UsageError:
    from rapidfuzz import fuzz, process

    best = process.extractOne(name.casefold(), known, scorer=fuzz.ratio, score_cutoff=60)
    if best is None:
        return UsageError("no-such-command", value=name)
    return UsageError("no-such-command-nearest", value=name, nearest=best[0])


def _format_help(command: AnyCommand, ctx: Context, formatter: HelpFormatter) -> None:
    arguments = [param for param in command.params if isinstance(param, TyperArgument) and not param.hidden]
    options = [param for param in command.params if isinstance(param, TyperOption) and not param.hidden]
    pieces = [wording("words.options-metavar", ctx), *(metavar(param, ctx) for param in arguments)]
    if isinstance(command, CommandGroup):
        pieces.append(wording("words.command-metavar", ctx))
    formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=wording("words.usage", ctx))
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(_with_examples(wording(command.help or "", ctx)))
    sections = {
        "words.arguments": [(metavar(param, ctx), wording(param.help or "", ctx)) for param in arguments],
        "words.options": [
            *((_names(param, ctx), wording(_TYPERS.get(str(param.name), param.help or ""), ctx)) for param in options),
            ("-h, --help", wording("words.help", ctx)),
        ],
        "words.commands": [
            (name, _first_sentence(wording(sub.help or "", ctx)))
            for name, sub in (command.commands.items() if isinstance(command, CommandGroup) else ())
            if not sub.hidden
        ],
    }
    for title, rows in sections.items():
        if rows:
            with formatter.section(wording(title, ctx)):
                formatter.write_dl(rows)


def _explained(ctx: Context, items: "list[CompletionItem]") -> "list[CompletionItem]":
    for item in items:
        item.help = _first_sentence(wording(_TYPERS.get(item.value.strip("-").replace("-", "_"), item.help or ""), ctx))
    return items


def metavar(param: Any, ctx: Context) -> str:
    """What stands for the value of an option or argument."""
    return wording(param.metavar, ctx) if param.metavar else str(param.name).upper()


def _names(option: TyperOption, ctx: Context) -> str:
    names = ", ".join(option.opts)
    return names if option.is_flag else f"{names} {metavar(option, ctx)}"


def _with_examples(text: str) -> str:
    """``text`` with each ``Example:  icpc ...`` unwrapped on a line of its own, so that it can be copied."""
    example = rf"(\S.*?:) {{2}}({re.escape(program())} .+)"
    return re.sub(example, r"\n\b\n\1\n\2\n", text).strip("\n")


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=\.)\s", text, maxsplit=1)[0]
