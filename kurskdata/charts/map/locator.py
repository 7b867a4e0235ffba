"""Where the settlements lie that were said to be retaken: a map to find one's way, not to measure on.

Every position carries a soft circle, to scale, within which the settlement is expected. The border is a
simplified outline, drawn dashed and named approximate. What has no known position is named below the map.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from babel import dates

from kurskdata.charts.map.ground import (
    KM_PER_MILE,
    distance,
    furniture,
    ground,
    kilometres,
    outline,
    sudzha,
    written,
)
from kurskdata.charts.map.plane import Plane, Point, south, tiles
from kurskdata.charts.style import theme
from kurskdata.charts.style.frame import (
    NARROW,
    Plotted,
    Text,
    credit,
    drawn,
    framed,
    layered,
    plotted,
    publishers,
)
from kurskdata.charts.style.labels import Label, place
from kurskdata.charts.style.marks import Layer, Rows, haloed, layer, own, points, spans, texts, tips
from kurskdata.days import Day
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.tables.as_of import day
from kurskdata.tables.settlements import landmarks
from kurskdata.tables.views import count_claim
from kurskdata.words.figures import amount
from kurskdata.words.language import Words, words

_NEAR_KM = 25
"""Up to this distance the title says how near to Sudzha the settlements lie, beyond it on which side."""

_STEPS = {"light": ("#98867b", "#c2410c", "#431405"), "dark": ("#8f7d73", "#ff8f5a", "#ffe6d9")}
_RADIUS = {"before": 3.5, "window": 5.0, "after": 4.5, "others": 4.0}
_SHAPE = {"before": "circle", "window": "circle", "after": "diamond", "others": "circle"}


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

    >>> import kurskdata as kd
    >>> from kurskdata import charts
    >>> edition = kd.edition(as_of="2025-03-14")
    >>> chart = charts.locator(kd.settlement_places(as_of=edition.as_of), edition)
    >>> chart.to_dict()["usermeta"]["kurskdata"]["chart"]
    'locator'
    """
    shown = _stepped(view, edition, window)
    marks = landmarks(edition.language)
    text, rows = _texts(shown, edition, words(edition)), plotted(shown.rows)
    return drawn(lambda wide: _draw(shown, marks, edition, text, rows, wide), width)


@dataclasses.dataclass(frozen=True)
class _Shown:
    """The rows of the view with their steps, and the days that part the steps."""

    rows: pd.DataFrame
    first: pd.Timestamp | None
    last: pd.Timestamp | None

    @functools.cached_property
    def claimed(self) -> pd.DataFrame:
        return self.rows[self.rows["step"] != "others"]

    @functools.cached_property
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
    carried = [publishers(ids) for ids in view["source_ids"]]
    return _Shown(view.assign(step=step, publishers=carried), first, last)


def _span(w: Words, first: pd.Timestamp, last: pd.Timestamp, *, year: bool) -> str:
    """A period as the language writes it: 8–12 March."""
    return str(dates.format_interval(first, last, "yMMMd" if year else "MMMd", locale=w.locale))


def _day(w: Words, day: pd.Timestamp, *, year: bool) -> str:
    """A day in the same form as the periods beside it."""
    return str(dates.format_skeleton("yMMMd" if year else "MMMd", day, locale=w.locale))


def _draw(
    shown: _Shown, marks: pd.DataFrame, edition: Edition, text: Text, rows: Plotted, width: float
) -> alt.VConcatChart:
    p = theme.palette(edition.theme)
    key, top = _key(shown, edition, width)
    located = shown.rows[shown.rows["lat"].notna()]
    claimed = located[located["step"] != "others"]
    within = claimed if len(claimed) else located
    plane = Plane([sudzha(), *zip(within["lat"], within["lon"], strict=True)], width, top)
    dots = _dots(located, plane, edition)
    line = outline(plane)
    towns = _towns(marks, dots, plane)
    fixed, covered, border = furniture(dots, [(t["x"], t["y"]) for t in towns], line, plane, edition)
    notes = _notes(shown, plane, edition, width)
    layers = [
        *ground(line, plane, p),
        *_marks(dots, plane, edition),
        *fixed,
        *_labels(dots, towns, covered, border, line, plane, edition),
        *key,
        *written(notes, 0, plane.bottom + 17, p.muted),
    ]
    height = plane.bottom + (16 * len(notes) + 6 if notes else 0)
    plot = layered(layers, width=width, height=height)
    return framed(plot, "locator", edition, text, rows, width)


