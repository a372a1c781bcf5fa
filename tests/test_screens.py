"""What the answer looks like: it fits one screen, hides nothing that matters, and says the same in both languages."""

import io
import re
import subprocess
import sys
from functools import cache
from itertools import product
from unicodedata import east_asian_width

import pytest
from rich.text import Text

from icpc_cli import Advice, Case, advise
from icpc_cli.guideline import Guideline, load_guideline, load_wording
from icpc_cli.model import Answer, CaveatId, Condition, Course, Rank, Timing
from icpc_cli.prompts.sheets import LABEL_WIDTH
from icpc_cli.screens.advice import Drawing, code_to_use, later_line, print_advice, record_line
from icpc_cli.screens.table import Pieces, TableColumn, table
from icpc_cli.screens.terminal import Terminal, indented, kept
from icpc_cli.text import Language
from icpc_cli.voice import Voice
from icpc_cli.voice.calling import program
from icpc_cli.voice.letters import spelling
from tests.conftest import some

ROWS = 24
TEXT_ROWS = ROWS - 2  # the keys, and the line above them for what was copied


def _drawing(guideline: Guideline, advice: Advice, language: Language = Language.DA) -> Drawing:
    return Drawing(Terminal(sys.stdout, Voice(language)), guideline, advice)


@cache
def _brief(case: Case, language: Language) -> str:
    """The answer screen of a case, which two tests look at."""
    guideline = load_guideline()
    return _drawing(guideline, advise(guideline, case), language).brief(80, TEXT_ROWS)


def _flat(text: str) -> str:
    return re.sub(r"[\s│|]+", " ", text)


def _cases() -> list[Case]:
    return [
        Case(specialty, course, (condition,), signs, certain, consultation, red_flags)
        for condition, signs, certain, consultation, red_flags, (specialty, course) in product(
            Condition,
            Answer,
            Answer,
            (None, 1, 2),
            (False, True),
            (("51", Course.STRUCTURED), ("51", Course.UNKNOWN), ("57", Course.OTHER), (None, Course.UNKNOWN)),
        )
    ]


@pytest.mark.parametrize("language", some(Language, 1))
def test_one_condition_fits_80_by_24_and_hides_neither_timing_nor_what_weighs_most(
    guideline: Guideline, language: Language
) -> None:
    for case in _cases():
        advice = advise(guideline, case)
        lines = _brief(case, language).split("\n")
        text = _flat("\n".join(lines))
        assert len(lines) <= TEXT_ROWS, case
        assert max(map(len, lines)) <= 80, case
        assert guideline.label("status", advice.obligation.status)[language].upper() in text
        assert _flat(guideline.purpose[language]) in text
        for suggestion in advice.suggestions:
            assert suggestion.code.code in text
            assert suggestion.code.title[language] in text
            assert _flat(suggestion.reason[language]) in text
            assert guideline.label("timing", suggestion.timing)[language] in text
            assert guideline.label("rank", suggestion.rank)[language] in text
        texts = {caveat.id: caveat.text[language] for caveat in advice.caveats}
        for caveat in (CaveatId.FOOTNOTE_1, CaveatId.RED_FLAGS)[case.red_flags :]:
            assert texts.get(caveat, "") in text, case
        for fact in advice.open_questions:
            assert guideline.label("fact", fact)[language] in text
        voice = Voice(language)
        assert text.rstrip().endswith(later_line(voice, advice) or record_line(voice, advice))
        assert record_line(voice, advice) in text


def test_the_code_to_use_now_comes_first_and_is_the_one_for_the_record(guideline: Guideline) -> None:
    for case in _cases():
        advice = advise(guideline, case)
        if not advice.suggestions:
            assert record_line(Voice(), advice) == ""
            continue
        use = code_to_use(advice.suggestions)
        assert (use.rank is Rank.INTERIM) == (advice.suggestions[0].timing is Timing.WAIT)
        assert use.timing is not Timing.WAIT
        now = use.timing is Timing.NOW
        assert record_line(Voice(), advice) == (f"{use.code.code} {use.code.title.da}" if now else "")
        assert re.findall(r"│  (L\d\d)  ", _brief(case, Language.DA))[0] == use.code.code


def test_what_has_no_room_is_counted_and_stands_in_the_whole(guideline: Guideline) -> None:
    case = Case("51", Course.STRUCTURED, (Condition.PRIMARY_LOW_BACK_PAIN,), Answer.YES, Answer.NO, 1)
    advice = advise(guideline, case)
    assert len(advice.caveats) == 5
    drawing = _drawing(guideline, advice)
    brief, whole = _flat(drawing.brief(80, TEXT_ROWS)), _flat(drawing.whole(80, TEXT_ROWS))
    missing = [caveat for caveat in advice.caveats if caveat.text.da not in brief]
    assert [caveat.id for caveat in missing] == [CaveatId.FOOTNOTE_2, CaveatId.KEEP_HISTORY]
    assert "2 forbehold til: tryk h" in brief
    assert "forbehold til" not in _flat(drawing.brief(80, 40))
    for caveat in advice.caveats:
        assert caveat.text.da in whole
        assert caveat.source.da in whole


