"""Notes that an editor puts into a chart: numbers in the drawing, their texts below it, told apart from sourced data."""

from __future__ import annotations

import dataclasses
import math
import numbers
from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from kurskdata import days
from kurskdata.charts.style import theme
from kurskdata.charts.style.labels import Box, Label, place, spread
from kurskdata.charts.style.marks import Layer, Rows, points, spans, texts
from kurskdata.charts.style.on_scales import Axis, Meaning, axes_of
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.errors import InputError
from kurskdata.words.language import Words, words

KIND = "note of the editor"
GUTTER = 22
"""Pixels on the left for the numbers, where a chart is lines of text without room between them."""

_MOST, _LONGEST, _WORD = 20, 200, 40
"""Notes in a chart, characters of a text, and of a word in it, which has to fit the drawing for phones."""

Spec = Mapping[str, Any]


class _Place(NamedTuple):
    """What a note is about, in pixels; None: at no place of this axis."""

    x: float | None
    y: float | None


def checked(given: pd.DataFrame, spec: Spec, meaning: Meaning) -> Rows:
    """The notes of a chart as rows of its data, in columns that hold no figure of its sources.

    Raises InputError that names column and row, counted from 1, and what is allowed.
    """
    key, axes = meaning.key, axes_of(spec, meaning)
    has_value = meaning.spots is None and axes["y"].channel["type"] == "quantitative"
    allowed = [key, *(["value"] if has_value else []), "text"]
    if not isinstance(given, pd.DataFrame):
        raise InputError(f"annotations: a DataFrame is needed, with the columns {', '.join(allowed)}")
    if wrong := [*given.columns.difference(allowed).map(str), *({key, "text"} - {*given})]:
        told = f"columns not known or missing: {', '.join(wrong)}; this chart takes {', '.join(allowed)}"
        raise InputError(f"annotations: {told}")
    if len(given) > _MOST:
        raise InputError(f"annotations: {len(given)} rows; a chart takes at most {_MOST}")
    rows: Rows = []
    for number, row in enumerate(given.to_dict("records"), 1):
        at = f"annotations: row {number}, column "
        text = " ".join(row["text"].split()) if isinstance(row["text"], str) else ""
        if not text or len(text) > _LONGEST or max(map(len, text.split())) > _WORD:
            told = f"{len(text)} characters; 1 to {_LONGEST} are allowed, {_WORD} in a word"
            raise InputError(f"{at}text: {told}")
        rows.append({key: _key(row[key], meaning, axes, at + key), "kind": KIND, "note": text})
        if name := meaning.names.get(rows[-1][key]):
            rows[-1]["name"] = name
        value = row.get("value")
        if has_value and not (value is None or value is pd.NA or value != value):  # noqa: PLR0124
            low, high = axes["y"].channel["scale"]["domain"]
            if isinstance(value, bool) or not isinstance(value, numbers.Real) or not low <= value <= high:
                raise InputError(f"{at}value: {value!r} is not allowed; numbers from {low:g} to {high:g} are")
            rows[-1]["note_value"] = float(value)
    return rows


def _key(given: Any, meaning: Meaning, axes: Mapping[str, Axis], at: str) -> str:
    """The day or id that a note is about, as text."""
    name, spots = str(given), meaning.spots
    if meaning.key == "date":
        name = f"{days.day(given, at):%Y-%m-%d}"
    if spots is not None:
        inside, few = name in spots, ", ".join(spots)
    else:
        time = next(axis for axis in axes.values() if axis.channel["type"] == "temporal")
        inside = -0.5 <= time.pixel(name) <= time.size + 0.5
        few = " to ".join(
            f"{pd.to_datetime(end, unit='ms'):%Y-%m-%d}" for end in (time.value(0), time.value(time.size))
        )
    if not inside:
        raise InputError(f"{at}: {name!r} is not in the chart; allowed: {few}")
    return name


