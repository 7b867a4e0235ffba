"""Editions: the day that a report speaks from, its units, language and theme.

Parameters are read as text and checked before anything starts; ranges and lists of days become the editions of a
batch. Loads neither pandas nor Altair.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterable, Mapping

from kurskdata.errors import InputError, choice, day
from kurskdata.tables.descriptor import covered, documented
from kurskdata.words.language import LANGUAGES

UNITS = ("km2", "sq_mi")
THEMES = ("light", "dark")

PARAMETERS = ("as_of", "start", "end", "units", "language", "theme")
"""The parameters of every notebook, all text. With an empty ``start`` or ``end``, each view uses its own default."""


@dataclasses.dataclass(frozen=True, order=True)
class Edition:
    """One edition of a report. Raises InputError for a value that is not allowed.

    ``as_of`` is the day that the report speaks from: it knows only what was public by then. ``units`` is km2 or
    sq_mi, ``theme`` light or dark. ``start`` and ``end`` are the first and last day shown.
    """

    as_of: dt.date = dt.date(2025, 3, 14)
    units: str = "km2"
    language: str = "en"
    theme: str = "light"
    start: dt.date | None = None
    end: dt.date | None = None

    def __post_init__(self) -> None:
        choice("units", self.units, UNITS)
        choice("language", self.language, LANGUAGES)
        choice("theme", self.theme, THEMES)
        first, last = covered()
        if not first <= self.as_of <= last:
            raise InputError(f"as_of: {self.as_of} is outside the period of the data, {first} to {last}")
        for name in ("start", "end"):
            shown = getattr(self, name)
            if shown is not None and not first <= shown <= self.as_of:
                period = f"{first} to {self.as_of}, the day of the edition"
                raise InputError(f"{name}: {shown} is outside {period}")
        if self.start and self.end and self.start > self.end:
            raise InputError(f"start: {self.start} is after the end, {self.end}")

    @property
    def name(self) -> str:
        """The name of the edition's folder, such as ``2025-03-14-en-km2``; other editions have other names."""
        window = f"-{self.start or ''}..{self.end or ''}" if self.start or self.end else ""
        theme = "" if self.theme == "light" else f"-{self.theme}"
        return f"{self.as_of}-{self.language}-{self.units.replace('_', '')}{theme}{window}"

    def since(self, days: int) -> dt.date:
        """The ``start`` of the edition; if it has none, the first of ``days`` days that end with the edition."""
        return self.start or (self.end or self.as_of) - dt.timedelta(days=days - 1)

    def parameters(self) -> dict[str, str]:
        """The edition as parameters of a notebook, all text."""
        return {name: str(getattr(self, name) or "") for name in PARAMETERS}


@documented
def edition(parameters: Mapping[str, object] | None = None, /, **named: object) -> Edition:
    """An edition from parameters as a notebook holds them: ``edition(as_of="2025-03-09", units="sq_mi")``.

    Days may be text (YYYY-MM-DD) or dates; empty text and None leave the default.
    Raises InputError for an unknown parameter, an invalid day or a value that is not allowed.
    """
    given = {**(parameters or {}), **named}
    unknown = [name for name in given if name not in PARAMETERS]
    if unknown:
        raise InputError(f"parameter not known: {', '.join(unknown)}; allowed: {', '.join(PARAMETERS)}")
    values = {
        name: day(value, name) if name in ("as_of", "start", "end") else value
        for name, value in given.items()
        if value is not None and value != ""
    }
    return Edition(**values)  # type: ignore[arg-type]


def days(text: str) -> list[dt.date]:
    """The days in a text such as ``2025-03-14`` or ``2025-03-08..2025-03-14``, or in several with commas.

    Sorted and unique. Raises InputError for an invalid date or a range that ends before it starts.
    """
    found: list[dt.date] = []
    for part in text.split(","):
        first, dots, last = part.strip().partition("..")
        start = day(first)
        end = day(last) if dots else start
        if start > end:
            raise InputError(f"as_of: {start} is after {end}; write the earlier day first")
        found += [start + dt.timedelta(n) for n in range((end - start).days + 1)]
    return sorted(set(found))


def matrix(
    as_of: Iterable[dt.date],
    units: Iterable[str] = ("km2",),
    languages: Iterable[str] = ("en",),
    themes: Iterable[str] = ("light",),
    **fixed: dt.date | None,
) -> list[Edition]:
    """The editions of every combination of values, unique and sorted by name; ``fixed`` is the same for all."""
    combined = itertools.product(as_of, units, languages, themes)
    editions = {Edition(day, unit, language, theme, **fixed) for day, unit, language, theme in combined}
    return sorted(editions, key=lambda edition: edition.name)
