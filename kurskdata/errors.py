"""The errors that a user sees, and the checks of single values: names, addresses, days.

Each message says what is wrong, where (file, row, column) and what is allowed. The command line prints it and exits
with ``exit_code``.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from importlib.util import find_spec


class KurskdataError(Exception):
    """Any error that kurskdata raises on purpose."""

    exit_code = 1

    def __init__(self, message: str) -> None:
        # What a user gave is quoted, but not all of a cell that fills the screen.
        super().__init__(
            re.sub(r"'[^'\n]{200,}'|\S{300,}", lambda long: f"{long[0][:100]}…{long[0][-1]}", message)
        )

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback: the message, which says what to do."""
        return [f"{type(self).__name__}: {self}"]


class InputError(KurskdataError, ValueError):
    """An input is wrong: a date, a name, a file, a row. Exit code 2."""

    exit_code = 2


class BuildError(KurskdataError):
    """A report or an export could not be made although the input was fine. Exit code 1."""


class MissingExtraError(KurskdataError, ImportError):
    """A library of one of the package's extras is not installed; the message says what to install. Exit code 2."""

    exit_code = 2


def require(what: str, extra: str, *modules: str) -> None:
    """Raises a MissingExtraError if a module that ``what`` needs, part of the named extra, is not installed."""
    if missing := [module for module in modules if find_spec(module) is None]:
        raise MissingExtraError(f"{what} need {' and '.join(missing)}: pip install 'kurskdata[{extra}]'")


def choice(name: str, value: object, allowed: list[str] | tuple[str, ...]) -> str:
    """``value`` if it is one of ``allowed``; otherwise an InputError that lists them."""
    if isinstance(value, str) and value in allowed:
        return value
    raise InputError(f"{name}: {value!r} is not known; allowed: {', '.join(allowed)}")


def web_folder(address: str) -> str:
    """The web address of a folder, with the stroke at its end; empty where there is none. Otherwise an InputError."""
    if address and not re.fullmatch(r"(?:https?:)?//[^/?#\s\\]+(?:/[^?#\s\\]*)?", address, re.IGNORECASE):
        raise InputError(f"address: {address!r}: write a web address such as https://example.org/charts")
    return f"{address.rstrip('/')}/" if address else ""


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
