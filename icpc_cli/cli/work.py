"""``icpc work``: the worklist in the terminal, one course at a time, and what is remembered of it."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from icpc_cli.advice import advise
from icpc_cli.checks.codes import TokenKind, read_codes
from icpc_cli.cli.exports import Exports, judged
from icpc_cli.cli.interview import Interview, actions
from icpc_cli.cli.session import Session, fitted
from icpc_cli.errors import EXIT_FINE, UsageError
from icpc_cli.files import STANDARD
from icpc_cli.judging.check import Checked
from icpc_cli.model import Answers
from icpc_cli.outcomes import Errand
from icpc_cli.prompts import asker
from icpc_cli.prompts.sheets import BACK, Move, Page, numbered, put
from icpc_cli.screens.advice import code_line
from icpc_cli.screens.work import CourseDrawing, decisions
from icpc_cli.voice.calling import command_on
from icpc_cli.voice.safe import shown
from icpc_cli.work.decisions import COLUMNS, Decided, headers, rows, said
from icpc_cli.work.memory import Decision, Decisions, Done, Reason, begun, now

_AT_ADVICE = ("done", "onward", "back", "leave")
_OTHER, _NOTHING = "other-code", "nothing"


def work(session: Session, exports: Exports, output: str | None, *, every: bool) -> int:
    """Go through what there is to mend; ``every``: what was decided before too. What was decided stays at the end."""
    if not session.interactive or STANDARD in exports.paths:
        listed = session.voice.say("findings", "screen.worklist-file")
        raise UsageError("work-needs-terminal", command=command_on("check", exports.paths, "--worklist", listed))
    if output is not None:
        _refuse(output, exports)
    memory = begun()
    with judged(session, exports) as checked:
        round_ = _Round(session, checked, memory, every=every)
        try:
            round_.run()
        finally:
            _leave(session, checked, round_, output)
    return EXIT_FINE


def _refuse(output: str, exports: Exports) -> None:
    """Refuse a list that could not be written; one that is there holds codes that are kept nowhere else."""
    if Path(output).suffix.lower() not in (".xlsx", ".csv"):
        raise UsageError("worklist-ending", path=output)
    exports.refuse_overwriting([output])
    if Path(output).exists():
        raise UsageError("work-output-exists", path=output)


class _Round:
    """The courses one after the other; what is decided is remembered at once."""

    def __init__(self, session: Session, checked: Checked, memory: Decisions, *, every: bool) -> None:
        self._session, self._checked, self._voice = session, checked, session.voice
        self._asker = asker(self._voice, session.terminal.stream)
        self._memory = memory
        self.before: list[Done] = []
        """What was decided in other runs about courses that are left out here."""
        found, later = list[Errand](), list[Errand]()
        for errand in checked.errands():
            earlier = self._memory.decision(errand)
            if earlier and earlier.settled and not every:
                self.before.append(earlier.done)
            else:
                (later if earlier and not earlier.settled else found).append(errand)
        self._errands = [*found, *later]
        self._decided: dict[int, Decision] = {}
        self._interviews: dict[int, Interview] = {}

    @property
    def count(self) -> int:
        """The courses that are gone through."""
        return len(self._errands)

    @property
    def left(self) -> int:
        """The courses with which something is left to do."""
        return sum(not (each and each.settled) for each in map(self._memory.decision, self._errands))

    @property
    def decided(self) -> list[Decided]:
        """The courses with which nothing is left to do, in their order."""
        return [(self._errands[at], each) for at, each in sorted(self._decided.items()) if each.settled]

    def run(self) -> None:
        """Show them until the user stops or has seen all. Raises KeyboardInterrupt on Ctrl-C and Ctrl-D."""
        at = 0
        while at < self.count or (self.decided and at == self.count):
            action = self._end() if at == self.count else self._course(at)
            if action == "leave":
                return
            at = max(0, at - 1) if action is BACK else at + 1

    def _course(self, at: int) -> str | Move:
        """Show what the export says of a course, its advice when asked, and take what was done about it."""
        while True:
            action = self._asker.show(Page(self._drawing(at).draw, actions(self._voice, "advise", *_AT_ADVICE)))
            if action in ("advise", "done"):
                action = self._advise(at) if action == "advise" else self._decide(at)
                if action is BACK:
                    continue
            return BACK if action == BACK.value else action

    def _drawing(self, at: int) -> CourseDrawing:
        errand, voice = self._errands[at], self._voice
        same, changed = self._memory.decision(errand), self._memory.outdated(errand)
        decided = ""
        if decision := same or changed:
            key = "before.same" if same else "before.changed"
            day, now_ = decision.when.astimezone().date(), self._decided.get(at, decision)
            decided = voice.say("work", key, day=day, decision=" ".join((said(voice, now_), *now_.codes)))
        checked, terminal = self._checked, self._session.terminal
        several = len(checked.sources) > 1
        return CourseDrawing(
            terminal, checked.guideline, errand, checked.note(errand), self._place(at), decided, several=several
        )

    def _place(self, at: int) -> str:
        return self._voice.say("work", "place", number=at + 1, count=self.count)

    def _advise(self, at: int) -> str | Move:
        """The interview with what the export says filled in, and the advice; BACK: to the course."""
        interview = self._interviews.get(at)
        if interview is None:
            terminal = self._session.terminal
            interview = Interview(self._checked.guideline, self._asker, terminal, ends=_AT_ADVICE)
            interview.begin(Answers(self._errands[at].case))
            self._interviews[at] = interview
        while (action := interview.advise()) == "done":
            if (decided := self._decide(at)) is not BACK:
                return decided
        return action

    def _decide(self, at: int) -> str | Move:
        """Ask what was done and remember it; BACK where it is not said."""
        voice, codes = self._voice, list(self._codes(at))
        choices = [(voice.say("work", "choice.coded", code=self._titled(code)), code) for code in codes]
        for each in (_OTHER, Done.LATER, Done.ASIDE, _NOTHING):
            choices.append((voice.say("work", f"choice.{each}"), str(each)))
        while (choice := self._menu(at, "ask.done", choices)) is not BACK:
            decision = self._decision(at, str(choice))
            if decision is BACK:
                continue
            self._decided.pop(at, None)
            if isinstance(decision, Decision):
                self._decided[at] = decision
            self._memory.keep(self._errands[at], self._decided.get(at))
            return "onward"
        return BACK

    def _decision(self, at: int, choice: str) -> Decision | Move | None:
        """The decision that a choice is, or leads to; None: nothing is decided any more."""
        if choice == _NOTHING:
            return None
        if choice == Done.ASIDE:
            reasons = [(self._voice.say("work", f"reason.{each}").capitalize(), str(each)) for each in Reason]
            reason = self._menu(at, "ask.reason", reasons)
            return BACK if reason is BACK else Decision(Done.ASIDE, now(), Reason(str(reason)))
        if choice == Done.LATER:
            return Decision(Done.LATER, now())
        codes = self._typed_codes() if choice == _OTHER else tuple(choice.split("; "))
        return Decision(Done.CODED, now(), codes=codes) if codes else BACK

    def _menu(self, at: int, key: str, choices: Sequence[tuple[str, str]]) -> str | Move:
        """Put a question about a course; its answers are numbered."""
        errand, voice = self._errands[at], self._voice
        about = " · ".join(filter(None, (shown(errand.course_id) or shown(errand.patient), shown(errand.last.strip()))))
        above = ((self._place(at), about),)
        question = replace(put(voice, "work", key, numbered(choices)), above=above, can_go_back=True)
        reply = self._asker.ask(question)
        return reply if isinstance(reply, Move) else str(reply)

    def _codes(self, at: int) -> Iterator[str]:
        """The codes to offer, each once: what goes into the record, then all that the advice and the findings name."""
        errand, diagnoses = self._errands[at], self._checked.guideline.diagnoses
        interview = self._interviews.get(at)
        advice = advise(self._checked.guideline, interview.answers.case if interview else errand.case)
        named = [code_line(advice), *(each.code.code for each in advice.suggestions)]
        for finding in errand.findings:
            fixed = read_codes(finding.detail.fix or "", diagnoses).codes
            named += ["; ".join(fixed), *finding.detail.suggestions]
        return iter(dict.fromkeys(filter(None, named)))

    def _titled(self, code: str) -> str:
        known = self._checked.guideline.codes.get(code)
        return f"{code} {self._voice.of(known.title)}" if known else code

    def _typed_codes(self) -> tuple[str, ...]:
        """The codes that are typed; none where the user goes back."""
        text = self._voice.say("work", "ask.code")
        while typed := self._asker.enter(text).strip():
            cell = read_codes(typed, self._checked.guideline.diagnoses)
            if cell.codes and len(cell.of(TokenKind.VALID)) == len(cell.tokens):
                return cell.codes
            text = self._voice.say("work", "ask.code-again", typed=shown(typed))
        return ()

    def _end(self) -> str | Move:
        """The list of what was decided, when all have been seen."""
        terminal, voice = self._session.terminal, self._voice
        listed = decisions(voice, self._checked.guideline, self.decided, voice.say("work", "end"))
        page = Page(lambda width, _: terminal.drawn(listed, width), actions(voice, "back", "leave"))
        action = self._asker.show(page)
        return BACK if action == BACK.value else action


def _leave(session: Session, checked: Checked, round_: _Round, output: str | None) -> None:
    """Leave the list of what was decided in the terminal, and write it where that was asked for."""
    voice, decided = session.voice, round_.decided
    if round_.before:
        coded, aside = (round_.before.count(each) for each in (Done.CODED, Done.ASIDE))
        session.write(fitted(voice.say("work", "left-out", coded=coded, aside=aside)))
    if not round_.count:
        session.say("work", "nothing-left" if round_.before else "nothing")
    if decided:
        session.terminal.write(decisions(voice, checked.guideline, decided))
    if left := round_.left:
        session.write(fitted(voice.counted("work", "left", left)))
    sys.stdout.flush()
    if output is not None and decided:
        from icpc_cli.writing.sheets import SheetTable, write_list

        full = voice.in_full
        cells = rows(full, checked.guideline, decided)
        name = full.say("outputs", "sheet.decisions")
        write_list(output, SheetTable(name, headers(full), list(COLUMNS.values()), cells))
        session.note(fitted(full.counted("work", "written", len(decided), path=shown(output))))
    elif output is not None:
        session.note(voice.in_full.say("work", "none-written"))
