"""The form in which names, headers and words are compared."""

import unicodedata

_NORDIC = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_NORDIC_BARE = str.maketrans({"æ": "a", "ø": "o", "å": "a"})
_IGNORED = str.maketrans("", "", " \t\r\n\u00a0-\u2010\u2011\u2013_.'’")


def fold(text: str) -> str:
    """The form in which names and headers are compared: no case, spaces, hyphens or dots, and æ as ae, ø oe, å aa."""
    return unicodedata.normalize("NFC", text).casefold().translate(_IGNORED).translate(_NORDIC)


def fold_bare(text: str) -> str:
    """Like :func:`fold`, for those who type a, o and a for æ, ø and å."""
    return unicodedata.normalize("NFC", text).casefold().translate(_IGNORED).translate(_NORDIC_BARE)
