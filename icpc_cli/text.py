"""Wording in every language. Apart from the other nouns, because every start needs it and few need those."""

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """The languages that users read."""

    DA = "da"
    EN = "en"


@dataclass(frozen=True)
class Text:
    """Wording in every language."""

    da: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.en if language == Language.EN else self.da
