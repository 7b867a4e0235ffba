"""Which charts of an edition carry a figure that was corrected since, and what their pages say of it from then on.

A bundle carries an old figure where its plotted rows, ``data.csv``, still have it. When an edition is made anew, what its
bundles carried is kept in ``edition.json``, from build to build, and said on the pages of these charts.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from kurskdata import disk
from kurskdata.errors import InputError
from kurskdata.reports.edition import manifest
from kurskdata.tables import reader
from kurskdata.tables.descriptor import MAPS
from kurskdata.words import headings
from kurskdata.words.language import Words

Mark = dict[str, str]
"""A correction that a chart has had: ``chart``, the ``table``, ``key`` and ``column`` of the cell, ``old``, ``new``, ``date``."""

_FIELDS = ("chart", "table", "key", "column", "old", "new", "date")
_TABLES = ("area", "retaken", "timeline", "article", "control")
_AT_MOST = 4  # corrections that a page names one by one


def corrections() -> dict[str, list[Mark]]:
    """The corrections of cells that a chart may plot, by the id of the row, of a map by its day."""
    found: dict[str, list[Mark]] = {}
    for entry in reader.as_text(reader.load("corrections")).fillna("").to_dict("records"):
        if entry["table"] in _TABLES and entry["column"] and entry["old"] != entry["new"]:
            mark = {str(name): entry[name] for name in _FIELDS[1:]}
            found.setdefault(entry["key"].split("/")[0], []).append(mark)
    return found


def carried(place: Path, known: dict[str, list[Mark]], now: Mapping[str, str]) -> Iterator[Mark]:
    """The corrections of figures that stand in the bundles of an edition as they were before.

    ``now`` are the tables by hash, as `manifest.inputs` has them: one that an edition was made from needs no look.
    """
    made = [report["tables"].items() for report in manifest.read(place).get("reports", {}).values()]
    same = {table for tables in made for table, digest in tables if digest == now.get(table)}
    left = {key: [one for one in some if one["table"] not in same] for key, some in known.items()}
    sought = {key: some for key, some in left.items() if some}
    for path in sorted(place.glob("charts/*/data.csv")) if sought else ():
        content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
        header, _, rows = content.partition(b"\n")
        # A row is known by its first cell, a day of claims by their ids in one of its cells, a day of a map by a cell.
        first = {line.partition(b",")[0] for line in rows.split(b"\n")}
        several = b"place_ids" in header or any(key[:10].count("-") == 2 and len(key) == 10 for key in sought)
        cells = set(re.split(rb"[;,\n]", rows)) if several else first
        there = sought.keys() & {cell.decode("utf-8", "replace") for cell in cells}
        for key in there:
            some = [one for one in sought[key] if one["old"].encode() in rows or one["table"] == "article"]
            for line in _lines(rows, key.encode()) if some else ():
                if not any(one["old"].encode() in line or one["table"] == "article" for one in some):
                    continue
                names, found = csv.reader([one.decode("utf-8", "replace") for one in (header, line)])
                row = dict(zip(names, found, strict=False))
                yield from ({"chart": path.parent.name, **one} for one in some if _shows(row, one))


def _lines(content: bytes, key: bytes) -> Iterator[bytes]:
    """The lines that hold a key: most rows of most charts need not be read."""
    at = content.find(key)
    while at >= 0:
        begin, end = content.rfind(b"\n", 0, at) + 1, content.find(b"\n", at) % (len(content) + 1)
        yield content[begin:end]
        at = content.find(key, end)


def _shows(row: dict[str, str], mark: Mark) -> bool:
    """Whether a plotted row is that of a correction and has the old value: in its column, as its day, as the area of a map,
    or in the words of a claim."""
    column, old, key = mark["column"], mark["old"], mark["key"]
    if mark["table"] == "control":
        observer = row.get("observer") or row.get("claimant")
        areas = {_number(row.get(f"held_{end}_km2", "")) for end in ("low", "high")}
        return key.startswith(f"{row.get('date')}/{observer}/") and _number(old) in areas - {""}
    if key not in (row.get("claim_id"), row.get("event_id")):
        return column == "reported" and row.get("date") == old and key in row.get("claim_ids", "").split(";")
    if column in row:
        return row[column] == old or _number(row[column]) == _number(old) != ""
    words = re.sub(r"(?<=\d)[\s.,](?=\d{3}\b)", "", row.get("figure", "")).replace(",", ".")
    return mark["table"] == "article" and _number(old) in re.findall(r"\d+(?:\.\d+)?", words)


def _number(text: str) -> str:
    return f"{float(text):.10g}" if re.fullmatch(r"-?\d+(\.\d+)?", text) else ""


def marks(place: Path, now: Mapping[str, str]) -> list[Mark]:
    """What the charts of an edition have to say of corrections when it is made anew: what they said, and what they carry."""
    held: dict[str, list[Mark]] = {}
    with contextlib.suppress(InputError):
        held = disk.read_json(place / manifest.CONTENTS, {"corrected?": [dict.fromkeys(_FIELDS, str)]})
    found = [*held.get("corrected", ()), *carried(place, corrections(), now)]
    return [one for n, one in enumerate(found) if one not in found[:n]]


def lines(told: list[Mark], language: str) -> list[str]:
    """What a page says of the corrections of its chart, in words, the latest first; of many how many more there are."""
    w, texts = Words(language), []
    for one in sorted(told, key=lambda mark: mark["date"], reverse=True)[:_AT_MOST]:
        day, column = w.date(dt.date.fromisoformat(one["date"])), headings.title(one["column"], w)
        ends = {end: _said(one["column"], one[end], w) for end in ("old", "new")}
        texts.append(w.say("corrected.line", day=day, row=_row(one, w), column=column, **ends))
    return [*texts, w.say("corrected.more", len(told) - _AT_MOST)] if len(told) > _AT_MOST else texts


def _said(column: str, text: str, w: Words) -> str:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return w.date(dt.date.fromisoformat(text))
    return w.number(float(text)) if _number(text) else headings.value(column, text, w) or "–"


def _row(mark: Mark, w: Words) -> str:
    """Whose or which row was corrected, in words."""
    if mark["table"] == "control":
        return MAPS[mark["key"].split("/")[1]].full_name
    row = reader.by_id(mark["table"]).get(mark["key"], {})
    named = (row.get(column) for column in ("title", "claimant", "speaker"))
    return next((w.plain(name) for name in named if isinstance(name, str)), mark["key"])
