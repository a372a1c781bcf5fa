"""Disclosure control: what is hidden cannot be computed, and what need not be hidden is not."""

import math
import random
import re
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from functools import reduce
from itertools import combinations, pairwise
from operator import contains
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icpc_cli.errors import UsageError
from icpc_cli.guideline import Guideline, load_guideline
from icpc_cli.model import Case
from icpc_cli.network.disclosure import Range, block, protect
from icpc_cli.network.files import to_json
from icpc_cli.network.memory import LeftBefore, Wish, leave
from icpc_cli.network.merge import as_member, coded, merge
from icpc_cli.network.partner import groups_of
from icpc_cli.network.periods import Span, named
from icpc_cli.network.share import Network, share
from icpc_cli.outcomes import CourseRow, Standing
from tests import attack
from tests.conftest import some

DAYS = {"2026-Q1": date(2026, 2, 3), "2026-Q2": date(2026, 5, 4)}
SPANS = [span for name in DAYS if (span := named(name))]
CONDITIONS = {each: (each,) for each in attack.CONDITIONS} | {
    "several": ("hip_osteoarthritis", "knee_osteoarthritis"),
    "unknown": (),
}
SPECIALTIES = {"57": "57", "62": "62", "other": "65", "unknown": None}
CODE = {"L": ("L99",), "other": ("A04",), "none": ()}


def course(values: tuple[str, ...], patient: int | None = None, quarter: str = "2026-Q1") -> CourseRow:
    """A course that is counted under these values."""
    condition, code, kind, *_ = values
    standing = attack.standing(condition, code, kind).replace("mandatory_uncoded", "mandatory_missing")
    specialty, _, course_type = kind.partition("-")
    case = Case(SPECIALTIES.get(specialty, specialty), course_type or "other", CONDITIONS[condition])  # type: ignore[arg-type]  # ids do
    codes = CODE.get(code, (code,))
    return CourseRow("", patient, DAYS[quarter], DAYS[quarter], case, Standing(standing), codes, 1)


def shared(courses: list[CourseRow], clinic: str = "a", min_count: int = 5) -> Network:
    return share(load_guideline(), courses, [], clinic * 32, SPANS, min_count).network


@st.composite
def clinics(draw: st.DrawFn, quarters: tuple[str, ...] = ("2026-Q1",)) -> list[CourseRow]:
    """Courses of few values, so that counts around the limit are common; some patients have several."""
    conditions, codes, kinds = (
        draw(st.lists(st.sampled_from(known), min_size=1, max_size=3, unique=True))
        for known in (attack.CONDITIONS, attack.CODES, attack.KINDS)
    )
    possible = [
        each for each in attack.COURSES if each[0] in conditions and each[1] in {*codes, "none"} and each[2] in kinds
    ]
    patients = st.one_of(st.none(), st.integers(0, 40))
    some = st.tuples(st.sampled_from(possible), st.integers(1, 7), patients, st.sampled_from(quarters))
    return [
        course(values, patient, quarter)
        for values, times, patient, quarter in draw(st.lists(some, min_size=2, max_size=14))
        for _ in range(times)
    ]


def counted(courses: list[CourseRow], quarter: str = "2026-Q1") -> dict[attack.Cell, tuple[int, int]]:
    """Of every cell how many courses and patients it holds, counted anew and plainly."""
    names = {conditions: name for name, conditions in CONDITIONS.items()}
    kinds = {None: "unknown", "65": "other", "57": "57", "62": "62"}
    courses_of: Counter[attack.Cell] = Counter()
    patients_of = defaultdict(set)
    for number, each in enumerate(courses):
        if each.first != DAYS[quarter]:
            continue
        kind = f"51-{each.case.course}" if each.case.specialty == "51" else kinds[each.case.specialty]
        code = "".join(each.codes) or "none"
        condition, code = names[tuple(each.case.conditions)], {"L99": "L", "A04": "other"}.get(code, code)
        values = condition, code, kind, attack.standing(condition, code, kind)
        for cell in attack.cells(values):
            courses_of[cell] += 1
            patients_of[cell].add(f"course {number}" if each.patient is None else each.patient)
    return {cell: (count, len(patients_of[cell])) for cell, count in courses_of.items()}


