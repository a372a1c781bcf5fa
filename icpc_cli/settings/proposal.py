"""What ``icpc init`` asks about an export, and the settings that come of it. Pure; state is only the answers so far."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePath
from typing import Self

from icpc_cli.checks import cells
from icpc_cli.checks.columns import NEEDED, Assessment, Situation, asks, kind, roles, telling_in
from icpc_cli.checks.contents import CellColumn, Speaks
from icpc_cli.guideline import Guideline, fold
from icpc_cli.model import LISTED, Condition, Course
from icpc_cli.settings.reading import FACTS
from icpc_cli.settings.sample import Sample, understood
from icpc_cli.settings.values import Service, Settings
from icpc_cli.settings.writing import FileRemarks
from icpc_cli.voice.safe import holds_cpr

SKIP = ""
"""The answer that leaves a value, or a role, as it is."""
REST = "rest"
"""The answer that leaves this and all further values of a column as they are."""
_ASKED_FOR = (*NEEDED, "course", "condition", "patient", "date")
"""The roles that any column may be meant for, where nothing speaks for one."""
_SERVICES = 9
_MOST = {"course": 8, "condition": 6, "specialty": 5}
_LONGEST_VALUE = 60


class AskTopic(StrEnum):
    """What a question is about."""

    COLUMN = "column"
    SPECIALTY = "specialty"
    VALUE = "value"
    UNUSED = "unused"
    SERVICES = "services"
    SERVICE = "service"
    CLINIC = "clinic"


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: which column plays ``role``, what the value ``subject`` of it means, and so on.

    ``choices`` are headers or service codes; ``counts`` say how many records have the subject, or each choice.
    """

    topic: AskTopic
    role: str = ""
    subject: str = ""
    choices: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """What the answer is kept by."""
        return self.topic, self.role, self.subject


Answered = str | tuple[str, ...] | None
Given = Mapping[tuple[str, str, str], Answered]
Answers = dict[tuple[int, tuple[str, str, str]], Answered]
"""The answers about several files: by the number of the file, and what the answer is kept by."""


