"""Whether anything made public later shows in what the package says as of a day.

`cut` writes the tables as they could have been known on a day, from the CSV files alone and without the package's
own cut; `answers` is all that the package says as of that day. The two states of the tables must give the same.
``python tests/future.py`` compares every day of the period, or the days given, and exits 1 where one differs.
"""

from __future__ import annotations

import calendar
import csv
import datetime as dt
import functools
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd

from kurskdata import sentences
from kurskdata.charts import by_name
from kurskdata.check import check_claims
from kurskdata.editions import Edition
from kurskdata.tables import descriptor, reader, settlements, views

Row = dict[str, str]
DATA = Path(__file__).resolve().parent.parent / "data"
ARTICLE = "2025-03-14"
REFERENCES = {"variant_of": "area", "range_with": "area", "repeat_of": "retaken", "event_id": "timeline"}


def read(folder: Path, table: str) -> list[Row]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(folder: Path, table: str, rows: list[Row], columns: list[str]) -> None:
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def since(table: str, row: Row) -> str:
    """The day since when a row is public; empty where it always was, "never" where no day is known."""
    if table == "article":
        return ARTICLE
    if table in ("control", "corrections"):
        return row["date"]
    if table not in ("sources", "area", "retaken", "timeline"):
        return ""
    day, month = ("published", "published_month") if table == "sources" else ("reported", "reported_month")
    if row[day] or not row.get(month):
        return row[day] or ("" if table == "sources" else "never")
    year, number = map(int, row[month].split("-"))
    return f"{row[month]}-{calendar.monthrange(year, number)[1]}"


def cut(source: Path, target: Path, day: str) -> None:
    """The tables of a folder without what was made public after a day.

    Pages that were published later go, except archives of maps, whose snapshots have days of their own, and the first
    page of a row that has only later ones.
    """
    shutil.copy(source / "datapackage.json", target)
    tables = {name: read(source, name) for name in descriptor.names()}
    columns = {name: list(rows[0]) for name, rows in tables.items()}
    pages = {row["source_id"]: since("sources", row) for row in tables["sources"]}
    kept = {name: [r for r in rows if since(name, r) <= day] for name, rows in tables.items()}
    public = {name: {next(iter(row.values())) for row in rows} for name, rows in kept.items()}
    needed = {row["source_id"] for row in tables["sources"] if row["kind"] == "map_archive"}
    for row in (row for name, rows in kept.items() if name != "sources" for row in rows):
        for column in ("source_ids", "context_source_ids"):
            ids = [one for one in row.get(column, "").split(";") if one]
            by_then = [one for one in ids if pages[one] <= day]
            if column == "source_ids" and ids and not by_then:
                by_then = [min(ids, key=pages.__getitem__)]
                row.update({"finding": ""} if "finding" in row else {})
            if column in row:
                row[column] = ";".join(by_then)
            needed |= {*by_then}
        for name, table in REFERENCES.items():
            if row.get(name) and row[name] not in public[table]:
                row[name] = ""
        if row.get("end_date", "") > day:
            row["end_date"] = ""
        if row.get("later_date", "") > day:
            row["later"] = row["later_date"] = ""
        if row.get("disputed_date", "") > day:
            row |= {"disputed": "false", "disputed_date": ""}
    kept["sources"] = [
        row for row in tables["sources"] if since("sources", row) <= day or row["source_id"] in needed
    ]
    for name, rows in kept.items():
        write(target, name, rows, columns[name])


def answers(folder: Path, day: str, whole: bool = True) -> dict[str, str]:
    """All that the package says as of a day from the tables in a folder, by name; if not ``whole``, no checks and charts."""
    with (
        mock.patch.dict(os.environ, KURSKDATA_DATA=str(folder)),
        mock.patch.object(descriptor, "_own_data", return_value=folder),  # no chart says whose rows these are
    ):
        return {name: _plain(answer) for name, answer in _answers(day, whole)}


def _answers(day: str, whole: bool) -> Iterator[tuple[str, Any]]:
    edition = Edition(dt.date.fromisoformat(day))
    per_day, counted = settlements.settlements_per_day(as_of=day), views.count_claim(as_of=day)
    claims, maps, events = views.area_claims(as_of=day), views.area_held(as_of=day), views.timeline(as_of=day)
    article = views.article_claims(as_of=day)
    yield from {
        "per day": per_day,
        "count": counted,
        "area": claims,
        "maps": maps,
        "timeline": events,
    }.items()
    yield "article", article
    yield "per day, any", settlements.settlements_per_day(as_of=day, claimant="any", first_only=False)
    yield "places", settlements.settlement_places(as_of=day)
    yield "places, any", settlements.settlement_places(as_of=day, claimant="any", language="uk")
    yield "shares", views.area_percentages(as_of=day, variants=False)
    yield "settlements in words", sentences.settlements(per_day, edition, counted)
    yield "area in words", sentences.area(claims, edition, maps)
    yield "timeline in words", sentences.timeline(events, edition)
    if not whole:
        return
    checked = check_claims(_claims(day), as_of=day)
    yield "check", checked
    yield "evidence", checked.evidence
    yield "claims in words", sentences.claims(checked, article, edition)
    for name in by_name.names():
        yield f"chart {name}", by_name.spec(name, edition)


@functools.cache
def _stated() -> tuple[pd.DataFrame, Mapping[str, str]]:
    return reader.load("article"), {row["event_id"]: since("timeline", row) for row in read(DATA, "timeline")}


def _claims(day: str) -> pd.DataFrame:
    """The claims of the article as somebody could have made them on any day: an event is named once it is known."""
    with mock.patch.dict(os.environ, KURSKDATA_DATA=""):
        claims, events = _stated()
    return claims.assign(event_id=claims["event_id"].where(claims["event_id"].map(events) <= day))


def _plain(answer: Any) -> str:
    """An answer as text that can be compared, missing values included."""
    if isinstance(answer, pd.DataFrame):
        return str(answer.to_json(orient="split", date_format="iso", force_ascii=False))
    return json.dumps(answer, default=str, sort_keys=True, ensure_ascii=False)


def differing(day: str, whole: Path, part: Path) -> list[str]:
    """The names of the answers as of a day that differ between two states of the tables."""
    first, second = answers(whole, day), answers(part, day)
    return [name for name in {**first, **second} if first.get(name) != second.get(name)]


def every_day() -> list[str]:
    return [f"{day:%Y-%m-%d}" for day in pd.date_range(*descriptor.covered())]


def main(days: list[str]) -> int:
    """Compares each day; returns the exit code."""
    leaks = 0
    for day in days:
        with tempfile.TemporaryDirectory() as folder:
            cut(DATA, Path(folder), day)
            leaking = differing(day, DATA, Path(folder))
        leaks += len(leaking)
        print(day, ", ".join(leaking) or "closed", flush=True)
    print(f"{len(days)} days, {leaks} answers that know the future")
    return int(leaks > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or every_day()))
