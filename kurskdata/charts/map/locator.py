"""Where the settlements lie that were said to be retaken: a map to find one's way, not to measure on.

Every position carries a soft circle, to scale, within which the settlement is expected. The border is a
simplified outline, drawn dashed and named approximate. What has no known position is named below the map.
Phones show the land round Sudzha once more, twice as large, and every dot has a name or a number there.
"""

from __future__ import annotations

import itertools
import math
from functools import partial

import altair as alt
import pandas as pd

from kurskdata.charts.map.base_map import ROUND_SUDZHA, BaseMap, Point, distance, furniture, ground
from kurskdata.charts.map.naming import names
from kurskdata.charts.map.texts import Claims, claims, message, notes, steps
from kurskdata.charts.style import theme
from kurskdata.charts.style.frame import WIDTH, Plot, drawn, layered
from kurskdata.charts.style.labels import Label, written
from kurskdata.charts.style.marks import Layer, Rows
from kurskdata.charts.style.on_scales import Meaning
from kurskdata.charts.style.strip import Drawing
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.errors import Day
from kurskdata.tables.descriptor import documented
from kurskdata.tables.settlements import landmarks
from kurskdata.words.language import Words, words

_STEPS = {
    "window": ("russia", "circle", 5.0),
    "after": ("later", "diamond", 4.5),
    "before": ("earlier", "triangle-up", 4.0),
    "others": ("ink", "circle", 4.0),
    "landmark": ("ink", "square", 2.8),
}
"""How the settlements of a step look, the most important step first: a colour, a shape, and a radius in pixels."""


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
    known = towns[~towns["place_id"].isin(found.rows["place_id"])]
    known = known.assign(step="landmark", position_error_km=0.0, disputed=False)
    text = message(found, edition, words(edition))
    plot = partial(_plot, found, pd.concat([found.rows, known]), edition)
    return drawn("locator", edition, text, found.rows, plot, width, annotations)


def _plot(found: Claims, rows: pd.DataFrame, edition: Edition, width: float) -> Plot:
    w, p = words(edition), theme.palette(edition.theme)
    drawing, aside, whole, counter = Drawing(w, p), Drawing(w, p), BaseMap(width), itertools.count(1)
    near = [BaseMap(width, ROUND_SUDZHA, whole.bottom + 12)] if width < WIDTH else []
    below, dots, labels = list[Layer](), Rows(), list[Label]()
    halos, listed = list[str](), list[str]()
    frame = whole.frame(ROUND_SUDZHA)
    for base in (whole, *near):
        blocked = furniture(base, found.centre, drawing)
        below += ground(base, p)
        marks = _dots(rows, base, w)
        alone = [mark for mark in marks if base in near or not any(one.shows(mark) for one in near)]
        again = [{**mark, "size": 12, "error": 0} for mark in marks if mark not in alone]
        blocked += [(dot["x"] - 4, dot["y"] - 4, dot["x"] + 4, dot["y"] + 4) for dot in again]
        if again:  # names stand inside or outside of the frame of the other map
            left, top, right, bottom = frame
            blocked += [(x - 1, top, x + 1, bottom) for x in (left, right)]
            blocked += [(left, y - 1, right, y + 1) for y in (top, bottom)]
        placed, numbers, behind = names(alone, blocked, base, p, counter)
        dots += [*again, *alone]
        labels, halos, listed = [*labels, *placed], [*halos, *behind], [*listed, *numbers]
    if near:
        drawing.box(*frame, "transparent", stroke=p.ink)
    _marks(dots, drawing)
    on_map = found.rows["place_id"].isin([dot["place_id"] for dot in dots])
    _key(found, found.rows[on_map], aside, width)
    height = (near or [whole])[0].bottom
    for text in [f"{', '.join(listed)}."] * bool(listed) + notes(found, on_map, w):
        for line in fonts.wrap(text, width, fonts.SMALL):
            aside.write(line, 0, height + 17)
            height += 16
    layers = [*below, *drawing.layers(), *written(labels, halos, 2.5, 0.75), *aside.layers()]
    spots = {dot["place_id"]: (dot["x"], dot["y"]) for dot in dots}
    meaning = Meaning(
        whole.ends(height + 6), "place_id", spots, {dot["place_id"]: dot["name"] for dot in dots}
    )
    return layered(layers, meaning, width=width, height=height + 6)


