"""``python -m icpc_cli`` and the command ``icpc``."""

import sys


def main() -> None:
    """Run the program and leave with its exit status."""
    from icpc_cli.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
