"""What the charts show on their cards for social networks, where there is room for a few rows alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from kurskdata.charts.style.frame import Card, surname
from kurskdata.charts.style.marks import Rows
from kurskdata.tables.intervals import Interval
from kurskdata.words.figures import said
from kurskdata.words.language import Words

_MOST = 5


def area(marked: Mapping[str, Any] | None, there: Interval | None, base_km2: float, w: Words) -> Card | None:
    """The share that the marked claim allows, beside what the map of its day shows; None where one of them is missing."""
    if not (marked and there):
        return None
    shown = f"{w.number(there.lower, 0)}–{w.percent(there.upper, 0)}"
    claim = {"low": max(marked["share_low"], 0.0), "high": min(marked["share_high"], 100.0), "hollow": True}
    seen = {"low": there.lower, "high": there.upper, "colour": "map"}
    rows: Rows = [
        {"label": surname(w, marked["claimant"]), "said": said(marked, w), "colour": "russia", **claim},
        {"label": w.say("card.map"), "said": shown, **seen},
    ]
    lead = w.say("card.area", base=w.area(base_km2), day=w.date(marked["date"]))
    return Card(lead, w.say("card.area_sources"), rows, unit="percent")


def by_day(
    view: pd.DataFrame, marked: pd.DataFrame | None, official: bool, sources: str, w: Words
) -> Card | None:
    """The settlements of the marked days, or of all; of the last days with any, if a card has no room for them."""
    days = view if marked is None else marked
    few = days if len(days) <= _MOST else days[days["settlements"] > 0].tail(_MOST)
    rows = [_count(w.date(row["date"], "day"), row["settlements"], w) for row in few.to_dict("records")]
    return _settlements("days", rows, official, sources, w)


def by_period(
    view: pd.DataFrame, marked: pd.DataFrame | None, official: bool, sources: str, w: Words
) -> Card | None:
    """The settlements of a long period: those of the marked days among all, or else of the busiest months."""
    date, total = view["date"], view["settlements"]
    if marked is not None:
        ends = (f"{w.date(day, 'short')} {day.year}" for day in (date.iloc[0], date.iloc[-1]))
        part = w.days(marked["date"].iloc[0], marked["date"].iloc[-1])
        rows = [_count(part, marked["settlements"].sum(), w)]
        rows.append(_count("–".join(ends), total.sum(), w, "earlier"))
        return _settlements("period", rows, official, sources, w)
    months = total.groupby(date.dt.to_period("M").dt.start_time).sum()
    busiest = months[months > 0].nlargest(_MOST).sort_index()
    days = [pd.Timestamp(str(month)) for month in busiest.index]
    rows = [_count(f"{w.date(m, 'month')} {m.year}", n, w) for m, n in zip(days, busiest, strict=True)]
    return _settlements("months", rows, official, sources, w)


def _settlements(form: str, rows: Rows, official: bool, sources: str, w: Words) -> Card | None:
    if not any(row["high"] for row in rows):
        return None
    lead = w.say(f"card.{form}_{'official' if official else 'others'}")
    return Card(lead, w.say("card.ministry") if official else sources, rows)


def _count(label: str, count: float, w: Words, colour: str = "russia") -> dict[str, Any]:
    """A row that counts; without a number where the count is not known."""
    known = None if pd.isna(count) else float(count)
    told = "?" if known is None else w.number(known)
    return {"label": label, "said": told, "low": 0.0, "high": known, "colour": colour}


def events(main: Sequence[Mapping[Any, Any]], sources: str, w: Words) -> Card:
    """The first of the main events, the last, and that which lies in the middle of them."""
    chosen = sorted({0, len(main) // 2, len(main) - 1} & {*range(len(main))})
    rows = [{"label": w.date(main[n]["date"]), "said": w.plain(main[n]["short"])} for n in chosen]
    return Card("", sources, rows)


def places(
    counts: Mapping[str, int], named: Mapping[str, str], kind: str, sources: str, w: Words
) -> Card | None:
    """The settlements by step: how many, and the words of the step, with their number after a colon."""
    rows = Rows()
    for step, text in named.items():
        label = text[:1].upper() + text[1:].rpartition(":")[0]
        rows.append(_count(label, counts[step], w, "russia" if step == "window" else "earlier"))
    return _settlements("days", rows, kind == "official", sources, w)


def figures(count: int, look: int, sources: str, w: Words) -> Card:
    """How many figures of an article can be checked, and how many of them need a second look."""
    rows = [
        _count(w.say("card.look"), look, w, "alert"),
        _count(w.say("card.no_look"), count - look, w, "map"),
    ]
    return Card(w.say("card.figures"), sources, rows)
