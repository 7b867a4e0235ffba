"""Which editions of a folder must be made again, and why.

A build compares every manifest with the inputs as they are now. Output files are known to be as their manifest says
until a change after its own, by size and times; where those tell of one, as after copying, the hash of the content
decides, and the manifest is touched.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kurskdata.editions import Edition
from kurskdata.reports.edition import manifest

LOCAL = ".kursk"
"""Folder inside the output folder for what is not a result."""

Reasons = dict[str, list[str]]
"""Why the reports of an edition, by name of the notebook, must be made: nothing where a report is up to date."""


def stale_editions(
    editions: Iterable[Edition], notebooks: Iterable[Path], out: Path, address: str = ""
) -> dict[Edition, Reasons]:
    """Stale editions of a folder that is published at an address, with the reasons for each report. Raises InputError
    for a missing table."""
    paths = list(notebooks)
    now = manifest.inputs(paths, address)
    stems = [path.stem for path in paths]
    every = {edition: reasons(out, edition, stems, now) for edition in editions}
    return {edition: why for edition, why in every.items() if any(why.values())}


def reasons(out: Path, edition: Edition, stems: list[str], now: manifest.Inputs) -> Reasons:
    """Why the reports of one edition must be made, given the inputs as they are now.

    A changed package, another set of notebooks or an altered output concerns every report of the edition; a changed
    table or notebook only the reports that read it.
    """
    known = manifest.read(out / edition.name)
    if not known:
        return {stem: ["missing"] for stem in stems}
    shared = [f"{key} changed" for key, value in now.common.items() if known.get(key) != value]
    if known["parameters"] != edition.parameters():
        shared.append("parameters changed")
    if sorted(known["reports"]) != sorted(stems):
        shared.append("other notebooks were asked for")
    shared += _altered(out / edition.name, known["outputs"])
    return {stem: [*shared, *_own(known["reports"].get(stem), stem, now)] for stem in stems}


def _own(report: Mapping[str, Any] | None, stem: str, now: manifest.Inputs) -> list[str]:
    """What changed for one report alone, given its entry in the manifest."""
    if report is None:
        return ["missing"]
    failed = ["failed the last time"] if "error" in report else []
    changed = [f"notebook {stem} changed"] if report["notebook"] != now.notebooks[stem] else []
    tables = [name for name, known in report["tables"].items() if now.tables.get(name) != known]
    return [*failed, *changed, *(f"table {name} changed" for name in tables)]


def _altered(place: Path, outputs: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The output files of an edition that are missing, or differ from what its manifest says of them."""
    own = place / manifest.NAME
    known_until, later, altered = min(_times(own.stat())), False, []
    for relative, known in outputs.items():
        path = f"{place}/{relative}"
        try:
            status = os.stat(path)  # noqa: PTH116
        except OSError:
            altered.append(f"{relative} is missing")
            continue
        same = status.st_size == known["bytes"]
        if same and max(_times(status)) > known_until:
            later, same = True, manifest.digest(Path(path).read_bytes()) == known["sha256"]
        if not same:
            altered.append(f"{relative} was altered")
    if later and not altered:
        with contextlib.suppress(OSError):  # where nothing can be written, they are read again the next time
            os.utime(own)
    return altered


def _times(status: os.stat_result) -> tuple[int, int]:
    return status.st_mtime_ns, status.st_ctime_ns
