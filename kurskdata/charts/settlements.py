"""Settlements said to be retaken, by day: one block a settlement, or one bar a day for long periods."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import altair as alt
import pandas as pd

from kurskdata.charts.style import theme
from kurskdata.charts.style.frame import NARROW, Plot, Text, drawn, layered, surname
from kurskdata.charts.style.marks import (
    Layer,
    Rows,
    at,
    day,
    either,
    layer,
    only,
    quantity,
    spans,
    texts,
    tip,
    tips,
)
from kurskdata.charts.style.on_scales import Meaning
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.tables import door
from kurskdata.tables.descriptor import documented
from kurskdata.tables.settlements import Announced, announced
from kurskdata.words.figures import amount
from kurskdata.words.language import Words, sum_of, words

LONGEST_NAMED = 21
"""Periods of up to so many days name every settlement; longer ones show bars."""

_DATE, _COUNT, _LINE, _GAP, _HEAD = 62, 32, 24, 10, 18
"""Pixels: the widths of the columns of dates and counts, the heights of a line of blocks, of the gap between days and
of a line of the claim."""


@documented
def settlements(
    view: pd.DataFrame,
    edition: Edition,
    *,
    claim: Mapping[str, Any] | None = None,
    claimant: str = "",
    width: float | None = None,
    annotations: pd.DataFrame | None = None,
) -> alt.VConcatChart:
    """Draws the view `settlements_per_day`: a block for every settlement, or a bar a day for more than three weeks.

    ``claimant`` says who announced them; without it a column ``claimant`` does, or the claims of the table ``retaken``
    that a column ``claim_ids`` names. Raises InputError that names row and column of every fault. ``claim`` is a row
    of the table ``area`` that counts settlements over a window (a claimant's "24 in five days"): its window is marked
    and the days of the view are added up beside it. ``width`` is in pixels; without it the chart holds a drawing for
    phones too. ``annotations`` are notes of your own, as `area` takes them; over a long period a ``value`` is a number
    of settlements, a short one has none.
    """
    w, rows = words(edition), announced(view, claimant)
    if rows.length > LONGEST_NAMED:
        text, plot = _texts(rows, _campaign_title(rows, w), None, edition), partial(_bars, rows.days, edition)
        return drawn("settlements-campaign", edition, text, rows.days, plot, width, annotations)
    if len(rows.days) < rows.length:  # days left out have a line, and no number
        calendar = pd.date_range(rows.days["date"].min(), rows.days["date"].max(), name="date", unit="s")
        every = rows.days.set_index("date").reindex(calendar).reset_index()
        rows = rows._replace(days=every.assign(names=every["names"].fillna("")))
    counted = _counted(rows, claim, w)
    text = _texts(rows, _title(rows, counted, w), counted, edition)
    plot = partial(_blocks, rows.days, edition, counted)
    return drawn("settlements", edition, text, rows.days, plot, width, annotations)


@dataclasses.dataclass(frozen=True)
class _Counted:
    """A claim that counts settlements: who made it and how many it counts, the rows of its days, and their sum in words."""

    who: str
    said: int
    days: pd.DataFrame
    line: str


def _counted(rows: Announced, given: Mapping[str, Any] | None, w: Words) -> _Counted | None:
    """The claim beside the days of the view; None unless the view holds the claim's whole window."""
    if given is None:
        return None
    view, claim = rows.days, door.row(given, "claim")
    first, last = claim["window_start"], claim["window_end"]
    if pd.isna(first) or pd.isna(last) or first < view["date"].min() or last > view["date"].max():
        return None
    days = view[view["date"].between(first, last)]
    line = w.say(
        "settlements-chart.claim",
        claimant=w.plain(claim["claimant"]),
        day=w.date(claim["reported"], "day"),
        count=amount(claim["value"], "settlements", w),
        days=amount(len(days), "days", w),
    )
    kind = "official" if rows.claimant == "official" else "others"
    total = sum_of([int(n) for n in days["settlements"].fillna(0)])
    line += " " + w.say(f"settlements-chart.{kind}_sum", sum=total)
    return _Counted(surname(w, claim["claimant"]), int(claim["value"]), days, line)


def _title(rows: Announced, counted: _Counted | None, w: Words) -> str:
    if rows.none_yet:
        return w.say("settlements-chart.title_none_yet", day=w.date(rows.days["date"].iloc[-1]))
    official = rows.claimant == "official"
    if counted is None:
        count, days = int(rows.days["settlements"].sum()), amount(rows.length, "days", w)
        if official:
            return w.say("settlements-chart.title_official", count, days=days)
        title = w.say("settlements-chart.title_others", count, days=days)
        return f"{w.plain(rows.claimant)}: {title}" if rows.claimant else title
    listed = int(counted.days["settlements"].sum())
    if listed == counted.said:
        days = amount(len(counted.days), "days", w)
        return w.say("settlements-chart.title_named", counted.said, who=counted.who, days=days)
    name = "title_official_differs" if official else "title_others_differ"
    said = amount(counted.said, "settlements", w)
    return w.say(f"settlements-chart.{name}", who=counted.who, said=said, found=listed)


def _texts(rows: Announced, title: str, counted: _Counted | None, edition: Edition) -> Text:
    w, view = words(edition), rows.days
    first, last = view["date"].iloc[0], view["date"].iloc[-1]
    days = {"first": w.date(first, "day" if first.year == last.year else "long"), "last": w.date(last)}
    if rows.claimant != "official":
        subtitle = w.say("settlements-chart.subtitle_others", **days)
        sources = w.plain(rows.claimant) or w.say("settlements-chart.others_sources")
    else:
        subtitle = w.say("settlements-chart.subtitle_official", **days)
        if first == last:
            subtitle = w.say("settlements-chart.subtitle_official_day", day=days["last"])
        sources = w.say("settlements-chart.official_sources")
    sentences = [f"{title}. {subtitle}."]
    if counted:
        sentences.append(f"{counted.line}.")
    busiest = view.sort_values("settlements", kind="stable", na_position="first").iloc[-1]
    if busiest["settlements"]:
        values = {"count": int(busiest["settlements"]), "day": w.date(busiest["date"])}
        name, named = "busiest", busiest["names"].split("; ")
        if busiest["names"]:
            name, values["names"] = "busiest_named", w.list(named)
        sentences.append(w.say(f"settlements-chart.{name}", **values))
    return Text(title, subtitle, sources, " ".join(sentences), ours=rows.ours)


def _campaign_title(rows: Announced, w: Words) -> str:
    """The title of a long period: how few days hold half of the settlements."""
    view = rows.days
    if rows.none_yet:
        return _title(rows, None, w)
    ordered = view["settlements"].sort_values(ascending=False).cumsum()
    days = int((ordered < view["settlements"].sum() / 2).sum()) + 1
    count = int(view["cumulative"].iloc[-1] if "cumulative" in view else view["settlements"].sum())
    return w.say("settlements-chart.title_campaign", count, half=amount(days, "days", w))


def _blocks(view: pd.DataFrame, edition: Edition, counted: _Counted | None, width: float) -> Plot:
    """A line or more a day, laid out in pixels, so that blocks have one size and no name leaves its block."""
    w, p = words(edition), theme.palette(edition.theme)
    names = [name for cell in view["names"] for name in cell.split("; ") if name]
    header: list[str] = []
    if counted:
        # The sum stays on one line.
        line = re.sub(r" ([+=]) ", "\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}", counted.line)
        header = fonts.wrap(line, width - 16, fonts.BODY, bold=True)
    window = set(counted.days["date"]) if counted else set()
    y, band = 0.0, dict[str, float]()
    days: Rows = []
    blocks: Rows = []
    for row in view.to_dict("records"):
        marked = row["date"] in window
        if marked and not band:
            band["y"] = y
            y += 8 + _HEAD * len(header)
        day_names = [name for name in row["names"].split("; ") if name]
        boxes = _flow(day_names, width - _DATE - _COUNT, even=width >= NARROW, names=names)
        days.append(
            {
                "date": row["date"].strftime("%Y-%m-%d"),
                "label": w.date(row["date"], "short"),
                "count": "–" if pd.isna(row["settlements"]) else w.number(row["settlements"]),
                "y": y + 11,
                "zero": pd.isna(row["settlements"]) or not row["settlements"],
            }
        )
        for name, (left, right, level) in zip(day_names, boxes, strict=True):
            top, start = y + level * _LINE, _DATE + _COUNT
            edges = {"x": start + left, "x2": start + right, "y": top, "y2": top + _LINE - 4}
            blocks.append({"name": name, **edges, "day": w.date(row["date"]), "marked": marked})
        lines = max((line for _, _, line in boxes), default=0) + 1
        y += lines * _LINE + _GAP if day_names else _LINE
        if marked:
            band["y2"] = y - 2
        if marked and row["date"] == max(window):
            y += 6
    layers = _band_layers(p, band, header) if band else []
    count = {"align": "right", "fontSize": 16, "fontWeight": "bold"}
    layers += [
        texts(days, text="label", x=2, fontSize=fonts.BODY, color=p.muted),
        texts(days, text="count", x=_DATE + _COUNT - 10, color=either("datum.zero", p.muted, p.ink), **count),
    ]
    spots = {row["date"]: (None, row["y"]) for row in days}
    marks = _block_layers(p, blocks) if blocks else []
    return layered(layers + marks, Meaning(spots=spots), width=width, height=y - _GAP)


def _flow(
    day_names: list[str], room: float, *, even: bool, names: list[str]
) -> list[tuple[float, float, int]]:
    """Left and right edge and line of every block of a day: columns of one width where there is room, of which a name
    much longer than most takes two; else every block is as wide as its name."""
    widths = [fonts.text_width(n, fonts.SMALL) + 14 for n in day_names]
    if even and names:
        usual = sorted(fonts.text_width(n, fonts.SMALL) + 14 for n in names)[(len(names) - 1) * 19 // 20]
        column = (room + 4) / max(1, int((room + 4) // (usual + 4)))
        widths = [min(room, math.ceil((wide + 4) / column) * column - 4) for wide in widths]
    boxes, x, line = [], 0.0, 0
    for wide in widths:
        if x and x + wide > room + 0.5:
            x, line = 0.0, line + 1
        boxes.append((round(x, 1), round(min(x + wide, room), 1), line))
        x += wide + 4
    return boxes


def _band_layers(p: theme.Palette, band: dict[str, float], header: list[str]) -> list[Layer]:
    """The days of the claim's window on one ground, with the claim above them."""
    heads = [{"text": line, "y": band["y"] + 15 + n * _HEAD} for n, line in enumerate(header)]
    return [
        spans("rect", [band], ["y2"], x=-6, x2={"value": "width"}, color=p.wash, cornerRadius=4),
        texts(heads, x=2, fontSize=fonts.BODY, fontWeight="bold", color=p.russia),
    ]


def _block_layers(p: theme.Palette, blocks: Rows) -> list[Layer]:
    """A block with a name for every settlement, those of the claim's window in the colour of Russia."""
    tooltip = tips(name=" ", day="  ")
    fill, ink = (either("datum.marked", *pair) for pair in ((p.russia, p.ribbon), (p.on_accent, p.ink)))
    named = texts(blocks, text="name", x=at("mid"), y=at("low"), align="center", color=ink, tooltip=tooltip)
    middle = [
        {"calculate": "(datum.x + datum.x2) / 2", "as": "mid"},
        {"calculate": "datum.y + 10.5", "as": "low"},
    ]
    return [
        spans("rect", blocks, color=fill, cornerRadius=2, tooltip=tooltip),
        {**named, "transform": middle},
    ]


def _bars(view: pd.DataFrame, edition: Edition, width: float) -> Plot:
    w, p = words(edition), theme.palette(edition.theme)
    ends = [view["date"].iloc[n].strftime("%Y-%m-%d") for n in (0, -1)]
    months = {"title": None, "format": "%b %Y", "tickCount": "month", "grid": False, "labelOverlap": True}
    top = {"domain": [0, max(4, int(view["settlements"].max())) * 1.18], "nice": False}
    look = {
        "x": day("date", ends, axis=months),
        "y": quantity("settlements", axis=None, scale=top),
        "color": p.russia,
        "tooltip": [
            tip("date", w.text("Announced"), type="temporal", format=w.tooltip_day, formatType="time"),
            tip("settlements", w.text("Settlements"), type="quantitative"),
            tip("names", w.text("Names")),
        ],
    }
    counts = {
        "x": day("date"),
        "y": quantity("settlements"),
        "text": {"field": "label", "type": "nominal"},
        "align": "center",
        "fontSize": fonts.SMALL,
        "color": p.ink,
        "dy": -11,
    }
    busy = "datum.settlements > 0"
    layers = [
        {**layer("rule", [{"y": 0}], color=p.line), "encoding": {"y": quantity("y", axis=None)}},
        only(busy, layer("rule", "rows", **look, y2={"datum": 0}, strokeWidth=3)),
        only(busy, layer("circle", "rows", **look, size=50, opacity=1)),
        layer("text", _spaced(view, width), **counts),
    ]
    return layered(layers, width=width, height=220 if width >= NARROW else 200)


def _spaced(view: pd.DataFrame, width: float) -> Rows:
    """Counts to write above bars: the larger first, none within 18 pixels of another."""
    first = view["date"].min()
    days = max(1, (view["date"].max() - first).days)
    kept: dict[float, dict[str, Any]] = {}
    busy = view[view["settlements"] > 0].sort_values("settlements", ascending=False, kind="stable")
    for row in busy.to_dict("records"):
        x = (row["date"] - first) / dt.timedelta(days=1) / days * width
        if all(abs(x - other) >= 18 for other in kept):
            count = int(row["settlements"])
            kept[x] = {"date": row["date"].strftime("%Y-%m-%d"), "settlements": count, "label": str(count)}
    return [kept[x] for x in sorted(kept)]
