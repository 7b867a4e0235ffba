"""The locator map: every settlement where it lies or named as unplaced, words that do not collide, a modest border."""

from __future__ import annotations

import functools
import itertools
import json
import math
import re
from collections.abc import Iterator
from typing import Any

import altair as alt
import pandas as pd
import pytest

import kurskdata as kd
from kurskdata import charts, display
from kurskdata.charts.map import base_map
from kurskdata.drawing import fonts
from kurskdata.drawing.svg import narrow_drawing, render_svg
from kurskdata.editions import Edition, edition
from kurskdata.errors import InputError
from kurskdata.tables import reader, settlements
from kurskdata.tables.settlements import landmarks
from kurskdata.words.language import LANGUAGES, Words

DAYS = [
    "2024-08-06",
    "2024-08-10",
    "2024-08-20",
    "2024-09-20",
    "2024-12-31",
    "2025-01-17",
    "2025-03-14",
    "2025-04-26",
]
WIDTHS = [612, 300]
FIXED = re.compile("RUSSIA|UKRAINE|oblast$|^border|^Kursk,|^Sumy,|^10.km$")
Box = tuple[float, float, float, float]


def drawn(e: Edition, **options: Any) -> alt.VConcatChart:
    return charts.locator(kd.settlement_places(as_of=e.as_of, language=e.language), e, **options)


