"""A note into facts, with the words that decided. Source: spec of the notes and its rules of annotation."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from icpc_cli.guideline.words import Does, Words
from icpc_cli.model import Answer, Condition, Fact
from icpc_cli.notes.lexicon import TOKEN, Lexicon
from icpc_cli.notes.sentences import Grammar, Mention, Sentence, Trigger

Facts = tuple[tuple[str, ...], str, str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a note (characters ``start`` to ``end``) that say ``value`` about ``fact``, by the rule with this id.

    ``set_aside`` says why it does not count (negated, past, family ...), else None.
    """

    fact: Fact
    value: str
    start: int
    end: int
    rule: str
    set_aside: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a note says: the three facts, and the places in the text that they rest on."""

    conditions: tuple[Condition, ...]
    nerve_root_signs: Answer
    findings_certain: Answer
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class _Reader:
    lexicon: Lexicon
    grammar: Grammar
    stop: str


@cache
def _reader(words: Words) -> _Reader:
    lexicon = Lexicon(words)
    return _Reader(lexicon, Grammar(words, lexicon), lexicon.symbols["stop"])


def facts(words: Words, text: str) -> Facts:
    """The facts of a note without their places: conditions in table order, nerve-root signs, certain findings."""
    reader = _reader(words)
    memory, read = reader.lexicon.memory, reader.lexicon.read
    symbols = "".join([memory.get(token) or read(token) for token in TOKEN.findall(text)])
    sentence = reader.grammar.sentence
    return _Note([sentence(part) for part in symbols.split(reader.stop) if part]).facts()


def read(words: Words, text: str) -> Reading:
    """The facts of a note, each with its places in the text, and what was set aside with why."""
    reader = _reader(words)
    symbols: list[str] = []
    spans: list[tuple[int, int]] = []
    for token in TOKEN.finditer(text):
        for symbol in reader.lexicon.read(token[0]):
            symbols.append(symbol)
            spans.append(token.span())
    sentences, offsets, start = [], [], 0
    for part in "".join(symbols).split(reader.stop):
        if part:
            sentences.append(reader.grammar.sentence(part))
            offsets.append(start)
        start += len(part) + 1
    return _Note(sentences).reading(offsets, spans, text)


_ROOTS = (Condition.CERVICAL_NERVE_ROOT.value, Condition.LUMBAR_NERVE_ROOT.value)
_SPINE = frozenset(
    "lumbar back neck level-neck level-lumbar low-back-pain back-seizure sciatica brachialgia radiculopathy root radicular"
    " prolapse lumbar-prolapse neck-prolapse spinal-stenosis stenosis claudication leg-pain".split()
)
_OTHER = frozenset("hip knee groin elsewhere peripheral coxarthrosis gonarthrosis".split())
_NECK = frozenset(("neck", "level-neck"))
_ARM = frozenset(("arm", "hand", "arm-pain"))
_LUMBAR = frozenset(("lumbar", "back", "level-lumbar", "low-back-pain"))
_LEG = frozenset(("leg", "distal-leg", "thigh", "leg-pain"))
_ALONG = frozenset(("radiation-along-a-root", "radiation-of-a-level"))


class _Note:
    """The sentences of one note, put together."""

    def __init__(self, sentences: list[Sentence]) -> None:
        self._sentences = sentences
        self._groups = frozenset(group for sentence in sentences for group in sentence.groups)
        self.used: list[tuple[int, Fact, str, int, int, str, str | None]] = []

    def facts(self) -> Facts:
        signs = self._signs()
        conditions = self._conditions(signs)
        return conditions, signs, self._certain(conditions)

    def _signs(self) -> str:
        denied = False
        about_spine = not _SPINE.isdisjoint(self._groups)
        elsewhere = not about_spine and not _OTHER.isdisjoint(self._groups)
        answer = "unknown"
        self.sign_finds: set[str] = set()
        for number, sentence in enumerate(self._sentences):
            for mention in sentence.mentions:
                value, aside = self._sign(mention, sentence, elsewhere=elsewhere)
                if value is None:
                    continue
                self.used.append(
                    (
                        number,
                        Fact.NERVE_ROOT_SIGNS,
                        value,
                        mention.start,
                        mention.end,
                        mention.find.id if aside is None else mention.find.id,
                        aside,
                    )
                )
                if aside is None and value == "yes":
                    answer = "yes"
                    self.sign_finds.add(mention.find.id)
                elif aside is None and value == "no":
                    denied = True
        return answer if answer == "yes" else "no" if denied else "unknown"

    def _sign(self, mention: Mention, sentence: Sentence, *, elsewhere: bool) -> tuple[str | None, str | None]:
        """What a mention says about signs: a value or None, and why it does not count."""
        find, aside = mention.find, mention.aside
        if find.fact is Fact.CONDITIONS:
            return (
                ("no", None)
                if find.id == "nerve-root" and aside in (Does.NEGATED, Does.RULED_OUT, Does.GONE)
                else (None, None)
            )
        if find.value == "no":
            if aside is Does.NEGATED:
                return "yes", None
            return "no", aside.value if aside else None
        if aside in (Does.NEGATED, Does.RULED_OUT, Does.GONE):
            return "no", None
        if find.value == "open":
            return None, None
        if aside is not None:
            return "yes", aside.value
        if find.spine and (elsewhere or ("peripheral" in sentence.groups)):
            return "yes", Does.OTHER_REGION.value
        return "yes", None

    def _conditions(self, signs: str) -> tuple[str, ...]:
        self.counted: list[tuple[int, Mention, tuple[str, ...]]] = []
        limb = signs == "yes" or not {"leg-pain", "arm-pain", "sciatica", "brachialgia"}.isdisjoint(self._groups)
        found: dict[str, bool] = {}
        for number, sentence in enumerate(self._sentences):
            for mention in sentence.mentions:
                if mention.find.fact is not Fact.CONDITIONS:
                    continue
                values = mention.values or self._from_around(number, mention)
                if mention.find.weak and not limb:
                    continue
                for value in values:
                    if not value:
                        continue
                    self.used.append(
                        (
                            number,
                            Fact.CONDITIONS,
                            value,
                            mention.start,
                            mention.end,
                            mention.find.id,
                            mention.aside.value if mention.aside else None,
                        )
                    )
                    if mention.aside is None:
                        found.setdefault(value, mention.find.id == "unspecific-low-back-pain")
                        if mention.find.id == "unspecific-low-back-pain":
                            found[value] = True
                self.counted.append((number, mention, values))
        if signs == "yes":
            self._infer(found)
        if found.keys() & {"lumbar_nerve_root", "lumbar_stenosis", "other"}:
            found.pop("primary_low_back_pain", None)
        if any(m.find.weak and m.aside is None for _, s in enumerate(self._sentences) for m in s.mentions):
            found.pop("primary_low_back_pain", None)
        found.pop("other", None)
        return tuple(condition for condition in Condition if condition in found)

    def _infer(self, found: dict[str, bool]) -> None:
        """Radiation along a root makes neck or low back pain a nerve root's."""
        if found.keys() & {"lumbar_nerve_root", "cervical_nerve_root", "lumbar_stenosis"}:
            return
        along = bool(self.sign_finds & _ALONG)
        if not along and not self._groups & {"leg-pain", "arm-pain"}:
            return
        groups = self._groups
        if "level-neck" in groups or (groups & _NECK and groups & _ARM):
            found["cervical_nerve_root"] = False
        elif ("level-lumbar" in groups or (groups & _LUMBAR and groups & _LEG)) and not found.get(
            "primary_low_back_pain"
        ):
            found["lumbar_nerve_root"] = False

    def _from_around(self, number: int, mention: Mention) -> tuple[str, ...]:
        """The values by the nearest place that the sentences before name, else those after."""
        find = mention.find
        relevant = set(find.places) | find.unless
        for place in (*range(number - 1, -1, -1), *range(number + 1, len(self._sentences))):
            named = [group for group in self._sentences[place].groups if group in relevant]
            if named:
                return (find.places.get(named[-1], ""),)
        return ()

    def _certain(self, conditions: tuple[str, ...]) -> str:
        answer = "unknown"
        if not conditions:
            return answer
        by_sentence: dict[int, list[tuple[int, Trigger]]] = {}
        for number, mention, values in self.counted:
            if mention.aside is None and mention.certain_by and set(values) & set(conditions):
                by_sentence.setdefault(number, []).append((mention.certain_by.start, mention.certain_by))
        for number, sentence in enumerate(self._sentences):
            for trigger in sentence.remarks:
                by_sentence.setdefault(number, []).append((trigger.start, trigger))
        for number in sorted(by_sentence):
            for _, trigger in sorted(by_sentence[number], key=lambda each: each[0]):
                answer = "yes" if trigger.context.does is Does.CERTAIN else "no"
                self.used.append(
                    (number, Fact.FINDINGS_CERTAIN, answer, trigger.start, trigger.end, trigger.context.id, None)
                )
        return answer

    def reading(self, offsets: list[int], spans: list[tuple[int, int]], text: str) -> Reading:
        conditions, signs, certain = self.facts()
        evidence = {
            Evidence(
                fact,
                value,
                spans[offsets[number] + start][0],
                _end(spans[offsets[number] + end - 1], text),
                rule,
                aside,
            )
            for number, fact, value, start, end, rule, aside in self.used
        }
        return Reading(
            tuple(map(Condition, conditions)), Answer(signs), Answer(certain), tuple(sorted(evidence, key=_order))
        )


def _order(evidence: Evidence) -> tuple[int, int, str, str, str]:
    return evidence.start, evidence.end, evidence.fact, evidence.value, evidence.rule


def _end(span: tuple[int, int], text: str) -> int:
    return span[1]


def many(words: Words, texts: Iterable[str]) -> list[Facts]:
    """The facts of many notes."""
    return [facts(words, text) for text in texts]
