"""Commands, help and options; the one place where an error becomes a message."""

from icpc_cli.cli.app import run

__all__ = ["run"]
