"""What was public on a day: the cut by ``as_of`` that every view makes first.

A claim whose day of announcement is not known counts from the last day of the month that is known; one without
any date enters only when ``as_of`` is left out.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from kurskdata import days
from kurskdata.errors import InputError
from kurskdata.tables.descriptor import covered


def day(value: days.Day, name: str = "as_of") -> pd.Timestamp | None:
    """A day given as text (YYYY-MM-DD), date or timestamp; None for None and for empty text.

    ``name`` is the parameter's name for the message. Raises InputError for an invalid day.
    """
    return None if value is None or value == "" else pd.Timestamp(days.day(value, name))


def known(frame: pd.DataFrame, cut: pd.Timestamp | None, what: str = "claim") -> pd.DataFrame:
    """The rows that were public by the end of the day ``cut``, without what became known later; all rows for None.

    Needs the column ``reported``. ``what`` names a row in the message. Raises InputError for a day before the first.
    """
    if cut is None:
        return frame
    public = public_day(frame)
    if cut < public.min():
        raise InputError(f"as_of: {cut.date()} is before the first {what}, {public.min().date()}")
    return without_later(frame[public <= cut], cut)


def without_later(frame: pd.DataFrame, cut: pd.Timestamp) -> pd.DataFrame:
    """Rows without what became known after the day ``cut``: later facts, the end of an event, contradictions."""
    days = frame.columns.intersection(["end_date", "later_date", "disputed_date"])
    late = frame[days] > cut
    frame = frame.assign(**{day: frame[day].mask(late[day]) for day in days})
    if "later_date" in days:
        frame["later"] = frame["later"].mask(late["later_date"])
    if "disputed_date" in days:
        frame["disputed"] &= ~late["disputed_date"]
    return frame


def public_day(frame: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """The day since when a row is public: the day reported, else the last day of the month reported."""
    if "reported_month" not in frame:
        return frame["reported"]
    return frame["reported"].fillna(month_end(frame["reported_month"]))


def month_end(months: pd.Series[Any]) -> pd.Series[pd.Timestamp]:
    """The last days of months written YYYY-MM."""
    starts = pd.to_datetime(months, format="%Y-%m")
    return (starts + pd.offsets.MonthEnd(0)).astype("datetime64[s]")


def period(
    start: days.Day, end: days.Day, cut: pd.Timestamp | None, latest: pd.Timestamp
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of a view: from the first day that the data cover to ``cut`` or else ``latest``.

    Raises InputError where the start is after the end.
    """
    first = day(start, "start") or pd.Timestamp(covered()[0])
    last = day(end, "end") or cut or latest
    if cut is not None and last > cut:
        last = cut
    if first > last:
        raise InputError(f"start: {first.date()} is after the end, {last.date()}")
    return first, last