# The settlements


def _dots(located: pd.DataFrame, plane: Plane, edition: Edition) -> Rows:
    """One dot a settlement, the best known positions first; dots that would cover another move within their error."""
    w = words(edition)
    rank = {"window": 0, "after": 1, "before": 2, "others": 3}
    ordered = located.assign(rank=located["step"].map(rank)).sort_values(
        ["position_error_km", "rank", "place_id"], kind="stable"
    )
    placed: list[tuple[Point, float]] = []
    dots = []
    for row in ordered.to_dict("records"):
        true, radius = plane.at(row["lat"], row["lon"]), _RADIUS[row["step"]] * plane.mark
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
                "claimed_by": w.plain(row["claimed_by"]),
                "within": distance(w, row["position_error_km"], 1),
                "publishers": row["publishers"],
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


def _look(step: str, hollow: bool, edition: Edition) -> dict[str, Any]:
    """The mark of a step: filled, or open where the claim is not official or was contradicted."""
    colour, paper = _colours(edition)[step], theme.palette(edition.theme).background
    return {
        "shape": _SHAPE[step],
        "color": paper if hollow else colour,
        "stroke": colour if hollow else paper,
        "strokeWidth": 1.8 if hollow else 0.8,
    }


def _marks(dots: Rows, plane: Plane, edition: Edition) -> list[Layer]:
    """Soft circles below, dots above, and a ring round Sudzha."""
    w, p, colours = words(edition), theme.palette(edition.theme), _colours(edition)
    told = tips(
        name=w.text("Settlement"),
        day=w.text("Announced"),
        claimed_by=w.text("Claimant"),
        within=w.text("Position known to within"),
        publishers=w.text("Carried by"),
    )
    by_step = [[d for d in dots if d["step"] == step] for step in ("others", "before", "after", "window")]
    soft = [
        {"x": d["cx"], "y": d["cy"], "size": d["error"], "colour": colours[d["step"]]}
        for some in by_step[1:]
        for d in some
    ]
    size = own("size", "quantitative")
    layers = [layer("circle", soft, size=size, color=own("colour"), opacity=0.11)] if soft else []
    names = ("x", "y", "size", "name", "day", "claimed_by", "within", "publishers")
    for some in by_step:
        for hollow in (False, True):
            alike = [{k: d[k] for k in names} for d in some if d["open"] is hollow]
            if alike:
                look = _look(some[0]["step"], hollow, edition)
                layers.append(points(alike, size=size, tooltip=told, **look))
    town = [{"x": d["x"], "y": d["y"]} for d in dots if d["place_id"] == "sudzha"]
    if town:
        layers.append(points(town, size=230 * plane.mark**3, color=p.ink, filled=False, strokeWidth=1.6))
    return layers


def _towns(marks: pd.DataFrame, dots: Rows, plane: Plane) -> Rows:
    """The landmarks on the map that are not drawn as settlements already."""
    drawn_ids = {d["place_id"] for d in dots}
    found = []
    for row in marks[~marks["place_id"].isin(drawn_ids)].to_dict("records"):
        x, y = plane.at(row["lat"], row["lon"])
        if plane.holds((x, y), 8):
            found.append(
                {"x": round(x, 1), "y": round(y, 1), "name": row["name"], "place_id": row["place_id"]}
            )
    return found


