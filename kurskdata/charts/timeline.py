"""The campaign as a strip of time: every event as a mark in the lane of its side, the main ones numbered and listed.

Where many events lie in the last two weeks of a long period, these weeks are drawn once more, enlarged.
"""

from __future__ import annotations

import itertools
from functools import partial
from typing import Any

import altair as alt
import pandas as pd

from kurskdata.charts.style import cards, theme
from kurskdata.charts.style.frame import NARROW, Plot, Text, drawn, fitting, layered
from kurskdata.charts.style.marks import Rows
from kurskdata.charts.style.on_scales import Meaning
from kurskdata.charts.style.strip import Drawing, Strip
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.errors import InputError
from kurskdata.tables import door
from kurskdata.tables.descriptor import documented
from kurskdata.words import headings
from kurskdata.words.language import Words, words

_GROUND = ("incursion", "counteroffensive", "area", "settlement", "foreign_troops")
"""Categories of what happened or was claimed on the ground, before which talks and statements stand back."""

_MOST, _LONG, _LAST, _MANY = 22, 60, 14, 4
"""Events with a number, days of a long period, of its enlarged end, and main events from which on the end is enlarged."""

_EDGE = 25
"""Pixels beyond the last day, which its number needs."""

_UNSHOWN = ["reported", "later", "later_date", "disputed_date"]


@documented
def timeline(
    view: pd.DataFrame,
    edition: Edition,
    *,
    width: float | None = None,
    annotations: pd.DataFrame | None = None,
) -> alt.VConcatChart:
    """Draws the view `timeline`: every event as a mark on an axis of time, in the lane of Ukraine, Russia or others.

    At most 22 events get a number and a line in the list: by importance, from each side the weightiest of a week, in the
    last two weeks of a day. ``width`` is in pixels; without it the chart holds a drawing for phones too. ``annotations``
    are notes of your own, as `area` takes them, without ``value``. Raises InputError for wrong cells, by row and column,
    and where there is no event.
    """
    view = door.table(view, "timeline", unique=["event_id"])
    view["short"] = view["short"].fillna(view["title"])
    first = pd.Timestamp(edition.start) if edition.start else view["date"].min()
    last = pd.Timestamp(edition.end or edition.as_of)
    events = view[view["date"].between(first, last)]
    if not len(events):
        raise InputError(f"timeline: no event lies between {edition.start or 'the first'} and {last.date()}")
    ranked = _ranked(events, last)
    rows = ranked[["event_id", "number"]].merge(events.drop(columns=_UNSHOWN, errors="ignore"), on="event_id")
    plot = partial(_plot, ranked.to_dict("records"), (first, last), edition)
    return drawn("timeline", edition, _texts(ranked, edition), rows, plot, width, annotations)


