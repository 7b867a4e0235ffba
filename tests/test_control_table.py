"""The shipped areas measured from maps: against figures measured with other code, and against the press."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

import pandas as pd
import pytest

import kurskdata
from kurskdata.tables import reader
from kurskdata.tables.descriptor import MAPS, data_folder, resource
from kurskdata.tables.intervals import Interval, interval

# Measured once with other code, in whole sq km, both pockets together: held, unclear.
ORIENTATION = [
    ("deepstate", "2024-08-15", 508, 642),
    ("deepstate", "2024-09-08", 909, 338),
    ("deepstate", "2025-01-19", 440, 187),
    ("deepstate", "2025-03-06", 355, 190),
    ("deepstate", "2025-03-12", 152, 62),
    ("deepstate", "2025-04-26", 29, 31),
    ("owlmaps", "2024-08-12", 622, None),
    ("owlmaps", "2024-09-06", 1108, None),
    ("owlmaps", "2025-01-16", 451, None),
    ("owlmaps", "2025-03-07", 340, None),
    ("owlmaps", "2025-03-10", 152, None),
    ("owlmaps", "2025-03-11", 58, None),
]

# Areas that DeepState itself gave, the day on the map that they speak of, and what is compared. A peak is that
# of the day with the largest held area; the last day of the table stands for a later one.
PEAK, LAST_DAY = "2024-09-06", "2025-06-15"
PRESS = {
    "2024-10-14-deepstate-area-seized-900": (PEAK, "held_km2"),
    "2024-10-14-deepstate-area-unclear-330": (PEAK, "unclear_km2"),
    "2024-10-15-newsweek-area-seized-350": (PEAK, "held_km2"),
    "2024-11-24-deepstate-area-held-560": ("2024-11-22", "held_km2"),
    "2024-11-24-deepstate-area-unclear-200": ("2024-11-22", "unclear_km2"),
    "2025-01-17-deepstate-area-held-420": ("2025-01-17", "held_km2"),
    "2025-02-06-deepstate-area-held-428": ("2025-02-06", "held_km2"),
    "2025-03-13-deepstate-area-held-140": ("2025-03-13", "held_km2"),
    "2025-04-03-deepstate-area-held-140": ("2025-04-03", "held_km2"),
    "2025-04-06-deepstate-area-held-63": ("2025-04-06", "held_km2"),
    "2025-04-06-deepstate-area-unclear-81": ("2025-04-06", "unclear_km2"),
    "2025-04-08-deepstate-area-held-58": ("2025-04-08", "held_km2"),
    "2025-04-26-deepstate-area-held-30": ("2025-04-26", "held_km2"),
    "2025-06-22-deepstate-area-held-5.5": (LAST_DAY, "held_km2"),
}
EXCEPTIONS = {
    "2024-11-24-deepstate-area-unclear-200": "held area of 22 November with the unclear area of the 23rd",
    "2025-04-03-deepstate-area-held-140": "a stale relay of 13 March",
    "2025-04-08-deepstate-area-held-58": "the map of the day before",
    "2025-04-26-deepstate-area-held-30": "the map of the day before",
}


@pytest.fixture(scope="module")
def control() -> pd.DataFrame:
    return reader.load("control")


def sudzha(control: pd.DataFrame, day: str) -> dict[str, Any]:
    """DeepState's pocket round Sudzha on one day."""
    rows = control[(control["observer"] == "deepstate") & (control["pocket"] == "sudzha")]
    return rows[rows["date"] == day].iloc[0].to_dict()


@pytest.mark.parametrize(("observer", "day", "held", "unclear"), ORIENTATION)
def test_figures_agree_with_independent_ones_within_one_percent(
    control: pd.DataFrame, observer: str, day: str, held: int, unclear: int | None
) -> None:
    rows = control[(control["observer"] == observer) & (control["date"] == day)]
    # Or within the rounding to whole sq km, which is wider for the smallest.
    assert rows["held_km2"].sum() == pytest.approx(held, rel=0.01, abs=0.5)
    if unclear is not None:
        assert rows["unclear_km2"].sum() == pytest.approx(unclear, rel=0.01, abs=0.5)


