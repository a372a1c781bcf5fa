"""How the outcome of a check is told: counts, coverage and what was read, for a screen, a page and a workbook."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from icpc_cli.checks.catalogue import BY_ID
from icpc_cli.outcomes import CourseCounts, Notice, Severity, Since, Skipped, Source
from icpc_cli.voice import Voice
from icpc_cli.voice.calling import command_on
from icpc_cli.voice.safe import printable, shortened, shown

_DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "pipe"}


class Outcome(NamedTuple):
    """What a check found, but for the findings themselves; counts and severities are by check.

    ``settings`` is the path of the clinic's settings, where there are some. ``early``: courses that must be coded and
    began before there were agreements, where nobody has said from when the duty holds. ``since``: what has become of
    the findings of an earlier export, where there is one. ``aside``: courses that were set aside.
    """

    sources: Sequence[Source]
    coverage: CourseCounts
    counts: Mapping[str, int]
    severities: Mapping[str, Severity]
    settings: str | None = None
    skipped: Sequence[Skipped] = ()
    early: int = 0
    since: Since | None = None
    aside: int = 0

    def by_weight(self) -> list[str]:
        """The checks that found something, the gravest first."""
        return sorted(self.counts, key=lambda check: (list(Severity).index(self.severities[check]), check))


def notice_text(voice: Voice, notice: Notice) -> str:
    """What is worth knowing of a file."""
    facts = {"column": notice.column, "row": notice.row, "value": notice.value}
    return shown(voice.counted("findings", f"notice.{notice.id}", notice.count, **facts))


def skipped_text(voice: Voice, skipped: Skipped) -> str:
    """Which file was passed over, and why."""
    return shown(voice.say("findings", f"skipped.{skipped.reason}", path=skipped.path))


class Telling(NamedTuple):
    """The outcome of a check in one voice."""

    voice: Voice

    def say(self, key: str, **facts: object) -> str:
        """The wording ``screen.<key>``."""
        return self.voice.say("findings", f"screen.{key}", **facts)

    def word(self, key: str) -> str:
        """A word by its whole key."""
        return self.voice.say("findings", key)

    def counted(self, key: str, count: int) -> str:
        """A count with its noun in singular or plural."""
        return self.voice.counted("findings", f"screen.{key}", count)

    def found(self, check: str, count: int) -> str:
        """How much a check found, in what it counts."""
        if BY_ID[check].of_course:
            return self.counted("courses", count)
        # A row can have a finding in each of several columns.
        return self.counted("cells-found" if len(BY_ID[check].roles) > 1 else "rows-found", count)

    def severity(self, severity: Severity) -> str:
        """A severity as people say it."""
        return self.word(f"severity.{severity}")

    def file(self, source: Source) -> tuple[str, ...]:
        """A file: its name, encoding and delimiter, or its name and sheet."""
        path = shown(source.path)
        if source.encoding is None or source.delimiter is None:
            return path, self.say("sheet", sheet=shown(source.sheet or ""))
        name = _DELIMITERS.get(source.delimiter)
        return path, source.encoding, self.word(f"delimiter.{name}") if name else f'"{printable(source.delimiter)}"'

    def rows(self, source: Source) -> tuple[str, ...]:
        """How many records of a file were read, judged, joined to those of another and unreadable."""
        judged = self.say("judged", count=source.judged)
        joined = () if source.joined is None else (self.say("joined", count=source.joined),)
        return self.counted("rows-read", source.read), judged, *joined, self.counted("unreadable", source.unreadable)

    def columns(self, source: Source) -> str:
        """The columns of a file that are used, each with its role where its header does not say it."""
        used = []
        for role, header in source.columns:
            label = self.word(f"role.{role}")
            used.append(shown(header) if shown(header).casefold() == label else f"{shown(header)} → {label}")
        return self.say("columns", columns=", ".join(used))

    def ignored(self, source: Source) -> str:
        """The columns of a file that are not used, if any."""
        return self.say("ignored", columns=shown(", ".join(source.ignored_columns)))

    def hints(self, source: Source) -> Iterator[str]:
        """What is worth knowing of a file: what was done to it, and columns that look like a role and are not used."""
        yield from (notice_text(self.voice, notice) for notice in source.notices)
        if understood := self.understood(source):
            yield understood
        for role, header in source.likely:
            name = shortened(header)
            yield f'"{name}" ' + self.say("likely", role=self.word(f"role.{role}"), id=role, header=name)
        for header in source.telling:
            yield f'"{shortened(header)}" ' + self.say("telling", command=command_on("init", [source.path]))
        yield from self.missing(source)

    def understood(self, source: Source) -> str:
        """How many of the filled cells were understood, of the columns in which some were not; "" where all were."""
        partly = [
            self.say("understood-of", role=self.word(f"role.{role}"), understood=understood, filled=filled)
            for role, filled, understood in source.understood
            if understood < filled
        ]
        return self.say("understood", roles=", ".join(partly)) if partly else ""

    def missing(self, source: Source) -> Iterator[str]:
        """What cannot be judged for want of a column, and what would change it."""
        lacking = [role for role in source.missing_roles if role != "course_id"]
        yield from (self.word(f"missing.{role}") for role in lacking)
        if lacking:
            yield self.say("missing-how", role=lacking[0], command=command_on("init", [source.path]))

    def coverage(self, outcome: Outcome) -> Iterator[tuple[str, tuple[int, int] | None, str]]:
        """The coverage in lines: of what, how many of how many where it is a share, and all that in words."""
        coverage = outcome.coverage
        done = [self._coded(coverage.mandatory_coded, coverage.mandatory)]
        for key, count in (("pending", coverage.mandatory_pending), ("missing", coverage.mandatory_missing)):
            if count:
                done.append(self.say(key, count=count))
        if coverage.mandatory:
            yield self.say("mandatory"), (coverage.mandatory_coded, coverage.mandatory), " · ".join(done)
        if coverage.voluntary:
            share = coverage.voluntary_coded, coverage.voluntary
            yield self.say("voluntary"), share, self._coded(*share)
        if coverage.undetermined:
            because = (
                self.say(f"because.{fact}", count=count)
                for fact, count in coverage.undetermined_because.items()
                if count
            )
            yield self.say("undetermined"), None, " · ".join((self.counted("courses", coverage.undetermined), *because))
        yield from self._besides(outcome)

    def _besides(self, outcome: Outcome) -> Iterator[tuple[str, None, str]]:
        if outcome.early:
            yield self.say("early"), None, self.counted("early-courses", outcome.early)
        if outcome.since:
            yield self.say("since"), None, self.say("since-counts", **outcome.since._asdict())
        if outcome.aside:
            yield self.say("aside"), None, self.counted("aside-courses", outcome.aside)

    def nothing(self, outcome: Outcome) -> str:
        """That nothing was found; of how many courses, and in spite of which columns, that is said."""
        headers = (
            each for source in outcome.sources for each in (*(header for _, header in source.likely), *source.telling)
        )
        unused = dict.fromkeys(map(shortened, headers))
        said = self._nothing(outcome.coverage, whole=not unused)
        return f"{said} {self.say('unused', columns=', '.join(unused))}" if unused else said

    def _nothing(self, coverage: CourseCounts, *, whole: bool) -> str:
        if not coverage.undetermined:
            return self.say("nothing" if whole else "nothing-read")
        decided, open_ones = coverage.total - coverage.undetermined, coverage.undetermined
        if not decided:
            return self.counted("none-decided", open_ones)
        return self.voice.counted("findings", "screen.nothing-decided", decided, undetermined=open_ones)

    def to_decide(self, outcome: Outcome) -> tuple[str, str]:
        """What to do about courses that could not be decided, and the command for it; "" where there is none."""
        count = outcome.coverage.undetermined
        unread = [each for each in outcome.sources if each.missing_roles or self.understood(each)]
        if not count or not unread:
            return self.counted("decide-blank", count) if count else "", ""
        kinds = {each.columns: each.path for each in reversed(outcome.sources)}  # one file of each kind
        return self.counted("decide", count), command_on("init", reversed(kinds.values()))

    def _coded(self, coded: int, total: int) -> str:
        return self.say("coded", coded=coded, total=total)
