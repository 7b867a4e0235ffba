"""What an edition holds, as fields: its ``edition.json``, from which the index and the proof sheet are made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kurskdata.embed.page import Described

NAME = "edition.json"
"""The file that makes a folder an edition: its name, parameters, reports and charts."""

_UNKNOWN: dict[str, Any] = {
    "frame_height": 600,
    "wide": {"width": 640, "height": 400},
    "narrow": {"width": 320, "height": 400},
}
"""Sizes in pixels for the charts of editions that earlier versions wrote, which did not record them."""


def chart(folder: str, described: Described) -> dict[str, Any]:
    """The entry of a chart: its folder, its texts, and in pixels the size of both drawings and of a first frame."""
    return {
        "name": folder,
        "title": described.title,
        "alt": described.alt,
        "frame_height": described.height,
        "wide": {"width": described.wide.width, "height": described.wide.height},
        "narrow": {"width": described.narrow.width, "height": described.narrow.height},
    }


def editions(out: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The folder and the contents of every edition in an output folder; charts whose page is gone are left out."""
    for path in sorted(out.glob(f"*/{NAME}")):
        held, charts = json.loads(path.read_bytes()), path.parent / "charts"
        there = [entry for entry in held["charts"] if (charts / entry["name"] / "index.html").is_file()]
        yield path.parent, {**held, "charts": [{**_UNKNOWN, **entry} for entry in there]}
