"""Every statement on the area held against the map of its own day: by who speaks, over time, on one scale.

Zero is what the map shows as held on that day, the band above it what it leaves unclear. A statement is the interval
that it allows, open where it is a bound. It fits where it meets the band.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from kurskdata.charts.style import theme
from kurskdata.charts.style.frame import Card, Plot, Text, drawn, fitting, layered, message_only, surname
from kurskdata.charts.style.labels import Label, place, written
from kurskdata.charts.style.marks import (
    Layer,
    Rows,
    day,
    layer,
    own,
    points,
    round_values,
    spans,
    texts,
    tips,
)
from kurskdata.charts.style.on_scales import Meaning
from kurskdata.check.claims import NEAR
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.errors import choice
from kurskdata.tables import door
from kurskdata.tables.descriptor import MAPS, documented
from kurskdata.tables.intervals import conversion
from kurskdata.tables.views import PEAK, area_held
from kurskdata.words import headings
from kurskdata.words.figures import period, said
from kurskdata.words.language import Words, words

_LANES = ("ukraine", "russia", "independent")
_HEAD, _LANE = 24.0, 136.0
"""Heights of the heading of a lane and of the whole lane in pixels."""

Row = dict[Any, Any]

_DAY = pd.Timedelta(days=1)


@documented
def record(
    view: pd.DataFrame,
    edition: Edition,
    *,
    observer: str = "deepstate",
    width: float | None = None,
    annotations: pd.DataFrame | None = None,
) -> alt.VConcatChart:
    """Draws the view `area_record`: each statement by how far it lies from the map, in a lane for each side.

    ``observer`` names the map, whose unclear areas are the band. A statement fits where it meets the band or misses it
    by at most 2 percent. ``annotations`` are notes of your own on statements: ``claim_id`` and ``text``. ``width`` is in
    pixels; without it the chart holds a drawing for phones too. Where nothing can be compared, it says so. Raises
    InputError for wrong cells, by row and column, and for an unknown observer.
    """
    w = words(edition)
    view = door.table(view, "record", unique=["claim_id"])
    name = MAPS[choice("observer", observer, [*MAPS])].name
    last = pd.Timestamp(edition.end or edition.as_of)
    view = view[view["date"].between(pd.Timestamp(edition.start or view["date"].min()), last)]
    rows = view[view["apart_km2"].notna()].drop(columns="date_basis")
    left_out = len(view) - len(rows)
    told = w.say("record-chart.left_out", left_out, map=name) if left_out else ""
    if rows.empty:
        told = f"{w.say('record-chart.none', day=w.date(edition.as_of), map=name)} {told}"
        text = Text(
            w.say("record-chart.title_none", map=name),
            w.say("record-chart.subtitle_none", day=w.date(last)),
            w.say("record-chart.sources", map=name),
            "",
        )
        return message_only("record", edition, text, told, rows, width)
    days = area_held(as_of=edition.as_of, observer=observer).query("status == 'drawn'").set_index("date")
    band = (days["with_unclear_km2"] - days["held_km2"].fillna(0)) * conversion("km2", edition.units)
    lanes = _lanes(rows, w)
    plot = partial(_plot, lanes, band[rows["date"].min() - _DAY : last + _DAY], edition)
    return drawn("record", edition, _texts(lanes, name, told, w), rows, plot, width, annotations)


def _lanes(rows: pd.DataFrame, w: Words) -> list[Row]:
    """The sides that spoke, each with its heading, its statements, how many of them fit the map, and those that do not,
    the farthest from it first. Each statement has its ``low`` and ``high`` end from the held area of its map, in the unit of
    the edition, and an ``arrow`` where it is a bound: both ends are then the bound."""
    factor, found = conversion("km2", w.units), list[Row]()
    for side in _LANES:
        claims = rows[rows["side"] == side].to_dict("records")
        for one in claims:
            low, high = ((one[f"held_{end}_km2"] - one["map_low_km2"]) * factor for end in ("low", "high"))
            arrow = "↑" if math.isinf(high) else "↓" if one["held_low_km2"] == 0 else ""
            one["low"], one["high"] = high if arrow == "↓" else low, low if arrow == "↑" else high
            one |= {"who": w.plain(one["claimant"]), "day": w.date(one["date"]), "arrow": arrow}
            one["called"] = f"{surname(w, one['claimant'])}, {w.date(one['date'], 'short')}"
            near = NEAR * one["held_low_km2" if one["apart_km2"] > 0 else "held_high_km2"]
            one |= {"said": said(one, w), "fits": abs(one["apart_km2"]) <= near}
        fit, name = sum(one["fits"] for one in claims), headings.value("side", side, w)
        lane = {"side": side, "claims": claims, "fit": fit}
        misses = sorted((o for o in claims if not o["fits"]), key=lambda one: -abs(one["apart_km2"]))
        head = w.say("record-chart.lane", len(claims), side=name, fit=fit)
        found += [{**lane, "head": head, "misses": misses}] if claims else []
    return found


def _plot(lanes: list[Row], band: pd.Series[float], edition: Edition, width: float) -> Plot:
    """The lanes one below the other, days at the foot, areas on the right, where the figures of late are small."""
    w, p = words(edition), theme.palette(edition.theme)
    claims = [one for lane in lanes for one in lane["claims"]]
    low, high = min(0.0, *(one["low"] for one in claims)), max(*(one["high"] for one in claims), *band, 1.0)
    unit = w.say(f"unit.{edition.units}")
    right = width - max(44.0, fonts.text_width(unit, fonts.SMALL) + 8)
    ends = min(one["date"] for one in claims) - _DAY, pd.Timestamp(edition.end or edition.as_of) + _DAY
    low, high = low - 0.1 * (high - low), high + 0.1 * (high - low)

    def at(day: pd.Timestamp, area: float) -> tuple[float, float]:
        """Pixels from the left, and from the top of a lane: one scale for all."""
        y = _HEAD + (high - area) / (high - low) * (_LANE - _HEAD)
        return (day - ends[0]) / (ends[1] - ends[0]) * right, round(y, 1)

    marks, labels, spots = defaultdict[str, Rows](list), list[Label](), dict[str, tuple[float, float]]()
    marks["texts"].append({"x": right + 6, "y": 8, "text": unit})
    steps = _steps(band, at)
    for n, lane in enumerate(lanes):
        top, look = n * _LANE, {"side": lane["side"], "colour": getattr(p, lane["side"])}
        run = {"y2": top + at(ends[0], 0)[1], "lane": n}
        marks["heads"].append({"x": 14, "y": top + 8, "text": lane["head"]})
        marks["keys"].append({"x": 5, "y": top + 8, **look})
        marks["band"] += [{**row, **run, "y": top + row["y"]} for row in steps]
        for value in round_values(low, high, 4):
            tick = {"x": 0, "y": top + at(ends[0], value)[1], "colour": p.line if value else p.muted}
            marks["grid"].append({**tick, "x2": right})
            marks["texts"].append({**tick, "x": right + 6, "text": w.number(value)})
        arrows = list[tuple[float, float]]()
        for one in lane["claims"]:
            (x, y), (_, y2) = (at(one["date"], one[end]) for end in ("low", "high"))
            y, y2 = top + y, top + y2
            spots[one["claim_id"]] = x, (y + y2) / 2
            mark = {**look, "date": f"{one['date']:%Y-%m-%d}", "y": (y + y2) / 2}
            marks["claims"].append({**mark, "tip": f"{one['who']}: {one['said']}"})
            # A range that is shorter than its mark lies beneath it.
            half = max(y - y2, 5) / 2
            marks["ranges"] += [{**mark, "y": mark["y"] + half, "y2": mark["y"] - half}] if y > y2 else []
            away = {"↑": -11, "↓": 11}.get(one["arrow"])
            marks["arrows"] += [{**mark, "y": mark["y"] + away, "text": one["arrow"]}] if away else []
            arrows += [(x, mark["y"] + away - top)] if away else []
        marked = {one["called"]: spots[one["claim_id"]] for one in reversed(lane["claims"])}
        labels += _labels(lane, steps, right, top, look["colour"], marked, arrows)
    meaning = Meaning(key="claim_id", spots=spots, names={one["claim_id"]: one["called"] for one in claims})
    layers = [*_layers(marks, ends, w, p), *written(labels, [p.background] * len(labels), 3, 0.85)]
    return layered(layers, meaning, width=right, height=len(lanes) * _LANE)


def _steps(band: pd.Series[float], at: Callable[[pd.Timestamp, float], tuple[float, float]]) -> Rows:
    """The upper edge of the band as steps that can be seen, below the top of a lane; a run for the days between gaps."""
    rows = Rows()
    for run, days in band.groupby((band.index.to_series().diff() > _DAY).cumsum()):
        edges = [(day, *at(day, unclear)) for day, unclear in zip(days.index, days, strict=True)]
        edges.append((edges[-1][0] + _DAY, at(edges[-1][0] + _DAY, 0)[0], edges[-1][2]))
        seen = [edges[0], *(b for a, b in pairwise(edges) if round(a[2] / 3) != round(b[2] / 3)), edges[-1]]
        rows += [{"date": f"{day:%Y-%m-%d}", "x": x, "y": y, "run": run} for day, x, y in seen]
    return rows


def _labels(
    lane: Row,
    steps: Rows,
    right: float,
    top: float,
    colour: str,
    at: dict[str, tuple[float, float]],
    arrows: list[tuple[float, float]],
) -> list[Label]:
    """The labels that find room: what lies farthest from the map, if need be across the band, and what was said last."""
    chosen = dict.fromkeys(one["called"] for one in [*lane["misses"][:3], lane["claims"][-1]])
    look: dict[str, Any] = {"bold": True, "colour": colour}
    marks = {text: (x, y - top) for text, (x, y) in at.items()}
    wanted = [
        Label(text, *marks[text], may_cross=not n, reach=20 if n else 48, **look)
        for n, text in enumerate(chosen)
    ]
    edges = [(x, a["y"]) for a, b in pairwise(steps) for x in range(int(a["x"]), int(b["x"]), 6)]
    placed = place(
        wanted, [*marks.values(), *arrows], right, _LANE, blocked=[(0, 0, 200, _HEAD - 6)], lines=edges
    )
    return [replace(label, middle=label.middle + top) for label in placed]


def _layers(marks: dict[str, Rows], ends: Sequence[pd.Timestamp], w: Words, p: theme.Palette) -> list[Layer]:
    short = ends[1] - ends[0] < 70 * _DAY
    every = {"interval": "week" if short else "month", "step": 1}
    axis = {"format": w.axis_day if short else "%b", "tickCount": every, "grid": False, "labelOverlap": True}
    x = day("date", [f"{end:%Y-%m-%d}" for end in ends], axis=axis, title=None)
    runs = [{"field": name, "type": "nominal"} for name in ("lane", "run")]
    look = {"y2": {"field": "y2"}, "interpolate": "step-after", "opacity": 1}
    area = layer("area", marks["band"], x=x, color=p.ribbon, **look)
    area["encoding"]["detail"] = runs
    edge = {"stroke": p.background, "strokeWidth": 0.8}
    look = {"size": 44, "shape": theme.BY_SIDE, "color": own("colour"), **edge}
    return [
        area,
        spans("rule", marks["grid"], ["x2"], color=own("colour"), strokeWidth=0.8),
        texts(marks["texts"], color=p.muted),
        texts(marks["heads"], fontWeight="bold", color=p.ink),
        spans("rule", marks["ranges"], ["y2"], x=x, color=own("colour"), strokeWidth=2),
        texts(marks["arrows"], x=x, align="center", fontWeight="bold", color=own("colour")),
        points(marks["keys"], **look),
        points(marks["claims"], x=x, tooltip=tips(tip=" "), **look),
    ]


def _texts(lanes: list[Row], name: str, told: str, w: Words) -> Text:
    """The title, and in words what each lane shows: how many fit, while the area grew and after, and the farthest."""
    total, fit = sum(len(lane["claims"]) for lane in lanes), sum(lane["fit"] for lane in lanes)
    wordings = [w.say("record-chart.title", total, fit=fit, map=name)]
    counts = {f"{lane['side']}_all": len(lane["claims"]) for lane in lanes}
    counts |= {f"{lane['side']}_fit": lane["fit"] for lane in lanes}
    if {"ukraine_all", "russia_all"} <= {*counts}:
        wordings.insert(0, w.say("record-chart.title_sides", map=name, **counts))
    title = fitting([*wordings, w.say("record-chart.title_none", map=name)])
    days = [one["date"] for lane in lanes for one in lane["claims"]]
    subtitle = w.say("record-chart.subtitle", map=name, period=period(min(days), max(days), w))
    listed = [f"{title}. {subtitle}."]
    for lane in lanes:
        listed.append(f"{lane['head']}.")
        for phase in ("early", "late"):
            if part := [one["fits"] for one in lane["claims"] if (one["date"] < PEAK) == (phase == "early")]:
                listed.append(w.say(f"record-chart.alt_{phase}", len(part), fit=sum(part), day=w.date(PEAK)))
        for one in lane["misses"][:2]:
            way, area = "above" if one["apart_km2"] > 0 else "below", w.area(abs(one["apart_km2"]))
            values = {key: one[key] for key in ("who", "day", "said")}
            listed.append(w.say(f"record-chart.alt_{way}", area=area, **values))
    sources = ". ".join(filter(None, [w.say("record-chart.sources", map=name), told.strip(".")]))
    parts = [(lane, lane["head"].partition(": "), len(lane["claims"])) for lane in lanes if lane["claims"]]
    rows = [
        {"label": who, "said": fits, "low": 0.0, "high": 100 * lane["fit"] / count, "colour": lane["side"]}
        for lane, (who, _, fits), count in parts
    ]
    card = Card("", sources, rows, unit="percent") if rows else None
    return Text(title, subtitle, sources, " ".join([*listed, told]).strip(), card=card)
