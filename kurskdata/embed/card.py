"""The card of a chart for social networks: its message, one simplified drawing and its source, to be read in a feed.

The drawing is what the chart says in ``usermeta.kurskdata.card``, see `kurskdata.charts.style.frame.Card`. Feeds show
a card 400 pixels wide, a third of its size, so that letters have 36 pixels at least.
"""

from __future__ import annotations

import math
from typing import Any

from kurskdata.charts.style import theme
from kurskdata.drawing.fonts import FONT, text_width, wrap
from kurskdata.drawing.svg import Spec
from kurskdata.templates import filled
from kurskdata.words.figures import amount
from kurskdata.words.language import Words

SIZES = (80, 72, 64, 58, 52, 46, 40, 36)
"""The sizes that a title may have, of which the largest that fits is taken; all other text has the last."""

_SMALL, _LINE = SIZES[-1], 44
_LEFT, _RIGHT, _TOP, _FOOT, _LABELS = 56, 1144, 36, 598, 520
"""Pixels: size and height of a line of text, the edges of what is drawn, the widest column of labels."""

Row = dict[str, Any]


def alt(spec: Spec) -> str:
    """The card in words."""
    told = _told(spec)
    rows = [f"{row['label']}: {row['said']}" for row in told["rows"]]
    return ". ".join(filter(None, (told["headline"], told["lead"], "; ".join(rows)))) + "."


def _told(spec: Spec) -> dict[str, Any]:
    """What the card of a chart says: what the chart made for it or else its title, subtitle and sources."""
    meta, subtitle = spec["usermeta"]["kurskdata"], " ".join(spec.get("title", {}).get("subtitle", ""))
    plain = {"headline": meta["title"], "lead": subtitle, "sources": meta["source"], "rows": []}
    return {**plain, **meta.get("card", {})}


def svg(spec: Spec) -> str:
    """The card as SVG: rectangles, and texts of one line each."""
    meta, told = spec["usermeta"]["kurskdata"], _told(spec)
    rows, left, right = _laid([{"high": None, "hollow": False, **row} for row in told["rows"]])
    marks, most = _marks(rows), 2 if rows else 3
    foot, lead = _lines(told["sources"], most), _lines(told["lead"], most)
    bottom = _FOOT - _LINE * (len(foot) + bool(marks)) - 12
    needed = sum(row["height"] for row in rows) + _LINE * len(lead) + 16
    fitting = ((s, wrap(told["headline"], _RIGHT - _LEFT, s, bold=True)) for s in SIZES)
    size, head = next(
        (s, lines) for s, lines in fitting if s == _SMALL or len(lines) * s * 1.2 <= bottom - _TOP - needed
    )
    top = _TOP + len(head) * size * 1.2
    _placed(rows, marks, (left, right), (top + _LINE * len(lead) + 16, bottom))
    return filled(
        "card.svg", chart=told, p=vars(theme.palette(meta["theme"])), w=Words(meta["language"]), amount=amount, font=FONT, head=head, size=size,
        lead=lead, lead_top=top, rows=rows, marks=marks, bottom=bottom, foot=foot, edges=(_LEFT, _RIGHT, _TOP, _FOOT),
    )  # fmt: skip


def _lines(text: str, most: int) -> list[str]:
    """A text in lines, without the clauses at its end for which there is no room."""
    parts = text.split("; ")
    found = [wrap("; ".join(parts[:n]), _RIGHT - _LEFT, _SMALL) for n in range(len(parts), 0, -1)]
    return next((lines for lines in found if len(lines) <= most), found[-1]) if text else []


def _laid(rows: list[Row]) -> tuple[list[Row], float, float]:
    """The rows with the lines of their texts and their least height, and the edges between which bars lie.

    Labels stand above the bars of few rows, and beside those of many and beside words.
    """
    few = len(rows) <= 3 and any(row["high"] is not None for row in rows)
    left, right = float(_LEFT), float(_RIGHT)
    texts = [f"{row['label']}: {row['said']}" if few else row["label"] for row in rows]
    labels = [wrap(text, right - left if few else _LABELS, _SMALL, bold=True) for text in texts]
    if rows and not few:
        left += 24 + max(text_width(line, _SMALL, bold=True) for lines in labels for line in lines)
        right -= max(0 if row["high"] is None else text_width(row["said"], _SMALL) + 16 for row in rows)
    said = [[] if few else wrap(row["said"], _RIGHT - left, _SMALL) for row in rows]
    laid = [
        {**row, "label": label, "said": lines, "above": _LINE * len(label) if few else 0}
        | {"height": _LINE * max(len(label) + few, len(lines)) + 8}
        for row, label, lines in zip(rows, labels, said, strict=True)
    ]
    return laid, left, right


def _marks(rows: list[Row]) -> list[float]:
    """Round values from below all bars to above them where none begins at nothing; otherwise the values need none."""
    ends = [row[end] for row in rows if row["high"] is not None for end in ("low", "high")]
    if not ends or min(ends) <= 0 or min(ends) == max(ends):
        return []
    steps = (part * 10.0**power for power in range(-2, 6) for part in (1, 2, 5))
    counts = ((step, math.floor(min(ends) / step), math.ceil(max(ends) / step)) for step in steps)
    step, first, last = next(count for count in counts if count[2] - count[1] <= 4)
    return [round(n * step, 2) for n in range(first, last + 1)]


def _placed(
    rows: list[Row], marks: list[float], across: tuple[float, float], down: tuple[float, float]
) -> None:
    """Gives the rows their places between two heights, and their bars theirs on one scale between two edges."""
    spare = (down[1] - down[0] - sum(row["height"] for row in rows)) / max(len(rows), 1)
    top = max((row["high"] or 0 for row in rows), default=0)
    low, high = (marks[0], marks[-1]) if marks else (0, top or 1)
    y, scale = down[0], (across[1] - across[0]) / (high - low)
    for row in rows:
        thick = min(row["height"] + spare - row["above"], 64) - 12
        row |= {"y": y, "x": across[0], "width": 0.0, "thick": thick}
        if row["high"] is not None:
            row["x"] += (row["low"] - low) * scale
            row["width"] = max((row["high"] - row["low"]) * scale, 6) if row["high"] else 0
        y += row["height"] + min(spare, _LINE)
