"""What clinics share: what is in a file and what is not, what is refused, adding clinics together, and the commands."""

import csv
import json
import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import reduce
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icpc_cli.errors import UsageError
from icpc_cli.guideline import Guideline, load_guideline
from icpc_cli.judging.check import check_exports
from icpc_cli.judging.options import Options
from icpc_cli.network import files
from icpc_cli.network.disclosure import Range
from icpc_cli.network.files import from_json, to_json
from icpc_cli.network.meeting import meeting_of
from icpc_cli.network.memory import LeftBefore, Wish, leave
from icpc_cli.network.merge import Part, alike, as_member, compared, merge, merge_files, shown_periods, totals
from icpc_cli.network.partner import groups_of
from icpc_cli.network.periods import Span, chosen, covered, left, named
from icpc_cli.network.share import Network, Period, band, clinic_id, least_count, share
from icpc_cli.network.tables import CountTable, possible_kinds, values
from icpc_cli.outcomes import CourseRow, ServiceRow, Standing
from tests import attack
from tests.make_export import CLINICS, COLUMNS, export, write
from tests.terminal import ENTER, Terminal
from tests.test_disclosure import SPANS, clinics, course, shared

KNEE = ("knee_osteoarthritis", "L90", "51-structured")
HIP = ("hip_osteoarthritis", "L89", "51-structured")
SERVICES = [ServiceRow("", (2026, 2), "0110", 31, 30), ServiceRow("", (2026, 2), "0111", 62, 28)]


def network_of(rows: list[tuple[tuple[str, ...], int]], clinic: str = "a", quarter: str = "2026-Q1") -> Network:
    return shared([course(values, None, quarter) for values, times in rows for _ in range(times)], clinic)


def member(courses: list[CourseRow], clinic: str, min_count: int = 5) -> Network:
    """What a clinic shares, as a network of one."""
    return as_member(load_guideline(), shared(courses, clinic, min_count))


GOOD = to_json(network_of([(KNEE, 40), (HIP, 12)]))


# The file


@settings(max_examples=25)
@given(clinics(("2026-Q1", "2026-Q2")))
def test_a_file_holds_the_network_that_was_written(courses: list[CourseRow]) -> None:
    network = shared(courses)
    if network.periods:
        assert from_json(to_json(network), "klinik.json") == network


def test_a_file_says_what_it_is_whose_it_is_and_what_it_covers() -> None:
    content = json.loads(GOOD)
    assert list(content) == ["schema", "program", "period", "min_count", "clinics", "periods", "checksum"]
    assert content["schema"] == "icpc-cli/network/4"
    assert re.fullmatch(r"icpc \d+\.\d+\.\d+", content["program"])
    assert content["period"] == ["2026-01", "2026-03"]
    assert content["periods"]["2026-Q1"]["condition"] == {"hip_osteoarthritis": 12, "knee_osteoarthritis": 40}


def refused(text: str) -> tuple[str, Mapping[str, object]]:
    with pytest.raises(UsageError) as caught:
        from_json(text, "a.json")
    assert caught.value.facts["path"] == "a.json"
    return caught.value.id, caught.value.facts


@given(st.integers(0, len(GOOD) - 2), st.sampled_from('0179aL" {'))
def test_a_file_in_which_any_one_letter_was_changed_is_refused(place: int, letter: str) -> None:
    changed = GOOD[:place] + letter + GOOD[place + 1 :]
    if json_or_none(changed) == json.loads(GOOD):
        return
    assert refused(changed)[0].startswith("network-")


@given(st.integers(1, len(GOOD) - 3))
def test_a_file_that_was_cut_off_is_refused(length: int) -> None:
    assert refused(GOOD[:length])[0] == "network-not-json"


def json_or_none(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "network-foreign"),
        ("Dato;CPR-nr", "network-foreign"),
        ("NaN", "network-foreign"),
        ("[" * 100_000, "network-foreign"),
        ('{"schema": ' * 100_000, "network-not-json"),
        ('{"schema": NaN}', "network-not-json"),
        (GOOD.replace('"min_count": 5,', '"min_count": 5, "min_count": 5,'), "network-not-json"),
        ("[]", "network-foreign"),
        ("7", "network-foreign"),
        ("{}", "network-foreign"),
        ('{"schema": 1}', "network-foreign"),
        ('{"schema": "icpc-cli/check/1"}', "network-foreign"),
        ('{"schema": "icpc-cli/network/5"}', "network-version"),
        ('{"schema": "icpc-cli/network/4"}', "network-changed"),
        (GOOD.replace("40", "41", 1), "network-changed"),
    ],
)
def test_what_is_no_file_of_this_kind_and_version_is_refused_with_the_reason(text: str, reason: str) -> None:
    assert refused(text)[0] == reason


def rewritten(change: Any, text: str = GOOD) -> str:
    """A good file with something else in it, and a checksum that fits."""
    content = json.loads(text)
    change(content, content["periods"]["2026-Q1"])
    content["checksum"] = files._checksum(content)
    return json.dumps(content)


def put(table: str, *values: str, count: Any) -> Any:
    def change(_content: Any, quarter: Any) -> None:
        place = quarter.setdefault(table, {}) if values else quarter
        for value in values[:-1]:
            place = place.setdefault(value, {})
        place[values[-1] if values else table] = count

    return change


def drop(*keys: str) -> Any:
    def change(content: Any, quarter: Any) -> None:
        for key in keys:
            content.pop(key, None)
            quarter.pop(key, None)

    return change


def of_all(*changes: Any) -> Any:
    return lambda content, quarter: [change(content, quarter) for change in changes]


def set_to(key: str, value: Any) -> Any:
    return lambda content, _quarter: content.update({key: value})


