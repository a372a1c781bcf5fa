"""A note into facts, with the words that decided. Source: spec of the notes and its rules of annotation."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

from icpc_cli.guideline.vocabulary import RELATIVE, TOKEN
from icpc_cli.guideline.words import READ, Relative, Stage, Topic, Words
from icpc_cli.model import Answer, Case, Condition, Fact, Said
from icpc_cli.notes.batch import Batch
from icpc_cli.notes.entries import GOES_ON_AS_DATE, Entry, entries
from icpc_cli.notes.grades import GOES_ON_TO_ANOTHER, Falls
from icpc_cli.notes.grouping import Grouping, Placed, together
from icpc_cli.notes.lexicon import BETWEEN, Lexicon, with_capitals
from icpc_cli.notes.memory import Memory, expression
from icpc_cli.notes.said import Sentence
from icpc_cli.notes.sentences import Grammar
from icpc_cli.notes.text import Prepared, odd, prepare
from icpc_cli.notes.whole import Note, lender

_LONGEST = 300
"""Symbols of the longest sentence that is read as one."""
_MEMORY = 200_000
"""Different sentences and notes that are remembered; then the memory is begun anew."""
_MOST_KINDS = 50_000
"""Kinds of sentences that are told apart; then all is begun anew."""
_FIRST_KIND = 0x100
_GRADES_OR_DATES = f"[0-9](?:{GOES_ON_TO_ANOTHER}|{GOES_ON_AS_DATE})"
"""What a note with something to mark holds, or a journal: one look for both."""

_BITS = {condition: 2 << place for place, condition in enumerate(Condition)}
_ANSWERS = (Answer.UNKNOWN, Answer.YES, Answer.NO)


class Evidence(NamedTuple):
    """Words of a note (characters ``start`` to ``end``) that say ``value`` about ``fact``, by the rule with this id.

    ``set_aside`` says why it does not count (negated, past, family ...), else None.
    """

    fact: Topic
    value: str
    start: int
    end: int
    rule: str
    set_aside: str | None = None


class Reading(NamedTuple):
    """What a note says: the facts, whether it holds red flags, and the places in the text that they rest on.

    ``language`` is "da", or "other" where most of it is not Danish. ``entries`` are those of a journal, of which the
    latest is read, at characters ``latest``. ``vague_radiation``: pain goes into a limb, not said how far or along
    which root. ``broken`` are the places of words that have lost letters.
    """

    conditions: tuple[Condition, ...]
    nerve_root_signs: Answer
    findings_certain: Answer
    red_flags: bool
    evidence: tuple[Evidence, ...]
    language: str
    entries: int
    latest: tuple[int, int]
    vague_radiation: bool
    broken: tuple[tuple[int, int], ...]

    def added_to(self, case: Case, given: Collection[Fact] = ()) -> Case:
        """The case with what the note says, where the case is silent; facts in ``given`` stay as they are."""
        silent = [fact.value for fact in READ if not case.knows(fact) and fact not in given]
        said: dict[str, Any] = {name: getattr(self, name) for name in silent}
        return replace(case, red_flags=case.red_flags or self.red_flags, **said)


class _Kinds:
    """Sentences that say the same to a note's facts are of one kind; each kind has a character.

    So notes are told apart by what their sentences say, not by how they say it. ``kinds`` gives a sentence's by its
    symbols, "" for one that says nothing; ``notes`` gives the number of a note's facts by the kinds of its sentences.
    """

    def __init__(self, words: Words, grouping: Grouping, grammar: Grammar) -> None:
        self._words, self._grouping, self._grammar = words, grouping, grammar
        self._by_groups = Memory(self._kind_of_groups, _MEMORY)
        self._characters: dict[Hashable, str] = {None: ""}
        self._examples: dict[str, Sentence] = {}
        self.kinds = Memory(self._kind, _MEMORY)
        self.notes = Memory(self._number, _MEMORY)

    def _kind(self, symbols: str) -> str:
        return BETWEEN if symbols == BETWEEN else self._by_groups[together(self._grouping.groups(symbols))]

    def _kind_of_groups(self, groups: str) -> str:
        sentence = self._grammar.memory[groups]
        essence = self._grammar.essence(sentence)
        character = self._characters.get(essence)
        if character is None:
            character = self._characters[essence] = chr(_FIRST_KIND + len(self._characters))
            self._examples[character] = sentence
        return character

    def _number(self, kinds: str) -> int:
        return _number_of(_said(Note(self._words, [self._examples[kind] for kind in kinds])))

    def make_room(self) -> None:
        """Begin anew where there are too many kinds."""
        if len(self._characters) > _MOST_KINDS:
            for each in (self.kinds, self.notes, self._by_groups, self._examples):
                each.clear()
            self._characters = {None: ""}


class _NoteReader(NamedTuple):
    words: Words
    lexicon: Lexicon
    grouping: Grouping
    grammar: Grammar
    stop: str
    known: _Kinds
    falls: Falls
    joins: str

    def prepare(self, text: str) -> Prepared:
        if Stage.TEXT in self.words.off:
            return Prepared(text)
        prepared = prepare(text)
        return prepared._replace(text=self._marked(prepared.text))

    def _marked(self, text: str) -> str:
        """The text with its falls marked, and the commas of its relative clauses; as long as it was."""
        return self.falls.marked(expression(self.joins).sub(RELATIVE, text) if "," in text else text)

    def texts(self, texts: Sequence[str]) -> tuple[list[str], Collection[int]]:
        """What :meth:`prepare` makes of each text, without the places; and the numbers of those that may be journals.

        Quick, since with most there is nothing to do.
        """
        prepared = list(texts)
        if Stage.TEXT in self.words.off:
            return prepared, range(len(prepared))
        batch = Batch(texts)
        unprepared, numbered = odd(batch), batch.holding(_GRADES_OR_DATES)
        for number in unprepared:
            prepared[number] = self.prepare(texts[number]).text
        for number in (numbered | batch.holding(self.joins)) - unprepared:
            prepared[number] = self._marked(texts[number])
        return prepared, sorted(unprepared | numbered)

    def entries(self, text: str) -> tuple[Entry, ...]:
        return (Entry(0, len(text)),) if Stage.ENTRIES in self.words.off else entries(text)


@cache
def _reader(words: Words) -> _NoteReader:
    lexicon = Lexicon(words)
    grouping, grammar = Grouping(lexicon), Grammar(words, lexicon)
    known = _Kinds(words, grouping, grammar)
    return _NoteReader(
        words, lexicon, grouping, grammar, lexicon.symbols["stop"], known, Falls(words.grades), _joins(words.relative)
    )


def _joins(relative: Relative) -> str:
    """An expression for a comma before a relative clause."""
    pronouns, others = ("|".join(words).replace(" ", r"\s+") for words in relative)
    return rf",(?=\s+(?i:{pronouns})\s)(?!\s+(?i:{others})\b)"


# Many notes, without places


def numbers(words: Words, texts: Sequence[str]) -> list[int]:
    """The facts of each of one or more notes as a number for :func:`facts_of`; 0 for a note that says nothing.

    Many notes are taken at once, so that no step costs a call a note.
    """
    reader = _reader(words)
    known, between = reader.known, f"{reader.stop}{BETWEEN}{reader.stop}"
    known.make_room()
    prepared, numbered = reader.texts(texts)
    symbols = [
        each if len(each) <= _LONGEST else reader.stop.join(_sentences(each, reader.stop))
        for each in reader.lexicon.symbols_of(prepared)
    ]
    kinds = "".join(map(known.kinds.__getitem__, between.join(symbols).split(reader.stop))).split(BETWEEN)
    found = list(map(known.notes.__getitem__, kinds))
    for place in numbered:
        text = prepared[place]
        parts = reader.entries(text)
        if len(parts) > 1:
            found[place] = _number_of(
                _of_journal([_note(reader, _pieces(reader, text[start:end])) for start, end in parts])
            )
    return found


def _number_of(said: Said) -> int:
    listed = sum(map(_BITS.__getitem__, said.conditions)) + said.red_flags
    signs, certain = _ANSWERS.index(said.nerve_root_signs), _ANSWERS.index(said.findings_certain)
    return (listed * len(_ANSWERS) + signs) * len(_ANSWERS) + certain


def facts_of(number: int) -> Said:
    """The facts that a number stands for."""
    number, certain = divmod(number, len(_ANSWERS))
    number, signs = divmod(number, len(_ANSWERS))
    conditions = tuple(condition for condition, bit in _BITS.items() if number & bit)
    return Said(conditions, _ANSWERS[signs], _ANSWERS[certain], bool(number & 1))


def facts(words: Words, text: str) -> Said:
    """The facts of a note without their places."""
    return facts_of(*numbers(words, [text]))


def _said(note: Note) -> Said:
    return Said(note.conditions, note.signs, note.certain, note.red_flags)


def _of_journal(notes: Sequence[Note]) -> Said:
    """What a journal says, the oldest entry first."""
    said, lends = _said(notes[-1]), lender(notes)
    return said if lends is None else said._replace(conditions=lends.conditions)


# One note, with places


class Taken(NamedTuple):
    """A sentence, and the places of its groups in the text as given."""

    sentence: Sentence
    places: tuple[tuple[int, int], ...]

    def span(self, groups: Sequence[int]) -> tuple[int, int]:
        """From the first to the last of these groups."""
        return self.places[groups[0]][0], self.places[groups[-1]][1]


def read(words: Words, text: str, *, of_spine: bool = False) -> Reading:
    """The facts of a note, each with its places in the text, and what was set aside with why.

    ``of_spine``: it is about the spine even if it does not say so, as a cell in a column of nerve-root signs is.
    """
    reader = _reader(words)
    prepared = reader.prepare(text)
    parts = reader.entries(prepared.text)
    spread = [_spread(reader, prepared, part) for part in parts]
    notes = [Note(words, [each.sentence for each in sentences], of_spine=of_spine) for sentences in spread]
    said = _of_journal(notes)
    evidence = set(_evidence(notes[-1], spread[-1]))
    lends = lender(notes)
    for note, sentences in zip(notes, spread, strict=True):
        if note is lends:
            evidence |= {each for each in _evidence(note, sentences) if each.fact is Topic.CONDITIONS}
    filled = [each.sentence for each in spread[-1] if each.places]
    foreign = sum(each.foreign for each in filled)
    return Reading(
        *said,
        evidence=tuple(sorted(evidence, key=lambda each: (each.start, each.end, str(each)))),
        language="other" if foreign and 2 * foreign >= len(filled) else "da",
        entries=len(parts),
        latest=prepared.given(*parts[-1]),
        vague_radiation=notes[-1].leaves_radiation_open,
        broken=tuple(prepared.given(*each) for each in prepared.broken),
    )


def _evidence(note: Note, sentences: Sequence[Taken]) -> Iterator[Evidence]:
    for number, topic, value, at, rule, aside in note.evidence():
        yield Evidence(topic, value, *sentences[number].span(at), rule, aside)


def understand(words: Words, text: str) -> tuple[Note, list[tuple[str, str]]]:
    """A text as one note, and its words: each or each expression with the name of its group."""
    reader = _reader(words)
    text = reader.prepare(text).text
    pieces = list(_pieces(reader, text))
    named = [(text[start:end], reader.grammar.names[group]) for groups in pieces for start, end, group in groups]
    return _note(reader, pieces), named


def _note(reader: _NoteReader, pieces: Iterable[list[Placed]]) -> Note:
    return Note(reader.words, [reader.grammar.memory[together(groups)] for groups in pieces])


def taken_apart(words: Words, text: str) -> tuple[Prepared, tuple[Entry, ...], tuple[Taken, ...]]:
    """A text as its first stage left it, its entries, and the sentences of the latest."""
    reader = _reader(words)
    prepared = reader.prepare(text)
    parts = reader.entries(prepared.text)
    return prepared, parts, _spread(reader, prepared, parts[-1])


def _spread(reader: _NoteReader, prepared: Prepared, part: Entry) -> tuple[Taken, ...]:
    return tuple(
        Taken(
            reader.grammar.memory[together(groups)],
            tuple(prepared.given(part.start + start, part.start + end) for start, end, _ in groups),
        )
        for groups in _pieces(reader, prepared.text[part.start : part.end])
    )


def _pieces(reader: _NoteReader, text: str) -> Iterator[list[Placed]]:
    """The groups of each sentence of a text, with the characters they stand for."""
    symbols, spans = _symbols(reader, text)
    start = 0
    for piece in _sentences(symbols, reader.stop):
        start = symbols.index(piece, start)
        at = spans[start : start + len(piece)]
        yield [(at[first][0], at[end - 1][1], group) for first, end, group in reader.grouping.groups(piece)]
        start += len(piece)


def _sentences(symbols: str, stop: str) -> list[str]:
    """The sentences of a note; text without an end is cut, so that time stays in proportion to it."""
    parts = symbols.split(stop)
    if len(symbols) <= _LONGEST:
        return parts
    return [part[start : start + _LONGEST] for part in parts for start in range(0, len(part), _LONGEST)]


def _symbols(reader: _NoteReader, text: str) -> tuple[str, list[tuple[int, int]]]:
    """The symbols of a text, and for each the characters it stands for, without the dot that ends a sentence."""
    symbols: list[str] = []
    spans: list[tuple[int, int]] = []
    for token in TOKEN.finditer(with_capitals(text)):
        found = reader.lexicon.memory[token[0]]
        start, end = token.span()
        if found[-1:] == reader.stop and text[end - 1] == ".":
            end -= 1
        symbols.append(found)
        spans += [(start, end)] * len(found)
    ended = reader.lexicon.ended("".join(symbols))
    return "".join(ended), [span for span, symbol in zip(spans, ended, strict=True) if symbol]
