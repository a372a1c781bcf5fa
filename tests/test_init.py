"""``icpc init``: what it proposes and asks, that it writes only after a yes, and that what it writes is read back."""

import re
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icpc_cli.checks.catalogue import CHECKS
from icpc_cli.checks.columns import roles
from icpc_cli.checks.contents import CellColumn
from icpc_cli.guideline import Guideline, fold, load_guideline
from icpc_cli.model import LISTED, Condition, Course
from icpc_cli.outcomes import Better, Instrument, Severity
from icpc_cli.reading.samples import samples
from icpc_cli.settings.proposal import REST, SKIP, Answered, Answers, Ask, AskTopic, Given, Proposal, Proposals
from icpc_cli.settings.reading import load
from icpc_cli.settings.sample import Sample
from icpc_cli.settings.values import Service, Settings
from icpc_cli.settings.writing import FileRemarks, written
from icpc_cli.text import Language
from icpc_cli.voice import Voice
from icpc_cli.voice.safe import masked
from tests.conftest import Icpc

pseudo_terminal = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals on Windows")

EXPORT = """Dato;CPR nr;Spec;Ydelse;Diag.;Tilstand;Sikre fund;Telefon;Tekst
01-02-2026;010190-1231;51;0110;L86;Lumbal stenose;delvis;12345678;Patienten har haft ondt i ryggen længe
02-02-2026;020290-1232;51;0110;venter;Rygprobl.;ja;12345678;Patienten har haft ondt i ryggen længe
03-02-2026;030390-1233;51;0120;;Knæartrose;nej;12345678;Patienten har haft ondt i ryggen længe
"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "maj.csv"
    path.write_text(EXPORT, encoding="utf-8")
    return path


@pytest.mark.parametrize("cpr", ["010190-1231", "0101901231", "01.01.90-1231", "01-01-90-1231", "010190 – 1231"])
def test_a_cpr_number_in_any_form_is_neither_shown_nor_written(cpr: str, export: Path, icpc: Any) -> None:
    export.write_text(EXPORT.replace("Rygprobl.", f"Ryg, se {cpr}"), encoding="utf-8")
    shown = icpc("init", "--yes", str(export))
    assert shown.status == 0
    assert cpr not in shown.out + shown.err + (export.parent / "icpc.toml").read_text(encoding="utf-8")


# What is written is read back

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = TEXTS.filter(str.strip)
NUMBERS = st.floats(-1000, 1000, allow_nan=False)


def _known(raw: str, role: str) -> bool:
    guideline = load_guideline()
    kind = role if role in guideline.names else "answer"
    return not fold(raw) or guideline.understand(kind, raw) is not None or raw.strip()[:1].isdigit()


@st.composite
def aliases(draw: st.DrawFn) -> tuple[tuple[str, str, str], ...]:
    meanings = {
        "specialty": st.sampled_from(["51", "57", "62"]),
        "course": st.sampled_from(["structured", "other", "unknown"]),
        "condition": st.one_of(
            st.just("unknown"),
            st.lists(st.sampled_from(list(Condition)), min_size=1, max_size=3, unique=True).map("+".join),
        ),
        "nerve_root_signs": st.sampled_from(["yes", "no", "unknown"]),
        "findings_certain": st.sampled_from(["yes", "no", "unknown"]),
    }
    found = []
    for role, meaning in meanings.items():
        raws = draw(st.lists(NAMES, max_size=2, unique_by=fold))
        found += [(role, raw, draw(meaning)) for raw in raws if not _known(raw, role)]
    return tuple(found)


@st.composite
def instruments(draw: st.DrawFn) -> tuple[Instrument, ...]:
    found = []
    for name in draw(st.lists(NAMES, max_size=2, unique=True)):
        low, high = sorted(draw(st.lists(NUMBERS, min_size=2, max_size=2, unique=True)))
        start, follow_up = draw(st.lists(NAMES, min_size=2, max_size=2, unique_by=lambda text: text.strip().casefold()))
        change = draw(st.one_of(st.none(), st.just(high - low)))
        about = draw(NAMES)
        codes = tuple(draw(st.lists(st.sampled_from(["L03", "L86"]), unique=True)))
        better = draw(st.sampled_from(Better))
        found.append(Instrument(name, start, follow_up, low, high, better, change or None, about, about, codes))
    return tuple(found)


SETTINGS = st.builds(
    Settings,
    clinic=st.one_of(st.none(), NAMES),
    columns=st.dictionaries(st.sampled_from(roles()), st.lists(NAMES, max_size=3).map(tuple)).map(
        lambda found: tuple(found.items())
    ),
    unused=st.lists(NAMES, max_size=3).map(tuple),
    fixed=st.fixed_dictionaries(
        {},
        optional={
            "specialty": st.sampled_from(["51", "62"]),
            "course": st.sampled_from(["structured", "unknown"]),
            "condition": st.lists(st.sampled_from(LISTED), min_size=1, unique=True).map("+".join),
            "findings_certain": st.sampled_from(["yes", "no"]),
        },
    ).map(lambda found: tuple(found.items())),
    services=st.lists(
        st.builds(
            Service,
            NAMES.map(lambda text: " ".join(text.split())).filter(bool),
            st.one_of(st.none(), st.sampled_from(Course)),
            st.lists(st.sampled_from(Condition), unique=True).map(tuple),
        ),
        max_size=3,
        unique_by=lambda service: service.code,
    ).map(tuple),
    values=aliases(),
    severities=st.dictionaries(
        st.sampled_from([check.id for check in CHECKS]), st.one_of(st.none(), st.sampled_from(Severity))
    ).map(lambda found: tuple(found.items())),
    instruments=instruments(),
    interview=st.fixed_dictionaries(
        {}, optional={"specialty": st.sampled_from(["51", "83"]), "course": st.sampled_from(list(map(str, Course)))}
    ).map(lambda found: tuple(found.items())),
)
REMARKS = st.builds(
    FileRemarks,
    export=TEXTS,
    columns=st.lists(st.tuples(st.sampled_from(roles()), TEXTS), max_size=2).map(tuple),
    unused=st.lists(TEXTS, max_size=3).map(tuple),
    values=st.lists(st.tuples(st.sampled_from(["course", "condition"]), TEXTS), max_size=3).map(tuple),
    services=st.lists(TEXTS, max_size=3).map(tuple),
)


@given(settings=SETTINGS, remarks=REMARKS, language=st.sampled_from(Language))
def test_settings_that_are_written_are_read_back_whatever_they_hold(
    settings: Settings, remarks: FileRemarks, language: Language, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "written" / "icpc.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(written(Voice(language), settings, remarks), encoding="utf-8", newline="\n")
    assert load(path, load_guideline()) == settings


@given(SETTINGS, REMARKS)
def test_a_written_file_has_only_lines_that_can_be_seen(settings: Settings, remarks: FileRemarks) -> None:
    assert all(line.isprintable() for line in written(Voice(), settings, remarks).split("\n"))


def test_the_comments_fit_a_small_window() -> None:
    for language in Language:
        assert max(map(len, written(Voice(language), Settings(), FileRemarks("maj.csv")).split("\n"))) < 80


# What is seen of an export


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_the_different_values_of_each_column_are_counted(encoding: str, export: Path, guideline: Guideline) -> None:
    export.write_text(EXPORT, encoding=encoding)
    (sample,) = samples(guideline, [str(export)])
    columns = {column.header: column for column in sample.columns}
    assert (sample.records, sample.delimiter) == (3, ";")
    assert columns["Ydelse"] == CellColumn("Ydelse", (("0110", 2), ("0120", 1)), 0)
    assert columns["Diag."] == CellColumn("Diag.", (("L86", 1), ("venter", 1)), 1)
    assert ("Patienten har haft ondt i ryggen længe", 3) in columns["Tekst"].values


def test_records_that_cannot_be_read_and_blank_lines_are_passed_over(export: Path, guideline: Guideline) -> None:
    export.write_text(EXPORT + "\n\n1;2\n;;;;;;;;\n" + '"broken;1;2\n', encoding="utf-8")
    assert samples(guideline, [str(export)])[0].records == 3


def test_only_the_beginning_of_a_long_export_is_looked_at(export: Path, guideline: Guideline) -> None:
    export.write_text("ICPC;Spec\n" + "L86;51\n" * 7000, encoding="utf-8")
    assert samples(guideline, [str(export)])[0].records == 2000


def test_a_letter_beyond_utf_8_far_into_the_file_changes_its_encoding(export: Path, guideline: Guideline) -> None:
    export.write_bytes(b"ICPC;Spec;Tilstand\n" + b"L86;51;\n" * 40000 + "L86;51;Knæartrose\n".encode("cp1252"))
    assert samples(guideline, [str(export)])[0].records == 2000


# What is proposed and asked


def sample(**columns: list[str]) -> Sample:
    """An export with these headers (underscores are spaces) and cells."""
    found = []
    for header, cells in columns.items():
        values = {cell: cells.count(cell) for cell in cells if cell}
        ordered = tuple(sorted(values.items(), key=lambda pair: -pair[1]))
        found.append(CellColumn(header.replace("_", " "), ordered, cells.count("")))
    return Sample("a.csv", "utf-8", ";", max(map(len, columns.values())), tuple(found))


def conversation(proposal: Proposal, *answers: Answered) -> tuple[list[Ask], Given]:
    """What is asked one after the other when these answers are given; further questions are left as they are."""
    given: dict[tuple[str, str, str], Answered] = {}
    asks: list[Ask] = []
    rest = list(answers)
    while ask := proposal.next_question(given):
        asks.append(ask)
        given[ask.key] = rest.pop(0) if rest else SKIP
    assert not rest, f"not asked for: {rest}"
    return asks, given


CLEAR = {
    "CPR": ["010140-5000"], "Dato": ["2.3.2026"], "ICPC": ["L86"], "Spec": ["51"], "Forløbstype": ["andet"],
    "Tilstand": ["Knæartrose"], "Klinik": ["Øst"],
}  # fmt: skip


def test_nothing_is_asked_where_all_is_clear(guideline: Guideline) -> None:
    proposal = Proposal(guideline, sample(**CLEAR), Settings())
    asks, given = conversation(proposal)
    assert asks == []
    assert proposal.settings(given) == Settings(
        clinic="Øst",
        columns=(
            ("patient", ("CPR",)),
            ("date", ("Dato",)),
            ("specialty", ("Spec",)),
            ("course", ("Forløbstype",)),
            ("condition", ("Tilstand",)),
            ("code", ("ICPC",)),
            ("clinic", ("Klinik",)),
        ),
    )


def test_a_near_miss_is_asked_about_and_a_no_is_kept(guideline: Guideline) -> None:
    columns = {header: cells for header, cells in CLEAR.items() if header != "CPR"}
    proposal = Proposal(guideline, sample(**columns, Patienter_i_ambulant_spor=["1", "2"]), Settings())
    asks, given = conversation(proposal, "Patienter i ambulant spor")
    assert asks == [Ask(AskTopic.COLUMN, "patient", choices=("Patienter i ambulant spor",))]
    assert ("patient", ("Patienter i ambulant spor",)) in proposal.settings(given).columns
    _, given = conversation(proposal, SKIP)
    assert ("patient", ()) in proposal.settings(given).columns


def test_two_headers_for_one_role_are_asked_about(guideline: Guideline) -> None:
    proposal = Proposal(guideline, sample(**CLEAR, Diagnosekode=["L86"]), Settings())
    asks, given = conversation(proposal, "Diagnosekode")
    assert asks == [
        Ask(AskTopic.COLUMN, "code", choices=("ICPC", "Diagnosekode")),
        Ask(AskTopic.UNUSED, choices=("ICPC",)),
    ]
    assert ("code", ("Diagnosekode",)) in proposal.settings(given).columns


def test_columns_that_may_matter_are_asked_about_once_and_those_that_do_not_are_kept(guideline: Guideline) -> None:
    columns = {**CLEAR, "Fremmøde": ["mødt", "afbud"], "Udfald": ["ja", "nej"], "Felt": ["a", "b"]}
    asks, given = conversation(proposal := Proposal(guideline, sample(**columns), Settings()), ("Fremmøde",))
    assert asks == [Ask(AskTopic.UNUSED, choices=("Fremmøde", "Udfald"))]
    settings, remarks = proposal.settings(given), proposal.remarks(given)
    assert (settings.unused, remarks.unused) == (("Fremmøde",), ("Udfald", "Felt"))
    text = written(Voice(), settings, remarks)
    assert 'unused = "Fremmøde"  # siger intet om kodningen' in text
    again, _ = conversation(proposal.after(settings))
    assert again == [Ask(AskTopic.UNUSED, choices=("Udfald",))]


def test_a_column_is_recognised_by_what_stands_in_it(guideline: Guideline) -> None:
    columns = {
        "Kolonne_A": ["L86", "L90 Artrose", ""], "Q": ["57 Ridefysioterapi"], "Nr": ["010190-1234"],
        "Hvornår": ["1.2.2026"], "W": ["Strukt. forløb", "Andet forløb"], "Hvorfor": ["Coxartrose", "Iskias"],
    }  # fmt: skip
    asks, given = conversation(proposal := Proposal(guideline, sample(**columns), Settings()))
    assert [(ask.role, ask.choices) for ask in asks if ask.topic is AskTopic.COLUMN] == [("date", ("Hvornår",))]
    found = {role: headers[0] for role, headers in proposal.settings(given).columns if headers}
    assert found == {"code": "Kolonne A", "specialty": "Q", "patient": "Nr", "course": "W", "condition": "Hvorfor"}


def test_a_diagnosis_that_holds_codes_is_the_code_column(guideline: Guideline) -> None:
    proposal = Proposal(guideline, sample(Diagnose=["L86"], Spec=["51"]), Settings())
    assert ("code", ("Diagnose",)) in proposal.settings({}).columns


def test_without_a_likely_code_column_any_may_be_chosen_and_else_nothing_is_coded(guideline: Guideline) -> None:
    proposal = Proposal(guideline, sample(Spec=["51"], Tilstand=["Iskias"], Q=["x"], W=["y"]), Settings())
    asks, given = conversation(proposal, SKIP)
    assert asks[0] == Ask(AskTopic.COLUMN, "code", choices=("Q", "W"))
    assert "code" not in dict(proposal.settings(given).columns)
    assert proposal.settings(given).without_codes
    _, given = conversation(proposal, "Q")
    assert not proposal.settings(given).without_codes


def test_a_column_that_may_hold_codes_is_never_passed_over_as_none(guideline: Guideline) -> None:
    likely = sample(Spec=["51", "51", "51"], Tilstand=["Iskias"] * 3, Kode_fra_lægen=["L86", "uklart", "afventer"])
    elsewhere = sample(Spec=["51"], Ydelsesnr=["0110"], Dato=["2.3.2026"])
    for seen in (likely, elsewhere):
        proposal = Proposal(guideline, seen, Settings())
        _, declined = conversation(proposal)
        for answers in ({}, declined):
            assert not proposal.settings(answers).without_codes
            assert proposal.missing(answers) == ("code",)


def test_whoever_leaves_every_answer_where_it_starts_gives_nothing_a_meaning(guideline: Guideline) -> None:
    columns = {"Spec": ["51"], "Tilstand": ["Skulder ukl.", "Ditten"], "Sikre_fund": ["måske"], "Ydelse": ["0110"]}
    proposal = Proposal(guideline, sample(**columns, Sidespor=["a"]), Settings())
    asks, given = conversation(proposal)
    settings = proposal.settings(given)
    assert {ask.topic for ask in asks} >= {AskTopic.COLUMN, AskTopic.VALUE, AskTopic.SERVICES}
    assert (settings.values, settings.services, settings.fixed) == ((), (), ())


def test_a_service_means_a_course_only_where_the_text_beside_it_says_so(guideline: Guideline) -> None:
    rows = (
        ("0110", "Strukt. forløb, 1. kons.", "51", ""),
        ("0111", "Konsultation", "51", ""),
        ("0210", "Andet forløb, konsultation", "51", ""),
        ("0310", "Alm. behandling", "51", ""),
        ("0410", "Struktureret forløb - knæartrose", "51", ""),
        ("0510", "Struktureret forløb", "51", ""),
        ("0510", "Konsultation", "51", ""),
    )
    headers = ("Ydelsesnr.", "Ydelsestekst", "Spec", "ICPC")
    columns = tuple(CellColumn.of(header, [row[at] for row in rows]) for at, header in enumerate(headers))
    proposal = Proposal(guideline, Sample("a.csv", "utf-8", ";", len(rows), columns, rows), Settings())
    told = {service.code: (service.course, service.conditions) for service in proposal.settings({}).services}
    assert told == {
        "0110": (Course.STRUCTURED, ()),
        "0210": (Course.OTHER, ()),
        "0410": (Course.STRUCTURED, (Condition.KNEE_OSTEOARTHRITIS,)),
    }
    asks, _ = conversation(proposal)
    assert [ask.choices for ask in asks if ask.topic is AskTopic.SERVICES] == [("0510", "0111", "0310")]


def test_the_text_of_a_service_may_stand_behind_its_code(guideline: Guideline) -> None:
    services = ["5115 Struktureret knæ", "0212 - strukt. opfølgning", "5101 1. konsultation", "0300"]
    rows = tuple((service, "51", "") for service in services)
    columns = tuple(
        CellColumn.of(header, [row[at] for row in rows]) for at, header in enumerate(("Ydelse", "Spec", "ICPC"))
    )
    proposal = Proposal(guideline, Sample("a.csv", "utf-8", ";", len(rows), columns, rows), Settings())
    told = {service.code: service.course for service in proposal.settings({}).services}
    assert told == dict.fromkeys(services[:2], Course.STRUCTURED)


def test_a_file_without_specialty_gets_one_for_all_rows(guideline: Guideline) -> None:
    columns = {header: cells for header, cells in CLEAR.items() if header != "Spec"}
    proposal = Proposal(guideline, sample(**columns), Settings())
    asks, given = conversation(proposal, "57")
    assert asks == [Ask(AskTopic.SPECIALTY)]
    assert proposal.settings(given).fixed == (("specialty", "57"),)
    _, given = conversation(proposal, None)
    assert proposal.settings(given).fixed == ()


def test_values_that_are_not_known_are_asked_about_most_often_first(guideline: Guideline) -> None:
    columns = CLEAR | {"Forløbstype": ["FYS", "FYS", "IND", "andet", "", "ved ikke"]}
    proposal = Proposal(guideline, sample(**columns), Settings())
    asks, given = conversation(proposal, "structured", SKIP)
    assert asks == [
        Ask(AskTopic.VALUE, "course", "FYS", counts=(2,)),
        Ask(AskTopic.VALUE, "course", "IND", counts=(1,)),
    ]
    assert proposal.settings(given).values == (("course", "FYS", "structured"),)
    assert proposal.remarks(given).values == (("course", "IND"),)


def test_the_rest_of_a_column_can_be_left_as_it_is(guideline: Guideline) -> None:
    columns = CLEAR | {"Forløbstype": ["a", "b", "c"], "Sikre_fund": ["delvis"]}
    asks, given = conversation(Proposal(guideline, sample(**columns), Settings()), REST, "yes")
    assert [(ask.role, ask.subject) for ask in asks] == [("course", "a"), ("findings_certain", "delvis")]
    assert Proposal(guideline, sample(**columns), Settings()).settings(given).values == (
        ("findings_certain", "delvis", "yes"),
    )


def test_neither_cpr_numbers_nor_long_texts_are_asked_about_or_written(guideline: Guideline) -> None:
    columns = CLEAR | {"Tilstand": ["010190-1234 ringer", "x" * 99], "Klinik": ["Klinik 0101901234"]}
    proposal = Proposal(guideline, sample(**columns), Settings())
    asks, given = conversation(proposal)
    assert [ask.topic for ask in asks] == [AskTopic.CLINIC]
    text = written(Voice(), proposal.settings(given), proposal.remarks(given))
    assert "1234" not in text.replace('"1234"', "")


def test_services_are_asked_about_where_no_column_says_the_course(guideline: Guideline) -> None:
    columns = {header: cells for header, cells in CLEAR.items() if header not in ("Forløbstype", "Tilstand")}
    columns["Ydelse"] = ["0110", "0110", "0120"]
    proposal = Proposal(guideline, sample(**columns), Settings())
    asks, given = conversation(proposal, ("0110",), "lumbar_stenosis")
    assert asks == [
        Ask(AskTopic.SERVICES, choices=("0110", "0120"), counts=(2, 1)),
        Ask(AskTopic.SERVICE, subject="0110"),
    ]
    assert proposal.settings(given).services == (Service("0110", Course.STRUCTURED, (Condition.LUMBAR_STENOSIS,)),)
    assert proposal.remarks(given).services == ("0120",)


def test_services_are_not_asked_about_where_the_column_says_the_course(guideline: Guideline) -> None:
    asks, _ = conversation(Proposal(guideline, sample(**CLEAR, Ydelse=["0110"]), Settings()))
    assert asks == []


def test_what_the_settings_say_is_kept_and_not_asked_again(guideline: Guideline) -> None:
    base = Settings(
        clinic="Vest",
        columns=(("code", ("Kode", "Diag.")), ("patient", ()), ("date", ())),
        fixed=(("specialty", "51"),),
        services=(Service("0110", Course.STRUCTURED),),
        values=(("condition", "Ryg", "lumbar_stenosis"),),
        severities=(("K104", None),),
    )
    seen = sample(**{"Diag.": ["L86"], "CPR": ["1"], "Ydelse": ["0110"], "Tilstand": ["Ryg"]})
    proposal = Proposal(guideline, seen, base)
    asks, given = conversation(proposal)
    assert asks == []
    after = proposal.settings(given)
    assert after.columns == (
        ("patient", ()),
        ("date", ()),
        ("service", ("Ydelse",)),
        ("condition", ("Tilstand",)),
        ("code", ("Kode", "Diag.")),
    )
    assert (after.clinic, after.fixed, after.services, after.values, after.severities) == (
        base.clinic,
        base.fixed,
        base.services,
        base.values,
        base.severities,
    )


CELLS = st.lists(
    st.one_of(st.sampled_from(["", "L86", "51", "ja", "STR", "010190-1234", "1.2.2026"]), st.text(max_size=5)),
    max_size=5,
)
HEADERS = st.one_of(
    st.sampled_from(["ICPC", "Diag.", "Spec", "Dato", "Dato 2", "Ydelse", "Forløb", "rest"]), st.text(max_size=8)
)


@given(columns=st.lists(st.tuples(HEADERS, CELLS), min_size=1, max_size=6), data=st.data())
def test_every_conversation_ends_and_what_comes_of_it_is_read_back(
    columns: list[tuple[str, list[str]]], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    guideline = load_guideline()
    found = tuple(sample(x=cells).columns[0] for _, cells in columns)
    seen = Sample(
        "a.csv",
        "utf-8",
        ";",
        5,
        tuple(
            CellColumn(header.strip(), each.values, each.blank)
            for (header, _), each in zip(columns, found, strict=True)
        ),
    )
    proposal, given = Proposal(guideline, seen, Settings()), dict[tuple[str, str, str], Answered]()
    while ask := proposal.next_question(given):
        assert ask.key not in given
        given[ask.key] = data.draw(st.sampled_from(_answers(ask)))
        assert len(given) < 100
    settings = proposal.settings(given)
    path = tmp_path_factory.getbasetemp() / "written" / "icpc.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(written(Voice(), settings, proposal.remarks(given)), encoding="utf-8", newline="\n")
    assert load(path, guideline) == settings


def _answers(ask: Ask) -> list[Answered]:
    match ask.topic:
        case AskTopic.COLUMN:
            return [*ask.choices, SKIP]
        case AskTopic.SPECIALTY:
            return ["51", None]
        case AskTopic.VALUE:
            meaning = {"specialty": "62", "course": "structured", "condition": "lumbar_stenosis"}.get(ask.role, "yes")
            return [meaning, SKIP, REST]
        case AskTopic.SERVICES:
            return [(), ask.choices, ask.choices[:1]]
        case AskTopic.SERVICE:
            return ["other", SKIP]
        case _:
            return ["Klinik", " ", SKIP]


# The command


def test_with_yes_the_certain_is_written_and_the_rest_is_a_suggestion(export: Path, icpc: Any) -> None:
    ended = icpc("init", "--yes", str(export))
    assert (ended.status, ended.err) == (0, "")
    target = export.with_name("icpc.toml")
    text = target.read_text(encoding="utf-8")
    assert '# code = "Diag."' in text
    assert '# "Rygprobl." = "..."' in text
    assert '# "delvis" = "..."' in text
    assert 'patient = "CPR nr"' in text
    assert "1231" not in ended.out + text
    assert "ondt i ryggen" not in ended.out + text
    assert max(map(len, ended.out.split("\n"))) <= 80 or str(export) in ended.out
    assert [path.name for path in sorted(export.parent.iterdir())] == ["icpc.toml", "maj.csv"]


def test_who_the_patients_are_is_not_shown(export: Path, icpc: Any) -> None:
    export.write_text(
        "ICPC;Spec;CPR;Patientens navn;Behandlernavn 2;Mobil;Notat;Rest\n"
        "L86;51;010190-1231;Jens Jensen;Ida Ibsen;87654321;Kort notat;Hemmeligt\n",
        encoding="utf-8",
    )
    shown = icpc("init", "--yes", str(export)).out
    assert [text for text in ("1231", "Jens", "Ibsen", "87654321", "Kort", "Hemmeligt") if text in shown] == []
    assert "L86" in shown


def test_what_a_check_needs_and_the_file_does_not_say_is_named_at_the_end(export: Path, icpc: Any) -> None:
    assert "i icpc.toml mangler: kode\n" in icpc("init", "--yes", str(export)).out
    export.with_name("icpc.toml").unlink()
    export.write_text("ICPC;Spec\nL86;51\n", encoding="utf-8")
    assert (
        f"Intet forløb kan afgøres endnu. Kontrollen siger hvorfor:  icpc check {export}"
        in icpc("init", "--yes", str(export)).out
    )
    export.with_name("icpc.toml").unlink()
    export.write_text("ICPC;Spec;Forløbstype;Tilstand\n;51;Strukt.;Gonartrose\n", encoding="utf-8")
    said = icpc("init", "--yes", str(export)).out
    assert "Ingen kolonne med patient eller forløbsnummer" in said
    assert f"Nu kan du kontrollere:  icpc check {export}" in said


def test_a_number_that_is_no_specialty_of_physiotherapy_is_asked_about(export: Path, icpc: Any) -> None:
    export.write_text("ICPC;Spec\nL86;51\nL86;99\nL86;511\nL86;62\n", encoding="utf-8")
    icpc("init", "--yes", str(export))
    settings = export.with_name("icpc.toml").read_text(encoding="utf-8")
    assert '# "99" = ' in settings
    assert '# "511" = ' not in settings
    assert '# "62" = ' not in settings


def test_every_column_is_offered_and_first_those_whose_cells_speak_for_the_role(guideline: Guideline) -> None:
    columns = {f"Felt{number}": [f"a{number}"] for number in range(50)}
    ask = Proposal(guideline, sample(ICPC=["L86"], **columns, Gruppe=["51"]), Settings()).next_question({})
    assert ask is not None
    assert (ask.role, len(ask.choices), ask.choices[0]) == ("specialty", 51, "Gruppe")


def test_files_that_belong_together_are_one_and_none_is_asked_for_what_another_has(export: Path, icpc: Any) -> None:
    journal = export.with_name("journal.csv")
    export.write_text("Dato;CPR;Ydelse;Speciale\n01-02-2026;010190-1231;0110;51\n", encoding="utf-8")
    journal.write_text("Dato;CPR;ICPC;Tilstand;Type\n01-02-2026;010190-1231;L86;Iskias;Strukt.\n", encoding="utf-8")
    alone = icpc("init", "--yes", str(export))
    assert "mangler: kode" in alone.out
    export.with_name("icpc.toml").unlink()
    ended = icpc("init", "--yes", str(export), str(journal))
    assert f"Nu kan du kontrollere:  icpc check {export} {journal}" in ended.out
    text = export.with_name("icpc.toml").read_text(encoding="utf-8")
    assert all(f"\n{line}\n" in text for line in ('code = "ICPC"', 'service = "Ydelse"', 'date = "Dato"'))
    assert "\nwithout_codes" not in text
    assert icpc("check", str(export), str(journal)).status == 0


def test_files_of_the_same_columns_are_looked_at_as_one(export: Path, icpc: Any) -> None:
    june = export.with_name("juni.csv")
    june.write_text(EXPORT.replace("delvis", "tildels"), encoding="utf-8")
    ended = icpc("init", "--yes", str(export.parent))
    assert " + 1 · utf-8\n9 kolonner · de første 6 linjer" in ended.out
    text = export.with_name("icpc.toml").read_text(encoding="utf-8")
    assert all(text.count(f'# "{value}" = ') == 1 for value in ("delvis", "tildels", "Rygprobl."))


def test_each_file_begins_with_what_is_settled_and_nothing_is_asked_twice(guideline: Guideline) -> None:
    services = sample(CPR=["1"], Dato=["2.3.2026"], Spec=["51"], Ydelse=["0110"])
    journal = sample(CPR=["1"], Dato=["2.3.2026"], Diag=["L86"], Tilstand=["Ditten"], Forløbstype=["andet"])
    asked, given = list[Ask](), Answers()
    proposals = Proposals(guideline, [services, journal], Settings(), [{"code", "course", "condition"}, {"specialty"}])
    while question := proposals.next_question(given):
        number, *_, ask = question
        asked.append(ask)
        given[number, ask.key] = SKIP
    assert [(ask.topic, ask.role) for ask in asked] == [
        (AskTopic.CLINIC, ""),
        (AskTopic.VALUE, "condition"),
    ]
    columns = dict(proposals.settings(given).columns)
    assert (columns["specialty"], columns["code"], columns["date"]) == (("Spec",), ("Diag",), ("Dato",))
    assert proposals.missing(given) == ()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_the_file_belongs_to_its_owner_only(export: Path, icpc: Any) -> None:
    icpc("init", "--yes", str(export))
    assert stat.S_IMODE(export.with_name("icpc.toml").stat().st_mode) == 0o600


def test_a_file_that_is_there_is_not_replaced_without_asking(export: Path, icpc: Any) -> None:
    export.with_name("icpc.toml").write_text("# mine\n", encoding="utf-8")
    ended = icpc("init", "--yes", str(export))
    assert (ended.status, ended.out) == (2, "")
    assert "findes allerede" in ended.err
    assert export.with_name("icpc.toml").read_text(encoding="utf-8") == "# mine\n"


def test_without_a_terminal_nothing_is_asked_and_nothing_written(export: Path, icpc: Any) -> None:
    ended = icpc("init", str(export))
    assert (ended.status, ended.out) == (2, "")
    assert f"icpc init {export} --yes" in ended.err
    assert not export.with_name("icpc.toml").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "filen findes ikke"), (b"", "filen er tom"), (b"\x89PNG\r\n", "ikke en tekstfil")],
    ids=["missing", "empty", "picture"],
)
def test_what_cannot_be_read_is_one_message(content: bytes | None, said: str, tmp_path: Path, icpc: Any) -> None:
    path = tmp_path / "a.csv"
    if content is not None:
        path.write_bytes(content)
    ended = icpc("init", "--yes", str(path))
    assert (ended.status, ended.out) == (2, "")
    assert said in " ".join(ended.err.split())


def test_a_file_above_that_is_wrong_is_named_before_anything_is_asked(export: Path, icpc: Any) -> None:
    inner = export.parent / "2026"
    inner.mkdir()
    export.rename(inner / "maj.csv")
    (export.parent / "icpc.toml").write_text("[columns]\nkodde = 'x'\n", encoding="utf-8")
    ended = icpc("init", "--yes", str(inner / "maj.csv"))
    assert ended.status == 2
    assert "linje 2: nøglen columns.kodde kendes ikke. Mente du code?" in " ".join(ended.err.split())
    assert not (inner / "icpc.toml").exists()


def test_a_folder_that_cannot_be_written_is_one_message_and_leaves_nothing(
    export: Path, icpc: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    ended = icpc("init", "--yes", str(export))
    assert ended.status == 2
    assert "disken" in ended.err
    assert [path.name for path in export.parent.iterdir()] == ["maj.csv"]


@pytest.mark.parametrize(
    ("text", "hidden"),
    [("010190-1234", "••••••-••34"), ("F000123", "•••••23"), ("12", "••"), ("", ""), (" 7 ", "•")],
)
def test_a_patient_is_shown_by_the_last_two_characters(text: str, hidden: str) -> None:
    assert masked(text) == hidden


# In a terminal


@pseudo_terminal
@pytest.mark.parametrize("rows", [24, 10])
def test_forty_columns_scroll_below_their_question_and_the_first_answer_changes_nothing(
    export: Path, rows: int
) -> None:
    from tests.terminal import PAGE_DOWN, PAGE_UP, Terminal

    headers = [f"Felt {number}" for number in range(38)]
    line = ";".join(["a"] * len(headers))
    export.write_text(f"{';'.join(headers)};Gruppe;ICPC\n{line};51;L86\n{line};99;L86\n", encoding="utf-8")
    with Terminal("init", str(export), rows=rows) as terminal:
        terminal.wait_for("»  0  Ingen af dem", "? Hvilken kolonne skal bruges som", "svar mere")
        terminal.press(PAGE_DOWN * 10, "? Hvilken kolonne skal bruges som", "» 39  Gruppe")
        terminal.press(PAGE_UP * 10, "»  0  Ingen af dem")


@pseudo_terminal
def test_the_interview_asks_what_is_unclear_and_writes_after_a_yes(export: Path, guideline: Guideline) -> None:
    from tests.terminal import BACKSPACE, ENTER, LEFT, Terminal

    with Terminal("init", str(export), rows=30) as terminal:
        screen = terminal.wait_for("Hvilken kolonne skal bruges som kode?", "L86, venter")
        assert "••••••-••31" in screen
        assert "1231" not in screen
        terminal.press("1", 'Skal kolonnen "Tekst" bruges som notat?')
        terminal.press(LEFT, "Hvilken kolonne skal bruges som kode?")
        terminal.press("1", 'Skal kolonnen "Tekst" bruges som notat?')
        terminal.press("n", 'Hvad betyder "Rygprobl." i kolonnen Tilstand?')
        terminal.press("6", 'Hvad betyder "delvis" i kolonnen Sikre fund?')
        terminal.press("1", "ydelseskoder, der betyder et struktureret forløb", "0110  (2 linjer)")
        terminal.press("1" + ENTER, "Hvad hedder klinikken?")
        terminal.press("Klinik Østt", "Klinik Østt")
        terminal.press(BACKSPACE + ENTER, 'clinic = "Klinik Øst"', "[j] skriv filen")
        assert not export.with_name("icpc.toml").exists()
        terminal.send("j")
        assert terminal.ended() == 0
        assert "Skrevet:" in terminal.screen
    assert load(export.with_name("icpc.toml"), guideline) == Settings(
        clinic="Klinik Øst",
        columns=(
            ("patient", ("CPR nr",)),
            ("date", ("Dato",)),
            ("specialty", ("Spec",)),
            ("service", ("Ydelse",)),
            ("condition", ("Tilstand",)),
            ("note", ()),
            ("findings_certain", ("Sikre fund",)),
            ("code", ("Diag.",)),
        ),
        services=(Service("0110", Course.STRUCTURED),),
        values=(("condition", "Rygprobl.", "primary_low_back_pain"), ("findings_certain", "delvis", "yes")),
    )


@pseudo_terminal
def test_an_odd_specialty_is_asked_about_once(export: Path, guideline: Guideline) -> None:
    from tests.terminal import BACKSPACE, ENTER, Terminal

    export.write_text("ICPC\nL86\n", encoding="utf-8")
    with Terminal("init", str(export)) as terminal:
        terminal.wait_for("Hvilket speciale gælder alle linjer?")
        terminal.press("511" + ENTER, "Er det speciale 51? 511")
        terminal.press("n", "Hvilket speciale gælder alle linjer?")
        terminal.press(BACKSPACE * 3 + "571" + ENTER, "Er det speciale 57? 571")
        terminal.press("j", "Hvad hedder klinikken?")
        terminal.press(ENTER, "[j] skriv filen")
        terminal.send("j")
        assert terminal.ended() == 0
    assert dict(load(export.with_name("icpc.toml"), guideline).fixed) == {"specialty": "57"}


@pseudo_terminal
def test_a_no_at_the_end_writes_nothing(export: Path) -> None:
    from tests.terminal import ENTER, Terminal

    export.write_text("ICPC;Spec\nL86;51\n", encoding="utf-8")
    with Terminal("init", str(export)) as terminal:
        terminal.wait_for("Hvad hedder klinikken?")
        terminal.press(ENTER, "[n] skriv ikke")
        terminal.send("n")
        assert terminal.ended() == 0
        assert "Intet er skrevet." in terminal.screen
    assert [path.name for path in export.parent.iterdir()] == ["maj.csv"]


@pseudo_terminal
def test_a_file_that_is_there_is_read_first_and_replaced_only_after_a_yes(export: Path, guideline: Guideline) -> None:
    from tests.terminal import Terminal

    target = export.with_name("icpc.toml")
    export.write_text("ICPC;Spec\nL86;51\n", encoding="utf-8")
    target.write_text('clinic = "Vest" # vores\n[severity]\nK104 = "off"\n', encoding="utf-8")
    with Terminal("init", str(export), "--lang", "en") as terminal:
        terminal.wait_for("will be replaced", "[y] replace the file")
        terminal.send("y")
        assert terminal.ended() == 0
    assert load(target, guideline) == Settings(
        clinic="Vest", columns=(("specialty", ("Spec",)), ("code", ("ICPC",))), severities=(("K104", None),)
    )


@pseudo_terminal
@pytest.mark.parametrize("where", ["Hvilken kolonne", "Hvad hedder", "[j] skriv"])
def test_ctrl_c_leaves_everything_as_it_was(where: str, export: Path) -> None:
    from tests.terminal import CTRL_C, ENTER, Terminal

    if where != "Hvilken kolonne":
        export.write_text("ICPC;Spec\nL86;51\n", encoding="utf-8")
    with Terminal("init", str(export)) as terminal:
        if where == "[j] skriv":
            terminal.wait_for("Hvad hedder")
            terminal.send(ENTER)
        terminal.wait_for(where)
        terminal.send(CTRL_C)
        assert terminal.ended() == 130
    assert [path.name for path in export.parent.iterdir()] == ["maj.csv"]


@pseudo_terminal
def test_where_no_keys_can_be_read_lines_are_typed(export: Path, guideline: Guideline) -> None:
    from tests.terminal import Terminal

    export.write_text("Kode fra lægen;Spec\nventer;51\n", encoding="utf-8")
    with Terminal("init", str(export), TERM="dumb", rows=60) as terminal:
        terminal.wait_for('Skal kolonnen "Kode fra lægen" bruges som kode?', "Svar (")
        terminal.answer("j")
        terminal.wait_for("Hvad hedder klinikken?")
        terminal.answer("<")
        terminal.wait_until(lambda: terminal.screen.count("Skal kolonnen") == 2)
        terminal.answer("j")
        terminal.wait_until(lambda: terminal.screen.count("Hvad hedder klinikken?") == 2)
        terminal.answer("Klinik Øst")
        terminal.wait_for("[j] skriv filen", "Tast:")
        terminal.answer("j")
        assert terminal.ended() == 0
    assert load(export.with_name("icpc.toml"), guideline).clinic == "Klinik Øst"


def test_a_workbook_is_looked_at_as_well(export: Path, icpc: Any) -> None:
    from openpyxl import Workbook

    workbook = Workbook()
    for name in ("Maj", "Juni"):
        sheet = workbook.create_sheet(name)
        for row in (["ICPC", "Spec", "Dato"], ["L86", 51, "1.2.2026"]):
            sheet.append(row)
    path = export.with_suffix(".xlsx")
    workbook.save(path)
    assert '--sheet "Maj"' in icpc("init", "--yes", str(path)).err
    ended = icpc("init", "--yes", "--sheet", "juni", str(path))
    assert (ended.status, ended.err) == (0, "")
    assert "Juni" in ended.out
    assert 'code = "ICPC"' in path.with_name("icpc.toml").read_text(encoding="utf-8")


def test_values_that_the_settings_cannot_tell_apart_are_one(icpc: Icpc, tmp_path: Path) -> None:
    said = ("P", "rest", "p", "Rest", "p ")
    rows = "".join(f"0{n}-03-2026;p{n};51;{each};Iskias;L86\n" for n, each in enumerate(said, 1))
    header = "Dato;Patient;Speciale;Forløbstype;Problemstilling;ICPC\n"
    (tmp_path / "k.csv").write_text(header + rows, encoding="utf-8")
    assert icpc("init", str(tmp_path / "k.csv"), "--yes").status == 0
    written = (tmp_path / "icpc.toml").read_text(encoding="utf-8")
    asked = re.findall(r'^# "(\w+) *" = "\.\.\."$', written, re.MULTILINE)
    assert [each.lower() for each in asked] == ["p", "rest"]
