"""The look of all charts: one font, one palette, one frame of title, subtitle and source line.

Colours say who speaks, and every colour has a shape beside it, so that no meaning hangs on colour alone.
Vermilion, blue and grey keep apart under the common forms of colour-vision deficiency.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from kurskdata.drawing import fonts
from kurskdata.words.language import Words

COLOURS = {
    "background": ("#ffffff", "#14171b"),
    "ink": ("#1b1f24", "#f1f3f5"),
    "muted": ("#59616b", "#a9b1bb"),
    "line": ("#d7dbe0", "#3a414a"),
    "wash": ("#f3f0ea", "#23272e"),
    "russia": ("#c2410c", "#ff8f5a"),
    "ukraine": ("#0b63a5", "#6cb6f5"),
    "independent": ("#5f6670", "#b4bcc6"),
    "map": ("#3b4450", "#d5dae0"),
    "ribbon": ("#d3d8de", "#3b434d"),
    "on_accent": ("#ffffff", "#14171b"),
    "alert": ("#a4117f", "#f58fdc"),
    "earlier": ("#98867b", "#8f7d73"),
    "later": ("#431405", "#ffe6d9"),
}
"""Every colour in the light and in the dark theme."""


class Palette(SimpleNamespace):
    """The colours of one theme, as hex text: an attribute for every name in `COLOURS`."""


LIGHT, DARK = (Palette(**{name: pair[n] for name, pair in COLOURS.items()}) for n in (0, 1))

SHAPES = {"russia": "diamond", "ukraine": "circle", "independent": "square", "map": "square"}

BY_SIDE: dict[str, Any] = {"field": "side", "type": "nominal", "legend": None}
BY_SIDE["scale"] = {"domain": [*SHAPES], "range": [*SHAPES.values()]}
"""The shape of a point by its field ``side``."""


def palette(theme: str) -> Palette:
    """The colours of a theme, light or dark."""
    return DARK if theme == "dark" else LIGHT


def config(theme: str, w: Words) -> dict[str, Any]:
    """The Vega-Lite configuration that every chart carries, with the numbers and dates of its language."""
    p, locale = palette(theme), w.vega()
    return ({"locale": locale} if locale else {}) | {
        "font": fonts.FONT,
        "background": p.background,
        "padding": 12,
        "view": {"stroke": None},
        "axis": {
            "labelColor": p.muted,
            "labelFontSize": fonts.SMALL,
            "titleColor": p.muted,
            "titleFontSize": fonts.SMALL,
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
            "fontSize": fonts.TITLE,
            "fontWeight": "bold",
            "subtitleColor": p.muted,
            "subtitleFontSize": fonts.SUBTITLE,
            "subtitlePadding": 6,
            "offset": 14,
            "frame": "bounds",
        },
        "text": {"font": fonts.FONT, "fontSize": fonts.BODY, "color": p.ink},
        "concat": {"spacing": 6},
    }
