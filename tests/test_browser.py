"""Pages and gallery in a real browser: what a reader sees, hears, prints and copies, and what leaves the page.

Needs Chromium: Debian's package ``chromium``, or any that the environment variable CHROMIUM names.
"""

from __future__ import annotations

import functools
import http.server
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_embed import CHARTS, _build, hostile

from kurskdata import embed
from kurskdata.charts import by_name
from kurskdata.check import check_claims
from kurskdata.check import page as check_page
from kurskdata.drawing.svg import narrow_drawing
from kurskdata.editions import Edition, edition
from kurskdata.embed import page
from kurskdata.prose import read_article
from kurskdata.reports import overview

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM,
        reason="SKIPPED FOR WANT OF CHROMIUM: install Debian's chromium or set CHROMIUM=/path/to/it",
    ),
]

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]

TEXTS = """() => [...document.querySelectorAll('svg text')].filter(t => t.checkVisibility()).map(t => {
  const box = t.getBoundingClientRect(), svg = t.ownerSVGElement, edge = svg.getBoundingClientRect();
  const scale = edge.width / svg.viewBox.baseVal.width;
  return { text: t.textContent, left: box.left, right: box.right, top: box.top, bottom: box.bottom,
           size: parseFloat(getComputedStyle(t).fontSize) * scale, edge: [edge.left, edge.right, edge.top, edge.bottom] };
})"""

SEEN = "() => [...document.querySelectorAll('svg')].filter(s => s.checkVisibility()).length"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bundles of every chart, one of a hostile chart, and a gallery over two editions."""
    out = tmp_path_factory.mktemp("site")
    bundles = tmp_path_factory.mktemp("bundles")
    for name in CHARTS:
        embed.write(by_name.spec(name, Edition()), bundles / name)
    _build(bundles, out, 2)
    embed.write(hostile(by_name.spec("settlements", Edition())), out / "hostile", interactive_view=True)
    shutil.copytree(bundles, out / "charts")
    overview.index(out)
    return out


class _Handler(http.server.SimpleHTTPRequestHandler):
    policy = ""

    def end_headers(self) -> None:
        if self.policy and "/charts/" in self.path:
            self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def serve(site: Path) -> Iterator[Callable[[str], str]]:
    """Starts a server over the site with a content security policy for the charts; returns its address."""
    servers = []

    def start(policy: str = "") -> str:
        handler = functools.partial(type("Handler", (_Handler,), {"policy": policy}), directory=str(site))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


class Watched:
    """A browser page that remembers what it asked for and what it complained about."""

    def __init__(self, browser: Any, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.on("console", lambda m: m.type in ("error", "warning") and self.complaints.append(m.text))
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.on("dialog", lambda d: (self.complaints.append("dialog"), d.dismiss()))

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


@pytest.fixture(scope="module")
def watch(browser: Any) -> Callable[..., Watched]:
    return functools.partial(Watched, browser)


def overlapping(texts: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Pairs of texts whose letters cover each other; the air above and below letters does not count.

    An arrow is a mark, as a dot is: one may touch another, but no word.
    """
    found = []
    for i, one in enumerate(texts):
        for other in texts[i + 1 :]:
            wide = min(one["right"], other["right"]) - max(one["left"], other["left"])
            air = 0.2 * (min(one["size"], other["size"]))
            high = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            arrows = {one["text"], other["text"]} <= {"↑", "↓"}
            if wide > 1 and high > air + 1 and not arrows:
                found.append((one["text"], other["text"]))
    return found


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("width", [320, 640, 1200])
def test_a_chart_reads_well_at_every_width(watch: Any, site: Path, name: str, width: int) -> None:
    with watch(viewport={"width": width, "height": 500}) as seen:
        seen.page.goto((site / "charts" / name / "index.html").as_uri())
        for scheme in ("light", "dark"):
            seen.page.emulate_media(color_scheme=scheme)
            assert seen.page.evaluate(SEEN) == 1
            texts = seen.page.evaluate(TEXTS)
            assert texts
            assert overlapping(texts) == []
            assert [t["text"] for t in texts if t["size"] < 11.99] == []
            assert [t["text"] for t in texts if t["left"] < 0 or t["right"] > width] == []
            assert [t for t in texts if t["top"] < t["edge"][2] - 3 or t["bottom"] > t["edge"][3] + 4] == []
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert len(seen.requests) == 1
        assert seen.complaints == []


