"""Names of marks and of areas in a chart: where each finds room, and the line that ties it to its mark.

Pixels throughout, y downwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kurskdata.charts.style.labels import Box, Label
from kurskdata.charts.style.marks import Rows
from kurskdata.drawing import fonts

Numbers = npt.NDArray[np.float64]

_LINE = 14
"""Pixels from one line of a name to the next."""

_AROUND = np.stack(np.meshgrid(np.arange(-170, 171, 10), np.arange(-133, 134, 7)), axis=-1).reshape(-1, 2)
"""Where the middle of a name may stand from its mark."""


class Name(NamedTuple):
    """What a mark may be called, the best wording first, each as lines, and the box that the mark covers; ``way`` is -1
    for names that stand rather above, 1 below. ``inside`` are middles of places that need no tie, the best first."""

    wordings: Sequence[list[str]]
    box: Box
    colour: str
    way: int
    bold: bool = False
    inside: Sequence[tuple[float, float]] = ()


class Room:
    """Which pixels of a frame are taken, and how many lines there are that names rather avoid."""

    def __init__(self, frame: Box, marks: Sequence[Box], lines: Sequence[tuple[float, float]]) -> None:
        self.corner = np.array(frame[:2])
        self.size = (np.array(frame[2:]) - self.corner).astype(int)
        self.taken, self.lines = (np.zeros(self.size[::-1] + 1, dtype=np.int32) for _ in range(2))
        self._sums = dict[int, npt.NDArray[np.int32]]()  # from the corner on, while they hold
        for box in marks:
            self.take(box)
        for x, y in lines:
            self.lines[self._cells((x - 1, y - 1, x + 1, y + 1))] = 1

    def take(self, box: Box) -> None:
        self.taken[self._cells(box)] = 1
        self._sums.pop(id(self.taken), None)

    def _cells(self, box: Box) -> tuple[slice, slice]:
        across, down = (
            [round(min(max(at - low, 0), most)) for at in box[n::2]]
            for n, (low, most) in enumerate(zip(self.corner.tolist(), self.size.tolist(), strict=True))
        )
        return slice(*down), slice(*across)

    def within(self, boxes: Numbers, cells: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """How many of the cells each box covers; boxes that leave the frame cover it all."""
        if (sums := self._sums.get(id(cells))) is None:
            sums = self._sums[id(cells)] = np.pad(cells.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
        ends = np.rint(boxes.reshape(-1, 2, 2) - self.corner).astype(int)
        out = (ends < 0).any(axis=(1, 2)) | (ends > self.size).any(axis=(1, 2))
        (left, top), (right, bottom) = np.clip(ends, 0, self.size).transpose(1, 2, 0)
        found: npt.NDArray[np.int32] = (
            sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
        )
        return np.where(out, cells.size, found)

    def crossed(self, start: Numbers, end: Numbers, own: Box) -> bool:
        """Whether the way from a mark to its name leads over anything."""
        way = start + np.linspace(0, 1, 60)[:, None] * (end - start)
        way = way[((way < np.array(own[:2]) - 1) | (way > np.array(own[2:]) + 1)).any(axis=1)]
        x, y = np.rint(np.clip(way - self.corner, 0, self.size)).astype(int).T
        return bool(self.taken[y, x].any())


def named(names: Sequence[Name], room: Room) -> tuple[list[Label], Rows]:
    """The lines of the names that find room, the most important first, and the ties to their marks.

    No name covers a mark or another name, and no tie crosses one.
    """
    labels, ties = list[Label](), Rows()
    for name in names:
        spots = ((wording, _spot(name, wording, room)) for wording in name.wordings)
        for wording, spot in ((wording, spot) for wording, spot in spots if spot):
            box, tie = spot
            room.take(box.tolist())
            right = not len(name.inside) and box[0] + box[2] < name.box[0] + name.box[2]
            for n, line in enumerate(wording):
                wide = fonts.text_width(line, fonts.SMALL, bold=name.bold)
                left, middle = (
                    round(box[2] - 3 - wide if right else box[0] + 3),
                    round(box[1]) + 3 + _LINE * n + _LINE // 2,
                )
                labels.append(Label(line, 0, 0, bold=name.bold, colour=name.colour, left=left, middle=middle))
            if tie is not None:
                for x, y in (tie[0] + np.linspace(0, 1, 60)[:, None] * (tie[1] - tie[0])).tolist():
                    room.take((x - 2, y - 2, x + 2, y + 2))
                ends = zip(("x", "y", "x2", "y2"), tie.ravel().round().tolist(), strict=True)
                ties.append({**dict(ends), "colour": name.colour})
            break
    return labels, ties


def _spot(name: Name, wording: list[str], room: Room) -> tuple[Numbers, Numbers | None] | None:
    """The box for a wording with the least against it and the ends of its tie; None where there is no room."""
    wide = max(fonts.text_width(line, fonts.SMALL, bold=name.bold) for line in wording)
    half = np.array([wide, _LINE * len(wording)]) / 2 + 3
    inside = np.array([*name.inside], dtype=float).reshape(-1, 2)
    boxes = np.hstack([inside - half, inside + half])
    free = room.within(boxes, room.taken) == 0
    if free.any():
        return boxes[free.argmax()], None
    mark = np.array([name.box[0] + name.box[2], name.box[1] + name.box[3]]) / 2
    boxes = np.hstack([mark + _AROUND - half, mark + _AROUND + half])
    nearest = np.clip(mark, boxes[:, :2] + 2, boxes[:, 2:] - 2)
    away = np.hypot(*(nearest - mark).T)
    free = (room.within(boxes, room.taken) == 0) & (away > 8)
    wrong = np.sign(_AROUND[:, 1]) == -name.way
    cost = np.where(free, away + 25 * wrong + room.within(boxes, room.lines) / 6, np.inf)
    for n in np.argsort(cost, kind="stable")[: int(free.sum())]:
        start = mark + (nearest[n] - mark) * (9 if name.bold else 5) / away[n]
        if not room.crossed(start, nearest[n], name.box):
            return boxes[n], np.array([start, nearest[n]])
    return None
