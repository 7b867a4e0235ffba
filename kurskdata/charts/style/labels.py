"""Where labels go, so that none covers another or leaves the plot. Pixels throughout, y downwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from kurskdata.drawing.fonts import SMALL, text_width

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Label:
    """A text beside a point; `place` fills in where it starts (its left edge and its middle line)."""

    text: str
    x: float
    y: float
    size: int = SMALL
    bold: bool = False
    left: float = 0
    middle: float = 0

    @property
    def width(self) -> float:
        return text_width(self.text, self.size, bold=self.bold)

    def box(self, left: float, middle: float) -> Box:
        half = self.size * 0.6
        return left - 2, middle - half, left + self.width + 2, middle + half


def place(
    labels: Iterable[Label], points: Iterable[tuple[float, float]], width: float, height: float
) -> list[Label]:
    """The labels that find room, most important first, each beside its point and clear of the others.

    ``points`` are the marks that no label may cover. A label that fits nowhere is left out.
    """
    taken = np.array([(x - 5, y - 5, x + 5, y + 5) for x, y in points], dtype=float).reshape(-1, 4)
    placed: list[Label] = []
    for label in labels:
        spots = _places(label)
        boxes = np.array([label.box(left, middle) for left, middle in spots])
        left, top, right, bottom = boxes.T
        inside = (left >= 0) & (right <= width) & (top >= 0) & (bottom <= height)
        own = (label.x - 5, label.y - 5, label.x + 5, label.y + 5)
        others = taken[(taken != own).any(axis=1)].T
        across = (left[:, None] < others[2]) & (others[0] < right[:, None])
        covers = across & (top[:, None] < others[3]) & (others[1] < bottom[:, None])
        free = inside & ~covers.any(axis=1)
        if free.any():
            first = int(free.argmax())
            taken = np.concatenate([taken, boxes[first : first + 1]])
            placed.append(replace(label, left=spots[first][0], middle=spots[first][1]))
    return placed


def _places(label: Label) -> list[tuple[float, float]]:
    """Candidates: right, left, above, below, then the corners, then the same further out; farthest for bold ones,
    which matter most."""
    w, h = label.width, label.size
    found = []
    for gap in (9.0, 20.0, 34.0, 48.0, 62.0) if label.bold else (9.0, 20.0, 34.0):
        right, left, middle = label.x + gap, label.x - gap - w, label.x - w / 2
        up, down = label.y - gap - h * 0.3, label.y + gap + h * 0.3
        found += [(right, label.y), (left, label.y), (middle, up), (middle, down)]
        found += [(right - 4, up), (left + 4, up), (right - 4, down), (left + 4, down)]
    return found


def spread(wanted: list[float], gap: float, low: float, high: float) -> list[float]:
    """Positions in the same order, at least ``gap`` apart and within limits, as near to the wanted ones as a
    sweep down and a sweep up bring them. ``wanted`` is sorted."""
    at = list(wanted)
    for i in range(1, len(at)):
        at[i] = max(at[i], at[i - 1] + gap)
    overrun = at[-1] - high if at else 0
    if overrun > 0:
        at[-1] = high
        for i in range(len(at) - 2, -1, -1):
            at[i] = min(at[i], at[i + 1] - gap)
    if at and at[0] < low:
        at = [low + i * gap if at[i] < low + i * gap else at[i] for i in range(len(at))]
    return at