def listed(notes: Rows, w: Words, *, values: bool = False) -> list[str]:
    """The notes in words, after their day or what they are about and, on request, their value."""
    about = [w.date(pd.Timestamp(note["date"])) if "date" in note else note.get("name", "") for note in notes]
    figures = [w.number(note["note_value"]) if values and "note_value" in note else "" for note in notes]
    heads = [", ".join(filter(None, parts)) for parts in zip(about, figures, strict=True)]
    return [
        f"{head}: {note['note']}" if head else note["note"] for head, note in zip(heads, notes, strict=True)
    ]


def told(notes: Rows, w: Words) -> str:
    """The notes as the end of an alt text."""
    return f"{w.text('Notes of the editor:')} {'; '.join(listed(notes, w, values=True))}."


def gutter(spec: Spec, meaning: Meaning) -> int:
    """The pixels on the left that the numbers of a chart ask for."""
    lines = meaning.spots is not None and meaning.key != "place_id"
    return GUTTER if lines or axes_of(spec, meaning)["y"].channel["type"] == "temporal" else 0


def layers(
    notes: Rows, spec: Spec, datasets: Mapping[str, Rows], meaning: Meaning, edition: Edition, width: float
) -> list[Layer]:
    """The numbers in a plot, each beside what its note is about, and the texts below the plot, in lines of that width."""
    p, w, axes = theme.palette(edition.theme), words(edition), axes_of(spec, meaning)
    about = [_about(note, meaning, axes) for note in notes]
    spots = _in_gutter(about, axes) if about[0].x is None else _in_plot(about, spec, datasets, axes)
    marks = [{"x": x, "y": y, "text": str(n)} for n, (x, y) in enumerate(spots, 1)]
    rules, rings, ties = _pointers(about, spots, axes["y"].size)
    lines = [w.text("Notes of the editor:")]
    for n, text in enumerate(listed(notes, w), 1):
        lines += fonts.wrap(f"{n}\N{EN SPACE}{text}", width, fonts.SMALL)
    low = spec["height"] + (46 if axes["x"].has_axis else 12)
    left = -GUTTER if about[0].x is None else -34 if axes["y"].has_axis else 0
    block = {"baseline": "top", "lineBreak": "\n", "lineHeight": 17, "color": p.ink}
    pale = {"color": p.ink, "strokeWidth": 1, "opacity": 0.6}
    return [
        *([spans("rule", rules, ["y2"], strokeDash=[2, 3], **pale)] if rules else []),
        *([spans("rule", ties, **pale)] if ties else []),
        *([points(rings, size=50, filled=False, color=p.ink, strokeWidth=1.5)] if rings else []),
        points(marks, shape="circle", size=220, color=p.ink, strokeWidth=0),
        texts(marks, align="center", fontWeight="bold", color=p.background),
        texts([{"text": "\n".join(lines)}], x=left, y=low, **block),
    ]


def _about(note: Mapping[str, Any], meaning: Meaning, axes: Mapping[str, Axis]) -> _Place:
    if meaning.spots is not None:
        return _Place(*meaning.spots[note[meaning.key]])
    x, y = axes["x"], axes["y"]
    if y.channel["type"] == "temporal":
        return _Place(None, y.pixel(note["date"]))
    return _Place(x.pixel(note["date"]), y.pixel(note["note_value"]) if "note_value" in note else None)


def _in_gutter(about: list[_Place], axes: Mapping[str, Axis]) -> list[tuple[float, float]]:
    """The numbers below each other, left of the plot."""
    order = sorted(range(len(about)), key=lambda n: about[n].y or 0)
    at = spread([about[n].y or 0 for n in order], 18, 8, max(axes["y"].size - 8, 18 * len(about) - 10))
    return [(-12.0, at[order.index(n)]) for n in range(len(about))]


