"""Titles of columns and values of tables in the language of an edition.

Columns of tables have titles and labels in the data package. ``headings.json`` has what the data package does not:
titles of the ``columns`` of views, of columns shown ``together`` as one, by the first of them, ``units`` by the end
of a column's name, ``values`` that are words, and ``short`` labels where a cell has no room for the long ones.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pandas as pd

from kurskdata.tables.descriptor import fields, names, own_tables, resource
from kurskdata.words.language import Words

_NAMED = ("claimant", "claimed_by", "speaker", "title", "short", "detail", "later")
"""Columns of texts and names that the catalogues hold."""


@functools.cache
def _headings() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
    return loaded


def together(column: str, w: Words) -> str:
    """The title of columns that are shown as one, by the first of them."""
    return w.plain(_headings()["together"][column])


def title(column: str, w: Words) -> str:
    """The title of a column, with its unit; its name where it has no title."""
    own = _headings()["columns"].get(column)
    if own:
        return w.plain(own)
    known = _titles().get(column)
    if not known:
        return column.replace("_", " ")
    unit = next((name for end, name in _headings()["units"].items() if column.endswith(end)), "")
    return f"{w.plain(known)} ({w.plain(unit)})" if unit else w.plain(known)


def own_rows(w: Words) -> str:
    """A sentence on the tables that hold a newsroom's own rows, to follow a source line; empty where none does."""
    tables = ", ".join(w.plain(resource(name)["title"]) for name in own_tables())
    return " " + w.text("With the newsroom’s own rows in: {tables}.", tables=tables) if tables else ""


def value(column: str, text: str, w: Words) -> str:
    """A cell in words; as it stands in English and where nothing is known of it."""
    short = _headings()["short"].get(column, {})
    if text in short:
        return w.plain(short[text])
    if w.language == "en" or not text:
        return text
    if column in _NAMED or text in _headings()["values"].get(column, ()):
        return w.plain(text)
    return w.plain(_labels().get((column, text), "")) or text


def translated(frame: pd.DataFrame, w: Words) -> pd.DataFrame:
    """A table of texts with titles and values in the language."""
    shown = frame.copy()
    for column in shown.columns:
        name = str(column)
        if pd.api.types.is_bool_dtype(shown[column]):
            yes, no = w.text("yes"), w.text("no")
            shown[column] = ["" if pd.isna(cell) else yes if cell else no for cell in shown[column]]
        elif pd.api.types.is_float_dtype(shown[column]):
            shown[column] = ["" if pd.isna(cell) else w.number(cell) for cell in shown[column]]
        else:
            shown[column] = [value(name, c, w) if isinstance(c, str) else c for c in shown[column]]
    return shown.rename(columns={column: title(str(column), w) for column in shown.columns})


@functools.cache
def _titles() -> dict[str, str]:
    return {f["name"]: f["title"] for table in reversed(names()) for f in fields(table) if "title" in f}


@functools.cache
def _labels() -> dict[tuple[str, str], str]:
    return {
        (f["name"], c["value"]): c["label"]
        for table in reversed(names())
        for f in fields(table)
        for c in f.get("categories", [])
        if f["name"] != "claimant"
    }
