"""The tables as they stand: one function a table, their dictionary, and all of them in other formats.

Every call of a loader returns a fresh DataFrame, typed as `kurskdata.tables.reader` says: an empty cell is a missing
value, days are ``datetime64``, lists and months text. What follows from the tables is in `kurskdata.tables.views`, among
it the timeline. ``help(kurskdata.area)`` lists the columns of a table, which ``data/datapackage.json`` describes.
"""

from __future__ import annotations

import codecs
import copy
import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd

from kurskdata import disk
from kurskdata.errors import require
from kurskdata.tables import descriptor, reader
from kurskdata.tables.descriptor import Field, documented, kind_of, resource


def _loader(table: str) -> Callable[[], pd.DataFrame]:
    def load() -> pd.DataFrame:
        return reader.load(table)

    load.__name__ = load.__qualname__ = table
    return documented(load)


area, article, border, control = map(_loader, ("area", "article", "border", "control"))
corrections, places, retaken, sources = map(_loader, ("corrections", "places", "retaken", "sources"))


@documented
def describe(table: str) -> str:
    """The dictionary of one table as Markdown. Raises InputError for an unknown table."""
    found, schema = resource(table), resource(table)["schema"]
    key = ", ".join(f"`{name}`" for name in schema["primaryKey"])
    text = [f"## {table}", "", f"{found['title']}. {found['description']}", ""]
    text += [f"File `{found['path']}`; {len(reader.load(table)):,} rows, each identified by {key}.", ""]
    text += ["| column | type | meaning |", "| --- | --- | --- |"]
    for field in schema["fields"]:
        kind = kind_of(field) + (", required" if field.get("constraints", {}).get("required") else "")
        text.append(f"| {field['name']} | {kind} | {field['description']}{_limits(field)} |")
    for link in schema.get("foreignKeys", []):
        (column,), target = link["fields"], link["reference"]
        text += ["", f"`{column}` refers to `{target['fields'][0]}` of `{target['resource'] or table}`."]
    for field in schema["fields"]:
        if "categories" in field:
            text += ["", f"Values of `{field['name']}`:", ""]
            text += [f"- `{c['value']}`: {c['label']}" for c in field["categories"]]
    return "\n".join(text) + "\n"


def _limits(field: Field) -> str:
    """The smallest and the largest value of a number, where the descriptor limits it."""
    rules = field.get("constraints", {})
    if "minimum" not in rules or field["type"] == "date":
        return ""
    return f" From {rules['minimum']}" + (f" to {rules['maximum']}." if "maximum" in rules else " up.")


def export(form: str, out: Path) -> list[Path]:
    """Writes every table into a folder as csv, parquet, json or sqlite; returns the files written.

    JSON holds one array of rows a table, days as text. Parquet needs pyarrow. CSV comes with its description, and with
    the byte order mark by which spreadsheets know UTF-8.
    """
    disk.make_folder(out, "output folder")
    if form == "sqlite":  # which has no dates: days and months are text
        (path := out / "kurskdata.sqlite").unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as connection:
            for table in descriptor.names():
                reader.as_text(reader.load(table)).to_sql(table, connection, index=False)
        return [path]
    if form == "parquet":
        require("Parquet files", "parquet", "pyarrow")
    contents = _csv() if form == "csv" else {f"{t}.{form}": _content(t, form) for t in descriptor.names()}
    for name, content in contents.items():
        disk.write(out / name, content)
    return [out / name for name in contents]


def _csv() -> dict[str, bytes]:
    package, contents = copy.deepcopy(descriptor.descriptor()), dict[str, bytes]()
    for table in package["resources"]:
        reader.load(table["name"])  # a table that cannot be read is named, not copied
        content = codecs.BOM_UTF8 + descriptor.content(descriptor.data_folder() / table["path"])
        table |= {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
        contents[table["path"]] = content
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    return contents | {"datapackage.json": text.encode()}


def _content(table: str, form: str) -> bytes:
    frame = reader.load(table)
    if form == "parquet":
        return frame.to_parquet(index=False)
    return (reader.as_text(frame).to_json(orient="records", force_ascii=False, indent=1) + "\n").encode()


def archived(source: Mapping[Any, Any]) -> str:
    """The address at the Internet Archive of the copy nearest to the day on which a page was published.

    ``source`` is a row of the table of sources. The address is made by rule from the page's own; whether there is a
    copy was not checked. Where only the month is known it is that of the month, otherwise a list of all copies.

    >>> archived({"url": "https://example.org/a", "published": "2025-03-12"})
    'https://web.archive.org/web/20250312/https://example.org/a'
    """
    stated = (str(source.get(name) or "")[:10] for name in ("published", "published_month"))
    day = next((text.replace("-", "") for text in stated if text[:2] == "20"), "*")
    return f"https://web.archive.org/web/{day}/{source['url']}"


def is_web_address(cell: Any) -> bool:
    """Whether a cell may become a link: a javascript: address must not."""
    return isinstance(cell, str) and cell.startswith(("https://", "http://"))
