"""Claims against claims, ledger, maps and calendar: what must come out, and that it turns when a number turns."""

from __future__ import annotations

import gettext
import math
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

pytest.importorskip("babel")

from kurskdata.check import COLUMNS, STATUSES, check_claims, measure_units, read_claims, summary
from kurskdata.check.claims import stated
from kurskdata.check.dates import elapsed
from kurskdata.check.equivalents import Scale
from kurskdata.errors import InputError
from kurskdata.tables import descriptor, reader
from kurskdata.tables.intervals import Interval
from kurskdata.words import language

DATA = Path(__file__).parent.parent / "data"
EXAMPLE = DATA / "examples" / "second-article.csv"
GERASIMOV_1100 = "2025-03-12-gerasimov-area-retaken-1100-more-than"
GERASIMOV_430 = "2025-03-12-gerasimov-prisoners-taken-by-russia-430"
ONE_SPACE = str.maketrans("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(scope="module")
def article() -> pd.DataFrame:
    return reader.load("article")


@pytest.fixture(scope="module")
def checked(article: pd.DataFrame) -> pd.DataFrame:
    return check_claims(article)


def claim(**cells: Any) -> pd.DataFrame:
    """One claim of somebody's article."""
    return pd.DataFrame([{"claim_id": "one", "qualifier": "exact", **cells}])


def rows(checked: pd.DataFrame, claim_id: str, **wanted: str) -> pd.DataFrame:
    found = checked[checked["claim_id"] == claim_id]
    for column, value in wanted.items():
        found = found[found[column] == value]
    return found


def only(checked: pd.DataFrame, claim_id: str, **wanted: str) -> dict[Any, Any]:
    found = rows(checked, claim_id, **wanted)
    assert len(found) == 1, found[["reading", "evidence", "evidence_id"]]
    return {**found.iloc[0], "sentence": found["sentence"].iloc[0].translate(ONE_SPACE)}


def by_reading(checked: pd.DataFrame, claim_id: str, **wanted: str) -> dict[str, str]:
    found = rows(checked, claim_id, **wanted)
    return dict(zip(found["reading"], found["status"], strict=True))


def changed(article: pd.DataFrame, claim_id: str, **cells: Any) -> pd.DataFrame:
    """The article with one claim changed."""
    other = article.copy()
    for column, value in cells.items():
        other.loc[other["claim_id"] == claim_id, column] = value
    return other


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the tables that a test may change."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    monkeypatch.setenv("KURSKDATA_DATA", str(folder))
    return folder


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


# The article as a whole


def test_every_claim_of_the_article_gets_a_row(article: pd.DataFrame, checked: pd.DataFrame) -> None:
    assert list(checked.columns) == list(COLUMNS)
    assert list(dict.fromkeys(checked["claim_id"])) == list(article["claim_id"])
    assert len(article) == 44
    assert set(checked["status"]) <= set(STATUSES)
    assert set(checked["evidence"]) == {"claim", "ledger", "map", "arithmetic", "timeline", "recorded"}


def test_every_row_has_one_sentence_and_no_truth_rating(checked: pd.DataFrame) -> None:
    for sentence in checked["sentence"]:
        assert sentence.endswith(".")
        assert "{" not in sentence
        assert not {"true", "false", "wrong", "lie", "correct", "liberated"} & set(sentence.lower().split())


def test_statuses_follow_from_the_intervals_that_are_shown(checked: pd.DataFrame) -> None:
    compared = checked[checked["evidence_low"].notna() & (checked["status"] != "not comparable")]
    assert len(compared) > 50
    for row in compared.to_dict("records"):
        low, high = max(row["claim_low"], row["evidence_low"]), min(row["claim_high"], row["evidence_high"])
        if row["status"] == "consistent":
            assert low <= high, row
        else:
            assert low >= high, row


def test_evidence_has_sources_that_exist(checked: pd.DataFrame) -> None:
    known = set(reader.load("sources")["source_id"])
    for row in checked[checked["evidence"].isin(["claim", "ledger", "map", "timeline", "recorded"])].to_dict(
        "records"
    ):
        assert set(row["source_ids"].split(";")) <= known, row


def test_the_same_input_gives_the_same_rows(article: pd.DataFrame, checked: pd.DataFrame) -> None:
    before = article.copy()
    pd.testing.assert_frame_equal(check_claims(article), checked)
    pd.testing.assert_frame_equal(article, before)


def test_every_claim_of_the_area_table_is_consistent_with_itself() -> None:
    table = reader.load("area")
    own = table.assign(speaker=table["claimant"], as_of=table["as_of"].fillna(table["reported"]))
    found = check_claims(own.drop(columns=["reported"]))
    itself = found[found["claim_id"] == found["evidence_id"]]
    assert len(itself) > 180
    assert set(itself["status"]) == {"consistent"}


# 86 percent


def test_86_percent_lies_in_the_range_of_deepstate(checked: pd.DataFrame) -> None:
    row = only(checked, "pct-86", evidence="map", evidence_id="deepstate 2025-03-12")
    assert row["status"] == "consistent"
    assert (round(row["evidence_low"]), round(row["evidence_high"])) == (83, 88)
    assert "(151.64 to 213.57 sq km) ÷ 1,268 sq km = 83.2 to 88.0 %" in row["sentence"]
    assert "however the figure is read" in row["sentence"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (83, {"rounded": "consistent"}),
        (88, {"rounded": "consistent"}),
        (82, {"rounded": "inconsistent", "truncated": "inconsistent", "more than": "consistent"}),
        (75, {"rounded": "inconsistent", "truncated": "inconsistent", "more than": "consistent"}),
        (90, {"rounded": "inconsistent"}),
    ],
)
def test_another_share_turns_the_status_against_deepstate(
    article: pd.DataFrame, value: float, expected: dict[str, str]
) -> None:
    other = check_claims(changed(article, "pct-86", value=value))
    assert by_reading(other, "pct-86", evidence_id="deepstate 2025-03-12") == expected


