"""What a Danish note says about the facts of a case, with the words that decided it. By rules that can be read."""

from icpc_cli.notes.reading import Evidence, Reading, facts, read

__all__ = ["Evidence", "Reading", "facts", "read"]
