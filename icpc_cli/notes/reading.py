"""A note into facts, with the words that decided. Source: spec of the notes and its rules of annotation."""

from bisect import bisect_left
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

from icpc_cli.guideline.words import READ, Does, Find, Words
from icpc_cli.model import Answer, Case, Condition, Fact
from icpc_cli.notes.lexicon import BETWEEN, TOKEN, Lexicon
from icpc_cli.notes.memory import Memory
from icpc_cli.notes.places import value_from_around
from icpc_cli.notes.sentences import LIMB_PAIN, PERIPHERAL, Grammar, Mention, Remark, Sentence

Facts = tuple[tuple[Condition, ...], Answer, Answer]

_LONGEST = 300
"""Symbols of the longest sentence that is read as one."""
_MEMORY = 200_000
"""Different sentences and notes that are remembered; then the memory is begun anew."""
_MOST_KINDS = 50_000
"""Kinds of sentences that are told apart; then all is begun anew."""
_FIRST_KIND = 0x100
_AROUND = 20
"""Sentences that name a place, before and behind, in which a place in the body is looked for."""
SUPERSEDED = "superseded"
"""Why a condition is set aside that another one in the note explains, or that lacks what it needs."""

_CONDITIONS = tuple(Condition)
_ANSWERS = (Answer.UNKNOWN, Answer.YES, Answer.NO)
_ROOTS = frozenset((Condition.CERVICAL_NERVE_ROOT.value, Condition.LUMBAR_NERVE_ROOT.value))
_PAIN = Condition.PRIMARY_LOW_BACK_PAIN.value
_EXPLAINS_PAIN = frozenset((Condition.LUMBAR_NERVE_ROOT.value, Condition.LUMBAR_STENOSIS.value))
_EXPLAINS_ROOT = _ROOTS | {Condition.LUMBAR_STENOSIS.value}


class Evidence(NamedTuple):
    """Words of a note (characters ``start`` to ``end``) that say ``value`` about ``fact``, by the rule with this id.

    ``set_aside`` says why it does not count (negated, past, family ...), else None.
    """

    fact: Fact
    value: str
    start: int
    end: int
    rule: str
    set_aside: str | None = None


class Reading(NamedTuple):
    """What a note says: the three facts, and the places in the text that they rest on."""

    conditions: tuple[Condition, ...]
    nerve_root_signs: Answer
    findings_certain: Answer
    evidence: tuple[Evidence, ...]

    def added_to(self, case: Case, given: Collection[Fact] = ()) -> Case:
        """The case with what the note says, where the case is silent; facts in ``given`` stay as they are."""
        silent = [fact.value for fact in READ if not case.knows(fact) and fact not in given]
        said: dict[str, Any] = {name: getattr(self, name) for name in silent}
        return replace(case, **said)


class _Kinds:
    """Sentences that say the same to a note's facts are of one kind; each kind has a character.

    So notes are told apart by what their sentences say, not by how they say it. ``kinds`` gives a sentence's by its
    symbols, "" for one that says nothing; ``notes`` gives the number of a note's facts by the kinds of its sentences.
    """

    def __init__(self, words: Words, grammar: Grammar) -> None:
        self._words, self._grammar = words, grammar
        self._characters: dict[Hashable, str] = {None: ""}
        self._examples: dict[str, Sentence] = {}
        self.kinds = Memory(self._kind, _MEMORY)
        self.notes = Memory(self._number, _MEMORY)

    def _kind(self, symbols: str) -> str:
        if symbols == BETWEEN:
            return BETWEEN
        sentence = self._grammar.memory[symbols]
        essence = self._grammar.essence(sentence)
        character = self._characters.get(essence)
        if character is None:
            character = self._characters[essence] = chr(_FIRST_KIND + len(self._characters))
            self._examples[character] = sentence
        return character

    def _number(self, kinds: str) -> int:
        note = Note(self._words, [self._examples[kind] for kind in kinds])
        listed = sum(1 << _CONDITIONS.index(each) for each in note.conditions)
        return (listed * len(_ANSWERS) + _ANSWERS.index(note.signs)) * len(_ANSWERS) + _ANSWERS.index(note.certain)

    def make_room(self) -> None:
        """Begin anew where there are too many kinds."""
        if len(self._characters) > _MOST_KINDS:
            self.kinds.clear()
            self.notes.clear()
            self._examples.clear()
            self._characters = {None: ""}


