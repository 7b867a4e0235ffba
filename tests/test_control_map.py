"""The map of control, from a small archive that these tests make up: areas, days, words, the switch, print."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
import numpy as np
import pandas as pd
import pytest

pytest.importorskip("shapely")
pytest.importorskip("pyproj")

from conftest import Kursk
from test_browser import CHROMIUM, sync_api
from test_hostile import SHEETS, article, differing, picture
from test_measure import HELD, UNCLEAR, deepstate, feature, owlmaps

from kurskdata import charts, embed
from kurskdata.drawing import fonts
from kurskdata.editions import edition
from kurskdata.embed.page import drawing
from kurskdata.errors import InputError
from kurskdata.reports import overview
from kurskdata.tables import measure
from kurskdata.words.language import LANGUAGES

IN_BROWSER = pytest.mark.skipif(not CHROMIUM, reason="SKIPPED FOR WANT OF CHROMIUM: see test_browser.py")
SIZES = {
    "2024-08-10": 0.03, "2024-08-20": 0.09, "2024-09-04": 0.12, "2024-09-05": 0.15, "2024-10-20": 0.12,
    "2024-12-01": 0.10, "2025-02-01": 0.08, "2025-03-08": 0.06, "2025-03-12": 0.03, "2025-03-20": 0.02,
}  # fmt: skip
"""The size in degrees of what the made-up map draws on each day."""


def ragged(lon: float, lat: float, size: float, seed: int, corners: int = 160) -> list[list[float]]:
    """A ring with a coast like those of real maps."""
    turn = np.linspace(0, 2 * math.pi, corners, endpoint=False)
    noise = np.random.default_rng(seed).normal(0, 1, (12, 2))
    far = 1 + sum(0.25 / (k + 1) * (a * np.sin((k + 1) * turn) + b * np.cos((k + 1) * turn)) for k, (a, b) in enumerate(noise))  # fmt: skip
    far = size * np.clip(far, 0.35, 1.9)
    points = np.column_stack([lon + 1.6 * far * np.cos(turn), lat + far * np.sin(turn)]).tolist()
    return [*points, points[0]]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Held with a hole, unclear round it and overlapping it, a small pocket in the west from September on."""
    folder = tmp_path_factory.mktemp("archive")
    for n, (day, size) in enumerate(SIZES.items()):
        at = int(dt.datetime.fromisoformat(f"{day}T12:00+00:00").timestamp())
        land = ragged(35.1, 51.22, size, n)
        hole = ragged(35.1, 51.22, size / 8, n + 50, 30)
        drawn = [feature(UNCLEAR, ragged(35.12, 51.23, size * 1.15, n + 90)), feature(HELD, land, hole)]
        west = ragged(34.27, 51.31, 0.013, 7, 40)
        deepstate(folder, at, *drawn, *([feature(HELD, west)] if day >= "2024-09" else []))
    return folder


@pytest.fixture(scope="module")
def spec(archive: Path) -> dict[str, Any]:
    made: dict[str, Any] = charts.control(archive, edition()).to_dict()
    return made


