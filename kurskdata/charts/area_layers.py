"""The panels of the chart of areas: the campaign, its last three weeks, and a claim beside the map of its day.

Areas are in the unit of the edition, places are pixels of the plot.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kurskdata.charts.area_labels import Name, Room, named
from kurskdata.charts.style import theme
from kurskdata.charts.style.frame import NARROW, Plot, layered
from kurskdata.charts.style.labels import Label, written
from kurskdata.charts.style.marks import Layer, Rows, own, paths, points, spans, texts, tips
from kurskdata.charts.style.on_scales import Meaning
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.tables.intervals import Interval
from kurskdata.words import headings
from kurskdata.words.language import Words, words

Marks = defaultdict[str, Rows]
Claim = Mapping[Any, Any]
Ends = tuple[float, float]

ZOOM = pd.Timedelta(days=21)
"""What the second panel shows; a period that is not longer is one panel."""

_HALF, _DAY = pd.Timedelta(hours=12), pd.Timedelta(days=1)
_ARROWS = {1: "M0,-4L0,-17M-3,-13L0,-17L3,-13", -1: "M0,4L0,17M-3,13L0,17L3,13", 0: "M0,0"}
"""The open arrows of figures that are bounds, from the middle of their marks."""

_SIDES = ("ties", "ranges", "arrows", "official")

_BLOCK = 132
"""The width of a claim beside the map of its day."""


@dataclass(frozen=True)
class Content:
    """The period; its claims; the maps by day as ``held``, ``unclear`` above it and ``owl``; what the map of its day and
    the claim of the title itself leave; what is told below the panels, the last of it most."""

    first: pd.Timestamp
    last: pd.Timestamp
    claims: Sequence[Claim]
    maps: pd.DataFrame | None
    compared: tuple[Interval, Interval] | None
    told: Sequence[str]


class _Panel:
    """Claims and maps of a period and areas from zero up in a box of pixels; a column has its day in the middle."""

    def __init__(
        self, content: Content, claims: Sequence[Claim], first: pd.Timestamp, right: float, box: Ends
    ) -> None:
        self.claims, self.first, self.right, (self.upper, self.zero) = claims, first, right, box
        self.days = pd.date_range(first, content.last)
        self.column = right / len(self.days)
        self.maps = pd.DataFrame() if content.maps is None else content.maps.reindex(self.days)
        both = [one.upper for one in content.compared or ()]
        found = [row["point"] for row in self.claims] + [*self.maps.max()] + both
        most = max((one for one in found if 0 < one < math.inf), default=1.0)
        power, room = 10.0 ** math.floor(math.log10(most)), (self.zero - self.upper) / 55
        self.step = next(s for part in (0.1, 0.2, 0.5, 1, 2, 5) if most / (s := power * part) <= room)
        self.top = math.ceil(most * 2.2 / self.step) * self.step / 2

    def x(self, day: Any) -> Any:
        """Where a day lies, also for many at once."""
        at = (day - self.first + _HALF) / _DAY * self.column
        return at.to_numpy().round() if isinstance(day, pd.Index) else float(round(at))

    def y(self, area: Any) -> Any:
        """Where an area lies, also for many at once."""
        return round(self.zero - area / self.top * (self.zero - self.upper), 0)


def plot(content: Content, edition: Edition, width: float) -> Plot:
    """All layers for a chart of that width in pixels, the first at the bottom."""
    w, p, narrow = words(edition), theme.palette(edition.theme), width < NARROW
    panels, low = _panels(content, width - 48, narrow)
    campaign, last = panels[0], panels[-1]
    heads = [(-16.0, w.text("{unit} held by Ukraine", unit=w.say(f"unit.{w.units}")))]
    marks, labels = Marks(list), list[Label]()
    if last.upper:
        days = w.say("area-chart.zoom", days=w.days(last.first, content.last))
        heads.append((last.upper - 22, days))
        start = campaign.x(last.first) - campaign.column / 2
        marks["enlarged"].append({"x": start, "x2": campaign.right, "y": campaign.zero + 2})
    marks["heads"] = [{"x": -40, "y": y, "text": text} for y, text in heads]
    for panel in panels:
        _frame(panel, w, marks)
        lines = _maps(panel, marks)
        claimed = _claims(panel, marks, w, p, narrow)
        names = [*claimed[:1], *_maps_named(panel, w, p, narrow), *claimed[1:]]
        frame = (0.0, panel.upper - 8, panel.right + 6, panel.zero - 2)
        found, ties = named(names, Room(frame, [name.box for name in claimed], lines))
        labels += found
        marks["ties"] += ties
    if content.compared:
        _compared(last, content, w, marks)
    for text, bold in [(text, text == content.told[-1]) for text in content.told]:
        for line in fonts.wrap(text, width - 8, fonts.SMALL, bold=bold):
            marks["both" if bold else "told"].append({"x": -40, "y": low, "text": line})
            low += 16
    layers = [
        *_layers(marks, w, p),
        *written(
            sorted(labels, key=lambda one: [*vars(p).values()].index(one.colour)),
            [p.background] * len(labels),
            3,
            0.85,
        ),
    ]
    day = campaign.first - _HALF
    ends = {
        "x": (day, day + (width - 48) / campaign.column * _DAY),
        "y": (campaign.top, campaign.top * (1 - low / campaign.zero)),
    }
    return layered(layers, Meaning(ends), width=width - 48, height=low)


def _panels(content: Content, wide: float, narrow: bool) -> tuple[list[_Panel], float]:
    """The campaign and, where there is more than one, its last weeks; and where what stands below begins."""
    right, low = wide - _BLOCK if content.compared else wide, 290.0 if narrow else 330.0
    if content.maps is None or content.last - content.first <= ZOOM:
        return [_Panel(content, content.claims, content.first, right, (0, low))], low + (
            48 if content.compared else 24
        )
    since = content.last - ZOOM
    before = [row for row in content.claims if row["date"] < since or row["marked"]]
    after = [row for row in content.claims if row["date"] >= since]
    box = low + 80, low + (270 if narrow else 310)
    panels = [
        _Panel(content, before, content.first, wide, (0, low)),
        _Panel(content, after, since, right, box),
    ]
    return panels, box[1] + (48 if content.compared else 24)


def _frame(panel: _Panel, w: Words, marks: Marks) -> None:
    """Lines and numbers of areas, and names of months or days that stand clear of each other."""
    for n in range(int(panel.top / panel.step) + 1):
        at = {"x": 0, "y": panel.y(n * panel.step)}
        marks["grid" if n else "ends"].append({**at, "x2": panel.right, "y2": at["y"]})
        marks["areas"].append({**at, "x": -8, "text": w.number(n * panel.step)})
    by_month, edge = len(panel.days) > 75, -math.inf
    for day in [d for d in panel.days if d.day == 1] if by_month else reversed(panel.days):
        text, x = w.date(day, "month" if by_month else "short"), panel.x(day)
        room = fonts.text_width(text, fonts.SMALL) / 2 + 5
        if abs(x - edge) < 2 * room + 4 or x + room > panel.right + 14 or x < room - 14:
            continue
        edge = x
        marks["ends"] += [{"x": x, "x2": x, "y": panel.zero, "y2": panel.zero + 4}] if by_month else []
        marks["days"].append({"x": x, "y": panel.zero + 14, "text": text})
        if by_month and (day.month == 1 or day - panel.first < 31 * _DAY):
            marks["days"].append({"x": x, "y": panel.zero + 29, "text": str(day.year)})


def _maps(panel: _Panel, marks: Marks) -> list[tuple[float, float]]:
    """The maps as steps that break where there is none, and points on the steps."""
    half, found = panel.column / 2, list[tuple[float, float]]()
    across = panel.x(panel.days)
    for curve in map(str, panel.maps):
        heights = panel.y(panel.maps[curve]).to_numpy()
        drawn = np.flatnonzero(~np.isnan(heights))
        for run in np.split(drawn, np.flatnonzero(np.diff(drawn) > 1) + 1)[: len(drawn)]:
            points = [*zip(across[run].tolist(), heights[run].tolist(), strict=True)]
            starts = [at for n, at in enumerate(points) if n == 0 or at[1] != points[n - 1][1]]
            edges = [x - half for x, _ in starts] + [points[-1][0] + half]
            way = [(x, y) for n, (_, y) in enumerate(starts) for x in edges[n : n + 2]]
            solid = [*way, (edges[-1], panel.zero), (edges[0], panel.zero)] if curve == "held" else []
            for name, corners in ((curve, way), ("solid", solid)):
                at = {"run": f"{panel.upper} {panel.days[run[0]]:%j}"}
                marks[name] += [
                    {"n": n, "x": float(round(x)), "y": y, **at} for n, (x, y) in enumerate(corners)
                ]
            found += points
    return found


def _claims(panel: _Panel, marks: Marks, w: Words, p: theme.Palette, narrow: bool) -> list[Name]:
    """Claims of both sides in their colour and shape, with a bar for a range and an open arrow for a bound, all others
    as small squares; what each is called, the claim of the title first."""
    names, group = [], headings.value("side", "independent", w)
    top = max((row["point"] for row in panel.claims if row["side"] == "independent"), default=0)
    for row in panel.claims:
        x, y, way = panel.x(row["date"]), panel.y(row["point"]), row["way"]
        if row["side"] == "independent":
            marks["others"].append({"x": x, "y": y})
            lines = [[group]] if row["point"] == top else []
            names.append((row["rank"], Name(lines, (x - 4, y - 4, x + 4, y + 4), p.muted, -1)))
            continue
        at = {"x": x, "y": y, "colour": getattr(p, row["side"])}
        low, high = (y, y) if way else (panel.y(row["low"]), max(panel.y(row["high"]), panel.upper))
        marks["ranges"] += [{**at, "y": low, "y2": high}] if low - high > 12 else []
        marks["arrows"] += [{**at, "shape": _ARROWS[way]}] if way else []
        marks["official"].append(
            {
                **at,
                "shape": theme.SHAPES[row["side"]],
                **({} if panel.upper and row["marked"] else row["shown"]),
            }
        )
        marks["ring"] += [at] if row["marked"] else []
        edge = 9 if row["marked"] else 6
        box = (x - edge, min(y - edge - 11 * (way > 0), high), x + edge, max(y + edge + 11 * (way < 0), low))
        who, day = row["who"], w.date(row["date"], "short")
        wordings = [f"{who}, {day}: {row['told']}", f"{who}: {row['told']}", who][
            narrow and not row["marked"] :
        ]
        lines = [
            fonts.wrap(text, 110 if narrow else 150, fonts.SMALL, bold=row["marked"]) for text in wordings
        ]
        side = 1 if row["side"] == "russia" else -1
        names.append((row["rank"], Name(lines, box, at["colour"], side, bold=row["marked"])))
    return [name for _, name in sorted(names, key=lambda pair: pair[0])]


def _maps_named(panel: _Panel, w: Words, p: theme.Palette, narrow: bool) -> Iterator[Name]:
    """What each map is called: in its area where there is room, else beside it."""
    heights = panel.y(panel.maps)
    for curve in heights:
        texts = [w.say(f"area-chart.{curve}_{form}") for form in ("long", "short")[narrow:]]
        ceiling = heights[curve]
        floor = heights["held"] if curve == "unclear" else ceiling * 0 + panel.zero
        thick = abs(heights.get("held", floor) - ceiling) if curve == "owl" else floor - ceiling
        if thick.isna().all():
            continue
        at, inside = thick.idxmax(), []
        if curve != "owl":
            days = math.ceil(fonts.text_width(texts[0], fonts.SMALL) / panel.column) + 2
            around = {"center": True, "min_periods": 1}
            upper, lower = ceiling.rolling(days, **around).max(), floor.rolling(days, **around).min()
            room = (lower - upper)[lower - upper >= 18].clip(upper=60)
            best = room.sort_values(ascending=False, kind="stable").index
            inside = [*zip(panel.x(best), (upper[best] + lower[best]) / 2, strict=True)]
        x, y = panel.x(at), ceiling[at] if curve == "owl" else (ceiling[at] + floor[at]) / 2
        yield Name([[text] for text in texts], (x - 1, y - 1, x + 1, y + 1), p.map, -1, inside=inside)


def _compared(panel: _Panel, content: Content, w: Words, marks: Marks) -> None:
    """The areas that the map of a day leaves and those that the claim of the title allows, as two bars."""
    bars = zip(("there", "claim"), content.compared or (), (44.0, 78.0), (-1, 1), strict=False)
    for kind, allowed, x, side in bars:
        at, (low, high) = panel.right + x, (panel.y(end) for end in (allowed.lower, allowed.upper))
        marks[kind].append({"x": at - 9, "x2": at + 9, "y": high, "y2": max(low, high + 1)})
        marks["bars"].append(
            {"x": at + 6 * side, "y": panel.zero + 14, "text": w.say(f"area-chart.{kind}_bar")}
        )
        for area, y in ((allowed.upper, high), (allowed.lower, low)):
            if area == allowed.upper or (area and low - high >= 14):
                marks[f"{kind}_ends"].append({"x": at + 13 * side, "y": y, "text": w.number(area, 0)})
    top, bottom = (
        cut(row[end] for row in (marks["there"][0], marks["claim"][0]))
        for cut, end in ((max, "y"), (min, "y2"))
    )
    if top <= bottom:
        marks["overlap"] = [{"x": panel.right + 35, "x2": panel.right + 87, "y": top, "y2": bottom}]
    for x in [panel.x(row["date"]) for row in panel.claims if row["marked"] and row["date"] >= panel.first]:
        column = {"x": x - panel.column / 2, "x2": x + panel.column / 2, "y2": panel.zero}
        marks["day"] = [{**marks["there"][0], **column}]


def _layers(marks: Marks, w: Words, p: theme.Palette) -> list[Layer]:
    colour = own("colour")
    tooltip = tips(
        claimant=w.text("Claimant"), said=w.text("Said"), day=w.text("Speaks of"),
        reported=w.text("Made public"), publishers=w.text("Carried by"),
    )  # fmt: skip
    # Neighbours that look alike make a page light.
    order = [*vars(p).values()].index
    by_side = {name: sorted(marks[name], key=lambda row: order(row["colour"])) for name in _SIDES}
    bold, run = {"fontWeight": "bold", "color": p.ink}, {"detail": {"field": "run"}}
    thin = {"color": p.line}
    layers = {
        "grid": spans("rule", marks["grid"], **thin),
        "solid": paths(marks["solid"], filled=True, color=p.ribbon, strokeWidth=0, **run),
        "overlap": spans("rect", marks["overlap"], color=p.ribbon),
        "unclear": paths(marks["unclear"], color=p.map, strokeWidth=0.8, **run),
        "owl": paths(marks["owl"], color=p.map, strokeWidth=1.2, strokeDash=[3, 2], **run),
        "held": paths(marks["held"], color=p.map, strokeWidth=2, **run),
        "ends": spans("rule", marks["ends"], color=p.muted),
        "enlarged": spans("rule", marks["enlarged"], ["x2"], color=p.ink, strokeWidth=4),
        "day": spans("rect", marks["day"], fill=None, stroke=p.ink, strokeWidth=1.5),
        "there": spans("rect", marks["there"], fill=None, stroke=p.map),
        "claim": spans("rect", marks["claim"], fill=None, stroke=p.russia, strokeWidth=2),
        "others": points(marks["others"], shape="square", size=16, color=p.independent),
        "ties": spans("rule", by_side["ties"], color=colour),
        "ranges": spans("rule", by_side["ranges"], ["y2"], color=colour, strokeWidth=2),
        "arrows": points(by_side["arrows"], shape=own("shape"), size=4, filled=False, color=colour, strokeWidth=1.5),
        "official": points(
            by_side["official"], size=64, shape=own("shape"), color=colour, stroke=p.background, strokeWidth=0.8,
            tooltip=tooltip,
        ),
        "ring": points(marks["ring"], size=190, color=colour, filled=False, fill=None, strokeWidth=2),
        "areas": texts(marks["areas"], align="right", color=p.muted),
        "days": texts(marks["days"], align="center", color=p.muted),
        "heads": texts(marks["heads"], **bold),
        "bars": texts(marks["bars"], align="center", **bold),
        "there_ends": texts(marks["there_ends"], align="right", color=p.ink),
        "claim_ends": texts(marks["claim_ends"], color=p.russia),
        "told": texts(marks["told"], color=p.ink),
        "both": texts(marks["both"], **bold),
    }  # fmt: skip
    return [{**each, "name": name} for name, each in layers.items() if marks[name]]