class Proposal:
    """Questions and settings for one export; ``base`` is what ``icpc.toml`` says already.

    ``elsewhere`` are the roles about which other files of the clinic say, or have said, all there is.
    """

    def __init__(
        self, guideline: Guideline, sample: Sample, base: Settings, elsewhere: Collection[str] = frozenset()
    ) -> None:
        self._guideline, self.sample, self.base, self._elsewhere = guideline, sample, base, elsewhere
        self._assessment = Assessment(guideline, sample.columns, sample.path)
        self._contents, self._known = self._assessment.contents, self._assessment.known

    def after(self, base: Settings) -> Self:
        """The same where ``base`` says more already."""
        other = copy(self)
        other.base = base
        return other

    def next_question(self, given: Given) -> Ask | None:
        """The first question that is still open after these answers."""
        return next(self._questions(given), None)

    def situation(self, given: Given) -> Situation:
        """Which header plays which role, by what is known, what the settings say and what was answered."""
        return self._assessment.situation(self._mapping(given))

    def candidates(self, given: Given) -> dict[str, tuple[str, ...]]:
        """The headers that may play a role that none plays yet, by role."""
        situation, mapping = self.situation(given), self._mapping(given)
        claims = {role: tuple(each.header for each in found) for role, found in situation.guesses.items()}
        claims |= {role: tuple(situation.headers[at] for at in places) for role, places in situation.ambiguous.items()}
        return {role: headers for role, headers in claims.items() if role not in mapping and not self._fixed(role)}

    def _mapping(self, given: Given) -> dict[str, str]:
        answered = {role: str(header) for (topic, role, _), header in given.items() if topic == AskTopic.COLUMN}
        return self.base.mapping(self.sample.headers) | answered

    def _column(self, role: str, situation: Situation) -> CellColumn | None:
        return self.sample.columns[situation.places[role]] if role in situation.places else None

    def _questions(self, given: Given) -> Iterator[Ask]:
        situation = self.situation(given)
        yield from self._column_questions(situation, given)
        if "specialty" not in situation.places and not self._fixed("specialty"):
            yield from _open(Ask(AskTopic.SPECIALTY), given)
        for role in FACTS:
            yield from self._value_questions(role, self._column(role, situation), given)
        yield from self._unused_question(situation, given)
        yield from self._service_questions(situation, given)
        if "clinic" not in self._elsewhere and not self._certain_clinic(situation):
            yield from _open(Ask(AskTopic.CLINIC), given)

    def _column_questions(self, situation: Situation, given: Given) -> Iterator[Ask]:
        mapping, likely = self._mapping(given), self.candidates(given)
        for role in dict.fromkeys((*_ASKED_FOR, *roles())):
            if role in mapping or role in situation.places or self._fixed(role):
                continue
            offered = self._offered(role, situation) if role in _ASKED_FOR and self._lacks(role, situation) else ()
            if choices := tuple(dict.fromkeys((*likely.get(role, ()), *offered))):
                yield Ask(AskTopic.COLUMN, role, choices=choices)

    def _offered(self, role: str, situation: Situation) -> tuple[str, ...]:
        """Every unused column, those first whose cells speak for the role, unless all are plainly something else."""
        columns = {column.name: column for column in self.sample.columns}
        speaks = {header: self._contents.speak(role, columns[header]) for header in self._unused(situation)}
        best_first = sorted(speaks, key=lambda header: -speaks[header])
        return tuple(best_first) if any(each > Speaks.AGAINST for each in speaks.values()) else ()

    def _fixed(self, role: str) -> bool:
        known = role in self._elsewhere or role in dict(self.base.fixed)
        return known or (role == "code" and self.base.without_codes)

    def _lacks(self, role: str, situation: Situation) -> bool:
        """Whether something cannot be judged without a column of the role."""
        stands_for = {"patient": "course_id", "course": "service"}
        return stands_for.get(role) not in situation.places

    def _taken(self, situation: Situation) -> set[int]:
        return {*situation.places.values(), *(place for claim in situation.ambiguous.values() for place in claim)}

    def _unused(self, situation: Situation) -> tuple[str, ...]:
        taken = self._taken(situation)
        return tuple(
            header
            for place, header in enumerate(situation.headers)
            if header and place not in taken and kind(self._known, header) not in ("alone", "mine")
        )

    def _unused_question(self, situation: Situation, given: Given) -> Sequence[Ask]:
        """Which of the columns that are not used, and may matter, say nothing of coding."""
        asked = [header for headers in self.candidates(given).values() for header in headers]
        found = telling_in(self._guideline, self.sample.columns, self._taken(situation), but=asked)
        telling = tuple(header for header in found if not self.base.leaves_out(header))
        return _open(Ask(AskTopic.UNUSED, choices=telling), given) if telling else ()

    def _value_questions(self, role: str, column: CellColumn | None, given: Given) -> Iterator[Ask]:
        left = (answer for (topic, each, _), answer in given.items() if topic == AskTopic.VALUE and each == role)
        if column is None or REST in left:
            return
        for raw, count in self._unknown(role, column)[: _MOST.get(role, 8)]:
            yield from _open(Ask(AskTopic.VALUE, role, raw, counts=(count,)), given)

    def _unknown(self, role: str, column: CellColumn) -> list[tuple[str, int]]:
        """The values of a column that no one knows the meaning of, those that a question has room for, most first.

        A number that is no specialty of physiotherapy is one of them, until the settings say what it means. Values that
        the settings cannot tell apart, as "j" and "J", are one.
        """
        asked = role == "course" and asks(self._known, column.header)
        said = {fold(raw) for each, raw, _ in self.base.values if each == role}
        spelled: dict[str, str] = {}
        counts = Counter[str]()
        for raw, count in column.values:
            if (
                fold(raw)
                and len(raw) <= _LONGEST_VALUE
                and not holds_cpr(raw)
                and not (fold(raw) in said and role == "specialty")
                and not understood(self._guideline, role, self.base.translated(role, raw), asked=asked)
            ):
                counts[spelled.setdefault(fold(raw), raw)] += count
        return counts.most_common()

    def _service_questions(self, situation: Situation, given: Given) -> Iterator[Ask]:
        """Which services mean a structured course, where no column says it, and which condition each is about."""
        column = self._column("service", situation)
        if column is None or not self._silent("course", situation):
            return
        told = {service.code for service in self._told(situation)}
        new = [
            (code, count)
            for code, count in column.values
            if not self.base.service(code) and " ".join(code.split()) not in told and not holds_cpr(code)
        ][:_SERVICES]
        if new:
            codes, counts = tuple(code for code, _ in new), tuple(count for _, count in new)
            yield from _open(Ask(AskTopic.SERVICES, choices=codes, counts=counts), given)
        if self._silent("condition", situation):
            for code in _chosen(given, AskTopic.SERVICES):
                yield from _open(Ask(AskTopic.SERVICE, subject=code), given)

    def _told(self, situation: Situation) -> Iterator[Service]:
        """The services whose texts say which course they are for, where no column says it."""
        place = situation.places.get("service")
        if place is None or not self._silent("course", situation):
            return
        # Without a column of texts they may stand behind the codes: "5115 Struktureret knæ".
        beside = next(
            (at for at, header in enumerate(situation.headers) if kind(self._known, header) == "service_text"), place
        )
        for code, texts in self.sample.beside(place, beside).items():
            courses = {self._contents.course_in(text) for text in texts}
            course = courses.pop() if len(courses) == 1 else None
            if course and not self.base.service(code) and not holds_cpr(code):
                yield Service(" ".join(code.split()), course, self._conditions_in(texts))

    def _conditions_in(self, texts: set[str]) -> tuple[Condition, ...]:
        """The condition that all texts of a service name, if they do."""
        named = {cells.conditions(self._guideline, text).value for text in texts}
        found = named.pop() if len(named) == 1 else ()
        return tuple(each for each in LISTED if isinstance(found, tuple) and each in found)

    def _silent(self, role: str, situation: Situation) -> bool:
        """Whether some records do not say a fact by a column of it."""
        column = self._column(role, situation)
        return not self._fixed(role) and (column is None or column.blank > 0)

    def _certain_clinic(self, situation: Situation) -> str | None:
        column = self._column("clinic", situation)
        alone = column.values[0][0] if column and len(column.values) == 1 else None
        return self.base.clinic or (None if alone is None or holds_cpr(alone) else alone)

    # What comes of it

    def settings(self, given: Given) -> Settings:
        """The settings after these answers: what was said before, what is certain, and what was answered."""
        situation = self.situation(given)
        clinic = given.get(Ask(AskTopic.CLINIC).key)
        specialty = given.get(Ask(AskTopic.SPECIALTY).key)
        aliases = [
            (role, raw, str(meaning))
            for (topic, role, raw), meaning in given.items()
            if topic == AskTopic.VALUE and meaning not in (SKIP, REST)
        ]
        return replace(
            self.base,
            clinic=self._certain_clinic(situation) or (str(clinic).strip() or None if clinic else None),
            columns=tuple(self._settled_columns(situation, given)),
            unused=(*self.base.unused, *_chosen(given, AskTopic.UNUSED)),
            fixed=(*self.base.fixed, *((("specialty", str(specialty)),) if specialty else ())),
            services=(
                *self.base.services,
                *self._told(situation),
                *(self._service(code, given) for code in _chosen(given, AskTopic.SERVICES)),
            ),
            values=(*self.base.values, *aliases),
            without_codes=self.base.without_codes or self._no_codes(situation, given),
        )

    def _no_codes(self, situation: Situation, given: Given) -> bool:
        """Whether nothing may be a column of codes where problems stand: then nothing is coded yet.

        Without problems the codes may stand in another export, of the journal.
        """
        # A no to a column that may hold codes does not say that nothing is coded.
        unasked = {key: answer for key, answer in given.items() if key[:2] != (AskTopic.COLUMN, "code")}
        likely = self.situation(unasked).guesses.get("code", ())
        perhaps = any(each.possible and each.place not in situation.places.values() for each in likely)
        there = {*situation.places, *situation.ambiguous, *self._elsewhere}
        return "condition" in there and "code" not in there and not perhaps

    def _settled_columns(self, situation: Situation, given: Given) -> Iterator[tuple[str, tuple[str, ...]]]:
        before, mapping = dict(self.base.columns), self._mapping(given)
        for role in roles():
            header = situation.headers[situation.places[role]] if role in situation.places else ""
            known = before.get(role, ())
            if header and fold(header) not in map(fold, known):
                yield role, (*known, header)
            elif role in before or (not header and mapping.get(role) == SKIP and role not in NEEDED):
                yield role, known

    def _service(self, code: str, given: Given) -> Service:
        condition = given.get(Ask(AskTopic.SERVICE, subject=code).key)
        conditions = (Condition(str(condition)),) if condition else ()
        return Service(" ".join(code.split()), Course.STRUCTURED, conditions)

    def remarks(self, given: Given) -> FileRemarks:
        """What is still open after these answers, for the comments of the file."""
        situation = self.situation(given)
        values = [
            (role, raw)
            for role in FACTS
            if (column := self._column(role, situation))
            for raw, _ in self._unknown(role, column)[: _MOST.get(role, 8)]
            if given.get((AskTopic.VALUE, role, raw), SKIP) in (SKIP, REST)
        ]
        ask = next((ask for ask in self._service_questions(situation, {}) if ask.topic is AskTopic.SERVICES), None)
        chosen = _chosen(given, AskTopic.SERVICES)
        perhaps = tuple((role, header) for role, headers in self.candidates(given).items() for header in headers)
        named = {header for _, header in perhaps} | {*self.base.unused, *_chosen(given, AskTopic.UNUSED)}
        return FileRemarks(
            export=PurePath(self.sample.path).name,
            columns=perhaps,
            unused=tuple(header for header in self._unused(situation) if header not in named),
            values=tuple(values),
            services=tuple(code for code in ask.choices if code not in chosen) if ask else (),
        )

    def missing(self, given: Given) -> tuple[str, ...]:
        """The roles without which a check cannot be made, and that these answers leave out."""
        settings = self.settings(given)
        there = {*self.situation(given).places, *dict(settings.fixed), *self._elsewhere}
        there |= {"code"} if settings.without_codes else set()
        return tuple(role for role in NEEDED if role not in there)


