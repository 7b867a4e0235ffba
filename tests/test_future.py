"""What the package says as of a day knows nothing of later days: see `future`, whose full run takes minutes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import future
import pandas as pd
import pytest

from kurskdata.tables import as_of, descriptor, reader, views

Rows = dict[str, list[future.Row]]


@pytest.mark.parametrize("day", ["2024-08-06", "2024-09-06", "2025-01-31", "2025-03-12", "2025-04-26"])
def test_what_is_made_public_later_changes_nothing(day: str, tmp_path: Path) -> None:
    future.cut(future.DATA, tmp_path, day)
    assert future.differing(day, future.DATA, tmp_path) == []


def test_the_cut_leaves_what_was_public_and_takes_the_rest(tmp_path: Path) -> None:
    future.cut(future.DATA, tmp_path, "2025-03-14")
    for table in ("area", "retaken", "timeline"):
        before, after = future.read(future.DATA, table), future.read(tmp_path, table)
        assert 0 < len(after) < len(before)
        assert {*map(repr, after)} - {*map(repr, before)}, "later words and pages are cut too"


DAY, LATER = "2025-03-14", "2025-04-02"
SHARE, HELD = "2025-03-12-gerasimov-share-retaken-86-more-than", "2025-02-23-uk-mod-area-held-400"
WINDOW, EVENT = "2025-03-12-gerasimov-settlements-retaken-in-window-24", "ev-2025-03-12-putin-visit"


def _row(tables: Rows, table: str, key: str) -> future.Row:
    return next(row for row in tables[table] if next(iter(row.values())) == key)


def _add(tables: Rows, table: str, like: str, **cells: str) -> str:
    """Adds a row like another one, with other cells; its key."""
    row, key = dict(_row(tables, table, like)), f"injected-{len(tables[table])}"
    tables[table].append({**row, next(iter(row)): key, **cells})
    return key


def _page(tables: Rows, table: str, key: str, only: bool = False) -> None:
    """Adds a page that was published later to a row, before the others or in their place."""
    url = f"https://example.org/{len(tables['sources'])}"
    page = _add(tables, "sources", "rbc-2025-03-12-gerasimov", published=LATER, url=url, publisher="Later")
    row = _row(tables, table, key)
    row["source_ids"] = page if only else f"{page};{row['source_ids']}"


def _maps(tables: Rows) -> None:
    for row in tables["control"]:
        if row["date"] > DAY and row["held_km2"]:
            row["held_km2"] = "1"


def _main_wording(tables: Rows) -> None:
    main = _add(tables, "area", HELD, reported=LATER)
    _row(tables, "area", HELD)["variant_of"] = main


def _range(tables: Rows) -> None:
    other = _add(tables, "area", SHARE, reported=LATER, value="99", qualifier="at_most")
    _row(tables, "area", SHARE)["range_with"] = other


LEAKS: dict[str, Callable[[Rows], Any]] = {
    "claim": lambda t: _add(t, "area", SHARE, reported=LATER, value="90"),
    "claim of a month": lambda t: _add(t, "area", SHARE, reported="", reported_month="2025-03", value="91"),
    "claim without a day": lambda t: _add(t, "area", SHARE, reported="", value="92"),
    "count in a window": lambda t: _add(t, "area", WINDOW, reported=LATER, value="25"),
    "settlement": lambda t: _add(t, "retaken", "2025-03-13-mod-sudzha", reported=LATER, place_id="yunakovka"),
    "event": lambda t: _add(t, "timeline", EVENT, reported=LATER),
    "word": lambda t: _row(t, "timeline", EVENT).update(later="x", later_date=LATER),
    "word on a claim": lambda t: _row(t, "article", "pct-86").update(later="x", later_date=LATER),
    "end": lambda t: _row(t, "timeline", EVENT).update(end_date=LATER),
    "doubt": lambda t: _row(t, "timeline", EVENT).update(disputed="true", disputed_date=LATER),
    "page of a claim": lambda t: _page(t, "area", SHARE),
    "page of a settlement": lambda t: _page(t, "retaken", "2025-03-08-mod-nikolayevka"),
    "page of an event": lambda t: _page(t, "timeline", EVENT),
    "page of the article's claim": lambda t: _page(t, "article", "pct-86"),
    "main wording": _main_wording,
    "other end of a range": _range,
    "snapshot": _maps,
}
"""What is made public after DAY, by how it gets into the tables."""


def _written(tables: Rows, folder: Path) -> Path:
    folder.mkdir()
    shutil.copy(future.DATA / "datapackage.json", folder)
    for name, rows in tables.items():
        future.write(folder, name, rows, list(rows[0]))
    return folder


def _tables() -> Rows:
    return {name: future.read(future.DATA, name) for name in descriptor.names()}


def test_nothing_that_is_put_in_for_later_days_shows(tmp_path: Path) -> None:
    tables = _tables()
    for inject in LEAKS.values():
        inject(tables)
    correction = {"table": "area", "key": SHARE, "column": "value", "old": "87", "new": "86"}
    tables["corrections"].append({**tables["corrections"][0], **correction})
    assert future.differing(DAY, future.DATA, _written(tables, tmp_path / "later")) == []


def test_whatever_is_put_in_for_later_days_would_be_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the package's cut the comparison finds each: it has eyes."""
    cut = as_of.public
    for name, module in [*sys.modules.items()]:
        if name.startswith("kurskdata.") and getattr(module, "public", None) is cut:
            monkeypatch.setattr(module, "public", lambda table, _: reader.load(table))
    whole = pd.Timestamp("2024-08-06"), pd.Timestamp("2025-05-31")
    monkeypatch.setattr(views, "period", lambda *_: whole)
    before, unseen = future.answers(future.DATA, DAY, whole=False), []
    for name, inject in LEAKS.items():
        tables = _tables()
        inject(tables)
        if before == future.answers(_written(tables, tmp_path / name), DAY, whole=False):
            unseen.append(name)
    assert unseen == []
