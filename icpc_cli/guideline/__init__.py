"""Rules, codes, questions, names and wording as one validated value; alone knows the format of ``data/guideline``.

Loading refuses what it does not know and what is missing: a :class:`GuidelineError` names file and key.
"""

from typing import TYPE_CHECKING, Any

from icpc_cli.guideline.names import fold, plain
from icpc_cli.guideline.tables import default_folder

if TYPE_CHECKING:
    from icpc_cli.guideline.rules import Guideline, SuggestionRule, load_guideline
    from icpc_cli.guideline.wording import CheckWording, ids_by_name, load_checks, load_wording

__all__ = [
    "CheckWording",
    "Guideline",
    "SuggestionRule",
    "default_folder",
    "fold",
    "ids_by_name",
    "load_checks",
    "load_guideline",
    "load_wording",
    "plain",
]

_OF_THE_RULES = ("Guideline", "SuggestionRule", "load_guideline")


def __getattr__(name: str) -> Any:
    """Load rules and wording when they are first used: to read a note needs neither."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{'rules' if name in _OF_THE_RULES else 'wording'}"), name)
