"""``icpc guide``: the guide to read, and the way into Sentinel."""

import sys

from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINE, UsageError
from icpc_cli.guideline import load_guideline
from icpc_cli.guideline.guide import load_guide

_FORMATS = ("text", "markdown")
_FIRST = "guide"


def guide(session: Session, topic: str | None, output_format: str) -> int:
    """Show the page of the topic; without one the guide itself."""
    if output_format not in _FORMATS:
        raise UsageError("unknown-choice", where="--format", value=output_format, known=_FORMATS)
    guide = load_guide()
    name = (topic or _FIRST).casefold()
    if name not in guide.pages:
        raise UsageError("unknown-choice", where="icpc guide", value=topic, known=list(guide.pages))
    from icpc_cli.render import guide as render

    if output_format == "markdown":
        session.write(render.markdown(load_guideline(), guide, name, session.language))
    else:
        render.print_guide(load_guideline(), guide, name, session.language, sys.stdout.encoding)
    return EXIT_FINE
