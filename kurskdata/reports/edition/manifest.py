"""What stands in an edition's folder about it: in ``manifest.json`` what it was made from and what came out, as hashes,
which say whether it must be made again; in ``edition.json`` what it holds, as fields, from which the index and the proof
sheet are made.

Needs the standard library alone, so that a build with nothing to do takes next to no time.
"""

from __future__ import annotations

import contextlib
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

from kurskdata import disk
from kurskdata.editions import Edition, edition
from kurskdata.errors import InputError
from kurskdata.tables.descriptor import content, data_folder, descriptor, own_tables

if TYPE_CHECKING:
    from kurskdata.embed.page import Described

NAME = "manifest.json"
CONTENTS = "edition.json"
FORMAT = 1
_FORM = {
    "manifest": int,
    "parameters": {str: str},
    "reports": {str: {"notebook": str, "tables": {str: str}}},
    "outputs": {str: {"bytes": int, "sha256": str}},
}
_SIZE = {"width": int, "height": int}
_FORM_OF_CONTENTS = {
    "name": str,
    "parameters": {str: str},
    "reports": [{"title": str, "page": str, "notebook": str}],
    "charts": [{"name": str, "title": str, "alt": str, "frame_height": int, "wide": _SIZE, "narrow": _SIZE}],
}
_PACKAGE = Path(__file__).parents[2]
_SHOWING = (
    "altair", "babel", "ipykernel", "ipython", "jinja2", "mini-racer", "mistune", "nbclient", "nbformat", "numpy",
    "pandas", "papermill", "pillow", "pyarrow", "pygments", "thorvg-python", "uharfbuzz", "vl-convert-python",
)  # fmt: skip
"""The packages whose versions can show in a report."""

Reasons = dict[str, list[str]]
"""Why the reports of an edition, by name of the notebook, must be made: nothing where a report is up to date."""


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
        known: dict[str, Any] = disk.read_json(place / NAME, _FORM)
    except InputError:
        return {}
    return known if known["manifest"] == FORMAT else {}


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
    """The folder and the contents of every edition in an output folder; charts whose page is gone are left out. Raises
    InputError for contents that cannot be read."""
    for path in sorted(out.glob(f"*/{CONTENTS}")):
        held, charts = disk.read_json(path, _FORM_OF_CONTENTS), path.parent / "charts"
        edition(held["parameters"])
        there = [entry for entry in held["charts"] if (charts / entry["name"] / "index.html").is_file()]
        yield path.parent, {**held, "charts": there}


def reasons(out: Path, edition: Edition, now: Inputs) -> Reasons:
    """Why the reports of one edition must be made, given the inputs as they are now.

    Output files are known to be as their manifest says until a change after its own, by size and times; where those tell of
    one, as after copying, the hash of the content decides, and the manifest is touched. A changed package, another set of notebooks or an altered output concerns every report of the edition; a changed
    table or notebook only the reports that read it.
    """
    known = read(out / edition.name)
    if not known:
        return {stem: ["missing"] for stem in now.notebooks}
    shared = [f"{key} changed" for key, value in now.common.items() if known.get(key) != value]
    if known["parameters"] != edition.parameters():
        shared.append("parameters changed")
    if sorted(known["reports"]) != sorted(now.notebooks):
        shared.append("other notebooks were asked for")
    shared += _altered(out / edition.name, known["outputs"])
    return {stem: [*shared, *_own(known["reports"].get(stem), stem, now)] for stem in now.notebooks}


def _own(report: Mapping[str, Any] | None, stem: str, now: Inputs) -> list[str]:
    """What changed for one report alone, given its entry in the manifest."""
    if report is None:
        return ["missing"]
    failed = ["failed the last time"] if "error" in report else []
    changed = [f"notebook {stem} changed"] if report["notebook"] != now.notebooks[stem] else []
    tables = [name for name, known in report["tables"].items() if now.tables.get(name) != known]
    return [*failed, *changed, *(f"table {name} changed" for name in tables)]


def _altered(place: Path, outputs: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The output files of an edition that are missing, or differ from what its manifest says of them."""
    own = place / NAME
    known_until, later, altered = min(_times(own.stat())), False, []
    for relative, known in outputs.items():
        path = f"{place}/{relative}"
        try:
            status = os.stat(path)  # noqa: PTH116
        except (OSError, ValueError):
            altered.append(f"{relative} is missing")
            continue
        same = status.st_size == known["bytes"]
        if same and max(_times(status)) > known_until:
            later, same = True, digest(Path(path).read_bytes()) == known["sha256"]
        if not same:
            altered.append(f"{relative} was altered")
    if later and not altered:
        with contextlib.suppress(OSError):  # where nothing can be written, they are read again the next time
            os.utime(own)
    return altered


def _times(status: os.stat_result) -> tuple[int, int]:
    return status.st_mtime_ns, status.st_ctime_ns
