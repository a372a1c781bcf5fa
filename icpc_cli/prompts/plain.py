"""Questions that are answered with a line, for terminals that can do no more."""

import re
import shutil
import sys
import textwrap
from dataclasses import dataclass
from typing import TextIO

from icpc_cli.guideline import fold
from icpc_cli.model import Value
from icpc_cli.prompts.sheets import BACK, LABEL_WIDTH, LONGEST_LINE, Move, Page, Sheet, as_number, key_lines, say
from icpc_cli.voice import Voice


@dataclass(frozen=True, slots=True)
class Plain:
    """Asks with numbered lines and reads whole lines, for terminals that can do no more."""

    voice: Voice
    out: TextIO
    leaves_text: bool = True

    def ask(self, sheet: Sheet) -> Value | Move:
        """Put a question. Raises KeyboardInterrupt on Ctrl-C and Ctrl-D."""
        self._write("")
        for label, answer in sheet.above:
            self._write(f"  {label:{LABEL_WIDTH - 1}} {answer}")
        self._write(sheet.text)
        places, typed = sheet.earlier()
        for place, option in enumerate(sheet.options):
            label = f"{option.label}: {typed}" if option.number and typed else option.label
            self._write(f" {'»' if place in places else ' '}{option.key:>2}  {label}")
        if places:
            self._write(self._filled(self._say("plain.keep")))
        while True:
            text = self._read(self._say(f"plain.{sheet.kind}"))
            if not text and sheet.chosen:
                return sheet.chosen[0]
            if text == "<" and sheet.can_go_back:
                return BACK
            if found := _understood(sheet, text):
                return found[0]
            self._write(self._filled(sheet.help if text == "?" else self._say("message.not-understood")))

    def show(self, page: Page) -> str | Move:
        """Show a page until an action is chosen. Raises KeyboardInterrupt on Ctrl-C and Ctrl-D."""
        columns = self._columns()
        self._write(self._filled(page.status) if page.status else "\n" + page.draw(columns, sys.maxsize))
        self._write("\n" + key_lines(self.voice, page, columns))
        actions: dict[str, str | Move] = {said.lower(): action for *names, action in page.actions for said in names}
        actions["<"] = BACK
        while True:
            text = self._read(self._say("plain.action"))
            if text in actions:
                return actions[text]
            self._write(self._say("message.not-understood"))

    def enter(self, text: str) -> str:
        """Let a line be typed. Raises KeyboardInterrupt on Ctrl-C and Ctrl-D."""
        self._write("")
        return self._line(text + " ")

    def _say(self, key: str) -> str:
        return say(self.voice, key)

    def _read(self, prompt: str) -> str:
        return self._line(prompt).strip().lower()

    def _line(self, prompt: str) -> str:
        try:
            return input(self.voice.spell(prompt))
        except (EOFError, KeyboardInterrupt):
            self._write("")
            raise KeyboardInterrupt from None

    def _columns(self) -> int:
        return min(shutil.get_terminal_size().columns, LONGEST_LINE)

    def _filled(self, text: str) -> str:
        return "\n".join(textwrap.fill(line, self._columns() - 1) for line in text.split("\n"))

    def _write(self, text: str) -> None:
        self.out.write(self.voice.spell(text) + "\n")


def _understood(sheet: Sheet, text: str) -> tuple[Value] | None:
    """What a typed line answers, if anything; several answers have commas between them, or spaces."""
    if sheet.number and (number := as_number(text)):
        return (number,)
    if not sheet.several:
        return _named(sheet, text)
    for between in (r"\s*[,;]\s*", r"[,;\s]+"):
        values = [named[0] for part in re.split(between, text) if (named := _named(sheet, part))]
        if values == [()]:
            return ((),)
        ticked = tuple(condition for value in values if isinstance(value, tuple) for condition in value)
        if ticked and all(values) and len(values) == len(re.split(between, text)):
            return (ticked,)
    return None


def _named(sheet: Sheet, text: str) -> tuple[Value] | None:
    """The answer that a sign on the left, a name or other words say."""
    for place, option in enumerate(sheet.options):
        if not option.number and (text in sheet.keys_of(place) or fold(text) == fold(option.label) != ""):
            return (option.value,)
    said = sheet.reads(text)
    values = (option.value for option in sheet.options if not option.number)
    return next(((value,) for value in values if said and value in (said, (said,))), None)
