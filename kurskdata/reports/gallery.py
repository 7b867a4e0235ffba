"""The index of a build: one page over all editions, from which an editor takes charts into articles.

It reads what stands in the folder and nothing else: pictures load when they come into view, snippets are put
together when a button is pressed, so that it stays usable with hundreds of editions, from a file or a server.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup
from PIL import Image

from kurskdata import disk
from kurskdata.reports.edition import manifest
from kurskdata.tables.maps import WANTED
from kurskdata.words.language import Words

_UNITS = {"km2": "sq km", "sq_mi": "sq mi"}


def write(out: Path, address: str = "") -> Path:
    """Writes index.html over all editions in a folder, to be published at an address; returns its path."""
    from kurskdata.charts.style.theme import DARK, LIGHT
    from kurskdata.templates import templates

    standing = sorted(manifest.editions(out), key=lambda pair: str(pair[1]["name"]), reverse=True)
    page = templates().get_template("index.html")
    text = page.render(
        editions=[_edition(folder, held) for folder, held in standing],
        frame=_frame(),
        light=LIGHT,
        dark=DARK,
        address=address,
        proof=(out / "proof.html").is_file(),
        wanted=WANTED,
    )
    disk.write(out / "index.html", text)
    return out / "index.html"


def _edition(folder: Path, held: dict[str, Any]) -> dict[str, Any]:
    """What the page says of one edition."""
    given = held["parameters"]
    day = Words("en", given["units"]).date(dt.date.fromisoformat(given["as_of"]))
    parts = [day, given["language"], _UNITS[given["units"]], given["theme"]]
    if given["start"] or given["end"]:
        parts.append(f"{given['start']}..{given['end']}")
    charts = [_chart(folder / "charts" / chart["name"], chart) for chart in held["charts"]]
    return {**held, "folder": folder.name, "label": " · ".join(parts), "charts": charts}


def _chart(folder: Path, chart: dict[str, Any]) -> dict[str, Any]:
    """What the page says of one chart."""
    with Image.open(folder / "chart.png") as picture:
        width, height = picture.size
    return {
        **chart,
        "sent": len(gzip.compress((folder / "index.html").read_bytes(), 6, mtime=0)),
        "png": (folder / "chart.png").stat().st_size,
        "pixels": f"{width} × {height}",
        "interactive": (folder / "interactive.html").is_file(),
    }


def _frame() -> Markup:
    """The iframe snippet with marks in the place of what differs between charts."""
    from kurskdata.embed.page import frame

    marks = {name: f"%{name.upper()}%" for name in ("address", "title", "alt", "height")}
    snippet = frame(SimpleNamespace(language="en", **marks))
    return Markup(json.dumps(str(snippet)).replace("<", "\\u003c"))
