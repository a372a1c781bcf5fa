"""One page for partners: groups of patients in words and one chart, without small groups."""

from icpc_cli.guideline import Guideline
from icpc_cli.network.partner import Groups
from icpc_cli.network.tables import CountTable
from icpc_cli.pages.charts import bars, ranged
from icpc_cli.pages.page import page
from icpc_cli.report.words import ReportWords
from icpc_cli.settings.values import Partner
from icpc_cli.voice import Voice
from icpc_cli.voice.safe import printable

_NAMED = 3


def partner_page(voice: Voice, groups: Groups, guideline: Guideline, name: str | None, own: Partner) -> str:
    """The whole page as HTML text. ``name`` is the clinic's, made safe to show, or None; ``own``: its own words."""
    words = _PartnerWords(voice, guideline, groups)
    table = [(words.group(key), courses) for key, courses in groups.groups]
    of = [ranged(voice, group, courses.ends) for group, courses in table]
    if groups.unstated.high:
        table.append((words.say("partner.unstated"), groups.unstated))
    return page(
        "partner",
        voice,
        "report",
        title=words.say("partner.title", name=name) if name else words.say("partner.title-unnamed"),
        groups=groups,
        largest=words.largest(),
        chart=bars("chart-groups", words.say("partner.chart"), of) if of else None,
        table=table,
        own=[(key, list(map(printable, getattr(own, key)))) for key in ("offers", "contact")],
        licence=voice.of(guideline.licence),
    )


class _PartnerWords(ReportWords):
    """What groups and their numbers are called."""

    def __init__(self, voice: Voice, guideline: Guideline, groups: Groups) -> None:
        super().__init__(voice, guideline)
        self._groups = groups

    def group(self, key: str) -> str:
        """A condition, or a code with its title."""
        if self._groups.by is CountTable.CONDITION:
            return self.condition(key)
        if code := self._guideline.codes.get(key):
            return f"{key} {self.voice.of(code.title)}"
        name = self.voice.known("network", f"code.{key}") or key
        return name[:1].upper() + name[1:]

    def largest(self) -> str:
        """The largest groups in a sentence."""
        called = self.in_sentence if self._groups.by is CountTable.CONDITION else self.group
        large = [(key, courses.low) for key, courses in self._groups.groups if courses.exact][:_NAMED]
        said = [self.say("partner.group", condition=called(key), count=count) for key, count in large]
        if not self._groups.groups:
            return self.say("partner.none")
        if len(said) < 2:
            return self.say("partner.largest-one", groups=said[0]) if said else ""
        return self.say("partner.largest", groups=f"{', '.join(said[:-1])} {self.say('partner.and')} {said[-1]}")
