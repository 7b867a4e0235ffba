"""A chart as files that an article can use: SVG, PNG, specification, plotted rows, alt text."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from kurskdata import render

Spec = dict[str, Any]


def rows_csv(spec: Spec) -> str:
    """The rows that a chart plots, as CSV text.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front, as spreadsheets write it.
    """
    rows = spec["datasets"]["rows"]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    columns = spec["usermeta"]["kurskdata"]["columns"]
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def write(spec: Spec, folder: Path) -> None:
    """Writes chart.svg, chart.png (scale 2), chart.vl.json, data.csv and alt.txt into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    drawing = render.svg(spec)
    (folder / "chart.svg").write_text(drawing + "\n", "utf-8", newline="\n")
    (folder / "chart.png").write_bytes(render.png(drawing))
    text = json.dumps(spec, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "chart.vl.json").write_text(text + "\n", "utf-8", newline="\n")
    (folder / "data.csv").write_text(rows_csv(spec), "utf-8", newline="")
    (folder / "alt.txt").write_text(spec["usermeta"]["kurskdata"]["alt"] + "\n", "utf-8", newline="\n")
