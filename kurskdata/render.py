"""A chart specification as SVG and PNG, the same bytes on every machine.

The fonts that the charts name are registered from the package, so that no other font steps in. The converter
starts once in a process; a process that has used it must not fork.
"""

from __future__ import annotations

import functools
import io
import json
from html import escape
from typing import Any

Spec = dict[str, Any]


@functools.cache
def _converter() -> Any:
    import vl_convert

    from kurskdata.charts.theme import FONTS

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


def svg(spec: Spec) -> str:
    """The chart as SVG text, with its title and description inside for screen readers."""
    plain: str = _converter().vegalite_to_svg(json.dumps(spec))
    meta = spec.get("usermeta", {}).get("kurskdata", {})
    if not meta:
        return plain
    head, mark, rest = plain.partition(">")
    named = f"<title>{escape(meta['title'])}</title><desc>{escape(meta['alt'])}</desc>"
    return f'{head} role="img"{mark}{named}{rest}'


def narrow(spec: Spec) -> Spec | None:
    """The drawing for phones that a chart carries, as a whole specification; None where it has none."""
    meta = spec.get("usermeta", {}).get("kurskdata", {})
    if "narrow" not in meta:
        return None
    own = {k: v for k, v in meta.items() if k != "narrow"}
    inner: Spec = meta["narrow"]
    return {**inner, "datasets": {**spec["datasets"], **inner["datasets"]}, "usermeta": {"kurskdata": own}}


def png(svg_text: str, scale: float = 2.0) -> bytes:
    """An SVG as PNG, recompressed: the converter writes it nearly uncompressed."""
    from PIL import Image

    raw = _converter().svg_to_png(svg_text, scale=scale)
    packed = io.BytesIO()
    with Image.open(io.BytesIO(raw)) as image:
        image.convert("RGB").save(packed, "PNG", optimize=True)
    return packed.getvalue()
