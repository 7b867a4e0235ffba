"""The views on area, article and timeline: tidy tables derived from the claims.

Every view takes ``as_of``: only what was public on that day enters (`kurskdata.tables.as_of`). Views compute and
select; they never average claims or choose between them. Settlements are in `kurskdata.tables.settlements`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Real
from typing import Any

import pandas as pd

from kurskdata.errors import Day, InputError, choice
from kurskdata.tables import door, reader
from kurskdata.tables.as_of import day, month_end, period, public, public_day
from kurskdata.tables.descriptor import MAPS, allowed, documented
from kurskdata.tables.intervals import Interval, conversion, interval

BASE_KM2 = 1268.0
"""The area that Russia's Defence Ministry gave as first occupied (17 January 2025), base of its percentages."""

PEAK = pd.Timestamp("2024-09-06")
"""From this day on, what Ukraine did not hold of the base counts as retaken: the day of the highest figure
that a named Ukrainian official gave. Before it, land not yet taken and land retaken cannot be told apart."""

_SHARES = ("share_retaken", "share_lost", "share_held", "area_retaken", "area_held")
_NUMBERS = ("value_to", "held_low_km2", "held_high_km2", "share_low", "share_high")


@documented
def area_claims(*, as_of: Day = None, base_km2: float = BASE_KM2, variants: bool = True) -> pd.DataFrame:
    """Claims that give or imply what Ukraine held in the Kursk oblast: one row per claim.

    What Russia said it retook leaves the rest of ``base_km2`` to Ukraine. ``how`` is *stated* where the claimant
    gave a share, of whatever base, and *implied* where the share follows from an area and the base. An area held
    by Ukraine implies a share only from 6 September 2024 on; before, the share is empty. Shares lie within 0 and
    100. ``variants=False`` leaves out other wordings of the same statement.
    Raises InputError for an invalid day or a base that is not above zero.
    """
    if not isinstance(base_km2, Real) or not 0 < base_km2 < math.inf:
        raise InputError(f"base_km2: {base_km2} must be above zero")
    claims = public("area", day(as_of))
    by_id = claims.set_index("claim_id", drop=False)
    chosen = claims[claims["measure"].isin(_SHARES)].copy()
    if not variants:
        chosen = chosen[chosen["variant_of"].isna()]
    known, month = public_day(chosen), month_end(chosen["as_of_month"])
    month = month.where(~(month > known), known)
    chosen["date"] = chosen["as_of"].fillna(month).fillna(known)
    basis = pd.Series("reported", chosen.index).mask(month.notna(), "month")
    chosen["date_basis"] = basis.mask(chosen["as_of"].notna(), "as_of")
    other_end = (chosen["qualifier"] == "at_most") & chosen["range_with"].isin(by_id.index)
    rows = [_held(row, by_id, base_km2) for row in chosen[~other_end].to_dict("records")]
    found = pd.DataFrame(rows, columns=door.columns("area")).astype(dict.fromkeys(_NUMBERS, "float64"))
    found = found.sort_values(["date", "claim_id"], kind="stable", na_position="first", ignore_index=True)
    return reader.texts_typed(found)


@documented
def area_percentages(*, as_of: Day = None, base_km2: float = BASE_KM2, variants: bool = True) -> pd.DataFrame:
    """Claims that give or imply which share of the area taken by Ukraine was retaken: one row per claim.

    The rows of `area_claims` that have a share, with the same columns, options and errors.
    """
    claims = area_claims(as_of=as_of, base_km2=base_km2, variants=variants)
    return claims[claims["share_low"].notna()].reset_index(drop=True)


def figure(row: dict[Any, Any], by_id: pd.DataFrame | None = None, reading: str = "rounded") -> Interval:
    """The interval of one claim; both ends where ``by_id`` holds the other end of its range."""
    own = interval(row["value"], row["unit"], row["qualifier"], reading)
    other = row.get("range_with")
    if by_id is None or not isinstance(other, str) or other not in by_id.index:
        return own
    low, high = sorted([float(row["value"]), *by_id["value"][[other]].tolist()])
    return Interval(low, high, row["unit"])


