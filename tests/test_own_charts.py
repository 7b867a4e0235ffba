"""Charts of one's own beside the package's, and of the package's made one's own."""

from __future__ import annotations

import csv
import io
import itertools
import math
import random
import re
from base64 import b64encode
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import altair as alt
import nbformat
import pandas as pd
import papermill
import pytest
from batches import build, notebook
from test_charts import ALL

import kurskdata as kd
from kurskdata import charts, display, embed
from kurskdata.charts.style.theme import COLOURS
from kurskdata.drawing.svg import attempted, render_svg
from kurskdata.editions import edition
from kurskdata.errors import InputError
from kurskdata.tables.views import latest_russian_share

FRAME = pd.DataFrame(
    {
        "place": ["Sudzha", "Guyevo", "Oleshnya"],
        "day": pd.to_datetime(["2025-03-12", "2025-03-30", "2025-04-26"]),
        "count": [3, 1, 4],
    }
)
POINTS = alt.Chart(FRAME).mark_point().encode(x="day:T", y="count:Q")
BARS = alt.Chart(FRAME).mark_bar().encode(x="place:N", y="count:Q")
NOWHERE = "https://example.invalid/rows"
SQUARE = {"type": "Polygon", "coordinates": [[[35, 51], [35, 52], [36, 52], [36, 51], [35, 51]]]}

DRAWN = {
    "pan and zoom": POINTS.interactive(),
    "interval": POINTS.add_params(alt.selection_interval(encodings=["x"])),
    "bound scales": POINTS.add_params(alt.selection_interval(bind="scales")),
    "hover": BARS.add_params(alt.selection_point(on="pointerover", nearest=True)),
    "legend": BARS.encode(color="place:N").add_params(alt.selection_point(fields=["place"], bind="legend")),
    "slider": BARS.add_params(alt.param(name="least", value=2, bind=alt.binding_range(min=0, max=5))),
    "as wide as its container": BARS.properties(width="container"),
    "as large as its container": BARS.properties(width="container", height="container"),
    "links": BARS.encode(href="place:N"),
    "pictures": alt.Chart(pd.DataFrame({"u": [NOWHERE + ".png"]})).mark_image(width=9, height=9).encode(url="u"),
    "layers": (BARS + BARS.mark_text()).interactive(),
    "facets": POINTS.encode(facet="place:N").interactive(),
    "beside each other": POINTS.interactive() | BARS,
    "repeated": alt.Chart(FRAME).mark_bar().encode(alt.Y(alt.repeat("row"), type="nominal")).repeat(row=["place"]),
    "shapes": alt.Chart(alt.Data(values=[{"type": "Feature", "geometry": SQUARE}])).mark_geoshape(),
    "raw Vega-Lite": alt.Chart.from_dict({"data": {"values": [{"v": 1}]}, "mark": "tick", "encoding": {"x": {"field": "v"}}}),
    "a foreign usermeta": BARS.properties(usermeta={"kurskdata": "mine", "other": 1}),
}  # fmt: skip
UNDRAWN = {
    "rows at an address": alt.Chart(NOWHERE + ".csv").mark_bar().encode(x="a:N"),
    "shapes at an address": alt.Chart(alt.topo_feature(NOWHERE + ".json", "land")).mark_geoshape(),
    "a lookup at an address": BARS.transform_lookup(
        "place", alt.LookupData(NOWHERE + ".csv", "place", ["z"])
    ),
    "an expression that Vega does not know": BARS.transform_calculate(z="nothing(datum.count)"),
}


@pytest.fixture(autouse=True)
def enabled() -> Any:
    """`display.enable()`, taken back afterwards."""
    before = alt.renderers.active
    display.enable()
    yield
    alt.renderers.enable(before)


def shown(chart: Any) -> dict[str, Any]:
    """What a notebook gets."""
    bundle = chart._repr_mimebundle_()
    bundle = bundle[0] if isinstance(bundle, tuple) else bundle
    bundle |= {kind: b64encode(part).decode() for kind, part in bundle.items() if isinstance(part, bytes)}
    output = {"output_type": "display_data", "data": bundle, "metadata": {}}
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.from_dict(output)])
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    return bundle


def ours() -> Any:
    return charts.settlements(kd.settlements_per_day(as_of="2025-03-14", start="2025-03-09"), kd.edition())


