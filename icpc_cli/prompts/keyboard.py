"""Questions that are answered key by key, each on a screen of its own."""

from dataclasses import dataclass, field

import questionary

from icpc_cli.model import Value
from icpc_cli.prompts.asking import Asking, Word
from icpc_cli.prompts.pasting import Pasting
from icpc_cli.prompts.screen import STYLE
from icpc_cli.prompts.sheets import Move, Page, Sheet
from icpc_cli.prompts.showing import Showing
from icpc_cli.voice import Voice


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Asks with arrow keys, letters and digits; each screen takes the place of the one before it."""

    voice: Voice
    leaves_text: bool = False
    word: Word = field(default_factory=Word)

    def ask(self, sheet: Sheet) -> Value | Move:
        """Put a question. Raises KeyboardInterrupt on Ctrl-C and Ctrl-D."""
        answer: Value | Move = Asking(sheet, self.voice, self.word).run()
        return answer

    def show(self, page: Page) -> str | Move:
        """Show a page until an action is chosen. Raises KeyboardInterrupt on Ctrl-C and Ctrl-D."""
        action: str | Move = Showing(page, self.voice).run()
        return action

    def paste(self) -> str:
        """Let a note be pasted. Raises KeyboardInterrupt on Ctrl-C."""
        return str(Pasting(self.voice).run())

    def enter(self, text: str) -> str:
        """Let a line be typed. Raises KeyboardInterrupt on Ctrl-C and Ctrl-D."""
        question = questionary.text(self.voice.spell(text), qmark="?", style=STYLE, erase_when_done=True)
        try:
            return str(question.unsafe_ask())
        except EOFError:
            raise KeyboardInterrupt from None
