"""A page of the guide, for the terminal and as Markdown."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from icpc_cli.guideline import Guideline
from icpc_cli.guideline.guide import Guide, GuideSection, Show, Statement
from icpc_cli.guideline.sources import Listed
from icpc_cli.model import Answer, Code, Condition
from icpc_cli.screens.terminal import Terminal, indented
from icpc_cli.voice import Voice

_BULLET = "–"


@dataclass(frozen=True, slots=True)
class _CodeRow:
    """A code of the table: for which condition (once, at its first code), under which signs, from which source."""

    condition: str
    code: str
    title: str
    when: str
    source: Listed


@dataclass(slots=True)
class _GuideLayout:
    """What both formats have in common: one language, and the numbers of the sources in the order they come up."""

    guideline: Guideline
    guide: Guide
    name: str
    voice: Voice
    numbers: dict[Listed, int] = field(default_factory=dict)

    def word(self, key: str, **facts: object) -> str:
        return self.voice.fill(self.guide.words[key], **facts)

    def cited(self, *sources: Listed) -> str:
        """``[1][3]``: the numbers of the sources, given when they are first cited."""
        return "".join(f"[{self.numbers.setdefault(source, len(self.numbers) + 1)}]" for source in sources)

    def rows(self) -> Iterator[_CodeRow]:
        """The recommended codes by condition, from the rules."""
        for condition, codes in self.guideline.table.items():
            for place, (code, signs) in enumerate(sorted(codes.items(), key=lambda item: Answer.YES in item[1])):
                yield self.row(condition, code, signs, first=not place)

    def row(self, condition: Condition, code: str, signs: tuple[Answer, ...], *, first: bool) -> _CodeRow:
        rule = self.guideline.suggestions[condition, signs[0]][0]
        return _CodeRow(
            self.voice.of(self.guideline.label("condition", condition)) if first else "",
            code,
            self.voice.of(rule.code.title),
            "" if len(signs) == len(Answer) else self.voice.say("codes", f"signs.{'-'.join(signs)}"),
            rule.source.listed,
        )

    def waiting(self) -> Iterator[tuple[str, str, str]]:
        """Each symptom code to wait with: the code, its title, and before which disease codes of the table."""
        diseases: dict[Code, list[str]] = {}
        for disease, rule in self.guideline.interim.items():
            diseases.setdefault(rule.code, []).append(disease)
        for code, before in diseases.items():
            yield code.code, self.voice.of(code.title), f" {self.word('and')} ".join(before)

    def interim_reason(self) -> tuple[str, Listed]:
        """Why a symptom code can stand first, and the source."""
        rule = next(iter(self.guideline.interim.values()))
        return self.voice.of(rule.reason), rule.source.listed

    def sources(self) -> Iterator[tuple[int, str, str]]:
        """The number of each source that was cited, who it is and what, and its address."""
        for source, number in self.numbers.items():
            title = self.guideline.cited(source.basis, source.title) if source.basis else source.title
            yield number, self.voice.of(title), source.address

    def about(self) -> tuple[str, ...]:
        edition = self.word("edition", edition=self.guideline.edition)
        return self.voice.of(self.guideline.purpose), self.voice.of(self.guideline.licence), edition


def print_guide(terminal: Terminal, guideline: Guideline, guide: Guide, name: str) -> None:
    """Write a page of the guide."""
    terminal.write(_GuideScreen(_GuideLayout(guideline, guide, name, terminal.voice)).page())


class _GuideScreen:
    def __init__(self, page: _GuideLayout) -> None:
        self._page, self._voice = page, page.voice

    def page(self) -> RenderableType:
        page = self._page.guide.pages[self._page.name]
        parts: list[RenderableType] = [Line(self._voice.of(page.title), "bold"), self.dim(self._page.word("lead"))]
        for section in page.sections:
            parts += [self.heading(self._voice.of(section.title)), *self.section(section)]
        parts += [self.heading(self._page.word("sources")), *self.sources(), ""]
        parts += [self.dim(text) for text in self._page.about()]
        return Group(*parts, "", Line(self._voice.of(page.next)))

    def dim(self, text: str) -> Line:
        return Line(text, "dim")

    def heading(self, title: str) -> Line:
        return Line.assemble("\n", (title, "bold underline"))

    def section(self, section: GuideSection) -> Iterator[RenderableType]:
        if section.show is Show.TABLE:
            yield indented(self.table())
            yield ""
        for number, statement in enumerate(section.statements, start=1):
            mark = f"{number}." if section.show is Show.STEPS else self._voice.spell(_BULLET)
            yield self.statement(mark, statement)
        if section.show is Show.INTERIM:
            yield from self.interim()

    def statement(self, mark: str, statement: Statement) -> RenderableType:
        term = f"{self._voice.of(statement.term)}. " if statement.term else ""
        line = Line.assemble((term, "bold"), self._voice.of(statement.text), self.cited(*statement.sources))
        return self.marked(mark, line, statement.address)

    def marked(self, mark: str, line: Line, address: str) -> RenderableType:
        grid = Table.grid(padding=(0, 1))
        grid.add_row(mark, Group(line, Line(address, "cyan")) if address else line)
        return indented(grid)

    def cited(self, *sources: Listed) -> tuple[str, str]:
        return f" {self._page.cited(*sources)}", "dim"

    def table(self) -> RenderableType:
        """Condition, code and title; under the title when it holds, where that is not always."""
        grid = Table.grid(padding=(0, 2))
        for row in self._page.rows():
            title = Line.assemble(row.title, self.cited(row.source))
            held = [title, Line(row.when, "italic")] if row.when else [title]
            grid.add_row(row.condition, Line(row.code, "bold"), Group(*held))
        return grid

    def interim(self) -> Iterator[RenderableType]:
        reason, source = self._page.interim_reason()
        yield self.marked(self._voice.spell(_BULLET), Line.assemble(reason, self.cited(source)), "")
        grid = Table.grid(padding=(0, 2))
        before = self._page.word("before").lower()
        for code, title, diseases in self._page.waiting():
            grid.add_row(Line(code, "bold"), title, before, Line(diseases, "bold"))
        yield Padding(grid, (1, 0, 0, 4))

    def sources(self) -> Iterator[RenderableType]:
        for number, label, address in self._page.sources():
            yield self.marked(f"[{number}]".rjust(4), Line(label), address)


def markdown(voice: Voice, guideline: Guideline, guide: Guide, name: str) -> str:
    """A page of the guide as Markdown."""
    page = _GuideLayout(guideline, guide, name, voice)
    shown = guide.pages[name]
    lines = [f"# {voice.of(shown.title)}", "", page.word("lead")]
    for section in shown.sections:
        lines += ["", f"## {voice.of(section.title)}", "", *_section(page, section)]
    lines += ["", f"## {page.word('sources')}", ""]
    lines += [f"{number}. {label}{_link(address)}" for number, label, address in page.sources()]
    return "\n".join([*lines, "", *"\n\n".join(page.about()).split("\n")])


def _section(page: _GuideLayout, section: GuideSection) -> Iterator[str]:
    if section.show is Show.TABLE:
        yield from _table(page)
        yield ""
    for number, statement in enumerate(section.statements, start=1):
        mark = f"{number}." if section.show is Show.STEPS else "-"
        term = f"**{page.voice.of(statement.term)}.** " if statement.term else ""
        said = f"{term}{page.voice.of(statement.text)}{_link(statement.address)}"
        yield f"{mark} {said} {page.cited(*statement.sources)}"
    if section.show is Show.INTERIM:
        reason, source = page.interim_reason()
        yield f"- {reason} {page.cited(source)}"
        yield ""
        yield from _grid((page.word("code"), page.word("title"), page.word("before")), page.waiting())


def _table(page: _GuideLayout) -> Iterator[str]:
    heads = [page.word(key) for key in ("condition", "code", "title", "when")]
    rows = ((row.condition, row.code, f"{row.title} {page.cited(row.source)}", row.when) for row in page.rows())
    yield from _grid(heads, rows)


def _grid(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    heads = list(heads)
    for row in (heads, ["---"] * len(heads), *rows):
        yield f"| {' | '.join(row)} |"


def _link(address: str) -> str:
    return f" <{address}>" if address else ""
