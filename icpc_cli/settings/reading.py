"""``icpc.toml``: what it says, or on which line it is wrong."""

import re
import tomllib
from pathlib import Path

from icpc_cli.cases.words import read_specialty
from icpc_cli.checks.catalogue import BY_ID
from icpc_cli.checks.codes import read_codes
from icpc_cli.checks.columns import roles, roles_by_name
from icpc_cli.errors import InvalidValueError, UsageError
from icpc_cli.files import read_bytes
from icpc_cli.guideline import Guideline, fold, ids_by_name, load_wording
from icpc_cli.model import Condition, Course, Fact
from icpc_cli.outcomes import Better, Instrument, Severity
from icpc_cli.settings.lines import LinesOfFile
from icpc_cli.settings.parts import SettingsFile, SettingsSection, nearest_of
from icpc_cli.settings.values import Partner, Service, Settings
from icpc_cli.voice.safe import holds_cpr

FACTS = {
    "specialty": Fact.SPECIALTY,
    "course": Fact.COURSE,
    "condition": Fact.CONDITIONS,
    "nerve_root_signs": Fact.NERVE_ROOT_SIGNS,
    "findings_certain": Fact.FINDINGS_CERTAIN,
}
"""The roles whose cells state a fact: they can be fixed, and their values can have other names."""
INTERVIEW = ("specialty", "course")
"""What can be fixed for the questions about one patient."""
TABLES = (
    "clinic",
    "without_codes",
    "duty_from",
    "columns",
    "fixed",
    "services",
    "values",
    "severity",
    "instruments",
    "interview",
    "report",
    "partner",
)
_INSTRUMENT = (
    "name",
    "start",
    "follow_up",
    "min",
    "max",
    "better",
    "important_change",
    "population",
    "source",
    "codes",
)
_OFF = "off"
_UNUSED = "unused"
"""What stands beside the roles for columns that play none."""


def load(path: str | Path, guideline: Guideline) -> Settings:
    """The settings in a file. Raises :class:`UsageError` that names the file, the line and the key that is wrong."""
    text = _text(path)
    lines = LinesOfFile(text)
    file = SettingsFile(str(path), guideline, lines)
    known = roles()
    elsewhere = {role: f"columns.{role}" for role in known} | {role: f"fixed.{role}" for role in FACTS}
    whole = SettingsSection(file, (), _parsed(text, str(path), lines))
    whole = whole.opened(ids_by_name("settings", "key", TABLES), TABLES, elsewhere)
    columns = whole.table("columns").opened(roles_by_name(), [*known, _UNUSED])
    return Settings(
        clinic=whole.text("clinic") if "clinic" in whole else None,
        columns=_columns(columns),
        unused=columns.texts(_UNUSED),
        fixed=_fixed(whole.table("fixed")),
        services=_services(whole.table("services")),
        values=_values(whole.table("values")),
        severities=_severities(whole.table("severity")),
        instruments=tuple(_instruments(whole)),
        without_codes=whole.flag("without_codes"),
        duty_from=whole.day("duty_from"),
        interview=_interview(whole.table("interview")),
        target=_target(whole.table("report")),
        partner=_partner(whole.table("partner")),
        path=str(path),
    )


def _text(path: str | Path) -> str:
    data = read_bytes(path)
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise UsageError("settings-encoding", path=path, line=data.count(b"\n", 0, error.start) + 1) from None


def _parsed(text: str, name: str, lines: LinesOfFile) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"at line (\d+)", str(error))
        line = int(match[1]) if match else text.count("\n") + 1
    except (ValueError, RecursionError):  # a number of thousands of digits, or brackets as deep
        line = 1
    if twice := lines.twice(line):
        raise UsageError("settings-twice", path=name, line=twice.line, value=twice.key, first=twice.first)
    shown = text.split("\n")[line - 1].strip()
    if not shown:
        raise UsageError("settings-syntax-end", path=name, line=line)
    raise UsageError("settings-syntax", path=name, line=line, value=shown)


def _columns(part: SettingsSection) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((role, part.texts(role)) for role in part.data if role != _UNUSED)


def _fixed(part: SettingsSection) -> tuple[tuple[str, str], ...]:
    part = part.opened(roles_by_name(), list(FACTS), {role: f"columns.{role}" for role in roles() if role not in FACTS})
    return tuple((role, _meaning(part, role, role)) for role in part.data)


def _interview(part: SettingsSection) -> tuple[tuple[str, str], ...]:
    part = part.opened(roles_by_name(), INTERVIEW, {role: f"fixed.{role}" for role in FACTS if role not in INTERVIEW})
    return tuple((role, part.fact(role, FACTS[role])) for role in part.data)


def _meaning(part: SettingsSection, role: str, key: str) -> str:
    """What the text under a key means for a role, as a cell that the program knows."""
    if role == "condition":
        return "+".join(part.conditions(key)) or "unknown"
    return part.fact(key, FACTS[role])


