"""What a CPR number looks like: the one definition, in the syntax that ``re`` and RE2 (the database) share.

Whether its date exists is not said. The variants differ in what may stand around the digits.
"""

_DASHES = "\u00ad\u058a\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d-"
_SPACES = "\t \u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff"
_GAP = f"[{_SPACES}_./,\u00b7\u2022{_DASHES}]{{0,3}}"
"""What stands between its parts: nothing, dashes of all kinds, spaces, dots, slashes."""

_NUMBER = f"[0-3][0-9]{_GAP}[01][0-9]{_GAP}[0-9]{{2}}{_GAP}[0-9]{{4}}"
IN_TEXT = f"(?:^|[^0-9])({_NUMBER})(?:[^0-9]|$)"
"""In a text: ten digits of which the first could be a day and a month."""
SHAPE = f"[0-9]{{2}}{_GAP}[0-9]{{2}}{_GAP}[0-9]{{2}}{_GAP}[0-9]{{4}}"
"""A whole cell in the patient's column: ten digits, whatever date they stand for."""
NINE = "[1-9](0[1-9]|1[0-2])[0-9]{6}"
"""A whole cell in the patient's column of which a spreadsheet has taken the first zero."""
LIKELY = f"(?<![0-9])(?:{_NUMBER}|[0-9]{{6}}{_GAP}[0-9]{{4}})(?![0-9])"
"""What is masked: in a text, with any date where the first six digits stand together; for ``re`` alone."""