@settings(max_examples=25)
@given(clinics(), st.sampled_from([3, 5]))
def test_no_hidden_count_can_be_computed_from_a_file_and_the_rule(courses: list[CourseRow], min_count: int) -> None:
    network = shared(courses, min_count=min_count)
    for told in attack.read(to_json(network)).values() if network.periods else ():
        assert attack.Attack(told).pinned(attack.hidden(told)) == []


@pytest.mark.slow
@settings(max_examples=1500)
@given(clinics(), st.sampled_from([3, 4, 5, 7]))
def test_no_hidden_count_can_be_computed_from_any_of_many_files(courses: list[CourseRow], min_count: int) -> None:
    network = shared(courses, min_count=min_count)
    for told in attack.read(to_json(network)).values() if network.periods else ():
        assert attack.Attack(told).pinned(attack.hidden(told)) == []


@pytest.mark.slow
@pytest.mark.parametrize("size", [15, 25, 60, 120, 300])
@pytest.mark.parametrize("min_count", [3, 5])
def test_no_hidden_count_of_a_clinic_as_they_are_can_be_computed(size: int, min_count: int) -> None:
    from tests.bench.disclosure import courses

    for seed in range(10):
        network = shared(list(courses(size, random.Random(seed))), min_count=min_count)
        (told,) = attack.read(to_json(network)).values()
        assert attack.Attack(told).pinned(attack.hidden(told)) == []


def nearly_all_by_the_guide(seed: int) -> list[CourseRow]:
    """A clinic in which a few courses of each condition lack the guide's code."""
    rng = random.Random(seed)
    rows = []
    for condition in rng.sample(list(attack.GUIDE), rng.randint(1, 4)):
        finals = sorted(attack.GUIDE[condition])
        codes = rng.choices(finals, k=rng.randint(20, 60)) + rng.choices(attack.CODES, k=rng.randint(0, 6))
        rows += [course((condition, code, rng.choice(attack.KINDS[:4]))) for code in codes]
    return rows


@pytest.mark.parametrize("seeds", [range(12), pytest.param(range(12, 150), marks=pytest.mark.slow)])
def test_the_few_that_lack_the_guides_code_are_not_found(seeds: range) -> None:
    found = 0
    for seed in seeds:
        (told,) = attack.read(to_json(shared(nearly_all_by_the_guide(seed)))).values()
        assert attack.Attack(told).pinned(attack.hidden(told)) == []
        found += len({table for table, _ in attack.hidden(told)} & {"guide_code", "no_guide_code"})
    assert found > len(seeds) / 2


@settings(max_examples=40)
@given(clinics(), st.sampled_from([3, 4, 5, 8]))
def test_what_is_told_is_true_and_no_count_of_few_is_told(courses: list[CourseRow], min_count: int) -> None:
    true = counted(courses)
    network = shared(courses, min_count=min_count)
    if not network.periods:
        assert true["courses", ""][1] < min_count
        return
    told = attack.read(to_json(network))["2026-Q1"]
    large = {value for (table, value), (low, high) in told.items() if table == "condition" and 30 <= low == high}
    assert attack.coded(told) == large & attack.GUIDE.keys()
    assert told.keys() == attack.shown(true, told)
    for cell, (low, high) in told.items():
        count, patients = true[cell]
        assert low <= count <= high
        assert low == high or high - low >= min_count - 2
        if min(count, patients) < min_count:
            assert low < high


@settings(max_examples=10)
@given(clinics(("2026-Q1", "2026-Q2")))
def test_a_file_of_more_periods_says_the_same_of_each_as_a_file_of_it_alone(courses: list[CourseRow]) -> None:
    together = shared(courses)
    for quarter, day in DAYS.items():
        alone = shared([each for each in courses if each.first == day])
        assert alone.periods.get(quarter) == together.periods.get(quarter)


@settings(max_examples=10)
@given(clinics(), st.randoms(use_true_random=False))
def test_the_order_of_the_courses_does_not_matter(courses: list[CourseRow], rng: random.Random) -> None:
    other = list(courses)
    rng.shuffle(other)
    assert shared(other) == shared(courses)


