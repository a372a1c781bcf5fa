"""The clinic's quality report: its figures beside a naive count, its forms, and what may not happen in any format."""

import csv
import io
import itertools
import json
import math
import os
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from functools import cache, reduce
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from icpc_cli.cli.comparing import compared
from icpc_cli.errors import UsageError
from icpc_cli.guideline import Guideline, load_guideline
from icpc_cli.judging.check import check_exports
from icpc_cli.judging.figures import Figures, Selection
from icpc_cli.judging.options import Options
from icpc_cli.model import Condition
from icpc_cli.network.files import to_json
from icpc_cli.network.merge import as_member, merge
from icpc_cli.network.share import Network
from icpc_cli.outcomes import Instrument, Standing
from icpc_cli.report.figures import Fault, Report
from icpc_cli.report.measures import read_measure
from icpc_cli.report.statistics import beyond_chance, mean_change, share, student
from icpc_cli.report.words import ReportWords
from icpc_cli.settings.reading import load
from icpc_cli.settings.values import Settings
from icpc_cli.text import Language
from icpc_cli.voice import Voice
from icpc_cli.voice.safe import masked
from icpc_cli.writing.report import report_object
from tests.bench.disclosure import courses as courses_of
from tests.conftest import Ended, Icpc
from tests.doors import TODAY
from tests.recount import SCORE, recount
from tests.recount import student as by_density
from tests.test_disclosure import shared as share_of
from tests.test_oracle import POOLS, Course, export, some_course

ROOT = Path(__file__).parent.parent
YEAR = str(ROOT / "data/examples/aar/aar.csv")
CLINIC = str(ROOT / "data/examples/klinik.csv")
NETWORK = ROOT / "data/examples/netvaerk"
GOLDEN = Path(__file__).parent / "golden"
HEADERS = ("Dato", "Patient", "Forløb ID", "Speciale", "Ydelseskode", "Forløbstype", "Problemstilling",
           "Sikre fund", "ICPC-kode", "Konsultation", "Klinik", "Før", "Efter")  # fmt: skip


# Figures beside a naive count

PERIODS: Sequence[tuple[date | None, date | None]] = (
    (None, None),
    (date(2026, 4, 1), date(2026, 5, 15)),
    (date(2026, 5, 9), None),
    (None, date(2026, 5, 8)),
)
TRICKY = {"whole": (), "no date": ("Dato",), "no patient": ("Patient",), "no condition": ("Problemstilling",),
          "no service": ("Ydelse", "Forløb ID"), "no measure": ("Før", "Behandler", "Klinik")}  # fmt: skip
MEASURED = {"Før": ["", "", "7", "3,5", "8.5", "11", "meget"], "Efter": ["", "", "2", "0", "6,5", "-1"]}


@pytest.mark.parametrize("without", TRICKY)
def test_every_leaf_of_the_json_is_that_of_a_naive_recount(tmp_path: Path, without: str) -> None:
    """Random exports of several clinics, with what a column less makes tricky; for several periods and clinics."""
    rng = random.Random(without)
    text = export(rng, [measured_course(rng) for _ in range(40)],
                  [name for name in (*POOLS, "Behandler", *MEASURED) if name not in TRICKY[without]])  # fmt: skip
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8", newline="")
    wanted: list[tuple[Any, str | None]] = [(period, None) for period in PERIODS]
    network = some_network()
    with figures_of(str(path), [SCORE], network=network) as figures:
        clinics = figures().clinics
        wanted += [(PERIODS[1], each) for each in clinics[:2] if len(clinics) > 1]
        for period, clinic in wanted:
            named = None if clinic is None else clinic.lower()
            theirs = recount(text, str(path), TODAY, [SCORE], period, named, to_json(network))
            if theirs is None:
                with pytest.raises(UsageError, match="report-nothing"):
                    figures(period=period, clinic=clinic)
            else:
                agree(report_object(figures(period=period, clinic=clinic), Language.DA), theirs)


