"""A page of the guide, for the terminal and as Markdown."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from icpc_cli.guideline import Guideline
from icpc_cli.guideline.guide import Guide, Section, Show, Statement
from icpc_cli.model import Answer, Code, Condition
from icpc_cli.render.codes import when
from icpc_cli.render.letters import spelling
from icpc_cli.render.terminal import write
from icpc_cli.text import Text

_BULLET = "–"


@dataclass(frozen=True, slots=True)
class _Row:
    """A code of the table: for which condition (once, at its first code), under which signs, from which source."""

    condition: str
    code: str
    title: str
    when: str
    source: str


@dataclass(slots=True)
class _Page:
    """What both formats have in common: one language, and the numbers of the sources in the order they come up."""

    guideline: Guideline
    guide: Guide
    name: str
    language: str
    numbers: dict[str, int] = field(default_factory=dict)

    def word(self, key: str) -> str:
        return self.guide.words[key][self.language]

    def cited(self, *sources: str) -> str:
        """``[1][3]``: the numbers of the sources, given when they are first cited."""
        return "".join(f"[{self.numbers.setdefault(source, len(self.numbers) + 1)}]" for source in sources)

    def source_of(self, label: Text) -> str:
        return next(key for key, text in self.guideline.sources.items() if text == label)

    def rows(self) -> Iterator[_Row]:
        """The recommended codes by condition, from the rules."""
        for condition, codes in self.guideline.table.items():
            for place, (code, signs) in enumerate(sorted(codes.items(), key=lambda item: Answer.YES in item[1])):
                yield self.row(condition, code, signs, first=not place)

    def row(self, condition: Condition, code: str, signs: tuple[Answer, ...], *, first: bool) -> _Row:
        rule = self.guideline.suggestions[condition, signs[0]][0]
        return _Row(
            self.guideline.label("condition", condition)[self.language] if first else "",
            code,
            rule.code.title[self.language],
            "" if len(signs) == len(Answer) else when(signs)[self.language],
            self.source_of(rule.source),
        )

    def waiting(self) -> Iterator[tuple[str, str, str]]:
        """Each symptom code to wait with: the code, its title, and before which disease codes of the table."""
        diseases: dict[Code, list[str]] = {}
        for disease, rule in self.guideline.interim.items():
            diseases.setdefault(rule.code, []).append(disease)
        for code, before in diseases.items():
            yield code.code, code.title[self.language], f" {self.word('and')} ".join(before)

    def interim_reason(self) -> tuple[str, str]:
        """Why a symptom code can stand first, and the source."""
        rule = next(iter(self.guideline.interim.values()))
        return rule.reason[self.language], self.source_of(rule.source)

    def sources(self) -> Iterator[tuple[int, str, str]]:
        for source, number in self.numbers.items():
            yield number, self.guideline.sources[source][self.language], self.guideline.addresses[source]

    def about(self) -> tuple[str, ...]:
        edition = self.word("edition").format(edition=self.guideline.edition)
        return self.guideline.disclaimer[self.language], self.guideline.licence[self.language], edition


def print_guide(guideline: Guideline, guide: Guide, name: str, language: str, encoding: str) -> None:
    """Write a page of the guide to standard output."""
    write(_Terminal(_Page(guideline, guide, name, language), encoding).page())


class _Terminal:
    def __init__(self, page: _Page, encoding: str) -> None:
        self._page, self._spelling = page, spelling(encoding)

    def say(self, text: str) -> str:
        return text.translate(self._spelling)

    def page(self) -> RenderableType:
        page = self._page.guide.pages[self._page.name]
        language = self._page.language
        parts: list[RenderableType] = [Line(self.say(page.title[language]), "bold"), self.dim(self._page.word("lead"))]
        for section in page.sections:
            parts += [self.heading(section.title[language]), *self.section(section)]
        parts += [self.heading(self._page.word("sources")), *self.sources(), ""]
        parts += [self.dim(text) for text in self._page.about()]
        return Group(*parts, "", Line(self.say(page.next[language])))

    def dim(self, text: str) -> Line:
        return Line(self.say(text), "dim")

    def heading(self, title: str) -> Line:
        return Line.assemble("\n", (self.say(title), "bold underline"))

    def section(self, section: Section) -> Iterator[RenderableType]:
        if section.show is Show.TABLE:
            yield _indented(self.table())
            yield ""
        for number, statement in enumerate(section.statements, start=1):
            mark = f"{number}." if section.show is Show.STEPS else self.say(_BULLET)
            yield self.statement(mark, statement)
        if section.show is Show.INTERIM:
            yield from self.interim()

    def statement(self, mark: str, statement: Statement) -> RenderableType:
        language = self._page.language
        term = f"{self.say(statement.term[language])}. " if statement.term else ""
        line = Line.assemble((term, "bold"), self.say(statement.text[language]), self.cited(*statement.sources))
        return self.marked(mark, line, statement.address)

    def marked(self, mark: str, line: Line, address: str) -> RenderableType:
        grid = Table.grid(padding=(0, 1))
        grid.add_row(mark, Group(line, Line(address, "cyan")) if address else line)
        return _indented(grid)

    def cited(self, *sources: str) -> tuple[str, str]:
        return f" {self._page.cited(*sources)}", "dim"

    def table(self) -> RenderableType:
        """Condition, code and title; under the title when it holds, where that is not always."""
        grid = Table.grid(padding=(0, 2))
        for row in self._page.rows():
            title = Line.assemble(self.say(row.title), self.cited(row.source))
            held = [title, Line(self.say(row.when), "italic")] if row.when else [title]
            grid.add_row(self.say(row.condition), Line(row.code, "bold"), Group(*held))
        return grid

    def interim(self) -> Iterator[RenderableType]:
        reason, source = self._page.interim_reason()
        yield self.marked(self.say(_BULLET), Line.assemble(self.say(reason), self.cited(source)), "")
        grid = Table.grid(padding=(0, 2))
        before = self.say(self._page.word("before").lower())
        for code, title, diseases in self._page.waiting():
            grid.add_row(Line(code, "bold"), self.say(title), before, Line(diseases, "bold"))
        yield Padding(grid, (1, 0, 0, 4))

    def sources(self) -> Iterator[RenderableType]:
        for number, label, address in self._page.sources():
            yield self.marked(f"[{number}]".rjust(4), Line(self.say(label)), address)


def _indented(what: RenderableType) -> RenderableType:
    return Padding(what, (0, 0, 0, 2))


def markdown(guideline: Guideline, guide: Guide, name: str, language: str) -> str:
    """A page of the guide as Markdown."""
    page = _Page(guideline, guide, name, language)
    shown = guide.pages[name]
    lines = [f"# {shown.title[language]}", "", page.word("lead")]
    for section in shown.sections:
        lines += ["", f"## {section.title[language]}", "", *_section(page, section)]
    lines += ["", f"## {page.word('sources')}", ""]
    lines += [f"{number}. {label}{_link(address)}" for number, label, address in page.sources()]
    return "\n".join([*lines, "", *"\n\n".join(page.about()).split("\n")])


def _section(page: _Page, section: Section) -> Iterator[str]:
    if section.show is Show.TABLE:
        yield from _table(page)
        yield ""
    for number, statement in enumerate(section.statements, start=1):
        mark = f"{number}." if section.show is Show.STEPS else "-"
        term = f"**{statement.term[page.language]}.** " if statement.term else ""
        said = f"{term}{statement.text[page.language]}{_link(statement.address)}"
        yield f"{mark} {said} {page.cited(*statement.sources)}"
    if section.show is Show.INTERIM:
        reason, source = page.interim_reason()
        yield f"- {reason} {page.cited(source)}"
        yield ""
        yield from _grid((page.word("code"), page.word("title"), page.word("before")), page.waiting())


def _table(page: _Page) -> Iterator[str]:
    heads = [page.word(key) for key in ("condition", "code", "title", "when")]
    rows = ((row.condition, row.code, f"{row.title} {page.cited(row.source)}", row.when) for row in page.rows())
    yield from _grid(heads, rows)


def _grid(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    heads = list(heads)
    for row in (heads, ["---"] * len(heads), *rows):
        yield f"| {' | '.join(row)} |"


def _link(address: str) -> str:
    return f" <{address}>" if address else ""
