"""How far the reading has come, on standard error when it is a terminal; otherwise silence."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from icpc_cli.guideline import load_wording

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

WORTH_SHOWING = 20 << 20
"""Bytes below which reading is over before a bar would be seen."""


class Reading:
    """Is told how many bytes and records were read."""

    def __init__(
        self, bar: "Bar | None" = None, task: "TaskID | None" = None, speed: str = "", mark: str = "."
    ) -> None:
        self._bar, self._task = bar, task
        self._records = 0
        self._speed, self._mark = speed, mark

    def read(self, count: int, records: int) -> None:
        """Note that so many more bytes, and records in them, were read."""
        if self._bar is not None and self._task is not None:
            self._bar.start()  # not before: until the first byte is read, questions may stand on the screen
            self._records += records
            elapsed = self._bar.tasks[0].elapsed or 0
            speed = f"{self._records / elapsed:,.0f}" if elapsed else ""
            self._bar.update(self._task, advance=count, speed=self._speed.format(count=speed.replace(",", self._mark)))

    def close(self) -> None:
        """Take the bar off the screen; what is written next stands where it was."""
        if self._bar is not None:
            self._bar.stop()


@contextmanager
def reading_bar(paths: Sequence[str], language: str) -> Iterator[Reading]:
    """A bar over the bytes of the files, when somebody sees it and there is something to wait for."""
    total = sum(path.stat().st_size for path in map(Path, paths) if path.is_file())
    if not sys.stderr.isatty() or total < WORTH_SHOWING:
        yield Reading()
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(),
    )
    words = load_wording("findings")
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(words["screen.reading"][language], total=total, speed="")
    try:
        yield Reading(bar, task, words["screen.speed"][language], "." if language == "da" else ",")
    finally:
        bar.stop()
