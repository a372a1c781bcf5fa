"""A question on the screen, answered key by key."""

import re
import textwrap
import time
from dataclasses import dataclass
from functools import partial

from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyPressEvent
from prompt_toolkit.layout import HSplit, Layout, VerticalAlign

from icpc_cli.prompts.screen import Screen, window
from icpc_cli.prompts.sheets import BACK, LABEL_WIDTH, LONGEST_NUMBER, Option, Sheet, as_number, found
from icpc_cli.voice import Voice

_Line = StyleAndTextTuples
_INDENT = "   "
_AROUND = 6
"""Rows of a screen that hold no options, about."""
_PAUSE = 0.5
"""Seconds between two letters of one word, at most; who answers the next question has read it first."""


@dataclass
class Word:
    """The rest of a word whose first letter has answered: the ``ej`` of ``nej`` must not answer the next question."""

    rest: str = ""
    within: bool = False
    until: float = 0

    def begins(self, label: str) -> None:
        """A letter has chosen the option of this name."""
        self.rest, self.within, self.until = label.lower()[1:], False, time.monotonic() + _PAUSE

    def waits(self) -> None:
        """The next question is put; what was typed meanwhile is read now."""
        self.until = time.monotonic() + _PAUSE

    def goes_on(self, key: str) -> bool:
        """Whether a key, pressed at the speed of typing, is the next letter of the word; then it is no answer."""
        if key and self.rest.startswith(key) and time.monotonic() < self.until:
            self.rest, self.within, self.until = self.rest[len(key) :], True, time.monotonic() + _PAUSE
            return True
        self.rest, self.within = "", False
        return False

    def ends(self) -> bool:
        """Whether an enter only ends the word."""
        whole = self.within and not self.rest[:1].strip() and time.monotonic() < self.until
        self.rest, self.within = "", False
        return whole


