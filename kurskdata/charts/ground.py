"""The ground of the locator map: border and countries, scale bar, and the ways to the cities beyond.

Lengths are in the unit that goes with the areas of the edition. Positions are pixels from the top left, and
latitude before longitude where they are degrees.
"""

from __future__ import annotations

import functools
import math
from pathlib import Path
from typing import Any

import altair as alt

from kurskdata.charts import theme
from kurskdata.charts.frame import data
from kurskdata.charts.labels import Box
from kurskdata.charts.plane import (
    KM_PER_DEGREE,
    Plane,
    Point,
    along,
    beside,
    clipped,
    gap,
    off_course,
    on_frame,
    rim,
    room,
    tiles,
    touch,
)
from kurskdata.descriptor import data_folder, stamp
from kurskdata.editions import Edition
from kurskdata.located import landmarks
from kurskdata.tables import load
from kurskdata.wording import Words, words

KM_PER_MILE = 1.609344
_KURSK, _SUMY = (51.74, 36.19), (50.91, 34.80)
"""Latitude and longitude of the two cities that arrows point to, to about a kilometre."""

_ARROW = "M0,-7L4.5,5L0,2L-4.5,5Z"

Rows = list[dict[str, Any]]


def xy() -> dict[str, Any]:
    return {"x": alt.X("x:Q", axis=None, scale=None), "y": alt.Y("y:Q", axis=None, scale=None)}


def written(lines: list[str], x: float, y: float, colour: str) -> list[alt.Chart]:
    if not lines:
        return []
    rows = [{"x": x, "y": y + 16 * n, "text": text} for n, text in enumerate(lines)]
    mark = alt.Chart(data(rows)).mark_text(
        align="left", baseline="middle", fontSize=theme.SMALL, color=colour
    )
    return [mark.encode(**xy(), text=alt.Text("text:N"))]


def kilometres(one: Point, other: Point) -> float:
    """The distance of two places, given by latitude and longitude."""
    across = math.cos(math.radians((one[0] + other[0]) / 2))
    return KM_PER_DEGREE * math.hypot(one[0] - other[0], (one[1] - other[1]) * across)


def distance(w: Words, km: float, decimals: int = 0) -> str:
    """A length in the unit that goes with the areas of the edition: 20 km, 12 mi."""
    miles = w.units == "sq_mi"
    value = w.number(round(km / KM_PER_MILE if miles else km, decimals))
    return f"{value}\N{NO-BREAK SPACE}{w.text('mi') if miles else w.text('km')}"


def sudzha() -> Point:
    """Latitude and longitude of Sudzha."""
    path = data_folder() / "places.csv"
    return _sudzha(path, stamp(path))


@functools.lru_cache(maxsize=2)
def _sudzha(_path: Path, _stamp: tuple[int, int]) -> Point:
    """Looked up again only when the file changes."""
    marks = landmarks().set_index("place_id")
    return float(marks["lat"]["sudzha"]), float(marks["lon"]["sudzha"])


def outline(plane: Plane) -> list[Point]:
    """The outline of the border in pixels, from north-west to south-east; beyond its ends it runs off to the west
    and to the south, so that it parts the map in any case."""
    rows = load("border").to_dict("records")
    line = [plane.at(row["lat"], row["lon"]) for row in rows]
    far = 4 * (plane.width + plane.height)
    return [(-far, line[0][1]), *line, (line[-1][0], far)]


