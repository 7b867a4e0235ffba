"""What stands in an edition as readers meet it: the sentences of its reports, its charts with their texts and rows."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from kurskdata.disk import read_json
from kurskdata.errors import InputError
from kurskdata.reports.edition import manifest
from kurskdata.tables import spreadsheet

IDS = ("claim_id", "event_id", "place_id")
"""The columns that name a row; without one it is known by its day and by who spoke or drew on it."""

_GIVEN = dict.fromkeys(("as_of", "units", "language", "theme"), str)
_CHART = "chart.vl.json"
_SPEC = {
    "title?": dict,
    "usermeta?": {"kurskdata?": {"source?": str, "alt?": str, "title?": str, "card?": {"rows?": [dict]}}},
}

Rows = dict[str, list[dict[str, str]]]


@dataclasses.dataclass(frozen=True)
class Edition:
    """An edition on disk: its folder, and what ``edition.json`` says of it; or, of a chart alone, its ``bundle``."""

    folder: Path
    held: dict[str, Any]
    bundle: Path | None = None

    @property
    def name(self) -> str:
        """The name of its folder when it was made."""
        return str(self.held["name"])

    def charts(self) -> dict[str, dict[str, Any]]:
        """The entries of its charts by the name of their folder."""
        return {entry["name"]: entry for entry in self.held["charts"]}

    def path(self, chart: str, name: str) -> Path:
        """Where a file of a chart's bundle is."""
        return (self.bundle or self.folder / "charts" / chart) / name

    def file(self, chart: str, name: str) -> bytes:
        """A file of a chart's bundle; empty where it is gone."""
        path = self.path(chart, name)
        return path.read_bytes() if path.is_file() else b""

    def rows(self, chart: str) -> Rows:
        """The plotted rows as written in ``data.csv``, by their id; rows of one id stand together."""
        found: Rows = {}
        path = self.path(chart, "data.csv")
        (_, header), *lines = spreadsheet.table(path) if path.is_file() else [(1, [])]
        for row in (dict(zip(header, cells, strict=False)) for _, cells in lines):
            own = next((row[column] for column in IDS if row.get(column)), "")
            known = own or " ".join(filter(None, map(row.get, ("date", "claimant", "observer", "note"))))
            found.setdefault(known, []).append(row)
        return found

    def spec(self, chart: str) -> dict[str, Any]:
        """The specification of a chart; empty where it is gone."""
        path = self.path(chart, _CHART)
        found: dict[str, Any] = read_json(path, _SPEC) if path.is_file() else {}
        return found

    def texts(self, chart: str) -> dict[str, list[str]]:
        """The texts of a chart by kind: see `texts`."""
        return {**texts(self.spec(chart)), "title": [self.charts()[chart]["title"]]}

    def reports(self) -> Iterator[tuple[str, list[tuple[str, frozenset[str]]]]]:
        """Every report by the name of its page: its sentences, each with the charts of its section."""
        from lxml import html

        for report in self.held["reports"]:
            path = self.folder / report["page"]
            told: list[tuple[str, frozenset[str]]] = []
            section: list[str] = []
            charts: set[str] = set()
            for element in _blocks(html.fromstring(b"<html>" + path.read_bytes())) if path.is_file() else ():
                if element.tag == "figure":
                    charts |= {unquote(a.get("href")).split("/")[1] for a in element.xpath(_DATA)}
                    continue
                if re.fullmatch("h[12]", element.tag):
                    told += [(text, frozenset(charts)) for text in section]
                    section, charts = [], set()
                section += sentences(" ".join(element.text_content().split()))
            yield report["page"], [*told, *((text, frozenset(charts)) for text in section)]


def texts(spec: dict[str, Any]) -> dict[str, list[str]]:
    """The texts of a chart's specification by kind, as sentences: title, subtitle, alt text, source and card."""
    subtitle, meta = spec.get("title", {}).get("subtitle", ""), spec.get("usermeta", {}).get("kurskdata", {})
    card = meta.get("card") or {}
    told = [f"{row.get('label', '')}: {row.get('said', '')}" for row in card.get("rows", ())]
    return {
        "title": [meta.get("title", "")],
        "subtitle": [subtitle if isinstance(subtitle, str) else " ".join(subtitle)],
        "alt text": sentences(meta.get("alt", "")),
        "source": [meta.get("source", "")],
        "card": [*(card.get(name, "") for name in ("headline", "lead", "sources")), *told],
    }


_DATA = './/a[starts-with(@href, "charts/") and contains(@href, "/data.csv")]'


def _blocks(page: Any) -> Iterator[Any]:
    """What a page says, block by block, and its charts as a whole."""
    for element in page.iter("h1", "h2", "h3", "h4", "h5", "p", "li", "pre", "td", "figure"):
        inside = any(
            "kd" in (up.get("class") or "").split() or up.tag in ("td", "footer", "li")
            for up in element.iterancestors()
        )
        if not inside:
            yield element


def sentences(text: str) -> list[str]:
    """A text cut after full stops but those of numbers (6. September); the same cuts whatever its language."""
    return [part for part in re.split(r"(?<=[.!?;])(?<!\d\.)\s+(?=[^a-zа-яіїєґ])", text.strip()) if part]


def editions(place: Path) -> list[Edition]:
    """The edition in a folder, those of an output folder, or a chart's bundle. Raises InputError where there is none."""
    if not place.is_dir():
        what = "not a folder" if place.exists() else "missing"
        raise InputError(f"{place}: is {what}; name an edition or a folder of kursk build")
    if (place / _CHART).is_file():
        return [_alone(place)]
    if (place / manifest.CONTENTS).is_file():
        beside, name = place.resolve().parent, place.resolve().name
        return [Edition(place, held) for at, held in manifest.editions(beside) if at.name == name]
    found = [Edition(at, held) for at, held in manifest.editions(place)]
    if not found:
        raise InputError(f"{place}: holds no edition; name an edition or a folder of kursk build")
    return found


def _alone(place: Path) -> Edition:
    """The bundle of one chart, which need not be in an edition."""
    meta = read_json(
        place / _CHART, {"usermeta": {"kurskdata": {"chart": str, "title": str, "alt": str, **_GIVEN}}}
    )
    meta = meta["usermeta"]["kurskdata"]
    chart = {"name": meta["chart"], "title": meta["title"], "alt": meta["alt"]}
    parameters = {"start": "", "end": "", **{name: meta[name] for name in _GIVEN}}
    return Edition(
        place, {"name": place.name, "parameters": parameters, "charts": [chart], "reports": []}, place
    )