def test_owlmaps_draws_nothing_from_12_march_and_that_is_not_zero(control: pd.DataFrame) -> None:
    rows = control[(control["observer"] == "owlmaps") & (control["date"] >= "2025-03-12")]
    assert len(rows) == (pd.Timestamp(LAST_DAY) - pd.Timestamp("2025-03-12")).days + 1
    assert set(rows["status"]) == {"not_drawn"}
    assert rows["held_km2"].isna().all()


def test_every_area_that_deepstate_gave_is_compared() -> None:
    claims = reader.load("area")
    areas = claims["measure"].str.fullmatch("area_(?!.*_in_window).*")
    given = claims[(claims["claimant"] == "DeepState") & areas]
    assert set(given["claim_id"]) == set(PRESS)


def test_the_day_compared_is_the_day_spoken_of_or_reported(control: pd.DataFrame) -> None:
    claims = reader.load("area").set_index("claim_id")
    for claim_id, (day, _) in PRESS.items():
        if day not in (PEAK, LAST_DAY):
            spoken = claims.loc[claim_id, "as_of"]
            assert pd.Timestamp(day) == (claims.loc[claim_id, "reported"] if pd.isna(spoken) else spoken)
    deepstate = control[(control["observer"] == "deepstate") & (control["pocket"] == "sudzha")]
    assert deepstate.loc[deepstate["held_km2"].idxmax(), "date"] == pd.Timestamp(PEAK)
    assert deepstate["date"].max() == pd.Timestamp(LAST_DAY)


def _agrees(claim: pd.Series[Any], found: float) -> bool:
    """Whether a measured area lies within 3 % of the figure or inside its qualifier."""
    said = interval(claim["value"], claim["unit"], claim["qualifier"]).to("km2")
    return abs(found / _km2(claim) - 1) <= 0.03 or said.overlaps(Interval(found, found, "km2"))


def _km2(claim: pd.Series[Any]) -> float:
    """The figure of a claim without its qualifier, in sq km."""
    return interval(claim["value"], claim["unit"], "exact", "as written").to("km2").lower


@pytest.mark.parametrize(
    "claim_id",
    [
        pytest.param(one, marks=pytest.mark.xfail(strict=True, reason=EXCEPTIONS[one]))
        if one in EXCEPTIONS
        else one
        for one in PRESS
    ],
)
def test_the_press_was_given_what_the_map_shows(control: pd.DataFrame, claim_id: str) -> None:
    day, column = PRESS[claim_id]
    assert _agrees(reader.load("area").set_index("claim_id").loc[claim_id], sudzha(control, day)[column])


def test_the_unclear_200_fits_the_day_after_the_one_spoken_of(control: pd.DataFrame) -> None:
    claim = reader.load("area").set_index("claim_id").loc["2024-11-24-deepstate-area-unclear-200"]
    assert _agrees(claim, sudzha(control, "2024-11-23")["unclear_km2"])


@pytest.mark.parametrize(
    ("claim_id", "day"),
    [
        ("2025-04-03-deepstate-area-held-140", "2025-03-13"),
        ("2025-04-08-deepstate-area-held-58", "2025-04-07"),
        ("2025-04-26-deepstate-area-held-30", "2025-04-25"),
    ],
)
def test_reports_of_april_fit_an_older_map(control: pd.DataFrame, claim_id: str, day: str) -> None:
    claim = reader.load("area").set_index("claim_id").loc[claim_id]
    assert _agrees(claim, sudzha(control, day)["held_km2"])


def test_with_both_pockets_the_press_figures_fit_less_well(control: pd.DataFrame) -> None:
    deepstate = control[control["observer"] == "deepstate"]
    for day, said in (("2024-11-22", 560), ("2025-03-13", 140)):
        both = deepstate.loc[deepstate["date"] == day, "held_km2"].sum()
        assert abs(both - said) > 10 > abs(sudzha(control, day)["held_km2"] - said)


