"""The page over all editions of a build, from which an editor takes charts into articles.

It reads what stands in the folder and nothing else: pictures load when they come into view, snippets are put
together when a button is pressed, so that it stays usable with hundreds of editions, from a file or a server.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from kurskdata import disk
from kurskdata.words.language import Words

META = "edition.json"
"""The file that makes a folder an edition: its parameters, reports and charts."""

_UNITS = {"km2": "sq km", "sq_mi": "sq mi"}


def write(out: Path) -> Path:
    """Writes index.html over all editions that stand in a folder; returns its path."""
    from kurskdata.templates import templates

    editions = [_edition(path) for path in sorted(out.glob(f"*/{META}"), reverse=True)]
    proof = (out / "proof.html").is_file()
    page = templates().get_template("index.html").render(editions=editions, frame=_frame(), proof=proof)
    disk.write(out / "index.html", page)
    return out / "index.html"


def _edition(path: Path) -> dict[str, Any]:
    """What the page says of one edition."""
    told = json.loads(path.read_text("utf-8"))
    given = told["parameters"]
    w = Words("en", given["units"])
    parts = [w.date(dt.date.fromisoformat(given["as_of"])), given["language"]]
    parts += [_UNITS[given["units"]], given["theme"]]
    if given["start"] or given["end"]:
        parts.append(f"{given['start']}..{given['end']}")
    charts = [_chart(path.parent / "charts" / chart["name"], chart) for chart in told["charts"]]
    return {**told, "label": " · ".join(parts), "charts": [chart for chart in charts if chart]}


def _chart(folder: Path, chart: dict[str, Any]) -> dict[str, Any] | None:
    """What the page says of one chart; None where its files are gone."""
    page = folder / "index.html"
    if not page.is_file():
        return None
    height = re.search(r"height:(\d+)px", (folder / "snippet.html").read_text("utf-8"))
    return {
        **chart,
        "height": int(height[1]) if height else 600,
        "sent": _size(len(gzip.compress(page.read_bytes(), 6, mtime=0))),
        "png": _size((folder / "chart.png").stat().st_size),
        "pixels": _pixels(folder / "chart.png"),
        "interactive": (folder / "interactive.html").is_file(),
    }


def _size(count: int) -> str:
    return f"{count / 1000:.1f} kB" if count < 10_000 else f"{count / 1000:.0f} kB"


def _pixels(path: Path) -> str:
    """Width and height of a PNG, which stand at a fixed place of the file."""
    with path.open("rb") as file:
        head = file.read(24)
    return f"{int.from_bytes(head[16:20], 'big')} × {int.from_bytes(head[20:24], 'big')}"


def _frame() -> Markup:
    """The iframe snippet with marks in the place of what differs between charts."""
    from kurskdata.embed.iframe import frame

    marks = SimpleNamespace(
        address="%ADDRESS%", title="%TITLE%", alt="%ALT%", height="%HEIGHT%", language="en"
    )
    return Markup(json.dumps(str(frame(marks))).replace("<", "\\u003c"))