def test_another_map_turns_the_status(article: pd.DataFrame, own_data: Path) -> None:
    edit(
        own_data / "control.csv",
        "2025-03-12,deepstate,sudzha,140.28,52.44",
        "2025-03-12,deepstate,sudzha,340.28,52.44",
    )
    row = only(check_claims(article), "pct-86", evidence_id="deepstate 2025-03-12", reading="rounded")
    assert row["status"] == "inconsistent"


def test_86_percent_against_1100_of_1268_depends_on_the_reading(checked: pd.DataFrame) -> None:
    found = by_reading(checked, "pct-86", evidence_id=GERASIMOV_1100)
    assert found == {"rounded": "inconsistent", "truncated": "consistent", "more than": "consistent"}
    row = only(checked, "pct-86", evidence_id=GERASIMOV_1100, reading="rounded")
    assert (row["claim_low"], row["claim_high"]) == (85.5, 86.5)
    assert row["evidence_low"] == pytest.approx(100 * 1100 / 1268)
    assert "The claim says 86 %, read as rounded, 85.5 to 86.5 %" in row["sentence"]
    assert "Valery Gerasimov said more than 1,100 sq km" in row["sentence"]
    assert "÷ 1,268 sq km = more than 86.8 %" in row["sentence"]


def test_another_total_turns_the_status(article: pd.DataFrame, own_data: Path) -> None:
    edit(own_data / "area.csv", "area_retaken,1100,km2,more_than", "area_retaken,1090,km2,more_than")
    assert by_reading(check_claims(article), "pct-86", evidence_id=GERASIMOV_1100) == {
        "rounded": "consistent"
    }


def test_another_base_turns_the_status(article: pd.DataFrame) -> None:
    other = check_claims(article, base_km2=1300)
    assert by_reading(other, "pct-86", evidence_id=GERASIMOV_1100) == {"rounded": "consistent"}


def test_a_share_with_a_qualifier_has_one_reading(article: pd.DataFrame) -> None:
    other = check_claims(changed(article, "pct-86", qualifier="more_than"))
    assert by_reading(other, "pct-86", evidence_id=GERASIMOV_1100) == {"more than": "consistent"}


def test_a_map_that_is_not_drawn_names_its_nearest_drawn_days(checked: pd.DataFrame) -> None:
    row = only(checked, "pct-86", evidence_id="owlmaps 2025-03-12")
    assert row["status"] == "not comparable"
    assert "map is not drawn on 12 March 2025, which is not zero" in row["sentence"]
    assert "= 88.0 % on 10 March 2025 (2 days earlier)" in row["sentence"]
    assert "= 95.5 % on 11 March 2025 (1 day earlier)" in row["sentence"]
    assert (round(row["evidence_low"], 1), round(row["evidence_high"], 1)) == (88.0, 95.5)


def test_without_tolerance_no_other_day_is_named(article: pd.DataFrame) -> None:
    row = only(check_claims(article, tolerance_days=0), "pct-86", evidence_id="owlmaps 2025-03-12")
    assert row["status"] == "not comparable"
    assert math.isnan(row["evidence_low"])


