"""The plotted rows of a chart: as CSV, as a table to read, and the published pages behind each of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pandas as pd

from kurskdata.drawing.svg import Spec
from kurskdata.tables import spreadsheet
from kurskdata.tables.archive import is_web_address
from kurskdata.tables.reader import by_id
from kurskdata.words import headings
from kurskdata.words.headings import plain
from kurskdata.words.language import Words

Row = Mapping[str, Any]

_UNSHOWN = ("short", "publishers", "importance")
"""Columns whose content the table has in full anyway, or that only order what is drawn."""

PAGES, LONGEST = 70, 90
"""The most pages that the page of a chart links, a quarter of its 12 kB, and the most characters of a cell in it; what
is more stands in ``sources.html``."""

_CLAIMS = ("retaken", "area", "article", "timeline")
"""The tables whose rows a plotted row may name as claims."""


def rows_csv(spec: Spec) -> str:
    """The rows that a chart plots, as CSV text with the columns and units of the view behind the chart.

    ``spec`` is a chart of this package, as `to_dict` gives it. The text begins with a byte order mark, by which
    spreadsheets know UTF-8. A cell that a spreadsheet would take for a formula
    gets an apostrophe in front, as spreadsheets write it. Whole numbers have no decimal point.
    """
    rows, columns = spec["datasets"]["rows"], spec["usermeta"]["kurskdata"]["columns"]
    return spreadsheet.written(pd.DataFrame(rows, columns=columns, dtype=object))


@dataclasses.dataclass(frozen=True)
class Table:
    """The rows to read: heads, and for every row its cells and its sources; ``left_out`` is the number of others."""

    heads: list[str]
    rows: list[tuple[list[str], list[Row]]]
    left_out: int

    @property
    def brief(self) -> bool:
        """Whether more pages stand behind the rows than the page of a chart can name: 30 of its bytes for an address."""
        return len({source["url"] for _, sources in self.rows for source in sources}) > PAGES

    @property
    def shown(self) -> list[int]:
        """The columns that the page of a chart shows, by number: all, or of a brief table those without long texts."""
        long = {n for cells, _ in self.rows for n, cell in enumerate(cells) if len(cell) > LONGEST}
        return [n for n in range(len(self.heads)) if not (self.brief and n in long)]


class Trail:
    """The way from plotted rows to the claims that they count and the published pages behind them."""

    def __init__(self) -> None:
        self._sources = by_id("sources")
        self._claims = {name: row for table in _CLAIMS for name, row in by_id(table).items()}

    def claims(self, row: Row, *columns: str) -> dict[str, Row]:
        """The claims that columns of a row name, by id, as the tables hold them."""
        named = [name for column in columns for name in ids(row.get(column))]
        return {name: self._claims[name] for name in named if name in self._claims}

    def sources(self, row: Row) -> list[Row]:
        """The rows of the table of sources behind a row, each once: its own and those of the claims it counts."""
        rows = (row, *self.claims(row, "claim_ids").values())
        named = [name for each in rows for name in ids(each.get("source_ids"))]
        known = [self._sources[name] for name in named if name in self._sources]
        return list({source["url"]: source for source in known if is_web_address(source["url"])}.values())


def ids(cell: Any) -> list[str]:
    """The ids in a cell, which are separated by semicolons."""
    return [part for part in plain(cell).split(";") if part]


def table(spec: Spec, trail: Trail, w: Words) -> Table:
    """The plotted rows as people read them: no ids, no empty columns, no row that repeats the one before.

    A map is drawn day by day; the table names the days on which it changed.
    """
    rows = spec["datasets"]["rows"]
    given = spec["usermeta"]["kurskdata"]["columns"]
    columns = {
        c: others
        for c, others in headings.joined(given).items()
        if not c.endswith(("_id", "_ids"))
        and c not in _UNSHOWN
        and any(plain(row.get(c)) for row in rows if row.get(c) is not False)
    }
    kept = []
    last: dict[str, list[str]] = {}
    for row in rows:
        sources, series = trail.sources(row), plain(row.get("claimant"))
        true = {c: cell for c, cell in row.items() if cell is not False}
        cells = [headings.cell(c, true, others, w, 1) for c, others in columns.items()]
        values = [cell for c, cell in zip(columns, cells, strict=True) if c != "date"]
        if series and not sources and last.get(series) == values:
            continue
        last[series] = values
        kept.append((cells, sources))
    heads = [headings.title(c, w, bool(others)) for c, others in columns.items()]
    return Table(heads, kept, len(rows) - len(kept))
