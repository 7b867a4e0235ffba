"""The plot of a finished chart on the scales of its data, for what others make of it.

Charts lay most of their marks out in pixels. Here a mark in pixels gets its value on the scale that these pixels stand
for, so that it keeps its meaning when the plot is layered, resized, or moved by the reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from kurskdata.charts.style.marks import Layer, Rows
from kurskdata.drawing import fonts

Ends = Mapping[str, tuple[Any, Any]]


class Meaning(NamedTuple):
    """What the pixels of a plot mean, where its layers do not say so.

    ``ends`` are what the first and the last pixel of ``x`` and ``y`` stand for, two numbers or two days; without an
    entry, pixels from the top left. ``spots`` are the places of what a note can be about, by day or id in the column
    ``key`` of the note; None as ``x`` for a whole line; ``names`` are what readers call them. Without spots a note is
    about a day on the scale of time. ``foot`` is the pixel where what the scales hold for ends, if more stands below.
    """

    ends: Ends = MappingProxyType({})
    key: str = "date"
    spots: Mapping[str, tuple[float | None, float]] | None = None
    names: Mapping[str, str] = MappingProxyType({})
    foot: float | None = None


_SIZES = {"x": "width", "y": "height"}

BARE = {"labels": False, "ticks": False, "domain": False, "grid": False, "title": None}
"""An axis that is not to be seen: Vega-Lite cannot layer a plot without an axis upon a chart with one."""


class Axis(NamedTuple):
    """The scale of a channel, as Vega-Lite has it, with its value at the first pixel and how much one more makes."""

    name: str
    channel: dict[str, Any]
    zero: float
    step: float
    size: float
    has_axis: bool

    def value(self, pixel: float) -> float:
        return self.zero + pixel * self.step

    def pixel(self, value: Any) -> float:
        return (_number(value, self.channel["type"]) - self.zero) / self.step

    def of(self, row: Mapping[str, Any], layer: Layer) -> float | None:
        """Where a layer puts a row; None if nowhere on this axis."""
        given, place = layer["encoding"].get(self.name), layer["mark"].get(self.name)
        if given is None or given.get("field") not in row:
            return place if isinstance(place, (int, float)) else None
        value = row[given["field"]]
        return float(value) if given.get("scale", "") is None else self.pixel(value)

    def holds(self, pixels: list[float], margin: float = -1) -> bool:
        return not pixels or (min(pixels) >= margin and max(pixels) <= self.size - margin)


def axes_of(spec: Mapping[str, Any], meaning: Meaning) -> dict[str, Axis]:
    """The scales of ``x`` and ``y``."""
    return {name: _axis(name, spec, meaning.ends) for name in _SIZES}


def on_scales(
    spec: Mapping[str, Any], datasets: Mapping[str, Rows], meaning: Meaning, config: dict[str, Any]
) -> alt.LayerChart:
    """The plot as a chart of its own: its rows inside, its fonts and colours in its marks and axes, and no ``config``,
    which Altair refuses where charts are put together."""
    axes = axes_of(spec, meaning)
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


def _axis(name: str, spec: Mapping[str, Any], ends: Ends) -> Axis:
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
    channel = {"type": kind, "scale": scale, **({"title": None} if has_axis else {"axis": BARE})}
    return Axis(name, channel, zero, (_number(last, kind) - zero) / size, size, has_axis)


def _number(value: Any, kind: str) -> float:
    """A value of a scale as Vega counts: days in milliseconds."""
    return float(pd.Timestamp(value).timestamp() * 1000 if kind == "temporal" else value)


def _moved(
    layer: Layer, axes: Mapping[str, Axis], datasets: Mapping[str, Rows], look: dict[str, Any]
) -> Layer:
    """A layer with its rows inside and its marks on the scales."""
    rows = datasets[layer["data"]["name"]]
    nameless = {key: value for key, value in layer.items() if key != "name"}  # a plot may stand there twice
    moved = {**nameless, "data": {"values": rows}, "transform": [*layer.get("transform", [])]}
    moved |= {"mark": dict(layer["mark"]), "encoding": dict(layer["encoding"])}
    if moved["mark"]["type"] == "text":
        moved["mark"].setdefault("font", fonts.FONT)
    for axis in axes.values():
        _move(moved, rows, axis, look)
    return moved


def _move(layer: Layer, rows: Rows, axis: Axis, look: dict[str, Any]) -> None:
    """Puts a layer on a scale, in place; what stands outside of the plot, such as a key, stays in pixels, from the edge
    that it lies beyond."""
    mark, encoding, name = layer["mark"], layer["encoding"], axis.name
    given, place = encoding.get(name), mark.get(name)
    if isinstance(place, (int, float)):
        if axis.holds([place]):
            encoding[name] = {"datum": axis.value(mark.pop(name)), **axis.channel}
            return
        mark["clip"] = False
        if place > 0:
            encoding[name] = {"value": _SIZES[name]}
            mark[f"{name}Offset"] = mark.pop(name) - axis.size
    elif given and given.get("scale", "") is None:
        pixels = [row[given["field"]] for row in rows if given["field"] in row]
        inside = axis.holds(pixels)
        if not inside or (mark["type"] == "text" and not axis.holds(pixels, 9)):
            mark["clip"] = False
        for end in (name, f"{name}2") if inside else ():
            if "field" in encoding.get(end, {}):
                value = f"{axis.zero} + datum[{encoding[end]['field']!r}] * {axis.step}"
                layer["transform"].append({"calculate": value, "as": f"{end} on its scale"})
                encoding[end] = {"field": f"{end} on its scale", **(axis.channel if end == name else {})}
    elif given and not axis.has_axis:
        encoding[name] = {**given, "axis": BARE}
    elif given:
        axis_of = {"axis": {**look, **given["axis"]}} if given.get("axis") else {}
        encoding[name] = {**{k: v for k, v in given.items() if k != "axis"}, "title": None, **axis_of}
