"""The panels of the chart of areas: the campaign and, enlarged, its last three weeks.

Areas are in the unit of the edition, places are pixels of the plot.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from kurskdata.charts.style import theme
from kurskdata.charts.style.frame import NARROW, Plot, layered
from kurskdata.charts.style.labels import Box, Label, along, place, written
from kurskdata.charts.style.marks import Rows, paths, round_values
from kurskdata.charts.style.on_scales import Meaning
from kurskdata.charts.style.strip import Drawing, Strip
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.words import headings
from kurskdata.words.language import Words, words

Claim = Mapping[Any, Any]
Maps = pd.DataFrame | None
"""By day, ``held``, ``unclear`` above it and ``owl``."""

ZOOM = pd.Timedelta(days=21)
"""What the second panel shows; a period that is not longer is one panel."""

_LEFT = 40
"""Where the strips of days begin, right of the numbers of the areas."""

_ARROWS = {1: "M0,-4L0,-17M-3,-13L0,-17L3,-13", -1: "M0,4L0,17M-3,13L0,17L3,13"}
"""The open arrows of figures that are bounds, from the middle of their marks."""


class _Panel:
    """Claims and maps of days over areas from zero up, ``upper`` and ``zero`` pixels below the top."""

    def __init__(self, days: pd.DatetimeIndex, claims: Sequence[Claim], maps: Maps, box: Box) -> None:
        left, self.upper, self.right, self.zero = box
        self.claims = claims
        self.half = (self.right - left) / len(days) / 2
        edge = {"edge": self.half} if len(days) > 1 else {}
        self.strip = Strip(days[0], days[-1], self.right - left, left, **edge)
        self.maps = pd.DataFrame() if maps is None else maps.reindex(days)
        most = 1.05 * max([1.0, *(row["point"] for row in claims), *self.maps.max().dropna()])
        ticks = round_values(0, most, int(self.zero - self.upper) // 55)
        self.ticks = ticks if ticks[-1] == most else [*ticks, ticks[-1] + ticks[1]]

    def y(self, area: Any) -> Any:
        """Where an area lies, also for many at once."""
        return round(self.zero - area / self.ticks[-1] * (self.zero - self.upper), 0)

    def frame(self, drawing: Drawing) -> None:
        """Lines and numbers of areas, and the axis of days."""
        for area in self.ticks:
            text, y = drawing.w.number(area), self.y(area)
            drawing.line(self.strip.left, y, self.right, y)
            wide = fonts.text_width(text, fonts.SMALL)
            drawing.write(text, self.strip.left - 6 - wide, y, drawing.p.muted)
        drawing.axis(self.strip, self.zero)

    def steps(self, curve: str) -> Iterator[list[tuple[float, float]]]:
        """The corners of a map's steps, a list for each run of days between gaps."""
        areas = self.maps[curve]
        for _, run in areas.groupby(areas.isna().cumsum()):
            heights = self.y(run.dropna())
            if len(heights):
                starts = heights[heights != heights.shift()]
                edges = [self.strip.x(day) - self.half for day in starts.index]
                edges.append(self.strip.x(heights.index[-1]) + self.half)
                yield [(float(round(x)), y) for n, y in enumerate(starts) for x in edges[n : n + 2]]


def plot(
    days: pd.DatetimeIndex,
    claims: Sequence[Claim],
    maps: Maps,
    told: Sequence[str],
    edition: Edition,
    width: float,
) -> Plot:
    """All layers for a chart of that width in pixels, the first at the bottom: claims and maps of the days, and what is
    told below the panels, the last of it most."""
    drawing, narrow = Drawing(words(edition), theme.palette(edition.theme)), width < NARROW
    w, p, high = drawing.w, drawing.p, 290.0 if narrow else 330.0
    aside = Drawing(w, p)
    since, box = days[-1] - ZOOM, (_LEFT, 0.0, width, high)
    aside.write(w.text("{unit} held by Ukraine", unit=w.say(f"unit.{w.units}")), 0, -16, bold=True)
    panels = [_Panel(days, claims, maps, box)]
    if maps is not None and days[0] < since:
        early = [row for row in claims if row["date"] < since or row["marked"]]
        late = [row for row in claims if row["date"] >= since]
        below = (_LEFT, high + 88, width, 2 * high + (28 if narrow else 48))
        panels = [_Panel(days, early, maps, box), _Panel(days[days >= since], late, maps, below)]
        aside.write(w.say("area-chart.zoom", days=w.days(since, days[-1])), 0, high + 64, bold=True)
        drawing.box(panels[0].strip.x(since) - panels[0].half, 0, width, high, p.wash)
    curves, labels = defaultdict[str, Rows](list), list[Label]()
    for panel in panels:
        panel.frame(drawing)
        taken = [
            (-99.0, panel.upper - 999, width, panel.upper - 8),
            (-99.0, panel.upper - 99, _LEFT, panel.zero),
        ]
        lines = _curves(panel, curves)
        named = [*_maps_named(panel, w, p, narrow), *_claims(panel, drawing, taken, narrow)]
        named.sort(key=lambda one: not one.bold)
        labels += place(named, [], width, panel.zero - 2, blocked=taken, lines=lines)
    low = panels[-1].zero + 50
    for text, bold in [(text, text == told[-1]) for text in told]:
        for line in fonts.wrap(text, width, fonts.SMALL, bold=bold):
            aside.write(line, 0, low, bold=bold)
            low += 16
    top, made = panels[0].ticks[-1], drawing.layers()
    under = [each["mark"]["type"] for each in made].index("text")
    look: dict[str, dict[str, Any]] = {
        "solid": {"color": p.ribbon, "filled": True, "strokeWidth": 0},
        "unclear": {"color": p.map, "strokeWidth": 1.4},
        "owl": {"color": p.map, "strokeWidth": 1.4, "strokeDash": [3, 2]},
        "held": {"color": p.map, "strokeWidth": 2.4},
    }
    drawn = [
        paths(curves[one], detail={"field": "run"}, name=one, **look[one]) for one in look if curves[one]
    ]
    tagged = written(labels, [p.background] * len(labels), 3, 0.85)
    meaning = Meaning({"x": panels[0].strip.ends(width), "y": (top, top * (1 - low / high))})
    made = [*made[:under], *drawn, *made[under:], *aside.layers(), *tagged]
    return layered(made, meaning, width=width, height=low)


