"""What a chart plots, as schema.org records: one Dataset, and a Claim for every sourced row.

A claim names who made it, when, and the pages that carried it. There is no rating: whether a figure holds is
for the reader of the chart to see. What is the same in every Dataset stands in ``templates/dataset.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from kurskdata.drawing.svg import Spec
from kurskdata.embed.table import Trail
from kurskdata.tables.archive import archived
from kurskdata.tables.reader import by_id
from kurskdata.templates import FOLDER
from kurskdata.words.headings import plain

_NAMES = ("claim_ids", "claim_id", "event_id", "evidence_id")
"""Columns of a plotted row that name claims."""

_DAYS = ("date", "as_of", "reported", "event_date")
_UNITS = {"km2": "sq km", "sq_mi": "sq mi", "percent": "%"}


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
