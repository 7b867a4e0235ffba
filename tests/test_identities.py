"""Sums that must come out: official totals against the ledger, shares against areas, maps against claims.

They read the shipped tables, so that a wrong row breaks the sentence that it would make untrue. The second
part recomputes the figures that METHODOLOGY.md prints.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pandas as pd
import pytest

from kurskdata.tables import reader, settlements, views
from kurskdata.tables.descriptor import covered, data_folder
from kurskdata.tables.intervals import QUALIFIERS, Interval, interval

BASE = interval(views.BASE_KM2, "km2", reading="as written")
RETAKEN = interval(1100, "km2", reading="as written")


def per_day(start: str, end: str, **options: Any) -> list[int]:
    return settlements.settlements_per_day(start=start, end=end, **options)["settlements"].tolist()


def claim(claim_id: str) -> dict[str, Any]:
    return reader.load("area").set_index("claim_id").loc[claim_id].to_dict()


def measured(day: str, pocket: str = "any") -> tuple[float, float]:
    """What DeepState draws as held, and as held or unclear."""
    row = views.area_held(start=day, end=day, observer="deepstate", pocket=pocket).iloc[0]
    return row["held_km2"], row["with_unclear_km2"]


def test_3_4_0_12_5_are_the_24_of_8_to_12_march() -> None:
    days = per_day("2025-03-08", "2025-03-12")
    assert days == [3, 4, 0, 12, 5]
    assert sum(days) == claim("2025-03-12-gerasimov-settlements-retaken-in-window-24")["value"] == 24


def test_the_24_are_in_the_window_that_the_claim_names() -> None:
    said = claim("2025-03-12-gerasimov-settlements-retaken-in-window-24")
    assert sum(per_day(said["window_start"], said["window_end"])) == said["value"]


def test_28_were_announced_in_the_week_of_8_to_14_march() -> None:
    said = claim("2025-03-14-mod-settlements-retaken-in-window-28")
    assert sum(per_day("2025-03-08", "2025-03-14")) == said["value"] == 28
    assert (said["window_start"], said["window_end"]) == (
        pd.Timestamp("2025-03-08"),
        pd.Timestamp("2025-03-14"),
    )


def test_the_weekly_summary_names_the_28_and_no_other() -> None:
    claims = reader.load("retaken")
    weekly = claims[
        (claims["reported"] == "2025-03-14") & claims["form"].isin(["weekly", "daily_and_weekly"])
    ]
    daily = settlements.settlements_per_day(start="2025-03-08", end="2025-03-14")["place_ids"]
    assert set(weekly["place_id"]) == {place for ids in daily if ids for place in ids.split(";")}
    assert len(weekly) == 28


def test_29_are_the_28_and_one_village_outside_the_oblast() -> None:
    said = claim("2025-03-14-mod-settlements-retaken-in-window-29")
    assert said["value"] - 28 == 1
    assert reader.load("places").set_index("place_id").loc["novenkoye", "oblast"] == "Sumy"


def test_34_settlements_were_first_claimed_from_1_march_on() -> None:
    days = per_day("2025-03-01", "2025-05-31")
    assert sum(days) == 34
    assert [n for n in days if n] == [3, 4, 12, 5, 3, 1, 2, 1, 1, 1, 1]


def test_61_settlements_in_all_of_which_27_before_march() -> None:
    assert sum(per_day("2024-08-06", "2025-02-28")) == 27
    assert sum(per_day("2024-08-06", "2025-05-31")) == 61


def test_32_to_9_march_on_the_basis_of_tass() -> None:
    claims = reader.load("retaken")
    counted = claims[claims["in_tass_count"]]
    assert len(counted) == counted["place_id"].nunique() == 32
    assert claim("2025-03-10-tass-settlements-retaken-32")["value"] == 32
    assert counted.groupby(counted["reported"].dt.strftime("%Y-%m")).size().to_dict() == {
        "2024-09": 12, "2024-12": 3, "2025-01": 5, "2025-02": 5, "2025-03": 7,
    }  # fmt: skip


def test_the_32_are_the_34_of_the_ledger_without_krupets_and_pokrovsky() -> None:
    claims = reader.load("retaken")
    ledger = settlements.settlements_per_day(as_of="2025-03-09")
    assert ledger["cumulative"].iloc[-1] == 34
    places = {place for ids in ledger["place_ids"] if ids for place in ids.split(";")}
    counted = set(claims.loc[claims["in_tass_count"], "place_id"])
    assert places - counted == {"krupets-belovsky", "krupets-rylsky", "pokrovsky"}
    assert counted - places == set()


def test_tass_dates_novaya_sorochina_to_its_second_claim() -> None:
    claims = reader.load("retaken")
    rows = claims[(claims["place_id"] == "novaya-sorochina") & (claims["reported"] < "2025-03-01")]
    counted = dict(zip(rows["reported"].dt.strftime("%Y-%m-%d"), rows["in_tass_count"], strict=True))
    assert counted == {"2024-10-09": False, "2025-02-28": True}


def test_no_other_five_days_that_end_by_12_march_give_24() -> None:
    ledger = settlements.settlements_per_day(end="2025-03-12").set_index("date")["settlements"]
    sums = ledger.rolling(5).sum()
    assert [str(day.date()) for day in sums.index[sums == 24]] == ["2025-03-12"]
    assert sums["2025-03-11"] == 19


def test_9_to_13_march_give_24_by_accident() -> None:
    assert per_day("2025-03-09", "2025-03-13") == [4, 0, 12, 5, 3]
    # It is not the window of the claim: it ends after the claim was made, and holds Sudzha.
    assert claim("2025-03-12-gerasimov-settlements-retaken-in-window-24")["reported"] < pd.Timestamp(
        "2025-03-13"
    )
    assert "Sudzha" in settlements.settlements_per_day(start="2025-03-13", end="2025-03-13")["names"].item()


@pytest.mark.parametrize(
    ("claim_id", "days"),
    [
        ("2025-03-09-mod-settlements-retaken-in-window-7", ("2025-03-01", "2025-03-09")),
        ("2025-03-11-mod-settlements-retaken-in-window-12", ("2025-03-11", "2025-03-11")),
        ("2025-03-12-mod-settlements-retaken-in-window-5", ("2025-03-12", "2025-03-12")),
        ("2025-03-13-mod-settlements-retaken-in-window-3", ("2025-03-13", "2025-03-13")),
        ("2025-01-17-mod-settlements-retaken-in-window-4", ("2025-01-01", "2025-01-17")),
        ("2024-09-12-mod-settlements-retaken-in-window-10", ("2024-09-11", "2024-09-12")),
    ],
)
def test_counts_of_the_ministry_are_those_of_its_names(claim_id: str, days: tuple[str, str]) -> None:
    assert sum(per_day(*days)) == claim(claim_id)["value"]


def test_the_year_count_of_tass_fits_the_ledger() -> None:
    said = claim("2026-01-01-tass-settlements-retaken-in-window-40")
    assert sum(per_day("2025-01-01", "2025-04-30", first_only=True)) == 43
    assert interval(43, "settlements").overlaps(interval(said["value"], "settlements", said["qualifier"]))


def test_1100_square_kilometres_are_425_square_miles() -> None:
    assert RETAKEN.to("sq_mi").lower == pytest.approx(424.7, abs=0.05)
    assert RETAKEN.overlaps(interval(425, "sq_mi"))
    assert not RETAKEN.overlaps(interval(424, "sq_mi"))
    assert not RETAKEN.overlaps(interval(426, "sq_mi"))


def test_801_of_1268_square_kilometres_are_63_2_percent() -> None:
    said = claim("2025-01-17-mod-share-retaken-63.2")
    share = interval(801, "km2", reading="as written").share_of(BASE)
    assert round(share.lower, 1) == said["value"] == 63.2
    assert share.overlaps(interval(63.2, "percent"))
    assert not share.overlaps(interval(63.3, "percent"))


def test_86_percent_holds_as_truncated_or_more_than_and_not_as_rounded() -> None:
    share = RETAKEN.share_of(BASE)
    assert round(share.lower, 2) == 86.75
    assert share.overlaps(interval(86, "percent", "more_than"))
    assert share.overlaps(interval(86, "percent", reading="truncated"))
    assert not share.overlaps(interval(86, "percent", reading="rounded"))
    assert not share.overlaps(interval(86, "percent", reading="as written"))


def test_86_percent_rounded_would_need_an_area_below_1100() -> None:
    share = interval(86, "percent")
    assert share.upper * views.BASE_KM2 / 100 == pytest.approx(1096.82)


def test_99_5_percent_and_1260_square_kilometres_do_not_fit_each_other() -> None:
    share = interval(1260, "km2").share_of(BASE)
    assert not share.overlaps(interval(99.5, "percent"))
    left = interval(1260, "km2").rest_of(views.BASE_KM2)
    assert not left.overlaps(interval(claim("2025-04-19-gerasimov-area-held-3")["value"], "km2"))


def test_the_five_days_leave_841_before_them() -> None:
    before = 1100 - claim("2025-03-12-gerasimov-area-retaken-in-window-259")["value"]
    assert before == 841
    assert before > claim("2025-02-20-rudskoi-area-retaken-800")["value"]


def test_the_maps_of_12_march_show_152_held_and_214_with_unclear() -> None:
    held, with_unclear = measured("2025-03-12")
    assert (round(held), round(with_unclear)) == (152, 214)
    assert round(measured("2025-03-12", "sudzha")[0]) == 140


def test_83_to_88_percent_of_the_base_was_retaken_on_that_map() -> None:
    held, with_unclear = measured("2025-03-12")
    shares = Interval(held, with_unclear, "km2").share_of(BASE).rest_of(100)
    assert (round(shares.lower), round(shares.upper)) == (83, 88)
    for reading in ("rounded", "truncated", "as written"):
        assert shares.overlaps(interval(86, "percent", reading=reading))
    assert shares.overlaps(RETAKEN.share_of(BASE))


def test_owlmaps_gives_88_percent_on_10_and_95_5_on_11_march_and_nothing_on_the_12th() -> None:
    rows = views.area_held(start="2025-03-10", end="2025-03-12", observer="owlmaps")
    shares = (100 * (1 - rows["held_km2"] / views.BASE_KM2)).round(1)
    assert shares.iloc[:2].tolist() == [88.0, 95.5]
    assert rows["held_km2"].isna().tolist() == [False, False, True]


def test_400_freed_prisoners_are_not_430_captured_ones_in_kind_or_number() -> None:
    article = reader.load("article").set_index("claim_id").loc["prisoners-400"]
    said = claim("2025-03-12-gerasimov-prisoners-taken-by-russia-430")
    assert article["measure"] != said["measure"]
    figure = interval(article["value"], article["unit"], article["qualifier"])
    assert not figure.overlaps(interval(said["value"], said["unit"], said["qualifier"]))


def test_weekly_repeats_are_34_official_rows_of_which_one_is_older_than_march() -> None:
    claims = reader.load("retaken")
    official = claims[claims["official"] & ~claims["variant"]]
    repeats = len(official) - settlements.settlements_per_day()["settlements"].sum()
    assert (len(official), repeats) == (95, 34)


# What METHODOLOGY.md prints.


@pytest.fixture(scope="module")
def prose() -> str:
    return re.sub(r"\s+", " ", (data_folder() / "METHODOLOGY.md").read_text("utf-8"))


def test_methodology_counts_the_rows(prose: str) -> None:
    n = {
        table: len(reader.load(table))
        for table in ("area", "retaken", "timeline", "article", "places", "control")
    }
    abroad = (reader.load("places")["oblast"] == "Sumy").sum()
    assert abroad == 5
    assert "Five villages of Ukraine's Sumy oblast" in prose
    for part in (
        f"{n['area']} claims with a figure (`area`), {n['retaken']} claims that a settlement was retaken",
        f"{n['timeline']} events (`timeline`), the {n['article']} checkable claims",
        f"{n['places']} settlements (`places`), {len(reader.load('sources'))} published pages",
        f"{n['control']} rows of areas measured",
    ):
        assert part in prose


def test_methodology_counts_undated_claims_sides_and_variants(prose: str) -> None:
    area, retaken, sources = (reader.load(table) for table in ("area", "retaken", "sources"))
    undated = area["reported"].isna() & area["reported_month"].isna()
    sides = area["side"].value_counts()
    official = int(retaken["official"].sum())
    single = int((~area["source_ids"].str.contains(";")).sum())
    for part in (
        f"{area['reported_month'].notna().sum()} rows of `area` and {retaken['reported_month'].notna().sum()} row of",
        f"There is {undated.sum()} such row",
        f"filled in {retaken['event_date'].notna().sum()} of {len(retaken)} rows",
        f"missing for {sources['published'].isna().sum()} of {len(sources)} pages",
        f"{official} are official and {len(retaken) - official} are not",
        f"{sides['russia']} rows of side `russia`, {sides['ukraine']} of `ukraine` and {sides['independent']} of",
        f"There are {area['variant_of'].notna().sum()} such rows",
        f"`range_with`: {area['range_with'].notna().sum() // 2} ranges",
        f"{single} of {len(area)} rows of `area` rest on one source",
        f"{(sources['kind'] == 'aggregator').sum()} of {len(sources)} pages are aggregators",
    ):
        assert part in prose, part


def test_methodology_shows_the_arithmetic_of_the_base(prose: str) -> None:
    base = views.BASE_KM2
    assert base == claim("2025-01-17-mod-area-seized-1268")["value"]
    totals = claim("2024-11-23-unnamed-ukrainian-general-staff-source-area-seized-1376")["value"]
    area = reader.load("area")
    agencies = len(area[(area["measure"] == "area_seized") & (area["value"] == 1300)])
    for part in (
        f"801 / 1,268 = {801 / base:.2%}".replace("%", " %"),
        f"800 / 1,268 = {800 / base:.2%}; 64 % is {0.64 * base:,.1f} sq km".replace("%;", " %;"),
        f"1,100 / 1,268 = {1100 / base:.2%}".replace("%", " %"),
        f"1,260 / 1,268 = {1260 / base:.2%}; 99.5 % is {0.995 * base:,.1f} sq km".replace("%;", " %;"),
        f"{1100 / base:.1%} of 1,268, {1100 / 1300:.1%} of 1,300 and {1100 / totals:.1%}".replace("%", " %"),
        f"Financial Times and others: {agencies} rows",
        f"1,100 sq km are {RETAKEN.to('sq_mi').lower:.1f} sq mi",
    ):
        assert part in prose, part
    for total in (900, 984, 1160, 1320, 1376):
        assert f"{total:,} sq km |" in prose
        assert (area.loc[area["measure"] == "area_seized", "value"] == total).any()


def test_methodology_gives_the_largest_areas_of_the_maps(prose: str) -> None:
    maps = views.area_held()
    widest = maps.loc[maps["with_unclear_km2"].idxmax()]
    assert (widest["observer"], widest["date"]) == ("deepstate", pd.Timestamp("2024-08-21"))
    assert f"at most {widest['with_unclear_km2']:,.0f} sq km" in prose
    peaks = {}
    for observer, rows in maps.groupby("observer"):
        peak = rows.loc[rows["held_km2"].idxmax()]
        assert peak["date"] == views.PEAK
        peaks[observer] = f"{peak['held_km2']:,.2f} sq km, 6 September 2024"
    assert f"| {peaks['deepstate']} | {peaks['owlmaps']} |" in prose


def test_methodology_counts_positions_by_grade(prose: str) -> None:
    places = reader.load("places")
    located = places["lat"].notna().sum()
    assert (
        f"Of {len(places)} places {located} have coordinates; for {len(places) - located} no usable" in prose
    )
    for grade, rows in places.groupby("position_grade"):
        (error,) = set(rows["position_error_km"])
        assert re.search(rf"\| {grade} \| {len(rows)} \| [^|]+ \| {error:g} \|", prose), grade
    assert f"For {places['district_inferred'].sum()} places the district follows" in prose


def test_methodology_counts_the_ledger(prose: str) -> None:
    ledger = settlements.settlements_per_day()
    counted = ledger[ledger["settlements"] > 0]
    march = [str(n) for n in counted.loc[counted["date"] >= "2025-03-01", "settlements"]]
    to_19_april = ledger.loc[ledger["date"] == pd.Timestamp("2025-04-19"), "cumulative"].item()
    first, last = (f"{day.day} {day:%B %Y}" for day in (counted["date"].iloc[0], counted["date"].iloc[-1]))
    for part in (
        f"{counted['settlements'].sum()} places from {first} to {last}: 27 before 1 March 2025 and 34 from that day",
        f"{' + '.join(march)}, the last one Gornal on 26 April",
        f"The ledger has {to_19_april} up to that day",
    ):
        assert part in prose, part


def test_methodology_reads_figures_as_the_package_does() -> None:
    text = (data_folder() / "METHODOLOGY.md").read_text("utf-8")
    found = re.findall(r"^\| ([\d.]+) (\w+) \| (\w+) \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    assert len(found) == 15
    for value, unit, qualifier, reading, values in found:
        how = reading if reading in ("rounded", "truncated", "as written") else "rounded"
        assert _in_words(interval(float(value), unit, qualifier, how)) == values, (value, qualifier)
    assert {qualifier for _, _, qualifier, *_ in found} == set(QUALIFIERS)


def _in_words(values: Interval) -> str:
    low, high = f"{values.lower:g}", f"{values.upper:g}"
    if high == "inf":
        return f"{low} or more" if values.closed == "both" else f"above {low}"
    if low == high:
        return low
    return {"left": f"{low} up to {high}", "both": f"{low} to {high}", "right": f"above {low} to {high}"}[
        values.closed
    ]


def test_methodology_says_nothing_about_how_the_work_was_organised(prose: str) -> None:
    assert not re.search(r"\bshared\b|\bissue\b|/work|/tmp", prose)


def test_editions_begin_with_the_first_event_of_the_campaign() -> None:
    first = covered()[0]
    assert reader.load("timeline")["date"].min().date() == first == dt.date(2024, 8, 6)
