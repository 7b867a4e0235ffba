"""The ground of the locator map: border and countries, scale bar, and the ways to the cities beyond.

Lengths are in the unit that goes with the areas of the edition. Positions are pixels from the top left, and
latitude before longitude where they are degrees.
"""

from __future__ import annotations

import math
from typing import Any

from kurskdata.charts.map.plane import (
    KM_PER_DEGREE,
    Plane,
    Point,
    along,
    beside,
    clipped,
    gaps,
    off_course,
    on_frame,
    rim,
    room,
    tiles,
    touch,
)
from kurskdata.charts.style import theme
from kurskdata.charts.style.labels import Box
from kurskdata.charts.style.marks import Layer, Rows, own, paths, points, spans, texts
from kurskdata.disk import kept_until_changed
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.tables.descriptor import files
from kurskdata.tables.reader import load
from kurskdata.tables.settlements import landmarks
from kurskdata.words.language import Words, words

KM_PER_MILE = 1.609344
_KURSK, _SUMY = (51.74, 36.19), (50.91, 34.80)
"""Latitude and longitude of the two cities that arrows point to, to about a kilometre."""

_ARROW = "M0,-7L4.5,5L0,2L-4.5,5Z"


def written(lines: list[str], x: float, y: float, colour: str) -> list[Layer]:
    """Lines of text one below the other."""
    rows = [{"x": x, "y": y + 16 * n, "text": text} for n, text in enumerate(lines)]
    return [texts(rows, color=colour)] if rows else []


def kilometres(one: Point, other: Point) -> float:
    """The distance of two places, given by latitude and longitude."""
    across = math.cos(math.radians((one[0] + other[0]) / 2))
    return KM_PER_DEGREE * math.hypot(one[0] - other[0], (one[1] - other[1]) * across)


def distance(w: Words, km: float, decimals: int = 0) -> str:
    """A length in the unit that goes with the areas of the edition: 20 km, 12 mi."""
    miles = w.units == "sq_mi"
    value = w.number(round(km / KM_PER_MILE if miles else km, decimals))
    return f"{value}\N{NO-BREAK SPACE}{w.text('mi') if miles else w.text('km')}"


@kept_until_changed(lambda: files("places"))
def sudzha() -> Point:
    """Latitude and longitude of Sudzha."""
    marks = landmarks().set_index("place_id")
    return float(marks["lat"]["sudzha"]), float(marks["lon"]["sudzha"])


def outline(plane: Plane) -> list[Point]:
    """The outline of the border in pixels, from north-west to south-east; beyond its ends it runs off to the west
    and to the south, so that it parts the map in any case."""
    rows = load("border").to_dict("records")
    line = [plane.at(row["lat"], row["lon"]) for row in rows]
    far = 4 * (plane.width + plane.height)
    return [(-far, line[0][1]), *line, (line[-1][0], far)]


def ground(line: list[Point], plane: Plane, p: theme.Palette) -> list[Layer]:
    """The frame, Ukraine shaded, the border as dashes."""
    ukraine = clipped([*line, (line[0][0], line[-1][1])], plane)
    frame = {"x": 0.0, "x2": float(plane.width), "y": float(plane.top), "y2": float(plane.bottom)}
    layers = []
    if ukraine:
        area = [{"n": n, "x": round(x, 1), "y": round(y, 1)} for n, (x, y) in enumerate(ukraine)]
        layers.append(paths(area, filled=True, color=p.wash, strokeWidth=0))
        pieces = [
            {"x": round(a[0], 1), "y": round(a[1], 1), "n": n}
            for n, (a, b, before) in enumerate(
                zip(ukraine, [*ukraine[1:], ukraine[0]], [ukraine[-1], *ukraine[:-1]], strict=True)
            )
            if not (on_frame(a, b, plane) and on_frame(before, a, plane))
        ]
        layers.append(paths(pieces, color=p.muted, strokeWidth=1.4, strokeDash=[5, 4]))
    layers.append(spans("rect", [frame], fill=None, stroke=p.line, strokeWidth=1))
    return layers


