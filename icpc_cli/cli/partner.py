"""``icpc partner``: one page for partners."""

from collections.abc import Sequence

from icpc_cli.cli.check import read_today
from icpc_cli.cli.network import clinic_name, courses_of_one_clinic, least_count
from icpc_cli.cli.reading import Reading, judged
from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINE, UsageError
from icpc_cli.files import new_text, refuse_overwriting
from icpc_cli.guideline import load_guideline
from icpc_cli.guideline.own import with_own
from icpc_cli.network.partner import patient_groups
from icpc_cli.reading.inputs import STDIN, found_files
from icpc_cli.voice.safe import shown


def partner(
    session: Session,
    paths: Sequence[str],
    output: str,
    *,
    name: str | None,
    clinic: str | None,
    min_count: str | None,
    reading: Reading,
    today: str | None,
) -> int:
    """Write the page."""
    least, name = least_count(min_count), clinic_name(name)
    refuse_overwriting([output], [path for path in found_files(paths) if path != STDIN])
    guideline = with_own(load_guideline())
    day = read_today(today)
    with judged(session, guideline, paths, reading, day) as checked:
        courses, _ = courses_of_one_clinic(checked, clinic)
    groups = patient_groups(courses, day, least)
    if groups is None:
        raise UsageError("partner-nothing")
    from icpc_cli.pages.partner import partner_page

    with new_text(output) as file:
        file.write(partner_page(session.voice.in_full, groups, guideline, name))
    session.say("report", "partner.written", path=shown(output))
    return EXIT_FINE
