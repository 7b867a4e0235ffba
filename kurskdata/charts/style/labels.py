"""Where labels go, so that none covers another or leaves the plot. Pixels throughout, y downwards."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from kurskdata.charts.style.marks import Layer, Rows, haloed
from kurskdata.drawing.fonts import SMALL, text_width

Box = tuple[float, float, float, float]
Boxes = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Label:
    """A text beside the mark at ``x`` and ``y``; `place` fills in where it starts (its left edge and its middle line).

    It stands at most ``reach`` pixels from its mark, and crosses a line to be avoided only where it may.
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

    @property
    def width(self) -> float:
        return text_width(self.text, self.size, bold=self.bold)

    @property
    def box(self) -> Box:
        half = self.size * 0.6
        return self.left - 2, self.middle - half, self.left + self.width + 2, self.middle + half

    @property
    def nearest(self) -> tuple[float, float]:
        """The point of the text that is nearest to its mark."""
        left, top, right, bottom = self.box
        return min(max(self.x, left), right), min(max(self.y, top + 3), bottom - 3)

    @property
    def away(self) -> float:
        """How far the text stands from its mark."""
        x, y = self.nearest
        return math.hypot(x - self.x, y - self.y)


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
    that no label may cover, and ``lines`` points on lines that only some may. A label that fits nowhere is left out.
    """
    marks, crossed = (np.array([*some], dtype=float).reshape(-1, 2) for some in (points, lines))
    avoided = _around(crossed, 5)
    taken = np.array([*blocked], dtype=float).reshape(-1, 4)
    placed: list[Label] = []
    for label in labels:
        spots = [spot for spot in _spots(label) if spot.away <= label.reach]
        boxes = np.array([spot.box for spot in spots]).reshape(-1, 4)
        left, top, right, bottom = boxes.T
        inside = (left >= 0) & (right <= width) & (top >= 0) & (bottom <= height)
        others = _around(marks[(marks != (label.x, label.y)).any(axis=1)], clear)
        free = inside & ~_covered(boxes, np.concatenate([others, taken]))
        clean = free & ~_covered(boxes, avoided)
        chosen = free if label.may_cross and not clean.any() else clean
        if chosen.any():
            first = int(chosen.argmax())
            taken = np.concatenate([taken, boxes[first : first + 1]])
            placed.append(spots[first])
    return placed


def _around(points: Boxes, gap: float) -> Boxes:
    """The squares round points, as far as ``gap`` on each side."""
    return np.concatenate([points - gap, points + gap], axis=1)


def _covered(boxes: Boxes, others: Boxes) -> npt.NDArray[np.bool_]:
    """Which boxes share ground with any of the others."""
    left, top, right, bottom = boxes.T[:, :, None]
    across = (left < others[:, 2]) & (others[:, 0] < right)
    covered: npt.NDArray[np.bool_] = (across & (top < others[:, 3]) & (others[:, 1] < bottom)).any(axis=1)
    return covered


def _spots(label: Label) -> list[Label]:
    """Candidates: right, left, above, below, then the corners, then the same further out; farthest for bold ones,
    which matter most."""
    w, h = label.width, label.size
    spots = []
    for gap in (9.0, 20.0, 34.0, 48.0, 62.0) if label.bold else (9.0, 20.0, 34.0):
        right, left, middle = label.x + gap, label.x - gap - w, label.x - w / 2
        up, down = label.y - gap - h * 0.3, label.y + gap + h * 0.3
        spots += [(right, label.y), (left, label.y), (middle, up), (middle, down)]
        spots += [(right - 4, up), (left + 4, up), (right - 4, down), (left + 4, down)]
    return [replace(label, left=left, middle=middle) for left, middle in spots]


def written(
    labels: Sequence[Label], halos: Sequence[str], edge: float, opacity: float, weight: str = ""
) -> list[Layer]:
    """The layers of placed labels, each on an edge of its colour in ``halos``; ``weight`` holds for all of them."""
    layers, found = list[Layer](), {False: Rows(), True: Rows()}
    for label, halo in zip(labels, halos, strict=True):
        at = {"x": round(label.left, 1), "y": round(label.middle, 1)}
        found[label.bold].append({**at, "text": label.text, "colour": label.colour, "halo": halo})
    for bold, rows in found.items():
        if rows:
            size = next(label.size for label in labels if label.bold is bold)
            usual = "bold" if bold else "normal"
            layers += haloed(rows, edge, opacity, fontWeight=weight or usual, fontSize=size)
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
