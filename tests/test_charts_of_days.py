"""The charts of days, timeline and settlements: swept over days, languages and widths by the boxes of what they hold."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import re
from typing import Any, NamedTuple

import brotli
import pandas as pd
import pytest

import kurskdata as kd
from kurskdata import charts, embed
from kurskdata.charts import by_name, timeline
from kurskdata.charts.style import theme
from kurskdata.drawing import fonts
from kurskdata.editions import Edition, edition
from kurskdata.tables import views
from kurskdata.words.language import LANGUAGES, Words

NAMES = ("timeline", "settlements", "settlements-campaign")
WIDTHS = [*range(296, 1180, 20)]
DAYS = [
    "2024-08-06", "2024-08-07", "2024-08-20", "2024-08-28", "2024-10-01", "2024-12-12", "2025-01-05", "2025-01-20",
    "2025-02-27", "2025-03-08", "2025-03-12", "2025-03-14", "2025-04-26", "2025-05-31",
]  # fmt: skip
FOUR = [*itertools.product(DAYS, LANGUAGES)]


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float
    what: str

    def meets(self, other: Box, gap: float = 0) -> bool:
        across = self.left < other.right + gap and other.left < self.right + gap
        return across and self.top < other.bottom and other.top < self.bottom


@functools.cache
def views_of(name: str, day: str, language: str, start: str) -> tuple[Any, ...]:
    e = edition(as_of=day, language=language, start=start)
    if name == "timeline":
        return e, kd.timeline(as_of=day)
    first = (start or "2024-08-06") if name == "settlements-campaign" else e.since(days=10)
    per_day = kd.settlements_per_day(as_of=day, start=first, language=language)
    return e, per_day, kd.count_claim(as_of=day, start=first)


def drawn(name: str, day: str, width: float, language: str = "en", start: str = "") -> dict[str, Any]:
    e, *tables = views_of(name, day, language, start)
    if name == "timeline":
        return charts.timeline(tables[0], e, width=width).to_dict(validate=False)
    return charts.settlements(tables[0], e, claim=tables[1], width=width).to_dict(validate=False)


def held(spec: dict[str, Any], kind: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The rows of all layers of a kind, each with its mark."""
    layers = [one for one in spec["vconcat"][0]["layer"] if one["mark"]["type"] == kind]
    return [(row, one["mark"]) for one in layers for row in spec["datasets"][one["data"]["name"]]]


def texts(spec: dict[str, Any]) -> list[Box]:
    boxes = []
    for row, mark in held(spec, "text"):
        size = mark["fontSize"]
        assert size >= 12
        long = fonts.text_width(row["text"], size, bold=mark["fontWeight"] == "bold")
        boxes.append(
            Box(row["x"], row["y"] - size * 0.45, row["x"] + long, row["y"] + size * 0.45, row["text"])
        )
    return boxes


def symbols(spec: dict[str, Any]) -> list[Box]:
    half = {52: 4.5, 20: 3.0}
    return [
        Box(r["x"] - half[r["size"]], r["y"] - half[r["size"]], r["x"] + half[r["size"]], r["y"] + half[r["size"]], r["shape"])
        for r, _ in held(spec, "point")
    ]  # fmt: skip


def outlines(spec: dict[str, Any]) -> list[Box]:
    rows = [row for row, _ in held(spec, "rect") if row["stroke"] != "transparent"]
    return [Box(r["x"], r["y"], r["x2"], r["y2"], r.get("told", "")) for r in rows]


def faults(spec: dict[str, Any]) -> list[str]:
    """What overlaps or leaves the plot."""
    inner = spec["vconcat"][0]
    words, marks, boxes = texts(spec), symbols(spec), outlines(spec)
    found = [
        f"{one.what!r} covers {two.what!r}" for one, two in itertools.combinations(words, 2) if one.meets(two)
    ]
    found += [f"{a.what!r} covers a mark at {b.left}" for a in words for b in marks if a.meets(b)]
    found += [f"marks at {a[:2]} and {b[:2]}" for a, b in itertools.combinations(marks, 2) if a.meets(b, -1)]
    found += [f"boxes at {a[:2]} and {b[:2]}" for a, b in itertools.combinations(boxes, 2) if a.meets(b)]
    for word, box in itertools.product(words, boxes):
        inside = box.left + 2 <= word.left and word.right <= box.right - 2 and box.top <= word.top
        if word.meets(box) and not (inside and word.bottom <= box.bottom):
            found.append(f"{word.what!r} covers a box at {box[:2]}")
    for box in [*words, *marks, *boxes]:
        if (
            box.left < -1
            or box.right > inner["width"] + 1
            or box.top < -1
            or box.bottom > inner["height"] + 1
        ):
            found.append(f"{box.what!r} leaves the plot: {box[:4]} of {inner['width']} x {inner['height']}")
    for row in held(spec, "rule"):
        ends = [row[0][name] for name in ("x", "x2")]
        found += (
            [f"a line leaves the plot: {ends}"] if min(ends) < -1 or max(ends) > inner["width"] + 1 else []
        )
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("day", DAYS)
def test_nothing_overlaps_or_is_cut_at_any_width_in_any_language(name: str, day: str) -> None:
    # Every language at the widths of the two drawings, and all widths with one language after the other.
    cases = {
        *itertools.product((296, 612), LANGUAGES),
        *zip(WIDTHS, itertools.cycle(LANGUAGES), strict=False),
    }
    if name == "settlements-campaign" and day < "2024-08-27":
        pytest.skip("a short period is drawn as named settlements")
    for width, language in sorted(cases):
        assert faults(drawn(name, day, width, language)) == [], (width, language)
