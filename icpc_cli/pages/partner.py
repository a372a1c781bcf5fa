"""One page for partners: groups of patients in words and one chart, rounded and without small groups."""

from icpc_cli import __version__
from icpc_cli.guideline import Guideline
from icpc_cli.network.partner import PatientGroup, PatientGroups
from icpc_cli.pages.charts import Draw, in_lines
from icpc_cli.pages.page import page
from icpc_cli.report.words import ReportWords
from icpc_cli.voice import Voice

_NAMED = 3


def partner_page(voice: Voice, groups: PatientGroups, guideline: Guideline, name: str | None) -> str:
    """The whole page as HTML text. ``name`` is the clinic's, made safe to show, or None."""
    words = ReportWords(voice, guideline)
    say = words.say
    counted = [group for group in groups.groups if group.about is not None]
    rows = [
        {"name": in_lines(words.condition(each.condition)), "count": each.about, "text": voice.number(each.about or 0)}
        for each in counted
    ]
    chart = Draw(voice, say("chart.said")).bars("chart-groups", say("partner.chart"), rows) if rows else None
    few = say("partner.few", least=groups.min_count)
    table = [
        (
            words.condition(each.condition),
            few if each.about is None else say("partner.about", count=each.about),
        )
        for each in groups.groups
    ]
    return page(
        "partner",
        voice,
        title=say("partner.title", name=name) if name else say("partner.title-unnamed"),
        lead=_lead(groups, words),
        largest=_largest(counted[:_NAMED], words),
        chart=chart,
        table=table,
        columns=(say("partner.condition"), say("partner.patients")),
        caption=say("partner.grid"),
        count=say("partner.count", least=groups.min_count),
        made=say("partner.made", version=__version__),
        licence=voice.of(guideline.licence),
    )


def _lead(groups: PatientGroups, words: ReportWords) -> str:
    period = {"first": words.voice.quarter(groups.first), "last": words.voice.quarter(groups.last)}
    if groups.patients is None:
        return words.say("partner.lead-few", least=groups.min_count, **period)
    return words.say("partner.lead", patients=groups.patients, **period)


def _largest(groups: list[PatientGroup], words: ReportWords) -> str:
    said = [
        words.say("partner.group", condition=words.in_sentence(each.condition), count=each.about) for each in groups
    ]
    if not said:
        return ""
    if len(said) == 1:
        return words.say("partner.largest-one", groups=said[0])
    return words.say("partner.largest", groups=f"{', '.join(said[:-1])} {words.say('partner.and')} {said[-1]}")
