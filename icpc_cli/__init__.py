"""ICPC-2 diagnosis coding for Danish physiotherapists.

>>> from icpc_cli import Case, advise, load_guideline
>>> advice = advise(load_guideline(), Case(specialty="51", course="structured", conditions=["hip_osteoarthritis"]))
>>> advice.obligation.status
<Status.MANDATORY: 'mandatory'>
>>> [(suggestion.code.code, suggestion.timing) for suggestion in advice.suggestions]
[('L89', <Timing.CONFIRM: 'confirm'>)]
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from icpc_cli.advice import advise, open_questions
    from icpc_cli.guideline import Guideline, load_guideline
    from icpc_cli.model import Advice, Answer, Case, Condition, Course

__version__ = "0.1.0"

__all__ = [
    "Advice",
    "Answer",
    "Case",
    "Condition",
    "Course",
    "Guideline",
    "__version__",
    "advise",
    "load_guideline",
    "open_questions",
]

_HOMES = {"advise": "advice", "open_questions": "advice", "Guideline": "guideline", "load_guideline": "guideline"}


def __getattr__(name: str) -> Any:
    """Load the public names when they are first used: ``icpc --version`` needs none of them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'model')}"), name)
