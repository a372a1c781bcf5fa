"""``icpc guide``: the guide to read, and the way into Sentinel."""

from icpc_cli.cli.options import one_of
from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINE, UsageError
from icpc_cli.guideline import load_guideline
from icpc_cli.guideline.guide import load_guide
from icpc_cli.voice.calling import command

_FORMATS = ("text", "markdown")
_FIRST = "guide"


def guide(session: Session, topic: str | None, output_format: str) -> int:
    """Show the page of the topic; without one the guide itself."""
    one_of("--format", output_format, _FORMATS)
    guide = load_guide()
    name = (topic or _FIRST).casefold()
    if name not in guide.pages:
        raise UsageError("unknown-choice", where=command("guide"), value=topic, known=list(guide.pages))
    from icpc_cli.screens.guide import markdown, print_guide

    if output_format == "markdown":
        session.write(markdown(session.voice, load_guideline(), guide, name))
    else:
        print_guide(session.terminal, load_guideline(), guide, name)
    return EXIT_FINE
