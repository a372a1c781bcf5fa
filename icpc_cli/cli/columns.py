"""Asking which column plays which role, where headers leave it open. Without a terminal nothing is asked or guessed."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from icpc_cli.checks.columns import assess
from icpc_cli.checks.contents import CellColumn
from icpc_cli.cli.session import Session
from icpc_cli.guideline import Guideline
from icpc_cli.voice import Voice
from icpc_cli.voice.safe import shortened

if TYPE_CHECKING:
    from icpc_cli.prompts.sheets import Asker, Sheet

NO_COLUMN = ""
"""The header of a role that has no column."""
_KEYS = "123456789abcdefghijklmnopqrstuvwxyz"
"""What names the choices."""
_NAME_WIDTH = 20


def ask_columns(
    session: Session,
    guideline: Guideline,
    begun: Mapping[str, Sequence[CellColumn]],
    mappings: Mapping[str, Mapping[str, str]],
    fixed: Mapping[str, str],
) -> dict[str, dict[str, str]]:
    """The mapping (role -> header, or none: no column) of each file, with what was asked added to it.

    ``begun`` and ``mappings`` are by path; a question that several files raise is asked once. Where nothing is open, or
    there is no terminal, the mappings come back as they are. Raises KeyboardInterrupt when the user breaks off, and
    :class:`UsageError` when a mapped header is not there.
    """
    complete = {path: dict(mappings.get(path, {})) for path in begun}
    if not session.interactive:
        return complete
    who: Asker | None = None
    answers: dict[tuple[str, tuple[str, ...]], str] = {}
    for path, mapping in complete.items():
        for role, candidates in assess(guideline, begun[path], path, mapping).questions(fixed).items():
            left = tuple(dict.fromkeys(each for each in candidates if each not in mapping.values()))
            if left and (role, left) not in answers:
                who = who or _asker(session)
                answers[role, left] = str(who.ask(column_sheet(session.voice, path, role, left)))
            if left:
                mapping[role] = answers[role, left]
    return complete


def _asker(session: Session) -> "Asker":
    """Who asks; what it takes is loaded only now, since most checks ask nothing."""
    from icpc_cli.prompts import asker

    return asker(session.voice, session.terminal.stream)


def column_sheet(
    voice: Voice, path: str, role: str, candidates: Sequence[str], examples: Mapping[str, str] | None = None
) -> "Sheet":
    """The question which column plays a role: yes or no for one, a choice of several. Its answer is a header.

    ``examples`` say by header what stands in the column; with them, that it is none of them stands first.
    """
    from icpc_cli.prompts.sheets import Option, Sheet, say

    label = voice.say("findings", f"role.{role}")
    above = [(say(voice, "label.file"), shortened(path))]
    named = {
        each: f"{shortened(each, 30):{_NAME_WIDTH if examples else 0}}{(examples or {}).get(each, '')}"
        for each in candidates
    }
    yes, no, none = (say(voice, f"choice.{each}") for each in ("yes", "no", "no-column"))
    if len(candidates) == 1:
        above += [(say(voice, "label.values"), each) for each in (examples or {}).values()]
        text = say(voice, "column.one", header=shortened(candidates[0]), role=label)
        options = [Option(yes[0].lower(), yes, candidates[0]), Option(no[0].lower(), no, NO_COLUMN)]
    else:
        text = say(voice, "column.several", role=label)
        keys = [*_KEYS, *map(str, range(len(_KEYS) + 1, len(candidates) + 1))]
        options = [Option(key, named[each].strip(), each) for key, each in zip(keys, candidates, strict=False)]
        options.insert(0 if examples else len(options), Option("0", none, NO_COLUMN))
    return Sheet(text, say(voice, "column.help"), tuple(options), above=tuple(above))
