"""``icpc init``: look at an export, ask what is unclear, and write ``icpc.toml`` beside it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from icpc_cli.cli.columns import NO_COLUMN, column_sheet
from icpc_cli.cli.exports import Exports
from icpc_cli.cli.session import Session
from icpc_cli.errors import EXIT_FINE, DiskError, UsageError
from icpc_cli.files import new_text, refuse_overwriting
from icpc_cli.guideline import Guideline, load_guideline
from icpc_cli.judging.check import check_exports
from icpc_cli.judging.options import Options
from icpc_cli.model import Fact, Value
from icpc_cli.prompts import Keyboard, Plain, asker
from icpc_cli.prompts.sheets import BACK, UNKNOWN, Move, Option, Page, Sheet, ask_specialty, numbered, put, sheet
from icpc_cli.reading.samples import elsewhere, samples
from icpc_cli.screens.samples import print_sample, shown
from icpc_cli.settings.finding import NAME
from icpc_cli.settings.proposal import REST, SKIP, Answered, Answers, Ask, AskTopic, Proposals
from icpc_cli.settings.reading import load
from icpc_cli.settings.values import Settings
from icpc_cli.settings.writing import written
from icpc_cli.voice import Voice, safe
from icpc_cli.voice.calling import command_on
from icpc_cli.voice.safe import printable, shortened

_GO_BACK = "<"
_LEAVE = (("s", "skip", SKIP), ("x", "rest", REST))


def init(session: Session, exports: Exports, *, yes: bool) -> int:
    """Write the settings for exports; ``yes`` writes what is certain without asking."""
    if not (yes or session.interactive):
        raise UsageError("init-no-terminal", command=command_on("init", exports.paths, "--yes"))
    guideline = load_guideline()
    target = Path(exports.files[0]).parent / NAME
    refuse_overwriting([target], exports.files)
    if yes and target.exists():
        raise UsageError("init-exists", path=target)
    before = exports.settings
    base = load(before, guideline) if before else Settings()
    seen = samples(guideline, exports.files, exports.detected(base.headers))
    proposals = Proposals(guideline, seen, base, elsewhere(guideline, seen, base.mapping, join=not exports.no_join))
    trial = _trial(session, guideline, exports)
    for proposal, given in proposals.each({}):
        print_sample(session.terminal, proposal.sample, proposal.situation(given), proposal.candidates(given))
    if before:
        session.write(_say(session, "screen.before", path=safe.shown(str(before))) + "\n")
    answers: Answers = {}
    if not yes:
        chosen = InitInterview(guideline, session, proposals, trial).run(target)
        if chosen is None:
            session.write(_say(session, "screen.not-written"))
            return EXIT_FINE
        answers = chosen
    decides, meaning = trial(proposals.settings(answers))
    save(target, _text(session.voice, proposals, answers))
    if yes and meaning:
        session.write(meaning + "\n")
    _finish(session, exports, proposals, answers, target, decides=decides)
    return EXIT_FINE


def _finish(
    session: Session, exports: Exports, proposals: Proposals, answers: Answers, target: Path, *, decides: bool
) -> None:
    """Say what was written, what is missing, and what to do next."""
    session.write(_say(session, "screen.written", path=safe.shown(str(target))))
    remarks = proposals.remarks(answers)
    if count := len(remarks.columns) + len(remarks.values):
        session.write(session.voice.counted("settings", "screen.open", count))
    if missing := proposals.missing(answers):
        names = _named(session.voice, missing)
        again = command_on("init", exports.paths)
        session.write(_say(session, "screen.missing", roles=names, path=target.name, command=again))
    else:
        key = "screen.next" if decides else "screen.next-undecided"
        session.write(_say(session, key, command=command_on("check", exports.paths)))


def _say(session: Session, key: str, **facts: object) -> str:
    return session.voice.say("settings", key, **facts)


def _text(voice: Voice, proposals: Proposals, answers: Answers) -> str:
    return written(voice, proposals.settings(answers), proposals.remarks(answers))


def _named(voice: Voice, missing: Sequence[str]) -> str:
    return ", ".join(voice.say("findings", f"role.{role}") for role in missing)


Trial = Callable[[Settings], tuple[bool, str]]
"""The real check with settings that are not written yet: whether any course can be decided, and what that is in words:
how many can, and why the others cannot; nothing where none can be.
"""


def _trial(session: Session, guideline: Guideline, exports: Exports) -> Trial:
    @cache
    def tried(settings: Settings) -> tuple[bool, str]:
        choice = exports.choice(session, guideline, settings, ask=False)
        try:
            with check_exports(guideline, exports.files, Options(exports.day, choice, settings=settings)) as checked:
                coverage, sources = checked.coverage, checked.sources
        except DiskError:
            raise
        except UsageError:
            return False, ""  # what is missing is said at the end, with what to do
        decided = coverage.total - coverage.undetermined
        said = [_say(session, "screen.decided", decided=decided, total=coverage.total)]
        if settings.without_codes and not any("code" in dict(each.columns) for each in sources):
            said.append(_say(session, "screen.without-codes"))
        lacking = dict.fromkeys(role for each in sources for role in each.missing_roles if role != "course_id")
        said += [session.voice.say("findings", f"missing.{role}") for role in list(lacking)[:3]]
        return decided > 0 or not coverage.total, "\n".join(said)

    return tried


def save(target: Path, text: str) -> None:
    """Write the settings; the old ones are there until the new ones are whole."""
    with new_text(target) as file:
        file.write(text)


class InitInterview:
    """The questions one after the other, then the file to look at. State is the answers so far; back takes one away."""

    def __init__(self, guideline: Guideline, session: Session, proposals: Proposals, trial: Trial) -> None:
        self._guideline, self._voice = guideline, session.voice
        self._proposals, self._trial = proposals, trial
        self._who: Keyboard | Plain = asker(session.voice, session.terminal.stream)
        self._answers: Answers = {}

    def run(self, target: Path) -> Answers | None:
        """The answers, once the file is wanted; None when it is not. Raises KeyboardInterrupt when broken off."""
        while True:
            question = self._proposals.next_question(self._answers)
            if question is None:
                action = self._show(target)
                if action is not BACK:
                    return self._answers if action == "write" else None
                self._back()
                continue
            number, self._proposal, self._given, ask = question
            answer = self._ask(ask)
            if isinstance(answer, Move):
                self._back()
            else:
                self._answers[number, ask.key] = answer

    def _back(self) -> None:
        if self._answers:
            self._answers.popitem()

    def _ask(self, ask: Ask) -> Answered | Move:
        if ask.topic is AskTopic.CLINIC:
            text = self._who.enter(self._say("ask.clinic"))
            return BACK if text.strip() == _GO_BACK else text
        question = replace(self._sheet(ask), can_go_back=bool(self._answers))
        if ask.topic is AskTopic.SPECIALTY or ask.role == "specialty":
            return ask_specialty(self._who, self._voice, self._guideline, question)
        return self._who.ask(question)

    def _say(self, key: str, **facts: object) -> str:
        return self._voice.say("settings", key, **facts)

    def _sheet(self, ask: Ask) -> Sheet:
        match ask.topic:
            case AskTopic.COLUMN:
                return self._column(ask)
            case AskTopic.SPECIALTY:
                question = sheet(self._voice, self._guideline, Fact.SPECIALTY)
                return self._put("ask.specialty", question.options, UNKNOWN[Fact.SPECIALTY])
            case AskTopic.VALUE:
                return self._value(ask)
            case AskTopic.SERVICES:
                counted = zip(ask.choices, ask.counts, strict=True)
                services = (
                    (self._say("choice.service", code=shortened(each, 40), count=n), (each,)) for each, n in counted
                )
                none = Option("0", self._say("choice.no-service"), ())
                return replace(self._put("ask.services", [*numbered(services), none], ()), several=True)
            case AskTopic.UNUSED:
                columns = ((self._with_cells(header), (header,)) for header in ask.choices)
                none = Option("0", self._say("choice.no-service"), ())
                return replace(self._put("ask.unused", [*numbered(columns), none], ()), several=True)
            case _:
                options = [*self._labels("condition"), Option("s", self._say("choice.not-said"), SKIP)]
                return self._put("ask.service", options, SKIP, code=shortened(ask.subject, 40))

    def _put(self, key: str, options: Iterable[Option], chosen: Value, **facts: object) -> Sheet:
        return replace(put(self._voice, "settings", key, options, **facts), chosen=(chosen,))

    def _column(self, ask: Ask) -> Sheet:
        by_name = {column.name: column for column in self._proposal.sample.columns}
        examples = {each: shown(self._voice, by_name[each], ask.role) for each in ask.choices}
        question = column_sheet(self._voice, self._proposal.sample.path, ask.role, ask.choices, examples)
        return replace(question, help=self._say("ask.column-help"), chosen=(NO_COLUMN,))

    def _with_cells(self, header: str) -> str:
        column = next(each for each in self._proposal.sample.columns if each.name == header)
        return f"{shortened(header, 30)}: {shown(self._voice, column, None)}"

    def _value(self, ask: Ask) -> Sheet:
        situation = self._proposal.situation(self._given)
        column = shortened(situation.headers[situation.places[ask.role]], 30)
        leave = [Option(key, self._say(f"choice.{name}"), value) for key, name, value in _LEAVE]
        options = [*self._meanings(ask.role), *leave]
        question = self._put("ask.value", options, SKIP, value=shortened(ask.subject, 30), column=column)
        return replace(question, above=((self._say("label.rows"), self._voice.number(ask.counts[0])),))

    def _meanings(self, role: str) -> list[Option]:
        """What a value of a role can mean."""
        if role == "specialty":
            question = sheet(self._voice, self._guideline, Fact.SPECIALTY)
            return [option for option in question.options if option.value or option.number]
        return self._labels(role if role in self._guideline.labels else "answer")

    def _labels(self, kind: str) -> list[Option]:
        return numbered((self._voice.of(label), key) for key, label in self._guideline.labels[kind].items())

    def _lacks(self) -> str:
        """What a check cannot do without, and these answers leave out; nothing where that is not the trouble."""
        missing = self._proposals.missing(self._answers)
        return self._say("screen.lacks", roles=_named(self._voice, missing)) if missing else ""

    def _show(self, target: Path) -> str | Move:
        """Show the file, and ask whether it is to be written."""
        text = _text(self._voice, self._proposals, self._answers)
        meaning = self._trial(self._proposals.settings(self._answers))[1] or self._lacks()
        replaces = target.exists()
        status = self._say("screen.replaces" if replaces else "screen.look", path=target.name)
        status = f"{meaning}\n{status}".lstrip()
        yes = "replace" if replaces else "write"
        actions = tuple(
            (self._say(f"key.{each}"), self._say(f"action.{each}"), name)
            for each, name in ((yes, "write"), ("leave", "leave"))
        )
        while True:
            action = self._who.show(Page(lambda _width, _height: printable_lines(text), actions, status))
            if action is not BACK or self._answers:
                return action


def printable_lines(text: str) -> str:
    """A text of several lines, each made safe to show. Its own escapes are as they are in the file."""
    return "\n".join(map(printable, text.rstrip("\n").split("\n")))
