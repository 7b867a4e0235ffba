"""Builds again what stands in a folder, and compares to the byte."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
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
    groups: dict[tuple[str, ...], list[Edition]] = defaultdict(list)
    for path in sorted(folder.glob(f"*/{manifest.NAME}")):
        found = manifest.read(path.parent)
        if found:
            groups[tuple(sorted(found["reports"]))].append(editions.edition(found["parameters"]))
    if not groups:
        raise InputError(f"{folder}: holds no editions with a manifest")
    on_sheet = proof.editions_in(folder, itertools.chain(*groups.values()))
    options = dataclasses.replace(options, force=True, proof=tuple(on_sheet))
    with tempfile.TemporaryDirectory(prefix="kursk-verify-") as again, _no_cache():
        for stems, batch in groups.items():
            paths = [given.get(stem) or notebook(stem) for stem in stems]
            for _ in build(batch, paths, Path(again), options):
                pass
        return _compared(folder, Path(again))


def _compared(old: Path, new: Path) -> tuple[int, list[str]]:
    before, after = _files(old), _files(new)
    told = [f"{name}: only in {old}" for name in sorted(before.keys() - after.keys())]
    told += [f"{name}: missing in {old}" for name in sorted(after.keys() - before.keys())]
    told += [
        f"{name}: differs" for name in sorted(before.keys() & after.keys()) if before[name] != after[name]
    ]
    return len(before.keys() | after.keys()), told


def _files(folder: Path) -> dict[str, str]:
    """The hash of every result in a folder: editions, index, crate and proof sheet."""
    names = [path.parent for path in folder.glob(f"*/{manifest.NAME}")]
    files = [path for name in names for path in name.rglob("*") if path.is_file()]
    beside = (folder / name for name in ("index.html", "ro-crate-metadata.json", proof.NAME))
    files += [path for path in beside if path.is_file()]
    return {path.relative_to(folder).as_posix(): manifest.digest(path.read_bytes()) for path in files}


@contextlib.contextmanager
def _no_cache() -> Iterator[None]:
    before = os.environ.get("KURSKDATA_CACHE")
    os.environ["KURSKDATA_CACHE"] = "off"
    try:
        yield
    finally:
        if before is None:
            del os.environ["KURSKDATA_CACHE"]
        else:
            os.environ["KURSKDATA_CACHE"] = before
