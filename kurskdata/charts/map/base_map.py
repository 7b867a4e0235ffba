"""The base maps of the locator: one fixed frame for the whole campaign, so that the maps of two days compare.

Border, names of countries, arrows to the cities beyond and scale bar stand at the same places on every day, where no
settlement lies that anyone claimed. Places are latitude and longitude in degrees, positions are pixels from the
top left.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

from kurskdata.charts.style import theme
from kurskdata.charts.style.frame import NARROW
from kurskdata.charts.style.labels import Box, along
from kurskdata.charts.style.marks import Layer, paths
from kurskdata.charts.style.on_scales import Ends
from kurskdata.charts.style.strip import Drawing
from kurskdata.drawing import fonts
from kurskdata.tables.intervals import MI_IN_KM
from kurskdata.tables.reader import load
from kurskdata.words.figures import amount
from kurskdata.words.language import Words

Point = tuple[float, float]

_KM_PER_DEGREE = 111.2
"""Length of a degree of latitude."""

_KM_PER_DEGREE_EAST = _KM_PER_DEGREE * math.cos(math.radians(51.23))

WHOLE, ROUND_SUDZHA = (34.758, 51.015, 35.469, 51.455), (35.09, 51.14, 35.425, 51.395)
"""West, south, east and north of what the map shows, and of what phones show once more, twice as large."""

_KURSK, _SUMY = (51.74, 36.19), (50.91, 34.80)
"""The two cities that arrows point to, to about a kilometre."""

_ARROWS = {"kursk": "M5,-5L1,5L-0.7,0.7L-5,-1Z", "sumy": "M-5,5L-1,-5L0.7,-0.7L5,1Z"}
"""Arrows to the north-east and the south-west: the pages of charts turn no marks."""

_PLACES: dict[str, tuple[Point, Point]] = {
    "russia": ((51.425, 35.16), (51.428, 35.143)),
    "ukraine": ((51.10, 34.90), (51.075, 34.89)),
    "border": ((51.025, 35.24), (51.150, 34.90)),
    "kursk": ((51.345, 35.455), (51.438, 35.445)),
    "sumy": ((51.025, 35.03), (51.033, 35.00)),
    "scale": ((51.025, 34.85), (51.045, 35.385)),
}
"""Where names, arrows and scale bar stand in the wide drawing and in the one for phones."""


class BaseMap:
    """Places as positions in a drawing of a width: equal scale in both directions, north is up.

    ``box`` is what is shown, ``top`` the pixels above the map.
    """

    def __init__(self, width: float, box: Box = WHOLE, top: float = 0) -> None:
        self.width, self.narrow, self.is_whole, self.top = width, width < NARROW, box == WHOLE, top
        self._west, south, east, self._north = self.box = box
        self.scale = width / ((east - self._west) * _KM_PER_DEGREE_EAST)
        """Pixels a kilometre."""
        self.bottom = top + round((self._north - south) * _KM_PER_DEGREE * self.scale)
        border = [self.at((row["lat"], row["lon"])) for row in load("border").to_dict("records")]
        within = [point for point in along(border, 1) if self.holds(point)]
        self.border_points = within[::6]
        """Positions on the border, six pixels apart."""
        self.border = [(0.0, within[0][1]), *filter(self.holds, border), (within[-1][0], self.bottom)]

    def at(self, place: Point) -> Point:
        """The position of a place."""
        lat, lon = place
        x = (lon - self._west) * _KM_PER_DEGREE_EAST * self.scale
        return x, self.top + (self._north - lat) * _KM_PER_DEGREE * self.scale

    def ends(self, height: float) -> Ends:
        """The degrees at the edges of a drawing of that height."""
        east = self._west + self.width / self.scale / _KM_PER_DEGREE_EAST
        return {
            "x": (self._west, east),
            "y": (self._north, self._north - height / self.scale / _KM_PER_DEGREE),
        }

    def frame(self, box: Box) -> Box:
        """The frame round west, south, east and north."""
        return (*self.at((box[3], box[0])), *self.at((box[1], box[2])))

    def shows(self, mark: dict[str, Any]) -> bool:
        """Whether a mark of another map lies on this one."""
        return self.holds(self.at((mark["lat"], mark["lon"])), 5)

    def holds(self, point: Point, edge: float = 0.0) -> bool:
        """Whether a position lies on the map, at least ``edge`` pixels from its frame."""
        x, y = point
        return edge <= x <= self.width - edge and self.top + edge <= y <= self.bottom - edge


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


def ground(base: BaseMap, p: theme.Palette) -> list[Layer]:
    """Ukraine shaded, the border as dashes."""
    line = [{"n": n, "x": round(x, 1), "y": round(y, 1)} for n, (x, y) in enumerate(base.border)]
    corner = {"n": len(line), "x": 0.0, "y": base.bottom}
    return [
        paths([*line, corner], filled=True, color=p.wash, strokeWidth=0),
        paths(line, color=p.muted, strokeWidth=1.4, strokeDash=[5, 4]),
    ]


def furniture(base: BaseMap, centre: Point, drawing: Drawing) -> list[Box]:
    """Draws the frame, the scale bar and, on the map of the whole, names of the countries and of the border and arrows to
    the cities with their distance from ``centre``; the boxes that these cover."""
    w, muted, boxes = drawing.w, drawing.p.muted, list[Box]()
    spots = {name: base.at(places[base.narrow]) for name, places in _PLACES.items()}
    drawing.box(*base.frame(base.box), "transparent", stroke=drawing.p.line)

    def write(text: str, x: float, y: float, *, bold: bool = False) -> None:
        half = fonts.text_width(text, fonts.SMALL, bold=bold) / 2
        drawing.write(text, x, y, muted, middle=True, bold=bold)
        boxes.append((x - half - 3, y - 9, x + half + 3, y + 9))

    x, y = spots["scale"] if base.is_whole else (base.width - 70, base.bottom - 10)
    length = 5 * MI_IN_KM if w.units == "sq_mi" else 10.0 if base.is_whole else 5.0
    half = length * base.scale / 2
    write(distance(w, length), x, y - 12)
    boxes.append((x - half - 3, y - 8, x + half + 3, y + 3))
    for left, right, top in (
        (x - half, x + half, y),
        (x - half, x - half, y - 5),
        (x + half, x + half, y - 5),
    ):
        drawing.line(left, top, right, y, muted)
    if not base.is_whole:
        return boxes
    for country, region, (x, y) in (
        (w.text("RUSSIA"), w.text("Kursk oblast"), spots["russia"]),
        (w.text("UKRAINE"), w.text("Sumy oblast"), spots["ukraine"]),
    ):
        write(country, x, y - 8, bold=True)
        write(region, x, y + 8)
    write(w.text("border, approximate"), *spots["border"])
    for key, city, there in (("kursk", w.text("Kursk"), _KURSK), ("sumy", w.text("Sumy"), _SUMY)):
        x, y = spots[key]
        drawing.mark(x, y, _ARROWS[key], 4, muted)
        boxes.append((x - 9, y - 9, x + 9, y + 9))
        name = w.text("{city}, {distance}", city=city, distance=distance(w, kilometres(centre, there)))
        write(name, x - 15 - fonts.text_width(name, fonts.SMALL) / 2, y)
    return boxes
