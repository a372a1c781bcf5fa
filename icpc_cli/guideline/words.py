"""How Danish notes are read, as one validated value: groups of words, what is found, and what the context changes."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from icpc_cli.guideline.vocabulary import Vocabulary
from icpc_cli.model import Fact

READ = (Fact.CONDITIONS, Fact.NERVE_ROOT_SIGNS, Fact.FINDINGS_CERTAIN)
"""The facts that a note can say something about."""


class Topic(StrEnum):
    """What words of a note are about: a fact that is read, or a red flag."""

    CONDITIONS = "conditions"
    NERVE_ROOT_SIGNS = "nerve_root_signs"
    FINDINGS_CERTAIN = "findings_certain"
    RED_FLAGS = "red_flags"


GAPS = ("..", "...")
"""Elements of patterns that stand for other words between: within a clause, and also across commas."""


class Does(StrEnum):
    """What a zone, a mode or a context does to what it reaches.

    A reason to set it aside; how certain it is; that it was only proposed (by a referral); that it is current. NOTHING
    holds other contexts back; REFUTED is the whole note's answer to what was only proposed.
    """

    NEGATED = "negated"
    PAST = "past"
    GONE = "gone"
    FAMILY = "family"
    RULED_OUT = "ruled_out"
    OTHER_REGION = "other_region"
    PLANNED = "planned"
    NOT_DONE = "not_done"
    DIFFUSE = "diffuse"
    OTHER_CAUSE = "other_cause"
    STABLE = "stable"
    ADVISED = "advised"
    EXPLAINED = "explained"
    BELIEVED = "believed"
    FOREIGN = "foreign"
    REFUTED = "refuted"
    PROPOSED = "proposed"
    CONCLUDED = "concluded"
    SUSPECTED = "suspected"
    CERTAIN = "certain"
    CURRENT = "current"
    NOTHING = "nothing"


class Direction(StrEnum):
    """Which side of its own words a context looks at; ``EITHER`` is after, or before where nothing comes after."""

    BEFORE = "before"
    AFTER = "after"
    BOTH = "both"
    EITHER = "either"


class Reach(StrEnum):
    """How far a context reaches: the nearest thing, things joined in a list, to a comma or border, further."""

    NEXT = "next"
    LIST = "list"
    CLAUSE = "clause"
    SENTENCE = "sentence"
    NOTE = "note"


class Trait(StrEnum):
    """What the grammar asks of groups of words. The data says which groups have it; each must be there."""

    ASIDE = "aside"  # left out of a sentence: "er", "den"
    WITHIN = "within"  # of those: may stand within an expression
    ORDINARY = "ordinary"  # looks like another group and is an unknown word
    DOUBT = "doubt"  # what a question mark before a word means
    LEAVES_OPEN = "leaves_open"  # beside an answer in a cell: it is not settled
    POSTPONES = "postpones"  # in a cell, what it stands beside is not so yet, or was declined
    TAKES_BACK = "takes_back"  # beside a yes in a cell: it does not hold
    DENIES = "denies"
    DENIES_A_VERB = "denies_a_verb"
    AND = "and"
    OR = "or"
    BUT = "but"
    NOW = "now"
    AGAIN = "again"
    CAUSE = "cause"
    PREPOSITION = "preposition"
    SIDE = "side"
    OTHER_SIDE = "other_side"
    SKIPPED = "skipped"  # may always stand between the groups of a pattern
    RESULT = "result"  # of an examination: a pattern's gap does not cross it
    EXAMINATION = "examination"
    VALUE = "value"  # ends a list where it stands behind a thing of its own
    ROOT_TEST = "root_test"
    NEVER_LAST = "never_last"  # no clause ends with it: the end of a line behind it means nothing
    OPEN_ENDED = "open_ended"  # nor with this one, if the next line does not begin with a capital letter
    BEGINS = "begins"  # begins a clause behind the dot of "hø."
    HAS_SIDE = "has_side"  # a side behind it belongs to it
    ANEW = "anew"  # begins a clause behind a side that belongs to something
    ENDS_CLAUSE = "ends_clause"  # with the dot of an abbreviation behind it
    BACK = "back"  # beside a find with a value of its own, leaves no doubt where it is
    BETWEEN_PLACES = "between_places"
    COMPLAINT = "complaint"  # behind "but", not what an image shows
    STOPS_NEXT = "stops_next"  # the reach "next" does not cross it
    SAYS_MORE = "says_more"  # a context of its own: ends a list
    STRANGE = "strange"  # in a denied list, a preposition behind it ends the list
    VERB = "verb"  # behind "and" and before "not", what is denied
    EMPTY = "empty"  # speaks of no part of the body and no complaint
    WHAT_KIND = "what_kind"  # says of a complaint what it is like, and may stand alone behind a doubt
    SIGN = "sign"  # a plain noun that a denied list goes on with
    LISTED = "listed"  # alone between two commas, a denied list goes over it to the next sign
    WEAKNESS = "weakness"
    WITH_SIGN = "with_sign"  # may stand beside a sign in a list
    DIAGNOSIS = "diagnosis"
    WITH_DIAGNOSIS = "with_diagnosis"
    REASON = "reason"  # ends what is explained: "da", "fordi"
    SPINE = "spine"
    HIGHER_IN_THE_SPINE = "higher_in_the_spine"  # in a part of a cell by itself, where the problem beside it sits
    NOT_SPINE = "not_spine"
    PERIPHERAL = "peripheral"  # gives the signs of a nerve root without one
    LIMB_PAIN = "limb_pain"
    LIMB_PAIN_IN_A_CELL = "limb_pain_in_a_cell"
    LIMB_PAIN_IN_A_WORD = "limb_pain_in_a_word"
    SAYS_NOTHING = "says_nothing"  # of a problem, in a cell
    ACHES = "aches"  # a place before it, behind another place, is a complaint of its own
    LEADS_IN_A_NOTE = "leads_in_a_note"  # in a note, a compound that begins so is about it: "blærevaner"
    LEADS_A_COMPOUND = "leads_a_compound"  # in a cell, a compound that begins so is about it: "skulderklik"
    NAMED_BY_ITS_END = "named_by_its_end"  # a compound that ends so is that, whatever stands before: "galdekræft"
    NEW_PROBLEM = "new_problem"
    COURSE_ENDS = "course_ends"
    MEASURE = "measure"  # a number behind it says something by its size
    YEARS = "years"  # a number before it is an age
    NONE_OF_THESE = "none_of_these"  # what was just listed is not so


class Kind(StrEnum):
    """What putting a note together asks of the six conditions. The data says which are of each kind."""

    ROOT = "root"  # one that was only proposed gives way where the signs of a nerve root are denied
    EXPLAINS_ROOT_PAIN = "explains_root_pain"  # no other one is inferred from pain along a root
    EXPLAINS_PAIN = "explains_pain"  # the pain without a cause has one
    WITHOUT_CAUSE = "without_cause"


class Stage(StrEnum):
    """The stages of reading, in their order."""

    TEXT = "text"
    ENTRIES = "entries"
    ZONES = "zones"
    MODES = "modes"
    FINDS = "finds"
    SCOPE = "scope"
    WHOLE = "whole"
    FACTS = "facts"


class Find(NamedTuple):
    """What patterns of groups say about a fact.

    ``value`` is a condition's id, or yes, no or open (counts only when denied). ``places`` gives it by the place in the
    body that stands nearest, and ``unless`` names places that make it another region. Flags: ``weak`` conditions need a
    nerve-root sign or pain in the limb, ``firm`` ones stand beside pain along a root, to deny ``is_sign`` ones denies
    the signs; ``spine`` signs do not count in notes about something else, ``only_spine`` ones only in notes about the
    spine, and ``along`` ones are pain along a root. ``explains`` ones leave no back pain without a cause. In a cell,
    ``vague`` ones say too little; ``only_cell`` ones are looked for nowhere else; what ``belongs_to`` a condition that
    the cell names as well is no problem of its own. A red flag may count only in a note that speaks of one of the
    groups ``among`` (with ``only_spine``: of the spine or of these), or in which one of the finds it ``needs``
    counts as well; where its ``history`` matters, what is past counts too. Where one of the groups that it wants to
    be ``alone`` of stands in its clause, it is not there. A ``function`` that is denied is lost: only the contexts
    that name the find say that it is well.
    """

    id: str
    topic: Topic
    value: str
    patterns: tuple[str, ...]
    places: Mapping[str, str]
    unless: frozenset[str]
    weak: bool
    firm: bool
    is_sign: bool
    spine: bool
    only_spine: bool
    along: bool
    explains: bool
    vague: bool
    only_cell: bool
    belongs_to: frozenset[str]
    history: bool
    function: bool
    alone: frozenset[str]
    among: frozenset[str]
    needs: tuple[str, ...]


class Context(NamedTuple):
    """Words that change what stands around them: what they do, where and how far, to which topics and conditions.

    With ``finds`` it is about what these found only. ``plainly`` ones say outright that something is certain; ``image``
    ones speak of what an image shows.
    """

    id: str
    does: Does
    patterns: tuple[str, ...]
    direction: Direction
    reach: Reach
    topics: frozenset[Topic]
    conditions: frozenset[str]
    finds: frozenset[str]
    plainly: bool
    image: bool


class Inference(NamedTuple):
    """Pain along a root that has no name is ``value``: by a level, or where trunk and limb are both spoken of."""

    value: str
    levels: frozenset[str]
    trunk: frozenset[str]
    limb: frozenset[str]


class Mode(NamedTuple):
    """A form of sentence that states nothing found (advice, education, belief ...), for these topics.

    ``whole``: all of the sentence; else from these words on, to its end or to a reason ("da ..."); ``clause``: no
    further than to the end of their clause. ``begins``: these words begin the sentence.
    """

    id: str
    does: Does
    patterns: tuple[str, ...]
    whole: bool
    clause: bool
    begins: bool
    topics: frozenset[Topic]


class Zone(NamedTuple):
    """What stands behind a heading of these groups; to the next heading, or only to the end of its sentence.

    ``bare`` headings need no colon: "Aktuelt lændesmerter." What is said of other ``topics`` counts there as well.
    """

    id: str
    does: Does
    headings: frozenset[str]
    one_sentence: bool
    bare: bool
    topics: frozenset[Topic]


class Grades(NamedTuple):
    """What stands right before the later of two grades, before the earlier where that comes second, or behind it."""

    later: tuple[str, ...]
    earlier: tuple[str, ...]
    ago: tuple[str, ...]


class Relative(NamedTuple):
    """Pronouns that go on with what stands before their comma, and with which words they begin a sentence instead."""

    pronouns: tuple[str, ...]
    of_their_own: tuple[str, ...]


class Words(NamedTuple):
    """Everything that reading a note rests on. Compared and hashed by identity.

    A compound that begins with a word of the groups in ``leads`` is about that, whatever it ends with.
    """

    vocabulary: Vocabulary
    zones: tuple[Zone, ...]
    modes: tuple[Mode, ...]
    finds: tuple[Find, ...]
    cell_finds: tuple[Find, ...]
    contexts: tuple[Context, ...]
    inferences: tuple[Inference, ...]
    traits: Mapping[Trait, frozenset[str]]
    kinds: Mapping[Kind, frozenset[str]]
    seats: Mapping[str, frozenset[str]]
    grades: Grades
    relative: Relative
    same: Mapping[str, str]
    cut_ends: tuple[str, ...]
    leads: frozenset[str] = frozenset()
    off: frozenset[Stage] = frozenset()
    whole: "Words | None" = None
    """The words that these are made of, where they are made for cells; the vocabulary is the same."""

    def without(self, stage: Stage) -> "Words":
        """These words with one stage of reading switched off."""
        rules: dict[Stage, dict[str, Any]] = {
            Stage.ZONES: {"zones": ()},
            Stage.MODES: {"modes": ()},
            Stage.FINDS: {"finds": (), "cell_finds": ()},
            Stage.SCOPE: {"contexts": ()},
        }
        return self._replace(off=self.off | {stage}, **rules.get(stage, {}))

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)
