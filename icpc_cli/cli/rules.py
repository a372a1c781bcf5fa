"""``icpc rules``: what the checks are."""

from icpc_cli.checks.catalogue import BY_ID, CHECKS
from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINE, UsageError
from icpc_cli.screens.rules import print_rule, print_rules
from icpc_cli.voice.calling import command


def rules(session: Session, check: str | None) -> int:
    """List the checks, or explain one by its id or name."""
    if check is None:
        print_rules(session.terminal)
        return EXIT_FINE
    known = BY_ID | {each.name: each for each in CHECKS}
    found = known.get(check.upper()) or known.get(check.lower())
    if found is None:
        raise UsageError("unknown-check", where=command("rules"), value=check, known=list(BY_ID))
    print_rule(session.terminal, found)
    return EXIT_FINE
