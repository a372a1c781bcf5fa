"""The page for partners: what is on it, and that nothing of a single patient is."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from icpc_cli.guideline import Guideline, load_wording
from icpc_cli.network.partner import PatientGroup, PatientGroups
from icpc_cli.pages.partner import partner_page
from icpc_cli.text import Language
from icpc_cli.voice import Voice
from tests.test_report import Tags, hostile

ROOT = Path(__file__).parent.parent
YEAR = ROOT / "data/examples/aar/aar.csv"
TODAY = ("--today", "2026-01-15")


@pytest.fixture
def page(icpc: Any, tmp_path: Path) -> str:
    """The page of the example year."""
    done = icpc("partner", str(YEAR), "--output", str(tmp_path / "side.html"), *TODAY)
    assert done.status == 0
    assert done.out.startswith("Siden er skrevet: ")
    return (tmp_path / "side.html").read_text("utf-8")


def words(page: str) -> str:
    return " ".join(Tags(page).text.split())


def test_the_page_says_which_groups_and_about_how_many(page: str) -> None:
    assert "1. kvartal 2025 til 4. kvartal 2025 behandlede vi omkring 1.860 patienter" in words(page)
    assert "De største grupper er primære smerter i lænderyggen (omkring 445)" in words(page)


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


def test_every_number_on_the_page_is_a_multiple_of_five_or_of_the_calendar(page: str) -> None:
    body = words(page.partition("<body>")[2])
    body = re.sub(r"\d\. kvartal \d{4}|icpc [\d.]+|ICPC-2(-DK)?", "", body)
    numbers = [int(number.replace(".", "")) for number in re.findall(r"\d+(?:\.\d{3})*", body)]
    assert len(numbers) > 10
    assert [number for number in numbers if number % 5] == []


def test_a_name_is_there_only_when_it_is_given(icpc: Any, tmp_path: Path, page: str) -> None:
    assert "Patientgrupper hos klinikken" in words(page)
    path = tmp_path / "x.html"
    icpc("partner", str(YEAR), "--output", str(path), "--name", "Klinik <Vest> & Co", *TODAY)
    assert "Patientgrupper hos Klinik <Vest> & Co" in words(path.read_text("utf-8"))
    assert "<Vest>" not in path.read_text("utf-8")


def test_small_groups_are_not_counted_anywhere(guideline: Guideline) -> None:
    groups = (PatientGroup("knee_osteoarthritis", 20), PatientGroup("hip_osteoarthritis", None))
    page = partner_page(Voice(), PatientGroups("2025-Q1", "2025-Q2", 25, groups, 5), guideline, None)
    assert "færre end 5" in words(page)
    chart = page[page.index("<svg") : page.index("</svg>")]
    assert "hofte" not in chart
    assert "Den største gruppe er artrose i knæ (omkring 20)." in words(page)


def test_a_clinic_with_few_patients_still_gets_a_page(guideline: Guideline) -> None:
    groups = PatientGroups("2025-Q1", "2025-Q1", None, (PatientGroup("other", None),), 5)
    page = partner_page(Voice(Language.EN), groups, guideline, None)
    assert "we treated fewer than 5 patients" in words(page)
    assert "<svg" not in page


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
        (["--today", "2024-01-01"], "så der er ikke noget at vise"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_writes_nothing(icpc: Any, tmp_path: Path, arguments: list[str], said: str) -> None:
    done = icpc("partner", str(YEAR), "--output", str(tmp_path / "x.html"), *TODAY, *arguments)
    assert done.status == 2
    assert said in done.err.replace("\n  ", " ")
    assert not (tmp_path / "x.html").exists()
