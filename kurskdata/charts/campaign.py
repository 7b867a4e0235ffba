"""The chart of a long period of announcements: columns of boxes for all days, and some days once more, enlarged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from kurskdata.charts.style import theme
from kurskdata.charts.style.frame import NARROW, Plot, layered
from kurskdata.charts.style.labels import spread
from kurskdata.charts.style.on_scales import Meaning
from kurskdata.charts.style.strip import Drawing, Strip
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.words.figures import amount
from kurskdata.words.language import words

_DAYS, _JOINED, _HIGH, _UNIT = 14, 4, 160, 13
"""Days that are enlarged, counts that may stand as one text, and pixels: the highest column, and a settlement where there
is room."""


class Counted(NamedTuple):
    """A claim that counts settlements: who made it and how many it counts, the rows of its days, and their sum in words."""

    who: str
    said: int
    days: pd.DataFrame
    line: str

    @property
    def listed(self) -> int:
        return int(self.days["settlements"].sum())


class _Columns(NamedTuple):
    """A drawing whose columns stand on ``base``, with so many pixels for a settlement."""

    drawing: Drawing
    base: float
    unit: float

    def add(self, row: Mapping[Any, Any], left: float, right: float, *, marked: bool = False) -> None:
        """A box for every settlement of a day, or one for all where they would be too low to be told apart."""
        boxes, russia = int(row["settlements"]) if self.unit >= 4 else 1, self.drawing.p.russia
        fill, strength = (russia, 0.3) if marked else ("transparent", 1)
        high = row["settlements"] * self.unit / boxes if boxes else 0
        for low in (self.base - n * high for n in range(boxes)):
            top = low - high + 3 * (self.unit >= 8)
            self.drawing.box(left, top, right, low, fill, stroke=russia, strength=strength)

    def top(self, count: float) -> float:
        """Where the count above a column stands."""
        return self.base - count * self.unit - 9


def campaign(view: pd.DataFrame, counted: Counted | None, edition: Edition, width: float) -> Plot:
    """The whole period and, beside or below it, the enlarged days, with one height for a settlement."""
    drawing = Drawing(words(edition), theme.palette(edition.theme))
    most = max(1, int(view["settlements"].max()))
    unit = _HIGH / most if most * 4 > _HIGH else min(_UNIT, _HIGH // most)
    near = _near(view, counted)
    days = (near[1] - near[0]).days + 1 if near else 0
    beside = width >= NARROW and days > 0 and (width - 24) * 0.4 / days >= 15
    right = (width - 24) * 0.4 if beside else width
    above = fonts.wrap(counted.line, right, fonts.BODY, bold=True) if counted else []
    high = 44 + 18 * len(above) + 26 * bool(above)
    base = (max(40, high) if beside else 40) + most * unit
    whole = Strip(view["date"].iloc[0], view["date"].iloc[-1], width - 24 - right if beside else width)
    _whole(_Columns(drawing, base, unit), whole, view, near)
    low = base
    if near:
        tall = int(view.loc[view["date"].between(*near), "settlements"].max()) * unit
        low = base if beside else base + 56 + high + tall
        zoom = Strip(*near, right, width - right, right / days / 2)
        top = low - (most * unit if beside else tall) - high
        _enlarged(_Columns(drawing, low, unit), zoom, view, counted, above, top)
    ends = {"x": whole.ends(width), "y": (base / unit, (base - low - 36) / unit)}
    return layered(drawing.layers(), Meaning(ends), width=width, height=low + 36)


def _near(view: pd.DataFrame, counted: Counted | None) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """The days to enlarge: two weeks or more with those of a claim, else the two weeks with most settlements."""
    first, last, day = view["date"].iloc[0], view["date"].iloc[-1], pd.Timedelta(days=1)
    if not view["settlements"].any():
        return None
    if counted is not None:
        start, end = counted.days["date"].iloc[0], min(last, counted.days["date"].iloc[-1] + 3 * day)
        return max(first, min(start - day, end - (_DAYS - 1) * day)), end
    sums = view.set_index("date")["settlements"].rolling(f"{_DAYS}D").sum()
    end = sums.index[sums == sums.max()][-1]
    return max(first, end - (_DAYS - 1) * day), end


def _whole(columns: _Columns, strip: Strip, view: pd.DataFrame, near: tuple[Any, Any] | None) -> None:
    """The columns of all days; on a ground the days that are enlarged, with their sum, elsewhere with the count of each,
    those of neighbours as "2 + 1". Where too many would be joined there is an axis instead."""
    drawing, w, p = columns.drawing, columns.drawing.w, columns.drawing.p
    total = amount(int(view["settlements"].sum()), "settlements", w)
    drawing.write(f"{w.days(strip.first, strip.last)}: {total}", 0, 8, bold=True)
    busy = view[view["settlements"] > 0]
    sides = [(busy, 0.0, strip.width)]
    if near:
        start, end = strip.x(near[0]) - 3.0, min(strip.width, strip.x(near[1]) + 3.0)
        sides = [(busy[busy["date"] < near[0]], 0.0, start), (busy[busy["date"] > near[1]], end, strip.width)]
        drawing.box(start, 18, end, columns.base, p.wash)
        within: Any = busy.loc[busy["date"].between(*near)]
        text, middle = w.number(int(within["settlements"].sum())), min((start + end) / 2, strip.width - 14)
        drawing.write(text, middle, 26, bold=True, middle=True)
        for day, count in zip(within["date"], within["settlements"], strict=True):
            drawing.line(strip.x(day), columns.top(count) + 9, strip.x(day), columns.base, p.russia)
    groups = list[_Group]()
    for days, low, high in sides:
        wide = max(1.5, min(5, (high - low) / max(1, len(days)) - 3))
        wanted, edge = [float(strip.x(day)) for day in days["date"]], wide / 2 + 1
        middles = spread(wanted, wide + 3, low + edge, high - edge)
        for row, x in zip(days.to_dict("records"), middles, strict=True):
            columns.add(row, x - wide / 2, x + wide / 2)
            group = _Group(x, x, [int(row["settlements"])], low, high)
            while hit := [n for n, one in enumerate(groups) if one.touches(group, columns.unit)]:
                counts = [count for one in groups[hit[0] :] for count in one.counts]
                group = group._replace(left=groups[hit[0]].left, counts=counts + group.counts)
                groups = groups[: hit[0]]
            groups.append(group)
    drawing.axis(strip, columns.base)
    if all(len(group.counts) <= _JOINED and group.ends[1] <= group.high for group in groups):
        for group in groups:
            drawing.write(group.text, group.ends[0], columns.top(max(group.counts)), bold=True)
        return
    most = int(busy["settlements"].max())
    step = next(s for n in range(9) for s in (10**n, 2 * 10**n, 5 * 10**n) if most / s <= 4)
    for value in range(step, most + 1, step):
        drawing.line(0, columns.top(value) + 9, strip.width, columns.top(value) + 9)
        drawing.write(w.number(value), 0, columns.top(value), p.muted)


class _Group(NamedTuple):
    """Neighbouring columns whose counts have no room beside each other: the middles of the first and the last, the
    counts, and the pixels between which these stay."""

    left: float
    right: float
    counts: list[int]
    low: float
    high: float

    @property
    def text(self) -> str:
        return " + ".join(map(str, self.counts))

    @property
    def ends(self) -> tuple[float, float]:
        """From where to where the counts are written."""
        long = fonts.text_width(self.text, fonts.SMALL, bold=True)
        left = max(self.low, min((self.left + self.right - long) / 2, self.high - long))
        return left, left + long

    def touches(self, other: _Group, unit: float) -> bool:
        """Whether the counts touch those of another group or, where they stand lower, its columns."""
        lower, higher = sorted((self, other), key=lambda group: max(group.counts))
        level = (max(higher.counts) - max(lower.counts)) * unit < 12
        (left, right), gap = (higher.ends, 2.0) if level else ((higher.left, higher.right), 3.5)
        return lower.ends[0] < right + gap and left - gap < lower.ends[1]


def _enlarged(
    columns: _Columns, strip: Strip, view: pd.DataFrame, counted: Counted | None, above: list[str], top: float
) -> None:
    """The enlarged days with a count for each, and the claim above a bracket over its days, with their sum."""
    drawing, w, p = columns.drawing, columns.drawing.w, columns.drawing.p
    days = view[view["date"].between(strip.first, strip.last)]
    head = w.text("{days}, enlarged", days=w.days(strip.first, strip.last))
    drawing.write(f"{head}: {w.number(int(days['settlements'].sum()))}", strip.left, top + 8, bold=True)
    for n, line in enumerate(above):
        drawing.write(line, strip.left, top + 30 + 18 * n, p.russia, bold=True, size=fonts.BODY)
    window, half = set(counted.days["date"]) if counted else set(), strip.step / 2
    for row in days.to_dict("records"):
        x, count, marked = strip.x(row["date"]), int(row["settlements"]), row["date"] in window
        columns.add(row, x - half + 1, x + half - 1, marked=marked)
        if count or marked:
            colour = p.russia if marked else p.ink
            drawing.write(w.number(count), x, columns.top(count), colour, bold=True, middle=True)
    if counted:
        y = top + 34 + 18 * len(above)
        left, right = strip.x(min(window)) - half, strip.x(max(window)) + half
        total, middle = w.number(counted.listed), (left + right) / 2
        drawing.write(total, middle, y, p.russia, bold=True, middle=True, size=16)
        for start, end, low in ((left, right, y + 12), (left, left, y + 18), (right, right, y + 18)):
            drawing.line(start, y + 12, end, low, p.russia)
    drawing.axis(strip, columns.base)
