"""What stands in an edition's folder about it: in ``manifest.json`` what it was made from and what came out, as hashes;
in ``edition.json`` what it holds, as fields, from which the index and the proof sheet are made.

Needs the standard library alone, so that a build with nothing to do takes next to no time.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kurskdata.tables.descriptor import content, data_folder, descriptor, own_tables

if TYPE_CHECKING:
    from kurskdata.embed.page import Described

NAME = "manifest.json"
CONTENTS = "edition.json"
FORMAT = 1
_PACKAGE = Path(__file__).parents[2]
_SHOWING = (
    "altair", "babel", "ipykernel", "ipython", "jinja2", "mini-racer", "mistune", "nbclient", "nbformat", "numpy",
    "pandas", "papermill", "pillow", "pyarrow", "pygments", "thorvg-python", "uharfbuzz", "vl-convert-python",
)  # fmt: skip
"""The packages whose versions can show in a report."""


def digest(content: bytes) -> str:
    """The SHA-256 of some bytes."""
    return hashlib.sha256(content).hexdigest()


def text(value: Any) -> str:
    """A JSON value as this project writes it into files."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@dataclasses.dataclass(frozen=True)
class Inputs:
    """Everything that reports are made from, by hash; tables and notebooks by name."""

    common: Mapping[str, Any]
    tables: Mapping[str, str]
    notebooks: Mapping[str, str]


def inputs(notebooks: Iterable[Path], address: str = "") -> Inputs:
    """The inputs as they are now; ``address`` is where the output folder will be published."""
    whole = descriptor()
    folder = data_folder()
    tables = {}
    for resource in whole["resources"]:
        described = {k: v for k, v in resource.items() if k not in ("hash", "bytes")}
        held = content(folder / resource["path"])
        tables[resource["name"]] = digest(held + json.dumps(described, sort_keys=True).encode())
    rest = {k: v for k, v in whole.items() if k != "resources"}
    lock = _PACKAGE.parent / "requirements.lock"
    common = {
        "package": {"version": installed().get("kurskdata", "unknown"), "sha256": package()},
        "lock": digest(lock.read_bytes()) if lock.is_file() else None,
        "versions": {name: installed()[name] for name in _SHOWING if name in installed()},
        "python": ".".join(map(str, sys.version_info[:3])),
        "fonts": digest(b"".join(p.read_bytes() for p in sorted((_PACKAGE / "fonts").glob("*.ttf")))),
        "descriptor": digest(json.dumps(rest, sort_keys=True).encode()),
        "own_tables": own_tables(),
        "address": address,
        "source_date_epoch": os.environ.get("SOURCE_DATE_EPOCH") or None,
    }
    return Inputs(common, tables, {path.stem: digest(path.read_bytes()) for path in notebooks})


@functools.cache
def installed() -> dict[str, str]:
    """Name and version of every installed package, from the names of their folders; earlier paths win.

    Takes 1 ms, where importlib.metadata takes 95, as long as the rest of a build with nothing to do.
    """
    versions: dict[str, str] = {}
    for place in sys.path:
        try:
            names = sorted(os.listdir(place or "."))  # noqa: PTH208
        except OSError:
            continue
        for name in names:
            if match := re.fullmatch(r"(.+)-([^-]+)\.dist-info", name):
                versions.setdefault(re.sub(r"[-_.]+", "-", match[1]).lower(), match[2])
    return versions


@functools.cache
def package() -> str:
    """The hash of the package: its modules and templates."""
    hashed = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        parts = path.relative_to(_PACKAGE).parts
        if parts[0] in ("data", "notebooks", "fonts") or "__pycache__" in parts or not path.is_file():
            continue
        hashed.update("/".join(parts).encode() + b"\0" + path.read_bytes() + b"\0")
    return hashed.hexdigest()


def entry(stem: str, used: Iterable[str] | None, now: Inputs) -> dict[str, Any]:
    """What the manifest says of one report; ``used`` are the tables it loaded, None stands for any."""
    names = now.tables if used is None else used
    return {
        "notebook": now.notebooks[stem],
        "tables": {name: now.tables[name] for name in sorted(names) if name in now.tables},
    }


def outputs(folder: Path) -> dict[str, dict[str, Any]]:
    """Hash and size of every file in a folder but the manifest, by path relative to the folder."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != NAME]
    contents = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return {name: {"bytes": len(content), "sha256": digest(content)} for name, content in contents.items()}


def read(place: Path) -> dict[str, Any]:
    """The manifest of an edition's folder; empty where there is none that can be read."""
    try:
        known = json.loads((place / NAME).read_bytes())
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) and known.get("manifest") == FORMAT else {}


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
    for path in sorted(out.glob(f"*/{CONTENTS}")):
        held, charts = json.loads(path.read_bytes()), path.parent / "charts"
        there = [entry for entry in held["charts"] if (charts / entry["name"] / "index.html").is_file()]
        yield path.parent, {**held, "charts": there}
