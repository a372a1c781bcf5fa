"""What a Danish note says about the facts of a case, with the words that decided it. Local, by rules that can be read."""

from icpc_cli.guideline.words import READ
from icpc_cli.notes.reading import Evidence, Reading, facts, read

__all__ = ["READ", "Evidence", "Reading", "facts", "read"]
