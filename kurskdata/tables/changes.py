"""What differs between two states of the tables, cell by cell as written, and whether each change has its entry.

A state is a folder, an archive, a git revision, or the last release: ``data/released.json`` has a hash of each cell.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import subprocess
import zipfile
from base64 import b85encode
from collections import namedtuple
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

from kurskdata.disk import read_json
from kurskdata.errors import InputError
from kurskdata.tables import spreadsheet
from kurskdata.tables.descriptor import data_folder
from kurskdata.tables.reader import check_header

Folder = Path | zipfile.Path
State = Mapping[tuple[str, str, str], str]
"""Cells as written, or their hashes, by table, key (its parts joined by /) and column."""

_MARK, _SIZE = "\0", 5  # of a hash of 32 bits in a state: how it begins, and its characters

Change = namedtuple("Change", "change table key column old new entry")
"""One difference: ``column`` is empty for a row, ``key`` for a column; ``entry`` is yes, missing or not needed."""


_TABLES = {
    "resources": [{"name": str, "path": str, "schema": {"primaryKey": [str], "fields": [{"name": str}]}}]
}


def hashed(text: str) -> str:
    """A cell as ``released.json`` keeps it."""
    return b85encode(hashlib.sha256(text.encode()).digest()[:4]).decode()


def _same(kept: str, text: str) -> bool:
    return kept == (_MARK + hashed(text) if kept.startswith(_MARK) else text)


def released() -> dict[str, Any]:
    """The version and the hashes that were released last. Raises InputError where the folder has none."""
    form = {"version": str, "tables": {str: {"columns": [str], "rows": {str: str}}}}
    known: dict[str, Any] = read_json(data_folder() / "released.json", form)
    return known


def state(place: str) -> State:
    """The cells of a folder, an archive, a git revision or the released version. Raises InputError for none of these."""
    if Path(place).exists() or (known := released())["version"] != place:
        return written(_folder(place))
    return {
        (name, key, column): _MARK + text[_SIZE * i : _SIZE * i + _SIZE]
        for name, table in known["tables"].items()
        for key, text in table["rows"].items()
        for i, column in enumerate(table["columns"])
    }


def written(folder: Folder) -> State:
    """The cells of the tables in a folder, as its own descriptor names them. Raises InputError for a broken table."""
    found = {}
    for resource in read_json(folder / "datapackage.json", _TABLES)["resources"]:
        (_, header), *lines = spreadsheet.table(folder / resource["path"])
        if resource["name"] == "corrections":
            check_header(f"{folder / resource['path']}: line 1", header, resource["schema"]["fields"])
        for row in (dict(zip(header, cells, strict=False)) for _, cells in lines):
            key = "/".join(row.get(name, "") for name in resource["schema"]["primaryKey"])
            found.update({(resource["name"], key, column): text for column, text in row.items()})
    return found


def _folder(place: str) -> Folder:
    """The folder that holds the tables of a place, on disk or in an archive."""
    path = Path(place)
    if (path / "datapackage.json").is_file():
        return path
    git = ["git", "-C", str(data_folder()), "archive", "--format=zip", "--end-of-options", place]
    with contextlib.suppress(OSError, zipfile.BadZipFile):
        done = None if path.exists() else subprocess.run(git, capture_output=True, check=False)
        archive = zipfile.ZipFile(io.BytesIO(done.stdout if done else path.read_bytes()))
        archive.filename = place  # for messages
        for name in archive.namelist():
            if Path(name).name == "datapackage.json":
                return zipfile.Path(archive, name.removesuffix("datapackage.json"))
    known = f"a folder, wheel or zip archive with datapackage.json, nor a git revision, nor {released()['version']}"
    raise InputError(f"{place}: not {known}, the released version")


def diff(old: str, new: str) -> list[Change]:
    """The changes from one place to another: first those that lack their entry in corrections.csv."""
    return sorted(changes(state(old), state(new)), key=lambda one: one.entry != "missing")


def entries(cells: State) -> list[dict[str, str]]:
    """The rows of the table corrections as written."""
    rows: dict[str, dict[str, str]] = {}
    for (table, key, column), text in cells.items():
        if table == "corrections":
            rows.setdefault(key, {})[column] = text
    return list(rows.values())


def changes(before: State, after: State) -> Iterator[Change]:
    """The changes between two states, by the corrections in the second. A row with another key is gone and added."""
    known: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for entry in entries(after):
        known.setdefault((entry["table"], entry["key"], entry["column"]), []).append(entry)
    cells = [[cell for cell in one if cell[0] != "corrections"] for one in (before, after)]
    rows, there = (dict.fromkeys(cell[:2] for cell in one) for one in cells)
    had, has = (dict.fromkeys(cell[::2] for cell in one) for one in cells)

    def change(what: str, table: str, key: str, column: str, old: str, new: str = "") -> Change:
        own = known.get((table, key, column), [])
        text = next((entry["old"] for entry in own if _same(old, entry["old"])), None)
        entered = text is not None and any(entry["new"] == new for entry in own)
        shown = text if text is not None else "(not kept)" if old.startswith(_MARK) else old
        return Change(what, table, key, column, shown, new, "yes" if entered else "missing")

    yield from (Change("row added", *row, "", "", row[1], "not needed") for row in there if row not in rows)
    yield from (Change("column added", t, "", c, "", c, "not needed") for t, c in has if (t, c) not in had)
    yield from (change("column gone", t, "", c, c) for t, c in had if (t, c) not in has)
    for table, key in (row for row in rows if row not in there):
        named = {entry["new"] for entry in known.get((table, key, ""), ()) if (table, entry["new"]) in there}
        yield change("row gone", table, key, "", key, min(named, default=""))
    for (table, key, column), old in before.items():
        text = after.get((table, key, column))
        if table == "corrections" or text is None or _same(old, text):
            continue
        ids = text.split(";") if column.endswith("source_ids") else []
        if any(_same(old, ";".join(ids[i:j])) for i, j in combinations(range(len(ids) + 1), 2)):
            yield Change("sources added", table, key, column, "", text, "not needed")
        else:
            yield change("cell changed", table, key, column, old, text)
