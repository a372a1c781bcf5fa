"""A place on the screen to paste a text of many lines into. It is kept nowhere but on the screen."""

import textwrap

from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout import BufferControl, Dimension, HSplit, Layout, VerticalAlign, Window

from icpc_cli.prompts.screen import Screen, window
from icpc_cli.voice import Voice


class Pasting(Screen):
    """Takes lines, pasted or typed, until Ctrl-D."""

    def __init__(self, voice: Voice) -> None:
        super().__init__(voice)
        self.buffer = Buffer(multiline=True, on_text_changed=lambda _: self._tell(""))
        self.message = ""
        self.on("c-d", do=self._end)

    def _tell(self, message: str) -> None:
        self.message = message

    def _end(self) -> None:
        if self.buffer.text.strip():
            self.exit(self.buffer.text)
        else:
            self._tell(self.say("message.no-note"))

    def layout(self) -> Layout:
        """The question, the text as far as it has room, and how to go on."""
        text = Window(BufferControl(self.buffer), wrap_lines=True, dont_extend_height=True, height=self._height)
        return Layout(HSplit([window(self._top), text, window(self._bottom)], align=VerticalAlign.TOP), text)

    def _height(self) -> Dimension:
        return Dimension(min=1, max=max(1, self.rows() - 1 - len(self._hint())))

    def _top(self) -> StyleAndTextTuples:
        return [("class:question", "? " + self.say("paste.question"))]

    def _hint(self) -> list[str]:
        return textwrap.wrap(self.message or self.say("paste.hint"), get_app().output.get_size().columns - 4)

    def _bottom(self) -> StyleAndTextTuples:
        return [("class:message" if self.message else "class:hint", "\n".join(f"   {line}" for line in self._hint()))]