@settings(max_examples=12)
@given(clinics(), clinics())
def test_a_clinic_that_subtracts_itself_from_a_network_of_two_does_not_learn_the_other(
    own: list[CourseRow], other: list[CourseRow]
) -> None:
    shares = shared(own, "a"), shared(other, "b")
    if not all(each.periods for each in shares):
        return
    network = attack.read(to_json(merge(*(as_member(load_guideline(), each) for each in shares))))["2026-Q1"]
    mine, true = counted(own), counted(other)
    told, others = (attack.read(to_json(each))["2026-Q1"] for each in shares)
    own_counts = {cell: mine[cell][0] if cell in told else 0 for cell in network}
    # It also knows that no count is negative.
    rest = {cell: (max(low - own_counts[cell], 0), high - own_counts[cell]) for cell, (low, high) in network.items()}
    few = [cell for cell in others if min(true[cell]) < 5]
    assert attack.Attack(rest).pinned(few) == []


@pytest.mark.parametrize(
    "number", [3, pytest.param(10, marks=pytest.mark.slow), pytest.param(30, marks=pytest.mark.slow)]
)
def test_a_network_tells_the_truth_and_all_that_its_files_force(number: int) -> None:
    from tests.bench.disclosure import courses

    rng = random.Random(number)
    true: Counter[attack.Cell] = Counter()
    wide, forced_wide, members = 0, 0, []
    for place in range(number):
        rows = list(courses(rng.randrange(200, 600), rng))
        network = share(load_guideline(), rows, [], f"{place:032x}", SPANS).network
        members.append(as_member(load_guideline(), network))
        (told,) = attack.read(to_json(network)).values()
        of_clinic = counted(rows)
        true.update({cell: of_clinic[cell][0] for cell in told})
        search = attack.Attack(told)
        cells = {(str(table), value): count for (table, value), count in members[-1].periods["2026-Q1"].cells.items()}
        for cell in attack.hidden(told):
            least, most = search.solve(cell, 1), search.solve(cell, -1)
            assert cells[cell].low <= least < most <= cells[cell].high
            wide, forced_wide = wide + cells[cell].high - cells[cell].low, forced_wide + most - least
    assert forced_wide <= wide <= 1.2 * forced_wide
    period = reduce(merge, members).periods["2026-Q1"]
    assert {(str(table), value) for table, value in period.cells} == true.keys()
    assert all(count.holds(true[str(table), value]) for (table, value), count in period.cells.items())
    low, high = coded(period.cells).share
    share_ = true["standing", "mandatory_coded"]
    assert low <= share_ / (share_ + true["standing", "mandatory_uncoded"]) <= high


def test_where_nothing_must_be_hidden_nothing_is() -> None:
    knee = ("knee_osteoarthritis", "L90", "51-structured")
    hip = ("hip_osteoarthritis", "none", "51-structured")
    network = shared([course(knee) for _ in range(9)] + [course(hip) for _ in range(5)])
    assert all(count.exact for count in network.periods["2026-Q1"].cells.values())


def test_a_small_count_takes_no_more_with_it_than_it_needs() -> None:
    """Two conditions of which one has three courses: their own sums are hidden, and what would give them away."""
    knee = ("knee_osteoarthritis", "L90", "51-structured")
    hip = ("hip_osteoarthritis", "L89", "51-structured")
    stenosis = ("lumbar_stenosis", "L84", "51-structured")
    rows = [(knee, 40), (hip, 30), (stenosis, 3)]
    cells = shared([course(values) for values, times in rows for _ in range(times)]).periods["2026-Q1"].cells
    told = {value: count for (table, value), count in cells.items() if table == "condition"}
    assert told["lumbar_stenosis"] == Range(1, 4)
    assert sorted(count.exact for count in told.values()) == [False, False, True]
    assert next(count for (table, _), count in cells.items() if table == "courses") == Range(73, 73)


