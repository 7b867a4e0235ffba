"""A chart specification as SVG, drawn by Vega. A process that has drawn must not fork."""

from __future__ import annotations

import contextlib
import json
import math
import re
from html import escape
from typing import Any

from kurskdata.drawing import cache, letters, vega_engine
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
    """All forms; without labels of marks for screen readers, which are told of the picture as a whole.

    Title, subtitle and source name the day of the edition. They are drawn as one sign a line and put in afterwards, so
    that days between which no mark moved share a drawing.
    """
    config, sides = spec.get("config", {}), json.dumps(told(spec).get("sides", {}))
    spec = {**spec, "config": {**config, "aria": False, "mark": {**config.get("mark", {}), "aria": False}}}
    lines, signed = _apart(spec)
    found = _drawn(signed, sides)
    times = {"svg": 2, "editors": 1}  # the renderer repeats titles as labels
    times = {name: n for name, n in times.items() if name in found}
    if any(sorted(_SIGN.findall(found[name])) != sorted([*lines] * n) for name, n in times.items()):
        return _drawn(spec, sides)
    return found | {name: _SIGN.sub(lambda sign: lines[sign[0]], found[name]) for name in times}


def _drawn(spec: Spec, sides: str) -> dict[str, Any]:
    source = _source(spec)
    text = cache.drawn("svg", sides + source, lambda: vega_engine.svg(source, sides).encode())
    found: dict[str, Any] = json.loads(text)
    return found


_SIGN = re.compile("[\ue000-\ue0ff]")
_LINE = re.compile(r"""[^\s&<>"]([^&<>"]*[^\s&<>"])?""")
"""A line of text that an SVG holds as it is."""

_USUAL = {"text", "subtitle", "orient", "anchor", "frame", "offset", "subtitlePadding"}
_USUAL |= {"fontSize", "subtitleFontSize", "fontWeight", "color", "subtitleColor"}
"""What titles of our charts say; with anything else, where they stand could hang on their letters."""


def _apart(spec: Spec) -> tuple[dict[str, str], Spec]:
    """Lines around the plot by their signs, and the specification with the signs; a line stays where it is wider than
    the plot, whose marks it could move, or no plain text."""
    plot, *others = spec.get("vconcat") or [{}]
    titles, lines = [spec.get("title"), plot.get("title")], dict[str, str]()
    if others or not all(isinstance(title, dict) for title in titles):
        return lines, spec
    if not set().union(*titles, spec["config"].get("title", {})) <= _USUAL:
        return lines, spec
    parts = (
        (0, "text", "fontSize", True),
        (0, "subtitle", "subtitleFontSize", False),
        (1, "text", "fontSize", True),
    )
    for n, name, size, bold in parts:
        title = titles[n]
        wide = letters.widths(bold=bold and title.get("fontWeight") != "normal")
        signed = list(title.get(name, []))
        for place, line in enumerate(signed):
            length = sum(wide.get(letter, 1) for letter in line) * title.get(size, math.inf)
            if length <= plot["width"] and _LINE.fullmatch(line):
                signed[place] = chr(0xE000 + len(lines))
                lines[signed[place]] = line
        titles[n] = {**title, name: signed} if signed else title
    return lines, {**spec, "title": titles[0], "vconcat": [{**plot, "title": titles[1]}]}


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
