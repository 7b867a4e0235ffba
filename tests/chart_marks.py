"""A drawing of a page as marks with places, for the rules of `chart_rules`: texts with the boxes of their lines, shapes
with their outlines, all in the pixels of the drawing. Texts are as wide as the charts' own font makes them."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree

from kurskdata.charts.style import theme
from kurskdata.drawing.fonts import text_width

Point = tuple[float, float]
RGB = tuple[float, float, float]

THEMES = ("light", "dark")
GROUNDS = ("background", "wash", "line", "ribbon")
"""Colours that carry no meaning: what marks lie on, and lines of axes and grids."""

_INHERITED = (
    "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "fill-opacity", "text-anchor", "font-size",
    "font-weight", "paint-order",
)  # fmt: skip
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
_ASCENT, _DESCENT = 0.905, 0.212
"""How far the boxes of the font reach above and below the line that letters stand on, in parts of its size."""


@dataclasses.dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> Point:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def holds(self, point: Point, slack: float = 0.0) -> bool:
        x, y = point
        return self.left - slack <= x <= self.right + slack and self.top - slack <= y <= self.bottom + slack

    def far(self, other: Box) -> float:
        """The distance of two boxes; 0 where they touch or overlap."""
        wide = max(self.left - other.right, other.left - self.right, 0.0)
        return math.hypot(wide, max(self.top - other.bottom, other.top - self.bottom, 0.0))

    def shared(self, other: Box) -> tuple[float, float]:
        """How wide and how high two boxes overlap; negative where they are apart."""
        return (
            min(self.right, other.right) - max(self.left, other.left),
            min(self.bottom, other.bottom) - max(self.top, other.top),
        )


def around(boxes: Sequence[Box]) -> Box:
    return Box(
        min(b.left for b in boxes), min(b.top for b in boxes),
        max(b.right for b in boxes), max(b.bottom for b in boxes),
    )  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Line:
    """One line of a text, with its box."""

    text: str
    box: Box
    size: float
    base: float
    """Where the line lies that its letters stand on."""

    @property
    def letters(self) -> Box:
        """The box of what is printed, without the air above and below."""
        return Box(self.box.left, self.base - 0.73 * self.size, self.box.right, self.base + 0.15 * self.size)


@dataclasses.dataclass(frozen=True)
class Mark:
    """A text or a shape of a drawing. ``fill`` and ``stroke`` are names of the palette or what else stands there."""

    kind: str
    """text, circle, rect or path."""
    fill: str
    stroke: str
    width: float
    dash: str
    opacity: float
    fill_opacity: float
    stroke_opacity: float
    halo: bool
    bold: bool
    turned: bool
    title: str
    groups: tuple[str, ...]
    lines: tuple[Line, ...] = ()
    outlines: tuple[tuple[Point, ...], ...] = ()
    curved: bool = False
    size: float = 0.0
    """Of text: its size in pixels; of a circle: its radius."""

    @property
    def is_text(self) -> bool:
        return self.kind == "text"

    @functools.cached_property
    def box(self) -> Box:
        if self.is_text:
            return around([line.box for line in self.lines])
        xs, ys = zip(*itertools.chain(*self.outlines), strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))

    @functools.cached_property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def filled(self) -> bool:
        return self.fill != "none" and self.opacity * self.fill_opacity > 0

    @property
    def colour(self) -> str:
        """The colour that the mark shows: that of its surface or, without one, of its outline."""
        return self.fill if self.filled else self.stroke

    @property
    def shape(self) -> str:
        """What a reader calls the form of the mark, without its colour."""
        box, corners = self.box, {(round(x, 1), round(y, 1)) for x, y in self.outlines[0]}
        small = max(box.width, box.height) <= 20
        closed = self.filled or math.dist(self.outlines[0][0], self.outlines[0][-1]) < 0.3
        upright = all(
            min(x - box.left, box.right - x) < 0.2 and min(y - box.top, box.bottom - y) < 0.2
            for x, y in self.outlines[0]
        )
        if self.kind == "circle":
            form = "circle"
        elif not closed or not (self.filled or small):
            form = "sign" if small and len(self.outlines[0]) > 3 else "line"
        elif len(corners) == 3:
            form = "triangle"
        elif small and len(corners) == 4 and not (upright and abs(box.width - box.height) >= 2):
            form = "square" if upright else "diamond"
        else:
            form = "bar" if upright and len(self.outlines) == 1 else "area" if self.filled else "sign"
        hollow = (
            self.kind != "text"
            and (not self.filled or self.fill == "background")
            and form not in ("line", "sign")
        )
        return ("hollow " if hollow else "dashed " if self.dash and not self.filled else "") + form

    def large(self, least: float) -> bool:
        return self.box.width >= least and self.box.height >= min(least, 12)

    def covers(self, point: Point) -> bool:
        """Whether a point lies on the surface of the mark."""
        if not self.box.holds(point):
            return False
        if self.kind == "circle":
            return math.dist(point, self.box.middle) <= self.size
        x, y = point
        inside = False
        for outline in self.outlines:
            for (ax, ay), (bx, by) in itertools.pairwise([*outline, outline[0]]):
                if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                    inside = not inside
        return inside

    def segments(self) -> Iterator[tuple[Point, Point]]:
        for outline in self.outlines:
            yield from itertools.pairwise(outline)


@dataclasses.dataclass(frozen=True)
class Picture:
    """A drawing: its size, and its marks in the order in which they are painted."""

    width: float
    height: float
    marks: tuple[Mark, ...]

    @functools.cached_property
    def texts(self) -> list[Mark]:
        return [mark for mark in self.marks if mark.is_text and mark.text.strip()]

    @functools.cached_property
    def shapes(self) -> list[Mark]:
        return [mark for mark in self.marks if not mark.is_text]

    @functools.cached_property
    def lines(self) -> list[tuple[Line, Mark]]:
        return [(line, mark) for mark in self.texts for line in mark.lines if line.text.strip()]

    @functools.cached_property
    def surfaces(self) -> list[tuple[int, Mark]]:
        """Filled shapes with their places in the order of painting."""
        return [(n, mark) for n, mark in enumerate(self.marks) if not mark.is_text and mark.filled]

    def order(self, mark: Mark) -> int:
        return self._orders[id(mark)]

    @functools.cached_property
    def _orders(self) -> dict[int, int]:
        return {id(mark): n for n, mark in enumerate(self.marks)}

    def ground(self, point: Point, below: int, mode: str, least: float = 0) -> RGB:
        """The colour at a point under what is painted at a place in the order; of surfaces of that size at least."""
        seen = rgb("background", mode)
        for n, mark in self.surfaces:
            if n < below and mark.large(least) and mark.covers(point):
                seen = blend(rgb(mark.fill, mode), seen, mark.opacity * mark.fill_opacity)
        return seen


def rgb(colour: str, mode: str) -> RGB:
    """A name of the palette or a colour of the web as red, green and blue from 0 to 1."""
    if colour in theme.COLOURS:
        colour = theme.COLOURS[colour][THEMES.index(mode)]
    digits = {"black": "000000", "white": "ffffff"}.get(colour, colour.removeprefix("#"))
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    if not re.fullmatch(r"[0-9a-fA-F]{6}", digits):
        raise ValueError(f"a colour that is neither of the palette nor six digits: {colour!r}")
    red, green, blue = (int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4))
    return red, green, blue


def blend(upper: RGB, lower: RGB, opacity: float) -> RGB:
    red, green, blue = (u * opacity + v * (1 - opacity) for u, v in zip(upper, lower, strict=True))
    return red, green, blue


def contrast(one: RGB, other: RGB) -> float:
    """The ratio of WCAG 2.2, from 1 to 21."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: RGB) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def picture(svg: str) -> Picture:
    """The marks of an SVG as it stands in a page."""
    root = ElementTree.fromstring(svg)
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    return Picture(width, height, tuple(_marks(root, {}, (1, 0, 0, 1, 0, 0), 1.0, ())))


