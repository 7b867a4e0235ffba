"""A page of changes, with the charts that changed side by side: light, dark and as phones show them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kurskdata import disk
from kurskdata.changes.contents import Edition
from kurskdata.changes.diff import Change, Pair, marked
from kurskdata.errors import InputError
from kurskdata.reports import overview
from kurskdata.templates import filled

_SIDES = ("before", "after")
_VIEWS = (("light", 640), ("dark", 640), ("light", 320), ("dark", 320))
_FILES = ("index.html", "sources.html", "data.csv", "chart.png")


def write(found: list[Change], matched: list[Pair], out: Path) -> Path:
    """Writes ``index.html`` into a folder, beside it the pages of the charts that changed; returns its path.

    Raises InputError for a folder that cannot be made, or that an edition to compare lies in, OSError where a file cannot
    be written.
    """
    both = [edition for pair in matched for edition in pair if edition]
    if any(out.resolve() in (e.folder.resolve(), *e.folder.resolve().parents) for e in both):
        raise InputError(f"{out}: holds editions to compare; name another folder with -o")
    wanted = {place.partition(",")[0] for change in found for place in change.places}
    disk.make_folder(out, "output folder")
    charts = []
    for pair in matched:
        for name in sorted({name for edition in pair if edition for name in edition.charts()}):
            place = f"{(pair[1] or pair[0] or both[0]).name}: {name}"
            if place in wanted or None in pair:
                charts.append({"place": place, "views": _views(pair, name, out)})
    told = [(change, marked(change)) for change in found]
    disk.write(out / "index.html", filled("diff.html", changes=told, charts=charts, sides=_SIDES))
    return out / "index.html"


def _views(pair: tuple[Edition | None, Edition | None], chart: str, out: Path) -> list[dict[str, Any]]:
    """The frames of a chart, before and after, in each view; an edition without the chart has none."""
    frames = {}
    for side, edition in zip(_SIDES, pair, strict=True):
        if edition and chart in edition.charts():
            at = f"{side}/{edition.name}/{chart}"
            for name in _FILES:
                disk.write(out / at / name, edition.file(chart, name))
            frames[side] = at, overview.heights(edition.charts()[chart])
    views = []
    for theme, width in _VIEWS:
        shown = {side: (f"{at}/index.html", high[width]) for side, (at, high) in frames.items()}
        views.append({"theme": theme, "width": width, "frames": shown})
    return views
