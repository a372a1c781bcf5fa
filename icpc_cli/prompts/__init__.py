"""Questions in a terminal, one screen each: with keys read one at a time, or as plain lines where that is not possible.

A sheet is everything that one question shows; an asker puts it to the user and returns the value of the chosen option,
or :data:`BACK`. Ctrl-C and Ctrl-D are never an answer: both raise :class:`KeyboardInterrupt`.
"""

from collections.abc import Mapping

from prompt_toolkit.application import get_app_session
from prompt_toolkit.utils import is_dumb_terminal

from icpc_cli.prompts.keyboard import Keyboard
from icpc_cli.prompts.plain import Plain
from icpc_cli.prompts.sheets import BACK, UNKNOWN, Asker, Move, Option, Page, Sheet, Words, sheet, so_far, words_for
from icpc_cli.text import Language

__all__ = [
    "BACK",
    "UNKNOWN",
    "Asker",
    "Keyboard",
    "Move",
    "Option",
    "Page",
    "Plain",
    "Sheet",
    "Words",
    "asker",
    "sheet",
    "so_far",
    "words_for",
]


def asker(language: Language, spelling: Mapping[int, str]) -> Keyboard | Plain:
    """Who asks in this terminal. ``spelling`` says how to write signs that the terminal lacks."""
    words = words_for(language)
    return Keyboard(words, spelling) if _reads_keys() else Plain(words, spelling)


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