def test_a_day_without_a_map_is_no_map_that_shows_nothing() -> None:
    found = check_claims(claim(measure="area_held", value=290, unit="km2", as_of="2025-03-08"))
    row = only(found, "one", evidence_id="deepstate 2025-03-08")
    assert row["status"] == "not comparable"
    assert "there is no DeepState map of 8 March 2025" in row["sentence"]


def test_independent_figures_near_the_day_show_their_distance(checked: pd.DataFrame) -> None:
    row = only(checked, "pct-86", evidence_id="2025-03-13-deepstate-area-held-140", reading="rounded")
    assert (row["status"], row["days_apart"]) == ("inconsistent", 1)
    assert "1 day later, within the tolerance of 3 days" in row["sentence"]


def test_the_tolerance_limits_and_widens_what_is_found(article: pd.DataFrame) -> None:
    ids = {n: set(rows(check_claims(article, tolerance_days=n), "pct-86")["evidence_id"]) for n in (0, 1, 4)}
    assert "2025-03-13-deepstate-area-held-140" in ids[1] - ids[0]
    assert "2025-03-16-reuters-area-held-110" in ids[4] - ids[1]


# 425 square miles


def test_425_square_miles_are_what_gerasimov_said(checked: pd.DataFrame) -> None:
    row = only(checked, "area-425", evidence_id=GERASIMOV_1100)
    assert row["status"] == "consistent"
    assert (row["unit"], round(row["evidence_low"], 1)) == ("sq_mi", 424.7)
    assert "(more than 1,100 sq km) ÷ 2.59 = more than 424.71 sq mi" in row["sentence"]
    said = rows(checked, "area-425", evidence="claim")
    own = said[said["evidence_id"].str.startswith("2025-03-12-gerasimov")]
    assert len(own) == 5  # without the conversion of a relay, which is not what he said
    assert set(own["status"]) == {"consistent"}


@pytest.mark.parametrize("value", [400, 424])
def test_fewer_square_miles_are_not(article: pd.DataFrame, value: float) -> None:
    other = check_claims(changed(article, "area-425", value=value))
    assert by_reading(other, "area-425", evidence_id=GERASIMOV_1100)["rounded"] == "inconsistent"


def test_425_square_miles_and_86_percent_are_set_against_each_other(checked: pd.DataFrame) -> None:
    expected = {"rounded": "inconsistent", "truncated": "consistent", "more than": "consistent"}
    assert by_reading(checked, "area-425", evidence="arithmetic") == expected
    assert by_reading(checked, "pct-86", evidence="arithmetic") == expected
    row = only(checked, "pct-86", evidence="arithmetic", reading="rounded")
    assert row["evidence_id"] == "area-425"
    low, high = (
        km2 / share for km2, share in ((424.5 * 2.589988110336, 0.865), (425.5 * 2.589988110336, 0.855))
    )
    assert (round(low), round(high)) == (1271, 1289)
    assert (
        f"the two imply a base of {low:,.2f} to {high:,.2f} sq km, where the base is 1,268 sq km"
        in row["sentence"]
    )


def test_86_percent_and_421_square_miles_go_together_when_rounded(article: pd.DataFrame) -> None:
    other = check_claims(changed(article, "area-425", value=421))
    assert by_reading(other, "pct-86", evidence="arithmetic")["rounded"] == "consistent"


def test_a_total_does_not_fall_below_an_earlier_one(article: pd.DataFrame, checked: pd.DataFrame) -> None:
    rudskoi = "2025-02-20-rudskoi-area-retaken-800"
    row = only(checked, "area-425", evidence_id=rudskoi)
    assert (row["status"], row["days_apart"], row["evidence_high"]) == ("consistent", 20, math.inf)
    other = check_claims(changed(article, "area-425", value=300))
    assert by_reading(other, "area-425", evidence_id=rudskoi)["rounded"] == "inconsistent"


def test_a_total_does_not_exceed_a_later_one_that_was_known(article: pd.DataFrame) -> None:
    later = "2025-04-19-gerasimov-area-retaken-1260"
    high = changed(article, "area-425", value=488)
    assert set(by_reading(check_claims(high), "area-425", evidence_id=later).values()) == {"inconsistent"}
    assert by_reading(check_claims(article), "area-425", evidence_id=later) == {"rounded": "consistent"}
    assert by_reading(check_claims(high, as_of="2025-04-18"), "area-425", evidence_id=later) == {}


# 24 settlements in five days


