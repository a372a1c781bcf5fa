"""Rules, codes, questions and names as one validated value: :class:`Guideline`, and how it is loaded."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from pathlib import Path
from typing import NamedTuple

from icpc_cli.errors import GuidelineError
from icpc_cli.guideline.names import fold, fold_bare
from icpc_cli.guideline.sources import Listed, RuleSource, load_sources
from icpc_cli.guideline.tables import TomlTable, default_folder
from icpc_cli.model import (
    LISTED,
    NO_DIAGNOSES,
    Answer,
    Basis,
    Caveat,
    CaveatId,
    Code,
    CodeList,
    Condition,
    Course,
    Fact,
    Obligation,
    Question,
    Rank,
    Status,
    Timing,
)
from icpc_cli.text import Text


class ObligationRule(NamedTuple):
    """Which specialties, courses and sets of conditions one obligation holds for."""

    specialties: frozenset[str]
    courses: frozenset[Course]
    conditions: frozenset[str]
    obligation: Obligation


class SuggestionRule(NamedTuple):
    """A code for a condition, before timing, with the caveats that always go with it."""

    code: Code
    rank: Rank
    reason: Text
    source: RuleSource
    caveats: frozenset[CaveatId] = frozenset()


@dataclass(frozen=True, eq=False)
class Guideline:
    """The guide as this project reads it. Compared and hashed by identity: one load is one guideline."""

    folder: Path
    edition: str
    licence: Text
    purpose: Text
    sources: Mapping[str, RuleSource]
    listed: Mapping[str, Listed]
    codes: Mapping[str, Code]
    labels: Mapping[str, Mapping[str, Text]]
    names: Mapping[str, Mapping[str, str]]
    called: Mapping[str, tuple[str, ...]]
    questions: Mapping[Fact, Question]
    obligations: tuple[ObligationRule, ...]
    suggestions: Mapping[tuple[Condition, Answer], tuple[SuggestionRule, ...]]
    interim: Mapping[str, SuggestionRule]
    caveats: Mapping[CaveatId, Caveat]
    acceptable: Mapping[tuple[Condition, Answer], frozenset[str]]
    provisional: Mapping[Condition, frozenset[str]]
    own: CodeList | None = None

    @cached_property
    def diagnoses(self) -> frozenset[str] | None:
        """The codes that exist, by the clinic's own list and the guide; None without a list: go by ICPC-2's structure.

        Process codes are no diagnoses, listed or not, so that a course that has nothing else counts as not coded.
        """
        if self.own is None:
            return None
        return frozenset(code for code in {*self.own.titles, *self.codes} if int(code[1:]) not in NO_DIAGNOSES)

    @cached_property
    def titled(self) -> Mapping[str, tuple[str, ...]]:
        """The diagnoses of each folded title, with and without the code before it; two codes may share a title."""
        titles = [(code, title) for code, known in self.codes.items() for title in (known.title.da, known.title.en)]
        if self.own and self.diagnoses:
            titles += [(code, title) for code, title in self.own.titles.items() if code in self.diagnoses]
        found: dict[str, tuple[str, ...]] = {}
        for code, title in titles:
            for text in filter(None, (fold(title), fold(code + title))):
                found[text] = tuple(dict.fromkeys((*found.get(text, ()), code)))
        return found

    @cached_property
    def addresses(self) -> Mapping[Text, str]:
        """Where each source is found, by what it says of its place; empty where it has no address."""
        return {source.text: source.listed.address for source in self.sources.values()}

    @cached_property
    def finals(self) -> Mapping[Condition, frozenset[str]]:
        """The codes of each condition that can be its final one: all that are recommended for it."""
        return {condition: frozenset(codes) for condition, codes in self.table.items()}

    @property
    def table(self) -> Mapping[Condition, Mapping[str, tuple[Answer, ...]]]:
        """Of each condition of the guide the recommended codes, each with the answers about signs that lead to it."""
        found: dict[Condition, dict[str, tuple[Answer, ...]]] = {}
        for (condition, answer), rules in self.suggestions.items():
            codes = found.setdefault(condition, {})
            codes[rules[0].code.code] = (*codes.get(rules[0].code.code, ()), answer)
        return found

    def understand(self, kind: str, text: str) -> str | None:
        """The id that ``text`` names among ``kind`` (condition, course or answer), or None."""
        return self.names[kind].get(fold(text))

    def label(self, kind: str, key: str) -> Text:
        """What ``key`` of ``kind`` is called on the screen."""
        return self.labels[kind][key]

    def cited(self, basis: Basis, where: Text) -> Text:
        """Who says so in a word, and where: ``guiden · fodnote 2``."""
        word = self.label("basis", basis)
        return Text(f"{word.da} · {where.da}", f"{word.en} · {where.en}")

    def specialty_name(self, specialty: str) -> Text:
        """The number, with the name where the guide has one: ``51 Almen fysioterapi``."""
        name = self.labels["specialty"].get(specialty)
        return Text(f"{specialty} {name.da}", f"{specialty} {name.en}") if name else Text(specialty, specialty)


def load_guideline(folder: Path | None = None) -> Guideline:
    """The validated guideline in ``folder`` (the shipped one by default). Raises :class:`GuidelineError`."""
    return _loaded(folder or default_folder())


@cache
def _loaded(folder: Path) -> Guideline:
    return _GuidelineLoader(folder).guideline()


class _GuidelineLoader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.read = load_sources(folder)
        self.sources = self.read.named
        self.codes: dict[str, Code] = {}
        self.called: dict[str, tuple[str, ...]] = {}

    def guideline(self) -> Guideline:
        self._codes()
        labels, names = self._names()
        rules = TomlTable.read(self.folder, "rules.toml")
        guideline = Guideline(
            folder=self.folder,
            edition=self.read.edition,
            licence=self.read.licence,
            purpose=self._said(rules.table("purpose"))[0],
            sources=self.sources,
            listed=self.read.listed,
            codes=self.codes,
            labels=labels,
            names=names,
            called=self.called,
            questions=self._questions(labels),
            obligations=self._obligations(rules),
            suggestions=self._suggestions(rules),
            interim=self._interim(rules),
            caveats=self._caveats(rules),
            acceptable=self._acceptable(rules),
            provisional=self._provisional(rules),
        )
        rules.close()
        self._check(guideline, rules)
        return guideline

    def _check(self, guideline: Guideline, rules: TomlTable) -> None:
        """Refuse a code of the table that has nothing to wait with, or that an export could not carry."""
        for (condition, signs), suggestions in guideline.suggestions.items():
            codes = {rule.code.code for rule in suggestions}
            if missing := sorted(codes - guideline.acceptable[condition, signs]):
                raise rules.error("acceptable", f"lacks {', '.join(missing)} for {condition} with signs {signs}")
            code = suggestions[0].code.code
            if code not in guideline.interim and int(code[1:]) >= 70:
                raise rules.error("interim.codes", f"{code}, recommended for {condition}, has no code to wait with")

    def _source(self, table: TomlTable) -> RuleSource:
        """The source that a table names; it is the guide's only where a statement of the guide is named."""
        return table.among("source", self.sources)

    def _said(self, table: TomlTable) -> tuple[Text, Basis, Text]:
        """The wording, the basis and the place that a table names."""
        text, source = table.text(), self._source(table)
        return text, source.basis, source.text

    def _codes(self) -> None:
        path = self.folder / "codes.csv"
        try:
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file, strict=True))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise GuidelineError(path.name, "", f"cannot be read: {error}") from None
        columns = ["code", "title_da", "title_en", "source"]
        if not rows or rows[0] != columns:
            raise GuidelineError(path.name, "row 1", f"the columns must be {', '.join(columns)}")
        for number, row in enumerate(rows[1:], start=2):
            self._code(f"row {number}", row)

    def _code(self, place: str, row: list[str]) -> None:
        file = "codes.csv"
        if len(row) != 4 or not all(cell.strip() for cell in row):
            raise GuidelineError(file, place, "needs code, title_da, title_en and source")
        code, da, en, source = row
        if not (len(code) == 3 and code[0].isupper() and code[1:].isdigit()):
            raise GuidelineError(file, place, f"{code!r} is no ICPC-2 code")
        if code in self.codes:
            raise GuidelineError(file, place, f"{code} stands twice")
        if source not in self.sources:
            raise GuidelineError(file, place, f"{source!r} is not a known source")
        self.codes[code] = Code(code, Text(da, en), self.sources[source].text)

    def _names(self) -> tuple[dict[str, dict[str, Text]], dict[str, dict[str, str]]]:
        file = TomlTable.read(self.folder, "names.toml")
        wanted: dict[str, list[str] | None] = {
            "condition": list(Condition),
            "course": list(Course),
            "answer": list(Answer),
            "specialty": None,
            "status": list(Status),
            "rank": list(Rank),
            "timing": list(Timing),
            "basis": list(Basis),
            "fact": list(Fact),
        }
        labels: dict[str, dict[str, Text]] = {}
        names: dict[str, dict[str, str]] = {}
        for kind, ids in wanted.items():
            labels[kind], names[kind] = {}, {}
            bare: dict[str, str] = {}
            for key, entry in file.tables(kind):
                aliases = entry.strings("names", [])
                labels[kind][key] = self._said(entry)[0]
                if kind == "condition":
                    self.called[key] = (labels[kind][key].da, labels[kind][key].en, *aliases)
                for name in (key, labels[kind][key].da, labels[kind][key].en, *aliases):
                    if names[kind].setdefault(fold(name), key) != key:
                        raise entry.error("names", f"{name!r} already means {names[kind][fold(name)]}")
                    bare.setdefault(fold_bare(name), key)
            names[kind] = bare | names[kind]
            if ids is not None and list(labels[kind]) != ids:
                raise file.error(kind, f"must be exactly, and in this order: {', '.join(ids)}")
        file.close()
        return labels, names

    def _questions(self, labels: Mapping[str, Mapping[str, Text]]) -> dict[Fact, Question]:
        file = TomlTable.read(self.folder, "questions.toml")
        offered = {
            Fact.SPECIALTY: "specialty",
            Fact.COURSE: "course",
            Fact.CONDITIONS: "condition",
            Fact.NERVE_ROOT_SIGNS: "answer",
            Fact.FINDINGS_CERTAIN: "answer",
        }
        questions: dict[Fact, Question] = {}
        for key, entry in file.tables("question"):
            if key not in offered:
                raise entry.error("", "is not a known fact")
            fact, help_text = Fact(key), entry.wording("help")
            text, basis, source = self._said(entry)
            choices = tuple(labels[offered[fact]].items())
            questions[fact] = Question(fact, text, help_text, basis, source, choices, several=fact is Fact.CONDITIONS)
        file.close()
        for fact in Fact:
            if fact not in questions:
                raise GuidelineError("questions.toml", f"question.{fact}", "is missing")
        return questions

    def _obligations(self, rules: TomlTable) -> tuple[ObligationRule, ...]:
        specialties, conditions = ("51", "57", "other", "none"), ("listed", "unlisted", "none")
        found: list[ObligationRule] = []
        for _, entry in rules.tables("obligation"):
            chosen = (
                entry.some("specialty", specialties),
                entry.some("course", Course),
                entry.some("conditions", conditions),
            )
            obligation = Obligation(entry.member("status", Status), *self._said(entry))
            found.append(ObligationRule(*chosen, obligation))
        for specialty, course, which in product(specialties, Course, conditions):
            hits = [r for r in found if specialty in r.specialties and course in r.courses and which in r.conditions]
            if len(hits) != 1:
                raise rules.error("obligation", f"{len(hits)} rules answer for {specialty}, {course}, {which}")
        return tuple(found)

    def _listed(self, entry: TomlTable) -> Condition:
        return entry.member("condition", LISTED)

    def _suggestions(self, rules: TomlTable) -> dict[tuple[Condition, Answer], tuple[SuggestionRule, ...]]:
        found: dict[tuple[Condition, Answer], list[SuggestionRule]] = {key: [] for key in product(LISTED, Answer)}
        for _, entry in rules.tables("suggestion"):
            condition = self._listed(entry)
            signs, code = entry.some("signs", Answer), entry.among("code", self.codes)
            rank = entry.member("rank", (Rank.RECOMMENDED, Rank.ALTERNATIVE))
            caveats = entry.some("caveats", CaveatId, ())
            rule = SuggestionRule(code, rank, entry.text(), self._source(entry), caveats)
            for answer in signs:
                found[condition, answer].append(rule)
        for (condition, answer), suggestions in found.items():
            if [rule.rank for rule in suggestions].count(Rank.RECOMMENDED) != 1:
                raise rules.error("suggestion", f"{condition} with signs {answer} needs exactly one recommended code")
        order = list(Rank)
        return {key: tuple(sorted(value, key=lambda rule: order.index(rule.rank))) for key, value in found.items()}

    def _interim(self, rules: TomlTable) -> dict[str, SuggestionRule]:
        entry = rules.table("interim")
        pairs = entry.table("codes")
        reason, source = entry.text(), self._source(entry)
        entry.close()
        interim: dict[str, SuggestionRule] = {}
        for disease in list(pairs.data):
            if disease not in self.codes:
                raise pairs.error(disease, "is not a known code")
            interim[disease] = SuggestionRule(pairs.among(disease, self.codes), Rank.INTERIM, reason, source)
        return interim

    def _caveats(self, rules: TomlTable) -> dict[CaveatId, Caveat]:
        found: dict[CaveatId, Caveat] = {}
        for key, entry in rules.tables("caveat"):
            if key not in list(CaveatId):
                raise entry.error("", "is not a known caveat")
            found[CaveatId(key)] = Caveat(CaveatId(key), *self._said(entry))
        for caveat in CaveatId:
            if caveat not in found:
                raise rules.error(f"caveat.{caveat}", "is missing")
        return found

    def _acceptable(self, rules: TomlTable) -> dict[tuple[Condition, Answer], frozenset[str]]:
        found: dict[tuple[Condition, Answer], set[str]] = {key: set() for key in product(LISTED, Answer)}
        for entry in rules.rows("acceptable"):
            condition, signs, codes = (
                self._listed(entry),
                entry.some("signs", Answer),
                entry.some("codes", tuple(self.codes)),
            )
            self._source(entry)
            for answer in signs:
                found[condition, answer] |= codes
        return {key: frozenset(value) for key, value in found.items()}

    def _provisional(self, rules: TomlTable) -> dict[Condition, frozenset[str]]:
        """Symptom codes of a condition's region, fine while findings are not certain; not shown, so without title."""
        entry = rules.table("provisional")
        found: dict[Condition, frozenset[str]] = {each: frozenset(entry.strings(each)) for each in LISTED}
        entry.close()
        return found
