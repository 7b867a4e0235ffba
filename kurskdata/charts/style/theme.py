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


_LOOK: dict[str, Any] = json.loads(Path(__file__).with_name("look.json").read_text("utf-8"))
"""The configuration of Vega-Lite, with names of colours and of fonts and their sizes in the place of these."""


class Palette(SimpleNamespace):
    """The colours of one theme, as hex text: an attribute for every name in `COLOURS`."""


LIGHT, DARK = (Palette(**{name: forms[n] for name, forms in COLOURS.items()}) for n in (0, 1))

SHAPES = {"russia": "diamond", "ukraine": "circle", "independent": "square", "map": "cross"}


def palette(theme: str) -> Palette:
    """The colours of a theme, light or dark."""
    return DARK if theme == "dark" else LIGHT


def config(theme: str, w: Words) -> dict[str, Any]:
    """The Vega-Lite configuration that every chart carries, with the numbers and dates of its language."""
    locale, named = w.vega(), {**vars(palette(theme)), **vars(fonts)}

    def filled(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: filled(value) for key, value in part.items()}
        return named.get(part, part) if isinstance(part, str) else part

    look: dict[str, Any] = filled(_LOOK)
    return ({"locale": locale} if locale else {}) | look