@pytest.mark.parametrize("kind", DRAWN)
def test_a_chart_of_ones_own_shows_as_vega_lite_and_as_svg(kind: str) -> None:
    bundle = shown(DRAWN[kind])
    given = DRAWN[kind].to_dict()
    assert {**bundle[display.MIME], "$schema": ""} == {**given, "$schema": ""}
    assert bundle["image/svg+xml"].startswith("<svg")
    assert "no drawing" not in bundle["text/plain"]


@pytest.mark.parametrize("kind", UNDRAWN)
def test_what_cannot_be_drawn_here_stays_vega_lite_and_says_why(kind: str) -> None:
    bundle = shown(UNDRAWN[kind])
    assert display.MIME in bundle
    assert "image/svg+xml" not in bundle
    assert "no drawing" in bundle["text/plain"]
    assert "\n" not in bundle["text/plain"]


def test_a_chart_that_breaks_the_schema_tells_it_as_altair_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert alt.Chart(FRAME).mark_bar().encode(x=alt.X("place:N", axis=7))._repr_mimebundle_() == {}
    assert "axis" in capsys.readouterr().err


def test_altairs_limit_of_rows_is_the_users(capsys: pytest.CaptureFixture[str]) -> None:
    long = alt.Chart(pd.DataFrame({"n": range(5001)})).mark_tick().encode(x="n:Q")
    assert long._repr_mimebundle_() == {}
    assert "MaxRowsError" in capsys.readouterr().err
    with alt.data_transformers.enable(max_rows=6000):
        assert "image/svg+xml" in shown(long)


