"""Text that came from outside, made safe to show: no control characters, no CPR numbers, no formulas."""

import re
import sys
import unicodedata

from icpc_cli.voice import cpr

_UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
"""What makes a spreadsheet calculate, also in the wide forms of East Asian ones."""
_NEEDS_QUOTES = frozenset(" &;()[]{}<>|*?'#")
"""The characters for which a shell wants a word in quotes."""
_NEEDS_QUOTES_ON_WINDOWS = frozenset("^,@%=+!~")
_COUNTS_IN_SH, _COUNTS_IN_QUOTES = frozenset('"$`\\!'), frozenset("$`")
"""What a shell acts on within double quotation marks too: sh, and those of Windows."""


def printable(text: str) -> str:
    """``text`` on one line, with control, formatting and bidirectional characters shown as escapes."""
    if text.isprintable():
        return text
    return "".join(_escape(char) if unicodedata.category(char) in _UNSAFE else char for char in text)


def _escape(char: str) -> str:
    return {"\n": "⏎", "\t": " ", "\r": ""}.get(char) or (
        "" if char == "\r" else f"\\x{ord(char):02x}" if ord(char) < 256 else f"\\u{ord(char):04x}"
    )


def without_cpr(text: str) -> str:
    """``text`` with everything that looks like a CPR number masked."""
    return re.sub(cpr.LIKELY, lambda found: re.sub(f"[{cpr.SIGNS}]", "•", found[0]), text)


def holds_cpr(text: str) -> bool:
    """Whether something in a text looks like a CPR number, in any written form."""
    return bool(re.search(cpr.LIKELY, text))


def typed(word: str, *, windows: bool = sys.platform == "win32") -> str:
    r"""A word as it can be typed in a command: on Windows in cmd and in PowerShell, elsewhere in sh.

    In quotes where a shell wants them. On Windows a ``\`` at the end would hide the mark after it, and what counts even
    in quotes is left to a pattern, which the program expands itself.
    """
    if windows:
        kept = word.rstrip("\\") or word
        word = kept + "\\." if kept.endswith(":") and kept != word else kept
        if set(word) & _COUNTS_IN_QUOTES or word.count("%") > 1:
            word = re.sub(r"[$`%\[]", "?", word)
        return f'"{word}"' if set(word) & (_NEEDS_QUOTES | _NEEDS_QUOTES_ON_WINDOWS) else word
    if set(word) & _COUNTS_IN_SH:
        from shlex import quote

        return quote(word)
    return f'"{word}"' if set(word) & _NEEDS_QUOTES else word


def no_formula(text: str) -> str:
    """``text`` with an apostrophe before it where a spreadsheet would take it for a formula."""
    if text[:1] in ("\t", "\r", "\n") or text.lstrip()[:1] in _FORMULA:
        return "'" + text
    return text


def shown(text: str) -> str:
    """``text`` made safe, on one line."""
    return printable(without_cpr(text))


def shortened(text: str, most: int = 50) -> str:
    """``text`` made safe, on one line of at most ``most`` characters."""
    safe = shown(text)
    return safe if len(safe) <= most else safe[: most - 1] + "…"


def masked(text: str) -> str:
    """The id of a patient, all but its last two characters; the form of a CPR number stays."""
    kept = printable(text.strip())
    hidden = "".join("•" if char.isalnum() else char for char in kept[:-2])
    return hidden + (kept[-2:] if len(kept) > 2 else "•" * len(kept))
