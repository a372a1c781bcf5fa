"""The page for partners: what is on it, and that nothing of a single patient is."""

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from icpc_cli.guideline import Guideline, load_wording
from icpc_cli.network.disclosure import Range
from icpc_cli.network.partner import Groups
from icpc_cli.network.periods import named
from icpc_cli.network.tables import CountTable
from icpc_cli.pages.partner import partner_page
from icpc_cli.settings.values import Partner
from icpc_cli.text import Language
from icpc_cli.voice import Voice
from tests.test_report import Tags, hostile

ROOT = Path(__file__).parent.parent
YEAR = ROOT / "data/examples/aar/aar.csv"
TODAY = ("--today", "2026-01-15")


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICPC_DATA", str(tmp_path / "data"))


@pytest.fixture
def page(icpc: Any, tmp_path: Path) -> str:
    """The page of the example year."""
    done = icpc("partner", str(YEAR), "--output", str(tmp_path / "side.html"), *TODAY)
    assert done.status == 0
    assert done.out.startswith("Siden er skrevet: ")
    return (tmp_path / "side.html").read_text("utf-8")


def words(page: str) -> str:
    return " ".join(Tags(page).text.split())


def test_the_page_says_which_groups_and_how_many(page: str) -> None:
    assert "2025 begyndte 2.000 forløb hos os." in words(page)
    assert "De største grupper er primære smerter i lænderyggen (454 forløb), artrose i knæ (445 forløb)" in words(page)


def test_nothing_of_a_patient_or_therapist_is_on_the_page(page: str, guideline: Guideline) -> None:
    text = words(page.partition("</style>")[2])
    with YEAR.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    for column in ("Dato", "CPR-nr", "Forløb ID", "Klinik"):
        assert not [row[column] for row in rows if row[column] and row[column] in page], column
    initials = {row["Behandler"] for row in rows}
    assert not initials & set(re.findall(r"\w+", text))
    noted = {word for row in rows for word in re.findall(r"\w{7,}", row["Notat"].lower())}
    noted -= {word for said in load_wording("report").values() for word in re.findall(r"\w+", said["da"].lower())}
    noted -= {
        word for said in guideline.labels["condition"].values() for word in re.findall(r"\w+", said["da"].lower())
    }
    assert len(noted) > 10
    assert not noted & set(re.findall(r"\w+", text.lower()))


def test_every_number_on_the_page_is_one_of_the_share(icpc: Any, tmp_path: Path, page: str) -> None:
    icpc("network", "share", str(YEAR), "--output", str(tmp_path / "a.json"), "--yes", *TODAY)
    told = json.loads((tmp_path / "a.json").read_text("utf-8"))["periods"]["2025"]
    body = words(re.sub("<svg.*?</svg>", "", page.partition("<body>")[2], flags=re.DOTALL))
    body = re.sub(r"2025 begyndte|icpc [\d.]+|ICPC-2(-DK)?", "", body).replace(".", "")
    numbers = re.findall(r"\d+(?:-\d+)?", body)
    assert len(numbers) > 10
    assert set(numbers) <= set(map(str, [told["courses"], *told["condition"].values()]))


def test_a_name_is_there_only_when_it_is_given(icpc: Any, tmp_path: Path, page: str) -> None:
    assert "Patientgrupper hos klinikken" in words(page)
    path = tmp_path / "x.html"
    icpc("partner", str(YEAR), "--output", str(path), "--name", "Klinik <Vest> & Co", *TODAY)
    assert "Patientgrupper hos Klinik <Vest> & Co" in words(path.read_text("utf-8"))
    assert "<Vest>" not in path.read_text("utf-8")


def groups(by: CountTable, *counts: tuple[str, Range]) -> Groups:
    span = named("2025-H1")
    assert span
    return Groups(span, Range(25, 25), by, counts, Range(0, 0))


def test_small_groups_are_ranges(guideline: Guideline) -> None:
    counts = ("knee_osteoarthritis", Range(20, 20)), ("hip_osteoarthritis", Range(1, 4))
    page = partner_page(Voice(), groups(CountTable.CONDITION, *counts), guideline, None, Partner())
    assert "1-4" in words(page)
    assert "Den største gruppe er artrose i knæ (20 forløb)." in words(page)


def test_without_conditions_the_page_goes_by_code_and_is_never_empty(guideline: Guideline) -> None:
    page = partner_page(
        Voice(), groups(CountTable.CODE, ("L90", Range(20, 20)), ("L", Range(5, 9))), guideline, None, Partner()
    )
    assert "L90" in words(page)
    assert "Andre L-koder" in words(page)
    page = partner_page(Voice(Language.EN), groups(CountTable.CODE), guideline, None, Partner())
    assert "The export does not say what the courses are about." in words(page)
    assert "<svg" not in page
    assert "<table" not in page


def test_the_page_says_in_the_clinics_own_words_what_it_offers_and_how_to_reach_it(icpc: Any, tmp_path: Path) -> None:
    shutil.copy(YEAR, tmp_path / "aar.csv")
    settings = tmp_path / "icpc.toml"
    settings.write_text(
        '[samarbejde]\ntilbud = ["GLA:D-hold ved <b>knæartrose</b>.", "Hjemmebesøg."]\nkontakt = "Tlf. 12 34 56 78"\n',
        encoding="utf-8",
    )
    command = ("partner", str(tmp_path / "aar.csv"), "--output", str(tmp_path / "side.html"), *TODAY)
    assert icpc(*command).status == 0
    page = words((tmp_path / "side.html").read_text("utf-8"))
    assert "Det tilbyder vi GLA:D-hold ved <b>knæartrose</b>. Hjemmebesøg. Kontakt Tlf. 12 34 56 78" in page
    settings.write_text('[partner]\ncontact = "010190-1234"\n', encoding="utf-8")
    assert "må ikke indeholde et CPR-nummer" in icpc(*command).err.replace("\n  ", " ")


def test_a_hostile_export_is_not_on_the_page(icpc: Any, tmp_path: Path) -> None:
    done = icpc("partner", hostile(tmp_path), "--output", str(tmp_path / "s.html"), "--clinic", "Vest", *TODAY)
    assert done.status == 0
    page = (tmp_path / "s.html").read_text("utf-8")
    assert not Tags(page).tags & {"script", "img", "b"}
    assert "alert" not in page
    assert "010190" not in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--min-count", "2"], "--min-count"),
        (["--name", "010190-1234"], "--name"),
        (["--clinic", "Nord"], 'ingen klinik "Nord"'),
        (["--today", "2024-01-01"], "Der er ikke noget at dele"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_writes_nothing(icpc: Any, tmp_path: Path, arguments: list[str], said: str) -> None:
    done = icpc("partner", str(YEAR), "--output", str(tmp_path / "x.html"), *TODAY, *arguments)
    assert done.status == 2
    assert said in done.err.replace("\n  ", " ")
    assert not (tmp_path / "x.html").exists()
