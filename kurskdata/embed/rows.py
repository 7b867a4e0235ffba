"""The plotted rows of a chart: as CSV, as a table to read, and the published pages behind each of them."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Mapping
from typing import Any

import pandas as pd

from kurskdata.tables import as_text, load

Spec = dict[str, Any]
Row = Mapping[str, Any]

_CLAIMS = ("retaken", "area", "article", "timeline")
"""The tables whose rows a plotted row may name as claims."""


def rows_csv(spec: Spec) -> str:
    """The rows that a chart plots, as CSV text.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front, as spreadsheets write it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    columns = spec["usermeta"]["kurskdata"]["columns"]
    writer.writerow(columns)
    for row in spec["datasets"]["rows"]:
        writer.writerow([_cell(row.get(column)) for column in columns])
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
    """The rows of a table by their key, days as text."""
    frame = as_text(load(table))
    key = str(frame.columns[0])
    return {row[key]: {str(k): v for k, v in row.items()} for row in frame.to_dict("records")}


def ids(cell: Any) -> list[str]:
    """The ids in a cell, which are separated by semicolons."""
    return [part for part in plain(cell).split(";") if part]


def table(spec: Spec, trail: Trail) -> Table:
    """The plotted rows as people read them: no ids, no empty columns, no row that repeats the one before.

    A map is drawn day by day; the table names the days on which it changed.
    """
    columns = spec["usermeta"]["kurskdata"]["columns"]
    rows = spec["datasets"]["rows"]
    shown = [
        c
        for c in columns
        if not c.endswith(("_id", "_ids")) and any(plain(row.get(c)) for row in rows) and c != "short"
    ]
    kept, last = [], {}
    for row in rows:
        cells = [plain(row.get(c)) for c in shown]
        series = str(row.get("claimant"))
        values = [cell for c, cell in zip(shown, cells, strict=True) if c != "date"]
        found = trail.sources(row)
        if not found and "claimant" in row and last.get(series) == values:
            continue
        last[series] = values
        kept.append((cells, found))
    return Table([c.replace("_", " ") for c in shown], kept, len(rows) - len(kept))


def plain(value: Any) -> str:
    """A value as a reader sees it; whole numbers without a decimal point."""
    if value is None or value is False or pd.isna(value):
        return ""
    if value is True:
        return "yes"
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return str(value)
