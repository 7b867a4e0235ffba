"""The campaign as a vertical timeline: every event as a dot, the main ones with a label.

Time runs down to scale, so that quiet months look quiet; labels are spread beside it and tied to their dots.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from kurskdata.charts.style import theme
from kurskdata.charts.style.frame import NARROW, Plot, Text, drawn, layered, publishers
from kurskdata.charts.style.labels import spread
from kurskdata.charts.style.marks import Layer, Rows, either, own, paths, points, spans, texts, tips
from kurskdata.charts.style.on_scales import Meaning
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.errors import InputError
from kurskdata.tables import door
from kurskdata.tables.descriptor import documented
from kurskdata.words.language import Words, words

LANES = {"ukraine": 0, "russia": 1, "independent": 2, "international": 2, "us": 2, "north_korea": 2}
"""Lane of a side: Ukraine, Russia, all others."""

_RANK = ("incursion", "counteroffensive", "area", "settlement", "foreign_troops", "diplomacy", "statement")
_PER_WEEK, _ROW = 3, 22


@documented
def timeline(
    view: pd.DataFrame,
    edition: Edition,
    *,
    width: float | None = None,
    annotations: pd.DataFrame | None = None,
) -> alt.VConcatChart:
    """Draws the view `timeline`: every event as a dot in the lane of its side, time running down.

    Events of importance 1 get a label, at most three in any calendar week, attacks and figures before statements.
    ``width`` is in pixels; without it the chart holds a drawing for phones too. ``annotations`` are notes of your own,
    as `area` takes them, without ``value``. Raises InputError for wrong cells, by row and column, and where there is
    no event.
    """
    view = door.table(view, "timeline", unique=["event_id"])
    view["short"] = view["short"].fillna(view["title"])
    first = pd.Timestamp(edition.start) if edition.start else view["date"].min()
    last = pd.Timestamp(edition.end or edition.as_of)
    events = view[view["date"].between(first, last)]
    if not len(events):
        raise InputError(f"timeline: no event lies between {edition.start or 'the first'} and {last.date()}")
    main = _main(events)
    unshown = ["reported", "later", "later_date", "disputed_date"]
    text, rows = _texts(events, main, edition), events.drop(columns=unshown, errors="ignore")
    plot = partial(_plot, events, main.to_dict("records"), (first, last), edition)
    return drawn("timeline", edition, text, rows, plot, width, annotations)


class _Lanes(NamedTuple):
    """Days and sides as pixels: the axis, how far apart the lanes are, and the height of the whole."""

    first: pd.Timestamp
    last: pd.Timestamp
    axis: int
    apart: int
    height: float

    def x(self, lane: int) -> int:
        return self.axis + 14 + lane * self.apart

    def y(self, day: pd.Timestamp) -> float:
        span = max((self.last - self.first).days, 1)
        return float((day - self.first).days) / span * (self.height - 20) + 10

    @property
    def meaning(self) -> Meaning:
        """Days of the first and the last pixel."""
        span = max(self.last - self.first, pd.Timedelta(days=1))
        margin = 10 / (self.height - 20) * span
        return Meaning({"y": (self.first - margin, self.first + span + margin)})


def _plot(
    events: pd.DataFrame,
    main: list[dict[Any, Any]],
    period: tuple[pd.Timestamp, pd.Timestamp],
    edition: Edition,
    width: float,
) -> Plot:
    """All events as dots and the main ones with a label, for a chart of that width in pixels."""
    w, p = words(edition), theme.palette(edition.theme)
    narrow = width < NARROW
    # Phones have room for the dates of the labels, not for the names of months beside them.
    axis, apart, label_x = (0, 20, 88) if narrow else (60, 22, 164)
    heads = [fonts.text_width(head, fonts.SMALL) for head in _heads(w)]
    apart = max(apart, math.ceil((heads[0] + heads[1]) / 2 + 2.5))
    height = max(360.0, len(main) * _ROW + 20)
    lanes = _Lanes(*period, axis, apart, height)
    middles = spread([lanes.y(row["date"]) for row in main], _ROW, 10, height - 10)
    labels, ties = [], []
    for row, middle in zip(main, middles, strict=True):
        title = w.plain(row["short"] if narrow else row["title"])
        day = w.date(row["date"], "short")
        side = _speaker(row["side"])
        labels.append({"text": title, "day": day, "y": middle, "x": float(label_x), "side": side})
        dot = lanes.x(LANES[row["side"]]) + 6, lanes.y(row["date"])
        ties += [
            {"id": row["event_id"], "colour": getattr(p, side), "n": n, "x": x, "y": y}
            for n, (x, y) in enumerate([dot, (label_x - 24, middle), (label_x - 6, middle)])
        ]
    each = {"field": "id", "type": "nominal"}
    layers = [
        *_months(lanes, w, p),
        paths(ties, detail=each, color=own("colour"), strokeWidth=1, opacity=0.45),
        *_marks(_dots(events, lanes, w), w, p),
        *_labels(labels, p, narrow),
    ]
    return layered(layers, lanes.meaning, width=width, height=height)


def _main(events: pd.DataFrame) -> pd.DataFrame:
    """The events with a label: of each week the most telling of those of importance 1, in the order of time."""
    rank = {name: n for n, name in enumerate(_RANK)}
    top = events[events["importance"] == 1].copy()
    top["rank"] = top["category"].map(rank).fillna(len(rank))
    top["week"] = top["date"].dt.to_period("W").astype(str)
    top = top.sort_values(["week", "rank", "date", "event_id"], kind="stable").groupby("week").head(_PER_WEEK)
    return top.sort_values(["date", "event_id"], kind="stable")


def _speaker(side: str) -> str:
    return side if side in ("russia", "ukraine") else "independent"


def _dots(events: pd.DataFrame, lanes: _Lanes, w: Words) -> Rows:
    """The events as dots with what they show on hover, those of the same days beside each other."""
    placed: list[tuple[int, float]] = []
    dots = []
    for row in events.to_dict("records"):
        lane, y = LANES[row["side"]], lanes.y(row["date"])
        nudge = 3.0 * sum(1 for other, at in placed if other == lane and abs(at - y) < 3)
        placed.append((lane, y))
        dots.append(
            {
                "x": lanes.x(lane) + min(nudge, lanes.apart - 8),
                "y": y,
                "side": _speaker(row["side"]),
                "disputed": bool(row["disputed"]),
                "main": row["importance"] == 1,
                "title": w.plain(row["title"]),
                "day": w.date(row["date"]),
                "detail": w.translated(row["detail"]),
                "publishers": publishers(row["source_ids"]),
            }
        )
    return dots


def _heads(w: Words) -> list[str]:
    """The names of the lanes, as short as they come."""
    return [w.text("UA"), w.text("RU"), w.text("other")]


def _months(lanes: _Lanes, w: Words, p: theme.Palette) -> list[Layer]:
    """Month names and hairlines on the left, and the heads of the lanes."""
    months = [*pd.date_range(lanes.first, lanes.last, freq="MS")] if lanes.last > lanes.first else []
    names: Rows = [
        {"x": 0.0, "y": lanes.y(d), "text": w.date(d, "month") + (f" {d.year}" if d.month == 1 else "")}
        for d in months
        if lanes.y(d) > 18
    ]
    names = [n for i, n in enumerate(names) if i == 0 or n["y"] - names[i - 1]["y"] >= 14]
    if not lanes.axis:
        names = [n | {"text": ""} for n in names]
    rules = [{"x": float(lanes.axis), "x2": lanes.x(2) + 14.0, "y": n["y"]} for n in names]
    heads = [{"x": float(lanes.x(n)), "y": -6.0, "text": text} for n, text in enumerate(_heads(w))]
    return [
        spans("rule", rules, ["x2"], color=p.line),
        texts(names, color=p.muted),
        texts(heads[:2], align="center", color=p.muted),
        texts(heads[2:], dx=-6, color=p.muted),
    ]


def _marks(dots: Rows, w: Words, p: theme.Palette) -> list[Layer]:
    """Filled where undisputed, a ring where someone contradicts; larger where the event is a main one."""
    tooltip = tips(
        day=w.text("Date"), title=w.text("Event"), detail=w.text("Detail"), publishers=w.text("Carried by")
    )
    layers = []
    for side, shape in theme.SHAPES.items():
        colour = getattr(p, side)
        look = {"shape": shape, "stroke": colour, "strokeWidth": 1.6, "size": either("datum.main", 55, 24)}
        for disputed in (False, True):
            some = [dot for dot in dots if dot["side"] == side and dot["disputed"] is disputed]
            if some:
                layers.append(
                    points(some, color=p.background if disputed else colour, tooltip=tooltip, **look)
                )
    return layers


def _labels(labels: Rows, p: theme.Palette, narrow: bool) -> list[Layer]:
    widest = max((fonts.text_width(label["day"], fonts.SMALL) for label in labels), default=0)
    after = max(46 if narrow else 52, math.ceil(widest) + 4)
    titles = [{**label, "x": label["x"] + after} for label in labels]
    return [
        texts(labels, text="day", color=p.muted),
        texts(titles, fontSize=fonts.SMALL if narrow else fonts.BODY, color=p.ink),
    ]


def _texts(events: pd.DataFrame, main: pd.DataFrame, edition: Edition) -> Text:
    w = words(edition)
    first, last = events["date"].min(), events["date"].max()
    disputed = int(events["disputed"].sum())
    title = w.say("timeline-chart.title", len(events))
    title += w.say("timeline-chart.disputed", disputed=disputed) if disputed else ""
    subtitle = w.say("timeline-chart.subtitle", first=w.date(first), last=w.date(last))
    if first == last:
        subtitle = w.say("timeline-chart.one_day", day=w.date(first))
    listed = "; ".join(f"{w.date(row['date'])}: {w.plain(row['title'])}" for row in main.to_dict("records"))
    return Text(title, subtitle, w.say("timeline-chart.sources"), f"{title}. {subtitle}. {listed}.")
