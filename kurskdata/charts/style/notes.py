"""Notes that an editor puts into a chart: numbers in the drawing, their texts below it, told apart from sourced data."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from kurskdata.charts.style import theme
from kurskdata.charts.style.labels import Box, Label, place, spread
from kurskdata.charts.style.marks import Layer, Rows, points, spans, texts
from kurskdata.charts.style.on_scales import Axis, Meaning, axes_of
from kurskdata.drawing import fonts
from kurskdata.editions import Edition
from kurskdata.errors import InputError
from kurskdata.tables import door
from kurskdata.tables.descriptor import Field
from kurskdata.words.language import Words, words

KIND = "note of the editor"
GUTTER = 22
"""Pixels on the left for the numbers, where a chart is lines of text without room between them."""

_MOST, _LONGEST, _WORD = 20, 200, 40
"""Notes in a chart, characters of a text, and of a word in it, which has to fit the drawing for phones."""

Spec = Mapping[str, Any]
Spot = tuple[float, float]
Place = tuple[float | None, float | None]
"""What a note is about, in pixels; None: at no place of this axis."""


def checked(given: pd.DataFrame, spec: Spec, meaning: Meaning) -> Rows:
    """The notes of a chart as rows of its data, in columns that hold no figure of its sources.

    Raises InputError that names every fault by row and column, and what is allowed.
    """
    columns = _columns(meaning, axes_of(spec, meaning))
    allowed = [str(column["name"]) for column in columns]
    if not isinstance(given, pd.DataFrame):
        raise InputError(f"annotations: a DataFrame is needed, with the columns {', '.join(allowed)}")
    if unknown := [*given.columns.difference(allowed).map(str)]:
        told = f"columns not known: {', '.join(unknown)}; this chart takes {', '.join(allowed)}"
        raise InputError(f"annotations: {told}")
    if len(given) > _MOST:
        raise InputError(f"annotations: {len(given)} rows; a chart takes at most {_MOST}")
    notes = door.checked(given, "annotations", columns, may_miss=frozenset({"value"}), rule=_long_words)
    rows: Rows = []
    for note in notes.to_dict("records"):
        about = f"{note['date']:%Y-%m-%d}" if meaning.key == "date" else note[meaning.key]
        row = {meaning.key: about, "kind": KIND, "note": " ".join(note["text"].split())}
        row |= {"name": meaning.names[about]} if about in meaning.names else {}
        row |= {"note_value": note["value"]} if pd.notna(note.get("value")) else {}
        rows.append(row)
    return rows


def _columns(meaning: Meaning, axes: Mapping[str, Axis]) -> list[Field]:
    """The columns of the notes of a chart and what it allows in them: a day or id, perhaps a value, a text."""
    about: dict[str, Any] = {"required": True}
    values: list[Field] = []
    if meaning.spots is not None:
        about["enum"] = [*meaning.spots]
    else:
        time = next(axis for axis in axes.values() if axis.channel["type"] == "temporal")
        first, last = sorted(pd.to_datetime(time.value(at), unit="ms").round("s") for at in (0, time.size))
        about |= {"minimum": f"{first.ceil('D'):%Y-%m-%d}", "maximum": f"{last:%Y-%m-%d}"}
        if axes["y"].channel["type"] == "quantitative":
            low, high = axes["y"].channel["scale"]["domain"]
            limits = {"minimum": max(low, 0), "maximum": high}  # what lies below zero is another panel
            values = [{"name": "value", "type": "number", "constraints": limits}]
    kind = "date" if meaning.key == "date" else "string"
    text: Field = {"name": "text", "type": "string", "constraints": {"required": True, "maxLength": _LONGEST}}
    return [{"name": meaning.key, "type": kind, "constraints": about}, *values, text]


def _long_words(cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    longest = max(map(len, cells["text"].split()), default=0)
    if longest > _WORD:
        yield "text", f"a word of {longest} characters, at most {_WORD} are allowed"


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


def gutter(meaning: Meaning) -> int:
    """The pixels on the left that the numbers of a chart ask for."""
    return GUTTER if any(x is None for x, _ in (meaning.spots or {}).values()) else 0


def layers(
    notes: Rows, spec: Spec, datasets: Mapping[str, Rows], meaning: Meaning, edition: Edition, width: float
) -> list[Layer]:
    """The numbers in a plot, each beside what its note is about, and the texts below the plot, in lines of that width."""
    p, w, axes = theme.palette(edition.theme), words(edition), axes_of(spec, meaning)
    about = [_about(note, meaning, axes) for note in notes]
    lines = about[0][0] is None
    spots = _in_gutter(about, axes) if lines else _in_plot(about, spec, datasets, axes)
    marks = [{"x": x, "y": y, "text": str(n)} for n, (x, y) in enumerate(spots, 1)]
    foot = meaning.foot or min(axes["y"].size, axes["y"].pixel(0))
    rules, rings, ties = _pointers(about, spots, foot)
    told = [w.text("Notes of the editor:")]
    for n, text in enumerate(listed(notes, w), 1):
        told += fonts.wrap(f"{n}\N{EN SPACE}{text}", width, fonts.SMALL)
    low = spec["height"] + (46 if axes["x"].has_axis else 12)
    left = -GUTTER if lines else -34 if axes["y"].has_axis else min(0, spec["width"] + 8 - width)
    block = {"baseline": "top", "lineBreak": "\n", "lineHeight": 17, "color": p.ink}
    pale = {"color": p.ink, "strokeWidth": 1, "opacity": 0.6}
    return [
        *([spans("rule", rules, ["y2"], strokeDash=[2, 3], **pale)] if rules else []),
        *([spans("rule", ties, **pale)] if ties else []),
        *([points(rings, size=50, filled=False, color=p.ink, strokeWidth=1.5)] if rings else []),
        points(marks, shape="circle", size=220, color=p.ink, strokeWidth=0),
        texts(marks, align="center", fontWeight="bold", color=p.background),
        texts([{"text": "\n".join(told)}], x=left, y=low, **block),
    ]


def _about(note: Mapping[str, Any], meaning: Meaning, axes: Mapping[str, Axis]) -> Place:
    if meaning.spots is not None:
        return meaning.spots[note[meaning.key]]
    x, y = axes["x"], axes["y"]
    return x.pixel(note["date"]), y.pixel(note["note_value"]) if "note_value" in note else None


def _in_gutter(about: list[Place], axes: Mapping[str, Axis]) -> list[Spot]:
    """The numbers below each other, left of the plot."""
    wanted = [y or 0 for _, y in about]
    order = sorted(range(len(about)), key=wanted.__getitem__)
    at = spread([wanted[n] for n in order], 18, 8, max(axes["y"].size - 8, 18 * len(about) - 10))
    return [(-12.0, at[order.index(n)]) for n in range(len(about))]


def _in_plot(
    about: list[Place], spec: Spec, datasets: Mapping[str, Rows], axes: Mapping[str, Axis]
) -> list[Spot]:
    """The numbers beside what they are about, clear of labels, marks and each other."""
    boxes, marks, lines = _taken(spec, datasets, axes)
    # A label of two digits is as large as the disc of a number; its colour tells which one it is.
    places = [(x or 0, 9 if y is None else y) for x, y in about]
    wanted = [
        Label("00", x, y, fonts.SUBTITLE, bold=True, may_cross=True, colour=str(n))
        for n, (x, y) in enumerate(places)
    ]
    sizes = axes["x"].size, axes["y"].size
    found = place(wanted, [*marks, *places], *sizes, blocked=boxes, lines=lines)
    spots = {int(label.colour): (label.left + label.width / 2, label.middle) for label in found}
    for n, one in enumerate(wanted):
        spots[n] = spots[n] if n in spots else _nearest(one, [*spots.values()], boxes, sizes)
    return [spots[n] for n in range(len(wanted))]


def _nearest(one: Label, taken: list[Spot], boxes: list[Box], sizes: Spot) -> Spot:
    """The free spot of a crowded plot that is nearest to a mark: clear of other numbers and, if it can be, of texts."""
    across, down = (range(9, int(size) - 8, 6) for size in sizes)
    grid = [(float(x), float(y)) for x in across for y in down]
    free = [at for at in grid if all(math.dist(at, other) >= 17 for other in taken)]

    def rank(at: Spot) -> tuple[bool, float]:
        covers = any(b[0] - 8 < at[0] < b[2] + 8 and b[1] - 8 < at[1] < b[3] + 8 for b in boxes)
        return covers, math.dist(at, (one.x, one.y))

    return min(free, key=rank)


def _pointers(about: list[Place], spots: list[Spot], height: float) -> tuple[Rows, Rows, Rows]:
    """A line down from each number that is about a day, a ring round what has a value, and ties to both."""
    rules, rings, ties = Rows(), Rows(), Rows()
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
) -> tuple[list[Box], list[Spot], list[Spot]]:
    """What a plot holds already, in pixels: boxes of texts, marks, and points of lines."""
    boxes = list[Box]()
    found: dict[str, list[Spot]] = defaultdict(list)
    for each in spec["layer"]:
        mark = each["mark"]
        for row in datasets[each["data"]["name"]]:
            x, y = (axes[name].of(row, each) for name in ("x", "y"))
            if x is None or y is None:
                continue
            found[mark["type"]].append((x, y))
            if mark["type"] == "text":
                text = each["encoding"].get("text", {}).get("field")
                boxes.append(_box(str(row.get(text, "")), mark, x, y))
    return boxes, [*found["point"], *found["circle"]], found["line"]


def _box(text: str, mark: Mapping[str, Any], x: float, y: float) -> Box:
    size = mark.get("fontSize", fonts.SMALL)
    wide = fonts.text_width(text, size, bold=mark.get("fontWeight") == "bold")
    left = x - wide * {"center": 0.5, "right": 1.0}.get(mark.get("align", "left"), 0.0)
    y += mark.get("dy", 0)
    return left - 3, y - size * 0.6, left + wide + 3, y + size * 0.6