def test_every_leaf_of_the_example_years_json_is_that_of_a_naive_recount(tmp_path: Path) -> None:
    """The year with the names of columns and conditions that the naive implementation knows."""
    with Path(YEAR).open(encoding="utf-8-sig", newline="") as file:
        (*header,), *rows = csv.reader(file, delimiter=";")
    for row in rows:
        place = header.index("Problemstilling")
        row[place] = IN_OTHER_WORDS.get(row[place], row[place].lower())
    header = [IN_OTHER_WORDS.get(name, name) for name in header]
    path = Path(written(tmp_path / "aar.csv", rows, header))
    instruments = load(Path(YEAR).parent / "icpc.toml", load_guideline()).instruments
    with figures_of(str(path), instruments) as figures:
        mine = report_object(figures(), Language.DA)
    agree(mine, recount(path.read_text("utf-8"), str(path), TODAY, instruments))


@cache
def some_network() -> Network:
    """A network of three clinics in some periods, and of two in another."""
    rng = random.Random(15)
    shares = [share_of(list(courses_of(rng.randrange(60, 200), rng)), name) for name in "abc"]
    members = [as_member(load_guideline(), each).periods["2026-Q1"] for each in shares]
    clinics = tuple(name * 32 for name in "abc")
    periods = {
        "2025-11/2025-12": members,
        "2026-Q1": members[:2],
        "2026-Q2": members[1:] + members[:1],
        "2027": members,
    }
    networks = [
        Network((clinic,), 5, {name: of[place] for name, of in periods.items() if place < len(of)})
        for place, clinic in enumerate(clinics)
    ]
    return reduce(merge, networks)


IN_OTHER_WORDS = {
    "CPR-nr": "Patient", "Ydelseskode": "Ydelse", "ICPC-kode": "Diagnosekode", "ICPC-tekst": "Diagnosetekst",
    "Artrose i hofte": "coxartrose", "Nerverodspåvirkning i lænd": "iskias",
    "Primære smerter i lænderyggen": "lændesmerter",
}  # fmt: skip


def measured_course(rng: random.Random) -> Course:
    stated, anew = some_course(rng)
    return stated | {"Behandler": rng.choice(("AB", "JH", ""))}, anew | MEASURED


def agree(mine: Any, theirs: Any) -> None:
    """Refuses a leaf that only one of them has, and one that differs."""
    mine["clinics"] = [each.lower() for each in mine["clinics"]]
    one, other = dict(leaves(mine)), dict(leaves(theirs))
    different = [
        (path, one.get(path, "-"), other.get(path, "-"))
        for path in sorted({*one, *other}, key=repr)
        if not is_alike(one.get(path, "-"), other.get(path, "-"))
    ]
    assert different == []
    assert len(one) > 50


