"""The layers of the chart of areas: maps as lines and bands, claims as points, and their labels.

Areas are in sq km, or in the unit of the edition where they are on the scale on the left; places of labels are pixels
of the plot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kurskdata.charts.style import theme
from kurskdata.charts.style.frame import NARROW, Plot, is_person, layered, surname
from kurskdata.charts.style.labels import Label, place, written
from kurskdata.charts.style.marks import (
    Layer,
    Rows,
    day,
    haloed,
    layer,
    only,
    own,
    points,
    quantity,
    texts,
    tip,
    tips,
)
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.tables.intervals import conversion
from kurskdata.tables.views import map_on
from kurskdata.words import headings
from kurskdata.words.language import Words, words

_TOP_KM2 = 1450.0


@dataclass(frozen=True)
class Content:
    """The period, its claims, the shares among them that Russia's side stated and the latest one, the maps, the base,
    and what to say where no claim is known yet."""

    first: pd.Timestamp
    last: pd.Timestamp
    claims: Sequence[Mapping[Any, Any]]
    stated: Sequence[Mapping[Any, Any]]
    marked: Mapping[Any, Any] | None
    maps: pd.DataFrame | None
    base_km2: float
    nothing: str = ""


class _Scale:
    """Days and areas as pixels of the plot, and the scale of areas in the unit of the edition."""

    def __init__(self, content: Content, width: float, height: float, units: str) -> None:
        self.first, self.last = content.first, content.last
        self.width, self.height = width, height
        self.factor = conversion("km2", units)
        self.areas = {"domain": [0, _TOP_KM2 * self.factor], "nice": False}

    def x(self, day: pd.Timestamp) -> float:
        return float((day - self.first) / (self.last - self.first) * self.width)

    def y(self, km2: float) -> float:
        return (1 - km2 / _TOP_KM2) * self.height

    def at(self, claim: Mapping[Any, Any]) -> tuple[float, float]:
        """The point of a claim."""
        return self.x(claim["date"]), self.y(claim["point_km2"])


def plot(content: Content, edition: Edition, width: float) -> Plot:
    """All layers for a chart of that width in pixels, the first at the bottom."""
    w, p, narrow = words(edition), theme.palette(edition.theme), width < NARROW
    scale = _Scale(content, width - 96, 360 if narrow else 400, w.units)
    layers = [_axes(content, scale, w), *_sides(content, scale, w, p), *_key(w, p)]
    if content.maps is not None:
        layers += [*_map_layers(content.maps, scale, w, p), *_map_labels(content.maps, scale, w, p)]
    layers += [*_claim_layers(content, scale, w, p), *_label_layers(content, scale, w, p, narrow)]
    if content.nothing:
        lines = enumerate(fonts.wrap(content.nothing, scale.width, fonts.SMALL))
        look = {"x": scale.width / 2, "colour": p.ink, "halo": p.background}
        layers += haloed(
            [{**look, "y": 40 + 16 * n, "text": line} for n, line in lines], 4, 1, align="center"
        )
    resolve = {"axis": {"y": "independent"}}
    return layered(layers, width=scale.width, height=scale.height, resolve=resolve)


def _axes(content: Content, scale: _Scale, w: Words) -> Layer:
    """Time below, areas on the left."""
    days = (content.last - content.first).days
    months = days > 75
    by_month = (
        "(month(datum.value) === 0 || datum.index === 0) ? [utcFormat(datum.value, '%b'), "
        "utcFormat(datum.value, '%Y')] : utcFormat(datum.value, '%b')"
    )
    domain = [date.strftime("%Y-%m-%d") for date in (content.first, content.last)]
    time = {
        "title": None,
        "grid": False,
        "tickCount": "month" if months else {"interval": "week" if days > 14 else "day", "step": 1},
        "labelOverlap": "greedy",
        "labelSeparation": 4,
        "labelExpr": by_month if months else f"utcFormat(datum.value, '{w.axis_day}')",
    }
    areas = {
        "values": [*range(0, int(_TOP_KM2 * scale.factor), 200 if w.units == "km2" else 100)],
        "title": None,
        "domain": False,
        "ticks": False,
        "labelExpr": "format(datum.value, ',')",
    }
    return layer(
        "point",
        [{"from": domain[0], "zero": 0}],
        x=day("from", domain, axis=time),
        y=quantity("zero", scale=scale.areas, axis=areas),
        opacity=0,
    )


def _sides(content: Content, scale: _Scale, w: Words, p: theme.Palette) -> list[Layer]:
    """Shares of the base on the right, and above what each side of the plot stands for."""
    unit = w.say(f"unit.{w.units}")
    shares = [
        {"y": round(scale.y((1 - s / 100) * content.base_km2), 1), "text": w.percent(s)}
        for s in (0, 25, 50, 75, 100)
    ]
    held = [{"text": w.text("{unit} held by Ukraine", unit=unit)}]
    retaken = [{"text": w.text("retaken of {base}", base=w.area(content.base_km2))}]
    return [
        texts(shares, x=scale.width + 8, color=p.muted),
        texts(held, x=-34, y=-16, color=p.muted),
        texts(retaken, x=scale.width + 44, y=-16, align="right", color=p.muted),
    ]


def _key(w: Words, p: theme.Palette) -> list[Layer]:
    """Who speaks, in the colour and shape of the marks."""
    x, dots, names = -28.0, [], []
    for side, shape in theme.SHAPES.items():
        text, colour = headings.value("side", side, w), getattr(p, side)
        dots.append({"x": x, "y": -40.0, "shape": shape, "colour": colour})
        names.append({"x": x + 9, "y": -40.0, "text": text, "colour": colour})
        x += 9 + fonts.text_width(text, fonts.SMALL, bold=True) + 20
    return [
        points(dots, size=60, shape=own("shape"), color=own("colour")),
        texts(names, fontWeight="bold", color=own("colour")),
    ]


def _map_layers(maps: pd.DataFrame, scale: _Scale, w: Words, p: theme.Palette) -> list[Layer]:
    """The DeepState map as a line with a band for what is unclear, the Project Owl map as a dotted line."""
    drawn = pd.DataFrame(
        {
            "date": maps["date"].dt.strftime("%Y-%m-%d"),
            "observer": maps["observer"],
            "held": (maps["held_km2"].fillna(0) * scale.factor).round(1),
            "upper": (maps["with_unclear_km2"] * scale.factor).round(1),
        }
    )
    rows: Any = drawn.to_dict("records")
    tooltip = [
        tip("date", w.text("Map of"), type="temporal", format=w.tooltip_day),
        tip("held", w.text("Held by Ukraine"), type="quantitative", format=",.0f"),
        tip("upper", w.text("With unclear"), type="quantitative", format=",.0f"),
    ]
    on_scales = {"x": day("date"), "y": quantity("held", scale=scale.areas, axis=None)}
    line = {**on_scales, "interpolate": "step-after", "color": p.map}
    band = {**on_scales, "interpolate": "step-after", "color": p.ribbon, "y2": {"field": "upper"}}
    deep, owl = "datum.observer === 'deepstate'", "datum.observer === 'owlmaps'"
    return [
        only(deep, layer("area", rows, **band, opacity=1, tooltip=tooltip)),
        only(owl, layer("line", rows, **line, strokeWidth=1.5, strokeDash=[2, 3], tooltip=tooltip[:2])),
        only(deep, layer("line", rows, **line, strokeWidth=2.5, tooltip=tooltip)),
    ]


def _map_labels(maps: pd.DataFrame, scale: _Scale, w: Words, p: theme.Palette) -> list[Layer]:
    """Names on the line and in the band, in the quiet middle of a long period."""
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


def _claim_layers(content: Content, scale: _Scale, w: Words, p: theme.Palette) -> list[Layer]:
    """Every claim as a point in the colour and shape of its side, with a bar for a range and an arrow for a bound."""
    rows = []
    for row in content.claims:
        exact = row["point_km2"], row["point_km2"]
        low, high = exact if row["direction"] else (row["held_low_km2"], row["held_high_km2"])
        spoken, public = row["date"], row["reported"]
        public = row["reported_month"] if pd.isna(public) else public.strftime("%Y-%m-%d")
        form = "month" if row["date_basis"] == "month" else "short"
        rows.append(
            {
                "date": row["date"].strftime("%Y-%m-%d"),
                "y": round(row["point_km2"] * scale.factor, 1),
                "side": row["side"],
                "low": round(low * scale.factor, 1),
                "high": round(min(high, _TOP_KM2) * scale.factor, 1),
                "arrow": row["direction"],
                "claimant": w.plain(row["claimant"]),
                "said": row["said"],
                "publishers": row["publishers"],
                "reported": "" if pd.isna(public) else public,
                "day": f"{w.date(spoken, form)} {spoken.year}",
            }
        )
    colours, shapes = {side: getattr(p, side) for side in theme.SHAPES}, theme.SHAPES
    colour, shape = (
        {**own("side"), "scale": {"domain": [*named], "range": [*named.values()]}, "legend": None}
        for named in (colours, shapes)
    )
    tooltip = [
        *tips(claimant=w.text("Claimant"), said=w.text("Said"), day=w.text("Speaks of")),
        *tips(reported=w.text("Made public"), publishers=w.text("Carried by")),
    ]
    on_scales = {"x": day("date"), "y": quantity("y", scale=scale.areas, axis=None), "color": colour}
    from_low = {"y": quantity("low", axis=None), "y2": {"field": "high"}}
    edge = {"stroke": p.background, "strokeWidth": 0.8}
    arrow = {"fontSize": fonts.SMALL, "fontWeight": "bold"}
    return [
        layer("rule", rows, **{**on_scales, **from_low}, strokeWidth=2, opacity=0.6),
        points(rows, size=60, **on_scales, **edge, shape=shape, tooltip=tooltip),
        only("datum.arrow === 1", layer("text", rows, **on_scales, **arrow, text="↑", dy=-12)),
        only("datum.arrow === -1", layer("text", rows, **on_scales, **arrow, text="↓", dy=12)),
    ]


def _wanted(content: Content, scale: _Scale, w: Words, p: theme.Palette, narrow: bool) -> list[Label]:
    """Labels by importance: the marked share, Russia's other shares, then the highest and the latest of Ukraine's
    figures."""
    labels: list[Label] = []
    said: set[str] = set()
    marked = content.marked
    if marked:
        x, y = scale.at(marked)
        text = f"{surname(w, marked['claimant'])}: {marked['said']}"
        if fonts.text_width(text, fonts.SUBTITLE, bold=True) > max(x, scale.width - x) - 12:
            text = marked["said"]  # on phones; the title says whose figure it is
        labels.append(Label(text, x, y, fonts.SUBTITLE, bold=True, colour=p.russia))
    for row in content.stated:
        if row["claimant"] == "Russian forces":
            continue
        if (not marked or row["claim_id"] != marked["claim_id"]) and row["said"] not in said:
            said.add(row["said"])
            labels.append(Label(row["said"], *scale.at(row), colour=p.russia))
    named = [
        row
        for row in content.claims
        if row["side"] == "ukraine" and row["measure"] == "area_held" and is_person(row["claimant"])
    ]
    if named and not narrow:
        highest = max(named, key=lambda row: row["value"])
        for row in [highest] if named[-1] is highest else [highest, named[-1]]:
            text = f"{surname(w, row['claimant'])}: {row['said']}"
            labels.append(Label(text, *scale.at(row), colour=p.ukraine))
    return labels


def _label_layers(content: Content, scale: _Scale, w: Words, p: theme.Palette, narrow: bool) -> list[Layer]:
    """A ring round the marked claim, and the labels that find room."""
    marks = [(*scale.at(row), row["direction"]) for row in content.claims]
    # Arrows of "more than" and "less than" stand beside their points.
    covered = [(x, y) for x, y, _ in marks] + [(x, y - 11 * way) for x, y, way in marks if way]
    placed = place(_wanted(content, scale, w, p, narrow), covered, scale.width, scale.height)
    labels = written(placed, [p.background] * len(placed), 3, 0.85, weight="bold")
    if not content.marked:
        return labels
    x, y = scale.at(content.marked)
    ring = points([{"x": x, "y": y}], size=190, color=p.russia, fill="none", strokeWidth=2, filled=False)
    return [ring, *labels]
