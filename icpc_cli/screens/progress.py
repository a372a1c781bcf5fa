"""How far the reading has come, on standard error when it is a terminal; otherwise silence."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from icpc_cli.voice import Voice

WORTH_SHOWING = 20 << 20
"""Bytes below which reading is over before a bar would be seen."""


class ReadingBar:
    """Is told how many bytes and records were read, and then how many notes."""

    def __init__(self, voice: "Voice", bar: "Bar | None" = None, total: int = 0) -> None:
        self._voice, self._bar, self._total = voice, bar, total
        self._bytes = self._records = 0
        if bar is not None:
            self._task = bar.add_task(self._say("reading"), total=total, amount="", speed="")

    def read(self, count: int, records: int) -> None:
        """Note that so many more bytes, and records in them, were read."""
        if self._bar is None:
            return
        self._bar.start()  # not before: until the first byte is read, questions may stand on the screen
        self._bytes += count
        self._records += records
        elapsed = self._bar.tasks[0].elapsed or 0
        speed = self._say("speed", count=round(self._records / elapsed)) if elapsed else ""
        amount = self._say("megabytes", done=round(self._bytes / 1e6), total=round(self._total / 1e6))
        self._bar.update(self._task, completed=self._bytes, amount=amount, speed=speed)

    def notes(self, done: int, total: int) -> None:
        """Note that so many of all different notes were read."""
        if self._bar is None:
            return
        if self._bar.tasks[0].total != total:
            self._bar.reset(self._task, total=total, description=self._say("reading-notes"), amount="", speed="")
        amount = f"{self._voice.number(done)}/{self._voice.number(total)}"
        self._bar.update(self._task, completed=done, amount=amount)

    def close(self) -> None:
        """Take the bar off the screen; what is written next stands where it was."""
        if self._bar is not None:
            self._bar.stop()

    def _say(self, key: str, **facts: int) -> str:
        return self._voice.say("findings", f"screen.{key}", **facts)


@contextmanager
def reading_bar(stream: TextIO, voice: "Voice", paths: Sequence[str]) -> Iterator[ReadingBar]:
    """A bar over the bytes of the files, when somebody sees it and there is something to wait for."""
    total = sum(path.stat().st_size for path in map(Path, paths) if path.is_file())
    if not stream.isatty() or total < WORTH_SHOWING:
        yield ReadingBar(voice)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[amount]}"),
        TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=Console(file=stream), transient=True)
    try:
        yield ReadingBar(voice, bar, total)
    finally:
        bar.stop()
