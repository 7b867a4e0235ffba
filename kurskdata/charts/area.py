"""The area of the Kursk oblast held by Ukraine: what the maps show and what everyone claimed, on one scale.

The left scale is the area held, the right scale the share of Russia's base that is retaken; both are the same
line read in two ways. Maps are lines and bands, claims are points; no claims are joined.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from kurskdata.charts.style import theme
from kurskdata.charts.style.frame import (
    NARROW,
    PEOPLE,
    Plotted,
    Text,
    credit,
    data,
    drawn,
    filed,
    framed,
    layered,
    plotted,
    publishers,
    surname,
)
from kurskdata.charts.style.labels import Label, place
from kurskdata.charts.style.marks import Layer, Rows, haloed, own, points, texts
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.tables.intervals import conversion
from kurskdata.tables.views import BASE_KM2, latest_russian_share, map_on, russian_shares, share_retaken
from kurskdata.words.figures import amount, qualified
from kurskdata.words.language import Words, words

_TOP_KM2 = 1450.0
_DIRECTIONS = {"more_than": 1, "at_least": 1, "less_than": -1, "at_most": -1, "nearly": -1}


def area(
    view: pd.DataFrame,
    edition: Edition,
    *,
    maps: pd.DataFrame | None = None,
    base_km2: float = BASE_KM2,
    width: float | None = None,
) -> alt.VConcatChart:
    """Draws the view `area_claims`, over the maps of the view `area_held` where they are given.

    The latest share that a Russian official stated is marked, and the title says how it stands to the map of
    that day. Without ``width`` the chart holds a drawing for phones too.

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
    found = _map_rows(maps, first, last) if maps is not None and len(maps) else None
    stated = russian_shares(claims).to_dict("records")
    shown = _Shown(first, last, claims.to_dict("records"), stated, marked, found, base_km2)
    # Made inside `drawn`, which spares Altair checks that are made later.
    layers = functools.cache(lambda: _Layers(shown, edition))
    text, rows = _texts(shown, edition), plotted(_rows(claims, found))
    return drawn(lambda wide: _draw(shown, layers(), edition, text, rows, wide), width)


@dataclasses.dataclass(frozen=True)
class _Shown:
    """The period, its claims, the shares among them that Russia's side stated and the latest one, and the maps."""

    first: pd.Timestamp
    last: pd.Timestamp
    claims: Sequence[Mapping[Any, Any]]
    stated: Sequence[Mapping[Any, Any]]
    marked: Mapping[Any, Any] | None
    maps: pd.DataFrame | None
    base_km2: float


class _Layers:
    """The layers on scales, which both drawings share, and their rows by name."""

    def __init__(self, shown: _Shown, edition: Edition) -> None:
        factor = conversion("km2", edition.units)
        self.ground, rows = filed([_axes(shown, factor, edition)])
        self.maps, rows_of_maps = filed(_map_layers(shown, factor, edition))
        self.claims, rows_of_claims = filed(_claim_layers(shown, factor, edition))
        self.rows = rows | rows_of_maps | rows_of_claims


def _draw(
    shown: _Shown, layers: _Layers, edition: Edition, text: Text, rows: Plotted, width: float
) -> alt.VConcatChart:
    narrow = width < NARROW
    height = 360 if narrow else 400
    plot_width = width - 96
    scale = _Scale(shown.first, shown.last, plot_width, height)
    plot = layered(
        [
            *layers.ground,
            *_sides(shown, scale, edition),
            *_key(edition),
            *layers.maps,
            *_map_labels(shown, scale, edition),
            *layers.claims,
            *_label_layers(shown, scale, edition, narrow),
        ],
        layers.rows,
        width=plot_width,
        height=height,
        resolve={"axis": {"y": "independent"}},
    )
    return framed(plot, "area", edition, text, rows, width)


class _Scale:
    """Days and areas as pixels of the plot."""

    def __init__(self, first: pd.Timestamp, last: pd.Timestamp, width: float, height: float) -> None:
        self.first, self.last = first, last
        self.width, self.height = width, height

    def x(self, day: pd.Timestamp) -> float:
        return float((day - self.first) / (self.last - self.first) * self.width)

    def y(self, km2: float) -> float:
        return (1 - km2 / _TOP_KM2) * self.height


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
    shown["said"] = [said(words(edition), row) for row in shown.to_dict("records")]
    shown["publishers"] = [publishers(ids) for ids in shown["source_ids"]]
    return shown


