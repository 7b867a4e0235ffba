"""The names on the locator: beside their dots, those that find room, and tied to them where they stand away."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

from kurskdata.charts.map.base_map import BaseMap, south
from kurskdata.charts.style import theme
from kurskdata.charts.style.labels import Box, Label, place, written
from kurskdata.charts.style.marks import Layer, Rows, points, spans
from kurskdata.drawing import fonts

_KINDS = {"town": 0, "village": 1}


def names(marks: Rows, blocked: Sequence[Box], base: BaseMap, p: theme.Palette) -> list[Layer]:
    """The names of the dots and of the landmarks among ``marks``; a landmark without room for its name is left out.

    ``blocked`` are boxes that stay clear.
    """
    placed = place(
        [_label(mark, base, p) for mark in sorted(marks, key=_importance)],
        [(mark["x"], mark["y"]) for mark in marks],
        base.width,
        base.height,
        clear=8,
        blocked=blocked,
        lines=base.border_points,
    )
    named = {label.text for label in placed}
    towns = [mark for mark in marks if mark["step"] == "landmark" and mark["name"] in named]
    ties = [_tie(label) for label in placed if label.away > 13]
    layers: list[Layer] = []
    if towns:
        squares = [{"x": town["x"], "y": town["y"]} for town in towns]
        layers.append(points(squares, shape="square", size=26, color=p.ink))
    if ties:
        layers.append(spans("rule", ties, color=p.muted, strokeWidth=0.8, opacity=0.8))
    halos = [
        p.wash if south((label.left + label.width / 2, label.middle), base.border) else p.background
        for label in placed
    ]
    return layers + written(placed, halos, 2.5, 0.75)


def _importance(mark: dict[str, Any]) -> tuple[Any, ...]:
    """Sudzha, what is fought over, the settlements of the window and after it, then all others."""
    recent = mark["rank"] < 2
    return (
        mark["place_id"] != "sudzha",
        not (mark["open"] and recent),
        not recent,
        -mark["rank"],
        mark["error_km"],
        _KINDS.get(mark["kind"], 2),
        mark["name"],
    )


def _label(mark: dict[str, Any], base: BaseMap, p: theme.Palette) -> Label:
    """The name of a place: Sudzha's wherever there is room on its side of the border, recent claims' farther off than
    others'."""
    main, recent = mark["place_id"] == "sudzha", mark["rank"] < 2
    label = Label(
        mark["name"],
        mark["x"],
        mark["y"],
        colour=p.ink if main or recent else p.muted,
        reach=(26 if base.narrow else 40) if recent else (14 if base.narrow else 22),
        may_cross=mark["open"] and mark["step"] != "others",
    )
    if not main:
        return label
    # On phones a larger name finds room only across the border, where it would seem to lie in the other country.
    size = fonts.SMALL if base.narrow else fonts.SUBTITLE
    return dataclasses.replace(label, size=size, bold=True, reach=math.inf, may_cross=False)


def _tie(label: Label) -> dict[str, float]:
    """The line from a dot to a label that stands away from it."""
    x, y = label.nearest
    share = (10 if label.bold else 6) / label.away
    return {
        "x": round(label.x + (x - label.x) * share, 1),
        "y": round(label.y + (y - label.y) * share, 1),
        "x2": round(x, 1),
        "y2": round(y, 1),
    }
