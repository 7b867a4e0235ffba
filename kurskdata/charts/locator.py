"""Where the settlements lie that were said to be retaken: a map to find one's way, not to measure on.

Every position carries a soft circle, to scale, within which the settlement is expected. The border is a
simplified outline, drawn dashed and named approximate. What has no known position is named below the map.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from typing import Any

import altair as alt
import pandas as pd

from kurskdata.charts import theme
from kurskdata.charts.frame import NARROW, Text, credit, data, drawn, framed, publishers
from kurskdata.charts.labels import Box, Label, place
from kurskdata.editions import Edition
from kurskdata.located import landmarks
from kurskdata.tables import load
from kurskdata.views import Day, count_claim, day
from kurskdata.wording import Words, words

KM_PER_MILE = 1.609344
_KM_PER_DEGREE = 111.2
_MARGIN_KM = 4.5
_CITIES = {"Kursk": (51.74, 36.19), "Sumy": (50.91, 34.80)}
"""Latitude and longitude of the two cities that arrows point to, to about a kilometre."""

_STEPS = {"light": ("#98867b", "#c2410c", "#431405"), "dark": ("#8f7d73", "#ff8f5a", "#ffe6d9")}
_RADIUS = {"before": 3.5, "window": 5.0, "after": 4.5, "others": 4.0}
_SHAPE = {"before": "circle", "window": "circle", "after": "diamond", "others": "circle"}
_ARROW = "M0,-7L4.5,5L0,2L-4.5,5Z"

Point = tuple[float, float]
Rows = list[dict[str, Any]]


def locator(
    view: pd.DataFrame,
    edition: Edition,
    *,
    window: tuple[Day, Day] | None = None,
    width: float | None = None,
) -> alt.VConcatChart:
    """Draws the view `settlement_places`: settlements by the day on which they were first said to be retaken.

    ``window`` is the first and last day to mark; what came before and after it is told apart. Without it, these
    are the days of the latest official claim that counts settlements over several days ("24 in five days") and,
    before there is one, the five days up to the last announcement. Without ``width`` the chart holds a drawing
    for phones too.
    """
    shown = _stepped(view, edition, window)
    return drawn(lambda wide: _draw(shown, edition, wide), width)


@dataclasses.dataclass(frozen=True)
class _Shown:
    """The rows of the view with their steps, and the days that part the steps."""

    rows: pd.DataFrame
    first: pd.Timestamp | None
    last: pd.Timestamp | None

    @property
    def claimed(self) -> pd.DataFrame:
        return self.rows[self.rows["step"] != "others"]

    @property
    def marked(self) -> pd.DataFrame:
        return self.rows[self.rows["step"] == "window"]


def _stepped(view: pd.DataFrame, edition: Edition, window: tuple[Day, Day] | None) -> _Shown:
    reported = view["reported"]
    claim = None if window else count_claim(as_of=edition.as_of, start=edition.start, end=edition.end)
    if window:
        first, last = day(window[0], "window"), day(window[1], "window")
    elif claim:
        first, last = claim["window_start"], claim["window_end"]
    elif reported.notna().any():
        first, last = reported.max() - pd.Timedelta(days=4), reported.max()
    else:
        first, last = None, None
    step = pd.Series("window", index=view.index, dtype="object")
    if first is not None and last is not None:
        step = step.mask(reported < first, "before").mask(reported > last, "after")
    step = step.mask(reported.isna(), "others")
    return _Shown(view.assign(step=step), first, last)


class _Plane:
    """Degrees as pixels: equal scale in both directions at the middle of the map. North is up."""

    def __init__(self, points: pd.DataFrame, width: float, top: float) -> None:
        narrow = width < NARROW
        self.width, self.top = width, top
        middle = (points["lat"].min() + points["lat"].max()) / 2
        self.across = _KM_PER_DEGREE * math.cos(math.radians(middle))
        east, west = points["lon"].max() * self.across, points["lon"].min() * self.across
        north, south = points["lat"].max() * _KM_PER_DEGREE, points["lat"].min() * _KM_PER_DEGREE
        wide, high = east - west + 2 * _MARGIN_KM, north - south + 2 * _MARGIN_KM
        least, most = (1.0, 1.2) if narrow else (0.6, 0.8)
        high = max(high, least * wide, least * 24)
        wide = max(wide, high / most)
        self.scale = width / wide
        self.height = round(high * self.scale)
        self.west, self.north = (east + west - wide) / 2, (north + south + high) / 2

    def at(self, lat: float, lon: float) -> Point:
        x = (lon * self.across - self.west) * self.scale
        return x, self.top + (self.north - lat * _KM_PER_DEGREE) * self.scale

    def holds(self, point: Point, edge: float = 0.0) -> bool:
        x, y = point
        return edge <= x <= self.width - edge and self.top + edge <= y <= self.top + self.height - edge

    @property
    def bottom(self) -> float:
        return self.top + self.height


def _kilometres(lat: float, lon: float, other: tuple[float, float]) -> float:
    across = math.cos(math.radians((lat + other[0]) / 2))
    return _KM_PER_DEGREE * math.hypot(lat - other[0], (lon - other[1]) * across)


def _distance(w: Words, edition: Edition, km: float) -> str:
    """A length in the unit that goes with the areas of the edition: 20 km, 12 mi."""
    miles = edition.units == "sq_mi"
    value = w.number(km / KM_PER_MILE if miles else km, 0)
    return f"{value}\N{NO-BREAK SPACE}{w.text('mi') if miles else w.text('km')}"


def _draw(shown: _Shown, edition: Edition, width: float) -> alt.VConcatChart:
    w, p = words(edition), theme.palette(edition.theme)
    key, top = _key(shown, edition, width)
    marks = landmarks(edition.language)
    sudzha = marks[marks["place_id"] == "sudzha"]
    located = shown.rows[shown.rows["lat"].notna()]
    claimed = located[located["step"] != "others"]
    plane = _Plane(pd.concat([claimed if len(claimed) else located, sudzha]), width, top)
    dots = _dots(located, plane, edition)
    line = _line(plane)
    fixed, covered = _furniture(dots, line, plane, edition)
    notes = _notes(shown, plane, edition, width)
    layers = [
        *_ground(line, plane, p),
        *_marks(dots, plane, edition),
        *fixed,
        *_labels(dots, marks, covered, plane, edition),
        *key,
        *_lines(notes, 0, plane.bottom + 18, p.muted),
    ]
    height = plane.bottom + (18 * len(notes) + 4 if notes else 0)
    plot = alt.layer(*layers).properties(width=width, height=height)
    return framed(plot, "locator", edition, _texts(shown, edition, w), shown.rows, width)


def _xy() -> dict[str, Any]:
    return {"x": alt.X("x:Q", axis=None, scale=None), "y": alt.Y("y:Q", axis=None, scale=None)}


def _lines(lines: list[str], x: float, y: float, colour: str) -> list[alt.Chart]:
    if not lines:
        return []
    rows = [{"x": x, "y": y + 18 * n, "text": text} for n, text in enumerate(lines)]
    mark = alt.Chart(data(rows)).mark_text(
        align="left", baseline="middle", fontSize=theme.SMALL, color=colour
    )
    return [mark.encode(**_xy(), text="text:N")]


# The border


def _line(plane: _Plane) -> list[Point]:
    """The outline of the border in pixels, from north-west to south-east, also where it leaves the map."""
    rows = load("border").to_dict("records")
    return [plane.at(row["lat"], row["lon"]) for row in rows]


def _south(point: Point, line: list[Point]) -> bool:
    """Whether a point lies on the Ukrainian side: a ray to the north crosses the border an odd number of times."""
    x, y = point
    crossings = 0
    for (x1, y1), (x2, y2) in zip(line, line[1:], strict=False):
        if (x1 > x) != (x2 > x) and y1 + (x - x1) / (x2 - x1) * (y2 - y1) < y:
            crossings += 1
    return crossings % 2 == 1


def _clipped(polygon: list[Point], plane: _Plane) -> list[Point]:
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


def _on_frame(a: Point, b: Point, plane: _Plane) -> bool:
    return any(
        abs(a[axis] - bound) < 1e-6 and abs(b[axis] - bound) < 1e-6
        for axis, bound in ((0, 0.0), (0, plane.width), (1, plane.top), (1, plane.bottom))
    )


def _ground(line: list[Point], plane: _Plane, p: theme.Palette) -> list[alt.Chart]:
    """The frame, Ukraine shaded, the border as dashes."""
    far = 4 * (plane.width + plane.height)
    ukraine = _clipped([*line, (line[-1][0], far), (-far, far), (-far, line[0][1])], plane)
    frame = {"x": 0.0, "x2": float(plane.width), "y": float(plane.top), "y2": float(plane.bottom)}
    layers = []
    if ukraine:
        area = [{"n": n, "x": round(x, 1), "y": round(y, 1)} for n, (x, y) in enumerate(ukraine)]
        shade = alt.Chart(data(area)).mark_line(filled=True, color=p.wash, strokeWidth=0)
        layers.append(shade.encode(**_xy(), order="n:Q"))
        pieces = [
            {"x": round(a[0], 1), "y": round(a[1], 1), "n": n, "piece": "border"}
            for n, (a, b, before) in enumerate(
                zip(ukraine, [*ukraine[1:], ukraine[0]], [ukraine[-1], *ukraine[:-1]], strict=True)
            )
            if not (_on_frame(a, b, plane) and _on_frame(before, a, plane))
        ]
        border = alt.Chart(data(pieces)).mark_line(color=p.muted, strokeWidth=1.4, strokeDash=[5, 4])
        layers.append(border.encode(**_xy(), order="n:Q", detail="piece:N"))
    edge = alt.Chart(data([frame])).mark_rect(fill=None, stroke=p.line, strokeWidth=1)
    layers.append(edge.encode(**_xy(), x2="x2:Q", y2="y2:Q"))
    return layers


# The settlements


def _dots(located: pd.DataFrame, plane: _Plane, edition: Edition) -> Rows:
    """One dot a settlement, the best known positions first; dots that would cover another move within their error."""
    w = words(edition)
    rank = {"window": 0, "after": 1, "before": 2, "others": 3}
    ordered = located.assign(rank=located["step"].map(rank)).sort_values(
        ["position_error_km", "rank", "place_id"], kind="stable"
    )
    placed: list[tuple[Point, float]] = []
    dots = []
    for row in ordered.to_dict("records"):
        true, radius = plane.at(row["lat"], row["lon"]), _RADIUS[row["step"]]
        if not plane.holds(true, radius):
            continue
        error = row["position_error_km"] * plane.scale
        x, y = _apart(true, radius, error, placed)
        placed.append(((x, y), radius))
        dots.append(
            {
                "x": round(x, 1),
                "y": round(y, 1),
                "cx": round(true[0], 1),
                "cy": round(true[1], 1),
                "error": round(math.pi * error * error, 1),
                "size": round((math.pi if _SHAPE[row["step"]] == "circle" else 3.0) * radius * radius, 1),
                "step": row["step"],
                "open": bool(row["disputed"]) or row["step"] == "others",
                "place_id": row["place_id"],
                "name": row["name"],
                "day": w.date(row["reported"]) if pd.notna(row["reported"]) else w.text("never officially"),
                "claimed_by": row["claimed_by"],
                "within": _distance(w, edition, row["position_error_km"])
                if edition.units == "km2"
                else f"{w.number(row['position_error_km'] / KM_PER_MILE, 1)}\N{NO-BREAK SPACE}{w.text('mi')}",
                "publishers": publishers(row["source_ids"]),
                "rank": row["rank"],
                "error_km": row["position_error_km"],
                "kind": row["kind"],
            }
        )
    return dots


def _apart(true: Point, radius: float, error: float, placed: list[tuple[Point, float]]) -> Point:
    """The nearest spot to a position, within its error, where the dot touches no other; else the position."""
    for step in range(40):
        away = step * 1.5
        if away > max(error, 3.0):
            break
        for turn in range(1 if step == 0 else 12):
            angle = turn * math.pi / 6
            x, y = true[0] + away * math.cos(angle), true[1] + away * math.sin(angle)
            if all(math.hypot(x - a, y - b) >= radius + r + 1 for (a, b), r in placed):
                return x, y
    return true


def _colours(edition: Edition) -> dict[str, str]:
    p = theme.palette(edition.theme)
    before, window, after = _STEPS[edition.theme]
    return {"before": before, "window": window, "after": after, "others": p.ink}


def _marks(dots: Rows, plane: _Plane, edition: Edition) -> list[alt.Chart]:
    """Soft circles below, dots above; a ring where the claim is not official or was contradicted."""
    w, p, colours = words(edition), theme.palette(edition.theme), _colours(edition)
    tooltip = [
        alt.Tooltip("name:N", title=w.text("Settlement")),
        alt.Tooltip("day:N", title=w.text("Announced")),
        alt.Tooltip("claimed_by:N", title=w.text("Claimant")),
        alt.Tooltip("within:N", title=w.text("Position known to within")),
        alt.Tooltip("publishers:N", title=w.text("Carried by")),
    ]
    layers = []
    for step in ("others", "before", "after", "window"):
        soft = [{"x": d["cx"], "y": d["cy"], "size": d["error"]} for d in dots if d["step"] == step]
        if soft and step != "others":
            halo = alt.Chart(data(soft)).mark_circle(color=colours[step], opacity=0.11)
            layers.append(halo.encode(**_xy(), size=alt.Size("size:Q", scale=None)))
    names = ("x", "y", "size", "name", "day", "claimed_by", "within", "publishers")
    for step in ("others", "before", "after", "window"):
        for hollow in (False, True):
            some = [
                {k: d[k] for k in names} for d in dots if d["step"] == step and d["open"] is hollow
            ]
            if some:
                mark = alt.Chart(data(some)).mark_point(
                    shape=_SHAPE[step],
                    filled=True,
                    opacity=1,
                    color=p.background if hollow else colours[step],
                    stroke=colours[step] if hollow else p.background,
                    strokeWidth=1.8 if hollow else 0.8,
                )
                layers.append(mark.encode(**_xy(), size=alt.Size("size:Q", scale=None), tooltip=tooltip))
    return layers


# What helps to read the map


def _touch(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _box(text: str, left: float, middle: float, *, bold: bool = False, lines: int = 1) -> Box:
    half = theme.SMALL * 0.65 * lines
    return left, middle - half, left + theme.text_width(text, theme.SMALL, bold=bold), middle + half


def _tiles(box: Box) -> Iterator[Point]:
    """Points that keep `place` out of a box."""
    x = box[0] + 5
    while x < box[2] + 5:
        y = box[1] + 5
        while y < box[3] + 5:
            yield min(x, box[2] - 5), min(y, box[3] - 5)
            y += 10
        x += 10


def _along(line: list[Point], plane: _Plane) -> list[Point]:
    """Points on the border, six pixels apart, within the map."""
    found = []
    for (x1, y1), (x2, y2) in zip(line, line[1:], strict=False):
        count = max(1, round(math.hypot(x2 - x1, y2 - y1) / 6))
        found += [(x1 + (x2 - x1) * n / count, y1 + (y2 - y1) * n / count) for n in range(count)]
    return [point for point in found if plane.holds(point)]


def _furniture(
    dots: Rows, line: list[Point], plane: _Plane, edition: Edition
) -> tuple[list[alt.Chart], list[Point]]:
    """Scale bar, arrows to the cities, names of the countries and of the border, and the points they cover."""
    w, p = words(edition), theme.palette(edition.theme)
    border = _along(line, plane)
    taken: list[Box] = []
    layers, box = _scale_bar(plane, edition)
    taken.append(box)
    for city in (w.text("Kursk"), w.text("Sumy")):
        arrow = _arrow(city, _CITIES["Kursk" if city == w.text("Kursk") else "Sumy"], plane, edition)
        if arrow:
            layers += arrow[0]
            taken.append(arrow[1])
    texts: Rows = []
    obstacles = [(d["x"], d["y"]) for d in dots] + border
    for country, region, south in (
        (w.text("RUSSIA"), w.text("Kursk oblast"), False),
        (w.text("UKRAINE"), w.text("Sumy oblast"), True),
    ):
        spot = _room(country, region, south, line, obstacles, taken, plane)
        if spot:
            x, y, box = spot
            taken.append(box)
            texts += [
                {"x": x, "y": y - 8, "text": country, "bold": True},
                {"x": x, "y": y + 8, "text": region, "bold": False},
            ]
    name = w.text("border, approximate")
    spot_of_name = _beside(name, border, [(d["x"], d["y"]) for d in dots], taken, line, plane)
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
            layers.append(mark.encode(**_xy(), text="text:N"))
    return layers, [*border, *(point for one in taken for point in _tiles(one))]


def _room(
    country: str,
    region: str,
    south: bool,
    line: list[Point],
    obstacles: list[Point],
    taken: list[Box],
    plane: _Plane,
) -> tuple[float, float, Box] | None:
    """The roomiest spot for two lines of text on one side of the border, if there is one."""
    half = max(theme.text_width(country, theme.SMALL, bold=True), theme.text_width(region, theme.SMALL)) / 2
    best: tuple[float, float, Box] | None = None
    most = 14.0
    for y in range(int(plane.top) + 26, int(plane.bottom) - 24, 8):
        for x in range(int(half) + 10, int(plane.width - half) - 8, 8):
            box = (x - half - 4, y - 18.0, x + half + 4, y + 18.0)
            corners = [(box[0], box[1]), (box[2], box[1]), (box[0], box[3]), (box[2], box[3])]
            if any(_south(c, line) != south for c in corners) or any(_touch(box, t) for t in taken):
                continue
            room = min((_gap(box, point) for point in obstacles), default=99.0)
            if min(room, 60.0) > most:
                most, best = min(room, 60.0), (float(x), float(y), box)
    return best


def _gap(box: Box, point: Point) -> float:
    """How far a point lies from a box."""
    x, y = point
    return math.hypot(max(box[0] - x, 0, x - box[2]), max(box[1] - y, 0, y - box[3]))


def _beside(
    text: str, border: list[Point], dots: list[Point], taken: list[Box], line: list[Point], plane: _Plane
) -> tuple[float, float, Box] | None:
    """A spot for the name of the border: on its Ukrainian side, close to it and clear of everything."""
    half = theme.text_width(text, theme.SMALL) / 2
    best: tuple[float, float, Box] | None = None
    least = 1e9
    for x0, y0 in border[::2]:
        for dx in (0.0, -half * 0.6, half * 0.6, -half - 8, half + 8):
            for dy in (14.0, 20.0, 28.0, -16.0):
                x, y = x0 + dx, y0 + dy
                box = (x - half - 3, y - 8, x + half + 3, y + 8)
                if not (plane.holds((box[0], box[1]), 4) and plane.holds((box[2], box[3]), 4)):
                    continue
                if any(_gap(box, b) < 3 for b in border) or any(_gap(box, d) < 12 for d in dots):
                    continue
                if any(_touch(box, t) for t in taken):
                    continue
                near = sorted(_gap(box, b) for b in border)[: max(3, int(half / 3))]
                cost = sum(near) / len(near) + (0 if _south((x, y), line) else 8)
                if cost < least:
                    least, best = cost, (x, y, box)
    return best


def _scale_bar(plane: _Plane, edition: Edition) -> tuple[list[alt.Chart], Box]:
    """A bar of a round length in the lower right corner."""
    w, p = words(edition), theme.palette(edition.theme)
    unit = KM_PER_MILE if edition.units == "sq_mi" else 1.0
    length = next(n for n in (20, 10, 5, 2, 1) if n * unit * plane.scale <= plane.width * 0.22 or n == 1)
    long = length * unit * plane.scale
    right, y = plane.width - 12, plane.bottom - 12
    label = _distance(w, edition, length * unit)
    ends = [(right - long, y - 5), (right - long, y), (right, y), (right, y - 5)]
    path = [{"n": n, "x": round(a, 1), "y": b} for n, (a, b) in enumerate(ends)]
    bar = alt.Chart(data(path)).mark_line(color=p.muted, strokeWidth=1.5).encode(**_xy(), order="n:Q")
    text = alt.Chart(data([{"x": right - long / 2, "y": y - 12, "text": label}])).mark_text(
        align="center", baseline="middle", fontSize=theme.SMALL, color=p.muted
    )
    half = max(long, theme.text_width(label, theme.SMALL)) / 2
    box = (right - long / 2 - half - 4, y - 20, right + 6, y + 6)
    return [bar, text.encode(**_xy(), text="text:N")], box


def _arrow(
    city: str, position: tuple[float, float], plane: _Plane, edition: Edition
) -> tuple[list[alt.Chart], Box] | None:
    """An arrow at the edge of the map towards a city beyond it, with its distance from Sudzha."""
    w, p = words(edition), theme.palette(edition.theme)
    marks = landmarks()
    lat, lon = marks.loc[marks["place_id"] == "sudzha", ["lat", "lon"]].iloc[0]
    (x0, y0), (x1, y1) = plane.at(lat, lon), plane.at(*position)
    if plane.holds((x1, y1)) or not plane.holds((x0, y0)):
        return None
    edge = 15.0
    share = min(
        ((plane.width - edge if x1 > x0 else edge) - x0) / (x1 - x0),
        ((plane.bottom - edge if y1 > y0 else plane.top + edge) - y0) / (y1 - y0),
    )
    x, y = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
    text = w.text(
        "{city}, {distance} from Sudzha",
        city=city,
        distance=_distance(w, edition, _kilometres(lat, lon, position)),
    )
    long = theme.text_width(text, theme.SMALL)
    left = x - 12 - long if x - 12 - long > 6 else x + 12
    angle = math.degrees(math.atan2(x1 - x0, y0 - y1))
    head = alt.Chart(data([{"x": round(x, 1), "y": round(y, 1)}])).mark_point(
        shape=_ARROW, filled=True, opacity=1, size=1, color=p.muted, angle=round(angle % 360, 1)
    )
    name = alt.Chart(data([{"x": round(left, 1), "y": round(y, 1), "text": text}])).mark_text(
        align="left", baseline="middle", fontSize=theme.SMALL, color=p.muted
    )
    box = (min(left, x - 8) - 3, y - 9, max(left + long, x + 8) + 3, y + 9)
    return [head.encode(**_xy()), name.encode(**_xy(), text="text:N")], box


def _labels(
    dots: Rows, marks: pd.DataFrame, covered: list[Point], plane: _Plane, edition: Edition
) -> list[alt.Chart]:
    """Names beside their dots: Sudzha first, then what falls in the window, then all others that find room."""
    p, colours = theme.palette(edition.theme), _colours(edition)
    drawn_ids = {d["place_id"] for d in dots}
    wanted: list[tuple[Label, str, str]] = []
    towns: Rows = []
    for row in marks.to_dict("records"):
        x, y = plane.at(row["lat"], row["lon"])
        if row["place_id"] in drawn_ids or not plane.holds((x, y), 6):
            continue
        towns.append({"x": round(x, 1), "y": round(y, 1)})
        bold = row["place_id"] == "sudzha"
        size = theme.SUBTITLE if bold else theme.SMALL
        wanted.append((Label(row["name"], x, y, size, bold), p.ink if bold else p.muted, "town"))
    ranked = sorted(
        dots, key=lambda d: (d["rank"], d["error_km"], {"town": 0, "village": 1}.get(d["kind"], 2), d["name"])
    )
    for d in ranked:
        bold = d["place_id"] == "sudzha"
        label = Label(d["name"], d["x"], d["y"], theme.SUBTITLE if bold else theme.SMALL, bold)
        wanted.append((label, p.ink if d["rank"] < 2 or bold else p.muted, d["step"]))
    wanted.sort(key=lambda one: 0 if one[0].bold else 1 if one[2] in ("window", "after") else 2)
    points = [(d["x"], d["y"]) for d in dots] + [(t["x"], t["y"]) for t in towns] + covered
    inner = [(x, y - plane.top) for x, y in points]
    colour_of = {(label.text, label.x, label.y): colour for label, colour, _ in wanted}
    moved = [dataclasses.replace(label, y=label.y - plane.top) for label, _, _ in wanted]
    placed = place(moved, inner, plane.width, plane.height)
    layers: list[alt.Chart] = []
    if towns:
        square = alt.Chart(data(towns)).mark_point(
            shape="square", filled=True, opacity=1, size=26, color=p.ink
        )
        layers.append(square.encode(**_xy()))
    ties = _ties(placed, plane)
    if ties:
        tie = alt.Chart(data(ties)).mark_rule(color=p.muted, strokeWidth=0.8, opacity=0.8)
        layers.append(tie.encode(**_xy(), x2="x2:Q", y2="y2:Q"))
    for bold in (False, True):
        some = [
            {
                "x": round(m.left, 1),
                "y": round(m.middle + plane.top, 1),
                "text": m.text,
                "colour": colour_of[m.text, m.x, m.y + plane.top],
            }
            for m in placed
            if m.bold is bold
        ]
        if not some:
            continue
        look: dict[str, Any] = {
            "align": "left",
            "baseline": "middle",
            "fontWeight": "bold" if bold else "normal",
            "fontSize": theme.SUBTITLE if bold else theme.SMALL,
        }
        text = alt.Chart(data(some)).encode(**_xy(), text="text:N")
        # A halo keeps the words readable where they cross a line.
        layers.append(
            text.mark_text(**look, color=p.background, stroke=p.background, strokeWidth=3, opacity=0.8)
        )
        layers.append(text.mark_text(**look).encode(color=alt.Color("colour:N", scale=None)))
    del colours
    return layers


def _ties(placed: list[Label], plane: _Plane) -> Rows:
    """Lines from dots to the labels that stand away from them."""
    ties = []
    for m in placed:
        box = m.box(m.left, m.middle)
        x, y = min(max(m.x, box[0]), box[2]), min(max(m.y, box[1] + 3), box[3] - 3)
        away = math.hypot(x - m.x, y - m.y)
        if away > 13:
            share = 6 / away
            ties.append(
                {
                    "x": round(m.x + (x - m.x) * share, 1),
                    "y": round(m.y + (y - m.y) * share + plane.top, 1),
                    "x2": round(x, 1),
                    "y2": round(y + plane.top, 1),
                }
            )
    return ties


# Words


def _key(shown: _Shown, edition: Edition, width: float) -> tuple[list[alt.Chart], float]:
    """What the marks mean, with counts, in as many lines as the width asks for; and where the map begins."""
    w, p, colours = words(edition), theme.palette(edition.theme), _colours(edition)
    counts = shown.rows["step"].value_counts()
    entries: list[tuple[str, bool, str]] = []
    if shown.first is not None and shown.last is not None:
        same = shown.first.year == shown.last.year == edition.as_of.year
        form = "day" if same else "long"
        spans = {
            "before": w.text("before {day}", day=w.date(shown.first, form)),
            "window": w.text(
                "{first} to {last}",
                first=w.date(shown.first, "day" if shown.first.year == shown.last.year else "long"),
                last=w.date(shown.last, form),
            ),
            "after": w.text("after {day}", day=w.date(shown.last, form)),
        }
        entries = [
            (step, False, f"{text}: {w.number(int(counts[step]))}")
            for step, text in spans.items()
            if step in counts
        ]
    contested = shown.rows[shown.rows["disputed"]]
    if len(contested):
        entries.append(
            (contested["step"].iloc[-1], True, w.text("ring: fighting went on, others said"))
        )
    if "others" in counts:
        entries.append(("others", True, w.text("not claimed officially") + f": {counts['others']}"))
    entries.append(("soft", False, w.text("soft circle: it lies within")))
    x, y, layers = 6.0, 8.0, []
    for step, hollow, text in entries:
        long = theme.text_width(text, theme.SMALL)
        if x > 6 and x + 12 + long > width:
            x, y = 6.0, y + 19
        at = data([{"x": x, "y": y}])
        if step == "soft":
            layers.append(alt.Chart(at).mark_circle(size=200, color=colours["window"], opacity=0.25).encode(**_xy()))
        else:
            mark = alt.Chart(at).mark_point(
                shape=_SHAPE[step],
                filled=True,
                opacity=1,
                size=3.1 * _RADIUS[step] ** 2,
                color=p.background if hollow else colours[step],
                stroke=colours[step] if hollow else p.background,
                strokeWidth=1.8 if hollow else 0.8,
            )
            layers.append(mark.encode(**_xy()))
        word = alt.Chart(data([{"x": x + 11, "y": y, "text": text}])).mark_text(
            align="left",
            baseline="middle",
            fontSize=theme.SMALL,
            fontWeight="bold" if step == "window" and not hollow else "normal",
            color=p.ink,
        )
        layers.append(word.encode(**_xy(), text="text:N"))
        x += 12 + long + 24
    return layers, y + 18


def _unplaced(shown: _Shown) -> pd.DataFrame:
    return shown.claimed[shown.claimed["lat"].isna()]


def _missing(shown: _Shown, w: Words) -> str:
    """How many settlements have no known position, and which: 4 of 28."""
    missing = _unplaced(shown)
    if not len(missing):
        return ""
    return w.plural(
        "{count} of {total} has no known position: {names}.",
        "{count} of {total} have no known position: {names}.",
        len(missing),
        total=len(shown.claimed),
        names=w.list(list(missing["name"])),
    )


def _notes(shown: _Shown, plane: _Plane, edition: Edition, width: float) -> list[str]:
    w = words(edition)
    notes = [_missing(shown, w)]
    others = shown.rows[(shown.rows["step"] == "others")]
    beyond = [
        row["name"]
        for row in others.to_dict("records")
        if pd.isna(row["lat"]) or not plane.holds(plane.at(row["lat"], row["lon"]), _RADIUS["others"])
    ]
    if beyond:
        notes.append(w.text("Not claimed officially and off the map: {names}.", names=w.list(beyond)))
    return [line for note in notes if note for line in theme.wrap(note, width, theme.SMALL)]


def _farthest(shown: _Shown, edition: Edition) -> float | None:
    """How far from Sudzha a settlement of the window can lie at most, rounded up to fives, in km."""
    marks = landmarks()
    lat, lon = marks.loc[marks["place_id"] == "sudzha", ["lat", "lon"]].iloc[0]
    found = shown.marked[shown.marked["lat"].notna()]
    if not len(found):
        return None
    unit = KM_PER_MILE if edition.units == "sq_mi" else 1.0
    far = max(
        _kilometres(row["lat"], row["lon"], (lat, lon)) + row["position_error_km"]
        for row in found.to_dict("records")
    )
    return math.ceil(far / unit / 5) * 5 * unit


def _texts(shown: _Shown, edition: Edition, w: Words) -> Text:
    total, marked, far = len(shown.claimed), len(shown.marked), _farthest(shown, edition)
    if not total:
        title = w.text("No settlement had been officially claimed as retaken")
    elif shown.first is None or shown.last is None or far is None:
        title = w.plural(
            "{count} settlement was claimed as retaken, position not known",
            "Where the {count} settlements claimed as retaken lie",
            total,
        )
    else:
        title = w.plural(
            "{count} of {total} settlements was claimed within {days} days, not known to lie farther than {distance} from Sudzha",
            "{count} of {total} settlements were claimed within {days} days, none known to lie farther than {distance} from Sudzha",
            marked,
            total=w.number(total),
            days=(shown.last - shown.first).days + 1,
            distance=_distance(w, edition, far),
        )
    subtitle = w.text(
        "Settlements of Russia’s Kursk oblast, at the border with Ukraine, that Russia’s Defence Ministry and General Staff "
        "said they retook, by day of first announcement, up to {day}",
        day=w.date(edition.as_of),
    )
    counts = shown.rows["step"].value_counts()
    sentences = [title, subtitle]
    if shown.first is not None and shown.last is not None and total:
        sentences.append(
            w.text(
                "Before {first}: {before}; {first} to {last}: {window}; after: {after}",
                first=w.date(shown.first),
                last=w.date(shown.last),
                before=int(counts.get("before", 0)),
                window=int(counts.get("window", 0)),
                after=int(counts.get("after", 0)),
            )
        )
    missing = _missing(shown, w).rstrip(".")
    if missing:
        sentences.append(missing)
    contested = shown.rows[shown.rows["disputed"]]
    if len(contested):
        sentences.append(w.text("Fighting went on, others said: {names}", names=w.list(list(contested["name"]))))
    sentences.append(w.text("The border is drawn approximately"))
    source = credit(
        edition,
        w.text(
            "Russia’s Defence Ministry and General Staff, as carried by news media, not confirmed independently; border: "
            "Natural Earth 1:10m (public domain), off by about {distance} here",
            distance=_distance(w, edition, 2 if edition.units == "km2" else KM_PER_MILE),
        ),
    )
    return Text(title, subtitle, source, ". ".join(sentences) + ".")
