"""What a map archive draws, as paths of a drawing: an equal-area projection, simplified within the measured area.

Shapes in degrees come in, shapes in pixels from the top left of a map go out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kurskdata.tables import measure  # says what to install where the two libraries below are missing

import numpy as np  # isort: skip
import pyproj  # isort: skip
import shapely  # isort: skip

from kurskdata.tables.reader import load

Shape = Any
"""A geometry of shapely, whose types lack most of its methods."""

_AT_LEAST = (34.76, 51.02, 35.47, 51.43)
"""Degrees that every map shows: west, south, east, north of the land round Sudzha."""

_SIDE, _STRIP = 6, 24
"""Pixels left free beside all that is drawn, and above and below it, where the names and the scale bar stand."""

_PROJECTION = pyproj.Proj("+proj=laea +lat_0=51.3 +lon_0=34.9 +ellps=WGS84 +units=km")

_TOLERANCES = (0.7, 0.5, 0.35, 0.25, 0.15, 0.1, 0.05)
"""Pixels by which a simplified outline may leave the one of the map, the coarsest first."""

_WITHIN = 0.006
"""How far the area of a simplified shape may be from the measured one; rounding the corners adds to it."""


class Frame:
    """The land that all maps of a chart show, at a width in pixels: that round Sudzha, and all that is drawn."""

    def __init__(self, shapes: Iterable[measure.Shapes], width: float) -> None:
        drawn = [shapely.box(*_AT_LEAST), *(shape for one in shapes for shape in one.values())]
        west, south, east, north = shapely.bounds(_kilometres(shapely.union_all(drawn)))
        self.width = width
        self.scale = (width - 2 * _SIDE) / (east - west)
        """Pixels a kilometre."""
        self._west, self._north = west - _SIDE / self.scale, north + _STRIP / self.scale
        self.height = float(round((north - south) * self.scale + 2 * _STRIP))

    def pixels(self, shape: Shape) -> Shape:
        """A shape in degrees as pixels of the map."""
        corner = (self._west, self._north)
        return shapely.transform(_kilometres(shape), lambda at: (at - corner) * (self.scale, -self.scale))

    def shape(self, drawn: measure.Shapes, kind: str) -> Shape:
        """What is held or unclear, with as few corners as leave it the area that is measured."""
        whole = self.pixels(shapely.union_all([shape for (one, _), shape in drawn.items() if one == kind]))
        for tolerance in _TOLERANCES:
            simple = whole.simplify(tolerance)
            kept = [part for part in shapely.get_parts(simple) if part.area > 1]
            simple = shapely.set_precision(shapely.union_all(kept), 0.1)
            if abs(simple.area - whole.area) <= _WITHIN * whole.area:
                return simple
        return whole

    def ground(self) -> tuple[str, str]:
        """The paths of the land south of the border, and of the border, which is an approximate line."""
        line = self.pixels(shapely.LineString(load("border")[["lon", "lat"]].to_numpy()))
        (_, first), (last, _) = shapely.get_coordinates(line)[[0, -1]]
        west, south = -self.width, 2 * self.height
        below = shapely.Polygon([*line.coords, (last, south), (west, south), (west, first)])
        frame = shapely.box(0, 0, self.width, self.height)
        return path(frame & below.simplify(0.5).buffer(0)), path(frame & line.simplify(0.5))


def _kilometres(shape: Shape) -> Shape:
    return shapely.transform(shape, lambda at: np.column_stack(_PROJECTION(*at.T)))


point = shapely.Point


def path(shape: Shape) -> str:
    """The path of areas, whose holes run against their outlines, or of lines."""
    lines: Any = shapely.get_parts(shape)
    if shape.area:
        lines = shapely.get_rings(shapely.orient_polygons(lines[shapely.area(lines) > 0]))
    # A ring comes back to its first corner: Vega keeps no sign of closing but the last.
    corners = (shapely.get_coordinates(line) for line in lines)
    return "".join("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in line) for line in corners)


def hatch(shape: Shape, gap: float) -> str:
    """The path of parallel lines inside of a shape, which fill it lightly."""
    west, south, east, north = shape.bounds
    across = north - south
    starts = np.arange(np.floor((west - across) / gap) * gap, east, gap)
    lines = shapely.MultiLineString([[(x, north), (x + across, south)] for x in starts])
    inside = shapely.get_parts(lines & shape)
    return path(shapely.MultiLineString([line for line in inside if line.length > 1]))
