"""``python -m icpc_cli`` and the command ``icpc``."""

import gc
import os
import sys

from icpc_cli.errors import EXIT_INTERRUPTED

_OBJECTS = 100_000
"""New objects after which cycles are looked for: guideline and words alone are many, and have none."""


def main() -> None:
    """Run the program and leave with its exit status, at once: to take Python apart would be no use to anyone."""
    gc.set_threshold(_OBJECTS)
    try:
        from icpc_cli.cli.ending import main as run

        status = run(sys.argv[1:])
    except KeyboardInterrupt:
        status = EXIT_INTERRUPTED
    os._exit(status)


if __name__ == "__main__":
    main()
