"""The public maps that are measured: what each is called, and where and how its archive keeps the days."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple


class Map(NamedTuple):
    """One map of ``maps.json``. ``full_name`` also names the archive, which `kurskdata.tables.measure` reads."""

    name: str
    full_name: str
    repository: str
    below: str  # folder of the snapshots below the root of the repository
    layout: str  # of a snapshot's name, in words; ``file_name`` is its pattern
    file_name: str
    terms: str  # where the owner states the terms of use; empty where no page of the owner does


MAPS = {
    key: Map(**row) for key, row in json.loads(Path(__file__).with_suffix(".json").read_text("utf-8")).items()
}
"""The maps by the id that the column ``observer`` of the table ``control`` holds."""

WANTED = (
    "the map of control is drawn from your own copy of a map archive, and the terms of the map's owner bind whoever "
    "publishes it: kursk export control -o map --archive DIR, with DIR a clone of "
    + ", or ".join(f"https://{one.repository} (--observer {key})" for key, one in MAPS.items())
)
"""How to get the chart `control`, in one line."""
