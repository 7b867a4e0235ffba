"""The public maps that are measured: what each is called, and where and how its archive keeps the days."""

from __future__ import annotations

import re
from typing import NamedTuple


class Map(NamedTuple):
    """One map. ``full_name`` also names the archive; the rest describes the archive for `kurskdata.tables.measure`."""

    name: str
    full_name: str
    repository: str
    below: str  # folder of the snapshots below the root of the repository
    layout: str
    file_name: re.Pattern[str]


MAPS = {
    "deepstate": Map(
        "DeepState",
        "DeepState",
        "github.com/DanielRose2310/deepstatemaps-history",
        "deepstate/geojsons",
        "<unix time>.geojson",
        re.compile(r"\d{9,10}\.geojson"),
    ),
    "owlmaps": Map(
        "Project Owl",
        "Project Owl (owlmaps)",
        "github.com/owlmaps/map-data",
        "data",
        "YYYYMMDD.json",
        re.compile(r"\d{8}\.json"),
    ),
}
"""The maps by the id that the column ``observer`` of the table ``control`` holds."""
