"""Days as users write them: YYYY-MM-DD in a cell, a parameter or on the command line. Standard library only."""

from __future__ import annotations

import contextlib
import datetime as dt
import re

from kurskdata.errors import InputError

Day = str | dt.date | None
"""What a function accepts as a day: text, a date, a datetime or a pandas Timestamp; None or "" for no day."""


def parsed(text: str) -> dt.date:
    """The day that a text gives as YYYY-MM-DD. Raises ValueError for anything else."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(text)
    return dt.date.fromisoformat(text)


def day(value: object, name: str = "as_of") -> dt.date:
    """The day of a parameter: text written YYYY-MM-DD, a date, or a datetime without a time zone.

    ``name`` is the parameter's name for the message. Raises InputError for anything else.
    """
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return parsed(value)
    elif isinstance(value, dt.datetime):
        if value.tzinfo is None and value == value:  # pandas' NaT does not equal itself  # noqa: PLR0124
            return value.date()
    elif isinstance(value, dt.date):
        return value
    raise InputError(f"{name}: {value!r} is not a day; write it YYYY-MM-DD, such as 2025-03-14")
