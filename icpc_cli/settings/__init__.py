"""What a clinic says once for all of its exports, in ``icpc.toml``: found, read strictly, and written.

Everything is read and checked at once; a :class:`Settings` knows no file afterwards.
"""

from icpc_cli.settings.reading import NAME, find, find_one, load
from icpc_cli.settings.values import Service, Settings

__all__ = ["NAME", "Service", "Settings", "find", "find_one", "load"]