IMPOSSIBLE = {
    "a count of few": (put("condition", "hip_osteoarthritis", count=4), "network-wrong-value", "hip_osteoarthritis"),
    "a zero": (put("condition", "other", count=0), "network-wrong-value", "condition > other"),
    "a negative count": (put("condition", "other", count=-7), "network-wrong-value", "condition > other"),
    "true": (put("condition", "other", count=True), "network-wrong-value", "condition > other"),
    "a fraction": (put("condition", "other", count=7.5), "network-wrong-value", "condition > other"),
    "nothing": (put("condition", "other", count=None), "network-wrong-value", "condition > other"),
    "a list": (put("condition", "other", count=[1, 4]), "network-wrong-value", "condition > other"),
    "a range of one number": (put("condition", "other", count="3-3"), "network-wrong-value", "condition > other"),
    "a range too narrow": (put("condition", "other", count="1-3"), "network-wrong-value", "condition > other"),
    "a range backwards": (put("condition", "other", count="9-5"), "network-wrong-value", "condition > other"),
    "a range from zero": (put("condition", "other", count="0-4"), "network-wrong-value", "condition > other"),
    "a huge count": (put("condition", "other", count=10**9), "network-wrong-value", "condition > other"),
    "a count for a table": (put("condition", count=7), "network-wrong-value", "2026-Q1 > condition"),
    "a table for a count": (put("courses", count={"x": 9}), "network-wrong-value", "2026-Q1 > courses"),
    "an unknown condition": (put("condition", "shoulder", count=9), "network-unknown-key", "condition > shoulder"),
    "an unknown code": (put("code", "A01", count=9), "network-unknown-key", "code > A01"),
    "a patient's number": (put("patient", "010149-5678", count=9), "network-unknown-key", "2026-Q1 > patient"),
    "a service of few": (put("consultations", "0110", count=3), "network-wrong-value", "consultations > 0110"),
    "a service in an exact number": (
        put("consultations", "0110", count=93),
        "network-wrong-value",
        "consultations > 0110",
    ),
    "a service in words": (put("consultations", "Hold", count=9), "network-wrong-value", "consultations > Hold"),
    "no table of codes": (drop("code"), "network-sums", "2026-Q1 > code"),
    "how a small condition is coded": (put("guide_code", "hip_osteoarthritis", count=12), "network-sums", "hip_osteo"),
    "parts below a condition": (
        put("guide_code", "knee_osteoarthritis", count=30),
        "network-sums",
        "knee_osteoarthritis",
    ),
    "parts above their sum": (put("condition", "other", count=9), "network-sums", "2026-Q1 > condition"),
    "parts below their sum": (put("code", "L90", count=15), "network-sums", "2026-Q1 > code"),
    "what a network keeps of clinics": (put("clinics", count=[]), "network-unknown-key", "clinics"),
    "no clinics": (set_to("clinics", []), "network-wrong-value", "clinics"),
    "a clinic twice": (set_to("clinics", ["a" * 32, "a" * 32]), "network-wrong-value", "clinics"),
    "a clinic by its name": (set_to("clinics", ["Klinik Vest"]), "network-wrong-value", "clinics"),
    "a limit of two": (set_to("min_count", 2), "network-wrong-value", "min_count"),
    "a limit in words": (set_to("min_count", "5"), "network-wrong-value", "min_count"),
    "another period": (set_to("period", ["2026-Q1", "2026-Q2"]), "network-wrong-value", "period"),
    "no quarters": (set_to("periods", {}), "network-wrong-value", "periods"),
    "a fifth quarter": (set_to("periods", {"2026-Q5": {}}), "network-wrong-value", "2026-Q5"),
    "a year by its months": (set_to("periods", {"2026-01/2026-12": {}}), "network-wrong-value", "2026-01/2026-12"),
    "an empty quarter": (set_to("periods", {"2026-Q1": {}}), "network-wrong-value", "2026-Q1"),
    "another program": (set_to("program", "excel"), "network-wrong-value", "program"),
    "an unknown key": (set_to("note", "hej"), "network-unknown-key", "note"),
    "an empty name": (set_to("name", ""), "network-wrong-value", "name"),
    "a name that writes over the screen": (set_to("name", "\x1b[2J"), "network-wrong-value", "name"),
    "no limit": (drop("min_count"), "network-missing-key", "min_count"),
    "no consultations": (drop("consultations"), "network-missing-key", "consultations"),
}