def _marks(
    element: ElementTree.Element,
    given: Mapping[str, str],
    matrix: tuple[float, ...],
    opacity: float,
    groups: tuple[str, ...],
) -> Iterator[Mark]:
    own = dict(element.attrib)
    for rule in own.pop("style", "").split(";"):
        name, _, value = rule.partition(":")
        own[name.strip()] = value.strip()
    if own.get("display") == "none" or own.get("visibility") == "hidden":
        return
    style = {**given, **{name: own[name] for name in _INHERITED if name in own}}
    opacity *= float(own.get("opacity", "1"))
    turned = False
    for name, values in re.findall(r"(\w+)\(([^)]*)\)", own.get("transform", "")):
        matrix, turned = (
            _times(matrix, name, [float(v) for v in _NUMBER.findall(values)]),
            turned or name == "rotate",
        )
    tag = element.tag.rpartition("}")[2]
    if tag in ("svg", "g", "a"):
        named = own.get("id") or own.get("class") or own.get("data-name") or own.get("aria-label") or ""
        for child in element:
            yield from _marks(
                child, style, matrix, opacity, (*groups, named) if named and tag == "g" else groups
            )
        return
    if tag not in ("text", "path", "circle", "rect", "line", "polygon", "polyline", "ellipse", "use"):
        return
    title = next((child.text or "" for child in element if child.tag.endswith("title")), "")
    look = {
        "fill": _colour(style.get("fill", "#000")), "stroke": _colour(style.get("stroke", "none")),
        "width": _number(style, "stroke-width", 1), "dash": style.get("stroke-dasharray", "").replace("none", ""),
        "opacity": opacity, "fill_opacity": _number(style, "fill-opacity", 1),
        "stroke_opacity": _number(style, "stroke-opacity", 1), "halo": style.get("paint-order", "").startswith("stroke"),
        "bold": style.get("font-weight") in ("bold", "600", "700"), "turned": turned, "title": title, "groups": groups,
    }  # fmt: skip
    if tag == "text":
        lines = tuple(_lines(element, own, style, matrix))
        if lines:
            yield Mark("text", **look, lines=lines, size=_number(style, "font-size", 12))  # type: ignore[arg-type]
        return
    outlines, curved = _outlines(tag, own)
    moved = tuple(tuple(_at(matrix, *point) for point in outline) for outline in outlines if outline)
    if moved:
        kind = tag if tag in ("circle", "rect") else "path"
        yield Mark(kind, **look, outlines=moved, curved=curved, size=_number(own, "r", 0))  # type: ignore[arg-type]


