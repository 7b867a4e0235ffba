"""A chart specification as SVG, drawn by Vega. A process that has drawn must not fork."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from html import escape
from typing import Any

from kurskdata.drawing import cache, vega_engine

Spec = dict[str, Any]


def render_svg(spec: Spec) -> str:
    """The chart as SVG text; one of ours with its title and description inside for screen readers."""
    meta = told(spec)
    source = json.dumps(_drawable(without_tooltips(spec) if meta else spec))
    plain = cache.drawn("svg", source, lambda: vega_engine.svg(source).encode()).decode()
    if not meta:
        return plain
    head, mark, rest = plain.partition(">")
    named = f"<title>{escape(meta['title'])}</title><desc>{escape(meta['alt'])}</desc>"
    return f'{head} role="img"{mark}{named}{rest}'


def told(spec: Spec) -> dict[str, Any]:
    """What a chart of this package says of itself; empty for any other chart."""
    meta = spec.get("usermeta")
    own = meta.get("kurskdata") if isinstance(meta, dict) else None
    return own if isinstance(own, dict) else {}


def attempted(spec: Spec) -> tuple[str, str]:
    """The SVG of anybody's chart, of Vega-Lite or Vega, and in its place why there is none; one of the two is empty.

    Vega draws it here, or else vl-convert. Nothing is fetched: rows at an address stay there.
    """
    try:
        return render_svg(spec), ""
    except Exception as fault:  # whatever stands in it
        reason = str(fault).partition("\n")[0]
    with contextlib.suppress(Exception):
        import vl_convert

        is_vega = "/vega/" in spec.get("$schema", "")
        convert = vl_convert.vega_to_svg if is_vega else vl_convert.vegalite_to_svg
        return convert(spec, allowed_base_urls=[]), ""
    return "", reason


def without_tooltips(spec: Spec) -> Spec:
    """The specification without what says the same for every single mark: tooltips, which a picture cannot show, and
    labels for screen readers, which are told of the picture as a whole. They take a third of the time."""
    config = spec.get("config", {})
    quiet = {**config, "aria": False, "mark": {**config.get("mark", {}), "aria": False}}
    told = {name: part for name, part in changed(spec, _tooltip_dropped).items() if name != "description"}
    return {**told, "config": quiet}


def _tooltip_dropped(part: Spec) -> Spec:
    shown = {name: value for name, value in part.get("encoding", {}).items() if name != "tooltip"}
    return {**part, "encoding": shown} if "encoding" in part else part


def changed(spec: Spec, change: Callable[[Spec], Spec]) -> Spec:
    """A specification in which ``change`` makes every layer, every chart beside another one, and the whole."""
    kinds = ("vconcat", "hconcat", "concat", "layer")
    parts = {kind: [changed(part, change) for part in spec[kind]] for kind in kinds if kind in spec}
    return change({**spec, **parts})


def _drawable(spec: Spec) -> Spec:
    """The specification without what is only carried along: rows that no layer draws, what exporters need."""
    needed = {k: v for k, v in spec.items() if k not in ("usermeta", "datasets")}
    if "datasets" in spec:
        named = json.dumps(needed)
        needed["datasets"] = {k: v for k, v in spec["datasets"].items() if f'"name": "{k}"' in named}
    return needed


def narrow_drawing(spec: Spec) -> Spec | None:
    """The drawing for phones that a chart carries, as a whole specification; None where it has none."""
    meta = spec.get("usermeta", {}).get("kurskdata", {})
    if "narrow" not in meta:
        return None
    own = {k: v for k, v in meta.items() if k != "narrow"}
    inner: Spec = meta["narrow"]
    return {**inner, "datasets": {**spec["datasets"], **inner["datasets"]}, "usermeta": {"kurskdata": own}}
