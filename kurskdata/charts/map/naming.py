"""The names on the locator: each beside its dot or, where that has no room, a number beside it and the name in a list."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from kurskdata.charts.map.base_map import BaseMap, south
from kurskdata.charts.style import theme
from kurskdata.charts.style.labels import Box, Label, place
from kurskdata.charts.style.marks import Rows

_BESIDE = 14
"""Pixels from its dot within which a name or a number stands, so that none needs a line to it."""

_NUMBER = "00"
"""Holds the place of a number."""


def names(
    marks: Rows, blocked: Sequence[Box], base: BaseMap, p: theme.Palette, counter: Iterator[int]
) -> tuple[list[Label], list[str], list[str]]:
    """The names and numbers beside the dots, the names that stand in the list with their number, and the colours behind
    what stands beside the dots.

    ``blocked`` are boxes that stay clear, ``counter`` gives the numbers.
    """
    dots, names = (
        [(mark["x"], mark["y"]) for mark in marks],
        {mark["place_id"]: mark["name"] for mark in marks},
    )
    blocked, first, room = [*blocked, (0, -99, base.width, base.top)], set[str](), (base.width, base.bottom)
    # What finds no room goes first, before others that may take the room of another: until all have theirs.
    while True:
        ordered = sorted(marks, key=lambda mark: (mark["place_id"] not in first, *_importance(mark)))
        labels = [label for mark in ordered for label in _labels(mark, p)]
        placed = place(labels, dots, *room, clear=8, blocked=blocked, lines=base.border_points)
        failed = {*names} - {label.key for label in placed}
        if failed <= first:
            break
        first |= failed
    rest = [label for label in labels if label.text == _NUMBER and label.key in failed]
    placed += place(rest, dots, *room, clear=4, blocked=[*blocked, *(label.box for label in placed)])
    placed, listed = sorted(placed, key=lambda label: label.y), list[str]()
    for n, label in enumerate(placed):
        if label.text == _NUMBER:
            number = dataclasses.replace(label, text=str(next(counter)))
            spare = (label.width - number.width) * (label.left + label.width / 2 < label.x)  # beside its dot
            placed[n] = dataclasses.replace(number, left=label.left + spare)
            listed.append(f"{number.text}\N{NO-BREAK SPACE}{names[label.key]}")
    middles = [(label.left + label.width / 2, label.middle) for label in placed]
    return placed, listed, [p.wash if south(at, base.border) else p.background for at in middles]


def _importance(mark: dict[str, Any]) -> tuple[Any, ...]:
    """Sudzha, what is fought over, the settlements of the window and after it, then all others."""
    recent = mark["rank"] < 2
    return (
        mark["place_id"] != "sudzha",
        not (mark["open"] and recent),
        not recent,
        -mark["rank"],
        mark["error"],
        mark["name"],
    )


def _labels(mark: dict[str, Any], p: theme.Palette) -> list[Label]:
    """The name of a mark and, but for Sudzha, the number that may stand for it."""
    main, faint = mark["place_id"] == "sudzha", mark["rank"] > 1
    colour, crossing = p.muted if faint and not main else p.ink, mark["open"] and mark["step"] != "others"
    look: dict[str, Any] = {"reach": _BESIDE, "key": mark["place_id"]}
    if main:
        look |= {"bold": True, "reach": 99, "tied": True, "edge": 9}
    name = Label(mark["name"], mark["x"], mark["y"], colour=colour, may_cross=crossing, **look)
    number = dataclasses.replace(name, text=_NUMBER, colour=p.ink, may_cross=True)
    return [name] if main else [name, number]
