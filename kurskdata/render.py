"""A chart specification as SVG and PNG, the same bytes on every machine.

Vega draws the SVG (`vega`); pictures are made from that SVG with its texts as outlines of the package's own font
(`outlines`), so that no other font steps in. A process that has drawn must not fork.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import json
from collections import OrderedDict
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kurskdata import kept, vega

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8]

Spec = dict[str, Any]

cache: Path | None = None
"""A folder that keeps drawings by content from one process to the next; None keeps them in memory alone."""

_drawn: OrderedDict[str, bytes] = OrderedDict()
_DRAWN = 24
"""How many of them: an edition of the report asks again for a few of its twenty."""


_EVERYDAY: Spec = {
    "title": "",
    "data": {"values": [{"day": "2025-03-14", "n": 1}]},
    "encoding": {
        "x": {"field": "day", "type": "temporal", "scale": {"type": "utc"}},
        "y": {"field": "n", "type": "quantitative"},
        "color": {"field": "n", "type": "nominal", "scale": None},
    },
    "layer": [{"mark": mark} for mark in ("point", "rule", "line", "area", "rect")]
    + [{"mark": "text", "encoding": {"text": {"field": "n"}}}],
}
"""What most charts are made of."""


def warm_up() -> None:
    """Starts what draws, which takes as long as to draw several charts, and draws once what is usual."""
    with contextlib.suppress(ModuleNotFoundError):  # no charts without the extra of that name
        vega.svg(json.dumps(_EVERYDAY))


def svg(spec: Spec) -> str:
    """The chart as SVG text; one of ours with its title and description inside for screen readers."""
    meta = spec.get("usermeta", {}).get("kurskdata", {})
    source = json.dumps(_drawable(muted(spec) if meta else spec))
    plain = drawn("svg", source, lambda: vega.svg(source).encode()).decode()
    if not meta:
        return plain
    head, mark, rest = plain.partition(">")
    named = f"<title>{escape(meta['title'])}</title><desc>{escape(meta['alt'])}</desc>"
    return f'{head} role="img"{mark}{named}{rest}'


def muted(spec: Spec) -> Spec:
    """The specification without what says the same for every single mark: tooltips, which a picture cannot show, and
    labels for screen readers, which are told of the picture as a whole. They take a third of the time."""
    config = spec.get("config", {})
    quiet = {**config, "aria": False, "mark": {**config.get("mark", {}), "aria": False}}
    told = {name: part for name, part in _without_tooltips(spec).items() if name != "description"}
    return {**told, "config": quiet}


def _without_tooltips(spec: Spec) -> Spec:
    left = dict(spec)
    for name in ("vconcat", "layer"):
        if name in spec:
            left[name] = [_without_tooltips(part) for part in spec[name]]
    if "tooltip" in spec.get("encoding", {}):
        left["encoding"] = {name: value for name, value in spec["encoding"].items() if name != "tooltip"}
    return left


def _drawable(spec: Spec) -> Spec:
    """The specification without what is only carried along: rows that no layer draws, what exporters need."""
    needed = {k: v for k, v in spec.items() if k not in ("usermeta", "datasets")}
    if "datasets" in spec:
        named = json.dumps(needed)
        needed["datasets"] = {k: v for k, v in spec["datasets"].items() if f'"name": "{k}"' in named}
    return needed


def narrow(spec: Spec) -> Spec | None:
    """The drawing for phones that a chart carries, as a whole specification; None where it has none."""
    meta = spec.get("usermeta", {}).get("kurskdata", {})
    if "narrow" not in meta:
        return None
    own = {k: v for k, v in meta.items() if k != "narrow"}
    inner: Spec = meta["narrow"]
    return {**inner, "datasets": {**spec["datasets"], **inner["datasets"]}, "usermeta": {"kurskdata": own}}


def png(svg_text: str, scale: float = 2.0) -> bytes:
    """An SVG as PNG, packed."""
    return drawn(f"png {scale}", svg_text, lambda: packed(raster(svg_text, scale)))


_last: dict[tuple[str, float], Pixels] = {}
"""The pixels of the last picture, megabytes that make room before the next is drawn."""


def raster(svg_text: str, scale: float) -> Pixels:
    """An SVG as pixels, rows x columns x red, green, blue and one that is not used.

    Nobody changes them: the card of a chart is cut from those of its picture.
    """
    from kurskdata.outlines import outlined

    if (svg_text, scale) not in _last:
        _last.clear()
        text = outlined(svg_text)
        painted = _painted(text, scale)
        _last[svg_text, scale] = _converted(text, scale) if painted is None else painted
    return _last[svg_text, scale]


def _painted(svg_text: str, scale: float) -> Pixels | None:
    """The picture by ThorVG, which takes a fifth of the converter's time; None where a text needs a font of the
    machine, for which the converter looks."""
    if "<text" in svg_text:
        return None
    import numpy as np
    from thorvg_python.base import Result
    from thorvg_python.canvas.sw import SwCanvas
    from thorvg_python.paint.picture import Picture

    picture, canvas = Picture(_engine()), SwCanvas(_engine())
    if picture.load_data(svg_text.encode(), "svg", None, True) is not Result.SUCCESS:
        return None
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


def _converted(svg_text: str, scale: float) -> Pixels:
    """The picture by vl-convert."""
    import numpy as np
    import vl_convert
    from PIL import Image

    with Image.open(io.BytesIO(vl_convert.svg_to_png(svg_text, scale=scale))) as image:
        return np.asarray(image.convert("RGBA"))


_COLOURS = 160
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


def drawn(kind: str, source: str, draw: Callable[[], bytes]) -> bytes:
    """What ``draw`` gives, drawn once for the same kind of picture, source, fonts and versions."""
    key = hashlib.sha256(f"{_salt()} {kind} {source}".encode()).hexdigest()
    if key not in _drawn:
        path = kept.place(cache, key)
        content = kept.read(path)
        if content is None:
            content = draw()
            kept.write(path, content)
        _drawn[key] = content
        if len(_drawn) > _DRAWN:
            _drawn.popitem(last=False)
    return _drawn[key]


@functools.cache
def _salt() -> str:
    """What a drawing depends on besides its source: the modules that draw, the libraries, the fonts."""
    from importlib.metadata import version

    from kurskdata.charts.theme import FONTS

    hashed = hashlib.sha256()
    names = ("render", "vega", "outlines", "embed/pictures", "charts/theme")
    modules = [Path(__file__).parent / f"{name}.py" for name in names]
    for path in [*modules, *sorted(FONTS.glob("*.ttf"))]:
        hashed.update(path.read_bytes())
    libraries = ("vl-convert-python", "mini-racer", "thorvg-python", "uharfbuzz", "pillow")
    return " ".join([hashed.hexdigest(), *map(version, libraries)])