def said(w: Words, row: Mapping[Any, Any]) -> str:
    """The figure as the claimant gave it: more than 1,100 sq km."""
    value, written = row["value"], w.number(row["value"])
    if row["qualifier"] == "range":
        value, written = row["value_to"], f"{written}–{w.number(row['value_to'])}"
    figure = amount(value, row["unit"], w, written).replace(f"{written} ", f"{written}\N{NO-BREAK SPACE}")
    qualifier = row["qualifier"] if isinstance(row["qualifier"], str) else "exact"
    return figure if qualifier == "range" else qualified(figure, qualifier, w)


def _axes(shown: _Shown, factor: float, edition: Edition) -> alt.Chart:
    """Time below, areas on the left."""
    w = words(edition)
    top, step = _TOP_KM2 * factor, 200 if edition.units == "km2" else 100
    ticks = list(range(0, int(top), step))
    months = (shown.last - shown.first).days > 75
    domain = [shown.first.strftime("%Y-%m-%d"), shown.last.strftime("%Y-%m-%d")]
    x = alt.X(
        "from:T",
        scale=alt.Scale(type="utc", domain=domain),
        axis=alt.Axis(
            title=None,
            grid=False,
            tickCount="month" if months else {"interval": "week", "step": 1},
            labelOverlap="greedy",
            labelSeparation=4,
            labelExpr=f"utcFormat(datum.value, '{w.axis_day}')"
            if not months
            else "(month(datum.value) === 0 || datum.index === 0) ? [utcFormat(datum.value, '%b'), utcFormat(datum.value, '%Y')] : utcFormat(datum.value, '%b')",
        ),
    )
    y = alt.Y(
        "zero:Q",
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(
            values=ticks, title=None, domain=False, ticks=False, labelExpr="format(datum.value, ',')"
        ),
    )
    ground: alt.Chart = alt.Chart(data([{"from": domain[0], "zero": 0}])).mark_point(opacity=0)
    return ground.encode(x=x, y=y)


def _sides(shown: _Shown, scale: _Scale, edition: Edition) -> list[Layer]:
    """Shares of the base on the right, and above what each side of the plot stands for."""
    w, p = words(edition), theme.palette(edition.theme)
    unit = w.text("sq mi") if edition.units == "sq_mi" else w.text("sq km")
    shares = [
        {"y": round(scale.y((1 - s / 100) * shown.base_km2), 1), "text": w.percent(s)}
        for s in (0, 25, 50, 75, 100)
    ]
    held = [{"text": w.text("{unit} held by Ukraine", unit=unit)}]
    retaken = [{"text": w.text("retaken of {base}", base=w.area(shown.base_km2))}]
    return [
        texts(shares, x=scale.width + 8, color=p.muted),
        texts(held, x=-34, y=-16, color=p.muted),
        texts(retaken, x=scale.width + 44, y=-16, align="right", color=p.muted),
    ]


def _key(edition: Edition) -> list[Layer]:
    """Who speaks, in the colour and shape of the marks."""
    w, p = words(edition), theme.palette(edition.theme)
    x, dots, names = -28.0, [], []
    for side, text in (
        ("russia", w.text("Russia")),
        ("ukraine", w.text("Ukraine")),
        ("independent", w.text("media, analysts")),
    ):
        colour = getattr(p, side)
        dots.append({"x": x, "y": -40.0, "shape": theme.SHAPES[side], "colour": colour})
        names.append({"x": x + 9, "y": -40.0, "text": text, "colour": colour})
        x += 9 + fonts.text_width(text, fonts.SMALL, bold=True) + 20
    return [
        points(dots, size=60, shape=own("shape"), color=own("colour")),
        texts(names, fontWeight="bold", color=own("colour")),
    ]


