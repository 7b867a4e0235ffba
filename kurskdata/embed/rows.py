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

from kurskdata import columns
from kurskdata.descriptor import data_folder, stamp
from kurskdata.tables import as_text, load
from kurskdata.wording import Words

Spec = dict[str, Any]
Row = Mapping[str, Any]

_UNSHOWN = ("short",)
"""Columns of texts that the table has in full anyway."""

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
        self._claims = {name: row for table in _CLAIMS for name, row in by_id(table).items()}

    def claims(self, row: Row, *columns: str) -> dict[str, dict[str, Any]]:
        """The claims that columns of a row name, by id, as the tables hold them."""
        named = [name for column in columns for name in ids(row.get(column))]
        return {name: self._claims[name] for name in named if name in self._claims}

    def sources(self, row: Row) -> list[Source]:
        """The pages behind a row, each once: its own and those of the claims that it counts."""
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
    shown = [
        c
        for c in spec["usermeta"]["kurskdata"]["columns"]
        if not c.endswith(("_id", "_ids")) and c not in _UNSHOWN and any(plain(row.get(c)) for row in rows)
    ]
    kept = []
    last: dict[str, list[str]] = {}
    for row in rows:
        found, series = trail.sources(row), plain(row.get("claimant"))
        values = [plain(row.get(c)) for c in shown if c != "date"]
        if series and not found and last.get(series) == values:
            continue
        last[series] = values
        kept.append(([_words(c, row.get(c), w) for c in shown], found))
    return Table([columns.title(c, w) for c in shown], kept, len(rows) - len(kept))


def _words(column: str, cell: Any, w: Words) -> str:
    """A cell for a reader: numbers and values of lists in the language."""
    if isinstance(cell, float) and not pd.isna(cell):
        return w.number(cell, 0 if cell.is_integer() else 1)
    text = w.text("yes") if cell is True else plain(cell)
    known = columns.value(column, text, w)
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