def _dots(rows: pd.DataFrame, base: BaseMap, w: Words) -> Rows:
    """One dot a settlement, the best known positions first; dots that would cover another move within their error."""
    ranks = list(_STEPS)
    ordered = rows[rows["lat"].notna()].assign(rank=rows["step"].map(ranks.index))
    ordered = ordered.sort_values(["position_error_km", "rank", "place_id"], kind="stable")
    placed: list[tuple[Point, float]] = []
    dots = Rows()
    for row in ordered.to_dict("records"):
        _, shape, radius = _STEPS[row["step"]]
        true, error = base.at((row["lat"], row["lon"])), row["position_error_km"] * base.scale
        if not base.holds(true, radius):
            continue
        x, y = _apart(true, radius, error, placed)
        placed.append(((x, y), radius))
        dot = {name: row[name] for name in ("step", "place_id", "name", "rank", "lat", "lon")}
        dot |= dict(zip(("x", "y", "cx", "cy"), map(round, (x, y, *true)), strict=True))
        dot["error"] = round(math.pi * error * error, 1)
        dot["size"] = round({"circle": math.pi, "diamond": 3.0}.get(shape, 4.0) * radius**2, 1)
        dot["open"] = bool(row["disputed"]) or row["step"] == "others"
        dot["told"] = row["name"]
        if row["step"] != "landmark":
            never = pd.isna(row["reported"])
            announced = w.text("never officially") if never else w.date(row["reported"])
            within = distance(w, row["position_error_km"], 1)
            dot["told"] += f": {announced}, {w.plain(row['claimed_by'])}, ±{within}"
        dots.append(dot)
    return dots


def _apart(true: Point, radius: float, error: float, placed: list[tuple[Point, float]]) -> Point:
    """The nearest spot to a position, within its error, with room for a number beside the dot, or where it touches no
    other; else the position."""
    circles = itertools.product(range(min(40, int(max(error, 3.0) / 1.5) + 1)), range(12))
    turned = [(1.5 * step, turn * math.pi / 6) for step, turn in circles]
    spots = [(true[0] + far * math.cos(turn), true[1] + far * math.sin(turn)) for far, turn in turned]
    for gap, (x, y) in itertools.product((9, 1), spots):
        if all(math.hypot(x - a, y - b) >= radius + r + gap for (a, b), r in placed):
            return x, y
    return true


def _mark(
    drawing: Drawing, at: tuple[float, float], step: str, hollow: bool, size: float, **told: str
) -> None:
    """The mark of a step: filled, or open where the claim is not official or was contradicted."""
    name, shape, _ = _STEPS[step]
    colour = getattr(drawing.p, name)
    fill, stroke = (drawing.p.background, colour) if hollow else (colour, "transparent")
    drawing.mark(at[0], at[1], shape, size, fill, stroke=stroke, **told)


def _marks(dots: Rows, drawing: Drawing) -> None:
    """Soft circles below, dots above, and a ring round Sudzha."""
    for dot in (dot for dot in dots if dot["error"]):
        colour = getattr(drawing.p, _STEPS[dot["step"]][0])
        drawing.mark(dot["cx"], dot["cy"], "circle", dot["error"], colour, strength=0.08)
    for dot in sorted(dots, key=lambda dot: (-dot["rank"], dot["open"])):
        at = dot["x"], dot["y"]
        _mark(drawing, at, dot["step"], dot["open"], dot["size"], told=dot["told"])
        if dot["place_id"] == "sudzha" and dot["size"] > 12:
            drawing.mark(*at, "circle", 230, stroke=drawing.p.ink)


def _key(found: Claims, rows: pd.DataFrame, drawing: Drawing, width: float) -> None:
    """What the marks of the rows on the map mean, with the counts of all, above it in as many lines as the width asks for."""
    w = drawing.w
    entries = [(step, False, text) for step, text in steps(found, w).items() if step in set(rows["step"])]
    contested, others = rows[rows["disputed"]], found.counts().get("others", 0)
    if len(contested):
        text = w.text("open mark: still fought over, others said")
        entries.append((contested["step"].iloc[-1], True, text))
    if "others" in set(rows["step"]):
        entries.append(("others", True, w.text("not claimed officially: {count}", count=others)))
    if len(rows):
        entries.append(("", False, w.text("soft circle: where it may lie")))
    lines, left = [list[tuple[float, str, bool, str]]()], 6.0
    for step, hollow, text in entries:
        long = fonts.text_width(text, fonts.SMALL) + 12
        if left > 6 and left + long > width:
            lines, left = [*lines, []], 6.0
        lines[-1].append((left, step, hollow, text))
        left += long + 24
    for n, line in enumerate(reversed(lines)):
        for x, step, hollow, text in line:
            y = -18 - 19 * n
            drawing.write(text, x + 11, y)
            if step:
                _mark(drawing, (x, y), step, hollow, 3.1 * _STEPS[step][2] ** 2)
            else:
                drawing.mark(x, y, "circle", 200, drawing.p.russia, strength=0.25)
