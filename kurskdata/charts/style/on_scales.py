"""The plot of a finished chart on the scales of its data, for what others make of it.

Charts lay most of their marks out in pixels. Here a mark in pixels gets its value on the scale that these pixels stand
for, so that it keeps its meaning when the plot is layered, resized, or moved by the reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from kurskdata.charts.style.marks import Layer, Rows
from kurskdata.drawing import fonts

Ends = Mapping[str, tuple[Any, Any]]
"""What the first and the last pixel of ``x`` and ``y`` stand for, two numbers or two days, where no layer has a scale
that says so; without an entry, pixels from the top left."""

_SIZES = {"x": "width", "y": "height"}


class _Axis(NamedTuple):
    """The scale of a channel, as Vega-Lite has it, with its value at the first pixel and how much one more makes."""

    channel: dict[str, Any]
    zero: float
    step: float
    size: float
    has_axis: bool

    def holds(self, pixels: list[float], margin: float = -1) -> bool:
        return not pixels or (min(pixels) >= margin and max(pixels) <= self.size - margin)


def on_scales(
    spec: Mapping[str, Any], datasets: Mapping[str, Rows], ends: Ends, config: dict[str, Any]
) -> alt.LayerChart:
    """The plot as a chart of its own: its rows inside, its fonts and colours in its marks and axes, and no ``config``,
    which Altair refuses where charts are put together."""
    axes = {name: _axis(name, spec, ends) for name in _SIZES}
    look = {**config["axis"], "labelFont": fonts.FONT, "titleFont": fonts.FONT}
    layers = [
        alt.Chart.from_dict(_moved(each, axes, datasets, look), validate=False) for each in spec["layer"]
    ]
    return alt.LayerChart(
        layer=layers,
        title=alt.TitleParams(**{**spec["title"], "anchor": "start", "font": fonts.FONT}),
        view=alt.ViewBackground(fill=config["background"], stroke=None),
        **{size: spec[size] for size in _SIZES.values()},
    )


def _axis(name: str, spec: Mapping[str, Any], ends: Ends) -> _Axis:
    size = spec[_SIZES[name]]
    channels = [each["encoding"][name] for each in spec["layer"] if name in each["encoding"]]
    given = next((one for one in channels if "domain" in (one.get("scale") or {})), None)
    if given:
        kind, scale = given["type"], given["scale"]
        first, last = scale["domain"][:: -1 if name == "y" else 1]
    else:
        first, last = ends.get(name, (0, size))
        kind = "temporal" if isinstance(first, pd.Timestamp) else "quantitative"
        scale = {"type": "utc"} if kind == "temporal" else {"zero": False}
        # Vega-Lite turns a falling domain of days round.
        rising = _number(first, kind) < _number(last, kind)
        domain = sorted(_number(end, kind) for end in (first, last))
        scale |= {"domain": domain, "nice": False, "reverse": rising == (name == "y")}
    zero = _number(first, kind)
    has_axis = any(one.get("axis") for one in channels)
    channel = {"type": kind, "scale": scale, "title": None, **({} if has_axis else {"axis": None})}
    return _Axis(channel, zero, (_number(last, kind) - zero) / size, size, has_axis)


def _number(value: Any, kind: str) -> float:
    """A value of a scale as Vega counts: days in milliseconds."""
    return float(pd.Timestamp(value).timestamp() * 1000 if kind == "temporal" else value)


def _moved(
    layer: Layer, axes: Mapping[str, _Axis], datasets: Mapping[str, Rows], look: dict[str, Any]
) -> Layer:
    """A layer with its rows inside and its marks on the scales; what stands outside of the plot, such as a key, stays in
    pixels, from the edge that it lies beyond."""
    mark, encoding = dict(layer["mark"]), dict(layer["encoding"])
    rows, steps = datasets[layer["data"]["name"]], [*layer.get("transform", [])]
    if mark["type"] == "text":
        mark = {"font": fonts.FONT, **mark}
    for name, axis in axes.items():
        given, place = encoding.get(name), mark.get(name)
        if isinstance(place, (int, float)):
            if axis.holds([place]):
                encoding[name] = {"datum": axis.zero + mark.pop(name) * axis.step, **axis.channel}
            else:
                mark["clip"] = False
                if place > 0:
                    encoding[name] = {"value": _SIZES[name]}
                    mark[f"{name}Offset"] = mark.pop(name) - axis.size
        elif given and given.get("scale", "") is None:
            pixels = [row[given["field"]] for row in rows if given["field"] in row]
            inside = axis.holds(pixels)
            if not inside or (mark["type"] == "text" and not axis.holds(pixels, 9)):
                mark["clip"] = False
            if not inside:
                continue
            for end in (name, f"{name}2"):
                if "field" in encoding.get(end, {}):
                    value = f"{axis.zero} + datum[{encoding[end]['field']!r}] * {axis.step}"
                    steps.append({"calculate": value, "as": f"{end} on its scale"})
                    encoding[end] = {"field": f"{end} on its scale"}
            encoding[name] |= axis.channel
        elif given and axis.has_axis:
            axis_of = {"axis": {**look, **given["axis"]}} if given.get("axis") else {}
            encoding[name] = {**{k: v for k, v in given.items() if k != "axis"}, "title": None, **axis_of}
    return {**layer, "data": {"values": rows}, "transform": steps, "mark": mark, "encoding": encoding}