def ground(line: list[Point], plane: Plane, p: theme.Palette) -> list[alt.Chart]:
    """The frame, Ukraine shaded, the border as dashes."""
    ukraine = clipped([*line, (line[0][0], line[-1][1])], plane)
    frame = {"x": 0.0, "x2": float(plane.width), "y": float(plane.top), "y2": float(plane.bottom)}
    layers = []
    if ukraine:
        area = [{"n": n, "x": round(x, 1), "y": round(y, 1)} for n, (x, y) in enumerate(ukraine)]
        shade = alt.Chart(data(area)).mark_line(filled=True, color=p.wash, strokeWidth=0)
        layers.append(shade.encode(**xy(), order=alt.Order("n:Q")))
        pieces = [
            {"x": round(a[0], 1), "y": round(a[1], 1), "n": n, "piece": "border"}
            for n, (a, b, before) in enumerate(
                zip(ukraine, [*ukraine[1:], ukraine[0]], [ukraine[-1], *ukraine[:-1]], strict=True)
            )
            if not (on_frame(a, b, plane) and on_frame(before, a, plane))
        ]
        border = alt.Chart(data(pieces)).mark_line(color=p.muted, strokeWidth=1.4, strokeDash=[5, 4])
        layers.append(border.encode(**xy(), order=alt.Order("n:Q"), detail=alt.Detail("piece:N")))
    edge = alt.Chart(data([frame])).mark_rect(fill=None, stroke=p.line, strokeWidth=1)
    layers.append(edge.encode(**xy(), x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q")))
    return layers


def furniture(
    dots: Rows, towns: list[Point], line: list[Point], plane: Plane, edition: Edition
) -> tuple[list[alt.Chart], list[Point], list[Point]]:
    """Scale bar, arrows to the cities, names of the countries and of the border; the points that they cover, and
    those that the border covers."""
    w, p = words(edition), theme.palette(edition.theme)
    border = along(line, plane)
    taken: list[Box] = []
    obstacles = [(d["x"], d["y"]) for d in dots] + towns + border
    layers, box = _scale_bar(obstacles, plane, edition)
    taken.append(box)
    for city, position in ((w.text("Kursk"), _KURSK), (w.text("Sumy"), _SUMY)):
        arrow = _arrow(city, position, obstacles, taken, plane, edition)
        if arrow:
            layers += arrow[0]
            taken.append(arrow[1])
    texts: Rows = []
    for country, region, below in (
        (w.text("RUSSIA"), w.text("Kursk oblast"), False),
        (w.text("UKRAINE"), w.text("Sumy oblast"), True),
    ):
        spot = room(country, region, below, line, obstacles, taken, plane)
        if spot:
            x, y, box = spot
            taken.append(box)
            texts += [
                {"x": x, "y": y - 8, "text": country, "bold": True},
                {"x": x, "y": y + 8, "text": region, "bold": False},
            ]
    name = w.text("border, approximate")
    spot_of_name = beside(name, border, [(d["x"], d["y"]) for d in dots] + towns, taken, line, plane)
    if spot_of_name:
        x, y, box = spot_of_name
        taken.append(box)
        texts.append({"x": x, "y": y, "text": name, "bold": False})
    for bold in (True, False):
        some = [{k: t[k] for k in ("x", "y", "text")} for t in texts if t["bold"] is bold]
        if some:
            mark = alt.Chart(data(some)).mark_text(
                align="center",
                baseline="middle",
                fontSize=theme.SMALL,
                fontWeight="bold" if bold else "normal",
                fontStyle="normal" if bold else "italic",
                color=p.muted,
            )
            layers.append(mark.encode(**xy(), text=alt.Text("text:N")))
    return layers, [point for one in taken for point in tiles(one)], border


def _scale_bar(obstacles: list[Point], plane: Plane, edition: Edition) -> tuple[list[alt.Chart], Box]:
    """A bar of a round length, in a corner where it covers nothing."""
    w, p = words(edition), theme.palette(edition.theme)
    unit = KM_PER_MILE if edition.units == "sq_mi" else 1.0
    length = next(n for n in (20, 10, 5, 2, 1) if n * unit * plane.scale <= plane.width * 0.22 or n == 1)
    long = length * unit * plane.scale
    label = distance(w, length * unit)
    half = max(long, theme.text_width(label, theme.SMALL)) / 2
    spots = [
        (x, y, (x - half - 4, y - 20, x + half + 4, y + 6))
        for y in (plane.bottom - 12, plane.top + 24)
        for x in (plane.width - 12 - half, 12 + half)
    ]
    free = [spot for spot in spots if not any(gap(spot[2], o) < 6 for o in obstacles)]
    x, y, box = (free or spots)[0]
    ends = [(x - long / 2, y - 5), (x - long / 2, y), (x + long / 2, y), (x + long / 2, y - 5)]
    path = [{"n": n, "x": round(a, 1), "y": b} for n, (a, b) in enumerate(ends)]
    bar = (
        alt.Chart(data(path)).mark_line(color=p.muted, strokeWidth=1.5).encode(**xy(), order=alt.Order("n:Q"))
    )
    text = alt.Chart(data([{"x": x, "y": y - 12, "text": label}])).mark_text(
        align="center", baseline="middle", fontSize=theme.SMALL, color=p.muted
    )
    return [bar, text.encode(**xy(), text=alt.Text("text:N"))], box


def _arrow(
    city: str, position: Point, obstacles: list[Point], taken: list[Box], plane: Plane, edition: Edition
) -> tuple[list[alt.Chart], Box] | None:
    """An arrow at the edge of the map towards a city beyond it, with its distance from Sudzha, where there is room."""
    w, p = words(edition), theme.palette(edition.theme)
    lat, lon = sudzha()
    (x0, y0), (x1, y1) = plane.at(lat, lon), plane.at(*position)
    if plane.holds((x1, y1)) or not plane.holds((x0, y0)):
        return None
    text = w.text("{city}, {distance}", city=city, distance=distance(w, kilometres((lat, lon), position)))
    long = theme.text_width(text, theme.SMALL)
    best: tuple[float, float, float, Box] | None = None
    least = 110.0
    for x, y in rim(plane):
        away = off_course((x, y), (x0, y0), (x1, y1))
        for left in (x - 15 - long, x + 15):
            box = (min(left, x - 10) - 2, y - 11, max(left + long, x + 10) + 2, y + 11)
            if away >= least or box[0] < 2 or box[2] > plane.width - 2:
                continue
            if any(gap(box, o) < 7 for o in obstacles) or any(touch(box, t) for t in taken):
                continue
            least, best = away, (x, y, left, box)
    if best is None:
        return None
    x, y, left, box = best
    angle = math.degrees(math.atan2(x1 - x, y - y1)) % 360
    head = alt.Chart(data([{"x": round(x, 1), "y": round(y, 1)}])).mark_point(
        shape=_ARROW, filled=True, opacity=1, size=4, color=p.muted, strokeWidth=0, angle=round(angle, 1)
    )
    name = alt.Chart(data([{"x": round(left, 1), "y": round(y, 1), "text": text}])).mark_text(
        align="left", baseline="middle", fontSize=theme.SMALL, color=p.muted
    )
    return [head.encode(**xy()), name.encode(**xy(), text=alt.Text("text:N"))], box
