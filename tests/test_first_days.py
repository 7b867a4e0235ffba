"""Editions of the first days of the campaign, when next to nothing was known: they say so and break nowhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import kurskdata as kd
from kurskdata import embed, sentences
from kurskdata.charts import by_name
from kurskdata.drawing.svg import narrow_drawing, render_svg
from kurskdata.editions import Edition, edition
from kurskdata.errors import InputError
from kurskdata.tables.descriptor import covered
from kurskdata.words.language import LANGUAGES

DAYS = ("2024-08-06", "2024-08-07", "2024-08-08", "2024-08-09")


def words(svg: str) -> str:
    return " ".join(re.findall(r">([^<]+)<", svg)).replace("\N{NO-BREAK SPACE}", " ")


def test_the_first_edition_is_of_the_first_day_that_the_data_cover() -> None:
    first, last = covered()
    assert str(first) == DAYS[0]
    assert [Edition(as_of=day).as_of for day in (first, last)] == [first, last]
    with pytest.raises(
        InputError, match=f"as_of: 2024-08-05 is outside the period of the data, {first} to {last}"
    ):
        edition(as_of="2024-08-05")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", DAYS)
def test_every_chart_is_drawn_in_every_language(day: str, language: str, tmp_path: Path) -> None:
    for name in by_name.names():
        for units in ("km2", "sq_mi") if name == "area" else ("km2",):
            spec = by_name.spec(name, edition(as_of=day, language=language, units=units))
            told = spec["usermeta"]["kurskdata"]
            for drawn in (spec, narrow_drawing(spec)):
                assert drawn is not None
                assert len(words(render_svg(drawn))) > 40
            assert told["title"]
            assert not re.search(r"\bnan\b|NaT|None|\b1 claims|\b1 events|\b1 settlements", told["alt"])
    embed.write(spec, tmp_path / "claims")
    assert (tmp_path / "claims" / "data.csv").read_text("utf-8-sig").startswith("claim_id,")


def test_what_is_not_known_is_said_in_a_line() -> None:
    e = edition(as_of="2024-08-06")
    said: dict[str, Any] = {name: by_name.spec(name, e) for name in by_name.names()}
    title = {
        name: spec["usermeta"]["kurskdata"]["title"].replace("\N{NO-BREAK SPACE}", " ")
        for name, spec in said.items()
    }
    none = "Russia had officially claimed no settlement as retaken"
    assert title["settlements"] == title["settlements-campaign"] == title["locator"] == none
    told = said["settlements"]["usermeta"]["kurskdata"]["alt"].replace("\N{NO-BREAK SPACE}", " ")
    assert "6 August 2024" in told
    assert "Defence Ministry" in told
    assert "By 6 August 2024 no claim on the area held was public." in words(render_svg(said["area"]))
    assert "no claim on the area held" in said["area"]["usermeta"]["kurskdata"]["alt"]
    assert "By 6 August 2024 the article had not appeared." in words(render_svg(said["claims"]))
    seventh = by_name.spec("area", edition(as_of="2024-08-07"))
    assert "no claim" not in words(render_svg(seventh))
    assert "1 claim is drawn" in seventh["usermeta"]["kurskdata"]["alt"]


def test_no_chart_of_one_day_has_a_period_from_a_day_to_itself() -> None:
    for day in ("2024-08-06", "2025-03-12"):
        e = edition(as_of=day, start=day)
        for name in ("settlements", "area", "timeline"):
            told = by_name.spec(name, e)["usermeta"]["kurskdata"]["alt"]
            date = r"\d+\N{NO-BREAK SPACE}\w+( \d{4})?"
            assert not re.search(rf"({date}) (to|–) \1\b", told), told


def test_sentences_say_it_too() -> None:
    def plain(text: str) -> str:
        return text.replace("\N{NO-BREAK SPACE}", " ")

    day, e = "2024-08-06", edition(as_of="2024-08-06")
    assert plain(sentences.settlements(kd.settlements_per_day(as_of=day), e)) == (
        "By 6 August 2024 Russia’s Defence Ministry had said of no settlement that it was retaken."
    )
    found = plain(sentences.area(kd.area_claims(as_of=day), e, kd.area_held(as_of=day)))
    assert found.startswith(
        "By 6 August 2024 no claim on the area held was public. By 6 August 2024 no Russian official"
    )
    assert "no claim on the area" not in sentences.area(kd.area_claims(as_of="2024-08-07"), e)
    assert kd.count_claim(as_of=day) is None
    days = kd.settlements_per_day(as_of="2024-12-31")
    first = days.loc[days["settlements"] > 0, "date"].min()
    for cut, none in ((first - pd.Timedelta(days=1), True), (first, False)):
        said = sentences.settlements(kd.settlements_per_day(as_of=cut), edition(as_of=cut))
        assert ("had said of no settlement" in said) is none


def test_a_quiet_window_of_later_days_is_not_said_to_be_the_first() -> None:
    quiet = kd.settlements_per_day(as_of="2025-02-20", start="2025-02-19")
    assert quiet["settlements"].sum() == 0 < quiet["cumulative"].iloc[-1]
    assert "0 settlements" in sentences.settlements(quiet, edition(as_of="2025-02-20"))


def test_views_of_a_day_without_claims_have_their_columns_and_types() -> None:
    for view in (kd.area_claims, kd.area_percentages, kd.settlement_places):
        early, late = view(as_of="2024-08-06"), view(as_of="2025-03-14")
        assert len(early) == 0 < len(late)
        assert [*early.columns] == [*late.columns]
    days = kd.settlements_per_day(as_of="2024-08-06")
    assert days["settlements"].tolist() == days["cumulative"].tolist() == [0]
    assert pd.api.types.is_integer_dtype(days["settlements"])


@pytest.mark.slow
def test_every_notebook_is_built_for_the_first_days(kursk: Any, tmp_path: Path) -> None:
    names = [
        a
        for n in ("report", "settlements", "area", "timeline", "claims", "cookbook", "reuse")
        for a in ("-n", n)
    ]
    done = kursk("build", "--as-of", "2024-08-06..2024-08-07", "--language", "uk", "-o", "out", *names)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "out" / "2024-08-06-uk-km2" / "report.html").read_text("utf-8")
    assert "не було оприлюднено жодного твердження про утримувану площу" in page
