"""Charts for articles: ``write`` makes a folder of files from the Vega-Lite specification of one chart.

The page in it holds the whole chart as inline SVG and requests nothing; its only script reports its height to the
page around it.
"""

from __future__ import annotations

import json
from pathlib import Path

from kurskdata.errors import InputError, require, web_folder

require("charts for articles", "charts", "babel", "jinja2", "PIL", "uharfbuzz", "py_mini_racer", "vl_convert")

from kurskdata.drawing.png import render_png
from kurskdata.drawing.svg import Spec, editors_svg
from kurskdata.embed import card, page
from kurskdata.embed.table import Trail, jsonld, rows_csv

__all__ = ["FILES", "rows_csv", "write"]

FILES = (
    "index.html", "sources.html", "chart.svg", "chart.png", "card.png", "chart.vl.json", "data.csv", "alt.txt",
    "snippet.html", "metadata.jsonld",
)  # fmt: skip
"""The names of the files in every bundle; ``interactive.html`` is added on request, ``oembed.json``, what article systems
ask for, where the address is known.

In this order: the page for an iframe, a page with all rows and their sources, the drawing as SVG in named groups and
as PNG at two pixels per unit, a PNG of 1200 x 630 pixels for social networks, the Vega-Lite specification, the plotted
rows, the alt text, the code to paste into an article, and the rows as schema.org records.
"""

_NEEDED = ("chart", "edition", "as_of", "language", "theme", "title", "alt", "source", "columns")


def write(
    spec: Spec,
    folder: Path,
    *,
    address: str = "",
    interactive_view: bool = False,
    notebook: str | None = None,
) -> page.Described:
    """Writes the bundle of a chart, the files of `FILES`, into a folder, which is created if it is missing.

    ``spec`` is a chart of this package as ``chart.to_dict()`` gives it. ``address`` is the web address under which
    the folder will be published: snippets name it, and the page, for networks and
    article systems; without one they hold relative addresses.
    ``interactive_view`` adds ``interactive.html``; ``notebook`` is the address of the notebook behind the chart.

    Returns what the page of the chart says, for other pages that show the chart. Raises InputError for a
    specification that is not a chart of this package and for an address that is not one of the web, BuildError for one with clipped marks or gradients.
    """
    meta = spec.get("usermeta", {}).get("kurskdata", {})
    if missing := [name for name in _NEEDED if name not in meta]:
        raise InputError(
            f"chart: usermeta.kurskdata lacks {', '.join(missing)}; draw the chart with this version of kurskdata"
        )
    address, drawing, trail = web_folder(address), editors_svg(spec), Trail()
    described = page.Described(spec, trail, address, interactive_view, notebook)
    texts = {
        "index.html": page.html(described),
        "sources.html": page.sources(described),
        "snippet.html": page.snippet(described),
        "chart.svg": drawing,
        "chart.vl.json": json.dumps(spec, ensure_ascii=False, sort_keys=True),
        "alt.txt": meta["alt"],
        "metadata.jsonld": jsonld(spec, trail),
        "data.csv": rows_csv(spec),
    }
    if address:
        texts["oembed.json"] = page.oembed(described)
    if interactive_view:
        texts["interactive.html"] = page.interactive_page(spec)
    pictures = {"chart.png": render_png(drawing), "card.png": render_png(card.svg(spec), 1)}
    # Nothing is written before everything is made, so that a chart that cannot be made leaves no half bundle.
    folder.mkdir(parents=True, exist_ok=True)
    written = {name: (text.rstrip("\n") + "\n").encode() for name, text in texts.items()}
    for name, content in {**written, **pictures}.items():
        (folder / name).write_bytes(content)
    return described