@pytest.mark.parametrize("language", ["en", "de", "uk"])
def test_a_chart_reads_well_in_the_font_of_a_system_that_has_no_other(
    watch: Any, tmp_path: Path, language: str
) -> None:
    """With DejaVu Sans alone, which is a seventh wider: the page takes it smaller."""
    wide = "(f => { const t = document.createElement('span'); t.style.cssText = `position:absolute;font:40px ${f}`;"
    wide += (
        "t.textContent = 'Settlements'; document.body.append(t); return t.getBoundingClientRect().width })"
    )
    for name in CHARTS:
        embed.write(by_name.spec(name, edition(language=language)), tmp_path / name)
        path = tmp_path / name / "index.html"
        text = path.read_text("utf-8")
        assert text.count('"Liberation Sans",kd-r,Arial,Helvetica,kd-n,kd-d,sans-serif') == 2
        path.write_text(text.replace('"Liberation Sans",kd-r,Arial,Helvetica,kd-n,', ""), "utf-8")
        for width in (320, 640, 1200):
            with watch(viewport={"width": width, "height": 500}) as seen:
                seen.page.goto(path.as_uri())
                smaller, whole = (seen.page.evaluate(f"{wide}({font!r})") for font in ("kd-d", "DejaVu Sans"))
                assert smaller == pytest.approx(0.86 * whole, rel=0.02), "needs the font DejaVu Sans"
                texts = seen.page.evaluate(TEXTS)
                assert len(texts) > 5
                assert overlapping(texts) == []
                assert [t["text"] for t in texts if t["left"] < 0 or t["right"] > width] == []


@pytest.mark.parametrize("name", CHARTS)
def test_colours_follow_the_reader(watch: Any, site: Path, name: str) -> None:
    ground = "getComputedStyle(document.querySelector('figure')).backgroundColor"
    with watch() as seen:
        found = {}
        for scheme in ("light", "dark"):
            seen.page.emulate_media(color_scheme=scheme)
            for pin in ("", "#light", "#dark"):
                seen.page.goto("about:blank")
                seen.page.goto((site / "charts" / name / "index.html").as_uri() + pin)
                found[scheme, pin] = seen.page.evaluate(ground)
        white, black = "rgb(255, 255, 255)", "rgb(20, 23, 27)"
        assert found == {
            ("light", ""): white,
            ("light", "#light"): white,
            ("light", "#dark"): black,
            ("dark", ""): black,
            ("dark", "#light"): white,
            ("dark", "#dark"): black,
        }


@pytest.mark.parametrize("name", CHARTS)
def test_print_is_black_on_white_and_one_page(watch: Any, site: Path, name: str) -> None:
    with watch(viewport={"width": 700, "height": 900}, color_scheme="dark") as seen:
        seen.page.goto((site / "charts" / name / "index.html").as_uri())
        pages = seen.page.pdf(format="A4").count(b"/Type /Page\n")
        seen.page.emulate_media(media="print", color_scheme="dark")
        style = seen.page.evaluate(
            "() => { const f = getComputedStyle(document.querySelector('figure'));"
            "return [f.backgroundColor, f.color, getComputedStyle(document.querySelector('.l')).display] }"
        )
        assert style == ["rgb(255, 255, 255)", "rgb(0, 0, 0)", "none"]
        assert seen.page.evaluate(SEEN) == 1
        assert pages == 1


