"""The area of the Kursk oblast held by Ukraine: what the maps show and what everyone claimed, on one scale.

The left scale is the area held, the right scale the share of Russia's base that is retaken; both are the same
line read in two ways. Maps are lines and bands, claims are points; no claims are joined.
"""

from __future__ import annotations

import datetime as dt

import altair as alt
import pandas as pd

from kurskdata.charts.area_layers import Content, plot
from kurskdata.charts.style.frame import Text, drawn, publishers, surname
from kurskdata.editions import Edition
from kurskdata.tables import door
from kurskdata.tables.descriptor import documented
from kurskdata.tables.intervals import Interval
from kurskdata.tables.views import BASE_KM2, latest_russian_share, map_on, russian_shares, share_retaken
from kurskdata.words.figures import said
from kurskdata.words.language import Words, words

_DIRECTIONS = {"more_than": 1, "at_least": 1, "less_than": -1, "at_most": -1}
_UNSHOWN = {"capacity", "date_basis", "how", "variant_of", "note"}


@documented
def area(
    view: pd.DataFrame,
    edition: Edition,
    *,
    maps: pd.DataFrame | None = None,
    base_km2: float = BASE_KM2,
    width: float | None = None,
    annotations: pd.DataFrame | None = None,
) -> alt.VConcatChart:
    """Draws the view `area_claims`, over the maps of the view `area_held` where they are given.

    ``base_km2`` is the area of which the scale on the right gives shares. ``width`` is in pixels; without it the chart
    holds a drawing for phones too. ``annotations`` are notes of your own: a row with ``date``, ``text`` and, where it
    is about an area, ``value`` in the unit of the edition. They are drawn as numbers, listed below the plot, and
    marked as the editor's in data and alt text. Raises InputError for a note that the chart cannot hold.

    Claims of the edition's period are points, with bars or arrows where they give a range or a bound; variants are
    left out. The latest share that a Russian official stated is marked, and the title says how it stands to the map of
    that day.
    """
    view = door.table(view, "area", unique=["claim_id"])
    if maps is not None:
        keys = ["date", "observer"]
        maps = door.table(maps, "maps", unique=keys).sort_values(keys, kind="stable")
    first = pd.Timestamp(edition.start or dt.date(2024, 8, 6))
    last = pd.Timestamp(edition.end or edition.as_of)
    claims = _drawn(view, first, last, edition)
    marked = latest_russian_share(claims)
    stated = russian_shares(claims).to_dict("records")
    if maps is not None:
        maps = maps[maps["date"].between(first, last) & (maps["status"] == "drawn")] if len(maps) else None
    # A period of one day has no length to draw.
    first, w = min(first, last - pd.Timedelta(days=1)), words(edition)
    nothing = "" if len(view) else w.say("report.no_area", day=w.date(edition.as_of))
    content = Content(first, last, claims.to_dict("records"), stated, marked, maps, base_km2, nothing)
    text, rows = _texts(content, edition), _rows(claims, maps)
    return drawn("area", edition, text, rows, lambda wide: plot(content, edition, wide), width, annotations)


def _drawn(view: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp, edition: Edition) -> pd.DataFrame:
    """The claims within the period, one row each, with the point to draw and the ``direction`` of the qualifier:
    1 where the area held may lie above the figure, -1 below it, 0 where the figure is no bound."""
    w, claims = words(edition), view[view["variant_of"].isna() & view["date"].between(first, last)]
    low, high = claims["held_low_km2"], claims["held_high_km2"]
    turned = claims["measure"].isin(["area_retaken", "share_retaken", "share_lost"])
    direction = claims["qualifier"].map(_DIRECTIONS).fillna(0).astype(int) * turned.map({True: -1, False: 1})
    return claims.assign(
        point_km2=((low + high) / 2).mask(direction == 1, low).mask(direction == -1, high),
        direction=direction,
        said=[said(row, w) for row in claims.to_dict("records")],
        publishers=[publishers(ids) for ids in claims["source_ids"]],
    )


def _rows(claims: pd.DataFrame, maps: pd.DataFrame | None) -> pd.DataFrame:
    """The plotted rows: the claims and, where drawn, the maps day by day."""
    rows = claims[[c for c in door.columns("area") if c not in _UNSHOWN]].assign(kind="claim")
    if maps is None:
        return rows
    same = {"observer": "claimant", "held_km2": "held_low_km2", "with_unclear_km2": "held_high_km2"}
    lines = maps[["date", *same]].rename(columns=same).assign(side="independent", kind="map")
    return pd.concat([rows, lines], ignore_index=True)


def _texts(content: Content, edition: Edition) -> Text:
    w, marked = words(edition), content.marked
    there = map_on(content.maps, marked["date"], "deepstate") if marked and content.maps is not None else None
    title = _title(content, there, w)
    subtitle = w.say("area-chart.subtitle")
    alt_text = f"{title}. {subtitle}. {content.nothing or w.say('area-chart.count', len(content.claims))}"
    if there and marked:
        day, held, upper = w.date(marked["date"]), w.area(there.lower), w.area(there.upper)
        alt_text += " " + w.say("area-chart.map", day=day, held=held, upper=upper)
    return Text(title, subtitle, w.say("area-chart.sources"), alt_text)


def _title(content: Content, there: Interval | None, w: Words) -> str:
    """How the marked share stands to what the map of its day shows as held, ``there``."""
    marked = content.marked
    if not marked:
        return w.say("area-chart.title_none_yet")
    if not there:
        return w.say("area-chart.title_no_map", claimant=w.plain(marked["claimant"]), said=marked["said"])
    left = share_retaken(there, content.base_km2)
    shown = f"{w.number(left.lower, 0)}–{w.percent(left.upper, 0)}"
    values = {"who": surname(w, marked["claimant"]), "said": marked["said"], "range": shown}
    if marked["share_high"] < left.lower:
        return w.say("area-chart.title_below", **values)
    if marked["share_low"] > left.upper:
        return w.say("area-chart.title_above", **values)
    return w.say("area-chart.title_fits", **values)
