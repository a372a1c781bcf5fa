"""Two ways to interview: in a real pseudo-terminal, as a person does, and in this process, which is fast.

``with Terminal() as terminal`` runs ``icpc`` in a terminal of its own: press keys, wait for what should stand there.
``interviewed(given, answers)`` takes one patient through the interview with real key presses and says what was asked.
"""

import codecs
import fcntl
import os
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte
from prompt_toolkit.application import application, create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from icpc_cli import Advice, Case, advise, load_guideline
from icpc_cli.cli.interview import Interview
from icpc_cli.model import Answers, Fact, Value
from icpc_cli.prompts import Keyboard
from icpc_cli.prompts.sheets import UNKNOWN, Move, Page, Sheet
from icpc_cli.screens.terminal import Terminal as Output
from icpc_cli.text import Language
from icpc_cli.voice import Voice
from tests import forked

# What every key does in a field of text is told anew for every question, which takes longer than asking it.
application.load_key_bindings = cache(application.load_key_bindings)  # type: ignore[attr-defined]  # a name that it imports

UP, DOWN, RIGHT, LEFT = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"
PAGE_UP, PAGE_DOWN = "\x1b[5~", "\x1b[6~"
ENTER, BACKSPACE, CTRL_C, CTRL_D = "\r", "\x7f", "\x03", "\x04"

_PIECE = 64
"""Bytes taken in at a time: so few that half-drawn screens are met in every run, not only on a busy machine."""
_FROM_OUTSIDE = ("NO_COLOR", "FORCE_COLOR", "DISPLAY", "WAYLAND_DISPLAY", "ICPC_LANG", "COLUMNS", "LINES", "TMUX")


class _Screen(pyte.Screen):
    """A screen that answers "where is the cursor?"."""

    def __init__(self, columns: int, rows: int, answer: Callable[[str], None]) -> None:
        super().__init__(columns, rows)
        self._answer = answer

    def write_process_input(self, data: str) -> None:
        self._answer(data)