class _Reader(NamedTuple):
    words: Words
    lexicon: Lexicon
    grammar: Grammar
    stop: str
    known: _Kinds


@cache
def _reader(words: Words) -> _Reader:
    lexicon = Lexicon(words)
    grammar = Grammar(words, lexicon)
    return _Reader(words, lexicon, grammar, lexicon.symbols["stop"], _Kinds(words, grammar))


def numbers(words: Words, texts: Sequence[str]) -> list[int]:
    """The facts of each of one or more notes as a number for :func:`facts_of`; 0 for a note that says nothing.

    Many notes are taken at once, so that no step costs a call a note.
    """
    reader = _reader(words)
    known, between = reader.known, f"{reader.stop}{BETWEEN}{reader.stop}"
    known.make_room()
    symbols = [
        each if len(each) <= _LONGEST else reader.stop.join(_sentences(each, reader.stop))
        for each in reader.lexicon.symbols_of(texts)
    ]
    kinds = "".join(map(known.kinds.__getitem__, between.join(symbols).split(reader.stop))).split(BETWEEN)
    return list(map(known.notes.__getitem__, kinds))


def facts_of(number: int) -> Facts:
    """The facts that a number stands for: conditions in table order, nerve-root signs, certain findings."""
    signs, certain = divmod(number % len(_ANSWERS) ** 2, len(_ANSWERS))
    listed = number // len(_ANSWERS) ** 2
    conditions = tuple(each for place, each in enumerate(_CONDITIONS) if listed & 1 << place)
    return conditions, _ANSWERS[signs], _ANSWERS[certain]


def facts(words: Words, text: str) -> Facts:
    """The facts of a note without their places: conditions in table order, nerve-root signs, certain findings."""
    return facts_of(*numbers(words, [text]))


def named_words(words: Words, text: str) -> Iterator[tuple[str, str]]:
    """The words of a text, each or each expression with the name of its group."""
    reader = _reader(words)
    symbols, spans = _symbols(reader, text)
    start = 0
    for part in _sentences(symbols, reader.stop):
        start = symbols.index(part, start)
        for first, end, name in reader.grammar.named(part):
            yield text[spans[start + first][0] : spans[start + end - 1][1]], name
        start += len(part)


def understand(words: Words, text: str) -> "Note":
    """The sentences of a text put together."""
    reader = _reader(words)
    symbols, _ = _symbols(reader, text)
    return Note(words, [reader.grammar.memory[part] for part in _sentences(symbols, reader.stop)])


def read(words: Words, text: str) -> Reading:
    """The facts of a note, each with its places in the text, and what was set aside with why."""
    reader = _reader(words)
    symbols, spans = _symbols(reader, text)
    sentences: list[Sentence] = []
    places: list[list[tuple[int, int]]] = []
    start = 0
    for part in _sentences(symbols, reader.stop):
        start = symbols.index(part, start)
        sentences.append(reader.grammar.memory[part])
        within = reader.grammar.spans(part)
        places.append([(spans[start + first][0], spans[start + end - 1][1]) for first, end in within])
        start += len(part)
    note = Note(words, sentences)
    evidence = {
        Evidence(fact, value, places[number][at[0]][0], places[number][at[-1]][1], rule, aside)
        for number, fact, value, at, rule, aside in note.evidence()
    }
    return Reading(note.conditions, note.signs, note.certain, tuple(sorted(evidence, key=_order)))


def _sentences(symbols: str, stop: str) -> list[str]:
    """The sentences of a note; text without an end is cut, so that time stays in proportion to it."""
    parts = symbols.split(stop)
    if len(symbols) <= _LONGEST:
        return parts
    return [part[start : start + _LONGEST] for part in parts for start in range(0, len(part), _LONGEST)]


