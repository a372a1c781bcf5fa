"""The interview: screens one after the other, from the first question to the advice, and on to the next patient."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from icpc_cli.advice import advise
from icpc_cli.cli.clipboard import copied
from icpc_cli.cli.session import Session
from icpc_cli.guideline import Guideline, load_guideline
from icpc_cli.interview import next_question
from icpc_cli.model import Advice, Answers, Fact, Value
from icpc_cli.prompts import asker
from icpc_cli.prompts.sheets import BACK, UNKNOWN, Asker, Move, Page, ask_specialty, numbered, put, say, sheet, so_far
from icpc_cli.screens.advice import Drawing, code_line, print_answer, record_line
from icpc_cli.screens.terminal import Terminal
from icpc_cli.settings.memory import FilledIn, remembered
from icpc_cli.voice import Voice

# Signs and findings were those of the old condition.
_FALLS_WITH = {Fact.CONDITIONS: (Fact.NERVE_ROOT_SIGNS, Fact.FINDINGS_CERTAIN)}


def run(session: Session, start: Answers | None = None, following: Callable[[], Answers] = Answers) -> None:
    """Interview in the terminal at hand; the last answer stays there. Raises KeyboardInterrupt on Ctrl-C and Ctrl-D.

    ``following`` says what is known of each next patient.
    """
    guideline, terminal = load_guideline(), session.terminal
    who = asker(terminal.voice, terminal.stream)
    interview = Interview(guideline, who, terminal, remembered(guideline), following)
    try:
        interview.run(start or Answers())
    except EOFError:
        raise KeyboardInterrupt from None
    finally:
        if interview.shown and not who.leaves_text:
            print_answer(terminal, guideline, advise(guideline, interview.shown.case))


@dataclass(frozen=True, slots=True)
class _Turn:
    """One screen: the answers it starts from and the fact it asks for; without a fact it shows the advice."""

    answers: Answers
    fact: Fact | None


class Interview:
    """Patients one after the other. State is the screens so far, so going back is to forget the last one."""

    def __init__(
        self,
        guideline: Guideline,
        asker: Asker,
        terminal: Terminal,
        memory: FilledIn | None = None,
        following: Callable[[], Answers] = Answers,
        ends: tuple[str, ...] = ("next", "leave"),
    ) -> None:
        """``ends`` are what can be done at the advice besides reading, copying and correcting."""
        self._guideline, self._asker, self._memory = guideline, asker, memory or FilledIn()
        self._following, self._ends = following, ends
        self._terminal, self._voice = terminal, terminal.voice
        self._steps: list[_Turn] = []
        self._earlier: dict[Fact, Value] = {}
        self._filled: dict[Fact, str] = {}
        self.shown: Answers | None = None
        """The answers whose advice is on the screen, while it is."""

    def run(self, start: Answers) -> Answers:
        """Ask and show until the user leaves; returns the answers about the last patient."""
        self.begin(start)
        while self.advise() != "leave":
            self.begin(self._following())
        return self.answers

    @property
    def answers(self) -> Answers:
        """The answers so far about the patient."""
        return self._steps[-1].answers

    def advise(self) -> str | Move:
        """Ask and show until the user does something else; BACK only from the first screen, where that is an end."""
        can_leave = BACK.value in self._ends
        while True:
            step = self._steps[-1]
            action: str | Move | None
            if step.fact:
                action = self._ask(step.answers, step.fact, can_go_back=can_leave or len(self._steps) > 1)
            else:
                self.shown = step.answers
                action = self._show(step.answers)
            if action in self._ends or (action is BACK and can_leave and len(self._steps) == 1):
                return action
            self.shown = None
            if action == "correct":
                self._correct(step.answers)
            elif action is BACK:
                self._back()

    def begin(self, answers: Answers) -> None:
        """Start with a patient; what is remembered counts as answered, so that going back changes it."""
        self._steps, self._earlier, self._filled = [], {}, {}
        self._go_on(answers)
        while (fact := self._steps[-1].fact) and (value := self._memory.answer(fact, self._steps[-1].answers.case)):
            self._earlier[fact] = value
            self._filled[fact] = "filled.fixed" if fact in self._memory.fixed else "filled.last"
            self._go_on(self._steps[-1].answers.with_answer(fact, value))
        if self._steps[-1].fact is None and "filled.last" in self._filled.values():
            self._back()  # nobody has seen yet what was filled in
            self._filled.popitem()

    def _go_on(self, answers: Answers) -> None:
        question = next_question(self._guideline, answers)
        self._steps.append(_Turn(answers, question.fact if question else None))

    def _back(self) -> None:
        if len(self._steps) > 1:
            self._steps.pop()

    def _ask(self, answers: Answers, fact: Fact, *, can_go_back: bool) -> Move | None:
        """Put a question, and go on with the answer; else say that the user goes back."""
        above = [*self._above(answers)]
        if number := answers.case.consultation:
            above.append((say(self._voice, "label.consultation"), str(number)))
        question = replace(
            sheet(self._voice, self._guideline, fact),
            above=tuple(above),
            chosen=(self._earlier[fact],) if fact in self._earlier else (),
            can_go_back=can_go_back,
        )
        if fact is Fact.SPECIALTY:
            reply = ask_specialty(self._asker, self._voice, self._guideline, question)
        else:
            reply = self._asker.ask(question)
        if isinstance(reply, Move):
            return reply
        self._remember(fact, reply)
        self._go_on(answers.with_answer(fact, reply))
        return None

    def _above(self, answers: Answers) -> Iterator[tuple[str, str]]:
        """The answers so far, a label and what was answered; of what was filled in also where it comes from."""
        last = self._steps[-2].fact if len(self._steps) > 1 else None
        for fact, (label, answer) in so_far(self._voice, self._guideline, answers).items():
            filled = self._filled.get(fact)
            key = f"{filled}-change" if fact is last else filled
            yield label, say(self._voice, key, answer=answer) if filled and key else answer

    def _remember(self, fact: Fact, reply: Value) -> None:
        """Keep an answer to point at when the question comes again, and forget what was said of another condition."""
        if self._earlier.get(fact, reply) != reply:
            for each in _FALLS_WITH.get(fact, ()):
                self._earlier.pop(each, None)
        self._earlier[fact] = reply
        self._filled.pop(fact, None)

    def _correct(self, answers: Answers) -> None:
        """Ask which answer to correct, and put that question again."""
        rows = so_far(self._voice, self._guideline, answers)
        options = numbered((f"{label}: {answer}", fact) for fact, (label, answer) in rows.items())
        menu = replace(put(self._voice, "screens", "correct", options), can_go_back=True)
        reply = self._asker.ask(menu)
        if reply is BACK:
            return
        fact = Fact(str(reply))
        for each in (fact, *_FALLS_WITH.get(fact, ())):
            if each in rows:
                self._earlier[each] = getattr(answers.case, each.value)
        self._steps.append(_Turn(_reopened(answers, fact), fact))

    def _show(self, answers: Answers) -> str | Move:
        """Show the advice until the user wants something else than reading and copying."""
        self._memory.learn(answers.case)
        advice = advise(self._guideline, answers.case)
        drawing = Drawing(self._terminal, self._guideline, advice)
        whole, status = False, ""
        while True:
            draw = drawing.whole if whole else drawing.brief
            action = self._asker.show(Page(draw, self._actions(advice, whole=whole), status))
            action, status = BACK if action == BACK.value else action, ""
            if action == "copy":
                status = self._copy(record_line(self._voice.in_full, advice))
            elif action == "copy-code":
                status = self._copy(code_line(advice))
            elif action in ("whole", "brief") or (whole and action is BACK):
                whole = not whole
            else:
                return action

    def _actions(self, advice: Advice, *, whole: bool) -> tuple[tuple[str, str, str], ...]:
        ids = ["copy", "copy-code"] if record_line(self._voice, advice) else []
        first, *others = self._ends
        return actions(self._voice, *ids, first, "correct", "brief" if whole else "whole", *others)

    def _copy(self, line: str) -> str:
        return say(self._voice, "answer.copied", line=line) if copied(line) else say(self._voice, "answer.no-clipboard")


def actions(voice: Voice, *ids: str) -> tuple[tuple[str, str, str], ...]:
    """What can be done at a page, with key and name."""
    return tuple((say(voice, f"key.{each}"), say(voice, f"action.{each}"), each) for each in ids)


def _reopened(answers: Answers, fact: Fact) -> Answers:
    """The answers without the one about ``fact`` and without those that fall with it."""
    gone = (fact, *_FALLS_WITH.get(fact, ()))
    for each in gone:
        answers = answers.with_answer(each, UNKNOWN[each])
    return Answers(answers.case, answers.declined.difference(gone))
