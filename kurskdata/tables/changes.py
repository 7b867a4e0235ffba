"""What differs between two states of the tables, cell by cell as written, and whether each change has its entry.

A state is a folder, a wheel or zip archive, a git revision of this checkout, or the last released version, of which
``data/released.json`` keeps a short hash of every cell.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import subprocess
import tempfile
import zipfile
from base64 import b85encode
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from kurskdata.errors import InputError
from kurskdata.tables import spreadsheet
from kurskdata.tables.descriptor import data_folder

State = Mapping[tuple[str, str, str], str]
"""Cells as written, or their hashes, by table, key (its parts joined by /) and column."""

_SIZE = 5
"""Characters of a hash in ``released.json``: 32 bits, so that one wrong cell in 4 billion passes."""


class Kept(str):
    """The hash of a cell whose text was not kept."""

    __slots__ = ()


class Change(NamedTuple):
    """One difference: ``column`` is empty for a row, ``key`` for a column; ``entry`` is yes, missing or not needed."""

    change: str
    table: str
    key: str
    column: str
    old: str
    new: str
    entry: str


def hashed(text: str) -> Kept:
    """A cell as ``released.json`` keeps it."""
    return Kept(b85encode(hashlib.sha256(text.encode()).digest()[:4]).decode())


def _same(kept: str, text: str) -> bool:
    return kept == (hashed(text) if isinstance(kept, Kept) else text)


def released() -> dict[str, Any]:
    """The version and the hashes that were released last. Raises InputError where the folder has none."""
    path = data_folder() / "released.json"
    try:
        known: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        raise InputError(f"{path}: missing or broken; take it from the release again") from None
    return known


def state(place: str) -> State:
    """The cells of a folder, an archive, a git revision or the released version. Raises InputError for none of these."""
    if Path(place).exists() or (known := released())["version"] != place:
        with _folder(place) as folder:
            return written(folder)
    return {
        (name, key, column): Kept(text[_SIZE * i : _SIZE * i + _SIZE])
        for name, table in known["tables"].items()
        for key, text in table["rows"].items()
        for i, column in enumerate(table["columns"])
    }


def written(folder: Path) -> State:
    """The cells of the tables in a folder, as its own descriptor names them. Raises InputError for a broken table."""
    found = {}
    for resource in json.loads((folder / "datapackage.json").read_bytes())["resources"]:
        path = folder / resource["path"]
        (_, header), *lines = [*spreadsheet.rows(path, spreadsheet.text(path, wide=False))] or [(1, [])]
        for _, cells in lines:
            row = dict(zip(header, cells, strict=False))
            key = "/".join(row.get(name, "") for name in resource["schema"]["primaryKey"])
            found.update({(resource["name"], key, column): text for column, text in row.items()})
    return found


@contextlib.contextmanager
def _folder(place: str) -> Iterator[Path]:
    """The folder that holds the tables of a place, unpacked where it is an archive or a revision."""
    path = Path(place)
    if (path / "datapackage.json").is_file():
        yield path
        return
    git = ["git", "-C", str(data_folder()), "archive", "--format=zip", "--end-of-options", place]
    with contextlib.suppress(OSError, zipfile.BadZipFile), tempfile.TemporaryDirectory() as folder:
        done = None if path.exists() else subprocess.run(git, capture_output=True, check=False)
        with zipfile.ZipFile(io.BytesIO(done.stdout) if done else path) as archive:
            archive.extractall(folder, [n for n in archive.namelist() if n.endswith((".csv", ".json"))])
        for found in Path(folder).rglob("datapackage.json"):
            yield found.parent
            return
    raise InputError(
        f"{place}: not a folder, wheel or zip archive with datapackage.json, nor a git revision, nor the released "
        f"version, {released()['version']}"
    )


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
    """The changes between two states, by the rows of corrections that the second one holds."""
    known: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for entry in entries(after):
        known.setdefault((entry["table"], entry["key"], entry["column"]), []).append(entry)
    rows, there = ({cell[:2]: None for cell in s if cell[0] != "corrections"} for s in (before, after))
    columns, left = ({cell[::2]: None for cell in s if cell[0] != "corrections"} for s in (before, after))
    renamed = {
        (table, entry["old"]): key
        for (table, key, column), own in known.items()
        for entry in own
        if not column and (table, key) in there and (table, key) not in rows
    }

    def change(what: str, table: str, key: str, column: str, old: str, new: str) -> Change:
        own = known.get((table, key, column), [])
        text = next((entry["old"] for entry in own if _same(old, entry["old"])), None)
        entered = text is not None and any(entry["new"] == new for entry in own)
        shown = text if text is not None else "(not kept)" if isinstance(old, Kept) else old
        return Change(what, table, key, column, shown, new, "yes" if entered else "missing")

    fresh = [cell for cell in there if cell not in rows and cell[1] not in renamed.values()]
    yield from (Change("row added", table, key, "", "", key, "not needed") for table, key in fresh)
    yield from (
        Change("column added", t, "", c, "", c, "not needed") for t, c in left if (t, c) not in columns
    )
    yield from (change("column gone", t, "", c, c, "") for t, c in columns if (t, c) not in left)
    for table, key in rows:
        now = renamed.get((table, key), key)
        if now != key or (table, key) not in there:
            new = now if now != key else ""
            yield change("row renamed" if new else "row gone", table, now, "", key, new)
    for (table, key, column), old in before.items():
        now = renamed.get((table, key), key)
        text = after.get((table, now, column))
        if table == "corrections" or text is None or _same(old, text) or (now != key and text == now):
            continue
        ids = text.split(";") if column.endswith("source_ids") else []
        if any(_same(old, ";".join(ids[i:j])) for i, j in combinations(range(len(ids) + 1), 2)):
            yield Change("sources added", table, now, column, "", text, "not needed")
        else:
            yield change("cell changed", table, now, column, old, text)