def furniture(
    dots: Rows, towns: list[Point], line: list[Point], plane: Plane, edition: Edition
) -> tuple[list[Layer], list[Point], list[Point]]:
    """Scale bar, arrows to the cities, names of the countries and of the border; the points that they cover, and
    those that the border covers."""
    w, p = words(edition), theme.palette(edition.theme)
    border = along(line, plane)
    taken: list[Box] = []
    obstacles = [(d["x"], d["y"]) for d in dots] + towns + border
    layers, box = _scale_bar(obstacles, plane, edition)
    taken.append(box)
    heads: Rows = []
    names: Rows = []
    for city, position in ((w.text("Kursk"), _KURSK), (w.text("Sumy"), _SUMY)):
        arrow = _arrow(city, position, obstacles, taken, plane, edition)
        if arrow:
            head, name, box = arrow
            heads.append(head)
            names.append(name)
            taken.append(box)
    if heads:
        turned = own("angle", "quantitative")
        layers.append(points(heads, shape=_ARROW, size=4, color=p.muted, strokeWidth=0, angle=turned))
        layers.append(texts(names, color=p.muted))
    regions: Rows = []
    for country, region, below in (
        (w.text("RUSSIA"), w.text("Kursk oblast"), False),
        (w.text("UKRAINE"), w.text("Sumy oblast"), True),
    ):
        spot = room(country, region, below, line, obstacles, taken, plane)
        if spot:
            x, y, box = spot
            taken.append(box)
            regions += [
                {"x": x, "y": y - 8, "text": country, "bold": True},
                {"x": x, "y": y + 8, "text": region, "bold": False},
            ]
    line_name = w.text("border, approximate")
    spot_of_name = beside(line_name, border, [(d["x"], d["y"]) for d in dots] + towns, taken, line, plane)
    if spot_of_name:
        x, y, box = spot_of_name
        taken.append(box)
        regions.append({"x": x, "y": y, "text": line_name, "bold": False})
    for bold in (True, False):
        some = [{k: t[k] for k in ("x", "y", "text")} for t in regions if t["bold"] is bold]
        if some:
            face = {"fontWeight": "bold"} if bold else {"fontStyle": "italic"}
            layers.append(texts(some, align="center", color=p.muted, **face))
    return layers, [point for one in taken for point in tiles(one)], border


def _scale_bar(obstacles: list[Point], plane: Plane, edition: Edition) -> tuple[list[Layer], Box]:
    """A bar of a round length, in a corner where it covers nothing."""
    w, p = words(edition), theme.palette(edition.theme)
    unit = KM_PER_MILE if edition.units == "sq_mi" else 1.0
    length = next(n for n in (20, 10, 5, 2, 1) if n * unit * plane.scale <= plane.width * 0.22 or n == 1)
    long = length * unit * plane.scale
    label = distance(w, length * unit)
    half = max(long, fonts.text_width(label, fonts.SMALL)) / 2
    spots = [
        (x, y, (x - half - 4, y - 20, x + half + 4, y + 6))
        for y in (plane.bottom - 12, plane.top + 24)
        for x in (plane.width - 12 - half, 12 + half)
    ]
    free = (gaps([box for _, _, box in spots], obstacles) >= 6).all(axis=1)
    x, y, box = spots[int(free.argmax())]  # the first where none is free
    ends = [(x - long / 2, y - 5), (x - long / 2, y), (x + long / 2, y), (x + long / 2, y - 5)]
    path = [{"n": n, "x": round(a, 1), "y": b} for n, (a, b) in enumerate(ends)]
    name = [{"x": x, "y": y - 12, "text": label}]
    return [paths(path, color=p.muted, strokeWidth=1.5), texts(name, align="center", color=p.muted)], box


def _arrow(
    city: str, position: Point, obstacles: list[Point], taken: list[Box], plane: Plane, edition: Edition
) -> tuple[dict[str, Any], dict[str, Any], Box] | None:
    """An arrow at the edge of the map towards a city beyond it, with its distance from Sudzha, where there is room."""
    w = words(edition)
    lat, lon = sudzha()
    (x0, y0), (x1, y1) = plane.at(lat, lon), plane.at(*position)
    if plane.holds((x1, y1)) or not plane.holds((x0, y0)):
        return None
    text = w.text("{city}, {distance}", city=city, distance=distance(w, kilometres((lat, lon), position)))
    long = fonts.text_width(text, fonts.SMALL)
    spots = [(x, y, left) for x, y in rim(plane) for left in (x - 15 - long, x + 15)]
    boxes = [(min(left, x - 10) - 2, y - 11, max(left + long, x + 10) + 2, y + 11) for x, y, left in spots]
    nearest = gaps(boxes, obstacles).min(axis=1, initial=math.inf)
    best: tuple[float, float, float, Box] | None = None
    least = 110.0
    for (x, y, left), box, near in zip(spots, boxes, nearest, strict=True):
        if near < 7 or box[0] < 2 or box[2] > plane.width - 2 or any(touch(box, t) for t in taken):
            continue
        away = off_course((x, y), (x0, y0), (x1, y1))
        if away < least:
            least, best = away, (x, y, left, box)
    if best is None:
        return None
    x, y, left, box = best
    angle = math.degrees(math.atan2(x1 - x, y - y1)) % 360
    head = {"x": round(x, 1), "y": round(y, 1), "angle": round(angle, 1)}
    return head, {"x": round(left, 1), "y": round(y, 1), "text": text}, box
