"""The values that a mark shows on hover, in the drawing itself.

A renderer writes tooltips only where a script can show them. Here every mark that has a tooltip gets the
same values as its description, which the renderer does write; the drawing turns them into native titles.
"""

from __future__ import annotations

import json

from kurskdata.drawing.svg import Spec

MARK = "\N{INVISIBLE SEPARATOR}"
"""Stands before a description that came from a tooltip."""

LONGEST = 90
"""Texts with more characters stand in the table below the chart only."""


def tooltip_of(label: str) -> str:
    """The values in the label of a drawn mark; empty where the label did not come from a tooltip."""
    return label.removeprefix(MARK).strip() if label.startswith(MARK) else ""


_POINTS = ("point", "circle", "square", "rect", "bar", "rule", "tick")
"""Marks that stand for one row each; a text leaves its values to the mark below it."""


def with_tips(spec: Spec) -> Spec:
    """The specification, changed in place, with a description for every mark that has a tooltip."""
    for part in ("vconcat", "hconcat", "concat", "layer"):
        for inner in spec.get(part, []):
            with_tips(inner)
    encoding, mark = spec.get("encoding", {}), spec.get("mark")
    mark = mark if isinstance(mark, dict) else {"type": mark}
    tooltip = encoding.get("tooltip")
    if tooltip and mark["type"] in _POINTS:
        fields = tooltip if isinstance(tooltip, list) else [tooltip]
        lines = [_line(field) for field in fields if "field" in field]
        # A value that a row lacks takes its line with it.
        values = "+".join([json.dumps(MARK), *lines])
        spec["transform"] = [*spec.get("transform", []), {"calculate": values, "as": "tip"}]
        spec["encoding"] = {**encoding, "description": {"field": "tip", "type": "nominal"}}
        spec["mark"] = {**mark, "aria": True}
    return spec


def _line(field: Spec) -> str:
    """An expression for one line of a tooltip: name and value, formatted as the tooltip would."""
    value = text = f"datum[{json.dumps(field['field'])}]"
    if "format" in field:
        pattern = json.dumps(field["format"])
        is_day = field.get("type") == "temporal"
        text = f"utcFormat(toDate({value}),{pattern})" if is_day else f"format({value},{pattern})"
    name = str(field.get("title") or "").strip()
    start = json.dumps(f"\n{name}: " if name else "\n")
    fits = f"isValid({value})&&{value}!==''&&length(toString({value}))<={LONGEST}"
    return f"({fits}?{start}+{text}:'')"