def _wanted(dots: Rows, towns: Rows, plane: Plane, edition: Edition) -> list[tuple[Label, str]]:
    """Labels with their colours by importance: Sudzha, the settlements of the window and after it, all others."""
    p = theme.palette(edition.theme)
    kinds = {"town": 0, "village": 1}
    found: list[tuple[tuple[Any, ...], Label, str]] = []
    for d in [*dots, *towns]:
        bold, rank = d["place_id"] == "sudzha", d.get("rank", 4)
        size = fonts.SUBTITLE if bold else fonts.SMALL
        label = Label(d["name"], d["x"], d["y"] - plane.top, size, bold)
        order = (
            not bold,
            not (d.get("open") and rank < 2),
            rank >= 2,
            -rank,
            d.get("error_km", 0),
            kinds.get(d.get("kind", ""), 2),
            d["name"],
        )
        found.append((order, label, p.ink if bold or rank < 2 else p.muted))
    return [(label, colour) for _, label, colour in sorted(found, key=lambda one: one[0])]


def _labels(
    dots: Rows,
    towns: Rows,
    covered: list[Point],
    border: list[Point],
    line: list[Point],
    plane: Plane,
    edition: Edition,
) -> list[Layer]:
    """Names beside their dots, those that find room; tied to them where they stand away."""
    p = theme.palette(edition.theme)
    wanted = _wanted(dots, towns, plane, edition)
    colour_of = {(label.text, label.x, label.y): colour for label, colour in wanted}
    spots = [(d["x"], d["y"] - plane.top) for d in [*dots, *towns]]
    kept_free, crossed = ([(x, y - plane.top) for x, y in some] for some in (covered, border))
    contested = {(d["name"], d["x"]) for d in dots if d["open"] and d["step"] != "others"}
    chosen = [
        (label, colour == p.ink, label.bold or (label.text, label.x) in contested) for label, colour in wanted
    ]
    placed = _placed(chosen, spots, kept_free, crossed, plane)
    named = {m.text for m in placed}
    layers: list[Layer] = []
    shown = [{"x": t["x"], "y": t["y"]} for t in towns if t["name"] in named]
    if shown:
        layers.append(points(shown, shape="square", size=26, color=p.ink))
    ties = [tie for tie in (_tie(m, plane) for m in placed) if tie]
    if ties:
        layers.append(spans("rule", ties, color=p.muted, strokeWidth=0.8, opacity=0.8))
    rows = [
        {
            "x": round(m.left, 1),
            "y": round(m.middle + plane.top, 1),
            "text": m.text,
            "colour": colour_of[m.text, m.x, m.y],
            "halo": p.wash if south((m.left + m.width / 2, m.middle + plane.top), line) else p.background,
        }
        for m in placed
    ]
    for bold in (False, True):
        some = [row for row, m in zip(rows, placed, strict=True) if m.bold is bold]
        if some:
            weight, size = ("bold", fonts.SUBTITLE) if bold else ("normal", fonts.SMALL)
            layers += haloed(some, 2.5, 0.75, fontWeight=weight, fontSize=size)
    return layers


def _placed(
    labels: list[tuple[Label, bool, bool]],
    dots: list[Point],
    covered: list[Point],
    border: list[Point],
    plane: Plane,
) -> list[Label]:
    """The labels that find room, each nearer to its own dot than to any other.

    The flags say which labels matter, so that they may have a longer tie, and which may cross the border where
    nothing else is left.
    """
    narrow = plane.width < NARROW
    taken, others = (np.array(some, dtype=float).reshape(-1, 2) for some in (covered, dots))
    corners = np.array([(a, b) for a in (-3, 3) for b in (-3, 3)])
    placed: list[Label] = []
    for label, matters, crosses in labels:
        own = (label.x, label.y)
        elsewhere = (others[(others != own).any(axis=1)][:, None] + corners).reshape(-1, 2)
        reach = label.width + 90
        farthest = (26 if narrow else 40) if matters else (14 if narrow else 22)
        for line in (border, []) if crosses else (border,):
            points = np.concatenate([[own], elsewhere, taken, np.array(line).reshape(-1, 2)])
            near = points[(np.abs(points - own) < (reach, 90)).all(axis=1)]
            found = place([label], near.tolist(), plane.width, plane.height)
            if found and (found[0].bold or _away(found[0])[0] <= farthest):
                placed += found
                covers = list(tiles(found[0].box(found[0].left, found[0].middle)))
                taken = np.concatenate([taken, covers])
                break
    return placed


