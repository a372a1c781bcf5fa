"""How numbers, shares and days are written, in Danish and in English."""

from datetime import date

from icpc_cli.guideline import load_wording
from icpc_cli.report.figures import Interval, Share


class Forms:
    """The forms of one language: ``1.234,5`` and ``31-05-2026``, or ``1,234.5`` and ``2026-05-31``."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = load_wording("report")

    def say(self, key: str, **facts: object) -> str:
        """A text of the report with its facts; integers among them in the form of the language."""
        written = {name: self.number(fact) if isinstance(fact, int) else fact for name, fact in facts.items()}
        return self._words[key][self.language].format(**written)

    def number(self, value: float, decimals: int = 0, *, signed: bool = False) -> str:
        """A number with so many decimals and marks between thousands."""
        text = f"{value:+,.{decimals}f}" if signed else f"{value:,.{decimals}f}"
        if float(text.replace(",", "")) == 0:
            text = text.lstrip("+-")  # no "-0,0"
        text = text.replace("-", "\u2212")
        return text.translate(str.maketrans(",.", ".,")) if self.language == "da" else text

    def short(self, value: float) -> str:
        """A number with as few decimals as it needs, three at most."""
        decimals = next((each for each in range(3) if round(value, each) == round(value, 3)), 3)
        return self.number(value, decimals)

    def tenths(self, value: float) -> str:
        """A number with one decimal where it needs one."""
        return self.number(value, 0 if round(value, 1) == round(value) else 1)

    def percent(self, value: float | None, decimals: int = 0) -> str:
        """A share from 0 to 1; whole percents never say 0 or 100 of what is neither."""
        if value is None:
            return self.say("words.none")
        shown = value * 100
        if not decimals and 0 < value < 1:
            shown = min(max(round(shown), 1), 99)
        return f"{self.number(shown, decimals)}\u00a0%"

    def share(self, share: Share) -> str:
        """``101 af 118 (86 %)``."""
        if not share.denominator:
            return self.say("words.none")
        return self.say(
            "words.of", part=share.numerator, whole=share.denominator, percent=self.percent(share.value)
        ).replace(" ", "\u00a0")

    def interval(self, interval: Interval, decimals: int = 1) -> str:
        """``-2,2 (-2,4 til -2,0)``."""
        mean = self.number(interval.mean, decimals, signed=True)
        if interval.low is None or interval.high is None:
            return mean
        low, high = (self.number(each, decimals, signed=True) for each in (interval.low, interval.high))
        return self.say("words.interval", mean=mean, low=low, high=high)

    def day(self, day: date) -> str:
        """A day."""
        return f"{day:%d-%m-%Y}" if self.language == "da" else day.isoformat()

    def month(self, month: str) -> str:
        """``2026-05`` as ``maj 2026``."""
        if not month:
            return self.say("words.undated")
        year, number = month.split("-")
        return f"{self.short_month(number)} {year}"

    def short_month(self, number: str) -> str:
        """The month's name in three letters."""
        return self.say("words.months").split()[int(number) - 1]

    def quarter(self, quarter: str) -> str:
        """``2026-Q1`` as ``1. kvartal 2026``."""
        year, number = quarter.split("-Q")
        return self.say("comparison.quarter", number=number, year=year)