class Asking(Screen):
    """One question on the screen, and the state of its answer.

    Where a number may be typed, digits are it. Where several may be ticked, digits tick and all else that is typed
    leaves the options of that name. Elsewhere a letter or a digit chooses.
    """

    def __init__(self, sheet: Sheet, voice: Voice, word: Word) -> None:
        super().__init__(voice)
        self.sheet, self.word = sheet, word
        word.waits()
        self.helping, self.message, self.moved = False, "", False
        places, self.typed = sheet.earlier()
        self.pointed = min(places, default=0)
        self.ticked = {place for place in places if sheet.several and sheet.options[place].value}
        self.on("up", "c-p", do=partial(self._move, -1))
        self.on("down", "c-n", "tab", do=partial(self._move, 1))
        self.on("pageup", do=partial(self._leap, -1))
        self.on("pagedown", do=partial(self._leap, 1))
        self.on("enter", "c-j", do=self._enter)
        self.on("left", "<", do=self._back)
        self.on("backspace", do=self._backspace)
        self.on("?", do=self._toggle_help)
        self.on("<bracketed-paste>", do=lambda: self._tell("message.no-paste"))
        self.keys.add("<any>")(self._press)

    @property
    def option(self) -> Option:
        """The option that is pointed at."""
        return self.sheet.options[self.pointed]

    def _tell(self, key: str, /, **facts: object) -> None:
        self.message = self.say(key, **facts)

    def _left(self) -> tuple[int, ...]:
        """The places of the options on the screen: those that what was typed leaves."""
        every = tuple(range(len(self.sheet.options)))
        return found(self.sheet.options, self.typed) if self.sheet.several and self.typed else every

    def _move(self, step: int) -> None:
        self.message, left = "", self._left()
        if left:
            self.pointed = left[(left.index(self.pointed) + step) % len(left)]
            self.moved = True

    def _leap(self, way: int) -> None:
        """Go about a screen further, not beyond the ends."""
        self.message, left = "", self._left()
        if left:
            place = left.index(self.pointed) + way * max(1, self.rows() - _AROUND)
            self.pointed, self.moved = left[min(max(place, 0), len(left) - 1)], True

    def _toggle_help(self) -> None:
        self.helping = not self.helping

    def _back(self) -> None:
        if self.sheet.can_go_back:
            self.exit(BACK)
        else:
            self._tell("message.no-back")

    def _backspace(self) -> None:
        if self.typed:
            self._type(self.typed[:-1])
        else:
            self._back()

    def _enter(self) -> None:
        if self.word.ends():
            return
        if self.sheet.several and self.typed:
            self._take_found()
        elif self.ticked:
            chosen = [self.sheet.options[place].value for place in sorted(self.ticked)]
            self.exit(tuple(condition for value in chosen if isinstance(value, tuple) for condition in value))
        elif self.sheet.several and self.option.value:
            last = self.sheet.options[-1]
            self._tell("message.none-chosen", key=last.key, label=last.label.lower())
        else:
            self._choose(self.option)

    def _take_found(self) -> None:
        """Tick what was found by its name; which of several was meant is said by moving to it."""
        left = self._left()
        if left and (self.moved or len(left) == 1):
            self.ticked.discard(self.pointed)
            self._tick(self.pointed)
        elif left:
            self._tell("message.several-found", count=len(left))

    def _choose(self, option: Option) -> None:
        if not option.number:
            self.exit(option.value)
        elif number := as_number(self.typed):
            self.exit(number)
        else:
            self.pointed = self.sheet.options.index(option)
            self._tell("message.no-number")

    def _press(self, event: KeyPressEvent) -> None:
        key, self.message = event.data.lower(), ""
        if self.word.goes_on(key):
            return
        shown = [place for place in self._left() if key in self.sheet.keys_of(place)]
        if self.sheet.number and re.fullmatch("[0-9]", key):
            self._type(self.typed + key)
        elif self.sheet.several and (shown or (key == " " and not self.typed)):
            self._tick(shown[0] if shown else self.pointed)
        elif shown:
            self._by_letter(self.sheet.options[shown[0]], key)
        elif self.sheet.several and key.isprintable() and not key.isdigit():
            self._type(self.typed + key)
        elif key.isprintable() and key.strip():
            self._tell("message.no-choice", key=key)
        else:
            self._tell("message.no-key")

    def _by_letter(self, option: Option, key: str) -> None:
        if key.isalpha() and not option.number:
            self.word.begins(option.label)
        self._choose(option)

    def _tick(self, place: int) -> None:
        self.pointed, self.typed, self.moved = place, "", False
        if self.option.value:
            self.ticked ^= {place}
        else:
            self.exit(self.option.value)

    def _type(self, typed: str) -> None:
        """Take what was typed so far, and point at what it names: a number, or the first of what is left."""
        self.message, self.moved = "", False
        if self.sheet.several:
            self.typed = typed
            if self.pointed not in self._left():
                self.pointed = min(self._left(), default=self.pointed)
        elif len(typed) > LONGEST_NUMBER:
            self._tell("message.no-number")
        else:
            self.typed, places = typed, enumerate(self.sheet.options)
            self.pointed = next(n for n, option in places if option.number or option.key == typed)

    # What it looks like

    def layout(self) -> Layout:
        """The lines that there is room for."""
        return Layout(HSplit([window(self._drawn)], align=VerticalAlign.TOP))

    def _drawn(self) -> StyleAndTextTuples:
        """As much as has room: first the air goes, then what stands around the question, at last options far away."""
        rows, blank = self.rows(), [[("", "")]]
        head, above, question = self._header(), self._above(), self._question()
        options, bottom = [self._option(place) for place in self._left()], self._bottom()
        choices = [line for lines in options for line in lines]
        more = [[("class:hint", _INDENT + self.voice.spell(self.say("more.around")))]]
        last = bottom if self.message or self.typed else more
        for lines in (
            [*head, *blank, *above, *(blank if above else ()), *question, *choices, *blank, *bottom],
            [*head, *above, *question, *choices, *bottom],
            [*above, *question, *choices, *last],
            [*question, *choices, *last],
        ):
            if len(lines) <= rows:
                return _joined(lines)
        if len(question) > max(1, rows - 2):
            question = [*question[: max(1, rows - 2) - 1], [("", _INDENT + "...")]] if rows > 3 else question[:1]
        near, hidden = self._near(options, rows - len(question) - 1)
        if hidden and last is more:
            last = [[("class:hint", _INDENT + self.voice.spell(self.say("more.options", count=hidden)))]]
        return _joined([*question, *near, *last[:1]][:rows])

    def _near(self, options: list[list[_Line]], rows: int) -> tuple[list[_Line], int]:
        """The options around the one that is pointed at, in so many rows, and how many there are besides."""
        left = self._left()
        first = last = left.index(self.pointed) if left else 0
        while last < len(options) or first > 0:
            longer = [(first, last + 1), (first - 1, last)] if last < len(options) else [(first - 1, last)]
            fitting = [(a, b) for a, b in longer if a >= 0 and sum(map(len, options[a:b])) <= rows]
            if not fitting:
                break
            first, last = fitting[0]
        return [line for lines in options[first:last] for line in lines], len(options) - (last - first)

    def _header(self) -> list[_Line]:
        columns, title, leave = self.columns(), self.say("header.title"), self.say("header.leave")
        back = [self.say("header.back")] if self.sheet.can_go_back else []
        keys = "   ".join([self.say("header.help"), *back, leave])
        gap = columns - len(title) - len(keys)
        return _styled("class:title", [title + " " * gap + keys] if gap >= 2 else [title, keys])

    def _above(self) -> list[_Line]:
        indent, lines = " " * (2 + LABEL_WIDTH), list[_Line]()
        for label, answer in self.sheet.above:
            first, *more = textwrap.wrap(self.voice.spell(answer), self.columns() - len(indent)) or [""]
            lines.append([("class:label", f"  {self.voice.spell(label):{LABEL_WIDTH - 1}} "), ("", first)])
            lines += _styled("", [indent + each for each in more])
        return lines

    def _question(self) -> list[_Line]:
        text = textwrap.wrap("? " + self.voice.spell(self.sheet.text), self.columns() - 1, subsequent_indent="  ")
        help_ = self._filled(self.sheet.help) if self.helping else []
        return _styled("class:question", text) + _styled("", help_)

    def _option(self, place: int) -> list[_Line]:
        """An option with pointer, tick, key, name and typed number."""
        option, here = self.sheet.options[place], place == self.pointed
        style = "class:highlighted" if here else ""
        key_width = max(len(each.key) for each in self.sheet.options)
        signs = ("● ", "○ ", "  ") if self.sheet.several else ("", "", "")
        tick = signs[0 if place in self.ticked else 1 if option.value else 2]
        if tick.isspace():
            tick = " " * len(self.voice.spell(signs[0]))
        pointer = self.voice.spell(" » ") if here else " " * len(self.voice.spell(" » "))
        before: _Line = [("class:pointer", pointer), (style, self.voice.spell(tick))]
        before += [("class:key", f"{option.key:>{key_width}}"), ("", "  ")]
        indent = sum(len(text) for _, text, *_ in before)
        typed = f": {self.typed}" if option.number and self.typed else ""
        room = max(self.columns() - 1 - indent, LABEL_WIDTH)
        first, *more = textwrap.wrap(self.voice.spell(option.label) + typed, room) or [""]
        lines: list[_Line] = [[*before, (style, first)]]
        return lines + _styled(style, [" " * indent + each for each in more])

    def _bottom(self) -> list[_Line]:
        """What there is to say of the last key, of what was typed, or else how to answer."""
        said: list[tuple[str, str]] = [("class:message", self.message)] if self.message else []
        if self.sheet.several and self.typed:
            some = bool(self._left())
            text = self.say("hint.found" if some else "message.none-found", typed=self.typed)
            said.append(("class:hint" if some else "class:message", text))
        if not said:
            count = len(self.sheet.options) - self.sheet.several
            said = [("class:hint", self.say(f"hint.{self.sheet.kind}", count=count))]
        return [line for style, text in said for line in _styled(style, self._filled(text))]

    def _filled(self, text: str) -> list[str]:
        lines = (textwrap.wrap(line, self.columns() - 1 - len(_INDENT)) for line in self.voice.spell(text).split("\n"))
        return [_INDENT + each for line in lines for each in line]


def _styled(style: str, lines: list[str]) -> list[_Line]:
    return [[(style, line)] for line in lines]


def _joined(lines: list[_Line]) -> StyleAndTextTuples:
    joined: StyleAndTextTuples = []
    for number, line in enumerate(lines):
        joined += [("", "\n")] * bool(number) + line
    return joined
