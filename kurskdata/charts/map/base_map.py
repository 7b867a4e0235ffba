"""The base map of the locator: one fixed frame for the whole campaign, so that the maps of two days compare.

Border, names of countries, arrows to the cities beyond and scale bar stand at the same places on every day, where no
settlement lies that anyone claimed. Places are latitude and longitude in degrees, positions are pixels from the
top left.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

from kurskdata.charts.style import theme
from kurskdata.charts.style.frame import NARROW
from kurskdata.charts.style.labels import Box
from kurskdata.charts.style.marks import Layer, Rows, own, paths, points, spans, texts
from kurskdata.charts.style.on_scales import Ends
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.tables.intervals import MI_IN_KM
from kurskdata.tables.reader import load
from kurskdata.words.figures import amount
from kurskdata.words.language import Words, words

Point = tuple[float, float]

_KM_PER_DEGREE = 111.2
"""Length of a degree of latitude."""

_WEST, _EAST = 34.758, 35.469
_KM_PER_DEGREE_EAST = _KM_PER_DEGREE * math.cos(math.radians(51.23))

_KURSK, _SUMY = (51.74, 36.19), (50.91, 34.80)
"""The two cities that arrows point to, to about a kilometre."""

_ARROW = ((0, -7), (4.5, 5), (0, 2), (-4.5, 5))
"""The corners of an arrow to the north."""


_WIDE, _PHONE = (51.43, 51.02), (51.47, 51.01)
"""The latitudes between which the wide drawing and the one for phones lie."""

_PLACES: dict[str, tuple[Point, Point]] = {
    "russia": ((51.41, 35.16), (51.437, 35.10)),
    "ukraine": ((51.10, 34.90), (51.075, 34.89)),
    "border": ((51.027, 35.24), (51.150, 34.90)),
    "kursk": ((51.345, 35.455), (51.452, 35.445)),
    "sumy": ((51.03, 35.03), (51.028, 35.00)),
    "scale": ((51.028, 34.85), (51.06, 35.385)),
}
"""Where names, arrows and scale bar stand in the wide drawing and in the one for phones."""


class BaseMap:
    """Places as positions in a drawing of a width: equal scale in both directions, north is up."""

    def __init__(self, width: float) -> None:
        self.width, self.narrow = width, width < NARROW
        self._north, south = _PHONE if self.narrow else _WIDE
        self.scale = width / ((_EAST - _WEST) * _KM_PER_DEGREE_EAST)
        """Pixels a kilometre."""
        high = (self._north - south) * _KM_PER_DEGREE
        self.height = float(round(high * self.scale))
        border = [self.at((row["lat"], row["lon"])) for row in load("border").to_dict("records")]
        within = [point for point in _along(border) if self.holds(point)]
        self.border_points = within[::6]
        """Positions on the border, six pixels apart."""
        self.border = [(0.0, within[0][1]), *filter(self.holds, border), (within[-1][0], self.height)]

    def at(self, place: Point) -> Point:
        """The position of a place."""
        lat, lon = place
        x = (lon - _WEST) * _KM_PER_DEGREE_EAST * self.scale
        return x, (self._north - lat) * _KM_PER_DEGREE * self.scale

    def ends(self, height: float) -> Ends:
        """The degrees at the edges of a drawing of that height."""
        return {"x": (_WEST, _EAST), "y": (self._north, self._north - height / self.scale / _KM_PER_DEGREE)}

    def spot(self, name: str) -> Point:
        """The position of a name, an arrow or the scale bar."""
        return self.at(_PLACES[name][self.narrow])

    def holds(self, point: Point, edge: float = 0.0) -> bool:
        """Whether a position lies on the map, at least ``edge`` pixels from its frame."""
        x, y = point
        return edge <= x <= self.width - edge and edge <= y <= self.height - edge


def _along(line: list[Point]) -> list[Point]:
    """Points on a line, a pixel apart."""
    x, y = np.array(line).T
    length = np.concatenate([[0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    steps = np.arange(0, length[-1])
    return list(zip(np.interp(steps, length, x).tolist(), np.interp(steps, length, y).tolist(), strict=True))


def kilometres(one: Point, other: Point) -> float:
    """The distance of two places."""
    across = math.cos(math.radians((one[0] + other[0]) / 2))
    return _KM_PER_DEGREE * math.hypot(one[0] - other[0], (one[1] - other[1]) * across)


def distance(w: Words, km: float, decimals: int = 0) -> str:
    """A length in the unit that goes with the areas of the edition: 20 km, 12 mi."""
    unit = "mi" if w.units == "sq_mi" else "km"
    return amount(round(km / MI_IN_KM if unit == "mi" else km, decimals), unit, w)


def south(point: Point, line: list[Point]) -> bool:
    """Whether a point lies on the Ukrainian side: a ray to the north crosses the border an odd number of times."""
    x, y = point
    crossings = 0
    for (x1, y1), (x2, y2) in itertools.pairwise(line):
        if (x1 > x) != (x2 > x) and y1 + (x - x1) / (x2 - x1) * (y2 - y1) < y:
            crossings += 1
    return crossings % 2 == 1


def _turned(corners: Sequence[Point], angle: float) -> str:
    """An outline turned clockwise by an angle in radians, as an SVG path: the pages of charts turn no marks."""
    sin, cos = math.sin(angle), math.cos(angle)
    return "M" + "L".join(f"{x * cos - y * sin:.1f},{x * sin + y * cos:.1f}" for x, y in corners) + "Z"


def ground(base: BaseMap, p: theme.Palette) -> list[Layer]:
    """Ukraine shaded, the border as dashes, the frame."""
    border = [{"n": n, "x": round(x, 1), "y": round(y, 1)} for n, (x, y) in enumerate(base.border)]
    corner = {"n": len(border), "x": 0.0, "y": base.height}
    frame = {"x": 0.0, "x2": float(base.width), "y": 0.0, "y2": base.height}
    return [
        paths([*border, corner], filled=True, color=p.wash, strokeWidth=0),
        paths(border, color=p.muted, strokeWidth=1.4, strokeDash=[5, 4]),
        spans("rect", [frame], fill=None, stroke=p.line, strokeWidth=1),
    ]


def furniture(base: BaseMap, centre: Point, edition: Edition) -> tuple[list[Layer], list[Box]]:
    """Names of the countries and of the border, arrows to the cities with their distance from ``centre``, and the
    scale bar; and the boxes that they cover."""
    w, p = words(edition), theme.palette(edition.theme)
    faces: dict[str, Rows] = {"bold": [], "italic": [], "normal": []}
    boxes: list[Box] = []

    def write(text: str, face: str, x: float, y: float) -> None:
        half = fonts.text_width(text, fonts.SMALL, bold=face == "bold") / 2
        faces[face].append({"x": round(x - half, 1), "y": round(y, 1), "text": text})
        boxes.append((x - half - 3, y - 9, x + half + 3, y + 9))

    for country, region, place in (
        (w.text("RUSSIA"), w.text("Kursk oblast"), "russia"),
        (w.text("UKRAINE"), w.text("Sumy oblast"), "ukraine"),
    ):
        x, y = base.spot(place)
        write(country, "bold", x, y - 8)
        write(region, "italic", x, y + 8)
    write(w.text("border, approximate"), "italic", *base.spot("border"))
    arrows: Rows = []
    for city, there, place in ((w.text("Kursk"), _KURSK, "kursk"), (w.text("Sumy"), _SUMY, "sumy")):
        (x, y), (to_x, to_y) = base.spot(place), base.at(there)
        shape = _turned(_ARROW, math.atan2(to_x - x, y - to_y))
        arrows.append({"x": round(x, 1), "y": round(y, 1), "shape": shape})
        boxes.append((x - 9, y - 9, x + 9, y + 9))
        name = w.text("{city}, {distance}", city=city, distance=distance(w, kilometres(centre, there)))
        write(name, "normal", x - 15 - fonts.text_width(name, fonts.SMALL) / 2, y)
    x, y = base.spot("scale")
    length = 5 * MI_IN_KM if edition.units == "sq_mi" else 10.0
    half = length * base.scale / 2
    write(distance(w, length), "normal", x, y - 12)
    boxes.append((x - half - 3, y - 8, x + half + 3, y + 3))
    ends = [(x - half, y - 5), (x - half, y), (x + half, y), (x + half, y - 5)]
    bar = [{"n": n, "x": round(a, 1), "y": round(b, 1)} for n, (a, b) in enumerate(ends)]
    return [
        paths(bar, color=p.muted, strokeWidth=1.5),
        points(arrows, shape=own("shape"), size=4, color=p.muted, strokeWidth=0),
        texts(faces["bold"], color=p.muted, fontWeight="bold"),
        texts(faces["italic"], color=p.muted, fontStyle="italic"),
        texts(faces["normal"], color=p.muted),
    ], boxes
