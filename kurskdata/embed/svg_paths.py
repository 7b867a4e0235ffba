"""Shapes of SVG marks in few bytes: relative paths with one decimal, and no point that its neighbours imply.

Coordinates are counted in tenths of a pixel, so that rounding does not add up along a path.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

_TOKEN = re.compile(r"([A-Za-z])|(-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?)")
_MOVE = re.compile(r"translate\(([-\d.e]+)[, ]+([-\d.e]+)\)(?:\s*rotate\(([-\d.e]+)\))?")

Point = tuple[int, int]
Line = tuple[list[Point], bool]
"""The corners of a polyline in tenths of a pixel, and whether it is closed."""


def moved(transform: str) -> tuple[float, float, str]:
    """The shift of a transform, and the angle that follows it, as text."""
    found = _MOVE.fullmatch(transform)
    return (float(found[1]), float(found[2]), found[3] or "") if found else (0.0, 0.0, "")


def number(value: float) -> str:
    """A coordinate with one decimal at most, as short as SVG allows."""
    return _tenths(round(value * 10))


@functools.lru_cache(maxsize=8192)
def _tenths(tenths: int) -> str:
    text = f"{tenths / 10:.1f}".removesuffix(".0")
    return re.sub(r"^(-?)0\.", r"\1.", text)


def _joined(values: list[str]) -> str:
    """Numbers with a space between them where no minus sign parts them."""
    return "".join(v if i == 0 or v.startswith("-") else f" {v}" for i, v in enumerate(values))


def shape(kind: str, own: Mapping[str, str], x: float, y: float) -> tuple[str, str] | None:
    """Tag and geometry of a mark at a place; None where there is nothing to see."""
    if kind == "line" and "d" not in own:
        end = x + float(own.get("x2", 0)), y + float(own.get("y2", 0))
        corners = [(round(x * 10), round(y * 10)), (round(end[0] * 10), round(end[1] * 10))]
        return ("path", f'd="{written([(corners, False)])}"') if corners[0] != corners[1] else None
    data = own.get("d", "")
    if not data:
        return None
    if kind == "rect":
        return _rectangle(data, x, y)
    circle = _radius(data)
    if circle is not None:
        return "circle", f'cx="{number(x)}" cy="{number(y)}" r="{number(circle)}"'
    if re.search(r"[ACQSTacqst]", data):
        # Curves are rare: they keep their own coordinates.
        place = f' transform="translate({number(x)} {number(y)})"' if x or y else ""
        rounded = re.sub(r"-?\d+\.\d+(e-?\d+)?", lambda m: number(float(m[0])), data)
        return "path", f'd="{rounded}"{place}'
    return "path", f'd="{written(lines(data, x, y))}"'


def _radius(data: str) -> float | None:
    """The radius where a path is a circle around its origin, as the renderer draws it."""
    found = re.fullmatch(r"M([\d.]+),0A([\d.]+),\2,0,1,1,-\1,0A\2,\2,0,1,1,\1,0", data)
    return float(found[1]) if found else None


def _rectangle(data: str, x: float, y: float) -> tuple[str, str] | None:
    """A rectangle, with round corners where it starts beside its own edge."""
    corners = [point for line, _ in lines(re.sub(r"C([^,]+,){4}", "L", data), x, y) for point in line]
    xs, ys = [p[0] for p in corners], [p[1] for p in corners]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    if not wide or not high:
        return None
    text = f'x="{_tenths(min(xs))}" y="{_tenths(min(ys))}" width="{_tenths(wide)}" height="{_tenths(high)}"'
    radius = corners[0][0] - min(xs)
    return "rect", text + (f' rx="{_tenths(radius)}"' if radius and "C" in data else "")


def lines(data: str, x: float, y: float) -> list[Line]:
    """The polylines of path data that has straight lines only, moved to a place."""
    found: list[Line] = []
    at = (0.0, 0.0)
    command, numbers = "", list[float]()
    for letter, digits in _TOKEN.findall(data):
        if letter:
            command = letter
            if letter in "Zz" and found:
                found[-1] = found[-1][0], True
            continue
        numbers.append(float(digits))
        if command in "HhVv" or len(numbers) == 2:
            at = _reached(command, numbers, at)
            corner = round((at[0] + x) * 10), round((at[1] + y) * 10)
            if command in "Mm":
                found.append(([corner], False))
            else:
                found[-1][0].append(corner)
            numbers = []
    return found


def _reached(command: str, numbers: list[float], at: tuple[float, float]) -> tuple[float, float]:
    base = at if command.islower() else (0.0, 0.0)
    if command in "Hh":
        return base[0] + numbers[0], at[1]
    if command in "Vv":
        return at[0], base[1] + numbers[0]
    return base[0] + numbers[0], base[1] + numbers[1]


def simplified(corners: list[Point]) -> list[Point]:
    """The same polyline without corners that lie on the way from the one before to the one after."""
    kept: list[Point] = []
    for corner in corners:
        while kept and kept[-1] == corner:
            kept.pop()
        while len(kept) > 1 and _between(kept[-2], kept[-1], corner):
            kept.pop()
        kept.append(corner)
    return kept


def _between(a: Point, b: Point, c: Point) -> bool:
    straight = (b[0] - a[0]) * (c[1] - a[1]) == (b[1] - a[1]) * (c[0] - a[0])
    onward = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) >= 0
    return straight and onward


def written(polylines: list[Line]) -> str:
    """Polylines as path data."""
    out = []
    for corners, closed in polylines:
        kept = simplified(corners)
        x, y = kept[0]
        out.append("M" + _joined([_tenths(x), _tenths(y)]))
        last = ""
        for nx, ny in kept[1:]:
            if ny == y:
                out.append("h" + _tenths(nx - x))
                last = "h"
            elif nx == x:
                out.append("v" + _tenths(ny - y))
                last = "v"
            else:
                step = _joined([_tenths(nx - x), _tenths(ny - y)])
                out.append(("l" if last != "l" else "" if step.startswith("-") else " ") + step)
                last = "l"
            x, y = nx, ny
        out.append("z" if closed else "")
    return "".join(out)
