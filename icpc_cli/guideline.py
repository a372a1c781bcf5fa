"""Rules, codes, questions, names and wording as one validated value; alone knows the format of ``data/guideline``.

Loading refuses what it does not know and what is missing: a :class:`GuidelineError` names file and key.
"""

import csv
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Self

from icpc_cli.errors import GuidelineError
from icpc_cli.model import (
    LISTED,
    Answer,
    Caveat,
    CaveatId,
    Code,
    Condition,
    Course,
    Fact,
    Obligation,
    Question,
    Role,
    Status,
    Timing,
)
from icpc_cli.text import Language, Text

_NORDIC = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_NORDIC_BARE = str.maketrans({"æ": "a", "ø": "o", "å": "a"})
_IGNORED = str.maketrans("", "", " \t\r\n\u00a0-\u2010\u2011\u2013_.'’")


def fold(text: str) -> str:
    """The form in which names and headers are compared: no case, spaces, hyphens or dots, and æ as ae, ø oe, å aa."""
    return unicodedata.normalize("NFC", text).casefold().translate(_IGNORED).translate(_NORDIC)


def _fold_bare(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().translate(_IGNORED).translate(_NORDIC_BARE)


@dataclass(frozen=True, slots=True)
class ObligationRule:
    """Which specialties, courses and sets of conditions one obligation holds for."""

    specialties: frozenset[str]
    courses: frozenset[Course]
    conditions: frozenset[str]
    obligation: Obligation


@dataclass(frozen=True, slots=True)
class SuggestionRule:
    """A code of the recommendation table, before timing."""

    code: Code
    role: Role
    reason: Text
    source: Text


@dataclass(frozen=True, eq=False)
class Guideline:
    """The guide as this project reads it. Compared and hashed by identity: one load is one guideline."""

    folder: Path
    edition: str
    licence: Text
    disclaimer: Text
    sources: Mapping[str, Text]
    addresses: Mapping[str, str]
    codes: Mapping[str, Code]
    labels: Mapping[str, Mapping[str, Text]]
    names: Mapping[str, Mapping[str, str]]
    questions: Mapping[Fact, Question]
    obligations: tuple[ObligationRule, ...]
    suggestions: Mapping[tuple[Condition, Answer], tuple[SuggestionRule, ...]]
    interim: Mapping[str, SuggestionRule]
    caveats: Mapping[CaveatId, Caveat]
    acceptable: Mapping[tuple[Condition, Answer], frozenset[str]]

    def understand(self, kind: str, text: str) -> str | None:
        """The id that ``text`` names among ``kind`` (condition, course or answer), or None."""
        return self.names[kind].get(fold(text))

    def label(self, kind: str, key: str) -> Text:
        """What ``key`` of ``kind`` is called on the screen."""
        return self.labels[kind][key]

    def specialty_name(self, specialty: str, language: str) -> str:
        """The number, with the name where the guide has one: ``51 Almen fysioterapi``."""
        name = self.labels["specialty"].get(specialty)
        return f"{specialty} {name[language]}" if name else specialty


def default_folder() -> Path:
    """Where the data is: inside the installed package, or at the top of the checkout."""
    package = Path(__file__).parent
    inside = package / "data" / "guideline"
    return inside if inside.is_dir() else package.parent / "data" / "guideline"


@cache
def load_guideline(folder: Path | None = None) -> Guideline:
    """The validated guideline in ``folder`` (the shipped one by default). Raises :class:`GuidelineError`."""
    return _Loader(folder or default_folder()).guideline()


@cache
def load_wording(name: str, folder: Path | None = None) -> Mapping[str, Text]:
    """All wording of ``data/guideline/<name>.toml`` by dotted key. Raises :class:`GuidelineError`."""
    return dict(_wording(_Table.read(folder or default_folder(), f"{name}.toml")))


@cache
def load_columns(folder: Path | None = None) -> dict[str, str]:
    """The role that each known header plays, by folded header. Raises :class:`GuidelineError`."""
    file = _Table.read(folder or default_folder(), "columns.toml")
    known: dict[str, str] = {}
    for role in list(file.data):
        for header in (role, *file.strings(role)):
            if known.setdefault(fold(header), role) != role:
                raise file.error(role, f"{header!r} already means {known[fold(header)]}")
    return known


@dataclass(frozen=True, slots=True)
class CheckWording:
    """What a check is called, why it matters, what its findings say, and an example of bad and good."""

    title: Text
    why: Text
    message: Text
    bad: Text
    good: Text
    source: Text


@cache
def load_checks(folder: Path | None = None) -> Mapping[str, CheckWording]:
    """The wording of the checks by id. Raises :class:`GuidelineError`."""
    folder = folder or default_folder()
    sources = load_guideline(folder).sources
    file = _Table.read(folder, "checks.toml")
    checks: dict[str, CheckWording] = {}
    for key in list(file.data):
        entry = file.table(key)
        source = entry.among("source", sources)
        texts = {part: entry.wording(part) for part in ("title", "why", "message", "bad", "good")}
        entry.close()
        checks[key] = CheckWording(source=source, **texts)
    return checks


def _wording(table: "_Table") -> Iterator[tuple[str, Text]]:
    for key in list(table.data):
        entry = table.table(key)
        if {"da", "en"} & entry.data.keys():
            yield entry.key, entry.text()
            entry.close()
        else:
            yield from _wording(entry)


class _Table:
    """A TOML table that is taken apart key by key; what is left over at :meth:`close` is refused."""

    def __init__(self, file: str, key: str, data: dict[str, Any]) -> None:
        self.file, self.key, self.data = file, key, data

    @classmethod
    def read(cls, folder: Path, name: str) -> Self:
        try:
            text = (folder / name).read_text(encoding="utf-8")
            return cls(name, "", tomllib.loads(text))
        except FileNotFoundError:
            raise GuidelineError(name, "", "the file is missing") from None
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise GuidelineError(name, "", f"not valid TOML: {error}") from None

    def error(self, key: str, problem: str) -> GuidelineError:
        return GuidelineError(self.file, ".".join(filter(None, (self.key, key))), problem)

    def _take(self, key: str, kind: type, default: Any = None) -> Any:
        value = self.data.pop(key, default)
        if value is None:
            raise self.error(key, "is missing")
        if not isinstance(value, kind):
            raise self.error(key, f"must be a {kind.__name__}")
        return value

    def string(self, key: str) -> str:
        return str(self._take(key, str))

    def strings(self, key: str, default: list[str] | None = None) -> list[str]:
        return list(self._list(key, str, default))

    def _list(self, key: str, kind: type, default: Any = None) -> Any:
        values = self._take(key, list, default)
        for value in values:
            if not isinstance(value, kind):
                raise self.error(key, f"must hold only {kind.__name__}, not {value!r}")
        return values

    def among(self, key: str, known: Mapping[str, Any]) -> Any:
        value = self.string(key)
        if value not in known:
            raise self.error(key, f"{value!r} is not among {', '.join(known)}")
        return known[value]

    def table(self, key: str) -> "_Table":
        return _Table(self.file, ".".join(filter(None, (self.key, key))), self._take(key, dict))

    def tables(self, key: str) -> "Iterator[tuple[str, _Table]]":
        parent = self.table(key)
        for name in list(parent.data):
            yield name, parent.table(name)

    def rows(self, key: str) -> "Iterator[_Table]":
        for number, data in enumerate(self._list(key, dict), start=1):
            yield _Table(self.file, f"{key}[{number}]", dict(data))

    def text(self) -> Text:
        da, en = (self.string(language.value) for language in Language)
        for language, wording in zip(Language, (da, en), strict=True):
            if not wording.strip():
                raise self.error(language.value, "is empty")
        return Text(da, en)

    def wording(self, key: str) -> Text:
        """The wording that a table under ``key`` holds, and nothing else."""
        table = self.table(key)
        text = table.text()
        table.close()
        return text

    def close(self) -> None:
        if self.data:
            raise self.error(next(iter(self.data)), "is not a known key")


class _Loader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sources: dict[str, Text] = {}
        self.addresses: dict[str, str] = {}
        self.codes: dict[str, Code] = {}

    def guideline(self) -> Guideline:
        edition, licence = self._sources()
        self._codes()
        labels, names = self._names()
        rules = _Table.read(self.folder, "rules.toml")
        disclaimer = rules.table("disclaimer")
        guideline = Guideline(
            folder=self.folder,
            edition=edition,
            licence=licence,
            disclaimer=self._sourced(disclaimer)[0],
            sources=self.sources,
            addresses=self.addresses,
            codes=self.codes,
            labels=labels,
            names=names,
            questions=self._questions(labels),
            obligations=self._obligations(rules),
            suggestions=self._suggestions(rules),
            interim=self._interim(rules),
            caveats=self._caveats(rules),
            acceptable=self._acceptable(rules),
        )
        rules.close()
        for (condition, _), suggestions in guideline.suggestions.items():
            code = suggestions[0].code.code
            if code not in guideline.interim and int(code[1:]) >= 70:
                raise rules.error("interim.codes", f"{code}, recommended for {condition}, has no code to wait with")
        return guideline

    def _source(self, table: _Table) -> Text:
        text: Text = table.among("source", self.sources)
        return text

    def _sourced(self, table: _Table) -> tuple[Text, Text]:
        """The wording and the source of a table that holds nothing else any more."""
        text, source = table.text(), self._source(table)
        table.close()
        return text, source

    def _sources(self) -> tuple[str, Text]:
        file = _Table.read(self.folder, "sources.toml")
        for name, entry in file.tables("sources"):
            self.sources[name] = entry.text()
            self.addresses[name] = entry.string("address")
            entry.close()
        edition, licence = file.string("edition"), file.wording("licence")
        file.close()
        return edition, licence

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
        self.codes[code] = Code(code, Text(da, en), self.sources[source])

    def _names(self) -> tuple[dict[str, dict[str, Text]], dict[str, dict[str, str]]]:
        file = _Table.read(self.folder, "names.toml")
        wanted: dict[str, list[str] | None] = {
            "condition": list(Condition),
            "course": list(Course),
            "answer": list(Answer),
            "specialty": None,
            "status": list(Status),
            "role": list(Role),
            "timing": list(Timing),
            "fact": list(Fact),
        }
        labels: dict[str, dict[str, Text]] = {}
        names: dict[str, dict[str, str]] = {}
        for kind, ids in wanted.items():
            labels[kind], names[kind] = {}, {}
            bare: dict[str, str] = {}
            for key, entry in file.tables(kind):
                aliases = entry.strings("names", [])
                labels[kind][key] = self._sourced(entry)[0]
                for name in (key, labels[kind][key].da, labels[kind][key].en, *aliases):
                    if names[kind].setdefault(fold(name), key) != key:
                        raise entry.error("names", f"{name!r} already means {names[kind][fold(name)]}")
                    bare.setdefault(_fold_bare(name), key)
            names[kind] = bare | names[kind]
            if ids is not None and list(labels[kind]) != ids:
                raise file.error(kind, f"must be exactly, and in this order: {', '.join(ids)}")
        file.close()
        return labels, names

    def _questions(self, labels: Mapping[str, Mapping[str, Text]]) -> dict[Fact, Question]:
        file = _Table.read(self.folder, "questions.toml")
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
            text, source = self._sourced(entry)
            choices = tuple(labels[offered[fact]].items())
            questions[fact] = Question(fact, text, help_text, source, choices, several=fact is Fact.CONDITIONS)
        file.close()
        for fact in Fact:
            if fact not in questions:
                raise GuidelineError("questions.toml", f"question.{fact}", "is missing")
        return questions

    def _obligations(self, rules: _Table) -> tuple[ObligationRule, ...]:
        specialties, conditions = ["51", "57", "other", "none"], ["listed", "unlisted", "none"]
        found: list[ObligationRule] = []
        for _, entry in rules.tables("obligation"):
            chosen = [
                self._subset(entry, "specialty", specialties),
                self._subset(entry, "course", list(Course)),
                self._subset(entry, "conditions", conditions),
            ]
            status = entry.among("status", {status.value: status for status in Status})
            text, source = self._sourced(entry)
            courses = frozenset(Course(course) for course in chosen[1])
            found.append(ObligationRule(chosen[0], courses, chosen[2], Obligation(status, text, source)))
        for specialty, course, which in product(specialties, Course, conditions):
            hits = [r for r in found if specialty in r.specialties and course in r.courses and which in r.conditions]
            if len(hits) != 1:
                raise rules.error("obligation", f"{len(hits)} rules answer for {specialty}, {course}, {which}")
        return tuple(found)

    def _subset(self, entry: _Table, key: str, known: list[str]) -> frozenset[str]:
        chosen = entry.strings(key, known)
        for value in chosen:
            if value not in known:
                raise entry.error(key, f"{value!r} is not among {', '.join(known)}")
        return frozenset(chosen)

    def _listed(self, entry: _Table) -> Condition:
        condition: Condition = entry.among("condition", {condition.value: condition for condition in LISTED})
        return condition

    def _suggestions(self, rules: _Table) -> dict[tuple[Condition, Answer], tuple[SuggestionRule, ...]]:
        found: dict[tuple[Condition, Answer], list[SuggestionRule]] = {key: [] for key in product(LISTED, Answer)}
        for _, entry in rules.tables("suggestion"):
            condition = self._listed(entry)
            signs = self._subset(entry, "signs", list(Answer))
            code = entry.among("code", self.codes)
            role = entry.among("role", {role.value: role for role in (Role.RECOMMENDED, Role.ALTERNATIVE)})
            reason, source = self._sourced(entry)
            for answer in signs:
                found[condition, Answer(answer)].append(SuggestionRule(code, role, reason, source))
        for (condition, answer), suggestions in found.items():
            if [rule.role for rule in suggestions].count(Role.RECOMMENDED) != 1:
                raise rules.error("suggestion", f"{condition} with signs {answer} needs exactly one recommended code")
        order = list(Role)
        return {key: tuple(sorted(value, key=lambda rule: order.index(rule.role))) for key, value in found.items()}

    def _interim(self, rules: _Table) -> dict[str, SuggestionRule]:
        entry = rules.table("interim")
        pairs = entry.table("codes")
        text, source = self._sourced(entry)
        interim: dict[str, SuggestionRule] = {}
        for disease in list(pairs.data):
            if disease not in self.codes:
                raise pairs.error(disease, "is not a known code")
            interim[disease] = SuggestionRule(pairs.among(disease, self.codes), Role.INTERIM, text, source)
        return interim

    def _caveats(self, rules: _Table) -> dict[CaveatId, Caveat]:
        found: dict[CaveatId, Caveat] = {}
        for key, entry in rules.tables("caveat"):
            if key not in list(CaveatId):
                raise entry.error("", "is not a known caveat")
            found[CaveatId(key)] = Caveat(CaveatId(key), *self._sourced(entry))
        for caveat in CaveatId:
            if caveat not in found:
                raise rules.error(f"caveat.{caveat}", "is missing")
        return found

    def _acceptable(self, rules: _Table) -> dict[tuple[Condition, Answer], frozenset[str]]:
        found: dict[tuple[Condition, Answer], set[str]] = {key: set() for key in product(LISTED, Answer)}
        for entry in rules.rows("acceptable"):
            condition, signs = self._listed(entry), self._subset(entry, "signs", list(Answer))
            codes = self._subset(entry, "codes", list(self.codes))
            self._source(entry)
            entry.close()
            for answer in signs:
                found[condition, Answer(answer)] |= codes
        return {key: frozenset(value) for key, value in found.items()}
