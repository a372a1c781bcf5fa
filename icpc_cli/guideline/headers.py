"""Headers of exports by what their words mean: :class:`Headers`, and how ``columns.toml`` is loaded."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from icpc_cli.guideline.names import fold, unlike
from icpc_cli.guideline.tables import TomlTable, default_folder

Concepts = frozenset[str]
"""What words mean, each by the first word of its list."""

_LEGEND = re.compile(r"(?<!\w)(\w{1,3}) *= *([^\W\d_]+)")
"""A value and its word, where a header says what its cells mean."""
_WORD = re.compile(r"[^\W\d_]+\.?")
_MOST_WORDS = 8
_LONGEST_HEADER = 80
_LONGEST_WORD = 40
_ENDINGS = ("s", "e", "r", "er", "n", "en", "et", "ne", "rne", "erne", "ens", "ets", "es", "t")
_LINKS = ("", "s", "e")
"""What stands between the parts of a Danish compound."""
_GENITIVE = "s"
_SLIP = 88
_VOWELS = frozenset("aeiouy")


def legend(header: str) -> dict[str, str]:
    """What a header itself says that its cells mean, folded: ``Nerverodstegn (0=ja, 1=nej)``."""
    return {fold(value): word for value, word in _LEGEND.findall(header)}


class ParsedHeader(NamedTuple):
    """A header in words: what each can mean, and whether some of it means nothing that is known."""

    words: tuple[Concepts, ...]
    unknown: bool

    def covered_by(self, pattern: Concepts) -> bool:
        """Whether every word can mean something in the pattern."""
        return bool(self.words) and not self.unknown and all(word & pattern for word in self.words)

    def covers(self, pattern: Concepts) -> bool:
        """Whether everything in the pattern is meant by some word."""
        return all(any(concept in word for word in self.words) for concept in pattern)

    def says_just(self, patterns: Iterable[Concepts]) -> bool:
        """Whether it means one of the patterns, all of it and nothing else."""
        return any(self.covered_by(pattern) and self.covers(pattern) for pattern in patterns)


@dataclass(frozen=True, eq=False)
class Headers:
    """What is known of headers.

    ``known``: roles by folded header; ``others``: kinds of columns without a role, by folded header. ``patterns``: by
    role or kind, what the words of its headers mean. ``concept`` is by folded word. ``aside``: what words mean that
    deny, doubt, or give to somebody else, another time or a wish. ``choices``: words that only ask, when they stand
    together. ``ranks``: words that tell one of several columns from the others.
    """

    known: Mapping[str, tuple[str, ...]]
    others: Mapping[str, str]
    concept: Mapping[str, str]
    neutral: frozenset[str]
    aside: Concepts
    choices: tuple[frozenset[str], ...]
    ranks: frozenset[str]
    patterns: Mapping[str, frozenset[Concepts]] = field(default_factory=dict)
    _parsed: dict[str, ParsedHeader] = field(default_factory=dict, repr=False)

    @property
    def roles(self) -> tuple[str, ...]:
        """The ids of all roles."""
        return tuple(dict.fromkeys(role for roles in self.known.values() for role in roles))

    def parsed(self, header: str) -> ParsedHeader:
        """A header in words. One that is longer than headers are means nothing."""
        if len(header) > _LONGEST_HEADER:
            return ParsedHeader((), unknown=True)
        if header not in self._parsed:
            if len(self._parsed) > 1 << 12:
                self._parsed.clear()
            self._parsed[header] = self._parse(header)
        return self._parsed[header]

    def understands(self, word: str) -> bool:
        """Whether a folded word says something, or nothing, that is known; as it is, inflected or as a compound."""
        return bool(word in self.neutral or self._plain(word) or self._compound(word, dotted=False))

    def speaks_aside(self, header: str, role: str) -> bool:
        """Whether a word denies, doubts, or gives to another what the header says; those of the role's own do not."""
        others = self.aside - {concept for pattern in self.patterns[role] for concept in pattern}
        return any(word <= others for word in self.parsed(header).words)

    def stem(self, header: str) -> str:
        """The folded header without numbers, and words that tell it from others like it."""
        return "".join(map(self._unranked, map(fold, _WORD.findall(header[:_LONGEST_HEADER]))))

    def _unranked(self, word: str) -> str:
        fronts = (rank for rank in self.ranks if len(rank) > 1 and word.startswith(rank))
        rests = (word.removeprefix(rank) for rank in fronts)
        return "" if word in self.ranks else next(filter(self.understands, rests), word)

    def _parse(self, header: str) -> ParsedHeader:
        written = [(word, fold(word)) for word in _WORD.findall(_LEGEND.sub(" ", header))[:_MOST_WORDS]]
        there = {word for _, word in written}
        silent = self.neutral.union(*(choice for choice in self.choices if choice <= there))
        said = [(word, folded) for word, folded in written if folded not in silent]
        found = [self._meant(word) for word, _ in said]
        words = tuple(word for parts, _ in found for word in parts)
        if any(unknown and word.endswith(_GENITIVE) for (_, unknown), (_, word) in zip(found, said[:-1], strict=False)):
            words += (frozenset((_GENITIVE,)),)
        return ParsedHeader(words, any(unknown for _, unknown in found))

    def _meant(self, word: str) -> tuple[tuple[Concepts, ...], bool]:
        """What the parts of a word mean, and whether a part of it means nothing."""
        folded = fold(word)[:_LONGEST_WORD]
        if plain := self._plain(folded):
            return ((frozenset((plain,)),), False)
        if begun := self._begun(folded, dotted=word.endswith(".")):
            return ((begun,), False)
        if parts := self._compound(folded, dotted=word.endswith(".")):
            return parts, False
        if slipped := self._slipped(folded):
            return ((frozenset((slipped,)),), False)
        return self._part(folded), True

    def _part(self, word: str) -> tuple[Concepts, ...]:
        """What the end of a word means, or else its beginning, where the rest means nothing; both if it denies it."""
        ends = (word[at:] for at in range(1, len(word) - 2))
        beginnings = (word[:at] for at in range(len(word) - 1, 3, -1))
        end, beginning = (next(filter(None, map(self._plain, parts)), None) for parts in (ends, beginnings))
        meant = (beginning, end) if beginning in self.aside else (end or beginning,)
        return tuple(frozenset((each,)) for each in meant if each)

    def _plain(self, word: str) -> str | None:
        """The concept of a word as it is, or inflected."""
        if word in self.concept:
            return self.concept[word]
        stems = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
        return next((self.concept[stem] for stem in stems if len(stem) > 3 and stem in self.concept), None)

    def _begun(self, word: str, *, dotted: bool) -> Concepts:
        """The concepts of the words that begin with this one, or that it is without their vowels."""
        begun = (each for known, each in self.concept.items() if known.startswith(word))
        if len(word) >= (2 if dotted else 3) and (found := frozenset(begun)):
            return found
        if 2 <= len(word) <= 4 and not _VOWELS & set(word):
            return frozenset(each for known, each in self.concept.items() if _skeleton(word, known))
        return frozenset()

    def _compound(self, word: str, *, dotted: bool, most: int = 3) -> tuple[Concepts, ...]:
        """The concepts of the parts of a compound, the first as long as can be; the last may be shortened by a dot."""
        for at in range(len(word) - 2, 0, -1):
            stems = (word[:at].removesuffix(link) for link in _LINKS if word[:at].endswith(link))
            front = next((found for stem in stems if (found := self._plain(stem))), None)
            if front is None:
                continue
            if last := self._plain(word[at:]):
                return frozenset((front,)), frozenset((last,))
            if rest := (dotted and self._begun(word[at:], dotted=True)):
                return frozenset((front,)), rest
            if most > 2 and (parts := self._compound(word[at:], dotted=dotted, most=most - 1)):
                return frozenset((front,)), *parts
        return ()

    def _slipped(self, word: str) -> str | None:
        if len(word) < 5:
            return None
        near = [each for each in self.concept if 100 * unlike(word, each) <= (100 - _SLIP) * len(word + each)]
        if not near:  # mostly, and what measures likeness takes longer to load than the rest of a header to read
            return None
        from rapidfuzz import fuzz, process

        best = process.extractOne(word, near, scorer=fuzz.ratio, score_cutoff=_SLIP)
        return self.concept[best[0]] if best else None


