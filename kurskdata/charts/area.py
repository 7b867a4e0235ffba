"""The area of the Kursk oblast held by Ukraine: what the maps show and what everyone claimed, on one scale.

Maps are steps, claims are points; no claims are joined. The latest share that Russia's side stated is put beside the map
of its day, each as all that it allows.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import altair as alt
import pandas as pd

from kurskdata.charts.area_layers import Claim, Content, plot
from kurskdata.charts.area_texts import texts
from kurskdata.charts.style.frame import drawn, is_person, publishers, surname
from kurskdata.editions import Edition
from kurskdata.prose.lexicon import table as speakers
from kurskdata.tables import door
from kurskdata.tables.descriptor import documented
from kurskdata.tables.intervals import Interval, conversion
from kurskdata.tables.views import BASE_KM2, latest_russian_share, map_on
from kurskdata.words.figures import said
from kurskdata.words.language import Words, words

_WAYS = {"more_than": 1, "at_least": 1, "less_than": -1, "at_most": -1}
_MEASURES = ["share_retaken", "share_lost", "share_held", "area_held", "area_retaken"]
"""Which of the figures that a claimant gives on a day is drawn: the first of these."""

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

    ``base_km2`` is the area that shares are taken of.
    ``width`` is in pixels; without it the chart holds a drawing for phones too. ``annotations`` are notes of your own: a row with
    ``date``, ``text`` and, where it is about an area, ``value`` in the unit of the edition. They are drawn as numbers,
    listed below the plot, and marked as the editor's in data and alt text. Raises InputError for a note that the chart
    cannot hold.

    Claims of the edition's period are points, with bars or arrows where they give a range or a bound; variants are left
    out, and of a claimant's figures of one day all but the first of share and area. The maps of the last three weeks
    follow once more, enlarged, where the period is longer. The latest share that a Russian official stated stands
    beside the map of its day, where there is one, and the title says how they compare.
    """
    view, w = door.table(view, "area", unique=["claim_id"]), words(edition)
    last = pd.Timestamp(edition.end or edition.as_of)
    first = min(pd.Timestamp(edition.start or dt.date(2024, 8, 6)), last)
    claims = _chosen(view, first, last)
    # A channel or a paper is a medium, on whichever side.
    media = [name for name, one in speakers("speakers").items() if one["kind"] == "outlet"]
    claims["side"] = claims["side"].mask(claims["claimant"].isin(media), "independent")
    if maps is not None:
        keys = ["date", "observer"]
        maps = door.table(maps, "maps", unique=keys).sort_values(keys, kind="stable")
        maps = maps[maps["date"].between(first, last) & (maps["status"] == "drawn")] if len(maps) else None
    curves = _curves(maps, w) if maps is not None and len(maps) else None
    marked, there, claim = latest_russian_share(claims), None, None
    if marked:
        claim = _allowed(marked, base_km2)
        there = map_on(maps, marked["date"], "deepstate") if maps is not None else None
    text, told = texts(claims, marked, claim, there, curves, base_km2, (first, last), edition)
    if view.empty:
        told = [w.say("report.no_area", day=w.date(edition.as_of))]
    compared = (there.to(w.units), claim.to(w.units)) if there and claim else None
    content = Content(first, last, _plotted(claims, marked, w), curves, compared, told)
    return drawn(
        "area", edition, text, _rows(claims, maps), lambda px: plot(content, edition, px), width, annotations
    )


def _chosen(view: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """The claims within the period, one row for a claimant and day."""
    claims = view[view["variant_of"].isna() & view["date"].between(first, last)]
    order = claims["measure"].map(_MEASURES.index).sort_values(kind="stable").index
    return claims.loc[order].drop_duplicates(["claimant", "date"]).sort_index()


def _plotted(claims: pd.DataFrame, marked: Claim | None, w: Words) -> list[Claim]:
    """The claims as the panels need them: areas in the unit of the edition, the ``way`` in which the area held may lie
    beyond the ``point`` to draw (1 above, -1 below, 0 where the figure is no bound), what is ``told``, the ``rank`` of
    that among names, and what is ``shown`` of a mark."""
    rows, factor = list[Claim](), conversion("km2", w.units)
    nth: dict[str, int] = defaultdict(int)
    for row in reversed(claims.to_dict("records")):
        low, high = row["held_low_km2"] * factor, row["held_high_km2"] * factor
        kind, spoken, public = row["measure"].rpartition("_")[2], row["date"], row["reported"]
        way = _WAYS.get(row["qualifier"], 0) * (1 if kind == "held" else -1)
        told = w.say(f"area-chart.{kind}", figure=said(row, w))
        form = "month" if row["date_basis"] == "month" else "short"
        # First the claim of the title, then what each person said last, then others, bodies, and what was said before.
        first, other = bool(marked and row["claim_id"] == marked["claim_id"]), row["side"] == "independent"
        rank = not first, nth[row["claimant"]] * (not other), not (other or is_person(row["claimant"]))
        nth[row["claimant"]] += 1
        shown = {
            "claimant": w.plain(row["claimant"]),
            "said": told,
            "day": f"{w.date(spoken, form)} {spoken.year}",
            "reported": ""
            if public == spoken
            else str(row["reported_month"])
            if pd.isna(public)
            else w.date(public),
            "publishers": publishers(row["source_ids"]),
        }
        rows.append(
            {
                **{"date": spoken, "side": row["side"], "way": way, "told": told, "shown": shown},
                **{"who": surname(w, row["claimant"]), "low": low, "high": high, "marked": first},
                "point": {1: low, -1: high, 0: (low + high) / 2}[way],
                "rank": (*rank, 0 if other else -spoken.toordinal()),
            }
        )
    return rows


def _curves(maps: pd.DataFrame, w: Words) -> pd.DataFrame:
    """The maps by day in the unit of the edition: what DeepState draws as held and as at most unclear, and Project Owl."""
    deep, owl = (maps[maps["observer"] == one].set_index("date") for one in ("deepstate", "owlmaps"))
    found = {"held": deep["held_km2"].fillna(0), "unclear": deep["with_unclear_km2"], "owl": owl["held_km2"]}
    return (pd.DataFrame(found) * conversion("km2", w.units)).dropna(axis="columns", how="all")


def _rows(claims: pd.DataFrame, maps: pd.DataFrame | None) -> pd.DataFrame:
    """The plotted rows: the claims and, where drawn, the maps day by day."""
    rows = claims[[c for c in door.columns("area") if c not in _UNSHOWN]].assign(kind="claim")
    if maps is None:
        return rows
    same = {"observer": "claimant", "held_km2": "held_low_km2", "with_unclear_km2": "held_high_km2"}
    lines = maps[["date", *same]].rename(columns=same).assign(side="independent", kind="map")
    return pd.concat([rows, lines], ignore_index=True)


def _allowed(claim: Claim, base_km2: float) -> Interval:
    """The areas held, in sq km, that the claim of a share retaken allows."""
    high = min(claim["held_high_km2"], base_km2)
    return Interval(
        claim["held_low_km2"], high, "km2", "left" if claim["qualifier"] == "more_than" else "both"
    )