def test_24_settlements_are_the_announcements_of_8_to_12_march(checked: pd.DataFrame) -> None:
    row = only(checked, "settlements-24", evidence="ledger")
    assert (row["status"], row["reading"], row["evidence_id"]) == (
        "consistent",
        "as written",
        "2025-03-08/2025-03-12",
    )
    assert (row["evidence_low"], row["evidence_high"]) == (24, 24)
    assert "3 + 4 + 0 + 12 + 5 = 24 settlements" in row["sentence"]
    assert "other periods of 5 days that end by 12 March 2025 none fits" in row["sentence"]


@pytest.mark.parametrize("value", [23, 25])
def test_another_number_of_settlements_is_inconsistent(article: pd.DataFrame, value: int) -> None:
    other = check_claims(changed(article, "settlements-24", value=value))
    assert only(other, "settlements-24", evidence="ledger")["status"] == "inconsistent"


def test_no_other_five_days_that_end_by_12_march_have_24() -> None:
    ends = pd.date_range("2024-08-10", "2025-03-12")
    every = pd.DataFrame(
        {
            "claim_id": ends.strftime("%Y-%m-%d"),
            "measure": "settlements_retaken_in_window",
            "value": 24,
            "unit": "settlements",
            "qualifier": "exact",
            "window_start": ends - pd.Timedelta(days=4),
            "window_end": ends,
        }
    )
    found = check_claims(every)
    counted = found[found["evidence"] == "ledger"]
    assert len(counted) == len(ends)
    assert counted.loc[counted["status"] == "consistent", "claim_id"].tolist() == ["2025-03-12"]


def test_the_window_of_9_to_13_march_is_counted_once_it_has_passed(article: pd.DataFrame) -> None:
    later = check_claims(changed(article, "settlements-24", as_of=pd.Timestamp("2025-03-13")))
    assert "by 13 March 2025 1 fits too" in only(later, "settlements-24", evidence="ledger")["sentence"]


def test_one_announcement_less_turns_the_status(article: pd.DataFrame, own_data: Path) -> None:
    table = own_data / "retaken.csv"
    lines = table.read_text("utf-8").splitlines(keepends=True)
    first = next(line for line in lines if line.startswith("2025-03-12-mod"))
    place = first.split(",")[1]
    kept = [line for line in lines if f",{place}," not in line]
    table.write_text("".join(kept), "utf-8")
    row = only(check_claims(article), "settlements-24", evidence="ledger")
    assert (row["status"], row["evidence_high"]) == ("inconsistent", 23)


def test_a_window_cannot_hold_less_than_a_part_of_it_or_more_than_one_around_it(
    article: pd.DataFrame,
) -> None:
    part, around = (
        "2025-03-11-mod-settlements-retaken-in-window-12",
        "2025-03-14-mod-settlements-retaken-in-window-28",
    )
    few = check_claims(changed(article, "settlements-24", value=11))
    many = check_claims(changed(article, "settlements-24", value=29))
    assert only(few, "settlements-24", evidence_id=part)["status"] == "inconsistent"
    assert only(few, "settlements-24", evidence_id=around)["status"] == "consistent"
    assert only(many, "settlements-24", evidence_id=part)["status"] == "consistent"
    assert only(many, "settlements-24", evidence_id=around)["status"] == "inconsistent"


def test_a_total_of_settlements_is_counted_from_august() -> None:
    by_day = {
        day: only(
            check_claims(claim(measure="settlements_retaken", value=34, unit="settlements", as_of=day)),
            "one", evidence="ledger",
        )["status"]
        for day in ("2025-03-08", "2025-03-09", "2025-03-11")
    }  # fmt: skip
    assert by_day == {"2025-03-08": "inconsistent", "2025-03-09": "consistent", "2025-03-11": "inconsistent"}


def test_the_area_of_a_window_is_set_against_the_change_on_the_maps() -> None:
    window = {"window_start": "2025-03-08", "window_end": "2025-03-12"}
    found = check_claims(claim(measure="area_retaken_in_window", value=259, unit="km2", **window))
    row = only(found, "one", evidence_id="deepstate 2025-03-07/2025-03-12")
    # 349.11 to 530.17 held or unclear on 7 March, 151.64 to 213.57 on 12 March
    assert (row["status"], round(row["evidence_low"], 2), round(row["evidence_high"], 2)) == (
        "consistent",
        135.54,
        378.53,
    )
    assert only(found, "one", evidence_id="owlmaps 2025-03-07/2025-03-12")["status"] == "not comparable"
    assert by_reading(found, "one", evidence_id="2025-03-12-gerasimov-area-retaken-in-window-259") == {
        "rounded": "consistent"
    }


# Prisoners


