"""The clipboard, where there is one."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def copied(text: str) -> bool:
    """Put ``text`` on the clipboard; whether it is there now. Without a clipboard nothing happens."""
    import pyperclip

    try:
        with _silent_helpers():
            pyperclip.copy(text)
            # xclip and its kin fail without a word to pyperclip, so look.
            return sys.platform != "linux" or str(pyperclip.paste()).strip() == text
    except (pyperclip.PyperclipException, OSError, UnicodeError):
        return False


def pasted() -> str | None:
    """What is on the clipboard; None where there is none."""
    import pyperclip

    try:
        with _silent_helpers():
            return str(pyperclip.paste())
    except (pyperclip.PyperclipException, OSError, UnicodeError):
        return None


@contextmanager
def _silent_helpers() -> Iterator[None]:
    """Keep what clipboard programs write to standard error off the screen that is being drawn."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
