"""Texts, numbers and dates in the language of an edition.

Words come from gettext catalogues, formats from the CLDR through Babel. English is the language of the source
texts. Nothing here knows of charts or claims; sentences about them stand beside what they speak of.
"""

from __future__ import annotations

import datetime as dt
import functools
import gettext
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kurskdata.disk import packaged
from kurskdata.errors import choice, require
from kurskdata.tables.intervals import conversion

if TYPE_CHECKING:
    from babel import Locale


_WRITTEN = packaged("words/languages.json")
"""How each language writes days, by its code: in the patterns of the CLDR, in tooltips and on axes in those of d3.

The CLDR's own long form ends with an abbreviation in Ukrainian and Russian, whose full stop inside a sentence reads like
its end. A new language needs an entry here, a catalogue in ``kurskdata/locale`` and a column of names in
``data/places.csv``.
"""

LANGUAGES = tuple(_WRITTEN)
"""The codes of the languages, the language of the source texts first."""

_LOCALES = Path(__file__).parents[1] / "locale"


def message(text: str) -> str:
    """Marks a text that is looked up later, through `Words.text`, so that it gets into the catalogues."""
    return text


class Words:
    """Texts and formats of one language and one unit of area.

    ``units`` is km2 or sq_mi: what `area` writes. ``tooltip_day`` and ``axis_day`` are patterns of d3 for a day, the
    second without its year. Raises InputError for an unknown language.
    """

    def __init__(self, language: str = "en", units: str = "km2") -> None:
        require("texts and checks", "charts", "babel")
        from babel import Locale

        self.language = choice("language", language, LANGUAGES)
        self.units = units
        self._written: dict[str, str] = _WRITTEN[language]
        self.tooltip_day, self.axis_day = self._written["tooltip_day"], self._written["axis_day"]
        self.locale = Locale.parse(self._written["locale"])
        self._catalogue = _catalogue(language)

    def text(self, message: str, /, **values: object) -> str:
        """A message of the catalogue with its values filled in."""
        return self.plain(message).format(**values)

    def plain(self, message: str) -> str:
        """A text from the data in the language, as it stands: braces in it mean nothing."""
        return self._catalogue.gettext(message) if message else ""

    def translated(self, text: str) -> str:
        """A text from the data in the language; empty where the catalogue does not have it."""
        found = self.plain(text)
        return "" if found == text and self.language != "en" else found

    def texts(self) -> list[str]:
        """All texts of the package in the language."""
        whole = getattr(self._catalogue, "_catalog", {}).values() if self.language != "en" else ()
        ours = [one for text in _texts().values() for one in ([text] if isinstance(text, str) else text)]
        return [*whole, *map(self.plain, ours)]

    def plural(self, one: str, many: str, count: float, /, **values: object) -> str:
        """The form of a message that fits a number, filled in; ``{count}`` or ``{n}`` is the number.

        Parts of one have a form of their own in some languages: 5 місяців, but 5,5 місяця.
        """
        form = self._catalogue.pgettext("fraction", many) if count != int(count) else many
        if form == many:
            form = self._catalogue.ngettext(one, many, math.ceil(abs(count)))
        number = self.number(count)
        return form.format(**{"count": number, "n": number, **values})

    def say(self, name: str, count: float | None = None, /, **values: object) -> str:
        """A text of ``texts.toml`` by section and name, filled in; one that counts in the form that fits ``count``."""
        text = _texts()[name]
        if count is None:
            return self.text(text, **values)
        one, many, *_ = text
        return self.plural(one, many, count, **values)

    def number(self, value: float, decimals: int | None = None) -> str:
        """A number with the separators of the language; by default as many decimals as it has, two at most."""
        pattern = "#,##0.##" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
        return _number(value, pattern, self.locale)

    def percent(self, value: float, decimals: int | None = None) -> str:
        """A share given in percent, with a sign that does not part from its number: 86 %."""
        return f"{self.number(value, decimals)}\N{NO-BREAK SPACE}%"

    def area(self, km2: float, decimals: int = 0) -> str:
        """An area given in sq km, in the unit of the edition: 1,100 sq km or 425 sq mi."""
        value = km2 * conversion("km2", self.units)
        return f"{self.number(value, decimals)}\N{NO-BREAK SPACE}{self.say(f'unit.{self.units}')}"

    def date(self, day: dt.date, form: str = "long") -> str:
        """A day: *long* 14 March 2025, *day* 14 March, *short* 14 Mar, *number* 14, *month* Mar as axes write it."""
        from babel import dates

        text = str(dates.format_date(day, self._written[form], locale=self.locale))
        return text.replace(" ", "\N{NO-BREAK SPACE}", 1)  # day and month stay on one line

    def list(self, items: list[str]) -> str:
        """Items joined as a sentence does: Sudzha, Melovoy and Podol."""
        from babel import lists

        return str(lists.format_list(items, locale=self.locale))

    def days(self, first: dt.date, last: dt.date) -> str:
        """A period as charts write it: 8–12 Mar, 28 Feb–2 Mar, 11 Mar."""
        if first == last:
            return self.date(last, "short")
        one_month = (first.year, first.month) == (last.year, last.month)
        start = self.date(first, "number" if one_month else "short")
        return f"{start}–{self.date(last, 'short')}"

    def vega(self) -> dict[str, Any]:
        """The locale of Vega for numbers, dates and axes; empty for English, which Vega speaks by itself."""
        if self.language == "en":
            return {}
        symbols, months = self.locale.number_symbols["latn"], self.locale.months
        order = (6, 0, 1, 2, 3, 4, 5)  # weeks of the CLDR begin on Monday, those of Vega on Sunday
        return {
            "number": {
                "decimal": symbols["decimal"], "thousands": symbols["group"], "grouping": [3], "currency": ["", ""],
            },
            "time": {
                "dateTime": "%-d %B %Y %H:%M", "date": "%d.%m.%Y", "time": "%H:%M", "periods": ["", ""],
                "days": [self.locale.days["format"]["wide"][n] for n in order],
                "shortDays": [self.locale.days["format"]["abbreviated"][n] for n in order],
                "months": [months["format"]["wide"][n] for n in range(1, 13)],
                "shortMonths": [months["stand-alone"]["abbreviated"][n] for n in range(1, 13)],
            },
        }  # fmt: skip


@functools.lru_cache(maxsize=4096)
def _number(value: float, pattern: str, locale: Locale) -> str:
    from babel import numbers

    return str(numbers.format_decimal(value, format=pattern, locale=locale))


def sum_of(counts: list[int]) -> str:
    """An addition as it is written: 3 + 4 + 0 + 12 + 5 = 24."""
    return f"{' + '.join(str(n) for n in counts)} = {sum(counts)}"


@functools.lru_cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("kurskdata", _LOCALES, [language], fallback=language == "en")


@functools.cache
def _texts() -> dict[str, Any]:
    sections = packaged("words/texts.toml").items()
    return {f"{section}.{name}": text for section, texts in sections for name, text in texts.items()}


def words(edition: Any) -> Words:
    """The words of an edition: anything with ``language`` and ``units``."""
    return _words(edition.language, edition.units)


_words = functools.lru_cache(Words)
