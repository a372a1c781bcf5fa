"""``icpc partner``: one page for partners."""

from icpc_cli.cli.exports import Exports, judged, refuse_persons
from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINE, UsageError
from icpc_cli.files import new_text
from icpc_cli.network.partner import patient_groups
from icpc_cli.network.share import clinic_name, least_count, of_one_clinic
from icpc_cli.voice.safe import shown


def partner(
    session: Session,
    exports: Exports,
    output: str,
    *,
    name: str | None,
    clinic: str | None,
    min_count: str | None,
) -> int:
    """Write the page."""
    least, name = least_count(min_count), clinic_name(name)
    exports.refuse_overwriting([output])
    with judged(session, exports) as checked:
        refuse_persons(checked)
        courses, _ = of_one_clinic(checked.courses(), clinic)
    groups = patient_groups(courses, exports.day, least)
    if groups is None:
        raise UsageError("partner-nothing")
    from icpc_cli.pages.partner import partner_page

    with new_text(output) as file:
        file.write(partner_page(session.voice.in_full, groups, checked.guideline, name))
    session.say("report", "partner.written", path=shown(output))
    return EXIT_FINE
