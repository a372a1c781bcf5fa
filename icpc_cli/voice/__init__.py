"""How one run speaks: its language, and the letters that its reader's screen has.

Nobody else picks a language, forms numbers and days for people, or spells for a terminal.
"""

from datetime import date
from typing import NamedTuple, Self

from icpc_cli.text import Language, Text
from icpc_cli.voice.calling import as_called
from icpc_cli.voice.letters import is_unicode, spelling

_DANISH_MARKS = str.maketrans(",.", ".,")


HANDFUL = 10
"""Of fewer no percents are said: they would look like more than they are."""


class Voice(NamedTuple):
    """Language and encoding of what is read. Everything that it says is spelled in letters that the encoding has."""

    language: Language = Language.DA
    encoding: str | None = "utf-8"

    def to(self, encoding: str | None) -> Self:
        """The same language for a reader with another encoding."""
        return self._replace(encoding=encoding)

    @property
    def in_full(self) -> Self:
        """The same language with every letter: for files, and for JSON, which escapes what a stream lacks."""
        return self.to("utf-8")

    @property
    def unicode(self) -> bool:
        """Whether every sign can be written, those that draw bars and arrows too."""
        return is_unicode(self.encoding)

    def spell(self, text: str) -> str:
        """A text in letters that the reader's encoding has."""
        return text if text.isascii() else text.translate(spelling(self.encoding))

    def of(self, text: Text) -> str:
        """Wording in the run's language."""
        return self.spell(as_called(text[self.language]))

    def say(self, file: str, key: str, /, **facts: object) -> str:
        """A text of ``data/guideline/<file>.toml`` with its facts; integers and days in the form of the language."""
        from icpc_cli.guideline import load_wording

        return self.fill(load_wording(file)[key], **facts)

    def known(self, file: str, key: str, /, **facts: object) -> str | None:
        """The same text, or None where there is none of that key."""
        from icpc_cli.guideline import load_wording

        text = load_wording(file).get(key)
        return None if text is None else self.fill(text, **facts)

    def fill(self, text: Text, /, **facts: object) -> str:
        """Wording with its facts, integers and days in the form of the language; without any it is as it stands."""
        said = as_called(text[self.language])
        return self.spell(said.format(**{name: self._formed(fact) for name, fact in facts.items()}) if facts else said)

    def counted(self, file: str, key: str, count: int, /, **facts: object) -> str:
        """A text about so many of something: ``<key>-one`` of one, where there is such wording."""
        one = self.known(file, f"{key}-one", count=count, **facts) if count == 1 else None
        return one or self.say(file, key, count=count, **facts)

    def _formed(self, fact: object) -> object:
        match fact:
            case bool():
                return fact
            case int():
                return self.number(fact)
            case date():
                return self.day(fact)
            case Text():
                return self.of(fact)
            case _:
                return fact

    def number(self, value: float, decimals: int = 0, *, signed: bool = False) -> str:
        """A number with so many decimals and marks between thousands: ``1.234,5`` or ``1,234.5``."""
        text = f"{value:+,.{decimals}f}" if signed else f"{value:,.{decimals}f}"
        if float(text.replace(",", "")) == 0:
            text = text.lstrip("+-")  # no "-0,0"
        text = self.spell(text.replace("-", "\u2212"))
        return text.translate(_DANISH_MARKS) if self.language is Language.DA else text

    def short(self, value: float, most: int = 3) -> str:
        """A number with as few decimals as it needs, ``most`` at most."""
        decimals = next((each for each in range(most) if round(value, each) == round(value, most)), most)
        return self.number(value, decimals)

    def between(self, low: int, high: int) -> str:
        """A number, or the two that it lies between: ``13`` or ``1-4``."""
        return self.number(low) if low == high else f"{self.number(low)}-{self.number(high)}"

    def percent(self, value: float | None) -> str:
        """A share from 0 to 1 in whole percents; less than one is ``<1 %``, more than 99 ``>99 %``."""
        if value is None:
            return self.say("voice", "none")
        if 0 < value < 0.01 or 0.99 < value < 1:
            return "<1\u00a0%" if value < 0.5 else ">99\u00a0%"
        return f"{self.number(round(value * 100))}\u00a0%"

    def share(self, part: int, whole: int) -> str:
        """So many of so many: ``101 af 118 (86 %)``; a dash of nothing, and no percents of a handful."""
        if not whole:
            return self.say("voice", "none")
        if whole < HANDFUL:
            return self.say("voice", "part", part=part, whole=whole).replace(" ", "\u00a0")
        said = self.say("voice", "share", part=part, whole=whole, percent=self.percent(part / whole))
        return said.replace(" ", "\u00a0")

    def day(self, day: date) -> str:
        """A day: ``31-05-2026`` or ``2026-05-31``."""
        return f"{day:%d-%m-%Y}" if self.language is Language.DA else day.isoformat()

    def month(self, number: int) -> str:
        """The name of a month, 1 to 12, in three letters."""
        return self.say("voice", "months").split()[number - 1]

    def period(self, name: str) -> str:
        """``2026-Q1`` as ``1. kvartal 2026``, ``2026`` as ``2026``, ``2025-11/2026-02`` as ``nov 2025 - feb 2026``."""
        if "/" in name:
            months = [each.split("-") for each in dict.fromkeys(name.split("/"))]
            return " - ".join(f"{self.month(int(number))} {year}" for year, number in months)
        year, _, part = name.partition("-")
        return self.say("voice", {"Q": "quarter", "H": "half"}[part[0]], number=part[1:], year=year) if part else year
