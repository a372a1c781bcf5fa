"""How letters and signs are written where an encoding lacks them."""

from collections.abc import Mapping
from functools import cache

# Signs of our own, always replaced outside Unicode: a code page may hold them, the font behind it often does not.
_SIGNS = {"←": "<-", "●": "[x]", "○": "[ ]", "»": ">", "·": "-", "⏎": "\\n", "█": "#", "─": "-"}
# Letters and typography of the wording, replaced only where the encoding lacks them.
_LETTERS = {"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa", "é": "e"}
_TYPOGRAPHY = {"–": "-", "’": "'", "‘": "'", "…": "...", "→": "->", "©": "(c)", "×": "x", "•": "*", "−": "-"}


def is_unicode(encoding: str | None) -> bool:
    """Whether every letter can be written; an unknown encoding counts as Unicode."""
    return (encoding or "utf-8").lower().startswith("utf")


@cache
def spelling(encoding: str | None) -> Mapping[int, str]:
    """How to write our own signs where the encoding lacks them, as a table for ``str.translate``; what it has stays."""
    if is_unicode(encoding):
        return {}
    missing = {sign: plain for sign, plain in (_TYPOGRAPHY | _LETTERS).items() if not _can_write(sign, encoding)}
    return str.maketrans(_SIGNS | missing)


def _can_write(sign: str, encoding: str | None) -> bool:
    try:
        sign.encode(encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