@pytest.mark.parametrize("transformer", ["json", "csv", "vegafusion", "default"])
def test_rows_show_wherever_a_transformer_puts_them(
    transformer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    plain, own = shown(POINTS.interactive())["image/svg+xml"], ours().to_dict()
    with alt.data_transformers.enable(transformer):
        assert shown(POINTS.interactive())["image/svg+xml"] == plain
        assert ours().to_dict() == own
        assert shown(ours())["image/svg+xml"]
    assert own["datasets"]["rows"]


@pytest.mark.parametrize("theme", ["dark", "fivethirtyeight", "none", "wide"])
def test_a_theme_is_for_ones_own_charts(theme: str) -> None:
    @alt.theme.register("wide", enable=False)
    def wide() -> alt.theme.ThemeConfig:
        return {"width": 900, "config": {"axisX": {"labelFontSize": 30}}}

    own, plain = ours().to_dict(), BARS.to_dict()
    with alt.theme.enable(theme):
        assert ours().to_dict() == own
        assert shown(BARS)[display.MIME] != {**plain, "$schema": ""}
        assert ("width" in BARS.to_dict()) == (theme == "wide")


@pytest.mark.parametrize(
    "renderer", ["mimetype", "jupyterlab", "nteract", "svg", "png", "json", "html", "default"]
)
def test_a_renderer_that_is_enabled_afterwards_holds(renderer: str) -> None:
    kinds = {"svg": "image/svg+xml", "png": "image/png", "json": "application/json", "html": "text/html"}
    expected = kinds.get(renderer, "text/html" if renderer == "default" else display.MIME)
    with alt.renderers.enable(renderer):
        assert expected in shown(BARS.interactive())
        assert expected in shown(ours())


def test_no_address_is_asked_for() -> None:
    import http.server
    import threading

    asked: list[str] = []

    class Rows(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Rows) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/rows.csv"
        assert attempted(alt.Chart(address).mark_bar().encode(x="a:N").to_dict())[0] == ""
        server.shutdown()
    assert asked == []


CELLS = (
    "import altair as alt, pandas as pd\nframe = pd.DataFrame({'a': [1, 2], 'b': [2, 1]})\n"
    "alt.Chart(frame).mark_line().encode(x='a:Q', y='b:Q').interactive()",
    "alt.Chart('https://example.invalid/x.csv').mark_bar().encode(x='a:N')",
    "alt.renderers.enable('html')\nalt.Chart(frame).mark_area().encode(x='a:Q', y='b:Q')",
    "alt.renderers.enable('mimetype')\nalt.data_transformers.enable('csv')\nalt.Chart(frame).mark_bar().encode(x='a:N')",
    "alt.data_transformers.enable('default')\n"
    "display_raw = {'application/vnd.vegalite.v5+json': alt.Chart(frame).mark_tick().encode(x='a:Q').to_dict()}\n"
    "from IPython.display import display as show\nshow(display_raw, raw=True)",
)


@pytest.mark.slow
def test_a_report_shows_charts_of_ones_own_or_says_why_not(tmp_path: Path) -> None:
    own = notebook(tmp_path / "own.ipynb", *CELLS, chart=True)
    done = build("-n", own, "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    [page] = (tmp_path / "out").glob("*/own.html")
    text = page.read_text("utf-8")
    assert text.count("<figure><svg") == 4
    assert "not at https://example.invalid/x.csv" in text
    assert 'class="kd"' in text
    assert "<script" not in text


@pytest.mark.slow
@pytest.mark.parametrize("engine", [None, "kursk"])
def test_papermill_goes_through(engine: str | None, tmp_path: Path) -> None:
    own = notebook(tmp_path / "own.ipynb", *CELLS[:2], *CELLS[3:], chart=True)
    done = papermill.execute_notebook(
        own, tmp_path / "done.ipynb", progress_bar=False, engine_name=engine, cwd=tmp_path
    )
    drawn = [o for c in done.cells for o in c.get("outputs", []) if display.MIME in o.get("data", {})]
    assert len(drawn) == 5
    assert sum("image/svg+xml" in o.data for o in drawn) == (3 if engine is None else 4)
    assert sum("no drawing" in o.data.get("text/plain", "") for o in drawn) == 1


def places(chart: Any, kinds: tuple[str, ...] = ("}text", "}path")) -> list[tuple[str, float, float]]:
    """Every text and symbol of a drawing but those of axes and titles, with its place from the first text's."""
    root = ElementTree.fromstring(render_svg(chart.to_dict()))
    found: list[tuple[str, float, float]] = []

    def walk(element: ElementTree.Element, x: float, y: float) -> None:
        if re.search(r"role-axis|role-title", element.get("class", "")):
            return
        if move := re.match(r"translate\(([-\d.e]+)[, ]+([-\d.e]+)\)", element.get("transform", "")):
            x, y = x + float(move[1]), y + float(move[2])
            if element.tag.endswith(kinds):
                found.append((element.text or "", x, y))
        for child in element:
            walk(child, x, y)

    walk(root, 0, 0)
    left, top = (min(place[n] for place in found if place[0]) for n in (1, 2))
    return sorted((text, x - left, y - top) for text, x, y in found)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("language", ["en", "uk"])
def test_a_plot_shows_everything_at_the_place_where_the_chart_has_it(name: str, language: str) -> None:
    chart = ALL[name](edition(language=language))
    whole, plot = places(chart), places(chart.plot)
    assert [text for text, _, _ in whole] == [text for text, _, _ in plot]
    for (_, x, y), (_, at_x, at_y) in zip(whole, plot, strict=True):
        assert (at_x, at_y) == pytest.approx((x, y), abs=0.6)


@pytest.mark.parametrize("name", ALL)
def test_a_plot_grows_as_a_whole(name: str) -> None:
    chart = ALL[name](edition())
    spec = chart.plot.to_dict()
    wide = chart.properties(width=spec["width"] * 2, height=spec["height"] * 3)
    assert isinstance(wide, alt.LayerChart)
    once, more = places(chart.plot), places(wide)
    assert [text for text, _, _ in once] == [text for text, _, _ in more]
    assert len({x for _, x, _ in more}) >= len({x for _, x, _ in once}) * 0.9
    assert max(y for _, _, y in more) > 2.5 * max(y for _, _, y in once)


@pytest.mark.parametrize("name", ALL)
def test_charts_are_put_together_in_every_way_of_altair(name: str) -> None:
    chart, other = ALL[name](edition()), ALL["area"](edition())
    own = alt.Chart(FRAME).mark_point().encode(x="day:T")
    made = {
        "layer": [chart + own, chart.plot + own, chart + own + own, own + chart.plot],
        "hconcat": [chart | own, own | chart, chart | other | own, alt.hconcat(own, chart), chart.plot | other.plot],
        "vconcat": [chart & own, own & chart, (chart | own) & other, alt.vconcat(other, chart)],
    }  # fmt: skip
    for kind, together in made.items():
        for one in together:
            assert kind in one.configure_axis(labelColor="red").to_dict()
        drawn, reason = attempted(together[-1].to_dict())
        assert drawn.startswith("<svg"), reason
    assert "params" in chart.interactive().to_dict()
    assert "params" in chart.add_params(alt.selection_interval()).to_dict()
    with pytest.raises(InputError, match=r"chart\.plot"):
        own + chart
    assert chart.properties(title="Mine").to_dict()["usermeta"]["kurskdata"]["chart"] == name
    assert chart.configure_axis(labelFontSize=9).to_dict()["config"]["axis"]["labelFontSize"] == 9


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_plot_brings_its_look_and_its_source(theme: str) -> None:
    spec = ALL["area"](edition(theme=theme)).plot.to_dict()
    assert spec["view"]["fill"] == COLOURS["background"][theme == "dark"]
    assert " ".join(spec["title"]["text"]).startswith("Source: ")
    numbers = [row for rows in spec["datasets"].values() for row in rows if row.get("text") == "1,500"]
    assert {row["colour"] for row in numbers} == {COLOURS["muted"][theme == "dark"]}


def test_rows_of_ones_own_lie_on_the_scales_of_a_plot() -> None:
    """Where the layer of one's own has the values of a mark of ours, it covers that mark."""
    day = edition()
    sudzha = kd.settlement_places(as_of=day.as_of).set_index("place_id").loc["sudzha"]
    claim = latest_russian_share(kd.area_claims(as_of=day.as_of))
    assert claim is not None
    event = kd.timeline(as_of=day.as_of).iloc[3]
    rows = {
        "area": {"x": f"{claim['date']:%Y-%m-%d}", "y": (claim["held_high_km2"])},
        "locator": {"x": float(sudzha["lon"]), "y": float(sudzha["lat"])},
        "timeline": {"x": f"{event['date']:%Y-%m-%d}"},
        "settlements-campaign": {"x": "2025-03-11", "y": 12},
    }
    for name, row in rows.items():
        chart = ALL[name](day)
        kinds = {
            "x": "T" if isinstance(row.get("x"), str) else "Q",
            "y": "T" if isinstance(row.get("y"), str) else "Q",
        }
        encoding = {axis: f"{axis}:{kinds[axis]}" for axis in row}
        own = alt.Chart(alt.Data(values=[row])).mark_text(text="HERE", fontSize=7).encode(**encoding)
        drawn = places(chart + own, ("}text", "}path", "}line"))
        [(x, y)] = [(x, y) for text, x, y in drawn if text == "HERE"]
        # A text stands lower than its middle.
        near = [abs(y - b) * ("y" in row) + abs(x - a) for text, a, b in drawn if not text]
        assert min(near) < 3, name


def about(name: str, count: int, seed: int = 3) -> pd.DataFrame:
    """So many notes on a chart, crowded at its end."""
    chosen = random.Random(seed)
    told = [f"Note {n} " + "word " * chosen.randrange(12) for n in range(count)]
    if name in ("locator", "claims", "record"):
        key = "place_id" if name == "locator" else "claim_id"
        spec = ALL[name](edition()).to_dict()
        rows = [row for row in spec["datasets"]["rows"] if name != "locator" or row.get("lat", 0) > 51.05]
        known = [i for i in dict.fromkeys(row[key] for row in rows) if i != "novy-put"]
        known = known[:7] if name == "claims" else known  # the others stand in the table alone
        return pd.DataFrame({key: [chosen.choice(known[-12:]) for _ in told], "text": told})
    first = pd.Timestamp("2025-03-08" if name == "settlements" else "2024-08-06")
    last = pd.Timestamp("2025-03-14")
    far = [
        0,
        (last - first).days,
        *(min((last - first).days, int(chosen.expovariate(0.1))) for _ in told[2:]),
    ]
    frame = pd.DataFrame({"date": [last - pd.Timedelta(days=d) for d in far[:count]], "text": told})
    top = {"area": 1450, "settlements-campaign": 12}.get(name)
    values = [None if n % 3 == 0 else chosen.uniform(0, top) for n in range(count)] if top else []
    return frame.assign(value=values) if top else frame


def discs(svg: str) -> list[tuple[float, float]]:
    """The middles of the numbers of notes in a drawing."""
    root = ElementTree.fromstring(svg)
    groups = [g for g in root.iter() if "mark-symbol" in g.get("class", "")]
    paths = [[p.get("transform", "") for p in g if p.get("d", "").startswith("M7.416")] for g in groups]
    found = [re.findall(r"-?[\d.]+", text)[:2] for group in paths for text in group]
    return [(float(x), float(y)) for x, y in found]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("width", [300, 612, 1000])
@pytest.mark.parametrize("count", [1, 8, 20])
def test_notes_stand_clear_of_each_other(name: str, width: int, count: int) -> None:
    given = about(name, count)
    spec = ALL[name](edition(), width=width, annotations=given).to_dict()
    svg = render_svg(spec)
    spots = discs(svg)
    assert len(spots) == count
    assert min((math.dist(a, b) for a, b in itertools.combinations(spots, 2)), default=99) >= 15
    drawn = " ".join(re.findall(r">([^<]+)<", svg))
    for number, text in enumerate(given["text"], 1):
        assert f"{number}\N{EN SPACE}" in drawn
        assert f"Note {number - 1}" in drawn
        assert text.strip() in spec["usermeta"]["kurskdata"]["alt"]
    assert "Notes of the editor:" in drawn


@pytest.mark.parametrize("name", ["area", "timeline", "locator"])
@pytest.mark.parametrize("width", [300, 612])
def test_numbers_of_notes_stand_above_all_texts_of_a_plot_and_below_them_in_the_drawing(
    name: str, width: int
) -> None:
    spec = ALL[name](edition(), width=width, annotations=about(name, 20)).to_dict()
    layers = spec["vconcat"][0]["layer"]
    numbers = next(n for n, each in enumerate(layers) if each["mark"].get("size") == 220)
    lowest = max(row["y"] for row in spec["datasets"][layers[numbers]["data"]["name"]])
    texts = [each for each in layers[numbers + 3 :] if each["mark"]["type"] == "text"]
    rows = [row for each in texts for row in spec["datasets"][each["data"]["name"]] if "text" in row]
    assert rows
    assert min((row["y"] for row in rows if "y" in row), default=0) - lowest >= 14
    assert "text" not in [each["mark"]["type"] for each in layers[:numbers]]


@pytest.mark.parametrize("language", ["en", "de", "ru", "uk"])
@pytest.mark.parametrize("name", ["area", "locator"])
def test_notes_go_with_a_chart_into_an_article(name: str, language: str, tmp_path: Path) -> None:
    given = about(name, 3).assign(text=["Взгляд редакции", "<b>& co</b>", "=1+1"])
    spec = ALL[name](edition(language=language), annotations=given).to_dict()
    embed.write(spec, tmp_path)
    with (tmp_path / "data.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    notes = [row for row in rows if row["kind"] == "note of the editor"]
    assert [row["note"] for row in notes] == ["Взгляд редакции", "<b>& co</b>", "'=1+1"]
    plain = list(
        csv.DictReader(
            io.StringIO(embed.rows_csv(ALL[name](edition(language=language)).to_dict()).lstrip("\ufeff"))
        )
    )
    assert [{k: row[k] for k in plain[0]} for row in rows[:-3]] == plain
    page = (tmp_path / "index.html").read_text("utf-8")
    assert page.count("&lt;b&gt;&amp; co&lt;/b&gt;") >= 4  # both drawings, the table, the alt text
    kind = {"en": "note of the editor", "de": "Anmerkung der Redaktion", "ru": "примечание редакции"}
    assert page.count(f"<td>{kind.get(language, 'примітка редакції')}<") == 3
    assert (
        "co</b>"
        not in (tmp_path / "metadata.jsonld")
        .read_text("utf-8")
        .replace("\\u003c", "<")
        .split('"Claim"', 1)[1]
    )
    assert "Взгляд редакции" in (tmp_path / "alt.txt").read_text("utf-8")


def test_a_chart_without_notes_is_as_before() -> None:
    plain = ALL["area"](edition()).to_dict()
    assert ALL["area"](edition(), annotations=None).to_dict() == plain
    assert ALL["area"](edition(), annotations=pd.DataFrame({"date": [], "text": []})).to_dict() == plain


@pytest.mark.parametrize("name", ALL)
def test_notes_stand_in_the_plot_too(name: str) -> None:
    chart = ALL[name](edition(), annotations=about(name, 4))
    assert len(discs(render_svg(chart.plot.to_dict()))) == 4


def test_the_place_of_a_note_is_that_of_its_day_and_value() -> None:
    given = pd.DataFrame({"date": ["2024-11-20"], "value": [300.0], "text": ["Here"]})
    for units in ("km2", "sq_mi"):
        chart = ALL["area"](edition(units=units), width=700, annotations=given)
        own = (
            alt.Chart(alt.Data(values=[{"x": "2024-11-20", "y": 300}]))
            .mark_text(text="HERE")
            .encode(x="x:T", y="y:Q")
        )
        drawn = places(chart.plot + own)
        [(x, y)] = [(x, y) for text, x, y in drawn if text == "HERE"]
        assert min(math.hypot(a - x, b - y) for text, a, b in drawn if not text) < 5


WRONG = {
    "columns not known: note; this chart takes date, value, text": ("area", {"date": ["2025-03-01"], "note": ["a"]}),
    "column missing: text": ("area", {"date": ["2025-03-01"]}),
    "columns not known: value; this chart takes date, text": ("timeline", {"date": ["2025-03-01"], "value": [1], "text": ["a"]}),
    "row 1, column date: 2026-01-01 is above 2025-03-14": (
        "area", {"date": ["2025-03-01", "2026-01-01"], "text": ["a", "b"]}),
    "row 0, column date: '12.03.25' is not a day": ("area", {"date": ["12.03.25"], "text": ["a"]}),
    "row 0, column date: empty, a value is required": ("settlements", {"date": [float("nan")], "text": ["a"]}),
    "column date: '2025-02-01' is not allowed; allowed: 2025-03-05": (
        "settlements", {"date": ["2025-02-01"], "text": ["a"]}),
    "row 0, column value: 'much' is not a number": (
        "area", {"date": ["2025-03-01"], "value": ["much"], "text": ["a"]}),
    "row 0, column value: 1501 is above 1500": ("area", {"date": ["2025-03-01"], "value": [1501], "text": ["a"]}),
    "row 0, column value: -1 is below 0": ("area", {"date": ["2025-03-01"], "value": [-1], "text": ["a"]}),
    "row 0, column place_id: 'moscow' is not allowed": ("locator", {"place_id": ["moscow"], "text": ["a"]}),
    "row 0, column claim_id: '7' is not allowed": ("claims", {"claim_id": [7], "text": ["a"]}),
    "row 1, column text: empty, a value is required": ("area", {"date": ["2025-03-01"] * 2, "text": ["a", None]}),
    "row 0, column text: 250 characters, at most 200 are allowed": ("area", {"date": ["2025-03-01"], "text": ["ab cd " * 41 + "abcd"]}),
    "row 0, column text: a word of 41 characters, at most 40 are allowed": (
        "area", {"date": ["2025-03-01"], "text": ["x" * 41]}),
    "row 0, column text: empty, a value is required": ("area", {"date": ["2025-03-01"], "text": [" "]}),
    "row 0, column value: 'list [1]' is not a number": ("area", {"date": ["2025-03-01"], "value": [[1]], "text": ["a"]}),
    "row 0, column value: 'true' is not a number": ("area", {"date": ["2025-03-01"], "value": [True], "text": ["a"]}),
    "21 rows; a chart takes at most 20": ("area", {"date": ["2025-03-01"] * 21, "text": ["a"] * 21}),
}  # fmt: skip


@pytest.mark.parametrize("told", WRONG)
def test_a_note_that_a_chart_cannot_hold_is_refused_by_column_and_row(told: str) -> None:
    name, cells = WRONG[told]
    with pytest.raises(InputError, match=r"^annotations: .*" + re.escape(told)):
        ALL[name](edition(), annotations=pd.DataFrame(cells))


def test_notes_come_as_a_frame() -> None:
    with pytest.raises(InputError, match=r"a DataFrame is needed, with the columns date, value, text"):
        ALL["area"](edition(), annotations=[{"date": "2025-03-01", "text": "a"}])
