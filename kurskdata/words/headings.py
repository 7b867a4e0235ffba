"""Titles of columns and values of tables in the language of an edition.

Columns of tables have titles and labels in the data package. ``headings.json`` has what the data package does not:
titles of the ``columns`` of views, of columns shown ``together`` as one, by the first of them, ``units`` by the end
of a column's name, ``values`` that are words, and ``short`` labels where a cell has no room for the long ones.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from kurskdata.disk import packaged
from kurskdata.tables.descriptor import allowed, fields, names, own_tables, resource
from kurskdata.tables.reader import by_id
from kurskdata.tables.settlements import names_in
from kurskdata.words.figures import said
from kurskdata.words.language import Words

HEADINGS = packaged("words/headings.json")

_NAMED = ("claimant", "claimed_by", "speaker", "title", "short", "detail", "later")
"""Columns of texts and names that the catalogues hold."""

_IDS = ("claim_id", "claim_ids", "event_id", "evidence_id", "source_id")
"""Columns that only name rows, for programs."""

_CLAIMS = ("repeat_of", "variant_of", "range_with")
"""Columns that name another claim."""

_TOGETHER = {
    "value": ("unit", "value_to", "qualifier"),
    "lat": ("lon",),
    **{f"{end}_km2": (f"{end.replace('low', 'high')}_km2",) for end in ("held_low", "map_low")},
    **{low: (low.replace("low", "high"),) for low in ("share_low", "claim_low", "evidence_low")},
    **{day: (f"{day}_month",) for day in ("reported", "first_reported")},
}
"""Columns shown as one, by the first: a figure with its unit, the ends of a range, a day or only its month."""


def title(column: str, w: Words, with_others: bool = False) -> str:
    """The title of a column, with its unit, or of columns that are shown as one; its name where it has no title."""
    if with_others:
        return w.plain(HEADINGS["together"][column])
    if own := HEADINGS["columns"].get(column):
        return w.plain(own)
    if not (known := _described()[0].get(column)):
        return column.replace("_", " ")
    unit = next((name for end, name in HEADINGS["units"].items() if column.endswith(end)), "")
    return f"{w.plain(known)} ({w.plain(unit)})" if unit else w.plain(known)


def own_rows(w: Words) -> str:
    """A sentence on the tables that hold a newsroom's own rows, to follow a source line; empty where none does."""
    own = [name for name in own_tables() if name != "corrections"]
    tables = ", ".join(w.plain(resource(name)["title"]) for name in own)
    return " " + w.text("With the newsroom’s own rows in: {tables}.", tables=tables) if tables else ""


def value(column: str, text: str, w: Words) -> str:
    """A cell in words; as it stands where nothing is known of it."""
    short = HEADINGS["short"].get(column, {})
    if text in short:
        return w.plain(short[text])
    if column in _NAMED or text in HEADINGS["values"].get(column, ()):
        return w.plain(text)
    return w.plain(_described()[1].get((column, text), text))


def joined(columns: Iterable[Any]) -> dict[str, tuple[str, ...]]:
    """The columns of a table that its readers see, each with those that are shown in it; ids of rows are left out."""
    given = [str(column) for column in columns]
    ours = {first: others for first, others in _TOGETHER.items() if {first, others[0]} <= set(given)}
    if "place_id" not in given:
        ours.pop("lat", None)
    inside = {other for others in ours.values() for other in others}
    if {"name", "names"} & set(given):
        inside |= {"place_id", "place_ids"}
    seen = [column for column in given if column not in inside and column not in _IDS]
    return {c: tuple(other for other in ours.get(c, ()) if other in given) for c in seen or given}


def cell(
    column: str, row: Mapping[Any, Any], others: Sequence[str], w: Words, decimals: int | None = None
) -> str:
    """A cell for readers, with those that are shown in it: words in the language in the place of codes and ids, and
    numbers as it writes them, with so many decimals or at most two."""
    if column.endswith("reported") and others:
        return next(filter(None, (_alone(c, row.get(c), w, decimals) for c in (column, *others))), "")
    if not others or not plain(row.get(column)):
        return _alone(column, row.get(column), w, decimals)
    if column == "value":
        known = {"value_to": None, "qualifier": "exact", **row}
        whole = known["qualifier"] != "range" or plain(known["value_to"])
        if whole and known["unit"] in allowed("article", "unit"):
            return said(known, w)
        return " ".join(filter(None, (_alone(c, row.get(c), w, decimals) for c in (column, *others))))
    if column == "lat":
        return f"{w.number(row['lat'], 2)}, {w.number(row['lon'], 2)}"
    low, high = (_alone(c, row.get(c), w, decimals) for c in (column, *others))
    return f"{low}–{high}" if high and high != low else low


def _alone(column: str, given: Any, w: Words, decimals: int | None) -> str:
    if isinstance(given, bool):
        return w.text("yes") if given else w.text("no")
    if isinstance(given, float) and not pd.isna(given):
        return w.number(given, None if given.is_integer() else decimals)
    text = plain(given)
    if column in ("place_id", "place_ids"):
        return w.list([names_in(w.language).get(one, one) for one in text.split(";")]) if text else ""
    if column == "language":
        return str(w.locale.languages.get(text, text))
    if column in _CLAIMS:
        claim = next((by_id(table)[text] for table in ("retaken", "area") if text in by_id(table)), None)
        return f"{w.plain(claim['claimant'])}, {claim['reported']}" if claim else text
    return value(column, text, w)


def plain(cell: Any) -> str:
    """A cell as text; empty for a missing value, and whole numbers without a decimal point."""
    if pd.api.types.is_scalar(cell) and pd.isna(cell):
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


@functools.cache
def _described() -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """The titles of columns and the labels of their values in the data package; of one name those of the first table."""
    found = [field for table in reversed(names()) for field in fields(table)]
    labels = ((f["name"], c) for f in found if f["name"] != "claimant" for c in f.get("categories", []))
    titles = {field["name"]: field["title"] for field in found if "title" in field}
    return titles, {(name, category["value"]): category["label"] for name, category in labels}
