"""A chart specification as SVG, drawn by Vega. A process that has drawn must not fork."""

from __future__ import annotations

import contextlib
import json
from html import escape
from typing import Any

from kurskdata.drawing import cache, vega_engine
from kurskdata.errors import BuildError

Spec = dict[str, Any]


def render_svg(spec: Spec) -> str:
    """The chart as SVG text; one of ours with its title and description inside for screen readers."""
    meta = told(spec)
    return _telling(_forms(spec)["svg"], meta) if meta else vega_engine.svg(_source(spec))


def editors_svg(spec: Spec) -> str:
    """The same picture of one of our charts as a graphics editor wants it: marks at their places, in named groups."""
    return _telling(form(spec, "editors"), told(spec))


def form(spec: Spec, name: str) -> Any:
    """One of our charts for ``editors`` or as ``page``, as `vega_engine.svg` gives them. Raises BuildError where it
    has clipped marks or gradients: they would need ids, which could clash with those of the page around the chart."""
    found = _forms(spec)
    if name not in found:
        raise BuildError(f"the page of a chart cannot hold {found['fault']}; draw without them")
    return found[name]


def _forms(spec: Spec) -> dict[str, Any]:
    """All forms; without labels of marks for screen readers, which are told of the picture as a whole."""
    config, sides = spec.get("config", {}), json.dumps(told(spec).get("sides", {}))
    quiet = {**config, "aria": False, "mark": {**config.get("mark", {}), "aria": False}}
    source = _source({**spec, "config": quiet})
    found: dict[str, Any] = json.loads(
        cache.drawn("svg", sides + source, lambda: vega_engine.svg(source, sides).encode())
    )
    return found


def _telling(svg: str, meta: dict[str, Any]) -> str:
    head, mark, rest = svg.partition(">")
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


def _source(spec: Spec) -> str:
    """The specification as JSON, without what is only carried along: rows that no layer draws, what exporters need."""
    needed = {k: v for k, v in spec.items() if k not in ("usermeta", "datasets", "description")}
    if "datasets" in spec:
        named = json.dumps(needed)
        needed["datasets"] = {k: v for k, v in spec["datasets"].items() if f'"name": "{k}"' in named}
    return json.dumps(needed)


def narrow_drawing(spec: Spec) -> Spec | None:
    """The drawing for phones that a chart carries, as a whole specification; None where it has none."""
    meta = spec.get("usermeta", {}).get("kurskdata", {})
    if "narrow" not in meta:
        return None
    own = {k: v for k, v in meta.items() if k != "narrow"}
    inner: Spec = meta["narrow"]
    return {**inner, "datasets": {**spec["datasets"], **inner["datasets"]}, "usermeta": {"kurskdata": own}}
