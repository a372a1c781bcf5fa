"""The pages in a browser: nothing asked of anybody, nothing cut; read in light, dark, narrow, on paper and aloud."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from icpc_cli.pages.charts import WIDTH, Axis, Mark, Row, Shape, draw, rows, scale
from icpc_cli.text import Language
from icpc_cli.voice import Voice
from tests import browser
from tests.conftest import Icpc
from tests.test_report import hostile

ROOT = Path(__file__).parent.parent
YEAR = str(ROOT / "data/examples/aar/aar.csv")
PAGES = ("report", "brief", "hostile", "partner", "meeting")
NETWORK = ("nord", "oest", "syd")
TODAY = ("--today", "2026-01-15")


@pytest.fixture(scope="module")
def chrome() -> Iterator[Any]:
    """One browser for all tests here."""
    with browser.chromium() as found:
        yield found


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages as files."""
    folder, icpc = tmp_path_factory.mktemp("pages"), Icpc()
    files = {name: folder / f"{name}.html" for name in PAGES}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ICPC_DATA", str(folder / "no-data"))
        for command in (
            ("report", YEAR, "--output", str(files["report"])),
            ("report", YEAR, "--brief", "--output", str(files["brief"])),
            ("report", hostile(folder), "--output", str(files["hostile"]), "--show-patients"),
            ("partner", YEAR, "--output", str(files["partner"]), "--name", "Klinik Østerbro"),
        ):
            done = icpc(*command, *TODAY)
            assert done.status == 0, done.err
        shares = [str(folder / f"{name}.json") for name in NETWORK]
        for name, made in zip(NETWORK, shares, strict=True):
            export = str(ROOT / f"data/examples/netvaerk/{name}.csv")
            assert icpc("network", "share", export, "-o", made, "--yes", *TODAY).status == 0
        assert icpc("network", "merge", *shares, "-o", str(folder / "net.json")).status == 0
        assert icpc("network", "page", str(folder / "net.json"), "-o", str(files["meeting"])).status == 0
    return files


def opened(chrome: Any, path: Path, **options: Any) -> Any:
    """The page, with what it said and asked for in ``page.said``."""
    page = chrome.new_context(**options).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: None if request.url == path.as_uri() else said.append(request.url))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(path.as_uri())
    page.said = said
    return page


