"""Where the settlements lie that were said to be retaken: a map to find one's way, not to measure on.

Every position carries a soft circle, to scale, within which the settlement is expected. The border is a
simplified outline, drawn dashed and named approximate. What has no known position is named below the map.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from kurskdata.charts.map.base_map import BaseMap, Point, distance, furniture, ground
from kurskdata.charts.map.naming import names
from kurskdata.charts.map.texts import Claims, claims, message, notes, steps
from kurskdata.charts.style import theme
from kurskdata.charts.style.frame import Plot, drawn, layered
from kurskdata.charts.style.marks import Layer, Rows, layer, own, points, texts, tips
from kurskdata.charts.style.on_scales import Meaning
from kurskdata.days import Day
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.tables.descriptor import documented
from kurskdata.tables.settlements import landmarks
from kurskdata.words.language import words


class _Step(NamedTuple):
    """How the settlements of a step look: a colour of the palette, a shape, and a radius in pixels."""

    colour: str
    shape: str
    radius: float


_STEPS = {
    "window": _Step("russia", "circle", 5.0),
    "after": _Step("later", "diamond", 4.5),
    "before": _Step("earlier", "circle", 3.5),
    "others": _Step("ink", "circle", 4.0),
}
"""The steps, the most important first."""

_PHONE_MARKS = 0.85
"""The size of the marks on phones."""

_RANK = {step: rank for rank, step in enumerate([*_STEPS, "landmark"])}


@documented
def locator(
    view: pd.DataFrame,
    edition: Edition,
    *,
    window: tuple[Day, Day] | None = None,
    width: float | None = None,
    annotations: pd.DataFrame | None = None,
) -> alt.VConcatChart:
    """Draws the view `settlement_places`: settlements by the day on which they were first said to be retaken.

    The map shows the same part of the land on every day. A settlement without a position, or with one beyond the map,
    is named below it.

    ``window`` is the first and last day to mark; what came before and after it is told apart. Without it, these are
    the days of the latest official claim that counts settlements over several days ("24 in five days") and, before
    there is one, the five days up to the last announcement. ``width`` is in pixels; without it the chart holds a
    drawing for phones too. ``annotations`` are notes of your own, as `area` takes them, with ``place_id`` in the place
    of ``date``. Raises InputError for a window of invalid days and for a note on a place that is not on the map.
    """
    towns = landmarks(edition.language).set_index("place_id", drop=False)
    centre = float(towns["lat"]["sudzha"]), float(towns["lon"]["sudzha"])
    found = claims(view, edition, window, centre)
    text, plot = message(found, edition, words(edition)), partial(_plot, found, towns, edition)
    return drawn("locator", edition, text, found.rows, plot, width, annotations)


def _plot(found: Claims, towns: pd.DataFrame, edition: Edition, width: float) -> Plot:
    w, p = words(edition), theme.palette(edition.theme)
    base = BaseMap(width)
    dots = _dots(found.rows, base, edition)
    on_map = found.rows["place_id"].isin([dot["place_id"] for dot in dots])
    marks = [*dots, *_towns(towns, dots, base)]
    fixed, blocked = furniture(base, found.centre, edition)
    below = [line for note in notes(found, on_map, w) for line in fonts.wrap(note, width, fonts.SMALL)]
    layers = [
        *ground(base, p),
        *_marks(dots, base, edition),
        *fixed,
        *names(marks, blocked, base, p),
        *_key(found, edition, width),
    ]
    if below:
        note = [{"x": 0, "y": base.height + 17 + 16 * n, "text": line} for n, line in enumerate(below)]
        layers.append(texts(note, color=p.muted))
    spots = {mark["place_id"]: (mark["x"], mark["y"]) for mark in marks}
    height = base.height + (16 * len(below) + 6 if below else 0)
    return layered(
        layers,
        Meaning(base.ends(height), "place_id", spots, {m["place_id"]: m["name"] for m in marks}),
        width=width,
        height=height,
    )


def _dots(rows: pd.DataFrame, base: BaseMap, edition: Edition) -> Rows:
    """One dot a settlement, the best known positions first; dots that would cover another move within their error."""
    w = words(edition)
    located = rows[rows["lat"].notna()]
    ordered = located.assign(rank=located["step"].map(_RANK)).sort_values(
        ["position_error_km", "rank", "place_id"], kind="stable"
    )
    placed: list[tuple[Point, float]] = []
    dots = []
    for row in ordered.to_dict("records"):
        step = _STEPS[row["step"]]
        true, radius = base.at((row["lat"], row["lon"])), step.radius * (_PHONE_MARKS if base.narrow else 1)
        if not base.holds(true, radius):
            continue
        error = row["position_error_km"] * base.scale
        x, y = _apart(true, radius, error, placed)
        placed.append(((x, y), radius))
        dots.append(
            {
                "x": round(x, 1),
                "y": round(y, 1),
                "cx": round(true[0], 1),
                "cy": round(true[1], 1),
                "error": round(math.pi * error * error, 1),
                "size": round((math.pi if step.shape == "circle" else 3.0) * radius * radius, 1),
                "open": bool(row["disputed"]) or row["step"] == "others",
                "day": w.date(row["reported"]) if pd.notna(row["reported"]) else w.text("never officially"),
                "claimed_by": w.plain(row["claimed_by"]),
                "within": distance(w, row["position_error_km"], 1),
                "error_km": row["position_error_km"],
                **{name: row[name] for name in ("step", "place_id", "name", "publishers", "rank", "kind")},
            }
        )
    return dots


def _apart(true: Point, radius: float, error: float, placed: list[tuple[Point, float]]) -> Point:
    """The nearest spot to a position, within its error, where the dot touches no other; else the position."""
    for step in range(min(40, int(max(error, 3.0) / 1.5) + 1)):
        away = step * 1.5
        for turn in range(1 if step == 0 else 12):
            angle = turn * math.pi / 6
            x, y = true[0] + away * math.cos(angle), true[1] + away * math.sin(angle)
            if all(math.hypot(x - a, y - b) >= radius + r + 1 for (a, b), r in placed):
                return x, y
    return true


def _towns(towns: pd.DataFrame, dots: Rows, base: BaseMap) -> Rows:
    """The landmarks on the map that are not drawn as settlements already."""
    same = {"step": "landmark", "rank": _RANK["landmark"], "open": False, "error_km": 0, "kind": ""}
    marks: Rows = []
    for row in towns[~towns["place_id"].isin([dot["place_id"] for dot in dots])].to_dict("records"):
        x, y = base.at((row["lat"], row["lon"]))
        if base.holds((x, y), 8):
            town = {"place_id": row["place_id"], "name": row["name"]}
            marks.append({"x": round(x, 1), "y": round(y, 1), **town, **same})
    return marks


def _look(step: str, hollow: bool, p: theme.Palette) -> dict[str, Any]:
    """The mark of a step: filled, or open where the claim is not official or was contradicted."""
    colour = getattr(p, _STEPS[step].colour)
    return {
        "shape": _STEPS[step].shape,
        "color": p.background if hollow else colour,
        "stroke": colour if hollow else p.background,
        "strokeWidth": 1.8 if hollow else 0.8,
    }


def _marks(dots: Rows, base: BaseMap, edition: Edition) -> list[Layer]:
    """Soft circles below, dots above, and a ring round Sudzha."""
    w, p = words(edition), theme.palette(edition.theme)
    tooltip = tips(
        name=w.text("Settlement"),
        day=w.text("Announced"),
        claimed_by=w.text("Claimant"),
        within=w.text("Position known to within"),
        publishers=w.text("Carried by"),
    )
    size = own("size", "quantitative")
    soft, marks = [], []
    for step in ("others", "before", "after", "window"):
        some = [dot for dot in dots if dot["step"] == step]
        if step != "others":
            colour = getattr(p, _STEPS[step].colour)
            soft += [{"x": d["cx"], "y": d["cy"], "size": d["error"], "colour": colour} for d in some]
        fields = ("x", "y", "size", "name", "day", "claimed_by", "within", "publishers")
        for hollow in (False, True):
            alike = [{name: dot[name] for name in fields} for dot in some if dot["open"] is hollow]
            if alike:
                marks.append(points(alike, size=size, tooltip=tooltip, **_look(step, hollow, p)))
    if soft:
        marks.insert(0, layer("circle", soft, size=size, color=own("colour"), opacity=0.11))
    town = [{"x": dot["x"], "y": dot["y"]} for dot in dots if dot["place_id"] == "sudzha"]
    if town:
        ring = 230 * (_PHONE_MARKS**3 if base.narrow else 1)
        marks.append(points(town, size=ring, color=p.ink, filled=False, strokeWidth=1.6))
    return marks


def _key(found: Claims, edition: Edition, width: float) -> list[Layer]:
    """What the marks mean, with counts, above the map in as many lines as the width asks for."""
    w, p = words(edition), theme.palette(edition.theme)

    def mark(step: str, hollow: bool = False) -> dict[str, Any]:
        return {**_look(step, hollow, p), "opacity": 1, "size": 3.1 * _STEPS[step].radius ** 2}

    entries = [(mark(step), text, step == "window") for step, text in steps(found, edition, w).items()]
    contested = found.rows[found.rows["disputed"]]
    if len(contested):
        text = w.text("open mark: still fought over, others said")
        entries.append((mark(contested["step"].iloc[-1], hollow=True), text, False))
    others = found.counts().get("others", 0)
    if others:
        text = w.text("not claimed officially: {count}", count=others)
        entries.append((mark("others", hollow=True), text, False))
    soft = {**mark("window"), "stroke": p.russia, "opacity": 0.25, "strokeWidth": 0, "size": 200.0}
    if found.rows["lat"].notna().any():
        entries.append((soft, w.text("soft circle: where it may lie"), False))
    x, y = 6.0, 0.0
    marks: Rows = []
    written: dict[bool, Rows] = {True: [], False: []}
    for look, text, main in entries:
        long = fonts.text_width(text, fonts.SMALL, bold=main)
        if x > 6 and x + 12 + long > width:
            x, y = 6.0, y + 19
        marks.append({"x": x, "y": y, **look})
        written[main].append({"x": x + 11, "y": y, "text": text})
        x += 12 + long + 24
    for row in [*marks, *written[True], *written[False]]:
        row["y"] -= y + 18
    named = {channel: own(channel) for channel in ("shape", "color", "stroke")}
    sized = {channel: own(channel, "quantitative") for channel in ("size", "opacity", "strokeWidth")}
    layers = [points(marks, **named, **sized)]
    for main, rows in written.items():
        if rows:
            layers.append(texts(rows, fontWeight="bold" if main else "normal", color=p.ink))
    return layers