def test_400_freed_prisoners_are_inconsistent_in_kind_and_in_number(checked: pd.DataFrame) -> None:
    found = rows(checked, "prisoners-400")
    assert list(found["evidence_id"]) == [GERASIMOV_430] * 2
    assert list(found["status"]) == ["inconsistent"] * 2
    kind, number = (text.translate(ONE_SPACE) for text in found["sentence"])
    assert "prisoners freed by Russia (400 persons)" in kind
    assert "Ukrainian soldiers captured by Russia (430 persons" in kind
    assert "the two differ in kind" in kind
    assert "The claim says 400 persons; Valery Gerasimov said 430 persons" in number


def test_430_freed_prisoners_are_inconsistent_in_kind_alone(article: pd.DataFrame) -> None:
    found = rows(check_claims(changed(article, "prisoners-400", value=430)), "prisoners-400")
    assert list(found["status"]) == ["inconsistent", "consistent"]


@pytest.mark.parametrize(("value", "status"), [(400, "inconsistent"), (430, "consistent")])
def test_captured_prisoners_are_of_the_same_kind(article: pd.DataFrame, value: float, status: str) -> None:
    captured = changed(article, "prisoners-400", measure="prisoners_taken_by_russia", value=value)
    found = rows(check_claims(captured), "prisoners-400", evidence_id=GERASIMOV_430)
    assert list(found["status"]) == [status]


# Days, durations, recorded findings


@pytest.mark.parametrize(("day", "status"), [("2025-03-12", "consistent"), ("2025-03-13", "inconsistent")])
def test_the_day_of_an_event_must_be_the_day_of_the_timeline(
    article: pd.DataFrame, day: str, status: str
) -> None:
    other = check_claims(changed(article, "visit-day", as_of=pd.Timestamp(day)))
    row = only(other, "visit-day", evidence="timeline")
    assert (row["status"], row["unit"], row["evidence_low"]) == (status, "campaign_day", 218)


def test_august_holds_the_day_of_the_incursion_and_september_does_not(
    article: pd.DataFrame, checked: pd.DataFrame
) -> None:
    assert only(checked, "seized-august", evidence="timeline")["status"] == "consistent"
    september = {"window_start": pd.Timestamp("2024-09-01"), "window_end": pd.Timestamp("2024-09-30")}
    other = check_claims(changed(article, "seized-august", **september))
    assert only(other, "seized-august", evidence="timeline")["status"] == "inconsistent"


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2025-03-13", "consistent"),
        ("2025-03-14", "consistent"),
        ("2025-03-12", "inconsistent"),  # before the announcement
        ("2025-03-17", "not comparable"),  # further from it than the tolerance
    ],
)
def test_a_claim_may_not_speak_of_a_day_before_its_event(
    article: pd.DataFrame, day: str, status: str
) -> None:
    other = check_claims(changed(article, "sudzha-lost", as_of=pd.Timestamp(day)))
    assert only(other, "sudzha-lost", evidence="timeline")["status"] == status


def test_fitting_days_are_said_to_be_no_more_than_that(checked: pd.DataFrame) -> None:
    row = only(checked, "chip-failed-speaker", evidence="timeline")
    assert row["status"] == "consistent"
    assert "which says nothing of the rest of the claim" in row["sentence"]


@pytest.mark.parametrize(
    ("claim_id", "value", "status"),
    [
        ("duration-seven-months", 7, "consistent"),
        ("duration-seven-months", 9, "inconsistent"),
        ("war-three-years", 3, "consistent"),
        ("war-three-years", 4, "inconsistent"),
        ("settlements-five-days", 5, "consistent"),
        ("settlements-five-days", 6, "inconsistent"),
    ],
)
def test_durations_are_counted(article: pd.DataFrame, claim_id: str, value: float, status: str) -> None:
    found = rows(check_claims(changed(article, claim_id, value=value)), claim_id)
    assert list(found[found["evidence"] != "recorded"]["status"]) == [status]


@pytest.mark.parametrize(
    ("start", "end", "unit", "expected"),
    [
        ("2024-08-06", "2025-03-14", "days", 220),
        ("2024-08-06", "2025-03-06", "months", 7),
        ("2024-08-06", "2025-03-14", "months", 7 + 8 / 31),
        ("2024-01-31", "2024-02-29", "months", 1),
        ("2022-02-24", "2025-02-24", "years", 3),
        ("2022-02-24", "2025-02-23", "years", 2 + 365 / 366),
    ],
)
def test_elapsed_time_goes_by_the_calendar(start: str, end: str, unit: str, expected: float) -> None:
    assert elapsed(pd.Timestamp(start), pd.Timestamp(end), unit) == pytest.approx(expected)


