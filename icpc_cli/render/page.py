"""The outcome of a check as a page for the terminal."""

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from icpc_cli.checks.catalogue import BY_ID, Level
from icpc_cli.checks.wording import codes, message
from icpc_cli.guideline import Guideline, load_checks, load_wording
from icpc_cli.model import Case, Coverage, Fact, Finding, Severity, Source
from icpc_cli.render.findings import notice_text
from icpc_cli.render.safe import printable, without_cpr
from icpc_cli.render.terminal import is_unicode, write

SHOWN = 3
"""The rows of each check that are shown."""

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "pipe"}
_NAMING_THE_COLUMN = ("R007",)


class Page:
    """What was read, the coverage, and the findings by check, in one language."""

    def __init__(self, guideline: Guideline, language: str, encoding: str, command: str) -> None:
        """``command`` is what was asked for, as it can be typed again with other options after it."""
        self._guideline = guideline
        self._command = printable(command)
        self._language = language
        self._unicode = is_unicode(encoding)
        self._words = load_wording("findings")

    def _say(self, key: str, **facts: object) -> str:
        return self._words[f"screen.{key}"][self._language].format(**facts)

    def write(
        self,
        sources: Sequence[Source],
        coverage: Coverage,
        counts: Mapping[str, int],
        examples: Mapping[str, Sequence[tuple[Finding, Case]]],
    ) -> None:
        """Write what was read, the coverage, the findings by check with their first rows, and what to do next."""
        parts: list[RenderableType] = []
        for source in sources:
            parts += [self._read(source), *self._columns(source)]
            parts += [Text(f"! {notice_text(notice, self._language)}", style="yellow") for notice in source.notices]
        parts += ["", self._coverage(coverage), ""]
        for check in sorted(counts, key=lambda each: (list(Severity).index(BY_ID[each].severity), each)):
            parts += [self._check(check, counts[check], examples[check], sources), ""]
        parts.append(self._next(sources, counts))
        write(Group(*parts))

    def _read(self, source: Source) -> Text:
        rows = [
            self._counted("rows-read", source.read),
            self._say("judged", count=self._number(source.judged)),
            self._counted("unreadable", source.unreadable),
        ]
        line = Text(without_cpr(printable(source.path)), style="bold")
        line.append(f" · {self._dialect(source)}\n", style="not bold")
        return line.append(" · ".join(rows), style="not bold")

    def _dialect(self, source: Source) -> str:
        if source.delimiter is None:
            return self._say("sheet", sheet=printable(source.sheet or ""))
        name = _DELIMITERS.get(source.delimiter)
        delimiter = self._words[f"delimiter.{name}"][self._language] if name else f'"{printable(source.delimiter)}"'
        return f"{source.encoding} · {delimiter}"

    def _counted(self, key: str, count: int) -> str:
        """A count with its noun in singular or plural."""
        return self._say(f"{key}-one" if count == 1 else key, count=self._number(count))

    def _columns(self, source: Source) -> Iterator[Text]:
        arrow = "→" if self._unicode else "->"
        used = []
        for role, header in source.columns:
            label = self._words[f"role.{role}"][self._language]
            shown = without_cpr(printable(header))
            used.append(shown if shown.casefold() == label else f"{shown} {arrow} {label}")
        yield Text(self._say("columns", columns=", ".join(used)), style="dim")
        if source.ignored_columns:
            ignored = without_cpr(printable(", ".join(source.ignored_columns)))
            yield Text(self._say("ignored", columns=ignored), style="dim")

    def _coverage(self, coverage: Coverage) -> RenderableType:
        grid = Table.grid(padding=(0, 2))
        done = [self._coded(coverage.mandatory_coded, coverage.mandatory)]
        if coverage.mandatory_pending:
            done.append(self._say("pending", count=self._number(coverage.mandatory_pending)))
        if coverage.mandatory_missing:
            done.append(self._say("missing", count=self._number(coverage.mandatory_missing)))
        if coverage.mandatory:
            bar = self._bar(coverage.mandatory_coded, coverage.mandatory)
            grid.add_row(self._say("mandatory"), bar, " · ".join(done))
        if coverage.voluntary:
            bar = self._bar(coverage.voluntary_coded, coverage.voluntary)
            grid.add_row(self._say("voluntary"), bar, self._coded(coverage.voluntary_coded, coverage.voluntary))
        if coverage.undetermined:
            grid.add_row(self._say("undetermined"), "", self._counted("courses", coverage.undetermined))
        return Padding(grid, (0, 0, 0, 2))

    def _coded(self, coded: int, total: int) -> str:
        return self._say("coded", coded=self._number(coded), total=self._number(total))

    def _bar(self, done: int, total: int, columns: int = 16) -> Text:
        """``done`` of ``total`` in eighths of a column; never full while something is missing, never empty when not."""
        eighths = round(done / total * columns * 8)
        if done:
            eighths = max(eighths, 1)
        if done < total:
            eighths = min(eighths, columns * 8 - 1)
        whole, part = divmod(eighths, 8)
        if not self._unicode:
            whole = min(whole + (part > 3), columns - (done < total))
            return Text("#" * whole + "-" * (columns - whole))
        bar = Text("█" * whole + (" ▏▎▍▌▋▊▉"[part] if part else ""), style="green")
        return bar.append("─" * (columns - len(bar)), style="dim")

    def _found(self, check: str, count: int) -> str:
        return self._counted("courses" if BY_ID[check].level is Level.COURSE else "rows-found", count)

    def _number(self, count: int) -> str:
        """A number with the language's mark between thousands."""
        return f"{count:,}".replace(",", "." if self._language == "da" else ",")

    def _check(
        self, check: str, count: int, examples: Sequence[tuple[Finding, Case]], sources: Sequence[Source]
    ) -> RenderableType:
        wording, severity = load_checks()[check], BY_ID[check].severity
        title = Text()
        title.append(f"{check}  ", style="bold").append(wording.title[self._language], style="bold")
        label = Text(self._words[f"severity.{severity}"][self._language], style=_COLOURS[severity])
        head = Table.grid(padding=(0, 2), expand=True)
        head.add_column(ratio=1)
        head.add_column(justify="right")
        head.add_column(justify="right", min_width=10)
        head.add_row(title, self._found(check, count), label)
        rows = Table.grid(padding=(0, 2))
        rows.add_column(no_wrap=True)
        for finding, case in examples:
            place = self._say("row", row=self._number(finding.row))
            if len(sources) > 1:
                place = f"{without_cpr(printable(finding.path))} {place}"
            rows.add_row(Text(place), self._value(finding), Text(self._facts(case), style="dim"))
        body: list[RenderableType] = [Text(wording.why[self._language], style="dim"), rows]
        if count > len(examples):
            rest = self._number(count - len(examples))
            more = self._say("more", count=rest, command=self._command, check=check)
            body.append(Text(more, style="dim", overflow="fold"))
        return Padding(Group(head, Padding(Group(*body), (0, 0, 0, 6))), (0, 0, 0, 2))

    def _value(self, finding: Finding) -> Text:
        """The value in question, and what belongs there."""
        value = without_cpr(printable(finding.value.strip()))
        text = Text()
        if finding.column is None:
            text.append(message(finding, self._language))
        elif value:
            named = finding.check in _NAMING_THE_COLUMN
            text.append(f'{printable(finding.column)}: "{value}"' if named else f'"{value}"')
        target = finding.detail.fix or codes(finding.detail.suggestions, self._language)
        if target:
            text.append((" " if text else "") + ("→ " if self._unicode else "-> "))
            text.append(without_cpr(printable(target.strip())), style="bold")
        return text

    def _facts(self, case: Case) -> str:
        """What the row is about, for people to recognise it by."""
        language = self._language
        course = self._words[f"course.{case.course}"][language] if case.knows(Fact.COURSE) else ""
        conditions = [self._guideline.label("condition", condition)[language] for condition in case.conditions]
        return " · ".join(filter(None, (case.specialty or "", course, *conditions)))

    def _next(self, sources: Sequence[Source], counts: Mapping[str, int]) -> RenderableType:
        if not counts:
            return Padding(Text(self._say("nothing") + " " + self._say("disclaimer")), (0, 0, 0, 2))
        missing = counts.get("K101", 0)
        key = "next-findings" if not missing else "next-course" if missing == 1 else "next-courses"
        lines = Text().append(self._say("next") + ": ", style="bold")
        lines.append(self._say(key, count=self._number(missing)) + "\n" + self._say("next-list") + "\n")
        lines.append(f"{self._command} --format concise\n", style="bold")
        return Padding(lines.append(self._say("disclaimer"), style="dim"), (0, 0, 0, 2))