def layers(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return spec["vconcat"][0]["layer"]


def rows(spec: dict[str, Any], layer: dict[str, Any]) -> list[dict[str, Any]]:
    return spec["datasets"][layer["data"]["name"]]


def words_on(spec: dict[str, Any]) -> Iterator[tuple[str, Box]]:
    """Every text of the plot with its box, halos apart."""
    for layer in layers(spec):
        mark = layer["mark"]
        if mark["type"] != "text" or "stroke" in layer["encoding"]:
            continue
        for row in rows(spec, layer):
            long = fonts.text_width(row["text"], mark["fontSize"], bold=mark.get("fontWeight") == "bold")
            left = row["x"] - (long / 2 if mark["align"] == "center" else 0)
            half = mark["fontSize"] * 0.5
            yield row["text"], (left, row["y"] - half, left + long, row["y"] + half)


def frames(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for one in layers(spec) if one["mark"]["type"] == "rect" for row in rows(spec, one)]


def frame(spec: dict[str, Any]) -> Box:
    """The edges of all maps together; phones have two, and on the first the frame of the second."""
    edges = frames(spec)
    return edges[0]["x"], edges[0]["y"], edges[0]["x2"], max(edge["y2"] for edge in edges)


def alone(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The dots that have a name or a number: on phones not those that the second map shows again."""
    return [dot for dot in dots(spec) if dot["size"] > 12]


def marks(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for one in layers(spec) if one["mark"]["type"] == "point" for row in rows(spec, one)]


def soft(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in marks(spec) if row["strength"] == 0.08]


def soft_circles(spec: dict[str, Any]) -> set[tuple[float, float]]:
    """Where the settlements lie, before their dots move apart."""
    return {(row["x"], row["y"]) for row in soft(spec)}


def sudzha(language: str = "en") -> dict[str, Any]:
    return landmarks(language).set_index("place_id").loc["sudzha"].to_dict()


def dots(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**row, "name": row["told"].partition(":")[0]} for row in marks(spec) if row.get("told")]


@functools.cache
def made(day: str, width: float, language: str = "en", units: str = "km2") -> dict[str, Any]:
    return drawn(edition(as_of=day, language=language, units=units), width=width).to_dict()


CASES = [
    *((day, width, "en", "km2") for day in DAYS for width in WIDTHS),
    *itertools.product(["2024-08-10", "2025-03-14", "2025-05-31"], WIDTHS, LANGUAGES, ["sq_mi"]),
    ("2025-05-31", 480, "uk", "km2"),
    ("2025-05-31", 720, "de", "km2"),
]


@pytest.fixture(params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> tuple[str, float, str, str]:
    return request.param


@pytest.fixture
def spec(case: tuple[str, float, str, str]) -> dict[str, Any]:
    return made(*case)


# The view


def test_the_five_days_are_24_settlements_of_which_4_have_no_known_position() -> None:
    view = kd.settlement_places(as_of="2025-03-14", start="2025-03-08", end="2025-03-12")
    claimed = view[view["reported"].notna()]
    assert len(claimed) == 24
    assert sorted(claimed.loc[claimed["lat"].isna(), "name"]) == [
        "2-y Knyazhy",
        "Agronom",
        "Kubatkin",
        "Yuzhny",
    ]
    week = kd.settlement_places(as_of="2025-03-14", start="2025-03-08", end="2025-03-14")
    assert week["reported"].notna().sum() == 28


@pytest.mark.parametrize("day", [*DAYS, None])
def test_the_view_agrees_with_the_settlements_per_day(day: str | None) -> None:
    view = kd.settlement_places(as_of=day)
    assert view["reported"].notna().sum() == kd.settlements_per_day(as_of=day)["settlements"].sum()
    assert view["place_id"].is_unique
    assert view["lat"].isna().equals(view["position_error_km"].isna())


def test_a_report_of_9_march_knows_nothing_of_12_march() -> None:
    view = kd.settlement_places(as_of="2025-03-09")
    assert view["reported"].max() == pd.Timestamp("2025-03-09")
    assert "sudzha" not in set(view["place_id"])


def test_an_official_claim_counts_from_its_own_day() -> None:
    view = kd.settlement_places(as_of="2025-03-14").set_index("place_id")
    assert view.loc["martynovka", "reported"] == pd.Timestamp("2025-03-11")
    assert view.loc["martynovka", "first_reported"] == pd.Timestamp("2024-08-10")
    assert not view.loc["martynovka", "unofficial"]
    before = kd.settlement_places(as_of="2024-09-20").set_index("place_id")
    assert before.loc["martynovka", "unofficial"]
    assert before.loc["martynovka", "claimed_by"] == "Apti Alaudinov"
    anyone = kd.settlement_places(as_of="2024-09-20", claimant="any").set_index("place_id")
    assert anyone.loc["martynovka", "reported"] == pd.Timestamp("2024-08-10")


def test_a_claim_that_fits_two_places_has_no_position() -> None:
    krupets = kd.settlement_places(as_of="2024-08-20").set_index("name").loc["Krupets"]
    assert krupets["place_id"] == "krupets-belovsky;krupets-rylsky"
    assert pd.isna(krupets["lat"])


def test_gornal_is_disputed_from_the_day_of_the_denial() -> None:
    assert not kd.settlement_places(as_of="2025-04-25")["disputed"].any()
    view = kd.settlement_places(as_of="2025-04-26")
    assert set(view.loc[view["disputed"], "name"]) == {"Gornal", "Oleshnya"}

    assert set(settlements.CONTESTED) <= set(reader.load("timeline")["event_id"])


def test_names_come_in_the_language() -> None:
    view = kd.settlement_places(as_of="2025-03-14", language="ru").set_index("place_id")
    assert view.loc["sudzha", "name"] == "Суджа"


def test_wrong_input_is_refused() -> None:
    with pytest.raises(InputError, match="claimant: 'nobody' is not known"):
        kd.settlement_places(claimant="nobody")
    with pytest.raises(InputError, match="start: 2025-03-12 is after the end, 2025-03-08"):
        kd.settlement_places(start="2025-03-12", end="2025-03-08")
    with pytest.raises(InputError, match="as_of: 'soon' is not a day"):
        kd.settlement_places(as_of="soon")


# The map


def test_every_placed_settlement_is_on_the_map_and_every_other_is_named_below(spec: dict[str, Any]) -> None:
    left, top, right, bottom = frame(spec)
    for dot in dots(spec):
        assert left <= dot["x"] <= right, dot["name"]
        assert top <= dot["y"] <= bottom, dot["name"]
    on_map = {dot["name"] for dot in dots(spec)}
    below = " ".join(text for text, box in words_on(spec) if box[1] > bottom)
    for row in spec["datasets"]["rows"]:
        assert row["name"] in on_map or row["name"] in below, row["name"]


def test_words_neither_cover_each_other_nor_leave_the_plot(spec: dict[str, Any]) -> None:
    left, top, right, bottom = frame(spec)
    found = list(words_on(spec))
    numbered = [text for text, box in found if text.isdecimal() and box[1] < bottom]
    assert len(numbered) == len(set(numbered))
    for (one, a), (other, b) in itertools.combinations(found, 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, f"{one} covers {other}"
    for text, box in found:
        assert box[0] >= left - 1, text
        assert box[2] <= right + 1, text
        if top < (box[1] + box[3]) / 2 < bottom:
            assert box[1] >= top, text
            assert box[3] <= bottom, text


def test_no_word_covers_a_dot(spec: dict[str, Any]) -> None:
    for text, box in words_on(spec):
        for dot in dots(spec):
            inside = box[0] < dot["x"] < box[2] and box[1] < dot["y"] < box[3]
            assert not inside, f"{text} covers {dot['name']}"


def test_sudzha_border_countries_and_cities_are_always_named(
    spec: dict[str, Any], case: tuple[str, float, str, str]
) -> None:
    said = [text for text, _ in words_on(spec)]
    w = Words(case[2])
    fixed = ("border, approximate", "RUSSIA", "Kursk oblast", "UKRAINE", "Sumy oblast")
    for name in (sudzha(case[2])["name"], *map(w.text, fixed)):
        assert said.count(name) == 1, name
    for city in ("Kursk", "Sumy"):
        assert sum(text.startswith(f"{w.text(city)}, ") for text in said) == 1, city


def test_the_name_of_sudzha_is_wholly_on_its_side_of_the_border(
    spec: dict[str, Any], case: tuple[str, float, str, str]
) -> None:
    width = case[1]
    whole = base_map.BaseMap(width)
    near = base_map.BaseMap(width, base_map.ROUND_SUDZHA, whole.bottom + 12)
    border = near.border if width < 612 else whole.border
    name = sudzha(case[2])["name"]
    ((left, top, right, bottom),) = [box for text, box in words_on(spec) if text == name]
    corners = itertools.product((left, (left + right) / 2, right), (top, bottom))
    assert not any(base_map.south(corner, border) for corner in corners)


def test_every_dot_has_its_name_or_a_number_beside_it_and_the_name_in_the_list(
    spec: dict[str, Any], case: tuple[str, float, str, str]
) -> None:
    _, _, _, bottom = frame(spec)
    said = list(words_on(spec))
    text = " ".join(text for text, box in said if box[1] > bottom).partition(".")[0]
    numbers = {text for text, box in said if text.isdecimal()}
    listed = dict(re.findall("(\\d+)\N{NO-BREAK SPACE}([^,.]+)", text)) if numbers else {}
    assert set(listed) == numbers
    beside = [(listed.get(text, text), box) for text, box in said if 0 < box[1] < bottom]
    for dot in alone(spec):
        near = [
            math.hypot(
                max(box[0] - dot["x"], dot["x"] - box[2], 0), max(box[1] - dot["y"], dot["y"] - box[3], 0)
            )
            for text, box in beside
            if text == dot["name"]
        ]
        assert near, dot["name"]
        assert min(near) <= (100 if dot["name"] == sudzha(case[2])["name"] else 16.1), dot["name"]
    assert set(listed.values()) <= {dot["name"] for dot in alone(spec)}


def test_phones_show_the_land_round_sudzha_twice_as_large() -> None:
    spec = made("2025-03-14", 300)
    whole = base_map.BaseMap(300)
    near = base_map.BaseMap(300, base_map.ROUND_SUDZHA, whole.bottom + 12)
    assert near.scale > 2 * whole.scale
    window = {row["name"] for row in spec["datasets"]["rows"] if row["step"] == "window" and "lat" in row}
    assert window <= {dot["name"] for dot in alone(spec) if dot["y"] > near.top}
    assert len(frames(spec)) == 3


@pytest.mark.parametrize("units", ["km2", "sq_mi"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_title_has_15_words_and_two_lines_on_phones(language: str, units: str) -> None:
    for day in [
        "2024-08-06",
        "2024-08-20",
        "2024-10-01",
        "2025-01-05",
        "2025-03-08",
        "2025-03-14",
        "2025-05-31",
    ]:
        title = made(day, 300, language, units)["usermeta"]["kurskdata"]["title"]
        assert len(title.split()) <= 15, title
        assert len(fonts.wrap(title, 350, 20, bold=True)) <= 2, title


# The frame


@pytest.mark.parametrize("width", WIDTHS)
def test_a_place_has_the_same_pixel_on_any_two_days(width: float) -> None:
    before: set[tuple[float, float]] = set()
    ground: set[str] = set()
    for day in DAYS:
        spec = made(day, width)
        ground.add(json.dumps([rows(spec, layer) for layer in layers(spec)[:2]]))
        where = soft_circles(spec)
        assert before <= where, day  # what was once claimed stays, where it was
        before = where
    assert len(ground) == 1
    assert len(before) > 40


@pytest.mark.parametrize("width", WIDTHS)
def test_names_arrows_and_scale_stand_at_the_same_places_every_day(width: float) -> None:
    fixed = [{(text, box) for text, box in words_on(made(day, width)) if FIXED.search(text)} for day in DAYS]
    assert len(fixed[0]) == 8
    assert all(words == fixed[0] for words in fixed)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_arrows_point_to_the_cities(width: float) -> None:
    spec = made("2025-03-14", width)
    arrows = [row for row in marks(spec) if row["size"] == 4]
    tips = [tuple(map(float, re.findall(r"-?[\d.]+", arrow["shape"])[:2])) for arrow in arrows]
    bearings = [math.degrees(math.atan2(x, -y)) % 360 for x, y in tips]
    assert bearings == [pytest.approx(46, abs=15), pytest.approx(226, abs=15)]  # Kursk and Sumy, from Sudzha


@pytest.mark.parametrize("width", WIDTHS)
def test_the_frame_holds_the_border_and_all_claimed_settlements_but_one_far_west(width: float) -> None:
    base = base_map.BaseMap(width)
    claimed = kd.settlement_places(as_of=None).dropna(subset=["lat"])
    held = {
        row["name"]: base.holds(base.at((row["lat"], row["lon"])), 8) for row in claimed.to_dict("records")
    }
    assert [name for name, holds in held.items() if not holds] == ["Novy Put"]
    assert claimed.set_index("name")["unofficial"]["Novy Put"]
    border = kd.border()
    near = border[(border["lat"] > 51.03) & border["lon"].between(34.8, 35.4)]
    assert len(near) > 15
    assert all(base.holds(base.at(point)) for point in zip(near["lat"], near["lon"], strict=True))


def test_a_settlement_beyond_the_frame_is_named_below() -> None:
    view = kd.settlement_places(as_of="2025-03-14")
    view.loc[view["place_id"] == "sudzha", "lon"] = 36.0
    spec = charts.locator(view, edition(), width=612).to_dict()
    assert "Off the map: Sudzha and Novy Put." in [text for text, _ in words_on(spec)]


# The marks


def test_dots_that_move_stay_within_the_error_of_their_position() -> None:
    e = edition()
    spec = drawn(e, width=612).to_dict()
    view = kd.settlement_places(as_of=e.as_of)
    where = {row["name"]: row for row in view.to_dict("records")}
    here, there = where["Snagost"], where["Borki"]
    placed = {dot["name"]: dot for dot in dots(spec)}
    scale = math.hypot(
        placed["Borki"]["x"] - placed["Snagost"]["x"], placed["Borki"]["y"] - placed["Snagost"]["y"]
    ) / base_map.kilometres((here["lat"], here["lon"]), (there["lat"], there["lon"]))
    assert scale == pytest.approx(12.2, abs=1.5)  # pixels a kilometre
    radii = sorted(math.sqrt(row["size"] / math.pi) / scale for row in soft(spec))
    assert radii[0] == pytest.approx(0.5, abs=0.05)
    assert radii[-1] == pytest.approx(3.0, abs=0.1)
    for a, b in itertools.combinations(dots(spec), 2):
        assert math.hypot(a["x"] - b["x"], a["y"] - b["y"]) > 6, (a["name"], b["name"])
    assert abs(placed["Bogdanovka"]["x"] - placed["Kazachya Loknya"]["x"]) / scale <= 3


def test_counts_by_step_are_those_of_the_ledger() -> None:
    spec = drawn(edition()).to_dict()
    said = [text for text, _ in words_on(spec)]
    assert {"before 8 Mar: 27", "8–12 Mar: 24", "after 12 Mar: 4", "not claimed officially: 3"} <= {
        text.replace("\N{NO-BREAK SPACE}", " ") for text in said
    }
    steps = [row["step"] for row in spec["datasets"]["rows"]]
    assert [steps.count(s) for s in ("before", "window", "after", "others")] == [27, 24, 4, 3]
    told = spec["usermeta"]["kurskdata"]
    assert told["title"] == (
        "Russia claimed 24 settlements in 5 days, most within 15\N{NO-BREAK SPACE}km of Sudzha"
    )
    assert "9 of 55 have no known position, 4 of them from 8–12\N{NO-BREAK SPACE}Mar: " in told["alt"]
    assert "border is drawn approximately" in told["alt"]
    assert "Map with a dot for each settlement" in told["alt"]
    assert "Most on one day, 11\N{NO-BREAK SPACE}March 2025: 12 settlements" in told["alt"]
    assert "off by about 2\N{NO-BREAK SPACE}km" in told["source"]


def test_within_the_distance_in_the_title_lie_more_than_half_of_the_settlements() -> None:
    view = kd.settlement_places(as_of="2025-03-14")
    window = view[view["reported"].between("2025-03-08", "2025-03-12")]
    here = sudzha()["lat"], sudzha()["lon"]
    far = [
        base_map.kilometres((row["lat"], row["lon"]), here) + row["position_error_km"]
        for row in window.dropna(subset=["lat"]).to_dict("records")
    ]
    assert sum(km <= 15 for km in far) > len(window) / 2 >= sum(km <= 10 for km in far)


def test_a_window_of_ones_own_is_marked() -> None:
    spec = drawn(edition(), window=("2025-03-13", "2025-03-14")).to_dict()
    assert [row["name"] for row in spec["datasets"]["rows"] if row["step"] == "window"] == [
        "Melovoy", "Podol", "Sudzha", "Goncharovka",
    ]  # fmt: skip


def test_before_any_claim_that_counts_the_last_five_days_are_marked() -> None:
    told = drawn(edition(as_of="2024-09-20")).to_dict()["usermeta"]["kurskdata"]
    assert told["title"].endswith("most within 35\N{NO-BREAK SPACE}km of Sudzha")
    none = drawn(edition(as_of="2024-08-10")).to_dict()["usermeta"]["kurskdata"]
    assert none["title"] == "Russia had officially claimed no settlement as retaken"


def test_miles_where_the_edition_has_square_miles() -> None:
    said = {text for text, _ in words_on(drawn(edition(units="sq_mi")).to_dict())}
    assert "5\N{NO-BREAK SPACE}mi" in said
    assert "Kursk, 55\N{NO-BREAK SPACE}mi" in said


@pytest.mark.parametrize("units", ["km2", "sq_mi"])
@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("day", ["2025-03-14", "2024-09-20"])
def test_both_drawings_render_within_their_pages(look: str, units: str, day: str) -> None:
    spec = drawn(edition(as_of=day, theme=look, units=units)).to_dict()
    phone = narrow_drawing(spec)
    assert phone is not None
    wide, narrow = (float(re.search(r'width="([\d.]+)"', render_svg(s))[1]) for s in (spec, phone))
    assert narrow <= 372
    assert wide <= 740
    sizes = re.findall(r'font-size="([\d.]+)px"', render_svg(spec) + render_svg(phone))
    assert min(map(float, sizes)) >= 12


def test_the_map_is_the_same_every_time_and_goes_into_a_notebook() -> None:
    one, two = drawn(edition()).to_dict(), drawn(edition()).to_dict()
    assert one == two
    assert "image/svg+xml" in display.bundle(one)
    assert one["usermeta"]["kurskdata"]["chart"] == "locator"


# The border


def side(place_id: str, line: list[tuple[float, float]]) -> bool:
    places = reader.load("places").set_index("place_id")
    return base_map.south((places["lon"][place_id], -places["lat"][place_id]), line)


@pytest.fixture(scope="module")
def line() -> list[tuple[float, float]]:
    border = kd.border()
    points = list(zip(border["lon"], -border["lat"], strict=True))  # as on a screen, south is down
    return [(0.0, points[0][1]), *points]


def test_the_border_parts_known_places(line: list[tuple[float, float]]) -> None:
    for russian in ("sudzha", "korenevo", "krupets-rylsky", "gornal", "guyevo", "sverdlikovo", "glushkovo"):
        assert not side(russian, line), russian
    for ukrainian in ("yunakovka", "loknya-sumy", "basovka"):
        assert side(ukrainian, line), ukrainian


def test_the_border_is_off_by_no_more_than_we_say(line: list[tuple[float, float]]) -> None:
    places = reader.load("places").dropna(subset=["lat"]).set_index("place_id")
    wrong = {
        place_id: min(away((row["lat"], row["lon"]), a, b) for a, b in itertools.pairwise(line[1:]))
        for place_id, row in places.iterrows()
        if side(str(place_id), line) != (row["oblast"] == "Sumy")
    }
    assert set(wrong) == {"novenkoye", "zhuravka"}
    assert max(wrong.values()) < 2.5


def away(place: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    """Kilometres from a place to a piece of the border."""
    shares = [n / 20 for n in range(21)]
    return min(
        base_map.kilometres(place, (-a[1] - t * (b[1] - a[1]), a[0] + t * (b[0] - a[0]))) for t in shares
    )


def test_the_border_says_where_it_is_from() -> None:
    from kurskdata.tables.descriptor import resource

    found = resource("border")
    assert found["licenses"][0]["title"].startswith("Public domain")
    assert found["provenance"][0]["package"] == "world-atlas"
    assert kd.border()["lon"].between(33.9, 36).all()
