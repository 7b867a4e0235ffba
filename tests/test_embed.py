"""The bundle of a chart: which files, how large, how exact, and nothing in it that runs."""

from __future__ import annotations

import copy
import csv
import io
import json
import os
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import brotli
import pytest
import usual_renderer
from conftest import Kursk
from PIL import Image, ImageChops, ImageColor

from kurskdata import embed
from kurskdata.charts import by_name
from kurskdata.charts.style import theme
from kurskdata.charts.style.frame import layered
from kurskdata.charts.style.marks import texts
from kurskdata.drawing import fonts, vega_engine
from kurskdata.drawing.png import packed, pixels_of
from kurskdata.drawing.svg import editors_svg, narrow_drawing, render_svg
from kurskdata.editions import Edition, edition
from kurskdata.embed import page
from kurskdata.embed.table import Trail, _said, table
from kurskdata.errors import BuildError, InputError
from kurskdata.reports import overview
from kurskdata.reports.edition import manifest
from kurskdata.tables.export import archived
from kurskdata.words.language import LANGUAGES, Words

Spec = dict[str, Any]
CHARTS = by_name.names()
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(1)</script>'


@pytest.fixture(scope="session")
def specs() -> dict[str, Spec]:
    return {name: by_name.spec(name, Edition()) for name in CHARTS}


@pytest.fixture(scope="session")
def bundles(specs: dict[str, Spec], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundles")
    for name, spec in specs.items():
        embed.write(spec, folder / name)
    return folder


def javascript(code: str) -> Any:
    """What an expression gives in the engine that draws."""
    return json.loads(vega_engine.engine().eval(f"JSON.stringify({code})"))


class Loads(HTMLParser):
    """Collects what a browser would fetch by itself, and what it would run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.handlers: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        for name, value in attrs:
            if name in ("src", "srcset", "data", "poster", "background", "xlink:href") and value:
                self.found.append(value)
            if (
                tag == "link"
                and name == "href"
                and dict(attrs).get("rel") in ("stylesheet", "icon", "preload")
            ):
                self.found.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)


@pytest.mark.parametrize("name", CHARTS)
def test_a_bundle_holds_every_file_and_no_other(bundles: Path, name: str) -> None:
    assert sorted(p.name for p in (bundles / name).iterdir()) == sorted(embed.FILES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CHARTS)
def test_pages_keep_their_budget(name: str, language: str) -> None:
    """One round trip: both drawings, dark mode, table and links."""
    for as_of in ("2024-08-20", "2025-01-05", "2025-03-14", "2025-05-31"):
        spec = by_name.spec(name, edition(as_of=as_of, language=language))
        sent = len(brotli.compress(page.html(page.Described(spec, Trail())).encode()))
        assert sent <= 12_000, as_of


class Links(HTMLParser):
    """Collects the addresses of links, and the rows of the table by their ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.rows: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.found += [told["href"] or ""] if tag == "a" else []
        self.rows += [told["id"] or ""] if tag == "tr" and "id" in told else []


@pytest.mark.parametrize("name", CHARTS)
def test_every_source_is_linked_with_a_copy_and_every_row_leads_to_it(
    bundles: Path, specs: dict[str, Spec], name: str
) -> None:
    shown = table(specs[name], Trail(), Words())
    pages = {source["url"]: archived(source) for _, sources in shown.rows for source in sources}
    chart, every = (Links((bundles / name / f).read_text("utf-8")) for f in ("index.html", "sources.html"))
    assert {*pages, *pages.values()} == set(every.found)
    assert every.rows == [f"r{n}" for n, _ in enumerate(shown.rows, 1)]
    if shown.brief:
        rows = [f"sources.html#r{n}" for n, (_, sources) in enumerate(shown.rows, 1) if sources]
        assert [link for link in chart.found if "#" in link] == rows
    else:
        assert set(pages) <= set(chart.found)
        assert len(shown.shown) == len(shown.heads)
    assert "sources.html" in chart.found


@pytest.mark.parametrize("name", CHARTS)
def test_a_page_fetches_nothing(bundles: Path, name: str) -> None:
    text = (bundles / name / "index.html").read_text("utf-8")
    loads = Loads()
    loads.feed(text)
    assert (loads.found, loads.handlers, loads.scripts) == ([], [], 1)
    assert "@import" not in text
    assert "url(" not in text


@pytest.mark.parametrize("name", CHARTS)
def test_the_script_is_small_and_the_one_that_the_policy_allows(bundles: Path, name: str) -> None:
    text = (bundles / name / "index.html").read_text("utf-8")
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)
    assert script
    assert script[1] == page.HEIGHT_MESSAGE
    assert len(script[1]) < 1000
    assert f"script-src '{page.script_hash(page.HEIGHT_MESSAGE)}'" in text.replace("&#39;", "'")


