"""The area of the Kursk oblast held by Ukraine: what the maps show and what everyone claimed, on one scale.

The left scale is the area held, the right scale the share of Russia's base that is retaken; both are the same
line read in two ways. Maps are lines and bands, claims are points; no claims are joined.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from kurskdata.charts import theme
from kurskdata.charts.frame import (
    NARROW,
    PEOPLE,
    Text,
    credit,
    data,
    drawn,
    framed,
    layered,
    publishers,
    px,
    surname,
)
from kurskdata.charts.labels import Label, place
from kurskdata.check.wordings import amount, qualified
from kurskdata.editions import Edition
from kurskdata.intervals import conversion
from kurskdata.views import BASE_KM2
from kurskdata.wording import Words, words

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
    return drawn(lambda wide: _draw(view, edition, maps, base_km2, wide), width)


def _draw(
    view: pd.DataFrame, edition: Edition, maps: pd.DataFrame | None, base_km2: float, width: float
) -> alt.VConcatChart:
    narrow = width < NARROW
    height = 360 if narrow else 400
    plot_width = width - 96
    first = edition.start or dt.date(2024, 8, 6)
    scale = _Scale(first, edition.end or edition.as_of, plot_width, height, conversion("km2", edition.units))
    claims = _drawn(view, scale, edition)
    marked = _marked(claims)
    layers = [*_map_layers(maps, scale, edition), *_claim_layers(claims, marked, scale, edition, narrow)]
    plot = layered(
        [*_axes(scale, edition, base_km2), *layers],
        width=plot_width,
        height=height,
        resolve={"axis": {"y": "independent"}},
    )
    rows = _rows(claims, maps, scale)
    return framed(plot, "area", edition, _texts(claims, marked, maps, edition, base_km2), rows, width)


class _Scale:
    """Days and areas as pixels of the plot."""

    def __init__(self, first: dt.date, last: dt.date, width: float, height: float, factor: float) -> None:
        self.first, self.last = pd.Timestamp(first), pd.Timestamp(last)
        self.width, self.height, self.factor = width, height, factor
        self.top = _TOP_KM2 * factor

    def x(self, day: pd.Timestamp) -> float:
        return float((day - self.first) / (self.last - self.first) * self.width)

    def y(self, km2: float) -> float:
        return (1 - km2 / _TOP_KM2) * self.height


def _drawn(view: pd.DataFrame, scale: _Scale, edition: Edition) -> pd.DataFrame:
    """The claims within the period, one row each, with the point to draw and the direction of the qualifier."""
    shown = view[view["variant_of"].isna() & view["date"].between(scale.first, scale.last)].copy()
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


def _marked(claims: pd.DataFrame) -> Mapping[Any, Any] | None:
    """The latest share that a Russian official stated."""
    stated = claims[(claims["side"] == "russia") & (claims["measure"] == "share_retaken")]
    stated = stated[stated["reported"].notna()].sort_values("date", kind="stable")
    named = stated[stated["date"].diff().dt.days.fillna(1) > 0]
    return named.iloc[-1].to_dict() if len(named) else None


def _axes(scale: _Scale, edition: Edition, base_km2: float) -> list[alt.Chart]:
    """Time below, areas on the left, shares of the base on the right."""
    w, p = words(edition), theme.palette(edition.theme)
    step = 200 if edition.units == "km2" else 100
    ticks = list(range(0, int(scale.top), step))
    unit = w.text("sq mi") if edition.units == "sq_mi" else w.text("sq km")
    shares = [
        {"value": (1 - s / 100) * base_km2 * scale.factor, "label": w.percent(s)}
        for s in (0, 25, 50, 75, 100)
    ]
    months = (scale.last - scale.first).days > 75
    domain = [scale.first.strftime("%Y-%m-%d"), scale.last.strftime("%Y-%m-%d")]
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
        scale=alt.Scale(domain=[0, scale.top], nice=False),
        axis=alt.Axis(
            values=ticks, title=None, domain=False, ticks=False, labelExpr="format(datum.value, ',')"
        ),
    )
    ground = alt.Chart(data([{"from": domain[0], "zero": 0}])).mark_point(opacity=0).encode(x=x, y=y)
    right = alt.Chart(data(shares)).mark_text(
        align="left", fontSize=theme.SMALL, color=p.muted, x="width", dx=8
    )
    head = alt.Chart(data([{"text": w.text("{unit} held by Ukraine", unit=unit)}]))
    left = head.mark_text(align="left", fontSize=theme.SMALL, color=p.muted, y=-16).encode(
        x=px(-34), text=alt.Text("text:N")
    )
    other = alt.Chart(data([{"text": w.text("retaken of {base}", base=w.area(base_km2))}]))
    far = other.mark_text(align="right", fontSize=theme.SMALL, color=p.muted, y=-16).encode(
        x=px(scale.width + 44), text=alt.Text("text:N")
    )
    return [
        ground,
        right.encode(y=alt.Y("value:Q", axis=None), text=alt.Text("label:N")),
        left,
        far,
        *_key(edition),
    ]


def _key(edition: Edition) -> list[alt.Chart]:
    """Who speaks, in the colour and shape of the marks."""
    w, p = words(edition), theme.palette(edition.theme)
    x, layers = -28.0, []
    for side, text in (
        ("russia", w.text("Russia")),
        ("ukraine", w.text("Ukraine")),
        ("independent", w.text("media, analysts")),
    ):
        dot = alt.Chart(data([{"x": x, "y": -40.0}])).mark_point(
            filled=True, opacity=1, size=60, shape=theme.SHAPES[side], color=getattr(p, side)
        )
        word = alt.Chart(data([{"x": x + 9, "y": -40.0, "text": text}])).mark_text(
            align="left", baseline="middle", fontSize=theme.SMALL, fontWeight="bold", color=getattr(p, side)
        )
        at = {"x": alt.X("x:Q", axis=None, scale=None), "y": alt.Y("y:Q", axis=None, scale=None)}
        layers += [dot.encode(**at), word.encode(**at, text=alt.Text("text:N"))]
        x += 9 + theme.text_width(text, theme.SMALL, bold=True) + 20
    return layers


def _map_rows(maps: pd.DataFrame, scale: _Scale) -> pd.DataFrame:
    shown = maps[maps["date"].between(scale.first, scale.last) & (maps["status"] == "drawn")].copy()
    shown["held"] = (shown["held_km2"].fillna(0) * scale.factor).round(1)
    shown["upper"] = (shown["with_unclear_km2"] * scale.factor).round(1)
    return shown


def _map_layers(maps: pd.DataFrame | None, scale: _Scale, edition: Edition) -> list[alt.Chart]:
    if maps is None or not len(maps):
        return []
    w, p = words(edition), theme.palette(edition.theme)
    shown = _map_rows(maps, scale)
    values = [
        {
            "date": r["date"].strftime("%Y-%m-%d"),
            "observer": r["observer"],
            "held": r["held"],
            "upper": r["upper"],
        }
        for r in shown.to_dict("records")
    ]
    x = alt.X("date:T", scale=alt.Scale(type="utc"))
    y = alt.Y("held:Q", scale=alt.Scale(domain=[0, scale.top], nice=False), axis=None)
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
        *_map_labels(maps, scale, edition),
    ]


def _claim_layers(
    claims: pd.DataFrame, marked: Mapping[Any, Any] | None, scale: _Scale, edition: Edition, narrow: bool
) -> list[alt.Chart]:
    w, p = words(edition), theme.palette(edition.theme)
    f = scale.factor
    marked_id = marked["claim_id"] if marked else None
    values = []
    for row in claims.to_dict("records"):
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
                "marked": row["claim_id"] == marked_id,
                "publishers": row["publishers"],
                "reported": row["reported"].strftime("%Y-%m-%d") if pd.notna(row["reported"]) else "",
            }
        )
    x = alt.X("date:T", scale=alt.Scale(type="utc"))
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, scale.top], nice=False), axis=None)
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
    layers = [
        base.mark_rule(strokeWidth=2, opacity=0.6).encode(
            x=x, y=alt.Y("low:Q", axis=None), y2=alt.Y2("high:Q"), color=colour
        ),
        base.mark_point(filled=True, size=60, opacity=1, stroke=p.background, strokeWidth=0.8).encode(
            x=x, y=y, color=colour, shape=shape, tooltip=tooltip
        ),
        *[
            base.transform_filter(f"datum.arrow === {way}")
            .mark_text(fontSize=theme.SMALL, fontWeight="bold", text=glyph, dy=-12 * way)
            .encode(x=x, y=y, color=colour)
            for way, glyph in ((1, "↑"), (-1, "↓"))
        ],
    ]
    layers += _label_layers(claims, marked, scale, edition, narrow)
    return layers


def _wanted(
    claims: pd.DataFrame, marked: Mapping[Any, Any] | None, scale: _Scale, w: Words, narrow: bool
) -> list[tuple[Label, str]]:
    """Labels by importance: the marked share, Russia's other shares, then the first and highest of Ukraine's figures."""
    found: list[tuple[Label, str]] = []
    said: set[str] = set()
    if marked:
        x, y = scale.x(marked["date"]), scale.y(marked["point_km2"])
        text = f"{surname(w, marked['claimant'])}: {marked['said']}"
        if theme.text_width(text, theme.SUBTITLE, bold=True) > max(x, scale.width - x) - 12:
            text = marked["said"]  # on phones; the title says whose figure it is
        found.append((Label(text, x, y, theme.SUBTITLE, True), "russia"))
    stated = claims[
        (claims["side"] == "russia") & claims["measure"].eq("share_retaken") & claims["reported"].notna()
    ]
    held = claims[(claims["side"] == "ukraine") & claims["measure"].eq("area_held")]
    for row in stated[stated["claimant"].ne("Russian forces")].to_dict("records"):
        if (not marked or row["claim_id"] != marked["claim_id"]) and row["said"] not in said:
            said.add(row["said"])
            found.append((Label(row["said"], scale.x(row["date"]), scale.y(row["point_km2"])), "russia"))
    if len(held) and not narrow:
        named = held[held["claimant"].isin(PEOPLE)]
        chosen = pd.concat([named.nlargest(1, "value"), named.tail(1)]).drop_duplicates("claim_id")
        for row in chosen.to_dict("records"):
            text = f"{surname(w, row['claimant'])}: {row['said']}"
            found.append((Label(text, scale.x(row["date"]), scale.y(row["point_km2"])), "ukraine"))
    return found


def _label_layers(
    claims: pd.DataFrame, marked: Mapping[Any, Any] | None, scale: _Scale, edition: Edition, narrow: bool
) -> list[alt.Chart]:
    p = theme.palette(edition.theme)
    rows = claims.to_dict("records")
    points = [(scale.x(r["date"]), scale.y(r["point_km2"])) for r in rows]
    # Arrows of "more than" and "less than" stand beside their points.
    points += [
        (scale.x(r["date"]), scale.y(r["point_km2"]) - 11 * r["direction"]) for r in rows if r["direction"]
    ]
    wanted = _wanted(claims, marked, scale, words(edition), narrow)
    colour_of = {(label.text, label.x, label.y): side for label, side in wanted}
    placed = place([label for label, _ in wanted], points, scale.width, scale.height)
    values = [
        {
            "x": round(m.left, 1),
            "y": round(m.middle, 1),
            "text": m.text,
            "side": colour_of[m.text, m.x, m.y],
            "bold": m.bold,
        }
        for m in placed
    ]
    layers = []
    if marked:
        ring = alt.Chart(
            data([{"x": scale.x(marked["date"]), "y": scale.y(marked["point_km2"])}])
        ).mark_point(size=190, color=p.russia, fill="none", strokeWidth=2, opacity=1)
        layers.append(
            ring.encode(x=alt.X("x:Q", axis=None, scale=None), y=alt.Y("y:Q", axis=None, scale=None))
        )
    for value in values:
        text = alt.Chart(data([{k: value[k] for k in ("x", "y", "text")}])).encode(
            x=alt.X("x:Q", axis=None, scale=None),
            y=alt.Y("y:Q", axis=None, scale=None),
            text=alt.Text("text:N"),
        )
        look: dict[str, Any] = {
            "align": "left",
            "baseline": "middle",
            "fontWeight": "bold",
            "fontSize": theme.SUBTITLE if value["bold"] else theme.SMALL,
        }
        # A halo keeps the words readable where they cross a line.
        layers.append(
            text.mark_text(**look, color=p.background, stroke=p.background, strokeWidth=3, opacity=0.85)
        )
        layers.append(text.mark_text(**look, color=getattr(p, str(value["side"]))))
    return layers


def _map_labels(maps: pd.DataFrame, scale: _Scale, edition: Edition) -> list[alt.Chart]:
    """Names on the line and in the band, in the quiet middle of a long period."""
    w, p = words(edition), theme.palette(edition.theme)
    line, band = (scale.first + (scale.last - scale.first) * share for share in (0.43, 0.52))
    there, above = (_map_on(maps, day.normalize()) for day in (line, band))
    if there is None or above is None or scale.width < NARROW or (scale.last - scale.first).days < 120:
        return []
    texts = [
        {"x": scale.x(line), "y": scale.y(there["held_km2"]) + 34, "text": w.text("DeepState map: held")}
    ]
    gap = above["with_unclear_km2"] - above["held_km2"]
    if gap > 90:
        texts.append(
            {"x": scale.x(band), "y": scale.y(above["held_km2"] + gap * 0.5), "text": w.text("unclear")}
        )
    mark = alt.Chart(data(texts)).mark_text(
        fontSize=theme.SMALL, baseline="middle", color=p.map, fontStyle="normal"
    )
    return [
        mark.encode(
            x=alt.X("x:Q", axis=None, scale=None),
            y=alt.Y("y:Q", axis=None, scale=None),
            text=alt.Text("text:N"),
        )
    ]


def _rows(claims: pd.DataFrame, maps: pd.DataFrame | None, scale: _Scale) -> pd.DataFrame:
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
    if maps is None or not len(maps):
        return rows
    drawn = _map_rows(maps, scale)
    lines = pd.DataFrame(
        {
            "claim_id": None,
            "claimant": drawn["observer"],
            "side": "independent",
            "date": drawn["date"],
            "held_low_km2": drawn["held_km2"],
            "held_high_km2": drawn["with_unclear_km2"],
            "kind": "map",
        }
    )
    return pd.concat([rows, lines], ignore_index=True)


def _texts(
    claims: pd.DataFrame,
    marked: Mapping[Any, Any] | None,
    maps: pd.DataFrame | None,
    edition: Edition,
    base_km2: float,
) -> Text:
    w = words(edition)
    there = _map_on(maps, marked["date"]) if marked else None
    if marked and there is not None:
        low, high = (100 * (1 - km2 / base_km2) for km2 in (there["with_unclear_km2"], there["held_km2"]))
        values = {
            "who": surname(w, marked["claimant"]),
            "said": marked["said"],
            "range": f"{w.number(low, 0)}–{w.percent(high, 0)}",
        }
        if marked["share_high"] < low:
            title = w.text("“{said}” ({who}) lies below what the DeepState map shows, {range}", **values)
        elif marked["share_low"] > high:
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
    alt_text = title + ". " + subtitle + ". " + w.text("{count} claims are drawn.", count=len(claims))
    if there is not None and marked:
        alt_text += " " + w.text(
            "On {day} the DeepState map showed {held} held by Ukraine, {upper} with unclear areas.",
            day=w.date(marked["date"]),
            held=w.area(there["held_km2"]),
            upper=w.area(there["with_unclear_km2"]),
        )
    source = credit(
        edition,
        w.text(
            "claims as carried by news media; DeepState and Project Owl map archives, measured by kurskdata"
        ),
    )
    return Text(title, subtitle, source, alt_text)


def _map_on(maps: pd.DataFrame | None, day: pd.Timestamp) -> Mapping[Any, Any] | None:
    if maps is None:
        return None
    found = maps[(maps["date"] == day) & (maps["observer"] == "deepstate") & (maps["status"] == "drawn")]
    return found.iloc[0].to_dict() if len(found) else None
