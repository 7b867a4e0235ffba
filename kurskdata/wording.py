"""Texts, numbers and dates in the language of an edition.

Words come from gettext catalogues, formats from the CLDR through Babel. English is the language of the source
texts. Nothing here knows of charts or claims; sentences about them stand beside what they speak of.
"""

from __future__ import annotations

import datetime as dt
import functools
import gettext
from pathlib import Path
from typing import Any

from babel import Locale, dates, lists, numbers

from kurskdata.intervals import conversion

_LOCALES = Path(__file__).parent / "locale"

Day = dt.date | dt.datetime


class Words:
    """Texts and formats of one language and one unit of area.

    ``units`` is km2 or sq_mi: what `area` writes.
    """

    def __init__(self, language: str = "en", units: str = "km2") -> None:
        self.language = language
        self.units = units
        self.locale = Locale.parse("en_GB" if language == "en" else language)
        self._catalogue = _catalogue(language)

    def text(self, message: str, /, **values: object) -> str:
        """A message of the catalogue with its values filled in."""
        return self._catalogue.gettext(message).format(**values)

    def plural(self, one: str, many: str, count: int, /, **values: object) -> str:
        """The form of a message that fits a number, filled in; ``{count}`` is the number."""
        return self._catalogue.ngettext(one, many, count).format(count=self.number(count), **values)

    def number(self, value: float, decimals: int | None = None) -> str:
        """A number with the separators of the language; by default as many decimals as it has, two at most."""
        pattern = "#,##0.##" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
        return str(numbers.format_decimal(value, format=pattern, locale=self.locale))

    def percent(self, value: float, decimals: int | None = None) -> str:
        """A share given in percent, with a sign that does not part from its number: 86 %."""
        return f"{self.number(value, decimals)}\N{NO-BREAK SPACE}%"

    def area(self, km2: float, decimals: int = 0) -> str:
        """An area given in sq km, in the unit of the edition: 1,100 sq km or 425 sq mi."""
        value = km2 * conversion("km2", self.units)
        unit = self.text("sq mi") if self.units == "sq_mi" else self.text("sq km")
        return f"{self.number(value, decimals)}\N{NO-BREAK SPACE}{unit}"

    def date(self, day: Day, form: str = "long") -> str:
        """A day: *long* 14 March 2025, *day* 14 March, *short* 14 Mar, *month* March 2025."""
        pattern = {"long": "d MMMM y", "day": "d MMMM", "short": "d MMM", "month": "LLLL y"}[form]
        # Day and month stay on one line.
        return str(dates.format_date(day, pattern, locale=self.locale)).replace(" ", "\N{NO-BREAK SPACE}", 1)

    def month(self, day: Day) -> str:
        """The name of a month as axes write it: Mar."""
        return str(dates.format_date(day, "LLL", locale=self.locale))

    def list(self, items: list[str]) -> str:
        """Items joined as a sentence does: Sudzha, Melovoy and Podol."""
        return str(lists.format_list(items, locale=self.locale))


def sum_of(counts: list[int]) -> str:
    """An addition as it is written: 3 + 4 + 0 + 12 + 5 = 24."""
    return f"{' + '.join(str(n) for n in counts)} = {sum(counts)}"


@functools.lru_cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("kurskdata", _LOCALES, [language])


def words(edition: Any) -> Words:
    """The words of an edition: anything with ``language`` and ``units``."""
    return _words(edition.language, edition.units)


@functools.lru_cache
def _words(language: str, units: str) -> Words:
    return Words(language, units)
