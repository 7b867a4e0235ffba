"""The plane of a small map: degrees as pixels, the sides of a line, and the free room that is left for words."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from kurskdata.charts.style.frame import NARROW
from kurskdata.charts.style.labels import Box
from kurskdata.drawing import fonts

Point = tuple[float, float]

KM_PER_DEGREE = 111.2
"""Length of a degree of latitude."""

_MARGIN_KM, _LEAST_KM = 4.5, 48.0
_TIGHT, _ROOMY = 5.0, 48.0
"""Pixels around a text that are too few, and that are enough."""


class Plane:
    """Degrees as pixels: equal scale in both directions at the middle of the map. North is up.

    It holds all ``points``, latitude and longitude, with a margin.
    """

    def __init__(self, points: Sequence[Point], width: float, top: float) -> None:
        narrow = width < NARROW
        self.width, self.top = width, top
        self.mark = 0.85 if narrow else 1.0
        lats, lons = zip(*points, strict=True)
        self.across = KM_PER_DEGREE * math.cos(math.radians((min(lats) + max(lats)) / 2))
        east, west = max(lons) * self.across, min(lons) * self.across
        north, south = max(lats) * KM_PER_DEGREE, min(lats) * KM_PER_DEGREE
        wide, high = max(east - west + 2 * _MARGIN_KM, _LEAST_KM), north - south + 2 * _MARGIN_KM
        least, most = (1.0, 1.2) if narrow else (0.6, 0.8)
        high = max(high, least * wide)
        wide = max(wide, high / most)
        self.scale = width / wide
        self.height = float(round(high * self.scale))
        self.west, self.north = (east + west - wide) / 2, (north + south + high) / 2

    def at(self, lat: float, lon: float) -> Point:
        x = (lon * self.across - self.west) * self.scale
        return x, self.top + (self.north - lat * KM_PER_DEGREE) * self.scale

    def holds(self, point: Point, edge: float = 0.0) -> bool:
        x, y = point
        return edge <= x <= self.width - edge and self.top + edge <= y <= self.top + self.height - edge

    @property
    def bottom(self) -> float:
        return self.top + self.height


def south(point: Point, line: list[Point]) -> bool:
    """Whether a point lies on the Ukrainian side: a ray to the north crosses the border an odd number of times."""
    x, y = point
    crossings = 0
    for (x1, y1), (x2, y2) in itertools.pairwise(line):
        if (x1 > x) != (x2 > x) and y1 + (x - x1) / (x2 - x1) * (y2 - y1) < y:
            crossings += 1
    return crossings % 2 == 1


def clipped(polygon: list[Point], plane: Plane) -> list[Point]:
    """The part of a polygon within the map, edge by edge (Sutherland and Hodgman)."""
    for axis, bound, sign in (
        (0, 0.0, 1),
        (0, plane.width, -1),
        (1, plane.top, 1),
        (1, plane.bottom, -1),
    ):
        kept: list[Point] = []
        for a, b in zip([polygon[-1], *polygon], polygon, strict=False):
            inside_a, inside_b = sign * (a[axis] - bound) >= 0, sign * (b[axis] - bound) >= 0
            if inside_a != inside_b:
                t = (bound - a[axis]) / (b[axis] - a[axis])
                kept.append((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
            if inside_b:
                kept.append(b)
        if not kept:
            return []
        polygon = kept
    return polygon


def on_frame(a: Point, b: Point, plane: Plane) -> bool:
    return any(
        abs(a[axis] - bound) < 1e-6 and abs(b[axis] - bound) < 1e-6
        for axis, bound in ((0, 0.0), (0, plane.width), (1, plane.top), (1, plane.bottom))
    )


def touch(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def tiles(box: Box) -> Iterator[Point]:
    """Points that keep `place` out of a box."""
    x = box[0] + 5
    while x < box[2] + 5:
        y = box[1] + 5
        while y < box[3] + 5:
            yield min(x, box[2] - 5), min(y, box[3] - 5)
            y += 10
        x += 10


def along(line: list[Point], plane: Plane) -> list[Point]:
    """Points on the border, six pixels apart, within the map."""
    found = []
    for (x1, y1), (x2, y2) in itertools.pairwise(line):
        count = max(1, round(math.hypot(x2 - x1, y2 - y1) / 6))
        found += [(x1 + (x2 - x1) * n / count, y1 + (y2 - y1) * n / count) for n in range(count)]
    return [point for point in found if plane.holds(point)]


def room(
    country: str,
    region: str,
    below: bool,
    line: list[Point],
    obstacles: list[Point],
    taken: list[Box],
    plane: Plane,
) -> tuple[float, float, Box] | None:
    """The roomiest spot for two lines of text on one side of the border, if there is one."""
    half = max(fonts.text_width(country, fonts.SMALL, bold=True), fonts.text_width(region, fonts.SMALL)) / 2
    ys = np.arange(int(plane.top) + 26, int(plane.bottom) - 24, 8.0)
    xs = np.arange(int(half) + 10, int(plane.width - half) - 8, 8.0)
    if not len(ys) or not len(xs):
        return None
    corners_of_taken = [(x, y) for t in taken for x in (t[0], (t[0] + t[2]) / 2, t[2]) for y in (t[1], t[3])]
    points = np.array([*obstacles, *corners_of_taken]).reshape(-1, 2)
    # How far each point lies from the text at each spot, squared, the two directions apart.
    aside = np.maximum(np.abs(points[:, 0] - xs[:, None]) - (half + 4), 0) ** 2
    above = np.maximum(np.abs(points[:, 1] - ys[:, None]) - 18, 0) ** 2
    least = (above[:, None] + aside[None]).min(axis=2, initial=_ROOMY**2)
    free = np.sqrt(least).ravel()
    spots = [(float(x), float(y)) for y in ys for x in xs]
    for index in np.argsort(-free, kind="stable"):
        if free[index] <= _TIGHT:
            break
        x, y = spots[index]
        box = (x - half - 4, y - 18.0, x + half + 4, y + 18.0)
        corners = [(box[0], box[1]), (box[2], box[1]), (box[0], box[3]), (box[2], box[3])]
        if not any(touch(box, t) for t in taken) and all(south(c, line) == below for c in corners):
            return x, y, box
    return None


def gaps(boxes: Sequence[Box], points: Sequence[Point]) -> npt.NDArray[np.float64]:
    """How far every point lies from every box, one row a box."""
    x, y = np.array(points, dtype=float).reshape(-1, 2).T
    left, top, right, bottom = np.array(boxes, dtype=float).reshape(-1, 4).T[:, :, None]
    aside = np.maximum(np.maximum(left - x, x - right), 0)
    above = np.maximum(np.maximum(top - y, y - bottom), 0)
    found: npt.NDArray[np.float64] = np.hypot(aside, above)
    return found


def beside(
    text: str, border: list[Point], dots: list[Point], taken: list[Box], line: list[Point], plane: Plane
) -> tuple[float, float, Box] | None:
    """A spot for the name of the border: on its Ukrainian side, close to it and clear of everything."""
    half = fonts.text_width(text, fonts.SMALL) / 2
    spots = [
        (x0 + dx, y0 + dy)
        for x0, y0 in border[::4]
        for dx in (0.0, -half * 0.6, half * 0.6, -half - 8, half + 8)
        for dy in (14.0, 20.0, 28.0, -16.0)
    ]
    boxes = [(x - half - 3, y - 8, x + half + 3, y + 8) for x, y in spots]
    from_border = gaps(boxes, border)
    free = (gaps(boxes, dots) >= 12).all(axis=1) & (from_border >= 3).all(axis=1)
    best: tuple[float, float, Box] | None = None
    least = 1e9
    for index in np.flatnonzero(free):
        (x, y), box = spots[index], boxes[index]
        if not (plane.holds((box[0], box[1]), 4) and plane.holds((box[2], box[3]), 4)):
            continue
        if any(touch(box, t) for t in taken):
            continue
        near = np.sort(from_border[index])[: max(3, int(half / 3))]
        cost = float(near.mean()) + (0 if south((x, y), line) else 8)
        if cost < least:
            least, best = cost, (x, y, box)
    return best


def rim(plane: Plane) -> list[Point]:
    """Points along the frame, just inside it."""
    across = [16.0 + 8 * n for n in range(int((plane.width - 32) // 8) + 1)]
    down = [plane.top + 16 + 8 * n for n in range(int((plane.height - 32) // 8) + 1)]
    rows = [(x, y) for x in across for y in (plane.top + 16, plane.bottom - 16)]
    return rows + [(x, y) for y in down for x in (16.0, plane.width - 16)]


def off_course(point: Point, start: Point, goal: Point) -> float:
    """How far a point lies from the straight way from a start to a goal, in pixels; far for what lies behind."""
    dx, dy = goal[0] - start[0], goal[1] - start[1]
    long = math.hypot(dx, dy)
    ahead = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / long
    aside = abs((point[0] - start[0]) * dy - (point[1] - start[1]) * dx) / long
    return aside if ahead > 0 else 1e9
