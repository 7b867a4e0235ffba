"""Every statement on the area held against the map of its own day: by who speaks, over time, on one scale.

Zero is what the map shows as held on that day, the band above it what it leaves unclear. A statement is the interval
that it allows, open where it is a bound. It fits where it meets the band.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import Any

import altair as alt
import pandas as pd

from kurskdata.charts.style import theme
from kurskdata.charts.style.frame import Card, Plot, Text, drawn, fitting, layered, message_only, surname
from kurskdata.charts.style.labels import Label, place, written
from kurskdata.charts.style.marks import Rows, own, round_values, spans
from kurskdata.charts.style.on_scales import Meaning
from kurskdata.charts.style.strip import Drawing, Strip
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
        values, texts = {"map": name, "day": w.date(last)}, ("title_none", "subtitle_none", "sources")
        title, subtitle, sources = (w.say(f"record-chart.{one}", **values) for one in texts)
        text = Text(title, subtitle, sources, "")
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
    low, high = low - 0.1 * (high - low), high + 0.1 * (high - low)
    scale, unit = (_LANE - _HEAD) / (high - low), w.say(f"unit.{edition.units}")
    right = width - max(44.0, fonts.text_width(unit, fonts.SMALL) + 8)
    days = min(one["date"] for one in claims) - _DAY, pd.Timestamp(edition.end or edition.as_of)
    drawing, strip, foot = Drawing(w, p), Strip(*days, right), len(lanes) * _LANE
    labels, ranges, spots = list[Label](), Rows(), dict[str, tuple[float, float]]()
    drawing.write(unit, right + 6, 8, p.muted)
    for n, lane in enumerate(lanes):
        top, colour, shape = n * _LANE, getattr(p, lane["side"]), theme.SHAPES[lane["side"]]
        zero = top + _HEAD + high * scale
        drawing.mark(5, top + 8, shape, 44, colour)
        drawing.write(lane["head"], 14, top + 8, bold=True)
        edge, taken = list[tuple[float, float]](), list[tuple[float, float]]()
        for first, end, area in _steps(band, 3 / scale):
            ends = strip.x(first), min(strip.x(end), round(right))
            drawing.box(ends[0], zero - area * scale, ends[1], zero, p.ribbon)
            edge += [(x, zero - area * scale) for x in range(*ends, 6)]
        for value in round_values(low, high, 4):
            drawing.line(0, zero - value * scale, right, zero - value * scale, "" if value else p.muted)
            drawing.write(w.number(value), right + 6, zero - value * scale, p.muted)
        for one in lane["claims"]:
            x, y = strip.x(one["date"]), zero - (one["low"] + one["high"]) / 2 * scale
            spots[one["claim_id"]] = x, y
            told = f"{one['who']}: {one['said']}"
            drawing.mark(x, y, shape, 56, colour, stroke=p.background, told=told)
            if one["high"] > one["low"]:  # a range that is shorter than its mark lies beneath it
                half = max((one["high"] - one["low"]) * scale, 10) / 2
                ranges.append({"x": x, "y": round(y - half), "y2": round(y + half), "colour": colour})
            away = {"↑": -11, "↓": 11}.get(one["arrow"], 0)
            drawing.write(one["arrow"], x, y + away, colour, bold=True, middle=True)
            taken += [(x, y), (x, y + away)]
        labels += _labels(lane, spots, taken, edge, (right, top), colour)
    drawing.axis(strip, foot)
    names = {one["claim_id"]: one["called"] for one in claims}
    meaning = Meaning({"x": strip.ends(width)}, "claim_id", spots, names, foot)
    layers = drawing.layers()
    if ranges:  # upon the band, below the marks
        layers.insert(1, spans("rule", ranges, ["y2"], color=own("colour"), strokeWidth=2))
    layers += written(labels, [p.background] * len(labels), 3, 0.85)
    return layered(layers, meaning, width=width, height=foot + 36)


def _steps(band: pd.Series[float], least: float) -> Iterator[tuple[pd.Timestamp, pd.Timestamp, float]]:
    """The band as steps that can be seen, from a day to a day; none where the map lacks days."""
    new = ((band / least).round().diff() != 0) | (band.index.to_series().diff() > _DAY)
    for _, days in band.groupby(new.cumsum()):
        yield days.index[0], days.index[-1] + _DAY, float(days.iloc[0])


def _labels(
    lane: Row,
    spots: dict[str, tuple[float, float]],
    taken: list[tuple[float, float]],
    edge: list[tuple[float, float]],
    corner: tuple[float, float],
    colour: str,
) -> list[Label]:
    """The labels that find room: what lies farthest from the map, if need be across the band, and what was said last."""
    right, top = corner
    chosen = {one["called"]: spots[one["claim_id"]] for one in [*lane["misses"][:3], lane["claims"][-1]]}
    wanted = [
        Label(text, *spot, may_cross=not n, reach=20 if n else 48, bold=True, colour=colour)
        for n, (text, spot) in enumerate(chosen.items())
    ]
    above = [(0, 0, right, top), (0, top, 200, top + _HEAD - 6)]
    return place(wanted, taken, right, top + _LANE, blocked=above, lines=edge)


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
    listed = [f"{title}. {subtitle}.", w.say("record-chart.form")]
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
