"""Where labels go, so that none covers another or leaves the plot. Pixels throughout, y downwards."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from kurskdata.charts.style.marks import Layer, Rows, haloed, own, spans
from kurskdata.drawing.fonts import SMALL, text_width

Box = tuple[float, float, float, float]
Boxes = npt.NDArray[np.float64]

_LINE, _BESIDE, _FAR = 14, 11, 18
"""Pixels from one line of a text to the next, at most from a mark to a text that needs no tie, and at least with one."""

_ROUND = np.stack(np.meshgrid(np.arange(-168, 169, 8), np.arange(-126, 127, 7)), axis=-1).reshape(-1, 2)
"""Where the middle of a text with a tie may stand from its mark."""


@dataclass(frozen=True)
class Label:
    """A text beside the mark at ``x`` and ``y``; `place` fills in where it starts (its left edge and its middle line).

    It stands at most ``reach`` pixels from its mark, upon it if that is 0, and crosses a line to be avoided only where
    it may. If it is ``tied``, it may stand farther away, with a line from the ``edge`` of its mark to it. Of the labels
    with one ``key`` the first that finds room is placed.
    """

    text: str
    x: float
    y: float
    size: int = SMALL
    bold: bool = False
    colour: str = ""
    reach: float = math.inf
    may_cross: bool = False
    left: float = 0
    middle: float = 0
    tied: bool = False
    edge: float = 6
    key: Any = None

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @property
    def width(self) -> float:
        return max(text_width(line, self.size, bold=self.bold) for line in self.lines)

    @property
    def box(self) -> Box:
        half = self.size * 0.6 + _LINE * (len(self.lines) - 1) / 2
        return self.left - 2, self.middle - half, self.left + self.width + 2, self.middle + half

    @property
    def tie(self) -> Boxes:
        """Points on the line from the mark to the text; none where there is no such line."""
        mark, (nearest,) = np.array([self.x, self.y]), _nearest(self, np.array([self.box]))
        away = math.dist(mark, nearest)
        if not self.tied or away <= _BESIDE:
            return np.empty((0, 2))
        parts = np.linspace(self.edge / away, 1, 2 + int(away / 2))
        return np.asarray(mark + parts[:, None] * (nearest - mark))


def place(
    labels: Iterable[Label],
    points: Iterable[tuple[float, float]],
    width: float,
    height: float,
    *,
    clear: float = 5,
    blocked: Sequence[Box] = (),
    lines: Iterable[tuple[float, float]] = (),
) -> list[Label]:
    """The labels that find room, most important first, each beside its mark and clear of the others.

    ``points`` are the marks, of which no label comes nearer than ``clear`` to any but its own, ``blocked`` are boxes
    that no label may cover, and ``lines`` points on lines that only some may. A tie leads over nothing but the marks
    about its own. A label that fits nowhere is left out.
    """
    marks, crossed = (np.array([*some], dtype=float).reshape(-1, 2) for some in (points, lines))
    avoided = _around(crossed, 5)
    taken = np.array([*blocked], dtype=float).reshape(-1, 4)
    placed: list[Label] = []
    for label in labels:
        if label.key is not None and label.key in {one.key for one in placed}:
            continue
        mark, spots = np.array([label.x, label.y]), _spots(label)
        boxes = spots[:, [0, 1, 0, 1]] + replace(label, left=0, middle=0).box
        away = np.hypot(*(_nearest(label, boxes) - mark).T)
        left, top, right, bottom = boxes.T
        free = (left >= 0) & (right <= width) & (top >= 0) & (bottom <= height) & (away <= label.reach)
        free &= (not label.tied) | ((away >= 8) & (away <= _BESIDE)) | (away >= _FAR)
        others = marks[(marks != mark).any(axis=1)]
        free[free] = ~_covered(boxes[free], np.concatenate([_around(others, clear), taken]))
        clean = free.copy()
        clean[free] = ~_covered(boxes[free], avoided)
        # The boxes at a mark are its own; a place on a line has none.
        here = _covered(taken, _around(mark[None], 1)) & (label.edge > 1)
        foreign = np.concatenate([_around(others, 4), taken[~here]])
        order = np.lexsort((away if label.tied else np.arange(len(spots)), ~clean, ~free))
        texts = np.array([one.box for one in placed]).reshape(-1, 4)
        for n in order[: (free if label.may_cross else clean).sum()]:
            spot = replace(label, left=float(spots[n][0]), middle=float(spots[n][1]))
            tie = spot.tie
            begin = _around(tie[:1], 10)
            # The tie of a line crosses no other; near its end it may touch its own.
            over = tie[6 if label.edge <= 1 else len(tie) :]
            if not (
                _covered(_around(tie[int(label.edge / 2) :], 1), foreign).any()
                or _covered(_around(over, 1), avoided).any()
                or _covered(begin, texts).any()
            ):
                taken = np.concatenate([taken, boxes[n : n + 1], _around(tie[::3], 4), begin])
                placed.append(spot)
                break
    return placed


def along(corners: Sequence[tuple[float, float]], gap: float) -> list[tuple[float, float]]:
    """Points on a line through corners, so far apart."""
    x, y = np.array(corners).T
    length = np.concatenate([[0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    steps = np.arange(0, length[-1], gap)
    return list(zip(np.interp(steps, length, x).tolist(), np.interp(steps, length, y).tolist(), strict=True))


def _nearest(label: Label, boxes: Boxes) -> Boxes:
    """The point of each box that is nearest to the mark of a label, without a tie a little inside."""
    inside = (0, 0 if label.tied else 3)
    return np.clip((label.x, label.y), boxes[:, :2] + inside, boxes[:, 2:] - inside)


def _around(points: Boxes, gap: float) -> Boxes:
    """The squares round points, as far as ``gap`` on each side."""
    return np.concatenate([points - gap, points + gap], axis=1)


def _covered(boxes: Boxes, others: Boxes) -> npt.NDArray[np.bool_]:
    """Which boxes share ground with any of the others."""
    left, top, right, bottom = boxes.T[:, :, None]
    across = (left < others[:, 2]) & (others[:, 0] < right)
    covered: npt.NDArray[np.bool_] = (across & (top < others[:, 3]) & (others[:, 1] < bottom)).any(axis=1)
    return covered


def _spots(label: Label) -> Boxes:
    """Candidates, left and middle: right, left, above, below, then the corners, then the same further out; farthest for
    bold ones, which matter most. Those of a text with a tie lie all round the mark."""
    w, h, x, y = label.width, label.size, label.x, label.y
    if label.tied or not label.reach:
        return np.array([x - w / 2, y]) + (_ROUND if label.tied else [[0, 0]])
    spots = []
    for gap in (9.0, 20.0, 34.0, 48.0, 62.0) if label.bold else (9.0, 20.0, 34.0):
        right, left, up, down = x + gap, x - gap - w, y - gap - h * 0.3, y + gap + h * 0.3
        spots += [(right, y), (left, y), (x - w / 2, up), (x - w / 2, down)]
        spots += [(right - 4, up), (left + 4, up), (right - 4, down), (left + 4, down)]
    return np.array(spots)


def written(labels: Sequence[Label], halos: Sequence[str], edge: float, opacity: float) -> list[Layer]:
    """The layers of placed labels, ties below, each text on an edge of its colour in ``halos``, its lines towards its mark."""
    layers, found, ties = list[Layer](), {False: Rows(), True: Rows()}, Rows()
    for label, halo in zip(labels, halos, strict=True):
        look = {"colour": label.colour, "halo": halo}
        for n, line in enumerate(label.lines):
            room = label.width - text_width(line, label.size, bold=label.bold)
            left = label.left + room * (label.left + label.width / 2 < label.x)
            middle = label.middle + _LINE * (n - (len(label.lines) - 1) / 2)
            found[label.bold].append({"x": round(left, 1), "y": round(middle, 1), "text": line, **look})
        if len(label.tie):
            ends = zip(("x", "y", "x2", "y2"), label.tie[[0, -1]].ravel().round().tolist(), strict=True)
            ties.append({**dict(ends), "colour": label.colour})
    if ties:
        layers.append(spans("rule", ties, color=own("colour"), name="ties"))
    for bold, rows in found.items():
        if rows:
            size = next(label.size for label in labels if label.bold is bold)
            layers += haloed(rows, edge, opacity, fontWeight="bold" if bold else "normal", fontSize=size)
    return layers


def spread(wanted: list[float], gap: float, low: float, high: float) -> list[float]:
    """Positions in the same order, at least ``gap`` apart and within limits, as near to the wanted ones as a
    sweep down and a sweep up bring them. ``wanted`` is sorted."""
    at = list(wanted)
    for i in range(1, len(at)):
        at[i] = max(at[i], at[i - 1] + gap)
    if at and at[-1] > high:
        at[-1] = high
        for i in reversed(range(len(at) - 1)):
            at[i] = min(at[i], at[i + 1] - gap)
    return [max(y, low + i * gap) for i, y in enumerate(at)] if at and at[0] < low else at
