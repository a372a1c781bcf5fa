"""``icpc guide``: the guide to read, whose codes come from the rules, and each statement with its source."""

import re
import shutil
from pathlib import Path

import pytest

from icpc_cli.advice import advise
from icpc_cli.errors import GuidelineError
from icpc_cli.guideline import default_folder, load_checks
from icpc_cli.guideline.guide import load_guide
from icpc_cli.model import LISTED, Answer, Basis, Case, Rank

PAGES = ["guide", "sentinel"]


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_table_holds_exactly_the_recommended_codes_of_the_advice(icpc, guideline, language):
    text = icpc("guide", "--format", "markdown", "--lang", language).out
    rows = [[cell.strip() for cell in line.split("|")[1:5]] for line in text.splitlines() if line.count("|") == 5]
    shown, condition = set(), ""
    for name, code, title, _ in rows[2:]:
        condition = name or condition
        assert title.startswith(guideline.codes[code].title[language])
        shown.add((condition, code))
    advised = {
        (guideline.label("condition", each)[language], suggestion.code.code)
        for each in LISTED
        for signs in Answer
        for suggestion in advise(guideline, Case(conditions=(each,), nerve_root_signs=signs)).suggestions
        if suggestion.rank is Rank.RECOMMENDED
    }
    assert shown == advised


def test_the_table_is_typed_nowhere_else():
    text = (default_folder() / "guide.toml").read_text(encoding="utf-8")
    assert set(re.findall(r"\b[A-Z]\d\d\b", text)) == {"L03", "L86"}
    assert "Rygsyndrom" not in text


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["da", "en"])
def test_every_statement_cites_its_sources_and_every_citation_is_listed(icpc, guideline, page, language):
    lines = icpc("guide", page, "--format", "markdown", "--lang", language).out.splitlines()
    start = lines.index("## Kilder" if language == "da" else "## Sources")
    statements = [line for line in lines[:start] if re.match(r"- |\d+\. ", line)]
    assert len(statements) >= 10
    cited = set()
    for statement in statements:
        assert re.search(r" (\[\d+\])+$", statement), statement
        cited |= set(re.findall(r"\[(\d+)\]", statement))
    listed = [line.split(". ")[0] for line in lines[start:] if re.match(r"\d+\. ", line)]
    assert listed == [str(number) for number in range(1, len(listed) + 1)]
    assert cited | set(re.findall(r"\[(\d+)\]", "\n".join(lines[:start]))) == set(listed)


@pytest.mark.parametrize("language", ["da", "en"])
def test_sentinel_has_the_steps_in_order_each_with_its_address_where_one_is_known(icpc, language):
    out = icpc("guide", "sentinel", "--format", "markdown", "--lang", language).out
    section = out.split("## ")[2]
    steps = re.findall(r"^\d+\. \*\*(.*?)\*\*(.*)$", section, re.MULTILINE)
    addresses = [re.findall(r"<(.*?)>", text) for _, text in steps]
    assert addresses == [
        ["https://www.sentinel-data.dk/"],
        [],
        ["https://ekm.dk/diagnosekodning/#section=9"],
        ["https://ekm.dk/diagnosekodning/#section=9"],
        [],
    ]
    for word, (term, text) in zip(
        ("MitID", "Sentinel", "Praksis samtykke", "Diagnosekoder", "kod|code"), steps, strict=False
    ):
        assert re.search(word, term + text, re.IGNORECASE)


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_guide_shows_everything_that_the_program_reads_beyond_it(icpc, guideline, language):
    text = " ".join(icpc("guide", "--format", "markdown", "--lang", language).out.split())
    readings = [caveat.text for caveat in guideline.caveats.values() if caveat.basis is Basis.PROGRAM]
    readings += [
        rule.reason for rules in guideline.suggestions.values() for rule in rules if rule.source.basis is Basis.PROGRAM
    ]
    readings += [wording.reading for wording in load_checks().values() if wording.reading]
    assert {"K101", "K103", "K104", "K105", "K107"} <= {key for key, each in load_checks().items() if each.reading}
    assert len(set(readings)) >= 12
    for each in readings:
        assert " ".join(each[language].split()) in text


def test_the_guide_is_not_in_the_words_of_the_seed(icpc):
    out = " ".join(icpc("guide").out.split())
    for phrase in (
        "skaber struktur og overblik",
        "formidling til relevante samarbejdspartnere",
        "ledsaget af neurologisk",
    ):
        assert phrase not in out


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "ascii", "cp850"])
@pytest.mark.parametrize("language", ["da", "en"])
def test_every_terminal_can_show_it_in_eighty_columns(icpc, page, encoding, language):
    out = icpc("guide", page, "--lang", language, encoding=encoding).out
    assert max(map(len, out.splitlines())) <= 80
    questions = sum(section.title[language].count("?") for section in load_guide().pages[page].sections)
    assert out.count("?") == questions
    assert "WONCA" in out


def test_addresses_are_never_broken_over_lines(icpc, guideline):
    lines = [line.strip() for page in PAGES for line in icpc("guide", page).out.splitlines()]
    addresses = {
        a for page in load_guide().pages.values() for s in page.sections for each in s.statements if (a := each.address)
    }
    assert addresses
    assert addresses <= set(lines)


@pytest.mark.parametrize(("arguments", "expected"), [
    (["penge"], "guide, sentinel"),
    (["--format", "html"], "text, markdown"),
    (["sentinel", "nu"], "nu kan ikke forstås"),
])  # fmt: skip
def test_wrong_use_gets_one_clear_message(icpc, arguments, expected):
    ended = icpc("guide", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert expected in " ".join(ended.err.split())


@pytest.mark.parametrize(("old", "new", "key", "problem"), [
    ('sources = ["ekm"]', 'sources = ["rygte"]', "page.guide.section[3].statement[2].sources", "rygte"),
    ('sources = ["ekm"]', 'sources = ["guide-who"]', "page.guide.section[3].statement[2].sources", "guide-who"),
    ('sources = ["ekm"]', "sources = []", "page.guide.section[3].statement[2].sources", "empty"),
    ('sources = ["ekm"]', 'sources = ["ekm"]\nred = 1', "page.guide.section[3].statement[2].red", "known"),
    ('statement = "who-51"', 'statement = "ekm"', "page.guide.section[1].statement[1].statement", "ekm"),
    ('caveat = "keep-history"', 'caveat = "keep"', "page.guide.section[4].statement[2].caveat", "keep"),
    ('show = "table"', 'show = "chart"', "page.guide.section[2].show", "chart"),
    ('en = "Footnote 1"', 'en = ""', "page.guide.section[2].statement[1].term.en", "empty"),
    ('"https://www.sentinel', '"http://www.sentinel', "page.sentinel.section[2].statement[1].address", "https"),
    ("[words]", "[word]", "words", "missing"),
])  # fmt: skip
def test_broken_guide_data_is_refused_by_file_and_key(tmp_path: Path, old, new, key, problem):
    folder = Path(shutil.copytree(default_folder(), tmp_path / "guideline"))
    path = folder / "guide.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(GuidelineError) as caught:
        load_guide(folder)
    assert caught.value.facts["file"] == "guide.toml"
    assert caught.value.facts["key"] == key
    assert problem in str(caught.value.facts["problem"])
