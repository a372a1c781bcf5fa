"""The seventh stage: the sentences of one note put together, what was proposed settled, and the facts that follow."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from icpc_cli.guideline.words import Does, Find, Kind, Stage, Topic, Trait, Words
from icpc_cli.model import Answer, Condition
from icpc_cli.notes.places import value_from_around
from icpc_cli.notes.said import Mention, Remark, Sentence
from icpc_cli.notes.zones import in_zones

_AROUND = 20
"""Sentences that name a place, before and behind, in which a place in the body is looked for."""
SUPERSEDED = "superseded"
"""Why a condition is set aside that another one in the note explains, or that lacks what it needs."""
CONTESTED = "contested"
"""Why nothing counts of what the note says and denies, without one settling the other."""

_CONDITIONS = tuple(Condition)
_OUTSIDE = frozenset(("", Condition.OTHER.value))
"""Values of what is none of the six."""


class Placed(NamedTuple):
    """Evidence by places of the groups of a sentence; the sentence is given by its number."""

    sentence: int
    topic: Topic
    value: str
    places: tuple[int, ...]
    rule: str
    set_aside: str | None


_Sign = tuple[int, Mention, str, Does | None]
"""A mention of signs with the number of its sentence, what it says, and why that does not count."""
_Mentioned = tuple[int, Mention, tuple[str, ...]]
"""A condition as it is mentioned, with the number of its sentence and its values."""


class Note:
    """The sentences of one note, put together; ``of_spine``: it is about the spine, whatever it names."""

    def __init__(self, words: Words, sentences: Sequence[Sentence], *, of_spine: bool = False) -> None:
        self._words, self._off, self._of_spine = words, Stage.WHOLE in words.off, of_spine
        self._sentences = list(in_zones(sentences)) if [each for each in sentences if each.zone] else sentences
        self._said_signs = self._read_signs()
        self._signs = self._with_signs("yes")
        self.signs = Answer.YES if self._signs else Answer.NO if self._with_signs("no") else Answer.UNKNOWN
        self._said = self._settled(self._read_mentioned())
        self._contested = self._read_contested()
        self._found = self._read_conditions() if self._said or self._signs else {}
        self.conditions = tuple(filter(self._found.__contains__, _CONDITIONS)) if self._found else ()
        self.certain = self._read_certain()
        self._alarms = list(self._read_alarms()) if [each for each in sentences if each.alarms] else []
        self.red_flags = bool(self._alarms)

    def speaks_of(self, groups: frozenset[str]) -> bool:
        """Whether one of the groups is named anywhere in the note."""
        return any(not groups.isdisjoint(sentence.named) for sentence in self._sentences)

    def _has(self, trait: Trait) -> bool:
        return self.speaks_of(self._words.traits[trait])

    def _is(self, kind: Kind, values: Iterable[str]) -> bool:
        """Whether one of these conditions is of a kind."""
        return not self._words.kinds[kind].isdisjoint(values)

    # Signs

    def _read_signs(self) -> list[_Sign]:
        """Each mention of signs with what it says; what needs a spine does not count in a note about something else."""
        return [
            (
                number,
                mention,
                value,
                Does.OTHER_REGION
                if aside is None and value == "yes" and self._is_elsewhere(mention.find, sentence)
                else aside,
            )
            for number, sentence in enumerate(self._sentences)
            for mention, value, aside in sentence.signs
        ]

    def _with_signs(self, said: str) -> list[tuple[int, Mention]]:
        """The mentions that say this of signs, and count."""
        return [(number, mention) for number, mention, value, aside in self._said_signs if value == said and not aside]

    @cached_property
    def _about_spine(self) -> bool:
        return self._of_spine or self._has(Trait.SPINE)

    def _is_elsewhere(self, find: Find, sentence: Sentence) -> bool:
        """Whether a sign that needs a spine stands in a note, or a sentence, about something else."""
        if not (find.spine or find.only_spine):
            return False
        if not self._about_spine and (find.only_spine or self._has(Trait.NOT_SPINE)):
            return True
        peripheral, spine = (self._words.traits[trait] for trait in (Trait.PERIPHERAL, Trait.SPINE))
        return not peripheral.isdisjoint(sentence.named) and spine.isdisjoint(sentence.named)

    @property
    def leaves_radiation_open(self) -> bool:
        """Whether radiation is stated without what would make it a sign of a nerve root."""
        return any(aside is None and mention.find.value == "open" for _, mention, _, aside in self._said_signs)

    # What was proposed, and what is both said and denied

    def _settled(self, said: list[_Mentioned]) -> list[_Mentioned]:
        """What was proposed and is answered later is set aside."""
        if self._off or not [mention for _, mention, _ in said if mention.proposed]:
            return said
        return [
            (number, mention._replace(aside=Does.REFUTED), values)
            if mention.proposed and mention.aside is None and self._is_answered((number, mention, values), said)
            else (number, mention, values)
            for number, mention, values in said
        ]

    def _is_answered(self, proposed: _Mentioned, said: list[_Mentioned]) -> bool:
        """Whether something later speaks against it: a test or an image, or what it is after all."""
        number, mention, values = proposed
        at = number, mention.places[0]
        return any(
            (number, answer.places[0]) > at
            for number, sentence in enumerate(self._sentences)
            for answer in sentence.answers
        ) or any(
            (number, later.places[0]) > at and self._replaces(later, others, values) for number, later, others in said
        )

    def _replaces(self, later: Mention, values: tuple[str, ...], proposed: tuple[str, ...]) -> bool:
        """Whether what is named later, with these values, takes the place of what was proposed."""
        denied = self.signs is Answer.NO and not later.proposed and self._is(Kind.ROOT, proposed)
        if not (later.concluded or denied) or later.aside not in (None, Does.OTHER_REGION):
            return False
        firm = later.certain is not None and later.certain.sure
        other = values == ("",) or Condition.OTHER in values
        return (later.concluded or firm or other) and set(values).isdisjoint(proposed)

    def _read_contested(self) -> set[str]:
        """The conditions that are stated and denied, both of no side and neither as an answer to a proposal."""
        if self._off or not [mention for _, mention, _ in self._said if mention.aside is Does.NEGATED]:
            return set()
        stated, denied = (
            {
                (mention.find.id, value)
                for _, mention, values in self._said
                if mention.aside is aside and _is_plain(mention)
                for value in values
            }
            for aside in (None, Does.NEGATED)
        )
        return {value for _, value in stated & denied} - _OUTSIDE - self._words.kinds[Kind.WITHOUT_CAUSE]

    # Conditions

    def _read_conditions(self) -> dict[str, bool]:
        """The values of the conditions that count, each with whether it stands firm beside pain along a root."""
        found: dict[str, bool] = {}
        doubted: set[str] = set()
        explained = False
        for _, mention, values in self._said:
            if mention.aside is None:
                find = mention.find
                explained = explained or ((find.weak or find.explains) and self._explains(mention))
                for value in values if not find.weak or self._is_whole(mention) else ():
                    found[value] = found.get(value, False) or find.firm
                    if mention.proposed:
                        doubted.add(value)
            else:
                _take_back(found, doubted, mention.aside, values)
        if self.signs is Answer.YES:
            self._infer(found)
        left = self._contested | _OUTSIDE
        if explained or self._is(Kind.EXPLAINS_PAIN, found):
            left |= self._words.kinds[Kind.WITHOUT_CAUSE]
        return {value: firm for value, firm in found.items() if value not in left}

    def _explains(self, mention: Mention) -> bool:
        """Whether this is the cause of the pain: no doubt, and no prolapse where the signs are denied."""
        if mention.certain is None:
            return mention.find.explains or self.signs is not Answer.NO
        return mention.certain.sure

    def _is_whole(self, mention: Mention) -> bool:
        """Whether a condition has what it needs: a prolapse alone is no nerve root."""
        return (
            not mention.find.weak
            or self.signs is Answer.YES
            or (self.signs is Answer.UNKNOWN and self._has(Trait.LIMB_PAIN))
        )

    def _read_mentioned(self) -> list[_Mentioned]:
        return [
            (number, mention, mention.values or self._from_around(number, mention) or (mention.find.value,))
            for number, sentence in enumerate(self._sentences)
            for mention in sentence.conditions
        ]

    def _from_around(self, number: int, mention: Mention) -> tuple[str, ...]:
        """What the nearest place says: in the sentences before, the last first, else in those behind."""
        naming = [each for each, sentence in enumerate(self._sentences) if sentence.named]
        at = bisect_left(naming, number)
        nearest = naming[max(at - _AROUND, 0) : at][::-1] + [each for each in naming[at:][:_AROUND] if each != number]
        return value_from_around(mention.find, [self._sentences[each].named for each in nearest])

    def _infer(self, found: dict[str, bool]) -> None:
        """Pain along a root that has no name, in trunk and limb, is a nerve root's."""
        if self._is(Kind.EXPLAINS_ROOT_PAIN, found):
            return
        pain = any(mention.find.along for _, mention in self._signs) or self._has(Trait.LIMB_PAIN_IN_A_WORD)
        for each in self._words.inferences:
            firm = self._is(Kind.EXPLAINS_PAIN, [each.value]) and any(
                found.get(value) for value in self._words.kinds[Kind.WITHOUT_CAUSE]
            )
            named = self.speaks_of(each.levels) and (
                pain or self.speaks_of(each.limb) or (not found and self.speaks_of(each.trunk - each.levels))
            )
            if not firm and (named or (pain and self.speaks_of(each.trunk) and self.speaks_of(each.limb))):
                found[each.value] = False
                return

    def others(self, *asides: Does | None) -> list[Mention]:
        """What is named outside the six, or of theirs elsewhere in the body, and is set aside for one of these."""
        return [
            mention
            for _, mention, values in self._said
            if mention.aside in asides and (mention.values == ("",) or Condition.OTHER in values)
        ]

    @property
    def names_without_saying(self) -> bool:
        """Whether one of the six is named that does not count although nothing sets it aside, or whose place is unsure.

        A prolapse alone, a joint's wear without the joint, a pain that has another cause, or a stenosis that stands
        beside another region and is not said to be there.
        """
        return any(
            self._is_unsure(mention)
            if mention.aside is Does.OTHER_REGION
            else mention.aside is None and self._found.keys().isdisjoint(values)
            for _, mention, values in self._said
            if mention.find.value != Condition.OTHER
        )

    def _is_unsure(self, mention: Mention) -> bool:
        """Whether the other region may be that of another problem, which does not stand right beside it."""
        mine = {mention.find.value, *mention.find.places.values()}
        spinal = self._words.kinds[Kind.EXPLAINS_ROOT_PAIN] | self._words.kinds[Kind.WITHOUT_CAUSE]
        beside = range(mention.places[0] - 1, mention.places[-1] + 2)
        return not spinal.isdisjoint(mine) and any(
            each.values != ("",) and not all(place in beside for place in each.places) for each in self.others(None)
        )

    @property
    def set_aside(self) -> frozenset[str]:
        """The conditions that are named and do not count: past, denied, of someone else ..."""
        return frozenset(value for _, mention, values in self._said if mention.aside for value in values) - set(
            self._found
        )

    @property
    def ends_course(self) -> bool:
        """Whether it says that the course ends with it."""
        return self._has(Trait.COURSE_ENDS)

    @property
    def changes_subject(self) -> bool:
        """Whether it is about another problem than the entries of the journal before it, or ends the course."""
        return bool(self.others(None, Does.OTHER_REGION)) or self.ends_course or self._has(Trait.NEW_PROBLEM)

    # Certainty

    def _read_certain(self) -> Answer:
        """What is said last about the certainty of a condition that counts, or of the findings as a whole."""
        if not self.conditions:
            return Answer.UNKNOWN
        remarks = [(number, remark.places[0], remark.sure) for number, remark in self._remarks()]
        return (Answer.YES if max(remarks)[2] else Answer.NO) if remarks else Answer.UNKNOWN

    def _remarks(self) -> list[tuple[int, Remark]]:
        of_conditions = [
            (number, mention.certain)
            for number, mention, values in self._said
            if mention.certain and mention.aside is None and not self._found.keys().isdisjoint(values)
        ]
        return of_conditions + [
            (number, remark) for number, sentence in enumerate(self._sentences) for remark in sentence.remarks
        ]

    # Red flags

    def _read_alarms(self) -> Iterator[tuple[int, Mention]]:
        """The red flags that count: affirmed, current, the patient's own, and with what they need beside them."""
        affirmed = [
            (number, mention)
            for number, mention in self._said_alarms()
            if mention.aside is None and self._is_about(mention.find) and not self._is_denied_behind(number)
        ]
        ids = {mention.find.id for _, mention in affirmed}
        for number, mention in affirmed:
            if mention.find.value == "yes" and (not mention.find.needs or not ids.isdisjoint(mention.find.needs)):
                yield number, mention

    def _is_about(self, find: Find) -> bool:
        """Whether the note speaks of what a red flag must be of, if that is said: the spine, or one of some groups."""
        anything = not (find.only_spine or find.among)
        return anything or (find.only_spine and self._about_spine) or self.speaks_of(find.among)

    def _said_alarms(self) -> Iterator[tuple[int, Mention]]:
        """Each mention of a red flag; what a later sentence settles is set aside: "Faldt i går. Rtg. uden fraktur"."""
        settling = [(number, each) for number, sentence in enumerate(self._sentences) for each in sentence.settles]
        for number, sentence in enumerate(self._sentences):
            for mention in sentence.alarms:
                by = next((each for later, each in settling if later > number and mention.find.id in each.finds), None)
                yield number, mention._replace(aside=by.does, rule=by.id) if by and not mention.aside else mention

    def _is_denied_behind(self, number: int) -> bool:
        """Whether a sentence says that none of what it lists is so, or the next one that lists nothing itself."""
        none = self._words.traits[Trait.NONE_OF_THESE]
        this, following = self._sentences[number], self._sentences[number + 1 : number + 2]
        return not none.isdisjoint(this.named) or any(
            not (none.isdisjoint(each.named) or each.alarms) for each in following
        )

    # Evidence

    def evidence(self) -> Iterator[Placed]:
        """Every place that says something, with why it does not count where it does not."""
        for number, mention, value, aside in self._said_signs:
            if value:
                yield Placed(number, Topic.NERVE_ROOT_SIGNS, value, mention.places, mention.rule, aside)
        for number, mention, values in self._said:
            yield from self._about_conditions(number, mention, values)
        yield from self._inferred()
        if self.conditions:
            for number, remark in self._remarks():
                value = "yes" if remark.sure else "no"
                yield Placed(number, Topic.FINDINGS_CERTAIN, value, remark.places, remark.rule, None)
        for number, mention in (*self._alarms, *self._quiet_alarms()):
            yield Placed(number, Topic.RED_FLAGS, "yes", mention.places, mention.rule, mention.aside)

    def _quiet_alarms(self) -> Iterator[tuple[int, Mention]]:
        """The red flags that were set aside, but for those that mean nothing by themselves."""
        for number, mention in self._said_alarms():
            if mention.aside and not mention.find.needs:
                yield number, mention

    def _about_conditions(self, number: int, mention: Mention, values: tuple[str, ...]) -> Iterator[Placed]:
        for value in values:
            if value and value != Condition.OTHER:
                aside: str | None = mention.aside
                if value in self._contested and _is_plain(mention):
                    aside = CONTESTED
                elif aside is None and (value not in self._found or not self._is_whole(mention)):
                    aside = SUPERSEDED
                yield Placed(number, Topic.CONDITIONS, value, mention.places, mention.rule, aside)

    def _inferred(self) -> Iterator[Placed]:
        """The pain that stands for a nerve root which the note does not name."""
        said = {value for _, mention, values in self._said if mention.aside is None for value in values}
        for value in self._found.keys() - said:
            for number, mention in [each for each in self._signs if each[1].find.along] or self._signs:
                yield Placed(number, Topic.CONDITIONS, value, mention.places, mention.rule, None)


def lender(notes: Sequence[Note]) -> Note | None:
    """The entry of a journal, the oldest first, that lends its conditions to the latest, which names no problem.

    None where the latest, or one between, ends the course or is about something else.
    """
    *earlier, latest = notes
    if latest.conditions or latest.changes_subject:
        return None
    for note in reversed(earlier):
        if note.ends_course or note.conditions or note.changes_subject:
            return note if note.conditions and not note.ends_course else None
    return None


def _is_plain(mention: Mention) -> bool:
    """Whether something is said without doubt and of no side."""
    return not (mention.proposed or mention.side)


def _take_back(found: dict[str, bool], doubted: set[str], aside: Does, values: tuple[str, ...]) -> None:
    """Forget what is ruled out later, or was in doubt and is then denied: "Artrose? Nej, rtg. uden artrose"."""
    for value in values:
        if aside is Does.RULED_OUT or (aside is Does.NEGATED and value in doubted):
            found.pop(value, None)
