"""Titles of columns and values of tables in the language of an edition, from the data package."""

from __future__ import annotations

import functools

import pandas as pd

from kurskdata.tables.descriptor import fields, names
from kurskdata.words.language import Words, message

_VIEWS = {
    "settlements": message("Settlements"),
    "names": message("Names"),
    "place_ids": message("Places"),
    "claim_ids": message("Claims"),
    "cumulative": message("Settlements so far"),
    "how": message("How"),
    "held_low_km2": message("Held by Ukraine, from (sq km)"),
    "held_high_km2": message("Held by Ukraine, to (sq km)"),
    "with_unclear_km2": message("With unclear areas (sq km)"),
    "held_km2": message("Held by Ukraine (sq km)"),
    "share_low": message("Share retaken, from (%)"),
    "share_high": message("Share retaken, to (%)"),
    "value_to": message("Value to"),
    "date_basis": message("Basis of the date"),
    "status": message("Result"),
    "verdict": message("Result"),
    "reading": message("Read as"),
    "fits_as": message("Fits if read as"),
    "in_kind": message("Differs in kind"),
    "evidence": message("Evidence"),
    "evidence_id": message("Evidence, id"),
    "evidence_low": message("Evidence, from"),
    "evidence_high": message("Evidence, to"),
    "claim_low": message("Claim, from"),
    "claim_high": message("Claim, to"),
    "days_apart": message("Days apart"),
    "sentence": message("Arithmetic"),
    "page": message("Page"),
    "kind": message("Kind"),
    "name": message("Name"),
    "claimed_by": message("Claimant"),
    "first_reported": message("First reported"),
    "unofficial": message("Not officially"),
    "step": message("Period"),
    "publishers": message("Carried by"),
    "capacity": message("Capacity"),
    "short": message("Short title"),
    "later": message("Later"),
    "not_comparable": message("not comparable"),
    "consistent": message("consistent"),
    "inconsistent": message("inconsistent"),
}
"""Columns of views, which the data package does not describe or describes for a table only."""

_UNITS = {"_km2": message("sq km"), "_sq_mi": message("sq mi"), "_km": message("km")}
"""Units that end the name of a column."""

_TOGETHER = {
    "value": message("Figure"),
    "held_low_km2": message("Held by Ukraine (sq km)"),
    "share_low": message("Share retaken (%)"),
    "claim_low": message("The claim allows"),
    "evidence_low": message("The evidence allows"),
    "lat": message("Latitude, longitude"),
}
"""Columns of which each is the first of several that are shown as one."""

_VALUES = {
    "status": (message("consistent"), message("inconsistent"), message("not comparable")),
    "verdict": (message("consistent"), message("inconsistent"), message("by reading"), message("not comparable")),
    "reading": (message("rounded"), message("truncated"), message("more than"), message("as written")),
    "evidence": (
        message("claim"), message("ledger"), message("map"), message("arithmetic"), message("timeline"),
        message("recorded"),
    ),
    "how": (message("stated"), message("implied")),
    "step": (message("before"), message("window"), message("after"), message("others")),
    "district": (
        message("Belovsky"),
        message("Bolshesoldatsky"),
        message("Glushkovsky"),
        message("Korenevsky"),
        message("Rylsky"),
        message("Sudzhansky"),
        message("Sumy raion"),
    ),
    "kind": (message("claim"), message("map")),
}  # fmt: skip
"""Values of these columns that are words."""

_SHORT = {
    ("side", "russia"): message("Russia"),
    ("side", "ukraine"): message("Ukraine"),
    ("side", "independent"): message("media, analysts"),
}
"""Values whose label in the data package explains more than a cell has room for."""

_NAMED = ("claimant", "claimed_by", "speaker", "title", "short", "detail", "later")
"""Columns of texts and names that the catalogues hold."""


def together(column: str, w: Words) -> str:
    """The title of columns that are shown as one, by the first of them."""
    return w.plain(_TOGETHER[column])


def title(column: str, w: Words) -> str:
    """The title of a column, with its unit; its name where nothing is known of it."""
    if column in _VIEWS:
        return w.plain(_VIEWS[column])
    known = _titles().get(column)
    unit = next((name for end, name in _UNITS.items() if column.endswith(end)), "")
    named = w.plain(known) if known else column.replace("_", " ")
    return f"{named} ({w.plain(unit)})" if unit and known else named


def value(column: str, text: str, w: Words) -> str:
    """A cell in words; in English, and where nothing is known of it, as it stands."""
    if (column, text) in _SHORT:
        return w.plain(_SHORT[column, text])
    if w.language == "en" or not text:
        return text
    if column == "fits_as":
        return ", ".join(value("reading", one, w) for one in text.split(", "))
    if column in _NAMED or text in _VALUES.get(column, ()):
        return w.plain(text)
    label = _labels().get((column, text))
    return w.plain(label) if label else text


def translated(frame: pd.DataFrame, w: Words) -> pd.DataFrame:
    """A table of texts with titles and values in the language."""
    shown = frame.copy()
    for column in shown.columns:
        name = str(column)
        if pd.api.types.is_bool_dtype(shown[column]):
            yes, no = w.text("yes"), w.text("no")
            shown[column] = [yes if cell else no for cell in shown[column]]
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