def _held(row: dict[Any, Any], by_id: pd.DataFrame, base_km2: float) -> dict[str, Any]:
    """One row of `area_claims`."""
    stated = figure(row, by_id)
    paired = isinstance(row["range_with"], str) and row["range_with"] in by_id.index
    measure = row["measure"]
    if measure.startswith("share"):
        share = stated.rest_of(100) if measure == "share_held" else stated
        left = share.rest_of(100)
        held = Interval(left.lower * base_km2 / 100, left.upper * base_km2 / 100, "km2")
    else:
        area = stated.to("km2")
        held = area if measure == "area_held" else area.within(0, base_km2).rest_of(base_km2)
        share = share_retaken(held, base_km2)
    share = share.within(0, 100)
    early = measure == "area_held" and not row["date"] >= PEAK
    return {
        **row,
        "qualifier": "range" if paired else row["qualifier"],
        "value_to": by_id.loc[row["range_with"], "value"] if paired else None,
        "how": "stated" if measure.startswith("share") else "implied",
        "held_low_km2": round(held.lower, 2),
        "held_high_km2": round(held.upper, 2),
        "share_low": None if early else round(share.lower, 2),
        "share_high": None if early else round(share.upper, 2),
    }


def share_retaken(held: Interval, base_km2: float = BASE_KM2) -> Interval:
    """The percent of the base that an area held by Ukraine leaves as retaken; below 0 for more than the base.

    Before `PEAK` no share follows from an area: land not yet taken and land retaken look the same.
    """
    return held.share_of(Interval(base_km2, base_km2, "km2")).rest_of(100)


def latest_russian_share(claims: pd.DataFrame) -> dict[Any, Any] | None:
    """The share retaken that Russia's side announced last, as a row of `area_claims`; None where there is none.

    Other wordings of the same statement are left out. Needs the columns ``side``, ``measure``, ``variant_of``,
    ``reported`` and ``date``.
    """
    stated = claims[(claims["side"] == "russia") & (claims["measure"] == "share_retaken")]
    stated = stated[stated["variant_of"].isna() & stated["reported"].notna()]
    stated = stated.sort_values(["reported", "date"], kind="stable")
    return stated.iloc[-1].to_dict() if len(stated) else None


@documented
def count_claim(*, as_of: Day = None, start: Day = None, end: Day = None) -> dict[Any, Any] | None:
    """The claim on settlements retaken in a window that lies within a period: the row of ``area``, or None.

    The General Staff's claims come before the Ministry's, later ones before earlier ones; windows of one or two
    days, which repeat a bulletin, and variants are left out. Raises InputError for an invalid day.
    """
    claims = public("area", day(as_of))
    claims = claims[(claims["measure"] == "settlements_retaken_in_window") & claims["variant_of"].isna()]
    first, last = day(start, "start") or pd.Timestamp.min, day(end, "end") or pd.Timestamp.max
    claims = claims[(claims["window_start"] >= first) & (claims["window_end"] <= last)]
    claims = claims[(claims["window_end"] - claims["window_start"]).dt.days >= 2]
    rank = claims["claimant"].map({"Russian Defence Ministry": 0, "Valery Gerasimov": 1})
    ranked = claims.assign(rank=rank)[rank.notna()].sort_values(["rank", "reported"], kind="stable")
    return ranked.drop(columns="rank").iloc[-1].to_dict() if len(ranked) else None


@documented
def area_held(
    *, as_of: Day = None, start: Day = None, end: Day = None, observer: str = "any", pocket: str = "any"
) -> pd.DataFrame:
    """Area of the Kursk oblast that the maps show as held by Ukraine: one row per day and observer.

    Areas in sq km; empty where nothing is drawn, which is not zero. ``pocket`` keeps one of the pockets apart; "any"
    adds them up. Days are those of the map, which could be seen the same day. Raises InputError for an unknown observer
    or pocket, or invalid days.
    """
    rows = reader.load("control")
    for column, chosen in (("observer", observer), ("pocket", pocket)):
        choice(column, chosen, ["any", *allowed("control", column)])
        rows = rows[(chosen == "any") | (rows[column] == chosen)]
    first, last = period(start, end, day(as_of), rows["date"].max())
    rows = rows[rows["date"].between(first, last)]
    rows = rows.assign(with_unclear_km2=rows["held_km2"].fillna(0) + rows["unclear_km2"].fillna(0))
    rows["drawn"] = rows["status"] == "drawn"
    grouped = rows.groupby(["date", "observer"])
    summed = grouped[["with_unclear_km2"]].sum()
    summed.insert(0, "held_km2", grouped["held_km2"].sum(min_count=1))
    summed = summed.assign(drawn=grouped["drawn"].any()).reset_index()
    summed.loc[~summed["drawn"], ["held_km2", "with_unclear_km2"]] = float("nan")
    summed["status"] = summed.pop("drawn").map({True: "drawn", False: "not_drawn"})
    return reader.texts_typed(summed.round({"held_km2": 2, "with_unclear_km2": 2}))


