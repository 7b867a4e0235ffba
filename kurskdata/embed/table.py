"""The plotted rows of a chart: as CSV, as a table to read, and the published pages behind each of them."""

from __future__ import annotations

import csv
import dataclasses
import functools
import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from kurskdata.charts.area import said
from kurskdata.tables.descriptor import data_folder, stamp
from kurskdata.tables.reader import as_text, load
from kurskdata.words import headings
from kurskdata.words.language import Words

Spec = dict[str, Any]
Row = Mapping[str, Any]

_UNSHOWN = ("short", "publishers", "importance")
"""Columns whose content the table has in full anyway, or that only order what is drawn."""

_TOGETHER = {
    "value": ("value_to", "unit", "qualifier"),
    "held_low_km2": ("held_high_km2",),
    "share_low": ("share_high",),
    "claim_low": ("claim_high",),
    "evidence_low": ("evidence_high",),
    "lat": ("lon",),
}
"""Columns that a reader takes for one, by the first of them: a figure with its unit, the two ends of a range."""

_CLAIMS = ("retaken", "area", "article", "timeline")
"""The tables whose rows a plotted row may name as claims."""


def rows_csv(spec: Spec) -> str:
    """The rows that a chart plots, as CSV text.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front, as spreadsheets write it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    names = spec["usermeta"]["kurskdata"]["columns"]
    writer.writerow(names)
    for row in spec["datasets"]["rows"]:
        writer.writerow([_cell(row.get(name)) for name in names])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


@dataclasses.dataclass(frozen=True)
class Source:
    """One published page behind a row."""

    publisher: str
    published: str
    url: str


@dataclasses.dataclass(frozen=True)
class Table:
    """The rows to read: heads, and for every row its cells and its sources; ``left_out`` rows only repeat others."""

    heads: list[str]
    rows: list[tuple[list[str], list[Source]]]
    left_out: int


class Trail:
    """The way from plotted rows to the claims that they count and the published pages behind them."""

    def __init__(self) -> None:
        self._sources = by_id("sources")
        self._found: dict[tuple[Any, Any], list[Source]] = {}
        self._claims = {name: row for table in _CLAIMS for name, row in by_id(table).items()}

    def claims(self, row: Row, *columns: str) -> dict[str, dict[str, Any]]:
        """The claims that columns of a row name, by id, as the tables hold them."""
        named = [name for column in columns for name in ids(row.get(column))]
        return {name: self._claims[name] for name in named if name in self._claims}

    def sources(self, row: Row) -> list[Source]:
        """The pages behind a row, each once: its own and those of the claims that it counts."""
        named = (row.get("source_ids"), row.get("claim_ids"))
        if named not in self._found:
            self._found[named] = self._looked_up(row)
        return self._found[named]

    def _looked_up(self, row: Row) -> list[Source]:
        wanted = ids(row.get("source_ids"))
        for claim in self.claims(row, "claim_ids").values():
            wanted += ids(claim.get("source_ids"))
        found = {}
        for name in wanted:
            known = self._sources.get(name, {})
            # A javascript: address must never become a link.
            if str(known.get("url")).startswith(("https://", "http://")):
                found[known["url"]] = Source(known["publisher"], plain(known.get("published")), known["url"])
        return list(found.values())


def by_id(table: str) -> dict[str, dict[str, Any]]:
    """The rows of a table by their key, days as text; nobody changes them."""
    path = data_folder() / f"{table}.csv"
    return _by_id(table, path, stamp(path))


@functools.lru_cache(maxsize=16)
def _by_id(table: str, _path: Path, _stamp: tuple[int, int]) -> dict[str, dict[str, Any]]:
    """Read again only when the file changes."""
    frame = as_text(load(table))
    key = str(frame.columns[0])
    return {row[key]: {str(k): v for k, v in row.items()} for row in frame.to_dict("records")}


def ids(cell: Any) -> list[str]:
    """The ids in a cell, which are separated by semicolons."""
    return [part for part in plain(cell).split(";") if part]


def table(spec: Spec, trail: Trail, w: Words) -> Table:
    """The plotted rows as people read them: no ids, no empty columns, no row that repeats the one before.

    A map is drawn day by day; the table names the days on which it changed.
    """
    rows = spec["datasets"]["rows"]
    given = spec["usermeta"]["kurskdata"]["columns"]
    ends = {end for first, others in _TOGETHER.items() if set(others) <= set(given) for end in others}
    shown = [
        c
        for c in given
        if not c.endswith(("_id", "_ids"))
        and c not in (*_UNSHOWN, *ends)
        and any(plain(row.get(c)) for row in rows)
    ]
    kept = []
    last: dict[str, list[str]] = {}
    for row in rows:
        found, series = trail.sources(row), plain(row.get("claimant"))
        cells = [_cells(c, row, ends, w) for c in shown]
        values = [cell for c, cell in zip(shown, cells, strict=True) if c != "date"]
        if series and not found and last.get(series) == values:
            continue
        last[series] = values
        kept.append((cells, found))
    heads = [
        headings.together(c, w) if ends.intersection(_TOGETHER.get(c, ())) else headings.title(c, w)
        for c in shown
    ]
    return Table(heads, kept, len(rows) - len(kept))


def _cells(column: str, row: Row, ends: set[str], w: Words) -> str:
    """The cell of a column, with those that belong to it."""
    if not ends.intersection(_TOGETHER.get(column, ())) or row.get(column) is None:
        return _words(column, row.get(column), w)
    if column == "value":
        return said(w, {"value_to": None, **row})
    if column == "lat":
        return f"{w.number(row['lat'], 2)}, {w.number(row['lon'], 2)}"
    low, high = (_words(c, row.get(c), w) for c in (column, *_TOGETHER[column]))
    return f"{low}–{high}" if high and high != low else low


def _words(column: str, cell: Any, w: Words) -> str:
    """A cell for a reader: numbers and values of lists in the language."""
    if isinstance(cell, float) and not pd.isna(cell):
        return w.number(cell, 0 if cell.is_integer() else 1)
    text = w.text("yes") if cell is True else plain(cell)
    known = headings.value(column, text, w)
    return known.replace("_", " ") if re.fullmatch(r"[a-z]+(_[a-z]+)+", known) else known


def plain(value: Any) -> str:
    """A value as a reader sees it; whole numbers without a decimal point."""
    if value is None or value is False or pd.isna(value):
        return ""
    if value is True:
        return "yes"
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return str(value)
