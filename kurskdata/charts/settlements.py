"""Settlements said to be retaken, by day: a box with its name for each or, for long periods, a column of boxes a day.

Boxes are outlined, because nobody but their claimants confirms them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import altair as alt
import pandas as pd

from kurskdata.charts.campaign import Counted, campaign
from kurskdata.charts.style import cards, theme
from kurskdata.charts.style.frame import Plot, Text, drawn, fitting, layered, surname
from kurskdata.charts.style.on_scales import Meaning
from kurskdata.charts.style.strip import Drawing
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.tables import door
from kurskdata.tables.descriptor import documented
from kurskdata.tables.settlements import Announced, announced
from kurskdata.words.figures import amount
from kurskdata.words.language import Words, sum_of, words

LONGEST_NAMED = 21
"""Periods of up to so many days name every settlement; longer ones show columns."""

_DATE, _COUNT, _LINE = 62, 32, 24
"""Pixels: the widths of the columns of dates and counts, and the height of a line of names."""


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
    """Draws the view `settlements_per_day`: a box for every settlement, with its name for up to three weeks.

    ``claimant`` says who announced them; without it a column ``claimant`` does, or the claims of the table ``retaken``
    that a column ``claim_ids`` names. Raises InputError that names row and column of every fault. ``claim`` is a row
    of the table ``area`` that counts settlements over a window (a claimant's "24 in five days"): its window is marked
    and the days of the view are added up beside it. A longer period is drawn once as a whole and once more, enlarged,
    round the claim or where most was announced. ``width`` is in pixels; without it the chart holds a drawing for
    phones too. ``annotations`` are notes of your own, as `area` takes them; over a long period a ``value`` is a number
    of settlements, a short one has none.
    """
    w, rows = words(edition), announced(view, claimant)
    is_long = rows.length > LONGEST_NAMED
    if not is_long and len(rows.days) < rows.length:  # days left out have a line, and no number
        calendar = pd.date_range(rows.days["date"].min(), rows.days["date"].max(), name="date", unit="s")
        every = rows.days.set_index("date").reindex(calendar).reset_index()
        rows = rows._replace(days=every.assign(names=every["names"].fillna("")))
    counted = _counted(rows, claim, w)
    name, plot = ("settlements-campaign", campaign) if is_long else ("settlements", _blocks)
    text, made = _texts(rows, counted, w, is_long=is_long), partial(plot, rows.days, counted, edition)
    return drawn(name, edition, text, rows.days, made, width, annotations)


def _counted(rows: Announced, given: Mapping[str, Any] | None, w: Words) -> Counted | None:
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
        days=amount((last - first).days + 1, "days", w),
    )
    kind = "official" if rows.claimant == "official" else "others"
    counts = [int(n) for n in days["settlements"].fillna(0) if n > 0 or len(days) <= 7]
    total = sum_of(counts) if len(counts) > 1 else str(sum(counts))
    line += " " + w.say(f"settlements-chart.{kind}_sum", sum=total)
    # The sum stays on one line.
    line = re.sub(r" ([+=]) ", "\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}", line)
    return Counted(surname(w, claim["claimant"]), int(claim["value"]), days, line)


def _title(rows: Announced, counted: Counted | None, w: Words, *, is_long: bool) -> str:
    view, official = rows.days["settlements"], rows.claimant == "official"
    if rows.none_yet:
        return w.say("settlements-chart.title_none_yet", day=w.date(rows.days["date"].iloc[-1]))
    count = int(rows.days["cumulative"].iloc[-1] if is_long and "cumulative" in rows.days else view.sum())
    if counted and (counted.listed == counted.said or not is_long):
        days = amount(len(counted.days), "days", w)
        if counted.listed != counted.said:
            name = "title_official_differs" if official else "title_others_differ"
            said = amount(counted.said, "settlements", w)
            return w.say(f"settlements-chart.{name}", who=counted.who, said=said, found=counted.listed)
        if not is_long:
            titles = ["title_named", "title_official"] if official else ["title_named"]
            values = {"who": counted.who, "days": days}
            return fitting([w.say(f"settlements-chart.{one}", counted.said, **values) for one in titles])
        if official:
            return w.say("settlements-chart.title_window", count=counted.listed, total=count, days=days)
    half = int((view.sort_values(ascending=False).cumsum() < view.sum() / 2).sum()) + 1
    spans = {"days": amount(rows.length, "days", w), "half": amount(half, "days", w)}
    form = ("half" if is_long else "official") if official else ("campaign" if is_long else "others")
    title = w.say(f"settlements-chart.title_{form}", count, **spans)
    return f"{w.plain(rows.claimant)}: {title}" if rows.claimant and not official else title


def _texts(rows: Announced, counted: Counted | None, w: Words, *, is_long: bool) -> Text:
    view, title = rows.days, _title(rows, counted, w, is_long=is_long)
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
    told, busy = [f"{title}. {subtitle}."], view[view["settlements"] > 0]
    told += [re.sub(r"\s([+=])\s", r" \1 ", f"{counted.line}.")] if counted else []
    form = "none" if busy.empty else "columns" if is_long else "lines"
    told.append(w.say(f"settlements-chart.form_{form}"))
    if len(busy):
        box, records = w.say("settlements-chart.box"), busy.to_dict("records")
        top = max(records, key=lambda row: row["settlements"])
        names, name = top["names"].split("; "), "busiest_named" if top["names"] else "busiest"
        values = {"count": int(top["settlements"]), "day": w.date(top["date"]), "names": w.list(names)}
        counts = "; ".join(f"{w.date(row['date'])}: {int(row['settlements'])}" for row in records)
        told += [f"{box}.", w.say(f"settlements-chart.{name}", **values)]
        told.append(w.say("settlements-chart.by_day", counts=counts))
        subtitle += f". {box}"
    marked = counted.days if counted else None
    card = (cards.by_period if is_long else cards.by_day)(
        view, marked, rows.claimant == "official", sources, w
    )
    return Text(title, subtitle, sources, " ".join(told), ours=rows.ours, card=card)


def _blocks(view: pd.DataFrame, counted: Counted | None, edition: Edition, width: float) -> Plot:
    """A line or more a day, with boxes of one height that no name leaves, those of the claim's days on a ground."""
    w, p = words(edition), theme.palette(edition.theme)
    drawing, y, ground = Drawing(w, p), 0.0, list[float]()
    window, spots = set(counted.days["date"]) if counted else set(), dict[str, Any]()
    for row in view.to_dict("records"):
        marked, day_names = row["date"] in window, [name for name in row["names"].split("; ") if name]
        if marked and not ground and counted:
            ground.append(y)
            for line in fonts.wrap(counted.line, width - 12, fonts.BODY, bold=True):
                drawing.write(line, 6, y + 15, p.russia, bold=True, size=fonts.BODY)
                y += 18
            y += 8
        spots[f"{row['date']:%Y-%m-%d}"] = None, y + 11
        count = "–" if pd.isna(row["settlements"]) else w.number(row["settlements"])
        left = _DATE + _COUNT - 10 - fonts.text_width(count, 16, bold=True)
        drawing.write(w.date(row["date"], "short"), 6, y + 11, p.muted, size=fonts.BODY)
        colour = p.muted if count in ("–", w.number(0)) else p.ink
        drawing.write(count, left, y + 11, colour, bold=True, size=16)
        places = _flow(day_names, width - _DATE - _COUNT)
        for name, (left, right, level) in zip(day_names, places, strict=True):
            low, start = y + level * _LINE, _DATE + _COUNT
            look = {"stroke": p.russia, "strength": 0.2 if marked else 1}
            fill = p.russia if marked else p.background
            drawing.box(start + left, low, start + right, low + _LINE - 4, fill, **look)
            drawing.write(name, start + (left + right) / 2, low + 10.5, middle=True)
        y += (max((level for *_, level in places), default=0) + 1) * _LINE + (10 if day_names else 0)
        if marked and row["date"] == max(window):
            drawing.box(0, ground[0], width, y - 2, p.wash)
            drawing.boxes.insert(0, drawing.boxes.pop())
            y += 6
    return layered(drawing.layers(), Meaning(spots=spots), width=width, height=y - 10 * bool(day_names))


def _flow(day_names: list[str], room: float) -> list[tuple[float, float, int]]:
    """Left and right edge and line of every box of a day, each as wide as its name."""
    boxes, x, line = list[tuple[float, float, int]](), 0.0, 0
    for name in day_names:
        wide = min(room, fonts.text_width(name, fonts.SMALL) + 14)
        if x and x + wide > room:
            x, line = 0.0, line + 1
        boxes.append((x, x + wide, line))
        x += wide + 4
    return boxes