def _away(label: Label) -> tuple[float, float, float]:
    """How far a label stands from its dot, and its nearest point."""
    box = label.box(label.left, label.middle)
    x, y = min(max(label.x, box[0]), box[2]), min(max(label.y, box[1] + 3), box[3] - 3)
    return math.hypot(x - label.x, y - label.y), x, y


def _tie(label: Label, plane: Plane) -> dict[str, float] | None:
    """The line from a dot to a label that stands away from it."""
    away, x, y = _away(label)
    if away <= 13:
        return None
    share = (10 if label.bold else 6) / away
    return {
        "x": round(label.x + (x - label.x) * share, 1),
        "y": round(label.y + (y - label.y) * share + plane.top, 1),
        "x2": round(x, 1),
        "y2": round(y + plane.top, 1),
    }


# Words


def _key(shown: _Shown, edition: Edition, width: float) -> tuple[list[Layer], float]:
    """What the marks mean, with counts, in as many lines as the width asks for; and where the map begins."""
    w, p, colours = words(edition), theme.palette(edition.theme), _colours(edition)
    counts = shown.rows["step"].value_counts()
    entries: list[tuple[str, bool, str]] = []
    if shown.first is not None and shown.last is not None:
        same = shown.first.year == shown.last.year == edition.as_of.year
        spans = {
            "before": w.text("before {day}", day=_day(w, shown.first, year=not same)),
            "window": _span(w, shown.first, shown.last, year=not same),
            "after": w.text("after {day}", day=_day(w, shown.last, year=not same)),
        }
        entries = [
            (step, False, f"{text}: {w.number(int(counts[step]))}")
            for step, text in spans.items()
            if step in counts
        ]
    contested = shown.rows[shown.rows["disputed"]]
    if len(contested):
        entries.append(
            (contested["step"].iloc[-1], True, w.text("open mark: still fought over, others said"))
        )
    if "others" in counts:
        entries.append(
            ("others", True, w.text("not claimed officially: {count}", count=int(counts["others"])))
        )
    entries.append(("soft", False, w.text("soft circle: where it may lie")))
    x, y = 6.0, 8.0
    marks: Rows = []
    names: dict[bool, Rows] = {True: [], False: []}
    for step, hollow, text in entries:
        main = step == "window" and not hollow
        long = fonts.text_width(text, fonts.SMALL, bold=main)
        if x > 6 and x + 12 + long > width:
            x, y = 6.0, y + 19
        names[main].append({"x": x + 11, "y": y, "text": text})
        if step == "soft":
            look = {"shape": "circle", "color": colours["window"], "opacity": 0.25, "strokeWidth": 0}
            size = 200.0
        else:
            look = {"opacity": 1, **_look(step, hollow, edition)}
            size = 3.1 * _RADIUS[step] ** 2
        marks.append({"x": x, "y": y, "size": size, "stroke": look["color"], **look})
        x += 12 + long + 24
    named = {channel: own(channel) for channel in ("shape", "color", "stroke")}
    sized = {channel: own(channel, "quantitative") for channel in ("size", "opacity", "strokeWidth")}
    layers = [points(marks, **named, **sized)]
    for main, rows in names.items():
        if rows:
            layers.append(texts(rows, fontWeight="bold" if main else "normal", color=p.ink))
    return layers, y + 18