class Terminal:
    """``icpc`` in a terminal: what it draws is on a screen of ``columns`` by ``rows``, what it wrote is in ``raw``."""

    def __init__(
        self,
        *arguments: str,
        columns: int = 80,
        rows: int = 24,
        encoding: str = "utf-8",
        folder: Path | None = None,
        **more: str,
    ) -> None:
        self.columns, self.rows, self.encoding = columns, rows, encoding
        self.raw = b""
        self._screen = _Screen(columns, rows, self.send)
        self._lines: dict[int, str] = {}
        self._stream = pyte.Stream(self._screen)
        self._letters = codecs.getincrementaldecoder(encoding)(errors="replace")
        self._ours, theirs = os.openpty()
        self.resize(columns, rows)
        environment = {name: value for name, value in os.environ.items() if name not in _FROM_OUTSIDE}
        environment |= {
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            "PYTHONIOENCODING": encoding,
        }
        self._process = forked.started(arguments, theirs, environment | more, folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.join()
        os.close(self._ours)

    @property
    def screen(self) -> str:
        """What is on the screen, without spaces at the ends of lines; only what has changed is looked at anew."""
        for row in self._screen.dirty:
            self._lines[row] = "".join(self._screen.buffer[row][place].data for place in range(self.columns)).rstrip()
        self._screen.dirty.clear()
        return "\n".join(self._lines[row] for row in range(self.rows)).rstrip()

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size."""
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._screen.resize(rows, columns)
        self.columns, self.rows = columns, rows
        self._screen.dirty.update(range(rows))

    def send(self, keys: str) -> None:
        """Press keys."""
        os.write(self._ours, keys.encode(self.encoding))

    def interrupt(self) -> None:
        """Send SIGINT, as ``kill -INT`` does; Ctrl-C is a key like others while a question stands."""
        assert self._process.pid
        os.kill(self._process.pid, signal.SIGINT)

    def wait_for(self, *texts: str) -> str:
        """The screen, once all ``texts`` stand on it."""
        self.wait_until(lambda: all(map(self.screen.__contains__, texts)), f"waited for {texts}")
        return self.screen

    def wait_until(self, true: Callable[[], bool], otherwise: str = "", seconds: float = 60) -> None:
        """Take in what is written until something is true of a whole screen; fails with it when the time is up.

        While a screen is drawn the cursor is hidden; what stands there then is half the old screen and half the new.
        """
        end = time.monotonic() + seconds
        while self._screen.cursor.hidden or not true():
            assert self._read(end), f"{otherwise}\n{self.screen}"

    def press(self, keys: str, *texts: str) -> str:
        """Press keys, and wait for what should come of it."""
        self.send(keys)
        return self.wait_for(*texts)

    def answer(self, line: str, *texts: str) -> str:
        """Type a line once one is asked for, and wait for what should come of it.

        Typed sooner it would be echoed in the midst of what is written, and move it.
        """
        self.wait_until(self._asks_for_a_line, "waited for a prompt")
        before = len(self.raw)
        self.send(f"{line}\n")
        self.wait_until(lambda: b"\n" in self.raw[before:], "waited for the echo")
        return self.wait_for(*texts)

    def _asks_for_a_line(self) -> bool:
        line = "".join(self.screen.split("\n")[self._screen.cursor.y :])  # the last one
        return line.endswith((":", ")")) and self._screen.cursor.x == len(line) + 1

    def ended(self, seconds: float = 60) -> int:
        """The exit status, once the program has ended; everything it wrote has been read then."""
        end = time.monotonic() + seconds
        while self._read(end):
            pass
        self._process.join(max(0.1, end - time.monotonic()))
        assert self._process.exitcode is not None, "it has not ended"
        return self._process.exitcode

    def _read(self, end: float) -> bool:
        """Take in what was written by now; whether more can come before ``end``."""
        ready, _, _ = select.select([self._ours], [], [], max(0, end - time.monotonic()))
        if not ready:
            return False
        try:
            written = os.read(self._ours, _PIECE)
        except OSError:  # Linux says so when the last one with the terminal open has gone
            return False
        self.raw += written
        self._stream.feed(self._letters.decode(written))
        return bool(written)


@dataclass
class Interviewed:
    """What came of an interview: the facts asked for, in order, the advice, and the answer screen at 80 by 22."""

    asked: list[Fact] = field(default_factory=list)
    advice: Advice | None = None
    screen: str = ""


def interviewed(
    given: Case, answers: Mapping[Fact, Value], *, language: Language = Language.DA, arrows: bool = False
) -> Interviewed:
    """Take one patient through the interview by key presses, in this process.

    ``given`` is what is known from the start (as by options); ``answers`` has the answers to what may be asked,
    anything else is answered "don't know". ``arrows`` answers with arrow keys instead of letters and numbers.
    """
    guideline, voice = load_guideline(), Voice(language)
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        who = _Scripted(keys, answers, voice, arrows=arrows)
        last = Interview(guideline, who, Output(sys.stdout, voice)).run(Answers(given))
    who.found.advice = advise(guideline, last.case)
    return who.found


def keys_for(sheet: Sheet, value: Value, *, arrows: bool = False) -> str:
    """The key presses that give ``value`` as the answer to ``sheet``."""
    places = [place for place, option in enumerate(sheet.options) if option.value == value and not option.number]
    if sheet.several and value:
        wanted = set(value)
        places = [place for place, option in enumerate(sheet.options) if wanted & set(option.value or ())]
        if arrows:
            return "".join(" " + DOWN if place in places else DOWN for place in range(len(sheet.options))) + ENTER
        return "".join(sheet.options[place].key for place in places) + ENTER
    if not places:
        return f"{value}{ENTER}"
    if arrows:
        return DOWN * places[0] + ENTER
    key = sheet.options[places[0]].key
    return key + ENTER if key.isdigit() else key


class _Scripted:
    """Presses the keys for each question just before it is asked, and for "quit" on the answer screen."""

    leaves_text = False

    def __init__(self, keys: PipeInput, answers: Mapping[Fact, Value], voice: Voice, *, arrows: bool) -> None:
        self.found = Interviewed()
        self._keys, self._answers, self._arrows = keys, answers, arrows
        self._asker = Keyboard(voice)
        self._facts = {voice.of(question.text): fact for fact, question in load_guideline().questions.items()}

    def ask(self, sheet: Sheet) -> Value | Move:
        fact = self._facts[sheet.text]
        self.found.asked.append(fact)
        self._keys.send_text(keys_for(sheet, self._answers.get(fact, UNKNOWN[fact]), arrows=self._arrows))
        return self._asker.ask(sheet)

    def show(self, page: Page) -> str | Move:
        self.found.screen = page.draw(80, 22)
        self._keys.send_text(next(key for key, _, action in page.actions if action == "leave"))
        return self._asker.show(page)