def test_how_a_condition_is_coded_is_told_in_ranges_and_its_number_stays() -> None:
    """What counts all courses of a condition is hidden only where there is no other way, and then not its parts."""
    knees = [course(("knee_osteoarthritis", code, "51-structured")) for code in ["L90"] * 29 + ["L15"] * 2]
    hips = [course(("hip_osteoarthritis", code, "51-structured")) for code in ["L89"] * 15 + ["L13"] * 10]
    cells = shared(knees + hips).periods["2026-Q1"].cells
    told = {(str(table), value): count for (table, value), count in cells.items()}
    assert told["condition", "knee_osteoarthritis"] == Range(31, 31)
    assert told["guide_code", "knee_osteoarthritis"] == Range(25, 29)
    assert told["no_guide_code", "knee_osteoarthritis"] == Range(1, 4)
    assert ("guide_code", "hip_osteoarthritis") not in told


def test_a_count_of_many_courses_of_few_patients_is_hidden() -> None:
    knee = ("knee_osteoarthritis", "L90", "51-structured")
    hip = ("hip_osteoarthritis", "L89", "51-structured")
    rows = [course(knee, patient) for patient in (1, 2, 3) for _ in range(4)] + [course(hip) for _ in range(20)]
    cells = shared(rows).periods["2026-Q1"].cells
    told = {value: count for (table, value), count in cells.items() if table == "condition"}
    assert told["knee_osteoarthritis"] == Range(10, 14)


@pytest.mark.parametrize(
    ("dear", "hidden"),
    [
        ("", {"a": Range(1, 4), "b": Range(5, 9)}),
        ("b", {"a": Range(1, 4), "all": Range(30, 34)}),
        ("a b", {"a": Range(1, 4), "all": Range(30, 34)}),
        ("all", {"a": Range(1, 4), "b": Range(5, 9)}),
        ("a b c all", {"a": Range(1, 4), "b": Range(5, 9)}),
    ],
)
def test_what_is_dear_is_hidden_only_where_there_is_no_other_way(dear: str, hidden: dict[str, Range]) -> None:
    courses = {"a": 1, "b": 9, "c": 20}
    counts = {**courses, "all": 30}
    said = protect(
        *(courses, counts, list(courses)),
        cells_of=lambda kind: [kind, "all"],
        weight=lambda cell: math.inf if cell in dear.split() else 1.0,
        min_count=5,
    )
    assert said == {cell: hidden.get(cell, Range(count, count)) for cell, count in counts.items()}


def test_four_ones_under_a_sum_of_four_are_not_given_away_by_their_blocks() -> None:
    """Each at least 1, together at most 4: blocks alone would tell all four."""
    kinds = [("knee_osteoarthritis", code, "51-structured") for code in ("L90", "L91", "L15", "L20")]
    others = [("other", "none", "62", "voluntary_uncoded")] * 30
    network = shared([course(values) for values in kinds + others])
    told = attack.read(to_json(network))["2026-Q1"]
    assert attack.Attack(told).pinned(attack.hidden(told)) == []
    assert any(low == 1 and high > 4 for low, high in told.values())


def test_the_attack_wins_where_only_small_counts_are_hidden() -> None:
    """The attack is a real one: it finds what blanking small counts alone leaves open."""
    knee = ("knee_osteoarthritis", "L90", "51-structured")
    hip = ("hip_osteoarthritis", "L89", "51-structured")
    true = counted([course(knee) for _ in range(20)] + [course(hip) for _ in range(3)])
    blanked = {cell: (count, count) if count >= 5 else (1, 4) for cell, (count, _) in true.items()}
    assert ("condition", "hip_osteoarthritis") in attack.Attack(blanked).pinned(attack.hidden(blanked))


@pytest.mark.parametrize("min_count", [2, 1, 0, -5])
def test_no_limit_below_three_is_taken(min_count: int, guideline: Guideline) -> None:
    with pytest.raises(ValueError, match="less than 3"):
        share(guideline, [], [], "a" * 32, SPANS, min_count)
    with pytest.raises(ValueError, match="less than 3"):
        protect({}, {}, [], lambda _: [], lambda _: 1.0, min_count)


@given(st.integers(1, 10_000), st.integers(3, 20))
def test_blocks_hold_their_count_lie_side_by_side_and_leave_out_zero(count: int, min_count: int) -> None:
    this = block(count, min_count)
    assert this.low <= count <= this.high
    assert this.low >= 1
    assert this.high - this.low >= 1
    assert block(this.high + 1, min_count).low == this.high + 1
    assert all(block(one, min_count) == this for pair in pairwise(range(this.low, this.high + 1)) for one in pair)


