"""The form in which names, headers, words and cells are compared."""

import re
import unicodedata

_IGNORED = str.maketrans("", "", " \t\r\n-\u2010\u2011\u2013_.'’")
_FOLDED = _IGNORED | str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_FOLDED_BARE = _IGNORED | str.maketrans({"æ": "a", "ø": "o", "å": "a"})
_ORDINARY = re.compile("[\x00-\x7fæøåÆØÅ]*")
"""Letters that are what they look like, whatever stands beside them."""
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]"
)
_SPACES = re.compile("[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_KEPT_AS_TEXT = re.compile(r"""\s*(?:=\s*"((?:[^"]|"")*)"|'(.*))\s*""", re.DOTALL)
_READ_TWICE = re.compile("[ÃÂ├√]|â€")
"""The first byte of a letter in UTF-8, as Windows-1252, DOS and Mac encodings have it."""


def fold(text: str) -> str:
    """The form in which names and headers are compared: no case, spaces, hyphens or dots, and æ as ae, ø oe, å aa."""
    return plain(text).casefold().translate(_FOLDED)


def unlike(one: str, other: str) -> int:
    """How many letters stand in one of two words only: to make one of the other takes as many to be added or left out.

    Quick, to set aside what is not alike at all.
    """
    return len(set(one) ^ set(other))


def fold_bare(text: str) -> str:
    """Like :func:`fold`, for those who type a, o and a for æ, ø and å."""
    return plain(text).casefold().translate(_FOLDED_BARE)


def plain(text: str) -> str:
    """The text that a cell or a header is meant to be.

    Letters are normalised, what is invisible is left out, unusual spaces are spaces, UTF-8 that was read once too often
    is repaired, and what a spreadsheet was told to keep as text (``="57"``, ``'57``) is that text.
    """
    if not text.isascii() and not _ORDINARY.fullmatch(text):
        text = _SPACES.sub(" ", _INVISIBLE.sub("", repaired(text)))
        text = unicodedata.normalize("NFC", text)
    kept = _KEPT_AS_TEXT.fullmatch(text) if "=" in text or "'" in text else None
    if kept is None:
        return text
    return kept[2] if kept[1] is None else kept[1].replace('""', '"')


def repaired(text: str) -> str:
    """The text with its letters mended where it is UTF-8 that was read in another encoding, and that is certain."""
    if not _READ_TWICE.search(text):
        return text
    from ftfy import fix_encoding

    fixed = fix_encoding(text.replace("Ã…", "Å"))
    for encoding in ("cp850", "mac_roman"):
        if fixed != text:
            break
        try:
            fixed = text.encode(encoding).decode()
        except UnicodeError:
            continue
    return fixed