def is_alike(one: Any, other: Any) -> bool:
    return one == other or (
        isinstance(one, float) and isinstance(other, float | int) and math.isclose(one, other, rel_tol=1e-7)
    )


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Everything that holds nothing else, with where it is; of a mapping or list that is empty, that it is."""
    if not isinstance(value, dict | list) or not value:
        yield path, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from leaves(each, (*path, key))
    else:
        for place, each in enumerate(value):
            yield from leaves(each, (*path, place))


@contextmanager
def figures_of(
    path: str, instruments: Sequence[Instrument] = (), today: date = TODAY, network: Network | None = None
) -> Iterator[Callable[..., Report]]:
    """Reports of an export, for whatever is wanted of it; beside a network where that has such periods."""
    options = Options(today, settings=Settings(instruments=tuple(instruments)), figures=True)
    with check_exports(load_guideline(), [path], options) as checked:

        def report(**wanted: Any) -> Report:
            figures = Figures(checked, Selection(str, masked, instruments=instruments, tasks=10_000, **wanted))
            counted = figures.counted()
            if network is None:
                return counted
            with suppress(UsageError):  # none of the periods has courses
                comparison = compared(figures.kinds(), network, "", wanted.get("period", (None, None)))
                counted = counted._replace(comparison=comparison)
            return counted

        yield report


def records(seed: int, courses: int) -> list[list[str]]:
    """Records of a small clinic with two names, for what is not about numbers."""
    rng = random.Random(seed)
    return [
        [
            f"{rng.randrange(1, 29):02}-02-2025", f"patient {course % 5}", f"F{course}", "51", "0110", "Struktureret",
            rng.choice(("Artrose i knæ", "Primære smerter i lænderyggen")), "ja", rng.choice(("L90", "L03", "", "X")),
            "", "Øst" if course % 3 else "Vest", rng.choice(("", "7", "3,5")), rng.choice(("", "2", "0")),
        ]
        for course in range(courses)
        for _ in range(rng.randrange(1, 6))
    ]  # fmt: skip


def counted(path: str, instruments: Sequence[Instrument] = ()) -> Report:
    with figures_of(path, instruments) as figures:
        return figures()


@cache
def of_year(*arguments: str) -> Ended:
    """The report of the year, made once however many tests look at it."""
    return Icpc()("report", YEAR, *arguments)


def written(path: Path, rows: Sequence[Sequence[str]], headers: Sequence[str] = HEADERS) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(headers)
        writer.writerows(rows)
    return str(path)


@given(st.integers(1, 500).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_the_ends_of_an_interval_are_as_far_from_the_share_as_wilson_says(counts: tuple[int, int]) -> None:
    found, (part, whole) = share(*counts), counts
    for end in {found.low, found.high} - {0.0, 1.0}:
        assert end is not None
        assert abs(part / whole - end) == pytest.approx(1.959963985 * (end * (1 - end) / whole) ** 0.5)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [((81, 263), 0.2553, 0.3662), ((15, 148), 0.0624, 0.1605), ((0, 20), 0, 0.1611), ((1, 29), 0.0061, 0.1718)],
)
def test_shares_have_the_intervals_that_newcombe_published_in_1998(
    counts: tuple[int, int], low: float, high: float
) -> None:
    assert (share(*counts).low, share(*counts).high) == pytest.approx((low, high), abs=5e-5)


def test_t_is_the_one_of_the_published_tables_and_of_its_density() -> None:
    published = {2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 9: 2.262, 10: 2.228, 20: 2.086, 30: 2.042, 100: 1.984,
                 120: 1.980, 1_000_000: 1.960}  # fmt: skip
    assert {freedom: round(student(freedom), 3) for freedom in published} == published
    for freedom in (2, 3, 10, 11, 99, 100, 101, 300):
        assert student(freedom) == pytest.approx(by_density(freedom), abs=2e-8)


def test_too_few_changes_have_no_interval() -> None:
    assert mean_change(1, 2.5, None).low is None
    assert mean_change(2, 2.5, 1.0).low is None
    assert mean_change(5, -1.0, 0.0) == mean_change(1, -1.0, None)


# Instruments


@pytest.mark.parametrize(
    ("cell", "meaning"),
    [
        ("7", 7.0), (" 66,7 ", 66.7), ("66.7", 66.7), ("+3", 3.0), ("0", 0.0), ("100", 100.0),
        ("101", Fault.OUT_OF_RANGE), ("-1", Fault.OUT_OF_RANGE), ("\u22121", Fault.OUT_OF_RANGE),
        ("meget", Fault.NOT_A_NUMBER), ("7/10", Fault.NOT_A_NUMBER), ("nan", Fault.NOT_A_NUMBER),
        ("inf", Fault.NOT_A_NUMBER), ("1e1", Fault.NOT_A_NUMBER), ("٣", Fault.NOT_A_NUMBER), ("=7", Fault.NOT_A_NUMBER),
    ],
)  # fmt: skip
def test_a_cell_is_a_number_of_the_range_or_named(cell: str, meaning: float | Fault) -> None:
    assert read_measure(cell, replace(SCORE, maximum=100)) == meaning


def test_a_dot_before_three_digits_is_no_number_where_it_could_mean_thousands() -> None:
    metres = replace(SCORE, maximum=2000, important_change=30)
    assert read_measure("1.250", metres) is Fault.NOT_A_NUMBER
    assert read_measure("1.250,5", metres) == 1250.5
    assert read_measure("1.250", SCORE) == 1.25


def test_values_that_cannot_be_used_are_named_by_row_and_column(icpc: Any) -> None:
    done = of_year("--format", "json")
    named = json.loads(done.out)["results"]["unusable_values"]
    assert named["count"] == 2
    assert [(each["row"], each["column"], each["value"]) for each in named["first"]] == [
        (2186, "NRS slut", "33"),
        (2785, "KOOS smerte start", "527"),
    ]


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    rows = [row[:11] for row in records(1, 4)]
    report = counted(written(tmp_path / "x.csv", rows, HEADERS[:11]), [SCORE])
    assert report.results[0].missing == ("Før", "Efter")
    assert report.results[0].rows == ()


# What is said, and what is not


def test_l03_in_primary_low_back_pain_is_never_something_to_do(tmp_path: Path) -> None:
    course = ["", "p", "F1", "51", "0110", "Struktureret", "Primære smerter i lænderyggen", "ja", "L03", "", "Vest"]
    rows = [[f"0{day}-02-2025", *course[1:], "", ""] for day in range(1, 7)]
    report = counted(written(tmp_path / "x.csv", rows))
    assert report.pathways.low_back == 1
    assert report.pathways.symptom == 0
    assert report.tasks == ()


def test_the_courses_behind_findings_are_masked_unless_asked_for(icpc: Any) -> None:
    hidden, shown = of_year(), of_year("--show-patients")
    assert "••••••-••78" in hidden.out
    assert not re.search(r"\d{6}-\d{4}", hidden.out)
    assert "191255-6978" in shown.out


@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_no_patient_is_in_any_format_unless_asked_for(icpc: Any, form: str) -> None:
    assert not re.search(r"\d{6}-\d{4}", of_year("--format", form).out)


def test_the_period_holds_courses_by_their_beginning_and_services_by_their_own_day(tmp_path: Path, icpc: Any) -> None:
    first = ["01-01-2025", "a", "1", "51", "0110", "Struktureret", "Artrose i knæ", "", "L90", "", "", "", ""]
    rows = [first, ["10-02-2025", *first[1:]], ["05-02-2025", "b", "2", *first[3:]], ["", "c", "3", *first[3:]]]
    path = written(tmp_path / "x.csv", rows)
    done = icpc("report", path, "--from", "01-02-2025", "--to", "2025-02-28", "--format", "json")
    report = json.loads(done.out)
    assert (report["courses"], report["undated_courses"]) == (1, 1)
    assert report["services"][0]["service_codes"] == {"0110": 2}
    assert report["coverage"]["before"]["coded"]["denominator"] == 1
    assert "1 forløb uden gyldig dato er ikke med i perioden" in " ".join(
        icpc("report", path, "--from", "01-02-2025").out.split()
    )


def test_a_month_stays_what_it_was_when_the_report_is_run_again(tmp_path: Path, icpc: Any) -> None:
    lines = Path(YEAR).read_text("utf-8-sig").splitlines()
    early = tmp_path / "sommer.csv"
    until = [row for row in lines[1:] if date(int(row[6:10]), int(row[3:5]), int(row[:2])) <= date(2025, 7, 1)]
    early.write_text("\n".join([lines[0], *until]) + "\n", encoding="utf-8")
    then = json.loads(icpc("report", str(early), "--format", "json").out)
    now_ = json.loads(of_year("--format", "json").out)
    for month in ("2025-01", "2025-02", "2025-03", "2025-04"):
        assert then["coverage"]["by_month"][month] == now_["coverage"]["by_month"][month]


def test_where_no_patient_is_named_nothing_speaks_of_patients(tmp_path: Path, icpc: Any) -> None:
    rows = [[*row[:1], *row[2:]] for row in records(3, 12)]
    path = written(tmp_path / "x.csv", rows, [*HEADERS[:1], *HEADERS[2:]])
    out = icpc("report", path).out.replace(str(tmp_path), "")
    assert "atient" not in out
    assert json.loads(icpc("report", path, "--format", "json").out)["patients"] is None


def test_the_first_screen_says_how_it_goes_and_what_to_do(icpc: Any, tmp_path: Path) -> None:
    shutil.copy(YEAR, tmp_path / "aar.csv")
    instruments = (Path(YEAR).parent / "icpc.toml").read_text("utf-8")
    (tmp_path / "icpc.toml").write_text(f"{instruments}\n[report]\ntarget = 95\n", encoding="utf-8")
    out = " ".join(icpc("report", str(tmp_path / "aar.csv")).out.split())
    said = out.partition("Dækning:")[0]
    assert "Bedre: 298 af 322 (93 %) [89-95]" in said
    assert "mod 296 af 368 (80 %) [76-84]" in said
    assert "Klinikkens mål er 95 %." in said
    assert "250 forløb: kode mangler" in said
    assert "--select K101 --worklist K101.xlsx" in said
    assert "101 af 570 forløb er aldrig målt" in out
    (tmp_path / "icpc.toml").write_text("[report]\ntarget = 950\n", encoding="utf-8")
    assert "målet er procent" in icpc("report", str(tmp_path / "aar.csv")).err


def test_what_may_be_chance_is_not_called_better() -> None:
    assert beyond_chance(share(298, 322), share(296, 368)) == 1
    assert beyond_chance(share(296, 368), share(298, 322)) == -1
    assert beyond_chance(share(9, 10), share(8, 10)) == 0
    assert beyond_chance(share(0, 0), share(8, 10)) == 0


@given(*[st.integers(1, 400).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))] * 2)
def test_shares_differ_where_newcombes_interval_of_their_difference_lacks_zero(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    a, b = share(*one), share(*other)
    p, q = one[0] / one[1], other[0] / other[1]
    low = p - q - math.hypot(p - (a.low or 0), (b.high or 0) - q)
    high = p - q + math.hypot((a.high or 0) - p, q - (b.low or 0))
    assume(min(abs(low), abs(high)) > 1e-9)
    assert beyond_chance(a, b) == (low > 0) - (high < 0) == -beyond_chance(b, a)


def test_one_clinic_of_several_can_be_chosen(tmp_path: Path, icpc: Any) -> None:
    path = written(tmp_path / "x.csv", records(3, 12))
    both = json.loads(icpc("report", path, "--format", "json").out)
    west = json.loads(icpc("report", path, "--format", "json", "--clinic", "Vest").out)
    assert both["clinics"] == ["Vest", "Øst"]
    assert west["clinics"] == ["Vest"]
    assert 0 < west["courses"] < both["courses"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "31-31-2025"], '--from "31-31-2025" er ikke en dato'),
        (["--from", "01-02-2025", "--to", "01-01-2025"], "ligger efter --to"),
        (["--from", "01-02-2031"], "ingen forløb i perioden"),
        (["--clinic", "Nord"], 'ingen klinik "Nord"'),
        (["--format", "pdf"], '"pdf" kendes ikke'),
        (["--format", "xlsx"], "--output rapport.xlsx"),
        (["--open"], "--output rapport.html"),
        (["nowhere.csv"], "nowhere.csv"),
        (["--output", CLINIC], "den overskrives ikke"),
        (["--compare", CLINIC], "klinik.csv"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_said_in_one_message(icpc: Any, arguments: list[str], said: str) -> None:
    done = icpc("report", CLINIC, *arguments)
    assert done.status == 2
    assert said in done.err.replace("\n  ", " ")
    assert done.err.startswith("Fejl: ")
    assert done.out == ""


BARE = "Speciale;ICPC\n51;L90\n57;\n62;X\n"


@pytest.mark.parametrize("form", ["text", "html", "json"])
def test_an_export_with_hardly_anything_in_it_is_reported(icpc: Any, form: str) -> None:
    done = icpc("report", "-", "--format", form, stdin=BARE)
    assert done.status == 0
    assert not re.search(r"\bnan\b", done.out, re.IGNORECASE)


def test_files_are_for_the_owner_only(tmp_path: Path, icpc: Any) -> None:
    for name in ("r.html", "r.json", "r.xlsx", "r.txt"):
        assert icpc("report", CLINIC, "--output", str(tmp_path / name)).status == 0
        if os.name == "posix":
            assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    assert "Kvalitetsrapport" in (tmp_path / "r.txt").read_text("utf-8")
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["schema"] == "icpc-cli/report/2"


KEYS = ["schema", "clinics", "period", "sources", "courses", "patients", "undated_courses", "repeated_rows",
        "conditions_stated", "methods", "coverage", "codes", "services", "over_time", "results", "to_do", "comparison",
        "target"]  # fmt: skip


def shares(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "denominator" in value:
            yield value
        for each in value.values():
            yield from shares(each)
    elif isinstance(value, list):
        for each in value:
            yield from shares(each)


def test_json_has_all_parts_and_every_share_its_numbers_and_unit(icpc: Any) -> None:
    report = json.loads(of_year("--format", "json").out)
    assert list(report) == KEYS
    found = list(shares(report))
    assert len(found) > 40
    for each in found:
        assert set(each) == {"numerator", "denominator", "unit", "low", "high"}
        assert each["unit"] == "course"
        if each["denominator"]:
            assert 0 <= each["low"] <= each["numerator"] / each["denominator"] <= each["high"] <= 1


REVIEWED: dict[str, tuple[str, ...]] = {
    "report": ("klinik.csv",),
    "report-bare": ("-", "--lang", "en"),
    "report-few": ("-", "--to", "31-05-2026"),
    "report-network": (
        "aar.csv",
        "nord.csv",
        "syd.csv",
        "--compare",
        "{network}",
        "--from",
        "01-01-2025",
        "--lang",
        "en",
    ),
}


FEW = """Dato;CPR-nr;Speciale;Forløbstype;Problemstilling;Sikre fund;ICPC
04-03-2026;a;51;struktureret;artrose i knæ;nej;L15
11-03-2026;a;51;struktureret;artrose i knæ;ja;L90
05-03-2026;b;51;struktureret;artrose i knæ;nej;L15
05-04-2026;c;51;struktureret;artrose i hofte;ja;
12-04-2026;c;51;struktureret;artrose i hofte;ja;
;d;51;andet;andet;;
"""


@pytest.fixture
def reviewed(icpc: Any, network: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Makes a report that is reviewed, where its files lie: a line that names a file is as long as its path."""
    for path in (CLINIC, YEAR, NETWORK / "nord.csv", NETWORK / "syd.csv"):
        shutil.copy(path, tmp_path)
    monkeypatch.chdir(tmp_path)

    def made(name: str, *more: str) -> str:
        if name == "report-network":
            instruments = (Path(YEAR).parent / "icpc.toml").read_text("utf-8")
            Path("icpc.toml").write_text(f"{instruments}\n[report]\ntarget = 80\n", encoding="utf-8")
        arguments = [each.format(network=network) for each in REVIEWED[name]]
        out: str = icpc(
            "report",
            *arguments,
            "--today",
            "2026-06-01",
            *more,
            stdin=FEW if name == "report-few" else BARE.replace("L90", ""),
        ).out
        return re.sub(r"icpc \d[\d.]+", "icpc X", out)

    return made


