"""Tidy tables derived from the claims: settlements per day, shares of the area, area on the maps, timeline.

Every view takes ``as_of``: only what was public on that day enters. A claim whose day of announcement is not
known counts from the last day of the month that is known; one without any date enters only when ``as_of`` is
left out. Views compute and select; they never average claims or choose between them.
"""

from __future__ import annotations

import datetime as dt
import math
from numbers import Real
from typing import Any, cast

import pandas as pd

from kurskdata.errors import InputError, choice
from kurskdata.tables import reader
from kurskdata.tables.descriptor import allowed, covered, resource
from kurskdata.tables.intervals import Interval, interval
from kurskdata.tables.place_names import place_names

Day = str | dt.date | pd.Timestamp | None

BASE_KM2 = 1268.0
"""The area that Russia's Defence Ministry gave as first occupied (17 January 2025), base of its percentages."""

PEAK = pd.Timestamp("2024-09-06")
"""From this day on, what Ukraine did not hold of the base counts as retaken: the day of the highest figure
that a named Ukrainian official gave. Before it, land not yet taken and land retaken cannot be told apart."""

_SHARES = ("share_retaken", "share_lost", "share_held", "area_retaken", "area_held")


def day(value: Day, name: str = "as_of") -> pd.Timestamp | None:
    """A day from text (YYYY-MM-DD), date or timestamp; None stays None.

    Raises InputError for anything else.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            return reader.day(value)
        except ValueError:
            raise InputError(
                f"{name}: {value!r} is not a day; write it YYYY-MM-DD, such as 2025-03-14"
            ) from None
    if isinstance(value, dt.date):
        stamp = pd.Timestamp(value)
        if not pd.isna(stamp) and stamp.tzinfo is None:
            return stamp.normalize()
    raise InputError(f"{name}: {value!r} is not a day; write it YYYY-MM-DD, such as 2025-03-14")


def settlements_per_day(
    *,
    as_of: Day = None,
    start: Day = None,
    end: Day = None,
    claimant: str = "official",
    first_only: bool = True,
    language: str = "en",
) -> pd.DataFrame:
    """Settlements of the Kursk oblast that a claimant said were retaken: one row per day, zeros included.

    Columns: ``date`` (day of announcement), ``settlements`` (number that day), ``names`` and ``place_ids``
    (separated by "; " and ";"), ``claim_ids``, ``cumulative`` (settlements announced since 6 August 2024).

    ``claimant`` is "official" (Russia's Defence Ministry and General Staff), "any", or one claimant of the
    table ``retaken``. With ``first_only`` a settlement counts on the day of its first claim by that claimant;
    otherwise repeats count too. Variants never count, and neither do claims whose day is not known. Days outside
    the period that the data cover, 6 August 2024 to 31 May 2025, have no row.
    Raises InputError for a day that is none, ``start`` after ``end``, or an unknown claimant or language.

    >>> import kurskdata as kd
    >>> days = kd.settlements_per_day(as_of="2025-03-14", start="2025-03-08", end="2025-03-12")
    >>> [int(count) for count in days["settlements"]]
    [3, 4, 0, 12, 5]
    """
    cut = day(as_of)
    claims = _retaken(cut, claimant, first_only)
    opening, closing = (pd.Timestamp(edge) for edge in covered())
    first, last = _window(start, end, cut, pd.Series([closing]))
    # Outside the period covered nobody looked for claims, so that there a zero would say too much.
    first, last = max(first, opening), min(last, closing)
    if first > last:
        raise InputError(
            f"start: {first.date()} is after the period of the data, which ends on {closing.date()}"
        )
    names = names_in(language)
    claims["name"] = [_name(row, names) for row in claims.to_dict("records")]
    claims["place"] = claims["place_id"].fillna(claims["candidate_place_ids"])
    grouped = claims.groupby("reported")
    perday = pd.DataFrame(
        {
            "settlements": grouped.size(),
            "names": grouped["name"].agg("; ".join),
            "place_ids": grouped["place"].agg(";".join),
            "claim_ids": grouped["claim_id"].agg(";".join),
        }
    )
    days = pd.date_range(
        min(first, claims["reported"].min()) if len(claims) else first, last, name="date", unit="s"
    )
    filled = perday.reindex(days)
    filled["settlements"] = filled["settlements"].fillna(0).astype("int64")
    for column in ("names", "place_ids", "claim_ids"):
        filled[column] = filled[column].astype("str").where(filled[column].notna(), "")
    filled["cumulative"] = filled["settlements"].cumsum()
    return filled.loc[first:].reset_index()


def _retaken(cut: pd.Timestamp | None, claimant: str, first_only: bool) -> pd.DataFrame:
    """The claims on settlements that count, in order of announcement."""
    choice("claimant", claimant, ["official", "any", *allowed("retaken", "claimant")])
    claims = known(reader.load("retaken"), cut)
    claims = claims[~claims["variant"] & claims["reported"].notna()]
    if claimant == "official":
        claims = claims[claims["official"]]
    elif claimant != "any":
        claims = claims[claims["claimant"] == claimant]
    claims = claims.sort_values(["reported", "claim_id"], kind="stable")
    if first_only:
        place = claims["place_id"].fillna(claims["candidate_place_ids"])
        claims = claims[~place.duplicated()]
    return claims.copy()


def _name(row: dict[Any, Any], names: dict[str, str]) -> str:
    known = row["place_id"] if isinstance(row["place_id"], str) else row["candidate_place_ids"].split(";")[0]
    return names[known]


def names_in(language: str) -> dict[str, str]:
    """Name by place in a language. Raises InputError for one that there is none for."""
    return place_names(reader.load("places"), choice("language", language, ("en", "uk", "ru", "de")))


def known(frame: pd.DataFrame, cut: pd.Timestamp | None) -> pd.DataFrame:
    """The rows that were public by the end of the day ``cut``."""
    if cut is None:
        return frame
    public = _public(frame)
    if cut < public.min():
        raise InputError(f"as_of: {cut.date()} is before the first claim, {public.min().date()}")
    return frame[public <= cut]


def _public(frame: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """The day since when a row is public: the day reported, else the last day of the month reported."""
    return frame["reported"].fillna(_month_end(frame["reported_month"]))


def _month_end(months: pd.Series[Any]) -> pd.Series[pd.Timestamp]:
    starts = pd.to_datetime(months, format="%Y-%m")
    return (starts + pd.offsets.MonthEnd(0)).astype("datetime64[s]")


def _window(
    start: Day, end: Day, cut: pd.Timestamp | None, dates: pd.Series[pd.Timestamp]
) -> tuple[pd.Timestamp, pd.Timestamp]:
    first = day(start, "start") or pd.Timestamp(covered()[0])
    last = day(end, "end") or cut or (dates.max() if len(dates) else first)
    if cut is not None and last > cut:
        last = cut
    if first > last:
        raise InputError(f"start: {first.date()} is after the end, {last.date()}")
    return first, last


def area_claims(*, as_of: Day = None, base_km2: float = BASE_KM2, variants: bool = True) -> pd.DataFrame:
    """Claims that give or imply what Ukraine held in the Kursk oblast: one row per claim.

    Columns: ``claim_id``, ``claimant``, ``capacity``, ``side``, ``reported``, ``date`` (day spoken of) and
    ``date_basis`` (as_of, month or reported), ``measure``, ``value`` (to ``value_to`` where a range was given),
    ``unit``, ``qualifier`` (range where a range was given), ``how``, ``held_low_km2`` and ``held_high_km2``,
    ``share_low`` and ``share_high`` (percent retaken), ``variant_of``, ``source_ids``, ``note``.

    What Russia said it retook leaves the rest of ``base_km2`` to Ukraine. ``how`` is *stated* where the claimant
    gave a share, of whatever base, and *implied* where the share follows from an area and the base. An area held
    by Ukraine implies a share only from 6 September 2024 on; before, the share is empty. Shares lie within 0 and
    100. ``variants=False`` leaves out other wordings of the same statement.
    Raises InputError for a day that is none or a base that is not above zero.

    >>> import kurskdata as kd
    >>> claims = kd.area_claims(as_of="2025-03-14")
    >>> said = claims[claims["claimant"] == "Valery Gerasimov"].iloc[-1]  # more than 86 % retaken
    >>> float(said["held_low_km2"]), float(said["held_high_km2"])
    (0.0, 177.52)
    """
    if not isinstance(base_km2, Real) or not 0 < base_km2 < math.inf:
        raise InputError(f"base_km2: {base_km2} must be above zero")
    claims = known(reader.load("area"), day(as_of))
    by_id = claims.set_index("claim_id", drop=False)
    chosen = claims[claims["measure"].isin(_SHARES)].copy()
    if not variants:
        chosen = chosen[chosen["variant_of"].isna()]
    chosen["date"], chosen["date_basis"] = _spoken_of(chosen)
    other_end = (chosen["qualifier"] == "at_most") & chosen["range_with"].isin(by_id.index)
    rows = [_held(row, by_id, base_km2) for row in chosen[~other_end].to_dict("records")]
    return (
        pd.DataFrame(rows, columns=list(_AREA_COLUMNS))
        .astype({"value_to": "float64"})
        .sort_values(["date", "claim_id"], kind="stable", na_position="first")
        .reset_index(drop=True)
    )


_AREA_COLUMNS = (
    "claim_id",
    "claimant",
    "capacity",
    "side",
    "reported",
    "date",
    "date_basis",
    "measure",
    "value",
    "value_to",
    "unit",
    "qualifier",
    "how",
    "held_low_km2",
    "held_high_km2",
    "share_low",
    "share_high",
    "variant_of",
    "source_ids",
    "note",
)


def area_percentages(*, as_of: Day = None, base_km2: float = BASE_KM2, variants: bool = True) -> pd.DataFrame:
    """Claims that give or imply which share of the area taken by Ukraine was retaken: one row per claim.

    The rows of `area_claims` that have a share, with the same columns, options and errors.

    >>> import kurskdata as kd
    >>> shares = kd.area_percentages(as_of="2025-03-14", variants=False)
    >>> said = shares[shares["measure"] == "share_retaken"].iloc[-1]
    >>> said["claimant"], said["qualifier"], float(said["share_low"]), float(said["share_high"])
    ('Valery Gerasimov', 'more_than', 86.0, 100.0)
    """
    claims = area_claims(as_of=as_of, base_km2=base_km2, variants=variants)
    return claims[claims["share_low"].notna()].reset_index(drop=True)


def _spoken_of(claims: pd.DataFrame) -> tuple[pd.Series[pd.Timestamp], pd.Series[str]]:
    """The day that each claim speaks of, and how it is known."""
    month = _month_end(claims["as_of_month"])
    month = month.where(~(month > _public(claims)), _public(claims))
    dates = claims["as_of"].fillna(month).fillna(_public(claims))
    basis = (
        pd.Series("reported", index=claims.index)
        .mask(month.notna(), "month")
        .mask(claims["as_of"].notna(), "as_of")
    )
    return dates, basis


def figure(row: dict[Any, Any], by_id: pd.DataFrame | None = None, reading: str = "rounded") -> Interval:
    """The interval of one claim; both ends where ``by_id`` holds the other end of its range."""
    own = interval(row["value"], row["unit"], row["qualifier"], reading)
    other = row.get("range_with")
    if by_id is None or not isinstance(other, str) or other not in by_id.index:
        return own
    theirs = cast("pd.Series[Any]", by_id.loc[other])
    ends = sorted([float(row["value"]), float(theirs["value"])])
    return Interval(ends[0], ends[1], row["unit"])


def _held(row: dict[Any, Any], by_id: pd.DataFrame, base_km2: float) -> dict[str, Any]:
    """One row of `area_claims`."""
    found = figure(row, by_id)
    paired = isinstance(row["range_with"], str) and row["range_with"] in by_id.index
    measure, base = row["measure"], Interval(base_km2, base_km2, "km2")
    if measure.startswith("share"):
        share = found.rest_of(100) if measure == "share_held" else found
        left = share.rest_of(100)
        held = Interval(left.lower * base_km2 / 100, left.upper * base_km2 / 100, "km2")
    else:
        held = (
            found.to("km2")
            if measure == "area_held"
            else found.to("km2").within(0, base_km2).rest_of(base_km2)
        )
        share = held.share_of(base).rest_of(100)
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


def count_claim(*, as_of: Day = None, start: Day = None, end: Day = None) -> dict[Any, Any] | None:
    """The claim on settlements retaken in a window that lies within a period: the row of ``area``, or None.

    The General Staff's claims come before the Ministry's, later ones before earlier ones; windows of one or two
    days, which repeat a bulletin, and variants are left out.

    >>> import kurskdata as kd
    >>> claim = kd.count_claim(as_of="2025-03-14")
    >>> claim["claimant"], int(claim["value"]), f"{claim['window_start']:%d %B}", f"{claim['window_end']:%d %B}"
    ('Valery Gerasimov', 24, '08 March', '12 March')
    """
    claims = known(reader.load("area"), day(as_of))
    claims = claims[(claims["measure"] == "settlements_retaken_in_window") & claims["variant_of"].isna()]
    first, last = day(start, "start"), day(end, "end")
    if first is not None:
        claims = claims[claims["window_start"] >= first]
    if last is not None:
        claims = claims[claims["window_end"] <= last]
    claims = claims[(claims["window_end"] - claims["window_start"]).dt.days >= 2]
    staff = claims[claims["claimant"] == "Valery Gerasimov"]
    ministry = claims[claims["claimant"] == "Russian Defence Ministry"]
    for chosen in (staff, ministry):
        if len(chosen):
            return chosen.sort_values("reported", kind="stable").iloc[-1].to_dict()
    return None


def area_held(
    *, as_of: Day = None, start: Day = None, end: Day = None, observer: str = "any", pocket: str = "any"
) -> pd.DataFrame:
    """Area of the Kursk oblast that the maps show as held by Ukraine: one row per day and observer.

    Columns: ``date``, ``observer``, ``held_km2``, ``with_unclear_km2`` (held plus unclear, where the map draws
    unclear areas; otherwise the held area), ``status``. Areas in sq km; empty where nothing is drawn, which is
    not zero. ``pocket`` keeps one of the pockets apart; "any" adds them up. Days are those of the map, which
    could be seen the same day. Raises InputError for an unknown observer or pocket, or days that are none.

    >>> import kurskdata as kd
    >>> maps = kd.area_held(as_of="2025-03-14", observer="deepstate")
    >>> there = maps[maps["date"] == "2025-03-12"].iloc[0]
    >>> float(there["held_km2"]), float(there["with_unclear_km2"])
    (151.64, 213.57)
    """
    choice("observer", observer, ["any", *allowed("control", "observer")])
    choice("pocket", pocket, ["any", *allowed("control", "pocket")])
    rows = reader.load("control")
    if observer != "any":
        rows = rows[rows["observer"] == observer]
    if pocket != "any":
        rows = rows[rows["pocket"] == pocket]
    first, last = _window(start, end, day(as_of), rows["date"])
    rows = rows[rows["date"].between(first, last)]
    rows = rows.assign(with_unclear_km2=rows["held_km2"].fillna(0) + rows["unclear_km2"].fillna(0))
    rows["drawn"] = rows["status"] == "drawn"
    grouped = rows.groupby(["date", "observer"])
    summed = grouped[["with_unclear_km2"]].sum()
    summed.insert(0, "held_km2", grouped["held_km2"].sum(min_count=1))
    summed = summed.assign(drawn=grouped["drawn"].any()).reset_index()
    summed.loc[~summed["drawn"], ["held_km2", "with_unclear_km2"]] = float("nan")
    summed["status"] = summed.pop("drawn").map({True: "drawn", False: "not_drawn"})
    return summed.round({"held_km2": 2, "with_unclear_km2": 2})


def article_claims(*, as_of: Day = None) -> pd.DataFrame:
    """The claims of the article, in the order of its paragraphs: one row per claim, columns of ``article``.

    Empty for a day before the article appeared. Raises InputError for a day that is none.

    >>> import kurskdata as kd
    >>> len(kd.article_claims(as_of="2025-03-14")), len(kd.article_claims(as_of="2025-03-13"))
    (42, 0)
    """
    cut = day(as_of)
    claims = reader.load("article")
    if cut is not None and cut < reader.day(resource("article")["published"]):
        claims = claims.iloc[:0]
    return claims.sort_values(["paragraph", "claim_id"], kind="stable").reset_index(drop=True)


def timeline(
    *, as_of: Day = None, importance: int | None = None, category: str | list[str] | None = None
) -> pd.DataFrame:
    """Events up to a day: one row per event, with the columns of the table ``timeline``.

    With ``as_of`` the last day of an event and what became known later are empty where they lie after it.
    ``importance`` keeps events of at least that importance (1 is the highest); ``category`` one or several
    categories. Raises InputError for an unknown category, importance or day.

    .. columns of timeline

    event_id : text
        Readable id: ev, day, subject.
    date : day
        Day of the event, or its first day.
    end_date : day
        Last day of an event that lasted longer than a day.
    category : text
        Kind of event. One of: incursion, counteroffensive, settlement, area, statement, diplomacy,
        humanitarian, infrastructure, legal, foreign_troops.
    side : text
        Who acted or spoke. One of: russia, ukraine, us, north_korea, international, independent.
    title : text
        What happened, at most 60 characters.
    short : text
        Label for charts, at most 30 characters.
    detail : text
        What was known at the time, with who said it.
    later : text
        What became known later.
    later_date : day
        Day on which that became known.
    disputed : true or false
        true where a side or an independent observer contradicts.
    importance : whole number
        1 main event, 2 important, 3 context.
    source_ids : list
        Pages that give it: ids of the table sources, separated by semicolons.

    .. end of columns

    >>> import kurskdata as kd
    >>> kd.timeline(as_of="2025-03-14", category="area")["title"].iloc[-1]
    'DeepState: Ukraine has about 140 sq km left'
    """
    cut = day(as_of)
    events = reader.load("timeline")
    if cut is not None:
        if cut < events["date"].min():
            raise InputError(f"as_of: {cut.date()} is before the first event, {events['date'].min().date()}")
        events = events[events["date"] <= cut].copy()
        events["end_date"] = events["end_date"].where(events["end_date"] <= cut)
        later = events["later_date"] <= cut
        events[["later", "later_date"]] = events[["later", "later_date"]].where(later)
    if importance is not None:
        if importance not in (1, 2, 3):
            raise InputError(f"importance: {importance!r} is not known; allowed: 1, 2, 3")
        events = events[events["importance"] <= importance]
    if category is not None:
        chosen = [category] if isinstance(category, str) else list(category)
        for one in chosen:
            choice("category", one, allowed("timeline", "category"))
        events = events[events["category"].isin(chosen)]
    return events.sort_values(["date", "importance", "event_id"], kind="stable").reset_index(drop=True)
