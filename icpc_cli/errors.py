"""What a user can act on: one family of errors, each with its exit code, shown as one message without a traceback.

An error carries the id of its message and the facts that fill it; the wording, in both languages, lives with the
other wording in ``data/guideline/errors.toml``. Anything else that is raised is a bug and keeps its traceback.
"""

from typing import ClassVar

EXIT_FINE = 0
EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_GUIDELINE = 3
EXIT_BUG = 70
"""Something in the program that nobody foresaw; not 1, so that no script takes it for findings."""
EXIT_SIGNALLED = 128
"""To which the number of a signal is added: 129 for a closed window, 143 for being ended."""
EXIT_INTERRUPTED = 130
EXIT_BROKEN_PIPE = 141
"""The reader of a pipe has gone; what a shell says of a program that ends by SIGPIPE."""


class Lines(tuple[object, ...]):
    """A fact of an error that is said on several lines: one for each of the tuple's values."""


class IcpcError(Exception):
    """An error with an id and facts. ``str()`` names both, for logs and for users of the Python API."""

    exit_code: ClassVar[int] = EXIT_USAGE

    def __init__(self, message_id: str, /, **facts: object) -> None:
        self.id = message_id
        self.facts = facts
        super().__init__(message_id, facts)

    def __str__(self) -> str:
        return f"{self.id}: " + ", ".join(f"{key}={value}" for key, value in self.facts.items())


class UsageError(IcpcError):
    """The command was used wrongly, or a file cannot be read at all."""


class DiskError(UsageError):
    """The disk does not take what has to be written."""


class InvalidValueError(IcpcError, ValueError):
    """A value that is not known, or not possible, for a fact of a case."""


class GuidelineError(IcpcError):
    """The guideline data is broken: which file, which key, and why."""

    exit_code = EXIT_GUIDELINE

    def __init__(self, file: str, key: str, problem: str) -> None:
        super().__init__("guideline-broken", file=file, key=key, problem=problem)
