"""A sheet that shows every chart of a day at once: in all languages, light and dark, at the widths of articles.

For editors who choose, and for review before anything is published. It holds the pages of the charts
themselves, in frames that load when they come into view; it asks for nothing else.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kurskdata import disk
from kurskdata.editions import THEMES, Edition
from kurskdata.reports.edition import manifest
from kurskdata.words.language import LANGUAGES

NAME = "proof.html"
WIDTHS = (320, 640, 1200)
"""Widths of the frames in pixels: a phone, the column of an article, a wide page."""

_AROUND = {320: 330, 640: 230, 1200: 230}
"""Height in pixels of the words around a drawing, for frames whose page may not run its script."""

Standing = dict[frozenset[tuple[str, str]], tuple[Path, dict[str, Any]]]
"""Folder and contents of the editions in an output folder, by their parameters."""

_WIDEST = {"wide": 860, "narrow": 440}
"""The width in pixels to which a page scales each drawing at most."""


def editions(batch: Iterable[Edition]) -> list[Edition]:
    """The editions of a sheet: the latest of the batch in the first of its units, in every language. Light ones,
    whose pages turn dark too."""
    latest = max(batch, key=lambda edition: edition.as_of)
    return [dataclasses.replace(latest, language=language, theme="light") for language in LANGUAGES]


def write(out: Path, on_sheet: Iterable[Edition]) -> Path:
    """Writes the sheet over these editions, as far as they stand in the folder; returns its path."""
    disk.write(out / NAME, _sheet(out, _standing(out), on_sheet))
    return out / NAME


def reason(out: Path, on_sheet: Iterable[Edition]) -> str:
    """Why the sheet in the folder is not that over these editions; empty when it is."""
    if not (out / NAME).is_file():
        return "missing"
    same = (out / NAME).read_text("utf-8") == _sheet(out, _standing(out), on_sheet)
    return "" if same else "shows other charts than stand here"


def editions_in(out: Path, batch: Iterable[Edition]) -> list[Edition]:
    """The editions that the sheet in the folder shows, by a batch that stands there; none where there is no sheet.

    Written over them, the sheet would be just as it is. For a sheet that was altered, they are those of the latest day.
    """
    if not (out / NAME).is_file():
        return []
    text, standing = (out / NAME).read_text("utf-8"), _standing(out)
    latest_first = sorted(batch, key=lambda edition: edition.as_of, reverse=True)
    sheets = list(dict.fromkeys(tuple(editions([edition])) for edition in latest_first))
    return list(next((sheet for sheet in sheets if _sheet(out, standing, sheet) == text), sheets[0]))


def _standing(out: Path) -> Standing:
    return {frozenset(held["parameters"].items()): (at, held) for at, held in manifest.editions(out)}


def _sheet(out: Path, standing: Standing, on_sheet: Iterable[Edition]) -> str:
    from kurskdata.embed.page import LISTENER
    from kurskdata.templates import templates

    wanted = sorted(on_sheet, key=lambda edition: LANGUAGES.index(edition.language))
    frames: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for edition in wanted:
        folder, held = standing.get(frozenset(edition.parameters().items()), (out, {"charts": []}))
        for chart in held["charts"]:
            frame = {
                "language": edition.language,
                "title": chart["title"],
                "at": f"{folder.name}/charts/{chart['name']}/index.html",
                "heights": heights(chart),
            }
            frames[chart["name"]].append(frame)
    page = templates().get_template(NAME)
    return page.render(charts=frames, widths=WIDTHS, themes=THEMES, edition=wanted[0], listener=LISTENER)


def heights(chart: dict[str, Any]) -> dict[int, int]:
    """The height of a frame by its width, in pixels, from the sizes of both drawings."""
    found = {}
    for width in WIDTHS:
        drawing = "wide" if width > chart["wide"]["width"] else "narrow"
        scale = min(width, _WIDEST[drawing]) / chart[drawing]["width"]
        found[width] = round(chart[drawing]["height"] * scale) + _AROUND[width]
    return found
