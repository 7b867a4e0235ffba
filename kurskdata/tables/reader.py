"""The tables as typed DataFrames, as ``data/datapackage.json`` describes them.

The descriptor is the only place that says which columns a table has, of which type, with which allowed
values. A file that departs from it is refused with all its faults at once; nothing is guessed or dropped.
This module needs pandas and nothing else, and it reads only: to change the data, change the CSV files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from kurskdata.disk import kept_until_changed
from kurskdata.errors import InputError, parsed
from kurskdata.tables import spreadsheet
from kurskdata.tables.descriptor import Field, files, resource

_MAX_FAULTS = 20
_LONGEST = 40  # characters of a number or day, and of any cell that a message quotes

TEXT = pd.StringDtype("python", na_value=float("nan"))
"""The type of text, which no option of pandas changes."""

RowRule = Callable[[dict[str, str]], Iterable[tuple[str, str]]]

loaded: set[str] = set()
"""The tables that this process has asked for; a build records them as inputs of a report."""


left_out: ContextVar[frozenset[str]] = ContextVar("left_out", default=frozenset())
"""Keys of rows that no table has for now, to see what would be told without them."""


def load(table: str) -> pd.DataFrame:
    """One table, typed. A fresh copy each time: changing it changes nothing else.

    Dates are ``datetime64``, numbers ``float64``, whole numbers ``Int64``, lists and months strings;
    an empty cell is a missing value. Raises InputError when the file is missing or departs from the
    descriptor, with file, line and column of every fault.
    """
    loaded.add(table)
    frame, gone = _loaded(table), left_out.get()
    return frame[~frame.iloc[:, 0].isin(gone)].reset_index(drop=True) if gone else frame.copy()


@kept_until_changed(files)
def _loaded(table: str) -> pd.DataFrame:
    schema = resource(table)["schema"]
    return read(files(table)[0], schema["fields"], key=schema["primaryKey"])


def read(
    path: Path,
    columns: Sequence[Field],
    *,
    key: list[str],
    optional: frozenset[str] = frozenset(),
    rule: RowRule | None = None,
    brought: bool = False,
) -> pd.DataFrame:
    """A CSV file with these columns as a typed DataFrame.

    ``key`` names the columns that identify a row; columns in ``optional`` may be left out of the file; ``rule``
    gives the faults of a row, as written, that no cell shows alone: column and what is wrong. A file that a user
    ``brought`` may be written as `kurskdata.tables.spreadsheet` says, others only as the tables are.
    Raises InputError that lists every fault with line and column.
    """
    (_, header), *lines = spreadsheet.brought(path, columns) if brought else spreadsheet.table(path)
    if len(header) == 1 and ";" in header[0]:
        raise InputError(f"{path}: line 1: the columns are separated by semicolons; use commas")
    check_header(f"{path}: line 1", header, columns, optional)
    return checked(path, header, [(f"line {line}", cells) for line, cells in lines], columns, key, rule)


def checked(
    what: Path | str,
    header: list[str],
    lines: list[tuple[str, list[str]]],
    columns: Sequence[Field],
    key: Sequence[str],
    rule: RowRule | None = None,
    named: str = "",
) -> pd.DataFrame:
    """Cells as written, by the place of their row, as a typed DataFrame with all of the columns.

    The column ``named`` names a row in messages. Raises InputError that begins with ``what`` and lists every fault.
    """
    uneven = [(place, len(cells)) for place, cells in lines if len(cells) != len(header)]
    faults = [f"{place}: {n} cells, the header has {len(header)}" for place, n in uneven]
    known, seen = {field["name"]: field for field in columns}, dict[str, str]()
    for place, cells in () if faults else lines:
        row = dict(zip(header, cells, strict=True))
        found = [(name, cell_fault(text, known[name])) for name, text in row.items()]
        found += rule(row) if rule else ()
        value = "/".join(row.get(name, "") for name in key)
        if value and seen.setdefault(value, place) != place:
            found.append(("+".join(key), f"{value!r} stands in {seen[value]} too"))
        name = f"claim {row[named]}" if row.get(named) else place
        faults += [f"{name}, column {column}: {fault}" for column, fault in found if fault]
    if faults:
        raise InputError(listed(what, faults))
    frame = pd.DataFrame([cells for _, cells in lines], columns=header, dtype=TEXT)
    return pd.DataFrame({field["name"]: typed(frame, field) for field in columns})


def check_header(
    what: str, header: list[str], columns: Sequence[Field], optional: frozenset[str] = frozenset()
) -> None:
    """Raises InputError that begins with ``what`` for columns that are missing, not known or there twice."""
    expected = [f["name"] for f in columns]
    missing = [name for name in expected if name not in header and name not in optional]
    unknown = [name for name in header if name not in expected]
    twice = sorted({name for name in header if header.count(name) > 1})
    named = {"missing": missing, "not known": [repr(name) for name in unknown], "twice": twice}
    faults = [f"column {what}: {', '.join(names)}" for what, names in named.items() if names]
    if faults:
        raise InputError(f"{what}: {'; '.join(faults)}; allowed columns: {', '.join(expected)}")


class _Kind(NamedTuple):
    """How the cells of a type are written, read and kept."""

    form: str
    pattern: str
    parse: Callable[[str], Any]
    dtype: Any = TEXT


_KINDS = {
    "date": _Kind("a day written YYYY-MM-DD", ".*", parsed, "datetime64[s]"),
    "yearmonth": _Kind("a month written YYYY-MM", ".*", lambda text: parsed(f"{text}-01")),
    "number": _Kind("a number with a decimal point", r"-?[0-9]+(\.[0-9]+)?", float, "float64"),
    "integer": _Kind("a whole number", "-?[0-9]{1,18}", int, "Int64"),
    "boolean": _Kind("true or false", "true|false", "true".__eq__, "bool"),
}
"""The types of the descriptor; all others are text."""


def cell_fault(text: str, field: Field) -> str | None:
    """What is wrong with one cell, or None."""
    rules = field.get("constraints", {})
    if text == "":
        return "empty, a value is required" if rules.get("required") else None
    shown = repr(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
    if "enum" in rules and text not in rules["enum"]:
        return f"{shown} is not allowed; allowed: {', '.join(rules['enum'])}"
    if "pattern" in rules and not re.fullmatch(rules["pattern"], text):
        return f"{shown} does not have the form {rules['pattern']}"
    if "maxLength" in rules and len(text) > rules["maxLength"]:
        return f"{len(text)} characters, at most {rules['maxLength']} are allowed"
    kind = _KINDS.get(field["type"])
    if kind is None or (field.get("open") and text in ("inf", "-inf")):
        return None
    if len(text) > _LONGEST:
        return f"{shown} has {len(text)} characters, too many for {kind.form}"
    try:
        value = kind.parse(text) if re.fullmatch(kind.pattern, text) else None
    except ValueError:
        value = None
    if value is None:
        return f"{shown} is not {kind.form}"
    low, high = rules.get("minimum"), rules.get("maximum")
    if low is not None and value < kind.parse(str(low)):
        return f"{text} is below {low}"
    if high is not None and value > kind.parse(str(high)):
        return f"{text} is above {high}"
    return None


def listed(path: Path | str, faults: list[str]) -> str:
    """Faults of a file or table as one message, the first twenty of many."""
    if len(faults) == 1:
        return f"{path}: {faults[0]}"
    more = [f"and {len(faults) - _MAX_FAULTS} more"] if len(faults) > _MAX_FAULTS else []
    return "\n  ".join([f"{path}: {len(faults)} faults", *faults[:_MAX_FAULTS], *more])


def typed(frame: pd.DataFrame, field: Field) -> pd.Series[Any]:
    """A column of cells as written, all valid, in the type of its values; empty where the frame lacks it."""
    dtype: Any = _KINDS[field["type"]].dtype if field["type"] in _KINDS else TEXT
    if field["name"] not in frame:
        return pd.Series([None] * len(frame), dtype=dtype)
    column = frame[str(field["name"])]
    filled: pd.Series[Any] = column.where(column != "")
    if field["type"] == "date":
        return pd.to_datetime(filled, format="%Y-%m-%d").astype(dtype)
    return column == "true" if field["type"] == "boolean" else filled.astype(dtype)


def texts_typed(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with texts as `TEXT`, which pandas would infer by its options."""
    return frame.astype({column: TEXT for column in frame.columns if frame[column].dtype == object})


@kept_until_changed(files)
def by_id(table: str) -> Mapping[str, dict[str, Any]]:
    """The rows of a table by their key, days as text."""
    loaded.add(table)
    frame = as_text(_loaded(table))
    rows: dict[Any, Any] = frame.set_index(frame.columns[0], drop=False).to_dict("index")
    return rows


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """The same rows with days written YYYY-MM-DD, for formats that have no dates."""
    plain = frame.copy()
    for column in plain.columns:
        if pd.api.types.is_datetime64_any_dtype(plain[column]):
            plain[column] = plain[column].dt.strftime("%Y-%m-%d")
    return plain
