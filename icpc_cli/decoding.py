"""Which encoding bytes are in: UTF-8, UTF-16, Windows-1252, or the code page of Windows' consoles (cp850; 437 and 865
write Danish letters alike).

A console's program sends through a pipe what its code page says. There ``æ`` is what Windows-1252 calls a quotation
mark, so the letters around a byte have to tell which of the two is meant.
"""

import codecs
import re
from typing import NamedTuple

WINDOWS, CONSOLE = "windows-1252", "cp850"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OF_WINDOWS = rb"(?<=[A-Za-z])[\xe6\xf8\xe5\xc6\xd8\xc5\xe8\xe9\xf6\xe4\xfc]|[\xe6\xf8\xe5\xc6\xd8\xc5](?=[A-Za-z]{2})"
"""Danish letters in Windows-1252, beside others; as cp850 they are signs of money, lines and degrees within words."""
_OF_CONSOLE = (
    rb"(?<=[A-Za-z])[\x91\x9b\x86\x8a\x82]|\x86(?=[a-z]{2})|(?<=[A-Za-z])[\x8f\x9d]|[\x8f\x9d](?=[A-Za-z])"
    rb"|(?<=[A-Z])\x92(?=[A-Z]{2})|KN\x92|(?<=[0-9])\xf8(?![A-Za-z])"
)
"""The same in cp850, and its sign of degrees; as Windows-1252 they are closing quotation marks and daggers in words."""
_AT_START = {
    b"\x8b": rb"(?<![A-Za-z])\x9b(?=[a-z]{2})",
    b"\x92": rb"(?<![A-Za-z])\x91(?=[a-z]{2})",
}
"""The same where a word begins, by the closing quotation mark that must not be there."""
_SIGNS = rb"[^\x85\x91-\x97\xa0\xa7\xb0\xb1\xb4\xb5\xb7\xbd\xd7\x00-\x7f]"
"""What is no sign that Danes write in Windows-1252."""


class Guess(NamedTuple):
    """An encoding by Python's name, and whether what speaks for it is clear."""

    name: str
    sure: bool = True


def guessed(content: bytes) -> Guess:
    """The encoding of a whole text: by its byte order mark, then UTF-8, then what the letters say."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return Guess(name)
    if order := order_without_mark(content):
        return Guess(f"utf-16-{order}")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        console, windows = evidence(content)
        sure = (console == 0) != (windows == 0) or not (console or windows or re.search(_SIGNS, content))
        return Guess(CONSOLE if console > windows else WINDOWS, sure)
    return Guess("utf-8")


def evidence(text: bytes) -> tuple[int, int]:
    """How many places in a text speak for the code page of consoles, and how many for Windows-1252."""
    console = len(re.findall(_OF_CONSOLE, text))
    for closing, starts in _AT_START.items():
        if closing not in text:
            console += len(re.findall(starts, text))
    return console, len(re.findall(_OF_WINDOWS, text))


def order_without_mark(sample: bytes) -> str:
    """The byte order of UTF-16 without a mark, by where the empty halves of plain letters are; "" for other text."""
    half = len(sample) // 2
    first, second = sample[: 2 * half : 2].count(0), sample[1 : 2 * half : 2].count(0)
    if not half or 10 * max(first, second) < 7 * half or 20 * min(first, second) > half:
        return ""
    return "le" if second > first else "be"
