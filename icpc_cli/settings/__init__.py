"""What a clinic says once for all of its exports, in ``icpc.toml``: found, read strictly, proposed, and written.

Everything is read and checked at once; a :class:`Settings` knows no file afterwards.
"""

from icpc_cli.settings.proposal import REST, SKIP, Answer, Ask, Proposal, Topic
from icpc_cli.settings.reading import NAME, find, find_one, load
from icpc_cli.settings.sample import Column, Sample
from icpc_cli.settings.values import Service, Settings
from icpc_cli.settings.writing import Remarks, written

__all__ = [
    "NAME",
    "REST",
    "SKIP",
    "Answer",
    "Ask",
    "Column",
    "Proposal",
    "Remarks",
    "Sample",
    "Service",
    "Settings",
    "Topic",
    "find",
    "find_one",
    "load",
    "written",
]
