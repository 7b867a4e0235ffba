"""Which editions of a folder must be made again, and why.

A build compares every manifest with the inputs of now. Output files are told from altered ones by size and times,
which stand in ``.kursk/stamps`` of the output folder; where those differ, as after copying, the content is hashed
and decides.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kurskdata import disk
from kurskdata.editions import Edition
from kurskdata.reports.edition import manifest

LOCAL = ".kursk"
"""Folder inside the output folder for what is not a result: lock and stamps."""

Stale = dict[Edition, dict[str, list[str]]]


def stale_editions(editions: Iterable[Edition], notebooks: Iterable[Path], out: Path) -> Stale:
    """The editions that do not stand as they should: for every report why, nothing where it does."""
    paths = list(notebooks)
    now = manifest.inputs(paths)
    stems = [path.stem for path in paths]
    found = {edition: reasons(out, edition, stems, now) for edition in editions}
    return {edition: why for edition, why in found.items() if any(why.values())}


def reasons(out: Path, edition: Edition, stems: list[str], now: manifest.Inputs) -> dict[str, list[str]]:
    """For every report of an edition why it must be made; an empty list where it stands as it should."""
    found = manifest.read(out / edition.name)
    if not found:
        return {stem: ["missing"] for stem in stems}
    whole = [f"{key} changed" for key, value in now.common.items() if found.get(key) != value]
    if found["parameters"] != edition.parameters():
        whole.append("parameters changed")
    if sorted(found["reports"]) != sorted(stems):
        whole.append("other notebooks were asked for")
    whole += _altered(out, edition.name, found["outputs"])
    return {stem: [*whole, *_own(found["reports"].get(stem), stem, now)] for stem in stems}


def _own(report: Mapping[str, Any] | None, stem: str, now: manifest.Inputs) -> list[str]:
    """What changed for one report alone."""
    if report is None:
        return ["missing"]
    found = ["failed the last time"] if "error" in report else []
    if report["notebook"] != now.notebooks[stem]:
        found.append(f"notebook {stem} changed")
    return found + [
        f"table {name} changed" for name, known in report["tables"].items() if now.tables.get(name) != known
    ]


def _altered(out: Path, name: str, known: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The output files of an edition that are missing or are not as they were written."""
    stamps, found, renew = _stamps(out, name), [], False
    for relative, told in known.items():
        path = f"{out}/{name}/{relative}"
        try:
            stamp = _stamp(path)
        except OSError:
            found.append(f"{relative} is missing")
            continue
        if stamps.get(relative) == stamp:
            continue
        if stamp[0] != told["bytes"] or manifest.digest(Path(path).read_bytes()) != told["sha256"]:
            found.append(f"{relative} was altered")
        renew = True
    if renew and not found:
        remember(out, name, known)
    return found


def _stamp(path: str) -> list[int]:
    status = os.stat(path)  # noqa: PTH116
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def _stamps(out: Path, name: str) -> dict[str, list[int]]:
    try:
        found: dict[str, list[int]] = json.loads((out / LOCAL / "stamps" / f"{name}.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return found


def remember(out: Path, name: str, known: Iterable[str]) -> None:
    """Keeps size and times of output files that are known to be as the manifest says."""
    stamps = {relative: _stamp(f"{out}/{name}/{relative}") for relative in known}
    disk.write(out / LOCAL / "stamps" / f"{name}.json", json.dumps(stamps), synced=True)
