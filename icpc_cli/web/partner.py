"""One page for partners: groups of patients in words and one chart, rounded and without small groups."""

from icpc_cli import __version__
from icpc_cli.guideline import Guideline
from icpc_cli.network.partner import Group, Groups
from icpc_cli.report.forms import Forms
from icpc_cli.report.words import Words
from icpc_cli.web.charts import Draw, in_lines
from icpc_cli.web.pages import render

_NAMED = 3


def partner_page(groups: Groups, guideline: Guideline, language: str, name: str | None) -> str:
    """The whole page as HTML text. ``name`` is the clinic's, made safe to show, or None."""
    forms, words = Forms(language), Words(guideline, language)
    say = forms.say
    counted = [group for group in groups.groups if group.about is not None]
    rows = [
        {"name": in_lines(words.condition(each.condition)), "count": each.about, "text": forms.number(each.about or 0)}
        for each in counted
    ]
    chart = Draw(language, say("chart.said")).bars("chart-groups", say("partner.chart"), rows) if rows else None
    few = say("partner.few", least=groups.min_count)
    table = [
        (
            words.condition(each.condition),
            few if each.about is None else say("partner.about", count=each.about),
        )
        for each in groups.groups
    ]
    return render(
        "partner.html.j2",
        language,
        {},
        title=say("partner.title", name=name) if name else say("partner.title-unnamed"),
        lead=_lead(groups, forms),
        largest=_largest(counted[:_NAMED], forms, words),
        chart=chart,
        table=table,
        columns=(say("partner.condition"), say("partner.patients")),
        caption=say("partner.grid"),
        count=say("partner.count", least=groups.min_count),
        made=say("partner.made", version=__version__),
        licence=guideline.licence[language],
    )


def _lead(groups: Groups, forms: Forms) -> str:
    period = {"first": forms.quarter(groups.first), "last": forms.quarter(groups.last)}
    if groups.patients is None:
        return forms.say("partner.lead-few", least=groups.min_count, **period)
    return forms.say("partner.lead", patients=groups.patients, **period)


def _largest(groups: list[Group], forms: Forms, words: Words) -> str:
    said = [
        forms.say("partner.group", condition=words.in_sentence(each.condition), count=each.about) for each in groups
    ]
    if not said:
        return ""
    if len(said) == 1:
        return forms.say("partner.largest-one", groups=said[0])
    return forms.say("partner.largest", groups=f"{', '.join(said[:-1])} {forms.say('partner.and')} {said[-1]}")
