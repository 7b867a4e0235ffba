"""The card of a chart for social networks: its message in large letters beside the drawing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from kurskdata.charts.style import theme
from kurskdata.drawing import cache, fonts
from kurskdata.drawing.png import packed, pixels_of
from kurskdata.drawing.svg import Spec
from kurskdata.embed.inline_svg import Drawing

if TYPE_CHECKING:
    from kurskdata.drawing.png import Pixels


WIDTH, HEIGHT = 1200, 630
_MARGIN, _COLUMN, _GAP = 44, 380, 36
_LEFT = _MARGIN + _COLUMN + _GAP
SIZES = (48, 44, 40, 36, 32, 28)
SMALL = 16
"""The sizes that a title may have, the largest that fits is taken, and that of the source line, in pixels."""


def card(spec: Spec, chart: str, drawing: Drawing) -> bytes:
    """The card as PNG, 1200 x 630 pixels, from the SVG of the chart; ``drawing`` is the one without its titles."""
    meta = spec["usermeta"]["kurskdata"]
    (x, y), (inner_x, inner_y) = _origin(chart), _origin(drawing.rendered)
    corner = (x - inner_x, y - inner_y)
    told = f"{meta['theme']}\n{meta['title']}\n{meta['source']}\n{chart}\n{corner} {drawing.width} {drawing.height}"

    def draw() -> bytes:
        whole = _texts(meta["title"], meta["source"], theme.palette(meta["theme"]))
        _paste(whole, pixels_of(chart, 2), corner, drawing)
        return packed(np.asarray(whole.convert("RGBX")))

    return cache.drawn("card", told, draw)


def _paste(whole: Image.Image, chart: Pixels, corner: tuple[float, float], drawing: Drawing) -> None:
    """Puts the drawing on the card, cut from the picture of the chart, which is at hand and twice as large."""
    left, top = (round(2 * at) for at in corner)
    part = np.ascontiguousarray(chart[top : top + 2 * drawing.height, left : left + 2 * drawing.width])
    room = (WIDTH - _LEFT - _MARGIN, HEIGHT - 2 * _MARGIN)
    scale = min(room[0] / (2 * drawing.width), room[1] / (2 * drawing.height))
    size = (round(2 * drawing.width * scale), round(2 * drawing.height * scale))
    cut = Image.frombuffer("RGBX", part.shape[1::-1], part, "raw", "RGBX", 0, 1)
    body = cut.resize(size, Image.Resampling.HAMMING).convert("RGB")
    whole.paste(body, (_LEFT + (room[0] - body.width) // 2, _MARGIN + (room[1] - body.height) // 2))


def _origin(svg: str) -> tuple[float, float]:
    """Where the plot begins in an SVG of the renderer."""
    found = re.search(r'transform="translate\(([-\d.]+),([-\d.]+)\)"', svg)
    assert found, "the renderer moves every plot"
    return float(found[1]), float(found[2])


def _texts(title: str, source: str, p: theme.Palette) -> Image.Image:
    """The card with title and source on the left, before the drawing is put beside them."""
    whole = Image.new("RGB", (WIDTH, HEIGHT), p.background)
    pen = ImageDraw.Draw(whole)
    feet = fonts.wrap(source, _COLUMN, SMALL)
    foot = HEIGHT - _MARGIN - (len(feet) - 1) * SMALL * 1.3
    size, heads = _fitted(title, foot - _MARGIN - 2 * SMALL)
    for n, line in enumerate(heads):
        place = (_MARGIN, round(_MARGIN + size * (0.85 + n * 1.15)))
        pen.text(place, line, p.ink, fonts.face(size, bold=True), "ls")
    for n, line in enumerate(feet):
        pen.text((_MARGIN, round(foot + n * SMALL * 1.3)), line, p.muted, fonts.face(SMALL), "ls")
    return whole


def _fitted(title: str, room: float) -> tuple[int, list[str]]:
    """The largest size at which a title fits its column, and its lines."""
    for size in SIZES:
        lines = fonts.wrap(title, _COLUMN, size, bold=True)
        widest = max(fonts.text_width(line, size, bold=True) for line in lines)
        if len(lines) * size * 1.15 <= room and widest <= _COLUMN:
            break
    return size, lines
