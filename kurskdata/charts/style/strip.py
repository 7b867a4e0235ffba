"""Days as pixels of a width, and what charts of days put in place pixel by pixel: boxes, lines, marks, texts, axes."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import pandas as pd

from kurskdata.charts.style import theme
from kurskdata.charts.style.marks import Layer, Rows, layer, own, spans, texts
from kurskdata.drawing import fonts
from kurskdata.words.language import Words

_LONG = 75
"""Days from which on an axis has months."""


class Strip(NamedTuple):
    """Days from ``left`` on, over a width that ends ``edge`` pixels beyond the first and the last."""

    first: pd.Timestamp
    last: pd.Timestamp
    width: float
    left: float = 0
    edge: float = 6

    @property
    def step(self) -> float:
        """The pixels of a day."""
        return (self.width - 2 * self.edge) / max(1, (self.last - self.first).days)

    def x(self, day: pd.Timestamp) -> int:
        """The middle of a day; that of the width where there is but one."""
        if self.first == self.last:
            return round(self.left + self.width / 2)
        return round(self.left + self.edge + (day - self.first).days * self.step)

    def ends(self, width: float) -> tuple[pd.Timestamp, pd.Timestamp]:
        """The times of the first and the last pixel of a plot of that width."""
        start = self.first - pd.Timedelta(days=self.x(self.first) / self.step)
        return start, start + pd.Timedelta(days=width / self.step)


class Drawing:
    """Rows of boxes, lines, marks and texts in whole pixels, which become four kinds of layers, one above the other."""

    def __init__(self, w: Words, p: theme.Palette) -> None:
        self.w, self.p = w, p
        self.boxes, self.lines, self.marks, self.texts = Rows(), Rows(), Rows(), Rows()
        self.axes = Rows(), Rows()

    def write(self, text: str, x: float, y: float, colour: str = "", **look: Any) -> None:
        """A text from its left edge on or, with ``middle``, round its middle; ``bold`` and ``size`` as `fonts` has them."""
        size, bold = look.get("size", fonts.SMALL), look.get("bold", False)
        left = x - (fonts.text_width(text, size, bold=bold) / 2 if look.get("middle") else 0)
        look = {"colour": colour or self.p.ink, "size": size, "weight": "bold" if bold else "normal"}
        self.texts += [{"x": round(left), "y": round(y), "text": text, **look}] if text else []

    def line(self, x: float, y: float, x2: float, y2: float, colour: str = "") -> None:
        ends = zip(("x", "y", "x2", "y2"), map(round, (x, y, x2, y2)), strict=True)
        self.lines.append({**dict(ends), "colour": colour or self.p.line})

    def box(self, x: float, y: float, x2: float, y2: float, fill: str, **look: Any) -> None:
        """A box, without ``stroke`` a ground; ``strength`` is the opacity of its filling."""
        ends = zip(("x", "y", "x2", "y2"), map(round, (x, y, x2, y2)), strict=True)
        self.boxes.append({**dict(ends), "fill": fill, "stroke": "transparent", "strength": 1, **look})

    def mark(self, x: float, y: float, shape: str, size: float, fill: str = "", **look: Any) -> None:
        """A symbol, hollow without ``fill``; what it is ``told`` to be shows on hover."""
        usual = {"fill": fill or "transparent", "stroke": "transparent", "strength": 1}
        self.marks.append({"x": round(x), "y": round(y), "shape": shape, "size": size, **usual, **look})

    def axis(self, strip: Strip, y: float) -> None:
        """Months or days below a strip and, where they change, years or months below these, as many as find room."""
        months, right = (strip.last - strip.first).days >= _LONG, strip.left + strip.width
        widest = fonts.text_width(self.w.date(strip.last.replace(day=28), "number"), fonts.SMALL)
        every = math.ceil((widest + 5) / strip.step)
        end = below = strip.left - 9.0
        before, others = "", (self.lines, self.texts)
        self.lines, self.texts = self.axes
        self.line(strip.left, y, right, y)
        for day in pd.date_range(strip.first, strip.last):
            if day != strip.first and (day.day != 1 if months else (day - strip.first).days % every):
                continue
            text = self.w.date(day, "month" if months else "number")
            head = str(day.year) if months else f"{self.w.date(day, 'month')}\N{NO-BREAK SPACE}{day.year}"
            long, x = fonts.text_width(text, fonts.SMALL), strip.x(day)
            left = max(strip.left, min(x if months else x - long / 2, right - long))
            room = left >= end + (5 if months else 2)
            if months or room:
                self.line(x, y, x, y + 4)
            if room:
                self.write(text, left, y + 13, self.p.muted)
                end = left + long
            long = fonts.text_width(head, fonts.SMALL)
            left = min(left, right - long)
            if room and head != before and left >= below + 5:
                self.write(head, left, y + 28, self.p.muted)
                below, before = left + long, head
        self.lines, self.texts = others

    def layers(self) -> list[Layer]:
        """The layers, each with its rows by look."""
        strength = own("strength", "quantitative")
        look: dict[str, Any] = {"fill": own("fill"), "stroke": own("stroke"), "fillOpacity": strength}
        shapes = {"shape": own("shape"), "size": own("size", "quantitative"), "strokeOpacity": strength}
        marks = _alike(self.marks, "stroke", "fill", "size")
        quiet, telling = ([row for row in marks if ("told" in row) is there] for there in (False, True))
        shown = {"tooltip": [{"field": "told", "title": " ", "type": "nominal"}]}
        made = [
            spans("rect", _alike(self.boxes, "stroke", "fill", "strength"), **look),
            spans("rule", _alike(self.lines, "colour"), color=own("colour")),
            spans("rule", self.axes[0], color=own("colour"), name="axis_x"),
            texts(self.axes[1], color=own("colour"), fontWeight="normal", name="axis_x"),
            *(
                layer("point", rows, **look, **shapes, strokeWidth=1.5, opacity=1, **tip)
                for rows, tip in ((quiet, {}), (telling, shown))
            ),
        ]
        for size, weight in sorted({(row["size"], row["weight"]) for row in self.texts}):
            rows = [row for row in self.texts if (row["size"], row["weight"]) == (size, weight)]
            rows = _alike(rows, "colour")
            made.append(texts(rows, color=own("colour"), fontSize=size, fontWeight=weight))
        return [each for each in made if each["data"]["values"]]


def _alike(rows: Rows, *fields: str) -> Rows:
    """Rows of one look together, as the first of them comes: not by colour, both themes draw alike."""
    looks = [[row[field] for field in fields] for row in rows]
    return [rows[n] for n in sorted(range(len(rows)), key=lambda n: looks.index(looks[n]))]
