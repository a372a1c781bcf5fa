"""Pages out of templates: escaped throughout, with a policy that allows their own style sheet and nothing else."""

import base64
import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from icpc_cli import __version__
from icpc_cli.voice import Voice

_FOLDER = Path(__file__).parent / "templates"
_STYLES = {"check": "check.css"}
"""The style sheets of pages that do not have that of the reports."""


def page(name: str, voice: Voice, words: str, *, cell: Callable[..., str] = str, **values: Any) -> str:
    """The page of a template. What is put in is escaped, but for charts.

    ``words``: the file of wording of which the template says keys; ``cell`` says what a cell of a table says.
    """
    return "".join(pieces(name, voice, words, cell=cell, **values))


def pieces(name: str, voice: Voice, words: str, *, cell: Callable[..., str] = str, **values: Any) -> Iterator[str]:
    """The same in pieces, for pages that are long."""
    style = (_FOLDER / _STYLES.get(name, "page.css")).read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = cell
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    say = partial(voice.say, words)
    environment.globals.update(voice=voice, say=say, version=__version__, style=style, policy=policy)
    return environment.get_template(f"{name}.html.j2").generate(**values)