@pytest.mark.parametrize("name", CHARTS)
def test_forced_colours_keep_marks_and_texts_apart(watch: Any, site: Path, name: str) -> None:
    with watch(forced_colors="active", color_scheme="dark") as seen:
        seen.page.goto((site / "charts" / name / "index.html").as_uri())
        fills = seen.page.evaluate(
            "() => { const s = [...document.querySelectorAll('svg')].find(s => s.checkVisibility());"
            "const ground = getComputedStyle(document.querySelector('figure')).backgroundColor;"
            "return [ground, ...new Set([...s.querySelectorAll('text')].map(t => getComputedStyle(t).fill))] }"
        )
        # Only a text that stands on a mark may have the colour of the ground.
        assert set(fills[1:]) - {fills[0]}
        assert name == "settlements" or fills[0] not in fills[1:]


@pytest.mark.parametrize("name", [*CHARTS, "hostile"])
def test_axe_finds_nothing(watch: Any, site: Path, name: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    folder = site / "hostile" if name == "hostile" else site / "charts" / name
    with watch(viewport={"width": 640, "height": 600}) as seen:
        seen.page.goto((folder / "index.html").as_uri())
        for scheme in ("dark", "light"):
            seen.page.emulate_media(color_scheme=scheme)
            # The long tables are looked at in one of the schemes; their colours are those of the texts around.
            if scheme == "light" or name == "settlements":
                seen.page.evaluate("document.querySelector('details').open = true")
            found = Axe().run(seen.page, options={"runOnly": {"type": "tag", "values": TAGS}})
            assert found.violations_count == 0, found.generate_report()


def test_axe_finds_nothing_on_the_page_of_sources(watch: Any, site: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with watch(viewport={"width": 360, "height": 600}) as seen:
        for scheme in ("dark", "light"):
            seen.page.emulate_media(color_scheme=scheme)
            seen.page.goto((site / "charts" / "settlements" / "sources.html").as_uri() + "#r2")
            found = Axe().run(seen.page, options={"runOnly": {"type": "tag", "values": TAGS}})
            assert found.violations_count == 0, found.generate_report()
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360
        assert seen.complaints == []


def test_axe_finds_nothing_in_the_gallery(watch: Any, site: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with watch(viewport={"width": 1000, "height": 800}) as seen:
        seen.page.goto((site / "index.html").as_uri())
        for scheme in ("light", "dark"):
            seen.page.emulate_media(color_scheme=scheme)
            found = Axe().run(seen.page, options={"runOnly": {"type": "tag", "values": TAGS}})
            assert found.violations_count == 0, found.generate_report()
        assert seen.complaints == []


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_page_of_a_check_is_fit_for_readers_everywhere(watch: Any, tmp_path: Path, language: str) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from test_check_page import ARTICLE

    file = tmp_path / "check.html"
    file.write_text(check_page.html(check_claims(read_article(ARTICLE), language=language)), "utf-8")
    with watch(viewport={"width": 360, "height": 640}, java_script_enabled=True) as seen:
        seen.page.goto(file.as_uri())
        for width, scheme in ((360, "light"), (360, "dark"), (768, "light"), (1200, "dark")):
            seen.page.set_viewport_size({"width": width, "height": 640})
            seen.page.emulate_media(color_scheme=scheme)
            assert seen.page.evaluate("document.documentElement.scrollWidth") == width
            found = Axe().run(seen.page, options={"runOnly": {"type": "tag", "values": TAGS}})
            assert found.violations_count == 0, found.generate_report()
            seen.page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        text, note = (seen.page.locator(one).first.bounding_box() for one in (".kd-b mark", ".kd-n li"))
        assert note["x"] > text["x"] + text["width"]
        look, other = (f"getComputedStyle(document.querySelector('mark{s}')).borderTopStyle" for s in (".kd-look", ":not(.kd-look)"))  # fmt: skip
        assert [seen.page.evaluate(one) for one in (look, other)] == ["solid", "none"]
        seen.page.emulate_media(media="print")
        assert (
            seen.page.evaluate("getComputedStyle(document.querySelector('.kd-check')).color")
            == "rgb(0, 0, 0)"
        )
        assert [one for one in seen.requests if not one.startswith("file:")] == []
        assert seen.complaints == []


def test_links_and_controls_are_large_enough_to_hit(watch: Any, site: Path) -> None:
    targets = (
        "[...document.querySelectorAll('a, button, summary, select, input')].filter(e => e.checkVisibility())"
    )
    small = (
        f"() => {targets}"
        ".map(e => [e.textContent.slice(0, 30), e.getBoundingClientRect()]).filter(([, b]) => b.height < 24 || b.width < 24)"
        ".map(([t, b]) => [t, b.width, b.height])"
    )
    with watch(viewport={"width": 320, "height": 600}) as seen:
        for path in ("charts/area/index.html", "charts/timeline/index.html", "index.html"):
            seen.page.goto((site / path).as_uri())
            if path != "index.html":
                seen.page.click("summary")
            assert seen.page.evaluate(f"{targets}.length") > 3
            assert seen.page.evaluate(small) == []


def test_the_keyboard_reaches_everything_in_few_steps(watch: Any, site: Path) -> None:
    with watch() as seen:
        seen.page.goto((site / "charts" / "area" / "index.html").as_uri())
        reached = []
        for _ in range(6):
            seen.page.keyboard.press("Tab")
            reached.append(seen.page.evaluate("document.activeElement.textContent.trim()"))
        assert reached[:4] == ["Get the data", "Download image", "CC BY 4.0", "Values and sources"]
        seen.page.focus("summary")
        seen.page.keyboard.press("Enter")
        assert seen.page.evaluate("document.querySelector('details').open")
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.activeElement.getAttribute('role')") == "region"


@pytest.mark.parametrize("name", CHARTS)
def test_a_strict_policy_is_kept(watch: Any, serve: Any, name: str) -> None:
    base = serve(f"{POLICY}; script-src '{page.script_hash(page.HEIGHT_MESSAGE)}'")
    with watch() as seen:
        seen.page.goto(f"{base}/charts/{name}/index.html")
        assert seen.page.evaluate(SEEN) == 1
        assert seen.complaints == []
        assert len(seen.requests) == 1


def test_the_chart_stands_where_the_script_is_blocked(watch: Any, serve: Any) -> None:
    base = serve(POLICY)
    with watch() as seen:
        seen.page.goto(f"{base}/charts/area/index.html")
        assert seen.page.evaluate(SEEN) == 1
        assert seen.page.evaluate(TEXTS)
    with watch(java_script_enabled=False) as seen:
        seen.page.goto(f"{base}/charts/area/index.html")
        assert seen.page.locator("svg:visible").count() == 1


def _host(watch: Any, base: str, site: Path, name: str, **options: Any) -> Watched:
    """An article page with the pasted iframe, served like one."""
    text = (site / "charts" / name / "snippet.html").read_text("utf-8").split("<!-- End of the frame. -->")[0]
    text = re.sub(r'(src|href)="(?=index|chart)', rf'\1="{base}/charts/{name}/', text)
    seen = watch(**options)
    seen.page.route(
        "**/article.html",
        lambda route: route.fulfill(body=f"<!doctype html>{text}", content_type="text/html"),
    )
    seen.page.goto(f"{base}/article.html")
    return seen


HEIGHTS = (
    "() => new Promise(done => setTimeout(() => done(document.querySelector('iframe').clientHeight), 250))"
)


@pytest.mark.parametrize("width", [340, 700])
@pytest.mark.parametrize("name", ["area", "timeline"])
def test_the_frame_in_an_article_gets_its_height(
    watch: Any, serve: Any, site: Path, name: str, width: int
) -> None:
    base = serve(f"{POLICY}; script-src '{page.script_hash(page.HEIGHT_MESSAGE)}'")
    with _host(watch, base, site, name, viewport={"width": width, "height": 500}) as seen:
        inner = seen.page.frames[1]
        inner.wait_for_load_state()
        height = "Math.ceil(document.documentElement.getBoundingClientRect().height)"
        assert seen.page.evaluate(HEIGHTS) == inner.evaluate(height)
        before = inner.evaluate(height)
        inner.click("summary")
        assert seen.page.evaluate(HEIGHTS) == inner.evaluate(height) > before
        assert inner.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_the_height_message_is_the_one_that_article_systems_know(watch: Any, serve: Any) -> None:
    base = serve()
    with watch(viewport={"width": 700, "height": 500}) as seen:
        seen.page.route(
            "**/article.html",
            lambda route: route.fulfill(
                body="<script>addEventListener('message', e => window.told = e.data)</script>"
                "<iframe src='/charts/area/index.html' sandbox='allow-scripts'></iframe>",
                content_type="text/html",
            ),
        )
        seen.page.goto(f"{base}/article.html")
        seen.page.wait_for_function("window.told")
        told = seen.page.evaluate("told")
        height = told["height"]
        assert told == {
            "datawrapper-height": {"kd-2025-03-14-en-km2-area": height},
            "sentinel": "amp",
            "type": "embed-size",
            "height": height,
        }


def test_a_frame_cannot_set_the_height_of_another(watch: Any, serve: Any, site: Path) -> None:
    base = serve()
    with _host(watch, base, site, "area") as seen:
        seen.page.evaluate("postMessage({'datawrapper-height': {'x': 9999}}, '*')")
        assert seen.page.evaluate(HEIGHTS) < 5000


def test_the_figure_stands_in_a_foreign_page(watch: Any, site: Path) -> None:
    text = (
        (site / "charts" / "area" / "snippet.html").read_text("utf-8").split("<!-- 2.")[1].split("-->", 1)[1]
    )
    article = f"<!doctype html><style>body{{font:20px serif;color:red}}p{{margin:3em}}</style><p>Text {text}"
    for width in (360, 900):
        with watch(viewport={"width": width, "height": 600}) as seen:
            seen.page.set_content(article)
            assert seen.page.evaluate(SEEN) == 1
            texts = seen.page.evaluate(TEXTS)
            assert len(texts) > 5
            assert overlapping(texts) == []
            assert (
                seen.page.evaluate("getComputedStyle(document.querySelector('.kd')).color")
                == "rgb(27, 31, 36)"
            )
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_texts_of_others_are_shown_and_never_run(watch: Any, site: Path) -> None:
    with watch() as seen:
        for file in ("index.html", "snippet.html", "chart.svg"):
            seen.page.goto((site / "hostile" / file).as_uri())
            seen.page.wait_for_timeout(100)
        seen.page.goto((site / "hostile" / "index.html").as_uri())
        assert "<script>alert(1)</script>" in seen.page.inner_text("h1")
        assert "onerror=alert(1)" in (seen.page.text_content("svg") or "")
        assert seen.page.locator("img").count() == 0
        assert "dialog" not in seen.complaints


@pytest.mark.parametrize("name", CHARTS)
def test_labels_hold_their_place_without_the_font(watch: Any, site: Path, name: str) -> None:
    for width in (320, 640):
        with watch(viewport={"width": width, "height": 600}) as seen:
            seen.page.goto((site / "charts" / name / "index.html").as_uri())
            expected = seen.page.evaluate(TEXTS)
            assert len(expected) > 5
            seen.page.add_style_tag(content=".kd svg{font-family:Arial,Helvetica,sans-serif!important}")
            found = seen.page.evaluate(TEXTS)
            for one, other in zip(expected, found, strict=True):
                assert abs((one["right"] - one["left"]) - (other["right"] - other["left"])) < 2, one["text"]
            assert overlapping(found) == []


def test_the_interactive_view_runs_offline_and_evaluates_nothing(
    watch: Any, site: Path, tmp_path: Path
) -> None:
    for name, spec in (("area", by_name.spec("area", Edition())), ("hostile", None)):
        path = site / "hostile" / "interactive.html"
        if spec:
            path = tmp_path / f"{name}.html"
            path.write_text(page.interactive_page(spec), "utf-8")
        with watch(viewport={"width": 900, "height": 800}) as seen:
            seen.page.goto(path.as_uri())
            seen.page.wait_for_selector("#view svg")
            assert "unsafe-eval" not in path.read_text("utf-8")[:1000]
            assert len(seen.requests) == 1
            assert [c for c in seen.complaints if "ontent Security" in c or c == "dialog"] == []
            if spec:
                seen.page.hover("#view svg .mark-symbol path[aria-label*='Zelenskyy']", force=True)
                seen.page.wait_for_selector("#vg-tooltip-element.visible")
                assert "Zelenskyy" in seen.page.inner_text("#vg-tooltip-element")


@pytest.mark.parametrize("scheme", ["file", "http"])
def test_the_gallery_copies_snippets(watch: Any, serve: Any, site: Path, scheme: str) -> None:
    base = serve() if scheme == "http" else site.as_uri()
    with watch(permissions=["clipboard-read", "clipboard-write"]) as seen:
        seen.page.goto(f"{base}/index.html")
        card = seen.page.locator("section:visible li").first
        read = "navigator.clipboard.readText()"

        def copied(what: str) -> str:
            card.locator(f"button[data-copy={what}]").click()
            seen.page.wait_for_function("document.getElementById('said').textContent")
            text: str = seen.page.evaluate(read)
            seen.page.evaluate("document.getElementById('said').textContent = ''")
            return text

        at = card.get_attribute("data-at")
        there = f"{base}/{at}" if scheme == "http" else at
        assert f'<iframe src="{there}index.html" title="' in copied("frame")
        assert copied("picture").startswith(f'<img src="{there}chart.png" alt="')
        seen.page.fill("#address", "news.example/embeds")
        card.locator("button[data-copy=frame]").click()
        seen.page.wait_for_function(
            "document.getElementById('said').textContent.includes('must begin with https://')"
        )
        seen.page.evaluate("document.getElementById('said').textContent = ''")
        seen.page.fill("#address", "https://news.example/embeds")
        assert f'<iframe src="https://news.example/embeds/{at}index.html"' in copied("frame")
        assert copied("alt") == card.locator("img").get_attribute("alt")
        if scheme == "http":
            figure = copied("figure")
            assert figure.startswith('<figure class="kd"')
            assert figure.endswith("</figure>")
            assert f'href="https://news.example/embeds/{at}data.csv"' in figure
        else:
            with seen.context.expect_page() as opened:
                card.locator("button[data-copy=figure]").click()
            assert opened.value.url.endswith("snippet.html")


def test_the_gallery_switches_editions(watch: Any, site: Path) -> None:
    with watch() as seen:
        seen.page.goto((site / "index.html").as_uri())
        values = seen.page.evaluate("[...document.querySelectorAll('#edition option')].map(o => o.value)")
        assert seen.page.locator("section:visible").count() == 1
        seen.page.select_option("#edition", values[2])
        assert seen.page.locator("section:visible").get_attribute("id") == values[2]
        seen.page.select_option("#edition", "")
        assert seen.page.locator("section:visible").count() == 2
    with watch(java_script_enabled=False) as seen:
        seen.page.goto((site / "index.html").as_uri())
        assert seen.page.locator("section:visible").count() == 2
        assert seen.page.locator("button:visible").count() == 0


def test_pictures_of_the_gallery_load_when_they_come_into_view(watch: Any, serve: Any) -> None:
    base = serve()
    with watch(viewport={"width": 900, "height": 600}) as seen:
        seen.page.goto(f"{base}/index.html")
        seen.page.wait_for_load_state("networkidle")
        assert 0 < sum(url.endswith("card.png") for url in seen.requests) <= len(CHARTS)


def test_the_phone_drawing_is_the_one_that_phones_see(watch: Any, site: Path) -> None:
    spec = by_name.spec("timeline", Edition())
    assert narrow_drawing(spec)
    with watch(viewport={"width": 360, "height": 600}) as seen:
        seen.page.goto((site / "charts" / "timeline" / "index.html").as_uri())
        assert seen.page.locator(".kd-n svg").is_visible()
        assert not seen.page.locator(".kd-w svg").is_visible()
