"""The views: what they count, what an edition of a day may know, and what they refuse."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kurskdata.errors import InputError
from kurskdata.tables import descriptor, export, reader, settlements, views

VIEWS: list[Callable[..., Any]] = [
    settlements.settlements_per_day,
    views.area_claims,
    views.area_percentages,
    views.area_held,
    views.article_claims,
    views.count_claim,
    views.timeline,
]
TABULAR = [view for view in VIEWS if view is not views.count_claim]


@pytest.fixture
def edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str, str], None]:
    """Replaces a text in a copy of the data that the package then reads."""
    copy = Path(shutil.copytree(descriptor.data_folder(), tmp_path / "data"))
    monkeypatch.setenv("KURSKDATA_DATA", str(copy))

    def replace(table: str, old: str, new: str) -> None:
        path = copy / f"{table}.csv"
        text = path.read_text("utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), "utf-8")

    return replace


def on(view: pd.DataFrame, day: str) -> dict[Any, Any]:
    """The row of one day."""
    return view[view["date"] == day].iloc[0].to_dict()


# Days


@pytest.mark.parametrize("view", VIEWS, ids=lambda v: v.__name__)
@pytest.mark.parametrize(
    "value", ["14.03.2025", "2025-3-14", "2025-02-30", "yesterday", 20250314, 3.5, pd.NaT]
)
def test_a_day_that_is_none_is_refused(view: Callable[..., Any], value: Any) -> None:
    with pytest.raises(InputError, match=r"as_of: .* is not a day; write it YYYY-MM-DD, such as 2025-03-14"):
        view(as_of=value)


def test_a_day_may_be_text_a_date_or_a_timestamp() -> None:
    forms = ["2025-03-09", dt.date(2025, 3, 9), dt.datetime(2025, 3, 9, 18, 30), pd.Timestamp("2025-03-09")]
    first, *others = [settlements.settlements_per_day(as_of=form) for form in forms]
    for other in others:
        pd.testing.assert_frame_equal(first, other)


@pytest.mark.parametrize("view", [settlements.settlements_per_day, views.area_held])
def test_a_start_after_the_end_is_refused(view: Callable[..., Any]) -> None:
    with pytest.raises(InputError, match="start: 2025-03-10 is after the end, 2025-03-09"):
        view(start="2025-03-10", end="2025-03-09")
    with pytest.raises(InputError, match="start: 2025-03-10 is after the end, 2025-03-09"):
        view(start="2025-03-10", as_of="2025-03-09")
    with pytest.raises(InputError, match="end: 'soon' is not a day"):
        view(end="soon")


@pytest.mark.parametrize("view", VIEWS, ids=lambda v: v.__name__)
def test_a_day_before_the_period_is_refused_and_its_first_days_may_hold_nothing(
    view: Callable[..., Any],
) -> None:
    if view is not views.area_held:  # the maps begin before the period
        with pytest.raises(
            InputError, match="as_of: 2024-08-05 is before the first day of the data, 2024-08-06"
        ):
            view(as_of="2024-08-05")
    view(as_of="2024-08-06")


# Settlements per day


def test_every_day_has_a_row_also_where_nothing_was_announced() -> None:
    view = settlements.settlements_per_day(start="2025-03-08", end="2025-03-12")
    assert view["date"].tolist() == list(pd.date_range("2025-03-08", "2025-03-12"))
    assert view["settlements"].tolist() == [3, 4, 0, 12, 5]
    tenth = on(view, "2025-03-10")
    assert (tenth["names"], tenth["place_ids"], tenth["claim_ids"]) == ("", "", "")
    assert view.notna().all().all()


def test_the_period_begins_on_6_august_unless_told_otherwise() -> None:
    assert settlements.settlements_per_day()["date"].iloc[0] == pd.Timestamp("2024-08-06")
    assert settlements.settlements_per_day(start="2025-03-01")["date"].iloc[0] == pd.Timestamp("2025-03-01")


def test_names_and_ids_come_in_one_order() -> None:
    row = on(settlements.settlements_per_day(), "2025-03-08")
    assert row["names"] == "Nikolayevka; Staraya Sorochina; Viktorovka"
    assert row["place_ids"] == "nikolayevka;staraya-sorochina;viktorovka-sudzhansky"
    assert row["claim_ids"].split(";")[2] == "2025-03-08-mod-viktorovka-sudzhansky"


def test_names_come_in_the_language_asked_for() -> None:
    view = settlements.settlements_per_day(start="2025-03-13", end="2025-03-13", language="ru")
    assert view["names"].item() == "Меловой; Подол; Суджа"


def test_a_name_that_is_missing_in_a_language_is_transliterated() -> None:
    view = settlements.settlements_per_day(start="2025-03-13", end="2025-03-13", language="uk")
    assert view["names"].item() == "Меловий; Подол; Суджа"


def test_the_count_runs_from_the_beginning_whatever_the_start() -> None:
    whole, part = settlements.settlements_per_day(), settlements.settlements_per_day(start="2025-03-08")
    assert part["cumulative"].iloc[0] == 30
    expected = whole[whole["date"] >= "2025-03-08"].reset_index(drop=True)
    pd.testing.assert_frame_equal(part, expected)
    assert whole["cumulative"].tolist() == whole["settlements"].cumsum().tolist()


def test_a_report_for_9_march_knows_nothing_of_later_days() -> None:
    view = settlements.settlements_per_day(as_of="2025-03-09")
    assert view["date"].iloc[-1] == pd.Timestamp("2025-03-09")
    assert view["cumulative"].iloc[-1] == 34
    later = settlements.settlements_per_day(as_of="2025-03-14", end="2025-03-09")
    pd.testing.assert_frame_equal(view, later)


def test_an_end_after_the_day_of_the_edition_shows_no_empty_future() -> None:
    view = settlements.settlements_per_day(as_of="2025-03-09", end="2025-03-14")
    assert view["date"].iloc[-1] == pd.Timestamp("2025-03-09")


def test_days_before_the_first_official_claim_are_zeros() -> None:
    view = settlements.settlements_per_day(as_of="2024-08-10")
    assert view["settlements"].tolist() == [0] * 5
    assert view["cumulative"].tolist() == [0] * 5


def test_a_repeat_counts_only_when_asked_for() -> None:
    first = on(settlements.settlements_per_day(), "2025-03-14")
    every = on(settlements.settlements_per_day(first_only=False), "2025-03-14")
    assert (first["names"], first["settlements"], every["settlements"]) == ("Goncharovka", 1, 28)


def test_an_earlier_unofficial_claim_does_not_make_an_official_one_a_repeat() -> None:
    assert "Martynovka" in on(settlements.settlements_per_day(), "2025-03-11")["names"]
    anyone = settlements.settlements_per_day(claimant="any")
    assert "Martynovka" in on(anyone, "2024-08-10")["names"]
    assert "Martynovka" not in on(anyone, "2025-03-11")["names"]


def test_unofficial_claims_count_only_when_asked_for() -> None:
    official, anyone = settlements.settlements_per_day(), settlements.settlements_per_day(claimant="any")
    assert "Makhnovka" not in "; ".join(official["names"])
    assert "Makhnovka" in on(anyone, "2025-03-09")["names"]


def test_one_claimant_can_be_chosen() -> None:
    staff = settlements.settlements_per_day(claimant="Russian General Staff")
    assert staff.loc[staff["settlements"] > 0, ["date", "names"]].values.tolist() == [
        [pd.Timestamp("2025-04-26"), "Gornal"]
    ]
    ministry = settlements.settlements_per_day(claimant="Russian Defence Ministry")
    assert on(ministry, "2025-05-02")["names"] == "Gornal"


def test_a_variant_never_counts() -> None:
    for options in ({}, {"first_only": False}, {"claimant": "any"}):
        assert (
            on(settlements.settlements_per_day(**options), "2024-10-09")["names"]
            == "Novaya Sorochina; Pokrovsky"
        )


def test_a_claim_without_a_day_never_counts() -> None:
    view = settlements.settlements_per_day(claimant="any", first_only=False)
    assert "Novy Put" not in "; ".join(view["names"])
    assert "novy-put" in set(reader.load("retaken")["place_id"])


def test_a_claim_that_fits_two_places_counts_once_and_names_both_ids() -> None:
    row = on(settlements.settlements_per_day(), "2024-08-15")
    assert (row["settlements"], row["names"]) == (1, "Krupets")
    assert row["place_ids"] == "krupets-belovsky;krupets-rylsky"


def test_an_unknown_claimant_lists_the_known_ones() -> None:
    with pytest.raises(
        InputError, match="claimant: 'TASS' is not known; allowed: official, any, Russian Defence M"
    ):
        settlements.settlements_per_day(claimant="TASS")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(InputError, match="language"):
        settlements.settlements_per_day(language="tlh")


def test_no_zeros_are_claimed_for_days_that_the_data_do_not_cover() -> None:
    view = settlements.settlements_per_day(end="2030-01-01")
    assert view["date"].iloc[-1] == pd.Timestamp(descriptor.covered()[1])
    pd.testing.assert_frame_equal(view, settlements.settlements_per_day())


# Claims on the area


def claims(**options: Any) -> pd.DataFrame:
    return views.area_claims(**options).set_index("claim_id")


def test_one_row_is_one_claim_on_what_is_held_retaken_or_lost() -> None:
    view = views.area_claims()
    measures = {"area_held", "area_retaken", "share_retaken", "share_lost", "share_held"}
    assert set(view["measure"]) == measures
    chosen = reader.load("area").query("measure in @measures")
    ends = chosen["range_with"].notna() & (chosen["qualifier"] == "at_most")
    assert set(view["claim_id"]) == set(chosen.loc[~ends, "claim_id"])


def test_what_was_said_later_about_an_earlier_day_is_not_known_before_it_was_said() -> None:
    said_in_march = "2025-03-03-afp-area-held-483"
    assert said_in_march not in claims(as_of="2025-03-02").index
    row = claims(as_of="2025-03-03").loc[said_in_march]
    assert (row["date"], row["date_basis"]) == (pd.Timestamp("2024-12-31"), "as_of")


def test_a_claim_of_a_month_is_public_from_its_last_day() -> None:
    one = "2024-12-uk-mod-area-held-480"
    assert one not in claims(as_of="2024-12-30").index
    assert one in claims(as_of="2024-12-31").index
    assert claims().loc[one, "date"] == pd.Timestamp("2024-12-31")


def test_a_month_spoken_of_counts_to_its_end_but_not_beyond_the_report() -> None:
    assert claims().loc["2025-03-11-reuters-area-retaken-800", ["date", "date_basis"]].tolist() == [
        pd.Timestamp("2025-02-28"),
        "month",
    ]
    assert claims().loc["2024-10-14-agentstvo-area-held-660", "date"] == pd.Timestamp("2024-10-14")


def test_a_claim_that_names_no_day_speaks_of_the_day_on_which_it_was_made() -> None:
    row = claims().loc["2025-01-17-deepstate-area-held-420"]
    assert (row["date"], row["date_basis"]) == (row["reported"], "reported")


def test_an_undated_claim_enters_no_edition(edit: Callable[[str, str, str], None]) -> None:
    one = "2025-03-13-deepstate-area-held-140"
    edit(
        "area",
        f"\n{one},DeepState,Ukrainian map project,independent,2025-03-13,",
        f"\n{one},DeepState,,independent,,",
    )
    assert one in claims().index
    assert one not in claims(as_of="2025-05-31").index


def test_a_share_is_implied_by_what_is_held_only_from_the_peak_on() -> None:
    view = views.area_claims()
    held = view[view["measure"] == "area_held"]
    early = held["date"] < "2024-09-06"
    assert held.loc[early, ["share_low", "share_high"]].isna().all().all()
    assert held.loc[~early, ["share_low", "share_high"]].notna().all().all()
    assert early.sum() == 17
    assert view.loc[view["measure"] != "area_held", "share_low"].notna().all()


def test_percentages_are_the_claims_that_have_a_share() -> None:
    view = views.area_claims(as_of="2025-03-14")
    shares = views.area_percentages(as_of="2025-03-14")
    pd.testing.assert_frame_equal(shares, view[view["share_low"].notna()].reset_index(drop=True))
    assert len(shares) < len(view)


def test_a_share_said_is_stated_and_one_computed_is_implied() -> None:
    found = claims()
    said = found.loc["2025-03-12-gerasimov-share-retaken-86-more-than"]
    assert (said["how"], said["share_low"], said["share_high"]) == ("stated", 86, 100)
    computed = found.loc["2025-03-12-gerasimov-area-retaken-1100-more-than"]
    assert (computed["how"], computed["share_low"], computed["share_high"]) == ("implied", 86.75, 100)
    assert (computed["held_low_km2"], computed["held_high_km2"]) == (0, 168)


def test_a_share_lost_or_held_is_told_as_a_share_retaken() -> None:
    found = claims()
    lost = found.loc["2024-12-28-associated-press-share-lost-40"]
    assert (lost["share_low"], lost["share_high"]) == (40, 100)
    held = found.loc["2025-04-01-afp-share-held-6"]
    assert (held["share_low"], held["share_high"]) == (93.5, 94.5)


def test_square_miles_are_converted() -> None:
    row = claims().loc["2025-03-16-black-bird-group-area-held-30"]
    assert (row["value"], row["unit"]) == (30, "sq_mi")
    assert (row["held_low_km2"], row["held_high_km2"]) == (69.93, 77.7)


def test_a_range_is_one_row_with_both_ends() -> None:
    row = claims().loc["2025-02-23-uk-mod-area-held-400"]
    assert (row["qualifier"], row["value"], row["value_to"]) == ("range", 400, 450)
    assert (row["held_low_km2"], row["held_high_km2"]) == (400, 450)
    assert "2025-02-23-uk-mod-area-held-450" not in claims().index


def test_a_range_of_which_one_end_is_not_public_stays_open(edit: Callable[[str, str, str], None]) -> None:
    end = "2025-02-23-uk-mod-area-held-450,UK Ministry of Defence,Defence Intelligence,independent"
    edit("area", f"\n{end},2025-02-23,", f"\n{end},2025-02-25,")
    row = claims(as_of="2025-02-24").loc["2025-02-23-uk-mod-area-held-400"]
    assert (row["qualifier"], row["held_low_km2"]) == ("at_least", 400)
    assert row["held_high_km2"] > 450
    assert pd.isna(row["value_to"])


def test_another_base_changes_what_is_implied_and_not_what_was_said() -> None:
    found, other = claims(), claims(base_km2=1376)
    implied = "2025-03-13-deepstate-area-held-140"
    assert (found.loc[implied, "share_low"], other.loc[implied, "share_low"]) == (88.92, 89.79)
    stated = "2025-03-12-gerasimov-share-retaken-86-exact"
    columns = ["share_low", "share_high"]
    assert found.loc[stated, columns].tolist() == other.loc[stated, columns].tolist() == [85.5, 86.5]


@pytest.mark.parametrize("base", [0, -1268, float("nan")])
def test_a_base_must_be_above_zero(base: float) -> None:
    for view in (views.area_claims, views.area_percentages):
        with pytest.raises(InputError, match=r"base_km2: .* must be above zero"):
            view(base_km2=base)


@pytest.mark.parametrize("base", [100.0, 1268.0, 1376.0, 30000.0])
def test_bounds_are_in_order_and_shares_within_0_and_100(base: float) -> None:
    view = views.area_percentages(base_km2=base)
    assert (view["share_low"] <= view["share_high"]).all()
    assert view[["share_low", "share_high"]].stack().between(0, 100).all()
    assert (view["held_low_km2"] <= view["held_high_km2"]).all()
    assert (view["held_low_km2"] >= 0).all()


def test_other_wordings_can_be_left_out() -> None:
    every, main = views.area_claims(), views.area_claims(variants=False)
    assert set(every["claim_id"]) - set(main["claim_id"]) == set(
        every.loc[every["variant_of"].notna(), "claim_id"]
    )
    assert "2025-03-12-gerasimov-share-retaken-86-exact" not in set(main["claim_id"])


def test_claims_come_by_the_day_that_they_speak_of() -> None:
    view = views.area_claims()
    assert view[["date", "claim_id"]].equals(view[["date", "claim_id"]].sort_values(["date", "claim_id"]))


# The claim on a number of settlements


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"as_of": "2025-03-14"}, "2025-03-12-gerasimov-settlements-retaken-in-window-24"),
        ({"as_of": "2025-03-12"}, "2025-03-12-gerasimov-settlements-retaken-in-window-24"),
        ({"as_of": "2025-03-11"}, "2025-03-09-mod-settlements-retaken-in-window-7"),
        ({"as_of": "2025-01-31"}, "2025-01-17-mod-settlements-retaken-in-window-4"),
        ({"as_of": "2025-03-14", "end": "2025-03-11"}, "2025-03-09-mod-settlements-retaken-in-window-7"),
        ({"as_of": "2024-12-31"}, None),
        ({"as_of": "2025-03-14", "start": "2025-03-09"}, None),
    ],
)
def test_the_claim_on_a_window_is_the_latest_that_was_public(
    options: dict[str, str], expected: str | None
) -> None:
    found = views.count_claim(**options)
    assert (found and found["claim_id"]) == expected


# Areas on the maps


def test_pockets_are_added_up_or_kept_apart() -> None:
    day = {"start": "2025-03-12", "end": "2025-03-12", "observer": "deepstate"}
    both, *parts = (views.area_held(**day, pocket=p).iloc[0] for p in ("any", "sudzha", "tyotkino"))
    for column in ("held_km2", "with_unclear_km2"):
        assert both[column] == pytest.approx(sum(part[column] for part in parts))
    assert [part["held_km2"] for part in parts] == [140.28, 11.36]


def test_unclear_areas_come_on_top_where_the_map_has_them() -> None:
    maps = views.area_held(start="2025-03-10", end="2025-03-10").set_index("observer")
    assert maps.loc["deepstate", "with_unclear_km2"] > maps.loc["deepstate", "held_km2"]
    assert maps.loc["owlmaps", "with_unclear_km2"] == maps.loc["owlmaps", "held_km2"]


def test_not_drawn_is_empty_and_never_zero() -> None:
    maps = views.area_held()
    assert set(maps.loc[maps["status"] == "not_drawn", "observer"]) == {"deepstate", "owlmaps"}
    assert (
        maps[["held_km2", "with_unclear_km2"]].isna().all(axis=1) == (maps["status"] == "not_drawn")
    ).all()
    assert (maps["held_km2"].dropna() > 0).all()


def test_a_map_that_draws_only_unclear_areas_leaves_what_is_held_empty(
    edit: Callable[[str, str, str], None],
) -> None:
    edit(
        "control",
        "\n2024-08-08,deepstate,sudzha,143.20,110.89,drawn",
        "\n2024-08-08,deepstate,sudzha,,110.89,drawn",
    )
    row = views.area_held(start="2024-08-08", end="2024-08-08", observer="deepstate").iloc[0]
    assert pd.isna(row["held_km2"])
    assert (row["with_unclear_km2"], row["status"]) == (110.89, "drawn")


def test_a_day_has_one_row_for_each_map_that_was_archived() -> None:
    maps = views.area_held(start="2025-03-07", end="2025-03-09")
    assert not maps.duplicated(["date", "observer"]).any()
    # DeepState's archive has no snapshot of 8 March.
    assert maps.groupby("observer").size().to_dict() == {"deepstate": 2, "owlmaps": 3}


def test_maps_of_an_edition_end_with_its_day() -> None:
    assert views.area_held(as_of="2025-03-09")["date"].max() == pd.Timestamp("2025-03-09")
    assert views.area_held(as_of="2025-03-09", end="2025-04-01")["date"].max() == pd.Timestamp("2025-03-09")


def test_unknown_maps_and_pockets_are_refused() -> None:
    with pytest.raises(InputError, match="observer: 'isw' is not known; allowed: any, deepstate, owlmaps"):
        views.area_held(observer="isw")
    with pytest.raises(InputError, match="pocket: 'belgorod' is not known; allowed: any, sudzha, tyotkino"):
        views.area_held(pocket="belgorod")


# Timeline


def test_without_options_the_timeline_is_the_table() -> None:
    view = views.timeline()
    table = reader.load("timeline")
    assert list(view.columns) == list(table.columns)
    pd.testing.assert_frame_equal(view.sort_values("event_id", ignore_index=True), table)


def test_events_come_by_day_and_importance() -> None:
    view = views.timeline()
    order = ["date", "importance", "event_id"]
    assert view[order].equals(view[order].sort_values(order))


def test_the_timeline_of_an_edition_ends_with_its_day() -> None:
    view = views.timeline(as_of="2025-03-12")
    assert view["date"].max() == pd.Timestamp("2025-03-12")
    assert "ev-2025-03-13-mod-sudzha" not in set(view["event_id"])


def test_what_became_known_later_is_hidden_until_that_day() -> None:
    event = "ev-2025-03-12-gerasimov-86"
    before = views.timeline(as_of="2025-03-12").set_index("event_id").loc[event]
    after = views.timeline(as_of="2025-03-14").set_index("event_id").loc[event]
    assert before[["later", "later_date"]].isna().all()
    assert after["later_date"] == pd.Timestamp("2025-03-14")
    assert "83 %" in after["later"]
    assert before["detail"] == after["detail"]


@pytest.mark.parametrize("day", ["2024-08-20", "2025-01-17", "2025-03-09", "2025-03-14", "2025-04-26"])
def test_no_day_in_a_timeline_lies_after_its_edition(day: str) -> None:
    view = views.timeline(as_of=day)
    assert (
        view[["date", "reported", "end_date", "later_date", "disputed_date"]].max().dropna()
        <= pd.Timestamp(day)
    ).all()
    assert (view["later"].notna() == view["later_date"].notna()).all()


def test_an_event_is_left_out_until_it_is_public_and_disputed_only_when_it_is() -> None:
    late = {"ev-2024-10-10-pow-killings": "2024-10-13", "ev-2025-05-20-putin-kurchatov": "2025-05-21"}
    for event, public in late.items():
        before = str((pd.Timestamp(public) - pd.Timedelta(days=1)).date())
        assert event not in set(views.timeline(as_of=before)["event_id"])
        assert event in set(views.timeline(as_of=public)["event_id"])
    stopped = "ev-2024-08-07-gerasimov-stopped"
    for day, disputed in (("2024-08-11", False), ("2024-08-12", True)):
        assert views.timeline(as_of=day).set_index("event_id").loc[stopped, "disputed"] == disputed


def test_the_last_day_of_an_event_is_hidden_while_it_lasts() -> None:
    event = "ev-2024-08-18-bridge-zvannoe"
    assert pd.isna(views.timeline(as_of="2024-08-18").set_index("event_id").loc[event, "end_date"])
    assert views.timeline(as_of="2024-08-19").set_index("event_id").loc[event, "end_date"] == pd.Timestamp(
        "2024-08-19"
    )


def test_importance_keeps_that_and_all_above() -> None:
    counts = [len(views.timeline(importance=n)) for n in (1, 2, 3)]
    assert counts[0] < counts[1] < counts[2] == len(views.timeline())
    assert set(views.timeline(importance=1)["importance"]) == {1}


def test_categories_are_one_or_several() -> None:
    one, two = views.timeline(category="area"), views.timeline(category=["area", "diplomacy"])
    assert set(one["category"]) == {"area"}
    assert set(two["category"]) == {"area", "diplomacy"}
    assert len(two) == len(one) + len(views.timeline(category="diplomacy"))


def test_unknown_importance_and_categories_are_refused() -> None:
    with pytest.raises(InputError, match="importance: 4 is not known; allowed: 1, 2, 3"):
        views.timeline(importance=4)
    with pytest.raises(
        InputError, match="category: 'battle' is not known; allowed: incursion, counteroffensive"
    ):
        views.timeline(category=["area", "battle"])


# The article


def test_claims_of_the_article_come_in_its_order() -> None:
    view = views.article_claims()
    assert len(view) == len(reader.load("article"))
    assert view["paragraph"].is_monotonic_increasing


def test_the_article_is_unknown_before_it_appeared() -> None:
    assert len(views.article_claims(as_of="2025-03-13")) == 0
    assert len(views.article_claims(as_of="2025-03-14")) == len(views.article_claims())


# All of them


@pytest.mark.parametrize("view", TABULAR, ids=lambda v: v.__name__)
def test_changing_a_view_changes_nothing_else(view: Callable[..., pd.DataFrame]) -> None:
    whole = view()
    changed = view()
    changed[changed.columns[0]] = None
    del changed[changed.columns[-1]]
    pd.testing.assert_frame_equal(view(), whole)


@pytest.mark.parametrize("view", TABULAR, ids=lambda v: v.__name__)
def test_every_column_of_a_view_is_documented(view: Callable[..., pd.DataFrame]) -> None:
    # These two say that they have the columns of another view and of a table.
    same = {views.area_percentages: views.area_claims, views.article_claims: export.article}
    text = (view.__doc__ or "") + (same[view].__doc__ or "" if view in same else "")
    assert [name for name in view().columns if name not in text] == []


def test_a_day_known_by_its_month_alone_says_so() -> None:
    months = claims()[claims()["date_basis"] == "month"]
    assert months["reported"].notna().any()
    undated = claims()[claims()["reported"].isna() & claims()["reported_month"].notna()]
    assert len(undated) == 10
    places = settlements.settlement_places(claimant="any").set_index("place_id")
    assert places.loc["novy-put", "first_reported_month"] == "2024-10"
    assert (places["position_grade"].isna() == places["position_error_km"].isna()).all()