def test_methodology_prints_the_comparison(control: pd.DataFrame) -> None:
    text = (data_folder() / "METHODOLOGY.md").read_text("utf-8")
    claims = reader.load("area").set_index("claim_id")
    for claim_id, (day, column) in PRESS.items():
        said, found = claims.loc[claim_id], sudzha(control, day)[column]
        words = {"about": "about ", "nearly": "nearly ", "more_than": "more than "}.get(said["qualifier"], "")
        unit = "sq mi " if said["unit"] == "sq_mi" else ""
        figure = f"{words}{said['value']:g} {unit}{'unclear' if 'unclear' in said['measure'] else 'held'}"
        difference = (
            "inside" if said["qualifier"] == "more_than" else f"{100 * (found / _km2(said) - 1):+.1f} %"
        )
        row = rf"\| {said['reported']:%Y-%m-%d} \| {re.escape(figure)}[^|]* \| {day}[^|]* \| {found:.2f} \| "
        assert re.search(row + re.escape(difference) + r" \|", text), claim_id


def test_methodology_describes_the_archives(control: pd.DataFrame) -> None:
    text = re.sub(r"\s+", " ", (data_folder() / "METHODOLOGY.md").read_text("utf-8"))
    days = {name: set(rows["date"]) for name, rows in control.groupby("observer")}
    period = pd.date_range("2024-08-01", "2025-06-15")
    for found in days.values():
        assert (min(found), max(found)) == (period[0], period[-1])
    assert f"{len(days['deepstate'])} of {len(period)} | {len(days['owlmaps'])} of {len(period)}" in text
    drawn = control[control["held_km2"].notna()].groupby("observer")["date"]
    assert f"before {drawn.min()['deepstate']:%-d %B %Y}" in text
    assert f"from {drawn.min()['owlmaps']:%-d %B %Y} to {drawn.max()['owlmaps']:%-d %B %Y}" in text
    tyotkino = control[control["pocket"] == "tyotkino"].set_index("date")["held_km2"]
    assert f"drawn from {tyotkino.index[0]:%-d %B %Y} on and is {tyotkino.iloc[1]:.2f} sq km" in text
    assert set(tyotkino.iloc[1:]) == {11.36}
    for day, column in (
        ("2024-10-14", "held_km2"),
        ("2024-10-14", "unclear_km2"),
        ("2024-12-31", "held_km2"),
    ):
        assert f"{sudzha(control, day)[column]:.2f}" in text
    assert f"{sudzha(control, '2025-04-03')['held_km2']:.2f} on 3 April" in text
    for day in ("2025-04-07", "2025-04-25"):
        assert f"{sudzha(control, day)['held_km2']:.2f}" in text
    assert f"draws {sudzha(control, '2025-04-26')['held_km2']:.2f} sq km round Sudzha" in text


def test_methodology_names_the_method_as_the_code_applies_it() -> None:
    pytest.importorskip("shapely")
    pytest.importorskip("pyproj")
    code = import_module("kurskdata.tables.measure")
    # The import binds the module under the name of the loader and would hide it from other tests.
    vars(kurskdata).pop("control", None)
    text = re.sub(r"\s+", " ", (data_folder() / "METHODOLOGY.md").read_text("utf-8"))
    for west, south, east, north in (code.BOX, code.TYOTKINO):
        assert f"{west}-{east} E, {south}-{north} N" in text
    for fill, kind in code._FILLS.items():
        assert re.search(rf"`{fill}` (count )?as {kind}", text)
    for archive in MAPS.values():
        assert archive.repository in text


def test_provenance_names_archive_period_hash_and_versions(control: pd.DataFrame) -> None:
    text = (data_folder() / "METHODOLOGY.md").read_text("utf-8")
    records = resource("control")["provenance"]
    assert [record["observer"] for record in records] == sorted(set(control["observer"]))
    for record in records:
        days = control.loc[control["observer"] == record["observer"], "date"]
        assert (record["first_date"], record["last_date"]) == (
            f"{days.min():%Y-%m-%d}",
            f"{days.max():%Y-%m-%d}",
        )
        assert f"`{record['sha256']}`" in text
        assert record["archive"] in text
        for library, version in record["versions"].items():
            assert f"{library} {version}" in text
    counts = {name: [record[name] for record in records] for name in ("files", "skipped")}
    assert re.search(rf"\| files measured \| {counts['files'][0]} \| {counts['files'][1]} \|", text)
    assert re.search(rf"could not be read \| {counts['skipped'][0]} \| {counts['skipped'][1]} \|", text)