def _skeleton(word: str, known: str) -> bool:
    rest = iter(known)
    return word[0] == known[0] and word[-1] == known[-1] and all(letter in rest for letter in word)


def load_headers(folder: Path | None = None) -> Headers:
    """The validated ``columns.toml``. Raises :class:`GuidelineError`."""
    return _loaded(folder or default_folder())


@cache
def _loaded(folder: Path) -> Headers:
    file = TomlTable.read(folder, "columns.toml")
    by_role = {role: [role, *headers] for role, headers in file.lists("roles").items()}
    by_kind, words = file.lists("others"), file.table("words")
    known: dict[str, tuple[str, ...]] = {}
    for role, headers in by_role.items():
        for header in dict.fromkeys(map(fold, headers)):
            known[header] = (*known.get(header, ()), role)
    kinds = {fold(header): kind for kind, headers in by_kind.items() for header in headers}
    if twice := next((header for header in kinds if header in known), None):
        raise file.error(f"others.{kinds[twice]}", f"{twice!r} already means {known[twice][0]}")
    concept: dict[str, str] = {}
    for number, same in enumerate(_lists(words, "same"), start=1):
        for word in map(fold, same):
            if concept.setdefault(word, fold(same[0])) != fold(same[0]):
                raise words.error(f"same[{number}]", f"{word!r} already means {concept[word]}")
    neutral, ranks = (frozenset(map(fold, words.strings(key))) for key in ("neutral", "ranks"))
    aside = frozenset([concept.setdefault(word, word) for word in map(fold, words.strings("aside"))])
    choices = tuple(frozenset(map(fold, choice)) for choice in _lists(words, "choices"))
    words.close()
    file.close()
    return _with_patterns(Headers(known, kinds, concept, neutral, aside, choices, ranks), {**by_role, **by_kind})


def _lists(table: TomlTable, key: str) -> Iterator[list[str]]:
    lists = table.data.pop(key, None)
    if not isinstance(lists, list) or not all(isinstance(each, list) and each for each in lists):
        raise table.error(key, "must be a list of lists")
    for each in lists:
        yield [str(word) for word in each]


def _with_patterns(headers: Headers, by_name: Mapping[str, Iterable[str]]) -> Headers:
    """The headers with the patterns of those that are known; a word of theirs that no list has stands for itself."""
    concept = dict(headers.concept)
    for known in (header for headers_of in by_name.values() for header in headers_of):
        for word in map(fold, _WORD.findall(known)):
            if not headers.understands(word):
                concept.setdefault(word, word)
    complete = replace(headers, concept=concept, _parsed={})
    patterns = {
        name: frozenset(frozenset(next(iter(word)) for word in complete.parsed(header).words) for header in headers_of)
        - {frozenset()}
        for name, headers_of in by_name.items()
    }
    return replace(complete, patterns=patterns, _parsed={})
