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

    def value(self, pixel: float) -> float:
        return self.zero + pixel * self.step

    def pixel(self, value: Any) -> float:
        return (_number(value) - self.zero) / self.step

    def of(self, row: Mapping[str, Any], layer: Layer) -> float | None:
        """Where a layer puts a row; None if nowhere on this axis."""
        given, place = layer["encoding"].get(self.name), layer["mark"].get(self.name)
        if given is None or given.get("field") not in row:
            return place if isinstance(place, (int, float)) else None
        return float(row[given["field"]])

    def holds(self, pixels: list[float], margin: float = -1) -> bool:
        return not pixels or (min(pixels) >= margin and max(pixels) <= self.size - margin)


def axes_of(spec: Mapping[str, Any], meaning: Meaning) -> dict[str, Axis]:
    """The scales of ``x`` and ``y``."""
    return {name: _axis(name, spec[size], meaning.ends) for name, size in _SIZES.items()}


def on_scales(
    spec: Mapping[str, Any], datasets: Mapping[str, Rows], meaning: Meaning, config: dict[str, Any]
) -> alt.LayerChart:
    """The plot as a chart of its own: its rows inside, its fonts and colours in its marks, and no ``config``, which
    Altair refuses where charts are put together."""
    axes = axes_of(spec, meaning)
    layers = [alt.Chart.from_dict(_moved(each, axes, datasets), validate=False) for each in spec["layer"]]
    return alt.LayerChart(
        layer=layers,
        title=alt.TitleParams(**{**spec["title"], "anchor": "start", "font": fonts.FONT}),
        view=alt.ViewBackground(fill=config["background"], stroke=None),
        **{size: spec[size] for size in _SIZES.values()},
    )


def _axis(name: str, size: float, ends: Ends) -> Axis:
    first, last = map(_number, ends.get(name, (0, size)))
    temporal = isinstance(ends.get(name, (0,))[0], pd.Timestamp)
    # Vega-Lite turns a falling domain of days round.
    domain = {"domain": sorted((first, last)), "nice": False, "reverse": (first < last) == (name == "y")}
    scale = {**({"type": "utc"} if temporal else {"zero": False}), **domain}
    channel = {"type": "temporal" if temporal else "quantitative", "scale": scale, "axis": BARE}
    return Axis(name, channel, first, (last - first) / size, size)


def _number(value: Any) -> float:
    """A value of a scale as Vega counts: days in milliseconds."""
    return value.timestamp() * 1000 if isinstance(value, pd.Timestamp) else float(value)


def _moved(layer: Layer, axes: Mapping[str, Axis], datasets: Mapping[str, Rows]) -> Layer:
    """A layer with its rows inside and its marks on the scales."""
    rows = datasets[layer["data"]["name"]]
    nameless = {key: value for key, value in layer.items() if key != "name"}  # a plot may stand there twice
    moved = {**nameless, "data": {"values": rows}, "transform": []}
    moved |= {"mark": dict(layer["mark"]), "encoding": dict(layer["encoding"])}
    if moved["mark"]["type"] == "text":
        moved["mark"].setdefault("font", fonts.FONT)
    for axis in axes.values():
        _move(moved, rows, axis)
    return moved


def _move(layer: Layer, rows: Rows, axis: Axis) -> None:
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
    elif given:
        pixels = [row[given["field"]] for row in rows if given["field"] in row]
        inside = axis.holds(pixels)
        if not inside or (mark["type"] == "text" and not axis.holds(pixels, 9)):
            mark["clip"] = False
        for end in (name, f"{name}2") if inside else ():
            if "field" in encoding.get(end, {}):
                value = f"{axis.zero} + datum[{encoding[end]['field']!r}] * {axis.step}"
                layer["transform"].append({"calculate": value, "as": f"{end} on its scale"})
                encoding[end] = {"field": f"{end} on its scale", **(axis.channel if end == name else {})}
