"""Settings as the text of ``icpc.toml``, with comments that say what may stand there. Reading it gives them back."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Self, TypeVar

from icpc_cli.checks.columns import roles
from icpc_cli.outcomes import Instrument, Severity
from icpc_cli.settings.parts import quoted
from icpc_cli.settings.reading import FACTS, INTERVIEW
from icpc_cli.settings.values import Service, Settings
from icpc_cli.voice import Voice

_Each = TypeVar("_Each")
_WIDTH = 78
"""Columns of the comments, so that the file can be read in any window."""


@dataclass(frozen=True, slots=True)
class FileRemarks:
    """What goes into the comments: the export, (role, header) that may belong together, headers that play no role,
    (role, value) that are not understood, and service codes that say nothing of the course.
    """

    export: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    unused: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    services: tuple[str, ...] = ()

    def joined(self, other: Self) -> Self:
        """These and those of another export, each once."""
        return replace(
            self,
            export=f"{self.export}, {other.export}",
            columns=_once(self.columns, other.columns),
            unused=_once(self.unused, other.unused),
            values=_once(self.values, other.values),
            services=_once(self.services, other.services),
        )


def _once(some: tuple[_Each, ...], more: tuple[_Each, ...]) -> tuple[_Each, ...]:
    return tuple(dict.fromkeys((*some, *more)))


def written(voice: Voice, settings: Settings, remarks: FileRemarks) -> str:
    """The text of a file that says what the settings say."""
    return _SettingsWriter(voice.in_full, settings, remarks).text()


class _SettingsWriter:
    def __init__(self, voice: Voice, settings: Settings, remarks: FileRemarks) -> None:
        self._voice, self._settings, self._remarks = voice, settings, remarks

    def _say(self, key: str, **facts: str) -> str:
        return self._voice.say("settings", f"file.{key}", **facts)

    def text(self) -> str:
        in_roles, in_facts = {"roles": ", ".join(roles())}, {"roles": ", ".join(FACTS)}
        parts = (
            [*self._explained("head", export=quoted(self._remarks.export)), "", *self._head()],
            [*self._explained("columns", **in_roles), "[columns]", *self._columns()],
            [*self._explained("fixed"), "[fixed]", *self._fixed()],
            [*self._explained("services"), "[services]", *self._services()],
            [*self._explained("values", **in_facts), *self._values()],
            [*self._explained("severity"), "[severity]", *self._severity()],
            [*self._explained("instruments"), *self._instruments()],
            [*self._explained("interview"), "[interview]", *self._interview()],
        )
        return "\n\n".join("\n".join(part) for part in parts) + "\n"

    def _explained(self, key: str, **facts: str) -> Iterable[str]:
        return _comments(self._say(key, **facts))

    def _head(self) -> Iterator[str]:
        yield from self._explained("clinic")
        clinic = self._settings.clinic
        yield f"clinic = {quoted(clinic)}" if clinic is not None else '# clinic = "..."'
        yield ""
        yield from self._explained("without-codes")
        yield f"{'' if self._settings.without_codes else '# '}without_codes = true"
        yield from self._explained("duty-from")
        duty = self._settings.duty_from
        yield f"{'# ' if duty is None else ''}duty_from = {'...' if duty is None else duty}"

    def _columns(self) -> Iterator[str]:
        for role, headers in self._settings.columns:
            yield f"{role} = {_texts(headers)}" + ("" if headers else f"  # {self._say('no-column')}")
        if self._settings.unused:
            yield f"unused = {_texts(self._settings.unused)}  # {self._say('left-out')}"
        for role, header in self._remarks.columns:
            yield f"# {role} = {quoted(header)}  # {self._say('may-be')}"
        if self._remarks.unused:
            yield from self._explained("unused", headers=", ".join(map(quoted, self._remarks.unused)))

    def _fixed(self) -> Iterator[str]:
        fixed = dict(self._settings.fixed)
        for role, value in fixed.items():
            yield f"{role} = {_meaning(role, value)}"
        if "specialty" not in fixed:
            yield '# specialty = "51"'

    def _services(self) -> Iterator[str]:
        for service in self._settings.services:
            yield f"{quoted(service.code)} = {_service(service)}"
        for code in self._remarks.services:
            yield f'# {quoted(code)} = {{ course = "structured" }}'
        if not (self._settings.services or self._remarks.services):
            yield '# "1234" = { course = "structured", condition = "lumbar_stenosis" }'

    def _values(self) -> Iterator[str]:
        for role in FACTS:
            known = [(raw, meaning) for each, raw, meaning in self._settings.values if each == role]
            unknown = [raw for each, raw in self._remarks.values if each == role]
            if known or unknown:
                yield f"[values.{role}]"
            yield from (f"{quoted(raw)} = {_meaning(role, meaning)}" for raw, meaning in known)
            yield from (f'# {quoted(raw)} = "..."' for raw in unknown)

    def _severity(self) -> Iterator[str]:
        if not self._settings.severities:
            yield '# K104 = "info"'
        for check, severity in self._settings.severities:
            yield f"{check} = {quoted(severity.value if isinstance(severity, Severity) else 'off')}"

    def _instruments(self) -> Iterator[str]:
        for instrument in self._settings.instruments:
            yield "[[instruments]]"
            yield from (f"{key} = {value}" for key, value in _instrument(instrument).items())

    def _interview(self) -> Iterator[str]:
        fixed = dict(self._settings.interview)
        yield from (f"{role} = {quoted(value)}" for role, value in fixed.items())
        for role, example in zip(INTERVIEW, ("51", "structured"), strict=True):
            if role not in fixed:
                yield f"# {role} = {quoted(example)}"


def _comments(text: str) -> Iterable[str]:
    for line in text.strip("\n").split("\n"):
        yield from textwrap.wrap(
            line.strip(),
            _WIDTH,
            initial_indent="# ",
            subsequent_indent="# ",
            break_long_words=False,
            break_on_hyphens=False,
        )


def _texts(texts: tuple[str, ...]) -> str:
    return quoted(texts[0]) if len(texts) == 1 else f"[{', '.join(map(quoted, texts))}]"


def _meaning(role: str, value: str) -> str:
    return _texts(tuple(value.split("+"))) if role == "condition" else quoted(value)


def _service(service: Service) -> str:
    said = [f"course = {quoted(service.course)}"] if service.course else []
    if service.conditions or not said:
        said.append(f"condition = {_texts(service.conditions)}")
    return f"{{ {', '.join(said)} }}"


def _instrument(instrument: Instrument) -> Mapping[str, str]:
    change = instrument.important_change
    pairs = {
        "name": quoted(instrument.name),
        "start": quoted(instrument.start),
        "follow_up": quoted(instrument.follow_up),
        "min": repr(instrument.minimum),
        "max": repr(instrument.maximum),
        "better": quoted(instrument.better),
        "important_change": "" if change is None else repr(change),
        "population": quoted(instrument.population) if instrument.population else "",
        "source": quoted(instrument.source) if instrument.source else "",
        "codes": _texts(instrument.codes) if instrument.codes else "",
    }
    return {key: value for key, value in pairs.items() if value}
