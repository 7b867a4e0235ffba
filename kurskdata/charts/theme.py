"""The look of all charts: one font, one palette, one frame of title, subtitle and source line.

Colours say who speaks, and every colour has a shape beside it, so that no meaning hangs on colour alone.
Vermilion, blue and grey keep apart under the common forms of colour-vision deficiency.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import ImageFont

from kurskdata.words.language import Words

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
FONTS = Path(__file__).parent.parent / "fonts"

TITLE, SUBTITLE, BODY, SMALL = 20, 14, 13, 12
"""Sizes of text in pixels; nothing is smaller than SMALL."""


@dataclass(frozen=True)
class Palette:
    """The colours of one theme, as hex text."""

    background: str
    ink: str
    muted: str
    line: str
    wash: str
    russia: str
    ukraine: str
    independent: str
    map: str
    ribbon: str
    on_accent: str
    alert: str
    earlier: str
    later: str


LIGHT = Palette(
    background="#ffffff",
    ink="#1b1f24",
    muted="#59616b",
    line="#d7dbe0",
    wash="#f3f0ea",
    russia="#c2410c",
    ukraine="#0b63a5",
    independent="#5f6670",
    map="#3b4450",
    ribbon="#d3d8de",
    on_accent="#ffffff",
    alert="#a4117f",
    earlier="#98867b",
    later="#431405",
)
DARK = Palette(
    background="#14171b",
    ink="#f1f3f5",
    muted="#a9b1bb",
    line="#3a414a",
    wash="#23272e",
    russia="#ff8f5a",
    ukraine="#6cb6f5",
    independent="#b4bcc6",
    map="#d5dae0",
    ribbon="#3b434d",
    on_accent="#14171b",
    alert="#f58fdc",
    earlier="#8f7d73",
    later="#ffe6d9",
)

SHAPES = {"russia": "diamond", "ukraine": "circle", "independent": "square"}


def palette(theme: str) -> Palette:
    """The colours of a theme, light or dark."""
    return DARK if theme == "dark" else LIGHT


def config(theme: str, w: Words) -> dict[str, Any]:
    """The Vega-Lite configuration that every chart carries, with the numbers and dates of its language."""
    p, locale = palette(theme), w.vega()
    return ({"locale": locale} if locale else {}) | {
        "font": FONT,
        "background": p.background,
        "padding": 12,
        "view": {"stroke": None},
        "axis": {
            "labelColor": p.muted,
            "labelFontSize": SMALL,
            "titleColor": p.muted,
            "titleFontSize": SMALL,
            "titleFontWeight": "normal",
            "domainColor": p.line,
            "tickColor": p.line,
            "gridColor": p.line,
            "gridOpacity": 0.7,
            "labelPadding": 6,
        },
        "title": {
            "anchor": "start",
            "color": p.ink,
            "fontSize": TITLE,
            "fontWeight": "bold",
            "subtitleColor": p.muted,
            "subtitleFontSize": SUBTITLE,
            "subtitlePadding": 6,
            "offset": 14,
            "frame": "bounds",
        },
        "text": {"font": FONT, "fontSize": BODY, "color": p.ink},
        "concat": {"spacing": 6},
    }


@functools.lru_cache(maxsize=16)
def face(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The font of the charts at a size in pixels."""
    name = "LiberationSans-Bold.ttf" if bold else "LiberationSans-Regular.ttf"
    return ImageFont.truetype(str(FONTS / name), size, layout_engine=ImageFont.Layout.BASIC)


@functools.lru_cache(maxsize=4096)
def text_width(text: str, size: int = BODY, *, bold: bool = False) -> float:
    """The width of a line of text in pixels, in the font of the charts."""
    return float(face(size, bold=bold).getlength(text))


def wrap(text: str, width: float, size: int = BODY, *, bold: bool = False) -> list[str]:
    """Text in lines that fit a width in pixels, parted at spaces."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and text_width(f"{lines[-1]} {word}", size, bold=bold) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
