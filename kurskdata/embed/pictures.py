"""The card of a chart for social networks: its message in large letters beside the drawing."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from kurskdata import render
from kurskdata.charts import theme
from kurskdata.embed.drawing import Drawing

Spec = dict[str, Any]

WIDTH, HEIGHT = 1200, 630
_MARGIN, _COLUMN, _GAP = 44, 380, 36
_SIZES = (48, 44, 40, 36, 32, 28)
_SMALL = 16


def card(spec: Spec, drawing: Drawing) -> bytes:
    """The card as PNG, 1200 x 630 pixels."""
    return render.png(card_svg(spec, drawing), scale=1)


def card_svg(spec: Spec, drawing: Drawing) -> str:
    """The card as SVG: title and source on the left, the drawing on the right, in the theme of the chart."""
    meta = spec["usermeta"]["kurskdata"]
    p = theme.palette("dark" if spec["config"]["background"] == theme.DARK.background else "light")
    source = theme.wrap(meta["source"], _COLUMN, _SMALL)
    foot = HEIGHT - _MARGIN - (len(source) - 1) * _SMALL * 1.3
    size, title = _fitted(meta["title"], foot - _MARGIN - 2 * _SMALL)
    left = _MARGIN + _COLUMN + _GAP
    inner = re.sub(
        r'<svg ([^>]*?)width="[^"]+" height="[^"]+"',
        rf'<svg \1x="{left}" y="{_MARGIN}" width="{WIDTH - left - _MARGIN}" height="{HEIGHT - 2 * _MARGIN}"',
        drawing.rendered,
        count=1,
    )
    heads = [
        _line(t, _MARGIN + size * (0.85 + i * 1.15), size, p.ink, bold=True) for i, t in enumerate(title)
    ]
    feet = [_line(t, foot + i * _SMALL * 1.3, _SMALL, p.muted) for i, t in enumerate(source)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{p.background}"/>{"".join(heads)}{inner}{"".join(feet)}</svg>'
    )


def _fitted(title: str, room: float) -> tuple[int, list[str]]:
    """The largest size at which a title fits its column, and its lines."""
    for size in _SIZES:
        lines = theme.wrap(title, _COLUMN, size, bold=True)
        widest = max(theme.text_width(line, size, bold=True) for line in lines)
        if len(lines) * size * 1.15 <= room and widest <= _COLUMN:
            break
    return size, lines


def _line(text: str, y: float, size: float, colour: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{_MARGIN}" y="{y:.0f}" font-family="{escape(theme.FONT)}" font-size="{size}"{weight} '
        f'fill="{colour}">{escape(text)}</text>'
    )
