"""The cells of an instrument: a number in Danish or English form, within the range of the instrument, or named."""

import re

from icpc_cli.outcomes import Instrument
from icpc_cli.report.figures import Fault

_PLAIN = re.compile(r"[+-]?[0-9]{1,9}(?:[.,][0-9]{1,9})?")
_GROUPED = re.compile(r"([+-]?[0-9]{1,3}(?:\.[0-9]{3})+),([0-9]{1,9})")
_THOUSAND = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")


def read_measure(raw: str, instrument: Instrument) -> float | Fault:
    """What a cell says: comma or dot before decimals. ``1.234`` is no number where both readings fit the range."""
    text = raw.strip().replace("\u2212", "-")
    if grouped := _GROUPED.fullmatch(text):
        value = float(f"{grouped[1].replace('.', '')}.{grouped[2]}")
    elif _PLAIN.fullmatch(text):
        value = float(text.replace(",", "."))
        if _THOUSAND.fullmatch(text) and instrument.minimum <= value * 1000 <= instrument.maximum:
            return Fault.NOT_A_NUMBER
    else:
        return Fault.NOT_A_NUMBER
    return value if instrument.minimum <= value <= instrument.maximum else Fault.OUT_OF_RANGE
