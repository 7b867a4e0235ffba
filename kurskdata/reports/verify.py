"""Builds again what stands in a folder, and compares to the byte."""

from __future__ import annotations

import dataclasses
import itertools
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from kurskdata import editions
from kurskdata.editions import Edition
from kurskdata.errors import InputError
from kurskdata.reports import proof
from kurskdata.reports.batch import Options, build, notebook
from kurskdata.reports.edition import manifest


def differences(folder: Path, given: Mapping[str, Path], options: Options) -> tuple[int, list[str]]:
    """How many files were compared, and the paths of those that differ, are missing or were not expected.

    Every edition is made again in another folder, with no drawing taken from an earlier build. ``given`` are
    notebooks by name that are not among the package's own.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[Edition]] = defaultdict(list)
    for path in sorted(folder.glob(f"*/{manifest.NAME}")):
        found = manifest.read(path.parent)
        if found:
            key = found.get("address", ""), tuple(sorted(found["reports"]))
            groups[key].append(editions.edition(found["parameters"]))
    if not groups:
        raise InputError(f"{folder}: holds no editions with a manifest")
    on_sheet = proof.editions_in(folder, itertools.chain(*groups.values()))
    options = dataclasses.replace(options, force=True, reuse=False, proof=tuple(on_sheet))
    with tempfile.TemporaryDirectory(prefix="kursk-verify-") as again:
        for (address, stems), batch in groups.items():
            options = dataclasses.replace(options, address=address)
            paths = [given.get(stem) or notebook(stem) for stem in stems]
            for _ in build(batch, paths, Path(again), options):
                pass
        return _compared(folder, Path(again))


def _compared(old: Path, new: Path) -> tuple[int, list[str]]:
    before, after = _files(old), _files(new)
    names = before.keys() | after.keys()
    lines = [f"{name}: only in {old}" for name in sorted(before.keys() - after.keys())]
    lines += [f"{name}: missing in {old}" for name in sorted(after.keys() - before.keys())]
    lines += [f"{n}: differs" for n in sorted(before.keys() & after.keys()) if before[n] != after[n]]
    return len(names), lines


def _files(folder: Path) -> dict[str, str]:
    """The hash of every result in a folder: editions, index, crate and proof sheet."""
    files = [path for place in folder.glob(f"*/{manifest.NAME}") for path in place.parent.rglob("*")]
    files += [folder / name for name in ("index.html", "ro-crate-metadata.json", proof.NAME)]
    return {p.relative_to(folder).as_posix(): manifest.digest(p.read_bytes()) for p in files if p.is_file()}
