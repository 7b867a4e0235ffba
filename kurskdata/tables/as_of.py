"""What was public on a day: the cut by ``as_of`` that every view makes first.

A claim whose day of announcement is not known counts from the last day of the month that is known; one without
any date enters only when ``as_of`` is left out.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from kurskdata import errors
from kurskdata.disk import kept_until_changed
from kurskdata.errors import Day, InputError
from kurskdata.tables import reader
from kurskdata.tables.descriptor import covered, files, resource


def day(value: Day, name: str = "as_of") -> pd.Timestamp | None:
    """A day given as text (YYYY-MM-DD), date or timestamp; None for None and for empty text.

    ``name`` is the parameter's name for the message. Raises InputError for an invalid day.
    """
    return None if value is None or value == "" else pd.Timestamp(errors.day(value, name))


def public(table: str, cut: pd.Timestamp | None) -> pd.DataFrame:
    """A table as far as it was public by the end of the day ``cut``; the whole table for None.

    Left out are later rows and, of others, what became known later, references to rows that were not public, and pages
    published later. A row that has only later pages keeps the first, which carries what was public before; a finding
    does not stand on it. Raises InputError for a day before the period that the data cover, and for a row with a place or
    page that is in no table.
    """
    frame = reader.load(table)
    _check_links(table)
    if cut is None:
        return frame
    if cut < pd.Timestamp(covered()[0]):
        raise InputError(f"as_of: {cut.date()} is before the first day of the data, {covered()[0]}")
    published = resource(table).get("published")
    since = public_day(frame) if published is None else pd.Series(pd.Timestamp(published), frame.index)
    frame = frame[since <= cut]
    known_on = frame.columns.intersection(["end_date", "later_date", "disputed_date"])
    late = frame[known_on] > cut
    frame = frame.assign(**{column: frame[column].mask(late[column]) for column in known_on})
    if "later_date" in known_on:
        frame["later"] = frame["later"].mask(late["later_date"])
    if "disputed_date" in known_on:
        frame["disputed"] &= ~late["disputed_date"]
    for link in resource(table)["schema"].get("foreignKeys", []):
        (column,), target = link["fields"], link["reference"]["resource"]
        if target in ("", "timeline"):
            rows = public(target, cut) if target else frame
            frame[column] = frame[column].where(frame[column].isin(rows[link["reference"]["fields"][0]]))
    # Told for every report: what is kept of the pages outlives the one that read them.
    reader.loaded.add("sources")
    pages = _pages()
    for column in frame.columns[frame.columns.str.endswith("source_ids")]:
        for row, cell in frame[column].dropna().items():
            ids = cell.split(";")
            kept = [one for one in ids if not pages.get(one, pd.NaT) > cut]
            if not kept and column == "source_ids":
                kept = [min(ids, key=pages.__getitem__)]
                frame.loc[row, frame.columns.intersection(["finding"])] = None
            if len(kept) < len(ids):
                frame.loc[row, column] = ";".join(kept) or None
    return frame


@kept_until_changed(lambda table: [*files(table), *files("places"), *files("sources")])
def _check_links(table: str) -> None:
    frame, faults = reader.load(table), []
    for column in frame.columns[1:][frame.columns[1:].str.fullmatch(".*(place|source)_ids?")]:
        target = "places" if "place" in column else "sources"
        for key, cell in zip(frame.iloc[:, 0], frame[column].fillna(""), strict=True):
            gone = sorted({*filter(None, cell.split(";"))} - reader.by_id(target).keys())
            faults += [f"{key}, column {column}: {one!r} is not in {target}" for one in gone]
    if faults:
        raise InputError(reader.listed(files(table)[0], faults))


@kept_until_changed(lambda: files("sources"))
def _pages() -> dict[Any, Any]:
    """The day of publication of every page: the last of its month where only that is known, NaT where it shows none."""
    pages = reader.load("sources").set_index("source_id")
    return pages["published"].fillna(month_end(pages["published_month"])).to_dict()


def public_day(frame: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """The day since when a row is public: the day reported, else the last day of the month reported."""
    known = frame["reported"]
    return known.fillna(month_end(frame["reported_month"])) if "reported_month" in frame else known


def month_end(months: pd.Series[Any]) -> pd.Series[pd.Timestamp]:
    """The last days of months written YYYY-MM."""
    starts = pd.to_datetime(months, format="%Y-%m")
    return (starts + pd.offsets.MonthEnd(0)).astype("datetime64[s]")


def period(
    start: Day, end: Day, cut: pd.Timestamp | None, latest: pd.Timestamp
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of a view: from the first day that the data cover to ``cut`` or else ``latest``.

    Raises InputError where the start is after the end.
    """
    first = day(start, "start") or pd.Timestamp(covered()[0])
    last = day(end, "end") or cut or latest
    last = min(last, cut or last)
    if first > last:
        raise InputError(f"start: {first.date()} is after the end, {last.date()}")
    return first, last