def test_recorded_findings_are_told_and_not_rated(article: pd.DataFrame, checked: pd.DataFrame) -> None:
    recorded = checked[checked["evidence"] == "recorded"]
    assert set(recorded["status"]) == {"not comparable"}
    assert set(recorded["evidence_id"]) == {"agrees", "partly", "differs"}
    assert all(sentence.startswith("Recorded by hand, not computed") for sentence in recorded["sentence"])
    figures = {"pct-86", "area-425", "settlements-24", "prisoners-400"}
    assert set(recorded["claim_id"]) == set(article["claim_id"]) - figures


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"measure": "share_retaken", "value": 86, "unit": "percent"}, "names no day"),
        (
            {"measure": "depth", "value": 12, "unit": "km", "as_of": "2025-05-20"},
            "within 3 days of 20 May 2025",
        ),
        ({"measure": None, "value": None, "unit": None}, "neither a figure nor an event"),
        (
            {"measure": None, "value": None, "unit": None, "event_id": "ev-2024-08-06-incursion"},
            "no day that could be compared",
        ),
    ],
)
def test_a_claim_without_evidence_says_why(cells: dict[str, Any], reason: str) -> None:
    row = only(check_claims(claim(**cells)), "one")
    assert (row["status"], row["evidence"], row["evidence_id"]) == ("not comparable", "", "")
    assert reason in row["sentence"]


# What was known


def test_as_of_keeps_what_was_public(article: pd.DataFrame) -> None:
    found = check_claims(article, as_of="2025-03-12")
    reported = reader.load("area").set_index("claim_id")["reported"]
    said = found.loc[found["evidence"] == "claim", "evidence_id"]
    assert len(said) >= 20
    assert reported[said].max() == pd.Timestamp("2025-03-12")
    assert "deepstate 2025-03-12" in set(found["evidence_id"])


def test_a_check_of_9_march_knows_nothing_of_12_march(article: pd.DataFrame) -> None:
    found = check_claims(article, as_of="2025-03-09")
    row = only(found, "settlements-24", evidence="ledger")
    assert row["status"] == "not comparable"
    assert "known for 6 August 2024 to 9 March 2025" in row["sentence"]
    assert (
        "there is no DeepState map of 12 March 2025"
        in only(found, "pct-86", evidence_id="deepstate 2025-03-12")["sentence"]
    )
    assert rows(found, "visit-day", evidence="timeline").empty
    assert list(dict.fromkeys(found["claim_id"])) == list(article["claim_id"])


# Anyone's claims


def test_five_columns_are_enough() -> None:
    found = check_claims(
        pd.DataFrame(
            {
                "claim_id": ["a", "b"],
                "measure": ["share_retaken", "area_retaken"],
                "value": [86, 1100],
                "unit": ["percent", "km2"],
                "qualifier": [None, "more_than"],
            }
        )
    )
    assert by_reading(found, "a", evidence="arithmetic")["rounded"] == "inconsistent"
    assert found["days_apart"].isna().all()


def test_no_claims_give_no_rows(article: pd.DataFrame) -> None:
    found = check_claims(article.head(0))
    assert (list(found.columns), len(found), len(summary(found))) == (list(COLUMNS), 0, 0)


def test_the_example_is_read_and_checked() -> None:
    claims = read_claims(EXAMPLE)
    assert 5 <= len(claims) <= 8
    assert "made up" in claims["note"].iloc[0]
    found = check_claims(claims)
    assert set(found["claim_id"]) == set(claims["claim_id"])
    assert set(found["status"]) == set(STATUSES)


