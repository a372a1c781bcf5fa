"""Questions in a terminal, one screen each: with keys read one at a time, or as plain lines where that is not possible.

A sheet is everything that one question shows; an asker puts it to the user and returns the value of the chosen option,
or :data:`BACK`. Ctrl-C and Ctrl-D are never an answer: both raise :class:`KeyboardInterrupt`.
"""

from typing import TextIO

from prompt_toolkit.application import get_app_session
from prompt_toolkit.utils import is_dumb_terminal

from icpc_cli.prompts.keyboard import Keyboard
from icpc_cli.prompts.plain import Plain
from icpc_cli.voice import Voice

__all__ = ["Keyboard", "Plain", "asker"]


def asker(voice: Voice, out: TextIO) -> Keyboard | Plain:
    """Who asks in this terminal; ``out`` is what is read there."""
    return Keyboard(voice) if _reads_keys() else Plain(voice, out)


def _reads_keys() -> bool:
    """Whether prompt_toolkit finds a console to read keys from; dumb terminals and Git Bash have none."""
    if is_dumb_terminal():
        return False
    session = get_app_session()
    try:
        _ = session.input, session.output
    except Exception:  # each platform has its own error for "no console"
        return False
    return True
