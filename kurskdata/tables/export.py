"""All tables in other formats, with types kept where the format has them."""

from __future__ import annotations

import codecs
import copy
import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

from kurskdata import disk
from kurskdata.errors import require
from kurskdata.tables import descriptor, reader


def export(form: str, out: Path) -> list[Path]:
    """Writes every table into a folder as csv, parquet, json or sqlite; returns the files written.

    JSON holds one array of rows a table, days as text. Parquet needs pyarrow. CSV comes with its description, and with
    the byte order mark by which spreadsheets know UTF-8.
    """
    disk.make_folder(out, "output folder")
    if form == "sqlite":
        return [_sqlite(out / "kurskdata.sqlite")]
    if form == "csv":
        return _csv(out)
    return [_one(table, form, out) for table in descriptor.names()]


def _csv(out: Path) -> list[Path]:
    package = copy.deepcopy(descriptor.descriptor())
    contents: dict[str, bytes] = {}
    for table in package["resources"]:
        content = codecs.BOM_UTF8 + descriptor.content(descriptor.data_folder() / table["path"])
        table |= {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
        contents[table["path"]] = content
    contents["datapackage.json"] = (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()
    for name, content in contents.items():
        (out / name).write_bytes(content)
    return [out / name for name in contents]


def _one(table: str, form: str, out: Path) -> Path:
    frame, path = reader.load(table), out / f"{table}.{form}"
    if form == "parquet":
        require("Parquet files", "parquet", "pyarrow")
        frame.to_parquet(path, index=False)
    else:
        text = reader.as_text(frame).to_json(orient="records", force_ascii=False, indent=1)
        path.write_text(text + "\n", "utf-8", newline="\n")
    return path


def _sqlite(path: Path) -> Path:
    """One file with a table each; days and months are text, as SQLite has no dates."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        for table in descriptor.names():
            reader.as_text(reader.load(table)).to_sql(table, connection, index=False)
        connection.commit()
    return path
