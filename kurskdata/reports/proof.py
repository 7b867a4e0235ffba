"""A sheet that shows every chart of a day at once: in all languages, light and dark, at the widths of articles.

For editors who choose, and for review before anything is published. It holds the pages of the charts
themselves, in frames that load when they come into view; it asks for nothing else.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from markupsafe import Markup

from kurskdata import disk
from kurskdata.editions import Edition
from kurskdata.reports import gallery
from kurskdata.words.language import LANGUAGES

NAME = "proof.html"
WIDTHS = (320, 640, 1200)
"""Widths of the frames in pixels: a phone, the column of an article, a wide page."""

THEMES = ("light", "dark")
_AROUND = {320: 330, 640: 230, 1200: 230}
"""Height in pixels of the words around a drawing, for frames whose page may not run its script."""


def editions(batch: Iterable[Edition]) -> list[Edition]:
    """The editions of a sheet: the latest of the batch in the first of its units, in every language. Light ones,
    whose pages turn dark too."""
    latest = max(batch, key=lambda edition: edition.as_of)
    return [dataclasses.replace(latest, language=language, theme="light") for language in LANGUAGES]


def write(out: Path, shown: Iterable[Edition]) -> Path:
    """Writes the sheet over these editions, as far as they stand in the folder; returns its path."""
    disk.write(out / NAME, _sheet(out, shown))
    return out / NAME


def reason(out: Path, shown: Iterable[Edition]) -> str:
    """Why the sheet in the folder is not that over these editions; empty when it is."""
    if not (out / NAME).is_file():
        return "missing"
    same = (out / NAME).read_text("utf-8") == _sheet(out, shown)
    return "" if same else "shows other charts than stand here"


def editions_in(out: Path) -> frozenset[str]:
    """The names of the editions that the sheet in the folder shows; none where there is no sheet."""
    text = (out / NAME).read_text("utf-8") if (out / NAME).is_file() else ""
    return frozenset(re.findall(r' src="([^"/]+)/charts/', text))


def _sheet(out: Path, editions: Iterable[Edition]) -> str:
    from kurskdata.embed.iframe import LISTENER
    from kurskdata.templates import templates

    shown = sorted(editions, key=lambda edition: LANGUAGES.index(edition.language))
    charts: dict[str, list[dict[str, Any]]] = {}
    for edition in shown:
        meta = out / edition.name / gallery.META
        for chart in json.loads(meta.read_text("utf-8"))["charts"] if meta.is_file() else []:
            at = f"{edition.name}/charts/{chart['name']}/index.html"
            if (out / at).is_file():
                heights = _heights((out / at).read_text("utf-8"))
                told = {"language": edition.language, "title": chart["title"], "at": at, "heights": heights}
                charts.setdefault(chart["name"], []).append(told)
    page = templates().get_template(NAME)
    return page.render(
        charts=charts, widths=WIDTHS, themes=THEMES, edition=shown[0], listener=Markup(LISTENER)
    )


def _heights(page: str) -> dict[int, int]:
    """The height of a frame by its width, from the sizes of the two drawings of a page."""
    sizes = sorted((int(w), int(h)) for w, h in re.findall(r'<svg [^>]*?viewBox="0 0 (\d+) (\d+)"', page))
    narrow, wide = sizes[0], sizes[-1]
    found = {}
    for width in WIDTHS:
        own = wide if width > wide[0] else narrow
        across = min(width, 860 if own is wide else 440)
        found[width] = round(own[1] * across / own[0]) + _AROUND[width]
    return found
