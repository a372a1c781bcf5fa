"""``python -m icpc_cli`` and the command ``icpc``."""

import sys

from icpc_cli.errors import EXIT_INTERRUPTED


def main() -> None:
    """Run the program and leave with its exit status."""
    try:
        from icpc_cli.cli.ending import main as run

        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)


if __name__ == "__main__":
    main()
