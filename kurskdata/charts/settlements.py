"""Settlements said to be retaken, by day: one block a settlement, or one bar a day for long periods."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from kurskdata.charts.style import theme
from kurskdata.charts.style.frame import (
    NARROW,
    ROWS,
    Plotted,
    Text,
    credit,
    data,
    drawn,
    framed,
    layered,
    plotted,
    surname,
)
from kurskdata.charts.style.marks import Layer, Rows, at, either, spans, texts, tips
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.words.figures import amount
from kurskdata.words.language import Words, sum_of, words

LONGEST_NAMED = 21
"""Periods of up to so many days name every settlement; longer ones show bars."""

_DATE, _COUNT, _LINE, _GAP, _HEAD = 62, 32, 24, 10, 18


def settlements(
    view: pd.DataFrame,
    edition: Edition,
    *,
    claim: Mapping[str, Any] | None = None,
    width: float | None = None,
) -> alt.VConcatChart:
    """Draws the view `settlements_per_day`.

    ``claim`` is a row of the table ``area`` that counts settlements over a window (a claimant's "24 in five
    days"): its window is marked and the days of the view are added up beside it. Without ``width`` the chart holds a drawing for phones too.

    >>> import kurskdata as kd
    >>> from kurskdata import charts
    >>> edition = kd.edition(as_of="2025-03-14")
    >>> chart = charts.settlements(kd.settlements_per_day(as_of=edition.as_of, start=edition.since(days=10)), edition)
    >>> chart.to_dict()["usermeta"]["kurskdata"]["chart"]
    'settlements'
    """
    rows = plotted(view)
    if len(view) <= LONGEST_NAMED:
        inside = _inside(view, claim)
        text = _texts(view, edition, inside, claim)
        return drawn(lambda wide: _named(view, edition, claim, inside, text, rows, wide), width)
    return drawn(lambda wide: _bars(view, edition, rows, wide), width)


def _inside(view: pd.DataFrame, claim: Mapping[str, Any] | None) -> pd.DataFrame:
    """The days of the view within the window of the claim; none unless the view holds the whole window."""
    if claim is None or not len(view):
        return view.iloc[:0]
    first, last = claim["window_start"], claim["window_end"]
    if pd.isna(first) or pd.isna(last) or first < view["date"].min() or last > view["date"].max():
        return view.iloc[:0]
    return view[view["date"].between(first, last)]


def _claim_line(w: Words, claim: Mapping[str, Any], counts: list[int]) -> str:
    said = w.text(
        "{claimant}, {day}: {count} in {days}.",
        claimant=w.plain(claim["claimant"]),
        day=w.date(claim["reported"], "day"),
        count=amount(claim["value"], "settlements", w),
        days=amount(len(counts), "days", w),
    )
    return said + " " + w.text("The Ministry’s list: {sum}", sum=sum_of(counts))


def _texts(
    view: pd.DataFrame, edition: Edition, inside: pd.DataFrame, claim: Mapping[str, Any] | None
) -> Text:
    w = words(edition)
    total = int(view["settlements"].sum())
    first, last = view["date"].iloc[0], view["date"].iloc[-1]
    if claim is not None and len(inside):
        found, said = int(inside["settlements"].sum()), int(claim["value"])
        if found == said:
            title = w.plural(
                "The {count} settlement that {who} counted in {days} can be named",
                "All {count} settlements that {who} counted in {days} can be named",
                said,
                who=surname(w, claim["claimant"]),
                days=amount(len(inside), "days", w),
            )
        else:
            title = w.text(
                "{who} counted {said}, the Ministry’s list names {found}",
                who=surname(w, claim["claimant"]),
                said=amount(said, "settlements", w),
                found=found,
            )
    else:
        title = w.plural(
            "Russia’s Defence Ministry announced {count} settlement in {days}",
            "Russia’s Defence Ministry announced {count} settlements in {days}",
            total,
            days=amount(len(view), "days", w),
        )
    subtitle = w.text(
        "Settlements in the Kursk oblast that Russia’s Defence Ministry said it retook, by day of first announcement, "
        "{first} to {last}",
        first=w.date(first, "day" if first.year == last.year else "long"),
        last=w.date(last),
    )
    busiest = view.sort_values("settlements", kind="stable").iloc[-1]
    alt_text = title + ". " + subtitle + ". "
    if claim is not None and len(inside):
        alt_text += _claim_line(w, claim, [int(n) for n in inside["settlements"]]) + ". "
    if total:
        alt_text += w.text(
            "Most on one day: {count} on {day} ({names}).",
            count=int(busiest["settlements"]),
            day=w.date(busiest["date"]),
            names=w.list(busiest["names"].split("; ")),
        )
    source = credit(
        edition,
        w.text(
            "Russia’s Defence Ministry and General Staff, as carried by news media; not confirmed independently"
        ),
    )
    return Text(title, subtitle, source, alt_text.strip())


def _named(
    view: pd.DataFrame,
    edition: Edition,
    claim: Mapping[str, Any] | None,
    inside: pd.DataFrame,
    text: Text,
    rows: Plotted,
    width: float,
) -> alt.VConcatChart:
    w, p = words(edition), theme.palette(edition.theme)
    names = [name for cell in view["names"] for name in cell.split("; ") if name]
    left, room = _DATE + _COUNT, width - _DATE - _COUNT
    y = 0.0
    days: Rows = []
    blocks: Rows = []
    bands: Rows = []
    header: list[str] = []
    if claim is not None and len(inside):
        # The sum stays on one line.
        said = re.sub(
            r" ([+=]) ",
            "\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}",
            _claim_line(w, claim, list(inside["settlements"])),
        )
        header = fonts.wrap(said, width - 16, fonts.BODY, bold=True)
    window = set(inside["date"])
    for row in view.to_dict("records"):
        marked = row["date"] in window
        if marked and not bands:
            bands.append({"y": y, "y2": y})
            y += 8 + _HEAD * len(header)
        day_names = [n for n in row["names"].split("; ") if n]
        boxes = _flow(day_names, room, even=width >= NARROW, names=names)
        lines = max((line for _, _, line in boxes), default=0) + 1
        days.append(
            {
                "date": row["date"].strftime("%Y-%m-%d"),
                "label": w.date(row["date"], "short"),
                "count": w.number(row["settlements"]),
                "y": y + 11,
                "zero": not day_names,
            }
        )
        for name, (x, x2, line) in zip(day_names, boxes, strict=True):
            top = y + line * _LINE
            blocks.append(
                {
                    "name": name,
                    "day": w.date(row["date"]),
                    "x": left + x,
                    "x2": left + x2,
                    "y": top,
                    "y2": top + _LINE - 4,
                    "marked": marked,
                }
            )
        y += lines * _LINE + _GAP if day_names else _LINE
        if marked:
            bands[0]["y2"] = y - 2
        if marked and row["date"] == max(window):
            y += 6
    height = y - _GAP
    layers = _block_layers(p, bands, header, days, blocks)
    plot = layered(layers, width=width, height=height)
    return framed(plot, "settlements", edition, text, rows, width)


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


def _block_layers(
    p: theme.Palette,
    bands: Rows,
    header: list[str],
    days: Rows,
    blocks: Rows,
) -> list[Layer]:
    """Everything is laid out in pixels, so that blocks have one size and no name leaves its block."""
    layers = []
    if bands:
        layers.append(spans("rect", bands, ["y2"], x=-6, x2={"value": "width"}, color=p.wash, cornerRadius=4))
        heads = [{"text": line, "y": bands[0]["y"] + 15 + i * _HEAD} for i, line in enumerate(header)]
        layers.append(_line(heads, "text", 2, fontWeight="bold", color=p.russia))
    layers += [
        _line(days, "label", 2, color=p.muted),
        _line(
            days,
            "count",
            _DATE + _COUNT - 10,
            align="right",
            fontWeight="bold",
            fontSize=16,
            color=either("datum.zero", p.muted, p.ink),
        ),
    ]
    if blocks:
        told = tips(name=" ", day="  ")
        named = texts(
            blocks,
            text="name",
            x=at("mid"),
            y=at("low"),
            align="center",
            color=either("datum.marked", p.on_accent, p.ink),
            tooltip=told,
        )
        middle = [
            {"calculate": "(datum.x + datum.x2) / 2", "as": "mid"},
            {"calculate": "datum.y + 10.5", "as": "low"},
        ]
        layers += [
            spans(
                "rect", blocks, color=either("datum.marked", p.russia, p.ribbon), cornerRadius=2, tooltip=told
            ),
            {**named, "transform": middle},
        ]
    return layers


def _line(rows: Rows, text: str, x: float, **look: Any) -> Layer:
    """Texts at one distance from the left."""
    return texts(rows, text=text, x=x, **{"fontSize": fonts.BODY, **look})


def _bars(view: pd.DataFrame, edition: Edition, rows: Plotted, width: float) -> alt.VConcatChart:
    w, p = words(edition), theme.palette(edition.theme)
    busy = view[view["settlements"] > 0]
    labels = _spaced(busy, width, view)
    x = alt.X(
        "date:T",
        axis=alt.Axis(title=None, format="%b %Y", tickCount="month", grid=False, labelOverlap=True),
        scale=alt.Scale(
            type="utc",
            domain=[view["date"].iloc[0].strftime("%Y-%m-%d"), view["date"].iloc[-1].strftime("%Y-%m-%d")],
        ),
    )
    y = alt.Y(
        "settlements:Q",
        axis=None,
        scale=alt.Scale(domain=[0, max(4, int(view["settlements"].max())) * 1.18], nice=False),
    )
    tooltip = [
        alt.Tooltip("date:T", title=w.text("Announced"), format=w.tooltip_day, formatType="time"),
        alt.Tooltip("settlements:Q", title=w.text("Settlements")),
        alt.Tooltip("names:N", title=w.text("Names")),
    ]
    bars = alt.Chart(ROWS).transform_filter("datum.settlements > 0").mark_rule(strokeWidth=3, color=p.russia)
    heads = (
        alt.Chart(ROWS)
        .transform_filter("datum.settlements > 0")
        .mark_circle(size=50, color=p.russia, opacity=1)
    )
    counts = alt.Chart(data(labels)).mark_text(dy=-11, fontSize=fonts.SMALL, color=p.ink, align="center")
    base = alt.Chart(data([{"y": 0}])).mark_rule(color=p.line)
    layers = [
        base.encode(y=alt.Y("y:Q", axis=None)),
        bars.encode(x=x, y=y, y2=alt.Y2Datum(0), tooltip=tooltip),
        heads.encode(x=x, y=y, tooltip=tooltip),
        counts.encode(
            x=alt.X("date:T", scale=alt.Scale(type="utc")), y=alt.Y("settlements:Q"), text=alt.Text("label:N")
        ),
    ]
    plot = layered(layers, width=width, height=220 if width >= NARROW else 200)
    text = _texts(view, edition, view.iloc[:0], None)
    total = int(view["cumulative"].iloc[-1])
    title = w.plural(
        "{count} settlement announced as retaken, most within a few days",
        "{count} settlements announced as retaken, half of them in {half}",
        total,
        half=amount(_half(view), "days", w),
    )
    text = Text(title, text.subtitle, text.source, text.alt.replace(text.title, title, 1))
    return framed(plot, "settlements-campaign", edition, text, rows, width)


def _half(view: pd.DataFrame) -> int:
    """The fewest days of announcement that together hold at least half of the settlements."""
    ordered = view["settlements"].sort_values(ascending=False).cumsum()
    return int((ordered < view["settlements"].sum() / 2).sum()) + 1


def _spaced(busy: pd.DataFrame, width: float, view: pd.DataFrame) -> list[dict[str, Any]]:
    """Counts to write above bars: the larger first, none within 18 pixels of another."""
    days = max(1, (view["date"].max() - view["date"].min()).days)
    kept: list[tuple[float, dict[str, Any]]] = []
    for row in busy.sort_values("settlements", ascending=False, kind="stable").to_dict("records"):
        at = (row["date"] - view["date"].min()) / dt.timedelta(days=1) / days * width
        if all(abs(at - other) >= 18 for other, _ in kept):
            kept.append(
                (
                    at,
                    {
                        "date": row["date"].strftime("%Y-%m-%d"),
                        "settlements": int(row["settlements"]),
                        "label": str(row["settlements"]),
                    },
                )
            )
    return [label for _, label in sorted(kept, key=lambda pair: pair[0])]
