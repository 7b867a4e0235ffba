"""kurskdata: sourced claims on the Kursk campaign of 2024-25, as tidy tables.

The loaders (``area``, ``retaken``, ``sources`` ...) return the tables as they are; the views (``area_claims``,
``settlements_per_day`` ...) return what follows from them. All of them return DataFrames and need pandas alone. Checks,
charts and reports need extras: ``pip install 'kurskdata[all]'``. Each part is loaded on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kurskdata.editions import Edition, edition
from kurskdata.errors import BuildError, InputError, KurskdataError

if TYPE_CHECKING:  # the names that `__getattr__` loads, for type checkers and editors
    from kurskdata import charts as charts
    from kurskdata import display as display
    from kurskdata.check import check_claims as check_claims
    from kurskdata.prose import read_article
    from kurskdata.rests_on import support
    from kurskdata.tables.descriptor import use_data
    from kurskdata.tables.dictionary import describe
    from kurskdata.tables.intervals import Interval, interval
    from kurskdata.tables.loaders import area, article, border, control, corrections, places, retaken, sources
    from kurskdata.tables.settlements import settlement_places, settlements_per_day
    from kurskdata.tables.views import (
        area_claims,
        area_held,
        area_percentages,
        article_claims,
        count_claim,
        timeline,
    )

__all__ = [
    "BuildError", "Edition", "InputError", "Interval", "KurskdataError", "area", "area_claims", "area_held",
    "area_percentages", "article", "article_claims", "border", "control", "corrections", "count_claim", "describe", "edition",
    "interval", "places", "read_article", "retaken", "settlement_places", "settlements_per_day", "sources", "support", "timeline", "use_data",
]  # fmt: skip

_HOMES = {
    "check": ("check_claims",),
    "prose": ("read_article",),
    "rests_on": ("support",),
    "tables.descriptor": ("use_data",),
    "tables.dictionary": ("describe",),
    "tables.intervals": ("Interval", "interval"),
    "tables.loaders": ("area", "article", "border", "control", "corrections", "places", "retaken", "sources"),
    "tables.settlements": ("settlement_places", "settlements_per_day"),
    "tables.views": (
        "area_claims", "area_held", "area_percentages", "article_claims", "count_claim", "timeline",
    ),
}  # fmt: skip
"""The modules that define the public names; each is imported when one of its names is first used."""


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"kurskdata.{module}"), name)
    if name in ("charts", "display"):
        return import_module(f"kurskdata.{name}")
    if name == "__version__":
        from importlib.metadata import version

        return version("kurskdata")
    raise AttributeError(f"module 'kurskdata' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__", "charts", "check_claims", "display"]