def review(name: str, text: str) -> None:
    """Hold a text to what was reviewed."""
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("ICPC_GOLDEN") == "write":  # then review the difference
        golden.write_text(text, encoding="utf-8", newline="\n")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", REVIEWED)
def test_the_report_in_a_terminal_of_80_columns(name: str, reviewed: Callable[..., str]) -> None:
    text = reviewed(name)
    assert max(map(len, text.splitlines())) <= 80
    review(name, text)


def test_the_words_in_the_charts_of_the_page(reviewed: Callable[..., str]) -> None:
    lines = []
    for chart in re.findall("<svg.*?</svg>", reviewed("report-network", "--format", "html"), re.DOTALL):
        lines.append(" | ".join(filter(str.strip, re.findall(">([^<>]+)<", chart))))
    review("report-charts", "\n".join(filter(None, lines)) + "\n")


def test_a_narrow_terminal_without_unicode_loses_no_number(icpc: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    done = icpc("report", YEAR, encoding="ascii")
    assert done.status == 0
    assert all(len(line) <= 60 or line.lstrip().startswith("icpc ") for line in done.out.splitlines())
    assert "█" not in done.out
    assert "1.033" in done.out


def test_the_report_is_in_english_as_well(icpc: Any) -> None:
    done = of_year("--lang", "en")
    assert "Is everything coded that must be?" in done.out
    assert "1,033 of 1,294" in done.out.replace("\n  ", " ")
    assert "Forløb" not in done.out


# Beside a network


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Three clinics added together."""
    from tests.conftest import Icpc

    folder, icpc, files = tmp_path_factory.mktemp("network"), Icpc(), []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("nord", "syd", "oest"):
            patch.setenv("ICPC_DATA", str(folder / name))
            files.append(str(folder / f"{name}.json"))
            share_it = ("network", "share", str(NETWORK / f"{name}.csv"), "--output", files[-1], "--yes")
            assert icpc(*share_it, "--today", "2026-01-02").status == 0
    assert icpc("network", "merge", *files, "--output", str(folder / "all.json")).status == 0
    return str(folder / "all.json")


def test_the_clinic_stands_beside_the_network(icpc: Any, network: str) -> None:
    done = icpc("report", str(NETWORK / "nord.csv"), "--compare", network, "--format", "json")
    comparison = json.loads(done.out)["comparison"]
    assert comparison["clinics"] == 3
    assert comparison["periods"] == ["2025"]
    lines = {(line["topic"], line["key"]): line for line in comparison["lines"]}
    with check_exports(load_guideline(), [str(NETWORK / "nord.csv")], Options(date(2026, 1, 2))) as checked:
        standings = Counter(course.standing for course in checked.courses() if course.first)
    assert lines["coded", ""]["clinic"]["numerator"] == standings[Standing.MANDATORY_CODED]
    must = (Standing.MANDATORY_CODED, Standing.MANDATORY_PENDING, Standing.MANDATORY_MISSING)
    assert lines["coded", ""]["clinic"]["denominator"] == sum(standings[each] for each in must)
    for line in lines.values():
        assert 0 <= line["network"]["low"] <= line["network"]["high"] <= 1


def test_true_shares_of_the_network_are_inside_the_ranges(icpc: Any, network: str) -> None:
    options, counts = Options(date(2026, 1, 2)), Counter[str]()
    for name in ("nord", "syd", "oest"):
        with check_exports(load_guideline(), [str(NETWORK / f"{name}.csv")], options) as checked:
            for course in checked.courses():
                counts[course.standing.partition("_")[0]] += 1
                counts[course.standing] += 1
                if course.codes:
                    counts["coded"] += 1
                    counts[course.codes[0]] += 1
    done = icpc("report", str(NETWORK / "syd.csv"), "--compare", network, "--format", "json")
    seen = 0
    for line in json.loads(done.out)["comparison"]["lines"]:
        if line["topic"] == "coded":
            told = line["network"]["low"] - 1e-9, line["network"]["high"] + 1e-9
            assert told[0] <= counts["mandatory_coded"] / counts["mandatory"] <= told[1] < told[0] + 0.05
        if line["topic"] == "code" and line["key"] not in ("L", "other"):
            seen += 1
            assert (
                line["network"]["low"] - 1e-9 <= counts[line["key"]] / counts["coded"] <= line["network"]["high"] + 1e-9
            )
    assert seen >= 8


def test_a_network_without_the_period_is_refused(icpc: Any, network: str) -> None:
    done = icpc("report", str(NETWORK / "nord.csv"), "--compare", network, "--from", "15-11-2025")
    assert done.status == 2
    assert "ingen perioder med mindst 3 klinikker" in done.err.replace("\n  ", " ")


# A hostile export

ATTACKS = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "[bold red]markup[/]", "\x1b[31mred\x1b[0m",
    "=cmd|'/c calc'!A1", "+1+1", "@SUM(A1)", "\u202egnihtyna\u202c", "{{ 7*7 }}", "010190-1234", "&lt;b&gt;",
)  # fmt: skip


def hostile(tmp_path: Path) -> str:
    """Every column holds every attack, on rows that are otherwise as they should be."""
    good = ["01-02-2025", "p1", "F1", "51", "0110", "Struktureret", "Artrose i knæ", "ja", "L90", "1", "Vest", "7", "3"]
    rows = []
    for number, attack in enumerate(ATTACKS):
        for column in range(len(HEADERS)):
            row = list(good)
            row[2] = f"F{number}-{column}"
            row[column] = attack
            rows.append(row)
        rows.append([attack] * len(HEADERS))
        rows.append([*good[:2], attack, *good[3:8], attack, *good[9:]])
    (tmp_path / "icpc.toml").write_text(
        '[[instruments]]\nname = "<img src=x onerror=alert(1)>[bold]"\nstart = "Før"\nfollow_up = "Efter"\n'
        'min = 0\nmax = 10\nbetter = "lower"\nimportant_change = 2\npopulation = "<b>"\nsource = "=1+1"\n',
        encoding="utf-8",
    )
    return written(tmp_path / "x.csv", rows)


class Tags(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_hostile_export_is_text_in_the_page(tmp_path: Path, icpc: Any) -> None:
    done = icpc("report", hostile(tmp_path), "--format", "html", "--show-patients")
    assert done.status == 0
    page = Tags(done.out)
    assert page.tags.isdisjoint({"script", "img", "b", "iframe", "object", "link", "foreignobject", "image"})
    assert not {name for name in page.attributes if name.startswith("on") or name in ("style", "src")}
    assert "<script>alert(1)</script>" in page.text
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out
    assert "{{ 7*7 }}" in page.text


def test_a_hostile_export_is_text_in_the_terminal(tmp_path: Path, icpc: Any) -> None:
    done = icpc("report", hostile(tmp_path), "--show-patients")
    assert done.status == 0
    assert "[bold red]markup[/]" in done.out
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out


def test_a_hostile_export_is_text_in_json(tmp_path: Path, icpc: Any) -> None:
    done = icpc("report", hostile(tmp_path), "--format", "json")
    assert "\u202e" not in done.out
    assert "\\u001b" not in done.out
    assert "<script>alert(1)</script>" in done.out
    assert "010190-1234" not in done.out
    json.loads(done.out)


def test_a_hostile_export_is_text_in_the_workbook(tmp_path: Path, icpc: Any) -> None:
    assert icpc("report", hostile(tmp_path), "--output", str(tmp_path / "r.xlsx")).status == 0
    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "r.xlsx").read_bytes()))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    texts = [str(cell.value) for cell in cells]
    assert any(text.startswith("=cmd") for text in texts)
    assert not any("\u202e" in text or "\x1b" in text or "010190-1234" in text for text in texts)


def test_the_workbook_has_a_sheet_for_each_table_with_values_that_excel_can_count_with(
    icpc: Any, tmp_path: Path
) -> None:
    assert icpc("report", YEAR, "--output", str(tmp_path / "r.xlsx")).status == 0
    front, *sheets = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert front.title == "Kvalitetsrapport"
    assert len(sheets) == 17
    for sheet in sheets:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
    months = next(sheet for sheet in sheets if sheet.title.startswith("Dækning pr. måned"))
    headers, january = ([cell.value for cell in row] for row in itertools.islice(months, 2))
    assert headers[:6] == ["Måned", *(f"Skal kodes: kodet: {part}" for part in
                           ("antal", "ud af", "andel", "nedre grænse", "øvre grænse"))]  # fmt: skip
    assert january[:3] == ["jan 2025", 71, 111]
    assert (january[3], months["D2"].number_format) == (71 / 111, "0.0%")
    (tasks,) = (sheet for sheet in sheets if sheet.title.startswith("K101"))
    assert (str(tasks["B2"].value)[:10], tasks["B2"].is_date) == ("2025-01-13", True)


# Voice


@pytest.mark.parametrize(
    ("language", "number", "percent", "day"),
    [("da", "\u22121.234,5", "56\u00a0%", "31-05-2026"), ("en", "\u22121,234.5", "56\u00a0%", "2026-05-31")],
)
def test_numbers_and_days_are_in_the_forms_of_the_language(language: str, number: str, percent: str, day: str) -> None:
    voice = Voice(Language(language))
    assert voice.number(-1234.5, 1) == number
    assert voice.percent(0.556) == percent
    assert voice.day(date(2026, 5, 31)) == day
    assert voice.number(-0.04, 1) == voice.number(0, 1)


def test_whole_percents_never_say_all_or_nothing_of_what_is_neither() -> None:
    voice = Voice()
    assert voice.percent(0.9999) == ">99\u00a0%"
    assert voice.percent(1 / 1284) == "<1\u00a0%"
    assert voice.percent(1.0) == "100\u00a0%"
    assert voice.percent(None) == "–"


def test_conditions_are_called_what_the_guide_calls_them(guideline: Guideline, icpc: Any) -> None:
    out = " ".join(of_year().out.split())
    for condition in (Condition.LUMBAR_STENOSIS, Condition.KNEE_OSTEOARTHRITIS):
        assert guideline.label("condition", condition)["da"] in out
    words = ReportWords(Voice(), guideline)
    assert [words.condition(key) for key in ("several", "unknown")] == ["Flere problemstillinger", "Ikke oplyst"]
