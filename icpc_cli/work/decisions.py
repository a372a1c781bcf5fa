"""The list of what was decided, for typing into the practice system: as cells, and in words."""

from collections.abc import Iterable, Iterator

from icpc_cli.checks.worklist import COLUMNS as OF_WORKLIST
from icpc_cli.checks.worklist import Worklist
from icpc_cli.guideline import Guideline
from icpc_cli.outcomes import Errand
from icpc_cli.voice import Voice
from icpc_cli.work.memory import Decision

COLUMNS = {name: OF_WORKLIST[name] for name in ("therapist", "patient", "course_id", "last", "condition", "code")} | {
    "decision": 34,
    "target": OF_WORKLIST["target"],
}
"""The columns and their widths."""
Decided = tuple[Errand, Decision]


def headers(voice: Voice) -> list[str]:
    """The headers of the list, by which it is also known again."""
    return [voice.say("outputs", f"worklist.{name}") for name in COLUMNS]


def rows(voice: Voice, guideline: Guideline, decided: Iterable[Decided]) -> Iterator[list[str]]:
    """The cells of each course. They name patients."""
    worklist = Worklist(voice, guideline, mask=False)
    for errand, decision in decided:
        cells = worklist.facts(errand) | {
            "decision": said(voice, decision),
            "target": " ".join(decision.codes),
        }
        yield [cells[name] for name in COLUMNS]


def said(voice: Voice, decision: Decision) -> str:
    """A decision in words, without the codes: ``sat til side: kodet andetsteds``."""
    reason = f": {voice.say('work', f'reason.{decision.reason}')}" if decision.reason else ""
    return voice.say("work", f"done.{decision.done}") + reason
