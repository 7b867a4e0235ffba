"""The names on the locator: each beside its dot or, where that has no room, a number beside it and the name in a list."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from kurskdata.charts.map.base_map import BaseMap, south
from kurskdata.charts.style import theme
from kurskdata.charts.style.labels import Box, Label, place
from kurskdata.charts.style.marks import Rows
from kurskdata.drawing import fonts

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
    ordered = sorted(marks, key=_importance)
    dots = [(mark["x"], mark["y"]) for mark in marks]
    blocked = [*blocked, (0, -99, base.width, base.top)]
    numbered, hard, failed = set[str](), set[str](), set[str]()
    # Numbers go first, those without room before the others, which may take the room of another: until all have theirs.
    while True:
        hard |= failed & numbered
        numbered |= failed
        ordered.sort(key=lambda mark: (mark["place_id"] not in hard, mark["place_id"] not in numbered))
        labels = [_label(mark, p, mark["place_id"] in numbered) for mark in ordered]
        placed = place(
            labels, dots, base.width, base.bottom, clear=8, blocked=blocked, lines=base.border_points
        )
        found = {(label.x, label.y) for label in placed}
        failed = {mark["place_id"] for mark in ordered if (mark["x"], mark["y"]) not in found}
        if failed <= hard:
            break
    rest = [label for label in labels if label.text == _NUMBER and (label.x, label.y) not in found]
    taken = [*blocked, *(label.box for label in placed)]
    placed += place(rest, dots, base.width, base.bottom, clear=4, blocked=taken)
    listed, named = [], {(mark["x"], mark["y"]): mark["name"] for mark in marks}
    for n, label in enumerate(placed := sorted(placed, key=lambda label: label.y)):
        if label.text == _NUMBER:
            placed[n] = dataclasses.replace(label, text=str(next(counter)))
            listed.append(f"{placed[n].text}\N{NO-BREAK SPACE}{named[label.x, label.y]}")
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


def _label(mark: dict[str, Any], p: theme.Palette, numbered: bool) -> Label:
    main, recent = mark["place_id"] == "sudzha", mark["rank"] < 2
    text, colour = _NUMBER if numbered else mark["name"], p.ink if main or recent or numbered else p.muted
    crossing = (mark["open"] and mark["step"] != "others") or numbered
    return Label(text, mark["x"], mark["y"], fonts.SMALL, main, colour, 99 if main else _BESIDE, crossing)
