"""Notes that an editor puts into a chart: numbers in the drawing, their texts below it, told apart from sourced data."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from kurskdata.charts.style import theme
from kurskdata.charts.style.labels import spread
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
_APART = 18
"""Pixels from the middle of a number to that of the next."""

_MOST, _LONGEST, _WORD = 20, 200, 40
"""Notes in a chart, characters of a text, and of a word in it, which has to fit the drawing for phones."""

Spec = Mapping[str, Any]
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
        if "y" in meaning.ends:
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
    """The numbers along an edge of a plot, each tied to what its note is about, and the texts below the plot, in lines
    of that width."""
    p, w, axes = theme.palette(edition.theme), words(edition), axes_of(spec, meaning)
    about = [_about(note, meaning, axes) for note in notes]
    lines = about[0][0] is None
    drawn = [axes["y"].of(row, each) for each in spec["layer"] for row in datasets[each["data"]["name"]]]
    top = min(0, *(y for y in drawn if y is not None))
    foot = meaning.foot or min(axes["y"].size, axes["y"].pixel(0))
    marks, ties, rules, rings = Rows(), Rows(), Rows(), Rows()
    strip = _strip([(y if lines else x) or 0 for x, y in about], axes["y" if lines else "x"].size, lines)
    for n, ((x, y), (at, row)) in enumerate(zip(about, strip, strict=True), 1):
        spot = {"x": -12.0, "y": at} if lines else {"x": at, "y": top - 24 - _APART * row}
        marks.append({**spot, "text": str(n)})
        if lines:
            ties += [{**spot, "x2": -1, "y2": y}] if abs(at - (y or 0)) > 2 else []
        else:
            ties.append({**spot, "x2": x, "y2": top - 9})
            rules.append({"x": x, "y": 0, "y2": foot if y is None else y})
            rings += [] if y is None else [{"x": x, "y": y}]
    told = [w.text("Notes of the editor:")]
    for n, text in enumerate(listed(notes, w), 1):
        told += fonts.wrap(f"{n}\N{EN SPACE}{text}", width, fonts.SMALL)
    low = max(spec["height"] + 12, max(mark["y"] for mark in marks) + 14)
    left = -GUTTER if lines else 0
    block = {"baseline": "top", "lineBreak": "\n", "lineHeight": 17, "color": p.ink}
    pale = {"color": p.ink, "strokeWidth": 1, "opacity": 0.6}
    return [
        *([spans("rule", ties, **pale)] if ties else []),
        *([spans("rule", rules, ["y2"], strokeDash=[2, 3], **pale)] if rules else []),
        *([points(rings, size=50, filled=False, color=p.ink, strokeWidth=1.5)] if rings else []),
        points(marks, shape="circle", size=220, color=p.ink, strokeWidth=0),
        texts(marks, align="center", fontWeight="bold", color=p.background),
        texts([{"text": "\n".join(told)}], x=left, y=low, **block),
    ]


def _about(note: Mapping[str, Any], meaning: Meaning, axes: Mapping[str, Axis]) -> Place:
    if meaning.spots is not None:
        return meaning.spots[note[meaning.key]]
    x, y = axes["x"], axes["y"]
    return x.pixel(pd.Timestamp(note["date"])), y.pixel(note["note_value"]) if "note_value" in note else None


def _strip(wanted: list[float], size: float, lines: bool) -> list[tuple[float, int]]:
    """Where numbers stand along an edge of that length, each as near to its wanted place as the others let it, and in
    which row: above a plot in more than one where they do not fit side by side."""
    rows = 1 if lines else math.ceil(_APART * len(wanted) / size)
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    last = max(size - 8, _APART * len(wanted) / rows - 10)
    at = spread([wanted[n] for n in order], _APART / rows, 8, last)
    places = {n: (place, rank % rows) for rank, (n, place) in enumerate(zip(order, at, strict=True))}
    return [places[n] for n in range(len(wanted))]
