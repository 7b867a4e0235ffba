"""The files of one chart, written into a folder of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kurskdata.drawing.png import render_png
from kurskdata.drawing.svg import render_svg
from kurskdata.embed import card, interactive, jsonld, page
from kurskdata.embed.table import Trail, rows_csv

Spec = dict[str, Any]

FILES = (
    "index.html",
    "chart.svg",
    "chart.png",
    "card.png",
    "chart.vl.json",
    "data.csv",
    "alt.txt",
    "snippet.html",
    "metadata.jsonld",
)
"""What every bundle holds; ``interactive.html`` comes with them when it is asked for."""


def write(
    spec: Spec,
    folder: Path,
    *,
    address: str = "",
    interactive_view: bool = False,
    notebook: str | None = None,
) -> page.Described:
    """Writes the bundle of a chart into a folder; returns what its page says, for other pages that show the chart.

    ``address`` is where the folder will be published: snippets name it; without one they hold relative addresses.
    ``interactive_view`` adds ``interactive.html``, ``notebook`` is the address of the notebook behind the chart.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawing, trail = render_svg(spec), Trail()
    described = page.describe(spec, trail, address=address, interactive=interactive_view, notebook=notebook)
    _text(folder / "index.html", page.html(described))
    _text(folder / "snippet.html", page.snippet(described))
    _text(folder / "chart.svg", drawing)
    (folder / "chart.png").write_bytes(render_png(drawing))
    (folder / "card.png").write_bytes(card.card(spec, drawing, described.wide))
    _text(folder / "chart.vl.json", json.dumps(spec, ensure_ascii=False, sort_keys=True))
    _text(folder / "alt.txt", spec["usermeta"]["kurskdata"]["alt"])
    _text(folder / "metadata.jsonld", jsonld.jsonld(spec, trail))
    (folder / "data.csv").write_text(rows_csv(spec), "utf-8", newline="")
    if interactive_view:
        _text(folder / "interactive.html", interactive.html(spec))
    return described


def _text(path: Path, text: str) -> None:
    path.write_text(text.rstrip("\n") + "\n", "utf-8", newline="\n")
