"""What a chart plots, as schema.org records: one Dataset, and a Claim for every sourced row.

A claim names who made it, when, and the pages that carried it. There is no rating: whether a figure holds is
for the reader of the chart to see.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from kurskdata.embed.table import Source, Trail, by_id, plain

Spec = dict[str, Any]

LICENCE = "https://creativecommons.org/licenses/by/4.0/"

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
    days = sorted(
        row[c] for row in rows for c in _DAYS if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(row.get(c, "")))
    )
    pages = {s.url: s for row in rows for s in trail.sources(row)}
    found: dict[str, Any] = {
        "@type": "Dataset",
        "@id": "#data",
        "name": meta["title"],
        "description": meta["alt"],
        "creditText": meta["source"],
        "inLanguage": meta["edition"][11:13],
        "license": LICENCE,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": "The kurskdata authors"},
        "dateModified": meta["edition"][:10],
        "variableMeasured": meta["columns"],
        "distribution": {"@type": "DataDownload", "contentUrl": "data.csv", "encodingFormat": "text/csv"},
        "image": "chart.png",
        "isBasedOn": [_page(page) for _, page in sorted(pages.items())],
    }
    if days:
        found["temporalCoverage"] = f"{days[0]}/{days[-1]}"
    return found


def _page(source: Source) -> dict[str, Any]:
    page: dict[str, Any] = {
        "@type": "CreativeWork",
        "url": source.url,
        "publisher": {"@type": "Organization", "name": source.publisher},
    }
    if source.published:
        page["datePublished"] = source.published
    return page


def _claims(spec: Spec, trail: Trail) -> Iterator[dict[str, Any]]:
    """Every claim that the rows name, each once; a row whose name no table knows speaks for itself."""
    places = by_id("places")
    seen: set[str] = set()
    for row in spec["datasets"]["rows"]:
        own = next((plain(row[c]) for c in ("claim_id", "event_id", "place_id") if plain(row.get(c))), "")
        found = trail.claims(row, *_NAMES) or ({own: row} if own else {})
        for name, claim in found.items():
            if name not in seen:
                seen.add(name)
                place = places.get(plain(claim.get("place_id")), {})
                text = f"{plain(place.get('name_en'))} retaken" if place else _said(claim)
                yield _claim(name, text, claim, trail.sources({"source_ids": claim.get("source_ids")}))


def _said(row: Mapping[str, Any]) -> str:
    """A row in words: its title, its place, its subject and predicate, or its measure, qualifier, value and unit."""
    if plain(row.get("title")):
        return ". ".join(part for part in (plain(row["title"]), plain(row.get("detail"))) if part)
    if plain(row.get("name")):
        return f"{plain(row['name'])} retaken"
    if plain(row.get("subject")):
        return f"{plain(row['subject'])} {plain(row.get('predicate'))}".strip()
    unit = _UNITS.get(plain(row.get("unit")), plain(row.get("unit")))
    value = "-".join(part for part in (plain(row.get("value")), plain(row.get("value_to"))) if part)
    qualifier = plain(row.get("qualifier")).replace("_", " ")
    how = "" if qualifier in ("exact", "range") else qualifier
    words = [plain(row.get("measure")).replace("_", " ") + ":", how, value, unit]
    return " ".join(word for word in words if word)


def _claim(name: str, text: str, row: Mapping[str, Any], pages: list[Source]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "Claim",
        "@id": f"#{name}",
        "text": text,
        "appearance": [_page(page) for page in pages],
    }
    claimant = next((plain(row[c]) for c in ("claimant", "speaker", "claimed_by") if plain(row.get(c))), "")
    if claimant:
        found["creator"] = {"@type": "Thing", "name": claimant}
    day = plain(row.get("reported")) or plain(row.get("date"))
    if day:
        found["datePublished"] = day
    return found
