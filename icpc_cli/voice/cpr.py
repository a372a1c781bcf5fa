"""What a CPR number looks like: the one definition, in the syntax that ``re`` and RE2 (the database) share.

Whether its date exists is not said. The variants differ in what may stand around the digits.
"""

_DASHES = "\u00ad\u058a\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d-"
_SPACES = "\t \u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff"
_GAP = f"[{_SPACES}_./,\u00b7\u2022{_DASHES}]{{0,3}}"
"""What stands between its parts: nothing, dashes of all kinds, spaces, dots, slashes."""

_BIRTH = f"[0-3][0-9]{_GAP}[01][0-9]{_GAP}[0-9]{{2}}"
_NUMBER = f"{_BIRTH}{_GAP}[0-9]{{4}}"
_LETTERS_AND_DIGITS = (
    "(?:[A-Z](?:[0-9][0-9A-Z]{2}|[A-Z][0-9][0-9A-Z]|[A-Z]{2}[0-9])"
    "|[0-9](?:[A-Z][0-9A-Z]{2}|[0-9][A-Z][0-9A-Z]|[0-9]{2}[A-Z]))"
)
_REPLACEMENT = (
    f"(?:{_BIRTH}{_GAP}[0-9][A-Z]{{2}}[0-9]"
    f"|[0-3][0-9][01][0-9]{{3}}(?:[{_SPACES}]?[{_DASHES}][{_SPACES}]?)?{_LETTERS_AND_DIGITS})"
)
"""A replacement number: a day, then digits and capital letters; where those are not as the official forms have them
(``1AB2``), nothing but a dash stands between, for days stand before codes and words as well."""
IN_TEXT = rf"(?:^|[^0-9])({_NUMBER}|{_REPLACEMENT}\b)(?:[^0-9]|$)"
"""In a text: ten digits of which the first could be a day and a month, or a replacement number."""
SHAPE = f"(?:[0-9]{{2}}{_GAP}[0-9]{{2}}{_GAP}[0-9]{{2}}{_GAP}[0-9]{{4}}|{_REPLACEMENT})"
"""A whole cell in the patient's column: ten digits, whatever date they stand for, or a replacement number."""
NINE = "[1-9](?:0[1-9]|1[0-2])[0-9]{6}"
"""A whole cell in the patient's column of which a spreadsheet has taken the first zero."""
LIKELY = f"(?<![0-9])(?:(?:{_NUMBER}|[0-9]{{6}}{_GAP}[0-9]{{4}}|{NINE})(?![0-9])|{_REPLACEMENT}(?![0-9A-Za-zÆØÅæøå]))"
"""What is masked: in a text, with any date where the first six digits stand together; for ``re`` alone."""
SIGNS = "0-9A-Z"
"""What such a number consists of, but for what parts it."""
