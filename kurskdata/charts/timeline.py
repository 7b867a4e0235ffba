"""The campaign as a vertical timeline: every event as a dot, the main ones with a label.

Time runs down to scale, so that quiet months look quiet; labels are spread beside it and tied to their dots.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import altair as alt
import pandas as pd

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
from kurskdata.charts.style.labels import spread
from kurskdata.charts.style.marks import Layer, Rows, either, own, paths, points, spans, texts, tips
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.words.language import Words, words

LANES = {"ukraine": 0, "russia": 1, "independent": 2, "international": 2, "us": 2, "north_korea": 2}
"""Lane of a side: Ukraine, Russia, all others."""

_RANK = ("incursion", "counteroffensive", "area", "settlement", "foreign_troops", "diplomacy", "statement")
_PER_WEEK, _ROW = 3, 22


def timeline(view: pd.DataFrame, edition: Edition, *, width: float | None = None) -> alt.VConcatChart:
    """Draws the view `timeline`.

    Events of importance 1 get a label, at most three in any calendar week, attacks and figures before statements.
    Without ``width`` the chart holds a drawing for phones too.

    >>> import kurskdata as kd
    >>> from kurskdata import charts
    >>> edition = kd.edition(as_of="2025-03-14")
    >>> chart = charts.timeline(kd.timeline(as_of=edition.as_of), edition)
    >>> chart.to_dict()["usermeta"]["kurskdata"]["chart"]
    'timeline'
    """
    first = pd.Timestamp(edition.start) if edition.start else view["date"].min()
    last = pd.Timestamp(edition.end or edition.as_of)
    found = view[view["date"].between(first, last)]
    main = _main(found)
    shown = _Shown(first, last, _told(found, edition), main.to_dict("records"))
    text, rows = _texts(found, main, edition), plotted(found.drop(columns=["later", "later_date"]))
    return drawn(lambda wide: _draw(shown, edition, text, rows, wide), width)


@dataclasses.dataclass(frozen=True)
class _Shown:
    """The period, all its events as they are drawn, and the rows of the main ones."""

    first: pd.Timestamp
    last: pd.Timestamp
    events: Rows
    main: list[dict[Any, Any]]


def _draw(shown: _Shown, edition: Edition, text: Text, rows: Plotted, width: float) -> alt.VConcatChart:
    w, p = words(edition), theme.palette(edition.theme)
    narrow = width < NARROW
    first, last, main = shown.first, shown.last, shown.main
    height = max(360.0, len(main) * _ROW + 20)
    span = max((last - first).days, 1)
    # Phones have room for the dates of the labels, not for the names of months beside them.
    axis, lane, label_x = (0, 20, 88) if narrow else (60, 22, 164)
    heads = [fonts.text_width(head, fonts.SMALL) for head in _heads(w)]
    lane = max(lane, math.ceil((heads[0] + heads[1]) / 2 + 2.5))

    def y(day: pd.Timestamp) -> float:
        return float((day - first).days) / span * (height - 20) + 10

    marks = _dots(shown.events, axis, lane, y)
    at = spread([y(row["date"]) for row in main], _ROW, 10, height - 10)
    labels, ties = [], []
    for row, middle in zip(main, at, strict=True):
        dot = axis + 14 + LANES[row["side"]] * lane
        title = row["short"] if narrow else row["title"]
        labels.append(
            {
                "text": w.plain(title),
                "day": w.date(row["date"], "short"),
                "y": middle,
                "x": float(label_x),
                "side": _speaker(row["side"]),
            }
        )
        ties += [
            {"id": row["event_id"], "colour": getattr(p, _speaker(row["side"])), "n": n, "x": x, "y": yy}
            for n, (x, yy) in enumerate(
                [(dot + 6, y(row["date"])), (label_x - 24, middle), (label_x - 6, middle)]
            )
        ]
    layers = [
        *_months(first, last, edition, axis, lane, y),
        _ties(ties),
        *_marks(marks, edition),
        *_labels(labels, edition, narrow),
    ]
    plot = layered(layers, width=width, height=height)
    return framed(plot, "timeline", edition, text, rows, width)


def _main(shown: pd.DataFrame) -> pd.DataFrame:
    rank = {name: n for n, name in enumerate(_RANK)}
    top = shown[shown["importance"] == 1].copy()
    top["rank"] = top["category"].map(rank).fillna(len(rank))
    top["week"] = top["date"].dt.to_period("W").astype(str)
    top = top.sort_values(["week", "rank", "date", "event_id"], kind="stable").groupby("week").head(_PER_WEEK)
    return top.sort_values(["date", "event_id"], kind="stable")


def _speaker(side: str) -> str:
    return side if side in ("russia", "ukraine") else "independent"


def _told(found: pd.DataFrame, edition: Edition) -> Rows:
    """The events with what their marks show and where they belong, in the language."""
    w = words(edition)
    return [
        {
            "date": row["date"],
            "lane": LANES[row["side"]],
            "side": _speaker(row["side"]),
            "disputed": bool(row["disputed"]),
            "main": row["importance"] == 1,
            "title": w.plain(row["title"]),
            "day": w.date(row["date"]),
            "detail": w.translated(row["detail"]),
            "publishers": publishers(row["source_ids"]),
        }
        for row in found.to_dict("records")
    ]


def _dots(events: Rows, axis: float, lane: float, y: Any) -> Rows:
    placed: list[tuple[int, float]] = []
    dots = []
    for event in events:
        place, middle = event["lane"], y(event["date"])
        nudge = 3.0 * sum(1 for other, at in placed if other == place and abs(at - middle) < 3)
        placed.append((place, middle))
        said = {name: value for name, value in event.items() if name not in ("date", "lane")}
        dots.append({"x": axis + 14 + place * lane + min(nudge, lane - 8), "y": middle, **said})
    return dots


def _heads(w: Words) -> list[str]:
    """The names of the lanes, as short as they come."""
    return [w.text("UA"), w.text("RU"), w.text("other")]


def _months(
    first: pd.Timestamp, last: pd.Timestamp, edition: Edition, axis: float, lane: float, y: Any
) -> list[Layer]:
    """Month names and hairlines on the left, and the heads of the lanes."""
    w, p = words(edition), theme.palette(edition.theme)
    starts = [d for d in pd.date_range(first, last, freq="MS") if y(d) > 18] if last > first else []
    names = [
        {"x": 0.0, "y": y(d), "text": f"{w.month(d)} {d.year}" if d.month == 1 else w.month(d)}
        for d in starts
    ]
    names = [n for i, n in enumerate(names) if i == 0 or n["y"] - names[i - 1]["y"] >= 14]
    names = [n | {"text": ""} for n in names] if not axis else names
    rules = [{"x": float(axis), "x2": axis + 14 + 2 * lane + 14.0, "y": n["y"]} for n in names]
    heads = [{"x": axis + 14.0 + n * lane, "y": -6.0, "text": t} for n, t in enumerate(_heads(w))]
    return [
        spans("rule", rules, ["x2"], color=p.line),
        texts(names, color=p.muted),
        texts(heads[:2], align="center", color=p.muted),
        texts(heads[2:], dx=-6, color=p.muted),
    ]


def _ties(ties: Rows) -> Layer:
    each = {"field": "id", "type": "nominal"}
    return paths(ties, detail=each, color=own("colour"), strokeWidth=1, opacity=0.45)


def _marks(dots: Rows, edition: Edition) -> list[Layer]:
    """Filled where undisputed, a ring where someone contradicts; larger where the event is a main one."""
    w, p = words(edition), theme.palette(edition.theme)
    tooltip = tips(
        day=w.text("Date"), title=w.text("Event"), detail=w.text("Detail"), publishers=w.text("Carried by")
    )
    layers = []
    for side in ("russia", "ukraine", "independent"):
        for disputed in (False, True):
            some = [d for d in dots if d["side"] == side and d["disputed"] is disputed]
            if some:
                colour = getattr(p, side)
                layers.append(
                    points(
                        some,
                        shape=theme.SHAPES[side],
                        color=p.background if disputed else colour,
                        stroke=colour,
                        strokeWidth=1.6,
                        size=either("datum.main", 55, 24),
                        tooltip=tooltip,
                    )
                )
    return layers


def _labels(labels: Rows, edition: Edition, narrow: bool) -> list[Layer]:
    p = theme.palette(edition.theme)
    widest = max((fonts.text_width(label["day"], fonts.SMALL) for label in labels), default=0)
    after = max(46 if narrow else 52, math.ceil(widest) + 4)
    titles = [{**label, "x": label["x"] + after} for label in labels]
    return [
        texts(labels, text="day", color=p.muted),
        texts(titles, fontSize=fonts.SMALL if narrow else fonts.BODY, color=p.ink),
    ]


def _texts(shown: pd.DataFrame, main: pd.DataFrame, edition: Edition) -> Text:
    w = words(edition)
    first, last = shown["date"].min(), shown["date"].max()
    disputed = int(shown["disputed"].sum())
    title = w.plural("The campaign in {count} event", "The campaign in {count} events", len(shown))
    title += w.text(", {disputed} of them disputed", disputed=disputed) if disputed else ""
    subtitle = w.text(
        "{first} to {last}, by who acted or spoke. Rings: contradicted by a side or an independent observer",
        first=w.date(first),
        last=w.date(last),
    )
    listed = "; ".join(f"{w.date(row['date'])}: {w.plain(row['title'])}" for row in main.to_dict("records"))
    source = credit(edition, w.text("news media, named for every event in the data"))
    return Text(title, subtitle, source, f"{title}. {subtitle}. {listed}.")