def _number(style: Mapping[str, str], name: str, default: float) -> float:
    return float(style.get(name, str(default)).removesuffix("px"))


def _colour(value: str) -> str:
    found = re.fullmatch(r"var\(--([\w-]+)\)", value)
    return found[1] if found else "none" if value == "transparent" else value


def _times(m: tuple[float, ...], name: str, v: list[float]) -> tuple[float, ...]:
    """The matrix after one more step of a transform."""
    if name == "rotate":
        a = math.radians(v[0])
        x, y = (*v[1:], 0.0, 0.0)[:2]
        for step, values in (("translate", [x, y]), ("matrix", [math.cos(a), math.sin(a), -math.sin(a), math.cos(a), 0, 0]), ("translate", [-x, -y])):  # fmt: skip
            m = _times(m, step, values)
        return m
    n = {"translate": (1, 0, 0, 1, v[0], v[-1] if len(v) > 1 else 0), "scale": (v[0], 0, 0, v[-1], 0, 0), "matrix": tuple(v)}[name]  # fmt: skip
    return (
        m[0] * n[0] + m[2] * n[1], m[1] * n[0] + m[3] * n[1], m[0] * n[2] + m[2] * n[3], m[1] * n[2] + m[3] * n[3],
        m[0] * n[4] + m[2] * n[5] + m[4], m[1] * n[4] + m[3] * n[5] + m[5],
    )  # fmt: skip


def _at(m: tuple[float, ...], x: float, y: float) -> Point:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def _lines(
    element: ElementTree.Element, own: Mapping[str, str], style: Mapping[str, str], matrix: tuple[float, ...]
) -> Iterator[Line]:
    """The lines of a text; a ``tspan`` without a place of its own goes on in its line."""
    x, y = _number(own, "x", 0), _number(own, "y", 0)
    parts: list[tuple[float, float, list[tuple[str, Mapping[str, str]]]]] = [
        (x, y, [(element.text or "", style)])
    ]
    for span in element:
        if not span.tag.endswith("tspan"):
            continue
        look = {**style, **{name: span.attrib[name] for name in _INHERITED if name in span.attrib}}
        if "x" in span.attrib or "y" in span.attrib:
            x = _number(span.attrib, "x", x)
            y = _number(span.attrib, "y", y) + _number(span.attrib, "dy", 0)
            parts.append((x, y, []))
        parts[-1][2].append((span.text or "", look))
        parts[-1][2].append((span.tail or "", style))
    for left, base, pieces in parts:
        text = "".join(piece for piece, _ in pieces)
        if not text.strip():
            continue
        size = _number(style, "font-size", 12)
        long = sum(
            text_width(piece.replace("\xa0", " "), round(_number(look, "font-size", 12)), bold=look.get("font-weight") in ("bold", "600", "700"))
            for piece, look in pieces
            if piece
        )  # fmt: skip
        start = left - {"middle": long / 2, "end": long}.get(style.get("text-anchor", ""), 0.0)
        corners = [_at(matrix, px, py) for px in (start, start + long) for py in (base - _ASCENT * size, base + _DESCENT * size)]  # fmt: skip
        xs, ys = zip(*corners, strict=True)
        yield Line(text, Box(min(xs), min(ys), max(xs), max(ys)), size, _at(matrix, start, base)[1])