@pytest.mark.parametrize("name", CHARTS)
def test_pictures_have_their_sizes(bundles: Path, name: str) -> None:
    root = ElementTree.fromstring((bundles / name / "chart.svg").read_text("utf-8"))
    with Image.open(bundles / name / "chart.png") as image:
        assert image.size == (2 * int(root.attrib["width"]), 2 * int(root.attrib["height"]))
    with Image.open(bundles / name / "card.png") as image:
        assert image.size == (1200, 630)
    assert (bundles / name / "chart.png").stat().st_size < 200_000
    assert (bundles / name / "card.png").stat().st_size < 80_000


@pytest.mark.parametrize("name", by_name.names())
def test_fewer_colours_cannot_be_seen(specs: dict[str, Spec], name: str) -> None:
    whole = pixels_of(render_svg(specs[name]), 2)
    with Image.open(io.BytesIO(packed(whole))) as small:
        apart = ImageChops.difference(small.convert("RGB"), Image.fromarray(whole).convert("RGB"))
    assert max(high for _, high in apart.getextrema()) <= 8, "a small mark lost its colour"


def _apart(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures, in steps of 255."""
    counts = ImageChops.difference(one.convert("RGB"), other.convert("RGB")).convert("L").histogram()
    return sum(step * count for step, count in enumerate(counts)) / sum(counts)


def _painted(body: page.Drawing, look: str) -> str:
    """A drawing with the colours of a theme in the place of custom properties."""
    text = body.svg("x").replace('role="img"', f'font-family="{fonts.FONT}" font-size="12"', 1)
    p = theme.palette(look)
    for name in page.COLOURS:
        text = text.replace(f"var(--{name})", getattr(p, name))
    head, mark, rest = text.partition(">")
    return f'{head}{mark}<rect width="100%" height="100%" fill="{p.background}"/>{rest}'


def _whole(part: Spec, drawn: page.Drawing) -> str:
    """The drawing for editors without the texts around it, cut to where the drawing of a page begins."""
    text = re.sub(r'<g id="(?:title|subtitle|source)">.*?</g>', "", editors_svg(part), flags=re.DOTALL)
    places = [re.findall(r'<text x="(-?[\d.]+)" y="(-?[\d.]+)"', one)[-1] for one in (text, drawn.body)]
    x, y = (round(float(a) - float(b)) for a, b in zip(*places, strict=True))
    box = f'width="{drawn.width}" height="{drawn.height}" viewBox="{x} {y} {drawn.width} {drawn.height}"'
    return re.sub(r'width="[\d.]+" height="[\d.]+" viewBox="[^"]+"', box, text, count=1)


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_small_drawing_shows_what_the_renderer_drew(name: str, look: str) -> None:
    spec = by_name.spec(name, Edition(theme=look))
    for part in (spec, narrow_drawing(spec) or spec):
        body = page.drawing(part)
        shown = (_painted(body, look), _whole(part, body))
        small, whole = (Image.fromarray(usual_renderer.pixels(text, 2)) for text in shown)
        assert small.size == whole.size
        assert _apart(small, whole) < 0.6


def test_one_drawing_serves_both_themes() -> None:
    light, dark = (page.drawing(by_name.spec("area", Edition(theme=t))) for t in ("light", "dark"))
    assert light.body == dark.body
    assert "#" not in re.sub(r"&#\d+;", "", light.body)


def relative(data: str, x: float = 0, y: float = 0) -> str:
    """Path data as a page has it, of a mark at a place."""
    mark = {"tag": "path", "own": {"d": data, "fill": "red"}, "at": [x, y]}
    return str(javascript(f"shaped({json.dumps(mark)}, [0, 0], 1)[1].d"))


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ("M0,0L5,0L10,0L10,7L10,7L12,9", "M1 2h5h5v7l2 2"),
        ("M0,0h4v.5h-4Z", "M1 2h4v.5h-4z"),
        ("M3,3L3.01,3.01", "M4 5"),
        ("M0,0L1,1L2,2M5,5L4,4Z", "M1 2l1 1l1 1M6 7l-1-1z"),
        ("M0,0C1,0,2,1,2,2Q3,3,3,2Z", "M1 2c1 0 2 1 2 2q1 1 1 0z"),
        ("M2,0A2,2,0,0,1,-2,0", "M3 2a2 2 0 0 1 -4 0"),
    ],
)
def test_paths_are_relative_steps(data: str, path: str) -> None:
    assert relative(data, 1, 2) == path


def test_rounding_does_not_add_up() -> None:
    steps = "M0,0" + "".join(f"L{i * 0.33:.2f},{i * 0.77:.2f}" for i in range(1, 301))
    moves = [float(n) for n in re.findall(r"-?\d*\.?\d+", relative(steps))]
    assert abs(sum(moves[2::2]) - 99) < 0.11
    assert abs(sum(moves[3::2]) - 231) < 0.11


@pytest.mark.parametrize(
    ("look", "said"),
    [
        ({"clip": True}, "clipped marks"),
        ({"color": {"gradient": "linear", "stops": [{"offset": 0, "color": "red"}]}}, "gradients"),
    ],
)
def test_what_needs_ids_is_refused(
    specs: dict[str, Spec], tmp_path: Path, look: dict[str, Any], said: str
) -> None:
    bad = copy.deepcopy(specs["settlements"])
    for layer in bad["vconcat"][0]["layer"]:
        layer["mark"] |= look if layer["mark"]["type"] == "rect" else {}
        layer["encoding"] = {k: v for k, v in layer["encoding"].items() if k not in ("color", "fill")}
    with pytest.raises(BuildError, match=f"cannot hold {said}; draw without them"):
        embed.write(bad, tmp_path / "none")
    assert not (tmp_path / "none").exists()
    assert render_svg(bad).count("<title>") == 1


def test_values_show_on_hover(specs: dict[str, Spec]) -> None:
    body = page.drawing(specs["area"]).body
    said = re.findall(r"<title>(.*?)</title>", body, re.DOTALL)
    rows = specs["area"]["datasets"]["rows"]
    plotted = [row for row in rows if row["kind"] == "claim" and row["side"] != "independent"]
    assert len(set(said)) == len(plotted)  # both panels may draw a claim
    assert "Gerasimov, 12\N{NO-BREAK SPACE}Mar: more than 86\N{NO-BREAK SPACE}% retaken" in said


def test_a_mark_without_a_value_has_no_line_for_it() -> None:
    told = {"A": "1,100", "B": "undefined", "C": "", "D": "x" * (javascript("LONGEST") + 1), " ": "a name"}
    assert javascript(f"tipOf({json.dumps(told)})") == "A: 1,100\na name"


SPACE = "{http://www.w3.org/2000/svg}"


def pictures(name: str) -> Iterator[tuple[str, Spec]]:
    """A chart in several editions, drawn for wide pages and for phones: the file for editors and what it is drawn from."""
    for as_of, language, look in (("2025-03-14", "en", "light"), ("2024-08-20", "ru", "dark")):
        spec = by_name.spec(name, edition(as_of=as_of, language=language, theme=look))
        for part in (spec, narrow_drawing(spec) or spec):
            yield editors_svg(part), part


@pytest.mark.parametrize("name", CHARTS)
def test_editors_see_the_very_picture_of_the_renderer(name: str) -> None:
    """Every pixel, three colours, at two pixels per unit; circles and arcs of one form differ at their edges."""
    for drawn, spec in pictures(name):
        ours, usual = (pixels_of(text, 2)[..., :3].astype(int) for text in (drawn, render_svg(spec)))
        apart = abs(ours - usual).max(axis=2)
        assert apart.max() <= 40
        assert (apart > 8).mean() < 0.001


@pytest.mark.parametrize("name", CHARTS)
def test_editors_find_named_groups_and_texts(name: str) -> None:
    for drawn, spec in pictures(name):
        root = ElementTree.fromstring(drawn)
        told, groups = root[:2], root[2:]
        assert [part.tag for part in told] == [f"{SPACE}title", f"{SPACE}desc"]
        assert [part.tag for part in groups] == [f"{SPACE}g"] * len(groups)
        ids = [group.get("id", "") for group in groups]
        assert len(set(ids)) == len(ids)
        assert all(re.fullmatch(r"[a-z][\w-]*", name) for name in ids)
        assert ids[0] == "background"
        assert {"title", "source"} <= set(ids)
        assert all(len(group) for group in groups)
        assert not list(root.iter(f"{SPACE}tspan"))
        texts = list(root.iter(f"{SPACE}text"))
        assert all(text.text and text.get("font-family", "").startswith(fonts.FAMILY) for text in texts)
        assert all({"x", "y", "font-size", "fill"} <= set(text.keys()) for text in texts)
        title = next(group for group in groups if group.get("id") == "title")
        told_title = spec["usermeta"]["kurskdata"]["title"]
        assert " ".join(text.text or "" for text in title).split() == told_title.split()


def test_layers_of_one_name_are_groups_of_that_name() -> None:
    rows = [{"x": 1, "y": 1, "text": "a"}]
    made = layered([texts(rows, name="own_names"), texts(rows), texts(rows, name="own_names")])
    named = [layer.get("name") for layer in made.spec["layer"]]
    assert named == ["own_names_0", None, "own_names_2"]
    spec = {
        "config": {},
        "usermeta": {"kurskdata": {"title": "T", "alt": "A"}},
        "datasets": made.datasets,
        **made.spec,
    }
    ids = re.findall('<g id="([^"]+)"', editors_svg(spec))
    assert ids == ["background", "own-names", "labels", "own-names-2"]


def test_groups_are_named_by_layer_axis_and_side() -> None:
    spec = by_name.spec("settlements-campaign", Edition())
    ids = re.findall('<g id="([^"]+)"', editors_svg(spec))
    assert {"axis-x", "bars-russia", "labels"} <= set(ids)


@pytest.mark.parametrize("name", CHARTS)
def test_every_plotted_claim_leads_to_its_sources(specs: dict[str, Spec], name: str) -> None:
    spec = specs[name]
    shown = table(spec, Trail(), Words())
    urls = {source["url"] for _, sources in shown.rows for source in sources}
    assert urls
    told = [row for row in spec["datasets"]["rows"] if row.get("source_ids") or row.get("claim_ids")]
    assert told
    for row in told:
        found = Trail().sources(row)
        assert found
        assert {source["url"] for source in found} <= urls
    assert all(url.startswith(("https://", "http://")) for url in urls)


def test_maps_are_listed_where_they_change(specs: dict[str, Spec]) -> None:
    shown = table(specs["area"], Trail(), Words())
    assert shown.left_out > 100
    assert len(shown.rows) + shown.left_out == len(specs["area"]["datasets"]["rows"])


@pytest.mark.parametrize("name", CHARTS)
def test_metadata_are_records_of_the_rows(bundles: Path, name: str) -> None:
    text = (bundles / name / "metadata.jsonld").read_text("utf-8")
    graph = json.loads(text)["@graph"]
    assert graph[0]["@type"] == "Dataset"
    assert graph[0]["license"].startswith("https://creativecommons.org/")
    assert graph[0]["isBasedOn"]
    assert {record["@type"] for record in graph[1:]} == {"Claim"}
    assert all(record["text"] and record["appearance"] for record in graph[1:])
    assert len({record["@id"] for record in graph}) == len(graph)
    assert "<" not in text


def test_a_chart_that_is_not_ours_is_refused_with_what_it_lacks(
    specs: dict[str, Spec], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="lacks chart, edition, as_of"):
        embed.write({"mark": "point"}, tmp_path / "own")
    old = copy.deepcopy(specs["timeline"])
    del old["usermeta"]["kurskdata"]["language"]
    with pytest.raises(InputError, match="lacks language; draw the chart"):
        embed.write(old, tmp_path / "old")
    assert list(tmp_path.iterdir()) == []


def test_there_are_no_ratings(bundles: Path) -> None:
    for name in CHARTS:
        assert "eviewRating" not in (bundles / name / "metadata.jsonld").read_text("utf-8")


def test_the_same_chart_gives_the_same_bytes(bundles: Path, tmp_path: Path) -> None:
    embed.write(by_name.spec("area", Edition()), tmp_path)
    for name in embed.FILES:
        assert (tmp_path / name).read_bytes() == (bundles / "area" / name).read_bytes(), name


def hostile(spec: Spec) -> Spec:
    """A chart whose every text was written by somebody who means harm."""
    bad = copy.deepcopy(spec)
    told = bad["usermeta"]["kurskdata"]
    for name in ("title", "alt", "source"):
        told[name] = HOSTILE + told[name]
    bad["title"]["subtitle"] = [HOSTILE]
    for rows in bad["datasets"].values():
        for row in rows:
            for key in ("name", "names", "text", "title", "detail", "claimant"):
                if key in row:
                    row[key] = f"={HOSTILE}"
    return bad


@pytest.mark.parametrize("name", CHARTS)
def test_texts_are_shown_and_never_run(specs: dict[str, Spec], tmp_path: Path, name: str) -> None:
    embed.write(hostile(specs[name]), tmp_path, interactive_view=name == "settlements")
    for file, scripts in (("index.html", 1), ("snippet.html", 1), ("sources.html", 0)):
        loads = Loads()
        loads.feed((tmp_path / file).read_text("utf-8"))
        assert "x" not in loads.found
        assert loads.handlers == []
        assert loads.scripts == scripts
    assert "<script" not in (tmp_path / "chart.svg").read_text("utf-8")
    assert "<" not in (tmp_path / "metadata.jsonld").read_text("utf-8")
    assert (tmp_path / "data.csv").read_bytes().startswith(b"\xef\xbb\xbf")  # for spreadsheets
    cells = [cell for row in csv.reader((tmp_path / "data.csv").open(encoding="utf-8-sig")) for cell in row]
    assert not any(re.match(r"[=+@]|-\D", cell) for cell in cells)
    if name == "settlements":
        assert "<script>alert" not in (tmp_path / "interactive.html").read_text("utf-8")


def test_a_source_is_a_link_only_when_it_is_a_web_address(monkeypatch: pytest.MonkeyPatch) -> None:
    trail = Trail()
    monkeypatch.setattr(trail, "_sources", {"a": {"publisher": "A", "url": "javascript:alert(1)"}})
    assert trail.sources({"source_ids": "a;unknown"}) == []


@pytest.mark.parametrize(
    "address",
    ["//news.example", "HTTPS://news.example/a/b/", "http://10.0.0.1:8080/x", "https://пример.рф/а"],
)
def test_a_web_address_is_taken(specs: dict[str, Spec], tmp_path: Path, address: str) -> None:
    embed.write(specs["settlements"], tmp_path, address=address)
    assert f'<iframe src="{address.rstrip("/")}/index.html"' in (tmp_path / "snippet.html").read_text("utf-8")


@pytest.mark.parametrize(
    "address",
    ["news.example/charts", r"D:\charts", "javascript:alert(1)", "file:///srv/charts", "/charts", "https://", "https:///a",
     "https://a.example/x?id=1", "https://a.example/#top", "data:text/html,x", "https://a b.example", "ftp://a.example/"],
)  # fmt: skip
def test_an_address_that_is_not_of_the_web_is_refused(
    specs: dict[str, Spec], tmp_path: Path, address: str
) -> None:
    with pytest.raises(InputError, match="write a web address such as https://"):
        embed.write(specs["settlements"], tmp_path / "none", address=address)
    assert not (tmp_path / "none").exists()


def test_the_snippet_names_the_address(specs: dict[str, Spec], tmp_path: Path) -> None:
    embed.write(specs["timeline"], tmp_path, address="https://example.org/charts/timeline")
    text = (tmp_path / "snippet.html").read_text("utf-8")
    assert 'src="https://example.org/charts/timeline/index.html"' in text
    assert 'src="https://example.org/charts/timeline/chart.png"' in text
    assert f"<script>{page.LISTENER}</script>" in text
    assert len(page.LISTENER) < 1000


@pytest.mark.parametrize("name", CHARTS)
def test_the_snippet_holds_title_fallback_and_figure(bundles: Path, name: str) -> None:
    text = (bundles / name / "snippet.html").read_text("utf-8")
    assert re.search(r'<iframe src="index.html" title="[^"]+"', text)
    assert re.search(r'<noscript><a href="index.html"><img src="chart.png" alt="[^"]+"', text)
    assert text.count('<figure class="kd"') == 1
    assert text.count('role="img"') == 2


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_palette_has_contrast(look: str) -> None:
    p = theme.palette(look)
    for ground in (p.background, p.wash):
        for text in ("ink", "muted", "russia", "ukraine"):
            assert contrast(getattr(p, text), ground) >= 4.5, (text, ground)
    for mark in ("russia", "ukraine", "independent", "map"):
        assert contrast(getattr(p, mark), p.background) >= 3, mark
    assert contrast(p.on_accent, p.russia) >= 4.5
    assert contrast(p.ink, p.ribbon) >= 4.5
    assert contrast(p.map, p.ribbon) >= 4.5


# Machado, Oliveira and Fernandes (2009), severity 1: linear RGB as seen with one kind of cone missing.
SEEN = {
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def lab(colour: str, kind: str) -> tuple[float, float, float]:
    """A colour as it is seen with a deficiency, in CIE Lab."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    r, g, b = (max(0.0, min(1.0, sum(m * c for m, c in zip(row, linear, strict=True)))) for row in SEEN[kind])
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("kind", list(SEEN))
def test_sides_keep_apart_under_colour_vision_deficiency(look: str, kind: str) -> None:
    p = theme.palette(look)
    sides = [lab(getattr(p, side), kind) for side in ("russia", "ukraine", "independent")]
    for i, one in enumerate(sides):
        for other in sides[i + 1 :]:
            assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > 15


def test_every_side_has_its_own_shape() -> None:
    sides = [shape for side, shape in theme.SHAPES.items() if side != "map"]
    assert len(set(sides)) == len(sides) == 3


@pytest.mark.parametrize("name", CHARTS)
def test_no_text_is_drawn_smaller_than_12_pixels(specs: dict[str, Spec], name: str) -> None:
    for part in (specs[name], narrow_drawing(specs[name]) or specs[name]):
        sizes = re.findall(r'font-size="([\d.]+)', page.drawing(part).body)
        assert all(float(size) >= 12 for size in sizes)


def test_drawings_fit_phones_and_columns_at_full_size(specs: dict[str, Spec]) -> None:
    for spec in specs.values():
        narrow = narrow_drawing(spec)
        assert narrow
        assert page.drawing(narrow).width <= 310
        assert page.drawing(spec).width <= 620


def test_the_gallery_lists_what_stands_in_the_folder(bundles: Path, tmp_path: Path) -> None:
    _build(bundles, tmp_path, 3)
    text = overview.index(tmp_path).read_text("utf-8")
    assert text.count("<section") == 3
    assert text.count("<li ") == 3 * len(CHARTS)
    assert text.count('loading="lazy"') >= 3 * len(CHARTS)
    assert text.count("<svg") == 0


@pytest.mark.slow
def test_the_gallery_bears_200_editions(bundles: Path, tmp_path: Path) -> None:
    _build(bundles, tmp_path, 200)
    page_bytes = overview.index(tmp_path).read_bytes()
    assert len(page_bytes) < 3_500_000
    assert len(brotli.compress(page_bytes, quality=5)) < 65_000
    assert overview.index(tmp_path).read_bytes() == page_bytes


SIZES = {"wide": {"width": 620, "height": 400}, "narrow": {"width": 328, "height": 600}}


def _build(bundles: Path, out: Path, count: int) -> None:
    """A folder as a build leaves it, with so many editions of the same bundles."""
    for number in range(count):
        day = f"2024-{9 + number // 100:02d}-{1 + number % 28:02d}"
        folder = out / f"{day}-{number:03d}-en-km2"
        folder.mkdir()
        shutil.copytree(bundles, folder / "charts", copy_function=os.link)
        told = [
            json.loads((bundles / name / "chart.vl.json").read_text("utf-8"))["usermeta"]["kurskdata"]
            if number == 0
            else {"title": name, "alt": f"{name} {'in words ' * 20}"}
            for name in CHARTS
        ]
        charts = [
            {"name": n, "title": t["title"], "alt": t["alt"], "frame_height": 600} | SIZES
            for n, t in zip(CHARTS, told, strict=True)
        ]
        meta = {
            "name": folder.name,
            "parameters": Edition().parameters() | {"as_of": day},
            "reports": [{"title": "Report", "page": "report.html", "notebook": "report.ipynb"}],
            "charts": charts,
        }
        (folder / manifest.CONTENTS).write_text(json.dumps(meta), "utf-8")


def test_a_bundle_takes_its_facts_from_fields_and_not_from_the_name_of_the_edition(tmp_path: Path) -> None:
    given = edition(as_of="2024-10-01", language="de", theme="dark")
    spec = by_name.spec("timeline", given)
    named, unnamed = tmp_path / "named", tmp_path / "unnamed"
    embed.write(spec, named, interactive_view=True)
    spec["usermeta"]["kurskdata"]["edition"] = "2025-03-14-en-km2"
    embed.write(spec, unnamed, interactive_view=True)
    for name in {*embed.FILES, "interactive.html"} - {"chart.vl.json"}:
        with_name = (named / name).read_bytes().replace(given.name.encode(), b"2025-03-14-en-km2")
        assert (unnamed / name).read_bytes() == with_name, name
    page_text = (unnamed / "index.html").read_text("utf-8")
    assert '<html lang="de"' in page_text
    assert 'data-theme="dark"' in page_text
    assert '<html lang="de"' in (unnamed / "interactive.html").read_text("utf-8")
    dataset = json.loads((unnamed / "metadata.jsonld").read_text("utf-8"))["@graph"][0]
    assert (dataset["inLanguage"], dataset["dateModified"]) == ("de", "2024-10-01")


def test_a_card_is_dark_by_its_theme_and_not_by_its_background(
    specs: dict[str, Spec], tmp_path: Path
) -> None:
    spec = copy.deepcopy(specs["timeline"])
    spec["usermeta"]["kurskdata"]["theme"] = "dark"
    embed.write(spec, tmp_path)
    with Image.open(tmp_path / "card.png") as image:
        corner = image.convert("RGB").getpixel((0, 0))
    assert corner == ImageColor.getrgb(theme.DARK.background)


EDITIONS = {
    "x": edition(as_of="2024-10-01", language="de", units="sq_mi", theme="dark"),
    "y": edition(as_of="2024-10-01", language="uk", units="sq_mi"),
    "z": edition(as_of="2024-09-30"),
}


@pytest.fixture
def renamed(tmp_path: Path) -> Path:
    """An output folder with editions in folders whose names say nothing, and no page or snippet with a size."""
    for folder, given in EDITIONS.items():
        described = embed.write(by_name.spec("timeline", given), tmp_path / folder / "charts" / "timeline")
        for name in ("index.html", "snippet.html", "chart.svg"):
            (tmp_path / folder / "charts" / "timeline" / name).write_text("nothing to read here", "utf-8")
        held = {
            "name": given.name,
            "parameters": given.parameters(),
            "reports": [],
            "charts": [manifest.chart("timeline", described)],
        }
        (tmp_path / folder / manifest.CONTENTS).write_text(json.dumps(held), "utf-8")
    return tmp_path


def test_the_index_knows_editions_by_their_fields(renamed: Path) -> None:
    text = overview.index(renamed).read_text("utf-8").replace("\xa0", " ")
    labels = dict(re.findall(r'<section id="(\w)" aria-label="([^"]+)"', text))
    assert labels == {
        "x": "1 October 2024 · de · sq mi · dark",
        "y": "1 October 2024 · uk · sq mi · light",
        "z": "30 September 2024 · en · sq km · light",
    }
    heights = dict(re.findall(r'data-at="(\w)/charts/timeline/" data-height="(\d+)"', text))
    wide = {name: page.drawing(by_name.spec("timeline", e)).height for name, e in EDITIONS.items()}
    assert heights == {name: str(height + 210) for name, height in wide.items()}


def test_the_proof_sheet_knows_editions_by_their_fields(renamed: Path) -> None:
    on_sheet = overview.on_proof([EDITIONS["y"]])
    text = overview.proof(renamed, on_sheet).read_text("utf-8")
    frames = re.findall(
        r'title="[^"]+ \((\w+), light, (\d+)\)" src="(\w)/[^"]+" width="\d+" style="height:(\d+)px', text
    )
    spec = by_name.spec("timeline", EDITIONS["y"])
    narrow = page.drawing(narrow_drawing(spec) or spec)
    on_phone = round(narrow.height * 320 / narrow.width) + 330
    assert ("uk", "320", "y", str(on_phone)) in frames
    assert {(language, folder) for language, _, folder, _ in frames} == {("uk", "y")}
    assert overview.proof_shows(renamed, EDITIONS.values()) == on_sheet


def test_the_gallery_escapes_titles(bundles: Path, tmp_path: Path) -> None:
    _build(bundles, tmp_path, 1)
    path = next(tmp_path.glob(f"*/{manifest.CONTENTS}"))
    meta = json.loads(path.read_text("utf-8"))
    for chart in meta["charts"]:
        chart["title"] = chart["alt"] = HOSTILE
    path.write_text(json.dumps(meta), "utf-8")
    loads = Loads()
    loads.feed(overview.index(tmp_path).read_text("utf-8"))
    assert loads.handlers == []
    assert loads.scripts == 1


def test_the_command_writes_one_bundle(kursk: Kursk, tmp_path: Path) -> None:
    done = kursk("export", "settlements", "-o", "here", "--as-of", "2025-03-09", "--interactive")
    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in (tmp_path / "here").iterdir()) == sorted([*embed.FILES, "interactive.html"])
    assert done.stdout.splitlines() == [f"here/{name}" for name in sorted([*embed.FILES, "interactive.html"])]
    assert 'href="interactive.html"' in (tmp_path / "here" / "index.html").read_text("utf-8")


def test_an_unknown_chart_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(
        InputError, match="settlements, settlements-campaign, locator, area, timeline, claims, record"
    ):
        by_name.spec("map", Edition())


def test_claims_say_what_they_claim() -> None:
    assert _said({"title": "A", "detail": "B"}) == "A. B"
    assert _said({"subject": "The land", "predicate": "is flat"}) == "The land is flat"
    row = {"measure": "area_retaken", "qualifier": "more_than", "value": 1100.0, "unit": "km2"}
    assert _said(row) == "area retaken: more than 1100 sq km"