@documented
def area_record(*, as_of: Day = None, observer: str = "deepstate") -> pd.DataFrame:
    """Every statement on the area held, against what a map shows as held on the day spoken of: one row per statement.

    A claimant's shares are taken of the total that he last gave, otherwise of 1,268 sq km. Of what one claimant said of
    one day the area held stands before shares, and shares before areas retaken. Claims of the maker of the map leave out
    the pocket near Tyotkino and are compared without it. Raises InputError for an unknown observer or an invalid day.
    """
    claims, rows = area_claims(as_of=as_of, variants=False), public("area", day(as_of))
    totals = rows.query("measure == 'area_seized' and qualifier in ['exact', 'about'] and side != 'russia'")
    factors = totals["unit"].map(lambda unit: conversion(unit, "km2"))
    bases = dict(zip(totals["claimant"], totals["value"] * factors, strict=True))
    part = (claims["claimant"].map(bases).fillna(BASE_KM2) / BASE_KM2).astype("float64")
    for end in ("held_low_km2", "held_high_km2"):
        claims[end] *= part.where(claims["measure"].str.startswith("share"), 1.0)
    month = (claims["date_basis"] == "month") | claims["reported"].isna()
    claims["date_basis"] = claims["date_basis"].mask(month, "month")
    rank = claims["measure"].map({"area_held": 0, "area_retaken": 2}).fillna(1)
    order = claims.assign(month=month, rank=rank).sort_values(["month", "rank", "reported"], kind="stable")
    claims = order.drop_duplicates(["claimant", "date"]).sort_index()
    own = claims["claimant"] == MAPS[choice("observer", observer, allowed("control", "observer"))].name
    found = []
    for pocket, some in (("any", claims[~own]), ("sudzha", claims[own])):
        maps = area_held(as_of=as_of, observer=observer, pocket=pocket).set_index("date")
        drawn = maps.reindex(some["date"].mask(some["date_basis"] == "month")).set_axis(some.index)
        found.append(some.assign(map_low_km2=drawn["held_km2"], map_high_km2=drawn["with_unclear_km2"]))
    record = pd.concat(found).sort_index()
    above = (record["held_low_km2"] - record["map_high_km2"]).clip(lower=0)
    record["apart_km2"] = above + (record["held_high_km2"] - record["map_low_km2"]).clip(upper=0)
    return record[door.columns("record")].round({"apart_km2": 2}).reset_index(drop=True)


def map_on(maps: pd.DataFrame, date: pd.Timestamp, observer: str) -> Interval | None:
    """What one map of the view `area_held` shows as held by Ukraine on a day, in sq km: see `held_on_map`."""
    rows = maps[(maps["date"] == date) & (maps["observer"] == observer)]
    return held_on_map(rows.iloc[0].to_dict()) if len(rows) else None


def held_on_map(row: Mapping[Any, Any]) -> Interval | None:
    """A row of the view `area_held` as an interval in sq km: from held to held or unclear; None where not drawn."""
    if row["status"] != "drawn":
        return None
    return Interval(0.0 if pd.isna(row["held_km2"]) else row["held_km2"], row["with_unclear_km2"], "km2")


@documented
def article_claims(*, as_of: Day = None) -> pd.DataFrame:
    """The claims of the article, in the order of its paragraphs: one row per claim, columns of ``article``.

    Empty for a day before the article appeared. Raises InputError for an invalid day.
    """
    claims = public("article", day(as_of))
    return claims.sort_values(["paragraph", "claim_id"], kind="stable").reset_index(drop=True)


@documented
def timeline(
    *, as_of: Day = None, importance: int | None = None, category: str | list[str] | None = None
) -> pd.DataFrame:
    """Events up to a day: one row per event, with the columns of the table ``timeline``.

    With ``as_of`` only events that were public by then, by ``reported``. Their last day, what became known later and
    that they are disputed are told only if that was known too.
    ``importance`` keeps events of at least that importance (1 is the highest); ``category`` one or several
    categories. Raises InputError for an unknown category or importance, or an invalid day.
    """
    events = public("timeline", day(as_of))
    if importance not in (None, 1, 2, 3):
        raise InputError(f"importance: {importance!r} is not known; allowed: 1, 2, 3")
    if importance is not None:
        events = events[events["importance"] <= importance]
    if category is not None:
        known = allowed("timeline", "category")
        chosen = [category] if isinstance(category, str) else category
        events = events[events["category"].isin([choice("category", one, known) for one in chosen])]
    return events.sort_values(["date", "importance", "event_id"], kind="stable").reset_index(drop=True)
