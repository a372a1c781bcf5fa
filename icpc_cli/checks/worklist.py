"""The list of what there is to mend, as cells: one row a course, for the clinic's own use."""

from collections.abc import Iterable, Iterator

from icpc_cli.checks.telling import Telling
from icpc_cli.checks.wording import codes
from icpc_cli.guideline import Guideline, load_checks
from icpc_cli.outcomes import Errand, Finding
from icpc_cli.voice import Voice
from icpc_cli.voice.safe import masked, printable, shown

COLUMNS = {
    "therapist": 10, "patient": 15, "course_id": 14, "last": 12, "condition": 26, "code": 12, "todo": 60, "target": 14,
    "checks": 14, "done": 8, "remark": 30,
}  # fmt: skip
"""The columns and their widths; the last two are for the pen."""
ROWS = 5
"""Rows of a check that are named."""


def headers(voice: Voice) -> list[str]:
    """The headers of the list, by which it is also known again."""
    return [voice.say("outputs", f"worklist.{name}") for name in COLUMNS]


class Worklist:
    """The list in one language. It names patients, unless they are to be masked."""

    def __init__(self, voice: Voice, guideline: Guideline, *, mask: bool) -> None:
        self._voice, self._telling, self._guideline, self._mask = voice, Telling(voice), guideline, mask
        self.headers = headers(voice)

    def rows(self, errands: Iterable[Errand]) -> Iterator[list[str]]:
        """The cells of each course, in the order given."""
        for errand in errands:
            suggested = (each.detail.fix or codes(self._voice, each.detail.suggestions) for each in errand.findings)
            cells = self.facts(errand) | {
                "todo": self.todo(errand),
                "target": shown(next(filter(None, suggested), "")),
                "checks": " ".join(dict.fromkeys(each.check for each in errand.findings)),
            }
            yield [cells.get(name, "") for name in COLUMNS]

    def facts(self, errand: Errand) -> dict[str, str]:
        """What the export says of a course, by column."""
        return {
            "therapist": shown(errand.therapist.strip()),
            "patient": masked(errand.patient) if self._mask else printable(errand.patient),
            "course_id": shown(errand.course_id),
            "last": shown(errand.last.strip()),
            "condition": self.about(errand),
            "code": " ".join(errand.codes) or shown(errand.code.strip()),
        }

    def about(self, errand: Errand) -> str:
        """What the course is about: as it was understood, else as it stands."""
        known = [self._voice.of(self._guideline.label("condition", each)) for each in errand.case.conditions]
        return ", ".join(known) or shown(errand.condition.strip())

    def todo(self, errand: Errand) -> str:
        """What to do, the gravest first, with the rows and what stands there."""
        by_check: dict[str, list[Finding]] = {}
        for finding in errand.findings:
            by_check.setdefault(finding.check, []).append(finding)
        return " · ".join(self._step(check, found) for check, found in by_check.items())

    def _step(self, check: str, found: list[Finding]) -> str:
        places = [
            f'{each.row}: "{shown(each.value.strip())}"' if each.value.strip() else str(each.row)
            for each in found[:ROWS]
        ]
        if len(found) > ROWS:
            places.append("...")
        where = self._telling.counted("rows-named", len(found)) + " " + ", ".join(places)
        return f"{self._voice.of(load_checks()[check].todo)} ({where})"
