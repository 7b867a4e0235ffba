"""kurskdata: sourced claims on the Kursk campaign of 2024-25, as tidy tables.

The loaders return the tables as they are, the views what follows from them. Importing the package loads next
to nothing; tables and views load pandas when they are first used, charts and checks what they need.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kurskdata.editions import Edition, edition
from kurskdata.errors import BuildError, InputError, KurskdataError

if TYPE_CHECKING:  # what `__getattr__` finds, for type checkers and editors
    from kurskdata import charts as charts
    from kurskdata import display as display
    from kurskdata.check import check_claims as check_claims
    from kurskdata.tables.dictionary import describe
    from kurskdata.tables.intervals import Interval, interval
    from kurskdata.tables.loaders import area, article, border, control, places, retaken, sources
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
    "area_percentages", "article", "article_claims", "border", "control", "count_claim", "describe", "edition",
    "interval", "places", "retaken", "settlement_places", "settlements_per_day", "sources", "timeline",
]  # fmt: skip

_HOMES = {
    "check": ("check_claims",),
    "tables.dictionary": ("describe",),
    "tables.intervals": ("Interval", "interval"),
    "tables.loaders": ("area", "article", "border", "control", "places", "retaken", "sources"),
    "tables.settlements": ("settlement_places", "settlements_per_day"),
    "tables.views": (
        "area_claims", "area_held", "area_percentages", "article_claims", "count_claim", "timeline",
    ),
}  # fmt: skip
"""The modules that hold the public names, which load when they are first used."""


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
