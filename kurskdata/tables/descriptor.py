"""What ``data/datapackage.json`` says: which tables there are, their columns, types and allowed values; and
what the maps that are measured are called, and how their archives keep the days.

Reads JSON and nothing else, so that the command line can check a parameter without loading pandas.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import inspect
import os
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from kurskdata.disk import kept_until_changed, packaged, read_json
from kurskdata.errors import InputError, choice

Field = dict[str, Any]
_FIELD = {
    "name": str,
    "type": str,
    "title": str,
    "description": str,
    "constraints?": {"enum?": [str], "pattern?": str, "maxLength?": int},
    "categories?": [{"value": str, "label": str}],
}
_TABLE = {"name": str, "path": str, "title": str, "description": str}
_FORM = {
    "version": str,
    "temporalCoverage": str,
    "resources": [_TABLE | {"schema": {"fields": [_FIELD], "primaryKey": [str]}}],
}
_Function = TypeVar("_Function", bound=Callable[..., Any])


def data_folder() -> Path:
    """The folder that holds ``datapackage.json`` and the CSV files.

    ``KURSKDATA_DATA`` in the environment names another one; otherwise it is the copy inside the installed
    package or, in a checkout, the ``data/`` folder beside it.
    """
    chosen = os.environ.get("KURSKDATA_DATA")
    return Path(chosen) if chosen else _own_data()


def use_data(folder: str | Path | None) -> None:
    """Reads the tables from this folder from now on; None for the package's own. `kursk data copy` makes such a folder.

    Raises InputError for a folder without ``datapackage.json``, and in a report that `kursk build` makes.
    """
    if os.environ.get("KURSKDATA_BUILD"):
        raise InputError("use_data: not in a report of a build; give the folder to kursk build --data")
    if folder and not (Path(folder) / "datapackage.json").is_file():
        raise InputError(f"{folder}: no datapackage.json; kursk data copy makes a folder of the tables")
    os.environ["KURSKDATA_DATA"] = str(Path(folder).resolve()) if folder else ""


def own_tables() -> list[str]:
    """The tables of the folder in use that are not those of the package, as a newsroom's own rows make them."""
    ours, theirs = _own_data(), data_folder()
    paths = {one["name"]: one["path"] for one in descriptor()["resources"]} if ours != theirs else {}
    return [name for name, path in paths.items() if content(ours / path) != content(theirs / path)]


def content(path: Path) -> bytes:
    """A table as it is hashed and compared, without what spreadsheets and git add: a byte order mark, CR at line ends."""
    found = path.read_bytes() if path.is_file() else b""
    return found.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")


@functools.cache
def _own_data() -> Path:
    packaged = Path(__file__).parents[1] / "data"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "data"


@kept_until_changed(lambda: [data_folder() / "datapackage.json"])
def descriptor() -> dict[str, Any]:
    """The Data Package descriptor: title, licences, and one resource for every table.

    Raises InputError when the file is missing or no Data Package.
    """
    loaded: dict[str, Any] = read_json(data_folder() / "datapackage.json", _FORM)
    return loaded


def files(table: str) -> list[Path]:
    """The files that a table is read from: its CSV file and the descriptor. Raises InputError for an unknown name."""
    return [data_folder() / name for name in (resource(table)["path"], "datapackage.json")]


def names() -> list[str]:
    """The names of all tables, in the order of the descriptor."""
    return [resource["name"] for resource in descriptor()["resources"]]


def resource(table: str) -> dict[str, Any]:
    """The descriptor of one table. Raises InputError for an unknown name."""
    choice("table", table, names())
    return next(r for r in descriptor()["resources"] if r["name"] == table)


def fields(table: str) -> list[Field]:
    """The columns of one table: name, type, title, description, unit, constraints."""
    return list(resource(table)["schema"]["fields"])


def field(table: str, column: str) -> Field:
    """The description of one column."""
    return next(one for one in fields(table) if one["name"] == column)


def allowed(table: str, column: str) -> list[str]:
    """The values that a column with a closed list of values may take."""
    return list(field(table, column).get("constraints", {}).get("enum", []))


def label(table: str, column: str, value: str) -> str:
    """What an allowed value means, in words."""
    labels = {c["value"]: str(c["label"]) for c in field(table, column).get("categories", [])}
    return labels.get(value, value)


def covered() -> tuple[dt.date, dt.date]:
    """First and last day of the period that the tables cover. Later rows are end points only."""
    first, last = descriptor()["temporalCoverage"].split("/")
    return dt.date.fromisoformat(first), dt.date.fromisoformat(last)


_TYPES = {
    "string": "text", "list": "list", "date": "day", "yearmonth": "month", "number": "number",
    "integer": "whole number", "boolean": "true or false",
}  # fmt: skip
_LISTED = 12
"""Docstrings list at most so many allowed values of a column; `kurskdata.describe` lists all, with their meaning."""


def kind_of(column: Field) -> str:
    """The type of a column in words, with its unit: number [km2]."""
    return _TYPES[column["type"]] + (f" [{column['unit']}]" if "unit" in column else "")


def documented(function: _Function) -> _Function:
    """A decorator that completes a docstring by ``documented.toml``: with columns and an example."""
    known = packaged("tables/documented.toml")[function.__module__.split(".")[1]][function.__name__]
    columns = known.get("columns", "")
    if "{" in columns:
        columns = textwrap.fill(re.sub(r"\{(\w+)\}", _needed, columns), 115, break_on_hyphens=False)
    # Whoever reads the table is told what is wrong with its description.
    with contextlib.suppress(InputError):
        columns = columns or _column_list(function.__name__)
    parts = [inspect.cleandoc(function.__doc__ or known["row"]), columns, known.get("example", "")]
    function.__doc__ = "\n\n".join(part.strip() for part in parts if part)
    return function


def _needed(view: re.Match[str]) -> str:
    forms = packaged("tables/views.json")[view[1]]
    return ", ".join(f"``{name}``" for name, form in forms.items() if form[-1] not in "?*")


def _column_list(table: str) -> str:
    lines = ["Columns:", ""]
    for column in fields(table):
        values = column.get("constraints", {}).get("enum", [])
        listed = f"One of: {', '.join(values)}." if values else ""
        listed = listed if len(values) <= _LISTED else f"{len(values)} values, see `describe`."
        meaning = f"{column['description']} {listed}".rstrip()
        item = f"- `{column['name']}` ({kind_of(column)}): {meaning}"
        lines += textwrap.wrap(item, 100, subsequent_indent="  ", break_on_hyphens=False)
    return "\n".join(lines)


class Map(NamedTuple):
    """One map of ``maps.json``. ``full_name`` also names the archive, which `kurskdata.tables.measure` reads."""

    name: str
    full_name: str
    repository: str
    below: str  # folder of the snapshots below the root of the repository
    layout: str  # of a snapshot's name, in words; ``file_name`` is its pattern
    file_name: str
    terms: str  # where the owner states the terms of use; empty where no page of the owner does


MAPS = {key: Map(**row) for key, row in packaged("tables/maps.json").items()}
"""The maps by the id that the column ``observer`` of the table ``control`` holds."""

WANTED = (
    "the map of control is drawn from your own copy of a map archive, and the terms of the map's owner bind whoever "
    "publishes it: kursk export control -o map --archive DIR, with DIR a clone of "
    + ", or ".join(f"https://{one.repository} (--observer {key})" for key, one in MAPS.items())
)
"""How to get the chart `control`, in one line."""
