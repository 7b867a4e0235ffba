"""JupyterLab: copies that keep edits, and every chart drawn by JupyterLab itself with the network cut."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import NOTEBOOKS
from nbconvert import HTMLExporter
from PIL import Image, ImageColor

from kurskdata.charts.style import theme
from kurskdata.display import MIME
from kurskdata.reports.edition.notebooks import workplace

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def test_copies_are_made_once_and_edits_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert workplace(folder) == folder
    assert {path.name for path in folder.iterdir()} == {path.name for path in NOTEBOOKS}
    (folder / "area.ipynb").write_text("edited")
    (folder / "claims.ipynb").unlink()
    workplace(folder)
    assert (folder / "area.ipynb").read_text() == "edited"
    assert (folder / "claims.ipynb").is_file()


def test_in_a_checkout_the_notebooks_are_opened_where_they_lie() -> None:
    assert workplace(None) == NOTEBOOKS[0].parent


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """JupyterLab on copies of the notebooks, and its address."""
    folder = workplace(tmp_path_factory.mktemp("lab") / "notebooks")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        str(folder),
        "--no-browser",
        f"--port={port}",
        "--allow-root",
    ]
    options = [
        "--IdentityProvider.token=",
        "--ServerApp.port_retries=0",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    own = {**os.environ, "JUPYTERLAB_SETTINGS_DIR": str(tmp_path_factory.mktemp("settings"))}
    with (tmp_path_factory.mktemp("log") / "lab.log").open("w") as log:
        process = subprocess.Popen([*command, *options], stdout=log, stderr=log, env=own)
        address = f"http://127.0.0.1:{port}"
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=2).close()
                break
            except OSError:
                time.sleep(0.5)
        yield address
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:  # it waits for kernels, which end by themselves when it is gone
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM:
        pytest.skip("no Chromium; install Debian's chromium or name one in CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.mark.browser
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_run_all_draws_every_chart_natively_and_asks_nothing_outside(
    server: str, browser: Any, path: Path
) -> None:
    notebook = nbformat.read(path, as_version=4)
    outputs = [o for c in notebook.cells for o in c.get("outputs", [])]
    expected = sum(MIME in o.get("data", {}) for o in outputs)
    page = browser.new_page(viewport={"width": 1300, "height": 12000})
    outside: list[str] = []
    page.on(
        "request",
        lambda r: (
            None
            if r.url.startswith((server, server.replace("http", "ws"), "data:", "blob:"))
            else outside.append(r.url)
        ),
    )
    page.goto(f"{server}/lab/tree/{path.name}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=60_000)
    # What was saved has charts and numbers of cells too: those drawn from now on count.
    page.evaluate("document.querySelectorAll('.vega-embed').forEach(chart => chart.classList.add('saved'))")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Restart Kernel and Run All Cells").click()
    page.locator(".jp-Dialog button.jp-mod-warn, .jp-Dialog button.jp-mod-accept").last.click()
    last = page.locator(".jp-CodeCell .jp-InputArea-prompt").last
    page.wait_for_function("() => !document.querySelector('.vega-embed.saved')", timeout=60_000)
    page.wait_for_function(
        "() => { const all = [...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')];"
        " return all.length && all.every(p => /\\[\\d+\\]/.test(p.textContent)); }",
        timeout=120_000,
    )
    assert "[" in last.text_content()
    page.wait_for_function(
        f"() => document.querySelectorAll('.vega-embed .marks').length >= {expected}", timeout=60_000
    )
    assert page.locator(".vega-embed .marks").count() == expected
    assert (
        page.locator(
            '[data-mime-type="application/vnd.jupyter.error"], [data-mime-type="application/vnd.jupyter.stderr"]'
        ).count()
        == 0
    )
    assert outside == []
    page.close()


def opened(browser: Any, address: str, **options: Any) -> Any:
    """A notebook as it was saved, in JupyterLab, its charts drawn."""
    page = browser.new_page(viewport={"width": 1300, "height": 6000}, **options)
    page.goto(address)
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.wait_for_function(
        "() => document.querySelectorAll('.vega-embed .marks').length >= 1", timeout=60_000
    )
    return page


@pytest.mark.browser
def test_a_tooltip_names_claimant_day_and_figure(server: str, browser: Any) -> None:
    page = opened(browser, f"{server}/lab/tree/area.ipynb?reset")
    chart = page.locator(".vega-embed").first
    box = chart.bounding_box()
    seen = ""
    # Points and names of Ukraine's claims have its colour: some of these pixels belong to points.
    drawn = Image.open(io.BytesIO(chart.screenshot())).convert("RGB")
    colour = ImageColor.getrgb(theme.palette("light").ukraine)
    blue = [
        (x, y) for y in range(drawn.height) for x in range(drawn.width) if drawn.getpixel((x, y)) == colour
    ]
    assert len(blue) > 100
    for x, y in blue[::7]:
        page.mouse.move(box["x"] + x, box["y"] + y)
        found = page.locator("#vg-tooltip-element.visible")
        if found.count():
            seen = found.inner_text()
            break
    assert re.search(r"[A-Z]\w+, \d+\s(?:Aug|Sept|Oct|Nov|Feb|Mar): .*\d.*(?:held|retaken|lost)", seen), seen
    assert "undefined" not in seen
    page.close()


CONTRAST = """() => {
  const light = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4 }); return .2126 * r + .7152 * g + .0722 * b };
  const colour = text => text.match(/[\\d.]+/g).map(Number);
  const ground = e => { for (; e; e = e.parentElement) { const c = colour(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > .9) return c.slice(0, 3) } return [255, 255, 255] };
  const texts = [...document.querySelectorAll('.jp-RenderedHTMLCommon h1, .jp-RenderedHTMLCommon h2, .jp-RenderedHTMLCommon p, .jp-RenderedHTMLCommon td, .jp-RenderedHTMLCommon th, .jp-RenderedHTMLCommon a')];
  return texts.filter(e => e.textContent.trim()).map(e => { const [a, b] = [light(colour(getComputedStyle(e).color).slice(0, 3)), light(ground(e))].sort((x, y) => y - x); return [(a + .05) / (b + .05), e.tagName, e.textContent.slice(0, 40)] })
}"""


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_tables_and_texts_read_well_in_both_themes(server: str, browser: Any, theme: str) -> None:
    asked = urllib.request.Request(
        f"{server}/lab/api/settings/@jupyterlab/apputils-extension:themes",
        data=json.dumps({"raw": json.dumps({"theme": theme})}).encode(),
        method="PUT",
        headers={"Content-Type": "application/json", "Cookie": "_xsrf=x", "X-XSRFToken": "x"},
    )
    urllib.request.urlopen(asked, timeout=10).close()
    page = opened(browser, f"{server}/lab/tree/timeline.ipynb?reset")
    page.wait_for_function(f"() => document.body.dataset.jpThemeName === {theme!r}", timeout=30_000)
    page.wait_for_selector(".jp-RenderedHTMLCommon td")
    found = page.evaluate(CONTRAST)
    assert len(found) > 40
    assert [one for one in found if one[0] < 4.5] == []
    # A chart brings its own ground, so that its colours never lie on that of the theme.
    marks = page.locator(".vega-embed .marks").first
    with Image.open(io.BytesIO(marks.screenshot())) as drawn:
        assert drawn.convert("RGB").getpixel((3, 3)) == (255, 255, 255)
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_page_made_by_nbconvert_shows_the_charts_without_script(
    browser: Any, tmp_path: Path, path: Path
) -> None:
    """As viewers do that know nothing of Vega-Lite and run no script: code hosts, e-mail, the archive."""
    notebook = nbformat.read(path, as_version=4)
    charts = sum(MIME in o.get("data", {}) for c in notebook.cells for o in c.get("outputs", []))
    text, _ = HTMLExporter().from_notebook_node(notebook)
    (tmp_path / "page.html").write_text(text, "utf-8")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1000, "height": 800})
    page = context.new_page()
    page.route("http*://**", lambda route: route.abort())
    page.goto((tmp_path / "page.html").as_uri())
    drawn = page.locator(".jp-OutputArea-output svg, .jp-OutputArea-output img")
    assert drawn.count() == charts
    for number in range(charts):
        box = drawn.nth(number).bounding_box()
        assert box["width"] > 400
        assert box["height"] > 200
    context.close()
