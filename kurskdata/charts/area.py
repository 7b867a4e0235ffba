"""The area of the Kursk oblast held by Ukraine: what the maps show and what everyone claimed, on one scale.

The left scale is the area held, the right scale the share of Russia's base that is retaken; both are the same
line read in two ways. Maps are lines and bands, claims are points; no claims are joined.
"""

from __future__ import annotations

import datetime as dt

import altair as alt
import pandas as pd

from kurskdata.charts.area_layers import Content, layers
from kurskdata.charts.style.frame import (
    NARROW,
    Plot,
    Text,
    credit,
    drawn,
    layered,
    plotted,
    publishers,
    surname,
)
from kurskdata.editions import Edition
from kurskdata.tables.views import BASE_KM2, latest_russian_share, map_on, russian_shares, share_retaken
from kurskdata.words.figures import said
from kurskdata.words.language import words

_DIRECTIONS = {"more_than": 1, "at_least": 1, "less_than": -1, "at_most": -1}
_COLUMNS = [
    *(
        "claim_id",
        "claimant",
        "side",
        "reported",
        "date",
        "measure",
        "value",
        "value_to",
        "unit",
        "qualifier",
    ),
    *("held_low_km2", "held_high_km2", "share_low", "share_high", "source_ids"),
]


def area(
    view: pd.DataFrame,
    edition: Edition,
    *,
    maps: pd.DataFrame | None = None,
    base_km2: float = BASE_KM2,
    width: float | None = None,
) -> alt.VConcatChart:
    """Draws the view `area_claims`, over the maps of the view `area_held` where they are given.

    ``view`` must have the columns ``claim_id``, ``claimant``, ``side``, ``reported``, ``date``, ``measure``, ``value``,
    ``value_to``, ``unit``, ``qualifier``, ``variant_of``, ``held_low_km2`` and ``held_high_km2`` (sq km),
    ``share_low`` and ``share_high`` (percent) and ``source_ids``; ``maps`` must have ``date``, ``observer``,
    ``status``, ``held_km2`` and ``with_unclear_km2`` (sq km). ``base_km2`` is the area of which the scale on the right
    gives shares. ``width`` is in pixels; without it the chart holds a drawing for phones too.

    Claims of the edition's period are points, with bars or arrows where they give a range or a bound; variants are left
    out. The latest share that a Russian official stated is marked, and the title says how it stands to the map of
    that day.

    >>> import kurskdata as kd
    >>> from kurskdata import charts
    >>> edition = kd.edition(as_of="2025-03-14")
    >>> chart = charts.area(kd.area_claims(as_of=edition.as_of), edition, maps=kd.area_held(as_of=edition.as_of))
    >>> chart.to_dict()["usermeta"]["kurskdata"]["chart"]
    'area'
    """
    first = pd.Timestamp(edition.start or dt.date(2024, 8, 6))
    last = pd.Timestamp(edition.end or edition.as_of)
    claims = _drawn(view, first, last, edition)
    marked = latest_russian_share(claims)
    stated = russian_shares(claims).to_dict("records")
    found = _map_rows(maps, first, last) if maps is not None and len(maps) else None
    shown = Content(first, last, claims.to_dict("records"), stated, marked, found, base_km2)

    def plot(wide: float) -> Plot:
        narrow = wide < NARROW
        size = {"width": wide - 96, "height": 360 if narrow else 400}
        resolve = {"axis": {"y": "independent"}}
        return layered(layers(shown, edition, narrow=narrow, **size), **size, resolve=resolve)

    return drawn("area", edition, _texts(shown, edition), plotted(_rows(claims, found)), plot, width)


def _map_rows(maps: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    return maps[maps["date"].between(first, last) & (maps["status"] == "drawn")]


def _drawn(view: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp, edition: Edition) -> pd.DataFrame:
    """The claims within the period, one row each, with the point to draw and the direction of the qualifier."""
    shown = view[view["variant_of"].isna() & view["date"].between(first, last)].copy()
    points, ends = [], []
    for row in shown.to_dict("records"):
        low, high = row["held_low_km2"], row["held_high_km2"]
        turned = row["measure"] in ("area_retaken", "share_retaken", "share_lost")
        direction = _DIRECTIONS.get(row["qualifier"], 0) * (-1 if turned else 1)
        if row["qualifier"] == "nearly":
            direction = 0
        points.append({1: low, -1: high, 0: (low + high) / 2}[direction])
        ends.append(direction)
    shown["point_km2"], shown["direction"] = points, ends
    shown["said"] = [said(row, words(edition)) for row in shown.to_dict("records")]
    shown["publishers"] = [publishers(ids) for ids in shown["source_ids"]]
    return shown


def _rows(claims: pd.DataFrame, maps: pd.DataFrame | None) -> pd.DataFrame:
    """The plotted rows: the claims and, where drawn, the maps day by day."""
    rows = claims[_COLUMNS].assign(kind="claim")
    if maps is None:
        return rows
    lines = pd.DataFrame(
        {
            "claim_id": None,
            "claimant": maps["observer"],
            "side": "independent",
            "date": maps["date"],
            "held_low_km2": maps["held_km2"],
            "held_high_km2": maps["with_unclear_km2"],
            "kind": "map",
        }
    )
    return pd.concat([rows, lines], ignore_index=True)


def _texts(shown: Content, edition: Edition) -> Text:
    w, marked, base_km2 = words(edition), shown.marked, shown.base_km2
    there = map_on(shown.maps, marked["date"], "deepstate") if marked and shown.maps is not None else None
    if marked and there is not None:
        left = share_retaken(there, base_km2)
        values = {
            "who": surname(w, marked["claimant"]),
            "said": marked["said"],
            "range": f"{w.number(left.lower, 0)}–{w.percent(left.upper, 0)}",
        }
        if marked["share_high"] < left.lower:
            title = w.text("“{said}” ({who}) lies below what the DeepState map shows, {range}", **values)
        elif marked["share_low"] > left.upper:
            title = w.text("“{said}” ({who}) lies above what the DeepState map shows, {range}", **values)
        else:
            title = w.text("“{said}” ({who}) fits the DeepState map of that day: {range}", **values)
    elif marked:
        title = w.text(
            "{claimant} said that {said} was retaken",
            claimant=w.plain(marked["claimant"]),
            said=marked["said"],
        )
    else:
        title = w.text("How much of the Kursk oblast Ukraine held, by whose account")
    subtitle = w.text(
        "Area of the Kursk oblast held by Ukraine: DeepState map (line; band: unclear), Project Owl map (dotted), and claims by who made them"
    )
    alt_text = title + ". " + subtitle + ". " + w.text("{count} claims are drawn.", count=len(shown.claims))
    if there is not None and marked:
        alt_text += " " + w.text(
            "On {day} the DeepState map showed {held} held by Ukraine, {upper} with unclear areas.",
            day=w.date(marked["date"]),
            held=w.area(there.lower),
            upper=w.area(there.upper),
        )
    source = credit(
        edition,
        w.text(
            "claims as carried by news media; DeepState and Project Owl map archives, measured by kurskdata"
        ),
    )
    return Text(title, subtitle, source, alt_text)
