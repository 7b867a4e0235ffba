"""The texts of a drawing as boxes in pixels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kurskdata.drawing import fonts

Box = tuple[float, float, float, float]


def layers(spec: dict[str, Any], mark: str) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    for one in spec["vconcat"][0]["layer"]:
        if one["mark"]["type"] == mark:
            yield one, spec["datasets"][one["data"]["name"]]


def boxes(spec: dict[str, Any]) -> Iterator[tuple[str, Box]]:
    """Every text of the drawing in pixels, halos and arrows apart."""
    for one, rows in layers(spec, "text"):
        mark, places = one["mark"], one["encoding"]
        if "stroke" in places:
            continue
        for row in rows:
            bold, size = mark.get("fontWeight") == "bold", mark["fontSize"]
            wide, half = fonts.text_width(row["text"], size, bold=bold), size * 0.5
            left = row["x"] - (wide / 2 if mark["align"] == "center" else 0)
            yield row["text"], (left, row["y"] - half, left + wide, row["y"] + half)


def apart(one: Box, other: Box) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
