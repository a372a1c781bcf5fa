"""Which column plays which role, by its header and by its cells. Source: specification of the checks, "Columns"."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from itertools import islice
from typing import NamedTuple

from icpc_cli.checks.contents import CellColumn, Contents, Speaks, numbered, numbers_of
from icpc_cli.errors import UsageError
from icpc_cli.guideline import Guideline, fold, ids_by_name, load_wording
from icpc_cli.guideline.headers import Headers, load_headers
from icpc_cli.guideline.words import Topic
from icpc_cli.outcomes import Role
from icpc_cli.voice.calling import command_on

NEEDED = (Role.CODE, Role.SPECIALTY)
"""The roles that a check cannot do without."""
DECIDING = (
    *NEEDED, Role.COURSE, Role.CONDITION, Role.PATIENT, Role.COURSE_ID, Role.DATE, Role.NERVE_ROOT_SIGNS,
    Role.FINDINGS_CERTAIN,
)  # fmt: skip
"""The roles that a check goes by."""
_BY_CELLS = (Role.CODE, Role.PATIENT, Role.SPECIALTY, Role.COURSE, Role.CONDITION, Role.NOTE)
"""The roles that cells can say whatever the header is."""
_ANSWERED = (Role.NERVE_ROOT_SIGNS, Role.FINDINGS_CERTAIN)
"""The roles of yes and no: under a header that says something else they would be read the wrong way round."""
_MOST = 100
"""Columns without a known header whose cells are looked at."""
_STRUCTURED = "struktureret"
"""What the words of a header mean that asks whether the course is structured."""
_REFERRAL, _SIGNS = "henvisning", "tegn"
"""What the words of a header mean that speaks of a referral, or of signs."""


class Likeness(IntEnum):
    """How a header is like those of a role.

    Not; in part; all its words are among theirs; it has just their words; it is one of them, or of several roles'.
    """

    NONE, PART, AMONG, WORDS, SHARED, KNOWN = range(6)


class Claim(NamedTuple):
    """A column that may play a role, and what speaks for it."""

    place: int
    header: str
    role: str
    likeness: Likeness
    speaks: Speaks
    aside: bool = False
    """Whether its header speaks of something beside the role, so that it is never used by itself."""

    @property
    def certain(self) -> bool:
        """Whether header and cells together leave no doubt."""
        if self.aside:
            return False
        if self.likeness in (Likeness.WORDS, Likeness.SHARED):
            return self.speaks > Speaks.AGAINST
        if self.likeness is Likeness.AMONG and self.role == Role.DATE:
            return self.speaks is Speaks.FOR  # days under "Behandlet"
        return self.speaks is Speaks.ALONE or self.likeness is Likeness.KNOWN

    @property
    def possible(self) -> bool:
        """Whether it is worth asking about."""
        if self.aside and self.role not in DECIDING:
            return self.unread
        return self.speaks > Speaks.AGAINST and (
            self.likeness > Likeness.NONE or self.speaks is Speaks.ALONE or self.unread
        )

    @property
    def unread(self) -> bool:
        """Whether it holds what is no shorter role's: sentences, in which there may be words of alarm."""
        return self.role == Role.NOTE and self.speaks is Speaks.FOR


class Columns(NamedTuple):
    """The place of each role in a header row, the headers that play none, and what roles those may be meant for.

    ``likely``: (role, header) of headers that are not used and look like a role that has none; to be told, not used.
    ``telling``: other headers that are not used, and whose cells may matter all the same.
    ``missing``: the roles without which something cannot be judged. ``asked``: the header of the course type asks
    whether the course is structured. ``mistaken``: (role, header) of columns that hold what belongs to this role, and
    play another.
    """

    places: Mapping[str, int]
    headers: tuple[str, ...]
    ignored: tuple[str, ...]
    likely: tuple[tuple[str, str], ...] = ()
    telling: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    asked: bool = False
    mistaken: tuple[tuple[str, str], ...] = ()

    def header(self, role: str) -> str | None:
        """The header of a role as it stands in the file."""
        return self.headers[self.places[role]] if role in self.places else None