def test_the_article_itself_is_a_file_that_can_be_checked(checked: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(check_claims(read_claims(DATA / "article.csv")), checked)


def test_summary_counts_the_rows_of_every_claim(checked: pd.DataFrame) -> None:
    counted = summary(checked).set_index("claim_id")
    assert list(counted.index) == list(dict.fromkeys(checked["claim_id"]))
    assert int(counted.to_numpy().sum()) == len(checked)
    assert counted.loc["prisoners-400"].to_dict() == {"consistent": 0, "inconsistent": 2, "not_comparable": 0}


def test_units_are_known_for_every_measure_and_fit_every_row_of_the_tables() -> None:
    units = measure_units()
    assert set(units) == set(descriptor.allowed("article", "measure"))
    assert set(descriptor.allowed("area", "measure")) <= set(units)
    assert {unit for fitting in units.values() for unit in fitting} == set(
        descriptor.allowed("article", "unit")
    )
    for table in ("area", "article"):
        figures = reader.load(table).dropna(subset=["value"])
        assert all(
            unit in units[measure] for measure, unit in zip(figures["measure"], figures["unit"], strict=True)
        )


HEADER = "claim_id,measure,value,unit,qualifier,as_of,window_start,window_end,event_id,note"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("a,share_liberated,86,percent,,,,,,", "line 2, column measure: 'share_liberated' is not allowed"),
        (
            "a,share_retaken,86,km2,,,,,,",
            "line 2, column unit: 'km2' does not fit share_retaken; allowed: percent",
        ),
        ("a,share_retaken,86,hectares,,,,,,", "line 2, column unit: 'hectares' is not allowed"),
        ("a,share_retaken,86,,,,,,,", "line 2, column unit: empty"),
        ("a,share_retaken,most,percent,,,,,,", "line 2, column value: 'most' is not a number"),
        ("a,share_retaken,,percent,,,,,,", "line 2, column value: empty"),
        ("a,share_retaken,-1,percent,,,,,,", "line 2, column value: -1 is below 0"),
        ("a,share_retaken,186,percent,,,,,,", "line 2, column value: 186 is above 100 percent"),
        ("a,,86,percent,,,,,,", "line 2, column measure: empty"),
        ("a,share_retaken,86,percent,roughly,,,,,", "line 2, column qualifier: 'roughly' is not allowed"),
        ("a,share_retaken,86,percent,,12 March,,,,", "line 2, column as_of: '12 March' is not a day"),
        (
            "a,settlements_retaken_in_window,24,settlements,,,2025-03-12,2025-03-08,,",
            "line 2, column window_start: 2025-03-12 is after window_end, 2025-03-08",
        ),
        (
            "a,settlements_retaken_in_window,24,settlements,,,,2025-03-12,,",
            "line 2, column window_start: empty, settlements_retaken_in_window needs",
        ),
        ("a,event_date,12,,,2025-03-12,,,,", "line 2, column value: must be empty"),
        ("a,,,,,,,,ev-2025-03-12-nothing,", "line 2, column event_id: 'ev-2025-03-12-nothing' is not in"),
        (",share_retaken,86,percent,,,,,,", "line 2, column claim_id: empty"),
        ("a,,,,,,,,,\na,,,,,,,,,", "line 3, column claim_id: 'a' stands in line 2 too"),
    ],
)
def test_a_bad_cell_is_named_by_line_and_column(tmp_path: Path, row: str, fault: str) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(f"{HEADER}\n{row}\n", "utf-8")
    with pytest.raises(InputError, match=r"claims\.csv") as caught:
        read_claims(path)
    assert fault in str(caught.value)


def test_all_faults_of_a_file_come_at_once(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    lines = [
        HEADER,
        "a,share_retaken,eighty,km2,,,,,,",
        "b,settlements_retaken_in_window,24,settlements,,,2025-03-12,2025-03-08,,",
        "a,share_liberated,86,percent,,,,,,",
    ]
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(InputError) as caught:
        read_claims(path)
    message = str(caught.value)
    assert "5 faults" in message
    for place in (
        "line 2, column value",
        "line 2, column unit",
        "line 3, column window_start",
        "line 4, column measure",
    ):
        assert place in message
    assert "line 4, column claim_id" in message


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "the file is empty"),
        (f"{HEADER}\n".encode(), "holds no claims"),
        (f"{HEADER}\nä,,,,,,,,,\n".encode("cp1252"), "line 2: not UTF-8"),
        (f"{HEADER}\na,,,,,,,,,\n".encode("utf-16-le"), "UTF-8"),
        (b"claim_id,measure,value\na,share_retaken,86\n", "column missing: unit"),
        (
            b"claim_id,measure,value,unit,verdict\na,share_retaken,86,percent,x\n",
            "column not known: 'verdict'",
        ),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "claims.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=fault):
        read_claims(path)


