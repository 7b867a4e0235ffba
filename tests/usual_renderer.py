"""Charts drawn as Altair saves them, by vl-convert's own engine: what tests compare with and benches run against."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import vl_convert
from PIL import Image

from kurskdata.drawing.fonts import FONTS


def svg(source: str) -> str:
    """The SVG of a Vega-Lite specification, given as JSON."""
    vl_convert.register_font_directory(str(FONTS))
    return str(vl_convert.vegalite_to_svg(source))


def pixels(svg_text: str, scale: float) -> Any:
    """An SVG as an array of rows x columns x red, green, blue, alpha."""
    vl_convert.register_font_directory(str(FONTS))
    with Image.open(io.BytesIO(vl_convert.svg_to_png(svg_text, scale=scale))) as image:
        return np.asarray(image.convert("RGBA"))