class Situation(NamedTuple):
    """What the columns of an export say about roles: who plays which, who claims the same one, and who may play one.

    ``ambiguous``: the places of the headers that claim a role, two or more. ``guesses`` hold roles that nobody plays,
    for each the columns that may, best first.
    """

    headers: tuple[str, ...]
    places: Mapping[str, int]
    ambiguous: Mapping[str, tuple[int, ...]]
    guesses: Mapping[str, tuple[Claim, ...]]

    def questions(self, fixed: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        """Role -> headers between which a person should choose: those that claim it, or that are likely."""
        asked = {role: tuple(self.headers[place] for place in places) for role, places in self.ambiguous.items()}
        for role, guesses in self.guesses.items():
            if role not in fixed:
                deciding = role in DECIDING
                headers = tuple(
                    each.header for each in guesses if deciding or each.unread or each.likeness >= Likeness.WORDS
                )
                asked |= {role: headers} if headers else {}
        return asked


def assess(guideline: Guideline, columns: Sequence[CellColumn], path: str, mapping: Mapping[str, str]) -> Situation:
    """What these columns say, as :meth:`Assessment.situation` does."""
    return Assessment(guideline, columns, path).situation(mapping)


class Assessment:
    """What these columns say, of which each is looked at once however often it is asked who plays which role."""

    def __init__(self, guideline: Guideline, columns: Sequence[CellColumn], path: str) -> None:
        self.known, self.contents = load_headers(guideline.folder), Contents(guideline)
        self.columns, self._path = columns, path
        self.headers = tuple(column.name for column in columns)
        self.stems = [self.known.stem(column.header) for column in columns]
        self._claims: dict[int, tuple[Claim, ...]] = {}

    def situation(self, mapping: Mapping[str, str]) -> Situation:
        """Who plays which role. ``mapping`` (role -> header) goes before what is known; no header: there is no column.

        Raises :class:`UsageError` when a mapped header is not there.
        """
        mapped = {role: _place(self.headers, header, role, self._path) for role, header in mapping.items() if header}
        return _Casting(self, mapped, mapping).situation()

    def claims(self, places: Collection[int]) -> Iterator[Claim]:
        """What the columns claim that are worth a look, but for those of these places."""
        left = _MOST
        for place, column in enumerate(self.columns):
            known = fold(column.header) in self.known.known
            if place not in places and column.header and (known or left):
                left -= not known
                if place not in self._claims:
                    self._claims[place] = tuple(self._of(place, column))
                yield from self._claims[place]

    def _of(self, place: int, column: CellColumn) -> Iterator[Claim]:
        header, other = column.header, kind(self.known, column.header)
        if other == "mine":
            return
        asked = asks(self.known, header) and not self.known.parsed(header).unknown
        recognised = _is_known(self.known, header)
        own = self.known.known.get(fold(header), ())
        # A header that is known for one role plays no other, whatever stands under it.
        for role in own if len(own) == 1 else self.known.roles:
            likeness = _likeness(self.known, header, role)
            # Codes are codes, whatever the header speaks of beside.
            if likeness < Likeness.WORDS and other and role != Role.CODE:
                continue
            if likeness or role in _BY_CELLS:
                aside = not recognised and self.known.speaks_aside(header, role)
                if role in _ANSWERED and (aside or (not recognised and self._ticks(header))):
                    continue
                speaks = self.contents.speak(role, column, asked=asked, known=likeness > Likeness.WORDS)
                yield Claim(place, column.name, role, likeness, speaks, aside)

    def _ticks(self, header: str) -> bool:
        """Whether it names a problem, under which a tick is no answer about signs: "Nakke nerverod"."""
        says_signs = any(_SIGNS in word for word in self.known.parsed(header).words)
        return not says_signs and self.contents.names_condition(header)


class _Casting:
    """Gives roles to columns: what headers say first, then what cells say, never one of two that are as good."""

    def __init__(self, assessment: Assessment, mapped: Mapping[str, int], mapping: Mapping[str, str]) -> None:
        self._of = assessment
        self._places = dict(mapped)
        self._ambiguous: dict[str, tuple[int, ...]] = {}
        self._open: set[str] = set()
        self._settled, self._mapped = set(mapping), frozenset(mapping)
        self._claims = [each for each in assessment.claims(mapped.values()) if each.role not in self._settled]

    def situation(self) -> Situation:
        """Who plays which role after all rounds."""
        for likeness in reversed(Likeness):
            self._round([each for each in self._claims if each.likeness is likeness and each.speaks and each.certain])
        self._round([each for each in self._claims if each.likeness is Likeness.KNOWN])
        self._texts_that_are_problems()
        self._course_beside_specialty()
        return Situation(self._of.headers, self._places, self._ambiguous, self._guesses())

    def _texts_that_are_problems(self) -> None:
        """Texts of codes are the problems where no other column says those, and none is a code's title."""
        place = self._places.get("code_text")
        if place is None or "code_text" in self._mapped or "condition" in self._settled:
            return
        if self._of.contents.problems(self._of.columns[place]):
            self._places["condition"] = self._places.pop("code_text")
            self._settled.add("condition")

    def _course_beside_specialty(self) -> None:
        """One column may say both ("51 Struktureret forløb"), where no other says, or may say, the course type."""
        place = self._places.get("specialty")
        if place is None or "course" in self._settled | self._open or self._guesses().get("course"):
            return
        contents, column = self._of.contents, self._of.columns[place]
        if contents.says_course(column) and contents.speak("specialty", column, known=True) >= Speaks.FOR:
            self._places["course"] = place

    def _round(self, claims: Sequence[Claim]) -> None:
        """Settle the roles that these claims, as good as each other by their headers, leave no doubt about."""
        done, taken = self._settled | self._open, self._taken()
        free = (claim for claim in claims if claim.role not in done and claim.place not in taken)
        for role, claiming in _by_role(_best(claim for claim in free if not self._yields(claim))).items():
            strongest = max(each.speaks for each in claiming)
            best = [each for each in claiming if each.speaks is strongest]
            if siblings := self._siblings(best[0]):
                self._ambiguous[role] = siblings
                self._settled.add(role)
            elif len(best) == 1:
                self._places[role] = best[0].place
                self._settled.add(role)
            elif best[0].likeness is Likeness.KNOWN:
                self._ambiguous[role] = tuple(each.place for each in claiming)
                self._settled.add(role)
            else:
                self._open.add(role)

    def _yields(self, claim: Claim) -> bool:
        """Whether another column plainly is the role, and this is a referral's, or nothing below it is understood.

        What a referral says is no text of a code either, where a column beside it holds the problems.
        """
        if claim.role in (Role.CONDITION, Role.CODE_TEXT) and _is_of_referral(self._of.known, claim.header):
            return any(
                each.role == Role.CONDITION and each.likeness and each.speaks is Speaks.ALONE and not each.aside
                for each in self._claims
                if not _is_of_referral(self._of.known, each.header)
            )
        return claim.likeness < Likeness.KNOWN and self._says_nothing(claim) and any(
            each.role == claim.role and each.certain and each.speaks is Speaks.ALONE for each in self._claims
        )  # fmt: skip

    def _says_nothing(self, claim: Claim) -> bool:
        return claim.role in NEEDED and claim.speaks is Speaks.NOTHING and bool(self._of.columns[claim.place].values)

    def _siblings(self, claim: Claim) -> tuple[int, ...]:
        """The places of this and the columns that differ from it by a number or rank and may play the role as well."""
        stem = self._of.stems[claim.place]
        if claim.role not in (*DECIDING, Role.NOTE) or not stem:
            return ()
        alike = [each for each in self._claims if each.role == claim.role and self._of.stems[each.place] == stem]
        rivals = {
            (each.aside, each.place)
            for each in alike
            if each is claim or (each.possible and not (self._says_nothing(each) and claim.speaks is Speaks.ALONE))
        }
        free = [place for _, place in sorted(rivals) if place not in self._taken()]
        return tuple(free) if len(free) > 1 else ()

    def _taken(self) -> set[int]:
        return {*self._places.values(), *(place for claim in self._ambiguous.values() for place in claim)}

    def _guesses(self) -> dict[str, tuple[Claim, ...]]:
        """The columns for roles that none plays: each free one for its likeliest; for a needed role any that may."""
        taken = self._taken()
        unsettled = [claim for claim in self._claims if claim.role not in self._settled]
        needed = [claim for claim in unsettled if claim.role in NEEDED and (claim.possible or claim.likeness)]
        others = (claim for claim in unsettled if claim.role not in NEEDED and claim.place not in taken)
        found = _by_role((*needed, *_best(claim for claim in others if claim.possible)))
        return {role: best_first(found[role]) for role in (*NEEDED, *self._of.known.roles) if role in found}


def _order(claim: Claim) -> tuple[int, int, bool]:
    """Titles of codes name conditions as well, and say more."""
    return claim.likeness, claim.speaks, claim.role == "code_text" and claim.speaks is Speaks.ALONE


def _best(claims: Iterable[Claim]) -> Collection[Claim]:
    """Of the claims of each column the one that says most."""
    by_place: dict[int, Claim] = {}
    for claim in claims:
        if claim.place not in by_place or _order(claim) > _order(by_place[claim.place]):
            by_place[claim.place] = claim
    return by_place.values()


def _by_role(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        found.setdefault(claim.role, []).append(claim)
    return found


def best_first(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Claims by what speaks for them, then as they stand in the file."""
    return tuple(
        sorted(claims, key=lambda each: (not each.possible, each.aside, -each.likeness, -each.speaks, each.place))
    )


def _likeness(known: Headers, header: str, role: str) -> Likeness:
    roles_of = known.known.get(fold(header), ())
    if role in roles_of:
        return Likeness.KNOWN if len(roles_of) == 1 else Likeness.SHARED
    parsed = known.parsed(header)
    patterns = known.patterns[role]
    if parsed.says_just(patterns):
        return Likeness.WORDS
    if any(map(parsed.covered_by, patterns)):
        return Likeness.AMONG
    return Likeness.PART if parsed.words and any(map(parsed.covers, patterns)) else Likeness.NONE


def kind(known: Headers, header: str) -> str | None:
    """What a column without a role is by its header: one of the kinds of ``columns.toml``."""
    if fold(header) in known.known:
        return None
    if other := known.others.get(fold(header)):
        return other
    parsed = known.parsed(header)
    for each in ("service_text", "days", "alone"):
        patterns = known.patterns[each]
        part = each != "service_text" and any(map(parsed.covers, patterns))
        if parsed.words and (part or parsed.says_just(patterns)):
            return each
    return None


def _is_of_referral(known: Headers, header: str) -> bool:
    return any(_REFERRAL in word for word in known.parsed(header).words)


def names_persons(guideline: Guideline, header: str) -> bool:
    """Whether a header says that patients, therapists or their names stand below it."""
    known = load_headers(guideline.folder)
    likeness = max(_likeness(known, header, role) for role in (Role.PATIENT, Role.THERAPIST))
    return likeness >= Likeness.WORDS or kind(known, header) == "alone"


def asks(known: Headers, header: str) -> bool:
    """Whether a header asks, or says, that courses are structured, and nothing beside it."""
    structured = any(_STRUCTURED in word for word in known.parsed(header).words)
    return structured and not known.speaks_aside(header, Role.COURSE)


def _is_clinical(known: Headers, header: str) -> bool:
    """Whether some of a header's words are those of answered roles, or of signs as a note speaks of them."""
    words = known.parsed(header).words
    if any(word & pattern for role in _ANSWERED for pattern in known.patterns[role] for word in words):
        return True
    from icpc_cli.guideline.wordfile import load_words
    from icpc_cli.notes import read

    asked = read(load_words(), f"{header}: positiv")  # "Lasègue"
    return any(each.fact is Topic.NERVE_ROOT_SIGNS for each in asked.evidence)


def match_columns(
    guideline: Guideline, columns: Sequence[CellColumn], path: str, mapping: Mapping[str, str], fixed: Mapping[str, str]
) -> Columns:
    """Roles for these columns; ``mapping`` (role -> header, or nothing: no column) goes before what is known.

    Raises :class:`UsageError` when two headers claim a role, a mapped header is not there, or a needed role is missing
    and not ``fixed``. A guess is never used.
    """
    situation = assess(guideline, columns, path, mapping)
    headers = situation.headers
    for role, (first, second, *_) in situation.ambiguous.items():
        check = command_on("check", [path], "--map", f"{role}={headers[first]}")
        facts = {"role": load_wording("findings")[f"role.{role}"], "check": check}
        raise UsageError("two-columns", path=path, first=headers[first], second=headers[second], **facts)
    for role in NEEDED:
        if role not in situation.places and role not in fixed:
            raise _missing(role, situation, path)
    used = set(situation.places.values())
    ignored = tuple(header for place, header in enumerate(headers) if place not in used and header)
    likely = tuple((role, asked[0]) for role, asked in situation.questions(fixed).items() if asked[0] in ignored)
    asked = "course" in situation.places and asks(load_headers(guideline.folder), headers[situation.places["course"]])
    lacking = missing({*situation.places, *fixed})
    mistaken = tuple(_mistaken(Contents(guideline), columns, situation))
    telling = telling_in(guideline, columns, used, but=[header for _, header in likely])
    return Columns(situation.places, headers, ignored, likely, telling, lacking, asked, mistaken)


def telling_in(
    guideline: Guideline, columns: Sequence[CellColumn], used: Collection[int], but: Collection[str]
) -> tuple[str, ...]:
    """The headers of columns that are not ``used``, nor among ``but``, and whose cells may matter all the same."""
    contents, known = Contents(guideline), load_headers(guideline.folder)
    return tuple(
        column.name
        for place, column in enumerate(columns)
        if place not in used and column.name and column.name not in but
        if fold(column.header) not in known.others
        if contents.matters(column, clinical=not kind(known, column.header) and _is_clinical(known, column.header))
    )


def _mistaken(contents: Contents, columns: Sequence[CellColumn], situation: Situation) -> Iterator[tuple[str, str]]:
    """Role and header of each column whose cells are not what its role says, and plainly are another one's."""
    for role in DECIDING:
        place = situation.places.get(role)
        if place is not None and contents.speak(role, columns[place], known=True) is Speaks.AGAINST:
            others = (other for other in (Role.DATE, *_BY_CELLS) if contents.holds(other, columns[place]))
            yield from ((str(other), situation.headers[place]) for other in islice(others, 1))


def missing(there: Iterable[str]) -> tuple[str, ...]:
    """The roles without which something cannot be judged, of those that are not there; a course number stands for the
    patient.
    """
    found = set(there)
    lacking = [role for role in ("course", "condition", "date") if role not in found]
    return (*lacking, *(() if found & {"patient", "course_id"} else ("patient", "course_id")))


def _place(headers: Sequence[str], header: str, role: str, path: str) -> int:
    for place, each in enumerate(headers):
        if fold(each) == fold(header):
            return place
    raise UsageError("mapped-column-missing", path=path, role=role, header=header, headers=list(headers))


def _missing(role: str, situation: Situation, path: str) -> UsageError:
    facts = {
        "headers": list(situation.headers),
        "check": command_on("check", [path]),
        "init": command_on("init", [path]),
    }
    known = load_headers()
    guesses = [each for each in situation.guesses.get(role, ()) if not _is_of_referral(known, each.header)]
    if not guesses:
        return UsageError(f"no-{role}-column", path=path, **facts)
    return UsageError(f"no-{role}-column-nearest", path=path, **facts, nearest=guesses[0].header)


def recognised(guideline: Guideline, headers: Sequence[str], named: Iterable[str]) -> int:
    """How many of the headers are known in all their words, or among those that the user ``named``."""
    known, own = load_headers(guideline.folder), {fold(header) for header in named}
    called = zip(headers[:_MOST], numbers_of(headers[:_MOST]), strict=True)
    return sum(fold(numbered(header, number)) in own or _is_known(known, header) for header, number in called)


def names_a_role(guideline: Guideline, headers: Sequence[str]) -> bool:
    """Whether a header is known that is not one of those that are left alone, as names and payments are."""
    known = load_headers(guideline.folder)
    return recognised(guideline, [header for header in headers if not kind(known, header)], ()) > 0


def _is_known(known: Headers, header: str) -> bool:
    folded = fold(header)
    if folded in known.known or folded in known.others:
        return True
    return any(map(known.parsed(header).says_just, known.patterns.values()))


def roles_by_name() -> dict[str, str]:
    """The ids of all roles by what users may call them, folded: a name of the role, or a header that only it has."""
    headers = {header: of[0] for header, of in load_headers().known.items() if len(of) == 1}
    return headers | ids_by_name("findings", "role", roles())


def roles() -> list[str]:
    """The ids of all roles."""
    return list(load_headers().roles)