@pytest.mark.parametrize("language", list(Language))
def test_the_whole_explanation_has_every_reason_and_source(guideline: Guideline, language: Language) -> None:
    for case in _cases()[:: len(Condition)]:
        advice = advise(guideline, case)
        whole = _flat(_drawing(guideline, advice, language).whole(100, ROWS))
        texts = [advice.obligation.reason, advice.obligation.source]
        texts += [text for suggestion in advice.suggestions for text in (suggestion.reason, suggestion.source)]
        texts += [text for caveat in advice.caveats for text in (caveat.text, caveat.source)]
        texts += [guideline.cited(each.basis, each.source) for each in advice.suggestions]
        texts += [guideline.cited(each.basis, each.source) for each in advice.caveats]
        texts.append(guideline.cited(advice.obligation.basis, advice.obligation.source))
        texts += [guideline.questions[fact].text for fact in advice.open_questions]
        for text in (*texts, guideline.purpose, guideline.licence):
            assert text[language] in whole, case


def _advice(guideline: Guideline, *conditions: Condition, certain: Answer = Answer.NO) -> Advice:
    return advise(guideline, Case("51", Course.STRUCTURED, conditions, Answer.YES, certain))


def test_several_conditions_get_a_panel_each_and_nothing_is_hidden(guideline: Guideline) -> None:
    advice = _advice(guideline, *Condition)
    text = _drawing(guideline, advice).brief(80, TEXT_ROWS)
    assert [line[3:].split(" ─")[0] for line in text.split("\n") if line.startswith("╭")] == [
        guideline.label("condition", condition).da for condition in Condition
    ]
    assert _flat(text).count("forbehold til: tryk") == 0
    assert all(caveat.text.da in _flat(text) for caveat in advice.caveats)
    # What to use can be read without scrolling; a code that serves two conditions is named once.
    assert _flat("\n".join(text.split("\n")[1:3])).strip() == f"Til journalen {record_line(Voice(), advice)}"
    assert record_line(Voice(), advice).count("L03") == 1


def test_the_interim_code_says_that_it_is_not_from_the_guide(guideline: Guideline) -> None:
    text = _flat(
        _drawing(guideline, _advice(guideline, Condition.HIP_OSTEOARTHRITIS), Language.DA).brief(80, TEXT_ROWS)
    )
    assert "Som midlertidig kode ikke fra guidens tabel" in text
    assert "[ekm.dk]" in text
    assert "Kilde: ekm.dk, guiden" in text.replace("guiden, ekm.dk", "ekm.dk, guiden")


@pytest.mark.parametrize("language", list(Language))
def test_what_cannot_be_coded_now_is_offered_for_later_and_never_for_the_record(
    guideline: Guideline, language: Language
) -> None:
    voice = Voice(language)
    for case in _cases():
        advice = advise(guideline, case)
        record, later = record_line(voice, advice), later_line(voice, advice)
        for each in advice.suggestions:
            if each.timing is Timing.NOW:
                assert each.code.code not in later
            else:
                assert each.code.code not in record
                decided = case.nerve_root_signs is not Answer.UNKNOWN
                assert each.code.code in later or (decided and each.rank is Rank.ALTERNATIVE)


def test_both_codes_of_a_stenosis_stand_for_later_while_the_signs_are_open(guideline: Guideline) -> None:
    advice = advise(guideline, Case("51", Course.STRUCTURED, (Condition.LUMBAR_STENOSIS,), Answer.UNKNOWN, Answer.YES))
    assert record_line(Voice(), advice) == ""
    later = "L84 Rygsyndrom uden smerteudstråling eller L86 Rygsyndrom med smerteudstråling"
    assert later_line(Voice(), advice) == later


def test_a_reading_of_the_program_is_not_shown_as_the_guides(guideline: Guideline) -> None:
    text = _flat(_drawing(guideline, _advice(guideline, Condition.PRIMARY_LOW_BACK_PAIN)).brief(80, ROWS))
    assert "[vores læsning, fodnote 1 og 2]" in text
    assert "Guiden nævner ikke L86 frem for L03." in text
    assert "Kilde: Diagnosekodning" not in text