@pytest.fixture(scope="module")
def bundle(spec: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    embed.write(spec, folder)
    return folder


def meta(spec: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = spec["usermeta"]["kurskdata"]
    return found


def subpaths(data: str) -> Iterator[tuple[np.ndarray[Any, Any], bool]]:
    """The corners of each piece of a path of relative steps, and whether it comes back to its first corner."""
    for piece in re.findall("M[^M]*", data):
        at, corners = np.zeros(2), []
        for command, values in re.findall("([Mlhv])([^Mlhvz]*)", piece):
            numbers = [float(one) for one in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", values)]
            step = {"h": (numbers[0], 0), "v": (0, numbers[0])}.get(command) or numbers
            at = np.array(step) if command == "M" else at + step
            corners.append(at)
        yield np.array(corners), len(corners) > 3 and bool(np.abs(corners[0] - corners[-1]).max() < 0.06)


def drawn_km2(body: str, kind: str, left: float = 0, right: float = math.inf, top: float = 54) -> float:
    """The area inside of the closed lines of a kind on the map in a part of a drawing, by its own scale bar.

    Holes run against their outlines and count less; swatches and hatching are no map.
    """
    colour = {"held": 'fill="var(--ukraine)"', "unclear": 'stroke="var(--muted)"'}[kind]
    bar = re.search(r'stroke="var\(--ink\)" stroke-width="1.5" d="M[-\d.]+[ -][\d.]+h([\d.]+)"|d="M[-\d.]+[ -][\d.]+h([\d.]+)" [^>]*stroke-width="1.5"', body)  # fmt: skip
    assert bar
    scale = float(bar[1] or bar[2]) / 10
    groups = re.findall(
        rf"<g[^>]*{re.escape(colour)}[^>]*>.*?</g>|<path[^>]*{re.escape(colour)}[^>]*/>", body
    )
    area = 0.0
    for data in re.findall(r' d="([^"]+)"', " ".join(groups)):
        for corners, closed in subpaths(data):
            x, y = corners.T
            if closed and y.max() > top and left <= x.min() and x.max() <= right and np.ptp(x) != 10:
                area += float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()) / 2
    return abs(area) / scale**2


# Areas


def test_every_map_draws_the_measured_areas_within_one_percent(archive: Path, spec: dict[str, Any]) -> None:
    rows, alone = pd.DataFrame(spec["datasets"]["rows"]), meta(spec)["days"]
    assert len(rows) == len(alone) >= 4
    measured = (
        measure.measure("deepstate", archive, jobs=1).rows.groupby("date")[["held_km2", "unclear_km2"]].sum()
    )
    for row, one in zip(rows.to_dict("records"), alone, strict=True):
        body = drawing(one["spec"]).body
        for kind in ("held", "unclear"):
            expected = measured.loc[row["date"], f"{kind}_km2"]
            assert row[f"{kind}_km2"] == pytest.approx(expected, abs=0.001)
            assert drawn_km2(body, kind) == pytest.approx(expected, rel=0.01), (row["date"], kind)


def test_the_small_multiples_draw_the_measured_areas_too(spec: dict[str, Any]) -> None:
    body = drawing(spec).body
    frames = [rows for rows in spec["datasets"].values() if rows and {"x2", "y2"} <= set(rows[0])]
    maps = max(frames, key=len)
    for row, at in zip(spec["datasets"]["rows"], maps, strict=True):
        for kind in ("held", "unclear"):
            paths = drawn_km2_between(body, kind, at)
            assert paths == pytest.approx(row[f"{kind}_km2"], rel=0.01), (row["date"], kind)


def drawn_km2_between(body: str, kind: str, frame: dict[str, float]) -> float:
    lower = drawn_km2(body, kind, frame["x"], frame["x2"], frame["y"] - 1)
    return lower - drawn_km2(body, kind, frame["x"], frame["x2"], frame["y2"])


def test_a_drawing_of_half_the_area_would_be_noticed(spec: dict[str, Any]) -> None:
    (first, *_) = meta(spec)["days"]
    halved = json.loads(json.dumps(first["spec"]))
    for rows in halved["datasets"].values():
        for row in rows:
            if len(str(row.get("shape", ""))) > 400:
                row["shape"] = re.sub(r"[\d.]+", lambda found: f"{float(found[0]) * 0.9:.1f}", row["shape"])
    expected = spec["datasets"]["rows"][0]["held_km2"]
    assert drawn_km2(drawing(halved).body, "held") < 0.9 * expected


def test_held_is_filled_and_unclear_is_hatched_and_has_no_fill(spec: dict[str, Any]) -> None:
    body = drawing(meta(spec)["days"][-1]["spec"]).body
    unclear = re.findall(r'<g[^>]*stroke="var\(--muted\)"[^>]*>.*?</g>', body)
    assert unclear
    assert all('fill="none"' in one for one in unclear)
    lines = [
        corners
        for data in re.findall(r' d="([^"]+)"', unclear[0])
        for corners, closed in subpaths(data)
        if not closed
    ]
    assert len(lines) > 10
    assert "url(" not in body
    assert " id=" not in body


# Days


def shown(spec: dict[str, Any]) -> list[str]:
    return [row["date"] for row in spec["datasets"]["rows"]]


@pytest.mark.parametrize(
    ("day", "first", "peak", "last"),
    [
        ("2025-03-14", "2024-08-10", "2024-09-05", "2025-03-12"),
        ("2025-05-31", "2024-08-10", "2024-09-05", "2025-03-20"),
        ("2024-09-30", "2024-08-10", "2024-09-05", "2024-09-05"),
    ],
)
def test_by_rule_the_first_the_largest_and_the_last_day_are_among_four_to_seven(
    archive: Path, day: str, first: str, peak: str, last: str
) -> None:
    days = shown(charts.control(archive, edition(as_of=day)).to_dict())
    assert {first, peak, last} <= set(days)
    assert days[0] == first
    assert days[-1] == last
    assert 4 <= len(days) <= 7
    assert days == sorted(set(days))


def test_nothing_after_the_day_of_the_edition_is_shown_and_short_archives_show_what_they_have(
    archive: Path,
) -> None:
    days = shown(charts.control(archive, edition(as_of="2024-08-25")).to_dict())
    assert days == ["2024-08-10", "2024-08-20"]
    with pytest.raises(
        InputError, match="draws nothing up to 2024-08-08; give a later day or another archive"
    ):
        charts.control(archive, edition(as_of="2024-08-08"))


def test_days_of_ones_own_with_their_snapshots_and_the_change(archive: Path) -> None:
    asked = ["2025-03-12", "2024-09-04", "2024-08-20", "2024-12-01"]
    spec = charts.control(archive, edition(), days=asked).to_dict()
    assert shown(spec) == sorted(asked)
    rows = spec["datasets"]["rows"]
    assert all(re.fullmatch(r"\d+\.geojson", row["snapshot"]) for row in rows)
    assert {row["observer"] for row in rows} == {"deepstate"}
    held = [round(row["held_km2"]) for row in rows]
    texts = [row["text"] for rows in spec["datasets"].values() for row in rows if "text" in row]
    assert f"held: {held[0]}\N{NO-BREAK SPACE}sq km" in texts
    for before, after in itertools.pairwise(held):
        sign = "+" if after > before else "\N{MINUS SIGN}"
        assert f"held: {after}\N{NO-BREAK SPACE}sq km, {sign}{abs(after - before)}" in texts
    assert [one["name"].replace("\N{NO-BREAK SPACE}", " ") for one in meta(spec)["days"]] == [
        "20 Aug 2024", "4 Sept 2024", "1 Dec 2024", "12 Mar 2025",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "message"),
    [
        (["2025-03-12"], "days: 1 different days are given; give 4 to 7"),
        (["2024-08-10", "2024-08-20", "2024-09-04", "2024-09-07"], "has no readable snapshot of 2024-09-07"),
        (["2024-08-10", "2024-08-20", "2024-09-04", "2025-03-20"], "of 2025-03-20; days that can be shown: 2024-08-10 to 2025-03-12"),
        (["soon"], "days: 'soon' is not a day"),
    ],
)  # fmt: skip
def test_days_that_cannot_be_shown_are_named(archive: Path, days: list[str], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        charts.control(archive, edition(), days=days)


def test_the_other_observer_draws_no_unclear_status_and_a_day_without_a_drawing_says_so(
    tmp_path: Path,
) -> None:
    for n, day in enumerate(("20240820", "20240905", "20241201", "20250308")):
        owlmaps(tmp_path, day, ragged(35.1, 51.22, 0.12 - n * 0.02, n))
    owlmaps(tmp_path, "20250312")
    spec = charts.control(tmp_path, edition(), observer="owlmaps").to_dict()
    told = meta(spec)
    assert shown(spec)[-1] == "2025-03-12"
    assert told["title"] == "Project Owl’s map of 12\N{NO-BREAK SPACE}March 2025 drew nothing held by Ukraine"
    assert "it draws no unclear status" in told["subtitle" if "subtitle" in told else "alt"]
    texts = [row["text"] for rows in spec["datasets"].values() for row in rows if "text" in row]
    assert texts.count("nothing drawn") == 1
    assert "deepstatemap" not in told["source"]
    assert told["source"].endswith("bound by the terms of the map’s owner.")


# Words


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_fit_in_every_language(archive: Path, language: str) -> None:
    for day, units, width in itertools.product(
        ("2024-08-25", "2024-09-04", "2025-03-14"), ("km2", "sq_mi"), (None, 300)
    ):
        spec = charts.control(
            archive, edition(as_of=day, language=language, units=units), width=width
        ).to_dict()
        title = meta(spec)["title"]
        assert len(title.split()) <= 15
        assert len(fonts.wrap(title, 350, 20, bold=True)) <= 2, title
        for plot in (spec["vconcat"][0], *(one["spec"] for one in meta(spec)["days"])):
            datasets = plot.get("datasets", spec["datasets"])
            boxes = []
            for layer in plot["layer"]:
                if layer["mark"]["type"] != "text" or "stroke" in layer["encoding"]:
                    continue
                assert layer["mark"]["fontSize"] >= 12
                bold = layer["mark"].get("fontWeight") == "bold"
                for row in datasets[layer["data"]["name"]]:
                    long = fonts.text_width(row["text"], 12, bold=bold)
                    boxes.append((row["x"], row["y"] - 6, row["x"] + long, row["y"] + 6, row["text"]))
            for box in boxes:
                assert 0 <= box[0] <= box[2] <= plot["width"], box
                assert 0 <= box[1] <= box[3] <= plot["height"], box
            for a, b in itertools.combinations(boxes, 2):
                assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (a, b)


def test_the_alt_text_says_form_every_day_and_the_largest(spec: dict[str, Any]) -> None:
    told = meta(spec)["alt"]
    assert "maps of the same land, one for each day" in told
    for row, one in zip(spec["datasets"]["rows"], meta(spec)["days"], strict=True):
        assert f"{one['name']}: held: {round(row['held_km2']):,}" in told
    assert "most was held on 5\N{NO-BREAK SPACE}September 2024" in told


def test_the_credit_line_carries_the_owners_terms_and_the_page_offers_no_licence_of_ours(
    bundle: Path, spec: dict[str, Any]
) -> None:
    page, source = (bundle / "index.html").read_text("utf-8"), meta(spec)["source"]
    assert "bound by the terms of the map’s owner: deepstatemap.live/license-en.html." in source
    assert (
        "DeepState as of 14\N{NO-BREAK SPACE}March 2025, from a copy of github.com/DanielRose2310/" in source
    )
    assert "not confirmed independently" in source
    assert "true within 1" in source
    assert source in page
    for text in (page, source, (bundle / "metadata.jsonld").read_text("utf-8")):
        assert "creativecommons" not in text
        assert "CC BY" not in text


# The command and the gallery


def test_the_command_draws_it_and_the_same_archive_gives_the_same_bytes(
    kursk: Kursk, archive: Path, tmp_path: Path
) -> None:
    days = "2024-08-10,2024-09-05,2024-12-01,2025-03-12"
    for folder in ("one", "two"):
        done = kursk(
            "export", "control", "--archive", archive, "--days", days, "-o", folder, "--language", "de"
        )
        assert done.returncode == 0, done.stderr
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name
    assert str(archive) not in (tmp_path / "one" / "chart.vl.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["control"], "archive: the map of control is drawn from your own copy of a map archive"),
        (["control"], "https://github.com/owlmaps/map-data (--observer owlmaps)"),
        (["control", "--archive", "nowhere"], "nowhere: not a folder"),
        (["control", "--archive", "."], "no file is named <unix time>.geojson, as in github.com/"),
        (["area", "--archive", "."], "archive: only the chart control is drawn from an archive"),
    ],
)
def test_the_command_says_in_one_line_what_is_needed(
    kursk: Kursk, arguments: list[str], message: str
) -> None:
    done = kursk("export", *arguments, "-o", "out")
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_gallery_says_how_to_get_the_map(tmp_path: Path) -> None:
    text = overview.index(tmp_path).read_text("utf-8")
    assert "kursk export control" in text
    assert "https://github.com/DanielRose2310/deepstatemaps-history" in text
    assert "bind whoever publishes it" in text


def test_an_archive_of_broken_files_shows_nothing(tmp_path: Path) -> None:
    (tmp_path / "1724112000.geojson").write_text("{", "utf-8")
    with pytest.raises(InputError, match="draws nothing up to"):
        charts.control(tmp_path, edition())


# The page


def test_the_page_is_light_and_its_drawings_have_no_ids(bundle: Path) -> None:
    page = (bundle / "index.html").read_bytes()
    assert len(brotli.compress(page)) <= 12_000
    figure = page.decode().split("<figure")[1].split("</figure")[0]
    assert re.findall(r'\sid="([^"]*)"', figure) == ["kd-2025-03-14-en-km2-control"]
    assert figure.count("<svg") == figure.count('type="radio"') >= 4


@pytest.fixture(scope="module")
def quiet() -> Iterator[Any]:
    """A browser whose pages run no script."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def visible(page: Any, which: int = 0) -> list[str]:
    """The first words of the maps that can be seen in a figure: their days."""
    maps = page.locator("figure").nth(which).locator("svg")
    return [
        maps.nth(n).locator("text").first.text_content()
        for n in range(maps.count())
        if maps.nth(n).is_visible()
    ]


@IN_BROWSER
@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 360, 640, 1200])
def test_the_arrow_keys_switch_the_day_without_script(
    quiet: Any, bundle: Path, spec: dict[str, Any], width: int
) -> None:
    names = [one["name"] for one in meta(spec)["days"]]
    context = quiet.new_context(java_script_enabled=False, viewport={"width": width, "height": 700})
    page = context.new_page()
    page.goto((bundle / "index.html").as_uri())
    assert visible(page) == [names[-1]]
    page.keyboard.press("Tab")
    for key, expected in (
        ("ArrowLeft", names[-2]),
        ("ArrowUp", names[-3]),
        ("ArrowRight", names[-2]),
        ("Enter", names[-2]),
    ):
        page.keyboard.press(key)
        assert visible(page) == [expected], key
    page.get_by_text(names[0], exact=True).first.click()
    assert visible(page) == [names[0]]
    assert page.url == (bundle / "index.html").as_uri()
    assert len(context.pages) == 1
    assert page.locator("figure").bounding_box()["width"] <= width
    letters = page.locator("svg:visible").bounding_box()["width"] / 300 * 12
    assert letters >= 12
    context.close()


@IN_BROWSER
@pytest.mark.browser
def test_two_figures_in_one_page_switch_apart(quiet: Any, bundle: Path, spec: dict[str, Any]) -> None:
    names = [one["name"] for one in meta(spec)["days"]]
    page = quiet.new_page()
    page.set_content(article("", 600, pasted(bundle), pasted(bundle)))
    page.locator("figure").nth(1).locator("input").first.check()
    assert visible(page, 0) == [names[-1]]
    assert visible(page, 1) == [names[0]]
    assert page.locator("figure [id]").count() == 0
    page.close()


def pasted(bundle: Path) -> str:
    text = (bundle / "snippet.html").read_text("utf-8")
    return text.split("<!-- 2.")[1].split("-->\n", 1)[1].split("\n<!-- End of the figure.")[0]


@IN_BROWSER
@pytest.mark.browser
def test_in_print_all_maps_stand_side_by_side_and_large_enough(
    quiet: Any, bundle: Path, spec: dict[str, Any]
) -> None:
    page = quiet.new_page(viewport={"width": 700, "height": 1000})
    page.goto((bundle / "index.html").as_uri())
    page.emulate_media(media="print")
    assert visible(page) == [one["name"] for one in meta(spec)["days"]]
    boxes = [one.bounding_box() for one in page.locator("svg").all()]
    assert boxes[0]["y"] == boxes[1]["y"] < boxes[2]["y"]
    assert {round(box["width"]) for box in boxes} == {round(boxes[0]["width"])}
    assert boxes[0]["width"] >= 300
    assert page.locator("input:visible").count() == 0
    assert page.locator("figure").bounding_box()["height"] < 1000
    page.close()


@IN_BROWSER
@pytest.mark.browser
@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.stem)
def test_the_figure_looks_the_same_in_any_page(quiet: Any, bundle: Path, sheet: Path) -> None:
    page = quiet.new_page()
    for width, media in ((360, "screen"), (700, "print")):
        plain = picture(page, article("", width, pasted(bundle)), width, media)
        found = picture(page, article(sheet.read_text("utf-8"), width, pasted(bundle)), width, media)
        assert differing(plain, found) < 0.0005, (width, media)
    page.close()


@IN_BROWSER
@pytest.mark.browser
def test_axe_finds_nothing_in_the_map(quiet: Any, bundle: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = quiet.new_page(viewport={"width": 640, "height": 700})
    page.goto((bundle / "index.html").as_uri())
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    page.close()
