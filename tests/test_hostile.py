"""The figure of a chart, pasted into pages of others, looks as it does in an empty page.

Pages with the style sheets of `tests/hostile`, each after a kind that is common: pictures of the figure are compared.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops
from test_browser import CHROMIUM, TEXTS, sync_api

from kurskdata import embed
from kurskdata.charts import by_name
from kurskdata.editions import Edition

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="SKIPPED FOR WANT OF CHROMIUM: see test_browser.py"),
]

SHEETS = sorted((Path(__file__).parent / "hostile").glob("*.css"))
CHARTS = ("area", "settlements")
WIDTHS = (360, 600, 900)


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The figure that each chart's snippet asks to paste."""
    found = {}
    for name in CHARTS:
        folder = tmp_path_factory.mktemp(name)
        embed.write(by_name.spec(name, Edition()), folder)
        text = (folder / "snippet.html").read_text("utf-8")
        found[name] = text.split("<!-- 2.")[1].split("-->\n", 1)[1].split("\n<!-- End of the figure.")[0]
    return found


@pytest.fixture(scope="module")
def tab() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def article(style: str, width: int, *figures: str) -> str:
    """A page of others with figures in a column that has its width, and starts at a whole pixel, whatever the sheet says.

    What a page hands down to all that is in it reaches the figures.
    """
    fixed = f"position:absolute;left:20px;top:40px;width:{width}px;padding:0;border:0;margin:0;columns:auto;max-height:none"
    handed = (
        "font:italic bold 31px/3 serif;color:red;letter-spacing:2px;text-transform:uppercase;text-align:right;"
        "white-space:pre-wrap;cursor:none;text-indent:3em;hyphens:auto;word-spacing:9px;border-collapse:collapse"
    )
    column = f"all:initial;display:block;{fixed};{handed if style else ''}".replace(";", "!important;")
    rooms = "".join(
        f"<section style='all:unset!important;display:block!important;height:1400px!important'>{one}</section>"
        for one in figures
    )
    return (
        f"<!doctype html><html><head><meta charset=utf-8><style>{style}</style></head>"
        f"<body id=content class=entry-content><article id=article class='box entry-content'><p>Words before.</p>"
        f"<section style='{column}'>{rooms}</section></article></body></html>"
    )


def picture(tab: Any, html: str, width: int, media: str = "screen", which: int = 0) -> Image.Image:
    """The figure alone: what a page puts over it, or around it, is not its affair. Without the last line, which may be
    part of a pixel."""
    tab.set_viewport_size({"width": width + 60, "height": 900})
    tab.emulate_media(media=media, color_scheme="light")
    tab.set_content(html)
    taken = tab.locator("figure.kd").nth(which).screenshot(animations="disabled")
    whole = Image.open(io.BytesIO(taken)).convert("RGB")
    return whole.crop((0, 0, whole.width, whole.height - 1))


def differing(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels that differ; 1 for pictures of other sizes."""
    if one.size != other.size:
        return 1.0
    grey = ImageChops.difference(one, other).convert("L").point(lambda value: 255 if value > 24 else 0)
    return sum(1 for value in grey.tobytes() if value) / (one.width * one.height)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", CHARTS)
def test_a_figure_looks_the_same_in_any_page(
    tab: Any, figures: dict[str, str], tmp_path: Path, name: str, sheet: Path
) -> None:
    style = sheet.read_text("utf-8")
    for width in WIDTHS:
        for media in ("screen", "print"):
            plain = picture(tab, article("", width, figures[name]), width, media)
            found = picture(tab, article(style, width, figures[name]), width, media)
            for label, taken in (("plain", plain), (sheet.stem, found)):
                taken.save(tmp_path / f"{name}-{width}-{media}-{label}.png")
            assert plain.height > 200
            assert differing(plain, found) < 0.0005, (tmp_path, width, media)


def test_the_comparison_sees_a_page_that_reaches_into_the_figure(tab: Any, figures: dict[str, str]) -> None:
    plain = picture(tab, article("", 600, figures["area"]), 600)
    for rule in ("text{fill:red", "path{fill:red", "p{color:red", "footer{display:none"):
        unguarded = figures["area"].replace("all:revert-layer!important;", "")
        assert differing(plain, picture(tab, article(f"{rule}!important}}", 600, unguarded), 600)) > 0.001, (
            rule
        )


def test_two_figures_of_one_page_do_not_touch_each_other(tab: Any, figures: dict[str, str]) -> None:
    for width in WIDTHS:
        alone = [picture(tab, article("", width, figures[name]), width) for name in CHARTS]
        both = article("", width, *(figures[name] for name in ("area", "settlements", "area")))
        for place, expected in enumerate((alone[0], alone[1], alone[0])):
            assert differing(expected, picture(tab, both, width, which=place)) < 0.0005
        ids = tab.evaluate("[...document.querySelectorAll('figure [id], figure[id]')].map(e => e.id)")
        assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    "box", ["display:flex", "display:grid", "float:left", "display:inline-block", "display:table-cell"]
)
def test_a_figure_has_a_width_in_any_box(tab: Any, figures: dict[str, str], box: str) -> None:
    tab.set_viewport_size({"width": 340, "height": 900})
    tab.set_content(
        f"<!doctype html><body style=margin:0><div style='{box}'><div>{figures['area']}</div></div>"
    )
    width = tab.evaluate("document.querySelector('.kd').getBoundingClientRect().width")
    assert 280 <= width <= 340
    assert tab.evaluate("document.documentElement.scrollWidth") <= 340


def test_a_figure_put_in_by_a_script_is_whole(tab: Any, figures: dict[str, str]) -> None:
    plain = picture(tab, article("", 600, figures["area"]), 600)
    tab.set_content(article("", 600, "<div id=here></div>"))
    tab.evaluate("text => { document.getElementById('here').innerHTML = text }", figures["area"])
    whole = Image.open(io.BytesIO(tab.locator("figure.kd").screenshot())).convert("RGB")
    assert differing(plain, whole.crop((0, 0, plain.width, plain.height))) < 0.0005


@pytest.mark.parametrize("name", by_name.names())
def test_a_column_of_600_pixels_holds_the_wide_drawing(tab: Any, tmp_path: Path, name: str) -> None:
    embed.write(by_name.spec(name, Edition()), tmp_path)
    tab.set_viewport_size({"width": 600, "height": 800})
    tab.emulate_media(media="screen")
    tab.goto((tmp_path / "index.html").as_uri())
    assert tab.locator(".kd-w svg").is_visible()
    assert not tab.locator(".kd-n svg").is_visible()
    sizes = [text["size"] for text in tab.evaluate(TEXTS)]
    assert min(sizes) >= 11.4
    tab.set_viewport_size({"width": 560, "height": 800})
    assert tab.locator(".kd-n svg").is_visible()