def _chosen(given: Given, topic: AskTopic) -> tuple[str, ...]:
    """What was ticked of the choices of a question."""
    chosen = given.get(Ask(topic).key)
    return chosen if isinstance(chosen, tuple) else ()


def _open(ask: Ask, given: Given) -> Sequence[Ask]:
    return () if ask.key in given else (ask,)


class Proposals:
    """Questions and settings for the files of a clinic, one after the other: each begins with what is settled so far.

    ``elsewhere`` are for each file the roles that files which belong to it play.
    """

    def __init__(
        self, guideline: Guideline, samples: Sequence[Sample], base: Settings, elsewhere: Sequence[Collection[str]]
    ) -> None:
        belonging = zip(samples, elsewhere, strict=True)
        self.base, self._proposals = base, [Proposal(guideline, sample, base, each) for sample, each in belonging]

    def each(self, answers: Answers) -> Iterator[tuple[Proposal, Given]]:
        """Each file's proposal, and its answers; what was left open about an earlier file is not asked again."""
        base = self.base
        for number, first in enumerate(self._proposals):
            given = {
                key: answer
                for (file, key), answer in answers.items()
                if file == number or (file < number and not answer and key[0] != AskTopic.COLUMN)
            }
            proposal = first.after(base)
            yield proposal, given
            base = proposal.settings(given)

    def next_question(self, answers: Answers) -> tuple[int, Proposal, Given, Ask] | None:
        """The first question that is still open after these answers, and which file it is about."""
        for number, (proposal, given) in enumerate(self.each(answers)):
            if ask := proposal.next_question(given):
                return number, proposal, given, ask
        return None

    def settings(self, answers: Answers) -> Settings:
        """The settings after these answers."""
        *_, (proposal, given) = self.each(answers)
        return proposal.settings(given)

    def remarks(self, answers: Answers) -> FileRemarks:
        """What is still open about any file."""
        first, *rest = (proposal.remarks(given) for proposal, given in self.each(answers))
        for each in rest:
            first = first.joined(each)
        return first

    def missing(self, answers: Answers) -> tuple[str, ...]:
        """The roles without which a check cannot be made, and that these answers leave out."""
        return tuple(dict.fromkeys(role for proposal, given in self.each(answers) for role in proposal.missing(given)))