def _services(part: SettingsSection) -> tuple[Service, ...]:
    return tuple(_service(part.table(code), code) for code in part.data)


def _service(part: SettingsSection, code: str) -> Service:
    part = part.opened(roles_by_name(), ("course", "condition"))
    if not part.data:
        raise UsageError("settings-service", **part.at())
    if not code.strip():
        raise UsageError("settings-blank", **part.at())
    course = Course(part.fact("course", Fact.COURSE)) if "course" in part else None
    conditions = tuple(map(Condition, part.conditions("condition"))) if "condition" in part else ()
    return Service(" ".join(code.split()), course, conditions)


def _values(part: SettingsSection) -> tuple[tuple[str, str, str], ...]:
    part = part.opened(roles_by_name(), list(FACTS))
    return tuple(each for role in part.data for each in _aliases(part.table(role), role))


def _aliases(part: SettingsSection, role: str) -> list[tuple[str, str, str]]:
    """The other names of one role's values: none may be blank, stand twice, or say another thing than it does."""
    seen: dict[str, str] = {}
    found = []
    for raw in part.data:
        meaning = _meaning(part, role, raw)
        if not fold(raw):
            raise UsageError("settings-blank", **part.at(raw))
        if fold(raw) in seen:
            raise UsageError("settings-same", **part.at(raw), value=raw, first=seen[fold(raw)])
        if (means := _known_as(part.file.guideline, role, raw)) not in (None, meaning):
            raise UsageError("settings-known", **part.at(raw), value=raw, means=means)
        seen[fold(raw)] = raw
        found.append((role, raw, meaning))
    return found


def _known_as(guideline: Guideline, role: str, raw: str) -> object:
    """What a value means without being named here, if anything."""
    kind = role if role in guideline.names else "answer"
    return (read_specialty(raw) if role == "specialty" else None) or guideline.understand(kind, raw)


def _severities(part: SettingsSection) -> tuple[tuple[str, Severity | None], ...]:
    ids = {key: each.id for each in BY_ID.values() for key in (each.id, each.id.lower(), each.name)}
    known: dict[str, Severity | None] = {each.value: each for each in Severity} | {_OFF: None}
    chosen: dict[str, Severity | None] = {}
    for key in part.data:
        if key not in ids:
            if nearest := nearest_of(key, [*BY_ID, *(each.name for each in BY_ID.values())]):
                raise UsageError(
                    "settings-check-nearest", **part.at(key), value=key, nearest=nearest, known=list(BY_ID)
                )
            raise UsageError("settings-check", **part.at(key), value=key, known=list(BY_ID))
        if ids[key] in chosen:
            raise UsageError("settings-same", **part.at(key), value=key, first=ids[key])
        chosen[ids[key]] = part.among(key, known, ids_by_name("findings", "severity", known))
    return tuple(chosen.items())


def _instruments(whole: SettingsSection) -> list[Instrument]:
    found: list[Instrument] = []
    for part in whole.tables("instruments"):
        instrument = _instrument(part)
        if instrument.name in [each.name for each in found]:
            raise UsageError("settings-same", **part.at("name"), value=instrument.name, first=instrument.name)
        found.append(instrument)
    return found


def _instrument(part: SettingsSection) -> Instrument:
    part = part.opened(ids_by_name("settings", "instrument", _INSTRUMENT), _INSTRUMENT)
    betters = {each.value: each for each in Better}
    change = part.number("important_change") if "important_change" in part else None
    try:
        return Instrument(
            name=part.text("name"),
            start=part.text("start"),
            follow_up=part.text("follow_up"),
            minimum=part.number("min"),
            maximum=part.number("max"),
            better=part.among("better", betters, ids_by_name("settings", "better", betters)),
            important_change=change,
            population=part.text("population") if "population" in part else "",
            source=part.text("source") if "source" in part else "",
            codes=_codes(part),
        )
    except InvalidValueError as error:
        where, problem = str(error.facts["where"]), load_wording("errors")[error.id]
        raise UsageError(
            "settings-instrument", **part.at(*([where] if where in part else [])), problem=problem
        ) from None


def _target(part: SettingsSection) -> float | None:
    part = part.opened(ids_by_name("settings", "report", ("target",)), ("target",))
    if "target" not in part:
        return None
    target = part.number("target")
    if not 0 < target <= 100:
        raise UsageError("settings-target", **part.at("target"), value=target)
    return target


def _partner(part: SettingsSection) -> Partner:
    keys = ("offers", "contact")
    part = part.opened(ids_by_name("settings", "partner", keys), keys)
    for key in keys:
        if any(map(holds_cpr, part.texts(key))):
            raise UsageError("settings-cpr", **part.at(key))
    return Partner(*map(part.texts, keys))


def _codes(part: SettingsSection) -> tuple[str, ...]:
    codes = part.texts("codes")
    for code in codes:
        if read_codes(code).codes != (code,):
            raise UsageError("settings-code", **part.at("codes"), value=code)
    return codes