def _symbols(reader: _Reader, text: str) -> tuple[str, list[tuple[int, int]]]:
    """The symbols of a text, and for each the characters it stands for, without the dot that ends a sentence."""
    symbols: list[str] = []
    spans: list[tuple[int, int]] = []
    for token in TOKEN.finditer(text):
        found = reader.lexicon.memory[token[0]]
        start, end = token.span()
        if len(found) > 1 and found[-1] == reader.stop and text[end - 1] == ".":
            end -= 1
        symbols.append(found)
        spans += [(start, end)] * len(found)
    return "".join(symbols), spans


def _order(evidence: Evidence) -> tuple[int, int, str, str, str, str]:
    return evidence.start, evidence.end, evidence.fact, evidence.value, evidence.rule, evidence.set_aside or ""


_Said = tuple[int, Fact, str, tuple[int, ...], str, str | None]
"""Evidence before it is placed in the text: the sentence's number, fact, value, places, rule, why set aside."""


class Note:
    """The sentences of one note, put together."""

    __slots__ = (
        "_about_spine",
        "_along",
        "_found",
        "_said",
        "_sentences",
        "_signs",
        "_words",
        "certain",
        "conditions",
        "signs",
    )

    def __init__(self, words: Words, sentences: list[Sentence]) -> None:
        self._words, self._sentences = words, sentences
        self._about_spine: bool | None = None
        self._signs: list[tuple[int, Mention]] = []
        self._along: list[tuple[int, Mention]] = []
        self.signs = self._read_signs()
        self._said = list(self._said_conditions())
        self._found = self._read_conditions() if self._said or self.signs is Answer.YES else {}
        self.conditions = tuple([each for each in _CONDITIONS if each in self._found]) if self._found else ()
        self.certain = self._read_certain()

    def _speaks_of(self, groups: frozenset[str]) -> bool:
        return any(not groups.isdisjoint(sentence.named) for sentence in self._sentences)

    # Signs

    def _read_signs(self) -> Answer:
        answer = Answer.UNKNOWN
        for number, mention, value, aside in self._said_signs():
            if aside is None and value == "yes":
                answer = Answer.YES
                self._signs.append((number, mention))
                if mention.find.along:
                    self._along.append((number, mention))
            elif aside is None and value == "no" and answer is Answer.UNKNOWN:
                answer = Answer.NO
        return answer

    def _said_signs(self) -> Iterator[tuple[int, Mention, str, Does | None]]:
        """Each mention of signs with what it says; what needs a spine does not count in a note about something else."""
        for number, sentence in enumerate(self._sentences):
            for mention, value, aside in sentence.signs:
                elsewhere = aside is None and value == "yes" and self._is_elsewhere(mention.find, sentence)
                yield number, mention, value, Does.OTHER_REGION if elsewhere else aside

    def _is_elsewhere(self, find: Find, sentence: Sentence) -> bool:
        """Whether a sign that needs a spine stands in a note, or a sentence, about something else."""
        if not (find.spine or find.only_spine):
            return False
        if self._about_spine is None:
            self._about_spine = self._speaks_of(self._words.spine)
        if not self._about_spine and (find.only_spine or self._speaks_of(self._words.elsewhere)):
            return True
        return PERIPHERAL in sentence.named and self._words.spine.isdisjoint(sentence.named)

    # Conditions

    def _read_conditions(self) -> dict[str, bool]:
        """The values of the conditions that count, each with whether it stands firm beside pain along a root."""
        found: dict[str, bool] = {}
        doubted: set[str] = set()
        explained = False
        for _, mention, values in self._said:
            if mention.aside is None:
                explained = explained or ((mention.find.weak or mention.find.explains) and self._explains(mention))
                in_doubt = mention.certain is not None and not mention.certain.sure
                for value in values if self._is_whole(mention) else ():
                    found[value] = found.get(value, False) or mention.find.firm
                    if in_doubt:
                        doubted.add(value)
            else:
                _take_back(found, doubted, mention.aside, values)
        if self.signs is Answer.YES:
            self._infer(found)
        if explained or not _EXPLAINS_PAIN.isdisjoint(found):
            found.pop(_PAIN, None)
        return {value: firm for value, firm in found.items() if value and value != Condition.OTHER}

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
            or (self.signs is Answer.UNKNOWN and self._speaks_of(self._words.limb_pain))
        )

    def _said_conditions(self) -> Iterator[tuple[int, Mention, tuple[str, ...]]]:
        for number, sentence in enumerate(self._sentences):
            for mention in sentence.conditions:
                yield number, mention, mention.values or self._from_around(number, mention) or (mention.find.value,)

    def _from_around(self, number: int, mention: Mention) -> tuple[str, ...]:
        """What the nearest place says: in the sentences before, the last first, else in those behind."""
        naming = [each for each, sentence in enumerate(self._sentences) if sentence.named]
        at = bisect_left(naming, number)
        nearest = naming[max(at - _AROUND, 0) : at][::-1] + [each for each in naming[at:][:_AROUND] if each != number]
        return value_from_around(mention.find, [self._sentences[each].named for each in nearest])

    def _infer(self, found: dict[str, bool]) -> None:
        """Pain along a root that has no name, in trunk and limb, is a nerve root's."""
        if not _EXPLAINS_ROOT.isdisjoint(found):
            return
        pain = bool(self._along) or self._speaks_of(LIMB_PAIN)
        for each in self._words.inferences:
            named = self._speaks_of(each.levels) and (pain or self._speaks_of(each.limb))
            spoken = pain and self._speaks_of(each.trunk) and self._speaks_of(each.limb)
            firm = each.value == Condition.LUMBAR_NERVE_ROOT and found.get(_PAIN)
            if (named or spoken) and not firm:
                found[each.value] = False
                return

    @property
    def elsewhere(self) -> bool:
        """Whether a problem outside the six is named, or one of theirs in another part of the body."""
        return any(
            mention.aside in (None, Does.OTHER_REGION) and (mention.values == ("",) or Condition.OTHER in values)
            for _, mention, values in self._said
        )

    # Certainty

    def _read_certain(self) -> Answer:
        """What is said last about the certainty of a condition that counts, or of the findings as a whole."""
        if not self.conditions:
            return Answer.UNKNOWN
        remarks = sorted((number, remark.places[0], remark.sure) for number, remark in self._remarks())
        return (Answer.YES if remarks[-1][2] else Answer.NO) if remarks else Answer.UNKNOWN

    def _remarks(self) -> Iterator[tuple[int, Remark]]:
        for number, mention, values in self._said:
            if mention.aside is None and mention.certain and not self._found.keys().isdisjoint(values):
                yield number, mention.certain
        for number, sentence in enumerate(self._sentences):
            for remark in sentence.remarks:
                yield number, remark

    # Evidence

    def evidence(self) -> Iterator[_Said]:
        """Every place that says something, with why it does not count where it does not."""
        for number, mention, value, aside in self._said_signs():
            if value:
                yield number, Fact.NERVE_ROOT_SIGNS, value, mention.places, mention.rule, _reason(aside)
        for number, mention, values in self._said:
            yield from self._about_conditions(number, mention, values)
        yield from self._inferred()
        if self.conditions:
            for number, remark in self._remarks():
                value = "yes" if remark.sure else "no"
                yield number, Fact.FINDINGS_CERTAIN, value, remark.places, remark.rule, None

    def _about_conditions(self, number: int, mention: Mention, values: tuple[str, ...]) -> Iterator[_Said]:
        for value in values:
            if value and value != Condition.OTHER:
                aside = _reason(mention.aside)
                if aside is None and (value not in self._found or not self._is_whole(mention)):
                    aside = SUPERSEDED
                yield number, Fact.CONDITIONS, value, mention.places, mention.rule, aside

    def _inferred(self) -> Iterator[_Said]:
        """The pain that stands for a nerve root which the note does not name."""
        said = {value for _, mention, values in self._said if mention.aside is None for value in values}
        for value in self._found.keys() - said:
            for number, mention in self._along or self._signs:
                yield number, Fact.CONDITIONS, value, mention.places, mention.rule, None


def _take_back(found: dict[str, bool], doubted: set[str], aside: Does, values: tuple[str, ...]) -> None:
    """Forget what is ruled out later, or was in doubt and is then denied: "Artrose? Nej, rtg. uden artrose"."""
    for value in values:
        if aside is Does.RULED_OUT or (aside is Does.NEGATED and value in doubted):
            found.pop(value, None)


def _reason(aside: Does | None) -> str | None:
    return aside.value if aside else None