def _curves(panel: _Panel, curves: dict[str, Rows]) -> list[tuple[float, float]]:
    """The maps as steps that break where there is none; points on the steps."""
    found = []
    for curve in map(str, panel.maps):
        for way in panel.steps(curve):
            found += along(way, 10)
            solid = [*way, (way[-1][0], panel.zero), (way[0][0], panel.zero)] if curve == "held" else []
            for name, corners in ((curve, way), ("solid", solid)):
                run = f"{panel.upper:.0f} {way[0][0]:.0f}"
                curves[name] += [{"n": n, "x": x, "y": y, "run": run} for n, (x, y) in enumerate(corners)]
    return found


def _claims(panel: _Panel, drawing: Drawing, taken: list[Box], narrow: bool) -> Iterator[Label]:
    """Draws the claims of both sides in their colour and shape, with a bar for a range and an open arrow for a bound, all
    others as small squares; what each may be called, the claim of the title first, and what the marks cover."""
    w, p = drawing.w, drawing.p
    others = [row for row in panel.claims if row["side"] == "independent"]
    for n, row in enumerate(sorted(panel.claims, key=lambda row: row["rank"])):
        x, y, way = panel.strip.x(row["date"]), panel.y(row["point"]), row["way"]
        colour, who = getattr(p, row["side"]), row["who"]
        look: dict[str, Any] = {"colour": colour, "tied": True}
        if row in others:
            drawing.mark(x, y, "square", 16, colour)
            taken.append((x - 4, y - 4, x + 4, y + 4))
            if row["point"] == max(one["point"] for one in others):
                yield Label(headings.value("side", "independent", w), x, y, key="others", **look)
            continue
        low, high = (y, y) if way else (panel.y(row["low"]), max(panel.y(row["high"]), panel.upper))
        if shape := _ARROWS.get(way) or (f"M0,{low - y}L0,{high - y}" if low > high else ""):
            drawing.mark(x, y, shape, 4, stroke=colour)
        wordings = [f"{who}, {w.date(row['date'], 'short')}: {row['told']}", f"{who}: {row['told']}"]
        drawing.mark(x, y, theme.SHAPES[row["side"]], 64, colour, stroke=p.background, told=wordings[0])
        edge, bold = (9, True) if row["marked"] else (6, False)
        if bold:
            drawing.mark(x, y, "circle", 190, stroke=colour)
        top, foot = y - edge - 11 * (way > 0), y + edge + 11 * (way < 0)
        taken.append((x - edge, min(top, high), x + edge, max(foot, low)))
        wordings += [] if row["rank"][1] else [who]  # a bare name stands there once
        for text in wordings[narrow and not bold :]:
            lines = "\n".join(fonts.wrap(text, 110 if narrow else 150, fonts.SMALL, bold=bold))
            look["may_cross"] = bold or text == who
            yield Label(lines, x, y, bold=bold, reach=300 if bold else 120, edge=edge, key=n, **look)


def _maps_named(panel: _Panel, w: Words, p: theme.Palette, narrow: bool) -> Iterator[Label]:
    """What each map may be called: below its line where its area is high enough, else with a tie to it."""
    heights = panel.y(panel.maps)
    for curve in heights:
        floor = heights["held"] if curve != "held" and "held" in heights else heights[curve] * 0 + panel.zero
        thick = abs(floor - heights[curve]).dropna().sort_values(ascending=False, kind="stable").index
        tops, feet = heights[curve].to_dict(), floor.to_dict()  # asked for a thousand times
        for text in [w.say(f"area-chart.{curve}_{form}") for form in ("long", "short")[narrow:]]:
            label: dict[str, Any] = {"text": text, "colour": p.map, "key": curve}
            for day in thick if curve != "owl" else ():
                y = tops[day] + min(17, (feet[day] - tops[day]) / 2)
                yield Label(x=panel.strip.x(day), y=y, reach=0, **label)
            late = thick.sort_values()[:: -(len(thick) // 25 + 1)]
            for reach, day in itertools.product((32, 100), late):
                x, y = panel.strip.x(day), tops[day]
                yield Label(x=x, y=y, tied=True, edge=1, reach=reach, **label)
