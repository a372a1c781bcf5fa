"""A page on the screen, and what is done from there."""

import textwrap
from functools import partial

from prompt_toolkit.formatted_text import ANSI, AnyFormattedText, StyleAndTextTuples
from prompt_toolkit.layout import HSplit, Layout, VerticalAlign

from icpc_cli.prompts.screen import Screen, window
from icpc_cli.prompts.sheets import BACK, Page, key_lines
from icpc_cli.voice import Voice


class Showing(Screen):
    """A page on the screen, scrolled where it is too long."""

    def __init__(self, page: Page, voice: Voice) -> None:
        super().__init__(voice)
        self.page = page
        self.first, self.message = 0, ""
        for key, _, action in page.actions:
            self.on(key, key.upper(), do=partial(self.exit, action))
        self.on("left", "<", "backspace", do=lambda: self.exit(BACK))
        self.on("up", do=lambda: self._scroll(-1))
        self.on("down", do=lambda: self._scroll(1))
        self.on("pageup", do=lambda: self._scroll(-self._height()))
        self.on("pagedown", " ", do=lambda: self._scroll(self._height()))
        self.on("<any>", do=lambda: self._tell("message.no-key"))

    def _height(self) -> int:
        """The lines there are for the text: all but the keys and the lines above them."""
        others = self._keys().count("\n") + self._standing(self.page.status).count("\n") + 2
        return max(1, self.rows() - others)

    def _tell(self, key: str) -> None:
        self.message = self.say(key)

    def _standing(self, text: str) -> str:
        """A status, as wide as the window."""
        lines = self.voice.spell(text).split("\n")
        return "\n".join(textwrap.fill(f" {line}", self.columns() - 1, subsequent_indent=" ") for line in lines)

    def _lines(self) -> list[str]:
        return self.page.draw(self.columns(), self._height()).split("\n")

    def _scroll(self, step: int) -> None:
        before, self.message = self.first, ""
        self.first = max(0, min(self.first + step, len(self._lines()) - self._height()))
        if self.first == before:
            self._tell("message.no-scroll")

    def layout(self) -> Layout:
        """The text, what there is to say of it, and the keys."""
        rows = [window(self._text), window(self._status), window(self._keys)]
        return Layout(HSplit(rows, align=VerticalAlign.TOP))

    def _text(self) -> AnyFormattedText:
        return ANSI("\n".join(self._lines()[self.first : self.first + self._height()]))

    def _status(self) -> StyleAndTextTuples:
        total, height = len(self._lines()), self._height()
        if self.message or self.page.status or total <= height:
            return [("class:message", self._standing(self.message or self.page.status))]
        last = min(self.first + height, total)
        return [("class:message", " " + self.say("answer.scroll", first=self.first + 1, last=last, total=total))]

    def _keys(self) -> str:
        return key_lines(self.voice, self.page, self.columns())