# All that leaves a clinic, put together


def small_export(counts: dict[str, int], clinic: str | None = "Klinik Vest", without: int = 0) -> str:
    """An export of a year of one course a patient; ``without``: the first patients are not in it."""
    rows = ["Dato;Patient;Speciale;Forløbstype;Problemstilling;ICPC;Ydelse;Behandler" + (";Klinik" if clinic else "")]
    courses = [name for name, count in counts.items() for _ in range(count)]
    for number, name in enumerate(courses):
        month = (1, 12, 5, 8, 10)[number % 5]
        cells = [f"0{1 + number % 9}-{month:02d}-2025", f"p{number}", "51", "Struktureret", name, "L90", "0110", "AB"]
        if number >= without or number < 2:
            rows.append(";".join([*cells, *([clinic] if clinic else [])]))
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("counts", some([(1, 8, 20), (2, 3, 30)], 1))
def test_all_products_of_a_clinic_together_pin_no_hidden_count(
    icpc: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counts: tuple[int, ...]
) -> None:
    monkeypatch.setenv("ICPC_DATA", str(tmp_path / "data"))
    of = dict(zip(("Artrose i knæ", "Artrose i hofte", "Andet"), counts, strict=True))
    exports = {
        "plain": small_export(of), "small": small_export(of, "klinik vest"), "none": small_export(of, None),
        "other": small_export(of, "Fysioterapien"), "one-less": small_export(of, without=3),
    }  # fmt: skip
    told: dict[attack.Cell, tuple[int, int]] = {}
    pages = set()
    for name, text in exports.items():
        path = str(tmp_path / f"{name}.csv")
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        for more in [["--min-count", "3"], ["--period", "quarter"]] if told else [[]]:
            made = tmp_path / f"{name}{''.join(more)}.json"
            done = icpc("network", "share", path, "-o", str(made), "--yes", "--today", "2026-02-01", *more)
            if more[:1] == ["--min-count"]:
                assert (done.status, made.exists()) == (2, False)
                continue
            assert done.status == 0
            (given,) = attack.read(made.read_text(encoding="utf-8")).values()
            assert not told or told == given
            told = dict(given)
        done = icpc("partner", path, "-o", str(tmp_path / "p.html"), "--today", "2026-02-01")
        assert done.status == 0
        pages.add((tmp_path / "p.html").read_text(encoding="utf-8"))
    assert len(pages) == 1
    knee = told["condition", "knee_osteoarthritis"]
    assert re.search(rf"Artrose i knæ</th><td[^>]*>{knee[0]}-{knee[1]}</td>", pages.pop())
    assert attack.hidden(told)
    assert attack.Attack(told).pinned(attack.hidden(told)) == []


class Clinic:
    """A small clinic at its computer: what it asks for, and what has left it."""

    def __init__(self, rng: random.Random) -> None:
        conditions, codes, kinds = (
            rng.sample(known, rng.randint(1, 3)) for known in (attack.CONDITIONS, attack.CODES, attack.KINDS)
        )
        codes.append("none")
        possible = [each for each in attack.COURSES if all(map(contains, (conditions, codes, kinds), each))]
        patients = rng.randint(6, 40)
        self.rows: list[CourseRow] = []
        for values in rng.choices(possible, k=rng.randint(2, 12)):
            for _ in range(rng.choice((1, 2, 3, 4, 5, 7, 35))):
                patient = rng.randint(1, patients)
                made = course(values, patient, rng.choice(list(DAYS)))
                self.rows.append(replace(made, keys=(f"p{patient}", f"c{len(self.rows)}")))
        self.memory: list[LeftBefore] = []
        self.told: dict[str, attack.Given] = {}

    def leave(self, rows: list[CourseRow], spans: list[Span], name: str = "Vest", least: int = 5) -> None:
        """Let these periods out, as the share and as the page for partners; note all that they tell."""
        refused = self.memory and self.memory[0].network.min_count != least
        try:
            made, memory = leave(load_guideline(), rows, [], name, spans, Wish(least=least), b"s" * 32, self.memory)
        except UsageError as error:
            if error.id != ("network-other-limit" if refused else "network-nothing"):
                raise
            return
        assert not refused
        self.memory = [memory]
        for period, given_ in attack.read(to_json(made.network)).items():
            assert self.told.setdefault(period, given_) == given_, "what left before leaves as it was"
        groups = groups_of(made.network)
        sums: Counter[str] = Counter()
        for (table, value), (low, _) in (each for name in made.network.periods for each in self.told[name].items()):
            sums.update({value: low} if table == groups.by else {})
        assert all(courses.low == sums[key] for key, courses in groups.groups)


