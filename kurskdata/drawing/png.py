"""An SVG as PNG, its texts as outlines of the package's own font, the same bytes on every machine."""

from __future__ import annotations

import functools
import io
from typing import TYPE_CHECKING, Any

from kurskdata.drawing import cache
from kurskdata.drawing.letters import outlined
from kurskdata.errors import BuildError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8]


def render_png(svg_text: str, scale: float = 2.0) -> bytes:
    """An SVG as PNG, packed."""
    return cache.drawn(f"png {scale}", svg_text, lambda: packed(pixels_of(svg_text, scale)))


def pixels_of(svg_text: str, scale: float) -> Pixels:
    """An SVG as pixels, rows x columns x red, green, blue and one that is not used."""
    import numpy as np
    from thorvg_python.base import Result
    from thorvg_python.canvas.sw import SwCanvas
    from thorvg_python.paint.picture import Picture

    picture, canvas = Picture(_engine()), SwCanvas(_engine())
    if picture.load_data(outlined(svg_text).encode(), "svg", None, True) is not Result.SUCCESS:
        raise BuildError("the drawing cannot be turned into a PNG: ThorVG does not read its SVG")
    _, width, height = picture.get_size()
    width, height = round(width * scale), round(height * scale)
    picture.set_size(width, height)
    canvas.set_target(width, height)
    canvas.add(picture)
    canvas.update()
    canvas.draw(True)
    canvas.sync()
    canvas.destroy()
    return np.asarray(canvas.buffer_arr, np.uint32).view(np.uint8).reshape(height, width, 4)


@functools.cache
def _engine() -> Any:
    """The drawing engine of this process, without threads of its own: a build has a process for every core."""
    from thorvg_python.engine import Engine

    return Engine(threads=0)


_COLOURS = 192
"""So many keep every shade within 3 % of its own; 256 make the file a tenth larger."""


def packed(pixels: Pixels) -> bytes:
    """Pixels as a small PNG, with a palette: charts have few colours.

    Where they are more than that, the palette covers the whole range of them, which keeps small marks in their
    colour; a palette of the most frequent ones turns them grey.
    """
    import numpy as np
    import pandas as pd
    from PIL import Image

    colours = pixels.view(np.uint32).ravel()
    # Runs of one colour: charts are flat.
    starts = np.concatenate(([0], np.flatnonzero(colours[1:] != colours[:-1]) + 1))
    runs = colours[starts]
    # Shades that differ in the last bit alone count as one, the one that comes first.
    place, found = pd.factorize(runs >> 1 & 0x7F7F7F7F)
    found[place[::-1]] = runs[::-1]
    order = np.argsort(found)
    listed, place = found[order], np.argsort(order)[place]
    every = Image.fromarray(listed.view(np.uint8).reshape(1, -1, 4)).convert("RGB")
    few = every.quantize(_COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    numbers = np.asarray(few)[0][place]
    shown = Image.fromarray(
        np.repeat(numbers, np.diff(starts, append=colours.size)).reshape(pixels.shape[:2])
    )
    shown.putpalette(few.getpalette() or [])
    out = io.BytesIO()
    # The usual level of compression takes half as long again, for a twentieth of the size.
    shown.save(out, "PNG", compress_level=4)
    return out.getvalue()
