"""Rules, codes, questions, names and wording as one validated value; alone knows the format of ``data/guideline``.

Loading refuses what it does not know and what is missing: a :class:`GuidelineError` names file and key.
"""

from icpc_cli.guideline.names import fold, plain
from icpc_cli.guideline.rules import Guideline, SuggestionRule, load_guideline
from icpc_cli.guideline.tables import default_folder
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