def _map_rows(maps: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    return maps[maps["date"].between(first, last) & (maps["status"] == "drawn")]


def _map_layers(shown: _Shown, factor: float, edition: Edition) -> list[alt.Chart]:
    if shown.maps is None:
        return []
    w, p = words(edition), theme.palette(edition.theme)
    values = [
        {"date": date, "observer": observer, "held": held, "upper": upper}
        for date, observer, held, upper in zip(
            shown.maps["date"].dt.strftime("%Y-%m-%d").tolist(),
            shown.maps["observer"].tolist(),
            (shown.maps["held_km2"].fillna(0) * factor).round(1).tolist(),
            (shown.maps["with_unclear_km2"] * factor).round(1).tolist(),
            strict=True,
        )
    ]
    x = alt.X("date:T", scale=alt.Scale(type="utc"))
    y = alt.Y("held:Q", scale=alt.Scale(domain=[0, _TOP_KM2 * factor], nice=False), axis=None)
    base = alt.Chart(data(values))
    tooltip = [
        alt.Tooltip("date:T", title=w.text("Map of"), format=w.tooltip_day),
        alt.Tooltip("held:Q", title=w.text("Held by Ukraine"), format=",.0f"),
        alt.Tooltip("upper:Q", title=w.text("With unclear"), format=",.0f"),
    ]
    deep, owl = "datum.observer === 'deepstate'", "datum.observer === 'owlmaps'"
    return [
        base.transform_filter(deep)
        .mark_area(color=p.ribbon, interpolate="step-after", opacity=1)
        .encode(x=x, y=y, y2=alt.Y2("upper:Q"), tooltip=tooltip),
        base.transform_filter(owl)
        .mark_line(color=p.map, strokeWidth=1.5, strokeDash=[2, 3], interpolate="step-after")
        .encode(x=x, y=y, tooltip=tooltip[:2]),
        base.transform_filter(deep)
        .mark_line(color=p.map, strokeWidth=2.5, interpolate="step-after")
        .encode(x=x, y=y, tooltip=tooltip),
    ]


def _claim_layers(shown: _Shown, f: float, edition: Edition) -> list[alt.Chart]:
    w, p = words(edition), theme.palette(edition.theme)
    values = []
    for row in shown.claims:
        open_end = row["direction"] != 0
        values.append(
            {
                "date": row["date"].strftime("%Y-%m-%d"),
                "y": round(row["point_km2"] * f, 1),
                "side": row["side"],
                "low": round((row["point_km2"] if open_end else row["held_low_km2"]) * f, 1),
                "high": round(min(row["point_km2"] if open_end else row["held_high_km2"], _TOP_KM2) * f, 1),
                "arrow": row["direction"],
                "claimant": w.plain(row["claimant"]),
                "said": row["said"],
                "publishers": row["publishers"],
                "reported": row["reported"].strftime("%Y-%m-%d") if pd.notna(row["reported"]) else "",
            }
        )
    x = alt.X("date:T", scale=alt.Scale(type="utc"))
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, _TOP_KM2 * f], nice=False), axis=None)
    sides = ["russia", "ukraine", "independent"]
    colour = alt.Color(
        "side:N", scale=alt.Scale(domain=sides, range=[p.russia, p.ukraine, p.independent]), legend=None
    )
    shape = alt.Shape(
        "side:N", scale=alt.Scale(domain=sides, range=[theme.SHAPES[s] for s in sides]), legend=None
    )
    tooltip = [
        alt.Tooltip("claimant:N", title=w.text("Claimant")),
        alt.Tooltip("said:N", title=w.text("Said")),
        alt.Tooltip("date:T", title=w.text("Speaks of"), format=w.tooltip_day),
        alt.Tooltip("reported:N", title=w.text("Made public")),
        alt.Tooltip("publishers:N", title=w.text("Carried by")),
    ]
    base = alt.Chart(data(values))
    return [
        base.mark_rule(strokeWidth=2, opacity=0.6).encode(
            x=x, y=alt.Y("low:Q", axis=None), y2=alt.Y2("high:Q"), color=colour
        ),
        base.mark_point(filled=True, size=60, opacity=1, stroke=p.background, strokeWidth=0.8).encode(
            x=x, y=y, color=colour, shape=shape, tooltip=tooltip
        ),
        *[
            base.transform_filter(f"datum.arrow === {way}")
            .mark_text(fontSize=fonts.SMALL, fontWeight="bold", text=glyph, dy=-12 * way)
            .encode(x=x, y=y, color=colour)
            for way, glyph in ((1, "↑"), (-1, "↓"))
        ],
    ]