def attacked(seed: int) -> int:
    """All that a small clinic lets out, in the order of the seed; gives how many hidden counts were not found."""
    rng = random.Random(seed)
    clinic = Clinic(rng)
    quarters, half = SPANS, [Span(SPANS[0].first, SPANS[1].last)]
    more = [*clinic.rows, replace(clinic.rows[0], patient=99, keys=("p99", "c99"))]
    less = [each for each in clinic.rows if each.patient != clinic.rows[0].patient]
    asked: list[tuple[Any, ...]] = [
        (clinic.rows, half), (clinic.rows, quarters), (clinic.rows, quarters[:1]), (clinic.rows, half, " VEST "),
        (clinic.rows, half, ""), (more, half), (less, half), (clinic.rows, half, "Vest", 3), (more, quarters, "x"),
    ]  # fmt: skip
    for each in rng.sample(asked, len(asked)):
        clinic.leave(*each)
    spans = [span for name in clinic.told if (span := named(name))]
    assert not any(one.meets(other) for one, other in combinations(spans, 2)), "every month leaves once"
    found = 0
    for told in clinic.told.values():
        assert attack.Attack(told).pinned(attack.hidden(told)) == []
        found += len(attack.hidden(told))
    return found


def test_all_that_leaves_small_clinics_in_any_order_pins_no_hidden_count() -> None:
    assert sum(map(attacked, range(12))) > 30


@pytest.mark.slow
@pytest.mark.parametrize("hundred", range(20))
def test_all_that_leaves_two_thousand_small_clinics_pins_no_hidden_count(hundred: int) -> None:
    assert sum(attacked(1000 + 100 * hundred + number) for number in range(100)) > 300


def test_nothing_leaves_by_therapist(icpc: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICPC_DATA", str(tmp_path / "data"))
    path = tmp_path / "x.csv"
    path.write_text(small_export({"Andet": 40}, None), encoding="utf-8")
    disguised = tmp_path / "y.csv"  # the column of therapists once more, under the name of clinics
    lines = small_export({"Andet": 40}, None).splitlines()
    owners = ["Anne Berg", "Bo Holm"]
    rows = [f"{line.replace('AB', owners[place % 2])};{owners[place % 2]}" for place, line in enumerate(lines)]
    disguised.write_text("\n".join([f"{lines[0]};Klinik", *rows[1:]]) + "\n", encoding="utf-8")
    for source, more in ((path, ["--map", "clinic=Behandler"]), (disguised, ["--clinic", "Bo Holm"])):
        for product in (["network", "share", str(source), "--yes"], ["partner", str(source)]):
            done = icpc(*product, "-o", str(tmp_path / "out"), *more, "--today", "2026-02-01")
            assert done.status == 2
            assert "enkelte personer må ikke forlade klinikken" in " ".join(done.err.split())
            assert not (tmp_path / "out").exists()


def test_courses_that_left_as_two_clinics_do_not_leave_as_one(
    icpc: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ICPC_DATA", str(tmp_path / "data"))
    west = small_export({"Andet": 30})
    east = small_export({"Andet": 30}, "Klinik Øst").replace(";p", ";q")
    both = (
        "\n".join([*west.splitlines(), *east.splitlines()[1:]])
        .replace("Klinik Øst", "Klinik Vest")
        .replace("Klinik Vest", "")
    )
    ended = []
    for text in (west, east, both):
        (tmp_path / "x.csv").write_text(text, encoding="utf-8")
        ended.append(icpc("network", "share", str(tmp_path / "x.csv"), "-o", str(tmp_path / "o"), "--yes"))
    assert [done.status for done in ended] == [0, 0, 2]
    done = ended[-1]
    assert "2 forskellige klinikker" in " ".join(done.err.split())