def _missing(shown: _Shown, w: Words) -> str:
    """How many settlements have no known position, and which: 4 of 28."""
    missing = shown.claimed[shown.claimed["lat"].isna()]
    if not len(missing):
        return ""
    values = {"total": w.number(len(shown.claimed)), "names": w.list(list(missing["name"]))}
    marked = int((missing["step"] == "window").sum())
    if (
        marked
        and len(shown.marked) < len(shown.claimed)
        and shown.first is not None
        and shown.last is not None
    ):
        return w.plural(
            "{count} of {total} has no known position, {marked} of them from {span}: {names}.",
            "{count} of {total} have no known position, {marked} of them from {span}: {names}.",
            len(missing),
            marked=w.number(marked),
            span=_span(w, shown.first, shown.last, year=False),
            **values,
        )
    return w.plural(
        "{count} of {total} has no known position: {names}.",
        "{count} of {total} have no known position: {names}.",
        len(missing),
        **values,
    )


def _notes(shown: _Shown, plane: Plane, edition: Edition, width: float) -> list[str]:
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
    return [line for note in notes if note for line in fonts.wrap(note, width, fonts.SMALL)]


def _farthest(shown: _Shown, w: Words) -> float | None:
    """How far from Sudzha a settlement of the window can lie at most, rounded up to fives, in km."""
    found = shown.marked[shown.marked["lat"].notna()]
    if not len(found):
        return None
    unit, centre = KM_PER_MILE if w.units == "sq_mi" else 1.0, sudzha()
    far = max(
        kilometres((row["lat"], row["lon"]), centre) + row["position_error_km"]
        for row in found.to_dict("records")
    )
    return float(math.ceil(far / unit / 5) * 5 * unit)


def _direction(shown: _Shown, w: Words) -> str:
    """On which side of Sudzha more than half of the settlements of the window lie; empty where on none."""
    found = shown.marked[shown.marked["lat"].notna()]
    lat, lon = sudzha()
    sides = {0: 0, 1: 0, 2: 0, 3: 0}
    for row in found.to_dict("records"):
        across = (row["lon"] - lon) * math.cos(math.radians(lat))
        sides[round(math.degrees(math.atan2(across, row["lat"] - lat)) / 90) % 4] += 1
    most = max(sides, key=lambda side: sides[side])
    names = (
        w.text("north of Sudzha"),
        w.text("east of Sudzha"),
        w.text("south of Sudzha"),
        w.text("west of Sudzha"),
    )
    return names[most] if sides[most] * 2 > len(shown.marked) else ""


def _title(shown: _Shown, w: Words) -> str:
    total, marked, far = len(shown.claimed), len(shown.marked), _farthest(shown, w)
    if not total:
        return w.text("Russia had officially claimed no settlement as retaken")
    if shown.first is None or shown.last is None or far is None:
        return w.plural(
            "Where the settlement lies that Russia claimed",
            "Where the {count} settlements lie that Russia claimed",
            total,
        )
    values = {"total": w.number(total), "days": amount((shown.last - shown.first).days + 1, "days", w)}
    direction = _direction(shown, w)
    if far > _NEAR_KM and direction and marked > 2:
        return w.plural(
            "Russia claimed {count} of {total} settlements within {days}, {direction}",
            "Russia claimed {count} of {total} settlements within {days}, most of them {direction}",
            marked,
            direction=direction,
            **values,
        )
    return w.plural(
        "Russia claimed {count} of {total} settlements within {days}, not farther than {distance} from Sudzha",
        "Russia claimed {count} of {total} settlements within {days}, none known to lie farther than {distance} from Sudzha",
        marked,
        distance=distance(w, far),
        **values,
    )


def _texts(shown: _Shown, edition: Edition, w: Words) -> Text:
    title, total = _title(shown, w), len(shown.claimed)
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
                "Before {first}: {before}; {span}: {window}; after: {after}",
                first=w.date(shown.first),
                span=_span(w, shown.first, shown.last, year=True),
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
        sentences.append(
            w.text("Still fought over, others said: {names}", names=w.list(list(contested["name"])))
        )
    sentences.append(w.text("The border is drawn approximately"))
    source = credit(
        edition,
        w.text(
            "Russia’s Defence Ministry and General Staff, as carried by news media, not confirmed independently; border: "
            "Natural Earth 1:10m (public domain), off by about {distance} here",
            distance=distance(w, 2),
        ),
    )
    return Text(title, subtitle, source, ". ".join(sentences) + ".")