def test_anything_goes_in_the_note(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    note = '"Курск; ""quoted"", {braces}\nand a second line"'
    path.write_text(f"claim_id,measure,value,unit,note\na,share_retaken,86,percent,{note}\n", "utf-8-sig")
    claims = read_claims(str(path))
    assert claims["note"].iloc[0] == 'Курск; "quoted", {braces}\nand a second line'
    assert check_claims(claims)["status"].tolist() == ["not comparable"]


def test_a_bad_frame_names_every_claim_and_column() -> None:
    bad = pd.DataFrame(
        [
            {"claim_id": "a", "measure": "share_retaken", "value": 86, "unit": "km2", "qualifier": "exact"},
            {"claim_id": "a", "measure": "area_lost", "value": "many", "unit": "km2", "qualifier": "exact"},
        ]
    )
    with pytest.raises(InputError) as caught:
        check_claims(bad)
    message = str(caught.value)
    assert "4 faults" in message
    for fault in (
        "column unit: 'km2' does not fit",
        "column measure: 'area_lost'",
        "column value: 'many'",
        "stands twice",
    ):
        assert fault in message


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"as_of": "yesterday"}, "as_of"),
        ({"as_of": "2024-01-01"}, "before the first day of the data"),
        ({"base_km2": 0}, "base_km2"),
        ({"base_km2": math.inf}, "base_km2"),
        ({"tolerance_days": -1}, "tolerance_days"),
        ({"tolerance_days": 1.5}, "tolerance_days"),
    ],
)
def test_bad_options_are_refused(article: pd.DataFrame, options: dict[str, Any], fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        check_claims(article, **options)


def test_missing_columns_and_unknown_events_are_refused(article: pd.DataFrame) -> None:
    with pytest.raises(InputError, match=r"column missing: unit$"):
        check_claims(article[["claim_id", "measure", "value"]])
    with pytest.raises(InputError, match="ev-2025-03-12-nothing"):
        check_claims(changed(article, "visit-day", event_id="ev-2025-03-12-nothing"))


# Expressing one figure as another


@pytest.mark.parametrize(
    ("source", "found", "target", "unit", "expected"),
    [
        ("area_retaken", (634, 634, "km2"), "share_retaken", "percent", (50, 50)),
        ("area_held", (317, 634, "km2"), "share_retaken", "percent", (50, 75)),
        ("area_held", (317, 634, "km2"), "share_held", "percent", (25, 50)),
        ("share_held", (10, 10, "percent"), "share_retaken", "percent", (90, 90)),
        ("share_lost", (40, 100, "percent"), "share_retaken", "percent", (40, 100)),
        ("share_retaken", (50, 50, "percent"), "area_held", "km2", (634, 634)),
        ("share_retaken", (100, 100, "percent"), "area_retaken", "sq_mi", (489.58, 489.58)),
        ("area_retaken", (1100, math.inf, "km2"), "area_held", "km2", (0, 168)),
        ("area_retaken", (1100, math.inf, "km2"), "share_retaken", "percent", (86.75, 100)),
        ("area_retaken", (1100, math.inf, "km2"), "area_retaken", "sq_mi", (424.71, math.inf)),
        ("area_held", (1294, 1294, "km2"), "area_retaken", "km2", (-26, -26)),
    ],
)
def test_one_measure_is_expressed_as_another(
    source: str, found: tuple[float, float, str], target: str, unit: str, expected: tuple[float, float]
) -> None:
    result = Scale(source, target, unit, 1268).expressed(Interval(*found))
    assert result.unit == unit
    assert (round(result.lower, 2), round(result.upper, 2)) == expected


def test_a_bound_that_is_left_out_stays_left_out() -> None:
    more = Interval(1268, math.inf, "km2", "neither")
    assert (
        not Scale("area_retaken", "share_retaken", "percent", 1268)
        .expressed(Interval(634, math.inf, "km2", "neither"))
        .overlaps(Interval(50, 50, "percent"))
    )
    assert (
        not Scale("area_retaken", "area_retaken", "km2", 1268)
        .expressed(more)
        .overlaps(Interval(1268, 1268, "km2"))
    )


def test_readings_of_a_figure() -> None:
    (plain,), (counted,), (about,) = (
        stated(claim(measure=measure, value=value, unit=unit, qualifier=qualifier))
        for measure, value, unit, qualifier in [
            ("share_retaken", 86, "percent", "exact"),
            ("settlements_held", 28, "settlements", "exact"),
            ("area_held", 400, "km2", "about"),
        ]
    )
    assert [one.name for one in plain.readings] == ["rounded", "truncated", "more than"]
    assert [one.name for one in counted.readings] == ["as written"]
    assert [one.name for one in about.readings] == ["about"]
    assert plain.readings[2].values == Interval(86, 100, "percent", "right")


def test_every_sentence_comes_from_the_catalogue(
    article: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A catalogue that marks whole sentences shows that none is put together outside of it."""

    class Marked(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return f"«{message}»" if message.endswith(".") else message

    monkeypatch.setattr(language, "_catalogue", lambda _: Marked())
    sentences = check_claims(article)["sentence"]
    assert len(sentences) > 100
    assert all(text.startswith("«") and text.endswith("»") for text in sentences)


def test_messages_hold_no_numbers(article: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()

    class Listening(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            asked.add(message)
            return message

    monkeypatch.setattr(language, "_catalogue", lambda _: Listening())
    check_claims(article)
    templates = {message for message in asked if "{" in message}
    assert len(templates) > 15
    assert not [message for message in templates if any(letter.isdigit() for letter in message)]