def _wanted(shown: _Shown, scale: _Scale, w: Words, narrow: bool) -> list[tuple[Label, str]]:
    """Labels by importance: the marked share, Russia's other shares, then the first and highest of Ukraine's figures."""
    found: list[tuple[Label, str]] = []
    said: set[str] = set()
    marked = shown.marked
    if marked:
        x, y = scale.x(marked["date"]), scale.y(marked["point_km2"])
        text = f"{surname(w, marked['claimant'])}: {marked['said']}"
        if fonts.text_width(text, fonts.SUBTITLE, bold=True) > max(x, scale.width - x) - 12:
            text = marked["said"]  # on phones; the title says whose figure it is
        found.append((Label(text, x, y, fonts.SUBTITLE, True), "russia"))
    for row in shown.stated:
        if row["claimant"] == "Russian forces":
            continue
        if (not marked or row["claim_id"] != marked["claim_id"]) and row["said"] not in said:
            said.add(row["said"])
            found.append((Label(row["said"], scale.x(row["date"]), scale.y(row["point_km2"])), "russia"))
    named = [
        row
        for row in shown.claims
        if row["side"] == "ukraine" and row["measure"] == "area_held" and row["claimant"] in PEOPLE
    ]
    if named and not narrow:
        highest = max(named, key=lambda row: row["value"])
        chosen = [highest] if named[-1] is highest else [highest, named[-1]]
        for row in chosen:
            text = f"{surname(w, row['claimant'])}: {row['said']}"
            found.append((Label(text, scale.x(row["date"]), scale.y(row["point_km2"])), "ukraine"))
    return found


def _label_layers(shown: _Shown, scale: _Scale, edition: Edition, narrow: bool) -> list[Layer]:
    p, marked = theme.palette(edition.theme), shown.marked
    drawn_at = [(scale.x(r["date"]), scale.y(r["point_km2"]), r["direction"]) for r in shown.claims]
    # Arrows of "more than" and "less than" stand beside their points.
    covered = [(x, y) for x, y, _ in drawn_at] + [(x, y - 11 * way) for x, y, way in drawn_at if way]
    wanted = _wanted(shown, scale, words(edition), narrow)
    colour_of = {(label.text, label.x, label.y): side for label, side in wanted}
    placed = place([label for label, _ in wanted], covered, scale.width, scale.height)
    layers = []
    if marked:
        spot = [{"x": scale.x(marked["date"]), "y": scale.y(marked["point_km2"])}]
        layers.append(points(spot, size=190, color=p.russia, fill="none", strokeWidth=2, filled=False))
    for bold in (False, True):
        rows = [
            {
                "x": round(m.left, 1),
                "y": round(m.middle, 1),
                "text": m.text,
                "colour": getattr(p, colour_of[m.text, m.x, m.y]),
                "halo": p.background,
            }
            for m in placed
            if m.bold is bold
        ]
        if rows:
            size = fonts.SUBTITLE if bold else fonts.SMALL
            layers += haloed(rows, 3, 0.85, fontWeight="bold", fontSize=size)
    return layers


def _map_labels(shown: _Shown, scale: _Scale, edition: Edition) -> list[Layer]:
    """Names on the line and in the band, in the quiet middle of a long period."""
    maps = shown.maps
    if maps is None:
        return []
    w, p = words(edition), theme.palette(edition.theme)
    line, band = (scale.first + (scale.last - scale.first) * share for share in (0.43, 0.52))
    there, above = (map_on(maps, day.normalize(), "deepstate") for day in (line, band))
    if there is None or above is None or scale.width < NARROW or (scale.last - scale.first).days < 120:
        return []
    names: Rows = [
        {"x": scale.x(line), "y": scale.y(there.lower) + 34, "text": w.text("DeepState map: held")}
    ]
    gap = above.upper - above.lower
    if gap > 90:
        names.append({"x": scale.x(band), "y": scale.y(above.lower + gap * 0.5), "text": w.text("unclear")})
    return [texts(names, align="center", color=p.map)]


def _rows(claims: pd.DataFrame, maps: pd.DataFrame | None) -> pd.DataFrame:
    """The plotted rows: the claims and, where drawn, the maps day by day."""
    columns = [
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
        "held_low_km2",
        "held_high_km2",
        "share_low",
        "share_high",
        "source_ids",
    ]
    rows = claims[columns].assign(kind="claim")
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


def _texts(shown: _Shown, edition: Edition) -> Text:
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
