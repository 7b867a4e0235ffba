"""Marks as plain Vega-Lite: names, legends, blocks, ties, dots of a map, lines and bars.

Most have their places laid out in pixels and need neither scales nor axes. Altair takes a millisecond or two for every
layer and a chart can have thirty; the finished chart is Altair's, and the schema is checked as a whole.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from kurskdata.drawing import fonts

Layer = dict[str, Any]
Rows = list[dict[str, Any]]


def at(name: str) -> dict[str, Any]:
    """A channel of pixels, from the field of that name."""
    return {"field": name, "type": "quantitative", "axis": None, "scale": None}


def own(name: str, kind: str = "nominal") -> dict[str, Any]:
    """A channel that takes the values of a field as they are: colours, sizes, shapes."""
    return {"field": name, "type": kind, "scale": None}


def layer(kind: str, rows: Rows, **look: Any) -> Layer:
    """A layer of marks of one kind, at the fields ``x`` and ``y`` unless ``look`` says where.

    In ``look``, channels are dicts, as `at` and `own` make them; all else holds for every mark. ``name`` is what
    graphics editors call the layer.
    """
    named = {"name": look.pop("name")} if "name" in look else {}
    channels = {axis: at(axis) for axis in ("x", "y") if axis not in look}
    channels |= {name: value for name, value in look.items() if isinstance(value, dict) or name == "tooltip"}
    same = {name: value for name, value in look.items() if name not in channels}
    return {**named, "data": {"values": rows}, "mark": {"type": kind, **same}, "encoding": channels}


def texts(rows: Rows, **look: Any) -> Layer:
    """Texts, small and from their left edge unless ``look`` says otherwise."""
    usual = {"align": "left", "baseline": "middle", "fontSize": fonts.SMALL}
    return layer("text", rows, text={"field": "text", "type": "nominal"}, **(usual | look))


def points(rows: Rows, **look: Any) -> Layer:
    """Filled symbols, opaque unless ``look`` says otherwise."""
    return layer("point", rows, **({"filled": True, "opacity": 1} | look))


def paths(rows: Rows, **look: Any) -> Layer:
    """A line through the rows in the order of their field ``n``."""
    return layer("line", rows, order={"field": "n", "type": "quantitative"}, **look)


def spans(kind: str, rows: Rows, ends: Sequence[str] = ("x2", "y2"), **look: Any) -> Layer:
    """Rules or rectangles that reach from one place to another."""
    return layer(kind, rows, **{end: {"field": end} for end in ends}, **look)


def haloed(rows: Rows, halo: float, opacity: float, **look: Any) -> list[Layer]:
    """Texts in the colours ``colour`` on an edge of the colours ``halo``, which keeps them readable on a line."""
    edge = texts(rows, color=own("halo"), stroke=own("halo"), strokeWidth=halo, opacity=opacity, **look)
    return [edge, texts(rows, color=own("colour"), **look)]


def round_values(low: float, high: float, most: int, least: float = 0.0) -> list[float]:
    """Round values between two bounds at even steps of at least ``least``, as many as there may be."""
    steps = (10.0**n * part for n in range(-3, 6) for part in (1, 2, 5))
    ends = ((step, math.ceil(low / step), math.floor(high / step)) for step in steps if step >= least)
    step, first, last = next(one for one in ends if one[2] - one[1] < most)
    return [round(n * step, 6) for n in range(first, last + 1)]
