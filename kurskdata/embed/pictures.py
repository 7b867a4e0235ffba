"""The card of a chart for social networks: its message in large letters beside the drawing."""

from __future__ import annotations

import io
import re
from html import escape
from typing import Any

from kurskdata import render
from kurskdata.charts import theme
from kurskdata.embed.drawing import Drawing

Spec = dict[str, Any]

WIDTH, HEIGHT = 1200, 630
_MARGIN, _COLUMN, _GAP = 44, 380, 36
_LEFT = _MARGIN + _COLUMN + _GAP
_SIZES = (48, 44, 40, 36, 32, 28)
_SMALL = 16


def card(spec: Spec, drawing: Drawing) -> bytes:
    """The card as PNG, 1200 x 630 pixels; ``drawing`` is that of the chart without its titles."""
    frame, chart = card_svg(spec), render.svg(spec)
    (x, y), (inner_x, inner_y) = _origin(chart), _origin(drawing.rendered)
    corner = (x - inner_x, y - inner_y)
    source = f"{frame}\n{chart}\n{corner} {drawing.width} {drawing.height}"
    return render.drawn("card", source, lambda: _drawn(frame, render.png(chart), corner, drawing))


def _drawn(frame: str, chart: bytes, corner: tuple[float, float], drawing: Drawing) -> bytes:
    """The card with the drawing cut from the picture of the chart, which is at hand and twice as large."""
    from PIL import Image

    whole = render.raster(frame, 1)
    with Image.open(io.BytesIO(chart)) as image:
        left, top = (round(2 * at) for at in corner)
        cut = image.convert("RGB").crop((left, top, left + 2 * drawing.width, top + 2 * drawing.height))
    room = (WIDTH - _LEFT - _MARGIN, HEIGHT - 2 * _MARGIN)
    scale = min(room[0] / cut.width, room[1] / cut.height)
    body = cut.resize((round(cut.width * scale), round(cut.height * scale)), Image.Resampling.LANCZOS)
    whole.paste(body, (_LEFT + (room[0] - body.width) // 2, _MARGIN + (room[1] - body.height) // 2))
    return render.packed(whole)


def _origin(svg: str) -> tuple[float, float]:
    """Where the plot begins in an SVG of the renderer."""
    found = re.search(r'transform="translate\(([-\d.]+),([-\d.]+)\)"', svg)
    assert found, "the renderer moves every plot"
    return float(found[1]), float(found[2])


def card_svg(spec: Spec) -> str:
    """Title and source of the card as SVG, on the left, in the theme of the chart."""
    meta = spec["usermeta"]["kurskdata"]
    p = theme.palette("dark" if spec["config"]["background"] == theme.DARK.background else "light")
    source = theme.wrap(meta["source"], _COLUMN, _SMALL)
    foot = HEIGHT - _MARGIN - (len(source) - 1) * _SMALL * 1.3
    size, title = _fitted(meta["title"], foot - _MARGIN - 2 * _SMALL)
    heads = [
        _line(t, _MARGIN + size * (0.85 + i * 1.15), size, p.ink, bold=True) for i, t in enumerate(title)
    ]
    feet = [_line(t, foot + i * _SMALL * 1.3, _SMALL, p.muted) for i, t in enumerate(source)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{p.background}"/>{"".join(heads)}{"".join(feet)}</svg>'
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
