"""Questions that are answered key by key, each on a screen of its own."""

import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import questionary
from prompt_toolkit.application import Application, get_app
from prompt_toolkit.formatted_text import ANSI, AnyFormattedText, StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import FormattedTextControl, HSplit, Layout, VerticalAlign, Window
from prompt_toolkit.styles import Style
from questionary import Choice, Question
from questionary.prompts.common import InquirerControl

from icpc_cli.model import Value
from icpc_cli.prompts.sheets import (
    BACK,
    LABEL_WIDTH,
    LONGEST_LINE,
    Move,
    Option,
    Page,
    Sheet,
    as_number,
    key_lines,
    say,
)
from icpc_cli.voice import Voice

_INDENT = "   "
_STYLE = Style(
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


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Asks with arrow keys, letters and digits; each screen takes the place of the one before it."""

    voice: Voice
    leaves_text: bool = False

    def ask(self, sheet: Sheet) -> Value | Move:
        """Put a question. Raises KeyboardInterrupt on Ctrl-C and Ctrl-D."""
        answer: Value | Move = _Asking(sheet, self.voice).run()
        return answer

    def show(self, page: Page) -> str | Move:
        """Show a page until an action is chosen. Raises KeyboardInterrupt on Ctrl-C and Ctrl-D."""
        action: str | Move = _Showing(page, self.voice).run()
        return action

    def enter(self, text: str) -> str:
        """Let a line be typed. Raises KeyboardInterrupt on Ctrl-C and Ctrl-D."""
        question = questionary.text(self.voice.spell(text), qmark="?", style=_STYLE, erase_when_done=True)
        try:
            return str(question.unsafe_ask())
        except EOFError:
            raise KeyboardInterrupt from None


class _Screen:
    """A prompt_toolkit application that leaves nothing behind, run as a question of questionary's."""

    def __init__(self, voice: Voice) -> None:
        self.voice = voice
        self.keys = KeyBindings()
        for key in ("c-c", "c-d", "c-q", "<sigint>"):
            self.keys.add(key)(lambda event: event.app.exit(exception=KeyboardInterrupt))

    def say(self, key: str, /, **facts: object) -> str:
        return say(self.voice, key, **facts)

    def on(self, *keys: str, do: Callable[[], None]) -> None:
        for key in keys:
            self.keys.add(key)(lambda _: do())

    def exit(self, result: object) -> None:
        if not get_app().is_done:
            get_app().exit(result=result)

    def columns(self) -> int:
        return min(get_app().output.get_size().columns, LONGEST_LINE)

    def layout(self) -> Layout:
        raise NotImplementedError

    def run(self) -> Any:
        application: Application[Any] = Application(
            layout=self.layout(),
            key_bindings=self.keys,
            style=_STYLE,
            erase_when_done=True,
        )
        return Question(application).unsafe_ask()


def _window(text: Callable[[], AnyFormattedText]) -> Window:
    return Window(FormattedTextControl(text), dont_extend_height=True)


class _Asking(_Screen):
    """One question on the screen, and the state of its answer."""

    def __init__(self, sheet: Sheet, voice: Voice) -> None:
        super().__init__(voice)
        self.sheet = sheet
        self.helping, self.message, self.typed = False, "", ""
        self.ticked: set[int] = set()
        pointed = self._earlier_answer()
        self.control = InquirerControl(
            [Choice(option.label, value=str(place)) for place, option in enumerate(sheet.options)],
            pointer=self.voice.spell("»"),
            use_indicator=False,
            show_description=False,
            initial_choice=str(pointed),
            focusable=True,
        )
        self.on("up", "c-p", do=lambda: self._move(self.control.select_previous))
        self.on("down", "c-n", "tab", do=lambda: self._move(self.control.select_next))
        self.on("enter", "c-j", do=self._enter)
        self.on("left", "<", do=self._back)
        self.on("backspace", do=self._backspace)
        self.on("?", do=self._toggle_help)
        self.keys.add("<any>")(self._press)

    def _earlier_answer(self) -> int:
        """Tick or type what was answered before; returns the place of the option to point at."""
        if not self.sheet.chosen:
            return 0
        value = self.sheet.chosen[0]
        for place, option in enumerate(self.sheet.options):
            if self.sheet.several and isinstance(value, tuple) and set(option.value or ()) & set(value):
                self.ticked.add(place)
            elif option.value == value and not option.number:
                return place
            elif option.number and isinstance(value, str) and value not in [each.key for each in self.sheet.options]:
                self.typed = value
                return place
        return min(self.ticked, default=0)

    @property
    def pointed(self) -> Option:
        return self.sheet.options[self.control.pointed_at]

    def _move(self, step: Callable[[], None]) -> None:
        self.message = ""
        step()

    def _toggle_help(self) -> None:
        self.helping = not self.helping

    def _back(self) -> None:
        if self.sheet.can_go_back:
            self.exit(BACK)

    def _backspace(self) -> None:
        if self.typed:
            self._type(self.typed[:-1])
        else:
            self._back()

    def _enter(self) -> None:
        if self.ticked:
            chosen = [self.sheet.options[place].value for place in sorted(self.ticked)]
            self.exit(tuple(condition for value in chosen if isinstance(value, tuple) for condition in value))
        elif self.sheet.several and self.pointed.value:
            last = self.sheet.options[-1]
            self.message = self.say("message.none-chosen", key=last.key, label=last.label.lower())
        else:
            self._choose(self.pointed)

    def _choose(self, option: Option) -> None:
        if not option.number:
            self.exit(option.value)
        elif number := as_number(self.typed):
            self.exit(number)
        else:
            self.control.pointed_at = self.sheet.options.index(option)
            self.message = self.say("message.no-number")

    def _press(self, event: KeyPressEvent) -> None:
        key, self.message = event.data.lower(), ""
        if self.sheet.number and re.fullmatch("[0-9]", key):
            self._type(self.typed + key)
            return
        for place, option in enumerate(self.sheet.options):
            if self.sheet.several and (key == option.key or (key == " " and option is self.pointed)):
                self._tick(place)
                return
            if not self.sheet.several and key in (option.key, str(place + 1)):
                self._choose(option)
                return

    def _tick(self, place: int) -> None:
        self.control.pointed_at = place
        if self.pointed.value:
            self.ticked ^= {place}
        else:
            self.exit(self.pointed.value)

    def _type(self, digits: str) -> None:
        """Take what was typed so far, and point at the option that has this number, else at the one for any number."""
        self.typed = digits[:3]
        places = enumerate(self.sheet.options)
        self.control.pointed_at = next(n for n, option in places if option.number or option.key == self.typed)

    # What it looks like

    def layout(self) -> Layout:
        choices = Window(self.control, dont_extend_height=True, wrap_lines=True)
        rows = [_window(self._top), choices, _window(self._bottom)]
        return Layout(HSplit(rows, align=VerticalAlign.TOP), focused_element=choices)

    def _top(self) -> StyleAndTextTuples:
        self._name_choices()
        columns = self.columns()
        lines: StyleAndTextTuples = [("class:title", self._header(columns)), ("", "\n\n")]
        for label, answer in self.sheet.above:
            indent = " " * (2 + LABEL_WIDTH)
            text = textwrap.fill(self.voice.spell(answer), columns, initial_indent=indent, subsequent_indent=indent)
            lines += [("class:label", f"  {self.voice.spell(label):{LABEL_WIDTH}}"), ("", text.lstrip() + "\n")]
        if self.sheet.above:
            lines.append(("", "\n"))
        lines.append(("class:question", "? " + self.voice.spell(self.sheet.text)))
        if self.helping:
            lines.append(("", "\n" + self._filled(self.sheet.help, columns)))
        return lines

    def _header(self, columns: int) -> str:
        title, leave = self.voice.spell(self.say("header.title")), self.say("header.leave")
        back = [self.say("header.back")] if self.sheet.can_go_back else []
        keys = self.voice.spell("   ".join([self.say("header.help"), *back, leave]))
        gap = columns - len(title) - len(keys)
        return title + " " * gap + keys if gap >= 2 else f"{title}\n{keys}"

    def _name_choices(self) -> None:
        """Write key, tick and typed number into the choices."""
        key_width = max(len(option.key) for option in self.sheet.options)
        for place, (option, choice) in enumerate(zip(self.sheet.options, self.control.choices, strict=True)):
            tick = (
                self.voice.spell("● " if place in self.ticked else "○ ") if self.sheet.several and option.value else ""
            )
            margin = " " * len(self.voice.spell("○ ")) if self.sheet.several and not tick else tick
            typed = f": {self.typed}" if option.number and self.typed else ""
            style = "class:highlighted" if option is self.pointed else ""
            choice.title = [
                (style, margin),
                ("class:key", f"{option.key:>{key_width}}"),
                (style, "  " + self.voice.spell(option.label) + typed),
            ]

    def _bottom(self) -> StyleAndTextTuples:
        hint = self.say(f"hint.{self.sheet.kind}", count=len(self.sheet.options) - self.sheet.several)
        text, style = (self.message, "class:message") if self.message else (hint, "class:hint")
        return [("", "\n"), (style, self._filled(text, self.columns()))]

    def _filled(self, text: str, columns: int) -> str:
        lines = self.voice.spell(text).split("\n")
        return "\n".join(
            textwrap.fill(line, columns - 1, initial_indent=_INDENT, subsequent_indent=_INDENT) for line in lines
        )


class _Showing(_Screen):
    """A page on the screen, scrolled where it is too long."""

    def __init__(self, page: Page, voice: Voice) -> None:
        super().__init__(voice)
        self.page = page
        self.first = 0
        for key, _, action in page.actions:
            self.on(key, key.upper(), do=partial(self.exit, action))
        self.on("left", "<", "backspace", do=lambda: self.exit(BACK))
        self.on("up", do=lambda: self._scroll(-1))
        self.on("down", do=lambda: self._scroll(1))
        self.on("pageup", do=lambda: self._scroll(-self._height()))
        self.on("pagedown", " ", do=lambda: self._scroll(self._height()))

    def _height(self) -> int:
        """The lines there are for the text: all but the keys and the lines above them."""
        others = self._keys().count("\n") + self._standing().count("\n") + 2
        return max(1, get_app().output.get_size().rows - others)

    def _standing(self) -> str:
        """The status, as wide as the window."""
        lines = self.voice.spell(self.page.status).split("\n")
        return "\n".join(textwrap.fill(f" {line}", self.columns() - 1, subsequent_indent=" ") for line in lines)

    def _lines(self) -> list[str]:
        return self.page.draw(self.columns(), self._height()).split("\n")

    def _scroll(self, step: int) -> None:
        self.first = max(0, min(self.first + step, len(self._lines()) - self._height()))

    def layout(self) -> Layout:
        rows = [_window(self._text), _window(self._status), _window(self._keys)]
        return Layout(HSplit(rows, align=VerticalAlign.TOP))

    def _text(self) -> AnyFormattedText:
        return ANSI("\n".join(self._lines()[self.first : self.first + self._height()]))

    def _status(self) -> StyleAndTextTuples:
        total, height = len(self._lines()), self._height()
        if self.page.status or total <= height:
            return [("class:message", self._standing())]
        last = min(self.first + height, total)
        text = self.say("answer.scroll", first=self.first + 1, last=last, total=total)
        return [("class:message", " " + self.voice.spell(text))]

    def _keys(self) -> str:
        return key_lines(self.voice, self.page, self.columns())
