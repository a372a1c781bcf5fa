"""What all screens share that are answered key by key: how they run, how they end, and what they look like."""

from collections.abc import Callable
from typing import Any

from prompt_toolkit.application import Application, get_app
from prompt_toolkit.formatted_text import AnyFormattedText
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.styles import Style
from questionary import Question

from icpc_cli.prompts.sheets import LONGEST_LINE, say
from icpc_cli.voice import Voice

STYLE = Style(
    [
        ("title", "dim"),
        ("label", "dim"),
        ("question", "bold"),
        ("hint", "dim"),
        ("message", "ansiyellow"),
        ("pointer", "ansicyan bold"),
        ("key", "ansicyan"),
        ("highlighted", "bold"),
    ]
)


class Screen:
    """A prompt_toolkit application that leaves nothing behind, run as a question of questionary's."""

    def __init__(self, voice: Voice) -> None:
        self.voice = voice
        self.keys = KeyBindings()
        for key in ("c-c", "c-d", "c-q", "<sigint>"):
            self.keys.add(key)(lambda event: event.app.exit(exception=KeyboardInterrupt))

    def say(self, key: str, /, **facts: object) -> str:
        """A text of the screens, in letters that the terminal has."""
        return self.voice.spell(say(self.voice, key, **facts))

    def on(self, *keys: str, do: Callable[[], None]) -> None:
        """Say what keys do."""
        for key in keys:
            self.keys.add(key)(lambda _: do())

    def exit(self, result: object) -> None:
        """Leave the screen, once."""
        if not get_app().is_done:
            get_app().exit(result=result)

    def columns(self) -> int:
        """Columns to write in."""
        return min(get_app().output.get_size().columns, LONGEST_LINE)

    def rows(self) -> int:
        """Rows of the window."""
        return get_app().output.get_size().rows

    def layout(self) -> Layout:
        """What it looks like."""
        raise NotImplementedError

    def run(self) -> Any:
        """Show it until it is left; the result. Raises KeyboardInterrupt on Ctrl-C and Ctrl-D."""
        application: Application[Any] = Application(
            layout=self.layout(),
            key_bindings=self.keys,
            style=STYLE,
            erase_when_done=True,
        )
        return Question(application).unsafe_ask()


def window(text: Callable[[], AnyFormattedText]) -> Window:
    """A part of a screen with a text, as high as this is."""
    return Window(FormattedTextControl(text), dont_extend_height=True)
