"""The guideline data: what loading refuses, which names are understood, and that all wording is there and used."""

import ast
import json
import re
import shutil
import sys
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

import icpc_cli
from icpc_cli import errors, guideline
from icpc_cli.errors import GuidelineError
from icpc_cli.guideline import Guideline, default_folder, fold, load_checks, load_guideline, load_wording
from icpc_cli.guideline.tables import TomlTable
from icpc_cli.model import Basis

SOURCE = Path(icpc_cli.__file__).parent
DATA = default_folder()
LOADED_BY_LOAD_GUIDELINE = ["sources.toml", "codes.csv", "names.toml", "rules.toml", "questions.toml"]
WORDING = sorted(
    {name for path in SOURCE.rglob("*.py") for name in re.findall(r"load_wording\([\"'](\w+)", path.read_text("utf-8"))}
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped data, to be broken."""
    return Path(shutil.copytree(DATA, tmp_path / "guideline"))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Put ``new`` in the place of the first ``old``; at the end when ``old`` is empty."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, f"{file} no longer holds {old!r}: mend this test"
    changed = text.replace(old, new, 1) if old else text + new
    (folder / file).write_text(changed, encoding="utf-8")


# What loading refuses: the file, what stands there, what takes its place, the key that is named, part of the problem

# fmt: off
REFUSED = {
    "an unknown key of an obligation rule": (
        "rules.toml", 'status = "mandatory"',
        'status = "mandatory"\ncolour = "red"',
        "obligation.general-structured.colour", "not a known key",
    ),
    "an unknown key of a suggestion": (
        "rules.toml", 'code = "L83"',
        'code = "L83"\nwhen = "always"',
        "suggestion.cervical.when", "not a known key",
    ),
    "an unknown key of a caveat": (
        "rules.toml", "[caveat.footnote-1]",
        '[caveat.footnote-1]\nwhen = "always"',
        "caveat.footnote-1.when", "not a known key",
    ),
    "an unknown key of an acceptable code": (
        "rules.toml", 'codes = ["L83", "L01"]',
        'codes = ["L83", "L01"]\nwhen = "always"',
        "acceptable[1].when", "not a known key",
    ),
    "an unknown table of rules": ("rules.toml", "", '\n[exception.x]\nda = "x"\n', "exception", "not a known key"),
    "an unknown key of a name": (
        "names.toml", "[condition.lumbar_stenosis]",
        '[condition.lumbar_stenosis]\nse = "Lumbal stenos"',
        "condition.lumbar_stenosis.se", "not a known key",
    ),
    "an unknown kind of name": ("names.toml", "", '\n[sex.f]\nda = "k"\nen = "f"\n', "sex", "not a known key"),
    "an unknown key of a question": (
        "questions.toml", "[question.course]",
        "[question.course]\norder = 2",
        "question.course.order", "not a known key",
    ),
    "an unknown key of a question's help": (
        "questions.toml", "help.da = ",
        'help.de = "Hilfe"\nhelp.da = ',
        "question.specialty.help.de", "not a known key",
    ),
    "an unknown table of questions": ("questions.toml", "", "\n[order]\nfirst = 1\n", "order", "not a known key"),
    "an unknown key of a source": (
        "sources.toml", "[sources.ekm]",
        "[sources.ekm]\npage = 3",
        "sources.ekm.page", "not a known key",
    ),
    "an unknown key of the sources file": (
        "sources.toml", "edition = ",
        "year = 2026\nedition = ",
        "year", "not a known",
    ),
    "Danish wording that is missing": (
        "rules.toml", 'da = "Speciale 51 i struktureret forløb."\n',
        "",
        "obligation.general-structured.da", "missing",
    ),
    "English wording that is missing": (
        "rules.toml", 'en = "Specialty 51 in a structured course."\n',
        "",
        "obligation.general-structured.en", "missing",
    ),
    "wording that is empty": (
        "rules.toml", 'en = "The guide\'s code for hip osteoarthritis."',
        'en = ""',
        "suggestion.hip.en", "empty",
    ),
    "wording that is blank": (
        "names.toml", 'da = "Artrose i hofte"',
        'da = "  "',
        "condition.hip_osteoarthritis.da", "empty",
    ),
    "wording that is no text": (
        "names.toml", 'da = "Artrose i hofte"',
        "da = 3",
        "condition.hip_osteoarthritis.da", "str",
    ),
    "a question without help in one language": (
        "questions.toml", 'help.en = "The specialty decides',
        'help_en = "The specialty decides',
        "question.specialty.help.en", "missing",
    ),
    "a code that stands twice": ("codes.csv", "", "L90,Artrose i knæ,Knee,row-knee\n", "row 15", "twice"),
    "a code without a title": ("codes.csv", "L90,Artrose i knæ,", "L90,,", "row 13", "needs"),
    "a code without a source": (
        "codes.csv", "Osteoarthrosis of hip,row-hip",
        "Osteoarthrosis of hip,",
        "row 12", "needs",
    ),
    "a code with an unknown source": ("codes.csv", "of hip,row-hip", "of hip,hearsay", "row 12", "hearsay"),
    "a code that is none": ("codes.csv", "L90,", "L9,", "row 13", "L9"),
    "other columns of codes": ("codes.csv", "title_da", "titel", "row 1", "columns"),
    "a name that means two things": (
        "names.toml", '"hofteartrose"',
        '"hofteartrose", "Gon-artrose"',
        "condition.knee_osteoarthritis.names", "already means hip_osteoarthritis",
    ),
    "a condition that the program does not know": (
        "names.toml", "[condition.lumbar_stenosis]",
        "[condition.thoracic_stenosis]",
        "condition", "exactly",
    ),
    "a recommended code that does not exist": (
        "rules.toml", 'code = "L83"',
        'code = "L82"',
        "suggestion.cervical.code", "L82",
    ),
    "an interim code that does not exist": ("rules.toml", 'L83 = "L01"', 'L83 = "L05"', "interim.codes.L83", "L05"),
    "an interim code for a code that does not exist": (
        "rules.toml", 'L83 = "L01"',
        'L82 = "L01"',
        "interim.codes.L82", "known",
    ),
    "an acceptable code that does not exist": (
        "rules.toml", '["L83", "L01"]',
        '["L83", "L05"]',
        "acceptable[1].codes", "L05",
    ),
    "a suggestion for a condition outside the table": (
        "rules.toml", 'condition = "cervical_nerve_root"',
        'condition = "other"',
        "suggestion.cervical.condition", "other",
    ),
    "a suggestion that is born interim": (
        "rules.toml", 'rank = "recommended"',
        'rank = "interim"',
        "suggestion.cervical.rank", "interim",
    ),
    "two obligation rules for one case": (
        "rules.toml", 'specialty = ["57"]\nconditions = ["unlisted"]',
        'specialty = ["57"]\nconditions = ["unlisted", "none"]',
        "obligation", "2 rules answer for 57",
    ),
    "no obligation rule for a case": (
        "rules.toml", 'specialty = ["51"]\ncourse = ["other"]',
        'specialty = ["none"]\ncourse = []',
        "obligation", "0 rules answer for 51, other",
    ),
    "a specialty class that the rules do not know": (
        "rules.toml", 'specialty = ["51"]',
        'specialty = ["52"]',
        "obligation.general-structured.specialty", "52",
    ),
    "an unknown status": (
        "rules.toml", 'status = "mandatory"',
        'status = "maybe"',
        "obligation.general-structured.status", "maybe",
    ),
    "a condition without a recommended code": (
        "rules.toml", 'code = "L89"\nrank = "recommended"',
        'code = "L89"\nrank = "alternative"',
        "suggestion", "hip_osteoarthritis with signs yes needs exactly one recommended code",
    ),
    "a condition with two recommended codes": (
        "rules.toml", 'code = "L84"\nrank = "alternative"',
        'code = "L84"\nrank = "recommended"',
        "suggestion", "lumbar_stenosis with signs yes needs exactly one recommended code",
    ),
    "a rule with an unknown source": (
        "rules.toml", 'source = "who-51"',
        'source = "hearsay"',
        "obligation.general-structured.source", "hearsay",
    ),
    "a rule without a source": (
        "rules.toml", 'status = "mandatory"\nsource = "who-51"',
        'status = "mandatory"',
        "obligation.general-structured.source", "missing",
    ),
    "a rule that claims the guide and names no statement": (
        "rules.toml", 'source = "who-51"',
        'source = "guide-who"',
        "obligation.general-structured.source", "guide-who",
    ),
    "a caveat that claims the guide and names no statement": (
        "rules.toml", '[caveat.footnote-1]\nsource = "footnote-1"',
        '[caveat.footnote-1]\nsource = "guide-footnotes"',
        "caveat.footnote-1.source", "guide-footnotes",
    ),
    "a rule that rests on what is only cited": (
        "rules.toml", 'source = "who-51"',
        'source = "chiropractors"',
        "obligation.general-structured.source", "chiropractors",
    ),
    "a source beside the statements that claims to be the guide": (
        "sources.toml", 'basis = "program"',
        'basis = "guide"',
        "sources.reading.basis", "guide",
    ),
    "a statement without its place": (
        "sources.toml", 'place = "guide-who"',
        "",
        "statement.who-51.place", "missing",
    ),
    "a statement in a place that the guide does not have": (
        "sources.toml", 'place = "guide-who"',
        'place = "guide-appendix"',
        "statement.who-51.place", "guide-appendix",
    ),
    "a statement that does not say where it stands": (
        "sources.toml", 'where = { da = "hvem der skal kodes, 1. sætning", en = "who must be coded, sentence 1" }',
        "",
        "statement.who-51.where", "missing",
    ),
    "a source with the id of a statement": (
        "sources.toml", "[sources.ekm]",
        "[sources.footnote-1]",
        "sources.footnote-1", "already",
    ),
    "a name with an unknown source": (
        "names.toml", '"row-cervical"',
        '"hearsay"',
        "condition.cervical_nerve_root.source", "hearsay",
    ),
    "a question with an unknown source": (
        "questions.toml", '"who-51"',
        '"hearsay"',
        "question.specialty.source", "hearsay",
    ),
    "a caveat that the program does not know": (
        "rules.toml", "[caveat.keep-history]",
        "[caveat.drop-history]",
        "caveat.drop-history", "not a known caveat",
    ),
    "a question about no fact": (
        "questions.toml", "[question.course]",
        "[question.age]",
        "question.age", "not a known fact",
    ),
    "a list where there must be one": (
        "rules.toml", 'course = ["other"]',
        'course = "other"',
        "obligation.general-other.course", "list",
    ),
    "a table where there must be one": (
        "rules.toml", 'codes = { L83 = "L01", L84 = "L03", L86 = "L03", L89 = "L13", L90 = "L15" }',
        "codes = 3",
        "interim.codes", "dict",
    ),
    "invalid TOML": ("rules.toml", "[purpose]", "[purpose", "", "not valid TOML"),
    "a rule that stands twice": (
        "rules.toml", "[obligation.riding-listed]",
        "[obligation.general-other]",
        "", "not valid TOML",
    ),
}
# fmt: on


@pytest.mark.parametrize("what", REFUSED)
def test_loading_refuses(what: str, folder: Path) -> None:
    file, old, new, key, problem = REFUSED[what]
    edit(folder, file, old, new)
    with pytest.raises(GuidelineError) as raised:
        load_guideline(folder)
    facts = raised.value.facts
    assert (facts["file"], facts["key"]) == (file, key)
    assert problem in str(facts["problem"])
    assert raised.value.exit_code == errors.EXIT_GUIDELINE


def test_loading_refuses_ids_in_another_order(folder: Path) -> None:
    text = (folder / "names.toml").read_text(encoding="utf-8")
    first, second = "[timing.now]", "[timing.wait]"
    swapped = text.replace(first, "[]").replace(second, first).replace("[]", second)
    (folder / "names.toml").write_text(swapped, encoding="utf-8")
    with pytest.raises(GuidelineError, match="in this order") as raised:
        load_guideline(folder)
    assert (raised.value.facts["file"], raised.value.facts["key"]) == ("names.toml", "timing")


@pytest.mark.parametrize("file", LOADED_BY_LOAD_GUIDELINE)
def test_loading_refuses_a_file_that_is_missing(file: str, folder: Path) -> None:
    (folder / file).unlink()
    with pytest.raises(GuidelineError) as raised:
        load_guideline(folder)
    assert raised.value.facts["file"] == file


@pytest.mark.parametrize("file", LOADED_BY_LOAD_GUIDELINE)
def test_loading_refuses_a_file_that_is_not_utf_8(file: str, folder: Path) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_text(text, encoding="latin-1", errors="replace")
    with pytest.raises(GuidelineError) as raised:
        load_guideline(folder)
    assert raised.value.facts["file"] == file


@pytest.mark.parametrize("caveat", ["footnote-1", "outside-table"])
def test_loading_refuses_a_caveat_that_is_missing(caveat: str, folder: Path) -> None:
    remove_table(folder, "rules.toml", f"[caveat.{caveat}]")
    with pytest.raises(GuidelineError, match="missing") as raised:
        load_guideline(folder)
    assert (raised.value.facts["file"], raised.value.facts["key"]) == ("rules.toml", f"caveat.{caveat}")


def test_loading_refuses_a_question_that_is_missing(folder: Path) -> None:
    remove_table(folder, "questions.toml", "[question.course]")
    with pytest.raises(GuidelineError, match="missing") as raised:
        load_guideline(folder)
    assert (raised.value.facts["file"], raised.value.facts["key"]) == ("questions.toml", "question.course")


def test_loading_refuses_a_recommended_disease_code_without_an_interim_code(folder: Path) -> None:
    edit(folder, "rules.toml", ', L90 = "L15"', "")
    with pytest.raises(GuidelineError, match="L90") as raised:
        load_guideline(folder)
    assert raised.value.facts["file"] == "rules.toml"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("names.toml", '["hofteartrose"', '[7, "hofteartrose"'),
        ("rules.toml", "[obligation.general-structured]", 'acceptable = ["L83"]\n[obligation.general-structured]'),
    ],
    ids=["a number among names", "a text among tables"],
)
def test_loading_refuses_a_list_of_the_wrong_things(file: str, old: str, new: str, folder: Path) -> None:
    if new.startswith("acceptable"):
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(text.replace("[[acceptable]]", "[[kept.acceptable]]"), encoding="utf-8")
    edit(folder, file, old, new)
    with pytest.raises(GuidelineError) as raised:
        load_guideline(folder)
    assert raised.value.facts["file"] == file


def remove_table(folder: Path, file: str, header: str) -> None:
    """Take one table out of a file, up to the next header."""
    before, found, after = (folder / file).read_text(encoding="utf-8").partition(header)
    assert found, f"{file} no longer holds {header}: mend this test"
    (folder / file).write_text(before + after[after.index("\n[") :], encoding="utf-8")


# The shipped data


def test_the_shipped_guideline_loads_and_every_load_gives_the_same_one() -> None:
    assert load_guideline() is load_guideline()


def test_every_shipped_code_has_its_source_and_a_short_title_and_no_criteria(guideline: Guideline) -> None:
    for code in guideline.codes.values():
        assert code.source in guideline.addresses
        assert all(0 < len(title) <= 60 and "\n" not in title for title in (code.title.da, code.title.en)), code
    criteria = re.compile(r"inklu(derer|sion)|eksklu(derer|sion)|inclusion|exclusion|criteri|kriteri", re.IGNORECASE)
    for path in set(DATA.glob("*.*")) - {DATA / "words.toml"}:  # clinicians write of criteria, and are understood
        assert not criteria.search(path.read_text(encoding="utf-8")), path.name


def test_every_source_has_an_address_but_the_programs_own(guideline: Guideline) -> None:
    for name, listed in guideline.listed.items():
        own = name in ("program", "reading", "of-itself", "not-found")
        assert (listed.address == "") == own, name
        assert own or listed.address.startswith("https://"), name


def test_only_statements_are_the_guides_and_each_says_its_fact_and_its_place(guideline: Guideline) -> None:
    for name, source in guideline.sources.items():
        assert (source.basis is Basis.GUIDE) == (source.statement is not None), name
    wheres = [source.text for source in guideline.sources.values() if source.statement]
    assert len(set(wheres)) == len(wheres) >= 20


def test_every_statement_of_the_guide_is_used_by_a_rule_or_on_a_page() -> None:
    used = "".join((DATA / file).read_text(encoding="utf-8") for file in ("rules.toml", "checks.toml", "guide.toml"))
    statements = tomllib.loads((DATA / "sources.toml").read_text(encoding="utf-8"))["statement"]
    assert not [name for name in statements if f'"{name}"' not in used]


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ('[K101]\nsource = "who-51"', '[K101]\nsource = "guide-who"', "K101.source", "guide-who"),
        ('[K106]\nsource = "footnote-1"', "[K106]", "K106.source", "missing"),
        ('[K106]\nsource = "footnote-1"', '[K106]\nsource = "reading"', "K106.reading", "missing"),
    ],
    ids=["the guide without a statement", "nobody", "a reading that does not say what it reads"],
)
def test_loading_refuses_a_check_that_rests_on(folder: Path, old: str, new: str, key: str, problem: str) -> None:
    edit(folder, "checks.toml", old, new)
    with pytest.raises(GuidelineError, match=problem) as raised:
        load_checks(folder)
    assert (raised.value.facts["file"], raised.value.facts["key"]) == ("checks.toml", key)


def test_what_the_specification_calls_a_reading_is_the_programs_in_the_data(guideline: Guideline) -> None:
    checks = load_checks()
    assert {key for key, check in checks.items() if check.source == guideline.sources["reading"]} >= {"K105"}
    assert all(checks[key].reading for key in ("K101", "K103", "K104", "K105", "K107"))
    assert {caveat.id for caveat in guideline.caveats.values() if caveat.basis is Basis.PROGRAM} >= {
        "prefer-l86", "red-flags", "no-nerve-root-signs", "interim-l03"
    }  # fmt: skip


def test_the_table_names_disease_codes_and_l03_and_the_interim_codes_are_symptoms(guideline: Guideline) -> None:
    def number(code: str) -> int:
        return int(code[1:])

    table = {rule.code.code for rules in guideline.suggestions.values() for rule in rules}
    assert all(code == "L03" or number(code) in range(70, 100) for code in table)
    assert {disease: rule.code.code for disease, rule in guideline.interim.items()} == {
        "L83": "L01",
        "L84": "L03",
        "L86": "L03",
        "L89": "L13",
        "L90": "L15",
    }
    assert all(number(rule.code.code) in range(1, 30) for rule in guideline.interim.values())


def test_every_code_that_is_ever_suggested_is_acceptable_in_an_export(guideline: Guideline) -> None:
    for (condition, signs), rules in guideline.suggestions.items():
        assert {rule.code.code for rule in rules} <= guideline.acceptable[condition, signs], (condition, signs)


# Names

NAMES = {
    ("condition", "cervical_nerve_root"): [
        "nerverodspåvirkning i nakke",
        "cervikal nerverodspåvirkning",
        "cervikal radikulopati",
        "cervical nerve root",
    ],
    ("condition", "lumbar_nerve_root"): [
        "nerverodspåvirkning i lænd",
        "lumbal nerverodspåvirkning",
        "lumbal radikulopati",
        "iskias",
        "lumbar nerve root",
    ],
    ("condition", "lumbar_stenosis"): [
        "lumbal stenose",
        "lumbal spinalstenose",
        "lumbal spinal stenose",
        "spinalstenose",
        "lumbar stenosis",
    ],
    ("condition", "hip_osteoarthritis"): [
        "artrose i hofte",
        "hofteartrose",
        "coxartrose",
        "slidgigt i hoften",
        "hip osteoarthritis",
    ],
    ("condition", "knee_osteoarthritis"): [
        "artrose i knæ",
        "knæartrose",
        "gonartrose",
        "slidgigt i knæ",
        "knee osteoarthritis",
    ],
    ("condition", "primary_low_back_pain"): [
        "primære smerter i lænderyggen",
        "primære lændesmerter",
        "lændesmerter",
        "primary low back pain",
    ],
    ("condition", "other"): ["andet", "anden", "øvrige", "other"],
    ("course", "structured"): ["struktureret", "struktureret forløb", "structured"],
    ("course", "other"): ["andet", "andet forløb", "ikke-struktureret", "almindeligt forløb", "other"],
    ("course", "unknown"): ["ved ikke", "uafklaret", "?", "unknown"],
    ("answer", "yes"): ["ja", "yes"],
    ("answer", "no"): ["nej", "no"],
    ("answer", "unknown"): ["ved ikke", "uafklaret", "?", "unknown"],
}
SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "upper case": str.upper,
    "title case": str.title,
    "with hyphens": lambda name: name.replace(" ", "-"),
    "with underscores": lambda name: name.replace(" ", "_"),
    "in one word": lambda name: name.replace(" ", ""),
    "with spaces around": lambda name: f"  {name}\t",
    "with ae oe aa": lambda name: name.replace("æ", "ae").replace("ø", "oe").replace("å", "aa"),
    "with a o a": lambda name: name.replace("æ", "a").replace("ø", "o").replace("å", "a"),
    "decomposed": lambda name: unicodedata.normalize("NFD", name),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_name_of_the_specification_is_understood(spelling: str, guideline: Guideline) -> None:
    for (kind, key), names in NAMES.items():
        for name in (key, *names):
            assert guideline.understand(kind, SPELLINGS[spelling](name)) == key, name


@pytest.mark.parametrize("text", ["", "  ", "knæ", "artrose", "lumbal", "L90", "ja ja", "nej?", "51"])
def test_what_is_no_name_is_not_understood(text: str, guideline: Guideline) -> None:
    assert [guideline.understand(kind, text) for kind in ("condition", "course", "answer")] == [None] * 3


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Lumbal stenose", "lumbalstenose"),
        ("lumbal-stenose", "lumbalstenose"),
        ("lumbal\u2010\u2011\u2013stenose", "lumbalstenose"),
        ("lumbal\u00a0stenose", "lumbalstenose"),
        ("LÆND", "laend"),
        ("forløb", "forloeb"),
        ("påvirkning", "paavirkning"),
        ("pa\u030avirkning", "paavirkning"),
        ("don't know", "dontknow"),
        ("?", "?"),
        ("", ""),
    ],
)
def test_fold_drops_what_does_not_tell_names_apart(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_a_second_time_changes_nothing_for_names_of_danish_letters(text: str) -> None:
    danish = "".join(letter for letter in text if letter.isascii() or letter in "æøåÆØÅ")
    assert fold(fold(danish)) == fold(danish)


@given(st.text(), st.sampled_from(["condition", "course", "answer"]))
def test_understand_answers_every_text_without_failing(text: str, kind: str) -> None:
    understood = load_guideline().understand(kind, text)
    assert understood is None or understood in load_guideline().labels[kind]


# Wording: what users read, by id


@pytest.mark.parametrize("name", WORDING)
def test_every_wording_file_says_all_in_both_languages(name: str) -> None:
    for key, text in load_wording(name).items():
        assert all(said.strip() for said in (text.da, text.en)), key


@pytest.mark.parametrize("name", WORDING)
@pytest.mark.parametrize("language", ["da", "en"])
def test_a_wording_file_that_lacks_a_language_is_refused(name: str, language: str, folder: Path) -> None:
    path = folder / f"{name}.toml"
    text, found = re.subn(rf"^{language} = .*\n", "", path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    assert found
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GuidelineError, match=f"{language}, problem=is missing") as raised:
        load_wording(name, folder)
    assert raised.value.facts["file"] == path.name


@pytest.mark.parametrize("name", WORDING)
def test_a_wording_file_with_an_unknown_key_is_refused(name: str, folder: Path) -> None:
    path = folder / f"{name}.toml"
    text = re.sub(r"^da = ", 'se = "x"\nda = ', path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GuidelineError, match="not a known key"):
        load_wording(name, folder)


@pytest.mark.parametrize("name", WORDING)
def test_wording_has_the_same_places_to_fill_in_both_languages(name: str) -> None:
    for key, text in load_wording(name).items():
        assert places(text.da) == places(text.en), key


def places(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@cache
def trees() -> dict[str, ast.Module]:
    return {str(path.relative_to(SOURCE)): ast.parse(path.read_text("utf-8")) for path in SOURCE.rglob("*.py")}


def raised_errors() -> Iterator[tuple[str, re.Pattern[str], set[str] | None]]:
    """Each error with an id that the code makes: where, a pattern of its id, and its facts (None: not to be seen)."""
    with_id = {
        name
        for name, each in vars(errors).items()
        if isinstance(each, type) and issubclass(each, errors.IcpcError) and each is not GuidelineError
    }
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) in with_id and node.args:
                facts = {keyword.arg for keyword in node.keywords}
                known = None if None in facts else {fact for fact in facts if fact}
                for pattern in patterns(node.args[0]):
                    yield f"{file}:{node.lineno}", re.compile(pattern), known


def patterns(node: ast.expr) -> list[str]:
    """What an expression of text can be: of an f-string only the fixed parts are known."""
    if isinstance(node, ast.Constant):
        return [re.escape(str(node.value))]
    if isinstance(node, ast.IfExp):
        return [*patterns(node.body), *patterns(node.orelse)]
    if isinstance(node, ast.JoinedStr):
        return ["".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else "[a-z]+" for p in node.values)]
    raise AssertionError(f"this test cannot see which id line {node.lineno} means")


def test_every_error_that_the_code_raises_has_its_wording_and_all_that_fills_it() -> None:
    wording = load_wording("errors")
    for place, pattern, facts in raised_errors():
        meant = [key for key in wording if pattern.fullmatch(key)]
        assert meant, f"{place}: no wording for {pattern.pattern}"
        for key in meant:
            assert facts is None or places(wording[key].da) <= facts, f"{place}: {key} lacks facts"


def test_no_wording_of_an_error_is_unused() -> None:
    used = [pattern for _, pattern, _ in raised_errors()]
    unused = [key for key in load_wording("errors") if not any(pattern.fullmatch(key) for pattern in used)]
    assert set(unused) <= {"guideline-broken"}


# Through the program: one message, no traceback, status 3


@pytest.fixture
def broken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The program reads this copy of the data while the test runs."""
    for module in (guideline.rules, guideline.wording):
        monkeypatch.setattr(module, "default_folder", lambda: folder)
    forget()
    yield folder
    forget()


def forget() -> None:
    """Let everything that was loaded be loaded anew."""
    for name in guideline.__all__:
        each = getattr(guideline, name)
        if hasattr(each, "cache_clear"):
            each.cache_clear()


@pytest.mark.parametrize("stdin", [None, "{}\n"], ids=["options", "jsonl"])
def test_broken_data_is_one_message_that_names_file_and_key_with_status_3(
    stdin: str | None, broken: Path, icpc: Any
) -> None:
    edit(broken, "rules.toml", 'code = "L83"', 'code = "L82"')
    door = ["--format", "json"] if stdin is None else ["--jsonl"]
    ended = icpc("suggest", *door, stdin=stdin or "")
    assert (ended.status, ended.out) == (3, "")
    said = " ".join(ended.err.split())
    assert said.startswith("Fejl: Programmets regelfiler er beskadiget: rules.toml, suggestion.cervical.code: 'L82'")
    assert "Installér programmet igen" in ended.err


def test_broken_wording_of_the_help_is_one_message_with_status_3(broken: Path, icpc: Any) -> None:
    edit(broken, "help.toml", "[words.usage]", "[words.usage")
    ended = icpc("--help", "--lang", "en")
    assert (ended.status, ended.out) == (3, "")
    assert ended.err.startswith("Error: The program's rule files are damaged: help.toml")


def test_broken_wording_of_the_errors_themselves_is_still_one_message_with_status_3(broken: Path, icpc: Any) -> None:
    edit(broken, "errors.toml", 'da = "', "da = ")
    ended = icpc("suggest", "--course", "grønt")
    assert (ended.status, ended.out) == (3, "")
    assert ended.err.startswith("Fejl: guideline-broken: file=errors.toml")


def test_a_missing_data_folder_is_one_message_with_status_3(broken: Path, icpc: Any) -> None:
    shutil.rmtree(broken)
    ended = icpc("suggest", "--format", "json")
    assert (ended.status, ended.out) == (3, "")
    assert "errors.toml" in ended.err or "sources.toml" in ended.err
    assert "Traceback" not in ended.err


def test_a_shipped_file_is_parsed_once_and_again_when_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", None)
    monkeypatch.setattr("icpc_cli.guideline.tables.default_folder", lambda: tmp_path)
    parse = mock.Mock(side_effect=tomllib.loads)
    monkeypatch.setattr("tomllib.loads", parse)
    both: tuple[dict[str, object], ...] = ({"a": "æ", "b": {"c": [1, 2.5, True]}}, {"a": "ø"})
    for count, kept in enumerate(both, start=1):
        text = "".join(f"{key} = {json.dumps(value).replace(':', '=')}\n" for key, value in kept.items())
        (tmp_path / "some.toml").write_text(text, encoding="utf-8")
        assert [TomlTable.read(tmp_path, "some.toml").data for _ in range(2)] == [kept, kept]
        assert parse.call_count == count