def _outlines(tag: str, own: Mapping[str, str]) -> tuple[list[list[Point]], bool]:
    """The outlines of a shape, curves as a few of their points, and whether it has any curve."""
    if tag in ("circle", "ellipse"):
        x, y = _number(own, "cx", 0), _number(own, "cy", 0)
        rx, ry = (_number(own, name, _number(own, "r", 0)) for name in ("rx", "ry"))
        turns = [n * math.pi / 8 for n in range(17)]
        return [[(x + rx * math.cos(a), y + ry * math.sin(a)) for a in turns]], False
    if tag == "rect":
        x, y, w, h = (_number(own, name, 0) for name in ("x", "y", "width", "height"))
        return [[(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)]], False
    if tag == "line":
        x, y, u, v = (_number(own, name, 0) for name in ("x1", "y1", "x2", "y2"))
        return [[(x, y), (u, v)]], False
    if tag in ("polygon", "polyline"):
        values = [float(v) for v in _NUMBER.findall(own.get("points", ""))]
        points = list(zip(values[::2], values[1::2], strict=True))
        return [points + points[:1] * (tag == "polygon")], False
    return _path(own.get("d", ""))


_SIZES = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7, "z": 0}


def _path(data: str) -> tuple[list[list[Point]], bool]:
    outlines: list[list[Point]] = []
    at, start, curved = (0.0, 0.0), (0.0, 0.0), False
    for command, written in re.findall(r"([a-zA-Z])([^a-zA-Z]*)", re.sub(r"(?<=\d)e(?=[-+\d])", "E", data)):
        kind, is_relative = command.lower(), command.islower()
        values = _arc_numbers(written) if kind == "a" else [float(v) for v in _NUMBER.findall(written)]
        size = _SIZES[kind]
        for n in range(0, max(len(values), 1), size or 1):
            step = values[n : n + size]
            base = at if is_relative else (0.0, 0.0)
            if kind == "z":
                if outlines and outlines[-1]:
                    outlines[-1].append(start)
                at = start
                break
            if kind in "hv":
                at = (base[0] + step[0], at[1]) if kind == "h" else (at[0], base[1] + step[0])
            else:
                bends = [(base[0] + a, base[1] + b) for a, b in zip(step[-4:-2], step[-3:-1], strict=False)][
                    :1
                ]
                old, at = at, (base[0] + step[-2], base[1] + step[-1])
                if kind in "csqt":
                    curved = True
                    outlines[-1] += [_bend(old, bends[0] if bends else old, at, t) for t in (0.25, 0.5, 0.75)]
                elif kind == "a":
                    # Half a circle, as the renderer draws points, reaches its radius to the side.
                    mid = ((old[0] + at[0]) / 2, (old[1] + at[1]) / 2)
                    up = (at[1] - old[1], old[0] - at[0])
                    outlines[-1].append((mid[0] + up[0] / 2, mid[1] + up[1] / 2))
            if kind == "m" and n == 0:
                start = at
                outlines.append([])
            outlines[-1].append(at)
    return [outline for outline in outlines if len(outline) > 1], curved


def _arc_numbers(written: str) -> list[float]:
    """The numbers of arcs, whose flags may stand without a space."""
    found: list[float] = []
    rest = written.strip(" ,\n")
    while rest:
        is_flag = len(found) % 7 in (3, 4)
        match = re.match(r"[01]" if is_flag else _NUMBER.pattern, rest)
        if not match:
            break
        found.append(float(match[0]))
        rest = rest[match.end() :].lstrip(" ,\n")
    return found


def _bend(a: Point, b: Point, c: Point, t: float) -> Point:
    x, y = ((1 - t) ** 2 * p + 2 * t * (1 - t) * q + t * t * r for p, q, r in zip(a, b, c, strict=True))
    return x, y


def crossing(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Whether two straight lines cross inside of both; touching ends do not count."""

    def side(a: Point, b: Point, p: Point) -> float:
        return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])

    (a, b), (c, d) = one, other
    return side(a, b, c) * side(a, b, d) < -1e-6 and side(c, d, a) * side(c, d, b) < -1e-6


def meets(segment: tuple[Point, Point], box: Box) -> bool:
    """Whether a straight line runs through a box."""
    a, b = segment
    if box.holds(a) or box.holds(b):
        return True
    corners = [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]
    return any(crossing(segment, side) for side in itertools.pairwise([*corners, corners[0]]))