def test_the_waiting_code_is_dimmer_and_the_code_to_use_stands_out(
    guideline: Guideline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    text = _drawing(guideline, _advice(guideline, Condition.HIP_OSTEOARTHRITIS), Language.DA).brief(80, TEXT_ROWS)
    assert "\x1b[1;7m L13 \x1b[0m" in text
    assert "\x1b[2m L89 \x1b[0m" in text


@pytest.mark.parametrize(("columns", "widest"), [(60, 60), (80, 80), (200, 100)])
def test_lines_are_no_wider_than_the_window_nor_than_reads_well(
    guideline: Guideline, columns: int, widest: int
) -> None:
    for condition, language in product(Condition, Language):
        drawing = _drawing(guideline, _advice(guideline, condition), language)
        for text in (drawing.brief(columns, TEXT_ROWS), drawing.whole(columns, TEXT_ROWS)):
            assert max(len(line) for line in text.split("\n")) <= widest
        assert max(len(line) for line in drawing.brief(columns, TEXT_ROWS).split("\n")) == widest  # the panel


@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("styled", ["", "dim"])
@pytest.mark.parametrize("width", [40, 80])
def test_what_can_be_copied_stands_on_one_line_however_long_it_is(
    monkeypatch: pytest.MonkeyPatch, *, padded: bool, styled: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    calls = [f'{program()} check "{"en lang mappe " * 6}æ😀.csv" --select K101', f"{program()} work {'x' * 80}.csv"]
    text = Text(kept(f'"Dg" ligner kode:  --map code="Dg. (alle)"  eller\n{calls[0]}\n{calls[1]}\nslut'), styled)
    paper = io.StringIO()
    Terminal(paper, Voice(Language.DA)).write(indented(text) if padded else text)
    drawn = [re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in paper.getvalue().splitlines()]
    assert [line for line in drawn if line.startswith(program())] == calls
    assert any('--map code="Dg. (alle)"' in line for line in drawn)
    assert drawn[-1] == "slut"
    assert "".join(drawn).replace(" ", "").isprintable()


def test_nothing_in_a_case_is_taken_for_markup(guideline: Guideline, capsys: pytest.CaptureFixture[str]) -> None:
    print_advice(Terminal(sys.stdout, Voice()), guideline, advise(guideline, Case("65")))
    text = capsys.readouterr().out
    assert "FRIVILLIGT" in text
    assert "Ingen kode endnu" in text


def test_wording_of_the_screens_is_plain_and_polite() -> None:
    for key, text in load_wording("screens").items():
        for language in Language:
            assert "!" not in text[language], key
            assert all(east_asian_width(letter) in "NaA" or letter.isascii() for letter in text[language]), key
        assert set(re.findall(r"{\w+}", text.da)) == set(re.findall(r"{\w+}", text.en)), key
    labels = [text for key, text in load_wording("screens").items() if key.startswith("label.")]
    assert all(len(text[language]) < LABEL_WIDTH for text in labels for language in Language)


def test_every_caveat_has_its_label(guideline: Guideline) -> None:
    wording = load_wording("screens")
    assert {key.removeprefix("caveat.") for key in wording if key.startswith("caveat.")} == set(CaveatId)


@pytest.mark.parametrize("language", list(Language))
def test_no_two_keys_of_the_answer_screen_are_the_same(language: Language) -> None:
    keys = {key: text[language] for key, text in load_wording("screens").items() if key.startswith("key.")}
    assert keys.pop("key.brief") == keys["key.whole"]
    assert keys.pop("key.onward") == keys["key.next"]
    assert len(set(keys.values())) == len(keys)


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "ascii"])
def test_spelling_leaves_what_an_encoding_can_write(encoding: str) -> None:
    text = "".join(text.da + text.en for text in load_wording("screens").values())
    text.translate(spelling(encoding)).encode(encoding)
    assert encoding == "ascii" or "æøå".translate(spelling(encoding)) == "æøå"
    assert spelling("utf-8") == {}


def test_json_loads_neither_questionary_nor_rich() -> None:
    program = """if True:
        import sys
        from icpc_cli.cli import run

        status = run(["suggest", "--specialty", "51", "--format", "json"])
        loaded = {"questionary", "prompt_toolkit", "rich", "pyperclip"} & set(sys.modules)
        sys.exit(str(loaded) if loaded else status)
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def drawn(lines: list[Pieces]) -> list[str]:
    return ["".join(piece.text for piece in line).rstrip() for line in lines]


@pytest.mark.parametrize("width", [40, 60, 78])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_table_breaks_no_number_and_shows_every_column_in_any_width(width: int, encoding: str) -> None:
    codes = [TableColumn(f"K{number}", [str(number)], right=True, firm=True) for number in range(101, 120)]
    columns = [
        TableColumn("Problemstilling", ["Nerverodspåvirkning i lænden og nakken"], right=False, firm=False),
        TableColumn("Skal kodes: kodet", ["1.024/2.048  50 %"], right=True, firm=True, shares=[0.5]),
        *codes,
    ]
    lines = drawn(table(Voice(Language.DA, encoding), columns, width))
    assert max(map(len, lines)) <= width
    words = " ".join(lines).split()
    assert all(words.count(str(number)) == words.count(f"K{number}") == 1 for number in range(101, 120))
    assert "1.024/2.048  50 %" in "\n".join(lines)
    parts = words.count("Problemstilling")
    assert parts > 1
    assert words.count("Nerverodspåvirkning") == parts


def test_a_table_with_room_has_bars_and_headings_that_end_above_their_line() -> None:
    columns = [
        TableColumn("En lang overskrift", ["a"], right=False, firm=False),
        TableColumn("Del", ["1/2"], True, True, [0.5]),
    ]
    assert drawn(table(Voice(Language.DA), columns, 26)) == [
        "",
        "En lang",
        "overskrift             Del",
        "──────────────────────────",
        "a           ████▌────  1/2",
    ]
