"""The chart and view of every statement on the area held, against the map of its day."""

from __future__ import annotations

import functools
import itertools
import re
from typing import Any

import brotli
import pytest
from boxes import apart, boxes, layers
from test_charts import record

import kurskdata as kd
from kurskdata import charts, embed
from kurskdata.drawing import fonts
from kurskdata.editions import edition
from kurskdata.errors import InputError
from kurskdata.words.language import LANGUAGES

DAYS = ["2024-08-12", "2024-08-20", "2024-10-01", "2025-01-05", "2025-03-08", "2025-03-14", "2025-05-31"]
ARROWS = ("↑", "↓")
Box = tuple[float, float, float, float]


@functools.cache
def drawn(day: str, width: float, language: str = "en", units: str = "km2") -> dict[str, Any]:
    return record(edition(as_of=day, language=language, units=units), width=width).to_dict()


CASES = [
    *itertools.product(DAYS, [300, 612], ["en"], ["km2"]),
    *itertools.product(["2024-08-20", "2025-05-31"], [300, 612], LANGUAGES, ["sq_mi"]),
    *itertools.product(["2025-03-14"], range(320, 1201, 80), ["de"], ["km2"]),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_text_lies_on_another_or_leaves_the_drawing(case: tuple[str, float, str, str]) -> None:
    found, width = [one for one in boxes(drawn(*case)) if one[0] not in ARROWS], case[1]
    assert [text for text, box in found if box[0] < -1 or box[2] > width + 1] == []
    pairs = itertools.combinations(found, 2)
    assert [(a[0], b[0]) for a, b in pairs if not apart(a[1], b[1])] == []


@pytest.mark.parametrize("case", CASES[:14], ids=str)
def test_all_lanes_have_one_scale(case: tuple[str, float, str, str]) -> None:
    spec = drawn(*case)
    ticks = [
        (float(text.replace("−", "-")), box[1])
        for text, box in boxes(spec)
        if re.fullmatch(r"-?\d+", text) and box[0] > case[1] - 50
    ]
    by_value: dict[float, list[float]] = {}
    for value, y in ticks:
        by_value.setdefault(value, []).append(y)
    assert len({len(ys) for ys in by_value.values()}) == 1
    assert len({tuple(round(y - ys[0], 1) for y in ys) for ys in by_value.values()}) == 1


def test_the_extremes_are_labelled_with_name_and_day() -> None:
    for width in (300, 612):
        told = [text for text, _ in boxes(drawn("2025-03-14", width))]
        assert "Syrskyi, 12\N{NO-BREAK SPACE}Aug" in told
        assert "AFP, 12\N{NO-BREAK SPACE}Aug" in told


def test_title_counts_by_side_and_gives_no_verdict() -> None:
    view, e = kd.area_record(as_of="2025-03-14"), edition()
    compared = view[view["apart_km2"].notna()]
    told = record(e).to_dict()["usermeta"]["kurskdata"]
    counts = [int(n) for n in re.findall(r"\d+", told["title"])]
    assert counts[0] == (compared["side"] == "ukraine").sum()
    assert counts[2] == (compared["side"] == "russia").sum()
    assert re.search("317.sq km above the map", told["alt"])
    assert "which is an account too" in told["alt"]
    assert len(told["title"].split()) <= 15


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", DAYS)
def test_titles_fit_two_lines_of_a_phone(language: str, day: str) -> None:
    title = drawn(day, 300, language)["usermeta"]["kurskdata"]["title"]
    assert len(fonts.wrap(title, 345, fonts.TITLE, bold=True)) <= 2
    assert len(title.split()) <= 15


@pytest.mark.parametrize("day", ["2024-08-06", "2024-08-07", "2024-08-10"])
def test_days_without_anything_to_compare_say_so(day: str) -> None:
    told = record(edition(as_of=day)).to_dict()["usermeta"]["kurskdata"]
    assert "could be set against" in told["alt"]
    assert ("Not drawn: 1 claim of" in told["alt"]) is (day != "2024-08-06")


def test_what_is_left_out_is_counted_in_words() -> None:
    view = kd.area_record(as_of="2025-03-14")
    left_out = view[view["apart_km2"].isna()]
    told = record(edition()).to_dict()["usermeta"]["kurskdata"]["alt"]
    assert f"Not drawn: {len(left_out)} claims of which only the month is known" in told
    assert set(left_out["date_basis"]) == {"month", "as_of"}


def test_a_bound_has_an_arrow_and_a_range_its_ends() -> None:
    spec = drawn("2025-03-14", 612)
    view = kd.area_record(as_of="2025-03-14").dropna(subset="apart_km2")
    arrows = [text for text, _ in boxes(spec)]
    assert arrows.count("↑") == (view["held_high_km2"] == float("inf")).sum()
    assert arrows.count("↓") == (view["held_low_km2"] == 0).sum()
    [ranges] = [rows for one, rows in layers(spec, "rule") if one["mark"].get("strokeWidth") == 2]
    wide = (view["held_high_km2"] - view["held_low_km2"]).replace(float("inf"), 0)[
        view["held_low_km2"] > 0
    ] > 30
    assert len(ranges) >= wide.sum() > 5


# The view


def test_a_statement_counts_once_whatever_its_wordings_and_units() -> None:
    view = kd.area_record(as_of="2025-05-31")
    assert not view.duplicated(["claimant", "date"]).any()
    said = view[view["claimant"] == "Valery Gerasimov"]
    assert list(zip(said["value"], said["unit"], strict=True)) == [(86, "percent"), (3, "km2")]


def test_shares_are_taken_of_the_total_of_their_maker() -> None:
    view = kd.area_record(as_of="2025-03-14").set_index("claim_id")
    own = view.loc["2024-12-28-associated-press-share-lost-40"]
    assert own["held_high_km2"] == pytest.approx(0.6 * 984)
    russian = view.loc["2025-03-12-gerasimov-share-retaken-86-more-than"]
    assert russian["held_high_km2"] == pytest.approx(0.14 * 1268)


def test_apart_is_the_gap_between_two_intervals() -> None:
    view = kd.area_record(as_of="2025-05-31").dropna(subset="apart_km2")
    above, below = view[view["apart_km2"] > 0], view[view["apart_km2"] < 0]
    assert (above["held_low_km2"] - above["map_high_km2"] - above["apart_km2"]).abs().max() < 0.02
    assert (below["held_high_km2"] - below["map_low_km2"] - below["apart_km2"]).abs().max() < 0.02
    met = view[view["apart_km2"] == 0]
    assert (
        (met["held_low_km2"] <= met["map_high_km2"] + 0.01)
        & (met["held_high_km2"] >= met["map_low_km2"] - 0.01)
    ).all()


def test_the_other_map_and_a_wrong_observer() -> None:
    other = kd.area_record(as_of="2025-03-14", observer="owlmaps")
    spec = charts.record(other, edition(), observer="owlmaps").to_dict()
    assert "Project Owl map" in spec["usermeta"]["kurskdata"]["title"]
    for wrong in (
        lambda: kd.area_record(observer="any"),
        lambda: charts.record(other, edition(), observer="x"),
    ):
        with pytest.raises(InputError, match="observer"):
            wrong()


def test_rows_of_ones_own() -> None:
    mine = kd.area_record(as_of="2025-03-14").head(3).assign(claimant="Somebody", side="independent")
    spec = charts.record(mine, edition()).to_dict()
    assert {row["claimant"] for row in spec["datasets"]["rows"]} == {"Somebody"}
    with pytest.raises(InputError, match=r"row 0, column apart_km2: .far. is not a number"):
        charts.record(mine.assign(apart_km2="far"), edition())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_light(language: str, tmp_path: Any) -> None:
    embed.write(record(edition(language=language)).to_dict(), tmp_path)
    assert len(brotli.compress((tmp_path / "index.html").read_bytes())) <= 12_000