def _ranked(events: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    """The events in the order of days, with the ``lane`` of each and the ``number`` of the main ones.

    Of equal importance come first those that stand out in their week, near the end in their day, among those of their
    side: what happened or was claimed on the ground, and what more pages carried; then the latest of the others.
    """
    near = events["date"] > last - pd.Timedelta(days=_LAST)
    ranked = events.assign(
        lane=events["side"].where(events["side"].isin(["ukraine", "russia"]), "independent"),
        talk=~events["category"].isin(_GROUND),
        pages=-events["source_ids"].fillna("").str.count(";"),
        span=events["date"].dt.to_period("W").astype(str).mask(near, events["date"].astype(str)),
    ).sort_values(["importance", "talk", "pages", "date", "event_id"], kind="stable")
    back = ranked.groupby(["span", "lane"]).cumcount() + ranked["talk"]
    ranked = ranked.assign(back=back, latest=(last - ranked["date"]).where(back > 0, pd.Timedelta(0)))
    order = ["importance", "back", "latest", "pages", "date", "event_id"]
    ranked["main"] = ranked["event_id"].isin(ranked.sort_values(order)["event_id"].head(_MOST))
    ranked = ranked.sort_values(["date", "event_id"], kind="stable").reset_index(drop=True)
    return ranked.assign(number=ranked["main"].cumsum().astype("Int64").where(ranked["main"]))


def _plot(events: Any, period: tuple[pd.Timestamp, pd.Timestamp], edition: Edition, width: float) -> Plot:
    """The strip, its enlarged end and the list, below each other, for a chart of that width in pixels."""
    drawing, whole = Drawing(words(edition), theme.palette(edition.theme)), Strip(*period, width, edge=_EDGE)
    start = whole.last - pd.Timedelta(days=_LAST - 1)
    end = [row for row in events if row["date"] >= start]
    many = (whole.last - whole.first).days >= _LONG and sum(row["main"] for row in end) >= _MANY
    low = _lanes(drawing, whole, [{**row, "told": not many or row["date"] < start} for row in events], 0)
    meaning = Meaning({"x": whole.ends(width)}, foot=low)
    if many:
        drawing.box(whole.x(start) - 6, 0, width, low, drawing.p.wash)
        days = drawing.w.days(start, whole.last)
        drawing.write(drawing.w.text("{days}, enlarged", days=days), 0, low + 46, bold=True)
        top = low + 56
        low = _lanes(
            drawing, Strip(start, whole.last, width, edge=_EDGE), [{**row, "told": True} for row in end], top
        )
        drawing.box(0, top, width, low, drawing.p.wash)
    height = _listed(drawing, [row for row in events if row["main"]], low + 56, width)
    return layered(drawing.layers(), meaning, width=width, height=height)


def _mark(drawing: Drawing, row: dict[str, Any], x: float, y: float, **told: str) -> None:
    """A symbol of an event, hollow where somebody contradicts, small and pale where it is no main one."""
    colour, main = getattr(drawing.p, row["lane"]), row["main"]
    look = {"stroke": colour, "strength": 1 if main else 0.8, **told}
    fill = "" if row["disputed"] else colour
    drawing.mark(x, y, theme.SHAPES[row["lane"]], 52 if main else 20, fill, **look)


def _lanes(drawing: Drawing, strip: Strip, events: Rows, top: float) -> float:
    """Three lanes from ``top`` on, the main events above each line, with their number where it is ``told`` here, and the
    others below it; the place of the axis."""
    w = drawing.w
    names = [w.text("Ukraine"), w.text("Russia"), w.text("others")]
    for lane, name in zip(("ukraine", "russia", "independent"), names, strict=True):
        colour, of_lane = getattr(drawing.p, lane), [row for row in events if row["lane"] == lane]
        main = [(row, strip.x(row["date"])) for row in of_lane if row["main"]]
        pale = [(row, strip.x(row["date"])) for row in of_lane if not row["main"]]
        numbers = [str(row["number"]) if row["told"] else "" for row, _ in main]
        long = [fonts.text_width(number, fonts.SMALL, bold=True) for number in numbers]
        high = _levels([(x - 6, x + 10 + wide) for (_, x), wide in zip(main, long, strict=True)])
        deep = _levels([(x - 4, x + 4) for _, x in pale])
        line = top + 33 + 15 * max(high, default=0)
        drawing.write(name, 0, top + 9, colour, bold=True)
        drawing.line(0, line, strip.width, line)
        for (row, x), level, number in zip(main, high, numbers, strict=True):
            _mark(drawing, row, x, line - 9 - 15 * level, told=str(row["number"]))
            drawing.write(number, x + 9, line - 9 - 15 * level, colour, bold=True)
        for (row, x), level in zip(pale, deep, strict=True):
            told = f"{w.date(row['date'], 'short')}: {w.plain(row['title'])}" if strip.width >= NARROW else ""
            _mark(drawing, row, x, line + 7 + 8 * level, told=told)
        top = line + 12 + 8 * max(deep, default=0)
    drawing.axis(strip, top)
    return top


def _listed(drawing: Drawing, events: Rows, top: float, width: float) -> float:
    """The main events as a list, in two columns where there is room; the height of all."""
    columns = 1 if width < NARROW else 2
    column = (width - 24 * (columns - 1)) / columns
    dates = [drawing.w.date(row["date"], "short") for row in events]
    start = 46 + max(fonts.text_width(date, fonts.SMALL) for date in dates)
    told = [fonts.wrap(drawing.w.plain(row["title"]), column - start, fonts.BODY) for row in events]
    tops = [0, *itertools.accumulate(16 * len(lines) + 6 for lines in told)]
    first = next(n for n, at in enumerate(tops) if at >= tops[-1] / columns)
    for n, (row, date, lines) in enumerate(zip(events, dates, told, strict=True)):
        left, y = (0.0, top + tops[n]) if n < first else (column + 24, top + tops[n] - tops[first])
        number, colour = str(row["number"]), getattr(drawing.p, row["lane"])
        drawing.write(number, left + 10, y, colour, bold=True, middle=True)
        _mark(drawing, row, left + 27, y)
        drawing.write(date, left + 38, y, drawing.p.muted)
        for at, line in enumerate(lines):
            drawing.write(line, left + start, y + 16 * at, size=fonts.BODY)
    return top + max(tops[first], tops[-1] - tops[first]) - 8


def _levels(marks: list[tuple[float, float]]) -> list[int]:
    """For every mark, from its left to its right end, the lowest level at which it touches no mark before it."""
    taken, found = list[list[tuple[float, float]]](), list[int]()
    for left, right in marks:
        free = (n for n, some in enumerate(taken) if all(right <= low or high <= left for low, high in some))
        found.append(next(free, len(taken)))
        taken += [[]] * (found[-1] == len(taken))
        taken[found[-1]] = [*taken[found[-1]], (left, right)]
    return found


def _texts(events: pd.DataFrame, edition: Edition) -> Text:
    w = words(edition)
    first, last, disputed = events["date"].min(), events["date"].max(), int(events["disputed"].sum())
    title = _title(events, w)
    subtitle = w.say("timeline-chart.subtitle", len(events), first=w.date(first), last=w.date(last))
    if first == last:
        subtitle = w.say("timeline-chart.one_day", len(events), day=w.date(first))
    if disputed:
        subtitle += " " + w.say("timeline-chart.disputed", disputed)
    counts = {lane: int((events["lane"] == lane).sum()) for lane in theme.SHAPES}
    told = w.say("timeline-chart.form", **counts)
    months = events["date"].dt.to_period("M").value_counts().sort_index()
    if len(months) > 2:
        by_month = ", ".join(f"{w.date(m.start_time, 'month')} {m.year}: {n}" for m, n in months.items())
        told += " " + w.say("timeline-chart.months", counts=by_month)
    main = events[events["main"]].to_dict("records")
    listed = "; ".join(f"{w.date(row['date'])}: {w.plain(row['title'])}" for row in main)
    sources = w.say("timeline-chart.sources")
    card = cards.events(main, sources, w)
    return Text(title, subtitle, sources, f"{title}. {subtitle}. {told} {listed}.", card=card)


def _title(events: pd.DataFrame, w: Words) -> str:
    """From the first main event to the latest one on the ground, in the words of their short titles, with the side where
    these do not name it; shorter where two lines on a phone do not hold it."""
    top = events[events["importance"] == events["importance"].min()]
    ground = top[~top["talk"]] if (~top["talk"]).any() else top
    latest = ground[ground["date"] == ground["date"].max()].sort_values(["pages", "event_id"], kind="stable")
    begin, end = top.iloc[0], latest.iloc[0]
    if begin["event_id"] == end["event_id"]:
        return w.plain(begin["title"])
    side, short = headings.value("side", end["lane"], w), w.plain(end["short"])
    quoted = "quoted" if end["lane"] == "independent" or side[:5] in short else "quoted_of"
    values = {
        "first": w.say("timeline-chart.quoted", title=w.plain(begin["short"])),
        "day": w.date(end["date"]),
    }
    values["last"] = w.say(f"timeline-chart.{quoted}", title=short, side=side)
    forms = [w.say(f"timeline-chart.{name}", **values) for name in ("title", "title_brief", "title_last")]
    return fitting([fonts.tied(form) for form in forms])
