"""The look of all charts: one font, one palette, one frame of title, subtitle and source line.

Colours say who speaks, and every colour has a shape beside it, so that no meaning hangs on colour alone.
Vermilion, blue and grey keep apart under the common forms of colour-vision deficiency.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from kurskdata.drawing import fonts
from kurskdata.words.language import Words

COLOURS: dict[str, list[str]] = json.loads(Path(__file__).with_name("colours.json").read_text("utf-8"))
"""Every colour in the light theme, in the dark one, and where the reader's system sets colours: those of text, mostly."""


class Palette(SimpleNamespace):
    """The colours of one theme, as hex text: an attribute for every name in `COLOURS`."""


LIGHT, DARK = (Palette(**{name: forms[n] for name, forms in COLOURS.items()}) for n in (0, 1))

SHAPES = {"russia": "diamond", "ukraine": "circle", "independent": "square", "map": "cross"}

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