@pytest.mark.parametrize(("change", "reason", "place"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_file_with_something_impossible_is_refused_with_its_place(change: Any, reason: str, place: str) -> None:
    found, facts = refused(rewritten(change))
    assert found == reason
    assert place in str(facts.get("place") or facts.get("key"))


def clinic_with(**values: Any) -> Any:
    """A change of what a network keeps of its first clinic; None: that is not there."""

    def change(_content: Any, quarter: Any) -> None:
        first = quarter["clinics"][0] | values
        quarter["clinics"][0] = {key: value for key, value in first.items() if value is not None}

    return change


def clinics_as(change: Callable[[list[Any]], Any]) -> Any:
    return lambda _content, quarter: quarter.update(clinics=change(quarter["clinics"]))


KNEE_FIRST = {"knee_osteoarthritis": "60-60", "hip_osteoarthritis": "60-60"}
IMPOSSIBLE_NETWORK = {
    "nothing of clinics": (drop("clinics"), "network-missing-key"),
    "no clinics": (clinics_as(lambda _: []), "network-wrong-value"),
    "clinics by name": (clinics_as(lambda each: dict(enumerate(each))), "network-wrong-value"),
    "more clinics than there are": (clinics_as(lambda each: sorted(each * 2, key=str)), "network-wrong-value"),
    "clinics in the order of their files": (clinics_as(lambda each: each[::-1]), "network-wrong-value"),
    "a clinic that is a list": (clinics_as(lambda each: [list(each[0]), *each[1:]]), "network-wrong-value"),
    "no courses": (clinic_with(courses=None), "network-wrong-value"),
    "a clinic's name": (clinic_with(name="Vest"), "network-wrong-value"),
    "courses in a number": (clinic_with(courses=200), "network-wrong-value"),
    "courses in words": (clinic_with(courses="mange"), "network-wrong-value"),
    "courses backwards": (clinic_with(courses="199-100"), "network-wrong-value"),
    "more than all are coded": (clinic_with(coded="60-101"), "network-wrong-value"),
    "a share backwards": (clinic_with(coded="60-59"), "network-wrong-value"),
    "more than all by the guide": (clinic_with(guide={"knee_osteoarthritis": "60-101"}), "network-wrong-value"),
    "an unknown condition": (clinic_with(guide={"shoulder": "60-60"}), "network-wrong-value"),
    "conditions in another order": (clinic_with(guide=KNEE_FIRST), "network-wrong-value"),
    "a list of conditions": (clinic_with(guide=["60-60"]), "network-wrong-value"),
    "a name of a network": (set_to("name", "Vest"), "network-wrong-value"),
    "a range of one number": (put("condition", "other", count="13-13"), "network-wrong-value"),
    "more by the guide than there are": (put("guide_code", "knee_osteoarthritis", count=601), "network-sums"),
}


@pytest.mark.parametrize(("change", "reason"), IMPOSSIBLE_NETWORK.values(), ids=IMPOSSIBLE_NETWORK)
def test_a_network_with_something_impossible_is_refused(change: Any, reason: str) -> None:
    assert refused(rewritten(change, to_json(of_three((120, 160, 190)))))[0] == reason


POSSIBLE_NETWORK = {
    "all are coded": clinic_with(coded="60-100"),
    "a range as wide as there are": put("condition", "knee_osteoarthritis", count="600-999999999"),
    "a clinic with no condition of its own": clinic_with(guide={}),
    "fewer clinics than there are": clinics_as(lambda each: each[1:]),
    "a range of two numbers": put("condition", "knee_osteoarthritis", count="600-601"),
    "how a condition of few is coded": of_all(
        drop("no_guide_code"),
        put("condition", "knee_osteoarthritis", count=580),
        put("condition", "hip_osteoarthritis", count=20),
        put("guide_code", "hip_osteoarthritis", count=8),
    ),
}


@pytest.mark.parametrize("change", POSSIBLE_NETWORK.values(), ids=POSSIBLE_NETWORK)
def test_a_network_with_what_is_possible_is_read(change: Any) -> None:
    assert from_json(rewritten(change, to_json(of_three((120, 160, 190)))), "a.json").periods.keys() == {"2026-Q1"}


def test_a_good_file_written_anew_is_read() -> None:
    assert from_json(rewritten(lambda *_: None), "a.json").periods.keys() == {"2026-Q1"}


# Adding clinics together


@settings(max_examples=15)
@given(*[clinics(("2026-Q1", "2026-Q2"))] * 3)
def test_merging_does_not_depend_on_order_or_grouping(
    one: list[CourseRow], two: list[CourseRow], three: list[CourseRow]
) -> None:
    a, b, c = member(one, "a"), member(two, "b", 3), member(three, "c")
    assert merge(a, b) == merge(b, a)
    assert merge(merge(a, b), c) == merge(a, merge(b, c))


@settings(max_examples=10)
@given(clinics(), clinics())
def test_a_merged_file_can_be_read_and_holds_the_true_sums(one: list[CourseRow], two: list[CourseRow]) -> None:
    merged = merge(member(one, "a"), member(two, "b"))
    if merged.periods:
        assert from_json(to_json(merged), "net.json") == merged
        both = merged.periods["2026-Q1"]
        if both.clinics == 2:
            assert all(each.coded.low <= each.coded.high <= 100 for each in both.members)
            courses = both.cells[CountTable.COURSES, ""]
            assert courses.low <= len(one) + len(two) <= courses.high


def test_hidden_counts_stay_ranges_and_so_do_their_sums() -> None:
    one, two = network_of([(KNEE, 20), (HIP, 3)], "a"), network_of([(KNEE, 30), (HIP, 12)], "b")
    cells = merge(one, two).periods["2026-Q1"].cells
    assert cells[CountTable.CONDITION, "hip_osteoarthritis"] == Range(13, 16)
    assert cells[CountTable.COURSES, ""] == Range(65, 65)


def test_figures_that_are_the_same_to_the_last_are_told_but_not_a_few() -> None:
    many: list[tuple[tuple[str, ...], int]] = [
        (KNEE, 20),
        (HIP, 30),
        (("primary_low_back_pain", "L03", "51-other"), 40),
    ]
    one, same, other = (network_of(each, name) for each, name in ((many, "a"), (many, "b"), ([*many[:2]], "c")))
    assert list(alike({"a.json": one, "b.json": same, "c.json": other})) == [("a.json", "b.json", "2026-Q1")]
    few = [network_of([(KNEE, 20)], name) for name in "ab"]
    assert list(alike(dict(zip("ab", few, strict=True)))) == []


@pytest.mark.parametrize(("told", "found"), [(9, False), (10, True)])
def test_ten_counts_that_are_told_are_not_the_same_by_chance(told: int, found: bool) -> None:
    codes = values(CountTable.CODE)[: told + 2]
    cells = {(CountTable.CODE, code): Range(7, 7) for code in codes[:told]}
    cells |= {(CountTable.CODE, codes[-1]): Range(1, 4), (CountTable.CODE, codes[-2]): Range(0, 0)}
    one, other = (Network((name * 32,), 5, {"2026-Q1": Period(cells, {})}) for name in "ab")
    assert list(alike({"a": one, "b": other})) == ([("a", "b", "2026-Q1")] if found else [])


@pytest.mark.parametrize(("common", "known"), [(0, False), (1, False), (2, True), (10, True)])
def test_more_than_a_tenth_of_the_courses_tell_a_clinic_again(common: int, known: bool) -> None:
    few, many = (frozenset(map(str, range(first, last))) for first, last in ((0, 10), (10 - common, 200)))
    network = Network(("a" * 32,), 5, {})
    assert LeftBefore(network, few).knows(many) is known
    assert LeftBefore(network, many).knows(few) is known


def test_the_same_clinic_twice_is_refused_also_inside_a_network() -> None:
    a, b = (as_member(load_guideline(), network_of([(KNEE, 20)], name)) for name in "ab")
    with pytest.raises(UsageError) as caught:
        merge_files(load_guideline(), {"net.json": merge(a, b), "a.json": a})
    assert caught.value.id == "network-clinic-twice"
    assert caught.value.facts == {"first": "net.json", "second": "a.json"}
    with pytest.raises(ValueError, match="in both"):
        merge(a, a)


def test_only_quarters_of_three_clinics_are_for_comparing() -> None:
    a, b, c = (as_member(load_guideline(), network_of([(KNEE, 20)], name)) for name in "abc")
    late = as_member(load_guideline(), network_of([(KNEE, 20)], "d", "2026-Q2"))
    assert shown_periods(merge(a, b)) == {}
    with pytest.raises(UsageError) as caught:
        compared(merge(a, b), "net.json")
    assert (caught.value.id, caught.value.facts["path"]) == ("network-few-clinics", "net.json")
    together = compared(merge(merge(merge(a, b), c), late), "net.json")
    assert list(together) == ["2026-Q1"]
    assert totals(together)[CountTable.CODE, "L90"] == Range(60, 60)


@given(st.integers(0, 50), st.integers(0, 9), st.integers(0, 50), st.integers(0, 9))
def test_a_proportion_of_ranges_holds_every_proportion_that_is_possible(
    part: int, more: int, rest: int, other: int
) -> None:
    least, greatest = Part(Range(part, part + more), Range(rest, rest + other)).share
    for count in (part, part + more):
        for others in (rest, rest + other):
            if count + others:
                assert least - 1e-9 <= count / (count + others) <= greatest + 1e-9
    assert 0 <= least <= greatest <= 1


# The meeting


def of_three(coded: tuple[int, int, int], clinics: str = "abc") -> Network:
    """A network of three clinics of 200 courses each, so many of them coded."""
    rows = {True: KNEE, False: ("knee_osteoarthritis", "none", "51-structured")}
    members = [
        as_member(load_guideline(), network_of([(rows[True], count), (rows[False], 200 - count)], name))
        for count, name in zip(coded, clinics, strict=True)
    ]
    return reduce(merge, members)


def test_a_clinic_lies_outside_the_funnel_when_chance_does_not_explain_it() -> None:
    meeting = meeting_of(of_three((120, 160, 190)), "net.json")
    assert meeting.coded == Part(Range(470, 470), Range(130, 130))
    assert [(each.courses, each.coded) for each in meeting.figures.members] == [
        (Range(200, 499), Range(share, share)) for share in (60, 80, 95)
    ]
    assert [meeting.side(each) for each in meeting.figures.members] == [-1, 0, 1]
    assert [(gap.condition, gap.certain) for gap in meeting.gaps] == [("knee_osteoarthritis", 34)]
    sigma = (470 / 600 * 130 / 600 / 200) ** 0.5
    assert meeting.limits(200) == pytest.approx([100 * (470 / 600 + step * 3.09 * sigma) for step in (-1, 1)])


def test_the_sum_of_two_clinics_is_not_set_beside_them() -> None:
    members = [
        as_member(load_guideline(), network_of([(KNEE, knees), (HIP, hips)], name))
        for name, knees, hips in (("a", 40, 30), ("b", 50, 90), ("c", 60, 29))
    ]
    gaps = {gap.condition: gap.network for gap in meeting_of(reduce(merge, members), "net.json").gaps}
    assert gaps == {"knee_osteoarthritis": Part(Range(150, 150), Range(0, 0)), "hip_osteoarthritis": None}


def test_a_network_that_must_code_nothing_has_a_page_all_the_same(icpc: Any, tmp_path: Path) -> None:
    shares = [network_of([(("other", "none", "62"), 30)], name) for name in "abc"]
    network = reduce(merge, [as_member(load_guideline(), each) for each in shares])
    (tmp_path / "net.json").write_text(to_json(network), encoding="utf-8")
    page = tmp_path / "page.html"
    assert icpc("network", "page", str(tmp_path / "net.json"), "-o", str(page), "--lang", "en").status == 0
    assert "3 clinics, 90 courses" in page.read_text("utf-8")
    assert 'id="funnel-c"' not in page.read_text("utf-8")


def test_the_page_of_the_meeting_says_what_became_of_the_plan(icpc: Any, tmp_path: Path) -> None:
    for name, coded in (("then", (120, 160, 190)), ("now", (160, 170, 190))):
        (tmp_path / f"{name}.json").write_text(to_json(of_three(coded)), encoding="utf-8")
    page = tmp_path / "page.html"
    paths = [str(tmp_path / f"{name}.json") for name in ("now", "then")]
    ended = icpc("network", "page", paths[0], "-o", str(page), "--compare", paths[1])
    assert (ended.status, ended.err) == (0, "")
    told = " ".join(re.sub("<[^>]+>", " ", page.read_text("utf-8").partition("<body>")[2]).split())
    assert "3 klinikker, 600 forløb. Af dem, der skal kodes, er 87 % (520 af 600) kodet." in told
    assert "Af 3 klinikker ligger 1 højere og 0 lavere" in told
    assert "Kodet, af dem der skal kodes 78 % 87 % steget, mere end tilfældigt" in told
    assert "200-499 3 95 % (højere end tilfældigt), 85 %, 80 %" in told
    assert "80 forløb, der skal kodes, har ingen kode" in told
    assert "I dag er 87 % kodet" in told
    assert icpc("network", "page", paths[0], "-o", paths[1], "--compare", paths[1]).status == 2
    (tmp_path / "all.json").write_text(to_json(of_three((200, 200, 200))), encoding="utf-8")
    assert icpc("network", "page", str(tmp_path / "all.json"), "-o", str(page)).status == 0
    few = tmp_path / "few.json"
    few.write_text(GOOD, encoding="utf-8")
    ended = icpc("network", "page", str(few), "-o", str(page))
    assert ended.status == 2
    assert "mindst 3 klinikker" in " ".join(ended.err.split())


# What is counted


def test_the_programs_idea_of_which_courses_are_possible_is_the_attackers(guideline: Guideline) -> None:
    assert set(possible_kinds(guideline)) == set(attack.COURSES)


def test_courses_outside_the_period_and_without_a_date_are_counted_as_left_out(guideline: Guideline) -> None:
    rows = [course(KNEE) for _ in range(9)] + [course(KNEE, None, "2026-Q2") for _ in range(7)]
    undated = [CourseRow("", None, None, None, rows[0].case, Standing.MANDATORY_CODED, ("L90",), 1)] * 2
    made = share(guideline, rows + undated, [], "a" * 32, SPANS[:1])
    assert list(made.network.periods) == ["2026-Q1"]
    assert (made.remarks.undated, made.remarks.outside) == (2, 7)
    assert share(guideline, rows[:3], [], "a" * 32, SPANS).remarks.few == ("2026-Q1",)


@pytest.mark.parametrize(
    ("length", "first", "last", "today", "periods"),
    [
        (None, "2024-12-02", "2026-03-30", "2026-04-01", ["2025"]),
        (None, "2025-02-03", "2026-03-30", "2026-03-31", ["2025-02/2026-02"]),
        (None, "2025-01-31", "2025-06-01", "2026-03-31", ["2025-H1"]),
        ("quarter", "2025-02-03", "2025-12-30", "2025-12-31", ["2025-Q2", "2025-Q3"]),
        ("half", "2025-01-03", "2025-12-30", "2026-01-01", ["2025-H1", "2025-H2"]),
        ("year", "2025-02-03", "2026-03-30", "2026-03-31", []),
        (None, "2026-03-03", "2026-03-30", "2026-03-31", []),
    ],
)
def test_what_leaves_is_the_last_whole_year_or_all_that_has_ended(
    length: str | None, first: str, last: str, today: str, periods: list[str]
) -> None:
    whole = covered(*map(date.fromisoformat, (first, last, today)))
    assert [each.name for each in (chosen(length, whole) if whole else [])] == periods
    for name in periods:
        assert (span := named(name))
        assert span.name == name


@given(st.integers(12, 12 * 9999 + 11), st.integers(0, 60))
def test_a_period_has_one_name_and_is_known_by_it(first: int, more: int) -> None:
    span = Span(first, min(first + more, 12 * 9999 + 11))
    assert named(span.name) == span
    for other in (
        "0000",
        "0000-Q4",
        f"{span.name}x",
        "2026-Q0",
        "2026-03/2026-02",
        "2026-01/2026-03",
        "2026-00/2026-01",
    ):
        assert named(other) is None


@given(st.integers(0, 5 * 10**8 - 1), st.integers(0, 20))
def test_a_band_holds_its_count_and_is_one_of_a_few(count: int, least: int) -> None:
    told = band(count, least)
    assert told.low <= max(count, least) <= told.high
    assert re.fullmatch("[125]0+", str(told.high + 1))
    assert told.low in (least, 20, 50) or re.fullmatch("[125]00+", str(told.low))


def test_the_bands_are_twenty_and_fifty_and_one_two_and_five_of_each_power_of_ten() -> None:
    lows = [20, 50, *(int(f"{first}{'0' * zeros}") for zeros in range(2, 9) for first in "125")]
    for low, following in pairwise(lows):
        assert band(low - 1, 5).high == low - 1
        assert band(low, 5) == band(following - 1, 5) == Range(low, following - 1)


MONTHS = st.integers(2020 * 12, 2024 * 12)


def test_the_last_month_that_a_file_can_name_has_its_days() -> None:
    assert (span := named("9999"))
    assert span.days == (date(9999, 1, 1), date.max)


@given(st.integers(12, 12 * 9997), st.integers(0, 30))
def test_the_days_of_a_period_are_those_in_it_and_none_beside(first: int, more: int) -> None:
    span = Span(first, first + more)
    (begins, ends), day = span.days, timedelta(1)
    assert (begins.day, (ends + day).day) == (1, 1)
    assert (begins in span, ends in span, ends + day in span) == (True, True, False)
    assert first == 12 or begins - day not in span


@given(MONTHS, st.integers(0, 40), st.sampled_from([("year", 12), ("half", 6), ("quarter", 3)]))
def test_what_can_be_chosen_are_all_whole_periods_of_what_is_covered(first: int, more: int, length: Any) -> None:
    name, months = length
    whole = Span(first, first + more)
    starts = [
        month for month in range(first, whole.last + 1) if month % months == 0 and month + months - 1 <= whole.last
    ]
    assert chosen(name, whole) == [Span(month, month + months - 1) for month in starts]


@given(MONTHS, st.integers(0, 30), st.lists(st.tuples(st.integers(-5, 35), st.integers(0, 12)), max_size=4))
def test_what_is_left_are_the_months_that_have_not_gone(first: int, more: int, gone: list[tuple[int, int]]) -> None:
    span, others = Span(first, first + more), [Span(first + start, first + start + size) for start, size in gone]
    found = list(left(span, others))
    months = [month for each in found for month in range(each.first, each.last + 1)]
    assert months == [
        month for month in range(first, first + more + 1) if not any(o.first <= month <= o.last for o in others)
    ]
    assert all(one.last + 1 < other.first for one, other in pairwise(found))
    for other in others:
        assert span.meets(other) == bool({*range(first, first + more + 1)} & {*range(other.first, other.last + 1)})


@pytest.mark.parametrize("text", ["3", "4", "99", "100"])
def test_a_limit_from_3_to_100_can_be_asked_for(text: str) -> None:
    assert least_count(text) == int(text)


@pytest.mark.parametrize("text", ["", "2", "101", "-5", "5.0", "²", "\u0665", "1" * 5000], ids=lambda text: text[:4])
def test_no_other_limit_can_be_asked_for(text: str) -> None:
    with pytest.raises(UsageError, match="network-min-count"):
        least_count(text)


def test_every_month_is_counted_once() -> None:
    year, quarter, late = (named(name) for name in ("2025", "2025-Q2", "2025-11/2026-02"))
    assert year
    assert quarter
    assert late
    assert [each.name for each in left(year, [quarter, late])] == ["2025-Q1", "2025-07/2025-10"]
    assert list(left(quarter, [year])) == []


def test_services_are_four_digits_that_enough_patients_had(guideline: Guideline) -> None:
    services = [
        *SERVICES,
        ServiceRow("", (2026, 2), "110", 3, 3),
        ServiceRow("", (2026, 2), "0111 Individuel konsultation", 5, 4),
        ServiceRow("", (2026, 2), "0211", 40, 4),
        ServiceRow("", (2026, 2), "Anne ringede", 40, 30),
        ServiceRow("", (2026, 2), "0101-2025", 40, 30),
        ServiceRow("", (2026, 5), "0110", 40, 30),
    ]
    made = share(guideline, [course(KNEE) for _ in range(30)], services, "a" * 32, SPANS)
    assert made.network.periods["2026-Q1"].consultations == {"0110": Range(20, 49), "0111": Range(50, 99)}


def test_a_pseudonym_depends_on_the_secret_and_on_the_clinic_and_is_no_plain_hash() -> None:
    import hashlib

    one = clinic_id(b"s" * 32, "Klinik Vest")
    assert one == clinic_id(b"s" * 32, "Klinik Vest")
    assert one == clinic_id(b"s" * 32, " klinik  VEST ")
    assert len({one, clinic_id(b"t" * 32, "Klinik Vest"), clinic_id(b"s" * 32, "Klinik Øst")}) == 3
    assert not hashlib.sha256(b"Klinik Vest").hexdigest().startswith(one)
    with pytest.raises(ValueError, match="16 bytes"):
        clinic_id(b"short", "Klinik Vest")


# For partners


def test_partners_are_told_the_groups_of_the_share_and_nothing_beside() -> None:
    stenosis = ("lumbar_stenosis", "L84", "57")
    network = network_of([(HIP, 8), (KNEE, 23), (stenosis, 1)])
    groups = groups_of(network)
    cells = network.periods["2026-Q1"].cells
    assert [key for key, _ in groups.groups] == ["knee_osteoarthritis", "hip_osteoarthritis", "lumbar_stenosis"]
    assert all(courses == cells[CountTable.CONDITION, key] for key, courses in groups.groups)
    assert groups.courses == Range(32, 32)
    assert groups.span == named("2026-Q1")


def test_where_no_condition_is_told_partners_are_told_codes() -> None:
    groups = groups_of(network_of([(("unknown", "L90", "51-structured"), 20)]))
    assert (groups.by, groups.groups) == (CountTable.CODE, (("L90", Range(20, 20)),))
    assert groups_of(network_of([(("unknown", "none", "62"), 9)])).groups == ()


def test_clinics_whose_exports_do_not_name_them_are_told_apart_by_the_name_that_is_given_and_by_their_courses() -> None:
    first, second = ([replace(each, clinic="", keys=(f"{who}{n}", f"c{who}{n}")) for n, each in enumerate(
        course(KNEE, None, "2026-Q1") for _ in range(40))] for who in "ab")  # fmt: skip
    spans = [span] if (span := named("2026-Q1")) else []

    def let_out(courses: list[CourseRow], name: str | None, memories: list[LeftBefore]) -> LeftBefore:
        wish = Wish(least=5, name=name)
        return leave(load_guideline(), courses, [], "", spans, wish, b"s" * 32, memories)[1]

    one = let_out(first, "Vest", [])
    assert let_out(second, "Syd", [one]).clinic != one.clinic
    assert let_out(first, "Vest igen", [one]).clinic == one.clinic
    nameless = let_out(first, None, [])
    with pytest.raises(UsageError, match="network-unnamed"):
        let_out(second, None, [nameless])


# Through the program


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICPC_DATA", str(tmp_path / "data"))


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of 240 courses, of which some lack what they should have."""
    path = tmp_path_factory.mktemp("exports") / "klinik.csv"
    write(path, export(240, by_records=False, faults=2, seed=7), encoding="utf-8")
    return path


def shared_by(icpc: Any, source: Path, target: Path, *more: str) -> str:
    ended = icpc(
        "network",
        "share",
        str(source),
        "-o",
        str(target),
        "--yes",
        "--today",
        "2026-11-01",
        *(more if "--period" in more else ("--period", "quarter", *more)),
    )
    assert (ended.status, ended.err) == (0, "")
    out: str = ended.out
    return out


def test_nothing_that_is_shared_holds_an_id_a_date_initials_or_a_word_of_a_note(
    icpc: Any, clinic: Path, tmp_path: Path
) -> None:
    shown = shared_by(icpc, clinic, tmp_path / "a.json")
    made = (tmp_path / "a.json").read_text(encoding="utf-8")
    with clinic.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if None not in row.values()]
    secrets: set[str] = set()
    for row in rows:
        secrets |= {row["CPR-nr"], row["CPR-nr"].replace("-", ""), row["CPR-nr"][-4:], row["Forløb ID"], row["Dato"]}
        day = row["Dato"]
        secrets |= {day.replace("-", "."), day.replace("-", "/"), "-".join(reversed(day.split("-")))}
        secrets |= {row["Behandler"], row["Klinik"]}
    words = {word for row in rows for word in re.findall(r"\w{4,}", row["Notat"])}
    assert len(secrets) > 1500
    assert len(words) > 20
    secrets -= set(re.findall(r"[0-9]{4}(?=\")", made))  # a service code is no patient's number
    tokens = set(re.findall(r"[\w./-]+", made)) | set(re.findall(r"[\w./-]+", shown))
    assert secrets & tokens == set()
    assert words & set(re.findall(r"\w+", made)) == set()
    assert "Klinik Østerbro" not in made + shown


def leaves(content: Any) -> Iterator[int | str]:
    if isinstance(content, dict):
        for value in content.values():
            yield from leaves(value)
    else:
        yield content


def test_no_count_from_1_to_4_is_shared_and_the_screen_shows_every_count_of_the_file(
    icpc: Any, clinic: Path, tmp_path: Path
) -> None:
    shown = shared_by(icpc, clinic, tmp_path / "a.json")
    content = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    pages = re.split(r"^\d\. kvartal \d{4} · ", shown, flags=re.MULTILINE)[1:]
    assert len(pages) == len(content["periods"]) == 4
    for page, quarter in zip(pages, content["periods"].values(), strict=True):
        counts = Counter(map(str, leaves(quarter)))
        assert set(counts).isdisjoint({"0", "1", "2", "3", "4"})
        on_screen = Counter(re.findall(r"(?<![\w-])[\d.]+(?:-[\d.]+)?(?!\w)", page.replace(".", "")))
        assert counts - on_screen == Counter()
    assert content["clinics"][0] in shown


def test_what_is_shared_is_as_safe_as_what_is_made_up(icpc: Any, clinic: Path, tmp_path: Path) -> None:
    """The attack on the file of a whole clinic."""
    shared_by(icpc, clinic, tmp_path / "a.json", "--min-count", "3")
    quarters = attack.read((tmp_path / "a.json").read_text(encoding="utf-8"))
    told = quarters["2025-Q3"]
    assert len(attack.hidden(told)) > 5
    assert attack.Attack(told).pinned(attack.hidden(told)) == []


def test_a_file_is_the_owners_alone_is_made_twice_alike_and_can_be_merged(
    icpc: Any, clinic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, again, other, net = (tmp_path / name for name in ("a.json", "again.json", "b.json", "net.json"))
    shared_by(icpc, clinic, one)
    shared_by(icpc, clinic, again)
    assert one.read_bytes() == again.read_bytes()
    if os.name == "posix":
        assert stat.S_IMODE(one.stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "data" / "network.key").stat().st_mode) == 0o600
    monkeypatch.setenv("ICPC_DATA", str(tmp_path / "elsewhere"))
    shared_by(icpc, clinic, other, "--name", "Klinik Vest")
    assert json.loads(other.read_text(encoding="utf-8"))["name"] == "Klinik Vest"
    ended = icpc("network", "merge", str(one), str(other), "-o", str(net))
    assert ended.status == 0
    assert ended.err.startswith(f"! {other} har præcis de samme tal som {one} for ")
    assert "2 klinikker · 426 forløb" in ended.out
    assert "færre end 3 klinikker" in ended.out
    assert "Vest" not in net.read_text(encoding="utf-8")
    ended = icpc("network", "merge", str(net), str(again), "-o", str(tmp_path / "more.json"))
    assert ended.status == 2
    assert f"{again}: den samme klinik er allerede med i {net}" in " ".join(ended.err.split())
    assert not (tmp_path / "more.json").exists()


def several_clinics(folder: Path) -> Path:
    path = folder / "to.csv"
    rows = list(export(60, by_records=False, faults=0, seed=1))
    for row in rows[: len(rows) // 2]:
        assert isinstance(row, dict)
        row["Klinik"] = CLINICS[1]
    write(path, iter(rows), encoding="utf-8")
    return path


WRONG = {
    "no terminal and no --yes": (["share", "{clinic}", "-o", "{out}"], "tilføj --yes"),
    "no output": (["share", "{clinic}"], "--output FIL mangler"),
    "a limit below three": (["share", "{clinic}", "-o", "{out}", "--min-count", "2", "--yes"], "helt tal fra 3"),
    "a limit in words": (["share", "{clinic}", "-o", "{out}", "--min-count", "få", "--yes"], "helt tal fra 3"),
    "the export itself as the output": (["share", "{clinic}", "-o", "{clinic}", "--yes"], "et andet navn"),
    "a folder that is not there": (["share", "{clinic}", "-o", "{folder}/x/a.json", "--yes"], "kan ikke skrives"),
    "a CPR number for a name": (["share", "{clinic}", "-o", "{out}", "--name", "010149-5678", "--yes"], "CPR"),
    "several clinics": (["share", "{several}", "-o", "{out}", "--yes"], "flere klinikker"),
    "a clinic that is not there": (["share", "{several}", "-o", "{out}", "--clinic", "X", "--yes"], "ingen klinik"),
    "nothing that has ended": (["share", "{clinic}", "-o", "{out}", "--today", "2025-01-02", "--yes"], "ikke noget at"),
    "one file to merge": (["merge", "{clinic}", "-o", "{out}"], "mindst to filer"),
    "a file twice": (["merge", "{clinic}", "{clinic}", "-o", "{out}"], "angivet to gange"),
    "an export to merge": (["merge", "{clinic}", "{several}", "-o", "{out}"], "ikke lavet af icpc network"),
    "a missing file to merge": (["merge", "{folder}/x.json", "{several}", "-o", "{out}"], "findes ikke"),
    "a folder to merge": (["merge", "{folder}", "{several}", "-o", "{out}"], "en mappe"),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG)
def test_wrong_use_is_one_message_and_writes_nothing(
    arguments: list[str], said: str, icpc: Any, clinic: Path, tmp_path: Path
) -> None:
    before = clinic.read_bytes()
    out = tmp_path / "out.json"
    places = {"clinic": clinic, "out": out, "folder": tmp_path, "several": several_clinics(tmp_path)}
    ended = icpc("network", *(argument.format(**places) for argument in arguments))
    assert ended.status == 2
    assert re.search(said, " ".join(ended.err.split()))
    assert "010149" not in ended.err
    assert not out.exists()
    assert clinic.read_bytes() == before


def test_one_clinic_of_several_can_be_chosen(icpc: Any, tmp_path: Path) -> None:
    source = several_clinics(tmp_path)
    for number, name in enumerate(CLINICS[:2]):
        shared_by(icpc, source, tmp_path / f"{number}.json", "--clinic", name)
    ended = icpc(
        "network", "merge", *(str(tmp_path / f"{number}.json") for number in (0, 1)), "-o", str(tmp_path / "n")
    )
    assert ended.status == 0


def test_a_broken_key_is_one_message_and_stays_as_it_is(icpc: Any, clinic: Path, tmp_path: Path) -> None:
    key = tmp_path / "data" / "network.key"
    key.parent.mkdir()
    for broken in ("abcd\n", "ikke en nøgle\n"):
        key.write_text(broken, encoding="utf-8")
        ended = icpc("network", "share", str(clinic), "-o", str(tmp_path / "a.json"), "--yes")
        assert ended.status == 2
        assert "nøgle er beskadiget" in ended.err
        assert key.read_text(encoding="utf-8") == broken


@pytest.mark.parametrize(("answer", "written"), [("j", True), ("", False)])
def test_in_a_terminal_the_file_is_written_after_a_yes(
    answer: str, written: bool, clinic: Path, tmp_path: Path
) -> None:
    target = tmp_path / "a.json"
    with Terminal(
        "network", "share", str(clinic), "-o", str(target), "--today", "2026-11-01", ICPC_DATA=str(tmp_path / "data")
    ) as terminal:
        terminal.wait_for("Må filen skrives?")
        assert not target.exists()
        terminal.send(answer + ENTER)
        terminal.wait_for("Skrevet:" if written else "Filen er ikke skrevet.")
    assert target.exists() is written


def test_ctrl_c_at_the_question_writes_nothing(clinic: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    data = str(tmp_path / "data")
    with Terminal("network", "share", str(clinic), "-o", str(target), ICPC_DATA=data) as terminal:
        terminal.wait_for("Må filen skrives?")
        terminal.interrupt()
        assert terminal.ended() == 130
    assert not target.exists()
    assert not list((tmp_path / "data").glob("shared-*"))


def recoded(source: Path, target: Path, courses: int = 20) -> Path:
    """The same export after codes were set: some courses have another code, in every quarter."""
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    changed = sorted({row["Forløb ID"] for row in rows if row["ICPC-kode"] == "L90"})[:courses]
    made = [row | {"ICPC-kode": "L91", "ICPC-tekst": ""} if row["Forløb ID"] in changed else row for row in rows]
    write(target, (row for row in made if row["Notat"] is not None), encoding="utf-8")
    return target


def periods_in(path: Path) -> dict[str, Any]:
    quarters: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["periods"]
    return quarters


def test_a_quarter_leaves_the_clinic_once_whatever_was_corrected_since(icpc: Any, clinic: Path, tmp_path: Path) -> None:
    first, second, third, new = (tmp_path / f"{number}.json" for number in range(4))
    ended = icpc(
        "network", "share", str(clinic), "-o", str(first), "--yes", "--period", "quarter", "--today", "2026-02-01"
    )
    assert ended.status == 0
    assert "Delt før" not in ended.out
    other = recoded(clinic, tmp_path / "rettet.csv")
    shown = shared_by(icpc, other, second)
    assert "Delt før, og derfor med de samme tal som dengang" in " ".join(shown.split())
    before, after = periods_in(first), periods_in(second)
    assert before.items() < after.items()
    shared_by(icpc, clinic, third)
    assert periods_in(third) == after
    shared_by(icpc, other, new, "--renew")
    assert periods_in(new).keys() == after.keys()
    assert periods_in(new)["2025-Q3"] != after["2025-Q3"]
    shared_by(icpc, clinic, third)
    assert periods_in(third) == periods_in(new)


def test_a_quarter_that_a_later_export_lacks_is_still_remembered(icpc: Any, clinic: Path, tmp_path: Path) -> None:
    shared_by(icpc, clinic, tmp_path / "a.json")
    rows = clinic.read_text(encoding="utf-8").splitlines()
    late = tmp_path / "sen.csv"
    late.write_text("\n".join([rows[0], *(row for row in rows if row[6:10] == "2026")]) + "\n", encoding="utf-8")
    shared_by(icpc, late, tmp_path / "b.json")
    assert set(periods_in(tmp_path / "b.json")) == {"2026-Q1", "2026-Q2"}
    shared_by(icpc, late, tmp_path / "b.json", "--renew")
    shared_by(icpc, recoded(clinic, tmp_path / "c.csv"), tmp_path / "c.json")
    whole, again = periods_in(tmp_path / "a.json"), periods_in(tmp_path / "c.json")
    assert {name: again[name] for name in whole if name < "2026"} == {n: whole[n] for n in whole if n < "2026"}


def test_another_limit_than_before_is_refused_for_two_files_would_tell_more_than_one(
    icpc: Any, clinic: Path, tmp_path: Path
) -> None:
    shared_by(icpc, clinic, tmp_path / "a.json")
    arguments = ("network", "share", str(clinic), "-o", str(tmp_path / "b.json"), "--yes", "--min-count", "3")
    ended = icpc(*arguments)
    assert ended.status == 2
    assert "--min-count 5" in ended.err
    assert not (tmp_path / "b.json").exists()
    assert icpc(*arguments, "--renew").status == 0
    assert icpc(*arguments).status == 0


def test_a_broken_memory_of_what_was_shared_is_one_message(icpc: Any, clinic: Path, tmp_path: Path) -> None:
    shared_by(icpc, clinic, tmp_path / "a.json")
    (memory,) = (tmp_path / "data").glob("shared-*")
    whole = memory.read_text(encoding="utf-8")
    content = json.loads(whole)
    wrong: dict[str, list[Any]] = {"schema": ["icpc-cli/left/2"], "courses": [[1], None], "network": [{}, None]}
    changes = [{key: value} for key, values in wrong.items() for value in values]
    for text in (whole[:-9], "[]", *(json.dumps(content | each) for each in changes)):
        memory.write_text(text, encoding="utf-8")
        ended = icpc("network", "share", str(clinic), "-o", str(tmp_path / "a.json"), "--yes")
        assert ended.status == 2
        assert "oversigten over det, klinikken har delt" in " ".join(ended.err.split())


@pytest.mark.parametrize("page", [["network"], ["network", "share"], ["network", "merge"]], ids=" ".join)
@pytest.mark.parametrize("language", ["da", "en"])
def test_help_is_in_one_language_and_keeps_to_80_columns(page: list[str], language: str, icpc: Any) -> None:
    ended = icpc(*page, "--help", "--lang", language)
    assert ended.status == 0
    assert ended.out.startswith({"da": "Brug: icpc network", "en": "Usage: icpc network"}[language])
    assert max(map(len, ended.out.splitlines())) <= 80
    foreign = {"da": ("Usage", "Options", "required"), "en": ("Brug", " eller ", "æ", "ø", "å")}[language]
    assert [word for word in foreign if word in ended.out] == []
    if page == ["network"]:
        assert icpc("network", "--lang", language).out == ended.out


def test_the_screen_keeps_to_80_columns_and_speaks_english(icpc: Any, clinic: Path, tmp_path: Path) -> None:
    shown = shared_by(icpc, clinic, tmp_path / "a.json", "--lang", "en")
    assert max(map(len, shown.splitlines())) <= 80 + len(str(tmp_path))
    assert "Q3 2025" in shown
    assert not re.search("[æøåÆØÅ]", shown.replace(str(tmp_path), ""))


# Courses out of an export


def test_the_courses_of_an_export_are_those_of_its_rows(guideline: Guideline, clinic: Path) -> None:
    with clinic.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if row["Notat"] is not None]
    by_course: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_course.setdefault(row["Forløb ID"], []).append(row)
    with check_exports(guideline, [str(clinic)], Options(date(2026, 11, 1))) as checked:
        found = list(checked.courses())
        services = list(checked.services())
        coverage = checked.coverage
    assert len(found) == len(by_course) == coverage.total
    standings = Counter(row.standing for row in found)
    for standing in Standing:
        if standing is not Standing.VOLUNTARY_UNCODED:
            assert standings[standing] == getattr(coverage, standing), standing
    assert sum(row.consultations for row in services) == sum(day(row["Dato"]) is not None for row in rows)
    assert Counter(each.first for each in found) == Counter(
        min(filter(None, (day(row["Dato"]) for row in course_)), default=None) for course_ in by_course.values()
    )
    assert Counter(each.last for each in found) == Counter(
        max(filter(None, (day(row["Dato"]) for row in course_)), default=None) for course_ in by_course.values()
    )
    assert {each.clinic for each in found} == {CLINICS[0]}
    assert len({each.patient for each in found}) == len({row["CPR-nr"] for row in rows})


def day(text: str) -> date | None:
    try:
        return date(*map(int, reversed(text.split("-"))))
    except ValueError:
        return None


def test_courses_know_their_first_and_their_current_codes(guideline: Guideline, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "Dato;CPR-nr;Forløb ID;Speciale;ICPC-kode;Ydelse\n"
        "02-01-2026;a;1;51;L03;0110\n09-01-2026;a;1;51;L86 L03;0111\n16-01-2026;a;1;51;;0111\n"
        ";;2;51;;\n"
        "03-01-2026;;3;51;vrøvl;0110\n",
        encoding="utf-8",
    )
    with check_exports(guideline, [str(path)], Options(date(2026, 11, 1))) as checked:
        one, two, three = sorted(checked.courses(), key=lambda row: (-row.consultations, row.first is not None))
        services = list(checked.services())
    assert (one.codes, one.consultations) == (("L86", "L03"), 3)
    assert [each.keys for each in (one, two, three)] == [("pa", "c1"), ("c2",), ("c3",)]
    assert (one.first, one.last) == (date(2026, 1, 2), date(2026, 1, 16))
    assert (two.patient, two.first, two.last, two.codes) == (None, None, None, ())
    assert (three.patient, three.first) == (None, date(2026, 1, 3))
    assert [(row.service, row.consultations, row.patients) for row in services] == [("0110", 2, 2), ("0111", 2, 1)]


def test_the_columns_that_the_search_for_secrets_relies_on_are_those_of_the_export() -> None:
    assert {"CPR-nr", "Forløb ID", "Dato", "Behandler", "Klinik", "Notat"} <= set(COLUMNS)


def test_records_that_name_neither_patient_nor_course_are_nobodys(guideline: Guideline, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Dato;CPR-nr;Speciale;ICPC-kode\n02-01-2026;;51;L90\n03-01-2026;b;51;L90\n", encoding="utf-8")
    with check_exports(guideline, [str(path)], Options(date(2026, 11, 1))) as checked:
        assert {(each.patient, each.keys) for each in checked.courses()} == {(None, ()), (0, ("pb",))}
