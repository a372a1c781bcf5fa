"""Bytes of a file in any encoding into chunks of whole lines in UTF-8."""

import codecs
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

CHUNK = 128 << 10
RECORD_LIMIT = 1 << 20
"""Bytes after which a quotation mark that is not closed counts as broken quoting; also the longest line."""

_LONE_CR = re.compile(rb"\r(?!\n)")


def utf8(chunk: bytes) -> bytes:
    """Bytes that are UTF-8 as they are."""
    return chunk


def recoder(encoding: str) -> Callable[[bytes], bytes]:
    """A function from bytes in a one-byte ``encoding`` to UTF-8; a byte that it lacks stays, and is no UTF-8."""

    def recode(chunk: bytes) -> bytes:
        if chunk.isascii():
            return chunk
        return chunk.decode(encoding, "surrogateescape").encode("utf-8", "surrogateescape")

    return recode


class Utf16:
    """From bytes in an ``encoding`` of UTF-16, in order, to UTF-8; what is no UTF-16 comes out as what is no UTF-8."""

    def __init__(self, encoding: str) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="surrogatepass")

    def __call__(self, chunk: bytes) -> bytes:
        """The next bytes; an empty chunk ends the text."""
        if chunk:
            return self._decoder.decode(chunk).encode("utf-8", "surrogatepass")
        return b"\xff" if self._decoder.getstate()[0] else b""


def _with_line_feeds(chunk: bytes) -> bytes:
    if _LONE_CR.search(chunk):
        return chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    # Taking a byte away is much faster than putting one for two, and comes to the same where no CR stands alone.
    return chunk.replace(b"\r", b"")


def lines_of(
    stream: BinaryIO,
    recode: Callable[[bytes], bytes],
    progress: Callable[[int], None] | None = None,
    *,
    mend_ends: bool = True,
) -> Iterator[bytes]:
    """Chunks of whole lines in UTF-8, each line ended by ``\\n`` (CRLF and CR are made so); the last is always ended.

    ``mend_ends=False`` leaves carriage returns where they are.
    A line that never ends within the limit comes as it is: it is too long for a record and is settled as such.
    """
    rest = b""
    pending_cr = b""
    while read := stream.read(CHUNK):
        if progress:
            progress(len(read))
        chunk = pending_cr + recode(read)
        pending_cr = b"\r" if mend_ends and chunk.endswith(b"\r") else b""
        if pending_cr:
            chunk = chunk[:-1]
        if mend_ends and b"\r" in chunk:
            chunk = _with_line_feeds(chunk)
        end = chunk.rfind(b"\n") + 1
        if end:
            yield rest + chunk[:end]
            rest = chunk[end:]
        else:
            rest += chunk
            if len(rest) > 4 * RECORD_LIMIT:
                # The middle of it is let go; the NUL sees to it that what is left is never taken for a record.
                rest = rest[:RECORD_LIMIT] + b"\0"
    rest += recode(b"")
    if rest or pending_cr:
        yield rest + b"\n"