@pytest.mark.parametrize("name", PAGES)
def test_the_page_asks_for_nothing_and_complains_of_nothing(chrome: Any, pages: dict[str, Path], name: str) -> None:
    page = opened(chrome, pages[name])
    assert page.said == []
    assert page.locator("script, link, img, iframe, object, [style], [onerror]").count() == 0
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert re.fullmatch(r"default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'", policy)
    assert page.evaluate("getComputedStyle(document.body).maxWidth") != "none", "the style sheet is not in force"


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("report", "light"),
        ("report", "dark"),
        ("brief", "light"),
        ("hostile", "dark"),
        ("partner", "light"),
        ("meeting", "light"),
        ("meeting", "dark"),
    ],
)
def test_the_page_has_no_violation_that_axe_knows(chrome: Any, pages: dict[str, Path], name: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    # axe is put into the page as a script, which the page's own policy would not let run.
    page = opened(chrome, pages[name], color_scheme=scheme, bypass_csp=True)
    # Of long tables the first rows are enough: the others are like them.
    some = {"exclude": ["tbody tr:nth-child(n+4)"]}
    found = Axe().run(page, some, {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_can_be_seen_without_a_script(chrome: Any, pages: dict[str, Path], scheme: str) -> None:
    page = opened(chrome, pages["report"], color_scheme=scheme, java_script_enabled=False)
    charts = page.locator("figure > svg")
    assert charts.count() == 8
    shots = [charts.nth(number).screenshot() for number in range(charts.count())]
    assert min(map(len, shots)) > 1500, "a chart is blank"


def test_colours_of_charts_stand_out_from_the_paper_in_light_and_dark(chrome: Any, pages: dict[str, Path]) -> None:
    seen = set()
    for scheme in ("light", "dark"):
        page = opened(chrome, pages["report"], color_scheme=scheme)
        colours = page.evaluate(
            """() => { const paper = getComputedStyle(document.documentElement).backgroundColor;
            const used = [...document.querySelectorAll('svg polyline, svg circle, svg text')]
              .flatMap(e => { const s = getComputedStyle(e); return [s.fill, s.stroke]; });
            return [paper, ...new Set(used)] }"""
        )
        paper, *used = (rgb(colour) for colour in colours if colour.startswith(("rgb(", "rgba(0")))
        seen.add(paper)
        assert all(contrast(paper, colour) >= 1.2 or colour == paper for colour in used)
        strong = [colour for colour in used if contrast(paper, colour) >= 3]
        assert len(strong) >= 3, "words, intervals and the one accent"
    assert len(seen) == 2


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", colour)[:3]))


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The ratio of WCAG 2: from 1 to 21."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: tuple[int, ...]) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", PAGES)
def test_a_telephone_does_not_scroll_sideways(chrome: Any, pages: dict[str, Path], name: str) -> None:
    page = opened(chrome, pages[name], viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    cut = page.evaluate(
        """() => [...document.querySelectorAll('td, th, p, li, figcaption, caption, svg')].filter(e => {
          const box = e.getBoundingClientRect();
          const outside = box.right > 360.5 || box.left < -0.5;
          const within = e.namespaceURI.includes('xhtml') && e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1;
          return !e.closest('.cards thead') && box.width > 1 && (outside || within);
        }).map(e => e.textContent.slice(0, 60))"""
    )
    assert cut == []


@pytest.mark.parametrize("name", ["report", "partner", "meeting"])
def test_labels_of_charts_stay_inside_them(chrome: Any, pages: dict[str, Path], name: str) -> None:
    page = opened(chrome, pages[name], viewport={"width": 1100, "height": 900})
    outside = page.evaluate(
        """() => [...document.querySelectorAll('figure svg')].flatMap(svg => { const box = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('text')].filter(text => { const t = text.getBoundingClientRect();
          return t.left < box.left - 3 || t.right > box.right + 3 || t.bottom > box.bottom + 3; })
          .map(text => text.textContent) })"""
    )
    assert outside == []


def test_what_a_chart_shows_stands_where_its_axes_say() -> None:
    row = Row("L03", [(Shape.BAND, 20, 60)], [(Shape.DOT, 40)], "40")
    chart = rows(
        "c", "caption", [row, row._replace(name="L90", dots=[(Shape.DOT, 0)])], Axis(0, 80, {0: "0", 80: "80"})
    )
    (zero, _), (end, _) = ((x, y) for side, x, y, _ in chart.words if side == "middle")
    (band, _), (kind, dot, _), (_, none, _) = chart.lines[:2], *chart.dots
    (low, _), (high, _) = (tuple(map(float, each.split(","))) for each in band[1].split())
    assert (band[0], kind) == (Shape.BAND, Shape.DOT)
    assert (low - zero, high - zero, dot - zero, none - zero) == pytest.approx(
        tuple((end - zero) * part for part in (0.25, 0.75, 0.5, 0)), abs=0.2
    )
    curve = draw("d", "", [Mark(Shape.LIMIT, ((0, 0), (5, 10)))], scale(0, 5, str), Axis(0, 10), 100)
    (x, bottom), (right, top) = (tuple(map(float, each.split(","))) for each in curve.lines[-1][1].split())
    assert bottom - top == 100
    assert 0 < x < right < WIDTH
    assert list(scale(-0.3, 2.2, Voice(Language.EN).short).said.values()) == ["0", "0.5", "1", "1.5", "2"]


def test_every_kind_of_mark_has_its_look() -> None:
    style = (ROOT / "icpc_cli/pages/templates/page.css").read_text("utf-8")
    assert [kind for kind in Shape if f".chart .{kind} " not in style and kind not in (Shape.BAR, Shape.DOT)] == []


def test_the_page_reads_well_aloud(chrome: Any, pages: dict[str, Path]) -> None:
    page = opened(chrome, pages["report"])
    assert page.locator("html").get_attribute("lang") == "da"
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    assert page.locator("table").count() == page.locator("table > caption").count() > 8
    assert page.locator("td").count() > 500
    for chart in page.locator("svg[role=img]").all():
        assert chart.get_attribute("role") == "img"
        named = chart.get_attribute("aria-labelledby").split()
        assert len(named) == 2
        assert all(page.locator(f"#{each}").count() == 1 for each in named)
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


def test_the_keyboard_reaches_every_part(chrome: Any, pages: dict[str, Path]) -> None:
    page = opened(chrome, pages["report"])
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('href')"))
    assert reached == ["#coverage", "#codes", "#services", "#pathways", "#results", "#tasks"]
    page.keyboard.press("Enter")
    assert page.url.endswith("#tasks")
    assert page.evaluate("getComputedStyle(document.querySelector('nav a'), ':focus-visible').outlineStyle") is not None


def test_charts_are_not_cut_on_paper(chrome: Any, pages: dict[str, Path], tmp_path: Path) -> None:
    page = opened(chrome, pages["report"], color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('figure')).breakInside") == "avoid"
    paper = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper')")
    assert paper.strip() == "#ffffff", "paper is white, also where the screen is dark"
    content = page.pdf(path=str(tmp_path / "r.pdf"), prefer_css_page_size=True)
    sizes = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content))
    assert {(round(float(width)), round(float(height))) for width, height in sizes} == {(595, 842)}


@pytest.mark.parametrize(("name", "most"), [("report", 6), ("brief", 1), ("meeting", 2)])
def test_the_page_is_no_longer_on_paper_than_is_promised(
    chrome: Any, pages: dict[str, Path], name: str, most: int
) -> None:
    content = opened(chrome, pages[name]).pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", content)) <= most
