"""A chart specification as SVG and PNG, the same bytes on every machine.

The fonts that the charts name are registered from the package, so that no other font steps in. The converter
starts once in a process; a process that has used it must not fork.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import json
import os
from collections import OrderedDict
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

Spec = dict[str, Any]

cache: Path | None = None
"""A folder that keeps drawings by content from one process to the next; None keeps them in memory alone."""

_drawn: OrderedDict[str, bytes] = OrderedDict()
_DRAWN = 64


@functools.cache
def _converter() -> Any:
    import vl_convert

    from kurskdata.charts.theme import FONTS

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


def warm_up() -> None:
    """Starts the converter, which takes as long as to draw several charts."""
    with contextlib.suppress(ModuleNotFoundError):  # no charts without the extra of that name
        _converter().vegalite_to_svg('{"mark": "point", "data": {"values": [{}]}}')


def svg(spec: Spec) -> str:
    """The chart as SVG text, with its title and description inside for screen readers."""
    source = json.dumps(_drawable(spec))
    plain = kept("svg", source, lambda: _converter().vegalite_to_svg(source).encode()).decode()
    meta = spec.get("usermeta", {}).get("kurskdata", {})
    if not meta:
        return plain
    head, mark, rest = plain.partition(">")
    named = f"<title>{escape(meta['title'])}</title><desc>{escape(meta['alt'])}</desc>"
    return f'{head} role="img"{mark}{named}{rest}'


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
    """An SVG as PNG, packed: the converter writes it nearly uncompressed."""
    return kept(f"png {scale}", svg_text, lambda: packed(raster(svg_text, scale)))


def raster(svg_text: str, scale: float) -> Any:
    """An SVG as an image of Pillow."""
    from PIL import Image

    with Image.open(io.BytesIO(_converter().svg_to_png(svg_text, scale=scale))) as image:
        return image.convert("RGBA")


def packed(image: Any) -> bytes:
    """An image of Pillow as a small PNG."""
    from PIL import Image

    # Charts have few colours: a palette of 256 cannot be told from the original and halves the file. Covering the
    # whole range of colours keeps small marks in theirs, which a palette of the most frequent ones turns grey.
    few = image.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    out = io.BytesIO()
    # The highest level of compression takes six times as long, for a twentieth of the size.
    few.save(out, "PNG", compress_level=6)
    return out.getvalue()


def kept(kind: str, source: str, draw: Callable[[], bytes]) -> bytes:
    """What ``draw`` gives, drawn once for the same kind of picture, source, fonts and versions."""
    key = hashlib.sha256(f"{_salt()} {kind} {source}".encode()).hexdigest()
    if key not in _drawn:
        path = cache / key[:2] / key if cache else None
        content = _stored(path)
        if content is None:
            content = draw()
            _store(path, content)
        _drawn[key] = content
        if len(_drawn) > _DRAWN:
            _drawn.popitem(last=False)
    return _drawn[key]


@functools.cache
def _salt() -> str:
    """What a drawing depends on besides its source: this module, the converters, the fonts."""
    from importlib.metadata import version

    from kurskdata.charts.theme import FONTS

    hashed = hashlib.sha256(Path(__file__).read_bytes())
    for font in sorted(FONTS.glob("*.ttf")):
        hashed.update(font.read_bytes())
    return f"{hashed.hexdigest()} {version('vl-convert-python')} {version('pillow')}"


def _stored(path: Path | None) -> bytes | None:
    """The content of a kept drawing, if it is whole: its hash stands in front."""
    try:
        found = path.read_bytes() if path else b""
    except OSError:
        return None
    content = found[64:]
    if path is None or hashlib.sha256(content).hexdigest().encode() != found[:64]:
        return None
    os.utime(path)  # the drawings unused for longest are dropped first
    return content


def _store(path: Path | None, content: bytes) -> None:
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        aside.write_bytes(hashlib.sha256(content).hexdigest().encode() + content)
        aside.replace(path)
    except OSError:
        return  # a cache that cannot be written is none