def _in_plot(
    about: list[_Place], spec: Spec, datasets: Mapping[str, Rows], axes: Mapping[str, Axis]
) -> list[tuple[float, float]]:
    """The numbers beside what they are about, clear of labels, marks and each other."""
    boxes, marks, lines = _taken(spec, datasets, axes)
    # A label of two digits is as large as the disc of a number; its colour tells which one it is.
    places = [(at.x or 0, 9 if at.y is None else at.y) for at in about]
    digits = Label("00", 0, 0, fonts.SUBTITLE, bold=True, may_cross=True)
    wanted = [dataclasses.replace(digits, x=x, y=y, colour=str(n)) for n, (x, y) in enumerate(places)]
    sizes = axes["x"].size, axes["y"].size
    found = place(wanted, [*marks, *places], *sizes, blocked=boxes, lines=lines)
    spots = {int(label.colour): (label.left + label.width / 2, label.middle) for label in found}
    for n, one in enumerate(wanted):
        spots[n] = spots[n] if n in spots else _nearest(one, [*spots.values()], boxes, sizes)
    return [spots[n] for n in range(len(wanted))]


def _nearest(
    one: Label, taken: list[tuple[float, float]], boxes: list[Box], sizes: tuple[float, float]
) -> tuple[float, float]:
    """The free spot of a crowded plot that is nearest to a mark: clear of other numbers and, if it can be, of texts."""
    across, down = (range(9, int(size) - 8, 6) for size in sizes)
    grid = [(float(x), float(y)) for x in across for y in down]
    free = [at for at in grid if all(math.dist(at, other) >= 17 for other in taken)]
    free.sort(key=lambda at: math.dist(at, (one.x, one.y)))
    clear = (
        at
        for at in free
        if not any(b[0] - 8 < at[0] < b[2] + 8 and b[1] - 8 < at[1] < b[3] + 8 for b in boxes)
    )
    return next(clear, free[0])


def _pointers(
    about: list[_Place], spots: list[tuple[float, float]], height: float
) -> tuple[Rows, Rows, Rows]:
    """A line down from each number that is about a day, a ring round what has a value, and ties to both."""
    rules: Rows = []
    rings: Rows = []
    ties: Rows = []
    for (at, level), (x, y) in zip(about, spots, strict=True):
        if at is None:
            ties += [{"x": x, "y": y, "x2": -1, "y2": level}] if abs(y - (level or 0)) > 2 else []
        elif level is None:
            rules.append({"x": at, "y": 0, "y2": height})
            ties.append({"x": at, "y": y, "x2": x, "y2": y})
        else:
            rings.append({"x": at, "y": level})
            ties.append({"x": at, "y": level, "x2": x, "y2": y})
    return rules, rings, ties


def _taken(
    spec: Spec, datasets: Mapping[str, Rows], axes: Mapping[str, Axis]
) -> tuple[list[Box], list[tuple[float, float]], list[tuple[float, float]]]:
    """What a plot holds already, in pixels: boxes of texts, marks, and points of lines."""
    boxes: list[Box] = []
    marks: list[tuple[float, float]] = []
    lines: list[tuple[float, float]] = []
    for each in spec["layer"]:
        mark = each["mark"]
        for row in datasets[each["data"]["name"]]:
            x, y = (axes[name].of(row, each) for name in ("x", "y"))
            if x is None or y is None:
                continue
            if mark["type"] == "text":
                boxes.append(
                    _box(str(row.get(each["encoding"].get("text", {}).get("field"), "")), mark, x, y)
                )
            elif mark["type"] in ("point", "circle"):
                marks.append((x, y))
            elif mark["type"] == "line":
                lines.append((x, y))
    return boxes, marks, lines


def _box(text: str, mark: Mapping[str, Any], x: float, y: float) -> Box:
    size = mark.get("fontSize", fonts.SMALL)
    wide = fonts.text_width(text, size, bold=mark.get("fontWeight") == "bold")
    left = x - wide * {"center": 0.5, "right": 1.0}.get(mark.get("align", "left"), 0.0)
    y += mark.get("dy", 0)
    return left - 3, y - size * 0.6, left + wide + 3, y + size * 0.6
