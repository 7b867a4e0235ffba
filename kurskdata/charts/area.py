"""The area of the Kursk oblast held by Ukraine: what the maps show and what everyone claimed, on one scale.

Maps are steps, claims are points; no claims are joined. The latest share that Russia's side stated is compared with the map
of its day, each by all that it allows.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import partial
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from kurskdata.charts.area_layers import ZOOM, Claim, plot
from kurskdata.charts.style import cards
from kurskdata.charts.style.frame import Text, drawn, fitting, is_person, surname
from kurskdata.editions import Edition
from kurskdata.prose.lexicon import table as speakers
from kurskdata.tables import door
from kurskdata.tables.descriptor import MAPS, documented
from kurskdata.tables.intervals import Interval, conversion
from kurskdata.tables.views import BASE_KM2, latest_russian_share, map_on, share_retaken
from kurskdata.words import headings
from kurskdata.words.figures import period, rough, said
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
    follow once more, enlarged, where the period is longer. The latest share that a Russian official stated has a ring;
    the title says how it compares with the map of its day, the lines below which areas each of them allows.
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
    marked = latest_russian_share(claims)
    compared = _compared(marked, maps, base_km2, w) if marked else None
    text, told = _texts(claims, compared, curves, (first, last), edition)
    if view.empty:
        told = [w.say("report.no_area", day=w.date(edition.as_of))]
    made = partial(plot, pd.date_range(first, last), _plotted(claims, marked, w), curves, told, edition)
    return drawn("area", edition, text, _rows(claims, maps), made, width, annotations)


def _chosen(view: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """The claims within the period, one row for a claimant and day."""
    claims = view[view["variant_of"].isna() & view["date"].between(first, last)]
    order = claims["measure"].map(_MEASURES.index).sort_values(kind="stable").index
    return claims.loc[order].drop_duplicates(["claimant", "date"]).sort_index()


def _plotted(claims: pd.DataFrame, marked: Claim | None, w: Words) -> list[Claim]:
    """The claims as the panels need them: areas in the unit of the edition, the ``way`` in which the area held may lie
    beyond the ``point`` to draw (1 above, -1 below, 0 where the figure is no bound), what is ``told``, and the ``rank``
    of that among names."""
    rows, factor = list[Claim](), conversion("km2", w.units)
    nth: dict[str, int] = defaultdict(int)
    for row in reversed(claims.to_dict("records")):
        low, high = row["held_low_km2"] * factor, row["held_high_km2"] * factor
        kind, figure = row["measure"].rpartition("_")[2], dict(row)
        way = _WAYS.get(row["qualifier"], 0) * (1 if kind == "held" else -1)
        if row["unit"] not in ("percent", w.units):  # one unit in a chart
            for end in ("value", "value_to"):
                figure[end] = float(f"{row[end] * conversion(row['unit'], w.units):.3g}")
            figure["unit"] = w.units
        # First the claim of the title, then what each person said last, then others, bodies, and what was said before.
        first, other = bool(marked and row["claim_id"] == marked["claim_id"]), row["side"] == "independent"
        rank = not first, nth[row["claimant"]] * (not other), not (other or is_person(row["claimant"]))
        nth[row["claimant"]] += 1
        rows.append(
            {
                **{"date": row["date"], "side": row["side"], "way": way, "marked": first},
                **{"who": surname(w, row["claimant"]), "low": low, "high": high},
                "told": w.say(f"area-chart.{kind}", figure=said(figure, w)),
                "point": {1: low, -1: high, 0: (low + high) / 2}[way],
                "rank": (*rank, 0 if other else -row["date"].toordinal()),
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


def _compared(claim: Claim, maps: pd.DataFrame | None, base_km2: float, w: Words) -> dict[str, Any]:
    """What is said of the claim of the title and the map of its day, if there is one, by the areas held that each allows:
    the ``title``, the sentences below the panels as ``told``, and the ``card``."""
    high = min(claim["held_high_km2"], base_km2)
    closed: Any = "left" if claim["qualifier"] == "more_than" else "both"
    allowed = Interval(claim["held_low_km2"], high, "km2", closed)
    there = map_on(maps, claim["date"], "deepstate") if maps is not None else None
    values = {"said": said(claim, w), "left": rough(allowed.to(w.units), w)}
    told = [
        w.say("area-chart.told_claim", who=surname(w, claim["claimant"]), **values, base=w.area(base_km2))
    ]
    kind = "no_map"
    if there:
        values["range"] = _percent(share_retaken(there, base_km2), w)
        left = rough(there.to(w.units), w)
        told.append(w.say("area-chart.told_map", day=w.date(claim["date"], "day"), left=left))
        kind = "below" if allowed.lower > there.upper else "above"
        if allowed.overlaps(there):
            both = Interval(max(allowed.lower, there.lower), min(allowed.upper, there.upper), "km2")
            share, kind = _percent(share_retaken(both, base_km2), w), "fits"
            told.append(w.say("area-chart.told_both", left=rough(both.to(w.units), w), share=share))
        else:
            told.append(w.say("area-chart.told_none"))
    # A page of 360 pixels may have no room for a long name.
    speakers = surname(w, claim["claimant"]), headings.value("side", claim["side"], w)
    title = fitting([_capital(w.say(f"area-chart.title_{kind}", who=who, **values)) for who in speakers])
    card = cards.area(claim, there and share_retaken(there, base_km2), base_km2, w)
    return {"title": title, "told": told, "card": card}


def _texts(
    claims: pd.DataFrame,
    compared: dict[str, Any] | None,
    curves: pd.DataFrame | None,
    span: tuple[pd.Timestamp, pd.Timestamp],
    edition: Edition,
) -> tuple[Text, list[str]]:
    """The texts around the chart, and the sentences below its panels."""
    w = words(edition)
    about = compared or {"title": _capital(_unmarked(curves, w)), "told": [], "card": None}
    subtitle, sources = w.say("area-chart.subtitle", period=period(*span, w)), w.say("area-chart.sources")
    sides = {side: int((claims["side"] == side).sum()) for side in ("ukraine", "russia", "independent")}
    counted = w.say("area-chart.count", len(claims), **sides)
    if not len(claims):
        counted = w.say("report.no_area", day=w.date(span[1]))
    course = [] if curves is None else _course(curves, w)
    alt_text = [f"{about['title']}. {subtitle}.", counted, *course, *about["told"], f"{_capital(sources)}."]
    return Text(about["title"], subtitle, sources, " ".join(alt_text), card=about["card"]), about["told"]


def _capital(text: str) -> str:
    """A text as the begin of a sentence, also where it begins with a quotation mark."""
    first = next(n for n, letter in enumerate(text) if letter.isalnum())
    return text[: first + 1].upper() + text[first + 1 :]


def _percent(share: Interval, w: Words) -> str:
    low, high = w.number(share.lower, 0), w.percent(share.upper, 0)
    return high if high.startswith(f"{low}\N{NO-BREAK SPACE}") else f"{low}–{high}"


def _unmarked(curves: pd.DataFrame | None, w: Words) -> str:
    """The title where no share was stated: what the last map shows."""
    if curves is None:
        return w.say("area-chart.title_none_yet")
    last = curves.iloc[-1].dropna()
    name, ends = ("deepstate", ["held", "unclear"]) if "held" in last else ("owlmaps", ["owl", "owl"])
    low, high = last[ends]
    left = rough(Interval(low, high, w.units), w)
    return w.say("area-chart.title_map", map=MAPS[name].name, day=w.date(curves.index[-1], "day"), left=left)


def _course(curves: pd.DataFrame, w: Words) -> list[str]:
    """The area on a map at the start and the end, its peak, the longest time of little change, and the last weeks."""
    name, curve = ("deepstate", "held") if "held" in curves else ("owlmaps", "owl")
    held = curves[curve].dropna()
    first, last, top = held.index[0], held.index[-1], held.index[int(held.argmax())]

    def shown(areas: Any) -> str:
        ends = pd.Series(areas)
        return rough(Interval(ends.min(), ends.max(), w.units), w)

    days = {"first": w.date(first), "day": w.date(top), "last": w.date(last)}
    areas = {"start": shown(held[first]), "peak": shown(held[top]), "end": shown(held[last])}
    told = [w.say("area-chart.course", map=MAPS[name].name, **days, **areas)]
    if curve == "held":
        told.append(w.say("area-chart.upper", upper=shown(curves.loc[last, "unclear"])))
    tails = [held.to_numpy()[n:] for n in range(len(held))]
    near = [np.maximum.accumulate(t) - np.minimum.accumulate(t) <= held[top] / 20 for t in tails]
    n, days_near = max(enumerate(int(each.sum()) for each in near), key=lambda phase: phase[1])
    steady = held.iloc[n : n + days_near]
    if len(steady) > ZOOM.days:
        span = {"first": w.date(steady.index[0]), "last": w.date(steady.index[-1])}
        told.append(w.say("area-chart.steady", **span, range=shown(steady)))
    before = held[: last - ZOOM]
    return [*told, w.say("area-chart.weeks", held=shown(before.iloc[-1]))] if len(before) else told
