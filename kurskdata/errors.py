"""The errors that a user sees.

Each message says what is wrong, where (file, row, column) and what is allowed. The command line prints it and exits
with ``exit_code``.
"""

from __future__ import annotations

import re
from importlib.util import find_spec


class KurskdataError(Exception):
    """Any error that kurskdata raises on purpose."""

    exit_code = 1

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
