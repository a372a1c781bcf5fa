"""``icpc partner``: one page for partners, made from what the clinic shares."""

from icpc_cli.cli.exports import Exports
from icpc_cli.cli.leaving import leaving
from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINE
from icpc_cli.files import new_text
from icpc_cli.network.memory import Wish
from icpc_cli.network.partner import groups_of
from icpc_cli.voice.safe import shown


def partner(session: Session, exports: Exports, output: str, wish: Wish) -> int:
    """Write the page."""
    exports.refuse_overwriting([output])
    made = leaving(session, exports, wish)
    from icpc_cli.pages.partner import partner_page

    page = partner_page(
        session.voice.in_full, groups_of(made.share.network), made.guideline, wish.name, made.settings.partner
    )
    made.remember()
    with new_text(output) as file:
        file.write(page)
    session.say("report", "partner.written", path=shown(output))
    return EXIT_FINE
