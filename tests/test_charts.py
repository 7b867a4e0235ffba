"""Charts: one message computed from the rows, both drawings, and nothing that a reader could misread."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import altair as alt
import pandas as pd
import pytest

import kurskdata as kd
from kurskdata import charts, display, sentences
from kurskdata.charts import by_name
from kurskdata.drawing.svg import narrow_drawing, render_svg
from kurskdata.editions import Edition, edition
from kurskdata.words.language import LANGUAGES

Chart = Callable[[Edition], alt.VConcatChart]


def settlements(e: Edition, **options: Any) -> alt.VConcatChart:
    first = e.since(days=10)
    days = kd.settlements_per_day(as_of=e.as_of, start=first)
    return charts.settlements(days, e, claim=kd.count_claim(as_of=e.as_of, start=first), **options)


def campaign(e: Edition, **options: Any) -> alt.VConcatChart:
    return charts.settlements(kd.settlements_per_day(as_of=e.as_of), e, **options)


def area(e: Edition, **options: Any) -> alt.VConcatChart:
    return charts.area(kd.area_claims(as_of=e.as_of), e, maps=kd.area_held(as_of=e.as_of), **options)


def timeline(e: Edition, **options: Any) -> alt.VConcatChart:
    return charts.timeline(kd.timeline(as_of=e.as_of), e, **options)


def claims(e: Edition, **options: Any) -> alt.VConcatChart:
    return charts.claims(kd.check_claims(kd.article_claims(), as_of=e.as_of), e, **options)


def record(e: Edition, **options: Any) -> alt.VConcatChart:
    return charts.record(kd.area_record(as_of=e.as_of), e, **options)


def locator(e: Edition, **options: Any) -> alt.VConcatChart:
    return charts.locator(kd.settlement_places(as_of=e.as_of), e, **options)


ALL = {
    "settlements": settlements,
    "settlements-campaign": campaign,
    "area": area,
    "timeline": timeline,
    "claims": claims,
    "locator": locator,
    "record": record,
}


@pytest.fixture(params=ALL, scope="module")
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def meta(chart: alt.VConcatChart) -> dict[str, Any]:
    return chart.to_dict()["usermeta"]["kurskdata"]


def values(node: Any) -> Iterator[Any]:
    if isinstance(node, dict):
        for inner in node.values():
            yield from values(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from values(inner)
    else:
        yield node


def test_a_chart_holds_name_title_alt_text_source_and_rows(name: str) -> None:
    spec = ALL[name](edition()).to_dict()
    told = spec["usermeta"]["kurskdata"]
    assert told["chart"] == name
    assert spec["datasets"]["rows"]
    assert told["alt"].startswith(told["title"])
    assert "14\N{NO-BREAK SPACE}March 2025" in told["source"]
    assert re.search(r"\d", told["alt"])


def test_a_specification_is_plain_json(name: str) -> None:
    spec = ALL[name](edition()).to_dict()
    assert all(math.isfinite(v) for v in values(spec) if isinstance(v, float))
    assert json.loads(json.dumps(spec, allow_nan=False)) == spec


def test_a_chart_is_the_same_every_time(name: str) -> None:
    assert ALL[name](edition()).to_json() == ALL[name](edition()).to_json()


def test_a_mark_without_fill_says_so_in_a_way_that_a_canvas_knows(name: str) -> None:
    """JupyterLab draws on a canvas, which takes "none" for no colour at all and goes on with the last one."""
    drawn = ALL[name](edition()).to_json()
    assert re.search(r'"(fill|color)": "#', drawn)
    assert not re.search(r'"(fill|stroke|color)": "none"', drawn)


def test_no_text_is_smaller_than_12_pixels(name: str) -> None:
    for width in (680, 328):
        svg = render_svg(ALL[name](edition(), width=width).to_dict())
        assert min(float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)) >= 12


@pytest.mark.parametrize("units", ["km2", "sq_mi"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_drawings_render_and_the_narrow_one_is_narrow(name: str, units: str, theme: str) -> None:
    spec = ALL[name](edition(units=units, theme=theme)).to_dict()
    phone = narrow_drawing(spec)
    assert phone is not None
    wide, narrow = (float(re.search(r'width="([\d.]+)"', render_svg(s))[1]) for s in (spec, phone))
    assert narrow <= 372
    assert wide <= 740


@pytest.mark.parametrize(
    "day", ["2024-08-06", "2024-08-10", "2024-08-20", "2024-12-31", "2025-01-17", "2025-04-26", "2025-05-31"]
)
def test_charts_of_other_days_render(name: str, day: str) -> None:
    drawn = render_svg(ALL[name](edition(as_of=day)).to_dict())
    assert drawn.startswith("<svg")
    assert drawn.count("<path") > 5


def test_the_title_follows_the_ledger() -> None:
    e = edition()
    days = kd.settlements_per_day(as_of=e.as_of, start="2025-03-05")
    claim = kd.count_claim(as_of=e.as_of, start="2025-03-05")
    assert (
        meta(charts.settlements(days, e, claim=claim))["title"]
        == "All 24 settlements that Gerasimov counted in 5 days can be named"
    )
    less = days["date"] == "2025-03-11"
    days.loc[less, "settlements"] -= 1
    days.loc[less, "names"] = days.loc[less, "names"].str.partition("; ")[2]
    assert meta(charts.settlements(days, e, claim=claim))["title"] == (
        "Gerasimov counted 24 settlements, the Ministry’s list names 23"
    )


def test_the_five_days_are_added_up_in_the_alt_text() -> None:
    assert "3 + 4 + 0 + 12 + 5 = 24" in meta(settlements(edition()))["alt"]


def test_the_title_says_how_the_share_stands_to_the_map() -> None:
    e = edition()
    held, maps = kd.area_claims(as_of=e.as_of), kd.area_held(as_of=e.as_of)
    assert meta(charts.area(held, e, maps=maps))["title"] == (
        "Gerasimov: “more than 86\N{NO-BREAK SPACE}%” retaken fits the map, 83–88\N{NO-BREAK SPACE}%"
    )
    emptied = maps.assign(held_km2=1.0, with_unclear_km2=2.0)
    stated = held["claim_id"].str.contains("share-retaken-86")
    assert "177.5 sq km left" not in meta(charts.area(held, e))["title"]
    assert "less than 178\N{NO-BREAK SPACE}sq km left" in meta(charts.area(held, e))["title"]
    held.loc[stated, ["held_low_km2", "held_high_km2"]] = [171.0, 184.0]
    assert "less than the map shows" in meta(charts.area(held, e, maps=emptied))["title"]
    full = maps.assign(held_km2=10.0, with_unclear_km2=60.0)
    held.loc[stated, ["held_low_km2", "held_high_km2"]] = [1.0, 2.0]
    found = meta(charts.area(held, e, maps=full))
    assert "more than the map shows" in found["title"]
    assert "No area is left by both." in found["alt"]


def test_a_chart_takes_the_readers_own_rows() -> None:
    mine = pd.DataFrame(
        {
            "date": pd.date_range("2025-03-01", periods=3),
            "settlements": [1, 0, 2],
            "names": ["A", "", "B; C"],
            "cumulative": [1, 1, 3],
        }
    )
    spec = charts.settlements(mine, edition()).to_dict()
    assert [row["settlements"] for row in spec["datasets"]["rows"]] == [1, 0, 2]
    assert spec["usermeta"]["kurskdata"]["title"] == "3 settlements announced as retaken in 3 days"


def test_the_notebook_bundle_is_what_jupyterlab_draws_and_others_show() -> None:
    bundle = display.bundle(settlements(edition()).to_dict())
    assert list(bundle) == ["application/vnd.vegalite.v5+json", "image/svg+xml", "text/plain"]
    assert "<title>All 24 settlements" in bundle["image/svg+xml"]


def test_a_name_from_the_data_is_shown_and_not_run() -> None:
    evil = pd.DataFrame(
        {
            "date": pd.date_range("2025-03-01", periods=1),
            "settlements": [1],
            "names": ['<script>alert("1")</script>'],
            "cumulative": [1],
        }
    )
    svg = render_svg(charts.settlements(evil, edition()).to_dict())
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_marked_share_has_its_label_on_phones_too(language: str) -> None:
    whole = by_name.spec("area", edition(language=language))
    for spec in (whole, narrow_drawing(whole)):
        texts = re.findall(
            r'<text[^>]*font-weight="bold"[^>]*>([^<]*)</text>', render_svg({**spec, "title": {}})
        )
        assert [text for text in texts if re.search(r"86\s%", text)], texts


def test_sentences_give_the_numbers_of_the_rows() -> None:
    e = edition()
    maps, held = kd.area_held(as_of=e.as_of), kd.area_claims(as_of=e.as_of)
    text = sentences.area(held, e, maps)
    assert "152\N{NO-BREAK SPACE}sq km held by Ukraine" in text
    assert "between 83\N{NO-BREAK SPACE}% and 88\N{NO-BREAK SPACE}%" in text
    assert "which is not zero" in text
    assert sentences.area(held, edition(units="sq_mi"), maps).count("sq mi") >= 4


def test_an_edition_before_any_share_says_so() -> None:
    e = edition(as_of="2024-08-20")
    assert "no Russian official had said" in sentences.area(kd.area_claims(as_of=e.as_of), e)


def test_an_unknown_name_lists_every_chart_that_can_be_exported() -> None:
    with pytest.raises(kd.InputError, match=r"'nochart'.*settlements, .*record, control$"):
        by_name.spec("nochart", Edition())
