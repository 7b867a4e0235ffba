"""The plotted rows of a chart and the published pages behind each of them: as CSV, as a table to read, and as schema.org
records, one Dataset and a Claim for every sourced row.

A claim names who made it, when, and the pages that carried it. There is no rating: whether a figure holds is for the
reader of the chart to see. What is the same in every Dataset stands in ``templates/dataset.json``.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from kurskdata.drawing.svg import Spec
from kurskdata.tables import spreadsheet
from kurskdata.tables.export import archived, is_web_address
from kurskdata.tables.reader import by_id
from kurskdata.templates import FOLDER
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

_NAMES = ("claim_ids", "claim_id", "event_id", "evidence_id")
"""Columns of a plotted row that name claims."""

_DAYS = ("date", "as_of", "reported", "event_date")
_UNITS = {"km2": "sq km", "sq_mi": "sq mi", "percent": "%"}


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


def jsonld(spec: Spec, trail: Trail) -> str:
    """The records as JSON-LD text, a record a line, that can stand inside a script element."""
    records = [_dataset(spec, trail), *_claims(spec, trail)]
    lines = ",\n".join(json.dumps(record, ensure_ascii=False, sort_keys=True) for record in records)
    text = f'{{"@context": "https://schema.org", "@graph": [\n{lines}\n]}}'
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _dataset(spec: Spec, trail: Trail) -> dict[str, Any]:
    meta, rows = spec["usermeta"]["kurskdata"], spec["datasets"]["rows"]
    cells = [str(row.get(column, "")) for row in rows for column in _DAYS]
    days = sorted(cell for cell in cells if re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell))
    pages = {source["url"]: source for row in rows for source in trail.sources(row)}
    same = json.loads((FOLDER / "dataset.json").read_bytes())
    if not meta.get("ours", True):
        del same["license"], same["creator"]
    return {
        **same,
        "name": meta["title"],
        "description": meta["alt"],
        "creditText": meta["source"],
        "inLanguage": meta["language"],
        "dateModified": meta["as_of"],
        "variableMeasured": meta["columns"],
        "isBasedOn": [_page(page) for _, page in sorted(pages.items())],
        **({"temporalCoverage": f"{days[0]}/{days[-1]}"} if days else {}),
    }


def _page(source: Mapping[str, Any]) -> dict[str, Any]:
    published = plain(source["published"])
    return {
        "@type": "CreativeWork",
        "url": source["url"],
        "archivedAt": archived(source),  # made by rule, not checked
        "publisher": {"@type": "Organization", "name": source["publisher"]},
        **({"datePublished": published} if published else {}),
    }


def _claims(spec: Spec, trail: Trail) -> Iterator[dict[str, Any]]:
    """Every claim that the rows name, each once; a row whose id is in no table is taken for a claim itself."""
    places = by_id("places")
    claims: dict[str, Mapping[str, Any]] = {}
    for row in spec["datasets"]["rows"]:
        own = _first(row, "claim_id", "event_id", "place_id")
        named = trail.claims(row, *_NAMES) or ({own: row} if own else {})
        claims |= {name: claim for name, claim in named.items() if name not in claims}
    for name, claim in claims.items():
        place = places.get(plain(claim.get("place_id")), {})
        text = f"{plain(place.get('name_en'))} retaken" if place else _said(claim)
        pages = trail.sources({"source_ids": claim.get("source_ids")})
        claimant = _first(claim, "claimant", "speaker", "claimed_by")
        day = _first(claim, "reported", "date")
        yield {
            "@type": "Claim",
            "@id": f"#{name}",
            "text": text,
            "appearance": [_page(page) for page in pages],
            **({"creator": {"@type": "Thing", "name": claimant}} if claimant else {}),
            **({"datePublished": day} if day else {}),
        }


def _first(row: Mapping[str, Any], *columns: str) -> str:
    """The first of these columns that has a value, as text; empty where none has."""
    return next((text for column in columns if (text := plain(row.get(column)))), "")


def _said(row: Mapping[str, Any]) -> str:
    """A row in words: its title, its place, its subject and predicate, or its measure, qualifier, value and unit."""
    cells = {column: plain(cell) for column, cell in row.items()}
    if cells.get("title"):
        return ". ".join(filter(None, (cells["title"], cells.get("detail"))))
    if cells.get("name"):
        return f"{cells['name']} retaken"
    if cells.get("subject"):
        return f"{cells['subject']} {cells.get('predicate', '')}".strip()
    measure, qualifier = (cells.get(name, "").replace("_", " ") for name in ("measure", "qualifier"))
    value = "-".join(filter(None, (cells.get("value"), cells.get("value_to"))))
    unit = _UNITS.get(cells.get("unit", ""), cells.get("unit"))
    parts = (f"{measure}:", qualifier if qualifier not in ("exact", "range") else "", value, unit)
    return " ".join(filter(None, parts))
